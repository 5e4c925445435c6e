//! What happens while a person waits: a line on the terminal that says which phones are
//! still being asked, and which wait for somebody. Shell: writes to standard error.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::output::terminal::{is_ascii, shown};
use crate::scan::{PhoneStep, Progress};
use crate::text::{Text, t};
use micheck_core::escape::escape;

/// How often the line is drawn anew: seconds are shown, and the eye wants movement.
const REDRAW: Duration = Duration::from_millis(200);

/// How many phones are named at once.
const NAMED: usize = 3;

/// The phones of a running scan, as far as a waiting person cares.
#[derive(Debug, Default)]
struct Phones {
    listed: usize,
    done: usize,
    names: BTreeMap<usize, String>,
    asked: BTreeMap<usize, Instant>,
    waiting: BTreeMap<usize, Instant>,
}

impl Phones {
    fn take(&mut self, Progress { phone, step }: Progress, now: Instant) {
        match step {
            PhoneStep::Listed(name) => {
                self.listed += 1;
                let short: String = name.chars().take(40).collect();
                self.names.insert(phone, escape(&short).into_owned());
            }
            PhoneStep::WaitsForPerson => {
                self.waiting.insert(phone, now);
            }
            PhoneStep::Asked => {
                self.waiting.remove(&phone);
                self.asked.insert(phone, now);
            }
            PhoneStep::Done => {
                self.waiting.remove(&phone);
                self.asked.remove(&phone);
                self.done += 1;
            }
        }
    }

    fn line(&self, now: Instant, wait_auth: Duration, text: Text) -> String {
        let mut line = match self.listed {
            0 => text.get("looking").to_owned(),
            listed => {
                let phones = t!(text, "phones", count = listed);
                t!(text, "checked-of", done = self.done, phones = phones)
            }
        };
        let named = |phones: &BTreeMap<usize, Instant>| {
            let mut names: Vec<&str> = phones
                .keys()
                .take(NAMED)
                .filter_map(|phone| self.names.get(phone))
                .map(String::as_str)
                .collect();
            if phones.len() > NAMED {
                names.push("…");
            }
            names.join(", ")
        };
        let oldest = |phones: &BTreeMap<usize, Instant>| {
            phones.values().min().map(|since| now.saturating_duration_since(*since))
        };
        if let Some(waited) = oldest(&self.waiting) {
            let left = wait_auth.saturating_sub(waited).as_secs();
            let allow = t!(text, "allow-on", names = named(&self.waiting), seconds = left);
            let _ = write!(line, " · {allow}");
        }
        if let Some(asked_for) = oldest(&self.asked) {
            let (who, seconds) = (named(&self.asked), asked_for.as_secs());
            let _ = write!(line, " · {}", t!(text, "asking", names = who, seconds = seconds));
        }
        shown(&line).into_owned()
    }
}

/// A line on the terminal that goes away when this is dropped.
fn line() -> ProgressBar {
    wrap_late();
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
    let style = ProgressStyle::with_template("{spinner} {wide_msg}");
    let style = style.expect("the template is valid");
    bar.set_style(if is_ascii() { style.tick_chars("-\\|/ ") } else { style });
    bar.with_finish(ProgressFinish::AndClear)
}

/// Has the console of Windows wait with a new line until something is written behind the last column,
/// as terminals do. The line is drawn up to that column; a console that isn't told of escape sequences
/// would begin a new line each time.
#[cfg(windows)]
fn wrap_late() {
    // Where it can't be told, the line is shown all the same.
    let _ = crossterm::ansi_support::supports_ansi();
}

#[cfg(not(windows))]
const fn wrap_late() {}

/// Shows on a terminal how the scan goes, until nobody tells any more.
pub async fn draw(mut events: UnboundedReceiver<Progress>, wait_auth: Duration, text: Text) {
    let line = line();
    let mut phones = Phones::default();
    let mut redraw = interval(REDRAW);
    redraw.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            event = events.recv() => match event {
                Some(event) => phones.take(event, Instant::now()),
                None => return,
            },
            _ = redraw.tick() => {
                line.set_message(phones.line(Instant::now(), wait_auth, text));
                line.tick();
            }
        }
    }
}

/// Where nobody sees a line move: says once for each phone that a person must allow it.
pub async fn tell_waits(mut events: UnboundedReceiver<Progress>, wait_auth: Duration, text: Text) {
    let mut names = BTreeMap::new();
    while let Some(Progress { phone, step }) = events.recv().await {
        match step {
            PhoneStep::Listed(name) => {
                names.insert(phone, escape(&name).into_owned());
            }
            PhoneStep::WaitsForPerson => {
                let name = names.get(&phone).map_or("", String::as_str);
                let sentence = t!(text, "allow-on", names = name, seconds = wait_auth.as_secs());
                // Nothing can be done when standard error is closed.
                let _ = writeln!(std::io::stderr(), "micheck: {}", shown(&sentence));
            }
            PhoneStep::Asked | PhoneStep::Done => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_line_names_who_waits_and_who_is_asked() {
        let (start, text) = (Instant::now(), Text::default());
        let at = |seconds| start + Duration::from_secs(seconds);
        let mut phones = Phones::default();
        for phone in 0..6 {
            let step = PhoneStep::Listed(format!("P{phone}\x1b[31m"));
            phones.take(Progress { phone, step }, at(0));
        }
        let mut step = |phone, step, seconds| phones.take(Progress { phone, step }, at(seconds));
        step(0, PhoneStep::Done, 0);
        step(1, PhoneStep::WaitsForPerson, 0);
        for phone in 2..6 {
            step(phone, PhoneStep::Asked, 2);
        }
        insta::assert_snapshot!(phones.line(at(5), Duration::from_secs(60), text), @r"1 of 6 phones checked · unlock P1\u001b[31m and tap Allow (55 s left) · checking P2\u001b[31m, P3\u001b[31m, P4\u001b[31m, … (3 s)");
        phones.take(Progress { phone: 1, step: PhoneStep::Asked }, at(6));
        for phone in 2..6 {
            phones.take(Progress { phone, step: PhoneStep::Done }, at(6));
        }
        insta::assert_snapshot!(phones.line(at(7), Duration::from_secs(60), text), @r"5 of 6 phones checked · checking P1\u001b[31m (1 s)");
    }
}
