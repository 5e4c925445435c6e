//! What micheck.exe writes: whole or not at all, under any name, and for whom.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;
use std::process::{Child, Stdio};

use micheck_simulator::Authorisation;

use super::wine::{by, copy_to, helper_command, micheck, of_windows, on_windows, profile};
use crate::support::phones::{listen, patched, start, vulnerable};
use crate::support::{Micheck, Run, repository};

/// The names in a folder.
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap();
    let mut names: Vec<_> =
        files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn a_report_takes_the_place_of_the_old_one_whole() {
    let bench = start([vulnerable("A")]);
    let run = Micheck::scan(bench.address()).args(["--output", "report.json"]);
    let (run, dir) = on_windows(run.file("report.json", "old")).run_in_dir();
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(1), "", ""));
    let report = fs::read_to_string(dir.path().join("report.json")).unwrap();
    assert_eq!(crate::support::report(&report)["summary"]["vulnerable"], 1);
    assert_eq!(names(dir.path()), ["report.json"]);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn a_report_that_cannot_be_written_says_so_before_any_phone_is_asked() {
    let bench = start([vulnerable("A")]);
    let scan = |output: &str| {
        Micheck::scan(bench.address()).args(["--output", output]).file("folder/old.json", "old")
    };
    for (output, says) in [
        ("none/report.json", "the folder none doesn't exist: create it or choose another"),
        ("folder", "folder"),
    ] {
        let (run, dir) = on_windows(scan(output)).run_in_dir();
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
        let linux = scan(output).run();
        assert_eq!(run.stderr, linux.stderr);
        assert!(run.stderr.contains(says), "{}", run.stderr);
        assert_eq!(names(dir.path()), ["folder"]);
        assert_eq!(names(&dir.path().join("folder")), ["old.json"]);
        assert_eq!(fs::read_to_string(dir.path().join("folder/old.json")).unwrap(), "old");
    }
    assert_eq!(bench.requests(), [""; 0]);
}

/// Another program that has a file open, until this is dropped.
struct Holder(Child);

