//! What is on the USB bus beside what an adb server lists. Pure.

use super::state::ListedPhone;
pub use crate::usb::{UsbAccess, UsbDevice, UsbKind, UsbPort, UsbSpeed, XIAOMI};

/// Which of `devices` an adb server doesn't show, and how many more it doesn't show without its
/// being known which.
///
/// A device is known by its port's path, or where the server gives none, by its serial.
#[must_use]
pub fn not_shown(devices: Vec<UsbDevice>, listed: &[ListedPhone]) -> (Vec<UsbDevice>, usize) {
    let on_a_cable = |phone: &&ListedPhone| !is_network_serial(&phone.serial);
    let mut pathless: Vec<&ListedPhone> =
        listed.iter().filter(|phone| phone.path.is_none()).filter(on_a_cable).collect();
    let paths: Vec<&[u8]> = listed.iter().filter_map(|phone| phone.path.as_deref()).collect();
    let by_path = |device: &UsbDevice| {
        let path = device.port.path();
        paths.iter().any(|listed| listed.strip_prefix(b"usb:").unwrap_or(listed) == path.as_bytes())
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
        return (left, 0);
    }
    left.retain(|device| device.serial.is_some());
    (left, nameless.saturating_sub(pathless.len()))
}

/// Whether a serial in an adb server's list is an address: `192.168.1.5:5555`, or a name that was
/// found on the network.
fn is_network_serial(serial: &[u8]) -> bool {
    serial.contains(&b':') || memchr::memmem::find(serial, b"._adb").is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adb::state::read_list;

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
            let (left, more) = not_shown(devices(), &read_list(list));
            (left.iter().map(|device| device.port.path()).collect::<Vec<_>>(), more)
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
        let (left, more) = not_shown(nameless, &read_list(b"T device transport_id:3\n"));
        assert_eq!((left.len(), more), (0, 1));
    }
}
