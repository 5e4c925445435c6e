//! A report as a table for people, worst first, with what to do beneath.

use unicode_width::UnicodeWidthStr as _;

use super::layout::{GAP, fit, in_columns, widest, wrapped};
use super::verdict_style::{
    file_name, has_several, heads, meaning, name, perspective, role, symbol, system,
    what_updated_rests_on,
};
use super::{Layout, Page, Style, findings};
use crate::report::{AdvisoriesUsed, Connection, DeviceReport, Report, Summary};
use crate::text::{Text, t};
use micheck_core::advisory::Replacement;
use micheck_core::escape::escape;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Verdict};

/// The widest that each column may be, RESULT to SERIAL, so that no phone's text pushes another's out.
const MAX_COLUMNS: [usize; 5] = [22, 26, 28, 26, 24];

/// What a column shrinks to at least, when the width is short.
const MIN_COLUMNS: [usize; 5] = [15, 8, 6, 9, 6];

/// Shows the report as a table, one line a phone, and a block with numbered steps
/// for each phone that needs something.
#[must_use]
pub fn table(report: &Report, text: Text, layout: Layout) -> Page {
    let mut page = Page::default();
    let (width, text_width) = (layout.columns(), layout.text_columns());
    if report.simulated {
        page.line([(Style::Warning, text.get("demo").to_owned())]);
        page.blank();
    }
    if report.devices.is_empty() {
        page.line([(Style::Strong, text.get("no-phone").to_owned())]);
        for (number, hint) in (1..).zip(&report.hints) {
            let sentence = text.sentence(text.hint(hint.key));
            wrapped(&mut page, Style::Plain, &format!("  {number}. "), &sentence, text_width);
        }
        return page;
    }
    rows(&mut page, report, text, width);
    for device in report.devices.iter().filter(|device| needs_something(device)) {
        page.blank();
        block(&mut page, device, several_servers(report), text, text_width);
    }
    page.blank();
    footer(&mut page, report, text, text_width);
    page
}

