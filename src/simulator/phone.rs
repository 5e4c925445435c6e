//! A simulated phone as a test or `demo.toml` describes it, and how its answers are made ready.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::OnceLock;
use std::time::Duration;

use super::activity::Activity;
use super::dumps::{self, App};
use super::fault::Fault;
use super::prepared::Prepared;
use super::properties::{self, Make};

/// What adb's daemon of today offers, shortened to what a shell needs.
const FEATURES: &str = "shell_v2,cmd,stat_v2,ls_v2,fixed_push_mkdir,apex,abb,fixed_push_symlink_timestamp,abb_exec,\
    remount_shell,track_app,sendrecv_v2";

/// What Xiaomi's phones update their apps with; GetApps among them has a dump, too.
const UPDATERS: [&str; 2] = ["com.xiaomi.discover", "com.xiaomi.mipicks"];

/// Xiaomi's app store outside China, which its phones have, and a version of it that was made up.
const GETAPPS: (&str, &str) = ("com.xiaomi.mipicks", "38.2.0.3");

/// What a package manager does when it is asked.
#[derive(Debug, Clone)]
enum PackageManager {
    /// Knows every package that has a dump and, on Xiaomi's phones, the apps that update others.
    FromDumps,
    Lists(Vec<String>),
    Dead,
}

/// Something that a phone has by default, as it was said, or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Setting {
    Default,
    Is(String),
    Without,
}

/// How a phone that listens on TCP answers a computer that it may not know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Authorisation {
    /// Trusts everybody.
    #[default]
    Open,
    /// Rejects every signature; once it has the public key it waits for a person.
    Ask {
        /// How long the person takes to allow; `None`: nobody ever does.
        allowed_after: Option<Duration>,
    },
}

/// A simulated phone. Every method returns the phone, so that one expression describes it:
///
/// ```
/// use micheck_simulator::Phone;
/// let phone = Phone::xiaomi("R1").android(15).version("3.1.874.10").factory(Some("2.5.100.3"));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Phone {
    pub(super) serial: Vec<u8>,
    state: String,
    states: Vec<(Duration, String)>,
    /// By default the bench numbers it.
    usb: Setting,
    make: Option<Make>,
    /// By default what phones of this Android version have; without any the query fails.
    features: Setting,
    android: u32,
    properties: BTreeMap<String, Option<String>>,
    property_lines: usize,
    getprop: Option<Vec<u8>>,
    app: Option<App>,
    other_apps: BTreeMap<String, App>,
    dumps: BTreeMap<String, Vec<u8>>,
    package_manager: PackageManager,
    commands: BTreeMap<String, (Vec<u8>, u8)>,
    crlf: Option<bool>,
    delay: Duration,
    activities: BTreeMap<String, Activity>,
    am_delay: Duration,
    update: Option<(Duration, String)>,
    fault: Fault,
    fault_times: Option<usize>,
    authorisation: Authorisation,
    host: IpAddr,
}

impl Phone {
    /// An Android 14 phone in the state `device` that says nothing about its make and has no
    /// packages of interest. The serial can be any bytes.
    pub fn new(serial: impl Into<Vec<u8>>) -> Self {
        Self {
            serial: serial.into(),
            state: "device".to_owned(),
            states: Vec::new(),
            usb: Setting::Default,
            make: None,
            features: Setting::Default,
            android: 14,
            properties: BTreeMap::new(),
            property_lines: 0,
            getprop: None,
            app: None,
            other_apps: BTreeMap::new(),
            dumps: BTreeMap::new(),
            package_manager: PackageManager::FromDumps,
            commands: BTreeMap::new(),
            crlf: None,
            delay: Duration::ZERO,
            activities: BTreeMap::new(),
            am_delay: Duration::ZERO,
            update: None,
            fault: Fault::None,
            fault_times: None,
            authorisation: Authorisation::Open,
            host: Ipv4Addr::LOCALHOST.into(),
        }
    }

    /// A Redmi Note 13 with HyperOS on Android 14, booted, without the app under check.
    pub fn xiaomi(serial: impl Into<Vec<u8>>) -> Self {
        Self::new(serial).make(Make::redmi_note_13())
    }

    /// A POCO X6 Pro with HyperOS on Android 14, booted, without the app under check.
    pub fn poco(serial: impl Into<Vec<u8>>) -> Self {
        Self::new(serial).make(Make::poco_x6_pro())
    }

    /// A Google Pixel 8 on Android 14, booted.
    pub fn pixel(serial: impl Into<Vec<u8>>) -> Self {
        Self::new(serial).make(Make::pixel_8())
    }

    /// The state as `devices -l` prints it, free text; `absent` is not in the list at all.
    pub fn state(mut self, state: impl Into<String>) -> Self {
        self.state = state.into();
        self
    }

