//! What is handed over: languages, pages, sheets, spreadsheets, coded serial numbers, and reports
//! that were saved and are read again.

use std::fs;
use std::path::Path;

use crate::support::Micheck;

/// The names of the files in a folder.
fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn demo(args: &[&str]) -> Micheck {
    Micheck::new(["scan", "--demo", "--quiet"]).args(args)
}

/// What a run writes to `file`.
fn written(micheck: Micheck, file: &str) -> String {
    let (run, dir) = micheck.args(["-o", file]).run_in_dir();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
    fs::read_to_string(dir.path().join(file)).unwrap()
}

#[test]
fn the_language_is_that_of_the_system_unless_somebody_says_another() {
    let word = |micheck: Micheck| micheck.run().stdout.lines().nth(2).unwrap().to_owned();
    let judge = || Micheck::new(["judge", "3.1.874.10"]);
    assert!(word(judge()).starts_with("RESULT"));
    assert!(word(judge().env("LANG", "en_IN.UTF-8")).starts_with("RESULT"));
    assert!(word(judge().env("LANG", "mr_IN.UTF-8")).starts_with("RESULT"));
    assert!(word(judge().args(["--lang", "hi"])).starts_with("नतीजा"));
    let settings = "lang = \"hi\"\n";
    assert!(word(judge().settings(settings)).starts_with("नतीजा"));
    let typed = judge().settings(settings).args(["--lang", "en"]);
    assert!(word(typed).starts_with("RESULT"));
    let run = judge().args(["--lang", "hindi"]).run();
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("[possible values: en, hi]"), "{}", run.stderr);
}

/// Windows asks its user interface, which no variable changes.
#[cfg(unix)]
#[test]
fn hindi_is_written_where_it_is_shown() {
    let judge = || Micheck::new(["judge", "3.1.874.10"]).env("LANG", "hi_IN.UTF-8");
    assert!(judge().run().stdout.contains("\nनतीजा"));
    // The console of Linux, and a terminal that isn't set to UTF-8, don't.
    assert!(judge().env("TERM", "linux").run().stdout.contains("\nRESULT"));
    assert!(judge().env("LC_CTYPE", "C").run().stdout.contains("\nRESULT"));
    // A browser does, whatever the terminal is.
    let page = written(judge().env("TERM", "linux"), "report.html");
    assert!(page.contains("<html lang=\"hi\">"));
    let asked = judge().env("TERM", "linux").args(["--lang", "hi"]);
    assert!(asked.run().stdout.contains("\nनतीजा"));
}

#[test]
fn a_sheet_has_a_language_of_its_own() {
    let judge = || Micheck::new(["judge", "3.1.874.10", "--sheet"]);
    assert!(written(judge().args(["--lang", "hi"]), "s.html").contains("<html lang=\"en\">"));
    assert!(written(judge().args(["--sheet-lang", "hi"]), "s.html").contains("ख़तरा है"));
    let settings = "sheet_lang = \"hi\"\npaper = \"80mm\"\nshop_name = \"Test & <Co>\"\n";
    let page = written(judge().settings(settings), "s.html");
    for text in ["ख़तरा है", "size: 80mm ", "Test &amp; &lt;Co&gt;"] {
        assert!(page.contains(text), "{text}");
    }
    let typed = written(judge().settings(settings).args(["--paper", "58"]), "s.html");
    assert!(typed.contains("size: 58mm "));
}

#[test]
fn every_command_speaks_the_language() {
    for (args, text) in [
        (&["advisories", "--lang", "hi"][..], "गंभीरता"),
        (&["advisories", "show", "mi-connect", "--lang", "hi"], "ऐप"),
        (&["doctor", "--lang", "hi"], "यह कंप्यूटर"),
    ] {
        let run = Micheck::new(args).run();
        assert!(run.stdout.contains(text), "{}", run.stdout);
    }
}

