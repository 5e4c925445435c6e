//! Places that take events as lines: standard output and files. Each has a thread of its own, so
//! that one that is slow, full or never read from holds up nothing; what it hasn't taken is kept.

use std::fs::OpenOptions;
use std::io::{self, Read as _, Seek as _, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::mpsc::UnboundedSender;

use crate::scan::aside::aside;

/// How soon a place that took nothing is tried again.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// How much waits for a place that takes nothing, bytes; what comes then is lost, and counted.
const MAX_WAITING_BYTES: usize = 16 << 20;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Stdout,
    /// To the end of this file.
    File(PathBuf),
}

/// How it stands with a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SinkState {
    Fine,
    /// It takes none at the moment.
    Stuck {
        error: String,
        waiting: usize,
    },
    Closed,
}

/// A place couldn't take lines.
#[derive(Debug, Error)]
pub enum EventSinkError {
    /// It can't be opened.
    #[error("can't write to {name}: {reason}; choose another file or folder")]
    Open { name: String, reason: String },
    /// Nobody takes them.
    #[error("the last lines for {name} couldn't be written: nothing is reading them")]
    Untaken { name: String },
    /// Lines are lost.
    #[error(
        "{lost} of the lines for {name} couldn't be written: {reason}; make room, or choose another place"
    )]
    Lost { name: String, lost: usize, reason: String },
}

/// Who is told how it stands with a place, by its name.
type StateSender = UnboundedSender<(String, SinkState)>;

/// A place that takes lines.
#[derive(Debug)]
pub struct EventSink {
    name: String,
    taker: mpsc::Sender<String>,
    thread: JoinHandle<Option<(usize, String)>>,
    /// Told that nothing more comes, so that a place that takes nothing isn't waited for for ever.
    end: mpsc::Sender<Duration>,
    /// How many bytes it hasn't taken.
    waiting: Arc<AtomicUsize>,
    /// How many lines were lost since that was last said.
    lost: usize,
}

impl EventSink {
    /// Opens a place; `tell` hears how it stands with it.
    ///
    /// # Errors
    /// The file can't be opened.
    pub fn open(target: &Target, tell: &StateSender) -> Result<Self, EventSinkError> {
        match target {
            Target::Stdout => Self::start("standard output", io::stdout(), tell),
            Target::File(path) => {
                let name = path.display().to_string();
                match open(path) {
                    Ok(file) => Self::start(&name, file, tell),
                    Err(error) => Err(EventSinkError::Open { name, reason: error.to_string() }),
                }
            }
        }
    }

    fn start(
        name: &str,
        place: impl Write + Send + 'static,
        tell: &StateSender,
    ) -> Result<Self, EventSinkError> {
        let (taker, lines) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let waiting = Arc::<AtomicUsize>::default();
        let name = name.to_owned();
        let writer = Writer {
            name: name.clone(),
            place,
            pending: Vec::new(),
            done: 0,
            tell: tell.clone(),
            waiting: Arc::clone(&waiting),
        };
        match thread::Builder::new().spawn(move || writer.run(&lines, &ended)) {
            Ok(thread) => Ok(Self { name, taker, thread, end, waiting, lost: 0 }),
            Err(error) => {
                let reason = format!("no thread could be started for it: {error}");
                Err(EventSinkError::Open { name, reason })
            }
        }
    }

    /// Hands a line over, with its newline; it is lost where too much waits before it.
    pub fn write(&mut self, line: &str) {
        if self.thread.is_finished() {
            return;
        }
        if self.waiting.load(Ordering::Relaxed) + line.len() > MAX_WAITING_BYTES {
            self.lost += 1;
            return;
        }
        self.waiting.fetch_add(line.len(), Ordering::Relaxed);
        // A thread that has ended has said why.
        let _ = self.taker.send(line.to_owned());
    }

    /// How many lines were lost, once there is room to say so.
    pub fn take_lost(&mut self) -> Option<usize> {
        let has_room = self.waiting.load(Ordering::Relaxed) <= MAX_WAITING_BYTES / 2;
        (has_room && self.lost > 0).then(|| std::mem::take(&mut self.lost))
    }
}

