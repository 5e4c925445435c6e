use proptest::prelude::*;

use super::*;

const MI_CONNECT: &str = include_str!("mi-connect.toml");

fn mi_connect() -> Advisory {
    AdvisorySet::embedded().advisories.remove(0)
}

/// An advisory with these lines in place of the embedded one's `[affected]` and `[fixed]`.
fn advisory(rules: &str) -> Advisory {
    let from = MI_CONNECT.find("[affected]").unwrap();
    let to = MI_CONNECT.find("[[sources]]").unwrap();
    let text = format!("{}{rules}\n{}", &MI_CONNECT[..from], &MI_CONNECT[to..]);
    source::read("x.toml", &text, false).unwrap().advisory
}

#[test]
fn versions_are_rated_as_the_design_says() {
    let advisory = mi_connect();
    for (version, expected) in [
        ("2.0.193", Rating::Vulnerable),
        ("2.12.156", Rating::Vulnerable),
        ("3.1.453.10", Rating::Vulnerable),
        ("3.1.874.10", Rating::Vulnerable),
        ("3.1.895", Rating::Vulnerable),
        ("3.1.895.10", Rating::Vulnerable),
        ("3.1.895.10.7", Rating::Vulnerable),
        ("3.1.895.10.fullCnRelease.0512164", Rating::Vulnerable),
        ("3.1.895.10-g", Rating::Vulnerable),
        ("v3.1.895.10", Rating::Vulnerable),
        ("3.1.895.11", Rating::Unconfirmed),
        ("3.1.900.12", Rating::Unconfirmed),
        ("3.1.920.99", Rating::Unconfirmed),
        ("3.1.921", Rating::Unconfirmed),
        ("3.1.921.10-rc1", Rating::Unconfirmed),
        ("3.1.921.10 ", Rating::Unconfirmed),
        ("3.1.921.10.0-rc1", Rating::Unconfirmed),
        ("3.1.921.10", Rating::Fixed),
        ("3.1.921.10.full", Rating::Fixed),
        ("3.1.921.11-rc1", Rating::Fixed),
        ("5.1.208.10.fullCnRelease.0512164", Rating::Fixed),
        ("10.0", Rating::Fixed),
        ("null", Rating::Unreadable),
        ("", Rating::Unreadable),
        ("3", Rating::Unreadable),
        (" 3.1.921.10", Rating::Unreadable),
    ] {
        assert_eq!(advisory.rate(version.as_bytes()), expected, "{version}");
    }
}

#[test]
fn without_a_first_fixed_version_nothing_is_fixed() {
    let advisory = advisory("[affected]\nexact = [\"13.10\"]\ncertainty = \"confirmed\"");
    assert_eq!(advisory.rate(b"13.10"), Rating::Vulnerable);
    assert_eq!(advisory.rate(b"13.10.1"), Rating::Vulnerable);
    assert_eq!(advisory.rate(b"13.11"), Rating::Unconfirmed);
    assert_eq!(advisory.rate(b"99.0"), Rating::Unconfirmed);
}

#[test]
fn below_a_lower_bound_and_inside_a_contradiction_nothing_is_confirmed() {
    let advisory = advisory(
        "[affected]\nintroduced = \"1.0\"\nlast_affected = \"30.6.0.2\"\ncertainty = \"confirmed\"\n\
         [fixed]\nfirst_fixed = \"30.6.0.2\"\ncertainty = \"confirmed\"",
    );
    for (version, expected) in [
        ("0.9", Rating::Unconfirmed),
        ("1.0", Rating::Vulnerable),
        ("30.6.0.1", Rating::Vulnerable),
        ("30.6.0.2", Rating::Unconfirmed),
        ("30.6.0.2.5", Rating::Unconfirmed),
        ("30.6.0.3", Rating::Fixed),
    ] {
        assert_eq!(advisory.rate(version.as_bytes()), expected, "{version}");
    }
}

/// The same with a pattern of its own.
fn advisory_with_pattern(pattern: &str, rules: &str) -> Advisory {
    let from = MI_CONNECT.find("[affected]").unwrap();
    let to = MI_CONNECT.find("[[sources]]").unwrap();
    let text = format!(
        "version_pattern = '{pattern}'\n{}{rules}\n{}",
        &MI_CONNECT[..from],
        &MI_CONNECT[to..]
    );
    source::read("x.toml", &text, false).unwrap().advisory
}

