//! `micheck judge`: a version that a person typed; asks no phone and no server.

use super::write_report::{finish, prepare};
use super::{RunError, now};
use crate::cli::args::JudgeArgs;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Environment};
use crate::report::{Connection, LinkKind, Outcome, ProbeResult, Report, Run};

/// Judges a version that a person typed. Asks no phone and no server.
pub(super) fn run(args: JudgeArgs) -> Result<ExitCode, RunError> {
    let settings = settings::load_report(args.report, false, &Environment::read())?;
    let id = &settings::find_advisory(&settings.advisories, &args.advisory)?.id;
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
    finish(report, &settings, output)
}
