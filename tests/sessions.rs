//! Sessions without an adb server that outlive one interview, and the USB bus as it changes; as a
//! library, because no command shows all of it.
//!
//! The library starts the running program once more as its worker, so this program is one, too, and
//! has no test harness that would be in the way. Each check runs in a process of its own.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![expect(clippy::print_stdout, reason = "it says what a test harness would say")]

#[expect(dead_code, reason = "the sessions need a part of what the other tests do")]
mod support;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use micheck_adb::direct::Introduction;
use micheck_adb::worker::SUBCOMMAND;
use micheck_adb::{Answer, Direct, DirectPhone, Endpoint, Link, MemoryBudget};
use micheck_core::probe;
use micheck_core::probe::Question;
use micheck_core::verdict::Reason;
use micheck_simulator::{Authorisation, Bench, ListeningThread, Phone};
use tokio::time::{Instant, timeout};

use support::Micheck;
use support::phones::patched;

/// Which check a process is for; without it, it starts them all.
const CHECK: &str = "MICHECK_CHECK";

/// Longer than any of this takes.
const LONG: Duration = Duration::from_secs(60);

/// A name, what runs under it, and what it is shown.
type Check = (&'static str, fn(), fn(Micheck) -> Micheck);

const CHECKS: &[Check] = &[
    ("a_session_is_asked_again_and_again", again_and_again, |micheck| micheck),
    ("an_answer_that_nobody_waits_for_ends_its_session", nobody_waits, |micheck| micheck),
    #[cfg(target_os = "linux")]
    ("a_worker_that_has_ended_has_no_session", worker_ended, |micheck| micheck),
];

/// Likewise, with the test beds of `tests/run`.
const IGNORED: &[Check] = &[
    #[cfg(target_os = "linux")]
    ("phones_come_and_go", on_usb::come_and_go, on_usb::with_a_phone),
];

fn main() {
    let Some(check) = std::env::var_os(CHECK) else { return run_all() };
    if std::env::args().nth(1).as_deref() == Some(SUBCOMMAND) {
        return micheck_adb::worker::main();
    }
    let (_, body, _) = CHECKS.iter().chain(IGNORED).find(|(name, ..)| check == **name).unwrap();
    body();
}

/// Runs the checks whose names contain what `cargo test` was given, and says so as a test harness does.
fn run_all() {
    let (mut has_beds, mut wanted, mut skipped) = (false, Vec::new(), Vec::new());
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--include-ignored" => has_beds = true,
            "--skip" => skipped.extend(args.next()),
            _ if arg.starts_with('-') => {}
            _ => wanted.push(arg),
        }
    }
    let is_wanted = |name: &str| {
        let holds = |part: &String| name.contains(part.as_str());
        (wanted.is_empty() || wanted.iter().any(holds)) && !skipped.iter().any(holds)
    };
    let checks = CHECKS.iter().map(|check| (check, true));
    let checks = checks.chain(IGNORED.iter().map(|check| (check, has_beds)));
    let [mut passed, mut ignored] = [0, 0];
    for ((name, _, shown), runs) in checks.filter(|((name, ..), _)| is_wanted(name)) {
        if !runs {
            println!("test {name} ... ignored, needs the test beds: tests/run");
            ignored += 1;
            continue;
        }
        let program = std::env::current_exe().unwrap();
        let itself = Micheck::new([""; 0]).program(&program).env(CHECK, name);
        let run = shown(itself).run();
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        println!("test {name} ... ok");
        passed += 1;
    }
    println!("\ntest result: ok. {passed} passed; 0 failed; {ignored} ignored\n");
}

fn blocks_on(check: impl Future<Output = ()>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(check);
}

/// This run's home, empty at first.
fn home() -> PathBuf {
    PathBuf::from(std::env::var_os("HOME").unwrap())
}

/// Lets a phone listen, and begins a session with it.
async fn connected(phone: Phone) -> (ListeningThread, DirectPhone) {
    let listening = Bench::new().phone(phone).listen_in_thread().unwrap();
    let endpoint = Endpoint::parse_phone(&listening.addresses()[0].to_string()).unwrap();
    let key = home().join("adbkey");
    micheck_adb::key::ensure(&key).unwrap();
    let phone = Direct::new(key).network_phone(&endpoint);
    assert!(!phone.has_session().await);
    let place = phone.place().await;
    let met = phone.connect(Instant::now() + LONG, LONG, place, || ()).await;
    let (Introduction { state, .. }, _) = met.unwrap();
    assert_eq!(state.text(), "device");
    assert!(phone.has_session().await);
    (listening, phone)
}

async fn ask(phone: &DirectPhone) -> Answer {
    let batch = &probe::batches(vec![Question::Properties])[0];
    let link = Link::Direct(phone.clone());
    link.ask(batch, &Arc::new(MemoryBudget::default()), None, Instant::now() + LONG).await
}

