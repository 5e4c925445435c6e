//! Rows are added: all that are handed over at once, or none.

use std::collections::HashMap;
use std::rc::Rc;

use rusqlite::{CachedStatement, Connection, OptionalExtension as _, TransactionBehavior, params};
use serde::Serialize;
use uuid::Uuid;

use super::Store;
use crate::record::check::{RecordedFacts, RecordedSource};
use crate::record::filter::Recorded;
use crate::record::standing::{CheckedApps, Standing, rank, standing};
use crate::record::{CheckRecord, ZonedTime};
use crate::report::{AdvisoriesUsed, Tool};
use micheck_core::escape::hex;
use micheck_core::getprop::Device;
use micheck_core::verdict::Verdict;

/// The next number of a bench.
fn next(counter: i64) -> rusqlite::Result<i64> {
    counter.checked_add(1).ok_or(rusqlite::Error::IntegralValueOutOfRange(0, counter))
}

/// More than a [`Writer`] has.
const STATEMENTS: usize = 32;

/// An id for a check.
#[must_use]
pub(in crate::record) fn new_id() -> String {
    Uuid::now_v7().to_string()
}

/// A row with its id, of this bench or another.
#[derive(Debug, Clone, Copy)]
pub(super) struct RowId {
    pub(super) uuid: Uuid,
    pub(super) counter: i64,
}

impl Store {
    /// Adds checks with their ids, in this order; one that is there already isn't added again. Gives for
    /// each the place of the check that stood for its phone before this run, for [`Self::check_at`].
    ///
    /// # Errors
    /// The system refuses: then none was added.
    pub fn append<'c>(
        &mut self,
        checks: impl IntoIterator<Item = &'c (String, CheckRecord)>,
    ) -> Recorded<Vec<Option<i64>>> {
        self.append_all(checks).map_err(|error| self.error(&error))
    }

    fn append_all<'c>(
        &mut self,
        checks: impl IntoIterator<Item = &'c (String, CheckRecord)>,
    ) -> rusqlite::Result<Vec<Option<i64>>> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut stood = Vec::new();
        let mut writer = Writer::new(&transaction)?;
        let (bench, mut counter) = writer.bench(&self.bench)?;
        for (id, check) in checks {
            let uuid = Uuid::parse_str(id).unwrap_or_else(|_| Uuid::now_v7());
            if writer.has(uuid)? {
                stood.push(None);
                continue;
            }
            counter = next(counter)?;
            stood.push(writer.check(bench, RowId { uuid, counter }, check)?);
        }
        writer.count(bench, counter)?;
        drop(writer);
        transaction.commit()?;
        Ok(stood)
    }

    /// Makes ready for checks, so that adding them is quick.
    ///
    /// # Errors
    /// The system refuses.
    pub fn make_ready(&self) -> Recorded<()> {
        // The connection keeps what was prepared.
        self.connection.set_prepared_statement_cache_capacity(STATEMENTS);
        Writer::new(&self.connection).map(drop).map_err(|error| self.error(&error))
    }

    /// Says for which job the last check of a phone of a run was, once for each `id`; whether there is
    /// such a check.
    ///
    /// # Errors
    /// The system refuses.
    pub fn give_job(
        &mut self,
        id: &str,
        run: &str,
        seat: u32,
        job: &str,
        at: ZonedTime,
    ) -> Recorded<bool> {
        self.try_give_job(id, run, seat, job, at).map_err(|error| self.error(&error))
    }

    fn try_give_job(
        &mut self,
        id: &str,
        run: &str,
        seat: u32,
        job: &str,
        at: ZonedTime,
    ) -> rusqlite::Result<bool> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let last = "SELECT max(result.id) FROM result JOIN run ON run.id = result.run \
                    WHERE run.run = ?1 AND result.seat = ?2";
        let row: Option<i64> =
            transaction.query_row(last, params![bytes(run), seat], |row| row.get(0))?;
        let Some(row) = row else { return Ok(false) };
        let mut writer = Writer::new(&transaction)?;
        let (bench, counter) = writer.bench(&self.bench)?;
        let uuid = Uuid::parse_str(id).unwrap_or_else(|_| Uuid::now_v7());
        let id = RowId { uuid, counter: next(counter)? };
        writer.job(bench, id, row, job, at)?;
        writer.count(bench, id.counter)?;
        drop(writer);
        transaction.commit()?;
        Ok(true)
    }
}

