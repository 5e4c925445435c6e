//! What can be typed. What it means, with file and environment, is `config`'s.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::adb::Endpoint;
use crate::config::{BomChoice, ColorChoice, SerialsChoice, Timeout, Via, Wait};
use crate::exit_code::FailOn;
use crate::render::Paper;
use crate::text::Language;

/// Checks Xiaomi, Redmi and POCO phones for the Mi Connect Service flaw CVE-2024-45347.
///
/// Reads the version of the app over ADB and says for each phone whether it is at risk
/// (at or below 3.1.895.10) and what to do. Changes nothing on a phone.
#[derive(Debug, Parser)]
#[command(name = "micheck", version, max_term_width = 100, after_help = EXAMPLES)]
pub struct Cli {
    /// What to do; `scan` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  micheck                         check every phone that is plugged in
  micheck scan --demo             try it out without a phone
  micheck watch                   stay open: phones come and go (--demo: a film)
  micheck scan -o bench.json      write the report as JSON (.html, .csv, .jsonl, .txt, too)
  micheck scan --sheet            a sheet for the phone's owner to take home
  micheck report *.json           put saved reports together, in any form
  micheck inspect bugreport.zip   check a customer's bug report or saved dump
  micheck judge 3.1.874.10        judge a version read off a phone's settings
  micheck scan --all              look at other apps with known flaws, too
  micheck advisories              list what phones can be judged by
  micheck doctor                  say why a phone isn't seen

Exit codes: 0 all fine, 1 a phone is at risk, 2 error, 3 a phone couldn't be checked,
4 no phone found, 130 interrupted";

/// What a worker process is started with.
pub const WORKER: &str = "worker";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check all connected phones once
    Scan(ScanArgs),
    /// Watch the bench: each phone that is plugged in gets its verdict by itself
    Watch(WatchArgs),
    /// Check saved dumps, bug reports and kept evidence
    Inspect(InspectArgs),
    /// Show saved reports in another form or language, several put together
    Report(SavedArgs),
    /// Judge a version that was read off a phone's settings, without a cable
    Judge(JudgeArgs),
    /// List what phones can be judged by, show one in full, or check a folder of your own
    Advisories(AdvisoriesCommand),
    /// Say why a phone isn't seen, and what to do
    Doctor(DoctorArgs),
    /// Talk to one phone, for another micheck
    #[command(name = WORKER, hide = true)]
    Worker,
}

/// Options of `scan`.
#[derive(Debug, Default, Args)]
pub struct ScanArgs {
    /// How phones are reached [default: auto: through the adb server if it runs, and over USB those
    /// that it doesn't show]
    #[arg(long, value_name = "WAY")]
    pub via: Option<Via>,

    /// Ask this adb server (repeatable) [default: the one that adb uses, 127.0.0.1:5037]
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    pub server: Vec<Endpoint>,

    /// Ask this phone or TV on the network, too, without a server (repeatable) [default port: 5555]
    #[arg(long, value_name = "HOST[:PORT]", value_parser = Endpoint::parse_phone)]
    pub connect: Vec<Endpoint>,

    /// Time for each phone: `8s`, `500ms`, `2m`, or seconds [default: 30s]
    #[arg(short, long, value_name = "DURATION", value_parser = Timeout::parse)]
    pub timeout: Option<Timeout>,

    /// Time for a person to allow this computer on phones that ask; `0`: don't wait
    /// [default: 60s on a terminal, else 0]
    #[arg(short, long, value_name = "DURATION", value_parser = Wait::parse)]
    pub wait_auth: Option<Wait>,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,

    /// Judge by every advisory, not only by those that count by default
    #[arg(long)]
    pub all: bool,

    /// Keep what each phone answered: a folder for each in DIR, whole or not at all
    #[arg(long, value_name = "DIR")]
    pub evidence: Option<PathBuf>,

    /// Say nothing but errors on standard error
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say on standard error what happens, phone by phone (twice: all of it)
    #[arg(short, long, action = clap::ArgAction::Count)]
    pub verbose: u8,

    /// Check simulated phones, to see what micheck does
    #[arg(long, conflicts_with_all = ["server", "via", "connect"])]
    pub demo: bool,
}

/// Options of `watch`.
#[expect(clippy::struct_excessive_bools, reason = "each is an option that is there or isn't")]
#[derive(Debug, Default, Args)]
#[command(after_help = WATCH_KEYS)]
pub struct WatchArgs {
    /// How phones are reached [default: auto: through the adb server if it runs, and over USB those
    /// that it doesn't show]
    #[arg(long, value_name = "WAY")]
    pub via: Option<Via>,

