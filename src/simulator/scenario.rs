//! Phones that come, change and leave by a script, again and again: for `watch --demo`. The format
//! is that of `fixtures/film.toml`, its description in docs/simulator.md; the phones themselves are
//! those of `file.rs`. Nothing is asked of them here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;
use tokio::time::{Instant, sleep_until};

use super::fault::milliseconds;
use super::file::TypedPhone;
use super::options::ServerOptions;
use super::phone::Phone;
use super::{Bench, Controls, SimulatorError};

/// What stands for the round's number in a serial.
const ROUND: &str = "{round}";
/// A clock cannot be asked for any time; nobody watches a film for longer.
const LONGEST_ROUND: Duration = Duration::from_secs(24 * 60 * 60);

/// A script of simulated phones that are plugged in, change and are unplugged.
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "TypedFilm")]
#[must_use]
pub struct Scenario {
    server: ServerOptions,
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
    /// Reads a film from text in the format of `fixtures/film.toml` (docs/simulator.md).
    ///
    /// # Errors
    /// When the text is not TOML or not in this format.
    pub fn from_toml(text: &str) -> Result<Self, SimulatorError> {
        toml::from_str(text)
            .map_err(|source| SimulatorError::Description { source: Box::new(source) })
    }

    /// A bench to play the film on: without phones, with the film's server.
    pub fn bench(&self) -> Bench {
        Bench::new().server(self.server.clone())
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

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedFilm {
    #[serde(rename = "ends_ms", deserialize_with = "milliseconds")]
    ends: Duration,
    #[serde(rename = "pause_ms", deserialize_with = "milliseconds")]
    pause: Duration,
    #[serde(default)]
    server: ServerOptions,
    #[serde(default)]
    parts: Vec<Part>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedPart {
    #[serde(rename = "at_ms", deserialize_with = "milliseconds")]
    at: Duration,
    phone: TypedPhone,
    #[serde(default)]
    cues: Vec<ScheduledChange>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedCue {
    #[serde(rename = "at_ms", deserialize_with = "milliseconds")]
    at: Duration,
    state: Option<String>,
    version: Option<String>,
    properties: Option<BTreeMap<String, String>>,
    #[serde(default)]
    unplug: bool,
}

/// What happens to one phone, in the order of time.
#[derive(Debug, Deserialize)]
#[serde(try_from = "TypedPart")]
struct Part {
    serial: String,
    scenes: Vec<Event>,
}

#[derive(Debug, Deserialize)]
#[serde(try_from = "TypedCue")]
struct ScheduledChange {
    at: Duration,
    change: Change,
}

#[derive(Debug)]
enum Change {
    State(String),
    Version(String),
    Properties(BTreeMap<String, String>),
    Unplug,
}

impl TryFrom<TypedCue> for ScheduledChange {
    type Error = &'static str;

    fn try_from(typed: TypedCue) -> Result<Self, Self::Error> {
        let TypedCue { at, state, version, properties, unplug } = typed;
        let change = match (state, version, properties, unplug) {
            (Some(state), None, None, false) => Change::State(state),
            (None, Some(version), None, false) => Change::Version(version),
            (None, None, Some(properties), false) => Change::Properties(properties),
            (None, None, None, true) => Change::Unplug,
            _ => return Err("a cue has one of state, version, properties and unplug = true"),
        };
        Ok(Self { at, change })
    }
}

impl TryFrom<TypedPart> for Part {
    type Error = &'static str;

    fn try_from(typed: TypedPart) -> Result<Self, Self::Error> {
        let serial = typed.phone.serial.clone();
        // As it is after the cues so far.
        let mut phone = Phone::from(typed.phone);
        let scene = |at, action| Event { at, serial: serial.clone(), action };
        let mut scenes = vec![scene(typed.at, Action::Plug(Box::new(phone.clone())))];
        let mut last = typed.at;
        let mut plugged = true;
        for ScheduledChange { at, change } in typed.cues {
            if at < last {
                return Err("cues stand in the order of time, after their part's at_ms");
            }
            if !plugged {
                return Err("no cue stands behind unplug: a phone that comes back is a new part");
            }
            last = at;
            let action = match change {
                Change::State(state) => Action::State(state),
                Change::Version(version) => {
                    phone = phone.version(version);
                    Action::Replace(Box::new(phone.clone()))
                }
                Change::Properties(properties) => {
                    for (key, value) in properties {
                        phone = phone.property(key, value);
                    }
                    Action::Replace(Box::new(phone.clone()))
                }
                Change::Unplug => {
                    plugged = false;
                    Action::Unplug
                }
            };
            scenes.push(scene(at, action));
        }
        Ok(Self { serial, scenes })
    }
}

impl TryFrom<TypedFilm> for Scenario {
    type Error = String;

    fn try_from(typed: TypedFilm) -> Result<Self, Self::Error> {
        let TypedFilm { ends, pause, server, parts } = typed;
        let round = ends.saturating_add(pause);
        // A round of no time would never let anybody else have their turn.
        if round.is_zero() || round > LONGEST_ROUND {
            return Err("ends_ms and pause_ms make more than nothing, and a day at most".to_owned());
        }
        let mut scenes = Vec::new();
        for Part { serial, scenes: of_phone } in parts {
            if of_phone.iter().any(|scene| scene.at > ends) {
                return Err(format!("something happens to {serial} after ends_ms"));
            }
            let leaves = of_phone.iter().any(|scene| matches!(scene.action, Action::Unplug));
            scenes.extend(of_phone);
            if !leaves {
                scenes.push(Event { at: ends, serial, action: Action::Unplug });
            }
        }
        // Stable: what happens at one time happens in the order of the text.
        scenes.sort_by_key(|scene| scene.at);
        Ok(Self { server, scenes, round })
    }
}

#[cfg(test)]
mod tests;
