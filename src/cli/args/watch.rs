//! Options of `watch`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::values::{FailOn, SerialFormat, Timeout, Via, Wait, WatchFormat};
use crate::output::render::Paper;
use crate::output::terminal::ColorChoice;
use crate::text::Language;
use micheck_adb::Endpoint;

/// Options of `watch`.
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is there or isn't")]
#[derive(Debug, Default, Args)]
pub struct WatchArgs {
    /// Show a film of simulated phones
    #[arg(long, conflicts_with_all = ["server", "via", "connect"])]
    pub demo: bool,

    /// auto, server or usb [default: auto]
    ///
    /// How phones are reached. auto: through the adb server if it runs, and over USB those that it
    /// doesn't show.
    #[arg(long, value_name = "WAY", hide_possible_values = true)]
    pub via: Option<Via>,

    /// Watch this adb server (repeatable)
    ///
    /// Without it, the one that adb uses: 127.0.0.1:5037, or what adb's own variables name.
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    pub server: Vec<Endpoint>,

    /// Watch this phone on the network (repeatable)
    ///
    /// Phone or TV, without an adb server, beside the others. Without a port: 5555.
    #[arg(long, value_name = "HOST[:PORT]", value_parser = Endpoint::parse_phone)]
    pub connect: Vec<Endpoint>,

    /// Append every event to FILE
    ///
    /// One a line, as JSON.
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,

    /// Run PROGRAM on each verdict
    ///
    /// Without a shell, the event on its standard input, its main fields in `MICHECK_VERDICT`,
    /// `MICHECK_SERIAL`, …
    #[arg(long, value_name = "PROGRAM")]
    pub exec: Option<String>,

    /// An argument for the program of --exec (repeatable)
    #[arg(
        long,
        value_name = "ARG",
        requires = "exec",
        allow_hyphen_values = true,
        hide_short_help = true
    )]
    pub exec_arg: Vec<String>,

    /// End when so many phones were checked
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub once: Option<u32>,

    /// board or jsonl [default: board on a terminal]
    ///
    /// `board`: a full screen; `jsonl`: one event a line. Without it, the board on a terminal, else
    /// lines.
    #[arg(short, long, value_name = "FORMAT", hide_possible_values = true)]
    pub format: Option<WatchFormat>,

    /// Time for each answer of a phone [default: 30s]
    ///
    /// `8s`, `500ms`, `2m`, or seconds.
    #[arg(short, long, value_name = "DURATION", value_parser = Timeout::parse, hide_short_help = true)]
    pub timeout: Option<Timeout>,

    /// Time for a person to allow this computer on a phone without a server [default: 2m]
    #[arg(short, long, value_name = "DURATION", value_parser = Wait::parse, hide_short_help = true)]
    pub wait_auth: Option<Wait>,

    /// How often a phone at risk is asked again while it stays plugged in [default: 15s]
    #[arg(long, value_name = "DURATION", value_parser = Timeout::parse, hide_short_help = true)]
    pub recheck: Option<Timeout>,

    /// How long a phone that still starts is asked again before it counts as NOT CHECKED
    /// [default: 2m]
    #[arg(long, value_name = "DURATION", value_parser = Wait::parse, hide_short_help = true)]
    pub boot_wait: Option<Wait>,

    /// en or hi: language of the board
    ///
    /// Without it, the system's; on Windows and on terminals that don't show Hindi well, English.
    #[arg(long, value_name = "LANGUAGE", hide_possible_values = true)]
    pub lang: Option<Language>,

    /// Language of the sheets of key p [default: the system's]
    #[arg(long, value_name = "LANGUAGE", hide_short_help = true)]
    pub sheet_lang: Option<Language>,

    /// What the sheets of key p are printed on [default: a5]
    #[arg(long, value_name = "SIZE", hide_short_help = true)]
    pub paper: Option<Paper>,

    /// Folder for the sheets of key p [default: this one]
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub sheets: Option<PathBuf>,

    /// Serial numbers: coded, or in full [default: hashed in jsonl and --log; the last 4 characters
    /// on the board]
    #[arg(long, value_name = "FORM", hide_short_help = true)]
    pub serials: Option<SerialFormat>,

    /// Don't ring: once for a phone at risk, twice for one that was fixed
    #[arg(long, hide_short_help = true)]
    pub no_bell: bool,

    /// Draw the board with ASCII characters only
    #[arg(long, hide_short_help = true)]
    pub ascii: bool,

    /// Judge by every advisory
    ///
    /// Not only by those that count by default.
    #[arg(long)]
    pub all: bool,

    /// Mildest verdict that makes the exit code other than 0 [default: unknown]
    #[arg(long, value_name = "VERDICT", hide_short_help = true)]
    pub fail_on: Option<FailOn>,

    /// Colours [default: auto: on a terminal, unless `NO_COLOR` is set]
    #[arg(long, value_name = "WHEN", hide_short_help = true)]
    pub color: Option<ColorChoice>,

    /// Settings file [default: micheck.toml in your configuration folder]
    #[arg(long, value_name = "FILE", hide_short_help = true)]
    pub config: Option<PathBuf>,

    /// Add or replace advisories with the .toml files of DIR
    #[arg(long, value_name = "DIR", hide_short_help = true)]
    pub advisories: Option<PathBuf>,
}
