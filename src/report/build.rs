//! Observations and advisories → a report: worst phone first, each with its steps in words.

use std::borrow::Cow;

use super::model::SCHEMA_VERSION;
use super::steps::step_reports;
use super::{
    AdvisoriesUsed, AffectedVersions, Connection, DeviceReport, FindingReport, HintReport,
    LinkKind, Outcome, ProbeResult, ReadBy, Report, Run, RunLine, StepApp, StepReport, Summary,
    Tool, UpdaterRequest,
};
use crate::text::Text;
use micheck_core::advisory::{Advisory, AdvisorySet, Affected};
use micheck_core::escape::decode;
use micheck_core::evidence::{Evidence, PartEnd};
use micheck_core::getprop::{Device, Family, Properties};
use micheck_core::identity::Identity;
use micheck_core::judge::{Finding, judge_recorded, judge_typed};
use micheck_core::next_steps::ReportSource;
use micheck_core::package_name::PackageName;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Reason, Verdict};

impl Report {
    /// Judges every observation and sorts the phones: worst first, then by server and serial.
    #[must_use]
    pub fn new(run: Run, observations: Vec<ProbeResult>, set: &AdvisorySet, text: Text) -> Self {
        let devices: Vec<DeviceReport> = observations
            .into_iter()
            .map(|observation| DeviceReport::new(observation, set, text, run.simulated))
            .collect();
        let hints = run.hints.into_iter().filter(|_| devices.is_empty());
        let hints = hints.map(|hint| HintReport { key: hint, text: text.hint(hint).to_owned() });
        let hints = hints.collect();
        let (taken_at, simulated) = (run.taken_at, run.simulated);
        let run = RunLine::of_now(taken_at, simulated, AdvisoriesUsed::of(set), text);
        let mut report = Self { hints, ..Self::of_run(run, devices) };
        report.sort();
        report
    }

    /// Puts the phones in their order, and counts them.
    pub(crate) fn sort(&mut self) {
        self.devices.sort_by(|left, right| {
            left.verdict.cmp(&right.verdict).then_with(|| left.connection.cmp(&right.connection))
        });
        self.summary = Summary::count(&self.devices);
    }

    /// A report of one phone that was judged already.
    #[must_use]
    pub fn of_one(
        device: DeviceReport,
        taken_at: &str,
        simulated: bool,
        advisories: &AdvisoriesUsed,
        text: Text,
    ) -> Self {
        let run = RunLine::of_now(taken_at.to_owned(), simulated, advisories.clone(), text);
        Self::of_run(run, vec![device])
    }
}

impl RunLine {
    /// A run of this program.
    fn of_now(taken_at: String, simulated: bool, advisories: AdvisoriesUsed, text: Text) -> Self {
        let (tool, language) = (Tool::default(), text.language);
        Self { schema_version: SCHEMA_VERSION, tool, advisories, taken_at, simulated, language }
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
            requests: Vec::new(),
            checked_at: None,
            origin: None,
            job: None,
            identity: Identity::NotSaid,
            serial_code: None,
            number: None,
        }
    }

    /// Judges what came of one phone by every advisory of `set`.
    #[must_use]
    pub fn new(observation: ProbeResult, set: &AdvisorySet, text: Text, simulated: bool) -> Self {
        let ProbeResult { connection, listed_model, outcome, detail, duration_ms, source } =
            observation;
        let mut device = outcome.device();
        let identity = outcome.evidence().map(|evidence| evidence.identity).unwrap_or_default();
        let serial_code = outcome.evidence().and_then(|evidence| evidence.serial_code.clone());
        let requests = outcome.evidence().map(UpdaterRequest::all).unwrap_or_default();
        let open = on_network(&outcome);
        let mut findings = findings(&outcome, set);
        // Stable: those of one verdict stay in the set's order.
        findings.sort_by_key(|(_, finding)| finding.verdict);
        let verdict = worst(&outcome, &findings);
        let mut notes: Vec<Note> =
            findings.iter().flat_map(|(_, finding)| finding.notes.iter().copied()).collect();
        notes.extend(open);
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
            (None, false) if connection.link == LinkKind::Usb => ReportSource::Direct,
            (None, false) if connection.link == LinkKind::Network => ReportSource::Network,
            (None, false) => ReportSource::Cable,
        };
        let properties = outcome.evidence().map(|evidence| &evidence.properties);
        let mut steps = step_reports(verdict, &findings, set, properties, text, surroundings);
        if open.is_some() {
            close_network(&mut steps, text);
        }
        Self {
            reason: verdict.reason(),
            steps,
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
            requests,
            checked_at: None,
            origin: None,
            job: None,
            identity,
            serial_code,
            number: None,
        }
    }
}

