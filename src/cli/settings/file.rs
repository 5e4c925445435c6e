//! The settings file `micheck.toml`.

use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{FILE_NAME, MAX_FILE_BYTES, SerialsChoice, Timeout, Via, Wait};
use crate::cli::exit_code::FailOn;
use crate::output::render::Paper;
use crate::output::terminal::ColorChoice;
use crate::text::Language;
use micheck_adb::{Endpoint, InvalidEndpoint};
use micheck_core::escape::is_deceptive;
use micheck_core::lines::line_number;
use micheck_core::suggest::nearest;
use micheck_platform::regular_file::{is_absent, read_text};

/// What a settings file says; what it doesn't say is `None` or empty.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FileSettings {
    pub(super) timeout: Option<Timeout>,
    pub(super) server: Vec<Endpoint>,
    pub(super) connect: Vec<Endpoint>,
    pub(super) via: Option<Via>,
    pub(super) color: Option<ColorChoice>,
    pub(super) fail_on: Option<FailOn>,
    pub(super) wait_auth: Option<Wait>,
    pub(super) all: Option<bool>,
    pub(super) recheck: Option<Timeout>,
    pub(super) boot_wait: Option<Wait>,
    pub(super) bell: Option<bool>,
    pub(super) log: Option<PathBuf>,
    /// The program, then its arguments.
    pub(super) exec: Vec<String>,
    pub(super) lang: Option<Language>,
    pub(super) sheet_lang: Option<Language>,
    pub(super) paper: Option<Paper>,
    pub(super) serials: Option<SerialsChoice>,
    pub(super) shop_name: Option<String>,
    pub(super) shop_contact: Option<String>,
    /// Beside the settings file, unless it says another folder.
    pub(super) shop_logo: Option<PathBuf>,
    pub(super) qr_url: Option<String>,
    pub(super) retention: Option<String>,
    pub(super) sheets: Option<PathBuf>,
}

/// Every key of the file.
pub const KEYS: &[&str] = &[
    "all",
    "bell",
    "boot_wait",
    "color",
    "connect",
    "exec",
    "fail_on",
    "lang",
    "log",
    "paper",
    "qr_url",
    "recheck",
    "retention",
    "serials",
    "server",
    "sheet_lang",
    "sheets",
    "shop_contact",
    "shop_logo",
    "shop_name",
    "timeout",
    "via",
    "wait_auth",
];

