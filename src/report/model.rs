//! The report of a run: the versioned data model that every renderer shows.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::UpdaterRequest;
use super::finding::{FindingReport, StepReport, verdict_key, verdict_of_key};
use super::serial::SerialForm;
use crate::text::Language;
use micheck_core::advisory::Replacement;
use micheck_core::getprop::Device;
use micheck_core::hint::Hint;
use micheck_core::identity::Identity;
use micheck_core::saved_dump::Form;
use micheck_core::verdict::{Note, Reason, Verdict, keyed_enum};

/// Raised when a field changes its meaning or goes away; new fields don't raise it.
pub const SCHEMA_VERSION: u32 = 1;

/// What is read first of a file, so that another version's other fields don't matter.
#[derive(Deserialize)]
pub(super) struct VersionOnly {
    pub(super) schema_version: u32,
}

/// Everything that a run found out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Report {
    /// Version of this format; raised when a field changes its meaning or goes away.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA_VERSION)))]
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// Which advisories it judged by.
    pub advisories: AdvisoriesUsed,
    /// When the run began, RFC 3339 with offset.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub taken_at: String,
    /// Whether the phones were simulated.
    pub simulated: bool,
    /// The language of its sentences, BCP 47.
    #[serde(default)]
    pub language: Language,
    /// One for each phone, worst verdict first.
    pub devices: Vec<DeviceReport>,
    /// How many phones of each verdict.
    pub summary: Summary,
    /// Likely reasons that no phone was found; empty when one was.
    pub hints: Vec<HintReport>,
    /// Of `inspect`: every file and entry that was met, and what became of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileReport>,
    /// What of the files that it was put together from doesn't count, as sentences; none where all
    /// does.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// The first line of a report as JSON lines: what it says besides its phones.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct RunLine {
    /// Version of this format; raised when a field changes its meaning or goes away.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA_VERSION)))]
    pub schema_version: u32,
    /// What made the report.
    pub tool: Tool,
    /// Which advisories it judged by.
    pub advisories: AdvisoriesUsed,
    /// When the run began, RFC 3339 with offset.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub taken_at: String,
    /// Whether the phones were simulated.
    pub simulated: bool,
    /// The language of its sentences, BCP 47.
    #[serde(default)]
    #[cfg_attr(test, schemars(!default))]
    pub language: Language,
}

impl Report {
    /// A report that says nothing else of its run.
    #[must_use]
    pub fn of_run(run: RunLine, devices: Vec<DeviceReport>) -> Self {
        let RunLine { schema_version, tool, advisories, taken_at, simulated, language } = run;
        Self {
            schema_version,
            tool,
            advisories,
            taken_at,
            simulated,
            language,
            summary: Summary::count(&devices),
            devices,
            hints: Vec::new(),
            files: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

/// A file that was met, or an entry of an archive or folder, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct FileReport {
    /// The file or folder as it was given, decoded; `-` is standard input.
    pub path: String,
    /// What was met inside of it, decoded, archives being folders; none: it itself.
    pub entry: Option<String>,
    /// What became of it.
    pub fate: FileFate,
    /// Why it wasn't read, what it is instead of a dump, or with which entry it is one phone's.
    pub reason: Option<String>,
}

keyed_enum! {
    /// What became of a file.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    pub enum FileFate {
        /// It is a phone's, or several are in it: each has its row.
        Phone = "phone",
        /// It was read to its end, or is of a known kind, and nothing of a phone is in it.
        NoPhone = "no_phone",
        /// It belongs to the bug report that it lies beside.
        PartOfBugReport = "part_of_bug_report",
        /// It, or a part of it, wasn't read, though a phone could be in it: it has its row.
        NotRead = "not_read",
    }
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Tool {
    /// Its name: `micheck`.
    pub name: Cow<'static, str>,
    /// Its version.
    pub version: Cow<'static, str>,
}

impl Default for Tool {
    fn default() -> Self {
        Self {
            name: Cow::Borrowed(env!("CARGO_PKG_NAME")),
            version: Cow::Borrowed(env!("CARGO_PKG_VERSION")),
        }
    }
}

/// The advisory set of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AdvisoriesUsed {
    /// The set's version.
    pub version: String,
    /// SHA-256 over its files, hexadecimal.
    #[cfg_attr(test, schemars(regex(pattern = "^[0-9a-f]{64}$")))]
    pub hash: String,
    /// The built-in advisories whose place others have taken; left out where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replaced: Vec<Replacement>,
}

keyed_enum! {
    /// How a phone was reached: the kind of link.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(test, derive(schemars::JsonSchema))]
    #[cfg_attr(test, schemars(rename = "Link"))]
    pub enum LinkKind {
        /// An adb server holds it.
        AdbServer = "adb_server",
        /// A saved dump speaks of it.
        File = "file",
        /// On the network, without a server.
        Network = "network",
        /// A person typed the version.
        Typed = "typed",
        /// Over USB, without a server.
        Usb = "usb",
    }
}

/// How a phone was reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Connection {
    /// The kind of link.
    pub link: LinkKind,
    /// The adb server, `HOST:PORT`.
    pub server: Option<String>,
    /// The serial number, decoded, or the address of a phone on the network; none for a row that
    /// stands for a whole server, and for a phone on the USB bus that gives none.
    pub serial: Option<String>,
    /// What stands there of it.
    #[serde(default)]
    pub serial_form: SerialForm,
    /// The server's number for the connection.
    pub transport_id: Option<u64>,
    /// Where the phone is plugged in: `usb:1-1`.
    pub path: Option<String>,
    /// The server's or the phone's own word for its state, decoded.
    pub state: Option<String>,
}

