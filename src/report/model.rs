//! The report of a run: the versioned data model that every renderer shows. Core: no I/O, no clock.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::steps::step_reports;
use crate::report::serial::SerialForm;
use crate::text::{Language, Text};
use micheck_core::advisory::{Advisory, AdvisorySet, Affected, Certainty, Replacement};
use micheck_core::escape::decode;
use micheck_core::evidence::{Evidence, PartEnd};
use micheck_core::getprop::{Device, Family};
use micheck_core::hint::Hint;
use micheck_core::identity::Identity;
use micheck_core::judge::{Finding, judge_all, judge_typed};
use micheck_core::next_steps::ReportSource;
use micheck_core::saved_dump::Form;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Reason, Verdict, keyed_enum};

/// Raised when a field changes its meaning or goes away; new fields don't raise it.
pub const SCHEMA_VERSION: u32 = 1;

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

impl AdvisoriesUsed {
    /// Those of `set`.
    #[must_use]
    pub fn of(set: &AdvisorySet) -> Self {
        let (version, hash) = (set.version.clone(), set.hash.clone());
        Self { version, hash, replaced: set.replaced.clone() }
    }
}

/// How a phone was reached: the kind of link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Link {
    /// An adb server holds it.
    AdbServer,
    /// A saved dump speaks of it.
    File,
    /// On the network, without a server.
    Network,
    /// A person typed the version.
    Typed,
    /// Over USB, without a server.
    Usb,
}

impl Link {
    /// Its key in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::AdbServer => "adb_server",
            Self::File => "file",
            Self::Network => "network",
            Self::Typed => "typed",
            Self::Usb => "usb",
        }
    }
}

/// How a phone was reached.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Connection {
    /// The kind of link.
    pub link: Link,
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
    pub const fn of_link(link: Link) -> Self {
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

/// What came of asking one phone.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It couldn't be asked.
    NotAsked(Reason),
    /// It was asked and judged.
    Asked(Box<Asked>),
    /// A person read this version off its settings; `None`: they didn't find the app.
    Typed(Option<Vec<u8>>),
}

/// A phone that was asked: what came, and what it means.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What came; without the bodies of its parts where nobody wants to keep them.
    pub evidence: Evidence,
    /// One finding for each advisory and package.
    pub findings: Vec<Finding>,
}

impl Asked {
    /// Judges `evidence` by every advisory of `set`.
    #[must_use]
    pub fn new(evidence: Evidence, set: &AdvisorySet) -> Self {
        let findings = judge_all(&evidence, set);
        Self { evidence, findings }
    }
}

/// One phone, before it is judged.
#[derive(Debug, Clone)]
pub struct Observation {
    /// How it was reached.
    pub connection: Connection,
    /// Its model in the server's list, for phones that don't answer themselves.
    pub listed_model: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// What server or phone said when something went wrong, decoded.
    pub detail: Option<String>,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// The file that it was read from; `None` for phones that were asked just now.
    pub source: Option<Source>,
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
    /// Which run it is from, in a report that was put together from several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// Which phone answered; of this run only.
    #[serde(skip)]
    pub identity: Identity,
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
    /// When it was found, RFC 3339 with offset.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub at: String,
}

/// The run that a phone of a merged report is from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct Origin {
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

