//! A property listing inside a text, from its first entry to whatever ends it.

use std::collections::BTreeSet;

use super::dump::{Item, ListingItem, MARGIN, is_displaced};
use crate::getprop::Properties;

/// The most that a property listing may have, in bytes; real ones have 100 KB.
const MAX_LISTING_BYTES: usize = 1 << 20;

/// The most lines that one value may have.
const MAX_VALUE_LINES: usize = 64;

/// A listing that is being read.
#[derive(Debug, Default)]
pub(super) struct Listing {
    text: Vec<u8>,
    keys: BTreeSet<Vec<u8>>,
    serial: Option<Vec<u8>>,
    /// An entry whose `]` hasn't come, line by line.
    value: Vec<Vec<u8>>,
}

/// Whether `line` is an entry of a property listing.
pub(super) fn is_entry(line: &[u8]) -> bool {
    key(line).is_some()
}

/// An entry that says who a phone is, or that it has started, without what a mail or a person has put
/// before it; any other line as it is.
pub(super) fn unmoved(line: &[u8]) -> &[u8] {
    let margin = line.iter().take_while(|byte| MARGIN.contains(byte)).count();
    let rest = &line[margin..];
    let tells = rest.starts_with(b"[ro.") || rest.starts_with(b"[sys.");
    if tells && is_entry(rest) { rest } else { line }
}

fn key(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"[")?;
    Some(&rest[..memchr::memmem::find(rest, b"]: [")?])
}

impl Listing {
    /// Whether `line` is an entry of another listing: no listing has a key twice.
    pub(super) fn is_ended_by(&self, line: &[u8]) -> bool {
        key(line).is_some_and(|key| self.keys.contains(key))
    }

    /// Takes a line; `None`: it is the listing's. Else neither are the lines before it that it gives,
    /// which looked like a value without an end.
    pub(super) fn line(&mut self, line: &[u8]) -> Option<Vec<Vec<u8>>> {
        if let Some(key) = key(line) {
            self.value.clear();
            if self.text.len() + line.len() < MAX_LISTING_BYTES {
                self.keys.insert(key.to_vec());
            }
        } else if !(1..MAX_VALUE_LINES).contains(&self.value.len()) || is_displaced(line) {
            return Some(self.abandoned());
        }
        self.value.push(line.to_vec());
        if line.ends_with(b"]") {
            self.keep();
        }
        None
    }

    /// The lines behind the beginning of an entry that doesn't end.
    pub(super) fn abandoned(&mut self) -> Vec<Vec<u8>> {
        let mut lines = std::mem::take(&mut self.value);
        lines.drain(..1.min(lines.len()));
        lines
    }

    /// Keeps the entry that has ended.
    fn keep(&mut self) {
        let lines = std::mem::take(&mut self.value);
        let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
        if self.text.len() + bytes > MAX_LISTING_BYTES {
            return;
        }
        if let [line] = lines.as_slice() {
            let serial = [&b"[ro.serialno]: ["[..], b"[ro.boot.serialno]: ["]
                .iter()
                .find_map(|start| line.strip_prefix(*start)?.strip_suffix(b"]"));
            if let Some(serial) = serial.filter(|serial| !serial.is_empty()) {
                self.serial.get_or_insert_with(|| serial.to_vec());
            }
        }
        for line in &lines {
            self.text.extend_from_slice(line);
            self.text.push(b'\n');
        }
    }

    /// What stands in it; `None`: other lines only look like entries.
    pub(super) fn finish(self, whole: bool) -> Option<Item> {
        let properties = Properties::read(&self.text);
        let known = !properties.is_empty() || self.keys.iter().any(|key| key.starts_with(b"ro."));
        known.then_some(Item::Listing(ListingItem { properties, serial: self.serial, whole }))
    }
}
