use proptest::prelude::*;

use super::*;
use crate::advisory::AdvisorySet;
use crate::report::judge_all;
use crate::verdict::{Note, Reason, Verdict};

const NAME: &str = "com.xiaomi.mi_connect_service";

fn set() -> AdvisorySet {
    let set = AdvisorySet::embedded();
    set.only("mi-connect").unwrap()
}

fn read_in_pieces(text: &[u8], piece: usize) -> Vec<SavedPhone> {
    let packages = set().packages();
    let mut sieve = Sieve::new(&packages);
    for piece in text.chunks(piece.max(1)) {
        sieve.feed(piece);
    }
    sieve.finish()
}

fn read(text: &str) -> Vec<SavedPhone> {
    read_in_pieces(text.as_bytes(), usize::MAX)
}

fn verdict_of(phone: &SavedPhone) -> Verdict {
    judge_all(&phone.evidence, &set())[0].verdict
}

/// Form and verdict of each phone.
fn verdicts(text: &str) -> Vec<(Form, Verdict)> {
    read(text).iter().map(|phone| (phone.form, verdict_of(phone))).collect()
}

fn the_verdict(text: &str) -> Verdict {
    match verdicts(text).as_slice() {
        [(_, verdict)] => *verdict,
        other => panic!("{other:?}"),
    }
}

fn is_fine(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable)
}

fn fixture(name: &str) -> String {
    let path = format!("{}/fixtures/dumpsys/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The answer to `dumpsys package NAME`, with this version in force.
fn dump(version: &str) -> String {
    fixture("android14").replace("3.1.900.12", version)
}

const LISTING: &str =
    "[ro.build.version.sdk]: [34]\n[ro.product.brand]: [Redmi]\n[ro.product.model]: [M1]\n";

/// A block as Android 14 prints it.
fn block(name: &str, version: &str) -> String {
    format!(
        "  Package [{name}] (5a1bb5):\n    appId=10107\n    pkg=Package{{c0ffee1 {name}}}\n    \
         codePath=/data/app/x\n    versionCode=1 minSdk=28 targetSdk=33\n    versionName={version}\n    \
         splits=[base]\n    flags=[ HAS_CODE ]\n    pkgFlags=[ HAS_CODE ]\n    \
         User 0: ceDataInode=1 installed=true hidden=false stopped=false enabled=0\n"
    )
}

/// `dumpsys package` of a phone with these apps.
fn full(blocks: &[String]) -> String {
    format!(
        "Activity Resolver Table:\n  Schemes:\n\nKey Set Manager:\n  [android]\n\nPackages:\n{}{}\n\
         Queries:\n  system apps queryable: false\n\nShared users:\n  SharedUser [android.uid.system] (1):\n\n\
         Dexopt state:\n  [android]\n",
        block("android", "14"),
        blocks.concat(),
    )
}

/// A bug report with these package dumps.
fn report(dumps: &[&str]) -> String {
    let rule = "-".repeat(79);
    let mut text = format!(
        "{0}\n== dumpstate: 2024-05-13 10:22:33\n{0}\n\nBuild: UKQ1\nBuild fingerprint: \
         'Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/V816.0.5.0.UMAMIXM:user/release-keys'\n\n\
         ------ UPTIME (uptime) ------\n 10:22:33 up 1 min\n\
         ------ SYSTEM PROPERTIES (getprop) ------\n[ro.product.model]: [2211133G]\n\
         [ro.build.version.sdk]: [34]\n\
         ------ 0.010s was the duration of 'SYSTEM PROPERTIES' ------\n\
         ------ DUMPSYS NORMAL (dumpsys) ------\n{rule}\nDUMP OF SERVICE notification:\n  nothing\n\
         --------- 0.001s was the duration of dumpsys notification, ending at: 2024-05-13\n",
        "=".repeat(56),
    );
    for dump in dumps {
        text += &[
            rule.as_str(),
            "\nDUMP OF SERVICE package:\nService host process PID: 1\n",
            dump,
            "--------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n",
        ]
        .concat();
    }
    text + &format!(
        "{rule}\nDUMP OF SERVICE window:\n  nothing\n\
         --------- 0.001s was the duration of dumpsys window, ending at: 2024-05-13\n\
         ------ 12.3s was the duration of 'DUMPSYS NORMAL' ------\n{0}\n== dumpstate: done (id 1)\n{0}\n",
        "=".repeat(56),
    )
}

#[test]
fn every_form_is_known_by_its_content() {
    let patched = Verdict::Patched;
    let targeted = dump("3.1.921.10");
    let others = full(&[block("a.b", "1.0"), block(NAME, "3.1.921.10")]);
    let moved_in: String = targeted
        .lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") })
        .collect();
    let pm_dump = format!("DUMP OF SERVICE package:\n{moved_in}\nDUMP OF SERVICE activity:\n  x\n");
    let services = format!(
        "Currently running services:\n  package\n{}\nDUMP OF SERVICE package:\n{others}\
         --------- 0.1s was the duration of dumpsys package, ending at: x\n",
        "-".repeat(79)
    );
    for (text, form) in [
        (targeted.clone(), Form::DumpsysPackage),
        (others.clone(), Form::DumpsysPackages),
        (moved_in.clone(), Form::PmDump),
        (pm_dump, Form::PmDump),
        (services, Form::Dumpsys),
        (report(&[&others]), Form::BugReport),
        (format!("{LISTING}{targeted}"), Form::DumpsysPackage),
        (format!("{targeted}{LISTING}"), Form::DumpsysPackage),
        (
            format!(
                "* daemon not running; starting now at tcp:5037\n* daemon started successfully\n{targeted}"
            ),
            Form::DumpsysPackage,
        ),
        (targeted.replace('\n', "\r\n"), Form::DumpsysPackage),
        (targeted.replace('\n', "\r\r\n"), Form::DumpsysPackage),
        (format!("\u{feff}{targeted}"), Form::DumpsysPackage),
    ] {
        assert_eq!(verdicts(&text), [(form, patched)], "{form:?}: {}", &text[..200]);
    }
}

#[test]
fn powershell_writes_utf_16() {
    let text = format!("{LISTING}{}", dump("3.1.921.10")).replace('\n', "\r\n");
    let bytes: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let phones = read_in_pieces(&bytes, 1_000);
    assert_eq!(verdict_of(&phones[0]), Verdict::Patched);
    assert_eq!(phones[0].evidence.properties.get("ro.product.brand"), Some(&b"Redmi"[..]));
}

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
    ] {
        assert_eq!(properties.get(key), Some(value.as_bytes()), "{key}");
    }
}

