//! What in an advisory is no error and perhaps not meant. Core: no I/O.

use super::fields::{Table, shown};
use super::{Advisory, Level};

/// Looks at one advisory that can be used, as it stands in its file.
pub(super) fn advisory(advisory: &Advisory, top: &Table<'_>) {
    contradiction(advisory, top);
    level(advisory, top);
    remedies(advisory, top);
}

/// Looks at what is of no use in a file of one's own.
pub(super) fn own(top: &Table<'_>) {
    let default = top.get("default");
    if let Some(value) = default.filter(|value| value.flag() == Some(false)) {
        value.remark("false does nothing here: your own advisories are always used");
    }
}

fn contradiction(advisory: &Advisory, top: &Table<'_>) {
    let Some(fixed) = &advisory.fixed else { return };
    let first = fixed.first_fixed.version();
    let affected = &advisory.affected;
    let over_last = affected.last_affected.as_ref().filter(|last| first <= last.version());
    let over_bound = affected.less_than.as_ref().filter(|bound| first < bound.version());
    let exact = affected.exact.iter().find(|one| first <= one.version());
    let Some(version) = over_last.or(over_bound).or(exact) else { return };
    let Some(value) = top.get_within("fixed", "first_fixed") else { return };
    value.remark(format!(
        "{} isn't above {}, which is affected: versions that are both are UPDATE NEEDED",
        shown(&fixed.first_fixed.to_string()),
        shown(&version.to_string())
    ));
}

/// Source of the bounds: CVSS 3.1 and 4.0, "Qualitative Severity Rating Scale".
fn level(advisory: &Advisory, top: &Table<'_>) {
    let Some(severity) = &advisory.severity else { return };
    let Ok(score) = severity.score.parse::<f32>() else { return };
    let (from, to) = match severity.level {
        Level::Low => (0.1, 3.9),
        Level::Medium => (4.0, 6.9),
        Level::High => (7.0, 8.9),
        Level::Critical => (9.0, 10.0),
    };
    if (from..=to).contains(&score) {
        return;
    }
    if let Some(value) = top.get_within("severity", "level") {
        value.remark(format!("in CVSS this level is for {from:.1} to {to:.1}, not for {score:.1}"));
    }
}

fn remedies(advisory: &Advisory, top: &Table<'_>) {
    let values = top.get("remedies").and_then(|value| value.list()).unwrap_or_default();
    for (value, remedy) in values.iter().zip(&advisory.remedies) {
        if !remedy.step.is_remedy() || remedy.step.of_advisory() != remedy.step {
            value.remark(format!("`{}` doesn't lead to an update of an app", remedy.step.key()));
        }
    }
}