/// Adds rows within one transaction.
pub(super) struct Writer<'c> {
    connection: &'c Connection,
    /// When it is, seconds since 1970.
    now: i64,
    texts: Texts<'c>,
    tool: Last<Tool>,
    advisories: Last<AdvisoriesUsed>,
    source: Last<RecordedSource>,
    device: Last<Device>,
    facts: Last<RecordedFacts>,
    runs: HashMap<(String, i64, i64, i64), i64>,
    found: FoundApps,
    add_bench: CachedStatement<'c>,
    bench_of: CachedStatement<'c>,
    count: CachedStatement<'c>,
    add_run: CachedStatement<'c>,
    run_of: CachedStatement<'c>,
    has: CachedStatement<'c>,
    phone_of: CachedStatement<'c>,
    add_phone: CachedStatement<'c>,
    set_phone: CachedStatement<'c>,
    add_result: CachedStatement<'c>,
}

/// Texts and their places.
struct Texts<'c> {
    known: HashMap<String, i64>,
    text_of: CachedStatement<'c>,
    add_text: CachedStatement<'c>,
}

/// What the check before had, and the place of its text: mostly the next one has the same.
struct Last<T>(Option<(T, i64)>);

impl<T: Clone + PartialEq + Serialize> Last<T> {
    const NONE: Self = Self(None);

    fn place(&mut self, value: &T, texts: &mut Texts<'_>) -> rusqlite::Result<i64> {
        if let Some((last, id)) = &self.0
            && last == value
        {
            return Ok(*id);
        }
        let body = serde_json::to_string(value).expect("string keys and finite numbers");
        let id = texts.place(&body)?;
        self.0 = Some((value.clone(), id));
        Ok(id)
    }
}

/// A phone as it stands in its table.
struct PhoneEntry {
    id: i64,
    /// The check that was added last.
    last: Option<i64>,
    latest: Option<Standing>,
    standing: Option<Standing>,
    /// The run of the one that stands.
    standing_run: Option<Vec<u8>>,
    /// Whether any of its checks was at risk.
    risk: bool,
}

impl Texts<'_> {
    fn place(&mut self, body: &str) -> rusqlite::Result<i64> {
        if let Some(id) = self.known.get(body) {
            return Ok(*id);
        }
        let found = self.text_of.query_row([body], |row| row.get(0)).optional()?;
        let id = match found {
            Some(id) => id,
            None => self.add_text.insert([body])?,
        };
        self.known.insert(body.to_owned(), id);
        Ok(id)
    }
}

/// A phone with its last check and the one that stands for it.
const PHONE: &str = "SELECT last.id, lrun.bench, last.counter, last.at, last.zone, last.seat, \
     last.verdict, lsource.body, stands.id, srun.bench, stands.counter, stands.at, stands.zone, \
     stands.seat, stands.verdict, ssource.body, phone.id, phone.last, phone.risk, srun.run \
     FROM phone LEFT JOIN result AS last ON last.id = phone.latest \
     LEFT JOIN run AS lrun ON lrun.id = last.run LEFT JOIN text AS lsource ON lsource.id = last.source \
     LEFT JOIN result AS stands ON stands.id = phone.standing \
     LEFT JOIN run AS srun ON srun.id = stands.run \
     LEFT JOIN text AS ssource ON ssource.id = stands.source WHERE phone.code = ?1";

pub(super) const STANDING: &str = "SELECT result.id, run.bench, result.counter, result.at, result.zone, \
     result.seat, result.verdict, source.body, run.run, result.facts, result.previous \
     FROM result JOIN run ON run.id = result.run JOIN text AS source ON source.id = result.source";

impl<'c> Writer<'c> {
    pub(super) fn new(connection: &'c Connection) -> rusqlite::Result<Self> {
        let prepare = |text: &str| connection.prepare_cached(text);
        Ok(Self {
            connection,
            now: jiff::Timestamp::now().as_second(),
            texts: Texts {
                known: HashMap::new(),
                text_of: prepare("SELECT id FROM text WHERE body = ?1")?,
                add_text: prepare("INSERT INTO text (body) VALUES (?1)")?,
            },
            tool: Last::NONE,
            advisories: Last::NONE,
            source: Last::NONE,
            device: Last::NONE,
            facts: Last::NONE,
            runs: HashMap::new(),
            found: FoundApps::new(),
            add_bench: prepare(
                "INSERT INTO bench (name, counter) VALUES (?1, 0) ON CONFLICT DO NOTHING",
            )?,
            bench_of: prepare("SELECT id, counter FROM bench WHERE name = ?1")?,
            count: prepare("UPDATE bench SET counter = max(counter, ?2) WHERE id = ?1")?,
            add_run: prepare(
                "INSERT INTO run (run, bench, tool, advisories) VALUES (?1, ?2, ?3, ?4) \
                 ON CONFLICT DO NOTHING",
            )?,
            run_of: prepare(
                "SELECT id FROM run WHERE run = ?1 AND bench = ?2 AND tool = ?3 AND advisories = ?4",
            )?,
            has: prepare("SELECT 1 FROM result WHERE uuid = ?1")?,
            phone_of: prepare(PHONE)?,
            add_phone: prepare("INSERT INTO phone (code) VALUES (?1)")?,
            set_phone: prepare(
                "UPDATE phone SET last = ?2, latest = ?3, standing = ?4, job = coalesce(?5, job), \
                 risk = ?6 WHERE id = ?1",
            )?,
            add_result: prepare(
                "INSERT INTO result (uuid, counter, at, zone, run, seat, phone, previous, source, device, \
                 facts, verdict, number, job) \
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
            )?,
        })
    }

