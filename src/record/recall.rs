//! What was found once, judged by the advisories of today: whom to call back. Core: no I/O but the
//! store's.

use std::cell::OnceCell;
use std::rc::Rc;

use super::filter::Recorded;
use super::standing::rank;
use super::{CheckRecord, Store, ZonedTime};
use crate::report::{Before, DeviceReport};
use crate::text::Text;
use micheck_core::advisory::AdvisorySet;
use micheck_core::verdict::Verdict;

/// What stands for a phone.
pub(super) struct PhoneFacts {
    pub(super) code: Option<String>,
    /// Its last job.
    pub(super) job: Option<String>,
    pub(super) at: ZonedTime,
    pub(super) number: Option<String>,
    pub(super) same: Rc<SameFacts>,
}

/// What phones have in common of which the same was found.
pub(super) struct SameFacts {
    told: CheckRecord,
    /// The same judged by the advisories of today; `None`: nobody is to be called back for it.
    today: OnceCell<Option<Rc<DeviceReport>>>,
}

impl SameFacts {
    #[cfg_attr(not(feature = "record"), expect(dead_code, reason = "only a store makes it"))]
    pub(super) fn new(told: CheckRecord) -> Self {
        Self { told, today: OnceCell::new() }
    }

    fn today(&self, set: &AdvisorySet, text: Text, file: &str) -> Option<Rc<DeviceReport>> {
        let judged = || {
            let row = self.told.clone().into_row(file).judged_anew(set, text);
            is_to_be_called(self.told.facts.verdict, row.verdict).then(|| Rc::new(row))
        };
        self.today.get_or_init(judged).clone()
    }
}

/// Whether a phone that was told the one is to be called back when it is the other: it is worse than was
/// told, or it was at risk and isn't known to be fine.
fn is_to_be_called(told: Verdict, today: Verdict) -> bool {
    rank(today) < rank(told) || told.is_at_risk() && !today.is_fine()
}

/// Whom to call back.
#[derive(Debug, Default)]
pub struct Recall {
    /// Each as it is judged today, with what it was told before; worst first, and of these the last
    /// checked first.
    pub rows: Vec<DeviceReport>,
    /// How many phones there are on record.
    pub phones: usize,
    /// How many of those to be called have no job by which anybody finds out whose they are.
    pub without_job: usize,
}

/// Judges what stands for every phone by `set`.
///
/// # Errors
/// The record can't be read.
pub fn recall(store: &Store, set: &AdvisorySet, text: Text, file: &str) -> Recorded<Recall> {
    let mut recall = Recall::default();
    store.each_phone(|phone| {
        recall.phones += 1;
        let Some(today) = phone.same.today(set, text, file) else { return };
        recall.without_job += usize::from(phone.job.is_none());
        let at = phone.at.to_string();
        let told = phone.same.told.before();
        let mut row = DeviceReport::clone(&today);
        row.connection.serial = phone.code;
        row.connection.serial_form = crate::report::serial::SerialForm::Hashed;
        row.job = phone.job;
        row.checked_at = Some(at.clone());
        row.number.clone_from(&phone.number);
        if let Some(origin) = &mut row.origin {
            origin.taken_at.clone_from(&at);
        }
        row.before = Some(Before { at, number: phone.number, ..told });
        recall.rows.push(row);
    })?;
    recall.rows.sort_by(|left, right| {
        rank(left.verdict)
            .cmp(&rank(right.verdict))
            .then_with(|| right.checked_at.cmp(&left.checked_at))
    });
    Ok(recall)
}

#[cfg(test)]
mod tests {
    use super::*;
    use micheck_core::verdict::Reason;

    #[test]
    fn called_is_what_is_worse_and_what_never_came_back() {
        let unknown = Verdict::Unknown(Reason::NotRecorded);
        let other = Verdict::Unknown(Reason::Timeout);
        for (told, today, called) in [
            (Verdict::Patched, Verdict::Vulnerable, true),
            (Verdict::Patched, unknown, true),
            (Verdict::NotInstalled, Verdict::Patched, true),
            (Verdict::Vulnerable, Verdict::Vulnerable, true),
            (Verdict::Unconfirmed, Verdict::Unconfirmed, true),
            (Verdict::Vulnerable, unknown, true),
            (Verdict::Vulnerable, Verdict::Patched, false),
            (Verdict::Patched, Verdict::Patched, false),
            (other, unknown, false),
            (other, Verdict::Vulnerable, true),
        ] {
            assert_eq!(is_to_be_called(told, today), called, "{told:?} {today:?}");
        }
    }
}
