//! One phone on the board: its verdict, large, and the one next step.

use unicode_width::UnicodeWidthStr as _;

use super::shape::Shape;
use crate::output::render::layout::{broken, fit, pad};
use crate::output::render::verdict_style::{day, role, symbol, system};
use crate::output::render::{Page, Style};
use crate::report::serial::end;
use crate::report::{DeviceReport, Gone, is_address};
use crate::text::{Text, t};
use crate::watch::board::{
    Board, BoardPhone, Change, Phase, PortNames, Presence, asks_again_by_itself,
};
use micheck_core::escape::escape;
use micheck_core::next_steps::{ReportSource, Updaters, steps};
use micheck_core::step::Step;
use micheck_core::verdict::{Reason, Verdict};

/// How wide a verdict's block is.
const BLOCK: usize = 24;

/// The same where there is room for more.
const LARGEST_BLOCK: usize = 44;

/// How much of a serial number is shown.
const TAIL: usize = 4;

type Line = Vec<(Style, String)>;

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
    /// What else can be done where that doesn't help, shown where there is room for it.
    other_ways: Vec<String>,
    gone: bool,
}

impl Tile {
    pub(super) fn of(phone: &BoardPhone, board: &Board, names: &PortNames) -> Self {
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
        if let Some(job) = &phone.job {
            place.push(t!(text, "job", job = fit(&escape(job), 20)));
        }
        Self {
            role,
            word,
            name: name.map_or(text.get("unnamed-phone").to_owned(), |name| fit(&escape(name), 40)),
            place: place.join(" · "),
            version: joined(&[
                &version(phone, held.map(|held| held.verdict), report, text),
                &on_record(phone, text),
            ]),
            system: report
                .and_then(|report| system(&report.device))
                .map_or(String::new(), |system| fit(&escape(&system), 57)),
            step: with_request(step(phone, report, text), phone, board),
            other_ways: report
                .filter(|_| phone.is_present())
                .map_or(Vec::new(), |report| other_ways(report, text)),
            gone: !phone.is_present(),
        }
    }

    pub(super) fn draw(&self, page: &mut Page, shape: Shape, width: usize, chosen: bool) {
        let (mark, bar) = if chosen { ("▶ ", "┃ ") } else { ("  ", "  ") };
        let lines = match shape {
            Shape::Card(lines) => self.card(lines, shape.middle(), width),
            Shape::Two => self.two_lines(width),
            Shape::One => self.one_line(width),
            Shape::Narrow(lines) => self.narrow(lines, width),
        };
        for (at, line) in lines.into_iter().enumerate() {
            let mark = if at == shape.middle() { mark } else { bar };
            let mark = if line.is_empty() { "" } else { mark };
            page.line([(Style::Strong, mark.to_owned())].into_iter().chain(line));
        }
    }

    /// A block of colour, and beside it name, facts and step.
    fn card(&self, lines: usize, middle: usize, width: usize) -> Vec<Line> {
        let high = lines - 1;
        let columns = if high > 4 { (width / 4).clamp(BLOCK, LARGEST_BLOCK) } else { BLOCK };
        let text = self.text(high.max(3), width.saturating_sub(columns + 4));
        let above = high.saturating_sub(text.len()) / 2;
        let mut beside = vec![None; above].into_iter().chain(text.into_iter().map(Some));
        let row = |at| {
            let word = if at == middle { self.word.as_str() } else { "" };
            let role = if at < high { self.block_role() } else { Style::Plain };
            let line = beside.next();
            if line.is_none() && at >= high {
                return Line::new();
            }
            let gap = (Style::Plain, "  ".to_owned());
            let block = [(role, centred(word, columns)), gap];
            block.into_iter().chain(line.flatten().unwrap_or_default()).collect()
        };
        (0..lines).map(row).collect()
    }

    fn two_lines(&self, width: usize) -> Vec<Line> {
        let room = width.saturating_sub(BLOCK + 4);
        let (name_role, role) = self.text_roles();
        let name = fit(&self.name, room);
        let facts = joined(&[&self.place, &self.version, &self.system]);
        let facts = if facts.is_empty() { facts } else { format!(" · {facts}") };
        let facts = fit(&facts, room.saturating_sub(name.width()));
        vec![
            vec![
                (self.block_role(), centred(&self.word, BLOCK)),
                (Style::Plain, "  ".to_owned()),
                (name_role, name),
                (role, facts),
            ],
            vec![(Style::Plain, " ".repeat(BLOCK + 2)), (role, fit(&self.arrowed(), room))],
        ]
    }

    fn narrow(&self, lines: usize, width: usize) -> Vec<Line> {
        let (name_role, _) = self.text_roles();
        let word = format!(" {} ", self.word);
        let room = width.saturating_sub(word.width() + 3);
        // The serial number's end is what tells it from the next one.
        let name = fit(&self.name, room.saturating_sub(TAIL + 4));
        let place = self.place_within(room.saturating_sub(name.width()));
        let mut shown = self.text(lines, width.saturating_sub(2));
        shown[0] =
            vec![(self.block_role(), word), (name_role, format!(" {name}")), (Style::Muted, place)];
        shown.resize(lines, vec![(Style::Plain, String::new())]);
        shown
    }

    fn one_line(&self, width: usize) -> Vec<Line> {
        let (name_role, role) = self.text_roles();
        let mut line = vec![(self.block_role(), centred(&self.word, BLOCK))];
        let columns =
            [(name_role, &self.name, 24), (role, &self.place, 22), (role, &self.version, 34)];
        let mut used = 2 + BLOCK;
        for (role, column, columns) in columns {
            line.push((role, format!("  {}", pad(&fit(column, columns), columns))));
            used += columns + 2;
        }
        let step = fit(&self.arrowed(), width.saturating_sub(used + 2));
        line.push((role, format!("  {step}")));
        vec![line]
    }

