use super::*;
use crate::output::render::{Layout, checkup, checkup_json};
use crate::report::AdvisoriesUsed;
use crate::text::Text;
use micheck_adb::usb_device::{UsbAccess, UsbDevice, UsbKind, UsbPort, UsbSpeed, XIAOMI};
use micheck_adb::{Endpoint, ListedPhone};

/// A computer with an adb server and nothing plugged in.
fn usual() -> Findings {
    Findings {
        adb_program: Some("/usr/bin/adb".to_owned()),
        key_path: Some("/home/x/.android/adbkey".to_owned()),
        key: KeyState::Usable { open_to_others: false },
        udev: Some(UdevState {
            rule: Some("/etc/udev/rules.d/70.rules".to_owned()),
            is_root: false,
        }),
        needs_driver: false,
        servers: vec![server_with(Vec::new())],
        usb: Ok(Vec::new()),
        advisories: aged(10),
    }
}

fn aged(age_days: i64) -> AdvisoriesFound {
    AdvisoriesFound { version: "7".to_owned(), date: "2026-01-02".to_owned(), age_days }
}

fn found(outcome: Result<RunningServer, ServerError>) -> ServerFound {
    ServerFound { endpoint: Endpoint::default(), named: false, holder: None, outcome }
}

fn server_with(phones: Vec<ListedPhone>) -> ServerFound {
    found(Ok(RunningServer { version: Some(41), phones }))
}

fn elsewhere() -> ServerFound {
    let endpoint = Endpoint { host: "192.0.2.7".to_owned(), port: 5037 };
    ServerFound { endpoint, ..server_with(vec![]) }
}

fn unreachable() -> ServerError {
    let source = std::io::Error::other("refused");
    ServerError::Unreachable { endpoint: Endpoint::default(), source }
}

/// A phone with the number of its connection.
fn listed(serial: &str, state: &str, transport_id: Option<u64>) -> ListedPhone {
    let state = ConnectionState(state.into());
    let serial = serial.into();
    let (path, product, model, device) = (None, None, None, None);
    ListedPhone { serial, state, path, product, model, device, transport_id }
}

fn plugged(ports: &[u8], kind: UsbKind) -> PluggedIn {
    let device = UsbDevice {
        port: UsbPort { bus: 1, ports: ports.to_vec() },
        address: 9,
        vendor: XIAOMI,
        product: 0xff48,
        serial: None,
        name: None,
        kind,
        speed: UsbSpeed::High,
        max_power_ma: Some(500),
        self_powered: false,
        access: UsbAccess::Granted,
    };
    PluggedIn { device, listed: false, holder: None }
}

fn phone_at(ports: &[u8]) -> PluggedIn {
    plugged(ports, UsbKind::Adb)
}

fn hub_at(ports: &[u8]) -> PluggedIn {
    plugged(ports, UsbKind::Hub)
}

fn holder(name: &str) -> OwningProcess {
    OwningProcess { pid: 812, name: name.to_owned() }
}

/// The keys of a section, and with each the reason, if it has one.
fn keys(findings: &Findings, section: CheckSection) -> Vec<String> {
    let checkup = Checkup::new(findings);
    let of_section = checkup.checks.iter().filter(|check| check.key.section() == section);
    let word = |check: &Check| match check.reason {
        Some(reason) => format!("{}: {}", check.key.key(), reason.key()),
        None => check.key.key().to_owned(),
    };
    of_section.map(word).collect()
}

fn only(findings: &Findings, key: CheckKey) -> Check {
    let checkup = Checkup::new(findings);
    let mut of_key = checkup.checks.into_iter().filter(|check| check.key == key);
    let check = of_key.next().unwrap_or_else(|| panic!("no {}", key.key()));
    assert_eq!(of_key.next(), None);
    check
}

fn sentence(findings: &Findings, key: CheckKey) -> String {
    Text::default().check(&only(findings, key))
}

