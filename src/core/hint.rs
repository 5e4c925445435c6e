//! Why no phone may have been found, as a closed list; its sentences are in `text`. Core: no I/O.

use serde::{Deserialize, Serialize};

use crate::verdict::keyed_enum;

keyed_enum! {
    /// A likely reason that nothing was found, or a way on.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Hint {
        /// The program adb isn't there.
        AdbMissing = "adb_missing",
        /// adb is there, and its server doesn't run.
        AdbServerNotRunning = "adb_server_not_running",
        /// A Xiaomi device is on the USB bus, and adb doesn't list it.
        XiaomiOnUsb = "xiaomi_on_usb",
        /// The cable only charges.
        ChargeOnlyCable = "charge_only_cable",
        /// USB debugging is off.
        UsbDebuggingOff = "usb_debugging_off",
        /// No driver (Windows).
        DriverMissing = "driver_missing",
        /// `micheck doctor` looks closer.
        RunDoctor = "run_doctor",
        /// There is a demo.
        TryDemo = "try_demo",
    }
}

/// What is known of the computer when no phone was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "facts that don't depend on one another")]
pub struct Surroundings {
    /// An adb server answered.
    pub server_runs: bool,
    /// micheck has looked for phones on the USB bus itself.
    pub looked_at_usb: bool,
    /// A program called adb is where programs are looked for.
    pub adb_installed: bool,
    /// A device of Xiaomi's is on the USB bus; `None` when this system can't tell.
    pub xiaomi_on_usb: Option<bool>,
    /// The system needs a driver for each kind of phone.
    pub needs_driver: bool,
}

/// The likely reasons, the likeliest first, and the ways on last.
#[must_use]
pub fn hints(surroundings: Surroundings) -> Vec<Hint> {
    let Surroundings { server_runs, looked_at_usb, adb_installed, xiaomi_on_usb, needs_driver } =
        surroundings;
    let mut hints = Vec::new();
    if server_runs || looked_at_usb {
        hints.push(match xiaomi_on_usb {
            // Who looks at the bus finds such a device, and gives it a row.
            Some(true) if !looked_at_usb => Hint::XiaomiOnUsb,
            _ => Hint::ChargeOnlyCable,
        });
        hints.push(Hint::UsbDebuggingOff);
        if needs_driver {
            hints.push(Hint::DriverMissing);
        }
    } else {
        // Nobody has looked for phones yet, so nothing is known of them.
        hints.push(if adb_installed { Hint::AdbServerNotRunning } else { Hint::AdbMissing });
    }
    hints.extend([Hint::RunDoctor, Hint::TryDemo]);
    hints
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_comes_first() {
        let usual = Surroundings {
            server_runs: true,
            looked_at_usb: false,
            adb_installed: true,
            xiaomi_on_usb: Some(false),
            needs_driver: false,
        };
        assert_eq!(
            hints(usual),
            [Hint::ChargeOnlyCable, Hint::UsbDebuggingOff, Hint::RunDoctor, Hint::TryDemo]
        );
        let plugged_in = Surroundings { xiaomi_on_usb: Some(true), ..usual };
        assert_eq!(
            hints(plugged_in),
            [Hint::XiaomiOnUsb, Hint::UsbDebuggingOff, Hint::RunDoctor, Hint::TryDemo]
        );
        let bare = Surroundings { server_runs: false, adb_installed: false, ..usual };
        assert_eq!(hints(bare), [Hint::AdbMissing, Hint::RunDoctor, Hint::TryDemo]);
        let over_usb = Surroundings { looked_at_usb: true, ..bare };
        assert_eq!(hints(over_usb), hints(usual));
        let stopped = Surroundings { server_runs: false, ..usual };
        assert_eq!(hints(stopped), [Hint::AdbServerNotRunning, Hint::RunDoctor, Hint::TryDemo]);
        let windows = Surroundings { xiaomi_on_usb: None, needs_driver: true, ..usual };
        assert!(hints(windows).contains(&Hint::DriverMissing));
    }
}
