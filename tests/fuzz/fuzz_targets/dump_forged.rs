//! Another app on a phone at risk chooses its `versionName`, newlines and all, and with it any
//! lines of a full dump: it never makes the phone fine.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use micheck_fuzz::{fine, lines_with_ends, live, saved, verdict};

/// A full dump's `Packages:` with the block of an app that anybody may have written.
const OTHER_APP: &str = "  Package [com.evil.app] (1c2d3e4):
    userId=10107
    pkg=Package{aaaa111 com.evil.app}
    codePath=/data/app/~~b7Qm2nX0yKp4dR1sVt9uAg==/com.evil.app-Hc5jLw8eZr3oTq6iUy2xNA==
    versionCode=7 minSdk=28 targetSdk=34
    versionName=@
    splits=[base]
    flags=[ HAS_CODE ]
    dataDir=/data/user/0/com.evil.app
    timeStamp=2024-11-02 09:14:31
    pkgFlags=[ HAS_CODE ]
    User 0: ceDataInode=1 installed=true hidden=false enabled=0
      gids=[3003]
";

/// Dumps of phones at risk, cut in two where a block of another app can stand.
static DUMPS: LazyLock<Vec<(Vec<u8>, Vec<u8>)>> = LazyLock::new(|| {
    let mut dumps = Vec::new();
    for sample in [
        include_str!("../../../fixtures/dumpsys/android7.txt"),
        include_str!("../../../fixtures/dumpsys/android11.txt"),
        include_str!("../../../fixtures/dumpsys/android14.txt"),
        include_str!("../../../fixtures/dumpsys/android16.txt"),
    ] {
        let sample = sample.replace("versionName=3.1.900.12", "versionName=3.1.895.10");
        let lines = lines_with_ends(sample.as_bytes());
        let title = lines.iter().position(|line| *line == b"Packages:\n").expect("it has blocks");
        let hidden = lines.iter().position(|line| *line == b"Hidden system packages:\n");
        for at in [title + 1, hidden.expect("it has a factory copy")] {
            dumps.push((lines[..at].concat(), lines[at..].concat()));
        }
    }
    dumps
});

fuzz_target!(|input: &[u8]| {
    let Some((&choice, forged)) = input.split_first() else { return };
    let (before, behind) = &DUMPS[usize::from(choice) % DUMPS.len()];
    let (to_name, from_name) = OTHER_APP.split_once('@').expect("it has a place for the name");
    let dump = [before, to_name.as_bytes(), forged, from_name.as_bytes(), behind].concat();
    for evidence in [saved(&dump), live(&dump)] {
        let verdict = verdict(&evidence);
        assert!(!fine(verdict), "{verdict:?}:\n{}", String::from_utf8_lossy(&dump));
    }
});
