//! Phones on the network without an adb server: the shipped program against simulated phones that
//! listen on TCP, with adb's key in the run's home. What can go wrong on the way is in
//! `direct_faults.rs`.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, TcpListener};
use std::path::Path;
use std::time::Duration;

use crate::support::phones::{Network, listen, patched, start, vulnerable};
use crate::support::{Micheck, Run, wait_until};
use micheck_adb::message::MessageCommand;
use micheck_simulator::{Authorisation, Bench, Phone};
use serde_json::{Value, json};

/// Longer than any test takes.
const LONG: &str = "10m";

fn asks(serial: &str, allowed_after: Option<Duration>) -> Phone {
    vulnerable(serial).authorisation(Authorisation::Ask { allowed_after })
}

fn allowed(serial: &str) -> Phone {
    asks(serial, Some(Duration::from_millis(500)))
}

/// Phones of every kind that can be asked.
fn phones() -> Vec<Phone> {
    vec![
        vulnerable("A"),
        Phone::poco("B").android(16).version("3.1.895.10"),
        Phone::xiaomi("C").android(9).version("3.1.900.12"),
        patched("D"),
        Phone::xiaomi("E"),
        Phone::pixel("F"),
        Phone::xiaomi("G").without_property("sys.boot_completed"),
        // The old shell, behind a terminal.
        Phone::xiaomi("H").android(5).version("2.5.100.3"),
        Phone::xiaomi("I").android(6).version("5.1.2.3"),
        Phone::xiaomi("J").android(6),
        Phone::xiaomi("K").android(6).package_manager_dead(),
        Phone::xiaomi("L").android(7).no_features().version("3.1.921.10"),
    ]
}

/// What is said of a phone, apart from how it was reached.
fn judged(mut device: Value) -> Value {
    let fields = device.as_object_mut().unwrap();
    fields.remove("connection").unwrap();
    fields.remove("duration_ms").unwrap();
    device
}

#[test]
fn a_phone_is_judged_as_through_a_server() {
    let network = listen(phones());
    let through_server = crate::support::phones::scan(phones());
    let run = network.scan().run();
    assert_eq!(run.stderr, "");
    let verdicts: Vec<_> = (0..phones().len())
        .map(|index| {
            let device = run.device(&network.serial(index));
            assert_eq!(
                device["connection"],
                json!({
                    "link": "network",
                    "serial_form": "full",
                    "server": null,
                    "serial": network.serial(index),
                    "transport_id": null,
                    "path": null,
                    "state": "device",
                })
            );
            let serial = char::from(b'A' + u8::try_from(index).unwrap()).to_string();
            assert_eq!(judged(device), judged(through_server.device(&serial)), "{serial}");
            run.verdict(&network.serial(index))
        })
        .collect();
    let expected = [
        "vulnerable",
        "vulnerable",
        "unconfirmed",
        "patched",
        "not_installed",
        "not_applicable",
        "unknown: still_booting",
        "vulnerable",
        "patched",
        "not_installed",
        "unknown: service_unavailable",
        "patched",
    ];
    assert_eq!(verdicts, expected);
    assert_eq!(run.code, Some(1));
    for index in 0..phones().len() {
        let received = network.received(index);
        let opened = received.iter().filter(|message| message.command == MessageCommand::Open);
        assert!(opened.clone().count() <= 2, "{received:?}");
        assert!(opened.clone().all(|open| open.payload.starts_with(b"shell")), "{received:?}");
        assert_eq!(network.public_keys(index), [""; 0], "nobody asked for it");
    }
}

#[test]
fn the_exit_code_is_that_of_the_worst_phone() {
    for (phone, code) in [(patched("A"), 0), (vulnerable("A"), 1), (asks("A", None), 3)] {
        assert_eq!(listen([phone]).scan().run().code, Some(code));
    }
}

