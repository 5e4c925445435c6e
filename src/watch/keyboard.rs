//! What keys do, and when the board is drawn.

use tokio::time::Instant;

use super::{REDRAW, ScreenError, Watch, draw, screen};
use crate::report::Report;
use crate::text::t;
use crate::watch::board::{Event, Mode, PhoneId, Request};
use micheck_core::escape::escape;
use micheck_core::update_route::UpdateKind;

impl Watch {
    /// Takes a key; whether it is the end.
    pub(super) fn press(&mut self, key: screen::Input) -> bool {
        let key = match key {
            screen::Input::Key(key) => key,
            screen::Input::Interrupt => return true,
            screen::Input::Resized => {
                self.drawn = None;
                let screen = self.outlets.screen.as_mut();
                return screen.is_some_and(|screen| screen.resized().is_err());
            }
        };
        match self.view.press(key, &self.live.board, &self.outlets.names) {
            Some(Request::Quit) => return true,
            Some(Request::AskAgain(phone)) => self.ask_again(phone),
            Some(Request::ShowUpdaters(phones)) => self.show_updaters(&phones),
            Some(Request::MakeSheet(phone)) => self.make_sheet(phone),
            Some(Request::NamePort { port, name }) => self.name_port(port, name),
            Some(Request::GiveJob { phone, job }) => self.give_job(phone, job),
            None => {}
        }
        false
    }

    fn ask_again(&mut self, phone: PhoneId) {
        if self.live.board.phone(phone).is_some_and(|phone| !phone.is_present()) {
            self.view.answer = Some(self.live.board.rules().text.get("not-there").to_owned());
        }
        self.take(Event::AskAgain(phone));
    }

    fn show_updaters(&mut self, phones: &[PhoneId]) {
        let text = self.live.board.rules().text;
        let mut asked = 0;
        for &id in phones {
            let phone = self.live.board.phone(id);
            if phone.is_some_and(|phone| self.live.board.may_show_updater(phone)) {
                asked += 1;
                self.take(Event::ShowUpdater { phone: id, kind: UpdateKind::Apps });
            }
        }
        self.view.answer = Some(match (asked, phones) {
            (0, [id]) if self.live.board.phone(*id).is_some_and(|phone| !phone.is_present()) => {
                text.get("not-there").to_owned()
            }
            (0, _) => text.get("nothing-to-update").to_owned(),
            _ => t!(text, "updaters-asked", count = asked),
        });
    }

    fn make_sheet(&mut self, id: PhoneId) {
        let rules = self.live.board.rules();
        let phone = self.live.board.phone(id);
        let found = phone.and_then(|phone| Some((phone.standing()?, phone.found_before())));
        let Some((stamp, Some(report), before)) =
            found.map(|(held, before)| (&held.stamp, held.report.as_deref(), before))
        else {
            self.view.answer = Some(rules.text.get("no-sheet-yet").to_owned());
            return;
        };
        let mut device = report.clone();
        device.before = before;
        let report = Report::of_one(device, stamp, rules.simulated, &rules.advisories, rules.text);
        self.sheets.make(report, self.view.language_of(id));
    }

    fn give_job(&mut self, phone: PhoneId, job: String) {
        if let Some(recorder) = &self.outlets.recorder {
            recorder.give_job(self.live.board.rules(), phone, &job);
        }
        self.take(Event::JobGiven { phone, job });
    }

    fn name_port(&mut self, port: String, name: String) {
        let names = &mut self.outlets.names;
        if name.is_empty() {
            names.0.remove(&port);
        } else {
            names.0.insert(port, name);
        }
        if let Err(error) = (self.outlets.keep_names)(names) {
            self.view.answer = Some(escape(&error).into_owned());
        }
        self.drawn = None;
    }

    /// Sets when the board is drawn next, if there is anything new.
    pub(super) fn plan_drawing(&mut self) {
        self.view.notices = self.troubles.values().chain(&self.failures).cloned().collect();
        let is_new = self.drawn.as_ref().is_none_or(|(version, view)| {
            *version != self.live.board.version() || *view != self.view
        });
        if self.outlets.screen.is_none() || !is_new {
            self.draw_at = None;
        } else if self.draw_at.is_none() {
            let soonest = self.drawn_at.map_or_else(Instant::now, |drawn| drawn + REDRAW);
            self.draw_at = Some(soonest);
        }
    }

    pub(super) fn draw(&mut self) -> Result<(), ScreenError> {
        let Some(screen) = &mut self.outlets.screen else { return Ok(()) };
        let drawn = draw::board(&self.live.board, &self.view, &self.outlets.names, screen.size());
        if let Mode::Phone { scroll } = &mut self.view.mode {
            *scroll = drawn.scroll;
        }
        screen.draw(&drawn.page)?;
        self.drawn = Some((self.live.board.version(), self.view.clone()));
        self.drawn_at = Some(Instant::now());
        self.draw_at = None;
        Ok(())
    }
}