    /// A later state, so long after the phone was plugged in. `absent` takes it out of the list; the
    /// next state brings it back with a new transport id, as a replug does.
    pub fn then(mut self, after: Duration, state: impl Into<String>) -> Self {
        self.states.push((after, state.into()));
        self
    }

    /// The USB path, such as `1-4.2`. Without this call the bench numbers its phones `1-1`, `1-2`…
    pub fn usb(mut self, path: impl Into<String>) -> Self {
        self.usb = Setting::Is(path.into());
        self
    }

    /// No USB path in the list, as a phone on the network.
    pub fn network(mut self) -> Self {
        self.usb = Setting::Without;
        self
    }

    /// What the phone calls itself.
    pub fn make(mut self, make: Make) -> Self {
        self.make = Some(make);
        self
    }

    /// Features as adb lists them, separated by commas; without `shell_v2` the phone has only the
    /// old shell service.
    pub fn features(mut self, features: impl Into<String>) -> Self {
        self.features = Setting::Is(features.into());
        self
    }

    /// The features query fails, as on a server that is too old to know it, and the phone has only
    /// the old shell service. Without this call a phone of Android 6 or older has no features: the
    /// query succeeds and the list is empty.
    pub fn no_features(mut self) -> Self {
        self.features = Setting::Without;
        self
    }

    /// The Android version: picks the dump's layout, the build properties and, up to 6, the old
    /// shell service with CRLF.
    pub fn android(mut self, version: u32) -> Self {
        self.android = version;
        self
    }

    /// Sets one property over what the make and Android version give.
    pub fn property(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.properties.insert(key.into(), Some(value.into()));
        self
    }

    /// Takes one property away, such as `sys.boot_completed` of a phone that still starts.
    pub fn without_property(mut self, key: impl Into<String>) -> Self {
        self.properties.insert(key.into(), None);
        self
    }

    /// Fills the properties up to so many lines, for measurements: real phones print 600 to 1,500.
    pub fn property_lines(mut self, lines: usize) -> Self {
        self.property_lines = lines;
        self
    }

    /// The whole text of `getprop`, instead of one made from make and properties.
    pub fn getprop(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.getprop = Some(text.into());
        self
    }

