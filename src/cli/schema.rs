//! JSON Schemas (draft 2020-12) of what micheck writes, made from the types. Core: no I/O.
//!
//! Only in tests, not in the shipped program: the schemas that people use are files in `docs/`, and
//! the test below sees to it that they are these.

mod tests;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform as _};
use schemars::{JsonSchema, Schema};

use crate::output::render::{AdvisoryList, CheckupReport, Line};
use crate::report::Report;
use crate::watch::board::WatchEvent;

/// The schema of a JSON report.
fn report() -> String {
    text_of::<Report>("micheck report")
}

/// The schema of one line of a report as JSON lines.
fn report_line() -> String {
    text_of::<Line<'_>>("line of a micheck report")
}

/// The schema of an event of `micheck watch`.
fn watch_line() -> String {
    text_of::<WatchEvent>("event of micheck watch")
}

/// The schema of advisories as JSON.
fn advisories() -> String {
    text_of::<AdvisoryList<'_>>("micheck advisories")
}

/// The schema of a check-up as JSON.
fn checkup() -> String {
    text_of::<CheckupReport>("micheck doctor")
}

fn text_of<T: JsonSchema>(title: &str) -> String {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    schema.insert("title".to_owned(), title.into());
    RecursiveTransform(without_formats_of_rust).transform(&mut schema);
    let text = serde_json::to_string_pretty(&schema).expect("a schema is JSON");
    format!("{text}\n")
}

/// `uint64` and its like are no formats of JSON Schema; some validators refuse them.
fn without_formats_of_rust(schema: &mut Schema) {
    if schema.get("format").and_then(|format| format.as_str()) != Some("date-time") {
        schema.remove("format");
    }
}
