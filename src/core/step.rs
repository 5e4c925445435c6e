//! What a person does next, as a closed list; its sentences are in `text`. Core: no I/O.

use serde::{Deserialize, Serialize};

use crate::verdict::keyed_enum;

keyed_enum! {
    /// One step of what to do.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Step {
        /// Update through Xiaomi's system apps updater.
        UpdateSystemApps = "update_system_apps",
        /// Update through Xiaomi's store, whichever the phone has.
        UpdateInStore = "update_in_store",
        /// Update through GetApps.
        UpdateInGetApps = "update_in_getapps",
        /// Update through the Indus Appstore, which was GetApps in India.
        UpdateInIndusAppstore = "update_in_indus_appstore",
        /// Update through the App Store of China.
        UpdateInAppStore = "update_in_app_store",
        /// Try Google Play.
        UpdateInGooglePlay = "update_in_google_play",
        /// Install a system update.
        UpdateSystem = "update_system",
        /// Install a system update that Google serves.
        UpdateSystemByGoogle = "update_system_by_google",
        /// Run micheck again.
        CheckAgain = "check_again",
        /// What to do while there is no update for the phone.
        NoUpdateYet = "no_update_yet",
        /// The owner's own step at home: sign out of the account and in again.
        OwnerSignsInAgain = "owner_signs_in_again",
        /// Close ADB to the network.
        CloseNetworkDebugging = "close_network_debugging",
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
        /// Correct the computer's date.
        SetClock = "set_clock",
    }
}

impl Step {
    /// Whether its sentence names apps.
    #[must_use]
    pub const fn names_apps(self) -> bool {
        matches!(
            self,
            Self::UpdateInStore
                | Self::UpdateInGetApps
                | Self::UpdateInIndusAppstore
                | Self::UpdateInAppStore
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
                    | Self::NoUpdateYet
                    | Self::CloseNetworkDebugging
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
            self.of_advisory(),
            Self::UpdateSystemApps
                | Self::UpdateInStore
                | Self::UpdateInGooglePlay
                | Self::UpdateSystem
                | Self::OwnerSignsInAgain
        )
    }

    /// The step as advisories name it, who don't know on which phone it will be done.
    #[must_use]
    pub const fn of_advisory(self) -> Self {
        match self {
            Self::UpdateInGetApps | Self::UpdateInIndusAppstore | Self::UpdateInAppStore => {
                Self::UpdateInStore
            }
            Self::UpdateSystemByGoogle => Self::UpdateSystem,
            _ => self,
        }
    }

    /// Whether it comes when all else is done, or couldn't be: where phones are listed together, it
    /// is said once for all of them.
    #[must_use]
    pub const fn is_closing(self) -> bool {
        matches!(
            self,
            Self::CheckAgain
                | Self::NoUpdateYet
                | Self::OwnerSignsInAgain
                | Self::CloseNetworkDebugging
                | Self::RevokeDebugging
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_some_steps_name_apps() {
        let names = |step: Step| step.names_apps();
        assert!(names(Step::UpdateInStore) && names(Step::JudgeVersion));
        assert!(!names(Step::UpdateSystem) && !names(Step::CheckAgain));
    }

    #[test]
    fn what_ends_every_way_is_said_once_and_no_way_to_an_update_is_among_it() {
        assert!(Step::CheckAgain.is_closing() && Step::RevokeDebugging.is_closing());
        let mut updates = Step::ALL.iter().filter(|step| step.is_remedy());
        assert!(updates.all(|step| step.is_closing() == (*step == Step::OwnerSignsInAgain)));
        assert!(!Step::Replug.is_closing());
    }

    #[test]
    fn an_owner_can_do_what_needs_no_computer() {
        let owners = |step: Step| step.is_for_owner();
        assert!(owners(Step::UpdateSystem) && owners(Step::RevokeDebugging));
        assert!(!owners(Step::StartServer) && !owners(Step::InstallUdevRule));
        assert!(Step::OwnerSignsInAgain.is_remedy() && !Step::RevokeDebugging.is_remedy());
    }
}
