//! What a package's block says, as a table of decisions.

use super::Reason;
use crate::advisory::Rating;

/// What counts of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct BlockFacts {
    /// Why the phone's answer can't be relied on.
    pub(super) failure: Option<Reason>,
    /// Nothing of the block is missing.
    pub(super) complete: bool,
    pub(super) users: Users,
    pub(super) version: BlockVersion,
    /// Why nobody believes the block that no user has the app.
    pub(super) absence_doubt: Option<Reason>,
    /// The rest of the dump says that the app isn't there, or lists others as well.
    pub(super) contradicted: bool,
}

/// Who has the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Users {
    /// The block has no line of any user.
    Unsaid,
    Nobody,
    Somebody,
}

/// The version that the block gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BlockVersion {
    /// `pkg=null`: only data is there, and its version says nothing.
    OfKeptData,
    Rated(Rating),
}

/// What follows of the block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    /// The app is there, in a version of this rating.
    Present(Rating),
    /// The package service says that no user has the app.
    Absent,
    Unknown(Reason),
}

impl BlockFacts {
    pub(super) const fn decide(self) -> Decision {
        use BlockVersion::{OfKeptData, Rated};
        use Decision::{Absent, Present, Unknown};
        use Rating::{Fixed, Unconfirmed, Unreadable, Vulnerable};
        use Users::{Nobody, Somebody, Unsaid};

        match (self.failure, self.complete, self.users, self.version) {
            // A version at risk is believed of a whole block, whatever else failed, and of one that
            // isn't whole, if nothing else failed.
            (Some(_), true, Somebody, Rated(Vulnerable))
            | (None, false, Unsaid | Somebody, Rated(Vulnerable)) => Present(Vulnerable),
            (Some(failure), ..) => Unknown(failure),
            (None, false, ..) => Unknown(Reason::IncompleteAnswer),
            (None, true, Unsaid | Nobody, _) => match self.absence_doubt {
                Some(doubt) => Unknown(doubt),
                None => Absent,
            },
            (None, true, Somebody, OfKeptData) => Unknown(Reason::UnreadableVersion),
            (None, true, Somebody, Rated(Unconfirmed | Fixed | Unreadable))
                if self.contradicted =>
            {
                Unknown(Reason::AmbiguousDump)
            }
            (None, true, Somebody, Rated(rating)) => Present(rating),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use BlockVersion::{OfKeptData, Rated};
    use Decision::{Absent, Present, Unknown};
    use Rating::{Fixed, Unconfirmed, Unreadable, Vulnerable};
    use Users::{Nobody, Somebody, Unsaid};

    /// Whole block, users, version → what follows without a failure, and with one.
    #[rustfmt::skip]
    const TABLE: [(bool, Users, BlockVersion, Decision, Decision); 30] = [
        (false, Unsaid,   OfKeptData,         INCOMPLETE,          FAILED),
        (false, Unsaid,   Rated(Vulnerable),  Present(Vulnerable), FAILED),
        (false, Unsaid,   Rated(Unconfirmed), INCOMPLETE,          FAILED),
        (false, Unsaid,   Rated(Fixed),       INCOMPLETE,          FAILED),
        (false, Unsaid,   Rated(Unreadable),  INCOMPLETE,          FAILED),
        (false, Nobody,   OfKeptData,         INCOMPLETE,          FAILED),
        (false, Nobody,   Rated(Vulnerable),  INCOMPLETE,          FAILED),
        (false, Nobody,   Rated(Unconfirmed), INCOMPLETE,          FAILED),
        (false, Nobody,   Rated(Fixed),       INCOMPLETE,          FAILED),
        (false, Nobody,   Rated(Unreadable),  INCOMPLETE,          FAILED),
        (false, Somebody, OfKeptData,         INCOMPLETE,          FAILED),
        (false, Somebody, Rated(Vulnerable),  Present(Vulnerable), FAILED),
        (false, Somebody, Rated(Unconfirmed), INCOMPLETE,          FAILED),
        (false, Somebody, Rated(Fixed),       INCOMPLETE,          FAILED),
        (false, Somebody, Rated(Unreadable),  INCOMPLETE,          FAILED),
        // No block is whole without a user's line: these never come.
        (true,  Unsaid,   OfKeptData,         Absent,              FAILED),
        (true,  Unsaid,   Rated(Vulnerable),  Absent,              FAILED),
        (true,  Unsaid,   Rated(Unconfirmed), Absent,              FAILED),
        (true,  Unsaid,   Rated(Fixed),       Absent,              FAILED),
        (true,  Unsaid,   Rated(Unreadable),  Absent,              FAILED),
        (true,  Nobody,   OfKeptData,         Absent,              FAILED),
        (true,  Nobody,   Rated(Vulnerable),  Absent,              FAILED),
        (true,  Nobody,   Rated(Unconfirmed), Absent,              FAILED),
        (true,  Nobody,   Rated(Fixed),       Absent,              FAILED),
        (true,  Nobody,   Rated(Unreadable),  Absent,              FAILED),
        (true,  Somebody, OfKeptData,         UNREADABLE,          FAILED),
        (true,  Somebody, Rated(Vulnerable),  Present(Vulnerable), Present(Vulnerable)),
        (true,  Somebody, Rated(Unconfirmed), Present(Unconfirmed), FAILED),
        (true,  Somebody, Rated(Fixed),       Present(Fixed),      FAILED),
        (true,  Somebody, Rated(Unreadable),  Present(Unreadable), FAILED),
    ];
    const INCOMPLETE: Decision = Unknown(Reason::IncompleteAnswer);
    const UNREADABLE: Decision = Unknown(Reason::UnreadableVersion);
    const FAILED: Decision = Unknown(Reason::Denied);
    const AMBIGUOUS: Decision = Unknown(Reason::AmbiguousDump);

    const fn of_block(complete: bool, users: Users, version: BlockVersion) -> BlockFacts {
        BlockFacts {
            failure: None,
            complete,
            users,
            version,
            absence_doubt: None,
            contradicted: false,
        }
    }

    #[test]
    fn every_row_of_the_table_holds() {
        for (complete, users, version, expected, failed) in TABLE {
            let facts = of_block(complete, users, version);
            assert_eq!(facts.decide(), expected, "{facts:?}");
            let with_failure = BlockFacts { failure: Some(Reason::Denied), ..facts };
            assert_eq!(with_failure.decide(), failed, "{with_failure:?}");
        }
    }

    #[test]
    fn a_doubt_changes_what_makes_a_phone_fine_and_nothing_else() {
        for (complete, users, version, expected, failed) in TABLE {
            let facts = BlockFacts {
                absence_doubt: Some(Reason::AmbiguousDump),
                contradicted: true,
                ..of_block(complete, users, version)
            };
            let doubted = match expected {
                Absent | Present(Unconfirmed | Fixed | Unreadable) => AMBIGUOUS,
                Present(Vulnerable) | Unknown(_) => expected,
            };
            assert_eq!(facts.decide(), doubted, "{facts:?}");
            let with_failure = BlockFacts { failure: Some(Reason::Denied), ..facts };
            assert_eq!(with_failure.decide(), failed, "{with_failure:?}");
        }
    }
}