#[test]
fn problems_have_steps_and_what_is_well_has_none() {
    let mut all = usual();
    all.adb_program = None;
    all.servers.push(found(Err(ServerError::Silent { endpoint: Endpoint::default() })));
    for findings in [usual(), all] {
        for check in Checkup::new(&findings).checks {
            match check.state() {
                CheckState::Ok => assert_eq!(check.steps, [], "{}", check.key.key()),
                CheckState::Note => {}
                CheckState::Problem => assert!(!check.steps.is_empty(), "{}", check.key.key()),
            }
        }
    }
}

#[test]
fn the_key_is_looked_at() {
    use KeyState::{Missing, NoKey, OldForm, Unknown, Unreadable, Usable};
    let none: &[Step] = &[];
    for (key, expected, state, steps) in [
        (Missing, CheckKey::KeyMissing, CheckState::Ok, none),
        (Usable { open_to_others: false }, CheckKey::KeyUsable, CheckState::Ok, none),
        (
            Usable { open_to_others: true },
            CheckKey::KeyOpenToOthers,
            CheckState::Note,
            &[Step::ProtectKey],
        ),
        (OldForm, CheckKey::KeyOldForm, CheckState::Problem, &[Step::ConvertKey]),
        (NoKey, CheckKey::KeyInvalid, CheckState::Problem, &[Step::RepairKey]),
        (
            Unreadable("it is a folder".to_owned()),
            CheckKey::KeyUnreadable,
            CheckState::Problem,
            &[Step::RepairKey],
        ),
        (Unknown, CheckKey::KeyUnknown, CheckState::Note, none),
    ] {
        let check = only(&Findings { key, ..usual() }, expected);
        assert_eq!((check.state(), check.steps.as_slice()), (state, steps), "{expected:?}");
        assert_eq!(check.subject.as_deref(), Some("/home/x/.android/adbkey"));
    }
    let homeless = Findings { key_path: None, ..usual() };
    assert_eq!(only(&homeless, CheckKey::KeyWithoutHome).state(), CheckState::Problem);
}

#[test]
fn a_udev_rule_is_missed_where_there_are_such() {
    let with = |rule: Option<&str>, is_root| Findings {
        udev: Some(UdevState { rule: rule.map(str::to_owned), is_root }),
        adb_program: None,
        ..usual()
    };
    let of = |findings: &Findings| keys(findings, CheckSection::Computer);
    let computer = |udev: &'static str| vec!["adb_program_missing", udev, "key_usable"];
    assert_eq!(of(&with(None, false)), computer("udev_rule_missing"));
    let fine = |udev: &'static str| vec!["adb_program_missing", "key_usable", udev];
    assert_eq!(of(&with(None, true)), fine("udev_rule_not_needed"));
    assert_eq!(of(&with(Some("/x"), true)), fine("udev_rule_found"));
    let elsewhere = Findings { udev: None, ..usual() };
    assert_eq!(of(&elsewhere), ["adb_program_found", "key_usable"]);
    // A phone that is shut out says itself what to do.
    let missing = |findings: &Findings| only(findings, CheckKey::UdevRuleMissing).steps;
    assert_eq!(missing(&with(None, false)), [Step::InstallUdevRule]);
    let mut shut_out = phone_at(&[1]);
    shut_out.device.access = UsbAccess::Denied;
    let denied = Findings { usb: Ok(vec![shut_out]), ..with(None, false) };
    assert_eq!(missing(&denied), []);
}

