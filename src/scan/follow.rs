//! Follows a server's list while people allow this computer on their phones.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::timeout;

use micheck_adb::{ListedPhone, Server};
use micheck_core::verdict::Reason;

/// A server's list as it changes.
#[derive(Debug, Clone)]
pub(super) struct FollowedList {
    current: watch::Receiver<Vec<ListedPhone>>,
}

/// Follows the list of `server`, which was `list` just now, in a task among `followers`.
pub(super) fn follow(
    server: Server,
    list: Vec<ListedPhone>,
    followers: &mut JoinSet<()>,
) -> FollowedList {
    let (changes, current) = watch::channel(list);
    followers.spawn(async move {
        // Any end is the end of the channel: the server is gone.
        let Ok(mut tracking) = server.track_devices().await else { return };
        while let Ok(list) = tracking.next().await {
            changes.send_replace(list);
        }
    });
    FollowedList { current }
}

impl FollowedList {
    /// Waits until `phone` can be asked, and gives it as it is listed then.
    ///
    /// A phone that is unplugged and plugged in again meanwhile, as people are
    /// told to do when no dialog appears, is known by its serial and port.
    ///
    /// # Errors
    /// Why it still can't be asked when the time is up, or that the server is gone.
    pub(super) async fn allowed(
        &mut self,
        phone: &ListedPhone,
        time: Duration,
    ) -> Result<ListedPhone, Reason> {
        let mut reason = phone.state.reason().unwrap_or(Reason::Unauthorized);
        let waiting = async {
            loop {
                let now = find(&self.current.borrow_and_update(), phone).cloned();
                match now {
                    Some(found) => match found.state.reason() {
                        None => return Ok(found),
                        Some(why) => reason = why,
                    },
                    None => reason = Reason::Disconnected,
                }
                if self.current.changed().await.is_err() {
                    return Err(Reason::ServerLost);
                }
            }
        };
        let ended = timeout(time, waiting).await;
        ended.unwrap_or(Err(reason))
    }
}

/// `phone` in a later list: the same connection, else the only one of its serial and port.
fn find<'a>(list: &'a [ListedPhone], phone: &ListedPhone) -> Option<&'a ListedPhone> {
    let same_connection = |listed: &&ListedPhone| {
        listed.transport_id.is_some()
            && listed.transport_id == phone.transport_id
            && listed.serial == phone.serial
    };
    let same_place =
        |listed: &&ListedPhone| listed.serial == phone.serial && listed.path == phone.path;
    list.iter().find(same_connection).or_else(|| {
        let mut places = list.iter().filter(same_place);
        places.next().filter(|_| places.next().is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(lines: &str) -> Vec<ListedPhone> {
        micheck_adb::state::read_list(lines.as_bytes())
    }

    #[test]
    fn a_phone_is_known_again_by_connection_or_by_serial_and_port() {
        let phone = list("P1 unauthorized usb:1-1 transport_id:1").remove(0);
        for (lines, expected) in [
            ("P1 device usb:1-1 transport_id:1", Some("device")),
            ("P2 device usb:1-1 transport_id:1", None),
            ("P1 offline usb:1-1 transport_id:5", Some("offline")),
            ("P1 device usb:1-2 transport_id:5", None),
            ("P1 device usb:1-1 transport_id:5\nP1 offline usb:1-1 transport_id:6", None),
            (
                "P1 device usb:1-1 transport_id:5\nP1 offline usb:1-1 transport_id:1",
                Some("offline"),
            ),
            ("", None),
        ] {
            let list = list(lines);
            let found = find(&list, &phone).map(|phone| phone.state.text());
            assert_eq!(found.as_deref(), expected, "{lines}");
        }
    }
}
