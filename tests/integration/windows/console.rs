//! micheck.exe in a console: what is seen, how the console is left, and Ctrl-C.
//!
//! Wine 8's console takes `ENABLE_VIRTUAL_TERMINAL_PROCESSING` and heeds no escape sequence: it counts
//! it as letters, and hands it on to the terminal. So colours arrive, and every line with one is
//! broken too early; the board, which says in such sequences where each piece of it belongs, is
//! jumbled, and so is the line that tells of a scan while it runs. How those look is not to be seen
//! here.

use std::fs;
use std::path::Path;

use micheck_adb::message::MessageCommand;
use micheck_simulator::Fault;
use serde_json::Value;

use super::files::names;
use super::wine::{
    CODE_PAGE, Console, copy_to, exe, helper, of_windows, processes, profile, terminal,
    wait_until_none_is_left,
};
use crate::support::phones::{listen, patched, start, vulnerable};
use crate::support::wait_until;

/// What the board and nothing else asks of a server.
const FOLLOWS: &str = "host:track-devices-l";

/// What is said before a window closes.
const PRESS_ENTER: &str = "Press Enter to close this window.";

/// Whether the screen shows this text, wherever its lines are broken.
fn shows(screen: &str, text: &str) -> bool {
    let joined = |text: &str| text.split_whitespace().collect::<String>();
    joined(screen).contains(&joined(text))
}

/// The verdicts in a log, as far as it is written.
fn verdicts(log: &Path) -> Vec<Value> {
    let text = fs::read_to_string(log).unwrap_or_default();
    let whole = text.rsplit_once('\n').map_or("", |(whole, _)| whole);
    let events = whole.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    events.filter(|event| event["event"] == "verdict").collect()
}

/// How tmux begins a red ground.
const RED: &str = "41m";