fn again_and_again() {
    blocks_on(async {
        let asks = Authorisation::Ask { allowed_after: Some(Duration::from_millis(100)) };
        let (listening, phone) = connected(patched("A").authorisation(asks)).await;
        for _ in 0..3 {
            let answer = ask(&phone).await;
            assert_eq!(answer.trouble, None);
            assert!(answer.framing.ended());
            let parts = answer.framing.into_parts(1);
            assert!(parts[0].as_ref().is_some_and(|part| part.body.len() > 100));
            assert!(phone.has_session().await);
        }
        let messages = listening.received(0);
        let of_kind = |command| messages.iter().filter(|one| one.command == command).count();
        assert_eq!(of_kind(micheck_adb::message::MessageCommand::Connect), 1);
        assert_eq!(of_kind(micheck_adb::message::MessageCommand::Open), 3);

        phone.hang_up().await;
        assert!(!phone.has_session().await);
        let trouble = ask(&phone).await.trouble.unwrap();
        assert_eq!(trouble.reason, Reason::Disconnected);
    });
}

fn nobody_waits() {
    blocks_on(async {
        let (_listening, phone) = connected(patched("A").delay(LONG)).await;
        assert!(timeout(Duration::from_millis(300), ask(&phone)).await.is_err());
        // Its answer would be taken for one to the next question.
        assert!(!phone.has_session().await);
    });
}

#[cfg(target_os = "linux")]
fn worker_ended() {
    use rustix::process::{Pid, Signal, kill_process};

    blocks_on(async {
        let (_listening, phone) = connected(patched("A")).await;
        let [worker] = workers()[..] else { panic!("one session has one worker") };
        assert_eq!(computing_time(worker), ["10", "10", "seconds"]);
        kill_process(Pid::from_raw(worker.cast_signed()).unwrap(), Signal::KILL).unwrap();
        let until = Instant::now() + LONG;
        while phone.has_session().await {
            assert!(Instant::now() < until);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
}

/// The numbers of the workers that run.
#[cfg(target_os = "linux")]
fn workers() -> Vec<u32> {
    let is_worker = |id: &u32| {
        let command = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
        command.ends_with(format!("\0{SUBCOMMAND}\0").as_bytes())
    };
    support::processes::ids_of_run(&home()).into_iter().filter(is_worker).collect()
}

/// How long a process may compute: soft limit, hard limit, unit.
#[cfg(target_os = "linux")]
fn computing_time(id: u32) -> Vec<String> {
    let limits = std::fs::read_to_string(format!("/proc/{id}/limits")).unwrap();
    let limit = limits.lines().find_map(|line| line.strip_prefix("Max cpu time")).unwrap();
    limit.split_whitespace().map(str::to_owned).collect()
}

/// On a mocked USB bus; `usb-mock`, which shows it, is the check's parent.
#[cfg(target_os = "linux")]
mod on_usb {
    use micheck_adb::direct::UsbWatch;
    use micheck_adb::usb::{UsbDevice, UsbKind};
    use rustix::process::{Signal, getppid, kill_process};

    use super::{Duration, Instant, LONG, Micheck, blocks_on, computing_time, timeout, workers};
    use crate::support::usb_mock::UsbBus;

    pub(crate) fn with_a_phone(micheck: Micheck) -> Micheck {
        UsbBus::new()
            .device("serial=COMES_AND_GOES")
            .device("serial=STAYS,interface=mtp")
            .shown_to(micheck)
    }

    async fn next(watch: &mut UsbWatch) -> Vec<UsbDevice> {
        let list = timeout(LONG, watch.next()).await.expect("a change is told").unwrap();
        list.into_iter().filter(|device| device.kind != UsbKind::Hub).collect()
    }

    fn serials(list: &[UsbDevice]) -> Vec<&str> {
        list.iter().filter_map(|device| device.serial.as_deref()).collect()
    }

    pub(crate) fn come_and_go() {
        blocks_on(async {
            let mut watch = UsbWatch::start().await.unwrap();
            let at_first = next(&mut watch).await;
            assert_eq!(serials(&at_first), ["COMES_AND_GOES", "STAYS"]);
            let [worker] = workers()[..] else { panic!("one watch has one worker") };
            let own = std::process::id();
            assert_eq!(computing_time(worker), computing_time(own), "it isn't limited");

            // Longer than the longest time between two looks.
            let nothing_new = timeout(Duration::from_secs(4), watch.next()).await;
            assert!(nothing_new.is_err(), "{nothing_new:?}");

            let usb_mock = getppid().unwrap();
            for _ in 0..2 {
                kill_process(usb_mock, Signal::USR1).unwrap();
                assert_eq!(serials(&next(&mut watch).await), ["STAYS"]);
                kill_process(usb_mock, Signal::USR2).unwrap();
                let again = next(&mut watch).await;
                assert_eq!(serials(&again), ["COMES_AND_GOES", "STAYS"]);
                assert_eq!(again[0].port, at_first[0].port);
                assert!(again[0].address > at_first[0].address);
            }
            drop(watch);
            let until = Instant::now() + LONG;
            while !workers().is_empty() {
                assert!(Instant::now() < until, "it ends with its watch");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        });
    }
}
