//! Serial numbers as others may see them: coded in files, by their end on a screen or a sheet.
//! Core: no I/O; where the salt is kept is `config`'s.

use memchr::memmem;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::device::Properties;
use crate::evidence::lines;
use crate::printable::hex;
use crate::report::{Connection, DeviceReport, Link};

/// How many bytes a salt has.
pub const SALT_BYTES: usize = 32;

/// How many characters of a hash stand for a serial number.
const HASH_CHARS: usize = 12;

/// How many characters of a serial number are shown.
const END_CHARS: usize = 4;

/// What adb calls a phone that announces itself on the network: `adb-SERIAL-RANDOM._adb-tls-…`.
const ANNOUNCED: &str = "adb-";

/// What stands for a serial number.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SerialForm {
    /// All of it.
    #[default]
    Full,
    /// The first 12 characters of a salted hash: the same for the same phone in all files of this
    /// user on this computer, and nothing to anybody else.
    Hashed,
    /// Its last 4 characters.
    End,
}

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

impl Identity {
    /// Reads it off a whole `getprop` listing, of which the serial number itself isn't kept:
    /// `ro.serialno`, else `ro.boot.serialno`, and what is in `properties` of maker and model.
    #[must_use]
    pub fn read(listing: &[u8], properties: &Properties, salt: &Salt) -> Self {
        let serial = [&b"[ro.serialno]: ["[..], b"[ro.boot.serialno]: ["]
            .into_iter()
            .find_map(|key| property(listing, key));
        let Some(serial) = serial.filter(|serial| !is_dummy(serial)) else { return Self::Untold };
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

/// How serial numbers are to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Serials {
    /// As they are.
    Full,
    /// As salted hashes.
    Hashed(Salt),
    /// By their last 4 characters.
    End,
}

impl Serials {
    /// What stands for this serial number.
    #[must_use]
    pub fn shown(&self, serial: &str) -> String {
        match self {
            Self::Full => serial.to_owned(),
            _ if is_none(serial) => serial.to_owned(),
            Self::Hashed(salt) => hashed(number(serial), salt),
            Self::End => end(serial),
        }
    }

    /// What this makes of a serial number.
    #[must_use]
    pub const fn form(&self) -> SerialForm {
        match self {
            Self::Full => SerialForm::Full,
            Self::Hashed(_) => SerialForm::Hashed,
            Self::End => SerialForm::End,
        }
    }

    /// Shows the serial number of a connection so, and in what was said of it, too. One that isn't
    /// there in full stays as it is.
    pub fn apply(&self, connection: &mut Connection, detail: Option<&mut String>) {
        if connection.serial_form != SerialForm::Full || *self == Self::Full {
            return;
        }
        if let Some(serial) = &mut connection.serial {
            let shown = self.shown(serial);
            if let Some(detail) = detail {
                *detail = without(detail, serial, &shown);
            }
            if let Some(state) = &mut connection.state {
                *state = without(state, serial, &shown);
            }
            *serial = shown;
        }
        connection.serial_form = self.form();
    }

    /// Shows the serial number of a phone so.
    pub fn apply_to(&self, device: &mut DeviceReport) {
        self.apply(&mut device.connection, device.detail.as_mut());
    }
}

/// `text` without a serial number in full.
fn without(text: &str, serial: &str, shown: &str) -> String {
    let mut text = text.to_owned();
    for hidden in [serial, number(serial)] {
        // Shorter ones would be found in any word.
        if hidden.len() >= END_CHARS {
            text = text.replace(hidden, shown);
        }
    }
    text
}

/// Whether it is the address of a phone on the network.
#[must_use]
pub fn is_address(connection: &Connection) -> bool {
    connection.link == Link::Network
        || connection.serial.as_deref().is_some_and(|serial| serial.contains(':'))
}

/// What adb says of a phone that gives no number.
fn is_none(serial: &str) -> bool {
    serial.starts_with("(no serial number)") || serial.bytes().all(|byte| byte == b'?')
}

/// The number itself, where adb says more.
fn number(serial: &str) -> &str {
    let announced = serial.strip_prefix(ANNOUNCED).filter(|rest| rest.contains("._adb-tls-"));
    let number = announced.and_then(|rest| Some(rest.split_once("._")?.0.rsplit_once('-')?.0));
    number.filter(|number| !number.is_empty()).unwrap_or(serial)
}

fn hashed(number: &str, salt: &Salt) -> String {
    let mut hasher = Sha256::new();
    hasher.update(salt.bytes());
    hasher.update(number.as_bytes());
    let mut text = hex(&hasher.finalize());
    text.truncate(HASH_CHARS);
    text
}

/// The end of a serial number with `…` before it; an address is told from others by all of it.
#[must_use]
pub fn end(serial: &str) -> String {
    if serial.contains(':') || is_none(serial) {
        return serial.to_owned();
    }
    let number = number(serial);
    match number.char_indices().rev().nth(END_CHARS - 1) {
        Some((from, _)) if from > 0 => format!("…{}", &number[from..]),
        _ => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn salt(byte: u8) -> Serials {
        Serials::Hashed(Salt::new([byte; SALT_BYTES]))
    }

    fn connection(serial: &str) -> Connection {
        Connection { serial: Some(serial.to_owned()), ..Connection::of_link(Link::AdbServer) }
    }

    #[test]
    fn a_hash_is_twelve_characters_and_hangs_on_the_salt() {
        let one = salt(1).shown("a1b2c3d4");
        assert_eq!(one.len(), HASH_CHARS);
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
        assert_eq!(one, salt(1).shown("a1b2c3d4"));
        assert_ne!(one, salt(2).shown("a1b2c3d4"));
        assert_ne!(one, salt(1).shown("a1b2c3d5"));
        // The same phone on a cable and on the network.
        assert_eq!(one, salt(1).shown("adb-a1b2c3d4-x9Yz._adb-tls-connect._tcp"));
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

    #[test]
    fn the_end_is_four_characters() {
        assert_eq!(end("a1b2c3d4"), "…c3d4");
        assert_eq!(end("abc"), "abc");
        assert_eq!(end("(no serial number)"), "(no serial number)");
        assert_eq!(salt(1).shown("????????????"), "????????????");
        assert_eq!(end("abcd"), "abcd");
        assert_eq!(end("नमस्तेअआइई"), "…अआइई");
        assert_eq!(end("10.0.0.7:5555"), "10.0.0.7:5555");
        assert_eq!(end("adb-a1b2c3d4-x9Yz._adb-tls-connect._tcp"), "…c3d4");
    }

    #[test]
    fn what_was_said_of_a_phone_doesnt_give_its_number_away() {
        let mut phone = connection("a1b2c3d4");
        let mut detail = "device 'a1b2c3d4' not found".to_owned();
        salt(1).apply(&mut phone, Some(&mut detail));
        let shown = phone.serial.clone().unwrap();
        assert_eq!(detail, format!("device '{shown}' not found"));
        assert_eq!(phone.serial_form, SerialForm::Hashed);
        // Once is enough.
        Serials::End.apply(&mut phone, None);
        assert_eq!((phone.serial.unwrap(), phone.serial_form), (shown, SerialForm::Hashed));
    }

    #[test]
    fn a_salt_isnt_shown() {
        assert_eq!(format!("{:?}", salt(7)), "Hashed(Salt(…))");
    }
}
