//! How many phones of which kind a bench has seen.

use super::phone::BoardPhone;
use crate::report::Summary;
use micheck_core::verdict::{Reason, Verdict};

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Asked, with whatever came of it.
    pub checked: usize,
    /// Plugged in, and at risk by their last answer.
    pub at_risk: usize,
    /// Plugged in, and to be updated, to be sure.
    pub to_update: usize,
    /// At risk or to be updated by their last answer, and gone.
    pub left_at_risk: usize,
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
        match outcome {
            Some(verdict) if verdict.is_at_risk() && !phone.is_present() => self.left_at_risk += 1,
            Some(Verdict::Vulnerable) => self.at_risk += 1,
            Some(Verdict::Unconfirmed) => self.to_update += 1,
            _ => {}
        }
        let is_fine = matches!(outcome, Some(Verdict::Patched | Verdict::NotInstalled));
        self.fixed += usize::from(phone.fixed && is_fine);
        // What nobody knows yet isn't fine.
        self.summary.add(outcome.unwrap_or(Verdict::Unknown(Reason::IncompleteAnswer)));
    }
}
