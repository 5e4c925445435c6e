//! `micheck fix` as it is shipped, against simulated phones over every link: who is asked for which
//! screen, in which words, what is believed of the answer, and how it ends.

use std::time::{Duration, Instant};

use crate::support::phones::{listen, patched, start, vulnerable};
use crate::support::usb_mock::UsbBus;
use crate::support::{Micheck, Run, wait_until};
use micheck_adb::message::{Message, MessageCommand};
use micheck_simulator::{Activity, Fault, Phone, RunningThread};
use serde_json::Value;

const FIXED: &str = "3.1.921.10";

const DISCOVER: &str = "com.xiaomi.discover";
const GETAPPS: &str = "com.xiaomi.mipicks";
const APP_STORE: &str = "com.xiaomi.market";
const INDUS: &str = "com.indus.appstore";
const PLAY: &str = "com.android.vending";

/// Each screen with its whole command.
const ROUTES: [(&str, &str); 9] = [
    (
        "system_apps_updater",
        "am start -n com.xiaomi.discover/com.xiaomi.market.ui.UpdateAppsActivityInner",
    ),
    (
        "getapps_updates",
        "am start -a android.intent.action.VIEW -d mimarket://update -p com.xiaomi.mipicks",
    ),
    (
        "getapps_page",
        "am start -a android.intent.action.VIEW -d \
         'mimarket://details?id=com.xiaomi.mi_connect_service' -p com.xiaomi.mipicks",
    ),
    ("app_store_updates", "am start -a com.xiaomi.market.UPDATE_APP_LIST -p com.xiaomi.market"),
    (
        "app_store_page",
        "am start -a android.intent.action.VIEW -d \
         'mimarket://details?id=com.xiaomi.mi_connect_service' -p com.xiaomi.market",
    ),
    (
        "indus_appstore",
        "am start -a android.intent.action.MAIN -c android.intent.category.LAUNCHER -p \
         com.indus.appstore",
    ),
    (
        "google_play_page",
        "am start -a android.intent.action.VIEW -d \
         'market://details?id=com.xiaomi.mi_connect_service' -p com.android.vending",
    ),
    ("system_update", "am start -n com.android.updater/.MainActivity"),
    ("system_update_by_google", "am start -n com.google.android.gms/.update.SystemUpdateActivity"),
];

fn command(route: &str) -> &'static str {
    ROUTES.iter().find(|(key, _)| *key == route).unwrap().1
}

/// `micheck fix --yes`, which asks phones again often and waits no longer than a test may take.
fn fix(bench: &RunningThread, wait: &str) -> Micheck {
    fix_with(bench, wait, "1s")
}

/// The same, which waits so long for a phone that was unplugged.
fn fix_with(bench: &RunningThread, wait: &str, boot_wait: &str) -> Micheck {
    let args = ["fix", "--yes", "--serials", "full", "--format", "json", "--recheck", "100ms"];
    Micheck::new(args).args(["--wait", wait, "--boot-wait", boot_wait]).server(bench.address())
}

/// The screens that phones were asked for, in the order of asking.
fn asked_for(bench: &RunningThread) -> Vec<String> {
    bench.requests().iter().flat_map(|request| starts(request)).collect()
}

/// Each `am` of a command, to its end.
fn starts(request: &str) -> Vec<String> {
    let starts = request.split(';').filter(|word| word.starts_with("am "));
    starts.map(|start| start.trim_end_matches(" 2>&1").to_owned()).collect()
}

/// What a report says of a phone's requests.
fn requests(device: &Value) -> Vec<String> {
    let requests = device["requests"].as_array().cloned().unwrap_or_default();
    let word = |value: &Value| value.as_str().unwrap_or("unknown").to_owned();
    requests
        .iter()
        .map(|request| format!("{}: {}", word(&request["route"]), word(&request["answer"])))
        .collect()
}

/// What a phone was asked to open.
fn opened(received: Vec<Message>) -> Vec<String> {
    let opened = received.into_iter().filter(|message| message.command == MessageCommand::Open);
    opened.map(|open| String::from_utf8_lossy(&open.payload).into_owned()).collect()
}

/// A phone at risk with these apps beside it, in this region.
fn with_apps(region: &str, apps: &[&str]) -> Phone {
    let apps = apps.iter().copied().chain(["com.xiaomi.mi_connect_service"]);
    vulnerable("P1").property("ro.miui.region", region).packages(apps)
}

