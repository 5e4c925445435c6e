//! What the process's environment says: read once, so that the rest follows from values.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

use micheck_adb::Endpoint;

use super::ConfigError;
use crate::output::terminal::is_ascii;
use crate::text::Language;

/// The variables that matter, as they are when the program starts.
#[expect(clippy::struct_excessive_bools, reason = "facts that don't depend on one another")]
#[derive(Debug, Default)]
pub struct Environment {
    /// `ADB_SERVER_SOCKET`.
    pub adb_server_socket: Option<OsString>,
    /// `ANDROID_ADB_SERVER_PORT`.
    pub android_adb_server_port: Option<OsString>,
    /// Whether standard error is a terminal: then somebody is there to be asked for something.
    pub attended: bool,
    /// Whether `NO_COLOR` is set to anything.
    pub no_color: bool,
    /// The languages that the system's user reads, BCP 47, the first before the others.
    pub languages: Vec<String>,
    /// Whether the terminal shows Devanagari badly or not at all.
    pub breaks_devanagari: bool,
    /// Whether the language settings say that the terminal doesn't show UTF-8.
    pub not_utf8: bool,
    /// Where the user's settings lie; `None` when the system has no such place.
    pub config_dir: Option<PathBuf>,
    /// Where the user's data lie, on this computer only; `None` when the system has no such place.
    pub data_dir: Option<PathBuf>,
    /// Where the computer's administrator may put advisories; `None` where systems have no such
    /// place.
    pub system_advisories: Option<PathBuf>,
}

/// [`Environment::system_advisories`], where files lie as the Filesystem Hierarchy Standard says.
const SYSTEM_ADVISORIES: &str = "/usr/share/micheck/advisories";

impl Environment {
    /// Reads them from the process.
    #[must_use]
    pub fn read() -> Self {
        use std::io::IsTerminal as _;

        use etcetera::BaseStrategy as _;

        let variable = |name| env::var_os(name).filter(|value| !value.is_empty());
        let not_utf8 = is_ascii();
        // The console of Linux has no such letters; those of Windows don't join them.
        let bare = matches!(variable("TERM"), Some(term) if term == "linux");
        Self {
            adb_server_socket: variable("ADB_SERVER_SOCKET"),
            android_adb_server_port: variable("ANDROID_ADB_SERVER_PORT"),
            attended: std::io::stderr().is_terminal(),
            no_color: variable("NO_COLOR").is_some(),
            languages: sys_locale::get_locales().collect(),
            breaks_devanagari: cfg!(windows) || bare || not_utf8,
            not_utf8,
            config_dir: etcetera::choose_base_strategy()
                .ok()
                .map(|strategy| strategy.config_dir().join("micheck")),
            data_dir: etcetera::choose_base_strategy().ok().map(|strategy| {
                // On Windows the data folder goes with its user from computer to computer.
                let local = if cfg!(windows) { strategy.cache_dir() } else { strategy.data_dir() };
                local.join("micheck")
            }),
            system_advisories: cfg!(unix).then(|| SYSTEM_ADVISORIES.into()),
        }
    }

    /// The first of the user's languages that there are texts in, else English.
    #[must_use]
    pub fn language(&self) -> Language {
        self.languages.iter().find_map(|tag| Language::of_tag(tag)).unwrap_or_default()
    }

    /// The server that adb's own variables name; `ADB_SERVER_SOCKET` wins, as with adb.
    pub(super) fn server(&self) -> Result<Option<Endpoint>, ConfigError> {
        let text = |value: &OsString| value.to_string_lossy().into_owned();
        let (variable, read) = match (&self.adb_server_socket, &self.android_adb_server_port) {
            (Some(spec), _) => ("ADB_SERVER_SOCKET", Endpoint::parse_socket_spec(&text(spec))),
            (None, Some(port)) => {
                let address = format!("127.0.0.1:{}", text(port));
                ("ANDROID_ADB_SERVER_PORT", Endpoint::parse(&address))
            }
            (None, None) => return Ok(None),
        };
        read.map(Some).map_err(|source| ConfigError::Variable { variable, source })
    }
}
