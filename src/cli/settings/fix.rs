//! The settings of `fix`.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{
    ConfigError, DEFAULT_BOOT_WAIT, DEFAULT_RECHECK, DEFAULT_WAIT_AUTH, Environment,
    RecordSettings, ReportSettings, links, read_file, record, report_settings, watch,
};
use crate::cli::args::FixArgs;
use crate::cli::values::{FixRoute, Verbosity};
use crate::fix::FixOptions;
use crate::report::AdvisoriesUsed;
use crate::scan::ScanOptions;
use crate::watch::board::Rules;
use micheck_core::update_route::UpdateKind;

/// How long updates are waited for.
const DEFAULT_WAIT: Duration = Duration::from_secs(30 * 60);

/// The same of the demo's phones, one of which never gets any.
const DEMO_WAIT: Duration = Duration::from_secs(24);

/// Settings of `fix`, checked.
#[derive(Debug)]
pub struct FixSettings {
    /// What is done, and how.
    pub options: FixOptions,
    /// The serial number, or the end of one, of the only phone that is asked; `None`: all at risk are.
    pub serial: Option<String>,
    /// Whether nobody is asked before phones are.
    pub yes: bool,
    /// Where each phone's evidence is kept; `None`: nowhere.
    pub evidence: Option<PathBuf>,
    /// How verdicts are recorded; `None`: they aren't.
    pub record: Option<RecordSettings>,
    /// How much is told on standard error.
    pub verbosity: Verbosity,
    /// Where the report goes and how the run ends.
    pub report: ReportSettings,
}

/// Puts the settings of `fix` together.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_fix(args: FixArgs, environment: &Environment) -> Result<FixSettings, ConfigError> {
    let file = read_file(&args.report.judging.common, environment)?;
    let (demo, all) = (args.links.demo, args.links.all);
    let wait_auth = if environment.attended { DEFAULT_WAIT_AUTH } else { Duration::ZERO };
    let links = links(args.links, wait_auth, &file, environment)?;
    let serial = args.report.serial.clone();
    let kind = match args.route.unwrap_or_default() {
        FixRoute::Apps => UpdateKind::Apps,
        FixRoute::System if serial.is_none() => return Err(ConfigError::SystemOfAll),
        FixRoute::System => UpdateKind::System,
    };
    let report = report_settings(args.report, all, true, &file, environment)?;
    let advisories = Arc::new(report.counting());
    let recheck = if demo { watch::DEMO_RECHECK } else { DEFAULT_RECHECK };
    let boot_wait = args.boot_wait.or(file.boot_wait).unwrap_or(DEFAULT_BOOT_WAIT);
    let record = record::load(args.record, demo, &file, environment)?;
    let options = FixOptions {
        rules: Rules {
            recheck: args.recheck.or(file.recheck.filter(|_| !demo)).unwrap_or(recheck),
            boot_wait,
            run: watch::run_id(),
            simulated: demo,
            records: record.is_some(),
            job: record.as_ref().and_then(|record| record.job.clone()),
            advisories: AdvisoriesUsed::of(&advisories),
            text: report.said,
        },
        kind,
        wait: args.wait.unwrap_or(if demo { DEMO_WAIT } else { DEFAULT_WAIT }),
        scan: Arc::new(ScanOptions {
            links,
            advisories,
            keep_evidence: args.evidence.is_some(),
            salt: RecordSettings::salt_of(record.as_ref()),
        }),
    };
    let verbosity = Verbosity::of(args.quiet, args.verbose);
    Ok(FixSettings {
        options,
        serial,
        yes: args.yes,
        evidence: args.evidence,
        record,
        verbosity,
        report,
    })
}
