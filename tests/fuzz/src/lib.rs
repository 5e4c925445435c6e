//! What the targets share: the advisory, evidence around a dump, and bytes cut into pieces.

use std::sync::LazyLock;

use micheck_core::advisory::{Advisory, AdvisorySet};
use micheck_core::evidence::{Evidence, Origin, Part, PartEnd};
use micheck_core::getprop::Properties;
use micheck_core::judge::judge;
use micheck_core::package_name::PackageName;
use micheck_core::verdict::{Reason, Verdict};

/// A device that says that it is no Xiaomi and that it has started: nothing but the dump keeps it
/// from being called fine.
pub const GETPROP: &str = "[ro.build.version.sdk]: [34]\n[ro.product.manufacturer]: [Google]\n\
                           [ro.product.brand]: [google]\n[sys.boot_completed]: [1]\n";

static ADVISORY: LazyLock<Advisory> = LazyLock::new(|| {
    let set = AdvisorySet::embedded().only("mi-connect").expect("it is built in");
    set.advisories.into_iter().next().expect("it is the only one")
});

/// The advisory that everything is judged by.
pub fn advisory() -> &'static Advisory {
    &ADVISORY
}

/// The package that it speaks of.
pub fn package() -> &'static PackageName {
    &ADVISORY.packages[0].name
}

/// A dump in a file.
pub fn saved(dump: &[u8]) -> Evidence {
    let mut evidence = with(Origin::Saved, PartEnd::Unmarked, Properties::default(), dump);
    evidence.properties_end = PartEnd::Cut(Reason::IncompleteAnswer);
    evidence
}

/// A dump that a phone gave, whole.
pub fn live(dump: &[u8]) -> Evidence {
    let properties = Properties::read(GETPROP.as_bytes());
    with(Origin::Live, PartEnd::Closed { exit_code: 0 }, properties, dump)
}

fn with(origin: Origin, end: PartEnd, properties: Properties, dump: &[u8]) -> Evidence {
    let mut evidence = Evidence::none(origin, Reason::IncompleteAnswer);
    evidence.properties = properties;
    evidence.properties_end = end;
    evidence.dumps.insert(package().clone(), Part { body: dump.to_vec(), end });
    evidence
}

/// What micheck says of it.
pub fn verdict(evidence: &Evidence) -> Verdict {
    judge(evidence, advisory()).remove(0).verdict
}

/// Whether a verdict says that nothing need be done.
pub fn fine(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable)
}

/// `bytes` with every `\n` made `\r\n`; `None` when a `\r` is in it already.
pub fn with_crlf(bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.contains(&b'\r') {
        return None;
    }
    let mut crlf = Vec::with_capacity(bytes.len() + 64);
    for &byte in bytes {
        if byte == b'\n' {
            crlf.push(b'\r');
        }
        crlf.push(byte);
    }
    Some(crlf)
}

/// Cuts `bytes` into pieces of 0 to 63 bytes, mostly small ones; another `seed`, another cutting.
pub fn pieces(bytes: &[u8], seed: u16) -> Vec<&[u8]> {
    let mut state = u32::from(seed) | 0x1_0000;
    let mut rest = bytes;
    let mut pieces = Vec::new();
    while !rest.is_empty() {
        // xorshift32
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let size = (state & 7) * ((state >> 8) & 7) + ((state >> 16) & 3);
        let (piece, behind) = rest.split_at((size as usize).min(rest.len()));
        pieces.push(piece);
        rest = behind;
    }
    pieces
}

/// The place of every line in `bytes`, its newline included.
pub fn lines_with_ends(bytes: &[u8]) -> Vec<&[u8]> {
    bytes.split_inclusive(|&byte| byte == b'\n').collect()
}
