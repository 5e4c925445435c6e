//! The commands, from settings to exit code. Shell: everything outside meets here.

mod advisories;
mod doctor;
mod fix;
mod history;
mod inspect;
mod judge;
mod record;
mod recording;
mod saved;
mod scan;
mod watch;
mod write_report;

use std::fmt::Display;
use std::io::Write as _;

use jiff::Zoned;
use thiserror::Error;

use crate::cli::args::{Cli, Command, CompletionsArgs, ScanArgs, completions};
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, ConfigError, PageSettings};
use crate::cli::values::{PageFormat, Verbosity};
use crate::output::file::{Output, OutputError};
use crate::output::render::{Layout, Page};
use crate::output::terminal::{ColorChoice, Terminal, shown};
use crate::record::RecordError;
use crate::report::evidence_dir::EvidenceDirError;
use crate::report::import::SavedReportError;
use crate::scan::aside::aside;
use crate::text::{Text, t};
use crate::watch::{EventSinkError, ScreenError};
use micheck_adb::Endpoint;
use micheck_platform::interrupts::{Interrupts, survive_full_files};

/// Why a command couldn't be carried out.
#[derive(Debug, Error)]
enum RunError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Output(#[from] OutputError),
    #[error(transparent)]
    Evidence(#[from] EvidenceDirError),
    #[error("`-` is standard input, which can only be read once; give it once")]
    StdinTwice,
    #[error(
        "`{typed}` isn't a version of {app}: type what the phone's settings show, like {example}"
    )]
    TypedVersion { typed: String, app: String, example: String },
    #[error("{}", listed(.0))]
    SavedReports(Vec<SavedReportError>),
    #[error(
        "{} has the serial number `{wanted}`, or one that ends with it; give --serial more of it, or \
         leave it out. Found: {there}",
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
    Record(#[from] RecordError),
    #[error("`{typed}` isn't a day: write it like 2026-11-21, or 30d for 30 days ago")]
    TypedDay { typed: String },
    #[error(transparent)]
    Screen(#[from] ScreenError),
    #[error(transparent)]
    EventSink(#[from] EventSinkError),
    #[error("{}", listed(.0))]
    NoServer(Vec<String>),
    #[error("can't read the USB bus: {0}; use an adb server (--via server)")]
    NoUsb(String),
}

fn listed(errors: &[impl ToString]) -> String {
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
            "micheck: {0} in this folder isn't read, because anyone could have put it there: move it \
             to your configuration folder, or name it: --config {0}",
            settings::FILE_NAME
        ));
    }
    let result = match command {
        Command::Worker => return worker(),
        Command::Scan(args) => scan::run(args),
        Command::Watch(args) => watch::run(args),
        Command::Fix(args) => fix::run(args),
        Command::Inspect(args) => inspect::run(args),
        Command::Report(args) => saved::run(args),
        Command::Judge(args) => judge::run(args),
        Command::Advisories(command) => advisories::run(command),
        Command::History(args) => history::history(args),
        Command::Recall(args) => history::recall_phones(args),
        Command::Forget(args) => record::forget(args),
        Command::Record(command) => record::run(command),
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
    format!("micheck: warning: {why}: serial numbers will be coded differently next time")
}

/// The warning about a server on another computer.
fn not_here(endpoint: &Endpoint, text: Text) -> String {
    format!("micheck: {}", t!(text, "server-elsewhere", server = endpoint.to_string()))
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
fn trace_to_stderr(verbosity: Verbosity) {
    let level = match verbosity {
        Verbosity::Quiet | Verbosity::Usual => return,
        Verbosity::Verbose => tracing::Level::DEBUG,
        Verbosity::VeryVerbose => tracing::Level::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(|| ShownStderr)
        .with_target(false)
        .init();
}

/// A page that is no report of phones, in its form.
fn written(
    settings: &PageSettings,
    json: impl FnOnce() -> String,
    page: impl Fn(Layout) -> Page,
) -> String {
    match settings.format {
        PageFormat::Json => json(),
        PageFormat::Table => render_for_terminal(page, settings.output.is_some(), settings.color),
    }
}

/// A page for people, as wide as the terminal is and with its colours, or plain for a file.
fn render_for_terminal(page: impl Fn(Layout) -> Page, to_file: bool, color: ColorChoice) -> String {
    if to_file {
        return page(Layout::page(None)).plain();
    }
    let terminal = Terminal::stdout(color);
    shown(
        &terminal
            .paint(&page(Layout { width: terminal.width, worst_last: terminal.width.is_some() })),
    )
    .into_owned()
}

/// Hears Ctrl-C and requests to end from now on; to be called inside the runtime.
fn interrupted() -> impl Future<Output = ()> {
    let mut interrupts = Interrupts::new();
    async move { interrupts.next().await }
}
