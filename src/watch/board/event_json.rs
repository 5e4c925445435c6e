//! An event of `micheck watch` as a line of JSON.

use crate::watch::board::WatchEvent;
use micheck_core::escape::escape_json;

/// The event on one line, with its newline. Escaped as JSON is: no text of a phone's, whatever it
/// holds, begins a new line.
///
/// # Panics
/// Never: an event has nothing that JSON can't hold.
#[must_use]
pub fn told(told: &WatchEvent) -> String {
    let plain = serde_json::to_string(told).expect("an event has string keys and finite numbers");
    let mut line = escape_json(&plain);
    line.push('\n');
    line
}
