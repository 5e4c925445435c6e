//! The bars: how much more than the bare client micheck may take.

use std::time::Duration;

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// The longest wall time for so many phones.
pub(crate) fn wall(phones: usize, bare: Duration) -> Duration {
    if phones < 64 { bare + ms(6) } else { bare * 11 / 10 + ms(5) }
}

/// The most processor time.
pub(crate) fn cpu(bare: Duration) -> Duration {
    bare * 13 / 10 + ms(10)
}

/// The most memory for 64 phones.
pub(crate) const PEAK_BYTES: u64 = 24 << 20;

/// The most memory when all of 64 phones send without end.
pub(crate) const PEAK_BYTES_FLOODED: u64 = 96 << 20;

/// The longest that `micheck --version` takes.
pub(crate) const VERSION: Duration = ms(5);