#[test]
fn an_advisory_can_have_a_pattern_of_its_own() {
    let rules = "[affected]\nlast_affected = \"V1-210567\"\ncertainty = \"confirmed\"\n\
                 [fixed]\nfirst_fixed = \"V1-210586\"\ncertainty = \"confirmed\"";
    let advisory = advisory_with_pattern(r"V(\d+)-(\d+)", rules);
    for (version, expected) in [
        ("V1-210567", Rating::Vulnerable),
        ("V1-210570", Rating::Unconfirmed),
        ("V1-210586", Rating::Fixed),
        ("V2-1", Rating::Fixed),
        ("V1-210586-beta", Rating::Unreadable),
        ("3.1.2", Rating::Unreadable),
    ] {
        assert_eq!(advisory.rate(version.as_bytes()), expected, "{version}");
    }
    // Bounds are shown as they are written.
    assert_eq!(advisory.affected.last_affected.unwrap().to_string(), "V1-210567");
}

#[test]
fn groups_that_match_nothing_are_missing_parts_at_the_end_only() {
    let rules = "[affected]\nlast_affected = \"2.3\"\ncertainty = \"confirmed\"\n\
                 [fixed]\nfirst_fixed = \"2.3.r5\"\ncertainty = \"confirmed\"";
    let pattern = r"(\d+)\.(\d+)(?:\.(\d+))?(?:\.r(\d+))?";
    let text = format!("version_pattern = '{pattern}'\n{MI_CONNECT}");
    let text = text.replace("first_fixed = \"3.1.921.10\"", "first_fixed = \"2.3.r5\"");
    let errors = source::read("x.toml", &text, false).unwrap_err();
    assert!(errors.iter().any(|error| error.reason == "`2.3.r5` isn't a version"), "{errors:?}");
    let rules = rules.replace("2.3.r5", "2.4.0.r5");
    let advisory = advisory_with_pattern(pattern, &rules);
    for (version, expected) in [
        ("2.3", Rating::Vulnerable),
        ("2.3.9", Rating::Vulnerable),
        ("2.4", Rating::Unconfirmed),
        ("2.4.0.r4", Rating::Unconfirmed),
        ("2.4.0.r5", Rating::Fixed),
        ("2.4.1", Rating::Fixed),
        ("2.4.r9", Rating::Unreadable),
        ("9.9.r9", Rating::Unreadable),
    ] {
        assert_eq!(advisory.rate(version.as_bytes()), expected, "{version}");
    }
}

#[test]
fn what_a_pattern_takes_behind_its_last_group_is_a_suffix() {
    let rules = "[affected]\nlast_affected = \"2.3\"\ncertainty = \"confirmed\"\n\
                 [fixed]\nfirst_fixed = \"2.4\"\ncertainty = \"confirmed\"";
    let advisory = advisory_with_pattern(r"(\d+)\.(\d+).*", rules);
    assert_eq!(advisory.rate(b"2.3-rc1"), Rating::Vulnerable);
    assert_eq!(advisory.rate(b"2.4-rc1"), Rating::Unconfirmed);
    assert_eq!(advisory.rate(b"2.4.full"), Rating::Fixed);
    assert_eq!(advisory.rate(b"2.5-rc1"), Rating::Fixed);
}

#[test]
fn an_exclusive_bound_excludes_itself_and_counts_every_part() {
    let advisory = advisory(
        "[affected]\nintroduced = \"2.0\"\nless_than = \"4.10.0\"\ncertainty = \"confirmed\"\n\
         [fixed]\nfirst_fixed = \"4.10.0\"\ncertainty = \"confirmed\"",
    );
    for (version, expected) in [
        ("1.9", Rating::Unconfirmed),
        ("2.0", Rating::Vulnerable),
        ("4.9.99", Rating::Vulnerable),
        ("4.9.99-g", Rating::Vulnerable),
        ("4.10", Rating::Fixed),
        ("4.10.0-rc1", Rating::Unconfirmed),
        ("4.10.0", Rating::Fixed),
        ("4.10.0.0.1", Rating::Fixed),
    ] {
        assert_eq!(advisory.rate(version.as_bytes()), expected, "{version}");
    }
}

