//! Advisories: which versions of which app are affected. Data, read from TOML. Core: no I/O.
//!
//! What a phone's evidence means under an advisory is `verdict`'s; reading the
//! files of `--advisories` is the shell's.

mod error;
mod fields;
mod lint;
mod set;
mod source;

use std::collections::BTreeMap;
use std::fmt;

use regex::bytes::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};
use thiserror::Error;

pub use error::{AdvisoryError, Remark};
pub use set::{AdvisorySet, LintReport, Replacement};

use crate::package_name::PackageName;
use crate::step::Step;
use crate::verdict::keyed_enum;
use crate::version::{Version, VersionName};

/// The most that an advisory's file may hold, in bytes: it is written by hand.
pub const MAX_FILE_BYTES: usize = 256 << 10;

/// The most files that a folder of advisories may hold.
pub const MAX_FILES: usize = 1_000;

keyed_enum! {
    /// How sure a stated fact is.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Certainty {
        /// Nobody says so; it follows from something else.
        Inferred = "inferred",
        /// One secondary source says so.
        OneSecondarySource = "one_secondary_source",
        /// A primary record says so.
        Confirmed = "confirmed",
    }
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "PackageEntry", deny_unknown_fields))]
pub struct AffectedPackage {
    /// Its name.
    pub name: PackageName,
    /// How sure it is that it is meant.
    pub certainty: Certainty,
    /// What else is to be known of that.
    pub note: Option<String>,
}

/// A text in several languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Localized {
    /// In English.
    pub english: String,
    /// In others, by their BCP 47 tags in small letters.
    pub others: BTreeMap<String, String>,
}

impl Localized {
    /// In the language of this BCP 47 tag, else in English.
    #[must_use]
    pub fn in_language(&self, tag: &str) -> &str {
        self.others.get(tag).unwrap_or(&self.english)
    }
}

/// A source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SourceEntry", deny_unknown_fields))]
pub struct Reference {
    /// What it is.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, `YYYY-MM-DD`.
    pub date: Option<String>,
}

/// A way to get a fixed version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// What the person does.
    pub step: Step,
    /// The apps that this takes, any one of them; none when it takes no app.
    pub packages: Vec<PackageName>,
}

/// How bad a flaw is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "SeverityEntry", deny_unknown_fields))]
pub struct Severity {
    /// CVSS vector.
    pub vector: String,
    /// CVSS base score, `0.0` to `10.0`.
    pub score: String,
    /// The score in words.
    pub level: Level,
}

keyed_enum! {
    /// CVSS's qualitative severity.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Level {
        /// 0.1 to 3.9.
        Low = "low",
        /// 4.0 to 6.9.
        Medium = "medium",
        /// 7.0 to 8.9.
        High = "high",
        /// 9.0 to 10.0.
        Critical = "critical",
    }
}

/// A version that bounds a range: how it is written, and how it compares.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct Bound {
    written: String,
    #[serde(skip)]
    version: Version,
}

impl Bound {
    /// Reads one as it is written; `None`: it is no version, or has more than one.
    #[must_use]
    pub fn read(written: &str, pattern: Option<&VersionPattern>) -> Option<Self> {
        let name = read_version(written.as_bytes(), pattern)?;
        let written = written.to_owned();
        name.suffix.is_empty().then_some(Self { written, version: name.version })
    }

    /// How it compares.
    #[must_use]
    pub const fn version(&self) -> &Version {
        &self.version
    }
}

impl fmt::Display for Bound {
    /// As it is written: `V1-210567` stays that.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// How an app writes its versions, when they are no dotted numbers: each group is one part.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct VersionPattern {
    written: String,
    #[serde(skip)]
    regex: Regex,
    /// The most that it takes compiled, in bytes.
    #[serde(skip)]
    bytes: usize,
}

/// The most that a compiled pattern may take, in bytes.
const MAX_PATTERN_BYTES: usize = 1 << 20;

/// What every pattern is tried with first, in bytes.
const MIN_PATTERN_BYTES: usize = 4 << 10;

/// What matching may take beside it, in bytes.
const MATCHING_BYTES: usize = 256 << 10;

