//! What was typed, the environment and the settings file → checked settings.
//!
//! Precedence: typed, then environment, then file, then default. Shell: reads files.

mod advisories;
mod environment;
mod error;
mod file;
mod fix;
mod output;
mod record;
mod salt;
mod watch;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::cli::args::{
    CommonArgs, DoctorArgs, JudgingArgs, PageArgs, RecordArgs, RecordPlaceArgs, ReportArgs,
    ScanArgs,
};
use crate::cli::values::{FailOn, Format, PageFormat, SerialFormat, Verbosity};
use crate::output::render::{Paper, Shop};
use crate::output::terminal::ColorChoice;
use crate::report::serial::Redaction;
use crate::scan::ScanOptions;
use crate::scan::options::{LinkArgs, LinkOptions, Via, servers};
use crate::text::Text;
use file::FileSettings;
use micheck_adb::Endpoint;
use micheck_core::advisory::AdvisorySet;

pub use crate::watch::port_names::{PORTS_FILE_NAME, PortsError, PortsFile};
pub use advisories::{
    AdvisoriesSettings, AdvisoryFiles, find_advisory, load_advisories, read_advisories,
};
pub use environment::Environment;
pub use error::ConfigError;
pub use file::{KEYS, SettingsFileError};
pub use fix::{FixSettings, load_fix};
pub use output::SerialsSettings;
pub use record::{RecordPlace, RecordSettings, load_place};
pub use salt::{SALT_FILE_NAME, SaltError};
pub use watch::{
    DEFAULT_BOOT_WAIT, DEFAULT_RECHECK, DEFAULT_WATCH_AUTH, WatchSettings, load_watch, run_id,
};

/// The name of a settings file.
pub const FILE_NAME: &str = "micheck.toml";

/// Whether a settings file lies where micheck is run, which isn't the user's own folder.
#[must_use]
pub fn lies_here() -> bool {
    let own = Environment::read().config_dir.and_then(|dir| dir.canonicalize().ok());
    let here = std::env::current_dir().and_then(|dir| dir.canonicalize()).ok();
    std::fs::symlink_metadata(FILE_NAME).is_ok() && (own.is_none() || own != here)
}

/// How long a person has to allow the computer, where somebody is there.
pub const DEFAULT_WAIT_AUTH: Duration = Duration::from_secs(60);

/// The most that a settings file may hold: it is written by hand.
const MAX_FILE_BYTES: usize = 1 << 20;

/// Settings of a scan, checked.
#[derive(Debug)]
pub struct Settings {
    /// What is scanned, and how.
    pub scan: Arc<ScanOptions>,
    /// Where each phone's evidence is kept; `None`: nowhere.
    pub evidence: Option<PathBuf>,
    /// How it is recorded; `None`: it isn't.
    pub record: Option<RecordSettings>,
    /// How much is told on standard error.
    pub verbosity: Verbosity,
    /// Simulated phones instead of real ones.
    pub demo: bool,
    /// Where the report goes and how the run ends.
    pub report: ReportSettings,
}

/// Settings of every command that makes a report, checked.
#[derive(Debug)]
pub struct ReportSettings {
    /// The form of the report.
    pub format: Format,
    /// The file that it goes to; `None`: standard output.
    pub output: Option<PathBuf>,
    /// The mildest verdict that makes the run fail.
    pub fail_on: FailOn,
    pub color: ColorChoice,
    /// All advisories, those that count by default and the others.
    pub advisories: AdvisorySet,
    /// Whether all of them count.
    pub all: bool,
    /// The language of what is written.
    pub text: Text,
    /// The language of what is said meanwhile on standard error.
    pub said: Text,
    pub shop: Shop,
    /// Sheets for phones' owners instead of a report; `None`: a report.
    pub sheet: Option<Sheet>,
    /// How serial numbers are written.
    pub serials: SerialsSettings,
    /// Whether CSV begins with a byte order mark.
    pub bom: bool,
    /// Whether a table has the phones' lines alone, and what to do first.
    pub brief: bool,
    config_dir: Option<PathBuf>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// What they are printed on.
    pub paper: Paper,
    /// The serial number, or the end of one, of the only phone that gets one; `None`: all do.
    pub serial: Option<String>,
}

/// Settings of every command that writes a page which is no report of phones, checked.
#[derive(Debug)]
pub struct PageSettings {
    /// The form of what is written.
    pub format: PageFormat,
    /// The file that it goes to; `None`: standard output.
    pub output: Option<PathBuf>,
    pub color: ColorChoice,
    /// The language of what is written.
    pub text: Text,
}