    /// Name and place, facts, and the step, which takes as many lines as are left.
    fn text(&self, lines: usize, width: usize) -> Vec<Line> {
        let (name_role, role) = self.text_roles();
        let name = fit(&self.name, width);
        let place = self.place_within(width.saturating_sub(name.width()));
        let facts = joined(&[&self.version, &self.system]);
        let mut shown =
            vec![vec![(name_role, name), (Style::Muted, place)], vec![(role, fit(&facts, width))]];
        let mut step = broken(&self.arrowed(), width.saturating_sub(2));
        if step.len() > lines - 2 {
            let last = step.split_off(lines - 3).join(" ");
            step.push(last);
        }
        for (at, line) in step.into_iter().enumerate() {
            let indent = if at == 0 { "" } else { "  " };
            shown.push(vec![(role, fit(&format!("{indent}{line}"), width))]);
        }
        for way in &self.other_ways {
            let broken = broken(way, width.saturating_sub(2));
            if shown.len() + broken.len() > lines {
                break;
            }
            shown.extend(broken.into_iter().map(|line| vec![(Style::Muted, format!("  {line}"))]));
        }
        shown
    }

    const fn text_roles(&self) -> (Style, Style) {
        if self.gone { (Style::Muted, Style::Muted) } else { (Style::Strong, Style::Plain) }
    }

    const fn block_role(&self) -> Style {
        match self.role {
            // Of those that left, the ones at risk stay in sight.
            role @ (Style::Danger | Style::Warning) => role,
            _ if self.gone => Style::Muted,
            role @ (Style::Unknown | Style::Good) => role,
            _ => Style::MutedBlock,
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
fn verdict_word(phone: &BoardPhone, verdict: Option<Verdict>, text: Text) -> (Style, String) {
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
        None => {
            let verdict = phone.outcome().unwrap_or(Verdict::Unknown(Reason::Disconnected));
            unknown(verdict.reason().unwrap_or(Reason::Disconnected), text)
        }
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
    phone: &BoardPhone,
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

/// What is on record of a phone, and what it is today, where that says something new.
fn on_record(phone: &BoardPhone, text: Text) -> String {
    let (Some(before), Some(held), None) = (&phone.recorded, phone.standing(), &phone.change)
    else {
        return String::new();
    };
    let nothing_new = before.verdict.is_fine() && held.verdict.is_fine();
    if nothing_new || held.verdict.reason().is_some() {
        return String::new();
    }
    let (was, is) = (text.verdict_word(before.verdict), text.verdict_word(held.verdict));
    if before.verdict == held.verdict {
        let day = if before.at.get(..10) == held.stamp.get(..10) {
            clock(&before.at).to_owned()
        } else {
            day(&before.at, text)
        };
        return t!(text, "recorded-still", was = was, day = day);
    }
    if before.at.get(..10) == held.stamp.get(..10) {
        return t!(text, "recorded-today", was = was, clock = clock(&before.at), is = is);
    }
    t!(text, "recorded", was = was, day = day(&before.at, text), is = is)
}

/// The one thing that a person does next.
fn step(phone: &BoardPhone, report: Option<&DeviceReport>, text: Text) -> String {
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
            .map_or(String::new(), |step| escape(&step.in_few_words(text)).into_owned()),
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

/// The step, and before it what the phone was asked to show while it is at risk.
fn with_request(step: String, phone: &BoardPhone, board: &Board) -> String {
    let text = board.rules().text;
    let at_risk = board.may_show_updater(phone);
    let Some(requested) = phone.requested.as_ref().filter(|_| at_risk) else { return step };
    let clock = clock(&requested.stamp);
    match requested.taken() {
        Some(request) => {
            t!(text, "updater-shown", clock = clock, screen = text.route(request.route))
        }
        None if requested.is_unanswered() => t!(text, "updater-unanswered", clock = clock),
        None => format!("{} ({})", step, t!(text, "updater-not-shown", clock = clock)),
    }
}

/// The further ways to an update, in few words.
fn other_ways(report: &DeviceReport, text: Text) -> Vec<String> {
    let ways = report.steps.iter().skip(1);
    let ways = ways.filter(|step| step.key.is_remedy() && step.key != Step::OwnerSignsInAgain);
    let ways = ways.map(|step| escape(&step.in_few_words(text)).into_owned());
    ways.map(|way| t!(text, "other-way", step = way)).collect()
}

fn left(phone: &BoardPhone, text: Text) -> String {
    let clock =
        phone.past.last().filter(|past| past.verdict.is_none()).map(|past| clock(&past.stamp));
    let when = clock.map(|clock| match phone.presence {
        Presence::Absent { gone: Gone::ServerLost, .. } => {
            t!(text, "server-gone-at", clock = clock)
        }
        _ if is_address(&phone.connection) => t!(text, "connection-lost-at", clock = clock),
        _ => t!(text, "unplugged-at", clock = clock),
    });
    let when = when.unwrap_or_default();
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
    let Some(&first) = steps(verdict, Updaters::default(), &[], ReportSource::Cable).first() else {
        return String::new();
    };
    match text.step_short(first) {
        Some(short) => short,
        None if first == Step::CheckAgain && asks_again_by_itself(verdict) => {
            text.get("asked-again-by-itself").to_owned()
        }
        None if first == Step::CheckAgain => text.get("press-r").to_owned(),
        None => text.step(first, &[]),
    }
}
