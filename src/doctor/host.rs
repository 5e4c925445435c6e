//! A look at the computer: what is there, and who is in the way. Shell: reads the system.

mod key;
mod owners;
#[cfg(target_os = "linux")]
mod udev;

use std::env;
use std::path::PathBuf;

pub use key::look_at_key;
pub use owners::{holder_of_port, holder_of_usb};
#[cfg(target_os = "linux")]
pub use udev::udev_state;

/// Who may open USB devices: no other system has such rules.
#[cfg(not(target_os = "linux"))]
#[must_use]
pub const fn udev_state() -> Option<crate::doctor::UdevState> {
    None
}

/// The program adb that a person would start; `None`: none is on the PATH.
#[must_use]
pub fn adb_program() -> Option<PathBuf> {
    let name = format!("adb{}", env::consts::EXE_SUFFIX);
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(&name)).find(|program| program.is_file())
}
