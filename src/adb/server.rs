//! Client of an adb server's smart-socket protocol, on tokio.
//!
//! Source: AOSP `packages/modules/adb/docs/dev/services.md` and `OVERVIEW.TXT`. Why not
//! the `adb_client` crate: `docs/adr/0001-own-adb-server-client.md`.

mod refusal;
mod tracking;
mod wire;

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::exchange::Exchange;
use super::shortage::{TRY_AGAIN_AFTER, is_for_now};
use super::state::{ListedPhone, read_list};
use crate::connect_permit::ConnectPermit;
use crate::endpoint::Endpoint;
use crate::link_error::LinkError;
use micheck_core::verdict::Reason;
use refusal::{Broken, cause, shown};
use wire::{ServerConnection, WireError};

pub use tracking::Tracking;

/// How long connecting to a server, and its answers about itself, may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long opening a connection to a phone may take, computers being slow at times.
const OPENING_TIMEOUT: Duration = Duration::from_secs(10);

/// How long of it a phone keeps its place.
const PLACE_TIMEOUT: Duration = Duration::from_secs(2);

/// The same with a server that opened none of as many connections as it may be asked for at a time.
const STALLED_PLACE_TIMEOUT: Duration = Duration::from_millis(100);

/// How many connections may be between `connect` and the server's OKAY to the
/// transport request. The server's listen backlog is 128 (adb 36); each connect
/// that overflows it costs a second.
const MAX_OPENING: usize = 16;

/// The newest protocol word for a shell with separate streams and an exit code.
const SHELL_V2: &str = "shell_v2";

/// An adb server.
#[derive(Debug, Clone)]
pub struct Server {
    endpoint: Endpoint,
    opening: Arc<Opening>,
}

/// Who opens a connection.
#[derive(Debug)]
struct Opening {
    places: Arc<Semaphore>,
    /// How many gave their place back without a connection; halved by each that got one.
    stalled: AtomicUsize,
}

/// Why a server as a whole couldn't be used.
#[derive(Debug, Error)]
pub enum ServerError {
    /// No connection.
    #[error("no adb server answers at {endpoint}: {source}")]
    Unreachable {
        /// Where it was looked for.
        endpoint: Endpoint,
        /// What the system says.
        source: std::io::Error,
    },
    /// Connected, and nothing came in time.
    #[error("{endpoint} accepts connections but doesn't answer like an adb server")]
    Silent {
        /// Where it was looked for.
        endpoint: Endpoint,
    },
    /// It answered with something else than an adb server's words, or broke off.
    #[error("what answers at {endpoint} isn't an adb server ({what})")]
    NotAdb {
        /// Where it was looked for.
        endpoint: Endpoint,
        /// What came instead.
        what: String,
    },
    /// This computer lets micheck open no more connections.
    #[error("this computer doesn't let micheck connect to {endpoint}: {source}")]
    ResourceLimit {
        /// Which server.
        endpoint: Endpoint,
        /// What the system says.
        source: std::io::Error,
    },
    /// A fault of ours while reading its list.
    #[error(
        "an internal error in micheck: it can't handle what the adb server at {endpoint} lists"
    )]
    Failed {
        /// Which server.
        endpoint: Endpoint,
    },
    /// It refused to give its list.
    #[error("the adb server at {endpoint} refuses to list its phones: {message}")]
    Refused {
        /// Which server.
        endpoint: Endpoint,
        /// Its words, escaped.
        message: String,
    },
}

impl ServerError {
    /// It, and what a person can do about it.
    #[must_use]
    pub fn with_remedy(&self) -> String {
        let remedy = match self {
            Self::Unreachable { .. } => {
                "check the address, and start the server there with `adb start-server`"
            }
            Self::Silent { .. } | Self::NotAdb { .. } => {
                "check the port: adb servers usually listen on 5037"
            }
            Self::ResourceLimit { .. } => {
                "close other programs, or allow more open files (`ulimit -n`)"
            }
            Self::Failed { .. } => "report it, with what `adb devices -l` prints",
            Self::Refused { .. } => "restart it: `adb kill-server`, then `adb start-server`",
        };
        format!("{self}; {remedy}")
    }

    /// Which server.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        match self {
            Self::Unreachable { endpoint, .. }
            | Self::Silent { endpoint }
            | Self::NotAdb { endpoint, .. }
            | Self::ResourceLimit { endpoint, .. }
            | Self::Failed { endpoint }
            | Self::Refused { endpoint, .. } => endpoint,
        }
    }
}

