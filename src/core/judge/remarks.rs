//! What is to be known beside a verdict.

use super::is_disabled;
use crate::advisory::{Advisory, Rating};
use crate::dumpsys::{FactoryCopy, PackageRecord, PkgField};
use crate::evidence::{Evidence, PartEnd, pm_found};
use crate::package_name::PackageName;
use crate::verdict::{Note, Verdict};

pub(super) fn notes(record: &PackageRecord, advisory: &Advisory, verdict: Verdict) -> Vec<Note> {
    let mut notes = Vec::new();
    if matches!(verdict, Verdict::Patched | Verdict::Unconfirmed) {
        notes.extend(match &record.factory {
            FactoryCopy::None => None,
            FactoryCopy::Unreadable => Some(Note::FactoryVersionUnknown),
            FactoryCopy::Read(version) => match advisory.rate(version) {
                Rating::Vulnerable => Some(Note::FactoryVersionVulnerable),
                Rating::Unconfirmed | Rating::Unreadable => Some(Note::FactoryVersionUnknown),
                Rating::Fixed => None,
            },
        });
    }
    let installed = || record.users.iter().filter(|user| user.installed);
    if is_disabled(&record.users) {
        notes.push(Note::Disabled);
    }
    if installed().next().is_some() && installed().all(|user| user.id != 0) {
        notes.push(Note::OtherUsersOnly);
    }
    let gone = matches!(verdict, Verdict::NotInstalled | Verdict::NotApplicable);
    if gone && record.pkg == PkgField::Null {
        notes.push(Note::DataKept);
    }
    notes
}

/// The apps that a remedy needs and that are known to be missing: `pm` works and doesn't find them.
pub(super) fn missing_updaters(evidence: &Evidence, advisory: &Advisory) -> Vec<PackageName> {
    if !evidence.pm_control.as_ref().is_some_and(pm_found) {
        return Vec::new();
    }
    let missing = |name: &&PackageName| {
        evidence.updaters.get(*name).is_some_and(|part| {
            matches!(part.end, PartEnd::Closed { .. }) && part.body.trim_ascii().is_empty()
        })
    };
    advisory.updaters().filter(missing).cloned().collect()
}
