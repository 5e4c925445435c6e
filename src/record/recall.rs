//! What was found once, judged by the advisories of today: whom to call back. Core: no I/O but the
//! store's.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::rc::Rc;

use super::filter::Recorded;
use super::standing::rank;
use super::{CheckRecord, Store, ZonedTime};
use crate::report::serial::SerialForm;
use crate::report::{Before, DeviceReport};
use crate::text::Text;
use micheck_core::advisory::AdvisorySet;
use micheck_core::verdict::{Reason, Verdict};

/// What stands for a phone.
pub(super) struct PhoneFacts {
    /// Its place in the store.
    pub(super) phone: i64,
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
    /// The same judged by the advisories of today.
    today: OnceCell<Rc<DeviceReport>>,
}

impl SameFacts {
    #[cfg_attr(not(feature = "record"), expect(dead_code, reason = "only a store makes it"))]
    pub(super) fn new(told: CheckRecord) -> Self {
        Self { told, today: OnceCell::new() }
    }

    fn today(&self, set: &AdvisorySet, text: Text, file: &str) -> &DeviceReport {
        let judged = || Rc::new(self.told.clone().into_row(file).judged_anew(set, text));
        self.today.get_or_init(judged)
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
    /// How many of those to be called were never checked for an app that an advisory names today.
    pub not_recorded: usize,
    /// How many of those to be called have no job by which anybody finds out whose they are.
    pub without_job: usize,
}

/// Judges what stands for every phone by `set`.
///
/// # Errors
/// The record can't be read.
pub fn recall(store: &Store, set: &AdvisorySet, text: Text, file: &str) -> Recorded<Recall> {
    let mut recall = Recall::default();
    let mut places: HashMap<i64, Option<usize>> = HashMap::new();
    store.each_phone(|phone| {
        let today = phone.same.today(set, text, file);
        let told = phone.same.told.facts.verdict;
        let place = places.entry(phone.phone).or_insert(None);
        let is_called = is_to_be_called(told, today.verdict);
        // Of a last check that isn't the one that stands, only what is worse counts.
        match *place {
            _ if !is_called => {}
            Some(at) if rank(recall.rows[at].verdict) <= rank(today.verdict) => {}
            Some(at) => recall.rows[at] = called(&phone, today),
            None => {
                *place = Some(recall.rows.len());
                recall.rows.push(called(&phone, today));
            }
        }
    })?;
    recall.phones = places.len();
    let is_unseen = |row: &&DeviceReport| row.reason == Some(Reason::NotRecorded);
    recall.not_recorded = recall.rows.iter().filter(is_unseen).count();
    recall.without_job = recall.rows.iter().filter(|row| row.job.is_none()).count();
    recall.rows.sort_by(|left, right| {
        rank(left.verdict)
            .cmp(&rank(right.verdict))
            .then_with(|| right.checked_at.cmp(&left.checked_at))
    });
    Ok(recall)
}

/// A phone as it is judged today, with what it was told.
fn called(phone: &PhoneFacts, today: &DeviceReport) -> DeviceReport {
    let at = phone.at.to_string();
    let mut row = today.clone();
    row.connection.serial.clone_from(&phone.code);
    row.connection.serial_form = SerialForm::Hashed;
    row.job.clone_from(&phone.job);
    row.checked_at = Some(at.clone());
    row.number.clone_from(&phone.number);
    if let Some(origin) = &mut row.origin {
        origin.taken_at.clone_from(&at);
    }
    let number = phone.number.clone();
    row.before = Some(Before { at, number, ..phone.same.told.before() });
    row
}

#[cfg(test)]
mod tests {
    use super::*;

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
