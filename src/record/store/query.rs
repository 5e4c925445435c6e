//! What is asked of a record.

use std::collections::HashMap;
use std::rc::Rc;
use std::{fs, io};

use rusqlite::types::ToSql;
use rusqlite::{OptionalExtension as _, Row, Statement, params_from_iter};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::damage::{BESIDE, with_ending};
use super::schema::{VERSION, of_code};
use super::{RecordError, Store};
use crate::record::filter::{RecordStatus, Recorded};
use crate::record::recall::{PhoneFacts, SameFacts};
use crate::record::standing::{UNKNOWN, rank};
use crate::record::{CheckFilter, CheckRecord, RecordedCheck, ZonedTime};
use micheck_core::escape::hex;

/// What a check is read of: its job is the one that it was given last.
const CHECK: &str = "SELECT result.uuid, bench.name, result.counter, result.at, result.zone, run.run, \
     result.seat, phone.code, coalesce((SELECT job FROM job WHERE job.result = result.id \
     ORDER BY job.counter DESC, job.id DESC LIMIT 1), result.job), result.number, result.source, \
     result.device, result.facts, run.tool, run.advisories, result.id \
     FROM result JOIN run ON run.id = result.run JOIN bench ON bench.id = run.bench \
     JOIN phone ON phone.id = result.phone";

