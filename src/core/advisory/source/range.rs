//! The versions of an advisory: how they are read, which are affected, which are fixed.
//! Core: no I/O.

use super::super::fields::{Problems, Table, Value, shown};
use super::super::{Affected, Bound, Fixed, PatternError, VersionPattern};
use super::{TOP, certainty, note};

pub(super) fn pattern(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<VersionPattern> {
    let text = value.text(problems)?;
    let form = "put each number of the version into a group: 'V(\\d+)-(\\d+)'";
    match VersionPattern::new(text) {
        Ok(pattern) => Some(pattern),
        Err(error @ PatternError::NoGroup) => {
            value.error(error.to_string(), form, problems);
            None
        }
        Err(PatternError::NoRegex(error)) => {
            // The lines before the last one draw the pattern.
            let text = error.to_string();
            let why = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            let reason = format!("the pattern is no regular expression: {}", shown(why));
            value.error(reason, form, problems);
            None
        }
    }
}

/// How the file's versions are read.
pub(super) struct Versions<'a> {
    pub(super) pattern: Option<&'a VersionPattern>,
}

impl Versions<'_> {
    fn read(&self, value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Bound> {
        let written = value.text(problems)?;
        let bound = Bound::read(written, self.pattern);
        if bound.is_none() {
            let remedy = match self.pattern {
                Some(_) => "write it so that `version_pattern` matches it whole",
                None => "write it like `3.1.895.10`, or say with `version_pattern` how to read it",
            };
            value.error(format!("`{}` is no version", shown(written)), remedy, problems);
        }
        bound
    }

    /// `Some(None)`: the field isn't there, which is fine.
    #[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
    fn maybe(
        &self,
        table: &Table<'_>,
        key: &str,
        problems: &mut Problems<'_>,
    ) -> Option<Option<Bound>> {
        match table.get(key) {
            Some(value) => self.read(&value, problems).map(Some),
            None => Some(None),
        }
    }
}

pub(super) fn affected(
    top: &Table<'_>,
    versions: Option<&Versions<'_>>,
    problems: &mut Problems<'_>,
) -> Option<Affected> {
    let need = "give `last_affected`, `less_than` or a list `exact`";
    let table = top.need("affected", need, problems)?.table(problems)?;
    let keys = ["introduced", "last_affected", "less_than", "exact", "certainty", "note"];
    table.only(&keys, TOP, problems);
    let (certainty, note) = (certainty(&table, problems), note(&table, problems));
    let versions = versions?;
    let introduced = versions.maybe(&table, "introduced", problems);
    let last_affected = versions.maybe(&table, "last_affected", problems);
    let less_than = versions.maybe(&table, "less_than", problems);
    let exact = match table.get("exact") {
        Some(value) => {
            let read = value.list(problems)?;
            let read: Vec<_> = read.iter().map(|one| versions.read(one, problems)).collect();
            read.into_iter().collect()
        }
        None => Some(Vec::new()),
    };
    let affected = Affected {
        introduced: introduced?,
        last_affected: last_affected?,
        less_than: less_than?,
        exact: exact?,
        certainty: certainty?,
        note: note?,
    };
    bounds_fit(&affected, &table, need, problems).then_some(affected)
}

/// Whether the bounds say something together.
fn bounds_fit(
    affected: &Affected,
    table: &Table<'_>,
    need: &str,
    problems: &mut Problems<'_>,
) -> bool {
    let Affected { introduced, last_affected, less_than, exact, .. } = affected;
    let top = last_affected.as_ref().or(less_than.as_ref());
    let wrong = |key: &str, reason: String, remedy: &str, problems: &mut Problems<'_>| {
        if let Some(value) = table.get(key) {
            value.error(reason, remedy, problems);
        }
        false
    };
    match (introduced, top) {
        _ if last_affected.is_some() && less_than.is_some() => {
            let reason = "there are two upper bounds".to_owned();
            let remedy = "keep `last_affected` (included) or `less_than` (not included)";
            wrong("less_than", reason, remedy, problems)
        }
        (Some(_), None) => {
            let reason = "a lower bound without an upper one".to_owned();
            wrong("introduced", reason, "add `last_affected` or `less_than`", problems)
        }
        (Some(low), Some(high)) if low.version() > high.version() => {
            let reason = format!(
                "{} is above the upper bound {}",
                shown(&low.written),
                shown(&high.written)
            );
            wrong("introduced", reason, "swap them", problems)
        }
        (_, None) if exact.is_empty() => {
            problems.error(table.offset(), table.path(), "no version is affected", need);
            false
        }
        _ => true,
    }
}

pub(super) fn fixed(
    value: &Value<'_>,
    versions: Option<&Versions<'_>>,
    problems: &mut Problems<'_>,
) -> Option<Fixed> {
    let table = value.table(problems)?;
    table.only(&["first_fixed", "certainty", "note"], TOP, problems);
    let (certainty, note) = (certainty(&table, problems), note(&table, problems));
    let remedy = "give the first fixed version, or leave [fixed] out if none is known";
    let first_fixed = table.need("first_fixed", remedy, problems);
    let first_fixed = first_fixed.and_then(|value| versions?.read(&value, problems));
    Some(Fixed { first_fixed: first_fixed?, certainty: certainty?, note: note? })
}
