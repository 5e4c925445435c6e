//! `micheck doctor` through the shipped binary. What the machine that runs the tests has plugged in
//! makes no difference: the USB bus is the core's tests' matter.

use std::fs;
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::time::Duration;

use crate::support::phones::start;
use crate::support::{Micheck, Run, checkup};
use insta::assert_snapshot;
use micheck::doctor::CheckKey;
use micheck_simulator::Phone;
use serde_json::Value;

fn doctor() -> Micheck {
    Micheck::new(["doctor"])
}

fn at(server: SocketAddr) -> Micheck {
    let micheck = doctor().server(server);
    // Windows doesn't tell where a user is at home by `HOME`.
    let home = micheck.dir().to_owned();
    micheck.env("USERPROFILE", home)
}

/// The check-up as JSON; its exit code must be as its state says.
fn looked(micheck: Micheck) -> Value {
    let run = micheck.args(["--format", "json"]).run();
    assert_eq!(run.stderr, "");
    let checkup = checkup(&run.raw_stdout);
    let expected = if checkup["state"] == "problem" { 3 } else { 0 };
    assert_eq!(run.code, Some(expected), "{checkup}");
    checkup
}

/// All checks with this key.
fn checks(checkup: &Value, key: CheckKey) -> Vec<Value> {
    let all = checkup["checks"].as_array().unwrap().iter();
    all.filter(|check| check["key"] == key.key()).cloned().collect()
}

fn the(checkup: &Value, key: CheckKey) -> Value {
    let mut found = checks(checkup, key);
    assert_eq!(found.len(), 1, "{} in {checkup}", key.key());
    found.remove(0)
}

fn steps(check: &Value) -> Vec<&str> {
    check["steps"].as_array().unwrap().iter().map(|step| step["key"].as_str().unwrap()).collect()
}

/// The lines of a section of the page, without its head.
fn section(run: &Run, head: &str) -> String {
    let (_, rest) = run.stdout.split_once(&format!("{head}\n")).unwrap();
    rest.split("\n\n").next().unwrap().to_owned()
}

/// An address at which nobody listens.
fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

const PERMISSION: &str =
    "no permissions (missing udev rules? user is in the plugdev group); see [http://x]";

