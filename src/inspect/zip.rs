//! Archives: which entries matter, and those entries' texts.

use std::io::{self, BufReader, Read};

use flate2::bufread::DeflateDecoder;
use flate2::read::MultiGzDecoder;
use rawzip::{
    CompressionMethod, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator, ZipVerification,
};

use super::budget::Budget;
use super::collection::{self, Named, has_ending};
use super::pipeline::{Checked, PACKED_BYTES, Text};
use super::reinflate::Reinflated;
use super::{HEAD_BYTES, Kind, MAX_TEXT_BYTES, Row, Trouble};
use crate::archive::MANIFEST;
use crate::package::PackageName;
use crate::printable::decode;

/// How deep an archive lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// It is the file itself.
    Top,
    /// It lies in another one: archives in it aren't looked into.
    Nested,
}

/// The most entries of an archive; `AndroidQF` collects some thousands.
const MAX_ENTRIES: usize = 100_000;

/// The most texts of an archive that are read, and the most archives in it.
const MAX_TEXTS: usize = 1_000;

/// The longest name that is looked at, in bytes.
const MAX_NAME_BYTES: usize = 1_024;

/// The most that `main_entry.txt` may have, in bytes: it holds one file's name.
const MAX_MAIN_ENTRY_BYTES: u64 = 4_096;

/// The file of a bug report that names its main text.
const MAIN_ENTRY: &str = "main_entry.txt";

/// An entry that may hold something.
#[derive(Debug, Clone)]
struct Entry {
    name: String,
    wayfinder: ZipArchiveEntryWayfinder,
    is_encrypted: bool,
    method: CompressionMethod,
    /// Where it begins in the archive.
    offset: u64,
    /// There is another one of this name.
    twice: bool,
}

/// Reads an archive of so many bytes; what is unpacked is charged to `budget`.
pub(super) fn inspect(
    file: &(dyn ReaderAt + Sync),
    bytes: u64,
    packages: &[PackageName],
    depth: Depth,
    budget: &Budget,
) -> Result<Vec<Row>, Trouble> {
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let archive = ZipLocator::new()
        .locate_in_reader(file, &mut buffer, bytes)
        .map_err(|(_, error)| damaged(&error))?;
    let (mut entries, files) = list(&archive, &mut buffer)?;
    let inspection = Inspection { archive: &archive, packages, depth, budget };
    let mut rows = Vec::new();
    // A bug report is its main text; what else lies in its folder is no phone's dump.
    let mains: Vec<Entry> =
        entries.iter().filter(|entry| base_name(&entry.name) == MAIN_ENTRY).cloned().collect();
    for main in &mains {
        let report = inspection.bug_report(main, &entries);
        rows.extend(report.unwrap_or_else(|trouble| vec![failed(main, trouble)]));
        let folder = folder_name(&main.name);
        entries.retain(|entry| !entry.name.starts_with(folder));
    }
    let kept: Vec<Entry> =
        entries.iter().filter(|entry| base_name(&entry.name) == MANIFEST).cloned().collect();
    for manifest in &kept {
        let recognised = "kept evidence in an archive: unpack it and give its folder".to_owned();
        rows.push(failed(manifest, Trouble::NotADump { recognised }));
        let folder = folder_name(&manifest.name);
        entries.retain(|entry| !entry.name.starts_with(folder));
    }
    let groups = collection::chosen(&entries);
    if groups.iter().map(|group| group.files.len()).sum::<usize>() > MAX_TEXTS {
        return Err(Trouble::TooManyEntries { most: MAX_TEXTS });
    }
    for group in groups {
        let read = group.files.iter().flat_map(|entry| inspection.text_rows(entry));
        rows.extend(group.phones(read.collect()));
    }
    for entry in entries.iter().filter(|entry| has_ending(&entry.name, ".zip")).take(MAX_TEXTS) {
        let nested = inspection.nested(entry);
        rows.extend(nested.unwrap_or_else(|trouble| vec![failed(entry, trouble)]));
    }
    if rows.is_empty() {
        let recognised = match files {
            0 => "an archive without any file".to_owned(),
            _ => format!("an archive of {files} files, none of which is a dump"),
        };
        return Err(Trouble::NotADump { recognised });
    }
    Ok(rows)
}

