//! What a board makes of events, step by step.

mod properties;

use sha2::{Digest as _, Sha256};

use super::*;
use crate::report::{Connection, DeviceReport, LinkKind, Outcome, ProbeResult};
use micheck_core::advisory::AdvisorySet;
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
                Action::Ask { attempt, handle, may_prompt } => {
                    asked.push(attempt);
                    let may = if may_prompt { "" } else { " quietly" };
                    format!("ask {}{may}", handle.0)
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

#[test]
fn a_phone_is_asked_when_it_is_ready_and_turns_green_by_itself() {
    let mut bench = Bench::new();
    let phone = sighting(1, "S1", "usb:1-1");
    bench.see(&[cannot(phone.clone(), Reason::Unauthorized)]);
    assert_eq!(bench.words(), ["added 1 visit 1 unauthorized"]);
    assert_eq!(bench.outcome(1), "unauthorized");
    bench.wait(60_000);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.see(std::slice::from_ref(&phone));
    let (words, asked) = bench.done();
    assert_eq!(words, ["unauthorized -> ready", "check 1", "ask 1"]);
    bench.answer(asked[0], version(RISK));
    assert_eq!(bench.words(), ["verdict vulnerable first", "ring 1"]);
    bench.wait(14_999);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.wait(1);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1"]);
    bench.wait(100);
    bench.answer(asked[0], version(RISK));
    assert_eq!(bench.words(), Vec::<String>::new(), "nothing has changed");
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck fixed", "ring 2"]);
    let change = bench.phone(1).change.clone().unwrap();
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some(RISK), Some(FIXED)));
    assert_eq!(change.stamp, "2026-11-24T14:01:30Z");
    bench.wait(600_000);
    assert_eq!(bench.words(), Vec::<String>::new(), "a phone that is fine is left alone");
    let counts = bench.board.counts();
    assert_eq!((counts.checked, counts.at_risk, counts.fixed, counts.waiting), (1, 0, 1, 0));
    bench.see(&[]);
    assert_eq!(bench.words(), ["removed Unplugged"]);
    assert_eq!(bench.outcome(1), "patched", "as it left");
    bench.wait(60_000);
    bench.see(&[cannot(sighting(2, "S1", "usb:1-1"), Reason::Offline)]);
    assert_eq!(bench.outcome(1), "offline", "what it is now, nobody knows");
    bench.see(&[]);
    assert_eq!(bench.outcome(1), "disconnected");
}

#[test]
fn a_phone_that_was_left_at_risk_stays_so_whatever_comes() {
    let mut bench = at_risk();
    bench.see(&[]);
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.see(&[cannot(sighting(2, "S1", "usb:1-9"), Reason::Unauthorized)]);
    assert_eq!(bench.words(), ["removed Unplugged", "added 1 visit 2 unauthorized"]);
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.wait(5000);
    bench.see(&[sighting(2, "S1", "usb:1-9")]);
    let attempt = bench.asked();
    bench.answer(attempt, not_asked(Reason::Timeout));
    assert_eq!(bench.words(), ["verdict timeout first"]);
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck fixed", "ring 2"]);
    assert_eq!(bench.outcome(1), "patched");
}

#[test]
fn an_answer_that_fails_takes_no_risk_back() {
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, not_asked(Reason::Timeout));
    assert_eq!(bench.words(), Vec::<String>::new());
    assert_eq!(bench.outcome(1), "vulnerable");
    assert_eq!(bench.phone(1).failed.as_ref().unwrap().reason, Reason::Timeout);
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.wait(2000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["check 3", "ask 1"]);
    bench.answer(asked[0], not_asked(Reason::Timeout));
    assert_eq!(bench.words(), ["verdict timeout"], "who asks is told");
    assert_eq!(bench.outcome(1), "vulnerable");
}

#[test]
fn a_phone_that_starts_is_asked_again_quietly_until_the_time_is_up() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let mut attempt = bench.asked();
    for _ in 0..39 {
        bench.wait(100);
        bench.answer(attempt, not_asked(Reason::StillBooting));
        assert!(matches!(bench.phone(1).phase(), Some(Phase::Pausing { starts: true, .. })));
        bench.wait(3000);
        let (words, asked) = bench.done();
        assert_eq!(words, ["ask 1"]);
        attempt = asked[0];
    }
    bench.wait(100);
    bench.answer(attempt, not_asked(Reason::ServiceUnavailable));
    assert_eq!(bench.words(), ["verdict service_unavailable first"]);
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck"]);
}

