//! What was found, kept: every verdict of a computer in one `SQLite` file, so that a later check knows the
//! earlier ones and a changed advisory finds the phones that were handed out. Shell: does I/O.
//!
//! Rows are only ever added, each with an id of its own and a number of its bench, which orders them; no
//! clock does. One rule decides what stands for a phone ([`Standing`](standing::Standing)): **what was at
//! risk stays so until that phone itself came back fine.** Nobody waits for the record:
//! [`Recorder`] writes on a thread of its own.
//!
//! Nothing outside of `store` knows that it is `SQLite`; without the feature `record` there is no store.

mod check;
mod error;
mod filter;
mod place;
mod recall;
mod recorder;
pub mod standing;
#[cfg(feature = "record")]
mod store;
#[cfg(not(feature = "record"))]
#[path = "no_store.rs"]
mod store;
mod transfer;
mod zoned_time;

pub use check::{CheckRecord, RecordedCheck, code_of, with_standing};
pub use error::RecordError;
pub use filter::{CheckFilter, Erased, Erasure, Kept, RecordStatus};
pub use place::{DATABASE_NAME, refusal};
pub use recall::{Recall, recall};
pub use recorder::{NotRecorded, Recorder, RecorderNews, RecorderOptions};
pub use store::Store;
pub use transfer::{Imported, MAX_NAME, export, import, is_label};
pub use zoned_time::{DAY, ZonedTime};
