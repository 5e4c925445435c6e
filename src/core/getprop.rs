//! Which phone it is: `getprop` listings and what they say of brand, model and system.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::LazyLock;

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::escape;
use crate::lines::lines;

/// The properties that are kept. Everything else may hold personal data and is dropped at once.
const KEPT: &[&str] = &[
    "persist.adb.tcp.port",
    "persist.adb.tls_server.enable",
    "ro.boot.hwc",
    "ro.build.characteristics",
    "ro.build.display.id",
    "ro.build.fingerprint",
    "ro.build.type",
    "ro.build.version.incremental",
    "ro.build.version.release",
    "ro.build.version.sdk",
    "ro.build.version.security_patch",
    "ro.mi.os.version.code",
    "ro.mi.os.version.incremental",
    "ro.mi.os.version.name",
    "ro.miui.gota",
    "ro.miui.region",
    "ro.miui.ui.version.code",
    "ro.miui.ui.version.name",
    "ro.product.brand",
    "ro.product.device",
    "ro.product.manufacturer",
    "ro.product.marketname",
    "ro.product.mod_device",
    "ro.product.model",
    "ro.product.name",
    "service.adb.tcp.port",
    "service.adb.tls.port",
    "sys.boot_completed",
];

/// Kept as well: whether MIUI's own ADB restrictions are on.
const KEPT_PREFIX: &str = "persist.security.adb";

/// The most entries that are kept: the allow-list, and as many again below its prefix.
const MAX_KEPT: usize = 2 * KEPT.len();

/// The longest key that is kept, in bytes.
const MAX_KEY_BYTES: usize = 64;

/// The longest value that is kept, in bytes. Android's own limit is 92, and
/// longer `ro.` values are allowed since Android 8; a page of text is neither.
const MAX_VALUE_BYTES: usize = 1024;

/// The API level of Android 14.
const ANDROID_14: u32 = 34;

/// The security patch with the fix of CVE-2026-0073.
const WIRELESS_DEBUGGING_FIX: Date = date(2026, 5, 1);

/// The allow-listed part of a `getprop` listing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Properties {
    /// `None`: the listing gives this key two different values.
    values: BTreeMap<String, Option<Vec<u8>>>,
}

impl Properties {
    /// Reads a listing of `[key]: [value]` entries; lines that are none are passed over.
    ///
    /// A value can span lines: an entry ends with `]` before a line that starts
    /// with `[`, or at the end. An entry that never ends counts for nothing.
    #[must_use]
    pub fn read(listing: &[u8]) -> Self {
        let mut properties = Self::default();
        let mut lines = lines(listing.trim_ascii_end()).peekable();
        while let Some(line) = lines.next() {
            // Most of a listing: a line that is an entry of its own, or none, and isn't kept.
            if !may_be_kept(line)
                && line.ends_with(b"]")
                && lines.peek().is_none_or(|next| next.starts_with(b"["))
            {
                continue;
            }
            let Some((key, first)) = split_entry(line) else {
                continue;
            };
            let key = allowed(key);
            // Nine of ten entries are dropped: only what is kept is copied.
            let mut value = key.map(|_| first.to_vec());
            let mut ends = first.ends_with(b"]");
            let ended = loop {
                if ends && lines.peek().is_some_and(|next| next.starts_with(b"[")) {
                    break true;
                }
                let Some(next) = lines.next() else { break ends };
                ends = next.ends_with(b"]");
                if let Some(value) = &mut value {
                    value.push(b'\n');
                    value.extend_from_slice(next);
                }
            };
            if let (true, Some(key), Some(mut value)) = (ended, key, value) {
                value.pop();
                properties.keep(key, value);
            }
        }
        properties
    }

