//! Typed getters on a parsed TOML file: each notes what is wrong and goes on, so that a person
//! hears of every error at once. Core: no I/O; which fields there are is `source`'s.

use std::cell::RefCell;

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
    /// The file is no TOML in places: what seems to be missing may stand there.
    broken: bool,
    errors: RefCell<Vec<AdvisoryError>>,
    remarks: RefCell<Vec<Remark>>,
}

impl<'t> Problems<'t> {
    /// Those of a file that is no TOML in these places.
    pub(super) fn new(file: &'t str, text: &'t str, broken: &[toml::de::Error]) -> Self {
        let (errors, remarks) = (RefCell::default(), RefCell::default());
        let problems = Self { file, text, broken: !broken.is_empty(), errors, remarks };
        for error in broken {
            let offset = error.span().map_or(0, |span| span.start);
            let remedy = "write it as TOML (https://toml.io)";
            problems.error(offset, "", escape(error.message()), remedy);
        }
        problems
    }

    pub(super) fn line(&self, offset: usize) -> usize {
        line_number(self.text, offset)
    }

    /// Notes an error at the byte `offset`.
    fn error(
        &self,
        offset: usize,
        field: &str,
        reason: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        let mut errors = self.errors.borrow_mut();
        if errors.len() >= MAX_ERRORS {
            return;
        }
        let error = if errors.len() + 1 < MAX_ERRORS {
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
        errors.push(error);
    }

    /// Errors and remarks, in the order of their lines.
    pub(super) fn into_found(self) -> (Vec<AdvisoryError>, Vec<Remark>) {
        let (mut errors, mut remarks) = (self.errors.into_inner(), self.remarks.into_inner());
        errors.sort();
        remarks.sort();
        (errors, remarks)
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
pub(super) struct Table<'a> {
    path: String,
    offset: usize,
    entries: &'a DeTable<'a>,
    problems: &'a Problems<'a>,
}

impl<'a> Table<'a> {
    pub(super) fn root(entries: &'a DeTable<'a>, problems: &'a Problems<'a>) -> Self {
        Self { path: String::new(), offset: 0, entries, problems }
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    fn value(&self, key: &str, parsed: &'a Spanned<DeValue<'a>>) -> Value<'a> {
        Value { path: self.path_of(key), parsed, problems: self.problems }
    }

    /// Notes an error about the table as a whole.
    pub(super) fn error(&self, reason: &str, remedy: &str) {
        self.problems.error(self.offset, &self.path, reason, remedy);
    }

    /// Notes every key that isn't among `known`; `top` are the keys above all tables.
    pub(super) fn only(&self, known: &[&str], top: &[&str]) {
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
            self.problems.error(key.span().start, &self.path_of(name), "no such field", remedy);
        }
    }

    /// All entries, for tables whose keys are anybody's.
    pub(super) fn values(&self) -> impl Iterator<Item = (&'a str, Value<'a>)> {
        self.entries.iter().map(|(key, value)| {
            let name = key.get_ref().as_ref();
            (name, self.value(name, value))
        })
    }

    pub(super) fn get(&self, key: &str) -> Option<Value<'a>> {
        self.entries.get(key).map(|value| self.value(key, value))
    }

    /// The value of a key in a table in this one.
    pub(super) fn get_within(&self, table: &str, key: &str) -> Option<Value<'a>> {
        self.get(table)?.table()?.get(key)
    }

    /// What `read` makes of a value whose absence is an error; `remedy` says how to write it.
    pub(super) fn need<T>(
        &self,
        key: &str,
        remedy: &str,
        read: impl FnOnce(&Value<'a>) -> Option<T>,
    ) -> Option<T> {
        let found = self.get(key);
        if found.is_none() && !self.problems.broken {
            self.problems.error(self.offset, &self.path_of(key), "it is missing", remedy);
        }
        read(&found?)
    }

    /// What `read` makes of a value whose absence is fine.
    pub(super) fn optional<T: Default>(
        &self,
        key: &str,
        read: impl FnOnce(&Value<'a>) -> Option<T>,
    ) -> Option<T> {
        self.get(key).map_or_else(|| Some(T::default()), |value| read(&value))
    }
}

/// A value, and where it stands.
pub(super) struct Value<'a> {
    path: String,
    parsed: &'a Spanned<DeValue<'a>>,
    problems: &'a Problems<'a>,
}

