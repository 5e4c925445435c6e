//! Whether a saved row that calls an app fine gives that verdict itself: its version, users, notes
//! and bounds are rated by the rule for phones.

use crate::report::{FindingReport, ReadBy};
use micheck_core::advisory::{
    Advisory, Affected, Bound, Certainty, Rating, VersionPattern, rate_version,
};
use micheck_core::getprop::{Device, Family};
use micheck_core::judge::rate;
use micheck_core::verdict::{Note, Verdict};

/// Looks at a finding of `device`.
///
/// # Errors
/// It calls the app fine, and what it says gives another verdict.
pub(super) fn check(
    finding: &FindingReport,
    device: &Device,
    advisory: Option<&Advisory>,
) -> Result<(), String> {
    if !finding.verdict.is_fine() {
        return Ok(());
    }
    let said = finding.verdict.key();
    let given = given(finding, device.family(), advisory)
        .map_err(|what| format!("{} is called {said}, and {what}", finding.package))?;
    if given == finding.verdict {
        return Ok(());
    }
    let (package, given) = (&finding.package, given.key());
    Err(format!("{package} is called {said}, but its details make it {given}"))
}

/// The verdict that a row's own statements give.
fn given(
    finding: &FindingReport,
    family: Family,
    advisory: Option<&Advisory>,
) -> Result<Verdict, &'static str> {
    let has = |note| finding.notes.contains(&note);
    if has(Note::ListedInCheckin) || has(Note::UpdaterMissing) {
        return Err("it has a note that an app that is fine can't have");
    }
    let typed = finding.read_by == ReadBy::TypedByAPerson;
    let installed = match (&finding.version, finding.users.as_slice()) {
        (Some(_), []) if typed => true,
        (Some(_), []) => return Err("no user is named who has its version"),
        (None, []) if typed => return Err("no version was typed"),
        // The phone said that there is no such app.
        (None, []) => false,
        (_, users) => users.iter().any(|user| user.installed),
    };
    if installed && has(Note::DataKept) {
        return Err("only its data was kept, but a user has it");
    }
    if !installed && (finding.disabled || has(Note::Disabled) || has(Note::OtherUsersOnly)) {
        return Err("no user has it, and one has it");
    }
    Ok(rate(installed, rating(finding, advisory)?, family))
}

/// The rating of a row's version by its own bounds.
fn rating(finding: &FindingReport, advisory: Option<&Advisory>) -> Result<Rating, &'static str> {
    let Some(version) = &finding.version else { return Ok(Rating::Unreadable) };
    // Reports didn't always say how versions are read.
    let own = finding.version_pattern.as_deref().map(VersionPattern::new).transpose();
    let own = own.map_err(|_| "its version pattern can't be read")?;
    let pattern = own.as_ref().or_else(|| advisory?.version_pattern.as_ref());
    let bound = |text: &String| Bound::read(text, pattern).ok_or("its bounds can't be read");
    let maybe = |text: &Option<String>| text.as_ref().map(bound).transpose();
    let affected = Affected {
        introduced: maybe(&finding.introduced)?,
        last_affected: maybe(&finding.last_affected)?,
        less_than: maybe(&finding.less_than)?,
        exact: finding.exact.iter().map(bound).collect::<Result<_, _>>()?,
        certainty: Certainty::Inferred,
        note: None,
    };
    let first_fixed = maybe(&finding.first_fixed)?;
    Ok(rate_version(version.as_bytes(), pattern, &affected, first_fixed.as_ref()))
}
