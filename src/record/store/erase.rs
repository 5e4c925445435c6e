//! Checks are forgotten: for good, with an id left of each by which a copy is refused.

use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension as _, TransactionBehavior, params};

use super::Store;
use super::append::{FoundApps, STANDING, stand_anew, standing_of};
use super::schema::{CHAIN, of_code};
use crate::record::DAY;
use crate::record::RecordError;
use crate::record::filter::Recorded;
use crate::record::standing::Standing;
use crate::record::{Erased, Erasure, Kept, ZonedTime};

/// Where it is noted that something is deleted and not wiped.
const WIPE: &str = "wipe";
pub(super) const PENDING: &str =
    "INSERT INTO meta VALUES ('wipe', 1) ON CONFLICT (key) DO UPDATE SET value = 1";

/// The most that a clock that moved may have gone ahead for the next run to believe it.
const BELIEVED: i64 = 31 * DAY;

impl Store {
    /// How much would be forgotten.
    ///
    /// # Errors
    /// The system refuses.
    pub fn to_forget(&self, what: &Erasure) -> Recorded<Erased> {
        count(&self.connection, what).map_err(|error| self.error(&error))
    }

    /// Forgets it for good, and leaves a line that says how many went, and the ids. `now`: when.
    ///
    /// # Errors
    /// The system refuses: then all is as it was; or what is gone can't be wiped from the disk, because
    /// another program reads in it.
    pub fn forget(&mut self, what: &Erasure, now: ZonedTime) -> Recorded<Erased> {
        let erased = self.delete(what, now).map_err(|error| self.error(&error))?;
        self.wipe_pending()?;
        Ok(erased)
    }

    /// Wipes from the disk what was deleted and isn't wiped yet.
    ///
    /// # Errors
    /// Another program reads in it.
    pub(super) fn wipe_pending(&mut self) -> Recorded<()> {
        let pending: Option<i64> = self.note(WIPE).map_err(|error| self.error(&error))?;
        if pending != Some(1) {
            return Ok(());
        }
        let wiped =
            self.wipe().and_then(|()| self.set_note(WIPE, 0)).and_then(|()| self.truncate_log());
        wiped.map_err(|_| RecordError::NotWiped { path: self.path.clone() })
    }

    fn delete(&mut self, what: &Erasure, now: ZonedTime) -> rusqlite::Result<Erased> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let erased = count(&transaction, what)?;
        if erased.checks > 0 {
            let (wanted, value) = wanted(what);
            transaction.execute_batch(
                "CREATE TEMP TABLE IF NOT EXISTS gone (id INTEGER PRIMARY KEY, phone INTEGER NOT NULL); \
                 DELETE FROM gone",
            )?;
            let gather = format!("INSERT INTO gone SELECT id, phone FROM result WHERE {wanted}");
            transaction.execute(&gather, [value])?;
            if let Erasure::Job(job) = what {
                // What was for it once keeps its check, and loses the job.
                transaction.execute(
                    "UPDATE result SET job = NULL WHERE job = ?1 AND id NOT IN (SELECT id FROM gone)",
                    [job],
                )?;
                transaction.execute(
                    "DELETE FROM job WHERE job = ?1 AND result NOT IN (SELECT id FROM gone)",
                    [job],
                )?;
            }
            delete_gathered(&transaction, !matches!(what, Erasure::Keep(_)))?;
            transaction.execute(
                "INSERT INTO erasure (at, zone, checks, why) VALUES (?1, ?2, ?3, ?4)",
                params![now.seconds, now.offset, erased.checks, what.why()],
            )?;
            // Until it is wiped from the disk.
            transaction.execute(PENDING, [])?;
        }
        transaction.commit()?;
        Ok(erased)
    }

    /// Removes what is deleted from the log and the file.
    pub(super) fn wipe(&self) -> rusqlite::Result<()> {
        self.truncate_log()?;
        self.connection.execute_batch("VACUUM")?;
        self.truncate_log()
    }

    pub(super) fn truncate_log(&self) -> rusqlite::Result<()> {
        let query = "PRAGMA wal_checkpoint(TRUNCATE)";
        let busy: i64 = self.connection.query_row(query, [], |row| row.get(0))?;
        if busy == 0 {
            return Ok(());
        }
        let busy = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_BUSY);
        Err(rusqlite::Error::SqliteFailure(busy, None))
    }

    /// Forgets what is older than `keep` seconds, at the start of a run; what of that has to wait.
    /// Where the clock moved by more than a day since the last run, one run is waited: it is believed
    /// when the next one finds it a month further at most.
    ///
    /// # Errors
    /// As of [`Self::forget`].
    pub fn keep(&mut self, keep: i64, now: ZonedTime) -> Recorded<Kept> {
        let last: Option<i64> = self.note("last_run").map_err(|error| self.error(&error))?;
        let waited: Option<i64> = self.note("waited").map_err(|error| self.error(&error))?;
        // The first time the last check says when that was.
        let newest = "SELECT at FROM result ORDER BY id DESC LIMIT 1";
        let newest = || self.connection.query_row(newest, [], |row| row.get(0)).optional();
        let last = match last {
            Some(last) => Some(last),
            None => newest().map_err(|error| self.error(&error))?,
        };
        let moved = last.map_or(0, |last| now.seconds - last);
        let is_believed = waited == Some(1) && (0..=BELIEVED).contains(&moved);
        let waits = moved.abs() > DAY && !is_believed;
        self.set_note("last_run", now.seconds)
            .and_then(|()| self.set_note("waited", i64::from(waits)))
            .map_err(|error| self.error(&error))?;
        let what = Erasure::Keep(now.seconds - keep);
        if waits {
            let checks = self.to_forget(&what)?.checks;
            return Ok(Kept { forgotten: 0, waiting: checks, moved });
        }
        let erased = self.delete(&what, now).map_err(|error| self.error(&error))?;
        // Else when the record is opened next.
        let _ = self.wipe_pending();
        Ok(Kept { forgotten: erased.checks, waiting: 0, moved })
    }
}

