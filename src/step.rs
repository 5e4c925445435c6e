//! What a person does next, as a closed list; its sentences are in `text`. Core: no I/O.

use serde::{Deserialize, Serialize};

use crate::advisory::{Advisory, Remedy};
use crate::package::PackageName;
use crate::verdict::{Reason, Verdict, keyed_enum};

keyed_enum! {
    /// One step of what to do.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum Step {
        /// Update through Xiaomi's system apps updater.
        UpdateSystemApps = "update_system_apps",
        /// Update through GetApps, in China the App Store.
        UpdateInStore = "update_in_store",
        /// Try Google Play.
        UpdateInGooglePlay = "update_in_google_play",
        /// Install a system update.
        UpdateSystem = "update_system",
        /// Run micheck again.
        CheckAgain = "check_again",
        /// The owner's own step at home: sign out of the account and in again.
        OwnerSignsInAgain = "owner_signs_in_again",
        /// Withdraw this computer's way into the phone.
        RevokeDebugging = "revoke_debugging",
        /// Unlock the phone and allow this computer.
        AllowDebugging = "allow_debugging",
        /// Run micheck so that it waits while the person allows it.
        WaitForPerson = "wait_for_person",
        /// Pair computer and phone, for Wireless debugging.
        PairPhone = "pair_phone",
        /// No dialog appeared.
        AllowDialogMissing = "allow_dialog_missing",
        /// Switch USB debugging on.
        EnableDebugging = "enable_debugging",
        /// Give this user access to the USB device (Linux).
        InstallUdevRule = "install_udev_rule",
        /// Wait, then plug the phone in again.
        WaitThenReplug = "wait_then_replug",
        /// Plug the phone in again, another cable or port.
        Replug = "replug",
        /// Start the phone into Android.
        RestartIntoAndroid = "restart_into_android",
        /// Wait until the phone has started.
        WaitForBoot = "wait_for_boot",
        /// Restart the phone.
        RestartPhone = "restart_phone",
        /// Look at the address of a phone on the network.
        CheckAddress = "check_address",
        /// Close the program that holds the phone.
        CloseOtherProgram = "close_other_program",
        /// Install a driver (Windows).
        InstallDriver = "install_driver",
        /// Update the adb that runs the server.
        UpdateAdb = "update_adb",
        /// Plug in phones with one serial number one after another.
        OneAtATime = "one_at_a_time",
        /// Start the adb server.
        StartServer = "start_server",
        /// Give the phone more time.
        RaiseTimeout = "raise_timeout",
        /// Read the version by hand in the phone's settings.
        ReadVersionByHand = "read_version_by_hand",
        /// Repair or replace the computer's ADB key.
        RepairKey = "repair_key",
        /// Close programs, or let micheck open more files.
        RaiseLimit = "raise_limit",
        /// Look at the phone for tampering.
        InspectByHand = "inspect_by_hand",
        /// Make the dump again.
        DumpAgain = "dump_again",
        /// Have a version judged that stands in a piece of a dump.
        JudgeVersion = "judge_version",
        /// Keep other users from reading the computer's ADB key.
        ProtectKey = "protect_key",
        /// Bring the computer's ADB key into the form of today.
        ConvertKey = "convert_key",
        /// Close what listens in the adb server's place, or name another address.
        FreePort = "free_port",
        /// Start the adb server anew.
        RestartServer = "restart_server",
        /// Try another cable and port.
        TryCable = "try_cable",
        /// Plug phones in without the slow hub.
        FasterHub = "faster_hub",
        /// Use a hub with a power supply of its own.
        PoweredHub = "powered_hub",
        /// Get a newer micheck.
        UpdateMicheck = "update_micheck",
        /// Put the computer's date right.
        SetClock = "set_clock",
    }
}

/// How it was learnt what is so of a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Surroundings {
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

impl Step {
    /// Whether its sentence names apps.
    #[must_use]
    pub const fn names_apps(self) -> bool {
        matches!(
            self,
            Self::UpdateInStore
                | Self::UpdateInGooglePlay
                | Self::ReadVersionByHand
                | Self::DumpAgain
                | Self::JudgeVersion
        )
    }

    /// Whether a phone's owner can do it; the others are for whoever has the computer.
    #[must_use]
    pub const fn is_for_owner(self) -> bool {
        self.is_remedy()
            || matches!(
                self,
                Self::CheckAgain
                    | Self::RevokeDebugging
                    | Self::AllowDebugging
                    | Self::EnableDebugging
                    | Self::WaitForBoot
                    | Self::RestartPhone
                    | Self::RestartIntoAndroid
                    | Self::ReadVersionByHand
                    | Self::InspectByHand
            )
    }

    /// Whether it leads to a fixed version of an app, or belongs to that.
    #[must_use]
    pub const fn is_remedy(self) -> bool {
        matches!(
            self,
            Self::UpdateSystemApps
                | Self::UpdateInStore
                | Self::UpdateInGooglePlay
                | Self::UpdateSystem
                | Self::OwnerSignsInAgain
        )
    }
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
    surroundings: Surroundings,
) -> Vec<Step> {
    let steps = match verdict {
        Verdict::Vulnerable | Verdict::Unconfirmed => {
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
            let (owner, ways): (Vec<_>, Vec<_>) =
                ways.into_iter().partition(|step| *step == Step::OwnerSignsInAgain);
            let again = [Step::CheckAgain].into_iter().chain(owner);
            let mut steps = ways;
            for step in again.chain([Step::RevokeDebugging]) {
                if !steps.contains(&step) {
                    steps.push(step);
                }
            }
            steps
        }
        Verdict::Unknown(reason) if surroundings == Surroundings::File => {
            steps_for_file(reason).to_vec()
        }
        // Without a server nobody keeps a session in which the phone could be allowed later.
        Verdict::Unknown(Reason::Unauthorized | Reason::AuthRefused)
            if surroundings == Surroundings::Direct =>
        {
            vec![Step::WaitForPerson, Step::AllowDebugging, Step::AllowDialogMissing]
        }
        Verdict::Unknown(Reason::Unauthorized | Reason::AuthRefused)
            if surroundings == Surroundings::Network =>
        {
            vec![Step::WaitForPerson, Step::AllowDebugging, Step::PairPhone]
        }
        Verdict::Unknown(reason) => steps_for_reason(reason).to_vec(),
        Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable => {
            vec![Step::RevokeDebugging]
        }
    };
    let fitting = |step| match (surroundings, step) {
        // Where nothing was connected there is nothing to withdraw.
        (Surroundings::File | Surroundings::Typed, Step::RevokeDebugging) => None,
        (Surroundings::File, Step::CheckAgain) => Some(Step::DumpAgain),
        (_, step) => Some(step),
    };
    steps.into_iter().filter_map(fitting).collect()
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
            let steps = steps(Verdict::Unknown(reason), &[], &[], Surroundings::Cable);
            assert!(!steps.is_empty(), "{}", reason.key());
        }
    }

    #[test]
    fn no_step_names_an_updater_that_is_not_there() {
        let set = AdvisorySet::embedded();
        let advisory = &set.advisories[0];
        let with = |missing: &[&str]| {
            let missing: Vec<_> =
                missing.iter().map(|&name| PackageName::try_from(name).unwrap()).collect();
            steps(Verdict::Vulnerable, &missing, &[advisory], Surroundings::Cable)
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
            steps(Verdict::Unconfirmed, &[], &advisories, Surroundings::Cable)
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