#[test]
fn serial_numbers_are_coded_in_files_and_short_on_the_screen() {
    let (first, home) = demo(&["--format", "json"]).run_in_dir();
    let serials = |run: &crate::support::Run| -> Vec<String> {
        let devices = run.json()["devices"].as_array().unwrap().clone();
        devices
            .iter()
            .map(|device| {
                assert_eq!(device["connection"]["serial_form"], "hashed");
                device["connection"]["serial"].as_str().unwrap().to_owned()
            })
            .collect()
    };
    let coded = serials(&first);
    assert!(coded.iter().all(|serial| {
        serial.len() == 12 && serial.bytes().all(|byte| byte.is_ascii_hexdigit())
    }));
    assert!(!first.raw_stdout.contains("DEMO0001"));
    // Another user has another salt.
    let (other, _) = demo(&["--format", "json"]).run_in_dir();
    assert_ne!(serials(&other), coded);
    // The same user the same.
    let again = demo(&["--format", "json"]).env("HOME", home.path()).run();
    assert_eq!(serials(&again), coded);
    for format in ["csv", "html", "jsonl"] {
        let run = demo(&["--format", format]).env("HOME", home.path()).run();
        assert!(run.raw_stdout.contains(&coded[0]) && !run.raw_stdout.contains("DEMO0001"));
    }
    let table = written(demo(&[]).env("HOME", home.path()), "table.txt");
    assert!(table.contains(&coded[0]) && !table.contains("DEMO0001"));
    let screen = demo(&[]).run();
    assert!(screen.stdout.contains("…0001") && !screen.stdout.contains("DEMO0001"));
    for format in ["json", "csv", "html", "jsonl", "table"] {
        let run = demo(&["--serials", "full", "--format", format]).run();
        assert!(run.raw_stdout.contains("DEMO0001"), "{format}");
    }
    let sheet = demo(&["--sheet", "--serial", "0001"]).run();
    assert!(sheet.stdout.contains(">0001<") && !sheet.stdout.contains("DEMO0001"));
    let kept = demo(&["--serials", "full"]).settings("").run();
    assert_eq!(kept.code, Some(1));
}

#[test]
fn evidence_holds_the_coded_number_and_is_read_with_it() {
    let (run, dir) = demo(&["--evidence", "kept", "--format", "json"]).run_in_dir();
    let coded = run.json()["devices"][0]["connection"]["serial"].as_str().unwrap().to_owned();
    let kept = dir.path().join("kept");
    let folders = files(&kept);
    let manifests: Vec<String> = folders
        .iter()
        .map(|folder| fs::read_to_string(kept.join(folder).join("evidence.json")).unwrap())
        .collect();
    assert!(manifests.iter().any(|manifest| manifest.contains(&coded)));
    assert!(!manifests.iter().any(|manifest| manifest.contains("DEMO0001")));
    let inspected = Micheck::new(["inspect", "--format", "json"]).arg(&kept).run();
    let serials: Vec<_> = inspected.json()["devices"]
        .as_array()
        .unwrap()
        .iter()
        .map(|device| device["connection"]["serial"].as_str().unwrap().to_owned())
        .collect();
    assert!(serials.contains(&coded), "{serials:?}");
}

#[test]
fn what_is_no_salt_is_named_and_left_as_it_is() {
    let salt = ".config/micheck/serial-salt";
    let (run, dir) = demo(&["--format", "csv"]).file(salt, "not a salt").run_in_dir();
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
    assert!(run.stderr.contains("serial-salt: it isn't 64 hexadecimal digits; remove it"));
    assert_eq!(fs::read_to_string(dir.path().join(salt)).unwrap(), "not a salt");
    // On the screen none is needed.
    let screen = demo(&[]).file(salt, "not a salt").run();
    assert_eq!((screen.stderr.as_str(), screen.code), ("", Some(1)));
}