/// Whether the phone's ADB is open to its network, and how badly.
fn on_network(outcome: &Outcome) -> Option<Note> {
    let properties = &outcome.evidence()?.properties;
    let note = if properties.lacks_wireless_debugging_fix() {
        Note::AdbOnNetworkUnpatched
    } else {
        Note::AdbOnNetwork
    };
    properties.adb_on_network().then_some(note)
}

/// Puts closing it before this computer's own way in is withdrawn.
fn close_network(steps: &mut Vec<StepReport>, text: Text) {
    let closing = |step: &StepReport| step.key == Step::RevokeDebugging;
    let at = steps.iter().position(closing).unwrap_or(steps.len());
    steps.insert(at, StepReport::new(Step::CloseNetworkDebugging, Vec::new(), text));
}

impl DeviceReport {
    /// What was once found of a phone, judged by the advisories of today. Of one that couldn't be judged
    /// then and left nothing to judge, nothing changes.
    #[must_use]
    pub fn judged_anew(mut self, set: &AdvisorySet, text: Text) -> Self {
        if self.findings.is_empty() {
            return self;
        }
        let typed = self.is_typed();
        let recorded: Vec<Finding> = self.findings.iter().filter_map(finding_of_report).collect();
        let family = self.device.family();
        let of = |advisory| judge_recorded(&recorded, advisory, family).into_iter();
        let all = set.advisories.iter();
        let mut findings: Vec<(&Advisory, Finding)> =
            all.flat_map(|advisory| of(advisory).map(move |one| (advisory, one))).collect();
        findings.sort_by_key(|(_, finding)| finding.verdict);
        let worst = findings.iter().map(|(_, finding)| finding.verdict).min();
        let told = self.findings.iter().filter(|told| {
            let is_named = |(_, one): &(_, Finding)| one.package.as_str() == told.package;
            told.verdict.is_at_risk() && !findings.iter().any(is_named)
        });
        let worst = told.map(|told| told.verdict).chain(worst).min();
        self.verdict = worst.unwrap_or(Verdict::Unknown(Reason::NotRecorded));
        self.reason = self.verdict.reason();
        let of_apps = self.findings.iter().flat_map(|finding| &finding.notes);
        let of_apps: Vec<Note> = of_apps.copied().collect();
        self.notes.retain(|note| !of_apps.contains(note));
        self.notes.extend(findings.iter().flat_map(|(_, finding)| finding.notes.iter().copied()));
        self.notes.sort_unstable();
        self.notes.dedup();
        let source = if typed { ReportSource::Typed } else { ReportSource::File };
        let region = self.device.region.as_deref().unwrap_or_default();
        let properties = Properties::read(format!("[ro.miui.region]: [{region}]\n").as_bytes());
        self.steps = step_reports(self.verdict, &findings, set, Some(&properties), text, source);
        let judged: Vec<FindingReport> = findings
            .into_iter()
            .map(|(advisory, one)| finding_report(advisory, one, typed))
            .collect();
        // What was said to be at risk of an app that no advisory names today isn't taken back.
        let is_judged = |told: &FindingReport| judged.iter().any(|one| one.package == told.package);
        self.findings.retain(|told| told.verdict.is_at_risk() && !is_judged(told));
        self.findings.extend(judged);
        self.findings.sort_by_key(|finding| finding.verdict);
        self
    }
}

