//! Which phones there are, what is true of them, and what each does while it is plugged in.

use std::collections::VecDeque;
use std::time::Duration;

use micheck_simulator::{Fault, FloodPlace, Phone};

use super::random::Random;

const RISK: &str = "3.1.874.10";
const FIXED: &str = "3.1.921.10";

/// How many faults there are.
pub(crate) const FAULTS: u64 = 19;

/// A phone, and all that it will do.
pub(crate) struct Part {
    pub(crate) phone: Phone,
    pub(crate) visits: VecDeque<Visit>,
    /// It is on the network, so that it has no port.
    pub(crate) on_network: bool,
    /// Its verdict whenever it is asked; `None`: that changes, or there is none.
    pub(crate) verdict: Option<&'static str>,
    /// It may leave while it is asked.
    pub(crate) leaves_by_itself: bool,
}

/// From plugging in to unplugging.
pub(crate) struct Visit {
    /// How long after the visit before.
    pub(crate) gap: Duration,
    pub(crate) steps: VecDeque<Step>,
    /// The verdicts that are true of it, besides `unknown`.
    pub(crate) truth: Vec<&'static str>,
}

/// What a phone does, one after the other; after the last one it is unplugged.
#[derive(Debug)]
pub(crate) enum Step {
    /// It stays for so long.
    Stay(Duration),
    /// It stays until its next verdict, which is to be one of these; reasons stand behind a colon.
    Next(Vec<&'static str>),
    /// It stays until this verdict; `unknown` may come before.
    AtLast(&'static str),
    /// Its state changes.
    State(&'static str),
    /// It answers otherwise from now on, and this verdict is true of it, too.
    Become(Box<Phone>, &'static str),
}

impl Visit {
    pub(crate) fn new(truth: &'static str, steps: impl IntoIterator<Item = Step>) -> Self {
        let gap = Duration::ZERO;
        Self { gap, steps: steps.into_iter().collect(), truth: vec![truth] }
    }

    fn after(mut self, gap: Duration) -> Self {
        self.gap = gap;
        self
    }
}

impl Part {
    fn new(phone: Phone, visits: impl Into<VecDeque<Visit>>) -> Self {
        Self {
            phone,
            visits: visits.into(),
            on_network: false,
            verdict: None,
            leaves_by_itself: false,
        }
    }

    /// One that is the same whenever it is asked.
    fn steady(phone: Phone, verdict: &'static str, visits: impl Into<VecDeque<Visit>>) -> Self {
        Self { verdict: Some(verdict), ..Self::new(phone, visits) }
    }

    /// A phone of which nothing special is to be told, and its verdict.
    fn well(serial: &str, random: &mut Random) -> (Phone, &'static str) {
        let android = [6, 9, 11, 14, 15, 16][index(random, 6)];
        let (phone, truth) = match random.number(0..10) {
            0..3 => (Phone::xiaomi(serial).version(RISK).android(android), "vulnerable"),
            3 => (Phone::poco(serial).version("3.1.900.12").android(android), "unconfirmed"),
            4..8 => (Phone::xiaomi(serial).version(FIXED).android(android), "patched"),
            8 => (Phone::xiaomi(serial).android(android), "not_installed"),
            _ => (Phone::pixel(serial), "not_applicable"),
        };
        (phone.property_lines(60), truth)
    }

    /// A phone that is only asked.
    pub(crate) fn plain(serial: &str, random: &mut Random) -> Self {
        let (phone, truth) = Self::well(serial, random);
        Self::steady(phone, truth, [Visit::new(truth, [Step::Next(vec![truth])])])
    }

    /// One of all that there are.
    pub(crate) fn any(serial: &str, random: &mut Random) -> Self {
        match random.number(0..100) {
            0..50 => Self::comes_and_goes(serial, random),
            50..58 => Self::hasty(serial, random),
            58..63 => Self::flaps(serial, random),
            63..80 => {
                let fault = random.number(0..FAULTS);
                Self::sick(serial, fault, random)
            }
            80..84 => Self::locked(serial, random),
            84..88 => Self::is_allowed(serial, random),
            88..90 => Self::starts(serial),
            90..93 => Self::is_updated(serial),
            93..94 => Self::loses_the_app(serial),
            94..97 => Self::wavers(serial),
            _ => Self::recovers(serial),
        }
    }

    fn comes_and_goes(serial: &str, random: &mut Random) -> Self {
        let (phone, truth) = Self::well(serial, random);
        let mut visits = VecDeque::new();
        // Most come once; some come again, at once or after a while.
        loop {
            let gap = if random.percent(50) { 0..1 } else { 0..9000 };
            let steps = [Step::Stay(random.time(400..2600)), Step::Next(vec![truth])];
            visits.push_back(Visit::new(truth, steps).after(random.time(gap)));
            if random.percent(75) {
                let on_network = random.percent(10);
                return Self { on_network, ..Self::steady(phone, truth, visits) };
            }
        }
    }

    /// Leaves before anybody can know what comes of it.
    fn hasty(serial: &str, random: &mut Random) -> Self {
        let (phone, truth) = Self::well(serial, random);
        let phone = phone.delay(random.time(0..200));
        let visit = Visit::new(truth, [Step::Stay(random.time(0..150))]);
        Self::steady(phone, truth, [visit])
    }

    /// Its plug is loose; then it sits.
    fn flaps(serial: &str, random: &mut Random) -> Self {
        let (phone, truth) = Self::well(serial, random);
        let mut visits: VecDeque<Visit> = (0..random.number(2..7))
            .map(|_| Visit::new(truth, [Step::Stay(random.time(1..90))]).after(random.time(0..60)))
            .collect();
        visits.push_back(Visit::new(truth, [Step::Next(vec![truth])]).after(random.time(0..60)));
        Self::steady(phone, truth, visits)
    }

    /// Something is wrong with it, so that it can't be judged; least of all is it fine.
    pub(crate) fn sick(serial: &str, fault: u64, random: &mut Random) -> Self {
        let flood = |lines, place| Fault::Flood { lines, place };
        // Well before an answer's end.
        let bytes = index(random, 9000);
        let refusal = || "closed by the soak".to_owned();
        let (fault, reason) = match fault {
            0 => (Fault::StallAfter { bytes }, "unknown:timeout"),
            1 => (Fault::StallAtMarker { index: 2 }, "unknown:timeout"),
            2 => (Fault::IgnoreShell, "unknown:timeout"),
            3 => (Fault::IgnoreTransport, "unknown:offline"),
            4 => {
                (Fault::Trickle { bytes: 1, every: Duration::from_millis(100) }, "unknown:timeout")
            }
            5 => (flood(false, FloodPlace::Start), "unknown:answer_too_large"),
            6 => (flood(true, FloodPlace::Dump), "unknown:answer_too_large"),
            7 => (Fault::HugePacket, "unknown:answer_too_large"),
            8 => (Fault::RepeatMarker, "unknown:answer_too_large"),
            9 => (Fault::Garbage, "unknown:unreadable_answer"),
            10 => (Fault::UnknownPacket, "unknown:unreadable_answer"),
            11 => (Fault::BadExitPacket { length: 4 }, "unknown:unreadable_answer"),
            12 | 13 => (Fault::CloseAfter { bytes }, "unknown:incomplete_answer"),
            14 | 15 => (Fault::UnplugAfter { bytes }, "unknown:disconnected"),
            16 => (Fault::DoubleMarkers, "unknown:incomplete_answer"),
            17 => (Fault::RefuseShell { message: refusal() }, "unknown:unreadable_answer"),
            _ => (Fault::OmitFinalMarker, "unknown:incomplete_answer"),
        };
        let leaves_by_itself = matches!(fault, Fault::UnplugAfter { .. });
        let at_risk = random.percent(70);
        let version = if at_risk { RISK } else { FIXED };
        let phone = Phone::xiaomi(serial).version(version).fault(fault);
        // That it is at risk may be seen before the rest goes wrong, that it is fine may not; and
        // many sick ones at once make one another slow.
        let mut expected = vec![reason, "unknown:timeout"];
        expected.extend(at_risk.then_some("vulnerable"));
        let mut visit = Visit::new(
            if at_risk { "vulnerable" } else { "unknown" },
            [Step::Next(expected), Step::Stay(random.time(0..300))],
        );
        if random.percent(20) {
            visit.steps = [Step::Stay(random.time(0..2500))].into();
        }
        Self { leaves_by_itself, ..Self::new(phone, [visit]) }
    }

    /// Nobody allows it.
    fn locked(serial: &str, random: &mut Random) -> Self {
        let state = ["unauthorized", "offline", "recovery", "no permissions"][index(random, 4)];
        let phone = Phone::xiaomi(serial).version(RISK).state(state);
        let mut visit = Visit::new("unknown", [Step::Stay(random.time(100..900))]);
        visit.truth.clear();
        Self::new(phone, [visit])
    }

    /// Its person taps Allow.
    fn is_allowed(serial: &str, random: &mut Random) -> Self {
        let (phone, truth) = Self::well(serial, random);
        let allow = Step::Stay(random.time(50..900));
        let steps = [allow, Step::State("device"), Step::Next(vec![truth])];
        Self::new(phone.state("unauthorized"), [Visit::new(truth, steps)])
    }

    fn starts(serial: &str) -> Self {
        let app = Phone::xiaomi(serial);
        let phone = app.clone().without_property("sys.boot_completed");
        let steps = [
            Step::Stay(Duration::from_millis(500)),
            Step::Become(Box::new(app), "not_installed"),
            Step::Next(vec!["not_installed"]),
        ];
        Self::new(phone, [Visit::new("not_installed", steps)])
    }

    fn is_updated(serial: &str) -> Self {
        let phone = Phone::xiaomi(serial).version(RISK);
        let updated = Phone::xiaomi(serial).version(FIXED);
        Self::turns(phone, updated, "patched")
    }

    fn loses_the_app(serial: &str) -> Self {
        Self::turns(Phone::xiaomi(serial).version(RISK), Phone::xiaomi(serial), "not_installed")
    }

    /// At risk, and then no longer.
    fn turns(phone: Phone, then: Phone, verdict: &'static str) -> Self {
        let mut visit = Visit::new("vulnerable", [Step::Next(vec!["vulnerable"])]);
        visit.steps.extend([Step::Become(Box::new(then), verdict), Step::Next(vec![verdict])]);
        Self::new(phone, [visit])
    }

    /// Its connection is lost in mid-answer and comes back.
    fn wavers(serial: &str) -> Self {
        let phone = Phone::xiaomi(serial).version(RISK).delay(Duration::from_millis(300));
        let steps = [
            Step::Stay(Duration::from_millis(150)),
            Step::State("offline"),
            Step::Stay(Duration::from_millis(100)),
            Step::State("device"),
            Step::AtLast("vulnerable"),
        ];
        Self::new(phone, [Visit::new("vulnerable", steps)])
    }

    /// Its first answer is cut off.
    fn recovers(serial: &str) -> Self {
        let phone = Phone::xiaomi(serial).version(FIXED);
        let phone = phone.fault(Fault::CloseAfter { bytes: 900 }).fault_times(1);
        let steps = [Step::Next(vec!["unknown:incomplete_answer"]), Step::AtLast("patched")];
        Self::new(phone, [Visit::new("patched", steps)])
    }
}

fn index(random: &mut Random, end: u64) -> usize {
    usize::try_from(random.number(0..end)).unwrap()
}
