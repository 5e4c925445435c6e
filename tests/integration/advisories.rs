//! `micheck advisories`, and phones judged by all of them: `scan --all`.

use std::fs;
use std::time::Duration;

use crate::support::phones::{PACKAGE, patched, start, vulnerable};
use crate::support::{Micheck, repository};
use insta::assert_snapshot;
use micheck_simulator::{Fault, Phone};
use serde_json::{Value, json};

fn advisories(args: &[&str]) -> Micheck {
    Micheck::new(["advisories"]).args(args)
}

/// What it says on standard error; it must fail as bad usage does, without output.
fn refused(micheck: Micheck) -> String {
    let run = micheck.run();
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)), "{}", run.stderr);
    run.stderr
}

fn mi_connect() -> String {
    fs::read_to_string(repository("src/core/advisory/mi-connect.toml")).unwrap()
}

/// The example of docs/advisories.md.
fn example() -> String {
    let page = fs::read_to_string(repository("docs/advisories.md")).unwrap();
    let (_, example) = page.split_once("```toml\n").unwrap();
    example.split_once("```").unwrap().0.to_owned()
}

#[test]
fn the_list_has_a_line_for_each() {
    let run = advisories(&[]).run();
    assert_snapshot!(run.stdout, @r"
    ID                         APP                 CVE                             SEVERITY      AFFECTED                 FIXED FROM   USED
    mi-connect                 Mi Connect Service  CVE-2024-45347, CVE-2024-45361  9.6 critical  3.1.895.10 and older     3.1.921.10   yes
    app-market-2023-26323      App Market          CVE-2023-26323                  7.6 high      1.0.0 to 4.57.4          4.58.2       with --all
    app-store-2020-14118       App Store           CVE-2020-14118                  not given     older than 4.10.0        4.10.0       with --all
    cast-2020-14107            Cast                CVE-2020-14107                  not given     older than 12.4.8.2      12.4.8.2     with --all
    cloud-2023-26316           Xiaomi Cloud        CVE-2023-26316                  not given     older than 1.12.0.0.25   1.12.0.0.25  with --all
    content-center-2020-14117  Content Center      CVE-2020-14117                  not given     older than 4.4.11        4.4.11       with --all
    file-manager-2023-26321    File Manager        CVE-2023-26321                  6.3 medium    V1-210567 and older      V1-210586    with --all
    game-center-2024-45351     Game Center         CVE-2024-45351                  7.8 high      only 13.10               none known   with --all
    getapps-2023-26322         GetApps             CVE-2023-26322                  8.8 high      31.2.5.0 and older       32.0.0.1     with --all
    getapps-2023-26324         GetApps             CVE-2023-26324                  8.8 high      30.6.0.2 and older       30.6.0.2     with --all
    getapps-2024-45346         GetApps             CVE-2024-45346                  8.8 high      30.2.7.0 and older       30.6.0.2     with --all
    quick-apps-2024-45353      Quick Apps          CVE-2024-45353                  4.3 medium    only 1.30.2.1            none known   with --all
    shop-2024-45354            Xiaomi Shop         CVE-2024-45354                  4.3 medium    only 5.30.0.20241103.r1  none known   with --all
    smart-home-2024-45352      Xiaomi Home         CVE-2024-45352                  8.8 high      only 10.0.623            none known   with --all

    14 advisories; built-in set 4, from 2026-11-29
    Everything about one, with its sources: micheck advisories show ID.
    ");
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)));
    // No server is asked, and no phone.
    assert!(run.took < Duration::from_secs(5));
}