#[test]
fn the_embedded_set_is_as_published() {
    let set = AdvisorySet::embedded();
    assert_eq!(set.advisories.len(), 14);
    let by_default = set.by_default();
    assert_eq!(
        by_default.packages().iter().map(PackageName::as_str).collect::<Vec<_>>(),
        ["com.xiaomi.mi_connect_service"]
    );
    assert_eq!((&by_default.version, &by_default.hash), (&set.version, &set.hash));
    let packages = set.packages();
    assert_eq!(packages[0].as_str(), "com.xiaomi.mi_connect_service");
    assert_eq!(packages.len(), 11);
    let advisory = mi_connect();
    assert_eq!(advisory.cves, ["CVE-2024-45347", "CVE-2024-45361"]);
    assert_eq!(advisory.affected.last_affected.unwrap().to_string(), "3.1.895.10");
    let fixed = advisory.fixed.unwrap();
    assert_eq!(fixed.first_fixed.to_string(), "3.1.921.10");
    assert_eq!(fixed.certainty, Certainty::OneSecondarySource);
    assert_eq!(set.hash.len(), 64);
    assert!(set.date.parse::<jiff::civil::Date>().is_ok());
    for advisory in &set.advisories {
        // Only this one package is named by a primary record.
        let confirmed = advisory.packages[0].certainty == Certainty::Confirmed;
        assert_eq!(confirmed, advisory.packages[0].name.as_str() == "com.xiaomi.mipicks");
        assert_eq!(advisory.by_default, advisory.id == "mi-connect");
        assert!(advisory.sources.iter().any(|source| source.url.contains(&advisory.cves[0])));
        assert_eq!(advisory.own_file, None);
        // Four old records have no severity, and none was made up.
        let old = ["CVE-2020-14107", "CVE-2020-14117", "CVE-2020-14118", "CVE-2023-26316"];
        assert_eq!(advisory.severity.is_none(), old.contains(&advisory.cves[0].as_str()));
    }
}

#[test]
fn what_calls_any_version_better_looks_elsewhere_or_reads_otherwise_is_narrower() {
    let usual = mi_connect();
    assert!(!usual.is_narrower(&usual));
    let bounds = |last: &str, fixed: &str| {
        advisory(&format!(
            "[affected]\nlast_affected = \"{last}\"\ncertainty = \"confirmed\"\n\
             [fixed]\nfirst_fixed = \"{fixed}\"\ncertainty = \"confirmed\""
        ))
    };
    let same = bounds("3.1.895.10", "3.1.921.10");
    for (last, fixed, is_narrower) in [
        ("3.1.895.10", "3.1.921.10", false),
        ("3.1.900.10", "3.1.921.10", false),
        ("3.1.895.10", "3.1.930.10", false),
        ("3.1.895.9", "3.1.921.10", true),
        ("3.1.895.10", "3.1.921.9", true),
        ("3.1.900.10", "3.1.910.10", true),
    ] {
        assert_eq!(bounds(last, fixed).is_narrower(&same), is_narrower, "{last} {fixed}");
    }
    let mut other = mi_connect();
    other.packages[0].name = PackageName::try_from("com.example.other").unwrap();
    assert!(other.is_narrower(&usual));
    let mut more = mi_connect();
    more.packages.push(other.packages[0].clone());
    assert!(!more.is_narrower(&usual) && usual.is_narrower(&more));
    let rules = "[affected]\nlast_affected = \"3.1.895.10\"\ncertainty = \"confirmed\"\n\
                 [fixed]\nfirst_fixed = \"3.1.921.10\"\ncertainty = \"confirmed\"";
    let pattern = advisory_with_pattern(r"(\d+)\.(\d+)\.(\d+)\.(\d+)", rules);
    assert!(pattern.is_narrower(&usual) && usual.is_narrower(&pattern));
}

