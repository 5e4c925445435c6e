//! Failure texts: the service's and the shell's ways of saying that a dump didn't work.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use crate::verdict::Reason;

/// A failure that stands in an answer. The exit code says nothing of it: `dumpsys`
/// returns 0 whether or not the package service was found, allowed it or finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// `Permission Denial: can't dump …`.
    Denied,
    /// No package service, a dead one, or one that threw.
    ServiceUnavailable,
    /// `*** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***`.
    TimedOut,
}

/// Beginnings of lines by which AOSP's `dumpsys.cpp`, `cmd` and `pm` report failure.
const UNAVAILABLE: &[&[u8]] = &[
    b"Can't find service:",
    b"cmd: Can't find service:",
    b"Error: Could not access the Package Manager.",
    b"Error dumping service info",
    b"Error with service ",
    b"Exception occurred while dumping",
    b"Exception occurred while executing",
    b"Failed transaction (",
    b"cmd: Failure calling service",
];

/// Texts that are a failure wherever they stand: the service's standard error comes from
/// another thread and can land in the middle of a line.
const ANYWHERE: &[(&[u8], Failure)] = &[
    (b"Permission Denial:", Failure::Denied),
    (b"Security exception: ", Failure::Denied),
    (b"Can't find service:", Failure::ServiceUnavailable),
    (b"Error dumping service info", Failure::ServiceUnavailable),
    (b"Error with service '", Failure::ServiceUnavailable),
    (b"Exception occurred while dumping", Failure::ServiceUnavailable),
    (b"Failed transaction (", Failure::ServiceUnavailable),
    (b"DUMP TIMEOUT (", Failure::TimedOut),
];

/// Finds the texts of [`ANYWHERE`]: nearly every answer has none, and is passed in one go.
static FINDER: LazyLock<AhoCorasick> = LazyLock::new(|| {
    // This kind skips ahead by several bytes at once, the usual one reads each.
    let mut builder = AhoCorasick::builder();
    builder.match_kind(MatchKind::LeftmostFirst);
    builder.build(ANYWHERE.iter().map(|(text, _)| text)).expect("a few short texts")
});

/// Looks for failure texts in an answer that comes line by line.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    /// In a file: at the beginnings of lines only, because no other thread's words land in one, and
    /// the dump of all apps has what they wrote themselves.
    pub(super) saved: bool,
    /// The first line that is a failure.
    line: Option<Failure>,
    /// A shell says that it doesn't know a command, perhaps another one.
    pub(super) of_shell: Option<Failure>,
}

impl Watch {
    /// Takes the next line; `at_beginning`: before any title.
    pub(super) fn line(&mut self, line: &[u8], at_beginning: bool) {
        if self.saved {
            if self.line.is_none() && !line.starts_with(b" ") {
                // Who is denied a dump gets nothing of it; below, apps' messages say such things.
                let counts = |failure: &Failure| at_beginning || *failure != Failure::Denied;
                let failure = Failure::of_line(line).filter(counts);
                let known = if is_shell(line) { &mut self.of_shell } else { &mut self.line };
                *known = known.or(failure);
            }
            return;
        }
        if self.line.is_none() {
            self.line = Failure::of_line(line);
        }
    }

    /// The first line that is a failure.
    pub(super) const fn found(&self) -> Option<Failure> {
        self.line
    }
}

impl Failure {
    /// The failure that `answer` reports, if any: anywhere in it, or as a line of its own.
    #[must_use]
    pub fn of_answer(answer: &[u8]) -> Option<Self> {
        Self::within(answer).or_else(|| crate::lines::lines(answer).find_map(Self::of_line))
    }

    /// The failure whose text stands in `answer`, wherever that is; the first of [`ANYWHERE`], if
    /// several do.
    pub(super) fn within(answer: &[u8]) -> Option<Self> {
        if !FINDER.is_match(answer) {
            return None;
        }
        ANYWHERE.iter().find(|(text, _)| contains(answer, text)).map(|&(_, failure)| failure)
    }

    /// The failure that `line` reports, if any.
    pub(crate) fn of_line(line: &[u8]) -> Option<Self> {
        let line = line.trim_ascii_start();
        // Newer mksh puts this before its own messages.
        let line = line.strip_prefix(b"E: ").unwrap_or(line);
        match line.first()? {
            b'P' if line.starts_with(b"Permission Denial:") => Some(Self::Denied),
            b'*' if line.starts_with(b"*** SERVICE") && contains(line, b"DUMP TIMEOUT") => {
                Some(Self::TimedOut)
            }
            b'C' | b'c' | b'E' | b'F' if UNAVAILABLE.iter().any(|text| line.starts_with(text)) => {
                Some(Self::ServiceUnavailable)
            }
            b'/' | b's' if is_shell(line) => {
                let denied = contains(line, b"ermission denied");
                Some(if denied { Self::Denied } else { Self::ServiceUnavailable })
            }
            _ => None,
        }
    }