#[test]
fn a_phone_is_asked_updated_and_its_proof_is_in_the_report() {
    let phone = vulnerable("P1").usb("1-7").updates(Duration::from_millis(600), FIXED);
    let bench = start([phone, patched("P2"), Phone::pixel("P3")]);
    let run = fix(&bench, "60s").run();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(asked_for(&bench), [command("system_apps_updater")]);
    let device = run.device("P1");
    assert_eq!(run.verdict("P1"), "patched");
    assert_eq!(requests(&device), ["system_apps_updater: requested"]);
    let before = &device["before"];
    assert_eq!(
        (&before["verdict"], &before["version"]),
        (&"vulnerable".into(), &"3.1.874.10".into())
    );
    assert_eq!(before["number"].as_str().unwrap().len(), 14);
    let (then, now) = (before["at"].as_str().unwrap(), device["checked_at"].as_str().unwrap());
    assert!(then < now, "{then} {now}");
    for other in ["P2", "P3"] {
        let device = run.device(other);
        assert_eq!((&device["before"], &device["requests"]), (&Value::Null, &Value::Null));
    }
    for line in [
        "micheck will ask this phone to show its app updater. It changes no setting and installs \
         nothing: the owner taps Update.",
        "  Redmi Note 13 (P1) · usb:1-7 · AT RISK 3.1.874.10\n",
        "  Redmi Note 13 (P1): System apps updater requested. Unlock the phone and look: tap Update.\n",
        "  Redmi Note 13 (P1): 3.1.874.10 → 3.1.921.10, updated\n",
    ] {
        assert!(run.stderr.contains(line), "{line}\n{}", run.stderr);
    }
}

#[test]
fn screens_are_asked_for_in_the_order_of_the_advice_until_the_phone_takes_one() {
    let cases: &[(&str, &[&str], &[&str])] = &[
        ("GB", &[DISCOVER, GETAPPS, PLAY], &["system_apps_updater"]),
        ("GB", &[GETAPPS, PLAY], &["getapps_updates"]),
        ("GB", &[PLAY], &["google_play_page"]),
        ("IN", &[INDUS, GETAPPS, PLAY], &["indus_appstore"]),
        ("IN", &[GETAPPS], &["getapps_updates"]),
        ("CN", &[APP_STORE], &["app_store_updates"]),
        ("CN", &[], &["google_play_page"]),
    ];
    for (region, apps, wanted) in cases {
        let bench = start([with_apps(region, apps)]);
        let run = fix(&bench, "0").run();
        let wanted: Vec<&str> = wanted.iter().map(|route| command(route)).collect();
        assert_eq!(asked_for(&bench), wanted, "{region} {apps:?}\n{}", run.stderr);
        assert_eq!(run.code, Some(1));
    }
    // Nothing works: every screen that the phone could have is tried, once.
    let all = [DISCOVER, GETAPPS, APP_STORE, INDUS, PLAY];
    for (region, wanted) in [
        ("GB", &["system_apps_updater", "getapps_updates", "getapps_page", "google_play_page"][..]),
        ("IN", &["system_apps_updater", "indus_appstore", "google_play_page"]),
        ("CN", &["system_apps_updater", "app_store_updates", "app_store_page", "google_play_page"]),
    ] {
        let phone = all
            .iter()
            .fold(with_apps(region, &all), |phone, app| phone.activity(*app, Activity::Denied));
        let bench = start([phone]);
        let run = fix(&bench, "0").run();
        let commands: Vec<&str> = wanted.iter().map(|route| command(route)).collect();
        assert_eq!(asked_for(&bench), commands, "{region}");
        let answers: Vec<String> = wanted.iter().map(|route| format!("{route}: denied")).collect();
        assert_eq!(requests(&run.device("P1")), answers);
        assert!(
            run.stderr.contains("none of its screens could be requested. On the phone: Settings")
        );
    }
}

