//! Parts of packages' blocks outside of any block: a dump of which somebody saved pieces.

use super::super::section;
use super::titles::Titles;

#[derive(Debug, Default)]
pub(super) struct Pieces {
    /// How many lines of blocks there are.
    lines: usize,
    /// The first version.
    pub(super) version: Option<Vec<u8>>,
    /// A block came before any title.
    pub(super) untitled: bool,
    /// One stands in a section that has no blocks.
    displaced: bool,
}

impl Pieces {
    /// A line outside of every block; whether it is one that blocks have. `saved`: somebody saved
    /// it, so that its version may be all that is left.
    pub(super) fn line(&mut self, line: &[u8], titles: &Titles, saved: bool) -> bool {
        let is_of_a_block = section::is_of_a_block(line);
        self.lines += usize::from(is_of_a_block);
        let version = line.trim_ascii_start().strip_prefix(b"versionName=");
        if let Some(version) = version.filter(|_| saved) {
            self.version.get_or_insert_with(|| version.to_vec());
        }
        let is_piece = is_of_a_block || version.is_some();
        self.displaced |= is_piece && !titles.is_among_blocks() && !titles.is_empty();
        is_of_a_block
    }

    pub(super) const fn has_lines(&self) -> bool {
        self.lines > 0
    }

    pub(super) const fn are_there(&self) -> bool {
        self.has_lines() || self.version.is_some()
    }

    /// Whether they show that this is a piece of a dump.
    pub(super) const fn are_torn(&self, titles: &Titles) -> bool {
        self.untitled || self.displaced || (self.are_there() && !titles.has_blocks())
    }
}
