//! Text as files have it → UTF-8: byte order marks, UTF-16, and several encodings one behind another.

use std::borrow::Cow;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use memchr::{memchr, memchr2, memmem};

/// How a file's text is encoded from some place on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Bytes as they are; Android prints UTF-8.
    Bytes,
    Utf16(Order),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    LittleEndian,
    BigEndian,
}

/// A run of text in one encoding.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Decoded<'a> {
    /// Another encoding, or a byte order mark, begins here: the text before it has ended.
    pub(super) is_new: bool,
    /// UTF-8, if the file is sound.
    pub(super) text: Cow<'a, [u8]>,
}

/// Turns a file's text, piece by piece, into UTF-8 without byte order marks.
///
/// UTF-16 is what Windows PowerShell writes for `adb shell … > file`, with its mark, and behind the
/// end of a file (`>>`) without it, whatever that file's own encoding is.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
pub(super) struct Decoder {
    encoding: Encoding,
    /// What isn't decoded because what follows it may show how it is encoded.
    rest: Vec<u8>,
    at_start: bool,
    at_line_start: bool,
    /// How often another encoding has begun.
    changes: usize,
    /// There are NULs that are no part of UTF-16.
    pub(super) has_nuls: bool,
    /// There is UTF-16 whose bytes can't be paired.
    pub(super) is_shifted: bool,
}

/// So often a file may change its encoding. One that does so more often, or at one place back and
/// forth, is in none: what follows is taken as bytes, and the file counts as unreadable.
const MAX_CHANGES: usize = 256;

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// So many characters in a row, each beside a NUL, are UTF-16.
const PAIRS: usize = 16;

/// How much of a piece may be needed to read the next one, in bytes.
const HELD: usize = 2 * PAIRS + 2;

/// The longest line of UTF-16 in which another encoding is looked for, in bytes.
const MAX_WIDE_LINE_BYTES: usize = 128 << 10;

/// What only a listing or a dump in bytes has: nobody means these as UTF-16.
static NARROW: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let telling =
        ["]: [", "  Package [", "Unable to find package: ", "versionName=", "DUMP OF SERVICE "];
    AhoCorasick::new(telling).expect("a few short texts")
});

impl Order {
    fn unit(self, pair: &[u8]) -> u16 {
        let pair = [pair[0], pair[1]];
        match self {
            Self::LittleEndian => u16::from_le_bytes(pair),
            Self::BigEndian => u16::from_be_bytes(pair),
        }
    }

    const fn turned(self) -> Self {
        match self {
            Self::LittleEndian => Self::BigEndian,
            Self::BigEndian => Self::LittleEndian,
        }
    }

    /// How many bytes from the beginning of `bytes` are characters of ASCII.
    fn plain_bytes(self, bytes: &[u8]) -> usize {
        let is_plain =
            |pair: &&[u8]| matches!(self.unit(pair), 0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xfeff);
        2 * bytes.chunks_exact(2).take(PAIRS).take_while(is_plain).count()
    }
}

impl Decoder {
    pub(super) fn new() -> Self {
        Self {
            encoding: Encoding::Bytes,
            rest: Vec::new(),
            at_start: true,
            at_line_start: true,
            changes: 0,
            has_nuls: false,
            is_shifted: false,
        }
    }

