//! Whether and where verdicts are recorded.

use std::path::PathBuf;

use super::file::FileSettings;
use super::{ConfigError, Environment, PageSettings, read_file, salt};
use crate::cli::args::{PageArgs, RecordArgs, RecordPlaceArgs};
use crate::record::{DATABASE_NAME, RecorderOptions};
use micheck_core::identity::Salt;

/// How verdicts are recorded.
#[derive(Debug, Clone)]
pub struct RecordSettings {
    pub options: RecorderOptions,
    /// What serial numbers are coded with, as in reports.
    pub salt: Salt,
    /// The job that this run is for.
    pub job: Option<String>,
}

impl RecordSettings {
    /// What phones' own serial numbers are coded with; `None`: nothing is recorded.
    #[must_use]
    pub fn salt_of(settings: Option<&Self>) -> Option<Salt> {
        settings.map(|settings| settings.salt.clone())
    }
}

pub(super) fn load(
    args: RecordArgs,
    demo: bool,
    file: &FileSettings,
    environment: &Environment,
) -> Result<Option<RecordSettings>, ConfigError> {
    let of_file = file.record.as_ref().is_some_and(|keys| keys.on);
    if demo && (args.record || args.job.is_some()) {
        return Err(ConfigError::RecordedDemo);
    }
    if demo || args.no_record || !(args.record || of_file) {
        return match args.job {
            Some(_) => Err(ConfigError::JobWithoutRecord),
            None => Ok(None),
        };
    }
    Ok(Some(RecordSettings {
        options: options(None, file, environment)?,
        salt: salt::find(environment.config_dir.as_deref())?.salt,
        job: args.job,
    }))
}

/// Where the record is, of commands that ask it.
#[derive(Debug)]
pub struct RecordPlace {
    pub options: RecorderOptions,
    config_dir: Option<PathBuf>,
}

impl RecordPlace {
    /// What serial numbers are coded with.
    ///
    /// # Errors
    /// The salt can't be read.
    pub fn salt(&self) -> Result<Salt, ConfigError> {
        Ok(salt::find(self.config_dir.as_deref())?.salt)
    }
}

/// Puts the settings of a command together that asks the record.
///
/// # Errors
/// The first thing that is wrong, with what would be right.
pub fn load_place(
    typed: RecordPlaceArgs,
    page: PageArgs,
    environment: &Environment,
) -> Result<(RecordPlace, PageSettings), ConfigError> {
    let file = read_file(&page.common, environment)?;
    let place = place(typed, &file, environment)?;
    Ok((place, PageSettings::new(page, &file, environment)?))
}

pub(super) fn place(
    typed: RecordPlaceArgs,
    file: &FileSettings,
    environment: &Environment,
) -> Result<RecordPlace, ConfigError> {
    let options = options(typed.database, file, environment)?;
    Ok(RecordPlace { options, config_dir: environment.config_dir.clone() })
}

fn options(
    typed: Option<PathBuf>,
    file: &FileSettings,
    environment: &Environment,
) -> Result<RecorderOptions, ConfigError> {
    let keys = file.record.clone().unwrap_or_default();
    let own = environment.data_dir.as_ref().map(|dir| dir.join(DATABASE_NAME));
    let path = typed.or(keys.database).or(own).ok_or(ConfigError::NoRecordPlace)?;
    Ok(RecorderOptions { path, bench: keys.bench, keep: keys.keep })
}
