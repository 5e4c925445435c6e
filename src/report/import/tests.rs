use serde_json::{Value, json};

use super::*;
use crate::output::render;
use crate::report::{AdvisoriesUsed, Connection, LinkKind, Outcome, ProbeResult, Run, Tool};
use crate::text::Language;

fn observation(serial: &str, outcome: Outcome) -> ProbeResult {
    ProbeResult {
        connection: Connection {
            serial: Some(serial.to_owned()),
            ..Connection::of_link(LinkKind::AdbServer)
        },
        listed_model: Some("Redmi".to_owned()),
        outcome,
        detail: None,
        duration_ms: 7,
        source: None,
    }
}

fn set() -> AdvisorySet {
    AdvisorySet::embedded().by_default()
}

fn report_at(taken_at: &str, simulated: bool) -> Report {
    let typed = |version: &str| Outcome::Typed(Some(version.as_bytes().to_vec()));
    let run = Run { taken_at: taken_at.to_owned(), simulated, hints: Vec::new() };
    let phones = vec![
        observation("A", typed("3.1.874.10")),
        observation("B", typed("3.1.921.10")),
        observation("C", Outcome::Skipped(Reason::Offline)),
    ];
    Report::new(run, phones, &set(), Text::default())
}

fn report() -> Report {
    report_at("2026-11-24T10:00:00+05:30", false)
}

fn read(file: &str, text: &str) -> Result<SavedRun, String> {
    let read = SavedRun::read(file, text.as_bytes(), &set(), Text::default());
    read.map_err(|error| error.to_string())
}

fn in_hindi(runs: Vec<SavedRun>) -> Report {
    merge(runs, Text::of(Language::Hindi)).unwrap()
}

/// A report as JSON with one thing changed.
fn changed(change: impl FnOnce(&mut Value)) -> Result<SavedRun, String> {
    let mut json: Value = serde_json::from_str(&render::json(&report())).unwrap();
    change(&mut json);
    read("dir/bench.json", &json.to_string())
}

#[test]
fn what_was_saved_comes_back_as_it_was() {
    let saved = report();
    for text in [render::json(&saved), render::jsonl(&saved)] {
        let back = merge(vec![read("bench.json", &text).unwrap()], Text::default()).unwrap();
        assert_eq!(render::json(&back), render::json(&saved));
        for (one, other) in back.devices.iter().zip(&saved.devices) {
            assert_eq!(back.number_of(one), saved.number_of(other));
        }
    }
    // As Windows PowerShell saves it.
    let mut utf16 = vec![0xff, 0xfe];
    utf16.extend(render::json(&saved).encode_utf16().flat_map(u16::to_le_bytes));
    assert!(SavedRun::read("bench.json", &utf16, &set(), Text::default()).is_ok());
}

#[test]
fn a_report_can_be_told_in_another_language() {
    let saved = report();
    let hindi = in_hindi(vec![read("bench.json", &render::json(&saved)).unwrap()]);
    assert_eq!(hindi.language, Language::Hindi);
    let run = Run { taken_at: saved.taken_at.clone(), simulated: false, hints: Vec::new() };
    let phones = vec![observation("A", Outcome::Typed(Some(b"3.1.874.10".to_vec())))];
    let at_once = Report::new(run, phones, &set(), Text::of(Language::Hindi));
    let steps = |report: &Report| {
        report.devices[0].steps.iter().map(|step| step.text.clone()).collect::<Vec<_>>()
    };
    assert_eq!(steps(&hindi), steps(&at_once));
}