#[test]
fn an_app_that_is_gone_must_be_gone_twice() {
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
    assert!(matches!(bench.phone(1).phase(), Some(Phase::Pausing { starts: false, .. })));
    bench.wait(2999);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.wait(1);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck fixed", "ring 2"], "it was being updated");
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    bench.wait(3000);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!(bench.words(), ["verdict not_installed recheck fixed", "ring 2"]);
    // Also of a phone that was unplugged meanwhile.
    let mut bench = at_risk();
    bench.see(&[]);
    bench.wait(5000);
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    bench.words();
    let attempt = Attempt(2);
    bench.answer(attempt, absent());
    assert_eq!(bench.words(), Vec::<String>::new());
    // One that never had it is believed at once.
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!(bench.words(), ["verdict not_installed first"]);
}

#[test]
fn another_phone_on_the_same_port_inherits_nothing() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    bench.words();
    // Changed between two looks.
    bench.see(&[sighting(2, "S2", "usb:1-1")]);
    let (words, asked) = bench.done();
    assert_eq!(words, ["removed Unplugged", "added 2 visit 1 ready", "check 2", "ask 2"]);
    assert_eq!(bench.outcome(2), "-");
    let shown: Vec<u32> = bench.board.shown().iter().map(|phone| phone.id.0).collect();
    assert_eq!(shown, [2], "the port is taken");
    bench.answer(asked[0], version(RISK));
    bench.words();
    // Two phones of a maker that gives all of them one number.
    bench.see(&[]);
    bench.wait(20_000);
    bench.words();
    bench.see(&[sighting(3, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, of_make(version(RISK), "M1"));
    bench.see(&[]);
    bench.wait(20_000);
    bench.see(&[sighting(4, "S1", "usb:1-1")]);
    bench.words();
    let attempt = Attempt(4);
    bench.answer(attempt, of_make(version(FIXED), "M2"));
    assert_eq!(bench.words(), ["verdict patched first"], "it isn't the first one, fixed");
    let summary = bench.board.summary();
    assert_eq!((summary.vulnerable, summary.patched), (2, 2), "each of the four counts");
}

#[test]
fn phones_without_a_number_of_their_own_are_new_each_time() {
    for serial in ["", "(no serial number)", "????????????", "0123456789ABCDEF"] {
        let mut bench = Bench::new();
        bench.see(&[sighting(1, serial, "usb:1-1")]);
        let attempt = bench.asked();
        bench.answer(attempt, version(FIXED));
        bench.see(&[]);
        bench.wait(5000);
        bench.words();
        bench.see(&[sighting(2, serial, "usb:1-1")]);
        assert_eq!(bench.words()[0], "added 2 visit 1 ready", "{serial}");
        assert!(bench.phone(2).earlier.is_none());
    }
}

#[test]
fn a_phone_is_the_same_after_replugging_also_on_another_port() {
    let mut bench = at_risk();
    bench.see(&[sighting(1, "S1", "usb:1-1"), sighting(2, "S2", "usb:1-2")]);
    bench.see(&[sighting(2, "S2", "usb:1-2")]);
    bench.wait(10_000);
    bench.words();
    bench.see(&[sighting(2, "S2", "usb:1-2"), sighting(3, "S1", "usb:2-7")]);
    assert_eq!(bench.words()[0], "added 1 visit 2 ready");
    assert_eq!(bench.phone(1).earlier.as_ref().unwrap().version.as_deref(), Some(RISK));
}

#[test]
fn who_does_not_say_who_it_is_is_nobody_that_was_here_before() {
    let mut bench = at_risk();
    bench.see(&[]);
    bench.wait(5000);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    let report = Box::new(version(FIXED));
    assert_eq!(report.identity, Identity::NotSaid);
    bench.take(Event::Answered { attempt, report });
    let words = bench.words();
    assert!(words.contains(&"removed AnotherPhone".to_owned()), "{words:?}");
    assert!(words.contains(&"verdict patched first".to_owned()), "{words:?}");
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("vulnerable", "patched"));
    // Asked again it is the same.
    bench.take(Event::AskAgain(PhoneId(2)));
    bench.wait(5000);
    let attempt = bench.asked();
    bench.take(Event::Answered { attempt, report: Box::new(version(FIXED)) });
    assert_eq!(bench.board.phones().len(), 2);
}

