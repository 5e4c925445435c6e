//! `micheck scan --evidence` through the shipped binary, and the evidence read back.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use serde_json::Value;

use crate::support::Micheck;
use micheck::report::{Report, Run, evidence_dir};
use micheck::text::Text;
use micheck_core::advisory::AdvisorySet;
use micheck_simulator::{Bench, Fault, Phone, RunningThread};

fn start(phones: impl IntoIterator<Item = Phone>) -> RunningThread {
    Bench::new().phones(phones).start_in_thread().unwrap()
}

/// What is in a folder, hidden files included, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// A phone's entry in a report that is made from its folder alone.
fn judged_again(folder: &Path) -> Value {
    let set = AdvisorySet::embedded().by_default();
    let archived = evidence_dir::read(folder, &set).unwrap();
    let run = Run {
        taken_at: archived.taken_at.clone(),
        simulated: archived.simulated,
        hints: Vec::new(),
    };
    let report = Report::new(run, vec![archived.result], &set, Text::default());
    serde_json::to_value(&report.devices[0]).unwrap()
}

/// Replaces what differs from run to run in an `evidence.json`.
fn without_chance(manifest: &str, server: &str) -> String {
    let mut text = String::new();
    for line in manifest.replace(server, "[SERVER]").lines() {
        let key = line.trim_start();
        if ["\"taken_at\"", "\"duration_ms\"", "\"hash\""].iter().any(|one| key.starts_with(one)) {
            let (key, value) = line.split_once(": ").unwrap();
            let comma = if value.ends_with(',') { "," } else { "" };
            writeln!(text, "{key}: [...]{comma}").unwrap();
        } else {
            writeln!(text, "{line}").unwrap();
        }
    }
    text
}

