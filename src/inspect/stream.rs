//! The way from the thread that unpacks to the one that looks.
//!
//! All texts of a run go as one stream of bytes in large pieces, with marks where each begins and
//! ends: waking the other thread for each of ten thousand logs would cost more than reading them.

use std::io::{self, Read};
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use flate2::Crc;
use rawzip::ZipVerification;

use super::found::{Fate, Found, Thing};
use super::kind::Embedded;
use super::{FileError, gzip};
use micheck_core::package_name::PackageName;
use micheck_core::saved_dump::DumpScanner;

/// How much is handed over at once, in bytes: with less, waking the other thread costs more than what
/// it does.
const PIECE_BYTES: usize = 512 << 10;

/// How many pieces are on their way.
const PIECES: usize = 3;

/// The most marks of a piece.
const MAX_MARKS: usize = 1_024;

/// What stands between the bytes of a piece.
enum Mark {
    /// A text, and what a person is told that it is where nothing of a phone is in it.
    Begin(Thing, &'static str),
    End {
        trouble: Option<FileError>,
        claimed: Option<u32>,
    },
    /// A thing that has no row, and its fate.
    Met(Thing, Fate),
    /// A thing that wasn't read.
    Unread(Thing, FileError),
}

/// Bytes of texts, and the marks before which of them each stands.
struct Piece {
    bytes: Vec<u8>,
    filled: usize,
    marks: Vec<(usize, Mark)>,
}

impl Piece {
    fn of(bytes: Vec<u8>) -> Self {
        Self { bytes, filled: 0, marks: Vec::new() }
    }
}

pub(super) struct Stream {
    full: SyncSender<Piece>,
    empty: Receiver<Vec<u8>>,
    piece: Piece,
}

impl Stream {
    /// Tells the fate of a thing that isn't looked through and has no row.
    pub(super) fn met(&mut self, thing: Thing, fate: Fate) {
        self.mark(Mark::Met(thing, fate));
    }

    /// Tells that a thing wasn't read.
    pub(super) fn unread(&mut self, thing: Thing, trouble: FileError) {
        self.mark(Mark::Unread(thing, trouble));
    }

    /// Hands over a text of at most `most` bytes. One that is longer, or can't be read to its end,
    /// gives what came.
    pub(super) fn text(
        &mut self,
        thing: Thing,
        recognised: &'static str,
        reader: &mut dyn Read,
        most: u64,
        claim: Option<ZipVerification>,
    ) {
        self.mark(Mark::Begin(thing, recognised));
        // An entry that unpacks to more than it says stops right there.
        let mut left = claim.map_or(most, |claim| claim.uncompressed_size);
        let trouble = loop {
            if self.piece.filled == self.piece.bytes.len() && !self.hand_over() {
                break None;
            }
            match reader.read(&mut self.piece.bytes[self.piece.filled..]) {
                Ok(0) if claim.is_some() && left > 0 => {
                    break Some(damaged("it isn't as long as the archive says"));
                }
                Ok(0) => break None,
                Ok(read) => {
                    let room = usize::try_from(left).unwrap_or(usize::MAX);
                    self.piece.filled += read.min(room);
                    left -= read.min(room) as u64;
                    if read > room {
                        break Some(match claim {
                            Some(_) => damaged("it is longer than the archive says"),
                            None => FileError::TooLarge { most: "1 GiB" },
                        });
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => break Some(of_error(&error)),
            }
        };
        self.mark(Mark::End { trouble, claimed: claim.map(|claim| claim.crc) });
    }

    fn mark(&mut self, mark: Mark) {
        if self.piece.marks.len() == MAX_MARKS {
            self.hand_over();
        }
        self.piece.marks.push((self.piece.filled, mark));
    }

    /// Hands the piece over and begins the next. Whether somebody takes it.
    fn hand_over(&mut self) -> bool {
        let Ok(next) = self.empty.recv() else { return false };
        self.full.send(std::mem::replace(&mut self.piece, Piece::of(next))).is_ok()
    }
}

/// What an error in unpacking is.
pub(super) fn of_error(error: &io::Error) -> FileError {
    if gzip::is_extra(error) {
        return FileError::Extra { what: "something follows the gzip file's own bytes" };
    }
    if error.kind() == io::ErrorKind::FileTooLarge {
        return FileError::TooLarge { most: "2 GiB" };
    }
    damaged(error)
}

pub(super) fn damaged(what: &(impl ToString + ?Sized)) -> FileError {
    FileError::Damaged { what: what.to_string() }
}

/// Runs `walk` on a thread of its own and looks at what it hands over, so that unpacking and looking
/// take as long as the longer of the two.
pub(super) fn run(packages: &[PackageName], walk: impl FnOnce(Stream) + Send) -> Found {
    let (full, filled) = mpsc::sync_channel(PIECES);
    let (give_back, empty) = mpsc::channel();
    for _ in 0..PIECES {
        // The other end is alive: it is this function's.
        let _ = give_back.send(vec![0; PIECE_BYTES]);
    }
    let mut looking = Looking { packages, found: Found::default(), text: None };
    thread::scope(|scope| {
        let piece = Piece::of(vec![0; PIECE_BYTES]);
        let walking =
            thread::Builder::new().spawn_scoped(scope, move || walk(Stream { full, empty, piece }));
        let Ok(walking) = walking else {
            let why = damaged("this computer can't start a thread to read it");
            return looking.found.unread(Thing::default(), why);
        };
        for piece in filled {
            looking.piece(piece.marks, &piece.bytes[..piece.filled]);
            // Nobody wants it back after the last piece.
            let _ = give_back.send(piece.bytes);
        }
        if walking.join().is_err() {
            looking.found.unread(Thing::default(), damaged("reading it failed"));
        }
    });
    looking.found
}

impl Drop for Stream {
    /// Hands the last piece over.
    fn drop(&mut self) {
        let last = std::mem::replace(&mut self.piece, Piece::of(Vec::new()));
        // Nobody takes it when looking has failed.
        let _ = self.full.send(last);
    }
}

struct Looking<'a> {
    packages: &'a [PackageName],
    found: Found,
    text: Option<LookedThrough<'a>>,
}

/// A text that is being looked through.
struct LookedThrough<'a> {
    thing: Thing,
    recognised: &'static str,
    scanner: DumpScanner<'a>,
    crc: Crc,
    embedded: Embedded,
}

impl Looking<'_> {
    fn piece(&mut self, marks: Vec<(usize, Mark)>, bytes: &[u8]) {
        let mut from = 0;
        for (at, mark) in marks {
            self.bytes(&bytes[from..at]);
            from = at;
            self.mark(mark);
        }
        self.bytes(&bytes[from..]);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        if let (Some(text), false) = (&mut self.text, bytes.is_empty()) {
            text.scanner.feed(bytes);
            text.crc.update(bytes);
            text.embedded.feed(bytes);
        }
    }

