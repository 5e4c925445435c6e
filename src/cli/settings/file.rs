//! The settings file `micheck.toml`.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{FILE_NAME, MAX_FILE_BYTES};
use crate::cli::values::{FailOn, SerialFormat};
use crate::output::render::Paper;
use crate::output::terminal::ColorChoice;
use crate::record::{DAY, MAX_NAME, is_label};
use crate::scan::duration;
use crate::scan::options::{LinkArgs, Via};
use crate::text::Language;
use crate::watch::HookCommand;
use micheck_adb::{Endpoint, InvalidEndpoint};
use micheck_core::escape::{escape, is_deceptive};
use micheck_core::lines::line_number;
use micheck_core::suggest::nearest;
use micheck_platform::regular_file::{is_absent, read_text};

type Value<'a> = Spanned<DeValue<'a>>;

/// Declares the file's keys, each with its type and what reads it. A reader gets the value and the
/// folder that relative paths start in, and says what would be right. Those with `links` are options
/// of `scan` and `watch`, whose fields they fill.
macro_rules! settings {
    (
        links { $($link:ident: $link_type:ty = $read_link:expr,)+ }
        $($key:ident: $type:ty = $read:expr,)+
    ) => {
        /// What a settings file says; what it doesn't say is `None`.
        #[derive(Debug, Default, PartialEq, Eq)]
        pub(super) struct FileSettings {
            $(pub(super) $key: Option<$type>,)+
            pub(super) links: LinkArgs,
        }

        /// Every key of the file.
        pub const KEYS: &[&str] = &[$(stringify!($key),)+ $(stringify!($link),)+];

        impl FileSettings {
            /// Takes a value; `None`: there is no such key.
            fn set(&mut self, key: &str, value: &Value<'_>, folder: &Path) -> Option<Result<(), String>> {
                let read: Result<(), String> = match key {
                    $(stringify!($key) => {
                        let read: fn(&Value<'_>, &Path) -> Result<$type, String> = $read;
                        read(value, folder).map(|value| self.$key = Some(value))
                    })+
                    $(stringify!($link) => {
                        let read: fn(&Value<'_>, &Path) -> Result<$link_type, String> = $read_link;
                        read(value, folder).map(|value| self.links.$link = value.into())
                    })+
                    _ => return None,
                };
                Some(read)
            }
        }
    };
}

settings! {
    links {
        connect: Vec<Endpoint> = |value, _| {
            let example = "`connect` is a text like \"192.168.1.5:5555\", or a list of them";
            addresses(value, example, Endpoint::parse_phone)
        },
        server: Vec<Endpoint> = |value, _| {
            let example = "`server` is a text like \"127.0.0.1:5037\", or a list of them";
            addresses(value, example, Endpoint::parse)
        },
        timeout: Duration = timeout,
        via: Via = choice,
        wait_auth: Duration = wait,
    }
    all: bool = flag,
    bell: bool = flag,
    boot_wait: Duration = wait,
    color: ColorChoice = choice,
    exec: HookCommand = command,
    fail_on: FailOn = choice,
    lang: Language = choice,
    log: PathBuf = |value, folder| path(value, folder, "`log` is the path of a file, a text"),
    paper: Paper = choice,
    qr_url: String = link,
    record: RecordKeys = record,
    recheck: Duration = timeout,
    retention: String = line,
    serials: SerialFormat = choice,
    sheet_lang: Language = choice,
    sheets: PathBuf = |value, folder| path(value, folder, "`sheets` is the path of a folder, a text"),
    shop_contact: String = line,
    shop_logo: PathBuf =
        |value, folder| path(value, folder, "`shop_logo` is the path of a picture, a text"),
    shop_name: String = line,
}

/// What the file says of the record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct RecordKeys {
    /// Whether verdicts are recorded.
    pub(super) on: bool,
    pub(super) database: Option<PathBuf>,
    /// How long, seconds.
    pub(super) keep: Option<i64>,
    pub(super) bench: Option<String>,
}

/// Why a settings file can't be used.
#[derive(Debug, Error)]
pub enum SettingsFileError {
    /// It can't be read.
    #[error("can't read the settings file {}: {reason}; correct it, name another with --config, or remove it", path.display())]
    Unreadable { path: PathBuf, reason: String },
    /// Something in it is wrong.
    #[error("{}:{line}: {reason}", path.display())]
    Invalid {
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

/// Reads the file that was typed, else the user's own; none is fine. What lies where micheck is run may
/// be anybody's: it came with an archive, or lies in a shared folder.
pub(super) fn find(
    typed: Option<&Path>,
    config_dir: Option<&Path>,
) -> Result<FileSettings, SettingsFileError> {
    if let Some(path) = typed {
        return match read_text(path, MAX_FILE_BYTES) {
            Ok(text) => parse(path, &text),
            Err(error) => Err(unreadable(path, &error)),
        };
    }
    let Some(path) = config_dir.map(|dir| dir.join(FILE_NAME)) else {
        return Ok(FileSettings::default());
    };
    match read_text(&path, MAX_FILE_BYTES) {
        Ok(text) => parse(&path, &text),
        Err(error) if is_absent(&error) => Ok(FileSettings::default()),
        Err(error) => Err(unreadable(&path, &error)),
    }
}

fn unreadable(path: &Path, error: &io::Error) -> SettingsFileError {
    SettingsFileError::Unreadable { path: path.to_owned(), reason: error.to_string() }
}

fn parse(path: &Path, text: &str) -> Result<FileSettings, SettingsFileError> {
    let invalid = |offset: usize, reason: String| SettingsFileError::Invalid {
        path: path.to_owned(),
        line: line_number(text, offset),
        reason,
    };
    let table = DeTable::parse(text).map_err(|error| {
        invalid(error.span().map_or(0, |span| span.start), error.message().to_owned())
    })?;
    let mut settings = FileSettings::default();
    let folder = path.parent().unwrap_or_else(|| Path::new(""));
    for (key, value) in table.get_ref() {
        let name = key.get_ref().as_ref();
        match settings.set(name, value, folder) {
            Some(read) => read.map_err(|reason| invalid(value.span().start, reason))?,
            None => return Err(invalid(key.span().start, unknown(name))),
        }
    }
    Ok(settings)
}

fn unknown(key: &str) -> String {
    let mut keys = KEYS.to_vec();
    keys.sort_unstable();
    let hint = match nearest(key, keys.iter().copied()) {
        Some(known) => format!("did you mean `{known}`?"),
        None => format!("the known ones are {}", keys.join(", ")),
    };
    format!("`{}` isn't a setting; {hint}", escape(key))
}

fn timeout(value: &Value<'_>, _: &Path) -> Result<Duration, String> {
    duration::timeout(&duration_text(value)?).map_err(|error| error.to_string())
}

fn wait(value: &Value<'_>, _: &Path) -> Result<Duration, String> {
    duration::wait(&duration_text(value)?).map_err(|error| error.to_string())
}

fn flag(value: &Value<'_>, _: &Path) -> Result<bool, String> {
    let flag = value.get_ref().as_bool();
    flag.ok_or_else(|| "this is true or false, without quotes".to_owned())
}

/// `record = true`, or a table, which turns it on as well.
fn record(value: &Value<'_>, folder: &Path) -> Result<RecordKeys, String> {
    const EXAMPLE: &str = "`record` is true or false, or has `database`, `keep` and `bench`, like \
         record.keep = \"400d\"";
    let DeValue::Table(table) = value.get_ref() else {
        let on = value.get_ref().as_bool().ok_or(EXAMPLE)?;
        return Ok(RecordKeys { on, ..RecordKeys::default() });
    };
    let mut keys = RecordKeys { on: true, ..RecordKeys::default() };
    for (key, value) in table {
        match key.get_ref().as_ref() {
            "database" => {
                let example = "`record.database` is the path of a file, a text";
                keys.database = Some(path(value, folder, example)?);
            }
            "keep" => keys.keep = Some(days(value)?),
            "bench" => keys.bench = Some(label(value)?),
            other => return Err(format!("`record.{}` isn't a setting; {EXAMPLE}", escape(other))),
        }
    }
    Ok(keys)
}

/// A number of days, in seconds.
fn days(value: &Value<'_>) -> Result<i64, String> {
    let days = value.get_ref().as_str().and_then(|text| text.strip_suffix('d'));
    let days =
        days.and_then(|days| days.parse::<i64>().ok()).filter(|days| (1..=36_500).contains(days));
    let example = "`record.keep` is a number of days, a text like \"400d\"";
    days.map(|days| days * DAY).ok_or_else(|| example.to_owned())
}

/// The name of a bench.
fn label(value: &Value<'_>) -> Result<String, String> {
    let text = value.get_ref().as_str().map(str::trim).unwrap_or_default();
    if !is_label(text) || text.chars().count() > MAX_NAME {
        return Err(format!("`record.bench` is a name of {MAX_NAME} characters at most"));
    }
    Ok(text.to_owned())
}

/// The longest text for a sheet, in characters.
const MAX_LINE: usize = 300;

/// A short text for sheets.
fn line(value: &Value<'_>, _: &Path) -> Result<String, String> {
    let text = value.get_ref().as_str().map(str::trim).unwrap_or_default();
    let fits = !text.is_empty() && text.chars().count() <= MAX_LINE;
    if !fits || text.contains(is_deceptive) {
        return Err(format!("this is one line of text, {MAX_LINE} characters at most"));
    }
    Ok(text.to_owned())
}

/// A link that a QR code can hold and a person can trust to be what it looks like.
fn link(value: &Value<'_>, folder: &Path) -> Result<String, String> {
    let text = line(value, folder)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_link = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_link {
        return Err("`qr_url` is a link like \"https://example.org/help\"".to_owned());
    }
    Ok(text)
}

/// A path; a relative one starts in the settings file's folder.
fn path(value: &Value<'_>, folder: &Path, example: &str) -> Result<PathBuf, String> {
    let path = value.get_ref().as_str().filter(|path| !path.is_empty()).ok_or(example)?;
    Ok(folder.join(path))
}

/// A program with its arguments; one that is a text alone has none. A name alone is looked for where
/// programs lie, a path in the settings file's folder.
fn command(value: &Value<'_>, folder: &Path) -> Result<HookCommand, String> {
    const EXAMPLE: &str = "`exec` is a list like [\"print-label\", \"--copies\", \"2\"]";
    let words: Option<Vec<&str>> = match value.get_ref() {
        DeValue::Array(list) => list.iter().map(|word| word.get_ref().as_str()).collect(),
        single => single.as_str().map(|program| vec![program]),
    };
    let mut words = words.ok_or(EXAMPLE)?.into_iter().map(str::to_owned);
    let mut program = words.next().filter(|program| !program.is_empty()).ok_or(EXAMPLE)?;
    if Path::new(&program).components().count() > 1
        && let Some(path) = folder.join(&program).to_str()
    {
        path.clone_into(&mut program);
    }
    Ok(HookCommand { program, args: words.collect() })
}

/// A duration as it was written, text or seconds.
fn duration_text(value: &Value<'_>) -> Result<String, String> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(seconds) => Ok(seconds.to_string()),
        _ => Err("this is a text like \"30s\", or seconds".to_owned()),
    }
}

fn addresses(
    value: &Value<'_>,
    example: &str,
    read: fn(&str) -> Result<Endpoint, InvalidEndpoint>,
) -> Result<Vec<Endpoint>, String> {
    let one = |value: &DeValue<'_>| {
        let text = value.as_str().ok_or(example)?;
        read(text).map_err(|error| error.to_string())
    };
    match value.get_ref() {
        DeValue::Array(list) => list.iter().map(|entry| one(entry.get_ref())).collect(),
        single => Ok(vec![one(single)?]),
    }
}

/// One of the words that the command line takes as well.
fn choice<T: clap::ValueEnum>(value: &Value<'_>, _: &Path) -> Result<T, String> {
    let words: Vec<String> = T::value_variants()
        .iter()
        .filter_map(|variant| Some(variant.to_possible_value()?.get_name().to_owned()))
        .collect();
    let written = value.get_ref().as_str().unwrap_or_default();
    T::from_str(written, false)
        .map_err(|_| format!("this must be one of \"{}\"", words.join("\", \"")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<FileSettings, String> {
        parse(Path::new("micheck.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn every_key_is_read() {
        let settings = read("timeout = \"8s\"\nserver = [\"a:1\", \"[::1]:2\"]\ncolor = \"never\"\nfail_on = \"vulnerable\"\nall = true\nvia = \"usb\"\nconnect = \"tv\"\n").unwrap();
        assert_eq!(settings.links.via, Some(Via::Usb));
        assert_eq!(settings.links.connect[0].to_string(), "tv:5555");
        assert_eq!(settings.links.timeout, Some(Duration::from_secs(8)));
        assert_eq!(
            settings.links.server.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["a:1", "[::1]:2"]
        );
        assert_eq!(settings.color, Some(ColorChoice::Never));
        assert_eq!(settings.fail_on, Some(FailOn::Vulnerable));
        assert_eq!(settings.all, Some(true));
        let watch = read("recheck = \"20s\"\nboot_wait = 0\nbell = false\nlog = \"a b.jsonl\"\nexec = [\"print\", \"-n\"]\n").unwrap();
        assert_eq!(watch.recheck, Some(Duration::from_secs(20)));
        assert_eq!((watch.boot_wait, watch.bell), (Some(Duration::ZERO), Some(false)));
        assert_eq!(watch.log, Some(PathBuf::from("a b.jsonl")));
        let command = |args: &[&str]| HookCommand {
            program: "print".to_owned(),
            args: args.iter().map(|&word| word.to_owned()).collect(),
        };
        assert_eq!(watch.exec, Some(command(&["-n"])));
        assert_eq!(read("exec = \"print\"").unwrap().exec, Some(command(&[])));
        assert_eq!(read("timeout = 5\nserver = \"a\"").unwrap().links.server.len(), 1);
        assert_eq!(read("").unwrap(), FileSettings::default());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, expected) in [
            ("\ntimeuot = 5", "micheck.toml:2: `timeuot` isn't a setting; did you mean `timeout`?"),
            (
                "xyz = 5",
                "micheck.toml:1: `xyz` isn't a setting; the known ones are all, bell, boot_wait, color, connect, exec, fail_on, lang, log, paper, qr_url, recheck, record, retention, serials, server, sheet_lang, sheets, shop_contact, shop_logo, shop_name, timeout, via, wait_auth",
            ),
            (
                "color = \"red\"",
                "micheck.toml:1: this must be one of \"auto\", \"always\", \"never\"",
            ),
            (
                "fail_on = 3",
                "micheck.toml:1: this must be one of \"vulnerable\", \"unconfirmed\", \"unknown\"",
            ),
            (
                "exec = []",
                "micheck.toml:1: `exec` is a list like [\"print-label\", \"--copies\", \"2\"]",
            ),
            ("log = 5", "micheck.toml:1: `log` is the path of a file, a text"),
            ("bell = 1", "micheck.toml:1: this is true or false, without quotes"),
            ("all = 1", "micheck.toml:1: this is true or false, without quotes"),
            (
                "server = 5",
                "micheck.toml:1: `server` is a text like \"127.0.0.1:5037\", or a list of them",
            ),
            (
                "timeout = \"soon\"",
                "micheck.toml:1: `soon` isn't a time from 10ms to 1h: write it like 8s, 500ms, 2m or 8 (seconds)",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
        assert!(read("color = ").unwrap_err().starts_with("micheck.toml:1: "));
    }
}
