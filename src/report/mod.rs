//! The report of a run: its data, how it is built and read again, and evidence as files.

mod build;
mod departure;
pub mod evidence_dir;
pub mod evidence_files;
mod finding;
pub mod import;
mod model;
mod number;
mod observation;
mod redact;
pub mod serial;
mod steps;
mod texts;

pub use departure::Gone;
pub use finding::*;
pub use model::*;
pub use observation::{Outcome, ProbeResult, Probed, Run};
pub use redact::is_address;
