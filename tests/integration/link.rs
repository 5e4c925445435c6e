//! The adb server link as a library: version, list, and the list that follows changes.

use std::time::Duration;

use micheck_adb::server::ServerError;
use micheck_adb::{ListedPhone, Server};
use micheck_simulator::{Bench, Phone, Running, ServerOptions, Wire};
use tokio::time::timeout;

fn server(running: &Running) -> Server {
    Server::new(running.address().into())
}

fn shown(list: &[ListedPhone]) -> Vec<String> {
    list.iter()
        .map(|phone| format!("{} {}", String::from_utf8_lossy(&phone.serial), phone.state.text()))
        .collect()
}

async fn next(tracking: &mut micheck_adb::server::Tracking) -> Vec<String> {
    let list = timeout(Duration::from_secs(20), tracking.next()).await.expect("a change is pushed");
    shown(&list.unwrap())
}

#[tokio::test]
async fn the_version_is_read_as_hexadecimal() {
    for version in [32, 41] {
        let options = ServerOptions { version, ..ServerOptions::default() };
        let running = Bench::new().server(options).start().await.unwrap();
        assert_eq!(server(&running).version().await.unwrap(), version);
    }
}

#[tokio::test]
async fn tracking_gives_the_list_at_once_and_after_every_change() {
    let running =
        Bench::new().phone(Phone::xiaomi("P1").state("unauthorized")).start().await.unwrap();
    let mut tracking = server(&running).track_devices().await.unwrap();
    assert_eq!(next(&mut tracking).await, ["P1 unauthorized"]);
    running.set_state("P1", "device");
    assert_eq!(next(&mut tracking).await, ["P1 device"]);
    running.plug(Phone::xiaomi("P2"));
    assert_eq!(next(&mut tracking).await, ["P1 device", "P2 device"]);
    running.unplug("P1");
    assert_eq!(next(&mut tracking).await, ["P2 device"]);
    running.unplug("P2");
    assert_eq!(next(&mut tracking).await, Vec::<String>::new());
    running.kill_server();
    let end = timeout(Duration::from_secs(20), tracking.next()).await.unwrap();
    assert!(matches!(end, Err(ServerError::NotAdb { .. })), "{end:?}");
}

#[tokio::test]
async fn a_replugged_phone_has_a_new_transport_id() {
    let running = Bench::new().phone(Phone::xiaomi("P1")).start().await.unwrap();
    let first = server(&running).devices().await.unwrap().remove(0);
    assert_eq!((first.state.text().as_str(), first.transport_id), ("device", Some(1)));
    running.unplug("P1");
    running.plug(Phone::xiaomi("P1"));
    let second = server(&running).devices().await.unwrap().remove(0);
    assert!(second.transport_id > first.transport_id);
}

#[tokio::test]
async fn what_is_no_server_is_told_apart() {
    let gone = Bench::new().start().await.unwrap().address();
    assert!(matches!(
        Server::new(gone.into()).devices().await,
        Err(ServerError::Unreachable { .. })
    ));
    let options = ServerOptions { wire: Wire::Silent, ..ServerOptions::default() };
    let silent = Bench::new().server(options).start().await.unwrap();
    assert!(matches!(server(&silent).version().await, Err(ServerError::Silent { .. })));
}

#[tokio::test]
async fn a_server_that_pushes_no_list_is_asked_for_it_again() {
    let options = ServerOptions { no_long_tracking: true, ..ServerOptions::default() };
    let old = Bench::new().server(options).phone(Phone::xiaomi("P1")).start().await.unwrap();
    let mut tracking = server(&old).track_devices().await.unwrap();
    assert_eq!(next(&mut tracking).await, ["P1 device"]);
    old.unplug("P1");
    assert_eq!(next(&mut tracking).await, Vec::<String>::new());
    old.kill_server();
    let end = timeout(Duration::from_secs(20), tracking.next()).await.unwrap();
    assert!(end.is_err(), "{end:?}");
}
