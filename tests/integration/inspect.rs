//! `micheck inspect` through the shipped binary: files, archives and folders as people have them.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::support::Micheck;
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use insta::assert_snapshot;
use micheck_simulator::{Bench, Phone};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use serde_json::Value;

const LISTING: &str = "[ro.build.version.sdk]: [34]\n[ro.product.brand]: [Redmi]\n\
     [ro.product.marketname]: [Redmi Note 13]\n[ro.build.version.release]: [14]\n\
     [ro.mi.os.version.name]: [OS1.0]\n";

/// The answer to `dumpsys package NAME`, with this version in force.
fn dump(version: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dumpsys/android14.txt");
    fs::read_to_string(path).unwrap().replace("3.1.900.12", version)
}

/// A bug report's text around the dump of a phone with this version.
fn bug_report(version: &str) -> String {
    let other = "Packages:\n  Package [android] (1):\n    versionCode=34 minSdk=34 targetSdk=34\n    versionName=14\n    splits=[base]\n    \
                 User 0: ceDataInode=1 installed=true enabled=0\n";
    let dump = dump(version).replace("Packages:\n", other);
    let rule = "-".repeat(79);
    let double = "=".repeat(56);
    format!(
        "{double}\n== dumpstate: 2024-05-13 10:22:33\n{double}\n\nBuild: UKQ1\n\
         Build fingerprint: 'Xiaomi/ishtar/ishtar:14/UKQ1/V816.0.5.0:user/release-keys'\n\n\
         ------ SYSTEM PROPERTIES (getprop) ------\n{LISTING}\
         ------ 0.010s was the duration of 'SYSTEM PROPERTIES' ------\n\
         ------ DUMPSYS (/system/bin/dumpsys) ------\n\
         {rule}\nDUMP OF SERVICE package:\n{dump}\
         --------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n\
         {rule}\nDUMP OF SERVICE window:\n\
         --------- 0.1s was the duration of dumpsys window, ending at: 2024-05-13\n\
         ------ 1.3s was the duration of 'DUMPSYS' ------\n\
         ------ CHECKIN PACKAGE (/system/bin/dumpsys -T 10000 package --checkin) ------\n\
         vers,1\npkg,android,1000,34,1,1,?\n\
         pkg,com.xiaomi.mi_connect_service,10107,31090012,1,1,?\n\
         ------ 0.1s was the duration of 'CHECKIN PACKAGE' ------\n\
         {double}\n== dumpstate: done (id 1)\n{double}\n"
    )
}

/// An archive with these files; names that end in `!` are stored without it, unpacked.
fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let stored = name.strip_suffix('!');
        let method =
            if stored.is_some() { CompressionMethod::STORE } else { CompressionMethod::DEFLATE };
        let (mut entry, config) =
            archive.new_file(stored.unwrap_or(name)).compression_method(method).start().unwrap();
        let descriptor = if stored.is_some() {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(content).unwrap();
            writer.finish().unwrap().1
        } else {
            let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
            writer.write_all(content).unwrap();
            let (encoder, descriptor) = writer.finish().unwrap();
            encoder.finish().unwrap();
            descriptor
        };
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// As Android makes it.
fn bug_report_zip(version: &str) -> Vec<u8> {
    zip(&[
        ("version.txt", b"2.0"),
        ("FS/proc/version.txt", b"Linux"),
        ("bugreport-ishtar.txt", bug_report(version).as_bytes()),
        ("main_entry.txt", b"bugreport-ishtar.txt"),
    ])
}

/// A run over files with these contents, in a folder of their own.
fn inspecting(files: &[(&str, &[u8])]) -> Micheck {
    let mut run = Micheck::new(["inspect"]);
    for (name, content) in files {
        let path = run.dir().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
        let top = name.split('/').next().unwrap();
        run = run.arg(top);
    }
    run
}

/// What a report says of its files: verdict or reason, form, entry.
fn said(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    report["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| {
            let verdict = device["reason"].as_str().map_or(text(&device["verdict"]), str::to_owned);
            let (form, entry) = (text(&device["source"]["form"]), text(&device["source"]["entry"]));
            format!("{verdict} {form} {entry}")
        })
        .collect()
}

