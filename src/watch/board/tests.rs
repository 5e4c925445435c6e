//! What a board makes of events, step by step.

mod checks;
mod identity;
mod properties;
mod requests;
mod visits;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::report::{Connection, DeviceReport, LinkKind, Outcome, ProbeResult};
use micheck_core::advisory::AdvisorySet;
use micheck_core::update_route::UpdateRoute;
use micheck_core::verdict::{Reason, Verdict};

/// A bench for tests: time passes when it is told so, and what is done is kept.
struct Bench {
    board: Board,
    ms: u64,
    actions: Vec<Action>,
}

impl Bench {
    fn new() -> Self {
        let rules = Rules {
            recheck: Duration::from_secs(15),
            boot_wait: Duration::from_secs(120),
            run: "0".repeat(32),
            simulated: false,
            records: false,
            job: None,
            advisories: AdvisoriesUsed {
                version: "1".to_owned(),
                hash: String::new(),
                replaced: Vec::new(),
            },
            text: Text::default(),
        };
        Self { board: Board::new(rules), ms: 0, actions: Vec::new() }
    }

    fn take(&mut self, event: Event) {
        let now = Timestamp {
            moment: Elapsed(Duration::from_millis(self.ms)),
            stamp: format!(
                "2026-11-24T14:{:02}:{:02}Z",
                self.ms / 60_000 % 60,
                self.ms / 1000 % 60
            ),
        };
        let actions = self.board.take(event, &now);
        self.actions.extend(actions);
    }

    /// Lets time pass, with a tick whenever one is due.
    fn wait(&mut self, ms: u64) {
        let until = self.ms + ms;
        while let Some(Elapsed(due)) = self.board.next_due() {
            let due = u64::try_from(due.as_millis()).unwrap();
            if due > until {
                break;
            }
            assert!(due >= self.ms, "due {due} at {}", self.ms);
            self.ms = due;
            let before = self.board.next_due();
            self.take(Event::Tick);
            assert!(self.board.next_due() != before, "a tick changes nothing at {due}");
        }
        self.ms = until;
    }

    fn see(&mut self, sightings: &[Sighting]) {
        self.take(Event::Sighted(sightings.to_vec()));
    }

    /// A phone that answers says who it is: by the serial number of its connection and its model,
    /// unless `report` has an identity already.
    fn answer(&mut self, attempt: Attempt, mut report: DeviceReport) {
        if report.identity == Identity::NotSaid
            && report.verdict.reason().is_none()
            && let Some(at) = self.board.of_attempt(attempt)
        {
            let connection = &self.board.phones()[at].connection;
            let serial = super::phone::unique_serial(connection);
            report.identity = serial.map_or(Identity::Untold, |serial| {
                let said = format!("{serial} {:?}", report.device.model);
                Identity::Phone(Sha256::digest(said).into())
            });
        }
        self.take(Event::Answered { attempt, report: Box::new(report) });
    }

