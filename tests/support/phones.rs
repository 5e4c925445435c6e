//! Phones that the tests of a scan have in common.

use std::net::SocketAddr;

use micheck_adb::message::{AUTH_PUBLIC_KEY, Message, MessageCommand};
use micheck_simulator::{Bench, ListeningThread, Phone, RunningThread};

use super::{Micheck, Run};

/// The package under check.
pub(crate) const PACKAGE: &str = "com.xiaomi.mi_connect_service";

/// Puts these phones on a simulated adb server.
pub(crate) fn start(phones: impl IntoIterator<Item = Phone>) -> RunningThread {
    Bench::new().phones(phones).start_in_thread().unwrap()
}

/// Scans these phones and gives the JSON report.
pub(crate) fn scan(phones: impl IntoIterator<Item = Phone>) -> Run {
    let bench = start(phones);
    Micheck::scan(bench.address()).args(["--format", "json"]).run()
}

/// The verdict on one phone, and its reason behind a colon.
pub(crate) fn verdict_on(phone: Phone) -> String {
    let run = scan([phone]);
    assert_eq!(run.stderr, "");
    let device = &run.json()["devices"][0];
    let (verdict, reason) = (device["verdict"].as_str().unwrap(), device["reason"].as_str());
    reason.map_or(verdict.to_owned(), |reason| format!("{verdict}: {reason}"))
}

/// A phone at risk.
pub(crate) fn vulnerable(serial: &str) -> Phone {
    Phone::xiaomi(serial).version("3.1.874.10").factory(Some("2.5.100.3"))
}

/// A phone that needs nothing.
pub(crate) fn patched(serial: &str) -> Phone {
    Phone::xiaomi(serial).version("3.1.921.10").factory(None)
}

/// Phones on the network, and an adb server that holds none of them.
pub(crate) struct Network {
    server: RunningThread,
    phones: ListeningThread,
}

/// Lets these phones listen.
pub(crate) fn listen(phones: impl IntoIterator<Item = Phone>) -> Network {
    let phones = Bench::new().phones(phones).listen_in_thread().unwrap();
    Network { server: start([]), phones }
}

impl Network {
    /// Where phone number `index` listens.
    pub(crate) fn address(&self, index: usize) -> SocketAddr {
        self.phones.addresses()[index]
    }

    /// The same, as it stands in a report.
    pub(crate) fn serial(&self, index: usize) -> String {
        self.address(index).to_string()
    }

    /// A JSON report of all of them. The server that is named keeps other servers and the USB bus
    /// of this computer out of it.
    pub(crate) fn scan(&self) -> Micheck {
        let mut micheck = self.server().args(["--format", "json"]);
        for address in self.phones.addresses() {
            micheck = micheck.args(["--connect", &address.to_string()]);
        }
        micheck
    }

    /// `micheck scan` with the server that holds no phones.
    pub(crate) fn server(&self) -> Micheck {
        Micheck::scan(self.server.address())
    }

    /// What phone number `index` was sent.
    pub(crate) fn received(&self, index: usize) -> Vec<Message> {
        self.phones.received(index)
    }

    /// Whether phone number `index` was sent a message of this kind.
    pub(crate) fn has_received(&self, index: usize, command: MessageCommand) -> bool {
        self.received(index).iter().any(|message| message.command == command)
    }

    /// The public keys that phone number `index` was sent.
    pub(crate) fn public_keys(&self, index: usize) -> Vec<String> {
        let messages = self.received(index);
        let keys = messages.into_iter().filter(|message| {
            message.command == MessageCommand::Auth && message.arg0 == AUTH_PUBLIC_KEY
        });
        keys.map(|key| String::from_utf8(key.payload).unwrap()).collect()
    }
}
