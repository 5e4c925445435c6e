//! The command line of the shipped binary: help, bad input, settings, output files, signals.

use std::fs;
use std::net::TcpListener;
use std::time::Duration;

use crate::support::Micheck;
use insta::assert_snapshot;
use micheck_simulator::{Bench, Fault, Phone, RunningThread};

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
    Checks Xiaomi, Redmi and POCO phones over ADB for the Mi Connect Service flaw CVE-2024-45347, and
    says how to update. A check changes nothing on a phone.
    Usage: micheck [COMMAND]      (micheck COMMAND -h: its options; -V: the version)

    Commands:
      scan        Check all connected phones once [when no command is given]
      watch       Stay open and check each phone that is plugged in
      fix         Have phones at risk show their updater, and wait
      inspect     Check saved dumps, bug reports and evidence
      report      Merge saved reports, in any format or language
      judge       Judge a version that you read on a phone
      history     Show earlier results, from the record
      recall      Find phones to call back, by today's advisories
      forget      Erase checks from the record for good
      record      Where the record is; export and import it
      advisories  List the advisories, or check your own
      doctor      Find out why a phone isn't seen
      help        Print this message or the help of the given subcommand(s)

    Examples:
      micheck scan --demo            try it out without a phone
      micheck                        check every phone that is plugged in
    Exit codes: 0 all fine, 1 at risk, 2 error, 3 not checked, 4 no phone found
    ");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a snapshot is one piece")]
