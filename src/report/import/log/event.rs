//! The lines of a log, as far as they say what became of phones.

use crate::report::{AdvisoriesUsed, Before, Connection, DeviceReport, Gone, Tool};
use serde::Deserialize;

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

/// Events that nobody took.
#[derive(Deserialize)]
pub(super) struct Lost {
    pub(super) run: String,
    pub(super) lines: usize,
}

/// A phone that came, went, or whose state changed.
#[derive(Deserialize)]
pub(super) struct Seen {
    pub(super) at: String,
    #[serde(default)]
    pub(super) run: Option<String>,
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
    pub(super) phone: u32,
    pub(super) before: Option<Before>,
    pub(super) device: DeviceReport,
}

impl Judged {
    /// Where the phone was, which is all that a verdict says of its coming.
    pub(super) fn seen(&self) -> Seen {
        Seen {
            at: self.at.clone(),
            run: self.run.clone(),
            phone: self.phone,
            visit: 1,
            connection: self.device.connection.clone(),
            model: None,
            state: String::new(),
            gone: None,
        }
    }
}
