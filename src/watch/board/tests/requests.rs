//! Phones that are asked to show what updates them.

use super::*;
use crate::report::UpdaterRequest;
use micheck_core::am_answer::AmAnswer;
use micheck_core::update_route::UpdateKind;

fn show(phone: u32) -> Event {
    Event::ShowUpdater { phone: PhoneId(phone), kind: UpdateKind::Apps }
}

/// A phone at risk that was asked for these screens.
fn asked_for(requests: &[(UpdateRoute, AmAnswer)]) -> DeviceReport {
    let request = |(route, answer): &(UpdateRoute, AmAnswer)| UpdaterRequest {
        route: Some(*route),
        answer: *answer,
        said: None,
    };
    DeviceReport { requests: requests.iter().map(request).collect(), ..version(RISK) }
}

#[test]
fn a_phone_at_risk_is_asked_at_once_and_what_it_was_asked_for_is_told() {
    let mut bench = at_risk();
    bench.take(show(1));
    let (words, asked) = bench.done();
    assert_eq!(words, ["check 2", "ask 1 show Apps"]);
    assert!(bench.phone(1).is_being_asked_to_show());
    bench.answer(
        asked[0],
        asked_for(&[
            (UpdateRoute::SystemAppsUpdater, AmAnswer::DoesNotExist),
            (UpdateRoute::GetAppsUpdates, AmAnswer::Requested),
        ]),
    );
    assert_eq!(
        bench.words(),
        ["system_apps_updater does_not_exist", "getapps_updates requested", "verdict vulnerable"]
    );
    assert!(!bench.phone(1).is_being_asked_to_show());
    assert_eq!(bench.phone(1).taken_request().unwrap().route, Some(UpdateRoute::GetAppsUpdates));
    // Asked again as ever, and for nothing.
    bench.wait(15_000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1"]);
    bench.answer(asked[0], version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck fixed", "ring 2"]);
    assert!(bench.phone(1).taken_request().is_some(), "that it was asked stays known");
}

#[test]
fn nobody_else_is_asked_for_anything() {
    let mut bench = Bench::new();
    bench.take(show(1));
    assert_eq!(bench.words(), Vec::<String>::new(), "there is none");
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    bench.take(show(1));
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched first"], "nothing was known of it yet");
    bench.take(show(1));
    bench.wait(60_000);
    assert_eq!(bench.words(), Vec::<String>::new(), "it is fine");
    let mut bench = at_risk();
    bench.see(&[cannot(sighting(1, "S1", "usb:1-1"), Reason::Offline)]);
    bench.take(show(1));
    bench.see(&[]);
    bench.take(show(1));
    bench.wait(60_000);
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    let (words, _) = bench.done();
    assert_eq!(words.last().unwrap(), "ask 2", "what was wanted of it before is past");
}

#[test]
fn a_wish_waits_for_the_end_of_the_check_that_runs() {
    let mut bench = at_risk();
    bench.wait(15_000);
    let first = bench.asked();
    bench.take(show(1));
    assert_eq!(bench.words(), Vec::<String>::new());
    assert!(bench.phone(1).is_being_asked_to_show());
    bench.answer(first, version(RISK));
    let (words, asked) = bench.done();
    assert_eq!(words, ["check 3", "ask 1 show Apps"]);
    // Updated meanwhile: it was asked for nothing.
    bench.answer(asked[0], version(FIXED));
    assert_eq!(bench.words(), ["verdict patched fixed", "ring 2"]);
    assert_eq!(bench.phone(1).requested, None);
}

#[test]
fn an_answer_that_says_nothing_ends_no_wish_and_a_held_key_asks_once() {
    let mut bench = at_risk();
    bench.take(show(1));
    let attempt = bench.asked();
    bench.take(show(1));
    bench.answer(attempt, not_asked(Reason::Timeout));
    bench.take(show(1));
    assert_eq!(bench.words(), ["verdict timeout"], "it is asked again in its own time");
    bench.wait(15_000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1 show Apps"]);
    bench.answer(asked[0], asked_for(&[(UpdateRoute::SystemAppsUpdater, AmAnswer::Requested)]));
    assert_eq!(bench.words(), ["system_apps_updater requested"]);
    bench.take(show(1));
    assert_eq!(bench.words(), Vec::<String>::new(), "it was asked just now");
    bench.wait(10_000);
    bench.take(show(1));
    let (words, _) = bench.done();
    assert_eq!(words, ["check 4", "ask 1 show Apps"]);
    // Cut off: it may have been asked.
    bench.see(&[]);
    let words = bench.words();
    assert!(words.contains(&"unknown no_answer".to_owned()), "{words:?}");
    assert_eq!(bench.phone(1).requested, None, "what it shows later is not known");
}

#[test]
fn a_wish_that_nobody_can_meet_is_past_after_a_minute() {
    let mut bench = at_risk();
    bench.take(show(1));
    let mut attempt = bench.asked();
    for _ in 0..4 {
        bench.answer(attempt, not_asked(Reason::Timeout));
        bench.words();
        bench.wait(15_000);
        let (words, asked) = bench.done();
        attempt = asked[0];
        if bench.ms < 60_000 {
            assert_eq!(words, ["ask 1 show Apps"]);
        } else {
            assert_eq!(words, ["ask 1"], "whoever wanted it may have gone");
        }
    }
}

#[test]
fn a_phone_that_takes_no_request_has_none_taken() {
    let mut bench = at_risk();
    bench.take(show(1));
    let attempt = bench.asked();
    bench.answer(attempt, asked_for(&[(UpdateRoute::SystemAppsUpdater, AmAnswer::NoAnswer)]));
    assert_eq!(bench.words(), ["system_apps_updater no_answer", "verdict vulnerable"]);
    assert_eq!(bench.phone(1).taken_request(), None);
    assert_eq!(bench.phone(1).requested.as_ref().unwrap().requests.len(), 1);
}