    /// The texts of the next piece.
    pub(super) fn decode<'a>(&mut self, piece: &'a [u8]) -> Vec<Decoded<'a>> {
        let mut decoded = Vec::new();
        if self.encoding == Encoding::Bytes && !self.at_start && piece.len() > 2 * HELD {
            // Nearly every piece of nearly every file: there is nothing but text in it.
            let border = [&self.rest, &piece[..HELD]].concat();
            let (body, held) = piece.split_at(piece.len() - HELD);
            // A mark, or a first character, may stand right before what is held back.
            let is_settled = held[0] != 0 && body[body.len() - 2..].iter().all(|byte| *byte < 0xbb);
            if is_settled
                && memchr(0, &border).is_none()
                && self.mark(&border).is_none()
                && (memchr2(0, UTF8_MARK[0], body).is_none()
                    || (memchr(0, body).is_none()
                        && memmem::find(body, b"\n\xef\xbb\xbf").is_none()))
            {
                let before = std::mem::replace(&mut self.rest, held.to_vec());
                self.push(&mut decoded, before.into());
                self.push(&mut decoded, body.into());
                return decoded;
            }
        }
        self.rest.extend_from_slice(piece);
        self.take(&mut decoded, false);
        decoded
    }

    /// The texts that no further piece completes.
    pub(super) fn finish(&mut self) -> Vec<Decoded<'static>> {
        let mut decoded = Vec::new();
        self.take(&mut decoded, true);
        decoded
    }

    fn push<'a>(&mut self, decoded: &mut Vec<Decoded<'a>>, text: Cow<'a, [u8]>) {
        if let Some(&last) = text.last() {
            self.at_line_start = last == b'\n';
            self.at_start = false;
            decoded.push(Decoded { is_new: false, text });
        }
    }

    fn begins(&mut self, decoded: &mut Vec<Decoded<'_>>, encoding: Encoding) {
        self.encoding = encoding;
        self.changes += 1;
        self.at_line_start = true;
        if !std::mem::replace(&mut self.at_start, false) {
            decoded.push(Decoded { is_new: true, text: Cow::default() });
        }
    }

    /// Decodes what is at hand; `all`: nothing more comes.
    fn take(&mut self, decoded: &mut Vec<Decoded<'_>>, all: bool) {
        loop {
            let bytes = std::mem::take(&mut self.rest);
            if self.changes > MAX_CHANGES {
                self.encoding = Encoding::Bytes;
                self.has_nuls = true;
                self.push(decoded, bytes.into());
                return;
            }
            let taken = match self.encoding {
                Encoding::Bytes => self.narrow(decoded, &bytes, all),
                Encoding::Utf16(order) => self.wide(decoded, order, &bytes, all),
            };
            self.rest = bytes[taken.0..].to_vec();
            if !taken.1 {
                return;
            }
        }
    }

    /// The first byte order mark of UTF-8 at a line's beginning.
    fn mark(&self, bytes: &[u8]) -> Option<usize> {
        let first = self.at_line_start && bytes.starts_with(UTF8_MARK);
        if first {
            return Some(0);
        }
        memmem::find(bytes, b"\n\xef\xbb\xbf").map(|at| at + 1)
    }

    /// Takes bytes up to where another encoding begins: how many, and whether it goes on.
    fn narrow(&mut self, decoded: &mut Vec<Decoded<'_>>, bytes: &[u8], all: bool) -> (usize, bool) {
        let end = if all { bytes.len() } else { bytes.len().saturating_sub(HELD) };
        let mark = self.mark(bytes).filter(|&at| at < end);
        let mut from = 0;
        let wide = loop {
            let Some(nul) = memchr(0, &bytes[from..]).map(|at| from + at) else { break None };
            // Its first character stands before it or behind it; before that, perhaps its mark. What
            // looks like a line break is rather the end of the text before.
            let mut orders =
                [(nul.checked_sub(1), Order::LittleEndian), (Some(nul), Order::BigEndian)];
            if bytes[..nul].ends_with(b"\n") {
                orders.reverse();
            }
            let begin = orders.into_iter().find_map(|(begin, order)| {
                let begin = begin?;
                let wide = order.plain_bytes(&bytes[begin..]) >= 2 * PAIRS;
                wide.then_some((begin, order))
            });
            if begin.is_some() {
                break begin;
            }
            let nuls = bytes[nul..].iter().position(|&byte| byte != 0).unwrap_or(bytes.len() - nul);
            if nul + nuls < end || all {
                self.has_nuls = true;
            }
            from = nul + nuls;
        };
        let wide = wide.map(|(begin, order)| {
            let before = &bytes[..begin];
            let has_mark = before.ends_with(b"\xff\xfe") || before.ends_with(b"\xfe\xff");
            let mark = if has_mark { 2 } else { 0 };
            (begin - mark, mark, order)
        });
        let wide = wide.filter(|(begin, ..)| *begin < end);
        match (mark, wide) {
            (Some(mark), wide) if wide.is_none_or(|(begin, ..)| mark < begin) => {
                self.push(decoded, bytes[..mark].to_vec().into());
                self.begins(decoded, Encoding::Bytes);
                (mark + UTF8_MARK.len(), true)
            }
            (_, Some((begin, mark, order))) => {
                self.push(decoded, bytes[..begin].to_vec().into());
                self.begins(decoded, Encoding::Utf16(order));
                (begin + mark, true)
            }
            (_, None) => {
                // A file may be shorter than what makes its encoding sure.
                let marked = match bytes {
                    [0xff, 0xfe, ..] => Some(Order::LittleEndian),
                    [0xfe, 0xff, ..] => Some(Order::BigEndian),
                    _ => None,
                };
                if let (true, Some(order)) = (self.at_start, marked) {
                    self.begins(decoded, Encoding::Utf16(order));
                    return (2, true);
                }
                self.push(decoded, bytes[..end].to_vec().into());
                (end, false)
            }
        }
    }

    /// The same for UTF-16, line by line.
    fn wide(
        &mut self,
        decoded: &mut Vec<Decoded<'_>>,
        order: Order,
        bytes: &[u8],
        all: bool,
    ) -> (usize, bool) {
        let newline = |pair: &[u8]| order.unit(pair) == 0x0a;
        let lines_end = |bytes: &[u8]| {
            let units = bytes.chunks_exact(2);
            units.clone().rposition(newline).map_or(0, |last| 2 * last + 2)
        };
        // The first line that can't be UTF-16, though it is a line; or a mark of the other order.
        let narrow = NARROW.find(bytes).map(|found| lines_end(&bytes[..found.start()]));
        let turned = bytes.chunks_exact(2).position(|pair| order.unit(pair) == 0xfffe);
        let turned = turned.map(|units| 2 * units).filter(|at| narrow.is_none_or(|end| *at < end));
        if let Some(end) = turned {
            self.push_wide(decoded, order, &bytes[..end]);
            self.begins(decoded, Encoding::Utf16(order.turned()));
            return (end + 2, true);
        }
        let end = match narrow {
            Some(end) => end,
            None if all => bytes.len(),
            None => match lines_end(bytes) {
                end if bytes.len() - end > MAX_WIDE_LINE_BYTES => bytes.len() & !1,
                end => end,
            },
        };
        self.push_wide(decoded, order, &bytes[..end]);
        if narrow.is_some() {
            self.begins(decoded, Encoding::Bytes);
        }
        (end, narrow.is_some())
    }

    fn push_wide(&mut self, decoded: &mut Vec<Decoded<'_>>, order: Order, bytes: &[u8]) {
        // Where a byte was lost or added, letters stand in the wrong halves.
        let mut shifted = 0;
        for unit in bytes.chunks_exact(2).map(|pair| order.unit(pair)) {
            let is_shifted = unit.to_be_bytes()[1] == 0 && (0x09..=0x7e).contains(&(unit >> 8));
            shifted = if is_shifted { shifted + 1 } else { 0 };
            self.is_shifted |= shifted >= PAIRS;
        }
        let mut text = Vec::with_capacity(bytes.len() / 2);
        let units = bytes.chunks_exact(2).map(|pair| order.unit(pair));
        for c in char::decode_utf16(units) {
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            let line_start = text.last().map_or(self.at_line_start, |&last| last == b'\n');
            if c == '\u{feff}' && line_start {
                self.push(decoded, std::mem::take(&mut text).into());
                self.begins(decoded, Encoding::Utf16(order));
            } else {
                text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            }
        }
        if bytes.len() % 2 == 1 {
            text.extend_from_slice("\u{fffd}".as_bytes());
        }
        self.push(decoded, text.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(pieces: &[&[u8]]) -> Vec<u8> {
        texts(pieces).concat()
    }

    /// The text, cut where another encoding begins.
    fn texts(pieces: &[&[u8]]) -> Vec<Vec<u8>> {
        let mut decoder = Decoder::new();
        let mut texts = vec![Vec::new()];
        let mut take = |decoded: Vec<Decoded<'_>>| {
            for Decoded { is_new, text } in decoded {
                if is_new {
                    texts.push(Vec::new());
                }
                texts.last_mut().unwrap().extend_from_slice(&text);
            }
        };
        for piece in pieces {
            take(decoder.decode(piece));
        }
        take(decoder.finish());
        texts
    }

    fn utf16(text: &str, order: Order) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let bytes = |unit: u16| match order {
            Order::LittleEndian => unit.to_le_bytes(),
            Order::BigEndian => unit.to_be_bytes(),
        };
        units.flat_map(bytes).collect()
    }

    #[test]
    fn marks_go_and_everything_else_stays() {
        for (file, text) in [
            (&b""[..], &b""[..]),
            (b"a", b"a"),
            (b"ab", b"ab"),
            (b"\xef\xbb\xbfabc", b"abc"),
            (b"\xef\xbb", b"\xef\xbb"),
            (b"a\xff\xfe\x00", b"a\xff\xfe\x00"),
            (b"\xff\xfe", b""),
            (b"\xff\xfea", "\u{fffd}".as_bytes()),
            (b"\xff\xfe\x00\xd8", "\u{fffd}".as_bytes()),
            (b"\xff\xfe\x00\xdca\x00", "\u{fffd}a".as_bytes()),
        ] {
            assert_eq!(decode(&[file]), text, "{file:?}");
        }
    }

    #[test]
    fn another_encoding_begins_another_text() {
        let (first, second) = ("[ro.a]: [b]\n".repeat(9), "Packages:\n  Package [a.b] (1):\n");
        let narrow = first.as_bytes();
        for order in [Order::LittleEndian, Order::BigEndian] {
            let wide = utf16(second, order);
            let turned = utf16(second, order.turned());
            for (file, expected) in [
                ([narrow, &wide].concat(), [first.as_bytes(), second.as_bytes()]),
                ([narrow, &wide[2..]].concat(), [first.as_bytes(), second.as_bytes()]),
                ([&wide, narrow].concat(), [second.as_bytes(), first.as_bytes()]),
                ([narrow, UTF8_MARK, second.as_bytes()].concat(), [narrow, second.as_bytes()]),
                ([&wide[..], &wide].concat(), [second.as_bytes(), second.as_bytes()]),
                ([&wide[..], &turned].concat(), [second.as_bytes(), second.as_bytes()]),
            ] {
                for piece in [1, 7, 100, file.len()] {
                    let pieces: Vec<&[u8]> = file.chunks(piece).collect();
                    // PowerShell's own first letter may have no line before it.
                    let lines = |texts: Vec<Vec<u8>>| -> Vec<Vec<u8>> {
                        texts.iter().map(|text| text.trim_ascii().to_vec()).collect()
                    };
                    let expected = expected.map(|text| text.trim_ascii().to_vec());
                    assert_eq!(lines(texts(&pieces)), expected, "{order:?} {piece}");
                }
            }
        }
    }

    #[test]
    fn what_no_encoding_explains_is_noted() {
        let noted = |file: &[u8]| {
            let mut decoder = Decoder::new();
            decoder.decode(file);
            decoder.finish();
            decoder.has_nuls || decoder.is_shifted
        };
        let wide = utf16("Packages:\n  Package [a.b] (1):\n", Order::LittleEndian);
        assert!(noted(b"a\0b"));
        assert!(noted(&[&wide[..], b"\n", &wide[2..]].concat()));
        assert!(!noted(&wide) && !noted(b"ab"));
    }

    /// Found by fuzzing: read as UTF-16 it isn't, and read as bytes it is, for ever.
    #[test]
    fn what_is_in_no_encoding_comes_to_an_end() {
        let mut bytes =
            b"versionNag\0e\0s\0:\0\r\0\n\0 \0 \0P\0a\0c\0k\0a\0g\0e\0 \0[\0c\0o\0m\0.\0".to_vec();
        bytes.extend_from_slice(b"x\0i\0a\0o\0m\0i\0.\0m\0i\0_\0c\0od=0\n  Package [com.x] (1):\n");
        let mut decoder = Decoder::new();
        let mut text = decoder.decode(&bytes);
        text.extend(decoder.finish());
        assert!(decoder.changes > 0 && text.iter().any(|decoded| !decoded.text.is_empty()));

        let back_and_forth = "versionName=1\n".to_owned() + &"x\0".repeat(40);
        let back_and_forth = back_and_forth.repeat(2 * MAX_CHANGES);
        let mut decoder = Decoder::new();
        let mut text = decoder.decode(back_and_forth.as_bytes());
        text.extend(decoder.finish());
        assert!(decoder.has_nuls);
        assert!(text.iter().filter(|decoded| decoded.is_new).count() <= MAX_CHANGES + 1);
    }

    proptest! {
        #[test]
        fn utf16_is_read_however_it_is_cut(
            text in "(?s)[^\u{feff}]{0,40}", big in any::<bool>(), cut in any::<prop::sample::Index>(),
        ) {
            let order = if big { Order::BigEndian } else { Order::LittleEndian };
            let file = utf16(&text, order);
            let (left, right) = file.split_at(cut.index(file.len() + 1));
            prop_assert_eq!(decode(&[left, right]), text.as_bytes());
        }

        #[test]
        fn any_bytes_are_read_however_they_are_cut(
            file in prop::collection::vec(prop::sample::select(&b"\xff\xfe\xef\xbb\xbf\xd8\xdca\0\0\n"[..]), 0..90),
        ) {
            let whole = texts(&[&file]);
            let bytes: Vec<&[u8]> = file.chunks(1).collect();
            prop_assert_eq!(texts(&bytes), whole);
        }
    }
}
