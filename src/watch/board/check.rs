//! Asking the phones of a bench: when, how often, and what an answer changes.

use super::answer::{asks_again_by_itself, deciding_version, findings_key};
use super::event::Action;
use super::events::{CheckLine, PhoneHead, RequestLine, StateLine, VerdictLine, WatchEvent};
use super::ids::{
    Attempt, CheckKind, ConnectionId, Elapsed, Phase, PhoneCheck, PhoneId, Timestamp,
};
use super::phone::{
    BoardPhone, Change, CurrentResult, Failed, LastDefinite, Presence, RequestedUpdates,
};
use super::{Board, QUIET_TIMEOUT, RETRY, Rules, SURE_AFTER, WISH, WISH_AGAIN};
use crate::report::{DeviceReport, LinkKind, UpdaterRequest};
use crate::scan::ShowUpdates;
use micheck_core::identity::Identity;
use micheck_core::step::Step;
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::{Reason, Verdict};

impl Board {
    /// Begins or goes on with every check that is due.
    pub(super) fn ask_who_is_due(&mut self) {
        for at in 0..self.phones.len() {
            let phone = &self.phones[at];
            let Presence::Present { handle, reason: None } = phone.presence else { continue };
            // Whoever wants it to show something waits for nothing.
            let rested = phone.wanted && phone.show.is_some() && self.may_show_updater(phone)
                || phone.last_asked.is_none_or(|asked| self.now.moment >= asked + QUIET_TIMEOUT);
            match phone.phase() {
                Some(Phase::Asking { .. }) => {}
                Some(Phase::Pausing { until, .. }) if self.now.moment < until => {}
                Some(Phase::Pausing { .. } | Phase::Suspended) => {
                    if rested {
                        self.attempt(at, handle);
                    } else {
                        self.postpone(at);
                    }
                }
                None => {
                    let Some(kind) = phone.due(self.now.moment) else { continue };
                    if !rested {
                        self.postpone(at);
                        continue;
                    }
                    self.begin(at, kind);
                    self.attempt(at, handle);
                }
            }
        }
    }

    /// A phone that was asked just now has to wait.
    fn postpone(&mut self, at: usize) {
        let phone = &mut self.phones[at];
        let until = phone.last_asked.map(|asked| asked + QUIET_TIMEOUT);
        match &mut phone.check {
            Some(check) => {
                if let (Phase::Suspended, Some(until)) = (check.phase, until) {
                    check.phase = Phase::Pausing { until, starts: check.starts_since.is_some() };
                } else if let (Phase::Pausing { until: due, .. }, Some(until)) =
                    (&mut check.phase, until)
                {
                    *due = until.max(*due);
                }
            }
            None => phone.next_ask = until,
        }
    }

    pub(super) fn begin(&mut self, at: usize, kind: CheckKind) {
        self.last_check += 1;
        let phone = &mut self.phones[at];
        phone.check = Some(PhoneCheck {
            number: self.last_check,
            kind,
            phase: Phase::Suspended,
            starts_since: None,
            gone_since: None,
        });
        phone.next_ask = None;
        phone.wanted = false;
        if kind != CheckKind::Again {
            phone.needs_person = false;
            phone.failed = None;
            let (phone, check) = (PhoneHead::new(&self.rules, &self.now, phone), self.last_check);
            self.tell(WatchEvent::CheckStarted(CheckLine { phone, check }));
        }
    }

    fn attempt(&mut self, at: usize, handle: ConnectionId) {
        self.last_attempt += 1;
        let attempt = Attempt(self.last_attempt);
        let phone = &mut self.phones[at];
        let check = phone.check.as_mut().expect("an attempt belongs to a check");
        check.phase = Phase::Asking { attempt, waits: false };
        phone.last_asked = Some(self.now.moment);
        // Nobody who has answered once is asked again without being told.
        let may_prompt = check.kind != CheckKind::Again || !phone.prompted;
        let phone = &self.phones[at];
        // It may have been updated since somebody wanted it, or whoever did has long gone.
        let is_past = phone.wished_at.is_none_or(|at| self.now.moment >= at + WISH);
        let kind = phone.show.filter(|_| self.may_show_updater(phone) && !is_past);
        let identity = Some(phone.identity).filter(|identity| self.tells(*identity));
        let show = kind.map(|kind| ShowUpdates { identity, kind });
        let phone = &mut self.phones[at];
        phone.asked_to_show = show.is_some();
        if show.is_some() {
            phone.showed_at = Some(self.now.moment);
        }
        phone.show.take_if(|_| is_past);
        self.actions.push(Action::Ask { attempt, handle, may_prompt, show });
        self.version += 1;
    }

