//! What the operating systems do each in their own way: files for this user's eyes only, regular
//! files opened without waiting, files that take their place whole, signals, and Windows' own
//! functions, which are the only `unsafe` code.

pub mod interrupts;
pub mod private_file;
pub mod regular_file;
pub mod synced_file;
pub mod typed;
#[cfg(windows)]
pub mod windows;
