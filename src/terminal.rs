//! The terminal: its width, whether it wants colour, and pages painted for it.

use std::io::IsTerminal as _;

use colored::{ColoredString, Colorize as _};

use crate::config::ColorChoice;
use crate::render::{Page, Role};

/// What standard output is.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    /// Its width in columns; `None` when it is no terminal.
    pub width: Option<usize>,
    /// Whether to colour.
    pub color: bool,
}

impl Terminal {
    /// Standard output as it is now, coloured as chosen.
    #[must_use]
    pub fn stdout(choice: ColorChoice) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let width = terminal_size::terminal_size_of(std::io::stdout())
            .map(|(terminal_size::Width(columns), _)| usize::from(columns));
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let color = match choice {
            ColorChoice::Auto => is_terminal && !dumb,
            ColorChoice::Always => true,
            ColorChoice::Never => false,
        };
        Self { width, color: color && can_color() }
    }

    /// The page as text, with colours if they are wanted.
    #[must_use]
    pub fn paint(self, page: &Page) -> String {
        if !self.color {
            return page.plain();
        }
        colored::control::set_override(true);
        let mut text = String::new();
        for line in &page.lines {
            for span in line {
                text.push_str(&painted(&span.text, span.role).to_string());
            }
            text.push('\n');
        }
        text
    }
}

fn painted(text: &str, role: Role) -> ColoredString {
    match role {
        Role::Plain => text.normal(),
        Role::Strong => text.bold(),
        Role::Muted => text.dimmed(),
        Role::Danger => text.red().bold(),
        Role::Warning => text.yellow().bold(),
        Role::Unknown => text.magenta().bold(),
        Role::Good => text.green().bold(),
    }
}

/// Old Windows consoles must be told that escape codes are coming.
#[cfg(windows)]
fn can_color() -> bool {
    colored::control::set_virtual_terminal(true).is_ok()
}

/// Terminals elsewhere know escape codes.
#[cfg(not(windows))]
const fn can_color() -> bool {
    true
}
