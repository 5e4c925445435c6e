//! What a scan does while a person is waited for, and what it tells meanwhile.

use std::time::Duration;

use crate::support::Micheck;
use micheck_simulator::{Bench, Phone, RunningThread, ServerOptions};

fn asks(serial: &str) -> Phone {
    Phone::xiaomi(serial).version("3.1.874.10").state("unauthorized")
}

fn allowed_after(serial: &str, seconds: u64) -> Phone {
    asks(serial).then(Duration::from_secs(seconds), "device")
}

fn bench(phones: impl IntoIterator<Item = Phone>) -> RunningThread {
    Bench::new().phones(phones).start_in_thread().unwrap()
}

fn waiting(bench: &RunningThread, time: &str) -> Micheck {
    Micheck::scan(bench.address()).args(["--format", "json", "--wait-auth", time])
}

#[test]
fn without_a_terminal_nobody_is_waited_for() {
    let bench = bench([allowed_after("P1", 2)]);
    let run = Micheck::scan(bench.address()).args(["--format", "json"]).run();
    assert_eq!((run.verdict("P1").as_str(), run.stderr.as_str()), ("unknown: unauthorized", ""));
}

#[test]
fn a_phone_is_asked_as_soon_as_it_is_allowed() {
    let bench = bench([allowed_after("P1", 2), asks("P2"), Phone::pixel("P3")]);
    let run = waiting(&bench, "4s").run();
    assert_eq!(run.verdict("P1"), "vulnerable");
    assert_eq!(run.verdict("P2"), "unknown: unauthorized");
    assert_eq!(run.verdict("P3"), "not_applicable");
    assert_eq!(run.device("P1")["connection"]["state"], "device");
    assert_eq!(
        run.stderr,
        "micheck: unlock P1 and tap Allow (4 s left)\nmicheck: unlock P2 and tap Allow (4 s left)\n"
    );
    assert!(run.took >= Duration::from_secs(4), "{:?}", run.took);
}

#[test]
fn waiting_ends_when_nobody_is_left_to_wait_for() {
    let bench = bench([allowed_after("P1", 2)]);
    let run = waiting(&bench, "1h").arg("--quiet").run();
    assert_eq!((run.verdict("P1").as_str(), run.stderr.as_str()), ("vulnerable", ""));
}

#[test]
fn a_person_may_take_longer_than_a_phone() {
    let bench = bench([allowed_after("P1", 4)]);
    let run = waiting(&bench, "60s").args(["--timeout", "1s"]).run();
    assert_eq!(run.verdict("P1"), "vulnerable");
    assert!(run.took >= Duration::from_secs(3), "{:?}", run.took);
}

#[test]
fn a_phone_that_is_plugged_in_again_meanwhile_is_the_same_phone() {
    let phone = asks("P1")
        .usb("1-7")
        .then(Duration::from_millis(500), "absent")
        .then(Duration::from_secs(1), "unauthorized")
        .then(Duration::from_secs(2), "device");
    let run = waiting(&bench([phone]), "20s").run();
    assert_eq!(run.verdict("P1"), "vulnerable");
    assert_eq!(run.device("P1")["connection"]["transport_id"], 2);
}

#[test]
fn a_phone_that_leaves_or_a_server_that_dies_ends_the_wait() {
    let left = asks("P1").then(Duration::from_millis(500), "absent");
    let run = waiting(&bench([left]), "2s").run();
    assert_eq!(run.verdict("P1"), "unknown: disconnected");
    let dying = Bench::new()
        .phones([asks("P1"), Phone::xiaomi("P2").version("3.1.874.10")])
        .server(ServerOptions { die_after_shells: Some(1), ..ServerOptions::default() })
        .start_in_thread()
        .unwrap();
    let run = waiting(&dying, "50m").run();
    assert_eq!(run.verdict("P1"), "unknown: server_lost");
}

#[test]
fn a_server_that_cannot_tell_of_changes_is_asked_again_and_again() {
    let bench = Bench::new()
        .phone(allowed_after("P1", 1))
        .server(ServerOptions { no_long_tracking: true, ..ServerOptions::default() })
        .start_in_thread()
        .unwrap();
    assert_eq!(waiting(&bench, "20s").run().verdict("P1"), "vulnerable");
}

#[test]
fn the_settings_file_can_say_how_long() {
    let bench = bench([allowed_after("P1", 1)]);
    let run = Micheck::scan(bench.address())
        .args(["--format", "json"])
        .settings("wait_auth = 20\n")
        .run();
    assert_eq!(run.verdict("P1"), "vulnerable");
    let run = Micheck::scan(bench.address())
        .args(["--format", "json", "--wait-auth", "0"])
        .settings("wait_auth = 20\n")
        .run();
    assert_eq!(run.stderr, "");
}

#[test]
fn verbose_tells_of_each_phone_and_quiet_of_nothing() {
    let bench = bench([Phone::xiaomi("P\x1b[1").version("3.1.874.10")]);
    let run = Micheck::scan(bench.address()).arg("-v").run();
    assert!(
        run.stderr.contains("phone{serial=23129RAA4G (P\\u001b[1)}: answered"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains('\x1b'), "{}", run.stderr);
    assert!(!run.stderr.contains("getprop"), "{}", run.stderr);
    let run = Micheck::scan(bench.address()).arg("-vv").run();
    assert!(run.stderr.contains("getprop"), "{}", run.stderr);
    let quiet = Micheck::scan(bench.address()).args(["-q", "--server", "127.0.0.1:1"]).run();
    assert_eq!(quiet.stderr, "", "the row says it");
    assert!(quiet.stdout.contains("adb server"), "{}", quiet.stdout);
}

#[test]
fn without_words_the_program_scans() {
    let bench = bench([Phone::xiaomi("P1").version("3.1.874.10")]);
    let port = bench.address().port().to_string();
    let run = Micheck::new(Vec::<&str>::new()).env("ANDROID_ADB_SERVER_PORT", port).run();
    assert!(run.stdout.contains("AT RISK"), "{}", run.stdout);
    assert_eq!(run.code, Some(1));
}