impl PageSettings {
    fn new(
        args: PageArgs,
        file: &FileSettings,
        environment: &Environment,
    ) -> Result<Self, ConfigError> {
        let of_ending = |ending: &str| match ending {
            "json" => Some(PageFormat::Json),
            "txt" => Some(PageFormat::Table),
            _ => None,
        };
        let output = args.output.as_deref();
        let format = format(args.format, output, PageFormat::Table, of_ending, ".json or .txt")?;
        let on_screen = format == PageFormat::Table && output.is_none();
        Ok(Self {
            format,
            text: output::text(args.common.lang, file, environment, on_screen),
            output: args.output,
            color: color(args.common.color, file, environment),
        })
    }
}

/// Settings of a check-up, checked.
#[derive(Debug)]
pub struct DoctorSettings {
    /// Servers to look at, each once.
    pub servers: Vec<Endpoint>,
    /// Whether a person named them: then not reaching one is a problem.
    pub servers_named: bool,
    pub page: PageSettings,
    serials: Option<SerialFormat>,
    config_dir: Option<PathBuf>,
}

impl DoctorSettings {
    /// How serial numbers are written. To be asked for where there are any: it may make a salt.
    ///
    /// # Errors
    /// The salt can't be read.
    pub fn serials(&self) -> Result<Redaction, ConfigError> {
        let on_screen = self.page.format == PageFormat::Table && self.page.output.is_none();
        let usual = on_screen.then_some(Redaction::End);
        let settings = output::serials(None, self.serials, self.config_dir.as_deref(), usual)?;
        Ok(settings.serials)
    }
}

impl ReportSettings {
    /// What phones are judged by.
    #[must_use]
    pub fn counting(&self) -> AdvisorySet {
        if self.all { self.advisories.clone() } else { self.advisories.by_default() }
    }

    /// How serial numbers stand in files beside the report: as in it, if that is one.
    ///
    /// # Errors
    /// The salt can't be read.
    pub fn file_serials(&self) -> Result<Redaction, ConfigError> {
        match &self.serials.serials {
            Redaction::End => Ok(Redaction::Hashed(salt::find(self.config_dir.as_deref())?.salt)),
            in_report => Ok(in_report.clone()),
        }
    }
}

/// Puts the settings of a scan together.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load(args: ScanArgs, environment: &Environment) -> Result<Settings, ConfigError> {
    let file = read_file(&args.report.judging.common, environment)?;
    let (demo, all) = (args.links.demo, args.links.all);
    let wait = if environment.attended { DEFAULT_WAIT_AUTH } else { Duration::ZERO };
    let links = links(args.links, wait, &file, environment)?;
    let report = report_settings(args.report, all, false, &file, environment)?;
    let advisories = Arc::new(report.counting());
    let record = record::load(args.record, demo, &file, environment)?;
    let (salt, keep_evidence) = (RecordSettings::salt_of(record.as_ref()), args.evidence.is_some());
    Ok(Settings {
        scan: Arc::new(ScanOptions { links, advisories, keep_evidence, salt }),
        record,
        verbosity: Verbosity::of(args.quiet, args.verbose),
        demo,
        evidence: args.evidence,
        report,
    })
}

/// How phones are reached.
fn links(
    args: LinkArgs,
    default_wait: Duration,
    file: &FileSettings,
    environment: &Environment,
) -> Result<LinkOptions, ConfigError> {
    let over_usb = args.via(&file.links) == Via::Usb;
    if over_usb && !args.server.is_empty() {
        return Err(ConfigError::ServerPastUsb);
    }
    let asks_environment = args.server.is_empty() && !args.demo && !over_usb;
    let from_environment = if asks_environment { environment.server()? } else { None };
    Ok(args.resolve(from_environment, &file.links, default_wait))
}

/// Puts the settings of a command together that only makes a report; `all` is whether somebody
/// typed that every advisory counts.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_report(
    args: ReportArgs,
    all: bool,
    environment: &Environment,
) -> Result<ReportSettings, ConfigError> {
    let file = read_file(&args.judging.common, environment)?;
    report_settings(args, all, false, &file, environment)
}

/// The same of a command that records what it reports.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_recorded(
    args: ReportArgs,
    record: RecordArgs,
    all: bool,
    environment: &Environment,
) -> Result<(ReportSettings, Option<RecordSettings>), ConfigError> {
    let file = read_file(&args.judging.common, environment)?;
    let record = record::load(record, false, &file, environment)?;
    Ok((report_settings(args, all, false, &file, environment)?, record))
}

