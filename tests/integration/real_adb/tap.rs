//! Listens in between an adb server and a phone: what the phone was really sent.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

type Recorded = Arc<Mutex<Vec<u8>>>;

/// A port that passes everything on to a phone and keeps what the phone is sent.
pub(crate) struct Tap {
    address: SocketAddr,
    connections: Arc<Mutex<Vec<Recorded>>>,
}

/// One message of the ADB transport.
#[derive(Debug)]
pub(crate) struct Message {
    /// `CNXN`, `OPEN`, …
    pub(crate) command: String,
    pub(crate) payload: Vec<u8>,
}

impl Tap {
    pub(crate) fn before(phone: SocketAddr) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&connections);
        // The threads end with their connections, the first one with the test program.
        std::thread::spawn(move || {
            for server_side in listener.incoming() {
                let server_side = server_side.unwrap();
                let Ok(phone_side) = TcpStream::connect(phone) else {
                    continue;
                };
                let recorded = Recorded::default();
                kept.lock().unwrap().push(Arc::clone(&recorded));
                let other_way = (phone_side.try_clone().unwrap(), server_side.try_clone().unwrap());
                std::thread::spawn(move || copy(server_side, phone_side, Some(&recorded)));
                std::thread::spawn(move || copy(other_way.0, other_way.1, None));
            }
        });
        Self { address, connections }
    }

    /// What to give to `adb connect`.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The whole messages that the phone was sent so far.
    pub(crate) fn messages(&self) -> Vec<Message> {
        let connections = self.connections.lock().unwrap();
        connections.iter().flat_map(|recorded| messages(&recorded.lock().unwrap())).collect()
    }

    /// The services that the server opened on the phone, such as `shell:ls`.
    pub(crate) fn services(&self) -> Vec<String> {
        let opened = self.messages().into_iter().filter(|message| message.command == "OPEN");
        let text = |message: Message| {
            String::from_utf8(message.payload).unwrap().trim_end_matches('\0').to_owned()
        };
        opened.map(text).collect()
    }
}

fn copy(mut from: TcpStream, mut to: TcpStream, recorded: Option<&Recorded>) {
    let mut buffer = vec![0; 64 << 10];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        if let Some(recorded) = recorded {
            recorded.lock().unwrap().extend_from_slice(&buffer[..length]);
        }
        if to.write_all(&buffer[..length]).is_err() {
            break;
        }
    }
    // One side has gone: the other must notice. It may be gone, too.
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}

/// Header of 24 bytes: the command's four letters first, the payload's length at 12 (adb's
/// `protocol.txt`).
fn messages(mut bytes: &[u8]) -> Vec<Message> {
    let mut messages = Vec::new();
    while let Some((header, rest)) = bytes.split_first_chunk::<24>() {
        let length = u32::from_le_bytes(header[12..16].try_into().unwrap());
        let Some((payload, rest)) = rest.split_at_checked(usize::try_from(length).unwrap()) else {
            break;
        };
        let command = String::from_utf8(header[..4].to_vec()).unwrap();
        messages.push(Message { command, payload: payload.to_vec() });
        bytes = rest;
    }
    messages
}