#[test]
fn servers_are_told_apart_from_what_is_none() {
    let endpoint = Endpoint::default;
    let runs = |version| Ok(RunningServer { version, phones: vec![] });
    let words = || "words".to_owned();
    let silent = || Err(ServerError::Silent { endpoint: endpoint() });
    let not_adb = ServerError::NotAdb { endpoint: endpoint(), what: words() };
    let refused = ServerError::Refused { endpoint: endpoint(), message: words() };
    for (outcome, named, expected, state) in [
        (runs(Some(41)), false, CheckKey::ServerRuns, CheckState::Ok),
        (runs(None), false, CheckKey::ServerRuns, CheckState::Ok),
        (runs(Some(40)), true, CheckKey::ServerOld, CheckState::Note),
        (Err(unreachable()), false, CheckKey::ServerNotRunning, CheckState::Note),
        (Err(unreachable()), true, CheckKey::ServerUnreachable, CheckState::Problem),
        (silent(), false, CheckKey::ServerSilent, CheckState::Problem),
        (Err(not_adb), false, CheckKey::ServerNotAdb, CheckState::Problem),
        (
            Err(ServerError::Failed { endpoint: endpoint() }),
            false,
            CheckKey::ServerNotAdb,
            CheckState::Problem,
        ),
        (Err(refused), true, CheckKey::ServerRefuses, CheckState::Problem),
    ] {
        let server = ServerFound { named, ..found(outcome) };
        let findings = Findings { servers: vec![server], ..usual() };
        let check = only(&findings, expected);
        assert_eq!(check.state(), state, "{expected:?}");
        assert_eq!(check.subject.as_deref(), Some("127.0.0.1:5037"));
    }
    let held = ServerFound { holder: Some(holder("nginx")), ..found(silent()) };
    assert_eq!(
        sentence(&Findings { servers: vec![held], ..usual() }, CheckKey::ServerSilent),
        "What listens at 127.0.0.1:5037 doesn't answer like an adb server (nginx, process 812)"
    );
    let findings = Findings { servers: vec![elsewhere()], ..usual() };
    assert_eq!(keys(&findings, CheckSection::AdbServer), ["server_elsewhere", "server_runs"]);
}

#[test]
fn phones_that_are_listed_have_their_state() {
    let phones = vec![
        listed("P1", "device", Some(1)),
        listed("P2", "unauthorized", Some(2)),
        listed("P3", "no permissions", Some(3)),
        listed("P4", "unauthorized", Some(4)),
    ];
    let findings = Findings { servers: vec![server_with(phones)], ..usual() };
    assert_eq!(
        keys(&findings, CheckSection::Phones),
        [
            "phone_not_ready: unauthorized",
            "phone_not_ready: unauthorized",
            "phone_not_ready: no_permission",
            "phone_ready"
        ]
    );
    let checkup = Checkup::new(&findings);
    let first = checkup.checks.iter().find(|check| check.reason.is_some()).unwrap();
    assert_eq!(first.steps, [Step::AllowDebugging, Step::AllowDialogMissing]);
    assert_eq!((checkup.state(), checkup.count(CheckState::Problem)), (CheckState::Problem, 3));
}

#[test]
fn one_serial_number_twice_is_told_where_the_server_cannot_tell() {
    let with = |ids: [Option<u64>; 3]| {
        let [first, second, third] = ids;
        let phones = [("S", first), ("S", second), ("T", third)];
        let phones = phones.map(|(serial, id)| listed(serial, "device", id)).to_vec();
        keys(&Findings { servers: vec![server_with(phones)], ..usual() }, CheckSection::Phones)
    };
    let twice = "phone_not_ready: ambiguous_serial";
    assert_eq!(with([None; 3]), [twice, twice, "phone_ready"]);
    assert_eq!(with([Some(4), Some(5), Some(6)]), ["phone_ready", "phone_ready", "phone_ready"]);
    // On two servers it is no matter.
    let one = || server_with(vec![listed("S", "device", None)]);
    let endpoint = Endpoint { port: 5038, ..Endpoint::default() };
    let other = ServerFound { endpoint, ..one() };
    let findings = Findings { servers: vec![one(), other], ..usual() };
    assert_eq!(keys(&findings, CheckSection::Phones), ["phone_ready", "phone_ready"]);
    let first =
        Checkup::new(&findings).checks.into_iter().find(|check| check.key == CheckKey::PhoneReady);
    assert_eq!(
        Text::default().check(&first.unwrap()),
        "unknown phone (serial S, adb server 127.0.0.1:5037) can be checked"
    );
}

