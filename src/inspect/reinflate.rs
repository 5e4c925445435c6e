//! An archive that is itself packed, read at any place by unpacking it again from its beginning.
//!
//! An archive's list of entries stands at its end, so it takes one pass to find it and another to
//! read an entry. That keeps memory small and nothing on disk; what is packed twice hardly shrinks
//! the second time, so a pass is quick.

use std::io::{self, Read};
use std::sync::{Mutex, PoisonError};

use rawzip::ReaderAt;

use super::budget::{Budget, Charged};
use super::{MAX_TEXT_BYTES, Trouble};

/// How much of the end is kept: enough for the lists of all but the largest archives.
const TAIL_BYTES: usize = 256 << 10;

/// Bytes that only come in order, read at any place.
pub(super) struct Reinflated<'a, R, F> {
    open: F,
    budget: &'a Budget,
    at: Mutex<Position<Charged<'a, R>>>,
    /// The last bytes.
    tail: Vec<u8>,
    /// Where they begin.
    tail_from: u64,
    bytes: u64,
}

struct Position<R> {
    reader: Option<R>,
    offset: u64,
}

impl<'a, R: Read, F: Fn() -> io::Result<R>> Reinflated<'a, R, F> {
    /// Passes once over what `open` gives, at most [`MAX_TEXT_BYTES`]. Also gives its length in
    /// bytes. Whatever is read, each time, is charged to `budget`.
    pub(super) fn new(open: F, budget: &'a Budget) -> Result<(Self, u64), Trouble> {
        let damaged = |error: io::Error| {
            if budget.is_spent() {
                Trouble::TooLarge { most: "2 GiB" }
            } else {
                Trouble::Damaged { what: error.to_string() }
            }
        };
        let mut reader = budget.charge(open().map_err(damaged)?);
        let mut piece = vec![0; 64 << 10];
        let mut tail: Vec<u8> = Vec::new();
        let mut bytes = 0_u64;
        loop {
            let read = match reader.read(&mut piece) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(damaged(error)),
            };
            bytes += read as u64;
            if bytes > MAX_TEXT_BYTES {
                return Err(Trouble::TooLarge { most: "1 GiB" });
            }
            tail.extend_from_slice(&piece[..read]);
            if tail.len() > 2 * TAIL_BYTES {
                tail.drain(..tail.len() - TAIL_BYTES);
            }
        }
        let tail_from = bytes - tail.len() as u64;
        let at = Mutex::new(Position { reader: None, offset: 0 });
        Ok((Self { open, budget, at, tail, tail_from, bytes }, bytes))
    }
}

impl<R: Read, F: Fn() -> io::Result<R>> ReaderAt for Reinflated<'_, R, F> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        if offset >= self.bytes || buffer.is_empty() {
            return Ok(0);
        }
        if let Some(behind) = offset.checked_sub(self.tail_from) {
            let rest = usize::try_from(behind).ok().and_then(|at| self.tail.get(at..));
            return rest.unwrap_or_default().read(buffer);
        }
        let mut at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let mut reader = match at.reader.take() {
            Some(reader) if at.offset <= offset => reader,
            _ => {
                at.offset = 0;
                self.budget.charge((self.open)()?)
            }
        };
        let skipped = io::copy(&mut reader.by_ref().take(offset - at.offset), &mut io::sink())?;
        at.offset += skipped;
        let read = if at.offset == offset { reader.read(buffer)? } else { 0 };
        at.offset += read as u64;
        at.reader = Some(reader);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_can_be_read() {
        let budget = Budget::default();
        let all: Vec<u8> = (0..=252).cycle().take(3 * TAIL_BYTES).collect();
        let (reader, bytes) = Reinflated::new(|| Ok(all.as_slice()), &budget).unwrap();
        assert_eq!(bytes, all.len() as u64);
        for offset in [100, 0, 5, 4, TAIL_BYTES, all.len() - TAIL_BYTES - 1, all.len() - 2, 7] {
            let mut buffer = [0; 10];
            let expected = &all[offset..all.len().min(offset + 10)];
            let read = &mut buffer[..expected.len()];
            reader.read_exact_at(read, offset as u64).unwrap();
            assert_eq!(read, expected, "{offset}");
        }
        assert_eq!(reader.read_at(&mut [0; 4], bytes).unwrap(), 0);
    }

    #[test]
    fn the_budget_ends_it() {
        let all = vec![1; 3 * TAIL_BYTES];
        let budget = Budget::default();
        let (reader, _) = Reinflated::new(|| Ok(all.as_slice()), &budget).unwrap();
        // Always back to the beginning, and on to where the tail begins.
        let far = all.len() as u64 - 2 * TAIL_BYTES as u64 - 2;
        let went_on = |_: &usize| {
            reader.read_at(&mut [0; 1], far).is_ok() && reader.read_at(&mut [0; 1], 0).is_ok()
        };
        let count = (0..1_000_000).take_while(went_on).count();
        assert!((1_000..100_000).contains(&count) && budget.is_spent(), "{count}");
        assert!(matches!(
            Reinflated::new(|| Ok(all.as_slice()), &budget),
            Err(Trouble::TooLarge { .. })
        ));
    }
}
