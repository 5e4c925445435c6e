//! Phones on USB, without any adb server: real libusb on a mocked bus, simulated phones behind it.

use std::time::Duration;

use serde_json::Value;

use crate::support::phones::{patched, vulnerable};
use crate::support::processes::assert_none_left;
use crate::support::usb_mock::UsbBus;
use crate::support::watching::{Watching, event_in_words};
use crate::support::{Micheck, Run};
use micheck_simulator::{Authorisation, Bench, Fault, Moment, Phone, TransportFault};

fn scan(bus: &UsbBus) -> Run {
    bus.shown_to(Micheck::new(["scan", "--serials", "full", "--via", "usb", "--format", "json"]))
        .run()
}

/// Of each phone in a report: port, verdict and reason; sorted by port.
fn by_port(run: &Run) -> Vec<(String, String)> {
    let report = run.json();
    let mut ports: Vec<_> = report["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| {
            let path = device["connection"]["path"].as_str().unwrap().to_owned();
            let verdict = device["verdict"].as_str().unwrap();
            (path, device["reason"].as_str().unwrap_or(verdict).to_owned())
        })
        .collect();
    ports.sort();
    ports
}

fn ports(expected: &[(&str, &str)]) -> Vec<(String, String)> {
    expected.iter().map(|&(port, found)| (port.to_owned(), found.to_owned())).collect()
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn identical_phones_stay_apart() {
    let bus = UsbBus::new()
        .phone(vulnerable("R1"), "serial=SAME,path=1-2")
        .phone(patched("R1"), "serial=SAME,path=1-3.1")
        .phone(Phone::xiaomi("R1"), "path=2-1");
    let run = scan(&bus);
    assert_eq!(
        by_port(&run),
        ports(&[("usb:1-2", "vulnerable"), ("usb:1-3.1", "patched"), ("usb:2-1", "not_installed")])
    );
    assert_eq!(run.code, Some(1));
    let report = run.json();
    let connection = &report["devices"][0]["connection"];
    assert_eq!(
        (connection["link"].as_str(), connection["serial"].as_str(), connection["state"].as_str()),
        (Some("usb"), Some("SAME"), Some("device"))
    );
    let nameless = report["devices"].as_array().unwrap();
    assert!(nameless.iter().any(|device| device["connection"]["serial"] == Value::Null));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn what_is_no_phone_with_adb_has_its_row() {
    let bus = UsbBus::new()
        .device("serial=OFF,interface=mtp")
        .device("serial=DEBUG,interface=dbc")
        .device("serial=BOOT,interface=fastboot")
        .device("serial=CAMERA,interface=mtp,vid=04a9")
        .phone(patched("R1"), "serial=GOOGLE,vid=18d1,pid=4ee7");
    let run = scan(&bus);
    let verdicts = run.verdicts();
    let reasons: Vec<(&str, &str)> = verdicts
        .iter()
        .map(|(serial, verdict, reason)| {
            (serial.as_str(), reason.as_ref().unwrap_or(verdict).as_str())
        })
        .collect();
    assert_eq!(
        reasons,
        [
            ("BOOT", "wrong_mode"),
            ("DEBUG", "unsupported_interface"),
            ("GOOGLE", "patched"),
            ("OFF", "usb_debugging_off"),
        ]
    );
    let off = run.device("OFF");
    let first = off["steps"][0]["text"].as_str().unwrap();
    assert!(first.contains("MIUI version") && first.contains("OS version"), "{first}");
    assert_eq!(run.code, Some(3));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_phone_unplugged_in_mid_answer_costs_itself_only() {
    let bus = UsbBus::new()
        .phone(patched("R1"), "serial=GONE,unplug_after=1500")
        .phone(patched("R2"), "serial=HERE");
    let run = scan(&bus);
    assert_eq!(run.verdict("GONE"), "unknown: disconnected");
    assert_eq!(run.verdict("HERE"), "patched");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn what_a_former_session_left_is_read_away() {
    let close = "hex:434c534507000000090000000000000000000000bcb3acba";
    let bus = UsbBus::new()
        .phone(patched("R1"), "serial=SHORT,stale=wrte:100")
        .phone(patched("R1"), "serial=PACKET,stale=wrte:512")
        .phone(patched("R1"), "serial=LONG,stale=wrte:60000,sticky")
        .phone(patched("R1"), &format!("serial=CLOSE,stale={close}"))
        .phone(patched("R1"), "serial=GARBAGE,stale=hex:00112233445566778899");
    let run = scan(&bus);
    for serial in ["SHORT", "PACKET", "LONG", "CLOSE", "GARBAGE"] {
        assert_eq!(run.verdict(serial), "patched", "{serial}");
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn what_may_not_be_opened_says_why() {
    let bus =
        UsbBus::new().phone(patched("R1"), "serial=BUSY,busy").phone(patched("R2"), "serial=FREE");
    let run = scan(&bus);
    assert_eq!(run.verdict("BUSY"), "unknown: usb_busy");
    assert_eq!(run.verdict("FREE"), "patched");

    let denied = UsbBus::new().phone(patched("R1"), "serial=DENIED,denied");
    let run = scan(&denied);
    assert_eq!(run.verdict("DENIED"), "unknown: no_permission");
    let step = run.device("DENIED")["steps"][0]["text"].as_str().unwrap().to_owned();
    assert!(step.contains("micheck doctor --udev-rule"), "{step}");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn no_phone_is_said_to_be_none() {
    let run = scan(&UsbBus::new().device("serial=CAMERA,interface=mtp,vid=04a9"));
    assert_eq!(run.json()["devices"].as_array().unwrap().len(), 0);
    assert_eq!(run.code, Some(4));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_person_is_waited_for() {
    let asks = |allowed_after| patched("R1").authorisation(Authorisation::Ask { allowed_after });
    let bus = UsbBus::new()
        .phone(asks(Some(Duration::from_millis(300))), "serial=ALLOWS")
        .phone(asks(None), "serial=IGNORES");
    let args =
        ["scan", "--serials", "full", "--via", "usb", "--format", "json", "--wait-auth", "2s"];
    let run = bus.shown_to(Micheck::new(args)).run();
    assert_eq!(run.verdict("ALLOWS"), "patched");
    assert_eq!(run.verdict("IGNORES"), "unknown: auth_refused");
    assert!(run.stderr.contains("tap Allow"), "{}", run.stderr);

    let run = scan(&bus);
    assert_eq!(run.verdict("IGNORES"), "unknown: unauthorized");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn kept_evidence_of_a_phone_on_usb_is_judged_the_same() {
    let bus = UsbBus::new().phone(vulnerable("R1"), "serial=KEPT");
    let scan = bus.shown_to(Micheck::new([
        "scan",
        "--serials",
        "full",
        "--via",
        "usb",
        "--evidence",
        "kept",
    ]));
    let (run, dir) = scan.run_in_dir();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let kept = dir.path().join("kept").display().to_string();
    let run = Micheck::new(["inspect", "--serials", "full", "--format", "json", &kept]).run();
    assert_eq!(run.verdict("KEPT"), "vulnerable");
    assert_eq!(run.device("KEPT")["connection"]["link"], "usb");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn the_doctor_says_what_each_device_lacks() {
    let bus = UsbBus::new()
        .phone(patched("R1"), "serial=READY")
        .device("serial=OFF,interface=mtp")
        .device("serial=DEBUG,interface=dbc");
    let run = bus.shown_to(Micheck::new(["doctor", "--format", "json"])).run();
    let checkup: Value = serde_json::from_str(&run.raw_stdout).unwrap();
    let of_usb: Vec<(&str, &str)> = checkup["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|check| Some((check["key"].as_str()?, check["state"].as_str()?)))
        .filter(|(key, _)| key.starts_with("usb_"))
        .collect();
    assert_eq!(
        of_usb,
        [
            ("usb_phone_not_ready", "problem"),
            ("usb_phone_not_ready", "problem"),
            ("usb_phone_ready", "ok"),
        ]
    );
    assert!(run.stdout.contains("USB debugging is off"), "{}", run.stdout);
    assert_eq!(run.code, Some(3));

    let denied = UsbBus::new().phone(patched("R1"), "serial=DENIED,denied");
    let run = denied.shown_to(Micheck::new(["doctor"])).run();
    assert!(run.stdout.contains("(serial …NIED, "), "{}", run.stdout);
    assert!(run.stdout.contains("--udev-rule"), "{}", run.stdout);
    assert_eq!(run.code, Some(3));
}

/// Every fault ends by the deadline, with its reason, and costs no other phone anything.
#[test]
#[ignore = "needs the test beds: tests/run"]
fn faults_cost_their_own_phone_only() {
    let after = |bytes| Fault::CloseAfter { bytes };
    let first = |what| Fault::Transport { at: Moment::Introduction, what };
    let cases = [
        ("stalls_first", first(TransportFault::Stall), "timeout"),
        ("bad_magic", first(TransportFault::BadMagic), "unreadable_answer"),
        ("huge", first(TransportFault::HugeLength), "unreadable_answer"),
        ("checksum", first(TransportFault::BadChecksum), "unreadable_answer"),
        ("refuses", Fault::RefuseShell { message: "closed".to_owned() }, "incomplete_answer"),
        ("ignores", Fault::IgnoreShell, "timeout"),
        ("stalls", Fault::StallAfter { bytes: 700 }, "timeout"),
        ("closes", after(700), "incomplete_answer"),
        ("no_exit", Fault::NoExitPacket, "incomplete_answer"),
        ("garbage", Fault::Garbage, "unreadable_answer"),
        ("huge_packet", Fault::HugePacket, "answer_too_large"),
        ("unknown_packet", Fault::UnknownPacket, "unreadable_answer"),
    ];
    let mut bus = UsbBus::new().phone(patched("R1"), "serial=HEALTHY");
    for (serial, fault, _) in &cases {
        bus = bus.phone(patched("R1").fault(fault.clone()), &format!("serial={serial}"));
    }
    let args = ["scan", "--serials", "full", "--via", "usb", "--format", "json", "--timeout", "8s"];
    let (run, home) = bus.shown_to(Micheck::new(args)).run_in_dir();
    assert_eq!(run.verdict("HEALTHY"), "patched");
    for (serial, _, reason) in &cases {
        let detail = run.device(serial)["detail"].to_string();
        assert_eq!(run.verdict(serial), format!("unknown: {reason}"), "{serial}: {detail}");
    }
    assert_none_left(home.path());
}

/// A server at the usual address, and a bus with more phones than it shows.
fn scan_auto(bus: &UsbBus, server: &micheck_simulator::RunningThread) -> Run {
    let micheck = Micheck::new(["scan", "--serials", "full", "--format", "json"])
        .names(server.address())
        .env("ANDROID_ADB_SERVER_PORT", server.address().port().to_string());
    bus.shown_to(micheck).run()
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn phones_that_a_server_shows_are_asked_through_it_and_the_others_without() {
    let server = Bench::new()
        .phone(vulnerable("BY_PATH").usb("1-2"))
        .phone(vulnerable("BY_SERIAL").network())
        .start_in_thread()
        .unwrap();
    let bus = UsbBus::new()
        .phone(patched("R"), "serial=BY_PATH,path=1-2")
        .phone(patched("R"), "serial=BY_SERIAL,path=1-3")
        .phone(patched("R"), "serial=BY_PATH,path=1-4")
        .device("serial=OFF,path=1-5,interface=mtp");
    let run = scan_auto(&bus, &server);
    let report = run.json();
    let mut found: Vec<_> = report["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| {
            let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
            let connection = &device["connection"];
            (text(&connection["link"]), text(&connection["path"]), text(&device["verdict"]))
        })
        .collect();
    found.sort();
    let expected = [
        ("adb_server", "-", "vulnerable"),
        ("adb_server", "usb:1-2", "vulnerable"),
        ("usb", "usb:1-4", "patched"),
        ("usb", "usb:1-5", "unknown"),
    ];
    let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
    assert_eq!(found, expected);
    // The server is at the other end of a tunnel, or the phone was changed for another.
    let swapped = UsbBus::new().phone(vulnerable("R"), "serial=OTHER,path=1-2");
    let server = Bench::new().phone(patched("LISTED").usb("1-2")).start_in_thread().unwrap();
    let run = scan_auto(&swapped, &server);
    assert_eq!(run.verdict("OTHER"), "vulnerable");
    assert_eq!(run.verdict("LISTED"), "patched");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_named_server_stands_for_itself() {
    let server = Bench::new()
        .phone(vulnerable("R1").usb("1-1"))
        .phone(vulnerable("R2").usb("1-2"))
        .start_in_thread()
        .unwrap();
    let bus = UsbBus::new().device("serial=OFF,path=1-5,interface=mtp");
    // Only what the usual server shows is known to be on this computer.
    let named = Micheck::scan(server.address()).args(["--format", "json"]);
    let run = bus.shown_to(named).run();
    assert_eq!(run.json()["devices"].as_array().unwrap().len(), 2);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn phones_that_cannot_be_told_apart_are_counted() {
    let server = Bench::new().phone(patched("LISTED").network()).start_in_thread().unwrap();
    let bus = UsbBus::new().phone(patched("R"), "path=1-1").phone(patched("R"), "path=1-2");
    let run = scan_auto(&bus, &server);
    let mut reasons: Vec<Option<String>> =
        run.verdicts().into_iter().map(|(_, _, reason)| reason).collect();
    reasons.sort();
    assert_eq!(reasons, [None, Some("ambiguous_serial".to_owned())]);
    assert_eq!(run.code, Some(3));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_bench_without_a_server_is_watched() {
    let bus = UsbBus::new()
        .phone(vulnerable("R1"), "serial=COMES,path=1-2")
        .phone(patched("R2"), "serial=STAYS,path=1-3.1")
        .device("serial=OFF,interface=mtp");
    let micheck = Micheck::new(["watch", "--via", "usb"]);
    let mut run = Watching::start(bus.shown_to(micheck));
    let verdicts = [run.wait_for("verdict"), run.wait_for("verdict")];
    for verdict in &verdicts {
        let device = &verdict["device"];
        let expected =
            if device["connection"]["serial"] == "COMES" { "vulnerable" } else { "patched" };
        assert_eq!(device["verdict"], expected, "{device}");
    }
    // The mocked bus takes its first phone away, and gives it back.
    run.signal("USR1");
    let removed = run.wait_for("phone_removed");
    assert_eq!(
        (removed["gone"].as_str(), removed["connection"]["serial"].as_str()),
        (Some("unplugged"), Some("COMES"))
    );
    run.signal("USR2");
    let added = run.wait_for("phone_added");
    assert_eq!((&added["phone"], added["visit"].as_u64()), (&removed["phone"], Some(2)));
    let verdict = run.wait_for("verdict");
    assert_eq!(verdict["device"]["verdict"], "vulnerable");
    assert_eq!(verdict["before"]["verdict"], "vulnerable");
    let words: Vec<String> = run.events.iter().map(event_in_words).collect();
    assert!(words.iter().any(|words| words.ends_with("usb_debugging_off")), "{words:?}");
    let again = words.iter().filter(|words| words.starts_with("check_started")).count();
    assert_eq!(again, 3, "{words:?}");
}
