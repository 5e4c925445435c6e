//! A phone on the network that wants TLS (wireless debugging, Android 11 and later): by
//! `adb_client`, which does TLS with adb's key as its certificate.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;

use adb_client::tcp::ADBTcpDevice;
use adb_client::{ADBDeviceExt as _, RustADBError};

use super::pipe::Hello;
use super::session::Listener;
use crate::adb::Trouble;
use crate::verdict::Reason;

/// A session over TLS.
pub(super) struct Tls {
    device: ADBTcpDevice,
}

impl Tls {
    /// Connects to `address` with the key at `key`.
    ///
    /// # Errors
    /// No connection, the phone doesn't know the key, or the key can't be used.
    pub(super) fn connect(address: SocketAddr, key: &Path) -> Result<(Self, Hello), Trouble> {
        // `adb_client` would make a key that nobody keeps.
        crate::adb::key::AdbKey::read(key)
            .map_err(|error| Trouble::with_detail(error.reason(), error.to_string()))?;
        let device = ADBTcpDevice::new_with_custom_private_key(address, key)
            .map_err(|error| of_error(&error))?;
        // The phone's introduction stays with `adb_client`, which speaks the old shell only.
        let hello = Hello { state: "device".to_owned(), ..Hello::default() };
        Ok((Self { device }, hello))
    }

    /// Runs `service`, an old shell's.
    ///
    /// # Errors
    /// The connection broke.
    pub(super) fn run(
        &mut self,
        service: &str,
        listener: &mut impl Listener,
    ) -> Result<(), Trouble> {
        let command = service.strip_prefix("shell:").unwrap_or(service);
        let mut output = Output { listener };
        self.device
            .shell_command(&command, Some(&mut output), None)
            .map(|_| ())
            .map_err(|error| of_error(&error))
    }
}

/// Passes on what the phone says.
struct Output<'a, L> {
    listener: &'a mut L,
}

impl<L: Listener> Write for Output<'_, L> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.listener.data(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn of_error(error: &RustADBError) -> Trouble {
    let text = error.to_string();
    // A phone tells only after the handshake that it doesn't know the key: by an alert.
    let reason = if text.contains("fatal alert") {
        Reason::Unauthorized
    } else if matches!(error, RustADBError::IOError(_)) {
        Reason::Disconnected
    } else {
        Reason::UnreadableAnswer
    };
    let text: String = text.chars().take(200).collect();
    Trouble::with_detail(reason, text)
}
