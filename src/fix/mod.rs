//! From "at risk" to "updated": phones are asked to show what updates them, and asked again until they
//! are. Shell: does I/O.
//!
//! Phones are found, known again and judged as on the bench ([`crate::watch`]); nothing is decided here
//! but whom to ask for what, and when it is over.

pub mod display;
mod lines;
mod outcome;
mod state;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::report::{Before, DeviceReport, ProbeResult, Report, UpdaterRequest};
use crate::scan::ScanOptions;
use crate::watch::BenchRecorder;
use crate::watch::board::{
    Attempt, Board, BoardPhone, CurrentResult, Event, PhoneId, Rules, WatchEvent,
};
use crate::watch::discovery::DiscoveryEvent;
use crate::watch::live_board::{Happened, LiveBoard, Outcry};
use micheck_adb::server::ServerError;
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::Reason;

pub use lines::{how_gone, looking};
use state::Planned;
pub use state::{FixState, called, clock};

/// The most evidence that is kept until the end, bytes.
const MAX_EVIDENCE_BYTES: usize = 256 << 20;

/// How much longer than a phone and its person have the look for phones takes at most.
const MARGIN: Duration = Duration::from_secs(30);

/// What is done, and how.
#[derive(Debug, Clone)]
pub struct FixOptions {
    pub scan: Arc<ScanOptions>,
    /// What phones are known and asked again by. How long one that starts is waited for, one that was
    /// unplugged is, too: it may be the same.
    pub rules: Rules,
    pub kind: UpdateKind,
    /// How long updates are waited for.
    pub wait: Duration,
}

/// Something that is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A phone was asked for a screen.
    Requested(PhoneId, UpdaterRequest),
    /// A phone's state is another one.
    Changed(PhoneId, FixState),
    /// A phone that was unplugged is there again.
    Back(PhoneId),
    /// The time is over, and no update came.
    Late(PhoneId),
}

/// Phones on their way to an update.
pub struct Fixing {
    options: FixOptions,
    live: LiveBoard,
    planned: Vec<Planned>,
    /// The only phone that counts; `None`: all do.
    only: Option<PhoneId>,
    /// Servers that were looked at, by their place among those that are named, and why one can't be
    /// asked.
    servers: BTreeMap<usize, Option<Arc<ServerError>>>,
    /// Why the USB bus can't be read; `None` before it was looked at.
    usb: Option<Result<(), String>>,
    /// What the phones that were asked to show something answered then, and what they all answered
    /// last; where evidence is kept.
    requested: BTreeMap<PhoneId, ProbeResult>,
    last: BTreeMap<PhoneId, ProbeResult>,
    /// The phones whose last answer wasn't kept, because there was no room for it.
    not_kept: BTreeSet<PhoneId>,
    /// Whether phones were begun to be asked.
    begun: bool,
    /// Takes verdicts for the record; `None`: they aren't recorded.
    recorder: Option<BenchRecorder>,
}

impl Fixing {
    #[must_use]
    pub fn new(options: FixOptions, recorder: Option<BenchRecorder>) -> Self {
        Self {
            live: LiveBoard::new(&options.scan, options.rules.clone()),
            options,
            planned: Vec::new(),
            only: None,
            servers: BTreeMap::new(),
            usb: None,
            requested: BTreeMap::new(),
            last: BTreeMap::new(),
            not_kept: BTreeSet::new(),
            begun: false,
            recorder,
        }
    }

    /// Hands out who records, for the end.
    pub const fn take_recorder(&mut self) -> Option<BenchRecorder> {
        self.recorder.take()
    }

    #[must_use]
    pub fn board(&self) -> &Board {
        &self.live.board
    }

    fn planned_of(&self, id: PhoneId) -> Option<&Planned> {
        self.planned.iter().find(|planned| planned.id == id)
    }

