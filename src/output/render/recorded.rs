//! What is on record of phones, as a table for people: a line for each check.

use super::layout::{fit, in_columns, widest, wrapped};
use super::verdict_style::{has_several, name, role, symbol, time};
use super::{Layout, Page, Style, findings, summary};
use crate::report::{Before, DeviceReport, Report};
use crate::text::{Text, t};
use micheck_core::escape::escape;
use micheck_core::verdict::Verdict;

/// The widest that each column may be, CHECKED to JOB.
const MAX_COLUMNS: [usize; 6] = [22, 22, 28, 32, 12, 20];

/// How narrow a table says the day alone, has no code, and has no version.
const NO_HOUR_BELOW: usize = 100;
const NO_CODE_BELOW: usize = 80;
const NO_VERSION_BELOW: usize = 60;

/// What a column shrinks to at least, when the width is short.
const MIN_COLUMNS: [usize; 6] = [11, 13, 8, 8, 5, 6];

/// Checks in the order of the report. `of_one`: they may be of one phone, which counts once.
#[must_use]
pub fn history(report: &Report, of_one: bool, text: Text, layout: Layout) -> Page {
    let mut page = Page::default();
    if report.devices.is_empty() {
        wrapped(&mut page, Style::Strong, "", text.get("history-none"), layout.text_columns());
        return page;
    }
    let stands = |before: &Before| {
        t!(text, "history-stands", what = told(before, text), at = time(&before.at, text))
    };
    rows(&mut page, report, stands, text, layout);
    let sentence = if of_one {
        t!(text, "history-checks", count = report.devices.len())
    } else {
        summary(&report.summary, text)
    };
    wrapped(&mut page, Style::Strong, "", &sentence, layout.text_columns());
    page
}

/// How many phones a recall is about.
#[derive(Debug, Clone, Copy)]
pub struct RecallCounts {
    /// On record.
    pub phones: usize,
    /// To be called because an app of theirs was never looked at.
    pub not_recorded: usize,
    /// To be called, without a job.
    pub without_job: usize,
}

/// Phones to call back, with what each was told.
#[must_use]
pub fn recall(report: &Report, counts: RecallCounts, text: Text, layout: Layout) -> Page {
    let RecallCounts { phones, not_recorded, without_job } = counts;
    let mut page = Page::default();
    let width = layout.text_columns();
    let count = report.devices.len();
    if count > 0 {
        let was_told = |before: &Before| {
            t!(text, "recall-told", what = told(before, text), at = time(&before.at, text))
        };
        rows(&mut page, report, was_told, text, layout);
    }
    let sentence = match count {
        0 => t!(text, "recall-none", phones = phones),
        _ => t!(text, "recall-count", count = count, phones = phones),
    };
    wrapped(&mut page, Style::Strong, "", &sentence, width);
    if not_recorded > 0 {
        let sentence = t!(text, "recall-not-recorded", count = not_recorded);
        wrapped(&mut page, Style::Plain, "", &sentence, width);
    }
    if without_job > 0 {
        let sentence = t!(text, "recall-without-job", count = without_job);
        wrapped(&mut page, Style::Plain, "", &sentence, width);
    }
    page
}

