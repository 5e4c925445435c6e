//! One phone of the bench, through all its visits.

use super::ids::{Attempt, ConnectionId, Elapsed, Phase, PhoneCheck, PhoneId};
use super::{SHOWN_AFTER, WatchEvent};
use crate::report::{Before, Connection, DeviceReport, Gone, LinkKind, UpdaterRequest};
use micheck_core::am_answer::AmAnswer;
use micheck_core::identity::{Identity, is_dummy};
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::{Reason, Verdict};

/// The most entries of a phone's past that are kept.
const MAX_PAST: usize = 20;

/// Whether a phone is plugged in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Present {
        handle: ConnectionId,
        /// Why it can't be asked; `None`: it can.
        reason: Option<Reason>,
    },
    Absent {
        since: Elapsed,
        gone: Gone,
    },
}

/// What a visit's last answer was.
#[derive(Debug, Clone)]
pub struct CurrentResult {
    pub verdict: Verdict,
    /// The version that decided, decoded.
    pub version: Option<String>,
    /// The package whose version that is.
    pub(super) package: Option<String>,
    /// What was found of every app.
    pub(super) findings_key: String,
    pub stamp: String,
    /// The whole answer, as long as it is kept.
    pub report: Option<Box<DeviceReport>>,
}

impl CurrentResult {
    #[must_use]
    pub fn as_before(&self) -> Before {
        Before {
            verdict: self.verdict,
            reason: self.verdict.reason(),
            version: self.version.clone(),
            package: self.package.clone(),
            at: self.stamp.clone(),
            number: None,
        }
    }
}

/// The last verdict that isn't `unknown`, of whatever visit.
#[derive(Debug, Clone)]
pub(super) struct LastDefinite {
    pub(super) verdict: Verdict,
    pub(super) version: Option<String>,
    /// What was at risk: advisory and package.
    pub(super) at_risk: Vec<(String, String)>,
}

/// A phone whose version changed between two answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The version before; `None`: the app wasn't there.
    pub before: Option<String>,
    /// The version after; `None`: the app is gone.
    pub after: Option<String>,
    /// When the second answer came.
    pub stamp: String,
}

/// An attempt to ask a phone again that failed, while what it said before stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    pub reason: Reason,
    pub stamp: String,
}

/// The screens that a phone was last asked to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestedUpdates {
    pub stamp: String,
    /// In the order of asking; never empty.
    pub requests: Vec<UpdaterRequest>,
}

impl RequestedUpdates {
    /// The screen that the phone took; `None`: it took none.
    #[must_use]
    pub fn taken(&self) -> Option<&UpdaterRequest> {
        self.requests.iter().find(|request| request.answer.is_taken())
    }

    /// Whether nobody knows what became of one: its screen may be there.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.requests.iter().any(|request| request.answer == AmAnswer::NoAnswer)
    }
}

/// An entry of a phone's past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryEntry {
    pub stamp: String,
    /// What it was found to be; `None`: it was unplugged.
    pub verdict: Option<Verdict>,
    pub version: Option<String>,
}

#[expect(clippy::struct_excessive_bools, reason = "each may be so of a phone in any state")]
#[derive(Debug)]
pub struct BoardPhone {
    pub id: PhoneId,
    /// Where it is, or was last.
    pub connection: Connection,
    /// Its model, as it or a list says it.
    pub model: Option<String>,
    /// Its name for people, from its last answer.
    pub name: Option<String>,
    /// Whether it is plugged in.
    pub presence: Presence,
    /// How many times it has been plugged in.
    pub visit: u32,
    /// When it was plugged in last.
    pub arrived_at: Option<Elapsed>,
    pub(super) check: Option<PhoneCheck>,
    /// This visit's last answer that counts.
    pub held: Option<CurrentResult>,
    /// What an earlier visit ended with.
    pub earlier: Option<CurrentResult>,
    /// The last change of its version.
    pub change: Option<Change>,
    /// A newer attempt that failed.
    pub failed: Option<Failed>,
    /// When its last answer that says anything came, RFC 3339 with offset.
    pub answered_at: Option<String>,
    /// What it was asked to show in this visit.
    pub requested: Option<RequestedUpdates>,
    /// The job that it is here for, where somebody said one.
    pub job: Option<String>,
    /// What is on record of it from before this run.
    pub recorded: Option<Before>,
    /// It was at risk, and no longer is.
    pub fixed: bool,
    /// It was finished, and its person has just taken this computer's way in away.
    pub taken_leave: bool,
    /// It left with a verdict of the visit that ended.
    pub(super) left_judged: bool,
    /// It was asked, in whatever visit.
    pub was_checked: bool,
    /// What came of it so far, oldest first.
    pub past: Vec<HistoryEntry>,
    pub(super) sure: Option<LastDefinite>,
    /// Which phone it is, by its last answer.
    pub(super) identity: Identity,
    /// It said so in this visit.
    pub(super) identified: bool,
    pub(super) last_asked: Option<Elapsed>,
    pub(super) next_ask: Option<Elapsed>,
    /// Somebody wants it to be asked.
    pub(super) wanted: bool,
    /// What it is to show; until it has answered that.
    pub(super) show: Option<UpdateKind>,
    /// When somebody last wanted that.
    pub(super) wished_at: Option<Elapsed>,
    /// When it was last asked for that.
    pub(super) showed_at: Option<Elapsed>,
    /// Whether it is to show something at the end of the attempt that asks it.
    pub(super) asked_to_show: bool,
    /// Its person was asked in this visit.
    pub(super) prompted: bool,
    /// It would have to ask its person again.
    pub(super) needs_person: bool,
    /// It left so long ago that its place is free.
    pub(super) place_given_up: bool,
}

