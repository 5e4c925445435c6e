//! One place of the simulated server's list: a phone, its present state and its transport id, the
//! line that the list has for it and the words that refuse it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use super::prepared::Prepared;

/// The state of a phone that is not in the list.
const ABSENT: &str = "absent";

/// One phone that the server knows.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) phone: Arc<Prepared>,
    pub(super) state: String,
    pub(super) transport: u64,
    pub(super) usb: Option<String>,
    pub(super) plugged_at: Instant,
    pub(super) due: VecDeque<(Duration, String)>,
    pub(super) faults_left: Option<usize>,
    /// Dropped when the connection to the phone is lost; whoever uses the phone notices.
    pub(super) life: watch::Sender<()>,
}

impl Entry {
    /// Whether the phone is in the list.
    pub(super) fn listed(&self) -> bool {
        self.state != ABSENT
    }

    /// Puts the phone into a state; one that comes back gets a new transport id.
    pub(super) fn enter(&mut self, state: &str, last_transport: &mut u64) {
        if self.state == ABSENT && state != ABSENT {
            *last_transport += 1;
            self.transport = *last_transport;
        }
        if self.state != state {
            // Who talks to the phone loses it: the server drops a connection whose state changes.
            self.life = watch::Sender::new(());
            state.clone_into(&mut self.state);
        }
    }

    /// Writes the line of `devices -l`.
    ///
    /// `append_transport` of adb's `transport.cpp`: only the model is made alphanumeric.
    pub(super) fn write_long(&self, list: &mut Vec<u8>, with_id: bool) {
        list.extend_from_slice(&self.phone.serial);
        let pad = 22_usize.saturating_sub(self.phone.serial.len());
        list.extend(std::iter::repeat_n(b' ', pad + 1));
        list.extend_from_slice(self.state.as_bytes());
        if let Some(path) = &self.usb {
            list.extend_from_slice(format!(" usb:{path}").as_bytes());
        }
        // The server knows these only from a phone that has introduced itself.
        let make = self.phone.make.as_ref().filter(|_| introduced(&self.state));
        if let Some(make) = make {
            let model: String = make
                .model
                .chars()
                .map(|sign| if sign.is_ascii_alphanumeric() { sign } else { '_' })
                .collect();
            let known = format!(" product:{} model:{model} device:{}", make.product, make.device);
            list.extend_from_slice(known.as_bytes());
        }
        if with_id {
            list.extend_from_slice(format!(" transport_id:{}", self.transport).as_bytes());
        }
        list.push(b'\n');
    }
}

fn introduced(state: &str) -> bool {
    matches!(state, "device" | "recovery" | "sideload" | "rescue" | "bootloader" | "host")
}

/// What the server answers instead of giving out a phone in this state.
pub(super) fn refusal(state: &str) -> Option<String> {
    if let Some(rest) = state.strip_prefix("no permissions") {
        let reason = rest.trim_start_matches([' ', '(']).split(')').next().unwrap_or_default();
        return Some(format!(
            "insufficient permissions for device: {reason}\nSee \
             [http://developer.android.com/tools/device.html] for more information"
        ));
    }
    let text = match state {
        "unauthorized" => {
            "device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is not set\nTry 'adb \
             kill-server' if that seems wrong.\nOtherwise check for a confirmation dialog on your \
             device."
        }
        "offline" => "device offline",
        "authorizing" => "device still authorizing",
        "connecting" => "device still connecting",
        _ => return None,
    };
    Some(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::super::device_list::DeviceList;
    use super::super::options::ServerOptions;
    use super::super::{Make, Phone};

    fn list(options: ServerOptions, phones: Vec<Phone>) -> String {
        String::from_utf8(DeviceList::new(options, phones).list(true)).unwrap()
    }

    #[test]
    fn lines_are_those_of_adb() {
        let mut odd = Make::pixel_8();
        odd.model = "Mi-9 (T)".to_owned();
        let phones = vec![
            Phone::xiaomi("R1").usb("1-4.2"),
            Phone::new("(no serial number)")
                .state("no permissions (missing udev rules?); see [http://x]"),
            Phone::xiaomi("A LONG SERIAL OF 25 BYTES").state("unauthorized"),
            Phone::xiaomi("127.0.0.1:5555").make(odd).network(),
            Phone::new("gone").state("absent"),
        ];
        let expected = "\
R1                     device usb:1-4.2 product:sapphire_global model:23129RAA4G device:sapphire transport_id:1
(no serial number)     no permissions (missing udev rules?); see [http://x] usb:1-2 transport_id:2
A LONG SERIAL OF 25 BYTES unauthorized usb:1-3 transport_id:3
127.0.0.1:5555         device product:shiba model:Mi_9__T_ device:shiba transport_id:4
";
        assert_eq!(list(ServerOptions::default(), phones.clone()), expected);
        let old = ServerOptions { old: true, ..ServerOptions::default() };
        assert!(!list(old, phones).contains("transport_id"));
    }

    #[test]
    fn lines_of_any_bytes_can_be_put_in() {
        let options = ServerOptions {
            extra_lines: vec![b"\xff\xfe odd".to_vec()],
            ..ServerOptions::default()
        };
        let hub = DeviceList::new(options, vec![Phone::new([0xf0, 0x80])]);
        assert!(hub.list(true).starts_with(b"\xf0\x80                     device"));
        assert!(hub.list(true).ends_with(b"\xff\xfe odd\n"));
        assert_eq!(hub.list(false), b"\xf0\x80\tdevice\n\xff\xfe odd\n");
    }
}
