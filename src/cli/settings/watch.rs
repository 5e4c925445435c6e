//! The settings of `watch`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{
    ConfigError, Environment, PortsFile, RecordSettings, advisories, color, links, output,
    read_file, record,
};
use crate::cli::args::{JudgingArgs, WatchArgs};
use crate::cli::values::{FailOn, WatchFormat};
use crate::output::terminal::ColorChoice;
use crate::report::AdvisoriesUsed;
use crate::report::serial::Redaction;
use crate::scan::ScanOptions;
use crate::watch::board::Rules;
use crate::watch::{HookCommand, SheetOptions, WatchOptions};
use micheck_core::escape::hex;

/// How often a phone at risk is asked again.
pub const DEFAULT_RECHECK: Duration = Duration::from_secs(15);

/// How long a phone that still starts is asked again.
pub const DEFAULT_BOOT_WAIT: Duration = Duration::from_secs(120);

/// How long a person has to allow this computer on a phone without a server.
pub const DEFAULT_WATCH_AUTH: Duration = Duration::from_secs(120);

/// How soon the demo's phones are asked again: its film is short.
pub(super) const DEMO_RECHECK: Duration = Duration::from_secs(2);

/// Settings of `watch`, checked.
#[derive(Debug)]
pub struct WatchSettings {
    /// What is watched, and how.
    pub options: WatchOptions,
    /// How it is shown; `None`: as a board where standard output is a terminal.
    pub format: Option<WatchFormat>,
    /// How verdicts are recorded; `None`: they aren't.
    pub record: Option<RecordSettings>,
    /// The file that gets every event.
    pub log: Option<PathBuf>,
    pub bell: bool,
    /// Whether to draw with ASCII characters only.
    pub ascii: bool,
    /// The mildest verdict that makes the run fail.
    pub fail_on: FailOn,
    pub color: ColorChoice,
    /// The names of ports, and where they are kept.
    pub ports: PortsFile,
    /// Why the next run will code serial numbers differently; `None`: it won't.
    pub not_kept: Option<String>,
}

/// Puts the settings of `watch` together.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_watch(
    args: WatchArgs,
    environment: &Environment,
) -> Result<WatchSettings, ConfigError> {
    let JudgingArgs { common, sheet_lang, fail_on, serials, advisories } = args.judging;
    let file = read_file(&common, environment)?;
    let (demo, all) = (args.links.demo, args.links.all || file.all.unwrap_or_default());
    let links = links(args.links, DEFAULT_WATCH_AUTH, &file, environment)?;
    let typed = args.exec.map(|program| HookCommand { program, args: args.exec_arg });
    let log = args.log.or(file.log.clone());
    let set = advisories::load(advisories.as_deref(), environment)?;
    let set = Arc::new(if all { set } else { set.by_default() });
    let recheck = if demo { DEMO_RECHECK } else { DEFAULT_RECHECK };
    // Without lines there is nothing to code.
    let only_board = args.format == Some(WatchFormat::Board) && log.is_none();
    let usual = only_board.then_some(Redaction::End);
    let serials = output::serials(serials, file.serials, environment.config_dir.as_deref(), usual)?;
    let record = record::load(args.record, demo, &file, environment)?;
    let options = WatchOptions {
        rules: Rules {
            recheck: args.recheck.or(file.recheck.filter(|_| !demo)).unwrap_or(recheck),
            boot_wait: args.boot_wait.or(file.boot_wait).unwrap_or(DEFAULT_BOOT_WAIT),
            run: run_id(),
            simulated: demo,
            records: record.is_some(),
            job: record.as_ref().and_then(|record| record.job.clone()),
            advisories: AdvisoriesUsed::of(&set),
            text: output::text(common.lang, &file, environment, true),
        },
        once: args.once.map(|once| usize::try_from(once).unwrap_or(usize::MAX)),
        exec: typed.or(file.exec.clone()),
        sheets: SheetOptions {
            language: output::sheet_text(sheet_lang, &file, environment).language,
            paper: output::paper(args.paper, &file),
            shop: output::shop(&file)?,
            folder: args.sheets.or(file.sheets.clone()).unwrap_or_default(),
            advisories: Arc::clone(&set),
        },
        serials: serials.serials,
        scan: Arc::new(ScanOptions {
            links,
            advisories: set,
            keep_evidence: false,
            salt: RecordSettings::salt_of(record.as_ref()),
        }),
    };
    Ok(WatchSettings {
        options,
        format: args.format,
        record,
        log,
        bell: !args.no_bell && file.bell.unwrap_or(true),
        ascii: args.ascii || environment.not_utf8,
        fail_on: fail_on.or(file.fail_on).unwrap_or_default(),
        color: color(common.color, &file, environment),
        // The demo's ports are nobody's.
        ports: PortsFile::find(environment.config_dir.as_deref().filter(|_| !demo))?,
        not_kept: serials.not_kept,
    })
}

/// What tells the events of this run from those of every other.
#[must_use]
pub fn run_id() -> String {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // Of two runs at the same time the processes differ.
        let since = jiff::Timestamp::now().as_nanosecond().to_le_bytes();
        bytes[..12].copy_from_slice(&since[..12]);
        bytes[12..].copy_from_slice(&std::process::id().to_le_bytes());
    }
    hex(&bytes)
}
