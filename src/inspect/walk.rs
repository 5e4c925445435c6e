//! The way through files, folders and archives: every thing that is met is looked at by its bytes,
//! never by its name, and handed on, or its fate is told.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry, File};
use std::io::{self, BufReader, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::Crc;
use rawzip::{FileReader, RangeReader, ReaderAt, ZipVerification};

use super::FileError;
use super::budget::Budget;
use super::found::{Fate, Thing};
use super::gzip::Members;
use super::kind::{HEAD_BYTES, Kind, recognised};
use super::stream::{Stream, damaged, of_error};
use crate::report::evidence_dir;
use crate::report::evidence_files::MANIFEST;
use micheck_core::escape::decode;
use micheck_platform::regular_file;

/// How deep folders are looked into.
const MAX_FOLDERS: usize = 8;

/// How many archives a thing may lie in that is an archive itself.
const MAX_ARCHIVES: usize = 3;

/// The most files, folders and entries of archives in all; `AndroidQF` collects some thousands.
pub(super) const MAX_THINGS: usize = 100_000;

/// The most that the names of all of them have, in bytes.
const MAX_NAMES_BYTES: usize = 16 << 20;

/// The most that one text may have when it is unpacked, in bytes: the largest bug reports seen have
/// a few hundred MB.
pub(super) const MAX_TEXT_BYTES: u64 = 1 << 30;

/// The most that comes in by standard input when it is an archive, in bytes: it is kept in an
/// unnamed temporary file, packed as it is, because an archive is read from its end.
const MAX_SPOOLED_BYTES: u64 = 2 << 30;

/// How much is read at once of what is packed, in bytes.
pub(super) const PACKED_BYTES: usize = 128 << 10;

/// Where a stream of bytes comes from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    /// How long it is and what its checksum is, as its archive claims.
    pub(super) claim: Option<ZipVerification>,
    /// How many archives it lies in.
    pub(super) archives: usize,
}

/// A way through what one person's argument names.
pub(super) struct Walk {
    pub(super) stream: Stream,
    /// How many things may still be met.
    left: usize,
    names_left: usize,
    pub(super) budget: Budget,
    /// Folders of `--evidence` that were met, and their names.
    pub(super) kept: Vec<(PathBuf, Thing)>,
}

impl Walk {
    pub(super) fn new(stream: Stream) -> Self {
        Self {
            stream,
            left: MAX_THINGS,
            names_left: MAX_NAMES_BYTES,
            budget: Budget::default(),
            kept: Vec::new(),
        }
    }

    /// Counts a thing with this name; `false`: there were too many already.
    pub(super) fn count(&mut self, name: &str) -> bool {
        let has_room = self.left > 0 && self.names_left >= name.len();
        if has_room {
            self.left -= 1;
            self.names_left -= name.len();
        }
        has_room
    }

    /// A file on a disk, or what bytes in memory hold.
    pub(super) fn file(&mut self, thing: Thing, file: &dyn ReaderAt, bytes: u64) {
        self.budget = Budget::default();
        let mut head = Vec::new();
        let reader = || RangeReader::new(file, 0..u64::MAX);
        match reader().take(HEAD_BYTES as u64).read_to_end(&mut head) {
            Ok(_) if Kind::of_head(&head) == Kind::Zip => self.zip(&thing, file, bytes, 0),
            Ok(_) => {
                let mut reader = BufReader::with_capacity(PACKED_BYTES, reader());
                self.bytes(thing, &mut reader, Place::default());
            }
            Err(error) => self.stream.unread(thing, FileError::unreadable(&error)),
        }
    }

    /// Bytes that come one after another, whatever they are.
    pub(super) fn bytes(&mut self, thing: Thing, reader: &mut dyn Read, place: Place) {
        let mut head = Vec::with_capacity(HEAD_BYTES);
        // What is damaged right at its beginning is so for whoever reads all of it, too.
        let begun = (&mut *reader).take(HEAD_BYTES as u64).read_to_end(&mut head);
        let kind = Kind::of_head(&head);
        let what = recognised(&head);
        let mut whole = io::Cursor::new(head).chain(Begun { failed: begun.err(), reader });
        match kind {
            Kind::Text => self.stream.text(thing, what, &mut whole, MAX_TEXT_BYTES, place.claim),
            Kind::NoPhone(what) => match no_zip_ends(&mut whole) {
                Ok(()) => self.stream.met(thing, Fate::NoPhone(Some(what))),
                Err(trouble) => self.stream.unread(thing, trouble),
            },
            Kind::Packed(kind) => self.stream.unread(thing, FileError::Packed { kind }),
            Kind::Gzip | Kind::Zip if place.archives > MAX_ARCHIVES => {
                self.stream.unread(thing, FileError::TooDeep);
            }
            Kind::Gzip => {
                let members = Members::new(BufReader::with_capacity(PACKED_BYTES, whole));
                let budget = self.budget.clone();
                let place = Place { claim: None, archives: place.archives + 1 };
                let thing = Thing { in_gzip: true, ..thing };
                self.bytes(thing, &mut budget.charge(members), place);
            }
            Kind::Zip => {
                let most = if place.archives == 0 { MAX_SPOOLED_BYTES } else { MAX_TEXT_BYTES };
                match spooled(&mut whole, most, place.claim) {
                    Ok((file, bytes)) => {
                        let thing = Thing { in_gzip: false, ..thing };
                        self.zip(&thing, &file, bytes, place.archives);
                    }
                    Err(trouble) => self.stream.unread(thing, trouble),
                }
            }
        }
    }

