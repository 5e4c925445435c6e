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
        // No longer given: whoever looks at the bus gives it a row. Older reports may have it.
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
