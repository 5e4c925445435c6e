//! From "at risk" to "updated": phones are asked to show what updates them, and asked again until they
//! are. Shell: does I/O.
//!
//! Phones are found, known again and judged as on the bench ([`crate::watch`]); nothing is decided here
//! but whom to ask for what, and when it is over.

pub mod display;
mod lines;
mod outcome;
mod state;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::report::{Before, DeviceReport, ProbeResult};
use crate::scan::ScanOptions;
use crate::watch::board::{
    Attempt, Board, BoardPhone, CurrentResult, Event, PhoneId, Rules, WatchEvent,
};
use crate::watch::discovery::DiscoveryEvent;
use crate::watch::live_board::{Happened, LiveBoard, Outcry};
use micheck_adb::MemoryLease;
use micheck_adb::server::ServerError;
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::{Reason, Verdict};

pub use lines::looking;
pub use outcome::Changes;
pub use state::{FixState, called, clock};

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

/// A phone that is asked to show what updates it.
#[derive(Debug)]
struct Planned {
    id: PhoneId,
    /// What was found of it before, with the number of the report that says so.
    before: Before,
    /// The visit in which it was asked last.
    asked_in: Option<u32>,
    /// What was told of it last.
    told: Option<FixState>,
}

/// Something that is to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A phone was asked for a screen.
    Requested(PhoneId, crate::report::UpdaterRequest),
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
    /// Servers that were looked at, by their place among those that are named, and why one can't be
    /// asked.
    servers: BTreeMap<usize, Option<Arc<ServerError>>>,
    /// Why the USB bus can't be read; `None` before it was looked at.
    usb: Option<Result<(), String>>,
    /// What the phones that were asked to show something answered then, and what they all answered
    /// last; where evidence is kept.
    requested: BTreeMap<PhoneId, Kept>,
    last: BTreeMap<PhoneId, Kept>,
}

/// An answer, with the memory that it may hold.
type Kept = (ProbeResult, Vec<MemoryLease>);

impl Fixing {
    #[must_use]
    pub fn new(options: FixOptions) -> Self {
        Self {
            live: LiveBoard::new(&options.scan, options.rules.clone()),
            options,
            planned: Vec::new(),
            servers: BTreeMap::new(),
            usb: None,
            requested: BTreeMap::new(),
            last: BTreeMap::new(),
        }
    }

    #[must_use]
    pub fn board(&self) -> &Board {
        &self.live.board
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

    /// The phones that can be asked to show what updates them.
    #[must_use]
    pub fn at_risk(&self) -> Vec<&BoardPhone> {
        let phones = self.live.board.phones().iter();
        phones.filter(|phone| phone.may_show_updater()).collect()
    }

    /// Asks these phones to show what updates them.
    pub fn request(&mut self, phones: &[PhoneId]) {
        for &id in phones {
            let Some(before) = self.live.board.phone(id).and_then(|phone| self.before(phone))
            else {
                continue;
            };
            self.planned.push(Planned { id, before, asked_in: None, told: None });
        }
        self.ask_who_is_to_be_asked();
    }

    fn before(&self, phone: &BoardPhone) -> Option<Before> {
        let CurrentResult { verdict, version, stamp, report, .. } = phone.standing()?;
        let number = report.as_ref().map(|report| self.number(report, stamp));
        let (verdict, version, at) = (*verdict, version.clone(), stamp.clone());
        Some(Before { verdict, reason: verdict.reason(), version, at, number })
    }

    /// Waits until every phone is updated or isn't waited for any more, or the time is over. `tell`:
    /// who is told what happens, and asked to draw anew.
    pub async fn wait(&mut self, mut tell: impl FnMut(&Self, &[News], Duration)) {
        let end = Instant::now() + self.options.wait;
        let mut redraw = tokio::time::interval(Duration::from_secs(1));
        loop {
            let changed = self.changes();
            tell(self, &changed, end.saturating_duration_since(Instant::now()));
            if self.is_over() {
                return;
            }
            let is_late = Instant::now() >= end;
            // What is being asked for is no update, and has a time of its own.
            if is_late && !self.is_asking() {
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

    /// Each phone is asked once a visit, as soon as it has answered that it is at risk: its screen may
    /// be another one by then.
    fn ask_who_is_to_be_asked(&mut self) {
        let board = &self.live.board;
        let mut asked = Vec::new();
        for planned in &mut self.planned {
            let Some(phone) = board.phone(planned.id) else { continue };
            let is_new = planned.asked_in != Some(phone.visit);
            if is_new && phone.may_show_updater() && phone.is_answered() {
                planned.asked_in = Some(phone.visit);
                asked.push(planned.id);
            }
        }
        for phone in asked {
            let kind = self.options.kind;
            self.live.take(Event::ShowUpdater { phone, kind });
        }
        // They begin at once.
        self.live.take(Event::Tick);
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
        let phone = answered.and_then(|attempt| self.phone_of(attempt));
        let mut news = Vec::new();
        for outcry in self.live.happened(happened) {
            let Outcry::Tell(told) = outcry else { continue };
            if let WatchEvent::UpdaterRequested(line) = *told {
                news.push(News::Requested(PhoneId(line.phone.number), line.request));
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

    fn keep_evidence(&mut self, attempt: Attempt, phone: PhoneId) {
        let Some(kept) = self.live.take_evidence(attempt) else { return };
        let shown = kept.0.outcome.evidence().is_some_and(|evidence| !evidence.shown.is_empty());
        if shown {
            self.requested.insert(phone, kept);
        } else {
            self.last.insert(phone, kept);
        }
    }

    /// What has become of each phone.
    #[must_use]
    pub fn states(&self) -> Vec<(PhoneId, FixState)> {
        let of = |planned: &Planned| (planned.id, self.state(planned));
        self.planned.iter().map(of).collect()
    }

    fn state(&self, planned: &Planned) -> FixState {
        let Some(phone) = self.live.board.phone(planned.id) else { return FixState::Skipped };
        FixState::of(phone, planned.asked_in)
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
            if was == Some(FixState::Gone) {
                news.push(News::Back(id));
            }
            news.push(News::Changed(id, state));
        }
        news
    }

    /// Whether a phone is being asked to show something.
    fn is_asking(&self) -> bool {
        let phones = self.planned.iter().filter_map(|planned| self.live.board.phone(planned.id));
        phones.into_iter().any(BoardPhone::is_being_asked_to_show)
    }

    /// Whether there is nobody left who is waited for.
    fn is_over(&self) -> bool {
        let now = self.live.now();
        let grace = self.options.rules.boot_wait;
        self.states().iter().all(|(id, state)| match state {
            FixState::Gone => {
                let phone = self.live.board.phone(*id);
                phone.and_then(BoardPhone::absent_since).is_none_or(|since| now - since >= grace)
            }
            state => state.is_final(),
        })
    }

    /// The screens that phones took so far, with who they are.
    #[must_use]
    pub fn taken(&self) -> Vec<&BoardPhone> {
        let phones = self.planned.iter().filter_map(|planned| self.live.board.phone(planned.id));
        phones.filter(|phone| phone.taken_request().is_some()).collect()
    }

    fn number(&self, report: &DeviceReport, stamp: &str) -> String {
        let rules = self.live.board.rules();
        let report = report.clone();
        let one = crate::report::Report::of_one(
            report,
            stamp,
            rules.simulated,
            &rules.advisories,
            rules.text,
        );
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

    /// Whether a phone is fine, as far as is known.
    #[must_use]
    pub fn is_fine(phone: &BoardPhone) -> bool {
        phone.outcome().is_some_and(Verdict::is_fine)
    }
}
