//! What else a person should know about a phone, whatever its verdict. Core: no I/O.

use serde::{Deserialize, Serialize};

use super::reason::keyed_enum;

keyed_enum! {
    /// A remark beside a verdict; never changes it. Each has a section in `docs/notes.md`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Note {
        /// The copy in the system image is vulnerable: a factory reset brings it back.
        FactoryVersionVulnerable = "factory_version_vulnerable",
        /// Which version a factory reset would bring back isn't known to be fixed.
        FactoryVersionUnknown = "factory_version_unknown",
        /// The app is switched off for everyone who has it: a mitigation, not a fix.
        Disabled = "disabled",
        /// The owner (user 0) doesn't have the app; another user of the phone does.
        OtherUsersOnly = "other_users_only",
        /// The app is gone and its data was kept.
        DataKept = "data_kept",
        /// The apps that would update it aren't on the phone.
        UpdaterMissing = "updater_missing",
        /// A bug report lists the app as present, without the version that would decide.
        ListedInCheckin = "listed_in_checkin",
        /// Other computers on the phone's network reach its ADB.
        AdbOnNetwork = "adb_on_network",
        /// The same, and the phone lacks the fix of CVE-2026-0073.
        AdbOnNetworkUnpatched = "adb_on_network_unpatched",
        /// A Xiaomi phone without Xiaomi's system.
        CustomRom = "custom_rom",
        /// Not a real phone.
        Simulated = "simulated",
    }
}
