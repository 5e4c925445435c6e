//! Which of the files that lie together are one phone's.
//!
//! What a file is counts, not its name; archives count as folders.
//!
//! - One property listing and one dump without its own in a folder are one phone.
//! - A bug report in the same folder is that phone too, unless their build fingerprints or serial
//!   numbers differ. Where nothing can be compared, the phone isn't fine.
//! - What lies beside a bug report, or below its folder, and is no dump is a part of it.

use std::collections::BTreeSet;

use super::FileError;
use super::found::{Fate, Found, Row};
use super::signs::{is_bug_report, is_dump};
use micheck_core::saved_dump::{Form, SavedPhone};

/// Whether two texts are of one phone; `None`: nothing can be compared.
fn agree(left: &SavedPhone, right: &SavedPhone) -> Option<bool> {
    let key = "ro.build.fingerprint";
    let build = |phone: &SavedPhone| phone.evidence.properties.get(key).map(<[u8]>::to_vec);
    let same = |left: Option<Vec<u8>>, right: Option<Vec<u8>>| Some(left? == right?);
    let serials = same(left.serial.clone(), right.serial.clone());
    // Two phones of one shop may run the same build.
    serials.into_iter().chain(same(build(left), build(right))).reduce(|all, one| all && one)
}

/// Puts together what belongs together, and says the fate of what is part of a bug report.
pub(super) fn join(found: &mut Found) {
    let with_phones = found.rows.iter().filter(|row| row.phone.is_some());
    let folders: BTreeSet<String> = with_phones.map(|row| row.thing.folder().to_owned()).collect();
    for folder in &folders {
        join_listing(found, folder);
        join_report(found, folder);
    }
    let report = |row: &Row| {
        let phone = row.phone.as_ref().filter(|phone| is_bug_report(phone))?;
        Some((row.thing.home().to_owned(), phone.clone()))
    };
    let reports: Vec<(String, SavedPhone)> = found.rows.iter().filter_map(report).collect();
    drop_parts(found, &reports);
    for (thing, fate) in &mut found.met {
        if matches!(fate, Fate::NoPhone(_)) && reports.iter().any(|(home, _)| thing.is_in(home)) {
            *fate = Fate::PartOfBugReport;
        }
    }
}

/// The one row of which `is` holds.
fn only(rows: &[Row], is: impl Fn(&Row, &SavedPhone) -> bool) -> Option<usize> {
    let is = |row: &Row| row.phone.as_ref().is_some_and(|phone| is(row, phone));
    let mut all = (0..rows.len()).filter(|&at| is(&rows[at]));
    all.next().filter(|_| all.next().is_none())
}

/// The one dump in a folder, bug reports aside.
fn only_dump(rows: &[Row], folder: &str) -> Option<usize> {
    only(rows, |row, phone| row.thing.folder() == folder && is_dump(phone) && !is_bug_report(phone))
}

/// One listing and one dump without its own are one phone; a listing that agrees with the dump's own
/// says nothing new.
fn join_listing(found: &mut Found, folder: &str) {
    let rows = &mut found.rows;
    let listing = only(rows, |row, phone| {
        row.thing.folder() == folder && row.trouble.is_none() && phone.form == Form::Getprop
    });
    let (Some(listing), Some(dump)) = (listing, only_dump(rows, folder)) else { return };
    let (Some(properties), Some(phone)) = (&rows[listing].phone, &rows[dump].phone) else { return };
    let has_own = !phone.evidence.properties.is_empty();
    let is_same = !has_own || agree(properties, phone) == Some(true);
    // What stands in one text belongs together as that text says.
    if !is_same || rows[listing].at == rows[dump].at {
        return;
    }
    found.met[rows[listing].at].1 = Fate::Phone(rows[dump].thing.entry.clone());
    let listing_phone = rows[listing].phone.take();
    if let (false, Some(listing), Some(phone)) = (has_own, listing_phone, &mut rows[dump].phone) {
        phone.evidence.properties = listing.evidence.properties;
        phone.evidence.properties_end = listing.evidence.properties_end;
        phone.form = Form::Collection;
    }
    rows.remove(listing);
}

/// The one phone of a folder and the one bug report beside it are one phone, unless they differ.
fn join_report(found: &mut Found, folder: &str) {
    let rows = &mut found.rows;
    let report = only(rows, |row, phone| row.thing.home() == folder && is_bug_report(phone));
    let (Some(report), Some(dump)) = (report, only_dump(rows, folder)) else { return };
    let (Some(left), Some(right)) = (&rows[dump].phone, &rows[report].phone) else { return };
    let same = agree(left, right);
    let has_listing = !left.evidence.properties.is_empty();
    if !has_listing || same == Some(false) || rows[dump].at == rows[report].at {
        return;
    }
    found.met[rows[dump].at].1 = Fate::Phone(rows[report].thing.entry.clone());
    let other = std::mem::take(&mut rows[dump]);
    rows[report].other = Some((Box::new(other), same == Some(true)));
    rows.remove(dump);
}

/// Beside a bug report logs, denials, property listings and broken gzip files are part of it; a
/// listing of another phone isn't. `reports`: their folders and what they say.
fn drop_parts(found: &mut Found, reports: &[(String, SavedPhone)]) {
    let is_part = |row: &mut Row| {
        let mut beside = reports.iter().filter(|(home, _)| row.thing.is_in(home)).peekable();
        let is_broken = matches!(row.trouble, Some(FileError::Damaged { .. }));
        beside.peek().is_some()
            && match &row.phone {
                Some(phone) => {
                    row.is_log && !beside.all(|(_, report)| agree(phone, report) == Some(false))
                }
                None => row.is_log || row.thing.in_gzip && is_broken,
            }
    };
    let dropped: Vec<Row> = found.rows.extract_if(.., is_part).collect();
    let still: BTreeSet<usize> = found.rows.iter().map(|row| row.at).collect();
    // A thing that has another row keeps its fate.
    for row in dropped.iter().filter(|row| !still.contains(&row.at)) {
        found.met[row.at].1 = Fate::PartOfBugReport;
    }
}
