//! Several files that lie together: which of them count, and which belong to one phone.

use std::collections::BTreeMap;

use super::Row;
use crate::saved::Form;

/// Something that a folder or an archive holds.
pub(super) trait Named {
    /// Its path, folders separated by `/`.
    fn name(&self) -> &str;

    /// Whether it may be a text.
    fn is_candidate(&self) -> bool;
}

/// The files that `AndroidQF` and MVT write for a phone. Where one of them lies, the other files
/// beside and below it are logs and lists that only look like dumps.
const COLLECTED: &[&str] = &["dumpsys.txt", "getprop.txt"];

/// Texts that lie in one folder.
pub(super) struct Group<'a, T> {
    pub(super) files: Vec<&'a T>,
    /// They are what `AndroidQF` or MVT wrote for one phone.
    of_one_phone: bool,
}

/// The texts that are to be read, by folder.
pub(super) fn chosen<T: Named>(files: &[T]) -> Vec<Group<'_, T>> {
    let mut folders: BTreeMap<&str, Vec<(&str, &T)>> = BTreeMap::new();
    for file in files {
        let path = file.name();
        let (folder, base) = path.rsplit_once('/').unwrap_or(("", path));
        if file.is_candidate() {
            folders.entry(folder).or_default().push((base, file));
        }
    }
    let is_claimed = |folder: &str, by: &str| {
        by.is_empty() && !folder.is_empty()
            || folder.strip_prefix(by).is_some_and(|rest| rest.starts_with('/'))
    };
    let claiming: Vec<&str> = folders
        .iter()
        .filter(|(_, files)| files.iter().any(|(base, _)| COLLECTED.contains(base)))
        .map(|(folder, _)| *folder)
        .collect();
    // Logs and copies lie in folders below, too.
    folders.retain(|folder, _| !claiming.iter().any(|by| is_claimed(folder, by)));
    folders.into_values().map(group).collect()
}

fn group<'a, T>(files: Vec<(&str, &'a T)>) -> Group<'a, T> {
    let is_collected = |base: &str| COLLECTED.contains(&base);
    let of_one_phone = files.iter().any(|(base, _)| is_collected(base));
    let counts = |base: &str| !of_one_phone || is_collected(base);
    let files = files.into_iter().filter(|(base, _)| counts(base)).map(|(_, file)| file).collect();
    Group { files, of_one_phone }
}

/// Whether a name ends so, in capitals or not.
pub(super) fn has_ending(name: &str, ending: &str) -> bool {
    let at = name.len().saturating_sub(ending.len());
    name.get(at..).is_some_and(|end| end.eq_ignore_ascii_case(ending))
}

impl<T> Group<'_, T> {
    /// The phones of these texts, from what was read of each. A property listing alone and a
    /// dump without one, and nothing else, are of one phone.
    pub(super) fn phones(&self, mut rows: Vec<Row>) -> Vec<Row> {
        let listing = rows.iter().position(is_listing);
        let (Some(listing), 2) = (listing, rows.len()) else { return rows };
        let dump = &rows[1 - listing];
        let is_bare = dump.phone.as_ref().is_some_and(|phone| phone.evidence.properties.is_empty());
        if is_listing(dump) || !(is_bare || self.of_one_phone) {
            return rows;
        }
        let listing = rows.remove(listing);
        if let (true, Some(listing), Some(phone)) =
            (is_bare, listing.phone, rows.first_mut().and_then(|row| row.phone.as_mut()))
        {
            phone.evidence.properties = listing.evidence.properties;
            phone.evidence.properties_end = listing.evidence.properties_end;
            phone.form = Form::Collection;
        }
        rows
    }
}

fn is_listing(row: &Row) -> bool {
    row.trouble.is_none() && row.phone.as_ref().is_some_and(|phone| phone.form == Form::Getprop)
}
