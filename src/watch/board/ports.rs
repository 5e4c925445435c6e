//! Ports of a bench: what tells one from another, their order, and the names that people give them.

use std::collections::BTreeMap;

use crate::report::{Connection, LinkKind};

/// What tells a port from all others: its path, behind the server's address if it may be on another
/// computer. `None`: the phone has no port, or nobody knows it.
#[must_use]
pub fn port_key(connection: &Connection) -> Option<String> {
    let path = connection.path.as_deref()?;
    match &connection.server {
        Some(server) if connection.link == LinkKind::AdbServer && !is_here(server) => {
            Some(format!("{server} {path}"))
        }
        _ => Some(path.to_owned()),
    }
}

/// Whether an address of a server is that of this computer's usual one.
fn is_here(server: &str) -> bool {
    matches!(server, "127.0.0.1:5037" | "localhost:5037" | "[::1]:5037")
}

/// Where a phone stands: by server, then by port, numbers as numbers; phones without a port last.
pub(super) fn order(connection: &Connection) -> (bool, String, Vec<u32>) {
    let Some(path) = &connection.path else { return (true, String::new(), Vec::new()) };
    let server = connection.server.as_deref().filter(|server| !is_here(server)).unwrap_or_default();
    let numbers = path
        .split(|sign: char| !sign.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    (false, server.to_owned(), numbers)
}

/// The names that people gave to ports.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortNames(pub BTreeMap<String, String>);

impl PortNames {
    /// What the port of a phone is called; `None`: nothing.
    #[must_use]
    pub fn of(&self, connection: &Connection) -> Option<&str> {
        self.0.get(&port_key(connection)?).map(String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::LinkKind;

    fn at(server: Option<&str>, path: Option<&str>) -> Connection {
        let link = if server.is_some() { LinkKind::AdbServer } else { LinkKind::Usb };
        Connection {
            server: server.map(str::to_owned),
            path: path.map(str::to_owned),
            ..Connection::of_link(link)
        }
    }

    #[test]
    fn a_port_of_this_computer_is_one_whoever_holds_its_phone() {
        let usual = at(Some("127.0.0.1:5037"), Some("usb:1-4.2"));
        assert_eq!(port_key(&usual), port_key(&at(None, Some("usb:1-4.2"))));
        let other = at(Some("10.0.0.5:5037"), Some("usb:1-4.2"));
        assert_eq!(port_key(&other).as_deref(), Some("10.0.0.5:5037 usb:1-4.2"));
        assert_eq!(port_key(&at(Some("127.0.0.1:5037"), None)), None);
    }

    #[test]
    fn ports_are_in_the_order_of_their_numbers() {
        let here = Some("127.0.0.1:5037");
        let mut places = [
            at(here, None),
            at(Some("a:1"), Some("usb:1-1")),
            at(here, Some("usb:1-10")),
            at(here, Some("usb:1-2.1")),
            at(here, Some("usb:1-2")),
        ];
        places.sort_by_cached_key(order);
        let paths: Vec<_> = places.iter().map(|place| place.path.as_deref()).collect();
        let expected =
            [Some("usb:1-2"), Some("usb:1-2.1"), Some("usb:1-10"), Some("usb:1-1"), None];
        assert_eq!(paths, expected);
    }
}
