//! What has become of a phone that is asked to show what updates it. Core: no I/O.

use crate::report::UpdaterRequest;
use crate::report::serial::end;
use crate::text::Text;
use crate::watch::board::BoardPhone;
use micheck_core::escape::escape;
use micheck_core::update_route::UpdateRoute;
use micheck_core::verdict::Verdict;

/// How far a phone is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FixState {
    /// It is being asked.
    Requesting,
    /// It took a request: its person is waited for, and the update.
    Waiting {
        route: UpdateRoute,
        /// When it took it, RFC 3339 with offset.
        stamp: String,
    },
    /// None of its screens could be asked for.
    NotTaken,
    /// It was unplugged.
    Gone,
    /// It is fine; with its version, if it has one.
    Updated { version: Option<String> },
    /// It was asked for nothing: another phone answered in its place, or it isn't known any more.
    Skipped,
}

impl FixState {
    /// The state of this phone, which was asked last in the visit `asked_in`.
    pub(super) fn of(phone: &BoardPhone, asked_in: Option<u32>) -> Self {
        if phone.outcome().is_some_and(Verdict::is_fine) {
            let version = phone.standing().and_then(|held| held.version.clone());
            return Self::Updated { version };
        }
        if !phone.is_present() {
            return Self::Gone;
        }
        if asked_in != Some(phone.visit) || phone.is_being_asked_to_show() {
            return Self::Requesting;
        }
        match (&phone.requested, phone.taken_request()) {
            (Some(requested), Some(UpdaterRequest { route, .. })) => {
                Self::Waiting { route: *route, stamp: requested.stamp.clone() }
            }
            (Some(_), None) => Self::NotTaken,
            (None, _) => Self::Skipped,
        }
    }

    /// Whether nothing more is waited for.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::NotTaken | Self::Updated { .. } | Self::Skipped)
    }
}

/// What a phone is called in a line of its own, escaped.
#[must_use]
pub fn called(phone: &BoardPhone, text: Text) -> String {
    let name = phone.name.as_deref().or(phone.model.as_deref());
    let name = escape(name.unwrap_or(text.get("unnamed-phone"))).into_owned();
    match phone.connection.serial.as_deref().map(end) {
        Some(end) => format!("{name} ({})", escape(&end)),
        None => name,
    }
}

/// Hours, minutes and seconds of a time in RFC 3339.
#[must_use]
pub fn clock(stamp: &str) -> &str {
    stamp.get(11..19).unwrap_or(stamp)
}