    /// Looks for phones until all that are there were asked. `seen`: who is told whenever something
    /// has changed.
    pub async fn look(&mut self, mut seen: impl FnMut(&Board)) {
        let links = &self.options.scan.links;
        let opened = Instant::now();
        // A person has so long to allow this computer.
        let allow_until = opened + links.wait_auth;
        let end = allow_until + links.timeout + MARGIN;
        // Phones on the network are there from the beginning.
        self.live.take(Event::Tick);
        while !self.is_settled(Instant::now() < allow_until) {
            seen(&self.live.board);
            let until = if Instant::now() < allow_until { allow_until } else { end };
            tokio::select! {
                happened = self.live.next() => drop(self.happened(happened)),
                () = sleep_until(until) => if until == end { return },
            }
        }
    }

    /// Whether everything was looked at, and every phone that can be asked was. `may_be_allowed`:
    /// somebody may still allow this computer.
    fn is_settled(&self, may_be_allowed: bool) -> bool {
        let links = &self.options.scan.links;
        let looked = self.servers.len() == links.servers.len()
            && (!links.usb || self.usb.is_some())
            && !self.live.is_waiting_for_usb();
        let is_done = |phone: &BoardPhone| {
            let waits = matches!(phone.reason(), Some(Reason::Unauthorized | Reason::Authorizing));
            match phone.reason() {
                Some(_) => !(waits && may_be_allowed),
                None => !phone.is_present() || phone.is_starting() || phone.is_answered(),
            }
        };
        looked && self.live.board.phones().iter().all(is_done)
    }

    /// Goes on without an end, for as long as somebody is asked something else.
    pub async fn attend(&mut self) {
        loop {
            let happened = self.live.next().await;
            self.happened(happened);
        }
    }

    /// Has no other phone count.
    pub const fn only(&mut self, phone: PhoneId) {
        self.only = Some(phone);
    }

    /// The phones that count.
    #[must_use]
    pub fn phones(&self) -> Vec<&BoardPhone> {
        let counts = |phone: &&BoardPhone| self.only.is_none_or(|only| phone.id == only);
        self.live.board.phones().iter().filter(counts).collect()
    }

    /// Notes what is so of these phones before any of them is asked.
    pub fn plan(&mut self, phones: &[PhoneId]) {
        let board = &self.live.board;
        let phones = phones.iter().filter_map(|id| board.phone(*id));
        self.planned =
            phones.filter_map(|phone| Some(Planned::new(phone.id, self.before(phone)?))).collect();
    }

    /// Forgets the plan: nobody is to be asked.
    pub fn give_up(&mut self) {
        self.planned.clear();
    }

    fn before(&self, phone: &BoardPhone) -> Option<Before> {
        let CurrentResult { report, stamp, .. } = phone.standing()?;
        let number = report.as_ref().map(|report| self.number(report, stamp));
        Some(Before { number, ..phone.standing()?.as_before() })
    }

    /// Asks the phones of the plan, and waits until every one is updated or isn't waited for any more,
    /// or the time is over. `tell`: who is told what happens, and asked to draw anew.
    pub async fn wait(&mut self, mut tell: impl FnMut(&mut Self, &[News], Duration)) {
        let begun = Instant::now();
        let end = begun + self.options.wait;
        self.begun = true;
        let mut redraw = tokio::time::interval(Duration::from_secs(1));
        self.ask_who_is_to_be_asked();
        loop {
            let changed = self.changes();
            tell(self, &changed, end.saturating_duration_since(Instant::now()));
            if self.is_over() {
                return;
            }
            let is_late = Instant::now() >= end;
            // What is being asked for is no update, and has a time of its own.
            if is_late && !self.is_asking(begun) {
                let states = self.states().into_iter();
                let late = states.filter(|(_, state)| !state.is_final());
                let late: Vec<News> = late.map(|(phone, _)| News::Late(phone)).collect();
                // Who didn't want to wait needn't be told.
                if !self.options.wait.is_zero() {
                    tell(self, &late, Duration::ZERO);
                }
                return;
            }
            let mut news = Vec::new();
            tokio::select! {
                happened = self.live.next() => news = self.happened(happened),
                _ = redraw.tick() => {}
                () = sleep_until(end), if !is_late => {}
            }
            if !news.is_empty() {
                tell(self, &news, end.saturating_duration_since(Instant::now()));
            }
            self.ask_who_is_to_be_asked();
        }
    }

