//! Measures phones without an adb server, each beside what people have without micheck: an adb that
//! must start its server first.
//!
//! ```sh
//! cargo bench --bench direct
//! ```
//!
//! Over USB (a mocked bus, `tests/testbed/usb-mock`) and over TCP; and how long a worker takes to
//! start. What came of it: docs/performance.md.

#[path = "../scan/measure.rs"]
mod measure;
#[path = "../scan/phones.rs"]
mod phones;

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::{Parser, Subcommand};

use measure::Samples;
use phones::{Phones, Stock};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    mode: Option<Mode>,
    /// So many runs.
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// Given by `cargo bench`; `cargo test` doesn't.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Mode {
    /// Are the phones until standard input ends.
    #[command(hide = true)]
    Phones(Stock),
    /// Runs the rest of the line so often, and says what it took. It is what the mocked bus is
    /// shown to, so that making the bus isn't measured.
    #[command(hide = true)]
    Repeat {
        runs: usize,
        #[arg(trailing_var_arg = true)]
        command: Vec<String>,
    },
}

/// What somebody writes who has adb only, and no server that runs. `$@` are the phones' addresses.
const ADB: &str = r#"
adb -L "tcp:localhost:$PORT" start-server 2>/dev/null
for phone; do adb -L "tcp:localhost:$PORT" connect "$phone" & done >/dev/null
wait
for phone; do
    adb -L "tcp:localhost:$PORT" -s "$phone" shell "getprop; dumpsys package com.xiaomi.mi_connect_service" &
done
wait
adb -L "tcp:localhost:$PORT" kill-server"#;

fn main() -> Result<()> {
    let modes = ["--bench", "phones", "repeat", "--help"];
    if !std::env::args().skip(1).any(|word| modes.contains(&word.as_str())) {
        // `cargo test --benches`: nothing is measured.
        return Ok(());
    }
    let cli = Cli::parse();
    match cli.mode {
        Some(Mode::Phones(stock)) => phones::be(&stock),
        Some(Mode::Repeat { runs, command }) => say(&line(&mut silent(&command), runs)?),
        None => measure_all(cli.runs),
    }
}

fn measure_all(runs: usize) -> Result<()> {
    let home = tempfile::tempdir()?;
    let key = home.path().join(".android").join("adbkey");
    micheck_adb::key::ensure(&key)?;
    let micheck = env!("CARGO_BIN_EXE_micheck");
    let row = |name: &str, text: &str| say(&format!("| {name} | {text} |"));
    say("| | wall, ms | processor, ms | memory of the parent, MiB |\n| --- | --- | --- | --- |")?;

    row("a worker's start and end", &line(&mut silent(&[micheck, "worker"]), runs)?)?;
    row("`micheck --version`", &line(&mut silent(&[micheck, "--version"]), runs)?)?;

    for (count, delay_ms) in [(1, 0), (16, 0), (16, 300), (64, 300)] {
        let phones = Phones::start(&Stock { delay_ms, ..Stock::of(count) })?;
        let addresses: Vec<String> = phones.addresses.iter().map(ToString::to_string).collect();
        let mut scan = silent(&[micheck, "scan", "--via", "usb", "--format", "json"]);
        scan.env("HOME", home.path());
        for address in &addresses {
            scan.arg("--connect").arg(address);
        }
        let mut adb = silent(&["sh", "-c", ADB, "sh"]);
        adb.args(&addresses).env("HOME", home.path()).env("ADB_EMU", "0").env("PORT", "16437");
        row(&format!("**{count} over TCP, {delay_ms} ms: micheck**"), &line(&mut scan, runs)?)?;
        row(&format!("{count} over TCP, {delay_ms} ms: adb"), &line(&mut adb, 5)?)?;
        phones.stop()?;
    }

    let mock = usb_mock()?;
    for count in [1, 8] {
        let phones = Phones::start(&Stock::of(count))?;
        let mut shown = Command::new(&mock);
        for (number, address) in phones.addresses.iter().enumerate() {
            shown.arg("--phone").arg(format!("serial=BENCH{number},port={}", address.port()));
        }
        shown.arg("--").arg(std::env::current_exe()?).arg("repeat").arg(runs.to_string());
        shown.args([micheck, "scan", "--via", "usb", "--format", "json"]);
        let output = shown.env("HOME", home.path()).stderr(Stdio::null()).output()?;
        let text = String::from_utf8(output.stdout)?;
        row(&format!("**{count} over USB: micheck**"), text.trim_end())?;
        phones.stop()?;
    }
    Ok(())
}

/// Runs `command` so often: a row of the table.
fn line(command: &mut Command, runs: usize) -> Result<String> {
    let mut samples = Samples::default();
    while samples.len() < runs {
        samples.push(measure::run(command)?);
    }
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let (wall, cpu, memory) = (samples.wall(), samples.cpu(), samples.peak_bytes());
    Ok(format!(
        "{:.1} ({:.1}–{:.1}) | {:.0} | {:.1}",
        ms(wall.median),
        ms(wall.lowest),
        ms(wall.highest),
        ms(cpu.median),
        f64::from(u32::try_from(memory.median >> 10)?) / 1024.0
    ))
}

fn usb_mock() -> Result<PathBuf> {
    let build = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/testbed/usb-mock/build");
    let output = Command::new(build).stderr(Stdio::inherit()).output()?;
    let text = String::from_utf8(output.stdout)?;
    Ok(text.lines().last().ok_or("usb-mock can't be built: run tests/setup")?.into())
}

fn silent(words: &[impl AsRef<std::ffi::OsStr>]) -> Command {
    let (program, rest) = words.split_first().expect("there is a program");
    let mut command = Command::new(program);
    command.args(rest).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
