//! `micheck forget` and `micheck record`: the record itself.

use std::fs::File;
use std::io::{BufReader, IsTerminal as _, Seek as _, Write as _};
use std::path::Path;

use serde::Serialize;

use super::history::{code, day};
use super::{RunError, interruptible, say, written};
use crate::cli::args::{CommonArgs, PageArgs};
use crate::cli::args::{
    ForgetArgs, RecordAction, RecordCommand, RecordExportArgs, RecordImportArgs, RecordPlaceArgs,
    RecordStatusArgs,
};
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, ConfigError, Environment, PageSettings, RecordPlace};
use crate::inspect::STDIN;
use crate::output::file::Output;
use crate::output::render::{Page, Style, json};
use crate::output::terminal::shown;
use crate::record::{
    Erased, Erasure, Imported, RecordError, RecordStatus, RecorderNews, Store, ZonedTime, export,
    import,
};
use crate::text::{Text, t};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_platform::typed::discard_typed;

/// Erases what is wanted, once somebody has said yes.
pub(super) fn forget(args: ForgetArgs) -> Result<ExitCode, RunError> {
    let (place, page) = load(args.place, args.page)?;
    let is_there = std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if !args.yes && !is_there {
        return Err(ConfigError::NobodyToAskForget.into());
    }
    let what = match (args.phone, args.job, args.before) {
        (Some(phone), ..) => Erasure::Phone(code(&phone, &place)?),
        (_, Some(job), _) => Erasure::Job(job),
        (.., before) => Erasure::Before(day(&before.unwrap_or_default())?),
    };
    let text = page.text;
    let mut store = open(&place)?;
    let planned = store.to_forget(&what)?;
    let Some((from, to)) = planned.span else {
        say(&text.get("forget-nothing"));
        return Ok(ExitCode::NoPhone);
    };
    let [from, to] = [from, to].map(local_day);
    let (checks, phones) = (planned.checks, planned.phones);
    say(&t!(text, "forget-plan", checks = checks, phones = phones, from = from, to = to));
    if !args.yes && !is_wanted(text) {
        say(&text.get("forget-declined"));
        return Ok(ExitCode::Fine);
    }
    // What comes in between is erased as well, and counted.
    let erased = store.forget(&what, now())?;
    let done = || t!(text, "forget-done", checks = erased.checks);
    write(&page, || json(&ErasedReport::new(&erased, &what)), &[(String::new(), done())])
}

/// The day of a moment where this computer is.
fn local_day(moment: ZonedTime) -> String {
    let here = jiff::Timestamp::from_second(moment.seconds).unwrap_or_default();
    here.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d").to_string()
}

/// Whether the person says yes.
fn is_wanted(text: Text) -> bool {
    // What was typed before the question is no answer to it.
    discard_typed();
    let _ = write!(std::io::stderr(), "{} ", shown(text.get("forget-ask")));
    let _ = std::io::stderr().flush();
    let mut line = String::new();
    let _ = std::io::stdin().read_line(&mut line);
    matches!(line.trim().to_lowercase().as_str(), "y" | "yes" | "हाँ" | "हां")
}

/// Looks at the record, copies it, or reads a copy in.
pub(super) fn run(command: RecordCommand) -> Result<ExitCode, RunError> {
    match command.action {
        RecordAction::Status(args) => status(args),
        RecordAction::Export(args) => export_all(args),
        RecordAction::Import(args) => import_all(args),
    }
}

fn status(args: RecordStatusArgs) -> Result<ExitCode, RunError> {
    let (place, page) = load(args.place, args.page)?;
    let store = open(&place)?;
    let status = store.status()?;
    let text = page.text;
    let file = escape(&store.path().display().to_string()).into_owned();
    let none = || text.get("record-status-none").to_owned();
    let [since, last] = match status.span {
        Some((first, last)) => [first.to_string(), last.to_string()],
        None => [none(), none()],
    };
    let erased = status.last_erasure.as_ref().map_or_else(none, |(at, count, _)| {
        t!(text, "record-erased", count = *count, at = at.to_string())
    });
    let error = status.last_error.as_ref().map_or_else(none, |(at, error)| format!("{at} {error}"));
    let lines: Vec<(String, String)> = [
        (text.get("record-status-file"), file.clone()),
        (text.get("record-status-size"), bytes(status.bytes)),
        (text.get("record-status-version"), status.version.to_string()),
        (text.get("record-status-bench"), escape(&status.bench).into_owned()),
        (text.get("record-status-checks"), status.checks.to_string()),
        (text.get("record-status-phones"), status.phones.to_string()),
        (text.get("record-status-jobs"), status.jobs.to_string()),
        (text.get("record-status-since"), since),
        (text.get("record-status-last"), last),
        (text.get("record-status-erased"), erased),
        (text.get("record-status-forgotten"), status.forgotten.to_string()),
        (text.get("record-status-error"), escape(&error).into_owned()),
    ]
    .into_iter()
    .map(|(head, value)| (head.to_owned(), value))
    .collect();
    write(&page, || json(&StatusReport::new(&file, &status)), &lines)
}

