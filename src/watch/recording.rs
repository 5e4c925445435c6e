//! The verdicts of a bench on their way to the record.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::board::{PhoneId, Rules, VerdictLine};
use crate::record::{
    CheckRecord, NotRecorded, Recorder, RecorderNews, RecorderOptions, ZonedTime, code_of,
};
use crate::report::Report;
use micheck_core::identity::Salt;

/// Records what a bench finds.
#[derive(Debug)]
pub struct BenchRecorder {
    recorder: Recorder,
    news: UnboundedReceiver<RecorderNews>,
    salt: Salt,
}

impl BenchRecorder {
    /// Begins at once to open the record. `salt`: what serial numbers are coded with.
    #[must_use]
    pub fn start(options: RecorderOptions, salt: Salt) -> Self {
        let (tell, news) = unbounded_channel();
        Self { recorder: Recorder::start(options, true, tell), news, salt }
    }

    /// Hands a verdict over; nothing waits for it.
    pub(crate) fn record(&mut self, line: &VerdictLine, rules: &Rules) {
        let (simulated, advisories) = (line.head.simulated, &line.advisories);
        let (device, at) = (line.device.clone(), &line.head.at);
        let mut report = Report::of_one(device, at, simulated, advisories, rules.text);
        let seat = (line.head.run.as_str(), line.phone);
        let checks = report.devices.pop().and_then(|device| {
            let code = code_of(&device, &self.salt);
            CheckRecord::new(&report, device, seat, code)
        });
        self.recorder.record(checks.into_iter().collect());
    }

    /// Says for which job a phone of the bench is here.
    pub(crate) fn give_job(&self, rules: &Rules, phone: PhoneId, job: &str) {
        let now = ZonedTime::of(&jiff::Zoned::now());
        self.recorder.give_job(&rules.run, phone.0, job, now);
    }

    /// What there is to say, or to show of a phone; never, where nothing is recorded.
    pub(crate) async fn next(recorder: &mut Option<Self>) -> RecorderNews {
        if let Some(news) = match recorder {
            Some(recorder) => recorder.news.recv().await,
            None => None,
        } {
            return news;
        }
        std::future::pending().await
    }

    /// Has it write what it still has, for at most `time`.
    ///
    /// # Errors
    /// Something couldn't be recorded.
    pub async fn finish(self, time: Duration) -> Result<(), NotRecorded> {
        self.recorder.finish(time).await
    }
}