    fn ask_who_is_to_be_asked(&mut self) {
        let (board, recheck) = (&self.live.board, self.options.rules.recheck);
        let mut asked = Vec::new();
        for planned in &mut self.planned {
            let Some(phone) = board.phone(planned.id) else { continue };
            let may = board.may_show_updater(phone) && !phone.is_being_asked_to_show();
            if may && planned.is_to_be_asked(phone, recheck) {
                asked.push(planned.id);
            }
        }
        for phone in asked {
            let kind = self.options.kind;
            self.live.take(Event::ShowUpdater { phone, kind });
        }
    }

    /// Takes what happened; gives what is to be said of it.
    fn happened(&mut self, happened: Happened) -> Vec<News> {
        let mut answered = None;
        match &happened {
            Happened::Discovered(DiscoveryEvent::Listed { index, .. }) => {
                self.servers.insert(*index, None);
            }
            Happened::Discovered(DiscoveryEvent::Lost { index, error, .. }) => {
                self.servers.insert(*index, Some(Arc::clone(error)));
            }
            Happened::Discovered(DiscoveryEvent::Usb(looked)) => {
                let why = |trouble: &micheck_adb::LinkError| {
                    trouble.detail.as_deref().unwrap_or(trouble.reason.key()).to_owned()
                };
                self.usb = Some(looked.as_ref().map(|_| ()).map_err(why));
            }
            Happened::Asked(Event::Answered { attempt, .. }) => answered = Some(*attempt),
            Happened::Asked(_) | Happened::Due => {}
        }
        let mut phone = answered.and_then(|attempt| self.phone_of(attempt));
        let mut news = Vec::new();
        for outcry in self.live.happened(happened) {
            let Outcry::Tell(told) = outcry else { continue };
            match *told {
                WatchEvent::Verdict(line) => {
                    if let Some(recorder) = &mut self.recorder {
                        recorder.record(&line, self.live.board.rules());
                    }
                }
                WatchEvent::UpdaterRequested(line) => {
                    let id = PhoneId(line.phone.number);
                    if let Some(planned) = self.planned.iter_mut().find(|one| one.id == id) {
                        planned.take(line.request.clone(), line.phone.visit, &line.phone.head.at);
                    }
                    news.push(News::Requested(id, line.request));
                }
                // Another phone has answered there: it is its answer.
                WatchEvent::PhoneAdded(line) if phone.is_some() => {
                    phone = Some(PhoneId(line.phone.number));
                }
                _ => {}
            }
        }
        if let (Some(attempt), Some(phone)) = (answered, phone) {
            self.keep_evidence(attempt, phone);
        }
        news
    }

    fn phone_of(&self, attempt: Attempt) -> Option<PhoneId> {
        let mut phones = self.live.board.phones().iter();
        phones.find(|phone| phone.attempt() == Some(attempt)).map(|phone| phone.id)
    }

    /// Keeps an answer as the phone's last, and as that with its request. What is kept has a bound of its
    /// own: it mustn't take the room in which phones answer.
    fn keep_evidence(&mut self, attempt: Attempt, phone: PhoneId) {
        let Some(row) = self.live.take_evidence(attempt) else { return };
        let shown = row.outcome.evidence().is_some_and(|evidence| !evidence.shown.is_empty());
        let all = self.requested.iter().chain(&self.last);
        let others = all.filter(|(id, _)| **id != phone).map(|(_, row)| size_bytes(row));
        if others.sum::<usize>() + 2 * size_bytes(&row) > MAX_EVIDENCE_BYTES {
            self.not_kept.insert(phone);
            return;
        }
        self.not_kept.remove(&phone);
        if shown {
            self.requested.insert(phone, row.clone());
        }
        self.last.insert(phone, row);
    }

