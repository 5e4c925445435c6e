//! Lines of `devices -l`: which phones a server lists and in what state. Pure.

use std::collections::HashMap;

use micheck_core::escape;
use micheck_core::verdict::Reason;

/// What an adb server says of its connection to a phone, bytes as they came: a word, or its own for
/// why it may not open the USB device. One that this version doesn't know is data, not an error.
///
/// Source: AOSP `adb.cpp`, `to_string(ConnectionState)`, adb 32 to 41.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionState(pub Vec<u8>);

const NO_PERMISSIONS: &[u8] = b"no permissions";

impl ConnectionState {
    /// The state in the server's words, decoded but not escaped.
    #[must_use]
    pub fn text(&self) -> String {
        escape::decode(&self.0)
    }

    /// Whether a person at the phone, or some seconds, can turn it into `device`.
    #[must_use]
    pub fn may_be_allowed(&self) -> bool {
        matches!(self.0.as_slice(), b"unauthorized" | b"authorizing" | b"connecting")
    }

    /// Why a phone in this state can't be asked; `None` when it can.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        match self.0.as_slice() {
            b"device" => None,
            b"unauthorized" => Some(Reason::Unauthorized),
            b"authorizing" | b"connecting" => Some(Reason::Authorizing),
            b"bootloader" | b"recovery" | b"sideload" | b"rescue" => Some(Reason::WrongMode),
            // Given free by `adb detach`, for another program.
            b"detached" => Some(Reason::UsbBusy),
            words if words.starts_with(NO_PERMISSIONS) => Some(Reason::NoPermission),
            _ => Some(Reason::Offline),
        }
    }
}

/// A phone as a server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedPhone {
    /// The serial number, bytes as they came; may be `(no serial number)` or hold spaces.
    pub serial: Vec<u8>,
    /// Its state.
    pub state: ConnectionState,
    /// Where it is plugged in, as the server writes it: `usb:1-1`.
    pub path: Option<Vec<u8>>,
    /// `product:`.
    pub product: Option<Vec<u8>>,
    /// `model:`.
    pub model: Option<Vec<u8>>,
    /// `device:`.
    pub device: Option<Vec<u8>>,
    /// The server's number for this connection, unique on it; `None` from servers before version 41.
    pub transport_id: Option<u64>,
}

impl ListedPhone {
    /// Reads one line of `devices -l`; `None` when it is blank.
    ///
    /// From the right, because serial numbers and the permission state hold
    /// spaces: known `key:value` words, then the path, then the state; what is
    /// left is the serial.
    #[must_use]
    pub fn read(line: &[u8]) -> Option<Self> {
        let mut rest = line.trim_ascii_end();
        if rest.is_empty() {
            return None;
        }
        let mut phone = Self {
            serial: Vec::new(),
            state: ConnectionState(Vec::new()),
            path: None,
            product: None,
            model: None,
            device: None,
            transport_id: None,
        };
        while let Some((before, word)) = split_last_word(rest) {
            if !phone.take_word(word) {
                break;
            }
            rest = before;
        }
        let (rest, path) = split_path(rest);
        phone.path = path.map(<[u8]>::to_vec);
        let (serial, state) = split_state(rest);
        phone.serial = serial.to_vec();
        phone.state = ConnectionState(state.to_vec());
        Some(phone)
    }

    /// What it calls itself, decoded and not escaped.
    #[must_use]
    pub fn name(&self) -> Option<String> {
        // The server writes `_` for every space of the name.
        self.model.as_deref().map(|model| escape::decode(model).replace('_', " "))
    }

    /// Takes a `key:value` word of the end of the line; `false` when it is none.
    fn take_word(&mut self, word: &[u8]) -> bool {
        if let Some(id) = word.strip_prefix(b"transport_id:") {
            let id = str::from_utf8(id).ok().and_then(|id| id.parse().ok());
            return self.transport_id.is_none()
                && id.inspect(|&id| self.transport_id = Some(id)).is_some();
        }
        let fields = [
            (&b"device:"[..], &mut self.device),
            (b"model:", &mut self.model),
            (b"product:", &mut self.product),
        ];
        for (key, field) in fields {
            if let Some(value) = word.strip_prefix(key) {
                let first = field.is_none();
                if first {
                    *field = Some(value.to_vec());
                }
                return first;
            }
        }
        false
    }
}

