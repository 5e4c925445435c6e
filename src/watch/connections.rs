//! All that is seen at the moment, of every server and on the USB bus, as one list of phones.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;

use super::discovery::DiscoveryEvent;
use crate::report::ProbeResult;
use crate::scan::options::LinkOptions;
use crate::scan::rows;
use crate::watch::board::{ConnectionId, Sighting};
use micheck_adb::state::ambiguous;
use micheck_adb::usb::{NotShown, UsbDevice, UsbPort, not_shown};
use micheck_adb::{Endpoint, ListedPhone, Server};
use micheck_core::verdict::Reason;

/// How long a phone on USB is left to an adb server that runs, or ran just now, before it is asked
/// without it.
const SERVERS_TURN: Duration = Duration::from_secs(3);

/// The way to a phone.
#[derive(Debug, Clone)]
pub(super) enum Route {
    Server(Server, ListedPhone),
    Usb(UsbDevice),
    Network(Endpoint),
    /// Nobody knows which of several it is.
    Unknown,
}

/// A phone that can be asked, with the row that it has until it is.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) way: Route,
    pub(super) row: ProbeResult,
}

/// What tells one connection from all others, now and later.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Identity {
    Server {
        index: usize,
        epoch: u64,
        transport_id: Option<u64>,
        serial: Vec<u8>,
        /// Where there are no transport ids.
        path: Option<Vec<u8>>,
        /// Which of those that are the same in everything else.
        nth: usize,
    },
    Usb {
        port: UsbPort,
        address: u8,
        vendor: u16,
        product: u16,
    },
    /// A phone on USB of which it isn't known which one it is.
    SomewhereOnUsb(usize),
    Network(usize),
}

struct Listing {
    epoch: u64,
    list: Vec<ListedPhone>,
}

#[derive(Debug)]
struct Known {
    handle: ConnectionId,
    since: Instant,
    spotted: Candidate,
}

/// What is seen at the moment.
pub(super) struct ConnectionTable {
    servers: Vec<Server>,
    listings: Vec<Option<Listing>>,
    /// When the last server went away.
    lost_at: Option<Instant>,
    usb: Vec<UsbDevice>,
    connect: Vec<Endpoint>,
    known: BTreeMap<Identity, Known>,
    last_handle: u64,
    last_told: Option<Vec<Sighting>>,
}

impl ConnectionTable {
    pub(super) fn new(links: &LinkOptions) -> Self {
        Self {
            servers: links.servers.iter().cloned().map(Server::new).collect(),
            listings: links.servers.iter().map(|_| None).collect(),
            lost_at: None,
            usb: Vec::new(),
            connect: links.connect.clone(),
            known: BTreeMap::new(),
            last_handle: 0,
            last_told: None,
        }
    }

    pub(super) fn take(&mut self, news: DiscoveryEvent) {
        match news {
            DiscoveryEvent::Listed { index, epoch, list, .. } => {
                self.listings[index] = Some(Listing { epoch, list });
            }
            DiscoveryEvent::Lost { server, .. } => {
                for (at, one) in self.servers.iter().enumerate() {
                    if one.endpoint().to_string() == server && self.listings[at].take().is_some() {
                        self.lost_at = Some(Instant::now());
                    }
                }
            }
            DiscoveryEvent::Usb(Ok(devices)) => self.usb = devices,
            DiscoveryEvent::Usb(Err(_)) => self.usb.clear(),
        }
    }

