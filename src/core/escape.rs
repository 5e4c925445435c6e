//! A stranger's bytes as text that can be shown: decoding and escaping. Core: no I/O.
//!
//! Every string from a phone or a server passes `decode` on its way in and one
//! of the `escape_*` functions on its way to a terminal or a file.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Decodes `bytes` as UTF-8; a byte that isn't appears as `\xNN`.
#[must_use]
pub fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").expect("a String takes every write");
        }
    }
    text
}

/// `bytes` in hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).expect("half a byte is below 16");
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// Whether `c` can change how the text around it is shown, or be mistaken for nothing:
/// controls (C0, DEL, C1), format characters (bidi controls, zero-width, tags)
/// and the Unicode line and paragraph separators.
///
/// Source: Unicode general categories Cc, Cf, Zl and Zp; private use and
/// unassigned characters have no effect of their own.
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    // Nearly all text is ASCII, where one comparison tells.
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}'
            | '\u{890}'..='\u{891}' | '\u{8e2}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e007f}')
}

/// Writes `c` as JSON and most people spell it: `\u001b`, two of them above U+FFFF.
pub fn push_escaped(out: &mut String, c: char) {
    let mut units = [0; 2];
    for unit in c.encode_utf16(&mut units) {
        write!(out, "\\u{unit:04x}").expect("a String takes every write");
    }
}

/// `text` with every deceptive character as a visible `\uNNNN`: safe for a terminal.
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if text.contains(is_deceptive) { escaped(text, is_deceptive).into() } else { text.into() }
}

/// `text` with each of these characters escaped.
fn escaped(text: &str, is: impl Fn(char) -> bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut rest = text;
    while let Some(at) = rest.find(&is) {
        let (clean, from) = rest.split_at(at);
        out.push_str(clean);
        let mut chars = from.chars();
        chars.by_ref().take(1).for_each(|c| push_escaped(&mut out, c));
        rest = chars.as_str();
    }
    out.push_str(rest);
    out
}

/// The text for a terminal that isn't UTF-8, where the bytes of a letter may be a command (`\u{11b}` ends
/// in one on Latin-1): in ASCII, each character as wide as before; escape codes stay.
#[must_use]
pub fn in_ascii(text: &str) -> String {
    use unicode_width::UnicodeWidthChar as _;

    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        out.push(match sign {
            sign if sign.is_ascii() => sign,
            '✖' => 'X',
            '▲' => '!',
            '✔' => '+',
            '–' | '—' => '-',
            '…' => '~',
            '→' | '▶' => '>',
            '·' | '┃' => '|',
            '▏' => '_',
            '↑' => '^',
            '↓' => 'v',
            '’' => '\'',
            other => {
                out.extend(std::iter::repeat_n('?', other.width().unwrap_or(0)));
                continue;
            }
        });
    }
    out
}

/// JSON text with every deceptive character as `\uNNNN`, as a JSON string spells it: a parser gets
/// the characters back, a terminal doesn't. Newlines stay: JSON has them between its tokens only.
#[must_use]
pub fn escape_json(json: &str) -> String {
    escaped(json, |c| is_deceptive(c) && c != '\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ascii_is_as_wide_as_what_it_stands_for() {
        use unicode_width::UnicodeWidthStr as _;

        for text in ["✖ AT RISK", "3.1.874.10 → 3.1.921.10 · …0001", "红米 ▶ र"] {
            let ascii = in_ascii(text);
            assert!(ascii.is_ascii(), "{ascii}");
            assert_eq!(ascii.width(), text.width(), "{text}");
        }
        assert_eq!(in_ascii("\x1b[31m✖\x1b[0m"), "\x1b[31mX\x1b[0m");
    }

    #[test]
    fn broken_utf8_stays_visible() {
        assert_eq!(decode(b"ok \xff\xc3( \xe0\xa4"), "ok \\xff\\xc3( \\xe0\\xa4");
        assert_eq!(decode("संस्करण 小米".as_bytes()), "संस्करण 小米");
    }

    #[test]
    fn json_keeps_its_newlines_and_spells_what_deceives() {
        let json = "{\n  \"a\": \"\u{202e}b\u{e0041}é\"\n}\n";
        assert_eq!(escape_json(json), "{\n  \"a\": \"\\u202eb\\udb40\\udc41é\"\n}\n");
        assert_eq!(escape_json("\u{9b}"), "\\u009b");
    }

    #[test]
    fn terminal_escapes_and_bidi_controls_are_spelled_out() {
        assert_eq!(
            escape("\x1b[2J\u{202e}ab\u{9b}\u{7f}\n"),
            "\\u001b[2J\\u202eab\\u009b\\u007f\\u000a"
        );
        assert_eq!(escape("\u{e0041}"), "\\udb40\\udc41");
        assert!(matches!(escape("Redmi Note 13"), Cow::Borrowed(_)));
    }

    proptest! {
        #[test]
        fn nothing_deceptive_is_left(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert!(!escape(&decode(&bytes)).contains(is_deceptive));
        }
    }
}
