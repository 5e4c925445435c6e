//! One phone on the board: its verdict, large, and the one next step.

use unicode_width::UnicodeWidthStr as _;

use super::shape::Shape;
use crate::output::render::layout::{fit, pad};
use crate::output::render::verdict_style::{role, symbol, system};
use crate::output::render::{Page, Style};
use crate::report::DeviceReport;
use crate::report::serial::end;
use crate::text::{Text, t};
use crate::watch::board::{Board, Change, Phase, Phone, PortNames, asks_again_by_itself};
use micheck_core::escape::escape;
use micheck_core::next_steps::{ReportSource, steps};
use micheck_core::step::Step;
use micheck_core::verdict::{Reason, Verdict};

/// How wide a verdict's block is.
const BLOCK: usize = 24;

/// How much of a serial number is shown.
const TAIL: usize = 4;

/// What is shown of a phone, escaped.
#[derive(Debug)]
pub(super) struct Tile {
    role: Style,
    word: String,
    name: String,
    /// The serial number's end and the port.
    place: String,
    version: String,
    system: String,
    step: String,
    gone: bool,
}

impl Tile {
    pub(super) fn of(phone: &Phone, board: &Board, names: &PortNames) -> Self {
        let text = board.rules().text;
        let held = phone.standing();
        let report = held.and_then(|held| held.report.as_deref());
        let (role, word) = verdict_word(phone, held.map(|held| held.verdict), text);
        let name = phone.name.as_deref().or(phone.model.as_deref());
        let mut place = Vec::new();
        if let Some(tail) =
            phone.connection.serial.as_deref().map(|serial| escape(&end(serial)).into_owned())
        {
            place.push(tail);
        }
        match (names.of(&phone.connection), &phone.connection.path) {
            (Some(name), _) => place.push(escape(name).into_owned()),
            (None, Some(path)) => place.push(fit(&escape(path), 20)),
            (None, None) => {}
        }
        Self {
            role,
            word,
            name: name.map_or(text.get("unnamed-phone").to_owned(), |name| fit(&escape(name), 40)),
            place: place.join(" · "),
            version: version(phone, held.map(|held| held.verdict), report, text),
            system: report
                .and_then(|report| system(&report.device))
                .map_or(String::new(), |system| fit(&escape(&system), 57)),
            step: step(phone, report, text),
            gone: !phone.is_present(),
        }
    }

    pub(super) fn draw(&self, page: &mut Page, shape: Shape, width: usize, chosen: bool) {
        match shape {
            Shape::Large | Shape::Close => {
                self.draw_card(page, shape == Shape::Large, width, chosen);
            }
            Shape::Two => self.draw_two_lines(page, width, chosen),
            Shape::Tall | Shape::Narrow => {
                self.draw_narrow(page, shape == Shape::Tall, width, chosen);
            }
            Shape::One => self.draw_line(page, width, chosen),
        }
    }

    /// A block of colour three lines high, and beside it name, facts and step.
    fn draw_card(&self, page: &mut Page, is_large: bool, width: usize, chosen: bool) {
        let (mark, bar) = marks(chosen);
        let room = width.saturating_sub(BLOCK + 4);
        let block = |text: &str| (self.block_role(), centred(text, BLOCK));
        let word = block(&self.word);
        let last = (Style::Plain, " ".repeat(BLOCK));
        let (mark, bar) = ((Style::Strong, mark.to_owned()), (Style::Strong, bar.to_owned()));
        let lines = if is_large {
            [[bar.clone(), block("")], [mark, word], [bar, block("")]]
        } else {
            [[mark, word], [bar.clone(), block("")], [bar, last]]
        };
        let [name, facts, step] = lines;
        let text = joined(&[&self.version, &self.system]);
        let (name_role, role) = self.text_roles();
        page.line(name.into_iter().chain([
            (Style::Plain, "  ".to_owned()),
            (name_role, fit(&self.name, room)),
            (Style::Muted, self.behind_name(room)),
        ]));
        page.line(facts.into_iter().chain([(role, format!("  {}", fit(&text, room)))]));
        let text = fit(&self.arrowed(), room);
        page.line(step.into_iter().chain([(role, format!("  {text}"))]));
        if is_large {
            page.blank();
        }
    }

