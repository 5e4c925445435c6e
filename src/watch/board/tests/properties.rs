//! Whatever happens in whatever order: no check on an absent phone, never two at once, and every
//! verdict belongs to the phone that was asked.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use micheck_core::update_route::UpdateKind;

/// Something that happens on a bench of four ports.
#[derive(Debug, Clone)]
enum Step {
    /// A phone of this number is plugged in there, with whatever was there gone.
    Plug(usize, usize),
    Unplug(usize),
    /// What is there can, or can't, be asked.
    Reason(usize, Option<Reason>),
    /// The oldest attempts that nobody has answered: which of them, and what it says.
    Answer(usize, usize),
    /// An answer to an attempt that is over.
    Late(usize),
    Waits(usize),
    AskAgain(u32),
    ShowUpdater(u32),
    Wait(u64),
    ServerLost,
    ServerBack,
}

fn step() -> impl Strategy<Value = Step> {
    let reason = prop_oneof![
        Just(None),
        Just(Some(Reason::Unauthorized)),
        Just(Some(Reason::Offline)),
        Just(Some(Reason::UsbDebuggingOff)),
    ];
    prop_oneof![
        4 => (0..4_usize, 0..6_usize).prop_map(|(port, phone)| Step::Plug(port, phone)),
        3 => (0..4_usize).prop_map(Step::Unplug),
        2 => (0..4_usize, reason).prop_map(|(port, reason)| Step::Reason(port, reason)),
        8 => (0..3_usize, 0..7_usize).prop_map(|(attempt, answer)| Step::Answer(attempt, answer)),
        1 => (0..50_usize).prop_map(Step::Late),
        1 => (0..3_usize).prop_map(Step::Waits),
        1 => (0..9_u32).prop_map(Step::AskAgain),
        2 => (0..9_u32).prop_map(Step::ShowUpdater),
        4 => prop_oneof![0..500_u64, 0..5_000_u64, 0..40_000_u64].prop_map(Step::Wait),
        1 => Just(Step::ServerLost),
        1 => Just(Step::ServerBack),
    ]
}

/// What is plugged in at a port.
#[derive(Debug, Clone)]
struct Plugged {
    handle: u64,
    phone: usize,
    reason: Option<Reason>,
}

/// What must hold, as far as it is known from outside.
#[derive(Default)]
struct Model {
    ports: BTreeMap<usize, Plugged>,
    handles: u64,
    /// Attempts that weren't answered or abandoned, with their connections.
    running: BTreeMap<u64, u64>,
    over: Vec<u64>,
    checks: BTreeSet<u64>,
    judged: BTreeSet<u64>,
    first: BTreeSet<(u32, u32)>,
    present: BTreeMap<u32, u32>,
    asked_at: BTreeMap<usize, u64>,
    /// The phones whose updater somebody wanted to see.
    wanted: BTreeSet<u32>,
}

impl Model {
    fn sightings(&self) -> Vec<Sighting> {
        let at = |(port, plugged): (&usize, &Plugged)| {
            // Two phones have one number, and one has none.
            let serial = ["S0", "S1", "S2", "S9", "S9", ""][plugged.phone];
            let seen = sighting(plugged.handle, serial, &format!("usb:1-{port}"));
            Sighting { reason: plugged.reason, ..seen }
        };
        self.ports.iter().map(at).collect()
    }

    fn of_handle(&self, handle: u64) -> Option<&Plugged> {
        self.ports.values().find(|plugged| plugged.handle == handle)
    }

    fn check(&mut self, bench: &mut Bench) -> Result<(), TestCaseError> {
        let ms = bench.ms;
        for action in std::mem::take(&mut bench.actions) {
            match action {
                Action::Ask { attempt, handle, show, .. } => {
                    let plugged = self.of_handle(handle.0);
                    prop_assert!(plugged.is_some(), "asked an absent phone");
                    let plugged = plugged.unwrap();
                    prop_assert_eq!(plugged.reason, None);
                    prop_assert!(!self.running.values().any(|other| *other == handle.0), "twice");
                    if plugged.phone < 3 {
                        let before = self.asked_at.insert(plugged.phone, ms);
                        // Whoever wants to see something waits for nothing.
                        let rested = before.is_none_or(|before| ms - before >= 2000);
                        prop_assert!(rested || show.is_some());
                    }
                    if let Some(show) = show {
                        let mut phones = bench.board.phones().iter();
                        let phone = phones.find(|phone| phone.attempt() == Some(attempt)).unwrap();
                        prop_assert!(bench.board.may_show_updater(phone), "it is fine");
                        prop_assert!(self.wanted.contains(&phone.id.0), "nobody wants it");
                        let is_it = show.identity.is_none_or(|identity| identity == phone.identity);
                        prop_assert!(is_it, "another one is meant");
                    }
                    self.running.insert(attempt.0, handle.0);
                }
                Action::Abandon(attempt) => {
                    prop_assert!(self.running.remove(&attempt.0).is_some());
                    self.over.push(attempt.0);
                }
                Action::Ring(times) => prop_assert!((1..=2).contains(&times)),
                Action::Tell(told) => self.told(&told, &bench.board)?,
            }
        }
        Ok(())
    }

