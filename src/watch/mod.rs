//! The bench, watched: phones come and go, each gets its verdict by itself. Shell: does I/O.
//!
//! What happens on the bench comes together here and goes to the [`board::Board`], which says what is to
//! be done; nothing is decided here. Everything runs in one task, so that one thing happens after
//! the other.

pub mod board;
mod connections;
pub(crate) mod discovery;
pub mod draw;
mod event_log;
mod hooks;
mod keyboard;
pub(crate) mod live_board;
pub mod port_names;
mod prober;
mod recording;
mod screen;
mod sheets;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};

use crate::output::render;
use crate::record::{NotRecorded, RecorderNews};
use crate::report::Summary;
use crate::report::serial::{self, Redaction};
use crate::scan::ScanOptions;
use crate::text::{Text, t};
use crate::watch::board::{
    BoardPhone, Event, EventHead, LinesLostLine, PhoneId, PortNames, Rules, View, WatchEvent,
};
use discovery::DiscoveryEvent;
use hooks::HookRunner;
use live_board::{Happened, LiveBoard, Outcry, now_stamp};
use micheck_core::escape::escape;
use micheck_core::verdict::{Reason, Verdict};
use micheck_platform::interrupts::Interrupts;
use sheets::Sheets;

pub use event_log::{EventSink, EventSinkError, SinkState, Target};
pub use hooks::HookCommand;
pub use recording::BenchRecorder;
pub use screen::{Screen, ScreenError};
pub use sheets::SheetOptions;

/// The board is drawn at most so often.
const REDRAW: Duration = Duration::from_millis(40);

/// How long commands that still run may take when everything else is over.
const LAST_COMMANDS: Duration = Duration::from_secs(30);

/// How long is waited at the end for a place that doesn't take lines.
const LAST_LINES: Duration = Duration::from_secs(2);

/// The same for what can't be recorded.
const LAST_CHECKS: Duration = Duration::from_secs(5);

/// How many failures of commands stay on the board.
const MAX_FAILURES: usize = 3;

/// What is watched, and how.
#[derive(Debug, Clone)]
pub struct WatchOptions {
    /// How phones are reached and what they are asked about.
    pub scan: Arc<ScanOptions>,
    /// What the board goes by.
    pub rules: Rules,
    /// After so many checked phones it is over; `None`: it goes on.
    pub once: Option<usize>,
    /// What is run on each verdict.
    pub exec: Option<HookCommand>,
    pub sheets: SheetOptions,
    /// How serial numbers stand in lines.
    pub serials: Redaction,
}

/// Keeps the names of ports; gives why it couldn't.
pub type KeepNames = Box<dyn Fn(&PortNames) -> Result<(), String>>;

/// Where what happens is shown and told.
pub struct Outlets {
    /// The board on the terminal.
    pub screen: Option<Screen>,
    /// Events as lines, to standard output and to files.
    pub lines: Vec<EventSink>,
    /// Takes verdicts for the record; `None`: they aren't recorded.
    pub recorder: Option<BenchRecorder>,
    /// How it stands with these places.
    pub states: UnboundedReceiver<(String, SinkState)>,
    pub names: PortNames,
    /// Keeps the name of a port; gives why it couldn't.
    pub keep_names: KeepNames,
    /// Says a line to whoever has no board.
    pub say: fn(&str),
}

#[derive(Debug)]
pub struct Ending {
    /// All phones by their last verdict.
    pub summary: Summary,
    /// Phones that are still at risk, as people call them, escaped.
    pub at_risk: Vec<String>,
    /// How many phones were fixed.
    pub fixed: usize,
    /// Lines that nobody took, by the place that didn't.
    pub lost_lines: Vec<EventSinkError>,
    /// What couldn't be recorded.
    pub not_recorded: Option<NotRecorded>,
    /// Why the USB bus, the only place where phones were looked for, can't be looked at on this
    /// computer, escaped.
    pub no_usb: Option<String>,
}

