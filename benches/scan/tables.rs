//! The figures as Markdown: median (lowest–highest), and each bar beside the figure.

use std::time::Duration;

use crate::measure::{Samples, Spread};
use crate::peers::Peer;
use crate::{Result, Scenario, bars, say};

/// What was measured for one scenario.
pub(crate) struct Row<'s> {
    pub(crate) scenario: &'s Scenario,
    pub(crate) samples: Vec<(Peer, Samples)>,
    /// Of all runs together.
    pub(crate) phone_cpu: Duration,
}

impl Row<'_> {
    fn of(&self, peer: Peer) -> &Samples {
        let found = self.samples.iter().find(|(one, _)| *one == peer);
        &found.expect("the bare client and micheck are always run").1
    }

    fn phones(&self) -> String {
        let Scenario { phones, delay } = self.scenario;
        if delay.is_zero() {
            phones.to_string()
        } else {
            format!("{phones}, each taking {:.1} s", delay.as_secs_f64())
        }
    }

    /// Runs of all peers, and what the phones needed for one answer.
    fn phone_cpu_each(&self) -> Duration {
        // The script asks each phone twice.
        let answers = |(peer, samples): &(Peer, Samples)| {
            samples.len() * self.scenario.phones * if *peer == Peer::Script { 2 } else { 1 }
        };
        let answers: usize = self.samples.iter().map(answers).sum();
        self.phone_cpu / u32::try_from(answers).unwrap_or(u32::MAX).max(1)
    }
}

/// Wall time of all peers.
pub(crate) fn wall(rows: &[Row<'_>]) -> Result<()> {
    let peers: Vec<Peer> = rows[0].samples.iter().map(|(peer, _)| *peer).skip(2).collect();
    let others = cells(peers.iter().map(|peer| peer.name().to_owned()));
    say("Wall time, ms:\n")?;
    say(&format!("| phones | bare client | micheck | ratio | bar | met |{others}"))?;
    say(&format!("| --- | --- | --- | --- | --- | --- |{}", " --- |".repeat(peers.len())))?;
    for row in rows {
        let (bare, own) = (row.of(Peer::Bare).wall(), row.of(Peer::Micheck).wall());
        let bar = bars::wall(row.scenario.phones, bare.median);
        let others = cells(peers.iter().map(|peer| times(row.of(*peer).wall())));
        let compared = compared(bare.median, own.median, bar);
        say(&format!(
            "| {} | {} | {} | {compared}{others}",
            row.phones(),
            times(bare),
            times(own)
        ))?;
    }
    Ok(())
}

/// The rest of a line: ` one | two |`.
fn cells(texts: impl Iterator<Item = String>) -> String {
    texts.fold(String::new(), |line, text| line + " " + &text + " |")
}

/// Processor time of micheck and the bare client.
pub(crate) fn cpu(rows: &[Row<'_>]) -> Result<()> {
    say("\nProcessor time, user and system, ms:\n")?;
    say(
        "| phones | bare client | micheck | ratio | bar | met | simulator, per phone and answer |",
    )?;
    say("| --- | --- | --- | --- | --- | --- | --- |")?;
    for row in rows {
        let (bare, own) = (row.of(Peer::Bare).cpu(), row.of(Peer::Micheck).cpu());
        let compared = compared(bare.median, own.median, bars::cpu(bare.median));
        let (phones, each) = (row.phones(), time(row.phone_cpu_each()));
        say(&format!("| {phones} | {} | {} | {compared} {each} |", times(bare), times(own)))?;
    }
    Ok(())
}

/// `ratio | bar | met |`
fn compared(bare: Duration, own: Duration, bar: Duration) -> String {
    let ratio = own.as_secs_f64() / bare.as_secs_f64();
    format!("{ratio:.2} | ≤ {} | {} |", time(bar), met(own <= bar))
}

/// The peak of micheck's memory.
pub(crate) fn memory(rows: &[Row<'_>], flooded: &Samples) -> Result<()> {
    say("\nPeak memory, MiB:\n")?;
    say("| phones | bare client | micheck | bar | met |")?;
    say("| --- | --- | --- | --- | --- |")?;
    for row in rows {
        let peak = |peer| row.of(peer).peak_bytes();
        let (bare, own) = (sizes(peak(Peer::Bare)), peak(Peer::Micheck));
        let bar = if row.scenario.phones == 64 {
            of_bar(own, bars::PEAK_BYTES)
        } else {
            "– | – |".to_owned()
        };
        say(&format!("| {} | {bare} | {} | {bar}", row.phones(), sizes(own)))?;
    }
    let own = flooded.peak_bytes();
    let bar = of_bar(own, bars::PEAK_BYTES_FLOODED);
    say(&format!("| 64 that send without end | – | {} | {bar}", sizes(own)))
}

fn of_bar(own: Spread<u64>, bar: u64) -> String {
    format!("≤ {} | {} |", size(bar), met(own.median <= bar))
}

/// `micheck --version`.
pub(crate) fn start_up(samples: &Samples) -> Result<()> {
    let own = samples.wall();
    say("| | ms | bar | met |")?;
    say("| --- | --- | --- | --- |")?;
    let (bar, met) = (time(bars::VERSION), met(own.median <= bars::VERSION));
    say(&format!("| `micheck --version` | {} | ≤ {bar} | {met} |", times(own)))
}

const fn met(met: bool) -> &'static str {
    if met { "yes" } else { "**no**" }
}

fn times(spread: Spread<Duration>) -> String {
    let Spread { median, lowest, highest } = spread;
    format!("{} ({}–{})", time(median), time(lowest), time(highest))
}

fn time(time: Duration) -> String {
    let milliseconds = time.as_secs_f64() * 1000.0;
    let decimals = match milliseconds {
        ..1.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{milliseconds:.decimals$}")
}

fn sizes(spread: Spread<u64>) -> String {
    let Spread { median, lowest, highest } = spread;
    format!("{} ({}–{})", size(median), size(lowest), size(highest))
}

fn size(bytes: u64) -> String {
    let tenths = (bytes * 10) >> 20;
    format!("{}.{}", tenths / 10, tenths % 10)
}