/// The one file's report and exit code.
fn inspect(name: &str, content: &[u8]) -> (Vec<String>, Option<i32>) {
    let run = inspecting(&[(name, content)]).args(["--format", "json"]).run();
    (said(&run.json()), run.code)
}

fn the_detail(content: &[u8]) -> String {
    let run = inspecting(&[("file", content)]).args(["--format", "json"]).run();
    run.json()["devices"][0]["detail"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn what_a_person_has_at_hand_is_known_by_its_content() {
    let patched = dump("3.1.921.10");
    let report = bug_report("3.1.921.10");
    let collection: &[(&str, &[u8])] =
        &[("p/dumpsys.txt", report.as_bytes()), ("p/getprop.txt", LISTING.as_bytes())];
    let dumps: &[(&str, &[u8])] =
        &[("a/dump.txt", patched.as_bytes()), ("b/props.txt", LISTING.as_bytes())];
    let archive = bug_report_zip("3.1.921.10");
    let in_folder = zip(&[
        ("x/bugreport.txt", report.as_bytes()),
        ("x/main_entry.txt", b"bugreport.txt\n"),
        ("x/version.txt", b"2.0"),
    ]);
    for (what, content, expected) in [
        ("dump", patched.clone().into_bytes(), "patched dumpsys_package -"),
        ("report", report.clone().into_bytes(), "patched bug_report -"),
        ("gz", gzip(patched.as_bytes()), "patched dumpsys_package -"),
        ("zip", archive.clone(), "patched bug_report bugreport-ishtar.txt"),
        ("folder in zip", in_folder, "patched bug_report x/bugreport.txt"),
        ("zip.gz", gzip(&archive), "patched bug_report bugreport-ishtar.txt"),
        (
            "zip in zip",
            zip(&[("a.zip", &archive)]),
            "patched bug_report a.zip/bugreport-ishtar.txt",
        ),
        (
            "stored zip in zip",
            zip(&[("a.zip!", &archive)]),
            "patched bug_report a.zip/bugreport-ishtar.txt",
        ),
        ("collection", zip(collection), "patched bug_report p/dumpsys.txt"),
        ("texts", zip(&[("dump.txt", patched.as_bytes())]), "patched dumpsys_package dump.txt"),
        ("gz in zip", zip(&[("d.gz", &gzip(patched.as_bytes()))]), "patched dumpsys_package d.gz"),
        ("log in zip", zip(&[("d.log", patched.as_bytes())]), "patched dumpsys_package d.log"),
        (
            "dump and listing",
            zip(&[("a/dump.txt", patched.as_bytes()), ("a/props.txt", LISTING.as_bytes())]),
            "patched collection a/dump.txt",
        ),
    ] {
        // The name says nothing.
        assert_eq!(
            inspect("picture.jpg", &content),
            (vec![expected.to_owned()], Some(0)),
            "{what}"
        );
    }
    let apart = inspect("x", &zip(dumps));
    assert_eq!(apart.0, ["not_a_dump getprop b/props.txt", "patched dumpsys_package a/dump.txt"]);
}

#[test]
fn utf_16_is_what_powershell_makes() {
    let text = format!("{LISTING}{}", dump("3.1.874.10")).replace('\n', "\r\n");
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    let bytes: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
    assert_eq!(inspect("a", &bytes), (vec!["vulnerable dumpsys_package -".to_owned()], Some(1)));
}

#[test]
fn folders_are_read_as_one_phone_or_as_several() {
    let (good, bad) = (dump("3.1.921.10"), dump("3.1.874.10"));
    // As AndroidQF and MVT collect: the logs beside it are none, unless a dump is in them.
    let run = inspecting(&[
        ("phone/dumpsys.txt", bug_report("3.1.921.10").as_bytes()),
        ("phone/getprop.txt", LISTING.as_bytes()),
        ("phone/logcat.txt", b"--------- beginning of main\n"),
        ("phone/files.json", b"{}"),
    ]);
    let report = Micheck::new(["inspect", "--format", "json"]).arg(run.dir().join("phone")).run();
    assert_eq!(said(&report.json()), ["patched bug_report dumpsys.txt"]);
    assert_eq!(report.stderr, "");
    fs::write(run.dir().join("phone/logcat.txt"), &bad).unwrap();
    let report = Micheck::new(["inspect", "--format", "json"]).arg(run.dir().join("phone")).run();
    assert_eq!(said(&report.json()), ["vulnerable collection logcat.txt"]);
    // Dumps of several phones, by any name, and something else.
    let run = inspecting(&[
        ("bench/a.txt", good.as_bytes()),
        ("bench/b.zip", &bug_report_zip("3.1.874.10")),
        ("bench/c.txt.gz", &gzip(bad.as_bytes())),
        ("bench/phone 4", bad.as_bytes()),
        ("bench/notes.txt", b"call back on Monday\n"),
        ("bench/p1/dump.txt", bad.as_bytes()),
    ]);
    let report = Micheck::new(["inspect", "--format", "json"]).arg(run.dir().join("bench")).run();
    assert_eq!(
        said(&report.json()),
        [
            "vulnerable bug_report b.zip/bugreport-ishtar.txt",
            "vulnerable dumpsys_package c.txt.gz",
            "vulnerable dumpsys_package p1/dump.txt",
            "vulnerable dumpsys_package phone 4",
            "patched dumpsys_package a.txt",
        ]
    );
    assert_eq!(report.code, Some(1));
}

#[test]
fn kept_evidence_says_the_same_again() {
    let phones =
        [Phone::xiaomi("A1").version("3.1.874.10"), Phone::poco("B2").version("3.1.921.10")];
    let bench = Bench::new().phones(phones).start_in_thread().unwrap();
    let run = Micheck::scan(bench.address()).args(["--evidence", "kept", "--format", "json"]);
    let (scanned, home) = run.run_in_dir();
    let kept = home.path().join("kept");
    let again = Micheck::new(["inspect", "--serials", "full", "--format", "json"]).arg(&kept).run();
    assert_eq!(said(&again.json()), ["vulnerable evidence -", "patched evidence -"]);
    let (again, scanned) = (again.json(), scanned.json());
    for (number, key) in (0..2)
        .flat_map(|number| ["verdict", "device", "findings", "notes"].map(|key| (number, key)))
    {
        let of = |report: &Value| report["devices"][number][key].clone();
        assert!(of(&again) == of(&scanned), "{key}");
    }
    assert_eq!(again["devices"][0]["connection"]["serial"], "A1");
    // One phone's folder alone, whole and then changed.
    let folder = fs::read_dir(&kept).unwrap().next().unwrap().unwrap().path();
    assert_eq!(
        said(&Micheck::new(["inspect", "--format", "json"]).arg(&folder).run().json()).len(),
        1
    );
    let changed = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    for file in changed.filter(|path| path.to_string_lossy().contains("dumpsys")) {
        fs::write(file, "Unable to find package: x\n").unwrap();
    }
    let report = Micheck::new(["inspect", "--format", "json"]).arg(&folder).run().json();
    assert_eq!(said(&report), ["ambiguous_dump unrecognized -"]);
}

#[test]
fn what_lies_beside_a_bug_report_is_read_too() {
    let bad = dump("3.1.874.10");
    let beside = zip(&[
        ("p1/b.txt", bug_report("3.1.921.10").as_bytes()),
        ("p1/main_entry.txt", b"b.txt"),
        ("p1/FS/logs/old.txt", bad.as_bytes()),
        ("p2/dump.txt", bad.as_bytes()),
        ("p3/b.zip", &bug_report_zip("3.1.874.10")),
    ]);
    assert_eq!(
        inspect("a.zip", &beside).0,
        [
            "vulnerable dumpsys_package p1/FS/logs/old.txt",
            "vulnerable dumpsys_package p2/dump.txt",
            "vulnerable bug_report p3/b.zip/bugreport-ishtar.txt",
            "patched bug_report p1/b.txt",
        ]
    );
    // A bug report of many files is one text all the same.
    let names: Vec<String> = (0..1_100).map(|n| format!("FS/{n}.txt")).collect();
    let report = bug_report("3.1.921.10");
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    files.extend([("b.txt", report.as_bytes()), ("main_entry.txt", &b"b.txt"[..])]);
    assert_eq!(inspect("b.zip", &zip(&files)).0, ["patched bug_report b.txt"]);
    let mut files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), bad.as_bytes())).collect();
    files.push(("dumpsys.txt", report.as_bytes()));
    let (rows, _) = inspect("c.zip", &zip(&files));
    assert_eq!((rows.len(), rows[1_100].as_str()), (1_101, "patched bug_report dumpsys.txt"));
    // A hundred phones in an archive in an archive.
    let names: Vec<String> = (0..100).map(|n| format!("{n}.txt")).collect();
    let good = dump("3.1.921.10");
    let files: Vec<(&str, &[u8])> =
        names.iter().map(|name| (name.as_str(), good.as_bytes())).collect();
    let (said, code) = inspect("c.zip", &zip(&[("inner.zip", &zip(&files))]));
    assert_eq!((said.len(), code), (100, Some(0)));
}