    /// What has become of each phone.
    pub fn states(&mut self) -> Vec<(PhoneId, FixState)> {
        let board = &self.live.board;
        let of = |planned: &mut Planned| {
            let state = board.phone(planned.id).map(|phone| planned.state(phone));
            (planned.id, state.unwrap_or(FixState::Forgotten))
        };
        self.planned.iter_mut().map(of).collect()
    }

    /// Those whose state is another than was told last.
    fn changes(&mut self) -> Vec<News> {
        let states = self.states();
        let mut news = Vec::new();
        for (planned, (id, state)) in self.planned.iter_mut().zip(states) {
            if planned.told.as_ref() == Some(&state) {
                continue;
            }
            let was = planned.told.replace(state.clone());
            if matches!(was, Some(FixState::Away(_))) && !matches!(state, FixState::Away(_)) {
                news.push(News::Back(id));
            }
            // That it waits for the same as before it went is no news.
            let is_of_moment = matches!(state, FixState::Requesting | FixState::Away(_));
            if is_of_moment || planned.said.as_ref() != Some(&state) {
                news.push(News::Changed(id, state.clone()));
            }
            if !is_of_moment {
                planned.said = Some(state);
            }
        }
        news
    }

    /// Whether a phone is being asked to show something, or can still be: that takes no longer than a
    /// phone's time.
    fn is_asking(&self, begun: Instant) -> bool {
        let is_begun = begun.elapsed() < self.options.scan.links.timeout;
        let mut phones = self.planned.iter().filter_map(|one| self.live.board.phone(one.id));
        phones
            .any(|phone| phone.may_have_been_asked() || is_begun && phone.is_being_asked_to_show())
    }

    /// Whether there is nobody left who is waited for.
    fn is_over(&mut self) -> bool {
        let now = self.live.now();
        let grace = self.options.rules.boot_wait;
        self.states().iter().all(|(id, state)| match state {
            FixState::Away(_) => {
                let phone = self.live.board.phone(*id);
                phone.and_then(BoardPhone::absent_since).is_none_or(|since| now - since >= grace)
            }
            state => state.is_final(),
        })
    }

    /// Of how many phones the last answer wasn't kept, because there was no room for it.
    #[must_use]
    pub fn not_kept(&self) -> usize {
        self.not_kept.len()
    }

    /// Whether phones were begun to be asked.
    #[must_use]
    pub const fn has_begun(&self) -> bool {
        self.begun
    }

    fn number(&self, report: &DeviceReport, stamp: &str) -> String {
        let rules = self.live.board.rules();
        let report = report.clone();
        let one = Report::of_one(report, stamp, rules.simulated, &rules.advisories, rules.text);
        one.number_of(&one.devices[0])
    }

    /// Servers that can't be asked, and why.
    #[must_use]
    pub fn lost_servers(&self) -> Vec<&ServerError> {
        self.servers.values().flatten().map(AsRef::as_ref).collect()
    }

    /// Whether any server gave its list.
    #[must_use]
    pub fn has_reached_a_server(&self) -> bool {
        self.servers.values().any(Option::is_none)
    }

    /// Why the USB bus can't be read, if that was tried in vain.
    #[must_use]
    pub fn usb_trouble(&self) -> Option<&str> {
        self.usb.as_ref()?.as_ref().err().map(String::as_str)
    }
}

/// How much an answer holds, bytes.
fn size_bytes(row: &ProbeResult) -> usize {
    let Some(evidence) = row.outcome.evidence() else { return 0 };
    let parts = evidence.dumps.values().chain(evidence.pm_lists.values());
    let parts = parts.chain(evidence.updaters.values()).chain(&evidence.pm_control);
    let shown = evidence.shown.iter().map(|(.., part)| part);
    parts.chain(shown).map(|part| part.body.len()).sum()
}
