//! Which steps follow from a verdict, in which order.

use crate::advisory::{Advisory, Remedy};
use crate::package_name::PackageName;
use crate::step::Step;
use crate::verdict::{Reason, Verdict};

/// How it was learnt what is so of a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportSource {
    /// The phone hangs on a cable, or was reached through an adb server.
    Cable,
    /// No server holds the phone, which hangs on a cable.
    Direct,
    /// No server holds the phone, which is on the network.
    Network,
    /// From a file; the phone may be anywhere.
    File,
    /// A person typed it.
    Typed,
}

/// What to do about a verdict, first step first, each once.
///
/// `advisories` are those whose findings decided, if any were made. Of one advisory its remedies
/// keep their order, those of several come in the order of [`Step`]. A remedy all of whose apps
/// are among `missing` is left out.
#[must_use]
pub fn steps(
    verdict: Verdict,
    missing: &[PackageName],
    advisories: &[&Advisory],
    source: ReportSource,
) -> Vec<Step> {
    let steps = match verdict {
        Verdict::Vulnerable | Verdict::Unconfirmed => remedies(missing, advisories),
        Verdict::Unknown(reason) => for_unknown(reason, source).to_vec(),
        Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable => {
            vec![Step::RevokeDebugging]
        }
    };
    steps.into_iter().filter_map(|step| fit_to_source(step, source)).collect()
}

/// What updates the apps, and what comes after that.
fn remedies(missing: &[PackageName], advisories: &[&Advisory]) -> Vec<Step> {
    let possible = |remedy: &&Remedy| {
        let packages = &remedy.packages;
        packages.is_empty() || packages.iter().any(|name| !missing.contains(name))
    };
    let remedies = advisories.iter().flat_map(|advisory| &advisory.remedies);
    let mut ways: Vec<Step> = Vec::new();
    for remedy in remedies.filter(possible) {
        if !ways.contains(&remedy.step) {
            ways.push(remedy.step);
        }
    }
    if advisories.len() > 1 {
        ways.sort_unstable();
    }
    // What only the owner can do at home comes when the update is there and seen.
    let (owner, mut steps): (Vec<_>, Vec<_>) =
        ways.into_iter().partition(|step| *step == Step::OwnerSignsInAgain);
    for step in [Step::CheckAgain].into_iter().chain(owner).chain([Step::RevokeDebugging]) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

/// The next steps for what couldn't be judged.
const fn for_unknown(reason: Reason, source: ReportSource) -> &'static [Step] {
    match (reason, source) {
        (_, ReportSource::File) => steps_for_file(reason),
        // Without a server nobody keeps a session in which the phone could be allowed later.
        (Reason::Unauthorized | Reason::AuthRefused, ReportSource::Direct) => {
            &[Step::WaitForPerson, Step::AllowDebugging, Step::AllowDialogMissing]
        }
        (Reason::Unauthorized | Reason::AuthRefused, ReportSource::Network) => {
            &[Step::WaitForPerson, Step::AllowDebugging, Step::PairPhone]
        }
        _ => steps_for_reason(reason),
    }
}

/// The step as it is done where the facts are from; `None`: it isn't.
const fn fit_to_source(step: Step, source: ReportSource) -> Option<Step> {
    match (source, step) {
        // Where nothing was connected there is nothing to withdraw.
        (ReportSource::File | ReportSource::Typed, Step::RevokeDebugging)
        // Another version is typed when there is one.
        | (ReportSource::Typed, Step::CheckAgain) => None,
        (ReportSource::File, Step::CheckAgain) => Some(Step::DumpAgain),
        _ => Some(step),
    }
}

/// The next steps for a file that says too little. A phone whose evidence was kept says why it
/// couldn't be judged then.
const fn steps_for_file(reason: Reason) -> &'static [Step] {
    match reason {
        Reason::IncompleteAnswer
        | Reason::AnswerTooLarge
        | Reason::ServiceUnavailable
        | Reason::Denied
        | Reason::DumpTimedOut
        | Reason::UnreadableAnswer
        | Reason::Timeout => &[Step::DumpAgain, Step::ReadVersionByHand],
        Reason::AmbiguousDump => &[Step::DumpAgain, Step::ReadVersionByHand, Step::InspectByHand],
        other => steps_for_reason(other),
    }
}