#[test]
fn one_is_shown_in_full() {
    let run = advisories(&["show", "app-market-2023-26323"]).run();
    assert_snapshot!(run.stdout, @r#"
    app-market-2023-26323: Xiaomi App Market can be made to run an attacker's code

    An unsafe setting of the app store lets an attacker nearby, on the same network, run code in it.

    App       App Market
    Package   com.xiaomi.market (inferred: no source names the package)
    CVE       CVE-2023-26323
    Weakness  CWE-95
    Severity  7.6 high
              CVSS:3.1/AV:A/AC:L/PR:L/UI:N/S:C/C:N/I:H/A:L
    Affected  1.0.0 to 4.57.4 (a primary record says so)
              For versions below 1.0.0, and for those between 4.57.4 and 4.58.2, the record gives only
              its `defaultStatus`, "affected": they are never shown as fine.
    Fixed     4.58.2 and newer (a primary record says so)
    Note      The weakness (CWE-95) is CISA's addition; Xiaomi gives none.
    Used      with --all
    From      built in

    Sources
      2024-08-28  CVE record CVE-2023-26323 (CNA Xiaomi)
                  https://www.cve.org/CVERecord?id=CVE-2023-26323
      2024-03-14  Xiaomi security advisory 543
                  https://trust.mi.com/misrc/bulletins/advisory?cveId=543

    What to do
      1. Settings → System apps updater → update all.
      2. GetApps (China: App Store; India: Indus Appstore) → search for "App Market" and update it; not
         there? Install all updates.
      3. Settings → About phone → tap the MIUI or HyperOS version → Check for updates → install.
    "#);
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)));
    let by_cve = advisories(&["show", "cve-2023-26323"]).run();
    assert_eq!(by_cve.stdout, run.stdout);
    assert_eq!(
        refused(advisories(&["show", "app-market"])),
        "micheck: there is no advisory `app-market`; did you mean `app-market-2023-26323`? \
         `micheck advisories` lists them\n"
    );
}

#[test]
fn what_is_unknown_of_one_is_said_to_be() {
    let run = advisories(&["show", "CVE-2020-14107"]).run();
    for line in ["Severity  not given", "  undated     Xiaomi security advisory 92"] {
        assert!(run.stdout.lines().any(|shown| shown == line), "{line}\n{}", run.stdout);
    }
    let run = advisories(&["show", "CVE-2024-45354"]).run();
    assert!(run.stdout.contains("\nFixed     none known\n"), "{}", run.stdout);
}

#[test]
fn json_has_all_of_it() {
    let list = advisories(&["--format", "json"]).run();
    let list = crate::support::advisory_list(&list.raw_stdout);
    let entries = list["advisories"].as_array().unwrap();
    assert_eq!((entries.len(), &list["set"]["version"]), (14, &"4".into()));
    for entry in entries {
        let id = entry["id"].as_str().unwrap();
        let alone = advisories(&["show", id, "--format", "json"]).run();
        let alone = crate::support::advisory_list(&alone.raw_stdout);
        assert_eq!(alone["advisories"], Value::Array(vec![entry.clone()]), "{id}");
        assert_eq!(
            (&alone["set"], entry["by_default"] == true),
            (&list["set"], id == "mi-connect")
        );
    }
    let shop = entries.iter().find(|entry| entry["id"] == "shop-2024-45354").unwrap();
    assert_eq!(shop["affected"]["exact"], serde_json::json!(["5.30.0.20241103.r1"]));
    assert_eq!(
        (&shop["fixed"], &shop["packages"][0]["certainty"]),
        (&Value::Null, &"inferred".into())
    );
    assert_eq!(shop["version_pattern"], r"[Vv]?(\d+)\.(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:\.r(\d+))?");
}

#[test]
fn they_can_be_written_to_a_file() {
    let (run, dir) = advisories(&["-o", "list.json"]).run_in_dir();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), ("", "", Some(0)));
    crate::support::advisory_list(&fs::read_to_string(dir.path().join("list.json")).unwrap());
    let (_, dir) = advisories(&["show", "mi-connect", "-o", "one.txt"]).run_in_dir();
    let text = fs::read_to_string(dir.path().join("one.txt")).unwrap();
    assert!(text.starts_with("mi-connect: Xiaomi Mi Connect Service lets"), "{text}");
    assert_eq!(
        refused(advisories(&["-o", "list.jsonl"])),
        "micheck: list.jsonl: this ending isn't known; end the name with .json or .txt, or add --format\n"
    );
}

