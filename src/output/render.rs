//! Reports as text. Core: what is written depends on the report and the layout alone.
//!
//! A renderer for people gives a [`Page`]: text with roles instead of colours, so
//! that colour stays the terminal's matter.

mod advisories;
mod csv;
mod doctor;
mod findings;
mod groups;
mod html;
mod jsonl;
pub(crate) mod layout;
mod recorded;
mod table;
pub(crate) mod verdict_style;

pub use advisories::{AdvisoryEntry, AdvisoryList, advisories, advisories_json, advisory, check};
pub use csv::csv;
pub use doctor::{CheckEntry, CheckupReport, checkup, checkup_json};
pub use html::{Logo, Paper, Shop, bench as html, html_file_name, sheets};
pub use jsonl::{Line, jsonl};
pub use recorded::{RecallCounts, history, recall};
pub(crate) use table::block;
pub use table::{brief, replaced, summary, table};
pub use verdict_style::time as day_of;

use crate::report::each_once;
pub use crate::report::json;

/// What a piece of text is, for whoever paints it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    Plain,
    Strong,
    Muted,
    /// A phone at risk.
    Danger,
    /// A phone to update, to be sure.
    Warning,
    /// A phone that wasn't checked.
    Unknown,
    /// A phone that is fine.
    Good,
    /// A field that says nothing of interest.
    MutedBlock,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub role: Style,
    pub text: String,
}

/// Lines of text with roles.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The lines, each without its newline.
    pub lines: Vec<Vec<Span>>,
}

impl Page {
    pub(crate) fn line(&mut self, spans: impl IntoIterator<Item = (Style, String)>) {
        self.lines.push(spans.into_iter().map(|(role, text)| Span { role, text }).collect());
    }

    pub(crate) fn blank(&mut self) {
        self.lines.push(Vec::new());
    }

    /// The text without roles, every line with its newline.
    #[must_use]
    pub fn plain(&self) -> String {
        let words =
            |line: &Vec<Span>| line.iter().map(|span| span.text.as_str()).collect::<String>();
        self.lines.iter().map(|line| words(line) + "\n").collect()
    }
}

/// The room that a renderer has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Columns; `None`: as many as it takes.
    pub width: Option<usize>,
    /// Whether the end stays in sight and the beginning doesn't, as on a terminal.
    pub worst_last: bool,
}

impl Layout {
    /// A page that is read from its beginning.
    #[must_use]
    pub const fn page(width: Option<usize>) -> Self {
        Self { width, worst_last: false }
    }
}

#[cfg(test)]
mod tests;