    /// Watch this adb server (repeatable) [default: the one that adb uses, 127.0.0.1:5037]
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    pub server: Vec<Endpoint>,

    /// Watch this phone or TV on the network, too, without a server (repeatable) [default port: 5555]
    #[arg(long, value_name = "HOST[:PORT]", value_parser = Endpoint::parse_phone)]
    pub connect: Vec<Endpoint>,

    /// Time for each answer of a phone: `8s`, `500ms`, `2m`, or seconds [default: 30s]
    #[arg(short, long, value_name = "DURATION", value_parser = Timeout::parse)]
    pub timeout: Option<Timeout>,

    /// Time for a person to allow this computer on a phone without a server [default: 2m]
    #[arg(short, long, value_name = "DURATION", value_parser = Wait::parse)]
    pub wait_auth: Option<Wait>,

    /// How often a phone at risk is asked again while it stays plugged in [default: 15s]
    #[arg(long, value_name = "DURATION", value_parser = Timeout::parse)]
    pub recheck: Option<Timeout>,

    /// How long a phone that still starts is asked again before it counts as NOT CHECKED
    /// [default: 2m]
    #[arg(long, value_name = "DURATION", value_parser = Wait::parse)]
    pub boot_wait: Option<Wait>,

    /// End when so many phones were checked
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub once: Option<u32>,

    /// `board`: a full screen; `jsonl`: one event a line [default: board on a terminal, else jsonl]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<WatchFormat>,

    /// Append every event to FILE, one a line
    #[arg(long, value_name = "FILE")]
    pub log: Option<PathBuf>,

    /// Run PROGRAM on each verdict (no shell), the event on its standard input, its main fields in
    /// `MICHECK_VERDICT`, `MICHECK_SERIAL`, …
    #[arg(long, value_name = "PROGRAM")]
    pub exec: Option<String>,

    /// An argument for the program of --exec (repeatable)
    #[arg(long, value_name = "ARG", requires = "exec", allow_hyphen_values = true)]
    pub exec_arg: Vec<String>,

    /// Language of the board [default: the system's; on Windows and on terminals that don't show
    /// Hindi well, English]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<Language>,

    /// Language of the sheets of key p [default: the system's]
    #[arg(long, value_name = "LANGUAGE")]
    pub sheet_lang: Option<Language>,

    /// What the sheets of key p are printed on [default: a5]
    #[arg(long, value_name = "SIZE")]
    pub paper: Option<Paper>,

    /// Folder for the sheets of key p [default: this one]
    #[arg(long, value_name = "DIR")]
    pub sheets: Option<PathBuf>,

    /// Serial numbers: coded, or in full [default: hashed in jsonl and --log; the last 4 characters
    /// on the board]
    #[arg(long, value_name = "FORM")]
    pub serials: Option<SerialsChoice>,

    /// Don't ring: once for a phone at risk, twice for one that was fixed
    #[arg(long)]
    pub no_bell: bool,

    /// Draw the board with ASCII characters only
    #[arg(long)]
    pub ascii: bool,

    /// Judge by every advisory, not only by those that count by default
    #[arg(long)]
    pub all: bool,

    /// Mildest verdict that makes the exit code other than 0 [default: unknown]
    #[arg(long, value_name = "VERDICT")]
    pub fail_on: Option<FailOn>,

    /// Colours [default: auto: on a terminal, unless `NO_COLOR` is set]
    #[arg(long, value_name = "WHEN")]
    pub color: Option<ColorChoice>,

    /// Settings file [default: micheck.toml here, else in your configuration folder]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Add or replace advisories with the .toml files of DIR
    #[arg(long, value_name = "DIR")]
    pub advisories: Option<PathBuf>,

    /// Show a film of simulated phones, to see what micheck does
    #[arg(long, conflicts_with_all = ["server", "via", "connect"])]
    pub demo: bool,
}

const WATCH_KEYS: &str = "\
Keys: arrows choose, Enter details, r ask again, p sheet, l its language, n name the port, ? help,
q quit.
A summary is written to standard error at the end; exit codes are those of scan.";

/// How `watch` shows what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WatchFormat {
    /// A full screen
    Board,
    /// One event a line
    Jsonl,
}

/// Options of `inspect`.
#[derive(Debug, Default, Args)]
pub struct InspectArgs {
    /// Saved `dumpsys package`, `pm dump` or `getprop` output, a bug report (.zip or .txt, also as
    /// .gz), or a folder of --evidence, `AndroidQF` or MVT; `-`: standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Judge by every advisory, not only by those that count by default
    #[arg(long)]
    pub all: bool,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of `judge`.
#[derive(Debug, Default, Args)]
pub struct JudgeArgs {
    /// The version as the phone's settings show it, like 3.1.874.10
    #[arg(required_unless_present = "absent", conflicts_with = "absent")]
    pub version: Option<String>,

