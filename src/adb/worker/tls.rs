//! A phone on the network that wants TLS (wireless debugging, Android 11 and later): by
//! `adb_client`, which does TLS with adb's key as its certificate.

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use adb_client::tcp::ADBTcpDevice;
use adb_client::{ADBDeviceExt as _, RustADBError};

use super::pipe::Hello;
use super::relay::{self, RelayProgress};
use super::session::Listener;
use super::tcp::Tcp;
use crate::link_error::LinkError;
use micheck_core::verdict::Reason;

/// A session over TLS.
pub(super) struct Tls {
    device: ADBTcpDevice,
    progress: Arc<RelayProgress>,
}

impl Tls {
    /// Goes on with `connection`, on which the phone has asked for TLS, with the key at `key`.
    ///
    /// # Errors
    /// The connection broke, the phone doesn't know the key, or the key can't be used.
    pub(super) fn connect(connection: Tcp, key: &Path) -> Result<(Self, Hello), LinkError> {
        // `adb_client` would make a key that nobody keeps.
        crate::key::AdbKey::read(key)?;
        let (phone, start_tls) =
            connection.into_start_of_tls().ok_or_else(|| LinkError::new(Reason::Disconnected))?;
        let progress = Arc::<RelayProgress>::default();
        let address = relay::start(phone, start_tls, Arc::clone(&progress)).map_err(|error| {
            LinkError::with_detail(Reason::Disconnected, format!("no way to do TLS: {error}"))
        })?;
        let device = progress
            .of(|| ADBTcpDevice::new_with_custom_private_key(address, key))
            .map_err(|error| of_error(&error))?;
        // The phone's introduction stays with `adb_client`, which speaks the old shell only.
        let hello = Hello { state: "device".to_owned(), ..Hello::default() };
        Ok((Self { device, progress }, hello))
    }

    /// Runs `service`, an old shell's.
    ///
    /// # Errors
    /// The connection broke.
    pub(super) fn run(
        &mut self,
        service: &str,
        listener: &mut impl Listener,
    ) -> Result<(), LinkError> {
        let command = service.strip_prefix("shell:").unwrap_or(service);
        let mut output = Output { listener, progress: &self.progress };
        self.progress
            .of(|| self.device.shell_command(&command, Some(&mut output), None))
            .map(|_| ())
            .map_err(|error| of_error(&error))
    }
}

/// Passes on what the phone says.
struct Output<'a, L> {
    listener: &'a mut L,
    progress: &'a RelayProgress,
}

impl<L: Listener> Write for Output<'_, L> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Self { listener, progress } = self;
        progress.hand_on(|| listener.data(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn of_error(error: &RustADBError) -> LinkError {
    let text: String = error.to_string().chars().take(200).collect();
    // A phone tells only after the handshake that it doesn't know the key: by an alert.
    let reason = if text.contains("fatal alert") {
        let detail = format!("this computer isn't paired with the phone (`adb pair`): {text}");
        return LinkError::with_detail(Reason::Unauthorized, detail);
    } else if matches!(error, RustADBError::IOError(error) if error.kind() != io::ErrorKind::InvalidData)
    {
        Reason::Disconnected
    } else {
        Reason::UnreadableAnswer
    };
    LinkError::with_detail(reason, text)
}