#[test]
fn of_two_phones_with_one_number_the_one_at_its_old_port_is_known() {
    let mut bench = Bench::new();
    let (left, right) = (sighting(1, "S9", "usb:1-1"), sighting(2, "S9", "usb:1-2"));
    bench.see(&[left.clone(), right.clone()]);
    assert_eq!(bench.board.phones().len(), 2);
    bench.see(&[]);
    bench.wait(5000);
    bench.words();
    bench.see(&[sighting(3, "S9", "usb:1-2"), sighting(4, "S9", "usb:1-9")]);
    let words = bench.words();
    assert!(words.contains(&"added 2 visit 2 ready".to_owned()), "{words:?}");
    // On a port where neither was, it is the one that is left; of two that are left, none.
    assert!(words.contains(&"added 1 visit 2 ready".to_owned()), "{words:?}");
    bench.see(&[]);
    bench.see(&[sighting(5, "S9", "usb:1-5")]);
    assert!(bench.words().contains(&"added 3 visit 1 ready".to_owned()));
}

#[test]
fn a_phone_that_flaps_is_left_alone_for_two_seconds() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    bench.words();
    for handle in 2..8 {
        bench.wait(100);
        bench.see(&[]);
        bench.see(&[sighting(handle, "S1", "usb:1-1")]);
    }
    let (words, asked) = bench.done();
    assert_eq!(asked, [], "{words:?}");
    assert_eq!(
        words[..4],
        ["abandon", "verdict disconnected first", "removed Unplugged", "added 1 visit 2 ready"]
    );
    bench.wait(1399);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.wait(1);
    assert_eq!(bench.words(), ["check 2", "ask 7"]);
}

#[test]
fn a_check_goes_on_when_the_phone_can_be_asked_again() {
    let mut bench = Bench::new();
    let phone = sighting(1, "S1", "usb:1-1");
    bench.see(std::slice::from_ref(&phone));
    let old = bench.asked();
    bench.wait(500);
    bench.see(&[cannot(phone.clone(), Reason::Offline)]);
    assert_eq!(bench.words(), ["abandon", "ready -> offline"]);
    bench.answer(old, version(FIXED));
    assert_eq!(bench.words(), Vec::<String>::new(), "nobody waits for that any more");
    bench.wait(500);
    bench.see(&[phone]);
    assert_eq!(bench.words(), ["offline -> ready"]);
    bench.wait(1000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1"]);
    bench.answer(asked[0], version(FIXED));
    assert_eq!(bench.words(), ["verdict patched first"]);
}

#[test]
fn a_person_at_the_phone_is_waited_for() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(sighting(1, "S1", "usb:1-1"))]);
    let attempt = bench.asked();
    bench.take(Event::Waits { attempt });
    assert_eq!(bench.words(), ["ready -> unauthorized"]);
    bench.take(Event::Allowed { attempt });
    assert_eq!(bench.words(), ["unauthorized -> ready"]);
    bench.answer(attempt, version(RISK));
    bench.words();
    // A session of its own would ask the person again.
    bench.wait(15_000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1 quietly"]);
    let attempt = asked[0];
    bench.answer(attempt, not_asked(Reason::Unauthorized));
    assert!(bench.phone(1).needs_person());
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.wait(600_000);
    assert_eq!(bench.words(), Vec::<String>::new(), "nothing more without a person");
    bench.take(Event::AskAgain(PhoneId(1)));
    assert_eq!(bench.words(), ["check 3", "ask 1"]);
    assert!(!bench.phone(1).needs_person());
}

#[test]
fn what_is_asked_twice_is_asked_once() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched first"]);
    bench.wait(60_000);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.take(Event::AskAgain(PhoneId(1)));
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched"], "who asks is told, also that nothing changed");
    bench.take(Event::AskAgain(PhoneId(99)));
    bench.see(&[]);
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.wait(60_000);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words(), ["added 1 visit 2 ready", "check 3", "ask 2"]);
}

