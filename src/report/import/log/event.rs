//! The lines of a log, as far as they say what became of phones.

use super::super::{FileFault, event_of};
use crate::report::{AdvisoriesUsed, Before, Connection, DeviceReport, Gone, Tool};
use serde::Deserialize;

/// A line, as far as it matters.
pub(super) enum LogLine {
    PhoneAdded(Seen),
    StateChanged(Seen),
    Verdict(Box<Judged>),
    PhoneRemoved(Seen),
    /// A check that began, a screen that a phone was asked to show, a server that went or came back.
    Other(LineHead),
    /// Events that nobody took.
    LinesLost(Lost),
}

impl LogLine {
    /// The event of a line; `None`: it was broken off, by a bench that was killed, or whose disk was
    /// full.
    pub(super) fn unless_broken_off(at: usize, line: &[u8]) -> Result<Option<Self>, FileFault> {
        match Self::read(line) {
            Err(error) if error.is_eof() => Ok(None),
            Err(error) => Err(FileFault::not_a_report(Some(at), &error)),
            Ok(Some(event)) => Ok(Some(event)),
            Ok(None) => {
                let reason = "no event of a bench".to_owned();
                Err(FileFault::NotAReport { line: Some(at), reason })
            }
        }
    }

    /// Reads a line; `None`: an event that no log has.
    fn read(line: &[u8]) -> Result<Option<Self>, serde_json::Error> {
        let read = match event_of(line)?.as_str() {
            "phone_added" => Self::PhoneAdded(serde_json::from_slice(line)?),
            "state_changed" => Self::StateChanged(serde_json::from_slice(line)?),
            "verdict" => Self::Verdict(serde_json::from_slice(line)?),
            "phone_removed" => Self::PhoneRemoved(serde_json::from_slice(line)?),
            "check_started" | "updater_requested" | "server_lost" | "server_back" => {
                Self::Other(serde_json::from_slice(line)?)
            }
            "lines_lost" => Self::LinesLost(serde_json::from_slice(line)?),
            _ => return Ok(None),
        };
        Ok(Some(read))
    }
}

/// Whether a log has events of this name that begin or tell something of a phone.
pub(in crate::report::import) fn is_event(event: &str) -> bool {
    matches!(
        event,
        "phone_added"
            | "state_changed"
            | "check_started"
            | "updater_requested"
            | "verdict"
            | "phone_removed"
    )
}

/// Any line at all.
#[derive(Deserialize)]
pub(super) struct LineHead {
    pub(super) at: String,
    pub(super) simulated: bool,
}

#[derive(Deserialize)]
pub(super) struct Lost {
    pub(super) at: String,
    pub(super) run: String,
    pub(super) simulated: bool,
    pub(super) lines: usize,
}

/// A phone that came, went, or whose state changed.
#[derive(Deserialize)]
pub(super) struct Seen {
    pub(super) at: String,
    #[serde(default)]
    pub(super) run: Option<String>,
    pub(super) simulated: bool,
    pub(super) phone: u32,
    pub(super) visit: u32,
    pub(super) connection: Connection,
    pub(super) model: Option<String>,
    #[serde(alias = "to")]
    pub(super) state: String,
    pub(super) gone: Option<Gone>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Judged {
    pub(super) schema_version: u32,
    pub(super) tool: Tool,
    pub(super) advisories: AdvisoriesUsed,
    pub(super) at: String,
    #[serde(default)]
    pub(super) run: Option<String>,
    pub(super) simulated: bool,
    pub(super) phone: u32,
    pub(super) before: Option<Before>,
    pub(super) device: DeviceReport,
}

impl LogLine {
    /// When, and whether its phones are simulated.
    pub(super) fn moment(&self) -> (&str, bool) {
        match self {
            Self::PhoneAdded(seen) | Self::StateChanged(seen) | Self::PhoneRemoved(seen) => {
                (&seen.at, seen.simulated)
            }
            Self::Verdict(judged) => (&judged.at, judged.simulated),
            Self::LinesLost(lost) => (&lost.at, lost.simulated),
            Self::Other(moment) => (&moment.at, moment.simulated),
        }
    }
}
