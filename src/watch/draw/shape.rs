//! How large phones are drawn on a screen.

/// The most lines that a card has, a blank one among them.
const LARGEST_CARD: usize = 12;

/// How large a phone is drawn; a number is that of its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A block of colour beside what is known, 3 lines at least. The block is a line lower, so that
    /// neighbours of one colour stay two.
    Card(usize),
    Two,
    /// For wide screens.
    One,
    /// For screens of a few columns: nothing stands beside anything, 3 lines at least.
    Narrow(usize),
}

impl Shape {
    /// The largest in which `count` phones can be seen at once; else the smallest that has all.
    pub(super) const fn fitting(width: usize, room: usize, count: usize) -> Self {
        match room / count {
            lines @ (3 | 5..=7) if width < 76 => Self::Narrow(lines),
            8.. if width < 76 => Self::Narrow(7),
            // Where not all can be seen anyway, those that can are to be read.
            _ if width < 76 => Self::Narrow(4),
            lines @ 3..LARGEST_CARD => Self::Card(lines),
            LARGEST_CARD.. => Self::Card(LARGEST_CARD),
            2 => Self::Two,
            _ if width < 150 => Self::Two,
            _ => Self::One,
        }
    }

    /// The line that has the verdict's word and the mark of the chosen phone, from 0.
    pub(super) const fn middle(self) -> usize {
        if let Self::Card(lines) = self { (lines - 2) / 2 } else { 0 }
    }

    pub(super) const fn lines(self) -> usize {
        match self {
            Self::Card(lines) | Self::Narrow(lines) => lines,
            Self::Two => 2,
            Self::One => 1,
        }
    }
}
