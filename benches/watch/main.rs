//! Measures `micheck watch`: from plugging a phone in to its verdict, what it takes while nothing
//! happens, and its memory.
//!
//! ```sh
//! cargo bench --bench watch
//! ```
//!
//! Against the simulated adb server, in this process. A phone's own answer counts as what the phone
//! says that it takes; the rest is the server's and micheck's. What came of it:
//! docs/performance.md.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use micheck_simulator::{Bench, Phone, RunningThread};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Parser)]
struct Cli {
    /// So many phones are plugged in, one after the other, for each figure.
    #[arg(long, default_value_t = 25)]
    runs: usize,
    /// How long nothing happens, seconds.
    #[arg(long, default_value_t = 30)]
    idle: u64,
    /// Given by `cargo bench`; `cargo test` doesn't.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    if !std::env::args().skip(1).any(|word| word == "--bench" || word == "--help") {
        // `cargo test --benches`: nothing is measured.
        return Ok(());
    }
    let cli = Cli::parse();
    say("| from plugging in to the verdict | ms | beyond the phone's own answer, ms |")?;
    say("| --- | --- | --- |")?;
    for (others, delay_ms) in [(0, 0), (0, 300), (63, 0), (63, 300)] {
        latency(&cli, others, delay_ms)?;
    }
    say(
        "\n| 64 phones plugged in, nothing happens | % of a processor | written to the terminal, bytes | memory, MiB |",
    )?;
    say("| --- | --- | --- | --- |")?;
    for (name, version, board) in [
        ("all up to date, events", "3.1.921.10", false),
        ("all up to date, board", "3.1.921.10", true),
        ("all at risk (each asked again every 15 s), board", "3.1.874.10", true),
    ] {
        idle(&cli, name, version, board)?;
    }
    Ok(())
}

fn phone(serial: &str, version: &str) -> Phone {
    Phone::xiaomi(serial).version(version).property_lines(1048)
}

fn bench(count: usize, version: &str) -> Result<RunningThread> {
    let phones = (0..count).map(|at| phone(&format!("IDLE{at:03}"), version));
    Ok(Bench::new().phones(phones).start_in_thread()?)
}

fn watch(bench: &RunningThread) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_micheck"));
    command.args(["watch", "--server", &bench.address().to_string()]);
    command.stdin(Stdio::null()).stderr(Stdio::null());
    command
}

/// Plugs phones in, one after the other, and looks when each has its verdict.
fn latency(cli: &Cli, others: usize, delay_ms: u64) -> Result<()> {
    let delay = Duration::from_millis(delay_ms);
    let bench = bench(others, "3.1.921.10")?;
    let mut child = watch(&bench).args(["--format", "jsonl"]).stdout(Stdio::piped()).spawn()?;
    let mut lines = BufReader::new(child.stdout.take().ok_or("it is piped")?).lines();
    let mut verdict_of = |serial: &str| -> Result<Instant> {
        for line in lines.by_ref() {
            let line = line?;
            if line.contains(r#""event":"verdict""#) && line.contains(serial) {
                return Ok(Instant::now());
            }
        }
        Err("micheck has ended".into())
    };
    for _ in 0..others {
        // Whichever it is.
        verdict_of("IDLE")?;
    }
    let mut took = Vec::new();
    for run in 0..cli.runs {
        let serial = format!("RUN{run:03}");
        let plugged = Instant::now();
        bench.plug(phone(&serial, "3.1.921.10").delay(delay));
        took.push(verdict_of(&serial)?.duration_since(plugged));
        bench.unplug(&serial);
        std::thread::sleep(Duration::from_millis(50));
    }
    end(child)?;
    took.sort_unstable();
    let median = took[took.len() / 2];
    say(&format!(
        "| {others} others, phone takes {delay_ms} ms | {:.1} ({:.1}–{:.1}) | {:.1} |",
        ms(median),
        ms(took[0]),
        ms(took[took.len() - 1]),
        ms(median.saturating_sub(delay))
    ))
}

/// Looks what a run takes while nothing happens.
fn idle(cli: &Cli, name: &str, version: &str, board: bool) -> Result<()> {
    let bench = bench(64, version)?;
    let folder = tempfile::tempdir()?;
    let written = folder.path().join("written");
    let mut command = if board {
        let mut script = Command::new("script");
        let line = format!(
            "stty rows 60 cols 120; exec {} watch --server {}",
            env!("CARGO_BIN_EXE_micheck"),
            bench.address()
        );
        script.args(["--quiet", "--flush", "--command", &line]).arg(&written);
        script.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        script
    } else {
        let mut command = watch(&bench);
        command.args(["--format", "jsonl"]).stdout(std::fs::File::create(&written)?);
        command
    };
    let child = command.env("TERM", "xterm-256color").spawn()?;
    std::thread::sleep(Duration::from_secs(5));
    let id = find(child.id(), board)?;
    let (before, bytes_before) = (processor_ticks(id)?, std::fs::metadata(&written)?.len());
    std::thread::sleep(Duration::from_secs(cli.idle));
    let (after, bytes_after) = (processor_ticks(id)?, std::fs::metadata(&written)?.len());
    let memory = memory_kib(id)?;
    // Linux counts 100 ticks a second.
    let ticks = f64::from(u32::try_from(after - before)?);
    let share = ticks / f64::from(u32::try_from(cli.idle)?);
    say(&format!(
        "| {name} | {share:.2} | {} | {:.1} |",
        bytes_after - bytes_before,
        f64::from(u32::try_from(memory)?) / 1024.0
    ))?;
    interrupt(id)?;
    end(child)
}

/// The process to be looked at: the one that was started, or its child.
fn find(started: u32, is_below: bool) -> Result<u32> {
    if !is_below {
        return Ok(started);
    }
    let children = std::fs::read_to_string(format!("/proc/{started}/task/{started}/children"))?;
    Ok(children.split_whitespace().next().ok_or("it has no child")?.parse()?)
}

/// User and system time, in ticks.
fn processor_ticks(id: u32) -> Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in stat")?;
    let fields: Vec<&str> = fields.split_whitespace().collect();
    Ok(fields[11].parse::<u64>()? + fields[12].parse::<u64>()?)
}

/// The most that it has held.
fn memory_kib(id: u32) -> Result<u64> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.split_whitespace().nth(1).ok_or("no number")?.parse()?)
}

fn interrupt(id: u32) -> Result<()> {
    Command::new("kill").args(["-INT", &id.to_string()]).status()?;
    Ok(())
}

fn end(mut child: Child) -> Result<()> {
    // It may have ended by itself.
    let _ = interrupt(child.id());
    child.wait()?;
    Ok(())
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}
