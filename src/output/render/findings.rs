//! The findings of one phone where several apps were looked at.

use unicode_width::UnicodeWidthStr as _;

use super::layout::{behind, fit, pad};
use super::verdict_style::{role, symbol};
use super::{Page, Style, each_once};
use crate::report::{DeviceReport, FindingReport};
use crate::text::Text;
use micheck_core::escape::escape;
use micheck_core::verdict::Verdict;

/// The most columns of a version.
const MAX_VERSION: usize = 40;

/// Lists every finding: what is of one version on a line of its own, the rest by what is so of it.
pub(super) fn list(page: &mut Page, device: &DeviceReport, text: Text, width: usize) {
    let word = |finding: &FindingReport| {
        format!("{} {}", symbol(finding.verdict), text.verdict_word(finding.verdict))
    };
    let words = device.findings.iter().map(|finding| word(finding).width()).max().unwrap_or(0);
    let mut findings = device.findings.as_slice();
    while let [first, ..] = findings {
        // Sorted by verdict, so those that belong together stand together.
        let alike = findings.iter().take_while(|finding| finding.verdict == first.verdict).count();
        let (group, rest) = findings.split_at(alike);
        findings = rest;
        let head = format!("  {}  ", pad(&word(first), words));
        let head = (role(first.verdict), head.as_str());
        match first.verdict {
            Verdict::Vulnerable | Verdict::Unconfirmed | Verdict::Patched => {
                for finding in group {
                    behind(page, head, (Style::Plain, &of_a_version(finding)), width);
                }
            }
            Verdict::Unknown(reason) => {
                let names = apps(group.iter()).join(", ");
                let line = format!("{}: {names}", text.reason_short(reason));
                behind(page, head, (Style::Plain, &line), width);
            }
            Verdict::NotInstalled | Verdict::NotApplicable => {
                behind(page, head, (Style::Plain, &apps(group.iter()).join(", ")), width);
            }
        }
    }
}

fn of_a_version(finding: &FindingReport) -> String {
    let version = finding.version.as_deref().unwrap_or_default();
    let version = fit(&escape(version), MAX_VERSION);
    format!("{} {version} ({})", escape(&finding.app), escape(&finding.id))
}

/// The apps of these findings, escaped, each once.
pub(super) fn apps<'a>(findings: impl Iterator<Item = &'a FindingReport>) -> Vec<String> {
    let apps = each_once(findings.map(|finding| finding.app.as_str()), |app| *app);
    apps.into_iter().map(|app| escape(app).into_owned()).collect()
}

/// How many packages must be updated.
pub(super) fn apps_at_risk(device: &DeviceReport) -> usize {
    let at_risk = device.findings.iter().filter(|finding| finding.verdict.is_at_risk());
    each_once(at_risk.map(|finding| finding.package.as_str()), |package| *package).len()
}
