//! Reports in their frames, and what apps forge in them.

use super::*;

#[test]
fn a_bug_report_says_which_phone_it_is_and_when_it_was_made() {
    let phones = read(&report(&[&full(&[block(NAME, "3.1.874.10")])]));
    assert_eq!(phones.len(), 1);
    assert_eq!(verdict_of(&phones[0]), Verdict::Vulnerable);
    assert_eq!(phones[0].taken_at.as_deref(), Some("2024-05-13 10:22:33"));
    let properties = &phones[0].evidence.properties;
    for (key, value) in [
        ("ro.product.brand", "Xiaomi"),
        // What the properties say goes before the header.
        ("ro.product.model", "2211133G"),
        ("ro.build.version.release", "14"),
        ("ro.build.version.sdk", "34"),
        (
            "ro.build.fingerprint",
            "Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/V816.0.5.0.UMAMIXM:user/release-keys",
        ),
    ] {
        assert_eq!(properties.get(key), Some(value.as_bytes()), "{key}");
    }
}

#[test]
fn checkin_knows_of_an_app_whose_dump_is_missing() {
    let checkin = |code: u64| format!("pkg,{NAME},10107,{code},1,com.xiaomi.market,0\n");
    let with = |dumps: &[&str], code: u64| {
        let phones = read(&report_around("", dumps, "", &checkin(code)));
        let finding = judge_all(&phones[0].evidence, &set()).remove(0);
        (finding.verdict, finding.version_code, finding.notes)
    };
    let listed = vec![Note::ListedInCheckin];
    let code = Some("31090012".to_owned());
    let cut = full(&[block("a.b", "1.0")]);
    let cut = &cut[..cut.find("\n  Package [a.b]").unwrap()];
    let missing = Verdict::Unknown(Reason::IncompleteAnswer);
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    assert_eq!(with(&[], 31_090_012), (missing, code.clone(), listed.clone()));
    assert!(matches!(with(&[cut], 31_090_012), (Verdict::Unknown(_), _, notes) if notes == listed));
    let without = full(&[block("a.b", "1.0")]);
    assert_eq!(with(&[&without], 31_090_012), (ambiguous, code, listed));
    // Both must say the same.
    let good = full(&[block(NAME, "3.1.921.10")]);
    assert_eq!(with(&[&good], 1), (Verdict::Patched, Some("1".to_owned()), Vec::new()));
    assert_eq!(with(&[&good], 2).0, ambiguous);
    let bad = full(&[block(NAME, "3.1.874.10")]);
    assert_eq!(with(&[&bad], 2).0, Verdict::Vulnerable);
}

/// Each way in which a report's frames don't hold, and what is then said of a good phone.
#[test]
fn a_report_is_whole_when_its_frames_hold() {
    let good = full(&[block(NAME, "3.1.921.10"), block("a.b", "1.0")]);
    let whole = report(&[&good]);
    let checkin_end = "------ 0.7s was the duration of 'CHECKIN PACKAGE' ------\n";
    let normal_end = "------ 0.7s was the duration of 'DUMPSYS' ------\n";
    let window_end =
        "--------- 0.001s was the duration of dumpsys window, ending at: 2024-05-13 10:22:40\n";
    let at_window = "DUMP OF SERVICE window:\n";
    let slow = "\n*** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***\n\n";
    let without = |text: &str| whole.replace(text, "");
    let instead = |text: &str, other: &str| whole.replace(text, other);
    let before = |text: &str, other: &str| whole.replace(text, &format!("{other}{text}"));
    let no_ends = whole.split_inclusive('\n').filter(|line| !line.starts_with("--------- "));
    for (text, expected) in [
        (whole.clone(), "patched"),
        // Android 10 prints no duration below half a second; makers add sections.
        (without(checkin_end), "patched"),
        (without(normal_end), "patched"),
        (before("------ CHECKIN PACKAGE", &section("MAKER (x)", "[a]: [b]\n")), "patched"),
        (before(at_window, "").replace(window_end, &format!("x{window_end}")), "patched"),
        (
            before("------ APP ACT", "*** command 'x' timed out after 1s (killing pid 1)\n"),
            "patched",
        ),
        (before(window_end, "------ a service's own heading ------\n"), "patched"),
        // Parts are missing.
        (report(&[]), "incomplete_answer"),
        (without(PACKAGE_END), "ambiguous_dump"),
        (instead(PACKAGE_END, &format!("x{PACKAGE_END}")), "incomplete_answer"),
        (no_ends.collect(), "incomplete_answer"),
        (without("pkg,android,1000,34,1,?,0\n"), "incomplete_answer"),
        (
            before(normal_end, "*** command 'dumpsys' timed out after 60.0s (killing pid 1)\n"),
            "incomplete_answer",
        ),
        (whole[..whole.find(checkin_end).unwrap()].to_owned(), "incomplete_answer"),
        (whole[whole.find("Build: ").unwrap()..].to_owned(), "incomplete_answer"),
        (before(PACKAGE_END, slow), "dump_timed_out"),
        // What only a forgery, or what it displaces, can be.
        (before(at_window, "DUMP OF SERVICE extra:\n"), "ambiguous_dump"),
        (before(window_end, window_end), "ambiguous_dump"),
        (instead("DUMP OF SERVICE window", "DUMP OF SERVICE HIGH window"), "ambiguous_dump"),
        (instead("DUMP OF SERVICE window", "DUMP OF SERVICE notification"), "ambiguous_dump"),
        (before("------ APP ACT", "------ DUMPSYS HIGH (x) ------\n"), "ambiguous_dump"),
        (before("== dumpstate: done", "------ DUMPSYS (x) ------\n"), "ambiguous_dump"),
        (before("== dumpstate: done", &service("package", "")), "ambiguous_dump"),
        (format!("{whole}{}", service("package", "")), "ambiguous_dump"),
        (before("------ UPTIME", "------ SYSTEM PROPERTIES (x) ------\n"), "ambiguous_dump"),
    ] {
        let said = rows(&text);
        assert_eq!(said, [expected], "{:.60}", text.replace(&whole[..500], ""));
        // A risk stays one.
        let bad = text.replace("3.1.921.10", "3.1.874.10");
        let shown = expected != "dump_timed_out" && text.contains("3.1.921.10");
        assert!(!shown || rows(&bad) == ["vulnerable"], "{expected}: {:?}", rows(&bad));
    }
}

