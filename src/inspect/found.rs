//! What was met on the way through files, folders and archives: the fate of each thing, and the rows
//! of a report that come of it.

use std::path::Path;

use super::{FileError, signs};
use micheck_core::saved_dump::SavedPhone;

/// A file or an entry of an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Thing {
    /// Its path inside of what was named, archives being folders; `None`: it is what was named.
    pub(super) entry: Option<String>,
    /// How much of the path is the archive that it lies in, in bytes; 0 where it lies in none, or in
    /// what was named.
    pub(super) archive: usize,
    /// It comes out of a gzip file.
    pub(super) in_gzip: bool,
}

impl Thing {
    /// Something in this folder or archive.
    pub(super) fn inner(&self, name: &str, in_archive: bool) -> Self {
        let outer = self.entry.as_deref();
        Self {
            archive: if in_archive { outer.map_or(0, str::len) } else { self.archive },
            entry: Some(match outer {
                Some(outer) => format!("{outer}/{name}"),
                None => name.to_owned(),
            }),
            in_gzip: false,
        }
    }

    /// The folder that it lies in.
    pub(super) fn folder(&self) -> &str {
        self.entry.as_deref().map_or("", folder_of)
    }

    /// The folder that a bug report is said to lie in: that of its archive, where it lies in one's
    /// root, because there the archive is the bug report.
    pub(super) fn home(&self) -> &str {
        let folder = self.folder();
        if folder.len() == self.archive { folder_of(folder) } else { folder }
    }

    /// Whether it lies in `folder` or below it.
    pub(super) fn is_in(&self, folder: &str) -> bool {
        Path::new(self.folder()).starts_with(folder)
    }
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What became of a thing that was met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is a phone's, or several are in it; with what it is one phone's together.
    Phone(Option<String>),
    /// Nothing of a phone is in it; what it is, where it is known.
    NoPhone(Option<&'static str>),
    /// It lies beside a bug report and is no other phone's.
    PartOfBugReport,
    /// It could hold a phone and wasn't read, or not to its end.
    NotRead(FileError),
}

/// A row of a report.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) thing: Thing,
    /// The place of the thing in [`Found::met`].
    pub(super) at: usize,
    pub(super) phone: Option<SavedPhone>,
    /// The same phone as another file shows it, and whether something shows that it is the same.
    pub(super) other: Option<(Box<Row>, bool)>,
    /// What is wrong with the file; never absent when there is no phone.
    pub(super) trouble: Option<FileError>,
    /// It is no dump, and part of a bug report that lies beside it.
    pub(super) is_log: bool,
}

/// The most rows that one named file or folder gives, besides those of logs.
const MAX_ROWS: usize = 4_096;

/// The most logs of which is kept what stands in them; and again of those that may be another phone's.
const MAX_LOGS: usize = 256;

/// Everything that one named file or folder holds.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) rows: Vec<Row>,
    /// Each thing that was met and its fate.
    pub(super) met: Vec<(Thing, Fate)>,
    /// What the first thing without a phone is.
    pub(super) recognised: Option<String>,
    /// How many of the texts are logs.
    logs: usize,
    /// How many of those that are many have a listing that says which phone it is of.
    telling_logs: usize,
    /// There would be more rows.
    too_many: bool,
}

impl Found {
    /// Notes a thing and its fate; it gives no row.
    pub(super) fn met(&mut self, thing: Thing, fate: Fate) {
        if let Fate::NoPhone(Some(what)) = fate {
            self.recognised.get_or_insert_with(|| what.to_owned());
        }
        self.met.push((thing, fate));
    }

    /// Notes a thing that wasn't read; it has its row.
    pub(super) fn unread(&mut self, thing: Thing, trouble: FileError) {
        let at = self.met.len();
        self.met.push((thing.clone(), Fate::NotRead(trouble.clone())));
        self.row(Row { thing, at, trouble: Some(trouble), ..Row::default() });
    }

    /// Notes a text that was looked through. `recognised`: what a person is told that it is where
    /// nothing of a phone is in it; `embedded`: an archive lies in its middle.
    pub(super) fn text(
        &mut self,
        thing: Thing,
        recognised: &str,
        mut phones: Vec<SavedPhone>,
        trouble: Option<FileError>,
        embedded: bool,
    ) {
        let (extra, mut trouble) = match trouble {
            // What stands behind a text's own bytes takes nothing from it.
            Some(extra @ FileError::Extra { .. }) => (Some(extra), None),
            trouble => {
                let what = "there is an archive in the middle of it";
                (embedded.then_some(FileError::Extra { what }), trouble)
            }
        };
        if phones.iter().all(signs::is_nothing) {
            phones.clear();
        }
        let is_log = !phones.is_empty() && phones.iter().all(|phone| !signs::is_dump(phone));
        self.logs += usize::from(is_log);
        // Of thousands of logs no more is kept than that they are there.
        let tells = is_log && phones.iter().any(signs::tells_who);
        self.telling_logs += usize::from(tells && self.logs > MAX_LOGS);
        let is_kept = self.logs <= MAX_LOGS || tells && self.telling_logs <= MAX_LOGS;
        if is_log && !is_kept {
            phones.clear();
            let recognised = "text with property lines or error messages, but no dump".to_owned();
            trouble.get_or_insert(FileError::NotADump { recognised });
        }
        let fate = match (phones.is_empty(), trouble.as_ref().or(extra.as_ref())) {
            (false, _) => Fate::Phone(None),
            (true, Some(trouble)) => Fate::NotRead(trouble.clone()),
            (true, None) => Fate::NoPhone(None),
        };
        if phones.is_empty() {
            self.recognised.get_or_insert_with(|| {
                if thing.in_gzip { format!("gzip of {recognised}") } else { recognised.to_owned() }
            });
        }
        let row = Row { thing: thing.clone(), at: self.met.len(), ..Row::default() };
        self.met.push((thing, fate));
        let mut phones: Vec<Option<SavedPhone>> = phones.into_iter().map(Some).collect();
        if phones.is_empty() && trouble.is_some() {
            phones.push(None);
        }
        for phone in phones {
            self.row(Row { phone, trouble: trouble.clone(), is_log, ..row.clone() });
        }
        // Beside a bug report, too, it is nobody's own.
        if extra.is_some() {
            self.row(Row { trouble: extra, ..row });
        }
    }

    fn row(&mut self, row: Row) {
        if row.is_log || self.rows.len() < MAX_ROWS + self.logs {
            self.rows.push(row);
        } else if !self.too_many {
            self.too_many = true;
            let trouble = Some(FileError::TooMany { most: MAX_ROWS });
            self.rows.push(Row { at: row.at, trouble, ..Row::default() });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bug_report_in_an_archive_lies_where_its_archive_lies() {
        let top = Thing::default();
        let report = top.inner("a.zip", false).inner("b.txt", true);
        assert_eq!(report.entry.as_deref(), Some("a.zip/b.txt"));
        assert_eq!((report.folder(), report.home()), ("a.zip", ""));
        let wrapped = top.inner("b.zip", true).inner("b.txt", true);
        assert_eq!(wrapped.home(), "");
        let deeper = top.inner("x/b.zip", true).inner("y/b.txt", true);
        assert_eq!((deeper.folder(), deeper.home()), ("x/b.zip/y", "x/b.zip/y"));
        assert_eq!(top.inner("b.txt", true).home(), "");
        let log = top.inner("logs/a.log", true);
        assert!(log.is_in("") && log.is_in("logs") && !log.is_in("log"));
        assert!(top.inner("a.zip", false).inner("logs/x", true).is_in("a.zip"));
    }
}
