//! Records while others go on: on a thread of its own, so that nobody waits for a disk. What can't be
//! written is kept in memory and tried again.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::filter::Recorded;
use super::store::new_id;
use super::{CheckRecord, Kept, RecordError, Store, ZonedTime};
use crate::report::{Before, Report};
use crate::text::{Text, t};
use micheck_core::escape::escape;

/// How soon it is tried again where something is in the way.
const TRY_AGAIN: Duration = Duration::from_millis(500);

/// How many checks are kept in memory; what comes then is lost, and counted. A bench has some hundred a
/// day.
const MAX_WAITING: usize = 20_000;

/// Where and how it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecorderOptions {
    pub path: PathBuf,
    /// The name of this bench; `None`: its record gives it one.
    pub bench: Option<String>,
    /// How long checks are kept, seconds; `None`: until somebody has them forgotten.
    pub keep: Option<i64>,
}

/// What whoever has phones checked may want to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecorderNews {
    /// A damaged record has another name now, and a new one was begun.
    Moved { path: PathBuf, aside: PathBuf },
    /// Some were older than they are to be kept.
    Kept(Kept),
    /// Nothing can be written at the moment.
    Stuck { error: RecordError, waiting: usize },
    /// It can again.
    Fine,
    /// What stood for a phone of this run before it.
    Stood { seat: u32, before: Before },
}

impl RecorderNews {
    /// The sentence for people; `None`: there is nothing to say.
    #[must_use]
    pub fn sentence(&self, text: Text) -> Option<String> {
        let shown = |path: &PathBuf| escape(&path.display().to_string()).into_owned();
        match self {
            Self::Moved { path, aside } => {
                Some(t!(text, "record-moved", file = shown(path), aside = shown(aside)))
            }
            Self::Kept(Kept { waiting: count @ 1.., moved, .. }) => {
                let days = moved / super::DAY;
                Some(t!(text, "record-clock", count = *count, days = days))
            }
            Self::Kept(Kept { forgotten: count @ 1.., .. }) => {
                Some(t!(text, "record-kept", count = *count))
            }
            Self::Kept(_) | Self::Fine | Self::Stood { .. } => None,
            Self::Stuck { error, waiting } => {
                let error = error.to_string();
                Some(t!(text, "record-stuck", count = *waiting, error = error))
            }
        }
    }
}

/// A check with the id that it gets, so that one that was tried twice is there once.
type Pending = (String, CheckRecord);

fn with_ids(checks: Vec<CheckRecord>) -> Vec<Pending> {
    checks.into_iter().map(|check| (new_id(), check)).collect()
}

enum Message {
    Checks(Vec<Pending>),
    Job {
        id: String,
        run: String,
        seat: u32,
        job: String,
        at: ZonedTime,
    },
    /// A report of whose phones these are the codes; it is taken apart where nobody waits.
    Report {
        report: Box<Report>,
        run: String,
        codes: Vec<Option<String>>,
    },
    /// Says when all before it is written.
    Flush(mpsc::Sender<()>),
    End(Duration),
}

/// What couldn't be recorded, and why.
#[derive(Debug, thiserror::Error)]
#[error(
    "{} couldn't be recorded: {error}",
    match lost { 1 => "1 check".to_owned(), lost => format!("{lost} checks") }
)]
pub struct NotRecorded {
    pub lost: usize,
    pub error: RecordError,
}

/// Records what it is given.
#[derive(Debug)]
pub struct Recorder {
    messages: mpsc::Sender<Message>,
    ended: oneshot::Receiver<Option<NotRecorded>>,
    waiting: Arc<AtomicUsize>,
    path: PathBuf,
    /// How many came while too many waited.
    lost: usize,
}

impl Recorder {
    /// Begins at once to open the record; `news` hears how it goes, and with `wants_stood` what stood for
    /// each phone.
    #[must_use]
    pub fn start(
        options: RecorderOptions,
        wants_stood: bool,
        news: UnboundedSender<RecorderNews>,
    ) -> Self {
        let (messages, received) = mpsc::channel();
        let (tell_end, ended) = oneshot::channel();
        let waiting = Arc::<AtomicUsize>::default();
        let path = options.path.clone();
        let mut worker = Worker {
            options,
            wants_stood,
            news,
            store: None,
            pending: Vec::new(),
            waiting: Arc::clone(&waiting),
            told: None,
        };
        // Without a thread nothing is recorded, which the end says.
        let _ = thread::Builder::new().name("record".to_owned()).spawn(move || {
            // Closing takes longer than telling.
            let _ = tell_end.send(worker.run(&received));
        });
        Self { messages, ended, waiting, path, lost: 0 }
    }