impl Store {
    /// The checks that a filter wants, the last recorded first; each with the one that stands for its
    /// phone, where the phones' last ones were asked for and that is another.
    ///
    /// # Errors
    /// The system refuses.
    pub fn checks(
        &self,
        filter: &CheckFilter,
    ) -> Recorded<Vec<(RecordedCheck, Option<RecordedCheck>)>> {
        let of_phone = format!("result.id IN ({})", of_code("?"));
        let mut wheres: Vec<&str> = Vec::new();
        let mut values: Vec<&dyn ToSql> = Vec::new();
        let is_of_one = filter.phone.is_some() || filter.job.is_some();
        if let Some(code) = &filter.phone {
            wheres.push(&of_phone);
            values.push(code);
        }
        if let Some(job) = &filter.job {
            wheres.push(
                "result.id IN (SELECT id FROM result WHERE job = ? UNION SELECT result FROM job \
                 WHERE job = ?)",
            );
            values.extend([job as &dyn ToSql, job]);
        }
        if !is_of_one {
            wheres.push("result.id = phone.latest");
        }
        if let Some(since) = &filter.since {
            wheres.push("result.at >= ?");
            values.push(since);
        }
        let standing = "phone.standing";
        let query = CHECK.replacen("result.id FROM", &format!("result.id, {standing} FROM"), 1);
        let query = format!("{query} WHERE {} ORDER BY result.id DESC", wheres.join(" AND "));
        let mut texts = Texts::new(self)?;
        let mut found = Vec::new();
        let read = (|| {
            let mut statement = self.connection.prepare(&query)?;
            let mut rows = statement.query(params_from_iter(values))?;
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                let (id, standing): (i64, Option<i64>) = (row.get(15)?, row.get(16)?);
                all.push((RawCheck::read(row)?, standing.filter(|row| *row != id && !is_of_one)));
            }
            Ok(all)
        })();
        for (raw, standing) in read.map_err(|error| self.error(&error))? {
            let check = texts.check(raw)?;
            // Its job may have changed since.
            if filter.job.is_some() && check.check.job != filter.job {
                continue;
            }
            let standing = standing.map(|row| self.check_at(row)).transpose()?;
            let of = |check: &RecordedCheck| rank(check.check.facts.verdict);
            let at_risk = standing.as_ref().map(of).filter(|rank| *rank < UNKNOWN);
            let rank = at_risk.unwrap_or_else(|| of(&check));
            if filter.rank.is_none_or(|wanted| wanted == rank) {
                found.push((check, standing));
            }
        }
        let is_of_one_bench = found.windows(2).all(|pair| pair[0].0.bench == pair[1].0.bench);
        if is_of_one_bench {
            found.sort_by_key(|(check, _)| std::cmp::Reverse(check.counter));
        } else {
            found.sort_by_key(|(check, _)| std::cmp::Reverse(check.check.moment()));
        }
        Ok(found)
    }

    /// The check at this place.
    ///
    /// # Errors
    /// The system refuses.
    pub fn check_at(&self, row: i64) -> Recorded<RecordedCheck> {
        let query = format!("{CHECK} WHERE result.id = ?1");
        let raw = self.connection.query_row(&query, [row], RawCheck::read);
        Texts::new(self)?.check(raw.map_err(|error| self.error(&error))?)
    }

    /// Hands every check over, in the order of recording.
    ///
    /// # Errors
    /// The system refuses, or `take` does.
    pub fn each_check(
        &self,
        mut take: impl FnMut(RecordedCheck) -> io::Result<()>,
    ) -> io::Result<()> {
        let of = |error: rusqlite::Error| io::Error::other(self.error(&error));
        let mut texts = Texts::new(self).map_err(io::Error::other)?;
        let mut statement =
            self.connection.prepare(&format!("{CHECK} ORDER BY result.id")).map_err(of)?;
        let mut rows = statement.query([]).map_err(of)?;
        while let Some(row) = rows.next().map_err(of)? {
            let raw = RawCheck::read(row).map_err(of)?;
            take(texts.check(raw).map_err(io::Error::other)?)?;
        }
        Ok(())
    }

    /// Hands the ids of what was forgotten over.
    ///
    /// # Errors
    /// The system refuses, or `take` does.
    pub fn each_forgotten(&self, mut take: impl FnMut(String) -> io::Result<()>) -> io::Result<()> {
        let of = |error: rusqlite::Error| io::Error::other(self.error(&error));
        let mut statement =
            self.connection.prepare("SELECT uuid FROM forgotten ORDER BY uuid").map_err(of)?;
        let mut rows = statement.query([]).map_err(of)?;
        while let Some(row) = rows.next().map_err(of)? {
            take(uuid_text(&row.get::<_, Vec<u8>>(0).map_err(of)?))?;
        }
        Ok(())
    }

    /// Hands over what stands for each phone, and behind all of these the last checks of phones where
    /// those are others. What many have in common is read once.
    ///
    /// # Errors
    /// The system refuses.
    pub(in crate::record) fn each_phone(&self, mut take: impl FnMut(PhoneFacts)) -> Recorded<()> {
        let of = |error: rusqlite::Error| self.error(&error);
        let mut texts = Texts::new(self)?;
        let mut common: HashMap<[i64; 5], Rc<SameFacts>> = HashMap::new();
        let job = "coalesce((SELECT job FROM job WHERE job.result = result.id \
             ORDER BY job.counter DESC, job.id DESC LIMIT 1), result.job, phone.job)";
        let columns = format!(
            "SELECT phone.id, phone.code, {job}, result.at, result.zone, result.number, result.source, \
             result.device, result.facts, run.tool, run.advisories FROM phone JOIN result ON"
        );
        let query = format!(
            "{columns} result.id = coalesce(phone.standing, phone.latest) \
             JOIN run ON run.id = result.run UNION ALL \
             {columns} result.id = phone.latest AND phone.latest <> phone.standing \
             JOIN run ON run.id = result.run"
        );
        let mut statement = self.connection.prepare(&query).map_err(of)?;
        let mut rows = statement.query([]).map_err(of)?;
        while let Some(row) = rows.next().map_err(of)? {
            let key: [i64; 5] = [6, 7, 8, 9, 10].map(|at| row.get(at).unwrap_or_default());
            let same = if let Some(same) = common.get(&key) {
                Rc::clone(same)
            } else {
                let same = Rc::new(SameFacts::new(texts.facts(key)?));
                common.insert(key, Rc::clone(&same));
                same
            };
            let at =
                ZonedTime { seconds: row.get(3).map_err(of)?, offset: row.get(4).map_err(of)? };
            take(PhoneFacts {
                phone: row.get(0).map_err(of)?,
                code: row.get(1).map_err(of)?,
                job: row.get(2).map_err(of)?,
                at,
                number: row.get(5).map_err(of)?,
                same,
            });
        }
        Ok(())
    }

    /// What the record says of itself.
    ///
    /// # Errors
    /// The system refuses.
    pub fn status(&self) -> Recorded<RecordStatus> {
        let files = ["", BESIDE[0], BESIDE[1]].map(|ending| with_ending(&self.path, ending));
        let bytes =
            files.iter().filter_map(|file| fs::metadata(file).ok()).map(|it| it.len()).sum();
        self.counts(bytes).map_err(|error| self.error(&error))
    }

    fn counts(&self, bytes: u64) -> rusqlite::Result<RecordStatus> {
        let count = |table: &str| {
            let query = format!("SELECT count(*) FROM {table}");
            self.connection.query_row(&query, [], |row| row.get::<_, i64>(0))
        };
        let moment = |order: &str| {
            let query = format!("SELECT at, zone FROM result ORDER BY id {order} LIMIT 1");
            self.connection.query_row(&query, [], moment_of).optional()
        };
        let last_erasure = "SELECT at, zone, checks, why FROM erasure ORDER BY id DESC LIMIT 1";
        let last_erasure = self
            .connection
            .query_row(last_erasure, [], |row| Ok((moment_of(row)?, row.get(2)?, row.get(3)?)));
        let note: Option<String> = self.note("last_error")?;
        let last_error = note.as_deref().and_then(|note| {
            let (at, error) = note.split_once(' ')?;
            Some((ZonedTime::parse(at)?, error.to_owned()))
        });
        Ok(RecordStatus {
            version: VERSION,
            bench: self.bench.clone(),
            bytes,
            checks: count("result")?,
            phones: count("phone")?,
            jobs: self.connection.query_row(
                "SELECT count(*) FROM (SELECT job FROM result WHERE job IS NOT NULL UNION \
                 SELECT job FROM job)",
                [],
                |row| row.get(0),
            )?,
            forgotten: count("forgotten")?,
            span: moment("ASC")?.zip(moment("DESC")?),
            last_erasure: last_erasure.optional()?,
            last_error,
        })
    }

    /// What stands in the record under this key, besides its checks.
    pub(super) fn note<T: rusqlite::types::FromSql>(
        &self,
        key: &str,
    ) -> rusqlite::Result<Option<T>> {
        let query = "SELECT value FROM meta WHERE key = ?1";
        self.connection.query_row(query, [key], |row| row.get(0)).optional()
    }

    /// Notes it.
    pub(super) fn set_note(&self, key: &str, value: impl ToSql) -> rusqlite::Result<()> {
        let set = "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
        self.connection.execute(set, rusqlite::params![key, value]).map(drop)
    }

    /// Notes what went wrong, for whoever asks how it stands.
    ///
    /// # Errors
    /// The system refuses.
    pub fn note_error(&self, at: ZonedTime, error: &str) -> Recorded<()> {
        self.set_note("last_error", format!("{at} {error}")).map_err(|error| self.error(&error))
    }
}

