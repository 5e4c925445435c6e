//! The sentences of the board of `micheck watch`.

use crate::text::{Language, Text};
use crate::watch::board::Phase;
use micheck_core::verdict::{Reason, Verdict};

impl Text {
    /// What is being done about a phone that has no verdict, capitals.
    #[must_use]
    pub fn phase_word(self, phase: Option<Phase>) -> &'static str {
        self.say(match phase {
            Some(Phase::Asking { waits: true, .. }) => "phase-allow",
            Some(Phase::Pausing { starts: true, .. }) => "phase-starting",
            Some(Phase::Asking { .. } | Phase::Pausing { .. }) => "phase-checking",
            Some(Phase::Suspended) | None => "phase-waiting",
        })
    }

    /// What a person does while a phone is in this phase; `None`: nothing.
    #[must_use]
    pub fn phase_step(self, phase: Phase) -> Option<&'static str> {
        match phase {
            Phase::Asking { waits: true, .. } => Some(self.say("phase-step-allow")),
            Phase::Pausing { starts: true, .. } => Some(self.say("phase-step-starting")),
            Phase::Pausing { starts: false, .. } => Some(self.say("phase-step-gone")),
            Phase::Asking { .. } | Phase::Suspended => None,
        }
    }

    /// The verdict of a phone that can't be asked because its person must do something.
    #[must_use]
    pub fn reason_word(self, reason: Reason) -> Option<&'static str> {
        match reason {
            Reason::Unauthorized => Some(self.say("phase-allow")),
            Reason::Authorizing => Some(self.say("phase-connecting")),
            _ => None,
        }
    }

    /// Said of a phone that couldn't be judged and is asked again.
    #[must_use]
    pub fn asked_again_by_itself(self) -> &'static str {
        self.say("asked-again-by-itself")
    }

    /// Said of a phone that couldn't be judged and isn't asked again.
    #[must_use]
    pub fn press_r(self) -> &'static str {
        self.say("press-r")
    }

    /// How many phones were checked.
    #[must_use]
    pub fn count_checked(self, count: usize) -> String {
        self.fill("count-checked", [("count", count.into())])
    }

    /// How many phones are at risk.
    #[must_use]
    pub fn count_at_risk(self, count: usize) -> String {
        self.fill("count-at-risk", [("count", count.into())])
    }

    /// How many phones were fixed.
    #[must_use]
    pub fn count_fixed(self, count: usize) -> String {
        self.fill("count-fixed", [("count", count.into())])
    }

    /// How many phones wait.
    #[must_use]
    pub fn count_waiting(self, count: usize) -> String {
        self.fill("count-waiting", [("count", count.into())])
    }

    /// What to do while no phone is there.
    #[must_use]
    pub fn empty_board(self) -> [&'static str; 4] {
        ["empty-plug-in", "empty-debugging", "empty-allow", "empty-nothing"]
            .map(|key| self.say(key))
    }

    /// The keys, the most important first.
    #[must_use]
    pub fn keys(self) -> [&'static str; 8] {
        [
            "key-quit",
            "key-help",
            "key-choose",
            "key-details",
            "key-ask",
            "key-sheet",
            "key-language",
            "key-name",
        ]
        .map(|key| self.say(key))
    }

    /// The keys of a phone's page.
    #[must_use]
    pub fn page_keys(self) -> [&'static str; 6] {
        ["key-back", "key-scroll", "key-ask", "key-sheet", "key-language", "key-quit"]
            .map(|key| self.say(key))
    }

    /// The keys while a name is typed.
    #[must_use]
    pub fn naming_keys(self) -> [&'static str; 2] {
        ["key-keep", "key-leave"].map(|key| self.say(key))
    }

    /// Asks for a port's name.
    #[must_use]
    pub fn name_of_port(self, port: &str) -> String {
        self.fill("name-of-port", [("port", port.into())])
    }

    /// The head of the page about the keys.
    #[must_use]
    pub fn help_head(self) -> &'static str {
        self.say("help-head")
    }

    /// What the keys and the words on the board mean.
    #[must_use]
    pub fn help(self) -> Vec<(String, &'static str)> {
        let key = |key: &str, does: &str| (key.to_owned(), self.say(does));
        let word = |symbol: &str, verdict: Verdict| {
            let word = format!("{symbol} {}", self.verdict_word(verdict));
            (word, self.say_of("help", verdict.key()))
        };
        let blank = || (String::new(), "");
        vec![
            key("↑ ↓", "help-choose"),
            key("Enter", "help-enter"),
            key("r", "help-ask"),
            key("p l", "help-sheet"),
            key("n", "help-name"),
            key("q", "help-quit"),
            blank(),
            word("✖", Verdict::Vulnerable),
            word("▲", Verdict::Unconfirmed),
            word("?", Verdict::Unknown(Reason::IncompleteAnswer)),
            word("✔", Verdict::Patched),
            word("–", Verdict::NotInstalled),
            blank(),
            key("", "help-end"),
        ]
    }

    /// Said of a phone without a port that is to get a name.
    #[must_use]
    pub fn no_port(self) -> &'static str {
        self.say("no-port")
    }

    /// Said of a phone that can't be asked because it isn't there.
    #[must_use]
    pub fn not_there(self) -> &'static str {
        self.say("not-there")
    }

    /// Versions before and after an update, and when it was seen.
    #[must_use]
    pub fn change(self, before: &str, after: &str, clock: &str) -> String {
        self.fill(
            "change",
            [("before", before.into()), ("after", after.into()), ("clock", clock.into())],
        )
    }

    /// Stands for a version where there is no app.
    #[must_use]
    pub fn no_app(self) -> &'static str {
        self.say("no-app")
    }

    /// The last step on a phone that is finished and closed.
    #[must_use]
    pub fn unplug_it(self) -> &'static str {
        self.say("unplug-it")
    }

    /// The last steps on a phone that is finished, short.
    #[must_use]
    pub fn finish(self) -> &'static str {
        self.say("finish")
    }

    /// What a phone that left was last.
    #[must_use]
    pub fn unplugged_at(self, clock: &str) -> String {
        self.fill("unplugged-at", [("clock", clock.into())])
    }

    /// A phone that left before anything was found out.
    #[must_use]
    pub fn left_unchecked(self) -> &'static str {
        self.say("left-unchecked")
    }

    /// A phone that left at risk.
    #[must_use]
    pub fn left_at_risk(self) -> &'static str {
        self.say("left-at-risk")
    }

    /// A phone that can only be asked again with its person at hand.
    #[must_use]
    pub fn then_ask_again(self) -> &'static str {
        self.say("then-ask-again")
    }

    /// Asking again failed.
    #[must_use]
    pub fn asked_in_vain(self, clock: &str, reason: Reason) -> String {
        self.fill(
            "asked-in-vain",
            [("clock", clock.into()), ("why", self.reason_short(reason).into())],
        )
    }

    /// What was found earlier, before the phone was plugged in again.
    #[must_use]
    pub fn before(self, clock: &str, what: &str) -> String {
        self.fill("before", [("clock", clock.into()), ("what", what.into())])
    }

    /// A server that can't be reached.
    #[must_use]
    pub fn server_gone(self, server: &str) -> String {
        self.fill("server-gone", [("server", server.into())])
    }

    /// The head of what a phone answered.
    #[must_use]
    pub fn evidence_head(self) -> &'static str {
        self.say("evidence-head")
    }

    /// The head of what came of a phone so far.
    #[must_use]
    pub fn past_head(self) -> &'static str {
        self.say("past-head")
    }

    /// Said of a phone that is being asked.
    #[must_use]
    pub fn being_asked(self) -> &'static str {
        self.say("being-asked")
    }

    /// The head of what was found before the phone was plugged in again.
    #[must_use]
    pub fn before_head(self, clock: &str) -> String {
        self.fill("before-head", [("clock", clock.into())])
    }

    /// How a version was read, and when.
    #[must_use]
    pub fn read_at(self, read_by: &str, clock: &str) -> String {
        self.fill("read-at", [("clock", clock.into()), ("by", read_by.into())])
    }

    /// A line of evidence.
    #[must_use]
    pub fn evidence_label(self, label: Label) -> &'static str {
        self.say(match label {
            Label::Version => "evidence-version",
            Label::Factory => "evidence-factory",
            Label::Users => "evidence-users",
            Label::Path => "evidence-path",
            Label::Affected => "evidence-affected",
            Label::Below => "evidence-below",
            Label::Fixed => "evidence-fixed",
            Label::Cves => "evidence-cves",
        })
    }

    /// What a run of `watch` found, for standard error.
    #[must_use]
    pub fn left_at_risk_list(self, names: &str) -> String {
        self.fill("left-at-risk-list", [("names", names.into())])
    }

    /// A command that was run on a verdict failed.
    #[must_use]
    pub fn command_failed(self, serial: &str, how: &str) -> String {
        self.fill("command-failed", [("serial", serial.into()), ("how", how.into())])
    }

    /// The log can't be written.
    #[must_use]
    pub fn log_stuck(self, file: &str, error: &str, lines: usize) -> String {
        self.fill(
            "log-stuck",
            [("count", lines.into()), ("file", file.into()), ("error", error.into())],
        )
    }

    /// There is nothing to hand over.
    #[must_use]
    pub fn no_sheet_yet(self) -> &'static str {
        self.say("no-sheet-yet")
    }

    /// The language that a phone's sheet will be in.
    #[must_use]
    pub fn sheet_language(self, language: Language) -> String {
        self.fill("sheet-language", [("language", self.language_name(language).into())])
    }

    /// A sheet was written.
    #[must_use]
    pub fn sheet_written(self, language: Language, file: &str) -> String {
        let language = self.language_name(language);
        self.fill("sheet-written", [("language", language.into()), ("file", file.into())])
    }

    /// A sheet was written, and couldn't be opened.
    #[must_use]
    pub fn sheet_not_opened(self, language: Language, file: &str, why: &str) -> String {
        let language = self.language_name(language);
        self.fill(
            "sheet-not-opened",
            [("language", language.into()), ("file", file.into()), ("why", why.into())],
        )
    }

    /// Why a sheet couldn't be opened: nobody could see it.
    #[must_use]
    pub fn no_screen(self) -> &'static str {
        self.say("no-screen")
    }

    /// A sheet couldn't be written.
    #[must_use]
    pub fn sheet_failed(self, why: &str) -> String {
        self.fill("sheet-failed", [("why", why.into())])
    }
}

/// What a line of evidence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The version in force.
    Version,
    /// The copy in the system.
    Factory,
    /// Android's users.
    Users,
    /// Where it lies.
    Path,
    /// The advisory's upper bound.
    Affected,
    /// The same, not included.
    Below,
    /// The advisory's first fixed version.
    Fixed,
    /// The advisory's CVE ids.
    Cves,
}
