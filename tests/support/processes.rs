//! Processes that a run has left behind.

use std::time::{Duration, Instant};

/// Fails if, after a moment, a process still has `home` in its environment; Linux only.
pub(crate) fn assert_none_left(home: &std::path::Path) {
    let until = Instant::now() + Duration::from_secs(5);
    loop {
        let left = with_in_environment(&home.display().to_string());
        if left.is_empty() {
            return;
        }
        assert!(Instant::now() < until, "left behind: {left:?}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

fn with_in_environment(text: &str) -> Vec<String> {
    let Ok(processes) = std::fs::read_dir("/proc") else { return Vec::new() };
    processes
        .flatten()
        .filter(|process| {
            let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
            memchr::memmem::find(&environment, text.as_bytes()).is_some()
        })
        .map(|process| {
            let command = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            String::from_utf8_lossy(&command).replace('\0', " ")
        })
        .collect()
}
