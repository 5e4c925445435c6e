//! Two files of one phone: the worse verdict counts, and what could be read stands in for what
//! couldn't.

use super::FileError;
use crate::report::{Outcome, ProbeResult, Probed};
use micheck_core::judge::Finding;
use micheck_core::verdict::{Reason, Verdict};

/// A bug report and the dump beside it, as one phone. `same`: something shows that they are of one
/// phone; without that, it isn't fine.
pub(super) fn joined(report: ProbeResult, dump: ProbeResult, same: bool) -> ProbeResult {
    let (Outcome::Probed(left), Outcome::Probed(right)) = (&report.outcome, &dump.outcome) else {
        return report;
    };
    let mut findings: Vec<Finding> = left
        .findings
        .iter()
        .zip(&right.findings)
        .map(|(left, right)| worse(left, right, same).clone())
        .collect();
    let is_left = findings.first() == left.findings.first();
    let mut evidence = if is_left { left.evidence.clone() } else { right.evidence.clone() };
    if evidence.properties.is_empty() {
        evidence.properties = left.evidence.properties.clone();
    }
    let mut doubted = false;
    for finding in findings.iter_mut().filter(|finding| !same && finding.verdict.is_fine()) {
        finding.verdict = Verdict::Unknown(Reason::AmbiguousDump);
        doubted = true;
    }
    let with = if is_left { &dump } else { &report };
    let with = with.source.as_ref().and_then(|source| source.entry.clone()).unwrap_or_default();
    let doubt = doubted.then(|| FileError::NothingToCompare { with }.to_string());
    let shown = if is_left { report } else { dump };
    ProbeResult {
        outcome: Outcome::Probed(Box::new(Probed { evidence, findings })),
        detail: doubt.or(shown.detail),
        ..shown
    }
}

/// The finding that counts of two about one phone.
fn worse<'a>(left: &'a Finding, right: &'a Finding, same: bool) -> &'a Finding {
    match (is_unread(left.verdict), is_unread(right.verdict)) {
        (true, false) if same || right.verdict.is_at_risk() => right,
        (false, true) if same || left.verdict.is_at_risk() => left,
        _ if right.verdict < left.verdict => right,
        _ => left,
    }
}

/// Whether the part that was asked for couldn't be read, as against one that contradicts itself.
const fn is_unread(verdict: Verdict) -> bool {
    matches!(
        verdict,
        Verdict::Unknown(
            Reason::DumpTimedOut
                | Reason::IncompleteAnswer
                | Reason::ServiceUnavailable
                | Reason::Denied
                | Reason::NotADump
                | Reason::AllAppsDump
        )
    )
}
