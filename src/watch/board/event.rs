//! What happens on a bench, and what is to be done about it.

use super::events::WatchEvent;
use super::ids::{Attempt, ConnectionId, PhoneId};
use crate::report::{Before, Connection, DeviceReport};
use crate::scan::ShowUpdates;
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::Reason;

/// A phone as it is seen at the moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    pub handle: ConnectionId,
    pub connection: Connection,
    /// Its model as a list or the USB device says it.
    pub model: Option<String>,
    /// Why it can't be asked; `None`: it can.
    pub reason: Option<Reason>,
}

#[derive(Debug, Clone)]
pub enum Event {
    /// These phones are plugged in now: all that are, each time.
    Sighted(Vec<Sighting>),
    /// The phone that this attempt asks waits for its person.
    Waits {
        attempt: Attempt,
    },
    /// Its person has allowed this computer.
    Allowed {
        attempt: Attempt,
    },
    Answered {
        attempt: Attempt,
        report: Box<DeviceReport>,
    },
    /// Somebody wants this phone to be asked.
    AskAgain(PhoneId),
    /// Somebody wants this phone to show a screen that leads to an update.
    ShowUpdater {
        phone: PhoneId,
        kind: UpdateKind,
    },
    /// This phone is here for this job.
    JobGiven {
        phone: PhoneId,
        job: String,
    },
    /// What is on record of this phone from before this run.
    Recorded {
        phone: PhoneId,
        before: Before,
    },
    /// A server can't be reached.
    ServerLost {
        server: String,
        /// Why, as the system says it.
        detail: String,
    },
    /// It can be reached again.
    ServerBack {
        server: String,
    },
    Tick,
}

/// Something that is to be done.
#[derive(Debug, Clone)]
pub enum Action {
    /// Ask the phone at this connection; [`Event::Answered`] ends it, whatever happens.
    Ask {
        /// The attempt that it is.
        attempt: Attempt,
        handle: ConnectionId,
        /// Whether the phone may be made to ask its person. If not, and it would have to, the
        /// answer is that it isn't allowed.
        may_prompt: bool,
        /// What it is to show once it has answered that it is at risk; `None`: nothing.
        show: Option<ShowUpdates>,
    },
    /// Nobody waits for this attempt any more.
    Abandon(Attempt),
    Tell(Box<WatchEvent>),
    Ring(u8),
}
