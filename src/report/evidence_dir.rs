//! The folder of `--evidence`: phones' evidence written whole or not at all, and read back.
//! Shell: does I/O; what the files hold is `archive`'s.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::TempDir;
use thiserror::Error;

use crate::report::evidence_files::{self, ArchiveError, Archived, MANIFEST, Manifest};
use crate::report::serial::Redaction;
use crate::report::{ProbeResult, Run};
use micheck_core::advisory::AdvisorySet;
use micheck_platform::regular_file;
use micheck_platform::synced_file::{folder_of, sync_folder};

/// The most that a manifest may hold: its texts come from one line of an adb server's list.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// Evidence couldn't be written or read.
#[derive(Debug, Error)]
pub enum EvidenceDirError {
    /// Writing failed.
    #[error(
        "can't write the evidence to {}: {source}; nothing was written there: give --evidence a \
         folder that you may write to, on a disk with room",
        dir.display()
    )]
    Unwritable {
        /// The folder that was named.
        dir: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The run was interrupted before all was written.
    #[error("interrupted; no evidence was written to {}", dir.display())]
    Interrupted {
        /// The folder that was named.
        dir: PathBuf,
    },
    /// A file can't be read.
    #[error("can't read {}: {source}; give a folder that `--evidence` made", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The files aren't a phone's evidence, or were changed.
    #[error("{}: {source}", folder.display())]
    Archive {
        /// The phone's folder.
        folder: PathBuf,
        /// What is wrong.
        source: ArchiveError,
    },
}

/// The folder of `--evidence`, found writable before any phone is asked.
///
/// All is written to a hidden folder inside it first. Until the phones' folders are moved to
/// their places, dropping or [`abandon`](Self::abandon)ing this leaves the disk as it was.
#[derive(Debug)]
pub struct EvidenceDir {
    dir: PathBuf,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// `None` when nothing more may be written.
    staging: Option<TempDir>,
    /// The folders that weren't there before, outermost first.
    made: Vec<PathBuf>,
}

impl EvidenceDir {
    /// Makes the folder if it isn't there, and a hidden one in it.
    ///
    /// # Errors
    /// It can't be made, or isn't writable.
    pub fn prepare(dir: &Path) -> Result<Self, EvidenceDirError> {
        let mut state = State { staging: None, made: Vec::new() };
        match state.prepare(dir) {
            Ok(()) => Ok(Self { dir: dir.to_owned(), state: Mutex::new(state) }),
            Err(source) => Err(EvidenceDirError::Unwritable { dir: dir.to_owned(), source }),
        }
    }

    /// Writes each phone's folder, in the order of their connections; one that stands for a
    /// server has none. Blocks.
    ///
    /// # Errors
    /// Writing failed, or [`abandon`](Self::abandon) was called; then none is there.
    pub fn write(
        &self,
        observations: &[ProbeResult],
        run: &Run,
        set: &AdvisorySet,
        serials: &Redaction,
    ) -> Result<(), EvidenceDirError> {
        let mut phones: Vec<&ProbeResult> = observations
            .iter()
            .filter(|observation| observation.connection.serial.is_some())
            .collect();
        phones.sort_by(|left, right| left.connection.cmp(&right.connection));
        let mut staged = Vec::with_capacity(phones.len());
        for (number, phone) in phones.into_iter().enumerate() {
            let folder = PathBuf::from(number.to_string());
            self.step(|staging| fs::create_dir(staging.join(&folder)))?;
            for file in evidence_files::files(phone, run, set, serials) {
                let name = folder.join(&file.name);
                self.step(|staging| write_synced(&staging.join(&name), &file.bytes))?;
            }
            self.step(|staging| sync_folder(&staging.join(&folder)))?;
            staged.push((folder, evidence_files::folder_name(phone)));
        }
        if staged.is_empty() {
            return Ok(());
        }
        self.step(|staging| publish(&self.dir, staging, &staged))?;
        let made = self.lock().made.clone();
        for folder in &made {
            self.step(|_| sync_folder(folder_of(folder)))?;
        }
        // The folders stay from here on.
        self.lock().made.clear();
        Ok(())
    }

    /// Ends all writing and removes what isn't in its place yet. Waits for the file that is being
    /// written just now.
    pub fn abandon(&self) {
        self.lock().discard();
    }

    /// Does one thing in the hidden folder, unless writing has ended.
    fn step(&self, act: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), EvidenceDirError> {
        let state = self.lock();
        let Some(staging) = &state.staging else {
            return Err(EvidenceDirError::Interrupted { dir: self.dir.clone() });
        };
        act(staging.path())
            .map_err(|source| EvidenceDirError::Unwritable { dir: self.dir.clone(), source })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What the state says is so even if a thread that held it panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn prepare(&mut self, dir: &Path) -> io::Result<()> {
        let mut missing: Vec<&Path> = dir
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists())
            .collect();
        missing.reverse();
        for folder in missing {
            match fs::create_dir(folder) {
                Ok(()) => self.made.push(folder.to_owned()),
                // Somebody else was quicker.
                Err(_) if folder.is_dir() => {}
                Err(error) => return Err(error),
            }
        }
        let hidden = tempfile::Builder::new().prefix(".micheck-").suffix(".tmp").tempdir_in(dir)?;
        self.staging = Some(hidden);
        Ok(())
    }

