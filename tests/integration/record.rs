//! The record, through the shipped program: what is kept, what is shown of it, and what happens to it.

mod faults;

use std::path::{Path, PathBuf};

use serde_json::Value;
use tempfile::TempDir;

use crate::support::phones::{PACKAGE, patched, start, vulnerable};
use crate::support::{Micheck, Run, report_lines, repository};
use micheck_simulator::Phone;

/// A computer: a home in which a record comes to be.
struct Shop {
    home: TempDir,
}

impl Shop {
    fn new() -> Self {
        Self { home: tempfile::tempdir().unwrap() }
    }

    /// A run of this computer's micheck.
    fn micheck<S: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Micheck {
        Micheck::new(args).env("HOME", self.home.path())
    }

    fn run(&self, args: &[&str]) -> Run {
        self.micheck(args).run()
    }

    /// A recorded scan of these phones.
    fn scan(&self, phones: impl IntoIterator<Item = Phone>, args: &[&str]) -> Run {
        let bench = start(phones);
        let run = self.micheck(["scan", "--record", "-f", "json"]).server(bench.address());
        run.args(args).run()
    }

    fn path(&self) -> PathBuf {
        self.home.path().join(".local/share/micheck/record.db")
    }

    /// Of each phone that is listed: what it was found to be, with its job.
    fn history(&self, args: &[&str]) -> Vec<(String, Option<String>)> {
        let run = self.micheck(["history", "-f", "json"]).args(args).run();
        assert!(matches!(run.code, Some(0 | 4)), "{}", run.stderr);
        let report = run.json();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let devices = report["devices"].as_array().unwrap().iter();
        devices.map(|one| (text(&one["verdict"]).unwrap(), text(&one["job"]))).collect()
    }

    fn verdicts(&self, args: &[&str]) -> Vec<String> {
        self.history(args).into_iter().map(|(verdict, _)| verdict).collect()
    }

    fn status(&self) -> Value {
        let run = self.run(&["record", "status", "-f", "json"]);
        serde_json::from_str(&run.raw_stdout).unwrap_or_else(|_| panic!("{}", run.stderr))
    }

    fn checks(&self) -> i64 {
        self.status()["checks"].as_i64().unwrap()
    }

