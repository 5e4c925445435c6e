//! Text that somebody saved → the phones that it speaks of. Core: no I/O; files, archives and
//! compression are `inspect`'s.
//!
//! Knows what it has by its content: `dumpsys package NAME`, `dumpsys package`, `pm dump`,
//! `dumpsys`, `getprop`, several of them in a row, and bug reports. Takes the text in pieces of any
//! size and keeps only what counts, so that 150 MB of bug report need no more memory than one line.

mod decoder;
mod dump;
mod frame;
mod framed;
mod frames;
mod listing;
mod phones;
mod plain;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::packed;
use serde::{Deserialize, Serialize};

use crate::evidence::Evidence;
use crate::getprop::Properties;
use crate::package_name::PackageName;
use crate::verdict::{Reason, keyed_enum};
use decoder::{Decoder, UTF8_MARK};
use dump::{Dump, DumpItem, Item};
use frame::Frame;
use frames::Frames;
use listing::Listing;

keyed_enum! {
    /// What was recognised in a file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Form {
        /// `dumpsys package NAME`.
        DumpsysPackage = "dumpsys_package",
        /// `dumpsys package`, every package of a phone.
        DumpsysPackages = "dumpsys_packages",
        /// `pm dump NAME`.
        PmDump = "pm_dump",
        /// `dumpsys`, every service of a phone.
        Dumpsys = "dumpsys",
        /// A bug report's text.
        BugReport = "bug_report",
        /// `getprop`, and nothing of any package.
        Getprop = "getprop",
        /// A folder or archive of several such texts, as `AndroidQF` and MVT make it.
        Collection = "collection",
        /// A phone's folder that `--evidence` made.
        Evidence = "evidence",
        /// None of these.
        Unrecognised = "unrecognized",
    }
}

/// A whole text as UTF-8, without its mark; Windows PowerShell writes UTF-16.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new();
    let mut text = decoder.decode(bytes).into_owned();
    text.extend(decoder.finish());
    text.strip_prefix(UTF8_MARK).map(<[u8]>::to_vec).unwrap_or(text)
}

/// A phone that a text speaks of.
#[derive(Debug, Clone)]
pub struct SavedPhone {
    /// What the text says of it.
    pub evidence: Evidence,
    /// What the text is.
    pub form: Form,
    /// When it was made, in the text's own words; most say nothing.
    pub taken_at: Option<String>,
    /// A package's block or word of a package's absence stands in it; without one it is a property
    /// listing, a command's failure, or a report without the package service.
    pub has_packages: bool,
    /// The serial number that its property listing gives. For comparing only: nobody keeps it.
    pub serial: Option<Vec<u8>>,
}

/// The longest line that is looked at in full, in bytes. What is longer is none that counts.
const MAX_LINE_BYTES: usize = 64 << 10;

/// The most dumps and listings in one file.
const MAX_ITEMS: usize = 256;

/// Reads a file's text in pieces.
#[derive(Debug)]
pub struct DumpScanner<'a> {
    packages: &'a [PackageName],
    decoder: Decoder,
    /// The beginning of a line whose end hasn't come, at most [`MAX_LINE_BYTES`].
    begun: Vec<u8>,
    place: Place<'a>,
    /// Texts that ended before the one that is being read.
    texts: Vec<Found>,
    found: Found,
    /// Dumps, listings and framed texts so far.
    items: usize,
    /// What only a dump says stands in it, in an encoding that it isn't read in.
    has_wide: bool,
}

/// What was found in a text.
#[derive(Debug, Default)]
struct Found {
    items: Vec<Item>,
    /// The frames of a bug report, or of `dumpsys` of all services.
    frames: Option<Frames>,
    /// It stands behind the end of a framed text.
    is_behind: bool,
    /// It is a piece of a framed text.
    is_excerpt: bool,
    has_nuls: bool,
    /// When a bug report says that it was begun.
    taken_at: Option<Vec<u8>>,
    /// What a bug report's header says of the phone.
    header: Properties,
    checkin: BTreeMap<PackageName, Option<String>>,
}

impl Found {
    fn dumps(&self) -> impl Iterator<Item = &DumpItem> {
        self.items.iter().filter_map(|item| match item {
            Item::Dump(dump) => Some(dump),
            Item::Listing(_) => None,
        })
    }
}

/// Where in the text the next line stands.
#[derive(Debug)]
enum Place<'a> {
    /// Nothing is begun.
    Open,
    /// In `getprop` lines.
    Listing(Listing),
    /// In a dump of packages.
    Dump(Box<Dump<'a>>),
    /// In a bug report's header, before its first section.
    Header,
    /// In the list of services.
    Services,
    /// In `CHECKIN PACKAGE`.
    Checkin,
    /// In something that doesn't matter.
    Elsewhere,
}

impl<'a> Place<'a> {
    /// Behind `DUMP OF SERVICE package:`.
    fn service(packages: &'a [PackageName]) -> Self {
        Self::Dump(Box::new(Dump::of_service(packages)))
    }
}

/// What counts in a framed text where nothing else does: beginnings of lines, behind the end of the
/// line before, and how a service ends, which can stand behind other text.
/// `None`: this processor can't look for them quickly, and every line is looked at.
static TELLING: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| {
    let texts: [&[u8]; 13] = [
        b"\n------ ",
        b"\nDUMP OF SERVICE ",
        b"\n== dumpstate: ",
        b"\nCurrently running services:",
        b"\n*** command '",
        b"\n[ro.build.fingerprint]: [",
        b"Package [",
        b"pkg=Package{",
        b"Unable to find package: ",
        b"\n\xef\xbb\xbf",
        frame::DURATION,
        WIDE[0],
        WIDE[1],
    ];
    // It looks at all first bytes at once; `AhoCorasick` would stop at every line's end, because
    // nearly all of them begin with one.
    packed::Searcher::new(texts)
});

