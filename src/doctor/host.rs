//! A look at the computer: why no phone may have been found, and who is in the way. Shell: reads the
//! system.

mod key;
mod owners;
mod udev;

use std::path::{Path, PathBuf};
use std::{env, fs};

use micheck_core::hint::Surroundings;

pub use key::look_at_key;
pub use owners::{OwningProcess, holder_of_port, holder_of_usb};
pub use udev::udev_state;

const XIAOMI_VENDOR: &str = "2717";

/// Looks around; `server_runs` is whether an adb server answered, `looked_at_usb` whether the bus
/// was looked at.
#[must_use]
pub fn look(server_runs: bool, looked_at_usb: bool) -> Surroundings {
    Surroundings {
        server_runs,
        looked_at_usb,
        adb_installed: adb_program().is_some(),
        xiaomi_on_usb: vendor_on_bus(Path::new("/sys/bus/usb/devices"), XIAOMI_VENDOR),
        needs_driver: cfg!(windows),
    }
}

/// The program adb that a person would start; `None`: none is on the PATH.
#[must_use]
pub fn adb_program() -> Option<PathBuf> {
    let name = format!("adb{}", env::consts::EXE_SUFFIX);
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).map(|folder| folder.join(&name)).find(|program| program.is_file())
}

/// Whether a device of `vendor` is listed under `bus`, Linux's view of the USB bus;
/// `None` where there is no such view.
fn vendor_on_bus(bus: &Path, vendor: &str) -> Option<bool> {
    let devices = fs::read_dir(bus).ok()?;
    let is_vendor = |device: fs::DirEntry| {
        fs::read_to_string(device.path().join("idVendor")).is_ok_and(|id| id.trim() == vendor)
    };
    Some(devices.flatten().any(is_vendor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vendor_is_found_on_the_bus() {
        let bus = tempfile::tempdir().unwrap();
        for (device, vendor) in [("1-1", "1d6b\n"), ("1-2", "18d1\n")] {
            fs::create_dir(bus.path().join(device)).unwrap();
            fs::write(bus.path().join(device).join("idVendor"), vendor).unwrap();
        }
        fs::create_dir(bus.path().join("1-0:1.0")).unwrap();
        assert_eq!(vendor_on_bus(bus.path(), "2717"), Some(false));
        assert_eq!(vendor_on_bus(bus.path(), "18d1"), Some(true));
        assert_eq!(vendor_on_bus(&bus.path().join("none"), "18d1"), None);
    }
}
