//! Runs the shipped binary and looks at what it wrote: stdout, stderr and exit code.

pub(crate) mod adb_server;
pub(crate) mod generator;
pub(crate) mod grammar;
pub(crate) mod phones;
pub(crate) mod processes;
pub(crate) mod relay;
pub(crate) mod tmux;
pub(crate) mod usb_mock;
pub(crate) mod watching;

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::io::Read as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use jsonschema::Validator;
use serde_json::Value;

/// After so long a run hangs: a guard, not a measurement.
const HANGS_AFTER: Duration = Duration::from_secs(120);

/// A run of `micheck` that is being put together. Its home and working directory are
/// empty folders of its own, and its environment says nothing of adb.
pub(crate) struct Micheck {
    command: Command,
    home: tempfile::TempDir,
    servers: Vec<(String, String)>,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    /// Standard output, with addresses, times and durations replaced by names.
    pub(crate) stdout: String,
    /// Standard output as it came.
    pub(crate) raw_stdout: String,
    /// Standard error, likewise.
    pub(crate) stderr: String,
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    /// How long it took.
    pub(crate) took: Duration,
    /// The peak of its memory (Linux only).
    pub(crate) peak_memory_bytes: Option<u64>,
}

impl Micheck {
    pub(crate) fn new<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_micheck"));
        command.args(args).env_clear().env("HOME", home.path()).current_dir(home.path());
        // Where adb's key lies on Windows.
        command.env("USERPROFILE", home.path());
        // What programs on Windows can't start without.
        for name in ["PATH", "SystemRoot", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        Self { command, home, servers: Vec::new() }
    }

    /// `micheck scan --serials full --server ADDRESS`: tests tell phones by their numbers.
    pub(crate) fn scan(server: SocketAddr) -> Self {
        Self::new(["scan", "--serials", "full"]).server(server)
    }

    /// One more `--server`. The first appears as `[SERVER]` in what is written, the next as `[SERVER2]`.
    pub(crate) fn server(mut self, server: SocketAddr) -> Self {
        self.command.arg("--server").arg(server.to_string());
        self.names(server)
    }

    /// Replaces an address by `[SERVER]` in what is written.
    pub(crate) fn names(mut self, server: SocketAddr) -> Self {
        let number = self.servers.len() + 1;
        let name = if number == 1 { "[SERVER]".to_owned() } else { format!("[SERVER{number}]") };
        self.servers.push((server.to_string(), name));
        self
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<S: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = S>) -> Self {
        self.command.args(args);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Puts a file into the run's working directory.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        let path = self.home.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    /// Puts a settings file where the user's own lies on Linux.
    pub(crate) fn settings(self, text: &str) -> Self {
        self.file(".config/micheck/micheck.toml", text)
    }

    /// Has a shell run it; `script` gets the program and its arguments as `$0` and `$@`.
    pub(crate) fn within_shell(mut self, script: &str) -> Self {
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script).arg(self.command.get_program()).args(self.command.get_args());
        shell.env_clear().current_dir(self.home.path());
        let set = self.command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        shell.envs(set);
        self.command = shell;
        self
    }

    /// Has another program run it: its last arguments are the program and its own.
    pub(crate) fn within<S: AsRef<OsStr>>(
        mut self,
        program: &Path,
        args: impl IntoIterator<Item = S>,
    ) -> Self {
        let mut outer = Command::new(program);
        outer.args(args).arg(self.command.get_program()).args(self.command.get_args());
        outer.env_clear().current_dir(self.home.path());
        let set = self.command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        outer.envs(set);
        self.command = outer;
        self
    }

    /// Runs this copy of the program instead.
    pub(crate) fn program(mut self, program: &Path) -> Self {
        let mut command = Command::new(program);
        command.args(self.command.get_args()).env_clear().current_dir(self.home.path());
        let set = self.command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.envs(set);
        self.command = command;
        self
    }

    /// The run's working directory and home.
    pub(crate) fn dir(&self) -> &Path {
        self.home.path()
    }

    /// Starts it, for whoever reads what it writes.
    pub(crate) fn spawn(mut self) -> (std::process::Child, Pieces) {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.command.spawn().unwrap();
        (child, Pieces { home: self.home, servers: self.servers })
    }

