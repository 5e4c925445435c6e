//! How a phone left the bench, as events and logs of them say.

use serde::{Deserialize, Serialize};

/// Why a phone is no longer there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Gone {
    /// It was unplugged, or its connection broke.
    Unplugged,
    /// The adb server that holds it can't be reached; the phone may still be plugged in.
    ServerLost,
    /// Another phone has answered there: what came of this visit wasn't its.
    AnotherPhone,
}
