//! What goes wrong around a record: programs that are killed, full disks, locks, damage, other versions.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use rusqlite::Connection;

use super::Shop;
use crate::support::phones::{start, vulnerable};
use crate::support::{Micheck, wait_until};

const KILLS: usize = 100;
const PROCESSES: usize = 8;

/// Numbers without order, the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Eight at once, each of which records one verdict, until a hundred of them were killed.
#[test]
fn what_was_recorded_survives_a_hundred_kills() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record", "--job", "first"]);
    let killed = Mutex::new(0);
    // Of each job: whether the program said that it had ended well.
    let jobs: Mutex<Vec<(String, bool)>> = Mutex::default();
    let writer = |number: usize| {
        let mut random = Random(number as u64 + 1);
        let mut run_takes = Duration::ZERO;
        for round in 0.. {
            if *killed.lock().unwrap() >= KILLS {
                break;
            }
            let job = format!("job-{number}-{round}");
            let since = Instant::now();
            let mut child = Command::new(env!("CARGO_BIN_EXE_micheck"))
                .args(["judge", "3.1.874.10", "--record", "--job", &job, "-f", "json"])
                .env_clear()
                .env("HOME", shop.home.path())
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            // Every fourth ends by itself: so long it takes here and now.
            let ended = if round % 4 == 0 {
                let status = child.wait().unwrap();
                run_takes = since.elapsed();
                Some(status)
            } else {
                let moment = random.below(u64::try_from(run_takes.as_micros()).unwrap().max(1));
                std::thread::sleep(Duration::from_micros(moment));
                child.try_wait().unwrap()
            };
            if ended.is_none() {
                child.kill().unwrap();
                *killed.lock().unwrap() += 1;
                child.wait().unwrap();
            }
            // At risk, and nothing went wrong.
            let is_recorded = ended.is_some_and(|status| status.code() == Some(1));
            jobs.lock().unwrap().push((job, is_recorded));
        }
    };
    std::thread::scope(|scope| {
        for number in 0..PROCESSES {
            let writer = &writer;
            scope.spawn(move || writer(number));
        }
    });
    let jobs = jobs.into_inner().unwrap();
    let export = shop.run(&["record", "export"]);
    assert_eq!(export.code, Some(0), "{}", export.stderr);
    let times = |job: &str| export.raw_stdout.matches(&format!("\"job\":\"{job}\"")).count();
    assert_eq!(times("first"), 1);
    for (job, is_recorded) in &jobs {
        let times = times(job);
        assert!(times <= 1, "{job} is there {times} times");
        assert!(times == 1 || !is_recorded, "{job} was recorded, and is lost");
    }
    let recorded = jobs.iter().filter(|(_, is_recorded)| *is_recorded).count();
    assert!(recorded > 0 && jobs.len() - recorded >= KILLS, "{recorded} of {}", jobs.len());
    let whole: String = Connection::open(shop.path())
        .unwrap()
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(whole, "ok");
    // Each has a number of its own.
    let numbers: (i64, i64) = Connection::open(shop.path())
        .unwrap()
        .query_row("SELECT count(*), count(DISTINCT counter) FROM result", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    assert_eq!(numbers.0, numbers.1);
}

