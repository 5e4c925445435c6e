//! `micheck watch` as it is shipped, against simulated phones: events, commands, logs, ends.

use std::time::Duration;

use crate::support::relay::Relay;
use crate::support::watching::{Watching, event_in_words};
use crate::support::{Micheck, wait_until};
use micheck_simulator::{Authorisation, Bench, Fault, Phone, RunningThread, ServerOptions};
use serde_json::{Value, json};

const RISK: &str = "3.1.874.10";
const FIXED: &str = "3.1.921.10";

fn bench(phones: impl IntoIterator<Item = Phone>) -> RunningThread {
    Bench::new().phones(phones).start_in_thread().unwrap()
}

fn phone(serial: &str, version: &str) -> Phone {
    Phone::xiaomi(serial).version(version)
}

fn watch(bench: &RunningThread) -> Micheck {
    Micheck::new(["watch"]).server(bench.address())
}

#[test]
fn a_phone_is_seen_asked_updated_and_unplugged() {
    let bench = bench([]);
    let mut run = Watching::start(watch(&bench).args(["--recheck", "100ms"]));
    bench.plug(phone("P1", RISK).state("unauthorized").usb("1-7"));
    run.wait_for("phone_added");
    bench.set_state("P1", "device");
    let verdict = run.wait_for("verdict");
    assert_eq!(verdict["device"]["verdict"], "vulnerable");
    assert_eq!((&verdict["first"], &verdict["recheck"]), (&json!(true), &json!(false)));
    assert_eq!(verdict["before"], Value::Null);
    let steps = verdict["device"]["steps"].as_array().unwrap();
    assert!(steps.iter().all(|step| step["key"] != "check_again"), "the board does that");
    // Asked again and again; nothing is told of that.
    let shells = bench.shells_begun();
    wait_until("it was asked again", || bench.shells_begun() > shells + 6);
    bench.replace("P1", phone("P1", FIXED));
    let verdict = run.wait_for("verdict");
    assert_eq!(verdict["device"]["verdict"], "patched");
    assert_eq!((&verdict["recheck"], &verdict["fixed"]), (&json!(true), &json!(true)));
    assert_eq!(verdict["before"]["version"], RISK);
    bench.unplug("P1");
    run.wait_for("phone_removed");
    let (events, end) = run.interrupt();
    let words: Vec<String> = events.iter().map(event_in_words).collect();
    assert_eq!(
        words,
        [
            "phone_added 1 unauthorized",
            "state_changed 1 unauthorized -> ready",
            "check_started 1",
            "verdict 1 vulnerable",
            "verdict 1 patched",
            "phone_removed 1 unplugged",
        ]
    );
    assert_eq!(end.code, Some(0), "{}", end.stderr);
    assert_eq!(end.stderr, "1 phone: 1 updated\n1 fixed\n");
}

#[test]
fn no_phone_costs_another_its_verdict() {
    let well = (0..12).map(|at| phone(&format!("W{at}"), if at % 2 == 0 { RISK } else { FIXED }));
    let sick = [
        phone("S1", RISK).fault(Fault::StallAfter { bytes: 100 }),
        phone("S2", RISK).fault(Fault::Garbage),
        phone("S3", RISK).fault(Fault::CloseAfter { bytes: 300 }),
        phone("S4", RISK).fault(Fault::HugePacket),
        phone("S5", RISK).fault(Fault::IgnoreTransport),
    ];
    let bench = bench(well.chain(sick));
    let run = Watching::start(watch(&bench).args(["--once", "17", "--timeout", "1s"]));
    let (events, end) = run.wait();
    let verdicts = events.iter().filter(|event| event["event"] == "verdict");
    let mut seen = 0;
    for verdict in verdicts {
        let serial = verdict["device"]["connection"]["serial"].as_str().unwrap();
        let said = verdict["device"]["verdict"].as_str().unwrap();
        let expected = match (serial.starts_with('W'), serial[1..].parse::<u32>().unwrap() % 2) {
            (true, 0) => "vulnerable",
            (true, _) => "patched",
            (false, _) => "unknown",
        };
        assert_eq!(said, expected, "{serial}");
        seen += 1;
    }
    assert_eq!(seen, 17);
    assert_eq!(end.code, Some(1));
    assert!(
        end.stderr.contains("17 phones: 6 at risk, 5 not checked, 6 updated\n"),
        "{}",
        end.stderr
    );
}

