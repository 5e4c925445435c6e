//! How a server lives and dies, and how it carries many phones.

use super::*;

#[tokio::test]
async fn the_server_dies_when_asked() {
    let options = ServerOptions { die_after_shells: Some(2), ..ServerOptions::default() };
    let bench = Bench::new().phone(Phone::new("A").delay(SOON)).server(options);
    let running = bench.start().await.unwrap();
    let mut first = shell(&running, 1, "shell:echo 1").await;
    let mut second = shell(&running, 1, "shell:echo 2").await;
    assert_eq!(rest(&mut first).await, b"");
    assert_eq!(rest(&mut second).await, b"");
    assert!(TcpStream::connect(running.address()).await.is_err());
    let running = start([]).await;
    running.kill_server();
    let gone = async {
        while TcpStream::connect(running.address()).await.is_ok() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(SOON, gone).await.expect("nobody listens any more");
}

#[tokio::test]
async fn servers_differ_as_asked() {
    let with = async |options: ServerOptions| {
        Bench::new().phone(Phone::new("A")).server(options).start().await.unwrap()
    };
    let healthy = ServerOptions::default;
    let running =
        with(ServerOptions { old: true, no_long_tracking: true, version: 32, ..healthy() }).await;
    assert_eq!(ask(&running, "host:version").await, okay("0020"));
    assert!(!ask(&running, "host:devices-l").await.contains("transport_id"));
    for request in ["host:transport-id:1", "host-transport-id:1:features", "host:track-devices-l"] {
        assert_eq!(ask(&running, request).await, fail("unknown host service"), "{request}");
    }
    let running = with(ServerOptions { record_requests: false, ..healthy() }).await;
    assert_eq!(ask(&running, "host:version").await, okay("0029"));
    assert_eq!(running.requests(), Vec::<String>::new());
    let running = with(ServerOptions { list_fails: Some("broken".to_owned()), ..healthy() }).await;
    assert_eq!(ask(&running, "host:devices-l").await, fail("broken"));
    let running = with(ServerOptions { wire: Wire::Garbage, ..healthy() }).await;
    let mut stream = connect(&running).await;
    send(&mut stream, "host:version").await;
    let garbage = rest(&mut stream).await;
    assert!(!garbage.starts_with(b"OKAY") && !garbage.starts_with(b"FAIL"));
    let running = with(ServerOptions { wire: Wire::Silent, ..healthy() }).await;
    let mut stream = connect(&running).await;
    send(&mut stream, "host:version").await;
    assert!(timeout(SILENCE, stream.read_u8()).await.is_err());
}

#[tokio::test]
async fn dropping_it_closes_everything() {
    let running = start([Phone::new("A").delay(SOON)]).await;
    let address = running.address();
    let mut stream = shell(&running, 1, "shell:echo 1").await;
    drop(running);
    assert_eq!(rest(&mut stream).await, b"");
    assert!(TcpStream::connect(address).await.is_err());
}

#[tokio::test]
async fn a_phone_that_is_replaced_keeps_its_place() {
    let slow = Phone::xiaomi("A").version("3.1.874.10").delay(SILENCE);
    let running = start([slow.usb("1-4.2"), Phone::xiaomi("B")]).await;
    let dumpsys = "shell:dumpsys package com.xiaomi.mi_connect_service";
    let before = ask(&running, "host:devices-l").await;
    let mut begun = shell(&running, 1, dumpsys).await;
    let updated = Phone::xiaomi("C").version("3.1.921.10").state("offline");
    assert!(running.replace("A", updated.clone()));
    assert!(!running.replace("X", updated));
    let old = String::from_utf8(rest(&mut begun).await).unwrap();
    assert!(old.contains("versionName=3.1.874.10\n"), "an answer that has begun goes on");
    let mut stream = shell(&running, 1, dumpsys).await;
    let new = String::from_utf8(rest(&mut stream).await).unwrap();
    assert!(new.contains("versionName=3.1.921.10\n") && !new.contains("3.1.874.10"));
    let mut stream = shell(&running, 1, "shell:getprop ro.serialno").await;
    assert_eq!(rest(&mut stream).await, b"A\n");
    assert_eq!(ask(&running, "host:devices-l").await, before);
}

#[test]
fn a_bench_runs_in_a_thread_of_its_own() {
    use std::io::{Read, Write};
    let running = Bench::new().phone(Phone::new("A")).start_in_thread().unwrap();
    let address = running.address();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(b"000chost:devices").unwrap();
    let mut text = String::new();
    stream.read_to_string(&mut text).unwrap();
    assert_eq!(text, okay("A\tdevice\n"));
    drop(running);
    assert!(std::net::TcpStream::connect(address).is_err());
}

#[tokio::test]
async fn two_hundred_and_fifty_six_phones_answer_at_once() {
    let phones = (0..256).map(|number| {
        Phone::xiaomi(format!("R{number}")).version("3.1.874.10").property_lines(1000)
    });
    let running = start(phones).await;
    let address = running.address();
    let mut readers = tokio::task::JoinSet::new();
    for id in 1..=256 {
        readers.spawn(async move {
            let mut stream = TcpStream::connect(address).await.unwrap();
            send(&mut stream, &format!("host:transport-id:{id}")).await;
            send(&mut stream, "shell,v2,raw:getprop;dumpsys package a.b").await;
            rest(&mut stream).await.len()
        });
    }
    let lengths = readers.join_all().await;
    assert!(lengths.iter().all(|length| *length > 40_000), "{lengths:?}");
}

#[tokio::test]
async fn the_demo_has_every_common_state() {
    let running = demo().start().await.unwrap();
    let list = ask(&running, "host:devices").await;
    assert!(list.lines().count() >= 16);
    for state in ["device", "unauthorized", "offline", "no permissions", "recovery", "bootloader"] {
        assert!(list.contains(&format!("\t{state}")), "{state}");
    }
    let mut stream =
        shell(&running, 1, "shell:dumpsys package com.xiaomi.mi_connect_service").await;
    let dump = String::from_utf8(rest(&mut stream).await).unwrap();
    assert!(dump.contains("versionName=3.1.874.10\n") && dump.contains("versionName=2.5.100.3\n"));
}
