//! What is asked of a record, and what it says of itself.

use super::{RecordError, ZonedTime};

/// Which checks are wanted: those that meet all that is set. Without a phone or a job: the last of each
/// phone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckFilter {
    /// The code of a phone: all its checks.
    pub phone: Option<String>,
    /// All checks of this job.
    pub job: Option<String>,
    /// No earlier ones, seconds since 1970.
    pub since: Option<i64>,
    /// With this verdict, by [`super::standing::rank`].
    pub rank: Option<u8>,
}

/// What is to be forgotten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasure {
    /// All of the phone with this code.
    Phone(String),
    /// All that was checked for this job.
    Job(String),
    /// All from before this time, seconds since 1970.
    Before(i64),
    /// The same, because `record.keep` says so.
    Keep(i64),
}

impl Erasure {
    /// The word that the record keeps of it.
    #[must_use]
    pub const fn why(&self) -> &'static str {
        match self {
            Self::Phone(_) => "phone",
            Self::Job(_) => "job",
            Self::Before(_) => "before",
            Self::Keep(_) => "keep",
        }
    }
}

/// How much an erasure is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    pub checks: i64,
    pub phones: i64,
    /// The first and the last of the checks.
    pub span: Option<(ZonedTime, ZonedTime)>,
}

/// What came of looking for checks that are too old.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub forgotten: i64,
    /// How many are too old by a clock that nobody believes yet.
    pub waiting: i64,
    /// How far the clock has moved since the last run, seconds.
    pub moved: i64,
}

/// What a record says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordStatus {
    pub version: i64,
    /// The name of this computer's bench.
    pub bench: String,
    /// The file and what belongs to it, bytes.
    pub bytes: u64,
    pub checks: i64,
    pub phones: i64,
    pub jobs: i64,
    /// How many ids of forgotten checks are kept.
    pub forgotten: i64,
    /// The first and the last check, in the order of recording.
    pub span: Option<(ZonedTime, ZonedTime)>,
    /// When checks were last forgotten, how many and why.
    pub last_erasure: Option<(ZonedTime, i64, String)>,
    /// The last error of writing, and when.
    pub last_error: Option<(ZonedTime, String)>,
}

/// A result of asking a record.
pub(in crate::record) type Recorded<T> = Result<T, RecordError>;
