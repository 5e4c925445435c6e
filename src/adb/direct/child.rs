//! The parent's end of a worker: starts it, writes requests, reads events, ends it.

use std::io;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::Instant;

use crate::link_error::LinkError;
use crate::shortage::{TRY_AGAIN_AFTER, is_for_now};
use crate::worker::SUBCOMMAND;
use crate::worker::pipe::{
    Envelope, HEAD_BYTES, MAX_FRAME_BYTES, WorkerEvent, WorkerRequest, head,
};
use micheck_core::verdict::Reason;

/// How much is read at a time, bytes.
const READ_BYTES: usize = 16 << 10;

/// A worker; dropping it ends it at once, whatever it is doing.
#[derive(Debug)]
pub(super) struct Worker {
    child: Child,
    requests: ChildStdin,
    events: ChildStdout,
    /// What was read and not yet taken.
    buffer: Vec<u8>,
}

impl Worker {
    /// Starts one.
    ///
    /// # Errors
    /// The system starts no more processes.
    pub(super) fn start() -> Result<Self, LinkError> {
        Self::try_start().map_err(|error| not_started(&error))
    }

    /// Starts one, if need be when others have ended, by `deadline`.
    ///
    /// # Errors
    /// The system starts none, whatever ends.
    pub(super) async fn start_when_possible(deadline: Instant) -> Result<Self, LinkError> {
        loop {
            match Self::try_start() {
                Err(error)
                    if is_for_now(&error) && Instant::now() + 2 * TRY_AGAIN_AFTER < deadline =>
                {
                    tokio::time::sleep(TRY_AGAIN_AFTER).await;
                }
                started => return started.map_err(|error| not_started(&error)),
            }
        }
    }

    fn try_start() -> io::Result<Self> {
        let mut child = Command::new(this_program()?)
            .arg(SUBCOMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // Read by nobody. Not the null device: where only this program is, there is none.
            .stderr(Stdio::piped())
            // rustls, inside of `adb_client`, would write down what TLS hides.
            .env_remove("SSLKEYLOGFILE")
            .kill_on_drop(true)
            .spawn()?;
        drop(child.stderr.take());
        let (requests, events) = (child.stdin.take(), child.stdout.take());
        Ok(Self {
            child,
            requests: requests.expect("it is piped"),
            events: events.expect("it is piped"),
            buffer: Vec::new(),
        })
    }

    /// Hands over a request.
    ///
    /// # Errors
    /// The worker is gone.
    pub(super) async fn request(&mut self, request: WorkerRequest) -> Result<(), LinkError> {
        let line = Envelope::line(request).map_err(|error| {
            LinkError::with_detail(Reason::BadKey, format!("the key's path: {error}"))
        })?;
        match self.requests.write_all(&line).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.broken().await),
        }
    }

    /// Waits for the next event. Who stops waiting misses none.
    ///
    /// # Errors
    /// The worker is gone, or sends what no worker does.
    pub(super) async fn next(&mut self) -> Result<WorkerEvent, LinkError> {
        let mut wanted = HEAD_BYTES;
        loop {
            if let Some(bytes) = self.buffer.first_chunk::<HEAD_BYTES>() {
                let (kind, length) = head(*bytes);
                if length > MAX_FRAME_BYTES {
                    return Err(self.broken().await);
                }
                wanted = HEAD_BYTES + length;
                if self.buffer.len() >= wanted {
                    let event = WorkerEvent::read(kind, &self.buffer[HEAD_BYTES..wanted]);
                    self.buffer.drain(..wanted);
                    return match event {
                        Some(event) => Ok(event),
                        None => Err(self.broken().await),
                    };
                }
            }
            self.buffer.reserve(READ_BYTES.max(wanted - self.buffer.len()));
            match self.events.read_buf(&mut self.buffer).await {
                Ok(0) | Err(_) => return Err(self.broken().await),
                Ok(_) => {}
            }
        }
    }

    /// Whether it hasn't ended.
    pub(super) fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends the worker, and says what became of it.
    pub(super) async fn broken(&mut self) -> LinkError {
        // It has nothing more to say; but its own end, if it came to one, says more than ours.
        let ended = tokio::time::timeout(Duration::from_millis(200), self.child.wait());
        let how = match ended.await {
            Ok(Ok(status)) => status.to_string(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => {
                let _ = self.child.start_kill();
                "it was ended".to_owned()
            }
        };
        let detail = format!("the worker process for this phone failed: {how}");
        LinkError::with_detail(Reason::WorkerFailed, detail)
    }
}

fn not_started(error: &io::Error) -> LinkError {
    let reason = if is_for_now(error) { Reason::ResourceLimit } else { Reason::WorkerFailed };
    LinkError::with_detail(reason, format!("micheck's process for it couldn't be started: {error}"))
}

/// This program as it runs now, also if the file was replaced meanwhile.
#[cfg(target_os = "linux")]
fn this_program() -> io::Result<PathBuf> {
    let running = PathBuf::from("/proc/self/exe");
    if running.exists() {
        return Ok(running);
    }
    // Where nobody has mounted /proc: as it was called, if that is a path.
    let called = std::env::args_os().next().map(PathBuf::from);
    called.filter(|path| path.components().nth(1).is_some() && path.exists()).ok_or_else(|| {
        io::Error::new(io::ErrorKind::NotFound, "/proc isn't mounted; call micheck by its path")
    })
}

/// This program; a worker of another version refuses its requests.
#[cfg(not(target_os = "linux"))]
fn this_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}
