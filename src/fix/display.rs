//! Where what happens is shown: lines on standard error, and on a terminal below them what is waited
//! for at the moment. Shell: writes there.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};

use crate::output::render::layout::{broken, fit};
use crate::output::terminal::shown;

/// The most lines that stay below the others: a screen has room for some that came before.
const MAX_LINES: usize = 20;

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
        match &self.live {
            Some(bar) => {
                let line = shown(line);
                for line in broken(&line, width()) {
                    bar.println(line);
                }
            }
            None => (self.say)(line),
        }
    }

    /// Shows these lines instead of those that were shown so far.
    pub fn show(&self, lines: &[String]) {
        let Some(bar) = &self.live else { return };
        let width = width();
        let (most, hidden) = match lines.len().checked_sub(MAX_LINES) {
            Some(more @ 1..) => (MAX_LINES - 1, more + 1),
            _ => (lines.len(), 0),
        };
        let last = lines.len().saturating_sub(1);
        // The last one, of all phones, always stands there.
        let mut kept: Vec<String> = lines[..most.min(last)]
            .iter()
            .chain(lines.last())
            .map(|line| fit(&shown(line), width))
            .collect();
        if hidden > 0 {
            kept.insert(kept.len() - 1, format!("… (+{})", lines.len() - kept.len()));
        }
        bar.set_message(kept.join("\n"));
        bar.tick();
    }

    /// Takes away what changes.
    pub fn clear(&self) {
        if let Some(bar) = &self.live {
            bar.set_message(String::new());
            bar.finish_and_clear();
        }
    }
}

fn width() -> usize {
    let size = terminal_size::terminal_size_of(std::io::stderr());
    size.map_or(80, |(terminal_size::Width(columns), _)| usize::from(columns)).saturating_sub(1)
}