#[test]
fn nothing_known_is_no_phone() {
    for text in ["", "\n\n", "hello\nworld\n", "PK\u{3}\u{4}\0\0", "{\"a\": 1}", "[1, 2]: x"] {
        assert!(read(text).is_empty(), "{text:?}");
    }
}

#[test]
fn properties_alone_are_a_phone_without_a_dump() {
    assert_eq!(verdicts(LISTING), [(Form::Getprop, Verdict::Unknown(Reason::NotADump))]);
}

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
fn two_dumps_of_one_app_contradict_each_other() {
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    let good = dump("3.1.921.10");
    assert_eq!(the_verdict(&format!("{good}{}", dump("3.1.874.10"))), ambiguous);
    assert_eq!(the_verdict(&format!("{LISTING}{good}{good}")), ambiguous);
    assert_eq!(the_verdict(&format!("{good}Unable to find package: {NAME}\n")), ambiguous);
    assert_eq!(the_verdict(&format!("Unable to find package: {NAME}\n{good}")), ambiguous);
}

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
fn failures_count_for_whoever_they_may_be_about() {
    let failure = "Can't find service: package\n";
    let expected = Verdict::Unknown(Reason::ServiceUnavailable);
    assert_eq!(the_verdict(failure), expected);
    assert_eq!(the_verdict(&format!("{LISTING}{failure}")), expected);
    assert_eq!(the_verdict(&format!("{failure}Unable to find package: {NAME}\n")), expected);
    assert_eq!(
        the_verdict(&format!("    User 0: installed=true\nUnable to find package: {NAME}\n")),
        Verdict::Unknown(Reason::AmbiguousDump)
    );
}

