//! `micheck scan` through the shipped binary, against simulated phones on a simulated adb server:
//! verdicts, reports and exit codes.

#![expect(clippy::too_many_lines, reason = "a snapshot is one piece")]

use std::time::Duration;

use crate::support::Micheck;
use crate::support::phones::{PACKAGE, patched, scan, start, verdict_on, vulnerable};
use insta::assert_snapshot;
use micheck_simulator::Phone;

#[test]
fn every_verdict_has_its_line_and_its_steps() {
    let bench = start([
        Phone::pixel("P6"),
        Phone::xiaomi("P5"),
        patched("P4"),
        Phone::xiaomi("P3").state("unauthorized"),
        Phone::poco("P2").version("3.1.900.12"),
        vulnerable("P1"),
    ]);
    let run = Micheck::scan(bench.address()).run();
    assert_snapshot!(run.stdout, @r#"
    6 phones: 1 at risk, 1 to update, 1 not checked, 1 updated, 1 not affected, 1 not Xiaomi
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT                PHONE           SYSTEM                   VERSION OR REASON  SERIAL
    ✖ AT RISK             Redmi Note 13   HyperOS 1.0, Android 14  3.1.874.10         P1
    ▲ UPDATE NEEDED       POCO X6 Pro 5G  HyperOS 1.0, Android 14  3.1.900.12         P2
    ? NOT CHECKED         unknown phone   –                        not allowed yet    P3
    ✔ UPDATED             Redmi Note 13   HyperOS 1.0, Android 14  3.1.921.10         P4
    – NOT AFFECTED        Redmi Note 13   HyperOS 1.0, Android 14  –                  P5
    – NOT A XIAOMI PHONE  Pixel 8         Android 14               –                  P6

    ✖ AT RISK: update now
      Redmi Note 13 · P1 · usb:1-6 · 3.1.874.10
    ▲ UPDATE NEEDED: fix not confirmed for this version
      POCO X6 Pro 5G · P2 · usb:1-5 · 3.1.900.12
        A factory reset or "Uninstall updates" puts this phone at risk again: update the app after it.
      1. Settings → System apps updater → update all.
      2. GetApps → search for "Mi Connect Service" and update it; not there? Install all updates.
      3. Google Play: play.google.com/store/apps/details?id=com.xiaomi.mi_connect_service (if listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for updates → install.

    ? NOT CHECKED: the phone hasn't allowed this computer yet
      unknown phone · P3 · usb:1-4
      1. Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (on a customer's
         phone, don't tick "Always allow from this computer"; never ask for the PIN).
      2. No dialog? Set the USB mode to File transfer; or Developer options → Revoke USB debugging
         authorisations, then unplug the phone and plug it in again.

    When that is done, run micheck again.
    Still no update? None has been released for this phone yet: avoid public Wi-Fi (hotels, cafés,
    trains), and look again every few days; don't install the app from a website.
    Optional, at home, with the password known and a backup made: log out of the Xiaomi account and in
    again, as the published warning advises; this turns Find device off and can remove synced data.
    When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off.
    An attacker must be nearby, on the same network; this doesn't mean that the phone was hacked.
    UPDATED means Mi Connect Service 3.1.921.10 or later: only one news site says that this version is
    fixed; the official records don't.
    NOT AFFECTED: the app isn't on this phone (don't install it).
    "#);
    assert_eq!(run.stderr, "");
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_bench_without_need_is_short_and_exits_with_0() {
    let bench = start([patched("P1"), Phone::xiaomi("P2"), Phone::pixel("P3")]);
    let run = Micheck::scan(bench.address()).run();
    assert_snapshot!(run.stdout, @"
    3 phones: 1 updated, 1 not affected, 1 not Xiaomi
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT                PHONE          SYSTEM                   VERSION OR REASON  SERIAL
    ✔ UPDATED             Redmi Note 13  HyperOS 1.0, Android 14  3.1.921.10         P1
    – NOT AFFECTED        Redmi Note 13  HyperOS 1.0, Android 14  –                  P2
    – NOT A XIAOMI PHONE  Pixel 8        Android 14               –                  P3

    When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off.
    UPDATED means Mi Connect Service 3.1.921.10 or later: only one news site says that this version is
    fixed; the official records don't.
    NOT AFFECTED: the app isn't on this phone (don't install it).
    ");
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)));
}

