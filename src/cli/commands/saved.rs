//! `micheck report`: saved reports → a report.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::write_report::{finish, prepare};
use super::{RunError, interruptible, say};
use crate::cli::args::SavedArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Environment};
use crate::inspect::STDIN;
use crate::report::import::{MAX_BYTES, SavedReportError, SavedRun, merge};
use micheck_core::escape::escape;
use micheck_platform::regular_file;

/// Reads every file; where one can't be used nothing is written, so that no phone is missing from
/// what is put together.
pub(super) fn run(args: SavedArgs) -> Result<ExitCode, RunError> {
    let settings = settings::load_report(args.report, true, &Environment::read())?;
    if args.files.iter().filter(|file| *file == Path::new(STDIN)).count() > 1 {
        return Err(RunError::StdinTwice);
    }
    let output = prepare(&settings)?;
    let (set, text) = (settings.advisories.clone(), settings.text);
    let read = interruptible(move || {
        let mut runs = Vec::new();
        let mut errors = Vec::new();
        for file in &args.files {
            let run =
                read(file).and_then(|(name, bytes)| SavedRun::read(&name, &bytes, &set, text));
            match run {
                Ok(run) => runs.push(run),
                Err(error) => errors.push(error),
            }
        }
        (runs, errors)
    })?;
    let Some((runs, errors)) = read else { return Ok(ExitCode::Interrupted) };
    if !errors.is_empty() {
        return Err(RunError::SavedReports(errors));
    }
    for remark in runs.iter().flat_map(|run| run.remarks(settings.text)) {
        say(&format_args!("micheck: {remark}"));
    }
    let report = merge(runs, settings.text).map_err(|error| RunError::SavedReports(vec![error]))?;
    finish(report, &settings, output)
}

fn read(path: &PathBuf) -> Result<(String, Vec<u8>), SavedReportError> {
    let name = path.display().to_string();
    let unreadable = |error: io::Error| SavedReportError::Unreadable {
        file: escape(&name).into_owned(),
        reason: escape(&error.to_string()).into_owned(),
    };
    // One more than allowed shows that it is too much.
    let most = MAX_BYTES as u64;
    let bytes = if path == Path::new(STDIN) {
        let mut bytes = Vec::new();
        io::stdin().lock().take(most + 1).read_to_end(&mut bytes).map(|_| bytes)
    } else {
        regular_file::read(path, most)
    };
    let bytes = bytes.map_err(unreadable)?;
    Ok((name, bytes))
}
