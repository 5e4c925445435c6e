//! Any bytes as a saved text: nothing panics, any two ways of cutting it into pieces say the same,
//! and a file of a phone at risk never says that the phone is fine: a bug report, whatever an app
//! printed, and its dump behind any other text, which has a row of its own or something NOT CHECKED.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use micheck_core::saved_dump::{DumpScanner, SavedPhone};
use micheck_fuzz::{fine, package, pieces, verdict};

/// A bug report of a phone at risk, cut in two where another app's version is printed.
static REPORT: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
    let sample = include_str!("../../../fixtures/dumpsys/android14.txt");
    let evil = "Packages:\n  Package [com.evil.app] (1c2d3e4):\n    pkg=Package{aaaa111 com.evil.app}\n    \
                versionCode=7 minSdk=28 targetSdk=34\n    versionName=@\n    splits=[base]\n    \
                flags=[ HAS_CODE ]\n    pkgFlags=[ HAS_CODE ]\n    \
                User 0: ceDataInode=1 installed=true enabled=0\n";
    let dump = sample.replace("3.1.900.12", "3.1.895.10").replacen("Packages:\n", evil, 1);
    let rule = "-".repeat(79);
    let report = format!(
        "== dumpstate: 2024-05-13 10:22:33\n\n------ SYSTEM PROPERTIES (getprop) ------\n\
         [ro.product.brand]: [google]\n------ 0.010s was the duration of 'SYSTEM PROPERTIES' ------\n\
         ------ DUMPSYS (/system/bin/dumpsys) ------\n\
         {rule}\nDUMP OF SERVICE package:\n{dump}\
         --------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n\
         {rule}\nDUMP OF SERVICE window:\n\
         --------- 0.1s was the duration of dumpsys window, ending at: 2024-05-13\n\
         ------ 9.1s was the duration of 'DUMPSYS' ------\n\
         ------ CHECKIN PACKAGE (/system/bin/dumpsys -T 10000 package --checkin) ------\n\
         vers,1\npkg,android,1000,34,1,?,0\n\
         ------ 0.1s was the duration of 'CHECKIN PACKAGE' ------\n\
         ------ APP ACTIVITIES (/system/bin/dumpsys activity all) ------\n"
    );
    let (before, behind) = report.split_once('@').expect("it has a place for the name");
    (before.into(), behind.into())
});

/// The dump of a phone at risk, which begins with a listing.
static BAD: LazyLock<String> = LazyLock::new(|| {
    let sample = include_str!("../../../fixtures/dumpsys/android14.txt");
    format!("{}{}", micheck_fuzz::GETPROP, sample.replace("3.1.900.12", "3.1.895.10"))
});

fuzz_target!(|input: &[u8]| {
    let Some((&[seed, other], text)) = input.split_first_chunk::<2>() else { return };
    let whole = read(&[text]);
    let cut = read(&pieces(text, u16::from_le_bytes([seed, other])));
    assert_eq!(format!("{whole:?}"), format!("{cut:?}"), "pieces change what is read");
    for phone in &whole {
        verdict(&phone.evidence);
    }
    let bad = [text, b"\n", BAD.as_bytes()].concat();
    let rows: Vec<_> = read(&[&bad]).iter().map(|phone| verdict(&phone.evidence)).collect();
    assert!(rows.iter().any(|row| !fine(*row)), "{rows:?}");
    let (before, behind) = &*REPORT;
    for phone in read(&[before, text, behind]) {
        let verdict = verdict(&phone.evidence);
        assert!(!fine(verdict), "{verdict:?}:\n{}", String::from_utf8_lossy(text));
    }
});

fn read(pieces: &[&[u8]]) -> Vec<SavedPhone> {
    let packages = [package().clone()];
    let mut scanner = DumpScanner::new(&packages);
    for piece in pieces {
        scanner.feed(piece);
    }
    scanner.finish()
}