#[test]
fn the_table_and_the_lines_name_the_address() {
    let network = listen([vulnerable("A")]);
    let address = network.serial(0);
    let table = network.server().args(["--connect", &address]).run();
    let row = table.stdout.lines().find(|line| line.contains("✖ AT RISK  ")).unwrap();
    assert!(row.trim_end().ends_with(&address), "{}", table.stdout);
    let lines = network.server().args(["--connect", &address, "--format", "jsonl"]).run().lines();
    let device = lines.iter().find(|line| line["event"] == "device").unwrap();
    assert_eq!(device["connection"]["serial"], address.as_str(), "{device}");
}

#[test]
fn addresses_and_names_of_every_kind_are_reached() {
    let network = listen([patched("A")]);
    let name = format!("localhost:{}", network.address(0).port());
    let run = network.server().args(["--format", "json", "--connect", &name]).run();
    assert_eq!(run.verdict(&name), "patched");

    // Not every computer has IPv6.
    if TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok() {
        let network = listen([patched("A").host(Ipv6Addr::LOCALHOST)]);
        let address = network.serial(0);
        assert!(address.starts_with("[::1]:"), "{address}");
        assert_eq!(network.scan().run().verdict(&address), "patched");
    }
}

#[test]
fn the_usual_port_is_5555() {
    // An address at which nobody listens; it doesn't leave this computer.
    let run = Micheck::scan(start([]).address())
        .args(["--format", "json", "--timeout", "5s", "--connect", "127.55.55.55"])
        .run();
    assert_eq!(run.device("127.55.55.55:5555")["connection"]["link"], "network");
}

#[test]
fn who_does_not_answer_is_unreachable() {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap();
    // No name may have so long a part: nobody needs to be asked.
    let nobody = format!("{}.invalid:5555", "a".repeat(64));
    let network = listen([patched("A")]);
    let run = network.scan().args(["--connect", &free.to_string(), "--connect", &nobody]).run();
    for address in [&free.to_string(), &nobody] {
        assert_eq!(run.verdict(address), "unknown: unreachable", "{address}");
        let device = run.device(address);
        assert_ne!(device["detail"], Value::Null);
        assert_eq!(device["connection"]["state"], Value::Null);
    }
    assert_eq!(run.verdict(&network.serial(0)), "patched");
    assert_eq!(run.code, Some(3));
}

#[test]
fn what_is_no_phone_is_to_be_called_at_another_address() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            // The other side may hang up at any time.
            let _ = stream.read(&mut [0; 512]);
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\nServer: printer\r\n\r\n");
        }
    });
    let run = listen([patched("A")]).scan().args(["--connect", &address]).run();
    assert_eq!(run.verdict(&address), "unknown: unreachable");
    let device = run.device(&address);
    let detail = device["detail"].as_str().unwrap();
    assert_eq!(detail, "what answers there isn't ADB");
    assert_eq!(device["steps"][0]["key"], "check_address");
    assert!(!device["steps"].to_string().contains("inspect_by_hand"));
}

#[test]
fn sixty_four_phones_are_asked_at_once() {
    let kinds = |n: usize| match n % 4 {
        0 => (vulnerable("A"), "vulnerable"),
        1 => (patched("B"), "patched"),
        2 => (Phone::pixel("C"), "not_applicable"),
        _ => (Phone::xiaomi("D").android(6), "not_installed"),
    };
    let network = listen((0..64).map(|n| kinds(n).0));
    let run = network.scan().args(["--timeout", LONG]).run();
    for n in 0..64 {
        assert_eq!(run.verdict(&network.serial(n)), kinds(n).1);
    }
    assert_eq!(run.json()["summary"]["devices"], 64);
}

#[test]
fn an_address_that_is_named_twice_is_asked_once() {
    let network = listen([patched("A")]);
    let run = network.scan().args(["--connect", &network.serial(0)]).run();
    assert_eq!(run.json()["summary"]["devices"], 1);
}

