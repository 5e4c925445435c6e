//! A check-up as a page for people: a line for each check, and below what is wrong what to do.

mod json;

pub use json::{CheckEntry, CheckupReport, checkup_json};

use super::layout::{behind, wrapped};
use super::{Layout, Page, Style};
use crate::doctor::{Check, CheckKey, CheckSection, CheckState, Checkup};
use crate::text::{Text, t};
use micheck_core::escape::escape;

/// How many phones that an adb server has are named under USB; they are all named as phones.
const MOST_NAMED: usize = 3;

/// Shows the checks by section, and the outcome last, where a terminal leaves the eye.
#[must_use]
pub fn checkup(checkup: &Checkup, text: Text, layout: Layout) -> Page {
    let mut page = Page::default();
    let width = layout.text_columns();
    let mut section: Option<CheckSection> = None;
    for checks in checkup.checks.chunk_by(belong_together) {
        let own = checks.first().map(|check| check.key.section());
        if own != section {
            if section.is_some() {
                page.blank();
            }
            section = own;
            let head = own.map_or("", |section| text.section(section));
            page.line([(Style::Strong, head.to_owned())]);
        }
        if let [Check { key: CheckKey::UsbPhoneListed, .. }, ..] = checks
            && checks.len() > MOST_NAMED
        {
            let phones = t!(text, "phones", count = checks.len());
            let sentence = text.sentence(&t!(text, "usb-phones-listed", phones = phones));
            marked(&mut page, CheckState::Ok, &sentence, width);
            continue;
        }
        for check in checks {
            line(&mut page, check, text, width);
        }
        // What is to be done about several is said once, below the last of them.
        for (number, &step) in (1..).zip(checks.first().map_or(&[][..], |check| &check.steps)) {
            let sentence = text.sentence(&text.step(step, &[]));
            wrapped(&mut page, Style::Plain, &format!("    {number}. "), &sentence, width);
        }
    }
    page.blank();
    let state = checkup.state();
    let outcome = text.checkup(checkup.count(CheckState::Problem), checkup.count(CheckState::Note));
    page.line([(role(state), format!("{} {outcome}", state.mark()))]);
    page
}

/// Whether two neighbours have the same steps, and some; or are phones that need none and are named
/// once more below.
fn belong_together(one: &Check, next: &Check) -> bool {
    let listed = |check: &Check| check.key == CheckKey::UsbPhoneListed;
    let same_steps = !one.steps.is_empty() && one.steps == next.steps;
    one.key.section() == next.key.section() && (same_steps || (listed(one) && listed(next)))
}

fn line(page: &mut Page, check: &Check, text: Text, width: usize) {
    let sentence = text.sentence(&escape(&text.check(check)));
    marked(page, check.state(), &sentence, width);
    if let Some(detail) = &check.detail {
        wrapped(page, Style::Muted, "    ", &format!("({})", escape(detail)), width);
    }
}

fn marked(page: &mut Page, state: CheckState, sentence: &str, width: usize) {
    let mark = format!("  {} ", state.mark());
    let weight = if state == CheckState::Problem { Style::Strong } else { Style::Plain };
    behind(page, (role(state), &mark), (weight, sentence), width);
}

const fn role(state: CheckState) -> Style {
    match state {
        CheckState::Ok => Style::Good,
        CheckState::Note => Style::Warning,
        CheckState::Problem => Style::Danger,
    }
}
