//! What a phone (or a file) said, kept as it came, so that a verdict can be shown to follow from it.
//! Core: no I/O; how it was fetched is not here (`probe`).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::dumpsys::Extraction;
use crate::getprop::Properties;
use crate::identity::Identity;
use crate::lines::lines;
use crate::package_name::PackageName;
use crate::update_route::UpdateRoute;
use crate::verdict::Reason;

/// Where the evidence came from; a phone in the hand must also show that it has started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// A phone that answered just now.
    Live,
    /// A saved dump: nothing can be asked again.
    Saved,
}

/// How a part ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartEnd {
    /// Both its markers came: it is whole, and this was the command's exit code.
    Closed {
        /// The exit code that the phone's shell reported, 0 to 255.
        exit_code: u8,
    },
    /// Nothing in a file tells where a dump was meant to end.
    Unmarked,
    /// It is not whole, for this reason.
    Cut(Reason),
}

/// What one command printed, bytes as they came, and how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Standard output and standard error, in the order of printing.
    pub body: Vec<u8>,
    /// Whether that is all of it.
    pub end: PartEnd,
}

impl Part {
    /// A part of which nothing came.
    #[must_use]
    pub fn missing(reason: Reason) -> Self {
        Self { body: Vec::new(), end: PartEnd::Cut(reason) }
    }

    /// Why the part is not whole; `None` when it is, or when nothing can tell.
    #[must_use]
    pub fn cut(&self) -> Option<Reason> {
        match self.end {
            PartEnd::Cut(reason) => Some(reason),
            PartEnd::Closed { .. } | PartEnd::Unmarked => None,
        }
    }

    /// Whether the command ended by itself and reported success.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.end == PartEnd::Closed { exit_code: 0 }
    }

    /// The lines, split on `\n` only, each without one trailing `\r`.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        lines(&self.body)
    }
}

/// What a saved dump says of one package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedDump {
    /// What stands in it.
    pub extraction: Extraction,
    /// What it may prove.
    pub proof: Proof,
}

/// What a saved dump may prove, by what stands around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The frames of a bug report, or of `dumpsys` of all services, show that it is whole.
    Whole,
    /// The answer to `dumpsys package NAME`: what stands before a known title is whole.
    OneApp,
    /// That a phone is at risk, and never that it's fine, for this reason.
    RiskOnly(Reason),
}

/// Everything known of one phone.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// A live phone or a file.
    pub origin: Origin,
    /// Which phone answered; of this run only, and never written down.
    pub identity: Identity,
    /// What stands for the serial number that it says itself; `None`: it says none, or nobody wanted to
    /// know.
    pub serial_code: Option<String>,
    /// The allow-listed properties.
    pub properties: Properties,
    /// How the property listing ended.
    pub properties_end: PartEnd,
    /// Why the answer that held the dumps didn't come to its proper end, however whole its
    /// parts are; `None` when it did, and for files.
    pub broken: Option<Reason>,
    /// `dumpsys package NAME`, by name.
    pub dumps: BTreeMap<PackageName, Part>,
    /// What a saved dump said, read as it streamed by; for packages that aren't in `dumps`.
    pub saved: BTreeMap<PackageName, SavedDump>,
    /// Packages that a bug report's `CHECKIN PACKAGE` lists as present, with their version codes.
    pub checkin: BTreeMap<PackageName, Option<String>>,
    /// `pm path android`, asked of phones below Android 7 only; must answer `package:`.
    pub pm_control: Option<Part>,
    /// `pm list packages -u NAME`, by name, asked of the same phones.
    pub pm_lists: BTreeMap<PackageName, Part>,
    /// `pm path NAME` of the apps that could update others, asked of phones at risk.
    pub updaters: BTreeMap<PackageName, Part>,
    /// `am start …` of each screen that the phone was asked to show, in the order of asking, with the
    /// app that was to be updated.
    pub shown: Vec<(UpdateRoute, PackageName, Part)>,
}

impl Evidence {
    /// Evidence of which nothing has come yet.
    #[must_use]
    pub fn none(origin: Origin, reason: Reason) -> Self {
        Self {
            origin,
            identity: Identity::NotSaid,
            serial_code: None,
            properties: Properties::default(),
            properties_end: PartEnd::Cut(reason),
            broken: None,
            dumps: BTreeMap::new(),
            saved: BTreeMap::new(),
            checkin: BTreeMap::new(),
            pm_control: None,
            pm_lists: BTreeMap::new(),
            updaters: BTreeMap::new(),
            shown: Vec::new(),
        }
    }

    /// Drops what the parts hold that were judged; how they ended stays.
    pub fn drop_bodies(&mut self) {
        let parts = self.dumps.values_mut().chain(self.pm_lists.values_mut());
        for part in parts.chain(self.updaters.values_mut()).chain(self.pm_control.as_mut()) {
            part.body = Vec::new();
        }
    }
}

/// Whether a `pm path` part names an installed package: one line beginning `package:`.
#[must_use]
pub fn pm_found(part: &Part) -> bool {
    part.succeeded() && part.lines().any(|line| line.starts_with(b"package:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropped_bodies_leave_how_their_parts_ended() {
        let mut evidence = Evidence::none(Origin::Live, Reason::IncompleteAnswer);
        let part =
            || Part { body: b"package:/data/app".to_vec(), end: PartEnd::Closed { exit_code: 0 } };
        let name = PackageName::try_from("com.xiaomi.discover").unwrap();
        evidence.dumps.insert(name.clone(), part());
        evidence.pm_lists.insert(name.clone(), part());
        evidence.updaters.insert(name.clone(), part());
        evidence.pm_control = Some(part());
        evidence.drop_bodies();
        let control = evidence.pm_control.as_ref().unwrap();
        let others = [&evidence.dumps[&name], &evidence.pm_lists[&name], &evidence.updaters[&name]];
        for part in others.into_iter().chain([control]) {
            assert!(part.body.is_empty());
            assert_eq!(part.end, PartEnd::Closed { exit_code: 0 });
        }
    }
}
