//! A report as JSON.

use crate::report::Report;
use micheck_core::escape::escape_json;

/// The report as indented JSON, with a newline at the end.
///
/// Characters that could deceive whoever looks at it (controls, bidi, C1) are
/// `\u`-escaped, so that a parser gets them back and a terminal doesn't.
#[must_use]
pub fn json(report: &Report) -> String {
    let plain =
        serde_json::to_string_pretty(report).expect("a report has string keys and finite numbers");
    let mut out = escape_json(&plain);
    out.push('\n');
    out
}
