//! Requests and answers on one connection to an adb server.

use std::cell::RefCell;
use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{ServerError, shown};
use crate::endpoint::Endpoint;
use crate::shortage::is_for_now;

/// How much is read at once. A real phone's 48 kB answer comes in three pieces.
const READ_BYTES: usize = 64 << 10;

/// The longest request that four hexadecimal digits can announce.
const MAX_REQUEST_BYTES: usize = 0xffff;

thread_local! {
    /// Where answers are read to, one for all connections: what came is used up before the next
    /// task has its turn. One each would be 16 MiB for 256 phones.
    static BUFFER: RefCell<Vec<u8>> = RefCell::new(vec![0; READ_BYTES]);
}

/// What can go wrong on a connection.
#[derive(Debug)]
pub(super) enum WireError {
    /// No connection was made.
    Connect(io::Error),
    /// The other side ended it.
    Closed,
    /// It broke.
    Io(io::Error),
    /// `FAIL` with the server's words.
    Fail(Vec<u8>),
    /// Something that no adb server says.
    NotAdb(Vec<u8>),
}

impl From<io::Error> for WireError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::UnexpectedEof => Self::Closed,
            _ => Self::Io(error),
        }
    }
}

impl WireError {
    /// As an error of the server as a whole.
    pub(super) fn for_server(self, endpoint: Endpoint) -> ServerError {
        match self {
            Self::Connect(source) if is_for_now(&source) => {
                ServerError::ResourceLimit { endpoint, source }
            }
            Self::Connect(source) => ServerError::Unreachable { endpoint, source },
            Self::Closed => ServerError::NotAdb { endpoint, what: "it hung up".to_owned() },
            Self::Io(error) => ServerError::NotAdb { endpoint, what: error.to_string() },
            Self::Fail(message) => ServerError::Refused { endpoint, message: shown(&message) },
            Self::NotAdb(bytes) => {
                ServerError::NotAdb { endpoint, what: format!("it said `{}`", shown(&bytes)) }
            }
        }
    }
}

/// A connection to an adb server.
#[derive(Debug)]
pub(super) struct ServerConnection {
    stream: TcpStream,
}

impl ServerConnection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream }
    }

    /// Sends a request and reads `OKAY`.
    pub(super) async fn request(&mut self, request: &str) -> Result<(), WireError> {
        if request.len() > MAX_REQUEST_BYTES {
            // Only a server's own serial numbers can be so long.
            return Err(WireError::NotAdb(request.as_bytes()[..80].to_vec()));
        }
        let message = format!("{:04x}{request}", request.len());
        self.stream.write_all(message.as_bytes()).await?;
        let mut status = [0; 4];
        self.stream.read_exact(&mut status).await?;
        match &status {
            b"OKAY" => Ok(()),
            b"FAIL" => Err(WireError::Fail(self.read_block().await?)),
            _ => Err(WireError::NotAdb(status.to_vec())),
        }
    }

    /// Reads four hexadecimal digits of length and that many bytes, 65,535 at most.
    pub(super) async fn read_block(&mut self) -> Result<Vec<u8>, WireError> {
        let mut length = [0; 4];
        self.stream.read_exact(&mut length).await?;
        let digits = length.iter().all(u8::is_ascii_hexdigit);
        let parsed = str::from_utf8(&length).ok().filter(|_| digits);
        let Some(length) = parsed.and_then(|text| usize::from_str_radix(text, 16).ok()) else {
            return Err(WireError::NotAdb(length.to_vec()));
        };
        let mut block = vec![0; length];
        self.stream.read_exact(&mut block).await?;
        Ok(block)
    }

    /// Hands whatever has come, at least one byte, to `take`.
    pub(super) async fn read_some<T>(
        &mut self,
        mut take: impl FnMut(&[u8]) -> T,
    ) -> Result<T, WireError> {
        loop {
            // A phone that sends without end must not keep the others from their turn.
            tokio::task::coop::consume_budget().await;
            self.stream.readable().await?;
            let taken = BUFFER.with_borrow_mut(|buffer| match self.stream.try_read(buffer) {
                Ok(0) => Err(WireError::Closed),
                Ok(length) => Ok(Some(take(&buffer[..length]))),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(None),
                Err(error) => Err(error.into()),
            })?;
            if let Some(taken) = taken {
                return Ok(taken);
            }
        }
    }
}
