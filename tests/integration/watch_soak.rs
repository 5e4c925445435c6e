//! A long day at the bench: `micheck watch` while thousands of phones come and go, are replugged,
//! break and lie, and an adb server dies again and again. `tests/soak` runs it; docs/testbed.md says
//! what must hold.
//!
//! Linux only, because what a process takes is read from `/proc`.

mod cast;
mod door;
mod order;
mod place;
mod process;
mod random;
mod reader;
mod traffic;

use std::io::{Read as _, Write as _};
use std::process::{Child, Command};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use crate::support::{Micheck, Pieces};
use process::{Process, Sample, mib};
use random::Random;
use reader::{Reader, digest_of};
use traffic::{HANGS_AFTER, Traffic};

/// How often a phone is plugged in, while the memory fills and afterwards.
const PACES: [Duration; 2] = [Duration::from_millis(14), Duration::from_millis(50)];

/// So many phones have come before the memory counts, because micheck remembers 1,000.
const REMEMBERED: u64 = 1200;

/// How long it goes on as it will before the memory counts.
const SETTLES: Duration = Duration::from_secs(8);

/// How often nobody is there, and how often the second server is killed.
const REST_AFTER: Duration = Duration::from_secs(15);
const KILL_AFTER: Duration = Duration::from_secs(7);

/// How far the memory may go from its median after the warm-up.
const FLAT_KIB: u64 = 2048;

type Right = Result<(), String>;

