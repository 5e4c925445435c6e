//! The pages behind the board: one phone with all that is known of it, and the keys.

use unicode_width::UnicodeWidthStr as _;

use super::tile::{clock, phase_step};
use crate::output::render::layout::{behind, fit, pad, wrapped};
use crate::output::render::verdict_style::{role, symbol, time};
use crate::output::render::{Page, Style, block};
use crate::report::FindingReport;
use crate::report::serial::{Redaction, end};
use crate::text::{Text, t};
use crate::watch::board::{BINDINGS, Board, BoardPhone, CurrentResult, PortNames};
use micheck_core::escape::escape;
use micheck_core::next_steps::{ReportSource, Updaters, steps};
use micheck_core::step::Step;
use micheck_core::verdict::{Reason, Verdict};

/// The widest that running text gets.
const TEXT: usize = 100;

pub(super) fn help(page: &mut Page, text: Text, width: usize) {
    page.line([(Style::Strong, text.get("help-head").to_owned())]);
    page.blank();
    let word = |verdict| format!("{} {}", symbol(verdict), text.verdict_word(verdict));
    let unknown = Verdict::Unknown(Reason::IncompleteAnswer);
    let keys = BINDINGS.iter().map(|key| (key.label, text.key_help(key.name)));
    let mut lines: Vec<(String, &str)> =
        keys.filter_map(|(label, help)| Some((label.to_owned(), help?))).collect();
    lines.extend([
        (String::new(), ""),
        (word(Verdict::Vulnerable), text.get("help-vulnerable")),
        (word(Verdict::Unconfirmed), text.get("help-unconfirmed")),
        (word(unknown), text.get("help-unknown")),
        (word(Verdict::Patched), text.get("help-patched")),
        (word(Verdict::NotInstalled), text.get("help-not_installed")),
        (String::new(), ""),
        (String::new(), text.get("help-end")),
    ]);
    let heads = lines.iter().map(|(head, _)| head.width()).max().unwrap_or(0);
    for (head, sentence) in lines {
        let head =
            if head.is_empty() { String::new() } else { format!("  {}  ", pad(&head, heads)) };
        behind(page, (Style::Strong, &head), (Style::Plain, sentence), width.min(TEXT));
    }
}

/// Everything that is known of a phone.
pub(super) fn phone(
    page: &mut Page,
    board: &Board,
    phone: &BoardPhone,
    names: &PortNames,
    width: usize,
) {
    let text = board.rules().text;
    let width = width.min(TEXT);
    page.blank();
    if let Some(name) = names.of(&phone.connection) {
        page.line([(Style::Strong, fit(&escape(name), width))]);
    }
    if let Some(job) = &phone.job {
        page.line([(Style::Strong, fit(&t!(text, "job", job = escape(job)), width))]);
    }
    if let Some(before) = &phone.recorded {
        let word = format!("{} {}", symbol(before.verdict), text.verdict_word(before.verdict));
        let version = before.version.as_deref().map(escape).unwrap_or_default();
        let what = format!("{word} {}", fit(&version, 40));
        let line = t!(text, "on-record", what = what.trim(), at = time(&before.at, text));
        wrapped(page, Style::Plain, "", &line, width);
        page.blank();
    }
    requests(page, phone, text, width);
    match (phone.standing(), phone.reason()) {
        (Some(held), _) => answered(page, held, false, text, width),
        (None, Some(reason)) => cannot_be_asked(page, phone, reason, text, width),
        (None, None) => {
            let word = match phone.phase() {
                Some(phase) => phase_step(phase, text).unwrap_or(text.get("being-asked")),
                None if phone.is_present() => text.get("being-asked"),
                None => text.get("left-unchecked"),
            };
            wrapped(page, Style::Strong, "", &text.sentence(word), width);
        }
    }
    if let (None, Some(earlier)) = (phone.standing(), &phone.earlier) {
        page.blank();
        page.line([(Style::Muted, t!(text, "before-head", clock = clock(&earlier.stamp)))]);
        answered(page, earlier, true, text, width);
    }
    past(page, phone, text, width);
}

/// What a phone was asked to show in this visit, and what became of it.
fn requests(page: &mut Page, phone: &BoardPhone, text: Text, width: usize) {
    let Some(requested) = &phone.requested else { return };
    let clock = clock(&requested.stamp);
    page.line([(Style::Strong, t!(text, "requests-head", clock = clock))]);
    for request in &requested.requests {
        let (screen, answer) = (text.route(request.route), text.am_answer(request.answer));
        wrapped(page, Style::Plain, "  ", &format!("{screen}: {answer}"), width);
        if let Some(said) = &request.said {
            wrapped(page, Style::Muted, "    ", &escape(said), width);
        }
    }
    page.blank();
}

