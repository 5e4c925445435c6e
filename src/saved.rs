//! Text that somebody saved → the phones that it speaks of. Core: no I/O; files, archives and
//! compression are `inspect`'s.
//!
//! Knows what it has by its content: `dumpsys package NAME`, `dumpsys package`, `pm dump`,
//! `dumpsys`, `getprop`, several of them in a row, and bug reports. Takes the text in pieces of any
//! size and keeps only what counts, so that 150 MB of bug report need no more memory than one line.

mod decoder;
mod dump;
mod frame;
mod phones;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, packed};
use serde::{Deserialize, Serialize};

use crate::device::Properties;
use crate::dumpsys::{self, Failure};
use crate::evidence::Evidence;
use crate::package::PackageName;
use crate::verdict::keyed_enum;
use decoder::Decoder;
use dump::{Dump, DumpEnd, Item};
use frame::{Fingerprint, Frame};

keyed_enum! {
    /// What was recognised in a file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
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

/// A text as UTF-8 whose mark says that it is UTF-16, which Windows PowerShell writes; without any
/// mark.
#[must_use]
pub fn decoded(bytes: &[u8]) -> Vec<u8> {
    let mut decoder = Decoder::new();
    let mut text = decoder.decode(bytes).into_owned();
    text.extend(decoder.finish());
    text
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
}

/// The longest line that is looked at in full, in bytes. What is longer is none that counts.
const MAX_LINE_BYTES: usize = 64 << 10;

/// The most that a property listing may have, in bytes; real ones have 100 KB.
const MAX_LISTING_BYTES: usize = 1 << 20;

/// The most dumps and listings in one text.
const MAX_ITEMS: usize = 256;

/// Reads a text in pieces.
#[derive(Debug)]
pub struct Sieve<'a> {
    packages: &'a [PackageName],
    decoder: Decoder,
    /// The beginning of a line whose end hasn't come, at most [`MAX_LINE_BYTES`].
    begun: Vec<u8>,
    /// The length of that line so far.
    begun_bytes: u64,
    /// The place of the next line.
    offset: u64,
    place: Place<'a>,
    found: Found,
}

/// What was found so far.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
struct Found {
    items: Vec<Item>,
    /// There are more than [`MAX_ITEMS`].
    too_many: bool,
    /// `== dumpstate:` headers.
    reports: usize,
    /// Parts that only bug reports have.
    sections: usize,
    /// When the first of them says that the report was begun.
    taken_at: Option<Vec<u8>>,
    fingerprint: Option<Fingerprint>,
    /// `dumpsys` of all services, or a bug report: dumps stand between frames.
    framed: bool,
    /// Services end with a line of their own (from Android 7).
    has_service_ends: bool,
    /// `DUMP OF SERVICE package:`.
    package_services: usize,
    /// The section of a bug report is one in which apps print what they like.
    in_apps_section: bool,
    /// Something stands where nothing but a forgery, or what a forgery displaced, can stand.
    forged: bool,
    /// The package service's own words, somewhere else, that its dump didn't end in time.
    timed_out: bool,
    checkin: BTreeMap<PackageName, Option<String>>,
}

/// Where in the text the next line stands.
#[derive(Debug)]
enum Place<'a> {
    /// Nothing is begun.
    Open,
    /// In `getprop` lines.
    Listing { text: Vec<u8>, is_section: bool },
    /// In a dump of packages.
    Dump(Box<Dump<'a>>),
    /// In a bug report's header, before its first section.
    Header,
    /// In `CHECKIN PACKAGE`.
    Checkin,
    /// In something that doesn't matter.
    Elsewhere,
}

/// How the package service's dump is said to have taken too long, on newer phones.
const TIMED_OUT: &[u8] = b"*** SERVICE 'package' DUMP TIMEOUT";

/// How the lines begin that count where nothing else does, behind the end of the line before.
static TELLING: LazyLock<Telling> = LazyLock::new(|| {
    let beginnings = [
        "\n------ ",
        "\n--------- ",
        "\nDUMP OF SERVICE ",
        "\n== dumpstate: ",
        "\nCurrently running",
        "\n  Package [",
        "\n*** SERVICE 'package' DUMP TIMEOUT",
        "\n[ro.",
    ];
    // It looks at all first bytes at once; `AhoCorasick` would stop at every line's end, because
    // all of them begin with one.
    match packed::Searcher::new(beginnings) {
        Some(searcher) => Telling::Packed(searcher),
        None => Telling::Plain(AhoCorasick::new(beginnings).expect("a few short texts")),
    }
});

/// What looks for them: not every processor has what the quicker one needs.
#[derive(Debug)]
enum Telling {
    Packed(packed::Searcher),
    Plain(AhoCorasick),
}

impl<'a> Sieve<'a> {
    /// A sieve for what a text says of `packages`.
    #[must_use]
    pub fn new(packages: &'a [PackageName]) -> Self {
        Self {
            packages,
            decoder: Decoder::new(),
            begun: Vec::new(),
            begun_bytes: 0,
            offset: 0,
            place: Place::Open,
            found: Found::default(),
        }
    }

