//! Who may open USB devices: udev's rules, on Linux only.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::doctor::UdevState;
use micheck_core::escape::decode;

/// Where rules lie. A file in an earlier folder hides those of its name in later ones. Source:
/// `udev(7)`.
const FOLDERS: &[&str] = &[
    "/etc/udev/rules.d",
    "/run/udev/rules.d",
    "/usr/local/lib/udev/rules.d",
    "/usr/lib/udev/rules.d",
    "/lib/udev/rules.d",
];

/// The most that is read of a file: distributions' lists of phones have 50 kB.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// What a rule for Xiaomi's phones, or for any with ADB, can't do without: the vendor's number, or
/// the interface's class.
const ABOUT_PHONES: &[&str] = &["2717", "ff4201"];

const GIVES_ACCESS: &[&str] = &["uaccess", "GROUP=\"", "MODE=\"0666\"", "MODE=\"666\""];

/// Looks for a rule that gives access to phones; `None`: this system has no such rules.
#[must_use]
pub fn udev_state() -> Option<UdevState> {
    let folders: Vec<&Path> = FOLDERS.iter().map(Path::new).collect();
    let rule = rule_in(&folders).map(|path| decode(path.as_os_str().as_encoded_bytes()));
    Some(UdevState { rule, is_root: rustix::process::geteuid().is_root() })
}

fn rule_in(folders: &[&Path]) -> Option<PathBuf> {
    let mut files: BTreeMap<OsString, PathBuf> = BTreeMap::new();
    for entry in folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|ending| ending == "rules") {
            files.entry(entry.file_name()).or_insert(path);
        }
    }
    files.into_values().find(|path| is_for_phones(path))
}

fn is_for_phones(path: &Path) -> bool {
    let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
    let mut bytes = Vec::new();
    let mut read = || File::open(path)?.take(MAX_FILE_BYTES).read_to_end(&mut bytes);
    if !is_file || read().is_err() {
        return false;
    }
    let text = decode(&bytes);
    let has = |words: &[&str]| {
        let mut rules = text.lines().filter(|line| !line.trim_start().starts_with('#'));
        rules.any(|line| words.iter().any(|word| line.contains(word)))
    };
    // Lists name phones in one line, and give access in another.
    has(ABOUT_PHONES) && has(GIVES_ACCESS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::UDEV_RULE;

    #[test]
    fn a_rule_for_phones_is_found() {
        let root = tempfile::tempdir().unwrap();
        let (etc, lib) = (root.path().join("etc"), root.path().join("lib"));
        for folder in [&etc, &lib] {
            fs::create_dir(folder).unwrap();
        }
        let found = || rule_in(&[&etc, &lib, &root.path().join("none")]);
        assert_eq!(found(), None);
        let put = |name: &str, text: &str| fs::write(lib.join(name), text).unwrap();
        put("10.rules", "# ATTR{idVendor}==\"2717\", TAG+=\"uaccess\"\n");
        put("11.rules", "ATTR{idVendor}==\"1d6b\", TAG+=\"uaccess\"\n");
        // Only names them, as libmtp's does.
        put("12.rules", "ATTR{idVendor}==\"2717\", ENV{ID_MTP_DEVICE}=\"1\"\n");
        put("13.txt", UDEV_RULE);
        assert_eq!(found(), None);
        put("70-micheck.rules", UDEV_RULE);
        assert_eq!(found(), Some(lib.join("70-micheck.rules")));
        let list = "ATTR{idVendor}==\"2717\", ENV{adb_user}=\"yes\"\n\
                    ENV{adb_user}==\"yes\", MODE=\"0660\", GROUP=\"plugdev\", TAG+=\"uaccess\"\n";
        put("51-android.rules", list);
        assert_eq!(found(), Some(lib.join("51-android.rules")));
        // The administrator's word counts more, also if it is silence.
        std::os::unix::fs::symlink("/dev/null", etc.join("51-android.rules")).unwrap();
        assert_eq!(found(), Some(lib.join("70-micheck.rules")));
    }
}
