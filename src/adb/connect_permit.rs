//! How many connections may stand in the opening at once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Leave to open one connection; given back when it is dropped.
#[derive(Debug)]
pub struct ConnectPermit {
    _permit: OwnedSemaphorePermit,
}

impl ConnectPermit {
    pub(crate) async fn of(places: &Arc<Semaphore>) -> Self {
        let permit = Arc::clone(places).acquire_owned().await;
        Self { _permit: permit.expect("the semaphore is never closed") }
    }
}
