//! Options of `watch`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{JudgingArgs, RecordArgs};
use crate::cli::values::WatchFormat;
use crate::output::render::Paper;
use crate::scan::duration::{timeout, wait};
use crate::scan::options::LinkArgs;

/// Options of `watch`.
#[derive(Debug, Default, Args)]
pub struct WatchArgs {
    /// Which phones are watched.
    #[command(flatten)]
    pub links: LinkArgs,

    /// Append every event to FILE
    ///
    /// One JSON line each.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,

    /// Run PROGRAM for each verdict
    ///
    /// Without a shell; with the event on standard input, and its main fields in `MICHECK_VERDICT`,
    /// `MICHECK_SERIAL`, …
    #[arg(long, value_name = "PROGRAM")]
    pub exec: Option<String>,

    /// An argument for the program of --exec (repeatable)
    #[arg(
        long,
        value_name = "ARG",
        requires = "exec",
        allow_hyphen_values = true,
        hide_short_help = true
    )]
    pub exec_arg: Vec<String>,

    /// End after N phones
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub once: Option<u32>,

    /// board or jsonl [default: board on a terminal]
    ///
    /// `board`: a full screen; `jsonl`: one event a line. Without it: the board on a terminal, else
    /// lines.
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<WatchFormat>,

    /// How often a phone at risk is rechecked while it stays plugged in [default: 15s]
    #[arg(long, value_name = "DURATION", value_parser = timeout, hide_short_help = true)]
    pub recheck: Option<Duration>,

    /// How long a phone that is starting is rechecked before it is NOT CHECKED [default: 2m]
    #[arg(long, value_name = "DURATION", value_parser = wait, hide_short_help = true)]
    pub boot_wait: Option<Duration>,

    /// Paper size of the sheets of key p [default: a5]
    #[arg(long, value_name = "SIZE", hide_short_help = true)]
    pub paper: Option<Paper>,

    /// Folder for the sheets of key p [default: the current one]
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub sheets: Option<PathBuf>,

    /// Don't ring (once for a phone at risk, twice for a fixed one)
    #[arg(long, hide_short_help = true)]
    pub no_bell: bool,

    /// Draw the board with ASCII characters only
    #[arg(long, hide_short_help = true)]
    pub ascii: bool,

    /// What is recorded.
    #[command(flatten)]
    pub record: RecordArgs,

    /// How phones are judged.
    #[command(flatten)]
    pub judging: JudgingArgs,
}
