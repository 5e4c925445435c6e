//! Phones that come, change and leave by a script, again and again: for `watch --demo`. The script is
//! `fixtures/film.toml`, described in docs/simulator.md. Nothing is asked of the phones here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

use super::file::TypedPhone;
use super::options::ServerOptions;
use super::phone::Phone;
use super::{Bench, Controls};

/// What stands for the round's number in a serial.
const ROUND: &str = "{round}";

/// A script of simulated phones that are plugged in, change and are unplugged.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Film")]
#[must_use]
pub struct Scenario {
    /// In the order of time; the last ones leave nothing plugged in.
    scenes: Vec<Event>,
    round: Duration,
}

/// One thing that happens.
#[derive(Debug, Clone)]
struct Event {
    /// Since the round began.
    at: Duration,
    /// The phone's serial, in which `{round}` stands for the round's number.
    serial: String,
    action: Action,
}

#[derive(Debug, Clone)]
enum Action {
    Plug(Box<Phone>),
    State(String),
    Replace(Box<Phone>),
    Unplug,
}

impl Scenario {
    /// A bench to play the film on: without phones. It may run for days, and remembers nothing.
    pub fn bench(&self) -> Bench {
        Bench::new().server(ServerOptions { record_requests: false, ..ServerOptions::default() })
    }

    /// How long a round takes, with the pause after it.
    #[must_use]
    pub fn round(&self) -> Duration {
        self.round
    }

    /// Plays the film on a running bench, again and again: it never ends. Dropping the future stops
    /// it and leaves the phones as they are then. Needs a tokio runtime with time.
    pub async fn play(&self, controls: Controls) {
        for round in 1.. {
            let begun = Instant::now();
            for scene in &self.scenes {
                sleep_until(begun + scene.at).await;
                scene.act(round, &controls);
            }
            sleep_until(begun + self.round).await;
        }
    }
}

impl Event {
    /// A phone that somebody else has unplugged meanwhile is passed over.
    fn act(&self, round: u64, controls: &Controls) {
        let serial = self.serial.replace(ROUND, &format!("{round:02}"));
        match &self.action {
            Action::Plug(phone) => {
                let mut phone = Phone::clone(phone);
                phone.serial = serial.into_bytes();
                controls.plug(phone);
            }
            Action::State(state) => {
                controls.set_state(serial, state);
            }
            Action::Replace(phone) => {
                controls.replace(serial, Phone::clone(phone));
            }
            Action::Unplug => {
                controls.unplug(serial);
            }
        }
    }
}

/// The film as it is written down.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Film {
    /// When whatever is still plugged in is unplugged.
    ends_ms: u64,
    pause_ms: u64,
    parts: Vec<Part>,
}

/// What happens to one phone.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    at_ms: u64,
    leaves_ms: Option<u64>,
    phone: TypedPhone,
    #[serde(default)]
    cues: Vec<Cue>,
}

#[derive(Debug, Deserialize)]
struct Cue {
    at_ms: u64,
    #[serde(flatten)]
    change: Change,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    State(String),
    Version(String),
    Properties(BTreeMap<String, String>),
}

impl From<Film> for Scenario {
    fn from(film: Film) -> Self {
        let mut scenes = Vec::new();
        for Part { at_ms, leaves_ms, phone, cues } in film.parts {
            let mut phone = Phone::from(phone);
            let serial = String::from_utf8_lossy(&phone.serial).into_owned();
            let mut happens = |at_ms, action| {
                let at = Duration::from_millis(at_ms);
                scenes.push(Event { at, serial: serial.clone(), action });
            };
            happens(at_ms, Action::Plug(Box::new(phone.clone())));
            for Cue { at_ms, change } in cues {
                phone = match change {
                    Change::State(state) => {
                        happens(at_ms, Action::State(state));
                        continue;
                    }
                    Change::Version(version) => phone.version(version),
                    Change::Properties(all) => all
                        .into_iter()
                        .fold(phone, |phone, (key, value)| phone.property(key, value)),
                };
                happens(at_ms, Action::Replace(Box::new(phone.clone())));
            }
            happens(leaves_ms.unwrap_or(film.ends_ms), Action::Unplug);
        }
        // Stable: what happens at one time happens in the order of the text.
        scenes.sort_by_key(|scene| scene.at);
        Self { scenes, round: Duration::from_millis(film.ends_ms + film.pause_ms) }
    }
}

#[cfg(test)]
mod tests;
