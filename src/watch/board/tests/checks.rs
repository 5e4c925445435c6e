//! How a phone is asked: when, how often, and what becomes of an attempt that fails.

use super::*;

#[test]
fn a_phone_is_asked_when_it_is_ready_and_turns_green_by_itself() {
    let mut bench = Bench::new();
    let phone = sighting(1, "S1", "usb:1-1");
    bench.see(&[cannot(phone.clone(), Reason::Unauthorized)]);
    assert_eq!(bench.words(), ["added 1 visit 1 unauthorized"]);
    assert_eq!(bench.outcome(1), "unauthorized");
    bench.wait(60_000);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.see(std::slice::from_ref(&phone));
    let (words, asked) = bench.done();
    assert_eq!(words, ["unauthorized -> ready", "check 1", "ask 1"]);
    bench.answer(asked[0], version(RISK));
    assert_eq!(bench.words(), ["verdict vulnerable first", "ring 1"]);
    bench.wait(14_999);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.wait(1);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1"]);
    bench.wait(100);
    bench.answer(asked[0], version(RISK));
    assert_eq!(bench.words(), Vec::<String>::new(), "nothing has changed");
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck fixed", "ring 2"]);
    let change = bench.phone(1).change.clone().unwrap();
    assert_eq!((change.before.as_deref(), change.after.as_deref()), (Some(RISK), Some(FIXED)));
    assert_eq!(change.stamp, "2026-11-24T14:01:30Z");
    bench.wait(600_000);
    assert_eq!(bench.words(), Vec::<String>::new(), "a phone that is fine is left alone");
    let counts = bench.board.counts();
    assert_eq!((counts.checked, counts.at_risk, counts.fixed, counts.waiting), (1, 0, 1, 0));
    bench.see(&[]);
    assert_eq!(bench.words(), ["removed Unplugged"]);
    assert_eq!(bench.outcome(1), "patched", "as it left");
    bench.wait(60_000);
    bench.see(&[cannot(sighting(2, "S1", "usb:1-1"), Reason::Offline)]);
    assert_eq!(bench.outcome(1), "offline", "what it is now, nobody knows");
    bench.see(&[]);
    assert_eq!(bench.outcome(1), "disconnected");
}

#[test]
fn an_answer_that_fails_takes_no_risk_back() {
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, not_asked(Reason::Timeout));
    assert_eq!(bench.words(), Vec::<String>::new());
    assert_eq!(bench.outcome(1), "vulnerable");
    assert_eq!(bench.phone(1).failed.as_ref().unwrap().reason, Reason::Timeout);
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.wait(2000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["check 3", "ask 1"]);
    bench.answer(asked[0], not_asked(Reason::Timeout));
    assert_eq!(bench.words(), ["verdict timeout"], "who asks is told");
    assert_eq!(bench.outcome(1), "vulnerable");
}

#[test]
fn a_phone_that_starts_is_asked_again_quietly_until_the_time_is_up() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let mut attempt = bench.asked();
    for _ in 0..39 {
        bench.wait(100);
        bench.answer(attempt, not_asked(Reason::StillBooting));
        assert!(matches!(bench.phone(1).phase(), Some(Phase::Pausing { starts: true, .. })));
        bench.wait(3000);
        let (words, asked) = bench.done();
        assert_eq!(words, ["ask 1"]);
        attempt = asked[0];
    }
    bench.wait(100);
    bench.answer(attempt, not_asked(Reason::ServiceUnavailable));
    assert_eq!(bench.words(), ["verdict service_unavailable first"]);
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck"]);
}

#[test]
fn an_app_that_is_gone_must_be_gone_twice() {
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
    assert!(matches!(bench.phone(1).phase(), Some(Phase::Pausing { starts: false, .. })));
    bench.wait(2999);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.wait(1);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck fixed", "ring 2"], "it was being updated");
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    bench.wait(3000);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!(bench.words(), ["verdict not_installed recheck fixed", "ring 2"]);
    // Also of a phone that was unplugged meanwhile.
    let mut bench = at_risk();
    bench.see(&[]);
    bench.wait(5000);
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    bench.words();
    let attempt = Attempt(2);
    bench.answer(attempt, absent());
    assert_eq!(bench.words(), Vec::<String>::new());
    // One that never had it is believed at once.
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!(bench.words(), ["verdict not_installed first"]);
}

#[test]
fn a_phone_that_flaps_is_left_alone_for_two_seconds() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    bench.words();
    for handle in 2..8 {
        bench.wait(100);
        bench.see(&[]);
        bench.see(&[sighting(handle, "S1", "usb:1-1")]);
    }
    let (words, asked) = bench.done();
    assert_eq!(asked, [], "{words:?}");
    assert_eq!(
        words[..4],
        ["abandon", "verdict disconnected first", "removed Unplugged", "added 1 visit 2 ready"]
    );
    bench.wait(1399);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.wait(1);
    assert_eq!(bench.words(), ["check 2", "ask 7"]);
}

