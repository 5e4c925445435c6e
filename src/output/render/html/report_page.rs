//! The report of a bench: a summary, a table, and a section for each phone.

use maud::{Markup, html};

use super::chart::chart;
use super::{
    Context, STYLE, Shop, class, demo, letterhead, page, shown, what_was_read, within_sheet,
};
use crate::output::render::findings::apps_at_risk;
use crate::output::render::groups::{
    Group, Subgroup, closing, flaws, groups, needs_something, told_apart,
};
use crate::output::render::verdict_style::{
    file_name, heads, meaning, name, perspectives, symbol, system, time, what_updated_rests_on,
};
use crate::output::render::{each_once, replaced, summary};
use crate::report::{DeviceReport, LinkKind, Report};
use crate::text::{Text, t};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::verdict::Verdict;

const PAGE: &str = "@page { size: A4; margin: 15mm; }\n";

/// The whole report in one file.
///
/// `ends`: of each phone the end of its serial number, where that itself is coded and the end may be
/// shown, so that the page can be matched to what lies on the bench; none where nothing is to be said.
#[must_use]
pub fn bench(
    report: &Report,
    ends: &[Option<String>],
    set: &AdvisorySet,
    text: Text,
    shop: &Shop,
) -> String {
    let context = Context { report, ends, set, text, shop };
    let style = format!("{STYLE}{PAGE}");
    let title = format!("{}, {}", text.get("bench-title"), time(&report.taken_at, text));
    let body = html! {
        main {
            div.top {
                (letterhead(shop))
                div {
                    h1 { (text.get("bench-title")) }
                    @for flaw in flaws(report) { p { (super::fit(&flaw, 3 * super::MAX_SHOWN)) } }
                    p.soft { (text.get("sheet-checked")) " " (time(&report.taken_at, text)) }
                }
            }
            (demo(context))
            @if report.devices.is_empty() {
                h2 { (text.get("bench-no-phone")) }
                ol { @for hint in &report.hints { li { (text.sentence(text.hint(hint.key))) } } }
            } @else {
                h2 { (text.get("bench-summary")) }
                p { (summary(&report.summary, text)) }
                (chart(&report.summary, text))
                @for sentence in what_updated_rests_on(report, text) { p.soft { (sentence) } }
                (files(context))
                h2 { (text.get("bench-phones")) }
                (table(context))
                h2 { (text.get("bench-each")) }
                @for group in &groups(report, text) { (section(context, group)) }
                section.phone {
                    @for sentence in closing(report, text) { p { (sentence) } }
                    @for sentence in perspectives(report, text) { p { (sentence) } }
                }
            }
            (foot(context))
        }
    };
    page(text, &title, &style, "page", &body)
}

/// The runs that the report was put together from, each once.
fn files(context: Context<'_>) -> Markup {
    let origins = context.report.devices.iter().filter_map(|device| device.origin.as_ref());
    let files = each_once(origins, |origin| &origin.file);
    html! {
        @if !files.is_empty() {
            h2 { (context.text.get("bench-files")) }
            ul { @for one in files { li { (shown(&one.file)) ", " (time(&one.taken_at, context.text)) } } }
        }
    }
}

fn mark(verdict: Verdict, text: Text) -> Markup {
    html! {
        span class={ "mark " (class(verdict)) } { (symbol(verdict)) " " (text.verdict_word(verdict)) }
    }
}

fn table(context: Context<'_>) -> Markup {
    let Context { report, text, .. } = context;
    let heads = heads(report, text);
    html! {
        table {
            thead { tr { th { "#" } @for head in heads { th scope="col" { (head) } } } }
            tbody {
                @for (number, device) in (1..).zip(&report.devices) {
                    tr {
                        td.key {
                            @if needs_something(device) { a href={ "#p" (number) } { (number) } } @else { (number) }
                        }
                        td { (mark(device.verdict, text)) }
                        td data-head=(heads[1]) {
                            (named(device, text))
                            span.soft.key title=(text.get("sheet-number")) { "№ " (report.number_of(device)) }
                        }
                        td data-head=(heads[2]) { @if let Some(system) = system(&device.device) { (shown(&system)) } }
                        td data-head=(heads[3]) { (versions(device, text)) }
                        td.serial data-head=(heads[4]) {
                            (last(device))
                            @let more = [context.end(number - 1), device.connection.path.as_deref()];
                            @let more: Vec<&str> = more.into_iter().flatten().collect();
                            @if !more.is_empty() { " " span.soft { (shown(&more.join(" · "))) } }
                        }
                    }
                }
            }
        }
    }
}

fn named(device: &DeviceReport, text: Text) -> Markup {
    html! { bdi { (super::fit(&name(device, text), super::MAX_SHOWN)) } }
}