fn help_of_scan_is_as_documented() {
    let run = Micheck::new(["scan", "--help"]).run();
    assert_eq!(run.code, Some(0));
    assert_snapshot!(run.stdout, @"
    Check all connected phones once [when no command is given]

    Usage: micheck scan [OPTIONS]

    Options:
          --demo
              Use simulated phones, to try micheck out

          --via <WAY>
              auto, server or usb [default: auto]
              
              How phones are reached. auto: through the adb server if it is running, and over USB for
              those that it doesn't list.

      -s, --server <HOST:PORT>
              Use this adb server (repeatable)
              
              Without it: the one that adb uses, 127.0.0.1:5037 or what adb's variables name.

          --connect <HOST[:PORT]>
              Check this phone on the network (repeatable)
              
              Phone or TV, without an adb server, beside the others. Without a port: 5555. Don't turn on
              Wireless debugging for this on a phone whose security patch is older than 2026-05: anyone
              on its network could get in (CVE-2026-0073).

      -t, --timeout <DURATION>
              Time for each phone [default: 30s]
              
              `8s`, `500ms`, `2m`, or seconds.

      -w, --wait-auth <DURATION>
              Time for someone to tap Allow
              
              On phones that ask whether to allow this computer; `0`: don't wait. [default: 60s on a
              terminal, else 0; watch, for phones without a server: 2m]

          --all
              Check for every advisory
              
              Not only for those used by default.

      -o, --output <FILE>
              Write to FILE (.html, .csv, .json, .jsonl, .txt)
              
              Instead of standard output; never half-written.

      -f, --format <FORMAT>
              table, json, jsonl, csv or html
              
              Format of the report. table: for people; json: for programs; jsonl: for programs that read
              line by line; csv: for spreadsheets; html: one page to read and print. [default: by the
              ending of --output, else table; with --sheet: html]

          --brief
              A line for each phone, and what to do first
              
              Instead of the steps for each: for many phones at once.

          --sheet
              A check sheet for each phone's owner
              
              Instead of a report, as HTML.

          --serial <SERIAL>
              Make a sheet for this phone only: its serial number, or the end of it

          --paper <SIZE>
              Paper size of sheets [default: a5]

              Possible values:
              - a4:   210 × 297 mm
              - a5:   148 × 210 mm
              - 80mm: A roll of 80 mm
              - 58mm: A roll of 58 mm

          --bom[=<WHEN>]
              Start CSV with a byte order mark, which Excel needs [default: auto: on Windows]

              Possible values:
              - auto:   On Windows
              - always: Always
              - never:  Never

          --lang <LANGUAGE>
              en or hi: language of what you read
              
              Without it: the system's; English on Windows and on terminals that don't show Hindi well.

          --color <WHEN>
              Colours [default: auto: on a terminal, unless `NO_COLOR` is set]

              Possible values:
              - auto:   On a terminal, unless `NO_COLOR` is set
              - always: Always
              - never:  Never

          --config <FILE>
              Settings file [default: micheck.toml in your configuration folder]

          --sheet-lang <LANGUAGE>
              Language of sheets [default: the system's]

              Possible values:
              - en: English
              - hi: Hindi

          --fail-on <VERDICT>
              Mildest verdict with an exit code other than 0 [default: unknown]

              Possible values:
              - vulnerable:  Only phones at risk
              - unconfirmed: Phones whose fix isn't confirmed, too
              - unknown:     Phones that couldn't be checked, too

          --serials <FORM>
              Serial numbers coded or in full [default: coded in files and events; the last 4 characters
              on the screen and on sheets]

              Possible values:
              - hashed: The first 12 characters of a salted hash
              - full:   As they are

          --advisories <DIR>
              Add or replace advisories with the .toml files of DIR

          --evidence <DIR>
              Keep what each phone answered
              
              A folder for each in DIR, never half-written.

          --record
              Record each verdict on this computer
              
              For `micheck history` and `micheck recall`. No names, no serial numbers in full. `record =
              true` in the settings file does the same.

          --no-record
              Don't record, whatever the settings file says

          --job <JOB>
              Your job number, kept in the record, so that you can find the owner later

      -q, --quiet
              Write only errors to standard error

      -v, --verbose...
              Write what happens to standard error, phone by phone (twice: everything)

      -h, --help
              Print help (see a summary with '-h')

    Examples:
      micheck scan --sheet --sheet-lang hi   a Hindi sheet for each phone's owner
      micheck scan -o bench.csv --all   a table, with other vulnerable apps, too
    ");
}

/// The commands that people may type, with those below them.
const COMMANDS: &[&str] = &[
    "scan",
    "watch",
    "fix",
    "inspect",
    "report",
    "judge",
    "history",
    "recall",
    "forget",
    "record",
    "record status",
    "record export",
    "record import",
    "advisories",
    "advisories show",
    "advisories check",
    "doctor",
    "completions",
];

#[test]
fn help_fits_a_small_terminal() {
    let narrow = |args: &[&str]| Micheck::new(args).env("COLUMNS", "80").run().raw_stdout;
    let mut pages = vec![narrow(&["--help"]), narrow(&["-h"])];
    // The prompt takes the last line.
    pages.extend(
        COMMANDS
            .iter()
            .map(|command| narrow(&command.split(' ').chain(["-h"]).collect::<Vec<_>>())),
    );
    for page in &pages {
        assert!(page.lines().count() < 24, "{} lines:\n{page}", page.lines().count());
        let wide = page.lines().find(|line| line.chars().count() > 80);
        assert_eq!(wide, None, "{page}");
    }
    // Completions are set up once: docs/install.md has them.
    let is_listed = |command: &&&str| !command.contains(' ') && **command != "completions";
    for command in COMMANDS.iter().filter(is_listed) {
        assert!(pages[0].contains(&format!("\n  {command} ")), "{command}");
    }
    let examples = pages[0].lines().filter(|line| line.starts_with("  micheck ")).count();
    assert!(examples >= 2, "{}", pages[0]);
}

#[test]
fn completions_are_what_shells_read() {
    for (shell, begins, checks) in [
        ("bash", "_micheck()", Some("bash")),
        ("zsh", "#compdef micheck", None),
        ("fish", "# Print an optspec", None),
        ("powershell", "", None),
        ("elvish", "", None),
    ] {
        let run = Micheck::new(["completions", shell]).run();
        assert_eq!((run.stderr.as_str(), run.code), ("", Some(0)), "{shell}");
        assert!(run.stdout.trim_start().starts_with(begins), "{shell}: {}", run.stdout);
        assert!(run.stdout.contains("udev-rule") && !run.stdout.contains("worker"), "{shell}");
        if checks.is_some_and(|shell| cfg!(target_os = "linux") && shell == "bash") {
            let dir = tempfile::tempdir().unwrap();
            let file = dir.path().join("micheck");
            fs::write(&file, &run.raw_stdout).unwrap();
            // What bash would offer behind `micheck scan --sh`.
            let script = format!(
                ". {}; COMP_WORDS=(micheck scan --she); COMP_CWORD=2; \
                 _micheck micheck --she scan; echo ${{COMPREPLY[*]}}",
                file.display()
            );
            let offered =
                std::process::Command::new("bash").args(["-c", &script]).output().unwrap();
            assert_eq!(String::from_utf8_lossy(&offered.stdout), "--sheet --sheet-lang\n");
        }
    }
    let stderr = refused(Micheck::new(["completions", "fsh"]));
    assert!(stderr.contains("a similar value exists: 'fish'"), "{stderr}");
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
        (vec!["scan", "--timeout", "2h"], "`2h` isn't a time from 10ms to 1h"),
        (
            vec!["scan", "--server", "a:b"],
            "`a:b` isn't the address of an adb server: the port is a number, 1 to 65535",
        ),
        (vec!["scan", "--server", "\x1b[31m"], "\\u001b[31m"),
        (vec!["3.1.874.10"], "did you mean `micheck judge 3.1.874.10`?"),
        (vec!["bugreport.zip"], "did you mean `micheck inspect bugreport.zip`?"),
    ] {
        let stderr = refused(Micheck::new(&args));
        assert!(stderr.contains(expected), "{args:?}: {stderr}");
    }
}

