//! The commands, from settings to exit code. Shell: everything outside meets here.

mod advisories;
mod doctor;
mod inspect;
mod saved;
mod watch;
mod written;

use std::fmt::Display;
use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;

use jiff::Zoned;
use thiserror::Error;
use tokio::sync::mpsc::{self, UnboundedSender};
use tokio::task::JoinHandle;

use crate::cli::args::{Cli, Command, CompletionsArgs, JudgeArgs, ScanArgs, completions};
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Chatter, ConfigError, Environment, ServersFrom, Settings, Via};
use crate::doctor::host;
use crate::output::file::{Output, OutputError};
use crate::output::render::{Layout, Page};
use crate::output::terminal::ColorChoice;
use crate::output::terminal::{Terminal, shown};
use crate::report::evidence_dir::{EvidenceDir, EvidenceDirError};
use crate::report::import::SavedReportError;
use crate::report::serial::Serials;
use crate::report::{Connection, Link, Observation, Outcome, Report, Run};
use crate::scan::aside::aside;
use crate::scan::progress;
use crate::scan::{self, Found, Plan, Progress};
use crate::text::{Text, t};
use crate::watch::{LinesError, ScreenError};
use micheck_adb::key;
use micheck_adb::server::ServerError;
use micheck_adb::{Endpoint, Trouble};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::hint;
use micheck_core::verdict::Reason;
use micheck_platform::interrupts::{Interrupts, survive_full_files};
use written::{Written, finish, prepare, written};

/// Why a command couldn't be carried out.
#[derive(Debug, Error)]
enum RunError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Evidence(#[from] EvidenceDirError),
    #[error("`-` stands for standard input, which can be read once only; give it once")]
    StdinTwice,
    #[error("{}", several(.0))]
    SavedReports(Vec<SavedReportError>),
    #[error(
        "{} has the serial number `{wanted}`, or one that ends so; give --serial more of it, or \
         leave it out. There: {there}",
        match count { 0 => "no phone".to_owned(), count => format!("more than one phone ({count})") }
    )]
    SheetSerial { wanted: String, count: usize, there: String },
    #[error(
        "can't start: {0}; close other programs, or raise the limits of open files and processes \
         (`ulimit -n`, `ulimit -u`)"
    )]
    Runtime(std::io::Error),
    #[error("can't start the simulated phones: {0}")]
    Simulator(String),
    #[error(transparent)]
    Screen(#[from] ScreenError),
    #[error(transparent)]
    Lines(#[from] LinesError),
    #[error("{}", listed(.0))]
    NoServer(Vec<ServerError>),
    #[error("can't look at the USB bus: {0}; use an adb server (--via server)")]
    NoUsb(String),
}

fn listed(errors: &[ServerError]) -> String {
    let with_remedy = |error: &ServerError| format!("{error}; {}", error.remedy());
    errors.iter().map(with_remedy).collect::<Vec<_>>().join("\nmicheck: ")
}

fn several(errors: &[SavedReportError]) -> String {
    errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\nmicheck: ")
}

/// Carries out what was typed.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    micheck_adb::raise_open_files();
    if let Ok(runtime) = runtime() {
        let _inside = runtime.enter();
        survive_full_files();
    }
    let command = cli.command.unwrap_or_else(|| Command::Scan(ScanArgs::default()));
    if command.config().is_some_and(|typed| typed.is_none()) && settings::lies_here() {
        say(&format_args!(
            "micheck: {0} in this folder isn't read, because anybody may have put it there: \
             move it into your configuration folder, or name it: --config {0}",
            settings::FILE_NAME
        ));
    }
    let result = match command {
        Command::Worker => return worker(),
        Command::Scan(args) => run_scan(args),
        Command::Watch(args) => watch::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Report(args) => saved::run(args),
        Command::Judge(args) => run_judge(args),
        Command::Advisories(command) => advisories::run(command),
        Command::Doctor(args) => doctor::run(args),
        Command::Completions(args) => print_completions(&args),
    };
    result.unwrap_or_else(|error| {
        say(&format_args!("micheck: {error}"));
        ExitCode::Error
    })
}