#[test]
fn a_phone_without_the_app_lists_all_the_others() {
    let without = full(&[block("a.b", "1.0")]);
    assert_eq!(the_verdict(&without), Verdict::NotInstalled);
    assert_eq!(the_verdict(&report(&[&without])), Verdict::NotInstalled);
    // Not the list of a whole phone, or the app under another name.
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    let not_whole = without.replace("Package [android]", "Package [a.c]");
    assert_eq!(the_verdict(&not_whole), Verdict::Unknown(Reason::IncompleteAnswer));
    let renamed = without.replace("    appId=10107\n", &format!("    compat name={NAME}\n"));
    assert_eq!(the_verdict(&renamed), ambiguous);
    // Cut off before the list ends.
    let cut = &without[..without.find("\nQueries:").unwrap()];
    assert!(!is_fine(the_verdict(cut)));
}

#[test]
fn checkin_knows_of_an_app_whose_dump_is_missing() {
    let checkin = format!(
        "------ CHECKIN PACKAGE (dumpsys package --checkin) ------\nvers,1\n\
         pkg,{NAME},10107,31090012,1,com.xiaomi.market,0\n\
         ------ 0.1s was the duration of 'CHECKIN PACKAGE' ------\n"
    );
    let with = |report: String| {
        let phones = read(&(report + &checkin));
        let finding = judge_all(&phones[0].evidence, &set()).remove(0);
        (finding.verdict, finding.version_code, finding.notes)
    };
    let listed = vec![Note::ListedInCheckin];
    let code = Some("31090012".to_owned());
    let cut = full(&[block("a.b", "1.0")]);
    let cut = &cut[..cut.find("\nQueries").unwrap()];
    let missing = Verdict::Unknown(Reason::IncompleteAnswer);
    assert_eq!(with(report(&[])), (missing, code.clone(), listed.clone()));
    assert!(matches!(with(report(&[cut])), (Verdict::Unknown(_), _, notes) if notes == listed));
    let without = full(&[block("a.b", "1.0")]);
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    assert_eq!(with(report(&[&without])), (ambiguous, code, listed));
    let good = full(&[block(NAME, "3.1.921.10")]);
    assert_eq!(with(report(&[&good])), (Verdict::Patched, Some("1".to_owned()), Vec::new()));
}

#[test]
fn a_section_that_is_cut_off_or_missing_is_unknown() {
    let incomplete = Verdict::Unknown(Reason::IncompleteAnswer);
    assert_eq!(the_verdict(&report(&[])), incomplete);
    let good = full(&[block(NAME, "3.1.921.10"), block("a.b", "1.0")]);
    let whole = report(&[&good]);
    let end = "--------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n";
    assert_eq!(the_verdict(&whole), Verdict::Patched);
    assert_eq!(the_verdict(&whole.replace(end, "")), incomplete);
    // Before Android 7 no service had such an end.
    let other = |line: &&str| !line.contains("was the duration of dumpsys");
    let old: String = whole.split_inclusive('\n').filter(other).collect();
    assert_eq!(the_verdict(&old), Verdict::Patched);
    let bad = whole.replace("3.1.921.10", "3.1.874.10");
    assert_eq!(the_verdict(&bad.replace(end, "")), Verdict::Vulnerable);
    let slow = "*** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***\n";
    let timed_out = whole.replace(end, &format!("{slow}{end}"));
    assert_eq!(the_verdict(&timed_out), Verdict::Unknown(Reason::DumpTimedOut));
}

/// Another app's version that prints `forged` and then goes on as Android would.
fn forging(forged: &str) -> String {
    block("evil.app", &format!("1.0\n{forged}    versionName=x"))
}

