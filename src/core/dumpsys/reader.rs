//! Walks over a dump line by line, for several packages at once.

use super::failure::Watch;
use super::record::{self, Block};
use super::section::{self, Section};
use super::{Content, Extraction, FactoryCopy, Failure};
use crate::package_name::PackageName;

/// Android's own package, which every phone has.
const ANDROID: &[u8] = b"android";

/// Reads a dump that comes line by line.
///
/// Keeps only what it says of the packages that were asked for, so that a dump of any length
/// takes the same memory.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
pub struct Reader<'a> {
    packages: &'a [PackageName],
    /// One for each of `packages`, in their order.
    own: Vec<Own>,
    section: Section,
    /// Where lines of a package block go at the moment.
    open: Option<(usize, Open)>,
    packages_titles: usize,
    hidden_titles: usize,
    known_titles: usize,
    /// A block under `Hidden system packages:` that can't be a factory copy.
    forged_hidden: bool,
    written_lines: usize,
    headers: usize,
    /// Lines of a package block where none is open.
    stray_lines: usize,
    /// Whether a header came since the last title.
    headed: bool,
    /// A block's lines under a title of blocks before any header: one is lost.
    headless: bool,
    width: Width,
    /// The first name under `Packages:`.
    first_name: Option<Vec<u8>>,
    lists_android: bool,
    /// Another package's `versionName=` came, and not yet what Android prints after it.
    in_version: bool,
    /// A title or a header came while a version was being printed: the app that chose it forges.
    forged_version: bool,
    /// Another package's header where no dump prints one: the title before it was forged.
    misplaced_header: bool,
    /// The titles so far, by their number.
    titles: u64,
    /// Something stands behind the section `Packages:`.
    packages_ended: bool,
    failures: Watch,
    /// The first name of a header, or in word of absence.
    name: Option<Vec<u8>>,
    /// A block came before any title.
    untitled: bool,
    /// The first version that stands outside of every block.
    fragment: Option<Vec<u8>>,
    /// A block's line stands in a section that has no blocks.
    displaced: bool,
}

