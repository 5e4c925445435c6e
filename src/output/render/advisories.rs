//! Advisories themselves: the list, one in full, and what a check of a folder found.

mod json;

use unicode_width::UnicodeWidthStr as _;

pub use json::{AdvisoryEntry, AdvisoryList, advisories_json};

use super::layout::{GAP, behind, in_columns, pad, widest, wrapped};
use super::{Layout, Page, Style};
use crate::report::{AffectedVersions, StepApp};
use crate::text::{Text, t};
use micheck_core::advisory::{Advisory, AdvisorySet, Affected, Level, LintReport, Severity};
use micheck_core::escape::escape;

/// Lists the advisories of a set: a line each where there is room for it, else three.
#[must_use]
pub fn advisories(set: &AdvisorySet, text: Text, layout: Layout) -> Page {
    let mut page = Page::default();
    let mut rows = vec![heads(text).map(str::to_owned)];
    rows.extend(set.advisories.iter().map(|one| cells(one, text)));
    let widths = widest(&rows);
    let needed = widths.iter().sum::<usize>() + GAP * (widths.len() - 1);
    if layout.columns().is_none_or(|columns| needed <= columns) {
        page.line([(Style::Muted, in_columns(&rows[0], &widths))]);
        for (row, advisory) in rows[1..].iter().zip(&set.advisories) {
            let line = in_columns(row, &widths);
            let (id, rest) = line.split_at(row[0].len());
            page.line([(of_severity(advisory), id.to_owned()), (Style::Plain, rest.to_owned())]);
        }
    } else {
        for (row, advisory) in rows[1..].iter().zip(&set.advisories) {
            card(&mut page, row, advisory, text, layout.text_columns());
        }
    }
    page.blank();
    let count =
        t!(text, "advisories", count = set.advisories.len(), set = &set.version, date = &set.date);
    page.line([(Style::Strong, count)]);
    let more = text.sentence(text.get("more-about-an-advisory"));
    wrapped(&mut page, Style::Muted, "", &more, layout.text_columns());
    page
}

/// The heads of the list's columns.
fn heads(text: Text) -> [&'static str; 7] {
    [
        text.get("advisory-column-id"),
        text.get("advisory-column-app"),
        text.get("advisory-column-cve"),
        text.get("advisory-column-severity"),
        text.get("advisory-column-affected"),
        text.get("advisory-column-fixed"),
        text.get("advisory-column-counts"),
    ]
}

/// What the list says of one advisory, escaped.
fn cells(advisory: &Advisory, text: Text) -> [String; 7] {
    let cells = [
        advisory.id.clone(),
        advisory.app.clone(),
        or_dash(advisory.cves.join(", ")),
        severity(advisory.severity.as_ref(), text),
        affected(&advisory.affected, text),
        first_fixed(advisory, text),
        counts(advisory, text).to_owned(),
    ];
    cells.map(|cell| escape(&cell).into_owned())
}

fn or_dash(text: String) -> String {
    if text.is_empty() { "–".to_owned() } else { text }
}

fn severity(severity: Option<&Severity>, text: Text) -> String {
    severity.map_or_else(
        || text.get("no-severity").to_owned(),
        |severity| {
            let level = match severity.level {
                Level::Low => text.get("level-low"),
                Level::Medium => text.get("level-medium"),
                Level::High => text.get("level-high"),
                Level::Critical => text.get("level-critical"),
            };
            format!("{} {level}", severity.score)
        },
    )
}

/// The affected versions in words.
fn affected(affected: &Affected, text: Text) -> String {
    let AffectedVersions { introduced, last_affected, less_than, exact } = affected.into();
    let range = match (introduced, last_affected, less_than) {
        (None, Some(last), _) => t!(text, "affected-up-to", last = last),
        (Some(low), Some(last), _) => t!(text, "affected-from-to", low = low, last = last),
        (None, None, Some(bound)) => t!(text, "affected-below", bound = bound),
        (Some(low), None, Some(bound)) => {
            t!(text, "affected-from-below", low = low, bound = bound)
        }
        (_, None, None) => return t!(text, "affected-only", exact = exact.join(", ")),
    };
    if exact.is_empty() {
        return range;
    }
    t!(text, "affected-and", range = range, exact = exact.join(", "))
}

/// Whether an advisory counts when nobody asks for all.
fn counts(advisory: &Advisory, text: Text) -> &'static str {
    if advisory.by_default { text.get("counts-yes") } else { text.get("counts-with-all") }
}

fn first_fixed(advisory: &Advisory, text: Text) -> String {
    let fixed = advisory.first_fixed();
    fixed.map_or_else(|| text.get("no-fix-known").to_owned(), ToString::to_string)
}

fn of_severity(advisory: &Advisory) -> Style {
    match advisory.severity.as_ref().map(|severity| severity.level) {
        Some(Level::Critical) => Style::Danger,
        Some(Level::High) => Style::Warning,
        Some(Level::Medium | Level::Low) | None => Style::Strong,
    }
}

/// The same as a line of the list, for narrow places.
fn card(page: &mut Page, row: &[String; 7], advisory: &Advisory, text: Text, width: usize) {
    let [id, app, cves, severity, affected, fixed, counts] = row;
    let [_, _, _, severity_head, affected_head, fixed_head, counts_head] = heads(text);
    let named = |head: &str, value: &str| format!("{}: {value}", head.to_lowercase());
    let head = format!("{id} · ");
    behind(page, (of_severity(advisory), &head), (Style::Plain, &format!("{app} · {cves}")), width);
    let versions = [named(affected_head, affected), named(fixed_head, fixed)].join(" · ");
    wrapped(page, Style::Plain, "  ", &versions, width);
    let rest = [named(severity_head, severity), named(counts_head, counts)].join(" · ");
    wrapped(page, Style::Muted, "  ", &rest, width);
}

