//! The phone's side of the ADB transport, spoken to as an adb server would.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::*;
use crate::{Bench, FloodPlace, TransportFault};

const SOON: Duration = Duration::from_secs(5);
const SILENCE: Duration = Duration::from_millis(60);
const SIGNATURE: u32 = 2;

struct Peer {
    stream: TcpStream,
    checksums: bool,
}

impl Peer {
    async fn connect(phone: &TransportPhone) -> Self {
        Self::with(phone, VERSION_WITHOUT_CHECKSUM, MAX_PAYLOAD).await
    }

    async fn with(phone: &TransportPhone, version: u32, max_payload: u32) -> Self {
        let stream = TcpStream::connect(phone.address()).await.unwrap();
        let mut peer = Self { stream, checksums: version < VERSION_WITHOUT_CHECKSUM };
        peer.send(MessageCommand::Connect, version, max_payload, b"host::features=shell_v2").await;
        peer
    }

    async fn send(&mut self, command: MessageCommand, arg0: u32, arg1: u32, payload: &[u8]) {
        let message = Message::new(command, arg0, arg1, payload.to_vec());
        self.stream.write_all(&message.encode(self.checksums)).await.unwrap();
    }

    async fn read(&mut self) -> Message {
        let read = read_message(&mut self.stream, self.checksums);
        timeout(SOON, read).await.expect("a message").unwrap().expect("a correct one")
    }

    async fn introduced(phone: &TransportPhone) -> Self {
        let mut peer = Self::connect(phone).await;
        assert_eq!(peer.read().await.command, MessageCommand::Connect);
        peer
    }

    /// Everything that one command sends, acknowledged write by write, and the writes' lengths.
    async fn run(&mut self, ours: u32, request: &str) -> (Vec<u8>, Vec<usize>) {
        self.send(MessageCommand::Open, ours, 0, format!("{request}\0").as_bytes()).await;
        let opened = self.read().await;
        assert_eq!((opened.command, opened.arg1), (MessageCommand::Okay, ours));
        let theirs = opened.arg0;
        let (mut all, mut lengths) = (Vec::new(), Vec::new());
        loop {
            let message = self.read().await;
            assert_eq!((message.arg0, message.arg1), (theirs, ours));
            if message.command == MessageCommand::Close {
                self.send(MessageCommand::Close, ours, theirs, b"").await;
                return (all, lengths);
            }
            assert_eq!(message.command, MessageCommand::Write);
            lengths.push(message.payload.len());
            all.extend_from_slice(&message.payload);
            self.send(MessageCommand::Okay, ours, theirs, b"").await;
        }
    }

    async fn silent(&mut self) -> bool {
        timeout(SILENCE, self.stream.read_u8()).await.is_err()
    }

    async fn closed(&mut self) -> bool {
        let mut rest = Vec::new();
        timeout(SOON, self.stream.read_to_end(&mut rest)).await.is_ok()
    }
}

#[tokio::test]
async fn a_phone_introduces_itself_and_answers() {
    let phone = Phone::xiaomi("A").features("shell_v2,cmd").getprop("[a]: [b]\n");
    let phone = phone.listen().await.unwrap();
    let mut peer = Peer::connect(&phone).await;
    let hello = peer.read().await;
    assert_eq!((hello.command, hello.arg0), (MessageCommand::Connect, VERSION_WITHOUT_CHECKSUM));
    assert_eq!(
        String::from_utf8(hello.payload).unwrap(),
        "device::ro.product.name=sapphire_global;ro.product.model=23129RAA4G;\
         ro.product.device=sapphire;features=shell_v2,cmd"
    );
    assert_eq!(peer.run(7, "shell:getprop").await.0, b"[a]: [b]\n");
    let framed = peer.run(8, "shell,v2,raw:getprop").await.0;
    assert_eq!(framed, b"\x01\x09\0\0\0[a]: [b]\n\x03\x01\0\0\0\0");
    peer.send(MessageCommand::Open, 9, 0, b"sync:\0").await;
    let refused = peer.read().await;
    assert_eq!((refused.command, refused.arg0, refused.arg1), (MessageCommand::Close, 0, 9));
}

