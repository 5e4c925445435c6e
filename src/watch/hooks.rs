//! Runs a command of a person's on each verdict, never through a shell.

use std::collections::{HashMap, VecDeque};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command as Process};
use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, timeout, timeout_at};

use crate::watch::board::VerdictLine;

/// How many run at a time.
const AT_A_TIME: usize = 4;

/// How long each may run.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How much of what it complains about is kept, bytes.
const MAX_COMPLAINT: usize = 4 << 10;

/// The longest value in its environment, characters.
const MAX_VALUE: usize = 200;

/// How many runs may wait for their turn.
const MAX_WAITING: usize = 1000;

/// How long after its end what a program has complained about is still read.
const LAST_WORDS: Duration = Duration::from_millis(200);

/// Said of a run for which the end came too soon.
const NO_TIME: &str = "there was no time left for it";

/// A program with its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookCommand {
    /// The program: a path, or a name that the system finds.
    pub program: String,
    /// What it gets besides the verdict.
    pub args: Vec<String>,
}

#[derive(Debug)]
pub(super) struct HookFailure {
    pub(super) serial: String,
    pub(super) how: String,
}

/// One run that is due.
#[derive(Debug)]
struct Job {
    serial: String,
    environment: Vec<(&'static str, String)>,
    input: String,
}

/// All runs of the command.
#[derive(Debug)]
pub(super) struct HookRunner {
    command: Option<HookCommand>,
    queue: VecDeque<Job>,
    running: JoinSet<Option<HookFailure>>,
    /// Whose verdicts they are about.
    serials: HashMap<Id, String>,
    /// Runs that there was no room for.
    left_out: Vec<HookFailure>,
}

impl HookRunner {
    pub(super) fn new(command: Option<HookCommand>) -> Self {
        Self {
            command,
            queue: VecDeque::new(),
            running: JoinSet::new(),
            serials: HashMap::new(),
            left_out: Vec::new(),
        }
    }

    /// Runs the command on this verdict, as soon as there is a place; `input` is the event.
    pub(super) fn run(&mut self, verdict: &VerdictLine, input: impl FnOnce() -> String) {
        if self.command.is_none() {
            return;
        }
        let serial = verdict.device.connection.serial.clone().unwrap_or_default();
        if self.queue.len() >= MAX_WAITING {
            let how = format!("{MAX_WAITING} runs are already waiting: this one was left out");
            self.left_out.push(HookFailure { serial, how });
            return;
        }
        self.queue.push_back(Job { serial, environment: environment(verdict), input: input() });
        self.start();
    }

    fn start(&mut self) {
        while self.running.len() < AT_A_TIME
            && let (Some(command), Some(job)) = (&self.command, self.queue.pop_front())
        {
            let mut process = Process::new(&command.program);
            process.args(&command.args);
            let serial = job.serial.clone();
            let id = self.running.spawn(run(process, job)).id();
            self.serials.insert(id, serial);
        }
    }

    /// The next failure. Nothing is lost when this is dropped.
    pub(super) async fn next(&mut self) -> HookFailure {
        loop {
            if let Some(failure) = self.left_out.pop() {
                return failure;
            }
            let Some(joined) = self.running.join_next_with_id().await else {
                return std::future::pending().await;
            };
            let failure = self.ended(joined);
            self.start();
            if let Some(failure) = failure {
                return failure;
            }
        }
    }

    /// Waits for what still runs, but no longer than `time`; what doesn't end is ended.
    pub(super) async fn finish(&mut self, time: Duration) -> Vec<HookFailure> {
        let deadline = Instant::now() + time;
        let mut failures = std::mem::take(&mut self.left_out);
        while !self.running.is_empty() {
            match timeout_at(deadline, self.running.join_next_with_id()).await {
                Ok(Some(joined)) => {
                    failures.extend(self.ended(joined));
                    self.start();
                }
                Ok(None) => {}
                Err(_) => {
                    self.running.abort_all();
                    let left = self
                        .queue
                        .drain(..)
                        .map(|job| HookFailure { serial: job.serial, how: NO_TIME.to_owned() });
                    failures.extend(left);
                }
            }
        }
        failures
    }

