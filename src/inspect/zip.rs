//! Archives: every entry, and whether anything stands in an archive that isn't its own.

use std::io::{BufReader, Read};

use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, RangeReader, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipEntry,
    ZipLocator,
};

use super::FileError;
use super::found::{Fate, Thing};
use super::stream::{Claim, Place, damaged};
use super::walk::{MAX_TEXT_BYTES, MAX_THINGS, PACKED_BYTES, Walk};
use crate::report::evidence_files::MANIFEST;
use micheck_core::escape::decode;

/// How much of a name is kept, in bytes.
const MAX_NAME_BYTES: usize = 1_024;

/// What every app has in its root, in Android's binary form of XML.
const APP_MANIFEST: (&str, &[u8]) = ("AndroidManifest.xml", b"\x03\x00\x08\x00");

/// The lengths that a data descriptor behind an entry may have (APPNOTE 4.3.9).
const DESCRIPTORS: &[u64] = &[12, 16, 20, 24];

/// How long the records are that may stand between the list and its end (APPNOTE 4.3.14, 4.3.15).
const ZIP64_END_BYTES: u64 = 76;

/// An entry, a folder's too.
#[expect(clippy::struct_excessive_bools, reason = "independent facts, not a state")]
struct Entry {
    name: String,
    wayfinder: ZipArchiveEntryWayfinder,
    is_folder: bool,
    is_encrypted: bool,
    has_descriptor: bool,
    method: CompressionMethod,
    packed_bytes: u64,
    /// Where it begins in the archive.
    offset: u64,
    /// There is another one of this name.
    twice: bool,
}

type Archive<'a> = ZipArchive<&'a dyn ReaderAt>;

impl Walk {
    /// Reads an archive of so many bytes that lies in `archives` others.
    pub(super) fn zip(&mut self, thing: &Thing, file: &dyn ReaderAt, bytes: u64, archives: usize) {
        let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
        let located = ZipLocator::new().locate_in_reader(file, &mut buffer, bytes);
        let listed = located
            .map_err(|(_, error)| damaged(&error.to_string()))
            .and_then(|archive| self.list(&archive, &mut buffer).map(|entries| (archive, entries)));
        drop(buffer);
        let (archive, entries) = match listed {
            Ok(listed) => listed,
            Err(trouble) => return self.unread(thing.clone(), trouble),
        };
        if is_app(&archive, &entries) {
            return self.stream.met(thing.clone(), Fate::NoPhone(Some("an Android app (APK)")));
        }
        if entries.is_empty() {
            let what = "an archive without any file";
            self.stream.met(thing.clone(), Fate::NoPhone(Some(what)));
        }
        let kept: Vec<String> = entries
            .iter()
            .filter(|entry| base_name(&entry.name) == MANIFEST)
            .map(|entry| folder_name(&entry.name).to_owned())
            .collect();
        let mut own = Own { at: 0, is_all: true, after_descriptor: false };
        for entry in entries {
            let found = archive.get_entry(entry.wayfinder);
            own.skip(&archive, entry.offset);
            // What can't be found is damaged, and said to be so where it is read.
            own.at = found.as_ref().map_or(entry.offset, |found| found.compressed_data_range().1);
            own.after_descriptor = entry.has_descriptor;
            if entry.is_folder {
                continue;
            }
            let inner = thing.inner(&entry.name, true);
            if base_name(&entry.name) == MANIFEST {
                // One row for all of its folder.
                self.unread(inner, FileError::PackedEvidence);
            } else if kept.iter().any(|folder| entry.name.starts_with(folder)) {
                self.stream.met(inner, Fate::NotRead(FileError::PackedEvidence));
            } else if let Err(trouble) = self.entry(found, &entry, inner.clone(), archives) {
                self.unread(inner, trouble);
            }
        }
        own.end(&archive, bytes);
        if !own.is_all {
            let what = "there are foreign bytes before, between or after its files";
            self.unread(thing.clone(), FileError::Extra { what });
        }
        let mut comment = archive.comment();
        if comment.remaining() > 0 {
            let place = Place { archives: archives + 1, ..Place::default() };
            self.bytes(thing.inner("(comment)", true), &mut comment, place);
        }
    }

    /// The entries, in the order of their places.
    fn list(&mut self, archive: &Archive<'_>, buffer: &mut [u8]) -> Result<Vec<Entry>, FileError> {
        let damaged = |error: rawzip::Error| damaged(&error.to_string());
        let mut all: Vec<Entry> = Vec::new();
        let mut entries = archive.entries(buffer);
        while let Some(entry) = entries.next_entry().map_err(damaged)? {
            let path = entry.file_path();
            let name = path.as_bytes();
            // Some programs on Windows write `\`.
            let name = decode(&name[..name.len().min(MAX_NAME_BYTES)]).replace('\\', "/");
            if !self.count(&name) {
                return Err(FileError::TooMany { most: MAX_THINGS });
            }
            all.push(Entry {
                name,
                wayfinder: entry.wayfinder(),
                // Packed, nothing has two bytes.
                is_folder: entry.is_dir()
                    && entry.uncompressed_size_hint() == 0
                    && entry.compressed_size_hint() <= 2,
                is_encrypted: entry.flags().is_encrypted(),
                has_descriptor: entry.flags().has_data_descriptor(),
                method: entry.compression_method(),
                packed_bytes: entry.compressed_size_hint(),
                offset: entry.local_header_offset(),
                twice: false,
            });
        }
        if all.len() as u64 != archive.entries_hint() {
            return Err(super::stream::damaged("its list of files is incomplete"));
        }
        all.sort_by(|left, right| left.name.cmp(&right.name));
        for at in 1..all.len() {
            if all[at].name == all[at - 1].name && !all[at].is_folder {
                (all[at].twice, all[at - 1].twice) = (true, true);
            }
        }
        all.sort_by_key(|entry| entry.offset);
        Ok(all)
    }

