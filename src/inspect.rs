//! Files that somebody has at hand → phones to report on. Shell: does I/O; what a text says is
//! `saved`'s.
//!
//! What a file is, its content tells, not its name. A bug report is read once, in pieces, and
//! nothing is unpacked to disk.

mod budget;
mod collection;
mod folder;
mod pipeline;
mod reinflate;
mod trouble;
mod zip;

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;
use rawzip::{FileReader, RangeReader, ReaderAt};
use thiserror::Error;

use crate::advisory::AdvisorySet;
use crate::evidence::Origin;
use crate::package::PackageName;
use crate::printable::decode;
use crate::report::{Asked, Connection, Link, Observation, Outcome, Source};
use crate::saved::{Form, SavedPhone};
use budget::Budget;
use pipeline::{Checked, Text};
use reinflate::Reinflated;
pub use trouble::Trouble;

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// The most that one text may have when it is unpacked, in bytes: the largest bug reports seen have
/// a few hundred MB.
const MAX_TEXT_BYTES: u64 = 1 << 30;

/// The most that comes in by standard input when it is an archive, in bytes: it is kept in an
/// unnamed temporary file, packed as it is, because an archive is read from its end.
const MAX_SPOOLED_BYTES: u64 = 2 << 30;

/// How much of a file tells what it is.
const HEAD_BYTES: usize = 512;

/// A file can't be opened or read.
#[derive(Debug, Error)]
#[error("can't read {}: {source}; give a file or folder that is there and that you may read", path.display())]
pub struct InspectError {
    /// The file.
    pub path: PathBuf,
    /// What the system says.
    #[source]
    pub source: io::Error,
}

/// What one of the named files holds.
#[derive(Debug)]
pub(crate) struct Row {
    /// The file inside of an archive or folder.
    entry: Option<String>,
    /// The phone.
    phone: Option<SavedPhone>,
    /// What is wrong with the file; never absent when there is no phone.
    trouble: Option<Trouble>,
}

impl Row {
    fn not_a_dump(recognised: &str) -> Self {
        Self::of_trouble(None, Trouble::NotADump { recognised: recognised.to_owned() })
    }

    fn of_trouble(entry: Option<String>, trouble: Trouble) -> Self {
        Self { entry, phone: None, trouble: Some(trouble) }
    }
}

/// What one of the named files or folders holds.
#[derive(Debug)]
pub struct Inspected {
    /// Phones, and what stands for files that hold none; at least one.
    pub observations: Vec<Observation>,
    /// Of a folder: files and folders in it that weren't read or hold no dump; decoded.
    pub passed_over: Vec<String>,
}

/// Reads one file or folder; `-` is standard input.
///
/// # Errors
/// The file isn't there or can't be opened. What is wrong inside of it is a row's.
pub fn inspect(path: &Path, set: &AdvisorySet) -> Result<Inspected, InspectError> {
    let packages = set.packages();
    let failed = |source| InspectError { path: path.to_owned(), source };
    let rows = if path.as_os_str() == STDIN {
        from_stream(io::stdin(), &packages).map_err(failed)?
    } else if path.is_dir() {
        let (observations, passed_over) = folder::inspect(path, set, &packages).map_err(failed)?;
        return Ok(Inspected { observations, passed_over });
    } else {
        let file = File::open(path).map_err(failed)?;
        // What a shell makes of `<(…)` is a pipe.
        let is_file = file.metadata().map_err(failed)?.is_file();
        let rows = if is_file { from_file(file, &packages) } else { from_stream(file, &packages) };
        rows.map_err(failed)?
    };
    let observations = rows.into_iter().map(|row| observation(path, row, set)).collect();
    Ok(Inspected { observations, passed_over: Vec::new() })
}

