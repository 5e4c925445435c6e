//! Phones that need the same, together: who they are, and once for all of them what is to be done.

use super::layout::fit;
use super::verdict_style::{has_several, name};
use super::{each_once, findings};
use crate::report::serial::{SerialForm, end};
use crate::report::{DeviceReport, Report};
use crate::text::{Text, t};
use micheck_core::escape::escape;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Verdict};

/// Phones that need the same steps.
pub(super) struct Group<'a> {
    /// Those of which the same is to be said, worst first.
    pub(super) parts: Vec<Subgroup<'a>>,
    /// What is to be done, as sentences; without what every phone ends with ([`closing`]).
    pub(super) steps: Vec<String>,
}

/// Phones of one verdict, of which the same is to be said.
pub(super) struct Subgroup<'a> {
    /// Each with its place in the report.
    pub(super) phones: Vec<(usize, &'a DeviceReport)>,
    /// The sentences that are true of each of them.
    pub(super) notes: Vec<String>,
}

impl<'a> Subgroup<'a> {
    /// One that stands for all of them.
    pub(super) fn first(&self) -> &'a DeviceReport {
        self.phones[0].1
    }
}

impl Group<'_> {
    /// How bad the worst of it is.
    pub(super) fn verdict(&self) -> Verdict {
        self.parts[0].first().verdict
    }
}

/// The phones of which something is to be said, worst first.
pub(super) fn groups(report: &Report, text: Text) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    for (at, device) in report.devices.iter().enumerate().filter(|(_, one)| needs_something(one)) {
        let steps = steps(device, text);
        let notes = notes(device, text);
        let found = groups.iter_mut().find(|group| {
            group.steps == steps
                && (group.verdict() == device.verdict
                    || group.verdict().is_at_risk() && device.verdict.is_at_risk())
        });
        let Some(group) = found else {
            groups
                .push(Group { parts: vec![Subgroup { phones: vec![(at, device)], notes }], steps });
            continue;
        };
        let part = group.parts.iter_mut().find(|part| {
            let first = part.first();
            // What is said of one app by one is no list.
            first.verdict == device.verdict
                && first.detail == device.detail
                && part.notes == notes
                && !has_several(first)
                && !has_several(device)
                && first.is_from_file() == device.is_from_file()
        });
        match part {
            Some(part) => part.phones.push((at, device)),
            None => group.parts.push(Subgroup { phones: vec![(at, device)], notes }),
        }
    }
    groups
}

/// Whether more is to be said of a phone than its line says.
pub(super) fn needs_something(device: &DeviceReport) -> bool {
    let noted = device.notes.iter().any(|note| {
        matches!(
            note,
            Note::FactoryVersionVulnerable
                | Note::FactoryVersionUnknown
                | Note::OtherUsersOnly
                | Note::DataKept
                | Note::AdbOnNetwork
                | Note::AdbOnNetworkUnpatched
        )
    });
    // With several findings the row tells none of them.
    !device.verdict.is_fine() || noted || has_several(device)
}

/// What is to be done, as sentences; without what is said once for all phones.
fn steps(device: &DeviceReport, text: Text) -> Vec<String> {
    let own = device.steps.iter().enumerate().filter(|(at, step)| !is_closing(*at, step.key));
    own.map(|(_, step)| text.sentence(&escape(&step.sentence(text)))).collect()
}

/// Whether it is said once for all phones. What comes first mends something.
fn is_closing(place: usize, step: Step) -> bool {
    step.is_closing() && (place > 0 || step != Step::CheckAgain)
}

/// What is said once for all phones, as sentences: it comes when all else is done.
pub(super) fn closing(report: &Report, text: Text) -> Vec<String> {
    let mut closing: Vec<Step> = Vec::new();
    for device in &report.devices {
        let steps = device.steps.iter().map(|step| step.key).enumerate();
        closing.extend(steps.filter(|(at, step)| is_closing(*at, *step)).map(|(_, step)| step));
        closing.sort_unstable();
        closing.dedup();
    }
    let after = |step| text.step_after(step).map_or_else(|| text.step(step, &[]), str::to_owned);
    closing.into_iter().map(|step| text.sentence(&after(step))).collect()
}

/// The notes of a phone, as sentences; of several apps, whose they are.
pub(super) fn notes(device: &DeviceReport, text: Text) -> Vec<String> {
    let notes = device.notes.iter().filter(|note| **note != Note::Simulated);
    let sentence = |note: &Note| {
        let sentence = text.sentence(text.note(*note));
        let apps = findings::apps(device.findings.iter().filter(|one| one.notes.contains(note)));
        if has_several(device) && !apps.is_empty() {
            format!("{}: {sentence}", apps.join(", "))
        } else {
            sentence
        }
    };
    notes.map(sentence).collect()
}

/// What tells a phone from the others of its group, beside its name: the end of its serial number,
/// where it is plugged in or which file it is from, and its version.
pub(super) fn told_apart(device: &DeviceReport, with_server: bool, text: Text) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(serial) = &device.connection.serial {
        let shown = match device.connection.serial_form {
            SerialForm::Full => end(serial),
            SerialForm::Hashed | SerialForm::End => serial.clone(),
        };
        facts.push(fit(&escape(&shown), 60));
    }
    if let Some(path) = &device.connection.path {
        facts.push(fit(&escape(path), 30));
    }
    if let Some(job) = &device.job {
        facts.push(t!(text, "job", job = fit(&escape(job), 60)));
    }
    if (with_server || device.is_lost_server())
        && let Some(server) = &device.connection.server
    {
        facts.push(t!(text, "server", server = escape(server)));
    }
    if let Some(source) = &device.source {
        let file = fit(&escape(&source.file), 60);
        facts.push(match source.entry.as_deref().map(|entry| fit(&escape(entry), 60)) {
            Some(entry) => t!(text, "file-entry", file = file, entry = entry),
            None => t!(text, "file", file = file),
        });
        facts.push(text.form(source.form).to_owned());
        if let Some(taken_at) = &source.taken_at {
            facts.push(t!(text, "made", at = fit(&escape(taken_at), 40)));
        }
    }
    if let Some(finding) = device.decisive_finding()
        && let Some(version) = finding.version.as_ref().filter(|_| !has_several(device))
    {
        facts.push(fit(&escape(version), 40));
    }
    facts
}

/// What a phone is called, in a list of several.
pub(super) fn called(device: &DeviceReport, text: Text) -> String {
    fit(&name(device, text), 40)
}

/// The flaws that the phones were judged by: each app with the CVE ids of all of them.
pub(super) fn flaws(report: &Report) -> Vec<String> {
    let findings = report.devices.iter().flat_map(|device| &device.findings);
    let findings = each_once(findings, |finding| (&finding.id, &finding.app));
    let apps = each_once(findings.iter().map(|finding| &finding.app), |app| *app);
    let of = |app: &String| {
        let own = findings.iter().filter(|finding| finding.app == *app);
        let ids = own.flat_map(|finding| match finding.cves.as_slice() {
            [] => std::slice::from_ref(&finding.id),
            cves => cves,
        });
        escape(&format!("{app}: {}", each_once(ids.map(String::as_str), |id| *id).join(", ")))
            .into_owned()
    };
    apps.into_iter().map(of).collect()
}