/// One finding of a report.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct FindingReport {
    /// The advisory's id.
    pub id: String,
    /// Its CVE ids.
    pub cves: Vec<String>,
    /// Its CVSS vector; none when no record gives one.
    pub cvss: Option<String>,
    /// The verdict under it.
    #[serde(serialize_with = "verdict_key", deserialize_with = "verdict_of_key")]
    pub verdict: Verdict,
    /// Why that is `unknown`.
    pub reason: Option<Reason>,
    /// The app's name for people.
    pub app: String,
    /// The package.
    pub package: String,
    /// `versionName` as read, decoded.
    pub version: Option<String>,
    /// `versionCode`, its digits.
    pub version_code: Option<String>,
    /// The phone's users.
    pub users: Vec<UserReport>,
    /// The version that a factory reset brings back.
    pub factory_version: Option<String>,
    /// Switched off for every user who has it.
    pub disabled: bool,
    /// Where the app in force lies.
    pub code_path: Option<String>,
    /// How sure the deciding fact is.
    pub certainty: Option<Certainty>,
    /// The highest affected version of the advisory.
    pub last_affected: Option<String>,
    /// The version of the advisory below which all are affected.
    pub less_than: Option<String>,
    /// The first fixed version of the advisory.
    pub first_fixed: Option<String>,
    /// The lowest affected version of the advisory, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub introduced: Option<String>,
    /// Single affected versions of the advisory, where it has any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exact: Vec<String>,
    /// The regular expression by which versions of this app are read, where they are no dotted
    /// numbers: each group is one part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version_pattern: Option<String>,
    /// How the version was read.
    pub read_by: ReadBy,
    /// The remarks that are about this app, sorted.
    pub notes: Vec<Note>,
}

/// How a version was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ReadBy {
    /// From `dumpsys package`.
    DumpsysPackage,
    /// A person read it off the phone's settings.
    TypedByAPerson,
}

impl ReadBy {
    /// Its key in JSON.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::DumpsysPackage => "dumpsys_package",
            Self::TypedByAPerson => "typed_by_a_person",
        }
    }
}

/// One user of a phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct UserReport {
    /// Android's number: 0 is the owner.
    pub id: u32,
    /// Whether this user has the app.
    pub installed: bool,
    /// `enabled=`, as Android numbers it.
    pub enabled: Option<u8>,
}

/// A step, with its sentence.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct StepReport {
    /// The stable key.
    pub key: Step,
    /// The sentence, in the report's language.
    pub text: String,
    /// The apps that the sentence names; none where it names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub apps: Vec<StepApp>,
    /// The version that the sentence names, where it names one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// An app that a step names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct StepApp {
    /// Its name for people.
    pub name: String,
    /// Its package.
    pub package: String,
    /// Its affected versions.
    pub affected: AffectedVersions,
}

/// Affected versions, as the advisory writes them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct AffectedVersions {
    /// The first affected one.
    pub introduced: Option<String>,
    /// The last affected one.
    pub last_affected: Option<String>,
    /// The version below which all are affected.
    pub less_than: Option<String>,
    /// Single affected ones.
    pub exact: Vec<String>,
}

impl From<&Affected> for AffectedVersions {
    fn from(affected: &Affected) -> Self {
        let Affected { introduced, last_affected, less_than, exact, .. } = affected;
        let [introduced, last_affected, less_than] = [introduced, last_affected, less_than]
            .map(|bound| bound.as_ref().map(ToString::to_string));
        let exact = exact.iter().map(ToString::to_string).collect();
        Self { introduced, last_affected, less_than, exact }
    }
}

impl StepReport {
    /// The step in the words of `text`.
    #[must_use]
    pub fn new(key: Step, apps: Vec<StepApp>, text: Text) -> Self {
        let sentence = text.step(key, &apps);
        let apps = if key.names_apps() { apps } else { Vec::new() };
        Self { key, text: sentence, apps, version: None }
    }

    /// The step of judging a version that stands in a piece of a dump.
    #[must_use]
    pub fn judging(version: String, apps: Vec<StepApp>, text: Text) -> Self {
        let key = Step::JudgeVersion;
        let sentence = text.step_with(key, &apps, Some(&version));
        Self { key, text: sentence, apps, version: Some(version) }
    }

