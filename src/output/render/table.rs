//! A report as a table for people, worst first, with what to do beneath.

use unicode_width::UnicodeWidthStr as _;

use super::groups::{Group, called, closing, flaws, groups, notes, told_apart};
use super::layout::{GAP, behind, fit, grid, in_columns, widest, wrapped};
use super::verdict_style::{
    has_several, heads, meaning, name, perspective, perspectives, place_in, role, symbol, system,
    what_updated_rests_on,
};
use super::{Layout, Page, Style, findings};
use crate::report::{AdvisoriesUsed, Before, Connection, DeviceReport, Report, Summary};
use crate::text::{Text, t};
use micheck_core::advisory::Replacement;
use micheck_core::am_answer::AmAnswer;
use micheck_core::escape::escape;
use micheck_core::verdict::Verdict;

/// The widest that each column may be, RESULT to SERIAL, so that no phone's text pushes another's out.
const MAX_COLUMNS: [usize; 5] = [22, 30, 30, 36, 24];

/// How narrow a table has no room for what a phone runs.
const NO_SYSTEM_BELOW: usize = 60;

/// What a column shrinks to at least, when the width is short.
const MIN_COLUMNS: [usize; 5] = [15, 6, 0, 7, 6];

/// Shows the report as a table, one line a phone, and for all phones that need the same what that
/// is. What counts most stands last on a terminal, where it stays in sight, and first elsewhere.
#[must_use]
pub fn table(report: &Report, text: Text, layout: Layout) -> Page {
    let mut page = head(report, text, layout);
    if report.devices.is_empty() {
        return page;
    }
    if layout.worst_last {
        blocks(&mut page, report, text, layout);
        page.blank();
        lines(&mut page, report, text, layout);
    } else {
        lines(&mut page, report, text, layout);
        page.blank();
        blocks(&mut page, report, text, layout);
    }
    page
}

/// Shows the report as a table and one line of what to do first.
#[must_use]
pub fn brief(report: &Report, text: Text, layout: Layout) -> Page {
    let mut page = head(report, text, layout);
    if report.devices.is_empty() {
        return page;
    }
    lines(&mut page, report, text, layout);
    let worst = report.devices.first().filter(|worst| !worst.verdict.is_fine());
    let line = match worst.and_then(|worst| Some((worst.verdict, worst.steps.first()?))) {
        Some((verdict, step)) => {
            let step = step.in_few_words(text);
            format!("{}: {}", text.verdict_word(verdict), text.sentence(&escape(&step)))
        }
        None => text.get("brief-nothing").to_owned(),
    };
    wrapped(&mut page, Style::Strong, "", &line, layout.text_columns());
    page
}

/// What stands above all else: that phones are simulated, or that there are none.
fn head(report: &Report, text: Text, layout: Layout) -> Page {
    let mut page = Page::default();
    if report.simulated {
        page.line([(Style::Warning, text.get("demo").to_owned())]);
        page.blank();
    }
    if report.devices.is_empty() {
        page.line([(Style::Strong, text.get("no-phone").to_owned())]);
        for (number, hint) in (1..).zip(&report.hints) {
            let sentence = text.sentence(text.hint(hint.key));
            let number = format!("  {number}. ");
            wrapped(&mut page, Style::Plain, &number, &sentence, layout.text_columns());
        }
    }
    page
}

/// A line for each phone, and the summary.
fn lines(page: &mut Page, report: &Report, text: Text, layout: Layout) {
    let width = layout.text_columns();
    let summary = summary(&report.summary, text);
    if !layout.worst_last {
        wrapped(page, Style::Strong, "", &summary, width);
    }
    let flaws = flaws(report);
    if !flaws.is_empty() {
        wrapped(page, Style::Muted, "", &flaws.join("; "), width);
    }
    if layout.worst_last {
        changes(page, report, text, layout);
    }
    rows(page, report, text, layout);
    if layout.worst_last {
        wrapped(page, Style::Strong, "", &summary, width);
    } else {
        changes(page, report, text, layout);
    }
}