/// What a phone answered; `is_past`: before it was plugged in again.
fn answered(page: &mut Page, held: &CurrentResult, is_past: bool, text: Text, width: usize) {
    let Some(report) = held.report.as_deref() else {
        let version = held.version.as_deref().map(escape).unwrap_or_default();
        let word = text.verdict_word(held.verdict);
        let line = format!("{} {word} {version}", symbol(held.verdict));
        page.line([(role(held.verdict), fit(line.trim(), width))]);
        return;
    };
    let mut shown = report.clone();
    Redaction::End.apply_to(&mut shown);
    block(page, &shown, text, width);
    if !is_past && report.verdict.reason().is_none() && !report.verdict.is_at_risk() {
        wrapped(page, Style::Plain, "  ", &text.sentence(text.get("finish")), width);
    }
    if !report.findings.is_empty() {
        page.blank();
        page.line([(Style::Strong, text.get("evidence-head").to_owned())]);
        for finding in &report.findings {
            evidence(page, finding, &held.stamp, text, width);
        }
    }
}

/// Why a phone can't be asked, and every step.
fn cannot_be_asked(page: &mut Page, phone: &BoardPhone, reason: Reason, text: Text, width: usize) {
    let verdict = Verdict::Unknown(reason);
    let word = text.verdict_word(verdict);
    let sentence = format!("{} {word}: {}", symbol(verdict), text.verdict_meaning(verdict));
    wrapped(page, role(verdict), "", &sentence, width);
    let mut facts =
        vec![fit(&escape(phone.model.as_deref().unwrap_or(text.get("unnamed-phone"))), 60)];
    if let Some(serial) = &phone.connection.serial {
        facts.push(t!(text, "serial", serial = fit(&escape(&end(serial)), 60)));
    }
    if let Some(path) = &phone.connection.path {
        facts.push(fit(&escape(path), 30));
    }
    wrapped(page, Style::Strong, "  ", &facts.join(" · "), width);
    // The board does both by itself.
    let steps = steps(verdict, Updaters::default(), &[], ReportSource::Cable)
        .into_iter()
        .filter(|step| !matches!(step, Step::CheckAgain | Step::WaitForPerson));
    for (number, step) in (1..).zip(steps) {
        let sentence = text.sentence(&text.step(step, &[]));
        wrapped(page, Style::Plain, &format!("  {number}. "), &sentence, width);
    }
}

fn evidence(page: &mut Page, finding: &FindingReport, stamp: &str, text: Text, width: usize) {
    let line = format!(
        "{} · {} · {}",
        escape(&finding.app),
        finding.package,
        t!(text, "read-at", by = finding.read_by.key(), clock = clock(stamp))
    );
    wrapped(page, Style::Plain, "  ", &line, width);
    let users: Vec<String> = finding
        .users
        .iter()
        .filter(|user| user.installed)
        .map(|user| user.id.to_string())
        .collect();
    let version = match (&finding.version, &finding.version_code) {
        (Some(version), Some(code)) => Some(format!("{version} ({code})")),
        (version, _) => version.clone(),
    };
    let lines = [
        (text.get("evidence-version"), version),
        (text.get("evidence-factory"), finding.factory_version.clone()),
        (text.get("evidence-users"), (!users.is_empty()).then(|| users.join(", "))),
        (text.get("evidence-path"), finding.code_path.clone()),
        (text.get("evidence-affected"), finding.last_affected.clone()),
        (text.get("evidence-below"), finding.less_than.clone()),
        (text.get("evidence-fixed"), finding.first_fixed.clone()),
        (text.get("evidence-cves"), (!finding.cves.is_empty()).then(|| finding.cves.join(", "))),
    ];
    for (head, value) in lines {
        let Some(value) = value else { continue };
        let head = format!("    {}  ", pad(head, 18));
        let value = fit(&escape(&value), 200);
        behind(page, (Style::Muted, &head), (Style::Plain, &value), width);
    }
}

/// What came of it so far.
fn past(page: &mut Page, phone: &BoardPhone, text: Text, width: usize) {
    if phone.past.is_empty() {
        return;
    }
    page.blank();
    page.line([(Style::Strong, text.get("past-head").to_owned())]);
    for past in &phone.past {
        let what = match past.verdict {
            Some(verdict) => {
                let version = past.version.as_deref().map(escape).unwrap_or_default();
                let reason = verdict.reason().map(|reason| text.reason_short(reason));
                let more = reason.unwrap_or(&version);
                format!("{} {} {more}", symbol(verdict), text.verdict_word(verdict))
            }
            None => t!(text, "unplugged-at", clock = "").trim().to_owned(),
        };
        let line = format!("  {}  {}", clock(&past.stamp), what.trim());
        page.line([(Style::Plain, fit(&line, width))]);
    }
}
