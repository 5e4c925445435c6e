//! Reads the events of a run as they come, and looks at each: its form, its order.

use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher as _;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

use serde_json::Value;

use crate::support::grammar::Grammar;
use crate::support::watching::problems_of_event;

/// What was told of a phone or a server, as far as it matters here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Told {
    Added {
        server: String,
        transport: u64,
        phone: u64,
    },
    /// `unknown` with its reason behind a colon.
    Verdict {
        server: String,
        transport: u64,
        verdict: String,
    },
    Removed {
        server: String,
        transport: u64,
    },
    Lost {
        server: String,
    },
    Back {
        server: String,
    },
}

/// What stands in the lines, and in the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Digest {
    pub(crate) lines: u64,
    hash: u64,
}

/// Reads until the end, in a thread of its own.
pub(crate) struct Reader {
    pub(crate) told: Receiver<Result<Told, String>>,
    thread: JoinHandle<(Digest, Grammar)>,
}

impl Reader {
    pub(crate) fn start(stdout: impl Read + Send + 'static) -> Self {
        let (tell, told) = mpsc::channel();
        let thread = thread::spawn(move || {
            let mut grammar = Grammar::default();
            let digest = each_line(BufReader::new(stdout), |line| {
                let told = read(line, &mut grammar).transpose();
                // Whoever listens has given up; what is written must still be read.
                if let Some(told) = told {
                    let _ = tell.send(told);
                }
            });
            (digest, grammar)
        });
        Self { told, thread }
    }

    /// What was read when there is no more.
    pub(crate) fn end(self) -> (Digest, Grammar) {
        self.thread.join().unwrap()
    }
}

/// The digest of a file of lines.
pub(crate) fn digest_of(file: &Path) -> Digest {
    each_line(BufReader::new(std::fs::File::open(file).unwrap()), |_| {})
}

fn each_line(mut lines: impl BufRead, mut take: impl FnMut(&[u8])) -> Digest {
    let mut hasher = DefaultHasher::new();
    let mut count = 0;
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line).unwrap() > 0 {
        hasher.write(&line);
        count += 1;
        take(&line);
        line.clear();
    }
    Digest { lines: count, hash: hasher.finish() }
}

fn read(line: &[u8], grammar: &mut Grammar) -> Result<Option<Told>, String> {
    let event: Value = serde_json::from_slice(line)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(line)))?;
    let problems = problems_of_event(&event);
    if !problems.is_empty() {
        return Err(format!("{problems:?}: {event}"));
    }
    grammar.take(&event)?;
    Ok(told(&event))
}

fn told(event: &Value) -> Option<Told> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let device = &event["device"];
    let connection = event.get("connection").unwrap_or(&device["connection"]);
    let server = text(event.get("server").unwrap_or(&connection["server"]));
    let transport = connection["transport_id"].as_u64().unwrap_or_default();
    Some(match event["event"].as_str()? {
        "phone_added" => {
            Told::Added { server, transport, phone: event["phone"].as_u64().unwrap_or_default() }
        }
        "verdict" => {
            let mut verdict = text(&device["verdict"]);
            if let Some(reason) = device["reason"].as_str() {
                verdict = format!("{verdict}:{reason}");
            }
            Told::Verdict { server, transport, verdict }
        }
        "phone_removed" => Told::Removed { server, transport },
        "server_lost" => Told::Lost { server },
        "server_back" => Told::Back { server },
        _ => return None,
    })
}
