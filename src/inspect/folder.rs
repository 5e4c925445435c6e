//! Folders: those of `--evidence`, collections, and any folder with dumps in it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::collection::{self, Named, has_ending};
use super::{Row, Trouble, from_file, observation};
use crate::advisory::AdvisorySet;
use crate::archive::{ArchiveError, MANIFEST};
use crate::evidence_dir::{self, EvidenceDirError};
use crate::package::PackageName;
use crate::printable::decode;
use crate::report::{Observation, Source};
use crate::saved::Form;
use crate::verdict::Reason;

/// The most files or folders in a folder that are looked at.
const MAX_FILES: usize = 1_000;

/// A file of the folder.
struct Listed {
    name: String,
    path: PathBuf,
}

impl Named for Listed {
    fn name(&self) -> &str {
        &self.name
    }
}

/// Reads a folder: a phone's evidence, a folder of such, or dumps that lie together.
pub(super) fn inspect(
    folder: &Path,
    set: &AdvisorySet,
    packages: &[PackageName],
) -> io::Result<Vec<Observation>> {
    if folder.join(MANIFEST).is_file() {
        return Ok(vec![evidence(folder, set)?]);
    }
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in folder.read_dir()? {
        let entry = entry?;
        let path = entry.path();
        if files.len() + folders.len() == MAX_FILES {
            let row = Row::of_trouble(None, Trouble::TooManyEntries { most: MAX_FILES });
            return Ok(vec![observation(folder, row, set)]);
        }
        if path.join(MANIFEST).is_file() {
            folders.push(path);
        } else if path.is_file() {
            files.push(Listed { name: decode(entry.file_name().as_encoded_bytes()), path });
        }
    }
    folders.sort();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    if !folders.is_empty() {
        return folders.iter().map(|folder| evidence(folder, set)).collect();
    }
    Ok(dumps(&files, packages)?.into_iter().map(|row| observation(folder, row, set)).collect())
}

/// The dumps and archives of a folder; what is none of these is passed over.
fn dumps(files: &[Listed], packages: &[PackageName]) -> io::Result<Vec<Row>> {
    let read = |file: &Listed| -> io::Result<Vec<Row>> {
        let mut rows = from_file(File::open(&file.path)?, packages)?;
        rows.retain(|row| !is_something_else(row));
        for row in &mut rows {
            row.entry = Some(match row.entry.take() {
                Some(inner) => format!("{}/{inner}", file.name),
                None => file.name.clone(),
            });
        }
        Ok(rows)
    };
    let mut rows = Vec::new();
    for group in collection::chosen(files) {
        let read = group.files.iter().map(|file| read(file)).collect::<io::Result<Vec<_>>>()?;
        rows.extend(group.phones(read.into_iter().flatten().collect()));
    }
    let is_archive =
        |file: &&Listed| [".zip", ".gz"].iter().any(|ending| has_ending(&file.name, ending));
    for archive in files.iter().filter(is_archive) {
        rows.extend(read(archive)?);
    }
    if rows.is_empty() {
        let recognised = match files.len() {
            0 => "an empty folder".to_owned(),
            count => format!("a folder of {count} files, none of which is a dump"),
        };
        rows.push(Row::of_trouble(None, Trouble::NotADump { recognised }));
    }
    Ok(rows)
}

/// A text or archive that holds nothing of a phone lies in many folders, and is no phone.
fn is_something_else(row: &Row) -> bool {
    row.phone.is_none() && matches!(row.trouble, Some(Trouble::NotADump { .. }))
}

/// A phone's folder of `--evidence`.
fn evidence(folder: &Path, set: &AdvisorySet) -> io::Result<Observation> {
    let row = |what: String, reason| Row::of_trouble(None, Trouble::Evidence { what, reason });
    match evidence_dir::read(folder) {
        Ok(archived) => {
            let source = Source {
                file: decode(folder.as_os_str().as_encoded_bytes()),
                entry: None,
                form: Form::Evidence,
                taken_at: Some(archived.taken_at.clone()),
                simulated: archived.simulated,
            };
            Ok(Observation { source: Some(source), ..archived.into_observation(set) })
        }
        Err(EvidenceDirError::Archive { source, .. }) => {
            let reason = match source {
                ArchiveError::Missing { .. } => Reason::IncompleteAnswer,
                ArchiveError::Changed { .. } | ArchiveError::Contradiction { .. } => {
                    Reason::AmbiguousDump
                }
                ArchiveError::Unreadable { .. }
                | ArchiveError::OtherVersion { .. }
                | ArchiveError::Package(_)
                | ArchiveError::FileName { .. } => Reason::NotADump,
            };
            Ok(observation(folder, row(source.to_string(), reason), set))
        }
        Err(EvidenceDirError::Unreadable { source, .. }) => Err(source),
        Err(
            error @ (EvidenceDirError::Unwritable { .. } | EvidenceDirError::Interrupted { .. }),
        ) => Err(io::Error::other(error)),
    }
}
