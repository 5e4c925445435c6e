//! `micheck judge`: a version that a person read off a phone's settings.

use crate::support::{Micheck, repository};
use insta::assert_snapshot;

fn judge(args: &[&str]) -> Micheck {
    Micheck::new(["judge"]).args(args)
}

#[test]
fn the_rules_are_those_of_a_phone() {
    for (version, verdict, code) in [
        ("3.1.874.10", "vulnerable", 1),
        ("3.1.895.10", "vulnerable", 1),
        ("3.1.895.10.fullCnRelease.0512164", "vulnerable", 1),
        ("3.1.900.12", "unconfirmed", 1),
        ("3.1.921.10", "patched", 0),
        ("5.1.251.10", "patched", 0),
        ("60004241", "unknown", 3),
        ("3.1.921.10-rc1", "unconfirmed", 1),
    ] {
        let run = judge(&[version, "--format", "json"]).run();
        let device = &run.json()["devices"][0];
        assert_eq!(
            (device["verdict"].as_str(), run.code),
            (Some(verdict), Some(code)),
            "{version}"
        );
        assert_eq!(device["connection"]["link"], "typed");
        assert_eq!(device["findings"][0]["read_by"], "typed_by_a_person");
        assert_eq!(device["findings"][0]["version"], version);
        assert_eq!(run.stderr, "");
    }
}