#[test]
fn the_last_steps_on_a_finished_phone_dont_take_its_verdict_away() {
    let finished = || {
        let mut bench = Bench::new();
        bench.see(&[sighting(1, "S1", "usb:1-1")]);
        let attempt = bench.asked();
        bench.answer(attempt, version(FIXED));
        bench
    };
    // Authorisations revoked: the phone stays plugged in.
    let mut bench = finished();
    bench.see(&[cannot(sighting(1, "S1", "usb:1-1"), Reason::Unauthorized)]);
    assert_eq!(bench.outcome(1), "patched");
    // USB debugging off: it comes back as another device, known by its number and port.
    let off = || on_usb(cannot(sighting(2, "S1", "usb:1-1"), Reason::UsbDebuggingOff));
    bench.see(&[]);
    bench.wait(1000);
    bench.see(&[off()]);
    assert!(bench.phone(1).taken_leave);
    assert_eq!((bench.outcome(1), bench.board.counts().waiting), ("patched", 0));
    bench.see(&[sighting(3, "S1", "usb:1-1")]);
    assert!(!bench.phone(1).taken_leave);
    assert_eq!(bench.outcome(1), "-", "it is asked again when it can be");
    // Too late, at another port, or at risk: not so.
    let mut bench = finished();
    bench.see(&[]);
    bench.wait(6000);
    bench.see(&[off()]);
    assert_eq!(bench.outcome(1), "usb_debugging_off");
    let mut bench = finished();
    bench.see(&[on_usb(cannot(sighting(2, "S1", "usb:1-2"), Reason::UsbDebuggingOff))]);
    assert_eq!(bench.outcome(1), "usb_debugging_off");
    let mut bench = at_risk();
    bench.see(&[off()]);
    assert_eq!((bench.phone(1).taken_leave, bench.outcome(1)), (false, "vulnerable"));
}

#[test]
fn a_phone_that_gives_its_number_later_is_the_same() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(cannot(sighting(1, "", "usb:1-1"), Reason::UsbDebuggingOff))]);
    bench.see(&[]);
    bench.wait(3000);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words()[0], "added 1 visit 2 ready");
    // One that nobody has asked may be taken over by a server without leaving.
    let mut bench = Bench::new();
    bench.see(&[on_usb(cannot(sighting(1, "S1", "usb:1-1"), Reason::Authorizing))]);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words(), ["authorizing -> ready", "check 1", "ask 2"]);
}

#[test]
fn a_server_that_goes_takes_its_phones_along() {
    let mut bench = at_risk();
    let lost = || Event::ServerLost { server: "127.0.0.1:5037".to_owned(), detail: "x".to_owned() };
    bench.take(lost());
    bench.take(lost());
    bench.see(&[]);
    assert_eq!(bench.words(), ["server lost", "removed ServerLost"]);
    assert_eq!(bench.board.summary().lost_servers, 1);
    bench.take(Event::ServerBack { server: "127.0.0.1:5037".to_owned() });
    bench.take(Event::ServerBack { server: "127.0.0.1:5037".to_owned() });
    bench.wait(2000);
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words(), ["server back", "added 1 visit 2 ready", "check 2", "ask 2"]);
}

#[test]
fn a_phone_that_left_keeps_its_place_for_a_minute() {
    let mut bench = at_risk();
    bench.see(&[]);
    let version_then = bench.board.version();
    assert_eq!(bench.board.shown().len(), 1);
    bench.wait(59_999);
    assert_eq!((bench.board.shown().len(), bench.board.version()), (1, version_then));
    bench.wait(1);
    assert_eq!(bench.board.shown().len(), 0);
    assert!(bench.board.version() > version_then);
    assert_eq!(bench.board.next_due(), None);
}

#[test]
fn what_is_long_gone_is_counted_and_forgotten() {
    let mut bench = Bench::new();
    for phone in 0..1200_u64 {
        bench.see(&[sighting(phone, &format!("P{phone}"), "usb:1-1")]);
        let attempt = Attempt(phone + 1);
        bench.answer(attempt, version(if phone % 2 == 0 { RISK } else { FIXED }));
    }
    bench.see(&[]);
    assert_eq!(bench.board.phones().len(), REMEMBERED);
    let whole = bench.board.phones().iter().filter_map(|phone| phone.earlier.as_ref());
    assert_eq!(whole.filter(|held| held.report.is_some()).count(), REMEMBERED_WHOLE);
    let (summary, counts) = (bench.board.summary(), bench.board.counts());
    assert_eq!((counts.checked, counts.at_risk), (1200, 600));
    assert_eq!((summary.devices, summary.vulnerable), (1200, 600));
    // One that is remembered is known again, one that isn't is new.
    bench.wait(5000);
    bench.see(&[sighting(5000, "P1100", "usb:1-1"), sighting(5001, "P5", "usb:1-2")]);
    assert_eq!(bench.phone(1101).visit, 2);
    assert_eq!(bench.board.phones().last().map(|phone| (phone.id.0, phone.visit)), Some((1201, 1)));
}