#[test]
fn every_answer_of_am_is_believed_for_what_it_is() {
    for (activity, answer, goes_on) in [
        (Activity::Starts, "requested", false),
        (Activity::BroughtToFront, "brought_to_front", false),
        (Activity::DoesNotExist, "does_not_exist", true),
        (Activity::Unresolved, "unresolved", true),
        (Activity::Denied, "denied", true),
        (Activity::Hangs, "no_answer", false),
    ] {
        for old in [false, true] {
            let phone = with_apps("GB", &[DISCOVER, GETAPPS]).activity(DISCOVER, activity);
            // The old shell, with CRLF and without packets.
            let bench = start([if old { phone.android(6) } else { phone }]);
            let run = fix(&bench, "0").args(["--timeout", "2s"]).run();
            let mut wanted = vec![format!("system_apps_updater: {answer}")];
            wanted.extend(goes_on.then(|| "getapps_updates: requested".to_owned()));
            assert_eq!(requests(&run.device("P1")), wanted, "{activity:?} {old}");
            assert_eq!(asked_for(&bench).len(), wanted.len());
            assert_eq!(run.verdict("P1"), "vulnerable", "{activity:?} {old}");
        }
    }
}

#[test]
fn the_systems_update_is_shown_on_one_chosen_phone_only() {
    let bench = start([vulnerable("P1"), vulnerable("P2")]);
    let run = fix(&bench, "0").args(["--route", "system"]).run();
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("--route system is for one phone only; name it with --serial"));
    assert_eq!(asked_for(&bench), Vec::<String>::new());
    let run = fix(&bench, "0").args(["--route", "system", "--serial", "P2"]).run();
    assert_eq!(asked_for(&bench), [command("system_update")], "{}", run.stderr);
    assert_eq!(run.verdicts().len(), 1, "the report is about the chosen phone");
    assert_eq!(requests(&run.device("P2")), ["system_update: requested"]);
    let google = vulnerable("P3")
        .property("ro.miui.gota", "1")
        .property("ro.product.name", "vayu_global")
        .activity("com.google.android.gms", Activity::Starts);
    let bench = start([google]);
    fix(&bench, "0").args(["--route", "system", "--serial", "P3"]).run();
    assert_eq!(asked_for(&bench), [command("system_update_by_google")]);
}

#[test]
fn a_serial_number_chooses_the_only_phone_and_one_that_needs_nothing_is_left_alone() {
    let bench = start([vulnerable("AB01"), vulnerable("CD02"), patched("EF03")]);
    let run = fix(&bench, "0").args(["--serial", "02"]).run();
    assert_eq!(requests(&run.device("CD02")), ["system_apps_updater: requested"]);
    assert_eq!(asked_for(&bench).len(), 1);
    let run = fix(&bench, "0").args(["--serial", "EF03"]).run();
    assert_eq!(
        (run.code, run.stderr.as_str()),
        (Some(0), "Redmi Note 13 (EF03) needs no update.\n")
    );
    let run = fix(&bench, "0").args(["--serial", "04"]).run();
    assert_eq!((run.code, asked_for(&bench).len()), (Some(2), 1), "{}", run.stderr);
    assert!(run.stderr.contains("no phone has the serial number `04`"), "{}", run.stderr);
    let run = fix(&bench, "0").args(["--serial", ""]).run();
    assert_eq!((run.code, asked_for(&bench).len()), (Some(2), 1), "{}", run.stderr);
}

#[test]
fn without_a_terminal_somebody_must_have_said_yes() {
    let bench = start([vulnerable("P1")]);
    let run = Micheck::new(["fix"]).server(bench.address()).run();
    assert_eq!(run.code, Some(2));
    assert_eq!(
        run.stderr,
        "micheck: phones are asked only after a yes, and there is no terminal to say it on; add --yes\n"
    );
    assert_eq!(bench.requests(), Vec::<String>::new(), "no phone was contacted");
}

#[test]
fn what_needs_no_update_and_what_cannot_be_asked_ends_as_a_scan_does() {
    for (phones, code, said) in [
        (vec![patched("P1")], 0, "No phone needs an update.\n"),
        (
            vec![vulnerable("P1").state("unauthorized"), patched("P2")],
            3,
            "unknown phone (P1) wasn't checked: not allowed yet\n\
             No phone can be asked to show its updater.\n",
        ),
        (
            vec![Phone::xiaomi("P1").without_property("sys.boot_completed")],
            3,
            "Redmi Note 13 (P1) wasn't checked: still starting\n\
             No phone can be asked to show its updater.\n",
        ),
        (vec![], 4, ""),
    ] {
        let bench = start(phones);
        let run = fix(&bench, "60s").run();
        assert_eq!((run.code, run.stderr.as_str()), (Some(code), said));
        assert_eq!(asked_for(&bench), Vec::<String>::new());
    }
}

