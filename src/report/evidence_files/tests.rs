use super::*;
use crate::report::Connection;
use crate::report::serial::Redaction;
use micheck_core::getprop::Properties;

const WHOLE: PartEnd = PartEnd::Closed { exit_code: 0 };

fn package(name: &str) -> PackageName {
    PackageName::try_from(name).unwrap()
}

fn run() -> Run {
    Run { taken_at: "2026-11-22T12:00:00+05:30".to_owned(), simulated: true, hints: Vec::new() }
}

fn observation(outcome: Outcome) -> ProbeResult {
    ProbeResult {
        connection: Connection {
            link: crate::report::LinkKind::AdbServer,
            serial_form: crate::report::serial::SerialForm::Full,
            server: Some("127.0.0.1:5037".to_owned()),
            serial: Some("S\u{202e}1\n".to_owned()),
            transport_id: None,
            path: Some("usb:1-1".to_owned()),
            state: Some("device".to_owned()),
        },
        listed_model: Some("M2012K11AC".to_owned()),
        outcome,
        detail: Some("said \u{1b}[31m so".to_owned()),
        duration_ms: 7,
        source: None,
    }
}

/// Every kind of part, and every way to end.
fn evidence() -> Evidence {
    let mut evidence = Evidence::none(Origin::Live, Reason::Timeout);
    evidence.properties = Properties::read(
        b"[ro.product.marketname]: [Redmi Note 13]\n[ro.build.version.sdk]: [23]\n\
          [sys.boot_completed]: [0]\n[sys.boot_completed]: [1]\n",
    );
    evidence.properties_end = PartEnd::Closed { exit_code: 3 };
    evidence.broken = Some(Reason::Disconnected);
    let part = |body: &[u8], end| Part { body: body.to_vec(), end };
    evidence.dumps.insert(package("com.example.a"), part(b"raw \xff\x00\r\n\x1b", WHOLE));
    evidence.dumps.insert(package("com.Example.A"), part(b"", PartEnd::Unmarked));
    evidence.dumps.insert(package("com.xiaomi.discover"), part(b"", WHOLE));
    evidence.pm_control = Some(part(b"package:/x.apk\n", WHOLE));
    evidence.pm_lists.insert(package("com.example.a"), part(b"", PartEnd::Cut(Reason::Timeout)));
    evidence.updaters.insert(package("com.xiaomi.discover"), part(b"\n", WHOLE));
    evidence
}

fn asked() -> Outcome {
    Outcome::Probed(Box::new(Probed::new(evidence(), &AdvisorySet::embedded())))
}

fn written(observation: &ProbeResult) -> BTreeMap<String, Vec<u8>> {
    let files = files(observation, &run(), &AdvisorySet::embedded(), &Redaction::Full);
    files.into_iter().map(|file| (file.name, file.bytes.into_owned())).collect()
}

fn read_back(mut files: BTreeMap<String, Vec<u8>>) -> Result<Archived, ArchiveError> {
    read(Manifest::parse(&files.remove(MANIFEST).unwrap())?, files, &AdvisorySet::embedded())
}

#[test]
fn evidence_is_the_same_when_it_is_read_back() {
    let asked = observation(asked());
    let refused = observation(Outcome::Skipped(Reason::AuthRefused));
    for observation in [asked, refused] {
        let archived = read_back(written(&observation)).unwrap();
        assert_eq!((archived.taken_at.clone(), archived.simulated), (run().taken_at, true));
        assert_eq!(format!("{:?}", archived.result), format!("{observation:?}"));
    }
}

#[test]
fn files_are_named_by_what_was_asked_and_hold_what_came() {
    let files = written(&observation(asked()));
    let names: Vec<_> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "dumpsys-package-com.Example.A.txt",
            "dumpsys-package-com.example.a-2.txt",
            "dumpsys-package-com.xiaomi.discover.txt",
            "evidence.json",
            "getprop.txt",
            "pm-list-packages-com.example.a.txt",
            "pm-path-android.txt",
            "pm-path-com.xiaomi.discover.txt",
        ]
    );
    assert_eq!(files["dumpsys-package-com.example.a-2.txt"], b"raw \xff\x00\r\n\x1b");
    assert_eq!(
        String::from_utf8_lossy(&files["getprop.txt"]),
        "[ro.build.version.sdk]: [23]\n[ro.product.marketname]: [Redmi Note 13]\n\
         [sys.boot_completed]: []\n[sys.boot_completed]: [two different values]\n"
    );
    let manifest = str::from_utf8(&files[MANIFEST]).unwrap();
    let bad = manifest.chars().find(|&c| micheck_core::escape::is_deceptive(c) && c != '\n');
    assert_eq!(bad, None, "{manifest}");
}

