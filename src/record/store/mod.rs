//! A record in `SQLite`: write-ahead log, every commit on the disk before it counts
//! (`synchronous=FULL`), what is deleted overwritten (`secure_delete`).

mod append;
mod damage;
mod erase;
mod import;
mod query;
mod schema;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

pub(super) use append::new_id;

use super::filter::Recorded;
use super::{RecordError, place};
use micheck_core::escape::{escape, hex};
use micheck_platform::private_file;
use micheck_platform::synced_file;
use schema::{APPLICATION, VERSION, VERSIONS};

/// How long another program's writing is waited for before that is an error.
const BUSY: Duration = Duration::from_secs(1);

/// A log that is longer, in bytes, is put into the database when the record is opened: whoever opens it
/// has to read all of it.
const LONG_LOG: u64 = 256 << 10;

/// A record, open.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// A damaged record that was moved out of the way.
    moved: Option<PathBuf>,
    /// The name of this computer's bench.
    bench: String,
}

impl Store {
    /// Opens the record in this file, for what is recorded; makes one if there is none. A damaged one is
    /// moved aside.
    ///
    /// # Errors
    /// It can't be kept there, is newer than this program or isn't one, or the system refuses.
    pub fn create(path: &Path, bench: Option<&str>) -> Recorded<Self> {
        look_at(path)?;
        make_file(path)?;
        let mut moved = None;
        let connection = match open(path) {
            Err(RecordError::Corrupt { .. }) => {
                moved = Self::move_damaged(path)?;
                make_file(path)?;
                open(path)?
            }
            other => other?,
        };
        Self::opened(connection, path, bench, moved)
    }

    /// Opens the record that is there, to ask it; nothing is made or moved.
    ///
    /// # Errors
    /// There is none, or it is damaged; else as with [`Self::create`].
    pub fn open(path: &Path, bench: Option<&str>) -> Recorded<Self> {
        let absent = || RecordError::Absent { path: path.to_owned() };
        match fs::metadata(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Err(absent()),
            // Nothing was ever written into it.
            Ok(found) if found.is_file() && found.len() == 0 => return Err(absent()),
            _ => {}
        }
        look_at(path)?;
        let connection = match open(path) {
            Err(RecordError::Corrupt { .. }) if !damage::looks_like_a_record(path) => {
                return Err(RecordError::NotARecord { path: path.to_owned() });
            }
            other => other?,
        };
        Self::opened(connection, path, bench, None)
    }

    fn opened(
        connection: Connection,
        path: &Path,
        bench: Option<&str>,
        moved: Option<PathBuf>,
    ) -> Recorded<Self> {
        let mut store = Self { connection, path: path.to_owned(), moved, bench: String::new() };
        let own = store.own_name()?;
        // What couldn't be wiped when it was erased.
        let _ = store.wipe_pending();
        // Numbers begin anew in each record: the name alone doesn't say whose they are.
        store.bench = match bench {
            Some(name) => format!("{name} #{}", own.trim_start_matches(OWN_NAME)),
            None => own,
        };
        Ok(store)
    }

    /// Gives a damaged record another name, and tells it; `None`: it isn't damaged, or another process
    /// was quicker.
    ///
    /// # Errors
    /// The file doesn't look like a record's, or the system refuses.
    pub fn move_damaged(path: &Path) -> Recorded<Option<PathBuf>> {
        damage::move_aside(path, || match open(path) {
            Err(RecordError::Corrupt { .. }) => Ok(true),
            Err(error) => Err(error),
            Ok(connection) => {
                let check = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
                let is_whole = check.is_ok_and(|said: String| said == "ok");
                Ok(!is_whole)
            }
        })
    }

    /// Puts a long log into the database, where nobody else is in it.
    pub fn tidy(&self) {
        let log = fs::metadata(damage::with_ending(&self.path, "-wal"));
        if log.is_ok_and(|log| log.len() > LONG_LOG) {
            // Whoever opens it next will try again.
            let _ = self.truncate_log();
        }
    }