/// Watches until it is interrupted, somebody quits, or enough phones were checked.
///
/// # Errors
/// The terminal can't be drawn on.
pub async fn watch(
    options: &WatchOptions,
    outlets: Outlets,
    interrupts: &mut Interrupts,
) -> Result<Ending, ScreenError> {
    let mut watch = Watch::new(options, outlets);
    watch.say_replaced();
    // Phones on the network are there from the beginning.
    watch.take(Event::Tick);
    watch.draw()?;
    loop {
        let draw_at = watch.draw_at;
        tokio::select! {
            () = interrupts.next() => break,
            happened = watch.live.next() => watch.happened(happened),
            failure = watch.commands.next() => watch.failed(&failure),
            news = BenchRecorder::next(&mut watch.outlets.recorder) => watch.recorded(news),
            said = watch.sheets.next(options.rules.text) => watch.view.answer = Some(said),
            key = Screen::next_key(&mut watch.outlets.screen) => match key {
                Some(key) => if watch.press(key) { break },
                // The terminal is gone.
                None => break,
            },
            Some((name, state)) = watch.outlets.states.recv() => if watch.lines_changed(name, state) { break },
            // A terminal that can't be drawn on any more is gone.
            () = until(draw_at) => if watch.draw().is_err() { break },
        }
        if watch.is_over() {
            break;
        }
        watch.plan_drawing();
    }
    drop(watch.outlets.screen.take());
    let mut ending = watch.ending();
    // Somebody who quits twice waits for no command.
    tokio::select! {
        () = watch.last_commands() => {}
        () = interrupts.next() => {}
    }
    if let Some(recorder) = watch.outlets.recorder.take() {
        ending.not_recorded = recorder.finish(LAST_CHECKS).await.err();
    }
    ending.lost_lines =
        event_log::finish(std::mem::take(&mut watch.outlets.lines), LAST_LINES).await;
    Ok(ending)
}

async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}

struct Watch {
    live: LiveBoard,
    view: View,
    commands: HookRunner,
    sheets: Sheets,
    options: WatchOptions,
    outlets: Outlets,
    /// Why the USB bus, where it is the only place to look, can't be looked at on this computer.
    no_usb: Option<String>,
    drawn: Option<(u64, View)>,
    /// When the board is drawn next.
    draw_at: Option<Instant>,
    drawn_at: Option<Instant>,
    failures: Vec<String>,
    /// What can't be written, or looked at, by what it is.
    troubles: BTreeMap<String, String>,
}

impl Watch {
    fn new(options: &WatchOptions, outlets: Outlets) -> Self {
        Self {
            live: LiveBoard::new(&options.scan, options.rules.clone()),
            view: View { language: options.sheets.language, ..View::default() },
            commands: HookRunner::new(options.exec.clone()),
            sheets: Sheets::new(options.sheets.clone()),
            options: options.clone(),
            outlets,
            no_usb: None,
            drawn: None,
            draw_at: None,
            drawn_at: None,
            failures: Vec::new(),
            troubles: BTreeMap::new(),
        }
    }

    /// Says which built-in advisories others stand in for.
    fn say_replaced(&mut self) {
        let rules = self.live.board.rules();
        for line in render::replaced(&rules.advisories, rules.text) {
            self.say(&line);
            self.troubles.insert(format!("advisory {line}"), line);
        }
    }

    /// Says what is to be said of what was discovered, and takes it.
    fn happened(&mut self, happened: Happened) {
        if let Happened::Discovered(news) = &happened {
            self.say_of(news);
        }
        let outcries = self.live.happened(happened);
        self.heed(outcries);
    }

    fn say_of(&mut self, news: &DiscoveryEvent) {
        match news {
            DiscoveryEvent::Lost { server, error, is_trouble: true, .. } => {
                let known =
                    self.live.board.lost_servers().iter().any(|lost| lost.server == *server);
                if !known {
                    self.say(&error.with_remedy());
                }
            }
            DiscoveryEvent::Lost { .. } | DiscoveryEvent::Listed { .. } => {}
            DiscoveryEvent::Usb(Ok(_)) => drop(self.troubles.remove("usb")),
            DiscoveryEvent::Usb(Err(trouble)) => {
                let detail = trouble.detail.as_deref().unwrap_or(trouble.reason.key());
                let detail = escape(detail).into_owned();
                if trouble.reason == Reason::UnsupportedInterface {
                    // That this computer has no bus hides no phone, where there is another way.
                    self.no_usb = self.options.scan.links.only_usb().then_some(detail);
                } else {
                    let line = t!(self.live.board.rules().text, "usb-unseen", why = &detail);
                    if self.troubles.get("usb") != Some(&line) {
                        self.say(&line);
                        self.troubles.insert("usb".to_owned(), line);
                    }
                }
            }
        }
    }

    /// Takes what a person wants, or that time has passed.
    fn take(&mut self, event: Event) {
        let outcries = self.live.take(event);
        self.heed(outcries);
    }