fn open(path: &Path) -> io::Result<std::fs::File> {
    if micheck_platform::regular_file::is_pipe(path) {
        return Err(io::Error::other(
            "it is a pipe, which waits for its reader; give a file, or use --format jsonl",
        ));
    }
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    if ends_in_mid_line(path) {
        file.write_all(b"\n")?;
    }
    Ok(file)
}

/// Whether the last line of a file was broken off: the next one must not go on with it.
fn ends_in_mid_line(path: &Path) -> bool {
    let last = || {
        let mut file = std::fs::File::open(path).ok()?;
        if !file.metadata().ok()?.is_file() {
            return None;
        }
        file.seek(io::SeekFrom::End(-1)).ok()?;
        let mut last = [0];
        file.read_exact(&mut last).ok()?;
        Some(last[0])
    };
    last().is_some_and(|last| last != b'\n')
}

/// Has each write what it still has, for at most `time`; gives what is lost.
pub(super) async fn finish(all: Vec<EventSink>, time: Duration) -> Vec<EventSinkError> {
    let ends = all.into_iter().map(|EventSink { name, taker, thread, end, lost, .. }| {
        let _ = end.send(time);
        drop((taker, end));
        (name, lost, tokio::spawn(aside(move || thread.join().ok().flatten())))
    });
    let mut lost = Vec::new();
    for (name, untaken, end) in ends.collect::<Vec<_>>() {
        if untaken > 0 {
            let reason = "too many waited before them".to_owned();
            lost.push(EventSinkError::Lost { name: name.clone(), lost: untaken, reason });
        }
        match tokio::time::timeout(time * 2 + TRY_AGAIN, end).await {
            Ok(ended) => {
                let ended = ended.ok().flatten().flatten();
                lost.extend(ended.map(|(lost, reason)| EventSinkError::Lost {
                    name,
                    lost,
                    reason,
                }));
            }
            // A reader that has stopped reading holds up whoever writes to it.
            Err(_) => lost.push(EventSinkError::Untaken { name }),
        }
    }
    lost
}

struct Writer<W> {
    name: String,
    place: W,
    /// What was taken and isn't written yet.
    pending: Vec<u8>,
    /// How much of that is.
    done: usize,
    tell: StateSender,
    waiting: Arc<AtomicUsize>,
}

