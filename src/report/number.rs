//! The number of what is said about one phone, by which a sheet and a line of a file are told to
//! belong together.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{AdvisoriesUsed, DeviceReport, Report, SourceRun, Tool};
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
        self.run_at(device.origin.as_ref(), device.checked_at.as_deref())
    }

    fn run_at<'a>(
        &'a self,
        origin: Option<&'a SourceRun>,
        checked_at: Option<&'a str>,
    ) -> (&'a str, &'a Tool, &'a AdvisoriesUsed) {
        let (taken_at, tool, advisories) = match origin {
            Some(origin) => (&origin.taken_at, &origin.tool, &origin.advisories),
            None => (&self.taken_at, &self.tool, &self.advisories),
        };
        (checked_at.unwrap_or(taken_at), tool, advisories)
    }

    /// The number of what is said about this phone: the beginning of a SHA-256 over all of it but
    /// the language and the serial number, which nobody shall find by trying.
    #[must_use]
    pub fn number_of(&self, device: &DeviceReport) -> String {
        device.number.clone().unwrap_or_else(|| self.number_from(&mut device.clone()))
    }

    /// The same of a row that isn't shown any more: it loses what the number isn't of.
    pub(crate) fn number_from(&self, device: &mut DeviceReport) -> String {
        // It stands beside, as the time of the run.
        let (origin, checked_at) = (device.origin.take(), device.checked_at.take());
        // What was said of a phone can hold its serial number.
        device.detail = None;
        device.requests.clear();
        // What else is known of it may depend on who puts the report together.
        device.before = None;
        device.job = None;
        device.connection.serial = None;
        device.connection.serial_form = SerialForm::Full;
        device.connection.state = None;
        for step in &mut device.steps {
            step.text.clear();
        }
        if let Some(number) = device.number.take() {
            return number;
        }
        let (taken_at, tool, advisories) = self.run_at(origin.as_ref(), checked_at.as_deref());
        let simulated = self.simulated;
        let numbered = Numbered { tool, advisories, taken_at, simulated, device };
        let json =
            serde_json::to_vec(&numbered).expect("a report has string keys and finite numbers");
        let number = hex(&Sha256::digest(json));
        // In groups, which no spreadsheet takes for a number and people can read out.
        format!("{}-{}-{}", &number[..4], &number[4..8], &number[8..DIGITS])
    }
}
