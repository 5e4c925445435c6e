//! What is typed on the board.

use super::{Desk, MICHECK, line_with, updated, vulnerable};
use crate::support::phones::patched;
use crate::support::tmux::Terminal;
use crate::support::{Micheck, wait_until};

/// The serial number's end on the line that is chosen.
fn chosen(screen: &str) -> Option<&str> {
    let (mut lines, is_chosen) = (screen.lines(), |line: &&str| line.starts_with(['▶', '┃']));
    let name = lines.find(|line| is_chosen(line) && line.contains(" · …"))?;
    name.split(" · …").nth(1)?.split(' ').next()
}

fn wait_chosen(terminal: &Terminal, tail: &str) -> String {
    terminal.wait(&format!("{tail} to be chosen"), |screen| chosen(screen) == Some(tail))
}

fn three() -> Desk {
    Desk::with([
        vulnerable("SERIAL0001").usb("1-1"),
        patched("SERIAL0002").usb("1-2"),
        micheck_simulator::Phone::pixel("SERIAL0003").usb("1-10"),
    ])
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn arrows_choose_a_phone_and_enter_opens_its_page() {
    let desk = three();
    let terminal = desk.watch(&[]);
    terminal.wait_for("3 checked");
    wait_chosen(&terminal, "0001");
    terminal.press(["Down"]);
    wait_chosen(&terminal, "0002");
    terminal.press(["Down", "Down", "Down"]);
    wait_chosen(&terminal, "0003");
    terminal.press(["Up"]);
    wait_chosen(&terminal, "0002");
    terminal.press(["Home"]);
    wait_chosen(&terminal, "0001");
    terminal.press(["Enter"]);
    let screen = terminal.wait_for("What was found");
    for text in ["serial …0001", "com.xiaomi.mi_connect_service", "3.1.874.10", "CVE-2024-45347"]
    {
        line_with(&screen, text);
    }
    assert!(screen.contains("r recheck · o show updater · p sheet · l sheet language"), "{screen}");
    terminal.press(["Escape"]);
    terminal.wait_for("q quit · ? help");
    wait_chosen(&terminal, "0001");
    terminal.press(["q"]);
    assert_eq!(terminal.end().1, 1);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_page_that_is_longer_than_the_screen_is_scrolled() {
    let desk = three();
    let terminal = desk.terminal().size(80, 12).start(MICHECK, desk.args(&[]));
    terminal.wait_for("3 checked");
    terminal.press(["Enter"]);
    terminal.wait_for("Esc back");
    // Past the end there is nothing, however fast the keys come.
    terminal.press(["End", "Down", "NPage"]);
    let end = terminal.wait_for("So far");
    // The first of them may come before the end was drawn, and then means nothing.
    terminal.wait("a line further up", |screen| {
        terminal.press(["Up"]);
        screen != end
    });
    terminal.press(["Home"]);
    terminal.wait("the beginning", |screen| screen.contains("serial …0001"));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_question_mark_explains_keys_and_words() {
    let desk = three();
    let terminal = desk.watch(&[]);
    terminal.wait_for("3 checked");
    terminal.press(["?"]);
    let screen = terminal.wait_for("recheck the chosen phone now");
    line_with(&screen, "✖ AT RISK");
    terminal.press(["Escape"]);
    terminal.wait_for("Redmi Note 13");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_port_gets_a_name_that_is_kept() {
    let desk = three();
    let terminal = desk.watch(&[]);
    terminal.wait_for("3 checked");
    terminal.press(["Down", "n"]);
    terminal.wait_for("Name for port");
    terminal.type_in("left hub 33");
    terminal.press(["BSpace"]);
    terminal.wait_for("left hub 3▏");
    terminal.press(["Enter"]);
    terminal.wait_for("…0002 · left hub 3");
    let kept = std::fs::read_to_string(desk.home.path().join(".config/micheck/ports.toml"));
    assert!(kept.as_ref().is_ok_and(|text| text.contains("\"left hub 3\"")), "{kept:?}");
    terminal.press(["q"]);
    terminal.end();

    let again = desk.watch(&[]);
    again.wait_for("3 checked");
    let screen = again.wait_for("…0002 · left hub 3");
    line_with(&screen, "…0001 · usb:1-1");
    // What is left is no name.
    again.press(["n"]);
    again.wait_for("Name for port");
    again.type_in("q");
    again.wait_for("q▏");
    again.press(["Escape"]);
    let screen = again.wait_for("q quit · ? help");
    line_with(&screen, "…0001 · usb:1-1");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn r_asks_again() {
    let desk = Desk::with([patched("SERIAL0001")]);
    let terminal = desk.watch(&[]);
    terminal.wait_for("✔ UPDATED");
    let before = desk.shells_begun();
    // An answer that is fine isn't asked for again by itself.
    terminal.press(["r"]);
    wait_until("it was asked again", || desk.shells_begun() > before);
    terminal.wait_for("✔ UPDATED");
    // The same from its page.
    terminal.press(["Enter"]);
    terminal.wait_for("Esc back");
    assert!(desk.replace("SERIAL0001", vulnerable("SERIAL0001")));
    terminal.press(["r"]);
    terminal.wait_for("AT RISK");
    assert!(desk.unplug("SERIAL0001"));
    terminal.press(["Escape"]);
    terminal.wait_for("Still at risk: update it");
    terminal.press(["r"]);
    terminal.wait_for("This phone isn't plugged in.");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn of_two_hundred_phones_the_chosen_one_is_always_seen() {
    let phone = |number: u32| updated(&format!("SERIAL{number:04}")).usb(format!("1-{number}"));
    let desk = Desk::with((1..=200).map(phone));
    let terminal = desk.terminal().size(80, 24).start(MICHECK, desk.args(&[]));
    terminal.wait_for("200 checked");
    let mut at: usize = 1;
    let keys = [("Down", 1), ("Down", 20), ("NPage", 3), ("Up", 7), ("PPage", 1), ("Down", 50)];
    for (key, times) in keys {
        let by = if key.ends_with("Page") { 8 * times } else { times };
        let is_back = matches!(key, "Up" | "PPage");
        at = if is_back { at - by } else { at + by };
        terminal.press(vec![key; times]);
        let screen = wait_chosen(&terminal, &format!("{at:04}"));
        let note = screen.lines().find(|line| line.ends_with(" / 200")).unwrap();
        let (first, rest) = note.split_once('–').unwrap();
        let last = rest.strip_suffix(" / 200").unwrap();
        let shown = first.parse::<usize>().unwrap()..=last.parse::<usize>().unwrap();
        assert!(shown.contains(&at), "{screen}");
        assert_eq!(screen.matches("✔ UPDATED").count(), shown.count(), "{screen}");
    }
    terminal.press(["End"]);
    let screen = wait_chosen(&terminal, "0200");
    assert!(screen.contains("191–200 / 200"), "{screen}");
    terminal.press(["Home"]);
    wait_chosen(&terminal, "0001");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn p_writes_a_sheet_and_opens_it_and_l_chooses_its_language() {
    let desk = Desk::with([vulnerable("SERIAL0001").usb("1-1")]);
    let bin = tempfile::tempdir().unwrap();
    let shown = bin.path().join("shown");
    // What this computer opens pages with.
    let opener = bin.path().join("xdg-open");
    std::fs::write(&opener, format!("#!/bin/sh\necho \"$1\" >>{}\n", shown.display())).unwrap();
    make_executable(&opener);
    let path = format!("{}:{}", bin.path().display(), std::env::var("PATH").unwrap());
    let sheets = bin.path().join("sheets of today");
    std::fs::create_dir(&sheets).unwrap();
    let log = bin.path().join("bench.jsonl");
    let args = ["--sheets", sheets.to_str().unwrap(), "--log", log.to_str().unwrap()];
    let args = desk.args(&args);
    let terminal =
        desk.terminal().size(100, 24).env("DISPLAY", ":0").env("PATH", &path).start(MICHECK, args);
    terminal.wait_for("1 checked");
    terminal.press(["p"]);
    terminal.wait_for("Sheet (English):");
    wait_until("the page to be opened", || shown.exists());
    let written = || -> Vec<String> {
        let entries = std::fs::read_dir(&sheets).unwrap();
        let mut texts: Vec<String> =
            entries.map(|entry| std::fs::read_to_string(entry.unwrap().path()).unwrap()).collect();
        texts.sort();
        texts
    };
    let english = written().remove(0);
    assert!(english.contains("<html lang=\"en\">") && english.contains(">0001<"), "{english}");
    assert!(!english.contains("SERIAL0001"));
    // The log that is being written has the same number for it.
    let csv = Micheck::new(["report", "--format", "csv"]).arg(&log).run().raw_stdout;
    let number = csv.lines().nth(1).unwrap().split(',').next().unwrap();
    assert!(english.contains(number), "{number}: {english}");
    terminal.press(["l"]);
    terminal.wait_for("This phone's sheet will be in हिन्दी.");
    terminal.press(["p"]);
    terminal.wait_for("Sheet (हिन्दी):");
    // The first one is there still.
    let both = written();
    assert_eq!(both.len(), 2);
    assert!(both.iter().any(|page| page.contains("<html lang=\"hi\">")));
    std::fs::remove_dir_all(&sheets).unwrap();
    terminal.press(["p"]);
    terminal.wait_for("The sheet couldn't be written:");
    terminal.press(["q"]);
    assert_eq!(terminal.end().1, 1);
}

fn make_executable(file: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_page_goes_to_a_file_rather_than_onto_a_terminal() {
    let desk = Desk::with([]);
    let args = ["judge", "3.1.874.10", "--format", "html"];
    let terminal = desk.terminal().size(100, 10).start(MICHECK, args);
    let screen = terminal.wait_for("Written to micheck-phone-");
    assert!(!screen.contains("<html"), "{screen}");
    assert_eq!(terminal.end().1, 1);
}