impl<W: Write> Writer<W> {
    /// Writes every line until nobody sends any more; gives how many are lost, and why.
    fn run(
        mut self,
        lines: &mpsc::Receiver<String>,
        ended: &mpsc::Receiver<Duration>,
    ) -> Option<(usize, String)> {
        let mut stuck: Option<String> = None;
        let mut last_tries = None;
        loop {
            let line = match &stuck {
                None => lines.recv().ok(),
                Some(_) => match lines.recv_timeout(TRY_AGAIN) {
                    Ok(line) => Some(line),
                    Err(mpsc::RecvTimeoutError::Timeout) => Some(String::new()),
                    Err(mpsc::RecvTimeoutError::Disconnected) => None,
                },
            };
            let over = line.is_none();
            self.pending.extend_from_slice(line.unwrap_or_default().as_bytes());
            // Together what came together.
            while let Ok(line) = lines.try_recv() {
                self.pending.extend_from_slice(line.as_bytes());
            }
            match self.write() {
                Ok(()) => {
                    if stuck.take().is_some() {
                        self.say(SinkState::Fine);
                    }
                    if over {
                        return None;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                    // Whoever read has gone, and misses nothing.
                    self.say(SinkState::Closed);
                    return None;
                }
                Err(error) => {
                    let error = error.to_string();
                    let waiting = self.waiting();
                    self.say(SinkState::Stuck { error: error.clone(), waiting });
                    if over {
                        let time = ended.try_recv().unwrap_or_default();
                        let tries = u32::try_from(time.as_secs()).unwrap_or(0);
                        let left = last_tries.get_or_insert(tries);
                        if *left == 0 {
                            return Some((waiting, error));
                        }
                        *left -= 1;
                        thread::sleep(TRY_AGAIN);
                    }
                    stuck = Some(error);
                }
            }
        }
    }

    /// Writes what is pending, as much of it as can be; what is written isn't written again.
    fn write(&mut self) -> io::Result<()> {
        while self.done < self.pending.len() {
            match self.place.write(&self.pending[self.done..]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(written) => {
                    self.done += written;
                    self.waiting.fetch_sub(written, Ordering::Relaxed);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        self.pending.clear();
        // One that was stuck for long gives its room back.
        self.pending.shrink_to(64 << 10);
        self.done = 0;
        self.place.flush()
    }

    fn say(&self, state: SinkState) {
        // At the end nobody listens any more.
        let _ = self.tell.send((self.name.clone(), state));
    }

    fn waiting(&self) -> usize {
        memchr::memchr_iter(b'\n', &self.pending[self.done..]).count()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

    use super::*;

    /// A disk with so much room left.
    #[derive(Clone)]
    struct Disk {
        written: Arc<Mutex<Vec<u8>>>,
        room: Arc<Mutex<usize>>,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let mut room = self.room.lock().unwrap();
            if *room == 0 {
                return Err(io::ErrorKind::StorageFull.into());
            }
            let taken = bytes.len().min(*room);
            *room -= taken;
            self.written.lock().unwrap().extend_from_slice(&bytes[..taken]);
            Ok(taken)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn disk(room: usize) -> Disk {
        Disk { written: Arc::default(), room: Arc::new(Mutex::new(room)) }
    }

    fn start(disk: Disk) -> (EventSink, UnboundedReceiver<(String, SinkState)>) {
        let (tell, states) = unbounded_channel();
        (EventSink::start("disk", disk, &tell).unwrap(), states)
    }

    #[tokio::test]
    async fn a_full_disk_loses_nothing_when_there_is_room_again() {
        let disk = disk(9);
        let (mut lines, mut states) = start(disk.clone());
        lines.write("first\n");
        lines.write("second\n");
        lines.write("third\n");
        let (name, state) = states.recv().await.unwrap();
        let SinkState::Stuck { error, waiting } = state else { panic!("{state:?}") };
        assert_eq!((name.as_str(), error.as_str()), ("disk", "no storage space"));
        assert!((1..=2).contains(&waiting), "{waiting}");
        *disk.room.lock().unwrap() = 1000;
        while states.recv().await.unwrap().1 != SinkState::Fine {}
        assert!(finish(vec![lines], Duration::ZERO).await.is_empty());
        assert_eq!(*disk.written.lock().unwrap(), b"first\nsecond\nthird\n");
    }

    #[tokio::test]
    async fn what_waits_has_a_bound_and_what_is_lost_is_counted() {
        let disk = disk(0);
        let (mut lines, _states) = start(disk.clone());
        let line = "x".repeat((1 << 20) - 1) + "\n";
        for _ in 0..20 {
            lines.write(&line);
        }
        assert_eq!(lines.lost, 4);
        assert_eq!(lines.take_lost(), None);
        *disk.room.lock().unwrap() = 100 << 20;
        while lines.waiting.load(Ordering::Relaxed) > 0 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!((lines.take_lost(), lines.take_lost()), (Some(4), None));
        lines.write("last\n");
        assert!(finish(vec![lines], Duration::from_secs(5)).await.is_empty());
        assert_eq!(disk.written.lock().unwrap().len(), (16 << 20) + 5);
    }

    #[tokio::test]
    async fn what_never_had_room_is_told_at_the_end() {
        let (mut lines, _states) = start(disk(3));
        lines.write("first\n");
        lines.write("second\n");
        let lost = finish(vec![lines], Duration::ZERO).await;
        assert_eq!(
            lost[0].to_string(),
            "2 of the lines for disk couldn't be written: no storage space; make room, or choose \
             another place"
        );
    }
}
