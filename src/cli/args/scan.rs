//! Options of `scan`.

use std::path::PathBuf;

use clap::Args;

use super::{RecordArgs, ReportArgs};
use crate::scan::options::LinkArgs;

/// Options of `scan`.
#[derive(Debug, Default, Args)]
pub struct ScanArgs {
    /// Which phones are asked.
    #[command(flatten)]
    pub links: LinkArgs,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,

    /// Keep what each phone answered
    ///
    /// A folder for each in DIR, never half-written.
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub evidence: Option<PathBuf>,

    /// What is recorded.
    #[command(flatten)]
    pub record: RecordArgs,

    /// Write only errors to standard error
    #[arg(short, long, conflicts_with = "verbose", hide_short_help = true)]
    pub quiet: bool,

    /// Write what happens to standard error, phone by phone (twice: everything)
    #[arg(short, long, action = clap::ArgAction::Count, hide_short_help = true)]
    pub verbose: u8,
}
