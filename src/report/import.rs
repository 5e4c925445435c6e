//! Reports that were saved as JSON, JSON lines or the log of a bench, read again and put together.
//! Core: no I/O.
//!
//! Nothing is judged anew: what a report says stands, but only where it agrees with itself; a fine
//! verdict only where the row's own statements give it. A file that is cut off or contradicts itself
//! counts for nothing, which is said.

mod fine;
mod log;

use serde::Deserialize;
use thiserror::Error;

use crate::report::model::VersionOnly;
use crate::report::{DeviceReport, Report, RunLine, SCHEMA_VERSION, SourceRun, Summary};
use crate::text::{Text, t};
use log::Missing;
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::verdict::{Reason, Verdict};

/// The most that a saved report may hold, in bytes: 500 phones take some 3 MB.
pub const MAX_BYTES: usize = 64 << 20;

/// The most phones of all files together.
const MAX_PHONES: usize = 20_000;

/// Why saved reports can't be shown. Every file's name is escaped.
#[derive(Debug, Error)]
pub enum SavedReportError {
    /// The file can't be read.
    #[error("can't read {file}: {reason}")]
    Unreadable {
        /// Its name.
        file: String,
        /// Why, and what to do.
        reason: String,
    },
    /// The file is no report that can be used.
    #[error("{file} {fault}")]
    Faulty {
        /// Its name.
        file: String,
        /// What is wrong with it.
        fault: FileFault,
    },
    /// Simulated phones and real ones.
    #[error(
        "{simulated} has simulated phones and {real} real ones: they are never merged; make a report \
         of each"
    )]
    Mixed {
        /// A file of simulated phones.
        simulated: String,
        /// A file of real ones.
        real: String,
    },
    /// There are more phones than anybody reads.
    #[error("these files have more than {MAX_PHONES} phones; merge fewer of them")]
    TooMany,
}

/// What is wrong with a file of a saved report: how the sentence goes on that begins with its name.
#[derive(Debug, Error)]
pub enum FileFault {
    /// It is larger than any report.
    #[error("is larger than {} MiB: that isn't a micheck report", MAX_BYTES >> 20)]
    TooLarge,
    /// It holds something else.
    #[error(
        "isn't a micheck report{}: {reason}; give a file that `micheck scan -o report.json` (or \
         .jsonl) or `micheck watch --log` wrote (dumps and bug reports: micheck inspect)",
        line.map(|line| format!(" (line {line})")).unwrap_or_default()
    )]
    NotAReport {
        /// The line, from 1; `None`: the file as a whole.
        line: Option<usize>,
        /// What the reader says, escaped.
        reason: String,
    },
    /// Its form is one that this program doesn't know.
    #[error(
        "has schema version {0}, and this micheck only reads {SCHEMA_VERSION}; use the micheck that \
         wrote it, or a newer one"
    )]
    OtherVersion(u32),
    /// The end is missing.
    #[error("is cut off: its last line isn't a summary; make it again, or use the whole file")]
    CutOff,
    /// Two statements can't both be so.
    #[error("contradicts itself: {0}; use it as micheck wrote it")]
    Contradiction(String),
}

impl From<&str> for FileFault {
    fn from(what: &str) -> Self {
        Self::Contradiction(what.to_owned())
    }
}

impl FileFault {
    fn not_a_report(line: Option<usize>, error: &serde_json::Error) -> Self {
        let reason: String = error.to_string().chars().take(200).collect();
        Self::NotAReport { line, reason: escape(&reason).into_owned() }
    }
}

/// A run that was read from a file.
#[derive(Debug, Clone)]
pub struct SavedRun {
    file: String,
    report: Report,
    /// What of a log isn't there.
    missing: Vec<Missing>,
}

/// What a line of JSON lines is. Which one it is is looked up before the rest is read: an enum that
/// serde tells apart itself would double the code of everything in it.
#[derive(Deserialize)]
struct EventOnly {
    event: String,
}

fn event_of(line: &[u8]) -> Result<String, serde_json::Error> {
    serde_json::from_slice::<EventOnly>(line).map(|line| line.event)
}

impl SavedRun {
    /// Reads a file. `set` and `text` are for phones of a bench's log that nobody could ask; `set`
    /// also for reports that don't say how an app's versions are read.
    ///
    /// # Errors
    /// It is no report, is cut off or contradicts itself.
    pub fn read(
        file: &str,
        bytes: &[u8],
        set: &AdvisorySet,
        text: Text,
    ) -> Result<Self, SavedReportError> {
        let file = file_name(file);
        match checked(&file, bytes, set, text) {
            Ok((report, missing)) => Ok(Self { file, report, missing }),
            Err(fault) => Err(SavedReportError::Faulty { file, fault }),
        }
    }

    /// What of the file doesn't count, as sentences for people, in the language of `text`.
    pub fn remarks(&self, text: Text) -> impl Iterator<Item = String> {
        self.missing.iter().map(move |missing| match *missing {
            Missing::Line(line) => t!(text, "line-broken-off", file = &self.file, line = line),
            Missing::Events { line, count } => {
                t!(text, "events-lost", file = &self.file, line = line, count = count)
            }
        })
    }
}