    /// What is to be said of a run that has come to its end, or was brought to it.
    fn ended(
        &mut self,
        joined: Result<(Id, Option<HookFailure>), tokio::task::JoinError>,
    ) -> Option<HookFailure> {
        let id = joined.as_ref().map_or_else(tokio::task::JoinError::id, |(id, _)| *id);
        let serial = self.serials.remove(&id).unwrap_or_default();
        match joined {
            Ok((_, failure)) => failure,
            Err(_) => Some(HookFailure { serial, how: NO_TIME.to_owned() }),
        }
    }
}

/// What the command finds in its environment. What a phone says of itself is made harmless there;
/// as it is, it stands in the input.
fn environment(verdict: &VerdictLine) -> Vec<(&'static str, String)> {
    let device = &verdict.device;
    let decisive = device.decisive_finding();
    let text = |value: Option<&str>| sanitize_env_value(value.unwrap_or_default());
    vec![
        ("MICHECK_VERDICT", device.verdict.key().to_owned()),
        ("MICHECK_REASON", device.reason.map_or(String::new(), |reason| reason.key().to_owned())),
        ("MICHECK_SERIAL", text(device.connection.serial.as_deref())),
        ("MICHECK_PATH", text(device.connection.path.as_deref())),
        ("MICHECK_SERVER", text(device.connection.server.as_deref())),
        ("MICHECK_NAME", text(device.device.name())),
        ("MICHECK_MODEL", text(device.device.model.as_deref())),
        ("MICHECK_ANDROID", text(device.device.android.as_deref())),
        ("MICHECK_SYSTEM", text(device.device.system.as_deref())),
        ("MICHECK_VERSION", text(decisive.and_then(|finding| finding.version.as_deref()))),
        (
            "MICHECK_VERSION_BEFORE",
            text(verdict.before.as_ref().and_then(|before| before.version.as_deref())),
        ),
        (
            "MICHECK_VERDICT_BEFORE",
            verdict.before.as_ref().map_or(String::new(), |before| before.verdict.key().to_owned()),
        ),
        ("MICHECK_PHONE", verdict.phone.to_string()),
        ("MICHECK_FIRST", verdict.first.to_string()),
        ("MICHECK_FIXED", verdict.fixed.to_string()),
        ("MICHECK_SIMULATED", verdict.head.simulated.to_string()),
        ("MICHECK_AT", verdict.head.at.clone()),
    ]
}

/// A stranger's text for a script that may be careless with it: letters, digits and a few signs
/// that mean nothing to any shell; `_` for every other.
fn sanitize_env_value(text: &str) -> String {
    let is_harmless = |sign: char| {
        sign.is_alphanumeric() || matches!(sign, ' ' | '.' | '_' | ':' | '+' | '-' | '/' | ',')
    };
    text.chars().take(MAX_VALUE).map(|sign| if is_harmless(sign) { sign } else { '_' }).collect()
}

async fn run(mut process: Process, job: Job) -> Option<HookFailure> {
    let Job { serial, environment, input } = job;
    let fails = |how: String| Some(HookFailure { serial: serial.clone(), how });
    process
        .envs(environment)
        .stdin(Stdio::piped())
        // It must not get between the events, or onto the board.
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    own_group(&mut process);
    let mut child = match process.spawn() {
        Ok(child) => child,
        Err(error) => return fails(format!("it can't be started: {error}")),
    };
    let group = Group::of(&child);
    let ended = timeout(TIMEOUT, talk(&mut child, input)).await;
    match ended {
        Ok(Ok((status, _))) if status.success() => {
            group.spare();
            None
        }
        Ok(Ok((status, complaint))) => {
            group.spare();
            let last = complaint.lines().rev().find(|line| !line.trim().is_empty());
            fails(match last {
                Some(line) => format!("{status}: {}", line.trim()),
                None => status.to_string(),
            })
        }
        Ok(Err(error)) => fails(error.to_string()),
        // Dropping the group ends what it has started, too.
        Err(_) => fails(format!("it took more than {} s and was ended", TIMEOUT.as_secs())),
    }
}

/// Gives the program its input, and waits for its end and what it complains about.
async fn talk(
    child: &mut Child,
    input: String,
) -> std::io::Result<(std::process::ExitStatus, String)> {
    let mut stdin = child.stdin.take().expect("it is piped");
    let mut stderr = child.stderr.take().expect("it is piped");
    let give = async move {
        // A program need not read it.
        let _ = stdin.write_all(input.as_bytes()).await;
        let _ = stdin.shutdown().await;
    };
    let mut complaint = Vec::new();
    let listen = async {
        let mut piece = [0; 1024];
        loop {
            match stderr.read(&mut piece).await {
                Ok(0) | Err(_) => return,
                Ok(read) => {
                    complaint.extend_from_slice(&piece[..read]);
                    let too_many = complaint.len().saturating_sub(MAX_COMPLAINT);
                    complaint.drain(..too_many);
                }
            }
        }
    };
    let status = {
        let talk = async { tokio::join!(give, listen) };
        tokio::pin!(talk);
        tokio::select! {
            status = child.wait() => {
                // What it leaves running may keep its error stream: its own end counts.
                let _ = timeout(LAST_WORDS, talk).await;
                status?
            }
            _ = &mut talk => child.wait().await?,
        }
    };
    Ok((status, micheck_core::escape::decode(&complaint)))
}

/// What a program has started ends with it.
struct Group {
    #[cfg(unix)]
    leader: Option<rustix::process::Pid>,
    /// Ends its processes when it is dropped.
    #[cfg(windows)]
    job: Option<micheck_platform::windows::Job>,
}

/// Puts the program at the head of a group, so that what it starts can be ended with it.
#[cfg(unix)]
fn own_group(process: &mut Process) {
    process.process_group(0);
}

/// Windows: it is put into a group once it runs.
#[cfg(windows)]
fn own_group(_: &mut Process) {}

#[cfg(unix)]
impl Group {
    fn of(child: &Child) -> Self {
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        Self { leader: id.and_then(rustix::process::Pid::from_raw) }
    }

    /// It has ended by itself; what it left running, it meant to.
    fn spare(mut self) {
        self.leader = None;
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(leader) = self.leader {
            // It may have ended just now.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

#[cfg(windows)]
impl Group {
    fn of(child: &Child) -> Self {
        let job = micheck_platform::windows::Job::new()
            .ok()
            .filter(|job| job.ends_when_dropped(true).is_ok());
        let added = |job: &micheck_platform::windows::Job| {
            child.raw_handle().is_some_and(|process| job.add(process).is_ok())
        };
        Self { job: job.filter(added) }
    }

    /// It has ended by itself; what it left running, it meant to.
    fn spare(self) {
        if let Some(job) = &self.job {
            let _ = job.ends_when_dropped(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phones_words_mean_nothing_to_a_shell() {
        assert_eq!(sanitize_env_value("Redmi Note 13 (5G)"), "Redmi Note 13 _5G_");
        assert_eq!(
            sanitize_env_value("$(reboot)`x`;|&<>\"'%PATH%\n\0\u{202e}"),
            "__reboot__x_________PATH____"
        );
        assert_eq!(sanitize_env_value("रेडमी 13"), "रेडमी 13");
        assert_eq!(sanitize_env_value(&"x".repeat(900)).len(), MAX_VALUE);
    }
}
