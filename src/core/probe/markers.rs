//! Markers around each part of a probe's answer, and the answer taken apart by them.

use std::fmt;

use memchr::memmem::{self, Finder};
use thiserror::Error;

use crate::evidence::{Part, PartEnd};

/// The most that one part may hold.
const MAX_PART_BYTES: usize = 2 << 20;

/// The most that one answer may hold, all parts together.
const MAX_ANSWER_BYTES: usize = 8 << 20;

/// The most markers that one answer may hold: a command of the longest allowed
/// length has no more than a hundred.
const MAX_MARKERS: usize = 1_000;

/// The longest rest of a marker's line, newline included: `-9999:255` and CRLF.
const MAX_TAG_BYTES: usize = 12;

/// A word that nothing on the phone can know beforehand: 128 random bits, fresh for
/// every phone and attempt, so that no app can print a part's end into its own text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker(String);

impl Marker {
    /// A marker of these random bits.
    #[must_use]
    pub fn from_random(bits: [u8; 16]) -> Self {
        Self(format!("{:032x}", u128::from_be_bytes(bits)))
    }

    /// The line that opens part `index`.
    #[must_use]
    pub fn open(&self, index: usize) -> String {
        format!("{}+{index}", self.0)
    }

    /// The line that closes part `index`, up to the exit code.
    #[must_use]
    pub fn close(&self, index: usize) -> String {
        format!("{}-{index}:", self.0)
    }

    /// The line that ends the answer.
    #[must_use]
    pub fn end(&self) -> String {
        format!("{}.", self.0)
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An answer passed one of its bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the answer is larger than any real one")]
pub struct TooLarge;

/// Takes in an answer piece by piece.
#[derive(Debug)]
pub struct AnswerReader {
    marker: Marker,
    finder: Finder<'static>,
    raw: Vec<u8>,
    /// Where the marker stands in `raw`.
    found: Vec<usize>,
    /// No marker begins before this place that isn't in `found`.
    searched: usize,
}

impl AnswerReader {
    /// For an answer to a command that `marker` frames.
    #[must_use]
    pub fn new(marker: Marker) -> Self {
        let finder = Finder::new(marker.0.as_bytes()).into_owned();
        Self { marker, finder, raw: Vec::new(), found: Vec::new(), searched: 0 }
    }

    /// Takes in the next bytes.
    ///
    /// # Errors
    /// A part or the whole has passed its bound, so nothing more is to be taken in.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), TooLarge> {
        if self.raw.len() + bytes.len() > MAX_ANSWER_BYTES {
            return Err(TooLarge);
        }
        // A usual answer fits at once. Growing by doubling would hold twice a flood's size.
        if self.raw.capacity() - self.raw.len() < bytes.len() {
            let more = (self.raw.len() / 4).clamp(64 << 10, 256 << 10);
            self.raw.reserve_exact(bytes.len().max(more));
        }
        self.raw.extend_from_slice(bytes);
        while let Some(at) = self.finder.find(&self.raw[self.searched..]) {
            self.found.push(self.searched + at);
            self.searched += at + self.marker.0.len();
            if self.found.len() > MAX_MARKERS {
                return Err(TooLarge);
            }
        }
        let unsure = self.raw.len().saturating_sub(self.marker.0.len() - 1);
        self.searched = self.searched.max(unsure);
        let part_from = self.found.last().copied().unwrap_or(0);
        if self.raw.len() - part_from > MAX_PART_BYTES { Err(TooLarge) } else { Ok(()) }
    }

    /// Whether the line that ends the answer has come whole: nothing tells
    /// the end of a v1 shell's answer otherwise.
    #[must_use]
    pub fn ended(&self) -> bool {
        let Some(&last) = self.found.last() else {
            return false;
        };
        let line = &self.raw[last + self.marker.0.len()..];
        matches!(line, [b'.', b'\n', ..] | [b'.', b'\r', b'\n', ..])
    }

    /// The answer as it is now, taken to be all that comes.
    #[must_use]
    pub fn finish(self) -> MarkedAnswer {
        MarkedAnswer { marker: self.marker, raw: self.raw, found: self.found }
    }
}

/// A whole answer (or all that came of one), cut at its markers.
#[derive(Debug, Clone)]
pub struct MarkedAnswer {
    marker: Marker,
    raw: Vec<u8>,
    found: Vec<usize>,
}

/// What a marker's line says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tag {
    Open(usize),
    Close(usize, u8),
    End,
    /// Not a line that the probe prints.
    Stray,
}

