//! What a server's refusal means, and whose words are believed.

use crate::link_error::LinkError;

use super::wire::WireError;
use crate::shortage::is_for_now;
use micheck_core::escape;
use micheck_core::verdict::Reason;

/// Why the answer of a phone that is listed broke off: by the reason that its state there gives, if
/// it can't be asked, and what the server `said`.
pub(super) fn cause(listed: Option<Reason>, said: Option<LinkError>) -> LinkError {
    let reason = match (listed, &said) {
        (Some(reason), Some(_)) => reason,
        (Some(_), None) => Reason::Disconnected,
        // The phone broke its answer off; or the cause was another phone's, or has passed.
        (None, _) => Reason::IncompleteAnswer,
    };
    LinkError { reason, detail: said.and_then(|said| said.detail) }
}

/// Why an exchange with a phone didn't come to its end.
pub(super) enum Broken {
    /// The connection was closed; who did it is still to be found out.
    Closed,
    /// The server gave a cause, which the list must bear out.
    Refused(LinkError),
    LinkError(LinkError),
}

impl From<LinkError> for Broken {
    fn from(trouble: LinkError) -> Self {
        Self::LinkError(trouble)
    }
}

impl From<WireError> for Broken {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Connect(error) if is_for_now(&error) => {
                let detail = error.to_string();
                Self::LinkError(LinkError::with_detail(Reason::ResourceLimit, detail))
            }
            WireError::Connect(_) => Self::LinkError(LinkError::new(Reason::ServerLost)),
            WireError::Closed | WireError::Io(_) => Self::Closed,
            WireError::Fail(message) => of_fail_message(&message),
            WireError::NotAdb(what) => {
                Self::LinkError(LinkError::with_detail(Reason::UnreadableAnswer, said(&what)))
            }
        }
    }
}

/// What the server's refusal of a phone means. Source: AOSP `transport.cpp`,
/// `acquire_one_transport`, and `adb.cpp`.
pub(super) fn of_fail_message(message: &[u8]) -> Broken {
    let has = |text: &str| memchr::memmem::find(message, text.as_bytes()).is_some();
    let refused = |reason| Broken::Refused(LinkError::with_detail(reason, said(message)));
    if has("unauthorized") {
        refused(Reason::Unauthorized)
    } else if has("still authorizing") || has("still connecting") {
        refused(Reason::Authorizing)
    } else if has("offline") {
        refused(Reason::Offline)
    } else if has("no permissions") || has("insufficient permissions") {
        refused(Reason::NoPermission)
    } else if has("not found") || has("no device with transport id") {
        refused(Reason::Disconnected)
    } else if message == b"closed" {
        Broken::Closed
    } else {
        let reason = if has("more than one device") {
            Reason::AmbiguousSerial
        } else {
            Reason::UnreadableAnswer
        };
        Broken::LinkError(LinkError::with_detail(reason, said(message)))
    }
}

/// A stranger's bytes for a report: decoded and short; renderers escape them.
pub(super) fn said(bytes: &[u8]) -> String {
    escape::decode(&bytes[..bytes.len().min(200)])
}

/// A stranger's bytes for an error message: escaped, too.
pub(super) fn shown(bytes: &[u8]) -> String {
    escape::escape(&said(bytes)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_believed_where_the_list_agrees() {
        use Reason::{Disconnected, IncompleteAnswer, NoPermission, Offline, Unauthorized};

        let said = |reason| Some(LinkError::with_detail(reason, "words"));
        for (listed, said, expected) in [
            (Some(NoPermission), said(NoPermission), NoPermission),
            (Some(Unauthorized), said(NoPermission), Unauthorized),
            (Some(Offline), said(Offline), Offline),
            (Some(Offline), None, Disconnected),
            (None, said(NoPermission), IncompleteAnswer),
            (None, None, IncompleteAnswer),
        ] {
            let detail = said.as_ref().and_then(|said| said.detail.clone());
            let cause = cause(listed, said);
            assert_eq!(cause, LinkError { reason: expected, detail });
        }
    }
}
