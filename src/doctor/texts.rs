//! The sentences of `micheck doctor`, and the udev rule that it prints.

use crate::doctor::{Check, CheckKey, Facts, Holder, Section, State};
use crate::text::Text;

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
    pub fn section(self, section: Section) -> &'static str {
        self.say(match section {
            Section::Computer => "section-computer",
            Section::AdbServer => "section-adb_server",
            Section::Usb => "section-usb",
            Section::Phones => "section-phones",
            Section::Advisories => "section-advisories",
        })
    }

    /// The outcome of a check-up.
    #[must_use]
    pub fn checkup(self, problems: usize, notes: usize) -> String {
        let counted = || self.fill("problems", [("count", problems.into())]);
        match (problems, notes) {
            (0, 0) => self.say("checkup-well").to_owned(),
            (0, _) => self.fill("checkup-notes", [("notes", notes.into())]),
            (_, 0) => counted(),
            _ => {
                self.fill("checkup-both", [("problems", counted().into()), ("notes", notes.into())])
            }
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
        let facts = &check.facts;
        let version = facts
            .server_version
            .map(|version| self.fill("server-version", [("version", version.into())]));
        let phones = match facts.count {
            Some(0) | None if check.key.section() == Section::AdbServer => {
                self.say("no-phones").to_owned()
            }
            count => self.phones(count.unwrap_or_default()),
        };
        // A phone on the bus is told by its port, one that a server lists by its path.
        let phone = match check.key {
            CheckKey::PhoneReady | CheckKey::PhoneNotReady => self.listed(facts),
            _ => self.plugged_in(facts),
        };
        self.fill(
            &format!("check-{}", check.key.key()),
            [
                ("it", check.subject.as_deref().unwrap_or_default().into()),
                ("date", facts.date.as_deref().unwrap_or_default().into()),
                ("days", facts.days.unwrap_or_default().into()),
                ("given", facts.given_ma.unwrap_or_default().into()),
                ("holder", self.holder(facts).into()),
                ("hub", self.hub(facts).into()),
                ("phone", phone.into()),
                ("phones", phones.into()),
                ("reason", check.reason.map_or("", |reason| self.reason(reason)).into()),
                ("version", version.unwrap_or_default().into()),
                ("wanted", facts.wanted_ma.unwrap_or_default().into()),
            ],
        )
    }

    /// The phones on the USB bus that are the adb server's to tell of.
    #[must_use]
    pub fn usb_phones_listed(self, count: usize) -> String {
        self.fill("usb-phones-listed", [("phones", self.phones(count).into())])
    }

    /// Which program holds it, as the end of a sentence; nothing where that isn't known.
    fn holder(self, facts: &Facts) -> String {
        let holder = |one: &Holder| {
            self.fill("holder", [("name", one.name.as_str().into()), ("process", one.pid.into())])
        };
        facts.holder.as_ref().map_or_else(String::new, holder)
    }

    /// A phone on the USB bus.
    fn plugged_in(self, facts: &Facts) -> String {
        self.called(facts, &self.usb_port(facts))
    }

    /// A phone that a server lists.
    fn listed(self, facts: &Facts) -> String {
        self.called(facts, facts.path.as_deref().unwrap_or_default())
    }

    fn hub(self, facts: &Facts) -> String {
        let name = facts.name.as_deref().unwrap_or_else(|| self.say("unnamed-hub"));
        self.fill("hub", [("name", name.into()), ("port", self.usb_port(facts).into())])
    }

    fn usb_port(self, facts: &Facts) -> String {
        let path = facts.path.as_deref().unwrap_or_default();
        self.fill("usb-port", [("path", path.into())])
    }

    /// What a phone is called, and behind it what tells it from others.
    fn called(self, facts: &Facts, place: &str) -> String {
        let serial = facts.serial.as_deref().map(|serial| self.serial(serial));
        let server = facts.server.as_deref().map(|server| self.server(server));
        let place = Some(place.to_owned()).filter(|place| !place.is_empty());
        let marks: Vec<String> = [serial, place, server].into_iter().flatten().collect();
        let name = facts.name.as_deref().unwrap_or_else(|| self.unnamed_phone());
        format!("{name} ({})", marks.join(", "))
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
