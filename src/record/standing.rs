//! Which of a phone's recorded checks stands for it. Core: no I/O.

use std::collections::HashMap;
use std::rc::Rc;

use super::{DAY, ZonedTime};
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
    /// The phone's number in that run.
    pub seat: u32,
    /// How bad it is, by [`rank`].
    pub rank: u8,
    /// Whether the phone itself answered, not a file or a person.
    pub by_phone: bool,
}

/// The rank of a verdict that says nothing.
pub const UNKNOWN: u8 = 2;

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

/// A check with what was found of each app.
#[derive(Debug, Clone)]
pub struct CheckedApps {
    pub check: Standing,
    /// What tells the run from all others, whatever it was judged by.
    pub run: String,
    /// Each package with the worst that was found of it, by [`rank`].
    pub apps: Rc<[(String, u8)]>,
}

impl Standing {
    const fn is_at_risk(&self) -> bool {
        self.rank < UNKNOWN
    }

    /// Whether it came after `other`: by the numbers of one bench, else by their clocks.
    #[must_use]
    pub fn is_after(&self, other: &Self) -> bool {
        if self.bench == other.bench { self.counter > other.counter } else { self.at > other.at }
    }

    /// Whether this new check stands for its phone from now on, where none of its checks was at risk;
    /// `stands`: the one that does so far.
    #[must_use]
    pub fn stands_after(&self, stands: Option<&Self>) -> bool {
        self.rank != UNKNOWN && stands.is_none_or(|stands| self.is_after(stands))
    }
}

impl CheckedApps {
    /// Whether an app was at risk in it.
    pub(super) fn has_risk(&self) -> bool {
        self.check.is_at_risk() || self.apps.iter().any(|(_, rank)| *rank < UNKNOWN)
    }

    /// Whether this check, in which an app was fine, takes back that it was at risk in `risk`. `now`:
    /// seconds since 1970.
    fn takes_back(&self, risk: &Self, twins: bool, now: i64) -> bool {
        let same_run = self.run == risk.run;
        let same_seat = same_run && self.check.seat == risk.check.seat;
        // Another phone with its serial number tells nothing of it.
        let is_it = same_seat || !same_run && !twins;
        // A clock that is ahead puts nothing behind a risk.
        let is_past = self.check.bench == risk.check.bench || self.check.at.seconds <= now + DAY;
        is_it && is_past && self.check.is_after(&risk.check)
    }
}

/// Which of a phone's checks stands for it, in whatever order they are given; `None`: none says
/// anything. What was at risk stays so until that phone itself came back with that very app fine: no
/// answer that says nothing, no file, no check of other apps and no other phone with the same serial
/// number takes it back. `now`: seconds since 1970.
#[must_use]
pub fn standing(checks: &[CheckedApps], now: i64) -> Option<Standing> {
    let twins = has_twins(checks);
    // The answers of the phone by which each app was fine.
    let mut fine: HashMap<&str, Vec<&CheckedApps>> = HashMap::new();
    for check in checks.iter().filter(|check| check.check.by_phone) {
        for (package, _) in check.apps.iter().filter(|(_, rank)| *rank > UNKNOWN) {
            fine.entry(package).or_default().push(check);
        }
    }
    let is_open = |risk: &&CheckedApps| {
        let mut packages = risk.apps.iter().filter(|(_, rank)| *rank < UNKNOWN);
        let stays = |package: &str| {
            let mut fine = fine.get(package).into_iter().flatten();
            !fine.any(|check| check.takes_back(risk, twins, now))
        };
        packages.any(|(package, _)| stays(package)) || risk.apps.is_empty()
    };
    let worse = |risk: &Standing, than: &Standing| {
        risk.rank < than.rank || risk.rank == than.rank && risk.is_after(than)
    };
    let open = checks.iter().filter(|check| check.has_risk()).filter(is_open);
    let open = open.map(|check| check.check).reduce(|a, b| if worse(&b, &a) { b } else { a });
    open.or_else(|| {
        let definite = checks.iter().map(|check| check.check).filter(|one| one.rank != UNKNOWN);
        definite.reduce(|a, b| if b.is_after(&a) { b } else { a })
    })
}

