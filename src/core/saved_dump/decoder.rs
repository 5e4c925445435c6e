//! Text as files have it → UTF-8: a file that begins with UTF-16's mark is UTF-16, every other one
//! is taken as it is.

use std::borrow::Cow;

/// What Android prints, and what says so at a text's beginning.
pub(super) const UTF8_MARK: &[u8] = b"\xef\xbb\xbf";

/// So many characters in a row that are two of ASCII, or the wrong half of one, are none of
/// UTF-16's: another encoding, or a byte that was lost.
const FOREIGN: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    /// The first two bytes haven't come.
    Unknown,
    Bytes,
    LittleEndian,
    BigEndian,
}

/// Turns a file's text, piece by piece, into UTF-8. Windows PowerShell writes UTF-16 for
/// `adb shell … > file`, with its mark.
#[derive(Debug)]
pub(super) struct Decoder {
    encoding: Encoding,
    /// Bytes that the next piece completes: the first ones, or a part of a character.
    rest: Vec<u8>,
    /// Characters in a row that are none of UTF-16's.
    foreign: usize,
    /// Something in another encoding stands in UTF-16.
    pub(super) is_mixed: bool,
}

impl Decoder {
    pub(super) const fn new() -> Self {
        Self { encoding: Encoding::Unknown, rest: Vec::new(), foreign: 0, is_mixed: false }
    }

    /// The text of the next piece.
    pub(super) fn decode<'a>(&mut self, piece: &'a [u8]) -> Cow<'a, [u8]> {
        if self.encoding == Encoding::Bytes {
            return piece.into();
        }
        self.rest.extend_from_slice(piece);
        if self.encoding == Encoding::Unknown {
            self.encoding = match self.rest.get(..2) {
                None => return Cow::default(),
                Some(b"\xff\xfe") => Encoding::LittleEndian,
                Some(b"\xfe\xff") => Encoding::BigEndian,
                Some(_) => Encoding::Bytes,
            };
            if self.encoding == Encoding::Bytes {
                return std::mem::take(&mut self.rest).into();
            }
            self.rest.drain(..2);
        }
        self.utf16(false).into()
    }

    /// The text that no further piece completes.
    pub(super) fn finish(&mut self) -> Vec<u8> {
        match self.encoding {
            Encoding::Unknown | Encoding::Bytes => std::mem::take(&mut self.rest),
            Encoding::LittleEndian | Encoding::BigEndian => self.utf16(true),
        }
    }

    fn unit(&self, pair: &[u8]) -> u16 {
        let pair = [pair[0], pair[1]];
        match self.encoding {
            Encoding::BigEndian => u16::from_be_bytes(pair),
            _ => u16::from_le_bytes(pair),
        }
    }

    /// Decodes the characters at hand; `all`: nothing more comes.
    fn utf16(&mut self, all: bool) -> Vec<u8> {
        let bytes = std::mem::take(&mut self.rest);
        let mut end = bytes.len() & !1;
        // Its other half may be in the next piece.
        if !all && end >= 2 && (0xd800..0xdc00).contains(&self.unit(&bytes[end - 2..end])) {
            end -= 2;
        }
        let units: Vec<u16> = bytes[..end].chunks_exact(2).map(|pair| self.unit(pair)).collect();
        for unit in &units {
            let [high, low] = unit.to_be_bytes();
            let is_foreign = is_ascii(high) && (is_ascii(low) || low == 0);
            self.foreign = if is_foreign { self.foreign + 1 } else { 0 };
            self.is_mixed |= self.foreign >= FOREIGN;
        }
        let mut text = Vec::with_capacity(units.len());
        for c in char::decode_utf16(units) {
            let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
            text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        if !all {
            self.rest = bytes[end..].to_vec();
        } else if end < bytes.len() {
            text.extend_from_slice("\u{fffd}".as_bytes());
        }
        text
    }
}

const fn is_ascii(byte: u8) -> bool {
    matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(pieces: &[&[u8]]) -> (Vec<u8>, bool) {
        let mut decoder = Decoder::new();
        let mut text: Vec<u8> =
            pieces.iter().flat_map(|piece| decoder.decode(piece).into_owned()).collect();
        text.extend(decoder.finish());
        (text, decoder.is_mixed)
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        units.flat_map(bytes).collect()
    }

    #[test]
    fn only_the_mark_at_the_beginning_tells() {
        for (file, text) in [
            (&b""[..], &b""[..]),
            (b"a", b"a"),
            (b"ab", b"ab"),
            (b"\xef\xbb\xbfabc", b"\xef\xbb\xbfabc"),
            (b"\xff", b"\xff"),
            (b"a\xff\xfe\x00", b"a\xff\xfe\x00"),
            (b"a\0b\0", b"a\0b\0"),
            (b"\xff\xfe", b""),
            (b"\xff\xfea", "\u{fffd}".as_bytes()),
            (b"\xff\xfe\x00\xd8", "\u{fffd}".as_bytes()),
            (b"\xff\xfe\x00\xdca\x00", "\u{fffd}a".as_bytes()),
            (b"\xfe\xff\x00a\xfe\xff", "a\u{feff}".as_bytes()),
        ] {
            assert_eq!(decode(&[file]), (text.to_vec(), false), "{file:?}");
        }
    }

    #[test]
    fn another_encoding_in_utf_16_is_noticed() {
        let text = "Unable to find package: com.xiaomi.mi_connect_service\n";
        for big in [false, true] {
            let wide = utf16(text, big);
            assert!(!decode(&[&wide]).1);
            assert!(!decode(&[&utf16("有新版本可用请更新应用程序以修复安全问题", big)]).1);
            for other in [text.as_bytes(), &utf16(text, !big)] {
                for lost in 0..2 {
                    let file = [&wide, &other[lost..]].concat();
                    // Without its first byte the other order is this one.
                    let (read, is_mixed) = decode(&[&file]);
                    let read = String::from_utf8_lossy(&read);
                    let is_read = read.matches(text[1..].trim_end()).count() == 2;
                    assert!(is_mixed || is_read, "{big} {lost}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn utf16_is_read_however_it_is_cut(
            text in "(?s).{0,40}", big in any::<bool>(), cut in any::<prop::sample::Index>(),
        ) {
            let file = utf16(&text, big);
            let (left, right) = file.split_at(cut.index(file.len() + 1));
            prop_assert_eq!(decode(&[left, right]).0, text.as_bytes());
        }

        #[test]
        fn any_bytes_are_read_however_they_are_cut(
            file in prop::collection::vec(prop::sample::select(&b"\xff\xfe\xef\xbb\xbf\xd8\xdca\0\0\n"[..]), 0..90),
        ) {
            let bytes: Vec<&[u8]> = file.chunks(1).collect();
            prop_assert_eq!(decode(&bytes), decode(&[&file]));
        }
    }
}
