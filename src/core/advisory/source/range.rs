//! The versions of an advisory: how they are read, which are affected, which are fixed.
//! Core: no I/O.

use super::super::fields::{Table, Value, shown};
use super::super::{Affected, Bound, Fixed, PatternError, VersionPattern};
use super::{TOP, certainty, note};

pub(super) fn pattern(value: &Value<'_>) -> Option<VersionPattern> {
    let text = value.text()?;
    let pattern = VersionPattern::new(&text).map_err(|error| {
        let reason = match error {
            PatternError::NoGroup => error.to_string(),
            PatternError::NoRegex(error) => {
                // The lines before the last one draw the pattern.
                let text = error.to_string();
                let why = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
                format!("the pattern isn't a regular expression: {}", shown(why))
            }
        };
        value.error(reason, "put each number of the version into a group: 'V(\\d+)-(\\d+)'");
    });
    pattern.ok()
}

/// How the file's versions are read.
pub(super) struct Versions<'a> {
    pub(super) pattern: Option<&'a VersionPattern>,
}

impl Versions<'_> {
    fn read(&self, value: &Value<'_>) -> Option<Bound> {
        let written = value.text()?;
        let bound = Bound::read(&written, self.pattern);
        if bound.is_none() {
            let remedy = match self.pattern {
                Some(_) => "write it so that `version_pattern` matches it whole",
                None => "write it like `3.1.895.10`, or say with `version_pattern` how to read it",
            };
            value.error(format!("`{}` isn't a version", shown(&written)), remedy);
        }
        bound
    }
}

pub(super) fn affected(top: &Table<'_>, versions: Option<&Versions<'_>>) -> Option<Affected> {
    let need = "give `last_affected`, `less_than` or a list `exact`";
    let table = top.need("affected", need, Value::table)?;
    let keys = ["introduced", "last_affected", "less_than", "exact", "certainty", "note"];
    table.only(&keys, TOP);
    let (certainty, note) = (certainty(&table), note(&table));
    let versions = versions?;
    let bound = |key| table.optional(key, |value| versions.read(value).map(Some));
    let (introduced, last_affected) = (bound("introduced"), bound("last_affected"));
    let less_than = bound("less_than");
    let exact = table.optional("exact", |value| value.each(|one| versions.read(one)));
    let affected = Affected {
        introduced: introduced?,
        last_affected: last_affected?,
        less_than: less_than?,
        exact: exact?,
        certainty: certainty?,
        note: note?,
    };
    bounds_fit(&affected, &table, need).then_some(affected)
}

/// Whether the bounds say something together.
fn bounds_fit(affected: &Affected, table: &Table<'_>, need: &str) -> bool {
    let Affected { introduced, last_affected, less_than, exact, .. } = affected;
    let top = last_affected.as_ref().or(less_than.as_ref());
    let wrong = |key: &str, reason: &str, remedy: &str| {
        if let Some(value) = table.get(key) {
            value.error(reason, remedy);
        }
    };
    match (introduced, top) {
        _ if last_affected.is_some() && less_than.is_some() => {
            let remedy = "keep `last_affected` (included) or `less_than` (not included)";
            wrong("less_than", "there are two upper bounds", remedy);
        }
        (Some(_), None) => {
            let reason = "a lower bound without an upper one";
            wrong("introduced", reason, "add `last_affected` or `less_than`");
        }
        (Some(low), Some(high)) if low.version() > high.version() => {
            let (low, high) = (shown(&low.written), shown(&high.written));
            let reason = format!("{low} is above the upper bound {high}");
            wrong("introduced", &reason, "swap them");
        }
        (_, None) if exact.is_empty() => table.error("no version is affected", need),
        _ => return true,
    }
    false
}

pub(super) fn fixed(value: &Value<'_>, versions: Option<&Versions<'_>>) -> Option<Fixed> {
    let table = value.table()?;
    table.only(&["first_fixed", "certainty", "note"], TOP);
    let (certainty, note) = (certainty(&table), note(&table));
    let remedy = "give the first fixed version, or leave [fixed] out if none is known";
    let first_fixed = table.need("first_fixed", remedy, |value| versions?.read(value));
    Some(Fixed { first_fixed: first_fixed?, certainty: certainty?, note: note? })
}