    /// The sentence in another language. A file that an older micheck wrote may not say which apps
    /// it names: then it stays as it is.
    #[must_use]
    pub fn sentence(&self, text: Text) -> Cow<'_, str> {
        if self.key.names_apps() && self.apps.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        Cow::Owned(text.step_with(self.key, &self.apps, self.version.as_deref()))
    }

    /// The same as it is said to the phone's owner.
    #[must_use]
    pub fn sentence_for_owner(&self, text: Text) -> Cow<'_, str> {
        if self.key.names_apps() && self.apps.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        Cow::Owned(text.step_for_owner(self.key, &self.apps))
    }
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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
pub(crate) fn verdict_key<S: Serializer>(
    verdict: &Verdict,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(verdict.key())
}

/// The verdict of a key. The reason of `unknown` stands beside it: until both are put together it
/// is one that stands for any.
pub(crate) fn verdict_of_key<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Verdict, D::Error> {
    let key = Cow::<'de, str>::deserialize(deserializer)?;
    let any = Verdict::Unknown(Reason::UnreadableAnswer);
    [
        Verdict::Vulnerable,
        Verdict::Unconfirmed,
        any,
        Verdict::Patched,
        Verdict::NotInstalled,
        Verdict::NotApplicable,
    ]
    .into_iter()
    .find(|verdict| verdict.key() == key)
    .ok_or_else(|| serde::de::Error::custom("no known verdict"))
}

impl Summary {
    /// Counts phones.
    #[must_use]
    pub fn count(devices: &[DeviceReport]) -> Self {
        let mut summary = Self::default();
        for device in devices {
            if device.is_lost_server() {
                summary.lost_servers += 1;
                continue;
            }
            summary.add(device.verdict);
        }
        summary
    }

    /// How many phones of each verdict, worst first; `unknown` with a reason that stands for any.
    #[must_use]
    pub const fn by_verdict(&self) -> [(usize, Verdict); 6] {
        [
            (self.vulnerable, Verdict::Vulnerable),
            (self.unconfirmed, Verdict::Unconfirmed),
            (self.unknown, Verdict::Unknown(Reason::IncompleteAnswer)),
            (self.patched, Verdict::Patched),
            (self.not_installed, Verdict::NotInstalled),
            (self.not_applicable, Verdict::NotApplicable),
        ]
    }

    /// Counts one phone of this verdict.
    pub(crate) const fn add(&mut self, verdict: Verdict) {
        self.devices += 1;
        *match verdict {
            Verdict::Vulnerable => &mut self.vulnerable,
            Verdict::Unconfirmed => &mut self.unconfirmed,
            Verdict::Unknown(_) => &mut self.unknown,
            Verdict::Patched => &mut self.patched,
            Verdict::NotInstalled => &mut self.not_installed,
            Verdict::NotApplicable => &mut self.not_applicable,
        } += 1;
    }
}

/// What a report says of the run besides its phones.
#[derive(Debug, Clone)]
pub struct Run {
    /// When it began, RFC 3339 with offset.
    pub taken_at: String,
    /// Whether the phones were simulated.
    pub simulated: bool,
    /// Likely reasons that no phone was found; kept only if none was.
    pub hints: Vec<Hint>,
}

