//! What goes through a worker's pipes: requests as lines of JSON, events in frames. Pure.
//!
//! A frame is a byte for its kind, four for the length of what follows (little-endian), and that.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::link_error::LinkError;
use crate::usb::{UsbDevice, UsbPort};
use micheck_core::verdict::Reason;

/// Raised when requests or events change.
const PROTOCOL: u32 = 3;

/// The longest request, bytes: the command of a probe is the longest part of one.
pub(crate) const MAX_REQUEST_BYTES: u64 = 64 << 10;

/// The most that a frame of a phone's output holds, bytes.
pub(crate) const MAX_DATA_BYTES: usize = 32 << 10;

/// The most that any frame may hold, bytes: a long list of USB devices.
pub(crate) const MAX_FRAME_BYTES: usize = 1 << 20;

/// How long a frame's head is, bytes.
pub(crate) const HEAD_BYTES: usize = 5;

/// A frame with an [`WorkerEvent`] as JSON.
const EVENT: u8 = 1;
/// A frame with some of a service's output, as it is.
const DATA: u8 = 2;

/// What a worker is to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WorkerRequest {
    /// Look at the USB bus: one `Devices`.
    ListUsb {
        /// Whether to find out which phones can be opened, too.
        open: bool,
    },
    /// Follow the USB bus: one `Devices` at once and one after each change, until the end of
    /// standard input. Nothing else can be requested after it.
    WatchUsb,
    /// Begin a session with a phone: one `Connected`, perhaps a `AwaitingAuthorization` before it.
    Connect {
        /// Which phone.
        target: PhoneAddress,
        /// Where adb's key lies.
        key: PathBuf,
        /// Whether a phone that doesn't know the key may ask its person.
        ask: bool,
    },
    /// Open a service of that phone: `Data` as it comes, then one `End`.
    Run {
        /// The service, such as `shell,v2,raw:COMMAND`.
        service: String,
    },
}

/// A phone that no server holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PhoneAddress {
    /// On the USB bus.
    Usb {
        /// Where it is plugged in.
        port: UsbPort,
        /// Its number there, so that the next phone on the port isn't taken for it.
        address: u8,
        /// `idVendor`, because systems give an address again.
        vendor: u16,
        /// `idProduct`.
        product: u16,
        /// Its serial number.
        serial: Option<String>,
    },
    /// On the network.
    Network {
        /// A name or an address.
        host: String,
        /// The TCP port.
        port: u16,
    },
}

/// What a worker has to say. Trouble ends what it was asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WorkerEvent {
    /// What is on the USB bus.
    Devices(Vec<UsbDevice>),
    /// The phone asks its person whether this computer is allowed.
    AwaitingAuthorization,
    /// The session has begun.
    Connected(Hello),
    /// Some of the service's output.
    #[serde(skip)]
    Data(Vec<u8>),
    /// The service has ended.
    End,
    /// It couldn't be done.
    LinkError(LinkError),
}

/// How a phone introduces itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hello {
    /// `device`, `recovery`, …; what the phone says, decoded.
    pub(crate) state: String,
    /// `ro.product.model`, decoded.
    pub(crate) model: Option<String>,
    /// Whether its shell frames its output.
    pub(crate) shell_v2: bool,
}

/// A request with what shows that both ends are the same program.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Envelope {
    protocol: u32,
    version: String,
    request: WorkerRequest,
}

impl Envelope {
    /// The line that carries `request`.
    ///
    /// # Errors
    /// Its key's path isn't Unicode.
    pub(crate) fn line(request: WorkerRequest) -> Result<Vec<u8>, serde_json::Error> {
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let mut line = serde_json::to_vec(&Self { protocol: PROTOCOL, version, request })?;
        line.push(b'\n');
        Ok(line)
    }

    /// The request in `line`.
    ///
    /// # Errors
    /// It is of another micheck: this one was replaced while its parent ran.
    pub(crate) fn open(line: &[u8]) -> Result<WorkerRequest, LinkError> {
        let envelope: Result<Self, _> = serde_json::from_slice(line);
        match envelope {
            Ok(Self { protocol: PROTOCOL, version, request })
                if version == env!("CARGO_PKG_VERSION") =>
            {
                Ok(request)
            }
            _ => Err(LinkError::with_detail(
                Reason::WorkerFailed,
                "micheck was replaced by another version while it ran: run it again",
            )),
        }
    }
}

impl WorkerEvent {
    /// The frame that carries it.
    pub(crate) fn frame(&self) -> Vec<u8> {
        match self {
            Self::Data(bytes) => data_frame(bytes),
            event => frame(EVENT, &serde_json::to_vec(event).expect("events are plain data")),
        }
    }

