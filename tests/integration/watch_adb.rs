//! `micheck watch` with the adb server that people have: the shipped program, Debian's `adb` as the
//! server, and simulated phones that come and go by `adb connect` and `adb disconnect`.
//!
//! USB is not here. What the board makes of what it sees is tested in `src/board`.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::time::Duration;

use crate::support::Micheck;
use crate::support::adb_server::AdbServer;
use crate::support::grammar::Grammar;
use crate::support::phones::{patched, vulnerable};
use crate::support::relay::Relay;
use crate::support::watching::Watching;
use micheck_simulator::{Authorisation, Bench, ListeningThread, Phone};
use serde_json::Value;

/// A run whose events are looked at one by one, whatever a test waits for.
struct Followed {
    run: Watching,
    grammar: Grammar,
}

impl Followed {
    fn start<'s>(servers: impl IntoIterator<Item = &'s AdbServer>) -> Self {
        let run = Micheck::new(["watch"]);
        let run = servers.into_iter().fold(run, |run, server| run.server(server.address()));
        Self { run: Watching::start(run), grammar: Grammar::default() }
    }

    fn next(&mut self) -> Value {
        let event = self.run.next();
        let event = event.unwrap_or_else(|| panic!("it ended; before: {:#?}", self.run.words()));
        self.grammar.take(&event).unwrap_or_else(|broken| panic!("{broken}"));
        event
    }

    /// Waits until each of these phones has had an event that `is_wanted`, and gives them all.
    fn each(
        &mut self,
        phones: &[SocketAddr],
        is_wanted: impl Fn(&Value) -> bool,
    ) -> BTreeMap<SocketAddr, Value> {
        let mut waiting: BTreeSet<SocketAddr> = phones.iter().copied().collect();
        let mut found = BTreeMap::new();
        while !waiting.is_empty() {
            let event = self.next();
            if let Some(phone) = phone_of(&event).filter(|_| is_wanted(&event))
                && waiting.remove(&phone)
            {
                found.insert(phone, event);
            }
        }
        found
    }

    fn verdicts(&mut self, phones: &[SocketAddr]) -> BTreeMap<SocketAddr, Value> {
        self.each(phones, |event| event["event"] == "verdict")
    }

    fn removed(&mut self, phones: &[SocketAddr]) -> BTreeMap<SocketAddr, Value> {
        self.each(phones, |event| event["event"] == "phone_removed")
    }

    fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            let event = self.next();
            if event["event"] == kind {
                return event;
            }
        }
    }

    /// The kinds of the events of a phone so far, without the steps on its way to being ready, of
    /// which a server tells more or fewer.
    fn kinds(&self, phone: SocketAddr) -> Vec<&str> {
        let events = self.run.events.iter().filter(|event| phone_of(event) == Some(phone));
        let kinds = events.map(|event| event["event"].as_str().unwrap());
        kinds.filter(|kind| *kind != "state_changed").collect()
    }

    fn finish(self) -> crate::support::watching::End {
        let (events, end) = self.run.interrupt();
        let mut grammar = Grammar::default();
        for event in &events {
            grammar.take(event).unwrap_or_else(|broken| panic!("{broken}"));
        }
        assert_eq!(grammar.open(), [0; 0], "each check has its verdict");
        end
    }
}

/// Phones on the network have their address as their serial number.
fn phone_of(event: &Value) -> Option<SocketAddr> {
    let connection = event.get("connection").or_else(|| event["device"].get("connection"))?;
    connection["serial"].as_str()?.parse().ok()
}

fn listen(phones: impl IntoIterator<Item = Phone>) -> ListeningThread {
    Bench::new().phones(phones).listen_in_thread().unwrap()
}

fn connect(server: &mut AdbServer, phones: &[SocketAddr]) {
    for &phone in phones {
        server.connect(phone);
    }
}

