//! What is on the USB bus, as far as phones go. Core: no I/O; who looks is `adb::direct`.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use micheck_core::verdict::Reason;

/// Xiaomi's USB vendor id.
pub const XIAOMI: u16 = 0x2717;

/// A USB device that is a phone, may be one, or carries some.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsbDevice {
    /// Where it is plugged in: no two devices have the same.
    pub port: UsbPort,
    /// The system's number for the device on its bus; another after every replug.
    pub address: u8,
    /// `idVendor`.
    pub vendor: u16,
    /// `idProduct`.
    pub product: u16,
    /// The serial number; `None`: it has none, or it couldn't be read.
    pub serial: Option<String>,
    /// What the device calls itself; `None`: nothing, or it couldn't be read.
    pub name: Option<String>,
    /// What it offers.
    pub kind: UsbKind,
    /// How fast it runs.
    pub speed: UsbSpeed,
    /// What it may draw from the bus, mA; `None`: it doesn't say.
    pub max_power_ma: Option<u16>,
    /// For hubs, whether it has a power supply of its own, as it says.
    pub self_powered: bool,
    /// Whether this user could open it.
    pub access: UsbAccess,
}

/// A bus and the ports on the way from its root to a device.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct UsbPort {
    /// The system's number for the bus.
    pub bus: u8,
    /// The port of each hub on the way, the root's first; empty for the root hub itself.
    pub ports: Vec<u8>,
}

/// What a USB device offers, as far as it matters here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsbKind {
    /// An ADB interface, class ff/42/01.
    Adb,
    /// ADB over a debug class interface, dc/02/01, which micheck doesn't speak.
    DebugClass,
    /// The bootloader's interface, ff/42/03.
    Fastboot,
    /// A Xiaomi device without any of these: a phone whose USB debugging is off.
    XiaomiWithoutAdb,
    /// A hub.
    Hub,
}

/// How fast a device runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsbSpeed {
    /// The system doesn't say.
    Unknown,
    /// 1.5 Mbit/s.
    Low,
    /// 12 Mbit/s.
    Full,
    /// 480 Mbit/s.
    High,
    /// 5 Gbit/s or more.
    Super,
}

/// Whether a device could be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UsbAccess {
    /// Nobody has tried, or it went away meanwhile.
    Unknown,
    /// It could.
    Granted,
    /// The system said no to this user.
    Denied,
    /// Another program has it.
    Busy,
    /// The system has no driver through which programs reach it (Windows).
    NoDriver,
}

impl UsbPort {
    /// As Linux and adb write it: `1-4.2`.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = self.bus.to_string();
        for (at, port) in self.ports.iter().enumerate() {
            let separator = if at == 0 { '-' } else { '.' };
            write!(path, "{separator}{port}").expect("a String takes every write");
        }
        path
    }

    /// Whether `other` hangs on the hub that is plugged in here, directly or further down.
    #[must_use]
    pub fn is_above(&self, other: &Self) -> bool {
        self.bus == other.bus
            && self.ports.len() < other.ports.len()
            && other.ports.starts_with(&self.ports)
    }
}

impl UsbKind {
    /// What a device with interfaces of these classes (class, subclass, protocol) is; `None`:
    /// nothing that matters here.
    ///
    /// Xiaomi sells mice and keyboards, too, so its devices that only are such are no phones.
    #[must_use]
    pub fn of(vendor: u16, class: u8, interfaces: &[(u8, u8, u8)]) -> Option<Self> {
        const HID: u8 = 0x03;
        const HUB: u8 = 0x09;
        let has = |kind: (u8, u8, u8)| interfaces.contains(&kind);
        if has((0xff, 0x42, 0x01)) {
            Some(Self::Adb)
        } else if has((0xdc, 0x02, 0x01)) {
            Some(Self::DebugClass)
        } else if has((0xff, 0x42, 0x03)) {
            Some(Self::Fastboot)
        } else if class == HUB {
            Some(Self::Hub)
        } else if vendor == XIAOMI
            && !interfaces.is_empty()
            && !interfaces.iter().all(|&(class, ..)| class == HID || class == HUB)
        {
            Some(Self::XiaomiWithoutAdb)
        } else {
            None
        }
    }
}

impl UsbDevice {
    /// Whether it is a phone, or looks like one.
    #[must_use]
    pub const fn is_phone(&self) -> bool {
        !matches!(self.kind, UsbKind::Hub)
    }

    /// Why it can't be asked over USB, as far as that shows without opening it; `None`: it
    /// may be tried.
    #[must_use]
    pub const fn reason(&self) -> Option<Reason> {
        match self.kind {
            UsbKind::Adb | UsbKind::Hub => None,
            UsbKind::DebugClass => Some(Reason::UnsupportedInterface),
            UsbKind::Fastboot => Some(Reason::WrongMode),
            UsbKind::XiaomiWithoutAdb => Some(Reason::UsbDebuggingOff),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_adb_does() {
        let path = |ports: &[u8]| UsbPort { bus: 3, ports: ports.to_vec() }.path();
        assert_eq!([path(&[]), path(&[1]), path(&[1, 4, 2])], ["3", "3-1", "3-1.4.2"]);
    }

    #[test]
    fn what_a_device_is_shows_in_its_interfaces() {
        let of = |vendor, interfaces: &[(u8, u8, u8)]| UsbKind::of(vendor, 0, interfaces);
        let mtp = (6, 1, 1);
        assert_eq!(of(0x18d1, &[mtp, (0xff, 0x42, 1)]), Some(UsbKind::Adb));
        assert_eq!(of(0x18d1, &[(0xdc, 2, 1)]), Some(UsbKind::DebugClass));
        assert_eq!(of(0x18d1, &[(0xff, 0x42, 3)]), Some(UsbKind::Fastboot));
        assert_eq!(of(XIAOMI, &[mtp]), Some(UsbKind::XiaomiWithoutAdb));
        assert_eq!(of(0x18d1, &[mtp]), None);
        assert_eq!(of(XIAOMI, &[(3, 1, 1), (3, 1, 2)]), None);
        assert_eq!(of(XIAOMI, &[]), None);
        assert_eq!(UsbKind::of(0x1d6b, 9, &[(9, 0, 0)]), Some(UsbKind::Hub));
    }

    #[test]
    fn a_hub_is_above_what_hangs_on_it() {
        let port = |bus, ports: &[u8]| UsbPort { bus, ports: ports.to_vec() };
        assert!(port(1, &[]).is_above(&port(1, &[1])));
        assert!(port(1, &[1]).is_above(&port(1, &[1, 2, 3])));
        assert!(!port(1, &[1]).is_above(&port(1, &[1])));
        assert!(!port(1, &[1]).is_above(&port(1, &[2, 1])));
        assert!(!port(1, &[1]).is_above(&port(2, &[1, 1])));
    }
}