    /// A folder on a disk; links in it aren't followed.
    pub(super) fn folder(&mut self, thing: &Thing, path: &Path, depth: usize) {
        let is_file = |path: &Path| fs::symlink_metadata(path).is_ok_and(|found| found.is_file());
        // Whatever else lies in a folder of kept evidence is looked at like anything else.
        let mut own = BTreeSet::new();
        if is_file(&path.join(MANIFEST)) {
            self.kept.push((path.to_owned(), thing.clone()));
            own = evidence_dir::file_names(path);
        }
        let inside = match self.inside(path) {
            Ok(inside) => inside,
            Err(trouble) => return self.stream.unread(thing.clone(), trouble),
        };
        for (name, entry) in inside {
            let (path, inner) = (entry.path(), thing.inner(&name, false));
            if own.contains(&name) && is_file(&path) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_symlink() => self.stream.unread(inner, FileError::Link),
                Ok(kind) if kind.is_dir() && depth == MAX_FOLDERS => {
                    self.stream.unread(inner, FileError::TooDeep);
                }
                Ok(kind) if kind.is_dir() => self.folder(&inner, &path, depth + 1),
                found => match found.and_then(|_| regular_file::open(&path)).and_then(sized) {
                    Ok((file, bytes)) => self.file(inner, &file, bytes),
                    Err(error) => self.stream.unread(inner, FileError::unreadable(&error)),
                },
            }
        }
    }

    /// What is in a folder, in the order of names.
    fn inside(&mut self, path: &Path) -> Result<Vec<(String, DirEntry)>, FileError> {
        let unreadable = |error: io::Error| FileError::unreadable(&error);
        let mut inside = Vec::new();
        for entry in path.read_dir().map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = decode(entry.file_name().as_encoded_bytes());
            if !self.count(&name) {
                return Err(FileError::TooMany { most: MAX_THINGS });
            }
            inside.push((name, entry));
        }
        inside.sort_by(|(left, _), (right, _)| left.cmp(right));
        Ok(inside)
    }
}

/// A file and its length in bytes.
pub(super) fn sized(file: File) -> io::Result<(FileReader, u64)> {
    let bytes = file.metadata()?.len();
    Ok((FileReader::from(file), bytes))
}

/// What is left of a reader whose beginning was read; fails as it did there.
struct Begun<'a> {
    failed: Option<io::Error>,
    reader: &'a mut dyn Read,
}

impl Read for Begun<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.failed.take() {
            Some(error) => Err(error),
            None => self.reader.read(buffer),
        }
    }
}

/// How long a zip's end is at most: its record, and a comment (APPNOTE 4.3.16).
const ZIP_END_BYTES: usize = ZIP_END_RECORD_BYTES + u16::MAX as usize;

/// The record without its comment.
const ZIP_END_RECORD_BYTES: usize = 22;

/// Gives all that a reader has to `take`, piece by piece.
pub(super) fn pieces(
    mut reader: impl Read,
    mut take: impl FnMut(&[u8]) -> Result<(), FileError>,
) -> Result<(), FileError> {
    let mut piece = vec![0; PACKED_BYTES];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(read) => take(&piece[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(of_error(&error)),
        }
    }
}

/// Fails where this ends as a zip does, whatever it begins with: programs that unpack look there.
fn no_zip_ends(reader: &mut dyn Read) -> Result<(), FileError> {
    let mut end = Vec::new();
    pieces(reader, |piece| {
        end.extend_from_slice(piece);
        let surplus = end.len().saturating_sub(ZIP_END_BYTES);
        end.drain(..surplus);
        Ok(())
    })?;
    let is_zip = memchr::memmem::find_iter(&end, b"PK\x05\x06").any(|at| {
        let comment = end.get(at + 20..at + ZIP_END_RECORD_BYTES);
        let bytes = comment.map(|bytes| usize::from(u16::from_le_bytes([bytes[0], bytes[1]])));
        bytes.is_some_and(|bytes| at + ZIP_END_RECORD_BYTES + bytes == end.len())
    });
    if is_zip { Err(FileError::Extra { what: "an archive follows it" }) } else { Ok(()) }
}

/// Keeps an archive in a nameless temporary file: its list of files stands at its end.
fn spooled(
    reader: &mut dyn Read,
    most: u64,
    claim: Option<ZipVerification>,
) -> Result<(FileReader, u64), FileError> {
    let unkept =
        |error: io::Error| FileError::Unreadable { what: format!("no room to unpack it: {error}") };
    let mut file = tempfile::tempfile().map_err(unkept)?;
    let (mut crc, mut bytes) = (Crc::new(), 0);
    pieces(reader, |piece| {
        bytes += piece.len() as u64;
        if bytes > most {
            let most = if most == MAX_TEXT_BYTES { "1 GiB" } else { "2 GiB" };
            return Err(FileError::TooLarge { most });
        }
        crc.update(piece);
        io::Write::write_all(&mut file, piece).map_err(unkept)
    })?;
    match claim {
        Some(claim) if claim.uncompressed_size != bytes => {
            return Err(damaged("it isn't as long as the archive says"));
        }
        Some(claim) if claim.crc != crc.sum() => return Err(damaged("its checksum differs")),
        Some(_) | None => {}
    }
    file.seek(SeekFrom::Start(0)).map_err(unkept)?;
    Ok((FileReader::from(file), bytes))
}
