//! Measures whole scans: micheck beside everything else that could ask the same phones, through
//! real adb servers, interleaved and in one go.
//!
//! ```sh
//! cargo bench --bench scan              # some minutes
//! cargo bench --bench scan -- --quick   # fewer runs
//! ```
//!
//! What is measured, how, and what came of it: docs/performance.md. What is missing on the machine
//! is said and left out; only the Python peer is ever fetched, into the user's cache folder.
//!
//! The same program is also, as a process of its own each, the simulated phones and the bare client:
//! so that neither shares a runtime with what is measured, and starting up counts for all alike.

mod adb;
mod bare;
mod bars;
mod measure;
mod peers;
mod phones;
mod server;
mod tables;

use std::error::Error;
use std::io::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, Subcommand};

use adb::Adb;
use measure::Samples;
use peers::{Peer, Peers};
use phones::{Phones, Stock};
use server::Server;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

#[derive(Parser)]
struct Cli {
    #[command(subcommand)]
    mode: Option<Mode>,
    /// 5 runs instead of 15.
    #[arg(long)]
    quick: bool,
    /// So many runs.
    #[arg(long)]
    runs: Option<usize>,
    /// Only micheck and the bare client.
    #[arg(long)]
    without_peers: bool,
    /// This adb program, not those that are found.
    #[arg(long)]
    adb: Vec<PathBuf>,
    /// Given by `cargo bench`; `cargo test` doesn't.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Mode {
    /// Are the phones until standard input ends.
    #[command(hide = true)]
    Phones(Stock),
    /// Is the bare client of the server at this address.
    #[command(hide = true)]
    Bare { server: SocketAddr },
}

/// One line of the tables.
struct Scenario {
    phones: usize,
    delay: Duration,
}

const SCENARIOS: [Scenario; 5] = [
    Scenario { phones: 1, delay: Duration::ZERO },
    Scenario { phones: 8, delay: Duration::ZERO },
    Scenario { phones: 64, delay: Duration::ZERO },
    Scenario { phones: 256, delay: Duration::ZERO },
    Scenario { phones: 64, delay: Duration::from_millis(300) },
];

/// A peer that takes longer than this is run three times only: its figure doesn't hang on noise.
const SLOW: Duration = Duration::from_secs(2);
const RUNS_OF_SLOW_PEERS: usize = 3;

fn main() -> Result<()> {
    // `cargo test` passes on names of tests, which say nothing here.
    let modes = ["--bench", "phones", "bare", "--help"];
    if !std::env::args().skip(1).any(|word| modes.contains(&word.as_str())) {
        return check_itself();
    }
    let cli = Cli::parse();
    match cli.mode {
        Some(Mode::Phones(stock)) => phones::be(&stock),
        Some(Mode::Bare { server }) => bare::be(server),
        None if cli.bench => measure_all(&cli),
        None => check_itself(),
    }
}

/// What `cargo test --benches` does: the bare client against simulated phones, so that this
/// program can't rot unseen. Needs no adb and measures nothing.
fn check_itself() -> Result<()> {
    let server = Stock::of(4).bench().start_in_thread()?;
    let sample = measure::run(&mut peers::bare(server.address())?)?;
    assert_eq!(server.shells_begun(), 4, "the bare client asks every phone once");
    say(&format!("the bare client asked 4 simulated phones in {:?}", sample.wall))
}

fn say(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stdout().lock(), "{text}")?)
}

/// Shows whoever waits how far it is.
fn note(text: &str) -> Result<()> {
    Ok(writeln!(std::io::stderr().lock(), "{text}")?)
}

fn measure_all(cli: &Cli) -> Result<()> {
    let runs = cli.runs.unwrap_or(if cli.quick { 5 } else { 15 });
    let (adbs, python) = adb::find(&cli.adb, !cli.without_peers)?;
    for adb in adbs {
        say(&format!("\n## {} ({runs} runs each, interleaved)\n", adb.version))?;
        let peers = Peers::new(&adb, python.as_deref(), cli.without_peers);
        measure_with(&adb, &peers, runs)?;
    }
    say("\n## Starting up\n")?;
    let mut samples = Samples::default();
    for _ in 0..runs * 4 {
        samples.push(measure::run(&mut peers::version())?);
    }
    tables::start_up(&samples)
}

fn measure_with(adb: &Adb, peers: &Peers, runs: usize) -> Result<()> {
    let mut rows = Vec::new();
    for scenario in &SCENARIOS {
        let stock = Stock {
            delay_ms: scenario.delay.as_millis().try_into()?,
            ..Stock::of(scenario.phones)
        };
        note(&format!("{}: {} phones, {} ms each", adb.version, stock.count, stock.delay_ms))?;
        let bench = Bench::set_up(adb, &stock)?;
        let samples = bench.measure(peers, runs)?;
        let phone_cpu = bench.tear_down()?;
        rows.push(tables::Row { scenario, samples, phone_cpu });
    }
    note(&format!("{}: 64 phones that send without end", adb.version))?;
    let flood = Bench::set_up(adb, &Stock { flood: true, ..Stock::of(64) })?;
    let mut flooded = Samples::default();
    for _ in 0..runs.div_ceil(3) {
        // Every phone is "unknown" then, which is exit code 3.
        flooded.push(measure::run_expecting(&mut peers::micheck(flood.server.address()), 3)?);
    }
    flood.tear_down()?;
    tables::wall(&rows)?;
    tables::cpu(&rows)?;
    tables::memory(&rows, &flooded)
}

/// Phones and a server that holds them.
struct Bench {
    phones: Phones,
    server: Server,
}

impl Bench {
    fn set_up(adb: &Adb, stock: &Stock) -> Result<Self> {
        let phones = Phones::start(stock)?;
        let server = Server::start(adb)?;
        server.connect_all(&phones.addresses)?;
        Ok(Self { phones, server })
    }

    /// Every peer once, `runs` times over.
    fn measure(&self, peers: &Peers, runs: usize) -> Result<Vec<(Peer, Samples)>> {
        let address = self.server.address();
        let mut all: Vec<_> = peers.list().iter().map(|peer| (*peer, Samples::default())).collect();
        // Once without counting: what is read from the disk for the first time, and what the
        // server allocates for the first time.
        measure::run(&mut peers.command(Peer::Bare, address)?)?;
        for _ in 0..runs {
            for (peer, samples) in &mut all {
                let enough = samples.len() >= RUNS_OF_SLOW_PEERS && samples.wall().median > SLOW;
                if !enough {
                    samples.push(measure::run(&mut peers.command(*peer, address)?)?);
                }
            }
        }
        Ok(all)
    }

    /// Ends both; the processor time that the phones took altogether.
    fn tear_down(self) -> Result<Duration> {
        drop(self.server);
        self.phones.stop()
    }
}
