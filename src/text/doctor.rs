//! The sentences of `micheck doctor`, and the udev rule that it prints.

use super::Text;
use crate::doctor::{Check, CheckKey, Facts, Section, State};

/// The file of `micheck doctor --udev-rule`. Its number is below 73: there, in systemd's
/// `73-seat-late.rules`, the tag `uaccess` is acted upon. `ID_USB_INTERFACES` is set in
/// `50-udev-default.rules`; it has every interface as class, subclass and protocol.
const UDEV_RULE: &str = r#"# Lets whoever sits at this computer open phones over USB without being root.
#
# Put this file at /etc/udev/rules.d/70-micheck.rules:
#   micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules
# Then:
#   sudo udevadm control --reload
#   adb kill-server
# and plug the phones in again.
#
# The number must be below 73: there the tag "uaccess" is acted upon.

ACTION=="remove", GOTO="micheck_end"
SUBSYSTEM!="usb", GOTO="micheck_end"
ENV{DEVTYPE}!="usb_device", GOTO="micheck_end"

# Xiaomi
ATTR{idVendor}=="2717", TAG+="uaccess"
# Google, whose numbers some phones use
ATTR{idVendor}=="18d1", TAG+="uaccess"
# Every device with an ADB interface
ENV{ID_USB_INTERFACES}=="*:ff4201:*", TAG+="uaccess"

LABEL="micheck_end"
"#;

