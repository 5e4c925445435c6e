//! The options that `scan` and `watch` share: as they are typed or set, and what follows from them.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::duration::{timeout, wait};
use micheck_adb::{Endpoint, key};

/// How long each phone has unless told otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// Which phones are asked, and in what ways: as it is typed, or as the settings file says it.
#[derive(Debug, Default, PartialEq, Eq, Args)]
pub struct LinkArgs {
    /// Use simulated phones, to try micheck out
    #[arg(long, conflicts_with_all = ["server", "via", "connect"])]
    pub demo: bool,

    /// auto, server or usb [default: auto]
    ///
    /// How phones are reached. auto: through the adb server if it is running, and over USB for those
    /// that it doesn't list.
    #[arg(long, value_name = "WAY", hide_possible_values = true)]
    pub via: Option<Via>,

    /// Use this adb server (repeatable)
    ///
    /// Without it: the one that adb uses, 127.0.0.1:5037 or what adb's variables name.
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    #[arg(alias = "port", short_aliases = ['p', 'H'])]
    pub server: Vec<Endpoint>,

    /// Check this phone on the network (repeatable)
    ///
    /// Phone or TV, without an adb server, beside the others. Without a port: 5555. Don't turn on
    /// Wireless debugging for this on a phone whose security patch is older than 2026-05: anyone on
    /// its network could get in (CVE-2026-0073).
    #[arg(long, value_name = "HOST[:PORT]", value_parser = Endpoint::parse_phone)]
    #[arg(aliases = ["ip", "host", "tcp", "wifi"])]
    pub connect: Vec<Endpoint>,

    /// Time for each phone [default: 30s]
    ///
    /// `8s`, `500ms`, `2m`, or seconds.
    #[arg(short, long, value_name = "DURATION", value_parser = timeout)]
    pub timeout: Option<Duration>,

    /// Time for someone to tap Allow
    ///
    /// On phones that ask whether to allow this computer; `0`: don't wait. [default: 60s on a
    /// terminal, else 0; watch, for phones without a server: 2m]
    #[arg(short, long, value_name = "DURATION", value_parser = wait, alias = "auth")]
    pub wait_auth: Option<Duration>,

    /// Check for every advisory
    ///
    /// Not only for those used by default.
    #[arg(long)]
    pub all: bool,
}

/// Which phones are reached, in what ways, and how long that may take.
#[derive(Debug, Clone)]
pub struct LinkOptions {
    /// The adb servers, each once.
    pub servers: Vec<Endpoint>,
    pub servers_from: ServersFrom,
    /// Whether phones on this computer's USB bus are asked that none of these servers shows.
    pub usb: bool,
    /// Phones on the network to be asked without a server, each once.
    pub connect: Vec<Endpoint>,
    /// Where adb's key lies, for phones without a server; `None`: this user has no home.
    pub key: Option<PathBuf>,
    /// The time that each phone has, from the first byte to the last.
    pub timeout: Duration,
    /// How long a person has to allow this computer on a phone that asks; nothing: no waiting.
    pub wait_auth: Duration,
}

impl LinkArgs {
    /// In which way phones are reached.
    #[must_use]
    pub fn via(&self, file: &Self) -> Via {
        self.via.or(file.via).unwrap_or_default()
    }

    /// What holds: what was typed, then what adb's variables say of its server, then what the settings
    /// file says, then what is usual.
    #[must_use]
    pub fn resolve(
        self,
        from_environment: Option<Endpoint>,
        file: &Self,
        default_wait: Duration,
    ) -> LinkOptions {
        let via = self.via(file);
        let servers_from = match &from_environment {
            Some(_) => ServersFrom::Environment,
            None if self.server.is_empty() && file.server.is_empty() => ServersFrom::Default,
            None => ServersFrom::Person,
        };
        let servers = match via {
            Via::Usb => Vec::new(),
            Via::Auto | Via::Server => servers(self.server, from_environment, &file.server),
        };
        let on_this_computer = servers.iter().all(Endpoint::is_loopback);
        LinkOptions {
            usb: match via {
                Via::Auto => servers_from != ServersFrom::Person && on_this_computer && !self.demo,
                Via::Server => false,
                Via::Usb => true,
            },
            servers,
            servers_from,
            connect: match (self.demo, self.connect.is_empty()) {
                (true, _) => Vec::new(),
                (false, true) => each_once(file.connect.clone()),
                (false, false) => each_once(self.connect),
            },
            key: key::default_path(),
            timeout: self.timeout.or(file.timeout).unwrap_or(DEFAULT_TIMEOUT),
            wait_auth: self.wait_auth.or(file.wait_auth).unwrap_or(default_wait),
        }
    }
}

impl LinkOptions {
    /// Whether a person named the servers: then one that can't be reached is worth a row.
    #[must_use]
    pub const fn servers_named(&self) -> bool {
        matches!(self.servers_from, ServersFrom::Person)
    }

    /// Whether phones are looked for on the USB bus and nowhere else.
    #[must_use]
    pub const fn only_usb(&self) -> bool {
        self.usb && self.servers.is_empty() && self.connect.is_empty()
    }
}

/// The adb servers that were named, each once: typed, else by adb's variables, else by the settings
/// file; the usual one where nobody named any.
#[must_use]
pub fn servers(
    typed: Vec<Endpoint>,
    from_environment: Option<Endpoint>,
    file: &[Endpoint],
) -> Vec<Endpoint> {
    let named = match (typed.is_empty(), from_environment) {
        (false, _) => typed,
        (true, Some(endpoint)) => vec![endpoint],
        (true, None) => file.to_vec(),
    };
    if named.is_empty() { vec![Endpoint::default()] } else { each_once(named) }
}

fn each_once(endpoints: Vec<Endpoint>) -> Vec<Endpoint> {
    let mut each: Vec<Endpoint> = Vec::new();
    for endpoint in endpoints {
        if !each.contains(&endpoint) {
            each.push(endpoint);
        }
    }
    each
}

/// Where the addresses of adb servers are from. A server that was named and can't be reached is an
/// error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServersFrom {
    /// Nobody named one: the address that adb uses.
    Default,
    /// adb's own variables, which say where adb uses one.
    Environment,
    /// A person, in the settings file or on the command line.
    Person,
}

/// How phones are reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Via {
    /// Through the adb server if one runs, and over USB those that it doesn't show
    #[default]
    Auto,
    /// Through adb servers only
    Server,
    /// Over USB only, without any adb
    Usb,
}
