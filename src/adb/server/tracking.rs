//! `host:track-devices-l`: the server's list, again after every change.

use super::ServerError;
use super::wire::Connection;
use crate::Endpoint;
use crate::state::{ListedPhone, read_list};

/// A running `track-devices-l`; dropping it ends it.
#[derive(Debug)]
pub struct Tracking {
    endpoint: Endpoint,
    connection: Connection,
}

impl Tracking {
    pub(super) fn new(endpoint: Endpoint, connection: Connection) -> Self {
        Self { endpoint, connection }
    }

    /// Waits for the next list: all phones, each time; the first comes at once.
    ///
    /// Not cancellation-safe: after dropping this future in mid-list the
    /// tracking can't go on.
    ///
    /// # Errors
    /// The server went away or said what no adb server says.
    pub async fn next(&mut self) -> Result<Vec<ListedPhone>, ServerError> {
        let block = self.connection.read_block().await;
        block.map(|list| read_list(&list)).map_err(|error| error.for_server(self.endpoint.clone()))
    }
}