#[test]
fn a_finished_phone_takes_leave_only_right_behind_its_verdict() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    bench.see(&[]);
    bench.wait(3_600_000);
    let closed = |handle| cannot(sighting(handle, "S1", "usb:1-1"), Reason::Unauthorized);
    bench.see(&[closed(2)]);
    assert_eq!(bench.outcome(1), "unauthorized");
    // A loose plug.
    bench.see(&[]);
    bench.wait(1000);
    bench.see(&[closed(3)]);
    assert_eq!((bench.phone(1).taken_leave, bench.outcome(1)), (false, "unauthorized"));
    assert!(bench.phone(1).standing().is_none(), "what it was an hour ago is past");
    // Without a port nobody knows that it is where it was.
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "")]);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    bench.see(&[cannot(sighting(2, "S1", ""), Reason::Unauthorized)]);
    assert_eq!(bench.outcome(1), "unauthorized");
}

/// A phone with another app beside the one in question, which is fine.
fn beside_another(mut report: DeviceReport) -> DeviceReport {
    let mut other = report.findings[0].clone();
    (other.id, other.package) = ("other".to_owned(), "com.other".to_owned());
    other.verdict = Verdict::Patched;
    report.findings.push(other);
    report.verdict = report.findings.iter().map(|finding| finding.verdict).min().unwrap();
    report
}

#[test]
fn an_app_that_is_being_updated_is_missed_whatever_else_is_there() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, beside_another(version(RISK)));
    bench.words();
    bench.wait(15_000);
    let attempt = bench.asked();
    let gone = beside_another(absent());
    assert_eq!(gone.verdict, Verdict::Patched);
    bench.answer(attempt, gone);
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
    bench.wait(3000);
    let attempt = bench.asked();
    bench.answer(attempt, beside_another(version(RISK)));
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
    // On a phone of another maker the verdict has another name.
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    let mut report = absent();
    report.verdict = Verdict::NotApplicable;
    report.findings[0].verdict = Verdict::NotApplicable;
    bench.answer(attempt, report);
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
}

#[test]
fn only_answers_that_follow_each_other_show_that_an_app_is_gone() {
    let mut bench = at_risk();
    bench.wait(15_000);
    for report in [absent(), not_asked(Reason::StillBooting), absent()] {
        let attempt = bench.asked();
        bench.answer(attempt, report);
        assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
        bench.wait(3000);
    }
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!(bench.words()[0], "verdict not_installed recheck fixed");
}

#[test]
fn a_phone_that_was_out_of_reach_is_asked_again() {
    for (first, reason) in
        [(version(FIXED), Reason::Offline), (not_asked(Reason::Unauthorized), Reason::Unauthorized)]
    {
        let mut bench = Bench::new();
        let phone = sighting(1, "S1", "usb:1-1");
        bench.see(std::slice::from_ref(&phone));
        let attempt = bench.asked();
        bench.answer(attempt, first);
        bench.wait(10_000);
        bench.see(&[cannot(phone.clone(), reason)]);
        bench.words();
        bench.see(&[phone]);
        let (words, asked) = bench.done();
        assert_eq!(words[1..], ["ask 1"], "{words:?}");
        bench.answer(asked[0], version(RISK));
        assert_eq!(bench.words(), ["verdict vulnerable recheck", "ring 1"]);
    }
}

#[test]
fn a_person_who_was_never_asked_may_be() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(sighting(1, "S1", "usb:1-1"))]);
    let attempt = bench.asked();
    bench.answer(attempt, not_asked(Reason::NoPermission));
    bench.words();
    bench.wait(15_000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1"]);
    bench.take(Event::Waits { attempt: asked[0] });
    bench.answer(asked[0], not_asked(Reason::AuthRefused));
    let words = bench.words();
    assert_eq!(
        words,
        ["ready -> unauthorized", "unauthorized -> ready", "verdict auth_refused recheck"]
    );
    bench.wait(600_000);
    assert_eq!(bench.words(), Vec::<String>::new());
}

