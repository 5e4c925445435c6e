//! Sentences about reports.

mod advisory;
mod sheet;
mod step;

pub use advisory::AdvisoryField;
pub use sheet::Label as SheetLabel;
