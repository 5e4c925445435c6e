//! Which phone it is.

use super::*;

#[test]
fn another_phone_on_the_same_port_inherits_nothing() {
    let mut bench = Bench::new();
    bench.see(&[sighting(1, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, version(FIXED));
    bench.words();
    // Changed between two looks.
    bench.see(&[sighting(2, "S2", "usb:1-1")]);
    let (words, asked) = bench.done();
    assert_eq!(words, ["removed Unplugged", "added 2 visit 1 ready", "check 2", "ask 2"]);
    assert_eq!(bench.outcome(2), "-");
    let shown: Vec<u32> = bench.board.shown().iter().map(|phone| phone.id.0).collect();
    assert_eq!(shown, [2], "the port is taken");
    bench.answer(asked[0], version(RISK));
    bench.words();
    // Two phones of a maker that gives all of them one number.
    bench.see(&[]);
    bench.wait(20_000);
    bench.words();
    bench.see(&[sighting(3, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    bench.answer(attempt, of_make(version(RISK), "M1"));
    bench.see(&[]);
    bench.wait(20_000);
    bench.see(&[sighting(4, "S1", "usb:1-1")]);
    bench.words();
    let attempt = Attempt(4);
    bench.answer(attempt, of_make(version(FIXED), "M2"));
    assert_eq!(bench.words(), ["verdict patched first"], "it isn't the first one, fixed");
    let summary = bench.board.summary();
    assert_eq!((summary.vulnerable, summary.patched), (2, 2), "each of the four counts");
}

#[test]
fn phones_without_a_number_of_their_own_are_new_each_time() {
    for serial in ["", "(no serial number)", "????????????", "0123456789ABCDEF"] {
        let mut bench = Bench::new();
        bench.see(&[sighting(1, serial, "usb:1-1")]);
        let attempt = bench.asked();
        bench.answer(attempt, version(FIXED));
        bench.see(&[]);
        bench.wait(5000);
        bench.words();
        bench.see(&[sighting(2, serial, "usb:1-1")]);
        assert_eq!(bench.words()[0], "added 2 visit 1 ready", "{serial}");
        assert!(bench.phone(2).earlier.is_none());
    }
}

#[test]
fn a_phone_is_the_same_after_replugging_also_on_another_port() {
    let mut bench = at_risk();
    bench.see(&[sighting(1, "S1", "usb:1-1"), sighting(2, "S2", "usb:1-2")]);
    bench.see(&[sighting(2, "S2", "usb:1-2")]);
    bench.wait(10_000);
    bench.words();
    bench.see(&[sighting(2, "S2", "usb:1-2"), sighting(3, "S1", "usb:2-7")]);
    assert_eq!(bench.words()[0], "added 1 visit 2 ready");
    assert_eq!(bench.phone(1).earlier.as_ref().unwrap().version.as_deref(), Some(RISK));
}

#[test]
fn who_does_not_say_who_it_is_is_nobody_that_was_here_before() {
    let mut bench = at_risk();
    bench.see(&[]);
    bench.wait(5000);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    let attempt = bench.asked();
    let report = Box::new(version(FIXED));
    assert_eq!(report.identity, Identity::NotSaid);
    bench.take(Event::Answered { attempt, report });
    let words = bench.words();
    assert!(words.contains(&"removed AnotherPhone".to_owned()), "{words:?}");
    assert!(words.contains(&"verdict patched first".to_owned()), "{words:?}");
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("vulnerable", "patched"));
    // Asked again it is the same.
    bench.take(Event::AskAgain(PhoneId(2)));
    bench.wait(5000);
    let attempt = bench.asked();
    bench.take(Event::Answered { attempt, report: Box::new(version(FIXED)) });
    assert_eq!(bench.board.phones().len(), 2);
}

#[test]
fn of_two_phones_with_one_number_the_one_at_its_old_port_is_known() {
    let mut bench = Bench::new();
    let (left, right) = (sighting(1, "S9", "usb:1-1"), sighting(2, "S9", "usb:1-2"));
    bench.see(&[left.clone(), right.clone()]);
    assert_eq!(bench.board.phones().len(), 2);
    bench.see(&[]);
    bench.wait(5000);
    bench.words();
    bench.see(&[sighting(3, "S9", "usb:1-2"), sighting(4, "S9", "usb:1-9")]);
    let words = bench.words();
    assert!(words.contains(&"added 2 visit 2 ready".to_owned()), "{words:?}");
    // On a port where neither was, it is the one that is left; of two that are left, none.
    assert!(words.contains(&"added 1 visit 2 ready".to_owned()), "{words:?}");
    bench.see(&[]);
    bench.see(&[sighting(5, "S9", "usb:1-5")]);
    assert!(bench.words().contains(&"added 3 visit 1 ready".to_owned()));
}

#[test]
fn a_phone_that_gives_its_number_later_is_the_same() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(cannot(sighting(1, "", "usb:1-1"), Reason::UsbDebuggingOff))]);
    bench.see(&[]);
    bench.wait(3000);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words()[0], "added 1 visit 2 ready");
    // One that nobody has asked may be taken over by a server without leaving.
    let mut bench = Bench::new();
    bench.see(&[on_usb(cannot(sighting(1, "S1", "usb:1-1"), Reason::Authorizing))]);
    bench.words();
    bench.see(&[sighting(2, "S1", "usb:1-1")]);
    assert_eq!(bench.words(), ["authorizing -> ready", "check 1", "ask 2"]);
}

