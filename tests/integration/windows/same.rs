//! micheck.exe says what the program on Linux says.

use std::fs;

use micheck_simulator::{Bench, Fault, Phone};
use regex::Regex;

use super::wine::{micheck, on_windows, profile};
use crate::support::adb_server::AdbServer;
use crate::support::phones::{listen, patched, vulnerable};
use crate::support::{Micheck, Run, repository};

/// Runs both; times, durations and folders have names in what they write.
fn both(on_linux: Micheck, for_windows: Micheck) -> (Run, Run) {
    let (linux, windows) = (on_linux.run(), on_windows(for_windows).run());
    assert_eq!(windows.stderr, linux.stderr);
    assert_eq!(windows.code, linux.code, "{}", windows.stdout);
    (linux, windows)
}

/// Runs both, which must write the same.
fn assert_same(set_up: impl Fn() -> Micheck) -> Run {
    let (linux, windows) = both(set_up(), set_up());
    assert_eq!(windows.stdout, linux.stdout);
    windows
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_version_is_the_same() {
    let run = assert_same(|| Micheck::new(["--version"]));
    assert_eq!(run.stdout, concat!("micheck ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_help_is_the_same_but_for_the_name_of_the_program() {
    let named = |run: &Run| run.stdout.replace("micheck.exe", "micheck");
    for args in [&["--help"][..], &["scan", "--help"], &["watch", "--help"]] {
        let (linux, windows) = both(Micheck::new(args), Micheck::new(args));
        assert_eq!(named(&windows), linux.stdout);
    }
}

/// The server's port is by chance in each run.
fn without_port(run: &Run) -> String {
    let port = Regex::new(r#""server": "127\.0\.0\.1:\d+""#).unwrap();
    port.replace_all(&run.stdout, r#""server": "[SERVER]""#).into_owned()
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn the_demo_is_the_same() {
    let set_up = || Micheck::new(["scan", "--demo", "--serials", "full", "--format", "json"]);
    let (linux, windows) = both(set_up(), set_up());
    assert_eq!(without_port(&windows), without_port(&linux));
    assert_eq!(windows.code, Some(1));
    assert_eq!(windows.json()["summary"]["devices"], 16);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn serial_numbers_are_coded_alike_with_the_same_salt() {
    let arguments = ["scan", "--demo", "--format", "json"];
    let windows = micheck(arguments).run();
    let salt = fs::read_to_string(profile().join("AppData/Roaming/micheck/serial-salt")).unwrap();
    let linux = Micheck::new(arguments).file(".config/micheck/serial-salt", &salt).run();
    assert_eq!(without_port(&windows), without_port(&linux));
    assert_eq!(windows.json()["devices"][0]["connection"]["serial_form"], "hashed");
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn stars_stand_for_files_though_no_shell_has_filled_them_in() {
    let judged =
        |version: &str| Micheck::new(["judge", version, "--format", "json"]).run().raw_stdout;
    let (first, second) = (judged("3.1.874.10"), judged("3.1.921.10"));
    let run = micheck(["report", "judged\\*.json", "--format", "json"])
        .file("judged/one.json", &first)
        .file("judged/two.json", &second)
        .file("judged/other.txt", "no report")
        .run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    assert_eq!(run.json()["devices"].as_array().unwrap().len(), 2, "{}", run.stdout);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn tables_and_texts_in_hindi_are_the_same_byte_for_byte_and_without_colours() {
    for arguments in [
        &["scan", "--demo", "--serials", "full"][..],
        &["scan", "--demo", "--serials", "full", "--lang", "hi"],
        &["advisories", "--lang", "hi"],
    ] {
        let run = assert_same(|| Micheck::new(arguments));
        assert!(!run.raw_stdout.contains(['\u{1b}', '\r']), "{}", run.raw_stdout);
        if arguments.contains(&"hi") {
            let devanagari = '\u{900}'..='\u{97f}';
            assert!(run.raw_stdout.contains(|c| devanagari.contains(&c)), "{}", run.raw_stdout);
        }
        if arguments.contains(&"scan") {
            assert!(run.raw_stdout.contains('✖') && run.raw_stdout.contains('✔'));
        }
    }
}

/// Phones of every verdict.
fn phones() -> Vec<Phone> {
    vec![
        vulnerable("A"),
        Phone::poco("B").android(16).version("3.1.895.10"),
        Phone::xiaomi("C").android(9).version("3.1.900.12"),
        patched("D"),
        Phone::xiaomi("E"),
        Phone::pixel("F"),
        Phone::xiaomi("G").without_property("sys.boot_completed"),
        // The old shell, behind a terminal.
        Phone::xiaomi("H").android(5).version("2.5.100.3"),
        Phone::xiaomi("I").android(6).package_manager_dead(),
        patched("J").fault(Fault::CloseAfter { bytes: 900 }),
        patched("K").fault(Fault::Garbage),
    ]
}

/// What is said of each of [`phones`].
const VERDICTS: [&str; 11] = [
    "vulnerable",
    "vulnerable",
    "unconfirmed",
    "patched",
    "not_installed",
    "not_applicable",
    "unknown: still_booting",
    "vulnerable",
    "unknown: service_unavailable",
    "unknown: incomplete_answer",
    "unknown: unreadable_answer",
];

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn phones_of_a_real_adb_server_are_judged_alike() {
    let mut phones = phones();
    phones.push(patched("L").state("unauthorized"));
    phones.push(patched("M").state("recovery"));
    let listening = Bench::new().phones(phones).listen_in_thread().unwrap();
    let addresses = listening.addresses();
    let mut server = AdbServer::start();
    for &address in addresses {
        server.connect(address);
    }
    let states = [vec!["device"; 11], vec!["unauthorized", "recovery"]].concat();
    let expected: Vec<_> = addresses.iter().copied().zip(states).collect();
    server.wait_for(&expected);
    let run = assert_same(|| {
        Micheck::scan(server.address()).args(["--format", "json", "--timeout", "60s"])
    });
    let found: Vec<_> = addresses.iter().map(|address| run.verdict(&address.to_string())).collect();
    let others = ["unknown: unauthorized", "unknown: wrong_mode"];
    assert_eq!(found, [&VERDICTS[..], &others].concat());
    assert_eq!(run.code, Some(1));
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn phones_without_a_server_are_judged_alike() {
    let network = listen(phones());
    let run = assert_same(|| network.scan().args(["--timeout", "60s"]));
    let found: Vec<_> =
        (0..VERDICTS.len()).map(|index| run.verdict(&network.serial(index))).collect();
    assert_eq!(found, VERDICTS);
}

/// An archive with this one file.
fn zip(name: &str, content: &[u8]) -> Vec<u8> {
    use std::io::Write as _;

    let mut bytes = Vec::new();
    let mut archive = rawzip::ZipArchiveWriter::new(&mut bytes);
    let method = rawzip::CompressionMethod::STORE;
    let (mut entry, config) = archive.new_file(name).compression_method(method).start().unwrap();
    let mut writer = config.wrap(&mut entry);
    writer.write_all(content).unwrap();
    let (_, descriptor) = writer.finish().unwrap();
    entry.finish(descriptor).unwrap();
    archive.finish().unwrap();
    bytes
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn saved_files_are_judged_alike() {
    let dumps = fs::read_dir(repository("fixtures/dumpsys")).unwrap();
    let mut dumps: Vec<_> = dumps.map(|file| file.unwrap().path()).collect();
    dumps.sort();
    assert!(dumps.len() > 15, "{dumps:?}");
    let archive = zip("in a folder/dump.txt", &fs::read(&dumps[0]).unwrap());
    let run = assert_same(|| {
        // Copied, so that both find them under the same names.
        let mut micheck = Micheck::new(["inspect", "--format", "json", "saved.zip"]);
        fs::write(micheck.dir().join("saved.zip"), &archive).unwrap();
        for dump in &dumps {
            let name = dump.file_name().unwrap();
            fs::copy(dump, micheck.dir().join(name)).unwrap();
            micheck = micheck.arg(name);
        }
        micheck
    });
    assert!(run.json()["devices"].as_array().unwrap().len() > dumps.len(), "{}", run.stdout);
}

#[test]
#[ignore = "needs micheck.exe: tests/wine"]
fn evidence_that_one_keeps_is_read_by_the_other() {
    let network = listen([vulnerable("A")]);
    let keep = || network.scan().args(["--evidence", "kept"]);
    let inspect = || Micheck::new(["inspect", "--format", "json", "kept"]);
    let read = |run: Micheck, kept: &std::path::Path| {
        let to = run.dir().join("kept");
        super::copy_folder(kept, &to);
        run.run()
    };
    let (by_linux, by_windows) = (keep().run_in_dir().1, on_windows(keep()).run_in_dir().1);
    let on_other = read(on_windows(inspect()), &by_linux.path().join("kept"));
    let on_linux = read(inspect(), &by_windows.path().join("kept"));
    for run in [on_other, on_linux] {
        assert_eq!(run.json()["devices"][0]["verdict"], "vulnerable", "{}", run.stdout);
        assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    }
}
