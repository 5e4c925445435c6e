//! A report as the settings want it: its form, its language, its serial numbers, and where it goes.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use super::recording::Recording;
use super::{RunError, interruptible, render_for_terminal, say, until_interrupted};
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{ReportSettings, Sheet};
use crate::cli::values::Format;
use crate::output::file::Output;
use crate::output::render::{self, Layout, Page};
use crate::report::serial::SerialForm;
use crate::report::{DeviceReport, Report, is_address, serial};
use crate::text::{Text, t};
use micheck_core::escape::escape;

pub(super) struct Written {
    text: String,
    /// What a file is called that nobody named.
    name: String,
}

/// Where the report goes, found writable before any phone is asked: a page for a browser goes to a
/// file of its own rather than onto a terminal.
pub(super) fn prepare(settings: &ReportSettings) -> Result<Output, RunError> {
    let onto_terminal = settings.output.is_none() && std::io::stdout().is_terminal();
    if let Some(why) = &settings.serials.not_kept {
        say(&super::not_kept(why));
    }
    if settings.format == Format::Html && onto_terminal {
        return Ok(Output::prepare_unnamed(&PathBuf::from("."))?);
    }
    Ok(Output::prepare(settings.output.as_deref())?)
}

/// What makes a table of a report.
pub(super) type TableOf<'t> = &'t dyn Fn(&Report, Text, Layout) -> Page;

fn usual_table(settings: &ReportSettings) -> TableOf<'static> {
    if settings.brief { &render::brief } else { &render::table }
}

/// The report as it is written; `None`: there is no phone to make a sheet for, which was said.
pub(super) fn written(
    report: &mut Report,
    settings: &ReportSettings,
) -> Result<Option<Written>, RunError> {
    written_as(report, settings, usual_table(settings))
}

fn written_as(
    report: &mut Report,
    settings: &ReportSettings,
    table: TableOf<'_>,
) -> Result<Option<Written>, RunError> {
    let chosen = match &settings.sheet {
        None => Vec::new(),
        Some(sheet) => match chosen(report, sheet)? {
            chosen if chosen.is_empty() => {
                let layout = Layout::page(None);
                say(&render::table(report, settings.said, layout).plain().trim_end());
                return Ok(None);
            }
            chosen => chosen,
        },
    };
    let mut ends = Vec::new();
    for device in &mut report.devices {
        let end = device.connection.serial.as_deref().map(serial::end);
        let was_full = device.connection.serial_form == SerialForm::Full;
        settings.serials.serials.apply_to(device);
        let is_coded = device.connection.serial_form == SerialForm::Hashed;
        // Of an address the end would be all of it.
        let may_show = was_full && is_coded && !is_address(&device.connection);
        ends.push(end.filter(|_| may_show));
    }
    let (report, text) = (&*report, settings.text);
    let table = |layout| table(report, text, layout);
    let phones: Vec<&DeviceReport> = chosen.iter().map(|&at| &report.devices[at]).collect();
    let written = match (settings.format, &settings.sheet) {
        (Format::Json, _) => render::json(report),
        (Format::Jsonl, _) => render::jsonl(report),
        (Format::Csv, _) => render::csv(report, text, settings.bom),
        (Format::Table, _) => render_for_terminal(table, settings.output.is_some(), settings.color),
        (Format::Html, None) => {
            render::html(report, &ends, &settings.advisories, text, &settings.shop)
        }
        (Format::Html, Some(sheet)) => {
            let (set, shop) = (&settings.counting(), &settings.shop);
            render::sheets(report, &phones, set, text, shop, sheet.paper)
        }
    };
    let all: Vec<&DeviceReport> = report.devices.iter().collect();
    let named = if settings.sheet.is_some() { &phones } else { &all };
    let name = render::html_file_name(&report.taken_at, named);
    Ok(Some(Written { text: written, name }))
}

impl Written {
    /// Writes it, and says where if nobody named the place.
    pub(super) fn write(self, output: Output, said: Text) -> Result<(), RunError> {
        if let Some(path) = output.called(&self.name).write(&self.text)? {
            let path = escape(&path.display().to_string()).into_owned();
            say(&t!(said, "written-to", file = &path));
        }
        Ok(())
    }
}

/// Writes a report, in the way of commands that wait for nobody.
pub(super) fn finish(
    mut report: Report,
    settings: &ReportSettings,
    output: Output,
) -> Result<ExitCode, RunError> {
    let code = ExitCode::of_summary(&report.summary, settings.fail_on);
    finish_as(&mut report, settings, output, code, usual_table(settings))
}

/// The same of a report that is recorded.
pub(super) fn finish_recorded(
    mut report: Report,
    settings: &ReportSettings,
    output: Output,
    recording: Option<Recording>,
) -> Result<ExitCode, RunError> {
    let Some(mut recording) = recording else { return finish(report, settings, output) };
    recording.note(&mut report);
    if settings.sheet.is_some() {
        recording.record_and_tell(&mut report);
    } else {
        recording.record(report.clone());
    }
    let shown = finish(report, settings, output);
    // What can't be shown is recorded all the same.
    let code = *shown.as_ref().unwrap_or(&ExitCode::Error);
    let code = until_interrupted(recording.finish(code))?.unwrap_or(ExitCode::Interrupted);
    shown.map(|_| code)
}

/// The same of a report that has a table of its own and leads to this exit code.
pub(super) fn finish_as(
    report: &mut Report,
    settings: &ReportSettings,
    output: Output,
    code: ExitCode,
    table: TableOf<'_>,
) -> Result<ExitCode, RunError> {
    if let Some(written) = written_as(report, settings, table)? {
        let said = settings.said;
        if output.is_brief() {
            // Not to be broken off: signals wait until it is done.
            written.write(output, said)?;
        } else {
            match interruptible(move || written.write(output, said))? {
                Some(written) => written?,
                None => return Ok(ExitCode::Interrupted),
            }
        }
    }
    Ok(code)
}

/// The places of the phones that get a sheet.
fn chosen<'r>(report: &'r Report, sheet: &Sheet) -> Result<Vec<usize>, RunError> {
    let phones = report.devices.iter().enumerate().filter(|(_, device)| !device.is_lost_server());
    let Some(wanted) = &sheet.serial else { return Ok(phones.map(|(at, _)| at).collect()) };
    if report.devices.is_empty() {
        return Ok(Vec::new());
    }
    let serial = |device: &'r DeviceReport| device.connection.serial.as_deref();
    let phones: Vec<(usize, &str)> =
        phones.map(|(at, device)| (at, serial(device).unwrap_or_default())).collect();
    only_one(&phones, wanted).map(|at| vec![at])
}

/// The only one of `phones` that has this serial number, or whose number ends so.
pub(super) fn only_one<T: Copy>(phones: &[(T, &str)], wanted: &str) -> Result<T, RunError> {
    let found = serial::chosen(phones, wanted);
    if let [one] = found.as_slice() {
        return Ok(*one);
    }
    let there = phones.iter().map(|(_, serial)| escape(&serial::end(serial)).into_owned());
    let there = there.collect::<Vec<_>>().join(", ");
    let wanted = escape(wanted).into_owned();
    Err(RunError::SheetSerial { wanted, count: found.len(), there })
}
