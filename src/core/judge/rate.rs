//! The one rule that gives a readable answer its verdict: for phones, files, typed versions and
//! saved reports alike.

use super::{Reason, Verdict};
use crate::advisory::Rating;
use crate::getprop::Family;

/// What is so of an app that some user has (`installed`) or nobody, in a version of this rating, on
/// a device of this family.
#[must_use]
pub const fn rate(installed: bool, rating: Rating, family: Family) -> Verdict {
    match (installed, rating, family) {
        (true, Rating::Vulnerable, _) => Verdict::Vulnerable,
        (true, Rating::Unconfirmed, _) => Verdict::Unconfirmed,
        (true, Rating::Fixed, _) => Verdict::Patched,
        (true, Rating::Unreadable, _) => Verdict::Unknown(Reason::UnreadableVersion),
        (false, _, Family::Xiaomi | Family::Unknown) => Verdict::NotInstalled,
        (false, _, Family::Other) => Verdict::NotApplicable,
    }
}