/// The same of a command that reports what is on record.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_recorded_place(
    args: ReportArgs,
    place: RecordPlaceArgs,
    all: bool,
    environment: &Environment,
) -> Result<(ReportSettings, RecordPlace), ConfigError> {
    let file = read_file(&args.judging.common, environment)?;
    let place = record::place(place, &file, environment)?;
    Ok((report_settings(args, all, false, &file, environment)?, place))
}

/// Puts the settings of a check-up together.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_doctor(
    args: DoctorArgs,
    environment: &Environment,
) -> Result<DoctorSettings, ConfigError> {
    let file = read_file(&args.page.common, environment)?;
    let from_environment = if args.server.is_empty() { environment.server()? } else { None };
    let of_file = &file.links.server;
    Ok(DoctorSettings {
        servers_named: !args.server.is_empty() || from_environment.is_some() || !of_file.is_empty(),
        servers: servers(args.server, from_environment, of_file),
        page: PageSettings::new(args.page, &file, environment)?,
        serials: file.serials,
        config_dir: environment.config_dir.clone(),
    })
}

fn read_file(
    typed: &CommonArgs,
    environment: &Environment,
) -> Result<FileSettings, SettingsFileError> {
    file::find(typed.config.as_deref(), environment.config_dir.as_deref())
}

fn color(
    typed: Option<ColorChoice>,
    file: &FileSettings,
    environment: &Environment,
) -> ColorChoice {
    typed.or(environment.no_color.then_some(ColorChoice::Never)).or(file.color).unwrap_or_default()
}

/// `is_fix`: whether a serial number chooses more than a sheet.
fn report_settings(
    args: ReportArgs,
    all: bool,
    is_fix: bool,
    file: &FileSettings,
    environment: &Environment,
) -> Result<ReportSettings, ConfigError> {
    let of_ending = |ending: &str| match ending {
        "json" => Some(Format::Json),
        "jsonl" => Some(Format::Jsonl),
        "csv" => Some(Format::Csv),
        "html" | "htm" => Some(Format::Html),
        "txt" => Some(Format::Table),
        _ => None,
    };
    let usual = if args.sheet { Format::Html } else { Format::Table };
    let endings = ".json, .jsonl, .csv, .html or .txt";
    let format = format(args.format, args.output.as_deref(), usual, of_ending, endings)?;
    if args.sheet && format != Format::Html {
        return Err(ConfigError::SheetFormat);
    }
    if args.serial.is_some() && !(args.sheet || is_fix) {
        return Err(ConfigError::SerialWithoutSheet);
    }
    if args.brief && format != Format::Table {
        return Err(ConfigError::BriefFormat);
    }
    let JudgingArgs { common, sheet_lang, fail_on, serials, advisories } = args.judging;
    let on_screen = format == Format::Table && args.output.is_none();
    let usual = (args.sheet || on_screen).then_some(Redaction::End);
    let config_dir = environment.config_dir.clone();
    Ok(ReportSettings {
        format,
        output: args.output,
        fail_on: fail_on.or(file.fail_on).unwrap_or_default(),
        color: color(common.color, file, environment),
        advisories: advisories::load(advisories.as_deref(), environment)?,
        all: all || file.all.unwrap_or_default(),
        text: if args.sheet {
            output::sheet_text(sheet_lang, file, environment)
        } else {
            output::text(common.lang, file, environment, on_screen)
        },
        said: output::text(common.lang, file, environment, true),
        // A logo that can't be read is no reason to check no phone where none is shown.
        shop: if format == Format::Html { output::shop(file)? } else { Shop::default() },
        sheet: args
            .sheet
            .then(|| Sheet { paper: output::paper(args.paper, file), serial: args.serial }),
        serials: output::serials(serials, file.serials, config_dir.as_deref(), usual)?,
        bom: args.bom.unwrap_or_default().holds(),
        brief: args.brief,
        config_dir,
    })
}

/// What was typed, else what the output file's ending says, else the `usual` form.
fn format<T>(
    typed: Option<T>,
    output: Option<&Path>,
    usual: T,
    of_ending: fn(&str) -> Option<T>,
    endings: &'static str,
) -> Result<T, ConfigError> {
    let Some(path) = output.filter(|_| typed.is_none()) else {
        return Ok(typed.unwrap_or(usual));
    };
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let format = ending.as_deref().and_then(of_ending);
    format.ok_or_else(|| match ending.as_deref() {
        // Of the commands that write pages.
        Some("pdf") if of_ending("html").is_some() => ConfigError::Pdf,
        _ => ConfigError::OutputEnding { path: path.to_owned(), endings },
    })
}

#[cfg(test)]
mod tests;
