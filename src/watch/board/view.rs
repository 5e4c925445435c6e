//! What a person looks at and types: which phone is chosen, which page is open.

use std::collections::BTreeMap;

use super::bindings::{Key, KeyCommand, command};
use super::{Board, PhoneId, PortNames, port_key};
use crate::text::{Language, t};
use micheck_core::escape::is_deceptive;
use micheck_core::verdict::Verdict;

/// The longest name of a port or number of a job, characters.
const MAX_NAME: usize = 30;

/// How many phones Page Up and Page Down go.
const PAGE: usize = 8;

/// Something that a person wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Request {
    /// This phone is to be asked again.
    AskAgain(PhoneId),
    /// These phones are to show what updates their apps.
    ShowUpdaters(Vec<PhoneId>),
    /// This phone's sheet is to be made.
    MakeSheet(PhoneId),
    /// This port is to have this name; none, if it is empty.
    NamePort {
        port: String,
        name: String,
    },
    /// This phone is here for this job.
    GiveJob {
        phone: PhoneId,
        job: String,
    },
    Quit,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Mode {
    #[default]
    Board,
    /// One phone, with its evidence and steps.
    Phone {
        /// How many lines were scrolled past.
        scroll: usize,
    },
    Help {
        /// How many lines were scrolled past.
        scroll: usize,
    },
    /// Whether these phones are to show what updates their apps is asked.
    Confirming { phones: Vec<PhoneId> },
    /// Something is typed.
    Typing {
        what: TypedText,
        /// What was typed so far.
        typed: String,
    },
}

/// What is typed on the board.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypedText {
    /// The name of this port.
    PortName(String),
    /// The job that this phone is here for.
    Job(PhoneId),
}

/// What a person looks at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    pub mode: Mode,
    /// Whether phones at risk stand first; else all stand by their ports.
    pub wall: bool,
    /// The chosen phone; `None`, or one that isn't shown any more: the first.
    pub chosen: Option<PhoneId>,
    pub language: Language,
    /// Phones whose sheets are to be in another.
    pub languages: BTreeMap<PhoneId, Language>,
    /// What else must be said, a line each, escaped.
    pub notices: Vec<String>,
    /// Why the last wish can't be met, escaped; until the next key.
    pub answer: Option<String>,
}