/// The code page of UTF-8.
const UTF_8: u32 = 65001;

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn a_report_is_coloured_and_its_signs_are_whole() {
    let home = tempfile::tempdir().unwrap();
    let program = exe().display().to_string();
    let opening = || terminal(home.path()).size(160, 150);
    let terminal = opening().start("wine", [&program, "scan", "--demo", "--wait-auth", "0"]);
    let (screen, code) = terminal.end();
    assert_eq!(code, 1, "{screen}");
    for text in ["✖ AT RISK", "▲ UPDATE NEEDED", "✔ UPDATED", "– NOT AFFECTED", "? NOT CHECKED"]
    {
        assert!(screen.contains(text), "no {text} in:\n{screen}");
    }
    let colours = terminal.colours();
    let red = |line: &str| line.contains("✖ AT RISK") && line.contains(RED);
    assert!(colours.lines().any(red), "{colours}");

    let typed =
        [&program, "scan", "--demo", "--wait-auth", "0", "--lang", "hi", "--color", "never"];
    let terminal = opening().start("wine", typed);
    let (screen, code) = terminal.end();
    assert_eq!(code, 1, "{screen}");
    assert!(screen.contains("✖ ख़तरा है") && screen.contains("✔ अपडेट हो चुका है"), "{screen}");
    let colours = terminal.colours();
    assert!(!colours.contains(RED), "{colours}");
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn a_person_says_yes_and_phones_are_asked() {
    let home = tempfile::tempdir().unwrap();
    let bench = start([vulnerable("SERIAL0001")]);
    let server = bench.address().to_string();
    let program = exe().display().to_string();
    let args = [&program, "fix", "--server", &server, "--wait", "0"];
    let terminal = terminal(home.path()).size(160, 60).start("wine", args);
    terminal.wait_for("Ask it? [y/N]");
    terminal.type_in("y");
    terminal.press(["Enter"]);
    let (screen, code) = terminal.end();
    assert!(shows(&screen, "System apps updater requested"), "{screen}");
    assert_eq!(code, 1, "{screen}");
    assert!(bench.requests().iter().any(|request| request.contains("am start")));
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_console_gets_its_code_page_back() {
    let home = tempfile::tempdir().unwrap();
    let args = ["scan", "--demo", "--wait-auth", "0"];
    let console = Console::start(terminal(home.path()), home.path(), &exe(), &args);
    let (screen, saw) = console.end();
    assert_eq!(saw["before"], CODE_PAGE, "{saw:?}");
    assert_eq!((saw["code"], saw["after"]), (1, CODE_PAGE), "{saw:?}\n{screen}");
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_board_has_the_console_speak_utf_8_until_ctrl_c() {
    let home = tempfile::tempdir().unwrap();
    let bench = start([]);
    let server = bench.address().to_string();
    let args = ["watch", "--server", &server];
    let console = Console::start(terminal(home.path()), home.path(), &exe(), &args);
    wait_until("the board follows its phones", || bench.requests().iter().any(|r| r == FOLLOWS));
    console.interrupt();
    let (screen, saw) = console.end();
    assert_eq!((saw["before"], saw["meanwhile"]), (CODE_PAGE, UTF_8), "{saw:?}");
    assert_eq!(saw["sequences"], 1, "{saw:?}");
    assert_eq!((saw["code"], saw["after"]), (4, CODE_PAGE), "{saw:?}\n{screen}");
    assert!(!shows(&screen, PRESS_ENTER), "{screen}");
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn ctrl_c_ends_a_scan_and_leaves_all_as_it_was() {
    let home = tempfile::tempdir().unwrap();
    let exe = copy_to(&home.path().join("program"));
    let silent = patched("A").fault(Fault::StallAfter { bytes: 0 });
    let network = listen([silent]);
    fs::write(home.path().join("report.json"), "old").unwrap();
    let (address, server) = (network.serial(0), start([]));
    let server = server.address().to_string();
    let args = ["scan", "--server", &server, "--connect", &address, "--timeout", "1h"];
    let args = [&args[..], &["--output", "report.json", "--evidence", "kept"]].concat();
    let console = Console::start(terminal(home.path()), home.path(), &exe, &args);
    wait_until("the phone is asked", || network.has_received(0, MessageCommand::Open));
    let running = processes(&exe);
    assert!(running.iter().any(|line| line.ends_with(" worker")), "{running:?}");
    console.interrupt();
    let (screen, saw) = console.end();
    assert_eq!(saw["code"], 130, "{saw:?}\n{screen}");
    assert_eq!(saw["after"], CODE_PAGE, "{saw:?}");
    wait_until_none_is_left(&exe);
    assert_eq!(fs::read_to_string(home.path().join("report.json")).unwrap(), "old");
    let left = names(home.path());
    assert_eq!(left, ["program", "report-of-console", "report.json", "trigger"]);
    // It was made before the phone was asked.
    assert_eq!(names(&profile().join(".android")), ["adbkey", "adbkey.pub"]);
}

/// While a scan runs, a line on the console says so. It is drawn over itself only if the console was
/// told that escape sequences are coming.
#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_console_is_told_of_escape_sequences_before_progress_is_drawn() {
    let home = tempfile::tempdir().unwrap();
    let network = listen([patched("A").fault(Fault::StallAfter { bytes: 0 })]);
    let (address, server) = (network.serial(0), start([]));
    let server = server.address().to_string();
    let args = ["scan", "--server", &server, "--connect", &address, "--timeout", "1h"];
    let console = Console::start(terminal(home.path()), home.path(), &exe(), &args);
    wait_until("the phone is asked", || network.has_received(0, MessageCommand::Open));
    console.interrupt();
    let (screen, saw) = console.end();
    assert_eq!((saw["code"], saw["sequences"]), (130, 1), "{saw:?}\n{screen}");
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn a_double_click_opens_the_board_and_the_window_waits_at_its_end() {
    let home = tempfile::tempdir().unwrap();
    // That the program is alone in its console is what a double click is told by. Wine makes a
    // console of this terminal for whoever is started in it, as Explorer does for a double click.
    let bench = start([vulnerable("SERIAL0001")]);
    let port = bench.address().port().to_string();
    for key in ["q", "C-c"] {
        let before = bench.requests().len();
        let opening = terminal(home.path()).env("ANDROID_ADB_SERVER_PORT", &port);
        let terminal = opening.start("wine", [exe().display().to_string()]);
        wait_until("the board follows its phones", || {
            bench.requests()[before..].iter().any(|request| request == FOLLOWS)
        });
        // What stands beside blocks of colour is what the least is lost of.
        terminal.wait("the phone has its verdict", |screen| shows(screen, "3.1.874.10"));
        terminal.press([key]);
        terminal.wait(PRESS_ENTER, |screen| shows(screen, PRESS_ENTER));
        // It goes on waiting, whatever else is typed.
        terminal.type_in("x");
        let screen = terminal.wait("the letter", |_| true);
        assert_eq!(terminal.code(), None, "{screen}");
        terminal.press(["Enter"]);
        let (screen, code) = terminal.end();
        assert_eq!(code, 1, "{screen}");
    }
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn who_types_something_or_has_a_shell_is_not_kept_waiting() {
    let home = tempfile::tempdir().unwrap();
    let bench = start([vulnerable("SERIAL0001")]);
    let port = bench.address().port().to_string();
    let opening = || terminal(home.path()).env("ANDROID_ADB_SERVER_PORT", &port);

    // Alone in its console, but told what to do.
    let (screen, code) = opening().start("wine", [&exe().display().to_string(), "scan"]).end();
    assert_eq!(code, 1, "{screen}");
    assert!(screen.contains("AT RISK") && !shows(&screen, PRESS_ENTER), "{screen}");

    // From another program in the same console: an ordinary scan.
    let (screen, saw) = Console::start(opening(), home.path(), &exe(), &[]).end();
    assert_eq!((saw["alone"], saw["code"]), (1, 1), "{saw:?}\n{screen}");
    assert!(screen.contains("AT RISK") && !shows(&screen, PRESS_ENTER), "{screen}");
    let requests = bench.requests();
    assert!(!requests.iter().any(|request| request == FOLLOWS), "{requests:?}");
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_bench_opens_with_a_double_click_and_writes_its_log_beside_itself() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("बेंच 1 मेज़");
    let exe = copy_to(&folder);
    fs::copy(helper("console").with_file_name("start-bench.cmd"), folder.join("start-bench.cmd"))
        .unwrap();
    let script = of_windows(&folder.join("start-bench.cmd"));
    // Somewhere else: where a double click begins isn't always the folder of what is clicked on.
    let opening = terminal(place.path());
    let terminal = opening.start("wine", ["cmd", "/c", &script, "--demo"]);
    let log = folder.join("bench-log.jsonl");
    wait_until("the log has some verdicts", || verdicts(&log).len() >= 3);
    let running = processes(&exe);
    assert!(running.iter().any(|line| line.contains(" watch ")), "{running:?}");
    terminal.press(["q"]);
    // It waits for a key if it takes the exit code for a failure.
    wait_until_none_is_left(&exe);
    terminal.press(["Enter"]);
    let (screen, _) = terminal.end();
    assert!(shows(&screen, "still to update: "), "{screen}");

    let text = fs::read_to_string(&log).unwrap();
    assert!(!text.contains("FILM"), "a serial number of the film: {text}");
    let form = |form: &str| text.contains(&format!(r#""serial_form":"{form}""#));
    assert!(form("hashed") && !form("full"), "{text}");
    assert!(!place.path().join("bench-log.jsonl").exists());
}
