//! What was looked at, as data: the input of a check-up.

use micheck_adb::server::ServerError;
use micheck_adb::usb_device::UsbDevice;
use micheck_adb::{Endpoint, ListedPhone};

/// Everything that was looked at. A stranger's text in it isn't escaped.
#[derive(Debug)]
pub struct Findings {
    /// Where the program adb lies; `None`: it isn't where programs are looked for.
    pub adb_program: Option<String>,
    /// Where adb's key lies; `None`: this user has no home.
    pub key_path: Option<String>,
    pub key: KeyState,
    /// Who may open USB devices; `None`: this system has no such rules.
    pub udev: Option<UdevState>,
    /// The system needs a driver for each kind of phone (Windows).
    pub needs_driver: bool,
    /// The adb servers that micheck would ask, in the order of naming.
    pub servers: Vec<ServerFound>,
    /// What is on the USB bus, by port; else why that isn't known.
    pub usb: Result<Vec<PluggedIn>, String>,
    pub advisories: AdvisoriesFound,
}

/// What is where adb's key should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyState {
    /// Nothing; adb or micheck makes one when it needs it.
    Missing,
    /// A key that can be used.
    Usable {
        /// Whether other users of this computer may read it.
        open_to_others: bool,
    },
    /// A key in the form PKCS#1.
    OldForm,
    /// A file that holds no key that phones take.
    NoKey,
    /// Something that can't be read; why.
    Unreadable(String),
    /// Nobody could look in time.
    Unknown,
}

/// What gives access to USB devices on Linux.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UdevState {
    /// The file with a rule for phones; `None`: none was found.
    pub rule: Option<String>,
    /// This user may open everything.
    pub is_root: bool,
}

/// An adb server, or what was found in its place.
#[derive(Debug)]
pub struct ServerFound {
    pub endpoint: Endpoint,
    pub named: bool,
    /// Which program listens there, if that is known.
    pub holder: Option<OwningProcess>,
    /// What came of asking it.
    pub outcome: Result<RunningServer, ServerError>,
}

/// An adb server that answers.
#[derive(Debug)]
pub struct RunningServer {
    /// Its protocol version; `None`: it didn't say.
    pub version: Option<u32>,
    /// The phones that it lists.
    pub phones: Vec<ListedPhone>,
}

impl ServerFound {
    /// The phones that it lists.
    #[must_use]
    pub fn phones(&self) -> &[ListedPhone] {
        self.outcome.as_ref().map_or(&[], |running| &running.phones)
    }
}

/// A device on the USB bus.
#[derive(Debug, Clone)]
pub struct PluggedIn {
    pub device: UsbDevice,
    /// An adb server of this computer lists it.
    pub listed: bool,
    /// Which program has it open, if that is known.
    pub holder: Option<OwningProcess>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwningProcess {
    /// The system's number for the process.
    pub pid: u32,
    /// What it calls itself, decoded and not escaped: a process may choose it freely.
    pub name: String,
}

/// The built-in advisories, and how old they are.
#[derive(Debug, Clone)]
pub struct AdvisoriesFound {
    pub version: String,
    /// Its day, `YYYY-MM-DD`.
    pub date: String,
    /// Days since; negative if this computer's date is before it.
    pub age_days: i64,
}

impl Findings {
    /// Whether an adb server of this computer answers.
    pub(super) fn server_runs_here(&self) -> bool {
        self.servers.iter().any(|server| server.endpoint.is_loopback() && server.outcome.is_ok())
    }
}
