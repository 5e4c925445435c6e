//! Which packages a dump lists.

use super::super::section::Section;
use super::titles::Titles;

/// Android's own package, which every phone has.
const ANDROID: &[u8] = b"android";

/// How many packages a dump lists.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Width {
    /// None.
    #[default]
    None,
    /// One, as in the answer to `dumpsys package NAME`.
    One,
    /// Several, as in `dumpsys package`, or titles that only that has: any of them may have printed
    /// any line.
    Several,
}

#[derive(Debug, Default)]
pub(super) struct PackageList {
    pub(super) width: Width,
    /// How many headers came, wherever.
    headers: usize,
    /// The first name among the packages.
    first: Option<Vec<u8>>,
    has_android: bool,
}

impl PackageList {
    /// A header of `name`; `untitled`: where no title came before it, which counts as a package's.
    pub(super) fn add(&mut self, name: &[u8], titles: &Titles, untitled: bool) {
        self.headers += 1;
        self.has_android |= titles.section == Section::Packages && name == ANDROID;
        if !untitled && !titles.is_among_blocks() {
            return;
        }
        match &self.first {
            None => {
                self.first = Some(name.to_vec());
                self.width = self.width.max(Width::One);
            }
            Some(first) if first == name => {}
            Some(_) => self.width = Width::Several,
        }
    }

    /// Whether all headers are those of one package, which has so many.
    pub(super) const fn has_only(&self, headers: usize) -> bool {
        self.headers == headers
    }

    /// Whether these are the packages of a whole phone.
    pub(super) fn is_of_a_phone(&self, titles: &Titles) -> bool {
        self.width == Width::Several && self.has_android && titles.packages_ended
    }
}