impl Holder {
    /// `shared`: as in `hold.c`.
    fn of(file: &Path, shared: u32) -> Self {
        let mut holder = helper_command("hold");
        holder.arg(of_windows(file)).arg(shared.to_string());
        let mut holder = holder.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        BufReader::new(holder.stdout.as_mut().unwrap()).read_line(&mut said).unwrap();
        assert_eq!(said.trim_end(), "open");
        Self(holder)
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn a_file_that_another_program_has_open_is_left_as_it_is() {
    let bench = start([vulnerable("A")]);
    for shared in [0, 1, 3] {
        let run = Micheck::scan(bench.address()).args(["--output", "report.json"]);
        let run = on_windows(run.file("report.json", "old"));
        let file = run.dir().join("report.json");
        let holder = Holder::of(&file, shared);
        let (run, dir) = run.run_in_dir();
        drop(holder);
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{shared}: {}", run.stderr);
        let opening = "micheck: can't write the report to report.json: ";
        assert!(run.stderr.starts_with(opening), "{shared}: {}", run.stderr);
        assert!(run.stderr.ends_with("; nothing was written there\n"), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1, "{}", run.stderr);
        assert_eq!(fs::read_to_string(dir.path().join("report.json")).unwrap(), "old");
        assert_eq!(names(dir.path()), ["report.json"]);
    }
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn names_may_hold_spaces_and_devanagari() {
    let place = tempfile::tempdir().unwrap();
    let exe = copy_to(&place.path().join("जाँच का प्रोग्राम"));
    let network = listen([vulnerable("A")]);
    let dump = fs::read_to_string(repository("fixtures/dumpsys/android14.txt")).unwrap();
    let run = network
        .server()
        .args(["--connect", &network.serial(0)])
        .args(["--output", "रिपोर्ट फ़ोल्डर/बेंच 1.html", "--evidence", "सबूत 1"])
        .args(["--config", "सेटिंग 1/माइचेक.toml"])
        .file("सेटिंग 1/माइचेक.toml", "shop_name = \"रवि मोबाइल\"\n")
        .file("रिपोर्ट फ़ोल्डर/डंप 1.txt", &dump);
    let (run, dir) = by(&exe, run).run_in_dir();
    assert_eq!((run.code, run.stdout.as_str(), run.stderr.as_str()), (Some(1), "", ""));
    let page = fs::read_to_string(dir.path().join("रिपोर्ट फ़ोल्डर/बेंच 1.html")).unwrap();
    assert!(page.contains("रवि मोबाइल"), "{page}");
    let mut left = names(dir.path());
    left.retain(|name| name != ".android");
    assert_eq!(left, ["रिपोर्ट फ़ोल्डर", "सबूत 1", "सेटिंग 1"]);

    let saved = [dir.path().join("रिपोर्ट फ़ोल्डर/डंप 1.txt"), dir.path().join("सबूत 1")];
    let saved = saved.map(|path| of_windows(&path));
    let run = by(&exe, Micheck::new(["inspect", "--format", "json"]).args(&saved)).run();
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    let report = run.json();
    let verdicts: Vec<_> = (0..2).map(|at| report["devices"][at]["verdict"].clone()).collect();
    assert_eq!(verdicts, ["vulnerable", "unconfirmed"], "{}", run.stdout);
    assert_eq!(report["devices"][1]["source"]["file"], saved[0].as_str(), "{}", run.stdout);
}

/// Fails if anybody but this user, the system and administrators may do anything with a file of
/// Wine's.
///
/// Wine 8 keeps no list of rights, but makes a Unix mode of it, and of that a list when somebody asks.
/// What a list says of this user, it takes for owner and group. Whether the list is protected from its
/// folder's, and that administrators stand in it, can't be seen here.
fn assert_private(file: &Path) {
    let rights = helper_command("rights").arg(of_windows(file)).output().unwrap();
    let rights = String::from_utf8(rights.stdout).unwrap();
    let (owner, list) = rights.trim_end().split_once("D:").unwrap();
    let owner = owner.strip_prefix("O:").unwrap();
    let entries: Vec<_> = list
        .split(['(', ')'])
        .filter(|entry| entry.starts_with("A;"))
        .map(|entry| entry.rsplit(';').next().unwrap())
        .collect();
    assert!(entries.contains(&owner), "{rights}");
    for entry in entries {
        assert!([owner, "SY", "BA"].contains(&entry), "{}: {rights}", file.display());
    }
    let mode = fs::metadata(file).unwrap().mode();
    assert_eq!(mode & 0o007, 0, "{}: {mode:o}", file.display());
}

/// What is private of adb's key.
fn assert_key_is_private(home: &Path) {
    let key = home.join(".android/adbkey");
    let text = fs::read_to_string(&key).unwrap();
    assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"), "PKCS#8, as adb makes it");
    assert_private(&key);
    assert_eq!(names(&home.join(".android")), ["adbkey", "adbkey.pub"]);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_key_of_adb_is_for_this_user_alone() {
    let asks = Authorisation::Ask { allowed_after: Some(std::time::Duration::from_millis(500)) };
    let network = listen([vulnerable("A").authorisation(asks)]);
    let scan = || on_windows(network.scan().args(["--wait-auth", "10m"]));
    let check = |run: &Run| assert_eq!(run.verdict(&network.serial(0)), "vulnerable");

    let (run, home) = scan().run_in_dir();
    check(&run);
    assert_eq!(names(home.path()), [""; 0]);
    assert_key_is_private(&profile());
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_salt_of_coded_serial_numbers_is_for_this_user_alone() {
    let folder = profile().join("AppData/Roaming/micheck");
    let salt = folder.join("serial-salt");
    let run = || micheck(["scan", "--demo", "--output", "report.json"]).run();
    assert_eq!(run().code, Some(1));
    let made = fs::read_to_string(&salt).unwrap();
    assert_eq!(made.trim_end().len(), 64, "{made}");
    assert_eq!(run().code, Some(1));
    assert_eq!(fs::read_to_string(&salt).unwrap(), made, "made once");
    assert!(!names(&folder).iter().any(|name| name.starts_with(".micheck-")));
    assert_private(&salt);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn what_is_appended_to_a_log_ends_in_line_feeds() {
    let bench = start([patched("A")]);
    let server = bench.address().to_string();
    let arguments = ["watch", "--once", "1", "--log", "log.jsonl", "--server", &server];
    let (run, dir) = micheck(arguments).run_in_dir();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let log = fs::read_to_string(dir.path().join("log.jsonl")).unwrap();
    assert_eq!(log, run.raw_stdout);
    assert!(!log.contains('\r') && log.ends_with("}\n"), "{log}");
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn a_record_lies_in_the_users_own_folder_of_this_computer() {
    let folder = profile().join("AppData/Local/micheck");
    let _ = fs::remove_dir_all(&folder);
    let judge = |version: &str| micheck(["judge", version, "--record", "--job", "wine"]).run();
    for version in ["3.1.874.10", "3.1.900.12"] {
        let run = judge(version);
        assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    }
    assert!(folder.join("record.db").exists(), "{:?}", names(&folder));
    let history = micheck(["history", "--job", "wine"]).run();
    assert_eq!(history.code, Some(0), "{}", history.stderr);
    assert!(history.stdout.contains("3.1.874.10") && history.stdout.contains("3.1.900.12"));
    let gone = micheck(["forget", "--job", "wine", "--yes"]).run();
    assert_eq!(gone.code, Some(0), "{}", gone.stderr);
    // Emptied logs stand in no damaged file's way.
    fs::write(folder.join("record.db"), "no database at all\n".repeat(40)).unwrap();
    let run = judge("3.1.874.10");
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("was damaged. It is now"), "{}", run.stderr);
    fs::remove_dir_all(&folder).unwrap();
}