fn print_completions(args: &CompletionsArgs) -> Result<ExitCode, RunError> {
    Output::Stdout.write(&completions(args.shell))?;
    Ok(ExitCode::Fine)
}

fn worker() -> ExitCode {
    micheck_adb::worker::main();
    ExitCode::Fine
}

/// Writes a line to standard error; nothing can be done when that fails.
fn say(line: &dyn Display) {
    let _ = writeln!(std::io::stderr(), "{}", shown(&line.to_string()));
}

/// What everything that waits runs in.
fn runtime() -> Result<tokio::runtime::Runtime, RunError> {
    micheck_adb::look_for_room().map_err(RunError::Runtime)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(RunError::Runtime)
}

/// Serial numbers will be coded differently the next time.
fn not_kept(why: &str) -> String {
    format!("micheck: warning: {why}: serial numbers are coded differently the next time")
}

/// The warning about a server on another computer.
fn not_here(endpoint: &Endpoint, text: Text) -> String {
    format!("micheck: {}", t!(text, "server-elsewhere", server = endpoint.to_string()))
}

fn run_scan(args: ScanArgs) -> Result<ExitCode, RunError> {
    let settings = Arc::new(settings::load(args, &Environment::read())?);
    let runtime = runtime()?;
    let inside = runtime.enter();
    // Before anything is begun that Ctrl-C mustn't leave behind.
    let interrupted = interrupted();
    let output = prepare(&settings.report)?;
    let evidence = settings.evidence.as_deref().map(EvidenceDir::prepare).transpose()?;
    let evidence = evidence.map(Arc::new);
    trace_to_stderr(settings.chatter);
    let warned = settings.servers.iter().filter(|endpoint| !endpoint.is_loopback());
    for endpoint in warned.filter(|_| settings.chatter != Chatter::Quiet) {
        say(&not_here(endpoint, settings.report.said));
    }
    let code = runtime.block_on(async {
        let mut interrupted = std::pin::pin!(interrupted);
        let (written, code) = tokio::select! {
            report = scan_and_render(&settings, evidence.clone()) => report?,
            () = &mut interrupted => {
                // It may be in the middle of writing, on a thread that nothing else ends.
                if let Some(evidence) = &evidence {
                    evidence.abandon();
                }
                return Ok(ExitCode::Interrupted);
            }
        };
        let Some(written) = written else { return Ok(code) };
        if output.is_brief() {
            // Not to be broken off: signals wait until it is done.
            written.write(output, settings.report.said)?;
            return Ok(code);
        }
        let settings = Arc::clone(&settings);
        let writing = aside(move || written.write(output, settings.report.said));
        tokio::select! {
            written = writing => written.expect("writing doesn't panic")?,
            () = interrupted => return Ok(ExitCode::Interrupted),
        }
        Ok(code)
    });
    drop(inside);
    // A report that nobody reads may still be on its way to standard output.
    runtime.shutdown_background();
    code
}

/// Does work that waits for nobody, so that Ctrl-C is heard; `None`: it was.
fn interruptible<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>, RunError> {
    until_interrupted(async { aside(work).await.expect("the work doesn't panic") })
}

/// Does work that waits for others, in a runtime of its own; `None`: Ctrl-C ended it.
fn until_interrupted<T>(work: impl Future<Output = T>) -> Result<Option<T>, RunError> {
    let runtime = runtime()?;
    let inside = runtime.enter();
    let interrupted = interrupted();
    let done = runtime.block_on(async {
        tokio::select! {
            done = work => Some(done),
            () = interrupted => None,
        }
    });
    drop(inside);
    // It may go on reading what nobody waits for any more.
    runtime.shutdown_background();
    Ok(done)
}