    /// The damaged record that was moved out of the way when this one was opened.
    #[must_use]
    pub fn moved(&self) -> Option<&Path> {
        self.moved.as_deref()
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The name of a bench that nobody named: random, so that it says nothing of a person.
    fn own_name(&mut self) -> Recorded<String> {
        let known = "SELECT value FROM meta WHERE key = 'bench'";
        let read = |store: &Self| match store.connection.query_row(known, [], |row| row.get(0)) {
            Err(rusqlite::Error::QueryReturnedNoRows) => Ok(None),
            other => other.map(Some),
        };
        if let Some(name) = read(self).map_err(|error| self.error(&error))? {
            return Ok(name);
        }
        let mut bytes = [0; 4];
        let random = getrandom::fill(&mut bytes).map_err(|error| error.to_string());
        random.map_err(|reason| RecordError::Unusable { path: self.path.clone(), reason })?;
        let name = format!("{OWN_NAME}{}", hex(&bytes));
        // Another process may have been quicker: the first one counts.
        self.connection
            .execute("INSERT INTO meta VALUES ('bench', ?1) ON CONFLICT DO NOTHING", [&name])
            .and_then(|_| read(self).map(|read| read.unwrap_or(name)))
            .map_err(|error| self.error(&error))
    }

    fn error(&self, error: &rusqlite::Error) -> RecordError {
        error_of(&self.path, error)
    }
}

/// What the name of a bench begins with that nobody named.
const OWN_NAME: &str = "bench-";

/// Whether a record can be kept in this file.
fn look_at(path: &Path) -> Recorded<()> {
    if let Some(why) = place::refusal(path) {
        let why = escape(&why).into_owned();
        return Err(RecordError::Refused { path: path.to_owned(), why });
    }
    let reason = match fs::metadata(path) {
        Ok(found) if found.is_dir() => "it is a folder: add a file name",
        Ok(found) if !found.is_file() => "it isn't a file",
        _ => return Ok(()),
    };
    Err(RecordError::Unusable { path: path.to_owned(), reason: reason.to_owned() })
}

/// An empty file for this user's eyes only, in a folder for them only; `SQLite` gives the files that it
/// puts beside it the same rights.
fn make_file(path: &Path) -> Recorded<()> {
    let unusable = |error: std::io::Error| RecordError::Unusable {
        path: path.to_owned(),
        reason: escape(&error.to_string()).into_owned(),
    };
    match fs::symlink_metadata(path) {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(unusable(error)),
    }
    let folder = synced_file::folder_of(path);
    let mut maker = fs::DirBuilder::new();
    maker.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(folder).map_err(unusable)?;
    let file = private_file::new_in(folder).map_err(unusable)?;
    // Another process may have been quicker.
    synced_file::put(file, path).map(drop).map_err(unusable)
}

fn open(path: &Path) -> Recorded<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let of = |error: rusqlite::Error| error_of(path, &error);
    let mut connection = Connection::open_with_flags(path, flags).map_err(of)?;
    connection.busy_timeout(BUSY).map_err(of)?;
    let number = |connection: &Connection, name: &str| {
        connection.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).map_err(of)
    };
    let (application, version) =
        (number(&connection, "application_id")?, number(&connection, "user_version")?);
    let is_new = application == 0 && version == 0 && number(&connection, "schema_version")? == 0;
    if application != APPLICATION && !is_new {
        return Err(RecordError::NotARecord { path: path.to_owned() });
    }
    if version > VERSION {
        let (found, known) = (version, VERSION);
        return Err(RecordError::Newer { path: path.to_owned(), found, known });
    }
    connection.pragma_update(None, "journal_mode", "wal").map_err(of)?;
    connection.pragma_update(None, "synchronous", "full").map_err(of)?;
    connection.pragma_update(None, "secure_delete", "on").map_err(of)?;
    // Whoever ends last would write the log into the database: that is done where nobody waits, when the
    // record is opened.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(of)?;
    if version < VERSION {
        migrate(&mut connection).map_err(of)?;
        // That it is a record stands in the file itself then, not only in its log.
        let _ = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
    Ok(connection)
}

/// Makes an older record today's: all of it or nothing.
fn migrate(connection: &mut Connection) -> rusqlite::Result<()> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    // Another process may have been quicker.
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    for statements in VERSIONS.iter().skip(usize::try_from(version).unwrap_or_default()) {
        transaction.execute_batch(statements)?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION)?;
    transaction.pragma_update(None, "user_version", VERSION.max(version))?;
    transaction.commit()
}

fn error_of(path: &Path, error: &rusqlite::Error) -> RecordError {
    let path = path.to_owned();
    let reason = escape(&error.to_string()).into_owned();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            RecordError::Corrupt { path, reason }
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => RecordError::Locked { path },
        Some(ErrorCode::DiskFull) => RecordError::Full { path, reason },
        _ => RecordError::Unusable { path, reason },
    }
}
