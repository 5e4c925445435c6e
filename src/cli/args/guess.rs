//! What somebody meant who typed what micheck doesn't know. clap itself finds words that are spelt
//! nearly right; this finds those that are right elsewhere.

use std::ffi::OsString;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Cli;
use micheck_core::escape::escape;

/// What other programs call micheck's commands.
const COMMANDS: &[(&[&str], &str)] = &[
    (&["check", "test", "run", "start", "list", "ls", "all", "devices", "phones"], "scan"),
    (&["board", "bench", "monitor", "serve", "follow", "live"], "watch"),
    (&["dump", "dumpsys", "bugreport", "read", "open", "file", "analyze", "analyse"], "inspect"),
    (&["show", "convert", "merge", "join", "export", "print", "csv", "html"], "report"),
    (&["rate", "compare"], "judge"),
    (&["version"], "--version"),
    (&["cve", "cves", "rules", "db", "database"], "advisories"),
    (&["diagnose", "debug", "usb", "driver", "udev", "setup"], "doctor"),
    (&["bash", "zsh", "fish", "powershell"], "completions"),
];

/// What other programs call micheck's options.
const OPTIONS: &[(&[&str], &str)] = &[
    (&["--json"], "--format json"),
    (&["--jsonl"], "--format jsonl"),
    (&["--csv"], "--format csv"),
    (&["--html"], "--format html"),
    (&["--file", "--out", "--outfile", "--report", "--save"], "--output"),
    (&["--usb"], "--via usb"),
    (&["--ip", "--host", "--tcp", "--wifi"], "--connect"),
    (&["--hindi"], "--lang hi"),
    (&["--language", "--locale"], "--lang"),
    (&["--colour", "--no-color", "--no-colour"], "--color never"),
    (&["--wait", "--auth"], "--wait-auth"),
    (&["--device", "-d"], "--serial"),
    (&["--port", "-p", "-H"], "--server"),
];

/// The error, with a line of what was probably meant, if something was.
pub(super) fn with_what_was_meant(mut error: clap::Error, typed: &[OsString]) -> clap::Error {
    if let Some(meant) = meant(&error, typed) {
        // clap's own guess goes by spelling alone.
        error.remove(ContextKind::SuggestedSubcommand);
        error.remove(ContextKind::SuggestedArg);
        let tip = format!("did you mean `{meant}`?");
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

fn meant(error: &clap::Error, typed: &[OsString]) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument) {
        return None;
    }
    let words: Vec<&str> = typed.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let guesses = [
        other_name(&words),
        spelt_right(error).is_none().then(|| command_left_out(&words)).flatten(),
        other_option(error, &words),
        connected(error, &words),
    ];
    guesses.into_iter().flatten().find(|guess| is_understood(guess)).map(|guess| shown(&guess))
}

/// What clap takes for the right spelling.
fn spelt_right(error: &clap::Error) -> Option<&ContextValue> {
    let words = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg];
    // That a file is called nearly like a command means nothing.
    let wrong = error.get(ContextKind::InvalidSubcommand).map(ToString::to_string);
    if wrong.is_some_and(|wrong| wrong.contains(['.', '/', '\\'])) {
        return None;
    }
    words.into_iter().find_map(|kind| error.get(kind))
}

/// `micheck check` → `micheck scan`.
fn other_name(words: &[&str]) -> Option<Vec<String>> {
    let (&first, rest) = words.split_first()?;
    let small = first.to_ascii_lowercase();
    let (_, right) = COMMANDS.iter().find(|(others, _)| others.contains(&small.as_str()))?;
    let mut guess = vec![(*right).to_owned()];
    match *right {
        "completions" => guess.push(small),
        // Without anything to judge it isn't whole: how it would look.
        "judge" if rest.is_empty() => guess.push("3.1.874.10".to_owned()),
        "inspect" if rest.is_empty() => guess.push("bugreport.zip".to_owned()),
        "report" if rest.is_empty() => guess.push("report.json".to_owned()),
        _ => {}
    }
    guess.extend(rest.iter().map(|&word| word.to_owned()));
    Some(guess)
}

/// `micheck 3.1.874.10` → `micheck judge 3.1.874.10`, and so on with files, addresses and options.
fn command_left_out(words: &[&str]) -> Option<Vec<String>> {
    let first = *words.first()?;
    let before: &[&str] = if first.starts_with('-') && first != "-" {
        &["scan"]
    } else if is_address(first) {
        &["scan", "--connect"]
    } else if is_version(first) {
        &["judge"]
    } else if [".json", ".jsonl"].iter().any(|ending| first.ends_with(ending)) {
        &["report"]
    } else if first.contains(['.', '/', '\\']) || first == "-" {
        &["inspect"]
    } else {
        return None;
    };
    Some(before.iter().chain(words).map(|&word| word.to_owned()).collect())
}