#[test]
fn several_runs_are_one_report_in_which_each_phone_says_where_it_is_from() {
    let early = report_at("2026-11-24T23:00:00+05:30", false);
    // Later, though its text sorts before the other's.
    let late = report_at("2026-11-24T18:00:00+00:00", false);
    let runs = vec![
        read("/shop/late.json", &render::json(&late)).unwrap(),
        read("C:\\shop\\early.jsonl", &render::jsonl(&early)).unwrap(),
    ];
    let merged = merge(runs, Text::default()).unwrap();
    assert_eq!(merged.taken_at, late.taken_at);
    assert_eq!(merged.summary.devices, 6);
    let origins: Vec<&str> =
        merged.devices.iter().map(|one| one.origin.as_ref().unwrap().file.as_str()).collect();
    assert_eq!(origins.iter().filter(|file| **file == "early.jsonl").count(), 3);
    assert_eq!(merged.devices[0].verdict, Verdict::Vulnerable);
    assert_eq!(merged.devices[5].verdict, Verdict::Patched);
    // Each keeps its number, and a merged report can be merged again.
    let number = early.number_of(&early.devices[0]);
    assert!(merged.devices.iter().any(|device| merged.number_of(device) == number));
    let again = read("merged.json", &render::json(&merged)).unwrap();
    let third = read("third.json", &render::json(&report())).unwrap();
    let all = merge(vec![again, third], Text::default()).unwrap();
    let from = |file: &str| {
        all.devices.iter().filter(|one| one.origin.as_ref().unwrap().file == file).count()
    };
    assert_eq!((from("early.jsonl"), from("late.json"), from("third.json")), (3, 3, 3));
}

#[test]
fn simulated_and_real_phones_are_never_put_together() {
    let real = read("real.json", &render::json(&report())).unwrap();
    let demo = report_at("2026-11-24T10:00:00+05:30", true);
    let demo = read("demo.json", &render::json(&demo)).unwrap();
    let error = merge(vec![real, demo], Text::default()).unwrap_err().to_string();
    assert!(error.starts_with("demo.json has simulated phones and real.json real ones"), "{error}");
}

#[test]
fn what_is_cut_off_counts_for_nothing() {
    let (json, jsonl) = (render::json(&report()), render::jsonl(&report()));
    for length in (0..json.len() - 2).step_by(97).chain([json.len() - 3]) {
        if json.is_char_boundary(length) {
            assert!(read("bench.json", &json[..length]).is_err(), "{length}");
        }
    }
    for length in (0..jsonl.len() - 2).step_by(89) {
        if jsonl.is_char_boundary(length) {
            assert!(read("bench.jsonl", &jsonl[..length]).is_err(), "{length}");
        }
    }
    let lines: Vec<&str> = jsonl.lines().collect();
    let without_end = lines[..lines.len() - 1].join("\n");
    let error = read("bench.jsonl", &without_end).unwrap_err();
    assert!(error.starts_with("bench.jsonl is cut off"), "{error}");
    // A phone less is noticed, too.
    let without_phone = [&lines[..1], &lines[2..]].concat().join("\n");
    assert!(read("bench.jsonl", &without_phone).unwrap_err().contains("the summary doesn't count"));
    let twice = format!("{jsonl}{jsonl}");
    assert!(read("bench.jsonl", &twice).unwrap_err().contains("after the summary"));
}

