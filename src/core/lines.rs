//! Lines of what phones answer, and where in a text something stands.

/// Splits on `\n` only and strips one trailing `\r`: old phones answer with CRLF,
/// and no other character ends a line of Android's (a lone `\r` or U+2028 may be
/// part of an app's own text).
pub fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(bytes);
    std::iter::from_fn(move || {
        let bytes = rest?;
        // A listing is mostly what nobody keeps, so finding the next line is most of the work.
        let (line, behind) = match memchr::memchr(b'\n', bytes) {
            Some(end) => (&bytes[..end], Some(&bytes[end + 1..])),
            None => (bytes, None),
        };
        rest = behind;
        Some(line.strip_suffix(b"\r").unwrap_or(line))
    })
}

/// The line, from 1, that holds the byte at `offset`; the last line for an offset past the end.
#[must_use]
pub fn line_number(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + memchr::memchr_iter(b'\n', before).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_newline_begins_a_line() {
        let all = |text: &'static str| -> Vec<&[u8]> { lines(text.as_bytes()).collect() };
        assert_eq!(all(""), [b""]);
        assert_eq!(all("a\r\nb\rc\n"), [&b"a"[..], b"b\rc", b""]);
    }

    proptest! {
        #[test]
        fn lines_are_the_bytes_between_newlines(bytes in prop::collection::vec(prop::sample::select(&b"a\r\n"[..]), 0..40)) {
            let split = bytes.split(|&byte| byte == b'\n');
            let expected = split.map(|line| line.strip_suffix(b"\r").unwrap_or(line));
            prop_assert!(lines(&bytes).eq(expected));
        }
    }
}
