//! A temporary file takes its place: whole, and kept by the system from then on. Shell.

#[cfg(unix)]
use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// Moves `file` to `path`, in place of what is there; the file and its name are kept when this has
/// ended.
///
/// # Errors
/// The system refuses. What is at `path` is the old or the new file, whole.
pub fn replace(file: NamedTempFile, path: &Path) -> io::Result<()> {
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    sync_folder(folder_of(path))
}

/// The same, never in place of another; gives the file back where `path` is taken.
///
/// # Errors
/// The system refuses.
pub fn put(file: NamedTempFile, path: &Path) -> io::Result<Option<NamedTempFile>> {
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => sync_folder(folder_of(path)).map(|()| None),
        Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => Ok(Some(taken.file)),
        Err(error) => Err(error.error),
    }
}

/// The folder that `path` lies in.
#[must_use]
pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

/// Has the system keep a folder's entries, where it can be told to.
///
/// # Errors
/// It can't keep them.
#[cfg(unix)]
pub fn sync_folder(folder: &Path) -> io::Result<()> {
    use io::ErrorKind::{InvalidInput, PermissionDenied, Unsupported};

    match File::open(folder).and_then(|folder| folder.sync_all()) {
        // Some file systems can't; and who may write to a folder may not be allowed to read it.
        Err(error) if matches!(error.kind(), InvalidInput | PermissionDenied | Unsupported) => {
            Ok(())
        }
        result => result,
    }
}

/// Windows has no such call for folders.
///
/// # Errors
/// None.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it is one where it can fail")]
pub fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_takes_its_place_or_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let file = |text: &str| {
            let mut file = NamedTempFile::new_in(folder.path()).unwrap();
            file.write_all(text.as_bytes()).unwrap();
            file
        };
        assert!(put(file("one"), &path).unwrap().is_none());
        let refused = put(file("two"), &path).unwrap().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "one");
        replace(refused, &path).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "two");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        assert!(replace(file("x"), &folder.path().join("none/a")).is_err());
    }
}
