//! How the board is drawn: sizes, ASCII, colours.

use micheck_simulator::{Make, Phone};

use super::{Desk, MICHECK, line_with, vulnerable};
use crate::support::phones::patched;
use crate::support::tmux::Terminal;
use crate::support::wait_until;

/// Leaves the alternate screen.
const LEAVE: &[u8] = b"\x1b[?1049l";

fn several() -> Desk {
    Desk::with([
        vulnerable("SERIAL0001").usb("1-1"),
        patched("SERIAL0002").usb("1-2"),
        Phone::pixel("SERIAL0003").usb("1-3"),
    ])
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn after_each_resize_the_board_is_as_if_it_had_always_been_so_large() {
    let desk = several();
    let terminal = desk.terminal().size(120, 40).start(MICHECK, desk.args(&[]));
    let first = terminal.wait_for("3 checked");
    for (width, height) in [(40, 12), (300, 50), (120, 40), (20, 5), (76, 9), (120, 40)] {
        let fresh = desk.terminal().size(width, height).start(MICHECK, desk.args(&[]));
        let expected = fresh.wait_for("1 at risk");
        terminal.resize(width, height);
        let what = format!("{width}x{height} to be as when it is opened so:\n{expected}");
        let screen = terminal.wait(&what, |screen| screen == expected);
        let tails = ["…0001", "…0002", "…0003"];
        assert!(height < 12 || tails.iter().all(|tail| screen.contains(tail)), "{screen}");
    }
    assert_eq!(terminal.screen(), first);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn many_resizes_at_once_end_in_the_last_one() {
    let desk = several();
    let terminal = desk.terminal().size(120, 40).start(MICHECK, desk.args(&[]));
    let expected = terminal.wait_for("3 checked");
    for width in (40..140).step_by(7).chain([120]) {
        terminal.resize(width, 40);
    }
    terminal.wait("the board as before", |screen| screen == expected);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_line_that_fills_the_screen_keeps_its_last_character() {
    let version = "3.1.921.10.fullCnRelease.0512164";
    let desk = Desk::with([patched("SERIAL0001").usb("1-4.2.1").version(version)]);
    let terminal = desk.terminal().size(80, 24).start(MICHECK, desk.args(&[]));
    let screen = terminal.wait_for("✔ UPDATED");
    let line = line_with(&screen, "3.1.921.10.full");
    assert!(line.ends_with('…') && line.chars().count() == 80, "{line}");
}

/// Goes through every page of the board.
fn every_page(terminal: &Terminal) {
    terminal.wait_for("2 checked");
    terminal.press(["?"]);
    terminal.wait_for("recheck the chosen phone now");
    terminal.press(["Escape"]);
    terminal.wait_for("q quit");
    terminal.press(["Enter"]);
    terminal.wait_for("What was found");
    terminal.press(["Escape"]);
    terminal.wait_for("q quit");
    terminal.press(["n"]);
    terminal.wait_for("Name for port");
    terminal.type_in("Löt");
    terminal.wait_for("Enter save");
}

/// A phone whose name isn't ASCII.
fn foreign() -> Phone {
    let marketname = Some("红米 Note 13".to_owned());
    let make = Make { marketname, ..Make::redmi_note_13() };
    vulnerable("SERIAL0001").usb("1-1").make(make)
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn with_ascii_and_without_utf8_only_ascii_is_written() {
    for (args, locale) in [(&["--ascii"][..], "C.UTF-8"), (&[], "C"), (&[], "de_DE.ISO-8859-1")] {
        let desk = Desk::with([patched("SERIAL0002").usb("1-2")]);
        let terminal = desk.terminal().env("LC_ALL", locale).start(MICHECK, desk.args(args));
        let record = terminal.record();
        desk.plug(foreign());
        every_page(&terminal);
        assert!(terminal.screen().is_ascii(), "{}", terminal.screen());
        terminal.press(["Escape"]);
        terminal.wait_for("q quit");
        terminal.press(["q"]);
        terminal.end();
        let written = || std::fs::read(&record).unwrap();
        // The summary, which has the name of the phone that is still to update.
        wait_until("the end is recorded", || {
            memchr::memmem::find(&written(), b"still to update").is_some()
        });
        let board = written();
        let left = memchr::memmem::find(&board, LEAVE).expect("the board was left");
        let board = String::from_utf8_lossy(&board[..left]);
        assert!(board.is_ascii(), "{board}");
        assert!(board.contains("X AT RISK"), "{board}");
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn without_colours_there_is_none() {
    let desk = Desk::with([foreign(), patched("SERIAL0002").usb("1-2")]);
    let shown = |terminal: &Terminal| {
        every_page(terminal);
        terminal.colours()
    };
    let opening = desk.terminal().env("NO_COLOR", "1");
    let no_color = shown(&opening.start(MICHECK, desk.args(&[])));
    assert!(!no_color.contains('\x1b'), "{no_color:?}");
    let never = shown(&desk.watch(&["--color", "never"]));
    assert!(!never.contains('\x1b'), "{never:?}");
    let colours = shown(&desk.watch(&[]));
    assert!(colours.contains('\x1b'), "{colours:?}");
}
