//! The check sheet: what the owner of one phone takes home.

use std::fmt::Write as _;

use maud::html;

use super::facts::{Fact, facts};
use super::page_height::{Measures, Print, SheetBlock, height_of};
use super::qr::qr_code;
use super::{
    Context, MAX_SHOWN, Paper, STYLE, Shop, class, decisive, demo, letterhead, page, step,
    what_was_read,
};
use crate::output::render::layout::fit;
use crate::output::render::verdict_style::{basis, meaning, name, perspective, symbol};
use crate::output::render::{each_once, replaced};
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

/// A sheet for each of these phones of a report, in one file: each on a page of its own.
///
/// Where a phone's serial number stands in full, its end is what should be shown
/// ([`Redaction::End`](crate::report::serial::Redaction)).
#[must_use]
pub fn sheets(
    report: &Report,
    devices: &[&DeviceReport],
    set: &AdvisorySet,
    text: Text,
    shop: &Shop,
    paper: Paper,
) -> String {
    let context = Context { report, ends: &[], set, text, shop };
    let sheets: Vec<Vec<SheetBlock<'_>>> =
        devices.iter().map(|device| blocks(context, device)).collect();
    let style = style(&sheets, paper);
    let title = match devices {
        [one] => format!("{}: {}", text.get("sheet-title"), name(one, text)),
        _ => text.get("sheet-title").to_owned(),
    };
    let body = html! {
        @for (number, blocks) in sheets.iter().enumerate() {
            article class={ "sheet s" (number) } { @for block in blocks { (block.markup) } }
        }
    };
    page(text, &title, &style, if paper.is_roll() { "roll" } else { "page" }, &body)
}

/// The style, with a page for each sheet: of a size that holds it, or with type small enough.
fn style(sheets: &[Vec<SheetBlock<'_>>], paper: Paper) -> String {
    let measures = paper.measures();
    let Measures { width, height, margin, type_size } = measures;
    let mut style = STYLE.to_owned();
    if paper.is_roll() {
        style.push_str(include_str!("roll.css"));
    }
    for (number, blocks) in sheets.iter().enumerate() {
        let needed = |scale: f64| height_of(blocks, measures, type_size * scale);
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

/// What the sheet of a phone shows, from top to bottom.
fn blocks<'a>(context: Context<'a>, device: &'a DeviceReport) -> Vec<SheetBlock<'a>> {
    let Context { report, text, .. } = context;
    let (apps, count) = context.apps(device);
    let about = t!(text, "sheet-about", app = &apps, cves = context.cves(device), count = count);
    let is_of_reset =
        |note: &Note| matches!(note, Note::FactoryVersionVulnerable | Note::FactoryVersionUnknown);
    let reset = device.notes.iter().copied().find(is_of_reset);
    let also = device.notes.iter().copied().filter(|note| {
        Some(*note) != reset && !matches!(note, Note::Simulated | Note::ListedInCheckin)
    });
    let sentences = |notes: &mut dyn Iterator<Item = Note>| -> Vec<String> {
        notes.map(|note| text.sentence(text.note(note))).collect()
    };
    let blocks = [
        Some(top(context, about)),
        report.simulated.then(|| demo_mark(context)),
        Some(verdict(device, text)),
        Some(paragraph(text.plainly(device.verdict, &apps, count))),
        device.verdict.is_at_risk().then(|| paragraph(perspective(device, text).to_owned())),
        change(device, text).map(|(before, now)| versions(&before, &now, text)),
        Some(what_to_do(device, text)),
        notes(true, text.get("sheet-after-reset"), sentences(&mut reset.into_iter())),
        notes(false, text.get("sheet-also"), sentences(&mut also.into_iter())),
        Some(list_of_facts(facts(context, device))),
        link(context),
        Some(end(context, device)),
    ];
    blocks.into_iter().flatten().collect()
}

fn top(context: Context<'_>, about: String) -> SheetBlock<'_> {
    let Context { text, shop, .. } = context;
    let markup = html! {
        div.top {
            (letterhead(shop))
            div {
                h1 { (text.get("sheet-title")) }
                p.about { (about) }
            }
        }
    };
    SheetBlock::new(markup, move |print| {
        let title = print.text("x", 1.5, 0.0);
        letterhead_height(shop, print) + (title + print.text(&about, 1.0, 0.0) + 0.8 * print.size)
    })
}

fn verdict(device: &DeviceReport, text: Text) -> SheetBlock<'static> {
    let (word, meaning) = (text.verdict_word(device.verdict), meaning(device, text));
    let markup = html! {
        div class={ "verdict " (class(device.verdict)) } {
            span.word { (symbol(device.verdict)) " " (word) }
            span.meaning { (meaning) }
        }
    };
    SheetBlock::new(markup, move |print| {
        print.text(word, 2.3, 6.0) + print.text(meaning, 1.15, 2.0) + 3.2 * print.size
    })
}

/// The versions before and now.
fn versions(before: &str, now: &str, text: Text) -> SheetBlock<'static> {
    let markup = html! {
        div.change {
            span { (text.get("sheet-before")) " " b { bdi { (before) } } }
            span { "→" }
            span { (text.get("sheet-now")) " " b { bdi { (now) } } }
        }
    };
    let both = format!("{before} {now}");
    SheetBlock::new(markup, move |print| print.text(&both, 1.3, 14.0) + 2.4 * print.size)
}

fn what_to_do(device: &DeviceReport, text: Text) -> SheetBlock<'static> {
    let (steps, is_done) = (steps(device, text), device.verdict.is_fine());
    let markup = html! {
        @if is_done {
            h2 { (text.get("sheet-nothing-to-do")) }
        } @else {
            h2 { (text.get("sheet-what-to-do")) }
        }
        @match steps.as_slice() {
            [] => {}
            [only] if is_done => p { (only) },
            steps => ol { @for step in steps { li { (step) } } },
        }
    };
    SheetBlock::new(markup, move |print| {
        let step = |step: &String| print.text(step, 1.0, 2.0) + 0.56 * print.size;
        3.2 * print.size + steps.iter().map(step).sum::<f64>()
    })
}

/// Notes below a head of theirs; none where there is no note.
fn notes(is_strong: bool, head: &str, notes: Vec<String>) -> Option<SheetBlock<'static>> {
    if notes.is_empty() {
        return None;
    }
    let markup =
        html! { div.note.strong[is_strong] { h2 { (head) } @for note in &notes { p { (note) } } } };
    Some(SheetBlock::new(markup, move |print| {
        notes.iter().map(|note| print.text(note, 1.0, 1.0) + 3.4 * print.size).sum()
    }))
}