    fn heed(&mut self, outcries: Vec<Outcry>) {
        for outcry in outcries {
            match outcry {
                Outcry::Ring(times) => {
                    if let Some(screen) = &mut self.outlets.screen {
                        screen.ring(times);
                    }
                }
                Outcry::Tell(told) => self.tell(&told),
            }
        }
    }

    fn tell(&mut self, told: &WatchEvent) {
        if !self.outlets.lines.is_empty() {
            let mut shown = told.clone();
            shown.show_serials(&self.options.serials);
            let line = board::told(&shown);
            for place in &mut self.outlets.lines {
                if let Some(lines) = place.take_lost() {
                    let head = EventHead::new(self.live.board.rules(), now_stamp());
                    let lost = WatchEvent::LinesLost(LinesLostLine { head, lines });
                    place.write(&board::told(&lost));
                }
                place.write(&line);
            }
        }
        if let (Some(recorder), Some(verdict)) = (&mut self.outlets.recorder, told.verdict()) {
            recorder.record(verdict, self.live.board.rules());
        }
        // The bench's own program gets the number itself: it may look the phone up by it.
        if let Some(verdict) = told.verdict() {
            self.commands.run(verdict, || board::told(told));
        }
    }

    /// Says how it goes with the record, and shows what is on record of a phone.
    fn recorded(&mut self, news: RecorderNews) {
        const RECORD: &str = "record";
        if let RecorderNews::Stood { seat, before } = news {
            self.take(Event::Recorded { phone: PhoneId(seat), before });
            return;
        }
        let line = news.sentence(self.live.board.rules().text);
        match (&news, line) {
            (RecorderNews::Fine, _) => drop(self.troubles.remove(RECORD)),
            (_, None) => {}
            (_, Some(line)) => {
                self.say(&line);
                self.troubles.insert(RECORD.to_owned(), line);
            }
        }
    }

    fn is_over(&self) -> bool {
        self.no_usb.is_some()
            || self.options.once.is_some_and(|once| self.live.board.counts().checked >= once)
    }

    fn failed(&mut self, failure: &hooks::HookFailure) {
        let text = self.live.board.rules().text;
        let line = command_failed(failure, text);
        self.say(&line);
        self.failures.push(line);
        if self.failures.len() > MAX_FAILURES {
            self.failures.remove(0);
        }
    }

    /// Whether there is nobody left who takes lines.
    fn lines_changed(&mut self, name: String, state: SinkState) -> bool {
        let text = self.live.board.rules().text;
        match state {
            SinkState::Fine => {
                self.troubles.remove(&name);
                false
            }
            SinkState::Stuck { error, waiting } => {
                let line = t!(
                    text,
                    "log-stuck",
                    file = escape(&name),
                    error = escape(&error),
                    count = waiting
                );
                if !self.troubles.contains_key(&name) {
                    self.say(&line);
                }
                self.troubles.insert(name, line);
                false
            }
            // Whoever read standard output has gone.
            SinkState::Closed => true,
        }
    }

    /// Says it on standard error where there is no board.
    fn say(&self, line: &str) {
        if self.outlets.screen.is_none() {
            (self.outlets.say)(line);
        }
    }

    fn ending(&self) -> Ending {
        let text = self.live.board.rules().text;
        let at_risk = self.live.board.phones().iter();
        let at_risk = at_risk.filter(|phone| phone.outcome().is_some_and(Verdict::is_at_risk));
        let called = |phone: &BoardPhone| {
            let name = phone.name.as_deref().or(phone.model.as_deref());
            let serial = serial::end(phone.connection.serial.as_deref().unwrap_or_default());
            format!("{} ({})", escape(name.unwrap_or(text.get("unnamed-phone"))), escape(&serial))
        };
        let lost_servers = if self.options.scan.links.servers_named() {
            self.live.board.lost_servers().len()
        } else {
            0
        };
        Ending {
            at_risk: at_risk.map(called).collect(),
            summary: Summary { lost_servers, ..self.live.board.summary() },
            fixed: self.live.board.counts().fixed,
            lost_lines: Vec::new(),
            not_recorded: None,
            no_usb: self.no_usb.clone(),
        }
    }

    /// Waits for commands that still run.
    async fn last_commands(&mut self) {
        let text = self.live.board.rules().text;
        for failure in self.commands.finish(LAST_COMMANDS).await {
            let line = command_failed(&failure, text);
            (self.outlets.say)(&line);
        }
    }
}

fn command_failed(failure: &hooks::HookFailure, text: Text) -> String {
    let (serial, how) = (serial::end(&failure.serial), escape(&failure.how));
    t!(text, "command-failed", serial = escape(&serial), how = how)
}
