//! A phone on the network that wants TLS (wireless debugging, Android 11 and later): by
//! `adb_client`, which does TLS with adb's key as its certificate.

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use adb_client::tcp::ADBTcpDevice;
use adb_client::{ADBDeviceExt as _, RustADBError};

use super::limits;
use super::pipe::{Event, Hello};
use super::session::Listener;
use crate::adb::Trouble;
use crate::verdict::Reason;

/// How long may be computed while nothing comes from the phone. A session takes some hundredths of
/// a second in all; but `adb_client` reads on without end where a phone has hung up.
const MAX_IDLE_COMPUTING: Duration = Duration::from_secs(1);

const HUNG_UP: &str = "the phone closed the connection";

/// How often that is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// A session over TLS.
pub(super) struct Tls {
    device: ADBTcpDevice,
    received: Arc<AtomicU64>,
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
        let received = Arc::default();
        end_when_going_in_circles(Arc::clone(&received));
        let device = ADBTcpDevice::new_with_custom_private_key(address, key)
            .map_err(|error| of_error(&error))?;
        // The phone's introduction stays with `adb_client`, which speaks the old shell only.
        let hello = Hello { state: "device".to_owned(), ..Hello::default() };
        Ok((Self { device, received }, hello))
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
        let mut output = Output { listener, received: &self.received };
        self.device
            .shell_command(&command, Some(&mut output), None)
            .map(|_| ())
            .map_err(|error| of_error(&error))
    }
}

/// Passes on what the phone says.
struct Output<'a, L> {
    listener: &'a mut L,
    received: &'a AtomicU64,
}

impl<L: Listener> Write for Output<'_, L> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.received.fetch_add(1, Ordering::Relaxed);
        self.listener.data(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Watches from now on whether this process computes without anything being `received`, and if so
/// tells that the phone has hung up and ends the process.
fn end_when_going_in_circles(received: Arc<AtomicU64>) {
    std::thread::spawn(move || {
        let mut last = (0, limits::computed());
        loop {
            std::thread::sleep(LOOK_EVERY);
            let now = (received.load(Ordering::Relaxed), limits::computed());
            if now.0 != last.0 {
                last = now;
            } else if now.1.saturating_sub(last.1) > MAX_IDLE_COMPUTING {
                let trouble = Trouble::with_detail(Reason::Disconnected, HUNG_UP);
                // The only other thread that writes is the one that goes in circles.
                let mut stdout = io::stdout();
                let written = stdout.write_all(&Event::Trouble(trouble).frame());
                let _ = written.and_then(|()| stdout.flush());
                std::process::exit(0);
            }
        }
    });
}

fn of_error(error: &RustADBError) -> Trouble {
    let text: String = error.to_string().chars().take(200).collect();
    // A phone tells only after the handshake that it doesn't know the key: by an alert.
    let reason = if text.contains("fatal alert") {
        let detail = format!("this computer isn't paired with the phone (`adb pair`): {text}");
        return Trouble::with_detail(Reason::Unauthorized, detail);
    } else if matches!(error, RustADBError::IOError(error) if error.kind() != io::ErrorKind::InvalidData)
    {
        Reason::Disconnected
    } else {
        Reason::UnreadableAnswer
    };
    Trouble::with_detail(reason, text)
}