    /// The app under check is installed in this version; any text, put in as it is.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.app_mut().version = version.into();
        self
    }

    /// The version of the app's factory copy; `None`: the app was never updated. Without this call
    /// it is 2.5.100.3.
    pub fn factory(mut self, version: Option<&str>) -> Self {
        self.app_mut().factory = version.map(str::to_owned);
        self
    }

    /// `enabled=` in the app's user line: 0 default, 2 disabled, 3 disabled by the user.
    pub fn enabled(mut self, number: u8) -> Self {
        self.app_mut().enabled = number;
        self
    }

    fn app_mut(&mut self) -> &mut App {
        self.app.get_or_insert_with(|| App {
            version: "3.1.900.12".to_owned(),
            factory: Some("2.5.100.3".to_owned()),
            enabled: 0,
        })
    }

    /// Another app is installed in this version, and was never updated; any text, put in as it is.
    pub fn app(mut self, package: impl Into<String>, version: impl Into<String>) -> Self {
        let app = App { version: version.into(), factory: None, enabled: 0 };
        self.other_apps.insert(package.into(), app);
        self
    }

    /// The exact bytes that `dumpsys package PACKAGE` prints.
    pub fn dump(mut self, package: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        self.dumps.insert(package.into(), bytes.into());
        self
    }

    /// What `pm` knows, instead of every package that has a dump. `android` is always there.
    pub fn packages<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.package_manager = PackageManager::Lists(names.into_iter().map(Into::into).collect());
        self
    }

    /// `pm` prints `Error: Could not access the Package Manager.  Is the system running?`.
    pub fn package_manager_dead(mut self) -> Self {
        self.package_manager = PackageManager::Dead;
        self
    }

    /// What one statement prints and returns, such as `pm path android`, whatever the simulated
    /// shell would do.
    pub fn command(
        mut self,
        statement: impl Into<String>,
        output: impl Into<Vec<u8>>,
        exit: u8,
    ) -> Self {
        self.commands.insert(statement.into(), (output.into(), exit));
        self
    }

    /// Whether a terminal stands between the old shell service and the reader, so that every line
    /// ends with CRLF.
    pub fn crlf(mut self, crlf: bool) -> Self {
        self.crlf = Some(crlf);
        self
    }

    /// How long the phone takes between accepting a command and answering it.
    pub fn delay(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// What happens when a screen of an app is asked for. Without this call the screens of every app
    /// that is there are shown, and those of others aren't.
    pub fn activity(mut self, package: impl Into<String>, activity: Activity) -> Self {
        self.activities.insert(package.into(), activity);
        self
    }

    /// How long `am` takes.
    pub fn am_delay(mut self, delay: Duration) -> Self {
        self.am_delay = delay;
        self
    }

    /// So long after a screen was shown for the first time, somebody has updated the app under check to
    /// this version. Without this call nobody does.
    pub fn updates(mut self, after: Duration, version: impl Into<String>) -> Self {
        self.update = Some((after, version.into()));
        self
    }

    /// What goes wrong.
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = fault;
        self
    }

    /// The fault happens so many times, then the phone is well: for what retries.
    pub fn fault_times(mut self, times: usize) -> Self {
        self.fault_times = Some(times);
        self
    }

    /// How the phone answers an unknown computer, when it listens on TCP.
    pub fn authorisation(mut self, authorisation: Authorisation) -> Self {
        self.authorisation = authorisation;
        self
    }

    /// The address of this computer on which the phone listens, when it listens on TCP; 127.0.0.1
    /// without this call.
    pub fn host(mut self, address: impl Into<IpAddr>) -> Self {
        self.host = address.into();
        self
    }

    /// Makes every answer ready.
    pub(super) fn prepare(self) -> Prepared {
        let old = self.android <= 6;
        let getprop = self.getprop.clone().unwrap_or_else(|| self.getprop_text());
        let mut dumps = self.dumps;
        if let Some(app) = &self.app {
            dumps
                .entry(dumps::MI_CONNECT.to_owned())
                .or_insert_with(|| dumps::installed(self.android, dumps::MI_CONNECT, app));
        }
        let updated = self.update.map(|(after, version)| {
            let factory = self.app.as_ref().and_then(|app| app.factory.clone());
            let app = App { version, factory, enabled: 0 };
            (after, dumps::installed(self.android, dumps::MI_CONNECT, &app))
        });
        let mut apps = self.other_apps;
        let is_xiaomi = self.make.as_ref().is_some_and(Make::is_xiaomi);
        if is_xiaomi && matches!(self.package_manager, PackageManager::FromDumps) {
            let (package, version) = GETAPPS;
            let app = App { version: version.to_owned(), factory: None, enabled: 0 };
            apps.entry(package.to_owned()).or_insert(app);
        }
        for (package, app) in apps {
            let dump = || dumps::installed(self.android, &package, &app);
            dumps.entry(package.clone()).or_insert_with(dump);
        }
        let packages = match self.package_manager {
            PackageManager::Dead => None,
            PackageManager::Lists(names) => Some(names),
            PackageManager::FromDumps => {
                let mut names = with_a_block(&dumps);
                let updaters = UPDATERS.into_iter().filter(|_| is_xiaomi);
                let new = |name: &&str| !dumps.contains_key(*name);
                names.extend(updaters.filter(new).map(str::to_owned));
                Some(names)
            }
        };
        Prepared {
            serial: self.serial,
            state: self.state,
            states: self.states,
            usb: self.usb,
            make: self.make,
            features: match self.features {
                Setting::Is(features) => Some(features),
                // A server of today answers the query for an old phone with an empty list.
                Setting::Default if old => Some(String::new()),
                Setting::Default => Some(FEATURES.to_owned()),
                Setting::Without => None,
            },
            android: self.android,
            getprop,
            dumps,
            packages,
            commands: self.commands,
            crlf: self.crlf.unwrap_or(old),
            delay: self.delay,
            activities: self.activities,
            am_delay: self.am_delay,
            updated,
            shown_at: OnceLock::new(),
            is_xiaomi,
            fault: self.fault,
            fault_times: self.fault_times,
            authorisation: self.authorisation,
            host: self.host,
        }
    }

    fn getprop_text(&self) -> Vec<u8> {
        let serial = String::from_utf8_lossy(&self.serial);
        let mut all = match &self.make {
            Some(make) => properties::properties(make, self.android, &serial),
            None => BTreeMap::from([
                ("ro.build.version.release".to_owned(), self.android.to_string()),
                ("ro.build.version.sdk".to_owned(), properties::sdk(self.android).to_string()),
                ("sys.boot_completed".to_owned(), "1".to_owned()),
            ]),
        };
        for (key, value) in &self.properties {
            match value {
                Some(value) => all.insert(key.clone(), value.clone()),
                None => all.remove(key),
            };
        }
        for number in all.len()..self.property_lines {
            all.insert(format!("vendor.simulated.tuning.{number:04}"), "0x0000abcd".to_owned());
        }
        properties::text(&all)
    }
}

/// The packages whose dumps hold a block of their own.
fn with_a_block(dumps: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    let has_block = |name: &str, dump: &[u8]| {
        memchr::memmem::find(dump, format!("  Package [{name}] (").as_bytes()).is_some()
    };
    dumps
        .iter()
        .filter(|(name, dump)| has_block(name, dump))
        .map(|(name, _)| name.clone())
        .collect()
}

/// Whether a phone in this state has a shell: a sideloading recovery and a bootloader have none.
pub(super) fn has_shell(state: &str) -> bool {
    matches!(state, "device" | "recovery")
}