    /// Somebody wants a phone to be asked now.
    pub(super) fn ask_again(&mut self, id: PhoneId) {
        let Some(at) = self.at(id) else { return };
        let phone = &mut self.phones[at];
        match &mut phone.check {
            // It is told what comes of it, as of one that somebody wants.
            Some(check) if check.kind != CheckKind::Again => {
                if let Phase::Pausing { until, .. } = &mut check.phase {
                    *until = self.now.moment;
                }
            }
            _ => phone.wanted = phone.is_present(),
        }
        self.version += 1;
    }

    /// Somebody wants a phone to show what updates it. One that isn't at risk is asked for nothing, nor
    /// is one that was asked just now: a key may be held.
    pub(super) fn show_updater(&mut self, id: PhoneId, kind: UpdateKind) {
        let Some(at) = self.at(id) else { return };
        let may = self.may_show_updater(&self.phones[at]);
        let phone = &mut self.phones[at];
        let last = phone.wished_at.max(phone.showed_at);
        let just_now = last.is_some_and(|at| self.now.moment < at + WISH_AGAIN);
        if may && phone.show.is_none() && !just_now {
            phone.show = Some(kind);
            phone.wished_at = Some(self.now.moment);
            // A check that hasn't begun to ask takes it along.
            phone.wanted = phone.check.is_none() || phone.attempt().is_some();
            self.version += 1;
        }
    }

    /// Ends the wish to have a phone show something, once it has answered that: it was asked, or its
    /// answer says that it isn't to be. An answer that says nothing ends no wish.
    fn end_wish(&mut self, at: usize, report: &DeviceReport) {
        let phone = &mut self.phones[at];
        if phone.asked_to_show && (!report.requests.is_empty() || report.verdict.reason().is_none())
        {
            phone.show = None;
        }
        phone.asked_to_show = false;
    }

    /// Notes of a phone whose attempt is cut off that it may have been asked to show something.
    fn cut_off(&mut self, at: usize) {
        let phone = &mut self.phones[at];
        if phone.may_have_been_asked() {
            phone.show = None;
            phone.asked_to_show = false;
            self.note_requests(at, &[UpdaterRequest::CUT_OFF]);
        }
    }

    /// Keeps and tells what a phone was asked to show.
    fn note_requests(&mut self, at: usize, requests: &[UpdaterRequest]) {
        if requests.is_empty() {
            return;
        }
        let (stamp, requests) = (self.now.stamp.clone(), requests.to_vec());
        for request in &requests {
            let phone = PhoneHead::new(&self.rules, &self.now, &self.phones[at]);
            let request = request.clone();
            self.tell(WatchEvent::UpdaterRequested(RequestLine { phone, request }));
        }
        self.phones[at].requested = Some(RequestedUpdates { stamp, requests });
    }

    /// A phone waits for its person, or its person has allowed this computer.
    pub(super) fn person(&mut self, attempt: Attempt, waits: bool) {
        let Some(at) = self.of_attempt(attempt) else { return };
        let phone = &mut self.phones[at];
        let from = phone.state();
        phone.prompted |= waits;
        if let Some(check) = &mut phone.check {
            check.phase = Phase::Asking { attempt, waits };
        }
        self.tell_state(at, from);
    }

    /// Tells that a phone's state isn't `from` any more, if it isn't.
    pub(super) fn tell_state(&mut self, at: usize, from: &'static str) {
        let phone = &self.phones[at];
        let to = phone.state();
        if from != to {
            let phone = PhoneHead::new(&self.rules, &self.now, phone);
            self.tell(WatchEvent::StateChanged(StateLine { phone, from, to }));
            self.version += 1;
        }
    }

