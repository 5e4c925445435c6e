//! What can be wrong with a file.

use thiserror::Error;

use crate::verdict::Reason;

/// Why a file, or a part of one, can't be used or not be used in full.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Trouble {
    /// Nothing in it is a dump.
    #[error(
        "this is {recognised}; accepted are the output of `dumpsys package`, `pm dump` or `getprop`, \
         a bug report (zip or text), each also as .gz, and folders or archives that --evidence, \
         AndroidQF or MVT made"
    )]
    NotADump {
        /// What was recognised.
        recognised: String,
    },
    /// A file of a folder can't be opened or read.
    #[error("it can't be read ({what}); give yourself the right to read it, or leave it out")]
    Unreadable {
        /// What the system says.
        what: String,
    },
    /// It breaks off, or its checksum is another one.
    #[error("the file is damaged or cut off ({what}); get it once more from where it came")]
    Damaged {
        /// What the reader says.
        what: String,
    },
    /// More comes out of it than any real dump has.
    #[error("more than {most} come out of it, and no bug report has as much; save it again")]
    TooLarge {
        /// The bound.
        most: &'static str,
    },
    /// An archive has more entries than any collection.
    #[error("the archive has more than {most} entries; give the bug report in it alone")]
    TooManyEntries {
        /// The bound.
        most: usize,
    },
    /// An entry can't be read without a password.
    #[error("{name} is encrypted; unpack the archive with its password first")]
    Encrypted {
        /// The entry.
        name: String,
    },
    /// An entry is packed in a way that isn't known.
    #[error("{name} is packed with {method}, which micheck can't unpack; unpack the archive first")]
    Method {
        /// The entry.
        name: String,
        /// The method's name or number.
        method: String,
    },
    /// Two entries have one name, and either may be the forged one.
    #[error("the archive has two entries named {name}; get it once more from where it came")]
    TwoEntries {
        /// The entry.
        name: String,
    },
    /// `main_entry.txt` names a file that isn't there.
    #[error(
        "main_entry.txt names {name}, which isn't in the archive; get it once more from where it came"
    )]
    NoMainEntry {
        /// The file.
        name: String,
    },
    /// An archive in an archive in an archive.
    #[error("{name} is an archive in an archive in an archive; unpack the outer one first")]
    TooDeep {
        /// The entry.
        name: String,
    },
    /// A folder of `--evidence` isn't as it was made.
    #[error("{what}")]
    Evidence {
        /// What is wrong.
        what: String,
        /// The reason that comes closest.
        reason: Reason,
    },
}

impl Trouble {
    /// The reason that the phone's row is given.
    #[must_use]
    pub const fn reason(&self) -> Reason {
        match self {
            Self::NotADump { .. }
            | Self::Encrypted { .. }
            | Self::Method { .. }
            | Self::TooDeep { .. } => Reason::NotADump,
            Self::Unreadable { .. } | Self::Damaged { .. } | Self::NoMainEntry { .. } => {
                Reason::IncompleteAnswer
            }
            Self::TooLarge { .. } | Self::TooManyEntries { .. } => Reason::AnswerTooLarge,
            Self::TwoEntries { .. } => Reason::AmbiguousDump,
            Self::Evidence { reason, .. } => *reason,
        }
    }
}