/// `micheck scan --json` → `micheck scan --format json`.
fn other_option(error: &clap::Error, words: &[&str]) -> Option<Vec<String>> {
    let wrong = error.get(ContextKind::InvalidArg)?.to_string();
    let wrong = wrong.trim_matches('\'');
    let (_, right) = OPTIONS.iter().find(|(others, _)| others.contains(&wrong))?;
    let mut guess: Vec<String> = Vec::new();
    if words.first().is_some_and(|first| first.starts_with('-')) {
        guess.push("scan".to_owned());
    }
    for &word in words {
        let (name, value) = word.split_once('=').map_or((word, None), |(n, v)| (n, Some(v)));
        if name == wrong {
            guess.extend(right.split(' ').chain(value).map(str::to_owned));
        } else {
            guess.push(word.to_owned());
        }
    }
    Some(guess)
}

/// `micheck scan 192.168.1.5` → `micheck scan --connect 192.168.1.5`.
fn connected(error: &clap::Error, words: &[&str]) -> Option<Vec<String>> {
    let wrong = error.get(ContextKind::InvalidArg)?.to_string();
    let at = words.iter().position(|&word| word == wrong && is_address(word))?;
    let mut guess: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
    guess.insert(at, "--connect".to_owned());
    Some(guess)
}

/// Four numbers, none above 255, or with a port.
fn is_address(word: &str) -> bool {
    let (host, port) = word.split_once(':').map_or((word, None), |(h, p)| (h, Some(p)));
    host.parse::<std::net::Ipv4Addr>().is_ok()
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// Dotted numbers.
fn is_version(word: &str) -> bool {
    let mut parts = word.split('.');
    word.contains('.')
        && parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_understood(guess: &[String]) -> bool {
    let words = std::iter::once("micheck").chain(guess.iter().map(String::as_str));
    let understood = |error: clap::Error| error.kind() == ErrorKind::DisplayVersion;
    Cli::try_parse_from(words).map_or_else(understood, |_| true)
}

/// As it would be typed.
fn shown(guess: &[String]) -> String {
    guess.iter().fold("micheck".to_owned(), |line, word| {
        let word = escape(word);
        let quote = if word.is_empty() || word.contains(char::is_whitespace) { "\"" } else { "" };
        format!("{line} {quote}{word}{quote}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tip(line: &[&str]) -> Option<String> {
        let typed: Vec<OsString> =
            std::iter::once("micheck").chain(line.iter().copied()).map(OsString::from).collect();
        let error = Cli::of(&typed).unwrap_err().to_string();
        let tip = error.lines().find_map(|line| line.trim().strip_prefix("tip: did you mean `"));
        tip.map(|tip| tip.trim_end_matches("`?").to_owned())
    }

    #[test]
    fn what_was_meant_is_said() {
        for (typed, meant) in [
            (&["3.1.874.10"][..], "micheck judge 3.1.874.10"),
            (&["bugreport.zip"], "micheck inspect bugreport.zip"),
            (&["my dump.txt", "-o", "x.json"], "micheck inspect \"my dump.txt\" -o x.json"),
            (&["monday.json", "tuesday.json"], "micheck report monday.json tuesday.json"),
            (&["192.168.1.5"], "micheck scan --connect 192.168.1.5"),
            (&["192.168.1.5:5555"], "micheck scan --connect 192.168.1.5:5555"),
            (&["scan", "192.168.1.5"], "micheck scan --connect 192.168.1.5"),
            (&["--demo"], "micheck scan --demo"),
            (&["-o", "bench.html"], "micheck scan -o bench.html"),
            (&["--json"], "micheck scan --format json"),
            (&["scan", "--json"], "micheck scan --format json"),
            (&["scan", "--file=x.csv"], "micheck scan --output x.csv"),
            (&["inspect", "x.zip", "--hindi"], "micheck inspect x.zip --lang hi"),
            (&["check"], "micheck scan"),
            (&["List", "--all"], "micheck scan --all"),
            (&["bench", "--demo"], "micheck watch --demo"),
            (&["compare"], "micheck judge 3.1.874.10"),
            (&["version"], "micheck --version"),
            (&["fish"], "micheck completions fish"),
        ] {
            assert_eq!(tip(typed).as_deref(), Some(meant), "{typed:?}");
        }
    }

    #[test]
    fn nothing_is_said_that_would_not_work() {
        for typed in [
            &["xyzzy"][..],
            &["--xyzzy"],
            &["scan", "--xyzzy"],
            &["scna"],
            &["judge"],
            &["--demo", "--xyzzy"],
            &["3.1.874.10", "--xyzzy"],
            &["scan", "x.zip"],
        ] {
            assert_eq!(tip(typed), None, "{typed:?}");
        }
    }

    #[test]
    fn what_was_typed_is_escaped() {
        assert_eq!(tip(&["a\u{1b}[31m.zip"]).as_deref(), Some("micheck inspect a\\u001b[31m.zip"));
    }
}
