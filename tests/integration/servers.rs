//! adb servers that are old, lost, dying or none at all, and odd lines in their lists.

use std::time::Duration;

use crate::support::Micheck;
use crate::support::phones::{patched, scan, start, verdict_on, vulnerable};
use insta::assert_snapshot;
use micheck_simulator::{Bench, Fault, Phone, ServerOptions, Wire};

#[test]
fn odd_lines_and_serials_cost_no_other_phone() {
    let bench = Bench::new()
        .phone(patched("(no serial number)"))
        .phone(patched("my phone device"))
        .phone(patched("P1"))
        .server(ServerOptions {
            extra_lines: vec![
                b"\xff\xfe\x1b[2J".to_vec(),
                b"".to_vec(),
                b"X                      offline something:new transport_id:nonsense".to_vec(),
            ],
            ..ServerOptions::default()
        })
        .start_in_thread()
        .unwrap();
    let run = Micheck::scan(bench.address()).args(["--format", "json"]).run();
    for serial in ["(no serial number)", "my phone device", "P1"] {
        assert_eq!(run.verdict(serial), "patched");
    }
    assert_eq!(run.json()["summary"]["devices"], 5);
    let table = Micheck::scan(bench.address()).run();
    assert!(table.stdout.contains("\\xff\\xfe\\u001b[2J"), "{}", table.stdout);
}

