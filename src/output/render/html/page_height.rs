//! How much room a sheet takes on paper, estimated: rolls have no page height of their own, and on a
//! sheet of paper the type must be small enough.

use maud::Markup;
use unicode_width::UnicodeWidthChar as _;

use super::Paper;

/// A paper's measures, millimetres.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measures {
    pub(super) width: f64,
    /// `None`: a roll.
    pub(super) height: Option<f64>,
    pub(super) margin: f64,
    /// The size of running text.
    pub(super) type_size: f64,
}

impl Paper {
    pub(super) const fn measures(self) -> Measures {
        match self {
            Self::A4 => {
                Measures { width: 210.0, height: Some(297.0), margin: 18.0, type_size: 4.4 }
            }
            Self::A5 => Measures { width: 148.0, height: Some(210.0), margin: 9.0, type_size: 3.5 },
            Self::Mm80 => Measures { width: 80.0, height: None, margin: 4.0, type_size: 3.4 },
            Self::Mm58 => Measures { width: 58.0, height: None, margin: 2.5, type_size: 3.1 },
        }
    }

    /// Whether it is a roll for thermal printers, which print black only.
    pub(super) const fn is_roll(self) -> bool {
        matches!(self, Self::Mm80 | Self::Mm58)
    }
}

/// A part of a sheet: what it is, and the height that it takes in print.
pub(super) struct SheetBlock<'a> {
    pub(super) markup: Markup,
    height: Box<dyn Fn(Print) -> f64 + 'a>,
}

impl<'a> SheetBlock<'a> {
    pub(super) fn new(markup: Markup, height: impl Fn(Print) -> f64 + 'a) -> Self {
        Self { markup, height: Box::new(height) }
    }
}

/// The height of all of them in type of this size, millimetres; rather too much than too little.
pub(super) fn height_of(blocks: &[SheetBlock<'_>], measures: Measures, size: f64) -> f64 {
    let width = measures.width - 2.0 * measures.margin;
    let print = Print { size, width, is_roll: measures.height.is_none() };
    let height: f64 = blocks.iter().map(|block| (block.height)(print)).sum();
    // Measured: browsers take 0.6 to 0.9 of what this adds up to. A roll has room for other
    // fonts; on a page, type that is larger is worth more.
    if print.is_roll { height } else { height * 0.92 }
}

/// What a sheet is printed in: the size of its type and the width that it has, in millimetres.
#[derive(Clone, Copy)]
pub(super) struct Print {
    pub(super) size: f64,
    width: f64,
    pub(super) is_roll: bool,
}

impl Print {
    /// How high a line is, as in the style sheet, for the language with the taller lines.
    const LINE: f64 = 1.58;

    /// The height of a text in type that is larger by `scale`; `inset`: what is left of its
    /// width, by the type's size.
    pub(super) fn text(self, text: &str, scale: f64, inset: f64) -> f64 {
        let size = self.size * scale;
        lines(text, size, self.width - inset * self.size) * size * Self::LINE
    }

    /// The height of a text within a part of the width.
    pub(super) fn text_within(self, text: &str, part: f64) -> f64 {
        lines(text, self.size, self.width * part) * self.size * Self::LINE
    }
}

/// How wide a character is at least set, as part of the type's size: those of Devanagari are wider
/// than Latin ones.
fn width_of(sign: char) -> f64 {
    match sign {
        ' ' => 0.3,
        '\u{900}'..='\u{97f}' if sign.width() == Some(0) => 0.0,
        '\u{900}'..='\u{97f}' => 0.62,
        // The widest that there are: one sign that is a whole sentence, of which few fit a
        // line and none is broken, and cuneiform.
        '\u{fdfd}' => 11.0,
        '\u{12000}'..='\u{1254f}' => 5.0,
        'W' | 'M' | 'm' | 'w' | '@' | '%' => 0.96,
        _ if sign.is_ascii_uppercase() => 0.68,
        _ if sign.is_ascii() => 0.54,
        _ => 0.6 * f64::from(u8::try_from(sign.width().unwrap_or(1)).unwrap_or(2)),
    }
}

/// How many lines a text takes, set in this size within this width, both in millimetres.
fn lines(text: &str, type_size: f64, width: f64) -> f64 {
    let (mut lines, mut used) = (1.0, 0.0);
    for word in text.split_whitespace() {
        let long: f64 = word.chars().map(width_of).sum::<f64>() * type_size;
        if used > 0.0 && used + long > width {
            lines += 1.0;
            used = 0.0;
        }
        // A word that is wider than the line is broken.
        lines += ((long - 0.01) / width).floor().max(0.0);
        used += long % width + 0.3 * type_size;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::float_cmp, reason = "whole numbers of lines")]
    fn lines_are_counted() {
        assert_eq!(lines("", 3.0, 50.0), 1.0);
        assert_eq!(lines("a b c", 3.0, 50.0), 1.0);
        assert_eq!(lines(&"word ".repeat(20), 3.0, 50.0), 4.0);
        assert_eq!(lines(&"x".repeat(100), 3.0, 54.0), 3.0);
        assert!(lines(&"अपडेट ".repeat(20), 3.0, 50.0) >= 4.0);
    }
}