/// An app can print UTF-8's mark at a line's beginning.
#[test]
fn a_mark_within_frames_ends_nothing() {
    let whole = report(&[&full(&[block(NAME, "3.1.921.10")])]);
    let marked = whole.replace("DUMP OF SERVICE window:\n", "DUMP OF SERVICE window:\n\u{feff}x\n");
    assert_ne!(marked, whole);
    assert_eq!(rows(&marked), ["patched"]);
}

#[test]
fn all_services_are_whole_when_each_listed_one_came() {
    let good = full(&[block(NAME, "3.1.921.10")]);
    let whole = dumpsys(&good);
    let window = service("window", "x\n");
    for (text, expected) in [
        (whole.clone(), "patched"),
        // A service can go away between the list and its turn.
        (whole.replace("  package\n", "  gone\n  package\n"), "patched"),
        (whole.replace("  package\n", "  gone\n  too\n  package\n"), "incomplete_answer"),
        (whole.replace("  window\n", "  window\n  last\n"), "incomplete_answer"),
        (whole.replace(&window, ""), "incomplete_answer"),
        (whole.replace("  package\n  window\n", "  window\n  package\n"), "ambiguous_dump"),
        (whole.replace("  window\n", ""), "ambiguous_dump"),
        (format!("{whole}{window}"), "ambiguous_dump"),
        (format!("x\n{}", &whole[whole.find("---").unwrap()..]), "all_apps_dump"),
    ] {
        assert_eq!(rows(&text), [expected], "{text:.200}");
    }
    for cut in 0..whole.len() - 1 {
        assert!(!rows(&whole[..cut]).contains(&"patched"), "{cut}");
    }
}

#[test]
fn a_service_comes_once_and_only_if_it_is_listed() {
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    let list = full(&[block(NAME, "3.1.921.10")]);
    let before = service("activity", "x\n");
    let unlisted = dumpsys(&list).replace(&before, &(before.clone() + &service("power", "x\n")));
    assert_eq!(the_verdict(&unlisted), ambiguous);
    let twice = report_around(&service("notification", "x\n"), &[&list], "", "");
    assert_eq!(the_verdict(&twice), ambiguous);
}

#[test]
fn an_app_gives_no_service_that_died_its_end() {
    let forged = block("z.evil", &format!("1.0\n{PACKAGE_END}"));
    let dump = full(&[block(NAME, "3.1.921.10"), forged]);
    let report = report(&[&dump]);
    let (before, behind) = report.rsplit_once(PACKAGE_END).unwrap();
    assert!(!is_fine(the_verdict(&format!("{before}{behind}"))));
}

#[test]
fn a_frame_within_one_apps_dump_ends_nothing() {
    let dump = dump("3.1.921.10");
    let text = dump.replacen("Packages:\n", "DUMP OF SERVICE window:\nPackages:\n", 1);
    assert_eq!(verdicts(&text), [(Form::DumpsysPackage, Verdict::Patched)]);
}

/// Another app's version that prints `forged` and then goes on as Android would.
pub(super) fn forging(forged: &str) -> String {
    block("evil.app", &format!("1.0\n{forged}    versionName=x"))
}

