//! How large phones are drawn on a screen.

/// How large a phone is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// A block of colour three lines high, and a blank line.
    Large,
    /// Three lines, of which the block has two, so that neighbours of one colour stay two.
    Close,
    Two,
    /// Four short lines, for narrow screens: the step has two.
    Tall,
    Narrow,
    /// One line, for wide screens.
    One,
}

impl Shape {
    /// The largest in which `count` phones can be seen at once; else the smallest that has all.
    pub(super) const fn fitting(width: usize, room: usize, count: usize) -> Self {
        if width < 76 {
            // Where not all can be seen anyway, those that can are to be read.
            let only_narrow =
                count * Self::Narrow.lines() <= room && count * Self::Tall.lines() > room;
            return if only_narrow { Self::Narrow } else { Self::Tall };
        }
        if count * Self::Large.lines() <= room {
            Self::Large
        } else if count * Self::Close.lines() <= room {
            Self::Close
        } else if count * Self::Two.lines() <= room || width < 150 {
            Self::Two
        } else {
            Self::One
        }
    }

    pub(super) const fn lines(self) -> usize {
        match self {
            Self::Large | Self::Tall => 4,
            Self::Close | Self::Narrow => 3,
            Self::Two => 2,
            Self::One => 1,
        }
    }
}