fn moment_of(row: &Row<'_>) -> rusqlite::Result<ZonedTime> {
    Ok(ZonedTime { seconds: row.get(0)?, offset: row.get(1)? })
}

pub(super) fn uuid_text(bytes: &[u8]) -> String {
    Uuid::from_slice(bytes).map_or_else(|_| hex(bytes), |uuid| uuid.to_string())
}

/// A row whose texts are numbers still.
struct RawCheck {
    uuid: Vec<u8>,
    bench: String,
    counter: i64,
    at: ZonedTime,
    run: Vec<u8>,
    seat: u32,
    code: Option<String>,
    job: Option<String>,
    number: Option<String>,
    texts: [i64; 5],
}

impl RawCheck {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            uuid: row.get(0)?,
            bench: row.get(1)?,
            counter: row.get(2)?,
            at: ZonedTime { seconds: row.get(3)?, offset: row.get(4)? },
            run: row.get(5)?,
            seat: row.get(6)?,
            code: row.get(7)?,
            job: row.get(8)?,
            number: row.get(9)?,
            texts: [row.get(10)?, row.get(11)?, row.get(12)?, row.get(13)?, row.get(14)?],
        })
    }
}

/// Texts by their numbers, each read once.
struct Texts<'s> {
    store: &'s Store,
    statement: Statement<'s>,
    read: HashMap<i64, Rc<str>>,
}

impl<'s> Texts<'s> {
    fn new(store: &'s Store) -> Recorded<Self> {
        let statement = store.connection.prepare("SELECT body FROM text WHERE id = ?1");
        let statement = statement.map_err(|error| store.error(&error))?;
        Ok(Self { store, statement, read: HashMap::new() })
    }

    fn text(&mut self, id: i64) -> Recorded<Rc<str>> {
        if let Some(text) = self.read.get(&id) {
            return Ok(Rc::clone(text));
        }
        let text: rusqlite::Result<String> = self.statement.query_row([id], |row| row.get(0));
        let text: Rc<str> = text.map_err(|error| self.store.error(&error))?.into();
        self.read.insert(id, Rc::clone(&text));
        Ok(text)
    }

    fn json<T: DeserializeOwned>(&mut self, id: i64) -> Recorded<T> {
        let text = self.text(id)?;
        serde_json::from_str(&text).map_err(|error| RecordError::Corrupt {
            path: self.store.path.clone(),
            reason: micheck_core::escape::escape(&error.to_string()).into_owned(),
        })
    }

    /// What is common to checks of which the same was found: all but which, whose and when.
    fn facts(&mut self, texts: [i64; 5]) -> Recorded<CheckRecord> {
        let [source, device, facts, tool, advisories] = texts;
        let mut check = CheckRecord {
            run: String::new(),
            seat: 0,
            at: String::new(),
            code: None,
            job: None,
            number: None,
            source: self.json(source)?,
            device: self.json(device)?,
            facts: self.json(facts)?,
            tool: self.json(tool)?,
            advisories: self.json(advisories)?,
        };
        check.settle();
        Ok(check)
    }

    fn check(&mut self, raw: RawCheck) -> Recorded<RecordedCheck> {
        let check = CheckRecord {
            run: hex(&raw.run),
            seat: raw.seat,
            at: raw.at.to_string(),
            code: raw.code,
            job: raw.job,
            number: raw.number,
            ..self.facts(raw.texts)?
        };
        let (id, bench, counter) = (uuid_text(&raw.uuid), raw.bench, raw.counter);
        Ok(RecordedCheck { id, bench, counter, check })
    }
}