/// Reads a whole list, one phone a line.
#[must_use]
pub fn read_list(list: &[u8]) -> Vec<ListedPhone> {
    list.split(|&byte| byte == b'\n').filter_map(ListedPhone::read).collect()
}

/// Of each phone whether the server's list has another one that would be addressed like it: by the
/// same transport id or, where there is none, by the same serial.
#[must_use]
pub fn ambiguous(list: &[ListedPhone]) -> Vec<bool> {
    let address = |phone: &ListedPhone| match phone.transport_id {
        Some(id) => (Some(id), Vec::new()),
        None => (None, phone.serial.clone()),
    };
    let mut times: HashMap<_, usize> = HashMap::new();
    for phone in list {
        *times.entry(address(phone)).or_default() += 1;
    }
    list.iter().map(|phone| times[&address(phone)] > 1).collect()
}

/// Splits off the last word; `None` when there is only one.
fn split_last_word(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.trim_ascii_end();
    let space = memchr::memrchr(b' ', text)?;
    Some((text[..space].trim_ascii_end(), &text[space + 1..]))
}

/// Splits off `usb:1-1` or another path: a word with a `:` or, as some platforms
/// write it, of digits, dots and dashes, that can't be the end of a state.
fn split_path(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    if let Some((before, word)) = split_last_word(text) {
        let bare_path = word.contains(&b'-')
            && word.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
        let part_of_state = word.ends_with(b"]") || word.ends_with(b")");
        if (word.contains(&b':') || bare_path) && !part_of_state {
            return (before, Some(word));
        }
    }
    (text, None)
}

