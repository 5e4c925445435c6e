//! Why a phone could not be judged. Core: no I/O.

use serde::{Deserialize, Serialize};

/// Declares a closed enum with one stable `snake_case` key for each member.
#[macro_export]
macro_rules! keyed_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $key:literal,)+ }) => {
        $(#[$meta])*
        pub enum $name { $($(#[$variant_meta])* #[serde(rename = $key)] $variant,)+ }

        impl $name {
            /// Every member, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The stable key that JSON and the documentation use.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key,)+ }
            }
        }
    };
}
pub use crate::keyed_enum;

keyed_enum! {
    /// Why the verdict is `unknown`. Each has a section in `docs/reasons.md` and a next step.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum Reason {
        /// The phone hasn't allowed this computer to debug it.
        Unauthorized = "unauthorized",
        /// The person at the phone refused this computer.
        AuthRefused = "auth_refused",
        /// Phone and computer are still agreeing on a key or a connection.
        Authorizing = "authorizing",
        /// The system doesn't let this user open the USB device.
        NoPermission = "no_permission",
        /// The phone is listed and doesn't answer the adb server.
        Offline = "offline",
        /// The phone isn't running Android: recovery, sideload, rescue or fastboot.
        WrongMode = "wrong_mode",
        /// A Xiaomi phone is plugged in without an ADB interface.
        UsbDebuggingOff = "usb_debugging_off",
        /// Another program holds the phone's USB interface.
        UsbBusy = "usb_busy",
        /// Windows has no usable driver for the phone.
        DriverMissing = "driver_missing",
        /// The phone offers an ADB interface of a kind that micheck can't speak.
        UnsupportedInterface = "unsupported_interface",
        /// The computer's ADB key can't be used.
        BadKey = "bad_key",
        /// Two phones share one serial number and the server can't tell them apart.
        AmbiguousSerial = "ambiguous_serial",
        /// micheck's own process for this phone failed.
        WorkerFailed = "worker_failed",
        /// This computer lets micheck open no more files or start no more processes.
        ResourceLimit = "resource_limit",
        /// Nothing answers at the phone's address on the network.
        Unreachable = "unreachable",
        /// The adb server can't be reached, or went away.
        ServerLost = "server_lost",
        /// The phone was unplugged, or its connection broke.
        Disconnected = "disconnected",
        /// The phone didn't finish its answer in time.
        Timeout = "timeout",
        /// The answer passed its bound.
        AnswerTooLarge = "answer_too_large",
        /// The answer was cut off or parts of it are missing.
        IncompleteAnswer = "incomplete_answer",
        /// The dump contradicts itself, or parts of it may be forged.
        AmbiguousDump = "ambiguous_dump",
        /// A saved dump of all apps without a bug report's frames: it shows risk and never health.
        AllAppsDump = "all_apps_dump",
        /// Android hasn't finished starting.
        StillBooting = "still_booting",
        /// Android's package service didn't answer.
        ServiceUnavailable = "service_unavailable",
        /// The phone refused to show the app's state.
        Denied = "denied",
        /// The phone's package service took too long over its dump.
        DumpTimedOut = "dump_timed_out",
        /// The app is there and its version can't be read.
        UnreadableVersion = "unreadable_version",
        /// The answer isn't in any known form.
        UnreadableAnswer = "unreadable_answer",
        /// The file holds no `dumpsys package` output.
        NotADump = "not_a_dump",
        /// The file, or something in it, wasn't read.
        NotRead = "not_read",
        /// A person didn't find the app on the phone, which doesn't show that it isn't there.
        NotSeen = "not_seen",
        /// What is on record of the phone says nothing of the app, or too little.
        NotRecorded = "not_recorded",
    }
}

impl Reason {
    /// Whether asking again by itself, with nobody doing anything, may end otherwise.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Authorizing
                | Self::NoPermission
                | Self::Offline
                | Self::UsbBusy
                | Self::DriverMissing
                | Self::WorkerFailed
                | Self::ResourceLimit
                | Self::Unreachable
                | Self::ServerLost
                | Self::Disconnected
                | Self::Timeout
                | Self::IncompleteAnswer
                | Self::StillBooting
                | Self::ServiceUnavailable
                | Self::DumpTimedOut
        )
    }
}
