//! The terminal: its width, whether it wants colour, and pages painted for it.

use std::borrow::Cow;
use std::io::IsTerminal as _;
use std::sync::LazyLock;

use colored::{ColoredString, Colorize as _};

use crate::output::render::{Page, Span, Style};
use micheck_core::escape::in_ascii;

/// Whether the language settings say that the terminal doesn't show UTF-8.
#[must_use]
pub fn is_ascii() -> bool {
    static IS_ASCII: LazyLock<bool> = LazyLock::new(|| {
        ["LC_ALL", "LC_CTYPE", "LANG"]
            .into_iter()
            .find_map(|name| std::env::var_os(name).filter(|value| !value.is_empty()))
            .is_some_and(|locale| !is_utf8(&locale.to_string_lossy()))
    });
    *IS_ASCII
}

/// Whether a locale of Unix is one in UTF-8; nothing is known of others, such as those of Windows.
fn is_utf8(locale: &str) -> bool {
    let locale = locale.to_ascii_lowercase();
    let named_coding = locale.split_once('.').map(|(_, coding)| coding);
    match named_coding {
        Some(coding) => coding.starts_with("utf-8") || coding.starts_with("utf8"),
        None => !matches!(locale.as_str(), "c" | "posix"),
    }
}

/// `text` as the terminal can show it, whatever a phone put into it.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if is_ascii() { in_ascii(text).into() } else { Cow::Borrowed(text) }
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    #[default]
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

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
        page.lines.iter().map(|line| self.paint_line(line) + "\n").collect()
    }

    /// A line as text without its newline, with colours if they are wanted.
    #[must_use]
    pub fn paint_line(self, line: &[Span]) -> String {
        if !self.color {
            return line.iter().map(|span| span.text.as_str()).collect();
        }
        colored::control::set_override(true);
        line.iter().map(|span| painted(&span.text, span.role).to_string()).collect()
    }
}

fn painted(text: &str, role: Style) -> ColoredString {
    match role {
        Style::Plain => text.normal(),
        Style::Strong => text.bold(),
        Style::Muted => text.dimmed(),
        Style::Danger => text.red().bold(),
        Style::Warning => text.yellow().bold(),
        Style::Unknown => text.magenta().bold(),
        Style::Good => text.green().bold(),
        // The usual white is a grey, which is hard to read on these.
        Style::DangerBlock => text.bright_white().bold().on_red(),
        Style::WarningBlock => text.black().bold().on_yellow(),
        Style::UnknownBlock => text.bright_white().bold().on_magenta(),
        Style::GoodBlock => text.black().bold().on_green(),
        Style::MutedBlock => text.bright_white().bold().on_bright_black(),
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