#[test]
fn a_server_that_dies_loses_its_phones_and_nothing_else() {
    let dying = Bench::new()
        .phones((0..8).map(|n| patched(&format!("P{n}")).delay(Duration::from_millis(200))))
        .server(ServerOptions { die_after_shells: Some(8), ..ServerOptions::default() })
        .start_in_thread()
        .unwrap();
    let well = start([vulnerable("Q1")]);
    let run =
        Micheck::scan(dying.address()).server(well.address()).args(["--format", "json"]).run();
    for n in 0..8 {
        assert_eq!(run.verdict(&format!("P{n}")), "unknown: server_lost");
    }
    assert_eq!(run.verdict("Q1"), "vulnerable");
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_lost_server_among_several_has_a_row() {
    let well = start([patched("Q1")]);
    let gone = start([]).address();
    let run = Micheck::scan(well.address()).server(gone).run();
    assert_snapshot!(run.stdout, @"
    1 phone: 1 updated; 1 adb server not reached
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT         PHONE          SYSTEM                   VERSION OR REASON  SERIAL
    ? NOT CHECKED  adb server     –                        adb server gone    [SERVER2]
    ✔ UPDATED      Redmi Note 13  HyperOS 1.0, Android 14  3.1.921.10         Q1

    ? NOT CHECKED: the adb server can't be reached
      adb server · adb server [SERVER2]
        (no adb server answers at [SERVER2]: Connection refused (os error 111))
      1. Start the adb server: adb start-server.

    When that is done, run micheck again.
    When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off.
    UPDATED means Mi Connect Service 3.1.921.10 or later: only one news site says that this version is
    fixed; the official records don't.
    ");
    assert!(
        run.stderr.starts_with("micheck: no adb server answers at [SERVER2]: "),
        "{}",
        run.stderr
    );
    assert_eq!(run.code, Some(3));
}

#[test]
fn refusals_of_the_server_are_told_apart() {
    for (message, expected) in [
        // The list says otherwise: it is another phone's cause, or one that has passed.
        (
            "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set",
            "unknown: incomplete_answer",
        ),
        ("device offline", "unknown: incomplete_answer"),
        ("device still authorizing", "unknown: incomplete_answer"),
        ("no device with transport id '1'", "unknown: incomplete_answer"),
        ("more than one device/emulator", "unknown: ambiguous_serial"),
        ("something new \x1b[31m", "unknown: unreadable_answer"),
    ] {
        let fault = || Fault::RefuseTransport { message: message.to_owned() };
        assert_eq!(verdict_on(patched("P1").fault(fault())), expected, "{message}");
        let run = scan([patched("P1").fault(fault())]);
        let detail = run.device("P1")["detail"].as_str().unwrap().to_owned();
        assert_eq!(detail, message);
        assert!(!run.stdout.contains('\x1b'), "{}", run.stdout);
    }
    assert_eq!(
        verdict_on(patched("P1").fault(Fault::RefuseShell { message: "closed".to_owned() })),
        "unknown: incomplete_answer"
    );
}

#[test]
fn an_old_server_addresses_by_serial_and_twins_are_ambiguous() {
    let bench = Bench::new()
        .phones([patched("P1"), vulnerable("TWIN"), patched("TWIN"), patched("(no serial number)")])
        .server(ServerOptions { old: true, version: 32, ..ServerOptions::default() })
        .start_in_thread()
        .unwrap();
    let run = Micheck::scan(bench.address()).args(["--format", "json"]).run();
    let verdicts: Vec<_> =
        run.verdicts().into_iter().map(|(_, verdict, reason)| (verdict, reason)).collect();
    let ambiguous = ("unknown".to_owned(), Some("ambiguous_serial".to_owned()));
    assert_eq!(
        verdicts,
        [ambiguous.clone(), ("patched".to_owned(), None), ambiguous.clone(), ambiguous]
    );
    // A server of today tells twins apart.
    let run = scan([vulnerable("TWIN"), patched("TWIN")]);
    let verdicts: Vec<_> = run.verdicts().into_iter().map(|(_, verdict, _)| verdict).collect();
    assert_eq!(verdicts, ["patched", "vulnerable"]);
}

#[test]
fn no_phone_gets_the_verdict_of_another_that_has_its_transport_id_by_now() {
    let scanned = |renumbered_lists| {
        let bench = Bench::new()
            .phones([patched("G1"), vulnerable("B2")])
            .server(ServerOptions { renumbered_lists, ..ServerOptions::default() })
            .start_in_thread()
            .unwrap();
        let run = Micheck::scan(bench.address()).args(["--format", "json"]).run();
        [run.verdict("G1"), run.verdict("B2")]
    };
    // They are asked once more, by their new ids.
    assert_eq!(scanned(1), ["patched", "vulnerable"]);
    assert_eq!(scanned(2), ["unknown: disconnected", "unknown: disconnected"]);
}

/// adb says that it lacks permission for any of its phones when the one that is asked for is gone.
#[test]
fn another_phones_lack_of_permission_is_not_this_ones() {
    let bench = Bench::new()
        .phones([patched("G1"), Phone::new("N1").state("no permissions (udev?); see [http://x]")])
        .server(ServerOptions { renumbered_lists: 1, ..ServerOptions::default() })
        .phones((0..3).map(|n| vulnerable(&format!("B{n}"))))
        .start_in_thread()
        .unwrap();
    let run = Micheck::scan(bench.address()).args(["--format", "json"]).run();
    assert_eq!(run.verdict("G1"), "patched");
    assert_eq!(run.verdict("N1"), "unknown: no_permission");
    let refused = Phone::xiaomi("R1").fault(Fault::RefuseTransport {
        message: "insufficient permissions for device: user in plugdev group".to_owned(),
    });
    let bench = start([refused, Phone::new("N1").state("no permissions (udev?)")]);
    let run = Micheck::scan(bench.address()).args(["--format", "json"]).run();
    assert_eq!(run.verdict("R1"), "unknown: incomplete_answer");
    assert_eq!(run.verdict("N1"), "unknown: no_permission");
}

/// Each phone takes a file; there are too few for all of them at once.
#[cfg(unix)]
#[test]
fn a_computer_that_is_short_of_files_takes_longer_and_blames_no_server() {
    let bench = start((0..60).map(|n| vulnerable(&format!("P{n:02}"))));
    let scan = |files: usize| {
        let run = Micheck::scan(bench.address()).args(["--format", "json", "-t", "3s"]);
        run.within_shell(&format!("ulimit -n {files}; exec \"$0\" \"$@\"")).run()
    };
    let verdicts = scan(40).verdicts();
    assert!(verdicts.iter().all(|(_, verdict, _)| verdict == "vulnerable"), "{verdicts:?}");
    for files in [5, 6, 7, 9, 11, 13, 15, 20] {
        let run = scan(files);
        assert!(!run.stderr.contains("panicked"), "{files} {}", run.stderr);
        assert!(!run.raw_stdout.contains("server_lost"), "{files} {}", run.raw_stdout);
        assert!(matches!(run.code, Some(1..=3)), "{files} {:?} {}", run.code, run.stderr);
    }
}

#[test]
fn servers_that_are_none_are_an_error() {
    let gone = start([]).address();
    let run = Micheck::scan(gone).run();
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
    assert!(
        run.stderr.starts_with("micheck: no adb server answers at [SERVER]: "),
        "{}",
        run.stderr
    );
    let remedy = "; check the address, and start the server there with `adb start-server`\n";
    assert!(run.stderr.ends_with(remedy), "{}", run.stderr);
    for (wire, expected) in [
        (Wire::Garbage, "micheck: what answers at [SERVER] isn't an adb server ("),
        (
            Wire::Silent,
            "micheck: [SERVER] accepts connections but doesn't answer like an adb server; check the port",
        ),
    ] {
        let bench = Bench::new()
            .server(ServerOptions { wire, ..ServerOptions::default() })
            .start_in_thread()
            .unwrap();
        let run = Micheck::scan(bench.address()).run();
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
        assert!(run.stderr.starts_with(expected), "{}", run.stderr);
    }
    let refuses = Bench::new()
        .server(ServerOptions {
            list_fails: Some("no \x1b[31m".to_owned()),
            ..ServerOptions::default()
        })
        .start_in_thread()
        .unwrap();
    let run = Micheck::scan(refuses.address()).run();
    assert!(run.stderr.contains("refuses to list its phones: no \\u001b[31m"), "{}", run.stderr);
    assert_eq!(run.code, Some(2));
}