    /// A bench by its name, and the last number that it gave.
    pub(super) fn bench(&mut self, name: &str) -> rusqlite::Result<(i64, i64)> {
        self.add_bench.execute([name])?;
        self.bench_of.query_row([name], |row| Ok((row.get(0)?, row.get(1)?)))
    }

    /// Notes the last number that a bench gave.
    pub(super) fn count(&mut self, bench: i64, counter: i64) -> rusqlite::Result<()> {
        self.count.execute(params![bench, counter]).map(drop)
    }

    fn run(&mut self, bench: i64, check: &CheckRecord) -> rusqlite::Result<i64> {
        let tool = self.tool.place(&check.tool, &mut self.texts)?;
        // A report that was merged has several programs and sets.
        let advisories = self.advisories.place(&check.advisories, &mut self.texts)?;
        let key = (check.run.clone(), bench, tool, advisories);
        if let Some(id) = self.runs.get(&key) {
            return Ok(*id);
        }
        let values = params![bytes(&check.run), bench, tool, advisories];
        self.add_run.execute(values)?;
        let id = self.run_of.query_row(values, |row| row.get(0))?;
        self.runs.insert(key, id);
        Ok(id)
    }

    /// Adds a check; gives the one that stood for its phone before, if that was in another run.
    pub(super) fn check(
        &mut self,
        bench: i64,
        id: RowId,
        check: &CheckRecord,
    ) -> rusqlite::Result<Option<i64>> {
        let run = self.run(bench, check)?;
        let source = self.source.place(&check.source, &mut self.texts)?;
        let device = self.device.place(&check.device, &mut self.texts)?;
        let facts = self.facts.place(&check.facts, &mut self.texts)?;
        let phone = self.phone(check.code.as_deref())?;
        let at = check.moment().unwrap_or(ZonedTime { seconds: 0, offset: 0 });
        let rank = rank(check.facts.verdict);
        let uuid = id.uuid.as_bytes().as_slice();
        let (number, job) = (&check.number, &check.job);
        let row = self.add_result.insert(params![
            uuid, id.counter, at.seconds, at.offset, run, check.seat, phone.id, phone.last, source,
            device, facts, rank, number, job
        ])?;
        let new = Standing {
            row,
            bench,
            counter: id.counter,
            at,
            seat: check.seat,
            rank,
            by_phone: check.source.is_phone(),
        };
        let latest = phone.latest.filter(|latest| !new.is_after(latest)).unwrap_or(new);
        let stood = phone.standing;
        let stands = if new.stands_after(stood.as_ref()) { Some(new) } else { stood };
        let findings = check.facts.findings.iter();
        let risk = phone.risk || findings.map(|one| one.verdict).any(Verdict::is_at_risk);
        let [latest, stands] = [Some(latest), stands].map(|one| one.map(|one| one.row));
        self.set_phone.execute(params![phone.id, row, latest, stands, job, risk])?;
        // One that is the only one stands already.
        if risk && phone.last.is_some() {
            stand_anew(self.connection, &mut self.found, (phone.id, row), self.now)?;
        }
        let other_run = phone.standing_run.is_some_and(|run| run != bytes(&check.run));
        Ok(stood.filter(|_| other_run).map(|stood| stood.row))
    }

    /// Whether a check of this id is there.
    pub(super) fn has(&mut self, uuid: Uuid) -> rusqlite::Result<bool> {
        self.has.exists([uuid.as_bytes().as_slice()])
    }

    fn phone(&mut self, code: Option<&str>) -> rusqlite::Result<PhoneEntry> {
        let known = match code {
            Some(code) => {
                let entry = |row: &rusqlite::Row<'_>| {
                    Ok(PhoneEntry {
                        id: row.get(16)?,
                        last: row.get(17)?,
                        latest: standing_of(row, 0)?,
                        standing: standing_of(row, 8)?,
                        standing_run: row.get(19)?,
                        risk: row.get(18)?,
                    })
                };
                self.phone_of.query_row([code], entry).optional()?
            }
            // Nothing tells it from others: it is one of its own.
            None => None,
        };
        if let Some(entry) = known {
            return Ok(entry);
        }
        let id = self.add_phone.insert([code])?;
        let standing_run = None;
        Ok(PhoneEntry { id, last: None, latest: None, standing: None, standing_run, risk: false })
    }

    /// Says for which job a check was.
    pub(super) fn job(
        &mut self,
        bench: i64,
        id: RowId,
        row: i64,
        job: &str,
        at: ZonedTime,
    ) -> rusqlite::Result<()> {
        let uuid = id.uuid.as_bytes().as_slice();
        self.connection.execute(
            "INSERT OR IGNORE INTO job (uuid, bench, counter, at, zone, result, job) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![uuid, bench, id.counter, at.seconds, at.offset, row, job],
        )?;
        let set = "UPDATE phone SET job = ?2 WHERE id = (SELECT phone FROM result WHERE id = ?1)";
        self.connection.execute(set, params![row, job]).map(drop)
    }
}

