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

/// The SDK number of an Android version's first release.
pub(super) fn sdk(android: u32) -> u32 {
    match android {
        ..=4 => 19,
        5 => 21,
        6 => 23,
        7 => 24,
        8 => 26,
        9..=11 => android + 19,
        // 12L took a number of its own, hence the step between 12 (31) and 13 (33).
        12 => 31,
        13.. => android + 20,
    }
}

/// All properties of a booted phone.
pub(super) fn properties(make: &Make, android: u32, serial: &str) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut set = |key: &str, value: &str| {
        all.insert(key.to_owned(), value.to_owned());
    };
    let build = build_id(android);
    let incremental = match &make.region {
        Some(_) => xiaomi_build(android).incremental,
        None => "11223344",
    };
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
    set("ro.build.version.sdk", &sdk(android).to_string());
    set("ro.build.version.security_patch", security_patch(android));
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
        let xiaomi = xiaomi_build(android);
        if let Some(hyperos) = xiaomi.hyperos {
            set("ro.mi.os.version.name", hyperos);
            set("ro.mi.os.version.incremental", incremental);
        }
        set("ro.miui.region", region);
        set("ro.miui.ui.version.name", xiaomi.miui);
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

struct XiaomiBuild {
    miui: &'static str,
    hyperos: Option<&'static str>,
    incremental: &'static str,
}

fn xiaomi_build(android: u32) -> XiaomiBuild {
    let (miui, hyperos, incremental) = match android {
        ..=6 => ("V10", None, "V10.1.1.0.MHOMIFI"),
        7 => ("V10", None, "V10.2.3.0.NAAMIXM"),
        8 | 9 => ("V11", None, "V11.0.4.0.PFGMIXM"),
        10 => ("V12", None, "V12.0.3.0.QFGMIXM"),
        11 => ("V125", None, "V12.5.8.0.RJZMIXM"),
        12 => ("V130", None, "V13.0.5.0.SGCMIXM"),
        13 => ("V140", None, "V14.0.7.0.TGCMIXM"),
        // HyperOS keeps MIUI's name at V816 whatever its own version is.
        14 => ("V816", Some("OS1.0"), "OS1.0.7.0.UNGMIXM"),
        15 => ("V816", Some("OS2.0"), "OS2.0.105.0.VNGMIXM"),
        16.. => ("V816", Some("OS3.0"), "OS3.0.4.0.WNGMIXM"),
    };
    XiaomiBuild { miui, hyperos, incremental }
}

fn build_id(android: u32) -> &'static str {
    match android {
        ..=6 => "MMB29M",
        7 => "NRD90M",
        8 => "OPM1.171019.019",
        9 => "PKQ1.180904.001",
        10 => "QKQ1.190910.002",
        11 => "RKQ1.200826.002",
        12 => "SKQ1.211006.001",
        13 => "TKQ1.220905.001",
        14 => "UKQ1.231003.002",
        15 => "AQ3A.240912.001",
        16.. => "BP2A.250605.031",
    }
}

fn security_patch(android: u32) -> &'static str {
    match android {
        ..=6 => "2018-07-01",
        7 => "2019-02-01",
        8 | 9 => "2020-05-01",
        10 => "2021-03-01",
        11 => "2022-06-01",
        12 => "2023-02-01",
        13 => "2023-11-01",
        14 => "2024-09-01",
        15 => "2025-04-01",
        16.. => "2025-10-01",
    }
}

/// Properties that every simulated phone has, one `key=value` a line. The ones that would name a
/// person on a real phone are here on purpose, with values that name nobody: whoever keeps them
/// shows up in a test.
const GENERIC: &str = "\
bluetooth.device.class.service=90
dalvik.vm.appimageformat=lz4
dalvik.vm.dex2oat-Xms=64m
dalvik.vm.dex2oat-Xmx=512m
dalvik.vm.heapgrowthlimit=256m
dalvik.vm.heapmaxfree=8m
dalvik.vm.heapminfree=512k
dalvik.vm.heapsize=512m
dalvik.vm.heaptargetutilization=0.75
debug.sf.enable_gl_backpressure=1
dev.bootcomplete=1
gsm.network.type=LTE,Unknown
gsm.operator.alpha=DEMO CARRIER,
gsm.operator.isroaming=false,false
gsm.sim.state=LOADED,ABSENT
hwservicemanager.ready=true
net.bt.name=Android
net.hostname=DEMO-HOSTNAME
persist.radio.imei=000000000000000
persist.sys.dalvik.vm.lib.2=libart.so
persist.sys.locale=en-GB
persist.sys.timezone=Etc/UTC
persist.sys.usb.config=adb
ro.adb.secure=1
ro.allow.mock.location=0
ro.baseband=msm
ro.boot.bootreason=reboot
ro.boot.flash.locked=1
ro.boot.hardware=qcom
ro.boot.verifiedbootstate=green
ro.bootmode=unknown
ro.build.characteristics=nosdcard
ro.build.date.utc=1726000000
ro.build.tags=release-keys
ro.build.type=user
ro.build.version.codename=REL
ro.build.version.preview_sdk=0
ro.carrier=unknown
ro.crypto.state=encrypted
ro.crypto.type=file
ro.debuggable=0
ro.hardware=qcom
ro.product.board=sm6225
ro.product.cpu.abi=arm64-v8a
ro.product.cpu.abilist=arm64-v8a,armeabi-v7a,armeabi
ro.product.locale=en-GB
ro.ril.oem.imei=000000000000000
ro.secure=1
ro.sf.lcd_density=440
ro.treble.enabled=true
ro.zygote=zygote64_32
selinux.restorecon_recursive=/data/misc_ce/0
service.bootanim.exit=1
sys.boot_completed=1
sys.usb.config=adb
sys.usb.state=adb
vold.has_adoptable=0
wifi.interface=wlan0
";

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
