//! The command line: what can be typed, what the settings come to, and what each command does.

pub mod args;
pub mod commands;
pub mod console;
pub mod exit_code;
#[cfg(test)]
mod schema;
pub mod settings;
pub mod values;
