//! The command line of the shipped binary: help, bad input, settings, output files, signals.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod support;

use std::fs;
use std::time::Duration;

use insta::assert_snapshot;
use micheck::simulator::{Bench, Fault, Phone, RunningThread};
use support::Micheck;

fn bench() -> RunningThread {
    Bench::new().phone(Phone::xiaomi("P1").version("3.1.874.10")).start_in_thread().unwrap()
}

/// What `micheck ARGS` says on standard error; it must fail as bad usage does, without output.
fn refused(micheck: Micheck) -> String {
    let run = micheck.run();
    assert_eq!((run.stdout.as_str(), run.code), ("", Some(2)), "{}", run.stderr);
    run.stderr
}

#[test]
fn help_is_as_documented() {
    let run = Micheck::new(["--help"]).run();
    assert_eq!(run.code, Some(0));
    assert_snapshot!(run.stdout, @"
    Checks Xiaomi, Redmi and POCO phones for the Mi Connect Service flaw CVE-2024-45347.

    Reads the version of the app over ADB and says for each phone whether it is at risk (at or below
    3.1.895.10) and what to do. Changes nothing on a phone.

    Usage: micheck [COMMAND]

    Commands:
      scan        Check all connected phones once
      watch       Watch the bench: each phone that is plugged in gets its verdict by itself
      inspect     Check saved dumps, bug reports and kept evidence
      report      Show saved reports in another form or language, several put together
      judge       Judge a version that was read off a phone's settings, without a cable
      advisories  List what phones can be judged by, show one in full, or check a folder of your own
      doctor      Say why a phone isn't seen, and what to do
      help        Print this message or the help of the given subcommand(s)

    Options:
      -h, --help
              Print help (see a summary with '-h')

      -V, --version
              Print version

    Examples:
      micheck                         check every phone that is plugged in
      micheck scan --demo             try it out without a phone
      micheck watch                   stay open: phones come and go (--demo: a film)
      micheck scan -o bench.json      write the report as JSON (.html, .csv, .jsonl, .txt, too)
      micheck scan --sheet            a sheet for the phone's owner to take home
      micheck report *.json           put saved reports together, in any form
      micheck inspect bugreport.zip   check a customer's bug report or saved dump
      micheck judge 3.1.874.10        judge a version read off a phone's settings
      micheck scan --all              look at other apps with known flaws, too
      micheck advisories              list what phones can be judged by
      micheck doctor                  say why a phone isn't seen

    Exit codes: 0 all fine, 1 a phone is at risk, 2 error, 3 a phone couldn't be checked,
    4 no phone found, 130 interrupted
    ");
}

#[test]
fn help_of_scan_is_as_documented() {
    let run = Micheck::new(["scan", "--help"]).run();
    assert_eq!(run.code, Some(0));
    assert_snapshot!(run.stdout, @"
    Check all connected phones once

    Usage: micheck scan [OPTIONS]

    Options:
          --via <WAY>
              How phones are reached [default: auto: through the adb server if it runs, and over USB
              those that it doesn't show]

              Possible values:
              - auto:   Through the adb server if one runs, and over USB those that it doesn't show
              - server: Through adb servers only
              - usb:    Over USB only, without any adb

      -s, --server <HOST:PORT>
              Ask this adb server (repeatable) [default: the one that adb uses, 127.0.0.1:5037]

          --connect <HOST[:PORT]>
              Ask this phone or TV on the network, too, without a server (repeatable) [default port:
              5555]

      -t, --timeout <DURATION>
              Time for each phone: `8s`, `500ms`, `2m`, or seconds [default: 30s]

      -w, --wait-auth <DURATION>
              Time for a person to allow this computer on phones that ask; `0`: don't wait [default: 60s
              on a terminal, else 0]

      -f, --format <FORMAT>
              Form of the report [default: by the ending of --output, else table; with --sheet: html]

              Possible values:
              - table: For people
              - json:  For programs
              - jsonl: For programs that read line by line
              - csv:   For spreadsheets
              - html:  A page to read and to print, in one file

      -o, --output <FILE>
              Write the report to FILE instead of standard output, whole or not at all

          --fail-on <VERDICT>
              Mildest verdict that makes the exit code other than 0 [default: unknown]

              Possible values:
              - vulnerable:  Only phones at risk
              - unconfirmed: Phones whose fix isn't confirmed, too
              - unknown:     Phones that couldn't be checked, too

          --sheet
              What phones' owners get instead of a report: a check sheet for each, as HTML

          --serial <SERIAL>
              The one phone to make a sheet for: its serial number, or the end of it

          --paper <SIZE>
              What sheets are printed on [default: a5]

              Possible values:
              - a4:   210 × 297 mm
              - a5:   148 × 210 mm
              - 80mm: A roll of 80 mm
              - 58mm: A roll of 58 mm

          --lang <LANGUAGE>
              Language of what you read [default: the system's; on Windows and on terminals that don't
              show Hindi well, English]

              Possible values:
              - en: English
              - hi: Hindi

          --sheet-lang <LANGUAGE>
              Language of sheets [default: the system's]

              Possible values:
              - en: English
              - hi: Hindi

          --serials <FORM>
              Serial numbers: coded, or in full [default: hashed in files; the last 4 characters on the
              screen and on sheets]

              Possible values:
              - hashed: The first 12 characters of a salted hash
              - full:   As they are

          --bom[=<WHEN>]
              Begin CSV with a byte order mark, which Excel needs [default: auto: on Windows]

              Possible values:
              - auto:   On Windows
              - always: Always
              - never:  Never

          --color <WHEN>
              Colours [default: auto: on a terminal, unless `NO_COLOR` is set]

              Possible values:
              - auto:   On a terminal, unless `NO_COLOR` is set
              - always: Always
              - never:  Never

          --config <FILE>
              Settings file [default: micheck.toml here, else in your configuration folder]

          --advisories <DIR>
              Add or replace advisories with the .toml files of DIR

          --all
              Judge by every advisory, not only by those that count by default

          --evidence <DIR>
              Keep what each phone answered: a folder for each in DIR, whole or not at all

      -q, --quiet
              Say nothing but errors on standard error

      -v, --verbose...
              Say on standard error what happens, phone by phone (twice: all of it)

          --demo
              Check simulated phones, to see what micheck does

      -h, --help
              Print help (see a summary with '-h')
    ");
}

#[test]
fn the_version_is_that_of_the_crate() {
    let run = Micheck::new(["--version"]).run();
    assert_eq!(run.stdout, format!("micheck {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn wrong_words_are_refused_with_the_right_ones() {
    for (args, expected) in [
        (vec!["scna"], "a similar subcommand exists: 'scan'"),
        (vec!["scan", "--sever", "x"], "a similar argument exists: '--server'"),
        (vec!["scan", "--format", "jsn"], "a similar value exists: 'json'"),
        (vec!["scan", "--fail-on", "x"], "possible values: vulnerable, unconfirmed, unknown"),
        (
            vec!["scan", "--demo", "--server", "a"],
            "'--demo' cannot be used with '--server <HOST:PORT>'",
        ),
        (vec!["scan", "--timeout", "2h"], "`2h` is no duration from 10ms to 1h"),
        (
            vec!["scan", "--server", "a:b"],
            "`a:b` is not the address of an adb server: the port is a number, 1 to 65535",
        ),
        (vec!["scan", "--server", "\x1b[31m"], "\\u001b[31m"),
    ] {
        let stderr = refused(Micheck::new(&args));
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

#[test]
fn settings_files_are_found_in_their_order() {
    let bench = bench();
    let own = "color = \"never\"\nfail_on = \"unconfirmed\"\n";
    let here = format!("server = \"{}\"\ntimeout = \"20s\"\n", bench.address());
    // Here wins over the user's own, whose settings aren't mixed in.
    let micheck = Micheck::new(["scan"]).names(bench.address()).file("micheck.toml", &here);
    let run = micheck.file(".config/micheck/micheck.toml", "nonsense").run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    #[cfg(target_os = "linux")]
    {
        let run = Micheck::scan(bench.address())
            .file(".config/micheck/micheck.toml", "nonsense = 1")
            .run();
        assert!(
            run.stderr.contains("[DIR]/.config/micheck/micheck.toml:1: `nonsense` is no setting"),
            "{}",
            run.stderr
        );
        let run = Micheck::scan(bench.address()).file(".config/micheck/micheck.toml", own).run();
        assert_eq!(run.code, Some(1));
    }
    let run = Micheck::scan(bench.address())
        .file("my.toml", "fail_on = \"x\"")
        .args(["--config", "my.toml"])
        .run();
    assert_eq!(
        run.stderr,
        "micheck: my.toml:1: this must be one of \"vulnerable\", \"unconfirmed\", \"unknown\"\n"
    );
    // Typed wins over the file.
    let offline =
        Bench::new().phone(Phone::xiaomi("P1").state("offline")).start_in_thread().unwrap();
    let with = |args: &[&str]| {
        let settings = "fail_on = \"unconfirmed\"\n";
        Micheck::scan(offline.address()).file("micheck.toml", settings).args(args).run().code
    };
    assert_eq!((with(&[]), with(&["--fail-on", "unknown"])), (Some(0), Some(3)));
}

#[test]
fn a_mistyped_setting_is_named_with_the_right_one() {
    let stderr = refused(Micheck::new(["scan"]).file("micheck.toml", "# mine\ntimeuot = 5\n"));
    assert_eq!(
        stderr,
        "micheck: micheck.toml:2: `timeuot` is no setting; did you mean `timeout`?\n"
    );
    let stderr = refused(Micheck::new(["scan", "--config", "none.toml"]));
    assert!(stderr.starts_with("micheck: can't read the settings file none.toml: "), "{stderr}");
}

#[test]
fn adbs_own_variables_name_the_server() {
    let bench = bench();
    let port = bench.address().port().to_string();
    let run = Micheck::new(["scan"]).env("ANDROID_ADB_SERVER_PORT", &port).run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let spec = format!("tcp:localhost:{port}");
    let run = Micheck::new(["scan"])
        .env("ADB_SERVER_SOCKET", spec)
        .env("ANDROID_ADB_SERVER_PORT", "1")
        .run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let stderr = refused(Micheck::new(["scan"]).env("ADB_SERVER_SOCKET", "localabstract:adb"));
    assert_eq!(
        stderr,
        "micheck: the environment variable ADB_SERVER_SOCKET is set, but `localabstract:adb` is not the address of an adb server: \
         only `tcp:` sockets can be used; write HOST:PORT, like 127.0.0.1:5037 or [::1]:5037\n"
    );
}

#[test]
fn ipv6_and_names_reach_a_server() {
    let bench = bench();
    let name = format!("localhost:{}", bench.address().port());
    let run = Micheck::new(["scan", "--server", &name]).run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    let stderr = refused(Micheck::new(["scan", "--server", "[::1]:1"]));
    assert!(stderr.starts_with("micheck: no adb server answers at [::1]:1: "), "{stderr}");
    let stderr = refused(Micheck::new(["scan", "--server", "no-such-host.invalid"]));
    assert!(
        stderr.contains("micheck: no adb server answers at no-such-host.invalid:5037: "),
        "{stderr}"
    );
}

#[test]
fn a_server_elsewhere_is_warned_of() {
    // Nothing listens on this loopback alias of the name; only the warning matters.
    let stderr = refused(Micheck::new(["scan", "--server", "no-such-host.invalid:1"]));
    assert!(stderr.starts_with(
        "micheck: warning: no-such-host.invalid:1 is not on this computer. ADB has no password: whoever reaches \
         that port owns the phones. Use an SSH tunnel.\n"
    ), "{stderr}");
    let stderr = refused(Micheck::new(["scan", "--server", "127.0.0.2:1"]));
    assert!(!stderr.contains("warning"), "{stderr}");
}

#[test]
fn advisories_can_be_replaced_and_bad_ones_are_named() {
    let bench =
        Bench::new().phone(Phone::xiaomi("P1").version("3.1.930.1")).start_in_thread().unwrap();
    let text = fs::read_to_string(support::repository("src/advisory/mi-connect.toml")).unwrap();
    let later = text.replace("3.1.921.10", "3.1.950.1");
    let scan = || Micheck::scan(bench.address()).args(["--format", "json", "--advisories", "own"]);
    let run = scan().file("own/mi-connect.toml", &later).file("own/notes.txt", "x").run();
    assert_eq!(run.verdict("P1"), "unconfirmed");
    assert_eq!(run.json()["advisories"]["version"], "3+local");
    let bad = text.replace("last_affected = \"3.1.895.10\"", "last_affected = \"soon\"");
    let line = 1 + bad.lines().position(|line| line.starts_with("last_affected")).unwrap();
    assert_eq!(
        refused(scan().file("own/bad.toml", &bad)),
        format!(
            "micheck: advisory own/bad.toml:{line}: affected.last_affected: `soon` is no version; write \
             it like `3.1.895.10`, or say with `version_pattern` how to read it\n"
        )
    );
    let stderr = refused(scan());
    assert!(stderr.starts_with("micheck: can't read the advisories in own: "), "{stderr}");
    let stderr = refused(scan().file("own/notes.txt", "x"));
    assert_eq!(
        stderr,
        "micheck: can't read the advisories in own: no .toml file is in it; give --advisories a folder of .toml files\n"
    );
}

#[test]
fn a_report_is_written_whole_to_its_file() {
    let bench = bench();
    let (run, dir) = Micheck::scan(bench.address()).args(["--output", "report.json"]).run_in_dir();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str(), run.code), ("", "", Some(1)));
    let report = support::report(&fs::read_to_string(dir.path().join("report.json")).unwrap());
    assert_eq!(report["summary"]["vulnerable"], 1);
    assert_eq!(dir.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    let (_, dir) =
        Micheck::scan(bench.address()).args(["-o", "report.txt", "--color", "always"]).run_in_dir();
    let table = fs::read_to_string(dir.path().join("report.txt")).unwrap();
    assert!(table.starts_with("RESULT") && !table.contains('\x1b'), "{table}");
    let (_, dir) = Micheck::scan(bench.address()).args(["-o", "report.jsonl"]).run_in_dir();
    let lines = fs::read_to_string(dir.path().join("report.jsonl")).unwrap();
    assert_eq!(support::report_lines(&lines).len(), 3, "{lines}");
}

#[test]
fn an_output_file_that_cannot_be_written_stops_the_scan_before_it_starts() {
    let bench = bench();
    let stderr = refused(Micheck::scan(bench.address()).args(["-o", "none/report.json"]));
    assert!(
        stderr.starts_with("micheck: can't write the report to none/report.json: "),
        "{stderr}"
    );
    assert!(stderr.ends_with("; nothing was written there\n"), "{stderr}");
    let stderr = refused(Micheck::scan(bench.address()).args(["-o", ".", "--format", "json"]));
    assert!(stderr.starts_with("micheck: can't write the report to .: "), "{stderr}");
    let stderr = refused(Micheck::scan(bench.address()).args(["-o", "report.pdf"]));
    assert!(
        stderr.contains("name the file .json, .jsonl, .csv, .html or .txt, or add --format"),
        "{stderr}"
    );
    assert_eq!(bench.requests(), Vec::<String>::new(), "no phone was asked");
}

#[cfg(unix)]
#[test]
fn an_interrupted_scan_exits_with_130_and_writes_nothing() {
    let wedged = Phone::xiaomi("P1").version("3.1.874.10").fault(Fault::StallAfter { bytes: 100 });
    let bench = Bench::new().phone(wedged).start_in_thread().unwrap();
    for signal in ["INT", "TERM", "HUP"] {
        let before = bench.shells_begun();
        let micheck =
            Micheck::scan(bench.address()).args(["-o", "report.json"]).file("report.json", "old");
        let started = micheck.start();
        while bench.shells_begun() == before {
            std::thread::sleep(Duration::from_millis(5));
        }
        let mut kill = std::process::Command::new("kill");
        assert!(
            kill.arg(format!("-{signal}"))
                .arg(started.id().to_string())
                .status()
                .unwrap()
                .success()
        );
        let (run, dir) = started.wait();
        assert_eq!(
            (run.stdout.as_str(), run.stderr.as_str(), run.code),
            ("", "", Some(130)),
            "{signal}"
        );
        assert_eq!(fs::read_to_string(dir.path().join("report.json")).unwrap(), "old");
        assert_eq!(dir.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    }
}

#[test]
fn colours_are_used_when_asked_for_only() {
    let bench = bench();
    let plain = Micheck::scan(bench.address()).run();
    assert!(!plain.stdout.contains('\x1b'), "a pipe gets no colours");
    let painted = Micheck::scan(bench.address()).args(["--color", "always"]).run();
    assert!(painted.stdout.contains("\x1b["), "{}", painted.stdout);
    // Without its colours it is the same text.
    let mut text = String::new();
    let mut rest = painted.stdout.as_str();
    while let Some((before, after)) = rest.split_once('\x1b') {
        text.push_str(before);
        rest = after.split_once('m').unwrap().1;
    }
    text.push_str(rest);
    assert_eq!(text, plain.stdout);
}

#[test]
fn a_server_that_a_variable_names_and_that_is_not_there_is_an_error() {
    let stderr = refused(Micheck::new(["scan"]).env("ANDROID_ADB_SERVER_PORT", "1"));
    assert!(stderr.starts_with("micheck: no adb server answers at 127.0.0.1:1: "), "{stderr}");
    assert!(stderr.contains("adb start-server"), "{stderr}");
}
