//! A phone's evidence as files, and such files as evidence again: the form of `--evidence`, which
//! docs/evidence.md describes. Core: no I/O; folders and renaming are `evidence_dir`'s.

mod manifest;

use std::borrow::Cow;
use std::collections::BTreeMap;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

pub use manifest::Manifest;
use manifest::PartEntry;

use crate::report::serial::Redaction;
use crate::report::{AdvisoriesUsed, Outcome, ProbeResult, Probed, Run, Tool, file_stem, json};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::hex;
use micheck_core::evidence::{Evidence, Origin, Part, PartEnd};
use micheck_core::package_name::{InvalidPackageName, PackageName};
use micheck_core::probe::Question;
use micheck_core::verdict::Reason;

/// Raised when a field of [`MANIFEST`] changes its meaning or goes away; new fields don't raise it.
pub const SCHEMA_VERSION: u32 = 1;

/// The file that says what the others are.
pub const MANIFEST: &str = "evidence.json";

/// The most that a file of an archive may hold. A part has 2 MiB at most when it comes from a
/// phone; writing a property listing anew can lengthen it a little.
pub const MAX_FILE_BYTES: u64 = 4 << 20;

/// The folder of a phone that doesn't say what it is.
const UNNAMED: &str = "phone";

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidenceFile<'a> {
    /// Its name; safe on every system.
    pub name: String,
    /// What is in it.
    pub bytes: Cow<'a, [u8]>,
}

/// Why an archive can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// The manifest is no JSON, or not of this form.
    #[error("{MANIFEST} can't be read ({reason}); use the folder as micheck wrote it")]
    Unreadable {
        /// What the reader says.
        reason: String,
    },
    /// The manifest's form is one that this program doesn't know.
    #[error(
        "{MANIFEST} has schema version {found}, and this micheck only reads {SCHEMA_VERSION}; \
         use the micheck that wrote it, or a newer one"
    )]
    OtherVersion {
        /// Its version.
        found: u32,
    },
    /// Two statements of the manifest can't both be so.
    #[error("{MANIFEST} contradicts itself: {what}; use the folder as micheck wrote it")]
    Contradiction {
        /// Which ones.
        what: &'static str,
    },
    /// The manifest speaks of a package that can't be one.
    #[error("{MANIFEST} can't be used: {0}")]
    Package(#[from] InvalidPackageName),
    /// The manifest names a file that micheck wouldn't write.
    #[error(
        "{MANIFEST} names `{name}`, which doesn't belong in such a folder; use it as micheck wrote it"
    )]
    FileName {
        /// The name, escaped.
        name: String,
    },
    /// A file isn't there.
    #[error("{name} is missing; use the whole folder")]
    Missing {
        /// Its name.
        name: String,
    },
    /// A file isn't what it was.
    #[error("{name} was changed after it was written (its SHA-256 differs); use an unchanged copy")]
    Changed {
        /// Its name.
        name: String,
    },
}

/// An archive, read.
#[derive(Debug, Clone)]
pub struct Archived {
    /// When the run began that wrote it, RFC 3339 with offset.
    pub taken_at: String,
    /// Whether the phone was simulated.
    pub simulated: bool,
    /// The phone as it was found, judged anew.
    pub result: ProbeResult,
}

/// A phone's evidence as files, [`MANIFEST`] last.
///
/// `set` is what the verdict in it is judged by; `serials` how the serial number stands in it.
#[must_use]
pub fn files<'a>(
    observation: &'a ProbeResult,
    run: &Run,
    set: &AdvisorySet,
    serials: &Redaction,
) -> Vec<EvidenceFile<'a>> {
    let (mut connection, mut detail) = (observation.connection.clone(), observation.detail.clone());
    serials.apply(&mut connection, detail.as_mut());
    let evidence = observation.outcome.evidence();
    let mut files = Vec::new();
    let mut entries = Vec::new();
    for (question, bytes, end) in evidence.map(parts).unwrap_or_default() {
        let name = unused_name(&question, &files);
        entries.push(PartEntry::new(&question, &name, &bytes, end));
        files.push(EvidenceFile { name, bytes });
    }
    let verdict = observation.outcome.verdict(set);
    let manifest = Manifest {
        schema_version: SCHEMA_VERSION,
        tool: Tool::default(),
        taken_at: run.taken_at.clone(),
        origin: evidence.map_or(Origin::Live, |evidence| evidence.origin),
        simulated: run.simulated,
        connection,
        listed_model: observation.listed_model.clone(),
        asked: evidence.is_some(),
        verdict: verdict.key().to_owned(),
        reason: verdict.reason(),
        detail,
        advisories: AdvisoriesUsed { replaced: Vec::new(), ..AdvisoriesUsed::of(set) },
        broken: evidence.and_then(|evidence| evidence.broken),
        parts: entries,
        duration_ms: observation.duration_ms,
    };
    files.push(EvidenceFile {
        name: MANIFEST.to_owned(),
        bytes: json(&manifest).into_bytes().into(),
    });
    files
}

