//! `dumpsys package NAME` → what it says of that package. Core: works on bytes, no I/O.
//!
//! Formats: AOSP's `Settings.java`, `DumpHelper.java`/`PackageManagerService.java`
//! and `dumpsys.cpp`, Android 5 to 17. An app chooses its own `versionName`, newlines
//! included, so in a dump of several apps any line may be forged: whatever is
//! not exactly as those sources print it is ambiguous, never good news.
//! What a package's state means for an advisory is not here (`verdict`), nor where in a
//! bug report the dump stands (`saved`).

mod failure;
mod reader;
mod record;
mod section;

pub use failure::Failure;
pub(crate) use failure::begins_failed;
pub use reader::{OfPackage, Reader, Reading, Width};
pub use record::{FactoryCopy, PackageRecord, PkgField, UserState, VersionField};
pub(crate) use section::{header_name, is_of_a_block, is_title};

use crate::lines::lines;
use crate::package_name::PackageName;

/// What a dump says of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extraction {
    /// The package's state, as far as it is stated.
    pub content: Content,
    /// A failure text that stands in the dump, whatever else does.
    pub failure: Option<Failure>,
}

/// The kinds of dump.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// Exactly one `Packages:` title and one block of the package under it.
    Present(Box<PackageRecord>),
    /// Android's own words that there is no such package, and nothing that contradicts them.
    NotFound,
    /// Nothing but blank lines: Android 5 and 6 say "no such package" like this.
    Empty,
    /// The package stands under `Hidden system packages:` alone.
    HiddenOnly,
    /// A `Packages:` title without the package's header: it is known under another name.
    OtherName,
    /// The packages of a whole phone, Android's own among them, and this one isn't.
    NotListed,
    /// Titles or headers that no real dump repeats or misplaces: parts may be forged.
    Ambiguous,
    /// Lines `versionName=` of no app that is named; the first one's value.
    Fragment(Vec<u8>),
    /// Known section titles, and neither the package nor word of its absence.
    Silent,
    /// No line of it is known.
    Unrecognised,
}

/// Reads what `dump` says of `package`. Never fails: what can't be read is a kind of content.
#[must_use]
pub fn read(dump: &[u8], package: &PackageName) -> Extraction {
    let mut reader = Reader::new(std::slice::from_ref(package));
    for line in lines(dump) {
        reader.line(line);
    }
    let Reading { extractions, .. } = reader.finish();
    let only = extractions.into_iter().next().expect("one package, one extraction");
    let Extraction { content, failure } = only.extraction;
    Extraction { content, failure: Failure::within(dump).or(failure) }
}

#[cfg(test)]
mod tests;
