//! The computer's ADB key, shared with adb: `~/.android/adbkey`. Shell: reads and makes files.
//!
//! Source: AOSP `packages/modules/adb/client/auth.cpp` (where it lies, its form and mode) and
//! `system/core/libcrypto_utils/android_pubkey.cpp` (the public key as phones want it).

use std::fs::DirBuilder;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, Pkcs1v15Sign, RsaPrivateKey};
use thiserror::Error;

use crate::link_error::LinkError;
use micheck_core::verdict::Reason;
use micheck_platform::{private_file, synced_file};

/// What phones take: RSA with 2,048 bits.
const KEY_BITS: usize = 2048;
const KEY_BYTES: usize = KEY_BITS / 8;

/// The most that is read of a key file, bytes: a key is 1.7 kB.
const MAX_FILE_BYTES: u64 = 64 << 10;

/// `DigestInfo` of SHA-1 without the digest, RFC 8017, 9.2. The 20 bytes that a phone sends are
/// signed as if they were one.
const SHA1_PREFIX: [u8; 15] =
    [0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14];
const TOKEN_BYTES: usize = 20;

/// Where adb keeps its key; `None` when this user has no home.
#[must_use]
pub fn default_path() -> Option<PathBuf> {
    let in_folder = |home: PathBuf| home.join(".android").join("adbkey");
    let own = etcetera::home_dir().ok().map(in_folder);
    let other =
        std::env::var_os("ANDROID_SDK_HOME").filter(|home| cfg!(windows) && !home.is_empty());
    chosen(own, other.map(PathBuf::from).map(in_folder), |key| key.symlink_metadata().is_ok())
}

/// adb's place is the user's own folder; on Windows other programs of Android's looked elsewhere, and
/// a key that is there alone is one that phones may know.
fn chosen(
    own: Option<PathBuf>,
    other: Option<PathBuf>,
    exists: impl Fn(&Path) -> bool,
) -> Option<PathBuf> {
    let is_own = own.as_deref().is_some_and(&exists);
    other.filter(|other| !is_own && exists(other)).or(own)
}

/// A key that phones may know this computer by.
pub struct AdbKey {
    private: RsaPrivateKey,
}

/// Shows nothing of the key.
impl std::fmt::Debug for AdbKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AdbKey").finish_non_exhaustive()
    }
}

/// Why the key can't be used or made.
#[derive(Debug, Error)]
pub enum KeyError {
    /// This user has no home folder.
    #[error("this user has no home folder to keep the ADB key in")]
    NoHome,
    /// The file can't be read.
    #[error("can't read the ADB key {}: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// It is in the form that `openssl genrsa` once wrote.
    #[error(
        "the ADB key {} is in the old PKCS#1 format; convert a copy with `openssl pkcs8 -topk8 \
         -nocrypt`, and put that in its place",
        path.display()
    )]
    Pkcs1 {
        /// The file.
        path: PathBuf,
    },
    /// It is no key.
    #[error("the ADB key {} isn't an RSA key of 2,048 bits in PKCS#8 format", path.display())]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// A new one couldn't be written.
    #[error("can't make the ADB key {}: {source}", path.display())]
    NotMade {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
}

impl From<KeyError> for LinkError {
    fn from(error: KeyError) -> Self {
        Self::with_detail(Reason::BadKey, error.to_string())
    }
}

impl AdbKey {
    /// Reads the key at `path`.
    ///
    /// # Errors
    /// There is none, or none that can be used.
    pub fn read(path: &Path) -> Result<Self, KeyError> {
        if path.as_os_str().is_empty() {
            return Err(KeyError::NoHome);
        }
        let text = read_text(path)
            .map_err(|source| KeyError::Unreadable { path: path.to_owned(), source })?;
        match RsaPrivateKey::from_pkcs8_pem(&text) {
            Ok(private) if private.size() == KEY_BYTES => Ok(Self { private }),
            Err(_) if text.contains("BEGIN RSA PRIVATE KEY") => {
                Err(KeyError::Pkcs1 { path: path.to_owned() })
            }
            Ok(_) | Err(_) => Err(KeyError::NoKey { path: path.to_owned() }),
        }
    }

