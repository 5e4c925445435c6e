//! Follows the USB bus, through a worker.

use super::child::Worker;
use crate::link_error::LinkError;
use crate::usb::UsbDevice;
use crate::worker::pipe::{WorkerEvent, WorkerRequest};

/// The USB bus as it changes; dropping it ends the worker that looks.
#[derive(Debug)]
pub struct UsbWatch {
    worker: Worker,
}

impl UsbWatch {
    /// Starts a worker, which looks from now on.
    ///
    /// # Errors
    /// The system starts no more processes.
    pub async fn start() -> Result<Self, LinkError> {
        let mut worker = Worker::start()?;
        worker.request(WorkerRequest::WatchUsb).await?;
        Ok(Self { worker })
    }

    /// What is on the bus, whether phones can be opened left out: at first as it is, then waits for a
    /// change. A device that was plugged in again has another address. Who stops waiting misses
    /// nothing.
    ///
    /// # Errors
    /// The system shows no USB bus, or the worker is gone; nothing more comes. A new watch may see
    /// more.
    pub async fn next(&mut self) -> Result<Vec<UsbDevice>, LinkError> {
        match self.worker.next().await? {
            WorkerEvent::Devices(devices) => Ok(devices),
            WorkerEvent::LinkError(trouble) => Err(trouble),
            _ => Err(self.worker.broken().await),
        }
    }
}