fn list_of_facts(facts: Vec<Fact>) -> SheetBlock<'static> {
    let markup = html! {
        dl.facts {
            @for (head, value) in &facts { dt { (head) } dd { bdi { (value) } } }
        }
    };
    SheetBlock::new(markup, move |print| {
        let fact = |(head, value): &Fact| {
            // Side by side on a page, one below the other on a roll.
            let lines = if print.is_roll {
                print.text_within(head, 1.0) + print.text_within(value, 1.0)
            } else {
                print.text_within(head, 0.44).max(print.text_within(value, 0.5))
            };
            0.2 * print.size + lines
        };
        facts.iter().map(fact).sum::<f64>() + print.size
    })
}

/// What stands below all in small type: what was checked and read, how long it is kept, what made the
/// sheet.
fn end(context: Context<'_>, device: &DeviceReport) -> SheetBlock<'static> {
    let (text, foot) = (context.text, foot(context, device));
    let sources = sources(context, device);
    let only_this = text.get("sheet-only-this");
    let markup = html! {
        div.foot {
            p.only { (only_this) }
            @for line in &foot { p { (line) } }
            @if !sources.is_empty() {
                p {
                    (text.get("sheet-sources")) ": "
                    @for (at, (title, url)) in sources.iter().enumerate() {
                        @if at > 0 { "; " }
                        a href=(url) rel="noreferrer" { (title) }
                    }
                }
            }
        }
    };
    let titles: Vec<String> = sources.into_iter().map(|(title, _)| title).collect();
    let titles = titles.join("; ");
    SheetBlock::new(markup, move |print| {
        let small = |text: &str, inset| print.text(text, 0.84, inset) + 0.3 * print.size;
        foot.iter().map(|line| small(line, 0.0)).sum::<f64>()
            + small(&titles, 6.0)
            + (print.text(only_this, 0.92, 0.0) + 2.6 * print.size)
    })
}

fn letterhead_height(shop: &Shop, print: Print) -> f64 {
    if shop.name.is_none() && shop.contact.is_none() && shop.logo.is_none() {
        return 0.0;
    }
    let [name, contact] = [&shop.name, &shop.contact]
        .map(|one| one.as_deref().map_or(0.0, |one| print.text(one, 1.12, 9.0)));
    (name + contact).max(3.4 * print.size) + 0.5 * print.size
}

fn demo_mark(context: Context<'_>) -> SheetBlock<'static> {
    SheetBlock::new(demo(context), |print| print.text("DEMO", 1.0, 0.0) * 2.0 + 2.0 * print.size)
}

fn paragraph(text: String) -> SheetBlock<'static> {
    let markup = html! { p.plain { (text) } };
    SheetBlock::new(markup, move |print| print.text(&text, 1.06, 0.0) + 0.5 * print.size)
}

/// The shop's link, as text and as a code.
fn link(context: Context<'_>) -> Option<SheetBlock<'_>> {
    let link = context.shop.link.as_ref()?;
    let label = context.text.get("sheet-link");
    let markup = html! {
        div.link {
            @if let Some(code) = qr_code(link, label) { (code) }
            p { (label) br; a href=(link) rel="noreferrer" { (link) } }
        }
    };
    Some(SheetBlock::new(markup, |print| 8.5 * print.size))
}

/// The versions before and now, if they differ.
fn change(device: &DeviceReport, text: Text) -> Option<(String, String)> {
    let before = device.before.as_ref()?;
    let stranger = |version: &Option<String>, verdict: Verdict| match version {
        Some(version) => fit(&escape(version), 40),
        None if verdict.reason().is_some() => text.verdict_word(verdict).to_owned(),
        None => text.get("no-app").to_owned(),
    };
    let now = device.version_of(before.package.as_deref()).map(str::to_owned);
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
    let advisories = context.advisories(device);
    // One of each first, so that none is without any where there are many.
    let first = advisories.iter().filter_map(|advisory| advisory.sources.first());
    let others = advisories.iter().flat_map(|advisory| advisory.sources.iter().skip(1));
    let sources = each_once(first.chain(others), |source| &source.url);
    let sources = sources.into_iter().take(MAX_SOURCES.max(advisories.len())).map(|source| {
        let title = match &source.date {
            Some(date) => format!("{} ({date})", source.title),
            None => source.title.clone(),
        };
        (fit(&escape(&title), 2 * MAX_SHOWN), source.url.clone())
    });
    sources.collect()
}

fn foot(context: Context<'_>, device: &DeviceReport) -> Vec<String> {
    let Context { report, text, shop, .. } = context;
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