    /// The phones that are there now, and when to look again because one may be asked then; `None`:
    /// the same as last time.
    pub(super) fn sightings(&mut self, now: Instant) -> (Option<Vec<Sighting>>, Option<Instant>) {
        let mut next: BTreeMap<Identity, Known> = BTreeMap::new();
        let mut sightings = Vec::new();
        let mut due: Option<Instant> = None;
        for (identity, spotted, reason) in self.spot() {
            let known = self.known.remove(&identity);
            let (handle, since) = if let Some(known) = &known {
                (known.handle, known.since)
            } else {
                self.last_handle += 1;
                (ConnectionId(self.last_handle), now)
            };
            let mut reason = reason;
            if let (Route::Usb(_), None) = (&spotted.way, reason)
                && let Some(until) = self.servers_turn(since)
                && now < until
            {
                reason = Some(Reason::Authorizing);
                due = Some(due.map_or(until, |due| due.min(until)));
            }
            sightings.push(Sighting {
                handle,
                connection: spotted.row.connection.clone(),
                model: spotted.row.listed_model.clone(),
                reason,
            });
            next.insert(identity, Known { handle, since, spotted });
        }
        self.known = next;
        if self.last_told.as_ref() == Some(&sightings) {
            return (None, due);
        }
        self.last_told = Some(sightings.clone());
        (Some(sightings), due)
    }

    /// Until when a phone that was seen on USB at `since` is left to a server; `None`: there is none.
    fn servers_turn(&self, since: Instant) -> Option<Instant> {
        let reached = self.listings.iter().any(Option::is_some);
        let seen = reached.then_some(since + SERVERS_TURN);
        let lost = self.lost_at.map(|lost| lost + SERVERS_TURN);
        seen.into_iter().chain(lost).max()
    }

    /// Everything that is there, with why it can't be asked.
    fn spot(&self) -> Vec<(Identity, Candidate, Option<Reason>)> {
        let mut spotted = Vec::new();
        let mut shown: Vec<ListedPhone> = Vec::new();
        for (index, (server, listing)) in self.servers.iter().zip(&self.listings).enumerate() {
            let Some(Listing { epoch, list }) = listing else { continue };
            shown.extend_from_slice(list);
            for (at, (phone, twice)) in list.iter().zip(ambiguous(list)).enumerate() {
                let is_same = |other: &&ListedPhone| {
                    other.transport_id == phone.transport_id
                        && other.serial == phone.serial
                        && other.path == phone.path
                };
                let identity = Identity::Server {
                    index,
                    epoch: *epoch,
                    transport_id: phone.transport_id,
                    serial: phone.serial.clone(),
                    path: phone.path.clone().filter(|_| phone.transport_id.is_none()),
                    nth: list[..at].iter().filter(is_same).count(),
                };
                let reason =
                    phone.state.reason().or_else(|| twice.then_some(Reason::AmbiguousSerial));
                let row = rows::listed(server.endpoint(), phone);
                let way = Route::Server(server.clone(), phone.clone());
                spotted.push((identity, Candidate { way, row }, reason));
            }
        }
        let NotShown { devices, more } = not_shown(self.usb.clone(), &shown);
        for device in devices {
            let identity = Identity::Usb {
                port: device.port.clone(),
                address: device.address,
                vendor: device.vendor,
                product: device.product,
            };
            let reason = device.reason();
            let row = rows::on_usb(&device);
            spotted.push((identity, Candidate { way: Route::Usb(device), row }, reason));
        }
        for at in 0..more {
            let spotted_one = Candidate { way: Route::Unknown, row: rows::somewhere_on_usb() };
            let identity = Identity::SomewhereOnUsb(at);
            spotted.push((identity, spotted_one, Some(Reason::AmbiguousSerial)));
        }
        for (at, endpoint) in self.connect.iter().enumerate() {
            let way = Route::Network(endpoint.clone());
            let row = rows::on_network(endpoint);
            spotted.push((Identity::Network(at), Candidate { way, row }, None));
        }
        spotted
    }

    /// The phone at this connection, if it is still there.
    pub(super) fn target(&self, handle: ConnectionId) -> Option<Candidate> {
        let known = self.known.values().find(|known| known.handle == handle)?;
        Some(known.spotted.clone())
    }

    /// Whether this connection is still there.
    pub(super) fn has(&self, handle: ConnectionId) -> bool {
        self.known.values().any(|known| known.handle == handle)
    }
}