    /// Hands checks over, in the order in which they came.
    pub fn record(&mut self, checks: Vec<CheckRecord>) {
        if checks.is_empty() {
            return;
        }
        if self.waiting.load(Ordering::Relaxed) + checks.len() > MAX_WAITING {
            self.lost += checks.len();
            return;
        }
        self.waiting.fetch_add(checks.len(), Ordering::Relaxed);
        // A thread that has ended says so at the end.
        let _ = self.messages.send(Message::Checks(with_ids(checks)));
    }

    /// Hands over a report, of whose phones these are the codes.
    pub fn record_report(&mut self, report: Report, run: String, codes: Vec<Option<String>>) {
        self.waiting.fetch_add(codes.len(), Ordering::Relaxed);
        let report = Box::new(report);
        let _ = self.messages.send(Message::Report { report, run, codes });
    }

    /// Says for which job the last check of a phone of a run was.
    pub fn give_job(&self, run: &str, seat: u32, job: &str, at: ZonedTime) {
        let (id, run, job) = (new_id(), run.to_owned(), job.to_owned());
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let _ = self.messages.send(Message::Job { id, run, seat, job, at });
    }

    /// Waits until all is written that was handed over, for at most `time`; whether it is.
    #[must_use]
    pub fn wait(&self, time: Duration) -> bool {
        let (done, is_done) = mpsc::channel();
        let _ = self.messages.send(Message::Flush(done));
        is_done.recv_timeout(time).is_ok()
    }

    /// Has it write what it still has, for at most `time`.
    ///
    /// # Errors
    /// Something couldn't be recorded.
    pub async fn finish(self, time: Duration) -> Result<(), NotRecorded> {
        let _ = self.messages.send(Message::End(time));
        let waiting = self.waiting.load(Ordering::Relaxed);
        let stuck = |reason: &str| RecordError::Unusable {
            path: self.path.clone(),
            reason: reason.to_owned(),
        };
        match timeout(time * 2 + TRY_AGAIN, self.ended).await {
            Ok(Ok(Some(NotRecorded { lost, error }))) => {
                Err(NotRecorded { lost: lost + self.lost, error })
            }
            Ok(Ok(None)) if self.lost > 0 => {
                let error = stuck("too many waited before them");
                Err(NotRecorded { lost: self.lost, error })
            }
            Ok(Ok(None)) => Ok(()),
            // It is busy with none of them, or there is no thread.
            _ if waiting == 0 => Ok(()),
            _ => {
                let error = stuck("the disk doesn't answer");
                Err(NotRecorded { lost: waiting + self.lost, error })
            }
        }
    }
}

struct Worker {
    options: RecorderOptions,
    wants_stood: bool,
    news: UnboundedSender<RecorderNews>,
    store: Option<Store>,
    pending: Vec<Message>,
    waiting: Arc<AtomicUsize>,
    /// What was last said to be in the way.
    told: Option<RecordError>,
}

impl Worker {
    /// Records until it is told to end; gives what it couldn't.
    fn run(&mut self, messages: &mpsc::Receiver<Message>) -> Option<NotRecorded> {
        let mut end: Option<Instant> = None;
        let mut failed = self.work().err();
        loop {
            let message = match (&end, &failed) {
                (Some(_), _) => None,
                (None, None) => Some(messages.recv().unwrap_or(Message::End(Duration::ZERO))),
                (None, Some(_)) => match messages.recv_timeout(TRY_AGAIN) {
                    Ok(message) => Some(message),
                    Err(mpsc::RecvTimeoutError::Timeout) => None,
                    Err(mpsc::RecvTimeoutError::Disconnected) => Some(Message::End(Duration::ZERO)),
                },
            };
            // Together what came together.
            for message in message.into_iter().chain(messages.try_iter()) {
                match message {
                    Message::End(time) => end = Some(Instant::now() + time),
                    Message::Report { report, run, codes } => {
                        let rows = codes.len();
                        let checks = CheckRecord::of_report(*report, &run, codes);
                        // Not every row is a phone's.
                        self.waiting.fetch_sub(rows - checks.len(), Ordering::Relaxed);
                        self.pending.push(Message::Checks(with_ids(checks)));
                    }
                    other => self.pending.push(other),
                }
            }
            failed = self.work().err();
            let Some(deadline) = end else { continue };
            let Some(error) = &failed else { return None };
            if Instant::now() >= deadline || is_final(error) {
                let lost = self.waiting.load(Ordering::Relaxed);
                return (lost > 0).then(|| NotRecorded { lost, error: error.clone() });
            }
            thread::sleep(TRY_AGAIN);
        }
    }

