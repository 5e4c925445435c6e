//! Options that several commands have.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use crate::cli::values::{FailOn, SerialFormat, Via, timeout, wait};
use crate::output::terminal::ColorChoice;
use crate::text::Language;
use micheck_adb::Endpoint;

/// Which phones are asked, and in what ways: of `scan` and `watch`.
#[derive(Debug, Default, Args)]
pub struct LinkArgs {
    /// Use simulated phones, to try micheck out
    #[arg(long, conflicts_with_all = ["server", "via", "connect"])]
    pub demo: bool,

    /// auto, server or usb [default: auto]
    ///
    /// How phones are reached. auto: through the adb server if it is running, and over USB for those
    /// that it doesn't list.
    #[arg(long, value_name = "WAY", hide_possible_values = true)]
    pub via: Option<Via>,

    /// Use this adb server (repeatable)
    ///
    /// Without it: the one that adb uses, 127.0.0.1:5037 or what adb's variables name.
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    #[arg(alias = "port", short_aliases = ['p', 'H'])]
    pub server: Vec<Endpoint>,

    /// Check this phone on the network (repeatable)
    ///
    /// Phone or TV, without an adb server, beside the others. Without a port: 5555. Don't turn on
    /// Wireless debugging for this on a phone whose security patch is older than 2026-05: anyone on
    /// its network could get in (CVE-2026-0073).
    #[arg(long, value_name = "HOST[:PORT]", value_parser = Endpoint::parse_phone)]
    #[arg(aliases = ["ip", "host", "tcp", "wifi"])]
    pub connect: Vec<Endpoint>,

    /// Time for each phone [default: 30s]
    ///
    /// `8s`, `500ms`, `2m`, or seconds.
    #[arg(short, long, value_name = "DURATION", value_parser = timeout)]
    pub timeout: Option<Duration>,

    /// Time for someone to tap Allow
    ///
    /// On phones that ask whether to allow this computer; `0`: don't wait. [default: 60s on a
    /// terminal, else 0; watch, for phones without a server: 2m]
    #[arg(short, long, value_name = "DURATION", value_parser = wait, aliases = ["wait", "auth"])]
    pub wait_auth: Option<Duration>,

    /// Check for every advisory
    ///
    /// Not only for those used by default.
    #[arg(long)]
    pub all: bool,
}

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
