//! micheck asks phones over ADB which version of an app they have in force, and judges it.
//!
//! # The way through
//!
//! ```text
//!            shell                                    core (pure)
//!  ┌──────────────────────────┐        ┌─────────────────────────────────────┐
//!  cli ─► config ─► run ─► scan                                              
//!                          │  ▲                                              
//!           adb (a Link) ◄─┘  └─► probe ─► Evidence ─► dumpsys ─┐            
//!             │                                       device ───┤            
//!             ▼                              advisory, version ─┴─► verdict  
//!         phones                                                      │      
//!                                       text ──► step ──► report ◄────┘      
//!  terminal, output  ◄──────────────────────────── render                    
//! ```
//!
//! - **Links** ([`adb`]) find phones and carry one shell command to each.
//! - [`probe`] words that command and takes its framed answer apart into [`evidence`].
//! - [`verdict`] judges the evidence by an [`advisory`], with what [`dumpsys`] and
//!   [`device`] read out of it.
//! - [`report`] is the data model of a run; [`render`] turns it into text, with every
//!   sentence from [`text`].
//!
//! The core has no I/O, clock, colour or environment and imports nothing of the
//! shell; `tests/integration/meta.rs` sees to that. [`simulator`] has phones without a phone, for
//! `--demo` and the tests.

// Shell.
pub mod adb;
mod aside;
pub mod cli;
pub mod config;
pub mod console;
pub mod evidence_dir;
pub mod exit_code;
pub mod inspect;
pub mod interrupts;
pub mod output;
mod private_file;
pub mod probe;
pub mod progress;
mod regular_file;
pub mod run;
pub mod scan;
pub mod simulator;
pub mod surroundings;
mod synced_file;
pub mod terminal;
pub mod watch;
#[cfg(windows)]
mod windows;

// Core.
pub mod advisory;
pub mod archive;
pub mod board;
pub mod device;
pub mod doctor;
pub mod dumpsys;
pub mod evidence;
pub mod hint;
pub mod identity;
pub mod judge;
pub mod lines;
pub mod next_steps;
pub mod package;
pub mod printable;
pub mod question;
pub mod render;
pub mod report;
pub mod saved;
pub mod saved_report;
#[cfg(test)]
mod schema;
pub mod serial;
pub mod step;
mod suggest;
pub mod text;
pub mod usb;
pub mod verdict;
pub mod version;
