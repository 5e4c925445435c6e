//! Options of what is recorded, and of the commands that ask the record.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::{PageArgs, ReportArgs};
use crate::record::{MAX_NAME, is_label};

/// Options of every command that records.
#[derive(Debug, Default, Args)]
pub struct RecordArgs {
    /// Record each verdict on this computer
    ///
    /// For `micheck history` and `micheck recall`. No names, no serial numbers in full. `record = true` in
    /// the settings file does the same.
    #[arg(long, hide_short_help = true, conflicts_with = "no_record")]
    pub record: bool,

    /// Don't record, whatever the settings file says
    #[arg(long, hide_short_help = true)]
    pub no_record: bool,

    /// Your job number, kept in the record, so that you can find the owner later
    #[arg(long, value_name = "JOB", value_parser = job, hide_short_help = true)]
    pub job: Option<String>,
}

/// Where the record is.
#[derive(Debug, Default, Args)]
pub struct RecordPlaceArgs {
    /// Record to use [default: `record.database` of the settings file, else your data folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub database: Option<PathBuf>,
}

/// Options of `history`.
#[derive(Debug, Default, Args)]
pub struct HistoryArgs {
    /// All checks of this phone
    ///
    /// Its serial number in full, or its code.
    #[arg(long, value_name = "SERIAL")]
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub phone: Option<String>,

    /// All checks of this job
    #[arg(long, value_name = "JOB", value_parser = job)]
    pub job: Option<String>,

    /// Since this day (2026-11-21), or 30d ago
    #[arg(long, value_name = "DATE")]
    pub since: Option<String>,

    /// Only this verdict
    ///
    /// vulnerable, unconfirmed, unknown, patched, `not_installed` or `not_applicable`.
    #[arg(long, value_name = "VERDICT", value_parser = VERDICTS, hide_possible_values = true)]
    pub verdict: Option<String>,

    #[command(flatten)]
    pub place: RecordPlaceArgs,

    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// The verdicts by their keys, worst first.
const VERDICTS: [&str; 6] =
    ["vulnerable", "unconfirmed", "unknown", "patched", "not_installed", "not_applicable"];

/// Options of `recall`.
#[derive(Debug, Default, Args)]
pub struct RecallArgs {
    /// Judge by every advisory
    ///
    /// Not only by those used by default.
    #[arg(long)]
    pub all: bool,

    #[command(flatten)]
    pub place: RecordPlaceArgs,

    /// Where the report goes.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of `forget`.
#[derive(Debug, Default, Args)]
#[group(id = "what", required = true, multiple = false, args = ["phone", "job", "before"])]
pub struct ForgetArgs {
    /// Everything about this phone
    ///
    /// Its serial number in full, or its code.
    #[arg(long, value_name = "SERIAL")]
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub phone: Option<String>,

    /// Everything of this job
    #[arg(long, value_name = "JOB", value_parser = job)]
    pub job: Option<String>,

    /// Everything before this day (2026-01-01), or older than 400d
    #[arg(long, value_name = "DATE")]
    pub before: Option<String>,

    /// Don't ask
    ///
    /// Needed where standard input is no terminal.
    #[arg(short, long)]
    pub yes: bool,

    #[command(flatten)]
    pub place: RecordPlaceArgs,

    #[command(flatten)]
    pub page: PageArgs,
}

/// `record` and what to do with it.
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub struct RecordCommand {
    #[command(subcommand)]
    pub action: RecordAction,
}

#[derive(Debug, Subcommand)]
pub enum RecordAction {
    /// Where it is, how large, since when, how many, and the last error
    Status(RecordStatusArgs),
    /// Write all of it as JSON lines
    Export(RecordExportArgs),
    /// Read in what `export` wrote, each check once
    Import(RecordImportArgs),
}

#[derive(Debug, Default, Args)]
pub struct RecordStatusArgs {
    #[command(flatten)]
    pub place: RecordPlaceArgs,

    #[command(flatten)]
    pub page: PageArgs,
}

#[derive(Debug, Default, Args)]
pub struct RecordExportArgs {
    /// Write to FILE instead of standard output; never half-written
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Settings file [default: micheck.toml in your configuration folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,

    #[command(flatten)]
    pub place: RecordPlaceArgs,
}

#[derive(Debug, Default, Args)]
pub struct RecordImportArgs {
    /// What `micheck record export` wrote; `-`: standard input
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    #[command(flatten)]
    pub place: RecordPlaceArgs,

    #[command(flatten)]
    pub page: PageArgs,
}

/// Reads the number or name of a job.
fn job(text: &str) -> Result<String, String> {
    let text = text.trim();
    if is_label(text) && text.chars().count() <= MAX_NAME {
        Ok(text.to_owned())
    } else {
        Err(format!("a job is a number or a name of {MAX_NAME} characters at most"))
    }
}