/// What was found of each app, by the place of its text: many checks have the same.
pub(super) type FoundApps = HashMap<i64, Rc<[(String, u8)]>>;

/// Finds out anew which of a phone's checks stands for it; `last`: the one that was added last.
pub(super) fn stand_anew(
    connection: &Connection,
    found: &mut FoundApps,
    (phone, last): (i64, i64),
    now: i64,
) -> rusqlite::Result<()> {
    // One after another: a recursive query makes tables of its own each time.
    let mut read = connection.prepare_cached(&format!("{STANDING} WHERE result.id = ?1"))?;
    let mut checks = Vec::new();
    let mut next = Some(last);
    while let Some(id) = next {
        let row = read.query_row([id], |row| {
            let run: Vec<u8> = row.get(8)?;
            Ok((standing_of(row, 0)?, hex(&run), row.get(9)?, row.get::<_, Option<i64>>(10)?))
        });
        let Some((Some(check), run, facts, previous)) = row.optional()? else { break };
        checks.push(CheckedApps { check, run, apps: apps(connection, found, facts)? });
        // What was added before has a lower one.
        if previous.is_some_and(|previous| previous >= id) {
            break;
        }
        next = previous;
    }
    // Of two at one time the older one stands.
    checks.reverse();
    let stands = standing(&checks, now).map(|stands| stands.row);
    // Of a damaged chain the rest isn't known.
    let risk = next.is_some() || checks.iter().any(CheckedApps::has_risk);
    let mut set =
        connection.prepare_cached("UPDATE phone SET standing = ?2, risk = ?3 WHERE id = ?1")?;
    set.execute(params![phone, stands, risk]).map(drop)
}

/// Each app of the facts at this place, with the worst that was found of it.
fn apps(
    connection: &Connection,
    found: &mut FoundApps,
    facts: i64,
) -> rusqlite::Result<Rc<[(String, u8)]>> {
    if let Some(apps) = found.get(&facts) {
        return Ok(Rc::clone(apps));
    }
    let mut read = connection.prepare_cached("SELECT body FROM text WHERE id = ?1")?;
    // What is missing takes nothing back, and nothing takes it back.
    let body: Option<String> = read.query_row([facts], |row| row.get(0)).optional()?;
    let Some(body) = body else { return Ok(Rc::default()) };
    let mut read: RecordedFacts = serde_json::from_str(&body).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error.into())
    })?;
    read.settle();
    let mut apps: Vec<(String, u8)> = Vec::new();
    for finding in &read.findings {
        let rank = rank(finding.verdict);
        match apps.iter_mut().find(|(package, _)| *package == finding.package) {
            Some((_, worst)) => *worst = rank.min(*worst),
            None => apps.push((finding.package.clone(), rank)),
        }
    }
    let apps: Rc<[(String, u8)]> = apps.into();
    found.insert(facts, Rc::clone(&apps));
    Ok(apps)
}

/// Reads the first columns of [`STANDING`], from column `at` on; `None`: there is no such check.
pub(super) fn standing_of(
    row: &rusqlite::Row<'_>,
    at: usize,
) -> rusqlite::Result<Option<Standing>> {
    let Some(id) = row.get(at)? else { return Ok(None) };
    let source: String = row.get(at + 7)?;
    let source: Option<RecordedSource> = serde_json::from_str(&source).ok();
    Ok(Some(Standing {
        row: id,
        bench: row.get(at + 1)?,
        counter: row.get(at + 2)?,
        at: ZonedTime { seconds: row.get(at + 3)?, offset: row.get(at + 4)? },
        seat: row.get(at + 5)?,
        rank: row.get(at + 6)?,
        by_phone: source.is_some_and(RecordedSource::is_phone),
    }))
}

/// The bytes of hexadecimal digits; of anything else its own.
pub(super) fn bytes(digits: &str) -> Vec<u8> {
    let pair = |at: usize| digits.get(at..at + 2).and_then(|it| u8::from_str_radix(it, 16).ok());
    let read: Option<Vec<u8>> = (0..digits.len()).step_by(2).map(pair).collect();
    read.unwrap_or_else(|| digits.as_bytes().to_vec())
}
