//! What a worker may take, and with whom it ends.

use std::io;

/// The most memory that a worker may ask for, bytes of address space: its own needs with its
/// libraries, and a hundred times what a phone's longest message takes.
const MAX_MEMORY_BYTES: u64 = 512 << 20;

/// The most time that it may compute once it has to do with a phone, seconds: a peer that ends TLS so
/// that `relay` doesn't see it sends `adb_client` round in circles.
const MAX_CPU_SECONDS: u64 = 10;

/// Limits this process, and has it end with its parent.
///
/// # Errors
/// The system refuses.
#[cfg(unix)]
pub(super) fn apply() -> io::Result<()> {
    use rustix::process::Resource;

    limit(Resource::As, MAX_MEMORY_BYTES)?;
    // A crash over a stranger's bytes leaves nothing on the disk.
    limit(Resource::Core, 0)?;
    end_with_parent()
}

/// Limits how long this process may compute, for good. Not for one that follows the USB bus: it
/// lasts for hours, and never looks more often than `watch` lets it.
///
/// # Errors
/// The system refuses.
#[cfg(unix)]
pub(super) fn limit_computing() -> io::Result<()> {
    limit(rustix::process::Resource::Cpu, MAX_CPU_SECONDS)
}

#[cfg(unix)]
fn limit(resource: rustix::process::Resource, most: u64) -> io::Result<()> {
    use rustix::process::{Rlimit, getrlimit, setrlimit};

    let most = getrlimit(resource).maximum.map_or(most, |maximum| maximum.min(most));
    match setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) }) {
        // macOS knows no limit of address space: there the deadline is the limit.
        Err(_) if cfg!(target_vendor = "apple") => Ok(()),
        result => Ok(result?),
    }
}

#[cfg(target_os = "linux")]
fn end_with_parent() -> io::Result<()> {
    use rustix::process::{Signal, set_parent_process_death_signal};

    Ok(set_parent_process_death_signal(Some(Signal::KILL))?)
}

/// Where the system doesn't see to it, the end of standard input does.
#[cfg(all(unix, not(target_os = "linux")))]
#[expect(clippy::unnecessary_wraps, reason = "as where it can fail")]
fn end_with_parent() -> io::Result<()> {
    Ok(())
}

/// Windows: the end of standard input ends it.
#[cfg(windows)]
#[expect(clippy::unnecessary_wraps, reason = "as where it can fail")]
pub(super) fn apply() -> io::Result<()> {
    // Where the system doesn't let it, its deadline limits it.
    let _ = micheck_platform::windows::limit_this_process(MAX_MEMORY_BYTES, None);
    Ok(())
}

/// Windows: the same.
#[cfg(windows)]
#[expect(clippy::unnecessary_wraps, reason = "as where it can fail")]
pub(super) fn limit_computing() -> io::Result<()> {
    let _ = micheck_platform::windows::limit_this_process(MAX_MEMORY_BYTES, Some(MAX_CPU_SECONDS));
    Ok(())
}
