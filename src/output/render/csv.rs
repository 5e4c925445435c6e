//! A report as CSV (RFC 4180) for spreadsheets: a line for each app of each phone. The columns are
//! described in docs/csv.md; they keep their names and order, new ones come behind.

use csv::{Terminator, WriterBuilder};

use super::verdict_style::{meaning, raw_name};
use crate::report::{AdvisoriesUsed, Before, DeviceReport, FindingReport, Report};
use crate::text::Text;
use micheck_core::escape::escape;
use micheck_core::update_route::UpdateRoute;
use micheck_core::verdict::{Note, Verdict};

/// What a line is made of.
pub(super) struct CsvRow<'a> {
    report: &'a Report,
    device: &'a DeviceReport,
    /// One of the phone's findings; `None`: it has none.
    finding: Option<&'a FindingReport>,
    text: Text,
}

/// A column: its head, and what stands below it.
type Column = (&'static str, fn(&CsvRow<'_>) -> String);

/// The columns, in their order.
pub(super) const COLUMNS: &[Column] = &[
    ("report_number", |row| row.report.number_of(row.device)),
    ("taken_at", |row| row.report.run_of(row.device).0.to_owned()),
    ("result", result),
    ("verdict", |row| key(row.device.verdict)),
    ("reason", |row| reason(row.device.verdict)),
    ("meaning", |row| meaning(row.device, row.text).to_owned()),
    ("next_step", next_step),
    ("name", |row| raw_name(row.device, row.text)),
    ("manufacturer", |row| known(row.device.device.manufacturer.as_ref())),
    ("brand", |row| known(row.device.device.brand.as_ref())),
    ("model", |row| known(row.device.device.model.as_ref())),
    ("system", |row| known(row.device.device.system.as_ref())),
    ("android", |row| known(row.device.device.android.as_ref())),
    ("security_patch", |row| known(row.device.device.security_patch.as_ref())),
    ("region", |row| known(row.device.device.region.as_ref())),
    ("serial", |row| known(row.device.connection.serial.as_ref())),
    ("link", |row| row.device.connection.link.key().to_owned()),
    ("server", |row| known(row.device.connection.server.as_ref())),
    ("path", |row| known(row.device.connection.path.as_ref())),
    ("file", file),
    ("app", |row| row.of_finding(|finding| finding.app.clone())),
    ("package", |row| row.of_finding(|finding| finding.package.clone())),
    ("app_verdict", |row| row.of_finding(|finding| key(finding.verdict))),
    ("app_reason", |row| row.of_finding(|finding| reason(finding.verdict))),
    ("version", |row| row.of_finding(|finding| known(finding.version.as_ref()))),
    ("version_code", |row| row.of_finding(|finding| known(finding.version_code.as_ref()))),
    ("factory_version", |row| row.of_finding(|finding| known(finding.factory_version.as_ref()))),
    ("users", |row| row.of_finding(users)),
    ("advisory", |row| row.of_finding(|finding| finding.id.clone())),
    ("cves", |row| row.of_finding(|finding| finding.cves.join(" "))),
    ("last_affected", |row| row.of_finding(|finding| known(finding.last_affected.as_ref()))),
    ("less_than", |row| row.of_finding(|finding| known(finding.less_than.as_ref()))),
    ("first_fixed", |row| row.of_finding(|finding| known(finding.first_fixed.as_ref()))),
    ("certainty", |row| row.of_finding(certainty)),
    ("notes", notes),
    ("before_verdict", |row| row.before(|before| key(before.verdict))),
    ("before_version", |row| row.before(|before| known(before.version.as_ref()))),
    ("before_at", |row| row.before(|before| before.at.clone())),
    ("simulated", |row| row.is_simulated().to_string()),
    ("micheck_version", |row| row.report.run_of(row.device).1.version.clone().into_owned()),
    ("advisories_version", |row| set_version(row.report.run_of(row.device).2)),
    ("before_number", |row| row.before(|before| known(before.number.as_ref()))),
    ("requests", requests),
    ("job", |row| known(row.device.job.as_ref())),
];