#[cfg(unix)]
#[test]
fn a_file_that_cannot_be_read_costs_its_folder_nothing() {
    let run = inspecting(&[("bench/a.txt", dump("3.1.874.10").as_bytes())]);
    // Not even root reads a process's memory from its beginning.
    std::os::unix::fs::symlink("/proc/self/mem", run.dir().join("bench/mem")).unwrap();
    let report = Micheck::new(["inspect", "--format", "json"]).arg(run.dir().join("bench")).run();
    assert_eq!(
        said(&report.json()),
        ["vulnerable dumpsys_package a.txt", "not_read unrecognized mem"]
    );
    assert_eq!(report.code, Some(1));
}

#[test]
fn what_is_damaged_or_hostile_says_why() {
    let report = bug_report("3.1.921.10");
    let whole = bug_report_zip("3.1.921.10");
    let text = report.as_bytes();
    let main: (&str, &[u8]) = ("main_entry.txt", b"a.txt");
    let locally = |needle: &[u8], at: usize, value: u8, mut bytes: Vec<u8>| {
        let place = bytes.windows(needle.len()).position(|window| window == needle).unwrap();
        bytes[place + at] = value;
        bytes
    };
    // The central directory's flags stand 8 bytes behind its signature.
    let encrypted = locally(b"PK\x01\x02", 8, 9, zip(&[("a.txt", text), main]));
    let lzma = locally(b"PK\x01\x02", 10, 14, zip(&[("a.txt", text), main]));
    let mut bad_crc = zip(&[("a.txt", text), main]);
    let crc = bad_crc.windows(4).position(|window| window == b"PK\x01\x02").unwrap() + 16;
    bad_crc[crc] ^= 1;
    let mut lying = zip(&[("a.txt", text), main]);
    let size = lying.windows(4).position(|window| window == b"PK\x01\x02").unwrap() + 24;
    lying[size..size + 4].copy_from_slice(&100_u32.to_le_bytes());
    let mut absurd = zip(&[("a.txt", text), main]);
    absurd[size..size + 4].copy_from_slice(&0xf000_0000_u32.to_le_bytes());
    let deep = ["d", "c", "b", "a"]
        .iter()
        .fold(whole.clone(), |archive, name| zip(&[(&format!("{name}.zip"), &archive)]));
    let half = &gzip(text)[..400];
    // A tar's first block: a name, and `ustar` at 257; then the file as it is.
    let mut tar = vec![0; 512];
    tar[..5].copy_from_slice(b"a.txt");
    tar[257..262].copy_from_slice(b"ustar");
    tar.extend_from_slice(dump("3.1.921.10").as_bytes());
    for (what, content, expected, detail) in [
        (
            "twice",
            zip(&[("a.txt", text), ("a.txt", text), main]),
            "ambiguous_dump",
            "two entries with this name",
        ),
        ("encrypted", encrypted, "not_read", "it is encrypted"),
        ("method", lzma, "not_read", "packed with LZMA"),
        ("crc", bad_crc, "incomplete_answer", "checksum differs"),
        ("lying", lying, "incomplete_answer", "longer than the archive says"),
        ("absurd", absurd, "answer_too_large", "1 GiB"),
        ("no main", zip(&[main]), "not_a_dump", "a folder or archive of 1 files"),
        ("deep", deep, "not_read", "it is nested too deeply"),
        ("cut zip", whole[..whole.len() / 2].to_vec(), "incomplete_answer", "damaged or cut off"),
        ("cut gz", half.to_vec(), "incomplete_answer", "damaged or cut off"),
        ("empty zip", zip(&[]), "not_a_dump", "an archive without any file"),
        (
            "other zip",
            zip(&[("a.jpg", b"x"), ("b.txt", b"hi")]),
            "not_a_dump",
            "a folder or archive of 2 files",
        ),
        ("nothing", Vec::new(), "not_a_dump", "an empty file"),
        ("text", b"hello\n".to_vec(), "not_a_dump", "text without any line of a dump"),
        ("binary", vec![1, 0, 2, 3], "not_a_dump", "a file that isn't text"),
        ("no mark", b"h\0e\0l\0l\0o\0".to_vec(), "not_a_dump", "UTF-16 without"),
        ("tar", tar, "not_read", "it is a tar archive and wasn't read"),
        (
            "evidence",
            zip(&[("p/evidence.json", b"{}"), ("p/getprop.txt", LISTING.as_bytes())]),
            "not_read",
            "it is kept evidence in an archive",
        ),
        ("bad gz in zip", zip(&[("a.gz", half)]), "incomplete_answer", "damaged or cut off"),
        ("picture", b"\x89PNG\r\n\x1a\n".to_vec(), "not_a_dump", "a PNG picture"),
        ("7z", b"7z\xbc\xaf\x27\x1c\0\0".to_vec(), "not_read", "unpack or decrypt it first"),
    ] {
        let (said, code) = inspect("file", &content);
        assert!(said.iter().all(|row| row.starts_with(expected)), "{what}: {said:?}");
        let rows = if what == "twice" { 2 } else { 1 };
        assert_eq!((said.len(), code), (rows, Some(3)), "{what}");
        let said = the_detail(&content);
        assert!(said.contains(detail), "{what}: {said}");
    }
}

