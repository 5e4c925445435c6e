//! Options of the commands that make a report, those of `scan` alone apart.

use std::path::PathBuf;

use clap::Args;

use super::{JudgingArgs, RecordArgs};
use crate::cli::values::{BomChoice, Format};
use crate::output::render::Paper;

/// Options of `inspect`.
#[derive(Debug, Default, Args)]
pub struct InspectArgs {
    /// Dumps, bug reports or evidence; `-`: standard input
    ///
    /// Saved `dumpsys package`, `pm dump` or `getprop` output, a bug report (.zip or .txt, also as
    /// .gz), or a folder of --evidence, `AndroidQF` or MVT.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Check for every advisory
    ///
    /// Not only for those used by default.
    #[arg(long)]
    pub all: bool,

    /// What is recorded.
    #[command(flatten)]
    pub record: RecordArgs,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of `judge`.
#[derive(Debug, Default, Args)]
pub struct JudgeArgs {
    /// The version as the phone's settings show it
    ///
    /// Like 3.1.874.10.
    #[arg(required_unless_present = "absent", conflicts_with = "absent")]
    pub version: Option<String>,

    /// The app wasn't found on the phone
    ///
    /// That doesn't prove that it isn't there.
    #[arg(long)]
    pub absent: bool,

    /// Advisory: its id or a CVE id
    ///
    /// `micheck advisories` lists them.
    #[arg(long, value_name = "ID", default_value = "mi-connect")]
    pub advisory: String,

    /// What is recorded.
    #[command(flatten)]
    pub record: RecordArgs,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of `report`.
#[derive(Debug, Default, Args)]
pub struct SavedArgs {
    /// Saved reports or logs; `-`: standard input
    ///
    /// Reports of `scan`, `inspect` and `judge` as JSON or JSON lines, or logs of `watch`.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of every command that makes a report.
#[derive(Debug, Default, Args)]
pub struct ReportArgs {
    /// Write to FILE (.html, .csv, .json, .jsonl, .txt)
    ///
    /// Instead of standard output; never half-written.
    #[arg(short, long, value_name = "FILE")]
    #[arg(aliases = ["file", "out", "outfile", "report", "save"])]
    pub output: Option<PathBuf>,

    /// table, json, jsonl, csv or html
    ///
    /// Format of the report. table: for people; json: for programs; jsonl: for programs that read line
    /// by line; csv: for spreadsheets; html: one page to read and print. [default: by
    /// the ending of --output, else table; with --sheet: html]
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<Format>,

    /// A line for each phone, and what to do first
    ///
    /// Instead of the steps for each: for many phones at once.
    #[arg(long, conflicts_with = "sheet")]
    pub brief: bool,

    /// A check sheet for each phone's owner
    ///
    /// Instead of a report, as HTML.
    #[arg(long)]
    pub sheet: bool,

    /// Make a sheet for this phone only: its serial number, or the end of it
    #[arg(long, value_name = "SERIAL", hide_short_help = true)]
    #[arg(value_parser = clap::builder::NonEmptyStringValueParser::new())]
    #[arg(alias = "device", short_alias = 'd')]
    pub serial: Option<String>,

    /// Paper size of sheets [default: a5]
    #[arg(long, value_name = "SIZE", requires = "sheet", hide_short_help = true)]
    pub paper: Option<Paper>,

    /// Start CSV with a byte order mark, which Excel needs [default: auto: on Windows]
    #[arg(
        long,
        value_name = "WHEN",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "always",
        hide_short_help = true
    )]
    pub bom: Option<BomChoice>,

    /// How phones are judged.
    #[command(flatten)]
    pub judging: JudgingArgs,
}
