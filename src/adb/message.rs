//! One message of the ADB transport protocol: a header of 24 bytes and its payload. Pure.
//!
//! Source: AOSP `packages/modules/adb/protocol.txt`, `adb.h` and `types.h`.

use thiserror::Error;

/// The version that this side speaks; from it on peers skip the payload's checksum.
pub const VERSION_WITHOUT_CHECKSUM: u32 = 0x0100_0001;

/// What adb allows a payload to be, bytes.
pub const MAX_PAYLOAD: u32 = 1024 * 1024;

/// How long a header is, bytes.
pub const HEADER_BYTES: usize = 24;

/// `A_AUTH` with a token to be signed.
pub const AUTH_TOKEN: u32 = 1;
/// `A_AUTH` with the signature of a token.
pub const AUTH_SIGNATURE: u32 = 2;
/// `A_AUTH` with a public key, which a person is asked to allow.
pub const AUTH_PUBLIC_KEY: u32 = 3;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum MessageCommand {
    /// `CNXN`: who is there, and what it can do.
    Connect = u32::from_le_bytes(*b"CNXN"),
    /// `STLS`: TLS from here on.
    StartTls = u32::from_le_bytes(*b"STLS"),
    /// `AUTH`.
    Auth = u32::from_le_bytes(*b"AUTH"),
    /// `OPEN`: a stream to a service.
    Open = u32::from_le_bytes(*b"OPEN"),
    /// `OKAY`: the stream is open, or its last piece was taken.
    Okay = u32::from_le_bytes(*b"OKAY"),
    /// `WRTE`: a piece of a stream.
    Write = u32::from_le_bytes(*b"WRTE"),
    /// `CLSE`: the end of a stream, or no to its beginning.
    Close = u32::from_le_bytes(*b"CLSE"),
}

impl MessageCommand {
    const ALL: [Self; 7] = [
        Self::Connect,
        Self::StartTls,
        Self::Auth,
        Self::Open,
        Self::Okay,
        Self::Write,
        Self::Close,
    ];
}

/// A message as it was read or is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// What it is for.
    pub command: MessageCommand,
    /// The sender's number for the stream, or what the command makes of it.
    pub arg0: u32,
    /// The receiver's number for the stream, or what the command makes of it.
    pub arg1: u32,
    /// At most [`MAX_PAYLOAD`] bytes.
    pub payload: Vec<u8>,
}

/// The header of a message in numbers, as they stand on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Four letters.
    pub command: u32,
    /// See [`Message::arg0`].
    pub arg0: u32,
    /// See [`Message::arg1`].
    pub arg1: u32,
    /// Bytes of payload.
    pub length: u32,
    /// The sum of the payload's bytes, or 0 between peers that skip it.
    pub checksum: u32,
    /// The command with every bit turned over.
    pub magic: u32,
}

/// Bytes that are no message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum InvalidMessage {
    /// No command has this number, or its magic doesn't fit.
    #[error("bytes that aren't an ADB message")]
    Header,
    /// More than anybody may send.
    #[error("a message that claims {length} bytes")]
    Length {
        /// What it claims.
        length: u32,
    },
    /// The payload isn't what its sender saw.
    #[error("a message with a wrong checksum")]
    Checksum,
}

impl Header {
    /// As it goes over the wire.
    #[must_use]
    pub fn encode(self) -> [u8; HEADER_BYTES] {
        let numbers = [self.command, self.arg0, self.arg1, self.length, self.checksum, self.magic];
        let mut bytes = [0; HEADER_BYTES];
        for (place, number) in bytes.chunks_exact_mut(4).zip(numbers) {
            place.copy_from_slice(&number.to_le_bytes());
        }
        bytes
    }

    /// The numbers as they came.
    #[must_use]
    pub fn decode(bytes: [u8; HEADER_BYTES]) -> Self {
        let (words, _) = bytes.as_chunks();
        let number = |at: usize| u32::from_le_bytes(words[at]);
        Self {
            command: number(0),
            arg0: number(1),
            arg1: number(2),
            length: number(3),
            checksum: number(4),
            magic: number(5),
        }
    }

