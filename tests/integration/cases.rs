//! Files that ended wrongly once (`fixtures/cases`), through the shipped binary.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{Micheck, repository};
use serde_json::Value;

/// What is right for a case; every key that is there must hold.
struct Case<'a> {
    name: &'a str,
    wanted: &'a Value,
}

const FINE: [&str; 3] = ["patched", "not_installed", "not_applicable"];

impl Case<'_> {
    /// What is wrong with the program's answer; `None`: nothing.
    fn fault(&self, path: &Path) -> Option<String> {
        let run = Micheck::new(["inspect", "--format", "json"]).arg(path).run();
        let got = if run.raw_stdout.is_empty() { Vec::new() } else { verdicts(&run.json()) };
        let wanted = self.wanted;
        let rows = |key: &str| wanted[key].as_array().map(|rows| sorted(rows));
        let among = wanted["any_of"].as_array();
        let is_fine = got.iter().any(|verdict| FINE.contains(&verdict.as_str()));
        let holds = rows("verdicts").is_none_or(|rows| rows == got)
            && among.is_none_or(|lists| {
                lists.iter().any(|rows| sorted(rows.as_array().unwrap()) == got)
            })
            && wanted["exit"].as_i64().is_none_or(|code| run.code.map(i64::from) == Some(code))
            && (wanted["nothing_fine"] != true || (!is_fine && run.code != Some(0)))
            && wanted["hint"].as_str().is_none_or(|hint| {
                Micheck::new(["inspect"]).arg(path).run().raw_stdout.contains(hint)
            });
        (!holds).then(|| format!("{}: {got:?}, exit {:?}; wanted: {wanted}", self.name, run.code))
    }
}

fn verdicts(report: &Value) -> Vec<String> {
    sorted_by(report["devices"].as_array().unwrap(), |device| &device["verdict"])
}

fn sorted(rows: &[Value]) -> Vec<String> {
    sorted_by(rows, |row| row)
}

fn sorted_by(rows: &[Value], of: impl Fn(&Value) -> &Value) -> Vec<String> {
    let mut rows: Vec<String> = rows.iter().map(|row| of(row).as_str().unwrap().into()).collect();
    rows.sort();
    rows
}

/// The case's file or folder; those that are nothing but long are written in short.
fn path_of(name: &str, folder: &Path, made: &Path) -> PathBuf {
    let path = folder.join(name);
    if path.exists() {
        return path;
    }
    let short = fs::read_to_string(path.with_extension("template")).unwrap();
    let made = made.join(name);
    fs::write(&made, written_out(&short)).unwrap();
    made
}

/// `@2000 lines of statistics@` → so many lines.
fn written_out(short: &str) -> String {
    let mut text = String::new();
    for line in short.split_inclusive('\n') {
        let count =
            line.strip_prefix('@').and_then(|rest| rest.strip_suffix(" lines of statistics@\n"));
        match count {
            None => text.push_str(line),
            Some(count) => {
                for number in 0..count.parse::<usize>().unwrap() {
                    writeln!(text, "  uid {number}: some app line of statistics number {number}")
                        .unwrap();
                }
            }
        }
    }
    text
}

#[test]
fn every_case_has_its_right_rows() {
    let folder = repository("fixtures/cases/inspect");
    let expected: Value =
        serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let made = tempfile::tempdir().unwrap();
    let cases = expected.as_object().unwrap();
    let faults: Vec<String> = cases
        .iter()
        .filter_map(|(name, wanted)| {
            Case { name, wanted }.fault(&path_of(name, &folder, made.path()))
        })
        .collect();
    assert!(cases.len() >= 33, "cases have gone: {}", cases.len());
    assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), cases.len(), faults.join("\n"));
}

#[test]
fn a_saved_report_that_contradicts_itself_is_refused() {
    let name = "report-not-applicable-but-installed.json";
    let path = repository("fixtures/cases/report").join(name);
    let run = Micheck::new(["report", "--format", "json"]).arg(path).run();
    assert_eq!((run.code, run.raw_stdout.as_str()), (Some(2), ""), "{}", run.stderr);
    assert!(run.stderr.contains(name), "{}", run.stderr);
}

#[test]
fn two_benches_in_one_log_are_two_phones() {
    let path = repository("fixtures/cases/report/two-benches-one-log.jsonl");
    let run = Micheck::new(["report", "--format", "json"]).arg(path).run();
    let verdicts = verdicts(&run.json());
    assert_eq!(verdicts.len(), 2, "{verdicts:?}");
    assert!(verdicts.contains(&"vulnerable".to_owned()), "{verdicts:?}");
    assert_eq!(run.code, Some(1), "{}", run.stderr);
}