#[test]
fn a_sheet_is_made_for_one_phone_or_for_all() {
    let sheets = |page: &str| page.matches("<article class=\"sheet ").count();
    assert_eq!(sheets(&demo(&["--sheet"]).run().stdout), 16);
    let one = demo(&["--sheet", "--serial", "DEMO0004"]).run();
    assert_eq!((sheets(&one.stdout), one.code), (1, Some(1)));
    assert!(one.stdout.contains("POCO X6 Pro 5G"));
    for (serial, expected) in [
        ("9999", "no phone has the serial number `9999`"),
        ("", "a value is required for '--serial <SERIAL>'"),
        ("1", "more than one phone (2)"),
    ] {
        let (run, dir) = demo(&["--sheet", "--serial", serial, "-o", "s.html"]).run_in_dir();
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)));
        assert!(run.stderr.contains(expected), "{}", run.stderr);
        assert!(!files(dir.path()).contains(&"s.html".to_owned()));
    }
}

#[test]
fn a_sheet_is_a_page() {
    for args in [&["--format", "csv"][..], &["-o", "sheet.json"]] {
        let run = demo(&["--sheet"]).args(args).run();
        assert_eq!(run.code, Some(2));
        assert!(run.stderr.contains("--sheet makes HTML"), "{}", run.stderr);
    }
    for args in [["--serial", "1"], ["--paper", "a5"]] {
        let run = demo(&args).run();
        assert!(run.stderr.contains("--sheet"), "{}", run.stderr);
    }
}

#[test]
fn without_a_phone_there_is_no_sheet() {
    let server = crate::support::phones::start([]);
    let (run, dir) =
        Micheck::scan(server.address()).args(["--sheet", "-o", "sheet.html"]).run_in_dir();
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(4)));
    assert!(run.stderr.starts_with("No phone was found."), "{}", run.stderr);
    assert!(!files(dir.path()).contains(&"sheet.html".to_owned()));
}

#[test]
fn settings_of_sheets_are_checked() {
    for (settings, expected) in [
        ("shop_name = 5", "micheck.toml:1: this is one line of text"),
        ("shop_contact = \"a\\u202eb\"", "micheck.toml:1: this is one line of text"),
        ("qr_url = \"javascript:alert(1)\"", "micheck.toml:1: `qr_url` is a link"),
        ("qr_url = \"https:///x\"", "micheck.toml:1: `qr_url` is a link"),
        ("paper = \"a6\"", "must be one of \"a4\", \"a5\", \"80mm\", \"58mm\""),
        ("serials = \"none\"", "must be one of \"hashed\", \"full\""),
        ("shop_logo = \"none.png\"", "can't use the logo [DIR]/.config/micheck/none.png"),
        ("shop_logo = \"micheck.toml\"", "it isn't a PNG, JPEG, WebP, GIF or SVG picture"),
    ] {
        let run = demo(&["--format", "html"]).settings(settings).run();
        assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)), "{settings}");
        assert!(run.stderr.contains(expected), "{}", run.stderr);
    }
    // Where no logo is shown, none is needed.
    let run = demo(&[]).settings("shop_logo = \"none.png\"").run();
    assert_eq!(run.code, Some(1));
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let page = demo(&["--format", "html"])
        .file("conf/micheck.toml", "shop_logo = \"logo.svg\"")
        .file("conf/logo.svg", svg)
        .args(["--config", "conf/micheck.toml"])
        .run();
    assert!(page.stdout.contains("src=\"data:image/svg+xml;base64,"));
    assert!(!page.stdout.contains("<script"));
}

#[test]
fn a_mark_before_csv_is_a_choice() {
    let csv = |args: &[&str]| demo(&["--format", "csv"]).args(args).run().raw_stdout;
    assert!(csv(&["--bom"]).starts_with("\u{feff}report_number,"));
    assert!(csv(&["--bom=always"]).starts_with('\u{feff}'));
    assert!(csv(&["--bom=never"]).starts_with("report_number,"));
    assert_eq!(csv(&[]).starts_with('\u{feff}'), cfg!(windows));
}

