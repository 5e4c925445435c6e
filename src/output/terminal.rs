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
        // On grounds of their own, since nobody knows the terminal's: yellow on white can't be read.
        // The usual white is a grey, which is hard to read on these.
        Style::Danger => text.bright_white().bold().on_red(),
        Style::Unknown => text.bright_white().bold().on_magenta(),
        // Bold black is grey in many terminals, and the usual green and yellow are dark in some.
        Style::Warning => text.black().on_bright_yellow(),
        Style::Good => text.black().on_bright_green(),
        Style::MutedBlock => text.black().on_white(),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The 16 colours of usual terminals, as their sources have them: black to white, then bright.
    const PALETTES: [(&str, &str); 5] = [
        (
            "xterm",
            "000000 cd0000 00cd00 cdcd00 0000ee cd00cd 00cdcd e5e5e5 \
             7f7f7f ff0000 00ff00 ffff00 5c5cff ff00ff 00ffff ffffff",
        ),
        (
            "VGA, Linux console",
            "000000 aa0000 00aa00 aa5500 0000aa aa00aa 00aaaa aaaaaa \
             555555 ff5555 55ff55 ffff55 5555ff ff55ff 55ffff ffffff",
        ),
        (
            "Windows console, before 2017",
            "000000 800000 008000 808000 000080 800080 008080 c0c0c0 \
             808080 ff0000 00ff00 ffff00 0000ff ff00ff 00ffff ffffff",
        ),
        (
            "Windows Terminal, Campbell",
            "0c0c0c c50f1f 13a10e c19c00 0037da 881798 3a96dd cccccc \
             767676 e74856 16c60c f9f1a5 3b78ff b4009e 61d6d6 f2f2f2",
        ),
        (
            "GNOME, Tango",
            "2e3436 cc0000 4e9a06 c4a000 3465a4 75507b 06989a d3d7cf \
             555753 ef2929 8ae234 fce94f 729fcf ad7fa8 34e2e2 eeeeec",
        ),
    ];

    /// WCAG 2.2, relative luminance.
    fn luminance(color: u32) -> f64 {
        let part = |shift: u32| {
            let value = f64::from((color >> shift) & 0xff) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(16) + 0.7152 * part(8) + 0.0722 * part(0)
    }

    /// Foreground and background of what is painted so, as numbers of the 16 colours. Terminals may
    /// show bold text in the bright colour.
    fn colors(role: Style) -> (Vec<usize>, usize) {
        colored::control::set_override(true);
        let painted = painted("x", role).to_string();
        let codes = painted.split_once('m').unwrap().0.trim_start_matches("\x1b[").to_owned();
        let codes: Vec<usize> = codes.split(';').map(|code| code.parse().unwrap()).collect();
        let mut shades = Vec::new();
        let mut ground = None;
        for &code in &codes {
            match code {
                1 => {}
                30..=37 if codes.contains(&1) => shades.extend([code - 30, code - 30 + 8]),
                30..=37 => shades.push(code - 30),
                90..=97 => shades.push(code - 90 + 8),
                40..=47 => ground = Some(code - 40),
                100..=107 => ground = Some(code - 100 + 8),
                other => panic!("{other} in {painted:?}"),
            }
        }
        (shades, ground.unwrap())
    }

    #[test]
    fn words_on_blocks_of_colour_can_be_read_in_usual_terminals() {
        let blocks =
            [Style::Danger, Style::Warning, Style::Unknown, Style::Good, Style::MutedBlock];
        for role in blocks {
            let (shades, ground) = colors(role);
            assert!(!shades.is_empty());
            for (terminal, palette) in PALETTES {
                let palette: Vec<u32> = palette
                    .split(' ')
                    .map(|color| u32::from_str_radix(color, 16).unwrap())
                    .collect();
                for &shade in &shades {
                    let (one, other) = (luminance(palette[shade]), luminance(palette[ground]));
                    let contrast = (one.max(other) + 0.05) / (one.min(other) + 0.05);
                    assert!(contrast >= 4.5, "{role:?} in {terminal}: {contrast:.2}");
                }
            }
        }
    }
}
