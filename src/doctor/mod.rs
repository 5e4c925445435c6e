//! Why a phone isn't seen: what was found on this computer → checks, each with what to do. Core: no
//! I/O, no clock. Who looks is `run::doctor`; the sentences are in `text`.

mod findings;
pub mod host;
mod key;
mod texts;
mod usb;

pub use findings::{
    AdvisoriesFound, Findings, KeyState, OwningProcess, PluggedIn, RunningServer, ServerFound,
    UdevState,
};
pub use key::{CheckKey, CheckSection, CheckState};
pub use texts::UDEV_RULE;

use micheck_adb::ConnectionState;
use micheck_adb::server::ServerError;
use micheck_adb::state::ambiguous;
use micheck_core::escape::{decode, is_deceptive};
use micheck_core::hint::Hint;
use micheck_core::next_steps::{ReportSource, Updaters, steps};
use micheck_core::step::Step;
use micheck_core::verdict::{Reason, Verdict};

/// Up to how many days the built-in advisories are of late, and up to how many they can be used.
const CURRENT_DAYS: i64 = 90;
const USABLE_DAYS: i64 = 365;

/// The protocol version of every adb server since 2019. Older ones can't tell two phones with one
/// serial number apart. Source: AOSP `adb.h`, `ADB_SERVER_VERSION`.
const TODAYS_SERVER: u32 = 41;

/// The longest name or serial number that is kept, characters as they are shown.
const MAX_STRANGER: usize = 60;

/// The longest path or address, and the longest text of what went wrong.
const MAX_SUBJECT: usize = 400;
const MAX_DETAIL: usize = 200;

/// One line of a check-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    pub key: CheckKey,
    /// What it is so of: a path, a server's address, a serial number, a USB port. Not escaped.
    pub subject: Option<String>,
    /// Why a phone can't be asked, where that is it.
    pub reason: Option<Reason>,
    /// What else the sentence says.
    pub facts: Facts,
    /// What system, server or phone said. Not escaped.
    pub detail: Option<String>,
    /// What to do, first step first; empty where nothing is to be done.
    pub steps: Vec<Step>,
}

/// What the sentences of checks speak of besides their subject; each uses its own part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The name of a phone or hub. Not escaped.
    pub name: Option<String>,
    /// Its serial number. Not escaped.
    pub serial: Option<String>,
    /// Where it is plugged in. Not escaped.
    pub path: Option<String>,
    /// The server that lists it, where several are asked.
    pub server: Option<String>,
    /// A program that holds it.
    pub holder: Option<OwningProcess>,
    /// The version of a server.
    pub server_version: Option<u32>,
    /// The version of the advisories.
    pub set: Option<String>,
    /// The day of the advisories.
    pub date: Option<String>,
    pub days: Option<i64>,
    pub count: Option<usize>,
    /// What phones may draw together, mA.
    pub wanted_ma: Option<u32>,
    /// What a hub has for them, mA.
    pub given_ma: Option<u32>,
}

/// A check-up: all checks, by section, in each the worst first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkup {
    pub checks: Vec<Check>,
}

impl Check {
    fn of(key: CheckKey) -> Self {
        Self {
            key,
            subject: None,
            reason: None,
            facts: Facts::default(),
            detail: None,
            steps: Vec::new(),
        }
    }

    fn about(mut self, subject: &str) -> Self {
        self.subject = Some(shortened(subject, MAX_SUBJECT));
        self
    }

    fn saying(mut self, detail: &str) -> Self {
        self.detail = Some(shortened(detail, MAX_DETAIL));
        self
    }

    fn with(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }

    fn then(mut self, steps: &[Step]) -> Self {
        self.steps = steps.to_vec();
        self
    }

    /// A phone that can't be asked, and what to do about that.
    fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self.steps = steps(Verdict::Unknown(reason), Updaters::default(), &[], ReportSource::Cable);
        // It goes without saying, and would be said of every phone.
        self.steps.retain(|step| *step != Step::CheckAgain);
        self
    }

    /// Whether all is well with it.
    #[must_use]
    pub const fn state(&self) -> CheckState {
        self.key.state()
    }
}