#[test]
fn what_contradicts_itself_counts_for_nothing() {
    type Change = (&'static str, fn(&mut Value));
    let changes: &[Change] = &[
        ("isn't the worst", |json| json["devices"][0]["verdict"] = json!("patched")),
        ("no reason is given", |json| json["devices"][1]["reason"] = Value::Null),
        ("reason is given for a verdict", |json| json["devices"][0]["reason"] = json!("offline")),
        ("but no findings", |json| json["devices"][0]["findings"] = json!([])),
        ("called patched, but its details make it vulnerable", |json| {
            json["devices"][2]["findings"][0]["version"] = json!("3.1.874.10");
        }),
        ("called patched, and no version was typed", |json| {
            json["devices"][2]["findings"][0]["version"] = Value::Null;
        }),
        ("the summary doesn't count", |json| json["summary"]["vulnerable"] = json!(0)),
        ("schema version 2", |json| json["schema_version"] = json!(2)),
        ("one of its times isn't valid", |json| {
            json["taken_at"] = json!("<b>yesterday evening</b>");
        }),
        ("no known verdict", |json| json["devices"][0]["verdict"] = json!("fine")),
        ("unknown variant", |json| json["devices"][1]["reason"] = json!("bored")),
        ("missing field", |json| drop(json.as_object_mut().unwrap().remove("simulated"))),
    ];
    assert!(changed(|_| {}).is_ok());
    for (expected, change) in changes {
        let error = changed(change).unwrap_err();
        assert!(error.contains(expected) && error.starts_with("bench.json"), "{error}");
    }
}

#[test]
fn other_files_are_named_with_what_they_are_not() {
    for text in
        ["", "[]", "null", "hello", "{\"event\":\"other\"}", "{\"schema_version\":1}", "\u{0}"]
    {
        let error = read("notes\u{202e}.txt", text).unwrap_err();
        assert!(error.contains("isn't a micheck report"), "{text}: {error}");
        assert!(error.starts_with("notes\\u202e.txt"), "{error}");
    }
}

/// A line of a bench's log about phone `phone`.
fn event(event: &str, phone: u32, at: u32, more: &Value) -> String {
    let mut line = json!({
        "event": event, "phone": phone, "visit": 1, "simulated": false,
        "at": format!("2026-11-24T10:00:{at:02}.000+05:30"),
        "connection": Connection::of_link(LinkKind::Usb), "model": "Redmi", "state": "ready", "gone": null,
    });
    line.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    format!("{line}\n")
}

fn verdict(phone: u32, at: u32, outcome: Outcome) -> String {
    let device = DeviceReport::new(observation("A", outcome), &set(), Text::default(), false);
    let mut more = json!({
        "schema_version": 1, "tool": Tool::default(), "check": 1, "recheck": false,
        "first": true, "fixed": false, "before": null,
        "advisories": AdvisoriesUsed { version: "2".to_owned(), hash: "0".repeat(64), replaced: Vec::new() },
    });
    more["device"] = serde_json::to_value(&device).unwrap();
    event("verdict", phone, at, &more)
}

fn typed(version: &str) -> Outcome {
    Outcome::Typed(Some(version.as_bytes().to_vec()))
}

#[test]
fn a_log_tells_of_each_phone_what_was_found_last_and_before() {
    let none = json!({});
    let log = [
        event("phone_added", 1, 1, &none),
        event("phone_added", 2, 2, &json!({"state": "unauthorized"})),
        verdict(1, 3, typed("3.1.874.10")),
        event("check_started", 1, 4, &json!({"check": 2})),
        verdict(1, 5, typed("3.1.921.10")),
        event("phone_removed", 1, 6, &json!({"gone": "unplugged"})),
        // The next run counts anew.
        event("phone_added", 1, 7, &none),
        verdict(1, 8, typed("3.1.895.10")),
        verdict(1, 9, Outcome::Skipped(Reason::Disconnected)),
        event("server_lost", 1, 10, &json!({"server": "127.0.0.1:5037", "detail": "gone"})),
    ]
    .concat();
    let report = merge(vec![read("bench.jsonl", &log).unwrap()], Text::default()).unwrap();
    let found: Vec<(&str, Option<&str>, Option<&str>)> = report
        .devices
        .iter()
        .map(|device| {
            let version = device.decisive_finding().and_then(|finding| finding.version.as_deref());
            let before = device.before.as_ref().and_then(|before| before.version.as_deref());
            (device.verdict.key(), version, before)
        })
        .collect();
    assert_eq!(
        found,
        [
            // A failed answer takes no risk away.
            ("vulnerable", Some("3.1.895.10"), None),
            ("unknown", None, None),
            ("patched", Some("3.1.921.10"), Some("3.1.874.10")),
        ]
    );
    assert_eq!(report.devices[1].reason, Some(Reason::Unauthorized));
    let at = |at: usize| report.devices[at].origin.as_ref().unwrap().taken_at.as_str();
    assert_eq!(at(2), "2026-11-24T10:00:05.000+05:30");
    // It can be saved and read again.
    let again = read("merged.json", &render::json(&report)).unwrap();
    assert_eq!(render::json(&merge(vec![again], Text::default()).unwrap()), render::json(&report));
}

#[test]
fn a_phone_that_another_one_followed_stays_if_it_said_who_it_is() {
    let unknown = |phone, said: bool| {
        let line = verdict(phone, 2, Outcome::Skipped(Reason::IncompleteAnswer));
        let mut line: Value = serde_json::from_str(&line).unwrap();
        line["device"]["device"]["android"] = json!(said.then_some("14"));
        format!("{line}\n")
    };
    for (said, rows) in [(true, 2), (false, 1)] {
        let log = [
            event("phone_added", 1, 1, &json!({})),
            unknown(1, said),
            event("phone_removed", 1, 3, &json!({"gone": "another_phone"})),
            event("phone_added", 2, 3, &json!({})),
            verdict(2, 4, typed("3.1.921.10")),
        ]
        .concat();
        let report = merge(vec![read("bench.jsonl", &log).unwrap()], Text::default()).unwrap();
        assert_eq!(report.devices.len(), rows, "{said}");
        let unchecked =
            report.devices.iter().filter(|device| device.reason == Some(Reason::IncompleteAnswer));
        assert_eq!(unchecked.count(), rows - 1);
    }
}

#[test]
fn a_line_that_was_broken_off_costs_that_line() {
    let none = json!({});
    let start = event("phone_added", 1, 1, &none);
    let judged = verdict(1, 2, typed("3.1.874.10"));
    let log = format!("{start}{judged}{{\"event\":\"verd");
    let run = SavedRun::read("bench.jsonl", log.as_bytes(), &set(), Text::default()).unwrap();
    let remarks: Vec<String> = run.remarks(Text::default()).collect();
    assert_eq!(remarks.len(), 1, "{remarks:?}");
    assert!(remarks[0].starts_with("bench.jsonl: line 3 is cut off"), "{remarks:?}");
    let report = merge(vec![run], Text::default()).unwrap();
    assert_eq!(report.remarks, remarks);
    assert_eq!(report.devices.len(), 1);
    assert_eq!(report.devices[0].verdict, Verdict::Vulnerable);
}

/// What is left of a log that lacks lines has its rows, and nothing from before a gap is fine.
#[test]
fn a_log_that_lost_events_loses_no_phone_that_it_tells_of() {
    let none = json!({});
    let run = json!({"run": "r"});
    let of_run = |line: String| {
        let mut line: Value = serde_json::from_str(&line).unwrap();
        line["run"] = json!("r");
        format!("{line}\n")
    };
    let added = event("phone_added", 1, 1, &run);
    let fine = of_run(verdict(1, 2, typed("3.1.921.10")));
    let risk = of_run(verdict(2, 4, typed("3.1.874.10")));
    let lost = event("lines_lost", 0, 3, &json!({"run": "r", "lines": 7}));
    let torn = "{\"event\":\"phone_ad\n".to_owned();
    let left = event("phone_removed", 3, 5, &json!({"run": "r", "gone": "unplugged"}));
    let verdicts = |lines: &[&String]| {
        let log: String = lines.iter().map(|line| line.as_str()).collect();
        let run = SavedRun::read("bench.jsonl", log.as_bytes(), &set(), Text::default()).unwrap();
        let remarks = run.remarks(Text::default()).collect::<Vec<_>>().join(" ");
        let report = merge(vec![run], Text::default()).unwrap();
        let keys: Vec<&str> = report.devices.iter().map(|device| device.verdict.key()).collect();
        (keys.join(" "), remarks)
    };
    let (found, remarks) = verdicts(&[&added, &fine, &lost, &risk]);
    assert_eq!(found, "vulnerable unknown");
    assert!(remarks.starts_with("bench.jsonl: 7 events before line 3 were never"), "{remarks}");
    // What was found after the gap counts.
    assert_eq!(verdicts(&[&added, &lost, &fine]).0, "patched");
    assert_eq!(verdicts(&[&lost, &left]).0, "unknown");
    // Broken lines at the beginning, and where a phone came.
    assert_eq!(verdicts(&[&torn, &added, &fine]).0, "patched");
    assert_eq!(verdicts(&[&added, &fine, &torn, &risk]).0, "vulnerable patched");
    assert!(read("bench.jsonl", &torn).is_err());
    for other in ["check_started", "updater_requested"] {
        assert!(read("x", &event(other, 1, 1, &none)).is_ok(), "{other}");
    }
}

#[test]
fn a_log_that_makes_no_sense_counts_for_nothing() {
    let none = json!({});
    let start = event("phone_added", 1, 1, &none);
    for (rest, expected) in [
        (verdict(2, 2, typed("3.1.874.10")), "about a phone that was never plugged in"),
        (event("phone_added", 2, 2, &json!({"simulated": true})), "both simulated and real"),
        (event("phone_hidden", 2, 2, &none), "(line 2)"),
    ] {
        let error = read("bench.jsonl", &format!("{start}{rest}")).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}
