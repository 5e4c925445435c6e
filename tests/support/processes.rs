//! Processes that a run has left behind.

use std::path::Path;
use std::time::{Duration, Instant};

/// Fails if, after a moment, a process still has `home` in its environment; Linux only.
pub(crate) fn assert_none_left(home: &Path) {
    let until = Instant::now() + Duration::from_secs(30);
    loop {
        let left = of_run(home);
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "left behind: {left:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The command lines of those that have `home` in their environment.
pub(crate) fn of_run(home: &Path) -> Vec<String> {
    ids_of_run(home)
        .into_iter()
        .map(|id| {
            let command = std::fs::read(format!("/proc/{id}/cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&command).replace('\0', " ")
        })
        .collect()
}

/// The numbers of those that have `home` in their environment.
pub(crate) fn ids_of_run(home: &Path) -> Vec<u32> {
    let text = home.display().to_string();
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .flatten()
        .filter(|process| {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            memchr::memmem::find(&environment, text.as_bytes()).is_some()
        })
        .filter_map(|process| process.file_name().to_str()?.parse().ok())
        .collect()
}