#[test]
fn ones_own_are_listed_and_escaped() {
    let own = mi_connect()
        .replace("id = \"mi-connect\"", "id = \"own\"")
        .replace("app = \"Mi Connect Service\"", "app = \"Evil\\u001b[31m\\u202e\"")
        .replace("en = \"Xiaomi Mi", "en = \"\\u001b]0;x\\u0007");
    let with = |args: &[&str]| {
        let micheck = advisories(args).args(["--advisories", "own"]);
        micheck.file("own/a.toml", &own).run()
    };
    for args in [&[][..], &["show", "own"], &["-f", "json"], &["show", "own", "-f", "json"]] {
        let run = with(args);
        assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)));
        assert!(run.stdout.contains("Evil\\u001b[31m\\u202e"), "{}", run.stdout);
        assert!(!run.stdout.contains(['\x1b', '\u{202e}', '\x07']), "{}", run.stdout);
    }
    assert!(with(&["show", "own"]).stdout.contains("\nFrom      your own file own/a.toml\n"));
    assert!(with(&[]).stdout.contains("15 advisories; built-in set 4+local"));
    // On a phone's steps, too.
    let run = Micheck::new(["judge", "3.1.1", "--advisory", "own", "--advisories", "own"])
        .file("own/a.toml", &own)
        .run();
    assert_eq!((run.code, run.stdout.contains('\x1b')), (Some(1), false), "{}", run.stdout);
}

#[test]
fn a_folder_is_checked_whole() {
    let bad = mi_connect()
        .replace("id = \"mi-connect\"", "id = \"Bad Id\"")
        .replace("level = \"critical\"", "level = \"awful\"\nlevle = 1")
        .replace("url = \"https://www", "url = \"http://www");
    let run = advisories(&["check", "own"])
        .file("own/a.toml", &bad)
        .file("own/b.toml", "id = [\nx")
        .file("own/c.toml", &mi_connect())
        .run();
    assert_snapshot!(run.stdout, @r"
    own/a.toml:4: id: `Bad Id` isn't a valid id; use lower-case letters, digits and `-`, 40 at most
    own/a.toml:29: severity.level: `awful` isn't known here; write one of low, medium, high, critical
    own/a.toml:30: severity.levle: no such field; did you mean `level`?
    own/a.toml:52: sources[0].url: `http://www.cve.org/CVERecord?id=CVE-2024-45347` isn't a valid https link; write it like `https://example.com/notice`
    own/a.toml:57: sources[1].url: `http://www.cve.org/CVERecord?id=CVE-2024-45361` isn't a valid https link; write it like `https://example.com/notice`
    own/b.toml:1: id: this is a list, not a text; put it in quotes
    own/b.toml:2: string values must be quoted, expected literal string; write it as TOML (https://toml.io)
    own/b.toml:2: unclosed array, expected `]`; write it as TOML (https://toml.io)
    own/c.toml:4: id: note: this replaces the built-in advisory `mi-connect`
    8 errors: this folder can't be used
    ");
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(2)));
    // A run says the same, but for what is no error.
    let bench = start([patched("P1")]);
    let scan = Micheck::scan(bench.address()).args(["--advisories", "own"]);
    let stderr = refused(scan.file("own/a.toml", &bad).file("own/b.toml", "id = [\nx"));
    let prefixed: Vec<String> = run
        .stdout
        .lines()
        .filter(|line| line.starts_with("own/") && !line.contains(": note: "))
        .map(|line| format!("micheck: advisory {line}"))
        .collect();
    assert_eq!(stderr.lines().collect::<Vec<_>>(), prefixed);
    assert_eq!(bench.requests(), Vec::<String>::new());
}

#[test]
fn a_good_folder_is_called_good() {
    let run = advisories(&["check", "own"]).file("own/cast.toml", &example()).run();
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str(), run.code),
        ("1 advisory, no errors\n", "", Some(0))
    );
    let run = advisories(&["check", "own"])
        .file("own/cast.toml", &example())
        .file("own/mi.toml", &mi_connect())
        .run();
    assert_eq!(
        run.stdout,
        "own/mi.toml:4: id: note: this replaces the built-in advisory `mi-connect`\n2 advisories, no errors\n"
    );
    assert_eq!(run.code, Some(0));
}