#[test]
fn the_exit_code_is_that_of_a_scan_over_all_that_was_seen() {
    let code = |phones: Vec<Phone>, once: &str| {
        let bench = bench(phones);
        Watching::start(watch(&bench).args(["--once", once])).wait().1.code
    };
    assert_eq!(code(vec![phone("P1", FIXED), Phone::pixel("P2")], "2"), Some(0));
    assert_eq!(code(vec![phone("P1", FIXED), phone("P2", RISK)], "2"), Some(1));
    let off = phone("P2", RISK).state("offline");
    assert_eq!(code(vec![phone("P1", FIXED), off], "1"), Some(3));
    let empty = bench([]);
    let run = Watching::start(watch(&empty));
    wait_until("it looks", || empty.requests().iter().any(|request| request.contains("track")));
    let end = run.interrupt().1;
    assert_eq!((end.code, end.stderr.as_str()), (Some(4), "0 phones\n"));
    let left_at_risk = bench([phone("P1", RISK)]);
    let mut run = Watching::start(watch(&left_at_risk).args(["--fail-on", "vulnerable"]));
    run.wait_for("verdict");
    left_at_risk.unplug("P1");
    run.wait_for("phone_removed");
    let end = run.interrupt().1;
    assert_eq!(end.code, Some(1));
    assert_eq!(end.stderr, "1 phone: 1 at risk\nstill to update: Redmi Note 13 (P1)\n");
}

#[test]
fn a_phone_that_starts_is_asked_until_it_has() {
    let starts = || {
        phone("P1", FIXED)
            .without_property("sys.boot_completed")
            .dump("com.xiaomi.mi_connect_service", "Can't find service: package\n")
    };
    let bench = bench([starts()]);
    let mut run = Watching::start(watch(&bench));
    run.wait_for("check_started");
    wait_until("it was asked twice", || bench.shells_begun() > 2);
    bench.replace("P1", phone("P1", FIXED));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "patched");
    let impatient = self::bench([starts()]);
    let mut run = Watching::start(watch(&impatient).args(["--boot-wait", "0"]));
    assert_eq!(run.wait_for("verdict")["device"]["reason"], "service_unavailable");
}

#[test]
fn an_app_that_is_gone_for_a_moment_is_not_called_gone() {
    let bench = bench([phone("P1", RISK)]);
    let mut run = Watching::start(watch(&bench).args(["--recheck", "100ms"]));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "vulnerable");
    let shells = bench.shells_begun();
    bench.replace("P1", Phone::xiaomi("P1"));
    wait_until("it was asked", || bench.shells_begun() > shells);
    bench.replace("P1", phone("P1", FIXED));
    let verdict = run.wait_for("verdict");
    assert_eq!(
        (&verdict["device"]["verdict"], &verdict["fixed"]),
        (&json!("patched"), &json!(true))
    );
    // Gone for good, it is believed.
    bench.replace("P1", phone("P1", RISK));
    bench.unplug("P1");
    bench.plug(phone("P1", RISK));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "vulnerable");
    bench.replace("P1", Phone::xiaomi("P1"));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "not_installed");
}

#[test]
fn another_phone_on_the_same_port_gets_a_verdict_of_its_own() {
    let bench = bench([phone("P1", FIXED).usb("1-1")]);
    let mut run = Watching::start(watch(&bench));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "patched");
    bench.unplug("P1");
    bench.plug(phone("P2", RISK).usb("1-1"));
    let verdict = run.wait_for("verdict");
    assert_eq!(verdict["device"]["verdict"], "vulnerable");
    assert_eq!((&verdict["phone"], &verdict["before"]), (&json!(2), &Value::Null));
    bench.unplug("P2");
    bench.plug(phone("P1", FIXED).usb("1-9"));
    let added = loop {
        let added = run.wait_for("phone_added");
        if added["visit"] == 2 {
            break added;
        }
    };
    assert_eq!(added["phone"], 1, "known again on another port");
}

/// A phone at a network address, as an adb server lists it, with a serial number of its own.
fn at_address(serial: &str, version: &str) -> Phone {
    phone(ADDRESS, version).property("ro.serialno", serial)
}

const ADDRESS: &str = "192.168.1.5:5555";

/// The next verdict of a phone that could be checked.
fn judged(run: &mut Watching) -> Value {
    loop {
        let verdict = run.wait_for("verdict");
        if verdict["device"]["verdict"] != "unknown" {
            return verdict;
        }
    }
}