impl Checkup {
    #[must_use]
    pub fn new(findings: &Findings) -> Self {
        let mut checks = vec![adb_program(findings), key_file(findings)];
        checks.extend(findings.udev.as_ref().map(|udev| udev_rule(udev, findings)));
        checks.extend(findings.servers.iter().flat_map(server));
        checks.extend(usb::checks(findings));
        checks.extend(phones(findings));
        checks.push(advisories(&findings.advisories));
        // Stable: what is alike stays in the order in which it was found.
        checks.sort_by_key(|check| {
            let key = check.key;
            (key.section(), std::cmp::Reverse(key.state()), key, check.reason)
        });
        Self { checks }
    }

    /// The worst of its states.
    #[must_use]
    pub fn state(&self) -> CheckState {
        self.checks.iter().map(Check::state).max().unwrap_or(CheckState::Ok)
    }

    /// How many checks are in `state`.
    #[must_use]
    pub fn count(&self, state: CheckState) -> usize {
        self.checks.iter().filter(|check| check.state() == state).count()
    }
}

/// Why a scan may have found no phone, the likeliest first, and the ways on last; `looked`: an adb
/// server or the USB bus was asked, so that none was needed.
#[must_use]
pub fn hints(looked: bool, adb_installed: bool, needs_driver: bool) -> Vec<Hint> {
    let server = if adb_installed { Hint::AdbServerNotRunning } else { Hint::AdbMissing };
    let mut hints = vec![Hint::ChargeOnlyCable, Hint::UsbDebuggingOff];
    hints.extend(needs_driver.then_some(Hint::DriverMissing));
    hints.extend((!looked).then_some(server));
    hints.extend([Hint::RunDoctor, Hint::TryDemo]);
    hints
}

fn adb_program(findings: &Findings) -> Check {
    match &findings.adb_program {
        Some(path) => Check::of(CheckKey::AdbProgramFound).about(path),
        None => Check::of(CheckKey::AdbProgramMissing),
    }
}

fn key_file(findings: &Findings) -> Check {
    let check = match &findings.key {
        KeyState::Missing => Check::of(CheckKey::KeyMissing),
        KeyState::Usable { open_to_others: false } => Check::of(CheckKey::KeyUsable),
        KeyState::Usable { open_to_others: true } => {
            Check::of(CheckKey::KeyOpenToOthers).then(&[Step::ProtectKey])
        }
        KeyState::OldForm => Check::of(CheckKey::KeyOldForm).then(&[Step::ConvertKey]),
        KeyState::NoKey => Check::of(CheckKey::KeyInvalid).then(&[Step::RepairKey]),
        KeyState::Unreadable(why) => {
            Check::of(CheckKey::KeyUnreadable).saying(why).then(&[Step::RepairKey])
        }
        KeyState::Unknown => Check::of(CheckKey::KeyUnknown),
    };
    match &findings.key_path {
        Some(path) => check.about(path),
        None => Check::of(CheckKey::KeyWithoutHome),
    }
}

fn udev_rule(udev: &UdevState, findings: &Findings) -> Check {
    let denied = findings.usb.iter().flatten().any(usb::is_denied);
    match &udev.rule {
        Some(file) => Check::of(CheckKey::UdevRuleFound).about(file),
        None if udev.is_root => Check::of(CheckKey::UdevRuleNotNeeded),
        // Then the phones that are shut out have the step.
        None if denied => Check::of(CheckKey::UdevRuleMissing),
        None => Check::of(CheckKey::UdevRuleMissing).then(&[Step::InstallUdevRule]),
    }
}

fn server(server: &ServerFound) -> Vec<Check> {
    let facts = Facts { holder: server.holder.as_ref().map(bounded), ..Facts::default() };
    let check = match &server.outcome {
        Ok(RunningServer { version, phones }) => {
            let old = version.is_some_and(|version| version < TODAYS_SERVER);
            let key = if old { CheckKey::ServerOld } else { CheckKey::ServerRuns };
            let facts = Facts { server_version: *version, count: Some(phones.len()), ..facts };
            Check::of(key).with(facts).then(if old { &[Step::UpdateAdb] } else { &[] })
        }
        Err(ServerError::Unreachable { .. }) if !server.named => {
            Check::of(CheckKey::ServerNotRunning)
        }
        Err(ServerError::Unreachable { source, .. }) => Check::of(CheckKey::ServerUnreachable)
            .saying(&source.to_string())
            .then(&[Step::StartServer]),
        Err(ServerError::Silent { .. }) => {
            Check::of(CheckKey::ServerSilent).with(facts).then(&[Step::FreePort])
        }
        Err(ServerError::Refused { message, .. }) => {
            Check::of(CheckKey::ServerRefuses).saying(message).then(&[Step::RestartServer])
        }
        Err(ServerError::NotAdb { what, .. }) => {
            Check::of(CheckKey::ServerNotAdb).with(facts).saying(what).then(&[Step::FreePort])
        }
        Err(error @ ServerError::ResourceLimit { .. }) => {
            let check = Check::of(CheckKey::ServerUnreachable).saying(&error.to_string());
            check.then(&[Step::RaiseLimit])
        }
        Err(error @ ServerError::Failed { .. }) => {
            let check = Check::of(CheckKey::ServerNotAdb).with(facts).saying(&error.to_string());
            check.then(&[Step::FreePort])
        }
    };
    let address = server.endpoint.to_string();
    let elsewhere = Check::of(CheckKey::ServerElsewhere).about(&address);
    let mut checks = vec![check.about(&address)];
    checks.extend((!server.endpoint.is_loopback()).then_some(elsewhere));
    checks
}