#[test]
fn an_advisory_is_found_by_its_id_or_cve() {
    let set = AdvisorySet::embedded();
    let found = |word: &str| set.find(word).map(|advisory| advisory.id.as_str());
    assert_eq!(found("mi-connect"), Some("mi-connect"));
    assert_eq!(found("MI-Connect"), Some("mi-connect"));
    assert_eq!(found("cve-2024-45361"), Some("mi-connect"));
    assert_eq!(found("CVE-2020-14107"), Some("cast-2020-14107"));
    assert_eq!(found("CVE-2020"), None);
    assert_eq!(set.nearest("mi-conect"), Some("mi-connect"));
    assert_eq!(set.nearest("CVE-2020-1410"), Some("CVE-2020-14107"));
    assert_eq!(set.nearest("?"), None);
    assert_eq!(set.only("CVE-2024-45354").unwrap().advisories[0].id, "shop-2024-45354");
}

fn file(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}

fn other() -> String {
    MI_CONNECT
        .replace("id = \"mi-connect\"", "id = \"other\"")
        .replace("cves = [\"CVE-2024-45347\", \"CVE-2024-45361\"]", "cves = []")
}

#[test]
fn files_add_and_replace_and_change_the_hash() {
    let embedded = AdvisorySet::embedded();
    let added = AdvisorySet::with_files(&[], &[file("own/a.toml", &other())]).unwrap();
    assert_eq!(added.advisories.len(), 15);
    assert_eq!(added.version, format!("{}+local", embedded.version));
    assert_ne!(added.hash, embedded.hash);
    // Where the folder lies doesn't matter.
    let elsewhere = AdvisorySet::with_files(&[], &[file("C:\\b\\a.toml", &other())]).unwrap();
    assert_eq!(elsewhere.hash, added.hash);
    let replaced = MI_CONNECT.replace("3.1.921.10", "3.1.950.1");
    let replaced = AdvisorySet::with_files(&[], &[file("a.toml", &replaced)]).unwrap();
    assert_eq!(replaced.advisories.len(), 14);
    let stands_in = &replaced.replaced[0];
    assert_eq!((stands_in.id.as_str(), stands_in.file.as_str()), ("mi-connect", "a.toml"));
    assert!(!stands_in.narrower, "it calls fewer versions fixed");
    assert_eq!(replaced.advisories[0].rate(b"3.1.921.10"), Rating::Unconfirmed);
    let twice = [file("a.toml", &other()), file("b.toml", &other())];
    let errors = AdvisorySet::with_files(&[], &twice).unwrap_err();
    assert_eq!(
        errors.iter().map(ToString::to_string).collect::<Vec<_>>(),
        ["b.toml:4: id: `other` is taken by a.toml; give each its own id"]
    );
}

#[test]
fn a_persons_own_word_counts_more_than_the_administrators() {
    let fixed_in = |set: &AdvisorySet| {
        let rate = |version: &str| set.advisories[0].rate(version.as_bytes());
        ["3.1.921.10", "3.1.950.1", "3.1.960.1"].map(|version| rate(version) == Rating::Fixed)
    };
    let with = |version: &str| file("a.toml", &MI_CONNECT.replace("3.1.921.10", version));
    let system = AdvisorySet::with_files(&[with("3.1.950.1")], &[]).unwrap();
    assert_eq!(fixed_in(&system), [false, true, true]);
    assert!(system.version.ends_with("+local") && system.advisories[0].own_file.is_some());
    let own = AdvisorySet::with_files(&[with("3.1.950.1")], &[with("3.1.960.1")]).unwrap();
    assert_eq!((fixed_in(&own), own.advisories.len()), ([false, false, true], 14));
    // Each folder for itself holds an id once.
    let twice = [with("3.1.950.1"), file("b.toml", MI_CONNECT)];
    assert_eq!(AdvisorySet::with_files(&twice, &[]).unwrap_err().len(), 1);
}

#[test]
fn an_affected_version_is_its_example() {
    let example = |rules: &str| advisory(rules).example_version().map(ToString::to_string);
    let of_embedded = mi_connect().example_version().map(ToString::to_string);
    assert_eq!(of_embedded.as_deref(), Some("3.1.895.10"));
    let exact = "[affected]\nexact = [\"1.2.3\", \"1.2.5\"]\ncertainty = \"confirmed\"\n";
    assert_eq!(example(exact).as_deref(), Some("1.2.3"));
}

