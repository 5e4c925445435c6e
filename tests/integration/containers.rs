//! Folders, archives and what lies in them: nothing that was met is forgotten, and what belongs
//! together is one phone.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::support::{Micheck, Run};
use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use serde_json::Value;

const SERVICE: &str = "com.xiaomi.mi_connect_service";
const PATCHED: &str = "3.1.921.10";
const RISK: &str = "3.1.874.10";

/// `getprop` of a phone, with the fingerprint of this build, if any.
fn listing(build: &str) -> String {
    let fingerprint = match build {
        "" => String::new(),
        build => {
            format!("[ro.build.fingerprint]: [Redmi/x1/x1:14/UKQ1/{build}:user/release-keys]\n")
        }
    };
    format!(
        "{fingerprint}[ro.build.version.sdk]: [34]\n[ro.product.brand]: [Redmi]\n\
         [ro.product.model]: [X1]\n[sys.boot_completed]: [1]\n"
    )
}

/// The answer to `dumpsys package NAME`.
fn dump(version: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dumpsys/android14.txt");
    fs::read_to_string(path).unwrap().replace("3.1.900.12", version)
}

/// A bug report's text, as the handed cases have it.
fn report(version: &str, build: &str) -> String {
    let rule = "-".repeat(79);
    let double = "=".repeat(56);
    let end = "was the duration of dumpsys";
    let list = listing(build);
    let other = "Packages:\n  Package [android] (1):\n    versionCode=34 minSdk=34 targetSdk=34\n    \
                 versionName=14\n    splits=[base]\n    \
                 User 0: ceDataInode=1 installed=true enabled=0\n";
    let dump = dump(version).replace("Packages:\n", other);
    format!(
        "{double}\n== dumpstate: 2024-05-13 10:22:33\n{double}\n\nBuild: UKQ1\n\n\
         ------ SYSTEM PROPERTIES (getprop) ------\n{list}\
         ------ 0.01s was the duration of 'SYSTEM PROPERTIES' ------\n\
         ------ DUMPSYS (/system/bin/dumpsys) ------\n\
         {rule}\nDUMP OF SERVICE package:\n{dump}\
         --------- 1.2s {end} package, ending at: 2024-05-13 10:22:33\n\
         {rule}\nDUMP OF SERVICE power:\nPOWER MANAGER\n\
         --------- 0.1s {end} power, ending at: 2024-05-13 10:22:33\n\
         ------ 1.0s was the duration of 'DUMPSYS' ------\n\
         ------ CHECKIN PACKAGE (/system/bin/dumpsys -T 10000 package --checkin) ------\n\
         vers,1\npkg,android,1000,34,1,1,?\npkg,{SERVICE},10107,31090012,1,1,?\n\
         ------ 0.1s was the duration of 'CHECKIN PACKAGE' ------\n\
         {double}\n== dumpstate: done (id 1)\n{double}\n"
    )
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let new = archive.new_file(name).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = new.start().unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(content).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
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

fn report_zip(version: &str, build: &str) -> Vec<u8> {
    let text = report(version, build);
    zip(&[("version.txt", b"2.0"), ("main_entry.txt", b"b.txt"), ("b.txt", text.as_bytes())])
}

/// Verdict or reason, and entry, of each row, sorted.
fn rows(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let devices = report["devices"].as_array().unwrap().iter();
    let mut rows: Vec<String> = devices
        .map(|device| {
            let verdict = device["reason"].as_str().map_or(text(&device["verdict"]), str::to_owned);
            format!("{verdict} {}", text(&device["source"]["entry"]))
        })
        .collect();
    rows.sort();
    rows
}

/// What became of each file: fate and entry.
fn fates(report: &Value) -> Vec<String> {
    let files = report["files"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    files.map(|file| format!("{} {}", text(&file["fate"]), text(&file["entry"]))).collect()
}

fn inspect_file(content: &[u8]) -> Run {
    let run = Micheck::new(["inspect", "--format", "json", "file"]);
    fs::write(run.dir().join("file"), content).unwrap();
    run.run()
}

fn inspect_folder(files: &[(&str, &[u8])]) -> Run {
    let run = Micheck::new(["inspect", "--format", "json", "folder"]);
    for (name, content) in files {
        let path = run.dir().join("folder").join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    run.run()
}

/// The rows of these files as a folder and as a zip, which must be the same.
fn together(files: &[(&str, &[u8])]) -> Vec<String> {
    let (folder, archive) = (inspect_folder(files), inspect_file(&zip(files)));
    let (folder, archive) = (folder.json(), archive.json());
    assert_eq!(rows(&folder), rows(&archive));
    let sorted = |mut fates: Vec<String>| {
        fates.sort();
        fates
    };
    assert_eq!(sorted(fates(&folder)), sorted(fates(&archive)));
    rows(&folder)
}

#[test]
fn names_and_endings_decide_nothing() {
    let (bad, good) = (dump(RISK), dump(PATCHED));
    let names =
        ["a.dump", "b.jpg", "c.json", "dumpsys.txt", "getprop.txt", "main_entry.txt", "d.zip"];
    for name in names {
        let rows = together(&[(name, bad.as_bytes()), ("x.txt", good.as_bytes())]);
        assert_eq!(rows, ["patched x.txt".to_owned(), format!("vulnerable {name}")]);
    }
    let rows = together(&[("a/b/c/x", bad.as_bytes()), ("dumpsys.txt", good.as_bytes())]);
    assert_eq!(rows, ["patched dumpsys.txt", "vulnerable a/b/c/x"]);
}

#[test]
fn archives_are_opened_as_deep_as_is_said_and_no_deeper() {
    let mut archive = zip(&[("dump.txt", dump(RISK).as_bytes())]);
    let mut entry = "dump.txt".to_owned();
    for _ in 0..3 {
        archive = zip(&[("a.zip", &archive)]);
        entry = format!("a.zip/{entry}");
        assert_eq!(rows(&inspect_file(&archive).json()), [format!("vulnerable {entry}")]);
        let packed = gzip(&archive);
        if entry.matches("a.zip").count() < 3 {
            assert_eq!(rows(&inspect_file(&packed).json()), [format!("vulnerable {entry}")]);
        }
    }
    let run = inspect_file(&zip(&[("a.zip", &archive), ("b.txt", dump(PATCHED).as_bytes())]));
    assert_eq!(rows(&run.json()), ["not_read a.zip/a.zip/a.zip/a.zip", "patched b.txt"]);
    assert_eq!(run.code, Some(3));
}

#[test]
fn folders_are_looked_into_as_deep_as_is_said_and_links_arent_followed() {
    let bad = dump(RISK);
    let eighth = "1/2/3/4/5/6/7/8/dump.txt";
    let rows_of = |name: &str| rows(&inspect_folder(&[(name, bad.as_bytes())]).json());
    assert_eq!(rows_of(eighth), [format!("vulnerable {eighth}")]);
    assert_eq!(rows_of("1/2/3/4/5/6/7/8/9/dump.txt"), ["not_read 1/2/3/4/5/6/7/8/9"]);
    #[cfg(unix)]
    {
        let run = Micheck::new(["inspect", "--format", "json", "folder"]);
        fs::create_dir(run.dir().join("folder")).unwrap();
        fs::write(run.dir().join("bad.txt"), &bad).unwrap();
        fs::write(run.dir().join("folder/good.txt"), dump(PATCHED)).unwrap();
        std::os::unix::fs::symlink("../bad.txt", run.dir().join("folder/link")).unwrap();
        std::os::unix::fs::symlink("..", run.dir().join("folder/up")).unwrap();
        let run = run.run();
        assert_eq!(rows(&run.json()), ["not_read link", "not_read up", "patched good.txt"]);
        assert_eq!(run.code, Some(3));
    }
}

#[test]
fn bytes_that_are_nobodys_own_have_their_row() {
    let (good, bad) = (dump(PATCHED), dump(RISK));
    let archive = zip(&[("a.txt", good.as_bytes())]);
    // The lists of both archives don't stand at the same place, or none would be found.
    let other = zip(&[("b.txt", bad.as_bytes()), ("c.txt", b"x")]);
    let packed = gzip(good.as_bytes());
    let join = |parts: &[&[u8]]| parts.concat();
    for (what, content, expected) in [
        ("text before", join(&[b"hello\n", &archive]), vec!["not_read -"]),
        ("text behind", join(&[&archive, bad.as_bytes()]), vec!["not_read -", "patched a.txt"]),
        ("two in a row", join(&[&other, &archive]), vec!["not_read -", "patched a.txt"]),
        ("zeros behind", join(&[&archive, &[0; 4_096]]), vec!["patched a.txt"]),
        ("gzip and text", join(&[&packed, bad.as_bytes()]), vec!["not_read -", "patched -"]),
        ("gzip and zeros", join(&[&packed, &[0; 512]]), vec!["patched -"]),
        ("gzip and zip", join(&[&packed, &archive]), vec!["not_read -", "patched -"]),
        ("note and gzip", join(&[b"for you\n", &packed]), vec!["not_read -"]),
        ("note and zip", join(&[b"for you\n", &archive]), vec!["not_read -"]),
        ("note and xz", join(&[b"for you\n", b"\xfd7zXZ\0\0\x04abcdef"]), vec!["not_read -"]),
        ("note and Zstandard", join(&[b"for you\n", ZSTANDARD]), vec!["not_read -"]),
        ("note and LZ4", join(&[b"for you\n", LZ4]), vec!["not_read -"]),
        ("note and LZMA", join(&[b"for you\n", LZMA]), vec!["not_read -"]),
    ] {
        let run = inspect_file(&content);
        assert_eq!(rows(&run.json()), expected, "{what}");
        assert_eq!(
            run.code,
            Some(if expected.len() == 1 && expected[0].starts_with('p') { 0 } else { 3 }),
            "{what}"
        );
    }
    // Between two entries.
    let mut between = zip(&[("a.txt", good.as_bytes()), ("b.txt", b"x")]);
    let second = between.windows(4).rposition(|bytes| bytes == b"PK\x03\x04").unwrap();
    let text = b"Packages:\n";
    between.splice(second..second, text.iter().copied());
    let added = u32::try_from(text.len()).unwrap();
    let move_on = |bytes: &mut Vec<u8>, at: usize| {
        let old = u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        bytes[at..at + 4].copy_from_slice(&(old + added).to_le_bytes());
    };
    let listed = between.windows(4).rposition(|bytes| bytes == b"PK\x01\x02").unwrap();
    move_on(&mut between, listed + 42);
    let end = between.windows(4).rposition(|bytes| bytes == b"PK\x05\x06").unwrap();
    move_on(&mut between, end + 16);
    assert_eq!(rows(&inspect_file(&between).json()), ["not_read -", "patched a.txt"]);
    // The archive's own comment is read, too.
    let mut comment = archive.clone();
    let length = comment.len() - 2;
    let text = format!("{}\n", bad.trim_end());
    comment[length..].copy_from_slice(&u16::try_from(text.len()).unwrap().to_le_bytes());
    comment.extend_from_slice(text.as_bytes());
    assert_eq!(rows(&inspect_file(&comment).json()), ["patched a.txt", "vulnerable (comment)"]);
}

/// How files of these kinds begin, as their programs make them.
const ZSTANDARD: &[u8] = b"\x28\xb5\x2f\xfd\x24\x05\x29\0\0hello\x12\x34\x56\x78";
const LZ4: &[u8] = b"\x04\x22\x4d\x18\x64\x40\xa7\x05\0\0\x80hello\0\0\0\0";
const LZMA: &[u8] = b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0\x34\x19\x49";

/// A phone at risk beside a good one, where it could be passed over.
#[test]
fn nothing_makes_a_phone_be_passed_over() {
    let (good, bad) = (dump(PATCHED), dump(RISK));
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let headed = [b"\xff\xfe".to_vec(), wide("Phone B\n"), bad.clone().into_bytes()].concat();
    for hidden in [wide(&bad), headed, [b"phone B\n".to_vec(), wide(&bad)].concat()] {
        let rows = together(&[("a.txt", good.as_bytes()), ("b.txt", &hidden)]);
        assert!(rows.iter().any(|row| row.contains("not_read")), "{rows:?}");
    }
    for words in ["ID3 = Redmi 13 of a customer\n", "sftpftyp\n", "ANDROID BACKUP\n"] {
        let hidden = format!("{words}{bad}");
        let rows = together(&[("a.txt", good.as_bytes()), ("b", hidden.as_bytes())]);
        assert!(rows.iter().any(|row| row.contains("vulnerable")), "{words} {rows:?}");
    }
    // Packed bytes that end before the entry does.
    let mut packed = DeflateEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(b"hello").unwrap();
    let packed = [packed.finish().unwrap(), bad.clone().into_bytes()].concat();
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    let new = archive.new_file("x").compression_method(CompressionMethod::DEFLATE);
    let (mut entry, config) = new.start().unwrap();
    let mut writer = config.wrap(Vec::new());
    writer.write_all(b"hello").unwrap();
    let (_, descriptor) = writer.finish().unwrap();
    entry.write_all(&packed).unwrap();
    entry.finish(descriptor).unwrap();
    archive.finish().unwrap();
    let beside = together(&[("a.txt", good.as_bytes()), ("b.zip", &bytes)]);
    assert!(beside.iter().any(|row| row.contains("not_read")), "{beside:?}");
    // An entry with a folder's name that holds something.
    let mut folder = zip(&[("a~", bad.as_bytes())]);
    while let Some(at) = folder.windows(2).position(|bytes| bytes == b"a~") {
        folder[at + 1] = b'/';
    }
    assert_eq!(
        together(&[("a.txt", good.as_bytes()), ("b.zip", &folder)]),
        ["patched a.txt", "vulnerable b.zip/a/"]
    );
    // Another phone's listing behind a bug report that was cut off where it is whole.
    let report = report(PATCHED, "V1")
        .replace("Build: UKQ1", "Build fingerprint: 'Redmi/x1/x1:14/UKQ1/V1:user/release-keys'");
    let end = report.rfind("== dumpstate: done").unwrap();
    for (build, is_fine) in [("V1", true), ("V2", false)] {
        let text = format!("{}\n{}", &report[..end], listing(build));
        let run = inspect_file(text.as_bytes());
        assert_eq!(run.code == Some(0), is_fine, "{build} {:?}", rows(&run.json()));
    }
}

#[test]
fn a_folder_of_kept_evidence_hides_nothing_that_lies_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let kept = folder.path().join("kept");
    let demo = Micheck::new(["scan", "--demo", "--evidence"]).args([kept.to_str().unwrap()]);
    assert_eq!(demo.run().code, Some(1));
    let phone = fs::read_dir(&kept).unwrap().map(|entry| entry.unwrap().path());
    let phone = phone.filter(|path| path.is_dir()).min().unwrap();
    let inspected = || {
        let run = Micheck::new(["inspect", "--format", "json"]).args([phone.to_str().unwrap()]);
        run.run().json()["devices"].as_array().unwrap().len()
    };
    assert_eq!(inspected(), 1);
    fs::create_dir(phone.join("other")).unwrap();
    fs::write(phone.join("other/dump.txt"), dump(RISK)).unwrap();
    fs::write(phone.join("second.txt"), dump(RISK)).unwrap();
    assert_eq!(inspected(), 3);
}

#[test]
fn known_kinds_hold_no_phone_and_packed_ones_may() {
    let good = dump(PATCHED);
    let app = zip(&[
        ("classes.dex", b"dex"),
        ("AndroidManifest.xml", b"\x03\x00\x08\x00abc"),
        ("assets/dump.txt", good.as_bytes()),
    ]);
    let run = inspect_folder(&[
        ("a.apk", &app),
        ("backup.ab", b"ANDROID BACKUP\n5\n1\nAES-256\n"),
        ("dump.txt", good.as_bytes()),
        ("p.png", b"\x89PNG\r\n\x1a\n"),
        ("v.mp4", b"\0\0\0\x18ftypmp42"),
        ("z.zip", &zip(&[])),
    ]);
    assert_eq!(rows(&run.json()), ["patched dump.txt"]);
    assert_eq!(
        fates(&run.json()),
        [
            "no_phone a.apk",
            "no_phone backup.ab",
            "phone dump.txt",
            "no_phone p.png",
            "no_phone v.mp4",
            "no_phone z.zip"
        ]
    );
    assert!(
        run.stderr.contains("no phone in a.apk, backup.ab, p.png, v.mp4, z.zip"),
        "{}",
        run.stderr
    );
    for packed in [
        &b"7z\xbc\xaf\x27\x1c\0\0"[..],
        b"\xfd7zXZ\0",
        b"\x28\xb5\x2f\xfd",
        b"BZh91AY&SY",
        b"Rar!\x1a\x07\0",
        ZSTANDARD,
        LZ4,
        LZMA,
        b"\xff\xfe\0\0P\0\0\0",
    ] {
        let run = inspect_folder(&[("dump.txt", good.as_bytes()), ("x", packed)]);
        assert_eq!(rows(&run.json()), ["not_read x", "patched dump.txt"]);
        assert!(!run.stderr.contains('x'), "{}", run.stderr);
    }
    // Programs that unpack look at a file's end, so what ends as an archive does could hold a phone.
    let hidden = zip(&[("a", dump(RISK).as_bytes())]);
    for begins in
        [&b"\x89PNG\r\n\x1a\nIEND"[..], b"\0\0\0\x18ftypmp42", b"ANDROID BACKUP\n5\n1\nAES-256\n"]
    {
        let both = [begins, &hidden].concat();
        let run = inspect_folder(&[("dump.txt", good.as_bytes()), ("x", &both)]);
        assert_eq!(rows(&run.json()), ["not_read x", "patched dump.txt"]);
        assert_eq!(run.code, Some(3));
        // Its end alone, in the middle of a picture, is no archive's.
        let run = inspect_folder(&[("x", &[&both[..], b"."].concat())]);
        assert_eq!(fates(&run.json()), ["no_phone x"]);
        let inside = zip(&[("p.png", &both), ("dump.txt", good.as_bytes())]);
        assert_eq!(rows(&inspect_file(&inside).json()), ["not_read p.png", "patched dump.txt"]);
    }
    // Not an app: its manifest is none.
    let other = zip(&[("AndroidManifest.xml", b"<x/>"), ("a", dump(RISK).as_bytes())]);
    assert_eq!(rows(&inspect_file(&other).json()), ["vulnerable a"]);
}

#[test]
fn one_listing_and_one_dump_are_one_phone_in_each_folder() {
    let (good, bad, props) = (dump(PATCHED), dump(RISK), listing(""));
    let props = props.as_bytes();
    let collected = together(&[("getprop.txt", props), ("x.txt", bad.as_bytes())]);
    assert_eq!(collected, ["vulnerable x.txt"]);
    // Each folder for itself.
    let apart = together(&[
        ("getprop.txt", props),
        ("dumpsys.txt", good.as_bytes()),
        ("B/dumpsys.txt", bad.as_bytes()),
        ("B/getprop.txt", props),
    ]);
    assert_eq!(apart, ["patched dumpsys.txt", "vulnerable B/dumpsys.txt"]);
    // Whose listing it is, nothing says.
    let several =
        together(&[("a.txt", good.as_bytes()), ("b.txt", bad.as_bytes()), ("c.txt", props)]);
    assert_eq!(several, ["not_a_dump c.txt", "patched a.txt", "vulnerable b.txt"]);
}

#[test]
fn a_bug_report_beside_a_collection_is_that_phones_unless_they_differ() {
    let of = |dump_version: &str, dump_build: &str, version: &str, build: &str| {
        let (dump, props) = (dump(dump_version), listing(dump_build));
        together(&[
            ("bugreport.zip", &report_zip(version, build)),
            ("dumpsys.txt", dump.as_bytes()),
            ("getprop.txt", props.as_bytes()),
        ])
    };
    let report = "bugreport.zip/b.txt";
    assert_eq!(of(PATCHED, "V1", PATCHED, "V1"), [format!("patched {report}")]);
    assert_eq!(of(RISK, "V1", PATCHED, "V1"), ["vulnerable dumpsys.txt"]);
    assert_eq!(of(PATCHED, "V1", RISK, "V1"), [format!("vulnerable {report}")]);
    // Two phones.
    let both = [format!("patched {report}"), "vulnerable dumpsys.txt".to_owned()];
    assert_eq!(of(RISK, "V2", PATCHED, "V1"), both);
    // Perhaps one.
    assert_eq!(of(PATCHED, "", PATCHED, "V1"), [format!("ambiguous_dump {report}")]);
    assert_eq!(of(PATCHED, "", RISK, ""), [format!("vulnerable {report}")]);
    // What could be read stands in for what couldn't.
    let timed_out = format!(
        "Currently running services:\n  package\n{}\nDUMP OF SERVICE package:\n\
         *** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***\n\
         --------- 10.0s was the duration of dumpsys package, ending at: 2024-05-13 10:22:33\n",
        "-".repeat(79)
    );
    let props = listing("V1");
    let rows = together(&[
        ("bugreport.zip", &report_zip(PATCHED, "V1")),
        ("dumpsys.txt", timed_out.as_bytes()),
        ("getprop.txt", props.as_bytes()),
    ]);
    assert_eq!(rows, [format!("patched {report}")]);
}

#[test]
fn what_lies_beside_a_bug_report_is_part_of_it_however_much_it_is() {
    let archive = report_zip(PATCHED, "V1");
    let denial = b"Permission Denial: can't dump package from from pid=1, uid=2\n";
    let broken = &gzip(b"a log")[..12];
    let props = listing("");
    let names: Vec<String> =
        (0..3_000).map(|n| format!("com.a-appLog/debug_log/{n}.log")).collect();
    let nuls = [props.as_bytes(), &[0; 300]].concat();
    let contents: [&[u8]; 6] =
        [denial, broken, props.as_bytes(), b"[a]: [b]\n\0\0\n", b"text\n", &nuls];
    let logs = names.iter().zip(contents.iter().cycle()).map(|(name, log)| (name.as_str(), *log));
    let mut files: Vec<(&str, &[u8])> = logs.collect();
    files.push(("bugreport-x1.zip", &archive));
    let empty = zip(&[]);
    files.push(("debug/empty.zip", &empty));
    let wrapper = zip(&files);
    for content in [wrapper.clone(), zip(&[("for-you.zip", &wrapper)])] {
        let run = inspect_file(&content);
        let report = run.json();
        assert_eq!((rows(&report).len(), run.code), (1, Some(0)), "{:?}", rows(&report));
        let fates = fates(&report);
        let parts = fates.iter().filter(|fate| fate.starts_with("part_of_bug_report ")).count();
        assert_eq!((fates.len(), parts), (3_000 + 1 + 3, 3_000 + 1 + 2));
        if let Some(bytes) = run.peak_memory_bytes {
            assert!(bytes < 32 << 20, "{bytes}");
        }
    }
    // But not what may be another phone.
    let bad = dump(RISK);
    let not_found = format!("Unable to find package: {SERVICE}\n");
    let beside = together(&[
        ("bugreport.zip", &archive),
        ("bugreport2.zip", &report_zip(RISK, "V2")),
        ("logs/dump.log", bad.as_bytes()),
        ("logs/x.txt.xz", b"\xfd7zXZ\0"),
        ("more/no.log", not_found.as_bytes()),
        ("other/getprop.txt", listing("V3").as_bytes()),
    ]);
    assert_eq!(
        beside,
        [
            "not_a_dump other/getprop.txt",
            "not_installed more/no.log",
            "not_read logs/x.txt.xz",
            "patched bugreport.zip/b.txt",
            "vulnerable bugreport2.zip/b.txt",
            "vulnerable logs/dump.log"
        ]
    );
    // Nor a listing of another build among hundreds of logs, wherever it stands.
    let names: Vec<String> = (0..700).map(|n| format!("logs/{n:03}.log")).collect();
    let others = listing("V9");
    for at in [0, 350, 699] {
        let logs = names.iter().map(|name| (name.as_str(), props.as_bytes()));
        let mut files: Vec<(&str, &[u8])> = logs.collect();
        files[at].1 = others.as_bytes();
        files.push(("bugreport.zip", &archive));
        let expected = format!("not_a_dump {}", names[at]);
        assert_eq!(together(&files), [expected.as_str(), "patched bugreport.zip/b.txt"]);
    }
    // Alone they are what they are.
    assert_eq!(together(&[("a.log", denial), ("b.txt", b"text\n")]), ["denied a.log"]);
}

#[test]
fn each_thing_has_its_fate_in_json_and_reports_are_read_back() {
    let good = dump(PATCHED);
    let files: &[(&str, &[u8])] =
        &[("a.txt", good.as_bytes()), ("n.txt", b"note\n"), ("x", b"\xfd7zXZ\0")];
    for ending in ["json", "jsonl"] {
        let run = Micheck::new(["inspect", "folder", "-o"]).arg(format!("out.{ending}"));
        for (name, content) in files {
            fs::create_dir_all(run.dir().join("folder")).unwrap();
            fs::write(run.dir().join("folder").join(name), content).unwrap();
        }
        let (_, home) = run.run_in_dir();
        let saved = home.path().join(format!("out.{ending}"));
        let again = Micheck::new(["report", "--format", "json"]).arg(&saved).run().json();
        assert_eq!(fates(&again), ["phone a.txt", "no_phone n.txt", "not_read x"], "{ending}");
        assert_eq!(again["files"][0]["path"], "folder");
        let why = again["files"][2]["reason"].as_str().unwrap();
        assert!(why.starts_with("it is an xz file and wasn't read"), "{why}");
    }
}
