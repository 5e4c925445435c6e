//! `micheck judge`: a version that a person typed; asks no phone and no server.

use super::recording::Recording;
use super::write_report::{finish_recorded, prepare};
use super::{RunError, now};
use crate::cli::args::JudgeArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Environment};
use crate::report::{Connection, LinkKind, Outcome, ProbeResult, Report, Run};
use micheck_core::escape::escape;

/// Judges a version that a person typed. Asks no phone and no server.
pub(super) fn run(args: JudgeArgs) -> Result<ExitCode, RunError> {
    let environment = Environment::read();
    let (settings, record) =
        settings::load_recorded(args.report, args.record, false, &environment)?;
    let advisory = settings::find_advisory(&settings.advisories, &args.advisory)?;
    let id = &advisory.id;
    // What is misspelt can't be read, which is a verdict; what has no digit isn't a version at all.
    if let Some(typed) = args.version.as_deref()
        && !typed.bytes().any(|byte| byte.is_ascii_digit())
    {
        return Err(RunError::TypedVersion {
            typed: escape(&typed.chars().take(40).collect::<String>()).into_owned(),
            app: advisory.app.clone(),
            example: advisory.example_version().map_or_else(String::new, ToString::to_string),
        });
    }
    let set = settings.advisories.only(id).expect("it was found just now");
    let output = prepare(&settings)?;
    let observation = ProbeResult {
        connection: Connection::of_link(LinkKind::Typed),
        listed_model: None,
        outcome: Outcome::Typed(args.version.map(String::into_bytes)),
        detail: None,
        duration_ms: 0,
        source: None,
    };
    let run = Run { taken_at: now(), simulated: false, hints: Vec::new() };
    let report = Report::new(run, vec![observation], &set, settings.text);
    finish_recorded(
        report,
        &settings,
        output,
        record.map(|record| Recording::new(record, settings.said)),
    )
}