/// A row as a report takes it, judged.
fn observation(path: &Path, row: Row, set: &AdvisorySet) -> Observation {
    let Row { entry, phone, mut trouble } = row;
    if phone.as_ref().is_some_and(|phone| phone.form == Form::Getprop) {
        let recognised = "the list of a phone's properties, without the dump of any app".to_owned();
        trouble.get_or_insert(Trouble::NotADump { recognised });
    }
    let (form, taken_at) = phone
        .as_ref()
        .map_or((Form::Unrecognised, None), |phone| (phone.form, phone.taken_at.clone()));
    let reason = trouble.as_ref().map(Trouble::reason);
    let outcome = match phone {
        Some(mut phone) => {
            // What a damaged file says is not believed to be all of it.
            phone.evidence.broken = phone.evidence.broken.or(reason);
            debug_assert_eq!(phone.evidence.origin, Origin::Saved);
            Outcome::Asked(Box::new(Asked::new(phone.evidence, set)))
        }
        None => Outcome::NotAsked(reason.unwrap_or(crate::verdict::Reason::NotADump)),
    };
    Observation {
        connection: Connection::of_link(Link::File),
        listed_model: None,
        outcome,
        detail: trouble.map(|trouble| trouble.to_string()),
        duration_ms: 0,
        source: Some(Source {
            file: decode(path.as_os_str().as_encoded_bytes()),
            entry,
            form,
            taken_at,
            simulated: false,
        }),
    }
}

/// Reads what can be read once only: standard input, a pipe.
fn from_stream(mut stream: impl io::Read + Send, packages: &[PackageName]) -> io::Result<Vec<Row>> {
    let mut head = Vec::new();
    stream.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    match Kind::of_head(&head) {
        Kind::Zip | Kind::Gzip => {
            let mut file = tempfile::tempfile()?;
            let mut rest = head.as_slice().chain(stream.take(MAX_SPOOLED_BYTES));
            let bytes = io::copy(&mut rest, &mut file)?;
            if bytes > MAX_SPOOLED_BYTES {
                return Ok(vec![Row::of_trouble(None, Trouble::TooLarge { most: "2 GiB" })]);
            }
            file.seek(SeekFrom::Start(0))?;
            from_file(file, packages)
        }
        Kind::Other(name) => Ok(vec![Row::not_a_dump(name)]),
        Kind::Text => {
            let whole = head.as_slice().chain(stream);
            let text = Text::read(whole, MAX_TEXT_BYTES, packages, Checked::No);
            Ok(text.rows(None, || recognised(&head)))
        }
    }
}

fn from_file(mut file: File, packages: &[PackageName]) -> io::Result<Vec<Row>> {
    let head = head(&mut file)?;
    let bytes = file.metadata()?.len();
    let file = FileReader::from(file);
    let open = || Ok(RangeReader::new(&file, 0..u64::MAX));
    from_opened(&head, &file, bytes, open, packages)
}

/// What bytes in memory hold, as [`inspect`] says of a file.
#[must_use]
pub fn inspect_bytes(bytes: &[u8], set: &AdvisorySet) -> Vec<Observation> {
    let packages = set.packages();
    let head = &bytes[..bytes.len().min(HEAD_BYTES)];
    let rows = from_opened(head, &bytes, bytes.len() as u64, || Ok(bytes), &packages);
    let unread = |error: io::Error| Trouble::Damaged { what: error.to_string() };
    let rows = rows.unwrap_or_else(|error| vec![Row::of_trouble(None, unread(error))]);
    rows.into_iter().map(|row| observation(Path::new(STDIN), row, set)).collect()
}

/// Reads a file of so many bytes that begins with `head`: at any place, or from its beginning as
/// often as it takes.
fn from_opened<R: io::Read + Send>(
    head: &[u8],
    file: &(dyn ReaderAt + Sync),
    bytes: u64,
    open: impl Fn() -> io::Result<R> + Sync,
    packages: &[PackageName],
) -> io::Result<Vec<Row>> {
    match Kind::of_head(head) {
        Kind::Zip => {
            let rows = zip::inspect(file, bytes, packages, zip::Depth::Top, &Budget::default());
            Ok(rows.unwrap_or_else(|trouble| vec![Row::of_trouble(None, trouble)]))
        }
        Kind::Gzip => from_gzip(open, packages),
        Kind::Other(name) => Ok(vec![Row::not_a_dump(name)]),
        Kind::Text => {
            let text = Text::read(open()?, MAX_TEXT_BYTES, packages, Checked::No);
            Ok(text.rows(None, || recognised(head)))
        }
    }
}