#[test]
fn json_tells_everything_about_a_phone() {
    let run = scan([vulnerable("P1").enabled(3)]);
    assert_snapshot!(run.stdout, @r#"
    {
      "schema_version": 1,
      "tool": {
        "name": "micheck",
        "version": "0.1.0"
      },
      "advisories": {
        "version": "4",
        "hash": "[HASH]"
      },
      "taken_at": "[TAKEN_AT]",
      "simulated": false,
      "language": "en",
      "devices": [
        {
          "connection": {
            "link": "adb_server",
            "server": "[SERVER]",
            "serial": "P1",
            "serial_form": "full",
            "transport_id": 1,
            "path": "usb:1-1",
            "state": "device"
          },
          "source": null,
          "device": {
            "manufacturer": "Xiaomi",
            "brand": "Redmi",
            "model": "23129RAA4G",
            "marketname": "Redmi Note 13",
            "system": "HyperOS 1.0",
            "android": "14",
            "security_patch": "2024-09-01",
            "region": "GLOBAL"
          },
          "verdict": "vulnerable",
          "reason": null,
          "detail": null,
          "findings": [
            {
              "id": "mi-connect",
              "cves": [
                "CVE-2024-45347",
                "CVE-2024-45361"
              ],
              "cvss": "CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
              "verdict": "vulnerable",
              "reason": null,
              "app": "Mi Connect Service",
              "package": "com.xiaomi.mi_connect_service",
              "version": "3.1.874.10",
              "version_code": "31087410",
              "users": [
                {
                  "id": 0,
                  "installed": true,
                  "enabled": 3
                }
              ],
              "factory_version": "2.5.100.3",
              "disabled": true,
              "code_path": "/data/app/~~b7Qm2nX0yKp4dR1sVt9uAg==/com.xiaomi.mi_connect_service-Hc5jLw8eZr3oTq6iUy2xNA==",
              "certainty": "one_secondary_source",
              "last_affected": "3.1.895.10",
              "less_than": null,
              "first_fixed": "3.1.921.10",
              "read_by": "dumpsys_package",
              "notes": [
                "disabled"
              ]
            }
          ],
          "notes": [
            "disabled"
          ],
          "steps": [
            {
              "key": "update_system_apps",
              "text": "Settings → System apps updater → update all"
            },
            {
              "key": "update_in_getapps",
              "text": "GetApps → search for \"Mi Connect Service\" and update it; not there? Install all updates",
              "apps": [
                {
                  "name": "Mi Connect Service",
                  "package": "com.xiaomi.mi_connect_service",
                  "affected": {
                    "introduced": null,
                    "last_affected": "3.1.895.10",
                    "less_than": null,
                    "exact": []
                  }
                }
              ]
            },
            {
              "key": "update_in_google_play",
              "text": "Google Play: play.google.com/store/apps/details?id=com.xiaomi.mi_connect_service (if listed)",
              "apps": [
                {
                  "name": "Mi Connect Service",
                  "package": "com.xiaomi.mi_connect_service",
                  "affected": {
                    "introduced": null,
                    "last_affected": "3.1.895.10",
                    "less_than": null,
                    "exact": []
                  }
                }
              ]
            },
            {
              "key": "update_system",
              "text": "Settings → About phone → tap the MIUI or HyperOS version → Check for updates → install"
            },
            {
              "key": "check_again",
              "text": "Run micheck again"
            },
            {
              "key": "no_update_yet",
              "text": "Still no update? None has been released for this phone yet: avoid public Wi-Fi (hotels, cafés, trains), and look again every few days; don't install the app from a website"
            },
            {
              "key": "owner_signs_in_again",
              "text": "Optional, at home, with the password known and a backup made: log out of the Xiaomi account and in again, as the published warning advises; this turns Find device off and can remove synced data"
            },
            {
              "key": "revoke_debugging",
              "text": "When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off"
            }
          ],
          "duration_ms": "[DURATION_MS]"
        }
      ],
      "summary": {
        "devices": 1,
        "lost_servers": 0,
        "vulnerable": 1,
        "unconfirmed": 0,
        "unknown": 0,
        "patched": 0,
        "not_installed": 0,
        "not_applicable": 0
      },
      "hints": []
    }
    "#);
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
}

#[test]
fn every_state_of_a_connection_has_its_reason() {
    const NO_PERMISSION: &str = "no permissions (user in plugdev group; are your udev rules wrong?); \
                                 see [http://developer.android.com/tools/device.html]";
    for (state, reason) in [
        ("offline", "offline"),
        ("unauthorized", "unauthorized"),
        ("authorizing", "authorizing"),
        ("connecting", "authorizing"),
        ("bootloader", "wrong_mode"),
        ("recovery", "wrong_mode"),
        ("sideload", "wrong_mode"),
        ("rescue", "wrong_mode"),
        ("host", "offline"),
        ("detached", "usb_busy"),
        ("any", "offline"),
        ("unknown", "offline"),
        (NO_PERMISSION, "no_permission"),
        ("no permissions; see [http://developer.android.com/tools/device.html]", "no_permission"),
        ("never-heard-of", "offline"),
    ] {
        let run = scan([patched("P1").state(state)]);
        let device = run.device("P1");
        assert_eq!(
            (&device["reason"], &device["connection"]["state"]),
            (&reason.into(), &state.into())
        );
        assert_eq!(device["steps"].as_array().map(Vec::is_empty), Some(false));
        assert_eq!(run.code, Some(3), "{state}");
    }
}

#[test]
fn sixty_four_phones_each_get_their_own_verdict() {
    let phones = (0..64).map(|n| {
        let phone = Phone::xiaomi(format!("P{n:02}")).delay(Duration::from_millis(300));
        match n % 4 {
            0 => phone.version("3.1.895.10"),
            1 => phone.version("3.1.900.12"),
            2 => phone.version("5.1.251.10"),
            _ => phone,
        }
    });
    let run = scan(phones);
    for (n, (serial, verdict, reason)) in run.verdicts().into_iter().enumerate() {
        let expected = ["vulnerable", "unconfirmed", "patched", "not_installed"][n % 4];
        assert_eq!((serial, verdict.as_str(), reason), (format!("P{n:02}"), expected, None));
    }
    assert_eq!(run.json()["summary"]["devices"], 64);
    // One after another they would take 19 s.
    assert!(run.took < Duration::from_secs(10), "{:?}", run.took);
}

#[test]
fn a_phone_that_is_starting_is_not_called_clean() {
    let starting = || Phone::xiaomi("P1").without_property("sys.boot_completed");
    assert_eq!(verdict_on(starting()), "unknown: still_booting");
    assert_eq!(verdict_on(starting().version("3.1.874.10")), "vulnerable");
    let dead = starting().dump(PACKAGE, "Can't find service: package\n");
    assert_eq!(verdict_on(dead), "unknown: service_unavailable");
}

#[test]
fn old_phones_are_judged_by_what_they_print() {
    for android in [5, 6] {
        let old = || Phone::xiaomi("P1").android(android);
        assert_eq!(verdict_on(old().version("3.1.874.10")), "vulnerable", "Android {android}");
        assert_eq!(verdict_on(old().version("3.1.921.10")), "patched");
        assert_eq!(verdict_on(old()), "not_installed");
        assert_eq!(verdict_on(old().package_manager_dead()), "unknown: service_unavailable");
        assert_eq!(verdict_on(old().packages([PACKAGE])), "unknown: ambiguous_dump");
        assert_eq!(verdict_on(old().packages([format!("{PACKAGE}.extra")])), "not_installed");
        assert_eq!(verdict_on(old().no_features()), "not_installed");
    }
    // A new phone that prints nothing has no words for it: that is not "not found".
    let silent = Phone::xiaomi("P1").dump(PACKAGE, "");
    assert_eq!(verdict_on(silent), "unknown: incomplete_answer");
}

#[test]
fn a_phone_at_risk_is_asked_for_its_updaters() {
    let notes = |phone: Phone| scan([phone]).device("P1")["notes"].to_string();
    assert_eq!(notes(vulnerable("P1")), "[]");
    assert_eq!(notes(vulnerable("P1").packages([PACKAGE])), "[\"updater_missing\"]");
    assert_eq!(notes(vulnerable("P1").package_manager_dead()), "[]");
    let without = scan([vulnerable("P1").packages([PACKAGE])]);
    assert_eq!(without.device("P1")["steps"][0]["key"], "update_in_google_play");
}

#[test]
fn a_scan_only_reads() {
    let bench = start([vulnerable("P1"), patched("P2"), Phone::xiaomi("P3").android(6)]);
    Micheck::scan(bench.address()).run();
    for request in bench.requests() {
        let known = ["host:devices-l", "host:transport-id:", "host-transport-id:"]
            .iter()
            .any(|start| request.starts_with(start));
        let Some(command) =
            request.strip_prefix("shell,v2,raw:").or(request.strip_prefix("shell:"))
        else {
            assert!(known, "{request}");
            continue;
        };
        for statement in command.split(';') {
            let reads = [
                "echo",
                "getprop 2>&1",
                "dumpsys package ",
                "pm path ",
                "pm list packages -u ",
                "e=$?",
            ]
            .iter()
            .any(|start| statement.starts_with(start));
            assert!(reads, "{statement}");
        }
    }
}

#[test]
fn json_lines_begin_with_the_run_and_end_with_the_summary() {
    let bench = start([Phone::xiaomi("P1").state("unauthorized"), vulnerable("P2")]);
    let run = Micheck::scan(bench.address()).args(["--format", "jsonl"]).run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"event":"run","schema_version":1,"tool":{"name":"micheck","version":"0.1.0"},"advisories":{"version":"4","hash":"[HASH]"},"taken_at":"[TAKEN_AT]","simulated":false,"language":"en"}"#
    );
    assert!(
        lines[1].starts_with(
            r#"{"event":"device","connection":{"link":"adb_server","server":"[SERVER]","serial":"P2","serial_form":"full","transport_id":2,"path":"usb:1-2","state":"device"},"source":null,"device":{"manufacturer":"Xiaomi","#
        ),
        "{}",
        lines[1]
    );
    assert!(lines[2].starts_with(r#"{"event":"device","connection":"#), "{}", lines[2]);
    assert_eq!(run.lines()[2]["reason"], "unauthorized");
    assert_eq!(
        lines[3..],
        [
            r#"{"event":"summary","devices":2,"lost_servers":0,"vulnerable":1,"unconfirmed":0,"unknown":1,"patched":0,"not_installed":0,"not_applicable":0}"#
        ]
    );
    let none = start([]);
    let run = Micheck::scan(none.address()).args(["-f", "jsonl"]).run();
    let lines = run.lines();
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    let (run_line, rest) = events.split_first().unwrap();
    let (summary, hints) = rest.split_last().unwrap();
    assert_eq!((*run_line, *summary, run.code), ("run", "summary", Some(4)));
    // Which hints there are depends on the computer.
    assert!(!hints.is_empty() && hints.iter().all(|event| *event == "hint"), "{events:?}");
}

#[test]
fn no_phone_is_exit_code_4() {
    let bench = start([]);
    let run = Micheck::scan(bench.address()).run();
    // Which reasons follow depends on the computer.
    assert!(
        run.stdout.starts_with("No phone was found. The likely reasons:\n  1. "),
        "{}",
        run.stdout
    );
    assert!(run.stdout.ends_with("without a phone: micheck scan --demo.\n"), "{}", run.stdout);
    assert_eq!(run.code, Some(4));
    let json =
        Micheck::scan(bench.address()).args(["--format", "json", "--fail-on", "vulnerable"]).run();
    assert_eq!((json.json()["summary"]["devices"].as_u64(), json.code), (Some(0), Some(4)));
}

#[test]
fn fail_on_narrows_what_is_not_0() {
    for (phone, codes) in [
        (vulnerable("P1"), [1, 1, 1]),
        (Phone::xiaomi("P1").version("3.1.900.12"), [0, 1, 1]),
        (patched("P1").state("offline"), [0, 0, 3]),
        (patched("P1"), [0, 0, 0]),
    ] {
        let bench = start([phone]);
        for (fail_on, code) in ["vulnerable", "unconfirmed", "unknown"].into_iter().zip(codes) {
            let run = Micheck::scan(bench.address()).args(["--fail-on", fail_on]).run();
            assert_eq!(run.code, Some(code), "{fail_on}");
        }
    }
}

#[test]
fn the_demo_shows_every_verdict_and_says_that_it_is_one() {
    // What is no command is an option of the one that needn't be typed.
    let run = Micheck::new(["--demo", "--serials", "full"]).run();
    assert!(run.stdout.starts_with("DEMO: simulated phones, not real ones\n"), "{}", run.stdout);
    assert!(run.stdout.lines().count() <= 80, "{}", run.stdout);
    for word in
        ["AT RISK", "UPDATE NEEDED", "NOT CHECKED", "UPDATED", "NOT AFFECTED", "NOT A XIAOMI PHONE"]
    {
        assert!(run.stdout.contains(word), "{word}");
    }
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let json =
        Micheck::new(["scan", "--demo", "--serials", "full", "--format", "json"]).run().json();
    assert_eq!(json["simulated"], true);
    for device in json["devices"].as_array().unwrap() {
        let notes = device["notes"].as_array().unwrap();
        assert!(notes.iter().any(|note| note == "simulated"), "{device}");
    }
    for verdict in
        ["vulnerable", "unconfirmed", "unknown", "patched", "not_installed", "not_applicable"]
    {
        assert!(json["summary"][verdict].as_u64() > Some(0), "{verdict}");
    }
}

/// A terminal that isn't UTF-8 may read a letter's bytes as a command: `ě` ends in one on Latin-1.
#[test]
fn where_the_terminal_is_not_utf_8_only_ascii_is_shown() {
    let bench = start([vulnerable("P\u{11b}2J")]);
    let shown = |locale: &str| {
        let run = Micheck::scan(bench.address()).env("LC_ALL", locale).args(["-v"]).run();
        (run.stdout.clone() + &run.stderr, run)
    };
    let (latin, run) = shown("de_DE.ISO-8859-1");
    assert!(latin.is_ascii(), "{latin}");
    assert!(run.stdout.contains("P?2J"), "{}", run.stdout);
    assert!(shown("de_DE.UTF-8").0.contains("P\u{11b}2J"));
}

/// What the system lets no file hold is an error, and nothing of it is left.
#[cfg(unix)]
#[test]
fn a_file_that_may_not_grow_is_an_error_and_goes_away() {
    let bench = start((0..20).map(|n| vulnerable(&format!("P{n}"))));
    let scan = |args: [&str; 2]| Micheck::scan(bench.address()).args(args);
    for (args, run) in [
        ("scan --output", scan(["--output", "report.json"])),
        ("scan --evidence", scan(["--evidence", "kept"])),
        ("judge", Micheck::new(["judge", "3.1.874.10", "-o", "report.html"])),
        ("advisories", Micheck::new(["advisories", "-o", "list.json"])),
    ] {
        let (run, folder) = run.within_shell("ulimit -f 1; exec \"$0\" \"$@\"").run_in_dir();
        assert_eq!(run.code, Some(2), "{args} {}", run.stderr);
        assert!(run.stderr.to_lowercase().contains("file too large"), "{}", run.stderr);
        let left = std::fs::read_dir(folder.path()).unwrap();
        let left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
        assert!(left.iter().all(|name| name == ".config"), "{left:?}");
    }
}
