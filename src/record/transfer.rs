//! A record as JSON lines, and back: for copies, for another computer, for a program that reads them.

use std::io::{BufRead, Read as _, Write};

use serde::{Deserialize, Serialize};

use super::check::is_code;
use super::filter::Recorded;
use super::{RecordError, RecordedCheck, Store, ZonedTime};
use crate::report::{SCHEMA_VERSION, Tool, import::agree};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::{escape, is_deceptive};

/// The longest line that is read, in bytes: all apps of a phone take some 20 KB.
const MAX_LINE: u64 = 1 << 20;

/// The longest name of a bench and number of a job, in characters.
pub const MAX_NAME: usize = 60;

/// More than any bench counts.
const MAX_COUNTER: i64 = 1 << 52;

/// The longest name of a bench: with what tells it from others of that name.
const MAX_BENCH: usize = MAX_NAME + 10;

/// What was read in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Imported {
    /// Checks that weren't here.
    pub added: i64,
    /// Checks that were.
    pub known: i64,
    /// Checks that were forgotten here, and stay so.
    pub refused: i64,
    /// Checks that were forgotten there, and are now here.
    pub erased: i64,
}

/// What a line holds.
#[cfg_attr(not(feature = "record"), expect(dead_code, reason = "only a store reads it"))]
pub(super) enum ImportLine {
    Check(Box<RecordedCheck>),
    /// The id of a check that was forgotten.
    Forgotten(String),
}

/// What is read of a line first.
#[derive(Deserialize)]
struct LineEvent {
    event: String,
}

#[derive(Serialize, Deserialize)]
struct HeadLine {
    event: String,
    schema_version: u32,
    #[serde(default)]
    tool: Tool,
}

#[derive(Serialize, Deserialize)]
struct ForgottenLine {
    event: String,
    id: String,
}

#[derive(Serialize, Deserialize)]
struct EndLine {
    event: String,
    checks: i64,
    forgotten: i64,
}

#[derive(Serialize)]
struct CheckLineOut<'a> {
    event: &'static str,
    #[serde(flatten)]
    check: &'a RecordedCheck,
}

/// Writes every check, and the ids of what was forgotten, a line each; a first line says what it is and a
/// last one how many there are, so that one that was cut off is known.
///
/// # Errors
/// The record can't be read, or `out` takes no more.
pub fn export(store: &Store, out: &mut dyn Write) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(out);
    let mut write = |line: String| {
        let line = micheck_core::escape::escape_json(&line);
        writeln!(out, "{line}")
    };
    write(json(&HeadLine {
        event: "record".to_owned(),
        schema_version: SCHEMA_VERSION,
        tool: Tool::default(),
    }))?;
    let (mut checks, mut forgotten) = (0, 0);
    store.each_check(|check| {
        checks += 1;
        write(json(&CheckLineOut { event: "check", check: &check }))
    })?;
    store.each_forgotten(|id| {
        forgotten += 1;
        write(json(&ForgottenLine { event: "forgotten".to_owned(), id }))
    })?;
    write(json(&EndLine { event: "end".to_owned(), checks, forgotten }))?;
    out.flush()
}

fn json(line: &impl Serialize) -> String {
    serde_json::to_string(line).expect("string keys and finite numbers")
}

/// Reads in what [`export`] wrote. `set` is for reports that don't say how an app's versions are read.
///
/// # Errors
/// A line isn't one of a record's, contradicts itself or is missing, or the system refuses: then
/// nothing was read in.
pub fn import(
    store: &mut Store,
    file: &str,
    source: &mut impl BufRead,
    set: &AdvisorySet,
    now: ZonedTime,
) -> Recorded<Imported> {
    let mut lines = ImportLines {
        file,
        source,
        set,
        number: 0,
        checks: 0,
        forgotten: 0,
        headed: false,
        ended: false,
    };
    store.take_in(|| lines.next(), now)
}

struct ImportLines<'a, R> {
    file: &'a str,
    source: &'a mut R,
    set: &'a AdvisorySet,
    number: usize,
    checks: i64,
    forgotten: i64,
    headed: bool,
    ended: bool,
}