#[tokio::test]
async fn old_peers_get_checksums_and_small_payloads() {
    let phone = Phone::new("A").getprop(vec![b'p'; 10_000]).listen().await.unwrap();
    // `Peer::read` checks every checksum for this version.
    let mut peer = Peer::with(&phone, 0x0100_0000, 4096).await;
    assert_eq!(peer.read().await.command, MessageCommand::Connect);
    let (all, lengths) = peer.run(1, "shell:getprop").await;
    assert_eq!((all.len(), lengths), (10_000, vec![4096, 4096, 1808]));
    // A wrong checksum from such a peer ends the connection.
    let mut bad =
        Message::new(MessageCommand::Open, 2, 0, b"shell:getprop\0".to_vec()).encode(true);
    bad[16] ^= 1;
    peer.stream.write_all(&bad).await.unwrap();
    assert!(peer.closed().await);
}

#[tokio::test]
async fn a_write_waits_for_the_one_before() {
    let phone = Phone::new("A").getprop(vec![b'p'; 200_000]).listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    peer.send(MessageCommand::Open, 1, 0, b"shell:getprop\0").await;
    assert_eq!(peer.read().await.command, MessageCommand::Okay);
    let first = peer.read().await;
    assert_eq!((first.command, first.payload.len()), (MessageCommand::Write, 64 * 1024));
    assert!(peer.silent().await);
}

#[tokio::test]
async fn streams_run_side_by_side() {
    let fault = Fault::StallAfter { bytes: 2 };
    let phone = Phone::new("A").fault(fault).fault_times(1).listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    peer.send(MessageCommand::Open, 1, 0, b"shell:echo stalled\0").await;
    let stalled = peer.read().await.arg0;
    assert_eq!(peer.read().await.payload, b"st");
    peer.send(MessageCommand::Okay, 1, stalled, b"").await;
    assert_eq!(peer.run(2, "shell:echo fine").await.0, b"fine\n");
    // The peer can give a stalled stream up; what it writes to a shell is acknowledged.
    peer.send(MessageCommand::Write, 1, stalled, b"exit\n").await;
    assert_eq!(peer.read().await.command, MessageCommand::Okay);
    peer.send(MessageCommand::Close, 1, stalled, b"").await;
    assert_eq!(peer.read().await.command, MessageCommand::Close);
}

#[tokio::test]
async fn a_stranger_is_asked_about() {
    let allowed_after = Some(Duration::from_millis(20));
    let phone = Phone::new("A").authorisation(Authorisation::Ask { allowed_after });
    let phone = phone.listen().await.unwrap();
    let mut peer = Peer::connect(&phone).await;
    for kind in [SIGNATURE, SIGNATURE, AUTH_PUBLIC_KEY] {
        let token = peer.read().await;
        assert_eq!((token.command, token.arg0), (MessageCommand::Auth, AUTH_TOKEN));
        assert_eq!(token.payload.len(), 20);
        peer.send(MessageCommand::Auth, kind, 0, b"signature or key\0").await;
    }
    assert_eq!(peer.read().await.command, MessageCommand::Connect);

    let phone = Phone::new("A").state("unauthorized").listen().await.unwrap();
    let mut peer = Peer::connect(&phone).await;
    assert_eq!(peer.read().await.command, MessageCommand::Auth);
    peer.send(MessageCommand::Auth, AUTH_PUBLIC_KEY, 0, b"key\0").await;
    assert!(peer.silent().await);
}

#[tokio::test]
async fn states_are_those_of_the_banner() {
    for state in ["recovery", "sideload", "rescue", "bootloader"] {
        let phone = Phone::new("A").no_features().state(state).listen().await.unwrap();
        let hello = Peer::connect(&phone).await.read().await;
        assert_eq!(hello.payload, format!("{state}::").into_bytes());
    }
    let phone = Phone::new("A").state("sideload").listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    peer.send(MessageCommand::Open, 1, 0, b"shell:ls\0").await;
    assert_eq!(peer.read().await.command, MessageCommand::Close);
    let phone = Phone::new("A").state("offline").listen().await.unwrap();
    assert!(Peer::connect(&phone).await.silent().await);
}