/// A `.gz` of a text, or of a bug report's archive.
fn from_gzip<R: io::Read + Send>(
    open: impl Fn() -> io::Result<R> + Sync,
    packages: &[PackageName],
) -> io::Result<Vec<Row>> {
    let unpacked =
        || Ok(MultiGzDecoder::new(io::BufReader::with_capacity(pipeline::PACKED_BYTES, open()?)));
    let mut head = Vec::new();
    // What is damaged right at its beginning is so for whoever reads all of it, too.
    let _ = unpacked()?.take(HEAD_BYTES as u64).read_to_end(&mut head);
    match Kind::of_head(&head) {
        Kind::Zip => {
            let budget = Budget::default();
            let rows = Reinflated::new(unpacked, &budget).and_then(|(archive, bytes)| {
                zip::inspect(&archive, bytes, packages, zip::Depth::Nested, &budget)
            });
            Ok(rows.unwrap_or_else(|trouble| vec![Row::of_trouble(None, trouble)]))
        }
        Kind::Other(name) => Ok(vec![Row::not_a_dump(&format!("gzip of {name}"))]),
        Kind::Gzip => Ok(vec![Row::not_a_dump("gzip of a gzip file: unpack it first")]),
        Kind::Text => {
            let text = Text::read(unpacked()?, MAX_TEXT_BYTES, packages, Checked::No);
            Ok(text.rows(None, || format!("gzip of {}", recognised(&head))))
        }
    }
}

/// The first bytes of a file, which is then at its beginning again.
fn head(file: &mut File) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    file.by_ref().take(HEAD_BYTES as u64).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(head)
}

/// What a file is, by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Zip,
    Gzip,
    Text,
    /// Something known that holds no dump that could be read.
    Other(&'static str),
}

/// Files that people take for dumps, by their first bytes.
const OTHERS: &[(&[u8], &str)] = &[
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive: unpack it first"),
    (b"Rar!\x1a\x07", "a RAR archive: unpack it first"),
    (b"\xfd7zXZ\x00", "an xz file: unpack it first"),
    (b"BZh", "a bzip2 file: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file: unpack it first"),
    (b"age-encryption.org/", "a file encrypted with age: decrypt it first"),
    (b"ANDROID BACKUP", "an Android backup"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"\x7fELF", "a program"),
    (b"SQLite format 3", "an SQLite database"),
    (b"<!DOCTYPE", "a web page"),
    (b"<?xml", "XML"),
    (b"{", "JSON"),
];

impl Kind {
    fn of_head(head: &[u8]) -> Self {
        // An archive without any file begins with its end.
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Self::Zip;
        }
        if head.starts_with(b"\x1f\x8b") {
            return Self::Gzip;
        }
        if head.get(257..262) == Some(b"ustar") {
            return Self::Other("a tar archive: unpack it first");
        }
        let known = OTHERS.iter().find(|(magic, _)| head.starts_with(magic));
        known.map_or(Self::Text, |(_, name)| Self::Other(name))
    }
}

/// What a person is told that a text is, when nothing in it was recognised.
fn recognised(head: &[u8]) -> String {
    let has_mark = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let zeros = memchr::memchr_iter(0, head).count();
    match zeros {
        _ if head.is_empty() => "an empty file",
        0 => "a text without any line of a dump",
        _ if has_mark => "a text without any line of a dump",
        // Every other byte of English text in UTF-16.
        _ if zeros * 5 > head.len() * 2 && zeros * 5 < head.len() * 3 => {
            "UTF-16 without its byte order mark: save it as UTF-8"
        }
        _ => "a file that is no text",
    }
    .to_owned()
}