#[derive(Debug, Clone, Copy)]
struct Line {
    from: usize,
    /// Behind the line's newline.
    to: usize,
    tag: Tag,
}

impl MarkedAnswer {
    /// How many bytes came.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        self.raw.len()
    }

    /// Whether the line that ends the answer came, once and last.
    #[must_use]
    pub fn ended(&self) -> bool {
        let ends = |&&at: &&usize| self.line(at).tag == Tag::End;
        self.found.iter().filter(ends).count() == 1 && self.found.last().iter().any(ends)
    }

    /// The parts, by index; `None` for one that isn't whole.
    ///
    /// A part is whole when the line that opens it and the line that closes it
    /// each came exactly once, one right after the other, and behind markers of
    /// earlier parts only. A marker where the probe prints none makes every part
    /// doubtful: somebody repeats what the phone was asked.
    #[must_use]
    pub fn into_parts(self, count: usize) -> Vec<Option<Part>> {
        let mut lines: Vec<Line> = self.found.iter().map(|&at| self.line(at)).collect();
        // The end of the answer may have cut its last marker's line short.
        if lines.last().is_some_and(|line| line.tag == Tag::Stray && self.is_cut(line)) {
            lines.pop();
        }
        if lines.iter().any(|line| line.tag == Tag::Stray) {
            return vec![None; count];
        }
        (0..count).map(|index| self.whole_part(&lines, index)).collect()
    }

    fn whole_part(&self, lines: &[Line], index: usize) -> Option<Part> {
        let part_of = |line: &Line| match line.tag {
            Tag::Open(index) | Tag::Close(index, _) => Some(index),
            Tag::End | Tag::Stray => None,
        };
        let place = lines.iter().position(|line| line.tag == Tag::Open(index))?;
        let once = lines.iter().filter(|line| part_of(line) == Some(index)).count() == 2;
        let behind_earlier_parts =
            lines[..place].iter().all(|line| part_of(line).is_some_and(|earlier| earlier < index));
        let close = lines.get(place + 1)?;
        if once && behind_earlier_parts { self.part(&lines[place], close) } else { None }
    }

    fn part(&self, open: &Line, close: &Line) -> Option<Part> {
        let (Tag::Open(opened), Tag::Close(closed, exit_code)) = (open.tag, close.tag) else {
            return None;
        };
        if opened != closed {
            return None;
        }
        let body = &self.raw[open.to..close.from];
        // The `echo` before the closing marker, which puts it on a line of its own.
        let body = body.strip_suffix(b"\n")?;
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        Some(Part { body: body.to_vec(), end: PartEnd::Closed { exit_code } })
    }

    /// Whether a marker begins a line that the end of the answer keeps from ending.
    fn is_cut(&self, line: &Line) -> bool {
        line.to == self.raw.len() && !self.raw.ends_with(b"\n") && self.begins_a_line(line.from)
    }

    fn begins_a_line(&self, from: usize) -> bool {
        from == 0 || self.raw[from - 1] == b'\n'
    }

    /// Reads the line of the marker at `from`.
    fn line(&self, from: usize) -> Line {
        let rest_from = from + self.marker.0.len();
        let rest = &self.raw[rest_from..];
        // Only so far: a phone that repeats the marker without a newline must cost no more than
        // one look at each.
        let rest = &rest[..rest.len().min(MAX_TAG_BYTES)];
        let newline = memchr::memchr(b'\n', rest);
        let to = rest_from + newline.map_or(rest.len(), |at| at + 1);
        let tag = match newline {
            Some(end) if self.begins_a_line(from) => read_tag(&rest[..end]),
            _ => Tag::Stray,
        };
        Line { from, to, tag }
    }
}

fn read_tag(rest: &[u8]) -> Tag {
    let rest = rest.strip_suffix(b"\r").unwrap_or(rest);
    let number = |digits: &[u8]| -> Option<usize> {
        let canonical = digits == b"0" || !digits.starts_with(b"0");
        let valid =
            canonical && (1..=4).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit);
        valid.then(|| str::from_utf8(digits).ok()?.parse().ok()).flatten()
    };
    let tag = match rest {
        b"." => Some(Tag::End),
        [b'+', index @ ..] => number(index).map(Tag::Open),
        [b'-', rest @ ..] => memmem::find(rest, b":").and_then(|colon| {
            let exit_code = number(&rest[colon + 1..])?.try_into().ok()?;
            Some(Tag::Close(number(&rest[..colon])?, exit_code))
        }),
        _ => None,
    };
    tag.unwrap_or(Tag::Stray)
}

#[cfg(test)]
mod tests;
