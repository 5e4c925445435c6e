//! What is said of a phone: the verdict, why there is none, and remarks beside it. `judge` comes to it.

mod note;
mod reason;
#[cfg(feature = "schema")]
mod schema;

pub use note::Note;
pub use reason::Reason;
pub use reason::keyed_enum;

/// What is so of a phone under an advisory. The order is worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Present for at least one user, in an affected version.
    Vulnerable,
    /// Present and readable, and nobody says that this version is fixed.
    Unconfirmed,
    /// Nothing can be said, for this reason.
    Unknown(Reason),
    /// Present, at or above the first fixed version.
    Patched,
    /// The phone answered completely, and no user has the app.
    NotInstalled,
    /// Not a device of the family, and the app isn't there.
    NotApplicable,
}

impl Verdict {
    /// The stable key that JSON and the documentation use.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Vulnerable => "vulnerable",
            Self::Unconfirmed => "unconfirmed",
            Self::Unknown(_) => "unknown",
            Self::Patched => "patched",
            Self::NotInstalled => "not_installed",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Why nothing can be said; `None` for every other verdict.
    #[must_use]
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Unknown(reason) => Some(reason),
            Self::Vulnerable
            | Self::Unconfirmed
            | Self::Patched
            | Self::NotInstalled
            | Self::NotApplicable => None,
        }
    }

    /// Whether nothing is to be done about the app.
    #[must_use]
    pub const fn is_fine(self) -> bool {
        matches!(self, Self::Patched | Self::NotInstalled | Self::NotApplicable)
    }

    /// Whether the app must be updated.
    #[must_use]
    pub const fn is_at_risk(self) -> bool {
        matches!(self, Self::Vulnerable | Self::Unconfirmed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verdict_is_fine_at_risk_or_has_a_reason_and_never_two_of_these() {
        for verdict in [
            Verdict::Vulnerable,
            Verdict::Unconfirmed,
            Verdict::Unknown(Reason::Timeout),
            Verdict::Patched,
            Verdict::NotInstalled,
            Verdict::NotApplicable,
        ] {
            let is = [verdict.is_fine(), verdict.is_at_risk(), verdict.reason().is_some()];
            assert_eq!(is.into_iter().filter(|one| *one).count(), 1, "{verdict:?}");
        }
        assert!(Verdict::Patched.is_fine() && Verdict::Unconfirmed.is_at_risk());
    }
}
