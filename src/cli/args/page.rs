//! Options of the commands that write a page which is no report of phones.

use std::path::PathBuf;

use clap::Args;

use crate::cli::values::PageFormat;
use crate::output::terminal::ColorChoice;
use crate::text::Language;

/// Options of such a command.
#[derive(Debug, Default, Args)]
pub struct PageArgs {
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

    /// Settings file [default: micheck.toml in your configuration folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,
}