    /// The app wasn't found on the phone (which is no proof that it isn't there)
    #[arg(long)]
    pub absent: bool,

    /// The advisory to judge by: its id, or a CVE id (micheck advisories lists them)
    #[arg(long, value_name = "ID", default_value = "mi-connect")]
    pub advisory: String,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of `report`.
#[derive(Debug, Default, Args)]
pub struct SavedArgs {
    /// Reports of `scan`, `inspect` and `judge` as JSON or JSON lines, or logs of `watch`; `-`:
    /// standard input
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,

    /// Where the report goes and how the run ends.
    #[command(flatten)]
    pub report: ReportArgs,
}

/// Options of every command that makes a report.
#[derive(Debug, Default, Args)]
pub struct ReportArgs {
    /// Form of the report [default: by the ending of --output, else table; with --sheet: html]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<Format>,

    /// Write the report to FILE instead of standard output, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Mildest verdict that makes the exit code other than 0 [default: unknown]
    #[arg(long, value_name = "VERDICT")]
    pub fail_on: Option<FailOn>,

    /// What phones' owners get instead of a report: a check sheet for each, as HTML
    #[arg(long)]
    pub sheet: bool,

    /// The one phone to make a sheet for: its serial number, or the end of it
    #[arg(long, value_name = "SERIAL", requires = "sheet")]
    pub serial: Option<String>,

    /// What sheets are printed on [default: a5]
    #[arg(long, value_name = "SIZE", requires = "sheet")]
    pub paper: Option<Paper>,

    /// Language of what you read [default: the system's; on Windows and on terminals that don't show
    /// Hindi well, English]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<Language>,

    /// Language of sheets [default: the system's]
    #[arg(long, value_name = "LANGUAGE")]
    pub sheet_lang: Option<Language>,

    /// Serial numbers: coded, or in full [default: hashed in files; the last 4 characters on the
    /// screen and on sheets]
    #[arg(long, value_name = "FORM")]
    pub serials: Option<SerialsChoice>,

    /// Begin CSV with a byte order mark, which Excel needs [default: auto: on Windows]
    #[arg(long, value_name = "WHEN", num_args = 0..=1, require_equals = true, default_missing_value = "always")]
    pub bom: Option<BomChoice>,

    /// Colours [default: auto: on a terminal, unless `NO_COLOR` is set]
    #[arg(long, value_name = "WHEN")]
    pub color: Option<ColorChoice>,

    /// Settings file [default: micheck.toml here, else in your configuration folder]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Add or replace advisories with the .toml files of DIR
    #[arg(long, value_name = "DIR")]
    pub advisories: Option<PathBuf>,
}

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
    /// Form of what is written [default: by the ending of --output, else table]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<PageFormat>,

    /// Language [default: the system's; on Windows and on terminals that don't show Hindi well,
    /// English]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<Language>,

    /// Write to FILE instead of standard output, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Colours [default: auto: on a terminal, unless `NO_COLOR` is set]
    #[arg(long, value_name = "WHEN")]
    pub color: Option<ColorChoice>,

    /// Settings file [default: micheck.toml here, else in your configuration folder]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Add or replace advisories with the .toml files of DIR
    #[arg(long, value_name = "DIR")]
    pub advisories: Option<PathBuf>,
}

/// Options of `doctor`.
#[derive(Debug, Default, Args)]
pub struct DoctorArgs {
    /// Look at this adb server (repeatable) [default: the one that adb uses, 127.0.0.1:5037]
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    pub server: Vec<Endpoint>,

    /// Form of what is written [default: by the ending of --output, else table]
    #[arg(short, long, value_name = "FORMAT")]
    pub format: Option<PageFormat>,

    /// Language [default: the system's; on Windows and on terminals that don't show Hindi well,
    /// English]
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<Language>,

    /// Write to FILE instead of standard output, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Colours [default: auto: on a terminal, unless `NO_COLOR` is set]
    #[arg(long, value_name = "WHEN")]
    pub color: Option<ColorChoice>,

    /// Settings file [default: micheck.toml here, else in your configuration folder]
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Print a udev rule that gives access to phones (Linux), and do nothing else
    #[arg(long, exclusive = true)]
    pub udev_rule: bool,
}

/// The forms of what is no report of phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// For people
    Table,
    /// For programs
    Json,
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Table,
    /// For programs
    Json,
    /// For programs that read line by line
    Jsonl,
    /// For spreadsheets
    Csv,
    /// A page to read and to print, in one file
    Html,
}