/// Shows one advisory in full, with how sure each fact is and where it comes from.
#[must_use]
pub fn advisory(advisory: &Advisory, text: Text, layout: Layout) -> Page {
    let mut sheet = Sheet { page: Page::default(), text, width: layout.text_columns() };
    let head = format!("{}: ", escape(&advisory.id));
    let title = prose(advisory.title.in_language(text.language.tag()));
    behind(&mut sheet.page, (of_severity(advisory), &head), (Style::Strong, &title), sheet.width);
    sheet.page.blank();
    let summary = prose(advisory.summary.in_language(text.language.tag()));
    wrapped(&mut sheet.page, Style::Plain, "", &summary, sheet.width);
    sheet.page.blank();
    facts(&mut sheet, advisory);
    sheet.page.blank();
    sheet.heading(text.get("advisory-field-sources"));
    for source in &advisory.sources {
        let date = source.date.as_deref().unwrap_or_else(|| text.get("no-date"));
        let head = format!("  {}  ", pad(date, "2025-06-23".len()));
        let title = escape(&source.title);
        behind(&mut sheet.page, (Style::Muted, &head), (Style::Plain, &title), sheet.width);
        // A link stays in one piece, however long it is.
        let indent = " ".repeat(head.width());
        sheet.page.line([(Style::Muted, format!("{indent}{}", escape(&source.url)))]);
    }
    if !advisory.remedies.is_empty() {
        sheet.page.blank();
        sheet.heading(text.get("advisory-field-remedies"));
    }
    for (number, sentence) in (1..).zip(remedies(advisory, text)) {
        let sentence = text.sentence(&escape(&sentence));
        wrapped(&mut sheet.page, Style::Plain, &format!("  {number}. "), &sentence, sheet.width);
    }
    sheet.page
}

/// The remedies as sentences without their full stops.
fn remedies(advisory: &Advisory, text: Text) -> Vec<String> {
    let app = step_app(advisory);
    advisory.remedies.iter().map(|remedy| text.step(remedy.step, &app)).collect()
}

/// The app as its remedies name it.
fn step_app(advisory: &Advisory) -> Vec<StepApp> {
    let first = advisory.packages.first();
    first.map(|package| StepApp::new(advisory, &package.name)).into_iter().collect()
}

/// Text of several lines as one paragraph, escaped.
fn prose(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    escape(&words.join(" ")).into_owned()
}

fn facts(sheet: &mut Sheet, advisory: &Advisory) {
    let text = sheet.text;
    sheet.fact(text.get("advisory-field-app"), &advisory.app, None);
    for package in &advisory.packages {
        let sure = text.certainty(package.certainty, ".package");
        let value = format!("{} ({sure})", package.name);
        sheet.fact(text.get("advisory-field-packages"), &value, package.note.as_deref());
    }
    sheet.fact(text.get("advisory-field-cves"), &or_dash(advisory.cves.join(", ")), None);
    if !advisory.cwes.is_empty() {
        sheet.fact(text.get("advisory-field-weakness"), &advisory.cwes.join(", "), None);
    }
    let vector = advisory.severity.as_ref().map(|severity| severity.vector.as_str());
    sheet.fact(
        text.get("advisory-field-severity"),
        &severity(advisory.severity.as_ref(), text),
        vector,
    );
    let Affected { certainty, note, .. } = &advisory.affected;
    let versions = affected(&advisory.affected, text);
    let value = format!("{versions} ({})", text.certainty(*certainty, ""));
    sheet.fact(text.get("advisory-field-affected"), &value, note.as_deref());
    match &advisory.fixed {
        Some(fixed) => {
            let from = t!(text, "fixed-from", version = fixed.first_fixed.to_string());
            let value = format!("{from} ({})", text.certainty(fixed.certainty, ""));
            sheet.fact(text.get("advisory-field-fixed"), &value, fixed.note.as_deref());
        }
        None => sheet.fact(text.get("advisory-field-fixed"), text.get("no-fix-known"), None),
    }
    if let Some(note) = &advisory.note {
        sheet.fact(text.get("advisory-field-note"), &prose(note), None);
    }
    sheet.fact(text.get("advisory-field-counts"), counts(advisory, text), None);
    let origin = match &advisory.own_file {
        Some(file) => t!(text, "own-file", file = file),
        None => text.get("built-in").to_owned(),
    };
    sheet.fact(text.get("advisory-field-origin"), &origin, None);
}

/// A page of facts, each behind its name.
struct Sheet {
    page: Page,
    text: Text,
    width: usize,
}

impl Sheet {
    fn heading(&mut self, head: &str) {
        self.page.line([(Style::Strong, head.to_owned())]);
    }

    /// A fact, and below it what else is to be known of it.
    fn fact(&mut self, head: &str, value: &str, note: Option<&str>) {
        let head = pad(head, 10);
        let value = escape(value);
        behind(&mut self.page, (Style::Strong, &head), (Style::Plain, &value), self.width);
        if let Some(note) = note {
            let indent = " ".repeat(head.width());
            wrapped(&mut self.page, Style::Muted, &indent, &prose(note), self.width);
        }
    }
}

/// What a check of a folder found, a line each, as other programs can read it, too.
#[must_use]
pub fn check(found: &LintReport, text: Text) -> String {
    let mut out = String::new();
    for error in &found.errors {
        out.push_str(&error.to_string());
        out.push('\n');
    }
    for remark in &found.remarks {
        out.push_str(&remark.to_string());
        out.push('\n');
    }
    let outcome = match found.errors.len() {
        0 => t!(text, "no-error", count = found.advisories),
        errors => t!(text, "errors", count = errors),
    };
    out.push_str(&outcome);
    out.push('\n');
    out
}
