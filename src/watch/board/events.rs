//! What a board tells of what happens: the events of `micheck watch`, one object a line.

use serde::Serialize;

use super::Rules;
use super::ids::{CheckKind, Timestamp};
use super::phone::{BoardPhone, CurrentResult};
use crate::report::serial::Redaction;
use crate::report::{
    AdvisoriesUsed, Before, Connection, DeviceReport, Gone, SCHEMA_VERSION, Tool, UpdaterRequest,
};

/// One event.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum WatchEvent {
    /// A phone was plugged in.
    PhoneAdded(PhoneLine),
    /// It can be asked now, or can't any more.
    StateChanged(StateLine),
    /// It is being asked, because it was plugged in or somebody wants it; one `verdict` follows.
    CheckStarted(CheckLine),
    /// What came of it; also without a `check_started`, when asking it again has shown a change.
    Verdict(Box<VerdictLine>),
    /// It was asked to show a screen that leads to an update, because somebody wants it; the `verdict` of
    /// the same check follows.
    UpdaterRequested(RequestLine),
    /// It was unplugged.
    PhoneRemoved(PhoneLine),
    /// An adb server can't be reached.
    ServerLost(ServerLine),
    /// It can be reached again.
    ServerBack(ServerLine),
    /// Events before this one weren't written, because nobody took them.
    LinesLost(LinesLostLine),
}

impl WatchEvent {
    /// The state of a phone that can be asked.
    pub const READY: &'static str = "ready";
    /// The state of a phone that isn't there.
    pub const UNPLUGGED: &'static str = "unplugged";

    /// Shows serial numbers so.
    pub fn show_serials(&mut self, serials: &Redaction) {
        match self {
            Self::PhoneAdded(line) | Self::PhoneRemoved(line) => {
                serials.apply(&mut line.phone.connection, None);
            }
            Self::StateChanged(line) => serials.apply(&mut line.phone.connection, None),
            Self::CheckStarted(line) => serials.apply(&mut line.phone.connection, None),
            Self::UpdaterRequested(line) => {
                serials.apply(&mut line.phone.connection, &mut line.request.said);
            }
            Self::Verdict(line) => serials.apply_to(&mut line.device),
            Self::ServerLost(_) | Self::ServerBack(_) | Self::LinesLost(_) => {}
        }
    }

    /// The verdict, if it is one.
    #[must_use]
    pub fn verdict(&self) -> Option<&VerdictLine> {
        match self {
            Self::Verdict(line) => Some(line),
            _ => None,
        }
    }
}

/// What every event says.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct EventHead {
    /// When, RFC 3339 with offset.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// What tells this run from all others.
    pub run: String,
    /// Whether its phones are simulated.
    pub simulated: bool,
}

/// What every event of a phone says.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct PhoneHead {
    #[serde(flatten)]
    pub head: EventHead,
    /// The phone's number in this run, from 1; the same whenever it is plugged in again.
    #[serde(rename = "phone")]
    pub number: u32,
    /// How many times it has been plugged in, this time included.
    pub visit: u32,
    /// How it is, or was, reached.
    pub connection: Connection,
}

/// A phone that came or went.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct PhoneLine {
    #[serde(flatten)]
    pub phone: PhoneHead,
    /// Its model, as far as it is known.
    pub model: Option<String>,
    /// `ready`, or the reason for which it can't be asked.
    pub state: &'static str,
    /// Why it went; none for one that came.
    pub gone: Option<Gone>,
}

/// A phone whose state changed.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct StateLine {
    #[serde(flatten)]
    pub phone: PhoneHead,
    /// The state before: `ready`, or the reason for which it couldn't be asked.
    pub from: &'static str,
    /// The state now.
    pub to: &'static str,
}

/// A check that began.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct CheckLine {
    #[serde(flatten)]
    pub phone: PhoneHead,
    /// The check's number in this run.
    pub check: u64,
}

/// A screen that a phone was asked to show.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct RequestLine {
    #[serde(flatten)]
    pub phone: PhoneHead,
    #[serde(flatten)]
    pub request: UpdaterRequest,
}

/// What came of a check.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct VerdictLine {
    /// Version of this format; raised when a field changes its meaning or goes away.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA_VERSION)))]
    pub schema_version: u32,
    /// What made it.
    pub tool: Tool,
    /// Which advisories it judged by.
    pub advisories: AdvisoriesUsed,
    #[serde(flatten)]
    pub head: EventHead,
    /// The phone's number in this run.
    pub phone: u32,
    /// How many times it has been plugged in.
    pub visit: u32,
    /// The check's number in this run.
    pub check: u64,
    /// Whether it was asked without anybody's wish, to see whether something has changed.
    pub recheck: bool,
    /// Whether it is the first verdict since the phone was plugged in.
    pub first: bool,
    /// Whether the phone was at risk before, and no longer is.
    pub fixed: bool,
    /// What was found before, also before it was plugged in again; none for a new phone.
    pub before: Option<Before>,
    /// The phone, as in a report.
    pub device: DeviceReport,
}

/// An adb server that went or came back.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct ServerLine {
    #[serde(flatten)]
    pub head: EventHead,
    /// Its address, `HOST:PORT`.
    pub server: String,
    /// What the system says; none when it is back.
    pub detail: Option<String>,
}

/// Events that weren't written.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct LinesLostLine {
    #[serde(flatten)]
    pub head: EventHead,
    /// How many.
    pub lines: usize,
}

impl EventHead {
    #[must_use]
    pub fn new(rules: &Rules, at: String) -> Self {
        Self { at, run: rules.run.clone(), simulated: rules.simulated }
    }
}

impl PhoneHead {
    pub(super) fn new(rules: &Rules, now: &Timestamp, phone: &BoardPhone) -> Self {
        Self {
            head: EventHead::new(rules, now.stamp.clone()),
            number: phone.id.0,
            visit: phone.visit,
            connection: phone.connection.clone(),
        }
    }
}

impl PhoneLine {
    pub(super) fn new(
        rules: &Rules,
        now: &Timestamp,
        phone: &BoardPhone,
        gone: Option<Gone>,
    ) -> Self {
        let (model, state) = (phone.model.clone(), phone.state());
        Self { phone: PhoneHead::new(rules, now, phone), model, state, gone }
    }
}

impl VerdictLine {
    /// The verdict of a check of this kind, after which the phone is `fixed` or isn't.
    pub(super) fn new(
        rules: &Rules,
        phone: &BoardPhone,
        check: &CheckLine,
        kind: CheckKind,
        fixed: bool,
        device: DeviceReport,
    ) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::default(),
            advisories: rules.advisories.clone(),
            head: check.phone.head.clone(),
            phone: check.phone.number,
            visit: check.phone.visit,
            check: check.check,
            recheck: kind == CheckKind::Again,
            first: phone.held.is_none(),
            fixed,
            before: phone.held.as_ref().or(phone.earlier.as_ref()).map(CurrentResult::as_before),
            device,
        }
    }
}