/// Every part that evidence has, with what goes into its file.
fn parts(evidence: &Evidence) -> Vec<(Question, Cow<'_, [u8]>, PartEnd)> {
    fn asked(
        parts: &BTreeMap<PackageName, Part>,
        question: fn(PackageName) -> Question,
    ) -> impl Iterator<Item = (Question, Cow<'_, [u8]>, PartEnd)> {
        parts
            .iter()
            .map(move |(name, part)| (question(name.clone()), (&part.body).into(), part.end))
    }

    let listing = evidence.properties.listing();
    let control = evidence.pm_control.iter();
    std::iter::once((Question::Properties, listing.into(), evidence.properties_end))
        .chain(asked(&evidence.dumps, Question::Dump))
        .chain(control.map(|part| (Question::PmControl, (&part.body).into(), part.end)))
        .chain(asked(&evidence.pm_lists, Question::PmList))
        .chain(asked(&evidence.updaters, Question::Updater))
        .chain(evidence.shown.iter().map(|(route, app, part)| {
            (Question::Show(*route, app.clone()), (&part.body).into(), part.end)
        }))
        .collect()
}

/// A name that no file has yet, also where capitals and small letters are the same.
fn unused_name(question: &Question, files: &[EvidenceFile<'_>]) -> String {
    let stem = question.file_stem();
    let is_used = |name: &str| files.iter().any(|file| file.name.eq_ignore_ascii_case(name));
    let mut name = format!("{stem}.txt");
    let mut number = 2;
    while is_used(&name) {
        name = format!("{stem}-{number}.txt");
        number += 1;
    }
    name
}

/// What the folder of a phone is called, without its counter: the phone's name in ASCII lower-case
/// letters, digits and `-`, at most 40 characters.
///
/// With a counter behind it, it is none of the names that Windows keeps for itself (`con`, `nul`).
#[must_use]
pub fn folder_name(observation: &ProbeResult) -> String {
    let device = observation.outcome.device();
    let name = device.name().or(observation.listed_model.as_deref()).unwrap_or_default();
    let folder = file_stem(name).to_ascii_lowercase();
    if folder.is_empty() { UNNAMED.to_owned() } else { folder }
}

/// A file's SHA-256, hexadecimal.
fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Puts a phone together from its manifest and the other files, by name, and judges it by `set`.
///
/// # Errors
/// A file is missing or isn't what it was when the manifest was made.
pub fn read(
    manifest: Manifest,
    mut files: BTreeMap<String, Vec<u8>>,
    set: &AdvisorySet,
) -> Result<Archived, ArchiveError> {
    let outcome = if manifest.asked {
        let mut evidence = Evidence::none(manifest.origin, Reason::IncompleteAnswer);
        evidence.broken = manifest.broken;
        for entry in manifest.parts {
            let question = entry.question()?;
            let end = entry.end()?;
            let Some(body) = files.remove(&entry.file) else {
                return Err(ArchiveError::Missing { name: entry.file });
            };
            if sha256(&body) != entry.sha256 {
                return Err(ArchiveError::Changed { name: entry.file });
            }
            evidence.put(question, Part { body, end }, None);
        }
        Outcome::Probed(Box::new(Probed::new(evidence, set)))
    } else {
        let what = "the phone wasn't asked, and no reason is given";
        Outcome::Skipped(manifest.reason.ok_or(ArchiveError::Contradiction { what })?)
    };
    let result = ProbeResult {
        connection: manifest.connection,
        listed_model: manifest.listed_model,
        outcome,
        detail: manifest.detail,
        duration_ms: manifest.duration_ms,
        source: None,
    };
    Ok(Archived { taken_at: manifest.taken_at, simulated: manifest.simulated, result })
}

#[cfg(test)]
mod tests;