#[test]
fn what_was_saved_is_shown_as_it_would_have_been_at_once() {
    let (_, dir) = demo(&["-o", "bench.json", "--serials", "full"]).run_in_dir();
    let saved = fs::read_to_string(dir.path().join("bench.json")).unwrap();
    let report = |args: &[&str]| {
        let run =
            Micheck::new(["report", "bench.json"]).file("bench.json", &saved).args(args).run();
        assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
        run.raw_stdout
    };
    assert_eq!(report(&["--format", "json", "--serials", "full"]), saved);
    let table = report(&[]);
    assert!(table.contains("…0001") && table.contains("16 phones: 3 at risk"));
    assert!(report(&["--lang", "hi"]).contains("16 फ़ोन"));
    assert!(report(&["--format", "json", "--lang", "hi"]).contains("\"language\": \"hi\""));
    assert!(report(&["--sheet", "--serial", "0004"]).contains("POCO X6 Pro 5G"));
    // JSON lines are as good.
    let lines = report(&["--format", "jsonl", "--serials", "full"]);
    let run = Micheck::new(["report", "b.jsonl", "--format", "json", "--serials", "full"])
        .file("b.jsonl", &lines)
        .run();
    assert_eq!(run.raw_stdout, saved);
}

#[test]
fn benches_are_put_together_but_never_simulated_and_real_ones() {
    let demo = demo(&["--format", "json"]).run().raw_stdout;
    let judged =
        |version: &str| Micheck::new(["judge", version, "--format", "jsonl"]).run().raw_stdout;
    let report = |files: &[(&str, &str)]| {
        let mut micheck = Micheck::new(["report", "-o", "all.json"]);
        for (name, text) in files {
            micheck = micheck.file(name, text).arg(name);
        }
        micheck.run_in_dir()
    };
    let (old, new) = (judged("3.1.874.10"), judged("3.1.921.10"));
    let (run, dir) = report(&[("a/monday.jsonl", &old), ("b/tuesday.jsonl", &new)]);
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let text = fs::read_to_string(dir.path().join("all.json")).unwrap();
    let all: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(all["summary"]["devices"], 2);
    assert_eq!(all["devices"][0]["origin"]["file"], "monday.jsonl");
    assert_eq!(all["devices"][1]["origin"]["file"], "tuesday.jsonl");
    let (run, dir) = report(&[("demo.json", &demo), ("real.jsonl", &old)]);
    assert_eq!(run.code, Some(2));
    assert!(run.stderr.contains("demo.json has simulated phones and real.jsonl real ones"));
    assert!(!files(dir.path()).contains(&"all.json".to_owned()));
    // Every file that can't be used is named, and nothing is written.
    let cut = &old[..old.len() - 40];
    let (run, dir) = report(&[("cut.jsonl", cut), ("text.json", "hello"), ("new.jsonl", &new)]);
    assert_eq!(run.code, Some(2));
    for text in ["cut.jsonl isn't a micheck report", "text.json isn't a micheck report"] {
        assert!(run.stderr.contains(text), "{}", run.stderr);
    }
    assert!(!files(dir.path()).contains(&"all.json".to_owned()));
    let run = Micheck::new(["report", "none.json"]).run();
    assert!(run.stderr.contains("can't read none.json"), "{}", run.stderr);
    let run = Micheck::new(["report", "-", "-"]).run();
    assert!(run.stderr.contains("standard input"), "{}", run.stderr);
}

#[test]
fn the_log_of_a_bench_becomes_a_report() {
    let (run, dir) = Micheck::new(["watch", "--demo", "--format", "jsonl", "--once", "4"])
        .args(["--log", "bench.jsonl"])
        .run_in_dir();
    assert!(!run.raw_stdout.contains("DEMO0"), "{}", run.raw_stdout);
    let log = fs::read_to_string(dir.path().join("bench.jsonl")).unwrap();
    assert_eq!(log, run.raw_stdout);
    let run =
        Micheck::new(["report", "bench.jsonl", "--format", "json"]).file("bench.jsonl", &log).run();
    let report = run.json();
    assert_eq!(report["simulated"], true);
    let devices = report["devices"].as_array().unwrap();
    assert!(devices.len() >= 4, "{report}");
    assert!(devices.iter().all(|device| device["origin"]["file"] == "bench.jsonl"));
    let page =
        Micheck::new(["report", "bench.jsonl", "--format", "html"]).file("bench.jsonl", &log).run();
    assert!(page.stdout.contains("DEMO"));
}
