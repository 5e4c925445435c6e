//! What scan and watch need to know to reach phones.

use std::path::PathBuf;
use std::time::Duration;

use crate::Endpoint;

/// Which phones are reached, in what ways, and how long that may take.
#[derive(Debug, Clone)]
pub struct LinkOptions {
    /// The adb servers, each once.
    pub servers: Vec<Endpoint>,
    /// Whether a person named them: then one that can't be reached is worth a row.
    pub servers_named: bool,
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

impl LinkOptions {
    /// Whether phones are looked for on the USB bus and nowhere else.
    #[must_use]
    pub const fn only_usb(&self) -> bool {
        self.usb && self.servers.is_empty() && self.connect.is_empty()
    }
}
