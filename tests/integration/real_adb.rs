//! micheck with the adb server that people have: the shipped program, Debian's `adb` as the
//! server, and simulated phones that it connects to over TCP.
//!
//! USB is not here, nor are phones in numbers that only matter for speed.

mod tap;

use std::net::SocketAddr;
use std::time::Duration;

use crate::support::adb_server::AdbServer;
use crate::support::{Micheck, Run, wait_until};
use micheck_adb::{ListedPhone, Server};
use micheck_simulator::{
    Authorisation, Bench, Fault, FloodPlace, ListeningThread, Moment, Phone, TransportFault,
};
use tap::Tap;

const PACKAGE: &str = "com.xiaomi.mi_connect_service";

/// A phone, the state that the server lists it in, and what micheck must say of it.
struct Case {
    name: &'static str,
    phone: Phone,
    state: &'static str,
    expected: &'static str,
}

fn case(name: &'static str, phone: Phone, expected: &'static str) -> Case {
    Case { name, phone, state: "device", expected }
}

/// Phones that an adb server holds.
struct Setup {
    server: AdbServer,
    /// In the order of the phones; their serials, too.
    addresses: Vec<SocketAddr>,
    _phones: ListeningThread,
}

fn set_up<'a>(phones: impl IntoIterator<Item = (&'a Phone, &'a str)>) -> Setup {
    let (phones, states): (Vec<_>, Vec<_>) = phones.into_iter().unzip();
    let listening = Bench::new().phones(phones.into_iter().cloned()).listen_in_thread().unwrap();
    let addresses = listening.addresses().to_vec();
    let mut server = AdbServer::start();
    for &address in &addresses {
        server.connect(address);
    }
    let expected: Vec<_> = addresses.iter().copied().zip(states).collect();
    server.wait_for(&expected);
    Setup { server, addresses, _phones: listening }
}

