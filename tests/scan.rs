//! `micheck scan` through the shipped binary, against simulated phones on a simulated adb server.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]
#![expect(clippy::too_many_lines, reason = "a snapshot is one piece")]

mod support;

use std::time::Duration;

use insta::assert_snapshot;
use micheck::simulator::{Bench, Fault, FloodPlace, Phone, RunningThread, ServerOptions, Wire};
use support::{Micheck, Run};

const PACKAGE: &str = "com.xiaomi.mi_connect_service";

fn start(phones: impl IntoIterator<Item = Phone>) -> RunningThread {
    Bench::new().phones(phones).start_in_thread().unwrap()
}

/// Scans these phones and gives the JSON report.
fn scan(phones: impl IntoIterator<Item = Phone>) -> Run {
    let bench = start(phones);
    Micheck::scan(bench.address()).args(["--format", "json"]).run()
}

/// The verdict on one phone, and its reason behind a colon.
fn verdict_on(phone: Phone) -> String {
    let run = scan([phone]);
    assert_eq!(run.stderr, "");
    let device = &run.json()["devices"][0];
    let (verdict, reason) = (device["verdict"].as_str().unwrap(), device["reason"].as_str());
    reason.map_or(verdict.to_owned(), |reason| format!("{verdict}: {reason}"))
}

fn vulnerable(serial: &str) -> Phone {
    Phone::xiaomi(serial).version("3.1.874.10").factory(Some("2.5.100.3"))
}

fn patched(serial: &str) -> Phone {
    Phone::xiaomi(serial).version("3.1.921.10").factory(None)
}

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
    RESULT                PHONE           SYSTEM                   APP VERSION      SERIAL
    ✖ AT RISK             Redmi Note 13   HyperOS 1.0, Android 14  3.1.874.10       P1
    ▲ UPDATE NEEDED       POCO X6 Pro 5G  HyperOS 1.0, Android 14  3.1.900.12       P2
    ? NOT CHECKED         unknown phone   –                        not allowed yet  P3
    ✔ UPDATED             Redmi Note 13   HyperOS 1.0, Android 14  3.1.921.10       P4
    – NOT AFFECTED        Redmi Note 13   HyperOS 1.0, Android 14  –                P5
    – NOT A XIAOMI PHONE  Pixel 8         Android 14               –                P6

    ✖ AT RISK: update now
      Redmi Note 13 · serial P1 · usb:1-6 · Mi Connect Service 3.1.874.10
      An attacker must be nearby, on the same network; this doesn't mean that the phone was hacked.
      1. Settings → System apps updater → update all.
      2. GetApps (in China: App Store) → search for "Mi Connect Service" and install its update; if it
         isn't found there, install all updates.
      3. Try Google Play: open market://details?id=com.xiaomi.mi_connect_service (it may not be listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for updates, and install what
         it finds.
      5. Run micheck again.
      6. Optional, the owner's own step at home (only with the password and a backup): sign out of the
         Xiaomi account and in again, as the published warning advises; this switches Find device off
         and can remove synced data.
      7. When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging
         off.

    ▲ UPDATE NEEDED: fix not confirmed for this version
      POCO X6 Pro 5G · serial P2 · usb:1-5 · Mi Connect Service 3.1.900.12
      The copy in the phone's system is vulnerable: after a factory reset, or "Uninstall updates", the
      phone is at risk again until the app is updated.
      An attacker must be nearby, on the same network; this doesn't mean that the phone was hacked.
      1. Settings → System apps updater → update all.
      2. GetApps (in China: App Store) → search for "Mi Connect Service" and install its update; if it
         isn't found there, install all updates.
      3. Try Google Play: open market://details?id=com.xiaomi.mi_connect_service (it may not be listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for updates, and install what
         it finds.
      5. Run micheck again.
      6. Optional, the owner's own step at home (only with the password and a backup): sign out of the
         Xiaomi account and in again, as the published warning advises; this switches Find device off
         and can remove synced data.
      7. When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging
         off.

    ? NOT CHECKED: the phone hasn't allowed this computer yet
      unknown phone · serial P3 · usb:1-4
      1. Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (leave "Always allow
         from this computer" off on a customer's phone; never ask for the PIN).
      2. No dialog? Set the USB mode to File transfer; or Developer options → Revoke USB debugging
         authorisations, then unplug and plug in again.
      3. Run micheck again.

    UPDATED means Mi Connect Service 3.1.921.10 or later: one secondary source says that this version is
    fixed, no primary record does.
    NOT AFFECTED: the app isn't on this phone (don't install it).
    When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off.
    6 phones: 1 at risk, 1 to update, 1 not checked, 1 updated, 1 not affected, 1 not Xiaomi
    "#);
    assert_eq!(run.stderr, "");
    assert_eq!(run.code, Some(1));
}

