//! Files as phones and people make them: dumps, bug reports, archives and collections of made-up
//! phones, Android 5 to 17, each with the verdict that is right.
//!
//! Written to the format strings of AOSP (`dumpsys.cpp`, `dumpstate.cpp`, `Settings.java`,
//! `DumpHelper.java`) and to the layouts that MIUI, `AndroidQF` and MVT leave behind. Pure: the same
//! phone gives the same bytes. What nobody's phone would print is `forgery`'s.

pub(crate) mod bugreport;
pub(crate) mod collections;
pub(crate) mod dump;
pub(crate) mod dumpsys;
pub(crate) mod faults;
pub(crate) mod forgery;
pub(crate) mod full_dump;
pub(crate) mod getprop;
pub(crate) mod inspected;
pub(crate) mod packing;

/// The package that is looked for.
pub(crate) const NAME: &str = "com.xiaomi.mi_connect_service";

/// Versions of it, one on each side of what is known.
pub(crate) const AFFECTED: &str = "3.1.874.10";
pub(crate) const BETWEEN: &str = "3.1.900.12";
pub(crate) const FIXED: &str = "3.1.921.10";

/// A release of Android, by what it prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Release {
    pub(crate) major: u8,
    minor: u8,
}

impl Release {
    /// Where two releases of one number print differently, both.
    pub(crate) const ALL: [Self; 14] = [
        Self::of(5, 1),
        Self::of(6, 0),
        Self::of(7, 0),
        Self::of(7, 1),
        Self::of(8, 1),
        Self::of(9, 0),
        Self::of(10, 0),
        Self::of(11, 0),
        Self::of(12, 0),
        Self::of(13, 0),
        Self::of(14, 0),
        Self::of(15, 0),
        Self::of(16, 0),
        Self::of(17, 0),
    ];
    /// The one that tests use when it doesn't matter.
    pub(crate) const USUAL: Self = Self::of(14, 0);

    const fn of(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }

    pub(crate) fn name(self) -> String {
        match self.minor {
            0 if self.major > 8 => self.major.to_string(),
            minor => format!("{}.{minor}", self.major),
        }
    }

    pub(crate) const fn sdk(self) -> u8 {
        match (self.major, self.minor) {
            (5, _) => 22,
            (6, _) => 23,
            (7, 0) => 24,
            (7, _) => 25,
            (8, _) => 27,
            (9..=11, _) => self.major + 19,
            // 12L took a number.
            (12, _) => 31,
            _ => self.major + 20,
        }
    }

    /// Whether `dumpsys` of all services says where each ends: from 7.1.
    pub(crate) fn has_service_ends(self) -> bool {
        self >= Self::of(7, 1)
    }

    /// Whether services are dumped by their priority: from 9.
    pub(crate) const fn has_priorities(self) -> bool {
        self.major >= 9
    }
}

