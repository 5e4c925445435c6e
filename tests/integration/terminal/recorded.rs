//! What the board shows of the record, and what is typed for it.

use super::{Desk, MICHECK, line_with, updated, vulnerable};

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_phone_shows_what_is_on_record_and_gets_a_job() {
    let desk = Desk::with([vulnerable("SERIAL0001").usb("1-1")]);
    let terminal = desk.watch(&["--record"]);
    terminal.wait_for("✖ AT RISK");
    terminal.press(["j"]);
    terminal.wait_for("Job of this phone: ▏");
    terminal.type_in("4711");
    terminal.press(["Enter"]);
    let screen = terminal.wait_for("job 4711");
    line_with(&screen, "Redmi Note 13 · …0001 · usb:1-1 · job 4711");
    terminal.press(["q"]);
    assert_eq!(terminal.end().1, 1);
    // The next day, or the next minute: it comes back updated.
    assert!(desk.replace("SERIAL0001", updated("SERIAL0001")));
    let terminal = desk.watch(&["--record"]);
    let screen = terminal.wait_for("AT RISK at ");
    assert!(line_with(&screen, "AT RISK at ").contains("→ UPDATED now"), "{screen}");
    terminal.press(["Enter"]);
    terminal.wait_for("On record: ✖ AT RISK 3.1.874.10, ");
    terminal.press(["q"]);
    assert_eq!(terminal.end().1, 0);
    let terminal = desk.terminal().start(MICHECK, ["history", "--job", "4711"]);
    let (screen, code) = terminal.end();
    assert!(line_with(&screen, "4711").contains("✖ AT RISK"), "{screen}");
    assert_eq!(code, 0);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn without_a_record_a_job_is_refused() {
    let desk = Desk::with([vulnerable("SERIAL0001")]);
    let terminal = desk.watch(&[]);
    terminal.wait_for("✖ AT RISK");
    terminal.press(["j"]);
    terminal.wait_for("Nothing is recorded: start with --record");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn nothing_is_erased_without_a_yes() {
    let desk = Desk::with([vulnerable("SERIAL0001")]);
    let terminal = desk.watch(&["--record", "--job", "4711", "--once", "1"]);
    terminal.end();
    for (answer, code) in [("n", 0), ("y", 0), ("", 4)] {
        let terminal = desk.terminal().start(MICHECK, ["forget", "--job", "4711"]);
        if code == 0 {
            terminal.wait_for("Erase them? [y/N]");
            terminal.type_in(answer);
            terminal.press(["Enter"]);
        }
        let (screen, ended) = terminal.end();
        assert_eq!(ended, code, "{screen}");
        let said = match answer {
            "n" => "Nothing was erased.",
            "y" => "1 check was erased",
            _ => "nothing to erase",
        };
        line_with(&screen, said);
    }
}