fn phones(findings: &Findings) -> Vec<Check> {
    let several = findings.servers.len() > 1;
    let mut checks: Vec<Check> = Vec::new();
    for server in &findings.servers {
        for (phone, is_twice) in server.phones().iter().zip(ambiguous(server.phones())) {
            let reason = phone.state.reason();
            let mut check = match reason.or_else(|| is_twice.then_some(Reason::AmbiguousSerial)) {
                None => Check::of(CheckKey::PhoneReady),
                Some(reason) => Check::of(CheckKey::PhoneNotReady).because(reason),
            };
            if !has_words(&phone.state) {
                check = check.saying(&phone.state.text());
            }
            let serial = stranger(&decode(&phone.serial));
            let facts = Facts {
                name: phone.name().as_deref().map(stranger),
                serial: Some(serial.clone()),
                path: phone.path.as_deref().map(|path| stranger(&decode(path))),
                server: several.then(|| server.endpoint.to_string()),
                ..Facts::default()
            };
            checks.push(check.about(&serial).with(facts));
        }
    }
    let is_seen = || findings.usb.iter().flatten().any(|one| one.device.is_phone());
    // A server that can't be asked is cause enough.
    let is_problem = |check: Check| check.state() == CheckState::Problem;
    let lacks_server = || findings.servers.iter().flat_map(server).any(is_problem);
    if checks.is_empty() && !is_seen() && !lacks_server() {
        let driver = findings.needs_driver.then_some(Step::InstallDriver);
        let ways = [Step::TryCable, Step::EnableDebugging, Step::AllowDebugging];
        let steps: Vec<Step> = ways.into_iter().chain(driver).collect();
        checks.push(Check::of(CheckKey::NoPhone).then(&steps));
    }
    checks
}

/// Whether the sentence of its reason says all that the server says of a phone.
fn has_words(state: &ConnectionState) -> bool {
    matches!(state.0.as_slice(), b"device" | b"offline" | b"unauthorized" | b"authorizing")
}

fn advisories(found: &AdvisoriesFound) -> Check {
    let facts = Facts {
        set: Some(found.version.clone()),
        date: Some(found.date.clone()),
        days: Some(found.age_days),
        ..Facts::default()
    };
    // One day of grace: the earth has time zones.
    let check = if found.age_days < -1 {
        Check::of(CheckKey::AdvisoriesFromFuture).then(&[Step::SetClock])
    } else if found.age_days <= CURRENT_DAYS {
        Check::of(CheckKey::AdvisoriesCurrent)
    } else if found.age_days <= USABLE_DAYS {
        Check::of(CheckKey::AdvisoriesAgeing).then(&[Step::UpdateMicheck])
    } else {
        Check::of(CheckKey::AdvisoriesOld).then(&[Step::UpdateMicheck])
    };
    check.about(&found.version).with(facts)
}

fn bounded(holder: &OwningProcess) -> OwningProcess {
    OwningProcess { pid: holder.pid, name: stranger(&holder.name) }
}

fn stranger(text: &str) -> String {
    shortened(text, MAX_STRANGER)
}

/// At most so much of a text as is shown as `max` characters, with `…` where something is missing.
fn shortened(text: &str, max: usize) -> String {
    let mut shown = 0;
    for (at, c) in text.char_indices() {
        // What must be escaped is shown as `\u001b`.
        shown += if is_deceptive(c) { 6 * c.len_utf16() } else { 1 };
        if shown > max {
            return format!("{}…", &text[..at]);
        }
    }
    text.to_owned()
}

#[cfg(test)]
mod tests;