#[test]
fn a_phone_is_asked_even_if_a_server_lists_its_address() {
    // A server on another network may list the same address, and mean another phone.
    let network = listen([vulnerable("A"), vulnerable("B")]);
    let other = patched(&network.serial(0)).network();
    let bench = start([other, patched("on the cable")]);
    let mut scan = Micheck::scan(bench.address()).args(["--format", "json"]);
    for index in [0, 1] {
        scan = scan.args(["--connect", &network.serial(index)]);
    }
    let run = scan.run();
    let verdicts: Vec<(String, String)> =
        run.verdicts().into_iter().map(|(serial, verdict, _)| (serial, verdict)).collect();
    let of = |serial: &str| -> Vec<&str> {
        let mut found: Vec<&str> = verdicts
            .iter()
            .filter(|(one, _)| one == serial)
            .map(|(_, verdict)| verdict.as_str())
            .collect();
        found.sort_unstable();
        found
    };
    assert_eq!(of(&network.serial(0)), ["patched", "vulnerable"]);
    assert_eq!(of(&network.serial(1)), ["vulnerable"]);
    assert_eq!(of("on the cable"), ["patched"]);
}

#[test]
fn another_way_leaves_the_addresses_be() {
    let network = listen([patched("A")]);
    let bench = start([vulnerable("B")]);
    let port = bench.address().port().to_string();
    let scan = |via: &str| {
        Micheck::new(["scan", "--serials", "full", "--format", "json", "--via", via, "--connect"])
            .arg(network.serial(0))
            .env("ANDROID_ADB_SERVER_PORT", &port)
            .run()
    };
    // Over USB no server is asked, not even the one that adb's variable names.
    let run = scan("usb");
    assert_eq!(run.verdict(&network.serial(0)), "patched");
    assert_eq!(bench.requests(), [""; 0]);
    for via in ["server", "auto"] {
        let run = scan(via);
        assert_eq!(run.verdict(&network.serial(0)), "patched", "{via}");
        assert_eq!(run.verdict("B"), "vulnerable", "{via}");
    }
}

#[test]
fn what_contradicts_itself_is_refused() {
    let refused = |args: &[&str], says: &str| {
        let run = Micheck::new(["scan"]).args(args).run();
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(says), "{args:?}: {}", run.stderr);
    };
    refused(&["--via", "usb", "--server", "127.0.0.1:1"], "--via usb uses no adb server");
    refused(&["--demo", "--connect", "127.0.0.1:1"], "'--connect <HOST[:PORT]>'");
    refused(&["--demo", "--via", "usb"], "'--via <WAY>'");
    refused(&["--via", "cable"], "[possible values: auto, server, usb]");
    refused(&["--connect", "tv:x"], "isn't the address of a phone");
}

#[test]
fn the_settings_file_can_say_the_way_and_the_addresses() {
    let network = listen([patched("A"), vulnerable("B")]);
    let bench = start([Phone::pixel("C")]);
    let settings = format!(
        "via = \"server\"\nserver = [\"{}\"]\nconnect = [\"{}\"]\n",
        bench.address(),
        network.serial(0)
    );
    let scan =
        || Micheck::new(["scan", "--serials", "full", "--format", "json"]).settings(&settings);
    let run = scan().run();
    assert_eq!(run.verdict(&network.serial(0)), "patched");
    assert_eq!(run.verdict("C"), "not_applicable");
    // What is typed counts instead.
    let run = scan().args(["--connect", &network.serial(1)]).run();
    assert_eq!(run.verdict(&network.serial(1)), "vulnerable");
    assert_eq!(run.json()["summary"]["devices"], 2);
    let asked = bench.requests().len();
    let run = scan().args(["--via", "usb"]).run();
    assert_eq!(run.verdict(&network.serial(0)), "patched");
    assert_eq!(bench.requests().len(), asked);
    let run = Micheck::new(["scan"]).settings("connect = [\"tv:x\"]\n").run();
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("micheck.toml"), "{}", run.stderr);
}

