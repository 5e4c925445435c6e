mod forms;

use insta::assert_snapshot;
use unicode_width::UnicodeWidthStr as _;

use super::*;
use crate::report::{Connection, Outcome, ProbeResult, Probed, Report, Run};
use std::collections::BTreeSet;

use crate::text::{Language, Text};
use micheck_core::advisory::AdvisorySet;
use micheck_core::evidence::{Evidence, Origin, Part, PartEnd};
use micheck_core::getprop::Properties;
use micheck_core::hint::Hint;
use micheck_core::package_name::PackageName;
use micheck_core::verdict::Reason;

const WHOLE: PartEnd = PartEnd::Closed { exit_code: 0 };

fn observation(serial: &str, outcome: Outcome) -> ProbeResult {
    ProbeResult {
        connection: Connection {
            link: crate::report::LinkKind::AdbServer,
            serial_form: crate::report::serial::SerialForm::Full,
            server: Some("127.0.0.1:5037".to_owned()),
            serial: Some(serial.to_owned()),
            transport_id: Some(1),
            path: Some("usb:1-1".to_owned()),
            state: Some("device".to_owned()),
        },
        listed_model: None,
        outcome,
        detail: None,
        duration_ms: 7,
        source: None,
    }
}

fn phone(serial: &str, name: &str, version: &str) -> ProbeResult {
    let dump = include_str!("../../../fixtures/dumpsys/android14.txt")
        .replace("versionName=3.1.900.12", &format!("versionName={version}"));
    let properties = format!(
        "[ro.product.manufacturer]: [Xiaomi]\n[ro.product.marketname]: [{name}]\n[ro.build.version.release]: [14]\n\
         [ro.build.version.sdk]: [34]\n[ro.mi.os.version.name]: [OS2.0]\n[sys.boot_completed]: [1]\n"
    );
    let mut evidence = Evidence::none(Origin::Live, Reason::IncompleteAnswer);
    evidence.properties = Properties::read(properties.as_bytes());
    evidence.properties_end = WHOLE;
    let package = PackageName::try_from("com.xiaomi.mi_connect_service").unwrap();
    evidence.dumps.insert(package, Part { body: dump.into(), end: WHOLE });
    let asked = Probed::new(evidence, &AdvisorySet::embedded().by_default());
    observation(serial, Outcome::Probed(Box::new(asked)))
}

fn report(observations: Vec<ProbeResult>) -> Report {
    let mut set = AdvisorySet::embedded().by_default();
    set.hash = "[HASH]".to_owned();
    let run = Run {
        taken_at: "2026-11-22T12:00:00+05:30".to_owned(),
        simulated: false,
        hints: vec![Hint::ChargeOnlyCable, Hint::TryDemo],
    };
    Report::new(run, observations, &set, Text::default())
}

fn report_in(language: Language, observations: Vec<ProbeResult>) -> Report {
    let run = Run { taken_at: String::new(), simulated: false, hints: Vec::new() };
    Report::new(run, observations, &AdvisorySet::embedded().by_default(), Text::of(language))
}

fn plain(report: &Report, width: Option<usize>) -> String {
    table(report, Text::default(), Layout::page(width)).plain()
}

#[test]
fn a_phone_whose_adb_is_open_to_the_network_is_to_be_closed_before_it_is_let_go() {
    use micheck_core::step::Step;
    use micheck_core::verdict::Note;

    for (patch, version, note) in [
        ("2026-05-01", "3.1.921.10", Note::AdbOnNetwork),
        ("2026-04-05", "3.1.874.10", Note::AdbOnNetworkUnpatched),
    ] {
        let mut phone = phone("R1", "Redmi", version);
        let Outcome::Probed(asked) = &mut phone.outcome else { unreachable!() };
        let more = format!(
            "[ro.build.version.security_patch]: [{patch}]\n[service.adb.tcp.port]: [5555]\n"
        );
        let listing = [asked.evidence.properties.listing(), more.into_bytes()].concat();
        asked.evidence.properties = Properties::read(&listing);
        let report = report(vec![phone]);
        let device = &report.devices[0];
        assert!(device.notes.contains(&note), "{:?}", device.notes);
        let steps: Vec<Step> = device.steps.iter().map(|step| step.key).collect();
        let closing = [Step::CloseNetworkDebugging, Step::RevokeDebugging];
        assert_eq!(steps[steps.len() - 2..], closing);
        let page = plain(&report, Some(200));
        assert!(page.contains("ADB is open to the network"), "{page}");
    }
}

