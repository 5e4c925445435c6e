//! Phones that break, flood, forge or fall silent: each costs its own row only and is never
//! called fine.

use std::time::Duration;

use crate::support::Micheck;
use crate::support::phones::{PACKAGE, patched, scan, start, verdict_on, vulnerable};
use micheck_simulator::{Fault, FloodPlace, Phone};

#[test]
fn a_wedged_phone_costs_its_own_row_only() {
    let bench = start([
        patched("P1"),
        vulnerable("P2").fault(Fault::StallAfter { bytes: 0 }),
        patched("P3").fault(Fault::StallAfter { bytes: 14_000 }),
        patched("P4").fault(Fault::IgnoreShell),
        patched("P5").fault(Fault::IgnoreTransport),
        patched("P6").fault(Fault::HugePacket),
        patched("P7").fault(Fault::Trickle { bytes: 1, every: Duration::from_millis(100) }),
        vulnerable("P8"),
    ]);
    let run =
        Micheck::scan(bench.address()).args(["--format", "json", "--timeout", "1500ms"]).run();
    // It announces more than may come, which isn't waited for.
    assert_eq!(run.verdict("P6"), "unknown: answer_too_large");
    for serial in ["P2", "P3", "P4", "P7"] {
        assert_eq!(run.verdict(serial), "unknown: timeout", "{serial}");
    }
    // Its time is up before the server's is.
    assert_eq!(run.verdict("P5"), "unknown: timeout");
    assert_eq!((run.verdict("P1"), run.verdict("P8")), ("patched".into(), "vulnerable".into()));
    // What came before the stall names the phone.
    assert_eq!(run.device("P3")["device"]["marketname"], "Redmi Note 13");
    assert!(run.took < Duration::from_secs(10), "{:?}", run.took);
    assert_eq!(run.code, Some(1));
}

#[test]
fn phones_the_server_never_opens_keep_no_place_from_the_others() {
    let wedged = (0..40).map(|n| patched(&format!("W{n:02}")).fault(Fault::IgnoreTransport));
    let good = (0..10).map(|n| patched(&format!("G{n}")));
    let bench = start(wedged.chain(good));
    let run = Micheck::scan(bench.address()).args(["--format", "json", "--timeout", "1s"]).run();
    for n in 0..10 {
        assert_eq!(run.verdict(&format!("G{n}")), "patched");
    }
    assert_eq!(run.json()["summary"]["unknown"], 40);
}

#[test]
fn many_phones_that_the_server_never_opens_take_no_longer_than_one() {
    let stuck = (0..500).map(|n| Phone::xiaomi(format!("S{n}")).fault(Fault::IgnoreTransport));
    let bench = start(stuck);
    let run = Micheck::scan(bench.address()).args(["--format", "json", "-t", "3s"]).run();
    assert_eq!(run.verdicts().len(), 500);
    assert_eq!(run.code, Some(3));
    // 16 at a time, 2 s each, would be a minute; they take 9 s.
    assert!(run.took < Duration::from_secs(45), "{:?}", run.took);
}

#[test]
fn well_phones_among_many_that_are_never_opened_keep_their_verdict() {
    let phones = (0..320).map(|n| match n % 16 {
        0 => patched(&format!("G{n}")),
        _ => Phone::xiaomi(format!("S{n}")).fault(Fault::IgnoreTransport),
    });
    let bench = start(phones);
    let run = Micheck::scan(bench.address()).args(["--format", "json", "-t", "3s"]).run();
    let summary = &run.json()["summary"];
    assert_eq!((&summary["patched"], &summary["unknown"]), (&20.into(), &300.into()), "{summary}");
}

#[test]
fn a_phone_that_leaves_in_mid_answer_was_disconnected_or_incomplete() {
    for bytes in [0, 3, 700, 4_000, 9_000] {
        let unplugged = patched("P1").fault(Fault::UnplugAfter { bytes });
        assert_eq!(verdict_on(unplugged), "unknown: disconnected", "{bytes}");
        let closed = patched("P1").fault(Fault::CloseAfter { bytes });
        assert_eq!(verdict_on(closed), "unknown: incomplete_answer", "{bytes}");
    }
    // Every marker came, and yet the answer didn't end as answers do.
    let endless = || Fault::NoExitPacket;
    assert_eq!(verdict_on(patched("P1").fault(endless())), "unknown: incomplete_answer");
    assert_eq!(verdict_on(vulnerable("P1").fault(endless())), "vulnerable");
}