/// The same, but nothing shows where its version ends.
fn forging_well(forged: &str) -> String {
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

/// What a real phone has before and behind its list of packages, longer than anything forged.
fn real(blocks: &[String]) -> String {
    let many = "      a1b2c3 com.example/.Activity filter d4e5f6\n".repeat(3_000);
    full(blocks)
        .replace("  Schemes:\n", &format!("  Schemes:\n{many}"))
        .replace("Queries:\n", &format!("Queries:\n{many}"))
}

/// Every place where a real dump is cut, and every forgery of its end: no cut makes it look fine.
#[test]
fn no_forged_end_is_believed_in_a_real_dump() {
    let end = "--------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n";
    let (good, bad) = (block(NAME, "3.1.921.10"), block(NAME, "3.1.874.10"));
    let others: Vec<String> = (0..300).map(|n| block(&format!("com.other{n}"), "1")).collect();
    let others = others.concat();
    let next = format!("{end}{}\nDUMP OF SERVICE window:\n  x\n", "-".repeat(79));
    let timeout = "*** SERVICE 'package' DUMP TIMEOUT (10000ms) EXPIRED ***\n";
    let mut seen = 0;
    for forged in [
        good.clone(),
        format!("{good}\nQueries:\n"),
        format!("{good}\nQueries:\n{next}"),
        "\nQueries:\n".to_owned(),
        format!("\nQueries:\n{next}"),
        format!("\nQueries:\n[ro.a]: [b]\nPackages:\n{good}\nQueries:\n[ro.c]: [d]\n"),
        format!("\nQueries:\nUnable to find package: {NAME}\n[ro.c]: [d]\n"),
        format!("\nQueries:\nUnable to find package: {NAME}\n{}", "\n".repeat(60_000)),
    ] {
        let evil = forging_well(&forged);
        let android = block("android", "14");
        for order in [
            [evil.clone(), others.clone(), bad.clone()].concat(),
            [others.clone(), evil.clone(), others.clone(), bad.clone()].concat(),
        ] {
            let whole = real(&[]).replace(&android, &format!("{order}{android}"));
            let slow = whole.replace(&bad, timeout);
            let evil_at = whole.find("evil.app").unwrap();
            let bad_at = whole.find("3.1.874.10").unwrap();
            let cuts =
                [evil_at + 700, evil_at + 60_000, bad_at - 400, whole.len() - 10, whole.len()];
            for cut in cuts {
                let text = &whole[..cut.min(whole.len())];
                for text in [text.to_owned(), format!("{text}\n{end}"), report(&[text])] {
                    for (form, verdict) in verdicts(&text) {
                        seen += 1;
                        assert!(!is_fine(verdict), "{form:?} {verdict:?} {cut} {forged:.300}");
                    }
                }
            }
            for (_, verdict) in verdicts(&report(&[&slow])) {
                assert!(!is_fine(verdict), "{verdict:?} {forged:.300}");
            }
            // The beginning is lost, within what was forged.
            for from in [evil_at + 100, evil_at + 240, evil_at + 300] {
                for (_, verdict) in verdicts(&whole[from..]) {
                    assert!(!is_fine(verdict), "{verdict:?} {from} {forged:.300}");
                }
            }
        }
    }
    assert!(seen > 200, "{seen}");
    let honest = real(&[others.clone(), good, others]);
    assert_eq!(the_verdict(&honest), Verdict::Patched);
    assert_eq!(the_verdict(&report(&[&honest])), Verdict::Patched);
}

#[test]
fn a_service_is_believed_where_services_are_dumped() {
    let good = full(&[block(NAME, "3.1.921.10")]);
    let whole = report(&[&good]);
    let title = "------ DUMPSYS NORMAL (dumpsys) ------\n";
    assert_eq!(the_verdict(&whole.replace(title, "")), Verdict::Patched);
    let apps = "------ APP SERVICES NON-PLATFORM (dumpsys activity) ------\n";
    let ambiguous = Verdict::Unknown(Reason::AmbiguousDump);
    assert_eq!(the_verdict(&whole.replace(title, apps)), ambiguous);
    // Another service's last line may have no end, so that what follows it stands in that line.
    let end = "--------- 0.001s was the duration of dumpsys notification";
    assert_eq!(the_verdict(&whole.replace(end, &format!("x{end}"))), Verdict::Patched);
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

#[test]
fn a_propertys_own_lines_begin_no_dump() {
    let listing = "[a]: [x\nsh: foo\nPackages:\ny]\n[ro.product.brand]: [Redmi]\n";
    assert_eq!(verdicts(&format!("{listing}{}", dump("3.1.921.10"))).len(), 1);
}

/// A forged block and a forged end, and then the text breaks off: only what must follow in a
/// real phone's dump shows it.
#[test]
fn a_forged_end_before_a_cut_is_not_believed() {
    let good = block(NAME, "3.1.921.10");
    let forged = format!("{good}\nQueries:\n");
    // Long before its packages a real phone lists what its apps offer.
    let before = "      a1b2c3 com.example/.Activity filter d4e5f6\n".repeat(3_000);
    let text = full(&[forging_well(&forged), block(NAME, "3.1.874.10")])
        .replace("  Schemes:\n", &format!("  Schemes:\n{before}"));
    let cut = text.find(&forged).unwrap() + forged.len();
    assert!(!is_fine(the_verdict(&text[..cut])));
    let framed = report(&[&text]);
    let cut = framed.find(&forged).unwrap() + forged.len();
    let end = "--------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n";
    assert!(!is_fine(the_verdict(&format!("{}{end}", &framed[..cut]))));
    // An honest one of that length has as much behind it.
    let honest = full(&[good]).replace("  Schemes:\n", &format!("  Schemes:\n{before}"));
    assert!(!is_fine(the_verdict(&honest)));
    let long = honest.replace("Queries:\n", &format!("Queries:\n{before}"));
    assert_eq!(the_verdict(&long), Verdict::Patched);
}

#[test]
fn a_version_with_a_newline_in_another_app_is_harmless_until_it_forges() {
    let good = block(NAME, "3.1.921.10");
    let blocks = [block("a.b", "1.0\n"), good.clone()];
    assert_eq!(the_verdict(&full(&blocks)), Verdict::Patched);
    let blocks = [block("a.b", "1.0\nShared users:\n"), good];
    assert_eq!(the_verdict(&full(&blocks)), Verdict::Unknown(Reason::AmbiguousDump));
}

#[test]
fn an_absurd_text_is_bounded() {
    let line = format!("    versionName={}\n", "9".repeat(3 * MAX_LINE_BYTES));
    let text = dump("3.1.921.10").replace("    versionName=3.1.921.10\n", &line);
    assert_eq!(the_verdict(&text), Verdict::Unknown(Reason::UnreadableVersion));
    let many = format!("Unable to find package: {NAME}\n").repeat(MAX_ITEMS + 1);
    assert_eq!(the_verdict(&many), Verdict::Unknown(Reason::AnswerTooLarge));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_of_any_size_say_the_same(piece in 1_usize..4_000, which in 0_usize..4) {
        let texts = [
            format!("{LISTING}{}", dump("3.1.921.10")),
            report(&[&full(&[block("a.b", "1"), block(NAME, "3.1.874.10")])]),
            full(&[forging("Queries:\n")]),
            fixture("edge_pm_dump_android11").replace('\n', "\r\n"),
        ];
        let text = &texts[which];
        let say = |phones: Vec<SavedPhone>| format!("{phones:?}");
        prop_assert_eq!(
            say(read_in_pieces(text.as_bytes(), piece)),
            say(read_in_pieces(text.as_bytes(), usize::MAX))
        );
    }

    /// The safety property: whatever is cut off, lost or doubled, a phone at risk is never fine.
    #[test]
    fn no_cut_makes_a_phone_at_risk_fine(
        cut in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..3),
        which in 0_usize..4,
    ) {
        let bad = block(NAME, "3.1.874.10");
        let texts = [
            dump("3.1.874.10"),
            full(&[block("a.b", "1"), bad.clone(), block("c.d", "3.1.921.10")]),
            report(&[&full(&[block("a.b", "1"), bad.clone()])]),
            report(&[&full(&[forging_well(&format!("{}\nQueries:\n", block(NAME, "3.1.921.10"))), bad])]),
        ];
        let mut lines: Vec<&str> = texts[which].split_inclusive('\n').collect();
        for (place, double) in &edits {
            let index = place.index(lines.len());
            // Whoever takes out or adds a header, a title or a version changes what the dump says.
            let telling = ["Package [", "versionName=", "Packages:", "installed="];
            if telling.iter().any(|text| lines[index].contains(text)) { continue }
            if *double { lines.insert(index, lines[index]) } else { lines.remove(index); }
        }
        let text = lines.concat();
        let text = if edits.is_empty() { &text[..cut.index(text.len())] } else { &text };
        for phone in read(text) {
            let forged = which == 3 && text.len() < texts[3].len();
            let verdict = verdict_of(&phone);
            // An excerpt that ends within a forgery can't be told from an honest one.
            prop_assert!(forged || !is_fine(verdict), "{:?}\n{}", verdict, text);
        }
    }
}
