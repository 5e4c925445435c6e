//! Section titles and package headers of a package dump.

/// The parts of a dump that matter here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    /// Before any known title.
    Preamble,
    /// `Packages:`, the versions in force.
    Packages,
    /// `Hidden system packages:`, the factory copies of updated system apps.
    Hidden,
    /// `Dexopt state:` and `Compiler stats:`, where Android 7 to 12L say that a package is unknown.
    Compilation,
    /// Any other section.
    Other,
}

/// Titles that end a section, besides the four that `of_title` names; in the order of printing.
///
/// Source: `DumpHelper.java`, `PackageManagerService.java`, `Settings.java`,
/// `ComponentResolver.java` and `ApexManager.java`, Android 5 to 17.
const OTHER_TITLES: &[&[u8]] = &[
    b"Database versions:",
    b"Known Packages:",
    b"Verifiers:",
    b"Intent Filter Verifier:",
    b"Domain Verifier:",
    b"Domain verification status:",
    b"Libraries:",
    b"Features:",
    b"Activity Resolver Table:",
    b"Receiver Resolver Table:",
    b"Service Resolver Table:",
    b"Provider Resolver Table:",
    b"Preferred Activities:",
    b"Permissions:",
    b"AppOp Permissions:",
    b"Registered ContentProviders:",
    b"ContentProvider Authorities:",
    b"Key Set Manager:",
    b"Renamed packages:",
    b"Queries:",
    b"Shared users:",
    b"Package Changes:",
    b"Frozen packages:",
    b"Loaded volumes:",
    b"Service permissions:",
    b"Package warning messages:",
    b"Active install sessions:",
    b"Finalized install sessions:",
    b"Historical install sessions:",
    b"Legacy install sessions:",
    b"APEX session state:",
    b"Active APEX packages:",
    b"Inactive APEX packages:",
    b"Factory APEX packages:",
];

impl Section {
    /// The section that `line` opens; `None` unless it is exactly a known title, at column 0.
    pub(super) fn of_title(line: &[u8]) -> Option<Self> {
        // Cheap way out for nearly every line.
        if !line.ends_with(b":") || !line.first()?.is_ascii_uppercase() {
            return None;
        }
        match line {
            b"Packages:" => Some(Self::Packages),
            b"Hidden system packages:" => Some(Self::Hidden),
            b"Dexopt state:" | b"Compiler stats:" => Some(Self::Compilation),
            _ => OTHER_TITLES.contains(&line).then_some(Self::Other),
        }
    }
}

/// How many of [`OTHER_TITLES`] stand before `Packages:`, in every Android version.
const BEFORE_PACKAGES: usize = 18;

/// The numbers of the titles that [`OTHER_TITLES`] hasn't.
const PACKAGES: usize = OTHER_TITLES.len();
const HIDDEN: usize = PACKAGES + 1;
const DEXOPT: usize = PACKAGES + 2;
const COMPILER: usize = PACKAGES + 3;

/// The titles, a bit for each by its number, that stand behind the beginning of `Packages:`.
pub(super) const BEHIND_PACKAGES: u64 = !((1 << BEFORE_PACKAGES) - 1);

/// The titles that `dumpsys package NAME` leaves out, as that: versions, known packages, verifiers,
/// libraries and features.
pub(super) const OF_ALL_PACKAGES: u64 = 0b1101_1111;

/// The titles that nothing but the package service prints at a line's beginning, as that: all but
/// the libraries, features, permissions, packages, queries, shared users and volumes of others.
pub(super) const TELLING: u64 = {
    const COMMON: [usize; 6] = [6, 7, 13, 19, 20, 23];
    let mut telling = !(1 << PACKAGES);
    let mut at = 0;
    while at < COMMON.len() {
        telling &= !(1 << COMMON[at]);
        at += 1;
    }
    telling
};

/// A number below 64 for each known title.
pub(super) fn number_of_title(line: &[u8]) -> Option<usize> {
    match line {
        b"Packages:" => Some(PACKAGES),
        b"Hidden system packages:" => Some(HIDDEN),
        b"Dexopt state:" => Some(DEXOPT),
        b"Compiler stats:" => Some(COMPILER),
        _ if !line.ends_with(b":") => None,
        _ => OTHER_TITLES.iter().position(|title| *title == line),
    }
}

/// Whether `line` is a title that stands before `Packages:`.
pub(super) fn stands_before_packages(line: &[u8]) -> bool {
    OTHER_TITLES[..BEFORE_PACKAGES].contains(&line)
}

/// Whether `line` is exactly a known section title.
pub(crate) fn is_title(line: &[u8]) -> bool {
    Section::of_title(line).is_some()
}

/// The name in `  Package [NAME] (hex):`, two spaces and nothing else around it.
pub(crate) fn header_name(line: &[u8]) -> Option<&[u8]> {
    let rest = line.strip_prefix(b"  Package [")?.strip_suffix(b"):")?;
    let end = memchr::memchr(b']', rest)?;
    let (name, rest) = rest.split_at(end);
    let hash = rest.strip_prefix(b"] (")?;
    let is_hash = !hash.is_empty() && hash.iter().all(u8::is_ascii_hexdigit);
    is_hash.then_some(name)
}

/// Whether a line under `Hidden system packages:` shows that this is no list of factory copies.
///
/// Such a copy is part of the system image: its `pkgFlags=` have SYSTEM and it doesn't
/// live among the installed apps. (`flags=` says less: real Android 6 dumps lack
/// SYSTEM there, and `UPDATED_SYSTEM_APP` can stand there until the next start.) An
/// app that forges the title can't help printing its own true `pkgFlags=` after it.
pub(super) fn cannot_be_hidden(line: &[u8]) -> bool {
    if let Some(flags) = line.strip_prefix(b"    pkgFlags=[") {
        return !has_flag(flags, b"SYSTEM");
    }
    line.strip_prefix(b"    codePath=").is_some_and(|path| path.starts_with(b"/data/app"))
}

/// Whether a line is one that only package blocks have: their header's beginning, or
/// what tells that a package is there.
pub(crate) fn is_of_a_block(line: &[u8]) -> bool {
    let starts: [&[u8]; 3] = [b"  Package [", b"    pkg=Package{", b"    versionName="];
    let user =
        line.starts_with(b"    User ") && memchr::memmem::find(line, b"installed=").is_some();
    user || starts.iter().any(|start| line.starts_with(start))
}

/// Whether `flags`, what stands after `flags=[`, has `flag` as a word of its own.
pub(super) fn has_flag(flags: &[u8], flag: &[u8]) -> bool {
    flags.split(|&byte| byte == b' ' || byte == b']').any(|word| word == flag)
}
