//! Options that several commands have.

use std::path::PathBuf;

use clap::Args;

use crate::cli::values::{FailOn, SerialFormat};
use crate::output::terminal::ColorChoice;
use crate::text::Language;

/// How everything is shown, and what is set beside what was typed.
#[derive(Debug, Default, Args)]
pub struct CommonArgs {
    /// en or hi: language of what you read
    ///
    /// Without it: the system's; English on Windows and on terminals that don't show Hindi well.
    #[arg(long, value_name = "LANGUAGE", hide_possible_values = true)]
    #[arg(aliases = ["language", "locale"])]
    pub lang: Option<Language>,

    /// Colours [default: auto: on a terminal, unless `NO_COLOR` is set]
    #[arg(long, value_name = "WHEN", hide_short_help = true, alias = "colour")]
    pub color: Option<ColorChoice>,

    /// Settings file [default: micheck.toml in your configuration folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,
}

/// How phones are judged, and what is said of them: of every command that has phones.
#[derive(Debug, Default, Args)]
pub struct JudgingArgs {
    /// How it is shown.
    #[command(flatten)]
    pub common: CommonArgs,

    /// Language of sheets [default: the system's]
    #[arg(long, value_name = "LANGUAGE", hide_short_help = true)]
    pub sheet_lang: Option<Language>,

    /// Mildest verdict with an exit code other than 0 [default: unknown]
    #[arg(long, value_name = "VERDICT", hide_short_help = true)]
    pub fail_on: Option<FailOn>,

    /// Serial numbers coded or in full [default: coded in files and events; the last 4 characters on
    /// the screen and on sheets]
    #[arg(long, value_name = "FORM", hide_short_help = true)]
    pub serials: Option<SerialFormat>,

    /// Add or replace advisories with the .toml files of DIR
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub advisories: Option<PathBuf>,
}