#[test]
#[expect(clippy::too_many_lines, reason = "a snapshot is one piece")]
fn a_phones_folder_says_what_came_and_how() {
    let bench = start([Phone::xiaomi("SECRET1").version("3.1.874.10")]);
    let micheck = Micheck::scan(bench.address()).args(["--evidence", "kept/here"]);
    let (run, dir) = micheck.run_in_dir();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let kept = dir.path().join("kept/here");
    assert_eq!(names(&kept), ["redmi-note-13-01"]);
    let folder = kept.join("redmi-note-13-01");
    assert_eq!(
        names(&folder),
        [
            "dumpsys-package-com.xiaomi.mi_connect_service.txt",
            "evidence.json",
            "getprop.txt",
            "pm-path-android.txt",
            "pm-path-com.indus.appstore.txt",
            "pm-path-com.xiaomi.discover.txt",
            "pm-path-com.xiaomi.market.txt",
            "pm-path-com.xiaomi.mipicks.txt",
        ]
    );
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    assert_snapshot!(without_chance(&read("evidence.json"), &bench.address().to_string()), @r#"
    {
      "schema_version": 1,
      "tool": {
        "name": "micheck",
        "version": "0.1.0"
      },
      "taken_at": [...],
      "origin": "live",
      "simulated": false,
      "connection": {
        "link": "adb_server",
        "server": "[SERVER]",
        "serial": "SECRET1",
        "serial_form": "full",
        "transport_id": 1,
        "path": "usb:1-1",
        "state": "device"
      },
      "listed_model": "23129RAA4G",
      "asked": true,
      "verdict": "vulnerable",
      "reason": null,
      "detail": null,
      "advisories": {
        "version": "4",
        "hash": [...]
      },
      "broken": null,
      "parts": [
        {
          "question": "getprop",
          "package": null,
          "command": "getprop",
          "file": "getprop.txt",
          "end": "closed",
          "exit_code": 0,
          "reason": null,
          "bytes": 784,
          "sha256": "6721e23e314705edbbd2403b966e7751b4d9f04f6781defcf315c87f1b6908e1"
        },
        {
          "question": "dumpsys_package",
          "package": "com.xiaomi.mi_connect_service",
          "command": "dumpsys package com.xiaomi.mi_connect_service",
          "file": "dumpsys-package-com.xiaomi.mi_connect_service.txt",
          "end": "closed",
          "exit_code": 0,
          "reason": null,
          "bytes": 7075,
          "sha256": "0c934d5991455ba11ebcf69b40d8e783bb43ea1a5a3194d562c12b6c8a3a15f7"
        },
        {
          "question": "pm_path_android",
          "package": null,
          "command": "pm path android",
          "file": "pm-path-android.txt",
          "end": "closed",
          "exit_code": 0,
          "reason": null,
          "bytes": 44,
          "sha256": "e4fe055d4057c9874d953f3dc0562a284b0f2af40526412bc51afcf3c458bcc1"
        },
        {
          "question": "pm_path",
          "package": "com.indus.appstore",
          "command": "pm path com.indus.appstore",
          "file": "pm-path-com.indus.appstore.txt",
          "end": "closed",
          "exit_code": 1,
          "reason": null,
          "bytes": 0,
          "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        },
        {
          "question": "pm_path",
          "package": "com.xiaomi.discover",
          "command": "pm path com.xiaomi.discover",
          "file": "pm-path-com.xiaomi.discover.txt",
          "end": "closed",
          "exit_code": 0,
          "reason": null,
          "bytes": 47,
          "sha256": "57bb3f71846a55abfb10de56785af36ed06459538d2842d860ce76dd8cf532ec"
        },
        {
          "question": "pm_path",
          "package": "com.xiaomi.market",
          "command": "pm path com.xiaomi.market",
          "file": "pm-path-com.xiaomi.market.txt",
          "end": "closed",
          "exit_code": 1,
          "reason": null,
          "bytes": 0,
          "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        },
        {
          "question": "pm_path",
          "package": "com.xiaomi.mipicks",
          "command": "pm path com.xiaomi.mipicks",
          "file": "pm-path-com.xiaomi.mipicks.txt",
          "end": "closed",
          "exit_code": 0,
          "reason": null,
          "bytes": 46,
          "sha256": "90b03b8d7b2d6760d28a604ecf02ff98d07c7564f4cc85578675ea70095747df"
        }
      ],
      "duration_ms": [...]
    }
    "#);
    let listing = read("getprop.txt");
    assert!(listing.contains("\n[ro.product.marketname]: [Redmi Note 13]\n"), "{listing}");
    // The listing as it came has the serial number, too.
    assert!(!listing.contains("SECRET1") && listing.lines().count() < 30, "{listing}");
    let dump = read("dumpsys-package-com.xiaomi.mi_connect_service.txt");
    assert!(dump.contains("versionName=3.1.874.10\n"), "{dump}");
}

#[test]
fn a_phone_that_could_not_be_asked_has_its_folder_too() {
    let bench = start([
        Phone::xiaomi("P1").state("unauthorized"),
        Phone::xiaomi("P2").version("3.1.921.10").fault(Fault::CloseAfter { bytes: 900 }),
    ]);
    let (run, dir) =
        Micheck::scan(bench.address()).args(["--evidence", "kept", "-f", "json"]).run_in_dir();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(3)));
    let kept = dir.path().join("kept");
    let report: Value = serde_json::from_str(&run.raw_stdout).unwrap();
    let mut seen: Vec<Value> =
        names(&kept).iter().map(|name| judged_again(&kept.join(name))).collect();
    let mut expected = report["devices"].as_array().unwrap().clone();
    let serial = |device: &Value| device["connection"]["serial"].as_str().unwrap().to_owned();
    seen.sort_by_key(serial);
    expected.sort_by_key(serial);
    assert_eq!(seen, expected);
    assert_eq!(names(&kept.join("phone-01")), ["evidence.json"]);
}

#[test]
fn every_demo_phone_is_judged_the_same_again() {
    let (run, dir) =
        Micheck::new(["scan", "--demo", "--serials", "full", "--evidence", "kept", "-f", "json"])
            .run_in_dir();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let report: Value = serde_json::from_str(&run.raw_stdout).unwrap();
    let devices = report["devices"].as_array().unwrap();
    let kept = dir.path().join("kept");
    let folders: Vec<PathBuf> = names(&kept).iter().map(|name| kept.join(name)).collect();
    assert_eq!((folders.len(), devices.len()), (16, 16));
    for folder in &folders {
        let again = judged_again(folder);
        let serial = again["connection"]["serial"].as_str().unwrap();
        let before = devices.iter().find(|device| device["connection"]["serial"] == serial);
        assert_eq!(Some(&again), before, "{}", folder.display());
        assert!(again["notes"].as_array().unwrap().contains(&"simulated".into()));
        let name = folder.file_name().unwrap().to_string_lossy().into_owned();
        assert!(!name.contains(&serial.to_lowercase()), "{name}");
        let manifest: Value =
            serde_json::from_slice(&fs::read(folder.join("evidence.json")).unwrap()).unwrap();
        assert_eq!(
            (&manifest["verdict"], &manifest["reason"]),
            (&again["verdict"], &again["reason"])
        );
        assert_eq!(manifest["advisories"], report["advisories"]);
        assert_eq!(manifest["simulated"], true);
    }
}

#[test]
fn a_changed_byte_is_noticed() {
    let (_, dir) =
        Micheck::new(["scan", "--demo", "--serials", "full", "--evidence", "kept"]).run_in_dir();
    let set = AdvisorySet::embedded();
    let mut changed = 0;
    for folder in
        names(&dir.path().join("kept")).iter().map(|name| dir.path().join("kept").join(name))
    {
        for name in names(&folder).iter().filter(|name| *name != "evidence.json") {
            let path = folder.join(name);
            let bytes = fs::read(&path).unwrap();
            let mut other = bytes.clone();
            match other.last_mut() {
                Some(byte) => *byte ^= 1,
                None => other.push(b'x'),
            }
            fs::write(&path, other).unwrap();
            assert_eq!(
                evidence_dir::read(&folder, &set).unwrap_err().to_string(),
                format!(
                    "{}: {name} was changed after it was written (its SHA-256 differs); use an unchanged copy",
                    folder.display()
                )
            );
            fs::write(&path, bytes).unwrap();
            changed += 1;
        }
        evidence_dir::read(&folder, &set).unwrap();
    }
    assert!(changed > 16, "{changed}");
}

#[test]
fn folders_that_are_there_stay_as_they_are() {
    let bench = start([Phone::xiaomi("P1").version("3.1.921.10")]);
    let scan = || {
        Micheck::scan(bench.address())
            .args(["--evidence", "kept"])
            .file("kept/redmi-note-13-01/mine.txt", "mine")
    };
    let (_, dir) = scan().run_in_dir();
    assert_eq!(names(&dir.path().join("kept")), ["redmi-note-13-01", "redmi-note-13-02"]);
    assert_eq!(names(&dir.path().join("kept/redmi-note-13-01")), ["mine.txt"]);
}

#[test]
fn nothing_is_left_where_no_phone_is_found_or_the_server_is_lost() {
    let none = start([]);
    let (run, dir) = Micheck::scan(none.address()).args(["--evidence", "kept"]).run_in_dir();
    assert_eq!((run.code, names(dir.path())), (Some(4), vec![]));
    let (run, dir) =
        Micheck::new(["scan", "--server", "127.0.0.1:1", "--evidence", "a/b"]).run_in_dir();
    assert_eq!((run.code, names(dir.path())), (Some(2), vec![]));
}

#[test]
fn a_place_that_cannot_be_written_stops_the_scan_before_it_starts() {
    let bench = start([Phone::xiaomi("P1")]);
    let micheck = Micheck::scan(bench.address()).args(["--evidence", "file", "-o", "report.json"]);
    let (run, dir) = micheck.file("file", "mine").run_in_dir();
    let (start, end) = (
        "micheck: can't write the evidence to file: ",
        "; nothing was written there: give --evidence a folder that you may write to, on a disk with room\n",
    );
    assert!(run.stderr.starts_with(start) && run.stderr.ends_with(end), "{}", run.stderr);
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
    assert_eq!(names(dir.path()), ["file"]);
    assert_eq!(bench.requests(), Vec::<String>::new(), "no phone was asked");
}

/// A disk that is full while a phone's files are written.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_whole_is_not_written_at_all() {
    let bench =
        start([Phone::xiaomi("P1").version("3.1.921.10"), Phone::poco("P2").version("3.1.921.10")]);
    let micheck = Micheck::scan(bench.address()).args(["--evidence", "kept", "-o", "report.json"]);
    // No file may be longer than 1 KiB: the listings fit, the dumps don't.
    let (run, dir) =
        micheck.within_shell("ulimit -f 1; trap '' XFSZ; exec \"$0\" \"$@\"").run_in_dir();
    assert!(
        run.stderr.starts_with("micheck: can't write the evidence to kept: File too large"),
        "{}",
        run.stderr
    );
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
    assert_eq!(names(dir.path()), Vec::<String>::new());
}

#[cfg(unix)]
#[test]
fn an_interrupted_scan_leaves_no_evidence() {
    let wedged = Phone::xiaomi("P1").version("3.1.874.10").fault(Fault::StallAfter { bytes: 100 });
    let bench = start([Phone::xiaomi("P2"), wedged]);
    for signal in ["INT", "TERM"] {
        let before = bench.shells_begun();
        let started = Micheck::scan(bench.address()).args(["--evidence", "kept/here"]).start();
        while bench.shells_begun() < before + 2 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        assert_eq!(names(&started.dir().join("kept/here")).len(), 1, "the hidden folder");
        let kill = |id: u32| {
            std::process::Command::new("kill")
                .arg(format!("-{signal}"))
                .arg(id.to_string())
                .status()
        };
        assert!(kill(started.id()).unwrap().success());
        let (run, dir) = started.wait();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), ("", "", Some(130)));
        assert_eq!(names(dir.path()), Vec::<String>::new(), "{signal}");
    }
}
