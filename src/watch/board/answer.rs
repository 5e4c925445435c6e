//! What matters to a board in what came of asking a phone.

use crate::report::DeviceReport;
use micheck_core::verdict::{Reason, Verdict};

/// The version that decided, if one did.
pub(super) fn deciding_version(report: &DeviceReport) -> Option<String> {
    report.decisive_finding().and_then(|finding| finding.version.clone())
}

/// What was found, as far as it matters whether the next answer says the same.
pub(super) fn findings_key(report: &DeviceReport) -> String {
    let mut findings_key = String::new();
    for finding in &report.findings {
        let version = finding.version.as_deref().unwrap_or_default();
        for part in [&finding.id, &finding.package, finding.verdict.key(), version] {
            findings_key.push_str(part);
            findings_key.push('\n');
        }
    }
    findings_key
}

/// Whether what was found may be otherwise in a moment, so that the phone is asked again by itself.
#[must_use]
pub fn asks_again_by_itself(verdict: Verdict) -> bool {
    verdict.is_at_risk() || verdict.reason().is_some_and(Reason::is_transient)
}
