//! Archives: which entries matter, and those entries' texts.

use std::io::{self, BufReader, Read};

use flate2::bufread::DeflateDecoder;
use rawzip::{
    CompressionMethod, RangeReader, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder, ZipLocator,
};

use super::collection::{self, Named, has_ending};
use super::pipeline::{Checked, PIECE_BYTES, Text};
use super::reinflate::Reinflated;
use super::{MAX_TEXT_BYTES, Row, Trouble};
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

/// The most entries that are texts or archives.
const MAX_CANDIDATES: usize = 1_000;

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
    /// There is another one of this name.
    twice: bool,
}

/// Reads an archive of so many bytes.
pub(super) fn inspect(
    file: &(dyn ReaderAt + Sync),
    bytes: u64,
    packages: &[PackageName],
    depth: Depth,
) -> Result<Vec<Row>, Trouble> {
    let mut buffer = vec![0; rawzip::RECOMMENDED_BUFFER_SIZE];
    let archive = ZipLocator::new()
        .locate_in_reader(file, &mut buffer, bytes)
        .map_err(|(_, error)| damaged(&error))?;
    let (entries, names) = list(&archive, &mut buffer)?;
    let inspection = Inspection { archive: &archive, packages, depth };
    let mains = || entries.iter().filter(|entry| base_name(&entry.name) == MAIN_ENTRY);
    let mut rows = Vec::new();
    if mains().next().is_some() {
        for main in mains() {
            let row = inspection.bug_report(main, &entries);
            rows.extend(row.unwrap_or_else(|trouble| vec![failed(main, trouble)]));
        }
        return Ok(rows);
    }
    for group in collection::chosen(&entries) {
        let read = group.files.iter().flat_map(|entry| inspection.text_rows(entry));
        rows.extend(group.phones(read.collect()));
    }
    for entry in entries.iter().filter(|entry| has_ending(&entry.name, ".zip")) {
        let nested = inspection.nested(entry);
        rows.extend(nested.unwrap_or_else(|trouble| vec![failed(entry, trouble)]));
    }
    if rows.is_empty() {
        let recognised = match names {
            0 => "an archive without any file".to_owned(),
            _ => format!("an archive of {names} files, none of which is a dump"),
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
        if name.len() > MAX_NAME_BYTES
            || ![".txt", ".zip"].iter().any(|&end| {
                name.len() >= end.len()
                    && name[name.len() - end.len()..].eq_ignore_ascii_case(end.as_bytes())
            })
        {
            continue;
        }
        if candidates.len() == MAX_CANDIDATES {
            return Err(Trouble::TooManyEntries { most: MAX_CANDIDATES });
        }
        candidates.push(Entry {
            // Some programs on Windows write `\`.
            name: decode(name).replace('\\', "/"),
            wayfinder: entry.wayfinder(),
            is_encrypted: entry.flags().is_encrypted(),
            method: entry.compression_method(),
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
    Ok((candidates, files))
}

fn base_name(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or_default()
}

impl Named for Entry {
    fn name(&self) -> &str {
        &self.name
    }
}

/// What reading entries takes.
struct Inspection<'a> {
    archive: &'a ZipArchive<&'a (dyn ReaderAt + Sync)>,
    packages: &'a [PackageName],
    depth: Depth,
}

impl Inspection<'_> {
    /// The text that `main_entry.txt` names.
    fn bug_report(&self, main: &Entry, entries: &[Entry]) -> Result<Vec<Row>, Trouble> {
        let mut named = Vec::new();
        let reader = self.open(main)?;
        reader
            .take(MAX_MAIN_ENTRY_BYTES)
            .read_to_end(&mut named)
            .map_err(|error| Trouble::Damaged { what: error.to_string() })?;
        let folder = main.name.strip_suffix(MAIN_ENTRY).unwrap_or_default();
        let name = format!("{folder}{}", decode(named.trim_ascii()));
        match entries.iter().find(|entry| entry.name == name) {
            Some(entry) => {
                let text = self.text(entry)?;
                let recognised = || "a bug report whose main text holds nothing known".to_owned();
                Ok(text.rows(Some(&entry.name), recognised))
            }
            None => Err(Trouble::NoMainEntry { name }),
        }
    }

    /// The rows of an entry that may be a dump; none when it isn't one.
    fn text_rows(&self, entry: &Entry) -> Vec<Row> {
        match self.text(entry) {
            Ok(text) if text.is_nothing() => Vec::new(),
            Ok(text) => text.rows(Some(&entry.name), String::new),
            Err(trouble) => vec![failed(entry, trouble)],
        }
    }

    fn text(&self, entry: &Entry) -> Result<Text, Trouble> {
        let found = self.archive.get_entry(entry.wayfinder).map_err(|error| damaged(&error))?;
        let claimed = found.reader().claim_verifier();
        if claimed.uncompressed_size > MAX_TEXT_BYTES {
            return Err(Trouble::TooLarge { most: "1 GiB" });
        }
        // An entry that unpacks to more than it says stops right there.
        let (most, checked) = (claimed.uncompressed_size, Checked::ByCrc);
        let mut text = Text::read(self.open(entry)?, most, self.packages, checked);
        if text.too_large() {
            text.damaged("it is longer than the archive says");
        } else if text.bytes != claimed.uncompressed_size {
            text.damaged("it isn't as long as the archive says");
        } else if text.crc != claimed.crc {
            text.damaged("its checksum differs");
        }
        Ok(text)
    }

    /// What an entry unpacks to.
    fn open(&self, entry: &Entry) -> Result<Box<dyn Read + Send + '_>, Trouble> {
        let name = || entry.name.clone();
        if entry.twice {
            return Err(Trouble::TwoEntries { name: name() });
        }
        if entry.is_encrypted {
            return Err(Trouble::Encrypted { name: name() });
        }
        let found = self.archive.get_entry(entry.wayfinder).map_err(|error| damaged(&error))?;
        let (from, to) = found.compressed_data_range();
        let packed = RangeReader::new(self.archive.get_ref(), from..to);
        match entry.method {
            CompressionMethod::STORE => Ok(Box::new(packed)),
            CompressionMethod::DEFLATE => {
                Ok(Box::new(DeflateDecoder::new(BufReader::with_capacity(PIECE_BYTES, packed))))
            }
            other => Err(Trouble::Method {
                name: name(),
                method: other.name().map_or_else(|| other.as_u16().to_string(), str::to_owned),
            }),
        }
    }

    /// The phones of an archive in this one.
    fn nested(&self, entry: &Entry) -> Result<Vec<Row>, Trouble> {
        if self.depth == Depth::Nested {
            return Err(Trouble::TooDeep { name: entry.name.clone() });
        }
        // Says at once what makes it unreadable.
        drop(self.open(entry)?);
        let open = || self.open(entry).map_err(io::Error::other);
        let (archive, bytes) = Reinflated::new(open, MAX_TEXT_BYTES)?;
        let rows = inspect(&archive, bytes, self.packages, Depth::Nested)?;
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
