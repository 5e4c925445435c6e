//! What has become of a phone that is asked to show what updates it. Core: no I/O.

use crate::report::serial::end;
use crate::report::{Before, Gone, UpdaterRequest};
use crate::text::Text;
use crate::watch::board::{BoardPhone, Elapsed, PhoneId, Presence};
use core::time::Duration;
use micheck_core::am_answer::AmAnswer;
use micheck_core::escape::escape;
use micheck_core::update_route::UpdateRoute;
use micheck_core::verdict::{Reason, Verdict};

/// The most requests that are kept of a phone: it may come and go all day.
const MAX_REQUESTS: usize = 100;

/// How far a phone is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixState {
    /// It is to be asked, or is being asked.
    Requesting,
    /// It took a request: its person is waited for, and the update.
    Waiting {
        route: Option<UpdateRoute>,
        /// When it took it, RFC 3339 with offset.
        stamp: String,
    },
    /// It didn't say what became of the request: the screen may be there.
    NoAnswer,
    /// None of its screens could be requested: whoever has it updates it by hand.
    NotTaken,
    /// It is there and can't be asked, for this reason.
    Blocked(Reason),
    /// It isn't there.
    Away(Gone),
    /// It is fine; with its version, if the app is still there.
    Updated { version: Option<String> },
    /// It isn't known any more.
    Forgotten,
}

impl FixState {
    /// Whether nothing more is waited for.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::Updated { .. } | Self::Forgotten)
    }
}

/// A phone that is asked to show what updates it.
#[derive(Debug)]
pub(super) struct Planned {
    pub(super) id: PhoneId,
    /// What was found of it when the plan was made, with the number of the report that says so.
    pub(super) before: Before,
    /// What it was asked to show so far.
    pub(super) requests: Vec<UpdaterRequest>,
    /// When it last took a request, RFC 3339 with offset.
    pub(super) taken_at: Option<String>,
    /// The visit in which it was asked last.
    pub(super) asked_in: Option<u32>,
    /// Since when it is away, as far as that was seen.
    away_since: Option<Elapsed>,
    /// What was told of it last.
    pub(super) told: Option<FixState>,
    /// What was told of it last but that it went, came and is asked.
    pub(super) said: Option<FixState>,
}

impl Planned {
    pub(super) const fn new(id: PhoneId, before: Before) -> Self {
        Self {
            id,
            before,
            requests: Vec::new(),
            taken_at: None,
            asked_in: None,
            away_since: None,
            told: None,
            said: None,
        }
    }

    /// Takes what became of a request, in the visit `visit`.
    pub(super) fn take(&mut self, request: UpdaterRequest, visit: u32, stamp: &str) {
        self.asked_in = Some(visit);
        if request.answer.is_taken() {
            self.taken_at = Some(stamp.to_owned());
        }
        self.requests.push(request);
        let more = self.requests.len().saturating_sub(MAX_REQUESTS);
        self.requests.drain(..more);
    }

    /// Whether nobody knows what became of its last request.
    pub(super) fn is_unanswered(&self) -> bool {
        self.requests.last().is_some_and(|request| request.answer == AmAnswer::NoAnswer)
    }

    /// Whether it is to be asked: once, and again when it comes back after longer than `recheck`, because
    /// its screen will be another one by then. A loose contact is no reason.
    pub(super) fn is_to_be_asked(&mut self, phone: &BoardPhone, recheck: Duration) -> bool {
        if self.asked_in == Some(phone.visit) || !phone.is_answered() {
            return false;
        }
        let away = self.away_since.zip(phone.arrived_at).map(|(since, back)| back - since);
        let is_anew = self.requests.is_empty() || away.is_none_or(|away| away >= recheck);
        if !is_anew {
            self.asked_in = Some(phone.visit);
        }
        is_anew
    }

    /// What has become of it.
    pub(super) fn state(&mut self, phone: &BoardPhone) -> FixState {
        if let Presence::Absent { since, .. } = phone.presence {
            self.away_since = Some(since);
        }
        if phone.outcome().is_some_and(Verdict::is_fine) {
            let version = phone.standing().and_then(|held| held.version.clone());
            return FixState::Updated { version };
        }
        match phone.presence {
            Presence::Absent { gone, .. } => return FixState::Away(gone),
            Presence::Present { reason: Some(reason), .. } => return FixState::Blocked(reason),
            Presence::Present { .. } => {}
        }
        let held = phone.standing().and_then(|held| held.verdict.reason());
        let failed = phone.failed.as_ref().map(|failed| failed.reason);
        if let Some(reason) = held.or_else(|| failed.filter(|_| phone.is_being_asked_to_show())) {
            return FixState::Blocked(reason);
        }
        if phone.is_being_asked_to_show() || self.asked_in != Some(phone.visit) {
            return FixState::Requesting;
        }
        let taken = self.requests.iter().rfind(|request| request.answer.is_taken());
        match (taken, &self.taken_at, self.requests.last().map(|request| request.answer)) {
            (_, _, Some(AmAnswer::NoAnswer)) => FixState::NoAnswer,
            (Some(taken), Some(stamp), _) => {
                FixState::Waiting { route: taken.route, stamp: stamp.clone() }
            }
            _ => FixState::NotTaken,
        }
    }
}

/// What a phone is called in a line of its own, escaped.
#[must_use]
pub fn called(phone: &BoardPhone, text: Text) -> String {
    let name = phone.name.as_deref().or(phone.model.as_deref());
    let name = escape(name.unwrap_or(text.get("unnamed-phone"))).into_owned();
    match phone.connection.serial.as_deref().map(end) {
        Some(end) => format!("{name} ({})", escape(&end)),
        None => name,
    }
}

/// Hours and minutes of a time in RFC 3339.
#[must_use]
pub fn clock(stamp: &str) -> &str {
    stamp.get(11..16).unwrap_or(stamp)
}
