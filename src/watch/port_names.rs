//! The names that people gave to ports: a file of its own in the configuration folder, because the
//! settings file is written by hand and must stay as it is.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::watch::board::PortNames;
use micheck_platform::regular_file::{is_absent, read_text};
use micheck_platform::synced_file;

/// The most bytes that are read of it.
const MAX_FILE_BYTES: usize = 1 << 20;

pub const PORTS_FILE_NAME: &str = "ports.toml";

/// The names of ports, and the file that keeps them.
#[derive(Debug, Clone, Default)]
pub struct PortsFile {
    pub names: PortNames,
    /// Where they are kept; `None`: nowhere.
    pub path: Option<PathBuf>,
}

/// The names of ports couldn't be read or kept.
#[derive(Debug, Error)]
pub enum PortsError {
    /// Read.
    #[error("can't read the port names in {}: {reason}; correct it or remove it", path.display())]
    Unreadable { path: PathBuf, reason: String },
    /// Kept. What was kept before is there still.
    #[error("the name is used until micheck ends, but can't be saved in {}: {source}", path.display())]
    Unwritable { path: PathBuf, source: io::Error },
    /// There is no place for it.
    #[error("the name is used until micheck ends, and isn't saved")]
    NoPlace,
}

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    #[serde(default)]
    ports: BTreeMap<String, String>,
}

impl PortsFile {
    /// Reads the user's names, if there are any.
    ///
    /// # Errors
    /// The file is there and can't be read.
    pub fn find(config_dir: Option<&Path>) -> Result<Self, PortsError> {
        let Some(path) = config_dir.map(|dir| dir.join(PORTS_FILE_NAME)) else {
            return Ok(Self::default());
        };
        let unreadable = |reason: String| PortsError::Unreadable { path: path.clone(), reason };
        let text = match read_text(&path, MAX_FILE_BYTES) {
            Ok(text) => text,
            Err(error) if is_absent(&error) => String::new(),
            Err(error) => return Err(unreadable(error.to_string())),
        };
        let content: Content = toml::from_str(&text).map_err(|error| {
            let line =
                error.span().map_or(1, |span| micheck_core::lines::line_number(&text, span.start));
            unreadable(format!("line {line}: {}", error.message()))
        })?;
        Ok(Self { names: PortNames(content.ports), path: Some(path) })
    }

    /// Keeps these names, whole or not at all.
    ///
    /// # Errors
    /// The file can't be written; what was there before is there still.
    ///
    /// # Panics
    /// Never: every text can be quoted.
    pub fn keep(&self, names: &PortNames) -> Result<(), PortsError> {
        let path = self.path.as_ref().ok_or(PortsError::NoPlace)?;
        let write = || {
            let folder = path.parent().unwrap_or(Path::new("."));
            fs::create_dir_all(folder)?;
            let mut text = String::from(
                "# The names of ports on the board of `micheck watch`, which writes this file.\n\
                 [ports]\n",
            );
            for (port, name) in &names.0 {
                // A JSON text is a TOML text, too.
                let text_of = |value: &String| serde_json::to_string(value).expect("it is text");
                let line = format!("{} = {}\n", text_of(port), text_of(name));
                text.push_str(&line);
            }
            let mut file = tempfile::Builder::new().prefix(".ports-").tempfile_in(folder)?;
            file.write_all(text.as_bytes())?;
            synced_file::replace(file, path)
        };
        write().map_err(|source| PortsError::Unwritable { path: path.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("micheck");
        let file = PortsFile::find(Some(&config)).unwrap();
        assert_eq!(file.names, PortNames::default());
        let mut names = PortNames::default();
        names.0.insert("usb:1-4.2".to_owned(), "left \"hub\" 3 – हब".to_owned());
        names.0.insert("a:1 usb:1-1".to_owned(), "\\ \u{e9}".to_owned());
        file.keep(&names).unwrap();
        assert_eq!(PortsFile::find(Some(&config)).unwrap().names, names);
        // Nothing is left beside it.
        assert_eq!(fs::read_dir(&config).unwrap().count(), 1);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join(PORTS_FILE_NAME), "[ports]\n\"usb:1-1\" = 5\n").unwrap();
        let error = PortsFile::find(Some(dir.path())).unwrap_err().to_string();
        assert!(error.contains("ports.toml: line 2: "), "{error}");
        assert!(PortsFile::default().keep(&PortNames::default()).is_err());
    }
}
