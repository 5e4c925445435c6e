//! The board of `micheck watch`: as many lines as the screen has, from what is known.

mod page;
mod shape;
mod tile;

use unicode_width::UnicodeWidthStr as _;

use crate::output::render::layout::{behind, fit, pad, wrapped};
use crate::output::render::{Page, Span, Style};
use crate::text::{Text, t};
use crate::watch::board::{Board, Mode, PortNames, TypedText, View, bindings};
use micheck_core::escape::escape;
use page::{help, phone};
use shape::Shape;
use tile::Tile;

/// A screen, in columns and lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width: usize,
    pub height: usize,
}

/// What is to be shown.
#[derive(Debug)]
pub struct Drawn {
    /// As many lines as the screen has.
    pub page: Page,
    /// How many lines of a phone's page were scrolled past: no more than there are.
    pub scroll: usize,
}

/// Draws what `view` looks at, on a screen of this size.
#[must_use]
pub fn board(board: &Board, view: &View, names: &PortNames, size: Size) -> Drawn {
    let text = board.rules().text;
    let width = size.width;
    let mut top = Page::default();
    head(&mut top, board, width);
    for lost in board.lost_servers() {
        notice(&mut top, &t!(text, "server-gone", server = escape(&lost.server)), width);
    }
    for line in &view.notices {
        notice(&mut top, line, width);
    }
    let mut bottom = foot(view, text, width);
    // The last lines are kept for the keys, or for an answer; a screen that is too low for all loses
    // notices first.
    bottom.lines.truncate((size.height / 2).max(1));
    let room = size.height.saturating_sub(bottom.lines.len());
    top.lines.truncate(room.saturating_sub(3).max(1));
    let room = room.saturating_sub(top.lines.len());
    let mut scroll = 0;
    let mut body = Page::default();
    match &view.mode {
        Mode::Board | Mode::Typing { .. } | Mode::Confirming { .. } => {
            tiles(&mut body, board, view, names, width, room);
        }
        Mode::Help { scroll: wanted } => {
            help(&mut body, text, width);
            scroll = scrolled(&mut body, *wanted, room);
        }
        Mode::Phone { scroll: wanted } => {
            if let Some(chosen) = view.open(board) {
                phone(&mut body, board, chosen, names, width);
            }
            scroll = scrolled(&mut body, *wanted, room);
        }
    }
    body.lines.resize_with(room, Vec::new);
    let mut page = top;
    page.lines.append(&mut body.lines);
    page.lines.append(&mut bottom.lines);
    page.lines.truncate(size.height);
    for line in &mut page.lines {
        cut(line, width);
    }
    Drawn { page, scroll }
}

/// Takes away what was scrolled past, and says how much that is: no more than there is.
fn scrolled(body: &mut Page, wanted: usize, room: usize) -> usize {
    let scroll = wanted.min(body.lines.len().saturating_sub(room));
    body.lines.drain(..scroll);
    scroll
}

/// Cuts what is still too wide for a screen that is narrower than anybody's.
fn cut(line: &mut [Span], width: usize) {
    let mut room = width;
    for span in line {
        if room == 0 {
            span.text.clear();
        } else if span.text.width() > room {
            span.text = fit(&span.text, room);
        }
        room = room.saturating_sub(span.text.width());
    }
}

/// What the program is, the counters, and whether the phones are simulated.
fn head(page: &mut Page, board: &Board, width: usize) {
    let text = board.rules().text;
    let counts = board.counts();
    let numbers = [
        (counts.checked, Style::Strong, t!(text, "count-checked", count = counts.checked)),
        (counts.at_risk, Style::Danger, t!(text, "count-at-risk", count = counts.at_risk)),
        (counts.to_update, Style::Warning, t!(text, "count-to-update", count = counts.to_update)),
        (
            counts.left_at_risk,
            Style::Danger,
            t!(text, "count-left-at-risk", count = counts.left_at_risk),
        ),
        (counts.fixed, Style::Good, t!(text, "count-fixed", count = counts.fixed)),
        (counts.waiting, Style::Strong, t!(text, "count-waiting", count = counts.waiting)),
    ];
    let mut spans = vec![(Style::Strong, "micheck".to_owned())];
    let mut used = 7;
    // What is so of no phone isn't said where it is an exception.
    let is_said = |number: usize, at: usize| number > 0 || at < 2;
    let numbers = numbers.into_iter().enumerate().filter(|(at, one)| is_said(one.0, *at));
    let mut numbers: Vec<_> = numbers.map(|(_, one)| one).collect();
    // How many were checked matters least.
    let needed: usize = numbers.iter().map(|(.., words)| 3 + words.width()).sum();
    if used + needed > width {
        numbers.remove(0);
    }
    for (number, role, words) in numbers {
        let gap = if used == 7 { "  " } else { " · " };
        if used + gap.width() + words.width() > width {
            break;
        }
        used += gap.width() + words.width();
        spans.push((Style::Muted, gap.to_owned()));
        spans.push((if number == 0 { Style::Muted } else { role }, words));
    }
    page.line(spans);
    if board.rules().simulated {
        page.line([(Style::Warning, fit(text.get("demo"), width))]);
    }
}