#[test]
fn who_takes_over_an_address_is_another_phone() {
    for (first, second) in [(RISK, FIXED), (FIXED, RISK)] {
        let bench = bench([at_address("A1", first)]);
        let mut run = Watching::start(watch(&bench).args(["--recheck", "100ms"]));
        assert_eq!(judged(&mut run)["phone"], 1);
        bench.unplug(ADDRESS);
        bench.plug(at_address("B2", second));
        let verdict = judged(&mut run);
        assert_eq!((&verdict["phone"], &verdict["before"]), (&json!(2), &Value::Null), "{second}");
        assert_eq!(verdict["fixed"], false, "{second}");
        bench.unplug(ADDRESS);
        bench.plug(at_address("A1", FIXED));
        let verdict = judged(&mut run);
        assert_eq!(verdict["phone"], 1, "the first one is back");
        assert_eq!(verdict["fixed"], first == RISK);
    }
}

#[test]
fn another_phone_behind_one_connection_is_another_phone() {
    let bench = bench([at_address("A1", RISK)]);
    let mut run = Watching::start(watch(&bench).args(["--recheck", "100ms"]));
    assert_eq!(judged(&mut run)["device"]["verdict"], "vulnerable");
    // The server's list doesn't change.
    bench.replace(ADDRESS, at_address("B2", FIXED));
    assert_eq!(run.wait_for("phone_removed")["gone"], "another_phone");
    let verdict = judged(&mut run);
    assert_eq!(verdict["device"]["verdict"], "patched");
    assert_eq!((&verdict["phone"], &verdict["fixed"]), (&json!(2), &json!(false)));
}

#[test]
fn a_serial_number_that_many_phones_have_tells_nothing() {
    let dummy = |version| at_address("0123456789ABCDEF", version);
    let bench = bench([dummy(RISK)]);
    let mut run = Watching::start(watch(&bench));
    assert_eq!(judged(&mut run)["device"]["verdict"], "vulnerable");
    bench.unplug(ADDRESS);
    run.wait_for("phone_removed");
    bench.plug(dummy(FIXED));
    let verdict = judged(&mut run);
    assert_eq!((&verdict["phone"], &verdict["fixed"]), (&json!(2), &json!(false)));
    assert_eq!(verdict["before"], Value::Null);
}

#[test]
fn an_address_that_is_connected_to_is_asked_again_also_when_its_phone_is_fine() {
    let phones = [phone("A1", FIXED), phone("B2", RISK)];
    let phones = Bench::new().phones(phones).listen_in_thread().unwrap();
    let relay = Relay::to(phones.addresses()[0]);
    let none = bench([]);
    let address = relay.address.to_string();
    let mut run = Watching::start(watch(&none).args(["--connect", &address, "--recheck", "200ms"]));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "patched");
    relay.lead_to(phones.addresses()[1]);
    let verdict = judged(&mut run);
    assert_eq!(verdict["device"]["verdict"], "vulnerable");
    assert_eq!((&verdict["phone"], &verdict["before"]), (&json!(2), &Value::Null));
}

#[test]
fn a_server_that_dies_is_told_of_and_its_phones_go() {
    let bench = bench([phone("P1", FIXED)]);
    let other = self::bench([phone("P2", FIXED)]);
    let mut run = Watching::start(watch(&bench).server(other.address()));
    run.wait_for("verdict");
    run.wait_for("verdict");
    bench.kill_server();
    let lost = run.wait_for("server_lost");
    assert_eq!(lost["server"], bench.address().to_string());
    let gone = run.wait_for("phone_removed");
    assert_eq!(
        (&gone["gone"], &gone["connection"]["serial"]),
        (&json!("server_lost"), &json!("P1"))
    );
    other.plug(phone("P3", RISK));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "vulnerable", "the other goes on");
    let end = run.interrupt().1;
    assert!(end.stderr.contains("adb server not reached"), "{}", end.stderr);
    assert!(end.stderr.contains("[SERVER]"), "{}", end.stderr);
}

#[test]
fn a_server_that_cannot_tell_of_changes_is_asked_again_and_again() {
    let bench = Bench::new()
        .server(ServerOptions { no_long_tracking: true, ..ServerOptions::default() })
        .start_in_thread()
        .unwrap();
    let mut run = Watching::start(watch(&bench));
    bench.plug(phone("P1", RISK));
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "vulnerable");
    bench.unplug("P1");
    run.wait_for("phone_removed");
}

#[test]
fn a_phone_on_the_network_counts_as_plugged_in() {
    let phones = Bench::new().phone(phone("N1", RISK)).listen_in_thread().unwrap();
    let address = phones.addresses()[0].to_string();
    let none = bench([]);
    let mut run = Watching::start(watch(&none).args(["--connect", &address, "--once", "1"]));
    let verdict = run.wait_for("verdict");
    assert_eq!(verdict["device"]["verdict"], "vulnerable");
    assert_eq!(verdict["device"]["connection"]["link"], "network");
    assert_eq!(run.wait().1.code, Some(1));
}

