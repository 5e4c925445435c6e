//! Whether the frames of a bug report, or of `dumpsys` of all services, hold.
//!
//! An app can print any line into its service's dump, frames too. But what it prints stands between
//! its service's start and its service's end, and it can take away neither: so a forged frame always
//! comes to stand beside a real one that it contradicts.

use std::collections::BTreeSet;

use super::frame::{Frame, Priority};
use crate::verdict::Reason;

/// Follows the frames from the text's beginning on.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
pub(super) struct Frames {
    /// `dumpsys` of all services, which has no sections; else a bug report.
    is_dumpsys: bool,
    /// Why nothing in it can be fine; the first reason that was met.
    broken: Option<Reason>,
    section: Section,
    /// The last bound section that was begun.
    last: Section,
    /// Titles that come once each.
    titles: BTreeSet<Vec<u8>>,
    /// Services that were begun, by section.
    begun: BTreeSet<(Section, Vec<u8>)>,
    open: Option<Vec<u8>>,
    /// What `Currently running services:` lists, without what it says was skipped.
    listed: Vec<Vec<u8>>,
    /// How many of them have had their turn.
    passed: usize,
    /// How many of those never began.
    missing: usize,
    package_ended: bool,
    /// CHECKIN PACKAGE lists Android itself.
    lists_android: bool,
    checkin_ended: bool,
    /// A package's header or word of absence stands where none belongs.
    pub(super) has_displaced: bool,
}

/// The sections that are bound, in their order; the others are free, makers add their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Section {
    #[default]
    Free,
    Critical,
    High,
    Properties,
    Normal,
    Checkin,
    CheckinPackage,
    /// What apps print: nothing behind it is believed.
    Apps,
}

/// What is to be done with a frame's line and those behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// The line is part of what is being read.
    Line,
    Elsewhere,
    List,
    Properties,
    Checkin,
    /// The package service's dump begins.
    Package,
    /// It ended as it should.
    PackageEnd,
}

/// More services than any phone has.
const MAX_SERVICES: usize = 4_096;

/// So many services may go away between the list and their turn.
const MAX_MISSING: usize = 1;

/// Longer than any service's name, in bytes.
const MAX_NAME_BYTES: usize = 256;

/// More bound titles than any bug report has.
const MAX_TITLES: usize = 64;

impl Section {
    fn of_title(title: &[u8]) -> Self {
        match title {
            b"DUMPSYS CRITICAL" => Self::Critical,
            b"DUMPSYS HIGH" => Self::High,
            b"SYSTEM PROPERTIES" => Self::Properties,
            b"DUMPSYS" => Self::Normal,
            b"CHECKIN PACKAGE" => Self::CheckinPackage,
            _ if title.starts_with(b"CHECKIN ") => Self::Checkin,
            _ if title.starts_with(b"APP ") => Self::Apps,
            _ => Self::Free,
        }
    }

    /// What the start lines of its services say; AOSP leaves `NORMAL` out.
    const fn allows(self, priority: Option<Priority>) -> bool {
        matches!(
            (self, priority),
            (Self::Critical, Some(Priority::Critical))
                | (Self::High, Some(Priority::High))
                | (Self::Normal, None | Some(Priority::Normal))
        )
    }
}

/// Whether a title is one that only bug reports have.
pub(super) fn is_bound(title: &[u8]) -> bool {
    Section::of_title(title) != Section::Free
}

impl Frames {
    /// Those of `dumpsys` of all services.
    pub(super) fn of_dumpsys() -> Self {
        Self { is_dumpsys: true, section: Section::Normal, ..Self::default() }
    }

    pub(super) const fn is_dumpsys(&self) -> bool {
        self.is_dumpsys
    }

    /// Whether a service's dump is open.
    pub(super) const fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Notes why nothing can be fine.
    pub(super) fn breaks(&mut self, reason: Reason) {
        self.broken.get_or_insert(reason);
    }

    /// Why nothing in the text can be fine; `None`: the frames hold, and what they hold is whole.
    pub(super) fn fault(&self) -> Option<Reason> {
        let whole = self.package_ended
            && self.open.is_none()
            && if self.is_dumpsys {
                self.is_done()
            } else {
                self.checkin_ended
                    && self.lists_android
                    && self.titles.contains(&b"SYSTEM PROPERTIES"[..])
            };
        self.broken.or((!whole).then_some(Reason::IncompleteAnswer))
    }