#[test]
fn a_locked_record_is_said_and_written_when_it_is_free() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record"]);
    let other = Connection::open(shop.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    // Longer than it is waited for.
    let run = shop.run(&["judge", "3.1.921.10", "--record"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("✔ UPDATED"), "the verdict is shown: {}", run.stdout);
    assert!(run.stderr.contains("1 check couldn't be recorded"), "{}", run.stderr);
    assert!(run.stderr.contains("is locked by another program"), "{}", run.stderr);
    // For a while.
    let started = shop.micheck(["judge", "3.1.921.10", "--record"]).start();
    std::thread::sleep(Duration::from_secs(2));
    other.execute_batch("COMMIT").unwrap();
    let (run, _) = started.wait();
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(shop.checks(), 2);
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_said_and_costs_no_verdict() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record"]);
    let full = "ulimit -f 1; trap '' XFSZ; exec \"$0\" \"$@\"";
    let run = shop.micheck(["judge", "3.1.921.10", "--record"]).within_shell(full).run();
    assert_eq!(run.code, Some(2), "{}", run.stderr);
    assert!(run.stdout.contains("✔ UPDATED"), "{}", run.stdout);
    assert!(run.stderr.contains("1 check couldn't be recorded"), "{}", run.stderr);
    assert_eq!(shop.verdicts(&[]), ["vulnerable"]);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cant_be_shown_is_recorded_all_the_same() {
    let shop = Shop::new();
    let bench = start([vulnerable("A1B2C3D4")]);
    let unshown = |micheck: Micheck, format| {
        let micheck = micheck.args(["--record", "-f", format]);
        let run = micheck.within_shell("exec \"$0\" \"$@\" >/dev/full").run();
        assert_eq!(run.code, Some(2), "{}", run.stderr);
        assert!(run.stderr.contains("No space left on device"), "{}", run.stderr);
    };
    for format in ["table", "json"] {
        unshown(shop.micheck(["scan"]).server(bench.address()), format);
        unshown(shop.micheck(["judge", "3.1.874.10"]), format);
    }
    assert_eq!(shop.checks(), 4);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_recording_of_a_report_that_nobody_reads() {
    use std::io::Read as _;

    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record"]);
    let other = Connection::open(shop.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let bench = start((0..64).map(|at| vulnerable(&format!("P{at:03}"))));
    let scan = shop.micheck(["scan", "--record", "-f", "json"]).server(bench.address());
    let (mut child, _pieces) = scan.spawn();
    let id = child.id().to_string();
    // The first one ends the writing, the second one the waiting for the lock.
    for _ in 0..2 {
        std::thread::sleep(Duration::from_millis(1500));
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(130), ""));
}

#[test]
fn a_damaged_record_makes_room_for_a_new_one() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record"]);
    // What stands in the log alone can't be damaged in the file.
    let raw = Connection::open(shop.path()).unwrap();
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(raw);
    fs::write(shop.path(), "no database at all, and longer than a header is\n".repeat(9)).unwrap();
    let run = shop.run(&["judge", "3.1.921.10", "--record"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stderr.contains("was damaged. It is now"), "{}", run.stderr);
    assert_eq!(shop.verdicts(&[]), ["patched"]);
    let aside: Vec<PathBuf> = fs::read_dir(shop.path().parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.display().to_string().contains(".damaged-"))
        .filter(|path| !path.display().to_string().ends_with("-wal"))
        .filter(|path| !path.display().to_string().ends_with("-shm"))
        .collect();
    assert_eq!(aside.len(), 1, "{aside:?}");
    assert!(fs::read_to_string(&aside[0]).unwrap().starts_with("no database"));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cant_be_written_is_said_and_costs_no_verdict() {
    let shop = Shop::new();
    // In the place of the folder, so that not even root makes anything in it.
    fs::create_dir_all(shop.home.path().join(".local/share")).unwrap();
    fs::write(shop.home.path().join(".local/share/micheck"), "").unwrap();
    let run = shop.run(&["judge", "3.1.874.10", "--record"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("✖ AT RISK"), "{}", run.stdout);
    assert!(run.stderr.contains("can't use the record at"), "{}", run.stderr);
}

#[test]
fn a_newer_record_is_refused_with_both_versions() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record"]);
    Connection::open(shop.path()).unwrap().pragma_update(None, "user_version", 7).unwrap();
    for args in [&["history"][..], &["recall"], &["record", "status"]] {
        let run = shop.run(args);
        assert_eq!(run.code, Some(2));
        assert!(
            run.stderr.contains("has version 7, and this micheck (0.1.0) knows up to version 1")
        );
    }
    let run = shop.run(&["judge", "3.1.874.10", "--record"]);
    assert_eq!(run.code, Some(2));
    assert!(run.stdout.contains("✖ AT RISK"), "{}", run.stdout);
}

#[test]
fn two_programs_write_and_read_at_once() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record"]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..5 {
                    assert_eq!(shop.run(&["judge", "3.1.874.10", "--record"]).code, Some(1));
                    assert_eq!(shop.run(&["history"]).code, Some(0));
                    assert_eq!(shop.run(&["recall"]).code, Some(1));
                }
            });
        }
    });
    assert_eq!(shop.checks(), 21);
}

/// Whether this machine can tell a program another time.
fn fake_time() -> Option<PathBuf> {
    let folders = fs::read_dir("/usr/lib").ok()?.filter_map(Result::ok);
    let library = |folder: fs::DirEntry| folder.path().join("faketime/libfaketime.so.1");
    folders.map(library).find(|path| path.exists())
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_clock_that_jumps_a_year_erases_nothing_and_changes_no_order() {
    let library = fake_time().expect("libfaketime: tests/setup");
    let shop = Shop::new();
    let settings = shop.home.path().join(".config/micheck/micheck.toml");
    fs::create_dir_all(settings.parent().unwrap()).unwrap();
    fs::write(settings, "record.keep = \"100d\"\n").unwrap();
    let at = |days: &str, version: &str| {
        let run = shop.micheck(["judge", version, "--job", "1"]);
        run.env("LD_PRELOAD", &library).env("FAKETIME", days).run()
    };
    assert_eq!(at("+0d", "3.1.874.10").stderr, "");
    for (days, version) in [("+365d", "3.1.900.1"), ("-365d", "3.1.921.10")] {
        let run = at(days, version);
        assert!(matches!(run.code, Some(0 | 1)), "{}", run.stderr);
    }
    let ahead = at("+366d", "3.1.874.10");
    assert!(ahead.stderr.contains("days from where it was at the last check"), "{}", ahead.stderr);
    assert_eq!(
        shop.verdicts(&["--job", "1"]),
        ["vulnerable", "patched", "unconfirmed", "vulnerable"]
    );
}

#[test]
fn a_bench_says_what_stands_in_its_way_and_loses_nothing() {
    let shop = Shop::new();
    shop.run(&["judge", "3.1.874.10", "--record"]);
    let other = Connection::open(shop.path()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let bench = start([vulnerable("A1B2C3D4")]);
    let watch = shop.micheck(["watch", "--record", "--once", "1"]).server(bench.address()).start();
    let since = Instant::now();
    wait_until("it has been in the way for a while", || since.elapsed() > Duration::from_secs(2));
    other.execute_batch("COMMIT").unwrap();
    let (run, _) = watch.wait();
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(shop.checks(), 2);
}