    fn keep(&mut self, key: &str, value: Vec<u8>) {
        let is_known = self.values.contains_key(key);
        if value.len() > MAX_VALUE_BYTES || (!is_known && self.values.len() >= MAX_KEPT) {
            return;
        }
        match self.values.entry(key.to_owned()) {
            Entry::Vacant(place) => {
                place.insert(Some(value));
            }
            Entry::Occupied(mut place) => {
                if place.get().as_ref() != Some(&value) {
                    place.insert(None);
                }
            }
        }
    }

    /// Adds what another source says, where the listing says nothing.
    pub(crate) fn add(&mut self, key: &'static str, value: &[u8]) {
        if KEPT.contains(&key) && value.len() <= MAX_VALUE_BYTES {
            self.values.entry(key.to_owned()).or_insert_with(|| Some(value.to_vec()));
        }
    }

    /// The same, all that it says.
    pub(crate) fn add_all(&mut self, others: Self) {
        for (key, value) in others.values {
            self.values.entry(key).or_insert(value);
        }
    }

    /// Whether nothing was kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The value of `key`; `None` when it is absent, empty, or given twice with different values.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&[u8]> {
        self.values.get(key)?.as_deref().filter(|value| !value.is_empty())
    }

    fn text(&self, key: &str) -> Option<String> {
        self.get(key).map(escape::decode)
    }

    /// Whether Android says that it has finished starting.
    #[must_use]
    pub fn boot_completed(&self) -> bool {
        self.get("sys.boot_completed") == Some(b"1")
    }

    /// The API level (`ro.build.version.sdk`); `None` when absent or not a number.
    #[must_use]
    pub fn sdk(&self) -> Option<u32> {
        str::from_utf8(self.get("ro.build.version.sdk")?).ok()?.parse().ok()
    }

    /// Whether the phone says that other computers on its network reach its ADB, through Wireless
    /// debugging or a TCP port. Source: AOSP `packages/modules/adb/daemon/main.cpp`.
    #[must_use]
    pub fn adb_on_network(&self) -> bool {
        let is_port = |key| {
            let port = self.get(key).and_then(|value| str::from_utf8(value).ok());
            port.and_then(|port| port.parse::<u16>().ok()).is_some_and(|port| port > 0)
        };
        self.get("persist.adb.tls_server.enable") == Some(b"1")
            || ["service.adb.tls.port", "service.adb.tcp.port", "persist.adb.tcp.port"]
                .into_iter()
                .any(is_port)
    }

    /// Whether Wireless debugging may let in anybody on its network (CVE-2026-0073): Android 14 or
    /// later, unless it says that its security patch is of 2026-05-01 or later.
    #[must_use]
    pub fn lacks_wireless_debugging_fix(&self) -> bool {
        let patch = self.get("ro.build.version.security_patch");
        let patch = patch.and_then(|patch| str::from_utf8(patch).ok()?.parse::<Date>().ok());
        self.sdk().is_some_and(|sdk| sdk >= ANDROID_14)
            && patch.is_none_or(|patch| patch < WIRELESS_DEBUGGING_FIX)
    }

    /// `ro.miui.region`, where it is plain text.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        str::from_utf8(self.get("ro.miui.region")?).ok()
    }

    /// Whether Google serves the phone's system updates: then they stand in Google's dialog and not
    /// in Xiaomi's updater. A person can have switched that off, which no property says.
    #[must_use]
    pub fn google_serves_system(&self) -> bool {
        let is_of_europe = |name: &[u8]| name.ends_with(b"eea") || name.ends_with(b"eea_global");
        self.get("ro.miui.gota") == Some(b"1")
            && self.get("ro.product.name").is_some_and(|name| !is_of_europe(name))
    }

    /// The kept entries in `getprop`'s own form, sorted by key: [`read`](Self::read) gives them back.
    ///
    /// A contradicted key stands twice, with values that aren't the phone's.
    #[must_use]
    pub fn listing(&self) -> Vec<u8> {
        let mut listing = Vec::new();
        let mut write = |key: &str, value: &[u8]| {
            listing.extend_from_slice(b"[");
            listing.extend_from_slice(key.as_bytes());
            listing.extend_from_slice(b"]: [");
            for (index, line) in value.split(|&byte| byte == b'\n').enumerate() {
                if index > 0 {
                    // Reading takes one `\r` off the end of a line.
                    if listing.ends_with(b"\r") {
                        listing.push(b'\r');
                    }
                    listing.push(b'\n');
                }
                listing.extend_from_slice(line);
            }
            listing.extend_from_slice(b"]\n");
        };
        for (key, value) in self.iter() {
            if let Some(value) = value {
                write(key, value);
            } else {
                write(key, b"");
                write(key, b"two different values");
            }
        }
        listing
    }

    /// The kept entries, sorted by key; a contradicted one has no value.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<&[u8]>)> {
        self.values.iter().map(|(key, value)| (key.as_str(), value.as_deref()))
    }
}

