//! Everything about the program as it is shipped, in one test program: each module has one subject.
//!
//! What needs more than Rust is ignored unless somebody asks for it: `tests/run` does, with the test
//! beds in place, `tests/wine` and `tests/soak` for theirs. `tests/sessions.rs` stays apart, because it
//! is its own worker.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

#[path = "../support/mod.rs"]
mod support;

mod advisories;
mod cases;
mod cli;
mod containers;
mod corpus;
mod direct;
mod direct_faults;
mod direct_tls;
#[cfg(unix)]
mod docs;
mod doctor;
mod evidence;
mod faults;
mod fix;
mod forged;
mod generated;
mod hostile_peers;
mod inspect;
mod judge;
mod link;
mod meta;
mod pipes;
#[cfg(unix)]
mod real_adb;
#[cfg(unix)]
mod real_adbd;
#[cfg(unix)]
mod real_shells;
mod record;
mod reports;
mod safety;
mod scan;
mod schema;
mod servers;
mod several_phones;
mod states;
#[cfg(unix)]
mod terminal;
#[cfg(unix)]
mod usb;
mod waiting;
mod watch;
#[cfg(unix)]
mod watch_adb;
#[cfg(target_os = "linux")]
mod watch_soak;
#[cfg(unix)]
mod windows;