    /// What a frame of this kind carries; `None`: no worker sends that.
    pub(crate) fn read(kind: u8, body: &[u8]) -> Option<Self> {
        match kind {
            EVENT => serde_json::from_slice(body).ok(),
            DATA => Some(Self::Data(body.to_vec())),
            _ => None,
        }
    }
}

/// The frame of some of a service's output.
pub(crate) fn data_frame(bytes: &[u8]) -> Vec<u8> {
    frame(DATA, bytes)
}

fn frame(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).expect("frames are short");
    let mut frame = Vec::with_capacity(HEAD_BYTES + body.len());
    frame.push(kind);
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(body);
    frame
}

/// The kind and length in a frame's head.
pub(crate) fn head(head: [u8; HEAD_BYTES]) -> (u8, usize) {
    let [kind, length @ ..] = head;
    (kind, usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX))
}

impl Hello {
    /// Reads a banner: `device::ro.product.name=…;ro.product.model=…;features=…`.
    ///
    /// Source: AOSP `adb.cpp`, `parse_banner`.
    pub(crate) fn read(banner: &[u8]) -> Self {
        let banner = banner.split(|&byte| byte == 0).next().unwrap_or_default();
        let mut parts = banner.splitn(3, |&byte| byte == b':');
        let state = parts.next().unwrap_or_default();
        let properties = parts.nth(1).unwrap_or_default();
        let value = |key: &[u8]| {
            properties.split(|&byte| byte == b';').find_map(|property| {
                property.strip_prefix(key).and_then(|rest| rest.strip_prefix(b"="))
            })
        };
        let features = value(b"features").unwrap_or_default();
        Self {
            state: micheck_core::escape::decode(&state[..state.len().min(40)]),
            model: value(b"ro.product.model")
                .filter(|model| !model.is_empty())
                .map(|model| micheck_core::escape::decode(&model[..model.len().min(100)])),
            shell_v2: features.split(|&byte| byte == b',').any(|feature| feature == b"shell_v2"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_events_come_through_their_pipes() {
        for request in [
            WorkerRequest::ListUsb { open: true },
            WorkerRequest::WatchUsb,
            WorkerRequest::Connect {
                target: PhoneAddress::Network { host: "::1".to_owned(), port: 5555 },
                key: PathBuf::from("/home/एक/.android/adbkey"),
                ask: true,
            },
            WorkerRequest::Run { service: "shell:echo \"\n".to_owned() },
        ] {
            let line = Envelope::line(request.clone()).unwrap();
            assert!(!line[..line.len() - 1].contains(&b'\n'));
            assert_eq!(Envelope::open(&line), Ok(request));
        }
        for event in [
            WorkerEvent::Devices(Vec::new()),
            WorkerEvent::AwaitingAuthorization,
            WorkerEvent::Connected(Hello::read(b"device::features=shell_v2,cmd\0")),
            WorkerEvent::Data(vec![0, 255]),
            WorkerEvent::End,
            WorkerEvent::LinkError(LinkError::with_detail(Reason::UsbBusy, "adb")),
        ] {
            let frame = event.frame();
            let (kind, length) = head(frame[..HEAD_BYTES].try_into().unwrap());
            assert_eq!(length, frame.len() - HEAD_BYTES);
            assert_eq!(WorkerEvent::read(kind, &frame[HEAD_BYTES..]), Some(event));
        }
        assert_eq!(WorkerEvent::read(99, &[]), None);
        assert_eq!(WorkerEvent::read(EVENT, b"{}"), None);
    }

    #[test]
    fn another_versions_request_is_refused() {
        let line = br#"{"protocol":3,"version":"0.0.0","request":{"list_usb":{"open":true}}}"#;
        assert_eq!(Envelope::open(line).unwrap_err().reason, Reason::WorkerFailed);
        assert!(Envelope::open(b"nonsense").is_err());
    }

    #[test]
    fn banners_of_all_times_are_read() {
        let hello = Hello::read(
            b"device::ro.product.name=vayu;ro.product.model=M2102J20SG;ro.product.device=vayu;\
              features=cmd,shell_v2\0",
        );
        assert_eq!((hello.state.as_str(), hello.shell_v2), ("device", true));
        assert_eq!(hello.model.as_deref(), Some("M2102J20SG"));
        let old = Hello::read(b"device::ro.product.name=x;ro.product.model=;ro.product.device=y;");
        assert_eq!((old.model, old.shell_v2), (None, false));
        assert_eq!(Hello::read(b"recovery::").state, "recovery");
        assert_eq!(Hello::read(b"").state, "");
        assert!(!Hello::read(b"x::features=xshell_v2").shell_v2);
        assert_eq!(Hello::read(&[0xff; 4000]).state.chars().count(), 160);
    }
}
