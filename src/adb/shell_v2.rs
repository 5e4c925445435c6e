//! Packets of the shell v2 protocol, device to host.
//!
//! Source: AOSP `packages/modules/adb/shell_protocol.h`: one byte id, four bytes
//! length (little-endian), data.

use thiserror::Error;

const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const EXIT: u8 = 3;

const HEADER_BYTES: usize = 5;

/// A piece of a phone's answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packet<'a> {
    /// Some of standard output.
    Stdout(&'a [u8]),
    /// Some of standard error.
    Stderr(&'a [u8]),
    /// The command ended with this exit code: the answer is complete.
    Exit(u8),
}

/// The phone sent what the protocol has no place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProtocolViolation {
    /// An id that no device sends.
    #[error("a packet of the unknown kind {id}")]
    UnknownId {
        /// The id.
        id: u8,
    },
    /// An exit packet must hold exactly one byte.
    #[error("an exit packet of {length} bytes instead of one")]
    ExitLength {
        /// The length that it announced.
        length: u32,
    },
}

/// Takes packets out of a byte stream, however it is cut.
///
/// A packet's data is passed on as it comes and never collected, so an announced
/// length costs nothing, not even 4 GiB.
#[derive(Debug, Default)]
pub struct PacketReader {
    header: [u8; HEADER_BYTES],
    header_filled: usize,
    data_left: u32,
}

impl PacketReader {
    /// Takes the next packet (or the next piece of one) off the front of `bytes`;
    /// `None` when `bytes` is used up.
    ///
    /// # Errors
    /// The phone doesn't keep to the protocol; nothing after that can be trusted.
    pub fn next<'a>(
        &mut self,
        bytes: &mut &'a [u8],
    ) -> Result<Option<Packet<'a>>, ProtocolViolation> {
        loop {
            if self.data_left == 0 {
                if self.header_filled == HEADER_BYTES {
                    self.header_filled = 0;
                }
                let wanted = HEADER_BYTES - self.header_filled;
                let (head, rest) = bytes.split_at(wanted.min(bytes.len()));
                self.header[self.header_filled..self.header_filled + head.len()]
                    .copy_from_slice(head);
                self.header_filled += head.len();
                *bytes = rest;
                if self.header_filled < HEADER_BYTES {
                    return Ok(None);
                }
                self.data_left = self.check_header()?;
                if self.data_left == 0 {
                    continue;
                }
            }
            if bytes.is_empty() {
                return Ok(None);
            }
            let length = usize::try_from(self.data_left).unwrap_or(usize::MAX).min(bytes.len());
            let (data, rest) = bytes.split_at(length);
            *bytes = rest;
            self.data_left -= u32::try_from(length).expect("it is at most data_left");
            return Ok(Some(match self.header[0] {
                STDOUT => Packet::Stdout(data),
                STDERR => Packet::Stderr(data),
                _ => Packet::Exit(data[0]),
            }));
        }
    }

    /// How much is still to come of the packet that has begun.
    #[must_use]
    pub const fn data_left(&self) -> u32 {
        self.data_left
    }

    fn check_header(&self) -> Result<u32, ProtocolViolation> {
        let [id, length @ ..] = self.header;
        let length = u32::from_le_bytes(length);
        match id {
            STDOUT | STDERR => Ok(length),
            EXIT if length == 1 => Ok(length),
            EXIT => Err(ProtocolViolation::ExitLength { length }),
            id => Err(ProtocolViolation::UnknownId { id }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn packet(id: u8, data: &[u8]) -> Vec<u8> {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        [&[id][..], &length, data].concat()
    }

    /// Standard output, and the exit code if one came.
    fn read(pieces: &[&[u8]]) -> Result<(Vec<u8>, Option<u8>), ProtocolViolation> {
        let (mut reader, mut out, mut exit) = (PacketReader::default(), Vec::new(), None);
        for &piece in pieces {
            let mut rest = piece;
            while let Some(packet) = reader.next(&mut rest)? {
                match packet {
                    Packet::Stdout(data) => out.extend_from_slice(data),
                    Packet::Stderr(_) => {}
                    Packet::Exit(code) => exit = Some(code),
                }
            }
        }
        Ok((out, exit))
    }

    #[test]
    fn reads_output_and_exit_code() {
        let stream =
            [packet(1, b"ab"), packet(1, b""), packet(2, b"!"), packet(1, b"c"), packet(3, &[7])]
                .concat();
        assert_eq!(read(&[&stream]), Ok((b"abc".to_vec(), Some(7))));
    }

    #[test]
    fn an_announced_length_allocates_nothing() {
        let mut stream = vec![1, 0xff, 0xff, 0xff, 0xff];
        stream.extend_from_slice(b"little");
        assert_eq!(read(&[&stream]), Ok((b"little".to_vec(), None)));
    }

    #[test]
    fn what_no_device_sends_is_a_violation() {
        assert_eq!(read(&[&packet(9, b"x")]), Err(ProtocolViolation::UnknownId { id: 9 }));
        assert_eq!(read(&[&packet(0, b"x")]), Err(ProtocolViolation::UnknownId { id: 0 }));
        assert_eq!(read(&[&packet(3, b"")]), Err(ProtocolViolation::ExitLength { length: 0 }));
        assert_eq!(read(&[&packet(3, b"12")]), Err(ProtocolViolation::ExitLength { length: 2 }));
    }

    proptest! {
        #[test]
        fn any_cutting_gives_the_same(
            outputs in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..30), 0..6), size in 1_usize..20
        ) {
            let mut stream: Vec<u8> = outputs.iter().flat_map(|data| packet(1, data)).collect();
            stream.extend(packet(3, &[0]));
            let pieces: Vec<&[u8]> = stream.chunks(size).collect();
            prop_assert_eq!(read(&pieces), Ok((outputs.concat(), Some(0))));
        }

        #[test]
        fn any_bytes_do(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = read(&[&bytes]);
        }
    }
}
