//! Lists of phones: every line that isn't blank has a row, one odd line costs no other phone, and
//! a row as adb writes it is read back.

#![no_main]

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use micheck_adb::ListedPhone;
use micheck_adb::state::read_list;

const STATES: [&str; 8] = [
    "device",
    "offline",
    "unauthorized",
    "authorizing",
    "bootloader",
    "recovery",
    "no permissions (user in plugdev group; are your udev rules wrong?); see \
     [http://developer.android.com/tools/device.html]",
    "no permissions; see [http://developer.android.com/tools/device.html]",
];

#[derive(Debug, Arbitrary)]
struct Row<'a> {
    serial: &'a str,
    state: u8,
    path: Option<[u8; 2]>,
    names: Option<[&'a str; 3]>,
    id: Option<u16>,
}

#[derive(Debug, Arbitrary)]
struct Input<'a> {
    rows: Vec<Row<'a>>,
    odd_after: u8,
    /// Any text of one line or more.
    odd: &'a [u8],
}

fuzz_target!(|input: Input| {
    let odd = read_list(input.odd);
    let written =
        input.odd.split(|&byte| byte == b'\n').filter(|line| !line.trim_ascii_end().is_empty());
    assert_eq!(odd.len(), written.count(), "every line that isn't blank has a row");

    let (lines, phones): (Vec<String>, Vec<ListedPhone>) =
        input.rows.iter().filter_map(as_written).unzip();
    let before = usize::from(input.odd_after) % (lines.len() + 1);
    let mut list = lines[..before].concat().into_bytes();
    list.extend_from_slice(input.odd);
    list.push(b'\n');
    list.extend_from_slice(lines[before..].concat().as_bytes());
    let expected: Vec<_> = [&phones[..before], &odd, &phones[before..]].concat();
    assert_eq!(read_list(&list), expected);
});

/// A row as adb's `append_transport` writes it, and what it says; `None` when no server writes it.
fn as_written(row: &Row) -> Option<(String, ListedPhone)> {
    let serial = row.serial;
    let printable = serial.chars().all(|c| !c.is_control()) && serial.trim_ascii() == serial;
    if serial.is_empty() || !printable || serial.contains("no permissions") {
        return None;
    }
    let state = STATES[usize::from(row.state) % STATES.len()];
    let path = row.path.map(|[bus, port]| format!("usb:{bus}-{}.{}", port >> 4, port & 15));
    // adb writes `_` for what isn't a letter, a digit or one of a few signs.
    let name = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
    };
    let names = row.names.map(|names| names.map(name));
    let words = [
        Some(format!("{serial:<22} {state}")),
        path.clone(),
        names.as_ref().map(|[product, model, device]| {
            format!("product:{product} model:{model} device:{device}")
        }),
        row.id.map(|id| format!("transport_id:{id}")),
    ];
    let line = words.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let [product, model, device] =
        names.map_or([const { None }; 3], |names| names.map(|name| Some(name.into_bytes())));
    let phone = ListedPhone {
        serial: serial.as_bytes().to_vec(),
        state: micheck_adb::ConnectionState(state.as_bytes().to_vec()),
        path: path.map(String::into_bytes),
        product,
        model,
        device,
        transport_id: row.id.map(u64::from),
    };
    Some((line + "\n", phone))
}
