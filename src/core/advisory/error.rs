//! What is wrong, or worth a look, in a file of advisories. Core: no I/O.

use std::fmt;

use thiserror::Error;

/// An error in a file of advisories. Every text is escaped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
#[error("{}{reason}; {remedy}", place(file, *line, field))]
pub struct AdvisoryError {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field: `packages[0].name`; empty where it isn't about a single one.
    pub field: String,
    /// What is wrong.
    pub reason: String,
    /// What would be right.
    pub remedy: String,
}

impl AdvisoryError {
    /// An error about a file as a whole.
    #[must_use]
    pub fn of_file(file: &str, reason: &str, remedy: &str) -> Self {
        let (file, reason, remedy) = (file.to_owned(), reason.to_owned(), remedy.to_owned());
        Self { file, line: 1, field: String::new(), reason, remedy }
    }
}

/// Something in a file of advisories that is no error and perhaps not meant. Every text is escaped.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The field.
    pub field: String,
    /// What is so.
    pub text: String,
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}note: {}", place(&self.file, self.line, &self.field), self.text)
    }
}

fn place(file: &str, line: usize, field: &str) -> String {
    match field {
        "" => format!("{file}:{line}: "),
        field => format!("{file}:{line}: {field}: "),
    }
}