#[test]
fn a_phone_that_the_server_never_opens_is_offline() {
    let run = scan([patched("P1").fault(Fault::IgnoreTransport), patched("P2")]);
    assert_eq!(
        (run.verdict("P1"), run.verdict("P2")),
        ("unknown: offline".into(), "patched".into())
    );
    assert_eq!(run.device("P1")["detail"], "the adb server opened no connection to this phone");
}

#[test]
fn what_no_phone_says_is_unreadable() {
    for fault in [
        Fault::Garbage,
        Fault::UnknownPacket,
        Fault::BadExitPacket { length: 0 },
        Fault::BadExitPacket { length: 2 },
    ] {
        let verdict = verdict_on(patched("P1").fault(fault.clone()));
        assert_eq!(verdict, "unknown: unreadable_answer", "{fault:?}");
    }
}

#[test]
fn wrong_markers_leave_nothing_to_believe() {
    for fault in [
        Fault::DoubleMarkers,
        Fault::OmitMarker { index: 2 },
        Fault::OmitMarker { index: 3 },
        Fault::SwapMarkers { first: 0, second: 2 },
        Fault::SwapMarkers { first: 2, second: 3 },
        Fault::OmitFinalMarker,
        Fault::EchoCommand,
    ] {
        let verdict = verdict_on(patched("P1").fault(fault.clone()));
        assert_eq!(verdict, "unknown: incomplete_answer", "{fault:?}");
    }
    // Without its first part the phone can't show that it has started, which only absence needs.
    let without_properties = || Fault::OmitMarker { index: 0 };
    assert_eq!(verdict_on(patched("P1").fault(without_properties())), "patched");
    assert_eq!(
        verdict_on(Phone::xiaomi("P1").fault(without_properties())),
        "unknown: incomplete_answer"
    );
}

#[test]
fn floods_are_cut_off_and_starve_nobody() {
    let floods = (0..64).map(|n| {
        let place = if n % 2 == 0 { FloodPlace::Start } else { FloodPlace::Dump };
        vulnerable(&format!("F{n:02}")).fault(Fault::Flood { lines: n % 4 < 2, place })
    });
    let good = (0..4).map(|n| patched(&format!("G{n}")).delay(Duration::from_millis(20 * n)));
    let run = scan(floods.chain(good));
    for (serial, verdict, reason) in run.verdicts() {
        if serial.starts_with('F') {
            assert_eq!(
                (verdict.as_str(), reason.as_deref()),
                ("unknown", Some("answer_too_large")),
                "{serial}"
            );
        } else {
            assert_eq!((verdict.as_str(), reason), ("patched", None), "{serial}");
        }
    }
    if let Some(peak) = run.peak_memory_bytes {
        assert!(peak <= 96 << 20, "{} MiB", peak >> 20);
    }
}

#[test]
fn huge_answers_that_end_properly_are_bounded_together() {
    let mut dump =
        std::fs::read(crate::support::repository("fixtures/dumpsys/android14.txt")).unwrap();
    dump.resize(1_900_000, b'\n');
    let huge = (0..64).map(|n| Phone::xiaomi(format!("H{n:02}")).dump(PACKAGE, dump.clone()));
    let run = scan(huge.chain([patched("G1")]));
    assert_eq!(run.verdict("G1"), "patched");
    let summary = &run.json()["summary"];
    // Which of them find the shared memory taken depends on their order; all have a row.
    let (read, refused) = (summary["unconfirmed"].as_u64(), summary["unknown"].as_u64());
    assert_eq!((read.unwrap() + refused.unwrap(), read > Some(0)), (64, true), "{summary}");
    if let Some(peak) = run.peak_memory_bytes {
        assert!(peak <= 96 << 20, "{} MiB", peak >> 20);
    }
}

#[test]
fn a_phone_that_repeats_its_marker_holds_nobody_up() {
    let repeating = (0..4).map(|n| patched(&format!("R{n}")).fault(Fault::RepeatMarker));
    let good = (0..40).map(|n| patched(&format!("G{n:02}")));
    let bench = start(repeating.chain(good));
    let run = Micheck::scan(bench.address()).args(["--format", "json", "--timeout", "8s"]).run();
    for (serial, verdict, reason) in run.verdicts() {
        let expected = if serial.starts_with('R') {
            ("unknown", Some("answer_too_large"))
        } else {
            ("patched", None)
        };
        assert_eq!((verdict.as_str(), reason.as_deref()), expected, "{serial}");
    }
    assert!(run.took < Duration::from_secs(30), "{:?}", run.took);
}

