mod frames;

use proptest::prelude::*;

use super::*;
use crate::advisory::AdvisorySet;
use crate::judge::judge_all;
use crate::verdict::{Note, Reason, Verdict};
use frames::{forging, forging_well};

const NAME: &str = "com.xiaomi.mi_connect_service";

fn set() -> AdvisorySet {
    let set = AdvisorySet::embedded();
    set.only("mi-connect").unwrap()
}

fn read_in_pieces(text: &[u8], piece: usize) -> Vec<SavedPhone> {
    let packages = set().packages();
    let mut scanner = DumpScanner::new(&packages);
    for piece in text.chunks(piece.max(1)) {
        scanner.feed(piece);
    }
    scanner.finish()
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

#[expect(clippy::disallowed_methods, reason = "tests read what is in fixtures")]
fn fixture(name: &str) -> String {
    let path = format!("{}/../../fixtures/dumpsys/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The answer to `dumpsys package NAME`, with this version in force.
fn dump(version: &str) -> String {
    fixture("android14").replace("3.1.900.12", version)
}

const LISTING: &str = "[ro.build.version.sdk]: [34]\n[ro.product.brand]: [Redmi]\n\
     [ro.product.model]: [M1]\n[sys.boot_completed]: [1]\n";

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

const PACKAGE_END: &str =
    "--------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13 10:22:40\n";

/// A service's dump in its frames.
fn service(name: &str, text: &str) -> String {
    let rule = "-".repeat(79);
    let bare = name.rsplit(' ').next().unwrap();
    format!(
        "{rule}\nDUMP OF SERVICE {name}:\n{text}\
         --------- 0.001s was the duration of dumpsys {bare}, ending at: 2024-05-13 10:22:40\n"
    )
}

fn section(title: &str, text: &str) -> String {
    let name = title.split(" (").next().unwrap();
    format!("------ {title} ------\n{text}------ 0.7s was the duration of '{name}' ------\n")
}

/// A bug report with these services around the packages' dumps.
fn report_around(before: &str, dumps: &[&str], behind: &str, checkin: &str) -> String {
    let banner = "=".repeat(56);
    let rule = "-".repeat(79);
    let mut services = service("notification", "  nothing\n") + before;
    for dump in dumps {
        services.push_str(&rule);
        services.push_str("\nDUMP OF SERVICE package:\nService host process PID: 1\n");
        services.push_str(dump);
        services.push_str(PACKAGE_END);
    }
    services += behind;
    services += &service("window", "  nothing\n");
    [
        &format!(
            "{banner}\n== dumpstate: 2024-05-13 10:22:33\n{banner}\n\nBuild: UKQ1\n\
             Build fingerprint: 'Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/\
             V816.0.5.0.UMAMIXM:user/release-keys'\n\n"
        ),
        &section("DUMPSYS CRITICAL (/system/bin/dumpsys)", &service("CRITICAL activity", "x\n")),
        &section("UPTIME (uptime)", " 10:22:33 up 1 min\n"),
        &section("DUMPSYS HIGH (/system/bin/dumpsys)", &service("HIGH meminfo", "x\n")),
        &section(
            "SYSTEM PROPERTIES (getprop)",
            "[ro.product.model]: [2211133G]\n[ro.build.version.sdk]: [34]\n\
             [sys.boot_completed]: [1]\n",
        ),
        &section("DUMPSYS (/system/bin/dumpsys)", &(services + &service("activity", "x\n"))),
        &section("CHECKIN BATTERYSTATS (/system/bin/dumpsys -T 30000 batterystats -c)", "9,0\n"),
        &section(
            "CHECKIN PACKAGE (/system/bin/dumpsys -T 10000 package --checkin)",
            &format!("vers,1\npkg,android,1000,34,1,?,0\n{checkin}"),
        ),
        &section("APP ACTIVITIES (/system/bin/dumpsys activity all)", "TASK 1\n"),
        &format!("{banner}\n== dumpstate: done (id 1)\n{banner}\n"),
        &section("STATSDSTATS (/system/bin/dumpsys stats --metadata)", "  Package x\n"),
    ]
    .map(String::as_str)
    .concat()
}

/// A bug report with these package dumps.
fn report(dumps: &[&str]) -> String {
    report_around("", dumps, "", "")
}

/// `dumpsys` of all services.
fn dumpsys(packages: &str) -> String {
    format!(
        "Currently running services:\n  activity\n  meminfo (skipped)\n  package\n  window\n{}{}{}",
        service("activity", "x\n"),
        service("package", packages),
        service("window", "x\n")
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
    for (text, form) in [
        (targeted.clone(), Form::DumpsysPackage),
        (moved_in.clone(), Form::PmDump),
        (pm_dump, Form::PmDump),
        (dumpsys(&others), Form::Dumpsys),
        (format!("{LISTING}{}", dumpsys(&others)), Form::Dumpsys),
        (format!("{}{LISTING}", dumpsys(&others)), Form::Dumpsys),
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
    assert_eq!(verdicts(&others), [(Form::DumpsysPackages, Verdict::Unknown(Reason::AllAppsDump))]);
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

/// What a text's rows say, at risk and fine ones by their own words, the others by their reason.
fn rows(text: &str) -> Vec<&'static str> {
    let key = |phone: &SavedPhone| {
        let verdict = verdict_of(phone);
        verdict.reason().map_or(verdict.key(), Reason::key)
    };
    read(text).iter().map(key).collect()
}

/// Listings (`L`, and `K` without the word that Android has started), dumps of the app in a good
/// (`P`) and a bad (`V`) version, word of its absence (`N`), of another app (`O`), a failure (`F`).
fn in_order(order: &str) -> String {
    let text = |c: char| match c {
        'L' => LISTING.to_owned(),
        'K' => LISTING.replace("[sys.boot_completed]: [1]\n", ""),
        'P' => dump("3.1.921.10"),
        'V' => dump("3.1.874.10"),
        'N' => format!("Unable to find package: {NAME}\n"),
        'O' => dump("1.0").replace(NAME, "com.example.other"),
        'F' => "Can't find service: package\n".to_owned(),
        's' => "/system/bin/sh: cmd: not found\n".to_owned(),
        'b' => "\n\n".to_owned(),
        'h' => "== dump of the phone\n$ adb shell dumpsys package x\nC:\\> adb\n".to_owned(),
        'x' => "[ro.cut]: [this value has no end\nand goes on\n".to_owned(),
        _ => unreachable!("{c}"),
    };
    order.chars().map(text).collect()
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
fn lines_in_brackets_are_a_listing_where_they_say_something() {
    for (text, phones) in [
        ("[ro.x]: [y]\n", 1),
        ("[sys.boot_completed]: [1]\n", 1),
        ("[a]: [b]\n", 0),
        ("[xro.x]: [y]\n", 0),
    ] {
        assert_eq!(read(text).len(), phones, "{text}");
    }
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

/// What somebody pasted, quoted or marked up behind what looks whole.
#[test]
fn what_stands_behind_something_whole_hides_in_no_form() {
    let bad = block(NAME, "3.1.874.10");
    let (header, headless) = bad.split_once('\n').unwrap();
    let pieces = [
        moved(&dump("3.1.874.10"), "> ", 0),
        moved(&dump("3.1.874.10"), "  ", 0),
        moved(&dump("3.1.874.10"), "* ", 0),
        format!("{}\n{headless}", header.trim_start()),
        format!("    pkg=Package{{aaaa111 {NAME}}}\n{headless}"),
    ];
    let whole = report(&[&full(&[block(NAME, "3.1.921.10")])]);
    let cut = &whole[..whole.find("------ APP ACT").unwrap()];
    for piece in pieces {
        for good in [cut.to_owned(), dump("3.1.921.10"), in_order("LP")] {
            let said = rows(&format!("{good}{piece}"));
            assert!(said.iter().any(|row| !["patched", "not_installed"].contains(row)), "{piece}");
            assert!(!said.contains(&"patched"), "{said:?} {piece}");
        }
    }
    let version_alone = format!("{}    versionName=3.1.874.10\n", dump("3.1.921.10"));
    assert_eq!(rows(&version_alone), ["incomplete_answer"]);
    assert_eq!(rows(&version_alone.replace("3.1.921.10", "3.1.874.10")), ["vulnerable"]);
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

#[test]
fn what_stands_in_another_encoding_is_a_row_that_was_not_read() {
    let wide = |text: &str| -> Vec<u8> {
        text.replace('\n', "\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let (good, bad) = (in_order("LP"), in_order("LV"));
    let rows = |bytes: &[u8], piece: usize| -> Vec<&'static str> {
        read_in_pieces(bytes, piece).iter().map(|phone| verdict_of(phone).key()).collect()
    };
    for piece in [1_000, usize::MAX] {
        let appended = [good.as_bytes(), &wide(&bad)].concat();
        assert_eq!(rows(&appended, piece), ["patched", "unknown"]);
        assert_eq!(rows(&wide(&bad), piece), ["unknown"]);
        let reported = report(&[&full(&[block(NAME, "3.1.921.10")])]);
        for end in [reported.len(), reported.len() / 2] {
            let appended = [&reported.as_bytes()[..end], &wide(&bad)].concat();
            assert_eq!(rows(&appended, piece).last(), Some(&"unknown"), "{end}");
            assert_eq!(rows(&appended, piece).len(), 2, "{end}");
        }
        let marked = [&b"\xff\xfe"[..], &wide(&good), bad.as_bytes()].concat();
        assert_eq!(rows(&marked, piece), ["patched", "unknown"]);
        let nul = [good.as_bytes(), b"\0\n"].concat();
        assert_eq!(rows(&nul, piece), ["patched", "unknown"]);
    }
}

/// Each line of `text` behind `margin`, filled up with spaces to `width`.
fn moved(text: &str, margin: &str, width: usize) -> String {
    let filled = |line| format!("{:width$}\n", format!("{margin}{line}"));
    text.lines().map(filled).collect::<Vec<_>>().concat()
}

#[test]
fn what_was_moved_in_quoted_or_padded_is_read() {
    let (good, bad) = (dump("3.1.921.10"), dump("3.1.874.10"));
    for (margin, width) in [("> ", 0), ("    ", 0), ("\t", 0), ("", 300), ("  ", 300), ("> > ", 0)]
    {
        assert_eq!(rows(&moved(&good, margin, width)), ["patched"], "{margin:?}");
        assert_eq!(rows(&moved(&bad, margin, width)), ["vulnerable"], "{margin:?}");
        if !margin.is_empty() {
            let beside = format!("{good}{}", moved(&bad, margin, width));
            assert_eq!(rows(&beside), ["ambiguous_dump", "vulnerable"], "{margin:?}");
            let absent = moved(&in_order("N"), margin, width);
            let beside = format!("{good}{absent}");
            // Moved in by two, they stand as Android prints them itself.
            let rows = rows(&beside);
            assert!(rows.iter().all(|said| *said == "ambiguous_dump"), "{margin:?} {rows:?}");
        }
    }
}

#[test]
fn pieces_say_what_they_can() {
    let (good, bad) = (block(NAME, "3.1.921.10"), block(NAME, "3.1.874.10"));
    assert_eq!(rows(&bad), ["vulnerable"]);
    assert_eq!(rows(&good), ["incomplete_answer"]);
    // Whoever marks a text often misses its first spaces.
    assert_eq!(rows(bad.trim_start()), ["vulnerable"]);
    assert_eq!(rows(&format!("Packages:\n{bad}")), ["vulnerable"]);
    let lines = "    versionCode=1 minSdk=28\n    versionName=3.1.921.10\n";
    for text in [lines, lines.trim_start(), "versionName=3.1.921.10\n"] {
        assert_eq!(rows(text), ["incomplete_answer"]);
        let finding = judge_all(&read(text)[0].evidence, &set()).remove(0);
        assert_eq!(finding.fragment.as_deref(), Some(&b"3.1.921.10"[..]));
    }
    // Android 4 had other lines.
    let old = "Packages:\n  Package [a.b] (4):\n    versionName=1\n    dataDir=/x\n  Package ["
        .to_owned()
        + NAME
        + "] (41):\n    userId=1\n    pkg=Package{41 x}\n    versionCode=1\n    \
           versionName=3.1.874.10\n    dataDir=/data\n    targetSdk=12\n";
    assert_eq!(rows(&old), ["vulnerable"]);
}

#[test]
fn an_absurd_text_is_bounded() {
    let line = format!("    versionName={}\n", "9".repeat(3 * MAX_LINE_BYTES));
    let text = dump("3.1.921.10").replace("    versionName=3.1.921.10\n", &line);
    assert_eq!(the_verdict(&text), Verdict::Unknown(Reason::UnreadableVersion));
    let many = format!("Unable to find package: {NAME}\n").repeat(MAX_ITEMS + 1);
    assert_eq!(the_verdict(&many), Verdict::Unknown(Reason::AnswerTooLarge));
    let (_, most) = many.split_once('\n').unwrap();
    assert_eq!(read(most).len(), MAX_ITEMS);
}

#[test]
fn a_value_that_does_not_end_swallows_no_dump_at_the_texts_end() {
    let cut = format!("[ro.product.model]: [M1]\n[a]: [b\n{}", dump("3.1.874.10"));
    let found = verdicts(&cut);
    assert!(found.iter().any(|(_, verdict)| *verdict == Verdict::Vulnerable), "{found:?}");
}

/// Quoting that stops within a block: its other lines are lines all the same.
#[test]
fn what_is_not_quoted_any_more_is_not_lost() {
    let text = dump("3.1.874.10");
    let at = text.find("    versionCode").unwrap();
    let quoted = moved(&text[..at], "> ", 0) + &text[at..];
    let found = verdicts(&quoted);
    assert!(found.iter().any(|(_, verdict)| *verdict == Verdict::Vulnerable), "{found:?}");
    assert!(found.iter().all(|(_, verdict)| !is_fine(*verdict)), "{found:?}");
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

#[test]
fn a_report_is_decoded_whatever_its_encoding() {
    let utf16: Vec<u8> = "\u{feff}Poço\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in ["Poço\n".as_bytes(), "\u{feff}Poço\n".as_bytes(), &utf16] {
        assert_eq!(decoded(bytes), "Poço\n".as_bytes(), "{bytes:?}");
    }
}