#[test]
fn advisories_of_ones_own_count_by_default() {
    let own = other().replace("default = true\n", "");
    let set = AdvisorySet::with_files(&[], &[file("a.toml", &own)]).unwrap();
    let ids: Vec<_> = set.by_default().advisories.into_iter().map(|one| one.id).collect();
    assert_eq!(ids, ["mi-connect", "other"]);
    let cast = include_str!("cast-2020-14107.toml");
    let set = AdvisorySet::with_files(&[], &[file("a.toml", cast)]).unwrap();
    assert_eq!(set.by_default().advisories.len(), 2);
    assert_eq!(set.find("cast-2020-14107").unwrap().own_file.as_deref(), Some("a.toml"));
}

#[test]
fn every_error_of_every_file_is_found() {
    let bad = MI_CONNECT
        .replace("id = \"mi-connect\"", "id = \"Mi Connect\"")
        .replace("score = \"9.6\"", "score = 9.6")
        .replace("date = \"2025-06-23\"", "date = 2025-06-23")
        .replace("last_affected = ", "last_afected = ");
    let worse = other().replace("app = ", "ap = ");
    let errors = AdvisorySet::with_files(&[], &[file("a.toml", &worse), file("b.toml", &bad)]);
    let shown: Vec<_> = errors.unwrap_err().iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "a.toml:1: app: it is missing; name the app as people know it",
            "a.toml:5: ap: no such field; did you mean `app`?",
            "b.toml:4: id: `Mi Connect` isn't a valid id; use lower-case letters, digits and `-`, 40 at most",
            "b.toml:28: severity.score: this is a number, not a text; put it in quotes",
            "b.toml:35: affected: no version is affected; give `last_affected`, `less_than` or a list `exact`",
            "b.toml:36: affected.last_afected: no such field; did you mean `last_affected`?",
            "b.toml:52: sources[0].date: this is a date without quotes, not a text; put it in quotes",
        ]
    );
}

#[test]
fn what_is_odd_is_remarked_on() {
    let own = MI_CONNECT
        .replace("default = true", "default = false")
        .replace("level = \"critical\"", "level = \"high\"")
        .replace("first_fixed = \"3.1.921.10\"", "first_fixed = \"3.1.895.10\"")
        .replace("step = \"update_system\"", "step = \"replug\"");
    let shared = other().replace("cves = []", "cves = [\"CVE-2024-45361\"]");
    let found = AdvisorySet::check(&[file("a.toml", &own), file("b.toml", &shared)]);
    assert_eq!((found.advisories, found.errors.len()), (2, 0));
    let shown: Vec<_> = found.remarks.iter().map(ToString::to_string).collect();
    assert_eq!(
        shown,
        [
            "a.toml:4: id: note: this replaces the built-in advisory `mi-connect`",
            "a.toml:9: default: note: false does nothing here: your own advisories are always used",
            "a.toml:29: severity.level: note: in CVSS this level is for 7.0 to 8.9, not for 9.6",
            "a.toml:43: fixed.first_fixed: note: 3.1.895.10 isn't above 3.1.895.10, which is affected: \
             versions that are both are UPDATE NEEDED",
            "a.toml:88: remedies[3]: note: `replug` doesn't lead to an update of an app",
            "b.toml:4: cves: note: CVE-2024-45361 is also in `mi-connect`: phones get two findings",
        ]
    );
}

#[test]
fn a_fixed_version_that_is_affected_is_remarked_on() {
    for (affected, fixed, odd) in [
        ("last_affected = \"2.0\"", "1.9", true),
        ("last_affected = \"2.0\"", "2.0", true),
        ("last_affected = \"2.0\"", "2.1", false),
        ("less_than = \"2.0\"", "1.9", true),
        ("less_than = \"2.0\"", "2.0", false),
        ("less_than = \"2.0\"", "2.1", false),
        ("exact = [\"1.0\", \"2.0\"]", "1.9", true),
        ("exact = [\"1.0\", \"2.0\"]", "2.0", true),
        ("exact = [\"1.0\", \"2.0\"]", "2.1", false),
    ] {
        let text = other()
            .replace("last_affected = \"3.1.895.10\"", affected)
            .replace("first_fixed = \"3.1.921.10\"", &format!("first_fixed = \"{fixed}\""));
        let found = AdvisorySet::check(&[file("a.toml", &text)]);
        assert!(found.errors.is_empty(), "{:?}", found.errors);
        let remarks: Vec<_> = found.remarks.iter().map(ToString::to_string).collect();
        let remarked = remarks.iter().any(|remark| remark.contains("isn't above 2.0"));
        assert_eq!(remarked, odd, "{affected} {fixed}: {remarks:?}");
    }
}