impl<R: BufRead> ImportLines<'_, R> {
    fn next(&mut self) -> Recorded<Option<ImportLine>> {
        loop {
            let Some(line) = self.line()? else {
                let cut = "is missing: the file was cut off; use the whole file";
                return if self.ended { Ok(None) } else { Err(self.bad(cut)) };
            };
            if line.trim_ascii().is_empty() {
                continue;
            }
            if self.ended {
                return Err(self.bad("comes after the end"));
            }
            let LineEvent { event } = self.parse(&line)?;
            match (event.as_str(), self.headed) {
                ("record", false) => {
                    let head: HeadLine = self.parse(&line)?;
                    if head.schema_version != SCHEMA_VERSION {
                        let other = format!(
                            "has schema version {}, and this micheck reads {SCHEMA_VERSION}; use the \
                             micheck that wrote it, or a newer one",
                            head.schema_version
                        );
                        return Err(self.bad(&other));
                    }
                    self.headed = true;
                }
                ("check", true) => {
                    let check = self.check(&line)?;
                    self.checks += 1;
                    return Ok(Some(ImportLine::Check(Box::new(check))));
                }
                ("forgotten", true) => {
                    let ForgottenLine { id, .. } = self.parse(&line)?;
                    self.forgotten += 1;
                    if !is_uuid(&id) {
                        return Err(self.bad("has an id that isn't a UUID"));
                    }
                    return Ok(Some(ImportLine::Forgotten(id)));
                }
                ("end", true) => {
                    let end: EndLine = self.parse(&line)?;
                    if (end.checks, end.forgotten) != (self.checks, self.forgotten) {
                        return Err(
                            self.bad("counts other lines than there are; use the whole file")
                        );
                    }
                    self.ended = true;
                }
                _ => return Err(self.bad("isn't one that `micheck record export` writes")),
            }
        }
    }

    /// The next line; `None`: there is no more.
    fn line(&mut self) -> Recorded<Option<Vec<u8>>> {
        self.number += 1;
        let mut line = Vec::new();
        let read = self.source.by_ref().take(MAX_LINE).read_until(b'\n', &mut line);
        read.map_err(|error| RecordError::Unreadable {
            file: escape(self.file).into_owned(),
            reason: escape(&error.to_string()).into_owned(),
        })?;
        if line.len() as u64 == MAX_LINE {
            return Err(self.bad("is longer than any of a record"));
        }
        Ok((!line.is_empty()).then_some(line))
    }

    fn parse<'l, T: Deserialize<'l>>(&self, line: &'l [u8]) -> Recorded<T> {
        serde_json::from_slice(line).map_err(|error| {
            let why: String = error.to_string().chars().take(200).collect();
            self.bad(&format!("isn't one that `micheck record export` writes ({})", escape(&why)))
        })
    }

    fn bad(&self, fault: &str) -> RecordError {
        let fault = format!("of {} {fault}", escape(self.file));
        RecordError::BadLine { line: self.number, fault }
    }

    fn check(&self, line: &[u8]) -> Recorded<RecordedCheck> {
        let mut check: RecordedCheck = self.parse(line)?;
        let bad = |what: &str| self.bad(&format!("has {what}"));
        let is_name = |name: &str| is_label(name) && name.chars().count() <= MAX_BENCH;
        let CheckNames { id, code, number, job } = CheckNames::of(&check);
        if !is_uuid(id) {
            return Err(bad("an id that isn't a UUID"));
        }
        if !code.is_none_or(is_code) {
            return Err(bad("a code that isn't 12 characters, 0 to 9 and a to f"));
        }
        if !is_run(&check.check.run) || !(1..=MAX_COUNTER).contains(&check.counter) {
            return Err(bad("a run or a counter that no bench gives"));
        }
        if ![Some(check.bench.as_str()), number, job].into_iter().flatten().all(is_name) {
            return Err(bad("a name that is empty, too long or has signs that deceive"));
        }
        if check.check.moment().is_none() {
            return Err(bad("a time that isn't like 2026-11-28T10:00:00+05:30"));
        }
        if check.check.facts.whole.len() != check.check.facts.findings.len() {
            return Err(bad("findings that it doesn't say enough of"));
        }
        // A row's own verdict must follow from what it says, as in any report that is read.
        let mut row = check.check.clone().into_row(self.file);
        agree(&mut row, self.set).map_err(|what| {
            let what: String = what.chars().take(200).collect();
            self.bad(&format!("contradicts itself: {}", escape(&what)))
        })?;
        check.check.settle();
        check.check.strip();
        Ok(check)
    }
}

/// The texts of a check that stand for something.
struct CheckNames<'c> {
    id: &'c str,
    code: Option<&'c str>,
    number: Option<&'c str>,
    job: Option<&'c str>,
}

impl<'c> CheckNames<'c> {
    fn of(check: &'c RecordedCheck) -> Self {
        let RecordedCheck { id, check, .. } = check;
        let text = |text: &'c Option<String>| text.as_deref();
        Self { id, code: text(&check.code), number: text(&check.number), job: text(&check.job) }
    }
}

fn is_run(run: &str) -> bool {
    run.len() == 32 && run.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a text can stand for a bench or a job: something, and nothing that deceives.
#[must_use]
pub fn is_label(text: &str) -> bool {
    !text.trim().is_empty() && !text.contains(is_deceptive)
}

/// Whether a text is a UUID as it is usually written.
fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
