//! The server as a client sees it, through a plain TCP stream.

mod life;

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::{Bench, Fault, FloodPlace, Phone, Running, ServerOptions, Wire, demo};

/// Long enough for anything that should happen, short enough for a failing test.
const SOON: Duration = Duration::from_secs(5);
/// Long enough to believe that nothing happens.
const SILENCE: Duration = Duration::from_millis(60);

async fn connect(running: &Running) -> TcpStream {
    TcpStream::connect(running.address()).await.unwrap()
}

async fn send(stream: &mut TcpStream, request: &str) {
    let text = format!("{:04x}{request}", request.len());
    stream.write_all(text.as_bytes()).await.unwrap();
}

async fn exactly(stream: &mut TcpStream, length: usize) -> String {
    let mut bytes = vec![0; length];
    timeout(SOON, stream.read_exact(&mut bytes)).await.expect("an answer").unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Everything until the server closes.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A server that is killed resets its connections: the end all the same.
    let _ = timeout(SOON, stream.read_to_end(&mut bytes)).await.expect("the end");
    bytes
}

async fn ask(running: &Running, request: &str) -> String {
    let mut stream = connect(running).await;
    send(&mut stream, request).await;
    String::from_utf8(rest(&mut stream).await).unwrap()
}

fn okay(text: &str) -> String {
    format!("OKAY{:04x}{text}", text.len())
}

fn fail(text: &str) -> String {
    format!("FAIL{:04x}{text}", text.len())
}

/// Chooses a phone and asks its shell; the stream stands after the server's second OKAY.
async fn shell(running: &Running, transport: u64, command: &str) -> TcpStream {
    let mut stream = connect(running).await;
    send(&mut stream, &format!("host:transport-id:{transport}")).await;
    assert_eq!(exactly(&mut stream, 4).await, "OKAY");
    send(&mut stream, command).await;
    assert_eq!(exactly(&mut stream, 4).await, "OKAY");
    stream
}

async fn start(phones: impl IntoIterator<Item = Phone>) -> Running {
    Bench::new().phones(phones).start().await.unwrap()
}

#[tokio::test]
async fn the_server_answers_for_itself() {
    let running = start([Phone::xiaomi("R1")]).await;
    assert_eq!(ask(&running, "host:version").await, okay("0029"));
    assert_eq!(ask(&running, "host:devices").await, okay("R1\tdevice\n"));
    assert!(ask(&running, "host:devices-l").await.contains("R1                     device usb:"));
    assert!(ask(&running, "host-serial:R1:features").await.contains("shell_v2"));
    assert!(ask(&running, "host-transport-id:1:features").await.contains("shell_v2"));
    assert_eq!(ask(&running, "host:nonsense").await, fail("unknown host service"));
    assert_eq!(ask(&running, "shell:ls").await, fail("device offline (no transport)"));
    assert_eq!(running.requests().len(), 7);
}

#[tokio::test]
async fn phones_are_refused_in_the_servers_words() {
    let running = start([
        Phone::new("U").state("unauthorized"),
        Phone::new("O").state("offline"),
        Phone::new("A").state("authorizing"),
        Phone::new("C").state("connecting"),
        Phone::new("P").state("no permissions (udev?); see [http://x]"),
        Phone::new("T"),
        Phone::new("T"),
        Phone::new("F").fault(Fault::RefuseTransport { message: "no way".to_owned() }),
        Phone::new("V1").no_features(),
        Phone::new("V6").android(6),
    ])
    .await;
    let choose = async |serial: &str| ask(&running, &format!("host:transport:{serial}")).await;
    let unauthorized = choose("U").await;
    assert!(unauthorized.contains("device unauthorized.\nThis adb server's $ADB_VENDOR_KEYS is"));
    assert_eq!(choose("O").await, fail("device offline"));
    assert_eq!(choose("A").await, fail("device still authorizing"));
    assert_eq!(choose("C").await, fail("device still connecting"));
    assert!(choose("P").await.contains("insufficient permissions for device: udev?\n"));
    assert_eq!(choose("T").await, fail("more than one device"));
    // Whoever isn't there, the phone without permission is blamed.
    assert!(choose("X").await.contains("insufficient permissions for device: udev?\n"));
    assert_eq!(choose("F").await, fail("no way"));
    let missing = ask(&running, "host:transport-id:99").await;
    assert!(missing.contains("insufficient permissions for device: udev?\n"));
    let allowed = start([Phone::new("T")]).await;
    assert_eq!(ask(&allowed, "host:transport:X").await, fail("device 'X' not found"));
    let missing = ask(&allowed, "host:transport-id:99").await;
    assert_eq!(missing, fail("no device with transport id '99'"));
    assert_eq!(ask(&running, "host-serial:V1:features").await, fail("unknown host service"));
    assert_eq!(ask(&running, "host-serial:O:features").await, fail("device offline"));
    assert_eq!(ask(&running, "host-serial:V6:features").await, okay(""));
}

#[tokio::test]
async fn a_shell_answers_and_closes() {
    let running = start([Phone::new("A").getprop("[a]: [b]\n")]).await;
    let mut stream = shell(&running, 1, "shell,v2,raw:getprop").await;
    assert_eq!(rest(&mut stream).await, b"\x01\x09\0\0\0[a]: [b]\n\x03\x01\0\0\0\0");
    let mut stream = shell(&running, 1, "shell:getprop").await;
    assert_eq!(rest(&mut stream).await, b"[a]: [b]\n");
    assert_eq!(running.shells_begun(), 2);
}