    /// Starts it, for tests that interfere.
    pub(crate) fn start(self) -> Started {
        let (mut child, pieces) = self.spawn();
        let read = |mut source: Box<dyn std::io::Read + Send>| {
            std::thread::spawn(move || {
                let mut bytes = Vec::new();
                source.read_to_end(&mut bytes).unwrap();
                String::from_utf8(bytes).expect("everything that is written is UTF-8")
            })
        };
        let stdout = read(Box::new(child.stdout.take().unwrap()));
        let stderr = read(Box::new(child.stderr.take().unwrap()));
        Started { child, stdout, stderr, since: Instant::now(), pieces }
    }

    pub(crate) fn run(self) -> Run {
        self.start().wait().0
    }

    /// Runs it and gives the folder that it ran in too.
    pub(crate) fn run_in_dir(self) -> (Run, tempfile::TempDir) {
        self.start().wait()
    }
}

/// A run that goes on.
pub(crate) struct Started {
    child: std::process::Child,
    stdout: std::thread::JoinHandle<String>,
    stderr: std::thread::JoinHandle<String>,
    since: Instant,
    pieces: Pieces,
}

/// What belongs to a run besides its process.
pub(crate) struct Pieces {
    home: tempfile::TempDir,
    servers: Vec<(String, String)>,
}

impl Pieces {
    /// What was written, with addresses and folders replaced by names.
    pub(crate) fn named(&self, text: &str) -> String {
        named(text, &self.servers, self.home.path())
    }
}

impl Started {
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn dir(&self) -> &Path {
        self.pieces.home.path()
    }

    /// Ends it as the system would: it gets no say.
    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
    }

    /// Waits for its end.
    pub(crate) fn wait(mut self) -> (Run, tempfile::TempDir) {
        let mut peak_memory_bytes = None;
        let status = loop {
            peak_memory_bytes = peak_memory(self.child.id()).max(peak_memory_bytes);
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            if self.since.elapsed() > HANGS_AFTER {
                self.child.kill().unwrap();
                panic!("micheck hangs");
            }
            std::thread::sleep(Duration::from_millis(2));
        };
        let took = self.since.elapsed();
        let named = |text: String| self.pieces.named(&text);
        let raw_stdout = self.stdout.join().unwrap();
        let run = Run {
            stdout: named(raw_stdout.clone()),
            raw_stdout,
            stderr: named(self.stderr.join().unwrap()),
            code: status.code(),
            took,
            peak_memory_bytes,
        };
        (run, self.pieces.home)
    }
}

/// The most memory that a process has held (`VmHWM`); `None` while it is still this program's copy, and
/// has this program's memory.
pub(crate) fn peak_memory(pid: u32) -> Option<u64> {
    let program = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    if std::env::current_exe().is_ok_and(|this| this == program) {
        return None;
    }
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}