    pub(super) fn answered(&mut self, attempt: Attempt, mut report: DeviceReport) {
        let Some(mut at) = self.of_attempt(attempt) else { return };
        // The board does both by itself.
        report.steps.retain(|step| !matches!(step.key, Step::CheckAgain | Step::WaitForPerson));
        self.notice_shared(at, report.identity);
        if self.is_another_phone(at, &report) {
            at = self.hand_over(at, report.identity);
        }
        self.note_requests(at, &report.requests);
        self.end_wish(at, &report);
        let boot_wait = self.rules.boot_wait;
        let phone = &mut self.phones[at];
        phone.know(&report);
        let is_gone = phone.lacks_what_was_at_risk(&report);
        let check = phone.check.as_mut().expect("it has an attempt");
        let starts = matches!(
            report.verdict,
            Verdict::Unknown(Reason::StillBooting | Reason::ServiceUnavailable)
        );
        if is_gone {
            let since = *check.gone_since.get_or_insert(self.now.moment);
            if self.now.moment - since < SURE_AFTER {
                check.phase = Phase::Pausing { until: since + SURE_AFTER, starts: false };
                self.version += 1;
                return;
            }
        } else {
            // Only answers that follow each other count.
            check.gone_since = None;
        }
        if starts {
            let since = *check.starts_since.get_or_insert(self.now.moment);
            if self.now.moment - since < boot_wait {
                check.phase = Phase::Pausing { until: self.now.moment + RETRY, starts: true };
                self.version += 1;
                return;
            }
        }
        self.record_result(at, report);
    }

    /// Takes an answer for the check's.
    fn record_result(&mut self, at: usize, mut report: DeviceReport) {
        self.version += 1;
        report.job = self.phones[at].job.clone().or_else(|| self.rules.job.clone());
        let phone = &mut self.phones[at];
        let from = phone.state();
        let PhoneCheck { number, kind, .. } = phone.check.take().expect("it is being asked");
        // It waited for its person until now.
        self.tell_state(at, from);
        let verdict = report.verdict;
        self.plan_next(at, verdict);
        let phone = &mut self.phones[at];
        let findings_key = findings_key(&report);
        let same = phone
            .held
            .as_ref()
            .is_some_and(|held| held.verdict == verdict && held.findings_key == findings_key);
        // What it was is known; a failure takes nothing of that back.
        let failure = verdict.reason().filter(|_| phone.stands_against(verdict));
        if verdict.reason().is_none() {
            phone.answered_at = Some(self.now.stamp.clone());
        }
        phone.failed = failure.map(|reason| Failed { reason, stamp: self.now.stamp.clone() });
        if failure.is_some() && !phone.needs_person {
            phone.next_ask = Some(self.now.moment + self.rules.recheck);
        }
        if kind == CheckKind::Again && (same || failure.is_some()) {
            return;
        }
        let is_fine = matches!(verdict, Verdict::Patched | Verdict::NotInstalled);
        let newly_fixed = is_fine && phone.was_at_risk();
        phone.fixed = (phone.fixed || newly_fixed) && !verdict.is_at_risk();
        if verdict.reason().is_none() {
            phone.notice_definite(&report, &self.now);
        }
        self.tell_verdict(at, (number, kind), newly_fixed, report.clone());
        if failure.is_none() {
            self.phones[at].hold(report, findings_key, &self.now);
        }
        if newly_fixed {
            self.actions.push(Action::Ring(2));
        } else if !same && verdict.is_at_risk() {
            self.actions.push(Action::Ring(1));
        }
    }

    fn tell_verdict(
        &mut self,
        at: usize,
        (check, kind): (u64, CheckKind),
        fixed: bool,
        report: DeviceReport,
    ) {
        let phone = &self.phones[at];
        let check = CheckLine { phone: PhoneHead::new(&self.rules, &self.now, phone), check };
        let line = VerdictLine::new(&self.rules, phone, &check, kind, fixed, report);
        self.tell(WatchEvent::Verdict(Box::new(line)));
    }

    /// Sets when a phone is asked again after this verdict.
    fn plan_next(&mut self, at: usize, verdict: Verdict) {
        let phone = &mut self.phones[at];
        // Of a phone on the network nobody tells when it leaves, or another one takes its address.
        let again = asks_again_by_itself(verdict) || phone.connection.link == LinkKind::Network;
        phone.next_ask = again.then(|| self.now.moment + self.rules.recheck);
        if matches!(verdict, Verdict::Unknown(Reason::Unauthorized | Reason::AuthRefused)) {
            // Only a person can go on, at the phone or at the keyboard.
            phone.next_ask = None;
            phone.needs_person = true;
        }
    }

    /// A phone was unplugged in the middle of a check: what is told of that.
    pub(super) fn cancel_check(&mut self, at: usize) {
        self.cut_off(at);
        let phone = &mut self.phones[at];
        if let Some(attempt) = phone.attempt() {
            self.actions.push(Action::Abandon(attempt));
        }
        let Some(check) = phone.check.take() else { return };
        if check.kind == CheckKind::Again {
            return;
        }
        let mut connection = phone.connection.clone();
        connection.state = None;
        let model = phone.model.clone();
        let Rules { simulated, text, .. } = self.rules;
        let report = DeviceReport::unplugged(connection, model, simulated, text);
        self.tell_verdict(at, (check.number, check.kind), false, report);
    }

