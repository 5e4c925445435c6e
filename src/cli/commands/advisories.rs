//! `micheck advisories`: the list, one in full, and the check of a person's own folder. Asks no
//! phone and no server.

use std::path::Path;

use super::{RunError, written};
use crate::cli::args::{AdvisoriesAction, AdvisoriesArgs, AdvisoriesCommand};
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, AdvisoriesSettings, AdvisoryFiles, Environment};
use crate::output::file::Output;
use crate::output::render;
use crate::output::terminal::shown;
use crate::text::Text;
use micheck_core::advisory::{Advisory, AdvisorySet, LintReport};

pub(super) fn run(command: AdvisoriesCommand) -> Result<ExitCode, RunError> {
    match command.command {
        None => list(command.list),
        Some(AdvisoriesAction::Show(args)) => show(&args.id, args.output),
        Some(AdvisoriesAction::Check(args)) => check(&args.dir),
    }
}

fn list(args: AdvisoriesArgs) -> Result<ExitCode, RunError> {
    let AdvisoriesSettings { page, advisories: set } =
        settings::load_advisories(args, &Environment::read())?;
    let text = page.text;
    let output = Output::prepare(page.output.as_deref())?;
    let json = || render::advisories_json(&set, text);
    output.write(&written(&page, json, |layout| render::advisories(&set, text, layout)))?;
    Ok(ExitCode::Fine)
}

fn show(id: &str, args: AdvisoriesArgs) -> Result<ExitCode, RunError> {
    let AdvisoriesSettings { page, advisories: set } =
        settings::load_advisories(args, &Environment::read())?;
    let text = page.text;
    let advisory: &Advisory = settings::find_advisory(&set, id)?;
    let alone = set.only(&advisory.id).expect("it was found just now");
    let output = Output::prepare(page.output.as_deref())?;
    let json = || render::advisories_json(&alone, text);
    output.write(&written(&page, json, |layout| render::advisory(advisory, text, layout)))?;
    Ok(ExitCode::Fine)
}

/// Reads a folder as a run would, and tells all that is wrong or odd in it.
fn check(dir: &Path) -> Result<ExitCode, RunError> {
    let AdvisoryFiles { files, errors } = settings::read_advisories(dir)?;
    let mut found: LintReport = AdvisorySet::check(&files);
    found.errors.extend(errors);
    found.errors.sort();
    let code = if found.errors.is_empty() { ExitCode::Fine } else { ExitCode::Error };
    Output::Stdout.write(&shown(&render::check(&found, Text::default())))?;
    Ok(code)
}
