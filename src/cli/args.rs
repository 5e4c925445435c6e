//! What can be typed. What it means, with file and environment, is `config`'s.
//!
//! Of each option, the first paragraph is for `-h`, which is one screen and shows the usual options
//! only; `--help` and the manual pages have all of it.

mod advisories;
mod completions;
mod doctor;
mod guess;
mod help;
mod page;
mod report;
mod scan;
mod watch;

use std::ffi::OsString;
use std::path::Path;

use clap::{Parser, Subcommand};
use micheck_adb::worker::SUBCOMMAND;

pub use advisories::{AdvisoriesAction, AdvisoriesArgs, AdvisoriesCommand, CheckArgs, ShowArgs};
pub use completions::{CompletionsArgs, completions};
pub use doctor::DoctorArgs;
pub use page::PageArgs;
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
        Self::try_parse_from(typed).map_err(|error| guess::with_what_was_meant(error, typed))
    }
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check all connected phones once [when no command is given]
    #[command(after_help = help::SCAN)]
    Scan(ScanArgs),
    /// Stay open: each phone that is plugged in gets its verdict
    #[command(after_help = help::WATCH)]
    Watch(WatchArgs),
    /// Check saved dumps, bug reports and kept evidence
    #[command(after_help = help::INSPECT)]
    Inspect(InspectArgs),
    /// Put saved reports together, in any form or language
    #[command(after_help = help::REPORT)]
    Report(SavedArgs),
    /// Judge a version that was read off a phone's settings
    #[command(after_help = help::JUDGE)]
    Judge(JudgeArgs),
    /// List what phones can be judged by; check your own
    #[command(after_help = help::ADVISORIES)]
    Advisories(AdvisoriesCommand),
    /// Say why a phone isn't seen, and what to do
    #[command(after_help = help::DOCTOR)]
    Doctor(DoctorArgs),
    /// Print completions for a shell
    #[command(after_help = help::COMPLETIONS)]
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
            Self::Scan(args) => &args.report.config,
            Self::Watch(args) => &args.config,
            Self::Inspect(args) => &args.report.config,
            Self::Report(args) => &args.report.config,
            Self::Judge(args) => &args.report.config,
            Self::Advisories(args) => match &args.command {
                None => &args.list.page.config,
                Some(AdvisoriesAction::Show(args)) => &args.output.page.config,
                Some(AdvisoriesAction::Check(_)) => return None,
            },
            Self::Doctor(args) => &args.page.config,
            Self::Completions(_) | Self::Worker => return None,
        };
        Some(typed.as_deref())
    }
}
