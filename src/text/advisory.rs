//! The sentences about advisories themselves.

use super::Text;
use crate::advisory::{Affected, Certainty, Level};

impl Text {
    /// How bad a flaw is, in a word.
    #[must_use]
    pub const fn level(self, level: Level) -> &'static str {
        match level {
            Level::Low => "low",
            Level::Medium => "medium",
            Level::High => "high",
            Level::Critical => "critical",
        }
    }

    /// The affected versions in words.
    #[must_use]
    pub fn affected(self, affected: &Affected) -> String {
        let Affected { introduced, last_affected, less_than, exact, .. } = affected;
        let range = match (introduced, last_affected, less_than) {
            (None, Some(last), _) => Some(format!("{last} and older")),
            (Some(low), Some(last), _) => Some(format!("{low} to {last}")),
            (None, None, Some(bound)) => Some(format!("older than {bound}")),
            (Some(low), None, Some(bound)) => Some(format!("from {low}, older than {bound}")),
            (_, None, None) => None,
        };
        let exact = exact.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match range {
            None => format!("only {exact}"),
            Some(range) if exact.is_empty() => range,
            Some(range) => format!("{range}; {exact}"),
        }
    }

    /// Which versions must be updated, as the end of a sentence.
    pub(super) fn must_be_updated(affected: &Affected) -> String {
        let Affected { introduced, last_affected, less_than, exact, .. } = affected;
        let exact = exact.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
        let which = match (last_affected, less_than) {
            (Some(last), _) => match introduced {
                None => format!("at or below {last}"),
                Some(low) => format!("from {low} to {last}"),
            },
            (None, Some(bound)) => match introduced {
                None => format!("below {bound}"),
                Some(low) => format!("from {low} on and below {bound}"),
            },
            (None, None) => return format!("; version {exact} must be updated"),
        };
        let or_exact = if exact.is_empty() { String::new() } else { format!(", or in {exact},") };
        format!("; {which}{or_exact} it must be updated")
    }

    /// How sure a fact is, as a clause.
    #[must_use]
    pub const fn certainty(self, certainty: Certainty) -> &'static str {
        match certainty {
            Certainty::Confirmed => "a primary record says so",
            Certainty::OneSecondarySource => "one secondary source says so",
            Certainty::Inferred => "inferred, no source says so",
        }
    }

    /// How sure it is that a package is meant, as a clause.
    #[must_use]
    pub const fn package_certainty(self, certainty: Certainty) -> &'static str {
        match certainty {
            Certainty::Confirmed => "confirmed: this is the app",
            Certainty::OneSecondarySource => "one secondary source says that this is the app",
            Certainty::Inferred => "inferred: no source names the package",
        }
    }

    /// What `UPDATED` rests on, where that isn't a primary record.
    #[must_use]
    pub fn fixed_certainty(self, app: &str, first_fixed: &str, certainty: Certainty) -> String {
        let basis = match certainty {
            Certainty::Confirmed => "a primary record says so",
            Certainty::OneSecondarySource => {
                "one secondary source says that this version is fixed, no primary record does"
            }
            Certainty::Inferred => "that this version is fixed is inferred, no source says so",
        };
        format!("UPDATED means {app} {first_fixed} or later: {basis}.")
    }

    /// No fixed version is known.
    #[must_use]
    pub const fn no_fix_known(self) -> &'static str {
        "none known"
    }

    /// The first fixed version and all after it.
    #[must_use]
    pub fn fixed_from(self, first_fixed: &str) -> String {
        format!("{first_fixed} and newer")
    }

    /// Whether an advisory counts when nobody asks for all.
    #[must_use]
    pub const fn counts(self, by_default: bool) -> &'static str {
        if by_default { "yes" } else { "with --all" }
    }

    /// The heads of the columns of the list of advisories.
    #[must_use]
    pub const fn advisory_columns(self) -> [&'static str; 7] {
        ["ID", "APP", "CVE", "SEVERITY", "AFFECTED", "FIXED FROM", "COUNTS"]
    }

    /// What advisories are counted and from which set they are.
    #[must_use]
    pub fn advisories(self, count: usize, version: &str, date: &str) -> String {
        let count = match count {
            1 => "1 advisory".to_owned(),
            _ => format!("{count} advisories"),
        };
        format!("{count}; set {version}, built in as of {date}")
    }

    /// How the list goes on.
    #[must_use]
    pub const fn more_about_an_advisory(self) -> &'static str {
        "All that is known of one, with its sources: micheck advisories show ID"
    }

    /// The outcome of a check without an error.
    #[must_use]
    pub fn no_error(self, advisories: usize) -> String {
        match advisories {
            1 => "1 advisory, no error".to_owned(),
            _ => format!("{advisories} advisories, no error"),
        }
    }

    /// The outcome of a check with errors.
    #[must_use]
    pub fn errors(self, errors: usize) -> String {
        match errors {
            1 => "1 error; nothing can be judged by this folder".to_owned(),
            _ => format!("{errors} errors; nothing can be judged by this folder"),
        }
    }

    /// The head of a field of an advisory.
    #[must_use]
    pub const fn advisory_field(self, field: AdvisoryField) -> &'static str {
        match field {
            AdvisoryField::App => "App",
            AdvisoryField::Packages => "Package",
            AdvisoryField::Cves => "CVE",
            AdvisoryField::Weakness => "Weakness",
            AdvisoryField::Severity => "Severity",
            AdvisoryField::Affected => "Affected",
            AdvisoryField::Fixed => "Fixed",
            AdvisoryField::Note => "Note",
            AdvisoryField::Counts => "Counts",
            AdvisoryField::Origin => "From",
            AdvisoryField::Sources => "Sources",
            AdvisoryField::Remedies => "What to do",
        }
    }

    /// Where an advisory comes from: a file of one's own, or this program.
    #[must_use]
    pub fn origin(self, own_file: Option<&str>) -> String {
        own_file.map_or_else(|| "built in".to_owned(), |file| format!("your own file {file}"))
    }

    /// What stands where a record gives no severity.
    #[must_use]
    pub const fn no_severity(self) -> &'static str {
        "not given"
    }

    /// What stands where the date of a source isn't known.
    #[must_use]
    pub const fn no_date(self) -> &'static str {
        "undated"
    }
}

/// The fields of an advisory that a person is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdvisoryField {
    /// The app's name.
    App,
    /// Its packages.
    Packages,
    /// CVE ids.
    Cves,
    /// CWE ids.
    Weakness,
    /// CVSS.
    Severity,
    /// The affected versions.
    Affected,
    /// The first fixed version.
    Fixed,
    /// What else is to be known.
    Note,
    /// Whether it counts by default.
    Counts,
    /// Whose it is.
    Origin,
    /// Where its facts come from.
    Sources,
    /// Ways to a fixed version.
    Remedies,
}
