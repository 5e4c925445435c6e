//! Archives: every entry, and whether anything stands in an archive that isn't its own.

use std::io::{BufReader, Read};

use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, EntryFlags, RangeReader, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder,
    ZipEntry, ZipLocator,
};

use super::FileError;
use super::found::{Fate, Thing};
use super::stream::damaged;
use super::walk::{MAX_TEXT_BYTES, MAX_THINGS, PACKED_BYTES, Place, Walk, pieces};
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

/// Bytes that aren't the archive's own.
const FOREIGN: FileError =
    FileError::Extra { what: "there are foreign bytes before, between or after its files" };

/// An entry, a folder's too.
struct Entry {
    name: String,
    wayfinder: ZipArchiveEntryWayfinder,
    is_folder: bool,
    flags: EntryFlags,
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
            .map_err(|(_, error)| damaged(&error))
            .and_then(|archive| self.list(&archive, &mut buffer).map(|entries| (archive, entries)));
        drop(buffer);
        let (archive, entries) = match listed {
            Ok(listed) => listed,
            Err(trouble) => return self.stream.unread(thing.clone(), trouble),
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
            .filter_map(|entry| kept_folder(&entry.name).map(str::to_owned))
            .collect();
        let (mut at, mut after_descriptor, mut is_own) = (0, false, true);
        for entry in entries {
            let found = archive.get_entry(entry.wayfinder);
            is_own &= is_gap(&archive, at, entry.offset, after_descriptor);
            // What can't be found is damaged, and said to be so where it is read.
            at = found.as_ref().map_or(entry.offset, |found| found.compressed_data_range().1);
            after_descriptor = entry.flags.has_data_descriptor();
            if entry.is_folder {
                continue;
            }
            let inner = thing.inner(&entry.name, true);
            if kept_folder(&entry.name).is_some() {
                // One row for all of its folder.
                self.stream.unread(inner, FileError::PackedEvidence);
            } else if kept.iter().any(|folder| entry.name.starts_with(folder)) {
                self.stream.met(inner, Fate::NotRead(FileError::PackedEvidence));
            } else if let Err(trouble) = self.entry(found, &entry, inner.clone(), archives) {
                self.stream.unread(inner, trouble);
            }
        }
        if !(is_own && ends_alone(&archive, at, after_descriptor, bytes)) {
            self.stream.unread(thing.clone(), FOREIGN);
        }
        let mut comment = archive.comment();
        if comment.remaining() > 0 {
            let place = Place { claim: None, archives: archives + 1 };
            self.bytes(thing.inner("(comment)", true), &mut comment, place);
        }
    }

    /// The entries, in the order of their places.
    fn list(&mut self, archive: &Archive<'_>, buffer: &mut [u8]) -> Result<Vec<Entry>, FileError> {
        let mut all: Vec<Entry> = Vec::new();
        let mut entries = archive.entries(buffer);
        while let Some(entry) = entries.next_entry().map_err(|error| damaged(&error))? {
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
                flags: entry.flags(),
                method: entry.compression_method(),
                packed_bytes: entry.compressed_size_hint(),
                offset: entry.local_header_offset(),
                twice: false,
            });
        }
        if all.len() as u64 != archive.entries_hint() {
            return Err(damaged("its list of files is incomplete"));
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
        if entry.flags.is_encrypted() {
            return Err(FileError::Encrypted);
        }
        let packed = found.map_err(|error| damaged(&error))?.reader();
        let claim = packed.claim_verifier();
        if claim.uncompressed_size > MAX_TEXT_BYTES {
            return Err(FileError::TooLarge { most: "1 GiB" });
        }
        let place = Place { claim: Some(claim), archives: archives + 1 };
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

/// Whether an archive's list and its end follow its last entry, which ends at `at`, and nothing else.
fn ends_alone(archive: &Archive<'_>, at: u64, after_descriptor: bool, bytes: u64) -> bool {
    let mut end = [0; 22];
    let end_at = archive.eocd_offset();
    let read = RangeReader::new(archive.get_ref(), end_at..end_at + 22).read_exact(&mut end);
    let list_bytes = u64::from(u32::from_le_bytes([end[12], end[13], end[14], end[15]]));
    let between = end_at.checked_sub(archive.directory_offset().saturating_add(list_bytes));
    // With more than 4 GiB the length stands elsewhere.
    let is_large = list_bytes == u64::from(u32::MAX);
    read.is_ok()
        && (is_large || matches!(between, Some(0 | ZIP64_END_BYTES)))
        && is_gap(archive, at, archive.directory_offset(), after_descriptor)
        && is_gap(archive, archive.end_offset(), bytes, false)
}

/// Whether nothing lies between two places of an archive: zeros at most, or a data descriptor.
fn is_gap(archive: &Archive<'_>, from: u64, to: u64, after_descriptor: bool) -> bool {
    // Entries that lie in one another are read all the same.
    let bytes = to.saturating_sub(from);
    let zeros = |piece: &[u8]| piece.iter().all(|&byte| byte == 0).then_some(()).ok_or(FOREIGN);
    bytes == 0
        || (after_descriptor && DESCRIPTORS.contains(&bytes))
        || pieces(RangeReader::new(archive.get_ref(), from..to), zeros).is_ok()
}

/// The folder, with its `/`, of kept evidence that an entry of this name lists.
fn kept_folder(name: &str) -> Option<&str> {
    name.strip_suffix(MANIFEST).filter(|folder| folder.is_empty() || folder.ends_with('/'))
}
