//! What a person reads for phones that can't be asked: each state of a connection, exactly.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::{io, thread};

use insta::assert_snapshot;

use crate::support::Micheck;
use micheck_simulator::{Bench, Phone};

const NO_PERMISSION: &str = "no permissions (user in plugdev group; are your udev rules wrong?); see [http://developer.android.com/tools/device.html]";

#[test]
fn every_state_says_what_to_do() {
    let states =
        ["unauthorized", "authorizing", NO_PERMISSION, "offline", "recovery", "detached", "asleep"];
    let phones = states
        .iter()
        .enumerate()
        .map(|(n, state)| Phone::xiaomi(format!("P{n}")).version("3.1.921.10").state(*state));
    let bench = Bench::new().phones(phones).start_in_thread().unwrap();
    let run = Micheck::scan(bench.address()).run();
    assert_snapshot!(run.stdout, @r#"
    7 phones: 7 not checked
    RESULT         PHONE          SYSTEM  VERSION OR REASON     SERIAL
    ? NOT CHECKED  unknown phone  –       not allowed yet       P0
    ? NOT CHECKED  unknown phone  –       still connecting      P1
    ? NOT CHECKED  unknown phone  –       no USB permission     P2
    ? NOT CHECKED  unknown phone  –       offline               P3
    ? NOT CHECKED  unknown phone  –       offline               P6
    ? NOT CHECKED  23129RAA4G     –       recovery or fastboot  P4
    ? NOT CHECKED  unknown phone  –       USB in use            P5

    ? NOT CHECKED: the phone hasn't allowed this computer yet
      unknown phone · P0 · usb:1-1
      1. Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (on a customer's
         phone, don't tick "Always allow from this computer"; never ask for the PIN).
      2. No dialog? Set the USB mode to File transfer; or Developer options → Revoke USB debugging
         authorisations, then unplug the phone and plug it in again.
    ? NOT CHECKED: the phone is still connecting
      unknown phone · P1 · usb:1-2
      1. Have the owner unlock the phone and tap Allow under "Allow USB debugging?" (on a customer's
         phone, don't tick "Always allow from this computer"; never ask for the PIN).
      2. Wait a few seconds; then unplug the phone and plug it in again with another cable or port.
    ? NOT CHECKED: this computer isn't allowed to open the phone's USB connection
      unknown phone · P2 · usb:1-3
      1. Linux: micheck doctor --udev-rule | sudo tee /etc/udev/rules.d/70-micheck.rules; sudo udevadm
         control --reload; adb kill-server if an adb server is running; then plug the phone in again.
    ? NOT CHECKED: the phone is listed but doesn't answer
      unknown phone · P3 · usb:1-4  unknown phone · P6 · usb:1-7
      1. Wait a few seconds; then unplug the phone and plug it in again with another cable or port.
    ? NOT CHECKED: the phone is in recovery or fastboot, not in Android
      23129RAA4G · P4 · usb:1-5
      1. Restart the phone into Android: hold the power button until it restarts.
    ? NOT CHECKED: another program is using the phone's USB connection
      unknown phone · P5 · usb:1-6
      1. Close the other program (phone suite, flash tool, a second adb); if it is the adb server, leave
         out --via usb.

    When that is done, run micheck again.
    "#);
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(3)));
}

/// Carries every connection to `target` on to the server, from IPv6's loopback.
fn forward_ipv6(target: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("[::1]:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for from in listener.incoming().flatten() {
            let to = TcpStream::connect(target).unwrap();
            let (mut from_back, mut to_back) = (from.try_clone().unwrap(), to.try_clone().unwrap());
            let (mut source, mut sink) = (from, to);
            thread::spawn(move || {
                // Either side may hang up first.
                let _ = io::copy(&mut source, &mut sink);
                let _ = sink.shutdown(std::net::Shutdown::Write);
            });
            thread::spawn(move || {
                let _ = io::copy(&mut to_back, &mut from_back);
                let _ = from_back.shutdown(std::net::Shutdown::Both);
            });
        }
    });
    address
}

#[test]
fn a_server_on_ipv6_is_asked_like_any_other() {
    let phones = [Phone::xiaomi("P1").version("3.1.874.10"), Phone::xiaomi("P2")];
    let bench = Bench::new().phones(phones).start_in_thread().unwrap();
    let run = Micheck::scan(forward_ipv6(bench.address())).args(["--format", "json"]).run();
    assert_eq!(
        (run.verdict("P1"), run.verdict("P2")),
        ("vulnerable".into(), "not_installed".into())
    );
    assert_eq!(run.device("P1")["connection"]["server"], "[SERVER]");
}
