//! Every sentence that a person reads, by key. Core: no I/O, no environment.
//!
//! One source of texts for all renderers: Fluent files, a folder a language. The
//! keys of verdicts, reasons and so on (`vulnerable`, `timeout`, …) are never
//! translated and stay in JSON. What only a program or its developer reads, and
//! what one looks up by its words – error messages, `--help`, `-v` – is English.

mod catalogue;
mod report;
mod verdict;

use fluent_bundle::{FluentArgs, FluentValue};
use serde::{Deserialize, Serialize};

use catalogue::Catalogue;

/// A language that the texts exist in.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize, clap::ValueEnum,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub enum Language {
    /// English
    #[default]
    #[serde(rename = "en")]
    #[value(name = "en")]
    English,
    /// Hindi
    #[serde(rename = "hi")]
    #[value(name = "hi")]
    Hindi,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::Hindi];

    /// Its BCP 47 tag.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Hindi => "hi",
        }
    }

    /// The language of a BCP 47 tag or a locale of Unix (`hi`, `hi-IN`, `hi_IN.UTF-8`, `C`);
    /// `None`: one that there are no texts in.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "en" | "c" | "posix" => Some(Self::English),
            "hi" => Some(Self::Hindi),
            _ => None,
        }
    }

    /// The next one, in a circle.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::English => Self::Hindi,
            Self::Hindi => Self::English,
        }
    }
}

/// The texts of one language.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Text {
    /// Which one.
    pub language: Language,
}

/// Stands where there is no text: that is a mistake in the texts, which the tests look for, and no
/// phone's row must be lost by it.
const NO_TEXT: &str = "…";

impl Text {
    /// The texts of `language`.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        Self { language }
    }

    /// The texts to look in: this language's, then English.
    fn catalogues(self) -> [&'static Catalogue; 2] {
        [catalogue::of(self.language), catalogue::of(Language::English)]
    }

    /// The text of this key, which has no variables.
    pub(crate) fn say(self, key: &str) -> &'static str {
        self.find(key).unwrap_or(NO_TEXT)
    }

    /// The text of one of a kind: of `reason-timeout`, say.
    pub(crate) fn say_of(self, kind: &str, key: &str) -> &'static str {
        self.say(&format!("{kind}-{key}"))
    }

    /// The text of this key, if there is one.
    pub(crate) fn find(self, key: &str) -> Option<&'static str> {
        first(self.catalogues(), |texts| texts.plain(key))
    }

    /// Whether there is a text of this key.
    pub(crate) fn exists(self, key: &str) -> bool {
        first(self.catalogues(), |texts| texts.has(key).then_some(())).is_some()
    }

    /// The text of this key with its variables filled in.
    pub(crate) fn fill<const N: usize>(
        self,
        key: &str,
        values: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let values: FluentArgs<'_> = values.into_iter().collect();
        first(self.catalogues(), |texts| {
            let plain = || texts.plain(key).map(str::to_owned);
            texts.filled(key, &values).or_else(plain)
        })
        .unwrap_or_else(|| NO_TEXT.to_owned())
    }
}

/// What the first of these texts has.
fn first<'a, T>(
    catalogues: [&'a Catalogue; 2],
    look: impl Fn(&'a Catalogue) -> Option<T>,
) -> Option<T> {
    catalogues.into_iter().find_map(look)
}

#[cfg(test)]
mod tests;
