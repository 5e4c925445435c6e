//! What micheck says of a file, in-process: thousands of them in seconds.

use std::path::Path;
use std::sync::LazyLock;

use micheck::inspect::{inspect, inspect_bytes};
use micheck::report::{ProbeResult, Report, Run};
use micheck::text::Text;
use micheck_core::advisory::AdvisorySet;
use micheck_core::verdict::{Reason, Verdict};

use super::{Phone, Row};

/// A row as it was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Seen {
    pub(crate) row: Row,
    /// Which phone the row says it is.
    pub(crate) model: Option<String>,
    pub(crate) entry: Option<String>,
}

/// What the program asks about where nobody says otherwise.
static SET: LazyLock<AdvisorySet> = LazyLock::new(|| AdvisorySet::embedded().by_default());

/// The rows of these bytes, sorted.
pub(crate) fn of_bytes(bytes: &[u8]) -> Vec<Seen> {
    seen(inspect_bytes(bytes, &SET))
}

/// The rows of a file or folder, sorted.
pub(crate) fn of_path(path: &Path) -> Vec<Seen> {
    seen(inspect(path, &SET).unwrap().observations)
}

fn seen(observations: Vec<ProbeResult>) -> Vec<Seen> {
    let taken_at = "2024-05-13T10:22:33+00:00".to_owned();
    let run = Run { taken_at, simulated: false, hints: Vec::new() };
    let report = Report::new(run, observations, &SET, Text::default());
    let mut seen: Vec<Seen> = report
        .devices
        .into_iter()
        .map(|device| Seen {
            row: row(device.verdict, device.reason),
            model: device.device.model,
            entry: device.source.and_then(|source| source.entry),
        })
        .collect();
    seen.sort();
    seen
}

fn row(verdict: Verdict, reason: Option<Reason>) -> Row {
    match verdict {
        Verdict::Vulnerable => Row::Vulnerable,
        Verdict::Unconfirmed => Row::Unconfirmed,
        Verdict::Patched => Row::Patched,
        Verdict::NotInstalled => Row::NotInstalled,
        Verdict::NotApplicable => Row::NotApplicable,
        Verdict::Unknown(_) => Row::Unknown(reason.map_or("", Reason::key)),
    }
}

/// Whether the rows are these, no more and no fewer.
pub(crate) fn are(expected: &[Row], seen: &[Seen]) -> bool {
    let mut expected = expected.to_vec();
    expected.sort();
    let mut rows: Vec<Row> = seen.iter().map(|one| one.row).collect();
    rows.sort();
    expected.len() == rows.len()
        && expected.iter().zip(&rows).all(|(expected, seen)| expected.is(*seen))
}

/// What is wrong with these rows for a file in which all these phones stand; `None`: nothing.
///
/// There are at least so many rows, or something says NOT CHECKED, and no phone at risk is fine.
pub(crate) fn fault(phones: &[Phone], least: usize, seen: &[Seen]) -> Option<&'static str> {
    if let Some(fault) = fault_of_fine(phones, seen) {
        return Some(fault);
    }
    let is_unknown = seen.iter().any(|one| one.row.is_unknown());
    (seen.len() < least && !is_unknown).then_some("a phone is forgotten")
}

/// Whether a phone at risk is called fine.
pub(crate) fn fault_of_fine(phones: &[Phone], seen: &[Seen]) -> Option<&'static str> {
    let fine = || seen.iter().filter(|one| one.row.is_fine());
    for phone in phones.iter().filter(|phone| phone.is_at_risk()) {
        let model = phone.model();
        if fine().any(|one| one.model.as_ref() == Some(&model)) {
            return Some("a phone at risk is fine by its model");
        }
    }
    let most = phones.iter().filter(|phone| !phone.is_at_risk()).count();
    (fine().count() > most).then_some("more rows are fine than phones are")
}
