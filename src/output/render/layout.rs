//! Text fitted into columns.

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::{Layout, Page, Style};

/// The narrowest layout that is kept to; below it lines run over.
const MIN_WIDTH: usize = 40;

/// How wide running text gets at most: longer lines are hard to read.
const MAX_TEXT_WIDTH: usize = 100;

impl Layout {
    /// The columns that are kept to; `None`: as many as it takes.
    pub(crate) fn columns(self) -> Option<usize> {
        self.width.map(|width| width.max(MIN_WIDTH))
    }

    /// The columns for running text.
    pub(crate) fn text_columns(self) -> usize {
        self.columns().map_or(MAX_TEXT_WIDTH, |width| width.min(MAX_TEXT_WIDTH))
    }
}

/// How many characters of a cluster are kept: a syllable of Devanagari can have ten.
const MAX_CLUSTER: usize = 12;

/// Cuts `text` to `width` columns, with `…` where something is missing.
///
/// Counts grapheme clusters, and so many characters of each: a stack of combining
/// marks is one column wide and could be a megabyte long.
pub(crate) fn fit(text: &str, width: usize) -> String {
    // Most of what is shown; one column a sign.
    if text.len() <= width && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 0;
    let mut rest = text.graphemes(true).peekable();
    while let Some(cluster) = rest.next() {
        let cluster: String = cluster.chars().take(MAX_CLUSTER).collect();
        let needed = cluster.width();
        let room_for_rest = usize::from(rest.peek().is_some());
        if used + needed + room_for_rest > width {
            // What follows might still just fit, if it is short.
            let tail: usize = rest.by_ref().take(width + 1).map(|tail| tail.width().max(1)).sum();
            if used + needed + tail <= width {
                out.push_str(&cluster);
                continue;
            }
            out.push('…');
            break;
        }
        out.push_str(&cluster);
        used += needed;
    }
    out
}

/// Fills `text` up to `width` columns.
pub(crate) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Columns of space between two cells.
pub(super) const GAP: usize = 2;

/// The widest cell of each column.
pub(super) fn widest<const N: usize>(rows: &[[String; N]]) -> [usize; N] {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.width().max(*width);
        }
    }
    widths
}

/// A row of cells as a line; a column in which nothing stands takes no room.
pub(super) fn in_columns<const N: usize>(row: &[String; N], widths: &[usize; N]) -> String {
    let columns = row.iter().zip(widths).filter(|(_, width)| **width > 0);
    let cells: Vec<String> = columns.map(|(cell, width)| pad(cell, *width)).collect();
    cells.join(&" ".repeat(GAP)).trim_end().to_owned()
}

/// `text` in lines of `width` columns, broken at spaces. What is wider than a line, as an address is,
/// is broken behind its own signs; a word without any has a line of its own.
pub(crate) fn broken(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split(' ') {
        let mut parts: Vec<&str> = vec![word];
        if word.width() > width {
            parts = word.split_inclusive(['/', '?', '&', '=', '.', '_', ':', '\\', ',']).collect();
        }
        let mut gap = " ";
        for part in parts {
            if !line.is_empty() && line.width() + gap.len() + part.width() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push_str(gap);
            }
            line.push_str(part);
            gap = "";
        }
    }
    lines.push(line);
    lines
}

/// Names and what is said of each, in as many columns as have room, to be read line by line.
pub(super) fn grid(page: &mut Page, cells: &[(String, String)], layout: Layout) {
    const INDENT: usize = 2;
    let long = |(name, facts): &(String, String)| name.width() + SEPARATOR.width() + facts.width();
    let widest = cells.iter().map(long).max().unwrap_or(0) + INDENT;
    let width = layout.text_columns();
    let columns = (width / (widest + 1)).clamp(1, cells.len().max(1));
    if widest > width {
        for (name, facts) in cells {
            behind(page, (Style::Strong, "  "), (Style::Strong, name), width);
            wrapped(page, Style::Plain, "    ", facts, width);
        }
        return;
    }
    for row in cells.chunks(columns) {
        let mut spans = Vec::new();
        for (at, cell) in row.iter().enumerate() {
            let fill = if at + 1 < row.len() { widest - INDENT - long(cell) } else { 0 };
            let separator = if cell.1.is_empty() { "" } else { SEPARATOR };
            spans.push((Style::Strong, format!("  {}", cell.0)));
            spans.push((Style::Plain, format!("{separator}{}{}", cell.1, " ".repeat(fill))));
        }
        page.line(spans);
    }
}

/// Stands between the facts of a phone.
const SEPARATOR: &str = " · ";

/// Writes `text` behind `indent`, broken at spaces so that no line passes `width`.
pub(crate) fn wrapped(page: &mut Page, role: Style, indent: &str, text: &str, width: usize) {
    behind(page, (role, indent), (role, text), width);
}

/// Writes `text` behind a head of its own role; further lines stand below the text.
pub(crate) fn behind(page: &mut Page, head: (Style, &str), text: (Style, &str), width: usize) {
    let (head_role, head) = head;
    let (role, text) = text;
    let room = width.saturating_sub(head.width()).max(20);
    for (index, line) in broken(text, room).into_iter().enumerate() {
        let head = if index == 0 { head.to_owned() } else { " ".repeat(head.width()) };
        page.line([(head_role, head), (role, line)]);
    }
}