#[test]
fn a_changed_or_missing_file_is_noticed() {
    let files = written(&observation(asked()));
    for name in files.keys().filter(|name| *name != MANIFEST) {
        for position in 0..=files[name].len() {
            let mut changed = files.clone();
            let bytes = changed.get_mut(name).unwrap();
            match bytes.get_mut(position) {
                Some(byte) => *byte ^= 1,
                None => bytes.push(b'x'),
            }
            let error = read_back(changed).unwrap_err();
            assert_eq!(error, ArchiveError::Changed { name: name.clone() }, "{position}");
        }
        let mut fewer = files.clone();
        fewer.remove(name);
        assert_eq!(read_back(fewer).unwrap_err(), ArchiveError::Missing { name: name.clone() });
    }
}

#[test]
fn a_manifest_that_micheck_would_not_write_is_refused() {
    let files = written(&observation(asked()));
    let manifest: serde_json::Value = serde_json::from_slice(&files[MANIFEST]).unwrap();
    let refused = |place: &str, value: serde_json::Value| {
        let mut manifest = manifest.clone();
        *manifest.pointer_mut(place).unwrap() = value;
        let mut files = files.clone();
        files.insert(MANIFEST.to_owned(), manifest.to_string().into_bytes());
        read_back(files).unwrap_err().to_string()
    };
    for (place, value, expected) in [
        (
            "/schema_version",
            2.into(),
            "evidence.json has schema version 2, and this micheck only reads 1",
        ),
        (
            "/parts/0/file",
            "../getprop.txt".into(),
            "names `../getprop.txt`, which doesn't belong in",
        ),
        ("/parts/0/file", "/etc/passwd".into(), "names `/etc/passwd`"),
        ("/parts/0/file", "a\u{1b}.txt".into(), "names `a\\u001b.txt`"),
        ("/parts/0/file", "C:x.txt".into(), "names `C:x.txt`"),
        ("/parts/0/file", ".txt".into(), "names `.txt`"),
        ("/parts/1/file", "GETPROP.txt".into(), "two parts are the same"),
        (
            "/parts/1/package",
            "com.xiaomi.discover".into(),
            "a command isn't the one of its question",
        ),
        ("/parts/1/package", "x;y".into(), "`x;y` isn't an Android package name"),
        ("/parts/1/package", serde_json::Value::Null, "answers no question that micheck asks"),
        ("/parts/0/question", "reboot".into(), "answers no question that micheck asks"),
        ("/parts/0/exit_code", serde_json::Value::Null, "doesn't match how it ended"),
        ("/parts/0/end", "cut".into(), "doesn't match how it ended"),
        ("/parts/0/end", "burnt".into(), "can't be read (unknown variant `burnt`"),
        ("/parts/0/bytes", (MAX_FILE_BYTES + 1).into(), "a part is larger than micheck takes"),
        ("/parts", serde_json::json!([]), "its properties are missing"),
        ("/asked", false.into(), "the phone wasn't asked, but there are parts"),
        ("/connection/link", "file".into(), "the phone's link is of an unknown kind"),
    ] {
        let error = refused(place, value);
        assert!(error.contains(expected), "{place}: {error}");
    }
    assert!(matches!(Manifest::parse(b"{"), Err(ArchiveError::Unreadable { .. })));
}

#[test]
fn folders_have_plain_names_that_do_not_tell_the_serial_number() {
    let named = |model: Option<&str>| {
        let mut observation = observation(Outcome::Skipped(Reason::Offline));
        observation.listed_model = model.map(str::to_owned);
        folder_name(&observation)
    };
    for (model, expected) in [
        (Some("Redmi Note 13"), "redmi-note-13"),
        (Some("../../etc/passwd"), "etc-passwd"),
        (Some("C:\\x\0y\n"), "c-x-y"),
        (Some("--POCO  X6 (Pro)--"), "poco-x6-pro"),
        (Some("小米 15"), "15"),
        (Some("小米"), "phone"),
        (Some(""), "phone"),
        (None, "phone"),
        (Some("CON"), "con"),
        (Some(&"abc ".repeat(30)), "abc-abc-abc-abc-abc-abc-abc-abc-abc-abc"),
        (Some(&"x".repeat(60)), &"x".repeat(40)),
    ] {
        assert_eq!(named(model), expected, "{model:?}");
    }
    // The name on the box, if the phone says it.
    assert_eq!(folder_name(&observation(asked())), "redmi-note-13");
}