    fn draw_two_lines(&self, page: &mut Page, width: usize, chosen: bool) {
        let (mark, bar) = marks(chosen);
        let room = width.saturating_sub(BLOCK + 4);
        let facts = joined(&[&self.name, &self.place, &self.version, &self.system]);
        let (name_role, role) = self.text_roles();
        let facts = fit(&facts, room);
        let cut = self.name.len().min(facts.len());
        let (name, rest) = facts.split_at(floor(&facts, cut));
        page.line([
            (Style::Strong, mark.to_owned()),
            (self.block_role(), centred(&self.word, BLOCK)),
            (Style::Plain, "  ".to_owned()),
            (name_role, name.to_owned()),
            (role, rest.to_owned()),
        ]);
        let indent = format!("{bar}{}", " ".repeat(BLOCK + 2));
        page.line([(Style::Strong, indent), (role, fit(&self.arrowed(), room))]);
    }

    /// For screens of a few columns; `is_tall`: the step may take two lines.
    fn draw_narrow(&self, page: &mut Page, is_tall: bool, width: usize, chosen: bool) {
        let (mark, bar) = marks(chosen);
        let (name_role, role) = self.text_roles();
        let word = format!(" {} ", self.word);
        let room = width.saturating_sub(word.width() + 3);
        // The serial number's end is what tells it from the next one.
        let name = fit(&self.name, room.saturating_sub(TAIL + 4));
        let left = room.saturating_sub(name.width());
        page.line([
            (Style::Strong, mark.to_owned()),
            (self.block_role(), word),
            (name_role, format!(" {name}")),
            (Style::Muted, self.place_within(left)),
        ]);
        let room = width.saturating_sub(2);
        let facts = joined(&[&self.version, &self.system]);
        let mut lines = vec![fit(&facts, room)];
        if is_tall {
            let (first, rest) = broken(&self.arrowed(), room);
            lines.push(first);
            lines.push(if rest.is_empty() { rest } else { fit(&format!("  {rest}"), room) });
        } else {
            lines.push(fit(&self.arrowed(), room));
        }
        for line in lines {
            page.line([(Style::Strong, bar.to_owned()), (role, line)]);
        }
    }

    fn draw_line(&self, page: &mut Page, width: usize, chosen: bool) {
        let (mark, _) = marks(chosen);
        let (name_role, role) = self.text_roles();
        let columns = [(&self.name, 24), (&self.place, 22), (&self.version, 34)];
        let mut spans =
            vec![(Style::Strong, mark.to_owned()), (self.block_role(), centred(&self.word, BLOCK))];
        let mut used = 2 + BLOCK;
        for (at, (column, columns)) in columns.into_iter().enumerate() {
            let role = if at == 0 { name_role } else { role };
            spans.push((role, format!("  {}", pad(&fit(column, columns), columns))));
            used += columns + 2;
        }
        let step = fit(&self.arrowed(), width.saturating_sub(used + 2));
        spans.push((role, format!("  {step}")));
        page.line(spans);
    }

    const fn text_roles(&self) -> (Style, Style) {
        if self.gone { (Style::Muted, Style::Muted) } else { (Style::Strong, Style::Plain) }
    }

    const fn block_role(&self) -> Style {
        if self.gone {
            return self.role;
        }
        match self.role {
            Style::Danger => Style::DangerBlock,
            Style::Warning => Style::WarningBlock,
            Style::Unknown => Style::UnknownBlock,
            Style::Good => Style::GoodBlock,
            _ => Style::MutedBlock,
        }
    }

    fn behind_name(&self, room: usize) -> String {
        let left = room.saturating_sub(fit(&self.name, room).width());
        if self.place.is_empty() {
            String::new()
        } else {
            fit(&format!(" · {}", self.place), left)
        }
    }

