//! The check sheet: what the owner of one phone takes home.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::code::qr_code;
use super::room::{Measures, lines};
use super::{
    Context, MAX_SHOWN, Paper, STYLE, Shop, class, decisive, demo, letterhead, page, step, time,
    what_was_read,
};
use crate::output::render::layout::fit;
use crate::output::render::table::{basis, meaning, name, perspective, replaced, symbol, system};
use crate::report::{DeviceReport, Report};
use crate::text::{Text, t};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Verdict};

/// The most sources that are named: each is a line or two.
const MAX_SOURCES: usize = 6;

/// How much smaller than it would be the type may get, so that a sheet keeps to its page.
const SCALES: [f64; 9] = [1.0, 0.95, 0.9, 0.85, 0.8, 0.74, 0.68, 0.6, 0.54];

/// A line of the list of facts.
struct Fact {
    head: String,
    value: String,
}

/// Everything that one sheet says.
struct Sheet<'a> {
    device: &'a DeviceReport,
    about: String,
    simulated: bool,
    word: &'static str,
    meaning: &'static str,
    plain: String,
    perspective: Option<&'static str>,
    /// Versions before and now.
    change: Option<(String, String)>,
    facts: Vec<Fact>,
    steps: Vec<String>,
    after_reset: Option<String>,
    also: Vec<String>,
    sources: Vec<(String, String)>,
    only_this: String,
    /// What was checked and read, how long it is kept, what made the sheet.
    foot: Vec<String>,
}

/// A sheet for each of these phones of a report, in one file: each on a page of its own.
///
/// Where a phone's serial number stands in full, its end is what should be shown
/// ([`Serials::End`](crate::report::serial::Serials)).
#[must_use]
pub fn sheets(
    report: &Report,
    devices: &[&DeviceReport],
    set: &AdvisorySet,
    text: Text,
    shop: &Shop,
    paper: Paper,
) -> String {
    let context = Context { report, set, text, shop };
    let sheets: Vec<Sheet<'_>> = devices.iter().map(|device| Sheet::of(context, device)).collect();
    let style = style(&sheets, shop, paper);
    let title = match devices {
        [one] => format!("{}: {}", text.get("sheet-title"), name(one, text)),
        _ => text.get("sheet-title").to_owned(),
    };
    let body = html! {
        @for (number, sheet) in sheets.iter().enumerate() { (sheet.markup(context, number)) }
    };
    page(text, &title, &style, if paper.is_roll() { "roll" } else { "page" }, &body)
}