#[test]
fn a_phone_in_another_mode_is_not_asked() {
    for state in ["recovery", "sideload", "rescue", "bootloader"] {
        let network = listen([vulnerable("A").state(state)]);
        let run = network.scan().run();
        assert_eq!(run.verdict(&network.serial(0)), "unknown: wrong_mode", "{state}");
        assert_eq!(run.device(&network.serial(0))["connection"]["state"], state);
        assert!(!network.has_received(0, MessageCommand::Open), "{state}");
    }
}

#[test]
fn a_phone_is_made_to_ask_only_when_somebody_waits() {
    let network = listen([asks("A", None)]);
    let run = network.scan().args(["--timeout", LONG, "--wait-auth", "0"]).run();
    assert_eq!(run.verdict(&network.serial(0)), "unknown: unauthorized");
    assert_eq!(network.public_keys(0), [""; 0]);
    assert_eq!(run.stderr, "");

    let run = network.scan().args(["--timeout", LONG, "--wait-auth", "1s"]).run();
    assert_eq!(run.verdict(&network.serial(0)), "unknown: auth_refused");
    assert_eq!(network.public_keys(0).len(), 1, "each would be a question of its own");
    let asked = format!("micheck: unlock {} and tap Allow (1 s left)\n", network.serial(0));
    assert_eq!(run.stderr, asked);

    let network = listen([allowed("A")]);
    let run = network.scan().args(["--timeout", LONG, "--wait-auth", LONG]).run();
    assert_eq!(run.verdict(&network.serial(0)), "vulnerable");
    assert_eq!(network.public_keys(0).len(), 1);
}

#[test]
fn waiting_for_a_person_costs_a_phone_none_of_its_time() {
    let network = listen([asks("A", Some(Duration::from_secs(6)))]);
    let run = network.scan().args(["--timeout", "5s", "--wait-auth", LONG]).run();
    assert_eq!(run.verdict(&network.serial(0)), "vulnerable");
}

