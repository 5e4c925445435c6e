//! Walks over a dump line by line, for several packages at once.

mod package_list;
mod pieces;
mod tampering;
mod titles;

use super::failure::Watch;
use super::record::Block;
use super::section::{self, Section};
use super::{Content, Extraction, FactoryCopy, Failure};
use crate::package_name::PackageName;
use package_list::PackageList;
pub use package_list::Width;
use pieces::Pieces;
use tampering::Tampering;
use titles::Titles;

/// Reads a dump that comes line by line.
///
/// Keeps only what it says of the packages that were asked for, so that a dump of any length
/// takes the same memory.
#[derive(Debug)]
pub struct Reader<'a> {
    packages: &'a [PackageName],
    /// One for each of `packages`, in their order.
    own: Vec<Own>,
    /// Where lines of a package block go at the moment.
    open: Option<(usize, Open)>,
    /// How many lines aren't blank: none, one, or two and more.
    written_lines: usize,
    titles: Titles,
    list: PackageList,
    pieces: Pieces,
    tampering: Tampering,
    failures: Watch,
    /// The first name of a header, or in word of absence.
    name: Option<Vec<u8>>,
}

/// What a dump says, read to its end.
#[derive(Debug)]
pub struct Reading {
    /// One for each package, in the order of asking.
    pub extractions: Vec<OfPackage>,
    /// How many packages it lists.
    pub width: Width,
    /// Whether any line of it was known.
    pub recognised: bool,
    /// Nothing but titles are known in it.
    pub titles_only: bool,
    /// A failure text in it.
    pub failure: Option<Failure>,
    /// It is a piece of a dump: parts of packages' blocks stand where no dump has any, or there are
    /// titles and nothing of any package.
    pub torn: bool,
    /// The first package that it speaks of, present or not.
    pub name: Option<Vec<u8>>,
}

/// What a dump says of one package.
#[derive(Debug)]
pub struct OfPackage {
    /// What it says.
    pub extraction: Extraction,
    /// Whether the dump has a header of this package, its old name, or word of its absence.
    pub concerned: bool,
}

/// What was seen of one package.
#[derive(Debug, Default)]
struct Own {
    /// At most two: more than one is as bad as any number.
    active: Vec<Block>,
    hidden: Vec<Block>,
    headers: usize,
    /// Headers where no dump prints one.
    stray_headers: usize,
    not_found_alone: usize,
    not_found_under_title: usize,
    /// A package of another name says that this was its name.
    renamed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Active,
    Hidden,
}

/// The most blocks that are kept of one package in one section.
const MAX_BLOCKS: usize = 2;

impl<'a> Reader<'a> {
    /// A reader that looks for `packages`.
    #[must_use]
    pub fn new(packages: &'a [PackageName]) -> Self {
        Self {
            packages,
            own: packages.iter().map(|_| Own::default()).collect(),
            open: None,
            written_lines: 0,
            titles: Titles::default(),
            list: PackageList::default(),
            pieces: Pieces::default(),
            tampering: Tampering::default(),
            failures: Watch::default(),
            name: None,
        }
    }

    /// The same for what somebody saved: also for pieces of it.
    #[must_use]
    pub fn of_saved(packages: &'a [PackageName]) -> Self {
        let mut reader = Self::new(packages);
        reader.failures.saved = true;
        reader
    }

    /// Takes the next line, without its end.
    pub fn line(&mut self, line: &[u8]) {
        self.failures.line(line, self.titles.is_empty());
        if self.written_lines < 2 && !line.trim_ascii().is_empty() {
            self.written_lines += 1;
        }
        if let Some(section) = Section::of_title(line) {
            self.tampering.interrupt();
            self.title(line, section);
        } else if let Some(name) = section::header_name(line) {
            self.tampering.interrupt();
            self.header(name);
        } else {
            self.other(line);
        }
    }

    /// Whether `line` can't stand in the same dump as what came so far: it begins another one.
    #[must_use]
    pub fn is_ended_by(&self, line: &[u8]) -> bool {
        self.titles.are_ended_by(line)
    }

    /// Whether `  Unable to find package: NAME`, moved in, stands here in Android's own dumps.
    #[must_use]
    pub fn may_say_not_found(&self) -> bool {
        self.titles.section == Section::Compilation
    }

    /// The dump's own end came. That closes nothing: it comes, too, where the package service died
    /// in the middle.
    pub fn end(&mut self) {
        self.tampering.interrupt();
    }

    /// Another service's dump follows, as in `pm dump`: the last block has ended.
    pub fn end_block(&mut self) {
        self.tampering.interrupt();
        self.close();
    }

    fn title(&mut self, title: &[u8], section: Section) {
        self.close();
        self.titles.add(title, section);
        if self.titles.are_of_all_packages {
            self.list.width = Width::Several;
        }
    }

    fn header(&mut self, name: &[u8]) {
        self.close();
        self.titles.headed = true;
        let untitled = self.failures.saved && self.titles.is_empty();
        self.pieces.untitled |= untitled;
        self.name.get_or_insert_with(|| name.to_vec());
        self.list.add(name, &self.titles, untitled);
        let own = self.packages.iter().position(|package| package.as_str().as_bytes() == name);
        let Some(index) = own else {
            self.tampering.misplaced_header |= !self.titles.is_among_blocks() && !untitled;
            return;
        };
        let own = &mut self.own[index];
        own.headers += 1;
        let (blocks, open) = match self.titles.section {
            Section::Packages => (&mut own.active, Open::Active),
            _ if untitled => (&mut own.active, Open::Active),
            Section::Hidden => (&mut own.hidden, Open::Hidden),
            Section::Preamble | Section::Compilation | Section::Other => {
                own.stray_headers += 1;
                return;
            }
        };
        if blocks.len() < MAX_BLOCKS {
            blocks.push(Block::default());
            self.open = Some((index, open));
        }
    }

