//! A record, through a real file.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::record::standing::{CheckedApps, Standing, rank, standing};
use crate::record::store::append::new_id;
use crate::record::transfer::{export, import};
use crate::record::{
    CheckFilter, CheckRecord, DAY, Erasure, Imported, Kept, RecordedCheck, ZonedTime, recall,
};
use crate::report::{
    DeviceReport, LinkKind, Outcome, ProbeResult, Report, Run, serial::SerialForm,
};
use crate::text::{Language, Text};
use micheck_core::advisory::AdvisorySet;
use micheck_core::verdict::Verdict;

/// A folder with a record in it.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("shop/record.db")
    }

    fn store(&self) -> Store {
        Store::create(&self.path(), Some("bench 1")).unwrap()
    }
}

const RUN: &str = "000102030405060708090a0b0c0d0e0f";

/// A check of a phone in which this version was read.
fn check(code: &str, version: &str, at: &str) -> CheckRecord {
    let set = AdvisorySet::embedded();
    let typed = ProbeResult {
        connection: crate::report::Connection::of_link(LinkKind::Typed),
        listed_model: None,
        outcome: Outcome::Typed(Some(version.as_bytes().to_vec())),
        detail: None,
        duration_ms: 0,
        source: None,
    };
    let run = Run { taken_at: at.to_owned(), simulated: false, hints: Vec::new() };
    let text = Text::of(Language::English);
    let mut report = Report::new(run, vec![typed], &set.only("mi-connect").unwrap(), text);
    let device: &mut DeviceReport = &mut report.devices[0];
    device.connection.link = LinkKind::AdbServer;
    device.connection.serial = Some(code.to_owned());
    device.connection.serial_form = SerialForm::Hashed;
    let mut checks = CheckRecord::of_report(report, &run_of(at), vec![Some(code.to_owned())]);
    checks.remove(0)
}

/// A run for each moment.
fn run_of(at: &str) -> String {
    let digits: String = at.bytes().filter(u8::is_ascii_digit).map(char::from).collect();
    format!("{digits:0>32}")
}

const ONE: &str = "aaaaaaaaaaaa";
const TWO: &str = "bbbbbbbbbbbb";

fn day(number: u32) -> String {
    format!("2026-11-{number:02}T10:00:00+05:30")
}

/// Adds checks; gives what stood for their phones.
fn add(store: &mut Store, checks: &[CheckRecord]) -> Vec<Option<RecordedCheck>> {
    let checks: Vec<_> = checks.iter().map(|check| (new_id(), check.clone())).collect();
    let stood = store.append(&checks).unwrap().into_iter();
    stood.map(|row| row.map(|row| store.check_at(row).unwrap())).collect()
}

fn phones(store: &Store) -> Vec<(String, Verdict, Option<Verdict>)> {
    let found = store.checks(&CheckFilter::default()).unwrap().into_iter();
    let mut found: Vec<_> = found
        .map(|(last, standing)| {
            let standing = standing.map(|one| one.check.facts.verdict);
            (last.check.code.unwrap(), last.check.facts.verdict, standing)
        })
        .collect();
    found.sort_by(|left, right| left.0.cmp(&right.0));
    found
}

fn count(store: &Store) -> i64 {
    store.status().unwrap().checks
}

#[test]
fn what_was_found_is_there_again_as_it_was() {
    let place = Place::new();
    let checks = [check(ONE, "3.1.874.10", &day(1)), check(TWO, "3.1.921.10", &day(2))];
    let stood = add(&mut place.store(), &checks);
    assert!(stood.iter().all(Option::is_none));
    let store = place.store();
    let of_one = CheckFilter { phone: Some(ONE.to_owned()), ..CheckFilter::default() };
    let found = &store.checks(&of_one).unwrap()[0].0;
    let [there, here] = [&found.check, &checks[0]].map(|one| serde_json::to_string(one).unwrap());
    assert_eq!(there, here);
    assert!(found.bench.starts_with("bench 1 #"), "{}", found.bench);
    assert_eq!(found.counter, 1);
    // Its row says what the report said.
    let row = found.check.clone().into_row("record.db");
    assert_eq!(row.verdict, Verdict::Vulnerable);
    assert_eq!(row.number, checks[0].number);
    assert_eq!(row.checked_at, Some(day(1)));
}

