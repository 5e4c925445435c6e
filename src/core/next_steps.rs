//! Which steps follow from a verdict, in which order.

use crate::advisory::{Advisory, Remedy};
use crate::getprop::Properties;
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

/// What of a phone decides which ways to an update it has.
#[derive(Debug, Clone, Copy, Default)]
pub struct Updaters<'a> {
    /// The updating apps that are known not to be on it.
    pub missing: &'a [PackageName],
    /// `ro.miui.region`.
    pub region: Option<&'a str>,
    /// Whether Google serves its system updates.
    pub google_serves_system: bool,
}

/// Xiaomi's stores by their packages, and the region whose own each is.
///
/// In India GetApps became the Indus Appstore in January 2025.
const STORES: [(Step, &str, Option<&str>); 3] = [
    (Step::UpdateInIndusAppstore, "com.indus.appstore", Some("IN")),
    (Step::UpdateInAppStore, "com.xiaomi.market", Some("CN")),
    (Step::UpdateInGetApps, "com.xiaomi.mipicks", None),
];

/// What to do about a verdict, first step first, each once.
///
/// `advisories` are those whose findings decided, if any were made. Of one advisory its remedies
/// keep their order, those of several come in the order of [`Step`]. A remedy all of whose apps
/// are missing is left out.
#[must_use]
pub fn steps(
    verdict: Verdict,
    updaters: Updaters<'_>,
    advisories: &[&Advisory],
    source: ReportSource,
) -> Vec<Step> {
    let steps = match verdict {
        Verdict::Vulnerable | Verdict::Unconfirmed => remedies(updaters, advisories),
        Verdict::Unknown(reason) => for_unknown(reason, source).to_vec(),
        Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable => {
            vec![Step::RevokeDebugging]
        }
    };
    steps.into_iter().filter_map(|step| fit_to_source(step, source)).collect()
}

/// What updates the apps, and what comes after that.
fn remedies(updaters: Updaters<'_>, advisories: &[&Advisory]) -> Vec<Step> {
    let possible = |remedy: &&Remedy| {
        let packages = &remedy.packages;
        packages.is_empty() || packages.iter().any(|name| !updaters.missing.contains(name))
    };
    let remedies = advisories.iter().flat_map(|advisory| &advisory.remedies);
    let mut ways: Vec<Step> = Vec::new();
    for remedy in remedies.filter(possible) {
        let step = updaters.fitting(remedy);
        if !ways.contains(&step) {
            ways.push(step);
        }
    }
    if advisories.len() > 1 {
        ways.sort_unstable();
    }
    // What only the owner can do at home comes when the update is there and seen.
    let (owner, mut steps): (Vec<_>, Vec<_>) =
        ways.into_iter().partition(|step| *step == Step::OwnerSignsInAgain);
    let after = [Step::CheckAgain, Step::NoUpdateYet].into_iter();
    for step in after.chain(owner).chain([Step::RevokeDebugging]) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps
}

impl<'a> Updaters<'a> {
    /// Those of a phone that says this of itself.
    #[must_use]
    pub fn new(missing: &'a [PackageName], properties: Option<&'a Properties>) -> Self {
        let google_serves_system = properties.is_some_and(Properties::google_serves_system);
        Self { missing, region: properties.and_then(Properties::region), google_serves_system }
    }

    /// The step of a remedy, as it is done on this phone.
    fn fitting(self, remedy: &Remedy) -> Step {
        match remedy.step {
            Step::UpdateInStore => self.store(remedy),
            Step::UpdateSystem if self.google_serves_system => Step::UpdateSystemByGoogle,
            step => step,
        }
    }

