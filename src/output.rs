//! Where a report goes: standard output, or a file that is written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

/// A place that a report can be written to, found writable before any phone is asked.
#[derive(Debug)]
pub enum Output {
    /// Standard output.
    Stdout,
    /// A file, prepared beside its place and moved there when it is whole.
    File(Box<Prepared>),
    /// A pipe or a device, which can only be written to as it is.
    Special(PathBuf),
}

/// A file that is being made.
#[derive(Debug)]
pub struct Prepared {
    target: PathBuf,
    temporary: NamedTempFile,
}

/// A report couldn't be written.
#[derive(Debug, Error)]
#[error("can't write the report to {}: {source}; nothing was written there", path.display())]
pub struct OutputError {
    path: PathBuf,
    source: io::Error,
}

impl Output {
    /// Checks that `path` can be written to and prepares for it. Nothing at `path` changes.
    ///
    /// # Errors
    /// It is a folder, its folder doesn't exist, or writing isn't allowed.
    pub fn prepare(path: Option<&Path>) -> Result<Self, OutputError> {
        let Some(path) = path else {
            return Ok(Self::Stdout);
        };
        Self::prepare_file(path).map_err(|source| OutputError { path: path.to_owned(), source })
    }

    fn prepare_file(path: &Path) -> io::Result<Self> {
        // The file that a link points to is replaced, not the link.
        let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        match fs::metadata(&target) {
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(found) if !found.is_file() => return Ok(Self::Special(target)),
            // A file that may not be written must not be replaced either.
            Ok(_) => drop(OpenOptions::new().append(true).open(&target)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let folder = match target.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".micheck-").suffix(".tmp");
        allow_as_usual(&mut builder);
        let temporary = builder.tempfile_in(folder)?;
        Ok(Self::File(Box::new(Prepared { target, temporary })))
    }

    /// Writes `text`. A reader of standard output that goes away early is no error.
    ///
    /// # Errors
    /// Writing failed; a file that was there before is as it was.
    pub fn write(self, text: &str) -> Result<(), OutputError> {
        match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    result => result
                        .map_err(|source| OutputError { path: "standard output".into(), source }),
                }
            }
            Self::Special(path) => OpenOptions::new()
                .write(true)
                .open(&path)
                .and_then(|mut file| file.write_all(text.as_bytes()))
                .map_err(|source| OutputError { path, source }),
            Self::File(prepared) => {
                let Prepared { target, mut temporary } = *prepared;
                let written = temporary
                    .write_all(text.as_bytes())
                    .and_then(|()| temporary.as_file().sync_all());
                let moved =
                    written.and_then(|()| temporary.persist(&target).map_err(|error| error.error));
                moved.map(drop).map_err(|source| OutputError { path: target, source })
            }
        }
    }
}

/// Temporary files are private; a report gets the rights that any new file gets.
#[cfg(unix)]
fn allow_as_usual(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

/// Windows gives a new file the rights of its folder.
#[cfg(not(unix))]
fn allow_as_usual(_builder: &mut tempfile::Builder<'_, '_>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_is_left_beside_it() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        fs::write(&path, "old").unwrap();
        let output = Output::prepare(Some(&path)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");
        output.write("new").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1);
    }

    #[test]
    fn a_report_that_is_never_written_leaves_all_as_it_was() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        drop(Output::prepare(Some(&path)).unwrap());
        assert_eq!(dir.path().read_dir().unwrap().count(), 0);
    }

    #[test]
    fn folders_and_missing_folders_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert!(Output::prepare(Some(dir.path())).is_err());
        assert!(Output::prepare(Some(&dir.path().join("none/report.json"))).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn devices_stay_devices_and_links_stay_links() {
        use std::os::unix::fs::FileTypeExt as _;
        Output::prepare(Some(Path::new("/dev/null"))).unwrap().write("x").unwrap();
        assert!(fs::metadata("/dev/null").unwrap().file_type().is_char_device());
        let dir = tempfile::tempdir().unwrap();
        let (file, link) = (dir.path().join("file.txt"), dir.path().join("link.txt"));
        fs::write(&file, "old").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        Output::prepare(Some(&link)).unwrap().write("new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
    }
}