#[tokio::test]
async fn introductions_go_wrong() {
    let listen = async |fault: Fault| Phone::new("A").fault(fault).listen().await.unwrap();
    let at = |what| listen(Fault::Transport { at: Moment::Introduction, what });
    let phone = at(TransportFault::Close).await;
    assert!(Peer::connect(&phone).await.closed().await);
    let phone = at(TransportFault::Stall).await;
    assert!(Peer::connect(&phone).await.silent().await);
    let header = async |phone: &TransportPhone| {
        let mut peer = Peer::connect(phone).await;
        let mut bytes = [0; 24];
        timeout(SOON, peer.stream.read_exact(&mut bytes)).await.unwrap().unwrap();
        bytes
    };
    let good = header(&listen(Fault::None).await).await;
    let magic = header(&at(TransportFault::BadMagic).await).await;
    assert_eq!((&magic[..20], magic[20] ^ good[20]), (&good[..20], 1));
    let length = header(&at(TransportFault::HugeLength).await).await;
    assert_eq!((&length[..12], &length[12..16]), (&good[..12], [255; 4].as_slice()));
    let checksum = header(&at(TransportFault::BadChecksum).await).await;
    assert_eq!(checksum[..16], good[..16]);
    assert_ne!(checksum[16..20], good[16..20]);
}

#[tokio::test]
async fn an_unplugged_phone_hangs_up_for_good() {
    let phone = Phone::new("A").fault(Fault::UnplugAfter { bytes: 3 }).listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    peer.send(MessageCommand::Open, 1, 0, b"shell:echo 123456\0").await;
    let theirs = peer.read().await.arg0;
    assert_eq!(peer.read().await.payload, b"123");
    peer.send(MessageCommand::Okay, 1, theirs, b"").await;
    assert!(peer.closed().await);
    assert!(TcpStream::connect(phone.address()).await.is_err());

    let phone = Phone::new("A").listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    phone.unplug();
    assert!(peer.closed().await);

    let phone = Phone::new("A").listen().await.unwrap();
    let (address, mut peer) = (phone.address(), Peer::introduced(&phone).await);
    drop(phone);
    assert!(peer.closed().await);
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn shells_go_wrong_as_behind_a_server() {
    let refuse = Fault::RefuseShell { message: String::new() };
    let phone = Phone::new("A").fault(refuse).listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    peer.send(MessageCommand::Open, 1, 0, b"shell:ls\0").await;
    assert_eq!(peer.read().await.command, MessageCommand::Close);

    let phone = Phone::new("A").fault(Fault::CloseAfter { bytes: 2 }).listen().await.unwrap();
    assert_eq!(Peer::introduced(&phone).await.run(1, "shell:echo 123").await.0, b"12");

    let flood = Fault::Flood { lines: true, place: FloodPlace::Start };
    let phone = Phone::new("A").fault(flood).listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    peer.send(MessageCommand::Open, 1, 0, b"shell:ls\0").await;
    let theirs = peer.read().await.arg0;
    for _ in 0..5 {
        assert!(peer.read().await.payload.len() > 60_000);
        peer.send(MessageCommand::Okay, 1, theirs, b"").await;
    }
    assert_eq!(peer.read().await.command, MessageCommand::Write);
    peer.send(MessageCommand::Close, 1, theirs, b"").await;
    assert_eq!(peer.read().await.command, MessageCommand::Close);
}

#[tokio::test]
async fn a_peer_that_talks_nonsense_is_dropped() {
    let phone = Phone::new("A").listen().await.unwrap();
    let mut peer = Peer::introduced(&phone).await;
    let huge = Message::new(MessageCommand::Open, 1, 0, Vec::new()).header(false);
    let huge = micheck_adb::message::Header { length: 2 * 1024 * 1024, ..huge };
    peer.stream.write_all(&huge.encode()).await.unwrap();
    assert!(peer.closed().await);
    let mut stream = TcpStream::connect(phone.address()).await.unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: example\r\n\r\n").await.unwrap();
    let mut rest = Vec::new();
    let _ = timeout(SOON, stream.read_to_end(&mut rest)).await.expect("the end");
    assert!(rest.is_empty());
}

#[test]
fn a_bench_listens_in_a_thread_of_its_own() {
    let bench = Bench::new().phones((0..64).map(|number| Phone::xiaomi(format!("R{number}"))));
    let phones = bench.listen_in_thread().unwrap();
    assert_eq!(phones.addresses().len(), 64);
    let last = phones.addresses()[63];
    drop(std::net::TcpStream::connect(last).unwrap());
    drop(phones);
    assert!(std::net::TcpStream::connect(last).is_err());
}
