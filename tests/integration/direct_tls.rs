//! Phones that speak only through TLS, as those with Android 11 and later do in wireless debugging:
//! the shipped program against a phone that takes TLS off and is simulated behind it.

mod tls;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use crate::support::phones::{Network, listen, patched, vulnerable};
use crate::support::processes::{assert_none_left, ids_of_run};
use crate::support::{Micheck, Run, Started, peak_memory};
use micheck_adb::message::MessageCommand;
use micheck_simulator::{Authorisation, Fault, FloodPlace, Moment, Phone, TransportFault};
use tls::{TlsFault, TlsPhone};

/// Longer than any test takes.
const LONG: &str = "10m";

/// A key as micheck makes it.
static KEY: LazyLock<String> = LazyLock::new(|| {
    let asks = Authorisation::Ask { allowed_after: None };
    let (_, home) = listen([patched("asks").authorisation(asks)]).scan().run_in_dir();
    std::fs::read_to_string(home.path().join(".android/adbkey")).unwrap()
});

/// A phone behind TLS, and one without it.
struct Setup {
    tls: TlsPhone,
    network: Network,
}

fn set_up(phone: Phone, paired: Option<&str>, fault: TlsFault) -> Setup {
    let network = listen([phone, patched("well")]);
    Setup { tls: TlsPhone::before(network.address(0), paired, fault), network }
}

impl Setup {
    fn scan(&self, timeout: &str) -> Micheck {
        self.network
            .server()
            .args(["--format", "json", "--timeout", timeout])
            .args(["--connect", &self.tls.serial(), "--connect", &self.network.serial(1)])
            .file(".android/adbkey", &KEY)
            // rustls would write down what it hides.
            .env("SSLKEYLOGFILE", "secrets")
    }

    /// What is said of the phone behind TLS, which has one connection only; the other has its
    /// verdict, and nothing is left behind: neither a process nor a file.
    fn verdict(&self, timeout: &str) -> (String, Run) {
        self.verdict_of(self.scan(timeout).start())
    }

    fn verdict_of(&self, started: Started) -> (String, Run) {
        let (run, home) = started.wait();
        assert_eq!(self.tls.connections(), 1);
        assert_eq!(run.verdict(&self.network.serial(1)), "patched");
        assert_none_left(home.path());
        let files = std::fs::read_dir(home.path()).unwrap();
        let names: Vec<_> = files.map(|file| file.unwrap().file_name()).collect();
        assert_eq!(names, [".android"]);
        (run.verdict(&self.tls.serial()), run)
    }
}

#[test]
fn a_phone_that_knows_the_key_answers() {
    let cases = [
        (vulnerable("A"), "vulnerable"),
        (patched("B"), "patched"),
        (Phone::xiaomi("C"), "not_installed"),
        (Phone::pixel("D"), "not_applicable"),
        (Phone::xiaomi("E").android(11).property_lines(1_500), "not_installed"),
    ];
    for (phone, expected) in cases {
        let setup = set_up(phone, Some(&KEY), TlsFault::None);
        let (verdict, run) = setup.verdict(LONG);
        assert_eq!(verdict, expected);
        let device = run.device(&setup.tls.serial());
        assert_eq!(device["connection"]["link"], "network");
        assert_eq!(device["connection"]["state"], "device");
    }
}

#[test]
fn a_phone_that_was_never_paired_says_so() {
    let other = listen([patched("asks").authorisation(Authorisation::Ask { allowed_after: None })]);
    let (_, home) = other.scan().run_in_dir();
    let other = std::fs::read_to_string(home.path().join(".android/adbkey")).unwrap();
    for paired in [None, Some(other.as_str())] {
        let setup = set_up(vulnerable("A"), paired, TlsFault::None);
        let (verdict, run) = setup.verdict(LONG);
        assert_eq!(verdict, "unknown: unauthorized");
        let device = run.device(&setup.tls.serial());
        let detail = device["detail"].as_str().unwrap();
        assert!(detail.contains("isn't paired with the phone"), "{detail}");
        assert!(!setup.network.has_received(0, MessageCommand::Connect));
    }
}

#[test]
fn a_key_that_cannot_be_used_says_so() {
    let setup = set_up(vulnerable("A"), Some(&KEY), TlsFault::None);
    let run = setup.scan(LONG).file(".android/adbkey", "nonsense").run();
    assert_eq!(run.verdict(&setup.tls.serial()), "unknown: bad_key");
}

#[test]
fn a_phone_that_hangs_up_is_not_waited_for() {
    for fault in [
        TlsFault::CloseBeforeStls,
        TlsFault::CloseBeforeHandshake,
        TlsFault::CloseInHandshake,
        TlsFault::CloseAfterHandshake,
        TlsFault::EndAfterHandshake,
        TlsFault::CloseInAnswer,
        TlsFault::EndInAnswer,
    ] {
        let (verdict, run) = set_up(patched("A"), Some(&KEY), fault).verdict(LONG);
        assert_eq!(verdict, "unknown: disconnected", "{fault:?}: {}", run.stdout);
        // Else it went on until its computing time was up.
        assert!(run.took < Duration::from_secs(8), "{fault:?}: {:?}", run.took);
    }
}

