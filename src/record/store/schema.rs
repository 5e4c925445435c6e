//! The tables of a record, and how an older one becomes today's.

/// `PRAGMA application_id`: "mich". By it a record is told from other programs' databases.
pub(super) const APPLICATION: i64 = 0x6d69_6368;

/// What makes each version of the one before; its place, from 1, is the version
/// (`PRAGMA user_version`). What stands here is never changed, only added to.
pub(super) const VERSIONS: &[&str] = &[
    // 1: texts that come again stand in `text` once, by their number. `seat` is the phone's number in
    // its run, `zone` the offset of `at` from UTC; both times in seconds. `phone.latest` and
    // `phone.standing` are rows of `result`: the last one, and the one that stands for the phone.
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
     CREATE TABLE bench (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, counter INTEGER NOT NULL);
     CREATE TABLE text (id INTEGER PRIMARY KEY, body TEXT NOT NULL UNIQUE);
     CREATE TABLE run (id INTEGER PRIMARY KEY, run BLOB NOT NULL, bench INTEGER NOT NULL,
       tool INTEGER NOT NULL, advisories INTEGER NOT NULL, UNIQUE (run, bench, tool, advisories));
     CREATE TABLE phone (id INTEGER PRIMARY KEY, code TEXT UNIQUE, latest INTEGER, standing INTEGER,
       job TEXT);
     CREATE TABLE result (id INTEGER PRIMARY KEY, uuid BLOB NOT NULL UNIQUE, counter INTEGER NOT NULL,
       at INTEGER NOT NULL, zone INTEGER NOT NULL, run INTEGER NOT NULL, seat INTEGER NOT NULL,
       phone INTEGER NOT NULL, source INTEGER NOT NULL, device INTEGER NOT NULL,
       facts INTEGER NOT NULL, verdict INTEGER NOT NULL, number TEXT, job TEXT);
     CREATE INDEX result_phone ON result (phone);
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

/// Today's version.
pub(super) const VERSION: i64 = 1;
