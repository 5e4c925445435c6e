//! Every sentence that a person reads, by key. Core: no I/O, no environment.
//!
//! One source of texts for all renderers; other languages go in here. The keys
//! themselves (`vulnerable`, `timeout`, …) are never translated and stay in JSON.

mod advisory;
mod board;
mod doctor;
mod step;

pub use advisory::AdvisoryField;
pub use board::Label;
pub use step::AppInQuestion;

use crate::hint::Hint;
use crate::saved::Form;
use crate::verdict::{Note, Reason, Verdict};

/// A language that the texts exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
}

/// The texts of one language.
#[derive(Debug, Clone, Copy, Default)]
pub struct Text {
    /// Which one.
    pub language: Language,
}

impl Text {
    /// The verdict in one or two words, capitals.
    #[must_use]
    pub const fn verdict_word(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Vulnerable => "AT RISK",
            Verdict::Unconfirmed => "UPDATE NEEDED",
            Verdict::Unknown(_) => "NOT CHECKED",
            Verdict::Patched => "UPDATED",
            Verdict::NotInstalled => "NOT AFFECTED",
            Verdict::NotApplicable => "NOT A XIAOMI PHONE",
        }
    }

    /// What the verdict means, as the end of a sentence that its word begins.
    #[must_use]
    pub const fn verdict_meaning(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Vulnerable => "update now",
            Verdict::Unconfirmed => "fix not confirmed for this version",
            Verdict::Unknown(reason) => self.reason(reason),
            Verdict::Patched => "version reported fixed",
            Verdict::NotInstalled => "the app isn't on this phone (don't install it)",
            Verdict::NotApplicable => "the app isn't on this device",
        }
    }

    /// The same for what a file says.
    #[must_use]
    pub const fn verdict_meaning_of_file(self, verdict: Verdict) -> &'static str {
        match verdict {
            Verdict::Unknown(Reason::IncompleteAnswer) => {
                "what the file says of the app is cut off, or parts of it are missing"
            }
            Verdict::Unknown(Reason::AmbiguousDump) => {
                "what the file says of the app contradicts itself, or may be forged"
            }
            Verdict::Unknown(Reason::AnswerTooLarge) => "the file is far too large",
            Verdict::Unknown(Reason::UnreadableAnswer) => "the file is in no known form",
            other => self.verdict_meaning(other),
        }
    }

    /// What was recognised in a file.
    #[must_use]
    pub const fn form(self, form: Form) -> &'static str {
        match form {
            Form::DumpsysPackage => "dumpsys package, one app",
            Form::DumpsysPackages => "dumpsys package, all apps",
            Form::PmDump => "pm dump",
            Form::Dumpsys => "dumpsys, all services",
            Form::BugReport => "bug report",
            Form::Getprop => "getprop only, no dump of any app",
            Form::Collection => "dumpsys and getprop",
            Form::Evidence => "kept evidence",
            Form::Unrecognised => "not recognised",
        }
    }

    /// The file that a phone was read from, in a phone's block.
    #[must_use]
    pub fn file(self, file: &str, entry: Option<&str>) -> String {
        match entry {
            Some(entry) => format!("file {file}, in it {entry}"),
            None => format!("file {file}"),
        }
    }

    /// When a file says that it was made.
    #[must_use]
    pub fn taken_at(self, taken_at: &str) -> String {
        format!("made {taken_at}")
    }

    /// What stands for the name where a file holds no phone.
    #[must_use]
    pub const fn unrecognised_file(self) -> &'static str {
        "no phone in it"
    }

    /// What the verdict means where several apps were looked at; `None`: what it means of one.
    #[must_use]
    pub const fn verdict_meaning_of_several(self, verdict: Verdict) -> Option<&'static str> {
        match verdict {
            Verdict::NotInstalled => Some("none of the apps is on this phone (don't install them)"),
            Verdict::NotApplicable => Some("none of the apps is on this device"),
            Verdict::Vulnerable | Verdict::Unconfirmed | Verdict::Unknown(_) | Verdict::Patched => {
                None
            }
        }
    }

    /// Said wherever a risk is; `nearby` is whether every attacker must be.
    #[must_use]
    pub const fn risk_in_perspective(self, nearby: bool) -> &'static str {
        if nearby {
            "An attacker must be nearby, on the same network; this doesn't mean that the phone was \
             hacked."
        } else {
            "This doesn't mean that the phone was hacked."
        }
    }

    /// A reason in a few words, for a table cell.
    #[must_use]
    pub const fn reason_short(self, reason: Reason) -> &'static str {
        match reason {
            Reason::Unauthorized => "not allowed yet",
            Reason::AuthRefused => "not allowed in time",
            Reason::Authorizing => "still connecting",
            Reason::NoPermission => "no USB permission",
            Reason::Offline => "offline",
            Reason::WrongMode => "not in Android",
            Reason::UsbDebuggingOff => "USB debugging off",
            Reason::UsbBusy => "USB in use",
            Reason::DriverMissing => "driver missing",
            Reason::UnsupportedInterface => "unknown interface",
            Reason::BadKey => "ADB key unusable",
            Reason::AmbiguousSerial => "serial not unique",
            Reason::WorkerFailed => "micheck failed",
            Reason::Unreachable => "address silent",
            Reason::ServerLost => "adb server gone",
            Reason::Disconnected => "unplugged",
            Reason::Timeout => "no answer in time",
            Reason::AnswerTooLarge => "answer too large",
            Reason::IncompleteAnswer => "answer cut off",
            Reason::AmbiguousDump => "contradictory answer",
            Reason::StillBooting => "still starting",
            Reason::ServiceUnavailable => "phone not ready",
            Reason::Denied => "phone refused",
            Reason::DumpTimedOut => "phone too slow",
            Reason::UnreadableVersion => "version unreadable",
            Reason::UnreadableAnswer => "answer unreadable",
            Reason::NotADump => "not a dump",
            Reason::NotSeen => "not seen",
        }
    }

    /// A reason as a sentence without its full stop.
    #[must_use]
    pub const fn reason(self, reason: Reason) -> &'static str {
        match reason {
            Reason::Unauthorized => "the phone hasn't allowed this computer yet",
            Reason::AuthRefused => {
                "nobody allowed this computer on the phone: refused, or not answered in time"
            }
            Reason::Authorizing => "the phone is still connecting",
            Reason::NoPermission => {
                "this computer isn't allowed to open the phone's USB connection"
            }
            Reason::Offline => "the phone is listed but doesn't answer",
            Reason::WrongMode => "the phone is in recovery or fastboot, not in Android",
            Reason::UsbDebuggingOff => "USB debugging is off",
            Reason::UsbBusy => "another program is using the phone's USB connection",
            Reason::DriverMissing => "Windows has no driver for the phone",
            Reason::UnsupportedInterface => {
                "the phone offers a USB interface that micheck can't use"
            }
            Reason::BadKey => "this computer's ADB key can't be used",
            Reason::AmbiguousSerial => {
                "two phones share this serial number and this adb can't tell them apart"
            }
            Reason::WorkerFailed => "micheck's own process for this phone failed",
            Reason::Unreachable => "nothing answers at this address",
            Reason::ServerLost => "the adb server can't be reached",
            Reason::Disconnected => "the phone was unplugged, or its connection broke",
            Reason::Timeout => "the phone didn't finish its answer in time",
            Reason::AnswerTooLarge => "the phone's answer was far too large",
            Reason::IncompleteAnswer => {
                "the phone's answer was cut off, or parts of it are missing"
            }
            Reason::AmbiguousDump => "the phone's answer contradicts itself, or may be forged",
            Reason::StillBooting => "the phone is still starting",
            Reason::ServiceUnavailable => "the phone's package service didn't answer",
            Reason::Denied => "the phone refused to show the app's version",
            Reason::DumpTimedOut => "the phone's package service took too long",
            Reason::UnreadableVersion => "the app is installed, but its version can't be read",
            Reason::UnreadableAnswer => "the phone's answer is in no known form",
            Reason::NotADump => "the file holds no package dump",
            Reason::NotSeen => "nobody saw the app, which doesn't show that it isn't there",
        }
    }

    /// A note as a sentence without its full stop.
    #[must_use]
    pub const fn note(self, note: Note) -> &'static str {
        match note {
            Note::FactoryVersionVulnerable => {
                "The copy in the phone's system is vulnerable: after a factory reset, or \"Uninstall \
                 updates\", the phone is at risk again until the app is updated"
            }
            Note::FactoryVersionUnknown => {
                "After a factory reset, or \"Uninstall updates\", check this phone again: the copy \
                 in its system isn't known to be fixed"
            }
            Note::Disabled => "The app is switched off: that helps, but it isn't a fix",
            Note::OtherUsersOnly => {
                "The owner's profile doesn't have the app; another user or space of this phone does"
            }
            Note::DataKept => "The app was removed and its data kept",
            Note::UpdaterMissing => {
                "The apps that could update it (system apps updater, store) aren't on this phone"
            }
            Note::ListedInCheckin => {
                "Elsewhere (CHECKIN PACKAGE) the bug report says that the app is on the phone, but \
                 not in which version"
            }
            Note::CustomRom => "A Xiaomi phone without Xiaomi's system: menus may have other names",
            Note::Simulated => "Simulated: not a real phone",
        }
    }

    /// The mark on everything that shows simulated phones.
    #[must_use]
    pub const fn demo(self) -> &'static str {
        "DEMO: simulated phones, not real ones"
    }

    /// The heads of the table's columns; `from_files`: no phone was connected.
    #[must_use]
    pub const fn columns(self, from_files: bool) -> [&'static str; 5] {
        ["RESULT", "PHONE", "SYSTEM", "APP VERSION", if from_files { "FILE" } else { "SERIAL" }]
    }

    /// The head of the fourth column where several apps were looked at.
    #[must_use]
    pub const fn apps_column(self) -> &'static str {
        "APPS"
    }

    /// How many apps of a phone must be updated.
    #[must_use]
    pub fn apps_to_update(self, count: usize) -> String {
        format!("{count} to update")
    }

    /// A count of phones by verdict, for the summary line.
    #[must_use]
    pub fn count(self, count: usize, verdict: Verdict) -> String {
        let words = match verdict {
            Verdict::Vulnerable => "at risk",
            Verdict::Unconfirmed => "to update",
            Verdict::Unknown(_) => "not checked",
            Verdict::Patched => "updated",
            Verdict::NotInstalled => "not affected",
            Verdict::NotApplicable => "not Xiaomi",
        };
        format!("{count} {words}")
    }

    /// The number of phones, for the summary line.
    #[must_use]
    pub fn phones(self, count: usize) -> String {
        match count {
            1 => "1 phone".to_owned(),
            _ => format!("{count} phones"),
        }
    }

    /// Said when there is no phone at all.
    #[must_use]
    pub const fn no_phone(self) -> &'static str {
        "No phone was found. The likely reasons:"
    }

    /// A likely reason that no phone was found, as a sentence without its full stop.
    #[must_use]
    pub const fn hint(self, hint: Hint) -> &'static str {
        match hint {
            Hint::AdbMissing => {
                "adb isn't installed: install Android's platform-tools (Debian, Ubuntu: sudo apt-get \
                 install adb), then run: adb start-server"
            }
            Hint::AdbServerNotRunning => "The adb server isn't running: run adb start-server",
            Hint::XiaomiOnUsb => {
                "A Xiaomi device is plugged in, but adb doesn't list it: see the next point, then \
                 unplug it and plug it in again"
            }
            Hint::ChargeOnlyCable => {
                "No phone is plugged in, or its cable only charges: try another cable or port"
            }
            Hint::UsbDebuggingOff => {
                "USB debugging is off: Settings → About phone → tap the \"MIUI version\" (HyperOS: \
                 \"OS version\") 7 times; then Settings → Additional settings → Developer options → \
                 USB debugging"
            }
            Hint::DriverMissing => {
                "Windows has no driver for the phone: install Google's USB driver"
            }
            Hint::RunDoctor => "To see what is in the way: micheck doctor",
            Hint::TryDemo => "To see what micheck does without a phone: micheck scan --demo",
        }
    }

    /// What stands for the name where a person typed the version.
    #[must_use]
    pub const fn typed_by_a_person(self) -> &'static str {
        "typed by a person"
    }

    /// What stands for the name in the row of a server that couldn't be asked.
    #[must_use]
    pub const fn lost_server(self) -> &'static str {
        "adb server"
    }

    /// Servers that couldn't be asked, for the summary line.
    #[must_use]
    pub fn lost_servers(self, count: usize) -> String {
        match count {
            1 => "1 adb server not reached".to_owned(),
            _ => format!("{count} adb servers not reached"),
        }
    }

    /// How far a scan is.
    #[must_use]
    pub fn checked(self, done: usize, listed: usize) -> String {
        match listed {
            0 => "Looking for phones".to_owned(),
            _ => format!("{done} of {} checked", self.phones(listed)),
        }
    }

    /// Asks a person to allow the computer on these phones.
    #[must_use]
    pub fn allow_on(self, names: &str, seconds_left: u64) -> String {
        format!("unlock {names} and tap Allow ({seconds_left} s left)")
    }

    /// Which phones are being asked, and how long the first of them has been.
    #[must_use]
    pub fn asking(self, names: &str, seconds: u64) -> String {
        format!("asking {names} ({seconds} s)")
    }

    /// A phone that doesn't say what it is.
    #[must_use]
    pub const fn unnamed_phone(self) -> &'static str {
        "unknown phone"
    }

    /// The phone's serial number, in a phone's block.
    #[must_use]
    pub fn serial(self, serial: &str) -> String {
        format!("serial {serial}")
    }

    /// The server that holds a phone, in a phone's block.
    #[must_use]
    pub fn server(self, server: &str) -> String {
        format!("adb server {server}")
    }

    /// The version in force, in a phone's block.
    #[must_use]
    pub fn version(self, app: &str, version: &str) -> String {
        format!("{app} {version}")
    }
}
