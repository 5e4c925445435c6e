//! Films on a bench that runs, through its server.

use std::collections::BTreeSet;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::*;
use crate::file::read;
use crate::{Running, film};

const DOCS: &str = include_str!("../../../docs/simulator.md");
/// Long enough for anything that should happen, short enough for a failing test.
const SOON: Duration = Duration::from_secs(5);

const SHORT: &str = r#"
    ends_ms = 50
    pause_ms = 10

    [[parts]]
    at_ms = 10
    cues = [
        { at_ms = 20, state = "device" },
        { at_ms = 30, version = "3.1.921.10" },
        { at_ms = 40, properties = { "sys.boot_completed" = "1" } },
    ]
    [parts.phone]
    serial = "A{round}"
    usb = "1-4"
    state = "unauthorized"
    version = "3.1.874.10"
    without_properties = ["sys.boot_completed"]

    [[parts]]
    at_ms = 20
    leaves_ms = 30
    [parts.phone]
    serial = "B{round}"
    usb = "1-5"
"#;

/// Sends requests over one connection and reads to its end.
async fn ask(running: &Running, requests: &[&str]) -> String {
    let mut stream = TcpStream::connect(running.address()).await.unwrap();
    for request in requests {
        let text = format!("{:04x}{request}", request.len());
        stream.write_all(text.as_bytes()).await.unwrap();
    }
    let mut answer = Vec::new();
    timeout(SOON, stream.read_to_end(&mut answer)).await.expect("the end").unwrap();
    String::from_utf8(answer).unwrap()
}

/// The server's short list.
async fn list(running: &Running) -> String {
    without_head(&ask(running, &["host:devices"]).await).replace('\t', " ")
}

/// A text without its status and length.
fn without_head(answer: &str) -> &str {
    answer.strip_prefix("OKAY").and_then(|rest| rest.get(4..)).unwrap()
}

#[tokio::test]
async fn every_cue_is_carried_out_in_its_order() {
    let film = read::<Scenario>(SHORT);
    let running = film.bench().start().await.unwrap();
    let shell = async |command: &str| ask(&running, &["host:transport:A07", command]).await;
    let dumpsys = "shell:dumpsys package com.xiaomi.mi_connect_service";
    let booted = "shell:getprop sys.boot_completed";
    let mut seen = Vec::new();
    for scene in &film.scenes {
        scene.act(7, &running);
        let version = |dump: &str| dump.contains("versionName=3.1.921.10\n");
        let updated = version(&shell(dumpsys).await);
        let booted = shell(booted).await.ends_with("1\n");
        let at = scene.at.as_millis();
        seen.push(format!("{at}: {}{updated} {booted}", list(&running).await.replace('\n', ", ")));
    }
    let expected = [
        "10: A07 unauthorized, false false",
        "20: A07 device, false false",
        "20: A07 device, B07 device, false false",
        "30: A07 device, B07 device, true false",
        "30: A07 device, true false",
        "40: A07 device, true true",
        "50: false false",
    ];
    assert_eq!(seen, expected);
    assert_eq!(running.requests(), Vec::<String>::new());
}

#[tokio::test]
async fn a_film_is_played_again_with_other_serials() {
    let film = read::<Scenario>(SHORT);
    assert_eq!(film.round(), Duration::from_millis(60));
    let running = film.bench().start().await.unwrap();
    let later = |line: &str| &line[1..3] > "02";
    let third_round = async {
        while !list(&running).await.lines().any(later) {
            sleep(Duration::from_millis(1)).await;
        }
    };
    let watched = async {
        tokio::select! {
            () = film.play(running.clone()) => panic!("a film has no end"),
            () = third_round => {}
        }
    };
    timeout(SOON, watched).await.expect("a third round");
    let left = list(&running).await;
    assert!(left.lines().all(later), "{left}");
    sleep(film.round()).await;
    assert_eq!(list(&running).await, left, "a film that was dropped is over");
}

#[tokio::test]
async fn the_films_phones_have_a_port_each_and_all_leave() {
    let film = film();
    let running = film.bench().start().await.unwrap();
    let mut most = 0;
    for scene in &film.scenes {
        scene.act(1, &running);
        let answer = ask(&running, &["host:devices-l"]).await;
        let list = without_head(&answer);
        let words = list.split_whitespace();
        let ports: BTreeSet<_> = words.filter(|word| word.starts_with("usb:")).collect();
        assert_eq!(ports.len(), list.lines().count(), "{list}");
        most = most.max(ports.len());
    }
    assert_eq!((most, list(&running).await.as_str()), (6, ""));
    assert_eq!(film.round(), Duration::from_secs(46));
}

#[test]
fn the_documented_film_is_read() {
    let (_, section) = DOCS.split_once("## Films\n").unwrap();
    let (_, example) = section.split_once("```toml\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    assert!(!read::<Scenario>(example).scenes.is_empty());
}
