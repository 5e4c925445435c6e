//! Only regular files are opened: a pipe, a device or a socket is refused at once, and what waits can
//! be ended.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{Micheck, Run};

/// So long may a refusal or an end take on a machine that is busy; a wait would last for ever.
const AT_ONCE: Duration = Duration::from_secs(10);

const SENTENCE: &str = "it is a pipe, a device or a socket, and only regular files are read";

fn make_pipe(path: &Path) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A run with a pipe at this place in its folder.
fn with_pipe(args: &[&str], pipe: &str) -> Run {
    let run = Micheck::new(args);
    make_pipe(&run.dir().join(pipe));
    let run = run.run();
    assert!(run.took < AT_ONCE, "{args:?}: {:?}", run.took);
    run
}

#[test]
fn a_pipe_is_refused_wherever_a_file_is_named() {
    for (args, pipe) in [
        (&["inspect", "p"][..], "p"),
        (&["report", "p"], "p"),
        (&["advisories", "--advisories", "d"], "d/a.toml"),
        (&["advisories", "check", "d"], "d/a.toml"),
        (&["scan", "--config", "p"], "p"),
        (&["scan", "--demo"], ".config/micheck/micheck.toml"),
    ] {
        let run = with_pipe(args, pipe);
        let said = format!("{}{}", run.stdout, run.stderr).replace('\n', " ");
        assert!(said.contains(SENTENCE), "{args:?}: {said}");
        assert_ne!(run.code, Some(0), "{args:?}");
    }
    // In a folder it costs its own row.
    let run = Micheck::new(["inspect", "--format", "json", "d"]).file("d/n.txt", "note\n");
    make_pipe(&run.dir().join("d/p"));
    let run = run.run();
    assert_eq!(
        (run.json()["devices"][0]["reason"].as_str(), run.code),
        (Some("not_read"), Some(3))
    );
    let said = run.json()["devices"][0]["detail"].as_str().unwrap_or_default().to_owned();
    assert!(said.contains(SENTENCE), "{said}");
    // A device, by the same function.
    let run = Micheck::new(["inspect", "/dev/zero"]).run();
    assert!(run.stderr.contains(SENTENCE) && run.took < AT_ONCE, "{}", run.stderr);
    // A logo that a setting names.
    let run = Micheck::new(["scan", "--demo", "-o", "a.html"]).settings("shop_logo = \"p\"\n");
    make_pipe(&run.dir().join(".config/micheck/p"));
    let run = run.run();
    assert!(run.stderr.contains(SENTENCE) && run.took < AT_ONCE, "{}", run.stderr);
}

#[test]
fn what_a_command_prints_comes_by_standard_input() {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dumpsys/android14.txt");
    let run = Micheck::new(["inspect", "-", "--format", "json"]);
    let run = run.within_shell(&format!("cat '{}' | exec \"$0\" \"$@\"", fixture.display())).run();
    assert_eq!(run.json()["devices"].as_array().unwrap().len(), 1);
}

#[test]
fn a_log_that_is_a_pipe_is_refused() {
    let run = with_pipe(&["watch", "--demo", "--once", "1", "--log", "p"], "p");
    assert!(run.stderr.contains("it is a pipe, which waits for its reader"), "{}", run.stderr);
    assert_eq!(run.code, Some(2));
}

#[test]
fn what_waits_is_ended_by_a_signal() {
    for signal in ["INT", "TERM"] {
        for (args, script) in [
            // A report that nobody reads.
            (&["scan", "--demo", "--format", "json", "-o", "p"][..], "exec \"$0\" \"$@\""),
            (&["judge", "3.1.874.10", "--format", "json", "-o", "p"], "exec \"$0\" \"$@\""),
            // Standard input that nobody writes to.
            (&["inspect", "-"], "exec \"$0\" \"$@\" <> p"),
            (&["report", "-"], "exec \"$0\" \"$@\" <> p"),
        ] {
            let run = Micheck::new(args);
            make_pipe(&run.dir().join("p"));
            let run = run.within_shell(script).start();
            std::thread::sleep(Duration::from_millis(700));
            let from = Instant::now();
            let status = Command::new("kill").args(["-s", signal, &run.id().to_string()]).status();
            assert!(status.unwrap().success(), "{args:?}: it ended by itself");
            let (run, _home) = run.wait();
            assert!(from.elapsed() < AT_ONCE, "{args:?} {signal}");
            assert_eq!(run.code, Some(130), "{args:?} {signal}: {}", run.stderr);
        }
    }
}

/// `/dev/stdout` leads to a pipe that has no path of its own.
#[cfg(target_os = "linux")]
#[test]
fn a_report_goes_to_the_pipe_that_standard_output_is() {
    let run = Micheck::new(["judge", "3.1.874.10", "--format", "json", "-o", "/dev/stdout"]).run();
    assert_eq!((run.stderr.as_str(), run.code), ("", Some(1)));
    assert_eq!(run.json()["devices"][0]["verdict"], "vulnerable");
}
