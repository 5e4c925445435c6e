//! Dotted versions as app makers print them: parse and order. Core: no I/O.
//!
//! What a version means for an advisory is not here (`advisory`).

use std::cmp::Ordering;
use std::fmt;

/// One part of a version: a natural number of any size.
///
/// Kept as its ASCII digits without leading zeros, so that a hostile version of
/// a million digits costs no arithmetic. Zero is the empty string.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Number {
    /// Without leading zeros the longer number is the larger one, so it is compared first.
    length: usize,
    digits: Box<str>,
}

impl Number {
    /// `digits` must be ASCII digits only.
    fn from_digits(digits: &str) -> Self {
        let digits = digits.trim_start_matches('0');
        Self { length: digits.len(), digits: digits.into() }
    }

    const fn is_zero(&self) -> bool {
        self.length == 0
    }
}

/// The numbers of a dotted version, most significant first.
///
/// Missing parts count as 0: `3.1` equals `3.1.0`.
#[derive(Debug, Clone)]
pub struct Version {
    parts: Vec<Number>,
}

impl Version {
    /// Reads a version from strings of ASCII digits; `None` when one of them isn't.
    pub fn from_parts<'a>(parts: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        let parts = parts
            .into_iter()
            .map(|part| {
                let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
                digits.then(|| Number::from_digits(part))
            })
            .collect::<Option<Vec<_>>>()?;
        (!parts.is_empty()).then_some(Self { parts })
    }

    /// Compares only as many parts as `bound` has: `3.1.895.10.7` is *at* `3.1.895.10`.
    ///
    /// This is the comparison against an inclusive bound, where a build number
    /// behind the bound must not make a version look newer than it.
    #[must_use]
    pub fn cmp_within(&self, bound: &Self) -> Ordering {
        let shown = &self.parts[..self.parts.len().min(bound.parts.len())];
        cmp_parts(shown, &bound.parts)
    }
}

