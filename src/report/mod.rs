//! The report of a run: its data, how it is built and read again, and evidence as files.

mod build;
mod departure;
pub mod evidence_dir;
pub mod evidence_files;
mod finding;
pub mod import;
mod model;
mod number;
mod observation;
mod redact;
pub mod serial;
mod steps;
mod texts;
mod updater_request;

pub use departure::Gone;
pub use finding::*;
pub use model::*;
pub use observation::{Outcome, ProbeResult, Probed, Run};
pub use redact::{is_address, lasting_serial};
pub use updater_request::UpdaterRequest;

/// Indented JSON with a newline at the end. Characters that could deceive whoever looks at it
/// (controls, bidi, C1) are `\u`-escaped, so that a parser gets them back and a terminal doesn't.
#[must_use]
pub fn json(value: &impl serde::Serialize) -> String {
    let plain = serde_json::to_string_pretty(value).expect("string keys and finite numbers");
    format!("{}\n", micheck_core::escape::escape_json(&plain))
}

/// The first of all that have the same key, in their order.
pub(crate) fn each_once<T, K: PartialEq>(
    all: impl IntoIterator<Item = T>,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut once: Vec<T> = Vec::new();
    for one in all {
        if !once.iter().any(|known| key(known) == key(&one)) {
            once.push(one);
        }
    }
    once
}

/// The longest part of a file's name that is made of a phone's, in characters.
const MAX_STEM_CHARS: usize = 40;

/// A phone's name as part of a file's, fit for every system: ASCII letters and digits, with `-`
/// between.
pub(crate) fn file_stem(name: &str) -> String {
    let mut stem = String::new();
    for sign in name.chars() {
        if stem.len() == MAX_STEM_CHARS {
            break;
        }
        if sign.is_ascii_alphanumeric() {
            stem.push(sign);
        } else if !stem.is_empty() && !stem.ends_with('-') {
            stem.push('-');
        }
    }
    stem.trim_end_matches('-').to_owned()
}