/// What a dump says in UTF-16 of either order, less the outer halves of its outer letters.
const WIDE: [&[u8]; 2] = [
    b"P\0a\0c\0k\0a\0g\0e\0 \0[",
    b"U\0n\0a\0b\0l\0e\0 \0t\0o\0 \0f\0i\0n\0d\0 \0p\0a\0c\0k\0a\0g\0e",
];

impl<'a> DumpScanner<'a> {
    /// A scanner for what a text says of `packages`.
    #[must_use]
    pub fn new(packages: &'a [PackageName]) -> Self {
        Self {
            packages,
            decoder: Decoder::new(),
            begun: Vec::new(),
            place: Place::Open,
            texts: Vec::new(),
            found: Found::default(),
            items: 0,
            has_wide: false,
        }
    }

    /// Takes the next piece. How a text is cut into pieces makes no difference.
    pub fn feed(&mut self, piece: &[u8]) {
        let text = self.decoder.decode(piece);
        self.text(&text);
    }

    fn text(&mut self, text: &[u8]) {
        let mut rest = text;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            if self.begun.is_empty() {
                self.whole_line(&rest[..end]);
            } else {
                self.begin(&rest[..end]);
                self.end_line();
            }
            let skipped = self.skippable(&rest[end..]);
            rest = &rest[end + 1 + skipped..];
        }
        self.begin(rest);
    }

    /// How many bytes of whole lines behind the line end that `text` begins with can be passed over.
    /// Most of a bug report is nothing that matters: there only lines that might are looked for.
    fn skippable(&self, text: &[u8]) -> usize {
        let (Place::Elsewhere, Some(telling)) = (&self.place, &*TELLING) else { return 0 };
        let before = telling.find(text).map_or(text, |found| &text[..=found.start()]);
        memchr::memrchr(b'\n', before).unwrap_or_default()
    }

    /// Keeps the beginning of a line.
    fn begin(&mut self, text: &[u8]) {
        let room = MAX_LINE_BYTES.saturating_sub(self.begun.len()).min(text.len());
        self.begun.extend_from_slice(&text[..room]);
    }

    fn end_line(&mut self) {
        let line = std::mem::take(&mut self.begun);
        if !line.is_empty() {
            self.whole_line(&line);
        }
    }

    fn whole_line(&mut self, line: &[u8]) {
        let mut line = &line[..line.len().min(MAX_LINE_BYTES)];
        // adb.exe made `\r\r\n` of an old phone's `\r\n`.
        while let Some(shorter) = line.strip_suffix(b"\r") {
            line = shorter;
        }
        self.line(line);
    }

    fn line(&mut self, line: &[u8]) {
        if let Some(line) = line.strip_prefix(UTF8_MARK) {
            // Somebody put one file behind another; or an app prints it.
            if self.found.frames.is_none() {
                self.end_text();
            }
            return self.line(line);
        }
        if memchr::memchr(0, line).is_some() {
            self.found.has_nuls = true;
            self.has_wide |= WIDE.iter().any(|wide| memchr::memmem::find(line, wide).is_some());
        }
        let glued = || match (&self.place, &self.found.frames) {
            (Place::Elsewhere | Place::Dump(_), Some(_)) => Frame::glued(line),
            _ => None,
        };
        if let Some(frame) = Frame::of_line(line).or_else(glued)
            && self.frame(frame)
        {
            return;
        }
        if self.found.frames.is_some() { self.framed_line(line) } else { self.plain_line(line) }
    }

    /// Ends what is being read; `framed`: by a frame.
    fn end_place(&mut self, framed: bool) {
        match std::mem::replace(&mut self.place, Place::Open) {
            Place::Listing(mut listing) => {
                let lines = listing.abandoned();
                self.push(listing.finish(framed));
                if !framed {
                    // What looked like a value may be a dump.
                    for line in &lines {
                        self.plain_line(line);
                    }
                    self.end_place(framed);
                }
            }
            Place::Dump(dump) => self.push(dump.finish()),
            Place::Open | Place::Header | Place::Services | Place::Checkin | Place::Elsewhere => {}
        }
    }

    fn push(&mut self, item: Option<Item>) {
        let Some(item) = item else { return };
        self.items += 1;
        if self.items <= MAX_ITEMS {
            self.found.items.push(item);
        }
    }

    /// Ends the text that is being read.
    fn end_text(&mut self) {
        self.end_line();
        self.end_place(false);
        let found = std::mem::take(&mut self.found);
        let is_framed = found.frames.is_some();
        self.items += usize::from(is_framed);
        if (is_framed || !found.items.is_empty()) && self.items <= MAX_ITEMS {
            self.texts.push(found);
        }
        self.found.is_behind = self.texts.last().is_some_and(|text| text.frames.is_some());
    }

    /// The phones that the text speaks of, in its order; none when nothing in it was recognised.
    #[must_use]
    pub fn finish(mut self) -> Vec<SavedPhone> {
        let text = self.decoder.finish();
        self.text(&text);
        if self.found.frames.is_some() {
            // A last line without an end is cut off, and no frame.
            self.begun.clear();
        }
        self.end_text();
        if self.items > MAX_ITEMS {
            return vec![phones::unread(Reason::AnswerTooLarge)];
        }
        let is_mixed = self.decoder.is_mixed || self.has_wide;
        phones::phones(self.texts, is_mixed, self.packages)
    }
}

#[cfg(test)]
mod tests;
