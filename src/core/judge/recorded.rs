//! What was once found of a phone, by the advisories of today.

use super::{Finding, certainty, is_disabled, rate};
use crate::advisory::{Advisory, Rating};
use crate::getprop::Family;
use crate::package_name::PackageName;
use crate::verdict::{Note, Reason, Verdict};

/// Judges recorded findings of a phone of this family by an advisory: one finding for each of its
/// packages.
///
/// A record never makes a phone better than its answer did: an app that nobody looked at is
/// `not_recorded`; one that was at risk is fine only where its answer was whole, and one that wasn't
/// judged stays so, unless a version was read that is affected now.
#[must_use]
pub fn judge_recorded(recorded: &[Finding], advisory: &Advisory, family: Family) -> Vec<Finding> {
    let judged = |package: &PackageName| {
        // The answer is the same under each advisory; the one whose verdict was the worst says most.
        let own = recorded.iter().filter(|finding| finding.package == *package);
        own.min_by_key(|finding| finding.verdict).map_or_else(
            || Finding::new(advisory, package, Verdict::Unknown(Reason::NotRecorded)),
            |finding| again(finding, advisory, family),
        )
    };
    advisory.packages.iter().map(|package| judged(&package.name)).collect()
}

fn again(recorded: &Finding, advisory: &Advisory, family: Family) -> Finding {
    let rating = recorded.version.as_deref().map_or(Rating::Unreadable, |it| advisory.rate(it));
    let somebody = recorded.users.is_empty() || recorded.users.iter().any(|user| user.installed);
    let verdict = match (recorded.verdict, rating) {
        (Verdict::Unknown(_), Rating::Vulnerable) if somebody => Verdict::Vulnerable,
        (Verdict::Unknown(_) | Verdict::NotInstalled | Verdict::NotApplicable, _) => {
            recorded.verdict
        }
        (_, Rating::Fixed) if !recorded.whole => Verdict::Unknown(Reason::NotRecorded),
        (_, rating) => rate(true, rating, family),
    };
    let mut finding = Finding {
        version: recorded.version.clone(),
        version_code: recorded.version_code.clone(),
        users: recorded.users.clone(),
        factory_version: recorded.factory_version.clone(),
        disabled: is_disabled(&recorded.users),
        certainty: certainty(verdict, advisory),
        whole: recorded.whole,
        notes: recorded.notes.clone(),
        ..Finding::new(advisory, &recorded.package, verdict)
    };
    finding.notes.retain(|note| {
        !matches!(note, Note::FactoryVersionVulnerable | Note::FactoryVersionUnknown)
    });
    finding.notes.extend(factory_note(recorded, advisory, verdict));
    finding.notes.sort_unstable();
    finding
}

/// What a factory reset would bring back, of an app that isn't affected as it is.
fn factory_note(recorded: &Finding, advisory: &Advisory, verdict: Verdict) -> Option<Note> {
    if !matches!(verdict, Verdict::Patched | Verdict::Unconfirmed) {
        return None;
    }
    let unknown = recorded.notes.contains(&Note::FactoryVersionUnknown);
    match recorded.factory_version.as_deref().map(|version| advisory.rate(version)) {
        Some(Rating::Vulnerable) => Some(Note::FactoryVersionVulnerable),
        Some(Rating::Unconfirmed | Rating::Unreadable) => Some(Note::FactoryVersionUnknown),
        Some(Rating::Fixed) => None,
        None => unknown.then_some(Note::FactoryVersionUnknown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::AdvisorySet;
    use crate::dumpsys::UserState;
    use crate::judge::judge_typed;

    /// What today's advisory makes of a version that was found, with this verdict.
    fn judged(version: Option<&str>, verdict: Verdict, whole: bool) -> Verdict {
        let set = AdvisorySet::embedded();
        let advisory = set.find("mi-connect").unwrap();
        let mut recorded = Finding {
            whole,
            version: version.map(|version| version.as_bytes().to_vec()),
            ..Finding::new(advisory, &advisory.packages[0].name, verdict)
        };
        recorded.users = vec![UserState { id: 0, installed: version.is_some(), enabled: None }];
        judge_recorded(&[recorded], advisory, Family::Xiaomi)[0].verdict
    }

    #[test]
    fn a_version_is_rated_by_the_advisory_of_today() {
        for (version, verdict) in [
            ("3.1.895.10", Verdict::Vulnerable),
            ("3.1.900.1", Verdict::Unconfirmed),
            ("3.1.921.10", Verdict::Patched),
        ] {
            for then in [Verdict::Vulnerable, Verdict::Unconfirmed, Verdict::Patched] {
                assert_eq!(judged(Some(version), then, true), verdict, "{version} {then:?}");
            }
        }
    }

    #[test]
    fn a_record_never_makes_a_phone_better_than_its_answer_did() {
        let not_recorded = Verdict::Unknown(Reason::NotRecorded);
        assert_eq!(judged(Some("3.1.921.10"), Verdict::Vulnerable, false), not_recorded);
        let unknown = Verdict::Unknown(Reason::IncompleteAnswer);
        assert_eq!(judged(Some("3.1.921.10"), unknown, true), unknown);
        assert_eq!(judged(None, unknown, false), unknown);
        assert_eq!(judged(Some("3.1.874.10"), unknown, false), Verdict::Vulnerable);
        assert_eq!(judged(None, Verdict::NotInstalled, false), Verdict::NotInstalled);
        // Nobody had it.
        let set = AdvisorySet::embedded();
        let advisory = set.find("mi-connect").unwrap();
        let mut nobody = judge_typed(Some(b"3.1.874.10"), advisory).remove(0);
        nobody.verdict = Verdict::NotInstalled;
        let again = judge_recorded(&[nobody], advisory, Family::Xiaomi);
        assert_eq!(again[0].verdict, Verdict::NotInstalled);
    }

    #[test]
    fn an_app_that_nobody_looked_at_is_not_recorded() {
        let set = AdvisorySet::embedded();
        let [one, other] = ["mi-connect", "getapps-2024-45346"].map(|id| set.find(id).unwrap());
        let recorded = judge_typed(Some(b"3.1.921.10"), one);
        for finding in judge_recorded(&recorded, other, Family::Xiaomi) {
            assert_eq!(finding.verdict, Verdict::Unknown(Reason::NotRecorded));
        }
    }
}
