//! The tables of a record, and how an older one becomes today's.

/// `PRAGMA application_id`: "mich". By it a record is told from other programs' databases.
pub(super) const APPLICATION: i64 = 0x6d69_6368;

/// What makes each version of the one before; its place, from 1, is the version
/// (`PRAGMA user_version`). What stands here is never changed, only added to.
pub(super) const VERSIONS: &[&str] = &[
    // 1: texts that come again stand in `text` once, by their number. `seat` is the phone's number in
    // its run, `zone` the offset of `at` from UTC; both times in seconds. A phone's checks are a chain,
    // from `phone.last` by `result.previous`: an index would have to be written in as many places as
    // there are phones. `phone.latest` is the last one by its bench's number, `phone.standing` the one
    // that stands for the phone.
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
     CREATE TABLE bench (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, counter INTEGER NOT NULL);
     CREATE TABLE text (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
     CREATE TABLE run (id INTEGER PRIMARY KEY, run BLOB NOT NULL, bench INTEGER NOT NULL,
       tool INTEGER NOT NULL, advisories INTEGER NOT NULL, UNIQUE (run, bench, tool, advisories));
     CREATE TABLE phone (id INTEGER PRIMARY KEY, code TEXT UNIQUE, last INTEGER, latest INTEGER,
       standing INTEGER, job TEXT, risk INTEGER NOT NULL DEFAULT 0);
     CREATE TABLE result (id INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE, counter INTEGER NOT NULL,
       at INTEGER NOT NULL, zone INTEGER NOT NULL, run INTEGER NOT NULL, seat INTEGER NOT NULL,
       phone INTEGER NOT NULL, previous INTEGER, source INTEGER NOT NULL, device INTEGER NOT NULL,
       facts INTEGER NOT NULL, verdict INTEGER NOT NULL, number TEXT, job TEXT);
     CREATE INDEX result_at ON result (at);
     CREATE INDEX result_job ON result (job) WHERE job IS NOT NULL;
     CREATE TABLE job (id INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE, bench INTEGER NOT NULL,
       counter INTEGER NOT NULL, at INTEGER NOT NULL, zone INTEGER NOT NULL, result INTEGER NOT NULL,
       job TEXT NOT NULL);
     CREATE INDEX job_result ON job (result);
     CREATE INDEX job_job ON job (job);
     CREATE TABLE erasure (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, zone INTEGER NOT NULL,
       checks INTEGER NOT NULL, why TEXT NOT NULL);
     CREATE TABLE forgotten (uuid BLOB PRIMARY KEY) WITHOUT ROWID;",
];

/// The checks of a phone, the last one first: `?1` is its place.
pub(super) const CHAIN: &str = "WITH RECURSIVE chain (id) AS (SELECT last FROM phone WHERE id = ?1 \
     UNION SELECT result.previous FROM chain JOIN result ON result.id = chain.id) \
     SELECT id FROM chain WHERE id IS NOT NULL";

/// The checks of the phone whose code is this parameter.
pub(super) fn of_code(parameter: &str) -> String {
    CHAIN.replace("WHERE id = ?1", &format!("WHERE code = {parameter}"))
}

/// Today's version.
pub(super) const VERSION: i64 = 1;
