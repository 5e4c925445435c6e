//! Typed getters on a parsed TOML file: each notes what is wrong and goes on, so that a person
//! hears of every error at once. Core: no I/O; which fields there are is `source`'s.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{AdvisoryError, Remark};
use crate::escape::escape;
use crate::lines::line_number;
use crate::suggest::nearest;

/// The most errors of one file that are told.
const MAX_ERRORS: usize = 100;

/// The most characters of a wrong value that are shown.
const MAX_SHOWN_CHARS: usize = 80;

/// What was found in one file.
pub(super) struct Problems<'t> {
    file: &'t str,
    text: &'t str,
    errors: Vec<AdvisoryError>,
    remarks: Vec<Remark>,
    /// The file is no TOML in places: what seems to be missing may stand there.
    broken: bool,
}

impl<'t> Problems<'t> {
    pub(super) const fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, errors: Vec::new(), remarks: Vec::new(), broken: false }
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        line_number(self.text, offset)
    }

    /// Notes an error at the byte `offset`.
    pub(super) fn error(
        &mut self,
        offset: usize,
        field: &str,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        if self.errors.len() >= MAX_ERRORS {
            return;
        }
        let error = if self.errors.len() + 1 < MAX_ERRORS {
            AdvisoryError {
                file: self.file.to_owned(),
                line: self.line(offset),
                field: shown(field),
                reason: reason.into(),
                remedy: remedy.into(),
            }
        } else {
            let last = self.line(self.text.len());
            let more = AdvisoryError::of_file(self.file, "there are more errors", "correct these");
            AdvisoryError { line: last, ..more }
        };
        self.errors.push(error);
    }

    /// Notes a place where the file is no TOML.
    pub(super) fn syntax(&mut self, error: &toml::de::Error) {
        self.broken = true;
        let offset = error.span().map_or(0, |span| span.start);
        self.error(offset, "", escape(error.message()), "write it as TOML (https://toml.io)");
    }

    pub(super) fn remark(&mut self, offset: usize, field: &str, text: impl Into<String>) {
        let (file, line) = (self.file.to_owned(), self.line(offset));
        self.remarks.push(Remark { file, line, field: field.to_owned(), text: text.into() });
    }

    /// Errors and remarks, in the order of their lines.
    pub(super) fn into_found(mut self) -> (Vec<AdvisoryError>, Vec<Remark>) {
        self.errors.sort();
        self.remarks.sort();
        (self.errors, self.remarks)
    }
}

/// A stranger's text for an error message: escaped, and not longer than a person reads.
pub(super) fn shown(text: &str) -> String {
    let mut chars = text.chars();
    let mut short: String = chars.by_ref().take(MAX_SHOWN_CHARS).collect();
    if chars.next().is_some() {
        short.push('…');
    }
    escape(&short).into_owned()
}

/// A table, and where it stands.
#[derive(Clone)]
pub(super) struct Table<'a> {
    path: String,
    offset: usize,
    entries: &'a DeTable<'a>,
}

impl<'a> Table<'a> {
    pub(super) fn root(entries: &'a DeTable<'a>) -> Self {
        Self { path: String::new(), offset: 0, entries }
    }

    pub(super) const fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Notes every key that isn't among `known`; `top` are the keys above all tables.
    pub(super) fn only(&self, known: &[&str], top: &[&str], problems: &mut Problems<'_>) {
        for key in self.entries.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let remedy = if top.contains(&name) {
                // What is written below a `[table]` belongs to it.
                "move it above the first [table]".to_owned()
            } else if let Some(near) = nearest(name, known.iter().copied()) {
                format!("did you mean `{near}`?")
            } else {
                format!("the known ones are {}", known.join(", "))
            };
            problems.error(key.span().start, &self.path_of(name), "no such field", remedy);
        }
    }

    /// All entries, for tables whose keys are anybody's.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        let path = self.path.clone();
        self.entries.iter().map(move |(key, value)| {
            let name = key.get_ref().as_ref();
            (name, Value { path: format!("{path}.{name}"), value })
        })
    }

    pub(super) fn get(&self, key: &str) -> Option<Value<'a>> {
        self.entries.get(key).map(|value| Value { path: self.path_of(key), value })
    }

    /// The value, whose absence is an error; `remedy` says how to write it.
    pub(super) fn need(
        &self,
        key: &str,
        remedy: &str,
        problems: &mut Problems<'_>,
    ) -> Option<Value<'a>> {
        let found = self.get(key);
        if found.is_none() && !problems.broken {
            problems.error(self.offset, &self.path_of(key), "it is missing", remedy);
        }
        found
    }
}

/// A value, and where it stands.
#[derive(Clone)]
pub(super) struct Value<'a> {
    path: String,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Value<'a> {
    pub(super) fn offset(&self) -> usize {
        self.value.span().start
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// Notes an error about this value.
    pub(super) fn error(
        &self,
        reason: impl Into<String>,
        remedy: impl Into<String>,
        problems: &mut Problems<'_>,
    ) {
        problems.error(self.offset(), &self.path, reason, remedy);
    }

    fn wrong_kind(&self, wanted: &str, remedy: &str, problems: &mut Problems<'_>) {
        let is = match self.value.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date without quotes",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.error(format!("this is {is}, not {wanted}"), remedy, problems);
    }

    /// A text that isn't empty, without space around it.
    pub(super) fn text(&self, problems: &mut Problems<'_>) -> Option<&'a str> {
        let Some(text) = self.value.get_ref().as_str() else {
            self.wrong_kind("a text", "put it into quotes", problems);
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.error("it is empty", "write something, or leave the field out", problems);
            return None;
        }
        Some(text)
    }

    /// A text of which `valid` is so.
    pub(super) fn checked(
        &self,
        valid: impl Fn(&str) -> bool,
        what: &str,
        remedy: &str,
        problems: &mut Problems<'_>,
    ) -> Option<&'a str> {
        let text = self.text(problems)?;
        if valid(text) {
            return Some(text);
        }
        self.error(format!("`{}` is no {what}", shown(text)), remedy, problems);
        None
    }

    /// One of these words.
    pub(super) fn choice<T: Copy>(
        &self,
        words: &[(&str, T)],
        problems: &mut Problems<'_>,
    ) -> Option<T> {
        let text = self.text(problems)?;
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, value)| *value);
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let remedy = match nearest(text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", known.join(", ")),
            };
            self.error(format!("`{}` isn't known here", shown(text)), remedy, problems);
        }
        found
    }

    pub(super) fn flag(&self, problems: &mut Problems<'_>) -> Option<bool> {
        let flag = self.value.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_kind("true or false", "write true or false, without quotes", problems);
        }
        flag
    }

    /// The values of a list, in their order.
    pub(super) fn list(&self, problems: &mut Problems<'_>) -> Option<Vec<Value<'a>>> {
        let Some(list) = self.value.get_ref().as_array() else {
            self.wrong_kind("a list", "write it in brackets: [...]", problems);
            return None;
        };
        let path = |index| format!("{}[{index}]", self.path);
        let values = list.iter().enumerate();
        Some(values.map(|(index, value)| Value { path: path(index), value }).collect())
    }

    pub(super) fn table(&self, problems: &mut Problems<'_>) -> Option<Table<'a>> {
        let Some(entries) = self.value.get_ref().as_table() else {
            self.wrong_kind("a table", "write it as a [table]", problems);
            return None;
        };
        Some(Table { path: self.path.clone(), offset: self.offset(), entries })
    }
}
