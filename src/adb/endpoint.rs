//! Where an adb server listens.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use thiserror::Error;

/// The port that adb servers use unless told otherwise.
pub const DEFAULT_PORT: u16 = 5037;

/// The port on which phones listen for a computer unless told otherwise.
pub const DEFAULT_PHONE_PORT: u16 = 5555;

/// Host and port of an adb server, or of a phone on the network. The host is a name or an address, without brackets.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// A name, an IPv4 or an IPv6 address.
    pub host: String,
    /// The TCP port, never 0.
    pub port: u16,
}

/// Why a text is not an address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "`{text}` isn't the address of {of}: {reason}; write HOST:PORT, like 127.0.0.1:{default_port} \
     or [::1]:{default_port}"
)]
pub struct InvalidEndpoint {
    text: String,
    reason: &'static str,
    /// Whose address it was to be.
    of: &'static str,
    default_port: u16,
}

impl InvalidEndpoint {
    fn new(text: &str, reason: &'static str) -> Self {
        let text: String = text.chars().take(80).collect();
        let text = micheck_core::escape::escape(&text).into_owned();
        Self { text, reason, of: "an adb server", default_port: DEFAULT_PORT }
    }
}

impl Default for Endpoint {
    fn default() -> Self {
        Self { host: "127.0.0.1".to_owned(), port: DEFAULT_PORT }
    }
}

impl From<SocketAddr> for Endpoint {
    fn from(address: SocketAddr) -> Self {
        Self { host: address.ip().to_string(), port: address.port() }
    }
}

impl Endpoint {
    /// Reads `HOST`, `HOST:PORT`, `[V6]`, `[V6]:PORT` or a bare IPv6 address of an adb server.
    ///
    /// # Errors
    /// The text is none of these.
    pub fn parse(text: &str) -> Result<Self, InvalidEndpoint> {
        Self::read(text, "an adb server", DEFAULT_PORT)
    }

    /// Reads the same of a phone on the network.
    ///
    /// # Errors
    /// The text is none of these.
    pub fn parse_phone(text: &str) -> Result<Self, InvalidEndpoint> {
        Self::read(text, "a phone", DEFAULT_PHONE_PORT)
    }

    fn read(text: &str, of: &'static str, default_port: u16) -> Result<Self, InvalidEndpoint> {
        let invalid =
            |reason| InvalidEndpoint { of, default_port, ..InvalidEndpoint::new(text, reason) };
        let (host, port) = if let Some(rest) = text.strip_prefix('[') {
            let (host, rest) = rest.split_once(']').ok_or_else(|| invalid("a `]` is missing"))?;
            // A zone (`fe80::1%eth0`) is the system's to understand.
            let address = host.split('%').next().unwrap_or_default();
            address
                .parse::<Ipv6Addr>()
                .map_err(|_| invalid("the brackets hold no IPv6 address"))?;
            let port = match rest.strip_prefix(':') {
                Some(port) => Some(port),
                None if rest.is_empty() => None,
                None => return Err(invalid("only `:PORT` can follow `]`")),
            };
            (host, port)
        } else if text.parse::<Ipv6Addr>().is_ok() {
            (text, None)
        } else {
            match text.split_once(':') {
                Some((host, port)) => (host, Some(port)),
                None => (text, None),
            }
        };
        if host.is_empty() {
            return Err(invalid("the host is missing"));
        }
        if host.contains(|c: char| c.is_whitespace() || c.is_control() || c == '/') {
            return Err(invalid("that isn't a host name"));
        }
        let port = match port {
            None => default_port,
            Some(port) => {
                parse_port(port).ok_or_else(|| invalid("the port is a number, 1 to 65535"))?
            }
        };
        Ok(Self { host: host.to_owned(), port })
    }

    /// Reads `ADB_SERVER_SOCKET`: `tcp:PORT`, `tcp:HOST:PORT` or `tcp:HOST`.
    ///
    /// # Errors
    /// Another kind of socket, or no valid address.
    pub fn parse_socket_spec(spec: &str) -> Result<Self, InvalidEndpoint> {
        let Some(address) = spec.strip_prefix("tcp:") else {
            return Err(InvalidEndpoint::new(spec, "only `tcp:` sockets can be used"));
        };
        match parse_port(address) {
            Some(port) => Ok(Self { port, ..Self::default() }),
            None => Self::parse(address),
        }
    }

    /// Whether it is surely on this computer.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

fn parse_port(text: &str) -> Option<u16> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten().filter(|&port| port != 0)
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_every_kind_are_read() {
        for (text, shown, loopback) in [
            ("127.0.0.1:5037", "127.0.0.1:5037", true),
            ("127.0.0.1", "127.0.0.1:5037", true),
            ("localhost:6000", "localhost:6000", true),
            ("bench.example:5038", "bench.example:5038", false),
            ("::1", "[::1]:5037", true),
            ("[::1]", "[::1]:5037", true),
            ("[::1]:6000", "[::1]:6000", true),
            ("[fe80::1%eth0]:6000", "[fe80::1%eth0]:6000", false),
            ("192.168.1.5:5037", "192.168.1.5:5037", false),
        ] {
            let endpoint = Endpoint::parse(text).unwrap();
            assert_eq!(
                (endpoint.to_string().as_str(), endpoint.is_loopback()),
                (shown, loopback),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_address_is_refused() {
        for text in [
            "",
            ":5037",
            "host:",
            "host:0",
            "host:65536",
            "host:+1",
            "[::1",
            "[x]:1",
            "[::1]x",
            "a b:1",
            "tcp://x",
            "a:b:c",
        ] {
            assert!(Endpoint::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_phones_address_has_a_port_of_its_own() {
        let phone = |text| Endpoint::parse_phone(text).unwrap().to_string();
        assert_eq!(phone("tv.local"), "tv.local:5555");
        assert_eq!(phone("[fe80::1%eth0]"), "[fe80::1%eth0]:5555");
        assert_eq!(phone("192.168.1.5:37099"), "192.168.1.5:37099");
        let error = Endpoint::parse_phone("tv:x").unwrap_err().to_string();
        assert!(error.contains("a phone") && error.contains("127.0.0.1:5555"), "{error}");
    }

    #[test]
    fn adbs_own_variable_is_read() {
        for (spec, shown) in [
            ("tcp:5038", "127.0.0.1:5038"),
            ("tcp:localhost:5038", "localhost:5038"),
            ("tcp:[::1]:5038", "[::1]:5038"),
            ("tcp:bench", "bench:5037"),
        ] {
            assert_eq!(Endpoint::parse_socket_spec(spec).unwrap().to_string(), shown, "{spec}");
        }
        for spec in ["localabstract:adb", "localfilesystem:/x", "tcp:", "5037", ""] {
            assert!(Endpoint::parse_socket_spec(spec).is_err(), "{spec}");
        }
    }
}