#[test]
fn an_update_that_never_comes_is_waited_for_as_long_as_was_said() {
    let bench = start([vulnerable("P1")]);
    let run = fix(&bench, "2s").run();
    assert_eq!(run.code, Some(1));
    assert!(run.took >= Duration::from_secs(2), "{:?}", run.took);
    assert!(run.stderr.contains("P1): still 3.1.874.10; no update arrived"), "{}", run.stderr);
    assert_eq!(asked_for(&bench).len(), 1, "asked again for its version, and for no screen");
    assert_eq!(run.device("P1")["before"]["version"], run.device("P1")["findings"][0]["version"]);
}

#[test]
fn of_two_phones_the_one_that_refuses_costs_the_other_nothing() {
    let refuses = [DISCOVER, GETAPPS]
        .into_iter()
        .fold(vulnerable("P1"), |phone, app| phone.activity(app, Activity::Denied));
    let well = vulnerable("P2").updates(Duration::from_millis(500), FIXED);
    let hangs = vulnerable("P3").activity(DISCOVER, Activity::Hangs);
    let bench = start([refuses, well, hangs]);
    let run = fix(&bench, "6s").args(["--timeout", "2s"]).run();
    assert_eq!(run.verdict("P2"), "patched", "{}", run.stderr);
    assert_eq!(
        (run.verdict("P1").as_str(), run.verdict("P3").as_str()),
        ("vulnerable", "vulnerable")
    );
    assert_eq!(run.code, Some(1));
    assert!(run.took < Duration::from_secs(20), "{:?}", run.took);
}

#[test]
fn a_phone_that_leaves_is_waited_for_and_taken_up_again_when_it_returns() {
    let phone = || vulnerable("P1").usb("1-3");
    let bench = start([phone()]);
    let run = fix_with(&bench, "60s", "30s").start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    bench.unplug("P1");
    std::thread::sleep(Duration::from_millis(300));
    bench.plug(phone().updates(Duration::from_millis(300), FIXED));
    let (run, _) = run.wait();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(asked_for(&bench).len(), 2, "its screen is another one by then");
    for line in ["P1): unplugged; waiting 0:30 for it", "P1): back\n", "→ 3.1.921.10, updated\n"]
    {
        assert!(run.stderr.contains(line), "{line}\n{}", run.stderr);
    }
}

#[test]
fn a_phone_that_left_for_good_ends_the_wait_and_its_risk_stands() {
    let bench = start([vulnerable("P1").usb("1-3")]);
    let run = fix(&bench, "60s").start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    bench.unplug("P1");
    let (run, _) = run.wait();
    assert_eq!((run.code, run.verdict("P1").as_str()), (Some(1), "vulnerable"), "{}", run.stderr);
    assert!(run.took < Duration::from_secs(30), "{:?}", run.took);
}

#[test]
fn another_phone_on_its_port_is_asked_for_nothing() {
    let bench = start([vulnerable("P1").usb("1-3")]);
    let run = fix_with(&bench, "60s", "3s").start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    bench.unplug("P1");
    bench.plug(vulnerable("P2").usb("1-3"));
    let (run, _) = run.wait();
    assert_eq!(asked_for(&bench).len(), 1, "{}", run.stderr);
    assert_eq!(run.device("P2")["requests"], Value::Null);
    assert_eq!(
        (run.verdict("P1").as_str(), run.verdict("P2").as_str()),
        ("vulnerable", "vulnerable")
    );
    assert_eq!(run.code, Some(1));
}

#[cfg(unix)]
#[test]
fn ctrl_c_says_what_was_requested() {
    for (phone, said) in [
        (vulnerable("P1"), "Interrupted. Requested, and not updated yet: Redmi Note 13 (P1)."),
        (
            vulnerable("P1").am_delay(Duration::from_secs(60)),
            "Interrupted while they were asked, so they may show their updater: Redmi Note 13 (P1).",
        ),
    ] {
        let bench = start([phone]);
        let run = fix(&bench, "60s").start();
        wait_until("it was asked", || asked_for(&bench).len() == 1);
        std::thread::sleep(Duration::from_millis(500));
        let id = run.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
        let (run, _) = run.wait();
        assert_eq!(run.code, Some(130), "{}", run.stderr);
        assert!(run.stderr.contains(said), "{}", run.stderr);
        // What came of it by then is worth a report.
        assert_eq!(run.verdict("P1"), "vulnerable");
        assert_eq!(run.device("P1")["before"]["version"], "3.1.874.10");
        assert_eq!(requests(&run.device("P1")).len(), 1, "{}", run.stdout);
    }
}

