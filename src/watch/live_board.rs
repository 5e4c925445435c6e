//! The board with what feeds it: phones are looked for and asked, and whatever comes of that goes to
//! the [`Board`], one thing after the other. Shell: does I/O.

use std::sync::Arc;

use jiff::Zoned;
use tokio::time::{Instant, sleep_until};

use super::board::{Action, Attempt, Board, Elapsed, Event, Rules, Timestamp, WatchEvent};
use super::connections::ConnectionTable;
use super::discovery::{Discovery, DiscoveryEvent};
use super::prober::Prober;
use crate::report::ProbeResult;
use crate::scan::ScanOptions;

/// Something that has happened on the bench.
#[derive(Debug)]
pub(crate) enum Happened {
    Discovered(DiscoveryEvent),
    /// A phone that is asked.
    Asked(Event),
    /// Time has passed.
    Due,
}

/// What whoever shows the board has to do.
#[derive(Debug)]
pub(crate) enum Outcry {
    Ring(u8),
    Tell(Box<WatchEvent>),
}

pub(crate) struct LiveBoard {
    pub(crate) board: Board,
    connections: ConnectionTable,
    discovery: Discovery,
    prober: Prober,
    opened: Instant,
    /// When something that was seen on USB becomes a phone to be asked.
    connections_due: Option<Instant>,
}

impl LiveBoard {
    pub(crate) fn new(scan: &Arc<ScanOptions>, rules: Rules) -> Self {
        Self {
            connections: ConnectionTable::new(&scan.links),
            discovery: Discovery::start(&scan.links),
            prober: Prober::new(scan, &rules),
            board: Board::new(rules),
            opened: Instant::now(),
            connections_due: None,
        }
    }

    /// What happens next. Nothing is lost when this is dropped.
    pub(crate) async fn next(&mut self) -> Happened {
        let board = self.board.next_due().map(|Elapsed(time)| self.opened + time);
        let due = board.into_iter().chain(self.connections_due).min();
        let until_due = async {
            match due {
                Some(due) => sleep_until(due).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            news = self.discovery.next() => Happened::Discovered(news),
            event = self.prober.next() => Happened::Asked(event),
            () = until_due => Happened::Due,
        }
    }

    /// Takes what happened, and does what is to be done about it; gives what is left to others.
    pub(crate) fn happened(&mut self, happened: Happened) -> Vec<Outcry> {
        match happened {
            Happened::Asked(event) => self.take(event),
            Happened::Due => self.take(Event::Tick),
            Happened::Discovered(news) => {
                let mut outcries = match &news {
                    // First, so that its phones go because of that.
                    DiscoveryEvent::Lost { server, error, is_trouble: true, .. } => {
                        let detail = error.to_string();
                        self.take(Event::ServerLost { server: server.clone(), detail })
                    }
                    DiscoveryEvent::Listed { server, .. } => {
                        self.take(Event::ServerBack { server: server.clone() })
                    }
                    DiscoveryEvent::Lost { .. } | DiscoveryEvent::Usb(_) => Vec::new(),
                };
                self.connections.take(news);
                outcries.extend(self.take(Event::Tick));
                let connections = &self.connections;
                self.prober.keep_only(|handle| connections.has(handle));
                outcries
            }
        }
    }

    /// The same of something that a person wants.
    pub(crate) fn take(&mut self, event: Event) -> Vec<Outcry> {
        let now = Timestamp { moment: self.now(), stamp: now_stamp() };
        let event = match event {
            // What is seen may become another thing as time goes by.
            Event::Tick => {
                let (sightings, due) = self.connections.sightings(Instant::now());
                self.connections_due = due;
                sightings.map_or(Event::Tick, Event::Sighted)
            }
            event => event,
        };
        let mut outcries = Vec::new();
        for action in self.board.take(event, &now) {
            match action {
                Action::Ask { attempt, handle, may_prompt, show } => {
                    let target = self.connections.target(handle);
                    self.prober.ask((attempt, handle), target, may_prompt, show);
                }
                Action::Abandon(attempt) => self.prober.abandon(attempt),
                Action::Ring(times) => outcries.push(Outcry::Ring(times)),
                Action::Tell(told) => outcries.push(Outcry::Tell(told)),
            }
        }
        outcries
    }

    /// How long it is open.
    pub(crate) fn now(&self) -> Elapsed {
        Elapsed(self.opened.elapsed())
    }

    /// Whether something that was seen isn't a phone to be asked yet.
    pub(crate) const fn is_waiting_for_usb(&self) -> bool {
        self.connections_due.is_some()
    }

    /// What a phone answered in this attempt, which has just ended, whole; where evidence is kept.
    pub(crate) fn take_evidence(&mut self, attempt: Attempt) -> Option<ProbeResult> {
        self.prober.take_evidence(attempt)
    }
}

/// The time of an event, RFC 3339 with offset.
pub(super) fn now_stamp() -> String {
    Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%.3f%:z").to_string()
}
