//! What can be so of a computer and its phones, as a closed list. Documented in `docs/doctor.md`.

use serde::Serialize;

use micheck_core::verdict::keyed_enum;

/// Whether all is well, the worst last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "State"))]
#[serde(rename_all = "snake_case")]
pub enum CheckState {
    /// It is.
    Ok,
    /// It is, and something should be known or can be made better.
    Note,
    /// It isn't: because of this a phone isn't seen or can't be checked.
    Problem,
}

impl CheckState {
    /// Its mark, so that nothing hangs on colour.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Ok => "✔",
            Self::Note => "▲",
            Self::Problem => "✖",
        }
    }
}

/// A part of the page, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Section"))]
#[serde(rename_all = "snake_case")]
pub enum CheckSection {
    /// Programs, files and rights.
    Computer,
    /// adb servers.
    AdbServer,
    /// The USB bus.
    Usb,
    /// The phones that adb servers list.
    Phones,
    /// What phones are judged by.
    Advisories,
}

keyed_enum! {
    /// What is so.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum CheckKey {
        /// adb is installed.
        AdbProgramFound = "adb_program_found",
        /// It isn't.
        AdbProgramMissing = "adb_program_missing",
        /// adb's key can be used.
        KeyUsable = "key_usable",
        /// There is none yet.
        KeyMissing = "key_missing",
        /// Other users of the computer may read it.
        KeyOpenToOthers = "key_open_to_others",
        /// It is in the form PKCS#1.
        KeyOldForm = "key_old_form",
        /// It can't be read.
        KeyUnreadable = "key_unreadable",
        /// It is no key that phones take.
        KeyInvalid = "key_invalid",
        /// It couldn't be looked at in time.
        KeyUnknown = "key_unknown",
        /// There is no place for one.
        KeyWithoutHome = "key_without_home",
        /// A udev rule gives access to phones (Linux).
        UdevRuleFound = "udev_rule_found",
        /// None does.
        UdevRuleMissing = "udev_rule_missing",
        /// Nor need it.
        UdevRuleNotNeeded = "udev_rule_not_needed",
        /// An adb server answers.
        ServerRuns = "server_runs",
        /// It answers, and is old.
        ServerOld = "server_old",
        /// None runs, and nobody named one.
        ServerNotRunning = "server_not_running",
        /// None answers at an address that somebody named.
        ServerUnreachable = "server_unreachable",
        /// Something listens there, and stays silent.
        ServerSilent = "server_silent",
        /// Something else than an adb server answers.
        ServerNotAdb = "server_not_adb",
        /// It refuses to list its phones.
        ServerRefuses = "server_refuses",
        /// It isn't on this computer.
        ServerElsewhere = "server_elsewhere",
        /// The USB bus can't be read.
        UsbUnknown = "usb_unknown",
        /// Nothing on it looks like a phone.
        UsbEmpty = "usb_empty",
        /// A phone that an adb server holds.
        UsbPhoneListed = "usb_phone_listed",
        /// A phone that can be asked without a server.
        UsbPhoneReady = "usb_phone_ready",
        /// A phone that the adb server doesn't show.
        UsbPhoneUnlisted = "usb_phone_unlisted",
        /// A phone that can't be asked; with the reason.
        UsbPhoneNotReady = "usb_phone_not_ready",
        /// A phone that runs slower than its cable should let it.
        UsbPhoneSlow = "usb_phone_slow",
        /// A hub that is slow, with phones on it.
        HubSlow = "hub_slow",
        /// A hub that has less power than its phones want.
        HubUnderpowered = "hub_underpowered",
        /// A hub without a supply of its own with many phones on it.
        HubCrowded = "hub_crowded",
        /// A phone that an adb server can ask.
        PhoneReady = "phone_ready",
        /// A phone that it can't; with the reason.
        PhoneNotReady = "phone_not_ready",
        /// There is no phone at all.
        NoPhone = "no_phone",
        /// The advisories are of late.
        AdvisoriesCurrent = "advisories_current",
        /// They are some months old.
        AdvisoriesAgeing = "advisories_ageing",
        /// They are too old to be relied on.
        AdvisoriesOld = "advisories_old",
        /// This computer's date is before theirs.
        AdvisoriesFromFuture = "advisories_from_future",
    }
}

impl CheckKey {
    /// The part of the page that it stands in, and whether all is well where it is so.
    const fn place(self) -> (CheckSection, CheckState) {
        match self {
            Self::AdbProgramFound
            | Self::KeyUsable
            | Self::KeyMissing
            | Self::UdevRuleFound
            | Self::UdevRuleNotNeeded => (CheckSection::Computer, CheckState::Ok),
            Self::AdbProgramMissing
            | Self::KeyOpenToOthers
            | Self::KeyUnknown
            | Self::UdevRuleMissing => (CheckSection::Computer, CheckState::Note),
            Self::KeyOldForm | Self::KeyUnreadable | Self::KeyInvalid | Self::KeyWithoutHome => {
                (CheckSection::Computer, CheckState::Problem)
            }
            Self::ServerRuns => (CheckSection::AdbServer, CheckState::Ok),
            Self::ServerOld | Self::ServerNotRunning | Self::ServerElsewhere => {
                (CheckSection::AdbServer, CheckState::Note)
            }
            Self::ServerUnreachable
            | Self::ServerSilent
            | Self::ServerNotAdb
            | Self::ServerRefuses => (CheckSection::AdbServer, CheckState::Problem),
            Self::UsbPhoneListed | Self::UsbPhoneReady => (CheckSection::Usb, CheckState::Ok),
            Self::UsbUnknown
            | Self::UsbEmpty
            | Self::UsbPhoneUnlisted
            | Self::UsbPhoneSlow
            | Self::HubSlow
            | Self::HubUnderpowered
            | Self::HubCrowded => (CheckSection::Usb, CheckState::Note),
            Self::UsbPhoneNotReady => (CheckSection::Usb, CheckState::Problem),
            Self::PhoneReady => (CheckSection::Phones, CheckState::Ok),
            Self::PhoneNotReady | Self::NoPhone => (CheckSection::Phones, CheckState::Problem),
            Self::AdvisoriesCurrent => (CheckSection::Advisories, CheckState::Ok),
            Self::AdvisoriesAgeing | Self::AdvisoriesFromFuture => {
                (CheckSection::Advisories, CheckState::Note)
            }
            Self::AdvisoriesOld => (CheckSection::Advisories, CheckState::Problem),
        }
    }

    /// Whether all is well where it is so.
    #[must_use]
    pub const fn state(self) -> CheckState {
        self.place().1
    }

    /// The part of the page that it stands in.
    #[must_use]
    pub const fn section(self) -> CheckSection {
        self.place().0
    }
}