impl Server {
    /// The server at `endpoint`; nothing is connected yet.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        let places = Arc::new(Semaphore::new(MAX_OPENING));
        Self { endpoint, opening: Arc::new(Opening { places, stalled: AtomicUsize::new(0) }) }
    }

    /// Where it listens.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// `host:version`: the protocol version, 32 (Android 5's time) to 41 (since 2019).
    ///
    /// # Errors
    /// The server can't be reached, or answers with no version.
    pub async fn version(&self) -> Result<u32, ServerError> {
        let text = self.host_query("host:version").await?;
        let parsed = str::from_utf8(&text).ok().and_then(|text| u32::from_str_radix(text, 16).ok());
        parsed.ok_or_else(|| ServerError::NotAdb {
            endpoint: self.endpoint.clone(),
            what: format!("its version is `{}`", shown(&text)),
        })
    }

    /// `host:devices-l`: all phones that the server holds, usable or not.
    ///
    /// # Errors
    /// The server can't be reached or refuses.
    pub async fn devices(&self) -> Result<Vec<ListedPhone>, ServerError> {
        Ok(read_list(&self.host_query("host:devices-l").await?))
    }

    /// `host:track-devices-l`: the list now, and again after every change.
    ///
    /// # Errors
    /// The server can't be reached.
    pub async fn track_devices(&self) -> Result<Tracking, ServerError> {
        let mut connection = self.reach().await?;
        let pushes = match self.in_time(connection.request("host:track-devices-l")).await {
            Ok(()) => Some(connection),
            // Servers before 2019 don't know the long form of the request.
            Err(ServerError::Refused { .. }) => None,
            Err(error) => return Err(error),
        };
        Ok(Tracking::new(self.clone(), pushes))
    }

    async fn host_query(&self, request: &str) -> Result<Vec<u8>, ServerError> {
        let mut connection = self.reach().await?;
        self.in_time(async {
            connection.request(request).await?;
            connection.read_block().await
        })
        .await
    }

    /// Connects, for a question about the server itself.
    async fn reach(&self) -> Result<ServerConnection, ServerError> {
        let until = Instant::now() + CONNECT_TIMEOUT;
        let connected = self.connect(&Shortage::until(until)).await;
        connected.map_err(|error| error.for_server(self.endpoint.clone()))
    }

    async fn in_time<T>(
        &self,
        work: impl Future<Output = Result<T, WireError>>,
    ) -> Result<T, ServerError> {
        let endpoint = || self.endpoint.clone();
        match timeout(CONNECT_TIMEOUT, work).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(error.for_server(endpoint())),
            Err(_) => Err(ServerError::Silent { endpoint: endpoint() }),
        }
    }

    /// Connects; while this computer is short of what it takes, tries again.
    async fn connect(&self, shortage: &Shortage) -> Result<ServerConnection, WireError> {
        let address = (self.endpoint.host.as_str(), self.endpoint.port);
        let stream = loop {
            let connecting = timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await;
            match connecting.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
                Err(error) if is_for_now(&error) && Instant::now() < shortage.until => {
                    shortage.lasts.store(true, Ordering::Relaxed);
                    sleep(TRY_AGAIN_AFTER).await;
                }
                connected => break connected.map_err(WireError::Connect)?,
            }
        };
        shortage.lasts.store(false, Ordering::Relaxed);
        // Requests are small and each waits for its answer.
        stream.set_nodelay(true).map_err(WireError::Connect)?;
        Ok(ServerConnection::new(stream))
    }

    /// Waits for a place among those who open a connection.
    pub(super) async fn place(&self) -> ConnectPermit {
        ConnectPermit::of(&self.opening.places).await
    }

    /// Puts one exchange through to `phone`; see [`super::Link::ask`].
    pub(super) async fn ask(
        &self,
        phone: &ListedPhone,
        exchange: &mut Exchange,
        place: Option<ConnectPermit>,
        deadline: Instant,
    ) -> Result<(), LinkError> {
        let asking = async {
            let (v2, connection) = self.open(phone, place, deadline).await?;
            timeout_at(deadline, talk(connection, exchange, v2)).await.map_err(LinkError::from)?
        };
        Err(match asking.await {
            Ok(()) => return Ok(()),
            Err(Broken::LinkError(trouble)) => trouble,
            Err(Broken::Refused(said)) => self.listed_cause(phone, Some(said), deadline).await,
            Err(Broken::Closed) => self.listed_cause(phone, None, deadline).await,
        })
    }

    /// A connection to the phone, and whether it speaks shell v2. Only the server has to do
    /// something for it, which is brief: a phone for which it doesn't gives its place to the
    /// others, and waits on without one. With a server that does nothing for anybody, it gives it
    /// soon, so that many phones take no longer than one.
    async fn open(
        &self,
        phone: &ListedPhone,
        place: Option<ConnectPermit>,
        deadline: Instant,
    ) -> Result<(bool, ServerConnection), Broken> {
        let start = Instant::now();
        let end = deadline.min(start + OPENING_TIMEOUT);
        let shortage = Shortage::until(end);
        let mut opening = pin!(async {
            let v2 = self.has_shell_v2(phone, &shortage).await?;
            Ok((v2, self.open_transport(phone, &shortage).await?))
        });
        let place_timeout = match self.opening.stalled.load(Ordering::Relaxed) {
            0..MAX_OPENING => PLACE_TIMEOUT,
            _ => STALLED_PLACE_TIMEOUT,
        };
        let mut opened = timeout_at(end.min(start + place_timeout), &mut opening).await;
        if opened.is_err() {
            self.opening.stalled.fetch_add(1, Ordering::Relaxed);
            // It keeps its place where this computer is what it waits for.
            let _place = place.filter(|_| shortage.lasts.load(Ordering::Relaxed));
            opened = timeout_at(end, opening).await;
        }
        match opened {
            Ok(opened) => {
                // Halved: one good phone among many that stall changes little.
                let halved = |stalled: usize| Some(stalled / 2);
                let _ =
                    self.opening.stalled.fetch_update(Ordering::Relaxed, Ordering::Relaxed, halved);
                opened
            }
            Err(_) if shortage.lasts.load(Ordering::Relaxed) => {
                Err(LinkError::new(Reason::ResourceLimit).into())
            }
            Err(_) => {
                let detail = "the adb server opened no connection to this phone";
                Err(Broken::LinkError(if end < deadline {
                    LinkError::with_detail(Reason::Offline, detail)
                } else {
                    LinkError::new(Reason::Timeout)
                }))
            }
        }
    }

    /// Whether the phone speaks shell v2. Servers and phones too old to say so don't.
    async fn has_shell_v2(&self, phone: &ListedPhone, shortage: &Shortage) -> Result<bool, Broken> {
        let request = match phone.transport_id {
            Some(id) => format!("host-transport-id:{id}:features"),
            None => format!("host-serial:{}:features", serial(phone)?),
        };
        let mut connection = self.connect(shortage).await?;
        let features = match connection.request(&request).await {
            Ok(()) => connection.read_block().await?,
            // Too old to know the question; what is wrong with the phone, if anything, the
            // transport request will say.
            Err(WireError::Fail(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        Ok(features.split(|&byte| byte == b',').any(|word| word == SHELL_V2.as_bytes()))
    }

    async fn open_transport(
        &self,
        phone: &ListedPhone,
        shortage: &Shortage,
    ) -> Result<ServerConnection, Broken> {
        let request = match phone.transport_id {
            Some(id) => format!("host:transport-id:{id}"),
            None => format!("host:transport:{}", serial(phone)?),
        };
        let mut connection = self.connect(shortage).await?;
        connection.request(&request).await?;
        Ok(connection)
    }

    /// Why the connection ended before the answer did: the server is gone, or the phone is, or the
    /// phone broke its answer off. The cause that the server `said` may be another phone's (adb says
    /// `insufficient permissions` of any), so that it's believed only where the list agrees.
    async fn listed_cause(
        &self,
        phone: &ListedPhone,
        said: Option<LinkError>,
        deadline: Instant,
    ) -> LinkError {
        let listed = match timeout_at(deadline, self.devices()).await {
            Ok(Ok(listed)) => listed,
            Ok(Err(_)) => return LinkError::new(Reason::ServerLost),
            Err(_) => return said.unwrap_or_else(|| LinkError::new(Reason::IncompleteAnswer)),
        };
        let found = listed.iter().find(|listed| {
            (listed.transport_id, &listed.serial) == (phone.transport_id, &phone.serial)
        });
        match found {
            None => {
                LinkError { reason: Reason::Disconnected, detail: said.and_then(|it| it.detail) }
            }
            Some(phone) => cause(phone.state.reason(), said),
        }
    }
}

/// What this computer is short of while a connection is opened.
struct Shortage {
    /// By when it must have what it takes.
    until: Instant,
    /// It still waits for it.
    lasts: AtomicBool,
}

impl Shortage {
    const fn until(until: Instant) -> Self {
        Self { until, lasts: AtomicBool::new(false) }
    }
}

/// Asks, and takes in what comes until the answer's end.
async fn talk(
    mut connection: ServerConnection,
    exchange: &mut Exchange,
    v2: bool,
) -> Result<(), Broken> {
    connection.request(&exchange.service(v2)).await?;
    while !connection.read_some(|bytes| exchange.take(bytes)).await?? {}
    Ok(())
}

/// A phone's serial for a request to a server that gives no transport ids.
fn serial(phone: &ListedPhone) -> Result<&str, Broken> {
    let addressable = !phone.serial.is_empty() && phone.serial != b"(no serial number)";
    match str::from_utf8(&phone.serial) {
        Ok(serial) if addressable => Ok(serial),
        _ => Err(Broken::LinkError(LinkError::new(Reason::AmbiguousSerial))),
    }
}
