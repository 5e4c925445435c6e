//! `dumpsys package`: every app of a phone.

use std::fmt::Write as _;

use super::dump::{Block, blocks};
use super::{Made, NAME, Phone};

/// What else is installed: name, version; Android's own package comes first.
pub(crate) const OTHERS: &[(&str, &str)] = &[
    ("android", "14"),
    ("com.android.settings", "14"),
    ("com.android.systemui", "14.0 [0] [PR] 337959405"),
    ("com.miui.home", "RELEASE-8.01.02.4371-260727"),
    ("com.xiaomi.market", "4.62.1"),
    ("org.example.notes", "1.2 (beta)\nfor testers"),
];

/// What the dump of all apps is made of.
#[derive(Debug, Clone)]
pub(crate) struct FullDump {
    pub(crate) phone: Phone,
    pub(crate) active: Vec<Block>,
    pub(crate) hidden: Vec<Block>,
    /// So many lines more stand before and behind the lists, each of about 60 bytes.
    pub(crate) padding: usize,
    /// Apps' and installers' own words stand in it, which read like failures.
    pub(crate) messages: bool,
}

impl FullDump {
    pub(crate) fn new(phone: &Phone) -> Self {
        let (active, hidden) = blocks(phone);
        let mut others: Vec<Block> = OTHERS
            .iter()
            .map(|(name, version)| Block { system: true, ..Block::new(name, version) })
            .collect();
        // Somewhere in the middle: what is first or last is easy.
        let middle = others.len() / 2;
        others.splice(middle..middle, active);
        Self {
            phone: *phone,
            active: others,
            hidden: hidden.into_iter().collect(),
            padding: 3,
            messages: false,
        }
    }

    /// The service's answer, from its first line to its last.
    pub(crate) fn text(&self) -> String {
        let release = self.phone.release;
        let major = release.major;
        let mut text = format!(
            "Database versions:\n  Internal:\n    sdkVersion={} databaseVersion=3\n\n",
            release.sdk()
        );
        if major >= 7 {
            text.push_str("Known Packages:\n  System:\n    android\n\n");
        }
        text.push_str("Verifiers:\n  Required: com.android.vending (uid=10017)\n\n");
        text.push_str("Libraries:\n  javax.obex -> (jar) /system/framework/javax.obex.jar\n\n");
        text.push_str("Features:\n  android.hardware.bluetooth\n\n");
        text.push_str("Activity Resolver Table:\n  Non-Data Actions:\n");
        self.pad(&mut text, "com.miui.home/.launcher.Launcher filter");
        text.push_str(
            "\nPermissions:\n  Permission [android.permission.REBOOT] (1f2e3d4):\n    \
                       sourcePackage=android\n    uid=1000 gids=[] type=0 prot=signature\n",
        );
        text.push_str("\nKey Set Manager:\n  [android]\n      Signing KeySets: 1\n\nPackages:\n");
        for block in &self.active {
            text.push_str(&block.text(release));
        }
        if !self.hidden.is_empty() {
            text.push_str("\nHidden system packages:\n");
            for block in &self.hidden {
                text.push_str(&block.text(release));
            }
        }
        if major >= 11 {
            text.push_str(
                "\nQueries:\n  system apps queryable: false\n  queries via package name:\n",
            );
            // Named by others, installed or not.
            writeln!(text, "    com.xiaomi.mis:\n      com.milink.service").unwrap();
            if self.names_app() {
                writeln!(text, "    com.miui.home:\n      {NAME}").unwrap();
            }
            self.pad(&mut text, "com.android.settings queries");
        }
        text.push_str(
            "\nShared users:\n  SharedUser [android.uid.system] (a3b4c5):\n    userId=1000\n",
        );
        if major >= 12 && self.names_app() {
            writeln!(text, "    Packages\n      PackageSetting{{5a1bb5 {NAME}/10107}}").unwrap();
        }
        self.pad(&mut text, "android.permission.READ_LOGS: granted=true");
        if (8..13).contains(&major) {
            text.push_str(
                "\nPackage Changes:\n  Sequence number=3\n  User 0:\n    \
                           seq=2, package=com.miui.home\n\n",
            );
        }
        if major >= 7 {
            text.push_str(
                "\nDexopt state:\n  [com.miui.home]\n    path: /system/a.apk\n      \
                           arm64: [status=speed]\n      base APK odex file size: 4711\n",
            );
        }
        if major >= 8 {
            text.push_str("\nCompiler stats:\n  [com.miui.home]\n     base.apk - 1411\n");
        }
        text.push_str(
            "\nPackage warning messages:\n  05-12 10:00:01.123: No secure containers found\n",
        );
        if self.messages {
            text.push_str(
                "  05-12 10:00:02.456: java.lang.SecurityException: Permission Denial: can't dump x\n\
                 Permission Denial: can't dump y\n",
            );
        }
        if major >= 7 {
            text.push_str(
                "\nActive install sessions:\n\nHistorical install sessions:\n  Session 1234:\n",
            );
            let message = if self.messages { "Failed transaction (2147483646)" } else { "null" };
            writeln!(text, "    mFinalMessage={message}").unwrap();
        }
        if major >= 10 {
            text.push_str("\nAPEX session state:\n\nActive APEX packages:\n\n");
        }
        text
    }

    fn names_app(&self) -> bool {
        self.active.iter().any(|block| block.name == NAME)
    }

    fn pad(&self, text: &mut String, words: &str) {
        for line in 0..self.padding {
            writeln!(text, "        {line:07x} {words} {:07x}", line * 31).unwrap();
        }
    }
}

/// `adb shell dumpsys package > dump.txt`: proves risk, never health.
pub(crate) fn of_all_apps(phone: &Phone) -> Made {
    let text = FullDump::new(phone).text();
    Made::new("dump of all apps", phone, text, phone.truth_without_maker().at_most_risk(""))
}
