//! A report as CSV (RFC 4180) for spreadsheets: a line for each app of each phone. The columns are
//! described in docs/csv.md; they keep their names and order, new ones come behind.

use csv::{Terminator, WriterBuilder};

use super::verdict_style::{meaning, raw_name};
use crate::report::{AdvisoriesUsed, DeviceReport, FindingReport, Report};
use crate::text::Text;
use micheck_core::escape::escape;
use micheck_core::verdict::Verdict;

/// The heads of the columns.
pub const COLUMNS: [&str; 41] = [
    "report_number",
    "taken_at",
    "result",
    "verdict",
    "reason",
    "meaning",
    "next_step",
    "name",
    "manufacturer",
    "brand",
    "model",
    "system",
    "android",
    "security_patch",
    "region",
    "serial",
    "link",
    "server",
    "path",
    "file",
    "app",
    "package",
    "app_verdict",
    "app_reason",
    "version",
    "version_code",
    "factory_version",
    "users",
    "advisory",
    "cves",
    "last_affected",
    "less_than",
    "first_fixed",
    "certainty",
    "notes",
    "before_verdict",
    "before_version",
    "before_at",
    "simulated",
    "micheck_version",
    "advisories_version",
];

/// The report as CSV; `bom`: with a byte order mark, by which Excel knows UTF-8.
///
/// # Panics
/// Never: it is written to memory.
#[must_use]
pub fn csv(report: &Report, text: Text, bom: bool) -> String {
    let mut out = Vec::new();
    if bom {
        out.extend_from_slice("\u{feff}".as_bytes());
    }
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(out);
    let mut write = |cells: &[String; COLUMNS.len()]| {
        writer.write_record(cells).expect("memory takes every write");
    };
    write(&COLUMNS.map(str::to_owned));
    for device in &report.devices {
        let findings: Vec<Option<&FindingReport>> = match device.findings.as_slice() {
            [] => vec![None],
            findings => findings.iter().map(Some).collect(),
        };
        for finding in findings {
            write(&cells(report, device, finding, text).map(|cell| harmless(&cell)));
        }
    }
    let out = writer.into_inner().expect("memory takes every write");
    String::from_utf8(out).expect("every cell is a String")
}

/// Text that no spreadsheet takes for a formula, and in which nothing deceives.
///
/// A cell that begins with one of these signs is a formula to some; an apostrophe before it makes
/// it text (OWASP, "CSV Injection"). Tabs and line ends, which count there, too, are escaped.
fn harmless(cell: &str) -> String {
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

fn cells(
    report: &Report,
    device: &DeviceReport,
    finding: Option<&FindingReport>,
    text: Text,
) -> [String; COLUMNS.len()] {
    let (taken_at, tool, advisories) = report.run_of(device);
    let known = |value: &Option<String>| value.clone().unwrap_or_default();
    let key = |verdict: Verdict| verdict.key().to_owned();
    let reason = |verdict: Verdict| {
        verdict.reason().map_or("", micheck_core::verdict::Reason::key).to_owned()
    };
    let of = |get: fn(&FindingReport) -> String| finding.map(get).unwrap_or_default();
    let of_known = |get: fn(&FindingReport) -> &Option<String>| {
        finding.map(|finding| known(get(finding))).unwrap_or_default()
    };
    let word = text.verdict_word(device.verdict);
    let simulated =
        report.simulated || device.notes.contains(&micheck_core::verdict::Note::Simulated);
    let before = device.before.as_ref();
    let identity = &device.device;
    let file = device.origin.as_ref().map(|origin| origin.file.clone());
    [
        report.number_of(device),
        taken_at.to_owned(),
        if simulated { format!("DEMO: {word}") } else { word.to_owned() },
        key(device.verdict),
        reason(device.verdict),
        meaning(device, text).to_owned(),
        device.steps.first().map(|step| step.sentence(text).into_owned()).unwrap_or_default(),
        raw_name(device, text),
        known(&identity.manufacturer),
        known(&identity.brand),
        known(&identity.model),
        known(&identity.system),
        known(&identity.android),
        known(&identity.security_patch),
        known(&identity.region),
        known(&device.connection.serial),
        device.connection.link.key().to_owned(),
        known(&device.connection.server),
        known(&device.connection.path),
        file.or_else(|| device.source.as_ref().map(|source| source.file.clone()))
            .unwrap_or_default(),
        of(|finding| finding.app.clone()),
        of(|finding| finding.package.clone()),
        finding.map(|finding| key(finding.verdict)).unwrap_or_default(),
        finding.map(|finding| reason(finding.verdict)).unwrap_or_default(),
        of_known(|finding| &finding.version),
        of_known(|finding| &finding.version_code),
        of_known(|finding| &finding.factory_version),
        of(|finding| {
            let with = finding.users.iter().filter(|user| user.installed);
            with.map(|user| user.id.to_string()).collect::<Vec<_>>().join(" ")
        }),
        of(|finding| finding.id.clone()),
        of(|finding| finding.cves.join(" ")),
        of_known(|finding| &finding.last_affected),
        of_known(|finding| &finding.less_than),
        of_known(|finding| &finding.first_fixed),
        of(|finding| finding.certainty.map(|one| one.key().to_owned()).unwrap_or_default()),
        device.notes.iter().map(|note| note.key()).collect::<Vec<_>>().join(" "),
        before.map(|before| key(before.verdict)).unwrap_or_default(),
        before.and_then(|before| before.version.clone()).unwrap_or_default(),
        before.map(|before| before.at.clone()).unwrap_or_default(),
        simulated.to_string(),
        tool.version.clone().into_owned(),
        version_of(advisories),
    ]
}

/// The set's version, and which built-in advisories others stand in for.
fn version_of(advisories: &AdvisoriesUsed) -> String {
    let stand_ins = advisories.replaced.iter().map(|one| {
        let narrower = if one.narrower { ", narrower" } else { "" };
        format!("{} from {}{narrower}", one.id, one.file)
    });
    std::iter::once(advisories.version.clone()).chain(stand_ins).collect::<Vec<_>>().join("; ")
}
