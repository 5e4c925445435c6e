use proptest::prelude::*;

use super::*;

const NAME: &str = "com.xiaomi.mi_connect_service";

fn package() -> PackageName {
    PackageName::try_from(NAME).unwrap()
}

fn content(dump: &str) -> Content {
    read(dump.as_bytes(), &package()).content
}

fn record(dump: &str) -> PackageRecord {
    match content(dump) {
        Content::Present(record) => *record,
        other => panic!("{other:?}"),
    }
}

#[expect(clippy::disallowed_methods, reason = "tests read what is in fixtures")]
fn fixture(name: &str) -> String {
    let path = format!("{}/../../fixtures/dumpsys/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

fn version(text: &str) -> VersionField {
    VersionField::Read(text.into())
}

/// A block as Android 7 prints it, around these lines.
fn dump_with(version_lines: &str, users: &str) -> String {
    format!(
        "Packages:\n  Package [{NAME}] (5a1bb5):\n    userId=10107\n    pkg=Package{{c0ffee1 {NAME}}}\n    \
         codePath=/data/app/x\n{version_lines}    flags=[ SYSTEM UPDATED_SYSTEM_APP ]\n{users}\nDexopt state:\n"
    )
}

#[test]
fn every_android_version_is_read() {
    for android in ["7", "9", "11", "13", "14", "15", "16"] {
        let record = record(&fixture(&format!("android{android}")));
        assert_eq!(record.version, version("3.1.900.12"), "Android {android}");
        assert_eq!(record.factory, FactoryCopy::Read(b"2.5.100.3".to_vec()), "Android {android}");
        assert_eq!(record.version_code.as_deref(), Some("31090012"));
        assert_eq!(record.pkg, PkgField::Present);
        assert_eq!(record.users, [UserState { id: 0, installed: true, enabled: Some(0) }]);
        assert!(record.closed && !record.repeated && !record.said_not_found);
        assert!(record.code_path.unwrap().starts_with(b"/data/app/"));
    }
}

#[test]
fn android_5_answers_with_crlf() {
    let record = record(&fixture("edge_android5_crlf_pty"));
    assert_eq!(record.version, version("3.1.900.12"));
    assert_eq!(record.factory, FactoryCopy::Read(b"2.5.100.3".to_vec()));
    assert_eq!(record.users, [UserState { id: 0, installed: true, enabled: Some(0) }]);
}

#[test]
fn users_of_the_hidden_copy_do_not_count() {
    let record = record(&fixture("edge_android16_multiuser_uninstalled_user0"));
    let users: Vec<_> = record.users.iter().map(|user| (user.id, user.installed)).collect();
    assert_eq!(users, [(0, false), (10, true)]);
}

#[test]
fn kept_data_has_no_version() {
    for name in ["edge_android11_keepdata_pkgnull", "edge_android16_keepdata_pkgnull"] {
        let record = record(&fixture(name));
        assert_eq!((record.pkg, record.version), (PkgField::Null, VersionField::Missing), "{name}");
        assert!(record.users.iter().all(|user| !user.installed));
    }
    assert!(record(&fixture("edge_android11_keepdata_pkgnull")).said_not_found);
}

#[test]
fn version_name_null_is_no_version() {
    assert_eq!(record(&fixture("edge_android14_versionname_null")).version, VersionField::Null);
}

#[test]
fn not_found_is_believed_where_android_says_it() {
    assert_eq!(content(&fixture("edge_unknown_android13plus")), Content::NotFound);
    assert_eq!(content(&fixture("edge_unknown_android9")), Content::NotFound);
    assert_eq!(content(&format!("\nUnable to find package: {NAME}\r\n\n")), Content::NotFound);
    for line in ["    User 0: verified\n", "    installed=true\n"] {
        let dump = format!("Dexopt state:\n  Unable to find package: {NAME}\n{line}");
        assert_eq!(content(&dump), Content::NotFound, "{line}");
    }
    for dump in [
        format!("Unable to find package: {NAME}2\n"),
        format!("Unable to find package: {NAME}\nmore\n"),
        format!("  Unable to find package: {NAME}\n"),
        format!("Permissions:\n  Unable to find package: {NAME}\n"),
        format!("Dexopt state:\nUnable to find package: {NAME}\n"),
    ] {
        assert!(matches!(content(&dump), Content::Silent | Content::Unrecognised), "{dump}");
    }
    let packages = format!("Packages:\nDexopt state:\n  Unable to find package: {NAME}\n");
    assert_eq!(content(&packages), Content::OtherName);
}

#[test]
fn what_no_real_dump_prints_is_ambiguous() {
    let real = fixture("android14");
    let header = format!("  Package [{NAME}] (5a1bb5):");
    for forged in [
        format!("{real}Packages:\n"),
        format!("{real}Hidden system packages:\n"),
        real.replacen(&header, &format!("{header}\n{header}"), 1),
        real.replacen("Key Set Manager:", &format!("Key Set Manager:\n{header}"), 1),
        real.replacen("Packages:\n", "", 1),
        real.replacen("Hidden system packages:\n", "", 1),
        real.replace(
            "    pkgFlags=[ SYSTEM HAS_CODE PERSISTENT ALLOW_CLEAR_USER_DATA ]",
            "    pkgFlags=[ HAS_CODE ]",
        ),
        real.replace("codePath=/system/priv-app/MiConnectService", "codePath=/data/app/x"),
        fixture("edge_injection_full_dump_android14"),
    ] {
        assert_eq!(content(&forged), Content::Ambiguous, "{forged}");
    }
}

#[test]
fn a_factory_copy_is_not_taken_for_a_block_that_lost_its_header() {
    let real = fixture("android14").replace("2.5.100.3", "3.1.921.10");
    let no_header = real.replacen(&format!("  Package [{NAME}] (5a1bb5):\n"), "", 1);
    assert_eq!(content(&no_header), Content::HiddenOnly);
    let nor_title = no_header.replacen("Hidden system packages:\n", "", 1);
    assert_eq!(content(&nor_title), Content::Ambiguous);
}

#[test]
fn blocks_of_other_packages_are_noticed_and_do_no_more() {
    let real = fixture("android14");
    assert!(record(&real).alone);
    let other = "  Package [com.other] (1):\n    pkg=Package{1 com.other}\n    versionName=9.9.9\n    \
                 splits=[base]\n    User 0: installed=true\n";
    for (title, beside) in [
        ("Packages:\n", format!("Packages:\n{other}")),
        ("Hidden system packages:\n", format!("{other}Hidden system packages:\n")),
        ("Hidden system packages:\n", format!("Hidden system packages:\n{other}")),
    ] {
        let full = real.replacen(title, &beside, 1);
        assert_eq!(record(&full), PackageRecord { alone: false, ..record(&real) }, "{full}");
    }
    let elsewhere = format!("    User 0: installed=true\n{real}");
    assert_eq!(record(&elsewhere), record(&real), "before any title");
}

/// A dump of every package of a phone, ours not among them.
const OTHERS: &str = "Packages:\n  Package [android] (1):\n    pkg=Package{1 android}\n    versionName=14\n    \
                      splits=[base]\n  Package [com.other] (2):\n    versionName=1.0\n    splits=[base]\n\nQueries:\n";

#[test]
fn only_a_whole_phones_packages_show_that_one_is_not_among_them() {
    assert_eq!(content(OTHERS), Content::NotListed);
    assert_eq!(content(&OTHERS.replace("Queries:", "Hidden system packages:")), Content::NotListed);
    for unsure in [
        OTHERS.replace("[android]", "[com.third]"),
        OTHERS.replace("[com.other]", "[android]"),
        OTHERS.replace("Queries:\n", ""),
        OTHERS.replace("    splits", &format!("    compat name={NAME}\n    splits")),
        OTHERS.replace("  Package [android] (1):\n", "")
            + "Hidden system packages:\n  Package [android] (1):\n",
    ] {
        let content = content(&unsure);
        assert!(
            matches!(content, Content::OtherName | Content::Ambiguous),
            "{content:?}: {unsure}"
        );
    }
    let renamed = OTHERS.replace("    splits", "    compat name=com.third\n    splits");
    assert_eq!(content(&renamed), Content::NotListed, "another one had another name");
}

#[test]
fn a_title_or_header_inside_another_apps_version_is_forged() {
    let real = fixture("android14");
    let other = |lines: &str| {
        let block = format!("Packages:\n  Package [com.other] (1):\n    versionName=1.0\n{lines}");
        content(&real.replacen("Packages:\n", &block, 1))
    };
    for (lines, forged) in [
        ("    splits=[base]\n", false),
        ("    usesNonSdkApi=true\n", false),
        ("of two lines\n    splits=[base]\n", false),
        ("", true),
        ("of two lines\n", true),
        ("    splits\n", true),
        ("      splits=[base]\n", true),
        ("splits=[base]\n", true),
        ("Queries:\n    splits=[base]\n", true),
    ] {
        let content = other(lines);
        assert_eq!(content == Content::Ambiguous, forged, "{lines}: {content:?}");
    }
    // Whatever comes later, too.
    let block = "  Package [com.other] (1):\n    versionName=1.0\n";
    let (ours, rest) = real.split_once("Hidden system packages:\n").unwrap();
    let title =
        format!("{ours}{block}Queries:\n    splits=[base]\nHidden system packages:\n{rest}");
    assert_eq!(content(&title), Content::Ambiguous);
    let header = ours.replacen("Packages:\n", &format!("Packages:\n{block}"), 1);
    assert_eq!(content(&header), Content::Ambiguous);
    let before = content(&format!("    versionName=1.0\n{real}"));
    assert!(matches!(before, Content::Present(_)), "no block stands before the first title");
}

/// What a file's reader says that gets these lines, and the end if `ends`.
fn located(dump: &str, ends: bool) -> (OfPackage, Reading) {
    let packages = [package()];
    let mut reader = Reader::of_saved(&packages);
    for line in dump.lines() {
        reader.line(line.as_bytes());
    }
    if ends {
        reader.end();
    }
    let mut reading = reader.finish();
    (reading.extractions.remove(0), reading)
}

#[test]
fn only_a_title_shows_that_a_block_or_the_list_of_packages_is_whole() {
    let real = fixture("android14");
    let (block, _) = real.split_once("Hidden system packages:").unwrap();
    let (list, _) = OTHERS.split_once("Queries:").unwrap();
    for (title, is_whole) in [("", false), ("Queries:\n", true)] {
        let dump = format!("{block}{title}");
        let Content::Present(record) = located(&dump, true).0.extraction.content else {
            panic!("{block}")
        };
        assert_eq!(record.closed, is_whole);
        let content = located(&format!("{list}{title}"), true).0.extraction.content;
        assert_eq!(content == Content::NotListed, is_whole);
    }
}

#[test]
fn pieces_of_blocks_show_that_a_dump_is_torn() {
    let other = "  Package [com.other] (1):\n";
    let own = format!("  Package [{NAME}] (1):\n");
    for (dump, torn) in [
        (OTHERS.to_owned(), false),
        (fixture("android14"), false),
        ("Queries:\n".to_owned(), false),
        ("Key Set Manager:\n".to_owned(), true),
        ("    User 0: installed=true\n".to_owned(), true),
        ("Queries:\n    versionName=1\n".to_owned(), true),
        ("    versionName=1\nPackages:\n".to_owned(), false),
        ("    versionName=1\nHidden system packages:\n".to_owned(), true),
        (other.to_owned(), true),
        (own.clone(), true),
        (format!("{OTHERS}{other}"), true),
        (format!("Queries:\n{own}"), true),
    ] {
        let (located, reading) = located(&dump, true);
        assert_eq!(reading.torn, torn, "{dump}");
        let misplaced = dump.ends_with(other) && dump != other;
        assert!(!misplaced || located.extraction.content == Content::Ambiguous, "{dump}");
    }
}

#[test]
fn an_end_inside_another_apps_version_is_forged() {
    let (block, _) = OTHERS.split_once("Queries:").unwrap();
    for (behind, forged) in [("    splits=[base]\n", false), ("", true), ("of two lines\n", true)] {
        let last = "  Package [com.last] (3):\n    versionName=1.0\n";
        let content = located(&format!("{block}{last}{behind}"), true).0.extraction.content;
        assert_eq!(content == Content::Ambiguous, forged, "{behind}: {content:?}");
    }
}

#[test]
fn what_a_dump_is_about_is_known_by_any_one_line() {
    for (dump, recognised, concerned, width) in [
        (String::new(), false, false, Width::None),
        ("hello\n".to_owned(), false, false, Width::None),
        ("Queries:\n".to_owned(), false, false, Width::None),
        ("Key Set Manager:\n".to_owned(), true, false, Width::None),
        ("Libraries:\n".to_owned(), false, false, Width::Several),
        ("    versionName=1\n".to_owned(), true, false, Width::None),
        ("Permission Denial: x\n".to_owned(), true, false, Width::None),
        ("  Package [com.other] (1):\n".to_owned(), true, false, Width::One),
        (format!("  Package [{NAME}] (1):\n"), true, true, Width::One),
        (format!("Unable to find package: {NAME}\n"), true, true, Width::None),
        ("Unable to find package: com.other\n".to_owned(), true, false, Width::None),
        (format!("Dexopt state:\n  Unable to find package: {NAME}\n"), true, true, Width::None),
        (format!("    compat name={NAME}\n"), true, true, Width::None),
        (format!("Packages:\n  Package [{NAME}] (1):\n"), true, true, Width::One),
        (format!("Packages:\n{0}{0}", "  Package [com.other] (1):\n"), true, false, Width::One),
        (OTHERS.to_owned(), true, false, Width::Several),
        (OTHERS.replace("Packages:", "Hidden system packages:"), true, false, Width::Several),
    ] {
        let (located, reading) = located(&dump, false);
        let said = (reading.recognised, located.concerned, reading.width);
        assert_eq!(said, (recognised, concerned, width), "{dump}");
    }
}

#[test]
fn a_dump_is_ended_by_what_begins_another() {
    let packages = [package()];
    for (before, line, ends) in [
        ("Packages:", "Packages:", true),
        ("Packages:", "Key Set Manager:", true),
        ("Packages:", "Queries:", false),
        ("Packages:", "  Package [android] (1):", false),
        ("Packages:", "Nothing known:", false),
        ("Hidden system packages:", "Packages:", true),
        ("Hidden system packages:", "Libraries:", true),
        ("Libraries:", "Packages:", false),
        ("Libraries:", "Libraries:", true),
        ("Dexopt state:", "Dexopt state:", true),
        ("Dexopt state:", "Compiler stats:", false),
        ("Dexopt state:", "Permissions:", true),
        ("Queries:", "Packages:", true),
        ("Key Set Manager:", "Permissions:", false),
    ] {
        let mut reader = Reader::new(&packages);
        reader.line(before.as_bytes());
        assert_eq!(reader.is_ended_by(line.as_bytes()), ends, "{before} {line}");
    }
}

#[test]
fn an_app_that_forges_the_hidden_title_is_seen_by_its_own_flags() {
    // com.evil prints a patched block of the victim and the title, so that the real,
    // vulnerable block looks like a factory copy. Its own rest follows its version.
    let dump = format!(
        "Packages:\n  Package [com.evil] (1):\n    versionCode=1\n    versionName=1\n    splits=[base]\n\
         {forged}Hidden system packages:\n  Package [com.evil.x] (2):\n    versionName=1\n    splits=[base]\n    \
         pkgFlags=[ HAS_CODE ]\n{real}Dexopt state:\n",
        forged = &dump_with(
            "    versionCode=9\n    versionName=9.9.9\n    splits=[base]\n",
            "    User 0: installed=true\n"
        )
        .replace("Packages:\n", "")
        .replace("\nDexopt state:\n", ""),
        real = &dump_with(
            "    versionCode=1\n    versionName=3.1.1\n    splits=[base]\n",
            "    User 0: installed=true\n"
        )
        .replace("Packages:\n", "")
        .replace("\nDexopt state:\n", ""),
    );
    assert_eq!(content(&dump), Content::Ambiguous);
}

#[test]
fn a_version_counts_only_with_the_line_that_follows_it() {
    for (lines, expected) in [
        (
            "    versionCode=1 minSdk=2\n    versionName=1.2 [x] \u{a0}\n    splits=[base]\n",
            version("1.2 [x] \u{a0}"),
        ),
        (
            "    versionCode=1\n    minExtensionVersions=[]\n    versionName=1.2\n    usesNonSdkApi=true\n",
            version("1.2"),
        ),
        (
            "    versionCode=1\n    childPackages=[a, b]\n    versionName=1.2\n    hiddenApiEnforcementPolicy=0\n",
            version("1.2"),
        ),
        (
            "    versionCode=1\n    miuiExtra=1\n    versionName=1.2\n    applicationInfo=x\n",
            version("1.2"),
        ),
        ("    versionCode=1\n    versionName=\n    splits=[base]\n", version("")),
        (
            "    versionCode=1\n    versionName=1\u{2028}2\r3\n    splits=[base]\n",
            version("1\u{2028}2\r3"),
        ),
        ("    versionCode=1\n    versionName=1.2\n", VersionField::Unreadable),
        (
            "    versionCode=1\n    versionName=1.2\nrest of it\n    splits=[base]\n",
            VersionField::Unreadable,
        ),
        ("    versionCode=1\n    versionName=1.2\n\n    splits=[base]\n", VersionField::Unreadable),
        ("    versionCode=1\n    versionName=1.2\n      splits=[base]\n", VersionField::Unreadable),
        ("    versionName=1.2\n    splits=[base]\n", VersionField::Unreadable),
        ("    versionCode=1\n      versionName=1.2\n    splits=[base]\n", VersionField::Missing),
        (
            "    versionCode=1\n    flags=[ ]\n    versionName=1.2\n    splits=[base]\n",
            VersionField::Missing,
        ),
        (
            "    versionCode=1\n    =1\n    versionName=1.2\n    splits=[base]\n",
            VersionField::Missing,
        ),
        ("    versionCode=1\n", VersionField::Missing),
        ("", VersionField::Missing),
    ] {
        let record = record(&dump_with(lines, "    User 0: installed=true\n"));
        assert_eq!(record.version, expected, "{lines}");
    }
    let twice = "    versionCode=1\n    versionName=1.2\n    versionName=1.2\n    splits=[base]\n";
    let record = record(&dump_with(twice, ""));
    assert!(record.repeated || record.version == VersionField::Unreadable);
}

#[test]
fn a_line_that_a_block_has_once_may_not_stand_in_it_twice() {
    let lines = "    versionCode=1\n    versionName=1.2\n    splits=[base]\n";
    let dump = dump_with(lines, "    User 0: installed=true\n");
    assert!(!record(&dump).repeated);
    for (start, again) in [
        ("    pkg=", true),
        ("    codePath=", true),
        ("    flags=[", true),
        ("    splits=", false),
        ("    User 0:", false),
    ] {
        let line = dump.lines().find(|line| line.starts_with(start)).unwrap();
        let twice = record(&dump.replacen(line, &format!("{line}\n{line}"), 1));
        assert_eq!(twice.repeated, again, "{line}");
    }
    for late in ["    versionCode=2\n", "    versionName=9.9\n"] {
        let late = record(&dump_with(&format!("{lines}{late}"), ""));
        assert!(late.repeated);
        assert_eq!(late.version, version("1.2"));
    }
}

#[test]
fn a_block_ends_at_known_titles_only() {
    let odd = "    User 0: installed=true\nlibfoo overlay paths:\n\n  junk\n    User 10: installed=false\n";
    let record =
        record(&dump_with("    versionCode=1\n    versionName=1.2\n    splits=[base]\n", odd));
    assert_eq!(record.users.len(), 2);
    assert!(record.closed);
}

#[test]
fn user_lines_are_read_with_whatever_stands_between() {
    let users = "    User 0: ceDataInode=-42 ofs=1 installed=true hidden=true pdm=2 enabled=3 instant=false\n    \
                 User 10:  installed=false enabled=0\n    User 999: nothing known\n";
    let record =
        record(&dump_with("    versionCode=1\n    versionName=1.2\n    splits=[base]\n", users));
    assert_eq!(
        record.users,
        [
            UserState { id: 0, installed: true, enabled: Some(3) },
            UserState { id: 10, installed: false, enabled: Some(0) }
        ]
    );
    assert!(record.users[0].disabled());
    for contradiction in [
        "    User 0: installed=true\n    User 0: installed=false\n",
        "    User 0: installed=true installed=false\n",
        "    User 0: installed=perhaps\n",
        "    User x: installed=true\n",
    ] {
        let lines = "    versionCode=1\n    versionName=1.2\n    splits=[base]\n";
        let record = self::record(&dump_with(lines, contradiction));
        assert!(record.repeated, "{contradiction}");
    }
}

#[test]
fn absurd_blocks_are_bounded() {
    let lines = "    versionCode=1\n    versionName=1.2\n    splits=[base]\n";
    let users: Vec<String> =
        (0..2_000).map(|n| format!("    User {n}: installed=true\n")).collect();
    let users = users.concat();
    let many = record(&dump_with(lines, &users));
    assert!(many.repeated && many.users.len() <= 100);
    let long =
        format!("    versionCode=1\n    versionName=1.2{}\n    splits=[base]\n", "x".repeat(600));
    assert_eq!(record(&dump_with(&long, "")).version, VersionField::Unreadable);
    let path = dump_with(lines, "").replace("/data/app/x", &"x".repeat(5_000));
    assert!(record(&path).code_path.unwrap().len() <= 1_024);
}

#[test]
fn bounds_are_reached_and_not_passed() {
    let named =
        |bytes: usize| format!("    versionName={}\n    splits=[base]\n", "1".repeat(bytes));
    let between = |count: usize| "    makersOwn=1\n".repeat(count);
    for (bytes, lines, read) in
        [(512, 0, true), (513, 0, false), (1, 4, true), (1, 5, false), (512, 4, true)]
    {
        let lines = format!("    versionCode=1\n{}{}", between(lines), named(bytes));
        let record = record(&dump_with(&lines, ""));
        assert_eq!(record.version == version(&"1".repeat(bytes)), read, "{lines}");
    }
    let lines = "    versionCode=1\n    versionName=1.2\n    splits=[base]\n";
    for (count, kept) in [(100, 100), (101, 100)] {
        let users: Vec<String> =
            (0..count).map(|n| format!("    User {n}: installed=true\n")).collect();
        let record = record(&dump_with(lines, &users.concat()));
        assert_eq!((record.users.len(), record.repeated), (kept, count > kept));
    }
    for (bytes, kept) in [(1_023, 1_023), (1_024, 1_024), (1_025, 1_024)] {
        let path = dump_with(lines, "").replace("/data/app/x", &"x".repeat(bytes));
        assert_eq!(record(&path).code_path, Some(vec![b'x'; kept]));
    }
    let code = lines.replace("versionCode=1", &format!("versionCode={}", "1".repeat(30)));
    assert_eq!(record(&dump_with(&code, "")).version_code, Some("1".repeat(20)));
}

#[test]
fn the_factory_version_is_told_from_flags_and_hidden_copy() {
    let lines = "    versionCode=1\n    versionName=1.2\n    splits=[base]\n";
    let dump = dump_with(lines, "    User 0: installed=true\n");
    assert_eq!(record(&dump).factory, FactoryCopy::Unreadable, "updated, without a hidden copy");
    let never_updated = dump.replace(" UPDATED_SYSTEM_APP", "");
    assert_eq!(record(&never_updated).factory, FactoryCopy::Read(b"1.2".to_vec()));
    let no_system_app = dump.replace("SYSTEM UPDATED_SYSTEM_APP", "HAS_CODE");
    assert_eq!(record(&no_system_app).factory, FactoryCopy::None);
    let real = fixture("android14");
    let hidden = &real[real.find("  Package [com.xiaomi.mi_connect_service] (9d3e77a)").unwrap()
        ..real.find("Queries:").unwrap()];
    let two = real.replacen("Queries:", &format!("{hidden}Queries:"), 1);
    assert_eq!(record(&two).factory, FactoryCopy::Unreadable);
    let path = "    codePath=/system/priv-app/MiConnectService\n";
    let repeated = real.replacen(path, &path.repeat(2), 1);
    assert_eq!(record(&repeated).factory, FactoryCopy::Unreadable);
    assert!(!record(&repeated).repeated, "it is the hidden one");
    let unreadable = real.replace("versionName=2.5.100.3", "versionName=2.5.100.3\nx");
    assert_eq!(record(&unreadable).factory, FactoryCopy::Unreadable);
    assert_eq!(record(&unreadable).version, version("3.1.900.12"));
}

#[test]
fn other_contents_are_told_apart() {
    assert_eq!(content(""), Content::Empty);
    assert_eq!(content(" \r\n\n"), Content::Empty);
    assert_eq!(content("hello\n"), Content::Unrecognised);
    assert_eq!(content("Permissions:\n"), Content::Silent);
    assert_eq!(content("Packages:\n  Package [com.other] (1):\n"), Content::OtherName);
    assert_eq!(
        content(&format!("Hidden system packages:\n  Package [{NAME}] (1):\n")),
        Content::HiddenOnly
    );
}

#[test]
fn a_failure_is_seen_beside_a_block() {
    let extraction = read(fixture("edge_timeout_android9plus").as_bytes(), &package());
    assert_eq!(extraction.failure, Some(Failure::TimedOut));
    assert!(matches!(extraction.content, Content::Present(record) if record.users.is_empty()));
}

#[test]
fn only_exact_headers_count() {
    for line in [
        "  Package [com.xiaomi.mi_connect_service2] (1):",
        " Package [com.xiaomi.mi_connect_service] (1):",
        "   Package [com.xiaomi.mi_connect_service] (1):",
        "  Package [com.xiaomi.mi_connect_service] (xyz):",
        "  Package [com.xiaomi.mi_connect_service] ():",
        "  Package [com.xiaomi.mi_connect_service] (1): ",
        "  Package [com.xiaomi.mi_connect_service]:",
    ] {
        assert_eq!(content(&format!("Packages:\n{line}\n")), Content::OtherName, "{line}");
    }
}

proptest! {
    #[test]
    fn reading_never_panics(dump in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&dump, &package());
    }

    #[test]
    fn reading_a_dump_with_noise_never_panics_and_is_bounded(
        pieces in prop::collection::vec(prop::sample::select(vec![
            "Packages:\n", "Hidden system packages:\n", "Dexopt state:\n", "  Package [com.xiaomi.mi_connect_service] (1):\n",
            "    versionCode=1\n", "    versionName=9.9\n", "    splits=[base]\n", "    pkg=null\n", "    pkg=Package{x}\n",
            "    User 0: installed=true\n", "    User 0: installed=false\n", "  Unable to find package: com.xiaomi.mi_connect_service\n",
            "\n", "\r\n", "x\n", "    flags=[ SYSTEM ]\n", "    pkgFlags=[ SYSTEM ]\n",
        ]), 0..30)
    ) {
        let _ = read(pieces.concat().as_bytes(), &package());
    }
}

#[test]
fn absence_that_is_moved_in_stands_under_the_compilations_title_only() {
    let packages = [package()];
    let mut reader = Reader::of_saved(&packages);
    let may = |line: &str| {
        reader.line(line.as_bytes());
        reader.may_say_not_found()
    };
    let lines =
        ["Queries:", "  system apps queryable: false", "Dexopt state:", "  other", "Packages:"];
    assert_eq!(lines.map(may), [false, false, true, true, false]);
}
