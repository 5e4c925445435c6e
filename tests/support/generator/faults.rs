//! Files whose rows aren't right, counted over thousands.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::inspected::{Seen, are, fault_of_fine, of_bytes};
use super::{Phone, Row};

/// What went wrong, by kind, with a few examples of each.
#[derive(Default)]
pub(crate) struct Faults {
    looked_at: usize,
    needless: usize,
    kinds: BTreeMap<String, Vec<String>>,
}

impl Faults {
    /// Compares a file's rows with those that are right.
    pub(crate) fn compare(&mut self, what: &str, expected: &[Row], seen: &[Seen]) {
        self.looked_at += 1;
        if are(expected, seen) {
            return;
        }
        let rows: Vec<Row> = seen.iter().map(|one| one.row).collect();
        let unknown = |rows: &[Row]| rows.iter().filter(|row| row.is_unknown()).count();
        self.needless += usize::from(unknown(&rows) > unknown(expected));
        self.kinds
            .entry(format!("{expected:?} became {rows:?}"))
            .or_default()
            .push(what.to_owned());
    }

    /// Notes that a phone at risk is called fine.
    pub(crate) fn no_fine(&mut self, what: &str, phone: &Phone, bytes: &[u8]) {
        self.looked_at += 1;
        let seen = of_bytes(bytes);
        if let Some(fault) = fault_of_fine(&[*phone], &seen) {
            let rows: Vec<Row> = seen.iter().map(|one| one.row).collect();
            self.kinds.entry(format!("{fault}, {rows:?}")).or_default().push(what.to_owned());
        }
    }

    pub(crate) fn must_be_none(self) {
        let count: usize = self.kinds.values().map(Vec::len).sum();
        let mut text = format!(
            "{count} of {} files have wrong rows, {} of them a needless NOT CHECKED\n",
            self.looked_at, self.needless
        );
        for (kind, files) in &self.kinds {
            writeln!(text, "{kind}: {} times, as", files.len()).unwrap();
            for file in files.iter().take(6) {
                writeln!(text, "    {file}").unwrap();
            }
        }
        assert!(self.kinds.is_empty(), "{text}");
    }
}
