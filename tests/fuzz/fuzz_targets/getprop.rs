//! Any bytes as a `getprop` listing: nothing panics, nothing is kept that may not be, and what is
//! written back says the same.

#![no_main]

use libfuzzer_sys::fuzz_target;
use micheck_core::getprop::{Device, Properties};
use micheck_fuzz::with_crlf;

/// Beginnings of keys that say nothing of a person; written down apart from the list that is tried.
const HARMLESS: [&str; 9] = [
    "persist.adb.",
    "ro.boot.hwc",
    "ro.build.",
    "ro.mi.os.version.",
    "ro.miui.",
    "ro.product.",
    "service.adb.",
    "sys.boot_completed",
    "persist.security.adb",
];

fuzz_target!(|listing: &[u8]| {
    let properties = Properties::read(listing);
    for (key, value) in properties.iter() {
        assert!(HARMLESS.iter().any(|start| key.starts_with(start)), "{key} is kept");
        let entry = format!("[{key}]: [");
        let stands = |text: &[u8]| listing.windows(text.len()).any(|window| window == text);
        assert!(stands(entry.as_bytes()), "{key} isn't in the listing");
        // A value of several lines may have lost the `\r` at their ends.
        let first = value.and_then(|value| value.split(|&byte| byte == b'\n').next());
        assert!(first.is_none_or(|line| stands(&[entry.as_bytes(), line].concat())));
    }
    assert_eq!(Properties::read(&properties.listing()), properties, "its own form is misread");
    if let Some(crlf) = with_crlf(listing) {
        assert_eq!(Properties::read(&crlf), properties, "CRLF changes what is read");
    }
    let device = Device::read(&properties);
    let _ = (device.family(), device.name());
});