impl Connection {
    /// A connection of this kind of which nothing else is to be said.
    #[must_use]
    pub const fn of_link(link: LinkKind) -> Self {
        Self {
            link,
            server: None,
            serial: None,
            serial_form: SerialForm::Full,
            transport_id: None,
            path: None,
            state: None,
        }
    }
}

/// The file that a phone was read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Source {
    /// Its name as it was given, decoded; `-` is standard input.
    pub file: String,
    /// The file inside of an archive or folder, decoded.
    pub entry: Option<String>,
    /// What was recognised in it.
    pub form: Form,
    /// When it was made, in its own words: a bug report says it in the phone's time, without offset.
    pub taken_at: Option<String>,
    /// Whether it says that the phone was simulated.
    #[serde(skip)]
    pub simulated: bool,
}

/// One phone of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct DeviceReport {
    /// How it was reached.
    pub connection: Connection,
    /// The file that it was read from; none for phones that were asked in this run.
    pub source: Option<Source>,
    /// What it is.
    pub device: Device,
    /// The worst of its findings, or `unknown`.
    #[serde(serialize_with = "verdict_key", deserialize_with = "verdict_of_key")]
    pub verdict: Verdict,
    /// Why the verdict is `unknown`; none for every other.
    pub reason: Option<Reason>,
    /// What server or phone said when something went wrong.
    pub detail: Option<String>,
    /// One for each advisory and package, worst verdict first; empty when the phone couldn't be
    /// asked.
    pub findings: Vec<FindingReport>,
    /// Remarks, sorted.
    pub notes: Vec<Note>,
    /// What to do, first step first.
    pub steps: Vec<StepReport>,
    /// How long the phone took, milliseconds.
    pub duration_ms: u64,
    /// What was found of it before, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<Before>,
    /// The screens that it was asked to show, in the order of asking; left out where it was asked for
    /// none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub requests: Vec<UpdaterRequest>,
    /// When it answered, RFC 3339 with offset, where that was later than the run's beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub checked_at: Option<String>,
    /// Which run it is from, in a report that was put together from several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<SourceRun>,
    /// The job that it was checked for, where somebody said one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job: Option<String>,
    /// Which phone answered; of this run only.
    #[serde(skip)]
    pub identity: Identity,
    /// What stands for the serial number that it says itself; of this run only.
    #[serde(skip)]
    pub serial_code: Option<String>,
    /// The number of what is said about it, where the report doesn't hold all that this was made of.
    #[serde(skip)]
    pub number: Option<String>,
}

/// What was found of a phone before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Before {
    /// The verdict.
    #[serde(serialize_with = "verdict_key", deserialize_with = "verdict_of_key")]
    pub verdict: Verdict,
    /// Why that was `unknown`; none for every other.
    pub reason: Option<Reason>,
    /// The version that decided.
    pub version: Option<String>,
    /// The package whose version that is, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package: Option<String>,
    /// When it was found, RFC 3339 with offset.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
    /// The number of the report that said so, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
}

/// The run that a phone of a merged report is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "Origin", deny_unknown_fields))]
pub struct SourceRun {
    /// The file's name, without its folders.
    pub file: String,
    /// When the phone was checked, RFC 3339 with offset.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub taken_at: String,
    /// What made the file.
    pub tool: Tool,
    /// Which advisories it judged by.
    pub advisories: AdvisoriesUsed,
}

/// A likely reason that no phone was found, with its sentence.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct HintReport {
    /// The stable key.
    pub key: Hint,
    /// The sentence, in the report's language.
    pub text: String,
}

/// How many phones of each verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Summary {
    /// All phones.
    pub devices: usize,
    /// Servers that couldn't be asked for their phones while others could.
    pub lost_servers: usize,
    /// At risk.
    pub vulnerable: usize,
    /// Not known to be fixed.
    pub unconfirmed: usize,
    /// Not judged.
    pub unknown: usize,
    /// Reported fixed.
    pub patched: usize,
    /// Without the app.
    pub not_installed: usize,
    /// Of another maker, without the app.
    pub not_applicable: usize,
}

impl DeviceReport {
    /// Whether the row stands for a server that couldn't be asked, not for a phone.
    #[must_use]
    pub fn is_lost_server(&self) -> bool {
        self.connection.link == LinkKind::AdbServer && self.connection.serial.is_none()
    }

    /// Whether it was read from a file.
    #[must_use]
    pub fn is_from_file(&self) -> bool {
        self.source.is_some()
    }

    /// Whether a person typed the version.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.connection.link == LinkKind::Typed
    }

    /// The version of this package, or of the one that decided.
    #[must_use]
    pub fn version_of(&self, package: Option<&str>) -> Option<&str> {
        let mut findings = self.findings.iter();
        let of = |package| findings.find(|finding| finding.package == package);
        let finding = package.map_or_else(|| self.decisive_finding(), of)?;
        finding.version.as_deref()
    }

    /// The finding that decided the verdict; `None` when the phone couldn't be asked.
    #[must_use]
    pub fn decisive_finding(&self) -> Option<&FindingReport> {
        self.findings.iter().find(|finding| finding.verdict == self.verdict)
    }
}
