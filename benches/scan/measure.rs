//! Running a process and what it took: wall time, processor time, peak of memory.

use std::process::Command;
use std::time::{Duration, Instant};

use wait4::Wait4 as _;

use crate::Result;

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sample {
    /// From before the process is started until it has ended.
    pub(crate) wall: Duration,
    /// User and system time, children that it waited for included.
    pub(crate) cpu: Duration,
    /// The most memory that the process held. A new process is charged with what its parent held
    /// while starting it, so that this program must stay small (it is: 4 MiB).
    pub(crate) peak_bytes: u64,
}

/// Runs a command to its successful end.
pub(crate) fn run(command: &mut Command) -> Result<Sample> {
    run_expecting(command, 0)
}

/// Runs a command that is to end with this exit code: another one wasn't worth measuring.
pub(crate) fn run_expecting(command: &mut Command, code: i32) -> Result<Sample> {
    let started = Instant::now();
    let mut child = command.spawn()?;
    let used = child.wait4()?;
    let wall = started.elapsed();
    if used.status.code() != Some(code) {
        return Err(format!("{command:?}: {}", used.status).into());
    }
    let cpu = used.rusage.utime + used.rusage.stime;
    Ok(Sample { wall, cpu, peak_bytes: used.rusage.maxrss })
}

/// What several runs of the same took.
#[derive(Debug, Default)]
pub(crate) struct Samples(Vec<Sample>);

/// Median and range.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spread<T> {
    pub(crate) median: T,
    pub(crate) lowest: T,
    pub(crate) highest: T,
}

impl Samples {
    pub(crate) fn push(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    pub(crate) fn wall(&self) -> Spread<Duration> {
        self.spread(|sample| sample.wall)
    }

    pub(crate) fn cpu(&self) -> Spread<Duration> {
        self.spread(|sample| sample.cpu)
    }

    pub(crate) fn peak_bytes(&self) -> Spread<u64> {
        self.spread(|sample| sample.peak_bytes)
    }

    /// With an even number of runs the median is the higher of the two in the middle.
    fn spread<T: Copy + Ord>(&self, of: impl Fn(&Sample) -> T) -> Spread<T> {
        let mut sorted: Vec<T> = self.0.iter().map(of).collect();
        sorted.sort_unstable();
        let at = |index: usize| *sorted.get(index).expect("whatever is shown was run");
        Spread { median: at(sorted.len() / 2), lowest: at(0), highest: at(sorted.len() - 1) }
    }
}