/// The version that decided; or how many apps must be updated, or why nothing is known.
fn versions(device: &DeviceReport, text: Text) -> Markup {
    let at_risk = apps_at_risk(device);
    html! {
        @if let Some(reason) = device.verdict.reason() {
            (text.reason_short(reason))
        } @else if device.findings.len() > 1 {
            @if at_risk > 0 { (t!(text, "apps-to-update", count = at_risk)) }
        } @else if let Some(version) = device.decisive_finding().and_then(|one| one.version.as_ref()) {
            (shown(version))
        }
    }
}

/// What tells the phone from others: the file that it is from, or its serial number.
fn last(device: &DeviceReport) -> Markup {
    match (&device.source, &device.connection.serial) {
        (Some(source), _) => shown(file_name(source)),
        (None, Some(serial)) => shown(serial),
        (None, None) => html! {},
    }
}

/// Phones that need the same: who they are, and once what is to be done.
fn section(context: Context<'_>, group: &Group<'_>) -> Markup {
    html! {
        section.phone {
            @for (at, part) in group.parts.iter().enumerate() {
                @let above = at.checked_sub(1).map(|at| group.parts[at].first().verdict);
                // Said once of those that differ in what else is to be said.
                (part_of(context, part, above != Some(part.first().verdict)))
            }
            @if !group.steps.is_empty() {
                ol { @for one in &group.steps { li { (within_sheet(one)) } } }
            }
        }
    }
}

/// Phones of which the same is to be said.
fn part_of(context: Context<'_>, part: &Subgroup<'_>, with_head: bool) -> Markup {
    let text = context.text;
    let first = part.first();
    html! {
        @if with_head { h3 { (mark(first.verdict, text)) " " (text.sentence(meaning(first, text))) } }
        ul.phones {
            @for (at, device) in &part.phones { li id={ "p" (at + 1) } { (one_of(context, *at, device)) } }
        }
        @if let Some(detail) = &first.detail { p.soft { (t!(text, "detail", detail = super::fit(&escape(detail), 400))) } }
        @if first.findings.len() > 1 { (findings(first, text)) }
        @for note in &part.notes { p.note { (note) } }
    }
}

/// What tells a phone of several from the others, and what else is known of it alone.
fn one_of(context: Context<'_>, at: usize, device: &DeviceReport) -> Markup {
    let Context { report, text, .. } = context;
    let (taken_at, ..) = report.run_of(device);
    html! {
        "#" (at + 1) " " b { (named(device, text)) }
        @let facts = told_apart(device, false, text);
        @let coded = usize::from(context.end(at).is_some());
        @if let Some(end) = context.end(at) { " · " (shown(end)) }
        @for fact in &facts[coded..] { " · " bdi { (fact) } }
        @if let Some(before) = &device.before {
            " · " (text.get("sheet-before")) " " (mark(before.verdict, text))
            @if let Some(version) = &before.version { " " (shown(version)) }
            " " (time(&before.at, text))
        }
        @for request in &device.requests {
            " · " (text.route(request.route)) ": " (text.am_answer(request.answer))
        }
        @if device.origin.is_some() || device.checked_at.is_some() { " · " (text.get("sheet-checked")) " " (time(taken_at, text)) }
    }
}

/// What was found of each of several apps.
fn findings(device: &DeviceReport, text: Text) -> Markup {
    // Without those that say the same of the same app under another advisory.
    let findings = each_once(&device.findings, |one| (one.verdict, &one.app, &one.version));
    html! {
        ul {
            @for finding in findings {
                li {
                    (mark(finding.verdict, text)) " " (shown(&finding.app)) " "
                    @match (finding.verdict.reason(), &finding.version) {
                        (Some(reason), _) => { "(" (text.reason_short(reason)) ")" }
                        (None, Some(version)) => (shown(version)),
                        (None, None) => {}
                    }
                }
            }
        }
    }
}

/// What was read: from phones, from files, or typed.
fn read_from(report: &Report, text: Text) -> Vec<&'static str> {
    let said = report.devices.iter().map(|device| match device.connection.link {
        LinkKind::AdbServer | LinkKind::Network | LinkKind::Usb if device.source.is_none() => {
            text.get("bench-read")
        }
        _ => what_was_read(device, text),
    });
    each_once(said, |sentence| *sentence)
}

fn foot(context: Context<'_>) -> Markup {
    let Context { report, text, shop, .. } = context;
    let hash = report.advisories.hash.get(..8).unwrap_or(&report.advisories.hash);
    html! {
        div.foot {
            p.only { (text.get("bench-only-this")) }
            @for sentence in read_from(report, text) { p { (sentence) } }
            @for sentence in replaced(&report.advisories, text) { p { (sentence) } }
            @if let Some(retention) = &shop.retention { p { (t!(text, "sheet-kept", retention = retention)) } }
            p { (t!(text, "sheet-made-by", version = escape(&report.tool.version), set = escape(&report.advisories.version), hash = escape(hash))) }
        }
    }
}
