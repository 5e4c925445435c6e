//! The salt of hashed serial numbers: a file of its own in the configuration folder, made when it is
//! first needed.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use micheck_core::escape::hex;
use micheck_core::identity::{SALT_BYTES, Salt};
use micheck_platform::regular_file::{is_absent, read_text};
use micheck_platform::{private_file, synced_file};

pub const SALT_FILE_NAME: &str = "serial-salt";

/// The most that is read of it.
const MAX_BYTES: usize = 4 * SALT_BYTES;

/// The salt couldn't be read or kept.
#[derive(Debug, Error)]
pub enum SaltError {
    /// There is something else in its place.
    #[error("can't read the salt of coded serial numbers in {}: {reason}; remove it: a new one is made, and codes it makes differ from earlier ones", path.display())]
    Unreadable { path: PathBuf, reason: String },
    /// The system gives no random numbers.
    #[error("the system has no random numbers for coding serial numbers: {0}")]
    NoRandom(String),
}

/// A salt, and why the next run will have another one; `None`: it won't.
#[derive(Debug)]
pub(super) struct FoundSalt {
    pub(super) salt: Salt,
    pub(super) not_kept: Option<String>,
}

/// The user's salt; made, and kept, if there is none yet.
pub(super) fn find(config_dir: Option<&Path>) -> Result<FoundSalt, SaltError> {
    let Some(dir) = config_dir else {
        let why = "this user has no configuration folder".to_owned();
        return Ok(FoundSalt { salt: random()?, not_kept: Some(why) });
    };
    let path = dir.join(SALT_FILE_NAME);
    if let Some(salt) = read(&path)? {
        return Ok(FoundSalt { salt, not_kept: None });
    }
    let salt = random()?;
    match keep(dir, &path, &salt) {
        Ok(()) => Ok(FoundSalt { salt, not_kept: None }),
        Err(error) => {
            // Another micheck may have been quicker.
            if let Some(theirs) = read(&path)? {
                return Ok(FoundSalt { salt: theirs, not_kept: None });
            }
            let why = format!("can't write {}: {error}", path.display());
            Ok(FoundSalt { salt, not_kept: Some(why) })
        }
    }
}

fn read(path: &Path) -> Result<Option<Salt>, SaltError> {
    let unreadable = |reason: String| SaltError::Unreadable { path: path.to_owned(), reason };
    let text = match read_text(path, MAX_BYTES) {
        Ok(text) => text,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(unreadable(error.to_string())),
    };
    let digits = text.trim_ascii();
    let not_hex = || unreadable(format!("it isn't {} hexadecimal digits", 2 * SALT_BYTES));
    if digits.len() != 2 * SALT_BYTES || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(not_hex());
    }
    let mut bytes = [0; SALT_BYTES];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).map_err(|_| not_hex())?;
    }
    Ok(Some(Salt::new(bytes)))
}

fn random() -> Result<Salt, SaltError> {
    let mut bytes = [0; SALT_BYTES];
    getrandom::fill(&mut bytes).map_err(|error| SaltError::NoRandom(error.to_string()))?;
    Ok(Salt::new(bytes))
}

/// Whole or not at all, readable to this user only, and never in the place of another one.
fn keep(dir: &Path, path: &Path, salt: &Salt) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let mut file = private_file::new_in(dir)?;
    writeln!(file, "{}", hex(salt.bytes()))?;
    match synced_file::put(file, path)? {
        None => Ok(()),
        Some(_) => Err(io::ErrorKind::AlreadyExists.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_is_made_once() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("micheck");
        let first = find(Some(&dir)).unwrap();
        assert!(first.not_kept.is_none());
        assert_eq!(find(Some(&dir)).unwrap().salt, first.salt);
        let other = find(Some(&home.path().join("other"))).unwrap();
        assert_ne!(other.salt, first.salt);
        assert_eq!(fs::read_dir(&dir).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_reads_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = tempfile::tempdir().unwrap();
        find(Some(dir.path())).unwrap();
        let mode = fs::metadata(dir.path().join(SALT_FILE_NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn without_a_place_a_salt_serves_one_run() {
        let found = find(None).unwrap();
        assert!(found.not_kept.is_some());
        assert_ne!(find(None).unwrap().salt, found.salt);
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(find(Some(&file)).unwrap().not_kept.unwrap().contains("can't write"));
    }

    #[test]
    fn what_is_no_salt_is_not_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(SALT_FILE_NAME);
        for text in ["", "zz", &"g".repeat(64), &"ä".repeat(32)] {
            fs::write(&path, text).unwrap();
            let error = find(Some(dir.path())).unwrap_err().to_string();
            assert!(error.contains("remove it"), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), *text);
        }
    }
}