    /// Whether `dumpsys` has come to its end.
    pub(super) fn is_done(&self) -> bool {
        self.is_dumpsys
            && !self.listed.is_empty()
            && self.passed == self.listed.len()
            && self.open.is_none()
    }

    /// A service that `Currently running services:` lists.
    pub(super) fn list(&mut self, line: &[u8]) {
        if self.listed.len() >= MAX_SERVICES || line.len() > MAX_NAME_BYTES {
            self.breaks(Reason::AnswerTooLarge);
        } else if !line.ends_with(b" (skipped)") {
            self.listed.push(line.to_vec());
        }
    }

    /// A package that CHECKIN PACKAGE lists.
    pub(super) fn checkin(&mut self, name: &[u8]) {
        self.lists_android |= name == b"android";
    }

    pub(super) fn follow(&mut self, frame: Frame<'_>) -> Next {
        match frame {
            Frame::Service(priority, name) => self.service(priority, name),
            Frame::ServiceEnd { name, glued } => self.service_end(name, glued),
            // Whoever dumps services prints no sections.
            Frame::Title(_) | Frame::TitleEnd(_) if self.is_dumpsys => Next::Line,
            Frame::Title(title) => self.title(title),
            Frame::TitleEnd(title) => self.title_end(title),
            Frame::List if self.section == Section::Normal && self.listed.is_empty() => {
                if self.open.is_none() { Next::List } else { Next::Line }
            }
            Frame::Failed => {
                if matches!(self.section, Section::Normal | Section::CheckinPackage) {
                    self.breaks(Reason::IncompleteAnswer);
                }
                Next::Line
            }
            Frame::List | Frame::Report(_) | Frame::Done => Next::Line,
        }
    }

    fn service(&mut self, priority: Option<Priority>, name: &[u8]) -> Next {
        let section = self.section;
        let place = self.listed[self.passed..].iter().position(|listed| listed == name);
        let listed = self.listed.is_empty() || place.is_some();
        self.passed += place.map_or(0, |place| place + 1);
        self.missing += place.unwrap_or_default();
        if self.missing > MAX_MISSING {
            self.breaks(Reason::IncompleteAnswer);
        }
        let once = self.begun.len() < MAX_SERVICES
            && name.len() <= MAX_NAME_BYTES
            && self.begun.insert((section, name.to_vec()));
        if self.open.is_some() || !section.allows(priority) || !once || !listed {
            self.breaks(Reason::AmbiguousDump);
        }
        self.open = Some(name.to_vec());
        if name == b"package" { Next::Package } else { Next::Elsewhere }
    }

    fn service_end(&mut self, name: &[u8], glued: bool) -> Next {
        if self.open.as_deref() != Some(name) {
            self.breaks(Reason::AmbiguousDump);
            return Next::Line;
        }
        self.open = None;
        if name != b"package" {
            return Next::Elsewhere;
        }
        self.package_ended = !glued;
        Next::PackageEnd
    }

    fn title(&mut self, title: &[u8]) -> Next {
        let section = Section::of_title(title);
        if section == Section::Free {
            // Behind the first APP section, nothing leads back.
            if self.open.is_some() || self.section == Section::Apps {
                return Next::Line;
            }
            self.section = Section::Free;
            return Next::Elsewhere;
        }
        let once = section == Section::Apps
            || (self.titles.len() < MAX_TITLES && self.titles.insert(title.to_vec()));
        if self.open.take().is_some() || self.last > section || !once {
            self.breaks(Reason::AmbiguousDump);
        }
        self.last = section;
        // Android 10 prints no duration below half a second.
        self.checkin_ended |= self.section == Section::CheckinPackage && section == Section::Apps;
        self.section = section;
        match section {
            Section::Properties => Next::Properties,
            Section::CheckinPackage => Next::Checkin,
            _ => Next::Elsewhere,
        }
    }

    fn title_end(&mut self, title: &[u8]) -> Next {
        if Section::of_title(title) != self.section || self.section == Section::Free {
            return Next::Line;
        }
        self.checkin_ended |= self.section == Section::CheckinPackage;
        // Its last service was killed.
        if self.open.take().is_some() {
            self.breaks(Reason::IncompleteAnswer);
        }
        if self.section != Section::Apps {
            self.section = Section::Free;
        }
        Next::Elsewhere
    }
}
