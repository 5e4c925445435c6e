//! The sheets of key `p`: written into a folder, and opened in whatever this computer shows pages with.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::JoinSet;

use crate::output::file::{Output, OutputError};
use crate::output::render::{self, Paper, Shop};
use crate::report::Report;
use crate::report::serial::Redaction;
use crate::scan::aside::aside;
use crate::text::{Language, Text, t};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;

#[derive(Debug, Clone)]
pub struct SheetOptions {
    /// The language that a phone's sheet is in unless somebody chooses another.
    pub language: Language,
    /// What they are printed on.
    pub paper: Paper,
    pub shop: Shop,
    /// Where they are written; empty: here.
    pub folder: PathBuf,
    /// Where their sources are looked up.
    pub advisories: Arc<AdvisorySet>,
}

/// Sheets that are being written.
pub(super) struct Sheets {
    options: SheetOptions,
    /// Each with its language.
    writing: JoinSet<(Language, Result<PathBuf, OutputError>)>,
}

impl Sheets {
    pub(super) fn new(options: SheetOptions) -> Self {
        Self { options, writing: JoinSet::new() }
    }

    /// Writes the sheet of a report's only phone, and opens it.
    pub(super) fn make(&mut self, mut report: Report, language: Language) {
        let options = self.options.clone();
        let write = move || {
            for device in &mut report.devices {
                Redaction::End.apply_to(device);
            }
            let devices: Vec<_> = report.devices.iter().collect();
            let (set, text) = (&options.advisories, Text::of(language));
            let page = render::sheets(&report, &devices, set, text, &options.shop, options.paper);
            let name = render::html_file_name(&report.taken_at, &devices);
            let here = PathBuf::from(".");
            let folder =
                if options.folder.as_os_str().is_empty() { &here } else { &options.folder };
            let written = Output::prepare_unnamed(folder)?.called(&name).write(&page)?;
            Ok(written.unwrap_or_else(|| folder.join(name)))
        };
        let write = async { aside(write).await.expect("writing doesn't panic") };
        self.writing.spawn(async move { (language, write.await) });
    }

    /// What is to be said of the next one that is done, in the words of `text`; never, while none
    /// is being written.
    pub(super) async fn next(&mut self, text: Text) -> String {
        let Some(joined) = self.writing.join_next().await else {
            return std::future::pending().await;
        };
        let (language, written) = match joined {
            Ok(done) => done,
            Err(error) => return t!(text, "sheet-failed", why = escape(&error.to_string())),
        };
        match written {
            Err(error) => t!(text, "sheet-failed", why = escape(&error.to_string())),
            Ok(path) => {
                let file = escape(&path.display().to_string()).into_owned();
                let language = language.own_name();
                match open(&path, text) {
                    Ok(()) => t!(text, "sheet-written", language = language, file = file),
                    Err(why) => {
                        let why = escape(&why);
                        t!(text, "sheet-not-opened", language = language, file = file, why = why)
                    }
                }
            }
        }
    }
}

/// Opens a page, if anybody could see it.
fn open(path: &Path, text: Text) -> Result<(), String> {
    // Without a screen, Linux would start a browser in this terminal.
    let has_screen = || {
        ["DISPLAY", "WAYLAND_DISPLAY", "WSL_DISTRO_NAME"]
            .into_iter()
            .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
    };
    if cfg!(all(unix, not(target_os = "macos"))) && !has_screen() {
        return Err(text.get("no-screen").to_owned());
    }
    open::that_detached(path).map_err(|error| error.to_string())
}