#[test]
fn a_check_goes_on_when_the_phone_can_be_asked_again() {
    let mut bench = Bench::new();
    let phone = sighting(1, "S1", "usb:1-1");
    bench.see(std::slice::from_ref(&phone));
    let old = bench.asked();
    bench.wait(500);
    bench.see(&[cannot(phone.clone(), Reason::Offline)]);
    assert_eq!(bench.words(), ["abandon", "ready -> offline"]);
    bench.answer(old, version(FIXED));
    assert_eq!(bench.words(), Vec::<String>::new(), "nobody waits for that any more");
    bench.wait(500);
    bench.see(&[phone]);
    assert_eq!(bench.words(), ["offline -> ready"]);
    bench.wait(1000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1"]);
    bench.answer(asked[0], version(FIXED));
    assert_eq!(bench.words(), ["verdict patched first"]);
}

#[test]
fn a_person_at_the_phone_is_waited_for() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(sighting(1, "S1", "usb:1-1"))]);
    let attempt = bench.asked();
    bench.take(Event::Waits { attempt });
    assert_eq!(bench.words(), ["ready -> unauthorized"]);
    bench.take(Event::Allowed { attempt });
    assert_eq!(bench.words(), ["unauthorized -> ready"]);
    bench.answer(attempt, version(RISK));
    bench.words();
    // A session of its own would ask the person again.
    bench.wait(15_000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1 quietly"]);
    let attempt = asked[0];
    bench.answer(attempt, not_asked(Reason::Unauthorized));
    assert!(bench.phone(1).needs_person());
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.wait(600_000);
    assert_eq!(bench.words(), Vec::<String>::new(), "nothing more without a person");
    bench.take(Event::AskAgain(PhoneId(1)));
    assert_eq!(bench.words(), ["check 3", "ask 1"]);
    assert!(!bench.phone(1).needs_person());
}

#[test]
fn what_is_asked_twice_is_asked_once() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched first"]);
    bench.wait(60_000);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.take(Event::AskAgain(PhoneId(1)));
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched"], "who asks is told, also that nothing changed");
    bench.take(Event::AskAgain(PhoneId(99)));
    bench.see(&[]);
    bench.take(Event::AskAgain(PhoneId(1)));
    bench.wait(60_000);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words(), ["added 1 visit 2 ready", "check 3", "ask 2"]);
}

/// A phone with another app beside the one in question, which is fine.
fn beside_another(mut report: DeviceReport) -> DeviceReport {
    let mut other = report.findings[0].clone();
    (other.id, other.package) = ("other".to_owned(), "com.other".to_owned());
    other.verdict = Verdict::Patched;
    report.findings.push(other);
    report.verdict = report.findings.iter().map(|finding| finding.verdict).min().unwrap();
    report
}

#[test]
fn an_app_that_is_being_updated_is_missed_whatever_else_is_there() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, beside_another(version(RISK)));
    bench.words();
    bench.wait(15_000);
    let attempt = bench.asked();
    let gone = beside_another(absent());
    assert_eq!(gone.verdict, Verdict::Patched);
    bench.answer(attempt, gone);
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
    bench.wait(3000);
    let attempt = bench.asked();
    bench.answer(attempt, beside_another(version(RISK)));
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
    // On a phone of another maker the verdict has another name.
    let mut bench = at_risk();
    bench.wait(15_000);
    let attempt = bench.asked();
    let mut report = absent();
    report.verdict = Verdict::NotApplicable;
    report.findings[0].verdict = Verdict::NotApplicable;
    bench.answer(attempt, report);
    assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
}

#[test]
fn only_answers_that_follow_each_other_show_that_an_app_is_gone() {
    let mut bench = at_risk();
    bench.wait(15_000);
    for report in [absent(), not_asked(Reason::StillBooting), absent()] {
        let attempt = bench.asked();
        bench.answer(attempt, report);
        assert_eq!((bench.words().len(), bench.outcome(1)), (0, "vulnerable"));
        bench.wait(3000);
    }
    let attempt = bench.asked();
    bench.answer(attempt, absent());
    assert_eq!(bench.words()[0], "verdict not_installed recheck fixed");
}

#[test]
fn a_phone_that_was_out_of_reach_is_asked_again() {
    for (first, reason) in
        [(version(FIXED), Reason::Offline), (not_asked(Reason::Unauthorized), Reason::Unauthorized)]
    {
        let mut bench = Bench::new();
        let phone = sighting(1, "S1", "usb:1-1");
        bench.see(std::slice::from_ref(&phone));
        let attempt = bench.asked();
        bench.answer(attempt, first);
        bench.wait(10_000);
        bench.see(&[cannot(phone.clone(), reason)]);
        bench.words();
        bench.see(&[phone]);
        let (words, asked) = bench.done();
        assert_eq!(words[1..], ["ask 1"], "{words:?}");
        bench.answer(asked[0], version(RISK));
        assert_eq!(bench.words(), ["verdict vulnerable recheck", "ring 1"]);
    }
}

#[test]
fn a_person_who_was_never_asked_may_be() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(sighting(1, "S1", "usb:1-1"))]);
    let attempt = bench.asked();
    bench.answer(attempt, not_asked(Reason::NoPermission));
    bench.words();
    bench.wait(15_000);
    let (words, asked) = bench.done();
    assert_eq!(words, ["ask 1"]);
    bench.take(Event::Waits { attempt: asked[0] });
    bench.answer(asked[0], not_asked(Reason::AuthRefused));
    let words = bench.words();
    assert_eq!(
        words,
        ["ready -> unauthorized", "unauthorized -> ready", "verdict auth_refused recheck"]
    );
    bench.wait(600_000);
    assert_eq!(bench.words(), Vec::<String>::new());
}
