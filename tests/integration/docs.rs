//! The commands that the README and the pages for people print, run through the shipped binary.
//!
//! Every command of every block marked `sh` or `powershell`, and every `micheck …` between
//! backticks, is either run, with simulated phones and made-up files, or stands in `EXCEPTIONS`
//! with the reason. What is run finds no programs but those of `stage`.

mod pages;
mod stage;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::repository;
use pages::{Example, FOR_DEVELOPERS, What, examples, pages, parses};
use stage::{Stage, copy};

/// What can't be run on a test machine, and why.
const EXCEPTIONS: [(&str, &str); 25] = [
    ("tests/run", "runs this test"),
    (
        "sudo apt-get update && sudo apt-get install -y gcc libc6-dev curl git",
        "changes the machine",
    ),
    (
        r#"curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y && . "$HOME/.cargo/env""#,
        "needs a network, and changes the machine",
    ),
    ("sudo apt install ./micheck_VERSION-1_amd64.deb", "changes the machine; tests/debian does it"),
    ("sudo apt remove micheck", "changes the machine; tests/debian does it"),
    ("tar -xzf micheck-VERSION-linux-x86_64.tar.gz", "needs a release; tests/static does it"),
    (
        "sudo install -m 755 micheck-VERSION-linux-x86_64/micheck /usr/local/bin/",
        "changes the machine",
    ),
    ("sudo udevadm control --reload", "changes the machine"),
    ("cargo install --locked --path .", "builds for minutes"),
    ("cargo build --release --locked", "builds for minutes"),
    ("ssh -N -L 5038:127.0.0.1:5037 bench-computer", "needs another computer"),
    ("ssh -N -L 5038:127.0.0.1:5037 second-bench &", "needs another computer"),
    ("certutil -hashfile micheck-VERSION-windows-x86_64.zip SHA256", "Windows"),
    ("micheck completions powershell | Out-String | Invoke-Expression", "PowerShell"),
    (
        "micheck report judged\\*.json -o fleet.csv",
        "PowerShell; the shell's own line in docs/fleet.md is run",
    ),
    (".\\micheck report judged\\*.json -o fleet.csv", "PowerShell"),
    ("New-Item -ItemType Directory -Force judged | Out-Null", "PowerShell"),
    (
        "foreach ($line in Get-Content phones.txt) {\n    $phone, $version = -split $line\n    if \
         ($version -eq 'absent') {\n        .\\micheck judge --absent -o \"judged\\$phone.json\"\n    \
         } else {\n        .\\micheck judge $version -o \"judged\\$phone.json\"\n    }\n}",
        "PowerShell",
    ),
    ("micheck inspect", "names the command"),
    ("micheck judge", "names the command"),
    ("micheck report", "names the command"),
    ("micheck completions", "names the command"),
    ("micheck record", "names the command"),
    ("micheck forget", "names the command"),
    ("adb kill-server", "nothing of it is micheck's"),
];

fn is_exception(command: &str) -> bool {
    EXCEPTIONS.iter().any(|(text, _)| *text == command)
}

/// The exit codes that fit what was typed: on the stage, phones and files are at risk.
fn expected(typed: &str) -> &'static [i32] {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let has = |word| words.contains(&word);
    match words.first() {
        _ if has("--help") || has("-h") || has("--version") || has("--udev-rule") => &[0],
        Some(&("advisories" | "completions")) => &[0],
        // What is on record of the stage's phone is there, and nothing of others is.
        Some(&("history" | "forget" | "record")) => &[0, 4],
        // What is so of the machine.
        Some(&"doctor") => &[0, 3],
        // Nobody is there who could say yes.
        Some(&"fix") if !has("--yes") => &[2],
        Some(&"judge") if has("--absent") => &[3],
        Some(&"judge") if has("3.1.921.10") => &[0],
        _ => &[1],
    }
}

/// What is wrong with an example.
fn problems_of(stage: &Stage, example: &Example) -> Vec<String> {
    let place = &example.place;
    let commands = match &example.what {
        What::Script(text) if parses(text) => return Vec::new(),
        What::Script(text) => return vec![format!("{place}: no shell takes this:\n{text}")],
        What::Commands(commands) => commands,
    };
    let folder = tempfile::tempdir().unwrap();
    copy(&stage.path("files"), folder.path());
    let mut problems = Vec::new();
    for command in commands.iter().filter(|command| !is_exception(command)) {
        let run = stage.run(&stage.replaced(command), folder.path());
        let calls = fs::read_to_string(folder.path().join("calls")).unwrap_or_default();
        let _ = fs::remove_file(folder.path().join("calls"));
        let stderr = String::from_utf8_lossy(&run.stderr);
        let mut wrong = |what: String| {
            problems.push(format!("{place}: `{command}`: {what}\n{stderr}"));
        };
        if command.contains("micheck") || command.starts_with("cargo") {
            if calls.is_empty() {
                wrong("micheck wasn't run".to_owned());
            }
        } else if !run.status.success() {
            wrong(format!("{}; is it an exception?", run.status));
        }
        for call in calls.lines() {
            let (code, typed) = call.split_once(' ').unwrap();
            let fitting = expected(typed);
            if !fitting.contains(&code.parse().unwrap()) {
                wrong(format!("`micheck {typed}` ended with {code}, not {fitting:?}"));
            }
        }
    }
    problems
}

#[test]
fn every_command_on_a_page_runs() {
    let mut examples: Vec<Example> = pages().iter().flat_map(|page| examples(page)).collect();
    let mut seen = BTreeSet::new();
    examples.retain(|example| seen.insert(format!("{:?}", example.what).replace(r".\\", "")));
    assert!(examples.len() > 60, "{}", examples.len());
    let stage = Stage::new();
    let (next, problems) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                while let Some(example) = examples.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = problems_of(&stage, example);
                    problems.lock().unwrap().extend(found);
                }
            });
        }
    });
    let problems = problems.into_inner().unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    let mut commands = BTreeSet::new();
    for example in pages().iter().flat_map(|page| examples(page)) {
        if let What::Commands(several) = example.what {
            commands.extend(several);
        }
    }
    for (text, reason) in EXCEPTIONS {
        assert!(commands.contains(text), "no page says: {text}");
        assert!(!reason.is_empty(), "{text}");
    }
    for page in FOR_DEVELOPERS {
        assert!(repository(&format!("docs/{page}.md")).exists(), "{page}");
    }
}
