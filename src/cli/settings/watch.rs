//! The settings of `watch`.

use std::path::PathBuf;
use std::time::Duration;

use super::handover::{self, Reader};
use super::{
    ConfigError, DEFAULT_TIMEOUT, Environment, PortsFile, SerialsSettings, ServersFrom,
    SheetSettings, Ways, advisories, color, read_file,
};
use crate::cli::args::{WatchArgs, WatchFormat};
use crate::cli::exit_code::FailOn;
use crate::output::terminal::ColorChoice;
use crate::report::serial::Serials;
use crate::text::Text;
use micheck_adb::Endpoint;
use micheck_core::advisory::AdvisorySet;

/// How often a phone at risk is asked again.
pub const DEFAULT_RECHECK: Duration = Duration::from_secs(15);

/// How long a phone that still starts is asked again.
pub const DEFAULT_BOOT_WAIT: Duration = Duration::from_secs(120);

/// How long a person has to allow this computer on a phone without a server.
pub const DEFAULT_WATCH_AUTH: Duration = Duration::from_secs(120);

/// How soon the demo's phones are asked again: its film is short.
const DEMO_RECHECK: Duration = Duration::from_secs(2);

/// Settings of `watch`, checked.
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
#[derive(Debug)]
pub struct WatchSettings {
    /// Servers to watch, each once.
    pub servers: Vec<Endpoint>,
    /// Where their addresses are from.
    pub servers_from: ServersFrom,
    /// Whether phones on the USB bus are asked that no server shows.
    pub usb: bool,
    /// Phones on the network, each once.
    pub connect: Vec<Endpoint>,
    /// The time that each phone has for an answer.
    pub timeout: Duration,
    /// How long a person has to allow the computer on a phone without a server.
    pub wait_auth: Duration,
    /// How often a phone at risk is asked again.
    pub recheck: Duration,
    /// How long a phone that still starts is asked again.
    pub boot_wait: Duration,
    /// The end comes after so many checked phones; `None`: when somebody says so.
    pub once: Option<usize>,
    /// How it is shown; `None`: as a board where standard output is a terminal.
    pub format: Option<WatchFormat>,
    /// The file that gets every event.
    pub log: Option<PathBuf>,
    /// What is run on each verdict: the program, then its arguments; empty: nothing.
    pub exec: Vec<String>,
    /// Whether to ring.
    pub bell: bool,
    /// Whether to draw with ASCII characters only.
    pub ascii: bool,
    /// Simulated phones instead of real ones.
    pub demo: bool,
    /// The mildest verdict that makes the run fail.
    pub fail_on: FailOn,
    /// When to colour.
    pub color: ColorChoice,
    /// What phones are judged by.
    pub advisories: AdvisorySet,
    /// The language of the board.
    pub text: Text,
    /// How the sheets of key `p` are.
    pub sheets: SheetSettings,
    /// How serial numbers stand in lines.
    pub serials: SerialsSettings,
    /// The names of ports, and where they are kept.
    pub ports: PortsFile,
}

/// Puts the settings of `watch` together.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_watch(
    args: WatchArgs,
    environment: &Environment,
) -> Result<WatchSettings, ConfigError> {
    let file = read_file(args.config.as_deref(), environment)?;
    let Ways { servers, servers_from, usb, connect, .. } =
        Ways::of(args.via, args.server, args.connect, args.demo, &file, environment)?;
    let exec = match args.exec {
        Some(program) => std::iter::once(program).chain(args.exec_arg).collect(),
        None => file.exec.clone(),
    };
    let log = args.log.or(file.log.clone());
    let advisories = advisories::load(args.advisories.as_deref(), environment)?;
    let all = args.all || file.all.unwrap_or_default();
    let recheck = if args.demo { DEMO_RECHECK } else { DEFAULT_RECHECK };
    // Without lines there is nothing to code.
    let only_board = args.format == Some(WatchFormat::Board) && log.is_none();
    let usual = only_board.then_some(Serials::End);
    Ok(WatchSettings {
        servers,
        servers_from,
        usb,
        connect,
        timeout: args.timeout.or(file.timeout).map_or(DEFAULT_TIMEOUT, |timeout| timeout.0),
        wait_auth: args.wait_auth.or(file.wait_auth).map_or(DEFAULT_WATCH_AUTH, |wait| wait.0),
        recheck: args
            .recheck
            .or(file.recheck.filter(|_| !args.demo))
            .map_or(recheck, |recheck| recheck.0),
        boot_wait: args.boot_wait.or(file.boot_wait).map_or(DEFAULT_BOOT_WAIT, |wait| wait.0),
        once: args.once.map(|once| usize::try_from(once).unwrap_or(usize::MAX)),
        format: args.format,
        log,
        exec,
        bell: !args.no_bell && file.bell.unwrap_or(true),
        ascii: args.ascii || environment.not_utf8,
        demo: args.demo,
        fail_on: args.fail_on.or(file.fail_on).unwrap_or_default(),
        color: color(args.color, &file, environment),
        advisories: if all { advisories } else { advisories.by_default() },
        text: handover::text(args.lang, &file, environment, Reader::Terminal),
        sheets: SheetSettings {
            text: handover::sheet_text(args.sheet_lang, &file, environment),
            paper: handover::paper(args.paper, &file),
            shop: handover::shop(&file)?,
            folder: args.sheets.or(file.sheets.clone()).unwrap_or_default(),
        },
        serials: handover::serials(args.serials, &file, environment, usual)?,
        // The demo's ports are nobody's.
        ports: PortsFile::find(environment.config_dir.as_deref().filter(|_| !args.demo))?,
    })
}
