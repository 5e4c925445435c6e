//! The sentences about verdicts, reasons and notes.

use super::Text;
use micheck_core::verdict::{Note, Reason, Verdict};

impl Text {
    /// The verdict in one or two words, capitals.
    #[must_use]
    pub fn verdict_word(self, verdict: Verdict) -> &'static str {
        self.say(&format!("verdict-{}.word", verdict.key()))
    }

    /// What the verdict means, as the end of a sentence that its word begins.
    #[must_use]
    pub fn verdict_meaning(self, verdict: Verdict) -> &'static str {
        match verdict.reason() {
            Some(reason) => self.reason(reason),
            None => self.say_of("verdict", verdict.key()),
        }
    }

    /// The same for what a file says.
    #[must_use]
    pub fn verdict_meaning_of_file(self, verdict: Verdict) -> &'static str {
        let of_file = verdict.reason().map(|reason| format!("reason-{}.file", reason.key()));
        of_file.and_then(|key| self.find(&key)).unwrap_or_else(|| self.verdict_meaning(verdict))
    }

    /// What the verdict means where several apps were looked at; `None`: what it means of one.
    #[must_use]
    pub fn verdict_meaning_of_several(self, verdict: Verdict) -> Option<&'static str> {
        self.find(&format!("verdict-{}.several", verdict.key()))
    }

    /// A count of phones by verdict, for the summary line.
    #[must_use]
    pub fn count(self, count: usize, verdict: Verdict) -> String {
        self.fill(&format!("verdict-{}.count", verdict.key()), [("count", count.into())])
    }

    /// Said wherever a risk is; `nearby` is whether every attacker must be.
    #[must_use]
    pub fn risk_in_perspective(self, nearby: bool) -> &'static str {
        self.say(if nearby { "risk-nearby" } else { "risk-anywhere" })
    }

    /// A reason in a few words, for a table cell.
    #[must_use]
    pub fn reason_short(self, reason: Reason) -> &'static str {
        self.say(&format!("reason-{}.short", reason.key()))
    }

    /// A reason as a sentence without its full stop.
    #[must_use]
    pub fn reason(self, reason: Reason) -> &'static str {
        self.say_of("reason", reason.key())
    }

    /// A note as a sentence without its full stop.
    #[must_use]
    pub fn note(self, note: Note) -> &'static str {
        self.say_of("note", note.key())
    }
}
