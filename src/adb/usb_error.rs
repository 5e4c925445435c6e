//! What an error of libusb means for a phone. Pure: the system that it comes from is told, so that
//! each is tested everywhere.
//!
//! Source: libusb's `linux_usbfs.c`, `darwin_usb.c` and `windows_winusb.c`.

use rusb::Error;

use micheck_core::verdict::Reason;

/// What was tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// Listing what is on the bus.
    Look,
    /// Opening a device.
    Open,
    /// Taking its ADB interface.
    Claim,
    /// Reading or writing.
    Transfer,
}

/// Systems whose errors mean different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux and the BSDs.
    Linux,
    /// macOS.
    MacOs,
    /// Windows.
    Windows,
}

impl System {
    /// The one that this program was built for.
    pub const OWN: Self = if cfg!(windows) {
        Self::Windows
    } else if cfg!(target_os = "macos") {
        Self::MacOs
    } else {
        Self::Linux
    };
}

/// What `error` means where `system` gave it for `operation`.
#[must_use]
pub const fn reason(error: Error, operation: Operation, system: System) -> Reason {
    match (error, operation, system) {
        (Error::NoDevice, ..) => Reason::Disconnected,
        // Its permissions are udev's and the device file's.
        (Error::Access, _, System::Linux) => Reason::NoPermission,
        // Elsewhere that is `kIOReturnExclusiveAccess` and ERROR_ACCESS_DENIED.
        (Error::Busy | Error::Access, ..) => Reason::UsbBusy,
        (_, Operation::Look, _) => Reason::UnsupportedInterface,
        (
            Error::NotFound | Error::NotSupported,
            Operation::Open | Operation::Claim,
            System::Windows,
        ) => Reason::DriverMissing,
        (Error::NotFound, ..) => Reason::Disconnected,
        (_, Operation::Claim, _) => Reason::UsbBusy,
        _ => Reason::Disconnected,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Operation::{Claim, Look, Open, Transfer};

    /// Error, operation → what it means on Linux, macOS and Windows.
    const MEANINGS: [(Error, Operation, [Reason; 3]); 15] = {
        use Reason::{Disconnected, DriverMissing, NoPermission, UnsupportedInterface, UsbBusy};
        [
            (Error::Access, Open, [NoPermission, UsbBusy, UsbBusy]),
            (Error::Access, Claim, [NoPermission, UsbBusy, UsbBusy]),
            (Error::Access, Transfer, [NoPermission, UsbBusy, UsbBusy]),
            (Error::Busy, Open, [UsbBusy; 3]),
            (Error::Busy, Claim, [UsbBusy; 3]),
            (Error::NotFound, Open, [Disconnected, Disconnected, DriverMissing]),
            (Error::NotSupported, Open, [Disconnected, Disconnected, DriverMissing]),
            (Error::NotFound, Claim, [Disconnected, Disconnected, DriverMissing]),
            (Error::NotFound, Transfer, [Disconnected; 3]),
            (Error::NotFound, Look, [UnsupportedInterface; 3]),
            (Error::Other, Look, [UnsupportedInterface; 3]),
            (Error::NoDevice, Claim, [Disconnected; 3]),
            (Error::Other, Claim, [UsbBusy; 3]),
            (Error::Other, Transfer, [Disconnected; 3]),
            (Error::Io, Open, [Disconnected; 3]),
        ]
    };

    #[test]
    fn an_error_means_what_it_does_on_its_system() {
        for (error, operation, expected) in MEANINGS {
            let systems = [System::Linux, System::MacOs, System::Windows];
            let read = systems.map(|system| reason(error, operation, system));
            assert_eq!(read, expected, "{error:?} {operation:?}");
        }
    }

    #[test]
    fn only_linux_lacks_a_udev_rule() {
        for (error, operation, _) in MEANINGS {
            for system in [System::MacOs, System::Windows] {
                assert_ne!(reason(error, operation, system), Reason::NoPermission);
            }
        }
    }
}
