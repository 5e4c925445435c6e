//! Texts whose keys are put together from a kind and the key of one of its members: `reason-timeout`.
//! Sentences are without their full stops.

use super::{Text, t};
use micheck_core::advisory::Certainty;
use micheck_core::am_answer::AmAnswer;
use micheck_core::hint::Hint;
use micheck_core::saved_dump::Form;
use micheck_core::step::Step;
use micheck_core::update_route::UpdateRoute;
use micheck_core::verdict::{Note, Reason, Verdict};

impl Text {
    /// A sentence with its full stop.
    #[must_use]
    pub fn sentence(self, sentence: &str) -> String {
        t!(self, "sentence", text = sentence)
    }

    /// What a key of the board does, in few words.
    #[must_use]
    pub fn key_name(self, name: &str) -> &'static str {
        self.get(&format!("key-{name}"))
    }

    /// The same in a sentence; `None`: the few words say it all.
    #[must_use]
    pub fn key_help(self, name: &str) -> Option<&'static str> {
        self.get_if_any(&format!("key-{name}.help"))
    }

    /// The verdict in one or two words, capitals.
    #[must_use]
    pub fn verdict_word(self, verdict: Verdict) -> &'static str {
        self.get(&format!("verdict-{}.word", verdict.key()))
    }

    /// What the verdict means, as the end of a sentence that its word begins.
    #[must_use]
    pub fn verdict_meaning(self, verdict: Verdict) -> &'static str {
        match verdict.reason() {
            Some(reason) => self.reason(reason),
            None => self.get(&format!("verdict-{}", verdict.key())),
        }
    }

    /// The same for what a file says.
    #[must_use]
    pub fn verdict_meaning_of_file(self, verdict: Verdict) -> &'static str {
        let of_file = verdict.reason().map(|reason| format!("reason-{}.file", reason.key()));
        let of_file = of_file.and_then(|key| self.get_if_any(&key));
        of_file.unwrap_or_else(|| self.verdict_meaning(verdict))
    }

    /// What the verdict means where several apps were looked at; `None`: what it means of one.
    #[must_use]
    pub fn verdict_meaning_of_several(self, verdict: Verdict) -> Option<&'static str> {
        self.get_if_any(&format!("verdict-{}.several", verdict.key()))
    }

    /// A count of phones by verdict, for the summary line.
    #[must_use]
    pub fn count(self, count: usize, verdict: Verdict) -> String {
        self.fill(&format!("verdict-{}.count", verdict.key()), [("count", count.into())])
    }

    /// What a verdict means, in two plain sentences; `apps` are the apps that decided, so many.
    #[must_use]
    pub fn plainly(self, verdict: Verdict, apps: &str, count: usize) -> String {
        let reason = verdict.reason().map_or("", |reason| self.reason(reason));
        self.fill(
            &format!("plain-{}", verdict.key()),
            [("app", apps.into()), ("reason", reason.into()), ("count", count.into())],
        )
    }

    /// A reason as a sentence.
    #[must_use]
    pub fn reason(self, reason: Reason) -> &'static str {
        self.get(&format!("reason-{}", reason.key()))
    }

    /// A reason in a few words, for a table cell.
    #[must_use]
    pub fn reason_short(self, reason: Reason) -> &'static str {
        self.get(&format!("reason-{}.short", reason.key()))
    }

    /// A note as a sentence.
    #[must_use]
    pub fn note(self, note: Note) -> &'static str {
        self.get(&format!("note-{}", note.key()))
    }

    /// A step as it is said when all others are done; `None`: as always.
    #[must_use]
    pub fn step_after(self, step: Step) -> Option<&'static str> {
        self.get_if_any(&format!("step-{}.after", step.key()))
    }

    /// A likely reason that no phone was found, as a sentence.
    #[must_use]
    pub fn hint(self, hint: Hint) -> &'static str {
        self.get(&format!("hint-{}", hint.key()))
    }

    /// What was recognised in a file.
    #[must_use]
    pub fn form(self, form: Form) -> &'static str {
        self.get(&format!("form-{}", form.key()))
    }

    /// A screen that leads to an update, as people call it; `None`: nobody knows which.
    #[must_use]
    pub fn route(self, route: Option<UpdateRoute>) -> &'static str {
        match route {
            Some(route) => self.get(&format!("route-{}", route.key())),
            None => self.get("unknown-route"),
        }
    }

    /// What became of asking for a screen.
    #[must_use]
    pub fn am_answer(self, answer: AmAnswer) -> &'static str {
        self.get(&format!("answer-{}", answer.key()))
    }

    /// How sure a fact is, as a clause: `part` is empty, `.package` (that a package is meant) or
    /// `.fixed` (that a version is fixed).
    pub(crate) fn certainty(self, certainty: Certainty, part: &str) -> &'static str {
        self.get(&format!("certainty-{}{part}", certainty.key()))
    }
}