#[test]
fn what_the_phones_answered_is_kept_and_says_the_same_again() {
    let phone = vulnerable("P1").updates(Duration::from_millis(500), FIXED);
    let (run, dir) = fix(&start([phone]), "60s").args(["--evidence", "kept"]).run_in_dir();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let kept = dir.path().join("kept");
    let answer = kept.join("requested/redmi-note-13-01/am-start-system_apps_updater.txt");
    assert!(std::fs::read_to_string(answer).unwrap().starts_with("Starting: Intent {"));
    let inspect = |folder: &str| {
        let path = kept.join(folder);
        let run = Micheck::new(["inspect", "--format", "json"]).arg(path).run();
        let device = run.json()["devices"][0].clone();
        (device["verdict"].as_str().unwrap().to_owned(), requests(&device))
    };
    let requested = vec!["system_apps_updater: requested".to_owned()];
    assert_eq!(inspect("requested"), ("vulnerable".to_owned(), requested));
    assert_eq!(inspect("last"), ("patched".to_owned(), Vec::new()));
}

#[test]
fn each_owner_gets_a_receipt() {
    let phone = vulnerable("P1").updates(Duration::from_millis(500), FIXED);
    let bench = start([phone]);
    let args = ["fix", "--yes", "--recheck", "100ms", "--sheet", "-o", "receipt.html"];
    let (run, dir) = Micheck::new(args).server(bench.address()).run_in_dir();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let page = std::fs::read_to_string(dir.path().join("receipt.html")).unwrap();
    for text in [
        "3.1.874.10",
        "3.1.921.10",
        "Checked on",
        "Report number",
        "Earlier check",
        "Its report number",
        "Asked to show",
        "System apps updater",
    ] {
        assert!(page.contains(text), "{text}");
    }
}

#[test]
fn phones_without_a_server_are_asked_in_the_same_words() {
    let phones = listen([
        vulnerable("N1").updates(Duration::from_millis(300), FIXED),
        vulnerable("N2").activity(DISCOVER, Activity::DoesNotExist),
    ]);
    let args = ["fix", "--yes", "--via", "usb", "--format", "json", "--serials", "full"];
    let mut run = Micheck::new(args).args(["--wait", "5s", "--recheck", "200ms"]);
    for at in 0..2 {
        run = run.arg("--connect").arg(phones.address(at).to_string());
    }
    let run = run.run();
    let serial = |at| phones.serial(at);
    assert_eq!(run.verdict(&serial(0)), "patched", "{}", run.stderr);
    assert_eq!(
        requests(&run.device(&serial(1))),
        ["system_apps_updater: does_not_exist", "getapps_updates: requested"]
    );
    let asked = |at| -> Vec<String> {
        opened(phones.received(at)).iter().flat_map(|open| starts(open)).collect()
    };
    assert_eq!(asked(0), [command("system_apps_updater")]);
    assert_eq!(asked(1), [command("system_apps_updater"), command("getapps_updates")]);
}

#[test]
fn twenty_phones_are_asked_at_once() {
    let phones = (0..20).map(|at| {
        vulnerable(&format!("P{at:02}"))
            .am_delay(Duration::from_secs(2))
            .updates(Duration::ZERO, FIXED)
    });
    let bench = start(phones);
    let started = Instant::now();
    let run = fix(&bench, "60s").run();
    // One after the other they would take 40 s; how long they really take, the benchmark says.
    assert!(started.elapsed() < Duration::from_secs(30), "{:?}", started.elapsed());
    assert_eq!((run.code, asked_for(&bench).len()), (Some(0), 20), "{}", run.stderr);
}