/// What was found before of phones of which that is known, and what is found now.
fn changes(page: &mut Page, report: &Report, text: Text, layout: Layout) {
    let mut changed: Vec<(&DeviceReport, &Before)> = report
        .devices
        .iter()
        .filter_map(|device| Some((device, device.before.as_ref()?)))
        .collect();
    if changed.is_empty() {
        return;
    }
    if layout.worst_last {
        changed.reverse();
    } else {
        page.blank();
    }
    page.line([(Style::Strong, text.get("fix-head").to_owned())]);
    for (device, before) in changed {
        let name = told_apart(device, false, text).into_iter().next();
        let name = [called(device, text)].into_iter().chain(name).collect::<Vec<_>>().join(" · ");
        let line = format!("{name}: {}", change(report, device, before, text));
        wrapped(page, Style::Plain, "  ", &line, layout.text_columns());
    }
    if layout.worst_last {
        page.blank();
    }
}

/// The versions, the times, and what the phone was asked to show.
fn change(report: &Report, device: &DeviceReport, before: &Before, text: Text) -> String {
    let version = |version: Option<&str>| {
        version.map_or(text.get("no-app").to_owned(), |version| fit(&escape(version), 40))
    };
    let package = before.package.as_deref();
    let (was, is) = (version(before.version.as_deref()), version(device.version_of(package)));
    let (taken_at, ..) = report.run_of(device);
    let app = device.findings.iter().find(|finding| Some(finding.package.as_str()) == package);
    let app = app.filter(|_| has_several(device)).map(|finding| fit(&escape(&finding.app), 40));
    let mut facts: Vec<String> = app.into_iter().collect();
    facts.push(match device.verdict {
        Verdict::Unknown(reason) => {
            t!(text, "fix-row-after", before = was, after = text.reason_short(reason))
        }
        verdict if verdict.is_at_risk() && was == is => t!(text, "fix-row-same", before = was),
        _ => t!(text, "fix-row-after", before = was, after = is),
    });
    let (then, now) = times(&before.at, taken_at);
    facts.push(t!(text, "fix-checked", then = then, now = now));
    let mut requests = device.requests.iter();
    if let Some(taken) = requests.find(|request| request.answer.is_taken()) {
        facts.push(t!(text, "fix-requested", screen = text.route(taken.route)));
    } else if device.requests.iter().any(|request| request.answer == AmAnswer::NoAnswer) {
        facts.push(text.get("fix-asked").to_owned());
    } else if !device.requests.is_empty() {
        facts.push(text.get("fix-none-requested").to_owned());
    }
    facts.join(" · ")
}

/// Two times in RFC 3339, as much of them as tells them apart.
fn times(before: &str, now: &str) -> (String, String) {
    let differ_before = |end| before.get(..end) != now.get(..end);
    let range = if differ_before(10) {
        0..16
    } else if differ_before(16) {
        11..16
    } else {
        11..19
    };
    let part = |stamp: &str| escape(stamp.get(range.clone()).unwrap_or(stamp)).replace('T', " ");
    (part(before), part(now))
}

/// For all phones that need the same what that is, and what comes when all is done.
fn blocks(page: &mut Page, report: &Report, text: Text, layout: Layout) {
    let with_server = several_servers(report);
    let mut groups = groups(report, text);
    if layout.worst_last {
        groups.reverse();
    }
    let mut above: Option<Verdict> = None;
    for group in &groups {
        // Those that weren't checked have little to say each.
        let is_next =
            |above: Verdict| above.reason().is_some() && group.verdict().reason().is_some();
        if above.is_some_and(|above| !is_next(above)) {
            page.blank();
        }
        above = Some(group.verdict());
        show(page, group, with_server, text, layout);
    }
    if !groups.is_empty() {
        page.blank();
    }
    footer(page, report, text, layout.text_columns());
}

