//! How much memory answers may take.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The memory that all answers of a run may hold together.
///
/// Every phone may always hold [`MemoryBudget::OWN_BYTES`]; only what goes beyond
/// comes out of the shared pool, so that phones that flood can't starve one that
/// answers as phones do.
#[derive(Debug)]
pub struct MemoryBudget {
    left: AtomicUsize,
}

impl Default for MemoryBudget {
    fn default() -> Self {
        Self { left: AtomicUsize::new(Self::SHARED_BYTES) }
    }
}

impl MemoryBudget {
    /// What each phone may hold whatever the others do: five times a long real answer.
    pub const OWN_BYTES: usize = 256 << 10;

    /// What all phones may hold beyond that.
    pub const SHARED_BYTES: usize = 64 << 20;

    fn take(&self, bytes: usize) -> bool {
        self.left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(bytes))
            .is_ok()
    }

    fn give_back(&self, bytes: usize) {
        self.left.fetch_add(bytes, Ordering::Relaxed);
    }
}

/// One answer's share of the [`MemoryBudget`]; given back when it is dropped.
#[derive(Debug)]
pub struct MemoryLease {
    budget: Arc<MemoryBudget>,
    held: usize,
    borrowed: usize,
}

impl MemoryLease {
    /// A lease of nothing yet.
    pub fn new(budget: &Arc<MemoryBudget>) -> Self {
        Self { budget: Arc::clone(budget), held: 0, borrowed: 0 }
    }

    /// Whether `bytes` more may be held.
    pub fn grow(&mut self, bytes: usize) -> bool {
        self.held += bytes;
        let needed = self.held.saturating_sub(MemoryBudget::OWN_BYTES) - self.borrowed;
        let granted = needed == 0 || self.budget.take(needed);
        if granted {
            self.borrowed += needed;
        }
        granted
    }

    /// Gives back what isn't needed for `bytes`, when that is all that is kept.
    pub fn shrink_to(&mut self, bytes: usize) {
        self.held = bytes.min(self.held);
        let needed = self.held.saturating_sub(MemoryBudget::OWN_BYTES).min(self.borrowed);
        self.budget.give_back(self.borrowed - needed);
        self.borrowed = needed;
    }
}

impl Drop for MemoryLease {
    fn drop(&mut self) {
        self.budget.give_back(self.borrowed);
    }
}