#[test]
fn the_demo_shows_the_whole_way() {
    let run = Micheck::new(["fix", "--demo", "--yes", "--format", "json"]).run();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let report = run.json();
    assert_eq!(report["simulated"], true);
    let verdicts: Vec<&str> = report["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["verdict"].as_str().unwrap())
        .collect();
    assert_eq!(verdicts, ["vulnerable", "patched", "patched", "patched"]);
}

/// What phones may be sent by anything but `fix`, and the keys `o` and `O` of the board.
fn is_reading(statement: &str) -> bool {
    let statement = statement.trim_end_matches(" 2>&1");
    let is_package = |name: &str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_')
    };
    let is_marker = |word: &str| {
        let hex = word.chars().take_while(char::is_ascii_hexdigit).count();
        hex == 32 && word[32..].chars().all(|c| c.is_ascii_digit() || "+-:.$e".contains(c))
    };
    statement.is_empty()
        || matches!(statement, "echo" | "getprop" | "e=$?" | "pm path android")
        || statement.strip_prefix("echo ").is_some_and(is_marker)
        || ["dumpsys package ", "pm list packages -u ", "pm path "]
            .into_iter()
            .any(|start| statement.strip_prefix(start).is_some_and(is_package))
}

fn assert_only_reading(requests: &[String]) {
    let commands = requests.iter().filter_map(|request| {
        let (service, command) = request.trim_end_matches('\0').split_once(':')?;
        service.starts_with("shell").then_some(command)
    });
    let mut count = 0;
    for statement in commands.flat_map(|command| command.split([';', '\n'])) {
        assert!(is_reading(statement), "{statement:?}");
        count += 1;
    }
    assert!(count > 8, "nothing was looked at: {requests:?}");
    // Services of the phone that are no shell: none.
    for request in requests {
        let known = ["host:", "host-", "shell"].iter().any(|start| request.starts_with(start));
        assert!(known, "{request}");
    }
}