impl<'a> Value<'a> {
    pub(super) fn offset(&self) -> usize {
        self.parsed.span().start
    }

    /// Notes an error about this value.
    pub(super) fn error(&self, reason: impl Into<String>, remedy: impl Into<String>) {
        self.problems.error(self.offset(), &self.path, reason, remedy);
    }

    /// Notes what is no error and perhaps not meant.
    pub(super) fn remark(&self, text: impl Into<String>) {
        let Problems { file, remarks, .. } = self.problems;
        let (line, field) = (self.problems.line(self.offset()), self.path.clone());
        remarks.borrow_mut().push(Remark {
            file: (*file).to_owned(),
            line,
            field,
            text: text.into(),
        });
    }

    fn wrong_kind(&self, wanted: &str, remedy: &str) {
        let is = match self.parsed.get_ref() {
            DeValue::String(_) => "a text",
            DeValue::Integer(_) | DeValue::Float(_) => "a number",
            DeValue::Boolean(_) => "true or false",
            DeValue::Datetime(_) => "a date without quotes",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        self.error(format!("this is {is}, not {wanted}"), remedy);
    }

    /// A text that isn't empty, without space around it.
    pub(super) fn text(&self) -> Option<String> {
        let Some(text) = self.parsed.get_ref().as_str() else {
            self.wrong_kind("a text", "put it in quotes");
            return None;
        };
        let text = text.trim();
        if text.is_empty() {
            self.error("it is empty", "write something, or leave the field out");
            return None;
        }
        Some(text.to_owned())
    }

    /// A text of which `valid` is so.
    pub(super) fn checked(
        &self,
        valid: impl Fn(&str) -> bool,
        what: &str,
        remedy: &str,
    ) -> Option<String> {
        let text = self.text()?;
        if valid(&text) {
            return Some(text);
        }
        self.error(format!("`{}` isn't a valid {what}", shown(&text)), remedy);
        None
    }

    /// One of `all`, by its key.
    pub(super) fn choice<T: Copy>(&self, all: &[T], key: fn(T) -> &'static str) -> Option<T> {
        let text = self.text()?;
        let found = all.iter().copied().find(|one| key(*one) == text);
        if found.is_none() {
            let known: Vec<&str> = all.iter().map(|one| key(*one)).collect();
            let remedy = match nearest(&text, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("write one of {}", known.join(", ")),
            };
            self.error(format!("`{}` isn't known here", shown(&text)), remedy);
        }
        found
    }

    pub(super) fn flag(&self) -> Option<bool> {
        let flag = self.parsed.get_ref().as_bool();
        if flag.is_none() {
            self.wrong_kind("true or false", "write true or false, without quotes");
        }
        flag
    }

    /// The values of a list, in their order.
    pub(super) fn list(&self) -> Option<Vec<Value<'a>>> {
        let Some(list) = self.parsed.get_ref().as_array() else {
            self.wrong_kind("a list", "write it in brackets: [...]");
            return None;
        };
        let path = |index| format!("{}[{index}]", self.path);
        let value = |(index, parsed)| Value { path: path(index), parsed, problems: self.problems };
        Some(list.iter().enumerate().map(value).collect())
    }

    /// What `one` makes of every value of a list; each is read, whatever the one before it was.
    pub(super) fn each<T>(&self, one: impl FnMut(&Value<'a>) -> Option<T>) -> Option<Vec<T>> {
        let read: Vec<_> = self.list()?.iter().map(one).collect();
        read.into_iter().collect()
    }

    pub(super) fn table(&self) -> Option<Table<'a>> {
        let Some(entries) = self.parsed.get_ref().as_table() else {
            self.wrong_kind("a table", "write it as a [table]");
            return None;
        };
        let (path, offset) = (self.path.clone(), self.offset());
        Some(Table { path, offset, entries, problems: self.problems })
    }
}
