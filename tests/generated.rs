//! Files as phones and people make them, of made-up phones (`support::generator`): what is good
//! stays good, and nothing at risk becomes fine.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::collections::BTreeMap;

use support::generator::collections::{self, Collection};
use support::generator::inspected::{are, of_bytes, of_path};
use support::generator::packing::{self, Packing};
use support::generator::{self, App, FIXED, Made, Phone, Release, Row};

/// What went wrong, by kind, with a few examples of each.
#[derive(Default)]
struct Faults {
    looked_at: usize,
    needless: usize,
    kinds: BTreeMap<String, Vec<String>>,
}

impl Faults {
    /// Compares a file's rows with those that are right.
    fn compare(&mut self, what: &str, expected: &[Row], seen: &[generator::inspected::Seen]) {
        self.looked_at += 1;
        if are(expected, seen) {
            return;
        }
        let rows: Vec<Row> = seen.iter().map(|one| one.row).collect();
        let unknown = |rows: &[Row]| rows.iter().filter(|row| row.is_unknown()).count();
        self.needless += usize::from(unknown(&rows) > unknown(expected));
        self.kinds.entry(format!("{expected:?} became {rows:?}")).or_default().push(what.to_owned());
    }

    fn must_be_none(self) {
        let count: usize = self.kinds.values().map(Vec::len).sum();
        let mut text = format!(
            "{count} of {} files have wrong rows, {} of them a needless NOT CHECKED\n",
            self.looked_at, self.needless
        );
        for (kind, files) in &self.kinds {
            text += &format!("{kind}: {} times, as\n", files.len());
            for file in files.iter().take(6) {
                text += &format!("    {file}\n");
            }
        }
        assert!(self.kinds.is_empty(), "{text}");
    }
}

fn phones() -> impl Iterator<Item = Phone> {
    Release::ALL.into_iter().flat_map(|release| {
        let own = Phone::states().into_iter().map(move |app| Phone::new(1, release, app));
        own.chain([Phone { foreign: true, ..Phone::new(1, release, App::Absent) }])
    })
}

#[test]
fn every_genuine_file_has_its_exact_verdict() {
    let mut faults = Faults::default();
    for phone in phones() {
        for Made { what, bytes, rows } in generator::files(&phone) {
            faults.compare(&what, &rows, &of_bytes(&bytes));
        }
    }
    faults.must_be_none();
}

#[test]
fn every_genuine_collection_has_its_exact_verdict() {
    let mut faults = Faults::default();
    for phone in phones() {
        for Collection { what, files, rows } in collections::all(&phone) {
            let folder = tempfile::tempdir().unwrap();
            packing::write_tree(folder.path(), &files);
            faults.compare(&format!("folder, {what}"), &rows, &of_path(folder.path()));
            faults.compare(&format!("zip, {what}"), &rows, &of_bytes(&packing::zip_of(&files)));
        }
    }
    faults.must_be_none();
}

#[test]
fn packing_changes_no_verdict() {
    let mut faults = Faults::default();
    for app in Phone::states() {
        for Made { what, bytes, rows } in generator::files(&Phone::new(1, Release::USUAL, app)) {
            for packing in Packing::ALL {
                let is_archive = bytes.starts_with(b"PK");
                if is_archive && packing.depth() > 2 {
                    continue;
                }
                let what = format!("{packing:?}, {what}");
                faults.compare(&what, &rows, &of_bytes(&packing.pack(&bytes)));
            }
            if let Ok(text) = str::from_utf8(&bytes)
                && !bytes.starts_with(b"PK")
            {
                for big in [false, true] {
                    let what = format!("UTF-16 {big}, {what}");
                    faults.compare(&what, &rows, &of_bytes(&packing::utf16(text, big)));
                }
                let crlf = text.replace('\n', "\r\n");
                faults.compare(&format!("CRLF, {what}"), &rows, &of_bytes(crlf.as_bytes()));
            }
        }
    }
    faults.must_be_none();
}

/// As long as real ones: what stands behind the list of packages takes megabytes.
#[test]
fn length_changes_no_verdict() {
    let mut faults = Faults::default();
    for app in [App::InForce(FIXED), App::Absent, App::InForce(generator::AFFECTED)] {
        let phone = Phone::new(1, Release::USUAL, app);
        for padding in [1_500, 4_000, 20_000] {
            let mut report = generator::bugreport::Report::new(&phone);
            report.log_lines = padding;
            let mut dump = generator::full_dump::FullDump::new(&phone);
            dump.padding = padding / 10;
            for service in report.services.iter_mut().filter(|one| one.name == "package") {
                service.text = dump.text();
            }
            let what = format!("{padding} lines, {app:?}");
            faults.compare(&what, &[phone.truth()], &of_bytes(report.text().as_bytes()));
            faults.compare(&what, &[phone.truth()], &of_bytes(&report.zip()));
        }
    }
    faults.must_be_none();
}
