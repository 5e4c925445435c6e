//! Durations as people type them or write them into the settings file.

use std::time::Duration;

use thiserror::Error;

use micheck_core::escape::escape;

/// Why a text is no time-out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` isn't a time from 10ms to 1h: write it like 8s, 500ms, 2m or 8 (seconds)")]
pub struct InvalidTimeout(String);

/// Reads a duration as people write it: `8s`, `500ms`, `2m`, `1h`, or bare seconds.
///
/// # Errors
/// Another form, or a time too short or too long to be meant.
pub fn timeout(text: &str) -> Result<Duration, InvalidTimeout> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => Some(1),
        "" | "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(3_600_000),
        _ => None,
    };
    let ms = number.parse::<u64>().ok().zip(unit_ms).and_then(|(n, ms)| n.checked_mul(ms));
    match ms {
        Some(ms @ 10..=3_600_000) => Ok(Duration::from_millis(ms)),
        _ => Err(InvalidTimeout(escape(&text.chars().take(40).collect::<String>()).into_owned())),
    }
}

/// Reads how long to wait for a person: a duration, or `0`: don't wait.
///
/// # Errors
/// Another form, or a time too short or too long to be meant.
pub fn wait(text: &str) -> Result<Duration, InvalidTimeout> {
    if matches!(text, "0" | "0s") { Ok(Duration::ZERO) } else { timeout(text) }
}