    /// Opens the record if it isn't open, writes all that waits, and says how that went.
    fn work(&mut self) -> Recorded<()> {
        let done = self.write();
        if let Err(error) = &done {
            if matches!(error, RecordError::Corrupt { .. } | RecordError::Unusable { .. }) {
                self.store = None;
            }
            if let (RecordError::Corrupt { path, .. }, Ok(Some(aside))) =
                (error, self.move_if_damaged(error))
            {
                self.tell(RecorderNews::Moved { path: path.clone(), aside });
            }
            if self.told.as_ref() != Some(error) {
                let waiting = self.waiting.load(Ordering::Relaxed);
                self.tell(RecorderNews::Stuck { error: error.clone(), waiting });
            }
            self.told = Some(error.clone());
        } else if let Some(error) = self.told.take() {
            self.tell(RecorderNews::Fine);
            if let Some(store) = &self.store {
                let _ = store.note_error(now(), &error.to_string());
            }
        }
        done
    }

    fn write(&mut self) -> Recorded<()> {
        // Somebody may have moved it away, or deleted it.
        self.store.take_if(|_| !self.options.path.exists());
        if self.store.is_none() {
            let store = self.open()?;
            self.store = Some(store);
        }
        while let Some(first) = self.pending.first() {
            let store = self.store.as_mut().expect("it was opened just now");
            match first {
                Message::Checks(_) => self.write_checks()?,
                Message::Job { id, run, seat, job, at } => {
                    store.give_job(id, run, *seat, job, *at)?;
                    self.waiting.fetch_sub(1, Ordering::Relaxed);
                    self.pending.remove(0);
                }
                Message::Flush(done) => {
                    let _ = done.send(());
                    self.pending.remove(0);
                }
                Message::Report { .. } | Message::End(_) => drop(self.pending.remove(0)),
            }
        }
        Ok(())
    }

    /// Writes the checks that come first, together.
    fn write_checks(&mut self) -> Recorded<()> {
        let those = self.pending.iter().map_while(|message| match message {
            Message::Checks(checks) => Some(checks),
            _ => None,
        });
        let (messages, checks) = (those.clone().count(), those.flatten());
        let store = self.store.as_mut().expect("it was opened just now");
        let stood = store.append(checks.clone())?;
        self.waiting.fetch_sub(stood.len(), Ordering::Relaxed);
        if self.wants_stood {
            self.tell_stood(checks, &stood);
        }
        self.pending.drain(..messages);
        Ok(())
    }

    /// Says what stood for phones before this run. They are recorded: that it can't be read is no
    /// reason to try again.
    fn tell_stood<'c>(&self, checks: impl Iterator<Item = &'c Pending>, stood: &[Option<i64>]) {
        let Some(store) = &self.store else { return };
        for ((_, check), row) in checks.zip(stood) {
            if let Some(Ok(stood)) = row.map(|row| store.check_at(row)) {
                let before = stood.check.before();
                self.tell(RecorderNews::Stood { seat: check.seat, before });
            }
        }
    }

    /// What is damaged makes room for a new one.
    fn move_if_damaged(&self, error: &RecordError) -> Recorded<Option<PathBuf>> {
        match error {
            RecordError::Corrupt { .. } => Store::move_damaged(&self.options.path),
            _ => Ok(None),
        }
    }

    fn open(&self) -> Recorded<Store> {
        let RecorderOptions { path, bench, keep } = &self.options;
        let mut store = Store::create(path, bench.as_deref())?;
        if let Some(aside) = store.moved() {
            let (path, aside) = (path.clone(), aside.to_owned());
            self.tell(RecorderNews::Moved { path, aside });
        }
        store.tidy();
        store.make_ready()?;
        if let Some(keep) = keep {
            let kept = store.keep(*keep, now())?;
            self.tell(RecorderNews::Kept(kept));
        }
        Ok(store)
    }

    fn tell(&self, news: RecorderNews) {
        // Whoever listened may have gone.
        let _ = self.news.send(news);
    }
}

/// Whether nothing that happens by itself ends it.
const fn is_final(error: &RecordError) -> bool {
    matches!(
        error,
        RecordError::NotBuilt
            | RecordError::Refused { .. }
            | RecordError::Newer { .. }
            | RecordError::NotARecord { .. }
    )
}

/// What the clock says.
fn now() -> ZonedTime {
    ZonedTime::of(&jiff::Zoned::now())
}