    fn entry(
        &mut self,
        found: Result<ZipEntry<'_, &dyn ReaderAt>, rawzip::Error>,
        entry: &Entry,
        inner: Thing,
        archives: usize,
    ) -> Result<(), FileError> {
        if entry.twice {
            return Err(FileError::TwoEntries);
        }
        if entry.is_encrypted {
            return Err(FileError::Encrypted);
        }
        let packed = found.map_err(|error| damaged(&error.to_string()))?.reader();
        let claimed = packed.claim_verifier();
        if claimed.uncompressed_size > MAX_TEXT_BYTES {
            return Err(FileError::TooLarge { most: "1 GiB" });
        }
        let claim = Some(Claim { bytes: claimed.uncompressed_size, crc: claimed.crc });
        let place = Place { claim, in_gzip: false, archives: archives + 1 };
        let budget = self.budget.clone();
        match entry.method {
            CompressionMethod::STORE => self.bytes(inner, &mut budget.charge(packed), place),
            CompressionMethod::DEFLATE => {
                let capacity = usize::try_from(entry.packed_bytes).unwrap_or(PACKED_BYTES);
                let capacity = capacity.clamp(64, PACKED_BYTES);
                let packed = BufReader::with_capacity(capacity, packed);
                let mut unpacked = DeflateDecoder::new(packed);
                self.bytes(inner.clone(), &mut budget.charge(&mut unpacked), place);
                let is_at_end = unpacked.read(&mut [0]).is_ok_and(|read| read == 0);
                if is_at_end && unpacked.total_in() < entry.packed_bytes {
                    let what = "something follows its packed bytes";
                    return Err(FileError::Extra { what });
                }
            }
            other => {
                let method = other.name().map_or_else(|| other.as_u16().to_string(), str::to_owned);
                return Err(FileError::Method { method });
            }
        }
        Ok(())
    }
}

/// Whether it is an Android app: these have whatever their makers put in, and hold no phone.
fn is_app(archive: &Archive<'_>, entries: &[Entry]) -> bool {
    let (name, begins) = APP_MANIFEST;
    let Some(manifest) = entries.iter().find(|entry| entry.name == name) else { return false };
    let Ok(found) = archive.get_entry(manifest.wayfinder) else { return false };
    let mut head = [0; APP_MANIFEST.1.len()];
    let read = match manifest.method {
        CompressionMethod::STORE => found.reader().read_exact(&mut head),
        CompressionMethod::DEFLATE => {
            let packed = BufReader::with_capacity(1 << 10, found.reader());
            DeflateDecoder::new(packed).read_exact(&mut head)
        }
        _ => return false,
    };
    read.is_ok() && head == begins
}

/// Whether all bytes of an archive are its own: entries one behind another, their list, its end.
struct Own {
    at: u64,
    is_all: bool,
    after_descriptor: bool,
}

impl Own {
    /// What follows the last entry.
    fn end(&mut self, archive: &Archive<'_>, bytes: u64) {
        self.skip(archive, archive.directory_offset());
        let mut end = [0; 22];
        let at = archive.eocd_offset();
        let read = RangeReader::new(archive.get_ref(), at..at + 22).read_exact(&mut end);
        let list_bytes = u64::from(u32::from_le_bytes([end[12], end[13], end[14], end[15]]));
        let between = at.checked_sub(archive.directory_offset().saturating_add(list_bytes));
        // With more than 4 GiB the length stands elsewhere.
        let is_large = list_bytes == u64::from(u32::MAX);
        let is_known = read.is_ok() && (is_large || matches!(between, Some(0 | ZIP64_END_BYTES)));
        self.is_all &= is_known;
        (self.at, self.after_descriptor) = (archive.end_offset(), false);
        self.skip(archive, bytes);
    }

    /// Passes on to `to`: over nothing, zeros, or a data descriptor.
    fn skip(&mut self, archive: &Archive<'_>, to: u64) {
        // Entries that lie in one another are read all the same.
        let Some(between) = to.checked_sub(self.at).filter(|between| *between > 0) else { return };
        if !(self.after_descriptor && DESCRIPTORS.contains(&between)) {
            let reader = RangeReader::new(archive.get_ref(), self.at..to);
            self.is_all &= is_zeros(reader);
        }
    }
}

fn is_zeros(mut reader: impl Read) -> bool {
    let mut piece = [0; 4_096];
    loop {
        match reader.read(&mut piece) {
            Ok(0) => return true,
            Ok(read) if piece[..read].iter().all(|&byte| byte == 0) => {}
            Ok(_) | Err(_) => return false,
        }
    }
}

/// The folder of a file, with its `/`.
fn folder_name(name: &str) -> &str {
    name.rfind('/').map_or("", |at| &name[..=at])
}

fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}
