//! The sentences of `micheck doctor`, and the udev rule that it prints.

use crate::doctor::{Check, CheckKey, CheckSection, Facts};
use crate::text::{Text, t};

/// The file of `micheck doctor --udev-rule`; only its comments are for people. Its number is below 73: there, in systemd's
/// `73-seat-late.rules`, the tag `uaccess` is acted upon. `ID_USB_INTERFACES` is set in
/// `50-udev-default.rules`; it has every interface as class, subclass and protocol.
pub const UDEV_RULE: &str = include_str!("70-micheck.rules");

impl Text {
    /// The head of a part of a check-up.
    #[must_use]
    pub fn section(self, section: CheckSection) -> &'static str {
        match section {
            CheckSection::Computer => self.get("section-computer"),
            CheckSection::AdbServer => self.get("section-adb_server"),
            CheckSection::Usb => self.get("section-usb"),
            CheckSection::Phones => self.get("section-phones"),
            CheckSection::Advisories => self.get("section-advisories"),
        }
    }

    /// The outcome of a check-up.
    #[must_use]
    pub fn checkup(self, problems: usize, notes: usize) -> String {
        let counted = t!(self, "problems", count = problems);
        match (problems, notes) {
            (0, 0) => self.get("checkup-well").to_owned(),
            (0, _) => t!(self, "checkup-notes", notes = notes),
            (_, 0) => counted,
            _ => t!(self, "checkup-both", problems = counted, notes = notes),
        }
    }

    /// A check as a sentence without its full stop; strangers' texts in it aren't escaped.
    #[must_use]
    pub fn check(self, check: &Check) -> String {
        let facts = &check.facts;
        let version =
            facts.server_version.map(|version| t!(self, "server-version", version = version));
        let holder = facts.holder.as_ref();
        let holder = holder.map(|one| t!(self, "holder", name = &one.name, process = one.pid));
        let phones = match facts.count {
            Some(0) | None if check.key.section() == CheckSection::AdbServer => {
                self.get("no-phones").to_owned()
            }
            count => t!(self, "phones", count = count.unwrap_or_default()),
        };
        let path = facts.path.as_deref().unwrap_or_default();
        let port = t!(self, "usb-port", path = path);
        // A phone on the bus is told by its port, one that a server lists by its path.
        let phone = match check.key {
            CheckKey::PhoneReady | CheckKey::PhoneNotReady => self.called(facts, path),
            _ => self.called(facts, &port),
        };
        let hub = facts.name.as_deref().unwrap_or(self.get("unnamed-hub"));
        self.fill(
            &format!("check-{}", check.key.key()),
            [
                ("it", check.subject.as_deref().unwrap_or_default().into()),
                ("date", facts.date.as_deref().unwrap_or_default().into()),
                ("days", facts.days.unwrap_or_default().into()),
                ("given", facts.given_ma.unwrap_or_default().into()),
                ("holder", holder.unwrap_or_default().into()),
                ("hub", t!(self, "hub", name = hub, port = port).into()),
                ("phone", phone.into()),
                ("phones", phones.into()),
                ("reason", check.reason.map_or("", |reason| self.reason(reason)).into()),
                ("version", version.unwrap_or_default().into()),
                ("wanted", facts.wanted_ma.unwrap_or_default().into()),
            ],
        )
    }

    /// What a phone is called, and behind it what tells it from others.
    fn called(self, facts: &Facts, place: &str) -> String {
        let serial = facts.serial.as_ref().map(|serial| t!(self, "serial", serial = serial));
        let server = facts.server.as_ref().map(|server| t!(self, "server", server = server));
        let place = Some(place.to_owned()).filter(|place| !place.is_empty());
        let marks: Vec<String> = [serial, place, server].into_iter().flatten().collect();
        let name = facts.name.as_deref().unwrap_or(self.get("unnamed-phone"));
        format!("{name} ({})", marks.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outcome_is_counted() {
        let text = Text::default();
        assert_eq!(text.checkup(0, 0), "No problems");
        assert_eq!(text.checkup(0, 2), "No problems, 2 notes");
        assert_eq!(text.checkup(1, 0), "1 problem");
        assert_eq!(text.checkup(2, 1), "2 problems, 1 note");
    }
}
