//! The terminal is as it was before, however the program ends.

use micheck::output::terminal::ColorChoice;
use micheck::watch::Screen;

use super::{Desk, MICHECK, vulnerable};
use crate::support::tmux::Terminal;

/// A shell at a desk with a phone at risk, with something on its screen.
fn shell(desk: &Desk) -> Terminal {
    let shell = desk.terminal().size(80, 24).start("sh", ["-i"]);
    shell.wait_for("$");
    shell.enter("echo ear''lier");
    shell.wait_for("\nearlier");
    shell
}

/// Types the line that starts `program`, and keeps its number in the file `pid`.
fn start(shell: &Terminal, program: &str, args: &[String]) {
    let words = args.join(" ");
    shell
        .enter(&format!("sh -c 'echo $$ >pid; exec \"$@\"' - {program} {words}; echo \"code:$?\""));
}

fn run(shell: &Terminal, desk: &Desk, more: &[&str]) {
    start(shell, MICHECK, &desk.args(more));
    shell.wait_for("AT RISK");
    let covered = ["alternate_on", "cursor_flag", "wrap_flag"].map(|flag| shell.says(flag));
    assert_eq!(covered, ["1", "0", "0"], "the board has the screen, no cursor, no line wrap");
}

/// Waits for the end of what was typed, and looks whether the shell can go on.
fn assert_as_before(shell: &Terminal, code: i32) -> String {
    let screen = shell.wait_for(&format!("\ncode:{code}\n"));
    assert!(screen.lines().any(|line| line == "earlier"), "{screen}");
    let flags = ["alternate_on", "cursor_flag", "wrap_flag"].map(|flag| shell.says(flag));
    assert_eq!(flags, ["0", "1", "1"], "{screen}");
    // What is typed is seen, and a whole line of it is read.
    shell.enter("clear; stty -a");
    let modes = shell.wait_for("echoctl");
    for mode in ["icanon", "echo", "isig", "icrnl", "opost", "onlcr", "ixon"] {
        assert!(modes.split_whitespace().any(|word| word == mode), "{mode}: {modes}");
    }
    shell.enter("clear; printf '%0100d\\n' 7");
    shell.wait_for(&format!("\n{}7\n", "0".repeat(19)));
    screen
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn after_q() {
    let desk = Desk::with([vulnerable("SERIAL0001")]);
    let shell = shell(&desk);
    run(&shell, &desk, &[]);
    shell.press(["q"]);
    assert_as_before(&shell, 1);
    // Once more, so that nothing adds up.
    shell.enter("clear; echo ear''lier");
    shell.wait_for("earlier");
    run(&shell, &desk, &[]);
    shell.press(["q"]);
    assert_as_before(&shell, 1);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn after_ctrl_c() {
    let desk = Desk::with([vulnerable("SERIAL0001")]);
    let shell = shell(&desk);
    run(&shell, &desk, &[]);
    shell.press(["C-c"]);
    let screen = assert_as_before(&shell, 1);
    assert!(screen.contains("still to update: Redmi Note 13 (…0001)"), "{screen}");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn after_sigterm() {
    let desk = Desk::with([vulnerable("SERIAL0001")]);
    let shell = shell(&desk);
    run(&shell, &desk, &[]);
    let pid = std::fs::read_to_string(desk.home.path().join("pid")).unwrap();
    let killed = std::process::Command::new("kill").args(["-TERM", pid.trim()]).status().unwrap();
    assert!(killed.success());
    let screen = assert_as_before(&shell, 1);
    assert!(screen.contains("still to update: Redmi Note 13 (…0001)"), "{screen}");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn what_is_typed_after_the_end_is_not_swallowed() {
    let desk = Desk::with([vulnerable("SERIAL0001")]);
    let shell = shell(&desk);
    run(&shell, &desk, &[]);
    shell.press(["q"]);
    // As soon as the board is gone, the keys are the shell's.
    shell.wait("the board to go", |_| shell.says("alternate_on") == "0");
    shell.enter("echo af''terwards");
    shell.wait_for("\nafterwards\n");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn after_a_panic() {
    let desk = Desk::with([]);
    let shell = shell(&desk);
    let this = std::env::current_exe().unwrap();
    let args =
        ["--ignored", "--exact", "--nocapture", "terminal::afterwards::panics_on_its_screen"];
    start(&shell, this.to_str().unwrap(), &args.map(str::to_owned));
    let screen = assert_as_before(&shell, 0);
    assert!(screen.contains("nobody expected this"), "{screen}");
    assert!(screen.contains("afterwards.rs:"), "{screen}");
}

#[test]
#[ignore = "needs a terminal: `after_a_panic` runs it in one"]
#[should_panic(expected = "nobody expected this")]
fn panics_on_its_screen() {
    let terminal = micheck::output::terminal::Terminal::stdout(ColorChoice::Auto);
    let _screen = Screen::open(terminal, false, false).unwrap();
    panic!("nobody expected this");
}
