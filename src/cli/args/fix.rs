//! Options of `fix`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::{RecordArgs, ReportArgs};
use crate::cli::values::FixRoute;
use crate::scan::duration::{long_wait, timeout, wait};
use crate::scan::options::LinkArgs;

const RECEIPT: &str = "A receipt for each owner: before and after";

/// Options of `fix`.
#[derive(Debug, Default, Args)]
// What matters less here than in other commands stands in the long help alone.
#[command(mut_args(|arg| match arg.get_id().as_str() {
    "serial" => arg.help("Only this phone: its serial number, or the end").hide_short_help(false),
    "sheet" => arg.help(RECEIPT).long_help(format!("{RECEIPT}\n\nInstead of a report, as HTML.")),
    "via" | "all" | "brief" | "wait_auth" | "timeout" | "format" => arg.hide_short_help(true),
    _ => arg,
}))]
pub struct FixArgs {
    /// Which phones are asked.
    #[command(flatten)]
    pub links: LinkArgs,

    /// Don't ask before phones are asked
    ///
    /// Needed where standard input is no terminal.
    #[arg(short, long)]
    pub yes: bool,

    /// apps or system [default: apps]
    ///
    /// What a phone is asked to show. apps: what updates its apps; system: its system update, on one
    /// phone only (--serial).
    #[arg(long, value_name = "ROUTE", hide_possible_values = true)]
    pub route: Option<FixRoute>,

    /// How long updates are waited for [default: 30m]
    ///
    /// Up to 24h; `0`: only ask.
    #[arg(long, value_name = "DURATION", value_parser = long_wait)]
    pub wait: Option<Duration>,

    /// How often phones are rechecked meanwhile [default: 15s]
    #[arg(long, value_name = "DURATION", value_parser = timeout, hide_short_help = true)]
    pub recheck: Option<Duration>,

    /// How long a phone that was unplugged, or is starting, is waited for [default: 2m]
    #[arg(long, value_name = "DURATION", value_parser = wait, hide_short_help = true)]
    pub boot_wait: Option<Duration>,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,

    /// Keep what each phone answered
    ///
    /// In DIR/requested when it was asked to show something, in DIR/last at the end.
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub evidence: Option<PathBuf>,

    /// What is recorded.
    #[command(flatten)]
    pub record: RecordArgs,

    /// Write only errors to standard error
    #[arg(short, long, conflicts_with = "verbose", requires = "yes", hide_short_help = true)]
    pub quiet: bool,

    /// Write what happens to standard error, phone by phone (twice: everything)
    #[arg(short, long, action = clap::ArgAction::Count, hide_short_help = true)]
    pub verbose: u8,
}
