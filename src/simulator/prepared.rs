//! A phone whose answers are ready to be sent.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use super::activity::Activity;
use super::dumps;
use super::fault::Fault;
use super::phone::{Authorisation, Setting};
use super::properties::Make;

/// Xiaomi's updater of the system, which its phones have.
const SYSTEM_UPDATER: &str = "com.android.updater";

/// A phone whose answers are ready to be sent.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) serial: Vec<u8>,
    pub(super) state: String,
    pub(super) states: Vec<(Duration, String)>,
    pub(super) usb: Setting,
    pub(super) make: Option<Make>,
    pub(super) features: Option<String>,
    pub(super) android: u32,
    pub(super) getprop: Vec<u8>,
    pub(super) dumps: BTreeMap<String, Vec<u8>>,
    /// What the package manager knows; `None` when it is dead.
    pub(super) packages: Option<Vec<String>>,
    pub(super) commands: BTreeMap<String, (Vec<u8>, u8)>,
    pub(super) crlf: bool,
    pub(super) delay: Duration,
    pub(super) activities: BTreeMap<String, Activity>,
    pub(super) am_delay: Duration,
    /// What `dumpsys package` says of the app under check so long after a screen was shown.
    pub(super) updated: Option<(Duration, Vec<u8>)>,
    /// When a screen was shown for the first time.
    pub(super) shown_at: OnceLock<Instant>,
    pub(super) is_xiaomi: bool,
    pub(super) fault: Fault,
    pub(super) fault_times: Option<usize>,
    pub(super) authorisation: Authorisation,
    pub(super) host: IpAddr,
}

impl Prepared {
    /// What `dumpsys package` says of this app at the moment.
    pub(super) fn dump_now(&self, package: &str) -> Option<&[u8]> {
        let updated = self.updated.as_ref().filter(|(after, _)| {
            package == dumps::MI_CONNECT
                && self.shown_at.get().is_some_and(|shown| shown.elapsed() >= *after)
        });
        updated.map(|(_, dump)| dump).or_else(|| self.dumps.get(package)).map(Vec::as_slice)
    }

    /// Whether an app with screens is there.
    pub(super) fn has_app(&self, package: &str) -> bool {
        let is_listed = self.packages.iter().flatten().any(|name| name == package);
        is_listed || self.is_xiaomi && package == SYSTEM_UPDATER
    }

    /// Whether the phone has the shell service that frames its output.
    pub(super) fn has_shell_v2(&self) -> bool {
        let features = self.features.as_deref().unwrap_or_default();
        features.split(',').any(|feature| feature == "shell_v2")
    }
}
