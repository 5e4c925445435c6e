//! Why the record can't be used.

use std::path::PathBuf;

use thiserror::Error;

/// What went wrong with a record, with what helps. Texts of others in it are escaped.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RecordError {
    /// This program was built without it.
    #[error(
        "this micheck was built without the record (cargo feature `record`); use one that has it"
    )]
    NotBuilt,
    /// There is none.
    #[error(
        "nothing has been recorded yet (there is no record at {}); the first check with --record begins \
         one", path.display()
    )]
    Absent { path: PathBuf },
    /// It would lie where several computers write, or a program copies files about.
    #[error(
        "the record can't be kept at {}: {why}; choose a folder on this computer's own disk \
         (`record.database` in micheck.toml)", path.display()
    )]
    Refused { path: PathBuf, why: String },
    /// A newer program wrote it.
    #[error(
        "the record at {} has version {found}, and this micheck ({}) knows up to version {known}; use \
         the newer micheck that made it", path.display(), env!("CARGO_PKG_VERSION")
    )]
    Newer { path: PathBuf, found: i64, known: i64 },
    /// It is a database of another program.
    #[error(
        "{} isn't a record of micheck's, and nothing was changed; choose another file \
         (`record.database` in micheck.toml; a copy is read in by `micheck record import`)",
        path.display()
    )]
    NotARecord { path: PathBuf },
    /// It is damaged.
    #[error(
        "the record at {} is damaged ({reason}); the next check that is recorded moves it aside and begins \
         a new one", path.display()
    )]
    Corrupt { path: PathBuf, reason: String },
    /// Another program writes in it.
    #[error("the record at {} is locked by another program; close whatever has it open", path.display())]
    Locked { path: PathBuf },
    /// There is no room.
    #[error("there is no room for the record at {}: {reason}; make room on that disk", path.display())]
    Full { path: PathBuf, reason: String },
    /// What is deleted can't be wiped from the disk.
    #[error(
        "erased, but not yet wiped from the disk, because another program reads the record at {}; it is \
         wiped when micheck opens the record next", path.display()
    )]
    NotWiped { path: PathBuf },
    /// The system refuses.
    #[error("can't use the record at {}: {reason}; correct the folder's rights, or choose another file (`record.database` in micheck.toml)", path.display())]
    Unusable { path: PathBuf, reason: String },
    /// What is read in isn't what was written out.
    #[error("line {line} {fault}; nothing was read in")]
    BadLine { line: usize, fault: String },
    /// The source can't be read.
    #[error("can't read {file}: {reason}; nothing was read in")]
    Unreadable { file: String, reason: String },
}
