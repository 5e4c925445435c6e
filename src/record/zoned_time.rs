//! A time with the offset of the clock that told it. Core: no I/O, no clock.

use std::fmt;

use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp as Instant, Zoned};

/// Seconds since 1970 and the offset from UTC, seconds. Their order is that of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ZonedTime {
    pub seconds: i64,
    pub offset: i32,
}

/// Seconds of a day.
pub const DAY: i64 = 24 * 60 * 60;

impl ZonedTime {
    /// Reads a time in RFC 3339.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let instant: Instant = written.parse().ok()?;
        // Without seconds, or with a name behind, it isn't one of micheck's own.
        let sign = written.get(written.len().checked_sub(6)?..)?;
        let offset = match (written.ends_with('Z'), sign.as_bytes()) {
            (true, _) => 0,
            (false, [plus @ (b'+' | b'-'), _, _, b':', _, _]) => {
                let part = |range: std::ops::Range<usize>| sign.get(range)?.parse::<i32>().ok();
                let size = part(1..3)? * 3600 + part(4..6)? * 60;
                if *plus == b'-' { -size } else { size }
            }
            _ => return None,
        };
        Some(Self { seconds: instant.as_second(), offset })
    }

    /// What the clock of this computer says.
    #[must_use]
    pub fn of(now: &Zoned) -> Self {
        Self { seconds: now.timestamp().as_second(), offset: now.offset().seconds() }
    }
}

impl fmt::Display for ZonedTime {
    /// RFC 3339 with offset.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let instant = Instant::from_second(self.seconds).unwrap_or_default();
        let zone = Offset::from_seconds(self.offset).unwrap_or(Offset::UTC);
        let zoned = instant.to_zoned(TimeZone::fixed(zone));
        write!(f, "{}", zoned.strftime("%Y-%m-%dT%H:%M:%S%:z"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_comes_back_as_it_was_written() {
        for text in
            ["2026-11-29T13:31:27+00:00", "2026-11-29T19:01:27+05:30", "1999-12-31T23:59:59-08:00"]
        {
            assert_eq!(ZonedTime::parse(text).unwrap().to_string(), text);
        }
        let utc = ZonedTime::parse("2026-11-29T13:31:27Z").unwrap();
        assert_eq!(utc.to_string(), "2026-11-29T13:31:27+00:00");
        assert!(utc < ZonedTime::parse("2026-11-29T13:31:28+00:00").unwrap());
        for text in ["", "yesterday", "2026-11-29", "2026-11-29T13:31:27", "2026-13-29T13:31:27Z"] {
            assert_eq!(ZonedTime::parse(text), None, "{text}");
        }
    }
}