#[test]
fn a_bomb_is_stopped() {
    // 2 GiB of zeros in 2 MB.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![0; 1 << 20];
    for _ in 0..1_100 {
        encoder.write_all(&zeros).unwrap();
    }
    let bomb = encoder.finish().unwrap();
    let run = inspecting(&[("bomb", &bomb)]).args(["--format", "json"]).run();
    assert_eq!(said(&run.json()), ["answer_too_large unrecognized -"]);
    if let Some(bytes) = run.peak_memory_bytes {
        assert!(bytes < 32 << 20, "{bytes}");
    }
}

#[test]
fn a_risk_shows_even_in_a_damaged_file_and_health_does_not() {
    let cut = |version: &str| {
        let whole = gzip(bug_report(version).as_bytes());
        // Only the checksum at the end is lost.
        inspect("cut.gz", &whole[..whole.len() - 6])
    };
    assert_eq!(cut("3.1.921.10").0, ["incomplete_answer bug_report -"]);
    assert_eq!(cut("3.1.874.10").0, ["vulnerable bug_report -"]);
}

#[test]
fn standard_input_is_a_file_too() {
    for (content, expected) in [
        (dump("3.1.874.10").into_bytes(), "vulnerable dumpsys_package -"),
        (bug_report_zip("3.1.874.10"), "vulnerable bug_report bugreport-ishtar.txt"),
        (gzip(dump("3.1.874.10").as_bytes()), "vulnerable dumpsys_package -"),
    ] {
        let run = Micheck::new(["inspect", "-", "--format", "json"]);
        fs::write(run.dir().join("in"), content).unwrap();
        let run = run.within_shell("exec \"$0\" \"$@\" < in").run();
        assert_eq!(said(&run.json()), [expected]);
        assert_eq!(run.json()["devices"][0]["source"]["file"], "-");
    }
    let run = Micheck::new(["inspect", "-", "-"]).run();
    assert_snapshot!(run.stderr, @"micheck: `-` is standard input, which can only be read once; give it once");
    assert_eq!(run.code, Some(2));
}

