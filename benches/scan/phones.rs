//! Simulated phones in a process of their own, for a real adb server to connect to: answers made
//! ready beforehand, one thread for all of them, 64 KiB a packet.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use micheck_simulator::{Bench, Fault, FloodPlace, Phone};
use wait4::Wait4 as _;

use crate::Result;

/// Which phones there are.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Stock {
    pub(crate) count: usize,
    /// How long each phone takes to answer.
    #[arg(long, default_value_t = 0)]
    pub(crate) delay_ms: u64,
    /// Whether every phone sends without end.
    #[arg(long)]
    pub(crate) flood: bool,
}

impl Stock {
    /// So many phones that answer at once.
    pub(crate) fn of(count: usize) -> Self {
        Self { count, delay_ms: 0, flood: false }
    }

    /// Phones that answer 48 kB, a `getprop` of 1,048 lines and the dump, and that are up to date,
    /// so that one question is enough.
    pub(crate) fn bench(&self) -> Bench {
        let phone = |number: usize| {
            let fault = if self.flood {
                Fault::Flood { lines: true, place: FloodPlace::Dump }
            } else {
                Fault::None
            };
            Phone::xiaomi(format!("BENCH{number:04}"))
                .version("3.1.921.10")
                .factory(None)
                // One of the values spans two lines.
                .property_lines(1047)
                .delay(Duration::from_millis(self.delay_ms))
                .fault(fault)
        };
        Bench::new().phones((0..self.count).map(phone))
    }
}

/// What the process of the phones does: says where each listens and serves until its input ends.
pub(crate) fn be(stock: &Stock) -> Result<()> {
    let phones = stock.bench().listen_in_thread()?;
    let mut out = std::io::stdout().lock();
    for address in phones.addresses() {
        writeln!(out, "{address}")?;
    }
    out.flush()?;
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// Phones that run.
pub(crate) struct Phones {
    pub(crate) addresses: Vec<SocketAddr>,
    process: Child,
    stdin: ChildStdin,
}

impl Phones {
    pub(crate) fn start(stock: &Stock) -> Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("phones").arg(stock.count.to_string());
        command.arg("--delay-ms").arg(stock.delay_ms.to_string());
        if stock.flood {
            command.arg("--flood");
        }
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let stdin = process.stdin.take().expect("it is piped");
        let lines = BufReader::new(process.stdout.take().expect("it is piped")).lines();
        let addresses = lines
            .take(stock.count)
            .map(|line| Ok(line?.parse()?))
            .collect::<Result<Vec<SocketAddr>>>()?;
        Ok(Self { addresses, process, stdin })
    }

    /// Ends them; the processor time that they took.
    pub(crate) fn stop(self) -> Result<Duration> {
        let Self { mut process, stdin, .. } = self;
        drop(stdin);
        let used = process.wait4()?.rusage;
        Ok(used.utime + used.stime)
    }
}