/// A line for each check, and below it what is said of an earlier one.
fn rows(
    page: &mut Page,
    report: &Report,
    of_before: impl Fn(&Before) -> String,
    text: Text,
    layout: Layout,
) {
    let mut devices: Vec<&DeviceReport> = report.devices.iter().collect();
    if layout.worst_last {
        devices.reverse();
    }
    let heads = [
        text.get("record-column-checked"),
        text.get("column-result"),
        text.get("column-phone"),
        text.get("column-version"),
        text.get("record-column-code"),
        text.get("record-column-job"),
    ];
    let mut cells: Vec<[String; 6]> = vec![heads.map(str::to_owned)];
    cells.extend(devices.iter().map(|device| self::cells(report, device, text)));
    let width = layout.columns();
    let is_below = |least: usize| width.is_some_and(|width| width < least);
    for row in &mut cells {
        if is_below(NO_HOUR_BELOW) {
            let day = row[0].find(',').unwrap_or(row[0].len());
            row[0].truncate(day);
        }
        if is_below(NO_CODE_BELOW) {
            row[4].clear();
        }
        if is_below(NO_VERSION_BELOW) {
            row[3].clear();
        }
    }
    let widths = widths(&cells, width);
    for row in &mut cells {
        for (cell, width) in row.iter_mut().zip(widths) {
            *cell = fit(cell, width);
        }
    }
    if cells[1..].iter().all(|row| row[5] == "–") {
        for row in &mut cells {
            row[5].clear();
        }
    }
    let widths = widest(&cells);
    page.line([(Style::Muted, in_columns(&cells[0], &widths))]);
    for (row, device) in cells[1..].iter().zip(devices) {
        let line = in_columns(row, &widths);
        let (at, rest) = line.split_at(line.find(row[1].as_str()).unwrap_or(0));
        let (word, rest) = rest.split_at(row[1].len());
        page.line([
            (Style::Plain, at.to_owned()),
            (role(device.verdict), word.to_owned()),
            (Style::Plain, rest.to_owned()),
        ]);
        if let Some(detail) = &device.detail {
            wrapped(page, Style::Muted, "    ", &escape(detail), layout.text_columns());
        }
        // That it is as it was needn't be said.
        let says_more = |before: &&Before| before.verdict != device.verdict;
        if let Some(before) = device.before.as_ref().filter(says_more) {
            wrapped(page, Style::Muted, "    ", &of_before(before), layout.text_columns());
        }
    }
}

/// A verdict with its version.
fn told(before: &Before, text: Text) -> String {
    let word = format!("{} {}", symbol(before.verdict), text.verdict_word(before.verdict));
    match (&before.version, before.reason) {
        (_, Some(reason)) => format!("{word} ({})", text.reason_short(reason)),
        (Some(version), None) => format!("{word} {}", fit(&escape(version), 40)),
        (None, None) => word,
    }
}

fn cells(report: &Report, device: &DeviceReport, text: Text) -> [String; 6] {
    let (at, ..) = report.run_of(device);
    let word = format!("{} {}", symbol(device.verdict), text.verdict_word(device.verdict));
    let version = device.decisive_finding().and_then(|finding| finding.version.as_deref());
    let version = match (version.filter(|_| !has_several(device)), device.verdict) {
        (_, Verdict::Vulnerable | Verdict::Unconfirmed) if has_several(device) => {
            t!(text, "apps-to-update", count = findings::apps_at_risk(device))
        }
        (_, Verdict::Unknown(reason)) => text.reason_short(reason).to_owned(),
        (Some(version), _) => escape(version).into_owned(),
        (None, _) => "–".to_owned(),
    };
    let stranger = |value: &Option<String>| {
        value.as_deref().map_or("–".to_owned(), |it| escape(it).into_owned())
    };
    let (code, job) = (stranger(&device.connection.serial), stranger(&device.job));
    [time(at, text), word, name(device, text), version, code, job]
}

/// How wide each column is; when the line is too long, the widest give way first.
fn widths(rows: &[[String; 6]], width: Option<usize>) -> [usize; 6] {
    let mut widths = widest(rows);
    for (width, most) in widths.iter_mut().zip(MAX_COLUMNS) {
        *width = most.min(*width);
    }
    let Some(width) = width else { return widths };
    let gaps = super::layout::GAP * (widths.iter().filter(|width| **width > 0).count() - 1);
    while widths.iter().sum::<usize>() + gaps > width {
        let wide = (0..widths.len()).filter(|&index| widths[index] > MIN_COLUMNS[index]);
        let Some(widest) = wide.max_by_key(|&index| widths[index] - MIN_COLUMNS[index]) else {
            break;
        };
        widths[widest] -= 1;
    }
    widths
}
