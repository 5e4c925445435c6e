//! Advisories: which versions of which app are affected. Data, read from TOML. Core: no I/O.
//!
//! What a phone's evidence means under an advisory is `verdict`'s; reading the
//! files of `--advisories` is the shell's.

mod source;

use std::fmt::Write as _;

use regex::bytes::Regex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::package::PackageName;
use crate::step::Step;
use crate::version::{Version, VersionName};

/// How sure a stated fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Nobody says so; it follows from something else.
    Inferred,
    /// One secondary source says so.
    OneSecondarySource,
    /// A primary record says so.
    Confirmed,
}

/// A package that an advisory speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AffectedPackage {
    /// Its name.
    pub name: PackageName,
    /// How sure it is that the advisory means this package.
    pub certainty: Certainty,
}

/// Where an advisory's facts come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What it is.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, `YYYY-MM-DD`.
    pub date: String,
}

/// A way to get a fixed version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What the person does.
    pub step: Step,
    /// The apps that this takes, any one of them; none when it takes no app.
    pub packages: Vec<PackageName>,
}

/// A flaw in an app, and the versions that have it.
///
/// Ranges in the words of OSV: `introduced` and `last_affected` are inclusive,
/// `first_fixed` is the first version outside.
#[derive(Debug, Clone)]
pub struct Advisory {
    /// A short stable name: `mi-connect`.
    pub id: String,
    /// The app's name for people: `Mi Connect Service`.
    pub app: String,
    /// CVE ids, the main one first.
    pub cves: Vec<String>,
    /// One line, English.
    pub title: String,
    /// A few sentences, English.
    pub summary: String,
    /// CVSS vector string.
    pub cvss_vector: String,
    /// Its base score, `0.0` to `10.0`.
    pub cvss_score: String,
    /// The score in words.
    pub level: Level,
    /// The apps that have the flaw.
    pub packages: Vec<AffectedPackage>,
    /// The lowest affected version, inclusive; `None`: all before `last_affected`.
    pub introduced: Option<Version>,
    /// The highest affected version, inclusive; only as many parts as it has count.
    pub last_affected: Option<Version>,
    /// Single versions that are affected.
    pub exact: Vec<Version>,
    /// How sure the affected versions are.
    pub affected_certainty: Certainty,
    /// The first version that is reported fixed.
    pub first_fixed: Option<Version>,
    /// How sure `first_fixed` is; `None` when there is none.
    pub fixed_certainty: Option<Certainty>,
    /// How this app writes its versions, when they are no dotted numbers: each group is one part.
    pub version_pattern: Option<Regex>,
    /// Where the facts come from.
    pub sources: Vec<Source>,
    /// Ways to a fixed version, in the order of trying.
    pub remedies: Vec<Remedy>,
}

/// CVSS's qualitative severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 0.1 to 3.9.
    Low,
    /// 4.0 to 6.9.
    Medium,
    /// 7.0 to 8.9.
    High,
    /// 9.0 to 10.0.
    Critical,
}

/// What an advisory says of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rating {
    /// Affected.
    Vulnerable,
    /// Nobody says that it is affected, and nobody says that it is fixed.
    Unconfirmed,
    /// At or above the first fixed version.
    Fixed,
    /// Not a version that can be compared.
    Unreadable,
}

impl Advisory {
    /// Rates a `versionName` as the phone gave it.
    #[must_use]
    pub fn rate(&self, version_name: &[u8]) -> Rating {
        let Some(name) = self.read_version(version_name) else {
            return Rating::Unreadable;
        };
        let version = &name.version;
        let below = |bound: &Version| version.cmp_within(bound).is_lt();
        let above = |bound: &Version| version.cmp_within(bound).is_gt();
        let in_range = self.last_affected.as_ref().is_some_and(|last| !above(last))
            && !self.introduced.as_ref().is_some_and(below);
        let affected = in_range || self.exact.iter().any(|one| version.cmp_within(one).is_eq());
        let fixed = self
            .first_fixed
            .as_ref()
            .is_some_and(|first| version > first || (version == first && name.ends_cleanly()));
        match (affected, fixed) {
            (true, false) => Rating::Vulnerable,
            (false, true) => Rating::Fixed,
            // Neither, or the advisory contradicts itself at this version.
            (false, false) | (true, true) => Rating::Unconfirmed,
        }
    }

    fn read_version(&self, version_name: &[u8]) -> Option<VersionName> {
        let Some(pattern) = &self.version_pattern else {
            return VersionName::parse(version_name);
        };
        Some(VersionName { version: match_version(pattern, version_name)?, suffix: Vec::new() })
    }