#[test]
fn a_bench_without_need_is_short_and_exits_with_0() {
    let bench = start([patched("P1"), Phone::xiaomi("P2"), Phone::pixel("P3")]);
    let run = Micheck::scan(bench.address()).run();
    assert_snapshot!(run.stdout, @r#"
    RESULT                PHONE          SYSTEM                   APP VERSION  SERIAL
    ✔ UPDATED             Redmi Note 13  HyperOS 1.0, Android 14  3.1.921.10   P1
    – NOT AFFECTED        Redmi Note 13  HyperOS 1.0, Android 14  –            P2
    – NOT A XIAOMI PHONE  Pixel 8        Android 14               –            P3

    UPDATED means Mi Connect Service 3.1.921.10 or later: one secondary source says that this version is
    fixed, no primary record does.
    NOT AFFECTED: the app isn't on this phone (don't install it).
    When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off.
    3 phones: 1 updated, 1 not affected, 1 not Xiaomi
    "#);
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
        "version": "1",
        "hash": "[HASH]"
      },
      "taken_at": "[TAKEN_AT]",
      "simulated": false,
      "devices": [
        {
          "connection": {
            "link": "adb_server",
            "server": "[SERVER]",
            "serial": "P1",
            "transport_id": 1,
            "path": "usb:1-1",
            "state": "device"
          },
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
              "first_fixed": "3.1.921.10",
              "read_by": "dumpsys_package"
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
              "key": "update_in_store",
              "text": "GetApps (in China: App Store) → search for \"Mi Connect Service\" and install its update; if it isn't found there, install all updates"
            },
            {
              "key": "update_in_google_play",
              "text": "Try Google Play: open market://details?id=com.xiaomi.mi_connect_service (it may not be listed)"
            },
            {
              "key": "update_system",
              "text": "Settings → About phone → tap the MIUI or HyperOS version → Check for updates, and install what it finds"
            },
            {
              "key": "check_again",
              "text": "Run micheck again"
            },
            {
              "key": "owner_signs_in_again",
              "text": "Optional, the owner's own step at home (only with the password and a backup): sign out of the Xiaomi account and in again, as the published warning advises; this switches Find device off and can remove synced data"
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
    for serial in ["P2", "P3", "P4", "P6", "P7"] {
        assert_eq!(run.verdict(serial), "unknown: timeout", "{serial}");
    }
    // Its time is up before the server's two seconds are.
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
    assert_snapshot!(run.stdout, @r#"
    RESULT         PHONE          SYSTEM                   APP VERSION      SERIAL
    ? NOT CHECKED  adb server     –                        adb server gone  [SERVER2]
    ✔ UPDATED      Redmi Note 13  HyperOS 1.0, Android 14  3.1.921.10       Q1

    ? NOT CHECKED: the adb server can't be reached
      adb server · adb server [SERVER2]
      (no adb server answers at [SERVER2]: Connection refused (os error 111))
      1. Start the adb server: adb start-server.
      2. Run micheck again.

    UPDATED means Mi Connect Service 3.1.921.10 or later: one secondary source says that this version is
    fixed, no primary record does.
    When done: Developer options → Revoke USB debugging authorisations, then switch USB debugging off.
    1 phone: 1 updated; 1 adb server not reached
    "#);
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
        (
            "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set",
            "unknown: unauthorized",
        ),
        ("device offline", "unknown: offline"),
        ("device still connecting", "unknown: authorizing"),
        ("device still authorizing", "unknown: authorizing"),
        ("device 'P1' not found", "unknown: disconnected"),
        ("no device with transport id '1'", "unknown: disconnected"),
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
    let mut dump = std::fs::read(support::repository("fixtures/dumpsys/android14.txt")).unwrap();
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
        std::fs::read_to_string(support::repository("fixtures/dumpsys/android14.txt")).unwrap();
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
        std::fs::read_to_string(support::repository("fixtures/dumpsys/android14.txt")).unwrap();
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
    let dump = std::fs::read(support::repository("fixtures/dumpsys/android14.txt")).unwrap();
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
        (Wire::Garbage, "micheck: what answers at [SERVER] is not an adb server ("),
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

#[test]
fn json_lines_begin_with_the_run_and_end_with_the_summary() {
    let bench = start([Phone::xiaomi("P1").state("unauthorized"), vulnerable("P2")]);
    let run = Micheck::scan(bench.address()).args(["--format", "jsonl"]).run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(
        lines[0],
        r#"{"event":"run","schema_version":1,"tool":{"name":"micheck","version":"0.1.0"},"advisories":{"version":"1","hash":"[HASH]"},"taken_at":"[TAKEN_AT]","simulated":false}"#
    );
    assert!(
        lines[1].starts_with(
            r#"{"event":"device","connection":{"link":"adb_server","server":"[SERVER]","serial":"P2","transport_id":2,"path":"usb:1-2","state":"device"},"device":{"manufacturer":"Xiaomi","#
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
    let run = Micheck::new(["scan", "--demo"]).run();
    assert!(run.stdout.starts_with("DEMO: simulated phones, not real ones\n"), "{}", run.stdout);
    for word in
        ["AT RISK", "UPDATE NEEDED", "NOT CHECKED", "UPDATED", "NOT AFFECTED", "NOT A XIAOMI PHONE"]
    {
        assert!(run.stdout.contains(word), "{word}");
    }
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let json = Micheck::new(["scan", "--demo", "--format", "json"]).run().json();
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