#[test]
fn a_bad_file_costs_no_other_its_verdict() {
    let bad = dump("3.1.874.10");
    let run = inspecting(&[("a.txt", bad.as_bytes()), ("b.txt", b"nothing\n")])
        .args(["missing.txt", "--format", "json"])
        .run();
    assert_eq!(said(&run.json()), ["vulnerable dumpsys_package -", "not_a_dump unrecognized -"]);
    assert_snapshot!(run.stderr, @"micheck: can't read missing.txt: No such file or directory (os error 2); give a file or folder that you may read, or - for standard input");
    assert_eq!(run.code, Some(2));
    let nothing = Micheck::new(["inspect", "missing.txt"]).run();
    assert_eq!((nothing.stdout.as_str(), nothing.code), ("", Some(2)));
}

#[test]
fn people_see_the_file_and_what_to_do() {
    let risk = format!("{LISTING}{}", dump("3.1.874.10"));
    let run = inspecting(&[
        ("customer 7.txt", risk.as_bytes()),
        ("bugreport.zip", &bug_report_zip("3.1.921.10")),
        ("photo.jpg", b"\xff\xd8\xff\xe0"),
    ])
    .run();
    assert_snapshot!(run.stdout, @r#"
    3 phones: 1 at risk, 1 not checked, 1 updated
    Mi Connect Service: CVE-2024-45347, CVE-2024-45361
    RESULT         PHONE           SYSTEM                   VERSION OR REASON  FILE
    ✖ AT RISK      Redmi Note 13   HyperOS 1.0, Android 14  3.1.874.10         customer 7.txt
    ? NOT CHECKED  no phone in it  –                        not a dump         photo.jpg
    ✔ UPDATED      Redmi Note 13   HyperOS 1.0, Android 14  3.1.921.10         bugreport-ishtar.txt

    ✖ AT RISK: update now
      Redmi Note 13 · file customer 7.txt · dumpsys package, one app · 3.1.874.10
      1. Settings → System apps updater → update all.
      2. GetApps (China: App Store; India: Indus Appstore) → search for "Mi Connect Service" and update
         it; not there? Install all updates.
      3. Google Play: play.google.com/store/apps/details?id=com.xiaomi.mi_connect_service (if listed).
      4. Settings → About phone → tap the MIUI or HyperOS version → Check for updates → install.
      5. Save the dump again: adb shell dumpsys package com.xiaomi.mi_connect_service > dump.txt.

    ? NOT CHECKED: the file holds no package dump
      no phone in it · file photo.jpg · not recognised
        (this is a JPEG picture; accepted are the output of `dumpsys package`, `pm dump` or `getprop`, a
        bug report (zip or text), each also as .gz, and folders or archives that --evidence, AndroidQF
        or MVT made)
      1. Save the dump again: adb shell dumpsys package com.xiaomi.mi_connect_service > dump.txt.

    ✔ UPDATED: version reported fixed
      Redmi Note 13
        file bugreport.zip, in it bugreport-ishtar.txt · bug report · made 2024-05-13 10:22:33 ·
        3.1.921.10
        A factory reset or "Uninstall updates" puts this phone at risk again: update the app after it.

    Still no update? None has been released for this phone yet: avoid public Wi-Fi (hotels, cafés,
    trains), and look again every few days; don't install the app from a website.
    Optional, at home, with the password known and a backup made: log out of the Xiaomi account and in
    again, as the published warning advises; this turns Find device off and can remove synced data.
    An attacker must be nearby, on the same network; this doesn't mean that the phone was hacked.
    UPDATED means Mi Connect Service 3.1.921.10 or later: only one news site says that this version is
    fixed; the official records don't.
    "#);
}

#[test]
fn names_from_an_archive_are_escaped() {
    let name = "a\u{1b}[31m\u{202e}.txt";
    let run = inspecting(&[("x.zip", &zip(&[(name, dump("3.1.874.10").as_bytes())]))]).run();
    assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{202e}'), "{}", run.stdout);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("a\\u001b[31m\\u202e.txt"), "{}", run.stdout);
}
