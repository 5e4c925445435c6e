//! Walks over a dump line by line, for several packages at once.

use super::failure::Watch;
use super::record::{self, Block};
use super::section::{self, Section};
use super::{Content, Extraction, FactoryCopy, Failure};
use crate::package::PackageName;

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
    /// The list of packages is the first thing in it.
    begins_with_packages: bool,
    /// Where the section `Packages:` ended.
    packages_end: Option<u64>,
    failures: Watch,
}

/// How many packages a dump lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Width {
    /// None.
    None,
    /// One, as in the answer to `dumpsys package NAME`.
    One,
    /// Several, as in `dumpsys package`: any of them may have printed any line.
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
    /// A failure text in it.
    pub failure: Option<Failure>,
    /// Parts of packages' blocks stand where no dump has any: it is a piece of one, or was forged.
    pub torn: bool,
    /// The list of packages is the first thing in it; a real dump of a whole phone has other lists
    /// before it.
    pub begins_with_packages: bool,
    /// Where the list of packages ended, in the caller's count.
    pub packages_end: Option<u64>,
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
            begins_with_packages: false,
            packages_end: None,
            failures: Watch::default(),
        }
    }

    /// Takes the next line, without its end. `at` is its place, in any count that the caller likes.
    pub fn line(&mut self, line: &[u8], at: u64) {
        self.failures.line(line);
        if self.written_lines < 2 && !line.trim_ascii().is_empty() {
            self.written_lines += 1;
        }
        if let Some(section) = Section::of_title(line) {
            if self.titles == 0 {
                self.begins_with_packages = section == Section::Packages;
            }
            self.titles |= section::number_of_title(line).map_or(0, |number| 1 << number);
            self.forged_version |= self.in_version;
            self.title(section, at);
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

    /// The dump ended at `at` as it should, so that nothing of it can be missing.
    pub fn end(&mut self, at: u64) {
        self.forged_version |= self.in_version;
        self.close();
        if self.section == Section::Packages {
            self.packages_end.get_or_insert(at);
        }
    }

    fn title(&mut self, section: Section, at: u64) {
        self.close();
        if self.section == Section::Packages {
            self.packages_end.get_or_insert(at);
        }
        self.known_titles += 1;
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
        if self.section == Section::Packages {
            self.lists_android |= name == ANDROID;
            match &self.first_name {
                None => {
                    self.first_name = Some(name.to_vec());
                    self.width = Width::One;
                }
                Some(first) if first == name => {}
                Some(_) => self.width = Width::Several,
            }
        }
        let own = self.packages.iter().position(|package| package.as_str().as_bytes() == name);
        let Some(index) = own else {
            let among_packages = matches!(self.section, Section::Packages | Section::Hidden);
            self.misplaced_header |= !among_packages;
            return;
        };
        let own = &mut self.own[index];
        own.headers += 1;
        let (blocks, open) = match self.section {
            Section::Packages => (&mut own.active, Open::Active),
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
            if section::is_of_a_block(line) {
                self.stray_lines += 1;
                let among_blocks = matches!(self.section, Section::Packages | Section::Hidden);
                self.headless |= among_blocks && !self.headed;
            }
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
        let concerned = |own: &Own| {
            let absent = own.not_found_alone + own.not_found_under_title;
            own.headers + absent + usize::from(own.renamed)
        };
        let recognised = self.known_titles + self.headers + self.stray_lines > 0
            || failure.is_some()
            || own.iter().any(|own| concerned(own) > 0);
        let torn = self.misplaced_header
            || own.iter().any(|own| own.stray_headers > 0)
            || (self.stray_lines > 0 && self.packages_titles + self.hidden_titles == 0);
        let extractions = own.into_iter().map(|own| OfPackage {
            concerned: concerned(&own) > 0,
            extraction: Extraction { content: self.content(own), failure },
        });
        let extractions = extractions.collect();
        Reading {
            extractions,
            width: self.width,
            recognised,
            failure,
            torn,
            begins_with_packages: self.begins_with_packages,
            packages_end: self.packages_end,
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
                && self.packages_end.is_some()
                && !own.renamed;
            return if whole_phone { Content::NotListed } else { Content::OtherName };
        }
        if self.written_lines == 0 {
            return Content::Empty;
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