/// What a file holds, where it agrees with itself.
fn checked(
    file: &str,
    bytes: &[u8],
    set: &AdvisorySet,
    text: Text,
) -> Result<(Report, Vec<Missing>), FileFault> {
    if bytes.len() > MAX_BYTES {
        return Err(FileFault::TooLarge);
    }
    let content = micheck_core::saved_dump::decoded(bytes);
    let content = content.trim_ascii();
    let first = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let (mut report, missing) = match event_of(first).as_deref() {
        Err(_) if !is_log(content) => (whole(content)?, Vec::new()),
        Ok("run") => (of_lines(content)?, Vec::new()),
        _ => log::read(file, content, set, text)?,
    };
    for device in &mut report.devices {
        if let Err(what) = agree(device, set) {
            return Err(FileFault::Contradiction(format!("{}: {what}", called(device))));
        }
    }
    if Summary::count(&report.devices) != report.summary {
        return Err("the summary doesn't count its phones".into());
    }
    let of_phone = |device: &DeviceReport| {
        let origin = device.origin.as_ref().map(|origin| &origin.taken_at);
        let before = device.before.as_ref().map(|before| &before.at);
        origin.into_iter().chain(before).chain(&device.checked_at).all(|time| is_time(time))
    };
    if !is_time(&report.taken_at) || !report.devices.iter().all(of_phone) {
        return Err("one of its times isn't valid".into());
    }
    Ok((report, missing))
}

/// What a person finds the row of a phone by, escaped.
fn called(device: &DeviceReport) -> String {
    let name = device.device.name().unwrap_or("a phone");
    let shown = |text: &str| escape(&text.chars().take(60).collect::<String>()).into_owned();
    match &device.connection.serial {
        Some(serial) => format!("{} ({})", shown(name), shown(serial)),
        None => shown(name),
    }
}

/// The name of a file without its folders, escaped and of bearable length.
fn file_name(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).find(|part| !part.is_empty()).unwrap_or(file);
    escape(&name.chars().take(120).collect::<String>()).into_owned()
}

/// Whether it is a bench's log, whose first line is none of its events: one that was broken off.
fn is_log(content: &[u8]) -> bool {
    lines(content).any(|(_, line)| event_of(line).is_ok_and(|event| log::is_event(&event)))
}

/// A report as JSON.
fn whole(content: &[u8]) -> Result<Report, FileFault> {
    let VersionOnly { schema_version } = parsed(None, content)?;
    known_version(schema_version)?;
    parsed(None, content)
}

/// Reads JSON. `line`: its number from 1, where it is a line of a file.
fn parsed<'a, T: Deserialize<'a>>(line: Option<usize>, json: &'a [u8]) -> Result<T, FileFault> {
    serde_json::from_slice(json).map_err(|error| FileFault::not_a_report(line, &error))
}

const fn known_version(found: u32) -> Result<(), FileFault> {
    if found == SCHEMA_VERSION { Ok(()) } else { Err(FileFault::OtherVersion(found)) }
}

/// The lines of a file that hold something, with their numbers from 1.
fn lines(content: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let lines = (1..).zip(content.split(|byte| *byte == b'\n'));
    lines.map(|(at, line)| (at, line.trim_ascii())).filter(|(_, line)| !line.is_empty())
}

/// A report as JSON lines: `run`, phones or hints, `summary`.
fn of_lines(content: &[u8]) -> Result<Report, FileFault> {
    let mut lines = lines(content);
    let (at, first) = lines.next().unwrap_or_default();
    let run: RunLine = parsed(Some(at), first)?;
    known_version(run.schema_version)?;
    let mut report = Report::of_run(run, Vec::new());
    let mut ended = false;
    for (at, line) in lines {
        if ended {
            return Err(FileFault::Contradiction(format!("line {at} comes after the summary")));
        }
        let EventOnly { event } = parsed(Some(at), line)?;
        match event.as_str() {
            "device" => report.devices.push(parsed(Some(at), line)?),
            "file" => report.files.push(parsed(Some(at), line)?),
            "hint" => report.hints.push(parsed(Some(at), line)?),
            "summary" => {
                report.summary = parsed(Some(at), line)?;
                ended = true;
            }
            other => {
                let other: String = other.chars().take(40).collect();
                let what = format!("line {at} is `{}`, which doesn't belong in it", escape(&other));
                return Err(FileFault::Contradiction(what));
            }
        }
    }
    if ended { Ok(report) } else { Err(FileFault::CutOff) }
}

/// The verdict with the reason that stands beside it.
fn with_reason(verdict: Verdict, reason: Option<Reason>) -> Result<Verdict, &'static str> {
    match (verdict, reason) {
        (Verdict::Unknown(_), Some(reason)) => Ok(Verdict::Unknown(reason)),
        (Verdict::Unknown(_), None) => Err("a verdict is unknown, but no reason is given"),
        (_, Some(_)) => Err("a reason is given for a verdict that isn't unknown"),
        (verdict, None) => Ok(verdict),
    }
}