impl Report {
    /// Judges every observation and sorts the phones: worst first, then by server and serial.
    #[must_use]
    pub fn new(run: Run, observations: Vec<Observation>, set: &AdvisorySet, text: Text) -> Self {
        let mut devices: Vec<DeviceReport> = observations
            .into_iter()
            .map(|observation| DeviceReport::new(observation, set, text, run.simulated))
            .collect();
        devices.sort_by(|left, right| {
            left.verdict.cmp(&right.verdict).then_with(|| left.connection.cmp(&right.connection))
        });
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::default(),
            advisories: AdvisoriesUsed::of(set),
            taken_at: run.taken_at,
            simulated: run.simulated,
            language: text.language,
            summary: Summary::count(&devices),
            hints: run
                .hints
                .into_iter()
                .filter(|_| devices.is_empty())
                .map(|hint| HintReport { key: hint, text: text.hint(hint).to_owned() })
                .collect(),
            devices,
            files: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl Report {
    /// A report of one phone that was judged already.
    #[must_use]
    pub fn of_one(
        device: DeviceReport,
        taken_at: &str,
        simulated: bool,
        advisories: &AdvisoriesUsed,
        text: Text,
    ) -> Self {
        let devices = vec![device];
        Self {
            schema_version: SCHEMA_VERSION,
            tool: Tool::default(),
            advisories: advisories.clone(),
            taken_at: taken_at.to_owned(),
            simulated,
            language: text.language,
            summary: Summary::count(&devices),
            devices,
            hints: Vec::new(),
            files: Vec::new(),
            remarks: Vec::new(),
        }
    }
}

impl DeviceReport {
    /// A phone that was unplugged before anything came of asking it.
    #[must_use]
    pub fn unplugged(
        connection: Connection,
        model: Option<String>,
        simulated: bool,
        text: Text,
    ) -> Self {
        let verdict = Verdict::Unknown(Reason::Disconnected);
        Self {
            connection,
            source: None,
            device: Device { model, ..Device::default() },
            verdict,
            reason: verdict.reason(),
            detail: None,
            findings: Vec::new(),
            notes: if simulated { vec![Note::Simulated] } else { Vec::new() },
            steps: vec![StepReport::new(Step::Replug, Vec::new(), text)],
            duration_ms: 0,
            before: None,
            origin: None,
            identity: Identity::NotSaid,
        }
    }

    /// Judges what came of one phone by every advisory of `set`.
    #[must_use]
    pub fn new(observation: Observation, set: &AdvisorySet, text: Text, simulated: bool) -> Self {
        let Observation { connection, listed_model, outcome, detail, duration_ms, source } =
            observation;
        let mut device = match &outcome {
            Outcome::Asked(asked) => Device::read(&asked.evidence.properties),
            Outcome::NotAsked(_) | Outcome::Typed(_) => Device::default(),
        };
        let identity = match &outcome {
            Outcome::Asked(asked) => asked.evidence.identity,
            Outcome::NotAsked(_) | Outcome::Typed(_) => Identity::NotSaid,
        };
        let mut findings = findings(&outcome, set);
        // Stable: those of one verdict stay in the set's order.
        findings.sort_by_key(|(_, finding)| finding.verdict);
        let verdict = worst(&outcome, &findings);
        let mut notes: Vec<Note> =
            findings.iter().flat_map(|(_, finding)| finding.notes.iter().copied()).collect();
        if has_custom_rom(&outcome, &device) {
            notes.push(Note::CustomRom);
        }
        if device.model.is_none() {
            device.model = listed_model;
        }
        if simulated || source.as_ref().is_some_and(|source| source.simulated) {
            notes.push(Note::Simulated);
        }
        notes.sort_unstable();
        notes.dedup();
        let typed = matches!(outcome, Outcome::Typed(_));
        let surroundings = match (&source, typed) {
            (_, true) => ReportSource::Typed,
            (Some(_), false) => ReportSource::File,
            (None, false) if connection.link == Link::Usb => ReportSource::Direct,
            (None, false) if connection.link == Link::Network => ReportSource::Network,
            (None, false) => ReportSource::Cable,
        };
        Self {
            reason: verdict.reason(),
            steps: step_reports(verdict, &findings, set, text, surroundings),
            connection,
            source,
            device,
            verdict,
            detail,
            findings: findings
                .into_iter()
                .map(|(advisory, one)| finding_report(advisory, one, typed))
                .collect(),
            notes,
            duration_ms,
            before: None,
            origin: None,
            identity,
        }
    }

    /// Whether the row stands for a server that couldn't be asked, not for a phone.
    #[must_use]
    pub fn is_lost_server(&self) -> bool {
        self.connection.link == Link::AdbServer && self.connection.serial.is_none()
    }

    /// Whether it was read from a file.
    #[must_use]
    pub fn is_from_file(&self) -> bool {
        self.source.is_some()
    }

    /// Whether a person typed the version.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.connection.link == Link::Typed
    }

    /// The finding that decided the verdict; `None` when the phone couldn't be asked.
    #[must_use]
    pub fn decisive_finding(&self) -> Option<&FindingReport> {
        self.findings.iter().find(|finding| finding.verdict == self.verdict)
    }
}

impl Outcome {
    /// The verdict that a report gives a phone of which this came.
    #[must_use]
    pub fn verdict(&self, set: &AdvisorySet) -> Verdict {
        worst(self, &findings(self, set))
    }
}

/// The worst of the findings.
fn worst(outcome: &Outcome, findings: &[(&Advisory, Finding)]) -> Verdict {
    match outcome {
        Outcome::NotAsked(reason) => Verdict::Unknown(*reason),
        Outcome::Asked(_) | Outcome::Typed(_) => {
            let worst = findings.iter().map(|(_, finding)| finding.verdict).min();
            // Without any finding nothing was looked at.
            worst.unwrap_or(Verdict::Unknown(Reason::IncompleteAnswer))
        }
    }
}

/// What each advisory finds in what came of a phone.
fn findings<'a>(outcome: &Outcome, set: &'a AdvisorySet) -> Vec<(&'a Advisory, Finding)> {
    let judged = |advisory: &Advisory| match outcome {
        Outcome::NotAsked(_) => Vec::new(),
        Outcome::Asked(asked) => {
            let of_advisory = |finding: &&Finding| finding.advisory == advisory.id;
            asked.findings.iter().filter(of_advisory).cloned().collect()
        }
        Outcome::Typed(version) => judge_typed(version.as_deref(), advisory),
    };
    let all = set.advisories.iter();
    all.flat_map(|advisory| judged(advisory).into_iter().map(move |one| (advisory, one))).collect()
}