#[test]
fn what_is_no_folder_of_advisories_is_refused() {
    let stderr = refused(advisories(&["check", "none"]));
    assert!(stderr.starts_with("micheck: can't read the advisories in none: "), "{stderr}");
    assert_eq!(
        refused(advisories(&["check", "own"]).file("own/notes.txt", "x")),
        "micheck: can't read the advisories in own: no .toml file is in it; give --advisories a folder of \
         .toml files\n"
    );
    let mut many = advisories(&["check", "own"]);
    for number in 0..1_001 {
        many = many.file(&format!("own/{number}.toml"), "");
    }
    assert!(refused(many).contains("it has more than 1000 .toml files"));
    let huge = "#".repeat((256 << 10) + 1);
    let run = advisories(&["check", "own"]).file("own/a.toml", &huge).run();
    assert_eq!(
        run.stdout,
        "own/a.toml:1: it can't be read: larger than 256 KiB; make it a UTF-8 text file of 256 KiB at \
         most that you may read, or remove it\n1 error: this folder can't be used\n"
    );
    assert_eq!(run.code, Some(2));
    let just = format!("{}\n#{}", example(), "#".repeat((256 << 10) - 2 - example().len()));
    assert_eq!(just.len(), 256 << 10);
    let run = advisories(&["check", "own"]).file("own/a.toml", &just).run();
    assert_eq!(run.stdout, "1 advisory, no errors\n");
}

/// A phone with several apps at risk.
fn many_apps(serial: &str) -> Phone {
    patched(serial)
        .app("com.xiaomi.mipicks", "30.2.7.0")
        .app("com.mi.android.globalFileexplorer", "V1-210567")
        .app("com.xiaomi.gamecenter", "13.11")
        .app("com.miui.cloudservice", "1.12.0.0.30")
}

