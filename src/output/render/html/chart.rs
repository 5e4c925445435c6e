//! The chart of verdicts as inline SVG: a bar for each, with its symbol, word and number.

use maud::{Markup, html};

use super::class;
use crate::output::render::verdict_style::symbol;
use crate::report::Summary;
use crate::text::{Text, t};
use micheck_core::verdict::Verdict;

/// The chart's own measures; it is drawn as wide as the page lets it.
const WIDTH: usize = 360;
const ROW: usize = 30;
const BAR: usize = 8;

/// The chart; nothing where there is no phone.
pub(super) fn chart(summary: &Summary, text: Text) -> Markup {
    let rows: Vec<(usize, Verdict)> =
        summary.by_verdict().into_iter().filter(|(count, _)| *count > 0).collect();
    let most = rows.iter().map(|(count, _)| *count).max().unwrap_or(1).max(1);
    let height = rows.len() * ROW;
    if rows.is_empty() {
        return html! {};
    }
    html! {
        svg.chart viewBox=(format!("0 0 {WIDTH} {height}")) role="img"
            aria-label=(t!(text, "bench-chart", counts = crate::output::render::summary(summary, text))) {
            @for (row, (count, verdict)) in rows.into_iter().enumerate() {
                @let top = row * ROW;
                @let width = (count * WIDTH / most).max(3);
                text x="0" y=(top + 14) { (symbol(verdict)) " " (text.verdict_word(verdict)) }
                text.number x=(WIDTH) y=(top + 14) { (count) }
                rect.track x="0" y=(top + 19) width=(WIDTH) height=(BAR) rx="2" {}
                rect class=(class(verdict)) x="0" y=(top + 19) width=(width) height=(BAR) rx="2" {}
            }
        }
    }
}
