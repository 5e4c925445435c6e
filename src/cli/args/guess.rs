//! What somebody meant who typed a file, an address, a version or an option without its command. clap
//! itself finds words that are spelt nearly right, and knows what other programs call micheck's.

use std::ffi::OsString;

use clap::Parser as _;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Cli;
use micheck_core::escape::escape;

/// The error, with a line of what was probably meant, if something was.
pub(super) fn with_what_was_meant(mut error: clap::Error, typed: &[OsString]) -> clap::Error {
    let tip = if asks_for_updates(&error) {
        Some(UPDATES.to_owned())
    } else {
        meant(&error, typed).map(|meant| format!("did you mean `{meant}`?"))
    };
    if let Some(tip) = tip {
        // clap's own guess goes by spelling alone.
        error.remove(ContextKind::SuggestedSubcommand);
        error.remove(ContextKind::SuggestedArg);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip.into()]));
    }
    error
}

/// Said to whoever wants apps updated.
const UPDATES: &str =
    "micheck updates nothing itself: `micheck fix` asks phones at risk to show their updater";

/// Whether the command that isn't known is a word for updating.
fn asks_for_updates(error: &clap::Error) -> bool {
    let wrong = error.get(ContextKind::InvalidSubcommand).map(ToString::to_string);
    wrong.is_some_and(|word| matches!(word.as_str(), "update" | "upgrade" | "install"))
}

fn meant(error: &clap::Error, typed: &[OsString]) -> Option<String> {
    if !matches!(error.kind(), ErrorKind::InvalidSubcommand | ErrorKind::UnknownArgument) {
        return None;
    }
    let words: Vec<&str> = typed.iter().skip(1).map(|word| word.to_str()).collect::<Option<_>>()?;
    let guesses = [command_left_out(&words), connected(error, &words)];
    let is_understood = |guess: &Vec<&str>| {
        Cli::try_parse_from(std::iter::once("micheck").chain(guess.iter().copied())).is_ok()
    };
    guesses.into_iter().flatten().find(is_understood).map(|guess| shown(&guess))
}

/// `micheck 3.1.874.10` → `micheck judge 3.1.874.10`, and so on with files and addresses.
fn command_left_out<'w>(words: &[&'w str]) -> Option<Vec<&'w str>> {
    let first = *words.first()?;
    let before: &[&str] = if is_address(first) {
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
    Some([before, words].concat())
}

/// `micheck scan 192.168.1.5` → `micheck scan --connect 192.168.1.5`.
fn connected<'w>(error: &clap::Error, words: &[&'w str]) -> Option<Vec<&'w str>> {
    let wrong = error.get(ContextKind::InvalidArg)?.to_string();
    let at = words.iter().position(|&word| word == wrong && is_address(word))?;
    Some([&words[..at], &["--connect"], &words[at..]].concat())
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

/// As it would be typed.
fn shown(guess: &[&str]) -> String {
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
        ] {
            assert_eq!(tip(typed).as_deref(), Some(meant), "{typed:?}");
        }
    }

    #[test]
    fn what_other_programs_call_it_works() {
        for (typed, same) in [
            (&["--demo"][..], &["scan", "--demo"][..]),
            (&["-o", "bench.html", "--lang", "hi"], &["scan", "-o", "bench.html", "--lang", "hi"]),
            (&["check", "--ip", "192.168.1.5"], &["scan", "--connect", "192.168.1.5"]),
            (&["scan", "--file=x.csv"], &["scan", "--output", "x.csv"]),
            (&["ls", "--port", "5038", "-H", "a"], &["scan", "--server", "5038", "-s", "a"]),
            (&["scan", "--auth", "5s"], &["scan", "--wait-auth", "5s"]),
            (&["scan", "--sheet", "-d", "4711"], &["scan", "--sheet", "--serial", "4711"]),
            (&["monitor", "--colour", "never"], &["watch", "--color", "never"]),
            (&["bugreport", "x.zip", "--locale", "hi"], &["inspect", "x.zip", "--lang", "hi"]),
            (&["merge", "a.json", "--save", "b.html"], &["report", "a.json", "-o", "b.html"]),
            (&["repair", "-y"], &["fix", "--yes"]),
            (&["rate", "3.1.874.10"], &["judge", "3.1.874.10"]),
            (&["cve", "show", "x"], &["advisories", "show", "x"]),
            (&["udev", "--udev-rule"], &["doctor", "--udev-rule"]),
        ] {
            let read = |words: &[&str]| {
                let words: Vec<_> = ["micheck"].iter().chain(words).map(OsString::from).collect();
                format!("{:?}", Cli::of(&words).unwrap())
            };
            assert_eq!(read(typed), read(same), "{typed:?}");
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
    fn whoever_wants_updates_is_told_where_they_are() {
        for word in ["update", "upgrade"] {
            let typed = ["micheck", word].map(OsString::from);
            let error = Cli::of(&typed).unwrap_err().to_string();
            assert!(error.contains(UPDATES) && !error.contains("judge"), "{error}");
        }
    }

    #[test]
    fn what_was_typed_is_escaped() {
        assert_eq!(tip(&["a\u{1b}[31m.zip"]).as_deref(), Some("micheck inspect a\\u001b[31m.zip"));
    }
}