/// Scans the cases' phones, all at once, and compares what is said of each.
fn check(cases: &[Case], timeout: &str) -> (Run, Setup) {
    let setup = set_up(cases.iter().map(|case| (&case.phone, case.state)));
    let run = Micheck::scan(setup.server.address())
        .args(["--format", "json", "--timeout", timeout])
        .run();
    let found: Vec<_> = cases
        .iter()
        .zip(&setup.addresses)
        .map(|(case, address)| format!("{}: {}", case.name, run.verdict(&address.to_string())))
        .collect();
    let expected: Vec<_> =
        cases.iter().map(|case| format!("{}: {}", case.name, case.expected)).collect();
    assert_eq!(found, expected);
    assert_eq!(run.verdicts().len(), cases.len(), "no phone has two rows: {}", run.stdout);
    (run, setup)
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn every_verdict() {
    let cases = [
        case("vulnerable", Phone::xiaomi("A").version("3.1.874.10"), "vulnerable"),
        case("the bound itself", Phone::poco("B").android(16).version("3.1.895.10"), "vulnerable"),
        case("Android 6", Phone::xiaomi("C").android(6).version("2.5.100.3"), "vulnerable"),
        case("unconfirmed", Phone::xiaomi("D").android(9).version("3.1.900.12"), "unconfirmed"),
        case("patched", Phone::xiaomi("E").version("3.1.921.10"), "patched"),
        case("patched, Android 6", Phone::xiaomi("F").android(6).version("5.1.2.3"), "patched"),
        case("no app, Android 14", Phone::xiaomi("G"), "not_installed"),
        case("no app, Android 9", Phone::xiaomi("H").android(9), "not_installed"),
        case("no app, Android 6", Phone::xiaomi("I").android(6), "not_installed"),
        case("another maker's", Phone::pixel("J"), "not_applicable"),
        case(
            "starting",
            Phone::xiaomi("K").without_property("sys.boot_completed"),
            "unknown: still_booting",
        ),
        case(
            "no app, and pm is dead",
            Phone::xiaomi("L").android(6).package_manager_dead(),
            "unknown: service_unavailable",
        ),
    ];
    let (run, setup) = check(&cases, "60s");
    assert_eq!(run.code, Some(1));
    let vulnerable = run.device(&setup.addresses[0].to_string());
    assert_eq!(vulnerable["findings"][0]["version"], "3.1.874.10");
    assert_eq!(vulnerable["device"]["marketname"], "Redmi Note 13");
    assert_eq!(vulnerable["connection"]["state"], "device");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn phones_that_cannot_be_asked_say_why() {
    let state = |name, state, expected| Case {
        name,
        phone: Phone::xiaomi(name).version("3.1.921.10").state(state),
        state,
        expected,
    };
    let silent = Fault::Transport { at: Moment::Introduction, what: TransportFault::Stall };
    let cases = [
        state("never allowed", "unauthorized", "unknown: unauthorized"),
        state("in recovery", "recovery", "unknown: wrong_mode"),
        state("waits for an update", "sideload", "unknown: wrong_mode"),
        state("in rescue", "rescue", "unknown: wrong_mode"),
        state("in the bootloader", "bootloader", "unknown: wrong_mode"),
        Case {
            name: "never introduces itself",
            phone: Phone::xiaomi("silent").fault(silent),
            state: "offline",
            expected: "unknown: offline",
        },
        case("well", Phone::xiaomi("well").version("3.1.921.10"), "patched"),
    ];
    let (run, _setup) = check(&cases, "60s");
    assert_eq!(run.code, Some(3));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn phones_are_waited_for_until_a_person_allows_them() {
    let asks = |name: &str, seconds: Option<u64>| {
        let allowed_after = seconds.map(Duration::from_secs);
        Phone::xiaomi(name)
            .version("3.1.874.10")
            .authorisation(Authorisation::Ask { allowed_after })
    };
    let phones = [asks("A", Some(3)), asks("B", Some(40)), asks("C", None), Phone::pixel("D")];
    let states = ["unauthorized", "unauthorized", "unauthorized", "device"];
    let setup = set_up(phones.iter().zip(states));
    let run = Micheck::scan(setup.server.address())
        .args(["--format", "json", "--wait-auth", "45s"])
        .run();
    let found: Vec<_> =
        setup.addresses.iter().map(|address| run.verdict(&address.to_string())).collect();
    assert_eq!(found, ["vulnerable", "vulnerable", "unknown: unauthorized", "not_applicable"]);
    assert_eq!(run.stderr.matches(" and tap Allow (45 s left)\n").count(), 3, "{}", run.stderr);
}

/// What can go wrong in the answer of a phone that is listed as ready, each with what is said.
fn faults() -> Vec<Case> {
    let faulty = |name, fault, expected| {
        case(name, Phone::xiaomi(name).version("3.1.921.10").fault(fault), expected)
    };
    let old = |name, fault, expected| {
        case(name, Phone::xiaomi(name).android(6).version("3.1.921.10").fault(fault), expected)
    };
    let flood = |lines, place| Fault::Flood { lines, place };
    let cut = "unknown: incomplete_answer";
    let large = "unknown: answer_too_large";
    vec![
        faulty("wedged at once", Fault::StallAfter { bytes: 0 }, "unknown: timeout"),
        faulty("wedged", Fault::StallAfter { bytes: 900 }, "unknown: timeout"),
        faulty("shell ignored", Fault::IgnoreShell, "unknown: timeout"),
        faulty("huge packet", Fault::HugePacket, large),
        faulty("cut", Fault::CloseAfter { bytes: 900 }, cut),
        faulty("a part never ends", Fault::OmitMarker { index: 3 }, cut),
        faulty("everything twice", Fault::DoubleMarkers, cut),
        faulty("shell refused", Fault::RefuseShell { message: "no".to_owned() }, cut),
        faulty("unplugged", Fault::UnplugAfter { bytes: 900 }, "unknown: disconnected"),
        faulty("flood", flood(false, FloodPlace::Start), large),
        faulty("flood of lines", flood(true, FloodPlace::Dump), large),
        faulty("garbage", Fault::Garbage, "unknown: unreadable_answer"),
        // Behind the last marker, and yet no phone is believed to be fine whose answer doesn't
        // end as answers do.
        faulty("no exit packet", Fault::NoExitPacket, cut),
        faulty("unknown packet", Fault::UnknownPacket, "unknown: unreadable_answer"),
        faulty("bad exit packet", Fault::BadExitPacket { length: 4 }, "unknown: unreadable_answer"),
        old("cut, old shell", Fault::CloseAfter { bytes: 900 }, cut),
        old("wedged, old shell", Fault::StallAfter { bytes: 900 }, "unknown: timeout"),
        old("flood, old shell", flood(true, FloodPlace::Dump), large),
    ]
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_broken_phone_costs_its_own_row_only() {
    let mut cases = faults();
    cases.push(case("well", Phone::xiaomi("well").version("3.1.874.10"), "vulnerable"));
    cases.push(case("well, old", Phone::xiaomi("old").android(6), "not_installed"));
    let (run, _setup) = check(&cases, "5s");
    assert_eq!(run.code, Some(1));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_wedged_phone_has_its_own_deadline() {
    let wedged = Phone::xiaomi("wedged").version("3.1.921.10");
    let cases = [
        case("wedged", wedged.fault(Fault::StallAfter { bytes: 900 }), "unknown: timeout"),
        case("well", Phone::xiaomi("well").version("3.1.921.10"), "patched"),
    ];
    let (run, _setup) = check(&cases, "2s");
    assert_eq!(run.code, Some(3));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn sixty_four_phones_at_once() {
    let mut cases = faults();
    for number in 0.. {
        if cases.len() == 64 {
            break;
        }
        let serial = format!("phone {number}");
        // Phones that are busy answer after the others have.
        let slow = Duration::from_millis(300 * (number % 2));
        let (phone, expected) = match number % 6 {
            0 => (Phone::xiaomi(serial).android(15).version("3.1.895.10"), "vulnerable"),
            1 => (Phone::poco(serial).android(9).version("3.1.895.11"), "unconfirmed"),
            2 => (Phone::xiaomi(serial).android(16).version("3.1.921.10"), "patched"),
            3 => (Phone::xiaomi(serial).android(11), "not_installed"),
            4 => (Phone::pixel(serial), "not_applicable"),
            _ => (Phone::xiaomi(serial).android(6), "not_installed"),
        };
        cases.push(case(expected, phone.property_lines(1000).delay(slow), expected));
    }
    // The wedged ones cost the whole of it; the others share the machine with the floods.
    let (run, _setup) = check(&cases, "12s");
    assert_eq!(run.code, Some(1));
    assert_eq!(run.json()["summary"]["devices"], 64);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn the_table_shows_the_worst_first() {
    let phones = [
        Phone::xiaomi("fine").version("3.1.921.10"),
        Phone::poco("at risk").version("3.1.874.10"),
        Phone::xiaomi("locked").state("unauthorized"),
    ];
    let setup = set_up(phones.iter().zip(["device", "device", "unauthorized"]));
    let run = Micheck::scan(setup.server.address()).run();
    let row = |address: &SocketAddr| {
        let serial = address.to_string();
        let row = run.stdout.lines().position(|line| line.trim_end().ends_with(&serial));
        let row = row.unwrap_or_else(|| panic!("no row of {serial} in\n{}", run.stdout));
        (row, run.stdout.lines().nth(row).unwrap())
    };
    let [fine, at_risk, locked] = [0, 1, 2].map(|number: usize| row(&setup.addresses[number]));
    assert!(at_risk.1.starts_with("✖ AT RISK") && at_risk.1.contains("3.1.874.10"), "{at_risk:?}");
    assert!(locked.1.starts_with("? NOT CHECKED"), "{locked:?}");
    assert!(fine.1.starts_with("✔ UPDATED") && fine.1.contains("3.1.921.10"), "{fine:?}");
    assert!(at_risk.0 < locked.0 && locked.0 < fine.0, "{}", run.stdout);
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn no_phone_is_said_with_its_own_exit_code() {
    let server = AdbServer::start();
    let run = Micheck::scan(server.address()).args(["--format", "json"]).run();
    assert_eq!(run.json()["devices"], serde_json::json!([]));
    assert_eq!(run.code, Some(4));
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_server_killed_in_mid_scan_costs_no_row() {
    let phones: Vec<_> = (0..6)
        .map(|number| {
            let phone = Phone::xiaomi(format!("{number}")).android(if number < 3 { 14 } else { 6 });
            phone.version("3.1.921.10").delay(Duration::from_secs(600))
        })
        .collect();
    let listening = Bench::new().phones(phones).listen_in_thread().unwrap();
    let taps: Vec<_> = listening.addresses().iter().map(|&phone| Tap::before(phone)).collect();
    let mut server = AdbServer::start();
    for tap in &taps {
        server.connect(tap.address());
    }
    let expected: Vec<_> = taps.iter().map(|tap| (tap.address(), "device")).collect();
    server.wait_for(&expected);
    let run = Micheck::scan(server.address()).args(["--format", "json", "--timeout", "100s"]);
    let run = run.start();
    wait_until("every phone is asked", || taps.iter().all(|tap| !tap.services().is_empty()));
    server.kill();
    let (run, _dir) = run.wait();
    for tap in &taps {
        assert_eq!(run.verdict(&tap.address().to_string()), "unknown: server_lost");
    }
    assert_eq!(run.verdicts().len(), taps.len());
    assert_eq!(run.code, Some(3));
}

/// Takes the marker out of a command and cuts it into statements.
fn statements(service: &str, protocol: &str) -> Vec<String> {
    let command = service.strip_prefix(protocol).unwrap_or_else(|| panic!("{service}"));
    let marker = command.strip_prefix("echo;echo ").unwrap().split_once('+').unwrap().0;
    assert_eq!(marker.len(), 32, "{command}");
    assert!(marker.bytes().all(|byte| byte.is_ascii_hexdigit()), "{command}");
    command.replace(marker, "MARKER").split(';').map(str::to_owned).collect()
}

/// The statements of a command that asks these questions and nothing else.
fn framed(questions: &[String]) -> Vec<String> {
    let mut statements = Vec::new();
    for (index, question) in questions.iter().enumerate() {
        statements.extend(["echo".to_owned(), format!("echo MARKER+{index}")]);
        statements.extend([format!("{question} 2>&1"), "e=$?".to_owned(), "echo".to_owned()]);
        statements.push(format!("echo MARKER-{index}:$e"));
    }
    statements.extend(["echo".to_owned(), "echo MARKER.".to_owned()]);
    statements
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn phones_are_sent_the_probe_and_nothing_else() {
    let phones = [
        Phone::xiaomi("at risk").version("3.1.874.10"),
        Phone::xiaomi("old").android(6),
        Phone::xiaomi("in recovery").state("recovery"),
    ];
    let listening = Bench::new().phones(phones).listen_in_thread().unwrap();
    let taps: Vec<_> = listening.addresses().iter().map(|&phone| Tap::before(phone)).collect();
    let mut server = AdbServer::start();
    for tap in &taps {
        server.connect(tap.address());
    }
    let states = ["device", "device", "recovery"];
    let expected: Vec<_> = taps.iter().map(Tap::address).zip(states).collect();
    server.wait_for(&expected);
    let run = Micheck::scan(server.address()).args(["--format", "json"]).run();
    let verdicts: Vec<_> = taps.iter().map(|tap| run.verdict(&tap.address().to_string())).collect();
    assert_eq!(verdicts, ["vulnerable", "not_installed", "unknown: wrong_mode"]);

    let first = ["getprop".to_owned(), format!("dumpsys package {PACKAGE}")];
    let control = "pm path android".to_owned();
    let of_updaters =
        ["com.indus.appstore", "com.xiaomi.discover", "com.xiaomi.market", "com.xiaomi.mipicks"]
            .map(|name| format!("pm path {name}"));
    let follow_ups = [
        [vec![control.clone()], of_updaters.to_vec()].concat(),
        vec![control, format!("pm list packages -u {PACKAGE}")],
    ];
    for ((tap, protocol), follow_up) in taps.iter().zip(["shell,v2,raw:", "shell:"]).zip(follow_ups)
    {
        let services = tap.services();
        assert_eq!(services.len(), 2, "{services:#?}");
        assert_eq!(statements(&services[0], protocol), framed(&first));
        assert_eq!(statements(&services[1], protocol), framed(&follow_up));
        let marker =
            |service: &str| service[protocol.len()..][.."echo;echo ".len() + 32].to_owned();
        assert_ne!(marker(&services[0]), marker(&services[1]), "each command has a fresh marker");
    }
    assert_eq!(taps[2].services(), [""; 0], "a phone that can't be asked isn't");
    for message in taps.iter().flat_map(Tap::messages) {
        // CNXN is the server's introduction, OKAY and CLSE its receipts; WRTE would be input.
        let expected = ["CNXN", "OPEN", "OKAY", "CLSE"].contains(&message.command.as_str());
        assert!(expected, "{message:?}");
    }
}

#[tokio::test]
async fn the_list_is_followed() {
    let phones = [Phone::xiaomi("first"), Phone::poco("second")];
    let listening = Bench::new().phones(phones).listen_in_thread().unwrap();
    let [first, second] = *listening.addresses() else { unreachable!("two phones listen") };
    let mut adb = AdbServer::start();
    adb.connect(first);
    adb.wait_for(&[(first, "device")]);

    let server = Server::new(adb.address().into());
    let mut tracking = server.track_devices().await.unwrap();
    // The server tells of every step on a phone's way to `device`; only where it ends is certain.
    let mut until = async |expected: &[SocketAddr]| -> Vec<ListedPhone> {
        let reached = async {
            loop {
                let list = tracking.next().await.unwrap();
                let ready = list.iter().filter(|phone| phone.state.reason().is_none());
                let mut ready: Vec<_> =
                    ready.map(|phone| String::from_utf8(phone.serial.clone()).unwrap()).collect();
                let mut expected: Vec<_> = expected.iter().map(SocketAddr::to_string).collect();
                ready.sort();
                expected.sort();
                if ready == expected && list.len() == expected.len() {
                    return list;
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), reached).await.unwrap()
    };
    let now = until(&[first]).await;
    assert_eq!(now[0].model.as_deref(), Some(&b"23129RAA4G"[..]));
    assert_eq!(now[0].path, None, "a phone on the network is plugged in nowhere");
    adb.connect(second);
    let both = until(&[first, second]).await;
    adb.disconnect(first);
    let rest = until(&[second]).await;
    let id = |list: &[ListedPhone], serial: SocketAddr| {
        let found = list.iter().find(|phone| phone.serial == serial.to_string().as_bytes());
        found.unwrap().transport_id.expect("a server of today numbers its phones")
    };
    assert_eq!(id(&now, first), id(&both, first));
    assert_eq!(id(&both, second), id(&rest, second));
    assert_ne!(id(&both, first), id(&both, second));
    adb.connect(first);
    let back = until(&[first, second]).await;
    assert_ne!(id(&back, first), id(&both, first), "a phone that comes back has a new number");

    adb.kill();
    let end = tokio::time::timeout(Duration::from_secs(60), async {
        while tracking.next().await.is_ok() {}
    });
    end.await.expect("the end of the server is an error, not silence");
}

#[tokio::test]
async fn the_server_tells_its_version() {
    let adb = AdbServer::start();
    let server = Server::new(adb.address().into());
    assert_eq!(server.version().await.unwrap(), 41, "what every adb since 2019 says");
    assert_eq!(server.devices().await.unwrap(), []);
}