/// `[key]: [value…` → key and the beginning of the value.
fn split_entry(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = line.strip_prefix(b"[")?;
    let at = memchr::memchr_iter(b']', rest).find(|&at| rest[at..].starts_with(b"]: ["))?;
    Some((&rest[..at], &rest[at + 4..]))
}

/// Whether the key at the beginning of `line` may be one that is kept: spares nearly all lines a
/// closer look.
fn may_be_kept(line: &[u8]) -> bool {
    let key = line.get(1..).and_then(|key| key.first_chunk());
    key.is_some_and(|key| BEGINNINGS.contains(key))
}

/// The beginnings of the keys that are kept, each once.
static BEGINNINGS: LazyLock<Vec<[u8; 5]>> = LazyLock::new(|| {
    let keys = KEPT.iter().chain([&KEPT_PREFIX]);
    let beginning = |key: &&str| *key.as_bytes().first_chunk().expect("no key is shorter");
    let mut beginnings: Vec<_> = keys.map(beginning).collect();
    // Sorted keys: those that begin alike stand together.
    beginnings.dedup();
    beginnings
});

/// `key`, if it is one that is kept.
fn allowed(key: &[u8]) -> Option<&str> {
    let key = str::from_utf8(key).ok().filter(|key| key.len() <= MAX_KEY_BYTES)?;
    let kept = KEPT.binary_search(&key).is_ok() || key.starts_with(KEPT_PREFIX);
    kept.then_some(key)
}

/// Whether a device belongs to the makers whose phones ship the app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// Xiaomi, Redmi, POCO, Black Shark, or any device with Xiaomi's system.
    Xiaomi,
    /// Another maker's.
    Other,
    /// The device doesn't say.
    Unknown,
}

/// Manufacturers and brands of the family, lower case.
///
/// Pairs seen in real dumps: Xiaomi/{Xiaomi, Redmi, POCO, xiaomi} and
/// blackshark/blackshark; manufacturers Redmi and POCO are reported too.
const XIAOMI_NAMES: &[&str] = &["xiaomi", "redmi", "poco", "blackshark"];

/// Identity of a phone, as it says itself. A field is empty when it doesn't.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(deny_unknown_fields))]
pub struct Device {
    /// `ro.product.manufacturer`.
    pub manufacturer: Option<String>,
    /// `ro.product.brand`.
    pub brand: Option<String>,
    /// `ro.product.model`.
    pub model: Option<String>,
    /// `ro.product.marketname`: the name on the box; absent on older models.
    pub marketname: Option<String>,
    /// `HyperOS 2.0`, `MIUI 12.5`; none for any other system.
    pub system: Option<String>,
    /// `ro.build.version.release`.
    pub android: Option<String>,
    /// `ro.build.version.security_patch`.
    pub security_patch: Option<String>,
    /// `ro.miui.region`.
    pub region: Option<String>,
}

