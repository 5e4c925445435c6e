//! Where a report goes: standard output, or a file that is written whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;
use thiserror::Error;

use micheck_platform::synced_file::{self, folder_of};

/// A place that a report can be written to, found writable before any phone is asked.
#[derive(Debug)]
pub enum Output {
    Stdout,
    /// A file, made beside its place and moved there when it is whole.
    File {
        target: PathBuf,
        /// What it was called, for a person: Windows has names for `target` that nobody types.
        named: PathBuf,
    },
    /// A pipe or a device, which can only be written to as it is.
    Special(PathBuf),
    /// A new file in this folder, called so; or like it, where that name is taken.
    Unnamed {
        folder: PathBuf,
        name: String,
    },
}

/// A report couldn't be written.
#[derive(Debug, Error)]
pub enum OutputError {
    /// To a file. What was there before is there still.
    #[error("can't write the report to {}: {reason}; nothing was written there", path.display())]
    File {
        path: PathBuf,
        /// What is wrong and what to do.
        reason: String,
    },
    /// To standard output, a pipe or a device: part of it may have been written.
    #[error("can't write the whole report to {to}: {source}")]
    Stream { to: String, source: io::Error },
}

impl Output {
    /// Checks that `path` can be written to. Nothing at `path` changes, and nothing is left
    /// beside it.
    ///
    /// # Errors
    /// It is a folder, its folder doesn't exist, or writing isn't allowed.
    pub fn prepare(path: Option<&Path>) -> Result<Self, OutputError> {
        let Some(path) = path else { return Ok(Self::Stdout) };
        Self::prepare_file(path)
            .map_err(|reason| OutputError::File { path: path.to_owned(), reason })
    }

    /// Checks that new files can be made in `folder`; nothing is left there.
    ///
    /// # Errors
    /// Writing isn't allowed.
    pub fn prepare_unnamed(folder: &Path) -> Result<Self, OutputError> {
        let refused = |error: io::Error| OutputError::File {
            path: folder.to_owned(),
            reason: format!("{}: choose a file with --output", plain(&error)),
        };
        drop(temporary_in(folder).map_err(refused)?);
        Ok(Self::Unnamed { folder: folder.to_owned(), name: String::new() })
    }

    /// The same, called so if nobody has named it.
    #[must_use]
    pub fn called(self, name: &str) -> Self {
        match self {
            Self::Unnamed { folder, .. } => Self::Unnamed { folder, name: name.to_owned() },
            named => named,
        }
    }

    /// Whether writing is over in a moment: nobody at the other end can hold it up.
    #[must_use]
    pub const fn is_brief(&self) -> bool {
        matches!(self, Self::File { .. } | Self::Unnamed { .. })
    }

    fn prepare_file(path: &Path) -> Result<Self, String> {
        let refused =
            |error: io::Error| format!("{}: choose another file or folder", plain(&error));
        // The file that a link points to is replaced, not the link.
        let target = match fs::canonicalize(path) {
            Ok(target) => target,
            // `/dev/stdout` leads to a pipe that has no path.
            Err(_) if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) => {
                return Ok(Self::Special(path.to_owned()));
            }
            Err(_) if fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink()) => {
                return Err(
                    "it is a link to something that can't be opened: name a file, or repair \
                            the link"
                        .to_owned(),
                );
            }
            Err(_) => path.to_owned(),
        };
        match fs::metadata(&target) {
            Ok(found) if found.is_dir() => {
                return Err("it is a folder: add a file name".to_owned());
            }
            Ok(found) if !found.is_file() => return Ok(Self::Special(target)),
            // A file that may not be written must not be replaced either.
            Ok(_) => drop(OpenOptions::new().append(true).open(&target).map_err(refused)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(refused(error)),
        }
        let folder = folder_of(&target);
        if !folder.is_dir() {
            let folder = folder.display();
            return Err(format!("the folder {folder} doesn't exist: create it or choose another"));
        }
        drop(temporary_in(folder).map_err(refused)?);
        Ok(Self::File { target, named: path.to_owned() })
    }

    /// Writes `text`, and gives the file that it went to if nobody had named that. A reader of
    /// standard output that goes away early is no error.
    ///
    /// # Errors
    /// Writing failed; a file that was there before is as it was.
    pub fn write(self, text: &str) -> Result<Option<PathBuf>, OutputError> {
        self.write_with(|out| out.write_all(text.as_bytes()))
    }

    /// The same of what `fill` writes, piece by piece.
    ///
    /// # Errors
    /// As of [`Self::write`]; or `fill` fails.
    pub fn write_with(
        self,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<Option<PathBuf>, OutputError> {
        let written = match self {
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                match fill(&mut stdout).and_then(|()| stdout.flush()) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    result => result.map_err(|source| OutputError::Stream {
                        to: "standard output".to_owned(),
                        source,
                    }),
                }
            }
            Self::Special(path) => OpenOptions::new()
                .write(true)
                .open(&path)
                .and_then(|mut file| fill(&mut file))
                .map_err(|source| OutputError::Stream { to: path.display().to_string(), source }),
            Self::File { target, named } => replace(&target, fill)
                .map_err(|error| OutputError::File { reason: plain(&error), path: named }),
            Self::Unnamed { folder, name } => {
                let made = make_new(&folder, &name, fill);
                return made.map(Some).map_err(|error| OutputError::File {
                    reason: plain(&error),
                    path: folder.join(name),
                });
            }
        };
        written.map(|()| None)
    }
}

/// How many names are tried that are like one that is taken.
const MAX_NAMES: u32 = 10_000;

/// Makes a new file of what `fill` writes, whole or not at all: `name`, or that with a number before its
/// ending. No file that is there is touched.
fn make_new(
    folder: &Path,
    name: &str,
    fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<PathBuf> {
    let mut temporary = temporary_in(folder)?;
    fill(&mut temporary)?;
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, "html"));
    for number in 1..MAX_NAMES {
        let name = if number == 1 { name.to_owned() } else { format!("{stem}-{number}.{ending}") };
        let path = folder.join(name);
        match synced_file::put(temporary, &path)? {
            None => return Ok(path.strip_prefix(".").map_or(path.clone(), Path::to_owned)),
            Some(refused) => temporary = refused,
        }
    }
    Err(io::Error::from(io::ErrorKind::AlreadyExists))
}

/// Puts what `fill` writes into the place of `target`, whole or not at all.
fn replace(target: &Path, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut temporary = temporary_in(folder_of(target))?;
    fill(&mut temporary)?;
    // Who may read the old file may read the new one, and nobody else.
    if let Ok(found) = fs::metadata(target) {
        temporary.as_file().set_permissions(found.permissions())?;
    }
    synced_file::replace(temporary, target)
}

/// A file that goes away by itself unless it is moved.
fn temporary_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".micheck-").suffix(".tmp");
    allow_as_usual(&mut builder);
    builder.tempfile_in(folder)
}

/// What the system says, without the name of the temporary file that it happened to.
fn plain(error: &io::Error) -> String {
    match error.raw_os_error() {
        Some(code) => io::Error::from_raw_os_error(code).to_string(),
        None => error.kind().to_string(),
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
    fn a_private_report_stays_private() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("report.json");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        Output::prepare(Some(&path)).unwrap().write("new").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
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
        // A link to nothing is neither replaced nor followed.
        fs::remove_file(&file).unwrap();
        assert!(Output::prepare(Some(&link)).is_err());
        assert_eq!(fs::read_link(&link).unwrap(), file);
        assert!(!file.exists());
    }
}