    /// What it is for, if its payload has at most `max_payload` bytes.
    ///
    /// # Errors
    /// It is no header of a message, or announces too much.
    pub fn check(&self, max_payload: u32) -> Result<MessageCommand, InvalidMessage> {
        let command = MessageCommand::ALL.into_iter().find(|known| *known as u32 == self.command);
        let Some(command) = command.filter(|_| self.magic == !self.command) else {
            return Err(InvalidMessage::Header);
        };
        if self.length > max_payload {
            return Err(InvalidMessage::Length { length: self.length });
        }
        Ok(command)
    }

    /// The message of which this is the header; `due` is whether its checksum must be there.
    ///
    /// # Errors
    /// A checksum that is due is wrong, or one that isn't is neither right nor 0.
    pub fn with_payload(
        self,
        command: MessageCommand,
        payload: Vec<u8>,
        due: bool,
    ) -> Result<Message, InvalidMessage> {
        let skipped = !due && self.checksum == 0;
        if !skipped && self.checksum != checksum(&payload) {
            return Err(InvalidMessage::Checksum);
        }
        Ok(Message { command, arg0: self.arg0, arg1: self.arg1, payload })
    }
}

impl Message {
    /// A message of which nothing is sent yet.
    #[must_use]
    pub const fn new(command: MessageCommand, arg0: u32, arg1: u32, payload: Vec<u8>) -> Self {
        Self { command, arg0, arg1, payload }
    }

    /// Its header.
    ///
    /// # Panics
    /// With a payload of 4 GiB, which nobody makes.
    #[must_use]
    pub fn header(&self, with_checksum: bool) -> Header {
        let command = self.command as u32;
        Header {
            command,
            arg0: self.arg0,
            arg1: self.arg1,
            length: u32::try_from(self.payload.len()).expect("payloads are at most 1 MiB"),
            checksum: if with_checksum { checksum(&self.payload) } else { 0 },
            magic: !command,
        }
    }

    /// Header and payload, one after the other.
    #[must_use]
    pub fn encode(&self, with_checksum: bool) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER_BYTES + self.payload.len());
        bytes.extend_from_slice(&self.header(with_checksum).encode());
        bytes.extend_from_slice(&self.payload);
        bytes
    }
}

/// The sum of all bytes.
fn checksum(payload: &[u8]) -> u32 {
    payload.iter().fold(0, |sum: u32, byte| sum.wrapping_add(u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message() -> Message {
        Message::new(MessageCommand::Auth, AUTH_TOKEN, 7, b"\xff\xff\x01".to_vec())
    }

    #[test]
    fn what_is_written_is_read() {
        for with_checksum in [true, false] {
            let bytes = message().encode(with_checksum);
            let (head, payload) = bytes.split_at(HEADER_BYTES);
            let header = Header::decode(head.try_into().unwrap());
            let command = header.check(MAX_PAYLOAD).unwrap();
            let read = header.with_payload(command, payload.to_vec(), with_checksum);
            assert_eq!(read, Ok(message()));
        }
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let header = message().header(true);
        for spoilt in [
            Header { magic: header.magic ^ 1, ..header },
            Header { command: 0, magic: !0, ..header },
        ] {
            assert_eq!(spoilt.check(MAX_PAYLOAD), Err(InvalidMessage::Header));
        }
        let long = Header { length: u32::MAX, ..header };
        assert_eq!(long.check(MAX_PAYLOAD), Err(InvalidMessage::Length { length: u32::MAX }));
        assert_eq!(Header { length: 10, ..header }.check(10), Ok(MessageCommand::Auth));
    }

    #[test]
    fn a_checksum_may_be_skipped_only_where_both_sides_do() {
        let payload = message().payload;
        let with = |checksum: u32, due: bool| {
            let header = Header { checksum, ..message().header(true) };
            header.with_payload(MessageCommand::Auth, payload.clone(), due).is_ok()
        };
        assert_eq!([with(0x1ff, true), with(0, true), with(0x1fe, true)], [true, false, false]);
        assert_eq!([with(0x1ff, false), with(0, false), with(0x1fe, false)], [true, true, false]);
    }
}