impl BoardPhone {
    pub(super) fn new(id: PhoneId, connection: Connection, presence: Presence) -> Self {
        Self {
            id,
            connection,
            model: None,
            name: None,
            presence,
            visit: 0,
            arrived_at: None,
            check: None,
            held: None,
            earlier: None,
            change: None,
            failed: None,
            answered_at: None,
            requested: None,
            job: None,
            recorded: None,
            fixed: false,
            taken_leave: false,
            left_judged: false,
            was_checked: false,
            past: Vec::new(),
            sure: None,
            identity: Identity::NotSaid,
            identified: false,
            last_asked: None,
            next_ask: None,
            wanted: false,
            show: None,
            wished_at: None,
            showed_at: None,
            asked_to_show: false,
            prompted: false,
            needs_person: false,
            place_given_up: false,
        }
    }

    /// Whether it is plugged in.
    #[must_use]
    pub const fn is_present(&self) -> bool {
        matches!(self.presence, Presence::Present { .. })
    }

    /// Whether it is there, can be asked, and is at risk.
    pub(super) fn is_at_risk_here(&self) -> bool {
        matches!(self.presence, Presence::Present { reason: None, .. })
            && self.outcome().is_some_and(Verdict::is_at_risk)
    }

    /// Whether whatever answers at its connection is this phone: another one would have another
    /// connection. A network address is anybody's, and so is a serial number in the list of a server
    /// that gives no transport ids.
    pub(super) const fn is_its_connection(&self) -> bool {
        match self.connection.link {
            LinkKind::Usb => true,
            LinkKind::AdbServer => self.connection.transport_id.is_some(),
            LinkKind::Network | LinkKind::File | LinkKind::Typed => false,
        }
    }

    /// The request that it took last; `None`: it took none.
    #[must_use]
    pub fn taken_request(&self) -> Option<&UpdaterRequest> {
        self.requested.as_ref().and_then(RequestedUpdates::taken)
    }

    /// Whether it is to show something, and hasn't answered that yet.
    #[must_use]
    pub const fn is_being_asked_to_show(&self) -> bool {
        self.show.is_some()
    }

    /// Whether the command to show something may be on its way to it.
    #[must_use]
    pub fn may_have_been_asked(&self) -> bool {
        self.attempt().is_some() && self.asked_to_show
    }

    /// The version of this package in its last answer that said what is so; `None`: it never did, or the
    /// app isn't there.
    #[must_use]
    pub fn last_version(&self, package: Option<&str>) -> Option<&str> {
        let mut held = [&self.held, &self.earlier].into_iter().flatten();
        let last = held.find(|held| held.verdict.reason().is_none())?;
        last.report.as_ref()?.version_of(package)
    }

    /// Whether an answer of this visit counts, and nobody asks it at the moment.
    #[must_use]
    pub fn is_answered(&self) -> bool {
        self.held.is_some() && self.check.is_none()
    }

    /// Whether it says that it still starts.
    #[must_use]
    pub fn is_starting(&self) -> bool {
        matches!(self.phase(), Some(Phase::Pausing { starts: true, .. }))
    }

    /// Since when it is gone; `None`: it is there.
    #[must_use]
    pub const fn absent_since(&self) -> Option<Elapsed> {
        match self.presence {
            Presence::Absent { since, .. } => Some(since),
            Presence::Present { .. } => None,
        }
    }

    /// Its serial number, if it says one that tells it from others.
    #[must_use]
    pub fn serial(&self) -> Option<&str> {
        unique_serial(&self.connection)
    }

