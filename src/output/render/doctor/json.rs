//! A check-up as JSON.

use serde::Serialize;

use crate::doctor::{Check, CheckKey, CheckSection, CheckState, Checkup};
use crate::report::{AdvisoriesUsed, StepReport, Tool, json};
use crate::text::Text;
use micheck_core::verdict::Reason;

/// Raised when a field changes its meaning or goes away; new fields don't raise it.
const SCHEMA_VERSION: u32 = 1;

/// A check-up.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct CheckupReport {
    /// Version of this format; raised when a field changes its meaning or goes away.
    #[cfg_attr(test, schemars(extend("const" = SCHEMA_VERSION)))]
    pub schema_version: u32,
    /// What wrote this.
    pub tool: Tool,
    /// The advisories that are built in.
    pub advisories: AdvisoriesUsed,
    /// When it was looked, RFC 3339 with offset.
    #[cfg_attr(test, schemars(extend("format" = "date-time")))]
    pub taken_at: String,
    /// The worst state of all checks.
    pub state: CheckState,
    /// The checks, by section; in each the worst first.
    pub checks: Vec<CheckEntry>,
}

/// One check.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct CheckEntry {
    /// What is so: a stable key.
    pub key: CheckKey,
    /// What it belongs to.
    pub section: CheckSection,
    /// Whether all is well with it.
    pub state: CheckState,
    /// What it is so of: a path, a server's address, a serial number, a USB port.
    pub subject: Option<String>,
    /// Why a phone can't be asked, where that is it.
    pub reason: Option<Reason>,
    /// The same as a sentence, in the language of the check-up.
    pub text: String,
    /// What system, server or phone said.
    pub detail: Option<String>,
    /// What to do, first step first.
    pub steps: Vec<StepReport>,
}

impl CheckEntry {
    fn new(check: &Check, text: Text) -> Self {
        let steps = check.steps.iter();
        Self {
            key: check.key,
            section: check.key.section(),
            state: check.state(),
            subject: check.subject.clone(),
            reason: check.reason,
            text: text.check(check),
            detail: check.detail.clone(),
            steps: steps.map(|&key| StepReport::new(key, Vec::new(), text)).collect(),
        }
    }
}

/// A check-up as indented JSON, with a newline at the end; escaped as reports are.
#[must_use]
pub fn checkup_json(
    checkup: &Checkup,
    advisories: AdvisoriesUsed,
    taken_at: String,
    text: Text,
) -> String {
    json(&CheckupReport {
        schema_version: SCHEMA_VERSION,
        tool: Tool::default(),
        advisories,
        taken_at,
        state: checkup.state(),
        checks: checkup.checks.iter().map(|check| CheckEntry::new(check, text)).collect(),
    })
}
