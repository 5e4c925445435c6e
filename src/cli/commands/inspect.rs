//! `micheck inspect`: files → a report.

use std::path::{Path, PathBuf};

use super::recording::Recording;
use super::write_report::{finish_recorded, prepare};
use super::{RunError, interruptible, now, say};
use crate::cli::args::InspectArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Environment};
use crate::inspect::{InspectError, STDIN, inspect};
use crate::report::{FileFate, FileReport, ProbeResult, Report, Run, Source};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;

/// Reads every file; one that can't be read is said, and the others are reported all the same.
pub(super) fn run(args: InspectArgs) -> Result<ExitCode, RunError> {
    let environment = Environment::read();
    let (settings, record) =
        settings::load_recorded(args.report, args.record, args.all, &environment)?;
    if args.files.iter().filter(|file| *file == Path::new(STDIN)).count() > 1 {
        return Err(RunError::StdinTwice);
    }
    let output = prepare(&settings)?;
    let counting = settings.counting();
    let set = counting.clone();
    let taken_at = now();
    let found = interruptible(move || read(&args.files, &set))?;
    let Some((observations, files, errors)) = found else {
        return Ok(ExitCode::Interrupted);
    };
    for (path, entries) in without_phone(&files) {
        say(&told(path, &entries));
    }
    for error in &errors {
        say(&format_args!("micheck: {}", escape(&error.to_string())));
    }
    if observations.is_empty() {
        // There is nothing to report.
        return Ok(ExitCode::Error);
    }
    let is_simulated =
        |one: &ProbeResult| one.source.as_ref().is_some_and(|source: &Source| source.simulated);
    let simulated = observations.iter().all(is_simulated);
    let run = Run { taken_at, simulated, hints: Vec::new() };
    let report = Report { files, ..Report::new(run, observations, &counting, settings.text) };
    let recording = record.map(|record| Recording::new(record, settings.said));
    let code = finish_recorded(report, &settings, output, recording)?;
    // A report of some of the files isn't what was asked for, whatever it says.
    Ok(if errors.is_empty() { code } else { ExitCode::Error })
}

type Read = (Vec<ProbeResult>, Vec<FileReport>, Vec<InspectError>);

fn read(paths: &[PathBuf], set: &AdvisorySet) -> Read {
    let (mut observations, mut files, mut errors) = Read::default();
    for path in paths {
        match inspect(path, set) {
            Ok(inspected) => {
                observations.extend(inspected.observations);
                files.extend(inspected.files);
            }
            Err(error) => errors.push(error),
        }
    }
    (observations, files, errors)
}

/// For each named folder or archive what in it was read and holds no phone.
fn without_phone(files: &[FileReport]) -> Vec<(&str, Vec<&str>)> {
    let mut all: Vec<(&str, Vec<&str>)> = Vec::new();
    for file in files.iter().filter(|file| file.fate == FileFate::NoPhone) {
        let Some(entry) = &file.entry else { continue };
        match all.last_mut() {
            Some((path, entries)) if *path == file.path => entries.push(entry),
            _ => all.push((&file.path, vec![entry])),
        }
    }
    all
}

/// How many names of what holds no phone are told.
const TOLD: usize = 5;

fn told(path: &str, names: &[&str]) -> String {
    let shown: Vec<_> = names.iter().take(TOLD).map(|name| escape(name)).collect();
    let more = match names.len().saturating_sub(TOLD) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("micheck: {}: no phone in {}{more}", escape(path), shown.join(", "))
}
