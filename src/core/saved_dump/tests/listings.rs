//! Listings of properties, and which dumps are of their phones.

use super::*;

#[test]
fn each_phone_of_a_file_has_its_own_entry() {
    let second = LISTING.replace("Redmi", "POCO");
    let (bad, good) = (dump("3.1.874.10"), dump("3.1.921.10"));
    let expected =
        [(Form::DumpsysPackage, Verdict::Vulnerable), (Form::DumpsysPackage, Verdict::Patched)];
    for text in [format!("{LISTING}{bad}{second}{good}"), format!("{bad}{LISTING}{good}{second}")] {
        assert_eq!(verdicts(&text), expected);
        let phones = read(&text);
        let brand = |phone: &SavedPhone| {
            phone.evidence.properties.get("ro.product.brand").map(<[u8]>::to_vec)
        };
        assert_eq!(
            phones.iter().map(brand).collect::<Vec<_>>(),
            [Some(b"Redmi".to_vec()), Some(b"POCO".to_vec())]
        );
    }
}

#[test]
fn each_listing_has_its_dumps_behind_it_or_before_it() {
    for (order, expected) in [
        ("P", &["patched"][..]),
        ("LP", &["patched"]),
        ("PL", &["patched"]),
        ("LPLV", &["patched", "vulnerable"]),
        ("PLVL", &["patched", "vulnerable"]),
        ("LOP", &["patched"]),
        ("LPO", &["patched"]),
        ("LON", &["not_installed"]),
        ("LPOLNO", &["patched", "not_installed"]),
        ("LN", &["not_installed"]),
        ("KN", &["incomplete_answer"]),
        ("N", &["not_installed"]),
        // What a person or another command wrote between.
        ("LbP", &["patched"]),
        ("bLhbPbLhV", &["patched", "vulnerable"]),
        ("hLbN", &["not_installed"]),
        ("sP", &["patched"]),
        ("LsP", &["patched"]),
        ("LsN", &["not_installed"]),
        ("s", &["service_unavailable"]),
        ("LF", &["service_unavailable"]),
        ("FN", &["service_unavailable"]),
        // A package twice without a listing between, and any other order.
        ("PV", &["ambiguous_dump", "vulnerable"]),
        ("LPP", &["ambiguous_dump", "ambiguous_dump"]),
        ("PN", &["ambiguous_dump", "ambiguous_dump"]),
        ("NP", &["ambiguous_dump", "ambiguous_dump"]),
        ("LOPO", &["ambiguous_dump", "incomplete_answer"]),
        ("PLV", &["ambiguous_dump", "vulnerable"]),
        ("VLP", &["vulnerable", "ambiguous_dump"]),
        ("LPL", &["ambiguous_dump", "not_a_dump"]),
        ("PLL", &["ambiguous_dump", "not_a_dump"]),
        ("LLP", &["not_a_dump", "ambiguous_dump"]),
        // A value without an end swallows nothing.
        ("LxP", &["patched"]),
        ("LxN", &["not_installed"]),
        ("LxLP", &["not_a_dump", "ambiguous_dump"]),
    ] {
        assert_eq!(rows(&in_order(order)), expected, "{order}");
    }
}

#[test]
fn a_value_has_at_most_64_lines() {
    let value = |lines: usize| format!("[ro.cut]: [{}]\n", "line\n".repeat(lines));
    let bad = "    versionName=1\n".to_owned();
    let text = |lines| format!("{LISTING}{}{}", value(lines), dump("3.1.921.10"));
    assert_eq!(rows(&text(60)), ["patched"]);
    assert_eq!(rows(&text(1_000)), ["patched"]);
    // Its own lines are no pieces of a dump.
    let telling = format!("{LISTING}[ro.a]: [\n{bad}\n]\n{}", dump("3.1.921.10"));
    assert_eq!(rows(&telling), ["patched"]);
    // What such a value would have swallowed is looked at.
    let swallowed = format!("{LISTING}[ro.cut]: [\n{bad}{}", "line\n".repeat(100));
    assert_eq!(rows(&swallowed), ["incomplete_answer"]);
}