    /// Signs what a phone sent to be signed; `None` when that isn't 20 bytes, or the key is unfit.
    #[must_use]
    pub fn sign(&self, token: &[u8]) -> Option<Vec<u8>> {
        let scheme = Pkcs1v15Sign { hash_len: Some(TOKEN_BYTES), prefix: SHA1_PREFIX.into() };
        // Blinded: whoever sends tokens must not learn the key from the time that signing takes.
        self.private.sign_with_rng(&mut OsRng, scheme, token).ok()
    }

    /// The public key as phones want it, base64 and this program's name.
    #[must_use]
    pub fn public(&self) -> String {
        let modulus = self.private.n();
        let word = BigUint::from(1_u64 << 32);
        let inverse = mod_inverse_of_low_word(modulus);
        let rr = (BigUint::from(1_u32) << (2 * KEY_BITS)) % modulus;
        let exponent = low_u32(&(self.private.e() % &word));
        let mut bytes = Vec::with_capacity(3 * 4 + 2 * KEY_BYTES);
        let words = u32::try_from(KEY_BYTES / 4).expect("a modulus has 64 words");
        bytes.extend_from_slice(&words.to_le_bytes());
        bytes.extend_from_slice(&inverse.to_le_bytes());
        bytes.extend_from_slice(&padded(modulus));
        bytes.extend_from_slice(&padded(&rr));
        bytes.extend_from_slice(&exponent.to_le_bytes());
        format!("{} micheck", STANDARD.encode(bytes))
    }
}

/// `-1 / n mod 2^32` by Newton's iteration, which doubles the right bits each time.
fn mod_inverse_of_low_word(n: &BigUint) -> u32 {
    let low = low_u32(n);
    let mut inverse: u32 = 1;
    for _ in 0..5 {
        inverse = inverse.wrapping_mul(2_u32.wrapping_sub(low.wrapping_mul(inverse)));
    }
    inverse.wrapping_neg()
}

fn low_u32(n: &BigUint) -> u32 {
    let bytes = n.to_bytes_le();
    let mut low = [0; 4];
    let length = bytes.len().min(4);
    low[..length].copy_from_slice(&bytes[..length]);
    u32::from_le_bytes(low)
}

/// Little-endian, filled up with zeros.
fn padded(n: &BigUint) -> Vec<u8> {
    let mut bytes = n.to_bytes_le();
    bytes.resize(KEY_BYTES, 0);
    bytes
}

fn read_text(path: &Path) -> io::Result<String> {
    use std::io::Read as _;

    let file = micheck_platform::regular_file::open(path)?;
    let mut text = String::new();
    file.take(MAX_FILE_BYTES).read_to_string(&mut text)?;
    Ok(text)
}

/// Makes a key at `path` if there is nothing: whole or not at all, for this user's eyes only, and
/// never over another. Whether one was made.
///
/// # Errors
/// There is none, and none can be made. What is there already isn't looked at.
pub fn ensure(path: &Path) -> Result<bool, KeyError> {
    if path.symlink_metadata().is_ok() {
        return Ok(false);
    }
    let failed = |source| KeyError::NotMade { path: path.to_owned(), source };
    let folder = synced_file::folder_of(path);
    make_folder(folder).map_err(failed)?;
    let private = RsaPrivateKey::new(&mut OsRng, KEY_BITS)
        .map_err(|error| failed(io::Error::other(error)))?;
    let text = private
        .to_pkcs8_pem(LineEnding::LF)
        .map_err(|error| failed(io::Error::other(error.to_string())))?;
    // Only readable for this user from the first byte on.
    let mut file = private_file::new_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    if synced_file::put(file, path).map_err(failed)?.is_some() {
        // Another program, adb perhaps, was faster: its key is as good.
        return Ok(false);
    }
    // Nothing depends on it.
    let _ = write_public(path, &AdbKey { private });
    Ok(true)
}