/// Whether each phone has the verdict that belongs to its number.
fn assert_verdicts(verdicts: &BTreeMap<SocketAddr, Value>, phones: &[SocketAddr], visit: u64) {
    for (number, address) in phones.iter().enumerate() {
        let event = &verdicts[address];
        assert_eq!(event["device"]["verdict"], mixed(number).1, "{event}");
        assert_eq!((&event["first"], &event["recheck"]), (&true.into(), &false.into()));
        assert!(event["visit"].as_u64() >= Some(visit), "{event}");
    }
}

/// A phone, and its verdict.
fn mixed(number: usize) -> (Phone, &'static str) {
    let serial = format!("phone {number}");
    match number % 6 {
        0 => (Phone::xiaomi(serial).android(15).version("3.1.895.10"), "vulnerable"),
        1 => (Phone::poco(serial).android(9).version("3.1.895.11"), "unconfirmed"),
        2 => (Phone::xiaomi(serial).android(16).version("3.1.921.10"), "patched"),
        3 => (Phone::xiaomi(serial).android(11), "not_installed"),
        4 => (Phone::pixel(serial), "not_applicable"),
        _ => (Phone::xiaomi(serial).android(6), "not_installed"),
    }
}

/// adb 34 can list a phone that was disconnected once more, for a moment.
fn without_glimpses(kinds: Vec<&str>) -> Vec<&str> {
    let mut kept = Vec::new();
    for kind in kinds {
        if kind == "phone_removed" && kept.last() == Some(&"phone_added") {
            kept.pop();
        } else {
            kept.push(kind);
        }
    }
    kept
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn sixty_four_phones_come_and_go_twice() {
    let listening = listen((0..64).map(|number| mixed(number).0));
    let phones = listening.addresses();
    let mut server = AdbServer::start();
    let mut run = Followed::start([&server]);
    let mut visit = vec!["phone_added", "check_started", "verdict", "phone_removed"];
    for number in 1..=2 {
        connect(&mut server, phones);
        let verdicts = run.verdicts(phones);
        assert_verdicts(&verdicts, phones, number);
        for &phone in phones {
            server.disconnect(phone);
        }
        for (_, gone) in run.removed(phones) {
            assert_eq!(gone["gone"], "unplugged");
        }
        for &phone in phones {
            assert_eq!(without_glimpses(run.kinds(phone)), visit, "{phone}");
        }
        visit.extend_from_within(..4);
    }
    assert_eq!((run.grammar.phones(), run.grammar.present()), (64, vec![]));
    let end = run.finish();
    assert!(end.stderr.contains("64 phones: "), "{}", end.stderr);
    assert_eq!(end.code, Some(1));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_phone_is_asked_when_its_person_has_allowed_it() {
    // So late that nobody can miss that it wasn't allowed before.
    let allowed_after = Some(Duration::from_secs(4));
    let listening = listen([
        vulnerable("asks").authorisation(Authorisation::Ask { allowed_after }),
        patched("never").authorisation(Authorisation::Ask { allowed_after: None }),
    ]);
    let [asks, never] = *listening.addresses() else { unreachable!("two phones listen") };
    let mut server = AdbServer::start();
    let mut run = Followed::start([&server]);
    connect(&mut server, &[asks, never]);
    let state = |event: &Value, state: &str| {
        event["to"] == state || event["event"] == "phone_added" && event["state"] == state
    };
    run.each(&[asks, never], |event| state(event, "unauthorized"));
    assert_eq!(run.kinds(asks), ["phone_added"], "it isn't asked before");
    let verdict = &run.verdicts(&[asks])[&asks];
    assert_eq!(verdict["device"]["verdict"], "vulnerable");
    assert_eq!(run.kinds(asks), ["phone_added", "check_started", "verdict"]);
    server.disconnect(never);
    run.removed(&[never]);
    assert_eq!(run.kinds(never), ["phone_added", "phone_removed"], "nobody allowed that");
    assert_eq!(run.finish().code, Some(1));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_killed_server_takes_its_phones_along_and_brings_them_back() {
    let listening = listen((0..12).map(|number| mixed(number).0));
    let phones = listening.addresses();
    let mut server = AdbServer::start();
    let mut run = Followed::start([&server]);
    connect(&mut server, phones);
    let before = run.verdicts(phones);
    assert_verdicts(&before, phones, 1);

    server.kill();
    let lost = run.wait_for("server_lost");
    assert_eq!(lost["server"], server.address().to_string());
    for (phone, gone) in run.removed(phones) {
        assert_eq!((&gone["gone"], &gone["visit"]), (&"server_lost".into(), &1.into()), "{phone}");
    }

    server.restart();
    run.wait_for("server_back");
    connect(&mut server, phones);
    let after = run.verdicts(phones);
    assert_verdicts(&after, phones, 2);
    for phone in phones {
        assert_eq!(after[phone]["phone"], before[phone]["phone"], "it is the same phone");
        assert_eq!(after[phone]["before"]["verdict"], before[phone]["device"]["verdict"]);
    }
    assert_eq!(run.grammar.phones(), phones.len());
    let end = run.finish();
    assert!(end.stderr.contains("12 phones: "), "{}", end.stderr);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_server_that_dies_costs_the_others_nothing() {
    let [ours, theirs, late] = [0..8, 8..16, 16..24]
        .map(|numbers: std::ops::Range<usize>| listen(numbers.map(|number| mixed(number).0)));
    let (mut dying, mut living) = (AdbServer::start(), AdbServer::start());
    let mut run = Followed::start([&dying, &living]);
    connect(&mut dying, ours.addresses());
    connect(&mut living, theirs.addresses());
    let all = [ours.addresses(), theirs.addresses()].concat();
    assert_verdicts(&run.verdicts(&all), &all, 1);

    dying.kill();
    run.wait_for("server_lost");
    for (_, gone) in run.removed(ours.addresses()) {
        assert_eq!(gone["gone"], "server_lost");
    }
    // The other one's phones stay, and more come.
    connect(&mut living, late.addresses());
    let verdicts = run.verdicts(late.addresses());
    for (number, address) in late.addresses().iter().enumerate() {
        let verdict = &verdicts[address];
        assert_eq!(verdict["device"]["verdict"], mixed(16 + number).1, "{verdict}");
        let server = &verdict["device"]["connection"]["server"];
        assert_eq!(*server, living.address().to_string());
    }
    assert_eq!(run.grammar.present().len(), theirs.addresses().len() + late.addresses().len());
    let gone = theirs.addresses()[3];
    living.disconnect(gone);
    assert_eq!(run.removed(&[gone])[&gone]["gone"], "unplugged");
    let end = run.finish();
    assert!(end.stderr.contains("adb server not reached"), "{}", end.stderr);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn who_takes_over_an_address_is_another_phone() {
    let (affected, fixed) = ("3.1.874.10", "3.1.921.10");
    for (first, second) in [(affected, fixed), (fixed, affected)] {
        let version = |serial, version| Phone::xiaomi(serial).android(14).version(version);
        let listening = listen([version("A1", first), version("B2", second)]);
        let relay = Relay::to(listening.addresses()[0]);
        let address = [relay.address];
        let mut server = AdbServer::start();
        let mut run = Followed::start([&server]);
        let mut arrive = |run: &mut Followed| {
            server.connect(relay.address);
            // The check of whoever was there before ends without an answer.
            let verdict = loop {
                let verdict = run.wait_for("verdict");
                if verdict["device"]["verdict"] != "unknown" {
                    break verdict;
                }
            };
            server.disconnect(relay.address);
            run.removed(&address);
            verdict
        };
        let before = arrive(&mut run);
        relay.lead_to(listening.addresses()[1]);
        let taken = arrive(&mut run);
        assert_ne!(taken["device"]["verdict"], before["device"]["verdict"]);
        assert_ne!(taken["phone"], before["phone"], "{taken}");
        assert_eq!((&taken["before"], &taken["fixed"]), (&Value::Null, &false.into()));
        relay.lead_to(listening.addresses()[0]);
        let back = arrive(&mut run);
        assert_eq!(back["phone"], before["phone"], "it is the same phone: {back}");
    }
}
