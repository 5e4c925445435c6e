//! What a phone's words mean: version names, property listings and package dumps, advisories, and
//! the verdict that follows. No I/O, no clock, no environment, no colour.
//!
//! ```text
//! what was asked (probe) ─► Evidence ─► getprop, dumpsys ─┐
//!                                  advisory, version ─────┴─► judge ─► Verdict ─► next_steps
//! saved texts (saved_dump) ─► Evidence
//! ```

#![forbid(unsafe_code)]

pub mod advisory;
pub mod am_answer;
pub mod dumpsys;
pub mod escape;
pub mod evidence;
pub mod getprop;
pub mod hint;
pub mod identity;
pub mod judge;
pub mod lines;
pub mod next_steps;
pub mod package_name;
pub mod probe;
pub mod saved_dump;
pub mod step;
pub mod suggest;
pub mod update_route;
pub mod verdict;
pub mod version;
