//! The connection layer: where phones are found and how they are asked. Shell: does I/O.
//!
//! A [`Link`] is one way to phones. What is asked is `probe`'s, in which order is `scan`'s.

#![forbid(unsafe_code)]

pub mod direct;
pub mod endpoint;
mod exchange;
pub mod key;
pub mod message;
pub mod server;
mod shell_v2;
mod shortage;
pub mod state;
pub mod usb;
pub mod usb_device;
pub mod usb_error;
pub mod worker;

pub use direct::{Direct, DirectPhone};
pub use endpoint::{Endpoint, InvalidEndpoint};
pub use server::Server;
pub use shell_v2::{Packet, PacketReader, ProtocolViolation};
pub use shortage::{look_for_room, raise_open_files};
pub use state::{ConnectionState, ListedPhone};

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;
use tokio::time::error::Elapsed;

use exchange::Exchange;
use micheck_core::probe::{Batch, MarkedAnswer, Marker};
use micheck_core::verdict::Reason;

/// The way to one phone.
#[derive(Debug, Clone)]
pub enum Link {
    /// Through an adb server that holds it.
    Server {
        /// The server.
        server: Server,
        /// The phone as that lists it.
        phone: ListedPhone,
    },
    /// Without a server: over USB or the network.
    Direct(DirectPhone),
}

/// Why a phone gave no answer, or none that is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkError {
    /// For the verdict.
    pub reason: Reason,
    /// What the server or the phone said, not yet escaped; `None` when it said nothing.
    pub detail: Option<String>,
}

impl LinkError {
    /// Trouble that explains itself.
    #[must_use]
    pub const fn new(reason: Reason) -> Self {
        Self { reason, detail: None }
    }

    /// Trouble with what was said of it.
    #[must_use]
    pub fn with_detail(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: Some(detail.into()) }
    }
}

impl From<Elapsed> for LinkError {
    fn from(_: Elapsed) -> Self {
        Self::new(Reason::Timeout)
    }
}

/// Leave to open one connection; given back when it is dropped.
#[derive(Debug)]
pub struct ConnectPermit {
    _permit: OwnedSemaphorePermit,
}

impl ConnectPermit {
    async fn of(places: &Arc<Semaphore>) -> Self {
        let permit = Arc::clone(places).acquire_owned().await;
        Self { _permit: permit.expect("the semaphore is never closed") }
    }
}

/// What came in answer to a batch of questions.
#[derive(Debug)]
pub struct Answer {
    /// The parts that came, whole or not.
    pub framing: MarkedAnswer,
    /// Why it ended before its end; `None` when it didn't.
    pub trouble: Option<LinkError>,
    /// The memory that it may hold; to be kept for as long as the parts are.
    pub share: MemoryLease,
}

impl Link {
    /// Waits for a place among those who open a connection, if it takes one to ask. Time spent here
    /// is not the phone's.
    pub async fn place(&self) -> Option<ConnectPermit> {
        match self {
            Self::Server { server, .. } => Some(server.place().await),
            // Its session has begun.
            Self::Direct(_) => None,
        }
    }

    /// Asks the phone one batch of questions, until `deadline` at the latest; what came until
    /// then is kept. Dropping the future closes the connection.
    pub async fn ask(
        &self,
        batch: &Batch,
        budget: &Arc<MemoryBudget>,
        place: Option<ConnectPermit>,
        deadline: Instant,
    ) -> Answer {
        let mut bits = [0; 16];
        let randomness = getrandom::fill(&mut bits);
        let mut exchange = Exchange::new(batch, Marker::from_random(bits), budget);
        let asked = match (randomness, self) {
            // Without randomness an app could foresee the marker: better no verdict.
            (Err(error), _) => Err(LinkError::with_detail(
                Reason::IncompleteAnswer,
                format!("no random numbers on this computer: {error}"),
            )),
            (Ok(()), Self::Server { server, phone }) => {
                server.ask(phone, &mut exchange, place, deadline).await
            }
            (Ok(()), Self::Direct(phone)) => phone.ask(&mut exchange, deadline).await,
        };
        exchange.finish(asked.err())
    }
}

/// The memory that all answers of a run may hold together.
///
/// Every phone may always hold [`MemoryBudget::OWN_BYTES`]; only what goes beyond
/// comes out of the shared pool, so that phones that flood can't starve one that
/// answers as phones do.
#[derive(Debug)]
pub struct MemoryBudget {
    left: AtomicUsize,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self { left: AtomicUsize::new(Self::SHARED_BYTES) }
    }
}

impl MemoryBudget {
    /// What each phone may hold whatever the others do: five times a long real answer.
    pub const OWN_BYTES: usize = 256 << 10;

    /// What all phones may hold beyond that.
    pub const SHARED_BYTES: usize = 64 << 20;

    fn take(&self, bytes: usize) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes))
            .is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.left.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// One answer's share of the [`MemoryBudget`]; given back when it is dropped.
#[derive(Debug)]
pub struct MemoryLease {
    budget: Arc<MemoryBudget>,
    held: usize,
    borrowed: usize,
}

impl MemoryLease {
    /// A lease of nothing yet.
    pub fn new(budget: &Arc<MemoryBudget>) -> Self {
        Self { budget: Arc::clone(budget), held: 0, borrowed: 0 }
    }

    /// Whether `bytes` more may be held.
    pub fn grow(&mut self, bytes: usize) -> bool {
        self.held += bytes;
        let needed = self.held.saturating_sub(MemoryBudget::OWN_BYTES) - self.borrowed;
        let granted = needed == 0 || self.budget.take(needed);
        if granted {
            self.borrowed += needed;
        }
        granted
    }

    /// Gives back what isn't needed for `bytes`, when that is all that is kept.
    pub fn shrink_to(&mut self, bytes: usize) {
        self.held = bytes.min(self.held);
        let needed = self.held.saturating_sub(MemoryBudget::OWN_BYTES).min(self.borrowed);
        self.budget.give_back(self.borrowed - needed);
        self.borrowed = needed;
    }
}

impl Drop for MemoryLease {
    fn drop(&mut self) {
        self.budget.give_back(self.borrowed);
    }
}
