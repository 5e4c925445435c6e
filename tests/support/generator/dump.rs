//! `dumpsys package NAME`: the dump of one app.

use std::fmt::Write as _;

use super::{App, Made, NAME, Phone, Release, Row, getprop};

/// A package's block.
#[derive(Debug, Clone)]
pub(crate) struct Block {
    pub(crate) name: String,
    /// `None`: `pkg=null`.
    pub(crate) version: Option<String>,
    pub(crate) app_id: u32,
    pub(crate) system: bool,
    pub(crate) updated: bool,
    /// For each user whether it is installed.
    pub(crate) users: Vec<(u32, bool)>,
}

impl Block {
    pub(crate) fn new(name: &str, version: &str) -> Self {
        Self {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            app_id: 10_107,
            system: false,
            updated: false,
            users: vec![(0, true)],
        }
    }

    /// `versionCode`: the version's digits.
    pub(crate) fn code(&self) -> u64 {
        self.version.as_deref().map_or(31_087_410, code_of)
    }

    /// The block as `Settings.dumpPackageLPr` prints it.
    pub(crate) fn text(&self, release: Release) -> String {
        let Self { name, app_id, .. } = self;
        let major = release.major;
        let hash = hash_of(name);
        let mut text = format!("  Package [{name}] ({hash:x}):\n");
        let mut line = |line: String| {
            writeln!(text, "    {line}").unwrap();
        };
        let id = if major >= 14 { "appId" } else { "userId" };
        let groups = if major < 6 { " gids=[3003, 1028, 1015]" } else { "" };
        line(format!("{id}={app_id}{groups}"));
        let package = format!("Package{{{hash:x} {name}}}");
        line(format!("pkg={}", if self.version.is_some() { &package } else { "null" }));
        let place = if self.system && !self.updated { "/system/priv-app" } else { "/data/app" };
        line(format!("codePath={place}/{name}-1"));
        line(format!("resourcePath={place}/{name}-1"));
        line(format!("legacyNativeLibraryDir={place}/{name}-1/lib"));
        if major >= 14 {
            line("extractNativeLibs=true".to_owned());
        }
        line("primaryCpuAbi=arm64-v8a".to_owned());
        line("secondaryCpuAbi=null".to_owned());
        let least = if major >= 7 { " minSdk=23" } else { "" };
        line(format!("versionCode={}{least} targetSdk={}", self.code(), release.sdk()));
        if let Some(version) = &self.version {
            if major >= 12 {
                line("minExtensionVersions=[]".to_owned());
            }
            line(format!("versionName={version}"));
            if major >= 15 {
                line("hiddenApiEnforcementPolicy=0".to_owned());
            }
            if major >= 12 {
                line("usesNonSdkApi=true".to_owned());
            }
            if major >= 6 {
                line("splits=[base]".to_owned());
            }
            if major >= 7 {
                line("apkSigningVersion=2".to_owned());
            }
            if major < 13 {
                line(format!("applicationInfo=ApplicationInfo{{{hash:x} {name}}}"));
            }
            line(format!("flags=[ {}]", self.flags()));
            if major >= 11 {
                line("forceQueryable=false".to_owned());
                // What an app asks for, whether it is there or not.
                line(format!("queriesPackages=[com.milink.service, {}]", super::NAME));
            }
            line("dataDir=/data/user/0/".to_owned() + name);
            line(
                "supportsScreens=[small, medium, large, xlarge, resizeable, anyDensity]".to_owned(),
            );
            line("usesLibraries:".to_owned());
            line("  org.apache.http.legacy".to_owned());
        }
        line("timeStamp=2024-11-02 09:14:31".to_owned());
        line("firstInstallTime=2009-01-01 00:00:00".to_owned());
        line("lastUpdateTime=2024-11-02 09:14:33".to_owned());
        line("installerPackageName=com.xiaomi.market".to_owned());
        line(format!("signatures=PackageSignatures{{{hash:x} [b4addb29]}}"));
        line("installPermissionsFixed=true installStatus=1".to_owned());
        line(format!("pkgFlags=[ {}]", self.flags()));
        line("requested permissions:".to_owned());
        line("  android.permission.INTERNET".to_owned());
        line("install permissions:".to_owned());
        line("  android.permission.INTERNET: granted=true".to_owned());
        for &(user, installed) in &self.users {
            line(user_line(release, user, installed));
            line("  gids=[3002, 3003]".to_owned());
        }
        text
    }

