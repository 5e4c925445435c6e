//! Where what happens is shown: lines on standard error, and on a terminal below them what is waited
//! for at the moment. Shell: writes there.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use crate::output::render::layout::{broken, fit};
use crate::output::terminal::shown;

/// How many lines of the screen are left to those that stay.
const LEFT: usize = 8;

/// Standard error, with lines that stay and, on a terminal, some that change.
pub struct Display {
    /// `None`: it is no terminal, or nothing is to be said.
    live: Option<ProgressBar>,
    /// Says a line that stays, where nothing changes.
    say: fn(&str),
}

impl Display {
    /// `is_live`: whether lines may change.
    #[must_use]
    pub fn new(is_live: bool, say: fn(&str)) -> Self {
        let bar = || {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            let style = ProgressStyle::with_template("{msg}").expect("the template is valid");
            bar.set_style(style);
            bar.with_finish(ProgressFinish::AndClear)
        };
        Self { live: is_live.then(bar), say }
    }

    /// Says a line that stays.
    pub fn say(&self, line: &str) {
        self.say_behind("", line);
    }

    /// The same behind a word that what is broken stands right of.
    pub fn say_behind(&self, head: &str, line: &str) {
        let Some(bar) = &self.live else {
            (self.say)(&format!("{head}{line}"));
            return;
        };
        let line = shown(line);
        let indent = " ".repeat(head.len() + line.len() - line.trim_start().len());
        let room = size().0.saturating_sub(indent.len());
        for (at, part) in broken(&line, room).into_iter().enumerate() {
            let before = if at == 0 && !head.is_empty() { head } else { &indent };
            let part = format!("{before}{part}");
            if bar.is_finished() {
                (self.say)(&part);
            } else {
                bar.println(part);
            }
        }
    }

    /// Shows these lines instead of those that were shown so far.
    pub fn show(&self, lines: &[String]) {
        let Some(bar) = &self.live else { return };
        let (width, height) = size();
        let most = height.saturating_sub(LEFT).max(2);
        let mut kept: Vec<String> = lines.iter().map(|line| fit(&shown(line), width)).collect();
        if kept.len() > most {
            // The last one, of all phones, always stands there.
            let hidden = kept.drain(most - 2..kept.len() - 1).count();
            kept.insert(most - 2, format!("… (+{hidden})"));
        }
        let gap = if kept.len() > 1 { "\n" } else { "" };
        bar.set_message(format!("{gap}{}", kept.join("\n")));
        if bar.is_finished() {
            bar.reset();
        }
        bar.tick();
    }

    /// Takes away what changes.
    pub fn clear(&self) {
        if let Some(bar) = &self.live {
            bar.finish_and_clear();
        }
    }
}

/// The columns and lines that can be written on.
fn size() -> (usize, usize) {
    let size = terminal_size::terminal_size_of(std::io::stderr());
    let (width, height) =
        size.map_or((80, 24), |(width, height)| (usize::from(width.0), usize::from(height.0)));
    (width.saturating_sub(1), height)
}
