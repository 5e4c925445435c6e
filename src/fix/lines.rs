//! What is said of phones on their way to an update. Core: no I/O.

use std::time::Duration;

use super::{FixState, Fixing, News, called, clock};
use crate::report::UpdaterRequest;
use crate::text::{Text, t};
use crate::watch::board::{Board, BoardPhone, Phase, PhoneId};
use micheck_core::escape::escape;
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::Reason;

/// How many phones are named at once.
const NAMED: usize = 3;

impl Fixing {
    /// The sentences of something that happened; none for what only the lines of all phones show.
    #[must_use]
    pub fn sentences(&self, news: &News) -> Vec<String> {
        let text = self.board().rules().text;
        let of = |id: &PhoneId| self.board().phone(*id).map(|phone| (phone, called(phone, text)));
        match news {
            News::Requested(id, request) => {
                // What it took is said with what is to be done then.
                let Some((_, name)) = of(id).filter(|_| !request.answer.is_taken()) else {
                    return Vec::new();
                };
                vec![tried(&name, request, text)]
            }
            News::Back(id) => {
                let Some((_, name)) = of(id) else { return Vec::new() };
                vec![t!(text, "fix-back", phone = name)]
            }
            News::Late(id) => {
                let Some((phone, name)) = of(id) else { return Vec::new() };
                vec![self.late(phone, &name)]
            }
            News::Changed(id, state) => {
                let Some((phone, name)) = of(id) else { return Vec::new() };
                self.changed(phone, &name, state).into_iter().collect()
            }
        }
    }

    fn late(&self, phone: &BoardPhone, name: &str) -> String {
        let text = self.board().rules().text;
        let version = phone.standing().or(phone.earlier.as_ref());
        let version = shown(version.and_then(|held| held.version.as_deref()), text);
        t!(text, "fix-still", phone = name, version = version)
    }

    fn changed(&self, phone: &BoardPhone, name: &str, state: &FixState) -> Option<String> {
        let text = self.board().rules().text;
        Some(match state {
            FixState::Requesting => return None,
            FixState::Waiting { route, .. } => {
                let screen = text.route(*route);
                match self.options.kind {
                    UpdateKind::Apps => t!(text, "fix-look", phone = name, screen = screen),
                    UpdateKind::System => {
                        t!(text, "fix-look-system", phone = name, screen = screen)
                    }
                }
            }
            FixState::NotTaken => {
                t!(text, "fix-no-screen", phone = name, step = first_step(phone, text))
            }
            FixState::Gone => {
                let time = minutes(self.options.rules.boot_wait);
                t!(text, "fix-gone", phone = name, time = time)
            }
            FixState::Updated { version } => {
                let before = self.before_of(phone.id, text);
                let after = shown(version.as_deref(), text);
                t!(text, "fix-updated", phone = name, before = before, after = after)
            }
            FixState::Skipped => t!(text, "fix-skipped", phone = name),
        })
    }

    fn before_of(&self, id: PhoneId, text: Text) -> String {
        let planned = self.planned.iter().find(|planned| planned.id == id);
        shown(planned.and_then(|planned| planned.before.version.as_deref()), text)
    }

    /// Every phone with what is waited for, a line each, and one of them all; `left`: how long yet.
    #[must_use]
    pub fn lines(&self, left: Duration) -> Vec<String> {
        let text = self.board().rules().text;
        let states = self.states();
        let updated =
            states.iter().filter(|(_, state)| matches!(state, FixState::Updated { .. })).count();
        let mut lines: Vec<String> = states
            .iter()
            .filter_map(|(id, state)| {
                let name = called(self.board().phone(*id)?, text);
                Some(format!("{name}: {}", waits_for(state, text)))
            })
            .collect();
        let (count, time) = (states.len(), minutes(left));
        lines.push(t!(text, "fix-left", updated = updated, count = count, time = time));
        lines
    }

    /// What is said when somebody ends it: who took a request.
    #[must_use]
    pub fn interrupted(&self) -> String {
        let text = self.board().rules().text;
        let names: Vec<String> =
            self.taken().into_iter().map(|phone| called(phone, text)).collect();
        if names.is_empty() {
            return text.get("fix-interrupted-nothing").to_owned();
        }
        t!(text, "fix-interrupted", names = names.join(", "))
    }
}

/// How far the look for phones is.
#[must_use]
pub fn looking(board: &Board) -> String {
    let text = board.rules().text;
    let there: Vec<&BoardPhone> =
        board.phones().iter().filter(|phone| phone.is_present()).collect();
    if there.is_empty() {
        return text.get("looking").to_owned();
    }
    let is_done = |phone: &&&BoardPhone| phone.is_answered() || phone.reason().is_some();
    let done = there.iter().filter(is_done).count();
    let phones = t!(text, "phones", count = there.len());
    let mut line = t!(text, "checked-of", done = done, phones = phones);
    let waits = |phone: &&BoardPhone| {
        phone.reason() == Some(Reason::Unauthorized)
            || matches!(phone.phase(), Some(Phase::Asking { waits: true, .. }))
    };
    let mut names: Vec<String> =
        there.into_iter().filter(waits).map(|phone| called(phone, text)).collect();
    if names.len() > NAMED {
        names.truncate(NAMED);
        names.push("…".to_owned());
    }
    if !names.is_empty() {
        line = format!("{line} · {}", t!(text, "fix-allow", names = names.join(", ")));
    }
    line
}

fn tried(name: &str, request: &UpdaterRequest, text: Text) -> String {
    let (screen, answer) = (text.route(request.route), text.am_answer(request.answer));
    let mut line = t!(text, "fix-try", phone = name, screen = screen, answer = answer);
    if let Some(said) = &request.said {
        line = format!("{line} ({})", escape(said));
    }
    line
}

fn waits_for(state: &FixState, text: Text) -> String {
    match state {
        FixState::Requesting => text.get("fix-waits-request").to_owned(),
        FixState::Waiting { route, stamp } => {
            t!(text, "fix-waits", screen = text.route(*route), clock = clock(stamp))
        }
        FixState::NotTaken | FixState::Skipped => text.get("fix-none-taken").to_owned(),
        FixState::Gone => text.get("fix-waits-gone").to_owned(),
        FixState::Updated { version } => {
            t!(text, "fix-done", version = shown(version.as_deref(), text))
        }
    }
}

/// The first thing that a person can do by hand.
fn first_step(phone: &BoardPhone, text: Text) -> String {
    let report = phone.standing().and_then(|held| held.report.as_deref());
    let step = report.and_then(|report| report.steps.first());
    step.map_or_else(
        || text.step(micheck_core::step::Step::UpdateSystemApps, &[]),
        |step| escape(&step.sentence(text)).into_owned(),
    )
}

fn shown(version: Option<&str>, text: Text) -> String {
    version.map_or(text.get("no-app").to_owned(), |version| escape(version).into_owned())
}

/// `29:05`, minutes and seconds.
fn minutes(time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_millis() >= 500);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