#[test]
fn each_phone_that_a_server_lists_has_its_state_and_steps() {
    let bench = start([
        Phone::xiaomi("P1"),
        Phone::xiaomi("P2").state("unauthorized"),
        Phone::xiaomi("P3").state("unauthorized"),
        Phone::xiaomi("P4").state("offline"),
        Phone::xiaomi("P5").state("recovery"),
        Phone::xiaomi("P6").state(PERMISSION),
        Phone::xiaomi("P7").state("half\u{202e}-asleep"),
    ]);
    let run = at(bench.address()).run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(3)));
    assert_snapshot!(section(&run, "Phones"), @r#"
    ✖ unknown phone (serial P2, usb:1-2): the phone hasn't allowed this computer yet.
    ✖ unknown phone (serial P3, usb:1-3): the phone hasn't allowed this computer yet.
      1. Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (on a customer's
         phone, don't tick "Always allow from this computer"; never ask for the PIN).
      2. No dialog? Set the USB mode to File transfer; or Developer options → Revoke USB debugging
         authorisations, then unplug the phone and plug it in again.
    ✖ unknown phone (serial P6, usb:1-6): this computer isn't allowed to open the phone's USB
      connection.
      (no permissions (missing udev rules? user is in the plugdev group); see [http://x])
      1. Linux: micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules; sudo udevadm
         control --reload; adb kill-server if an adb server is running; then plug the phone in again.
    ✖ unknown phone (serial P4, usb:1-4): the phone is listed but doesn't answer.
    ✖ unknown phone (serial P7, usb:1-7): the phone is listed but doesn't answer.
      (half\u202e-asleep)
      1. Wait a few seconds; then unplug the phone and plug it in again with another cable or port.
    ✖ 23129RAA4G (serial P5, usb:1-5): the phone is in recovery or fastboot, not in Android.
      (recovery)
      1. Restart the phone into Android: hold the power button until it restarts.
    ✔ 23129RAA4G (serial P1, usb:1-1) can be checked.
    "#);
    let checkup = looked(at(bench.address()));
    let not_ready = checks(&checkup, CheckKey::PhoneNotReady);
    let of = |serial: &str| not_ready.iter().find(|check| check["subject"] == serial).unwrap();
    assert_eq!(of("P2")["reason"], "unauthorized");
    assert_eq!(steps(of("P2")), ["allow_debugging", "allow_dialog_missing"]);
    assert_eq!(of("P6")["detail"], PERMISSION);
    assert_eq!(the(&checkup, CheckKey::PhoneReady)["subject"], "P1");
    assert_eq!(checks(&checkup, CheckKey::NoPhone).len(), 0);
    // No phone was asked anything, and no other request changed a thing.
    assert_eq!(bench.shells_begun(), 0);
    for request in bench.requests() {
        assert!(["host:version", "host:devices-l"].contains(&request.as_str()), "{request}");
    }
}

#[test]
fn a_server_is_told_with_its_version_and_phones() {
    let bench = start([Phone::xiaomi("P1")]);
    let checkup = looked(at(bench.address()));
    let server = the(&checkup, CheckKey::ServerRuns);
    let text = server["text"].as_str().unwrap();
    assert!(
        text.contains("is running, version 41") && text.ends_with("; it lists 1 phone"),
        "{text}"
    );
    assert_eq!(server["subject"], bench.address().to_string());
    // The simulated server is this process.
    #[cfg(target_os = "linux")]
    assert!(text.contains(&format!(", process {})", std::process::id())), "{text}");
}

#[test]
fn a_server_that_is_not_there_is_a_problem_only_if_it_was_named() {
    let checkup = looked(at(nobody()));
    let server = the(&checkup, CheckKey::ServerUnreachable);
    assert_eq!((&server["state"], steps(&server)), (&Value::from("problem"), vec!["start_server"]));
    assert_eq!(checkup["state"], "problem");
    let port = nobody().port().to_string();
    let checkup = looked(doctor().env("ANDROID_ADB_SERVER_PORT", port));
    the(&checkup, CheckKey::ServerUnreachable);
    let other = start([Phone::xiaomi("P1")]);
    let checkup = looked(at(other.address()).server(nobody()));
    the(&checkup, CheckKey::ServerUnreachable);
    the(&checkup, CheckKey::ServerRuns);
    let text = the(&checkup, CheckKey::PhoneReady)["text"].as_str().unwrap().to_owned();
    assert!(text.contains(&format!("adb server {}", other.address())), "{text}");
}

#[test]
fn what_holds_the_port_and_is_no_adb_server_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = stream.unwrap().write_all(b"HTTP/1.1 400 \x1b[31mBad\r\n\r\n");
        }
    });
    let checkup = looked(at(address));
    let server = the(&checkup, CheckKey::ServerNotAdb);
    assert_eq!(steps(&server), ["free_port"]);
    assert_eq!(server["detail"], "it said `HTTP`");
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let run = at(silent.local_addr().unwrap()).run();
    let section = section(&run, "adb server");
    let begins = "  ✖ What listens at [SERVER] doesn't answer like an adb server";
    assert!(section.starts_with(begins), "{section}");
    #[cfg(target_os = "linux")]
    assert!(section.contains(&std::process::id().to_string()), "{section}");
    assert!(run.took < Duration::from_secs(15), "{:?}", run.took);
}

#[test]
fn the_key_is_looked_at_and_left_as_it_is() {
    let (run, home) = at(nobody()).args(["-f", "json"]).run_in_dir();
    let missing = the(&checkup(&run.raw_stdout), CheckKey::KeyMissing);
    assert_eq!(missing["state"], "ok");
    assert_eq!(home.path().read_dir().unwrap().count(), 0, "no key was made");
    let with = |text: &str| looked(at(nobody()).file(".android/adbkey", text));
    let old = with("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");
    assert_eq!(steps(&the(&old, CheckKey::KeyOldForm)), ["convert_key"]);
    assert_eq!(steps(&the(&with("nonsense"), CheckKey::KeyInvalid)), ["repair_key"]);
    let folder = looked(at(nobody()).file(".android/adbkey/file", ""));
    let unreadable = the(&folder, CheckKey::KeyUnreadable);
    assert_eq!(unreadable["detail"], "it is a folder");
    assert!(unreadable["subject"].as_str().unwrap().ends_with("adbkey"));
}