/// Why a text is no pattern of versions.
#[derive(Debug, Error)]
pub enum PatternError {
    /// It takes no part of the version out.
    #[error("the pattern has no group")]
    NoGroup,
    /// It isn't a regular expression, or is too large.
    #[error(transparent)]
    NoRegex(#[from] regex::Error),
}

impl VersionPattern {
    /// Reads it as it is written.
    ///
    /// # Errors
    /// It is no such pattern, or too large.
    pub fn new(written: &str) -> Result<Self, PatternError> {
        // The whole versionName must match: a version that merely contains one is unreadable.
        let mut bytes = MIN_PATTERN_BYTES;
        let regex = loop {
            let built = RegexBuilder::new(&format!(r"\A(?:{written})\z"))
                // Versions are bytes, and `\d` means ASCII digits.
                .unicode(false)
                .size_limit(bytes)
                .dfa_size_limit(MATCHING_BYTES)
                .build();
            match built {
                // What it takes, nothing else tells.
                Err(regex::Error::CompiledTooBig(_)) if bytes < MAX_PATTERN_BYTES => bytes *= 2,
                built => break built?,
            }
        };
        if regex.captures_len() < 2 {
            return Err(PatternError::NoGroup);
        }
        Ok(Self { written: written.to_owned(), regex, bytes })
    }

    /// The most that it takes compiled, in bytes.
    pub(crate) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reads a version.
    ///
    /// Groups at the end that match nothing are missing parts; a gap before a group that matches
    /// leaves nothing to compare. What the pattern takes behind its last group is the suffix.
    fn read(&self, text: &[u8]) -> Option<VersionName> {
        let groups = self.regex.captures(text)?;
        let mut parts = Vec::new();
        let mut end = 0;
        for (index, group) in groups.iter().skip(1).enumerate() {
            let Some(group) = group else { continue };
            if parts.len() < index {
                return None;
            }
            parts.push(str::from_utf8(group.as_bytes()).ok()?);
            end = group.end();
        }
        let version = Version::from_parts(parts)?;
        Some(VersionName { version, suffix: text.get(end..)?.to_vec() })
    }
}

impl fmt::Display for VersionPattern {
    /// As it is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// The affected versions.
// Ranges in the words of OSV and of CVE's JSON 5. At most one upper bound is given, and `introduced`
// only beside one.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Affected {
    /// The lowest, included.
    pub introduced: Option<Bound>,
    /// The highest, included.
    // Only as many parts as it has count.
    pub last_affected: Option<Bound>,
    /// The version above the highest, not included.
    // Every part counts.
    pub less_than: Option<Bound>,
    /// Single versions.
    // Only as many parts as each has count.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub exact: Vec<Bound>,
    /// How sure that is.
    pub certainty: Certainty,
    /// What else is to be known of it.
    pub note: Option<String>,
}

impl Affected {
    fn covers(&self, version: &Version) -> bool {
        let to_last = |last: &Bound| !version.cmp_within(&last.version).is_gt();
        let below = |bound: &Bound| *version < bound.version;
        let under_top = self.last_affected.as_ref().is_some_and(to_last)
            || self.less_than.as_ref().is_some_and(below);
        let is = |one: &Bound| version.cmp_within(&one.version).is_eq();
        (under_top && !self.begins_above(version)) || self.exact.iter().any(is)
    }

