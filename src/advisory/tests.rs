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
    source::read("x.toml", &text).unwrap()
}

fn error(from: &str, to: &str) -> String {
    assert!(MI_CONNECT.contains(from), "{from}");
    source::read("x.toml", &MI_CONNECT.replacen(from, to, 1)).unwrap_err().to_string()
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

#[test]
fn an_advisory_can_have_a_pattern_of_its_own() {
    let rules = "[affected]\nlast_affected = \"V1-210567\"\ncertainty = \"confirmed\"\n\
                 [fixed]\nfirst_fixed = \"V1-210586\"\ncertainty = \"confirmed\"";
    let from = MI_CONNECT.find("[affected]").unwrap();
    let to = MI_CONNECT.find("[[sources]]").unwrap();
    let text = format!(
        "version_pattern = 'V(\\d+)-(\\d+)'\n{}{rules}\n{}",
        &MI_CONNECT[..from],
        &MI_CONNECT[to..]
    );
    let advisory = source::read("x.toml", &text).unwrap();
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
}

#[test]
fn the_embedded_set_is_as_published() {
    let set = AdvisorySet::embedded();
    assert_eq!(
        set.packages().iter().map(PackageName::as_str).collect::<Vec<_>>(),
        ["com.xiaomi.mi_connect_service"]
    );
    let advisory = mi_connect();
    assert_eq!(advisory.cves, ["CVE-2024-45347", "CVE-2024-45361"]);
    assert_eq!(advisory.last_affected.unwrap().to_string(), "3.1.895.10");
    assert_eq!(advisory.first_fixed.unwrap().to_string(), "3.1.921.10");
    assert_eq!(advisory.fixed_certainty, Some(Certainty::OneSecondarySource));
    assert_eq!(set.hash.len(), 64);
    assert!(set.date.parse::<jiff::civil::Date>().is_ok());
}

#[test]
fn files_add_and_replace_and_change_the_hash() {
    let embedded = AdvisorySet::embedded();
    let file = |name: &str, text: String| (name.to_owned(), text);
    let other = MI_CONNECT.replace("id = \"mi-connect\"", "id = \"other\"");
    let added = AdvisorySet::with_files(&[file("a.toml", other.clone())]).unwrap();
    assert_eq!(added.advisories.len(), 2);
    assert_eq!(added.version, format!("{}+local", embedded.version));
    assert_ne!(added.hash, embedded.hash);
    let replaced = MI_CONNECT.replace("3.1.921.10", "3.1.950.1");
    let replaced = AdvisorySet::with_files(&[file("a.toml", replaced)]).unwrap();
    assert_eq!(replaced.advisories.len(), 1);
    assert_eq!(replaced.advisories[0].rate(b"3.1.921.10"), Rating::Unconfirmed);
    let twice = AdvisorySet::with_files(&[file("a.toml", other.clone()), file("b.toml", other)]);
    assert_eq!(
        twice.unwrap_err().to_string(),
        "b.toml:1: the id `other` is taken by a.toml: give each an id of its own"
    );
}

#[test]
fn what_is_wrong_in_a_file_is_named_with_its_line() {
    assert!(
        error("id = \"mi-connect\"", "id = \"Mi Connect\"")
            .starts_with("x.toml:4: `Mi Connect` is no id")
    );
    assert!(error("[affected]", "[afected]").starts_with("x.toml:"));
    for (from, to, expected) in [
        (
            "\"CVE-2024-45347\", ",
            "\"CVE-24-1\", ",
            "`CVE-24-1` is no CVE id: write it like `CVE-2024-45347`",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "last_affected = \"3.1.x\"",
            "`3.1.x` is no version: it must be like `3.1.895.10`",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "",
            "no affected version: give `last_affected`, or a list `exact`",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "introduced = \"4.0\"\nlast_affected = \"3.1\"",
            "`introduced` 4.0 is above `last_affected` 3.1: swap them",
        ),
        (
            "name = \"com.xiaomi.mi_connect_service\"",
            "name = \"x; reboot\"",
            "`x; reboot` is not an Android package name",
        ),
        ("score = \"9.6\"", "score = \"11\"", "`11` is no CVSS score: give \"0.0\" to \"10.0\""),
        ("vector = \"CVSS:3.1", "vector = \"3.1", "is no CVSS vector"),
        (
            "date = \"2025-06-23\"",
            "date = \"23.6.2025\"",
            "`23.6.2025` is no date: write it like `2025-06-23`",
        ),
        (
            "url = \"https://www.cve.org/CVERecord?id=CVE-2024-45347\"",
            "url = \"ftp://x\"",
            "`ftp://x` is no link",
        ),
        (
            "step = \"update_system_apps\"",
            "step = \"update_system_app\"",
            "`update_system_app` is no known step: did you mean `update_system_apps`?",
        ),
        (
            "id = \"mi-connect\"",
            "version_pattern = '('\nid = \"mi-connect\"",
            "the pattern is no regular expression",
        ),
        (
            "id = \"mi-connect\"",
            "version_pattern = 'V1'\nid = \"mi-connect\"",
            "the pattern has no group",
        ),
        ("certainty = \"inferred\"", "certainty = \"sure\"", "unknown variant `sure`"),
        ("app = ", "ap = ", "unknown field `ap`"),
    ] {
        let error = error(from, to);
        assert!(error.contains(expected), "{error}\n{expected}");
        let line: usize = error.split(':').nth(1).unwrap().parse().unwrap();
        assert!(line > 0);
    }
}
