//! What is recorded of a check, and a report's row made of it again. Core: no I/O.
//!
//! No name, no serial number in full, no raw answer: of a phone its coded serial number, its model and
//! system, and what was found of each app.

use serde::{Deserialize, Serialize};

use super::ZonedTime;
use crate::report::serial::SerialForm;
use crate::report::{
    AdvisoriesUsed, Before, Connection, DeviceReport, FindingReport, LinkKind, Report, SourceRun,
    StepReport, Tool, lasting_serial, verdict_key, verdict_of_key,
};
use micheck_core::getprop::Device;
use micheck_core::identity::{CODE_CHARS, Identity, Salt, serial_code};
use micheck_core::saved_dump::Form;
use micheck_core::verdict::{Note, Reason, Verdict};

/// What is recorded of the check of one phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckRecord {
    /// What tells the run from all others: 32 hexadecimal digits.
    pub run: String,
    /// The phone's number in that run.
    pub seat: u32,
    /// When it was checked, RFC 3339 with offset.
    pub at: String,
    /// What stands for its serial number; `None`: nothing tells it from others.
    pub code: Option<String>,
    /// The job that it was checked for.
    pub job: Option<String>,
    /// The number of what was said about it, as on its sheet.
    pub number: Option<String>,
    pub source: RecordedSource,
    pub device: Device,
    pub facts: RecordedFacts,
    pub tool: Tool,
    pub advisories: AdvisoriesUsed,
}

/// How a phone was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedSource {
    pub link: LinkKind,
    /// What kind of file it was; `None`: the phone itself answered, or a person.
    pub form: Option<Form>,
}

impl RecordedSource {
    /// Whether the phone itself answered.
    #[must_use]
    pub const fn is_phone(self) -> bool {
        match self.link {
            LinkKind::AdbServer | LinkKind::Network | LinkKind::Usb => self.form.is_none(),
            LinkKind::File | LinkKind::Typed => false,
        }
    }
}

/// What was found, and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedFacts {
    #[serde(serialize_with = "verdict_key", deserialize_with = "verdict_of_key")]
    pub verdict: Verdict,
    pub reason: Option<Reason>,
    pub notes: Vec<Note>,
    /// One for each advisory and package.
    pub findings: Vec<FindingReport>,
    /// Of each finding: whether the answer was whole enough for the app to be fine by it.
    pub whole: Vec<bool>,
    /// What to do, without sentences.
    pub steps: Vec<StepReport>,
}

/// A check as a record holds it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordedCheck {
    /// A UUID, version 7.
    pub id: String,
    /// The bench that recorded it.
    pub bench: String,
    /// The number that the bench gave it: one that came later has a higher one.
    pub counter: i64,
    #[serde(flatten)]
    pub check: CheckRecord,
}

/// What stands for a phone's serial number; `None`: it has none that tells it from others. An address
/// is nobody's: there the phone's own word counts.
#[must_use]
pub fn code_of(device: &DeviceReport, salt: &Salt) -> Option<String> {
    let serial = lasting_serial(&device.connection);
    let listed = serial.and_then(|serial| match device.connection.serial_form {
        SerialForm::Full => Some(serial_code(serial.as_bytes(), salt)),
        SerialForm::Hashed => is_code(serial).then(|| serial.to_owned()),
        SerialForm::End => None,
    });
    listed.or_else(|| device.serial_code.clone())
}

/// Whether a text has the form of a coded serial number.
#[must_use]
pub(super) fn is_code(text: &str) -> bool {
    text.len() == CODE_CHARS
        && text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'))
}

impl CheckRecord {
    /// The checks of a report whose phones have these codes, worst last, so that of two phones with one
    /// serial number the worse one is the later. What stands for no phone isn't among them, nor are simulated ones.
    #[must_use]
    pub fn of_report(mut report: Report, run: &str, codes: Vec<Option<String>>) -> Vec<Self> {
        let devices = std::mem::take(&mut report.devices);
        let rows = (0..).zip(devices.into_iter().zip(codes));
        let records =
            rows.filter_map(|(seat, (device, code))| Self::new(&report, device, (run, seat), code));
        let mut records: Vec<Self> = records.collect();
        records.reverse();
        records
    }

    /// The check of one phone of a report; `None`: it stands for no phone, or a simulated one.
    #[must_use]
    pub fn new(
        report: &Report,
        mut device: DeviceReport,
        (run, seat): (&str, u32),
        code: Option<String>,
    ) -> Option<Self> {
        let is_nobody = code.is_none() && device.findings.is_empty() && device.job.is_none();
        let is_simulated = report.simulated || device.notes.contains(&Note::Simulated);
        // A file that isn't a dump is no phone either.
        let is_no_phone = matches!(device.reason, Some(Reason::NotADump | Reason::NotRead));
        if device.is_lost_server() || is_simulated || is_nobody || is_no_phone {
            return None;
        }
        let (at, tool, advisories) = report.run_of(&device);
        let (at, tool, advisories) = (at.to_owned(), tool.clone(), advisories.clone());
        let job = device.job.take();
        let number = Some(report.number_from(&mut device));
        let DeviceReport { verdict, reason, notes, findings, steps, .. } = device;
        let whole = findings.iter().map(|finding| finding.whole).collect();
        let mut check = Self {
            run: run.to_owned(),
            seat,
            at,
            code,
            job,
            number,
            source: RecordedSource {
                link: device.connection.link,
                form: device.source.as_ref().map(|source| source.form),
            },
            device: device.device,
            facts: RecordedFacts { verdict, reason, notes, findings, whole, steps },
            tool,
            advisories,
        };
        // A folder's name on the phone, different on each; sentences, which are said anew.
        check.strip();
        Some(check)
    }