    /// Why it can't be asked; `None`: it can, or isn't there.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self.presence {
            Presence::Present { reason, .. } => reason,
            Presence::Absent { .. } => None,
        }
    }

    /// The answer that stands for it: of this visit, or of the last one if that had any. `None`: what
    /// was found before is past.
    #[must_use]
    pub fn standing(&self) -> Option<&CurrentResult> {
        let closed = self.taken_leave || (!self.is_present() && self.left_judged);
        self.held.as_ref().or_else(|| self.earlier.as_ref().filter(|_| closed))
    }

    /// What was found before what stands now: in this run, if that was something else, else what is on
    /// record.
    #[must_use]
    pub fn found_before(&self) -> Option<Before> {
        let standing = self.standing()?;
        let is_other = |past: &&HistoryEntry| {
            past.verdict.is_some_and(|verdict| verdict.reason().is_none())
                && (past.verdict != Some(standing.verdict) || past.version != standing.version)
        };
        let Some(past) = self.past.iter().rev().find(is_other) else {
            return self.recorded.clone();
        };
        Some(Before {
            verdict: past.verdict?,
            reason: None,
            version: past.version.clone(),
            package: None,
            at: past.stamp.clone(),
            number: None,
        })
    }

    /// What is being done to ask it; `None`: nothing.
    #[must_use]
    pub fn phase(&self) -> Option<Phase> {
        self.check.as_ref().map(|check| check.phase)
    }

    /// Whether its person must press a key before it is asked again.
    #[must_use]
    pub const fn needs_person(&self) -> bool {
        self.needs_person
    }

    /// The attempt that asks it at the moment.
    pub(crate) fn attempt(&self) -> Option<Attempt> {
        match self.phase()? {
            Phase::Asking { attempt, .. } => Some(attempt),
            Phase::Pausing { .. } | Phase::Suspended => None,
        }
    }

    /// What counts of it: the answer of this visit, or of the last one that is over, else why there
    /// is none. That it was at risk stands until an answer says otherwise. `None`: nothing is known yet.
    #[must_use]
    pub fn outcome(&self) -> Option<Verdict> {
        let risk = self.sure.as_ref().map(|sure| sure.verdict).filter(|sure| sure.is_at_risk());
        let now = match (self.standing(), self.presence) {
            (Some(held), _) => Some(held.verdict),
            (None, Presence::Present { reason, .. }) => reason.map(Verdict::Unknown),
            (None, Presence::Absent { gone, .. }) => Some(Verdict::Unknown(match gone {
                Gone::ServerLost => Reason::ServerLost,
                Gone::Unplugged | Gone::AnotherPhone => Reason::Disconnected,
            })),
        };
        match now {
            Some(Verdict::Unknown(_)) | None => risk.or(now),
            Some(_) => now,
        }
    }

    /// Whether its last sure answer, of whatever visit, is that it is at risk.
    pub(super) fn was_at_risk(&self) -> bool {
        self.sure.as_ref().is_some_and(|sure| sure.verdict.is_at_risk())
    }

    /// Whether anything came of asking it.
    pub(super) fn has_history(&self) -> bool {
        self.held.is_some() || self.earlier.is_some()
    }

    /// Whether any answer of its said what is so.
    pub(super) fn was_judged(&self) -> bool {
        let mut answers = [&self.held, &self.earlier].into_iter().flatten();
        answers.any(|held| held.verdict.reason().is_none())
    }

    /// The word for its state in events.
    #[must_use]
    pub fn state(&self) -> &'static str {
        let Presence::Present { reason, .. } = self.presence else { return WatchEvent::UNPLUGGED };
        if let Some(reason) = reason {
            return reason.key();
        }
        match self.phase() {
            Some(Phase::Asking { waits: true, .. }) => Reason::Unauthorized.key(),
            _ => WatchEvent::READY,
        }
    }

    pub(super) fn remember(&mut self, stamp: &str, held: Option<(Verdict, Option<String>)>) {
        if self.past.len() == MAX_PAST {
            self.past.remove(0);
        }
        let (verdict, version) = held.unzip();
        self.past.push(HistoryEntry {
            stamp: stamp.to_owned(),
            verdict,
            version: version.flatten(),
        });
    }

    /// When something becomes due, if nothing happens before.
    pub(super) fn next_due(&self) -> Option<Elapsed> {
        match self.presence {
            // Its place becomes free.
            Presence::Absent { since, .. } => {
                let until = since + SHOWN_AFTER;
                (!self.place_given_up).then_some(until)
            }
            Presence::Present { reason: Some(_), .. } => None,
            Presence::Present { .. } => match self.phase() {
                Some(Phase::Pausing { until, .. }) => Some(until),
                Some(Phase::Asking { .. }) => None,
                Some(Phase::Suspended) | None => self.next_ask,
            },
        }
    }
}

/// The serial number of a connection, if it tells the phone from others.
pub(super) fn unique_serial(connection: &Connection) -> Option<&str> {
    let serial = connection.serial.as_deref()?;
    (!is_dummy(serial.as_bytes())).then_some(serial)
}
