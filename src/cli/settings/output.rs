//! What is handed over and how: languages, serial numbers, sheets and whose they are.

use std::path::Path;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use super::file::FileSettings;
use super::{ConfigError, Environment, salt};
use crate::cli::values::SerialFormat;
use crate::output::render::{Logo, Paper, Shop};
use crate::report::serial::Redaction;
use crate::text::{Language, Text};
use micheck_platform::regular_file;

/// The largest logo, in bytes: it is in every sheet.
const MAX_LOGO_BYTES: u64 = 256 << 10;

/// The language of what the staff reads; `on_terminal`: not in a browser, a spreadsheet, an editor.
pub(super) fn text(
    typed: Option<Language>,
    file: &FileSettings,
    environment: &Environment,
    on_terminal: bool,
) -> Text {
    let asked = typed.or(file.lang);
    let broken = on_terminal && environment.breaks_devanagari;
    let own = if broken { Language::English } else { environment.language() };
    Text::of(asked.unwrap_or(own))
}

/// The language of what a phone's owner gets.
pub(super) fn sheet_text(
    typed: Option<Language>,
    file: &FileSettings,
    environment: &Environment,
) -> Text {
    Text::of(typed.or(file.sheet_lang).unwrap_or_else(|| environment.language()))
}

/// How serial numbers are shown, and what must be said of that.
#[derive(Debug)]
pub struct SerialsSettings {
    pub serials: Redaction,
    /// Why the next run will code them differently; `None`: it won't.
    pub not_kept: Option<String>,
}

/// How serial numbers are shown where nobody says: `usual`, or coded if there is none.
pub(super) fn serials(
    typed: Option<SerialFormat>,
    of_file: Option<SerialFormat>,
    config_dir: Option<&Path>,
    usual: Option<Redaction>,
) -> Result<SerialsSettings, ConfigError> {
    // A setting is about files; on the screen and on sheets the end says enough.
    let chosen = typed.or(of_file.filter(|_| usual.is_none()));
    match (chosen, usual) {
        (Some(SerialFormat::Full), _) => {
            Ok(SerialsSettings { serials: Redaction::Full, not_kept: None })
        }
        (None, Some(usual)) => Ok(SerialsSettings { serials: usual, not_kept: None }),
        (Some(SerialFormat::Hashed), _) | (None, None) => {
            let found = salt::find(config_dir)?;
            Ok(SerialsSettings { serials: Redaction::Hashed(found.salt), not_kept: found.not_kept })
        }
    }
}

/// Whose sheets and reports they are.
pub(super) fn shop(file: &FileSettings) -> Result<Shop, ConfigError> {
    Ok(Shop {
        name: file.shop_name.clone(),
        contact: file.shop_contact.clone(),
        logo: file.shop_logo.as_deref().map(logo).transpose()?,
        link: file.qr_url.clone(),
        retention: file.retention.clone(),
    })
}

/// What sheets are printed on.
pub(super) fn paper(typed: Option<Paper>, file: &FileSettings) -> Paper {
    typed.or(file.paper).unwrap_or_default()
}

fn logo(path: &Path) -> Result<Logo, ConfigError> {
    let wrong = |reason: String| ConfigError::Logo { path: path.to_owned(), reason };
    let bytes =
        regular_file::read(path, MAX_LOGO_BYTES).map_err(|error| wrong(error.to_string()))?;
    if bytes.len() as u64 > MAX_LOGO_BYTES {
        return Err(wrong(format!("it is larger than {} KiB", MAX_LOGO_BYTES >> 10)));
    }
    let kind = image_kind(&bytes)
        .ok_or_else(|| wrong("it isn't a PNG, JPEG, WebP, GIF or SVG picture".to_owned()))?;
    Ok(Logo { data_uri: format!("data:{kind};base64,{}", BASE64_STANDARD.encode(bytes)) })
}

/// What kind of picture it is, by how it begins.
fn image_kind(bytes: &[u8]) -> Option<&'static str> {
    let is_svg = || {
        let start = bytes.get(..bytes.len().min(1_024))?;
        let text = String::from_utf8_lossy(start);
        let text = text.trim_start_matches('\u{feff}').trim_start();
        ((text.starts_with("<?xml") || text.starts_with("<svg") || text.starts_with("<!--"))
            && text.contains("<svg"))
        .then_some("image/svg+xml")
    };
    match bytes {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => is_svg(),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn pictures_are_told_by_how_they_begin() {
        assert_eq!(image_kind(b"\x89PNG\r\n\x1a\n...."), Some("image/png"));
        assert_eq!(image_kind(b"\xff\xd8\xff\xe0"), Some("image/jpeg"));
        assert_eq!(image_kind(b"<?xml version=\"1.0\"?>\n<svg/>"), Some("image/svg+xml"));
        assert_eq!(image_kind(b"\xef\xbb\xbf <svg>"), Some("image/svg+xml"));
        assert_eq!(image_kind(b"<html><svg>"), None);
        assert_eq!(image_kind(b""), None);
    }

    #[test]
    fn a_terminal_that_breaks_devanagari_gets_english_unless_asked() {
        let file = FileSettings::default();
        let environment = Environment {
            languages: vec!["mr-IN".to_owned(), "hi-IN".to_owned(), "en-IN".to_owned()],
            breaks_devanagari: true,
            ..Environment::default()
        };
        let of = |typed, on_terminal| text(typed, &file, &environment, on_terminal).language;
        assert_eq!(of(None, true), Language::English);
        assert_eq!(of(None, false), Language::Hindi);
        assert_eq!(of(Some(Language::Hindi), true), Language::Hindi);
        assert_eq!(sheet_text(None, &file, &environment).language, Language::Hindi);
        let modern = Environment { breaks_devanagari: false, ..environment };
        assert_eq!(text(None, &file, &modern, true).language, Language::Hindi);
        let said = FileSettings { lang: Some(Language::English), ..FileSettings::default() };
        assert_eq!(text(None, &said, &modern, false).language, Language::English);
        assert_eq!(text(None, &file, &Environment::default(), false).language, Language::English);
    }

    #[test]
    fn serial_numbers_are_coded_unless_somebody_says_otherwise() {
        let home = tempfile::tempdir().unwrap();
        let environment =
            Environment { config_dir: Some(home.path().into()), ..Environment::default() };
        let full = FileSettings { serials: Some(SerialFormat::Full), ..FileSettings::default() };
        let none = FileSettings::default();
        let of = |typed, file: &FileSettings, usual| {
            serials(typed, file.serials, environment.config_dir.as_deref(), usual).unwrap().serials
        };
        assert_eq!(of(None, &none, Some(Redaction::End)), Redaction::End);
        assert_eq!(of(None, &full, Some(Redaction::End)), Redaction::End);
        assert_eq!(of(Some(SerialFormat::Full), &none, Some(Redaction::End)), Redaction::Full);
        assert!(fs::read_dir(home.path()).unwrap().next().is_none());
        assert_eq!(of(None, &full, None), Redaction::Full);
        assert!(matches!(of(None, &none, None), Redaction::Hashed(_)));
        assert!(matches!(
            of(Some(SerialFormat::Hashed), &full, Some(Redaction::End)),
            Redaction::Hashed(_)
        ));
    }
}