fn needs_something(device: &DeviceReport) -> bool {
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

fn rows(page: &mut Page, report: &Report, text: Text, width: Option<usize>) {
    let cells = report.devices.iter().map(|device| cells(device, text));
    let mut rows = vec![heads(report, text).map(str::to_owned)];
    rows.extend(cells);
    let widths = column_widths(&rows, width);
    for row in &mut rows {
        for (cell, width) in row.iter_mut().zip(widths) {
            *cell = fit(cell, width);
        }
    }
    let widths = widest(&rows);
    page.line([(Style::Muted, in_columns(&rows[0], &widths))]);
    for (row, device) in rows[1..].iter().zip(&report.devices) {
        let line = in_columns(row, &widths);
        let (word, rest) = line.split_at(row[0].len());
        page.line([(role(device.verdict), word.to_owned()), (Style::Plain, rest.to_owned())]);
    }
}

fn cells(device: &DeviceReport, text: Text) -> [String; 5] {
    let shown =
        |value: Option<&str>| value.map_or("–".to_owned(), |value| escape(value).into_owned());
    let word = format!("{} {}", symbol(device.verdict), text.verdict_word(device.verdict));
    let system = system(&device.device);
    let version = device.decisive_finding().and_then(|finding| finding.version.as_deref());
    let version = match (version.filter(|_| !has_several(device)), device.verdict) {
        (_, Verdict::Vulnerable | Verdict::Unconfirmed) if has_several(device) => {
            t!(text, "apps-to-update", count = findings::apps_at_risk(device))
        }
        (Some(version), _) => escape(version).into_owned(),
        (None, Verdict::Unknown(reason)) => text.reason_short(reason).to_owned(),
        (None, _) => "–".to_owned(),
    };
    let last = if let Some(source) = &device.source {
        Some(file_name(source))
    } else {
        let Connection { serial, path, server, .. } = &device.connection;
        serial.as_deref().or(path.as_deref()).or(server.as_deref())
    };
    [word, name(device, text), shown(system.as_deref()), version, shown(last)]
}

/// How wide each column is: as its widest cell needs, within its bounds; when the
/// line is still too long, the widest columns give way first.
fn column_widths(rows: &[[String; 5]], width: Option<usize>) -> [usize; 5] {
    let mut widths = widest(rows);
    for (width, most) in widths.iter_mut().zip(MAX_COLUMNS) {
        *width = most.min(*width);
    }
    let Some(width) = width else { return widths };
    let gaps = GAP * (widths.len() - 1);
    while widths.iter().sum::<usize>() + gaps > width {
        let widest = (0..widths.len())
            .filter(|&index| widths[index] > MIN_COLUMNS[index])
            .max_by_key(|&index| widths[index] - MIN_COLUMNS[index]);
        let Some(widest) = widest else { break };
        widths[widest] -= 1;
    }
    widths
}

/// One phone: its verdict in a sentence, what to do, and what else to know.
/// `with_server`: which adb server holds it is said, too.
pub(crate) fn block(
    page: &mut Page,
    device: &DeviceReport,
    with_server: bool,
    text: Text,
    width: usize,
) {
    let word = format!("{} {}", symbol(device.verdict), text.verdict_word(device.verdict));
    let meaning = format!(": {}", meaning(device, text));
    page.line([(role(device.verdict), word), (role(device.verdict), meaning)]);
    name_and_facts(page, device, &facts(device, with_server, text), text, width);
    if let Some(detail) = &device.detail {
        wrapped(page, Style::Muted, "  ", &format!("({})", fit(&escape(detail), 400)), width);
    }
    if has_several(device) {
        findings::list(page, device, text, width);
    }
    notes(page, device, text, width);
    if device.verdict.is_at_risk() {
        wrapped(page, Style::Plain, "  ", perspective(device, text), width);
    }
    // Of a fine one nothing more is to be done but to close the way in.
    if !device.verdict.is_fine() {
        steps(page, device, text, width);
    }
}

/// The phone's name, and behind it, or below where it is too long, what else is known of it.
fn name_and_facts(
    page: &mut Page,
    device: &DeviceReport,
    facts: &[String],
    text: Text,
    width: usize,
) {
    let name = format!("  {}", fit(&name(device, text), 60));
    let facts = facts.join(" · ");
    if facts.is_empty() {
        page.line([(Style::Strong, name)]);
    } else if name.width() + 3 + facts.width() <= width {
        page.line([(Style::Strong, name), (Style::Plain, format!(" · {facts}"))]);
    } else {
        page.line([(Style::Strong, name)]);
        wrapped(page, Style::Plain, "  ", &facts, width);
    }
}

/// Where the phone or file is, and the version that decided.
fn facts(device: &DeviceReport, with_server: bool, text: Text) -> Vec<String> {
    let mut facts = Vec::new();
    if let Some(serial) = &device.connection.serial {
        facts.push(t!(text, "serial", serial = fit(&escape(serial), 60)));
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
    if let Some(path) = &device.connection.path {
        facts.push(fit(&escape(path), 30));
    }
    if let Some(finding) = device.decisive_finding()
        && let Some(version) = finding.version.as_ref().filter(|_| !has_several(device))
    {
        facts.push(t!(
            text,
            "version",
            app = escape(&finding.app),
            version = fit(&escape(version), 60)
        ));
    }
    facts
}

fn notes(page: &mut Page, device: &DeviceReport, text: Text, width: usize) {
    for note in device.notes.iter().filter(|note| **note != Note::Simulated) {
        let mut sentence = text.sentence(text.note(*note));
        let apps = findings::apps(device.findings.iter().filter(|one| one.notes.contains(note)));
        if has_several(device) && !apps.is_empty() {
            sentence = format!("{}: {sentence}", apps.join(", "));
        }
        wrapped(page, Style::Plain, "  ", &sentence, width);
    }
}

fn steps(page: &mut Page, device: &DeviceReport, text: Text, width: usize) {
    for (number, step) in (1..).zip(&device.steps) {
        let sentence = text.sentence(&escape(&step.sentence(text)));
        wrapped(page, Style::Plain, &format!("  {number}. "), &sentence, width);
    }
}

fn several_servers(report: &Report) -> bool {
    let mut servers = report.devices.iter().map(|device| &device.connection.server);
    let first = servers.next();
    servers.any(|server| Some(server) != first)
}

fn footer(page: &mut Page, report: &Report, text: Text, width: usize) {
    for sentence in what_updated_rests_on(report, text) {
        wrapped(page, Style::Muted, "", &sentence, width);
    }
    // Where several apps were looked at, the phone's own block says it.
    let absent =
        |device: &DeviceReport| device.verdict == Verdict::NotInstalled && !has_several(device);
    if report.devices.iter().any(absent) {
        let word = text.verdict_word(Verdict::NotInstalled);
        let meaning = text.verdict_meaning(Verdict::NotInstalled);
        wrapped(page, Style::Muted, "", &text.sentence(&format!("{word}: {meaning}")), width);
    }
    let at_hand = |device: &DeviceReport| !device.is_typed() && !device.is_from_file();
    if report.devices.iter().any(|device| device.verdict.is_fine() && at_hand(device)) {
        let step = text.step(Step::RevokeDebugging, &[]);
        wrapped(page, Style::Muted, "", &text.sentence(&step), width);
    }
    for sentence in replaced(&report.advisories, text) {
        wrapped(page, Style::Plain, "", &sentence, width);
    }
    page.line([(Style::Strong, summary(&report.summary, text))]);
}

/// Which built-in advisories others stand in for: a sentence each.
#[must_use]
pub fn replaced(advisories: &AdvisoriesUsed, text: Text) -> Vec<String> {
    let sentence = |one: &Replacement| {
        let (id, file) = (escape(&one.id), escape(&one.file));
        text.sentence(&if one.narrower {
            t!(text, "advisory-replaced-narrower", id = id, file = file)
        } else {
            t!(text, "advisory-replaced", id = id, file = file)
        })
    };
    advisories.replaced.iter().map(sentence).collect()
}

/// How many phones of each verdict, as a sentence.
#[must_use]
pub fn summary(summary: &Summary, text: Text) -> String {
    let words: Vec<String> = summary
        .by_verdict()
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, verdict)| text.count(count, verdict))
        .collect();
    let mut line = t!(text, "phones", count = summary.devices);
    if !words.is_empty() {
        line = format!("{line}: {}", words.join(", "));
    }
    if summary.lost_servers > 0 {
        line = format!("{line}; {}", t!(text, "lost-servers", count = summary.lost_servers));
    }
    line
}