/// How many packages a dump lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// None.
    None,
    /// One, as in the answer to `dumpsys package NAME`.
    One,
    /// Several, as in `dumpsys package`, or titles that only that has: any of them may have printed
    /// any line.
    Several,
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
            section: Section::Preamble,
            open: None,
            packages_titles: 0,
            hidden_titles: 0,
            known_titles: 0,
            forged_hidden: false,
            written_lines: 0,
            headers: 0,
            stray_lines: 0,
            headed: false,
            headless: false,
            width: Width::None,
            first_name: None,
            lists_android: false,
            in_version: false,
            forged_version: false,
            misplaced_header: false,
            titles: 0,
            packages_ended: false,
            failures: Watch::default(),
            name: None,
            untitled: false,
            fragment: None,
            displaced: false,
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
        self.failures.line(line, self.known_titles == 0);
        if self.written_lines < 2 && !line.trim_ascii().is_empty() {
            self.written_lines += 1;
        }
        if let Some(section) = Section::of_title(line) {
            self.titles |= section::number_of_title(line).map_or(0, |number| 1 << number);
            self.forged_version |= self.in_version;
            self.title(section);
        } else if let Some(name) = section::header_name(line) {
            self.forged_version |= self.in_version;
            self.header(name);
        } else {
            self.other(line);
        }
    }

    /// Whether `line` can't stand in the same dump as what came so far: it begins another one.
    #[must_use]
    pub fn is_ended_by(&self, line: &[u8]) -> bool {
        let Some(number) = section::number_of_title(line) else { return false };
        let is_repeated = self.titles & (1 << number) != 0;
        let goes_back = section::stands_before_packages(line) || line == b"Packages:";
        is_repeated || (goes_back && self.titles & section::BEHIND_PACKAGES != 0)
    }

    /// Whether `  Unable to find package: NAME`, moved in, stands here in Android's own dumps.
    #[must_use]
    pub fn may_say_not_found(&self) -> bool {
        self.section == Section::Compilation
    }

    /// The dump's own end came. That closes nothing: it comes, too, where the package service died
    /// in the middle.
    pub fn end(&mut self) {
        self.forged_version |= self.in_version;
    }

    /// Another service's dump follows, as in `pm dump`: the last block has ended.
    pub fn end_block(&mut self) {
        self.forged_version |= self.in_version;
        self.close();
    }

    fn title(&mut self, section: Section) {
        self.close();
        self.packages_ended |= self.section == Section::Packages;
        self.known_titles += 1;
        if self.titles & section::OF_ALL_PACKAGES != 0 {
            self.width = Width::Several;
        }
        match section {
            Section::Packages => self.packages_titles += 1,
            Section::Hidden => self.hidden_titles += 1,
            Section::Preamble | Section::Compilation | Section::Other => {}
        }
        self.section = section;
        self.headed = false;
    }

    fn header(&mut self, name: &[u8]) {
        self.close();
        self.headed = true;
        self.headers += 1;
        let untitled = self.failures.saved && self.known_titles == 0;
        self.untitled |= untitled;
        self.name.get_or_insert_with(|| name.to_vec());
        self.lists_android |= self.section == Section::Packages && name == ANDROID;
        if untitled || matches!(self.section, Section::Packages | Section::Hidden) {
            match &self.first_name {
                None => {
                    self.first_name = Some(name.to_vec());
                    self.width = self.width.max(Width::One);
                }
                Some(first) if first == name => {}
                Some(_) => self.width = Width::Several,
            }
        }
        let own = self.packages.iter().position(|package| package.as_str().as_bytes() == name);
        let Some(index) = own else {
            let among_packages = matches!(self.section, Section::Packages | Section::Hidden);
            self.misplaced_header |= !among_packages && !untitled;
            return;
        };
        let own = &mut self.own[index];
        own.headers += 1;
        let (blocks, open) = match self.section {
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
        if self.section == Section::Hidden && section::cannot_be_hidden(line) {
            self.forged_hidden = true;
        }
        if let Some((index, open)) = self.open {
            if let Some(block) = self.own[index].block(open) {
                block.line(line);
            }
        } else {
            if self.failures.saved
                && let Some(version) = line.trim_ascii_start().strip_prefix(b"versionName=")
            {
                self.fragment.get_or_insert_with(|| version.to_vec());
            }
            let among_blocks = matches!(self.section, Section::Packages | Section::Hidden);
            if section::is_of_a_block(line) {
                self.stray_lines += 1;
                self.headless |= among_blocks && !self.headed;
            }
            let is_piece = section::is_of_a_block(line)
                || line.trim_ascii_start().starts_with(b"versionName=");
            self.displaced |= is_piece && !among_blocks && self.known_titles > 0;
            if let Some(name) = line.strip_prefix(b"    compat name=") {
                self.of_name(name, |own| own.renamed = true);
            }
            self.in_version = if self.in_version {
                !record::follows_version_name(line)
            } else {
                line.starts_with(b"    versionName=") && self.section != Section::Preamble
            };
        }
        let text = line.trim_ascii_start();
        if text.first() == Some(&b'U')
            && let Some(name) = text.strip_prefix(b"Unable to find package: ")
        {
            // A copy from a console is filled up with spaces.
            let name = if self.failures.saved { name.trim_ascii_end() } else { name };
            self.name.get_or_insert_with(|| name.to_vec());
            match (line.len() - text.len(), self.section) {
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
        let concerned = |own: &Own| {
            let absent = own.not_found_alone + own.not_found_under_title;
            own.headers + absent + usize::from(own.renamed)
        };
        // Many programs have lists with titles; some titles are the package service's alone.
        let has_title = self.titles & section::TELLING != 0;
        let has_pieces = self.stray_lines > 0 || self.fragment.is_some();
        let failed = failure.or(of_shell);
        let speaks = has_pieces
            || self.name.is_some()
            || failed.is_some()
            || own.iter().any(|own| concerned(own) > 0);
        let torn = self.misplaced_header
            || self.displaced
            || self.untitled
            || own.iter().any(|own| own.stray_headers > 0)
            || (has_pieces && self.packages_titles + self.hidden_titles == 0)
            || (has_title && self.name.is_none() && failed.is_none());
        let extractions = own.into_iter().map(|own| {
            let concerned = concerned(&own) > 0;
            // A shell that doesn't know a command has nothing to do with a dump that is there.
            let failure = if concerned { failure } else { failed };
            OfPackage { concerned, extraction: Extraction { content: self.content(own), failure } }
        });
        Reading {
            extractions: extractions.collect(),
            width: self.width,
            recognised: has_title || speaks,
            titles_only: !speaks,
            failure,
            torn,
            name: self.name.take(),
        }
    }

    fn content(&self, mut own: Own) -> Content {
        let forged = self.packages_titles > 1
            || self.hidden_titles > 1
            || own.stray_headers > 0
            || own.active.len() > 1
            || self.forged_hidden
            || self.forged_version
            || self.misplaced_header
            || (self.headless && !own.active.is_empty());
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
            record.alone = self.headers == own.headers;
            return Content::Present(Box::new(record));
        }
        if !own.hidden.is_empty() {
            return Content::HiddenOnly;
        }
        if self.packages_titles > 0 {
            let whole_phone = self.width == Width::Several
                && self.lists_android
                && self.packages_ended
                && !own.renamed;
            return if whole_phone { Content::NotListed } else { Content::OtherName };
        }
        if self.written_lines == 0 {
            return Content::Empty;
        }
        if let (Some(version), None) = (&self.fragment, &self.name) {
            return Content::Fragment(version.clone());
        }
        let alone = own.not_found_alone == 1 && self.written_lines == 1;
        if alone || own.not_found_under_title > 0 {
            // What belongs to a package says that there is one after all.
            return if self.stray_lines == 0 { Content::NotFound } else { Content::Ambiguous };
        }
        if self.known_titles > 0 { Content::Silent } else { Content::Unrecognised }
    }
}

impl Own {
    fn block(&mut self, open: Open) -> Option<&mut Block> {
        match open {
            Open::Active => self.active.last_mut(),
            Open::Hidden => self.hidden.last_mut(),
        }
    }
}
