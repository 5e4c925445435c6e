//! What a sheet says of its phone, fact by fact.

use super::{Context, MAX_SHOWN, decisive};
use crate::output::render::layout::fit;
use crate::output::render::verdict_style::{name, system, time};
use crate::report::DeviceReport;
use crate::text::t;
use micheck_core::escape::escape;

/// A line of the list of facts: its head and its value.
pub(super) type Fact = (String, String);

/// What is known of the phone and the check.
pub(super) fn facts(context: Context<'_>, device: &DeviceReport) -> Vec<Fact> {
    let Context { report, text, .. } = context;
    let fact = |head: &str, value: String| (head.to_owned(), value);
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
        facts.push(fact(head, value));
    }
    if let Some(job) = &device.job {
        facts.push(fact(text.get("sheet-job"), stranger(job)));
    }
    for finding in decisive(device).take(12) {
        if let Some(version) = &finding.version {
            let app = t!(text, "sheet-version", app = stranger(&finding.app));
            let fact = (app, stranger(version));
            // One app may have several flaws.
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
    }
    if let Some(source) = &device.source {
        facts.push(fact(text.get("sheet-file"), stranger(&source.file)));
    }
    facts.push(fact(text.get("sheet-checked"), time(taken_at, text)));
    facts.push(fact(text.get("sheet-number"), report.number_of(device)));
    if let Some(before) = &device.before {
        facts.push(fact(text.get("sheet-checked-before"), time(&before.at, text)));
        let number = before.number.as_ref();
        facts.extend(number.map(|it| fact(text.get("sheet-number-before"), fit(&escape(it), 40))));
    }
    let mut requests = device.requests.iter();
    if let Some(taken) = requests.find(|request| request.answer.is_taken()) {
        facts.push(fact(text.get("sheet-requested"), text.route(taken.route).to_owned()));
    }
    facts
}
