//! The worker of a phone without a server: it ends with whoever started it.

use micheck_adb::message::MessageCommand;
use micheck_simulator::{Fault, Moment, TransportFault};

use super::wine::{by, copy_to, processes, wait_until_none_is_left};
use crate::support::phones::{listen, patched};
use crate::support::wait_until;

/// Kills micheck.exe in the middle of a phone that hangs; `asked`: how far it gets with it.
fn kill_in_the_middle(fault: Fault, asked: MessageCommand) {
    let place = tempfile::tempdir().unwrap();
    let exe = copy_to(place.path());
    let network = listen([patched("A").fault(fault)]);
    let mut run = by(&exe, network.scan().args(["--timeout", "1h"])).start();
    wait_until("the phone is asked", || network.has_received(0, asked));
    let running = processes(&exe);
    assert!(running.iter().any(|line| line.ends_with(" worker")), "{running:?}");
    run.kill();
    wait_until_none_is_left(&exe);
    let (run, _) = run.wait();
    assert_eq!((run.code, run.stdout.as_str()), (None, ""));
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn it_ends_with_micheck_while_a_phone_is_silent() {
    kill_in_the_middle(Fault::StallAfter { bytes: 0 }, MessageCommand::Open);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn it_ends_with_micheck_while_a_phone_does_not_introduce_itself() {
    kill_in_the_middle(
        Fault::Transport { at: Moment::Introduction, what: TransportFault::Stall },
        MessageCommand::Connect,
    );
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn it_ends_at_the_deadline_of_its_phone() {
    let place = tempfile::tempdir().unwrap();
    let exe = copy_to(place.path());
    let network = listen([patched("A").fault(Fault::StallAfter { bytes: 900 }), patched("B")]);
    let run = by(&exe, network.scan().args(["--timeout", "5s"])).run();
    assert_eq!(run.verdict(&network.serial(0)), "unknown: timeout");
    assert_eq!(run.verdict(&network.serial(1)), "patched");
    wait_until_none_is_left(&exe);
}
