//! A damaged record makes room for a new one.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::RecordError;
use super::schema::APPLICATION;
use crate::record::DATABASE_NAME;
use crate::record::filter::Recorded;
use micheck_core::escape::escape;

/// What belongs to a record beside its file.
pub(super) const BESIDE: [&str; 2] = ["-wal", "-shm"];

/// Held by who moves a record.
const LOCK: &str = ".micheck-lock";

/// Whether a file that can't be read as a record is one all the same, by its name, by the log beside it
/// or by how it begins: anybody's photo isn't moved.
pub(super) fn looks_like_a_record(path: &Path) -> bool {
    let begins = || {
        let mut head = [0; 72];
        let read = File::open(path).and_then(|mut file| file.read_exact(&mut head));
        read.is_ok() && head.starts_with(b"SQLite format 3\0") && head[68..] == APPLICATION_BYTES
    };
    path.file_name().is_some_and(|name| name == DATABASE_NAME)
        || fs::symlink_metadata(with_ending(path, "-wal")).is_ok()
        || begins()
}

/// [`APPLICATION`] as it stands in a file, from byte 68 on.
const APPLICATION_BYTES: [u8; 4] = *b"mich";
const _: () = assert!(u32::from_be_bytes(APPLICATION_BYTES) as i64 == APPLICATION);

/// How many names are tried where one is taken.
const MAX_NAMES: u32 = 1_000;

/// Gives a damaged record another name, and tells it; `None`: another process was quicker. One process
/// at a time does so, and looks once more before.
pub(super) fn move_aside(
    path: &Path,
    is_damaged: impl FnOnce() -> Recorded<bool>,
) -> Recorded<Option<PathBuf>> {
    let unusable = |error: std::io::Error| RecordError::Unusable {
        path: path.to_owned(),
        reason: escape(&error.to_string()).into_owned(),
    };
    if !looks_like_a_record(path) {
        return Err(RecordError::NotARecord { path: path.to_owned() });
    }
    let mut lock = File::options();
    let lock = lock.append(true).create(true).open(with_ending(path, LOCK)).map_err(unusable)?;
    lock.lock().map_err(unusable)?;
    if !is_damaged()? {
        return Ok(None);
    }
    let stamp = jiff::Zoned::now().strftime("%Y%m%d-%H%M%S");
    let name = |number| match number {
        0 => with_ending(path, &format!(".damaged-{stamp}")),
        _ => with_ending(path, &format!(".damaged-{stamp}-{number}")),
    };
    let free = (0..MAX_NAMES).map(name).find(|aside| fs::symlink_metadata(aside).is_err());
    let aside = free.ok_or_else(|| unusable(std::io::ErrorKind::AlreadyExists.into()))?;
    // The log first: beside a new record it would be taken for that one's.
    for ending in BESIDE {
        match fs::rename(with_ending(path, ending), with_ending(&aside, ending)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(unusable(error));
            }
            _ => {}
        }
    }
    fs::rename(path, &aside).map_err(unusable)?;
    Ok(Some(aside))
}

/// A path with more at its end.
pub(super) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
