//! Phones that are asked, in a terminal, to show what updates them: by `micheck fix`, and on the
//! board.

use std::time::Duration;

use super::{Desk, MICHECK, line_with, vulnerable};
use crate::support::phones::{listen, patched};
use crate::support::relay::Relay;
use crate::support::wait_until;

/// How many times phones were asked to show a screen.
fn asked(desk: &Desk) -> usize {
    desk.requests().iter().map(|request| request.matches("am start").count()).sum()
}

/// What is typed for `fix` behind the program's name.
fn fix(desk: &Desk) -> Vec<String> {
    let server = desk.address().to_string();
    let args = ["fix", "--server", &server, "--recheck", "200ms", "--boot-wait", "2s"];
    args.map(str::to_owned).to_vec()
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_person_says_yes_and_sees_what_is_waited_for() {
    let update = Duration::from_secs(3);
    let desk = Desk::with([
        vulnerable("SERIAL0001").usb("1-1").updates(update, "3.1.921.10"),
        vulnerable("SERIAL0002").usb("1-2"),
        patched("SERIAL0003"),
    ]);
    let terminal = desk.terminal().size(100, 40).start(MICHECK, fix(&desk));
    let screen = terminal.wait_for("Ask them? [y/N]");
    assert!(screen.starts_with("micheck will ask these 2 phones to show their app updater."));
    line_with(&screen, "  Redmi Note 13 (…0001) · usb:1-1 · AT RISK 3.1.874.10");
    assert!(!screen.contains("0003"), "{screen}");
    assert_eq!(asked(&desk), 0, "before anybody said yes");
    terminal.type_in("y");
    terminal.press(["Enter"]);
    let screen = terminal.wait_for("0 of 2 updated · 29:5");
    line_with(&screen, "Redmi Note 13 (…0001): waiting since ");
    assert_eq!(asked(&desk), 2);
    let screen = terminal.wait_for("1 of 2 updated");
    line_with(&screen, "Redmi Note 13 (…0001): 3.1.874.10 → 3.1.921.10, updated");
    line_with(&screen, "Redmi Note 13 (…0001): updated to 3.1.921.10");
    assert!(desk.unplug("SERIAL0002"));
    terminal.wait_for("Redmi Note 13 (…0002): unplugged\n");
    let (screen, code) = terminal.end();
    line_with(&screen, "Before and after");
    assert!(!screen.contains("Ctrl-C ends it"), "what changes is gone at the end:\n{screen}");
    assert_eq!(code, 1);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn whoever_says_no_or_nothing_asks_no_phone() {
    for answer in ["n", "", "yellow"] {
        let desk = Desk::with([vulnerable("SERIAL0001")]);
        let terminal = desk.terminal().size(100, 40).start(MICHECK, fix(&desk));
        terminal.wait_for("Ask it? [y/N]");
        terminal.type_in(answer);
        terminal.press(["Enter"]);
        let (screen, code) = terminal.end();
        line_with(&screen, "No phone was asked to show anything.");
        assert_eq!((code, asked(&desk)), (1, 0), "{answer}");
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn key_o_asks_the_chosen_phone_and_what_it_took_stands_beside_it() {
    let update = Duration::from_secs(3);
    let desk = Desk::with([
        vulnerable("SERIAL0001").usb("1-1").updates(update, "3.1.921.10"),
        patched("SERIAL0002").usb("1-2"),
    ]);
    let terminal = desk.watch(&[]);
    terminal.wait_for("2 checked");
    terminal.press(["Down", "o"]);
    terminal.wait_for("This phone can't be asked: it isn't at risk, or isn't ready.");
    assert_eq!(asked(&desk), 0);
    terminal.press(["Up", "o"]);
    terminal.wait_for("Asking 1 phone to show its app updater. Unlock it and look.");
    terminal.press(["Up"]);
    let screen = terminal.wait_for("→ Unlock it and tap Update (System apps updater, ");
    terminal.press(["Enter"]);
    let page = terminal.wait_for("Asked to show at ");
    line_with(&page, "  System apps updater: requested");
    terminal.press(["Escape"]);
    assert_eq!(asked(&desk), 1);
    line_with(&screen, "or GetApps → update the app");
    let screen = terminal.wait_for("1 fixed");
    assert!(!screen.contains("tap Update"), "it is past:\n{screen}");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn key_capital_o_asks_first_and_then_all_phones_at_risk() {
    let desk = Desk::with([
        vulnerable("SERIAL0001").usb("1-1"),
        patched("SERIAL0002").usb("1-2"),
        vulnerable("SERIAL0003").usb("1-3"),
        vulnerable("SERIAL0004").usb("1-4").state("offline"),
    ]);
    let terminal = desk.watch(&[]);
    terminal.wait_for("3 checked");
    terminal.press(["O"]);
    terminal.wait_for("Ask 2 phones to show their app updater?");
    terminal.press(["n"]);
    terminal.wait_for("q quit");
    assert_eq!(asked(&desk), 0);
    terminal.press(["O"]);
    terminal.wait_for("(y:");
    terminal.press(["y"]);
    terminal.wait_for("Asking 2 phones to show their app updater.");
    wait_until("both were asked", || asked(&desk) == 2);
    terminal.press(["Down"]);
    terminal.wait("both to say so", |screen| {
        screen.matches("tap Update (System apps updater, ").count() == 2
    });
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn another_phone_at_the_address_that_was_chosen_is_asked_for_nothing() {
    let phones = listen([vulnerable("SERIAL0001"), vulnerable("SERIAL0002")]);
    let relay = Relay::to(phones.address(0));
    let desk = Desk::with([]);
    let (server, phone) = (desk.address().to_string(), relay.address.to_string());
    let args = ["fix", "--server", &server, "--connect", &phone, "--boot-wait", "1s"];
    let terminal = desk.terminal().size(100, 40).start(MICHECK, args);
    terminal.wait_for("Ask it? [y/N]");
    relay.lead_to(phones.address(1));
    terminal.type_in("y");
    terminal.press(["Enter"]);
    let (screen, code) = terminal.end();
    assert_eq!(code, 1, "{screen}");
    assert!(!screen.contains("requested"), "{screen}");
    for at in 0..2 {
        let asked = phones
            .received(at)
            .iter()
            .any(|message| String::from_utf8_lossy(&message.payload).contains("am start"));
        assert!(!asked, "phone {at} was asked:\n{screen}");
    }
}