#[cfg(unix)]
#[test]
fn a_key_that_others_can_read_and_one_that_nobody_can() {
    use std::os::unix::fs::PermissionsExt as _;

    let made = |mode| {
        let micheck = at(nobody()).file(".android/nothing", "");
        let path = micheck.dir().join(".android/adbkey");
        micheck_adb::key::ensure(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
        let readable = fs::read(&path).is_ok();
        (looked(micheck), readable)
    };
    the(&made(0o600).0, CheckKey::KeyUsable);
    let open = the(&made(0o644).0, CheckKey::KeyOpenToOthers);
    assert_eq!((&open["state"], steps(&open)), (&Value::from("note"), vec!["protect_key"]));
    let (closed, readable) = made(0o000);
    // Root reads everything.
    if !readable {
        assert_eq!(steps(&the(&closed, CheckKey::KeyUnreadable)), ["repair_key"]);
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_keys_place_holds_nothing_up() {
    let micheck = at(nobody()).file(".android/nothing", "");
    let pipe = micheck.dir().join(".android/adbkey");
    let made = std::process::Command::new("mkfifo").arg(pipe).status().unwrap();
    assert!(made.success());
    let key = the(&looked(micheck), CheckKey::KeyUnreadable);
    assert_eq!(key["detail"], "it isn't a file");
}

#[test]
fn hostile_names_are_escaped_and_bounded() {
    let bench = start([
        Phone::xiaomi("\u{1b}[2J\u{202e}evil".repeat(60)).state("unauthorized"),
        Phone::xiaomi("P\u{1b}[2\u{202e}"),
        Phone::xiaomi("P2"),
    ]);
    let deceptive = |c: char| micheck_core::escape::is_deceptive(c) && c != '\n';
    let run = at(bench.address()).run();
    assert!(!run.raw_stdout.contains(deceptive), "{}", run.raw_stdout);
    assert!(run.stdout.contains("…\\u001b[2\\u202e"), "{}", run.stdout);
    assert!(run.stdout.len() < 6_000, "{}", run.stdout);
    let run = at(bench.address()).args(["-f", "json"]).run();
    assert!(!run.raw_stdout.contains(deceptive), "{}", run.raw_stdout);
    checkup(&run.raw_stdout);
}

#[test]
fn the_udev_rule_is_printed_and_nothing_else_is_done() {
    let run = doctor().arg("--udev-rule").run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)));
    assert_snapshot!(run.stdout, @r#"
    # Lets whoever sits at this computer open phones over USB without being root.
    #
    # Put this file at /etc/udev/rules.d/70-micheck.rules:
    #   micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules
    # Then:
    #   sudo udevadm control --reload
    #   adb kill-server
    # and plug the phones in again.
    #
    # The number must be below 73: there the tag "uaccess" is acted upon.

    ACTION=="remove", GOTO="micheck_end"
    SUBSYSTEM!="usb", GOTO="micheck_end"
    ENV{DEVTYPE}!="usb_device", GOTO="micheck_end"

    # Xiaomi
    ATTR{idVendor}=="2717", TAG+="uaccess"
    # Google, whose numbers some phones use
    ATTR{idVendor}=="18d1", TAG+="uaccess"
    # Every device with an ADB interface
    ENV{ID_USB_INTERFACES}=="*:ff4201:*", TAG+="uaccess"

    LABEL="micheck_end"
    "#);
    let run = doctor().args(["--udev-rule", "--format", "json"]).run();
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
}

#[test]
fn a_checkup_goes_where_it_is_told_to() {
    let bench = start([Phone::xiaomi("P1")]);
    let (run, dir) = at(bench.address()).args(["-o", "checkup.json"]).run_in_dir();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    checkup(&fs::read_to_string(dir.path().join("checkup.json")).unwrap());
    let (_, dir) =
        at(bench.address()).args(["-o", "checkup.txt", "--color", "always"]).run_in_dir();
    let page = fs::read_to_string(dir.path().join("checkup.txt")).unwrap();
    assert!(page.starts_with("This computer\n") && !page.contains('\x1b'), "{page}");
    let painted = at(bench.address()).args(["--color", "always"]).run();
    assert!(painted.stdout.contains("\x1b["), "{}", painted.stdout);
    let run = at(bench.address()).args(["-o", "checkup.pdf"]).run();
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("end the name with .json or .txt, or add --format"),
        "{}",
        run.stderr
    );
}

#[test]
fn settings_of_a_file_count_here_too() {
    let bench = start([Phone::xiaomi("P1")]);
    let settings = format!("server = \"{}\"\n", bench.address());
    let checkup = looked(doctor().settings(&settings));
    assert_eq!(the(&checkup, CheckKey::PhoneReady)["subject"], "P1");
    let run = doctor().settings("servr = 1\n").run();
    assert_eq!(run.code, Some(2));
}

#[test]
fn adb_is_looked_for_where_programs_are() {
    let name = format!("bin/adb{}", std::env::consts::EXE_SUFFIX);
    let with = at(nobody()).file(&name, "");
    let path = with.dir().join("bin");
    let found = the(&looked(with.env("PATH", path)), CheckKey::AdbProgramFound);
    assert!(found["subject"].as_str().unwrap().contains("adb"), "{found}");
    let without = looked(at(nobody()).env("PATH", "/nonexistent"));
    assert_eq!(the(&without, CheckKey::AdbProgramMissing)["state"], "note");
}

#[test]
fn a_remote_server_is_warned_of() {
    let checkup = looked(doctor().args(["--server", "no-such-host.invalid:1"]));
    assert_eq!(the(&checkup, CheckKey::ServerElsewhere)["state"], "note");
    the(&checkup, CheckKey::ServerUnreachable);
}
