//! micheck.exe under Wine: `tests/wine` builds it, makes what these tests need, and runs them.
//!
//! Phones on USB are not here, because Wine shows no USB; nor is how anything looks in the console of
//! Windows.

mod console;
mod files;
mod same;
mod wine;
mod worker;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::support::checkup;
use crate::support::phones::{patched, start};
use wine::{exe, micheck};

/// Copies a folder with all that is in it.
fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).unwrap();
        }
    }
}

/// Libraries that every Windows from 10 on has.
const OF_WINDOWS: [&str; 12] = [
    "advapi32.dll",
    "api-ms-win-core-synch-l1-2-0.dll",
    "bcrypt.dll",
    "bcryptprimitives.dll",
    "combase.dll",
    "kernel32.dll",
    "msvcrt.dll",
    "ntdll.dll",
    "shell32.dll",
    "user32.dll",
    "userenv.dll",
    "ws2_32.dll",
];

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn it_needs_no_library_that_windows_does_not_have() {
    let listed = Command::new("x86_64-w64-mingw32-objdump").arg("-p").arg(exe()).output().unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let mut libraries: Vec<_> = listed
        .lines()
        .filter_map(|line| line.trim().strip_prefix("DLL Name: "))
        .map(str::to_lowercase)
        .collect();
    libraries.sort();
    libraries.dedup();
    assert_eq!(libraries, OF_WINDOWS);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_doctor_says_what_is_so() {
    let keys = |arguments: &[&str], code: i32| -> Vec<String> {
        let run = micheck(["doctor", "--format", "json"]).args(arguments).run();
        assert_eq!((run.code, run.stderr.as_str()), (Some(code), ""), "{}", run.stdout);
        let checkup = checkup(&run.raw_stdout);
        let checks = checkup["checks"].as_array().unwrap().iter();
        let keys = checks.map(|check| check["key"].as_str().unwrap().to_owned());
        // The day on which the tests run makes a difference to them, and so do other tests to the key.
        keys.filter(|key| !key.starts_with("advisories_") && !key.starts_with("key_")).collect()
    };
    let server = |address: &str| vec!["--server".to_owned(), address.to_owned()];
    let bench = start([patched("A")]);
    let with_phone = server(&bench.address().to_string());
    let with_phone: Vec<_> = with_phone.iter().map(String::as_str).collect();
    let found = keys(&with_phone, 0);
    assert_eq!(found, ["adb_program_missing", "server_runs", "usb_empty", "phone_ready"]);
    bench.kill_server();
    let found = keys(&with_phone, 3);
    assert_eq!(found, ["adb_program_missing", "server_unreachable", "usb_empty"]);

    let run = micheck(["doctor"]).run();
    assert_eq!(run.code, Some(3), "{}", run.stdout);
    assert!(run.stdout.contains("Install Google's USB driver (WinUSB)"), "{}", run.stdout);
    assert!(!run.stdout.contains("udev"), "{}", run.stdout);
}