/// Writes the public half beside the key, as adb does; in place of one that belonged to another.
fn write_public(path: &Path, key: &AdbKey) -> io::Result<()> {
    let mut public = path.as_os_str().to_owned();
    public.push(".pub");
    let mut file = tempfile::NamedTempFile::new_in(synced_file::folder_of(path))?;
    writeln!(file, "{}", key.public())?;
    synced_file::replace(file, Path::new(&public))
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;

    // As adb makes it.
    DirBuilder::new().recursive(true).mode(0o750).create(folder)
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).create(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    // That adb and phones take it is shown in `tests/integration/direct.rs`.
    fn made() -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join(".android").join("adbkey");
        assert!(ensure(&path).unwrap());
        (home, path)
    }

    #[test]
    fn the_key_is_the_users_own_unless_the_other_one_is_alone() {
        let (own, other) = (PathBuf::from("own"), PathBuf::from("other"));
        let of = |there: &[&str]| {
            let exists = |path: &Path| there.iter().any(|name| Path::new(name) == path);
            chosen(Some(own.clone()), Some(other.clone()), exists)
        };
        assert_eq!(of(&[]), Some(own.clone()));
        assert_eq!(of(&["own"]), Some(own.clone()));
        assert_eq!(of(&["own", "other"]), Some(own.clone()));
        assert_eq!(of(&["other"]), Some(other.clone()));
        assert_eq!(chosen(Some(own.clone()), None, |_| true), Some(own.clone()));
        assert_eq!(chosen(None, None, |_| true), None);
    }

    #[test]
    fn a_key_is_made_once_and_signs() {
        let (_home, path) = made();
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("-----BEGIN PRIVATE KEY-----\n"), "{text}");
        assert!(!ensure(&path).unwrap());
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        let key = AdbKey::read(&path).unwrap();
        let token = [7; 20];
        let signature = key.sign(&token).unwrap();
        let scheme = Pkcs1v15Sign { hash_len: Some(20), prefix: SHA1_PREFIX.into() };
        key.private.to_public_key().verify(scheme, &token, &signature).unwrap();
        assert_eq!(key.sign(&[7; 19]), None);
        let public = fs::read_to_string(path.with_file_name("adbkey.pub")).unwrap();
        assert_eq!(public.trim_end(), key.public());
    }

    #[test]
    fn the_public_key_is_what_phones_compute_with() {
        let (_home, path) = made();
        let key = AdbKey::read(&path).unwrap();
        let public = key.public();
        let bytes = STANDARD.decode(public.split(' ').next().unwrap()).unwrap();
        assert_eq!(bytes.len(), 524);
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        let n = BigUint::from_bytes_le(&bytes[8..264]);
        assert_eq!((number(0), number(520), &n), (64, 65537, key.private.n()));
        // n0inv * n = -1 mod 2^32
        assert_eq!(number(4).wrapping_mul(low_u32(&n)), u32::MAX);
        let r = BigUint::from(1_u32) << 2048;
        assert_eq!(BigUint::from_bytes_le(&bytes[264..520]), (&r * &r) % &n);
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;

        let (_home, path) = made();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let left: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().flatten().collect();
        assert_eq!(left.len(), 2, "{left:?}");
    }

    #[test]
    fn what_is_no_key_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("adbkey");
        let error = |text: &str| {
            fs::write(&path, text).unwrap();
            AdbKey::read(&path).unwrap_err()
        };
        let old = "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        assert!(matches!(error(old), KeyError::Pkcs1 { .. }));
        assert!(matches!(error("nonsense"), KeyError::NoKey { .. }));
        assert!(matches!(error(""), KeyError::NoKey { .. }));
        let short = RsaPrivateKey::new(&mut OsRng, 1024).unwrap();
        let short = short.to_pkcs8_pem(LineEnding::LF).unwrap();
        assert!(matches!(error(&short), KeyError::NoKey { .. }));
        let missing = AdbKey::read(&folder.path().join("none"));
        assert!(matches!(missing, Err(KeyError::Unreadable { .. })));
        assert!(matches!(AdbKey::read(folder.path()), Err(KeyError::Unreadable { .. })));
        // A key that can't be used is a person's to replace.
        assert!(!ensure(&path).unwrap());
    }
}
