//! Phones' folders of `--evidence`.

use std::path::Path;

use super::found::{Row, Thing};
use super::{FileError, observation as of_row};
use crate::report::evidence_dir::{self, EvidenceDirError};
use crate::report::evidence_files::ArchiveError;
use crate::report::{ProbeResult, Source};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::decode;
use micheck_core::saved_dump::Form;
use micheck_core::verdict::Reason;

/// What a phone's folder holds.
pub(super) fn observation(folder: &Path, set: &AdvisorySet) -> ProbeResult {
    let archived = match evidence_dir::read(folder, set) {
        Ok(archived) => archived,
        Err(error) => {
            let trouble = match &error {
                EvidenceDirError::Archive { source, .. } => {
                    FileError::Evidence { what: source.to_string(), reason: reason(source) }
                }
                error => FileError::unreadable(error),
            };
            let row = Row { thing: Thing::default(), trouble: Some(trouble), ..Row::default() };
            return of_row(folder, row, set);
        }
    };
    let source = Source {
        file: decode(folder.as_os_str().as_encoded_bytes()),
        entry: None,
        form: Form::Evidence,
        taken_at: Some(archived.taken_at),
        simulated: archived.simulated,
    };
    ProbeResult { source: Some(source), ..archived.result }
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
