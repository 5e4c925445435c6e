//! What `am start` says, read as text: its exit code says nothing. The words are those of AOSP's
//! `ActivityManagerShellCommand.runStartActivity` and, up to Android 6, `Am.runStart`.

use serde::{Deserialize, Serialize};

use crate::escape::decode;
use crate::evidence::Part;
use crate::verdict::keyed_enum;

keyed_enum! {
    /// What became of asking a phone to show a screen. Nothing tells that it is seen: behind a locked
    /// screen `am` says the same.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
    pub enum AmAnswer {
        /// It was passed on.
        Requested = "requested",
        /// It was there already, and was brought to the front.
        BroughtToFront = "brought_to_front",
        /// The app has no such screen, or isn't there.
        DoesNotExist = "does_not_exist",
        /// Nothing on the phone answers to it.
        Unresolved = "unresolved",
        /// The phone doesn't let a computer ask for it.
        Denied = "denied",
        /// It wasn't started, for another reason that `am` gives.
        NotStarted = "not_started",
        /// The answer didn't come, or not to its end.
        NoAnswer = "no_answer",
        /// The answer isn't one of `am`'s.
        Unreadable = "unreadable",
    }
}

impl AmAnswer {
    /// Reads an answer: what it means, and the line that says so, decoded.
    #[must_use]
    pub fn read(part: &Part) -> (Self, Option<String>) {
        if part.cut().is_some() {
            return (Self::NoAnswer, None);
        }
        let lines = || part.lines().map(|line| decode(line.trim_ascii_end()));
        let read = lines().filter_map(|line| Some((Self::of_line(&line)?, line)));
        // Of several lines the one that says most counts, the first of its kind.
        match read.min_by_key(|(answer, _)| answer.rank()) {
            Some((answer, line)) => (answer, Some(line)),
            None => (Self::Unreadable, lines().find(|line| !line.is_empty())),
        }
    }

    /// How much a line that means this says beside others: `Error type 3` stands above what it is, and
    /// what was begun above what became of it.
    const fn rank(self) -> u8 {
        match self {
            Self::Denied => 0,
            Self::DoesNotExist | Self::Unresolved => 1,
            Self::NotStarted => 2,
            Self::BroughtToFront => 3,
            Self::Requested | Self::NoAnswer | Self::Unreadable => 4,
        }
    }

    fn of_line(line: &str) -> Option<Self> {
        let begins = |word: &str| line.starts_with(word);
        let says = |words: &str| line.contains(words);
        if says("SecurityException")
            || says("Permission Denial")
            || begins("Error:") && says("permission")
        {
            Some(Self::Denied)
        } else if begins("Error:") && says("does not exist") {
            Some(Self::DoesNotExist)
        } else if begins("Error:") && says("unable to resolve") {
            Some(Self::Unresolved)
        } else if begins("Warning:")
            && (says("brought to the front") || says("delivered to currently running"))
        {
            Some(Self::BroughtToFront)
        } else if begins("Error") || begins("Warning: Activity not started") || says("Exception") {
            Some(Self::NotStarted)
        } else {
            begins("Starting: Intent").then_some(Self::Requested)
        }
    }

    /// Whether the phone took the request.
    #[must_use]
    pub const fn is_taken(self) -> bool {
        matches!(self, Self::Requested | Self::BroughtToFront)
    }

