//! Phones on the network that break at every step of a session without a server, and what ends a
//! run or a worker early: each costs its own row only, in time, and leaves no process behind.

use std::fmt::Write as _;
use std::time::Duration;

use crate::support::phones::{listen, patched, vulnerable};
use crate::support::processes::{assert_none_left, of_run};
use micheck_adb::message::MessageCommand;
use micheck_simulator::{Authorisation, Fault, FloodPlace, Moment, Phone, TransportFault};

/// What the program itself may take while a phone does its worst; a worker has its own limit.
const MAX_MEMORY_BYTES: u64 = 24 << 20;

/// A phone that breaks, and what must be said of it.
struct Case {
    name: String,
    phone: Phone,
    /// How long its person has.
    wait: &'static str,
    expected: &'static str,
}

fn case(name: impl Into<String>, phone: Phone, expected: &'static str) -> Case {
    Case { name: name.into(), phone, wait: "0", expected }
}

/// A phone that would be fine.
fn faulty(fault: Fault, expected: &'static str) -> Case {
    case(format!("{fault:?}"), patched("broken").fault(fault), expected)
}

/// The same where it asks its person, who never answers.
fn faulty_asking(fault: Fault, wait: &'static str, expected: &'static str) -> Case {
    let phone = patched("broken").authorisation(Authorisation::Ask { allowed_after: None });
    Case { wait, ..case(format!("asks, {fault:?}"), phone.fault(fault), expected) }
}

fn at(at: Moment, what: TransportFault) -> Fault {
    Fault::Transport { at, what }
}

