//! The number of what is said about one phone, by which a sheet and a line of a file are told to
//! belong together.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{AdvisoriesUsed, DeviceReport, Report, Tool};
use crate::report::serial::SerialForm;
use micheck_core::escape::hex;

/// How many hexadecimal digits it has.
const DIGITS: usize = 12;

/// What it is made of.
#[derive(Serialize)]
struct Numbered<'a> {
    tool: &'a Tool,
    advisories: &'a AdvisoriesUsed,
    taken_at: &'a str,
    simulated: bool,
    device: &'a DeviceReport,
}

impl Report {
    /// When this phone was checked, by which program and by which advisories: another run's, where
    /// the report was put together from several.
    #[must_use]
    pub fn run_of<'a>(
        &'a self,
        device: &'a DeviceReport,
    ) -> (&'a str, &'a Tool, &'a AdvisoriesUsed) {
        let (taken_at, tool, advisories) = match &device.origin {
            Some(origin) => (&origin.taken_at, &origin.tool, &origin.advisories),
            None => (&self.taken_at, &self.tool, &self.advisories),
        };
        (device.checked_at.as_ref().unwrap_or(taken_at), tool, advisories)
    }

    /// The number of what is said about this phone: the beginning of a SHA-256 over all of it but
    /// the language and the serial number, which nobody shall find by trying.
    #[must_use]
    pub fn number_of(&self, device: &DeviceReport) -> String {
        if let Some(number) = &device.number {
            return number.clone();
        }
        let (taken_at, tool, advisories) = self.run_of(device);
        let mut plain = device.clone();
        // What was said of a phone can hold its serial number.
        plain.detail = None;
        plain.origin = None;
        plain.requests.clear();
        // It stands beside, as the time of the run.
        plain.checked_at = None;
        // What else is known of it may depend on who puts the report together.
        plain.before = None;
        plain.job = None;
        plain.connection.serial = None;
        plain.connection.serial_form = SerialForm::Full;
        plain.connection.state = None;
        for step in &mut plain.steps {
            step.text.clear();
        }
        let simulated = self.simulated;
        let numbered = Numbered { tool, advisories, taken_at, simulated, device: &plain };
        let json =
            serde_json::to_vec(&numbered).expect("a report has string keys and finite numbers");
        let number = hex(&Sha256::digest(json));
        // In groups, which no spreadsheet takes for a number and people can read out.
        format!("{}-{}-{}", &number[..4], &number[4..8], &number[8..DIGITS])
    }
}
