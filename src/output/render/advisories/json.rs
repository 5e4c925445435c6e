//! Advisories as JSON.

use serde::Serialize;

use crate::report::{AdvisoriesUsed, StepReport, Tool, json};
use crate::text::Text;
use micheck_core::advisory::{
    Advisory, AdvisorySet, Affected, AffectedPackage, Fixed, Reference, Severity, VersionPattern,
};

/// Raised when a field changes its meaning or goes away; new fields don't raise it.
const SCHEMA_VERSION: u32 = 1;

/// Advisories: all of a set, or the one that was asked for.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AdvisoryList<'a> {
    /// Version of this format; raised when a field changes its meaning or goes away.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA_VERSION)))]
    pub schema_version: u32,
    /// What wrote this.
    pub tool: Tool,
    /// The set that they are from.
    pub set: AdvisoriesUsed,
    /// The day of the set that is built in, `YYYY-MM-DD`.
    pub date: &'a str,
    /// Those that count by default first, then by id.
    pub advisories: Vec<AdvisoryEntry<'a>>,
}

/// One advisory.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AdvisoryEntry<'a> {
    /// Its short stable name.
    pub id: &'a str,
    /// The app's name for people.
    pub app: &'a str,
    /// CVE ids, the main one first.
    pub cves: &'a [String],
    /// CWE ids.
    pub cwes: &'a [String],
    /// One line, English.
    pub title: &'a str,
    /// A few sentences, English.
    pub summary: &'a str,
    /// What else is to be known.
    pub note: &'a Option<String>,
    /// How bad it is; none when no record says so.
    pub severity: &'a Option<Severity>,
    /// The packages that are meant.
    pub packages: &'a [AffectedPackage],
    /// The affected versions.
    pub affected: AffectedEntry<'a>,
    /// The first fixed version; none when it isn't known.
    pub fixed: &'a Option<Fixed>,
    /// How the app's versions are read, a regular expression; none: as dotted numbers.
    pub version_pattern: &'a Option<VersionPattern>,
    /// Where the facts come from.
    pub sources: &'a [Reference],
    /// Ways to a fixed version, in the order of trying.
    pub remedies: Vec<StepReport>,
    /// Whether phones are judged by it without `--all`.
    pub by_default: bool,
    /// The file of one's own that it comes from; none: it is built in.
    pub own_file: &'a Option<String>,
}

/// The affected versions.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AffectedEntry<'a> {
    #[serde(flatten)]
    pub affected: &'a Affected,
    /// The same in words.
    pub text: String,
}

impl<'a> AdvisoryEntry<'a> {
    fn new(advisory: &'a Advisory, text: Text) -> Self {
        let app = super::step_app(advisory);
        let remedies = advisory.remedies.iter();
        Self {
            id: &advisory.id,
            app: &advisory.app,
            cves: &advisory.cves,
            cwes: &advisory.cwes,
            title: advisory.title.in_language(text.language.tag()),
            summary: advisory.summary.in_language(text.language.tag()),
            note: &advisory.note,
            severity: &advisory.severity,
            packages: &advisory.packages,
            affected: AffectedEntry {
                affected: &advisory.affected,
                text: super::affected(&advisory.affected, text),
            },
            fixed: &advisory.fixed,
            version_pattern: &advisory.version_pattern,
            sources: &advisory.sources,
            remedies: remedies.map(|one| StepReport::new(one.step, app.clone(), text)).collect(),
            by_default: advisory.by_default,
            own_file: &advisory.own_file,
        }
    }
}

/// The advisories of a set as indented JSON, with a newline at the end; escaped as reports are.
#[must_use]
pub fn advisories_json(set: &AdvisorySet, text: Text) -> String {
    json(&AdvisoryList {
        schema_version: SCHEMA_VERSION,
        tool: Tool::default(),
        set: AdvisoriesUsed::of(set),
        date: &set.date,
        advisories: set.advisories.iter().map(|one| AdvisoryEntry::new(one, text)).collect(),
    })
}
