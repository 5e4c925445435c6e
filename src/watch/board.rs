//! The bench as it is: which phones are plugged in, what came of asking each, what is to be done
//! next. Core: a function of what happened and when; no I/O, no clock.
//!
//! [`Board::take`] takes one [`Event`] at a time, in any order, and says what is to be done about
//! it ([`Action`]). Who looks for phones, asks them and shows the board is `watch`.

mod answer;
mod arrivals;
mod bindings;
mod check;
mod counts;
mod event;
mod event_json;
mod events;
mod identity;
mod ids;
mod phone;
mod ports;
mod view;

use core::time::Duration;
use std::collections::{BTreeSet, VecDeque};

pub use answer::asks_again_by_itself;
pub use bindings::{BINDINGS, Key, bindings};
pub use counts::Counts;
pub use event::{Action, Event, Sighting};
pub use event_json::told;
pub use events::{
    CheckLine, EventHead, LinesLostLine, PhoneLine, RequestLine, ServerLine, StateLine,
    VerdictLine, WatchEvent,
};
pub use ids::ConnectionId;
pub use ids::{Attempt, CheckKind, Phase};
pub use ids::{Elapsed, PhoneId, Timestamp};
pub use phone::{
    BoardPhone, Change, CurrentResult, Failed, HistoryEntry, Presence, RequestedUpdates,
};
pub use ports::{PortNames, port_key};
pub use view::{Mode, Request, TypedText, View};

use crate::report::{AdvisoriesUsed, Summary};
use crate::text::Text;
use micheck_core::identity::Identity;

/// How long a phone that was asked is left alone, however often it is plugged in.
pub const QUIET_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a phone that isn't ready to answer is left alone.
pub const RETRY: Duration = Duration::from_secs(3);

/// How long a wish to see a phone's updater holds while the phone can't answer: whoever had it may have
/// gone.
pub const WISH: Duration = Duration::from_secs(60);

/// How soon a phone can be wanted to show something again: a key may be held.
pub const WISH_AGAIN: Duration = Duration::from_secs(10);

/// How far apart two answers are that the app is gone, of a phone that was at risk: one that is
/// just being updated is absent for a moment.
pub const SURE_AFTER: Duration = Duration::from_secs(3);

/// How long an unplugged phone keeps its place on the board.
pub const SHOWN_AFTER: Duration = Duration::from_secs(60);

/// How many unplugged phones may keep their places.
pub const SHOWN_ABSENT: usize = 20;

/// How many unplugged phones are remembered.
pub const REMEMBERED: usize = 1000;

/// How many unplugged phones are remembered with everything that they answered.
pub const REMEMBERED_WHOLE: usize = 50;

/// What a board goes by.
#[derive(Debug, Clone)]
pub struct Rules {
    /// How long after its answer a phone at risk is asked again.
    pub recheck: Duration,
    /// How long a phone that still starts is asked again before it counts as not checked.
    pub boot_wait: Duration,
    /// What tells this run from all others: 32 hexadecimal digits.
    pub run: String,
    /// Whether the phones are simulated.
    pub simulated: bool,
    /// Whether verdicts are recorded.
    pub records: bool,
    /// The job that all phones are here for, unless something else is said of one.
    pub job: Option<String>,
    /// What they are judged by.
    pub advisories: AdvisoriesUsed,
    /// The language of what it tells.
    pub text: Text,
}

/// A server that can't be reached at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LostServer {
    pub server: String,
    /// Why, as the system says it.
    pub detail: String,
}

#[derive(Debug)]
pub struct Board {
    rules: Rules,
    /// In the order of their first arrival.
    phones: Vec<BoardPhone>,
    /// Those of them that are unplugged, longest first.
    absent: VecDeque<PhoneId>,
    /// Phones that are no longer remembered one by one.
    forgotten: Counts,
    lost: Vec<LostServer>,
    /// Identities that two live connections had at once: they tell nothing.
    shared: BTreeSet<Identity>,
    last_phone: u32,
    last_check: u64,
    last_attempt: u64,
    /// Goes up with everything that can be seen.
    version: u64,
    /// When what is being taken happened.
    now: Timestamp,
    /// What is to be done about it.
    actions: Vec<Action>,
}

