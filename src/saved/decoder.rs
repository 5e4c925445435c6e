//! Text as files have it → UTF-8: byte order marks, UTF-16.

use std::borrow::Cow;

/// How a file's text is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// Its first bytes haven't come.
    Undecided,
    /// Bytes as they are; Android prints UTF-8.
    Bytes,
    Utf16(Order),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    LittleEndian,
    BigEndian,
}

/// Turns a file's text, piece by piece, into UTF-8 without a byte order mark.
///
/// UTF-16 is what Windows PowerShell writes for `adb shell … > file`; it always has its mark.
#[derive(Debug)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// What is left of a piece: the beginning of a mark, half a unit, or half a pair.
    rest: Vec<u8>,
}

const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

impl Decoder {
    pub(super) fn new() -> Self {
        Self { encoding: Encoding::Undecided, rest: Vec::new() }
    }

    /// The text of the next piece.
    pub(super) fn decode<'a>(&mut self, piece: &'a [u8]) -> Cow<'a, [u8]> {
        match self.encoding {
            Encoding::Bytes => piece.into(),
            Encoding::Utf16(order) => self.utf16(order, piece).into(),
            Encoding::Undecided => {
                self.rest.extend_from_slice(piece);
                if self.rest.len() < UTF8_MARK.len() {
                    return Cow::default();
                }
                self.decide()
            }
        }
    }

    /// The text that no further piece completes.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let mut text = match self.encoding {
            Encoding::Undecided => self.decide().into_owned(),
            Encoding::Bytes | Encoding::Utf16(_) => Vec::new(),
        };
        if !self.rest.is_empty() {
            push(&mut text, char::REPLACEMENT_CHARACTER);
        }
        text
    }

    fn decide(&mut self) -> Cow<'static, [u8]> {
        let begun = std::mem::take(&mut self.rest);
        let (encoding, mark) = match begun.as_slice() {
            [0xff, 0xfe, ..] => (Encoding::Utf16(Order::LittleEndian), 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16(Order::BigEndian), 2),
            bytes if bytes.starts_with(UTF8_MARK) => (Encoding::Bytes, UTF8_MARK.len()),
            _ => (Encoding::Bytes, 0),
        };
        self.encoding = encoding;
        match encoding {
            Encoding::Utf16(order) => self.utf16(order, &begun[mark..]).into(),
            Encoding::Undecided | Encoding::Bytes => begun[mark..].to_vec().into(),
        }
    }

    fn utf16(&mut self, order: Order, piece: &[u8]) -> Vec<u8> {
        let mut bytes = std::mem::take(&mut self.rest);
        bytes.extend_from_slice(piece);
        let unit = |pair: &[u8]| match order {
            Order::LittleEndian => u16::from_le_bytes([pair[0], pair[1]]),
            Order::BigEndian => u16::from_be_bytes([pair[0], pair[1]]),
        };
        let mut whole = bytes.len() - bytes.len() % 2;
        // The first half of a pair waits for the second.
        if whole >= 2 && (0xd800..0xdc00).contains(&unit(&bytes[whole - 2..whole])) {
            whole -= 2;
        }
        self.rest = bytes.split_off(whole);
        let mut text = Vec::with_capacity(bytes.len() / 2);
        for decoded in char::decode_utf16(bytes.chunks_exact(2).map(unit)) {
            push(&mut text, decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        text
    }
}

fn push(text: &mut Vec<u8>, c: char) {
    text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(pieces: &[&[u8]]) -> Vec<u8> {
        let mut decoder = Decoder::new();
        let mut text = Vec::new();
        for piece in pieces {
            text.extend_from_slice(&decoder.decode(piece));
        }
        text.extend_from_slice(&decoder.finish());
        text
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

    proptest! {
        #[test]
        fn utf16_is_read_however_it_is_cut(
            text in "(?s).{0,40}", big in any::<bool>(), cut in any::<prop::sample::Index>(),
        ) {
            let order = if big { Order::BigEndian } else { Order::LittleEndian };
            let file = utf16(&text, order);
            let (left, right) = file.split_at(cut.index(file.len() + 1));
            prop_assert_eq!(decode(&[left, right]), text.as_bytes());
        }

        #[test]
        fn any_bytes_are_read_however_they_are_cut(
            file in prop::collection::vec(prop::sample::select(&b"\xff\xfe\xef\xbb\xbf\xd8\xdca\0"[..]), 0..12),
        ) {
            let whole = decode(&[&file]);
            let bytes: Vec<&[u8]> = file.chunks(1).collect();
            prop_assert_eq!(decode(&bytes), whole);
        }
    }
}
