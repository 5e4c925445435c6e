//! Measures `micheck inspect` on a bug report of 150 MB, beside unpacking it and doing nothing, and
//! beside what people would use otherwise, interleaved and in one go.
//!
//! ```sh
//! cargo bench --bench inspect                          # a minute
//! cargo bench --bench inspect -- --mvt mvt-android     # with MVT, some minutes
//! ```
//!
//! What came of it: docs/performance.md. The same program is also, as a process of its own, the bare
//! unpacker, so that starting up counts for all alike.

#[path = "../scan/measure.rs"]
mod measure;
mod report;

use std::error::Error;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use clap::{Parser, Subcommand};
use flate2::bufread::DeflateDecoder;

use measure::Samples;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    mode: Option<Mode>,
    /// So many runs.
    #[arg(long, default_value_t = 15)]
    runs: usize,
    /// This MVT program, too; three runs.
    #[arg(long, value_name = "PROGRAM")]
    mvt: Option<PathBuf>,
    /// Given by `cargo bench`; `cargo test` doesn't.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Mode {
    /// Unpacks this archive and those in it, and does nothing with what comes out.
    #[command(hide = true)]
    Bare { file: PathBuf },
    /// Reads this file and does nothing with it.
    #[command(hide = true)]
    Read { file: PathBuf },
}

/// How much is read or unpacked at once, as micheck does.
const PIECE_BYTES: usize = 128 << 10;

fn main() -> Result<()> {
    // `cargo test` passes on names of tests, which say nothing here.
    let modes = ["--bench", "bare", "read", "--help"];
    if !std::env::args().skip(1).any(|word| modes.contains(&word.as_str())) {
        return check_itself();
    }
    let cli = Cli::parse();
    match cli.mode {
        Some(Mode::Bare { file }) => bare(&file),
        Some(Mode::Read { file }) => {
            drain(std::fs::File::open(file)?, &mut vec![0; PIECE_BYTES]).map(drop)
        }
        None if cli.bench => measure_all(&cli),
        None => check_itself(),
    }
}

fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

fn drain(mut reader: impl Read, piece: &mut [u8]) -> Result<u64> {
    let mut bytes = 0;
    loop {
        match reader.read(piece)? {
            0 => return Ok(bytes),
            read => bytes += read as u64,
        }
    }
}

/// The practical limit: the library that micheck unpacks with, and nothing else. An archive in it is
/// unpacked, too.
fn bare(file: &Path) -> Result<()> {
    let bytes = unpack(std::fs::File::open(file)?)?;
    if bytes == 0 { Err("nothing came out".into()) } else { Ok(()) }
}

fn unpack(file: std::fs::File) -> Result<u64> {
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let archive = rawzip::ZipArchive::from_file(file, &mut buffer)?;
    let mut entries = archive.entries(&mut buffer);
    let mut bytes = 0;
    let mut piece = vec![0; PIECE_BYTES];
    while let Some(entry) = entries.next_entry()? {
        let is_archive = entry.file_path().as_bytes().ends_with(b".zip");
        let is_stored = entry.compression_method() == rawzip::CompressionMethod::STORE;
        let entry = archive.get_entry(entry.wayfinder())?;
        let packed = std::io::BufReader::with_capacity(PIECE_BYTES, entry.reader());
        let mut content: Box<dyn Read> =
            if is_stored { Box::new(packed) } else { Box::new(DeflateDecoder::new(packed)) };
        bytes += if is_archive {
            let mut inner = tempfile::tempfile()?;
            std::io::copy(&mut content, &mut inner)?;
            unpack(inner)?
        } else {
            drain(content, &mut piece)?
        };
    }
    Ok(bytes)
}

/// What `cargo test --benches` does: a small report, each way once, so that this program can't rot
/// unseen. Measures nothing.
fn check_itself() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let files = report::write(folder.path(), 2 << 20)?;
    let wrapped = report::wrap(folder.path(), &files.zip, 20)?;
    for mut command in [
        micheck(&files.text),
        micheck(&files.zip),
        micheck(&wrapped),
        again("bare", &files.zip)?,
        again("bare", &wrapped)?,
    ] {
        let code = i32::from(command.get_program() == MICHECK);
        measure::run_expecting(&mut command, code)?;
    }
    measure::run(&mut again("read", &files.text)?)?;
    say("a small bug report was read in every way")
}

const MICHECK: &str = env!("CARGO_BIN_EXE_micheck");

/// The whole program, its report included. The phone in the report is at risk: exit code 1.
fn micheck(file: &Path) -> Command {
    let mut command = silent(Command::new(MICHECK));
    command.args(["inspect", "--format", "json"]).arg(file);
    command
}

fn again(mode: &str, file: &Path) -> Result<Command> {
    let mut command = silent(Command::new(std::env::current_exe()?));
    command.arg(mode).arg(file);
    Ok(command)
}