#[test]
fn that_there_is_no_phone_is_a_problem() {
    assert_eq!(keys(&usual(), CheckSection::Phones), ["no_phone"]);
    let steps = |needs_driver| only(&Findings { needs_driver, ..usual() }, CheckKey::NoPhone).steps;
    let ways = [Step::TryCable, Step::EnableDebugging, Step::AllowDebugging];
    assert_eq!(steps(false), ways);
    assert_eq!(steps(true), [&ways[..], &[Step::InstallDriver]].concat());
    let blind = Findings { usb: Err("no bus".to_owned()), ..usual() };
    assert_eq!(keys(&blind, CheckSection::Usb), ["usb_unknown"]);
    assert_eq!(keys(&blind, CheckSection::Phones), ["no_phone"]);
    // One that can't be asked is one.
    let off = Findings { usb: Ok(vec![plugged(&[1], UsbKind::XiaomiWithoutAdb)]), ..usual() };
    assert_eq!(keys(&off, CheckSection::Phones), Vec::<String>::new());
    let only_hub = Findings { usb: Ok(vec![hub_at(&[1])]), ..usual() };
    assert_eq!(keys(&only_hub, CheckSection::Usb), ["usb_empty"]);
    assert_eq!(keys(&only_hub, CheckSection::Phones), ["no_phone"]);
}

#[test]
fn each_phone_on_usb_has_what_it_lacks() {
    let no_server = || vec![found(Err(unreachable()))];
    let remote = || vec![elsewhere()];
    let of = |one: PluggedIn, servers: Vec<ServerFound>| {
        let findings = Findings { usb: Ok(vec![one]), servers, ..usual() };
        keys(&findings, CheckSection::Usb).join(" ")
    };
    let here = || vec![server_with(vec![])];
    let with_access = |access| {
        let mut one = phone_at(&[1]);
        one.device.access = access;
        one
    };
    let held = || PluggedIn { holder: Some(holder("mtool")), ..phone_at(&[1]) };
    for (one, servers, expected) in [
        (phone_at(&[1]), no_server(), "usb_phone_ready"),
        (with_access(UsbAccess::Unknown), no_server(), "usb_phone_ready"),
        (phone_at(&[1]), here(), "usb_phone_unlisted"),
        (phone_at(&[1]), remote(), "usb_phone_ready"),
        (PluggedIn { listed: true, ..held() }, here(), "usb_phone_listed"),
        (held(), here(), "usb_phone_not_ready: usb_busy"),
        (held(), no_server(), "usb_phone_not_ready: usb_busy"),
        (with_access(UsbAccess::Denied), here(), "usb_phone_not_ready: no_permission"),
        (with_access(UsbAccess::NoDriver), here(), "usb_phone_not_ready: driver_missing"),
        (
            plugged(&[1], UsbKind::XiaomiWithoutAdb),
            here(),
            "usb_phone_not_ready: usb_debugging_off",
        ),
        (plugged(&[1], UsbKind::Fastboot), here(), "usb_phone_not_ready: wrong_mode"),
        (
            plugged(&[1], UsbKind::DebugClass),
            no_server(),
            "usb_phone_not_ready: unsupported_interface",
        ),
        // adb speaks it.
        (
            PluggedIn { listed: true, ..plugged(&[1], UsbKind::DebugClass) },
            here(),
            "usb_phone_listed",
        ),
    ] {
        assert_eq!(of(one.clone(), servers), expected, "{one:?}");
    }
    let findings = Findings { usb: Ok(vec![held()]), ..usual() };
    assert_eq!(
        sentence(&findings, CheckKey::UsbPhoneNotReady),
        "unknown phone (USB port 1-1): another program is using the phone's USB connection \
         (mtool, process 812)"
    );
    assert_eq!(only(&findings, CheckKey::UsbPhoneNotReady).subject.as_deref(), Some("1-1"));
}

