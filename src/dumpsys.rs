//! `dumpsys package NAME` → what it says of that package. Core: works on bytes, no I/O.
//!
//! Formats: AOSP's `Settings.java`, `DumpHelper.java`/`PackageManagerService.java`
//! and `dumpsys.cpp`, Android 5 to 17. An app chooses its own `versionName`, newlines
//! included, so in a dump of several apps any line may be forged: whatever is
//! not exactly as those sources print it is ambiguous, never good news.
//! What a package's state means for an advisory is not here (`verdict`).

mod failure;
mod record;
mod section;

pub use failure::Failure;
pub use record::{FactoryCopy, PackageRecord, PkgField, UserState, VersionField};

use crate::evidence::lines;
use crate::package::PackageName;
use record::Block;
use section::Section;

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
    /// Titles or headers that no real dump repeats or misplaces: parts may be forged.
    Ambiguous,
    /// Known section titles, and neither the package nor word of its absence.
    Silent,
    /// No line of it is known.
    Unrecognised,
}

/// Reads what `dump` says of `package`. Never fails: what can't be read is a kind of content.
#[must_use]
pub fn read(dump: &[u8], package: &PackageName) -> Extraction {
    let mut reader = Reader::new(package);
    for line in lines(dump) {
        reader.line(line);
    }
    Extraction { content: reader.finish(), failure: Failure::of_answer(dump) }
}

/// Walks over a dump line by line.
struct Reader<'a> {
    package: &'a PackageName,
    section: Section,
    /// Where lines of a package block go at the moment.
    open: Option<Open>,
    packages_titles: usize,
    hidden_titles: usize,
    known_titles: usize,
    /// Matching headers where no dump prints one.
    stray_headers: usize,
    active: Vec<Block>,
    hidden: Vec<Block>,
    /// A block under `Hidden system packages:` that can't be a factory copy.
    forged_hidden: bool,
    written_lines: usize,
    not_found_alone: usize,
    not_found_under_title: usize,
    /// Blocks of other packages.
    other_headers: usize,
    /// Lines of a package block where none is open.
    stray_lines: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Active,
    Hidden,
}

impl<'a> Reader<'a> {
    fn new(package: &'a PackageName) -> Self {
        Self {
            package,
            section: Section::Preamble,
            open: None,
            packages_titles: 0,
            hidden_titles: 0,
            known_titles: 0,
            stray_headers: 0,
            active: Vec::new(),
            hidden: Vec::new(),
            forged_hidden: false,
            written_lines: 0,
            not_found_alone: 0,
            not_found_under_title: 0,
            other_headers: 0,
            stray_lines: 0,
        }
    }

    fn line(&mut self, line: &[u8]) {
        if !line.trim_ascii().is_empty() {
            self.written_lines += 1;
        }
        if let Some(section) = Section::of_title(line) {
            self.title(section);
        } else if let Some(name) = section::header_name(line) {
            self.header(name);
        } else {
            self.other(line);
        }
    }

    fn title(&mut self, section: Section) {
        self.close();
        self.known_titles += 1;
        match section {
            Section::Packages => self.packages_titles += 1,
            Section::Hidden => self.hidden_titles += 1,
            Section::Preamble | Section::Compilation | Section::Other => {}
        }
        self.section = section;
    }

    fn header(&mut self, name: &[u8]) {
        self.close();
        if name != self.package.as_str().as_bytes() {
            self.other_headers += 1;
            return;
        }
        match self.section {
            Section::Packages => {
                self.active.push(Block::default());
                self.open = Some(Open::Active);
            }
            Section::Hidden => {
                self.hidden.push(Block::default());
                self.open = Some(Open::Hidden);
            }
            Section::Preamble | Section::Compilation | Section::Other => self.stray_headers += 1,
        }
    }

    /// Only a known title or a header ends a block: blank lines and lines at
    /// column 0 stand inside real blocks too (Android 12 to 14 print
    /// `<lib> overlay paths:` at column 0).
    fn close(&mut self) {
        if let Some(block) = self.open_block() {
            block.close();
        }
        self.open = None;
    }

    fn open_block(&mut self) -> Option<&mut Block> {
        match self.open? {
            Open::Active => self.active.last_mut(),
            Open::Hidden => self.hidden.last_mut(),
        }
    }

    fn other(&mut self, line: &[u8]) {
        if self.section == Section::Hidden && section::cannot_be_hidden(line) {
            self.forged_hidden = true;
        }
        if let Some(rest) = line.trim_ascii_start().strip_prefix(b"Unable to find package: ")
            && rest == self.package.as_str().as_bytes()
        {
            match (line.len() - line.trim_ascii_start().len(), self.section) {
                (0, Section::Preamble) => self.not_found_alone += 1,
                (2, Section::Compilation) => self.not_found_under_title += 1,
                _ => {}
            }
        }
        if let Some(block) = self.open_block() {
            block.line(line);
        } else if section::is_of_a_block(line) {
            self.stray_lines += 1;
        }
    }

    fn finish(mut self) -> Content {
        let forged = self.packages_titles > 1
            || self.hidden_titles > 1
            || self.stray_headers > 0
            || self.active.len() > 1
            || self.forged_hidden;
        if forged {
            return Content::Ambiguous;
        }
        if let Some(block) = self.active.pop() {
            let factory = match self.hidden.as_slice() {
                [] => FactoryCopy::None,
                [only] => only.factory_copy(),
                _ => FactoryCopy::Unreadable,
            };
            let mut record = block.into_record(factory);
            record.said_not_found = self.not_found_under_title > 0;
            record.alone = self.other_headers == 0;
            return Content::Present(Box::new(record));
        }
        if !self.hidden.is_empty() {
            return Content::HiddenOnly;
        }
        if self.packages_titles > 0 {
            return Content::OtherName;
        }
        if self.written_lines == 0 {
            return Content::Empty;
        }
        let alone = self.not_found_alone == 1 && self.written_lines == 1;
        if alone || self.not_found_under_title > 0 {
            // What belongs to a package says that there is one after all.
            return if self.stray_lines == 0 { Content::NotFound } else { Content::Ambiguous };
        }
        if self.known_titles > 0 { Content::Silent } else { Content::Unrecognised }
    }
}

#[cfg(test)]
mod tests;
