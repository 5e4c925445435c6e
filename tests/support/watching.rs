//! A run of `micheck watch --format jsonl`, followed event by event.

use std::io::{BufRead as _, BufReader};
use std::process::Child;
use std::sync::LazyLock;
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use jsonschema::Validator;
use serde_json::Value;

use super::{HANGS_AFTER, Micheck, Pieces, problems, validator};

/// A run that goes on; ended when it is dropped.
pub(crate) struct Watching {
    child: Child,
    lines: Receiver<String>,
    /// Every event so far.
    pub(crate) events: Vec<Value>,
    stderr: std::thread::JoinHandle<String>,
    pieces: Pieces,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) code: Option<i32>,
    pub(crate) stderr: String,
}

/// What `docs/watch-line.schema.json` has against an event.
pub(crate) fn problems_of_event(event: &Value) -> Vec<String> {
    static EVENT: LazyLock<Validator> =
        LazyLock::new(|| validator(include_str!("../../docs/watch-line.schema.json")));
    problems(&EVENT, event)
}

impl Watching {
    pub(crate) fn start(run: Micheck) -> Self {
        let (mut child, pieces) = run.args(["--format", "jsonl", "--serials", "full"]).spawn();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (tell, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout.lines() {
                if tell.send(line.unwrap()).is_err() {
                    return;
                }
            }
        });
        let mut stderr = child.stderr.take().unwrap();
        let stderr = std::thread::spawn(move || {
            let mut text = String::new();
            std::io::Read::read_to_string(&mut stderr, &mut text).unwrap();
            text
        });
        Self { child, lines, events: Vec::new(), stderr, pieces }
    }

    /// The next event; `None`: there are no more.
    pub(crate) fn next(&mut self) -> Option<Value> {
        match self.lines.recv_timeout(HANGS_AFTER) {
            Ok(line) => {
                let event: Value = serde_json::from_str(&line).unwrap();
                assert_eq!(problems_of_event(&event), Vec::<String>::new(), "{line}");
                self.events.push(event.clone());
                Some(event)
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => None,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                panic!("no event came; so far: {:#?}", self.words())
            }
        }
    }

    /// Waits for the next event of this kind.
    pub(crate) fn wait_for(&mut self, kind: &str) -> Value {
        loop {
            match self.next() {
                Some(event) if event["event"] == kind => return event,
                Some(_) => {}
                None => panic!("it ended without {kind}; before: {:#?}", self.words()),
            }
        }
    }

    /// The events so far, in words.
    pub(crate) fn words(&self) -> Vec<String> {
        self.events.iter().map(event_in_words).collect()
    }

    /// Sends a signal.
    #[cfg(unix)]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.child.id().to_string();
        let sent = std::process::Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Ends it as Ctrl-C does, and gives every event.
    #[cfg(unix)]
    pub(crate) fn interrupt(self) -> (Vec<Value>, End) {
        self.signal("INT");
        self.wait()
    }

    /// Waits for its end, and gives every event.
    pub(crate) fn wait(mut self) -> (Vec<Value>, End) {
        while self.next().is_some() {}
        let started = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < HANGS_AFTER, "it doesn't end");
            std::thread::sleep(Duration::from_millis(2));
        };
        let stderr = std::mem::replace(&mut self.stderr, std::thread::spawn(String::new));
        let stderr = self.pieces.named(&stderr.join().unwrap());
        (std::mem::take(&mut self.events), End { code: status.code(), stderr })
    }
}

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An event in a few words.
pub(crate) fn event_in_words(event: &Value) -> String {
    let text = |key: &str| event[key].as_str().unwrap_or_default().to_owned();
    let (kind, phone) = (text("event"), &event["phone"]);
    match kind.as_str() {
        "phone_added" => format!("{kind} {phone} {}", text("state")),
        "state_changed" => format!("{kind} {phone} {} -> {}", text("from"), text("to")),
        "verdict" => {
            format!("{kind} {phone} {}", event["device"]["verdict"].as_str().unwrap_or_default())
        }
        "phone_removed" => format!("{kind} {phone} {}", text("gone")),
        "server_lost" | "server_back" => kind,
        _ => format!("{kind} {phone}"),
    }
}
