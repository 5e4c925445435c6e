//! Every sentence that a person reads, by key. Core: no I/O, no environment.
//!
//! One source of texts for all renderers: Fluent files, a folder a language. A text without
//! variables is asked for by [`Text::get`], one with variables by `t!`, both by a literal key: a test
//! compares all of them with the files. The keys of verdicts, reasons and so on (`vulnerable`,
//! `timeout`, …) are never translated and stay in JSON. What only a program or its developer reads,
//! and what one looks up by its words – error messages, `--help`, `-v` – is English.

mod catalogue;
mod kinds;

use fluent_bundle::{FluentArgs, FluentValue};
use serde::{Deserialize, Serialize};

use catalogue::Catalogue;

/// A text with its variables filled in: `t!(text, "count-checked", count = 3)`.
macro_rules! t {
    ($text:expr, $key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $text.fill($key, [$((stringify!($name), $value.into())),+])
    };
}
pub(crate) use t;

/// Makes [`Language`] of names and BCP 47 tags, the default first. A language's folder is named like
/// its tag.
macro_rules! languages {
    ($($name:ident = $tag:literal),+) => {
        /// A language that the texts exist in.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, clap::ValueEnum)]
        #[cfg_attr(test, derive(schemars::JsonSchema))]
        pub enum Language {
            $(
                #[doc = stringify!($name)]
                #[serde(rename = $tag)]
                #[value(name = $tag, help = stringify!($name))]
                $name,
            )+
        }

        impl Language {
            /// Every language.
            pub const ALL: [Self; [$($tag),+].len()] = [$(Self::$name),+];

            /// Its BCP 47 tag.
            #[must_use]
            pub const fn tag(self) -> &'static str {
                match self {
                    $(Self::$name => $tag),+
                }
            }

            /// Its Fluent files.
            const fn files(self) -> [&'static str; 9] {
                match self {
                    $(Self::$name => [
                        include_str!(concat!($tag, "/advisory.ftl")),
                        include_str!(concat!($tag, "/board.ftl")),
                        include_str!(concat!($tag, "/doctor.ftl")),
                        include_str!(concat!($tag, "/fix.ftl")),
                        include_str!(concat!($tag, "/record.ftl")),
                        include_str!(concat!($tag, "/report.ftl")),
                        include_str!(concat!($tag, "/sheet.ftl")),
                        include_str!(concat!($tag, "/step.ftl")),
                        include_str!(concat!($tag, "/verdict.ftl")),
                    ]),+
                }
            }
        }
    };
}

languages! { English = "en", Hindi = "hi" }

impl Default for Language {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl Language {
    /// The language of a BCP 47 tag or a locale of Unix (`hi`, `hi-IN`, `hi_IN.UTF-8`, `C`);
    /// `None`: one that there are no texts in.
    #[must_use]
    pub fn of_tag(tag: &str) -> Option<Self> {
        let language = tag.split(['-', '_', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "c" | "posix" => Some(Self::default()),
            language => Self::ALL.into_iter().find(|one| one.tag() == language),
        }
    }

    /// The next one, in a circle.
    #[must_use]
    pub const fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// What its speakers call it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        Text::of(self).get("own-name")
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

    /// The text of this key, which has no variables.
    #[must_use]
    pub fn get(self, key: &str) -> &'static str {
        self.get_if_any(key).unwrap_or(NO_TEXT)
    }

    /// The text of this key, if there is one; for keys that are put together.
    pub(crate) fn get_if_any(self, key: &str) -> Option<&'static str> {
        self.first(|texts| texts.plain(key))
    }

    /// Whether there is a text of this key; for keys that are put together.
    pub(crate) fn has(self, key: &str) -> bool {
        self.first(|texts| texts.has(key).then_some(())).is_some()
    }

    /// The text of this key with its variables filled in; where the key is a literal, `t!` does it.
    pub(crate) fn fill<const N: usize>(
        self,
        key: &str,
        values: [(&'static str, FluentValue<'_>); N],
    ) -> String {
        let values: FluentArgs<'_> = values.into_iter().collect();
        self.first(|texts| {
            let plain = || texts.plain(key).map(str::to_owned);
            texts.filled(key, &values).or_else(plain)
        })
        .unwrap_or_else(|| NO_TEXT.to_owned())
    }

    /// What this language's texts have, else the default's.
    fn first<T>(self, look: impl Fn(&'static Catalogue) -> Option<T>) -> Option<T> {
        [self.language, Language::default()].map(catalogue::of).into_iter().find_map(look)
    }
}

#[cfg(test)]
mod tests;