fn rows(page: &mut Page, report: &Report, text: Text, layout: Layout) {
    let mut devices: Vec<&DeviceReport> = report.devices.iter().collect();
    if layout.worst_last {
        devices.reverse();
    }
    let mut rows = vec![heads(report, text).map(str::to_owned)];
    rows.extend(devices.iter().map(|device| cells(device, text)));
    let width = layout.columns();
    if width.is_some_and(|width| width < NO_SYSTEM_BELOW) {
        // What a phone runs is in its settings; what it is called and how it is, is only here.
        for row in &mut rows {
            row[2].clear();
        }
    }
    let widths = column_widths(&rows, width);
    for row in &mut rows {
        for (cell, width) in row.iter_mut().zip(widths) {
            *cell = fit(cell, width);
        }
    }
    let widths = widest(&rows);
    page.line([(Style::Muted, in_columns(&rows[0], &widths))]);
    for (row, device) in rows[1..].iter().zip(devices) {
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
        Some(place_in(source))
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
    let gaps = GAP * (widths.iter().filter(|width| **width > 0).count() - 1);
    while widths.iter().sum::<usize>() + gaps > width {
        let widest = (0..widths.len())
            .filter(|&index| widths[index] > MIN_COLUMNS[index])
            .max_by_key(|&index| widths[index] - MIN_COLUMNS[index]);
        let Some(widest) = widest else { break };
        widths[widest] -= 1;
    }
    widths
}

/// Phones that need the same: who they are, and once what is to be done.
fn show(page: &mut Page, group: &Group<'_>, with_server: bool, text: Text, layout: Layout) {
    let width = layout.text_columns();
    let (before, mut said) = (page.lines.len(), (String::new(), String::new()));
    for part in &group.parts {
        let line = verdict_line(part.first(), text);
        // Said once of those that differ in what else is to be said.
        if page.lines.len() == before || line != said {
            said_in_colour(page, part.first().verdict, &line, width);
            said = line;
        }
        let phones = part.phones.iter();
        let cells: Vec<(String, String)> = phones
            .map(|(_, device)| {
                (called(device, text), told_apart(device, with_server, text).join(" · "))
            })
            .collect();
        grid(page, &cells, layout);
        said_of(page, part.first(), &part.notes, "    ", text, width);
    }
    numbered(page, &group.steps, width);
}

/// One phone: its verdict in a sentence, what to do, and what else to know.
pub(crate) fn block(page: &mut Page, device: &DeviceReport, text: Text, width: usize) {
    said_in_colour(page, device.verdict, &verdict_line(device, text), width);
    name_and_facts(page, device, &facts(device, text), text, width);
    said_of(page, device, &notes(device, text), "  ", text, width);
    if device.verdict.is_at_risk() {
        wrapped(page, Style::Plain, "  ", perspective(device, text), width);
    }
    // Of a fine one nothing more is to be done but to close the way in.
    if !device.verdict.is_fine() {
        let steps = device.steps.iter();
        let steps = steps.map(|step| text.sentence(&escape(&step.sentence(text))));
        numbered(page, &steps.collect::<Vec<_>>(), width);
    }
}

/// The verdict, and behind it what it means.
fn verdict_line(device: &DeviceReport, text: Text) -> (String, String) {
    let word = format!("{} {}", symbol(device.verdict), text.verdict_word(device.verdict));
    (word, format!(": {}", meaning(device, text)))
}

fn said_in_colour(page: &mut Page, verdict: Verdict, line: &(String, String), width: usize) {
    behind(page, (role(verdict), &line.0), (Style::Strong, &line.1), width);
}

/// What went wrong, what was found of each of several apps, and what else to know.
fn said_of(
    page: &mut Page,
    device: &DeviceReport,
    notes: &[String],
    indent: &str,
    text: Text,
    width: usize,
) {
    if let Some(detail) = &device.detail {
        wrapped(page, Style::Muted, indent, &format!("({})", fit(&escape(detail), 400)), width);
    }
    if has_several(device) {
        findings::list(page, device, text, width);
    }
    for note in notes {
        wrapped(page, Style::Plain, indent, note, width);
    }
}

fn numbered(page: &mut Page, steps: &[String], width: usize) {
    for (number, step) in (1..).zip(steps) {
        wrapped(page, Style::Plain, &format!("  {number}. "), step, width);
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
fn facts(device: &DeviceReport, text: Text) -> Vec<String> {
    let mut facts = told_apart(device, true, text);
    if let (Some(serial), Some(shown)) = (&device.connection.serial, facts.first_mut()) {
        *shown = t!(text, "serial", serial = fit(&escape(serial), 60));
    }
    facts
}

fn several_servers(report: &Report) -> bool {
    let mut servers = report.devices.iter().map(|device| &device.connection.server);
    let first = servers.next();
    servers.any(|server| Some(server) != first)
}

fn footer(page: &mut Page, report: &Report, text: Text, width: usize) {
    for sentence in closing(report, text) {
        wrapped(page, Style::Plain, "", &sentence, width);
    }
    for sentence in perspectives(report, text) {
        wrapped(page, Style::Muted, "", sentence, width);
    }
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
    for sentence in replaced(&report.advisories, text) {
        wrapped(page, Style::Plain, "", &sentence, width);
    }
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
