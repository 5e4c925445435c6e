//! A report as JSON lines: one object a line, for programs that read line by line.

use serde::Serialize;

use crate::report::{DeviceReport, FileReport, HintReport, Report, RunLine, Summary};
use micheck_core::escape::escape_json;

/// One line of a report as JSON lines: first the run, then its phones (or hints, if there is
/// none), last the summary.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Line<'a> {
    /// The first line: what the report says besides its phones.
    Run(RunLine),
    /// A phone, or a server that couldn't be asked.
    Device(&'a DeviceReport),
    /// A likely reason that no phone was found.
    Hint(&'a HintReport),
    /// A file that was met, or an entry of one, and what became of it.
    File(&'a FileReport),
    /// The last line; a file without it was cut short.
    Summary(Summary),
}

/// The report as JSON lines, each with its newline; phones in the report's order.
///
/// Escaped as JSON is: no text of a phone's, whatever it holds, begins a new line.
#[must_use]
pub fn jsonl(report: &Report) -> String {
    let run = Line::Run(RunLine {
        schema_version: report.schema_version,
        tool: report.tool.clone(),
        advisories: report.advisories.clone(),
        taken_at: report.taken_at.clone(),
        simulated: report.simulated,
        language: report.language,
    });
    let devices = report.devices.iter().map(Line::Device);
    let hints = report.hints.iter().map(Line::Hint);
    let files = report.files.iter().map(Line::File);
    let summary = Line::Summary(report.summary);
    let lines = std::iter::once(run).chain(devices).chain(hints).chain(files).chain([summary]);
    let mut out = String::new();
    for line in lines {
        let plain =
            serde_json::to_string(&line).expect("a report has string keys and finite numbers");
        out.push_str(&escape_json(&plain));
        out.push('\n');
    }
    out
}