    /// What was done since the last time, in words; attempts that began.
    fn done(&mut self) -> (Vec<String>, Vec<Attempt>) {
        let mut asked = Vec::new();
        let words = std::mem::take(&mut self.actions)
            .into_iter()
            .map(|action| match action {
                Action::Ask { attempt, handle, may_prompt, show } => {
                    asked.push(attempt);
                    let may = if may_prompt { "" } else { " quietly" };
                    let shows = show.map_or(String::new(), |show| format!(" show {:?}", show.kind));
                    format!("ask {}{may}{shows}", handle.0)
                }
                Action::Abandon(_) => "abandon".to_owned(),
                Action::Ring(times) => format!("ring {times}"),
                Action::Tell(told) => match *told {
                    WatchEvent::PhoneAdded(line) => {
                        format!(
                            "added {} visit {} {}",
                            line.phone.number, line.phone.visit, line.state
                        )
                    }
                    WatchEvent::StateChanged(line) => format!("{} -> {}", line.from, line.to),
                    WatchEvent::CheckStarted(line) => format!("check {}", line.check),
                    WatchEvent::Verdict(line) => format!(
                        "verdict {}{}{}{}",
                        line.device.reason.map_or(line.device.verdict.key(), Reason::key),
                        if line.first { " first" } else { "" },
                        if line.recheck { " recheck" } else { "" },
                        if line.fixed { " fixed" } else { "" },
                    ),
                    WatchEvent::UpdaterRequested(line) => {
                        let route = line.request.route.map_or("unknown", UpdateRoute::key);
                        format!("{route} {}", line.request.answer.key())
                    }
                    WatchEvent::PhoneRemoved(line) => format!("removed {:?}", line.gone.unwrap()),
                    WatchEvent::ServerLost(_) => "server lost".to_owned(),
                    WatchEvent::ServerBack(_) => "server back".to_owned(),
                    WatchEvent::LinesLost(_) => unreachable!("a board loses none"),
                },
            })
            .collect();
        (words, asked)
    }

    /// The same, of which one attempt began.
    fn asked(&mut self) -> Attempt {
        let (words, asked) = self.done();
        assert_eq!(asked.len(), 1, "{words:?}");
        asked[0]
    }

    fn words(&mut self) -> Vec<String> {
        self.done().0
    }

    fn phone(&self, id: u32) -> &BoardPhone {
        self.board.phone(PhoneId(id)).unwrap()
    }

    fn outcome(&self, id: u32) -> &'static str {
        let outcome = self.phone(id).outcome();
        outcome.map_or("-", |outcome| outcome.reason().map_or(outcome.key(), Reason::key))
    }
}

fn sighting(handle: u64, serial: &str, path: &str) -> Sighting {
    Sighting {
        handle: ConnectionId(handle),
        connection: Connection {
            server: Some("127.0.0.1:5037".to_owned()),
            serial: Some(serial.to_owned()).filter(|serial| !serial.is_empty()),
            path: Some(path.to_owned()).filter(|path| !path.is_empty()),
            ..Connection::of_link(LinkKind::AdbServer)
        },
        model: None,
        reason: None,
    }
}

fn cannot(mut sighting: Sighting, reason: Reason) -> Sighting {
    sighting.reason = Some(reason);
    sighting
}

fn on_usb(mut sighting: Sighting) -> Sighting {
    sighting.connection.link = LinkKind::Usb;
    sighting.connection.server = None;
    sighting
}

fn of(outcome: Outcome) -> DeviceReport {
    let observation = ProbeResult {
        connection: Connection::of_link(LinkKind::AdbServer),
        listed_model: None,
        outcome,
        detail: None,
        duration_ms: 0,
        source: None,
    };
    DeviceReport::new(observation, &AdvisorySet::embedded().by_default(), Text::default(), false)
}

/// A phone with the app in this version.
fn version(version: &str) -> DeviceReport {
    of(Outcome::Typed(Some(version.as_bytes().to_vec())))
}

fn not_asked(reason: Reason) -> DeviceReport {
    of(Outcome::Skipped(reason))
}

/// A phone that doesn't have the app.
fn absent() -> DeviceReport {
    let mut report = version("3.1.921.10");
    report.verdict = Verdict::NotInstalled;
    report.findings[0].verdict = Verdict::NotInstalled;
    report.findings[0].version = None;
    report
}

fn of_make(mut report: DeviceReport, model: &str) -> DeviceReport {
    report.device.manufacturer = Some("Xiaomi".to_owned());
    report.device.model = Some(model.to_owned());
    report
}

const RISK: &str = "3.1.874.10";
const FIXED: &str = "3.1.921.10";

/// A phone that was asked and is at risk.
fn at_risk() -> Bench {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.ms = 300;
    bench.answer(attempt, version(RISK));
    assert_eq!(bench.words(), ["verdict vulnerable first", "ring 1"]);
    bench
}
