//! What can be typed. What it means, with file and environment, is `settings`'.
//!
//! Of each option, the first paragraph is for `-h`, which is one screen and shows the usual options
//! only; `--help` and the manual pages have all of it.

mod advisories;
mod common;
mod completions;
mod doctor;
mod fix;
mod guess;
mod help;
mod page;
mod record;
mod report;
mod scan;
mod watch;

use std::ffi::OsString;
use std::path::Path;

use clap::{Parser, Subcommand};
use micheck_adb::worker::SUBCOMMAND;

pub use advisories::{AdvisoriesAction, AdvisoriesArgs, AdvisoriesCommand, CheckArgs, ShowArgs};
pub use common::{CommonArgs, JudgingArgs};
pub use completions::{CompletionsArgs, completions};
pub use doctor::DoctorArgs;
pub use fix::FixArgs;
pub use page::PageArgs;
pub use record::{
    ForgetArgs, HistoryArgs, RecallArgs, RecordAction, RecordArgs, RecordCommand, RecordExportArgs,
    RecordImportArgs, RecordPlaceArgs, RecordStatusArgs,
};
pub use report::{InspectArgs, JudgeArgs, ReportArgs, SavedArgs};
pub use scan::ScanArgs;
pub use watch::WatchArgs;

/// The command line.
#[derive(Debug, Parser)]
#[command(name = "micheck", version, about = help::ABOUT, long_about = None)]
#[command(max_term_width = 100, help_template = help::WHOLE, after_help = help::WHOLE_AFTER)]
#[command(override_usage = "micheck [COMMAND]")]
pub struct Cli {
    /// What to do; `scan` when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Cli {
    /// Takes apart what was typed, the program's name first.
    ///
    /// # Errors
    /// It can't be understood, or asks for help or the version; with what was probably meant.
    pub fn of(typed: &[OsString]) -> Result<Self, clap::Error> {
        let mut words = typed.to_vec();
        if words.get(1).is_some_and(is_of_scan) {
            words.insert(1, "scan".into());
        }
        Self::try_parse_from(&words).map_err(|error| guess::with_what_was_meant(error, &words))
    }
}

/// Whether what is typed first is an option, and none of micheck as a whole: then it is one of the
/// command that needn't be typed.
fn is_of_scan(first: &OsString) -> bool {
    let first = first.to_string_lossy();
    first.len() > 1
        && first.starts_with('-')
        && !matches!(&*first, "-h" | "--help" | "-V" | "--version" | "--")
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check all connected phones once [when no command is given]
    #[command(after_help = help::SCAN, aliases = ["check", "test", "run", "start", "list", "ls", "all", "devices", "phones"])]
    Scan(ScanArgs),
    /// Stay open and check each phone that is plugged in
    #[command(after_help = help::WATCH, aliases = ["board", "bench", "monitor", "serve", "follow", "live"])]
    Watch(WatchArgs),
    /// Have phones at risk show their updater, and wait
    #[command(after_help = help::FIX, aliases = ["patch", "repair", "remedy"])]
    Fix(FixArgs),
    /// Check saved dumps, bug reports and evidence
    #[command(after_help = help::INSPECT, aliases = ["dump", "dumpsys", "bugreport", "read", "open", "file", "analyze", "analyse"])]
    Inspect(InspectArgs),
    /// Merge saved reports, in any format or language
    #[command(after_help = help::REPORT, aliases = ["show", "convert", "merge", "join", "export", "print", "csv", "html"])]
    Report(SavedArgs),
    /// Judge a version that you read on a phone
    #[command(after_help = help::JUDGE, aliases = ["rate", "compare"])]
    Judge(JudgeArgs),
    /// Show earlier results, from the record
    #[command(after_help = help::HISTORY, aliases = ["log", "past"])]
    History(HistoryArgs),
    /// Find phones to call back, by today's advisories
    #[command(after_help = help::RECALL, aliases = ["callback", "rejudge"])]
    Recall(RecallArgs),
    /// Erase checks from the record for good
    #[command(after_help = help::FORGET, aliases = ["erase", "delete", "purge"])]
    Forget(ForgetArgs),
    /// Where the record is; export and import it
    #[command(after_help = help::RECORD)]
    Record(RecordCommand),
    /// List the advisories, or check your own
    #[command(after_help = help::ADVISORIES, aliases = ["cve", "cves", "rules", "db", "database"])]
    Advisories(AdvisoriesCommand),
    /// Find out why a phone isn't seen
    #[command(after_help = help::DOCTOR, aliases = ["diagnose", "debug", "usb", "driver", "udev", "setup"])]
    Doctor(DoctorArgs),
    /// Print completions for a shell
    #[command(after_help = help::COMPLETIONS, hide = true)]
    Completions(CompletionsArgs),
    /// Talk to one phone, for another micheck
    #[command(name = SUBCOMMAND, hide = true)]
    Worker,
}

impl Command {
    /// The settings file that was typed, in commands that read one and may warn.
    #[must_use]
    pub fn config(&self) -> Option<Option<&Path>> {
        let typed = match self {
            Self::Scan(args) if args.quiet => return None,
            Self::Scan(args) => &args.report.judging.common,
            Self::Watch(args) => &args.judging.common,
            Self::Fix(args) if args.quiet => return None,
            Self::Fix(args) => &args.report.judging.common,
            Self::Inspect(args) => &args.report.judging.common,
            Self::Report(args) => &args.report.judging.common,
            Self::Judge(args) => &args.report.judging.common,
            Self::Advisories(args) => match &args.command {
                None => &args.list.page.common,
                Some(AdvisoriesAction::Show(args)) => &args.output.page.common,
                Some(AdvisoriesAction::Check(_)) => return None,
            },
            Self::History(args) => &args.report.judging.common,
            Self::Recall(args) => &args.report.judging.common,
            Self::Forget(args) => &args.page.common,
            Self::Record(args) => match &args.action {
                RecordAction::Status(args) => &args.page.common,
                RecordAction::Import(args) => &args.page.common,
                RecordAction::Export(args) => return Some(args.config.as_deref()),
            },
            Self::Doctor(args) => &args.page.common,
            Self::Completions(_) | Self::Worker => return None,
        };
        Some(typed.config.as_deref())
    }
}
