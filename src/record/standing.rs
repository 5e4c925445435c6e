//! Which of a phone's recorded checks stands for it. Core: no I/O.

use super::ZonedTime;
use micheck_core::verdict::{Reason, Verdict};

/// What counts of a recorded check for whether another one takes its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Its place in the store.
    pub row: i64,
    pub bench: i64,
    /// The number that its bench gave it.
    pub counter: i64,
    pub at: ZonedTime,
    /// The run, by its place in the store.
    pub run: i64,
    /// The phone's number in that run.
    pub seat: u32,
    /// How bad it is, by [`rank`].
    pub rank: u8,
    /// Whether the phone itself answered, not a file or a person.
    pub by_phone: bool,
}

/// The place of a verdict in the order of badness, worst first, whatever its reason.
#[must_use]
pub const fn rank(verdict: Verdict) -> u8 {
    match verdict {
        Verdict::Vulnerable => 0,
        Verdict::Unconfirmed => 1,
        Verdict::Unknown(_) => 2,
        Verdict::Patched => 3,
        Verdict::NotInstalled => 4,
        Verdict::NotApplicable => 5,
    }
}

/// The verdict of this key; `unknown` with a reason that stands for any.
#[must_use]
pub fn verdict_by_key(key: &str) -> Option<Verdict> {
    let any = Verdict::Unknown(Reason::NotRecorded);
    let all = [Verdict::Vulnerable, Verdict::Unconfirmed, any];
    let fine = [Verdict::Patched, Verdict::NotInstalled, Verdict::NotApplicable];
    all.into_iter().chain(fine).find(|verdict| verdict.key() == key)
}

impl Standing {
    const fn is_at_risk(&self) -> bool {
        self.rank < 2
    }

    const fn is_fine(&self) -> bool {
        self.rank > 2
    }

    /// Whether it came after `other`: by the numbers of one bench, else by their clocks.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        if self.bench == other.bench { self.counter > other.counter } else { self.at > other.at }
    }

    /// Whether this new check stands for its phone from now on; `stands`: the one that does so far.
    #[must_use]
    pub fn stands_after(&self, stands: Option<&Self>) -> bool {
        match stands {
            Some(stands) => self.takes_the_place_of(stands),
            None => self.is_at_risk() || self.is_fine(),
        }
    }

    /// Whether it takes the place of the one that stands. What was at risk stays until the
    /// phone itself came back fine: no answer that says nothing, no file and no other phone with the
    /// same serial number takes it back.
    #[must_use]
    pub fn takes_the_place_of(&self, stands: &Self) -> bool {
        let says_something = self.is_at_risk() || self.is_fine();
        let another_phone = self.run == stands.run && self.seat != stands.seat;
        let only_a_file = !self.by_phone && stands.by_phone;
        let takes_back = stands.is_at_risk() && self.is_fine();
        says_something
            && self.is_after(stands)
            && !(another_phone && self.rank > stands.rank)
            && !(only_a_file && takes_back)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RISK: Standing = Standing {
        row: 1,
        bench: 1,
        counter: 1,
        at: ZonedTime { seconds: 1_000, offset: 0 },
        run: 1,
        seat: 1,
        rank: 0,
        by_phone: true,
    };
    const FINE: Standing = Standing { row: 2, counter: 2, run: 2, rank: 3, ..RISK };

    #[test]
    fn what_was_at_risk_stays_until_the_phone_itself_comes_back_fine() {
        assert!(FINE.takes_the_place_of(&RISK));
        assert!(!Standing { rank: 2, ..FINE }.takes_the_place_of(&RISK));
        assert!(!Standing { by_phone: false, ..FINE }.takes_the_place_of(&RISK));
        assert!(!Standing { run: 1, seat: 2, ..FINE }.takes_the_place_of(&RISK));
        // The same phone, later in the same run.
        assert!(Standing { run: 1, ..FINE }.takes_the_place_of(&RISK));
        // A risk counts whoever says it.
        let risk = Standing { by_phone: false, rank: 1, ..FINE };
        assert!(risk.takes_the_place_of(&FINE_BEFORE));
        assert!(risk.takes_the_place_of(&RISK));
        assert!(Standing { by_phone: false, ..FINE }.takes_the_place_of(&FINE_BEFORE));
    }

    const FINE_BEFORE: Standing = Standing { rank: 3, ..RISK };

    #[test]
    fn a_bench_counts_and_between_benches_clocks_decide() {
        // A clock that went back a year changes nothing of the order.
        let back = ZonedTime { seconds: -1_000_000, offset: 0 };
        assert!(Standing { at: back, ..FINE }.takes_the_place_of(&RISK));
        assert!(!Standing { counter: 0, ..FINE }.takes_the_place_of(&RISK));
        let elsewhere = Standing { bench: 2, ..FINE };
        assert!(!elsewhere.takes_the_place_of(&RISK), "at the same time");
        let later = ZonedTime { seconds: 1_001, offset: 0 };
        assert!(Standing { at: later, counter: 0, ..elsewhere }.takes_the_place_of(&RISK));
    }

    #[test]
    fn ranks_are_the_order_of_verdicts() {
        let keys =
            ["vulnerable", "unconfirmed", "unknown", "patched", "not_installed", "not_applicable"];
        for (place, key) in (0..).zip(keys) {
            assert_eq!(rank(verdict_by_key(key).unwrap()), place, "{key}");
        }
        assert_eq!(verdict_by_key("fine"), None);
    }
}
