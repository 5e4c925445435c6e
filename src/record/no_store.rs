//! Of a program that was built without the record: there is none.

#![expect(clippy::missing_errors_doc, reason = "none of these is ever called")]

use std::io;
use std::path::{Path, PathBuf};

use super::filter::Recorded;
use super::recall::PhoneFacts;
use super::transfer::{ImportLine, Imported};
use super::{
    CheckFilter, CheckRecord, Erased, Erasure, Kept, RecordError, RecordStatus, RecordedCheck,
    ZonedTime,
};

/// A record that can't be opened, and so is never there.
#[derive(Debug)]
pub enum Store {}

impl Store {
    pub const fn create(_path: &Path, _bench: Option<&str>) -> Recorded<Self> {
        Err(RecordError::NotBuilt)
    }

    pub const fn open(_path: &Path, _bench: Option<&str>) -> Recorded<Self> {
        Err(RecordError::NotBuilt)
    }

    #[must_use]
    pub fn moved(&self) -> Option<&Path> {
        match *self {}
    }

    pub const fn move_damaged(_path: &Path) -> Recorded<Option<PathBuf>> {
        Err(RecordError::NotBuilt)
    }

    pub fn make_ready(&self) -> Recorded<()> {
        match *self {}
    }

    pub fn tidy(&self) {
        match *self {}
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        match *self {}
    }

    pub fn append<'c>(
        &mut self,
        _checks: impl IntoIterator<Item = &'c (String, CheckRecord)>,
    ) -> Recorded<Vec<Option<i64>>> {
        match *self {}
    }

    pub fn check_at(&self, _row: i64) -> Recorded<RecordedCheck> {
        match *self {}
    }

    pub fn give_job(
        &mut self,
        _id: &str,
        _run: &str,
        _seat: u32,
        _job: &str,
        _at: ZonedTime,
    ) -> Recorded<bool> {
        match *self {}
    }

    pub fn checks(
        &self,
        _filter: &CheckFilter,
    ) -> Recorded<Vec<(RecordedCheck, Option<RecordedCheck>)>> {
        match *self {}
    }

    pub fn each_check(&self, _take: impl FnMut(RecordedCheck) -> io::Result<()>) -> io::Result<()> {
        match *self {}
    }

    pub fn each_forgotten(&self, _take: impl FnMut(String) -> io::Result<()>) -> io::Result<()> {
        match *self {}
    }

    pub(in crate::record) fn each_phone(&self, _take: impl FnMut(PhoneFacts)) -> Recorded<()> {
        match *self {}
    }

    pub(in crate::record) fn take_in(
        &mut self,
        _next: impl FnMut() -> Recorded<Option<ImportLine>>,
        _now: ZonedTime,
    ) -> Recorded<Imported> {
        match *self {}
    }

    pub fn status(&self) -> Recorded<RecordStatus> {
        match *self {}
    }

    pub fn note_error(&self, _at: ZonedTime, _error: &str) -> Recorded<()> {
        match *self {}
    }

    pub fn to_forget(&self, _what: &Erasure) -> Recorded<Erased> {
        match *self {}
    }

    pub fn forget(&mut self, _what: &Erasure, _now: ZonedTime) -> Recorded<Erased> {
        match *self {}
    }

    pub fn keep(&mut self, _keep: i64, _now: ZonedTime) -> Recorded<Kept> {
        match *self {}
    }
}

/// An id for a check: none is needed.
pub(in crate::record) const fn new_id() -> String {
    String::new()
}