#[test]
fn notes_and_patterns_are_kept_as_they_are_written() {
    let advisory = mi_connect();
    assert!(advisory.affected.note.unwrap().starts_with("The CVE records name"));
    assert!(
        advisory.fixed.unwrap().note.unwrap().starts_with("One outlet (The Daily Tech Feed) names")
    );
    assert_eq!(advisory.packages[0].note, None);
    let rules = "[affected]\nlast_affected = \"V7\"\ncertainty = \"confirmed\"";
    let pattern = advisory_with_pattern(r"V(\d+)", rules).version_pattern.unwrap();
    assert_eq!(pattern.to_string(), r"V(\d+)");
    assert_eq!(MAX_FILE_BYTES, 262_144);
}

/// A version in the manner of apps, near the bounds of the rules below.
fn any_version() -> impl Strategy<Value = String> {
    let part = prop_oneof![0_u32..4, Just(10), Just(99)];
    let suffix = prop::sample::select(vec!["", "-rc1", ".full", ".0", "a", " "]);
    (prop::collection::vec(part, 2..5), suffix).prop_map(|(parts, suffix)| {
        let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
        format!("{}{suffix}", parts.join("."))
    })
}

fn any_bound() -> impl Strategy<Value = String> {
    prop::collection::vec(prop_oneof![0_u32..4, Just(10)], 2..4)
        .prop_map(|parts| parts.iter().map(ToString::to_string).collect::<Vec<_>>().join("."))
}

proptest! {
    #[test]
    fn nothing_that_an_inclusive_bound_covers_is_fixed(
        last in any_bound(), exact in any_bound(), fixed in any_bound(), version in any_version(),
    ) {
        let advisory = advisory(&format!(
            "[affected]\nlast_affected = \"{last}\"\nexact = [\"{exact}\"]\ncertainty = \"confirmed\"\n\
             [fixed]\nfirst_fixed = \"{fixed}\"\ncertainty = \"confirmed\""
        ));
        let read = VersionName::parse(version.as_bytes()).unwrap().version;
        let bound = |text: &str| VersionName::parse(text.as_bytes()).unwrap().version;
        let covered = !read.cmp_within(&bound(&last)).is_gt()
            || read.cmp_within(&bound(&exact)).is_eq();
        let rating = advisory.rate(version.as_bytes());
        prop_assert!(!(covered && rating == Rating::Fixed), "{version} {last} {exact} {fixed}");
        prop_assert!(covered || rating != Rating::Vulnerable, "{version} {last} {exact} {fixed}");
    }

    #[test]
    fn a_version_below_an_exclusive_bound_is_never_fixed(
        bound in any_bound(), fixed in any_bound(), version in any_version(),
    ) {
        let advisory = advisory(&format!(
            "[affected]\nless_than = \"{bound}\"\ncertainty = \"confirmed\"\n\
             [fixed]\nfirst_fixed = \"{fixed}\"\ncertainty = \"confirmed\""
        ));
        let read = VersionName::parse(version.as_bytes()).unwrap().version;
        let below = read < VersionName::parse(bound.as_bytes()).unwrap().version;
        prop_assert!(!(below && advisory.rate(version.as_bytes()) == Rating::Fixed));
    }
}

#[test]
fn a_text_comes_in_its_language_else_in_english() {
    let others = [("hi".to_owned(), "शीर्षक".to_owned())].into();
    let title = Localized { english: "title".to_owned(), others };
    assert_eq!(title.in_language("hi"), "शीर्षक");
    assert_eq!(title.in_language("en"), "title");
    assert_eq!(title.in_language("mr"), "title");
}
