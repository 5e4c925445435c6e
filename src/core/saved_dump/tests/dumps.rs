//! What dumps that stand beside each other say of one phone.

use super::*;

#[test]
fn dumps_of_several_apps_stand_beside_each_other() {
    let other = dump("1.0").replace(NAME, "com.example.other");
    for text in [
        format!("{other}{}", dump("3.1.921.10")),
        format!("{}{other}", dump("3.1.921.10")),
        format!("Unable to find package: com.example.other\n{}", dump("3.1.921.10")),
        format!("{}Unable to find package: com.example.other\n", dump("3.1.921.10")),
    ] {
        assert_eq!(the_verdict(&text), Verdict::Patched);
    }
    assert_eq!(
        the_verdict(&format!("{other}Unable to find package: {NAME}\n")),
        Verdict::NotInstalled
    );
    assert_eq!(the_verdict(&other), Verdict::Unknown(Reason::IncompleteAnswer));
}

#[test]
fn a_failure_counts_where_the_framework_prints_it() {
    let denied = "Permission Denial: can't dump package\n";
    assert_eq!(rows(denied), ["denied"]);
    assert_eq!(rows(&format!("05-13 10:00:00.1 W/x: SecurityException: {denied}")), [""; 0]);
    let warned =
        format!("{}\nPackage warning messages:\n5/13/24: msg={denied}{denied}", dump("3.1.921.10"));
    assert_eq!(rows(&warned), ["patched"]);
    assert_eq!(
        rows(&format!("    User 0: installed=true\nUnable to find package: {NAME}\n")),
        ["ambiguous_dump"]
    );
}

#[test]
fn a_phone_that_has_not_started_is_not_believed_to_lack_the_app() {
    let listing = |value: &str| LISTING.replace("[1]\n", &format!("[{value}]\n"));
    let absent = in_order("N");
    assert_eq!(rows(&format!("{}{absent}", listing("0"))), ["still_booting"]);
    assert_eq!(rows(&format!("{}{absent}", listing("1"))), ["not_installed"]);
    let without = full(&[]);
    let booting = report(&[&without]).replace("[sys.boot_completed]: [1]", "[sys.x]: [1]");
    assert_eq!(rows(&booting), ["incomplete_answer"]);
}

#[test]
fn a_phone_without_the_app_lists_all_the_others() {
    let without = full(&[block("a.b", "1.0")]);
    assert_eq!(the_verdict(&without), Verdict::Unknown(Reason::AllAppsDump));
    let report = |dump: &str| report(&[dump]);
    assert_eq!(the_verdict(&report(&without)), Verdict::NotInstalled);
    assert_eq!(the_verdict(&dumpsys(&without)), Verdict::NotInstalled);
    // Not the list of a whole phone, or the app under another name.
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    let not_whole = without.replace("Package [android]", "Package [a.c]");
    assert_eq!(the_verdict(&report(&not_whole)), Verdict::Unknown(Reason::IncompleteAnswer));
    let renamed = without.replace("    appId=10107\n", &format!("    compat name={NAME}\n"));
    assert_eq!(the_verdict(&report(&renamed)), ambiguous);
    // Cut off before the list ends.
    let cut = &without[..without.find("\nQueries:").unwrap()];
    assert!(!is_fine(the_verdict(cut)));
    assert!(!is_fine(the_verdict(&report(cut))));
}

#[test]
fn what_may_be_another_phones_has_a_row() {
    let whole = report(&[&full(&[block(NAME, "3.1.921.10")])]);
    let at = whole.find("------ APP ACT").unwrap();
    for other in [block(NAME, "3.1.874.10"), in_order("N")] {
        let text = format!("{}{other}{}", &whole[..at], &whole[at..]);
        assert_eq!(rows(&text), ["ambiguous_dump", "ambiguous_dump"]);
    }
}

#[test]
fn phones_whose_dumps_pm_made_stay_apart() {
    let pm =
        |dump: &str| format!("DUMP OF SERVICE package:\n{dump}\nDUMP OF SERVICE activity:\n  x\n");
    let other = pm(&dump("1.0").replace(NAME, "a.b"));
    let text = format!("{LISTING}{other}{LISTING}{}", pm(&dump("3.1.921.10")));
    assert_eq!(
        verdicts(&text),
        [
            (Form::PmDump, Verdict::Unknown(Reason::IncompleteAnswer)),
            (Form::PmDump, Verdict::Patched)
        ]
    );
    let absent = pm(&format!("  Unable to find package: {NAME}\n"));
    assert_eq!(verdicts(&absent), [(Form::PmDump, Verdict::NotInstalled)]);
}

#[test]
fn older_phones_words_of_absence_stand_beside_other_dumps() {
    let other = fixture("android9").replace(NAME, "com.example.other");
    let absent = fixture("edge_unknown_android9");
    for text in [format!("{other}{absent}"), format!("{absent}{other}")] {
        assert_eq!(the_verdict(&text), Verdict::NotInstalled, "{text}");
    }
}

/// Something else beside what apps can print into may be their forgery.
#[test]
fn nothing_is_fine_beside_a_dump_of_all_apps() {
    let (all, one) = (full(&[block("a.b", "1")]), dump("3.1.921.10"));
    for text in [
        format!("{LISTING}{all}{LISTING}{one}"),
        format!("{LISTING}{one}{LISTING}{}", dumpsys(&all)),
        format!("{}{LISTING}{one}", report(&[&all])),
        format!("{}{}", report(&[&all]), report(&[&all])),
        format!("{all}\n\u{feff}{one}"),
    ] {
        for said in rows(&text) {
            assert!(!["patched", "not_installed"].contains(&said), "{said} {text:.300}");
        }
        assert!(rows(&text).len() > 1);
    }
}
