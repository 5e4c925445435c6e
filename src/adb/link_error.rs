//! Why a phone gave no answer.

use serde::{Deserialize, Serialize};
use tokio::time::error::Elapsed;

use micheck_core::verdict::Reason;

/// Why a phone gave no answer, or none that is whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkError {
    /// For the verdict.
    pub reason: Reason,
    /// What the server or the phone said, not yet escaped; `None` when it said nothing.
    pub detail: Option<String>,
}

impl LinkError {
    /// Trouble that explains itself.
    #[must_use]
    pub const fn new(reason: Reason) -> Self {
        Self { reason, detail: None }
    }

    /// Trouble with what was said of it.
    #[must_use]
    pub fn with_detail(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: Some(detail.into()) }
    }
}

impl From<Elapsed> for LinkError {
    fn from(_: Elapsed) -> Self {
        Self::new(Reason::Timeout)
    }
}
