//! The section titles of a dump, as far as it has come.

use super::super::section::{self, Section};

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
pub(super) struct Titles {
    /// The section in which the next line stands.
    pub(super) section: Section,
    /// All so far, a bit for each by its number.
    seen: u64,
    known: usize,
    packages: usize,
    hidden: usize,
    /// One came that only a dump of all packages has.
    pub(super) are_of_all_packages: bool,
    /// One came that only the package service prints: many programs have lists with titles.
    pub(super) are_telling: bool,
    /// Something stands behind the section `Packages:`.
    pub(super) packages_ended: bool,
    /// A header came since the last title.
    pub(super) headed: bool,
}

impl Titles {
    /// The next title, which opens `section`.
    pub(super) fn add(&mut self, title: &[u8], section: Section) {
        self.seen |= section::number_of_title(title).map_or(0, |number| 1 << number);
        self.are_of_all_packages |= section::OF_ALL_PACKAGES.contains(&title);
        self.are_telling |= !section::OF_OTHERS.contains(&title);
        self.packages_ended |= self.section == Section::Packages;
        self.known += 1;
        match section {
            Section::Packages => self.packages += 1,
            Section::Hidden => self.hidden += 1,
            Section::Preamble | Section::Compilation | Section::Other => {}
        }
        self.section = section;
        self.headed = false;
    }

    /// Whether `line` can't follow what came so far in one dump.
    pub(super) fn are_ended_by(&self, line: &[u8]) -> bool {
        let Some(number) = section::number_of_title(line) else { return false };
        let is_repeated = self.seen & (1 << number) != 0;
        let goes_back = section::stands_before_packages(line) || line == b"Packages:";
        is_repeated || (goes_back && self.seen & section::BEHIND_PACKAGES != 0)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.known == 0
    }

    /// Whether the section is one of packages' blocks.
    pub(super) const fn is_among_blocks(&self) -> bool {
        matches!(self.section, Section::Packages | Section::Hidden)
    }

    pub(super) const fn has_packages(&self) -> bool {
        self.packages > 0
    }

    /// Whether a section of packages' blocks was opened.
    pub(super) const fn has_blocks(&self) -> bool {
        self.packages + self.hidden > 0
    }

    /// Whether a title of blocks stands twice, as no dump has it.
    pub(super) const fn are_forged(&self) -> bool {
        self.packages > 1 || self.hidden > 1
    }
}
