//! Folders of a person's own advisories, and the settings of the commands about advisories.

use std::path::{Path, PathBuf};

use super::{ConfigError, Environment, PageSettings, read_file};
use crate::cli::args::AdvisoriesArgs;
use micheck_core::advisory::{Advisory, AdvisoryError, AdvisorySet, MAX_FILE_BYTES, MAX_FILES};
use micheck_core::escape::escape;

/// Settings of the commands about advisories themselves, checked.
#[derive(Debug)]
pub struct AdvisoriesSettings {
    pub page: PageSettings,
    pub advisories: AdvisorySet,
}

/// The advisory files of a folder.
#[derive(Debug)]
pub struct AdvisoryFiles {
    /// Path as it is shown, and content; by path.
    pub files: Vec<(String, String)>,
    /// Files that can't be read.
    pub errors: Vec<AdvisoryError>,
}

/// Reads every `.toml` file of a folder, those of folders in it not.
///
/// # Errors
/// The folder can't be read, or holds no such file, or too many.
pub fn read_advisories(dir: &Path) -> Result<AdvisoryFiles, ConfigError> {
    let read = read_folder(dir)?;
    if read.files.is_empty() && read.errors.is_empty() {
        let reason = "no .toml file is in it".to_owned();
        return Err(ConfigError::AdvisoryDir { dir: dir.to_owned(), reason });
    }
    Ok(read)
}

/// The same; a folder without such files is none to complain of.
fn read_folder(dir: &Path) -> Result<AdvisoryFiles, ConfigError> {
    let refused = |reason: String| ConfigError::AdvisoryDir { dir: dir.to_owned(), reason };
    let mut paths: Vec<PathBuf> = Vec::new();
    for entry in dir.read_dir().map_err(|error| refused(error.to_string()))? {
        let path = entry.map_err(|error| refused(error.to_string()))?.path();
        if path.extension().is_some_and(|ending| ending == "toml") {
            paths.push(path);
        }
        if paths.len() > MAX_FILES {
            return Err(refused(format!("it has more than {MAX_FILES} .toml files")));
        }
    }
    paths.sort();
    let mut read = AdvisoryFiles { files: Vec::new(), errors: Vec::new() };
    for path in paths {
        let shown = escape(&path.to_string_lossy()).into_owned();
        match micheck_platform::regular_file::read_text(&path, MAX_FILE_BYTES) {
            Ok(text) => read.files.push((shown, text)),
            Err(error) => read.errors.push(AdvisoryError::of_file(
                &shown,
                &format!("it can't be read: {error}"),
                "make it a UTF-8 text file of 256 KiB at most that you may read, or remove it",
            )),
        }
    }
    Ok(read)
}

/// Puts the settings of a command about advisories together.
///
/// # Errors
/// The first thing that is wrong, with what would be right; of advisories everything.
pub fn load_advisories(
    args: AdvisoriesArgs,
    environment: &Environment,
) -> Result<AdvisoriesSettings, ConfigError> {
    let file = read_file(&args.page.common, environment)?;
    Ok(AdvisoriesSettings {
        page: PageSettings::new(args.page, &file, environment)?,
        advisories: load(args.advisories.as_deref(), environment)?,
    })
}

/// The advisory of this id or CVE id, for a person who typed it.
///
/// # Errors
/// There is none; the known one that is most like it is named.
pub fn find_advisory<'a>(set: &'a AdvisorySet, word: &str) -> Result<&'a Advisory, ConfigError> {
    set.find(word).ok_or_else(|| ConfigError::NoAdvisory {
        id: escape(word).into_owned(),
        nearest: set.nearest(word).map(str::to_owned),
    })
}

/// The embedded advisories with those of the system's folder, if there is one, and of a person's.
pub(super) fn load(
    dir: Option<&Path>,
    environment: &Environment,
) -> Result<AdvisorySet, ConfigError> {
    let none = || AdvisoryFiles { files: Vec::new(), errors: Vec::new() };
    let system = match &environment.system_advisories {
        // Where there is nothing, nothing is missing.
        Some(dir) if dir.is_dir() => read_folder(dir)?,
        Some(_) | None => none(),
    };
    let own = dir.map_or_else(|| Ok(none()), read_advisories)?;
    let mut errors = [system.errors, own.errors].concat();
    match AdvisorySet::with_files(&system.files, &own.files) {
        Ok(set) if errors.is_empty() => Ok(set),
        Ok(_) => Err(ConfigError::Advisories(errors)),
        Err(more) => {
            errors.extend(more);
            errors.sort();
            Err(ConfigError::Advisories(errors))
        }
    }
}