/// How the app stands on a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum App {
    /// Installed, in this version.
    InForce(&'static str),
    /// An update of a system app: this version in force, that one from the factory.
    Updated(&'static str, &'static str),
    /// Installed for a second user only.
    ForAnotherUser(&'static str),
    /// Removed for all users; Android knows it still.
    Removed(&'static str),
    /// Uninstalled, its data kept (`pkg=null`).
    DataKept,
    /// Not there.
    Absent,
}

/// A made-up phone.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Phone {
    /// Tells it from others: serial number, model.
    pub(crate) number: u32,
    pub(crate) release: Release,
    pub(crate) app: App,
    /// Of another maker.
    pub(crate) foreign: bool,
}

impl Phone {
    pub(crate) const fn new(number: u32, release: Release, app: App) -> Self {
        Self { number, release, app, foreign: false }
    }

    /// Every state of the app.
    pub(crate) fn states() -> [App; 9] {
        [
            App::InForce(AFFECTED),
            App::InForce(BETWEEN),
            App::InForce(FIXED),
            App::Updated(FIXED, AFFECTED),
            App::ForAnotherUser(AFFECTED),
            App::ForAnotherUser(FIXED),
            App::Removed(AFFECTED),
            App::DataKept,
            App::Absent,
        ]
    }

    pub(crate) fn serial(&self) -> String {
        format!("7e57{:08x}", self.number)
    }

    pub(crate) fn model(&self) -> String {
        format!("MODEL{:03}", self.number)
    }

    pub(crate) fn device(&self) -> String {
        format!("device{}", self.number)
    }

    pub(crate) const fn brand(&self) -> &'static str {
        if self.foreign { "google" } else { "Redmi" }
    }

    pub(crate) fn build_id(&self) -> String {
        format!("UKQ1.{:06}.001", self.number)
    }

    pub(crate) fn incremental(&self) -> String {
        format!("V816.0.{}.0.UNOMIXM", self.number)
    }

    pub(crate) fn fingerprint(&self) -> String {
        let device = self.device();
        format!(
            "{}/{device}_global/{device}:{}/{}/{}:user/release-keys",
            self.brand(),
            self.release.name(),
            self.build_id(),
            self.incremental()
        )
    }

    /// What is so, whoever is asked.
    pub(crate) fn truth(&self) -> Row {
        match self.app {
            App::InForce(version) | App::Updated(version, _) | App::ForAnotherUser(version) => {
                Row::of_version(version)
            }
            App::Absent if self.foreign => Row::NotApplicable,
            App::Removed(_) | App::DataKept | App::Absent => Row::NotInstalled,
        }
    }

    pub(crate) fn is_at_risk(&self) -> bool {
        !self.truth().is_fine()
    }

    /// What a dump or report says that can't tell who the phone is.
    pub(crate) fn truth_without_maker(&self) -> Row {
        match self.truth() {
            Row::NotApplicable => Row::NotInstalled,
            row => row,
        }
    }
}

/// A row of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    Vulnerable,
    Unconfirmed,
    /// NOT CHECKED, for this reason; an empty one stands for any.
    Unknown(&'static str),
    Patched,
    NotInstalled,
    NotApplicable,
}

impl Row {
    fn of_version(version: &str) -> Self {
        match version {
            AFFECTED => Self::Vulnerable,
            BETWEEN => Self::Unconfirmed,
            FIXED => Self::Patched,
            other => panic!("nothing is known of {other}"),
        }
    }

    pub(crate) const fn is_fine(self) -> bool {
        matches!(self, Self::Patched | Self::NotInstalled | Self::NotApplicable)
    }

    /// The verdict's word in JSON.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Vulnerable => "vulnerable",
            Self::Unconfirmed => "unconfirmed",
            Self::Unknown(_) => "unknown",
            Self::Patched => "patched",
            Self::NotInstalled => "not_installed",
            Self::NotApplicable => "not_applicable",
        }
    }

    pub(crate) const fn is_unknown(self) -> bool {
        matches!(self, Self::Unknown(_))
    }

    /// What is left of it where evidence proves risk, but never health.
    pub(crate) const fn at_most_risk(self, reason: &'static str) -> Self {
        if self.is_fine() { Self::Unknown(reason) } else { self }
    }

    /// Whether `seen` is this row.
    pub(crate) fn is(self, seen: Self) -> bool {
        self == seen || (self == Self::Unknown("") && seen.is_unknown())
    }
}

/// A file, and the rows that are right for it.
#[derive(Debug, Clone)]
pub(crate) struct Made {
    pub(crate) what: String,
    pub(crate) bytes: Vec<u8>,
    pub(crate) rows: Vec<Row>,
}

impl Made {
    pub(crate) fn new(what: &str, phone: &Phone, bytes: impl Into<Vec<u8>>, row: Row) -> Self {
        let what = format!("{what}, Android {}, {:?}", phone.release.name(), phone.app);
        Self { what, bytes: bytes.into(), rows: vec![row] }
    }
}

/// Every single file that is made of a phone, each as it is.
pub(crate) fn files(phone: &Phone) -> Vec<Made> {
    let mut made = vec![
        dump::of_one_app(phone),
        dump::behind_a_listing(phone),
        dump::by_pm(phone),
        full_dump::of_all_apps(phone),
        dumpsys::of_all_services(phone),
        getprop::alone(phone),
    ];
    if !matches!(phone.app, App::Removed(_) | App::DataKept) {
        made.extend(dump::while_starting(phone));
    }
    made.extend(bugreport::all(phone));
    made
}
