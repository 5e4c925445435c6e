//! What everybody needs who talks to libusb: what its errors mean, where a device is plugged in, and
//! what the system has read of it already.

use rusb::{Context, Device};

use crate::link_error::LinkError;
use crate::usb::UsbPort;
use crate::usb_error::{self, Operation, System};

/// The longest text that is kept, characters; USB allows 126.
const MAX_TEXT: usize = 126;

/// What an error of libusb means for the phone.
pub(super) fn of_usb_error(error: rusb::Error, operation: Operation) -> LinkError {
    let reason = usb_error::reason(error, operation, System::OWN);
    LinkError::with_detail(reason, format!("libusb: {error}"))
}

/// Where `device` is plugged in.
pub(super) fn port_of(device: &Device<Context>) -> UsbPort {
    UsbPort { bus: device.bus_number(), ports: device.port_numbers().unwrap_or_default() }
}

/// Serial number and name as Linux read them when the device arrived: no question to a device that
/// may be busy, and no permission needed. Elsewhere nobody has kept them.
pub(super) fn kept_texts(port: &UsbPort) -> (Option<String>, Option<String>) {
    if !cfg!(target_os = "linux") {
        return (None, None);
    }
    let folder = std::path::Path::new("/sys/bus/usb/devices").join(port.path());
    let text = |name: &str| {
        let bytes = std::fs::read(folder.join(name)).ok()?;
        kept(&micheck_core::escape::decode(bytes.strip_suffix(b"\n").unwrap_or(&bytes)))
    };
    (text("serial"), text("product"))
}

/// The text, if there is one, and not more of it than USB allows.
pub(super) fn kept(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.chars().take(MAX_TEXT).collect())
}
