//! Client of an adb server's smart-socket protocol, on tokio.
//!
//! Source: AOSP `packages/modules/adb/docs/dev/services.md` and `OVERVIEW.TXT`. Why not
//! the `adb_client` crate: `docs/adr/0001-own-adb-server-client.md`.

mod tracking;
mod wire;

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout, timeout_at};

pub use tracking::Tracking;

use super::exchange::Exchange;
use super::state::{ConnectionState, ListedPhone, read_list};
use super::{Answer, Budget, Endpoint, Place, Trouble};
use crate::printable;
use crate::probe::Batch;
use crate::verdict::Reason;
use wire::{Connection, WireError};

/// How long connecting to a server, and its answers about itself, may take.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);

/// How long opening a connection to a phone may take, computers being slow at times.
const OPENING_TIMEOUT: Duration = Duration::from_secs(10);

/// How long of it a phone keeps its place.
const PLACE_TIMEOUT: Duration = Duration::from_secs(2);

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
    opening: Arc<Semaphore>,
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
    #[error("what answers at {endpoint} is not an adb server ({what})")]
    NotAdb {
        /// Where it was looked for.
        endpoint: Endpoint,
        /// What came instead.
        what: String,
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
    /// What a person can do about it.
    #[must_use]
    pub const fn remedy(&self) -> &'static str {
        match self {
            Self::Unreachable { .. } => {
                "check the address, and start the server there with `adb start-server`"
            }
            Self::Silent { .. } | Self::NotAdb { .. } => {
                "check the port: adb servers usually listen on 5037"
            }
            Self::Refused { .. } => "restart it: `adb kill-server`, then `adb start-server`",
        }
    }

    /// Which server.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        match self {
            Self::Unreachable { endpoint, .. }
            | Self::Silent { endpoint }
            | Self::NotAdb { endpoint, .. }
            | Self::Refused { endpoint, .. } => endpoint,
        }
    }
}

