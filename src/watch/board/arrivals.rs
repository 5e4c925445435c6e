//! Phones that come and go: which of those that are seen is which of those that are known.

use core::time::Duration;

use super::event::Sighting;
use super::events::{PhoneLine, WatchEvent};
use super::ids::PhoneId;
use super::phone::{BoardPhone, Presence, unique_serial};
use super::{Board, REMEMBERED, REMEMBERED_WHOLE, port_key};
use crate::report::{Gone, LinkKind, is_address};
use micheck_core::identity::Identity;
use micheck_core::verdict::Reason;

/// How long a phone may take to come back as another USB device, when its person switches USB
/// debugging on or off.
const SWITCHES_WITHIN: Duration = Duration::from_secs(5);

/// The same of one that gave no serial number before, with a person who looks for the switch.
const NAMED_WITHIN: Duration = Duration::from_secs(30);

impl Board {
    /// These phones are plugged in now.
    pub(super) fn sighted(&mut self, sightings: Vec<Sighting>) {
        let mut new = Vec::new();
        let mut seen = vec![false; self.phones.len()];
        for sighting in sightings {
            match self.of_handle(&sighting) {
                // At an address another phone may be the next to answer.
                Some(at) if self.has_hung_up(at, &sighting) => new.push(sighting),
                Some(at) if !seen[at] => {
                    seen[at] = true;
                    self.still_there(at, sighting);
                }
                _ => new.push(sighting),
            }
        }
        // A phone that nobody has asked yet may be reached in another way from now on.
        new.retain(|sighting| {
            let moved = self.phones.iter().zip(&seen).position(|(phone, seen)| {
                !seen
                    && phone.is_present()
                    && phone.held.is_none()
                    && phone.check.is_none()
                    && phone.connection.link != sighting.connection.link
                    && is_same_place(phone, sighting)
            });
            if let Some(at) = moved {
                seen[at] = true;
                self.still_there(at, sighting.clone());
            }
            moved.is_none()
        });
        for at in (0..seen.len()).filter(|&at| !seen[at]) {
            if self.phones[at].is_present() {
                let gone = self.gone(at);
                self.leave(at, gone);
            }
        }
        for (known, sighting) in self.recognised(new) {
            self.arrive(known, sighting);
        }
        self.forget_some();
    }

    /// Whether a phone that was asked at a network address has ended its session.
    fn has_hung_up(&self, at: usize, sighting: &Sighting) -> bool {
        let phone = &self.phones[at];
        let ended = phone.reason().is_none() && sighting.reason.is_some();
        ended && phone.held.is_some() && is_address(&phone.connection)
    }

    fn of_handle(&self, sighting: &Sighting) -> Option<usize> {
        self.phones.iter().position(|phone| {
            let serial = &phone.connection.serial;
            matches!(phone.presence, Presence::Present { handle, .. } if handle == sighting.handle)
                // The system may read it a moment after the arrival.
                && (serial.is_none() || *serial == sighting.connection.serial)
        })
    }

    fn still_there(&mut self, at: usize, sighting: Sighting) {
        let Sighting { handle, connection, model, reason } = sighting;
        let model = model.filter(|model| !model.trim().is_empty());
        let presence = Presence::Present { handle, reason };
        let phone = &mut self.phones[at];
        let from = phone.state();
        let couldnt = phone.reason().is_some();
        if phone.connection != connection || phone.presence != presence {
            self.version += 1;
        }
        phone.connection = connection;
        phone.presence = presence;
        if phone.model.is_none() {
            phone.model = model;
        }
        if reason.is_some() {
            self.suspend(at);
        } else {
            phone.taken_leave = false;
            if couldnt && phone.held.is_some() && phone.check.is_none() {
                // Whatever was in between, it may be another phone's answer by now.
                phone.next_ask = Some(self.now.moment);
                phone.needs_person = false;
            }
        }
        self.tell_state(at, from);
    }

    /// Why a phone is no longer seen.
    fn gone(&self, at: usize) -> Gone {
        let connection = &self.phones[at].connection;
        let of_lost_server = connection.link == LinkKind::AdbServer
            && self.lost.iter().any(|lost| Some(&lost.server) == connection.server.as_ref());
        if of_lost_server { Gone::ServerLost } else { Gone::Unplugged }
    }

    pub(super) fn leave(&mut self, at: usize, gone: Gone) {
        self.version += 1;
        self.cancel_check(at);
        let line = PhoneLine::new(&self.rules, &self.now, &self.phones[at], Some(gone));
        self.tell(WatchEvent::PhoneRemoved(line));
        let phone = &mut self.phones[at];
        phone.presence = Presence::Absent { since: self.now.moment, gone };
        // At an address that was somebody else, or nobody.
        phone.left_judged = phone.held.is_some()
            || phone.taken_leave
            || phone.left_judged && is_address(&phone.connection);
        if let Some(held) = phone.held.take() {
            phone.earlier = Some(held);
        }
        if phone.past.last().is_some_and(|past| past.verdict.is_some()) {
            phone.remember(&self.now.stamp, None);
        }
        phone.next_ask = None;
        phone.wanted = false;
        phone.show = None;
        phone.requested = None;
        phone.needs_person = false;
        phone.failed = None;
        phone.place_given_up = false;
        self.absent.push_back(phone.id);
    }

