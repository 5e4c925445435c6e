//! Any bytes as a package dump: nothing panics, and no verdict says more than the bytes do.

#![no_main]

use libfuzzer_sys::fuzz_target;
use micheck_core::advisory::Rating;
use micheck_core::dumpsys;
use micheck_core::lines::lines;
use micheck_core::verdict::Verdict;
use micheck_fuzz::{advisory, fine, live, package, saved, verdict, with_crlf};

fuzz_target!(|dump: &[u8]| {
    let extraction = dumpsys::read(dump, package());
    if let Some(crlf) = with_crlf(dump) {
        assert_eq!(dumpsys::read(&crlf, package()), extraction, "CRLF changes what is read");
    }
    let whole = verdict(&saved(dump));
    holds(dump, whole);
    holds(dump, verdict(&live(dump)));
    cut(dump, whole);
});

/// What must stand in a dump, each as a line of its own, for a verdict to be given.
fn holds(dump: &[u8], verdict: Verdict) {
    let has = |wanted: &dyn Fn(&[u8]) -> bool| lines(dump).any(wanted);
    let rated = |rating: Rating| {
        let name = |line: &[u8]| {
            let name = line.strip_prefix(b"    versionName=");
            name.is_some_and(|name| advisory().rate(name) == rating)
        };
        has(&name)
    };
    let header = format!("  Package [{}] (", package().as_str());
    let block =
        || has(&|line| line == b"Packages:") && has(&|line| line.starts_with(header.as_bytes()));
    let absent = format!("Unable to find package: {}", package().as_str());
    let said_absent = || has(&|line| line.trim_ascii_start() == absent.as_bytes());
    let user = |state: &str| {
        let word = format!("installed={state}");
        let of = |line: &[u8]| line.split(u8::is_ascii_whitespace).any(|it| it == word.as_bytes());
        has(&|line| line.starts_with(b"    User ") && of(line))
    };
    match verdict {
        Verdict::Vulnerable => assert!(block() && rated(Rating::Vulnerable)),
        Verdict::Unconfirmed => {
            assert!(block() && user("true") && rated(Rating::Unconfirmed));
        }
        Verdict::Patched => assert!(block() && user("true") && rated(Rating::Fixed)),
        Verdict::NotInstalled | Verdict::NotApplicable => {
            assert!(said_absent() || (block() && user("false")));
        }
        Verdict::Unknown(_) => {}
    }
}

/// What is at risk as a whole is never fine when the file was cut.
fn cut(dump: &[u8], whole: Verdict) {
    // Words of absence are believed where they stand alone, and a cut can leave them so.
    let words = b"Unable to find package";
    if !whole.is_at_risk() || dump.windows(words.len()).any(|window| window == words) {
        return;
    }
    for tenth in 1..10 {
        let part = &dump[..dump.len() * tenth / 10];
        let verdict = verdict(&saved(part));
        assert!(!fine(verdict), "{whole:?}, cut at {}: {verdict:?}", part.len());
    }
}