fn failed(entry: &Entry, trouble: Trouble) -> Row {
    Row::of_trouble(Some(entry.name.clone()), trouble)
}

fn damaged(error: &rawzip::Error) -> Trouble {
    Trouble::Damaged { what: error.to_string() }
}

/// The entries that may hold something, sorted by name, and how many files there are in all.
fn list<R: ReaderAt>(
    archive: &ZipArchive<R>,
    buffer: &mut [u8],
) -> Result<(Vec<Entry>, usize), Trouble> {
    let mut candidates: Vec<Entry> = Vec::new();
    let (mut files, mut all) = (0, 0);
    let mut entries = archive.entries(buffer);
    while let Some(entry) = entries.next_entry().map_err(|error| damaged(&error))? {
        all += 1;
        if all > MAX_ENTRIES {
            return Err(Trouble::TooManyEntries { most: MAX_ENTRIES });
        }
        if entry.is_dir() {
            continue;
        }
        files += 1;
        let path = entry.file_path();
        let name = path.as_bytes();
        if name.len() > MAX_NAME_BYTES || !may_count(name) {
            continue;
        }
        candidates.push(Entry {
            // Some programs on Windows write `\`.
            name: decode(name).replace('\\', "/"),
            wayfinder: entry.wayfinder(),
            is_encrypted: entry.flags().is_encrypted(),
            method: entry.compression_method(),
            offset: entry.local_header_offset(),
            twice: false,
        });
    }
    if all as u64 != archive.entries_hint() {
        return Err(Trouble::Damaged { what: "its list of files isn't whole".to_owned() });
    }
    candidates.sort_by(|left, right| left.name.cmp(&right.name));
    candidates.dedup_by(|later, first| {
        let same = later.name == first.name;
        first.twice |= same;
        same
    });
    // An archive that is itself packed is read from its beginning to its end.
    candidates.sort_by_key(|entry| entry.offset);
    Ok((candidates, files))
}

/// Whether an entry of this name may be a text or hold one.
fn may_count(name: &[u8]) -> bool {
    let base = name.rsplit(|&byte| byte == b'/' || byte == b'\\').next().unwrap_or_default();
    let ending = base.iter().rposition(|&byte| byte == b'.').map(|at| &base[at..]);
    let known: [&[u8]; 5] = [b".txt", b".log", b".gz", b".zip", b".json"];
    ending.is_none_or(|ending| known.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}

/// The folder of a file, with its `/`.
fn folder_name(name: &str) -> &str {
    name.rfind('/').map_or("", |at| &name[..=at])
}

fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

impl Named for Entry {
    fn name(&self) -> &str {
        &self.name
    }

    fn is_candidate(&self) -> bool {
        ![".zip", ".json"].iter().any(|ending| has_ending(&self.name, ending))
    }
}

/// What reading entries takes.
struct Inspection<'a> {
    archive: &'a ZipArchive<&'a (dyn ReaderAt + Sync)>,
    packages: &'a [PackageName],
    depth: Depth,
    budget: &'a Budget,
}

