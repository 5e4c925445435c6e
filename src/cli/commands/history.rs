//! `micheck history` and `micheck recall`: what is on record, as a report.

use super::write_report::{finish_as, prepare};
use super::{RunError, interruptible, now};
use crate::cli::args::{HistoryArgs, RecallArgs};
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{self, Environment, RecordPlace};
use crate::output::render::{self, RecallCounts};
use crate::record::standing::{rank, verdict_by_key};
use crate::record::{
    CheckFilter, CheckRecord, DATABASE_NAME, DAY, RecordError, Store, ZonedTime, recall,
    with_standing,
};
use crate::report::{DeviceReport, Report, Run, Summary};
use crate::text::t;
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::identity::{CODE_CHARS, serial_code};

/// Shows what is on record.
pub(super) fn history(args: HistoryArgs) -> Result<ExitCode, RunError> {
    let environment = Environment::read();
    let (settings, place) =
        settings::load_recorded_place(args.report, args.place, false, &environment)?;
    let phone = args.phone.map(|typed| code(&typed, &place)).transpose()?;
    let is_of_one = phone.is_some() || args.job.is_some();
    let filter = CheckFilter {
        phone,
        job: args.job,
        since: args.since.as_deref().map(day).transpose()?,
        rank: args.verdict.as_deref().and_then(verdict_by_key).map(rank),
    };
    let output = prepare(&settings)?;
    let text = settings.text;
    let found = interruptible(move || -> Result<Vec<DeviceReport>, RecordError> {
        let store = open(&place)?;
        let found = store.checks(&filter)?.into_iter();
        let since = |last: &CheckRecord| {
            let before = last.before();
            let word = text.verdict_word(before.verdict).to_owned();
            let what = match before.reason {
                Some(reason) => format!("{word} ({})", text.reason_short(reason)),
                None => word,
            };
            t!(text, "history-since", what = what, at = render::day_of(&last.at, text))
        };
        let row = |(last, standing)| with_standing(last, standing, DATABASE_NAME, since);
        Ok(found.map(row).collect())
    })?;
    let Some(devices) = found else { return Ok(ExitCode::Interrupted) };
    let mut report = report(devices?, &settings.counting(), settings.text);
    // The record has no sentences.
    report.retell(settings.text);
    if !is_of_one {
        // Stable: of one verdict the last comes first.
        report.devices.sort_by_key(|device| rank(device.verdict));
    }
    let code = if report.devices.is_empty() { ExitCode::NoPhone } else { ExitCode::Fine };
    let table =
        move |report: &Report, text, layout| render::history(report, is_of_one, text, layout);
    finish_as(&mut report, &settings, output, code, &table)
}

/// Shows whom to call back.
pub(super) fn recall_phones(args: RecallArgs) -> Result<ExitCode, RunError> {
    let environment = Environment::read();
    let (settings, place) =
        settings::load_recorded_place(args.report, args.place, args.all, &environment)?;
    let output = prepare(&settings)?;
    let (set, text) = (settings.counting(), settings.text);
    let judging = set.clone();
    let found = interruptible(move || {
        open(&place).and_then(|store| recall(&store, &judging, text, DATABASE_NAME))
    })?;
    let Some(found) = found else { return Ok(ExitCode::Interrupted) };
    let found = found?;
    let counts = RecallCounts {
        phones: found.phones,
        not_recorded: found.not_recorded,
        without_job: found.without_job,
    };
    let mut report = report(found.rows, &set, text);
    if found.without_job > 0 {
        report.remarks.push(t!(text, "recall-without-job", count = found.without_job));
    }
    let code = if report.devices.is_empty() { ExitCode::Fine } else { ExitCode::AtRisk };
    let table = move |report: &Report, text, layout| render::recall(report, counts, text, layout);
    let done = finish_as(&mut report, &settings, output, code, &table);
    // The system takes it back at once.
    std::mem::forget(report);
    done
}

fn open(place: &RecordPlace) -> Result<Store, RecordError> {
    Store::open(&place.options.path, place.options.bench.as_deref())
}

fn report(devices: Vec<DeviceReport>, set: &AdvisorySet, text: crate::text::Text) -> Report {
    let run = Run { taken_at: now(), simulated: false, hints: Vec::new() };
    let mut report = Report::new(run, Vec::new(), set, text);
    report.summary = Summary::count(&devices);
    report.devices = devices;
    report
}

/// The code of a serial number that was typed in full, or of a code.
pub(super) fn code(typed: &str, place: &RecordPlace) -> Result<String, RunError> {
    let typed = typed.trim();
    let is_code = typed.len() == CODE_CHARS
        && typed.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'));
    if is_code {
        let store = open(place)?;
        let filter = CheckFilter { phone: Some(typed.to_owned()), ..CheckFilter::default() };
        // A serial number may look like one.
        if !store.checks(&filter)?.is_empty() {
            return Ok(typed.to_owned());
        }
    }
    let number = crate::report::serial::number(typed);
    Ok(serial_code(number.as_bytes(), &place.salt()?))
}

/// The beginning of a day that was typed, or so many days ago; seconds since 1970.
pub(super) fn day(typed: &str) -> Result<i64, RunError> {
    let typed = typed.trim();
    let now = jiff::Zoned::now();
    if let Some(days) = typed.strip_suffix('d').and_then(|days| days.parse::<i64>().ok())
        && (0..=36_500).contains(&days)
    {
        return Ok(now.timestamp().as_second() - days * DAY);
    }
    if let Some(moment) = ZonedTime::parse(typed) {
        return Ok(moment.seconds);
    }
    let date = typed.parse::<jiff::civil::Date>().ok();
    let start = date.and_then(|date| date.to_zoned(now.time_zone().clone()).ok());
    start.map(|start| start.timestamp().as_second()).ok_or_else(|| RunError::TypedDay {
        typed: escape(&typed.chars().take(40).collect::<String>()).into_owned(),
    })
}
