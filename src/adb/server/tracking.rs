//! A server's list, again after every change: by `host:track-devices-l`, or by asking again.

use std::time::Duration;

use tokio::time::sleep;

use super::wire::ServerConnection;
use super::{Server, ServerError};
use crate::state::{ListedPhone, read_list};

/// How often a server is asked for its list that can't tell of changes.
const POLL: Duration = Duration::from_millis(500);

/// A server's list as it is followed; dropping it ends that.
#[derive(Debug)]
pub struct Tracking {
    server: Server,
    /// Where the server pushes its list; `None`: it is asked.
    pushes: Option<ServerConnection>,
    /// The last list that was asked for.
    asked: Option<Vec<ListedPhone>>,
}

impl Tracking {
    pub(super) const fn new(server: Server, pushes: Option<ServerConnection>) -> Self {
        Self { server, pushes, asked: None }
    }

    /// Waits for the next list: all phones, each time; the first comes at once.
    ///
    /// Not cancellation-safe: after dropping this future in mid-list the
    /// tracking can't go on.
    ///
    /// # Errors
    /// The server went away or said what no adb server says.
    pub async fn next(&mut self) -> Result<Vec<ListedPhone>, ServerError> {
        if let Some(pushes) = &mut self.pushes {
            let list = pushes.read_block().await;
            return list
                .map(|list| read_list(&list))
                .map_err(|error| error.for_server(self.server.endpoint.clone()));
        }
        loop {
            if self.asked.is_some() {
                sleep(POLL).await;
            }
            let list = self.server.devices().await?;
            if self.asked.as_ref() != Some(&list) {
                self.asked = Some(list.clone());
                return Ok(list);
            }
        }
    }
}