/// The time, RFC 3339 with offset.
fn now() -> String {
    Zoned::now().strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

/// Judges a version that a person typed. Asks no phone and no server.
fn run_judge(args: JudgeArgs) -> Result<ExitCode, RunError> {
    let settings = settings::load_report(args.report, false, &Environment::read())?;
    let id = &settings::find_advisory(&settings.advisories, &args.advisory)?.id;
    let set = settings.advisories.only(id).expect("it was found just now");
    let output = prepare(&settings)?;
    let observation = Observation {
        connection: Connection::of_link(Link::Typed),
        listed_model: None,
        outcome: Outcome::Typed(args.version.map(String::into_bytes)),
        detail: None,
        duration_ms: 0,
        source: None,
    };
    let run = Run { taken_at: now(), simulated: false, hints: Vec::new() };
    let report = Report::new(run, vec![observation], &set, settings.text);
    finish(report, &settings, output)
}

/// Scans, keeps the evidence, and gives the report as text with the exit code that it leads to.
async fn scan_and_render(
    settings: &Settings,
    evidence: Option<Arc<EvidenceDir>>,
) -> Result<(Option<Written>, ExitCode), RunError> {
    let taken_at = now();
    let advisories = Arc::new(settings.report.counting());
    let demo = if settings.demo {
        let started = micheck_simulator::demo().start().await;
        Some(started.map_err(|error| RunError::Simulator(error.to_string()))?)
    } else {
        None
    };
    let servers = match &demo {
        Some(demo) => vec![demo.address().into()],
        None => settings.servers.clone(),
    };
    let (progress, shown) = start_progress(settings);
    let plan = Plan {
        servers: servers.clone(),
        servers_named: settings.servers_from == ServersFrom::Person,
        usb: settings.usb,
        connect: settings.connect.clone(),
        key: key::default_path(),
        timeout: settings.timeout,
        wait_auth: settings.wait_auth,
        keep_evidence: evidence.is_some(),
        advisories: Arc::clone(&advisories),
        progress,
    };
    let mut found = scan::scan(&plan).await;
    // The line goes away before anything else is written.
    drop(plan);
    if let Some(shown) = shown {
        shown.await.expect("progress doesn't panic");
    }
    check_servers(&servers, &mut found, settings)?;
    check_usb(&mut found, settings)?;
    let hints = if found.observations.is_empty() {
        let looked_at_usb = settings.usb && found.usb_trouble.is_none();
        hint::hints(host::look(found.servers_reached > 0, looked_at_usb))
    } else {
        Vec::new()
    };
    let run = Run { taken_at, simulated: settings.demo, hints };
    if let Some(evidence) = evidence {
        let serials = settings.report.file_serials()?;
        found.observations = keep(evidence, found.observations, &run, &advisories, serials).await?;
    }
    let report = Report::new(run, found.observations, &advisories, settings.report.text);
    drop(found.shares);
    let code = ExitCode::of_report(&report, settings.report.fail_on);
    Ok((written(report, &settings.report)?, code))
}

/// Writes the phones' evidence, and hands them back.
async fn keep(
    evidence: Arc<EvidenceDir>,
    observations: Vec<Observation>,
    run: &Run,
    advisories: &Arc<AdvisorySet>,
    serials: Serials,
) -> Result<Vec<Observation>, EvidenceDirError> {
    let (run, advisories) = (run.clone(), Arc::clone(advisories));
    // Off the reactor, so that Ctrl-C is heard.
    let written = aside(move || {
        evidence.write(&observations, &run, &advisories, &serials).map(|()| observations)
    });
    written.await.expect("writing doesn't panic")
}

/// Standard error as the terminal can show it.
struct ShownStderr;

impl std::io::Write for ShownStderr {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        std::io::stderr().write_all(shown(&text).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        std::io::stderr().flush()
    }
}

/// Sends what `-v` asks for to standard error.
fn trace_to_stderr(chatter: Chatter) {
    let level = match chatter {
        Chatter::Quiet | Chatter::Usual => return,
        Chatter::Verbose => tracing::Level::DEBUG,
        Chatter::VeryVerbose => tracing::Level::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(|| ShownStderr)
        .with_target(false)
        .init();
}

/// Starts whoever tells the person how the scan goes.
fn start_progress(
    settings: &Settings,
) -> (Option<UnboundedSender<Progress>>, Option<JoinHandle<()>>) {
    let (events, seen) = mpsc::unbounded_channel();
    let (wait_auth, text) = (settings.wait_auth, settings.report.said);
    match settings.chatter {
        Chatter::Usual if std::io::stderr().is_terminal() => {
            (Some(events), Some(tokio::spawn(progress::draw(seen, wait_auth, text))))
        }
        Chatter::Usual | Chatter::Verbose | Chatter::VeryVerbose if !wait_auth.is_zero() => {
            (Some(events), Some(tokio::spawn(progress::tell_waits(seen, wait_auth, text))))
        }
        _ => (None, None),
    }
}

/// Says which servers couldn't be asked; none at all where a person named one is an error.
fn check_servers(
    servers: &[Endpoint],
    found: &mut Found,
    settings: &Settings,
) -> Result<(), RunError> {
    let mut lost = std::mem::take(&mut found.lost_servers);
    // In the order of naming, not of failing.
    lost.sort_by_key(|error| servers.iter().position(|server| server == error.endpoint()));
    let nothing_reached = found.servers_reached == 0;
    let not_running = lost.iter().all(|error| matches!(error, ServerError::Unreachable { .. }));
    let named = settings.servers_from != ServersFrom::Default;
    let usb_seen = settings.usb && found.usb_trouble.is_none();
    let other_ways = usb_seen || !settings.connect.is_empty();
    // What other ways have found counts all the same.
    if nothing_reached
        && !lost.is_empty()
        && found.observations.is_empty()
        && (named || !not_running && !other_ways)
    {
        return Err(RunError::NoServer(lost));
    }
    // That no server runs at the usual address is no trouble where none is needed.
    lost.retain(|error| {
        !(settings.usb && !named && matches!(error, ServerError::Unreachable { .. }))
    });
    for error in lost.iter().filter(|_| settings.chatter != Chatter::Quiet) {
        say(&format_args!("micheck: {error}"));
    }
    Ok(())
}

/// Says what couldn't be seen of the USB bus; nothing at all where only that was asked for is an
/// error.
fn check_usb(found: &mut Found, settings: &Settings) -> Result<(), RunError> {
    if let Some(trouble) = &found.usb_trouble {
        if settings.via == Via::Usb && settings.connect.is_empty() {
            return Err(RunError::NoUsb(usb_detail(trouble)));
        }
        // That this computer has no bus hides no phone.
        let no_bus = trouble.reason == Reason::UnsupportedInterface;
        let only_way = found.servers_reached == 0 && settings.connect.is_empty();
        if settings.chatter != Chatter::Quiet && (only_way || !no_bus) {
            let said = t!(settings.report.said, "usb-unseen", why = usb_detail(trouble));
            say(&format_args!("micheck: {said}"));
        }
        if !no_bus {
            found.observations.push(scan::unseen_bus(trouble));
        }
    }
    Ok(())
}

fn usb_detail(trouble: &Trouble) -> String {
    let detail = trouble.detail.as_deref().unwrap_or(trouble.reason.key());
    escape(detail).into_owned()
}

/// A page for people, as wide as the terminal is and with its colours, or plain for a file.
fn laid_out(page: impl Fn(Layout) -> Page, to_file: bool, color: ColorChoice) -> String {
    if to_file {
        return page(Layout { width: None }).plain();
    }
    let terminal = Terminal::stdout(color);
    shown(&terminal.paint(&page(Layout { width: terminal.width }))).into_owned()
}

/// Hears Ctrl-C and requests to end from now on; to be called inside the runtime.
fn interrupted() -> impl Future<Output = ()> {
    let mut interrupts = Interrupts::new();
    async move { interrupts.next().await }
}