#[test]
fn a_listing_behind_all_services_is_their_phones() {
    let model =
        |phone: &SavedPhone| phone.evidence.properties.get("ro.product.model").map(<[u8]>::to_vec);
    let services = dumpsys(&full(&[block(NAME, "3.1.874.10")]));
    let found = read(&format!("{services}{LISTING}"));
    assert_eq!(found.iter().map(model).collect::<Vec<_>>(), [Some(b"M1".to_vec())]);
    assert_eq!(found[0].form, Form::Dumpsys);
    // Of two nothing says which; and a report has its own.
    let other = LISTING.replace("M1", "M2");
    let found = read(&format!("{services}{LISTING}{other}"));
    assert_eq!((found.len(), model(&found[0])), (3, None));
    let report = report(&[&full(&[block(NAME, "3.1.874.10")])]);
    let found = read(&format!("{report}{LISTING}"));
    assert_eq!(
        found.iter().map(|phone| phone.form).collect::<Vec<_>>(),
        [Form::BugReport, Form::Getprop]
    );
}

#[test]
fn a_listing_has_a_bound() {
    let filler = |bytes: usize| {
        let entry = |n| format!("[a.{n:05}]: [{}]\n", "x".repeat(1_000));
        (0..bytes / 1_011).map(entry).collect::<String>()
    };
    // Longer than what room may be left behind the last of the others.
    let late = "y".repeat(1_010);
    for (bytes, is_kept) in [(900_000, true), (3 << 20, false)] {
        let text = format!("{LISTING}{}[ro.product.marketname]: [{late}]\n", filler(bytes));
        let phone = &read(&text)[0];
        assert_eq!(phone.evidence.properties.get("ro.product.marketname").is_some(), is_kept);
        assert!(phone.evidence.properties.get("ro.product.model").is_some());
    }
    // A key that comes again after many others begins another one.
    let again = format!("{LISTING}{}{}", filler(300_000), "[ro.late]: [x]\n".repeat(2));
    assert_eq!(rows(&again), ["not_a_dump", "not_a_dump"]);
}

#[test]
fn an_entry_that_is_moved_in_is_one_only_if_it_says_which_phone_it_is() {
    let block = block(NAME, "3.1.921.10");
    for (entry, said) in [
        ("[a.b]: [c]", &["patched"][..]),
        ("[ro.a.b]: [c]", &["incomplete_answer", "ambiguous_dump"]),
    ] {
        let text = format!("Key Set Manager:\n  {entry}\n\nPackages:\n{block}\nDexopt state:\n");
        assert_eq!(rows(&text), said, "{entry}");
    }
}

#[test]
fn of_two_listings_before_all_services_nothing_says_whose_they_are() {
    let all = dumpsys(&full(&[block(NAME, "3.1.921.10")]));
    assert_eq!(rows(&format!("{LISTING}{all}")), ["patched"]);
    let two = rows(&format!("{LISTING}{LISTING}{all}"));
    assert_eq!((two.len(), two.last()), (3, Some(&"ambiguous_dump")));
}

#[test]
fn a_quoted_listing_says_that_its_phone_has_not_started() {
    let listing = LISTING.replace("[sys.boot_completed]: [1]", "[sys.boot_completed]: [0]");
    let text = format!("{listing}{}", in_order("N"));
    assert_eq!(rows(&text), ["still_booting"]);
    assert_eq!(rows(&moved(&text, "> ", 0)), ["still_booting"]);
    assert_eq!(rows(&format!("{}{}", moved(&listing, "  ", 0), in_order("N"))), ["still_booting"]);
}

#[test]
fn a_value_that_does_not_end_swallows_no_quoted_dump() {
    let text = format!(
        "{}{LISTING}[a.b]: [x\n{}",
        dump("3.1.921.10"),
        moved(&dump("3.1.874.10"), "> ", 0)
    );
    assert!(!rows(&text).contains(&"patched"), "{:?}", rows(&text));
}

#[test]
fn a_propertys_own_lines_begin_no_dump() {
    let listing = "[a]: [x\nsh: foo\nPackages:\ny]\n[ro.product.brand]: [Redmi]\n";
    assert_eq!(verdicts(&format!("{listing}{}", dump("3.1.921.10"))).len(), 1);
}

#[test]
fn a_value_that_does_not_end_swallows_no_dump_at_the_texts_end() {
    let cut = format!("[ro.product.model]: [M1]\n[a]: [b\n{}", dump("3.1.874.10"));
    let title = "[ro.product.model]: [M1]\n[a]: [b\nDexopt state:\n";
    assert_eq!(rows(title), ["incomplete_answer"]);
    let found = verdicts(&cut);
    assert!(found.iter().any(|(_, verdict)| *verdict == Verdict::Vulnerable), "{found:?}");
}
