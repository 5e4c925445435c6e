//! What a person does about a phone: the steps of the findings that decide, each sentence once.

use super::{StepApp, StepReport, each_once};
use crate::text::Text;
use micheck_core::advisory::{Advisory, AdvisorySet};
use micheck_core::getprop::Properties;
use micheck_core::judge::Finding;
use micheck_core::next_steps::{ReportSource, Updaters, steps};
use micheck_core::package_name::PackageName;
use micheck_core::step::Step;
use micheck_core::verdict::Verdict;

/// The steps of the findings that decide: of a phone at risk all those at risk, because each of
/// their apps must be updated.
pub(super) fn step_reports(
    verdict: Verdict,
    findings: &[(&Advisory, Finding)],
    set: &AdvisorySet,
    properties: Option<&Properties>,
    text: Text,
    surroundings: ReportSource,
) -> Vec<StepReport> {
    let decides = |finding: &Finding| {
        finding.verdict == verdict || (verdict.is_at_risk() && finding.verdict.is_at_risk())
    };
    let decisive: Vec<_> = findings.iter().filter(|(_, finding)| decides(finding)).collect();
    let found = |advisory: &&Advisory| decisive.iter().any(|(one, _)| one.id == advisory.id);
    let advisories: Vec<&Advisory> = set.advisories.iter().filter(found).collect();
    let missing: Vec<PackageName> =
        decisive.iter().flat_map(|(_, finding)| finding.missing_updaters.clone()).collect();
    let mut packages: Vec<(&Advisory, &PackageName)> =
        decisive.iter().map(|(advisory, finding)| (*advisory, &finding.package)).collect();
    if packages.is_empty() {
        // A phone that wasn't asked: about what counts first.
        let first = set.advisories.first();
        packages.extend(first.and_then(|one| Some((one, &one.packages.first()?.name))));
    }
    let names = |advisory: &Advisory, step: Step| {
        !step.is_remedy()
            || advisory.remedies.iter().any(|remedy| remedy.step == step.of_advisory())
    };
    let apps = |step: Step| -> Vec<StepApp> {
        let is_named = |(advisory, _): &&(&Advisory, _)| step.names_apps() && names(advisory, step);
        // One app may have several flaws.
        let each = each_once(packages.iter().filter(is_named), |(_, package)| *package);
        each.into_iter().map(|(advisory, package)| StepApp::new(advisory, package)).collect()
    };
    let fragment = decisive.iter().find_map(|(_, finding)| typeable(finding.fragment.as_deref()?));
    let judging =
        fragment.map(|version| StepReport::judging(version, apps(Step::JudgeVersion), text));
    let updaters = Updaters::new(&missing, properties);
    let steps = steps(verdict, updaters, &advisories, surroundings);
    let steps = steps.into_iter().map(|step| StepReport::new(step, apps(step), text));
    judging.into_iter().chain(steps).collect()
}

/// A version that a person can put into a command as it stands.
fn typeable(version: &[u8]) -> Option<String> {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"._+-".contains(byte);
    let fits = (1..=64).contains(&version.len()) && version[0].is_ascii_alphanumeric();
    let version = str::from_utf8(version).ok()?;
    (fits && version.as_bytes().iter().all(is_plain)).then(|| version.to_owned())
}
