//! Chance that is the same again for the same seed.

use std::ops::Range;
use std::time::Duration;

/// Xorshift: a soak that failed must be able to fail again.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.max(1))
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number in `range`, its end excluded.
    pub(crate) fn number(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    /// So many milliseconds, the end excluded.
    pub(crate) fn time(&mut self, milliseconds: Range<u64>) -> Duration {
        Duration::from_millis(self.number(milliseconds))
    }

    pub(crate) fn percent(&mut self, chance: u64) -> bool {
        self.number(0..100) < chance
    }
}
