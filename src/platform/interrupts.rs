//! Ctrl-C and the system's requests to end, heard again and again. Shell.

/// Hears them from when it is made; to be made inside the runtime.
#[derive(Debug)]
pub struct Interrupts {
    #[cfg(unix)]
    signals: Option<Vec<tokio::signal::unix::Signal>>,
    #[cfg(windows)]
    signals: Option<(tokio::signal::windows::CtrlC, tokio::signal::windows::CtrlClose)>,
}

/// A file would become larger than it may; POSIX leaves the number to the systems, which agree.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

#[cfg(unix)]
impl Interrupts {
    /// Begins to hear. Where the system doesn't let it, its own way to end the program stays.
    #[must_use]
    pub fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};

        let kinds = [
            SignalKind::interrupt(),
            SignalKind::terminate(),
            SignalKind::hangup(),
            SignalKind::quit(),
        ];
        Self { signals: kinds.into_iter().map(signal).collect::<Result<Vec<_>, _>>().ok() }
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        use std::task::Poll;

        let Some(signals) = &mut self.signals else { return std::future::pending().await };
        std::future::poll_fn(|context| {
            let came = signals.iter_mut().any(|signal| signal.poll_recv(context).is_ready());
            if came { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
    }
}

/// From now on a file that may not grow is an error of writing, and not the end of the program; to be
/// called inside a runtime.
#[cfg(unix)]
pub fn survive_full_files() {
    use tokio::signal::unix::{SignalKind, signal};

    // Where the system doesn't let it, its own way to end the program stays.
    let _ = signal(SignalKind::from_raw(SIGXFSZ));
}

/// Windows has no such signal.
#[cfg(windows)]
pub const fn survive_full_files() {}

#[cfg(windows)]
impl Interrupts {
    /// Begins to hear.
    #[must_use]
    pub fn new() -> Self {
        use tokio::signal::windows::{ctrl_c, ctrl_close};

        Self { signals: ctrl_c().ok().zip(ctrl_close().ok()) }
    }

    /// Waits for the next one.
    pub async fn next(&mut self) {
        let came = match &mut self.signals {
            Some((interrupt, close)) => tokio::select! {
                came = interrupt.recv() => came,
                came = close.recv() => came,
            },
            None => None,
        };
        if came.is_none() {
            std::future::pending().await
        }
    }
}

impl Default for Interrupts {
    fn default() -> Self {
        Self::new()
    }
}
