//! The `getprop` text of a simulated phone: made from its make and Android version, with every
//! value invented or generic.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What a phone calls itself, as its `ro.product.*` properties have it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Make {
    /// `ro.product.manufacturer`.
    pub manufacturer: String,
    /// `ro.product.brand`.
    pub brand: String,
    /// `ro.product.model`.
    pub model: String,
    /// `ro.product.marketname`; older models have none.
    pub marketname: Option<String>,
    /// `ro.product.device`, the code name.
    pub device: String,
    /// `ro.product.name`.
    pub product: String,
    /// Two letters as in `ro.miui.region`; `None` on phones without MIUI or HyperOS.
    pub region: Option<String>,
}

impl Make {
    /// Whether Xiaomi made it.
    pub(super) fn is_xiaomi(&self) -> bool {
        self.manufacturer == "Xiaomi"
    }

    /// A Redmi Note 13, the global edition.
    #[must_use]
    pub fn redmi_note_13() -> Self {
        Self::new(["Xiaomi", "Redmi", "23129RAA4G", "Redmi Note 13", "sapphire", "sapphire_global"])
    }

    /// A POCO X6 Pro.
    #[must_use]
    pub fn poco_x6_pro() -> Self {
        Self::new(["Xiaomi", "POCO", "2311DRK48G", "POCO X6 Pro 5G", "duchamp", "duchamp_global"])
    }

    /// A Google Pixel 8: no MIUI and no HyperOS.
    #[must_use]
    pub fn pixel_8() -> Self {
        let mut make = Self::new(["Google", "google", "Pixel 8", "", "shiba", "shiba"]);
        make.marketname = None;
        make.region = None;
        make
    }

    fn new([manufacturer, brand, model, marketname, device, product]: [&str; 6]) -> Self {
        Self {
            manufacturer: manufacturer.to_owned(),
            brand: brand.to_owned(),
            model: model.to_owned(),
            marketname: Some(marketname.to_owned()),
            device: device.to_owned(),
            product: product.to_owned(),
            region: Some("GLOBAL".to_owned()),
        }
    }
}

/// An Android version, the SDK number of its first release, its build and security patch; on Xiaomi's
/// phones the names of MIUI and `HyperOS`, and their build.
type Release =
    (u32, u32, &'static str, &'static str, &'static str, Option<&'static str>, &'static str);

/// Each serves the versions up to the next one.
const RELEASES: [Release; 13] = [
    (0, 19, "MMB29M", "2018-07-01", "V10", None, "V10.1.1.0.MHOMIFI"),
    (5, 21, "MMB29M", "2018-07-01", "V10", None, "V10.1.1.0.MHOMIFI"),
    (6, 23, "MMB29M", "2018-07-01", "V10", None, "V10.1.1.0.MHOMIFI"),
    (7, 24, "NRD90M", "2019-02-01", "V10", None, "V10.2.3.0.NAAMIXM"),
    (8, 26, "OPM1.171019.019", "2020-05-01", "V11", None, "V11.0.4.0.PFGMIXM"),
    (9, 28, "PKQ1.180904.001", "2020-05-01", "V11", None, "V11.0.4.0.PFGMIXM"),
    (10, 29, "QKQ1.190910.002", "2021-03-01", "V12", None, "V12.0.3.0.QFGMIXM"),
    (11, 30, "RKQ1.200826.002", "2022-06-01", "V125", None, "V12.5.8.0.RJZMIXM"),
    // 12L took a number of its own, hence the step between 12 and 13.
    (12, 31, "SKQ1.211006.001", "2023-02-01", "V130", None, "V13.0.5.0.SGCMIXM"),
    (13, 33, "TKQ1.220905.001", "2023-11-01", "V140", None, "V14.0.7.0.TGCMIXM"),
    // HyperOS keeps MIUI's name at V816 whatever its own version is.
    (14, 34, "UKQ1.231003.002", "2024-09-01", "V816", Some("OS1.0"), "OS1.0.7.0.UNGMIXM"),
    (15, 35, "AQ3A.240912.001", "2025-04-01", "V816", Some("OS2.0"), "OS2.0.105.0.VNGMIXM"),
    (16, 36, "BP2A.250605.031", "2025-10-01", "V816", Some("OS3.0"), "OS3.0.4.0.WNGMIXM"),
];

fn release(android: u32) -> &'static Release {
    let row = RELEASES.iter().rev().find(|row| row.0 <= android);
    row.expect("the first serves every version")
}

/// The SDK number of an Android version's first release.
pub(super) fn sdk(android: u32) -> u32 {
    release(android).1
}