    /// When it was checked.
    #[must_use]
    pub fn moment(&self) -> Option<ZonedTime> {
        ZonedTime::parse(&self.at)
    }

    /// What a later report says of it as the check before.
    #[must_use]
    pub fn before(&self) -> Before {
        let deciding =
            self.facts.findings.iter().find(|finding| finding.verdict == self.facts.verdict);
        Before {
            verdict: self.facts.verdict,
            reason: self.facts.reason,
            version: deciding.and_then(|finding| finding.version.clone()),
            package: deciding.map(|finding| finding.package.clone()),
            at: self.at.clone(),
            number: self.number.clone(),
        }
    }

    /// The row of a report that it was made of, as far as it is kept.
    #[must_use]
    pub fn into_row(self, file: &str) -> DeviceReport {
        let RecordedFacts { verdict, reason, notes, mut findings, whole, steps } = self.facts;
        for (finding, whole) in findings.iter_mut().zip(whole) {
            finding.whole = whole;
        }
        let form = if self.code.is_some() { SerialForm::Hashed } else { SerialForm::Full };
        DeviceReport {
            connection: Connection {
                serial: self.code,
                serial_form: form,
                ..Connection::of_link(self.source.link)
            },
            source: None,
            device: self.device,
            verdict,
            reason,
            detail: None,
            findings,
            notes,
            steps,
            duration_ms: 0,
            before: None,
            requests: Vec::new(),
            checked_at: Some(self.at.clone()),
            origin: Some(SourceRun {
                file: file.to_owned(),
                taken_at: self.at,
                tool: self.tool,
                advisories: self.advisories,
            }),
            job: self.job,
            identity: Identity::NotSaid,
            serial_code: None,
            number: self.number,
        }
    }

    /// Puts each verdict and the reason that stands beside it together, which its key alone doesn't say.
    pub(super) fn settle(&mut self) {
        self.facts.settle();
    }
}

impl CheckRecord {
    /// Takes away what isn't recorded of a phone, and cuts what is longer than any of its texts.
    pub(super) fn strip(&mut self) {
        let Device {
            manufacturer,
            brand,
            model,
            marketname,
            system,
            android,
            security_patch,
            region,
        } = &mut self.device;
        let of_device =
            [manufacturer, brand, model, marketname, system, android, security_patch, region];
        for text in of_device.into_iter().flatten() {
            shorten(text);
        }
        for finding in &mut self.facts.findings {
            finding.code_path = None;
            for text in [&mut finding.app, &mut finding.id, &mut finding.package] {
                shorten(text);
            }
            for text in [&mut finding.version, &mut finding.factory_version].into_iter().flatten() {
                shorten(text);
            }
        }
        for step in &mut self.facts.steps {
            step.text.clear();
        }
    }
}

/// The longest text of a phone that is kept, in characters.
const MAX_TEXT: usize = 200;

fn shorten(text: &mut String) {
    if let Some((at, _)) = text.char_indices().nth(MAX_TEXT) {
        text.truncate(at);
    }
}

impl RecordedFacts {
    /// The same.
    pub(super) fn settle(&mut self) {
        let with = |verdict: Verdict, reason: Option<Reason>| match (verdict, reason) {
            (Verdict::Unknown(_), Some(reason)) => Verdict::Unknown(reason),
            (verdict, _) => verdict,
        };
        self.verdict = with(self.verdict, self.reason);
        for finding in &mut self.findings {
            finding.verdict = with(finding.verdict, finding.reason);
        }
    }
}

/// A phone as a row: its last check, with what stands for it where that says nothing; or, where it is
/// known to be at risk, that, and the last check behind it (`since`).
#[must_use]
pub fn with_standing(
    last: RecordedCheck,
    standing: Option<RecordedCheck>,
    file: &str,
    since: impl FnOnce(&CheckRecord) -> String,
) -> DeviceReport {
    match standing {
        Some(standing) if standing.check.facts.verdict.is_at_risk() => {
            let detail = Some(since(&last.check));
            DeviceReport { detail, ..standing.check.into_row(file) }
        }
        standing => {
            let before = standing.map(|standing| standing.check.before());
            DeviceReport { before, ..last.check.into_row(file) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use micheck_core::identity::SALT_BYTES;

    fn device(serial: &str, form: SerialForm) -> DeviceReport {
        let connection = Connection {
            serial: Some(serial.to_owned()),
            serial_form: form,
            ..Connection::of_link(LinkKind::AdbServer)
        };
        let mut device = DeviceReport::unplugged(
            connection,
            None,
            false,
            crate::text::Text::of(crate::text::Language::English),
        );
        device.serial_code = Some("0123456789ab".to_owned());
        device
    }

    #[test]
    fn a_code_is_of_a_serial_number_and_never_of_an_address() {
        let salt = Salt::new([3; SALT_BYTES]);
        let code = |serial, form| code_of(&device(serial, form), &salt).unwrap();
        let own = serial_code(b"a1b2c3d4", &salt);
        assert_eq!(code("a1b2c3d4", SerialForm::Full), own);
        // On a cable and announced on the network it is the same phone.
        assert_eq!(code("adb-a1b2c3d4-x9Yz._adb-tls-connect._tcp", SerialForm::Full), own);
        assert_eq!(code(&own, SerialForm::Hashed), own);
        // What the phone says itself stands in for what tells nothing.
        for serial in ["10.0.0.7:5555", "0123456789ABCDEF", "????????????"] {
            assert_eq!(code(serial, SerialForm::Full), "0123456789ab", "{serial}");
        }
        assert_eq!(code("…c3d4", SerialForm::End), "0123456789ab");
        let mut nobody = device("10.0.0.7:5555", SerialForm::Full);
        nobody.serial_code = None;
        assert_eq!(code_of(&nobody, &salt), None);
    }
}