/// Why a settings file can't be used.
#[derive(Debug, Error)]
pub enum FileError {
    /// It can't be read.
    #[error("can't read the settings file {}: {reason}; correct it, name another with --config, or remove it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// Something in it is wrong.
    #[error("{}:{line}: {reason}", path.display())]
    Invalid {
        /// The file.
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
) -> Result<FileSettings, FileError> {
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

fn unreadable(path: &Path, error: &io::Error) -> FileError {
    FileError::Unreadable { path: path.to_owned(), reason: error.to_string() }
}

fn parse(path: &Path, text: &str) -> Result<FileSettings, FileError> {
    let invalid = |offset: usize, reason: String| FileError::Invalid {
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
        let at = value.span().start;
        let wrong = |reason: String| invalid(at, reason);
        match key.get_ref().as_ref() {
            "timeout" => settings.timeout = Some(timeout(value).map_err(wrong)?),
            "recheck" => settings.recheck = Some(timeout(value).map_err(wrong)?),
            "wait_auth" => settings.wait_auth = Some(wait(value).map_err(wrong)?),
            "boot_wait" => settings.boot_wait = Some(wait(value).map_err(wrong)?),
            "server" => {
                let example = "`server` is a text like \"127.0.0.1:5037\", or a list of them";
                settings.server = addresses(value, example, Endpoint::parse).map_err(wrong)?;
            }
            "connect" => {
                let example = "`connect` is a text like \"192.168.1.5:5555\", or a list of them";
                settings.connect =
                    addresses(value, example, Endpoint::parse_phone).map_err(wrong)?;
            }
            "via" => settings.via = Some(choice(value).map_err(wrong)?),
            "color" => settings.color = Some(choice(value).map_err(wrong)?),
            "all" => settings.all = Some(flag(value).map_err(wrong)?),
            "bell" => settings.bell = Some(flag(value).map_err(wrong)?),
            "log" => {
                let file = path_of(value, "`log` is the path of a file, a text");
                settings.log = Some(folder.join(file.map_err(wrong)?));
            }
            "exec" => settings.exec = command(value, folder).map_err(wrong)?,
            "lang" => settings.lang = Some(choice(value).map_err(wrong)?),
            "sheet_lang" => settings.sheet_lang = Some(choice(value).map_err(wrong)?),
            "paper" => settings.paper = Some(choice(value).map_err(wrong)?),
            "serials" => settings.serials = Some(choice(value).map_err(wrong)?),
            "shop_name" => settings.shop_name = Some(line(value).map_err(wrong)?),
            "shop_contact" => settings.shop_contact = Some(line(value).map_err(wrong)?),
            "retention" => settings.retention = Some(line(value).map_err(wrong)?),
            "shop_logo" => {
                let logo = path_of(value, "`shop_logo` is the path of a picture, a text");
                settings.shop_logo = Some(folder.join(logo.map_err(wrong)?));
            }
            "sheets" => {
                let sheets = path_of(value, "`sheets` is the path of a folder, a text");
                settings.sheets = Some(folder.join(sheets.map_err(wrong)?));
            }
            "qr_url" => settings.qr_url = Some(link(value).map_err(wrong)?),
            "fail_on" => settings.fail_on = Some(choice(value).map_err(wrong)?),
            unknown => {
                let hint = match nearest(unknown, KEYS.iter().copied()) {
                    Some(known) => format!("did you mean `{known}`?"),
                    None => format!("the known ones are {}", KEYS.join(", ")),
                };
                let unknown = micheck_core::escape::escape(unknown);
                return Err(invalid(
                    key.span().start,
                    format!("`{unknown}` is no setting; {hint}"),
                ));
            }
        }
    }
    Ok(settings)
}

fn timeout(value: &Spanned<DeValue<'_>>) -> Result<Timeout, String> {
    Timeout::parse(&duration(value)?).map_err(|error| error.to_string())
}

fn wait(value: &Spanned<DeValue<'_>>) -> Result<Wait, String> {
    Wait::parse(&duration(value)?).map_err(|error| error.to_string())
}

fn flag(value: &Spanned<DeValue<'_>>) -> Result<bool, String> {
    let flag = value.get_ref().as_bool();
    flag.ok_or_else(|| "this is true or false, without quotes".to_owned())
}

/// The longest text for a sheet, in characters.
const MAX_LINE: usize = 300;

/// A short text for sheets.
fn line(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    let text = value.get_ref().as_str().map(str::trim).unwrap_or_default();
    let fits = !text.is_empty() && text.chars().count() <= MAX_LINE;
    if !fits || text.contains(is_deceptive) {
        return Err(format!("this is a text of one line, with at most {MAX_LINE} characters"));
    }
    Ok(text.to_owned())
}

/// A link that a QR code can hold and a person can trust to be what it looks like.
fn link(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    let text = line(value)?;
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let is_link = rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_link {
        return Err("`qr_url` is a link like \"https://example.org/help\"".to_owned());
    }
    Ok(text)
}

/// A path; a relative one starts in the settings file's folder.
fn path_of(value: &Spanned<DeValue<'_>>, example: &str) -> Result<PathBuf, String> {
    let path = value.get_ref().as_str().filter(|path| !path.is_empty());
    path.map(PathBuf::from).ok_or_else(|| example.to_owned())
}

/// A program with its arguments; one that is a text alone has none. A name alone is looked for where
/// programs lie, a path in the settings file's folder.
fn command(value: &Spanned<DeValue<'_>>, folder: &Path) -> Result<Vec<String>, String> {
    const EXAMPLE: &str = "`exec` is a list like [\"print-label\", \"--copies\", \"2\"]";
    let words = match value.get_ref() {
        DeValue::Array(list) => list.iter().map(|word| word.get_ref().as_str()).collect(),
        single => single.as_str().map(|program| vec![program]),
    };
    let words: Vec<&str> = words.ok_or(EXAMPLE)?;
    let mut words: Vec<String> = words.into_iter().map(str::to_owned).collect();
    let program = words.first_mut().filter(|program| !program.is_empty()).ok_or(EXAMPLE)?;
    if Path::new(program).components().count() > 1
        && let Some(path) = folder.join(&*program).to_str()
    {
        path.clone_into(program);
    }
    Ok(words)
}

/// A duration as it was written, text or seconds.
fn duration(value: &Spanned<DeValue<'_>>) -> Result<String, String> {
    match value.get_ref() {
        DeValue::String(text) => Ok(text.to_string()),
        DeValue::Integer(seconds) => Ok(seconds.to_string()),
        _ => Err("this is a text like \"30s\", or seconds".to_owned()),
    }
}

fn addresses(
    value: &Spanned<DeValue<'_>>,
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
fn choice<T: clap::ValueEnum>(value: &Spanned<DeValue<'_>>) -> Result<T, String> {
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
    use std::time::Duration;

    use super::*;

    fn read(text: &str) -> Result<FileSettings, String> {
        parse(Path::new("micheck.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn every_key_is_read() {
        let settings = read("timeout = \"8s\"\nserver = [\"a:1\", \"[::1]:2\"]\ncolor = \"never\"\nfail_on = \"vulnerable\"\nall = true\nvia = \"usb\"\nconnect = \"tv\"\n").unwrap();
        assert_eq!(settings.via, Some(Via::Usb));
        assert_eq!(settings.connect[0].to_string(), "tv:5555");
        assert_eq!(settings.timeout, Some(Timeout(Duration::from_secs(8))));
        assert_eq!(
            settings.server.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["a:1", "[::1]:2"]
        );
        assert_eq!(settings.color, Some(ColorChoice::Never));
        assert_eq!(settings.fail_on, Some(FailOn::Vulnerable));
        assert_eq!(settings.all, Some(true));
        let watch = read("recheck = \"20s\"\nboot_wait = 0\nbell = false\nlog = \"a b.jsonl\"\nexec = [\"print\", \"-n\"]\n").unwrap();
        assert_eq!(watch.recheck, Some(Timeout(Duration::from_secs(20))));
        assert_eq!((watch.boot_wait, watch.bell), (Some(Wait(Duration::ZERO)), Some(false)));
        assert_eq!(watch.log, Some(PathBuf::from("a b.jsonl")));
        assert_eq!(watch.exec, ["print", "-n"]);
        assert_eq!(read("exec = \"print\"").unwrap().exec, ["print"]);
        assert_eq!(read("timeout = 5\nserver = \"a\"").unwrap().server.len(), 1);
        assert_eq!(read("").unwrap(), FileSettings::default());
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, expected) in [
            ("\ntimeuot = 5", "micheck.toml:2: `timeuot` is no setting; did you mean `timeout`?"),
            (
                "xyz = 5",
                "micheck.toml:1: `xyz` is no setting; the known ones are all, bell, boot_wait, color, connect, exec, fail_on, lang, log, paper, qr_url, recheck, retention, serials, server, sheet_lang, sheets, shop_contact, shop_logo, shop_name, timeout, via, wait_auth",
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
                "micheck.toml:1: `soon` is no duration from 10ms to 1h: write it like 8s, 500ms, 2m or 8 (seconds)",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), expected);
        }
        assert!(read("color = ").unwrap_err().starts_with("micheck.toml:1: "));
    }
}
