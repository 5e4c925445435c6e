//! `advisories` and its subcommands.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::PageArgs;

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
    /// Check a folder of your own advisories; list every error
    Check(CheckArgs),
}

/// Options of `advisories show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// Its id or a CVE id
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
    /// How the page is written.
    #[command(flatten)]
    pub page: PageArgs,

    /// Add or replace advisories with the .toml files of DIR
    #[arg(long, value_name = "DIR")]
    pub advisories: Option<PathBuf>,
}