#[test]
fn a_phone_stands_by_the_rule_whatever_the_clock_says() {
    let place = Place::new();
    let mut store = place.store();
    add(&mut store, &[check(ONE, "3.1.874.10", &day(10))]);
    // The clock went back a year, and the phone was updated.
    let later = check(ONE, "3.1.921.10", "2025-11-10T10:00:00+05:30");
    let stood = add(&mut store, &[later]);
    assert_eq!(stood[0].as_ref().unwrap().check.facts.verdict, Verdict::Vulnerable);
    assert_eq!(phones(&store), [(ONE.to_owned(), Verdict::Patched, None)]);
    // Nothing can be said of it later: what it was is kept.
    let mut unread = check(ONE, "x", "2027-11-10T10:00:00+05:30");
    assert!(unread.facts.verdict.reason().is_some());
    add(&mut store, &[unread.clone()]);
    let verdict = unread.facts.verdict;
    assert_eq!(phones(&store), [(ONE.to_owned(), verdict, Some(Verdict::Patched))]);
    // Two phones of one run with one serial number: the worse one stands, in whatever order.
    let [mut risk, mut fine] = ["3.1.874.10", "3.1.921.10"].map(|it| check(TWO, it, &day(11)));
    (risk.seat, fine.seat) = (1, 2);
    add(&mut store, &[risk, fine]);
    assert_eq!(phones(&store)[1], (TWO.to_owned(), Verdict::Patched, Some(Verdict::Vulnerable)));
    // A file takes back no risk that the phone itself answered.
    unread.source.link = LinkKind::File;
    let mut saved = check(TWO, "3.1.921.10", &day(12));
    saved.source.link = LinkKind::File;
    add(&mut store, &[saved]);
    assert_eq!(phones(&store)[1].2, Some(Verdict::Vulnerable));
}

/// That something was removed by hand costs no later check its place.
#[test]
fn a_chain_that_lacks_a_row_or_a_text_goes_on() {
    for remove in [
        "DELETE FROM result WHERE counter = 2",
        "DELETE FROM text WHERE id = (SELECT facts FROM result WHERE counter = 2)",
    ] {
        let place = Place::new();
        let mut store = place.store();
        let past = ["3.1.921.10", "3.1.880.1", "3.1.874.10"];
        let past: Vec<CheckRecord> =
            (1..).zip(past).map(|(at, it)| check(ONE, it, &day(at))).collect();
        add(&mut store, &past);
        assert_eq!(store.connection.execute(remove, []).unwrap(), 1);
        add(&mut store, &[check(ONE, "x", &day(4))]);
        assert_eq!(phones(&store)[0].2, Some(Verdict::Vulnerable), "{remove}");
        add(&mut store, &[check(ONE, "3.1.921.10", &day(5))]);
        let risk = store.connection.query_row("SELECT risk FROM phone", [], |row| row.get(0));
        assert_eq!(risk, Ok(true), "{remove}");
    }
}

#[test]
fn a_check_that_is_tried_twice_is_there_once() {
    let place = Place::new();
    let mut store = place.store();
    let checks = [(new_id(), check(ONE, "3.1.874.10", &day(1)))];
    store.append(&checks).unwrap();
    store.append(&checks).unwrap();
    assert_eq!(count(&store), 1);
}

#[test]
fn repeated_texts_are_stored_once() {
    let place = Place::new();
    let mut store = place.store();
    let many: Vec<CheckRecord> =
        (0..500).map(|at| check(&format!("{at:012x}"), "3.1.874.10", &day(1))).collect();
    add(&mut store, &many);
    let texts: i64 =
        store.connection.query_row("SELECT count(*) FROM text", [], |row| row.get(0)).unwrap();
    // The program, the advisories, the source, the model, what was found.
    assert_eq!(texts, 5);
    assert_eq!(store.status().unwrap().phones, 500);
}

