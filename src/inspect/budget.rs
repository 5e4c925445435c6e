//! How much may come out of one file, all that is in it together.

use std::cell::Cell;
use std::io::{self, Read};
use std::rc::Rc;

/// The most that is unpacked of one file, in bytes; what is unpacked to be unpacked again counts, too.
const MAX_UNPACKED_BYTES: u64 = 2 << 30;

/// What is left to be unpacked; a clone is of the same.
#[derive(Debug, Clone)]
pub(super) struct Budget(Rc<Cell<u64>>);

impl Default for Budget {
    fn default() -> Self {
        Self(Rc::new(Cell::new(MAX_UNPACKED_BYTES)))
    }
}

impl Budget {
    /// `reader`, at the budget's expense; fails when nothing is left.
    pub(super) fn charge<R: Read>(&self, reader: R) -> Charged<R> {
        Charged { reader, budget: self.clone() }
    }
}

/// A reader whose bytes are charged.
pub(super) struct Charged<R> {
    reader: R,
    budget: Budget,
}

impl<R: Read> Read for Charged<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.0.get();
        if left == 0 {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "too much comes out of it"));
        }
        let read = self.reader.read(buffer)?;
        self.budget.0.set(left.saturating_sub(read as u64));
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_ends_it() {
        let budget = Budget::default();
        budget.0.set(5);
        let mut read = Vec::new();
        let result = budget.charge(&[1; 9][..]).take(5).read_to_end(&mut read);
        assert_eq!((result.unwrap(), read.len()), (5, 5));
        let error = budget.charge(&[1; 9][..]).read(&mut [0; 1]).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::FileTooLarge);
    }
}