    fn mark(&mut self, mark: Mark) {
        match mark {
            Mark::Begin(thing, recognised) => {
                let (scanner, crc) = (DumpScanner::new(self.packages), Crc::new());
                let embedded = Embedded::default();
                self.text = Some(LookedThrough { thing, recognised, scanner, crc, embedded });
            }
            Mark::Met(thing, fate) => self.found.met(thing, fate),
            Mark::Unread(thing, trouble) => self.found.unread(thing, trouble),
            Mark::End { trouble, claimed } => {
                let Some(text) = self.text.take() else { return };
                let differs = claimed.is_some_and(|claimed| claimed != text.crc.sum());
                let trouble = trouble.or_else(|| differs.then(|| damaged("its checksum differs")));
                let (phones, embedded) = (text.scanner.finish(), text.embedded.is_found());
                self.found.text(text.thing, text.recognised, phones, trouble, embedded);
            }
        }
    }
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

    const DUMP: &[u8] = b"Unable to find package: com.xiaomi.mi_connect_service\n";

    /// The number of phones that are found in a text that comes from `reader`, and its trouble.
    fn read(
        mut reader: impl Read + Send,
        most: u64,
        claim: Option<ZipVerification>,
    ) -> (usize, Option<FileError>) {
        let packages = [PackageName::try_from("com.xiaomi.mi_connect_service").unwrap()];
        let found = run(&packages, |mut stream| {
            stream.text(Thing::default(), "a text", &mut reader, most, claim);
        });
        let phones = found.rows.iter().filter(|row| row.phone.is_some()).count();
        (phones, found.rows.into_iter().find_map(|row| row.trouble))
    }

    #[test]
    fn everything_comes_in_order() {
        for bytes in [0, 1, PIECE_BYTES - 9, PIECE_BYTES, PIECE_BYTES * 9 + 3] {
            let text = [&vec![b'\n'; bytes][..], DUMP].concat();
            let mut crc = Crc::new();
            crc.update(&text);
            let uncompressed_size = text.len() as u64;
            let claim = ZipVerification { uncompressed_size, crc: crc.sum() };
            assert_eq!(read(text.as_slice(), u64::MAX, Some(claim)), (1, None), "{bytes}");
            let other = ZipVerification { crc: claim.crc ^ 1, ..claim };
            let differs = Some(damaged("its checksum differs"));
            assert_eq!(read(text.as_slice(), u64::MAX, Some(other)), (1, differs));
            let uncompressed_size = claim.uncompressed_size + 1;
            let longer = ZipVerification { uncompressed_size, ..claim };
            let short = Some(damaged("it isn't as long as the archive says"));
            assert_eq!(read(text.as_slice(), u64::MAX, Some(longer)), (1, short));
            let uncompressed_size = claim.uncompressed_size - 1;
            let shorter = ZipVerification { uncompressed_size, ..claim };
            let long = Some(damaged("it is longer than the archive says"));
            assert_eq!(read(text.as_slice(), u64::MAX, Some(shorter)), (1, long));
        }
    }

    #[test]
    fn no_more_than_the_bound_comes() {
        let text = [&vec![b'\n'; PIECE_BYTES * 3][..], DUMP].concat();
        let most = text.len() as u64;
        let too_large = Some(FileError::TooLarge { most: "1 GiB" });
        assert_eq!(read(text.as_slice(), most, None), (1, None));
        assert_eq!(read(text.as_slice(), PIECE_BYTES as u64, None), (0, too_large));
    }

    #[test]
    fn what_came_before_an_error_is_kept() {
        let (phones, trouble) = read(Failing(DUMP), u64::MAX, None);
        assert_eq!((phones, trouble), (1, Some(damaged("broken"))));
    }
}
