//! What is said of phones on their way to an update. Core: no I/O.

use std::time::Duration;

use super::state::Planned;
use super::{FixState, Fixing, News, called, clock};
use crate::report::{Gone, UpdaterRequest, is_address};
use crate::text::{Text, t};
use crate::watch::board::{Board, BoardPhone, Phase, PhoneId, Presence};
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
                let is_planned = self.planned.iter().any(|planned| planned.id == *id);
                // What it took is said with what is to be done then.
                let is_said = !(is_planned && request.answer.is_taken());
                let said = of(id).filter(|_| is_said);
                said.map(|(_, name)| tried(&name, request, text)).into_iter().collect()
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
        let (before, now) = (self.before_of(phone.id, text), self.version_of(phone, text));
        let failed = phone.failed.as_ref().map(|failed| failed.reason);
        let held = phone.standing().and_then(|held| held.verdict.reason());
        let why = match phone.presence {
            Presence::Absent { gone, .. } => Some(how_gone(phone, gone, text)),
            Presence::Present { reason, .. } => {
                reason.or(held).or(failed).map(|reason| text.reason_short(reason))
            }
        };
        if let Some(why) = why {
            t!(text, "fix-last-seen", phone = name, version = now, why = why)
        } else if before == now {
            t!(text, "fix-still", phone = name, version = now)
        } else {
            t!(text, "fix-still-at-risk", phone = name, before = before, after = now)
        }
    }

    fn changed(&self, phone: &BoardPhone, name: &str, state: &FixState) -> Option<String> {
        let text = self.board().rules().text;
        Some(match state {
            FixState::Requesting | FixState::Forgotten => return None,
            FixState::Waiting { route, .. } => {
                let screen = text.route(*route);
                match self.options.kind {
                    UpdateKind::Apps => t!(text, "fix-look", phone = name, screen = screen),
                    UpdateKind::System => {
                        t!(text, "fix-look-system", phone = name, screen = screen)
                    }
                }
            }
            FixState::NoAnswer => t!(text, "fix-no-answer", phone = name),
            FixState::NotTaken => {
                t!(text, "fix-no-screen", phone = name, step = first_step(phone, text))
            }
            FixState::Blocked(reason) => {
                t!(text, "fix-blocked", phone = name, why = text.reason(*reason))
            }
            FixState::Away(gone) => {
                let time = minutes(self.options.rules.boot_wait);
                t!(text, "fix-away", phone = name, how = how_gone(phone, *gone, text), time = time)
            }
            FixState::Updated { version: Some(_) } => {
                let (before, after) =
                    (self.before_of(phone.id, text), self.version_of(phone, text));
                t!(text, "fix-updated", phone = name, before = before, after = after)
            }
            FixState::Updated { version: None } => {
                t!(text, "fix-removed", phone = name, before = self.before_of(phone.id, text))
            }
        })
    }

    fn before_of(&self, id: PhoneId, text: Text) -> String {
        let planned = self.planned_of(id);
        shown(planned.and_then(|planned| planned.before.version.as_deref()), text)
    }

    /// The version of the app that was looked at before, in the last answer.
    fn version_of(&self, phone: &BoardPhone, text: Text) -> String {
        let planned = self.planned_of(phone.id);
        let package = planned.and_then(|planned| planned.before.package.as_deref());
        shown(phone.last_version(package), text)
    }

    /// Every phone with what is waited for, a line each, and one of them all; `left`: how long yet.
    #[must_use]
    pub fn lines(&mut self, left: Duration) -> Vec<String> {
        let states = self.states();
        let text = self.board().rules().text;
        let updated =
            states.iter().filter(|(_, state)| matches!(state, FixState::Updated { .. })).count();
        let mut lines: Vec<String> = states
            .iter()
            .filter_map(|(id, state)| {
                let phone = self.board().phone(*id)?;
                Some(format!("{}: {}", called(phone, text), waits_for(phone, state, text)))
            })
            .collect();
        let (count, time) = (states.len(), minutes(left));
        lines.push(t!(text, "fix-left", updated = updated, count = count, time = time));
        lines
    }

    /// What is said when somebody ends it: whom nothing more is to be done about, who took a request,
    /// and who may have.
    pub fn interrupted(&mut self) -> Vec<String> {
        let states = self.states();
        let text = self.board().rules().text;
        let names = |is_so: &dyn Fn(&BoardPhone, &FixState) -> bool| {
            let phones =
                states.iter().filter_map(|(id, state)| Some((self.board().phone(*id)?, state)));
            let phones = phones.filter(|(phone, state)| is_so(phone, state));
            phones.map(|(phone, _)| called(phone, text)).collect::<Vec<_>>().join(", ")
        };
        let is_open = |state: &FixState| !matches!(state, FixState::Updated { .. });
        let may_show = |phone: &BoardPhone, state: &FixState| {
            let cut_off = self.planned_of(phone.id).is_some_and(Planned::is_unanswered);
            is_open(state) && (cut_off || phone.may_have_been_asked())
        };
        let was_taken = |phone: &BoardPhone, state: &FixState| {
            let taken = self.planned_of(phone.id).is_some_and(|planned| planned.taken_at.is_some());
            taken && is_open(state) && !may_show(phone, state)
        };
        let updated = names(&|_, state| matches!(state, FixState::Updated { .. }));
        let (taken, asked) = (names(&was_taken), names(&may_show));
        let mut said = Vec::new();
        if !updated.is_empty() {
            said.push(t!(text, "fix-interrupted-updated", names = updated));
        }
        if !taken.is_empty() {
            said.push(t!(text, "fix-interrupted", names = taken));
        }
        if !asked.is_empty() {
            said.push(t!(text, "fix-interrupted-asking", names = asked));
        }
        if said.is_empty() {
            said.push(text.get("fix-interrupted-nothing").to_owned());
        }
        said
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

fn waits_for(phone: &BoardPhone, state: &FixState, text: Text) -> String {
    match state {
        FixState::Requesting => text.get("fix-waits-request").to_owned(),
        FixState::Waiting { route, stamp } => {
            t!(text, "fix-waits", screen = text.route(*route), clock = clock(stamp))
        }
        FixState::NoAnswer => text.get("fix-waits-look").to_owned(),
        FixState::NotTaken => text.get("fix-none-taken").to_owned(),
        FixState::Blocked(Reason::Unauthorized) => text.get("phase-step-allow").to_owned(),
        FixState::Blocked(reason) => text.reason_short(*reason).to_owned(),
        FixState::Away(gone) => how_gone(phone, *gone, text).to_owned(),
        FixState::Updated { version: Some(version) } => {
            t!(text, "fix-done", version = escape(version))
        }
        FixState::Updated { version: None } => text.get("no-app").to_owned(),
        FixState::Forgotten => text.get("fix-not-asked").to_owned(),
    }
}

/// How a phone left.
#[must_use]
pub fn how_gone(phone: &BoardPhone, gone: Gone, text: Text) -> &'static str {
    match gone {
        Gone::ServerLost => text.get("fix-away-server"),
        Gone::AnotherPhone => text.get("fix-away-another"),
        Gone::Unplugged if is_address(&phone.connection) => text.get("fix-away-network"),
        Gone::Unplugged => text.get("fix-away-unplugged"),
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
