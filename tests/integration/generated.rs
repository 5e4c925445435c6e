//! Files as phones and people make them, of made-up phones (`crate::support::generator`): each has its exact
//! verdict.

use std::fs;

use crate::support::Micheck;
use crate::support::generator::bugreport::Report;
use crate::support::generator::collections::{self, Collection};
use crate::support::generator::faults::Faults;
use crate::support::generator::full_dump::FullDump;
use crate::support::generator::inspected::{of_bytes, of_path};
use crate::support::generator::packing::{self, Packing};
use crate::support::generator::{self, AFFECTED, App, FIXED, Made, Phone, Release};

fn phones() -> impl Iterator<Item = Phone> {
    Release::ALL.into_iter().flat_map(|release| {
        let own = Phone::states().into_iter().map(move |app| Phone::new(1, release, app));
        own.chain([Phone { foreign: true, ..Phone::new(1, release, App::Absent) }])
    })
}

/// What makes real reports hard to read is in them.
#[test]
fn reports_have_what_real_ones_have() {
    for release in Release::ALL {
        let text = Report::new(&Phone::new(1, release, App::InForce(FIXED))).text();
        let count = |part: &str| text.matches(part).count();
        assert_eq!(count("\nDUMP OF SERVICE activity:\n"), 1, "{release:?}");
        let twice = usize::from(release.has_priorities());
        for name in ["activity", "input_method"] {
            assert_eq!(
                count(&format!("\nDUMP OF SERVICE CRITICAL {name}:\n")),
                twice,
                "{release:?}"
            );
        }
        let ends = usize::from(release.has_service_ends());
        assert_eq!(count("s was the duration of dumpsys package"), 2 * ends, "{release:?}");
        assert_eq!(
            count("  end--------- 0.021s was the duration of dumpsys not"),
            ends,
            "{release:?}"
        );
        assert_eq!(count("\n------ SHOW MAP 412 "), 2, "{release:?}");
        let skipped = if matches!(release.major, 7 | 8) { 2 } else { 0 };
        assert_eq!(count(" (skipped)\n"), skipped, "{release:?}");
        let behind = &text[text.find("== dumpstate: done").unwrap()..];
        assert_eq!(behind.contains("------ STATSDSTATS "), release.major >= 11, "{release:?}");
        let quiet = release.major == 10;
        assert_eq!(
            text.contains("was the duration of 'CHECKIN PACKAGE'"),
            release.major >= 7 && !quiet
        );
    }
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