#[test]
fn a_person_is_asked_once_however_often_the_phone_is() {
    use micheck_adb::message::{AUTH_PUBLIC_KEY, MessageCommand};

    let allowed_after = Some(Duration::from_millis(700));
    let asks = phone("N1", RISK).authorisation(Authorisation::Ask { allowed_after });
    let phones = Bench::new().phone(asks).listen_in_thread().unwrap();
    let address = phones.addresses()[0].to_string();
    let none = bench([]);
    let run = watch(&none).args(["--connect", &address, "--recheck", "100ms"]);
    let mut run = Watching::start(run);
    assert_eq!(run.wait_for("verdict")["device"]["verdict"], "vulnerable");
    let words = run.words();
    assert_eq!(
        words,
        [
            "phone_added 1 ready",
            "check_started 1",
            "state_changed 1 ready -> unauthorized",
            "state_changed 1 unauthorized -> ready",
            "verdict 1 vulnerable"
        ]
    );
    let opened = || {
        phones.received(0).iter().filter(|message| message.command == MessageCommand::Open).count()
    };
    let first = opened();
    wait_until("it was asked again", || opened() >= 3 * first);
    let keys = phones
        .received(0)
        .iter()
        .filter(|message| {
            message.command == MessageCommand::Auth && message.arg0 == AUTH_PUBLIC_KEY
        })
        .count();
    assert_eq!(keys, 1, "its person would have had to tap again");
}

#[test]
fn a_log_gets_what_is_told_and_what_was_there_stays() {
    let bench = bench([phone("P1", RISK)]);
    let run = watch(&bench).args(["--once", "1", "--log", "a b.jsonl"]).file("a b.jsonl", "old\n");
    let (run, dir) = run.run_in_dir();
    let log = std::fs::read_to_string(dir.path().join("a b.jsonl")).unwrap();
    assert_eq!(log, format!("old\n{}", run.raw_stdout));
    assert_eq!(log.lines().count(), 4);
}

