//! Peers that say anything at all, many at a time, and a server that never stays: nobody is called
//! fine who didn't say so, a well phone keeps its verdict, and nothing is left behind.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

use crate::support::Micheck;
use crate::support::phones::{listen, start, vulnerable};
use crate::support::processes::assert_none_left;
use crate::support::relay::Relay;
use crate::support::watching::Watching;
use micheck_adb::message::{Message, MessageCommand, VERSION_WITHOUT_CHECKSUM};

/// Numbers without meaning (xorshift), the same in every run.
#[derive(Clone)]
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }

    fn bytes(&mut self, most: u64) -> Vec<u8> {
        (0..self.below(most)).map(|_| u8::try_from(self.below(256)).unwrap()).collect()
    }
}

fn hello() -> Message {
    let banner = b"device::ro.product.name=x;ro.product.model=X;features=shell_v2,cmd".to_vec();
    Message::new(MessageCommand::Connect, VERSION_WITHOUT_CHECKSUM, 1 << 18, banner)
}

/// What comes of a call: messages in an order that no phone has, with bytes that are none between them.
fn says(chance: &mut Chance, wants_tls: bool) -> Vec<u8> {
    let mut said = Vec::new();
    if wants_tls {
        said = Message::new(MessageCommand::StartTls, 0x0100_0000, 0, Vec::new()).encode(true);
        // A record of TLS with anything in it; or not even that.
        if chance.below(2) == 0 {
            let record = chance.bytes(2_000);
            said.extend([22, 3, 3]);
            said.extend(u16::try_from(record.len()).unwrap().to_be_bytes());
            said.extend(record);
        }
        said.extend(chance.bytes(4_000));
        return said;
    }
    for _ in 0..chance.below(12) {
        let command = match chance.below(8) {
            0 => MessageCommand::Auth,
            1 => MessageCommand::Open,
            2 => MessageCommand::Okay,
            3 | 4 => MessageCommand::Write,
            5 => MessageCommand::Close,
            _ => {
                said.extend(hello().encode(true));
                continue;
            }
        };
        let numbers = [0, 1, 2, u32::MAX, 0x4000_0000];
        let mut number = || numbers[usize::try_from(chance.below(5)).unwrap()];
        let (arg0, arg1) = (number(), number());
        let message = Message::new(command, arg0, arg1, chance.bytes(300));
        said.extend(message.encode(chance.below(3) > 0));
        if chance.below(6) == 0 {
            said.extend(chance.bytes(200));
        }
    }
    said
}

/// Listens for as long as the test runs; every call gets something else.
fn peer(seed: u64, wants_tls: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream: TcpStream = stream.unwrap();
            let said = says(&mut chance, wants_tls);
            let ends = chance.below(3);
            // The other side may hang up at any time.
            let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(&said);
            match ends {
                0 => drop(stream.shutdown(Shutdown::Both)),
                1 => drop(stream.shutdown(Shutdown::Write)),
                // It stays as it is for as long as the other side likes.
                _ => drop(thread::spawn(move || stream.read_to_end(&mut Vec::new()))),
            }
        }
    });
    address
}

fn scan(peers: &[SocketAddr]) {
    let network = listen([vulnerable("well")]);
    let mut run = network.scan().args(["--timeout", "4s"]);
    for peer in peers {
        run = run.args(["--connect", &peer.to_string()]);
    }
    let (run, home) = run.run_in_dir();
    let summary = &run.json()["summary"];
    assert_eq!(summary["devices"], peers.len() + 1, "{summary}");
    assert_eq!(summary["unknown"], peers.len(), "{summary}");
    assert_eq!(run.verdict(&network.serial(0)), "vulnerable");
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
    assert!(run.peak_memory_bytes.unwrap_or_default() < 32 << 20);
    assert_none_left(home.path());
}

#[test]
fn sixty_one_peers_that_say_anything_cost_the_well_phone_nothing() {
    let peers: Vec<_> = (0..61).map(|seed| peer(seed, false)).collect();
    scan(&peers);
    // Each says something else the second time.
    scan(&peers);
}

#[test]
fn twenty_peers_that_want_tls_and_speak_none_cost_the_well_phone_nothing() {
    let peers: Vec<_> = (0..20).map(|seed| peer(seed, true)).collect();
    scan(&peers);
}

#[test]
fn a_phone_that_always_hangs_up_is_called_again_without_end_and_without_harm() {
    let phones = listen([vulnerable("well")]);
    let relay = Relay::to(phones.address(0));
    let watch = Micheck::new(["watch", "--via", "server", "--recheck", "100ms"]);
    let server = start([]);
    let mut watching = Watching::start(
        watch.server(server.address()).args(["--connect", &relay.address.to_string()]),
    );
    watching.wait_for("verdict");
    for _ in 0..350 {
        relay.lead_to(phones.address(0));
        thread::sleep(Duration::from_millis(10));
    }
    let seen = watching.events.len();
    relay.lead_to(phones.address(0));
    let end = watching.interrupt().1;
    assert!(!end.stderr.contains("panicked"), "{}", end.stderr);
    assert!(seen < 5_000, "{seen} events");
}

/// Its phones are judged whenever it is there long enough; never is one called fine.
#[test]
fn a_server_that_restarts_again_and_again_costs_no_verdict() {
    let bench = start((0..8).map(|n| vulnerable(&format!("P{n}"))));
    let relay = Relay::to(bench.address());
    let mut watching = Watching::start(Micheck::new(["watch"]).server(relay.address));
    for _ in 0..8 {
        thread::sleep(Duration::from_secs(1));
        relay.lead_to(bench.address());
    }
    for _ in 0..8 {
        watching.wait_for("verdict");
    }
    let verdicts = watching.events.iter().filter(|event| event["event"] == "verdict");
    for verdict in verdicts {
        let verdict = &verdict["device"]["verdict"];
        assert!(verdict == "vulnerable" || verdict == "unknown", "{verdict}");
    }
    let end = watching.interrupt().1;
    assert!(!end.stderr.contains("panicked"), "{}", end.stderr);
}
