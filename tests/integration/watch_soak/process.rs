//! What a process takes, as Linux counts it.

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// What it takes at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    pub(crate) memory_kib: u64,
    pub(crate) descriptors: usize,
    pub(crate) threads: u64,
    pub(crate) children: usize,
}

/// A process that runs.
pub(crate) struct Process {
    folder: PathBuf,
}

impl Process {
    pub(crate) fn new(id: u32) -> Self {
        Self { folder: PathBuf::from(format!("/proc/{id}")) }
    }

    pub(crate) fn sample(&self) -> Sample {
        let status = fs::read_to_string(self.folder.join("status")).unwrap();
        let number = |key: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            line.unwrap().split_whitespace().next().unwrap().parse().unwrap()
        };
        let tasks = fs::read_dir(self.folder.join("task")).unwrap();
        let children = tasks
            .flatten()
            // A thread may have ended meanwhile.
            .filter_map(|task| fs::read_to_string(task.path().join("children")).ok())
            .map(|children| children.split_whitespace().count())
            .sum();
        Sample {
            memory_kib: number("VmRSS:"),
            descriptors: fs::read_dir(self.folder.join("fd")).unwrap().count(),
            threads: number("Threads:"),
            children,
        }
    }

    /// The time on processors that it has taken so far.
    pub(crate) fn processor_time(&self) -> Duration {
        let stat = fs::read_to_string(self.folder.join("stat")).unwrap();
        // Behind the name, which may hold anything: fields 14 and 15, in hundredths of a second.
        let fields = stat.rsplit_once(')').unwrap().1.split_whitespace().skip(11).take(2);
        let ticks: u64 = fields.map(|field| field.parse::<u64>().unwrap()).sum();
        Duration::from_millis(ticks * 10)
    }
}

/// A size for people.
pub(crate) fn mib(kib: u64) -> String {
    format!("{}.{} MiB", kib / 1024, kib % 1024 * 10 / 1024)
}
