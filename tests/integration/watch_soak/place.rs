//! An adb server of the soak, with the ports that phones are plugged into.

use std::net::SocketAddr;

use micheck_simulator::{Bench, Controls, RunningThread, ServerOptions};

use super::door::Door;

/// How many ports there are.
const PORTS: usize = 48;

/// A server at an address that stays.
pub(crate) struct Place {
    door: Option<Door>,
    bench: Option<RunningThread>,
    address: SocketAddr,
    /// How many phones this server has seen: the last one's transport id.
    plugged: u64,
    /// The one that was left last is taken first, so that phones follow one another.
    free: Vec<String>,
}

impl Place {
    /// A server that never dies.
    pub(crate) fn lasting() -> Self {
        let bench = bench();
        Self { door: None, address: bench.address(), bench: Some(bench), plugged: 0, free: ports() }
    }

    /// One that is killed and started again.
    pub(crate) fn mortal() -> Self {
        let door = Door::new();
        let address = door.address();
        let mut place = Self { door: Some(door), address, bench: None, plugged: 0, free: ports() };
        place.start();
        place
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn is_up(&self) -> bool {
        self.bench.is_some()
    }

    pub(crate) fn kill(&mut self) {
        if let Some(door) = &self.door {
            door.shut();
        }
        self.bench = None;
        self.free = ports();
    }

    pub(crate) fn start(&mut self) {
        let bench = bench();
        if let Some(door) = &self.door {
            door.open(bench.address());
        }
        self.bench = Some(bench);
        self.plugged = 0;
    }

    /// Takes a port, and gives it with the transport id that the phone there will have.
    pub(crate) fn take_port(&mut self) -> (String, u64) {
        self.plugged += 1;
        (self.free.pop().expect("there are more ports than phones"), self.plugged)
    }

    pub(crate) fn unplug(&mut self, serial: &str, port: String) {
        self.controls().unplug(serial);
        self.free.push(port);
    }

    pub(crate) fn controls(&self) -> &Controls {
        self.bench.as_deref().expect("only phones at a server that runs do anything")
    }

    pub(crate) fn open_connections(&self) -> usize {
        self.bench.as_ref().map_or(0, |bench| bench.open_connections())
    }
}

fn bench() -> RunningThread {
    let options = ServerOptions { record_requests: false, ..ServerOptions::default() };
    Bench::new().server(options).start_in_thread().unwrap()
}

fn ports() -> Vec<String> {
    (1..=PORTS).rev().map(|number| format!("1-{number}")).collect()
}
