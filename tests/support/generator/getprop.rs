//! `getprop`.

use std::fmt::Write as _;

use super::{Made, Phone, Row};

/// The properties, as the shell's `getprop` sorts them.
pub(crate) fn listing(phone: &Phone) -> String {
    let release = phone.release;
    let device = phone.device();
    let mut entries = vec![
        ("dalvik.vm.heapsize", "512m".to_owned()),
        ("gsm.operator.alpha", String::new()),
        // Values with lines of their own are normal.
        ("persist.sys.boot.reason.history", "reboot,1755841433\nreboot,ota,1754420751".to_owned()),
        ("ro.build.fingerprint", phone.fingerprint()),
        ("ro.build.id", phone.build_id()),
        ("ro.build.version.incremental", phone.incremental()),
        ("ro.build.version.release", release.name()),
        ("ro.build.version.sdk", release.sdk().to_string()),
        ("ro.product.brand", phone.brand().to_owned()),
        ("ro.product.device", device.clone()),
        ("ro.product.model", phone.model()),
        ("ro.product.name", format!("{device}_global")),
        ("ro.serialno", phone.serial()),
        ("sys.boot_completed", "1".to_owned()),
    ];
    if release.major > 5 {
        entries.push(("ro.build.version.security_patch", "2024-05-01".to_owned()));
    }
    if phone.foreign {
        entries.push(("ro.product.manufacturer", "Google".to_owned()));
    } else {
        entries.push(("ro.product.manufacturer", "Xiaomi".to_owned()));
        entries.push(("ro.product.marketname", format!("Redmi Test {}", phone.number)));
        entries.push(("ro.miui.ui.version.name", "V816".to_owned()));
    }
    entries.sort();
    entries.iter().fold(String::new(), |mut text, (key, value)| {
        writeln!(text, "[{key}]: [{value}]").unwrap();
        text
    })
}

/// The properties alone: they say who a phone is, and nothing of any app.
pub(crate) fn alone(phone: &Phone) -> Made {
    Made::new("getprop", phone, listing(phone), Row::Unknown("not_a_dump"))
}