fn usb_keys(devices: Vec<PluggedIn>) -> Vec<String> {
    let servers = vec![found(Err(unreachable()))];
    let mut keys = keys(&Findings { usb: Ok(devices), servers, ..usual() }, CheckSection::Usb);
    keys.retain(|key| key != "usb_phone_ready");
    keys
}

fn at_speed(mut one: PluggedIn, speed: UsbSpeed) -> PluggedIn {
    one.device.speed = speed;
    one
}

fn wanting(mut one: PluggedIn, ma: Option<u16>) -> PluggedIn {
    one.device.max_power_ma = ma;
    one
}

fn powered(mut one: PluggedIn) -> PluggedIn {
    one.device.self_powered = true;
    one
}

#[test]
fn slow_phones_and_hubs_are_told() {
    let speeds = [
        (UsbSpeed::Low, 1),
        (UsbSpeed::Full, 1),
        (UsbSpeed::High, 0),
        (UsbSpeed::Super, 0),
        (UsbSpeed::Unknown, 0),
    ];
    for (speed, slow) in speeds {
        let expected = vec!["usb_phone_slow"; slow];
        assert_eq!(usb_keys(vec![at_speed(phone_at(&[1]), speed)]), expected, "{speed:?}");
    }
    let full = UsbSpeed::Full;
    // The hub explains its phones, and no other.
    let devices = vec![
        powered(at_speed(hub_at(&[2]), full)),
        at_speed(phone_at(&[2, 1]), full),
        at_speed(phone_at(&[3]), full),
    ];
    assert_eq!(usb_keys(devices), ["usb_phone_slow", "hub_slow"]);
    // A slow hub without a phone is nobody's trouble; nor is the computer's own.
    assert_eq!(usb_keys(vec![at_speed(hub_at(&[2]), full), phone_at(&[3])]), [""; 0]);
    let root = vec![at_speed(hub_at(&[]), full), at_speed(phone_at(&[3]), full)];
    assert_eq!(usb_keys(root), ["usb_phone_slow"]);
}

#[test]
fn hubs_that_have_less_power_than_their_phones_want_are_told() {
    let under = ["hub_underpowered"];
    let none: [&str; 0] = [];
    let with = |hub: PluggedIn, phones: &[Option<u16>]| {
        let mut devices = vec![hub];
        for (port, &ma) in (1..).zip(phones) {
            devices.push(wanting(phone_at(&[1, port]), ma));
        }
        usb_keys(devices)
    };
    assert_eq!(with(hub_at(&[1]), &[Some(500)]), none);
    assert_eq!(with(hub_at(&[1]), &[Some(500), Some(2)]), under);
    assert_eq!(with(powered(hub_at(&[1])), &[Some(500), Some(500)]), none);
    let fast = || at_speed(hub_at(&[1]), UsbSpeed::Super);
    assert_eq!(with(fast(), &[Some(400), Some(500)]), none);
    assert_eq!(with(fast(), &[Some(402), Some(500)]), under);
    // What nobody says counts nothing, but eight are too many.
    assert_eq!(with(hub_at(&[1]), &[None; 7]), none);
    assert_eq!(with(hub_at(&[1]), &[None; 8]), ["hub_crowded"]);
    assert_eq!(with(powered(hub_at(&[1])), &[None; 8]), none);
    // The computer's own ports are no hub.
    assert_eq!(usb_keys(vec![hub_at(&[]), phone_at(&[1]), phone_at(&[2])]), none);
    let findings =
        Findings { usb: Ok(vec![hub_at(&[1]), phone_at(&[1, 1]), phone_at(&[1, 2])]), ..usual() };
    assert_eq!(
        sentence(&findings, CheckKey::HubUnderpowered),
        "The hub at USB port 1-1 has no power supply of its own: it can give 500 mA, and 2 phones \
         may draw 1000 mA"
    );
}

