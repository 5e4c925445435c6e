//! Phones that no server holds: on the USB bus and on the network, each session in a worker
//! process. Shell: starts processes and reads their pipes. Blocks nowhere.

mod bus_watch;
mod child;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, Semaphore};
use tokio::time::{Instant, timeout, timeout_at};

use super::exchange::Exchange;
use super::usb::UsbDevice;
use super::worker::pipe::{Hello, PhoneAddress, WorkerEvent, WorkerRequest};
use crate::connect_permit::ConnectPermit;
use crate::endpoint::Endpoint;
use crate::link_error::LinkError;
use crate::state::ConnectionState;
pub use bus_watch::UsbWatch;
use child::Worker;
use micheck_core::verdict::Reason;

/// How many workers may be starting at a time: more wouldn't start sooner.
const MAX_OPENING: usize = 16;

/// The most that a phone may send after a whole answer, bytes.
const MAX_AFTER_THE_END: usize = 1 << 20;

/// How phones that no server holds are reached.
#[derive(Debug, Clone)]
pub struct Direct {
    /// Where adb's key lies.
    key: PathBuf,
    opening: Arc<Semaphore>,
}

/// One such phone, and the session with it if one has begun.
#[derive(Debug, Clone)]
pub struct DirectPhone {
    direct: Direct,
    target: PhoneAddress,
    session: Arc<Mutex<Option<Session>>>,
}

#[derive(Debug)]
struct Session {
    worker: Worker,
    shell_v2: bool,
    /// Whether the last answer was whole before the phone had ended its stream.
    ending: bool,
}

/// What a phone that let this computer in says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Introduction {
    /// What it runs.
    pub state: ConnectionState,
    /// Its model, decoded.
    pub model: Option<String>,
}

/// Looks at the USB bus, for at most `time`; `open`: also whether each phone can be opened, which
/// one that is sick can hold up.
///
/// # Errors
/// The system shows no USB bus, or doesn't answer in time.
pub async fn usb_devices(time: Duration, open: bool) -> Result<Vec<UsbDevice>, LinkError> {
    let look = async {
        let mut worker = Worker::start()?;
        worker.request(WorkerRequest::ListUsb { open }).await?;
        match worker.next().await? {
            WorkerEvent::Devices(devices) => Ok(devices),
            WorkerEvent::LinkError(trouble) => Err(trouble),
            _ => Err(worker.broken().await),
        }
    };
    timeout(time, look).await?
}

impl Direct {
    /// Nothing is started yet; `key` is where adb's key lies.
    #[must_use]
    pub fn new(key: PathBuf) -> Self {
        Self { key, opening: Arc::new(Semaphore::new(MAX_OPENING)) }
    }

    /// The phone that is this device.
    #[must_use]
    pub fn usb_phone(&self, device: &UsbDevice) -> DirectPhone {
        let UsbDevice { port, address, vendor, product, serial, .. } = device.clone();
        self.phone(PhoneAddress::Usb { port, address, vendor, product, serial })
    }

    /// The phone that listens at `endpoint`.
    #[must_use]
    pub fn network_phone(&self, endpoint: &Endpoint) -> DirectPhone {
        self.phone(PhoneAddress::Network { host: endpoint.host.clone(), port: endpoint.port })
    }

    fn phone(&self, target: PhoneAddress) -> DirectPhone {
        DirectPhone { direct: self.clone(), target, session: Arc::default() }
    }
}

impl DirectPhone {
    /// The bus and the address on it of a phone on USB.
    #[must_use]
    pub const fn usb_address(&self) -> Option<(u8, u8)> {
        match &self.target {
            PhoneAddress::Usb { port, address, .. } => Some((port.bus, *address)),
            PhoneAddress::Network { .. } => None,
        }
    }

    /// Waits for a place among those whose workers start.
    pub async fn place(&self) -> ConnectPermit {
        ConnectPermit::of(&self.direct.opening).await
    }