#[test]
fn jobs_are_found_and_the_last_one_counts() {
    let place = Place::new();
    let mut store = place.store();
    let mut with_job = check(ONE, "3.1.874.10", &day(1));
    with_job.job = Some("4711".to_owned());
    add(&mut store, &[with_job.clone(), check(TWO, "3.1.874.10", &day(1))]);
    let of = |store: &Store, job: &str| {
        let filter = CheckFilter { job: Some(job.to_owned()), ..CheckFilter::default() };
        store.checks(&filter).unwrap().len()
    };
    assert_eq!((of(&store, "4711"), of(&store, "4712")), (1, 0));
    let at = ZonedTime::parse(&day(2)).unwrap();
    assert!(store.give_job(&new_id(), &with_job.run, 0, "4712", at).unwrap());
    assert!(!store.give_job(&new_id(), RUN, 9, "4712", at).unwrap(), "there is no such phone");
    // Both checks are of that run and have the same seat: the last one got it.
    assert_eq!((of(&store, "4711"), of(&store, "4712")), (1, 1));
    // One that got another is found by that alone.
    let mut alone = check(ONE, "3.1.874.10", &day(3));
    alone.job = Some("1".to_owned());
    add(&mut store, &[alone.clone()]);
    assert!(store.give_job(&new_id(), &alone.run, 0, "2", at).unwrap());
    assert_eq!((of(&store, "1"), of(&store, "2")), (0, 1));
}

#[test]
fn what_is_forgotten_is_gone_from_the_disk_and_a_copy_stays_out() {
    let place = Place::new();
    let mut store = place.store();
    let mut secret = check(ONE, "3.1.874.10", &day(1));
    secret.job = Some("SECRET-JOB-4711".to_owned());
    add(
        &mut store,
        &[secret, check(TWO, "3.1.874.11", &day(2)), check(ONE, "3.1.921.10", &day(3))],
    );
    let mut copy = Vec::new();
    export(&store, &mut copy).unwrap();
    let what = Erasure::Job("SECRET-JOB-4711".to_owned());
    assert_eq!(store.to_forget(&what).unwrap().checks, 1);
    let now = ZonedTime::parse(&day(20)).unwrap();
    assert_eq!(store.forget(&what, now).unwrap().checks, 1);
    assert_eq!(store.forget(&Erasure::Phone(ONE.to_owned()), now).unwrap().checks, 1);
    let status = store.status().unwrap();
    assert_eq!((status.checks, status.phones, status.forgotten, status.jobs), (1, 1, 2, 0));
    assert_eq!(status.last_erasure.unwrap().1, 1);
    for ending in ["", "-wal"] {
        let bytes = fs::read(damage::with_ending(&place.path(), ending)).unwrap();
        for gone in ["SECRET-JOB", "3.1.874.10", ONE] {
            assert!(memchr::memmem::find(&bytes, gone.as_bytes()).is_none(), "{gone} in {ending}");
        }
    }
    let set = AdvisorySet::embedded();
    let read = import(&mut store, "copy", &mut copy.as_slice(), &set, now).unwrap();
    assert_eq!(read, Imported { added: 0, known: 1, refused: 2, erased: 0 });
    assert_eq!(phones(&store), [(TWO.to_owned(), Verdict::Vulnerable, None)]);
    // Whoever gets a new copy forgets it as well.
    let other = Place::new();
    let mut other = Store::create(&other.path(), None).unwrap();
    import(&mut other, "copy", &mut copy.as_slice(), &set, now).unwrap();
    assert_eq!(count(&other), 3);
    let mut newer = Vec::new();
    export(&store, &mut newer).unwrap();
    let read = import(&mut other, "newer", &mut newer.as_slice(), &set, now).unwrap();
    assert_eq!(read, Imported { added: 0, known: 1, refused: 0, erased: 2 });
    assert_eq!(count(&other), 1);
}

#[test]
fn forgetting_the_last_check_brings_the_one_before_back() {
    let place = Place::new();
    let mut store = place.store();
    let mut fine = check(ONE, "3.1.921.10", &day(3));
    fine.job = Some("7".to_owned());
    add(&mut store, &[check(ONE, "3.1.874.10", &day(1)), fine]);
    assert_eq!(phones(&store), [(ONE.to_owned(), Verdict::Patched, None)]);
    let now = ZonedTime::parse(&day(20)).unwrap();
    store.forget(&Erasure::Job("7".to_owned()), now).unwrap();
    assert_eq!(phones(&store), [(ONE.to_owned(), Verdict::Vulnerable, None)]);
}