#[test]
fn of_hubs_in_a_row_the_first_is_told() {
    let chained = |first: PluggedIn, second: PluggedIn| {
        usb_keys(vec![first, second, phone_at(&[1, 4, 1]), phone_at(&[1, 4, 2])])
    };
    assert_eq!(chained(hub_at(&[1]), hub_at(&[1, 4])), ["hub_underpowered"]);
    // A supply in between feeds what comes behind.
    assert_eq!(chained(hub_at(&[1]), powered(hub_at(&[1, 4]))), [""; 0]);
    assert_eq!(chained(powered(hub_at(&[1])), hub_at(&[1, 4])), ["hub_underpowered"]);
    // Each side of a supply has its own.
    let devices = vec![
        hub_at(&[1]),
        phone_at(&[1, 1]),
        phone_at(&[1, 2]),
        powered(hub_at(&[1, 3])),
        hub_at(&[1, 3, 1]),
        phone_at(&[1, 3, 1, 1]),
        phone_at(&[1, 3, 1, 2]),
    ];
    assert_eq!(usb_keys(devices), ["hub_underpowered", "hub_underpowered"]);
}

#[test]
fn advisories_age() {
    for (days, expected, state) in [
        (-30, CheckKey::AdvisoriesFromFuture, CheckState::Note),
        (-2, CheckKey::AdvisoriesFromFuture, CheckState::Note),
        (-1, CheckKey::AdvisoriesCurrent, CheckState::Ok),
        (0, CheckKey::AdvisoriesCurrent, CheckState::Ok),
        (90, CheckKey::AdvisoriesCurrent, CheckState::Ok),
        (91, CheckKey::AdvisoriesAgeing, CheckState::Note),
        (365, CheckKey::AdvisoriesAgeing, CheckState::Note),
        (366, CheckKey::AdvisoriesOld, CheckState::Problem),
    ] {
        let check = only(&Findings { advisories: aged(days), ..usual() }, expected);
        assert_eq!(check.state(), state, "{days}");
    }
}

#[test]
fn strangers_texts_are_bounded_and_escaped() {
    let hostile = ListedPhone {
        model: Some("\u{202e}evil\n".repeat(500).into_bytes()),
        path: Some("usb:\u{9b}1-1".into()),
        ..listed(&"\x1b[2J".repeat(500), &"\x07".repeat(5_000), Some(1))
    };
    let mut device = phone_at(&[1]);
    device.device.name = Some("\x1b]0;owned\x07".repeat(500));
    device.device.serial = Some("{it} \u{2066}".repeat(500));
    device.holder = Some(holder(&"\x1b[31m\u{e0041}".repeat(500)));
    let findings =
        Findings { servers: vec![server_with(vec![hostile])], usb: Ok(vec![device]), ..usual() };
    let made = Checkup::new(&findings);
    let page = checkup(&made, Text::default(), Layout::page(Some(80))).plain();
    assert!(!page.contains(|c| micheck_core::escape::is_deceptive(c) && c != '\n'), "{page}");
    assert!(page.len() < 5_000, "{}", page.len());
    let used =
        AdvisoriesUsed { version: "1".to_owned(), hash: "0".repeat(64), replaced: Vec::new() };
    let json = checkup_json(&made, used, String::new(), Text::default());
    assert!(!json.contains(|c| micheck_core::escape::is_deceptive(c) && c != '\n'), "{json}");
    assert!(json.len() < 15_000, "{}", json.len());
    assert_eq!(shortened("abc", 3), "abc");
    assert_eq!(shortened("abcd", 3), "abc…");
    assert_eq!(shortened("a\x1bb", 6), "a…");
    assert_eq!(shortened("a\u{e0041}b", 13), "a\u{e0041}…");
}

