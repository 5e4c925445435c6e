//! Work that blocks, off the thread that everything waits on. Shell.

use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

/// How long a look at files or processes of this computer may take: a folder may be another
/// computer's.
pub(crate) const LOOK_TIMEOUT: Duration = Duration::from_secs(2);

/// Does a look that the system may not come back from; `None`: it didn't in time.
pub(crate) async fn in_time<T: Send + 'static>(
    look: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    timeout(LOOK_TIMEOUT, aside(look)).await.ok()?
}

/// Does `work` on a thread of its own; where the system starts none, here and now, because late is
/// better than never. `None`: it panicked.
pub(crate) async fn aside<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    let (tell, told) = oneshot::channel();
    let job = Arc::new(Mutex::new(Some((work, tell))));
    let run = move || {
        let job = job.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((work, tell)) = job {
            // Whoever waited may have stopped.
            let _ = tell.send(work());
        }
    };
    if Builder::new().spawn(run.clone()).is_err() {
        run();
    }
    told.await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_is_done_elsewhere_and_a_panic_is_none() {
        let here = std::thread::current().id();
        let there = aside(|| std::thread::current().id()).await;
        assert!(there.is_some_and(|there| there != here));
        assert_eq!(aside(|| panic!("on purpose")).await, None::<()>);
    }
}