impl Server {
    /// The server at `endpoint`; nothing is connected yet.
    #[must_use]
    pub fn new(endpoint: Endpoint) -> Self {
        Self { endpoint, opening: Arc::new(Semaphore::new(MAX_OPENING)) }
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
    /// The server can't be reached or refuses.
    pub async fn track_devices(&self) -> Result<Tracking, ServerError> {
        let mut connection = self.reach().await?;
        self.in_time(connection.request("host:track-devices-l")).await?;
        Ok(Tracking::new(self.endpoint.clone(), connection))
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
    async fn reach(&self) -> Result<Connection, ServerError> {
        self.connect().await.map_err(|error| error.for_server(self.endpoint.clone()))
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

    async fn connect(&self) -> Result<Connection, WireError> {
        let address = (self.endpoint.host.as_str(), self.endpoint.port);
        let connecting = timeout(CONNECT_TIMEOUT, TcpStream::connect(address)).await;
        let stream = connecting
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map_err(WireError::Connect)?;
        // Requests are small and each waits for its answer.
        stream.set_nodelay(true).map_err(WireError::Connect)?;
        Ok(Connection::new(stream))
    }

    /// Waits for a place among those who open a connection.
    pub(super) async fn place(&self) -> Place {
        Place::of(&self.opening).await
    }

    /// Asks `phone` one batch; see [`super::Link::ask`].
    pub(super) async fn ask(
        &self,
        phone: &ListedPhone,
        batch: &Batch,
        budget: &Arc<Budget>,
        place: Option<Place>,
        deadline: Instant,
    ) -> Answer {
        let mut exchange = match Exchange::new(batch, budget) {
            Ok(exchange) => exchange,
            Err(answer) => return *answer,
        };
        let asking = async {
            let (v2, connection) = self.open(phone, place, deadline).await?;
            let talking = talk(connection, &mut exchange, v2);
            let late = |_| Err(Broken::Trouble(Trouble::new(Reason::Timeout)));
            timeout_at(deadline, talking).await.unwrap_or_else(late)
        };
        let trouble = match asking.await {
            Ok(()) => None,
            Err(Broken::Trouble(trouble)) => Some(trouble),
            Err(Broken::Closed) => Some(self.why_closed(phone, deadline).await),
        };
        exchange.finish(trouble)
    }

    /// A connection to the phone, and whether it speaks shell v2. Only the server has to do
    /// something for it, which is brief: a phone for which it doesn't gives its place to the
    /// others, and waits on without one.
    async fn open(
        &self,
        phone: &ListedPhone,
        place: Option<Place>,
        deadline: Instant,
    ) -> Result<(bool, Connection), Broken> {
        let mut opening = pin!(async {
            let v2 = self.has_shell_v2(phone).await?;
            Ok((v2, self.open_transport(phone).await?))
        });
        let start = Instant::now();
        let end = deadline.min(start + OPENING_TIMEOUT);
        let mut opened = timeout_at(end.min(start + PLACE_TIMEOUT), &mut opening).await;
        drop(place);
        if opened.is_err() {
            opened = timeout_at(end, opening).await;
        }
        opened.unwrap_or_else(|_| {
            let detail = "the adb server opened no connection to this phone";
            Err(Broken::Trouble(if end < deadline {
                Trouble::with_detail(Reason::Offline, detail)
            } else {
                Trouble::new(Reason::Timeout)
            }))
        })
    }

    /// Whether the phone speaks shell v2. Servers and phones too old to say so don't.
    async fn has_shell_v2(&self, phone: &ListedPhone) -> Result<bool, Broken> {
        let request = match phone.transport_id {
            Some(id) => format!("host-transport-id:{id}:features"),
            None => format!("host-serial:{}:features", serial(phone)?),
        };
        let mut connection = self.connect().await?;
        let features = match connection.request(&request).await {
            Ok(()) => connection.read_block().await?,
            // Too old to know the question; what is wrong with the phone, if anything, the
            // transport request will say.
            Err(WireError::Fail(_)) => return Ok(false),
            Err(error) => return Err(error.into()),
        };
        Ok(features.split(|&byte| byte == b',').any(|word| word == SHELL_V2.as_bytes()))
    }

    async fn open_transport(&self, phone: &ListedPhone) -> Result<Connection, Broken> {
        let request = match phone.transport_id {
            Some(id) => format!("host:transport-id:{id}"),
            None => format!("host:transport:{}", serial(phone)?),
        };
        let mut connection = self.connect().await?;
        connection.request(&request).await?;
        Ok(connection)
    }

    /// The connection ended before the answer did: the server is gone, or the phone is,
    /// or the phone broke its answer off.
    async fn why_closed(&self, phone: &ListedPhone, deadline: Instant) -> Trouble {
        let listed = match timeout_at(deadline, self.devices()).await {
            Ok(Ok(listed)) => listed,
            Ok(Err(_)) => return Trouble::new(Reason::ServerLost),
            Err(_) => return Trouble::new(Reason::IncompleteAnswer),
        };
        let still_there = listed.iter().any(|listed| {
            listed.transport_id == phone.transport_id
                && listed.serial == phone.serial
                && listed.state == ConnectionState::Device
        });
        Trouble::new(if still_there { Reason::IncompleteAnswer } else { Reason::Disconnected })
    }
}

/// Asks, and takes in what comes until the answer's end.
async fn talk(mut connection: Connection, exchange: &mut Exchange, v2: bool) -> Result<(), Broken> {
    connection.request(&exchange.service(v2)).await?;
    while !connection.read_some(|bytes| exchange.take(bytes)).await?? {}
    Ok(())
}

/// A phone's serial for a request to a server that gives no transport ids.
fn serial(phone: &ListedPhone) -> Result<&str, Broken> {
    let addressable = !phone.serial.is_empty() && phone.serial != b"(no serial number)";
    match str::from_utf8(&phone.serial) {
        Ok(serial) if addressable => Ok(serial),
        _ => Err(Broken::Trouble(Trouble::new(Reason::AmbiguousSerial))),
    }
}

/// Why an exchange with a phone didn't come to its end.
enum Broken {
    /// The connection was closed; who did it is still to be found out.
    Closed,
    Trouble(Trouble),
}

impl From<Trouble> for Broken {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<WireError> for Broken {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Connect(_) => Self::Trouble(Trouble::new(Reason::ServerLost)),
            WireError::Closed | WireError::Io(_) => Self::Closed,
            WireError::Fail(message) => of_fail_message(&message),
            WireError::NotAdb(what) => {
                Self::Trouble(Trouble::with_detail(Reason::UnreadableAnswer, said(&what)))
            }
        }
    }
}

/// What the server's refusal of a phone means. Source: AOSP `transport.cpp`,
/// `acquire_one_transport`, and `adb.cpp`.
fn of_fail_message(message: &[u8]) -> Broken {
    let has = |text: &str| memchr::memmem::find(message, text.as_bytes()).is_some();
    let reason = if has("unauthorized") {
        Reason::Unauthorized
    } else if has("still authorizing") || has("still connecting") {
        Reason::Authorizing
    } else if has("more than one device") {
        Reason::AmbiguousSerial
    } else if has("offline") {
        Reason::Offline
    } else if has("no permissions") || has("insufficient permissions") {
        Reason::NoPermission
    } else if has("not found") || has("no device with transport id") {
        Reason::Disconnected
    } else if message == b"closed" {
        return Broken::Closed;
    } else {
        Reason::UnreadableAnswer
    };
    Broken::Trouble(Trouble::with_detail(reason, said(message)))
}

/// A stranger's bytes for a report: decoded and short; renderers escape them.
fn said(bytes: &[u8]) -> String {
    printable::decode(&bytes[..bytes.len().min(200)])
}

/// A stranger's bytes for an error message: escaped, too.
fn shown(bytes: &[u8]) -> String {
    printable::escape(&said(bytes)).into_owned()
}
