//! How verdicts and phones are shown, the same in every form: symbols, roles, names, meanings.

use jiff::fmt::temporal::Pieces;

use super::layout::fit;
use super::{Style, each_once};
use crate::report::{DeviceReport, FindingReport, Report, Source};
use crate::text::{Text, t};
use micheck_core::advisory::Certainty;
use micheck_core::escape::escape;
use micheck_core::getprop::Device;
use micheck_core::saved_dump::Form;
use micheck_core::verdict::{Reason, Verdict};

/// The symbol beside a verdict's word, so that nothing hangs on colour.
pub(crate) const fn symbol(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Vulnerable => "✖",
        Verdict::Unconfirmed => "▲",
        Verdict::Unknown(_) => "?",
        Verdict::Patched => "✔",
        Verdict::NotInstalled | Verdict::NotApplicable => "–",
    }
}

pub(crate) const fn role(verdict: Verdict) -> Style {
    match verdict {
        Verdict::Vulnerable => Style::Danger,
        Verdict::Unconfirmed => Style::Warning,
        Verdict::Unknown(_) => Style::Unknown,
        Verdict::Patched => Style::Good,
        Verdict::NotInstalled | Verdict::NotApplicable => Style::Muted,
    }
}

/// What the phone is called, escaped.
pub(super) fn name(device: &DeviceReport, text: Text) -> String {
    escape(&raw_name(device, text)).into_owned()
}

/// What the phone is called, as it says.
pub(super) fn raw_name(device: &DeviceReport, text: Text) -> String {
    match device.device.name() {
        Some(name) => name.to_owned(),
        None if device.is_typed() => text.get("typed-by-a-person").to_owned(),
        None if device.source.as_ref().is_some_and(|source| source.form == Form::Unrecognised) => {
            match device.reason {
                Some(Reason::NotADump) => text.get("unrecognised-file").to_owned(),
                _ => text.get("unread-file").to_owned(),
            }
        }
        None if device.is_lost_server() => text.get("lost-server").to_owned(),
        None => text.get("unnamed-phone").to_owned(),
    }
}

/// What a device runs, not escaped; `None`: it doesn't say.
pub(crate) fn system(device: &Device) -> Option<String> {
    match (&device.system, &device.android) {
        (Some(system), Some(android)) => Some(format!("{system}, Android {android}")),
        (Some(system), None) => Some(system.clone()),
        (None, Some(android)) => Some(format!("Android {android}")),
        (None, None) => None,
    }
}

/// A file's name without its folders.
pub(super) fn file_name(source: &Source) -> &str {
    let name = source.file.trim_end_matches(['/', '\\']);
    name.rsplit(['/', '\\']).next().filter(|name| !name.is_empty()).unwrap_or(&source.file)
}

/// The name of the file that a phone was read from; of one in an archive or folder, that one's.
pub(super) fn place_in(source: &Source) -> &str {
    let within = source.entry.as_deref().and_then(|entry| entry.rsplit('/').next());
    within.filter(|name| !name.is_empty()).unwrap_or_else(|| file_name(source))
}

/// What a phone's verdict means, as the end of a sentence that its word begins.
pub(super) fn meaning(device: &DeviceReport, text: Text) -> &'static str {
    match text.verdict_meaning_of_several(device.verdict) {
        Some(meaning) if has_several(device) => meaning,
        _ if device.is_from_file() => text.verdict_meaning_of_file(device.verdict),
        _ => text.verdict_meaning(device.verdict),
    }
}

/// Whether more than one advisory, or package of one, was looked at.
pub(super) const fn has_several(device: &DeviceReport) -> bool {
    device.findings.len() > 1
}

/// Said wherever a risk is: whether every attacker must be nearby, by the records of what is at risk.
pub(super) fn perspective(device: &DeviceReport, text: Text) -> &'static str {
    let is_nearby = |cvss: &String| cvss.contains("/AV:A/");
    let mut at_risk = device.findings.iter().filter(|finding| finding.verdict.is_at_risk());
    if at_risk.all(|finding| finding.cvss.as_ref().is_some_and(is_nearby)) {
        text.get("risk-nearby")
    } else {
        text.get("risk-anywhere")
    }
}

/// The same of all phones at risk, each sentence once.
pub(super) fn perspectives(report: &Report, text: Text) -> Vec<&'static str> {
    let at_risk = report.devices.iter().filter(|device| device.verdict.is_at_risk());
    each_once(at_risk.map(|device| perspective(device, text)), |one| *one)
}

/// What `UPDATED` rests on where that is no primary record: a sentence for each advisory.
pub(super) fn what_updated_rests_on(report: &Report, text: Text) -> Vec<String> {
    let mut said: Vec<&str> = Vec::new();
    let mut sentences = Vec::new();
    for finding in report.devices.iter().flat_map(|device| &device.findings) {
        if finding.certainty != Some(Certainty::Confirmed)
            && !said.contains(&finding.id.as_str())
            && let Some(sentence) = basis(finding, text)
        {
            said.push(&finding.id);
            sentences.push(sentence);
        }
    }
    sentences
}

/// What `UPDATED` rests on; `None`: the app isn't updated, or nothing is known of it.
pub(super) fn basis(finding: &FindingReport, text: Text) -> Option<String> {
    let first_fixed = finding.first_fixed.as_deref()?;
    let basis = text.certainty(finding.certainty?, ".fixed");
    (finding.verdict == Verdict::Patched).then(|| {
        let word = text.verdict_word(Verdict::Patched);
        let (app, version) = (escape(&finding.app), escape(first_fixed));
        t!(text, "fixed-means", word = word, app = app, version = version, basis = basis)
    })
}

/// The heads of the columns.
pub(super) fn heads(report: &Report, text: Text) -> [&'static str; 5] {
    let several = report.devices.iter().any(has_several);
    let from_files = report.devices.iter().all(DeviceReport::is_from_file);
    [
        text.get("column-result"),
        text.get("column-phone"),
        text.get("column-system"),
        if several { text.get("apps-column") } else { text.get("column-version") },
        if from_files { text.get("column-file") } else { text.get("column-serial") },
    ]
}

/// A time as people write it, in the words of `text`.
#[must_use]
pub fn time(rfc3339: &str, text: Text) -> String {
    written(rfc3339, text.get("date-format"))
}

/// The same without the year and the hour.
pub(crate) fn day(rfc3339: &str, text: Text) -> String {
    written(rfc3339, text.get("day-format"))
}

fn written(rfc3339: &str, format: &str) -> String {
    let at = Pieces::parse(rfc3339).ok();
    match at.and_then(|pieces| Some(pieces.date().to_datetime(pieces.time()?))) {
        Some(at) => at.strftime(format).to_string(),
        None => fit(&escape(rfc3339), 40),
    }
}