/// Splits what is left into serial and state.
fn split_state(text: &[u8]) -> (&[u8], &[u8]) {
    // The permission state holds spaces, and may end in anything.
    let permission =
        memchr::memmem::rfind(text, NO_PERMISSIONS).filter(|&at| at == 0 || text[at - 1] == b' ');
    if let Some(at) = permission {
        return (text[..at].trim_ascii_end(), &text[at..]);
    }
    split_last_word(text).unwrap_or((text, b""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(line: &str) -> (String, String, Option<String>, Option<u64>) {
        let phone = ListedPhone::read(line.as_bytes()).unwrap();
        let text = |bytes: &[u8]| escape::decode(bytes);
        (
            text(&phone.serial),
            phone.state.text(),
            phone.path.as_deref().map(text),
            phone.transport_id,
        )
    }

    fn expect(
        serial: &str,
        state: &str,
        path: Option<&str>,
        id: Option<u64>,
    ) -> (String, String, Option<String>, Option<u64>) {
        (serial.into(), state.into(), path.map(Into::into), id)
    }

    const NO_PERMISSION: &str = "no permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html]";

    #[test]
    fn lines_of_all_kinds_are_read_from_the_right() {
        let id = Some(7);
        for (line, expected) in [
            (
                "R58M123                device usb:1-1 product:sky_in model:22111317I device:sky transport_id:7".to_owned(),
                expect("R58M123", "device", Some("usb:1-1"), id),
            ),
            ("R58M123                device usb:1-1.4.2 transport_id:7".to_owned(), expect("R58M123", "device", Some("usb:1-1.4.2"), id)),
            ("127.0.0.1:40001        device product:a model:b device:c transport_id:7".to_owned(), expect("127.0.0.1:40001", "device", None, id)),
            ("R58M123                unauthorized usb:3-2 transport_id:7".to_owned(), expect("R58M123", "unauthorized", Some("usb:3-2"), id)),
            ("my phone no 5          offline transport_id:7".to_owned(), expect("my phone no 5", "offline", None, id)),
            ("a device               device transport_id:7".to_owned(), expect("a device", "device", None, id)),
            ("(no serial number)     device usb:1-1 transport_id:7".to_owned(), expect("(no serial number)", "device", Some("usb:1-1"), id)),
            (format!("R58M123                {NO_PERMISSION} usb:1-1 transport_id:7"), expect("R58M123", NO_PERMISSION, Some("usb:1-1"), id)),
            (format!("????????????           {NO_PERMISSION}"), expect("????????????", NO_PERMISSION, None, None)),
            (
                "R58M123                no permissions; see [http://developer.android.com/tools/device.html] usb:1-1 transport_id:7".to_owned(),
                expect("R58M123", "no permissions; see [http://developer.android.com/tools/device.html]", Some("usb:1-1"), id),
            ),
            ("R58M123                no permissions".to_owned(), expect("R58M123", "no permissions", None, None)),
            ("(no serial number)     no permissions (x) transport_id:7".to_owned(), expect("(no serial number)", "no permissions (x)", None, id)),
            ("R58M123                hibernating usb:1-1 transport_id:7".to_owned(), expect("R58M123", "hibernating", Some("usb:1-1"), id)),
            ("0123456789012345678901234567890 device".to_owned(), expect("0123456789012345678901234567890", "device", None, None)),
            ("adb-R58-x (2)._adb-tls-connect._tcp offline transport_id:7".to_owned(), expect("adb-R58-x (2)._adb-tls-connect._tcp", "offline", None, id)),
            ("R58M123                device 1-1 transport_id:7".to_owned(), expect("R58M123", "device", Some("1-1"), id)),
            ("R58M123                half-open transport_id:7".to_owned(), expect("R58M123", "half-open", None, id)),
            ("R58M123                42 transport_id:7".to_owned(), expect("R58M123", "42", None, id)),
            ("no permissions transport_id:7".to_owned(), expect("", "no permissions", None, id)),
            ("Xno permissions transport_id:7".to_owned(), expect("Xno", "permissions", None, id)),
            ("R58M123\tdevice".to_owned(), expect("R58M123\tdevice", "", None, None)),
        ] {
            assert_eq!(read(&line), expected, "{line}");
        }
    }

    #[test]
    fn names_of_the_model_are_read() {
        let phone = ListedPhone::read(b"X                      device product:sky_in model:Redmi_12 device:sky transport_id:1").unwrap();
        assert_eq!(phone.product.as_deref(), Some(&b"sky_in"[..]));
        assert_eq!(phone.model.as_deref(), Some(&b"Redmi_12"[..]));
        assert_eq!(phone.device.as_deref(), Some(&b"sky"[..]));
    }

    #[test]
    fn every_known_state_has_its_reason() {
        for (word, reason) in [
            ("device", None),
            ("offline", Some(Reason::Offline)),
            ("unauthorized", Some(Reason::Unauthorized)),
            ("authorizing", Some(Reason::Authorizing)),
            ("connecting", Some(Reason::Authorizing)),
            ("bootloader", Some(Reason::WrongMode)),
            ("host", Some(Reason::Offline)),
            ("recovery", Some(Reason::WrongMode)),
            ("sideload", Some(Reason::WrongMode)),
            ("rescue", Some(Reason::WrongMode)),
            ("detached", Some(Reason::UsbBusy)),
            ("any", Some(Reason::Offline)),
            ("unknown", Some(Reason::Offline)),
            ("no permissions (x)", Some(Reason::NoPermission)),
            ("never seen before", Some(Reason::Offline)),
        ] {
            let state = ConnectionState(word.into());
            assert_eq!((state.reason(), state.text().as_str()), (reason, word));
        }
    }

    #[test]
    fn only_states_that_can_become_device_are_waited_for() {
        for (word, expected) in [
            ("unauthorized", true),
            ("authorizing", true),
            ("connecting", true),
            ("device", false),
            ("offline", false),
            ("recovery", false),
            ("no permissions", false),
            ("never seen before", false),
        ] {
            assert_eq!(ConnectionState(word.into()).may_be_allowed(), expected, "{word}");
        }
    }

    #[test]
    fn one_odd_line_costs_no_other_phone() {
        let list = b"A                      device transport_id:1\n\xff\xfe\nB                      device transport_id:2\n\n";
        let serials: Vec<_> =
            read_list(list).into_iter().map(|phone| escape::decode(&phone.serial)).collect();
        assert_eq!(serials, ["A", "\\xff\\xfe", "B"]);
    }

    proptest! {
        #[test]
        fn reading_never_panics(list in prop::collection::vec(any::<u8>(), 0..300)) {
            let _ = read_list(&list);
        }

        #[test]
        fn what_a_server_writes_is_read_back(
            serial in "[!-~]([ -~]{0,28}[!-~])?", state in "device|offline|unauthorized|recovery|no permissions \\(a b\\); see \\[http://x\\]",
            path in prop::option::of("usb:[1-9]-[1-9]"), id in 1_u64..1000
        ) {
            prop_assume!(!serial.contains("no permissions"));
            let path_word = path.as_deref().map(|path| format!(" {path}")).unwrap_or_default();
            let line = format!("{serial:<22} {state}{path_word} transport_id:{id}");
            prop_assert_eq!(read(&line), (serial, state, path, Some(id)));
        }
    }
}
