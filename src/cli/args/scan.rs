//! Options of `scan`.

use std::path::PathBuf;

use clap::Args;

use super::ReportArgs;
use crate::cli::values::{Timeout, Via, Wait};
use micheck_adb::Endpoint;

/// Options of `scan`.
#[derive(Debug, Default, Args)]
pub struct ScanArgs {
    /// Check simulated phones, to see what micheck does
    #[arg(long, conflicts_with_all = ["server", "via", "connect"])]
    pub demo: bool,

    /// auto, server or usb [default: auto]
    ///
    /// How phones are reached. auto: through the adb server if it runs, and over USB those that it
    /// doesn't show.
    #[arg(long, value_name = "WAY", hide_possible_values = true)]
    pub via: Option<Via>,

    /// Ask this adb server (repeatable)
    ///
    /// Without it, the one that adb uses: 127.0.0.1:5037, or what adb's own variables name.
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    pub server: Vec<Endpoint>,

    /// Ask this phone on the network (repeatable)
    ///
    /// Phone or TV, without an adb server, beside the others. Without a port: 5555.
    #[arg(long, value_name = "HOST[:PORT]", value_parser = Endpoint::parse_phone)]
    pub connect: Vec<Endpoint>,

    /// Time for each phone [default: 30s]
    ///
    /// `8s`, `500ms`, `2m`, or seconds.
    #[arg(short, long, value_name = "DURATION", value_parser = Timeout::parse)]
    pub timeout: Option<Timeout>,

    /// Time for somebody to tap Allow
    ///
    /// On phones that ask whether this computer may debug them; `0`: don't wait. [default: 60s on a
    /// terminal, else 0]
    #[arg(short, long, value_name = "DURATION", value_parser = Wait::parse)]
    pub wait_auth: Option<Wait>,

    /// Judge by every advisory
    ///
    /// Not only by those that count by default.
    #[arg(long)]
    pub all: bool,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,

    /// Keep what each phone answered
    ///
    /// A folder for each in DIR, whole or not at all.
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub evidence: Option<PathBuf>,

    /// Say nothing but errors on standard error
    #[arg(short, long, conflicts_with = "verbose", hide_short_help = true)]
    pub quiet: bool,

    /// Say on standard error what happens, phone by phone (twice: all of it)
    #[arg(short, long, action = clap::ArgAction::Count, hide_short_help = true)]
    pub verbose: u8,
}