/// The files in `.android`, by name.
fn key_files(home: &Path) -> Vec<String> {
    let Ok(files) = std::fs::read_dir(home.join(".android")) else { return Vec::new() };
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A key as micheck makes it, and its public half.
fn made_key() -> (String, String) {
    let network = listen([asks("A", None)]);
    let (_, home) = network.scan().run_in_dir();
    let read = |name: &str| std::fs::read_to_string(home.path().join(".android").join(name));
    (read("adbkey").unwrap(), read("adbkey.pub").unwrap())
}

#[test]
fn a_key_is_made_once_for_all_phones_that_want_it() {
    let network = listen((0..8).map(|_| allowed("A")));
    let (run, home) = network.scan().args(["--wait-auth", LONG]).run_in_dir();
    assert_eq!(run.json()["summary"]["vulnerable"], 8);
    assert_eq!(key_files(home.path()), ["adbkey", "adbkey.pub"]);
    let path = home.path().join(".android/adbkey");
    let key = std::fs::read_to_string(&path).unwrap();
    assert!(key.starts_with("-----BEGIN PRIVATE KEY-----\n"), "PKCS#8, as adb makes it");
    let public = std::fs::read_to_string(home.path().join(".android/adbkey.pub")).unwrap();
    for index in 0..8 {
        assert_eq!(network.public_keys(index), [format!("{}\0", public.trim_end())]);
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_key_that_is_there_is_used_and_left_alone() {
    let (key, public) = made_key();
    let network = listen([allowed("A")]);
    let (run, home) =
        network.scan().args(["--wait-auth", LONG]).file(".android/adbkey", &key).run_in_dir();
    assert_eq!(run.verdict(&network.serial(0)), "vulnerable");
    assert_eq!(network.public_keys(0), [format!("{}\0", public.trim_end())]);
    assert_eq!(std::fs::read_to_string(home.path().join(".android/adbkey")).unwrap(), key);
    assert_eq!(key_files(home.path()), ["adbkey"], "nor is its other half made");
}

/// Scans a phone that asks, and one that doesn't. The one must have the reason `bad_key`, the
/// other its verdict.
fn bad_key(set_up: impl FnOnce(Micheck) -> Micheck) -> (Run, Network, tempfile::TempDir) {
    let network = listen([allowed("A"), patched("B")]);
    let (run, home) = set_up(network.scan().args(["--wait-auth", LONG])).run_in_dir();
    assert_eq!(run.verdict(&network.serial(0)), "unknown: bad_key");
    assert_eq!(run.verdict(&network.serial(1)), "patched", "it needs no key");
    assert_eq!(network.public_keys(0), [""; 0]);
    (run, network, home)
}

#[test]
fn a_key_that_cannot_be_used_says_what_to_do() {
    let old = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    let (run, network, home) = bad_key(|micheck| micheck.file(".android/adbkey", old));
    let device = run.device(&network.serial(0));
    let detail = device["detail"].as_str().unwrap();
    assert!(detail.contains("PKCS#1") && detail.contains("openssl pkcs8 -topk8"), "{detail}");
    assert!(detail.contains("[DIR]/.android/adbkey"), "{detail}");
    assert_ne!(device["steps"], json!([]));
    assert_eq!(std::fs::read_to_string(home.path().join(".android/adbkey")).unwrap(), old);
    assert_eq!(key_files(home.path()), ["adbkey"]);

    let (run, network, _) = bad_key(|micheck| micheck.file(".android/adbkey", "nonsense"));
    let detail = run.device(&network.serial(0))["detail"].clone();
    assert!(detail.as_str().unwrap().contains("isn't an RSA key"), "{detail}");

    // Unreadable for whoever the tests run as.
    let (run, network, _) = bad_key(|micheck| micheck.file(".android/adbkey/file", ""));
    let detail = run.device(&network.serial(0))["detail"].clone();
    assert!(detail.as_str().unwrap().contains("can't read the ADB key"), "{detail}");
}

#[cfg(unix)]
#[test]
fn without_a_place_for_the_key_phones_that_need_none_still_answer() {
    let (run, network, _) = bad_key(|micheck| micheck.file("home", "").env("HOME", "home"));
    assert_ne!(run.device(&network.serial(0))["detail"], Value::Null);
    // Where nobody asks it isn't even missed.
    let network = listen([vulnerable("A")]);
    let run = network.scan().env("HOME", "/dev/null").run();
    assert_eq!((run.verdict(&network.serial(0)).as_str(), run.stderr.as_str()), ("vulnerable", ""));
}

#[test]
fn what_was_answered_can_be_kept_and_read_again() {
    let network = listen([vulnerable("A")]);
    let (run, dir) = network.scan().args(["--evidence", "kept"]).run_in_dir();
    assert_eq!(run.verdict(&network.serial(0)), "vulnerable");
    let kept = dir.path().join("kept");
    let again = Micheck::new(["inspect", "--format", "json"]).arg(kept).run();
    assert_eq!(again.json()["devices"][0]["verdict"], "vulnerable", "{}", again.stdout);
}

#[test]
fn phones_that_do_not_answer_keep_no_place_from_the_others() {
    let silent = || patched("silent").state("offline");
    let network = listen((0..40).map(|_| silent()).chain([patched("well")]));
    let scan = network.scan().args(["--timeout", LONG]);
    let mut started = scan.start();
    // Long before the time of the first one is up.
    wait_until("the last phone is asked", || network.has_received(40, MessageCommand::Open));
    started.kill();
    started.wait();
}

#[test]
fn simulated_phones_of_a_bench_are_told_apart() {
    // Which phone was sent what: what the other tests rely on.
    let phones = Bench::new().phones([patched("A"), patched("B")]).listen_in_thread().unwrap();
    let address = phones.addresses()[1].to_string();
    Micheck::scan(start([]).address()).args(["--connect", &address]).run();
    assert_eq!(phones.received(0), []);
    assert_eq!(phones.received(1)[0].command, MessageCommand::Connect);
}
