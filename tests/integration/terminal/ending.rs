//! What is heard, what is said at the end, and exit codes.

use std::path::Path;

use super::{Desk, MICHECK, line_with, updated, vulnerable};
use crate::support::phones::patched;
use crate::support::wait_until;

fn bells(record: &Path) -> usize {
    let written = std::fs::read(record).unwrap();
    memchr::memchr_iter(b'\x07', &written).count()
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn it_rings_once_for_a_phone_at_risk_and_twice_for_one_that_was_fixed() {
    let desk = Desk::with([patched("SERIAL0009").usb("1-9")]);
    let terminal = desk.watch(&[]);
    let record = terminal.record();
    terminal.wait_for("1 checked");
    desk.plug(vulnerable("SERIAL0001").usb("1-1"));
    terminal.wait_for("✖ AT RISK");
    wait_until("it has rung", || bells(&record) == 1);
    // It doesn't ring each time that the phone is asked again.
    let shells = desk.shells_begun();
    wait_until("it was asked again, twice", || desk.shells_begun() >= shells + 2);
    assert_eq!(bells(&record), 1);
    assert!(desk.replace("SERIAL0001", updated("SERIAL0001")));
    terminal.wait_for("1 fixed");
    wait_until("it has rung twice more", || bells(&record) == 3);
    terminal.press(["q"]);
    let (screen, code) = terminal.end();
    line_with(&screen, "2 phones: 2 updated");
    assert_eq!((bells(&record), code), (3, 0));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn with_no_bell_it_never_rings() {
    let desk = Desk::with([]);
    let terminal = desk.watch(&["--no-bell"]);
    let record = terminal.record();
    desk.plug(vulnerable("SERIAL0001"));
    terminal.wait_for("✖ AT RISK");
    assert!(desk.replace("SERIAL0001", updated("SERIAL0001")));
    terminal.wait_for("1 fixed");
    terminal.press(["q"]);
    let (screen, code) = terminal.end();
    line_with(&screen, "1 fixed");
    wait_until("the end is recorded", || std::fs::read(&record).unwrap().ends_with(b"1 fixed\r\n"));
    assert_eq!((bells(&record), code), (0, 0));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn the_summary_stands_on_standard_error_and_the_exit_code_is_a_scans() {
    let desk = Desk::with([
        vulnerable("SERIAL0001").usb("1-1"),
        patched("SERIAL0002").usb("1-2"),
        patched("SERIAL0003").usb("1-3").state("unauthorized"),
    ]);
    let command = "\"$@\" 2>summary; echo \"code:$?\"; cat summary";
    let args = ["-c", command, "-", MICHECK].map(str::to_owned);
    let terminal = desk.terminal().start("sh", args.into_iter().chain(desk.args(&[])));
    terminal.wait_for("2 checked");
    terminal.press(["q"]);
    let (screen, _) = terminal.end();
    assert!(
        screen.starts_with(
            "code:1\n3 phones: 1 at risk, 1 not checked, 1 updated\n\
             still to update: Redmi Note 13 (…0001)\n"
        ),
        "{screen}"
    );
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn once_ends_it_when_so_many_were_checked() {
    let desk = Desk::with([patched("SERIAL0001").usb("1-1")]);
    let terminal = desk.watch(&["--once", "2"]);
    terminal.wait_for("1 checked");
    desk.plug(patched("SERIAL0002").usb("1-2"));
    let (screen, code) = terminal.end();
    assert!(screen.starts_with("2 phones: 2 updated\n"), "{screen}");
    assert_eq!(code, 0);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_log_that_cannot_be_written_is_told_at_once_and_at_the_end() {
    let desk = Desk::with([patched("SERIAL0001")]);
    let terminal = desk.watch(&["--log", "/dev/full"]);
    terminal.wait_for("✔ UPDATED");
    let screen = terminal.wait_for("can't write to /dev/full: ");
    assert_eq!(
        line_with(&screen, "/dev/full"),
        "! can't write to /dev/full: No space left on device (os error 28); 3 lines are waiting"
    );
    terminal.press(["q"]);
    let (screen, code) = terminal.end();
    let lost = "micheck: 3 of the lines for /dev/full couldn't be written: ";
    assert!(screen.starts_with(lost), "{screen}");
    line_with(&screen, "1 phone: 1 updated");
    assert_eq!(code, 2);
}
