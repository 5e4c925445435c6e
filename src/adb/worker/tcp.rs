//! A phone on the network, without TLS.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use super::session::{Received, Transport};
use crate::link_error::LinkError;
use crate::message::{HEADER_BYTES, Header, InvalidMessage, MAX_PAYLOAD, Message, MessageCommand};
use micheck_core::escape::decode;
use micheck_core::verdict::Reason;

/// How long connecting to one of a name's addresses may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What this side says it speaks on the network. A phone keeps to it after it has asked for TLS, and
/// `adb_client`, which goes on there, takes no message without its checksum.
const VERSION_WITH_CHECKSUM: u32 = 0x0100_0000;

/// A connection. Clones are the same one.
#[derive(Clone)]
pub(super) struct Tcp {
    stream: Arc<TcpStream>,
    /// Whether what answers has said a whole message: it is a phone.
    has_spoken: Arc<AtomicBool>,
    /// What the phone said when it asked for TLS.
    start_tls: Arc<OnceLock<Message>>,
}

impl Tcp {
    /// Connects to the first of the name's addresses that answers.
    ///
    /// # Errors
    /// None answers, or nobody knows the name.
    pub(super) fn connect(host: &str, port: u16) -> Result<Self, LinkError> {
        let unreachable = |error: io::Error| {
            LinkError::with_detail(Reason::Unreachable, decode(error.to_string().as_bytes()))
        };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in (host, port).to_socket_addrs().map_err(unreachable)? {
            match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
                Ok(stream) => {
                    // Messages are small and each waits for its answer.
                    stream.set_nodelay(true).map_err(unreachable)?;
                    return Ok(Self::over(stream));
                }
                Err(error) => last = error,
            }
        }
        Err(unreachable(last))
    }

    /// A connection that is there already.
    pub(super) fn over(stream: TcpStream) -> Self {
        Self { stream: Arc::new(stream), has_spoken: Arc::default(), start_tls: Arc::default() }
    }

    /// The connection by itself, from its last clone.
    pub(super) fn into_stream(self) -> Option<TcpStream> {
        Arc::into_inner(self.stream)
    }

    /// From its last clone: the connection on which the phone asked for TLS, nothing after that
    /// read, and how it asked.
    pub(super) fn into_start_of_tls(self) -> Option<(TcpStream, Message)> {
        let start_tls = self.start_tls.get().cloned()?;
        Some((self.into_stream()?, start_tls))
    }
}

/// What an error of a connection to a phone means.
pub(super) fn broken(error: &io::Error) -> LinkError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            LinkError::with_detail(Reason::Disconnected, "the phone closed the connection")
        }
        _ => LinkError::with_detail(Reason::Disconnected, error.to_string()),
    }
}

impl Transport for Tcp {
    fn send(&mut self, message: &Message) -> Result<(), LinkError> {
        let bytes = if message.command == MessageCommand::Connect {
            Message { arg0: VERSION_WITH_CHECKSUM, ..message.clone() }.encode(true)
        } else {
            message.encode(true)
        };
        (&*self.stream).write_all(&bytes).map_err(|error| broken(&error))
    }

    fn receive(
        &mut self,
        checksum_due: bool,
        _until: Option<Instant>,
    ) -> Result<Received, LinkError> {
        let mut stream = &*self.stream;
        let mut head = [0; HEADER_BYTES];
        stream.read_exact(&mut head).map_err(|error| broken(&error))?;
        let no_message = |what: InvalidMessage| {
            if what != InvalidMessage::Header || self.has_spoken.load(Ordering::Relaxed) {
                // Nobody can tell where the next message begins.
                return LinkError::with_detail(Reason::UnreadableAnswer, what.to_string());
            }
            LinkError::with_detail(Reason::Unreachable, "what answers there isn't ADB")
        };
        let header = Header::decode(head);
        let command = header.check(MAX_PAYLOAD).map_err(no_message)?;
        let mut payload = vec![0; header.length as usize];
        stream.read_exact(&mut payload).map_err(|error| broken(&error))?;
        let message = header.with_payload(command, payload, checksum_due).map_err(no_message)?;
        self.has_spoken.store(true, Ordering::Relaxed);
        if message.command == MessageCommand::StartTls {
            // The session ends with the first.
            let _ = self.start_tls.set(message.clone());
        }
        Ok(Received::Message(message))
    }

    /// A new connection has nothing of a former session.
    fn drain(&mut self) {}

    fn patience(&self) -> Option<Duration> {
        None
    }
}