#[test]
fn nothing_but_fix_sends_a_phone_what_is_no_reading() {
    // Of every kind, old and new, at risk and fine.
    let phones = || {
        [
            vulnerable("P1"),
            vulnerable("P2").android(6),
            vulnerable("P3").android(9).features("cmd"),
            patched("P4"),
            Phone::pixel("P5"),
            Phone::xiaomi("P6").android(5),
        ]
    };
    let bench = start(phones());
    Micheck::scan(bench.address()).args(["--all", "--evidence", "kept"]).run();
    Micheck::new(["doctor"]).server(bench.address()).run();
    let watch = Micheck::new(["watch", "--format", "jsonl", "--once", "6", "--recheck", "100ms"]);
    watch.server(bench.address()).run();
    assert_only_reading(&bench.requests());
    let network = listen(phones());
    network.scan().run();
    for at in 0..6 {
        assert_only_reading(&opened(network.received(at)));
    }
    // Files are no phones: nothing is sent at all.
    let bench = start(phones());
    let port = bench.address().port().to_string();
    let run = Micheck::new(["inspect", "dump.txt"]).env("ANDROID_ADB_SERVER_PORT", port);
    run.file("dump.txt", include_str!("../../fixtures/dumpsys/android14.txt")).run();
    assert_eq!(bench.requests(), Vec::<String>::new());
    // The list isn't one that lets everything pass.
    for other in ["am start -n a/b", "input tap 1 1", "pm disable x.y", "reboot", "getprop;ls"] {
        assert!(!is_reading(other), "{other}");
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn phones_on_usb_are_only_read_and_asked_by_fix_in_the_same_words() {
    let bus = UsbBus::new()
        .phone(vulnerable("U1").updates(Duration::from_millis(300), FIXED), "serial=U1,path=1-2")
        .phone(patched("U2"), "serial=U2,path=1-3");
    let args = ["--serials", "full", "--via", "usb", "--format"];
    bus.shown_to(Micheck::new(["scan"]).args(args).arg("json")).run();
    let watch = Micheck::new(["watch", "--once", "2"]).args(args).arg("jsonl");
    bus.shown_to(watch).run();
    for at in 0..2 {
        assert_only_reading(&opened(bus.received(at)));
    }
    let fix = Micheck::new(["fix", "--yes", "--recheck", "200ms", "--wait", "60s"]);
    let run = bus.shown_to(fix.args(args).arg("json")).run();
    assert_eq!((run.code, run.verdict("U1").as_str()), (Some(0), "patched"), "{}", run.stderr);
    let asked = |at| -> Vec<String> {
        opened(bus.received(at)).iter().flat_map(|open| starts(open)).collect()
    };
    assert_eq!((asked(0), asked(1)), (vec![command("system_apps_updater").to_owned()], Vec::new()));
}

#[test]
fn the_plan_of_many_phones_keeps_to_one_screen() {
    let bench = start((0..40).map(|at| vulnerable(&format!("P{at:02}"))));
    let run = fix(&bench, "0").run();
    let (plan, _) = run.stderr.split_once("requested").unwrap();
    assert!(plan.lines().count() <= 20, "{plan}");
    assert!(plan.contains("  … and 25 more\n"), "{plan}");
    assert_eq!(asked_for(&bench).len(), 40);
}

#[test]
fn the_table_says_before_and_after() {
    let bench = start([
        vulnerable("P1").updates(Duration::from_millis(300), FIXED),
        vulnerable("P2").activity(DISCOVER, Activity::DoesNotExist),
    ]);
    let run: Run = Micheck::new(["fix", "--yes", "--recheck", "100ms", "--wait", "8s"])
        .server(bench.address())
        .run();
    let (_, rest) = run.stdout.split_once("Before and after\n").unwrap();
    let rest = rest.split_whitespace().collect::<Vec<_>>().join(" ");
    let (first, second) = rest.split_once("Redmi Note 13 · P1: ").unwrap();
    assert!(
        first.starts_with("Redmi Note 13 · P2: 3.1.874.10, no update yet · checked "),
        "{rest}"
    );
    assert!(first.trim_end().ends_with(" · GetApps, updates requested"), "{rest}");
    assert!(second.starts_with("3.1.874.10 → 3.1.921.10 · checked "), "{rest}");
    assert!(second.contains(" · System apps updater requested"), "{rest}");
}

#[test]
fn a_phone_that_does_not_say_which_it_is_is_asked_only_where_no_other_can_get_it() {
    let nameless = |serial: &str| {
        let phone = vulnerable(serial);
        phone.without_property("ro.serialno").without_property("ro.boot.serialno")
    };
    // Its transport id is this connection's alone.
    let bench = start([nameless("P1")]);
    fix(&bench, "0").run();
    assert_eq!(asked_for(&bench).len(), 1);
    // Behind an address it may be any phone.
    let phones = listen([nameless("N1")]);
    let args = ["fix", "--yes", "--via", "usb", "--wait", "0", "--serials", "full"];
    let run = Micheck::new(args).args(["--connect", &phones.serial(0)]).run();
    assert!(opened(phones.received(0)).iter().all(|open| starts(open).is_empty()));
    let why = "needs an update and can't be asked: it doesn't say which phone it is";
    assert!(run.stderr.contains(why), "{}", run.stderr);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_phone_that_cannot_answer_at_the_moment_is_asked_when_it_can() {
    let bench = start([vulnerable("P1").usb("1-3").am_delay(Duration::from_secs(2))]);
    let run = fix_with(&bench, "60s", "30s").start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    // Its plug is loose while `am` runs: nobody knows whether it heard.
    bench.set_state("P1", "offline");
    std::thread::sleep(Duration::from_millis(300));
    bench.set_state("P1", "device");
    std::thread::sleep(Duration::from_millis(300));
    bench.replace("P1", patched("P1").usb("1-3"));
    let (run, _) = run.wait();
    assert_eq!(run.code, Some(0), "{} {}", run.stderr, run.stdout);
    assert!(!run.stderr.contains("not asked"), "{}", run.stderr);
}

#[test]
fn what_is_no_update_is_not_called_one() {
    let bench = start([vulnerable("P1").usb("1-1"), vulnerable("P2").usb("1-2")]);
    let run = fix(&bench, "9s").start();
    wait_until("both were asked", || asked_for(&bench).len() == 2);
    bench.replace("P1", vulnerable("P1").usb("1-1").version("3.1.900.12"));
    bench.replace("P2", Phone::xiaomi("P2").usb("1-2"));
    let (run, _) = run.wait();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let newer = "P1): 3.1.874.10 → 3.1.900.12, and still not fixed\n";
    let removed = "P2): 3.1.874.10 → the app is gone\n";
    for line in [newer, removed] {
        assert!(run.stderr.contains(line), "{line}\n{}", run.stderr);
    }
}

#[test]
fn a_phone_that_comes_back_unreadable_stays_at_risk() {
    let bench = start([vulnerable("P1").usb("1-3")]);
    let run = fix_with(&bench, "8s", "30s").start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    bench.unplug("P1");
    std::thread::sleep(Duration::from_millis(300));
    bench.plug(vulnerable("P1").usb("1-3").state("unauthorized"));
    let (run, _) = run.wait();
    assert_eq!((run.code, run.verdict("P1").as_str()), (Some(1), "vulnerable"), "{}", run.stderr);
    assert!(run.stderr.contains("P1): the phone hasn't allowed this computer"), "{}", run.stderr);
    assert!(!run.stderr.contains("no app"), "{}", run.stderr);
}

#[test]
fn a_loose_contact_asks_a_phone_once() {
    let phone = || vulnerable("P1").usb("1-3");
    let bench = start([phone()]);
    let args = ["fix", "--yes", "--wait", "8s", "--recheck", "5s", "--format", "json"];
    let run = Micheck::new(args).args(["--serials", "full"]).server(bench.address()).start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    for _ in 0..5 {
        bench.unplug("P1");
        std::thread::sleep(Duration::from_millis(200));
        bench.plug(phone());
        std::thread::sleep(Duration::from_millis(400));
    }
    let (run, _) = run.wait();
    assert_eq!(asked_for(&bench).len(), 1, "{}", run.stderr);
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_phone_that_cannot_be_read_holds_nobody_up_and_is_not_called_still_at_its_version() {
    let bench = start([
        vulnerable("P1").usb("1-1"),
        vulnerable("P2").usb("1-2").updates(Duration::from_millis(300), FIXED),
    ]);
    let run = fix_with(&bench, "7s", "30s").args(["--timeout", "2s"]).start();
    wait_until("both were asked", || asked_for(&bench).len() == 2);
    bench.unplug("P1");
    std::thread::sleep(Duration::from_millis(500));
    bench.plug(vulnerable("P1").usb("1-1").fault(Fault::StallAfter { bytes: 300 }));
    let (run, _) = run.wait();
    assert!(run.took < Duration::from_secs(60), "{:?}", run.took);
    assert_eq!((run.verdict("P1").as_str(), run.verdict("P2").as_str()), ("vulnerable", "patched"));
    let last = "(P1): last seen with 3.1.874.10, not checked since: ";
    assert!(run.stderr.contains(last), "{}", run.stderr);
    assert!(!run.stderr.contains("no update arrived"), "{}", run.stderr);
}

#[test]
fn a_request_that_is_cut_off_is_told_and_not_repeated_by_a_loose_contact() {
    let phone = || vulnerable("P1").usb("1-3").am_delay(Duration::from_secs(30));
    let bench = start([phone()]);
    let args = ["fix", "--yes", "--wait", "6s", "--recheck", "20s", "--format", "json"];
    let run = Micheck::new(args).args(["--serials", "full"]).server(bench.address()).start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    bench.unplug("P1");
    std::thread::sleep(Duration::from_millis(300));
    bench.plug(phone());
    let (run, _) = run.wait();
    assert_eq!(asked_for(&bench).len(), 1, "{}", run.stderr);
    let device = run.device("P1");
    assert_eq!(device["requests"][0]["answer"], "no_answer");
    assert_eq!(device["requests"][0]["route"], Value::Null);
    assert!(run.stderr.contains("the screen may be there"), "{}", run.stderr);
}

#[test]
fn evidence_that_cannot_be_kept_costs_no_report() {
    let phone = vulnerable("P1").updates(Duration::from_millis(300), FIXED);
    let bench = start([phone]);
    let run = fix(&bench, "60s").args(["--evidence", "kept"]).start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    std::fs::remove_dir_all(run.dir().join("kept/requested")).unwrap();
    let (run, dir) = run.wait();
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stderr.contains("can't write the evidence"), "{}", run.stderr);
    assert_eq!(run.verdict("P1"), "patched");
    assert!(dir.path().join("kept/last/redmi-note-13-01/evidence.json").is_file());
}

#[cfg(unix)]
#[test]
fn ctrl_c_says_of_a_phone_that_left_meanwhile_that_it_may_have_been_asked() {
    let bench = start([vulnerable("P1").usb("1-3").am_delay(Duration::from_secs(30))]);
    let run = fix_with(&bench, "60s", "60s").start();
    wait_until("it was asked", || asked_for(&bench).len() == 1);
    bench.unplug("P1");
    std::thread::sleep(Duration::from_millis(500));
    let id = run.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let (run, _) = run.wait();
    assert_eq!(run.code, Some(130), "{}", run.stderr);
    let said = "so they may show their updater: Redmi Note 13 (P1).";
    assert!(run.stderr.contains(said), "{}", run.stderr);
}