#[test]
fn absurd_texts_are_neither_believed_nor_held() {
    let real =
        std::fs::read_to_string(crate::support::repository("fixtures/dumpsys/android14.txt"))
            .unwrap();
    let long = real.replace("3.1.900.12", &format!("9.9.{}", "\u{1}".repeat(1_800_000)));
    let users: Vec<String> =
        (0..50_000).map(|n| format!("    User {n}: installed=true\n")).collect();
    let users = users.concat();
    let crowded = real.replacen("    User 0:", &format!("{users}    User 0:"), 1);
    let phones = (0..24).map(|n| {
        let dump = if n % 2 == 0 { &long } else { &crowded };
        Phone::xiaomi(format!("A{n:02}")).dump(PACKAGE, dump.clone())
    });
    let bench = start(phones.chain([patched("G1")]));
    for format in ["json", "table"] {
        let run = Micheck::scan(bench.address()).args(["--format", format]).run();
        assert!(run.stdout.len() < 1 << 20, "{format}: {} bytes", run.stdout.len());
        if let Some(peak) = run.peak_memory_bytes {
            assert!(peak <= 96 << 20, "{format}: {} MiB", peak >> 20);
        }
        if format == "json" {
            assert_eq!(run.verdict("G1"), "patched");
            assert_eq!(run.verdict("A00"), "unknown: unreadable_version");
            assert_eq!(run.verdict("A01"), "unknown: ambiguous_dump");
        }
    }
}

#[test]
fn forged_dumps_are_never_fine() {
    let real =
        std::fs::read_to_string(crate::support::repository("fixtures/dumpsys/android14.txt"))
            .unwrap();
    let vulnerable = real.replace("versionName=3.1.900.12", "versionName=3.1.874.10");
    let block = "Packages:\n  Package [com.xiaomi.mi_connect_service] (1):\n    versionCode=1\n    versionName=9.9.9\n    splits=[base]\n    User 0: installed=true\n";
    for dump in [
        format!("{block}{vulnerable}"),
        format!("{vulnerable}{block}"),
        vulnerable.replacen("Packages:\n", block, 1),
        vulnerable
            .replace("versionName=3.1.874.10", "versionName=9.9.9\n    versionName=3.1.874.10"),
        vulnerable.replace(
            "versionName=3.1.874.10",
            "versionName=9.9.9\nHidden system packages:\n    splits=[base]",
        ),
        vulnerable.replace("versionName=3.1.874.10", "versionName=9.9.9\x1b[31m\n"),
        format!("Unable to find package: {PACKAGE}\n{vulnerable}"),
        format!("Unable to find package: {PACKAGE}\nand more\n"),
        format!("0123456789abcdef0123456789abcdef-1:0\n{vulnerable}"),
    ] {
        let verdict = verdict_on(Phone::xiaomi("P1").dump(PACKAGE, dump.clone()));
        assert!(verdict.starts_with("unknown") || verdict == "vulnerable", "{verdict}\n{dump}");
    }
}

#[test]
fn broken_text_is_shown_escaped() {
    let dump = std::fs::read(crate::support::repository("fixtures/dumpsys/android14.txt")).unwrap();
    let text = String::from_utf8(dump).unwrap();
    let (before, after) = text.split_once("3.1.900.12").unwrap();
    let dump =
        [before.as_bytes(), b"3.1.895.10-\xff\xc3(\x1b[31m\xe2\x80\xae", after.as_bytes()].concat();
    let phone = Phone::xiaomi("P1")
        .dump(PACKAGE, dump)
        .property("ro.product.marketname", "Evil\x1b]0;title\x07\u{202e} नोट");
    let bench = start([phone]);
    let run = Micheck::scan(bench.address()).args(["--color", "never"]).run();
    assert!(!run.stdout.contains(['\x1b', '\x07', '\u{202e}']), "{}", run.stdout);
    assert!(run.stdout.contains("Evil\\u001b]0;title\\u0007\\u202e नोट"), "{}", run.stdout);
    let json = Micheck::scan(bench.address()).args(["--format", "json"]).run();
    assert!(!json.stdout.contains(['\x1b', '\x07', '\u{202e}']));
    let version = &json.device("P1")["findings"][0]["version"];
    assert_eq!(version, "3.1.895.10-\\xff\\xc3(\x1b[31m\u{202e}");
    assert_eq!(json.verdict("P1"), "vulnerable");
}