    /// Whether `version` is older than all of which the advisory speaks.
    fn begins_above(&self, version: &Version) -> bool {
        self.introduced.as_ref().is_some_and(|low| version.cmp_within(&low.version).is_lt())
    }
}

/// The first fixed version.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "FixedEntry", deny_unknown_fields))]
pub struct Fixed {
    /// The version.
    pub first_fixed: Bound,
    /// How sure that is.
    pub certainty: Certainty,
    /// What else is to be known of it.
    pub note: Option<String>,
}

/// A flaw in an app, and the versions that have it.
#[derive(Debug, Clone)]
pub struct Advisory {
    /// A short stable name: `mi-connect`.
    pub id: String,
    /// The app's name for people: `Mi Connect Service`.
    pub app: String,
    /// CVE ids, the main one first.
    pub cves: Vec<String>,
    /// Kinds of weakness, CWE ids.
    pub cwes: Vec<String>,
    /// One line, English.
    pub title: Localized,
    /// A few sentences, English.
    pub summary: Localized,
    /// What else is to be known: where sources contradict themselves or each other.
    pub note: Option<String>,
    /// How bad it is; `None` when no record says so.
    pub severity: Option<Severity>,
    /// The apps that have the flaw.
    pub packages: Vec<AffectedPackage>,
    /// The affected versions.
    pub affected: Affected,
    /// The versions that are reported fixed; `None` when none is known.
    pub fixed: Option<Fixed>,
    /// How this app writes its versions, when they are no dotted numbers.
    pub version_pattern: Option<VersionPattern>,
    /// Where the facts come from.
    pub sources: Vec<Reference>,
    /// Ways to a fixed version, in the order of trying.
    pub remedies: Vec<Remedy>,
    /// Whether phones are judged by it when nobody asks for all advisories.
    pub by_default: bool,
    /// The file of one's own that it comes from; `None`: it is built in.
    pub own_file: Option<String>,
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

/// Rates a `versionName` by bounds.
#[must_use]
pub fn rate_version(
    version_name: &[u8],
    pattern: Option<&VersionPattern>,
    affected: &Affected,
    first_fixed: Option<&Bound>,
) -> Rating {
    let name = read_version(version_name, pattern);
    name.map_or(Rating::Unreadable, |name| rate_name(&name, affected, first_fixed))
}

fn rate_name(name: &VersionName, affected: &Affected, first_fixed: Option<&Bound>) -> Rating {
    let version = &name.version;
    let reached = |first: &Version| version > first || (version == first && name.ends_cleanly());
    // Of versions before the first affected one the advisory says nothing.
    let fixed =
        !affected.begins_above(version) && first_fixed.is_some_and(|fixed| reached(&fixed.version));
    match (affected.covers(version), fixed) {
        (true, false) => Rating::Vulnerable,
        (false, true) => Rating::Fixed,
        // Neither, or the advisory contradicts itself at this version.
        (false, false) | (true, true) => Rating::Unconfirmed,
    }
}

fn read_version(text: &[u8], pattern: Option<&VersionPattern>) -> Option<VersionName> {
    match pattern {
        None => VersionName::parse(text),
        Some(pattern) => pattern.read(text),
    }
}

impl Advisory {
    /// Rates a `versionName` as the phone gave it.
    #[must_use]
    pub fn rate(&self, version_name: &[u8]) -> Rating {
        let pattern = self.version_pattern.as_ref();
        rate_version(version_name, pattern, &self.affected, self.first_fixed())
    }

    /// The first fixed version; `None` when none is known.
    #[must_use]
    pub fn first_fixed(&self) -> Option<&Bound> {
        self.fixed.as_ref().map(|fixed| &fixed.first_fixed)
    }

    /// An affected version, as an example of how the app's versions are written; `None`: none is named.
    #[must_use]
    pub fn example_version(&self) -> Option<&Bound> {
        let Affected { introduced, last_affected, less_than, exact, .. } = &self.affected;
        last_affected.as_ref().or(less_than.as_ref()).or(exact.first()).or(introduced.as_ref())
    }

    /// Whether it looks for fewer packages than `other`, reads versions in another way, or calls one
    /// better. Ratings change at bounds only: the versions at them and right above show it.
    pub(crate) fn is_narrower(&self, other: &Self) -> bool {
        let names =
            |one: &Self| one.packages.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
        let pattern = |one: &Self| one.version_pattern.as_ref().map(ToString::to_string);
        let own = names(self);
        names(other).iter().any(|name| !own.contains(name))
            || pattern(self) != pattern(other)
            || self.bounds().chain(other.bounds()).any(|version| {
                let name = VersionName { version, suffix: Vec::new() };
                let rate = |one: &Self| rate_name(&name, &one.affected, one.first_fixed());
                let (now, before) = (rate(self), rate(other));
                now != before && now != Rating::Vulnerable && before != Rating::Fixed
            })
    }

    /// The lowest version, and those at its bounds and right above them.
    fn bounds(&self) -> impl Iterator<Item = Version> {
        let Affected { introduced, last_affected, less_than, exact, .. } = &self.affected;
        let affected = [introduced, last_affected, less_than].map(Option::as_ref);
        let bounds = affected.into_iter().chain([self.first_fixed()]);
        let at = bounds.flatten().chain(exact).map(|bound| bound.version.clone());
        at.flat_map(|version| [version.next(), Some(version)])
            .chain([Version::from_parts(["0", "0"])])
            .flatten()
    }

    /// The apps that the remedies need, each once.
    pub fn updaters(&self) -> impl Iterator<Item = &PackageName> {
        self.remedies.iter().flat_map(|remedy| &remedy.packages)
    }
}

#[cfg(test)]
mod ratings;
#[cfg(test)]
mod tests;
