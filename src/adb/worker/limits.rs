//! What a worker may take, and with whom it ends.

use std::io;

/// The most memory that a worker may ask for, bytes of address space: its own needs with its
/// libraries, and a hundred times what a phone's longest message takes.
#[cfg(unix)]
const MAX_MEMORY_BYTES: u64 = 512 << 20;

/// The most time that it may compute, seconds: a peer that ends TLS so that `relay` doesn't see it
/// sends `adb_client` round in circles.
#[cfg(unix)]
const MAX_CPU_SECONDS: u64 = 10;

/// Limits this process, and has it end with its parent.
///
/// # Errors
/// The system refuses.
#[cfg(unix)]
pub(super) fn apply() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    for (resource, most) in [
        (Resource::As, MAX_MEMORY_BYTES),
        (Resource::Cpu, MAX_CPU_SECONDS),
        // A crash over a stranger's bytes leaves nothing on the disk.
        (Resource::Core, 0),
    ] {
        let now = getrlimit(resource);
        let most = now.maximum.map_or(most, |maximum| maximum.min(most));
        let limit = Rlimit { current: Some(most), maximum: Some(most) };
        match setrlimit(resource, limit) {
            // macOS knows no limit of address space: there the deadline is the limit.
            Err(_) if cfg!(target_vendor = "apple") => {}
            result => result?,
        }
    }
    end_with_parent()
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

/// Windows: its deadline limits a worker, and the end of standard input ends it.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "as where it can fail")]
pub(super) fn apply() -> io::Result<()> {
    Ok(())
}
