//! What came of it all: a report of every phone, with what was found of those that were asked before.

use super::Fixing;
use crate::report::{Connection, DeviceReport, Outcome, ProbeResult, Report, Run, UpdaterRequest};
use crate::scan::rows;
use crate::text::Text;
use crate::watch::board::{BoardPhone, CurrentResult};
use micheck_adb::server::ServerError;
use micheck_core::verdict::{Reason, Verdict};

impl Fixing {
    /// The phones as they are now, in the words of `text`.
    #[must_use]
    pub fn report(&self, run: Run, text: Text) -> Report {
        let simulated = run.simulated;
        let set = &self.options.scan.advisories;
        let mut report = Report::new(run, Vec::new(), set, text);
        let phones = self.phones().into_iter();
        report.devices.extend(phones.map(|phone| self.device(phone)));
        if self.only.is_none() && self.options.scan.links.servers_named() {
            let endpoint = ServerError::endpoint;
            let rows = self.lost_servers().into_iter();
            let rows = rows.map(|error| rows::lost_server(endpoint(error), error));
            report.devices.extend(rows.map(|row| DeviceReport::new(row, set, text, simulated)));
        }
        for step in report.devices.iter_mut().flat_map(|device| &mut device.steps) {
            step.text = step.sentence(text).into_owned();
        }
        report.sort();
        report
    }

    fn device(&self, phone: &BoardPhone) -> DeviceReport {
        let mut device = self.found(phone);
        if let Some(planned) = self.planned_of(phone.id) {
            device.before = Some(planned.before.clone());
            device.checked_at.clone_from(&phone.answered_at);
            device.requests.clone_from(&planned.requests);
            if phone.may_have_been_asked() {
                device.requests.push(UpdaterRequest::CUT_OFF);
            }
        }
        device
    }

    /// What was found of a phone: what stands, else the risk that no answer has taken back, else why
    /// there is nothing.
    fn found(&self, phone: &BoardPhone) -> DeviceReport {
        let rules = self.live.board.rules();
        let is_at_risk = |held: &&CurrentResult| held.verdict.is_at_risk();
        let held = if phone.outcome().is_some_and(Verdict::is_at_risk) {
            [&phone.held, &phone.earlier].into_iter().flatten().find(is_at_risk)
        } else {
            phone.standing()
        };
        if let Some(CurrentResult { report: Some(report), .. }) = held {
            let mut report = DeviceReport::clone(report);
            // Where it is now, or was last.
            report.connection = Connection { state: None, ..phone.connection.clone() };
            return report;
        }
        let (connection, model) = (phone.connection.clone(), phone.model.clone());
        let reason = match phone.reason() {
            Some(reason) => reason,
            None if phone.is_starting() => Reason::StillBooting,
            None if phone.is_present() => Reason::Timeout,
            None => return DeviceReport::unplugged(connection, model, rules.simulated, rules.text),
        };
        let row = ProbeResult {
            connection,
            listed_model: model,
            outcome: Outcome::Skipped(reason),
            detail: None,
            duration_ms: 0,
            source: None,
        };
        DeviceReport::new(row, &self.options.scan.advisories, rules.text, rules.simulated)
    }

    /// What the phones answered, where evidence is kept: with the last request of each, and what each
    /// answered last.
    pub fn evidence(&mut self) -> [Vec<ProbeResult>; 2] {
        let both = [&mut self.requested, &mut self.last];
        both.map(|kept| std::mem::take(kept).into_values().collect())
    }
}