    /// The reason that a person is given.
    #[must_use]
    pub const fn reason(self) -> Reason {
        match self {
            Self::Denied => Reason::Denied,
            Self::ServiceUnavailable => Reason::ServiceUnavailable,
            Self::TimedOut => Reason::DumpTimedOut,
        }
    }
}

/// Whether a dump that failed may begin with `line`: of what a shell says only that about the commands
/// that dump packages.
pub(crate) fn begins_failed(line: &[u8]) -> bool {
    let dumps = |line| [&b"dumpsys"[..], b" pm:", b" cmd:"].iter().any(|name| contains(line, name));
    Failure::of_line(line).is_some() && (!is_shell(line.trim_ascii_start()) || dumps(line))
}

/// Whether a shell speaks.
fn is_shell(line: &[u8]) -> bool {
    let line = line.strip_prefix(b"E: ").unwrap_or(line);
    line.starts_with(b"/system/bin/sh:") || line.starts_with(b"sh:")
}

fn contains(line: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(line, text).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_shell_says_of_another_command_begins_no_dump() {
        for (line, begins) in [
            ("/system/bin/sh: dumpsys: not found", true),
            ("sh: pm: not found", true),
            ("/system/bin/sh: getprop: not found", false),
            ("Can't find service: package", true),
            ("  Can't find a charger", false),
            ("", false),
        ] {
            assert_eq!(begins_failed(line.as_bytes()), begins, "{line}");
        }
    }

    #[test]
    fn every_known_text_is_a_failure() {
        for (line, expected) in [
            (
                "Permission Denial: can't dump PackageManager from from pid=1, uid=2000",
                Failure::Denied,
            ),
            ("Can't find service: package", Failure::ServiceUnavailable),
            ("cmd: Can't find service: package", Failure::ServiceUnavailable),
            (
                "Error: Could not access the Package Manager.  Is the system running?",
                Failure::ServiceUnavailable,
            ),
            ("Error dumping service info: (Unknown error) package", Failure::ServiceUnavailable),
            (
                "Error with service 'package' while dumping: FAILED_TRANSACTION",
                Failure::ServiceUnavailable,
            ),
            ("Exception occurred while dumping:", Failure::ServiceUnavailable),
            ("Failed transaction (2147483646)", Failure::ServiceUnavailable),
            ("*** SERVICE DUMP TIMEOUT EXPIRED ***", Failure::TimedOut),
            ("*** SERVICE 'package' DUMP TIMEOUT (10s) EXPIRED ***", Failure::TimedOut),
            ("  *** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***", Failure::TimedOut),
            ("/system/bin/sh: dumpsys: not found", Failure::ServiceUnavailable),
            ("/system/bin/sh: dumpsys: inaccessible or not found", Failure::ServiceUnavailable),
            ("E: /system/bin/sh: dumpsys: inaccessible or not found", Failure::ServiceUnavailable),
            ("/system/bin/sh: dumpsys: can't execute: Permission denied", Failure::Denied),
        ] {
            assert_eq!(Failure::of_line(line.as_bytes()), Some(expected), "{line}");
        }
    }

    #[test]
    fn a_failure_that_lands_in_the_middle_of_a_line_is_seen() {
        for (answer, expected) in [
            (
                "    User 10: ceDataError dumping service info: (x) package",
                Failure::ServiceUnavailable,
            ),
            (
                "    pkgFlags=[ SYSSecurity exception: Shell does not have permission",
                Failure::Denied,
            ),
            ("Packages:\nxPermission Denial: can't dump", Failure::Denied),
            ("x*** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***", Failure::TimedOut),
            ("Packages:\n/system/bin/sh: dumpsys: not found", Failure::ServiceUnavailable),
        ] {
            assert_eq!(Failure::of_answer(answer.as_bytes()), Some(expected), "{answer}");
        }
        let real = include_bytes!("../../../fixtures/dumpsys/android16.txt");
        assert_eq!(Failure::of_answer(real), None);
    }

    #[test]
    fn ordinary_lines_are_not() {
        for line in [
            "",
            "    versionName=Error with service",
            "Packages:",
            "    android.permission.INTERNET",
            "*** SERVICE 'package' ***",
            "*** of a DUMP TIMEOUT nothing is known",
            "* item",
        ] {
            assert_eq!(Failure::of_line(line.as_bytes()), None, "{line}");
        }
    }
}