/// Scans each phone in a run of its own with a well one beside it, a few runs at a time.
fn check(cases: Vec<Case>, timeout: &str, at_once: usize) {
    let cases = std::sync::Mutex::new(cases.into_iter());
    let wrong = std::sync::Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..at_once {
            scope.spawn(|| {
                loop {
                    let Some(case) = cases.lock().unwrap().next() else { return };
                    let found = found(&case, timeout);
                    let expected = format!("{}, patched", case.expected);
                    if found != expected {
                        let line = format!("{}: {found}, not {expected}", case.name);
                        wrong.lock().unwrap().push(line);
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What is said of the case's phone and of the well one, and what else is wrong.
fn found(case: &Case, timeout: &str) -> String {
    let network = listen([case.phone.clone(), patched("well")]);
    let args = ["--timeout", timeout, "--wait-auth", case.wait, "--quiet"];
    let (run, home) = network.scan().args(args).run_in_dir();
    let [broken, well] = [0, 1].map(|index| run.verdict(&network.serial(index)));
    let mut found = format!("{broken}, {well}");
    if run.peak_memory_bytes > Some(MAX_MEMORY_BYTES) {
        write!(found, ", {} bytes of memory", run.peak_memory_bytes.unwrap()).unwrap();
    }
    if !run.stderr.is_empty() {
        write!(found, ", and on stderr: {}", run.stderr).unwrap();
    }
    assert_none_left(home.path());
    found
}

const ASKING: [Moment; 3] = [Moment::Token, Moment::Refusal, Moment::Key];
const SESSION: [Moment; 5] =
    [Moment::Introduction, Moment::Introduced, Moment::Opening, Moment::Answer, Moment::Middle];

#[test]
fn a_phone_that_hangs_up_was_disconnected() {
    let mut cases = vec![
        faulty(Fault::UnplugAfter { bytes: 0 }, "unknown: disconnected"),
        faulty(Fault::UnplugAfter { bytes: 900 }, "unknown: disconnected"),
        // Everything was said before.
        faulty(at(Moment::Closing, TransportFault::Close), "patched"),
        faulty(Fault::UnplugAfter { bytes: usize::MAX }, "patched"),
        // The old shell: what is asked next finds nobody.
        case(
            "old, Closing",
            Phone::xiaomi("old").android(6).fault(at(Moment::Closing, TransportFault::Close)),
            "unknown: disconnected",
        ),
    ];
    cases.extend(
        SESSION.map(|moment| faulty(at(moment, TransportFault::Close), "unknown: disconnected")),
    );
    let hangs_up = |moment| at(moment, TransportFault::Close);
    cases.extend(
        ASKING.map(|moment| faulty_asking(hangs_up(moment), "10m", "unknown: disconnected")),
    );
    for moment in [Moment::Token, Moment::Refusal] {
        cases.push(faulty_asking(hangs_up(moment), "0", "unknown: disconnected"));
    }
    check(cases, "10m", 4);
}

#[test]
fn a_phone_that_falls_silent_ends_by_its_deadline() {
    let mut cases = vec![
        faulty(Fault::IgnoreShell, "unknown: timeout"),
        faulty(Fault::StallAfter { bytes: 0 }, "unknown: timeout"),
        faulty(Fault::StallAfter { bytes: 900 }, "unknown: timeout"),
        faulty(Fault::Trickle { bytes: 1, every: Duration::from_millis(200) }, "unknown: timeout"),
        faulty(at(Moment::Introduction, TransportFault::Trickle), "unknown: timeout"),
        faulty(at(Moment::Opening, TransportFault::Trickle), "unknown: timeout"),
        faulty(at(Moment::Answer, TransportFault::Trickle), "unknown: timeout"),
        faulty(at(Moment::Middle, TransportFault::Trickle), "unknown: timeout"),
        // It says nothing, again and again.
        faulty(at(Moment::Answer, TransportFault::EmptyFlood), "unknown: timeout"),
        faulty(at(Moment::Middle, TransportFault::EmptyFlood), "unknown: timeout"),
        faulty_asking(at(Moment::Token, TransportFault::Stall), "0", "unknown: timeout"),
        faulty_asking(at(Moment::Token, TransportFault::Stall), "10m", "unknown: timeout"),
        faulty_asking(at(Moment::Refusal, TransportFault::Stall), "10m", "unknown: timeout"),
        faulty_asking(at(Moment::Token, TransportFault::Trickle), "10m", "unknown: timeout"),
        // That is how a phone waits for its person.
        faulty_asking(at(Moment::Key, TransportFault::Stall), "1s", "unknown: auth_refused"),
        faulty(at(Moment::Closing, TransportFault::Stall), "patched"),
        faulty(Fault::StallAfter { bytes: usize::MAX }, "patched"),
        case(
            "at risk, Closing",
            vulnerable("at risk").fault(at(Moment::Closing, TransportFault::Stall)),
            "vulnerable",
        ),
        case(
            "old, Closing",
            Phone::xiaomi("old").android(6).fault(at(Moment::Closing, TransportFault::Stall)),
            "unknown: timeout",
        ),
    ];
    cases.extend(
        SESSION.map(|moment| faulty(at(moment, TransportFault::Stall), "unknown: timeout")),
    );
    // They wait most of the time, all at once.
    let count = cases.len();
    check(cases, "5s", count);
}

#[test]
fn what_is_no_message_is_unreadable_and_what_never_was_a_phone_unreachable() {
    let unreadable = "unknown: unreadable_answer";
    let unreachable = "unknown: unreachable";
    let mut cases = vec![
        // A message was due; it isn't needed any more.
        faulty(at(Moment::Closing, TransportFault::Garbage), "patched"),
        faulty(at(Moment::Closing, TransportFault::HugeLength), "patched"),
        faulty(at(Moment::Introduced, TransportFault::Garbage), unreadable),
        // As long as a message may be, and no longer.
        faulty(at(Moment::Introduction, TransportFault::LongPayload), "patched"),
        faulty_asking(at(Moment::Token, TransportFault::LongPayload), "10m", unreadable),
        faulty_asking(at(Moment::Key, TransportFault::Garbage), "10m", unreadable),
    ];
    let spoilt = [
        TransportFault::Garbage,
        TransportFault::BadMagic,
        TransportFault::HugeLength,
        TransportFault::BadChecksum,
    ];
    for what in spoilt {
        // Nothing that came before it was ADB.
        let has_no_head = matches!(what, TransportFault::Garbage | TransportFault::BadMagic);
        let at_first = if has_no_head { unreachable } else { unreadable };
        cases.push(faulty(at(Moment::Introduction, what), at_first));
        for moment in [Moment::Opening, Moment::Answer, Moment::Middle] {
            cases.push(faulty(at(moment, what), unreadable));
        }
        cases.push(faulty_asking(at(Moment::Token, what), "10m", at_first));
        cases.push(faulty_asking(at(Moment::Refusal, what), "10m", unreadable));
    }
    check(cases, "10m", 4);
}

#[test]
fn messages_that_belong_to_nothing_are_passed_over_but_not_for_ever() {
    let unreadable = "unknown: unreadable_answer";
    let mut cases = Vec::new();
    for what in
        [TransportFault::StrayOkays, TransportFault::StrayWrites, TransportFault::StrayCloses]
    {
        cases.extend(SESSION.map(|moment| faulty(at(moment, what), unreadable)));
        cases.push(faulty_asking(at(Moment::Token, what), "10m", unreadable));
        cases.push(faulty_asking(at(Moment::Key, what), "10m", unreadable));
        cases.push(faulty(at(Moment::Closing, what), "patched"));
    }
    cases.extend(SESSION.map(|moment| faulty(at(moment, TransportFault::SomeStrays), "patched")));
    // A second introduction is one to a former session; a thousand are none.
    for moment in SESSION {
        cases.push(faulty(at(moment, TransportFault::Introductions), unreadable));
    }
    cases.push(faulty_asking(at(Moment::Key, TransportFault::Introductions), "10m", unreadable));
    cases.push(faulty(at(Moment::Opening, TransportFault::Flood), unreadable));
    // A phone that says nothing of itself.
    cases.push(faulty(at(Moment::Introduction, TransportFault::EmptyFlood), "unknown: offline"));
    check(cases, "10m", 4);
}

#[test]
fn tokens_without_end_are_not_signed_without_end() {
    let tokens = |moment| at(moment, TransportFault::Tokens);
    let cases = vec![
        faulty_asking(tokens(Moment::Token), "0", "unknown: unauthorized"),
        faulty_asking(tokens(Moment::Token), "10m", "unknown: auth_refused"),
        faulty_asking(tokens(Moment::Refusal), "10m", "unknown: auth_refused"),
        faulty_asking(tokens(Moment::Key), "10m", "unknown: auth_refused"),
        // It seemed to allow this computer, and now it doesn't.
        faulty(tokens(Moment::Introduction), "unknown: unauthorized"),
        faulty(tokens(Moment::Introduced), "unknown: unauthorized"),
        faulty(tokens(Moment::Opening), "unknown: unauthorized"),
        faulty(tokens(Moment::Answer), "unknown: unreadable_answer"),
        faulty(tokens(Moment::Middle), "unknown: unreadable_answer"),
    ];
    check(cases, "10m", 4);
}

#[test]
fn answers_that_are_wrong_cost_their_own_row_only() {
    let large = "unknown: answer_too_large";
    let cut = "unknown: incomplete_answer";
    let flood = |lines, place| Fault::Flood { lines, place };
    let old = |fault: Fault, expected| {
        case(format!("old, {fault:?}"), patched("old").android(6).fault(fault), expected)
    };
    let cases = vec![
        faulty(flood(false, FloodPlace::Start), large),
        faulty(flood(true, FloodPlace::Dump), large),
        faulty(at(Moment::Answer, TransportFault::Flood), large),
        // It begins within a packet, whose rest it isn't.
        faulty(at(Moment::Middle, TransportFault::Flood), "unknown: unreadable_answer"),
        faulty(Fault::HugePacket, large),
        faulty(Fault::RepeatMarker, large),
        faulty(Fault::Garbage, "unknown: unreadable_answer"),
        faulty(Fault::UnknownPacket, "unknown: unreadable_answer"),
        faulty(Fault::BadExitPacket { length: 2 }, "unknown: unreadable_answer"),
        faulty(Fault::CloseAfter { bytes: 900 }, cut),
        faulty(Fault::NoExitPacket, cut),
        faulty(Fault::RefuseShell { message: String::new() }, cut),
        faulty(Fault::DoubleMarkers, cut),
        faulty(Fault::OmitFinalMarker, cut),
        faulty(Fault::EchoCommand, cut),
        old(flood(true, FloodPlace::Dump), large),
        old(at(Moment::Answer, TransportFault::Flood), large),
        old(Fault::CloseAfter { bytes: 900 }, cut),
        old(at(Moment::Middle, TransportFault::Close), "unknown: disconnected"),
    ];
    check(cases, "10m", 4);
}

#[test]
fn sixty_broken_phones_starve_nobody() {
    let broken = (0..60).map(|n| {
        patched("broken").fault(match n % 5 {
            0 => Fault::Flood { lines: true, place: FloodPlace::Dump },
            1 => at(Moment::Introduction, TransportFault::LongPayload),
            2 => at(Moment::Middle, TransportFault::HugeLength),
            3 => at(Moment::Opening, TransportFault::StrayWrites),
            _ => at(Moment::Introduction, TransportFault::Garbage),
        })
    });
    let network = listen(broken.chain([vulnerable("well")]));
    let (run, home) = network.scan().args(["--timeout", "10m"]).run_in_dir();
    assert_eq!(run.verdict(&network.serial(60)), "vulnerable");
    let summary = &run.json()["summary"];
    assert_eq!((&summary["unknown"], &summary["patched"]), (&48.into(), &12.into()), "{summary}");
    assert_none_left(home.path());
}

/// Ends of runs, by signals and by the loss of the other end of a pipe.
#[cfg(target_os = "linux")]
mod ends {
    use std::io::{Read as _, Write as _};
    use std::process::{ChildStdin, Stdio};

    use rustix::process::{Pid, Signal, kill_process};
    use serde_json::json;

    use super::*;
    use crate::support::phones::Network;
    use crate::support::{Micheck, Started, wait_until};

    const WORKER: &str = "worker";

    /// A run in the middle of a phone's answer, which doesn't go on.
    fn in_mid_answer() -> (Started, Network) {
        let network = listen([patched("wedged").fault(at(Moment::Middle, TransportFault::Stall))]);
        let started = network.scan().args(["--timeout", "10m"]).start();
        wait_until("the phone is asked", || network.has_received(0, MessageCommand::Open));
        assert_eq!(of_run(started.dir()).len(), 2, "the program and a worker");
        (started, network)
    }

    #[test]
    fn a_worker_ends_with_a_parent_that_is_killed() {
        let (mut started, _network) = in_mid_answer();
        started.kill();
        assert_none_left(started.dir());
        assert_eq!(started.wait().0.code, None);
    }

    #[test]
    fn a_worker_ends_with_a_parent_that_is_interrupted() {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let (started, _network) = in_mid_answer();
            let pid = Pid::from_raw(i32::try_from(started.id()).unwrap()).unwrap();
            kill_process(pid, signal).unwrap();
            assert_none_left(started.dir());
            let (run, _) = started.wait();
            assert_eq!((run.code, run.stdout.as_str()), (Some(130), ""), "{signal:?}");
        }
    }

    /// A worker by itself, with these requests; `keep`: with its standard input left open.
    struct Worker {
        child: std::process::Child,
        stdin: Option<ChildStdin>,
    }

    impl Worker {
        fn start() -> Self {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_micheck"));
            command.arg(WORKER).env_clear();
            if let Some(profile) = std::env::var_os("LLVM_PROFILE_FILE") {
                command.env("LLVM_PROFILE_FILE", profile);
            }
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let stdin = child.stdin.take();
            Self { child, stdin }
        }

        /// It may have ended before it took all of it.
        fn send(&mut self, bytes: &[u8]) {
            let _ = self.stdin.as_mut().unwrap().write_all(bytes);
        }

        fn request(&mut self, version: &str, request: &serde_json::Value) {
            let line = json!({ "protocol": 3, "version": version, "request": request });
            self.send(format!("{line}\n").as_bytes());
        }

        /// The next event that is trouble: its reason and detail.
        fn trouble(&mut self) -> (String, String) {
            let stdout = self.child.stdout.as_mut().unwrap();
            let mut head = [0; 5];
            stdout.read_exact(&mut head).unwrap();
            let [kind, length @ ..] = head;
            assert_eq!(kind, 1, "an event");
            let mut body = vec![0; u32::from_le_bytes(length).try_into().unwrap()];
            stdout.read_exact(&mut body).unwrap();
            let event: serde_json::Value = serde_json::from_slice(&body).unwrap();
            let text = |key: &str| event["link_error"][key].as_str().unwrap_or_default().to_owned();
            (text("reason"), text("detail"))
        }

        /// Closes its input, and waits for its end: its exit code and whatever it still wrote.
        fn end(mut self) -> (Option<i32>, Vec<u8>) {
            drop(self.stdin.take());
            let mut status = None;
            wait_until("the worker ends", || {
                status = self.child.try_wait().unwrap();
                status.is_some()
            });
            let mut rest = Vec::new();
            self.child.stdout.take().unwrap().read_to_end(&mut rest).unwrap();
            let mut complaints = String::new();
            self.child.stderr.take().unwrap().read_to_string(&mut complaints).unwrap();
            assert_eq!(complaints, "");
            (status.unwrap().code(), rest)
        }
    }

    impl Drop for Worker {
        fn drop(&mut self) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }

    #[test]
    fn a_worker_refuses_what_its_own_parent_would_not_say() {
        let mut worker = Worker::start();
        let replaced = "micheck was replaced by another version while it ran: run it again";
        let refusal = ("worker_failed".to_owned(), replaced.to_owned());
        worker.request("0.0.0", &json!("list_usb"));
        assert_eq!(worker.trouble(), refusal);
        worker.request(env!("CARGO_PKG_VERSION"), &json!("fly"));
        assert_eq!(worker.trouble(), refusal);
        worker.send(b"\xff\xfe garbage \0\n");
        assert_eq!(worker.trouble(), refusal);
        worker.send(b"\n");
        assert_eq!(worker.trouble(), refusal);
        // It still does what it is there for.
        worker.request(env!("CARGO_PKG_VERSION"), &json!({ "run": { "service": "shell:echo" } }));
        assert_eq!(worker.trouble().0, "disconnected", "there is no session");
        assert_eq!(worker.end(), (Some(0), Vec::new()));
    }

    #[test]
    fn a_worker_ends_when_nobody_is_left_to_serve() {
        assert_eq!(Worker::start().end(), (Some(0), Vec::new()));
        for nonsense in [b"no line".to_vec(), vec![b'x'; 1 << 20]] {
            let mut worker = Worker::start();
            worker.send(&nonsense);
            assert_eq!(worker.end(), (Some(0), Vec::new()));
        }
        // In the middle of whatever it does, too.
        let network =
            listen([patched("silent").fault(at(Moment::Introduction, TransportFault::Stall))]);
        let mut worker = Worker::start();
        let target = json!({
            "network": { "host": "127.0.0.1", "port": network.address(0).port() }
        });
        let connect = json!({ "connect": { "target": target, "key": "/none", "ask": false } });
        worker.request(env!("CARGO_PKG_VERSION"), &connect);
        wait_until("the worker is at it", || network.has_received(0, MessageCommand::Connect));
        assert_eq!(worker.end(), (Some(0), Vec::new()));
    }

    #[test]
    fn a_program_that_is_replaced_meanwhile_goes_on() {
        // The later workers start when the first phones have kept theirs for their whole time.
        let silent = || patched("silent").fault(at(Moment::Introduction, TransportFault::Stall));
        for replacement in [None, Some("#!/bin/sh\nexit 1\n")] {
            let network = listen((0..16).map(|_| silent()).chain([patched("well")]));
            let folder = tempfile::tempdir().unwrap();
            let program = folder.path().join("micheck");
            std::fs::copy(env!("CARGO_BIN_EXE_micheck"), &program).unwrap();
            let started = network.scan().args(["--timeout", "5s"]).program(&program).start();
            wait_until("the first are asked", || {
                (0..16).all(|index| network.has_received(index, MessageCommand::Connect))
            });
            std::fs::remove_file(&program).unwrap();
            if let Some(text) = replacement {
                std::fs::write(&program, text).unwrap();
            }
            let (run, _) = started.wait();
            assert_eq!(run.verdict(&network.serial(16)), "patched", "{replacement:?}");
        }
    }

    #[test]
    fn the_worker_is_no_command_for_people() {
        let help = Micheck::new(["--help"]).run();
        assert!(!help.stdout.contains(WORKER), "{}", help.stdout);
    }
}