#[cfg(target_os = "linux")]
#[test]
fn a_log_that_cannot_be_written_is_told_of() {
    let bench = bench([phone("P1", FIXED)]);
    let run = watch(&bench).args(["--once", "1", "--log", "/dev/full"]).run();
    assert_eq!(run.code, Some(2));
    let stderr = run.stderr;
    assert!(stderr.contains("3 of the lines for /dev/full couldn't be written"), "{stderr}");
    assert_eq!(run.raw_stdout.lines().count(), 3, "the other place has them");
    let run = watch(&bench).args(["--log", "no/such/folder"]).run();
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("can't write to no/such/folder"), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn a_reader_that_has_gone_ends_it() {
    let bench = bench([phone("P1", RISK)]);
    let run = watch(&bench).within_shell("\"$0\" \"$@\" | head -n 1").start();
    // It is noticed when there is something to be told.
    let told = std::thread::scope(|scope| {
        let ended = scope.spawn(|| run.wait().0);
        for at in 0.. {
            if ended.is_finished() {
                break;
            }
            bench.plug(phone(&format!("N{at}"), FIXED));
            std::thread::sleep(Duration::from_millis(200));
        }
        ended.join().unwrap()
    });
    assert_eq!(told.raw_stdout.lines().count(), 1);
}

#[cfg(unix)]
mod commands {
    use super::*;

    /// Makes a script that a run finds in its folder.
    fn script(run: Micheck, name: &str, text: &str) -> Micheck {
        use std::os::unix::fs::PermissionsExt as _;
        let run = run.file(name, text);
        let path = run.dir().join(name);
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        run
    }

    #[test]
    fn a_command_gets_each_verdict() {
        let bench = bench([phone("P $(x)\"1", RISK), phone("P2", FIXED)]);
        let run = watch(&bench).args(["--once", "2", "--exec", "./label", "--exec-arg", "--a b"]);
        let run = script(
            run,
            "label",
            "#!/bin/sh\nread -r line\nprintf '%s\\n' \"$#|$1|$MICHECK_SERIAL|$MICHECK_VERDICT|$MICHECK_VERSION|$MICHECK_NAME|$MICHECK_FIRST\" >>labels\nprintf '%s\\n' \"$line\" >>events\necho nobody sees this\n",
        );
        let (run, dir) = run.run_in_dir();
        let read = |name: &str| std::fs::read_to_string(dir.path().join(name)).unwrap();
        let mut labels: Vec<String> = read("labels").lines().map(str::to_owned).collect();
        labels.sort();
        assert_eq!(
            labels,
            [
                "1|--a b|P __x__1|vulnerable|3.1.874.10|Redmi Note 13|true",
                "1|--a b|P2|patched|3.1.921.10|Redmi Note 13|true"
            ]
        );
        let events = read("events");
        let serial = |line: &str| {
            let event: Value = serde_json::from_str(line).unwrap();
            event["device"]["connection"]["serial"].as_str().unwrap().to_owned()
        };
        let mut serials: Vec<String> = events.lines().map(serial).collect();
        serials.sort();
        assert_eq!(serials, ["P $(x)\"1", "P2"]);
        assert!(!run.raw_stdout.contains("nobody sees this"));
        assert_eq!(run.code, Some(1));
    }

    #[test]
    fn a_command_that_fails_is_told_of() {
        let bench = bench([phone("P1", FIXED)]);
        let with = |exec: &str, text: &str| {
            let run = watch(&bench).args(["--once", "1", "--exec", exec]);
            script(run, "label", text).run()
        };
        let run =
            with("./label", "#!/bin/sh\necho one >&2\nprintf 'no \\033[31mpaper\\n' >&2\nexit 3\n");
        assert!(
            run.stderr.contains("micheck: --exec for P1: exit status: 3: no \\u001b[31mpaper\n"),
            "{}",
            run.stderr
        );
        assert_eq!(run.code, Some(0), "what the phone is doesn't depend on it");
        let run = with("./nothing", "");
        assert!(run.stderr.contains("--exec for P1: it can't be started: "), "{}", run.stderr);
        // It need not read, and may say a lot.
        let run = with("./label", "#!/bin/sh\nexec 0<&-\nyes | head -c 1000000 >&2\n");
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), "1 phone: 1 updated\n"));
    }

    #[test]
    fn four_commands_run_at_a_time_and_all_of_them_come_to_their_turn() {
        let phones: Vec<Phone> = (0..20).map(|at| phone(&format!("P{at}"), FIXED)).collect();
        let bench = bench(phones);
        let run = watch(&bench).args(["--once", "20", "--exec", "./label"]);
        let text =
            "#!/bin/sh\nmkdir run.$$\nls -d run.* | wc -l >>counts\nsleep 0.05\nrmdir run.$$\n";
        let (_, dir) = script(run, "label", text).run_in_dir();
        let counts = std::fs::read_to_string(dir.path().join("counts")).unwrap();
        let counts: Vec<u32> = counts.lines().map(|line| line.trim().parse().unwrap()).collect();
        assert_eq!(counts.len(), 20);
        assert!(counts.iter().all(|count| *count <= 4), "{counts:?}");
    }

    #[test]
    fn a_second_interrupt_waits_for_no_command() {
        let bench = bench([phone("P1", FIXED)]);
        let run = watch(&bench).args(["--exec", "./label"]);
        let run = script(run, "label", "#!/bin/sh\ntouch begun\nsleep 600\n");
        let begun = run.dir().join("begun");
        let run = Watching::start(run);
        wait_until("the command runs", || begun.exists());
        run.signal("INT");
        std::thread::sleep(Duration::from_millis(300));
        let (_, end) = run.interrupt();
        assert_eq!(end.code, Some(0), "{}", end.stderr);
    }
}

#[test]
fn the_demo_is_a_film() {
    let run = Watching::start(Micheck::new(["watch", "--demo", "--once", "4"]));
    let (events, end) = run.wait();
    assert!(events.iter().all(|event| event["simulated"] == true));
    assert_eq!(events[0]["event"], "phone_added");
    assert_eq!(end.code, Some(1));
}

#[test]
fn what_does_not_go_together_is_refused() {
    for (args, expected) in [
        (vec!["--once", "0"], "invalid value '0' for '--once <N>'"),
        (vec!["--exec-arg", "x"], "--exec <PROGRAM>"),
        (vec!["--demo", "--server", "x"], "cannot be used with"),
        (vec!["--via", "usb", "--server", "x"], "--via usb uses no adb server"),
        (vec!["--recheck", "soon"], "`soon` isn't a time"),
        (vec!["--format", "board"], "standard output isn't a terminal; try --format jsonl"),
    ] {
        let run = Micheck::new(["watch"]).args(&args).run();
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains(expected), "{args:?}: {}", run.stderr);
    }
    let run = Micheck::new(["watch"]).settings("exec = 5\n").run();
    assert!(run.stderr.contains("micheck.toml:1: `exec` is a list"), "{}", run.stderr);
}