#[test]
fn a_number_that_is_read_later_makes_no_other_phone() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(sighting(1, "", "usb:1-1"))]);
    let attempt = bench.asked();
    bench.see(&[on_usb(sighting(1, "S1", "usb:1-1"))]);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.answer(attempt, version(RISK));
    assert_eq!(bench.words(), ["verdict vulnerable first", "ring 1"]);
    assert_eq!(bench.phone(1).serial(), Some("S1"));
}

#[test]
fn another_phone_with_the_same_number_leaves_the_first_one_counted() {
    let mut bench = Bench::new();
    for (handle, report) in [(1, of_make(version(FIXED), "M1")), (2, of_make(version(RISK), "M2"))]
    {
        bench.wait(5000);
        bench.see(&[sighting(handle, "S1", "usb:1-1")]);
        let attempt = bench.asked();
        bench.answer(attempt, report);
        bench.see(&[]);
        bench.words();
    }
    let (counts, summary) = (bench.board.counts(), bench.board.summary());
    assert_eq!((counts.waiting, counts.checked), (0, 2));
    assert_eq!((summary.patched, summary.vulnerable, summary.unknown), (1, 1, 0));
}

#[test]
fn many_that_leave_at_once_are_kept_in_short() {
    let mut bench = Bench::new();
    let all: Vec<Sighting> = (0..120)
        .map(|phone| sighting(phone, &format!("P{phone}"), &format!("usb:1-{phone}")))
        .collect();
    bench.see(&all);
    let (_, asked) = bench.done();
    for attempt in asked {
        bench.answer(attempt, version(FIXED));
    }
    bench.see(&[]);
    let kept = bench.board.phones().iter().filter_map(|phone| phone.earlier.as_ref());
    assert_eq!(kept.filter(|held| held.report.is_some()).count(), REMEMBERED_WHOLE);
}

fn on_network(handle: u64) -> Sighting {
    let mut sighting = sighting(handle, "10.0.0.7:5555", "");
    sighting.connection.link = LinkKind::Network;
    sighting.connection.server = None;
    sighting
}

/// The next answer at a network address, by this phone; `None`: it doesn't say who it is.
fn answer_by(bench: &mut Bench, who: Option<Identity>, mut report: DeviceReport) -> Vec<String> {
    bench.wait(16_000);
    let attempt = bench.asked();
    report.identity = who.unwrap_or_default();
    bench.take(Event::Answered { attempt, report: Box::new(report) });
    bench.words()
}

const A: Option<Identity> = Some(Identity::Phone([1; 32]));
const B: Option<Identity> = Some(Identity::Phone([2; 32]));

#[test]
fn at_an_address_nobody_inherits_what_another_one_said() {
    let mut bench = Bench::new();
    bench.see(&[on_network(1)]);
    answer_by(&mut bench, A, version(FIXED));
    answer_by(&mut bench, None, version(RISK));
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("patched", "vulnerable"));
    // The same again: nothing tells that it is another one.
    answer_by(&mut bench, None, version(RISK));
    assert_eq!(bench.board.phones().len(), 2);
    let words = answer_by(&mut bench, A, version(FIXED));
    assert!(!words.iter().any(|word| word.contains("fixed")), "{words:?}");
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("patched", "vulnerable"));

    let mut bench = Bench::new();
    bench.see(&[on_network(1)]);
    answer_by(&mut bench, None, version(RISK));
    let words = answer_by(&mut bench, B, version(FIXED));
    assert!(!words.iter().any(|word| word.contains("fixed")), "{words:?}");
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("vulnerable", "patched"));
}

#[test]
fn a_phone_that_said_who_it_is_and_no_more_stays_unknown() {
    let mut bench = Bench::new();
    bench.see(&[on_network(1)]);
    answer_by(&mut bench, A, not_asked(Reason::IncompleteAnswer));
    answer_by(&mut bench, B, version(FIXED));
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("incomplete_answer", "patched"));
}

#[test]
fn who_turns_out_to_be_a_known_phone_was_never_another_one() {
    let mut bench = at_risk();
    let who = Some(bench.phone(1).identity);
    bench.see(&[]);
    bench.wait(5000);
    bench.words();
    bench.see(&[on_network(2)]);
    answer_by(&mut bench, None, not_asked(Reason::Timeout));
    let words = answer_by(&mut bench, who, version(FIXED));
    assert!(words.contains(&"verdict patched first fixed".to_owned()), "{words:?}");
    assert_eq!(bench.board.phones().len(), 1);
}