    /// The apps that the remedies need, each once.
    pub fn updaters(&self) -> impl Iterator<Item = &PackageName> {
        self.remedies.iter().flat_map(|remedy| &remedy.packages)
    }
}

/// Reads a version by an advisory's own pattern: each group is one part.
fn match_version(pattern: &Regex, text: &[u8]) -> Option<Version> {
    let groups = pattern.captures(text)?;
    let parts: Option<Vec<&str>> = groups
        .iter()
        .skip(1)
        .map(|group| group.and_then(|group| str::from_utf8(group.as_bytes()).ok()))
        .collect();
    Version::from_parts(parts?)
}

/// A file of advisories that can't be used: which one, where and why.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}: {reason}")]
pub struct AdvisoryError {
    /// The file's name.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what would be right.
    pub reason: String,
}

/// All advisories of a run.
#[derive(Debug, Clone)]
pub struct AdvisorySet {
    /// The embedded set's version, with `+local` when files were added or replaced.
    pub version: String,
    /// The day of the embedded set, `YYYY-MM-DD`.
    pub date: String,
    /// SHA-256 over every file's name and content, hexadecimal.
    pub hash: String,
    /// Sorted by id.
    pub advisories: Vec<Advisory>,
}

/// The embedded files.
const EMBEDDED: &[(&str, &str)] = &[("mi-connect.toml", include_str!("advisory/mi-connect.toml"))];

/// One file of a set.
struct Entry<'a> {
    advisory: Advisory,
    name: &'a str,
    text: &'a str,
    embedded: bool,
}

impl<'a> Entry<'a> {
    fn read(name: &'a str, text: &'a str, embedded: bool) -> Result<Self, AdvisoryError> {
        Ok(Self { advisory: source::read(name, text)?, name, text, embedded })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetHeader {
    version: String,
    date: String,
}

impl AdvisorySet {
    /// The set that this program carries.
    ///
    /// # Panics
    /// Never: a test reads every embedded file.
    #[must_use]
    pub fn embedded() -> Self {
        Self::with_files(&[]).expect("the embedded advisories are valid")
    }

    /// The embedded set with `files` (name, content) added; a file whose advisory
    /// has a known id replaces that advisory.
    ///
    /// # Errors
    /// The first file that can't be used, with the line and the reason. Two of
    /// the given files with one id are an error too.
    ///
    /// # Panics
    /// Never: a test reads the embedded header.
    pub fn with_files(files: &[(String, String)]) -> Result<Self, AdvisoryError> {
        let header: SetHeader = toml::from_str(include_str!("advisory/set.toml"))
            .expect("the embedded header is valid");
        let mut entries = EMBEDDED
            .iter()
            .map(|(name, text)| Entry::read(name, text, true))
            .collect::<Result<Vec<_>, _>>()?;
        for (name, text) in files {
            let entry = Entry::read(name, text, false)?;
            match entries.iter_mut().find(|known| known.advisory.id == entry.advisory.id) {
                None => entries.push(entry),
                Some(known) if known.embedded => *known = entry,
                Some(known) => {
                    let (id, other) = (&entry.advisory.id, known.name);
                    let reason =
                        format!("the id `{id}` is taken by {other}: give each an id of its own");
                    return Err(AdvisoryError { file: name.clone(), line: 1, reason });
                }
            }
        }
        entries.sort_by(|left, right| left.advisory.id.cmp(&right.advisory.id));
        let mut hasher = Sha256::new();
        for entry in &entries {
            // Lengths keep two different sets from running together into one text.
            for part in [entry.name, entry.text] {
                hasher.update((part.len() as u64).to_le_bytes());
                hasher.update(part.as_bytes());
            }
        }
        let mut hash = String::with_capacity(64);
        for byte in hasher.finalize() {
            write!(hash, "{byte:02x}").expect("a String takes every write");
        }
        let local = if files.is_empty() { "" } else { "+local" };
        Ok(Self {
            version: format!("{}{local}", header.version),
            date: header.date,
            hash,
            advisories: entries.into_iter().map(|entry| entry.advisory).collect(),
        })
    }

    /// The set with this one advisory alone; `None` when it isn't in it.
    #[must_use]
    pub fn only(&self, id: &str) -> Option<Self> {
        let advisory = self.advisories.iter().find(|advisory| advisory.id == id)?.clone();
        Some(Self { advisories: vec![advisory], ..self.clone() })
    }

    /// The packages that a phone is asked about, sorted, each once.
    #[must_use]
    pub fn packages(&self) -> Vec<PackageName> {
        let mut names: Vec<_> = self
            .advisories
            .iter()
            .flat_map(|advisory| advisory.packages.iter().map(|package| package.name.clone()))
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

#[cfg(test)]
mod tests;