    /// Whether another screen is worth a try: this one isn't there, or is refused. Where nobody knows
    /// what became of it, a second one could lie over it.
    #[must_use]
    pub const fn leads_on(self) -> bool {
        matches!(self, Self::DoesNotExist | Self::Unresolved | Self::Denied | Self::NotStarted)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::evidence::PartEnd;
    use crate::verdict::Reason;

    const STARTING: &str = "Starting: Intent { cmp=com.xiaomi.discover/com.xiaomi.market.ui.X }";

    fn read(text: &str) -> (AmAnswer, Option<String>) {
        let end = PartEnd::Closed { exit_code: 0 };
        AmAnswer::read(&Part { body: text.as_bytes().to_vec(), end })
    }

    #[test]
    fn what_am_says_is_read_as_text() {
        let front = "Warning: Activity not started, its current task has been brought to the front";
        let top = "Warning: Activity not started, intent has been delivered to currently running \
                   top-most instance.";
        let kept = "Warning: Activity not started because the  current activity is being kept for \
                    the user.";
        let class = "Error: Activity class {com.xiaomi.discover/com.xiaomi.market.ui.X} does not \
                     exist.";
        let unresolved = "Error: Activity not started, unable to resolve Intent { \
                          act=android.intent.action.VIEW dat=mimarket://update flg=0x10000000 \
                          pkg=com.xiaomi.mipicks }";
        let denied = "java.lang.SecurityException: Permission Denial: starting Intent { \
                      cmp=com.android.updater/.MainActivity } from null (pid=1, uid=2000) not \
                      exported from uid 10083";
        let threw = "Exception occurred while executing 'start':";
        let not_permitted = "Error: Activity not started, you do not have permission to access it.";
        for (wanted, last, others) in [
            (AmAnswer::Requested, STARTING, ""),
            (AmAnswer::BroughtToFront, front, ""),
            (AmAnswer::BroughtToFront, top, ""),
            (AmAnswer::NotStarted, kept, ""),
            (AmAnswer::DoesNotExist, class, "\nError type 3"),
            (AmAnswer::Unresolved, unresolved, ""),
            (AmAnswer::Denied, denied, "\n\tat android.os.Parcel.createException(Parcel.java)"),
            (AmAnswer::Denied, not_permitted, ""),
            (AmAnswer::NotStarted, "Error: Activity not started, unknown error code 102", ""),
            (AmAnswer::NotStarted, threw, ""),
        ] {
            for newline in ["\n", "\r\n"] {
                let lines = if last == STARTING {
                    format!("{STARTING}\n")
                } else {
                    format!("{STARTING}\n{last}{others}\n")
                };
                let (answer, said) = read(&lines.replace('\n', newline));
                assert_eq!((answer, said.as_deref()), (wanted, Some(last)));
            }
        }
        // Whatever stands above it.
        for above in [threw, "Error type 3"] {
            assert_eq!(read(&format!("{above}\n{denied}")).0, AmAnswer::Denied);
            assert_eq!(read(&format!("{STARTING}\n{above}\n{class}")).0, AmAnswer::DoesNotExist);
        }
        // Of the denial a system says either word.
        assert_eq!(read("java.lang.SecurityException: no").0, AmAnswer::Denied);
        assert_eq!(read("Permission Denial: not exported").0, AmAnswer::Denied);
        let both = format!("{front}\nError: Activity not started, unknown error code 102");
        assert_eq!(read(&both).0, AmAnswer::NotStarted);
    }

    #[test]
    fn what_is_no_answer_is_no_success() {
        assert_eq!(read(""), (AmAnswer::Unreadable, None));
        let no_am = "/system/bin/sh: am: inaccessible or not found";
        assert_eq!(read(no_am), (AmAnswer::Unreadable, Some(no_am.to_owned())));
        let cut = Part { body: STARTING.as_bytes().to_vec(), end: PartEnd::Cut(Reason::Timeout) };
        assert_eq!(AmAnswer::read(&cut), (AmAnswer::NoAnswer, None));
    }

    proptest! {
        #[test]
        fn whatever_comes_nothing_is_taken_beside_an_error(
            lines in prop::collection::vec(
                prop_oneof![
                    Just(STARTING.to_owned()),
                    Just("Warning: its current task has been brought to the front".to_owned()),
                    Just("Error type 3".to_owned()),
                    Just("Error: Activity class {a/b} does not exist.".to_owned()),
                    Just("java.lang.SecurityException: Permission Denial".to_owned()),
                    any::<String>(),
                ],
                0..6,
            ),
        ) {
            let (answer, said) = read(&lines.join("\n"));
            let mut all = lines.iter().flat_map(|line| line.split('\n'));
            if all.clone().any(|line| line.starts_with("Error") || line.contains("Exception")) {
                prop_assert!(!answer.is_taken(), "{answer:?}");
            }
            if answer.is_taken() {
                let begun =
                    |line: &str| line.starts_with("Starting: ") || line.starts_with("Warning: ");
                prop_assert!(all.any(begun) && said.is_some());
            }
        }
    }

    #[test]
    fn an_answer_is_taken_or_leads_on_or_ends_it() {
        for &answer in AmAnswer::ALL {
            assert!(!(answer.is_taken() && answer.leads_on()), "{answer:?}");
        }
        let ends = |answer: &AmAnswer| !answer.is_taken() && !answer.leads_on();
        let ends: Vec<_> = AmAnswer::ALL.iter().copied().filter(ends).collect();
        assert_eq!(ends, [AmAnswer::NoAnswer, AmAnswer::Unreadable]);
    }
}