/// Waits until `done`.
pub(crate) fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    let started = Instant::now();
    while !done() {
        assert!(started.elapsed() < HANGS_AFTER, "waited in vain until {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Replaces what differs from run to run.
fn named(text: &str, servers: &[(String, String)], home: &Path) -> String {
    let mut text = text.replace(&home.display().to_string(), "[DIR]");
    for (address, name) in servers {
        text = text.replace(address, name);
    }
    let mut out = String::new();
    for line in text.split_inclusive('\n') {
        let value = |key: &str| line.trim_start().starts_with(&format!("\"{key}\": "));
        if value("taken_at") || value("duration_ms") || value("hash") {
            let (key, rest) = line.split_once(": ").unwrap();
            let name = key.trim().trim_matches('"').to_uppercase();
            let comma = if rest.trim_end().ends_with(',') { "," } else { "" };
            writeln!(out, "{key}: \"[{name}]\"{comma}").unwrap();
        } else if line.starts_with("{\"event\":") {
            out.push_str(&named_line(line));
        } else {
            out.push_str(line);
        }
    }
    out
}

/// The same for a line of JSON lines, where these values hold neither comma nor brace.
fn named_line(line: &str) -> String {
    let mut line = line.to_owned();
    for key in ["taken_at", "duration_ms", "hash"] {
        let opening = format!("\"{key}\":");
        if let Some(at) = line.find(&opening) {
            let start = at + opening.len();
            let end = start + line[start..].find([',', '}']).unwrap();
            line.replace_range(start..end, &format!("\"[{}]\"", key.to_uppercase()));
        }
    }
    line
}

/// A schema of docs/, read by a validator that has nothing of micheck's.
fn validator(schema: &str) -> Validator {
    let schema = serde_json::from_str(schema).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

fn problems(validator: &Validator, value: &Value) -> Vec<String> {
    let problem =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(value).map(problem).collect()
}

/// What `docs/report.schema.json` has against a JSON report; nothing, if all is well.
pub(crate) fn problems_of_report(report: &Value) -> Vec<String> {
    static REPORT: LazyLock<Validator> =
        LazyLock::new(|| validator(include_str!("../../docs/report.schema.json")));
    problems(&REPORT, report)
}

/// What `docs/report-line.schema.json` has against a line of a report.
pub(crate) fn problems_of_line(line: &Value) -> Vec<String> {
    static LINE: LazyLock<Validator> =
        LazyLock::new(|| validator(include_str!("../../docs/report-line.schema.json")));
    problems(&LINE, line)
}

/// Advisories as JSON that keep to their schema.
pub(crate) fn advisory_list(text: &str) -> Value {
    static LIST: LazyLock<Validator> =
        LazyLock::new(|| validator(include_str!("../../docs/advisories.schema.json")));
    let list = parsed(text);
    assert_eq!(problems(&LIST, &list), Vec::<String>::new(), "{text}");
    list
}

/// A check-up as JSON that keeps to its schema.
pub(crate) fn checkup(text: &str) -> Value {
    static CHECKUP: LazyLock<Validator> =
        LazyLock::new(|| validator(include_str!("../../docs/doctor.schema.json")));
    let checkup = parsed(text);
    assert_eq!(problems(&CHECKUP, &checkup), Vec::<String>::new(), "{text}");
    checkup
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

/// A JSON report that keeps to its schema.
pub(crate) fn report(text: &str) -> Value {
    let report = parsed(text);
    assert_eq!(problems_of_report(&report), Vec::<String>::new(), "{text}");
    report
}

/// The lines of a report as JSON lines, each of which keeps to its schema.
pub(crate) fn report_lines(text: &str) -> Vec<Value> {
    let lines: Vec<Value> = text.lines().map(parsed).collect();
    for line in &lines {
        assert_eq!(problems_of_line(line), Vec::<String>::new(), "{line}");
    }
    lines
}

impl Run {
    /// Standard output as JSON lines, checked against their schema.
    pub(crate) fn lines(&self) -> Vec<Value> {
        report_lines(&self.raw_stdout);
        self.stdout.lines().map(parsed).collect()
    }

    /// Standard output as JSON, checked against its schema.
    pub(crate) fn json(&self) -> Value {
        assert!(!self.raw_stdout.is_empty(), "no report: {}", self.stderr);
        // The schema knows nothing of the names that the tests put in.
        report(&self.raw_stdout);
        parsed(&self.stdout)
    }

    /// Of each phone in a JSON report: serial, verdict, reason; sorted by serial.
    pub(crate) fn verdicts(&self) -> Vec<(String, String, Option<String>)> {
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let mut verdicts: Vec<_> = self.json()["devices"]
            .as_array()
            .unwrap()
            .iter()
            .map(|device| {
                let serial = text(&device["connection"]["serial"]).unwrap_or_default();
                (serial, text(&device["verdict"]).unwrap(), text(&device["reason"]))
            })
            .collect();
        verdicts.sort();
        verdicts
    }

    /// The JSON entry of one phone.
    pub(crate) fn device(&self, serial: &str) -> Value {
        let report = self.json();
        let devices = report["devices"].as_array().unwrap();
        let found = devices.iter().find(|device| device["connection"]["serial"] == serial);
        found.unwrap_or_else(|| panic!("no {serial} in {report}")).clone()
    }

    /// One phone's verdict, and its reason behind a colon.
    pub(crate) fn verdict(&self, serial: &str) -> String {
        let device = self.device(serial);
        match device["reason"].as_str() {
            Some(reason) => format!("{}: {reason}", device["verdict"].as_str().unwrap()),
            None => device["verdict"].as_str().unwrap().to_owned(),
        }
    }
}

/// A file of the repository.
pub(crate) fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}
