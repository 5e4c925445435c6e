//! `advisories` and its subcommands.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::PageFormat;
use crate::config::ColorChoice;
use crate::text::Language;

/// `advisories` and its subcommands.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct AdvisoriesCommand {
    /// What to do; the list when nothing is said.
    #[command(subcommand)]
    pub command: Option<AdvisoriesAction>,

    /// How the list is written.
    #[command(flatten)]
    pub list: AdvisoriesArgs,
}

/// The subcommands of `advisories`.
#[derive(Debug, Subcommand)]
pub enum AdvisoriesAction {
    /// Show one advisory in full, with its sources
    Show(ShowArgs),
    /// Check a folder of your own advisories: everything that is wrong, file by file
    Check(CheckArgs),
}

/// Options of `advisories show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Its id, or one of its CVE ids
    #[arg(value_name = "ID")]
    pub id: String,

    /// How it is written.
    #[command(flatten)]
    pub output: AdvisoriesArgs,
}

/// Options of `advisories check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// The folder, as it would be given to --advisories
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
}

/// Options of the commands that write advisories.
#[derive(Debug, Default, Args)]
pub struct AdvisoriesArgs {
    /// table or json
    ///
    /// table: for people; json: for programs. [default: by the ending of --output, else table]
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<PageFormat>,

    /// en or hi: language of what you read
    ///
    /// Without it, the system's; on Windows and on terminals that don't show Hindi well, English.
    #[arg(long, value_name = "LANGUAGE", hide_possible_values = true)]
    pub lang: Option<Language>,

    /// Write to FILE (.json, .txt)
    ///
    /// Instead of standard output; whole or not at all.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Colours [default: auto: on a terminal, unless `NO_COLOR` is set]
    #[arg(long, value_name = "WHEN", hide_short_help = true)]
    pub color: Option<ColorChoice>,

    /// Settings file [default: micheck.toml here, else in your configuration folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,

    /// Add or replace advisories with the .toml files of DIR
    #[arg(long, value_name = "DIR")]
    pub advisories: Option<PathBuf>,
}
