//! What tells phones, connections, checks and times of a bench apart.

use core::ops::{Add, Sub};
use core::time::Duration;

/// A phone's number, in the order of first arrivals, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PhoneId(pub u32);

/// One connection to a phone, from plugging in to unplugging: another after every replug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConnectionId(pub u64);

/// One attempt to ask a phone; never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Attempt(pub u64);

/// Why a phone is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckKind {
    First,
    Wanted,
    /// It is at risk, or couldn't be judged, and that may have changed.
    Again,
}

/// How far a check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The phone is being asked.
    Asking {
        attempt: Attempt,
        /// Whether it waits for its person.
        waits: bool,
    },
    /// It is asked again in a moment.
    Pausing {
        until: Elapsed,
        /// It still starts; else the app is gone, and nobody knows whether it stays so.
        starts: bool,
    },
    /// It can't be asked at the moment.
    Suspended,
}

/// What is being found out about a phone, in one attempt or several.
#[derive(Debug)]
pub(super) struct PhoneCheck {
    pub(super) number: u64,
    pub(super) kind: CheckKind,
    pub(super) phase: Phase,
    /// Since when it says that it still starts.
    pub(super) starts_since: Option<Elapsed>,
    /// When the app was first gone.
    pub(super) gone_since: Option<Elapsed>,
}

/// A time, counted from when the board was opened.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elapsed(pub Duration);

impl Add<Duration> for Elapsed {
    type Output = Self;

    fn add(self, time: Duration) -> Self {
        Self(self.0.saturating_add(time))
    }
}

impl Sub for Elapsed {
    type Output = Duration;

    fn sub(self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timestamp {
    pub moment: Elapsed,
    /// For people and files: RFC 3339 with offset.
    pub stamp: String,
}
