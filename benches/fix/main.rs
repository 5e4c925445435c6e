//! Measures `micheck fix`: from the yes until the last phone has answered that it was asked.
//!
//! ```sh
//! cargo bench --bench fix
//! ```
//!
//! Against the simulated adb server, in this process, whose phones' `am` takes two seconds: the
//! practical limit. What came of it: docs/performance.md.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use clap::Parser;
use micheck_simulator::{Bench, Phone, RunningThread};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// How long a phone's `am` takes.
const AM: Duration = Duration::from_secs(2);

#[derive(Parser)]
struct Cli {
    /// So many rounds.
    #[arg(long, default_value_t = 9)]
    runs: usize,
    /// How many phones are at risk.
    #[arg(long, default_value_t = 20)]
    phones: usize,
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
    let mut all = Vec::new();
    for _ in 0..cli.runs {
        all.push(fix(&bench(cli.phones)?, cli.phones)?);
    }
    let mut out = std::io::stdout();
    writeln!(out, "| {} phones at risk, `am` takes 2 s | s |", cli.phones)?;
    writeln!(out, "| --- | --- |")?;
    writeln!(out, "| micheck fix, from the yes to the last answer | {} |", median(&mut all))?;
    Ok(())
}

fn bench(count: usize) -> Result<RunningThread> {
    let phone = |at| {
        let phone = Phone::xiaomi(format!("FIX{at:03}")).version("3.1.874.10");
        phone.property_lines(1048).am_delay(AM)
    };
    Ok(Bench::new().phones((0..count).map(phone)).start_in_thread()?)
}

/// From the last line of the plan, behind which the yes comes, to the end.
fn fix(bench: &RunningThread, count: usize) -> Result<Duration> {
    let server = bench.address().to_string();
    let mut child = Command::new(env!("CARGO_BIN_EXE_micheck"))
        .args(["fix", "--yes", "--wait", "0", "--format", "json", "--server", &server])
        .args(["--serials", "full"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut lines = BufReader::new(child.stderr.take().ok_or("no standard error")?).lines();
    let plan = lines.by_ref().take(1 + count);
    for line in plan {
        line?;
    }
    let yes = Instant::now();
    let asked =
        lines.map_while(std::result::Result::ok).filter(|line| line.contains("requested")).count();
    let took = yes.elapsed();
    child.wait()?;
    if asked != count {
        return Err(format!("{asked} of {count} phones were asked").into());
    }
    Ok(took)
}

/// The median, and beside it the lowest and the highest, seconds.
fn median(all: &mut [Duration]) -> String {
    all.sort_unstable();
    let shown = |at: usize| format!("{:.2}", all[at].as_secs_f64());
    format!("{} ({}–{})", shown(all.len() / 2), shown(0), shown(all.len() - 1))
}