    /// A phone can't be asked at the moment; it goes on when it can.
    pub(super) fn suspend(&mut self, at: usize) {
        self.cut_off(at);
        let phone = &mut self.phones[at];
        if let Some(attempt) = phone.attempt() {
            self.actions.push(Action::Abandon(attempt));
        }
        if let Some(check) = &mut phone.check {
            check.phase = Phase::Suspended;
        }
    }
}

impl BoardPhone {
    /// Whether what is known of it stands, although asking it again came to this.
    fn stands_against(&self, verdict: Verdict) -> bool {
        let gone = [Reason::Unreachable, Reason::Disconnected, Reason::Timeout, Reason::Offline];
        // So a phone leaves its network address.
        let has_left = self.connection.link == LinkKind::Network
            && verdict.reason().is_some_and(|reason| gone.contains(&reason));
        self.held.as_ref().is_some_and(|held| {
            held.verdict.is_at_risk() || held.verdict.reason().is_none() && has_left
        })
    }

    /// Why it is to be asked now; `None`: it isn't.
    fn due(&self, now: Elapsed) -> Option<CheckKind> {
        if self.wanted {
            return Some(CheckKind::Wanted);
        }
        if self.held.is_none() {
            return Some(CheckKind::First);
        }
        self.next_ask.is_some_and(|at| now >= at).then_some(CheckKind::Again)
    }

    /// Whether an app that was at risk isn't there any more: it is absent for a moment while it is
    /// updated, whatever else is so of the phone.
    fn lacks_what_was_at_risk(&self, report: &DeviceReport) -> bool {
        let Some(sure) = &self.sure else { return false };
        report.findings.iter().any(|finding| {
            matches!(finding.verdict, Verdict::NotInstalled | Verdict::NotApplicable)
                && sure
                    .at_risk
                    .iter()
                    .any(|(id, package)| *id == finding.id && *package == finding.package)
        })
    }

    /// What is known for certain from this answer on.
    fn notice_definite(&mut self, report: &DeviceReport, now: &Timestamp) {
        let version = deciding_version(report);
        self.notice_change(version.as_deref(), &now.stamp);
        let at_risk = report.findings.iter().filter(|finding| finding.verdict.is_at_risk());
        let at_risk = at_risk.map(|one| (one.id.clone(), one.package.clone())).collect();
        self.sure = Some(LastDefinite { verdict: report.verdict, version, at_risk });
    }

    /// Makes this answer the one that counts.
    fn hold(&mut self, report: DeviceReport, findings_key: String, now: &Timestamp) {
        let (verdict, version) = (report.verdict, deciding_version(&report));
        self.was_checked = true;
        self.remember(&now.stamp, Some((verdict, version.clone())));
        if self.connection.link == LinkKind::Network && report.identity == Identity::NotSaid {
            // Whoever it is: what the phone before was is past, and not taken back.
            self.set_aside();
        }
        let package = report.decisive_finding().map(|finding| finding.package.clone());
        let (stamp, report) = (now.stamp.clone(), Some(Box::new(report)));
        self.held = Some(CurrentResult { verdict, version, package, findings_key, stamp, report });
    }

    /// Keeps the version before and after, if it is another one.
    fn notice_change(&mut self, version: Option<&str>, stamp: &str) {
        if let Some(sure) = &self.sure
            && sure.version.as_deref() != version
        {
            self.change = Some(Change {
                before: sure.version.clone(),
                after: version.map(str::to_owned),
                stamp: stamp.to_owned(),
            });
        }
    }

    /// Keeps its last answer as that of an earlier visit, if it says anything.
    fn set_aside(&mut self) {
        if let Some(held) = self.held.take_if(|held| held.verdict.reason().is_none()) {
            self.earlier = Some(held);
            self.left_judged = true;
        }
    }

    /// Takes over what the phone says of itself.
    fn know(&mut self, report: &DeviceReport) {
        let is_less = report.identity == Identity::Untold && self.identified;
        if report.identity != Identity::NotSaid && !is_less {
            self.identity = report.identity;
            self.identified = true;
        }
        // Where it said nothing of itself, it is a list's name.
        if report.identity != Identity::NotSaid || self.name.is_none() {
            self.name = report.device.name().map(str::to_owned).or(self.name.take());
        }
        if report.device.model.is_some() {
            self.model.clone_from(&report.device.model);
        }
    }
}