/// Whether the phone says that it is of the family, and nothing of Xiaomi's system.
fn has_custom_rom(outcome: &Outcome, device: &Device) -> bool {
    let Outcome::Asked(asked) = outcome else { return false };
    let listing_is_whole = matches!(asked.evidence.properties_end, PartEnd::Closed { .. });
    listing_is_whole && device.family() == Family::Xiaomi && device.system.is_none()
}

fn finding_report(advisory: &Advisory, finding: Finding, typed: bool) -> FindingReport {
    FindingReport {
        id: finding.advisory,
        cves: advisory.cves.clone(),
        cvss: advisory.severity.as_ref().map(|severity| severity.vector.clone()),
        verdict: finding.verdict,
        reason: finding.verdict.reason(),
        app: advisory.app.clone(),
        package: finding.package.as_str().to_owned(),
        version: finding.version.as_deref().map(decode),
        version_code: finding.version_code,
        users: finding
            .users
            .iter()
            .map(|user| UserReport {
                id: user.id,
                installed: user.installed,
                enabled: user.enabled,
            })
            .collect(),
        factory_version: finding.factory_version.as_deref().map(decode),
        disabled: finding.disabled,
        code_path: finding.code_path.as_deref().map(decode),
        certainty: finding.certainty,
        last_affected: advisory.affected.last_affected.as_ref().map(ToString::to_string),
        less_than: advisory.affected.less_than.as_ref().map(ToString::to_string),
        first_fixed: advisory.fixed.as_ref().map(|fixed| fixed.first_fixed.to_string()),
        introduced: advisory.affected.introduced.as_ref().map(ToString::to_string),
        exact: advisory.affected.exact.iter().map(ToString::to_string).collect(),
        version_pattern: advisory.version_pattern.as_ref().map(ToString::to_string),
        read_by: if typed { ReadBy::TypedByAPerson } else { ReadBy::DumpsysPackage },
        notes: finding.notes,
    }
}
