//! The sentences of the board of `micheck watch`.

use super::Text;
use crate::board::Phase;
use crate::step::Step;
use crate::verdict::Reason;

impl Text {
    /// What is being done about a phone that has no verdict, capitals.
    #[must_use]
    pub const fn phase_word(self, phase: Option<Phase>) -> &'static str {
        match phase {
            Some(Phase::Asking { waits: true, .. }) => "ALLOW IT",
            Some(Phase::Pausing { starts: true, .. }) => "STARTING",
            Some(Phase::Asking { .. } | Phase::Pausing { .. }) => "CHECKING",
            Some(Phase::Suspended) | None => "WAITING",
        }
    }

    /// What a person does while a phone is in this phase; `None`: nothing.
    #[must_use]
    pub const fn phase_step(self, phase: Phase) -> Option<&'static str> {
        match phase {
            Phase::Asking { waits: true, .. } => {
                Some("Have the owner unlock the phone and tap Allow")
            }
            Phase::Pausing { starts: true, .. } => {
                Some("Still starting: it is asked again by itself")
            }
            Phase::Pausing { starts: false, .. } => {
                Some("The app is gone just now: asked again in a moment, to be sure")
            }
            Phase::Asking { .. } | Phase::Suspended => None,
        }
    }

    /// The verdict of a phone that can't be asked because its person must do something.
    #[must_use]
    pub const fn reason_word(self, reason: Reason) -> Option<&'static str> {
        match reason {
            Reason::Unauthorized => Some("ALLOW IT"),
            Reason::Authorizing => Some("CONNECTING"),
            _ => None,
        }
    }

    /// A step in so few words that it has room on the board; `None`: it is short anyway.
    #[must_use]
    pub const fn step_in_short(self, step: Step) -> Option<&'static str> {
        match step {
            Step::AllowDebugging | Step::WaitForPerson => {
                Some("Have the owner unlock it and tap Allow")
            }
            Step::EnableDebugging => Some("Switch USB debugging on (Enter: how)"),
            Step::InstallUdevRule => Some("Give this user access to it (Enter: how)"),
            Step::CloseOtherProgram => Some("Close the other program that uses it (Enter: which)"),
            Step::ReadVersionByHand => Some("Read the version by hand (Enter: where)"),
            Step::RestartIntoAndroid => Some("Restart it into Android: hold the power key"),
            Step::WaitThenReplug | Step::Replug => {
                Some("Plug it in again, with another cable or port")
            }
            Step::WaitForBoot => Some("Wait until it has started; unlock it"),
            Step::CheckAddress => Some("Check its address (Enter: how)"),
            Step::RepairKey => Some("Look at this computer's ADB key (Enter: how)"),
            Step::StartServer => Some("Start the adb server: adb start-server"),
            _ => None,
        }
    }

    /// Said of a phone that couldn't be judged and is asked again.
    #[must_use]
    pub const fn asked_again_by_itself(self) -> &'static str {
        "Leave it plugged in: it is asked again by itself"
    }

    /// Said of a phone that couldn't be judged and isn't asked again.
    #[must_use]
    pub const fn press_r(self) -> &'static str {
        "Press r to ask it again (Enter: what else to do)"
    }

    /// How many phones were checked.
    #[must_use]
    pub fn count_checked(self, count: usize) -> String {
        format!("{count} checked")
    }

    /// How many phones are at risk.
    #[must_use]
    pub fn count_at_risk(self, count: usize) -> String {
        format!("{count} at risk")
    }

    /// How many phones were fixed.
    #[must_use]
    pub fn count_fixed(self, count: usize) -> String {
        format!("{count} fixed")
    }

    /// How many phones wait.
    #[must_use]
    pub fn count_waiting(self, count: usize) -> String {
        format!("{count} waiting")
    }

    /// What to do while no phone is there.
    #[must_use]
    pub const fn empty_board(self) -> [&'static str; 4] {
        [
            "Plug in a phone.",
            "Its USB debugging must be on: Settings → About phone → tap the MIUI or OS version 7 \
             times; then Additional settings → Developer options → USB debugging.",
            "Its owner unlocks it and taps Allow. Everything else happens by itself.",
            "Nothing appears? Try another cable, then: micheck doctor",
        ]
    }

    /// The keys, the most important first.
    #[must_use]
    pub const fn keys(self) -> [&'static str; 6] {
        ["q quit", "? help", "↑↓ choose", "Enter details", "r ask again", "n name the port"]
    }

    /// The keys of a phone's page.
    #[must_use]
    pub const fn page_keys(self) -> [&'static str; 4] {
        ["Esc back", "↑↓ scroll", "r ask again", "q quit"]
    }

    /// The keys while a name is typed.
    #[must_use]
    pub const fn naming_keys(self) -> [&'static str; 2] {
        ["Enter keep", "Esc leave it"]
    }

    /// Asks for a port's name.
    #[must_use]
    pub fn name_of_port(self, port: &str) -> String {
        format!("Name of the port {port}: ")
    }

    /// The head of the page about the keys.
    #[must_use]
    pub const fn help_head(self) -> &'static str {
        "micheck watch"
    }

    /// What the keys and the words on the board mean.
    #[must_use]
    pub const fn help(self) -> &'static [(&'static str, &'static str)] {
        &[
            ("↑ ↓", "choose a phone (also Page up, Page down, Home, End)"),
            ("Enter", "what the chosen phone answered, and every step; Esc goes back"),
            ("r", "ask the chosen phone again now"),
            ("n", "name the chosen phone's port (\"left hub 3\"); kept for the next time"),
            ("q", "quit (Ctrl-C, too)"),
            ("", ""),
            ("✖ AT RISK", "update it now: the step is beside it; it turns green by itself"),
            ("▲ UPDATE NEEDED", "nobody says that this version is fixed: update it, too"),
            ("? NOT CHECKED", "couldn't be found out; that doesn't mean that it is fine"),
            ("✔ UPDATED", "the version is reported fixed"),
            ("– NOT AFFECTED", "the app isn't on this phone"),
            ("", ""),
            (
                "",
                "A phone at risk is asked again by itself while it stays plugged in. Nothing is \
                 changed on any phone.",
            ),
        ]
    }

    /// Said of a phone without a port that is to get a name.
    #[must_use]
    pub const fn no_port(self) -> &'static str {
        "It isn't known to which port this phone is plugged in, so the port can't be named."
    }

    /// Said of a phone that can't be asked because it isn't there.
    #[must_use]
    pub const fn not_there(self) -> &'static str {
        "This phone isn't plugged in."
    }

    /// Versions before and after an update, and when it was seen.
    #[must_use]
    pub fn change(self, before: &str, after: &str, clock: &str) -> String {
        format!("{before} → {after}, {clock}")
    }

    /// Stands for a version where there is no app.
    #[must_use]
    pub const fn no_app(self) -> &'static str {
        "no app"
    }

    /// The last step on a phone that is finished and closed.
    #[must_use]
    pub const fn unplug_it(self) -> &'static str {
        "Done: unplug it"
    }

    /// The last steps on a phone that is finished, short.
    #[must_use]
    pub const fn finish(self) -> &'static str {
        "Done: revoke authorisations, debugging off, unplug"
    }

    /// What a phone that left was last.
    #[must_use]
    pub fn unplugged_at(self, clock: &str) -> String {
        format!("unplugged {clock}")
    }

    /// A phone that left before anything was found out.
    #[must_use]
    pub const fn left_unchecked(self) -> &'static str {
        "It left before it was checked: plug it in again"
    }

    /// A phone that left at risk.
    #[must_use]
    pub const fn left_at_risk(self) -> &'static str {
        "It left at risk: plug it in again when it is updated"
    }

    /// A phone that can only be asked again with its person at hand.
    #[must_use]
    pub const fn then_ask_again(self) -> &'static str {
        "then press r: the phone will ask again"
    }

    /// Asking again failed.
    #[must_use]
    pub fn asked_in_vain(self, clock: &str, reason: Reason) -> String {
        format!("asked again {clock}: {}", self.reason_short(reason))
    }

    /// What was found earlier, before the phone was plugged in again.
    #[must_use]
    pub fn before(self, clock: &str, what: &str) -> String {
        format!("{clock} {what}")
    }

    /// A server that can't be reached.
    #[must_use]
    pub fn server_gone(self, server: &str) -> String {
        format!("adb server {server} can't be reached: it is tried again by itself")
    }

    /// The head of what a phone answered.
    #[must_use]
    pub const fn evidence_head(self) -> &'static str {
        "Evidence"
    }

    /// The head of what came of a phone so far.
    #[must_use]
    pub const fn past_head(self) -> &'static str {
        "So far"
    }

    /// Said of a phone that is being asked.
    #[must_use]
    pub const fn being_asked(self) -> &'static str {
        "It is being asked"
    }

    /// The head of what was found before the phone was plugged in again.
    #[must_use]
    pub fn before_head(self, clock: &str) -> String {
        format!("Before it was plugged in again, {clock}:")
    }

    /// How a version was read, and when.
    #[must_use]
    pub fn read_at(self, read_by: &str, clock: &str) -> String {
        format!("read {clock} ({read_by})")
    }

    /// A line of evidence.
    #[must_use]
    pub const fn evidence_label(self, label: Label) -> &'static str {
        match label {
            Label::Version => "version",
            Label::Factory => "factory copy",
            Label::Users => "users who have it",
            Label::Path => "code path",
            Label::Affected => "affected up to",
            Label::Below => "affected below",
            Label::Fixed => "fixed from",
            Label::Cves => "CVE",
        }
    }

    /// What a run of `watch` found, for standard error.
    #[must_use]
    pub fn left_at_risk_list(self, names: &str) -> String {
        format!("still at risk: {names}")
    }

    /// A command that was run on a verdict failed.
    #[must_use]
    pub fn command_failed(self, serial: &str, how: &str) -> String {
        format!("--exec for {serial}: {how}")
    }

    /// The log can't be written.
    #[must_use]
    pub fn log_stuck(self, file: &str, error: &str, lines: usize) -> String {
        let lines =
            if lines == 1 { "1 line waits".to_owned() } else { format!("{lines} lines wait") };
        format!("can't write to {file}: {error}; {lines} until it can")
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
