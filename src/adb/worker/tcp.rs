//! A phone on the network, without TLS.

use std::io::{self, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
use std::time::{Duration, Instant};

use super::session::{Received, Transport};
use crate::adb::Trouble;
use crate::adb::message::{HEADER_BYTES, Header, InvalidMessage, MAX_PAYLOAD, Message};
use crate::verdict::Reason;

/// How long connecting to one of a name's addresses may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// A connection.
pub(super) struct Tcp {
    stream: TcpStream,
}

impl Tcp {
    /// Connects to the first of the name's addresses that answers; gives it, too.
    ///
    /// # Errors
    /// None answers, or nobody knows the name.
    pub(super) fn connect(host: &str, port: u16) -> Result<(Self, SocketAddr), Trouble> {
        let unreachable = |error: io::Error| {
            Trouble::with_detail(
                Reason::Unreachable,
                crate::printable::decode(error.to_string().as_bytes()),
            )
        };
        let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
        for address in (host, port).to_socket_addrs().map_err(unreachable)? {
            match TcpStream::connect_timeout(&address, CONNECT_TIMEOUT) {
                Ok(stream) => {
                    // Messages are small and each waits for its answer.
                    stream.set_nodelay(true).map_err(unreachable)?;
                    return Ok((Self { stream }, address));
                }
                Err(error) => last = error,
            }
        }
        Err(unreachable(last))
    }
}

fn broken(error: &io::Error) -> Trouble {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => {
            Trouble::with_detail(Reason::Disconnected, "the phone closed the connection")
        }
        _ => Trouble::with_detail(Reason::Disconnected, error.to_string()),
    }
}

impl Transport for Tcp {
    fn send(&mut self, message: &Message) -> Result<(), Trouble> {
        self.stream.write_all(&message.encode(true)).map_err(|error| broken(&error))
    }

    fn receive(
        &mut self,
        checksum_due: bool,
        _until: Option<Instant>,
    ) -> Result<Received, Trouble> {
        let no_message = |what: InvalidMessage| {
            // Nobody can tell where the next message begins.
            Trouble::with_detail(Reason::UnreadableAnswer, what.to_string())
        };
        let mut head = [0; HEADER_BYTES];
        self.stream.read_exact(&mut head).map_err(|error| broken(&error))?;
        let header = Header::decode(head);
        let command = header.check(MAX_PAYLOAD).map_err(no_message)?;
        let mut payload = vec![0; header.length as usize];
        self.stream.read_exact(&mut payload).map_err(|error| broken(&error))?;
        let message = header.with_payload(command, payload, checksum_due).map_err(no_message)?;
        Ok(Received::Message(message))
    }

    /// A new connection has nothing of a former session.
    fn drain(&mut self, _hard: bool) {}

    fn patience(&self) -> Option<Duration> {
        None
    }
}