/// The next steps for a phone that couldn't be judged.
const fn steps_for_reason(reason: Reason) -> &'static [Step] {
    match reason {
        Reason::Unauthorized | Reason::AuthRefused => {
            &[Step::AllowDebugging, Step::AllowDialogMissing, Step::CheckAgain]
        }
        Reason::Authorizing => &[Step::AllowDebugging, Step::WaitThenReplug, Step::CheckAgain],
        Reason::WorkerFailed => &[Step::CheckAgain, Step::StartServer, Step::ReadVersionByHand],
        Reason::ResourceLimit => &[Step::RaiseLimit, Step::CheckAgain],
        Reason::Unreachable => &[Step::CheckAddress, Step::CheckAgain],
        Reason::Offline => &[Step::WaitThenReplug, Step::CheckAgain],
        Reason::NoPermission => &[Step::InstallUdevRule, Step::CheckAgain],
        Reason::WrongMode => &[Step::RestartIntoAndroid, Step::CheckAgain],
        Reason::UsbDebuggingOff => &[Step::EnableDebugging, Step::AllowDebugging, Step::CheckAgain],
        Reason::UsbBusy => &[Step::CloseOtherProgram, Step::CheckAgain],
        Reason::DriverMissing => &[Step::InstallDriver, Step::CheckAgain],
        Reason::BadKey => &[Step::RepairKey, Step::CheckAgain],
        Reason::AmbiguousSerial => &[Step::UpdateAdb, Step::OneAtATime],
        Reason::UnsupportedInterface | Reason::ServerLost => &[Step::StartServer, Step::CheckAgain],
        Reason::Disconnected => &[Step::Replug, Step::CheckAgain],
        Reason::Timeout | Reason::DumpTimedOut => {
            &[Step::CheckAgain, Step::RaiseTimeout, Step::RestartPhone, Step::ReadVersionByHand]
        }
        Reason::IncompleteAnswer => &[Step::CheckAgain, Step::Replug, Step::ReadVersionByHand],
        Reason::AnswerTooLarge | Reason::AmbiguousDump | Reason::UnreadableAnswer => {
            &[Step::CheckAgain, Step::ReadVersionByHand, Step::InspectByHand]
        }
        Reason::StillBooting => &[Step::WaitForBoot, Step::CheckAgain],
        Reason::ServiceUnavailable => {
            &[Step::WaitForBoot, Step::RestartPhone, Step::CheckAgain, Step::ReadVersionByHand]
        }
        Reason::Denied => &[Step::CheckAgain, Step::RestartPhone, Step::ReadVersionByHand],
        Reason::UnreadableVersion => &[Step::ReadVersionByHand],
        Reason::NotSeen => &[Step::ReadVersionByHand, Step::EnableDebugging, Step::CheckAgain],
        Reason::AllAppsDump => &[Step::DumpAgain, Step::ReadVersionByHand],
        Reason::NotADump | Reason::NotRead => &[Step::DumpAgain],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advisory::AdvisorySet;

    #[test]
    fn every_reason_has_a_next_step() {
        for &reason in Reason::ALL {
            let steps = steps(Verdict::Unknown(reason), &[], &[], ReportSource::Cable);
            assert!(!steps.is_empty(), "{}", reason.key());
        }
    }

    #[test]
    fn what_may_pass_by_itself_is_to_be_checked_again_and_never_waits_for_the_phones_person() {
        let mut passing = Reason::ALL.iter().filter(|reason| reason.is_transient());
        assert!(passing.clone().count() > 10);
        assert!(passing.all(|&reason| {
            steps(Verdict::Unknown(reason), &[], &[], ReportSource::Cable)
                .contains(&Step::CheckAgain)
        }));
        for reason in [Reason::Unauthorized, Reason::AuthRefused, Reason::UsbDebuggingOff] {
            assert!(!reason.is_transient(), "{reason:?}");
        }
    }

    #[test]
    fn no_step_names_an_updater_that_is_not_there() {
        let set = AdvisorySet::embedded();
        let advisory = &set.advisories[0];
        let with = |missing: &[&str]| {
            let missing: Vec<_> =
                missing.iter().map(|&name| PackageName::try_from(name).unwrap()).collect();
            steps(Verdict::Vulnerable, &missing, &[advisory], ReportSource::Cable)
        };
        let all = with(&[]);
        assert_eq!(all[..2], [Step::UpdateSystemApps, Step::UpdateInStore]);
        assert_eq!(all.last(), Some(&Step::RevokeDebugging));
        assert_eq!(with(&["com.xiaomi.discover"])[0], Step::UpdateInStore);
        // One of the two stores is enough.
        assert_eq!(with(&["com.xiaomi.mipicks"])[..2], all[..2]);
        let none = with(&["com.xiaomi.discover", "com.xiaomi.mipicks", "com.xiaomi.market"]);
        assert_eq!(none[0], Step::UpdateInGooglePlay);
    }

    #[test]
    fn several_apps_share_their_steps() {
        let set = AdvisorySet::embedded();
        let of = |ids: &[&str]| {
            let advisories: Vec<_> = ids.iter().map(|id| set.find(id).unwrap()).collect();
            steps(Verdict::Unconfirmed, &[], &advisories, ReportSource::Cable)
        };
        let common = [
            Step::UpdateSystemApps,
            Step::UpdateInStore,
            Step::UpdateInGooglePlay,
            Step::UpdateSystem,
            Step::CheckAgain,
        ];
        let last = [Step::OwnerSignsInAgain, Step::RevokeDebugging];
        assert_eq!(of(&["shop-2024-45354", "mi-connect"]), [&common[..], &last].concat());
        // The advice to sign in again was given for Mi Connect Service only.
        assert_eq!(
            of(&["shop-2024-45354"]),
            [
                Step::UpdateInStore,
                Step::UpdateInGooglePlay,
                Step::CheckAgain,
                Step::RevokeDebugging
            ]
        );
    }
}