impl Device {
    /// Reads the identity from properties.
    #[must_use]
    pub fn read(properties: &Properties) -> Self {
        Self {
            manufacturer: properties.text("ro.product.manufacturer"),
            brand: properties.text("ro.product.brand"),
            model: properties.text("ro.product.model"),
            marketname: properties.text("ro.product.marketname"),
            system: system(properties),
            android: properties.text("ro.build.version.release"),
            security_patch: properties.text("ro.build.version.security_patch"),
            region: properties.text("ro.miui.region"),
        }
    }

    /// The name for people: the one on the box, else the model.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.marketname.as_deref().or(self.model.as_deref())
    }

    /// Whether the device is one of the family's.
    #[must_use]
    pub fn family(&self) -> Family {
        let names = [&self.manufacturer, &self.brand];
        // `Xiaomi Communications Co., Ltd.` is the family, too.
        let is_family = |name: &&String| {
            let first = name.split_whitespace().next().unwrap_or_default();
            XIAOMI_NAMES.iter().any(|known| first.eq_ignore_ascii_case(known))
        };
        if self.system.is_some()
            || names.iter().filter_map(|name| name.as_ref()).any(|name| is_family(&name))
        {
            Family::Xiaomi
        } else if names.iter().any(|name| name.is_some()) {
            Family::Other
        } else {
            Family::Unknown
        }
    }
}

