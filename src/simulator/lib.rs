//! Simulated phones, a simulated adb server on loopback, and phones on TCP that a real adb server
//! can connect to: for `--demo` and for the tests. The whole real way runs against them; only
//! the phones are made up. The format and every fault are described in docs/simulator.md.
//!
//! Shell, not core: it opens sockets and keeps time. One task a connection, no thread a phone;
//! dropping what runs closes everything.
//!
//! ```no_run
//! use micheck_simulator::{Bench, Fault, Phone};
//!
//! # async fn demo() -> Result<(), micheck_simulator::SimulatorError> {
//! let bench = Bench::new()
//!     .phone(Phone::xiaomi("R1").version("3.1.874.10"))
//!     .phone(Phone::xiaomi("R2").fault(Fault::StallAfter { bytes: 900 }));
//! let running = bench.start().await?;
//! let server = running.address();
//! running.unplug("R1");
//! # Ok(())
//! # }
//! ```

#![forbid(unsafe_code)]

mod activity;
mod answer;
mod bench;
mod device_list;
mod dumps;
mod entry;
mod fault;
mod file;
mod framing;
mod options;
mod phone;
mod prepared;
mod properties;
mod scenario;
mod server;
mod shell;
mod task;
mod transport;
mod wire;

use std::io;

use thiserror::Error;

pub use activity::Activity;
pub use bench::{Bench, Controls, ListeningThread, Running, RunningThread};
pub use fault::{Fault, FloodPlace, Moment, TransportFault};
pub use options::{ServerOptions, Wire};
pub use phone::{Authorisation, Phone};
pub use properties::Make;
pub use scenario::Scenario;
pub use transport::TransportPhone;

/// The phones of `--demo`, compiled in.
const DEMO: &str = include_str!("../../fixtures/demo.toml");

/// The phones of `fix --demo`, compiled in.
const FIX: &str = include_str!("../../fixtures/fix.toml");

/// What `watch --demo` shows, compiled in.
const FILM: &str = include_str!("../../fixtures/film.toml");

/// Why simulated phones could not be set up.
#[derive(Debug, Error)]
pub enum SimulatorError {
    /// No port of 127.0.0.1 could be had.
    #[error("no port on 127.0.0.1 for simulated phones: {source}")]
    Listen {
        /// What the system says.
        source: io::Error,
    },
    /// The thread or its runtime could not be started.
    #[error("no thread for simulated phones: {source}")]
    Thread {
        /// What the system says.
        source: io::Error,
    },
}

/// The phones of `micheck scan --demo`: every verdict and the usual states at least once.
pub fn demo() -> Bench {
    let phones = file::read::<file::Demo>(DEMO).phones;
    Bench::new().phones(phones.into_iter().map(Phone::from))
}

/// The phones of `micheck fix --demo`: each takes another way to its update, and one gets none.
pub fn fix() -> Bench {
    let phones = file::read::<file::Demo>(FIX).phones;
    Bench::new().phones(phones.into_iter().map(Phone::from))
}

/// The phones that come and go in `micheck watch --demo`.
pub fn film() -> Scenario {
    file::read(FILM)
}
