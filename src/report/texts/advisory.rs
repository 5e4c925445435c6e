//! The sentences about advisories themselves.

use crate::report::AffectedVersions;
use crate::text::Text;
use micheck_core::advisory::{Affected, Certainty, Level};
use micheck_core::verdict::Verdict;

impl Text {
    /// How bad a flaw is, in a word.
    #[must_use]
    pub fn level(self, level: Level) -> &'static str {
        self.say(match level {
            Level::Low => "level-low",
            Level::Medium => "level-medium",
            Level::High => "level-high",
            Level::Critical => "level-critical",
        })
    }

    /// The affected versions in words.
    #[must_use]
    pub fn affected(self, affected: &Affected) -> String {
        let Affected { introduced, last_affected, less_than, exact, .. } = affected;
        let [low, last, bound] = [introduced, last_affected, less_than]
            .map(|bound| bound.as_ref().map(ToString::to_string).unwrap_or_default());
        let range = match (introduced, last_affected, less_than) {
            (None, Some(_), _) => Some(self.fill("affected-up-to", [("last", last.into())])),
            (Some(_), Some(_), _) => {
                Some(self.fill("affected-from-to", [("low", low.into()), ("last", last.into())]))
            }
            (None, None, Some(_)) => Some(self.fill("affected-below", [("bound", bound.into())])),
            (Some(_), None, Some(_)) => {
                let values = [("low", low.into()), ("bound", bound.into())];
                Some(self.fill("affected-from-below", values))
            }
            (_, None, None) => None,
        };
        let exact = exact.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match range {
            None => self.fill("affected-only", [("exact", exact.into())]),
            Some(range) if exact.is_empty() => range,
            Some(range) => {
                self.fill("affected-and", [("range", range.into()), ("exact", exact.into())])
            }
        }
    }

    /// Which versions must be updated, as the end of a sentence.
    pub(crate) fn must_be_updated(self, affected: &AffectedVersions) -> String {
        let AffectedVersions { introduced, last_affected, less_than, exact } = affected;
        let exact = exact.join(self.say("or"));
        let key = match (introduced, last_affected, less_than) {
            (None, Some(_), _) => "must-update-up-to",
            (Some(_), Some(_), _) => "must-update-from-to",
            (None, None, Some(_)) => "must-update-below",
            (Some(_), None, Some(_)) => "must-update-from-below",
            (_, None, None) => "must-update-exact",
        };
        let bounded = last_affected.is_some() || less_than.is_some();
        let key = if bounded && !exact.is_empty() { format!("{key}-or") } else { key.to_owned() };
        let [low, last, bound] =
            [introduced, last_affected, less_than].map(|bound| bound.clone().unwrap_or_default());
        self.fill(
            &key,
            [
                ("low", low.into()),
                ("last", last.into()),
                ("bound", bound.into()),
                ("exact", exact.into()),
            ],
        )
    }

    /// How sure a fact is, as a clause.
    #[must_use]
    pub fn certainty(self, certainty: Certainty) -> &'static str {
        self.say(certainty_key(certainty))
    }

    /// How sure it is that a package is meant, as a clause.
    #[must_use]
    pub fn package_certainty(self, certainty: Certainty) -> &'static str {
        self.say(&format!("{}.package", certainty_key(certainty)))
    }

    /// What `UPDATED` rests on, where that isn't a primary record.
    #[must_use]
    pub fn fixed_certainty(self, app: &str, first_fixed: &str, certainty: Certainty) -> String {
        let basis = self.say(&format!("{}.fixed", certainty_key(certainty)));
        self.fill(
            "fixed-means",
            [
                ("word", self.verdict_word(Verdict::Patched).into()),
                ("app", app.into()),
                ("version", first_fixed.into()),
                ("basis", basis.into()),
            ],
        )
    }

    /// No fixed version is known.
    #[must_use]
    pub fn no_fix_known(self) -> &'static str {
        self.say("no-fix-known")
    }

    /// The first fixed version and all after it.
    #[must_use]
    pub fn fixed_from(self, first_fixed: &str) -> String {
        self.fill("fixed-from", [("version", first_fixed.into())])
    }

    /// Whether an advisory counts when nobody asks for all.
    #[must_use]
    pub fn counts(self, by_default: bool) -> &'static str {
        self.say(if by_default { "counts-yes" } else { "counts-with-all" })
    }

    /// The heads of the columns of the list of advisories.
    #[must_use]
    pub fn advisory_columns(self) -> [&'static str; 7] {
        [
            "advisory-column-id",
            "advisory-column-app",
            "advisory-column-cve",
            "advisory-column-severity",
            "advisory-column-affected",
            "advisory-column-fixed",
            "advisory-column-counts",
        ]
        .map(|key| self.say(key))
    }

    /// What advisories are counted and from which set they are.
    #[must_use]
    pub fn advisories(self, count: usize, version: &str, date: &str) -> String {
        self.fill(
            "advisories",
            [("count", count.into()), ("set", version.into()), ("date", date.into())],
        )
    }

    /// How the list goes on.
    #[must_use]
    pub fn more_about_an_advisory(self) -> &'static str {
        self.say("more-about-an-advisory")
    }

    /// The outcome of a check without an error.
    #[must_use]
    pub fn no_error(self, advisories: usize) -> String {
        self.fill("no-error", [("count", advisories.into())])
    }

    /// The outcome of a check with errors.
    #[must_use]
    pub fn errors(self, errors: usize) -> String {
        self.fill("errors", [("count", errors.into())])
    }

    /// The head of a field of an advisory.
    #[must_use]
    pub fn advisory_field(self, field: AdvisoryField) -> &'static str {
        self.say(match field {
            AdvisoryField::App => "advisory-field-app",
            AdvisoryField::Packages => "advisory-field-packages",
            AdvisoryField::Cves => "advisory-field-cves",
            AdvisoryField::Weakness => "advisory-field-weakness",
            AdvisoryField::Severity => "advisory-field-severity",
            AdvisoryField::Affected => "advisory-field-affected",
            AdvisoryField::Fixed => "advisory-field-fixed",
            AdvisoryField::Note => "advisory-field-note",
            AdvisoryField::Counts => "advisory-field-counts",
            AdvisoryField::Origin => "advisory-field-origin",
            AdvisoryField::Sources => "advisory-field-sources",
            AdvisoryField::Remedies => "advisory-field-remedies",
        })
    }

    /// Where an advisory comes from: a file of one's own, or this program.
    #[must_use]
    pub fn origin(self, own_file: Option<&str>) -> String {
        match own_file {
            Some(file) => self.fill("own-file", [("file", file.into())]),
            None => self.say("built-in").to_owned(),
        }
    }

    /// What stands where a record gives no severity.
    #[must_use]
    pub fn no_severity(self) -> &'static str {
        self.say("no-severity")
    }

    /// What stands where the date of a source isn't known.
    #[must_use]
    pub fn no_date(self) -> &'static str {
        self.say("no-date")
    }
}

const fn certainty_key(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Confirmed => "certainty-confirmed",
        Certainty::OneSecondarySource => "certainty-one_secondary_source",
        Certainty::Inferred => "certainty-inferred",
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