#[test]
fn a_copy_gives_the_same_record() {
    let place = Place::new();
    let mut store = place.store();
    let versions = ["3.1.874.10", "3.1.921.10", "3.1.900.1", "x"];
    for (number, version) in (0..40).zip(versions.into_iter().cycle()) {
        let code = format!("{:012x}", number % 7);
        add(&mut store, &[check(&code, version, &day(1 + number % 28))]);
    }
    let mut copy = Vec::new();
    export(&store, &mut copy).unwrap();
    let other = Place::new();
    let mut other = Store::create(&other.path(), None).unwrap();
    let set = AdvisorySet::embedded();
    let now = ZonedTime::parse(&day(28)).unwrap();
    let read = import(&mut other, "copy", &mut copy.as_slice(), &set, now).unwrap();
    assert_eq!(read.added, 40);
    let again = import(&mut other, "copy", &mut copy.as_slice(), &set, now).unwrap();
    assert_eq!((again.added, again.known), (0, 40));
    let mut twin = Vec::new();
    export(&other, &mut twin).unwrap();
    assert_eq!(String::from_utf8(copy.clone()).unwrap(), String::from_utf8(twin).unwrap());
    assert_eq!(phones(&store), phones(&other));
    // A record counts for itself, also under the same name.
    let mut restored = Store::create(&other.path.clone(), Some("bench 1")).unwrap();
    add(&mut restored, &[check(ONE, "3.1.874.10", &day(28))]);
    let filter = CheckFilter { phone: Some(ONE.to_owned()), ..CheckFilter::default() };
    assert_eq!(restored.checks(&filter).unwrap()[0].0.counter, 1);
    // Cut off, changed, or something else: nothing is read in.
    let whole = String::from_utf8(copy).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    for (what, text) in [
        ("cut off", lines[..20].join("\n")),
        ("a check is missing", [&lines[..5], &lines[6..]].concat().join("\n")),
        ("more behind the end", [&lines[..], &lines[1..2]].concat().join("\n")),
        (
            "falsely fine",
            whole.replacen("\"verdict\":\"vulnerable\"", "\"verdict\":\"patched\"", 2),
        ),
        ("another version", whole.replacen("\"schema_version\":1", "\"schema_version\":2", 1)),
        ("no code", whole.replacen("\"code\":\"000000000001\"", "\"code\":\"../etc\"", 1)),
        ("deceives", whole.replacen("\"bench\":\"bench 1", "\"bench\":\"a\\u202eb", 1)),
        ("empty", String::new()),
        ("a report", "{\"schema_version\": 1}\n".to_owned()),
    ] {
        let fresh = Place::new();
        let mut fresh = fresh.store();
        let error = import(&mut fresh, "copy", &mut text.as_bytes(), &set, now).unwrap_err();
        assert!(matches!(error, RecordError::BadLine { .. }), "{what}: {error}");
        assert_eq!(count(&fresh), 0, "{what}");
    }
}

#[test]
fn old_checks_go_unless_the_clock_moved() {
    let place = Place::new();
    let mut store = place.store();
    let keep = 400 * DAY;
    let old = "2025-10-15T10:00:00+00:00";
    let at = |text: &str| ZonedTime::parse(text).unwrap();
    add(&mut store, &[check(ONE, "3.1.874.10", old), check(TWO, "3.1.874.10", &day(1))]);
    // The last check says when the last run was, as long as nothing else does. Not yet old enough.
    let now = at(&day(2));
    assert_eq!(store.keep(keep, now).unwrap(), Kept { forgotten: 0, waiting: 0, moved: DAY });
    // A year later at once: it waits, and says so; back again, it waits again.
    let ahead = ZonedTime { seconds: now.seconds + 365 * DAY, ..now };
    let waits = store.keep(keep, ahead).unwrap();
    assert_eq!((waits.forgotten, waits.waiting, waits.moved), (0, 1, 365 * DAY));
    let back = store.keep(keep, now).unwrap();
    assert_eq!((back.forgotten, back.waiting, back.moved), (0, 0, -365 * DAY));
    assert_eq!(count(&store), 2);
    // Two runs that agree about the date are believed.
    store.keep(keep, ahead).unwrap();
    let soon = ZonedTime { seconds: ahead.seconds + 60, ..ahead };
    assert_eq!(store.keep(keep, soon).unwrap().forgotten, 1);
    assert_eq!(count(&store), 1);
    // So is a bench that is used once a week: one run later.
    add(&mut store, &[check(ONE, "3.1.874.10", old)]);
    let [week, two_weeks] =
        [7, 14].map(|days| ZonedTime { seconds: soon.seconds + days * DAY, ..soon });
    assert_eq!(store.keep(keep, week).unwrap().waiting, 1);
    assert_eq!(store.keep(keep, two_weeks).unwrap().forgotten, 1);
}