#[test]
fn other_apps_count_only_when_all_are_asked_for() {
    let bench = start([many_apps("P1")]);
    let run = Micheck::scan(bench.address()).args(["--format", "json"]).run();
    assert_eq!(run.verdict("P1"), "patched");
    assert_eq!(run.device("P1")["findings"].as_array().unwrap().len(), 1);
    assert!(!bench.requests().concat().contains("com.xiaomi.gamecenter"));
    let all = Micheck::scan(bench.address()).args(["--format", "json", "--all"]).run();
    let device = all.device("P1");
    let found: Vec<String> = device["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| format!("{} {}", finding["id"], finding["verdict"]).replace('"', ""))
        .collect();
    assert_eq!(
        found,
        [
            "file-manager-2023-26321 vulnerable",
            "getapps-2023-26322 vulnerable",
            "getapps-2023-26324 vulnerable",
            "getapps-2024-45346 vulnerable",
            "game-center-2024-45351 unconfirmed",
            "mi-connect patched",
            "cloud-2023-26316 patched",
            "app-market-2023-26323 not_installed",
            "app-store-2020-14118 not_installed",
            "cast-2020-14107 not_installed",
            "content-center-2020-14117 not_installed",
            "quick-apps-2024-45353 not_installed",
            "shop-2024-45354 not_installed",
            "smart-home-2024-45352 not_installed",
        ]
    );
    assert_eq!((all.verdict("P1"), all.code), ("vulnerable".to_owned(), Some(1)));
    // Where no record gives a severity, none is made up.
    let cloud = &device["findings"][6];
    assert_eq!((&cloud["cvss"], &cloud["less_than"]), (&Value::Null, &"1.12.0.0.25".into()));
    // The settings file can say so, too.
    let by_file = Micheck::scan(bench.address()).args(["--format", "json"]);
    let by_file = by_file.settings("all = true\n").run();
    assert_eq!(by_file.verdict("P1"), "vulnerable");
}

#[test]
fn one_probe_asks_for_all_and_for_what_counts_first() {
    let bench = start([patched("P1")]);
    Micheck::scan(bench.address()).args(["--all", "--format", "json"]).run();
    assert_eq!(bench.shells_begun(), 1, "{:?}", bench.requests());
    let requests = bench.requests();
    let probe = requests.iter().find(|request| request.starts_with("shell")).unwrap();
    let asked: Vec<&str> = probe
        .split("dumpsys package ")
        .skip(1)
        .map(|rest| rest.split(' ').next().unwrap())
        .collect();
    assert_eq!((asked[0], asked.len()), (PACKAGE, 11), "{asked:?}");
    // A package that several advisories speak of is asked for once.
    assert_eq!(asked.iter().filter(|name| **name == "com.xiaomi.mipicks").count(), 1);
}

#[test]
fn every_app_to_update_is_named_in_one_sentence() {
    let bench = start([many_apps("P1"), Phone::pixel("P2"), patched("P3").state("offline")]);
    let run = Micheck::scan(bench.address()).args(["--all"]).run();
    assert_snapshot!(run.stdout, @r#"
    3 phones: 1 at risk, 1 not checked, 1 not Xiaomi
    File Manager: CVE-2023-26321; GetApps: CVE-2023-26322, CVE-2023-26324, CVE-2024-45346; Game Center:
    CVE-2024-45351; Mi Connect Service: CVE-2024-45347, CVE-2024-45361; Xiaomi Cloud: CVE-2023-26316;
    App Market: CVE-2023-26323; App Store: CVE-2020-14118; Cast: CVE-2020-14107; Content Center:
    CVE-2020-14117; Quick Apps: CVE-2024-45353; Xiaomi Shop: CVE-2024-45354; Xiaomi Home: CVE-2024-45352
    RESULT                PHONE          SYSTEM                   APPS         SERIAL
    ✖ AT RISK             Redmi Note 13  HyperOS 1.0, Android 14  3 to update  P1
    ? NOT CHECKED         unknown phone  –                        offline      P3
    – NOT A XIAOMI PHONE  Pixel 8        Android 14               –            P2

    ✖ AT RISK: update now
      Redmi Note 13 · P1 · usb:1-1
      ✖ AT RISK        File Manager V1-210567 (file-manager-2023-26321)
      ✖ AT RISK        GetApps 30.2.7.0 (getapps-2023-26322)
      ✖ AT RISK        GetApps 30.2.7.0 (getapps-2023-26324)
      ✖ AT RISK        GetApps 30.2.7.0 (getapps-2024-45346)
      ▲ UPDATE NEEDED  Game Center 13.11 (game-center-2024-45351)
      ✔ UPDATED        Mi Connect Service 3.1.921.10 (mi-connect)
      ✔ UPDATED        Xiaomi Cloud 1.12.0.0.30 (cloud-2023-26316)
      – NOT AFFECTED   App Market, App Store, Cast, Content Center, Quick Apps, Xiaomi Shop, Xiaomi Home
        Game Center: After a factory reset, or "Uninstall updates", check this phone again: the factory
        copy of the app isn't known to be fixed.
      1. Settings → System apps updater → update all.
      2. GetApps → search for each of "File Manager", "GetApps", "Game Center" and update it; if one
         isn't there, install all updates.
      3. Google Play: play.google.com/store/apps/details?id=com.mi.android.globalFileexplorer,
         play.google.com/store/apps/details?id=com.xiaomi.gamecenter (those that are listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for updates → install.

    ? NOT CHECKED: the phone is listed but doesn't answer
      unknown phone · P3 · usb:1-3
      1. Wait a few seconds; then unplug the phone and plug it in again with another cable or port.

    – NOT A XIAOMI PHONE: none of the apps is on this device
      Pixel 8 · P2 · usb:1-2
      – NOT A XIAOMI PHONE  Mi Connect Service, App Market, App Store, Cast, Xiaomi Cloud, Content
                            Center, File Manager, Game Center, GetApps, Quick Apps, Xiaomi Shop, Xiaomi
                            Home

    When that is done, run micheck again.
    Still no update? None has been released for this phone yet: avoid public Wi-Fi (hotels, cafés,
    trains), and look again every few days; don't install the app from a website.
    When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off.
    This doesn't mean that the phone was hacked.
    UPDATED means Mi Connect Service 3.1.921.10 or later: only one news site says that this version is
    fixed; the official records don't.
    "#);
    assert_eq!(run.code, Some(1));
}

#[test]
fn parts_that_time_out_are_unknown_alone() {
    // The markers of getprop are 0 and 1, those of the first dump 2 and 3.
    let stalling = |phone: Phone, index| phone.fault(Fault::StallAtMarker { index });
    let bench = start([
        stalling(patched("P1"), 4),
        stalling(vulnerable("P2"), 4),
        stalling(patched("P3"), 3),
        stalling(many_apps("P4"), 1_000),
        stalling(Phone::xiaomi("P5"), 1),
    ]);
    let run = Micheck::scan(bench.address())
        .args(["--all", "--timeout", "1500ms", "--format", "json"])
        .run();
    let verdicts = |serial: &str| {
        let device = run.device(serial);
        let all = device["findings"].as_array().unwrap().clone();
        let of = |verdict: &str| all.iter().filter(|one| one["verdict"] == verdict).count();
        let own = all.iter().find(|one| one["id"] == "mi-connect").unwrap();
        let own = own["verdict"].as_str().unwrap().to_owned();
        (run.verdict(serial), own, of("unknown"))
    };
    let row = |verdict: &str, own: &str, unknown| (verdict.to_owned(), own.to_owned(), unknown);
    assert_eq!(verdicts("P1"), row("unknown: timeout", "patched", 13));
    assert_eq!(verdicts("P2"), row("vulnerable", "vulnerable", 13));
    assert_eq!(verdicts("P3"), row("unknown: timeout", "unknown", 14));
    // Every part came, and only the end of the answer didn't.
    assert_eq!(verdicts("P4"), row("vulnerable", "patched", 0));
    assert_eq!(verdicts("P5"), row("unknown: timeout", "unknown", 14));
    // Without the others a phone that has answered for what counts is done.
    let alone = Micheck::scan(bench.address()).args(["--timeout", "1500ms", "--format", "json"]);
    let alone = alone.run();
    assert_eq!(alone.verdict("P1"), "patched");
    assert_eq!(alone.verdict("P3"), "unknown: timeout");
}

#[test]
fn a_connection_that_breaks_leaves_nothing_fine() {
    // The half of an answer that comes before the huge packet has whole parts, too.
    let faults =
        [Fault::NoExitPacket, Fault::UnknownPacket, Fault::OmitFinalMarker, Fault::HugePacket];
    for fault in faults {
        let bench = start([many_apps("P1").fault(fault.clone())]);
        let run = Micheck::scan(bench.address()).args(["--all", "--format", "json"]).run();
        let device = run.device("P1");
        for finding in device["findings"].as_array().unwrap() {
            let verdict = finding["verdict"].as_str().unwrap();
            let believed = ["vulnerable", "unconfirmed", "unknown"].contains(&verdict);
            assert!(believed, "{fault:?}: {finding}");
        }
    }
}

#[test]
fn the_demo_has_other_apps() {
    let run =
        Micheck::new(["scan", "--demo", "--serials", "full", "--all", "--format", "json"]).run();
    assert_eq!(run.verdict("DEMO0001"), "vulnerable");
    assert_eq!(run.verdict("DEMO0012"), "patched");
    assert_eq!(run.verdict("DEMO0013"), "vulnerable");
    // Android 6: the app's absence must be confirmed for each.
    assert_eq!(run.verdict("DEMO0015"), "patched");
    assert_eq!(run.verdict("DEMO0016"), "not_applicable");
    let findings = |serial: &str| run.device(serial)["findings"].as_array().unwrap().len();
    assert_eq!((findings("DEMO0001"), findings("DEMO0006")), (14, 0));
}

#[test]
fn an_advisory_of_ones_own_counts_without_all() {
    let bench = start([patched("P1").app("com.example.cast", "3.4.10")]);
    let run = Micheck::scan(bench.address())
        .args(["--format", "json", "--advisories", "own"])
        .file("own/cast.toml", &example())
        .run();
    assert_eq!((run.verdict("P1"), run.stderr.as_str()), ("vulnerable".to_owned(), ""));
    assert_eq!(run.device("P1")["findings"].as_array().unwrap().len(), 2);
}

/// Another file in a built-in advisory's place is said wherever a verdict is.
#[test]
fn what_stands_in_for_a_built_in_advisory_is_said_everywhere() {
    let mine =
        mi_connect().replace("last_affected = \"3.1.895.10\"", "last_affected = \"3.1.800.0\"");
    assert_ne!(mine, mi_connect());
    let bench = start([vulnerable("P1")]);
    let said = "mi-connect is judged by own/mi.toml, not by the built-in advisory";
    let narrower = "which covers more versions";
    let scan = |text: &str, form: &str| {
        let run = Micheck::scan(bench.address()).args(["--advisories", "own", "--format", form]);
        run.file("own/mi.toml", text).run()
    };
    for form in ["table", "html"] {
        let one_line = |run: &str| run.split_whitespace().collect::<Vec<_>>().join(" ");
        let page = one_line(&scan(&mine, form).stdout);
        assert!(page.contains(said) && page.contains(narrower), "{page}");
        let page = one_line(&scan(&mi_connect(), form).stdout);
        assert!(page.contains(said) && !page.contains(narrower), "{page}");
    }
    assert!(scan(&mine, "csv").stdout.contains("; mi-connect from own/mi.toml, narrower"));
    let report = scan(&mine, "json").json();
    let expected = json!([{"id": "mi-connect", "file": "own/mi.toml", "narrower": true}]);
    assert_eq!(report["advisories"]["replaced"], expected);
    assert!(scan(&mine, "jsonl").stdout.lines().next().unwrap().contains("\"narrower\":true"));
    let watch = Micheck::new(["watch", "--format", "jsonl", "--once", "1", "--advisories", "own"]);
    let run = watch.server(bench.address()).file("own/mi.toml", &mine).run();
    assert!(run.stderr.contains(said), "{}", run.stderr);
    // Nothing stands in for anything: nothing is said.
    assert!(
        Micheck::scan(bench.address()).args(["--format", "json"]).run().json()["advisories"]
            .get("replaced")
            .is_none()
    );
}

#[test]
fn all_patterns_together_have_a_bound() {
    let own = |n: usize| {
        let part = r"(\d{1,900})";
        let pattern = format!("version_pattern = '{part}\\.{part}(?:\\.{part})?(?:\\.{part})?'\n");
        example().replacen("id = \"", &format!("{pattern}id = \"n{n}-"), 1)
    };
    let folder = (0..120).fold(advisories(&["--advisories", "own"]), |run, n| {
        run.file(&format!("own/{n}.toml"), &own(n))
    });
    let run = folder.run();
    assert_eq!(run.code, Some(2), "{}", run.stdout);
    assert!(
        run.stderr.contains("the patterns of all files take more than 16 MiB"),
        "{}",
        run.stderr
    );
    if let Some(bytes) = run.peak_memory_bytes {
        assert!(bytes < 64 << 20, "{bytes}");
    }
}

/// However large the numbers of its bounds are.
#[test]
fn a_replacement_that_calls_any_version_better_is_called_narrower() {
    let bounds = [
        ("last_affected = \"3.1.895.10\"", "last_affected = \"3.1.896.18446744073709551615\""),
        ("first_fixed = \"3.1.921.10\"", "first_fixed = \"3.1.896.18446744073709551615\""),
    ];
    let wide = bounds.iter().fold(mi_connect(), |text, (from, to)| text.replace(from, to));
    let small = mi_connect().replace(
        "last_affected = \"3.1.895.10\"",
        "last_affected = \"0.18446744073709551615\"\nexact = [\"3.1.895.10\"]",
    );
    for text in [wide, small] {
        assert_ne!(text, mi_connect());
        let run = Micheck::new(["judge", "3.1.900.1", "--advisories", "own", "--format", "json"]);
        let report = run.file("own/mi.toml", &text).run().json();
        assert_eq!(report["advisories"]["replaced"][0]["narrower"], true, "{text}");
    }
}
