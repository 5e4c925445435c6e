//! The file of an archive that says what the others are: `evidence.json`.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{ArchiveError, MAX_FILE_BYTES, SCHEMA_VERSION, sha256};
use crate::report::model::VersionOnly;
use crate::report::{AdvisoriesUsed, Connection, LinkKind, Tool};
use micheck_core::escape::escape;
use micheck_core::evidence::{Origin, PartEnd};
use micheck_core::package_name::PackageName;
use micheck_core::probe::Question;
use micheck_core::verdict::Reason;

/// What `evidence.json` says, checked when it is parsed. Every field is described in
/// docs/evidence.md.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub(super) schema_version: u32,
    pub(super) tool: Tool,
    pub(super) taken_at: String,
    pub(super) origin: Origin,
    pub(super) simulated: bool,
    pub(super) connection: Connection,
    pub(super) listed_model: Option<String>,
    pub(super) asked: bool,
    pub(super) verdict: String,
    pub(super) reason: Option<Reason>,
    pub(super) detail: Option<String>,
    pub(super) advisories: AdvisoriesUsed,
    pub(super) broken: Option<Reason>,
    pub(super) parts: Vec<PartEntry>,
    pub(super) duration_ms: u64,
}

/// The kinds of link that a phone can have been asked over.
const LINKS: &[LinkKind] = &[LinkKind::AdbServer, LinkKind::Usb, LinkKind::Network];

/// One part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PartEntry {
    question: String,
    package: Option<String>,
    command: String,
    pub(super) file: String,
    end: End,
    exit_code: Option<u8>,
    reason: Option<Reason>,
    bytes: u64,
    pub(super) sha256: String,
}

/// How a part ended, without what belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum End {
    Closed,
    Unmarked,
    Cut,
}

impl Manifest {
    /// Reads `evidence.json`.
    ///
    /// # Errors
    /// It isn't in the form that micheck writes, or contradicts itself.
    pub fn parse(json: &[u8]) -> Result<Self, ArchiveError> {
        let unreadable = |error: serde_json::Error| ArchiveError::Unreadable {
            reason: escape(&error.to_string()).into_owned(),
        };
        let VersionOnly { schema_version } = serde_json::from_slice(json).map_err(unreadable)?;
        if schema_version != SCHEMA_VERSION {
            return Err(ArchiveError::OtherVersion { found: schema_version });
        }
        let manifest: Self = serde_json::from_slice(json).map_err(unreadable)?;
        manifest.check()?;
        Ok(manifest)
    }

    /// The other files and their sizes in bytes. The names are safe: no folders, nothing hidden.
    pub fn files(&self) -> impl Iterator<Item = (&str, u64)> {
        self.parts.iter().map(|part| (part.file.as_str(), part.bytes))
    }

    fn check(&self) -> Result<(), ArchiveError> {
        let contradiction = |what| Err(ArchiveError::Contradiction { what });
        let mut questions = HashSet::new();
        let mut names = HashSet::new();
        for part in &self.parts {
            part.end()?;
            if part.bytes > MAX_FILE_BYTES {
                return contradiction("a part is larger than micheck takes from a phone");
            }
            let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
            let name = &part.file;
            let stem = name.strip_suffix(".txt").unwrap_or_default();
            if name.len() > 255
                || !stem.starts_with(|c: char| c.is_ascii_alphanumeric())
                || !stem.chars().all(is_plain)
            {
                let name = escape(&name.chars().take(80).collect::<String>()).into_owned();
                return Err(ArchiveError::FileName { name });
            }
            let question = part.question()?;
            if part.command != question.command() {
                return contradiction("a command isn't the one of its question");
            }
            if !questions.insert(question) || !names.insert(name.to_ascii_lowercase()) {
                return contradiction("two parts are the same");
            }
        }
        if !LINKS.contains(&self.connection.link) {
            return contradiction("the phone's link is of an unknown kind");
        }
        match (self.asked, questions.contains(&Question::Properties)) {
            (true, false) => contradiction("the phone was asked, but its properties are missing"),
            (false, _) if !self.parts.is_empty() => {
                contradiction("the phone wasn't asked, but there are parts")
            }
            (true | false, _) => Ok(()),
        }
    }
}

impl PartEntry {
    pub(super) fn new(question: &Question, file: &str, bytes: &[u8], end: PartEnd) -> Self {
        let (end, exit_code, reason) = match end {
            PartEnd::Closed { exit_code } => (End::Closed, Some(exit_code), None),
            PartEnd::Unmarked => (End::Unmarked, None, None),
            PartEnd::Cut(reason) => (End::Cut, None, Some(reason)),
        };
        Self {
            question: question.key().to_owned(),
            package: question.package().map(ToString::to_string),
            command: question.command(),
            file: file.to_owned(),
            end,
            exit_code,
            reason,
            bytes: bytes.len() as u64,
            sha256: sha256(bytes),
        }
    }

    /// What was asked.
    pub(super) fn question(&self) -> Result<Question, ArchiveError> {
        let package = self.package.as_deref().map(PackageName::try_from).transpose()?;
        let what = "a part answers no question that micheck asks";
        Question::from_key(&self.question, package).ok_or(ArchiveError::Contradiction { what })
    }

    /// How the answer ended.
    pub(super) fn end(&self) -> Result<PartEnd, ArchiveError> {
        match (self.end, self.exit_code, self.reason) {
            (End::Closed, Some(exit_code), None) => Ok(PartEnd::Closed { exit_code }),
            (End::Unmarked, None, None) => Ok(PartEnd::Unmarked),
            (End::Cut, None, Some(reason)) => Ok(PartEnd::Cut(reason)),
            _ => Err(ArchiveError::Contradiction {
                what: "a part's exit code or reason doesn't match how it ended",
            }),
        }
    }
}