#[test]
fn the_words_are_those_of_a_phone() {
    let run = judge(&["3.1.874.10"]).run();
    assert_snapshot!(run.stdout, @r#"
    1 phone: 1 at risk
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT     PHONE          SYSTEM  VERSION OR REASON  SERIAL
    ✖ AT RISK  typed by hand  –       3.1.874.10         –

    ✖ AT RISK: update now
      typed by hand · 3.1.874.10
      1. Settings → System apps updater → update all.
      2. GetApps (China: App Store; India: Indus Appstore) → search for "Mi Connect Service" and update
         it; not there? Install all updates.
      3. Google Play: play.google.com/store/apps/details?id=com.xiaomi.mi_connect_service (if listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for updates → install.

    Still no update? None has been released for this phone yet: avoid public Wi-Fi (hotels, cafés,
    trains), and look again every few days; don't install the app from a website.
    Optional, at home, with the password known and a backup made: log out of the Xiaomi account and in
    again, as the published warning advises; this turns Find device off and can remove synced data.
    An attacker must be nearby, on the same network; this doesn't mean that the phone was hacked.
    "#);
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
}

#[test]
fn not_seen_is_not_absent() {
    let run = judge(&["--absent"]).run();
    assert_snapshot!(run.stdout, @r#"
    1 phone: 1 not checked
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT         PHONE          SYSTEM  VERSION OR REASON  SERIAL
    ? NOT CHECKED  typed by hand  –       not seen           –

    ? NOT CHECKED: the app wasn't seen, but that doesn't prove that it isn't there
      typed by hand
      1. Read the version on the phone: Settings → Apps → Manage apps → ⋮ Show all apps → Mi Connect
         Service; version 3.1.895.10 or older must be updated.
      2. Settings → About phone → tap the "MIUI version" (HyperOS: "OS version") 7 times; then Settings
         → Additional settings → Developer options → USB debugging ("USB debugging (Security settings)"
         and "Install via USB" aren't needed).
    "#);
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(3)));
    let json = judge(&["--absent", "--format", "json"]).run().json();
    assert_eq!(json["devices"][0]["reason"], "not_seen");
}

#[test]
fn a_fixed_version_says_what_that_rests_on() {
    let run = judge(&["3.1.921.10"]).run();
    assert_snapshot!(run.stdout, @"
    1 phone: 1 updated
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT     PHONE          SYSTEM  VERSION OR REASON  SERIAL
    ✔ UPDATED  typed by hand  –       3.1.921.10         –

    UPDATED means Mi Connect Service 3.1.921.10 or later: only one news site says that this version is
    fixed; the official records don't.
    ");
}

#[test]
fn typed_text_is_escaped_like_a_phones() {
    let run = judge(&["3.1.895.10\x1b[31m\u{202e}"]).run();
    assert!(run.stdout.contains("3.1.895.10\\u001b[31m\\u202e"), "{}", run.stdout);
    assert!(!run.stdout.contains(['\x1b', '\u{202e}']));
}

#[test]
fn another_advisory_can_be_asked_for() {
    let text = std::fs::read_to_string(repository("src/core/advisory/mi-connect.toml")).unwrap();
    let other = text.replace("id = \"mi-connect\"", "id = \"other\"").replace("3.1.895.10", "9.0");
    let run =
        judge(&["3.1.921.10", "--advisory", "other", "--advisories", "own", "--format", "json"])
            .file(
                "own/other.toml",
                &other.replace("first_fixed = \"3.1.921.10\"", "first_fixed = \"9.1\""),
            )
            .run();
    assert_eq!(run.json()["devices"][0]["verdict"], "vulnerable", "{}", run.stderr);
    let refused = |id: &str| {
        let run = judge(&["3.1", "--advisory", id]).run();
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
        run.stderr
    };
    assert_eq!(
        refused("?\x1b"),
        "micheck: there is no advisory `?\\u001b`; `micheck advisories` lists them\n"
    );
    assert_eq!(
        refused("file-manager"),
        "micheck: there is no advisory `file-manager`; did you mean `file-manager-2023-26321`? \
         `micheck advisories` lists them\n"
    );
}

#[test]
fn an_advisory_that_does_not_count_by_default_can_be_asked_for_by_its_cve() {
    for (version, advisory, verdict) in [
        ("V1-210567", "file-manager-2023-26321", "vulnerable"),
        ("V1-210586", "cve-2023-26321", "patched"),
        ("30.6.0.2", "CVE-2023-26324", "unconfirmed"),
        ("4.9.99", "app-store-2020-14118", "vulnerable"),
        ("13.11", "GAME-CENTER-2024-45351", "unconfirmed"),
    ] {
        let run = judge(&[version, "--advisory", advisory, "--format", "json"]).run();
        let device = &run.json()["devices"][0];
        assert_eq!(device["verdict"], verdict, "{version} {advisory}");
        // The advice to sign in again was given for Mi Connect Service only.
        let steps = device["steps"].as_array().unwrap();
        assert!(steps.iter().all(|step| step["key"] != "owner_signs_in_again"), "{steps:?}");
    }
    for (advisory, bound) in [
        ("cve-2020-14118", "App Store; versions older than 4.10.0 must be updated"),
        ("cve-2024-45351", "Game Center; version 13.10 must be updated"),
        ("cve-2023-26323", "App Market; versions 1.0.0 to 4.57.4 must be updated"),
    ] {
        let run = judge(&["--absent", "--advisory", advisory, "--format", "json"]).run();
        let step = run.json()["devices"][0]["steps"][0]["text"].clone();
        assert!(step.as_str().unwrap().ends_with(bound), "{step}");
    }
}

#[test]
fn a_version_or_its_absence_must_be_typed() {
    let run = judge(&[]).run();
    assert!(run.stderr.contains("required arguments were not provided"), "{}", run.stderr);
    assert_eq!(run.code, Some(2));
    let run = judge(&["3.1", "--absent"]).run();
    assert!(run.stderr.contains("cannot be used with"), "{}", run.stderr);
}

#[test]
fn what_is_no_version_is_an_error_with_an_example() {
    for (typed, advisory, shown, example) in [
        (
            "abc",
            "mi-connect",
            "abc",
            "Mi Connect Service: type what the phone's settings show, like 3.1.895.10",
        ),
        (
            "",
            "mi-connect",
            "",
            "Mi Connect Service: type what the phone's settings show, like 3.1.895.10",
        ),
        (
            "la\x1b",
            "file-manager-2023-26321",
            "la\\u001b",
            "File Manager: type what the phone's settings show, like V1-210567",
        ),
    ] {
        let run = judge(&[typed, "--advisory", advisory]).run();
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
        assert_eq!(run.stderr, format!("micheck: `{shown}` isn't a version of {example}\n"));
    }
}

#[test]
fn a_report_can_be_written_to_a_file() {
    let (run, dir) = judge(&["3.1.874.10", "-o", "report.json"]).run_in_dir();
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(1)));
    let text = std::fs::read_to_string(dir.path().join("report.json")).unwrap();
    assert_eq!(crate::support::report(&text)["devices"][0]["connection"]["link"], "typed");
}