/// What lies where micheck is run may be anybody's.
#[test]
fn a_settings_file_in_the_working_directory_does_nothing() {
    let (bench, other) = (bench(), bench());
    let phone = TcpListener::bind("127.0.0.1:0").unwrap();
    phone.set_nonblocking(true).unwrap();
    let hostile = format!(
        "exec = [\"./run\"]\nlog = \"log.jsonl\"\nsheets = \"sheets\"\nshop_logo = \"logo.svg\"\n\
         server = \"{}\"\nconnect = \"{}\"\nfail_on = \"vulnerable\"\nall = true\n\
         serials = \"full\"\nshop_name = \"Evil\"\nadvisories = \"advisories\"\n",
        other.address(),
        phone.local_addr().unwrap(),
    );
    let logo = "<svg xmlns=\"http://www.w3.org/2000/svg\"><text>Evil</text></svg>";
    for args in [
        &["scan", "--format", "html"][..],
        &["watch", "--format", "jsonl", "--once", "1"],
        &["judge", "--sheet", "--format", "html", "3.1.874.10"],
    ] {
        let mut run = Micheck::new(args).file("micheck.toml", &hostile).file("logo.svg", logo);
        if args[0] != "judge" {
            run = run.server(bench.address());
        }
        let (run, folder) = run.file("run", "#!/bin/sh\ntouch ran\n").run_in_dir();
        assert_eq!(run.code, Some(1), "{args:?} {}", run.stderr);
        let said = "micheck.toml in this folder isn't read, because anyone could have put it there";
        assert_eq!(run.stderr.matches(said).count(), 1, "{}", run.stderr);
        assert!(!run.stdout.contains("Evil"));
        let listed = fs::read_dir(folder.path()).unwrap();
        let mut names: Vec<_> = listed.map(|entry| entry.unwrap().file_name()).collect();
        // The salt of coded serial numbers lies in the home, which is this folder here.
        names.retain(|name| !matches!(name.to_str(), Some(".config" | "Library" | "AppData")));
        names.sort();
        assert_eq!(names, ["logo.svg", "micheck.toml", "run"], "{args:?}");
    }
    assert!(other.requests().is_empty());
    assert_eq!(phone.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
    // Named, it is what a person wants.
    let run = Micheck::scan(bench.address()).file("micheck.toml", "nonsense = 1");
    let run = run.args(["--config", "micheck.toml"]).run();
    assert!(run.stderr.contains("micheck.toml:1: `nonsense` isn't a setting"), "{}", run.stderr);
}

#[test]
fn settings_files_are_found() {
    let bench = bench();
    let own = "color = \"never\"\nfail_on = \"unconfirmed\"\n";
    #[cfg(target_os = "linux")]
    {
        let run = Micheck::scan(bench.address())
            .file(".config/micheck/micheck.toml", "nonsense = 1")
            .run();
        assert!(
            run.stderr.contains("[DIR]/.config/micheck/micheck.toml:1: `nonsense` isn't a setting"),
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
        Micheck::scan(offline.address()).settings(settings).args(args).run().code
    };
    assert_eq!((with(&[]), with(&["--fail-on", "unknown"])), (Some(0), Some(3)));
}

#[test]
fn a_mistyped_setting_is_named_with_the_right_one() {
    let stderr = refused(Micheck::new(["scan"]).settings("# mine\ntimeuot = 5\n"));
    assert_eq!(
        stderr,
        "micheck: [DIR]/.config/micheck/micheck.toml:2: `timeuot` isn't a setting; did you mean `timeout`?\n"
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
        "micheck: the environment variable ADB_SERVER_SOCKET is set, but `localabstract:adb` isn't the address of an adb server: \
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
        "micheck: warning: no-such-host.invalid:1 isn't on this computer. ADB has no password: anyone who can \
         reach that port controls the phones. Use an SSH tunnel.\n"
    ), "{stderr}");
    let stderr = refused(Micheck::new(["scan", "--server", "127.0.0.2:1"]));
    assert!(!stderr.contains("warning"), "{stderr}");
}

#[test]
fn advisories_can_be_replaced_and_bad_ones_are_named() {
    let bench =
        Bench::new().phone(Phone::xiaomi("P1").version("3.1.930.1")).start_in_thread().unwrap();
    let text = fs::read_to_string(crate::support::repository("src/core/advisory/mi-connect.toml"))
        .unwrap();
    let later = text.replace("3.1.921.10", "3.1.950.1");
    let scan = || Micheck::scan(bench.address()).args(["--format", "json", "--advisories", "own"]);
    let run = scan().file("own/mi-connect.toml", &later).file("own/notes.txt", "x").run();
    assert_eq!(run.verdict("P1"), "unconfirmed");
    assert_eq!(run.json()["advisories"]["version"], "4+local");
    let bad = text.replace("last_affected = \"3.1.895.10\"", "last_affected = \"soon\"");
    let line = 1 + bad.lines().position(|line| line.starts_with("last_affected")).unwrap();
    assert_eq!(
        refused(scan().file("own/bad.toml", &bad)),
        format!(
            "micheck: advisory own/bad.toml:{line}: affected.last_affected: `soon` isn't a version; write \
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
    let report =
        crate::support::report(&fs::read_to_string(dir.path().join("report.json")).unwrap());
    assert_eq!(report["summary"]["vulnerable"], 1);
    assert_eq!(dir.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
    let (_, dir) =
        Micheck::scan(bench.address()).args(["-o", "report.txt", "--color", "always"]).run_in_dir();
    let table = fs::read_to_string(dir.path().join("report.txt")).unwrap();
    assert!(table.contains("\nRESULT") && !table.contains('\x1b'), "{table}");
    let (_, dir) = Micheck::scan(bench.address()).args(["-o", "report.jsonl"]).run_in_dir();
    let lines = fs::read_to_string(dir.path().join("report.jsonl")).unwrap();
    assert_eq!(crate::support::report_lines(&lines).len(), 3, "{lines}");
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
    let stderr = refused(Micheck::scan(bench.address()).args(["-o", "report.xls"]));
    assert!(
        stderr.contains("end the name with .json, .jsonl, .csv, .html or .txt, or add --format"),
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