#[test]
fn a_phone_that_falls_silent_ends_by_its_deadline() {
    for fault in [
        TlsFault::StallBeforeStls,
        TlsFault::StallBeforeHandshake,
        TlsFault::StallInHandshake,
        TlsFault::StallAfterHandshake,
    ] {
        let (verdict, _) = set_up(patched("A"), Some(&KEY), fault).verdict("3s");
        assert_eq!(verdict, "unknown: timeout", "{fault:?}");
    }
}

#[test]
fn what_is_no_tls_is_unreadable() {
    let (verdict, run) = set_up(patched("A"), Some(&KEY), TlsFault::Garbage).verdict(LONG);
    assert_eq!(verdict, "unknown: unreadable_answer", "{}", run.stdout);
}

#[test]
fn who_asked_for_tls_gets_nothing_without_it() {
    for fault in [TlsFault::PlainAuth, TlsFault::PlainConnect] {
        // With leave to ask the phone's person, too.
        for wait in ["0s", "5s"] {
            let setup = set_up(patched("A"), Some(&KEY), fault);
            let scan = setup.scan(LONG).args(["--wait-auth", wait]);
            let (verdict, run) = setup.verdict_of(scan.start());
            assert_eq!(verdict, "unknown: unreadable_answer", "{fault:?}: {}", run.stdout);
            let heard = setup.tls.heard();
            // The first record of a handshake, unless it was over sooner.
            assert!(heard.is_empty() || heard.starts_with(&[22, 3]), "{fault:?}: {heard:?}");
            // As every public key of adb's begins: 64 words.
            for secret in [&b"AUTH"[..], b"QAAAA", b"CNXN"] {
                assert_eq!(memchr::memmem::find(&heard, secret), None, "{fault:?}");
            }
        }
    }
}

#[test]
fn a_flood_within_tls_takes_no_memory() {
    let setup = set_up(patched("A"), Some(&KEY), TlsFault::Flood);
    let started = setup.scan(LONG).start();
    let (home, run) = (started.dir().to_owned(), started.id());
    let ended = Arc::<AtomicBool>::default();
    let peak = {
        let ended = Arc::clone(&ended);
        std::thread::spawn(move || {
            let mut peak = 0;
            while !ended.load(Ordering::Relaxed) {
                let workers = ids_of_run(&home).into_iter().filter(|&id| id != run);
                peak = workers.filter_map(peak_memory).max().unwrap_or(0).max(peak);
                std::thread::sleep(Duration::from_millis(2));
            }
            peak
        })
    };
    let (verdict, run) = setup.verdict_of(started);
    ended.store(true, Ordering::Relaxed);
    assert_eq!(verdict, "unknown: answer_too_large", "{}", run.stdout);
    let peak = peak.join().unwrap();
    if cfg!(target_os = "linux") {
        assert!(peak > 1 << 20, "no worker was seen");
    }
    assert!(peak < 48 << 20, "{} MiB", peak >> 20);
}

#[test]
fn what_breaks_behind_tls_costs_its_own_row_only() {
    let at = |at, what| Fault::Transport { at, what };
    for (fault, timeout, expected) in [
        (Fault::Flood { lines: true, place: FloodPlace::Dump }, LONG, "answer_too_large"),
        (at(Moment::Introduction, TransportFault::HugeLength), LONG, "worker_failed"),
        (at(Moment::Answer, TransportFault::HugeLength), LONG, "worker_failed"),
        (at(Moment::Middle, TransportFault::BadChecksum), LONG, "unreadable_answer"),
        (at(Moment::Middle, TransportFault::Garbage), LONG, "unreadable_answer"),
        (at(Moment::Middle, TransportFault::Close), LONG, "disconnected"),
        (Fault::CloseAfter { bytes: 900 }, LONG, "incomplete_answer"),
        (Fault::OmitMarker { index: 3 }, LONG, "incomplete_answer"),
        (at(Moment::Opening, TransportFault::Stall), "3s", "timeout"),
        (at(Moment::Middle, TransportFault::Stall), "3s", "timeout"),
    ] {
        let phone = patched("A").fault(fault.clone());
        let (verdict, run) = set_up(phone, Some(&KEY), TlsFault::None).verdict(timeout);
        assert_eq!(verdict, format!("unknown: {expected}"), "{fault:?}: {}", run.stdout);
        if let Some(peak) = run.peak_memory_bytes {
            assert!(peak <= 24 << 20, "{fault:?}: {} MiB", peak >> 20);
        }
    }
}