    /// Everything that its files hold.
    fn bytes(&self) -> Vec<u8> {
        let read = |ending: &str| {
            let mut path = self.path().into_os_string();
            path.push(ending);
            std::fs::read(path).unwrap_or_default()
        };
        ["", "-wal"].into_iter().flat_map(read).collect()
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn nothing_is_recorded_unless_somebody_wants_it() {
    let shop = Shop::new();
    let bench = start([vulnerable("A1B2C3D4")]);
    shop.micheck(["scan"]).server(bench.address()).run();
    let run = shop.run(&["history"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""));
    assert!(run.stderr.contains("the first check with --record begins one"), "{}", run.stderr);
    assert!(!shop.path().exists());
}

#[test]
fn a_phone_that_comes_back_is_known_and_one_that_doesnt_is_called() {
    let shop = Shop::new();
    let run = shop.scan([vulnerable("A1B2C3D4"), vulnerable("E5F6A7B8")], &["--job", "4711"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    assert_eq!(run.json()["devices"][0]["job"], "4711");
    assert_eq!(shop.history(&[]), vec![("vulnerable".to_owned(), Some("4711".to_owned())); 2]);
    let recall = shop.run(&["recall"]);
    assert_eq!(recall.code, Some(1));
    assert!(recall.stdout.contains("2 phones to call back of 2 on record\n"), "{}", recall.stdout);
    assert!(!recall.stdout.contains("no job"), "{}", recall.stdout);
    // One comes back updated, under another job.
    shop.scan([patched("A1B2C3D4")], &["--job", "4712"]);
    let recall = shop.micheck(["recall", "-f", "json"]).run();
    let report = recall.json();
    assert_eq!(report["devices"].as_array().unwrap().len(), 1);
    let called = &report["devices"][0];
    assert_eq!(
        (&called["job"], &called["before"]["verdict"]),
        (&"4711".into(), &"vulnerable".into())
    );
    // Its whole past, the last first; by the serial number, or by its code.
    let both = ["patched", "vulnerable"];
    assert_eq!(shop.verdicts(&["--phone", "A1B2C3D4"]), both);
    let coded = shop.run(&["history", "--phone", "A1B2C3D4", "-f", "json"]).json();
    let code = coded["devices"][0]["connection"]["serial"].as_str().unwrap().to_owned();
    assert_eq!(code.len(), 12);
    assert_eq!(shop.verdicts(&["--phone", &code]), both);
    assert_eq!(shop.verdicts(&["--job", "4712"]), ["patched"]);
    assert_eq!(shop.verdicts(&["--verdict", "vulnerable"]), ["vulnerable"]);
    assert_eq!(shop.verdicts(&["--since", "1d"]).len(), 2);
    assert_eq!(shop.verdicts(&["--since", "2199-01-01"]), Vec::<String>::new());
    assert_eq!(shop.run(&["history", "--phone", "NOBODY"]).code, Some(4));
    assert_eq!(shop.run(&["history", "--since", "soon"]).code, Some(2));
    // Its sheet says what was before.
    let bench = start([patched("E5F6A7B8")]);
    let sheet = shop.micheck(["scan", "--record", "--sheet"]).server(bench.address()).run();
    assert!(sheet.stdout.contains("3.1.874.10"), "{}", sheet.stdout);
    assert_eq!(shop.run(&["recall"]).code, Some(0));
}

#[test]
fn what_is_kept_holds_no_name_no_full_serial_number_and_no_raw_answer() {
    let shop = Shop::new();
    shop.scan([vulnerable("SERIAL0123456789").usb("1-7")], &["--job", "4711"]);
    let bytes = shop.bytes();
    for kept in ["4711", "3.1.874.10", PACKAGE, "vulnerable"] {
        assert!(holds(&bytes, kept), "{kept}");
    }
    let home = shop.home.path().to_str().unwrap();
    for gone in ["SERIAL0123456789", "6789", "1-7", "/data/app", "User 0:", "127.0.0.1", home] {
        assert!(!holds(&bytes, gone), "{gone}");
    }
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let shop = Shop::new();
    shop.scan([vulnerable("A1B2C3D4")], &[]);
    let folder = shop.path().parent().unwrap().to_owned();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_changed_advisory_calls_phones_back() {
    let shop = Shop::new();
    shop.scan([patched("A1B2C3D4"), patched("E5F6A7B8")], &[]);
    assert_eq!(shop.run(&["recall"]).code, Some(0));
    let embedded =
        std::fs::read_to_string(repository("src/core/advisory/mi-connect.toml")).unwrap();
    let stricter = embedded
        .replace("first_fixed = \"3.1.921.10\"", "first_fixed = \"3.1.950.1\"")
        .replace("last_affected = \"3.1.895.10\"", "last_affected = \"3.1.921.10\"");
    let run = shop
        .micheck(["recall", "--advisories", "own", "-f", "json"])
        .file("own/mi-connect.toml", &stricter)
        .run();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    let report = run.json();
    for device in report["devices"].as_array().unwrap() {
        assert_eq!(device["verdict"], "vulnerable");
        assert_eq!(device["before"]["verdict"], "patched");
        assert_eq!(device["findings"][0]["last_affected"], "3.1.921.10");
    }
    assert_eq!(
        report["remarks"][0],
        "2 of them have no job number, so you can't tell whose they are"
    );
    // Of other apps nothing was recorded: that is never fine.
    let all = shop.run(&["recall", "--all", "-f", "json"]);
    assert_eq!(all.code, Some(1));
    let report = all.json();
    let device = &report["devices"][0];
    let reason = (device["verdict"].as_str(), device["reason"].as_str());
    assert_eq!(reason, (Some("unknown"), Some("not_recorded")));
}

#[test]
fn every_command_that_judges_records() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record", "--job", "1"]);
    let dump = std::fs::read_to_string(repository("fixtures/dumpsys/android14.txt")).unwrap();
    shop.micheck(["inspect", "dump.txt", "--record", "--job", "2"]).file("dump.txt", &dump).run();
    let bench = start([vulnerable("A1B2C3D4")]);
    let watch = shop.micheck(["watch", "--record", "--once", "1", "--job", "3"]);
    let run = watch.server(bench.address()).run();
    assert!(run.stdout.contains("\"job\":\"3\""), "{}", run.stdout);
    let fix = shop.micheck(["fix", "--yes", "--wait", "0", "--record", "--job", "4"]);
    fix.server(bench.address()).run();
    for (job, verdict) in
        [("1", "vulnerable"), ("2", "unconfirmed"), ("3", "vulnerable"), ("4", "vulnerable")]
    {
        let found = shop.verdicts(&["--job", job]);
        assert!(!found.is_empty() && found.iter().all(|one| one == verdict), "{job}: {found:?}");
    }
    // The settings file turns it on, and one run leaves it out.
    let settings = shop.home.path().join(".config/micheck/micheck.toml");
    std::fs::write(&settings, "record.bench = \"counter 2\"\n").unwrap();
    let checks = shop.checks();
    shop.run(&["judge", "3.1.921.10"]);
    shop.run(&["judge", "3.1.921.10", "--no-record"]);
    assert_eq!(shop.checks(), checks + 1);
    assert!(shop.status()["bench"].as_str().unwrap().starts_with("counter 2 #"));
    // A demo is nobody's phone.
    let demo = shop.run(&["scan", "--demo", "--brief"]);
    assert_eq!((demo.code, demo.stderr.as_str()), (Some(1), ""));
    assert_eq!(shop.checks(), checks + 1);
    assert_eq!(shop.run(&["scan", "--demo", "--record"]).code, Some(2));
    std::fs::write(&settings, "").unwrap();
    let alone = shop.run(&["judge", "3.1.921.10", "--job", "5"]);
    assert!(alone.stderr.contains("add --record"), "{}", alone.stderr);
}

#[test]
fn an_address_is_nobody_and_the_phones_own_word_counts() {
    let shop = Shop::new();
    shop.scan([vulnerable("A1B2C3D4")], &[]);
    let network = micheck_simulator::Bench::new().phone(patched("A1B2C3D4"));
    let network = network.listen_in_thread().unwrap();
    let none = start([]);
    let run = shop.micheck(["scan", "--record", "-f", "json"]).server(none.address());
    let run = run.args(["--connect", &network.addresses()[0].to_string()]).run();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(shop.verdicts(&["--phone", "A1B2C3D4"]), ["patched", "vulnerable"]);
    // A number that many have tells nothing: each check is of a phone of its own.
    let dummy = |phone: Phone| phone.property("ro.serialno", "0123456789ABCDEF");
    shop.scan([dummy(vulnerable("0123456789ABCDEF"))], &[]);
    shop.scan([dummy(patched("0123456789ABCDEF"))], &[]);
    assert_eq!(shop.verdicts(&[]), ["vulnerable", "patched", "patched"]);
}

#[test]
fn a_check_that_says_nothing_takes_no_risk_back() {
    let shop = Shop::new();
    shop.scan([vulnerable("A1B2C3D4")], &[]);
    shop.scan([patched("A1B2C3D4").state("unauthorized")], &[]);
    let table = shop.run(&["history"]).stdout;
    assert!(table.contains("since then: NOT CHECKED (not allowed yet), "), "{table}");
    assert!(table.ends_with("1 phone: 1 at risk\n"), "{table}");
    assert_eq!(shop.verdicts(&["--verdict", "vulnerable"]), ["vulnerable"]);
    assert_eq!(shop.run(&["recall"]).code, Some(1));
    shop.scan([patched("A1B2C3D4")], &[]);
    assert_eq!(shop.run(&["recall"]).code, Some(0));
}

#[test]
fn erasing_asks_first_and_leaves_nothing() {
    let shop = Shop::new();
    shop.scan([vulnerable("A1B2C3D4")], &["--job", "SECRETJOB"]);
    shop.scan([patched("E5F6A7B8")], &["--job", "7"]);
    let copy = shop.run(&["record", "export"]).raw_stdout;
    let refused = shop.run(&["forget", "--job", "SECRETJOB"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("add --yes"), "{}", refused.stderr);
    assert_eq!(shop.checks(), 2);
    let gone = shop.run(&["forget", "--job", "SECRETJOB", "--yes", "-f", "json"]);
    assert_eq!(gone.code, Some(0), "{}", gone.stderr);
    assert!(gone.stderr.contains("1 check of 1 phone will be erased for good"), "{}", gone.stderr);
    let said: Value = serde_json::from_str(&gone.raw_stdout).unwrap();
    assert_eq!((&said["checks"], &said["why"]), (&1.into(), &"job".into()));
    let bytes = shop.bytes();
    for text in ["SECRETJOB", "3.1.874.10"] {
        assert!(!holds(&bytes, text), "{text}");
    }
    assert_eq!(shop.status()["last_erasure"]["checks"], 1);
    // A copy doesn't bring it back.
    let import = shop.micheck(["record", "import", "copy.jsonl", "-f", "json"]);
    let run = import.file("copy.jsonl", &copy).run();
    let read: Value = serde_json::from_str(&run.raw_stdout).unwrap();
    assert_eq!(
        (&read["added"], &read["known"], &read["refused"]),
        (&0.into(), &1.into(), &1.into())
    );
    assert_eq!(shop.run(&["forget", "--job", "SECRETJOB", "--yes"]).code, Some(4));
    assert_eq!(shop.run(&["forget", "--yes"]).code, Some(2));
    // By phone, and by age.
    assert_eq!(shop.run(&["forget", "--phone", "E5F6A7B8", "--yes"]).code, Some(0));
    shop.run(&["judge", "3.1.874.10", "--record"]);
    assert_eq!(shop.run(&["forget", "--before", "1d", "--yes"]).code, Some(4));
    assert_eq!(shop.run(&["forget", "--before", "2199-01-01", "--yes"]).code, Some(0));
    assert_eq!(shop.checks(), 0);
}

#[test]
fn all_forms_of_a_report_show_the_record() {
    let shop = Shop::new();
    shop.scan([vulnerable("A1B2C3D4")], &["--job", "4711"]);
    let sheet = shop.run(&["history", "--job", "4711", "--sheet"]).stdout;
    let number = shop.run(&["history", "-f", "csv"]).stdout;
    let number = number.lines().nth(1).unwrap().split(',').next().unwrap().to_owned();
    assert!(sheet.contains(&number), "the sheet has the number of the check");
    for (form, text) in [("csv", ",4711\r\n"), ("html", "AT RISK"), ("table", "4711")] {
        let run = shop.micheck(["history", "-f", form]).run();
        assert!(run.raw_stdout.contains(text), "{form}: {}", run.raw_stdout);
    }
    let lines = report_lines(&shop.run(&["recall", "-f", "jsonl"]).raw_stdout);
    assert_eq!(lines[1]["job"], "4711");
    let hindi = shop.run(&["recall", "--lang", "hi"]).stdout;
    assert!(hindi.contains("वापस बुलाना"), "{hindi}");
}

#[test]
fn a_file_that_is_no_record_is_left_alone() {
    let shop = Shop::new();
    for args in [&["history"][..], &["recall"], &["record", "status"], &["record", "export"]] {
        let run = shop.micheck(args).args(["--database", "photo.jpg"]);
        let (run, dir) = run.file("photo.jpg", &"not a database ".repeat(20)).run_in_dir();
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(run.stderr.contains("isn't a record of micheck's"), "{}", run.stderr);
        let left: Vec<_> = std::fs::read_dir(dir.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
    }
    // Nor is one made, or taken over, by whoever only asks.
    assert_eq!(shop.run(&["history"]).code, Some(2));
    assert!(!shop.path().exists());
    let run = shop.run(&["record", "import", "-", "--database", "/dev/null"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("it isn't a file"), "{}", run.stderr);
}

#[test]
fn what_was_told_of_an_app_stands_when_no_advisory_names_it_any_more() {
    let shop = Shop::new();
    shop.run(&["judge", "1.0", "--advisory", "getapps-2024-45346", "--record", "--job", "1"]);
    let run = shop.run(&["recall", "-f", "json"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(run.json()["devices"][0]["verdict"], "vulnerable");
}