#[test]
fn a_record_of_each_version_becomes_todays() {
    assert_eq!(VERSIONS.len(), usize::try_from(VERSION).unwrap());
    let folder = crate_root().join("fixtures/record");
    for version in 1..=VERSION {
        let place = Place::new();
        fs::create_dir_all(place.path().parent().unwrap()).unwrap();
        let statements = fs::read_to_string(folder.join(format!("v{version}.sql"))).unwrap();
        let old = Connection::open(place.path()).unwrap();
        old.execute_batch(&statements).unwrap();
        drop(old);
        let mut store = place.store();
        assert_eq!(store.status().unwrap().version, VERSION);
        let found = phones(&store);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0], (ONE.to_owned(), Verdict::Patched, None));
        assert_eq!(found[1], (TWO.to_owned(), Verdict::Vulnerable, None));
        add(&mut store, &[check(ONE, "3.1.874.10", &day(28))]);
        assert_eq!(phones(&store)[0].1, Verdict::Vulnerable);
    }
}

fn crate_root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn a_newer_record_and_another_programs_database_are_left_alone() {
    let place = Place::new();
    drop(place.store());
    let raw = Connection::open(place.path()).unwrap();
    raw.pragma_update(None, "user_version", VERSION + 1).unwrap();
    let before = fs::read(place.path()).unwrap();
    let error = Store::create(&place.path(), None).unwrap_err();
    assert_eq!(
        error,
        RecordError::Newer { path: place.path(), found: VERSION + 1, known: VERSION }
    );
    assert_eq!(fs::read(place.path()).unwrap(), before);
    let other = Place::new();
    fs::create_dir_all(other.path().parent().unwrap()).unwrap();
    Connection::open(other.path()).unwrap().execute_batch("CREATE TABLE a (b)").unwrap();
    let error = Store::create(&other.path(), None).unwrap_err();
    assert_eq!(error, RecordError::NotARecord { path: other.path() });
}

#[test]
fn a_damaged_record_is_moved_aside() {
    for damage in ["no header", "in the middle"] {
        let place = Place::new();
        let mut store = place.store();
        let many: Vec<CheckRecord> =
            (0..500).map(|at| check(&format!("{at:012x}"), "3.1.874.10", &day(1))).collect();
        add(&mut store, &many);
        store.wipe().unwrap();
        drop(store);
        let mut bytes = fs::read(place.path()).unwrap();
        if damage == "no header" {
            bytes[..64].fill(b'x');
        } else {
            // Page 1, which says what tables there are.
            bytes[100..4000].fill(0xff);
        }
        fs::write(place.path(), &bytes).unwrap();
        let mut store = place.store();
        let aside = store.moved().unwrap().to_owned();
        assert_eq!(fs::read(aside).unwrap(), bytes, "{damage}");
        assert_eq!(count(&store), 0);
        add(&mut store, &[check(ONE, "3.1.874.10", &day(1))]);
        assert!(place.store().moved().is_none());
    }
}

#[test]
fn a_full_disk_takes_nothing_and_loses_nothing() {
    let place = Place::new();
    let mut store = place.store();
    add(&mut store, &[check(ONE, "3.1.874.10", &day(1))]);
    let pages: i64 = store.connection.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    store
        .connection
        .query_row(&format!("PRAGMA max_page_count = {}", pages + 1), [], |_| Ok(()))
        .unwrap();
    let many: Vec<_> = (0..2_000)
        .map(|at| (new_id(), check(&format!("{at:012x}"), "3.1.874.10", &day(1))))
        .collect();
    let error = store.append(&many).unwrap_err();
    assert!(matches!(error, RecordError::Full { .. }), "{error}");
    assert_eq!(count(&store), 1);
    store.connection.query_row("PRAGMA max_page_count = 1000000", [], |_| Ok(())).unwrap();
    store.append(&many).unwrap();
    assert_eq!(count(&store), 2_001);
}

