//! The report of a bench: a summary, a table, and a section for each phone.

use maud::{Markup, html};

use super::chart::chart;
use super::{
    Context, STYLE, Shop, class, decisive, demo, letterhead, page, shown, step, time, what_was_read,
};
use crate::output::render::findings::apps_at_risk;
use crate::output::render::verdict_style::{
    file_name, heads, meaning, name, perspective, symbol, system, what_updated_rests_on,
};
use crate::output::render::{each_once, replaced, summary};
use crate::report::{DeviceReport, FindingReport, LinkKind, Report};
use crate::text::{Text, t};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::verdict::{Note, Verdict};

const PAGE: &str = "@page { size: A4; margin: 15mm; }\n";

/// The whole report in one file.
#[must_use]
pub fn bench(report: &Report, set: &AdvisorySet, text: Text, shop: &Shop) -> String {
    let context = Context { report, set, text, shop };
    let style = format!("{STYLE}{PAGE}");
    let title = format!("{}, {}", text.get("bench-title"), time(&report.taken_at));
    let body = html! {
        main {
            div.top {
                (letterhead(shop))
                div {
                    h1 { (text.get("bench-title")) }
                    p.soft { (text.get("sheet-checked")) " " (time(&report.taken_at)) }
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
                @for (number, device) in (1..).zip(&report.devices) { (section(context, number, device)) }
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
            ul { @for one in files { li { (shown(&one.file)) ", " (time(&one.taken_at)) } } }
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
                        td.key { a href={ "#p" (number) } { (number) } }
                        td { (mark(device.verdict, text)) }
                        td data-head=(heads[1]) { (named(device, text)) }
                        td data-head=(heads[2]) { @if let Some(system) = system(&device.device) { (shown(&system)) } }
                        td data-head=(heads[3]) { (versions(device, text)) }
                        td.serial data-head=(heads[4]) { (last(device)) }
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

fn section(context: Context<'_>, number: usize, device: &DeviceReport) -> Markup {
    let Context { report, text, .. } = context;
    let (taken_at, ..) = report.run_of(device);
    let fact = |head: &str, value: Markup| html! { dt { (head) } dd { (value) } };
    let several = device.findings.len() > 1;
    html! {
        section.phone id={ "p" (number) } {
            h3 { span { (number) ". " (named(device, text)) } (mark(device.verdict, text)) }
            p { (said(device, text)) }
            @if let Some(detail) = &device.detail { p.soft { (t!(text, "detail", detail = super::fit(&escape(detail), 400))) } }
            dl {
                @if let Some(model) = device.device.model.as_deref().filter(|model| Some(*model) != device.device.name()) {
                    (fact(text.get("sheet-model"), shown(model)))
                }
                @if let Some(system) = system(&device.device) { (fact(text.get("sheet-system"), shown(&system))) }
                @if let Some((head, value)) = context.serial(device) { (fact(head, html! { bdi { (value) } })) }
                @if let Some(server) = device.connection.server.as_deref().filter(|_| device.is_lost_server()) {
                    (fact(text.get("lost-server"), shown(server)))
                }
                @if let Some(source) = &device.source { (fact(text.get("sheet-file"), shown(&source.file))) }
                @if !several { @for finding in decisive(device) { (version(finding, text)) } }
                @if let Some(before) = &device.before {
                    (fact(text.get("sheet-before"), html! {
                        (mark(before.verdict, text)) " "
                        @if let Some(version) = &before.version { (shown(version)) " " }
                        (time(&before.at))
                    }))
                }
                @if device.origin.is_some() { (fact(text.get("sheet-checked"), html! { (time(taken_at)) })) }
                (fact(text.get("sheet-number"), html! { (report.number_of(device)) }))
            }
            @if several { (findings(device, text)) }
            @for note in device.notes.iter().filter(|note| **note != Note::Simulated) {
                p.note { (text.sentence(text.note(*note))) }
            }
            @if device.verdict.is_at_risk() { p { (perspective(device, text)) } }
            @if !device.steps.is_empty() {
                ol { @for one in &device.steps { li { (step(&one.sentence(text), text)) } } }
            }
        }
    }
}

fn version(finding: &FindingReport, text: Text) -> Markup {
    html! {
        @if let Some(version) = &finding.version {
            dt { (t!(text, "sheet-version", app = super::fit(&escape(&finding.app), super::MAX_SHOWN))) }
            dd { (shown(version)) }
        }
    }
}

/// The verdict in a sentence.
fn said(device: &DeviceReport, text: Text) -> String {
    text.sentence(&format!("{}: {}", text.verdict_word(device.verdict), meaning(device, text)))
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