    /// Serial number and port, or the first of them, or nothing.
    fn place_within(&self, room: usize) -> String {
        let first = self.place.split(" · ").next().unwrap_or_default();
        [self.place.as_str(), first]
            .into_iter()
            .map(|place| format!(" · {place}"))
            .find(|place| !self.place.is_empty() && place.width() <= room)
            .unwrap_or_default()
    }

    fn arrowed(&self) -> String {
        // When it left is no step.
        if self.step.is_empty() || self.gone {
            self.step.clone()
        } else {
            format!("→ {}", self.step)
        }
    }
}

/// The largest place in `text`, up to `at`, between two characters.
fn floor(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

/// `text` in two: what has room in `width` columns, up to a space, and the rest.
fn broken(text: &str, width: usize) -> (String, String) {
    let breaks = text.match_indices(' ').map(|(at, _)| at).chain([text.len()]);
    match breaks.take_while(|&at| text[..at].width() <= width).last() {
        Some(at) => (text[..at].to_owned(), text[at..].trim_start().to_owned()),
        None => (fit(text, width), String::new()),
    }
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}

fn centred(text: &str, width: usize) -> String {
    let text = fit(text, width);
    let left = width.saturating_sub(text.width()) / 2;
    pad(&format!("{}{text}", " ".repeat(left)), width)
}

/// The verdict's word with its symbol; that of a phone without one.
fn verdict_word(phone: &Phone, verdict: Option<Verdict>, text: Text) -> (Style, String) {
    if let Some(verdict) = verdict {
        let word = format!("{} {}", symbol(verdict), text.verdict_word(verdict));
        return (role(verdict), word);
    }
    match phone.reason() {
        Some(Reason::Unauthorized) => (Style::Unknown, format!("… {}", text.get("phase-allow"))),
        Some(Reason::Authorizing) => {
            (Style::Unknown, format!("… {}", text.get("phase-connecting")))
        }
        Some(reason) => unknown(reason, text),
        None if phone.is_present() => {
            (Style::Muted, format!("… {}", phase_word(phone.phase(), text)))
        }
        None => unknown(Reason::Disconnected, text),
    }
}

fn unknown(reason: Reason, text: Text) -> (Style, String) {
    let verdict = Verdict::Unknown(reason);
    (role(verdict), format!("{} {}", symbol(verdict), text.verdict_word(verdict)))
}

/// What is being done about a phone that has no verdict, capitals.
fn phase_word(phase: Option<Phase>, text: Text) -> &'static str {
    match phase {
        Some(Phase::Asking { waits: true, .. }) => text.get("phase-allow"),
        Some(Phase::Pausing { starts: true, .. }) => text.get("phase-starting"),
        Some(Phase::Asking { .. } | Phase::Pausing { .. }) => text.get("phase-checking"),
        Some(Phase::Suspended) | None => text.get("phase-waiting"),
    }
}

/// What stands before the lines of a tile, the first and the others.
const fn marks(chosen: bool) -> (&'static str, &'static str) {
    if chosen { ("▶ ", "┃ ") } else { ("  ", "  ") }
}

/// What a person does while a phone is in this phase; `None`: nothing.
pub(super) fn phase_step(phase: Phase, text: Text) -> Option<&'static str> {
    match phase {
        Phase::Asking { waits: true, .. } => Some(text.get("phase-step-allow")),
        Phase::Pausing { starts: true, .. } => Some(text.get("phase-step-starting")),
        Phase::Pausing { starts: false, .. } => Some(text.get("phase-step-gone")),
        Phase::Asking { .. } | Phase::Suspended => None,
    }
}

/// Hours and minutes of a time in RFC 3339.
pub(super) fn clock(stamp: &str) -> &str {
    stamp.get(11..16).unwrap_or(stamp)
}

