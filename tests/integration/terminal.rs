//! `micheck watch` in a real terminal: what a person sees, types and hears, and what is left of it
//! when it is over.

mod afterwards;
mod drawing;
mod ending;
mod keys;
mod recorded;
mod updaters;

use std::net::TcpListener;
use std::ops::Deref;

use crate::support::phones::{start, vulnerable};
use crate::support::tmux::{Opening, Terminal};
use micheck_simulator::{Phone, RunningThread};

/// The program.
const MICHECK: &str = env!("CARGO_BIN_EXE_micheck");

/// Simulated phones, and the empty home of whoever looks at them.
struct Desk {
    bench: RunningThread,
    home: tempfile::TempDir,
}

impl Deref for Desk {
    type Target = RunningThread;

    fn deref(&self) -> &RunningThread {
        &self.bench
    }
}

impl Desk {
    fn with(phones: impl IntoIterator<Item = Phone>) -> Self {
        Self { bench: start(phones), home: tempfile::tempdir().unwrap() }
    }

    /// A terminal at this desk.
    fn terminal(&self) -> Opening<'_> {
        Opening::new(self.home.path())
    }

    /// What is typed behind the program's name.
    fn args(&self, more: &[&str]) -> Vec<String> {
        let server = self.address().to_string();
        let args = ["watch", "--server", &server, "--recheck", "1s"];
        args.iter().chain(more).map(|&arg| arg.to_owned()).collect()
    }

    /// Watches these phones in a terminal.
    fn watch(&self, more: &[&str]) -> Terminal {
        self.terminal().start(MICHECK, self.args(more))
    }
}

/// The same phone as [`vulnerable`], updated.
fn updated(serial: &str) -> Phone {
    vulnerable(serial).version("3.1.921.10")
}

/// The line of the screen that shows this text.
fn line_with<'s>(screen: &'s str, text: &str) -> &'s str {
    let line = screen.lines().find(|line| line.contains(text));
    line.unwrap_or_else(|| panic!("no {text} in:\n{screen}"))
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_phone_is_plugged_in_turns_green_by_itself_and_is_unplugged() {
    let desk = Desk::with([]);
    let terminal = desk.watch(&[]);
    let screen = terminal.wait_for("Plug in a phone.");
    assert!(screen.starts_with("micheck  0 checked · 0 at risk\n"), "{screen}");
    desk.plug(vulnerable("SERIAL0001").usb("1-1"));
    let screen = terminal.wait_for("✖ AT RISK");
    assert!(screen.starts_with("micheck  1 checked · 1 at risk\n"), "{screen}");
    line_with(&screen, "Redmi Note 13 · …0001 · usb:1-1");
    line_with(&screen, "3.1.874.10 · HyperOS 1.0, Android 14");
    line_with(&screen, "→ System apps updater → update all");
    assert!(!screen.contains("Plug in a phone."), "{screen}");
    assert!(desk.replace("SERIAL0001", updated("SERIAL0001")));
    let screen = terminal.wait_for("✔ UPDATED");
    assert!(screen.starts_with("micheck  1 checked · 0 at risk · 1 fixed\n"), "{screen}");
    assert!(line_with(&screen, "✔ UPDATED").contains("3.1.874.10 → 3.1.921.10, "), "{screen}");
    line_with(&screen, "→ Done: revoke authorisations");
    assert!(desk.unplug("SERIAL0001"));
    let screen = terminal.wait_for("unplugged ");
    assert!(line_with(&screen, "✔ UPDATED").contains("3.1.874.10 → 3.1.921.10, "), "{screen}");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_phone_that_has_to_be_allowed_says_so_and_is_asked_as_soon_as_it_is() {
    let desk = Desk::with([vulnerable("SERIAL0001").state("unauthorized")]);
    let terminal = desk.watch(&[]);
    let screen = terminal.wait_for("TAP ALLOW");
    line_with(&screen, "→ Have the owner unlock it and tap Allow");
    assert!(desk.set_state("SERIAL0001", "device"));
    terminal.wait_for("✖ AT RISK");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_server_that_goes_away_is_said() {
    let desk = Desk::with([updated("SERIAL0001")]);
    let terminal = desk.watch(&[]);
    terminal.wait_for("✔ UPDATED");
    desk.kill_server();
    let notice = format!("! adb server {} can't be reached", desk.address());
    terminal.wait_for(&notice);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn the_demo_shows_phones_and_keeps_away_from_the_real_adb() {
    let desk = Desk::with([]);
    let adb = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = adb.local_addr().unwrap().port().to_string();
    let opening = desk.terminal().env("ANDROID_ADB_SERVER_PORT", &port);
    let terminal = opening.start(MICHECK, ["watch", "--demo"]);
    let screen = terminal.wait_for("TAP ALLOW");
    assert_eq!(screen.lines().nth(1), Some("DEMO: simulated phones, not real ones"));
    terminal.wait_for("✖ AT RISK");
    terminal.wait_for("▲ UPDATE NEEDED");
    terminal.wait_for("– NOT A XIAOMI PHONE");
    terminal.wait_for("STARTING");
    terminal.wait_for("? NOT CHECKED");
    let screen = terminal.wait_for("1 fixed");
    line_with(&screen, "3.1.874.10 → 3.1.921.10, ");
    assert!(!screen.contains("adb"), "{screen}");
    terminal.press(["q"]);
    let (screen, code) = terminal.end();
    assert_eq!(code, 1, "{screen}");
    adb.set_nonblocking(true).unwrap();
    let asked = adb.accept().map_err(|error| error.kind());
    assert_eq!(asked.err(), Some(std::io::ErrorKind::WouldBlock));
}
