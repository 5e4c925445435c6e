//! How many phones of which kind a bench has seen.

use super::phone::BoardPhone;
use crate::report::Summary;
use micheck_core::verdict::{Reason, Verdict};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Asked, with whatever came of it.
    pub checked: usize,
    /// At risk by their last answer, also if they have left.
    pub at_risk: usize,
    /// Fixed while the board watched.
    pub fixed: usize,
    /// Plugged in, and nothing came of them yet.
    pub waiting: usize,
    /// All of them by verdict, as a scan counts them.
    pub summary: Summary,
}

impl Counts {
    pub(super) fn add(&mut self, phone: &BoardPhone) {
        self.add_outcome(phone, phone.outcome());
        let waits = phone.is_present() && phone.held.is_none() && !phone.taken_leave;
        self.waiting += usize::from(waits);
    }

    fn add_outcome(&mut self, phone: &BoardPhone, outcome: Option<Verdict>) {
        self.checked += usize::from(phone.was_checked);
        self.at_risk += usize::from(outcome.is_some_and(Verdict::is_at_risk));
        let is_fine = matches!(outcome, Some(Verdict::Patched | Verdict::NotInstalled));
        self.fixed += usize::from(phone.fixed && is_fine);
        // What nobody knows yet isn't fine.
        self.summary.add(outcome.unwrap_or(Verdict::Unknown(Reason::IncompleteAnswer)));
    }
}
