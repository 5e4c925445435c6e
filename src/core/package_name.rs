//! The name of an Android package, checked. Core: no I/O.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

/// The longest name that Android installs, in bytes (AOSP `FrameworkParsingPackageUtils`).
const MAX_BYTES: usize = 223;

/// A valid Android package name: `com.xiaomi.mi_connect_service`.
///
/// At least two segments of ASCII letters, digits and `_`, each beginning with
/// a letter, joined by dots. Nothing else may go into a command for a phone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(inline))]
#[serde(transparent)]
pub struct PackageName(String);

/// Why a text is not a package name.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{name}` isn't an Android package name: write it like `com.example.app` \
     (letters, digits and `_`, at least two parts, each beginning with a letter)"
)]
pub struct InvalidPackageName {
    name: String,
}

impl PackageName {
    /// The name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<&str> for PackageName {
    type Error = InvalidPackageName;

    fn try_from(name: &str) -> Result<Self, Self::Error> {
        let segment_is_valid = |segment: &str| {
            segment.starts_with(|c: char| c.is_ascii_alphabetic())
                && segment.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
        };
        let valid =
            name.len() <= MAX_BYTES && name.contains('.') && name.split('.').all(segment_is_valid);
        if valid {
            Ok(Self(name.to_owned()))
        } else {
            let shown: String = name.chars().take(80).collect();
            Err(InvalidPackageName { name: crate::escape::escape(&shown).into_owned() })
        }
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_android_takes_are_taken() {
        for name in ["com.xiaomi.mi_connect_service", "a.b", "com.Mi9.x_1"] {
            assert_eq!(PackageName::try_from(name).unwrap().as_str(), name);
        }
        let long = format!("a.{}", "b".repeat(222));
        for name in [
            "",
            "android",
            "com.",
            ".com",
            "com..x",
            "com.1x",
            "com.x;reboot",
            "com.x y",
            "com.x\n",
            "com.$(x)",
            "कॉम.x",
            &long,
        ] {
            assert!(PackageName::try_from(name).is_err(), "{name}");
        }
    }
}