/// Which rows of `result` are meant, with the value of `?1`.
fn wanted(what: &Erasure) -> (String, Value) {
    // Those that are for that job now.
    let of_job = "SELECT id FROM (SELECT id, job FROM result WHERE job = ?1 UNION SELECT result.id, \
         result.job FROM job JOIN result ON result.id = job.result WHERE job.job = ?1) AS own \
         WHERE coalesce((SELECT job FROM job WHERE job.result = own.id \
         ORDER BY counter DESC, id DESC LIMIT 1), own.job) = ?1";
    match what {
        Erasure::Phone(code) => (format!("id IN ({})", of_code("?1")), Value::Text(code.clone())),
        Erasure::Job(job) => (format!("id IN ({of_job})"), Value::Text(job.clone())),
        Erasure::Before(time) | Erasure::Keep(time) => {
            ("at < ?1".to_owned(), Value::Integer(*time))
        }
    }
}

fn count(connection: &Connection, what: &Erasure) -> rusqlite::Result<Erased> {
    let (wanted, value) = wanted(what);
    let query = format!(
        "SELECT count(*), count(DISTINCT phone), min(at), max(at) FROM result WHERE {wanted}"
    );
    connection.query_row(&query, [value], |row| {
        let moment = |at| -> rusqlite::Result<Option<ZonedTime>> {
            let seconds: Option<i64> = row.get(at)?;
            Ok(seconds.map(|seconds| ZonedTime { seconds, offset: 0 }))
        };
        Ok(Erased { checks: row.get(0)?, phones: row.get(1)?, span: moment(2)?.zip(moment(3)?) })
    })
}

/// Deletes the rows that stand in `gone`, and what belongs to them alone; `for_good`: with their ids
/// left, so that no copy comes back.
pub(super) fn delete_gathered(connection: &Connection, for_good: bool) -> rusqlite::Result<()> {
    if for_good {
        connection.execute_batch(
            "INSERT OR IGNORE INTO forgotten \
             SELECT uuid FROM result WHERE id IN (SELECT id FROM gone)",
        )?;
    }
    let mut phones = connection.prepare("SELECT DISTINCT phone FROM gone")?;
    let phones: Vec<i64> = phones.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    for phone in phones {
        unlink(connection, phone)?;
    }
    connection.execute_batch(
        "DELETE FROM job WHERE result IN (SELECT id FROM gone);
         DELETE FROM result WHERE id IN (SELECT id FROM gone);",
    )?;
    // What is common to several checks goes with the last of them.
    connection.execute_batch(
        "DELETE FROM run WHERE id NOT IN (SELECT run FROM result);
             DELETE FROM text WHERE id NOT IN (SELECT source FROM result
               UNION SELECT device FROM result UNION SELECT facts FROM result
               UNION SELECT tool FROM run UNION SELECT advisories FROM run);",
    )?;
    connection.execute_batch("DELETE FROM gone")
}

/// Takes the rows that stand in `gone` out of a phone's chain, and finds out anew which of the others is
/// its last and which stands for it, and for which job it was last. One that has no others goes.
fn unlink(connection: &Connection, phone: i64) -> rusqlite::Result<()> {
    let left = format!("{CHAIN} AND id NOT IN (SELECT id FROM gone)");
    let mut left = connection.prepare(&left)?;
    let left: Vec<i64> = left.query_map([phone], |row| row.get(0))?.collect::<Result<_, _>>()?;
    let Some(last) = left.first() else {
        return connection.execute("DELETE FROM phone WHERE id = ?1", [phone]).map(drop);
    };
    let mut link = connection.prepare("UPDATE result SET previous = ?2 WHERE id = ?1")?;
    let mut read = connection.prepare(&format!("{STANDING} WHERE result.id = ?1"))?;
    let mut latest: Option<Standing> = None;
    let mut previous = None;
    for row in left.iter().rev() {
        link.execute(params![row, previous])?;
        previous = Some(row);
        let Some(new) = read.query_row([row], |row| standing_of(row, 0))? else { continue };
        latest = Some(latest.filter(|latest| !new.is_after(latest)).unwrap_or(new));
    }
    let set = "UPDATE phone SET last = ?2, latest = ?3 WHERE id = ?1";
    connection.execute(set, params![phone, last, latest.map(|latest| latest.row)])?;
    let now = jiff::Timestamp::now().as_second();
    stand_anew(connection, &mut FoundApps::new(), (phone, *last), now)?;
    let set = format!(
        "UPDATE phone SET job = (SELECT job FROM \
         (SELECT job, counter FROM job WHERE result IN ({CHAIN}) UNION ALL \
         SELECT job, counter FROM result WHERE id IN ({CHAIN}) AND job IS NOT NULL) \
         ORDER BY counter DESC LIMIT 1) WHERE id = ?1"
    );
    connection.execute(&set, [phone]).map(drop)
}