#[test]
fn recall_finds_whom_a_changed_advisory_concerns() {
    let place = Place::new();
    let mut store = place.store();
    let mut risk = check("000000000001", "3.1.874.10", &day(1));
    risk.job = Some("1".to_owned());
    let checks =
        [risk, check("000000000002", "3.1.921.10", &day(2)), check("000000000003", "x", &day(3))];
    add(&mut store, &checks);
    let text = Text::of(Language::English);
    let of = |store: &Store, set: &AdvisorySet| {
        let found = recall(store, set, text, "record.db").unwrap();
        let code = |row: &DeviceReport| row.connection.serial.clone().unwrap();
        let codes: Vec<String> = found.rows.iter().map(code).collect();
        (codes, found.phones, found.without_job)
    };
    let set = AdvisorySet::embedded();
    let today = set.by_default();
    assert_eq!(of(&store, &today), (vec!["000000000001".to_owned()], 3, 0));
    // Of the other apps nothing was recorded, which is never fine.
    let (codes, _, without) = of(&store, &set);
    assert_eq!((codes.len(), without), (2, 1));
    // It came back updated.
    add(&mut store, &[check("000000000001", "3.1.921.10", &day(4))]);
    assert_eq!(of(&store, &today).0, Vec::<String>::new());
}

/// What a phone's last check and the one that stands for it are, of rows in the order of recording.
fn replayed(rows: &[(CheckRecord, i64)], code: &str) -> Option<(Verdict, Option<Verdict>)> {
    let own = rows.iter().filter(|(check, _)| check.code.as_deref() == Some(code));
    let checks = own.clone().map(|(check, counter)| {
        let apps = check.facts.findings.iter();
        let apps = apps.map(|one| (one.package.clone(), rank(one.verdict)));
        let check_of = Standing {
            row: *counter,
            bench: 1,
            counter: *counter,
            at: check.moment().unwrap(),
            seat: check.seat,
            rank: rank(check.facts.verdict),
            by_phone: check.source.is_phone(),
        };
        CheckedApps { check: check_of, run: check.run.clone(), apps: apps.collect() }
    });
    let stands = standing(&checks.collect::<Vec<_>>(), i64::MAX / 2);
    let verdict_of = |row| own.clone().find(|one| one.1 == row).unwrap().0.facts.verdict;
    let last = own.clone().next_back()?.0.facts.verdict;
    Some((last, stands.map(|stands| verdict_of(stands.row))))
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { cases: 64, ..Default::default() })]

    /// However checks are added and erased, what stands for a phone is what the rows that are left give.
    #[test]
    fn what_stands_follows_from_the_rows_that_are_left(
        steps in proptest::collection::vec((0..6u8, 0..3usize, 0..4usize, 0..2u32, 0..3usize), 1..40),
    ) {
        let place = Place::new();
        let mut store = place.store();
        let codes = [ONE, TWO, "cccccccccccc"];
        let versions = ["3.1.874.10", "3.1.900.1", "3.1.921.10", "x"];
        let now = ZonedTime::parse(&day(28)).unwrap();
        let mut rows: Vec<(CheckRecord, i64)> = Vec::new();
        let mut counter = 0;
        for (number, (kind, phone, version, seat, job)) in (1..).zip(steps) {
            match kind {
                0 => {
                    store.forget(&Erasure::Job(job.to_string()), now).unwrap();
                    rows.retain(|(check, _)| check.job != Some(job.to_string()));
                }
                1 => {
                    store.forget(&Erasure::Phone(codes[phone].to_owned()), now).unwrap();
                    rows.retain(|(check, _)| check.code.as_deref() != Some(codes[phone]));
                }
                _ => {
                    let mut new = check(codes[phone], versions[version], &day(1 + number % 27));
                    // Several phones of a run, now and then.
                    new.run = format!("{:032x}", number / 3);
                    new.seat = seat;
                    new.job = Some(job.to_string());
                    if kind == 2 {
                        new.source.link = LinkKind::File;
                    }
                    counter += 1;
                    rows.push((new.clone(), counter));
                    add(&mut store, &[new]);
                }
            }
            let found = phones(&store);
            for code in codes {
                let model = replayed(&rows, code);
                let there = found.iter().find(|(one, ..)| one == code);
                // The one that stands is told where it is another than the last.
                let there = there.map(|(_, last, standing)| (*last, *standing));
                match (model, there) {
                    (None, None) => {}
                    (Some((last, stands)), Some((found, standing))) => {
                        proptest::prop_assert_eq!(last, found);
                        if let Some(standing) = standing {
                            proptest::prop_assert_eq!(stands, Some(standing));
                        }
                    }
                    (model, there) => panic!("{model:?}, but {there:?}"),
                }
            }
            let checks = rows.len();
            proptest::prop_assert_eq!(count(&store), i64::try_from(checks).unwrap());
        }
    }
}
