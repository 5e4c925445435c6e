//! Which phone it is that answered, and the salt of what is kept of that.

use memchr::memmem;
use sha2::{Digest as _, Sha256};

use crate::escape::hex;
use crate::getprop::Properties;
use crate::lines::lines;

/// How many bytes a salt has.
pub const SALT_BYTES: usize = 32;

/// What is mixed into the hashes of serial numbers, so that nobody can find a number by trying all:
/// they are short.
#[derive(Clone, PartialEq, Eq)]
pub struct Salt([u8; SALT_BYTES]);

impl Salt {
    /// A salt of these bytes, which must be random and stay secret.
    #[must_use]
    pub const fn new(bytes: [u8; SALT_BYTES]) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; SALT_BYTES] {
        &self.0
    }
}

impl std::fmt::Debug for Salt {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Salt(…)")
    }
}

/// Which phone it is that answered, for as long as a run lasts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Identity {
    /// There was no whole property listing, or nobody wanted to know.
    #[default]
    NotSaid,
    /// Nothing in its listing tells it from others.
    Untold,
    /// The salted hash of its serial number, maker and model.
    Phone([u8; 32]),
}

/// Serial numbers that say no more than that there is none, lower case.
const NO_SERIALS: [&[u8]; 8] = [
    b"unknown",
    b"null",
    b"none",
    b"default",
    b"0123456789abcdef",
    b"123456789abcdef",
    b"0123456789",
    b"1234567890",
];

/// The longest serial number that is believed to be one, in bytes; Android's own limit is 91.
const MAX_SERIAL_BYTES: usize = 128;

/// Whether a serial number tells nothing: a known dummy, or one character throughout.
#[must_use]
pub fn is_dummy(serial: &[u8]) -> bool {
    let serial = serial.trim_ascii();
    NO_SERIALS.iter().any(|none| serial.eq_ignore_ascii_case(none))
        || serial.starts_with(b"(no serial number)")
        || serial.windows(2).all(|pair| pair[0] == pair[1])
        || serial.len() > MAX_SERIAL_BYTES
}

/// How many characters of a hash stand for a serial number.
pub const CODE_CHARS: usize = 12;

/// What stands for a serial number wherever it is written: the beginning of its salted hash.
#[must_use]
pub fn serial_code(serial: &[u8], salt: &Salt) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt.bytes());
    hasher.update(serial);
    let mut code = hex(&hasher.finalize());
    code.truncate(CODE_CHARS);
    code
}

/// The serial number in a whole `getprop` listing: `ro.serialno`, else `ro.boot.serialno`; `None`: it
/// has none that tells a phone from others.
#[must_use]
pub fn listed_serial(listing: &[u8]) -> Option<&[u8]> {
    let keys = [&b"[ro.serialno]: ["[..], b"[ro.boot.serialno]: ["];
    let serial = keys.into_iter().find_map(|key| property(listing, key));
    serial.filter(|serial| !is_dummy(serial))
}

impl Identity {
    /// Reads it off a whole `getprop` listing, of which the serial number itself isn't kept, and what
    /// is in `properties` of maker and model.
    #[must_use]
    pub fn read(listing: &[u8], properties: &Properties, salt: &Salt) -> Self {
        let Some(serial) = listed_serial(listing) else { return Self::Untold };
        let mut hasher = Sha256::new();
        hasher.update(salt.bytes());
        for key in ["ro.product.manufacturer", "ro.product.model"] {
            let value = properties.get(key).unwrap_or_default();
            hasher.update(value.len().to_le_bytes());
            hasher.update(value);
        }
        hasher.update(serial);
        Self::Phone(hasher.finalize().into())
    }
}

/// The value of the only line that begins with `key`; of several that differ there is none to be
/// believed, which is an empty one.
fn property<'a>(listing: &'a [u8], key: &[u8]) -> Option<&'a [u8]> {
    let mut values = memmem::find_iter(listing, key)
        .filter(|&at| at == 0 || listing[at - 1] == b'\n')
        .filter_map(|at| {
            lines(&listing[at + key.len()..]).next()?.trim_ascii_end().strip_suffix(b"]")
        });
    let first = values.next()?;
    Some(if values.all(|other| other == first) { first } else { b"" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_salt_is_not_shown() {
        assert_eq!(format!("{:?}", Salt::new([7; SALT_BYTES])), "Salt(…)");
    }

    #[test]
    fn a_serial_number_that_many_phones_have_is_a_dummy() {
        let most = "ab".repeat(MAX_SERIAL_BYTES / 2);
        for serial in ["a1b2c3d4", "0123456789abcdee", "00000001", "ab", &most] {
            assert!(!is_dummy(serial.as_bytes()), "{serial}");
        }
        let longer = format!("{most}c");
        let dummies = [
            "",
            " ",
            "0",
            "00000000",
            "ffff",
            "Unknown",
            "0123456789ABCDEF",
            " null\n",
            &longer,
            "(no serial number)",
            "(no serial number) 2",
        ];
        for serial in dummies {
            assert!(is_dummy(serial.as_bytes()), "{serial}");
        }
    }

    #[test]
    fn who_a_phone_is_its_own_serial_number_tells() {
        let salt = Salt::new([1; SALT_BYTES]);
        let of = |listing: &str| {
            let properties = Properties::read(listing.as_bytes());
            Identity::read(listing.as_bytes(), &properties, &salt)
        };
        let one = of("[ro.serialno]: [a1b2c3d4]\n");
        assert!(matches!(one, Identity::Phone(_)));
        // The other key counts where the first isn't there.
        assert_eq!(of("[ro.boot.serialno]: [a1b2c3d4]\n"), one);
        assert_eq!(of("[ro.boot.serialno]: [b]\n[ro.serialno]: [a1b2c3d4] \r\n"), one);
        assert_eq!(of("[ro.serialno]: [a1b2c3d4]\n[ro.serialno]: [a1b2c3d4]\n"), one);
        let others = [
            "[ro.serialno]: [a1b2c3d5]\n",
            "[ro.serialno]: [a1b2c3d4]\n[ro.product.model]: [X]\n",
            "[ro.serialno]: [a1b2c3d4]\n[ro.product.manufacturer]: [X]\n",
        ];
        let told: std::collections::BTreeSet<_> = others.map(of).into_iter().collect();
        assert_eq!(told.len(), 3);
        assert!(!told.contains(&one) && !told.contains(&Identity::Untold));
        let listing = "[ro.serialno]: [a1b2c3d4]\n";
        let properties = Properties::read(listing.as_bytes());
        let salted = Identity::read(listing.as_bytes(), &properties, &Salt::new([2; SALT_BYTES]));
        assert_ne!(salted, one);
        // One that is empty, said in two ways or a dummy's tells nothing.
        for listing in [
            "",
            "[ro.serialno]: []\n[ro.boot.serialno]: [a1b2c3d4]\n",
            "[ro.serialno]: [a1b2c3d4]\n[ro.serialno]: [a1b2c3d5]\n",
            "[ro.serialno]: [0123456789ABCDEF]\n",
            "[ro.serialno]: [a1b2c3d4\n",
            "x[ro.serialno]: [a1b2c3d4]\n",
        ] {
            assert_eq!(of(listing), Identity::Untold, "{listing}");
        }
    }
}
