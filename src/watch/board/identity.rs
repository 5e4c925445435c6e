//! Which phone it is that answers. A network address or a port is no identity: who a phone is says
//! the salted hash of its own serial number, and where that tells nothing a new connection is a new
//! phone.

use super::Board;
use super::answer::findings_key;
use super::event::Sighting;
use super::ids::{CheckKind, Phase};
use super::phone::{BoardPhone, CurrentResult, Presence};
use crate::report::{DeviceReport, Gone, LinkKind};
use micheck_core::identity::Identity;

impl Board {
    /// Whether an identity tells a phone from all others.
    pub(super) fn tells(&self, identity: Identity) -> bool {
        matches!(identity, Identity::Phone(_)) && !self.shared.contains(&identity)
    }

    /// Whether a phone can be asked to show what updates it: it is there, at risk, and nobody else can
    /// get the request.
    #[must_use]
    pub fn may_show_updater(&self, phone: &BoardPhone) -> bool {
        phone.is_at_risk_here() && (self.tells(phone.identity) || phone.is_its_connection())
    }

    /// Notes an identity that two live connections have: a maker gave it to several phones.
    pub(super) fn notice_shared(&mut self, at: usize, said: Identity) {
        let is_live = |other: usize| {
            let phone = &self.phones[other];
            let is_there = matches!(phone.presence, Presence::Present { reason: None, .. });
            is_there && phone.identified && phone.identity == said && phone.failed.is_none()
        };
        if self.tells(said) && (0..self.phones.len()).any(|other| other != at && is_live(other)) {
            self.shared.insert(said);
        }
    }

    /// Whether the phone that has answered isn't the one that this one was taken for.
    pub(super) fn is_another_phone(&self, at: usize, report: &DeviceReport) -> bool {
        let (phone, said) = (&self.phones[at], report.identity);
        let tells = self.tells(said);
        let same = said == phone.identity;
        if said == Identity::NotSaid {
            // Known by its place alone, and what it says would count as that phone's.
            let is_first = !phone.identified && phone.held.is_none();
            return is_first && phone.was_judged() && report.verdict.reason().is_none()
                || phone.connection.link == LinkKind::Network && phone.is_contradicted(report);
        }
        if tells && same {
            return false;
        }
        if phone.identity == Identity::NotSaid {
            // It has answered for the first time: it may be one that is known from elsewhere.
            return tells && self.absent_of(said).is_some()
                || phone.connection.link == LinkKind::Network && phone.is_contradicted(report);
        }
        if phone.identified && phone.connection.link != LinkKind::Network {
            // The connection is still the same; so is the phone, unless it says otherwise.
            return !same
                && matches!((said, phone.identity), (Identity::Phone(_), Identity::Phone(_)));
        }
        if phone.connection.link == LinkKind::Network && !tells && !self.tells(phone.identity) {
            // micheck itself has hung up in between: as long as nothing is different, it is the same.
            return phone
                .held
                .as_ref()
                .is_some_and(|held| held.findings_key != findings_key(report));
        }
        true
    }

    /// The absent phone of this identity.
    fn absent_of(&self, identity: Identity) -> Option<usize> {
        self.phones.iter().position(|phone| !phone.is_present() && phone.identity == identity)
    }

    /// Another phone than `at` has answered at its connection: this one leaves as if it hadn't come,
    /// and the other one arrives, with a check that goes on. Gives its place in the list.
    pub(super) fn hand_over(&mut self, at: usize, said: Identity) -> usize {
        let phone = &mut self.phones[at];
        let Presence::Present { handle, reason } = phone.presence else { return at };
        let sighting =
            Sighting { handle, connection: phone.connection.clone(), model: None, reason };
        let (id, asked, prompted) = (phone.id, phone.last_asked, phone.prompted);
        if let Some(check) = &mut phone.check {
            // The attempt has ended: there is nothing to abandon.
            check.phase = Phase::Suspended;
        }
        self.cancel_check(at);
        let phone = &mut self.phones[at];
        if phone.held.as_ref().is_some_and(CurrentResult::is_nobodys) {
            phone.held = None;
        }
        let left_judged = phone.left_judged;
        self.leave(at, Gone::AnotherPhone);
        let phone = &mut self.phones[at];
        phone.left_judged |= left_judged;
        let never_answered =
            phone.visit == 1 && phone.identity == Identity::NotSaid && !phone.was_judged();
        let known = self.absent_of(said).filter(|_| self.tells(said)).map(|at| self.phones[at].id);
        if never_answered {
            self.phones.remove(at);
            self.absent.retain(|absent| *absent != id);
        }
        let at = self.arrive(known, sighting);
        self.begin(at, CheckKind::First);
        let phone = &mut self.phones[at];
        phone.last_asked = asked;
        phone.prompted = prompted;
        at
    }
}

impl BoardPhone {
    /// Whether an answer says what is so, and other than the last one that did.
    fn is_contradicted(&self, report: &DeviceReport) -> bool {
        let mut answers = [&self.held, &self.earlier].into_iter().flatten();
        let last = answers.find(|held| held.verdict.reason().is_none());
        report.verdict.reason().is_none()
            && last.is_some_and(|last| last.findings_key != findings_key(report))
    }
}

impl CurrentResult {
    /// Whether it says neither what is so nor who the phone is.
    fn is_nobodys(&self) -> bool {
        let said_who =
            self.report.as_ref().is_some_and(|report| report.identity != Identity::NotSaid);
        self.verdict.reason().is_some() && !said_who
    }
}
