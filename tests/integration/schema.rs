//! The JSON Schemas in docs/ are valid and strict. That they are those of the types, src/cli/schema.rs tests.

use std::fs;

use crate::support::{Micheck, problems_of_line, problems_of_report, repository};
use serde_json::{Value, json};

#[test]
fn the_files_are_valid_schemas() {
    for file in [
        "docs/report.schema.json",
        "docs/report-line.schema.json",
        "docs/watch-line.schema.json",
        "docs/advisories.schema.json",
        "docs/doctor.schema.json",
    ] {
        let schema: Value = serde_json::from_slice(&fs::read(repository(file)).unwrap()).unwrap();
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema", "{file}");
        jsonschema::meta::validate(&schema).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
}

/// A value that breaks the form, and where.
type Mistake = (&'static str, Value);

/// Each of these in place of what a report has must be noticed.
fn mistakes() -> Vec<Mistake> {
    vec![
        ("/connection/more", json!(1)),
        ("/device/more", json!(1)),
        ("/device/model", json!(7)),
        ("/findings/0/more", json!(1)),
        ("/findings/0/certainty", json!("sure")),
        ("/findings/0/verdict", json!("UNKNOWN")),
        ("/findings/0/users/0/id", json!(-1)),
        ("/findings/0/users/0/enabled", json!(256)),
        ("/verdict", json!("fine")),
        ("/verdict", json!(null)),
        ("/reason", json!("no_reason")),
        ("/notes/0", json!("noted")),
        ("/steps/0/key", json!("dance")),
        ("/steps/0/text", json!(null)),
        ("/duration_ms", json!("8")),
        ("/more", json!(1)),
    ]
}

/// Puts `value` at `place`, which may be new in its object.
fn put(whole: &mut Value, place: &str, value: Value) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match whole.pointer_mut(parent).unwrap() {
        Value::Array(list) => list[name.parse::<usize>().unwrap()] = value,
        object => object[name] = value,
    }
}

#[test]
fn what_no_report_holds_is_noticed() {
    let report = Micheck::new(["scan", "--demo", "-f", "json"]).run();
    let report: Value = serde_json::from_str(&report.raw_stdout).unwrap();
    assert_eq!(problems_of_report(&report), Vec::<String>::new());
    let lines = Micheck::new(["scan", "--demo", "-f", "jsonl"]).run();
    let line: Value = serde_json::from_str(lines.raw_stdout.lines().nth(1).unwrap()).unwrap();
    assert_eq!(problems_of_line(&line), Vec::<String>::new());
    for (place, value) in mistakes() {
        let (mut report, mut line) = (report.clone(), line.clone());
        put(&mut report, &format!("/devices/0{place}"), value.clone());
        put(&mut line, place, value.clone());
        assert!(!problems_of_report(&report).is_empty(), "report: {place} {value}");
        assert!(!problems_of_line(&line).is_empty(), "line: {place} {value}");
    }
    for (place, value) in [
        ("/schema_version", json!(2)),
        ("/taken_at", json!("yesterday")),
        ("/advisories/hash", json!("[HASH]")),
        ("/summary/vulnerable", json!(-1)),
        ("/summary/more", json!(0)),
        ("/more", json!(0)),
    ] {
        let mut report = report.clone();
        put(&mut report, place, value.clone());
        assert!(!problems_of_report(&report).is_empty(), "{place} {value}");
    }
    let mut nameless = line.clone();
    nameless.as_object_mut().unwrap().remove("event");
    assert!(!problems_of_line(&nameless).is_empty());
    // Every field is always there.
    for name in report["devices"][0].as_object().unwrap().keys() {
        let mut report = report.clone();
        report["devices"][0].as_object_mut().unwrap().remove(name);
        assert!(!problems_of_report(&report).is_empty(), "{name}");
    }
}
