//! What is on the USB bus beside what an adb server lists. Pure.

use super::state::ListedPhone;
pub use crate::usb_device::{UsbAccess, UsbDevice, UsbKind, UsbPort, UsbSpeed, XIAOMI};

/// What of the USB bus an adb server doesn't show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotShown {
    /// These devices.
    pub devices: Vec<UsbDevice>,
    /// How many more, without its being known which: they don't give their serials.
    pub more: usize,
}

/// Which of `devices` an adb server that lists these phones doesn't show.
///
/// A device is known by its port's path, or where the server gives none, by its serial. Another
/// serial at the same path is another phone: the server may be at the other end of a tunnel, or the
/// phone was changed for another just now.
#[must_use]
pub fn not_shown(devices: Vec<UsbDevice>, listed: &[ListedPhone]) -> NotShown {
    let (with_path, without): (Vec<&ListedPhone>, Vec<&ListedPhone>) =
        listed.iter().partition(|phone| usb_path(phone).is_some());
    let mut pathless: Vec<&ListedPhone> =
        without.into_iter().filter(|phone| is_on_a_cable(&phone.serial)).collect();
    let by_path = |device: &UsbDevice| {
        let path = device.port.path();
        with_path.iter().any(|phone| {
            usb_path(phone) == Some(path.as_bytes())
                && device.serial.as_deref().is_none_or(|serial| is_serial(phone, serial))
        })
    };
    let mut left: Vec<UsbDevice> = Vec::new();
    for device in devices.into_iter().filter(|device| !by_path(device)) {
        let same = device
            .serial
            .as_deref()
            .and_then(|serial| pathless.iter().position(|phone| phone.serial == serial.as_bytes()));
        match same {
            Some(at) => {
                pathless.swap_remove(at);
            }
            None => left.push(device),
        }
    }
    // What is left of the list may be any of the devices that don't give their serial.
    let nameless = left.iter().filter(|device| device.serial.is_none()).count();
    if pathless.is_empty() || nameless == 0 {
        return NotShown { devices: left, more: 0 };
    }
    left.retain(|device| device.serial.is_some());
    NotShown { devices: left, more: nameless.saturating_sub(pathless.len()) }
}

/// The port's path, if the server gives one that can be compared: `usb:1-4.2`. On macOS it gives a
/// number of the system's (`usb:338690048X`).
fn usb_path(phone: &ListedPhone) -> Option<&[u8]> {
    let path = phone.path.as_deref()?;
    let path = path.strip_prefix(b"usb:").unwrap_or(path);
    let is_port = path.contains(&b'-')
        && path.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
    is_port.then_some(path)
}

/// Whether `serial` may be the phone's: a server without permission doesn't know it.
fn is_serial(phone: &ListedPhone, serial: &str) -> bool {
    phone.serial == serial.as_bytes() || phone.serial.starts_with(b"(no serial number)")
}

/// Whether a serial in an adb server's list is that of a phone on a cable: not an address
/// (`192.168.1.5:5555`), a name that was found on the network, or an emulator.
fn is_on_a_cable(serial: &[u8]) -> bool {
    !serial.contains(&b':')
        && memchr::memmem::find(serial, b"._adb").is_none()
        && !serial.starts_with(b"emulator-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::read_list;

    fn phone(bus: u8, ports: &[u8], serial: Option<&str>) -> UsbDevice {
        UsbDevice {
            port: UsbPort { bus, ports: ports.to_vec() },
            address: 1,
            vendor: XIAOMI,
            product: 0xff48,
            serial: serial.map(str::to_owned),
            name: None,
            kind: UsbKind::Adb,
            speed: UsbSpeed::High,
            max_power_ma: None,
            self_powered: false,
            access: UsbAccess::Unknown,
        }
    }

    #[test]
    fn a_server_shows_a_phone_by_path_or_else_by_serial() {
        let devices =
            || vec![phone(1, &[1], Some("S")), phone(1, &[2], Some("S")), phone(2, &[1], None)];
        let left = |list: &[u8]| {
            let NotShown { devices, more } = not_shown(devices(), &read_list(list));
            (devices.iter().map(|device| device.port.path()).collect::<Vec<_>>(), more)
        };
        let none: Vec<String> = Vec::new();
        assert_eq!(left(b""), (vec!["1-1".to_owned(), "1-2".to_owned(), "2-1".to_owned()], 0));
        // By path alone, though both have one serial.
        assert_eq!(
            left(b"S device usb:1-2 transport_id:1\n"),
            (vec!["1-1".to_owned(), "2-1".to_owned()], 0)
        );
        // Without paths each line stands for one of them.
        assert_eq!(
            left(b"S device transport_id:1\n"),
            (vec!["1-2".to_owned(), "2-1".to_owned()], 0)
        );
        // The third is there, or it isn't: nobody can tell.
        assert_eq!(
            left(b"S device transport_id:1\nS device transport_id:2\nT device transport_id:3\n"),
            (none.clone(), 0)
        );
        assert_eq!(
            left(b"192.168.1.5:5555 device transport_id:1\n"),
            (vec!["1-1".to_owned(), "1-2".to_owned(), "2-1".to_owned()], 0)
        );
        let nameless = vec![phone(1, &[1], None), phone(1, &[2], None)];
        let beside = |list: &[u8]| {
            let NotShown { devices, more } = not_shown(nameless.clone(), &read_list(list));
            (devices.len(), more)
        };
        assert_eq!(beside(b"T device transport_id:3\n"), (0, 1));
        assert_eq!(beside(b"emulator-5554 device transport_id:3\n"), (2, 0));
    }

    #[test]
    fn another_phone_at_the_same_path_is_not_shown() {
        let left = |list: &[u8]| {
            not_shown(vec![phone(1, &[1], Some("S"))], &read_list(list)).devices.len()
        };
        assert_eq!(left(b"OTHER device usb:1-1 transport_id:1\n"), 1);
        assert_eq!(left(b"S device usb:1-1 transport_id:1\n"), 0);
        assert_eq!(left(b"(no serial number) no permissions usb:1-1 transport_id:1\n"), 0);
        // macOS.
        assert_eq!(left(b"S device usb:338690048X transport_id:1\n"), 0);
    }
}
