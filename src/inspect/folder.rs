//! Folders: those of `--evidence`, collections, and any folder with dumps in it.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use super::collection::{self, Named};
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

    fn is_candidate(&self) -> bool {
        true
    }
}

/// Reads a folder: a phone's evidence, a folder of such, or dumps that lie together. Also gives the
/// names of what was passed over.
pub(super) fn inspect(
    folder: &Path,
    set: &AdvisorySet,
    packages: &[PackageName],
) -> io::Result<(Vec<Observation>, Vec<String>)> {
    if folder.join(MANIFEST).is_file() {
        return Ok((vec![evidence(folder, set)], Vec::new()));
    }
    let (mut files, mut kept, mut passed_over) = (Vec::new(), Vec::new(), Vec::new());
    for (count, entry) in folder.read_dir()?.enumerate() {
        let entry = entry?;
        let (path, name) = (entry.path(), decode(entry.file_name().as_encoded_bytes()));
        if count == MAX_FILES {
            let row = Row::of_trouble(None, Trouble::TooManyEntries { most: MAX_FILES });
            return Ok((vec![observation(folder, row, set)], Vec::new()));
        }
        if path.join(MANIFEST).is_file() {
            kept.push(path);
        } else if path.is_dir() {
            passed_over.push(format!("{name}/"));
        } else {
            files.push(Listed { name, path });
        }
    }
    kept.sort();
    files.sort_by(|left, right| left.name.cmp(&right.name));
    let mut observations: Vec<Observation> =
        kept.iter().map(|folder| evidence(folder, set)).collect();
    let rows = dumps(&files, packages, &mut passed_over);
    observations.extend(rows.into_iter().map(|row| observation(folder, row, set)));
    if observations.is_empty() {
        let recognised = match passed_over.len() {
            0 => "an empty folder".to_owned(),
            count => format!("a folder of {count} files or folders, none of which is a dump"),
        };
        let row = Row::of_trouble(None, Trouble::NotADump { recognised });
        observations.push(observation(folder, row, set));
    }
    passed_over.sort();
    Ok((observations, passed_over))
}

/// The dumps and archives of a folder; what is none of these is passed over.
fn dumps(files: &[Listed], packages: &[PackageName], passed_over: &mut Vec<String>) -> Vec<Row> {
    let read = |file: &Listed| -> Vec<Row> {
        let read = File::open(&file.path).and_then(|opened| from_file(opened, packages));
        let unreadable = |error: io::Error| Trouble::Unreadable { what: error.to_string() };
        let mut rows = read.unwrap_or_else(|error| vec![Row::of_trouble(None, unreadable(error))]);
        rows.retain(|row| !is_something_else(row));
        for row in &mut rows {
            row.entry = Some(match row.entry.take() {
                Some(inner) => format!("{}/{inner}", file.name),
                None => file.name.clone(),
            });
        }
        rows
    };
    let mut rows = Vec::new();
    let mut looked_at = Vec::new();
    for group in collection::chosen(files) {
        let mut found = Vec::new();
        for file in &group.files {
            let of_file = read(file);
            if !of_file.is_empty() {
                looked_at.push(file.name.as_str());
            }
            found.extend(of_file);
        }
        rows.extend(group.phones(found));
    }
    let others = files.iter().map(|file| file.name.as_str());
    passed_over.extend(others.filter(|name| !looked_at.contains(name)).map(str::to_owned));
    rows
}

/// A text or archive that holds nothing of a phone lies in many folders, and is no phone.
fn is_something_else(row: &Row) -> bool {
    row.phone.is_none() && matches!(row.trouble, Some(Trouble::NotADump { .. }))
}

/// A phone's folder of `--evidence`.
fn evidence(folder: &Path, set: &AdvisorySet) -> Observation {
    let archived = match evidence_dir::read(folder) {
        Ok(archived) => archived,
        Err(error) => {
            let trouble = match &error {
                EvidenceDirError::Archive { source, .. } => {
                    Trouble::Evidence { what: source.to_string(), reason: reason(source) }
                }
                error => Trouble::Unreadable { what: error.to_string() },
            };
            return observation(folder, Row::of_trouble(None, trouble), set);
        }
    };
    let source = Source {
        file: decode(folder.as_os_str().as_encoded_bytes()),
        entry: None,
        form: Form::Evidence,
        taken_at: Some(archived.taken_at.clone()),
        simulated: archived.simulated,
    };
    Observation { source: Some(source), ..archived.into_observation(set) }
}

/// The reason that comes closest to what is wrong with kept evidence.
const fn reason(error: &ArchiveError) -> Reason {
    match error {
        ArchiveError::Missing { .. } => Reason::IncompleteAnswer,
        ArchiveError::Changed { .. } | ArchiveError::Contradiction { .. } => Reason::AmbiguousDump,
        ArchiveError::Unreadable { .. }
        | ArchiveError::OtherVersion { .. }
        | ArchiveError::Package(_)
        | ArchiveError::FileName { .. } => Reason::NotADump,
    }
}
