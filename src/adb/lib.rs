//! The connection layer: where phones are found and how they are asked. Shell: does I/O.
//!
//! A [`Link`] is one way to phones. What is asked is `probe`'s, in which order is `scan`'s.

#![forbid(unsafe_code)]

mod connect_permit;
pub mod direct;
pub mod endpoint;
mod exchange;
pub mod key;
mod link_error;
mod memory;
pub mod message;
pub mod server;
mod shell_v2;
mod shortage;
pub mod state;
pub mod usb;
pub mod usb_device;
pub mod usb_error;
pub mod worker;

pub use connect_permit::ConnectPermit;
pub use direct::{Direct, DirectPhone};
pub use endpoint::{Endpoint, InvalidEndpoint};
pub use exchange::Answer;
pub use link_error::LinkError;
pub use memory::{MemoryBudget, MemoryLease};
pub use server::Server;
pub use shell_v2::{Packet, PacketReader, ProtocolViolation};
pub use shortage::{look_for_room, raise_open_files};
pub use state::{ConnectionState, ListedPhone};

use std::sync::Arc;

use tokio::time::Instant;

use exchange::Exchange;
use micheck_core::probe::{Batch, Marker};
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
