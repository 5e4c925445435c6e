//! Values that people type or write into the settings file.

use clap::ValueEnum;

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For programs that read line by line
    Jsonl,
    /// For spreadsheets
    Csv,
    /// A page to read and to print, in one file
    Html,
}

/// The forms of what is no report of phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// For people
    Table,
    /// For programs
    Json,
}

/// How `watch` shows what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WatchFormat {
    /// A full screen
    Board,
    /// One event a line
    Jsonl,
}

/// What phones at risk are asked to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum FixRoute {
    /// What updates apps
    #[default]
    Apps,
    /// What updates the system
    System,
}

/// How serial numbers are shown, where somebody says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SerialFormat {
    /// The first 12 characters of a salted hash
    Hashed,
    /// As they are
    Full,
}

/// Whether CSV begins with a byte order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum BomChoice {
    /// On Windows
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

impl BomChoice {
    /// Whether there is one.
    #[must_use]
    pub const fn holds(self) -> bool {
        match self {
            Self::Auto => cfg!(windows),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

/// The mildest verdict that still makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, ValueEnum)]
pub enum FailOn {
    /// Only phones at risk.
    Vulnerable,
    /// Phones whose fix isn't confirmed, too.
    Unconfirmed,
    /// Phones that couldn't be checked, too.
    #[default]
    Unknown,
}

impl Verbosity {
    /// What was typed: `--quiet`, and how many times `--verbose`.
    #[must_use]
    pub const fn of(quiet: bool, verbose: u8) -> Self {
        match (quiet, verbose) {
            (true, _) => Self::Quiet,
            (false, 0) => Self::Usual,
            (false, 1) => Self::Verbose,
            (false, _) => Self::VeryVerbose,
        }
    }
}

/// How much is told on standard error besides errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// Nothing: no warnings, no progress.
    Quiet,
    /// Warnings; progress on a terminal.
    Usual,
    /// What happens, phone by phone.
    Verbose,
    /// All of it.
    VeryVerbose,
}
