//! Whether the frames of a bug report, or of `dumpsys` of all services, hold.
//!
//! An app can print any line into its service's dump, frames too. But what it prints stands between
//! its service's start and its service's end, and it can take away neither: so a forged frame always
//! comes to stand beside a real one that it contradicts.

use std::collections::BTreeSet;

use super::Place;
use super::frame::{Frame, ReportSection};
use super::listing::Listing;
use crate::package_name::PackageName;
use crate::verdict::Reason;

/// Follows the frames from the text's beginning on.
#[derive(Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent observations, not a state")]
pub(super) struct Frames {
    /// `dumpsys` of all services, which has no sections; else a bug report.
    pub(super) is_dumpsys: bool,
    /// Why nothing in it can be fine; the first reason that was met.
    broken: Option<Reason>,
    section: ReportSection,
    /// The last bound section that was begun.
    last: ReportSection,
    /// Titles and services that were begun, by section: each comes once.
    begun: BTreeSet<(ReportSection, Vec<u8>)>,
    /// The service whose dump is open.
    pub(super) open: Option<Vec<u8>>,
    /// What `Currently running services:` lists, without what it says was skipped.
    listed: Vec<Vec<u8>>,
    /// How many of them have had their turn.
    passed: usize,
    /// How many of those never began.
    missing: usize,
    package_ended: bool,
    /// CHECKIN PACKAGE lists Android itself.
    pub(super) lists_android: bool,
    checkin_ended: bool,
    /// A package's header or word of absence stands where none belongs.
    pub(super) has_displaced: bool,
}

/// More services than any phone has.
const MAX_SERVICES: usize = 4_096;

/// So many services may go away between the list and their turn.
const MAX_MISSING: usize = 1;

/// Longer than any service's name or title, in bytes.
const MAX_NAME_BYTES: usize = 256;

impl Frames {
    /// Those of `dumpsys` of all services.
    pub(super) fn of_dumpsys() -> Self {
        Self { is_dumpsys: true, section: ReportSection::Normal, ..Self::default() }
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
                let mut begun = self.begun.iter();
                self.checkin_ended
                    && self.lists_android
                    && begun.any(|(section, _)| *section == ReportSection::Properties)
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

    /// Where the lines behind a frame stand; `None`: it is part of what is being read.
    pub(super) fn follow<'a>(
        &mut self,
        frame: Frame<'_>,
        packages: &'a [PackageName],
    ) -> Option<Place<'a>> {
        match frame {
            Frame::Service(of, name) => {
                self.service(of, name);
                let is_package = name == b"package";
                Some(if is_package { Place::service(packages) } else { Place::Elsewhere })
            }
            Frame::ServiceEnd { name, glued } => {
                self.service_end(name, glued).then_some(Place::Elsewhere)
            }
            // Whoever dumps services prints no sections.
            Frame::Title(_) | Frame::TitleEnd(_) if self.is_dumpsys => None,
            Frame::Title(title) => self.title(title),
            Frame::TitleEnd(title) => self.title_end(title).then_some(Place::Elsewhere),
            Frame::List if self.section == ReportSection::Normal && self.listed.is_empty() => {
                self.open.is_none().then_some(Place::Services)
            }
            Frame::Failed => {
                if matches!(self.section, ReportSection::Normal | ReportSection::CheckinPackage) {
                    self.breaks(Reason::IncompleteAnswer);
                }
                None
            }
            Frame::List | Frame::Report(_) | Frame::Done => None,
        }
    }

    /// Notes a title or a service; `false`: it came before.
    fn begin(&mut self, of: ReportSection, name: &[u8]) -> bool {
        self.begun.len() < MAX_SERVICES
            && name.len() <= MAX_NAME_BYTES
            && self.begun.insert((of, name.to_vec()))
    }

    /// A service begins that belongs in section `of`.
    fn service(&mut self, of: ReportSection, name: &[u8]) {
        let place = self.listed[self.passed..].iter().position(|listed| listed == name);
        let listed = self.listed.is_empty() || place.is_some();
        self.passed += place.map_or(0, |place| place + 1);
        self.missing += place.unwrap_or_default();
        if self.missing > MAX_MISSING {
            self.breaks(Reason::IncompleteAnswer);
        }
        let once = self.begin(of, name);
        if self.open.is_some() || self.section != of || !once || !listed {
            self.breaks(Reason::AmbiguousDump);
        }
        self.open = Some(name.to_vec());
    }

    /// Whether it is the end of the service that is open.
    fn service_end(&mut self, name: &[u8], glued: bool) -> bool {
        if self.open.as_deref() != Some(name) {
            self.breaks(Reason::AmbiguousDump);
            return false;
        }
        self.open = None;
        if name == b"package" {
            self.package_ended = !glued;
        }
        true
    }

    fn title<'a>(&mut self, title: &[u8]) -> Option<Place<'a>> {
        let section = ReportSection::of_title(title);
        if section == ReportSection::Free {
            // Behind the first APP section, nothing leads back.
            if self.open.is_some() || self.section == ReportSection::Apps {
                return None;
            }
            self.section = ReportSection::Free;
            return Some(Place::Elsewhere);
        }
        let once = section == ReportSection::Apps || self.begin(section, title);
        if self.open.take().is_some() || self.last > section || !once {
            self.breaks(Reason::AmbiguousDump);
        }
        self.last = section;
        // Android 10 prints no duration below half a second.
        self.checkin_ended |=
            self.section == ReportSection::CheckinPackage && section == ReportSection::Apps;
        self.section = section;
        Some(match section {
            ReportSection::Properties => Place::Listing(Listing::default()),
            ReportSection::CheckinPackage => Place::Checkin,
            _ => Place::Elsewhere,
        })
    }

    /// Whether it is the end of a bound section that is open.
    fn title_end(&mut self, title: &[u8]) -> bool {
        if ReportSection::of_title(title) != self.section || self.section == ReportSection::Free {
            return false;
        }
        self.checkin_ended |= self.section == ReportSection::CheckinPackage;
        // Its last service was killed.
        if self.open.take().is_some() {
            self.breaks(Reason::IncompleteAnswer);
        }
        if self.section != ReportSection::Apps {
            self.section = ReportSection::Free;
        }
        true
    }
}