    fn told(&mut self, told: &WatchEvent, board: &Board) -> Result<(), TestCaseError> {
        match told {
            WatchEvent::PhoneAdded(line) => {
                prop_assert_eq!(self.present.insert(line.phone.number, line.phone.visit), None);
            }
            WatchEvent::PhoneRemoved(line) => {
                prop_assert_eq!(self.present.remove(&line.phone.number), Some(line.phone.visit));
            }
            WatchEvent::CheckStarted(line) => {
                prop_assert_eq!(self.present.get(&line.phone.number), Some(&line.phone.visit));
                prop_assert!(self.checks.insert(line.check));
            }
            WatchEvent::Verdict(line) => {
                prop_assert_eq!(self.present.get(&line.phone), Some(&line.visit));
                prop_assert!(self.judged.insert(line.check), "one verdict a check");
                prop_assert!(line.recheck || self.checks.contains(&line.check));
                if line.first {
                    prop_assert!(self.first.insert((line.phone, line.visit)));
                }
                if let Some(handle) = line.device.connection.transport_id {
                    // Whose answer it is stands in the answer.
                    let phone = board.phone(PhoneId(line.phone)).unwrap();
                    prop_assert_eq!(
                        phone.presence,
                        Presence::Present { handle: ConnectionId(handle), reason: None }
                    );
                }
            }
            WatchEvent::StateChanged(line) => {
                prop_assert_eq!(self.present.get(&line.phone.number), Some(&line.phone.visit));
                prop_assert!(line.from != line.to);
            }
            WatchEvent::UpdaterRequested(line) => {
                prop_assert_eq!(self.present.get(&line.phone.number), Some(&line.phone.visit));
            }
            WatchEvent::ServerLost(_) | WatchEvent::ServerBack(_) | WatchEvent::LinesLost(_) => {}
        }
        Ok(())
    }
}

fn answer(handle: u64, kind: usize) -> DeviceReport {
    let mut report = match kind {
        0 | 1 => version(RISK),
        2 => version(FIXED),
        3 => absent(),
        4 => not_asked(Reason::StillBooting),
        5 => not_asked(Reason::Timeout),
        _ => not_asked(Reason::Unauthorized),
    };
    report.connection.transport_id = Some(handle);
    report
}

fn play(steps: Vec<Step>) -> Result<(), TestCaseError> {
    let mut bench = Bench::new();
    let mut model = Model::default();
    for step in steps {
        match step {
            Step::Plug(port, phone) => {
                // A phone is in one place at a time.
                model.ports.retain(|_, plugged| plugged.phone != phone);
                model.handles += 1;
                let handle = model.handles;
                model.ports.insert(port, Plugged { handle, phone, reason: None });
                bench.see(&model.sightings());
            }
            Step::Unplug(port) => {
                model.ports.remove(&port);
                bench.see(&model.sightings());
            }
            Step::Reason(port, reason) => {
                if let Some(plugged) = model.ports.get_mut(&port) {
                    plugged.reason = reason;
                }
                bench.see(&model.sightings());
            }
            Step::Answer(nth, kind) => {
                let oldest = model.running.iter().nth(nth).map(|(attempt, of)| (*attempt, *of));
                if let Some((attempt, handle)) = oldest {
                    model.running.remove(&attempt);
                    model.over.push(attempt);
                    bench.answer(Attempt(attempt), answer(handle, kind));
                }
            }
            Step::Late(nth) => {
                if let Some(&attempt) = model.over.get(nth) {
                    bench.answer(Attempt(attempt), answer(9_999, 2));
                    prop_assert!(bench.actions.is_empty(), "{:?}", bench.actions);
                }
            }
            Step::Waits(nth) => {
                if let Some((&attempt, _)) = model.running.iter().nth(nth) {
                    bench.take(Event::Waits { attempt: Attempt(attempt) });
                }
            }
            Step::AskAgain(phone) => bench.take(Event::AskAgain(PhoneId(phone))),
            Step::ShowUpdater(phone) => {
                model.wanted.insert(phone);
                bench.take(Event::ShowUpdater { phone: PhoneId(phone), kind: UpdateKind::Apps });
            }
            Step::Wait(ms) => {
                // Tick by tick, so that each is looked at at its own time.
                let until = bench.ms + ms;
                while let Some(Elapsed(due)) = bench.board.next_due() {
                    let due = u64::try_from(due.as_millis()).unwrap();
                    if due > until {
                        break;
                    }
                    prop_assert!(due >= bench.ms, "late");
                    bench.ms = due;
                    bench.take(Event::Tick);
                    prop_assert!(
                        bench
                            .board
                            .next_due()
                            .is_none_or(|next| next.0 > Duration::from_millis(due)
                                || !bench.actions.is_empty()),
                        "a tick that changes nothing"
                    );
                    model.check(&mut bench)?;
                }
                bench.ms = until;
            }
            Step::ServerLost => {
                let (server, detail) = ("127.0.0.1:5037".to_owned(), String::new());
                bench.take(Event::ServerLost { server, detail });
            }
            Step::ServerBack => {
                bench.take(Event::ServerBack { server: "127.0.0.1:5037".to_owned() });
            }
        }
        model.check(&mut bench)?;
        for phone in bench.board.phones() {
            // Never better than it was without an answer of this visit.
            let fine =
                phone.outcome().is_some_and(|outcome| outcome > Verdict::Unknown(Reason::NotSeen));
            prop_assert!(!fine || phone.held.is_some() || phone.taken_leave || !phone.is_present());
        }
        prop_assert_eq!(
            bench.board.phones().iter().filter(|phone| phone.is_present()).count(),
            model.ports.len()
        );
    }
    // Every check of a phone that has left has its verdict.
    bench.see(&[]);
    model.ports.clear();
    model.check(&mut bench)?;
    prop_assert!(model.checks.is_subset(&model.judged));
    prop_assert!(model.running.is_empty());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_bench_keeps_its_promises(steps in prop::collection::vec(step(), 1..120)) {
        play(steps)?;
    }
}