fn cmp_parts(left: &[Number], right: &[Number]) -> Ordering {
    let shared = left.len().min(right.len());
    let (left_shared, left_rest) = left.split_at(shared);
    let (right_shared, right_rest) = right.split_at(shared);
    left_shared.cmp(right_shared).then_with(|| {
        let left_more = left_rest.iter().any(|part| !part.is_zero());
        let right_more = right_rest.iter().any(|part| !part.is_zero());
        left_more.cmp(&right_more)
    })
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        cmp_parts(&self.parts, &other.parts)
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Version {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Version {}

impl Version {
    /// The lowest version above it that has as many parts.
    pub(crate) fn next(&self) -> Option<Self> {
        let mut parts: Vec<String> = self.to_string().split('.').map(str::to_owned).collect();
        let last = parts.last_mut()?;
        *last = successor(last);
        Self::from_parts(parts.iter().map(String::as_str))
    }
}

/// The number after this one, both in decimal digits, of any size.
fn successor(number: &str) -> String {
    let kept = number.trim_end_matches('9');
    let nines = "0".repeat(number.len() - kept.len());
    let (front, last) = kept.split_at(kept.len().saturating_sub(1));
    match last.parse::<u8>() {
        Ok(digit) => format!("{front}{}{nines}", digit + 1),
        // Nines alone.
        Err(_) => format!("1{nines}"),
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.parts.iter().enumerate() {
            if index > 0 {
                f.write_str(".")?;
            }
            f.write_str(if part.is_zero() { "0" } else { &part.digits })?;
        }
        Ok(())
    }
}

/// A `versionName` that was understood: its leading version and what follows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionName {
    /// The leading dotted digits.
    pub version: Version,
    /// Everything after them, byte for byte: `.fullCnRelease.0512164`, `-rc1`, or nothing.
    pub suffix: Vec<u8>,
}

impl VersionName {
    /// Reads the leading dotted digits of `bytes`; a `v` or `V` may stand before them.
    ///
    /// Nothing is trimmed. `None` unless there are at least two parts.
    ///
    /// ```
    /// # use micheck_core::version::VersionName;
    /// let name = VersionName::parse(b"5.1.208.10.fullCnRelease").unwrap();
    /// assert_eq!(name.version.to_string(), "5.1.208.10");
    /// assert_eq!(name.suffix, b".fullCnRelease");
    /// assert_eq!(VersionName::parse(b" 3.1"), None);
    /// ```
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let digits_from = usize::from(matches!(bytes.first(), Some(b'v' | b'V')));
        let mut parts = Vec::new();
        let mut at = digits_from;
        loop {
            let digits = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                break;
            }
            let text = str::from_utf8(&bytes[at..at + digits]).expect("ASCII digits are UTF-8");
            parts.push(Number::from_digits(text));
            at += digits;
            // A dot belongs to the version only when a digit follows it.
            let dot_then_digit =
                bytes.get(at) == Some(&b'.') && bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
            if !dot_then_digit {
                break;
            }
            at += 1;
        }
        (parts.len() >= 2)
            .then(|| Self { version: Version { parts }, suffix: bytes[at..].to_vec() })
    }

    /// Whether what follows the digits only lengthens the version: nothing, or `.` and a
    /// letter or digit.
    ///
    /// `3.1.921.10-rc1` came *before* 3.1.921.10 by every convention, so such a
    /// version cannot count as having reached it.
    #[must_use]
    pub fn ends_cleanly(&self) -> bool {
        match self.suffix.as_slice() {
            [] => true,
            [b'.', next, ..] => next.is_ascii_alphanumeric(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use num_bigint::BigUint;
    use proptest::prelude::*;

    fn version(text: &str) -> Version {
        VersionName::parse(text.as_bytes()).unwrap().version
    }

    #[test]
    fn a_number_of_any_size_has_a_next_one() {
        for (number, next) in [
            ("0", "1"),
            ("8", "9"),
            ("9", "10"),
            ("199", "200"),
            ("999", "1000"),
            ("18446744073709551615", "18446744073709551616"),
        ] {
            assert_eq!(successor(number), next);
        }
    }

    #[test]
    fn reads_the_versions_seen_in_public_material() {
        for (text, shown, suffix) in [
            ("2.0.193", "2.0.193", ""),
            ("3.1.895.10", "3.1.895.10", ""),
            ("5.1.208.10.fullCnRelease.0512164", "5.1.208.10", ".fullCnRelease.0512164"),
            ("15.0.6.4.d4e3948.3002415", "15.0.6.4", ".d4e3948.3002415"),
            ("15.01.11.d", "15.1.11", ".d"),
            ("10.2.4.g", "10.2.4", ".g"),
            ("v3.1.895.10", "3.1.895.10", ""),
            ("V3.1", "3.1", ""),
            ("3.1.895.10-g", "3.1.895.10", "-g"),
            ("3.1..5", "3.1", "..5"),
            ("3.1.", "3.1", "."),
            ("0.0", "0.0", ""),
            ("22.4.25-21 [0] [PR] 337959405", "22.4.25", "-21 [0] [PR] 337959405"),
        ] {
            let name = VersionName::parse(text.as_bytes()).unwrap();
            assert_eq!(
                (name.version.to_string().as_str(), name.suffix),
                (shown, suffix.into()),
                "{text}"
            );
        }
    }

    #[test]
    fn refuses_what_is_not_a_dotted_version() {
        for text in [
            "",
            "3",
            "null",
            " 3.1",
            "vv3.1",
            "v",
            "V1-210567",
            "-3.1",
            ".3.1",
            "٣.١",
            "３.１",
            "3,1",
            "x3.1",
        ] {
            assert_eq!(VersionName::parse(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn parts_are_digits_and_nothing_else() {
        for (parts, expected) in [
            (&["3", "1"][..], Some("3.1")),
            (&["007", "0"], Some("7.0")),
            (&["3"], Some("3")),
            (&[], None),
            (&["3", ""], None),
            (&["3", "x"], None),
            (&["3x"], None),
        ] {
            let version = Version::from_parts(parts.iter().copied());
            assert_eq!(
                version.map(|version| version.to_string()).as_deref(),
                expected,
                "{parts:?}"
            );
        }
    }

    #[test]
    fn numbers_are_ordered_by_size_not_by_text() {
        assert!(Number::from_digits("9") < Number::from_digits("10"));
        assert!(Number::from_digits("10") <= Number::from_digits("010"));
        assert!(Number::from_digits("11") > Number::from_digits("10"));
    }

    #[test]
    fn only_the_bounds_parts_count_against_it() {
        let bound = version("3.1.895.10");
        for (text, expected) in [
            ("3.1.895.10", Ordering::Equal),
            ("3.1.895.10.7", Ordering::Equal),
            ("3.1.895", Ordering::Less),
            ("3.1.895.9.99", Ordering::Less),
            ("3.1.895.11", Ordering::Greater),
            ("3.1.896", Ordering::Greater),
            ("4.0", Ordering::Greater),
            ("2.0.193", Ordering::Less),
            ("3.1.895.00010", Ordering::Equal),
            ("3.1.895.100000000000000000000000000", Ordering::Greater),
        ] {
            assert_eq!(version(text).cmp_within(&bound), expected, "{text}");
        }
    }

    #[test]
    fn a_suffix_after_anything_but_a_dot_is_not_clean() {
        for (text, clean) in [
            ("3.1.921.10", true),
            ("3.1.921.10.full", true),
            ("3.1.921.10-rc1", false),
            ("3.1.921.10rc1", false),
            ("3.1.921.10 ", false),
            ("3.1.921.10..rc1", false),
            ("3.1.921.10.", false),
        ] {
            assert_eq!(
                VersionName::parse(text.as_bytes()).unwrap().ends_cleanly(),
                clean,
                "{text}"
            );
        }
    }

    /// The model: the same numbers as big integers, padded with zeros.
    fn model(parts: &[String], length: usize) -> Vec<BigUint> {
        let mut numbers: Vec<BigUint> = parts.iter().map(|part| part.parse().unwrap()).collect();
        numbers.resize(length, BigUint::default());
        numbers
    }

    fn parts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("[0-9]{1,3}|0{0,3}[0-9]{15,40}", 2..6)
    }

    proptest! {
        #[test]
        fn order_agrees_with_big_integers(left in parts(), right in parts()) {
            let length = left.len().max(right.len());
            let expected = model(&left, length).cmp(&model(&right, length));
            prop_assert_eq!(version(&left.join(".")).cmp(&version(&right.join("."))), expected);
        }

        #[test]
        fn order_is_total(a in parts(), b in parts(), c in parts()) {
            let (a, b, c) = (version(&a.join(".")), version(&b.join(".")), version(&c.join(".")));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a == b, a.cmp(&b) == Ordering::Equal);
            if a <= b && b <= c { prop_assert!(a <= c); }
        }

        #[test]
        fn parsing_never_panics_and_loses_no_byte(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            if let Some(name) = VersionName::parse(&bytes) {
                prop_assert!(bytes.ends_with(&name.suffix));
            }
        }
    }
}