fn system(properties: &Properties) -> Option<String> {
    if let Some(name) = properties.text("ro.mi.os.version.name") {
        let version = name.strip_prefix("OS").unwrap_or(&name);
        return Some(format!("HyperOS {version}"));
    }
    let name = properties.text("ro.miui.ui.version.name")?;
    // Every HyperOS still carries this one.
    if name == "V816" {
        return Some("HyperOS".to_owned());
    }
    let digits = name.strip_prefix('V').unwrap_or(&name);
    // V10 is 10, V125 is 12.5, V140 is 14.
    Some(match digits.split_at_checked(2) {
        Some((major, "" | "0")) => format!("MIUI {major}"),
        Some((major, minor)) => format!("MIUI {major}.{minor}"),
        None => format!("MIUI {digits}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn device(listing: &str) -> Device {
        Device::read(&Properties::read(listing.as_bytes()))
    }

    #[test]
    fn google_serves_a_system_where_its_property_says_so_and_it_isnt_europes() {
        for (entries, expected) in [
            ("[ro.miui.gota]: [1]\n[ro.product.name]: [vayu_global]", true),
            ("[ro.miui.gota]: [1]\n[ro.product.name]: [vayu_eea]", false),
            ("[ro.miui.gota]: [1]\n[ro.product.name]: [vayu_eea_global]", false),
            ("[ro.miui.gota]: [0]\n[ro.product.name]: [vayu_global]", false),
            ("[ro.product.name]: [vayu_global]", false),
            ("[ro.miui.gota]: [1]", false),
        ] {
            let properties = Properties::read(entries.as_bytes());
            assert_eq!(properties.google_serves_system(), expected, "{entries}");
        }
        let properties = Properties::read(b"[ro.miui.region]: [IN]");
        assert_eq!(properties.region(), Some("IN"));
        assert_eq!(Properties::default().region(), None);
    }

    #[test]
    fn adb_is_open_to_the_network_where_a_property_says_so() {
        for (entry, expected) in [
            ("[persist.adb.tls_server.enable]: [1]", true),
            ("[persist.adb.tls_server.enable]: [0]", false),
            ("[service.adb.tls.port]: [37123]", true),
            ("[service.adb.tcp.port]: [5555]", true),
            ("[persist.adb.tcp.port]: [5555]", true),
            ("[service.adb.tcp.port]: [0]", false),
            ("[service.adb.tcp.port]: [-1]", false),
            ("[service.adb.tcp.port]: [65536]", false),
            ("[service.adb.tcp.port]: []", false),
            ("[service.adb.tcp.port]: [x]", false),
            ("[ro.adb.secure]: [1]", false),
        ] {
            let properties = Properties::read(format!("{entry}\n").as_bytes());
            assert_eq!(properties.adb_on_network(), expected, "{entry}");
        }
    }

    #[test]
    fn from_android_14_on_wireless_debugging_needs_the_patch_of_may_2026() {
        for (sdk, patch, expected) in [
            ("34", "2026-05-01", false),
            ("36", "2026-11-05", false),
            ("34", "2026-04-05", true),
            ("35", "", true),
            ("34", "May 2026", true),
            ("34", "2027-5-1", true),
            ("34", "9999999999", true),
            ("33", "2023-01-01", false),
            ("", "2023-01-01", false),
        ] {
            let listing = format!(
                "[ro.build.version.sdk]: [{sdk}]\n[ro.build.version.security_patch]: [{patch}]\n"
            );
            let properties = Properties::read(listing.as_bytes());
            assert_eq!(properties.lacks_wireless_debugging_fix(), expected, "{sdk} {patch}");
        }
    }

    #[test]
    fn the_allow_list_is_sorted_for_its_binary_search() {
        assert!(KEPT.is_sorted());
    }

    #[test]
    fn no_key_that_is_kept_is_passed_over() {
        for key in KEPT.iter().chain([&KEPT_PREFIX]) {
            assert!(may_be_kept(format!("[{key}]: [1]").as_bytes()), "{key}");
        }
        assert_eq!(BEGINNINGS.len(), 8);
        assert!(!may_be_kept(b"[dalvik.vm.heapsize]: [1]") && !may_be_kept(b"[ro"));
    }

    #[test]
    fn what_a_prefix_lets_in_is_bounded_and_still_contradicted() {
        let many: String = (0..200)
            .map(|n| ["[persist.security.adb", &n.to_string(), "]: [1]\n"].concat())
            .collect();
        let properties = Properties::read(many.as_bytes());
        assert_eq!(properties.iter().count(), MAX_KEPT);
        let last = many + "[persist.security.adb0]: [2]\n[ro.product.model]: [x]\n";
        let properties = Properties::read(last.as_bytes());
        assert_eq!(properties.get("persist.security.adb0"), None);
        assert_eq!(properties.iter().count(), MAX_KEPT);
    }

    #[test]
    fn nothing_on_the_allow_list_is_passed_over() {
        for key in KEPT.iter().chain([&KEPT_PREFIX]) {
            let properties = Properties::read(format!("[{key}]: [1]\n").as_bytes());
            assert_eq!(properties.get(key), Some(&b"1"[..]), "{key}");
        }
    }

    #[test]
    fn only_allow_listed_properties_are_kept() {
        let properties = Properties::read(
            b"[persist.sys.user.phone]: [+911234567890]\n[ro.product.model]: [M1]\n\
              [persist.security.adbinput]: [1]\n[ro.serialno]: [SECRET]\n",
        );
        let keys: Vec<_> = properties.iter().map(|(key, _)| key).collect();
        assert_eq!(keys, ["persist.security.adbinput", "ro.product.model"]);
    }

    #[test]
    fn a_value_can_span_lines_and_hold_brackets() {
        let properties = Properties::read(
            b"[persist.sys.boot.reason.history]: [reboot,1\nshutdown,2]\n[ro.product.model]: [M[1]]\r\n\
              [ro.product.brand]: [a\n\n[b]\n[sys.boot_completed]: [1]\n\n",
        );
        assert_eq!(properties.get("ro.product.model"), Some(&b"M[1]"[..]));
        assert_eq!(properties.get("ro.product.brand"), Some(&b"a\n\n[b"[..]));
        assert!(properties.boot_completed());
    }

    #[test]
    fn an_entry_that_never_ends_counts_for_nothing() {
        let properties = Properties::read(b"[ro.product.model]: [M1]\n[sys.boot_completed]: [1");
        assert_eq!(properties.get("ro.product.model"), Some(&b"M1"[..]));
        assert!(!properties.boot_completed());
    }

    #[test]
    fn two_different_values_for_one_key_are_no_value() {
        let twice =
            b"[sys.boot_completed]: [0]\n[sys.boot_completed]: [1]\n[sys.boot_completed]: [1]\n";
        assert!(!Properties::read(twice).boot_completed());
        let same = b"[sys.boot_completed]: [1]\n[sys.boot_completed]: [1]\n";
        assert!(Properties::read(same).boot_completed());
    }

    #[test]
    fn keys_and_values_are_kept_up_to_their_longest() {
        for (key_bytes, value_bytes, kept) in [
            (64, 1, true),
            (65, 1, false),
            (30, 1_024, true),
            (30, 1_025, false),
            (30, 5_000, false),
        ] {
            let key = format!("{KEPT_PREFIX}{}", "x".repeat(key_bytes - KEPT_PREFIX.len()));
            let value = "v".repeat(value_bytes);
            let properties = Properties::read(format!("[{key}]: [{value}]\n").as_bytes());
            assert_eq!(properties.get(&key), kept.then_some(value.as_bytes()), "{key_bytes}");
        }
    }

    #[test]
    fn what_is_added_is_kept_by_the_same_rules() {
        let mut properties = Properties::default();
        let longest = [b'v'; MAX_VALUE_BYTES];
        properties.add("ro.product.model", &longest);
        properties.add("ro.product.brand", &[b'v'; MAX_VALUE_BYTES + 1]);
        properties.add("ro.serialno", b"SECRET");
        properties.add("ro.product.model", b"another");
        let kept: Vec<_> = properties.iter().collect();
        assert_eq!(kept, [("ro.product.model", Some(&longest[..]))]);
    }

    #[test]
    fn an_unknown_answer_holds_no_property() {
        for text in ["", "/system/bin/sh: getprop: not found", "[", "[a]", "[a]: [", "]: ["] {
            let properties = Properties::read(text.as_bytes());
            assert!(properties.is_empty() && properties.iter().count() == 0, "{text}");
        }
        assert!(!Properties::read(b"[ro.product.model]: []").is_empty());
    }

    #[test]
    fn a_written_listing_says_what_was_read() {
        for listing in [
            "",
            "[ro.product.model]: [M[1]]\n",
            "[ro.product.model]: []\n",
            "[ro.product.brand]: [a\n\n[b]\n[ro.product.model]: [x]\ny]\n",
            "[sys.boot_completed]: [0]\n[sys.boot_completed]: [1]\n",
            "[ro.product.model]: [a\r\r\nb\r]\n[sys.boot_completed]: [\r\r\n]\n",
            "[ro.product.model]: [a\u{85}\u{2028}]\n[persist.security.adb]:x]: [1]\n",
        ] {
            let properties = Properties::read(listing.as_bytes());
            assert_eq!(Properties::read(&properties.listing()), properties, "{listing:?}");
        }
    }

    #[test]
    fn a_device_is_called_by_the_name_on_its_box_or_else_its_model() {
        for (listing, expected) in [
            ("[ro.product.model]: [M1]\n[ro.product.marketname]: [Redmi 9]", Some("Redmi 9")),
            ("[ro.product.model]: [M1]", Some("M1")),
            ("[ro.product.brand]: [Redmi]", None),
        ] {
            assert_eq!(device(listing).name(), expected, "{listing}");
        }
    }

    #[test]
    fn systems_are_named_as_people_know_them() {
        for (listing, expected) in [
            (
                "[ro.mi.os.version.name]: [OS2.0]\n[ro.miui.ui.version.name]: [V816]",
                Some("HyperOS 2.0"),
            ),
            ("[ro.miui.ui.version.name]: [V816]", Some("HyperOS")),
            ("[ro.miui.ui.version.name]: [V10]", Some("MIUI 10")),
            ("[ro.miui.ui.version.name]: [V125]", Some("MIUI 12.5")),
            ("[ro.miui.ui.version.name]: [V140]", Some("MIUI 14")),
            ("[ro.miui.ui.version.name]: [V9]", Some("MIUI 9")),
            ("[ro.miui.ui.version.name]: [Vनौ]", Some("MIUI नौ")),
            ("[ro.product.model]: [Pixel 8]", None),
        ] {
            assert_eq!(device(listing).system.as_deref(), expected, "{listing}");
        }
    }

    #[test]
    fn the_family_is_known_by_maker_brand_or_system() {
        for (listing, expected) in [
            ("[ro.product.manufacturer]: [XIAOMI]", Family::Xiaomi),
            ("[ro.product.manufacturer]: [x]\n[ro.product.brand]: [Poco]", Family::Xiaomi),
            ("[ro.product.manufacturer]: [blackshark]", Family::Xiaomi),
            (
                "[ro.product.manufacturer]: [nubia]\n[ro.miui.ui.version.name]: [V10]",
                Family::Xiaomi,
            ),
            ("[ro.product.manufacturer]: [ Xiaomi Communications Co., Ltd.]", Family::Xiaomi),
            ("[ro.product.manufacturer]: [POCO ]", Family::Xiaomi),
            ("[ro.product.manufacturer]: [Google]", Family::Other),
            ("[ro.product.brand]: [google]", Family::Other),
            ("[ro.product.model]: [M1]", Family::Unknown),
            ("", Family::Unknown),
        ] {
            assert_eq!(device(listing).family(), expected, "{listing}");
        }
    }

    /// What `Properties::read` gives, read without any shortcut.
    fn read_plainly(listing: &[u8]) -> Properties {
        let mut properties = Properties::default();
        let lines: Vec<&[u8]> = lines(listing.trim_ascii_end()).collect();
        let mut at = 0;
        while at < lines.len() {
            let entry = split_entry(lines[at]);
            at += 1;
            let Some((key, first)) = entry else { continue };
            let mut value = first.to_vec();
            while lines
                .get(at)
                .is_some_and(|next| !value.ends_with(b"]") || !next.starts_with(b"["))
            {
                value.push(b'\n');
                value.extend_from_slice(lines[at]);
                at += 1;
            }
            if let (Some(key), Some(value)) = (allowed(key), value.strip_suffix(b"]")) {
                properties.keep(key, value.to_vec());
            }
        }
        properties
    }

    proptest! {
        #[test]
        fn shortcuts_change_nothing(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "[", "]", "]: [", "\n", "\n[", "]\n", "]\n[", "\r\n", "ro.product.model", "ro.product.x",
                    "sys.boot_completed", "persist.security.adbx", "init.svc.x", "x"]), 0..60)
        ) {
            let listing = pieces.concat();
            prop_assert_eq!(Properties::read(listing.as_bytes()), read_plainly(listing.as_bytes()));
        }

        #[test]
        fn reading_never_panics(listing in prop::collection::vec(any::<u8>(), 0..400)) {
            let _ = Device::read(&Properties::read(&listing)).family();
        }

        #[test]
        fn reading_almost_listings_never_panics(
            pieces in prop::collection::vec(
                prop::sample::select(vec!["[", "]", "]: [", "\n", "\r\n", "ro.product.model", "x", "\u{a0}", "1"]), 0..60)
        ) {
            let _ = Device::read(&Properties::read(pieces.concat().as_bytes()));
        }

        #[test]
        fn a_written_listing_always_says_what_was_read(
            pieces in prop::collection::vec(
                prop::sample::select(vec![
                    "[ro.product.model]: [", "[sys.boot_completed]: [", "[persist.security.adb",
                    "]", "]\n", "]: [", "\n", "\r", "\r\n", "[", "x", "1", " "]), 0..60)
        ) {
            let properties = Properties::read(pieces.concat().as_bytes());
            prop_assert_eq!(Properties::read(&properties.listing()), properties);
        }
    }
}
