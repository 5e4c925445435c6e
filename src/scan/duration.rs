//! Durations as people type them or write them into the settings file.

use std::time::Duration;

use thiserror::Error;

use micheck_core::escape::escape;

/// Why a text is no time-out.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` isn't a time from 10ms to {most}h: write it like 8s, 500ms, 2m or 8 (seconds)")]
pub struct InvalidTimeout {
    text: String,
    /// The longest that is meant, hours.
    most: u64,
}

const HOUR_MS: u64 = 3_600_000;

/// Reads a duration as people write it: `8s`, `500ms`, `2m`, `1h`, or bare seconds.
///
/// # Errors
/// Another form, or a time too short or too long to be meant.
pub fn timeout(text: &str) -> Result<Duration, InvalidTimeout> {
    up_to(1, text)
}

/// Reads how long to wait for an update, which may take a night: as [`wait`], up to a day.
///
/// # Errors
/// Another form, or a time too short or too long to be meant.
pub fn long_wait(text: &str) -> Result<Duration, InvalidTimeout> {
    if is_none(text) { Ok(Duration::ZERO) } else { up_to(24, text) }
}

fn is_none(text: &str) -> bool {
    matches!(text, "0" | "0s")
}

fn up_to(most: u64, text: &str) -> Result<Duration, InvalidTimeout> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit_ms = match unit {
        "ms" => Some(1),
        "" | "s" => Some(1_000),
        "m" => Some(60_000),
        "h" => Some(HOUR_MS),
        _ => None,
    };
    let ms = number.parse::<u64>().ok().zip(unit_ms).and_then(|(n, ms)| n.checked_mul(ms));
    match ms {
        Some(ms) if (10..=most * HOUR_MS).contains(&ms) => Ok(Duration::from_millis(ms)),
        _ => {
            let text = escape(&text.chars().take(40).collect::<String>()).into_owned();
            Err(InvalidTimeout { text, most })
        }
    }
}

/// Reads how long to wait for a person: a duration, or `0`: don't wait.
///
/// # Errors
/// Another form, or a time too short or too long to be meant.
pub fn wait(text: &str) -> Result<Duration, InvalidTimeout> {
    if is_none(text) { Ok(Duration::ZERO) } else { timeout(text) }
}
