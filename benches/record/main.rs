//! Measures the record: what it adds to a scan, and how it answers when it is large.
//!
//! ```sh
//! cargo bench --bench record
//! ```
//!
//! Scans go to the simulated adb server, in this process, with and without a record in turns, and with
//! them a write and a sync of 4 KiB in the same folder. The large record is made by the library and asked
//! through the program. What came of it: docs/performance.md.

mod large;

use std::error::Error;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use micheck_simulator::{Bench, Phone, RunningThread};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Parser)]
struct Cli {
    /// So many scans of each kind.
    #[arg(long, default_value_t = 201)]
    runs: usize,
    /// How many phones a scan has.
    #[arg(long, default_value_t = 64)]
    phones: usize,
    /// How long each phone takes to answer, milliseconds.
    #[arg(long, default_value_t = 0)]
    delay_ms: u64,
    /// So many checks in the large record; 0: none is made.
    #[arg(long, default_value_t = 1_000_000)]
    checks: usize,
    /// Of so many phones.
    #[arg(long, default_value_t = 200_000)]
    known: usize,
    /// Given by `cargo bench`; `cargo test` doesn't.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let mut cli = Cli::parse();
    if !cli.bench {
        // `cargo test --benches`: that it still works.
        (cli.runs, cli.phones, cli.checks, cli.known) = (1, 4, 400, 80);
    }
    // On a disk: what is in memory needs no sync.
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    scans(&cli, home.path())?;
    if cli.checks > 0 {
        large::measure(cli.checks, cli.known, home.path())?;
    }
    Ok(())
}

fn scans(cli: &Cli, home: &Path) -> Result<()> {
    let phone = |at| {
        let phone = Phone::xiaomi(format!("REC{at:04}")).version("3.1.921.10").factory(None);
        phone.property_lines(1047).delay(Duration::from_millis(cli.delay_ms))
    };
    let bench = Bench::new().phones((0..cli.phones).map(phone)).start_in_thread()?;
    let (mut without, mut with): (Vec<Scan>, Vec<Scan>) = (Vec::new(), Vec::new());
    let mut syncs = Vec::new();
    // The first one makes the record.
    scan(&bench, home, true)?;
    for run in 0..cli.runs {
        // Neither is always the first.
        for recorded in [run % 2 == 0, run % 2 == 1] {
            let all = if recorded { &mut with } else { &mut without };
            all.push(scan(&bench, home, recorded)?);
        }
        syncs.push(sync(home)?);
    }
    let mut out = std::io::stdout();
    writeln!(out, "| {} phones, {} ms each | without | with | |", cli.phones, cli.delay_ms)?;
    writeln!(out, "| --- | --- | --- | --- |")?;
    for (what, of) in [
        ("last row shown", (|scan: &Scan| scan.shown) as fn(&Scan) -> Duration),
        ("ended", |scan: &Scan| scan.ended),
    ] {
        let [less, more] = [&without, &with].map(|all| median(all.iter().map(of)));
        // Of two that followed each other, because a machine is busier now and then.
        let pairs = without.iter().zip(&with);
        let mut ratios: Vec<f64> =
            pairs.map(|(less, more)| of(more).as_secs_f64() / of(less).as_secs_f64()).collect();
        ratios.sort_by(f64::total_cmp);
        let ratio = ratios[ratios.len() / 2];
        let [less, more] = [less, more].map(|time| time.as_secs_f64() * 1e3);
        let pairs = without.iter().zip(&with);
        let mut added: Vec<f64> = pairs
            .map(|(less, more)| (of(more).as_secs_f64() - of(less).as_secs_f64()) * 1e3)
            .collect();
        added.sort_by(f64::total_cmp);
        let added = added[added.len() / 2];
        writeln!(out, "| {what} | {less:.2} ms | {more:.2} ms | {ratio:.3} ×, {added:+.2} ms |")?;
    }
    let sync = median(syncs.into_iter());
    writeln!(
        out,
        "| a write and a sync of 4 KiB there | | {:.2} ms | |",
        sync.as_secs_f64() * 1e3
    )?;
    Ok(())
}

struct Scan {
    shown: Duration,
    ended: Duration,
}

/// From the start until the last line of the report was read, and until the program has ended.
fn scan(bench: &RunningThread, home: &Path, recorded: bool) -> Result<Scan> {
    let started = Instant::now();
    let mut child = micheck(home)
        .args(["scan", "-f", "jsonl", "--server", &bench.address().to_string()])
        .arg(if recorded { "--record" } else { "--no-record" })
        .stdout(Stdio::piped())
        .spawn()?;
    let lines = BufReader::new(child.stdout.take().ok_or("no standard output")?).lines();
    let mut shown = None;
    for line in lines {
        if line?.starts_with("{\"event\":\"summary\"") {
            shown = Some(started.elapsed());
        }
    }
    let status = child.wait()?;
    let ended = started.elapsed();
    if !status.success() {
        return Err(format!("the scan ended with {status}").into());
    }
    Ok(Scan { shown: shown.ok_or("no summary")?, ended })
}

/// The program in a home of its own.
fn micheck(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_micheck"));
    command.env_clear().env("HOME", home).current_dir(home).stdin(Stdio::null());
    command
}

/// What the disk takes for what a commit needs at least.
fn sync(home: &Path) -> Result<Duration> {
    let mut file = File::options().create(true).append(true).open(home.join("sync"))?;
    let started = Instant::now();
    file.write_all(&[0; 4096])?;
    file.sync_all()?;
    Ok(started.elapsed())
}

/// With an even number the higher of the two in the middle.
fn median(all: impl Iterator<Item = Duration>) -> Duration {
    let mut all: Vec<Duration> = all.collect();
    all.sort_unstable();
    all[all.len() / 2]
}
