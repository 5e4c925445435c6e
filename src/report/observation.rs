//! What came of one phone, and of a run, before a report is made of it.

use super::{Connection, Source};
use micheck_core::advisory::AdvisorySet;
use micheck_core::evidence::Evidence;
use micheck_core::getprop::Device;
use micheck_core::hint::Hint;
use micheck_core::judge::{Finding, judge_all};
use micheck_core::verdict::Reason;

/// What came of asking one phone.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It couldn't be asked.
    Skipped(Reason),
    /// It was asked and judged.
    Probed(Box<Probed>),
    /// A person read this version off its settings; `None`: they didn't find the app.
    Typed(Option<Vec<u8>>),
}

impl Outcome {
    /// What came of a phone that was asked.
    #[must_use]
    pub fn evidence(&self) -> Option<&Evidence> {
        match self {
            Self::Probed(asked) => Some(&asked.evidence),
            Self::Skipped(_) | Self::Typed(_) => None,
        }
    }

    /// Which phone it is, as far as it was asked.
    #[must_use]
    pub fn device(&self) -> Device {
        let properties = self.evidence().map(|evidence| &evidence.properties);
        properties.map(Device::read).unwrap_or_default()
    }
}

/// A phone that was asked: what came, and what it means.
#[derive(Debug, Clone)]
pub struct Probed {
    /// What came; without the bodies of its parts where nobody wants to keep them.
    pub evidence: Evidence,
    /// One finding for each advisory and package.
    pub findings: Vec<Finding>,
}

impl Probed {
    /// Judges `evidence` by every advisory of `set`.
    #[must_use]
    pub fn new(evidence: Evidence, set: &AdvisorySet) -> Self {
        let findings = judge_all(&evidence, set);
        Self { evidence, findings }
    }
}

/// One phone, before it is judged.
#[derive(Debug, Clone)]
pub struct ProbeResult {
    /// How it was reached.
    pub connection: Connection,
    /// Its model in the server's list, for phones that don't answer themselves.
    pub listed_model: Option<String>,
    /// What came of it.
    pub outcome: Outcome,
    /// What server or phone said when something went wrong, decoded.
    pub detail: Option<String>,
    /// How long it took, milliseconds.
    pub duration_ms: u64,
    /// The file that it was read from; `None` for phones that were asked just now.
    pub source: Option<Source>,
}

/// What a report says of the run besides its phones.
#[derive(Debug, Clone)]
pub struct Run {
    /// When it began, RFC 3339 with offset.
    pub taken_at: String,
    /// Whether the phones were simulated.
    pub simulated: bool,
    /// Likely reasons that no phone was found; kept only if none was.
    pub hints: Vec<Hint>,
}
