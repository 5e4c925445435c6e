//! What is where adb's key should be. Only looks: makes no key.

use std::path::Path;
use std::{fs, io};

use crate::doctor::KeyState;
use micheck_adb::key::{AdbKey, KeyError};

/// Looks at the key at `path`.
#[must_use]
pub fn look_at_key(path: &Path) -> KeyState {
    let found = match fs::metadata(path) {
        Ok(found) => found,
        // A link that leads nowhere is no place for a key, either.
        Err(error) if error.kind() == io::ErrorKind::NotFound && !path.is_symlink() => {
            return KeyState::Missing;
        }
        Err(error) => return KeyState::Unreadable(error.to_string()),
    };
    // Before it is opened: opening a pipe would wait for somebody who writes.
    if !found.is_file() {
        let what = if found.is_dir() { "it is a folder" } else { "it isn't a file" };
        return KeyState::Unreadable(what.to_owned());
    }
    match AdbKey::read(path) {
        Ok(_) => KeyState::Usable { open_to_others: open_to_others(&found) },
        Err(KeyError::Pkcs1 { .. }) => KeyState::OldForm,
        Err(KeyError::NoKey { .. }) => KeyState::NoKey,
        // What a file holds that isn't text is no key.
        Err(KeyError::Unreadable { source, .. }) if source.kind() == io::ErrorKind::InvalidData => {
            KeyState::NoKey
        }
        Err(KeyError::Unreadable { source, .. }) => KeyState::Unreadable(source.to_string()),
        Err(error @ (KeyError::NoHome | KeyError::NotMade { .. })) => {
            KeyState::Unreadable(error.to_string())
        }
    }
}

/// Whether users beside the owner may read it.
#[cfg(unix)]
fn open_to_others(found: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    found.permissions().mode() & 0o044 != 0
}

/// On Windows a file in a user's folder is that user's.
#[cfg(not(unix))]
const fn open_to_others(_found: &fs::Metadata) -> bool {
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use micheck_adb::key;

    #[test]
    fn what_is_in_the_keys_place_is_told() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".android").join("adbkey");
        assert_eq!(look_at_key(&path), KeyState::Missing);
        assert!(!path.parent().unwrap().exists(), "looking makes nothing");
        key::ensure(&path).unwrap();
        assert_eq!(look_at_key(&path), KeyState::Usable { open_to_others: false });
        for (content, expected) in [
            (&b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"[..], KeyState::OldForm),
            (b"", KeyState::NoKey),
            (b"nonsense", KeyState::NoKey),
            (b"\xff\xfe", KeyState::NoKey),
        ] {
            fs::write(&path, content).unwrap();
            assert_eq!(look_at_key(&path), expected, "{content:?}");
        }
        let folder = KeyState::Unreadable("it is a folder".to_owned());
        assert_eq!(look_at_key(home.path()), folder);
    }

    #[cfg(unix)]
    #[test]
    fn rights_and_odd_files_are_seen() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};

        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("adbkey");
        key::ensure(&path).unwrap();
        for (mode, open_to_others) in [(0o600, false), (0o640, true), (0o644, true), (0o700, false)]
        {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(look_at_key(&path), KeyState::Usable { open_to_others }, "{mode:o}");
        }
        let link = home.path().join("link");
        symlink(home.path().join("nowhere"), &link).unwrap();
        assert!(matches!(look_at_key(&link), KeyState::Unreadable(_)));
        let device = KeyState::Unreadable("it isn't a file".to_owned());
        assert_eq!(look_at_key(Path::new("/dev/null")), device);
        let below_a_file = look_at_key(&path.join("adbkey"));
        assert!(matches!(below_a_file, KeyState::Unreadable(_)), "{below_a_file:?}");
    }
}
