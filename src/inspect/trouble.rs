//! What can be wrong with a file.

use thiserror::Error;

use micheck_core::verdict::Reason;

/// Why a file, or a part of one, can't be used or not be used in full.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    /// Nothing in it is a dump.
    #[error(
        "this is {recognised}; accepted are the output of `dumpsys package`, `pm dump` or `getprop`, \
         a bug report (zip or text), each also as .gz, and folders or archives that --evidence, \
         AndroidQF or MVT made"
    )]
    NotADump { recognised: String },
    /// A file of a folder can't be opened or read.
    #[error("it can't be read ({what}); get permission to read it, or leave it out")]
    Unreadable { what: String },
    /// It breaks off, or its checksum is another one.
    #[error("the file is damaged or cut off ({what}); get it again from where it came from")]
    Damaged { what: String },
    /// More comes out of it than any real dump has.
    #[error("it unpacks to more than {most}, which no bug report does; save it again")]
    TooLarge { most: &'static str },
    /// There are more files and entries than any collection has.
    #[error(
        "it has more than {most} files, and the rest weren't read; give the bug report in it on its \
         own"
    )]
    TooMany { most: usize },
    /// It is encrypted.
    #[error("it is encrypted and wasn't read; unpack the archive with its password first")]
    Encrypted,
    /// It is packed in a way that isn't known.
    #[error("it is packed with {method} and wasn't read; unpack the archive first")]
    Method {
        /// The method's name or number.
        method: String,
    },
    /// It must be unpacked or decrypted by another program.
    #[error("it is {kind} and wasn't read; unpack or decrypt it first")]
    Packed { kind: &'static str },
    /// It lies in too many folders or archives.
    #[error("it is nested too deeply and wasn't read; unpack what it is in, or give it on its own")]
    TooDeep,
    /// A link in a folder.
    #[error("it is a link, and links aren't followed; give the file that it points to")]
    Link,
    /// Bytes in an archive, a gzip file or a text that aren't its own.
    #[error("{what} and wasn't read; take it out and give it on its own")]
    Extra { what: &'static str },
    /// Two entries have one name, and either may be the forged one.
    #[error("the archive has two entries with this name; get it again from where it came from")]
    TwoEntries,
    /// Kept evidence where it can't be read.
    #[error("it is kept evidence in an archive and wasn't read; unpack it and give its folder")]
    PackedEvidence,
    /// A folder of `--evidence` isn't as it was made.
    #[error("{what}")]
    Evidence {
        what: String,
        /// The reason that comes closest.
        reason: Reason,
    },
    /// Two files that may be one phone's or two phones'.
    #[error(
        "it was read together with {with}, and nothing shows that both are from one phone; give \
         them one by one"
    )]
    NothingToCompare { with: String },
}

impl FileError {
    pub(super) fn unreadable(error: &impl ToString) -> Self {
        Self::Unreadable { what: error.to_string() }
    }

    /// The reason that the phone's row is given.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::NotADump { .. } => Reason::NotADump,
            Self::Encrypted
            | Self::Method { .. }
            | Self::Packed { .. }
            | Self::TooDeep
            | Self::Link
            | Self::Extra { .. }
            | Self::PackedEvidence
            | Self::Unreadable { .. } => Reason::NotRead,
            Self::Damaged { .. } => Reason::IncompleteAnswer,
            Self::TooLarge { .. } | Self::TooMany { .. } => Reason::AnswerTooLarge,
            Self::TwoEntries | Self::NothingToCompare { .. } => Reason::AmbiguousDump,
            Self::Evidence { reason, .. } => *reason,
        }
    }
}
