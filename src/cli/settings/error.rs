//! Why settings can't be used.

use std::path::PathBuf;

use thiserror::Error;

use super::{SaltError, SettingsFileError};
use crate::watch::port_names::PortsError;
use micheck_adb::InvalidEndpoint;
use micheck_core::advisory::AdvisoryError;

/// Why the settings can't be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// One of adb's variables holds no address.
    #[error("the environment variable {variable} is set, but {source}")]
    Variable { variable: &'static str, source: InvalidEndpoint },
    /// A server was named, and the way past all servers chosen.
    #[error("--via usb uses no adb server, but --server names one; leave one of them out")]
    ServerPastUsb,
    /// The settings file.
    #[error(transparent)]
    File(#[from] SettingsFileError),
    /// A folder of advisories.
    #[error("can't read the advisories in {}: {reason}; give --advisories a folder of .toml files", dir.display())]
    AdvisoryDir { dir: PathBuf, reason: String },
    /// The logo of sheets and reports.
    #[error("can't use the logo {}: {reason}; correct `shop_logo` in the settings file, or remove it", path.display())]
    Logo { path: PathBuf, reason: String },
    /// The salt of coded serial numbers.
    #[error(transparent)]
    Salt(#[from] SaltError),
    /// Sheets are pages.
    #[error("--sheet makes HTML; leave out --format, or name a file ending in .html")]
    SheetFormat,
    #[error("--serial chooses the phone of a sheet; add --sheet")]
    SerialWithoutSheet,
    #[error("--route system is for one phone only; name it with --serial")]
    SystemOfAll,
    #[error("phones are asked only after a yes, and there is no terminal to say it on; add --yes")]
    NobodyToAsk,
    #[error("simulated phones aren't recorded; leave out --record and --job, or --demo")]
    RecordedDemo,
    #[error("--job needs the record: add --record, or `record = true` in {}", super::FILE_NAME)]
    JobWithoutRecord,
    #[error(
        "this user has no data folder for the record; say where with `record.database` in {}",
        super::FILE_NAME
    )]
    NoRecordPlace,
    #[error("nothing is erased without a yes, and there is no terminal to say it on; add --yes")]
    NobodyToAskForget,
    #[error("--brief shortens the table; leave it out, or write no other form")]
    BriefFormat,
    /// The names of ports.
    #[error(transparent)]
    Ports(#[from] PortsError),
    /// Advisories of one's own that can't be used.
    #[error("{}", listed(.0))]
    Advisories(Vec<AdvisoryError>),
    /// An advisory that was asked for by its id.
    #[error(
        "there is no advisory `{id}`; {}`micheck advisories` lists them",
        nearest.as_ref().map(|id| format!("did you mean `{id}`? ")).unwrap_or_default()
    )]
    NoAdvisory {
        /// The id, escaped.
        id: String,
        /// The known one that is most like it.
        nearest: Option<String>,
    },
    /// An output file that would be a PDF.
    #[error("there is no PDF output: write .html and print it from the browser")]
    Pdf,
    /// An output file whose ending says nothing.
    #[error("{}: this ending isn't known; end the name with {endings}, or add --format", path.display())]
    OutputEnding { path: PathBuf, endings: &'static str },
}

fn listed(errors: &[AdvisoryError]) -> String {
    let lines: Vec<String> = errors.iter().map(|error| format!("advisory {error}")).collect();
    lines.join("\nmicheck: ")
}