#[test]
fn a_table_has_a_line_a_phone_and_steps_beneath() {
    let report = report(vec![
        phone("B", "Xiaomi 15", "3.1.921.10"),
        observation("C", Outcome::Skipped(Reason::Offline)),
        phone("A", "Redmi Note 13", "3.1.874.10"),
    ]);
    assert_snapshot!(plain(&report, Some(80)), @r#"
    3 phones: 1 at risk, 1 not checked, 1 updated
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT         PHONE          SYSTEM                   VERSION OR REASON  SERIAL
    ✖ AT RISK      Redmi Note 13  HyperOS 2.0, Android 14  3.1.874.10         A
    ? NOT CHECKED  unknown phone  –                        offline            C
    ✔ UPDATED      Xiaomi 15      HyperOS 2.0, Android 14  3.1.921.10         B

    ✖ AT RISK: update now
      Redmi Note 13 · A · usb:1-1 · 3.1.874.10
      1. Settings → System apps updater → update all.
      2. GetApps (China: App Store; India: Indus Appstore) → search for "Mi Connect
         Service" and update it; not there? Install all updates.
      3. Google Play:
         play.google.com/store/apps/details?id=com.xiaomi.mi_connect_service (if
         listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for
         updates → install.

    ? NOT CHECKED: the phone is listed but doesn't answer
      unknown phone · C · usb:1-1
      1. Wait a few seconds; then unplug the phone and plug it in again with another
         cable or port.

    ✔ UPDATED: version reported fixed
      Xiaomi 15 · B · usb:1-1 · 3.1.921.10
        A factory reset or "Uninstall updates" puts this phone at risk again: update
        the app after it.

    When that is done, run micheck again.
    Still no update? None has been released for this phone yet: avoid public Wi-Fi
    (hotels, cafés, trains), and look again every few days; don't install the app
    from a website.
    Optional, at home, with the password known and a backup made: log out of the
    Xiaomi account and in again, as the published warning advises; this turns Find
    device off and can remove synced data.
    When done: Developer options → Revoke USB debugging authorisations, then switch
    USB debugging off.
    An attacker must be nearby, on the same network; this doesn't mean that the
    phone was hacked.
    UPDATED means Mi Connect Service 3.1.921.10 or later: only one news site says
    that this version is fixed; the official records don't.
    "#);
}

#[test]
fn no_phone_is_said() {
    assert_snapshot!(plain(&report(vec![]), Some(80)), @r#"
    No phone was found. The likely reasons:
      1. No phone is plugged in, or its cable only charges: try another cable or
         port.
      2. To try micheck without a phone: micheck scan --demo.
    "#);
}

#[test]
fn every_width_is_kept_to_and_one_phone_is_one_line() {
    let long = "小米电视 संस्करण with a very long name that never seems to end at all";
    let report = report(vec![
        phone(
            "0123456789012345678901234567890123456789",
            long,
            "3.1.895.10.fullCnRelease.0512164.and.more",
        ),
        phone("B", "Redmi", "3.1.921.10"),
    ]);
    for width in [40, 50, 60, 79, 80, 100, 120, 200, 300] {
        let text = plain(&report, Some(width));
        let is_row = |line: &&str| line.starts_with("RESULT") || line.starts_with(['✖', '✔']);
        let rows: Vec<&str> =
            text.lines().take_while(|line| !line.is_empty()).filter(is_row).collect();
        assert_eq!(rows.len(), 3, "{text}");
        for row in text.lines() {
            assert!(row.width() <= width, "{width}: {row}");
        }
    }
}

/// The words below the rows.
fn words_of_blocks(page: &str) -> Vec<&str> {
    let (_, blocks) = page.split_once("\n\n✖").expect("a block of a phone at risk");
    blocks.split_whitespace().filter(|word| *word != "·").collect()
}

#[test]
fn no_word_is_broken_at_any_width() {
    for language in Language::ALL {
        let text = Text::of(language);
        let phones = vec![
            phone("A", "Redmi Note 13", "3.1.874.10"),
            phone("B", "POCO X6 Pro 5G", "3.1.900.12"),
            phone("D", "Xiaomi 15", "3.1.921.10"),
            observation("C", Outcome::Skipped(Reason::NoPermission)),
        ];
        let report = report_in(language, phones);
        let wide = table(&report, text, Layout::page(Some(4_000))).plain();
        for width in 40..=200 {
            let page = table(&report, text, Layout::page(Some(width))).plain();
            for line in page.lines() {
                assert!(line.width() <= width, "{width}: {line}");
            }
            // Addresses alone are broken, behind their own signs.
            let no_address = |words: Vec<&str>| -> String { words.concat() };
            assert_eq!(no_address(words_of_blocks(&page)), no_address(words_of_blocks(&wide)));
            let narrow: BTreeSet<&str> = words_of_blocks(&page).into_iter().collect();
            for word in words_of_blocks(&wide) {
                let whole = narrow.contains(word) || word.width() + 5 > width;
                assert!(whole, "{width}: {word} in\n{page}");
            }
        }
    }
}

#[test]
fn steps_are_said_once_for_all_phones_that_need_them() {
    for (count, most) in [(1, 24), (20, 50), (64, 118)] {
        for language in Language::ALL {
            let phones = (0..count).map(|number| {
                let mut one = phone(&format!("a1b2c3d4{number:04}"), "Redmi Note 13", "3.1.874.10");
                one.connection.path = Some(format!("usb:1-{number}"));
                one
            });
            let report = report_in(language, phones.collect());
            let page = table(&report, Text::of(language), Layout::page(Some(100))).plain();
            let lines = page.lines().count();
            assert!(lines <= most, "{count} phones: {lines} lines\n{page}");
            assert_eq!(page.matches("play.google.com").count(), 1, "{page}");
            for number in 0..count {
                assert!(page.contains(&format!(" usb:1-{number} ")), "{page}");
            }
        }
    }
}

#[test]
fn what_counts_most_is_first_on_a_page_and_last_on_a_terminal() {
    let report = report(vec![
        phone("A", "Redmi Note 13", "3.1.874.10"),
        phone("B", "Xiaomi 15", "3.1.921.10"),
        observation("C", Outcome::Skipped(Reason::Offline)),
    ]);
    let order = |layout| -> Vec<usize> {
        let page = table(&report, Text::default(), layout).plain();
        ["3 phones:", "✖ AT RISK:", "? NOT CHECKED:", "✔ UPDATED:"]
            .map(|part| page.find(part).expect(part))
            .to_vec()
    };
    let on_page = order(Layout::page(Some(80)));
    assert!(on_page.is_sorted(), "{on_page:?}");
    let on_terminal = order(Layout { width: Some(80), worst_last: true });
    assert!(on_terminal[1..].iter().rev().is_sorted(), "{on_terminal:?}");
    assert!(on_terminal[0] > on_terminal[1]);
}

#[test]
fn in_brief_a_phone_is_a_line_and_one_line_says_what_to_do() {
    let brief = |phones| super::brief(&report(phones), Text::default(), Layout::page(Some(120)));
    let page = brief(vec![
        phone("A", "Redmi Note 13", "3.1.874.10"),
        phone("B", "Xiaomi 15", "3.1.921.10"),
    ])
    .plain();
    assert_eq!(page.lines().count(), 6, "{page}");
    assert!(page.lines().last().unwrap().starts_with("AT RISK: System apps updater"), "{page}");
    let page = brief(vec![observation("C", Outcome::Skipped(Reason::Offline))]).plain();
    assert!(page.lines().last().unwrap().starts_with("NOT CHECKED: "), "{page}");
}

#[test]
fn the_flaw_is_named_in_every_form() {
    let report = report(vec![phone("A", "Redmi Note 13", "3.1.874.10")]);
    let (set, text, shop) = (AdvisorySet::embedded(), Text::default(), Shop::default());
    let devices: Vec<_> = report.devices.iter().collect();
    let forms = [
        plain(&report, Some(80)),
        super::brief(&report, text, Layout::page(Some(80))).plain(),
        json(&report),
        jsonl(&report),
        csv(&report, text, false),
        html(&report, &[], &set, text, &shop),
        sheets(&report, &devices, &set, text, &shop, Paper::A5),
    ];
    for form in forms {
        assert!(form.contains("CVE-2024-45347"), "{form}");
    }
}

#[test]
fn nothing_from_a_phone_reaches_the_page_unescaped() {
    let nasty = "\x1b[2J\x1b]0;x\x07\u{202e}evil\u{9b}31m\u{200b}";
    let mut observation = phone(nasty, nasty, &format!("3.1.895.10{nasty}"));
    observation.detail = Some(nasty.to_owned());
    observation.connection.path = Some(nasty.to_owned());
    let report = report(vec![observation]);
    for text in [plain(&report, Some(100)), plain(&report, None), json(&report), jsonl(&report)] {
        let bad = text.chars().find(|&c| micheck_core::escape::is_deceptive(c) && c != '\n');
        assert_eq!(bad, None, "{text}");
    }
    // A program gets the phone's own characters back.
    let value: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
    assert_eq!(value["devices"][0]["connection"]["serial"], nasty);
}

#[test]
fn a_phone_is_one_line_whatever_its_texts_hold() {
    let nasty = "a\nb\r\u{2028}c\u{2029}d\u{85}e\u{b}f\u{c}g\u{1c}h\"}\n{\"event\":\"summary\"}";
    let mut observation = phone(nasty, "Redmi", "3.1.921.10");
    observation.detail = Some(nasty.to_owned());
    let text = jsonl(&report(vec![observation]));
    // Whatever a reader takes for the end of a line: there are three.
    let ends = ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{85}', '\u{2028}', '\u{2029}'];
    assert_eq!(text.matches(ends).count(), 3, "{text}");
    let lines: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["run", "device", "summary"]);
    assert_eq!(lines[1]["connection"]["serial"], nasty);
}

#[test]
fn json_lines_say_what_json_says() {
    let lost = observation("C", Outcome::Skipped(Reason::Offline));
    let report = report(vec![phone("A", "Redmi Note 13", "3.1.874.10"), lost]);
    let mut whole: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
    let mut lines: Vec<serde_json::Value> =
        jsonl(&report).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    for line in &mut lines {
        line.as_object_mut().unwrap().remove("event").unwrap();
    }
    let summary = lines.pop().unwrap();
    let run = lines.remove(0);
    assert_eq!(whole["summary"].take(), summary);
    assert_eq!(whole["devices"].take(), serde_json::Value::Array(lines));
    assert_eq!(whole["hints"].take(), serde_json::json!([]));
    for (key, value) in run.as_object().unwrap() {
        assert_eq!(whole[key].take(), *value, "{key}");
    }
    assert!(whole.as_object().unwrap().values().all(serde_json::Value::is_null), "{whole}");
}

#[test]
fn a_stack_of_marks_takes_no_room() {
    let name = format!("e{}", "\u{301}".repeat(300));
    let text = plain(&report(vec![phone("A", &name, "3.1.921.10")]), Some(80));
    assert!(text.len() < 4_000, "{}", text.len());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a snapshot is one piece")]
fn json_has_every_field_of_the_model() {
    let mut lost = observation("C", Outcome::Skipped(Reason::Offline));
    lost.detail = Some("said so".to_owned());
    assert_snapshot!(json(&report(vec![phone("A", "Redmi Note 13", "3.1.874.10"), lost])), @r#"
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
      "taken_at": "2026-11-22T12:00:00+05:30",
      "simulated": false,
      "language": "en",
      "devices": [
        {
          "connection": {
            "link": "adb_server",
            "server": "127.0.0.1:5037",
            "serial": "A",
            "serial_form": "full",
            "transport_id": 1,
            "path": "usb:1-1",
            "state": "device"
          },
          "source": null,
          "device": {
            "manufacturer": "Xiaomi",
            "brand": null,
            "model": null,
            "marketname": "Redmi Note 13",
            "system": "HyperOS 2.0",
            "android": "14",
            "security_patch": null,
            "region": null
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
              "version_code": "31090012",
              "users": [
                {
                  "id": 0,
                  "installed": true,
                  "enabled": 0
                }
              ],
              "factory_version": "2.5.100.3",
              "disabled": false,
              "code_path": "/data/app/~~b7Qm2nX0yKp4dR1sVt9uAg==/com.xiaomi.mi_connect_service-Hc5jLw8eZr3oTq6iUy2xNA==",
              "certainty": "one_secondary_source",
              "last_affected": "3.1.895.10",
              "less_than": null,
              "first_fixed": "3.1.921.10",
              "read_by": "dumpsys_package",
              "notes": []
            }
          ],
          "notes": [],
          "steps": [
            {
              "key": "update_system_apps",
              "text": "Settings → System apps updater → update all"
            },
            {
              "key": "update_in_store",
              "text": "GetApps (China: App Store; India: Indus Appstore) → search for \"Mi Connect Service\" and update it; not there? Install all updates",
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
          "duration_ms": 7
        },
        {
          "connection": {
            "link": "adb_server",
            "server": "127.0.0.1:5037",
            "serial": "C",
            "serial_form": "full",
            "transport_id": 1,
            "path": "usb:1-1",
            "state": "device"
          },
          "source": null,
          "device": {
            "manufacturer": null,
            "brand": null,
            "model": null,
            "marketname": null,
            "system": null,
            "android": null,
            "security_patch": null,
            "region": null
          },
          "verdict": "unknown",
          "reason": "offline",
          "detail": "said so",
          "findings": [],
          "notes": [],
          "steps": [
            {
              "key": "wait_then_replug",
              "text": "Wait a few seconds; then unplug the phone and plug it in again with another cable or port"
            },
            {
              "key": "check_again",
              "text": "Run micheck again"
            }
          ],
          "duration_ms": 7
        }
      ],
      "summary": {
        "devices": 2,
        "lost_servers": 0,
        "vulnerable": 1,
        "unconfirmed": 0,
        "unknown": 1,
        "patched": 0,
        "not_installed": 0,
        "not_applicable": 0
      },
      "hints": []
    }
    "#);
}

#[test]
fn the_list_of_advisories_fits_a_narrow_terminal() {
    let set = AdvisorySet::embedded();
    let list = |width| advisories(&set, Text::default(), Layout::page(width)).plain();
    let text = list(Some(80));
    let cards: Vec<&str> = text.lines().take(6).collect();
    assert_eq!(
        cards,
        [
            "mi-connect · Mi Connect Service · CVE-2024-45347, CVE-2024-45361",
            "  affected: 3.1.895.10 and older · fixed from: 3.1.921.10",
            "  severity: 9.6 critical · used: yes",
            "app-market-2023-26323 · App Market · CVE-2023-26323",
            "  affected: 1.0.0 to 4.57.4 · fixed from: 4.58.2",
            "  severity: 7.6 high · used: with --all",
        ]
    );
    for width in [60, 80, 100, 140, 200] {
        assert!(list(Some(width)).lines().all(|line| line.width() <= width), "{width}");
        for one in &set.advisories {
            let sheet = advisory(one, Text::default(), Layout::page(Some(width))).plain();
            // Links stay in one piece.
            let mut lines = sheet.lines().filter(|line| !line.contains("://"));
            assert!(lines.all(|line| line.width() <= width), "{width}\n{sheet}");
        }
    }
    // With room for it, each has a line; then come the head and what stands below.
    assert_eq!(list(None).lines().count(), set.advisories.len() + 4);
}

#[test]
fn findings_of_several_apps_fit_a_narrow_terminal() {
    let set = AdvisorySet::embedded();
    let mut observation = phone("A", "Redmi Note 13", "3.1.895.10.fullCnRelease.0512164.and.more");
    if let Outcome::Probed(asked) = &mut observation.outcome {
        asked.findings = micheck_core::judge::judge_all(&asked.evidence, &set);
    }
    let run = Run { taken_at: String::new(), simulated: false, hints: Vec::new() };
    let report = Report::new(run, vec![observation], &set, Text::default());
    for width in [64, 80, 120] {
        let text = plain(&report, Some(width));
        for line in text.lines().filter(|line| !line.contains("://")) {
            assert!(line.width() <= width, "{width}: {line}");
        }
        assert!(text.contains("AT RISK") && text.contains("answer cut off: App Market"), "{text}");
    }
}
