//! `micheck advisories`: the list, one in full, and the check of a person's own folder. Asks no
//! phone and no server.

use std::path::Path;

use super::{RunError, render_for_terminal};
use crate::cli::args::{AdvisoriesAction, AdvisoriesArgs, AdvisoriesCommand};
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, AdvisoriesSettings, AdvisoryFiles, Environment};
use crate::cli::values::PageFormat;
use crate::output::file::Output;
use crate::output::render::{self, Layout, Page};
use crate::output::terminal::shown;
use crate::text::Text;
use micheck_core::advisory::{Advisory, AdvisorySet, Check};

pub(super) fn run(command: AdvisoriesCommand) -> Result<ExitCode, RunError> {
    match command.command {
        None => list(command.list),
        Some(AdvisoriesAction::Show(args)) => show(&args.id, args.output),
        Some(AdvisoriesAction::Check(args)) => check(&args.dir),
    }
}

fn list(args: AdvisoriesArgs) -> Result<ExitCode, RunError> {
    let settings = settings::load_advisories(args, &Environment::read())?;
    let set = &settings.advisories;
    let page = |layout| render::advisories(set, settings.text, layout);
    write(&settings, set, page)
}

fn show(id: &str, args: AdvisoriesArgs) -> Result<ExitCode, RunError> {
    let settings = settings::load_advisories(args, &Environment::read())?;
    let advisory: &Advisory = settings::find_advisory(&settings.advisories, id)?;
    let alone = settings.advisories.only(&advisory.id).expect("it was found just now");
    let page = |layout| render::advisory(advisory, settings.text, layout);
    write(&settings, &alone, page)
}

fn write(
    settings: &AdvisoriesSettings,
    set: &AdvisorySet,
    page: impl Fn(Layout) -> Page,
) -> Result<ExitCode, RunError> {
    let output = Output::prepare(settings.output.as_deref())?;
    let text = match settings.format {
        PageFormat::Json => render::advisories_json(set, settings.text),
        PageFormat::Table => render_for_terminal(page, settings.output.is_some(), settings.color),
    };
    output.write(&text)?;
    Ok(ExitCode::Fine)
}

/// Reads a folder as a run would, and tells all that is wrong or odd in it.
fn check(dir: &Path) -> Result<ExitCode, RunError> {
    let AdvisoryFiles { files, errors } = settings::read_advisories(dir)?;
    let mut found: Check = AdvisorySet::check(&files);
    found.errors.extend(errors);
    found.errors.sort();
    let code = if found.errors.is_empty() { ExitCode::Fine } else { ExitCode::Error };
    Output::Stdout.write(&shown(&render::check(&found, Text::default())))?;
    Ok(code)
}