/// The report as CSV; `bom`: with a byte order mark, by which Excel knows UTF-8.
#[must_use]
pub fn csv(report: &Report, text: Text, bom: bool) -> String {
    let mut out = Vec::new();
    if bom {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    let heads = COLUMNS.iter().map(|(head, _)| *head);
    writer.write_record(heads).expect("memory takes every write");
    for device in &report.devices {
        let findings: Vec<Option<&FindingReport>> = match device.findings.as_slice() {
            [] => vec![None],
            findings => findings.iter().map(Some).collect(),
        };
        for finding in findings {
            let row = CsvRow { report, device, finding, text };
            let cells = COLUMNS.iter().map(|(_, cell)| neutralize_formula(&cell(&row)));
            writer.write_record(cells).expect("memory takes every write");
        }
    }
    let out = writer.into_inner().expect("memory takes every write");
    String::from_utf8(out).expect("every cell is a String")
}

/// Text that no spreadsheet takes for a formula, and in which nothing deceives.
///
/// A cell that begins with one of these signs is a formula to some; an apostrophe before it makes
/// it text (OWASP, "CSV Injection"). Tabs and line ends, which count there, too, are escaped.
fn neutralize_formula(cell: &str) -> String {
    let cell = escape(cell);
    let is_sign = |sign: char| matches!(sign, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    let mut out = String::with_capacity(cell.len() + 1);
    // Where commas are decimal points, a semicolon begins the next cell, quotes or not.
    for (at, part) in cell.split(';').enumerate() {
        if at > 0 {
            out.push(';');
        }
        let begins = part.trim_start_matches([' ', '"', '\'']);
        if begins.starts_with(is_sign) && (at > 0 || part.starts_with(is_sign)) {
            out.push('\'');
        }
        out.push_str(part);
    }
    out
}

impl CsvRow<'_> {
    fn is_simulated(&self) -> bool {
        self.report.simulated || self.device.notes.contains(&Note::Simulated)
    }

    fn of_finding(&self, get: fn(&FindingReport) -> String) -> String {
        self.finding.map(get).unwrap_or_default()
    }

    fn before(&self, get: fn(&Before) -> String) -> String {
        self.device.before.as_ref().map(get).unwrap_or_default()
    }
}

/// The screens that the phone was asked to show, each with what became of it.
fn requests(row: &CsvRow<'_>) -> String {
    let requests = row.device.requests.iter();
    let requests = requests.map(|one| {
        let route = one.route.map_or("unknown", UpdateRoute::key);
        format!("{route}: {}", one.answer.key())
    });
    requests.collect::<Vec<_>>().join("; ")
}

fn result(row: &CsvRow<'_>) -> String {
    let word = row.text.verdict_word(row.device.verdict);
    if row.is_simulated() { format!("DEMO: {word}") } else { word.to_owned() }
}

fn next_step(row: &CsvRow<'_>) -> String {
    let first = row.device.steps.first();
    first.map(|step| step.sentence(row.text).into_owned()).unwrap_or_default()
}

/// The file of the report or log that was merged, else the one that the phone was read from.
fn file(row: &CsvRow<'_>) -> String {
    let merged = row.device.origin.as_ref().map(|origin| &origin.file);
    let file = merged.or_else(|| row.device.source.as_ref().map(|source| &source.file));
    file.cloned().unwrap_or_default()
}

fn notes(row: &CsvRow<'_>) -> String {
    row.device.notes.iter().map(|note| note.key()).collect::<Vec<_>>().join(" ")
}

fn known(value: Option<&String>) -> String {
    value.cloned().unwrap_or_default()
}

fn key(verdict: Verdict) -> String {
    verdict.key().to_owned()
}

fn reason(verdict: Verdict) -> String {
    verdict.reason().map(|reason| reason.key().to_owned()).unwrap_or_default()
}

/// The numbers of the users who have the app.
fn users(finding: &FindingReport) -> String {
    let with = finding.users.iter().filter(|user| user.installed);
    with.map(|user| user.id.to_string()).collect::<Vec<_>>().join(" ")
}

fn certainty(finding: &FindingReport) -> String {
    finding.certainty.map(|certainty| certainty.key().to_owned()).unwrap_or_default()
}

/// The set's version, and which built-in advisories others stand in for.
fn set_version(advisories: &AdvisoriesUsed) -> String {
    let stand_ins = advisories.replaced.iter().map(|one| {
        let narrower = if one.narrower { ", narrower" } else { "" };
        format!("{} from {}{narrower}", one.id, one.file)
    });
    std::iter::once(advisories.version.clone()).chain(stand_ins).collect::<Vec<_>>().join("; ")
}