/// What a report says of an app, as it was found; `None`: it isn't about an app.
fn finding_of_report(report: &FindingReport) -> Option<Finding> {
    let bytes = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes());
    Some(Finding {
        advisory: report.id.clone(),
        package: PackageName::try_from(report.package.as_str()).ok()?,
        verdict: report.verdict,
        version: bytes(&report.version),
        version_code: report.version_code.clone(),
        users: report.users.clone(),
        factory_version: bytes(&report.factory_version),
        disabled: report.disabled,
        code_path: bytes(&report.code_path),
        certainty: report.certainty,
        missing_updaters: Vec::new(),
        whole: report.whole,
        notes: report.notes.clone(),
        fragment: None,
    })
}

impl Outcome {
    /// The verdict that a report gives a phone of which this came.
    #[must_use]
    pub fn verdict(&self, set: &AdvisorySet) -> Verdict {
        worst(self, &findings(self, set))
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
        self.said(|| text.step_with(self.key, &self.apps, self.version.as_deref()))
    }

    /// The same in so few words that it has room on a line, where there are such.
    #[must_use]
    pub fn in_few_words(&self, text: Text) -> Cow<'_, str> {
        text.step_short(self.key).map_or_else(|| self.sentence(text), Cow::Owned)
    }

    /// The same as it is said to the phone's owner.
    #[must_use]
    pub fn sentence_for_owner(&self, text: Text) -> Cow<'_, str> {
        self.said(|| text.step_for_owner(self.key, &self.apps))
    }

    fn said(&self, anew: impl FnOnce() -> String) -> Cow<'_, str> {
        let is_untellable = self.key.names_apps() && self.apps.is_empty();
        if is_untellable { Cow::Borrowed(&self.text) } else { Cow::Owned(anew()) }
    }
}

impl StepApp {
    /// The app of this package, which an advisory is about.
    #[must_use]
    pub fn new(advisory: &Advisory, package: &PackageName) -> Self {
        let (name, package) = (advisory.app.clone(), package.to_string());
        Self { name, package, affected: AffectedVersions::from(&advisory.affected) }
    }
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

impl AdvisoriesUsed {
    /// Those of `set`.
    #[must_use]
    pub fn of(set: &AdvisorySet) -> Self {
        let (version, hash) = (set.version.clone(), set.hash.clone());
        Self { version, hash, replaced: set.replaced.clone() }
    }
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

/// The worst of the findings.
fn worst(outcome: &Outcome, findings: &[(&Advisory, Finding)]) -> Verdict {
    match outcome {
        Outcome::Skipped(reason) => Verdict::Unknown(*reason),
        Outcome::Probed(_) | Outcome::Typed(_) => {
            let worst = findings.iter().map(|(_, finding)| finding.verdict).min();
            // Without any finding nothing was looked at.
            worst.unwrap_or(Verdict::Unknown(Reason::IncompleteAnswer))
        }
    }
}

/// What each advisory finds in what came of a phone.
fn findings<'a>(outcome: &Outcome, set: &'a AdvisorySet) -> Vec<(&'a Advisory, Finding)> {
    let judged = |advisory: &Advisory| match outcome {
        Outcome::Skipped(_) => Vec::new(),
        Outcome::Probed(asked) => {
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
    let is_whole = |all: &Evidence| matches!(all.properties_end, PartEnd::Closed { .. });
    outcome.evidence().is_some_and(is_whole)
        && device.family() == Family::Xiaomi
        && device.system.is_none()
}

fn finding_report(advisory: &Advisory, finding: Finding, typed: bool) -> FindingReport {
    let AffectedVersions { introduced, last_affected, less_than, exact } =
        AffectedVersions::from(&advisory.affected);
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
        users: finding.users,
        factory_version: finding.factory_version.as_deref().map(decode),
        disabled: finding.disabled,
        code_path: finding.code_path.as_deref().map(decode),
        certainty: finding.certainty,
        last_affected,
        less_than,
        first_fixed: advisory.first_fixed().map(ToString::to_string),
        introduced,
        exact,
        version_pattern: advisory.version_pattern.as_ref().map(ToString::to_string),
        read_by: if typed { ReadBy::TypedByAPerson } else { ReadBy::DumpsysPackage },
        notes: finding.notes,
        whole: finding.whole,
    }
}
