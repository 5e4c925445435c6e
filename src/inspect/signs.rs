//! What a phone that a text speaks of may be: a dump, a listing, nothing.

use micheck_core::saved_dump::{Form, SavedPhone};
use micheck_core::verdict::Reason;

/// Whether what was read is a dump, of which the package service may have failed, or a bug report,
/// and not a property listing or a failure text alone.
pub(super) fn is_dump(phone: &SavedPhone) -> bool {
    let has_failed = || phone.evidence.saved.values().any(|dump| dump.extraction.failure.is_some());
    (phone.has_packages && !is_unreadable(phone))
        || is_bug_report(phone)
        // Joined with its listing it is a collection.
        || (matches!(phone.form, Form::Dumpsys | Form::Collection) && has_failed())
}

/// Whether it says nothing of any phone: lines that look like a property listing and have no property
/// of a phone, and what stands for bytes in no encoding.
pub(super) fn is_nothing(phone: &SavedPhone) -> bool {
    let is_bare = phone.form == Form::Getprop && phone.evidence.properties.is_empty();
    is_bare || is_unreadable(phone)
}

/// Whether it says which phone it is of.
pub(super) fn tells_who(phone: &SavedPhone) -> bool {
    phone.serial.is_some() || phone.evidence.properties.get("ro.build.fingerprint").is_some()
}

/// Whether it stands for a part of a text that is in no encoding.
pub(super) fn is_unreadable(phone: &SavedPhone) -> bool {
    phone.form == Form::Unrecognised && phone.evidence.broken == Some(Reason::UnreadableAnswer)
}

/// Whether it is a bug report with its header.
pub(super) fn is_bug_report(phone: &SavedPhone) -> bool {
    phone.form == Form::BugReport && phone.taken_at.is_some()
}
