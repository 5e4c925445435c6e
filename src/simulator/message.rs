//! One message of the ADB transport protocol: a header of 24 bytes and its payload
//! (`protocol.txt` and `adb.h` of adb).

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

/// The first version whose peers skip the payload's checksum.
pub(super) const VERSION_WITHOUT_CHECKSUM: u32 = 0x0100_0001;
/// What both sides of today allow a payload to be.
pub(super) const MAX_PAYLOAD: u32 = 1024 * 1024;
/// What is read above that before the peer counts as broken.
const SLACK: u32 = 64 * 1024;
const HEADER_BYTES: usize = 24;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    Connect,
    Auth,
    Open,
    Okay,
    Write,
    Close,
}

impl Command {
    const ALL: [Self; 6] =
        [Self::Connect, Self::Auth, Self::Open, Self::Okay, Self::Write, Self::Close];

    fn number(self) -> u32 {
        u32::from_le_bytes(match self {
            Self::Connect => *b"CNXN",
            Self::Auth => *b"AUTH",
            Self::Open => *b"OPEN",
            Self::Okay => *b"OKAY",
            Self::Write => *b"WRTE",
            Self::Close => *b"CLSE",
        })
    }
}

/// A message as it was read or is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) command: Command,
    pub(super) arg0: u32,
    pub(super) arg1: u32,
    pub(super) payload: Vec<u8>,
}

/// The header of a message in numbers, so that a fault can spoil any of them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Header {
    pub(super) command: u32,
    pub(super) arg0: u32,
    pub(super) arg1: u32,
    pub(super) length: u32,
    pub(super) checksum: u32,
    pub(super) magic: u32,
}

impl Header {
    pub(super) fn encode(self) -> [u8; HEADER_BYTES] {
        let numbers = [self.command, self.arg0, self.arg1, self.length, self.checksum, self.magic];
        let mut bytes = [0; HEADER_BYTES];
        for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    fn decode(bytes: [u8; HEADER_BYTES]) -> Self {
        let number = |at: usize| {
            let place = bytes[at * 4..at * 4 + 4].try_into();
            u32::from_le_bytes(place.expect("the slice has four bytes"))
        };
        Self {
            command: number(0),
            arg0: number(1),
            arg1: number(2),
            length: number(3),
            checksum: number(4),
            magic: number(5),
        }
    }
}

impl Message {
    pub(super) fn new(command: Command, arg0: u32, arg1: u32, payload: Vec<u8>) -> Self {
        Self { command, arg0, arg1, payload }
    }

    pub(super) fn header(&self, with_checksum: bool) -> Header {
        let command = self.command.number();
        Header {
            command,
            arg0: self.arg0,
            arg1: self.arg1,
            length: u32::try_from(self.payload.len()).expect("payloads are at most 1 MiB"),
            checksum: if with_checksum { checksum(&self.payload) } else { 0 },
            magic: !command,
        }
    }

    pub(super) fn encode(&self, with_checksum: bool) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.payload.len());
        bytes.extend_from_slice(&self.header(with_checksum).encode());
        bytes.extend_from_slice(&self.payload);
        bytes
    }

    /// Reads one message. `None` when the peer doesn't speak the protocol: an unknown command, a
    /// wrong magic number, a payload that nobody may send, or a wrong checksum where one is due.
    pub(super) async fn read(
        reader: &mut (impl AsyncRead + Unpin),
        with_checksum: bool,
    ) -> io::Result<Option<Self>> {
        let mut bytes = [0; HEADER_BYTES];
        reader.read_exact(&mut bytes).await?;
        let header = Header::decode(bytes);
        let command = Command::ALL.into_iter().find(|known| known.number() == header.command);
        let Some(command) = command.filter(|_| header.magic == !header.command) else {
            return Ok(None);
        };
        if header.length > MAX_PAYLOAD + SLACK {
            return Ok(None);
        }
        let mut payload = vec![0; header.length as usize];
        reader.read_exact(&mut payload).await?;
        if with_checksum && header.checksum != checksum(&payload) {
            return Ok(None);
        }
        Ok(Some(Self { command, arg0: header.arg0, arg1: header.arg1, payload }))
    }
}

/// The sum of all bytes.
fn checksum(payload: &[u8]) -> u32 {
    payload.iter().fold(0, |sum: u32, byte| sum.wrapping_add(u32::from(*byte)))
}