fn shell(script: &str, file: &Path) -> Command {
    let mut command = silent(Command::new("sh"));
    command.args(["-e", "-c", script, "sh"]).arg(file);
    command
}

fn silent(mut command: Command) -> Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// One line of the table.
struct Way<'a> {
    name: &'a str,
    /// What it is to end with.
    code: i32,
    command: Box<dyn Fn() -> Result<Command> + 'a>,
    runs: usize,
    samples: Samples,
}

const GREP: &str = r"grep -A40 'Package \[com.xiaomi.mi_connect_service\]'";

/// What is to stay below so many times what.
const BARS: &[(&str, f64, &str)] = &[
    ("micheck inspect, zip", 1.15, "inflate the zip with zlib-rs, do nothing"),
    ("micheck inspect, text", 2.0, "read the text, do nothing"),
    ("micheck inspect, wrapper", 1.3, "inflate the wrapper and what is in it, do nothing"),
];

/// How many logs lie beside the report in the wrapper.
const LOGS: usize = 10_000;

fn measure_all(cli: &Cli) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let files = report::write(folder.path(), 150_000_000)?;
    let wrapped = report::wrap(folder.path(), &files.zip, LOGS)?;
    let (text, zip, wrapped) = (files.text.as_path(), files.zip.as_path(), wrapped.as_path());
    let size = |path: &Path| Ok::<u64, std::io::Error>(std::fs::metadata(path)?.len());
    let (unpacked, packed) = (size(text)?, size(zip)?);
    say(&format!(
        "\n{unpacked} bytes, packed {packed} ({:.1}:1); {} runs, interleaved\n",
        ratio(unpacked, packed),
        cli.runs
    ))?;
    let way = |name, code, command| Way {
        name,
        code,
        command,
        runs: cli.runs,
        samples: Samples::default(),
    };
    let unzip_grep = format!("unzip -p \"$1\" {} | {GREP}", report::MAIN);
    let grep = format!("{GREP} \"$1\"");
    let mut ways = vec![
        way(BARS[0].2, 0, Box::new(|| again("bare", zip))),
        way(BARS[0].0, 1, Box::new(|| Ok(micheck(zip)))),
        way("unzip -p", 0, Box::new(|| Ok(shell("unzip -p \"$1\" > /dev/null", zip)))),
        way("unzip -p, grep -A40", 0, Box::new(|| Ok(shell(&unzip_grep, zip)))),
        way(BARS[1].2, 0, Box::new(|| again("read", text))),
        way(BARS[1].0, 1, Box::new(|| Ok(micheck(text)))),
        way("grep -A40, text", 0, Box::new(|| Ok(shell(&grep, text)))),
        way(BARS[2].2, 0, Box::new(|| again("bare", wrapped))),
        way(BARS[2].0, 1, Box::new(|| Ok(micheck(wrapped)))),
    ];
    if let Some(mvt) = &cli.mvt {
        let command = move || {
            let mut command = silent(Command::new(mvt));
            command.arg("check-bugreport").arg(zip);
            Ok(command)
        };
        ways.push(Way { runs: 3, ..way("mvt-android check-bugreport", 0, Box::new(command)) });
    }
    // Once without counting: what is read from the disk for the first time, and who isn't there.
    let mut there = Vec::new();
    for way in ways {
        match measure::run_expecting(&mut (way.command)()?, way.code) {
            Ok(_) => there.push(way),
            Err(error) => say(&format!("{} is left out: {error}", way.name))?,
        }
    }
    for _ in 0..cli.runs {
        for way in there.iter_mut().filter(|way| way.samples.len() < way.runs) {
            way.samples.push(measure::run_expecting(&mut (way.command)()?, way.code)?);
        }
    }
    table(&there, unpacked)
}

fn table(ways: &[Way<'_>], unpacked: u64) -> Result<()> {
    say("| | wall, ms | processor, ms | MB/s | memory, MiB |\n| --- | --- | --- | --- | --- |")?;
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    for way in ways {
        let (wall, cpu, peak) = (way.samples.wall(), way.samples.cpu(), way.samples.peak_bytes());
        say(&format!(
            "| {} | {:.0} ({:.0}–{:.0}) | {:.0} | {:.0} | {:.1} |",
            way.name,
            ms(wall.median),
            ms(wall.lowest),
            ms(wall.highest),
            ms(cpu.median),
            ratio(unpacked, 1_000_000) / wall.median.as_secs_f64(),
            ratio(peak.median, 1 << 20),
        ))?;
    }
    let wall =
        |name: &str| ways.iter().find(|way| way.name == name).map(|way| way.samples.wall().median);
    for (own, bar, other) in BARS {
        if let (Some(own_wall), Some(other_wall)) = (wall(own), wall(other)) {
            let times = own_wall.as_secs_f64() / other_wall.as_secs_f64();
            say(&format!("{own}: {times:.2} × `{other}` (bar: {bar} ×)"))?;
        }
    }
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "for people")]
fn ratio(left: u64, right: u64) -> f64 {
    left as f64 / right as f64
}
