//! What this computer is short of for a moment: open files, processes, memory.

use std::io;
use std::time::Duration;

/// How long to wait for others to give back what they have.
pub(super) const TRY_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Whether the system lacks something that ends of processes and connections give back.
pub(super) fn is_for_now(error: &io::Error) -> bool {
    use std::io::ErrorKind::{OutOfMemory, ResourceBusy, WouldBlock};

    // EMFILE, ENFILE and ENOBUFS have no kind of their own.
    let has_code = |codes: &[i32]| error.raw_os_error().is_some_and(|code| codes.contains(&code));
    let too_many = if cfg!(windows) {
        // WSAEMFILE, WSAENOBUFS.
        has_code(&[10_024, 10_055])
    } else {
        has_code(&[23, 24, if cfg!(target_os = "linux") { 105 } else { 55 }])
    };
    too_many || matches!(error.kind(), OutOfMemory | ResourceBusy | WouldBlock)
}

/// How many files everything that waits opens at its start, two at a time.
#[cfg(unix)]
const PAIRS: usize = 4;

/// Whether there is room for what everything that waits needs: tokio panics where it finds out later.
///
/// # Errors
/// There is none.
#[cfg(unix)]
pub fn look_for_room() -> io::Result<()> {
    let pairs: io::Result<Vec<_>> =
        (0..PAIRS).map(|_| std::os::unix::net::UnixStream::pair()).collect();
    pairs.map(drop)
}

/// Windows limits no program's files.
///
/// # Errors
/// None.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it is one where it can fail")]
pub const fn look_for_room() -> io::Result<()> {
    Ok(())
}

/// Lets this process open as many files as the system allows: each phone is one, and macOS begins with
/// 256. Where that fails, phones wait for each other.
#[cfg(unix)]
pub fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// The most that macOS takes, whatever it says.
    const MOST: u64 = 10_240;

    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let wanted = maximum.map_or(MOST, |maximum| maximum.min(MOST));
    if current.is_some_and(|current| current < wanted) {
        let _ = setrlimit(Resource::Nofile, Rlimit { current: Some(wanted), maximum });
    }
}

/// Windows has no such limit.
#[cfg(not(unix))]
pub const fn raise_open_files() {}