impl Text {
    /// The udev rule file. Only its comments are for people.
    #[must_use]
    pub const fn udev_rule(self) -> &'static str {
        UDEV_RULE
    }

    /// The head of a part of a check-up.
    #[must_use]
    pub const fn section(self, section: Section) -> &'static str {
        match section {
            Section::Computer => "This computer",
            Section::AdbServer => "adb server",
            Section::Usb => "USB",
            Section::Phones => "Phones",
            Section::Advisories => "Advisories",
        }
    }

    /// The outcome of a check-up.
    #[must_use]
    pub fn checkup(self, problems: usize, notes: usize) -> String {
        let counted = |count: usize, one: &str, several: &str| match count {
            1 => format!("1 {one}"),
            _ => format!("{count} {several}"),
        };
        let to_know = counted(notes, "thing to know", "things to know");
        match (problems, notes) {
            (0, 0) => "All is well".to_owned(),
            (0, _) => format!("No problem, {to_know}"),
            (_, 0) => counted(problems, "problem", "problems"),
            _ => format!("{}, {to_know}", counted(problems, "problem", "problems")),
        }
    }

    /// The mark of a state, so that nothing hangs on colour.
    #[must_use]
    pub const fn state_mark(self, state: State) -> &'static str {
        match state {
            State::Ok => "✔",
            State::Note => "▲",
            State::Problem => "✖",
        }
    }

    /// A check as a sentence without its full stop; strangers' texts in it aren't escaped.
    #[must_use]
    pub fn check(self, check: &Check) -> String {
        let it = check.subject.as_deref().unwrap_or_default();
        let facts = &check.facts;
        match check.key {
            CheckKey::AdbProgramFound => format!("The program adb is there ({it})"),
            CheckKey::AdbProgramMissing => {
                "The program adb isn't installed; micheck does without it".to_owned()
            }
            CheckKey::KeyUsable => format!("This computer's ADB key can be used ({it})"),
            CheckKey::KeyMissing => {
                format!("This computer has no ADB key yet; it is made when it is needed ({it})")
            }
            CheckKey::KeyOpenToOthers => format!(
                "Other users of this computer can read its ADB key, and with it use phones that \
                 allow this computer ({it})"
            ),
            CheckKey::KeyOldForm => {
                format!("This computer's ADB key is in an old form, PKCS#1 ({it})")
            }
            CheckKey::KeyUnreadable => format!("This computer's ADB key can't be read ({it})"),
            CheckKey::KeyInvalid => {
                format!("The file of this computer's ADB key holds no RSA key of 2,048 bits ({it})")
            }
            CheckKey::KeyUnknown => {
                format!("This computer's ADB key couldn't be looked at in time ({it})")
            }
            CheckKey::KeyWithoutHome => {
                "This user has no home folder where an ADB key could lie".to_owned()
            }
            CheckKey::UdevRuleFound => format!("A udev rule gives access to phones ({it})"),
            CheckKey::UdevRuleMissing => {
                "No udev rule for phones was found: without one only root \
                                          may open them"
                    .to_owned()
            }
            CheckKey::UdevRuleNotNeeded => {
                "micheck runs as root, who may open every phone".to_owned()
            }
            CheckKey::ServerRuns
            | CheckKey::ServerOld
            | CheckKey::ServerNotRunning
            | CheckKey::ServerUnreachable
            | CheckKey::ServerSilent
            | CheckKey::ServerNotAdb
            | CheckKey::ServerRefuses
            | CheckKey::ServerElsewhere => self.server_check(check.key, it, facts),
            CheckKey::UsbUnknown => "The USB bus can't be looked at".to_owned(),
            CheckKey::UsbEmpty => "Nothing that looks like a phone is plugged in".to_owned(),
            CheckKey::UsbPhoneListed => {
                format!("{} is there, and the adb server has it", self.plugged_in(facts))
            }
            CheckKey::UsbPhoneReady => {
                format!("{} is there, and micheck can ask it", self.plugged_in(facts))
            }
            CheckKey::UsbPhoneUnlisted => format!(
                "{} is there, but the adb server doesn't list it; micheck asks it without the \
                 server",
                self.plugged_in(facts)
            ),
            CheckKey::UsbPhoneNotReady | CheckKey::PhoneNotReady => {
                let reason = check.reason.map_or("", |reason| self.reason(reason));
                let holder = Self::holder(facts);
                match check.key {
                    CheckKey::PhoneNotReady => format!("{}: {reason}", self.listed(facts)),
                    _ => format!("{}: {reason}{holder}", self.plugged_in(facts)),
                }
            }
            CheckKey::UsbPhoneSlow => format!(
                "{} has a slow connection: the cable, or the port, is worn or unfit",
                self.plugged_in(facts)
            ),
            CheckKey::HubSlow => format!(
                "{} is slow, and with it {} on it",
                Self::hub(facts),
                self.phones(facts.count.unwrap_or_default())
            ),
            CheckKey::HubUnderpowered => format!(
                "{} has no power supply of its own: it has {} mA for its phones, and {} may draw \
                 {} mA",
                Self::hub(facts),
                facts.given_ma.unwrap_or_default(),
                self.phones(facts.count.unwrap_or_default()),
                facts.wanted_ma.unwrap_or_default()
            ),
            CheckKey::HubCrowded => format!(
                "{} has no power supply of its own, and carries {}",
                Self::hub(facts),
                self.phones(facts.count.unwrap_or_default())
            ),
            CheckKey::PhoneReady => format!("{} can be asked", self.listed(facts)),
            CheckKey::NoPhone => "No phone was found".to_owned(),
            CheckKey::AdvisoriesCurrent
            | CheckKey::AdvisoriesAgeing
            | CheckKey::AdvisoriesOld
            | CheckKey::AdvisoriesFromFuture => Self::advisories_check(check.key, it, facts),
        }
    }

    /// The phones on the USB bus that are the adb server's to tell of.
    #[must_use]
    pub fn usb_phones_listed(self, count: usize) -> String {
        format!("{} are there, and the adb server has them", self.phones(count))
    }

    fn server_check(self, key: CheckKey, address: &str, facts: &Facts) -> String {
        let holder = Self::holder(facts);
        let version = facts.server_version.map(|version| format!(", version {version}"));
        let version = version.unwrap_or_default();
        let phones = match facts.count {
            None | Some(0) => "no phone".to_owned(),
            Some(count) => self.phones(count),
        };
        match key {
            CheckKey::ServerOld => format!(
                "The adb server at {address} runs, but is old{version}{holder}: two phones with \
                 one serial number are one to it. It lists {phones}"
            ),
            CheckKey::ServerNotRunning => {
                format!("No adb server runs at {address}; micheck asks phones over USB without one")
            }
            CheckKey::ServerUnreachable => format!("No adb server answers at {address}"),
            CheckKey::ServerSilent => {
                format!("What listens at {address} doesn't answer like an adb server{holder}")
            }
            CheckKey::ServerNotAdb => {
                format!("What answers at {address} is no adb server{holder}")
            }
            CheckKey::ServerRefuses => {
                format!("The adb server at {address} refuses to list its phones")
            }
            CheckKey::ServerElsewhere => format!(
                "{address} is not on this computer. ADB has no password: whoever reaches that port \
                 has the phones in hand. Use an SSH tunnel"
            ),
            _ => format!("The adb server at {address} runs{version}{holder}; it lists {phones}"),
        }
    }

    fn advisories_check(key: CheckKey, set: &str, facts: &Facts) -> String {
        let date = facts.date.as_deref().unwrap_or_default();
        let days = facts.days.unwrap_or_default();
        let built_in = format!("The built-in advisories (set {set}) are of {date}");
        match key {
            CheckKey::AdvisoriesAgeing => {
                format!("{built_in}, {days} days ago: there may be newer ones")
            }
            CheckKey::AdvisoriesOld => {
                format!("{built_in}, {days} days ago: too old to be relied on")
            }
            CheckKey::AdvisoriesFromFuture => {
                format!("{built_in}, which is still to come by this computer's date")
            }
            _ => built_in,
        }
    }

    /// Which program holds it, as the end of a sentence; nothing where that isn't known.
    fn holder(facts: &Facts) -> String {
        let holder = facts.holder.as_ref();
        holder.map_or_else(String::new, |one| format!(" ({}, process {})", one.name, one.pid))
    }

    /// A phone on the USB bus.
    fn plugged_in(self, facts: &Facts) -> String {
        self.called(facts, self.unnamed_phone(), &Self::usb_port(facts))
    }

    /// A phone that a server lists.
    fn listed(self, facts: &Facts) -> String {
        self.called(facts, self.unnamed_phone(), facts.path.as_deref().unwrap_or_default())
    }

    fn hub(facts: &Facts) -> String {
        let name = facts.name.as_deref().unwrap_or("hub");
        format!("The {name} at {}", Self::usb_port(facts))
    }

    fn usb_port(facts: &Facts) -> String {
        format!("USB port {}", facts.path.as_deref().unwrap_or_default())
    }

    /// What a device is called, and behind it what tells it from others.
    fn called(self, facts: &Facts, unnamed: &str, place: &str) -> String {
        let serial = facts.serial.as_deref().map(|serial| self.serial(serial));
        let server = facts.server.as_deref().map(|server| self.server(server));
        let place = Some(place.to_owned()).filter(|place| !place.is_empty());
        let marks: Vec<String> = [serial, place, server].into_iter().flatten().collect();
        format!("{} ({})", facts.name.as_deref().unwrap_or(unnamed), marks.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_is_counted() {
        let text = Text::default();
        assert_eq!(text.checkup(0, 0), "All is well");
        assert_eq!(text.checkup(0, 2), "No problem, 2 things to know");
        assert_eq!(text.checkup(1, 0), "1 problem");
        assert_eq!(text.checkup(2, 1), "2 problems, 1 thing to know");
    }
}