/// The same, but nothing shows where its version ends.
pub(super) fn forging_well(forged: &str) -> String {
    block(
        "evil.app",
        &format!(
            "1.0\n    splits=[base]\n    User 0: ceDataInode=1 installed=true enabled=0\n{forged}  \
             Package [evil.two] (1):\n    versionCode=1\n    versionName=2"
        ),
    )
}

#[test]
fn no_app_forges_another_apps_health() {
    let bad = block(NAME, "3.1.874.10");
    let good = block(NAME, "3.1.921.10");
    let end = "--------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n";
    let next = format!("{end}{}\nDUMP OF SERVICE package:\n", "-".repeat(79));
    let forgeries = [
        good.clone(),
        format!("{good}\nQueries:\n"),
        format!("{good}\nHidden system packages:\n"),
        format!("\nHidden system packages:\n{good}"),
        format!("\nPackages:\n{good}"),
        format!("\nQueries:\n\nPackages:\n{good}"),
        format!("{good}\nQueries:\n{end}"),
        format!("{good}\nQueries:\n{next}"),
        format!("\nQueries:\n{next}Packages:\n{good}\nQueries:\n"),
        format!("{good}\nQueries:\n{end}------ SYSTEM PROPERTIES (getprop) ------\n[ro.a]: [b]\n"),
        format!("{good}\nQueries:\n{LISTING}{LISTING}"),
        format!("{good}\nQueries:\nUnable to find package: {NAME}\n"),
        format!("{end}== dumpstate: 2024-05-13 10:22:33\n"),
        format!("\nQueries:\n{end}"),
        format!("Unable to find package: {NAME}\n"),
        format!("\nDexopt state:\n  Unable to find package: {NAME}\n"),
    ];
    for forged in &forgeries {
        for forging in [forging, forging_well] {
            for blocks in [[forging(forged), bad.clone()], [bad.clone(), forging(forged)]] {
                let text = full(&blocks);
                for text in [text.clone(), report(&[&text])] {
                    for (form, verdict) in verdicts(&text) {
                        assert!(!is_fine(verdict), "{form:?} {verdict:?}\n{text}");
                    }
                }
            }
        }
    }
}

/// Every place where a report with a forgery of the rest of it is cut, but where the forgery itself
/// ends.
#[test]
fn no_forged_end_is_believed() {
    let (good, bad) = (full(&[block(NAME, "3.1.921.10")]), full(&[block(NAME, "3.1.874.10")]));
    let genuine_rest = report(&[&good]);
    let end = |name: &str| {
        format!(
            "--------- 0.001s was the duration of dumpsys {name}, ending at: 2024-05-13 10:22:40\n"
        )
    };
    let rest = &genuine_rest[genuine_rest.find("DUMP OF SERVICE package").unwrap()..];
    let to_app = &rest[..rest.find("== dumpstate: done").unwrap()];
    let again = |name: &str| format!("DUMP OF SERVICE {name}:\n");
    for host in ["audio", "CRITICAL power"] {
        let bare = host.rsplit(' ').next().unwrap();
        for forged in [
            format!("{}{rest}", end(bare)),
            format!("{}{to_app}", end(bare)),
            format!("x{}{rest}{}", end(bare), again(host)),
            format!("{}{to_app}{}", end(bare), again(host)),
            format!("{}{}{}", end(bare), service("package", &good), again(host)),
            format!("{rest}{}", again(host)),
            format!("{}== dumpstate: done\n\u{feff}", end(bare)),
            format!("\u{feff}{}\u{feff}", dump("3.1.921.10")),
        ] {
            let evil = service(host, &format!("app says:\n{forged}\nits end\n"));
            let text = report_around(&evil, &[&bad], "", "");
            let begin = text.find("app says").unwrap();
            let forged_end = text[begin..].find("\nits end").unwrap() + begin;
            let lines = text.match_indices('\n').map(|(at, _)| at + 1);
            for cut in lines.filter(|&at| at < begin || at > forged_end + 10) {
                for said in rows(&text[..cut]) {
                    assert!(!["patched", "not_installed"].contains(&said), "{cut} {forged:.200}");
                }
            }
        }
    }
}

#[test]
fn other_services_dumps_are_none() {
    for text in [
        "ACTIVITY MANAGER BROADCAST STATE\n  Receiver Resolver Table:\n    Non-Data Actions:\n",
        "Features:\n  a\n\nPermissions:\n  b\n",
        "Packages:\n  com.example: 1\n",
        "[x]: [y]\n[1]: [2]\n",
        "I/x: versionName is 3.1.874.10\n",
    ] {
        assert_eq!(rows(text), [""; 0], "{text}");
    }
}