    /// Leaves the disk as it was. Nothing can be done where that fails.
    fn discard(&mut self) {
        drop(self.staging.take());
        for folder in self.made.drain(..).rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

impl Drop for State {
    fn drop(&mut self) {
        self.discard();
    }
}

/// Moves the staged folders to their places: all of them or none.
fn publish(dir: &Path, staging: &Path, staged: &[(PathBuf, String)]) -> io::Result<()> {
    let mut counters = counters(dir)?;
    let mut placed = Vec::with_capacity(staged.len());
    let mut all = || {
        for (folder, name) in staged {
            let from = staging.join(folder);
            let counter = counters.entry(name.clone()).or_default();
            let to = place(dir, &from, name, counter)?;
            placed.push((from, to));
        }
        Ok(())
    };
    let result = all().and_then(|()| sync_folder(dir));
    if result.is_err() {
        for (from, to) in placed {
            let _ = fs::rename(&to, &from).or_else(|_| fs::remove_dir_all(&to));
        }
    }
    result
}

/// Moves a folder to the next free name.
fn place(dir: &Path, from: &Path, name: &str, counter: &mut u32) -> io::Result<PathBuf> {
    loop {
        *counter = counter.checked_add(1).ok_or(io::ErrorKind::AlreadyExists)?;
        let to = dir.join(format!("{name}-{counter:02}"));
        // Systems move a folder over an empty one without a word.
        if exists(&to)? {
            continue;
        }
        match fs::rename(from, &to) {
            Ok(()) => return Ok(to),
            // Another micheck was quicker; its folders are never empty.
            Err(_) if exists(&to)? => {}
            Err(error) => return Err(error),
        }
    }
}

/// Whether anything is there, a link to nowhere included.
fn exists(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// For each name, the highest counter that a folder in `dir` has.
fn counters(dir: &Path) -> io::Result<HashMap<String, u32>> {
    let mut counters = HashMap::new();
    for entry in fs::read_dir(dir)? {
        let Ok(taken) = entry?.file_name().into_string() else { continue };
        let Some((name, digits)) = taken.rsplit_once('-') else { continue };
        // Longer ones aren't of counting.
        let counter = digits.parse::<u32>().ok().filter(|_| (2..=6).contains(&digits.len()));
        if let Some(counter) = counter {
            let highest = counters.entry(name.to_ascii_lowercase()).or_default();
            *highest = counter.max(*highest);
        }
    }
    Ok(counters)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads a phone's folder back, and judges the phone by `set`.
///
/// # Errors
/// A file can't be read, isn't what it was, or the folder isn't a phone's evidence.
pub fn read(folder: &Path, set: &AdvisorySet) -> Result<Archived, EvidenceDirError> {
    let read = |name: &str, most: u64| {
        let path = folder.join(name);
        regular_file::read(&path, most)
            .map_err(|source| EvidenceDirError::Unreadable { path, source })
    };
    let archive = |source| EvidenceDirError::Archive { folder: folder.to_owned(), source };
    let manifest = Manifest::parse(&read(MANIFEST, MAX_MANIFEST_BYTES)?).map_err(archive)?;
    let mut files = BTreeMap::new();
    for (name, bytes) in manifest.files() {
        match read(name, bytes) {
            Ok(bytes) => drop(files.insert(name.to_owned(), bytes)),
            // The archive knows better what to say of it.
            Err(EvidenceDirError::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    evidence_files::read(manifest, files, set).map_err(archive)
}

/// The names of the files that a phone's folder has by its manifest, and of that itself.
#[must_use]
pub fn file_names(folder: &Path) -> BTreeSet<String> {
    let manifest = regular_file::read(&folder.join(MANIFEST), MAX_MANIFEST_BYTES);
    let manifest = manifest.ok().and_then(|bytes| Manifest::parse(&bytes).ok());
    let files =
        manifest.iter().flat_map(|manifest| manifest.files().map(|(name, _)| name.to_owned()));
    std::iter::once(MANIFEST.to_owned()).chain(files).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Connection, Outcome};
    use micheck_core::verdict::Reason;

    fn phone(serial: Option<&str>, model: &str) -> ProbeResult {
        ProbeResult {
            connection: Connection {
                link: crate::report::LinkKind::AdbServer,
                serial_form: crate::report::serial::SerialForm::Full,
                server: Some("127.0.0.1:5037".to_owned()),
                serial: serial.map(str::to_owned),
                transport_id: Some(1),
                path: None,
                state: None,
            },
            listed_model: Some(model.to_owned()),
            outcome: Outcome::Skipped(Reason::Offline),
            detail: None,
            duration_ms: 0,
            source: None,
        }
    }

    fn run() -> Run {
        Run { taken_at: "2026-11-22T12:00:00+05:30".to_owned(), simulated: false, hints: vec![] }
    }

    /// Everything in a folder, hidden files included.
    fn names(dir: &Path) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn folders_are_counted_on_and_never_overwritten() {
        let dir = tempfile::tempdir().unwrap();
        let write = |phones: &[ProbeResult]| {
            EvidenceDir::prepare(dir.path())
                .unwrap()
                .write(phones, &run(), &AdvisorySet::embedded(), &Redaction::Full)
                .unwrap();
        };
        write(&[phone(Some("B"), "Redmi Note 13"), phone(Some("A"), "Redmi Note 13")]);
        assert_eq!(names(dir.path()), ["redmi-note-13-01", "redmi-note-13-02"]);
        let set = AdvisorySet::embedded();
        let read = |name: &str| read(&dir.path().join(name), &set).unwrap().result;
        let serial = |name: &str| read(name).connection.serial.unwrap();
        assert_eq!(
            (serial("redmi-note-13-01"), serial("redmi-note-13-02")),
            ("A".into(), "B".into())
        );
        // An empty folder, a file, other people's names.
        fs::create_dir(dir.path().join("redmi-note-13-07")).unwrap();
        fs::write(dir.path().join("poco-01"), "mine").unwrap();
        fs::write(dir.path().join("redmi-note-13-4294967295"), "").unwrap();
        fs::write(dir.path().join("redmi-note-13-x"), "").unwrap();
        write(&[
            phone(Some("C"), "Redmi Note 13"),
            phone(Some("D"), "POCO"),
            phone(None, "a server"),
        ]);
        assert_eq!(
            names(dir.path()),
            [
                "poco-01",
                "poco-02",
                "redmi-note-13-01",
                "redmi-note-13-02",
                "redmi-note-13-07",
                "redmi-note-13-08",
                "redmi-note-13-4294967295",
                "redmi-note-13-x",
            ]
        );
        assert_eq!(names(&dir.path().join("redmi-note-13-07")), Vec::<String>::new());
        assert_eq!(fs::read_to_string(dir.path().join("poco-01")).unwrap(), "mine");
    }

    #[test]
    fn what_is_abandoned_leaves_nothing() {
        let outside = tempfile::tempdir().unwrap();
        let dir = outside.path().join("a/b");
        let evidence = EvidenceDir::prepare(&dir).unwrap();
        assert_eq!(names(&dir).len(), 1);
        evidence.abandon();
        assert_eq!(names(outside.path()), Vec::<String>::new());
        let written = evidence.write(
            &[phone(Some("A"), "x")],
            &run(),
            &AdvisorySet::embedded(),
            &Redaction::Full,
        );
        assert!(matches!(written, Err(EvidenceDirError::Interrupted { .. })), "{written:?}");
        assert_eq!(names(outside.path()), Vec::<String>::new());
        // So does one that is never written to, and a folder that was there stays.
        fs::create_dir(outside.path().join("a")).unwrap();
        drop(EvidenceDir::prepare(&dir).unwrap());
        assert_eq!(names(outside.path()), ["a"]);
        assert_eq!(names(&outside.path().join("a")), Vec::<String>::new());
    }

    #[test]
    fn a_failure_half_way_takes_everything_back() {
        let outside = tempfile::tempdir().unwrap();
        let dir = outside.path().join("evidence");
        let staging = outside.path().join("staging");
        for folder in [&dir, &staging, &staging.join("0")] {
            fs::create_dir(folder).unwrap();
        }
        fs::write(staging.join("0/evidence.json"), "{}").unwrap();
        let staged = [("0".into(), "x".to_owned()), ("isn't there".into(), "x".to_owned())];
        assert!(publish(&dir, &staging, &staged).is_err());
        assert_eq!(names(&dir), Vec::<String>::new());
        assert_eq!(names(&staging), ["0"]);
    }

    #[test]
    fn a_place_that_cannot_be_written_is_said() {
        let outside = tempfile::tempdir().unwrap();
        let file = outside.path().join("file");
        fs::write(&file, "").unwrap();
        for dir in [file.clone(), file.join("below")] {
            let error = EvidenceDir::prepare(&dir).unwrap_err().to_string();
            let expected = format!("can't write the evidence to {}: ", dir.display());
            assert!(error.starts_with(&expected), "{error}");
        }
        assert_eq!(names(outside.path()), ["file"]);
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_get_the_usual_rights() {
        use std::os::unix::fs::PermissionsExt as _;
        let outside = tempfile::tempdir().unwrap();
        let dir = outside.path().join("evidence");
        EvidenceDir::prepare(&dir)
            .unwrap()
            .write(&[phone(Some("A"), "x")], &run(), &AdvisorySet::embedded(), &Redaction::Full)
            .unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        fs::create_dir(outside.path().join("folder")).unwrap();
        fs::write(outside.path().join("file"), "").unwrap();
        let (folder, file) =
            (mode(&outside.path().join("folder")), mode(&outside.path().join("file")));
        assert_eq!((mode(&dir), mode(&dir.join("x-01"))), (folder, folder));
        assert_eq!(mode(&dir.join("x-01").join(MANIFEST)), file);
    }
}
