//! Section titles and package headers of a package dump.

/// The parts of a dump that matter here.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Section {
    /// Before any known title.
    #[default]
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

/// The titles that stand before `Packages:` in every Android version, in the order of printing.
///
/// Source, of both lists: `DumpHelper.java`, `PackageManagerService.java`, `Settings.java`,
/// `ComponentResolver.java` and `ApexManager.java`, Android 5 to 17.
const BEFORE_PACKAGES: &[&[u8]] = &[
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
];

const PACKAGES: &[u8] = b"Packages:";

/// The titles that stand after it.
const AFTER_PACKAGES: &[&[u8]] = &[
    b"Renamed packages:",
    HIDDEN,
    b"Queries:",
    b"Shared users:",
    b"Package Changes:",
    b"Frozen packages:",
    b"Loaded volumes:",
    b"Service permissions:",
    DEXOPT,
    COMPILER,
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

const HIDDEN: &[u8] = b"Hidden system packages:";
const DEXOPT: &[u8] = b"Dexopt state:";
const COMPILER: &[u8] = b"Compiler stats:";

impl Section {
    /// The section that `line` opens; `None` unless it is exactly a known title, at column 0.
    pub(super) fn of_title(line: &[u8]) -> Option<Self> {
        // Cheap way out for nearly every line.
        if !line.ends_with(b":") || !line.first()?.is_ascii_uppercase() {
            return None;
        }
        match line {
            PACKAGES => Some(Self::Packages),
            HIDDEN => Some(Self::Hidden),
            DEXOPT | COMPILER => Some(Self::Compilation),
            _ => {
                let is_known = BEFORE_PACKAGES.contains(&line) || AFTER_PACKAGES.contains(&line);
                is_known.then_some(Self::Other)
            }
        }
    }
}

/// The titles, a bit for each by its number, that stand behind the beginning of `Packages:`.
pub(super) const BEHIND_PACKAGES: u64 = !((1 << BEFORE_PACKAGES.len()) - 1);

/// The titles that `dumpsys package NAME` leaves out.
pub(super) const OF_ALL_PACKAGES: &[&[u8]] = &[
    b"Database versions:",
    b"Known Packages:",
    b"Verifiers:",
    b"Intent Filter Verifier:",
    b"Domain Verifier:",
    b"Libraries:",
    b"Features:",
];

/// The titles that other services, too, print at a line's beginning.
pub(super) const OF_OTHERS: &[&[u8]] = &[
    b"Libraries:",
    b"Features:",
    b"Permissions:",
    PACKAGES,
    b"Queries:",
    b"Shared users:",
    b"Loaded volumes:",
];

/// A number below 64 for each known title, in the order of printing.
pub(super) fn number_of_title(line: &[u8]) -> Option<usize> {
    if !line.ends_with(b":") {
        return None;
    }
    if line == PACKAGES {
        return Some(BEFORE_PACKAGES.len());
    }
    let position = |titles: &[&[u8]]| titles.iter().position(|title| *title == line);
    position(BEFORE_PACKAGES)
        .or_else(|| position(AFTER_PACKAGES).map(|at| BEFORE_PACKAGES.len() + 1 + at))
}

/// Whether `line` is a title that stands before `Packages:`.
pub(super) fn stands_before_packages(line: &[u8]) -> bool {
    BEFORE_PACKAGES.contains(&line)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_a_whole_line() {
        assert!(is_title(PACKAGES) && is_title(AFTER_PACKAGES[0]));
        assert!(!is_title(b"Packages: 3") && !is_title(b"") && !is_title(b" Packages:"));
    }

    #[test]
    fn every_title_has_a_number_of_its_own_below_64() {
        let titles = [BEFORE_PACKAGES, &[PACKAGES], AFTER_PACKAGES].concat();
        assert!(titles.len() <= 64);
        for (at, title) in titles.into_iter().enumerate() {
            let name = String::from_utf8_lossy(title);
            assert_eq!(number_of_title(title), Some(at), "{name}");
            assert!(is_title(title), "{name}");
            assert_eq!(stands_before_packages(title), BEHIND_PACKAGES & (1 << at) == 0, "{name}");
        }
        assert!([OF_ALL_PACKAGES, OF_OTHERS].concat().into_iter().all(is_title));
    }
}
