//! Requests and answers on one connection to an adb server.

use std::io;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::{ServerError, shown};
use crate::adb::Endpoint;

/// How much is read at once. A real phone's 48 kB answer comes in three pieces.
const READ_BYTES: usize = 64 << 10;

/// The longest request that four hexadecimal digits can announce.
const MAX_REQUEST_BYTES: usize = 0xffff;

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
pub(super) struct Connection {
    stream: TcpStream,
    /// Made when a phone's answer is read: 64 KiB each would be much for 256 phones that wait.
    buffer: Vec<u8>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream) -> Self {
        Self { stream, buffer: Vec::new() }
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

    /// Whatever has come, at least one byte.
    pub(super) async fn read_some(&mut self) -> Result<&[u8], WireError> {
        self.stream.readable().await?;
        self.buffer.resize(READ_BYTES, 0);
        match self.stream.read(&mut self.buffer).await? {
            0 => Err(WireError::Closed),
            length => Ok(&self.buffer[..length]),
        }
    }
}