    /// `new` with the phone that each is, if it is known; no phone is two of them.
    fn recognised(&self, new: Vec<Sighting>) -> Vec<(Option<PhoneId>, Sighting)> {
        let mut taken: Vec<PhoneId> = Vec::new();
        let mut matched: Vec<(Option<PhoneId>, Sighting)> =
            new.into_iter().map(|sighting| (None, sighting)).collect();
        // At its old port first: of two phones with one serial number, that is the one.
        for (known, sighting) in &mut matched {
            let mut same = self.absent_phones().filter(|phone| is_same_place(phone, sighting));
            if let (Some(phone), None) = (same.next(), same.next())
                && !taken.contains(&phone.id)
            {
                taken.push(phone.id);
                *known = Some(phone.id);
            }
        }
        for at in 0..matched.len() {
            let (None, sighting) = &matched[at] else { continue };
            let Some(serial) = unique_serial(&sighting.connection) else { continue };
            let twice = matched
                .iter()
                .filter(|(known, other)| {
                    known.is_none() && unique_serial(&other.connection) == Some(serial)
                })
                .count()
                > 1;
            let mut same = self
                .absent_phones()
                .filter(|phone| phone.serial() == Some(serial) && !taken.contains(&phone.id));
            if let (false, Some(phone), None) = (twice, same.next(), same.next()) {
                taken.push(phone.id);
                matched[at].0 = Some(phone.id);
            }
        }
        matched
    }

    /// Absent phones that may be known again by where they are until they answer: their answer will
    /// tell whether they are, or nothing was ever found that another phone could inherit.
    fn absent_phones(&self) -> impl Iterator<Item = &BoardPhone> {
        self.phones.iter().filter(|phone| {
            let is_open = phone.identity == Identity::NotSaid && !phone.was_judged();
            !phone.is_present() && (is_open || self.tells(phone.identity))
        })
    }

    /// Gives its place in the list.
    pub(super) fn arrive(&mut self, known: Option<PhoneId>, sighting: Sighting) -> usize {
        self.version += 1;
        let known = known.and_then(|id| self.at(id)).or_else(|| self.match_by_port(&sighting));
        let Sighting { handle, connection, model, reason } = sighting;
        let model = model.filter(|model| !model.trim().is_empty());
        let presence = Presence::Present { handle, reason };
        let at = if let Some(at) = known {
            at
        } else {
            self.last_phone += 1;
            let id = PhoneId(self.last_phone);
            self.phones.push(BoardPhone::new(id, connection.clone(), presence));
            self.phones.len() - 1
        };
        let phone = &mut self.phones[at];
        let port = port_key(&connection);
        let same_place = port.is_some() && port_key(&phone.connection) == port;
        let away = match phone.presence {
            Presence::Absent { since, .. } => self.now.moment - since,
            Presence::Present { .. } => Duration::ZERO,
        };
        phone.taken_leave = takes_leave(phone, reason) && same_place && away <= SWITCHES_WITHIN;
        phone.connection = connection;
        phone.presence = presence;
        phone.visit += 1;
        phone.arrived_at = Some(self.now.moment);
        phone.identified = false;
        phone.prompted = false;
        if phone.model.is_none() {
            phone.model = model;
        }
        let id = phone.id;
        self.absent.retain(|absent| *absent != id);
        let phone = &self.phones[at];
        let line = PhoneLine::new(&self.rules, &self.now, phone, None);
        self.tell(WatchEvent::PhoneAdded(line));
        at
    }

    /// A phone that gave no serial number and came to nothing, where this one is now.
    fn match_by_port(&self, sighting: &Sighting) -> Option<usize> {
        let port = port_key(&sighting.connection)?;
        let may_be = |phone: &BoardPhone| {
            let Presence::Absent { since, .. } = phone.presence else { return false };
            phone.serial().is_none()
                && !phone.was_checked
                && !phone.has_history()
                && self.now.moment - since <= NAMED_WITHIN
                && port_key(&phone.connection).as_ref() == Some(&port)
        };
        self.phones.iter().rposition(may_be)
    }

    /// Keeps of phones that are long gone as much as there is room for.
    fn forget_some(&mut self) {
        while self.absent.len() > REMEMBERED {
            let Some(id) = self.absent.pop_front() else { return };
            if let Some(at) = self.at(id) {
                let phone = self.phones.remove(at);
                self.forgotten.add(&phone);
            }
        }
        let whole_from = self.absent.len().saturating_sub(REMEMBERED_WHOLE);
        for at in 0..whole_from {
            if let Some(at) = self.absent.get(at).and_then(|id| self.at(*id))
                && let Some(earlier) = &mut self.phones[at].earlier
            {
                earlier.report = None;
            }
        }
    }
}

/// Whether a phone was seen with this serial number at this port, as far as there is a port.
fn is_same_place(phone: &BoardPhone, sighting: &Sighting) -> bool {
    let serial = unique_serial(&sighting.connection);
    serial.is_some()
        && phone.serial() == serial
        && port_key(&phone.connection) == port_key(&sighting.connection)
}

/// Whether a phone that was fine can't be asked any more as is to be in the end: its person has
/// withdrawn the way in.
fn takes_leave(phone: &BoardPhone, reason: Option<Reason>) -> bool {
    let earlier = phone.earlier.as_ref().map(|held| held.verdict);
    let fine = earlier.is_some_and(|verdict| !verdict.is_at_risk() && verdict.reason().is_none());
    let closed = matches!(reason, Some(Reason::UsbDebuggingOff | Reason::Unauthorized));
    fine && closed && phone.left_judged && phone.serial().is_some()
}