    fn flags(&self) -> String {
        let mut flags = String::new();
        if self.system {
            flags.push_str("SYSTEM ");
        }
        flags.push_str("HAS_CODE ALLOW_CLEAR_USER_DATA ");
        if self.updated {
            flags.push_str("UPDATED_SYSTEM_APP ");
        }
        flags
    }
}

fn user_line(release: Release, user: u32, installed: bool) -> String {
    let major = release.major;
    // Two spaces behind the colon where no inode stands.
    let inode = if major >= 7 { "ceDataInode=393312 " } else { " " };
    let suspended = if major >= 7 { "suspended=false " } else { "" };
    let distraction = if major >= 10 { "distractionFlags=0 " } else { "" };
    let end = match major {
        ..8 => "",
        8..14 => " instant=false virtual=false",
        14..17 => " instant=false virtual=false quarantined=false",
        _ => " instant=false virtual=false quarantined=false appLockEnabled=false",
    };
    format!(
        "User {user}: {inode}installed={installed} hidden=false {suspended}{distraction}\
         stopped=false notLaunched=false enabled=0{end}"
    )
}

pub(crate) fn code_of(version: &str) -> u64 {
    let digits: String = version.chars().filter(char::is_ascii_digit).take(9).collect();
    digits.parse().unwrap_or(1)
}

/// An object's hash as Java prints it: any number will do, so long as it stays.
fn hash_of(name: &str) -> u32 {
    name.bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
        & 0x0fff_ffff
}

/// The app's blocks: in force, and from the factory.
pub(crate) fn blocks(phone: &Phone) -> (Option<Block>, Option<Block>) {
    let of = |version| Block::new(NAME, version);
    match phone.app {
        App::InForce(version) => (Some(of(version)), None),
        App::Updated(version, factory) => {
            let hidden = Block { system: true, ..of(factory) };
            (Some(Block { system: true, updated: true, ..of(version) }), Some(hidden))
        }
        App::ForAnotherUser(version) => {
            (Some(Block { users: vec![(0, false), (10, true)], ..of(version) }), None)
        }
        App::Removed(version) => {
            (Some(Block { users: vec![(0, false), (999, false)], ..of(version) }), None)
        }
        App::DataKept => {
            (Some(Block { version: None, users: vec![(0, false)], ..of(AFFECTED_ONCE) }), None)
        }
        App::Absent => (None, None),
    }
}

/// What was in force before it was uninstalled.
const AFFECTED_ONCE: &str = super::AFFECTED;

/// The answer to `dumpsys package NAME`.
pub(crate) fn text(phone: &Phone) -> String {
    let release = phone.release;
    let (active, hidden) = blocks(phone);
    let Some(active) = active else { return not_found(release) };
    let mut text = String::from(
        "Service Resolver Table:\n  Non-Data Actions:\n      com.xiaomi.mi_connect_service.BIND:\n        \
         a1b2c3d com.xiaomi.mi_connect_service/.MiConnectService filter e4f5a6b\n          \
         Action: \"com.xiaomi.mi_connect_service.BIND\"\n\n",
    );
    if release.major >= 12 {
        text.push_str("Domain verification status:\n\n");
    }
    write!(
        text,
        "Key Set Manager:\n  [{NAME}]\n      Signing KeySets: 12\n\nPackages:\n{}",
        active.text(release)
    )
    .unwrap();
    if let Some(hidden) = hidden {
        write!(text, "\nHidden system packages:\n{}", hidden.text(release)).unwrap();
    }
    if release.major >= 11 {
        text.push_str(
            "\nQueries:\n  system apps queryable: false\n  queries via package name:\n    \
             com.xiaomi.mis:\n      com.xiaomi.mi_connect_service\n  queryable via interaction:\n    \
             User 0:\n",
        );
    }
    if (8..13).contains(&release.major) {
        write!(
            text,
            "\nPackage Changes:\n  Sequence number=3\n  User 0:\n    seq=2, package={NAME}\n\n"
        )
        .unwrap();
    }
    if release.major >= 7 {
        write!(
            text,
            "\nDexopt state:\n  [{NAME}]\n    path: /data/app/{NAME}-1/base.apk\n      \
             arm64: [status=speed-profile] [reason=install]\n"
        )
        .unwrap();
    }
    if release.major >= 8 {
        write!(text, "\n\nCompiler stats:\n  [{NAME}]\n     base.apk - 1411\n").unwrap();
    }
    if release.major >= 10 {
        text.push_str("\nAPEX session state:\n\nActive APEX packages:\n\n");
    }
    text
}

