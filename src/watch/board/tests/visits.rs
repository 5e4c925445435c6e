//! What stays of a phone that leaves, and what holds when it is back.

use super::*;

#[test]
fn a_phone_that_was_left_at_risk_stays_so_whatever_comes() {
    let mut bench = at_risk();
    bench.see(&[]);
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.see(&[cannot(sighting(2, "S1", "usb:1-9"), Reason::Unauthorized)]);
    assert_eq!(bench.words(), ["removed Unplugged", "added 1 visit 2 unauthorized"]);
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.wait(5000);
    bench.see(&[sighting(2, "S1", "usb:1-9")]);
    let attempt = bench.asked();
    bench.answer(attempt, not_asked(Reason::Timeout));
    assert_eq!(bench.words(), ["verdict timeout first"]);
    assert_eq!(bench.outcome(1), "vulnerable");
    bench.wait(15_000);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    assert_eq!(bench.words(), ["verdict patched recheck fixed", "ring 2"]);
    assert_eq!(bench.outcome(1), "patched");
}

#[test]
fn the_last_steps_on_a_finished_phone_dont_take_its_verdict_away() {
    let finished = || {
        let mut bench = Bench::new();
        bench.see(&[sighting(1, "S1", "usb:1-1")]);
        let attempt = bench.asked();
        bench.answer(attempt, version(FIXED));
        bench
    };
    // Authorisations revoked: the phone stays plugged in.
    let mut bench = finished();
    bench.see(&[cannot(sighting(1, "S1", "usb:1-1"), Reason::Unauthorized)]);
    assert_eq!(bench.outcome(1), "patched");
    // USB debugging off: it comes back as another device, known by its number and port.
    let off = || on_usb(cannot(sighting(2, "S1", "usb:1-1"), Reason::UsbDebuggingOff));
    bench.see(&[]);
    bench.wait(1000);
    bench.see(&[off()]);
    assert!(bench.phone(1).taken_leave);
    assert_eq!((bench.outcome(1), bench.board.counts().waiting), ("patched", 0));
    bench.see(&[sighting(3, "S1", "usb:1-1")]);
    assert!(!bench.phone(1).taken_leave);
    assert_eq!(bench.outcome(1), "-", "it is asked again when it can be");
    // Too late, at another port, or at risk: not so.
    let mut bench = finished();
    bench.see(&[]);
    bench.wait(6000);
    bench.see(&[off()]);
    assert_eq!(bench.outcome(1), "usb_debugging_off");
    let mut bench = finished();
    bench.see(&[on_usb(cannot(sighting(2, "S1", "usb:1-2"), Reason::UsbDebuggingOff))]);
    assert_eq!(bench.outcome(1), "usb_debugging_off");
    let mut bench = at_risk();
    bench.see(&[off()]);
    assert_eq!((bench.phone(1).taken_leave, bench.outcome(1)), (false, "vulnerable"));
}

#[test]
fn a_server_that_goes_takes_its_phones_along() {
    let mut bench = at_risk();
    let lost = || Event::ServerLost { server: "127.0.0.1:5037".to_owned(), detail: "x".to_owned() };
    bench.take(lost());
    bench.take(lost());
    bench.see(&[]);
    assert_eq!(bench.words(), ["server lost", "removed ServerLost"]);
    assert_eq!(bench.board.summary().lost_servers, 1);
    bench.take(Event::ServerBack { server: "127.0.0.1:5037".to_owned() });
    bench.take(Event::ServerBack { server: "127.0.0.1:5037".to_owned() });
    bench.wait(2000);
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words(), ["server back", "added 1 visit 2 ready", "check 2", "ask 2"]);
}

#[test]
fn a_phone_that_left_keeps_its_place_for_a_minute() {
    let mut bench = at_risk();
    bench.see(&[]);
    let version_then = bench.board.version();
    assert_eq!(bench.board.shown().len(), 1);
    bench.wait(59_999);
    assert_eq!((bench.board.shown().len(), bench.board.version()), (1, version_then));
    bench.wait(1);
    assert_eq!(bench.board.shown().len(), 0);
    assert!(bench.board.version() > version_then);
    assert_eq!(bench.board.next_due(), None);
}

#[test]
fn what_is_long_gone_is_counted_and_forgotten() {
    let mut bench = Bench::new();
    for phone in 0..1200_u64 {
        bench.see(&[sighting(phone, &format!("P{phone}"), "usb:1-1")]);
        let attempt = Attempt(phone + 1);
        bench.answer(attempt, version(if phone % 2 == 0 { RISK } else { FIXED }));
    }
    bench.see(&[]);
    assert_eq!(bench.board.phones().len(), REMEMBERED);
    let whole = bench.board.phones().iter().filter_map(|phone| phone.earlier.as_ref());
    assert_eq!(whole.filter(|held| held.report.is_some()).count(), REMEMBERED_WHOLE);
    let (summary, counts) = (bench.board.summary(), bench.board.counts());
    assert_eq!((counts.checked, counts.at_risk, counts.left_at_risk), (1200, 0, 600));
    assert_eq!((summary.devices, summary.vulnerable), (1200, 600));
    // One that is remembered is known again, one that isn't is new.
    bench.wait(5000);
    bench.see(&[sighting(5000, "P1100", "usb:1-1"), sighting(5001, "P5", "usb:1-2")]);
    assert_eq!(bench.phone(1101).visit, 2);
    assert_eq!(bench.board.phones().last().map(|phone| (phone.id.0, phone.visit)), Some((1201, 1)));
}

#[test]
fn a_finished_phone_takes_leave_only_right_behind_its_verdict() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    bench.see(&[]);
    bench.wait(3_600_000);
    let closed = |handle| cannot(sighting(handle, "S1", "usb:1-1"), Reason::Unauthorized);
    bench.see(&[closed(2)]);
    assert_eq!(bench.outcome(1), "unauthorized");
    // A loose plug.
    bench.see(&[]);
    bench.wait(1000);
    bench.see(&[closed(3)]);
    assert_eq!((bench.phone(1).taken_leave, bench.outcome(1)), (false, "unauthorized"));
    assert!(bench.phone(1).standing().is_none(), "what it was an hour ago is past");
    // Without a port nobody knows that it is where it was.
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "")]);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    bench.see(&[cannot(sighting(2, "S1", ""), Reason::Unauthorized)]);
    assert_eq!(bench.outcome(1), "unauthorized");
}

#[test]
fn many_that_leave_at_once_are_kept_in_short() {
    let mut bench = Bench::new();
    let all: Vec<Sighting> = (0..120)
        .map(|phone| sighting(phone, &format!("P{phone}"), &format!("usb:1-{phone}")))
        .collect();
    bench.see(&all);
    let (_, asked) = bench.done();
    for attempt in asked {
        bench.answer(attempt, version(FIXED));
    }
    bench.see(&[]);
    let kept = bench.board.phones().iter().filter_map(|phone| phone.earlier.as_ref());
    assert_eq!(kept.filter(|held| held.report.is_some()).count(), REMEMBERED_WHOLE);
}