/// A size for people.
fn bytes(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} kB", bytes / 1_000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn export_all(args: RecordExportArgs) -> Result<ExitCode, RunError> {
    let common = CommonArgs { config: args.config, ..CommonArgs::default() };
    let page = PageArgs { common, ..PageArgs::default() };
    let (place, _) = load(args.place, page)?;
    let output = Output::prepare(args.output.as_deref())?;
    let store = open(&place)?;
    let written = interruptible(move || output.write_with(|out| export(&store, out)))?;
    match written {
        Some(written) => Ok(written.map(|_| ExitCode::Fine)?),
        None => Ok(ExitCode::Interrupted),
    }
}

fn import_all(args: RecordImportArgs) -> Result<ExitCode, RunError> {
    let (place, page) = load(args.place, args.page)?;
    let set = AdvisorySet::embedded();
    let (file, text) = (args.file, page.text);
    let name = file.display().to_string();
    let done = interruptible(move || -> Result<Imported, RecordError> {
        let unreadable = |error: std::io::Error| RecordError::Unreadable {
            file: escape(&name).into_owned(),
            reason: escape(&error.to_string()).into_owned(),
        };
        let source = if file == Path::new(STDIN) {
            // Whoever writes it may take long; meanwhile others record.
            let mut spooled = tempfile::tempfile().map_err(unreadable)?;
            std::io::copy(&mut std::io::stdin().lock(), &mut spooled).map_err(unreadable)?;
            spooled.rewind().map_err(unreadable)?;
            spooled
        } else {
            File::open(&file).map_err(unreadable)?
        };
        let mut store = Store::create(&place.options.path, place.options.bench.as_deref())?;
        if let Some(aside) = store.moved() {
            let news =
                RecorderNews::Moved { path: store.path().to_owned(), aside: aside.to_owned() };
            if let Some(sentence) = news.sentence(text) {
                say(&format_args!("micheck: {sentence}"));
            }
        }
        import(&mut store, &name, &mut BufReader::new(source), &set, now())
    })?;
    let Some(imported) = done else { return Ok(ExitCode::Interrupted) };
    let imported = imported?;
    let Imported { added, known, refused, erased } = imported;
    let line = t!(
        page.text,
        "record-imported",
        added = added,
        known = known,
        refused = refused,
        erased = erased
    );
    write(&page, || json(&imported), &[(String::new(), line)])
}

fn load(place: RecordPlaceArgs, page: PageArgs) -> Result<(RecordPlace, PageSettings), RunError> {
    Ok(settings::load_place(place, page, &Environment::read())?)
}

fn open(place: &RecordPlace) -> Result<Store, RunError> {
    let store = Store::open(&place.options.path, place.options.bench.as_deref())?;
    Ok(store)
}

fn now() -> ZonedTime {
    ZonedTime::of(&jiff::Zoned::now())
}

/// Heads and what they say, a line each, or JSON.
fn write(
    settings: &PageSettings,
    json: impl FnOnce() -> String,
    lines: &[(String, String)],
) -> Result<ExitCode, RunError> {
    use unicode_width::UnicodeWidthStr as _;

    let output = Output::prepare(settings.output.as_deref())?;
    let widest = lines.iter().map(|(head, _)| head.width()).max().unwrap_or(0);
    let page = |_| {
        let mut page = Page::default();
        for (head, value) in lines {
            let gap = if widest == 0 { 0 } else { widest + 2 - head.width() };
            let head = format!("{head}{}", " ".repeat(gap));
            page.line([(Style::Muted, head), (Style::Plain, value.clone())]);
        }
        page
    };
    output.write(&written(settings, json, page))?;
    Ok(ExitCode::Fine)
}

/// What `record status` says as JSON.
#[derive(Serialize)]
struct StatusReport<'a> {
    file: &'a str,
    version: i64,
    bench: &'a str,
    bytes: u64,
    checks: i64,
    phones: i64,
    jobs: i64,
    forgotten: i64,
    since: Option<String>,
    last: Option<String>,
    last_erasure: Option<LastErasure<'a>>,
    last_error: Option<String>,
}

#[derive(Serialize)]
struct LastErasure<'a> {
    at: String,
    checks: i64,
    why: &'a str,
}

impl<'a> StatusReport<'a> {
    fn new(file: &'a str, status: &'a RecordStatus) -> Self {
        let span = status.span.map(|(first, last)| (first.to_string(), last.to_string()));
        let (since, last) = span.unzip();
        let last_erasure = status.last_erasure.as_ref();
        Self {
            file,
            version: status.version,
            bench: &status.bench,
            bytes: status.bytes,
            checks: status.checks,
            phones: status.phones,
            jobs: status.jobs,
            forgotten: status.forgotten,
            since,
            last,
            last_erasure: last_erasure.map(|(at, checks, why)| LastErasure {
                at: at.to_string(),
                checks: *checks,
                why,
            }),
            last_error: status.last_error.as_ref().map(|(at, error)| format!("{at} {error}")),
        }
    }
}

/// What `forget` says as JSON.
#[derive(Serialize)]
struct ErasedReport {
    checks: i64,
    phones: i64,
    why: &'static str,
}

impl ErasedReport {
    const fn new(erased: &Erased, what: &Erasure) -> Self {
        Self { checks: erased.checks, phones: erased.phones, why: what.why() }
    }
}