/// How Android says that there is no such package.
fn not_found(release: Release) -> String {
    match release.major {
        ..7 => String::new(),
        7 => format!("\nDexopt state:\n  Unable to find package: {NAME}\n"),
        8..13 => format!(
            "\nDexopt state:\n  Unable to find package: {NAME}\n\n\nCompiler stats:\n  \
             Unable to find package: {NAME}\n"
        ),
        _ => format!("Unable to find package: {NAME}\n"),
    }
}

/// What the saved dump of one app can prove, when this is `right`.
///
/// Android 5 and 6 print nothing when the app isn't there, and nothing behind its block when it is,
/// unless there is a factory copy: nothing shows that such a file is whole.
pub(crate) fn row(phone: &Phone, right: Row) -> Row {
    match phone.app {
        _ if phone.release.major >= 7 => right,
        App::Absent => Row::Unknown("not_a_dump"),
        App::Updated(..) => right,
        _ if right == Row::Vulnerable => right,
        _ => Row::Unknown("incomplete_answer"),
    }
}

/// `adb shell dumpsys package NAME > dump.txt`.
pub(crate) fn of_one_app(phone: &Phone) -> Made {
    Made::new("dump of one app", phone, text(phone), row(phone, phone.truth_without_maker()))
}

/// The same behind the phone's properties.
pub(crate) fn behind_a_listing(phone: &Phone) -> Made {
    let text = getprop::listing(phone) + &text(phone);
    Made::new("listing and dump of one app", phone, text, row(phone, phone.truth()))
}

/// `adb shell pm dump NAME > dump.txt`: every line is moved in, and other services follow.
pub(crate) fn by_pm(phone: &Phone) -> Made {
    let mut moved = String::from("DUMP OF SERVICE package:\n");
    for line in text(phone).lines() {
        writeln!(moved, "  {line}").unwrap();
    }
    let others = format!(
        "\nDUMP OF SERVICE activity:\n  ACTIVITY MANAGER SETTINGS (dumpsys activity settings)\n\n\
         DUMP OF SERVICE meminfo:\n  No process found for: {NAME}\n\nDUMP OF SERVICE procstats:\n  \
         Total PSS\n\nDUMP OF SERVICE usagestats:\n\nDUMP OF SERVICE batterystats:\n  x\n"
    );
    // The next service shows that the block is whole; only an empty answer tells nothing.
    let silent = phone.release.major < 7 && phone.app == App::Absent;
    let row = if silent { Row::Unknown("") } else { phone.truth_without_maker() };
    Made::new("pm dump", phone, moved + &others, row)
}

/// A phone that is still starting: what isn't there yet may come.
///
/// While it starts the key is absent; what says something else than 1 is a person's or a maker's.
pub(crate) fn while_starting(phone: &Phone) -> Vec<Made> {
    let listing = getprop::listing(phone);
    let booted = "[sys.boot_completed]: [1]\n";
    let not_found = phone.app == App::Absent && phone.release.major >= 7;
    let made = [("", "incomplete_answer"), ("[sys.boot_completed]: [0]\n", "still_booting")];
    let made = made.map(|(instead, reason)| {
        let text = listing.replace(booted, instead) + &text(phone);
        let right = row(phone, phone.truth());
        let right = if not_found { Row::Unknown(reason) } else { right };
        Made::new(&format!("listing of a phone that starts {instead:?}"), phone, text, right)
    });
    made.into()
}