/// The longest texts that a report of micheck's own has, in characters.
const MAX_NAME: usize = 200;
const MAX_SENTENCE: usize = 1_000;

fn shorten(text: &mut String, longest: usize) {
    if let Some((at, _)) = text.char_indices().nth(longest) {
        text.truncate(at);
    }
}

/// Puts verdicts and reasons together, and looks whether they agree with what they rest on.
///
/// # Errors
/// It contradicts itself.
pub(crate) fn agree(device: &mut DeviceReport, set: &AdvisorySet) -> Result<(), String> {
    device.verdict = with_reason(device.verdict, device.reason)?;
    for step in &mut device.steps {
        shorten(&mut step.text, MAX_SENTENCE);
        step.apps.truncate(MAX_NAME);
        for app in &mut step.apps {
            shorten(&mut app.name, MAX_NAME);
            shorten(&mut app.package, MAX_NAME);
        }
    }
    device.requests.truncate(MAX_NAME);
    for said in device.requests.iter_mut().filter_map(|request| request.said.as_mut()) {
        shorten(said, MAX_SENTENCE);
    }
    if let Some(before) = &mut device.before {
        before.verdict = with_reason(before.verdict, before.reason)?;
    }
    for finding in &mut device.findings {
        finding.verdict = with_reason(finding.verdict, finding.reason)?;
        fine::check(finding, &device.device, set.find(&finding.id))?;
    }
    let worst = device.findings.iter().map(|finding| finding.verdict).min();
    match (worst, device.verdict) {
        (None, Verdict::Unknown(_)) => Ok(()),
        (None, _) => Err("a verdict is given, but no findings".to_owned()),
        (Some(worst), verdict) if worst == verdict => Ok(()),
        (Some(_), _) => Err("the verdict isn't the worst of what was found".to_owned()),
    }
}

/// Whether it has the form of a time: what is shown of it is cut out of its middle.
fn is_time(text: &str) -> bool {
    (16..=40).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_digit() || b"T:+.Z-".contains(&byte))
}

/// One report of all these runs, in the language of `text`. Of a single run it is that run's own
/// report; of several, each phone says which one it is from.
///
/// # Errors
/// Some are of simulated phones and some of real ones; or there are too many phones.
///
/// # Panics
/// Without any run.
pub fn merge(runs: Vec<SavedRun>, text: Text) -> Result<Report, SavedReportError> {
    let simulated = |wanted: bool| runs.iter().find(|run| run.report.simulated == wanted);
    if let (Some(simulated), Some(real)) = (simulated(true), simulated(false)) {
        let (simulated, real) = (simulated.file.clone(), real.file.clone());
        return Err(SavedReportError::Mixed { simulated, real });
    }
    if runs.iter().map(|run| run.report.devices.len()).sum::<usize>() > MAX_PHONES {
        return Err(SavedReportError::TooMany);
    }
    let several = runs.len() > 1;
    let new: Vec<String> = runs.iter().flat_map(|run| run.remarks(text)).collect();
    let reports = runs.into_iter().map(|SavedRun { file, mut report, .. }| {
        for device in report.devices.iter_mut().filter(|_| several) {
            device.origin.get_or_insert_with(|| SourceRun {
                file: file.clone(),
                taken_at: report.taken_at.clone(),
                tool: report.tool.clone(),
                advisories: report.advisories.clone(),
            });
        }
        report
    });
    let mut report = reports.reduce(together).expect("there is a run");
    report.devices.sort_by(|left, right| {
        let of = |device: &DeviceReport| device.origin.clone().map(|one| (one.taken_at, one.file));
        (left.verdict, &left.connection)
            .cmp(&(right.verdict, &right.connection))
            .then_with(|| of(left).cmp(&of(right)))
    });
    report.remarks.extend(new);
    report.summary = Summary::count(&report.devices);
    if !report.devices.is_empty() {
        report.hints.clear();
    }
    report.retell(text);
    Ok(report)
}

/// Two reports as one: what they say of their run is the later one's.
fn together(left: Report, right: Report) -> Report {
    let (earlier, mut later) =
        if moment(&left) <= moment(&right) { (left, right) } else { (right, left) };
    later.devices.extend(earlier.devices);
    later.files.extend(earlier.files);
    later.remarks.extend(earlier.remarks);
    for hint in earlier.hints {
        if !later.hints.iter().any(|one| one.key == hint.key) {
            later.hints.push(hint);
        }
    }
    later
}

fn moment(report: &Report) -> Option<jiff::Timestamp> {
    report.taken_at.parse().ok()
}

impl Report {
    /// Counts its phones, and says everything in the language of `text`.
    pub(crate) fn retell(&mut self, text: Text) {
        self.summary = Summary::count(&self.devices);
        self.language = text.language;
        for hint in &mut self.hints {
            text.hint(hint.key).clone_into(&mut hint.text);
        }
        for step in self.devices.iter_mut().flat_map(|device| &mut device.steps) {
            step.text = step.sentence(text).into_owned();
        }
    }
}

#[cfg(test)]
mod tests;
