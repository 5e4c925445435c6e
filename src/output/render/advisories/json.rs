//! Advisories as JSON.

use serde::Serialize;

use crate::report::{AdvisoriesUsed, AffectedVersions, StepApp, StepReport, Tool};
use crate::text::Text;
use micheck_core::advisory::{Advisory, AdvisorySet, Certainty, Level};
use micheck_core::escape::escape_json;

/// Raised when a field changes its meaning or goes away; new fields don't raise it.
const SCHEMA_VERSION: u32 = 1;

/// Advisories: all of a set, or the one that was asked for.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AdvisoryList {
    /// Version of this format; raised when a field changes its meaning or goes away.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA_VERSION)))]
    pub schema_version: u32,
    /// What wrote this.
    pub tool: Tool,
    /// The set that they are from.
    pub set: AdvisoriesUsed,
    /// The day of the set that is built in, `YYYY-MM-DD`.
    pub date: String,
    /// Those that count by default first, then by id.
    pub advisories: Vec<AdvisoryEntry>,
}

/// One advisory.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AdvisoryEntry {
    /// Its short stable name.
    pub id: String,
    /// The app's name for people.
    pub app: String,
    /// CVE ids, the main one first.
    pub cves: Vec<String>,
    /// CWE ids.
    pub cwes: Vec<String>,
    /// One line, English.
    pub title: String,
    /// A few sentences, English.
    pub summary: String,
    /// What else is to be known.
    pub note: Option<String>,
    /// How bad it is; none when no record says so.
    pub severity: Option<SeverityEntry>,
    /// The packages that are meant.
    pub packages: Vec<PackageEntry>,
    /// The affected versions.
    pub affected: AffectedEntry,
    /// The first fixed version; none when it isn't known.
    pub fixed: Option<FixedEntry>,
    /// How the app's versions are read, a regular expression; none: as dotted numbers.
    pub version_pattern: Option<String>,
    /// Where the facts come from.
    pub sources: Vec<SourceEntry>,
    /// Ways to a fixed version, in the order of trying.
    pub remedies: Vec<StepReport>,
    /// Whether phones are judged by it without `--all`.
    pub by_default: bool,
    /// The file of one's own that it comes from; none: it is built in.
    pub own_file: Option<String>,
}

/// How bad a flaw is.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct SeverityEntry {
    /// CVSS vector.
    pub vector: String,
    /// CVSS base score, `0.0` to `10.0`.
    pub score: String,
    /// The score in words.
    pub level: Level,
}

/// A package.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct PackageEntry {
    /// Its name.
    pub name: String,
    /// How sure it is that it is meant.
    pub certainty: Certainty,
    /// What else is to be known of that.
    pub note: Option<String>,
}

/// The affected versions.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AffectedEntry {
    /// The lowest, included.
    pub introduced: Option<String>,
    /// The highest, included.
    pub last_affected: Option<String>,
    /// The version above the highest, not included.
    pub less_than: Option<String>,
    /// Single versions.
    pub exact: Vec<String>,
    /// How sure that is.
    pub certainty: Certainty,
    /// What else is to be known of it.
    pub note: Option<String>,
    /// The same in words.
    pub text: String,
}

/// The first fixed version.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct FixedEntry {
    /// The version.
    pub first_fixed: String,
    /// How sure that is.
    pub certainty: Certainty,
    /// What else is to be known of it.
    pub note: Option<String>,
}

/// A source.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct SourceEntry {
    /// What it is.
    pub title: String,
    /// Its address.
    pub url: String,
    /// When it was published, `YYYY-MM-DD`.
    pub date: Option<String>,
}

impl AdvisoryEntry {
    fn new(advisory: &Advisory, text: Text) -> Self {
        let Advisory { severity, affected, fixed, packages, .. } = advisory;
        let app = StepApp {
            name: advisory.app.clone(),
            package: packages
                .first()
                .map_or_else(String::new, |package| package.name.as_str().to_owned()),
            affected: AffectedVersions::from(&advisory.affected),
        };
        Self {
            id: advisory.id.clone(),
            app: advisory.app.clone(),
            cves: advisory.cves.clone(),
            cwes: advisory.cwes.clone(),
            title: advisory.title.in_language(text.language.tag()).to_owned(),
            summary: advisory.summary.in_language(text.language.tag()).to_owned(),
            note: advisory.note.clone(),
            severity: severity.as_ref().map(|severity| SeverityEntry {
                vector: severity.vector.clone(),
                score: severity.score.clone(),
                level: severity.level,
            }),
            packages: packages
                .iter()
                .map(|package| PackageEntry {
                    name: package.name.as_str().to_owned(),
                    certainty: package.certainty,
                    note: package.note.clone(),
                })
                .collect(),
            affected: AffectedEntry {
                introduced: affected.introduced.as_ref().map(ToString::to_string),
                last_affected: affected.last_affected.as_ref().map(ToString::to_string),
                less_than: affected.less_than.as_ref().map(ToString::to_string),
                exact: affected.exact.iter().map(ToString::to_string).collect(),
                certainty: affected.certainty,
                note: affected.note.clone(),
                text: super::affected(affected, text),
            },
            fixed: fixed.as_ref().map(|fixed| FixedEntry {
                first_fixed: fixed.first_fixed.to_string(),
                certainty: fixed.certainty,
                note: fixed.note.clone(),
            }),
            version_pattern: advisory.version_pattern.as_ref().map(ToString::to_string),
            sources: advisory
                .sources
                .iter()
                .map(|source| SourceEntry {
                    title: source.title.clone(),
                    url: source.url.clone(),
                    date: source.date.clone(),
                })
                .collect(),
            remedies: advisory
                .remedies
                .iter()
                .map(|one| StepReport::new(one.step, vec![app.clone()], text))
                .collect(),
            by_default: advisory.by_default,
            own_file: advisory.own_file.clone(),
        }
    }
}

/// The advisories of a set as indented JSON, with a newline at the end; escaped as reports are.
#[must_use]
pub fn advisories_json(set: &AdvisorySet, text: Text) -> String {
    let list = AdvisoryList {
        schema_version: SCHEMA_VERSION,
        tool: Tool::default(),
        set: AdvisoriesUsed::of(set),
        date: set.date.clone(),
        advisories: set.advisories.iter().map(|one| AdvisoryEntry::new(one, text)).collect(),
    };
    let plain = serde_json::to_string_pretty(&list).expect("an advisory has string keys only");
    let mut out = escape_json(&plain);
    out.push('\n');
    out
}