impl Board {
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self {
            rules,
            phones: Vec::new(),
            absent: VecDeque::new(),
            forgotten: Counts::default(),
            lost: Vec::new(),
            shared: BTreeSet::new(),
            last_phone: 0,
            last_check: 0,
            last_attempt: 0,
            version: 0,
            now: Timestamp::default(),
            actions: Vec::new(),
        }
    }

    /// Takes what happened, and says what is to be done about it, in this order.
    pub fn take(&mut self, event: Event, now: &Timestamp) -> Vec<Action> {
        self.now = now.clone();
        match event {
            Event::Sighted(sightings) => self.sighted(sightings),
            Event::Waits { attempt } => self.person(attempt, true),
            Event::Allowed { attempt } => self.person(attempt, false),
            Event::Answered { attempt, report } => {
                self.answered(attempt, *report);
            }
            Event::AskAgain(phone) => self.ask_again(phone),
            Event::ShowUpdater { phone, kind } => self.show_updater(phone, kind),
            Event::JobGiven { phone, job } => self.note(phone, |phone| phone.job = Some(job)),
            Event::Recorded { phone, before } => {
                // The first one is from before this run.
                self.note(phone, |phone| {
                    phone.recorded.get_or_insert(before);
                });
            }
            Event::ServerLost { server, detail } => {
                self.server_lost(LostServer { server, detail });
            }
            Event::ServerBack { server } => self.server_back(server),
            Event::Tick => {}
        }
        self.free_places();
        self.ask_who_is_due();
        std::mem::take(&mut self.actions)
    }

    /// Notes something of a phone that changes nothing of what is to be done.
    fn note(&mut self, id: PhoneId, note: impl FnOnce(&mut BoardPhone)) {
        if let Some(at) = self.at(id) {
            note(&mut self.phones[at]);
            self.version += 1;
        }
    }

    fn tell(&mut self, event: WatchEvent) {
        self.actions.push(Action::Tell(Box::new(event)));
    }

    fn server_lost(&mut self, lost: LostServer) {
        let known = self.lost.iter_mut().find(|one| one.server == lost.server);
        if let Some(known) = known {
            *known = lost;
            return;
        }
        let (server, detail) = (lost.server.clone(), Some(lost.detail.clone()));
        let head = EventHead::new(&self.rules, self.now.stamp.clone());
        let line = ServerLine { head, server, detail };
        self.tell(WatchEvent::ServerLost(line));
        self.lost.push(lost);
        self.version += 1;
    }

    fn server_back(&mut self, server: String) {
        let before = self.lost.len();
        self.lost.retain(|one| one.server != server);
        if self.lost.len() < before {
            let head = EventHead::new(&self.rules, self.now.stamp.clone());
            let line = ServerLine { head, server, detail: None };
            self.tell(WatchEvent::ServerBack(line));
            self.version += 1;
        }
    }

    /// When [`Event::Tick`] is due, if nothing else happens before; `None`: never.
    #[must_use]
    pub fn next_due(&self) -> Option<Elapsed> {
        self.phones.iter().filter_map(BoardPhone::next_due).min()
    }

    /// A number that changes whenever what the board shows does.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    #[must_use]
    pub const fn rules(&self) -> &Rules {
        &self.rules
    }

    /// Servers that can't be reached at the moment.
    #[must_use]
    pub fn lost_servers(&self) -> &[LostServer] {
        &self.lost
    }

    /// All phones that are remembered, in the order of their first arrival.
    #[must_use]
    pub fn phones(&self) -> &[BoardPhone] {
        &self.phones
    }

    /// The phone with this number, if it is remembered.
    #[must_use]
    pub fn phone(&self, id: PhoneId) -> Option<&BoardPhone> {
        // Numbers go up, and phones stay in their order.
        let at = self.phones.binary_search_by_key(&id, |phone| phone.id).ok()?;
        self.phones.get(at)
    }

    /// The phones that have a place on the board, in the order of their ports; those without one
    /// behind, in the order of their arrival. One that left keeps its place for a while, unless
    /// another one takes its port.
    #[must_use]
    pub fn shown(&self) -> Vec<&BoardPhone> {
        let present = || self.phones.iter().filter(|phone| phone.is_present());
        let taken: BTreeSet<String> =
            present().filter_map(|phone| port_key(&phone.connection)).collect();
        let left = self.absent.iter().rev().take(SHOWN_ABSENT).filter_map(|id| self.phone(*id));
        let left = left.filter(|phone| {
            let port = port_key(&phone.connection);
            !phone.place_given_up && port.is_none_or(|port| !taken.contains(&port))
        });
        let mut shown: Vec<&BoardPhone> = present().chain(left).collect();
        shown.sort_by_cached_key(|phone| (ports::order(&phone.connection), phone.id));
        shown
    }

    fn free_places(&mut self) {
        for phone in &mut self.phones {
            if let Presence::Absent { since, .. } = phone.presence
                && !phone.place_given_up
                && self.now.moment >= since + SHOWN_AFTER
            {
                phone.place_given_up = true;
                self.version += 1;
            }
        }
    }

    /// How many phones of each kind there were, those included that have left.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = self.forgotten;
        for phone in &self.phones {
            counts.add(phone);
        }
        counts
    }

    /// The phones by their last verdict, as a scan counts them.
    #[must_use]
    pub fn summary(&self) -> Summary {
        Summary { lost_servers: self.lost.len(), ..self.counts().summary }
    }

    fn at(&self, id: PhoneId) -> Option<usize> {
        self.phones.binary_search_by_key(&id, |phone| phone.id).ok()
    }

    fn of_attempt(&self, attempt: Attempt) -> Option<usize> {
        self.phones.iter().position(|phone| phone.attempt() == Some(attempt))
    }
}

#[cfg(test)]
mod tests;
