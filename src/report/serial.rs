//! Serial numbers as others may see them: coded in files, by their end on a screen or a sheet.
//! Core: no I/O; where the salt is kept is `config`'s.

use serde::{Deserialize, Serialize};

use micheck_core::identity::{Salt, serial_code};

/// How many characters of a serial number are shown.
pub(crate) const END_CHARS: usize = 4;

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

/// How serial numbers are to be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Redaction {
    /// As they are.
    Full,
    /// As salted hashes.
    Hashed(Salt),
    /// By their last 4 characters.
    End,
}

/// Those of `phones` that have the serial number `wanted`; if there are none, those whose number ends
/// with it.
pub fn chosen<T: Copy>(phones: &[(T, &str)], wanted: &str) -> Vec<T> {
    let of = |is_it: &dyn Fn(&str) -> bool| {
        phones.iter().filter(|(_, serial)| is_it(serial)).map(|(phone, _)| *phone).collect()
    };
    let whole: Vec<T> = of(&|serial| serial == wanted);
    if whole.is_empty() { of(&|serial| serial.ends_with(wanted)) } else { whole }
}

impl Redaction {
    /// What stands for this serial number.
    #[must_use]
    pub fn shown(&self, serial: &str) -> String {
        match self {
            Self::Full => serial.to_owned(),
            _ if is_none(serial) => serial.to_owned(),
            Self::Hashed(salt) => serial_code(number(serial).as_bytes(), salt),
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
}

/// What adb says of a phone that gives no number.
fn is_none(serial: &str) -> bool {
    serial.starts_with("(no serial number)") || serial.bytes().all(|byte| byte == b'?')
}

/// The number itself, where adb says more.
pub(crate) fn number(serial: &str) -> &str {
    let announced = serial.strip_prefix(ANNOUNCED).filter(|rest| rest.contains("._adb-tls-"));
    let number = announced.and_then(|rest| Some(rest.split_once("._")?.0.rsplit_once('-')?.0));
    number.filter(|number| !number.is_empty()).unwrap_or(serial)
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
    use micheck_core::identity::{CODE_CHARS, SALT_BYTES};

    fn salt(byte: u8) -> Redaction {
        Redaction::Hashed(Salt::new([byte; SALT_BYTES]))
    }

    #[test]
    fn a_hash_is_twelve_characters_and_hangs_on_the_salt() {
        let one = salt(1).shown("a1b2c3d4");
        assert_eq!(one.len(), CODE_CHARS);
        assert!(one.bytes().all(|byte| byte.is_ascii_hexdigit()), "{one}");
        assert_eq!(one, salt(1).shown("a1b2c3d4"));
        assert_ne!(one, salt(2).shown("a1b2c3d4"));
        assert_ne!(one, salt(1).shown("a1b2c3d5"));
        // The same phone on a cable and on the network.
        assert_eq!(one, salt(1).shown("adb-a1b2c3d4-x9Yz._adb-tls-connect._tcp"));
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
    fn a_salt_isnt_shown() {
        assert_eq!(format!("{:?}", salt(7)), "Hashed(Salt(…))");
    }
}
