//! Rows of another record, or of this one's own past, are read in: all of a file or nothing.

use rusqlite::{Connection, TransactionBehavior};
use uuid::Uuid;

use super::Store;
use super::append::{RowId, Writer};
use super::erase::{PENDING, delete_gathered};
use crate::record::ZonedTime;
use crate::record::filter::Recorded;
use crate::record::transfer::{ImportLine, Imported};

impl Store {
    /// Reads in what `next` gives until there is no more. A check that is here already isn't added
    /// again, one that was forgotten here isn't let in, and what was forgotten there goes here, too.
    ///
    /// # Errors
    /// `next` fails, or the system refuses: then nothing was read in.
    pub(in crate::record) fn take_in(
        &mut self,
        mut next: impl FnMut() -> Recorded<Option<ImportLine>>,
        now: ZonedTime,
    ) -> Recorded<Imported> {
        let path = self.path.clone();
        let of = |error: rusqlite::Error| super::error_of(&path, &error);
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(of)?;
        let mut imported = Imported::default();
        transaction
            .execute_batch(
                "CREATE TEMP TABLE IF NOT EXISTS gone (id INTEGER PRIMARY KEY, phone INTEGER NOT NULL); \
                 DELETE FROM gone",
            )
            .map_err(of)?;
        {
            let mut writer = Writer::new(&transaction).map_err(of)?;
            while let Some(line) = next()? {
                match line {
                    ImportLine::Check(check) => {
                        let uuid = Uuid::parse_str(&check.id).expect("it was looked at");
                        if is_forgotten(&transaction, uuid).map_err(of)? {
                            imported.refused += 1;
                        } else if writer.has(uuid).map_err(of)? {
                            imported.known += 1;
                        } else {
                            let id = RowId { uuid, counter: check.counter };
                            let (bench, _) = writer.bench(&check.bench).map_err(of)?;
                            writer.check(bench, id, &check.check).map_err(of)?;
                            writer.count(bench, check.counter).map_err(of)?;
                            imported.added += 1;
                        }
                    }
                    ImportLine::Forgotten(id) => {
                        let uuid = Uuid::parse_str(&id).expect("it was looked at");
                        let bytes = uuid.as_bytes().as_slice();
                        let note = "INSERT OR IGNORE INTO forgotten VALUES (?1)";
                        transaction.execute(note, [bytes]).map_err(of)?;
                        let gather = "INSERT OR IGNORE INTO gone SELECT id, phone FROM result WHERE uuid = ?1";
                        imported.erased +=
                            i64::try_from(transaction.execute(gather, [bytes]).map_err(of)?)
                                .unwrap_or(0);
                    }
                }
            }
        }
        if imported.erased > 0 {
            delete_gathered(&transaction, true).map_err(of)?;
            let note = "INSERT INTO erasure (at, zone, checks, why) VALUES (?1, ?2, ?3, 'import')";
            let values = rusqlite::params![now.seconds, now.offset, imported.erased];
            transaction.execute(note, values).map_err(of)?;
            transaction.execute(PENDING, []).map_err(of)?;
        }
        transaction.commit().map_err(of)?;
        self.wipe_pending()?;
        Ok(imported)
    }
}

fn is_forgotten(connection: &Connection, uuid: Uuid) -> rusqlite::Result<bool> {
    connection
        .prepare("SELECT 1 FROM forgotten WHERE uuid = ?1")?
        .exists([uuid.as_bytes().as_slice()])
}