/// The style, with a page for each sheet: of a size that holds it, or with type small enough.
fn style(sheets: &[Sheet<'_>], shop: &Shop, paper: Paper) -> String {
    let measures = paper.measures();
    let Measures { width, height, margin, type_size } = measures;
    let mut style = STYLE.to_owned();
    if paper.is_roll() {
        style.push_str(include_str!("roll.css"));
    }
    for (number, sheet) in sheets.iter().enumerate() {
        let needed = |scale: f64| sheet.height(shop, measures, type_size * scale);
        let (scale, height) = match height {
            None => (1.0, (needed(1.0) + 2.0 * margin).ceil()),
            Some(height) => {
                let room = height - 2.0 * margin;
                let fitting = SCALES.into_iter().find(|scale| needed(*scale) <= room);
                (fitting.unwrap_or(SCALES[SCALES.len() - 1]), height)
            }
        };
        let size = type_size * scale;
        write!(
            style,
            "@page s{number} {{ size: {width}mm {height}mm; margin: {margin}mm; }}\n\
             @media print {{ .s{number} {{ page: s{number}; font-size: {size:.2}mm; }} }}\n"
        )
        .expect("a String takes every write");
    }
    style
}

impl<'a> Sheet<'a> {
    fn of(context: Context<'_>, device: &'a DeviceReport) -> Self {
        let Context { report, text, shop, .. } = context;
        let verdict = device.verdict;
        let (apps, count) = context.apps(device);
        let reset = device.notes.iter().find(|note| {
            matches!(note, Note::FactoryVersionVulnerable | Note::FactoryVersionUnknown)
        });
        let also = device.notes.iter().filter(|note| {
            Some(*note) != reset && !matches!(note, Note::Simulated | Note::ListedInCheckin)
        });
        Self {
            device,
            about: t!(text, "sheet-about", app = &apps, cves = context.cves(device), count = count),
            simulated: report.simulated,
            word: text.verdict_word(verdict),
            meaning: meaning(device, text),
            plain: text.plainly(verdict, &apps, count),
            perspective: verdict.is_at_risk().then(|| perspective(device, text)),
            change: change(device, text),
            facts: facts(context, device),
            steps: steps(device, text),
            after_reset: reset.map(|note| text.sentence(text.note(*note))),
            also: also.map(|note| text.sentence(text.note(*note))).collect(),
            sources: sources(context, device),
            only_this: t!(text, "sheet-only-this", count = advisories_looked_at(device)),
            foot: foot(report, device, text, shop),
        }
    }

    fn markup(&self, context: Context<'_>, number: usize) -> Markup {
        let Context { text, shop, .. } = context;
        html! {
            article class={ "sheet s" (number) } {
                div.top {
                    (letterhead(shop))
                    div {
                        h1 { (text.get("sheet-title")) }
                        p.about { (self.about) }
                    }
                }
                (demo(context))
                div class={ "verdict " (class(self.device.verdict)) } {
                    span.word { (symbol(self.device.verdict)) " " (self.word) }
                    span.meaning { (self.meaning) }
                }
                p.plain { (self.plain) }
                @if let Some(perspective) = self.perspective { p.plain { (perspective) } }
                @if let Some((before, now)) = &self.change {
                    div.change {
                        span { (text.get("sheet-before")) " " b { bdi { (before) } } }
                        span { "→" }
                        span { (text.get("sheet-now")) " " b { bdi { (now) } } }
                    }
                }
                @if self.is_done() {
                    h2 { (text.get("sheet-nothing-to-do")) }
                } @else {
                    h2 { (text.get("sheet-what-to-do")) }
                }
                @match self.steps.as_slice() {
                    [] => {}
                    [only] if self.is_done() => p { (only) },
                    steps => ol { @for step in steps { li { (step) } } },
                }
                @if let Some(after_reset) = &self.after_reset {
                    div.note.strong { h2 { (text.get("sheet-after-reset")) } p { (after_reset) } }
                }
                @if !self.also.is_empty() {
                    div.note {
                        h2 { (text.get("sheet-also")) }
                        @for also in &self.also { p { (also) } }
                    }
                }
                dl.facts {
                    @for fact in &self.facts { dt { (fact.head) } dd { bdi { (fact.value) } } }
                }
                @if let Some(link) = &shop.link {
                    div.link {
                        @if let Some(code) = qr_code(link, text.get("sheet-link")) { (code) }
                        p { (text.get("sheet-link")) br; a href=(link) rel="noreferrer" { (link) } }
                    }
                }
                div.foot {
                    p.only { (self.only_this) }
                    @for line in &self.foot { p { (line) } }
                    @if !self.sources.is_empty() {
                        p {
                            (text.get("sheet-sources")) ": "
                            @for (at, (title, url)) in self.sources.iter().enumerate() {
                                @if at > 0 { "; " }
                                a href=(url) rel="noreferrer" { (title) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// Whether nothing is left to do but to close the way into the phone.
    const fn is_done(&self) -> bool {
        !self.device.verdict.is_at_risk() && self.device.verdict.reason().is_none()
    }

    /// The height that this takes in print, millimetres; rather too much than too little.
    fn height(&self, shop: &Shop, measures: Measures, size: f64) -> f64 {
        let width = measures.width - 2.0 * measures.margin;
        // As in the style sheet, for the language with the taller lines.
        let line = 1.58;
        let text = |text: &str, scale: f64, inset: f64| {
            lines(text, size * scale, width - inset * size) * size * scale * line
        };
        let mut height = 0.0;
        if shop.name.is_some() || shop.contact.is_some() || shop.logo.is_some() {
            let [name, contact] = [&shop.name, &shop.contact]
                .map(|one| one.as_deref().map_or(0.0, |one| text(one, 1.12, 9.0)));
            height += (name + contact).max(3.4 * size) + 0.5 * size;
        }
        height += text("x", 1.5, 0.0) + text(&self.about, 1.0, 0.0) + 0.8 * size;
        if self.simulated {
            height += text("DEMO", 1.0, 0.0) * 2.0 + 2.0 * size;
        }
        height += text(self.word, 2.3, 6.0) + text(self.meaning, 1.15, 2.0) + 3.2 * size;
        height += text(&self.plain, 1.06, 0.0) + 0.5 * size;
        height += self.perspective.map_or(0.0, |one| text(one, 1.06, 0.0) + 0.5 * size);
        if let Some((before, now)) = &self.change {
            height += text(&format!("{before} {now}"), 1.3, 14.0) + 2.4 * size;
        }
        height += 3.2 * size;
        for step in &self.steps {
            height += text(step, 1.0, 2.0) + 0.56 * size;
        }
        for note in self.after_reset.iter().chain(&self.also) {
            height += text(note, 1.0, 1.0) + 3.4 * size;
        }
        for fact in &self.facts {
            // Side by side on a page, one below the other on a roll.
            let of = |text: &str, part: f64| lines(text, size, width * part) * size * line;
            height += 0.2 * size;
            height += match measures.height {
                Some(_) => of(&fact.head, 0.44).max(of(&fact.value, 0.5)),
                None => of(&fact.head, 1.0) + of(&fact.value, 1.0),
            };
        }
        height += 1.0 * size;
        if shop.link.is_some() {
            height += 8.5 * size;
        }
        for line in &self.foot {
            height += text(line, 0.84, 0.0) + 0.3 * size;
        }
        let sources: Vec<&str> = self.sources.iter().map(|(title, _)| title.as_str()).collect();
        height += text(&sources.join("; "), 0.84, 6.0) + 0.3 * size;
        height += text(&self.only_this, 0.92, 0.0) + 2.6 * size;
        // Measured: browsers take 0.6 to 0.85 of what this adds up to. A roll has room for other
        // fonts; on a page, type that is larger is worth more.
        if measures.height.is_some() { height * 0.88 } else { height }
    }
}

/// By how many advisories the phone was judged.
fn advisories_looked_at(device: &DeviceReport) -> usize {
    let mut ids: Vec<&str> = device.findings.iter().map(|finding| finding.id.as_str()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.len().max(1)
}

/// What is known of the phone and the check.
fn facts(context: Context<'_>, device: &DeviceReport) -> Vec<Fact> {
    let Context { report, text, .. } = context;
    let fact = |head: &str, value: String| Fact { head: head.to_owned(), value };
    let stranger = |value: &str| fit(&escape(value), MAX_SHOWN);
    let (taken_at, ..) = report.run_of(device);
    let mut facts = Vec::new();
    if !device.is_typed() {
        facts.push(fact(text.get("sheet-phone"), fit(&name(device, text), MAX_SHOWN)));
    }
    let model = device.device.model.as_deref();
    if let Some(model) = model.filter(|model| Some(*model) != device.device.name()) {
        facts.push(fact(text.get("sheet-model"), stranger(model)));
    }
    if let Some(system) = system(&device.device) {
        facts.push(fact(text.get("sheet-system"), stranger(&system)));
    }
    if let Some((head, value)) = context.serial(device) {
        facts.push(Fact { head: head.to_owned(), value });
    }
    for finding in decisive(device).take(12) {
        if let Some(version) = &finding.version {
            let head = t!(text, "sheet-version", app = stranger(&finding.app));
            let value = stranger(version);
            // One app may have several flaws.
            if !facts.iter().any(|fact| fact.head == head && fact.value == value) {
                facts.push(Fact { head, value });
            }
        }
    }
    if let Some(source) = &device.source {
        facts.push(fact(text.get("sheet-file"), stranger(&source.file)));
    }
    facts.push(fact(text.get("sheet-checked"), time(taken_at)));
    facts.push(fact(text.get("sheet-number"), report.number_of(device)));
    facts
}

/// The versions before and now, if they differ.
fn change(device: &DeviceReport, text: Text) -> Option<(String, String)> {
    let before = device.before.as_ref()?;
    let stranger = |version: &Option<String>, verdict: Verdict| match version {
        Some(version) => fit(&escape(version), 40),
        None if verdict.reason().is_some() => text.verdict_word(verdict).to_owned(),
        None => text.get("no-app").to_owned(),
    };
    let now = device.decisive_finding().and_then(|finding| finding.version.clone());
    let changed =
        before.version != now || before.verdict.is_at_risk() != device.verdict.is_at_risk();
    changed.then(|| (stranger(&before.version, before.verdict), stranger(&now, device.verdict)))
}

/// What the owner does, as sentences.
fn steps(device: &DeviceReport, text: Text) -> Vec<String> {
    let for_owner = device.steps.iter().filter(|step| step.key.is_for_owner());
    let mut steps: Vec<String> =
        for_owner.map(|one| step(&one.sentence_for_owner(text), text)).collect();
    if device.verdict.reason().is_some()
        && !device.steps.iter().any(|step| step.key == Step::CheckAgain)
    {
        steps.push(text.sentence(&text.step_for_owner(Step::CheckAgain, &[])));
    }
    steps
}

/// Where the facts about the flaw are from: title and address.
fn sources(context: Context<'_>, device: &DeviceReport) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let advisories = context.advisories(device);
    // One of each first, so that none is without any where there are many.
    let first = advisories.iter().filter_map(|advisory| advisory.sources.first());
    let others = advisories.iter().flat_map(|advisory| advisory.sources.iter().skip(1));
    for source in first.chain(others) {
        let title = match &source.date {
            Some(date) => format!("{} ({date})", source.title),
            None => source.title.clone(),
        };
        if !found.iter().any(|(_, url)| *url == source.url) {
            found.push((fit(&escape(&title), 2 * MAX_SHOWN), source.url.clone()));
        }
    }
    found.truncate(MAX_SOURCES.max(advisories.len()));
    found
}

fn foot(report: &Report, device: &DeviceReport, text: Text, shop: &Shop) -> Vec<String> {
    let (_, tool, advisories) = report.run_of(device);
    let mut foot = vec![what_was_read(device, text).to_owned()];
    foot.push(match &shop.retention {
        Some(retention) => t!(text, "sheet-kept", retention = retention),
        None => text.get("sheet-kept-unsaid").to_owned(),
    });
    foot.extend(decisive(device).find_map(|finding| basis(finding, text)));
    let hash = advisories.hash.get(..8).unwrap_or(&advisories.hash);
    let short = |value: &str| fit(&escape(value), 40);
    foot.extend(replaced(advisories, text));
    foot.push(t!(
        text,
        "sheet-made-by",
        version = short(&tool.version),
        set = short(&advisories.version),
        hash = short(hash)
    ));
    foot
}