fn notice(page: &mut Page, line: &str, width: usize) {
    behind(page, (Style::Warning, "! "), (Style::Warning, line), width);
}

/// The keys; while something is typed, that.
fn foot(view: &View, text: Text, width: usize) -> Page {
    let mut page = Page::default();
    if let Some(answer) = &view.answer {
        wrapped(&mut page, Style::Warning, "", answer, width);
        return page;
    }
    match &view.mode {
        mode @ (Mode::Board | Mode::Phone { .. }) => {
            let all = bindings(matches!(mode, Mode::Phone { .. }));
            keys(&mut page, all.map(|key| (key.label, text.key_name(key.name))), width);
        }
        Mode::Help { .. } => {
            let scroll = ("↑↓", text.get("key-scroll"));
            keys(&mut page, [("Esc", text.get("key-back")), scroll], width);
        }
        Mode::Confirming { phones } => {
            let question = t!(text, "ask-updaters", count = phones.len());
            wrapped(&mut page, Style::Strong, "", &question, width);
        }
        Mode::Typing { what, typed } => {
            let question = match what {
                TypedText::PortName(port) => {
                    t!(text, "name-of-port", port = escape(shown_port(port)))
                }
                TypedText::Job(_) => text.get("job-of-phone").to_owned(),
            };
            let question = fit(&question, width.saturating_sub(12));
            let typed = fit(&escape(typed), width.saturating_sub(question.width() + 1));
            let used = question.width() + typed.width() + 1;
            let (keep, leave) = (text.get("key-keep"), text.get("key-leave"));
            let hints = format!("  Enter {keep} · Esc {leave}");
            let mut spans = vec![(Style::Strong, question), (Style::Plain, format!("{typed}▏"))];
            if used + hints.width() <= width {
                spans.push((Style::Muted, hints));
            }
            page.line(spans);
        }
    }
    page
}

/// A port without the server that it is on: the chosen phone stands in sight.
fn shown_port(port: &str) -> &str {
    port.rsplit(' ').next().unwrap_or(port)
}

/// As many of `keys`, each with its name, as there is room for.
fn keys(
    page: &mut Page,
    keys: impl IntoIterator<Item = (&'static str, &'static str)>,
    width: usize,
) {
    let mut line = String::new();
    for (key, name) in keys {
        let gap = if line.is_empty() { "" } else { " · " };
        let more = format!("{gap}{key} {name}");
        if line.width() + more.width() > width {
            break;
        }
        line.push_str(&more);
    }
    page.line([(Style::Muted, line)]);
}

/// The phones, in as large a shape as lets all of them be seen, else a page of them.
fn tiles(
    page: &mut Page,
    board: &Board,
    view: &View,
    names: &PortNames,
    width: usize,
    room: usize,
) {
    let shown = view.shown(board);
    if shown.is_empty() {
        let text = board.rules().text;
        let lines = [
            text.get("empty-plug-in"),
            text.get("empty-debugging"),
            text.get("empty-allow"),
            text.get("empty-nothing"),
        ];
        for (number, line) in lines.into_iter().enumerate() {
            page.blank();
            let role = if number == 0 { Style::Strong } else { Style::Plain };
            wrapped(page, role, "  ", line, width.min(80));
        }
        return;
    }
    let chosen = view.chosen(&shown).map_or(0, |(at, _)| at);
    // One line is left for the note that there are more.
    let shape = Shape::fitting(width, room, shown.len());
    let each = shape.lines();
    let fits = shown.len() * each <= room;
    let on_a_page = if fits { shown.len() } else { (room.saturating_sub(1) / each).max(1) };
    let first = chosen / on_a_page * on_a_page;
    let last = (first + on_a_page).min(shown.len());
    for (at, phone) in shown.iter().enumerate().take(last).skip(first) {
        Tile::of(phone, board, names).draw(page, shape, width, at == chosen);
    }
    if !fits {
        page.lines.resize_with(room.saturating_sub(1), Vec::new);
        let more = format!("{}–{} / {}", first + 1, last, shown.len());
        page.line([(Style::Muted, pad(&fit(&more, width), width.min(20)))]);
    }
}

#[cfg(test)]
mod tests;
