//! Values that people type or write into the settings file.

use std::time::Duration;

use clap::ValueEnum;
use thiserror::Error;

use micheck_core::escape::escape;

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

/// Where the addresses of adb servers are from. A server that was named and can't be reached is an
/// error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServersFrom {
    /// Nobody named one: the address that adb uses.
    Default,
    /// adb's own variables, which say where adb uses one.
    Environment,
    /// A person, in the settings file or on the command line.
    Person,
}

/// How phones are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Via {
    /// Through the adb server if one runs, and over USB those that it doesn't show
    #[default]
    Auto,
    /// Through adb servers only
    Server,
    /// Over USB only, without any adb
    Usb,
}

/// Why a text is no time-out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` isn't a time from 10ms to 1h: write it like 8s, 500ms, 2m or 8 (seconds)")]
pub struct InvalidTimeout(String);

/// Reads a duration as people write it: `8s`, `500ms`, `2m`, `1h`, or bare seconds.
///
/// # Errors
/// Another form, or a time too short or too long to be meant.
pub fn timeout(text: &str) -> Result<Duration, InvalidTimeout> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => Some(1),
        "" | "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let ms = number.parse::<u64>().ok().zip(unit_ms).and_then(|(n, ms)| n.checked_mul(ms));
    match ms {
        Some(ms @ 10..=3_600_000) => Ok(Duration::from_millis(ms)),
        _ => Err(InvalidTimeout(escape(&text.chars().take(40).collect::<String>()).into_owned())),
    }
}

/// Reads how long to wait for a person: a duration, or `0`: don't wait.
///
/// # Errors
/// Another form, or a time too short or too long to be meant.
pub fn wait(text: &str) -> Result<Duration, InvalidTimeout> {
    if matches!(text, "0" | "0s") { Ok(Duration::ZERO) } else { timeout(text) }
}
