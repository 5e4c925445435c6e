//! Where in a text something stands, for error messages. Core: no I/O.

/// The line, from 1, that holds the byte at `offset`; the last line for an offset past the end.
pub(crate) fn line_of(text: &str, offset: usize) -> usize {
    let before = &text.as_bytes()[..offset.min(text.len())];
    1 + memchr::memchr_iter(b'\n', before).count()
}