    /// The store that is there; of several the region's own.
    fn store(self, remedy: &Remedy) -> Step {
        let is_there = |package: &str| {
            remedy.packages.iter().any(|name| name.as_str() == package)
                && !self.missing.iter().any(|name| name.as_str() == package)
        };
        let there: Vec<_> =
            STORES.into_iter().filter(|(_, package, _)| is_there(package)).collect();
        let is_of = |region: &str| {
            there.iter().find(|(.., own)| own.is_some_and(|own| own.eq_ignore_ascii_case(region)))
        };
        match (there.as_slice(), self.region) {
            ([(only, ..)], _) => *only,
            (_, Some(region)) => {
                let own = is_of(region).or_else(|| there.iter().find(|(.., own)| own.is_none()));
                own.map_or(Step::UpdateInStore, |(step, ..)| *step)
            }
            (_, None) => Step::UpdateInStore,
        }
    }
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
        // A version that a person read is read again by that person.
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
        Reason::NotRecorded => &[Step::CheckAgain],
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
            let steps =
                steps(Verdict::Unknown(reason), Updaters::default(), &[], ReportSource::Cable);
            assert!(!steps.is_empty(), "{}", reason.key());
        }
    }

    #[test]
    fn what_may_pass_by_itself_is_to_be_checked_again_and_never_waits_for_the_phones_person() {
        let mut passing = Reason::ALL.iter().filter(|reason| reason.is_transient());
        assert!(passing.clone().count() > 10);
        assert!(passing.all(|&reason| {
            steps(Verdict::Unknown(reason), Updaters::default(), &[], ReportSource::Cable)
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
            let updaters = Updaters { missing: &missing, ..Updaters::default() };
            steps(Verdict::Vulnerable, updaters, &[advisory], ReportSource::Cable)
        };
        let all = with(&[]);
        assert_eq!(all[..2], [Step::UpdateSystemApps, Step::UpdateInStore]);
        assert_eq!(all.last(), Some(&Step::RevokeDebugging));
        assert_eq!(with(&["com.xiaomi.discover"])[0], Step::UpdateInStore);
        // One of the two stores is enough.
        assert_eq!(with(&["com.xiaomi.mipicks"])[..2], all[..2]);
        let stores = ["com.indus.appstore", "com.xiaomi.mipicks", "com.xiaomi.market"];
        let none = with(&[&stores[..], &["com.xiaomi.discover"]].concat());
        assert_eq!(none[0], Step::UpdateInGooglePlay);
    }

    #[test]
    fn the_store_is_the_one_that_the_phone_has() {
        use Step::{UpdateInAppStore, UpdateInGetApps, UpdateInIndusAppstore, UpdateInStore};

        const INDUS: &str = "com.indus.appstore";
        const GETAPPS: &str = "com.xiaomi.mipicks";
        const APP_STORE: &str = "com.xiaomi.market";
        let set = AdvisorySet::embedded();
        let cases: [(Option<&str>, &[&str], Option<Step>); 14] = [
            (None, &[], Some(UpdateInStore)),
            (Some("IN"), &[], Some(UpdateInIndusAppstore)),
            (Some("CN"), &[], Some(UpdateInAppStore)),
            (Some("GB"), &[], Some(UpdateInGetApps)),
            (Some(""), &[], Some(UpdateInGetApps)),
            (Some("IN"), &[INDUS], Some(UpdateInGetApps)),
            (Some("IN"), &[GETAPPS], Some(UpdateInIndusAppstore)),
            (Some("IN"), &[INDUS, APP_STORE], Some(UpdateInGetApps)),
            (Some("CN"), &[APP_STORE], Some(UpdateInGetApps)),
            (Some("GB"), &[GETAPPS], Some(UpdateInStore)),
            (Some("GB"), &[GETAPPS, INDUS], Some(UpdateInAppStore)),
            (None, &[INDUS, APP_STORE], Some(UpdateInGetApps)),
            (None, &[INDUS], Some(UpdateInStore)),
            (Some("IN"), &[INDUS, GETAPPS, APP_STORE], None),
        ];
        for (region, missing, wanted) in cases {
            let missing: Vec<_> =
                missing.iter().map(|&name| PackageName::try_from(name).unwrap()).collect();
            let updaters = Updaters { missing: &missing, region, google_serves_system: false };
            let advisories = [&set.advisories[0]];
            let steps = steps(Verdict::Vulnerable, updaters, &advisories, ReportSource::Cable);
            let store = steps.into_iter().find(|step| step.of_advisory() == UpdateInStore);
            assert_eq!(store, wanted, "{region:?} {missing:?}");
        }
    }

    #[test]
    fn googles_dialog_is_named_where_google_serves_system_updates() {
        let set = AdvisorySet::embedded();
        let of = |google_serves_system| {
            let updaters = Updaters { google_serves_system, ..Updaters::default() };
            let advisories = [&set.advisories[0]];
            let steps = steps(Verdict::Vulnerable, updaters, &advisories, ReportSource::File);
            steps.into_iter().find(|step| step.of_advisory() == Step::UpdateSystem)
        };
        assert_eq!(of(false), Some(Step::UpdateSystem));
        assert_eq!(of(true), Some(Step::UpdateSystemByGoogle));
    }

    #[test]
    fn who_typed_a_version_connected_nothing_and_runs_nothing_again() {
        let set = AdvisorySet::embedded();
        for verdict in [Verdict::Vulnerable, Verdict::Unknown(Reason::UnreadableVersion)] {
            let advisories = [&set.advisories[0]];
            let steps = steps(verdict, Updaters::default(), &advisories, ReportSource::Typed);
            assert!(!steps.is_empty());
            assert!(!steps.contains(&Step::CheckAgain) && !steps.contains(&Step::RevokeDebugging));
        }
    }

    #[test]
    fn remedies_of_one_advisory_keep_their_order() {
        let mut advisory = AdvisorySet::embedded().advisories.remove(0);
        advisory.remedies.reverse();
        let of = |advisories: &[&Advisory]| {
            steps(Verdict::Vulnerable, Updaters::default(), advisories, ReportSource::Cable)
        };
        assert_eq!(of(&[&advisory])[..2], [Step::UpdateSystem, Step::UpdateInGooglePlay]);
        let other = AdvisorySet::embedded().advisories.remove(1);
        assert!(of(&[&advisory, &other])[..3].is_sorted());
    }

    #[test]
    fn without_a_server_a_person_is_waited_for() {
        for reason in [Reason::Unauthorized, Reason::AuthRefused] {
            let of = |source| steps(Verdict::Unknown(reason), Updaters::default(), &[], source);
            assert_eq!(of(ReportSource::Cable)[0], Step::AllowDebugging);
            for (source, last) in [
                (ReportSource::Direct, Step::AllowDialogMissing),
                (ReportSource::Network, Step::PairPhone),
            ] {
                let steps = of(source);
                assert_eq!((steps[0], steps.last()), (Step::WaitForPerson, Some(&last)));
            }
        }
    }

    #[test]
    fn several_apps_share_their_steps() {
        let set = AdvisorySet::embedded();
        let of = |ids: &[&str]| {
            let advisories: Vec<_> = ids.iter().map(|id| set.find(id).unwrap()).collect();
            steps(Verdict::Unconfirmed, Updaters::default(), &advisories, ReportSource::Cable)
        };
        let common = [
            Step::UpdateSystemApps,
            Step::UpdateInStore,
            Step::UpdateInGooglePlay,
            Step::UpdateSystem,
            Step::CheckAgain,
            Step::NoUpdateYet,
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
                Step::NoUpdateYet,
                Step::RevokeDebugging
            ]
        );
    }
}