/// All properties of a booted phone.
pub(super) fn properties(make: &Make, android: u32, serial: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut set = |key: &str, value: &str| {
        all.insert(key.to_owned(), value.to_owned());
    };
    let (_, sdk, build, security_patch, miui, hyperos, incremental) = *release(android);
    let incremental = if make.region.is_some() { incremental } else { "11223344" };
    let fingerprint = format!(
        "{}/{}/{}:{android}/{build}/{incremental}:user/release-keys",
        make.brand, make.product, make.device
    );
    for line in GENERIC.lines() {
        if let Some((key, value)) = line.split_once('=') {
            set(key, value);
        }
    }
    // A real value that spans lines.
    set(
        "persist.sys.boot.reason.history",
        "reboot,userrequested,1755841433\nreboot,ota,1754420751",
    );
    set("ro.build.description", &format!("{}-user {android} {build}", make.product));
    set("ro.build.fingerprint", &fingerprint);
    set("ro.build.id", build);
    set("ro.build.version.incremental", incremental);
    set("ro.build.version.release", &android.to_string());
    set("ro.build.version.sdk", &sdk.to_string());
    set("ro.build.version.security_patch", security_patch);
    set("ro.serialno", serial);
    for part in ["", "odm.", "product.", "vendor."] {
        set(&format!("ro.product.{part}brand"), &make.brand);
        set(&format!("ro.product.{part}device"), &make.device);
        set(&format!("ro.product.{part}manufacturer"), &make.manufacturer);
        set(&format!("ro.product.{part}model"), &make.model);
        set(&format!("ro.product.{part}name"), &make.product);
        if let Some(name) = &make.marketname {
            set(&format!("ro.product.{part}marketname"), name);
        }
    }
    // The generic halves of a treble build, which a reader must not take for the phone.
    set("ro.product.system.brand", "Android");
    set("ro.product.system.model", "mainline");
    set("ro.product.system_ext.brand", "qti");
    if let Some(region) = &make.region {
        if let Some(hyperos) = hyperos {
            set("ro.mi.os.version.name", hyperos);
            set("ro.mi.os.version.incremental", incremental);
        }
        set("ro.miui.region", region);
        set("ro.miui.ui.version.name", miui);
        set("persist.security.adbinput", "0");
        set("persist.security.adbinstall", "0");
    }
    services(&mut all);
    all
}

/// Adds the three lines that Android's `init` keeps for every service: they are the bulk of a real
/// answer.
fn services(all: &mut BTreeMap<String, String>) {
    for (number, name) in (1_u64..).zip(SERVICES.split_whitespace()) {
        all.insert(format!("init.svc.{name}"), "running".to_owned());
        all.insert(format!("init.svc_debug_pid.{name}"), (400 + number * 7).to_string());
        all.insert(
            format!("ro.boottime.{name}"),
            (4_012_345_678 + number * 13_271_933).to_string(),
        );
    }
}

/// The text that `getprop` prints.
pub(super) fn text(properties: &BTreeMap<String, String>) -> Vec<u8> {
    let mut text = String::with_capacity(properties.len() * 48);
    for (key, value) in properties {
        text.push('[');
        text.push_str(key);
        text.push_str("]: [");
        text.push_str(value);
        text.push_str("]\n");
    }
    text.into_bytes()
}

/// Properties that every simulated phone has, one `key=value` a line. The ones that would name a
/// person on a real phone are there on purpose, with values that name nobody: whoever keeps them
/// shows up in a test.
const GENERIC: &str = include_str!("../../fixtures/properties.txt");

/// Services of a plausible phone.
const SERVICES: &str = "adbd apexd audioserver batterysecret bootanim cameraserver cnss-daemon \
    credstore dpmd drm gatekeeperd gpu hwservicemanager idmap2d incidentd installd keystore2 \
    lmkd logd mdnsd media mediadrm mediaextractor mediametrics mi_thermald mlipayd netd \
    perfd qseecomd rild servicemanager statsd storaged surfaceflinger tombstoned traced \
    ueventd update_engine usbd vendor.audio-hal vendor.bluetooth-1-0 vendor.camera-provider \
    vendor.fingerprint vendor.gnss_service vendor.health-hal vendor.ipacm vendor.light \
    vendor.memtrack vendor.nfc_hal_service vendor.power vendor.qrtr-ns vendor.sensors \
    vendor.thermal-engine vendor.usb-hal vendor.vibrator vndservicemanager vold wificond \
    wpa_supplicant zygote zygote_secondary";