#[tokio::test]
async fn services_that_a_phone_lacks_are_closed() {
    let phones = [
        Phone::new("A").no_features(),
        Phone::new("B").state("bootloader"),
        Phone::new("C").fault(Fault::RefuseShell { message: "no shell".to_owned() }),
    ];
    let running = start(phones).await;
    for (id, request, answer) in [
        (1, "shell,v2,raw:ls", fail("closed")),
        (1, "sync:", fail("closed")),
        (2, "shell:ls", fail("closed")),
        (3, "shell:ls", fail("no shell")),
    ] {
        let mut stream = connect(&running).await;
        send(&mut stream, &format!("host:transport-id:{id}")).await;
        send(&mut stream, request).await;
        let text = String::from_utf8(rest(&mut stream).await).unwrap();
        assert_eq!(text, format!("OKAY{answer}"), "{request}");
    }
}

#[tokio::test]
async fn silent_phones_hold_the_connection_until_it_is_closed() {
    let running = start([
        Phone::new("A").fault(Fault::StallAfter { bytes: 3 }),
        Phone::new("B").fault(Fault::IgnoreShell),
        Phone::new("C").fault(Fault::IgnoreTransport),
    ])
    .await;
    let mut stalled = shell(&running, 1, "shell:echo 123456").await;
    assert_eq!(exactly(&mut stalled, 3).await, "123");
    let mut ignored = connect(&running).await;
    send(&mut ignored, "host:transport-id:2").await;
    assert_eq!(exactly(&mut ignored, 4).await, "OKAY");
    send(&mut ignored, "shell:ls").await;
    let mut wedged = connect(&running).await;
    send(&mut wedged, "host:transport-id:3").await;
    for stream in [&mut stalled, &mut ignored, &mut wedged] {
        assert!(timeout(SILENCE, stream.read_u8()).await.is_err(), "something came");
    }
    assert_eq!(running.open_connections(), 3);
    drop((stalled, ignored, wedged));
    let closed = async {
        while running.open_connections() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(SOON, closed).await.expect("no connection outlives its client");
}

#[tokio::test]
async fn an_unplugged_phone_is_gone_and_everybody_hears() {
    let running = start([
        Phone::new("A").network().fault(Fault::UnplugAfter { bytes: 2 }),
        Phone::new("B").network().delay(SOON),
    ])
    .await;
    let mut track = connect(&running).await;
    send(&mut track, "host:track-devices-l").await;
    assert!(exactly(&mut track, 4 + 4 + 90).await.contains("transport_id:2"));
    let mut stream = shell(&running, 1, "shell:echo 123").await;
    assert_eq!(rest(&mut stream).await, b"12");
    let line = "B                      device transport_id:2\n";
    assert_eq!(exactly(&mut track, 49).await, format!("002d{line}"));
    // Unplugging by hand ends what runs, too.
    let mut stream = shell(&running, 2, "shell:echo 123").await;
    assert!(running.unplug("B"));
    assert!(!running.unplug("B"));
    assert_eq!(rest(&mut stream).await, b"");
    assert_eq!(exactly(&mut track, 4).await, "0000");
}

#[tokio::test]
async fn states_change_by_schedule_and_by_hand() {
    let phone = Phone::new("A")
        .network()
        .state("absent")
        .then(Duration::from_millis(300), "unauthorized")
        .then(Duration::from_millis(350), "device");
    let running = start([phone]).await;
    let mut track = connect(&running).await;
    send(&mut track, "host:track-devices-l").await;
    assert_eq!(exactly(&mut track, 4).await, "OKAY");
    let mut told = async |lines: &[&str]| {
        let list = lines.concat();
        let expected = format!("{:04x}{list}", list.len());
        assert_eq!(exactly(&mut track, expected.len()).await, expected);
    };
    let a = |state| format!("A                      {state} transport_id:2\n");
    told(&[]).await;
    // Coming into the list gives a new transport id.
    told(&[&a("unauthorized")]).await;
    told(&[&a("device")]).await;
    assert!(running.set_state("A", "offline"));
    told(&[&a("offline")]).await;
    running.plug(Phone::new("B").network());
    told(&[&a("offline"), "B                      device transport_id:3\n"]).await;
}

#[tokio::test]
async fn a_fault_can_pass() {
    let phone = Phone::new("A").fault(Fault::CloseAfter { bytes: 0 }).fault_times(2);
    let running = start([phone]).await;
    for expected in ["", "", "well\n", "well\n"] {
        let mut stream = shell(&running, 1, "shell:echo well").await;
        assert_eq!(rest(&mut stream).await, expected.as_bytes());
    }
}

#[tokio::test]
async fn a_flood_ends_when_its_reader_leaves() {
    let flood = Fault::Flood { lines: false, place: FloodPlace::Start };
    let running = start([Phone::new("A").fault(flood)]).await;
    let mut stream = shell(&running, 1, "shell:getprop").await;
    let mut bytes = vec![0; 1_000_000];
    timeout(SOON, stream.read_exact(&mut bytes)).await.unwrap().unwrap();
    drop(stream);
    let closed = async {
        while running.open_connections() > 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(SOON, closed).await.expect("the flood has ended");
}

#[tokio::test]
async fn a_trickle_comes_in_pieces() {
    let fault = Fault::Trickle { bytes: 2, every: Duration::from_millis(20) };
    let running = start([Phone::new("A").fault(fault)]).await;
    let began = std::time::Instant::now();
    let mut stream = shell(&running, 1, "shell:echo 12345").await;
    assert_eq!(rest(&mut stream).await, b"12345\n");
    assert!(began.elapsed() >= Duration::from_millis(60));
}