impl View {
    /// The phones that have a place on the board, in their order.
    #[must_use]
    pub fn shown<'b>(&self, board: &'b Board) -> Vec<&'b super::BoardPhone> {
        let mut shown = board.shown();
        if self.wall {
            shown.sort_by_key(|phone| !is_at_risk(phone));
        }
        shown
    }

    /// The chosen phone among those that are shown, with its place.
    #[must_use]
    pub fn chosen<'b>(
        &self,
        shown: &[&'b super::BoardPhone],
    ) -> Option<(usize, &'b super::BoardPhone)> {
        let at = shown.iter().position(|phone| Some(phone.id) == self.chosen).unwrap_or(0);
        shown.get(at).map(|phone| (at, *phone))
    }

    /// The phone whose page is open, also if it has lost its place on the board meanwhile.
    #[must_use]
    pub fn open<'b>(&self, board: &'b Board) -> Option<&'b super::BoardPhone> {
        board.phone(self.chosen?)
    }

    /// The language of a phone's sheet.
    #[must_use]
    pub fn language_of(&self, phone: PhoneId) -> Language {
        self.languages.get(&phone).copied().unwrap_or(self.language)
    }

    pub fn press(&mut self, key: Key, board: &Board, names: &PortNames) -> Option<Request> {
        self.answer = None;
        match &mut self.mode {
            Mode::Typing { .. } => return self.type_text(key),
            Mode::Confirming { phones } => {
                let phones = std::mem::take(phones);
                self.mode = Mode::Board;
                return matches!(key, Key::Character('y' | 'Y'))
                    .then_some(Request::ShowUpdaters(phones));
            }
            _ => {}
        }
        let command = command(key, matches!(self.mode, Mode::Phone { .. }));
        if let Mode::Help { scroll } = &mut self.mode {
            if command == Some(KeyCommand::Choose) {
                *scroll = moved(*scroll, key);
                return None;
            }
            self.mode = Mode::Board;
            return (command == Some(KeyCommand::Quit)).then_some(Request::Quit);
        }
        let shown = self.shown(board);
        let chosen = match self.mode {
            Mode::Phone { .. } => self.open(board).map(|phone| (0, phone)),
            _ => self.chosen(&shown),
        };
        match command? {
            KeyCommand::Back => self.mode = Mode::Board,
            KeyCommand::Scroll => {
                if let Mode::Phone { scroll } = &mut self.mode {
                    *scroll = moved(*scroll, key);
                }
            }
            KeyCommand::Choose => {
                let at = moved(chosen?.0, key).min(shown.len().saturating_sub(1));
                self.chosen = shown.get(at).map(|phone| phone.id);
            }
            KeyCommand::NextAtRisk => self.next_at_risk(&shown, board),
            KeyCommand::Wall => self.wall = !self.wall,
            KeyCommand::Open => {
                self.chosen = Some(chosen?.1.id);
                self.mode = Mode::Phone { scroll: 0 };
            }
            KeyCommand::AskAgain => return Some(Request::AskAgain(chosen?.1.id)),
            KeyCommand::ShowUpdater => {
                let phone = chosen?.1.id;
                // The one that was chosen has just lost its place: nobody has seen the next one chosen.
                if self.chosen.replace(phone).is_some_and(|before| before != phone) {
                    return None;
                }
                return Some(Request::ShowUpdaters(vec![phone]));
            }
            KeyCommand::ShowUpdaters => {
                let there = shown.iter().filter(|phone| board.may_show_updater(phone));
                let phones: Vec<PhoneId> = there.map(|phone| phone.id).collect();
                if phones.is_empty() {
                    self.answer = Some(board.rules().text.get("none-at-risk").to_owned());
                } else {
                    self.mode = Mode::Confirming { phones };
                }
            }
            KeyCommand::MakeSheet => return Some(Request::MakeSheet(chosen?.1.id)),
            KeyCommand::ChangeLanguage => {
                let phone = chosen?.1.id;
                let language = self.language_of(phone).next();
                self.languages.insert(phone, language);
                self.answer =
                    Some(t!(board.rules().text, "sheet-language", language = language.own_name()));
            }
            KeyCommand::NamePort => {
                let phone = chosen?.1;
                let Some(port) = port_key(&phone.connection) else {
                    self.answer = Some(board.rules().text.get("no-port").to_owned());
                    return None;
                };
                self.chosen = Some(phone.id);
                let typed = names.of(&phone.connection).unwrap_or_default().to_owned();
                self.mode = Mode::Typing { what: TypedText::PortName(port), typed };
            }
            KeyCommand::GiveJob => {
                if !board.rules().records {
                    self.answer = Some(board.rules().text.get("not-recording").to_owned());
                    return None;
                }
                let phone = chosen?.1;
                self.chosen = Some(phone.id);
                let typed = phone.job.clone().unwrap_or_default();
                self.mode = Mode::Typing { what: TypedText::Job(phone.id), typed };
            }
            KeyCommand::Help => self.mode = Mode::Help { scroll: 0 },
            KeyCommand::Quit => return Some(Request::Quit),
        }
        None
    }

    fn next_at_risk(&mut self, shown: &[&super::BoardPhone], board: &Board) {
        let chosen = shown.iter().position(|phone| Some(phone.id) == self.chosen);
        let (before, after) = shown.split_at(chosen.map_or(0, |at| at + 1));
        let Some(next) = after.iter().chain(before).find(|phone| is_at_risk(phone)) else {
            self.answer = Some(board.rules().text.get("none-at-risk").to_owned());
            return;
        };
        self.chosen = Some(next.id);
        if let Mode::Phone { scroll } = &mut self.mode {
            *scroll = 0;
        }
    }

    fn type_text(&mut self, key: Key) -> Option<Request> {
        let Mode::Typing { what, typed } = &mut self.mode else { return None };
        match key {
            Key::Character(sign) if !is_deceptive(sign) && typed.chars().count() < MAX_NAME => {
                typed.push(sign);
            }
            Key::Backspace => {
                typed.pop();
            }
            Key::Enter => {
                let (what, typed) = (what.clone(), typed.trim().to_owned());
                self.mode = Mode::Board;
                return match what {
                    TypedText::PortName(port) => Some(Request::NamePort { port, name: typed }),
                    // Without one nothing is said.
                    TypedText::Job(_) if typed.is_empty() => None,
                    TypedText::Job(phone) => Some(Request::GiveJob { phone, job: typed }),
                };
            }
            Key::Escape => self.mode = Mode::Board,
            _ => {}
        }
        None
    }
}

fn is_at_risk(phone: &super::BoardPhone) -> bool {
    phone.outcome().is_some_and(Verdict::is_at_risk)
}

/// The place that `key` leads to from `at`; the last one may be far behind the end.
const fn moved(at: usize, key: Key) -> usize {
    match key {
        Key::Up => at.saturating_sub(1),
        Key::Down => at.saturating_add(1),
        Key::PageUp => at.saturating_sub(PAGE),
        Key::PageDown => at.saturating_add(PAGE),
        Key::Home => 0,
        Key::End => usize::MAX,
        _ => at,
    }
}
