//! What shows that an app printed lines that look like Android's own.

use super::super::record;
use super::super::section::{self, Section};

#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
pub(super) struct Tampering {
    /// A block under `Hidden system packages:` that can't be a factory copy.
    hidden: bool,
    /// A title or a header came while a version was being printed: the app that chose it forges.
    version: bool,
    /// Another package's `versionName=` came, and not yet what Android prints after it.
    in_version: bool,
    /// Another package's header where no dump prints one: the title before it was forged.
    pub(super) misplaced_header: bool,
    /// A block's lines under a title of blocks before any header: one is lost.
    pub(super) headless: bool,
}

impl Tampering {
    /// A title, a header or the dump's end comes.
    pub(super) const fn interrupt(&mut self) {
        self.version |= self.in_version;
    }

    /// A line of a section that is neither a title nor a header.
    pub(super) fn line(&mut self, line: &[u8], section: Section) {
        self.hidden |= section == Section::Hidden && section::cannot_be_hidden(line);
    }

    /// Such a line outside of the blocks that are kept.
    pub(super) fn line_of_other(&mut self, line: &[u8], section: Section) {
        self.in_version = if self.in_version {
            !record::follows_version_name(line)
        } else {
            line.starts_with(b"    versionName=") && section != Section::Preamble
        };
    }

    /// Whether no block can be believed; `has_block`: there is one of the package in question.
    pub(super) const fn is_shown(&self, has_block: bool) -> bool {
        self.hidden || self.version || self.misplaced_header || (self.headless && has_block)
    }
}
