//! How much may come out of one file, all that is in it together.

use std::io::{self, Read};
use std::sync::atomic::{AtomicU64, Ordering};

/// The most that is unpacked of one file, in bytes, whatever is unpacked twice counted twice.
const MAX_UNPACKED_BYTES: u64 = 2 << 30;

/// What is left to be unpacked.
#[derive(Debug)]
pub(super) struct Budget(AtomicU64);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU64::new(MAX_UNPACKED_BYTES))
    }
}

impl Budget {
    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.0.load(Ordering::Relaxed) == 0
    }

    /// `reader`, at the budget's expense; fails when nothing is left.
    pub(super) fn charge<R: Read>(&self, reader: R) -> Charged<'_, R> {
        Charged { reader, budget: self }
    }
}

/// A reader whose bytes are charged.
pub(super) struct Charged<'a, R> {
    reader: R,
    budget: &'a Budget,
}

impl<R: Read> Read for Charged<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.budget.is_spent() {
            return Err(io::Error::other("too much comes out of it"));
        }
        let read = self.reader.read(buffer)?;
        let less = |left: u64| Some(left.saturating_sub(read as u64));
        // It always gives a new value.
        let _ = self.budget.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less);
        Ok(read)
    }
}