#[test]
#[ignore = "it takes as long as it is told: tests/soak"]
fn nothing_grows_and_nothing_is_missed() {
    let setting = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    let seconds = setting("MICHECK_SOAK_SECONDS").unwrap_or(10);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    let seed = setting("MICHECK_SOAK_SEED").unwrap_or(now.as_secs());
    say(&format!("soak: {seconds} s, seed {seed}"));
    let folder = tempfile::tempdir().unwrap();
    let mut soak = Soak::start(folder.path(), seed, Duration::from_secs(seconds));
    let mut right = soak.run();
    if right.is_ok() {
        right = soak.end();
    } else {
        soak.child.kill().unwrap();
    }
    if let Err(wrong) = right {
        let kept = folder.keep();
        panic!("{wrong}\nseed {seed}; the log: {}", kept.join("log.jsonl").display());
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

struct Soak {
    traffic: Traffic,
    child: Child,
    process: Process,
    reader: Option<Reader>,
    stderr: Option<JoinHandle<String>>,
    log: std::path::PathBuf,
    started: Instant,
    time: Duration,
    /// What it takes when nobody is there: at first; after the warm-up.
    base: Option<Sample>,
    warm: Option<u64>,
    /// The least and the most memory since then, when nobody was there.
    at_rest: Vec<u64>,
    /// The same at any time.
    busy: Vec<u64>,
    _pieces: Pieces,
}

impl Soak {
    fn start(folder: &std::path::Path, seed: u64, time: Duration) -> Self {
        let traffic = Traffic::new(Random::new(seed));
        let log = folder.join("log.jsonl");
        let [lasting, mortal] = &traffic.places;
        let run = Micheck::new([
            "watch",
            "--serials",
            "full",
            "--format",
            "jsonl",
            "--timeout",
            "2s",
            "--recheck",
            "1s",
        ]);
        let run = run.server(lasting.address()).server(mortal.address()).arg("--log").arg(&log);
        let (mut child, pieces) = run.spawn();
        let reader = Reader::start(child.stdout.take().unwrap());
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            stderr.read_to_string(&mut text).unwrap();
            text
        });
        Self {
            traffic,
            process: Process::new(child.id()),
            child,
            reader: Some(reader),
            stderr: Some(stderr),
            log,
            started: Instant::now(),
            time,
            base: None,
            warm: None,
            at_rest: Vec::new(),
            busy: Vec::new(),
            _pieces: pieces,
        }
    }

    fn run(&mut self) -> Right {
        self.rest()?;
        let mut plug_at = Instant::now();
        let mut full_since = None;
        let mut last = [Instant::now(); 4];
        let mut is_due = |which: usize, after: Duration| {
            let due = last[which].elapsed() >= after;
            if due {
                last[which] = Instant::now();
            }
            due
        };
        while self.started.elapsed() < self.time {
            self.listen(Duration::from_millis(5))?;
            self.traffic.go_on()?;
            let is_full = self.traffic.counts.phones >= REMEMBERED;
            if is_full && full_since.is_none() {
                full_since = Some(Instant::now());
                // What answers that are too large take is the C library's from now on.
                self.traffic.plug_sick_ones();
            }
            if plug_at.elapsed() > Duration::from_secs(1) {
                // What was missed while nobody was there isn't made up for.
                plug_at = Instant::now();
            }
            while plug_at <= Instant::now() {
                self.traffic.plug_one(is_full);
                plug_at += PACES[usize::from(is_full)];
            }
            if self.traffic.is_whole() {
                let is_warm = full_since.is_some_and(|since| since.elapsed() >= SETTLES)
                    && self.started.elapsed() >= self.time / 3;
                if is_due(0, REST_AFTER) || self.warm.is_none() && is_warm {
                    let memory = self.rest()?;
                    if is_warm {
                        self.warm.get_or_insert(memory);
                        self.at_rest.push(memory);
                    }
                } else if is_due(1, KILL_AFTER) {
                    self.traffic.kill_server();
                }
            }
            if is_due(2, Duration::from_secs(1)) && self.warm.is_some() {
                self.busy.push(self.process.sample().memory_kib);
            }
            if is_due(3, Duration::from_secs(10)) {
                self.say_where_it_is();
            }
        }
        Ok(())
    }

    /// Takes what is told within this time.
    fn listen(&mut self, time: Duration) -> Right {
        let told = &self.reader.as_ref().unwrap().told;
        let until = Instant::now() + time;
        while let Ok(told) = told.recv_timeout(until.saturating_duration_since(Instant::now())) {
            self.traffic.take(told?)?;
        }
        match self.child.try_wait().unwrap() {
            Some(status) => Err(format!("it has ended: {status}")),
            None => Ok(()),
        }
    }

    /// Everybody goes. Gives the memory when nobody is there; all else must be as it was.
    fn rest(&mut self) -> Result<u64, String> {
        self.until("the second server is back", |soak| soak.traffic.is_whole())?;
        self.traffic.unplug_all();
        self.traffic.plug_last_ones();
        self.until("everything is told", |soak| soak.traffic.all_told())?;
        self.traffic.forget_unseen();
        if self.base.is_none() {
            // What it does at its start is over then.
            self.until("nothing is asked", |soak| soak.open_connections() == 2)?;
            self.base = Some(self.process.sample());
        }
        self.until("it gives back what phones took", |soak| {
            let Some(base) = soak.base else { return true };
            let now = soak.process.sample();
            soak.open_connections() == 2
                && now.descriptors <= base.descriptors
                && now.threads <= base.threads
                && now.children <= base.children
        })?;
        Ok(self.process.sample().memory_kib)
    }

    fn open_connections(&self) -> usize {
        self.traffic.places.iter().map(place::Place::open_connections).sum()
    }

    fn until(&mut self, what: &str, done: impl Fn(&Self) -> bool) -> Right {
        let started = Instant::now();
        while !done(self) {
            self.listen(Duration::from_millis(5))?;
            self.traffic.go_on()?;
            if started.elapsed() > HANGS_AFTER {
                let [now, base] = [Some(self.process.sample()), self.base];
                return Err(format!("waited in vain until {what}; {now:?}, at first {base:?}"));
            }
        }
        Ok(())
    }

    fn say_where_it_is(&self) {
        let Sample { memory_kib, descriptors, threads, .. } = self.process.sample();
        let counts = &self.traffic.counts;
        say(&format!(
            "{:5} s: {} times plugged in, {} phones now, {} verdicts, {} late, server killed {} \
             times; {}, {descriptors} descriptors, {threads} threads",
            self.started.elapsed().as_secs(),
            counts.cycles,
            self.traffic.plugged_in(),
            counts.verdicts,
            counts.late,
            counts.kills,
            mib(memory_kib),
        ));
    }

    /// Looks at the whole of it, and ends it as Ctrl-C does.
    fn end(&mut self) -> Right {
        let memory = self.rest()?;
        self.at_rest.push(memory);
        let processor = self.process.processor_time();
        let took = self.started.elapsed();
        let sample = self.process.sample();
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-s", "INT", &id]).status().unwrap().success());
        let asked = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if asked.elapsed() > HANGS_AFTER {
                return Err("it doesn't end".to_owned());
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let (digest, grammar) = self.reader.take().unwrap().end();
        let stderr = self.stderr.take().unwrap().join().unwrap();
        let least = |memory: &[u64]| memory.iter().copied().min().unwrap_or_default();
        let most = |memory: &[u64]| memory.iter().copied().max().unwrap_or_default();
        self.say_where_it_is_over(took, processor, sample);
        say(&format!(
            "memory when nobody is there: {} after the warm-up, then {} to {}; with phones {} to {}",
            self.warm.map_or("-".to_owned(), mib),
            mib(least(&self.at_rest)),
            mib(most(&self.at_rest)),
            mib(least(&self.busy)),
            mib(most(&self.busy)),
        ));
        say(&format!("{} lines; summary: {}", digest.lines, stderr_line(&stderr, " phones: ")));
        if status.code() != Some(1) {
            return Err(format!("{status}, although phones are at risk: {stderr}"));
        }
        if digest != digest_of(&self.log) {
            return Err("the log isn't what standard output got".to_owned());
        }
        let risk = grammar.last_sure("vulnerable");
        let expected = format!("{} phones: {risk} at risk, ", grammar.phones());
        if !stderr.contains(&expected) {
            return Err(format!("the summary isn't `{expected}…`: {stderr}"));
        }
        let (present, open) = (grammar.present(), grammar.open());
        if !present.is_empty() || !open.is_empty() {
            return Err(format!("left in the end: phones {present:?}, checks of {open:?}"));
        }
        let late = self.traffic.counts.late;
        if late * 100 > self.traffic.counts.verdicts {
            return Err(format!("{late} phones that were well had no answer in time"));
        }
        if self.warm.is_none() {
            return Err(format!("it was too short for {REMEMBERED} phones"));
        }
        let mut memory = [&self.at_rest[..], &self.busy].concat();
        memory.sort_unstable();
        let median = memory[memory.len() / 2];
        if memory.iter().any(|now| now.abs_diff(median) > FLAT_KIB) {
            return Err(format!("the memory isn't flat, but around {}", mib(median)));
        }
        Ok(())
    }

    fn say_where_it_is_over(&self, took: Duration, processor: Duration, sample: Sample) {
        let counts = &self.traffic.counts;
        say(&format!(
            "over: {:.1} s, {} times plugged in ({:.1} a second), {} phones, {} verdicts, {} late, \
             server killed {} times; {:.1} % of a processor, {} descriptors, {} threads when nobody \
             is there",
            took.as_secs_f64(),
            counts.cycles,
            f64::from(u32::try_from(counts.cycles).unwrap()) / took.as_secs_f64(),
            counts.phones,
            counts.verdicts,
            counts.late,
            counts.kills,
            100.0 * processor.as_secs_f64() / took.as_secs_f64(),
            sample.descriptors,
            sample.threads,
        ));
    }
}

/// The line with this in it.
fn stderr_line<'s>(stderr: &'s str, part: &str) -> &'s str {
    stderr.lines().find(|line| line.contains(part)).unwrap_or_default()
}
