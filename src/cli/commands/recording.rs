//! What a command records of what it reports.

use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::say;
use crate::cli::exit_code::ExitCode;
use crate::cli::settings::{RecordSettings, run_id};
use crate::record::{CheckRecord, Recorder, RecorderNews};
use crate::report::Report;
use crate::text::Text;

/// How long the end is put off for what can't be recorded at once.
pub(super) const LAST_CHECKS: Duration = Duration::from_secs(5);

/// How long a sheet waits for what is on record of its phone.
const STOOD: Duration = Duration::from_secs(2);

/// A run that is recorded.
pub(super) struct Recording {
    recorder: Recorder,
    news: UnboundedReceiver<RecorderNews>,
    settings: RecordSettings,
    run: String,
    text: Text,
}

impl Recording {
    /// Begins at once to open the record, beside whatever else is done.
    pub(super) fn begin(settings: Option<RecordSettings>, text: Text) -> Option<Self> {
        let settings = settings?;
        let (tell, news) = unbounded_channel();
        let recorder = Recorder::start(settings.options.clone(), tell);
        Some(Self { recorder, news, settings, run: run_id(), text })
    }

    /// Hands a report over; nothing waits for it.
    pub(super) fn record(&mut self, report: &mut Report) {
        let RecordSettings { salt, job, .. } = &self.settings;
        self.recorder.record(CheckRecord::of_report(report, &self.run, salt, job.as_deref()));
        for device in &mut report.devices {
            device.job.clone_from(job);
        }
    }

    /// Puts what is on record of its phones into a report that was handed over, for sheets.
    pub(super) fn tell_before(&mut self, report: &mut Report) {
        let told = self.recorder.wait(STOOD);
        while let Ok(news) = self.news.try_recv() {
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
    pub(super) fn finish(mut self, code: ExitCode) -> ExitCode {
        let done = self.recorder.finish(LAST_CHECKS);
        while let Ok(news) = self.news.try_recv() {
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

fn say_news(news: &RecorderNews, text: Text) {
    if let Some(sentence) = news.sentence(text) {
        say(&format_args!("micheck: {sentence}"));
    }
}