#[test]
fn a_version_with_a_newline_in_another_app_is_harmless_until_it_forges() {
    let good = block(NAME, "3.1.921.10");
    let blocks = [block("a.b", "1.0\n"), good.clone()];
    assert_eq!(the_verdict(&report(&[&full(&blocks)])), Verdict::Patched);
    let blocks = [block("a.b", "1.0\nShared users:\n"), good];
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    assert_eq!(the_verdict(&report(&[&full(&blocks)])), ambiguous);
}

#[test]
fn what_an_app_prints_within_its_service_ends_no_report() {
    for line in ["== dumpstate: done\n", "== dumpstate: done (id 1)\n"] {
        let text = report(&[&full(&[block(NAME, "3.1.921.10")])]);
        let inside =
            text.replace("DUMP OF SERVICE window:\n", &format!("DUMP OF SERVICE window:\n{line}"));
        assert_ne!(inside, text);
        assert_eq!(verdicts(&inside), verdicts(&text), "{line}");
    }
}

#[test]
fn sections_of_one_kind_come_one_after_another() {
    let text = report(&[&full(&[block(NAME, "3.1.921.10")])]);
    let more = section("CHECKIN NETSTATS (/system/bin/dumpsys netstats --checkin)", "v1\n");
    let at = text.find("------ CHECKIN PACKAGE").unwrap();
    let several = [&text[..at], &more, &text[at..]].concat();
    assert_eq!(the_verdict(&several), Verdict::Patched);
    // But not the same one twice, and none after what comes later.
    let twice = [&text[..at], &more, &more, &text[at..]].concat();
    assert_eq!(the_verdict(&twice), Verdict::Unknown(Reason::AmbiguousDump));
    let end = text.find("------ APP ACTIVITIES").unwrap();
    let late = [&text[..end], &more, &text[end..]].concat();
    assert_eq!(the_verdict(&late), Verdict::Unknown(Reason::AmbiguousDump));
}

#[test]
fn a_report_has_the_listing_of_no_other_build() {
    let good = full(&[block(NAME, "3.1.921.10")]);
    let own = "[ro.build.fingerprint]: [Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/\
               V816.0.5.0.UMAMIXM:user/release-keys]\n";
    let other = own.replace("ishtar:14", "ishtar:13");
    let said = |line: &str| rows(&report_around(&service("settings", line), &[&good], "", ""));
    assert_eq!(said(own), ["patched"]);
    assert_eq!(said(&other), ["ambiguous_dump", "ambiguous_dump"]);
    // In their section a maker's properties may say something else than the header.
    let listed = report(&[&good]).replace("[ro.product.model]: [2211133G]\n", &other);
    assert_eq!(rows(&listed), ["patched"]);
}

#[test]
fn a_report_needs_its_properties_and_the_end_of_its_checkin() {
    let good = report(&[&full(&[block(NAME, "3.1.921.10")])]);
    let (before, rest) = good.split_once("------ SYSTEM PROPERTIES (getprop) ------\n").unwrap();
    let (_, behind) = rest.split_once("'SYSTEM PROPERTIES' ------\n").unwrap();
    assert_eq!(rows(&format!("{before}{behind}")), ["incomplete_answer"]);
    let end = "------ 0.7s was the duration of 'CHECKIN PACKAGE' ------\n";
    // Android 10 prints none below half a second, but nothing else comes in between.
    assert_eq!(rows(&good.replace(end, "")), ["patched"]);
    let free = section("EVENT LOG TAGS (/system/etc/event-log-tags)", "x\n");
    assert_eq!(rows(&good.replace(end, &free)), ["incomplete_answer"]);
}

#[test]
fn services_are_listed_within_bounds_and_only_where_they_are_dumped() {
    let packages = full(&[block(NAME, "3.1.921.10")]);
    for (bytes, said) in [(256, "patched"), (257, "answer_too_large")] {
        let name = "s".repeat(bytes);
        let all = dumpsys(&packages).replacen("  window\n", &format!("  window\n  {name}\n"), 1);
        assert_eq!(rows(&format!("{all}{}", service(&name, "x\n"))), [said], "{bytes}");
    }
    let uptime = "Currently running services:\n  x\n";
    let listed = report(&[&packages]).replace(" 10:22:33 up 1 min\n", uptime);
    assert_eq!(rows(&listed), ["patched"]);
}

#[test]
fn a_second_dump_of_the_package_service_is_a_row_unless_the_first_tells_of_it() {
    let (ours, other) = (full(&[block(NAME, "3.1.921.10")]), full(&[block("a.b", "1")]));
    assert_eq!(rows(&report(&[&ours, &other])), ["ambiguous_dump", "ambiguous_dump"]);
    assert_eq!(rows(&report(&[&ours, &ours])), ["ambiguous_dump"]);
}
