//! A dump of packages inside a text, from its first line to whatever ends it.

use crate::device::Properties;
use crate::dumpsys::{Reader, Reading};
use crate::package::PackageName;

/// Something that a text holds.
#[derive(Debug)]
pub(super) enum Item {
    /// `getprop`.
    Listing {
        properties: Properties,
        whole: bool,
    },
    Dump(DumpItem),
}

/// A dump, read to its end.
#[derive(Debug)]
pub(super) struct DumpItem {
    pub(super) reading: Reading,
    /// Behind `DUMP OF SERVICE package:`.
    pub(super) is_service: bool,
    /// Every line of it is moved in, as `pm dump` does.
    pub(super) indented: bool,
    pub(super) end: DumpEnd,
    /// How long it is, in bytes.
    pub(super) bytes: u64,
}

/// What ended a dump.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DumpEnd {
    /// `… was the duration of dumpsys package`.
    ServiceEnd,
    /// The next `DUMP OF SERVICE …:`.
    NextService,
    /// Another frame, where none belongs.
    Other,
    /// The text's end, or what can't belong to the dump.
    Text,
}

/// A dump that is being read.
#[derive(Debug)]
pub(super) struct Dump<'a> {
    reader: Reader<'a>,
    is_service: bool,
    /// Whether its lines are moved in; `None`: no title or header has shown it.
    indented: Option<bool>,
    /// It began with `Unable to find package: …`, which stands alone.
    is_not_found: bool,
    is_begun: bool,
    /// Where it begins.
    from: u64,
}

const NOT_FOUND: &[u8] = b"Unable to find package: ";

impl<'a> Dump<'a> {
    /// A dump whose first line is the next one.
    pub(super) fn plain(packages: &'a [PackageName], from: u64) -> Self {
        Self {
            reader: Reader::new(packages),
            is_service: false,
            indented: None,
            is_not_found: false,
            is_begun: false,
            from,
        }
    }

    /// A dump that `DUMP OF SERVICE package:` began.
    pub(super) fn of_service(packages: &'a [PackageName], from: u64) -> Self {
        Self { is_service: true, ..Self::plain(packages, from) }
    }

    pub(super) const fn is_service(&self) -> bool {
        self.is_service
    }

    /// Takes the next line, which stands at `at`.
    pub(super) fn line(&mut self, line: &[u8], at: u64) {
        let mut line = line;
        match self.indented {
            Some(false) => {}
            Some(true) => line = line.strip_prefix(b"  ").unwrap_or(line),
            None => {
                let inner = line.strip_prefix(b"  ");
                if crate::dumpsys::is_title(line) || crate::dumpsys::header_name(line).is_some() {
                    self.indented = Some(false);
                } else if let Some(inner) = inner
                    && (crate::dumpsys::is_title(inner)
                        || (!self.is_begun && inner.starts_with(NOT_FOUND)))
                {
                    self.indented = Some(true);
                    line = inner;
                }
            }
        }
        if !self.is_begun && !line.trim_ascii().is_empty() {
            self.is_begun = true;
            self.is_not_found = line.starts_with(NOT_FOUND);
        }
        self.reader.line(line, at);
    }

    /// Whether `line` begins another dump.
    pub(super) fn is_ended_by(&self, line: &[u8]) -> bool {
        let line = match self.indented {
            Some(true) => line.strip_prefix(b"  ").unwrap_or(line),
            Some(false) | None => line,
        };
        line.starts_with(NOT_FOUND)
            || (self.is_not_found && !line.trim_ascii().is_empty())
            || self.reader.is_ended_by(line)
    }

    /// What stands in it; `None` when nothing in it is known.
    pub(super) fn finish(mut self, end: DumpEnd, at: u64) -> Option<DumpItem> {
        if let (true, DumpEnd::ServiceEnd | DumpEnd::NextService) = (self.is_service, end) {
            self.reader.end(at);
        }
        let reading = self.reader.finish();
        (reading.recognised || self.is_service).then_some(DumpItem {
            reading,
            is_service: self.is_service,
            indented: self.indented == Some(true),
            end,
            bytes: at - self.from,
        })
    }
}