    /// Takes the next piece. How a text is cut into pieces makes no difference.
    pub fn feed(&mut self, piece: &[u8]) {
        let text = self.decoder.decode(piece);
        self.text(&text);
    }

    fn text(&mut self, text: &[u8]) {
        let mut rest = text;
        if self.begun_bytes > 0 {
            let end = memchr::memchr(b'\n', rest);
            let (more, behind) = rest.split_at(end.unwrap_or(rest.len()));
            self.begin(more);
            if end.is_none() {
                return;
            }
            let (line, bytes) = (std::mem::take(&mut self.begun), self.begun_bytes);
            self.begun_bytes = 0;
            self.whole_line(&line, bytes);
            self.begun = line;
            self.begun.clear();
            rest = &behind[1..];
        }
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let line = &rest[..end];
            self.whole_line(line, line.len() as u64);
            let skipped = self.skippable(&rest[end..]);
            self.offset += skipped as u64;
            rest = &rest[end + 1 + skipped..];
        }
        self.begin(rest);
    }

    /// How many bytes of whole lines behind the line end that `text` begins with can be passed over.
    /// Most of a bug report is nothing that matters: there only lines that might are looked for.
    fn skippable(&self, text: &[u8]) -> usize {
        if !matches!(self.place, Place::Elsewhere) {
            return 0;
        }
        let found = match &*TELLING {
            Telling::Packed(searcher) => searcher.find(text).map(|found| found.start()),
            Telling::Plain(searcher) => searcher.find(text).map(|found| found.start()),
        };
        found.or_else(|| memchr::memrchr(b'\n', text)).unwrap_or_default()
    }

    /// Keeps the beginning of a line.
    fn begin(&mut self, text: &[u8]) {
        let room = MAX_LINE_BYTES.saturating_sub(self.begun.len()).min(text.len());
        self.begun.extend_from_slice(&text[..room]);
        self.begun_bytes += text.len() as u64;
    }

    /// Takes a line of so many bytes, of which `line` may be the beginning only.
    fn whole_line(&mut self, line: &[u8], bytes: u64) {
        let mut line = &line[..line.len().min(MAX_LINE_BYTES)];
        // adb.exe made `\r\r\n` of an old phone's `\r\n`.
        while let Some(shorter) = line.strip_suffix(b"\r") {
            line = shorter;
        }
        self.line(line);
        self.offset += bytes + 1;
    }

    fn line(&mut self, line: &[u8]) {
        // Most lines of a bug report begin with a space, and no frame does.
        if let Some(b'-' | b'D' | b'=' | b'C') = line.first()
            && let Some(frame) = Frame::of_line(line)
        {
            self.frame(frame);
            return;
        }
        if !matches!(self.place, Place::Dump(_) | Place::Open) {
            self.look_for_displaced(line);
        }
        match &mut self.place {
            Place::Elsewhere => {
                if line.starts_with(b"[ro.") && self.found.reports == 0 {
                    self.open_line(line);
                }
            }
            Place::Dump(dump) => {
                if dump.is_service() {
                    dump.line(line, self.offset);
                } else {
                    self.plain_dump_line(line);
                }
            }
            Place::Listing { text, is_section } => {
                // A value may have lines of its own.
                let value_is_open = !text.ends_with(b"]\n") && !line.starts_with(b"[");
                if *is_section || value_is_open || !begins_dump(line) {
                    if text.len() + line.len() < MAX_LISTING_BYTES {
                        text.extend_from_slice(line);
                        text.push(b'\n');
                    }
                } else {
                    self.end_place(DumpEnd::Text);
                    self.open_line(line);
                }
            }
            Place::Checkin => self.checkin_line(line),
            Place::Header => {
                if let Some(fingerprint) = Fingerprint::of_line(line) {
                    self.found.fingerprint.get_or_insert(fingerprint);
                }
            }
            Place::Open => self.open_line(line),
        }
    }

    /// A line that may begin anything.
    fn open_line(&mut self, line: &[u8]) {
        if is_entry(line) {
            self.end_place(DumpEnd::Text);
            let mut text = line.to_vec();
            text.push(b'\n');
            self.place = Place::Listing { text, is_section: false };
        } else if !line.trim_ascii().is_empty() && !is_adb_chatter(line) {
            let mut dump = Dump::plain(self.packages, self.offset);
            dump.line(line, self.offset);
            self.place = Place::Dump(Box::new(dump));
        }
    }

    fn plain_dump_line(&mut self, line: &[u8]) {
        let Place::Dump(dump) = &mut self.place else { return };
        if is_entry(line) || dump.is_ended_by(line) {
            self.end_place(DumpEnd::Text);
            self.open_line(line);
        } else {
            dump.line(line, self.offset);
        }
    }

    /// Looks at a line outside of every dump for what only dumps have: then what ended the dump
    /// was forged.
    fn look_for_displaced(&mut self, line: &[u8]) {
        let found = &mut self.found;
        if line.starts_with(b"  Package [") {
            found.forged |= dumpsys::header_name(line).is_some();
        } else if line.starts_with(TIMED_OUT) {
            found.timed_out = true;
        } else if let Place::Listing { is_section: false, .. } = self.place {
            found.forged |= dumpsys::is_of_a_block(line);
        }
    }

    /// Follows the package service: where it ends twice one end is forged, and what apps print
    /// themselves holds no dump of it.
    fn follow_services(&mut self, frame: Frame<'_>) {
        let in_dump = matches!(&self.place, Place::Dump(dump) if dump.is_service());
        let found = &mut self.found;
        match frame {
            Frame::ServiceEnd(name) => {
                found.forged |= name == b"package" && !in_dump;
                found.has_service_ends = true;
            }
            Frame::Service(name) => found.forged |= name == b"package" && found.in_apps_section,
            Frame::Section(title) => found.in_apps_section = frame::is_of_apps(title),
            Frame::Report(_) | Frame::Services => found.in_apps_section = false,
        }
    }

    fn frame(&mut self, frame: Frame<'_>) {
        self.follow_services(frame);
        let end = match frame {
            Frame::ServiceEnd(b"package") => DumpEnd::ServiceEnd,
            Frame::Service(_) => DumpEnd::NextService,
            Frame::ServiceEnd(_) | Frame::Section(_) | Frame::Report(_) | Frame::Services => {
                DumpEnd::Other
            }
        };
        self.end_place(end);
        let found = &mut self.found;
        self.place = match frame {
            Frame::Report(date) => {
                found.framed = true;
                found.reports += 1;
                if found.reports == 1 {
                    found.taken_at = Some(date[..date.len().min(40)].to_vec());
                }
                Place::Header
            }
            Frame::Services | Frame::ServiceEnd(_) => {
                found.framed = true;
                Place::Elsewhere
            }
            Frame::Service(b"package") => {
                found.package_services += 1;
                Place::Dump(Box::new(Dump::of_service(self.packages, self.offset)))
            }
            Frame::Service(_) => Place::Elsewhere,
            Frame::Section(title) => {
                found.framed = true;
                found.sections += 1;
                if frame::is_section(title, b"SYSTEM PROPERTIES") {
                    Place::Listing { text: Vec::new(), is_section: true }
                } else if frame::is_section(title, b"CHECKIN PACKAGE") {
                    Place::Checkin
                } else {
                    Place::Elsewhere
                }
            }
        };
    }

    /// Ends what is being read.
    fn end_place(&mut self, end: DumpEnd) {
        let offset = self.offset;
        let item = match std::mem::replace(&mut self.place, Place::Open) {
            Place::Listing { text, is_section } => Some(Item::Listing {
                properties: Properties::read(&text),
                whole: is_section && end == DumpEnd::Other,
            }),
            Place::Dump(dump) => dump.finish(end, offset).map(Item::Dump),
            Place::Open | Place::Header | Place::Checkin | Place::Elsewhere => None,
        };
        let Some(item) = item else { return };
        if self.found.items.len() < MAX_ITEMS {
            self.found.items.push(item);
        } else {
            self.found.too_many = true;
        }
    }

    fn checkin_line(&mut self, line: &[u8]) {
        let Some((name, code)) = frame::checkin_package(line) else { return };
        let package = self.packages.iter().find(|known| known.as_str().as_bytes() == name);
        if let Some(package) = package {
            let code = code.and_then(|code| str::from_utf8(code).ok()).map(str::to_owned);
            self.found.checkin.insert(package.clone(), code);
        }
    }

    /// The phones that the text speaks of, in its order; none when nothing in it was recognised.
    #[must_use]
    pub fn finish(mut self) -> Vec<SavedPhone> {
        let decoder = std::mem::replace(&mut self.decoder, Decoder::new());
        self.text(&decoder.finish());
        if self.begun_bytes > 0 {
            let line = std::mem::take(&mut self.begun);
            self.whole_line(&line, self.begun_bytes);
        }
        self.end_place(DumpEnd::Text);
        phones::phones(self.found, self.packages, self.offset)
    }
}

/// Whether `line` is an entry of a property listing.
fn is_entry(line: &[u8]) -> bool {
    line.first() == Some(&b'[') && memchr::memmem::find(line, b"]: [").is_some()
}

/// Whether `line` begins a dump rather than going on with a property's value.
fn begins_dump(line: &[u8]) -> bool {
    !line.starts_with(b"[")
        && (dumpsys::is_title(line.trim_ascii_start())
            || dumpsys::header_name(line).is_some()
            || line.starts_with(b"Unable to find package: ")
            || Failure::of_answer(line).is_some())
}

/// What `adb shell … > file` wrote into the file on older computers before the phone's own words.
fn is_adb_chatter(line: &[u8]) -> bool {
    line.starts_with(b"* daemon ")
}

#[cfg(test)]
mod tests;