fn version(
    phone: &Phone,
    verdict: Option<Verdict>,
    report: Option<&DeviceReport>,
    text: Text,
) -> String {
    let shown = |version: &Option<String>| match version {
        Some(version) => fit(&escape(version), 26),
        None => text.get("no-app").to_owned(),
    };
    if let Some(Change { before, after, stamp }) = &phone.change
        && verdict.is_some_and(|verdict| verdict.reason().is_none())
    {
        return t!(
            text,
            "change",
            before = shown(before),
            after = shown(after),
            clock = clock(stamp)
        );
    }
    let reason = verdict.and_then(Verdict::reason).or_else(|| phone.reason());
    match (report.and_then(DeviceReport::decisive_finding), reason) {
        (_, Some(reason)) => text.reason_short(reason).to_owned(),
        (Some(finding), None) => {
            finding.version.as_deref().map_or(String::new(), |version| fit(&escape(version), 30))
        }
        (None, None) => match &phone.earlier {
            // While it is asked again, what it was is worth knowing.
            Some(earlier) if phone.is_present() => {
                let what = earlier.version.as_deref().map_or_else(
                    || text.verdict_word(earlier.verdict).to_owned(),
                    |version| fit(&escape(version), 26),
                );
                t!(text, "before", clock = clock(&earlier.stamp), what = &what)
            }
            _ => String::new(),
        },
    }
}

/// The one thing that a person does next.
fn step(phone: &Phone, report: Option<&DeviceReport>, text: Text) -> String {
    if !phone.is_present() {
        return left(phone, text);
    }
    if phone.taken_leave {
        return text.get("unplug-it").to_owned();
    }
    if let (Some(step), true) =
        (phone.phase().and_then(|phase| phase_step(phase, text)), phone.held.is_none())
    {
        return step.to_owned();
    }
    if let Some(reason) = phone.reason().filter(|_| phone.held.is_none()) {
        return first_step(reason, text);
    }
    let Some(held) = &phone.held else { return String::new() };
    let mut step = match held.verdict {
        Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable => {
            text.get("finish").to_owned()
        }
        Verdict::Unknown(reason) => first_step(reason, text),
        Verdict::Vulnerable | Verdict::Unconfirmed => report
            .and_then(|report| report.steps.first())
            .map_or(String::new(), |step| escape(&step.text).into_owned()),
    };
    if phone.needs_person() {
        step = format!("{step}; {}", text.get("then-ask-again"));
    }
    if let (Some(Phase::Pausing { .. }), Some(what)) =
        (phone.phase(), phone.phase().and_then(|phase| phase_step(phase, text)))
    {
        what.clone_into(&mut step);
    } else if let Some(failed) = &phone.failed {
        let why = text.reason_short(failed.reason);
        let vain = t!(text, "asked-in-vain", clock = clock(&failed.stamp), why = why);
        step = format!("{step} ({vain})");
    }
    step
}

fn left(phone: &Phone, text: Text) -> String {
    let clock =
        phone.past.last().filter(|past| past.verdict.is_none()).map(|past| clock(&past.stamp));
    let when = clock.map(|clock| t!(text, "unplugged-at", clock = clock)).unwrap_or_default();
    let what = match phone.outcome() {
        Some(verdict) if verdict.is_at_risk() => text.get("left-at-risk"),
        Some(Verdict::Unknown(_)) | None => text.get("left-unchecked"),
        Some(_) => "",
    };
    joined(&[&when, what])
}

/// The first step for a phone that couldn't be judged, in few words: all of them stand on its page.
fn first_step(reason: Reason, text: Text) -> String {
    let verdict = Verdict::Unknown(reason);
    let Some(&first) = steps(verdict, &[], &[], ReportSource::Cable).first() else {
        return String::new();
    };
    match text.step_short(first) {
        Some(short) => short.to_owned(),
        None if first == Step::CheckAgain && asks_again_by_itself(verdict) => {
            text.get("asked-again-by-itself").to_owned()
        }
        None if first == Step::CheckAgain => text.get("press-r").to_owned(),
        None => text.step(first, &[]),
    }
}
