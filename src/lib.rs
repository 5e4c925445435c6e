//! micheck asks phones over ADB which version of an app they have in force, and judges it.
//!
//! ```text
//! cli (args ─► settings ─► commands)
//!   └─► scan, watch, fix, inspect, doctor ─► micheck_adb ─► phones
//!            │                            micheck_core: probe ─► evidence ─► judge ─► next steps
//!            ├─► report ─► output (text: every sentence) ─► terminal, files
//!            └─► record: what was found, kept
//! ```
//!
//! What a phone's words mean is `micheck_core`'s, how it is reached `micheck_adb`'s, what systems do
//! each in their own way `micheck_platform`'s, and phones that aren't there `micheck_simulator`'s.
//! docs/architecture.md says which folder may import which; a test sees to it.

#![forbid(unsafe_code)]
#![expect(
    missing_docs,
    reason = "nothing but micheck uses this library: where names and types say it, no comment repeats it"
)]

pub mod cli;
pub mod doctor;
pub mod fix;
pub mod inspect;
pub mod output;
pub mod record;
pub mod report;
pub mod scan;
pub mod text;
pub mod watch;