    /// Begins the session, by `deadline`; the time in which the phone asks its person, `wait_auth`
    /// at most, doesn't count. Gives the deadline moved by that.
    ///
    /// With nothing for `wait_auth` the phone isn't made to ask: who allows once and not for ever
    /// would allow a session that has ended.
    ///
    /// # Errors
    /// Why there is no session.
    pub async fn connect(
        &self,
        deadline: Instant,
        wait_auth: Duration,
        place: ConnectPermit,
        waits: impl FnOnce(),
    ) -> Result<(Introduction, Instant), LinkError> {
        let mut session = self.session.lock().await;
        *session = None;
        let first_event = async {
            let mut worker = Worker::start_when_possible(deadline).await?;
            let request = WorkerRequest::Connect {
                target: self.target.clone(),
                key: self.direct.key.clone(),
                ask: !wait_auth.is_zero(),
            };
            worker.request(request).await?;
            // It runs: what the phone makes of that is no other's business.
            drop(place);
            let event = worker.next().await?;
            Ok::<_, LinkError>((worker, event))
        };
        let (mut worker, mut event) = timeout_at(deadline, first_event).await??;
        let mut deadline = deadline;
        if event == WorkerEvent::AwaitingAuthorization {
            waits();
            let asked = Instant::now();
            event = match timeout(wait_auth, worker.next()).await {
                Ok(event) => event?,
                // The phone doesn't say whether its person refused or didn't answer.
                Err(_) => return Err(LinkError::new(Reason::AuthRefused)),
            };
            deadline += asked.elapsed();
        }
        match event {
            WorkerEvent::Connected(Hello { state, model, shell_v2 }) => {
                *session = Some(Session { worker, shell_v2, ending: false });
                let state = ConnectionState(state.into_bytes());
                Ok((Introduction { state, model }, deadline))
            }
            WorkerEvent::LinkError(trouble) => Err(trouble),
            _ => Err(worker.broken().await),
        }
    }

    /// Puts one exchange through; see [`super::Link::ask`].
    pub(super) async fn ask(
        &self,
        exchange: &mut Exchange,
        deadline: Instant,
    ) -> Result<(), LinkError> {
        let mut kept = self.session.lock().await;
        // Only after a whole answer is it kept: what it may still send otherwise, because of an
        // error or because nobody waits for the answer any more, would be taken for an answer to
        // what comes next.
        let mut session = kept.take().ok_or_else(|| LinkError::new(Reason::Disconnected))?;
        timeout_at(deadline, session.exchange(exchange)).await??;
        *kept = Some(session);
        Ok(())
    }

    /// Whether there is a session that can be asked, as far as that shows without asking: one whose
    /// worker has ended is none, but a phone that has gone isn't noticed. Waits for an answer that is
    /// under way.
    pub async fn has_session(&self) -> bool {
        self.session.lock().await.as_mut().is_some_and(|session| session.worker.runs())
    }

    /// Ends the session, if there is one; after an answer that is under way.
    pub async fn hang_up(&self) {
        *self.session.lock().await = None;
    }
}

impl Session {
    async fn exchange(&mut self, exchange: &mut Exchange) -> Result<(), LinkError> {
        let mut after_the_end = 0;
        while self.ending {
            match self.worker.next().await? {
                // After its end an answer has nothing to add.
                WorkerEvent::Data(bytes) if after_the_end < MAX_AFTER_THE_END => {
                    after_the_end += bytes.len();
                }
                WorkerEvent::Data(_) => return Err(LinkError::new(Reason::AnswerTooLarge)),
                WorkerEvent::End => self.ending = false,
                WorkerEvent::LinkError(trouble) => return Err(trouble),
                _ => return Err(self.worker.broken().await),
            }
        }
        let service = exchange.service(self.shell_v2);
        self.worker.request(WorkerRequest::Run { service }).await?;
        loop {
            match self.worker.next().await? {
                WorkerEvent::Data(bytes) => {
                    if exchange.take(&bytes)? {
                        self.ending = true;
                        return Ok(());
                    }
                }
                WorkerEvent::End => return Err(LinkError::new(Reason::IncompleteAnswer)),
                WorkerEvent::LinkError(trouble) => return Err(trouble),
                _ => return Err(self.worker.broken().await),
            }
        }
    }
}