#[test]
fn the_page_says_each_step_once_and_the_outcome_last() {
    let phones = vec![
        listed("P1", "unauthorized", Some(1)),
        listed("P2", "unauthorized", Some(2)),
        listed("P3", "device", Some(3)),
    ];
    let on_usb = (1..=4).map(|port| PluggedIn { listed: true, ..phone_at(&[port]) });
    let findings = Findings {
        servers: vec![server_with(phones)],
        usb: Ok(on_usb.collect()),
        key: KeyState::Unreadable("Permission denied".to_owned()),
        adb_program: None,
        ..usual()
    };
    let page = |findings: &Findings, width| {
        checkup(&Checkup::new(findings), Text::default(), Layout::page(Some(width))).plain()
    };
    insta::assert_snapshot!(page(&findings, 80), @r#"
    This computer
      ✖ This computer's ADB key can't be read (/home/x/.android/adbkey).
        (Permission denied)
        1. Make ~/.android/adbkey readable, or move it elsewhere: a new key is then
           made.
      ▲ adb isn't installed; micheck doesn't need it.
      ✔ A udev rule gives access to phones (/etc/udev/rules.d/70.rules).

    adb server
      ✔ The adb server at 127.0.0.1:5037 is running, version 41; it lists 3 phones.

    USB
      ✔ 4 phones are plugged in, and the adb server lists them.

    Phones
      ✖ unknown phone (serial P1): the phone hasn't allowed this computer yet.
      ✖ unknown phone (serial P2): the phone hasn't allowed this computer yet.
        1. Have the owner unlock the phone and tap Allow under "Allow USB
           debugging?" (on a customer's phone, don't tick "Always allow from this
           computer"; never ask for the PIN).
        2. No dialog? Set the USB mode to File transfer; or Developer options →
           Revoke USB debugging authorisations, then unplug the phone and plug it in
           again.
      ✔ unknown phone (serial P3) can be checked.

    Advisories
      ✔ The built-in advisories (set 7) are from 2026-01-02.

    ✖ 3 problems, 1 note
    "#);
    insta::assert_snapshot!(page(&Findings { usb: Err("no bus".to_owned()), ..usual() }, 52), @r#"
    This computer
      ✔ adb is installed (/usr/bin/adb).
      ✔ This computer's ADB key is usable
        (/home/x/.android/adbkey).
      ✔ A udev rule gives access to phones
        (/etc/udev/rules.d/70.rules).

    adb server
      ✔ The adb server at 127.0.0.1:5037 is running,
        version 41; it lists no phone.

    USB
      ▲ The USB bus can't be read.
        (no bus)

    Phones
      ✖ No phone was found.
        1. Try another cable (some only charge), and a
           port on the computer itself.
        2. Settings → About phone → tap the "MIUI
           version" (HyperOS: "OS version") 7 times;
           then Settings → Additional settings →
           Developer options → USB debugging ("USB
           debugging (Security settings)" and "Install
           via USB" aren't needed).
        3. Have the owner unlock the phone and tap Allow
           under "Allow USB debugging?" (on a customer's
           phone, don't tick "Always allow from this
           computer"; never ask for the PIN).

    Advisories
      ✔ The built-in advisories (set 7) are from
        2026-01-02.

    ✖ 1 problem, 1 note
    "#);
}

#[test]
fn hints_begin_with_what_is_likeliest() {
    let usual = [Hint::ChargeOnlyCable, Hint::UsbDebuggingOff, Hint::RunDoctor, Hint::TryDemo];
    assert_eq!(hints(true, false, false), usual);
    let with = |one| [&usual[..2], &[one], &usual[2..]].concat();
    assert_eq!(hints(true, true, true), with(Hint::DriverMissing));
    assert_eq!(hints(false, true, false), with(Hint::AdbServerNotRunning));
    assert_eq!(hints(false, false, false), with(Hint::AdbMissing));
}
