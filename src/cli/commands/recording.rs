//! What a command records of what it reports.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::say;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{RecordSettings, run_id};
use crate::record::{Recorder, RecorderNews, code_of};
use crate::report::Report;
use crate::text::Text;

/// How long the end is put off for what can't be recorded at once.
pub(super) const LAST_CHECKS: Duration = Duration::from_secs(5);

/// How long what the record has to do waits for what comes first.
const MOMENT: Duration = Duration::from_millis(25);

/// How long a sheet waits for what is on record of its phone.
const STOOD: Duration = Duration::from_secs(2);

/// A run that is recorded.
pub(super) struct Recording {
    settings: RecordSettings,
    text: Text,
    /// What stands for each phone of the report.
    codes: Vec<Option<String>>,
    /// The thread that writes, once there is something to write.
    begun: Option<(Recorder, UnboundedReceiver<RecorderNews>)>,
}

impl Recording {
    pub(super) const fn new(settings: RecordSettings, text: Text) -> Self {
        Self { settings, text, codes: Vec::new(), begun: None }
    }

    /// Notes which phones a report has, before it shows their serial numbers as its reader wants them,
    /// and says for which job they are here.
    pub(super) fn note(&mut self, report: &mut Report) {
        let salt = &self.settings.salt;
        self.codes = report.devices.iter().map(|device| code_of(device, salt)).collect();
        for device in &mut report.devices {
            device.job.clone_from(&self.settings.job);
        }
    }

    /// Has the record opened while phones are asked, where that takes a while: it isn't held up by it.
    /// `for_sheets`: whether what stands in it is to be told.
    pub(super) async fn open_during<T>(
        &mut self,
        for_sheets: bool,
        asking: impl Future<Output = T>,
    ) -> T {
        in_a_moment(asking, || self.open(for_sheets)).await
    }

    /// Hands over a report that was noted, behind what shows it; that may be held up by who reads it.
    pub(super) async fn record_behind<T>(
        &mut self,
        report: Report,
        showing: impl Future<Output = T>,
    ) -> T {
        in_a_moment(showing, || self.record(report)).await
    }

    fn open(&mut self, for_sheets: bool) {
        let (tell, news) = unbounded_channel();
        self.begun = Some((Recorder::start(self.settings.options.clone(), for_sheets, tell), news));
    }

    /// Hands over a report that was noted, once; nothing waits for it.
    pub(super) fn record(&mut self, report: Report) {
        if self.begun.is_none() {
            self.open(false);
        }
        let codes = std::mem::take(&mut self.codes);
        if let Some((recorder, _)) = &mut self.begun {
            recorder.record_report(report, run_id(), codes);
        }
    }

    /// Hands over a report that was noted, and puts what was on record of its phones into it, for sheets.
    pub(super) fn record_and_tell(&mut self, report: &mut Report) {
        if self.begun.is_none() {
            self.open(true);
        }
        self.record(report.clone());
        let Some((recorder, news)) = &mut self.begun else { return };
        let told = recorder.wait(STOOD);
        while let Ok(news) = news.try_recv() {
            if let RecorderNews::Stood { seat, before } = news {
                let seat = usize::try_from(seat).unwrap_or(usize::MAX);
                if let Some(device) = report.devices.get_mut(seat) {
                    device.before.get_or_insert(before);
                }
            } else {
                say_news(&news, self.text);
            }
        }
        if !told {
            say(&format_args!("micheck: {}", self.text.get("record-slow")));
        }
    }

    /// Waits until all is recorded, for a while; gives the exit code, which is another one where
    /// something couldn't be.
    pub(super) async fn finish(self, code: ExitCode) -> ExitCode {
        let Some((recorder, mut news)) = self.begun else { return code };
        let done = recorder.finish(LAST_CHECKS).await;
        while let Ok(news) = news.try_recv() {
            // What was in the way for a while is said if it still is.
            if !matches!(news, RecorderNews::Stuck { .. }) {
                say_news(&news, self.text);
            }
        }
        match done {
            Ok(()) => code,
            Err(error) => {
                say(&format_args!("micheck: {error}"));
                ExitCode::Error
            }
        }
    }
}

/// Does `then` behind `work`, or beside it where that takes longer than a moment.
async fn in_a_moment<T>(work: impl Future<Output = T>, then: impl FnOnce()) -> T {
    let mut work = std::pin::pin!(work);
    let done = tokio::time::timeout(MOMENT, &mut work).await;
    then();
    match done {
        Ok(done) => done,
        Err(_) => work.await,
    }
}

fn say_news(news: &RecorderNews, text: Text) {
    if let Some(sentence) = news.sentence(text) {
        say(&format_args!("micheck: {sentence}"));
    }
}
