//! Files that somebody has at hand → phones to report on. Shell: does I/O; what a text says is
//! `saved`'s.
//!
//! What a file is, its content tells, not its name. Everything is read once, in pieces, and nothing is
//! forgotten: each file and entry has its fate, and what could hold a phone and wasn't read has its
//! row.

mod budget;
mod collection;
mod evidence;
mod found;
mod gzip;
mod kind;
mod pair;
mod signs;
mod stream;
mod trouble;
mod walk;
mod zip;

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::report::{
    Connection, FileFate, FileReport, LinkKind, Outcome, ProbeResult, Probed, Source,
};
use found::{Fate, Found, Row, Thing};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::decode;
use micheck_core::evidence::Origin;
use micheck_core::saved_dump::Form;
use micheck_core::verdict::Reason;
use micheck_platform::regular_file;
use stream::Stream;
pub use trouble::FileError;
use walk::{Place, Walk};

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// A file can't be opened or read.
#[derive(Debug, Error)]
#[error("can't read {}: {source}; give a file or folder that you may read, or - for standard input", path.display())]
pub struct InspectError {
    pub path: PathBuf,
    #[source]
    pub source: io::Error,
}

/// What one of the named files or folders holds.
#[derive(Debug)]
pub struct Inspected {
    /// Phones, and what stands for what wasn't read, or for a file without a phone; at least one.
    pub observations: Vec<ProbeResult>,
    /// Every file and entry that was met, and its fate.
    pub files: Vec<FileReport>,
}

/// Reads one file or folder; `-` is standard input.
///
/// # Errors
/// The file isn't there, can't be opened, or is a pipe or a device. What is wrong inside of it is a
/// row's.
pub fn inspect(path: &Path, set: &AdvisorySet) -> Result<Inspected, InspectError> {
    let failed = |source| InspectError { path: path.to_owned(), source };
    if path.as_os_str() == STDIN {
        return Ok(of_walk(path, set, |walk| {
            walk.bytes(Thing::default(), &mut io::stdin(), Place::default());
        }));
    }
    if path.is_dir() {
        // That it can't be listed is an error; that a folder in it can't, is a row's.
        drop(path.read_dir().map_err(failed)?);
        return Ok(of_walk(path, set, |walk| walk.folder(&Thing::default(), path, 0)));
    }
    let (file, bytes) = regular_file::open(path).and_then(walk::sized).map_err(failed)?;
    Ok(of_walk(path, set, |walk| walk.file(Thing::default(), &file, bytes)))
}

/// What bytes in memory hold, as [`inspect`] says of a file.
#[must_use]
pub fn inspect_bytes(bytes: &[u8], set: &AdvisorySet) -> Vec<ProbeResult> {
    let walked = |walk: &mut Walk| walk.file(Thing::default(), &bytes, bytes.len() as u64);
    of_walk(Path::new(STDIN), set, walked).observations
}

fn of_walk(path: &Path, set: &AdvisorySet, go: impl FnOnce(&mut Walk) + Send) -> Inspected {
    let packages = set.packages();
    let mut kept = Vec::new();
    let mut found = stream::run(&packages, |stream: Stream| {
        let mut walk = Walk::new(stream);
        go(&mut walk);
        kept = walk.kept;
    });
    collection::join(&mut found);
    let mut observations: Vec<ProbeResult> =
        kept.iter().map(|(folder, _)| evidence::observation(folder, set)).collect();
    let of_evidence = kept.into_iter().map(|(_, thing)| (thing, Fate::Phone(None)));
    found.met.splice(0..0, of_evidence);
    if observations.is_empty() && found.rows.is_empty() {
        let trouble = Some(FileError::NotADump { recognised: nothing(&mut found) });
        found.rows.push(Row { trouble, ..Row::default() });
    }
    let Found { rows, met, .. } = found;
    observations.extend(rows.into_iter().map(|row| observation(path, row, set)));
    let files = met.into_iter().map(|(thing, fate)| file_report(path, thing, fate)).collect();
    Inspected { observations, files }
}

/// What it is in which nothing was found.
fn nothing(found: &mut Found) -> String {
    match (found.met.as_slice(), found.recognised.take()) {
        ([], _) => "an empty folder".to_owned(),
        ([(Thing { entry: None, .. }, _)], Some(recognised)) => recognised,
        (all, _) => format!("a folder or archive of {} files, none of which is a dump", all.len()),
    }
}

fn file_report(path: &Path, thing: Thing, fate: Fate) -> FileReport {
    let (fate, reason) = match fate {
        Fate::Phone(None) => (FileFate::Phone, None),
        Fate::Phone(Some(with)) => (FileFate::Phone, Some(format!("one phone with {with}"))),
        Fate::NoPhone(what) => (FileFate::NoPhone, what.map(str::to_owned)),
        Fate::PartOfBugReport => (FileFate::PartOfBugReport, None),
        Fate::NotRead(trouble) => (FileFate::NotRead, Some(trouble.to_string())),
    };
    let path = decode(path.as_os_str().as_encoded_bytes());
    FileReport { path, entry: thing.entry, fate, reason }
}

/// A row as a report takes it, judged.
fn observation(path: &Path, row: Row, set: &AdvisorySet) -> ProbeResult {
    let Row { thing, phone, other, mut trouble, .. } = row;
    if phone.as_ref().is_some_and(|phone| phone.form == Form::Getprop) {
        let recognised = "the list of a phone's properties, without the dump of any app".to_owned();
        trouble.get_or_insert(FileError::NotADump { recognised });
    }
    let (form, taken_at) = phone
        .as_ref()
        .map_or((Form::Unrecognised, None), |phone| (phone.form, phone.taken_at.clone()));
    let reason = trouble.as_ref().map(FileError::reason);
    let outcome = match phone {
        Some(mut phone) => {
            // What a damaged file says is not believed to be all of it.
            phone.evidence.broken = phone.evidence.broken.or(reason);
            debug_assert_eq!(phone.evidence.origin, Origin::Saved);
            Outcome::Probed(Box::new(Probed::new(phone.evidence, set)))
        }
        None => Outcome::Skipped(reason.unwrap_or(Reason::NotADump)),
    };
    let observation = ProbeResult {
        connection: Connection::of_link(LinkKind::File),
        listed_model: None,
        outcome,
        detail: trouble.map(|trouble| trouble.to_string()),
        duration_ms: 0,
        source: Some(Source {
            file: decode(path.as_os_str().as_encoded_bytes()),
            entry: thing.entry,
            form,
            taken_at,
            simulated: false,
        }),
    };
    match other {
        Some((other, same)) => {
            pair::joined(observation, self::observation(path, *other, set), same)
        }
        None => observation,
    }
}
