//! Files as phones and people make them, of made-up phones (`support::generator`): what is good
//! stays good, and nothing at risk becomes fine.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::collections::BTreeMap;
use std::fs;

use proptest::prelude::*;
use proptest::sample::Index;
use support::Micheck;
use support::generator::bugreport::Report;
use support::generator::collections::{self, Collection};
use support::generator::full_dump::FullDump;
use support::generator::inspected::{Seen, are, fault, fault_of_fine, of_bytes, of_path};
use support::generator::packing::{self, Packing};
use support::generator::{self, AFFECTED, App, FIXED, Made, Phone, Release, Row, forgery};

/// What went wrong, by kind, with a few examples of each.
#[derive(Default)]
struct Faults {
    looked_at: usize,
    needless: usize,
    kinds: BTreeMap<String, Vec<String>>,
}

impl Faults {
    /// Compares a file's rows with those that are right.
    fn compare(&mut self, what: &str, expected: &[Row], seen: &[Seen]) {
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
    fn no_fine(&mut self, what: &str, phone: &Phone, bytes: &[u8]) {
        self.looked_at += 1;
        let seen = of_bytes(bytes);
        if let Some(fault) = fault_of_fine(&[*phone], &seen) {
            let rows: Vec<Row> = seen.iter().map(|one| one.row).collect();
            self.kinds.entry(format!("{fault}, {rows:?}")).or_default().push(what.to_owned());
        }
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
    for app in [App::InForce(FIXED), App::Absent, App::InForce(AFFECTED)] {
        let phone = Phone::new(1, Release::USUAL, app);
        for padding in [1_500, 4_000, 20_000] {
            let mut report = Report::new(&phone);
            report.log_lines = padding;
            let mut dump = FullDump::new(&phone);
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

/// Releases that print differently where it matters for forgeries.
fn releases() -> impl Iterator<Item = Release> {
    Release::ALL.into_iter().filter(|release| [6, 7, 8, 9, 10, 14].contains(&release.major))
}

/// Places at which to cut: `count` of them, evenly.
fn cuts(text: &str, count: usize) -> impl Iterator<Item = &str> {
    (1..=count).map(move |part| &text[..forgery::floor(text, text.len() * part / count)])
}

#[test]
fn no_app_forges_health_in_the_list_of_packages() {
    let mut faults = Faults::default();
    for release in releases() {
        let phone = forgery::victim(release);
        let whole = forgery::last_words(release).into_iter().map(|words| (words, 1));
        let torn = forgery::words(release).into_iter().map(|words| (words, 12));
        for (number, (words, parts)) in torn.chain(whole).enumerate() {
            for (closed, before) in [(false, false), (false, true), (true, false), (true, true)] {
                let what = format!("words {number} closed {closed} before {before} {release:?}");
                let report = forgery::in_packages(&phone, &words, closed, before);
                faults.no_fine(&format!("zip, {what}"), &phone, &report.zip());
                for text in cuts(&report.text(), parts) {
                    let what = format!("report of {}, {what}", text.len());
                    faults.no_fine(&what, &phone, text.as_bytes());
                }
                let dump = forgery::full_dump(&phone, &words, closed, before).text();
                for text in cuts(&dump, parts) {
                    faults.no_fine(&format!("all, {what}"), &phone, text.as_bytes());
                }
                // Right behind what was forged.
                let forged = dump.find(&words).unwrap() + words.len();
                faults.no_fine(&format!("forged end, {what}"), &phone, &dump.as_bytes()[..forged]);
            }
        }
    }
    faults.must_be_none();
}

#[test]
fn no_app_forges_health_in_another_service() {
    let mut faults = Faults::default();
    for release in releases() {
        let phone = forgery::victim(release);
        for name in ["activity", "alarm", "batterystats", "dropbox", "wifi"] {
            let whole = forgery::last_services(release, name).into_iter().map(|words| (words, 1));
            let torn = forgery::services(release, name).into_iter().map(|words| (words, 12));
            for (number, (words, parts)) in torn.chain(whole).enumerate() {
                let what = format!("service {number} in {name} {release:?}");
                let report = forgery::in_service(&phone, name, &words);
                for text in cuts(&report.text(), parts) {
                    let what = format!("{what}, {} bytes", text.len());
                    faults.no_fine(&what, &phone, text.as_bytes());
                }
                let late = forgery::out_of_time(&report);
                faults.no_fine(&format!("out of time, {what}"), &phone, late.text().as_bytes());
                faults.no_fine(&format!("zip, {what}"), &phone, &late.zip());
                let killed = forgery::killed(&report, 700);
                faults.no_fine(&format!("killed, {what}"), &phone, killed.as_bytes());
                let all = generator::dumpsys::text(release, &report.services, &[]);
                for text in cuts(&all, parts) {
                    faults.no_fine(&format!("dumpsys, {what}"), &phone, text.as_bytes());
                }
            }
        }
    }
    faults.must_be_none();
}

#[test]
fn no_report_that_broke_off_makes_a_phone_fine() {
    let mut faults = Faults::default();
    for release in releases() {
        let phone = forgery::victim(release);
        let report = Report::new(&phone);
        for at in (0..FullDump::new(&phone).text().len()).step_by(211) {
            let killed = forgery::killed(&report, at);
            faults.no_fine(&format!("killed at {at} {release:?}"), &phone, killed.as_bytes());
            for restarted in [false, true] {
                let died = forgery::died(&report, at, restarted).text();
                let what = format!("died at {at}, restarted {restarted} {release:?}");
                faults.no_fine(&what, &phone, died.as_bytes());
            }
        }
        for text in cuts(&report.text(), 300) {
            faults.no_fine(&format!("cut at {} {release:?}", text.len()), &phone, text.as_bytes());
        }
    }
    faults.must_be_none();
}

/// What of a phone stands in a file.
#[derive(Debug, Clone, Copy)]
enum Part {
    Dump,
    ListingAndDump,
    DumpAndListing,
    AllApps,
    AllServices,
    Report,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::Dump,
        Self::ListingAndDump,
        Self::DumpAndListing,
        Self::AllApps,
        Self::AllServices,
        Self::Report,
    ];

    fn text(self, phone: &Phone) -> String {
        let (dump, listing) = (generator::dump::text(phone), generator::getprop::listing(phone));
        match self {
            Self::Dump => dump,
            Self::ListingAndDump => listing + &dump,
            Self::DumpAndListing => dump + &listing,
            Self::AllApps => FullDump::new(phone).text(),
            Self::AllServices => {
                String::from_utf8(generator::dumpsys::of_all_services(phone).bytes).unwrap()
            }
            Self::Report => Report::new(phone).text(),
        }
    }

    /// The row of a file with nothing but this.
    fn row(self, phone: &Phone) -> Row {
        let ends = phone.release.has_service_ends();
        let framed = |right: Row| if ends { right } else { right.at_most_risk("") };
        match self {
            Self::Dump => generator::dump::row(phone, phone.truth_without_maker()),
            Self::ListingAndDump | Self::DumpAndListing => {
                generator::dump::row(phone, phone.truth())
            }
            Self::AllApps => phone.truth_without_maker().at_most_risk(""),
            Self::AllServices => framed(phone.truth_without_maker()),
            Self::Report => framed(phone.truth()),
        }
    }
}

/// What stands between two files that somebody put into one.
const BETWEEN_FILES: [&str; 5] = [
    "",
    "\n",
    "\n\n\n",
    "== dump\n",
    "$ adb shell dumpsys package com.xiaomi.mi_connect_service\n",
];

/// A phone and what is kept of it; of those that print nothing, something is.
fn phones_and_parts(most: usize) -> impl Strategy<Value = Vec<(Phone, Part)>> {
    let one = (any::<Index>(), any::<Index>(), any::<Index>());
    prop::collection::vec(one, 1..=most).prop_map(|picks| {
        let numbered = (1..).zip(picks);
        let picked = numbered.map(|(number, (release, app, part))| {
            let phone = Phone::new(number, *release.get(&Release::ALL), *app.get(&Phone::states()));
            let silent = phone.release.major < 7 && phone.app == App::Absent;
            let part = *part.get(&Part::ALL);
            (phone, if silent { Part::Report } else { part })
        });
        picked.collect()
    })
}

fn encoded(text: &str, encoding: usize) -> Vec<u8> {
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => text.replace('\n', "\r\n").into_bytes(),
        _ => packing::utf16(text, encoding == 3),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// In one text: every phone is accounted for, and none at risk is fine.
    #[test]
    fn phones_in_one_text_are_accounted_for(
        parts in phones_and_parts(4),
        between in 0_usize..BETWEEN_FILES.len(),
        encoding in 0_usize..4,
        packing in any::<Index>(),
        cut in any::<Index>(),
    ) {
        let texts: Vec<String> = parts.iter().map(|(phone, part)| part.text(phone)).collect();
        let text = texts.join(BETWEEN_FILES[between]);
        let phones: Vec<Phone> = parts.iter().map(|(phone, _)| *phone).collect();
        let bytes = encoded(&text, encoding);
        let seen = of_bytes(&packing.get(&Packing::ALL).pack(&bytes));
        prop_assert_eq!(fault(&phones, phones.len(), &seen), None, "{:?} {:?}", parts, seen);
        let seen = of_bytes(&bytes[..cut.index(bytes.len())]);
        prop_assert_eq!(fault_of_fine(&phones, &seen), None, "cut {:?} {:?}", parts, seen);
    }

    /// Each text in an encoding of its own, one behind the other, as `>>` of two shells makes it.
    #[test]
    fn phones_in_several_encodings_are_accounted_for(
        parts in phones_and_parts(3),
        encodings in prop::collection::vec(0_usize..4, 3),
    ) {
        let phones: Vec<Phone> = parts.iter().map(|(phone, _)| *phone).collect();
        let pieces = parts.iter().zip(&encodings);
        let bytes: Vec<u8> =
            pieces.flat_map(|((phone, part), how)| encoded(&part.text(phone), *how)).collect();
        let seen = of_bytes(&bytes);
        prop_assert_eq!(fault(&phones, phones.len(), &seen), None, "{:?} {:?} {:?}", encodings, parts, seen);
    }

    /// A phone behind the other: listing and dump, each pair in the same order.
    #[test]
    fn listings_and_dumps_that_alternate_keep_their_verdicts(
        states in prop::collection::vec((any::<Index>(), any::<Index>()), 1..5),
        listing_first in any::<bool>(),
        between in 0_usize..BETWEEN_FILES.len(),
    ) {
        let part = if listing_first { Part::ListingAndDump } else { Part::DumpAndListing };
        // Those that print something, and nothing that ends a text that isn't whole.
        let releases: Vec<Release> =
            Release::ALL.into_iter().filter(|release| release.major >= 7).collect();
        let phones: Vec<Phone> = (1..)
            .zip(states)
            .map(|(number, (release, app))| {
                Phone::new(number, *release.get(&releases), *app.get(&Phone::states()))
            })
            .collect();
        let texts: Vec<String> = phones.iter().map(|phone| part.text(phone)).collect();
        let rows: Vec<Row> = phones.iter().map(|phone| part.row(phone)).collect();
        let seen = of_bytes(texts.join(BETWEEN_FILES[between]).as_bytes());
        prop_assert!(are(&rows, &seen), "{rows:?} {seen:?} {phones:?}");
    }

    /// Files of their own, each packed and encoded in its own way, in folders of their own.
    #[test]
    fn phones_in_files_of_their_own_keep_their_verdicts(
        parts in phones_and_parts(4),
        ways in prop::collection::vec((any::<Index>(), 0_usize..4), 4),
    ) {
        let pieces = parts.iter().zip(&ways).enumerate();
        let files: Vec<(String, Vec<u8>)> = pieces
            .map(|(number, ((phone, part), (packing, encoding)))| {
                let packing = *packing.get(&Packing::ALL[..6]);
                (format!("p{number}/file"), packing.pack(&encoded(&part.text(phone), *encoding)))
            })
            .collect();
        let rows: Vec<Row> = parts.iter().map(|(phone, part)| part.row(phone)).collect();
        let seen = of_bytes(&packing::zip_of(&files));
        prop_assert!(are(&rows, &seen), "zip {rows:?} {seen:?} {parts:?} {ways:?}");
        let folder = tempfile::tempdir().unwrap();
        packing::write_tree(folder.path(), &files);
        let seen = of_path(folder.path());
        prop_assert!(are(&rows, &seen), "folder {rows:?} {seen:?} {parts:?} {ways:?}");
    }

    /// The same files in one folder: which belongs to which can't always be told.
    #[test]
    fn phones_in_one_folder_are_accounted_for(
        parts in phones_and_parts(4),
        ways in prop::collection::vec((any::<Index>(), 0_usize..4), 4),
        cut in any::<Index>(),
    ) {
        let phones: Vec<Phone> = parts.iter().map(|(phone, _)| *phone).collect();
        let pieces = parts.iter().zip(&ways).enumerate();
        let files: Vec<(String, Vec<u8>)> = pieces
            .map(|(number, ((phone, part), (packing, encoding)))| {
                let packing = *packing.get(&Packing::ALL[..6]);
                (format!("{number}"), packing.pack(&encoded(&part.text(phone), *encoding)))
            })
            .collect();
        let archive = packing::zip_of(&files);
        let seen = of_bytes(&archive);
        // A report that has nothing in common with a dump may be the same phone's.
        let reports = parts.iter().filter(|(_, part)| matches!(part, Part::Report)).count();
        let least = reports.max(parts.len() - reports);
        prop_assert_eq!(fault(&phones, least, &seen), None, "zip {:?} {:?}", parts, seen);
        let folder = tempfile::tempdir().unwrap();
        packing::write_tree(folder.path(), &files);
        let in_folder = of_path(folder.path());
        prop_assert_eq!(fault(&phones, least, &in_folder), None, "folder {:?} {:?}", parts, in_folder);
        let rows = |seen: &[Seen]| seen.iter().map(|one| one.row).collect::<Vec<_>>();
        prop_assert_eq!(rows(&seen), rows(&in_folder), "zip and folder {:?}", parts);
        let seen = of_bytes(&archive[..cut.index(archive.len())]);
        prop_assert_eq!(fault_of_fine(&phones, &seen), None, "cut {:?} {:?}", parts, seen);
    }
}

/// The shipped program says the same as the library.
#[test]
fn the_program_says_the_same() {
    for phone in [
        Phone::new(1, Release::USUAL, App::InForce(AFFECTED)),
        Phone::new(2, Release::USUAL, App::InForce(FIXED)),
        Phone::new(3, Release::USUAL, App::Absent),
    ] {
        for Made { what, bytes, .. } in generator::files(&phone) {
            let run = Micheck::new(["inspect", "--format", "json", "file"]);
            fs::write(run.dir().join("file"), &bytes).unwrap();
            let report = run.run().json();
            let devices = report["devices"].as_array().unwrap();
            let said: Vec<&str> =
                devices.iter().map(|device| device["verdict"].as_str().unwrap()).collect();
            let seen = of_bytes(&bytes);
            let rows: Vec<&str> = seen.iter().map(|one| one.row.key()).collect();
            assert_eq!(said, rows, "{what}");
        }
    }
}