impl Inspection<'_> {
    /// The text that `main_entry.txt` names.
    fn bug_report(&self, main: &Entry, entries: &[Entry]) -> Result<Vec<Row>, Trouble> {
        let mut named = Vec::new();
        let (reader, _) = self.open(main)?;
        reader
            .take(MAX_MAIN_ENTRY_BYTES)
            .read_to_end(&mut named)
            .map_err(|error| Trouble::Damaged { what: error.to_string() })?;
        let name = format!("{}{}", folder_name(&main.name), decode(named.trim_ascii()));
        match entries.iter().find(|entry| entry.name == name) {
            Some(entry) => {
                let (reader, claimed) = self.open(entry)?;
                let text = self.text(reader, claimed)?;
                let recognised = || "a bug report whose main text holds nothing known".to_owned();
                Ok(text.rows(Some(&entry.name), recognised))
            }
            None => Err(Trouble::NoMainEntry { name }),
        }
    }

    /// The rows of an entry that may be a dump; none when it isn't one.
    fn text_rows(&self, entry: &Entry) -> Vec<Row> {
        match self.any_text(entry) {
            Ok(Some(text)) if !text.is_nothing() => text.rows(Some(&entry.name), String::new),
            Ok(_) => Vec::new(),
            Err(trouble) => vec![failed(entry, trouble)],
        }
    }

    /// The text of an entry, also of one that is packed once more; `None`: it is none.
    fn any_text(&self, entry: &Entry) -> Result<Option<Text>, Trouble> {
        let (mut reader, claimed) = self.open(entry)?;
        let mut head = Vec::new();
        // What is damaged right at its beginning is so for whoever reads all of it, too.
        let _ = reader.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head);
        let kind = Kind::of_head(&head);
        let whole = io::Cursor::new(head).chain(reader);
        match kind {
            Kind::Text => self.text(whole, claimed).map(Some),
            Kind::Gzip => {
                let unpacked = self.budget.charge(MultiGzDecoder::new(BufReader::new(whole)));
                Ok(Some(Text::read(unpacked, MAX_TEXT_BYTES, self.packages, Checked::No)))
            }
            Kind::Zip | Kind::Other(_) => Ok(None),
        }
    }

    fn text(&self, reader: impl Read + Send, claimed: ZipVerification) -> Result<Text, Trouble> {
        if claimed.uncompressed_size > MAX_TEXT_BYTES {
            return Err(Trouble::TooLarge { most: "1 GiB" });
        }
        // An entry that unpacks to more than it says stops right there.
        let most = claimed.uncompressed_size;
        let mut text = Text::read(reader, most, self.packages, Checked::ByCrc);
        if self.budget.is_spent() {
            return Err(Trouble::TooLarge { most: "2 GiB" });
        }
        if text.too_large() {
            text.damaged("it is longer than the archive says");
        } else if text.bytes != most {
            text.damaged("it isn't as long as the archive says");
        } else if text.crc != claimed.crc {
            text.damaged("its checksum differs");
        }
        Ok(text)
    }

    /// What an entry unpacks to, and what the archive says that it is.
    fn open(&self, entry: &Entry) -> Result<(Box<dyn Read + Send + '_>, ZipVerification), Trouble> {
        let name = || entry.name.clone();
        if entry.twice {
            return Err(Trouble::TwoEntries { name: name() });
        }
        if entry.is_encrypted {
            return Err(Trouble::Encrypted { name: name() });
        }
        if self.budget.is_spent() {
            return Err(Trouble::TooLarge { most: "2 GiB" });
        }
        let found = self.archive.get_entry(entry.wayfinder).map_err(|error| damaged(&error))?;
        let packed = found.reader();
        let claimed = packed.claim_verifier();
        let reader: Box<dyn Read + Send + '_> = match entry.method {
            CompressionMethod::STORE => Box::new(self.budget.charge(packed)),
            CompressionMethod::DEFLATE => {
                let packed = BufReader::with_capacity(PACKED_BYTES, packed);
                Box::new(self.budget.charge(DeflateDecoder::new(packed)))
            }
            other => {
                let method = other.name().map_or_else(|| other.as_u16().to_string(), str::to_owned);
                return Err(Trouble::Method { name: name(), method });
            }
        };
        Ok((reader, claimed))
    }

    /// The phones of an archive in this one.
    fn nested(&self, entry: &Entry) -> Result<Vec<Row>, Trouble> {
        if self.depth == Depth::Nested {
            return Err(Trouble::TooDeep { name: entry.name.clone() });
        }
        // Says at once what makes it unreadable.
        drop(self.open(entry)?);
        let open = || self.open(entry).map(|(reader, _)| reader).map_err(io::Error::other);
        let (archive, bytes) = Reinflated::new(open, self.budget)?;
        let rows = inspect(&archive, bytes, self.packages, Depth::Nested, self.budget)?;
        let inside = |row: Row| Row {
            entry: Some(match row.entry {
                Some(inner) => format!("{}/{inner}", entry.name),
                None => entry.name.clone(),
            }),
            ..row
        };
        Ok(rows.into_iter().map(inside).collect())
    }
}