/// Whether two phones of one run had this serial number, and one was at risk and the other wasn't.
fn has_twins(checks: &[CheckedApps]) -> bool {
    let mut seats: HashMap<&str, Vec<(u32, bool)>> = HashMap::new();
    checks.iter().filter(|check| check.check.rank != UNKNOWN).any(|check| {
        let (seat, at_risk) = (check.check.seat, check.check.is_at_risk());
        let of_run = seats.entry(&check.run).or_default();
        let is_twin = of_run.iter().any(|other| other.0 != seat && other.1 != at_risk);
        if !of_run.contains(&(seat, at_risk)) {
            of_run.push((seat, at_risk));
        }
        is_twin
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RISK: Standing = Standing {
        row: 1,
        bench: 1,
        counter: 1,
        at: ZonedTime { seconds: 1_000, offset: 0 },
        seat: 1,
        rank: 0,
        by_phone: true,
    };
    const FINE: Standing = Standing { row: 2, counter: 2, rank: 3, ..RISK };
    const NOW: i64 = 10_000;

    fn of(check: Standing, run: &str, apps: &[(&str, u8)]) -> CheckedApps {
        let apps = apps.iter().map(|(name, rank)| ((*name).to_owned(), *rank)).collect();
        CheckedApps { check, run: run.to_owned(), apps }
    }

    /// A check of one app, in a run of its own.
    fn one(check: Standing) -> CheckedApps {
        of(check, &format!("run {}", check.row), &[("a", check.rank)])
    }

    /// The row that stands, which hangs on no order.
    fn row(checks: &[CheckedApps]) -> i64 {
        let mut turned = checks.to_vec();
        let stands = standing(&turned, NOW).unwrap().row;
        for _ in 0..checks.len() {
            turned.rotate_left(1);
            assert_eq!(standing(&turned, NOW).unwrap().row, stands);
        }
        turned.reverse();
        assert_eq!(standing(&turned, NOW).unwrap().row, stands);
        stands
    }

    #[test]
    fn what_was_at_risk_stays_until_the_phone_itself_comes_back_fine() {
        assert_eq!(row(&[one(RISK), one(FINE)]), 2);
        assert_eq!(row(&[one(RISK), one(Standing { rank: UNKNOWN, ..FINE })]), 1);
        let file = Standing { by_phone: false, ..FINE };
        assert_eq!(row(&[one(RISK), one(file)]), 1);
        // Nor one risk of a file another of the phone.
        let risk_of_file = Standing { row: 3, counter: 3, rank: 0, ..file };
        let later_file = Standing { row: 4, counter: 4, ..file };
        assert_eq!(row(&[one(RISK), one(risk_of_file), one(later_file)]), 3);
        // What stood fine, and is at risk, whoever says it.
        let fine_first = Standing { counter: 0, ..FINE };
        assert_eq!(row(&[one(fine_first), one(Standing { by_phone: false, ..RISK })]), 1);
    }

    #[test]
    fn a_check_of_other_apps_takes_nothing_back() {
        let all = of(RISK, "1", &[("a", 0), ("b", 3)]);
        assert_eq!(row(&[all.clone(), of(FINE, "2", &[("b", 3)])]), 1);
        assert_eq!(row(&[all.clone(), of(FINE, "2", &[("a", UNKNOWN), ("b", 3)])]), 1);
        assert_eq!(row(&[all, of(FINE, "2", &[("a", 3)])]), 2);
        // Each app by itself: one at a time is taken back.
        let both = of(RISK, "1", &[("a", 0), ("b", 1)]);
        let a = of(FINE, "2", &[("a", 3)]);
        let b = of(Standing { row: 3, counter: 3, ..FINE }, "3", &[("b", 3)]);
        assert_eq!(row(&[both.clone(), a.clone()]), 1);
        assert_eq!(row(&[both, a, b]), 3);
    }

    #[test]
    fn another_phone_with_the_same_serial_number_takes_nothing_back() {
        let twin = Standing { seat: 2, ..FINE };
        assert_eq!(row(&[of(RISK, "1", &[("a", 0)]), of(twin, "1", &[("a", 3)])]), 1);
        // Not later either: nobody knows which one came.
        let later = Standing { row: 3, counter: 3, ..FINE };
        let both = [of(RISK, "1", &[("a", 0)]), of(twin, "1", &[("a", 3)]), one(later)];
        assert_eq!(row(&both), 1);
        // The same phone, later in the same run.
        assert_eq!(row(&[of(RISK, "1", &[("a", 0)]), of(FINE, "1", &[("a", 3)])]), 2);
        // Twice the same of one phone, on a cable and on the network.
        let again = Standing { row: 3, seat: 2, counter: 2, ..RISK };
        let fine = Standing { counter: 3, ..FINE };
        let twice = [of(RISK, "1", &[("a", 0)]), of(again, "1", &[("a", 0)]), one(fine)];
        assert_eq!(row(&twice), 2);
    }

    #[test]
    fn a_bench_counts_and_between_benches_clocks_decide() {
        // A clock that went back a year changes nothing of the order.
        let back = ZonedTime { seconds: -1_000_000, offset: 0 };
        assert_eq!(row(&[one(RISK), one(Standing { at: back, ..FINE })]), 2);
        let elsewhere = Standing { bench: 2, ..FINE };
        assert_eq!(row(&[one(RISK), one(elsewhere)]), 1, "at the same time");
        let later = ZonedTime { seconds: 1_001, offset: 0 };
        assert_eq!(row(&[one(RISK), one(Standing { at: later, counter: 0, ..elsewhere })]), 2);
        let far_ahead = ZonedTime { seconds: NOW + 2 * DAY, offset: 0 };
        assert_eq!(row(&[one(RISK), one(Standing { at: far_ahead, ..elsewhere })]), 1);
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
