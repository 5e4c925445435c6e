//! A record as a chain of shops has it after years.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use micheck::record::{CheckRecord, Store};
use micheck::report::serial::SerialForm;
use micheck::report::{Connection, LinkKind, Outcome, ProbeResult, Report, Run};
use micheck::text::{Language, Text};
use micheck_core::advisory::AdvisorySet;
use micheck_core::identity::{SALT_BYTES, Salt, serial_code};

use crate::{Result, median, micheck};

/// How many times each question is asked.
const ASKED: usize = 9;

/// How many checks are added at once.
const BATCH: usize = 5_000;

/// What versions there are, and of so many models each.
const VERSIONS: [&str; 8] = [
    "2.5.100.3",
    "3.1.874.10",
    "3.1.895.10",
    "3.1.900.12",
    "3.1.921.10",
    "3.1.950.2",
    "5.1.208.10",
    "5.1.251.10",
];
const MODELS: usize = 120;

pub(crate) fn measure(checks: usize, phones: usize, home: &Path) -> Result<()> {
    let salt = Salt::new([7; SALT_BYTES]);
    let config = home.join(".config/micheck");
    fs::create_dir_all(&config)?;
    fs::write(config.join("serial-salt"), "07".repeat(SALT_BYTES))?;
    let path = home.join("large.db");
    let made = Instant::now();
    let mut store = Store::create(&path, Some("counter 1"))?;
    let templates = templates();
    let mut batch = Vec::new();
    for at in 0..checks {
        // Each phone comes again and again.
        let (phone, visit) = (at % phones, at / phones);
        // At its last visit one in ten still has the version that it came with.
        let is_old = visit + 1 < checks / phones || phone % 10 == 0;
        let version = if is_old { phone % 4 } else { 4 + phone / 10 % 4 };
        let mut check = templates[(phone % MODELS) * VERSIONS.len() + version].clone();
        check.code = Some(serial_code(format!("SN{phone:07}").as_bytes(), &salt));
        check.run = format!("{:032x}", at / 40);
        check.seat = u32::try_from(at % 40)?;
        batch.push((uuid::Uuid::now_v7().to_string(), check));
        if batch.len() == BATCH || at + 1 == checks {
            store.append(&batch)?;
            batch.clear();
        }
    }
    drop(store);
    let made = made.elapsed();
    let size: u64 = ["", "-wal"]
        .iter()
        .filter_map(|ending| fs::metadata(format!("{}{ending}", path.display())).ok())
        .map(|file| file.len())
        .sum();
    let database = path.to_str().ok_or("a path that isn't UTF-8")?;
    let advisories = stricter(home)?;
    let history = asked(home, &["history", "--phone", "SN0004711", "--database", database], 0)?;
    let recall = ["recall", "--advisories", &advisories, "--database", database];
    let table = asked(home, &recall, 1)?;
    let json = asked(home, &[&recall[..], &["-f", "json"]].concat(), 1)?;
    let mut out = std::io::stdout();
    writeln!(out, "| {checks} checks of {phones} phones | |")?;
    writeln!(out, "| --- | --- |")?;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    writeln!(out, "| one phone's history, from the start | {:.1} ms |", ms(history))?;
    let s = |time: Duration| time.as_secs_f64();
    writeln!(out, "| recall by a changed advisory, warm | {:.2} s |", s(table))?;
    writeln!(
        out,
        "| the same as JSON, with all that each phone's report has | {:.2} s |",
        s(json)
    )?;
    let mb = |bytes: u64| bytes / 1_000_000;
    writeln!(out, "| size | {} MB |", mb(size))?;
    writeln!(out, "| made in | {:.0} s |", made.as_secs_f64())?;
    Ok(())
}

/// A check for each model and version.
fn templates() -> Vec<CheckRecord> {
    let set = AdvisorySet::embedded().only("mi-connect").expect("it is built in");
    let text = Text::of(Language::English);
    let mut all = Vec::new();
    for model in 0..MODELS {
        for version in VERSIONS {
            let observation = ProbeResult {
                connection: Connection::of_link(LinkKind::Typed),
                listed_model: Some(format!("2210132{model}G")),
                outcome: Outcome::Typed(Some(version.as_bytes().to_vec())),
                detail: None,
                duration_ms: 0,
                source: None,
            };
            let taken_at = "2026-11-29T10:00:00+05:30".to_owned();
            let run = Run { taken_at, simulated: false, hints: Vec::new() };
            let mut report = Report::new(run, vec![observation], &set, text);
            report.devices[0].connection.link = LinkKind::AdbServer;
            report.devices[0].connection.serial = Some("aaaaaaaaaaaa".to_owned());
            report.devices[0].connection.serial_form = SerialForm::Hashed;
            all.extend(CheckRecord::of_report(report, &"0".repeat(32), vec![None]));
        }
    }
    all
}

/// A folder with an advisory by which what was fine yesterday isn't.
fn stricter(home: &Path) -> Result<String> {
    let folder = home.join("own");
    fs::create_dir_all(&folder)?;
    let embedded = include_str!("../../src/core/advisory/mi-connect.toml");
    let changed = embedded
        .replace("first_fixed = \"3.1.921.10\"", "first_fixed = \"3.1.950.2\"")
        .replace("last_affected = \"3.1.895.10\"", "last_affected = \"3.1.921.10\"");
    fs::write(folder.join("mi-connect.toml"), changed)?;
    Ok(folder.display().to_string())
}

/// The median time of a run, from its start to its end; the first one warms up.
fn asked(home: &Path, args: &[&str], code: i32) -> Result<Duration> {
    let mut all = Vec::new();
    for run in 0..=ASKED {
        let started = Instant::now();
        let status = micheck(home).args(args).stdout(Stdio::null()).status()?;
        if status.code() != Some(code) {
            return Err(format!("{args:?} ended with {status}").into());
        }
        if run > 0 {
            all.push(started.elapsed());
        }
    }
    Ok(median(all.into_iter()))
}
