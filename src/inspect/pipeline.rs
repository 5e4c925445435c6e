//! A text on its way through the sieve: one thread unpacks, another one looks.

use std::io::{self, Read};
use std::sync::mpsc;
use std::thread;

use flate2::Crc;

use super::{Row, Trouble};
use crate::package::PackageName;
use crate::saved::{SavedPhone, Sieve};

/// How much is handed over at once, in bytes: with less, waking the other thread costs more than what
/// it does.
const PIECE_BYTES: usize = 512 << 10;

/// How many pieces are on their way.
const PIECES: usize = 3;

/// How much is read at once of what is packed, in bytes.
pub(super) const PACKED_BYTES: usize = 128 << 10;

/// A text that was read.
#[derive(Debug)]
pub(super) struct Text {
    phones: Vec<SavedPhone>,
    /// Its length, in bytes.
    pub(super) bytes: u64,
    /// Its CRC-32, if that was wanted.
    pub(super) crc: u32,
    trouble: Option<Trouble>,
}

/// Whether somebody will compare a text's checksum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Checked {
    /// An archive says what it is to be.
    ByCrc,
    /// Nobody does, or whoever unpacks it.
    No,
}

/// How reading ended.
enum End {
    Whole,
    TooLarge,
    Failed(io::Error),
}

impl Text {
    /// Reads a text of at most `most` bytes for what it says of `packages`. A text that is longer,
    /// or can't be read to its end, gives what came.
    pub(super) fn read(
        reader: impl Read + Send,
        most: u64,
        packages: &[PackageName],
        checked: Checked,
    ) -> Self {
        let mut sieve = Sieve::new(packages);
        let mut crc = Crc::new();
        let mut bytes = 0;
        let end = pieces(reader, most, |piece| {
            sieve.feed(piece);
            if checked == Checked::ByCrc {
                crc.update(piece);
            }
            bytes += piece.len() as u64;
        });
        let trouble = match end {
            End::Whole => None,
            End::TooLarge => Some(Trouble::TooLarge { most: "1 GiB" }),
            End::Failed(error) => Some(Trouble::Damaged { what: error.to_string() }),
        };
        Self { phones: sieve.finish(), bytes, crc: crc.sum(), trouble }
    }

    /// Whether there was more of it than was to be read.
    pub(super) fn too_large(&self) -> bool {
        matches!(self.trouble, Some(Trouble::TooLarge { .. }))
    }

    /// Notes that the text isn't what its archive says that it is.
    pub(super) fn damaged(&mut self, what: &str) {
        if self.trouble.is_none() || self.too_large() {
            self.trouble = Some(Trouble::Damaged { what: what.to_owned() });
        }
    }

    /// Whether nothing in it was recognised and nothing is wrong with it.
    pub(super) fn is_nothing(&self) -> bool {
        self.phones.is_empty() && self.trouble.is_none()
    }

    /// One row for each phone; `recognised` says what it is when it is no dump.
    pub(super) fn rows(self, entry: Option<&str>, recognised: impl FnOnce() -> String) -> Vec<Row> {
        let entry = || entry.map(str::to_owned);
        if self.phones.is_empty() {
            let not_a_dump = || Trouble::NotADump { recognised: recognised() };
            return vec![Row::of_trouble(entry(), self.trouble.unwrap_or_else(not_a_dump))];
        }
        let trouble = self.trouble;
        self.phones
            .into_iter()
            .map(|phone| Row { entry: entry(), phone: Some(phone), trouble: trouble.clone() })
            .collect()
    }
}

/// Reads on another thread, so that unpacking and looking take as long as the longer of the two.
fn pieces(mut reader: impl Read + Send, most: u64, mut take: impl FnMut(&[u8])) -> End {
    let (full, filled) = mpsc::sync_channel::<(Vec<u8>, usize)>(PIECES);
    let (give_back, empty) = mpsc::channel();
    for _ in 0..PIECES {
        // The other end is alive: it is this function's.
        let _ = give_back.send(vec![0; PIECE_BYTES]);
    }
    thread::scope(|scope| {
        let reading = scope.spawn(move || {
            let mut left = most;
            while let Ok(mut piece) = empty.recv() {
                let read = fill(&mut reader, &mut piece);
                let bytes = *read.as_ref().unwrap_or_else(|(bytes, _)| bytes);
                let kept = usize::try_from(left).unwrap_or(usize::MAX).min(bytes);
                left -= kept as u64;
                let last = bytes < PIECE_BYTES;
                if full.send((piece, kept)).is_err() || kept < bytes {
                    return End::TooLarge;
                }
                match read {
                    Err((_, error)) => return End::Failed(error),
                    Ok(_) if last => return End::Whole,
                    Ok(_) => {}
                }
            }
            End::Whole
        });
        for (piece, bytes) in filled {
            take(&piece[..bytes]);
            // Nobody wants it back after the last piece.
            let _ = give_back.send(piece);
        }
        reading.join().unwrap_or_else(|_| End::Failed(io::Error::other("the reader failed")))
    })
}

/// Reads until `piece` is full or nothing more comes; with an error, what came before it.
fn fill(reader: &mut impl Read, piece: &mut [u8]) -> Result<usize, (usize, io::Error)> {
    let mut bytes = 0;
    while bytes < piece.len() {
        match reader.read(&mut piece[bytes..]) {
            Ok(0) => break,
            Ok(more) => bytes += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err((bytes, error)),
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives what it has in small pieces, then fails.
    struct Failing<'a>(&'a [u8]);

    impl Read for Failing<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("broken"));
            }
            let bytes = buffer.len().min(self.0.len()).min(7);
            buffer[..bytes].copy_from_slice(&self.0[..bytes]);
            self.0 = &self.0[bytes..];
            Ok(bytes)
        }
    }

    fn read(reader: impl Read + Send, most: u64) -> (Vec<u8>, End) {
        let mut all = Vec::new();
        let end = pieces(reader, most, |piece| all.extend_from_slice(piece));
        (all, end)
    }

    #[test]
    fn everything_comes_in_order() {
        let text: Vec<u8> = (0..=250).cycle().take(PIECE_BYTES * 15 + 3).collect();
        for bytes in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, text.len()] {
            let (all, end) = read(&text[..bytes], u64::MAX);
            assert!(all == text[..bytes] && matches!(end, End::Whole), "{bytes}");
        }
    }

    #[test]
    fn no_more_than_the_bound_comes() {
        let text = vec![b'a'; PIECE_BYTES * 3];
        for most in [0, 5, PIECE_BYTES as u64, PIECE_BYTES as u64 + 1] {
            let (all, end) = read(text.as_slice(), most);
            assert!(all.len() as u64 == most && matches!(end, End::TooLarge), "{most}");
        }
        let (all, end) = read(text.as_slice(), text.len() as u64);
        assert!(all == text && matches!(end, End::Whole));
    }

    #[test]
    fn what_came_before_an_error_is_kept() {
        let text = vec![b'a'; PIECE_BYTES + 10];
        let (all, end) = read(Failing(&text), u64::MAX);
        assert!(all == text && matches!(end, End::Failed(_)));
    }
}