    /// Only a known title or a header ends a block: blank lines and lines at
    /// column 0 stand inside real blocks too (Android 12 to 14 print
    /// `<lib> overlay paths:` at column 0).
    fn close(&mut self) {
        if let Some((index, open)) = self.open.take()
            && let Some(block) = self.own[index].block(open)
        {
            block.close();
        }
    }

    fn other(&mut self, line: &[u8]) {
        self.tampering.line(line, self.titles.section);
        if let Some((index, open)) = self.open {
            if let Some(block) = self.own[index].block(open) {
                block.line(line);
            }
        } else {
            let is_of_a_block = self.pieces.line(line, &self.titles, self.failures.saved);
            self.tampering.headless |=
                is_of_a_block && self.titles.is_among_blocks() && !self.titles.headed;
            if let Some(name) = line.strip_prefix(b"    compat name=") {
                self.of_name(name, |own| own.renamed = true);
            }
            self.tampering.line_of_other(line, self.titles.section);
        }
        let text = line.trim_ascii_start();
        if text.first() == Some(&b'U')
            && let Some(name) = text.strip_prefix(b"Unable to find package: ")
        {
            // A copy from a console is filled up with spaces.
            let name = if self.failures.saved { name.trim_ascii_end() } else { name };
            self.name.get_or_insert_with(|| name.to_vec());
            match (line.len() - text.len(), self.titles.section) {
                (0, Section::Preamble) => self.of_name(name, |own| own.not_found_alone += 1),
                (2, Section::Compilation) => {
                    self.of_name(name, |own| own.not_found_under_title += 1);
                }
                _ => {}
            }
        }
    }

    fn of_name(&mut self, name: &[u8], note: impl Fn(&mut Own)) {
        let found = self.packages.iter().position(|package| package.as_str().as_bytes() == name);
        if let Some(index) = found {
            note(&mut self.own[index]);
        }
    }

    /// What the dump says, now that nothing more comes.
    #[must_use]
    pub fn finish(mut self) -> Reading {
        let own = std::mem::take(&mut self.own);
        let failure = self.failures.found();
        let of_shell = self.failures.of_shell;
        let has_title = self.titles.are_telling;
        let failed = failure.or(of_shell);
        let speaks = self.pieces.are_there()
            || self.name.is_some()
            || failed.is_some()
            || own.iter().any(Own::is_concerned);
        let torn = self.pieces.are_torn(&self.titles)
            || self.tampering.misplaced_header
            || own.iter().any(|own| own.stray_headers > 0)
            || (has_title && self.name.is_none() && failed.is_none());
        let extractions = own.into_iter().map(|own| {
            let concerned = own.is_concerned();
            // A shell that doesn't know a command has nothing to do with a dump that is there.
            let failure = if concerned { failure } else { failed };
            OfPackage { concerned, extraction: Extraction { content: self.content(own), failure } }
        });
        Reading {
            extractions: extractions.collect(),
            width: self.list.width,
            recognised: has_title || speaks,
            titles_only: !speaks,
            failure,
            torn,
            name: self.name.take(),
        }
    }

    fn content(&self, mut own: Own) -> Content {
        let forged = self.titles.are_forged()
            || own.stray_headers > 0
            || own.active.len() > 1
            || self.tampering.is_shown(!own.active.is_empty());
        if forged {
            return Content::Ambiguous;
        }
        if let Some(block) = own.active.pop() {
            let factory = match own.hidden.as_slice() {
                [] => FactoryCopy::None,
                [only] => only.factory_copy(),
                _ => FactoryCopy::Unreadable,
            };
            let mut record = block.into_record(factory);
            record.said_not_found = own.not_found_under_title > 0;
            record.alone = self.list.has_only(own.headers);
            return Content::Present(Box::new(record));
        }
        if !own.hidden.is_empty() {
            return Content::HiddenOnly;
        }
        if self.titles.has_packages() {
            let whole_phone = self.list.is_of_a_phone(&self.titles) && !own.renamed;
            return if whole_phone { Content::NotListed } else { Content::OtherName };
        }
        if self.written_lines == 0 {
            return Content::Empty;
        }
        if let (Some(version), None) = (&self.pieces.version, &self.name) {
            return Content::Fragment(version.clone());
        }
        let alone = own.not_found_alone == 1 && self.written_lines == 1;
        if alone || own.not_found_under_title > 0 {
            // What belongs to a package says that there is one after all.
            return if self.pieces.has_lines() { Content::Ambiguous } else { Content::NotFound };
        }
        if self.titles.is_empty() { Content::Unrecognised } else { Content::Silent }
    }
}

impl Own {
    /// Whether the dump has a header of this package, its old name, or word of its absence.
    const fn is_concerned(&self) -> bool {
        self.headers + self.not_found_alone + self.not_found_under_title > 0 || self.renamed
    }

    fn block(&mut self, open: Open) -> Option<&mut Block> {
        match open {
            Open::Active => self.active.last_mut(),
            Open::Hidden => self.hidden.last_mut(),
        }
    }
}