#[test]
fn a_number_that_is_read_later_makes_no_other_phone() {
    let mut bench = Bench::new();
    bench.see(&[on_usb(sighting(1, "", "usb:1-1"))]);
    let attempt = bench.asked();
    bench.see(&[on_usb(sighting(1, "S1", "usb:1-1"))]);
    assert_eq!(bench.words(), Vec::<String>::new());
    bench.answer(attempt, version(RISK));
    assert_eq!(bench.words(), ["verdict vulnerable first", "ring 1"]);
    assert_eq!(bench.phone(1).serial(), Some("S1"));
}

#[test]
fn another_phone_with_the_same_number_leaves_the_first_one_counted() {
    let mut bench = Bench::new();
    for (handle, report) in [(1, of_make(version(FIXED), "M1")), (2, of_make(version(RISK), "M2"))]
    {
        bench.wait(5000);
        bench.see(&[sighting(handle, "S1", "usb:1-1")]);
        let attempt = bench.asked();
        bench.answer(attempt, report);
        bench.see(&[]);
        bench.words();
    }
    let (counts, summary) = (bench.board.counts(), bench.board.summary());
    assert_eq!((counts.waiting, counts.checked), (0, 2));
    assert_eq!((summary.patched, summary.vulnerable, summary.unknown), (1, 1, 0));
}

fn on_network(handle: u64) -> Sighting {
    let mut sighting = sighting(handle, "10.0.0.7:5555", "");
    sighting.connection.link = LinkKind::Network;
    sighting.connection.server = None;
    sighting
}

/// The next answer at a network address, by this phone; `None`: it doesn't say who it is.
fn answer_by(bench: &mut Bench, who: Option<Identity>, mut report: DeviceReport) -> Vec<String> {
    bench.wait(16_000);
    let attempt = bench.asked();
    report.identity = who.unwrap_or_default();
    bench.take(Event::Answered { attempt, report: Box::new(report) });
    bench.words()
}

const A: Option<Identity> = Some(Identity::Phone([1; 32]));
const B: Option<Identity> = Some(Identity::Phone([2; 32]));

#[test]
fn at_an_address_nobody_inherits_what_another_one_said() {
    let mut bench = Bench::new();
    bench.see(&[on_network(1)]);
    answer_by(&mut bench, A, version(FIXED));
    answer_by(&mut bench, None, version(RISK));
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("patched", "vulnerable"));
    // The same again: nothing tells that it is another one.
    answer_by(&mut bench, None, version(RISK));
    assert_eq!(bench.board.phones().len(), 2);
    let words = answer_by(&mut bench, A, version(FIXED));
    assert!(!words.iter().any(|word| word.contains("fixed")), "{words:?}");
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("patched", "vulnerable"));

    let mut bench = Bench::new();
    bench.see(&[on_network(1)]);
    answer_by(&mut bench, None, version(RISK));
    let words = answer_by(&mut bench, B, version(FIXED));
    assert!(!words.iter().any(|word| word.contains("fixed")), "{words:?}");
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("vulnerable", "patched"));
}

#[test]
fn a_phone_that_said_who_it_is_and_no_more_stays_unknown() {
    let mut bench = Bench::new();
    bench.see(&[on_network(1)]);
    answer_by(&mut bench, A, not_asked(Reason::IncompleteAnswer));
    answer_by(&mut bench, B, version(FIXED));
    assert_eq!((bench.outcome(1), bench.outcome(2)), ("incomplete_answer", "patched"));
}

#[test]
fn who_turns_out_to_be_a_known_phone_was_never_another_one() {
    let mut bench = at_risk();
    let who = Some(bench.phone(1).identity);
    bench.see(&[]);
    bench.wait(5000);
    bench.words();
    bench.see(&[on_network(2)]);
    answer_by(&mut bench, None, not_asked(Reason::Timeout));
    let words = answer_by(&mut bench, who, version(FIXED));
    assert!(words.contains(&"verdict patched first fixed".to_owned()), "{words:?}");
    assert_eq!(bench.board.phones().len(), 1);
}
