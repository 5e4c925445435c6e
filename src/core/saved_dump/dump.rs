//! A dump of packages inside a text, from its first line to whatever ends it.

use crate::dumpsys::{self, Reader, Reading};
use crate::getprop::Properties;
use crate::package_name::PackageName;

/// Something that a text holds.
#[derive(Debug)]
pub(super) enum Item {
    /// `getprop`.
    Listing(ListingItem),
    Dump(DumpItem),
}

/// A property listing, read to its end.
#[derive(Debug)]
pub(super) struct ListingItem {
    pub(super) properties: Properties,
    pub(super) serial: Option<Vec<u8>>,
    /// A frame shows where it ends.
    pub(super) whole: bool,
}

/// A dump, read to its end.
#[derive(Debug)]
pub(super) struct DumpItem {
    pub(super) reading: Reading,
    /// It stands behind `DUMP OF SERVICE package:`, or every line of it is moved in.
    pub(super) is_pm_dump: bool,
}

/// A dump that is being read.
///
/// Its lines may be moved in: by `pm dump`, by a mail that quotes them (`> `), by whoever pasted
/// them. The first title or header shows by what; that is taken off all of them.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
pub(super) struct Dump<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) is_service: bool,
    /// What stands before every line; `None`: no title or header has shown it.
    prefix: Option<Vec<u8>>,
    /// Lines are filled up with spaces, as a copy from a console has them.
    padded: bool,
    /// It began with `Unable to find package: …`, which stands alone.
    is_not_found: bool,
    /// A header came.
    is_headed: bool,
    is_begun: bool,
    /// What stands before a line `Packages:` that isn't this dump's.
    other_title: Option<Vec<u8>>,
}

const NOT_FOUND: &[u8] = b"Unable to find package: ";

/// What a mail, a chat or a person puts before a line.
pub(super) const MARGIN: &[u8] = b" \t>|#*-";

/// A line of a dump that shows what stands before its lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Landmark {
    Title,
    Header,
    NotFound,
}

/// What stands before a landmark in `line`.
fn landmark(line: &[u8]) -> Option<(&[u8], Landmark)> {
    let margin = line.iter().take_while(|byte| MARGIN.contains(byte)).count();
    let (before, rest) = line.split_at(margin);
    let rest = rest.trim_ascii_end();
    match rest.first()? {
        b'U' => rest.starts_with(NOT_FOUND).then_some((before, Landmark::NotFound)),
        b'P' if rest.starts_with(b"Package [") => {
            let is_header = dumpsys::header_name(&[b"  ", rest].concat()).is_some();
            // Only a first line, whose beginning wasn't copied, has less.
            is_header.then(|| (before.strip_suffix(b"  ").unwrap_or(before), Landmark::Header))
        }
        _ => dumpsys::is_title(rest).then_some((before, Landmark::Title)),
    }
}

/// Whether a dump may begin with `line`.
pub(super) fn begins_dump(line: &[u8]) -> bool {
    let text = line.trim_ascii_start();
    landmark(line).is_some()
        || dumpsys::is_of_a_block(line)
        || text.starts_with(b"versionName=")
        || dumpsys::begins_failed(line)
}

/// Whether `line` says what only a dump can say where none is expected, however it is moved in.
pub(super) fn is_displaced(line: &[u8]) -> bool {
    matches!(landmark(line), Some((_, Landmark::Header | Landmark::NotFound)))
        || line.trim_ascii_start().starts_with(b"pkg=Package{")
}

impl<'a> Dump<'a> {
    /// A dump whose first line is the next one.
    pub(super) fn plain(packages: &'a [PackageName]) -> Self {
        Self {
            reader: Reader::of_saved(packages),
            is_service: false,
            prefix: None,
            padded: false,
            is_not_found: false,
            is_headed: false,
            is_begun: false,
            other_title: None,
        }
    }

    /// A dump that `DUMP OF SERVICE package:` began.
    pub(super) fn of_service(packages: &'a [PackageName]) -> Self {
        Self { is_service: true, ..Self::plain(packages) }
    }

    pub(super) fn line(&mut self, line: &[u8]) {
        self.find_prefix(line);
        let line = self.stripped(line);
        if !self.is_begun && !line.trim_ascii().is_empty() {
            self.is_begun = true;
            self.is_not_found = line.starts_with(NOT_FOUND);
            if line.starts_with(b"Package [") {
                // Its first two spaces weren't copied.
                self.is_headed = true;
                return self.reader.line(&[b"  ", line].concat());
            }
        }
        self.is_headed |= dumpsys::header_name(line).is_some();
        self.reader.line(line);
    }

    fn find_prefix(&mut self, line: &[u8]) {
        if self.prefix.is_some() && self.is_headed {
            return;
        }
        let Some((before, landmark)) = landmark(line) else { return };
        let decides = match landmark {
            Landmark::Title => self.prefix.is_none(),
            Landmark::Header => true,
            // Under a title it is moved in by itself.
            Landmark::NotFound => !self.is_begun,
        };
        if decides {
            self.prefix = Some(before.to_vec());
            self.padded = line.ends_with(b" ");
        }
    }

    fn stripped<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        let line = if self.padded { line.trim_ascii_end() } else { line };
        let prefix = self.prefix.as_deref().unwrap_or_default();
        match line.strip_prefix(prefix) {
            Some(rest) => rest,
            // What a quoted blank line is.
            None if line == prefix.trim_ascii_end() => b"",
            None => line,
        }
    }

    /// Whether `line` begins another dump.
    pub(super) fn is_ended_by(&mut self, line: &[u8]) -> bool {
        // A header without its first spaces, where a dump has one with them.
        let is_marked_up = self.stripped(line).starts_with(b"Package [");
        if is_marked_up && self.is_headed && matches!(landmark(line), Some((_, Landmark::Header))) {
            return true;
        }
        let own = self.prefix.as_deref().unwrap_or_default();
        if let Some((before, landmark)) = landmark(line)
            && before != own
        {
            // Two further spaces are Android's own, under a title.
            let is_own = before.strip_prefix(own) == Some(b"  ") && self.reader.may_say_not_found();
            match landmark {
                Landmark::Title if line.trim_ascii().ends_with(b"Packages:") => {
                    self.other_title = Some(before.to_vec());
                }
                Landmark::Header if self.is_headed || self.is_not_found => return true,
                Landmark::NotFound if self.is_begun && !is_own => return true,
                Landmark::Title | Landmark::Header | Landmark::NotFound => {}
            }
        }
        let line = self.stripped(line);
        line.starts_with(NOT_FOUND)
            || (self.is_not_found && !line.trim_ascii().is_empty())
            || self.reader.is_ended_by(line)
    }

    /// The dump that `line` begins where this one ends: it has the title that stood in this one.
    pub(super) fn next(&self, packages: &'a [PackageName], line: &[u8]) -> Self {
        let mut next = Self::plain(packages);
        if let (Some(title), Some((before, Landmark::Header))) = (&self.other_title, landmark(line))
            && title == before
        {
            next.line(&[before, b"Packages:"].concat());
        }
        next
    }

    /// What stands in it; `None` when nothing in it is known.
    pub(super) fn finish(self) -> Option<Item> {
        let reading = self.reader.finish();
        let prefix = self.prefix.unwrap_or_default();
        // Other services have such lists too, moved in.
        let is_known = reading.recognised && (prefix.is_empty() || !reading.titles_only);
        let is_pm_dump = self.is_service || prefix == b"  ";
        (is_known || self.is_service).then_some(Item::Dump(DumpItem { reading, is_pm_dump }))
    }
}
