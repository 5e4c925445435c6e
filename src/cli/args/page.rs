//! Options of the commands that write a page which is no report of phones.

use std::path::PathBuf;

use clap::Args;

use super::CommonArgs;
use crate::cli::values::PageFormat;

/// Options of such a command.
#[derive(Debug, Default, Args)]
pub struct PageArgs {
    /// table or json
    ///
    /// table: for people; json: for programs. [default: by the ending of --output, else table]
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<PageFormat>,

    /// Write to FILE (.json, .txt)
    ///
    /// Instead of standard output; never half-written.
    #[arg(short, long, value_name = "FILE")]
    #[arg(aliases = ["file", "out", "outfile", "save"])]
    pub output: Option<PathBuf>,

    /// How it is shown.
    #[command(flatten)]
    pub common: CommonArgs,
}
