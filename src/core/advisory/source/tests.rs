use proptest::prelude::*;

use super::*;

const MI_CONNECT: &str = include_str!("../mi-connect.toml");

/// What is wrong with the embedded file after this change, each on a line.
fn errors(from: &str, to: &str) -> Vec<String> {
    assert!(MI_CONNECT.contains(from), "{from}");
    errors_of(&MI_CONNECT.replacen(from, to, 1))
}

fn errors_of(text: &str) -> Vec<String> {
    let errors = read("x.toml", text, false).unwrap_err();
    errors.iter().map(ToString::to_string).collect()
}

/// Each change leads to this error.
fn expect(changes: &[(&str, &str, &str)]) {
    for (from, to, expected) in changes {
        let errors = errors(from, to);
        assert!(errors.iter().any(|error| error.contains(expected)), "{errors:#?}\n{expected}");
        for error in errors {
            let line: usize = error.split(':').nth(1).unwrap().parse().unwrap();
            assert!(line > 0, "{error}");
            assert!(!error.contains(crate::escape::is_deceptive), "{error}");
        }
    }
}

/// The advisory, in whose title there is room for another language.
fn without_hindi_title() -> String {
    let lines = MI_CONNECT.split_inclusive('\n');
    let mut titles = 0;
    let keeps = |line: &&str| {
        titles += usize::from(line.starts_with("hi = "));
        !(line.starts_with("hi = ") && titles == 1)
    };
    lines.filter(keeps).collect()
}

#[test]
fn texts_in_other_languages_are_looked_at() {
    let title = "[title]\nen = ";
    for (line, expected) in [
        ("hi = \"x\"", None),
        ("zh-CN = \"x\"", None),
        ("fil = \"x\"", None),
        ("en-GB-oxendict = \"x\"", None),
        ("hi = 1", Some("title.hi: this is a number")),
        ("english = \"x\"", Some("that isn't a language's code")),
        ("h = \"x\"", Some("that isn't a language's code")),
        ("\"h!\" = \"x\"", Some("that isn't a language's code")),
        ("\"hi-!\" = \"x\"", Some("that isn't a language's code")),
    ] {
        let text = without_hindi_title().replacen(title, &format!("[title]\n{line}\nen = "), 1);
        let errors = read("x.toml", &text, false).map_or_else(
            |errors| errors.iter().map(ToString::to_string).collect(),
            |_| Vec::<String>::new(),
        );
        match expected {
            None => assert!(errors.is_empty(), "{line}: {errors:?}"),
            Some(expected) => {
                assert!(errors.len() == 1 && errors[0].contains(expected), "{line}: {errors:?}");
            }
        }
    }
}

#[test]
fn what_may_stand_once_only_is_an_error_twice() {
    let twice = "cves = [\"CVE-2024-45347\", \"CVE-2024-45347\"]";
    expect(&[("cves = [\"CVE-2024-45347\", \"CVE-2024-45361\"]", twice, "it is here twice")]);
    let package = |name: &str| {
        let more =
            format!("[[packages]]\nname = \"{name}\"\ncertainty = \"confirmed\"\n\n[affected]");
        MI_CONNECT.replacen("[affected]", &more, 1)
    };
    assert!(read("x.toml", &package("com.other"), false).is_ok());
    let errors = errors_of(&package("com.xiaomi.mi_connect_service"));
    assert!(errors[0].contains("com.xiaomi.mi_connect_service is here twice"), "{errors:?}");
}

#[test]
fn one_version_and_one_group_are_enough() {
    let one = "introduced = \"3.1.895.10\"\nlast_affected = \"3.1.895.10\"";
    let text = MI_CONNECT.replacen("last_affected = \"3.1.895.10\"", one, 1);
    assert!(read("x.toml", &text, false).is_ok());
}

#[test]
fn a_wrong_version_is_named_with_field_and_remedy() {
    expect(&[
        (
            "\"CVE-2024-45347\", ",
            "\"CVE-24-1\", ",
            "cves[0]: `CVE-24-1` isn't a valid CVE id; write it like `CVE-2024-45347`",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "last_affected = \"3.1.x\"",
            "affected.last_affected: `3.1.x` isn't a version; write it like `3.1.895.10`",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "",
            "affected: no version is affected; give `last_affected`, `less_than` or a list `exact`",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "introduced = \"4.0\"\nlast_affected = \"3.1\"",
            "affected.introduced: 4.0 is above the upper bound 3.1; swap them",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "introduced = \"4.0\"\nexact = [\"5.0\"]",
            "affected.introduced: a lower bound without an upper one; add `last_affected`",
        ),
        (
            "last_affected = \"3.1.895.10\"",
            "less_than = \"4.0\"\nlast_affected = \"3.1\"",
            "affected.less_than: there are two upper bounds; keep `last_affected`",
        ),
        (
            "name = \"com.xiaomi.mi_connect_service\"",
            "name = \"x; reboot\"",
            "packages[0].name: `x; reboot` isn't an Android package name; write it like",
        ),
    ]);
}

#[test]
fn whatever_else_is_wrong_is_named_with_field_and_remedy() {
    expect(&[
        (
            "score = \"9.6\"",
            "score = \"11\"",
            "severity.score: `11` isn't a valid CVSS score; write it as a text from \"0.0\" to \"10.0\"",
        ),
        ("score = \"9.6\"", "", "severity.score: it is missing; give vector, score and level"),
        (
            "vector = \"CVSS:3.1",
            "vector = \"3.1",
            "isn't a valid CVSS vector; write it like `CVSS:3.1/",
        ),
        (
            "level = \"critical\"",
            "level = \"critcal\"",
            "severity.level: `critcal` isn't known here; did you mean `critical`?",
        ),
        (
            "date = \"2025-06-23\"",
            "date = \"23.6.2025\"",
            "sources[0].date: `23.6.2025` isn't a valid date; write it like `2025-06-23`",
        ),
        (
            "url = \"https://www.cve.org/CVERecord?id=CVE-2024-45347\"",
            "url = \"https://https://x.org\"",
            "sources[0].url: `https://https://x.org` isn't a valid https link",
        ),
        (
            "step = \"update_system_apps\"",
            "step = \"update_system_app\"",
            "remedies[0].step: `update_system_app` isn't a known step; did you mean `update_system_apps`?",
        ),
        (
            "packages = [\"com.xiaomi.discover\"]",
            "packages = \"com.xiaomi.discover\"",
            "remedies[0].packages: this is a text, not a list; write it in brackets: [...]",
        ),
        (
            "id = \"mi-connect\"",
            "version_pattern = '('\nid = \"mi-connect\"",
            "version_pattern: the pattern isn't a regular expression: unclosed group; put each",
        ),
        (
            "id = \"mi-connect\"",
            "version_pattern = 'V1'\nid = \"mi-connect\"",
            "version_pattern: the pattern has no group; put each number",
        ),
        (
            "[fixed]\n",
            "[fixed]\nversion_pattern = '(1)'\n",
            "fixed.version_pattern: no such field; move it above the first [table]",
        ),
        (
            "certainty = \"inferred\"",
            "certainty = \"sure\"",
            "packages[0].certainty: `sure` isn't known here; write one of confirmed, one_secondary_source, inferred",
        ),
        ("en = \"Xiaomi Mi", "de = \"Xiaomi Mi", "title.en: it is missing; write it in English"),
        ("app = \"Mi Connect Service\"", "app = \" \"", "app: it is empty; write something"),
        ("default = true", "default = \"yes\"", "default: this is a text, not true or false"),
        ("[affected]", "[afected]", "affected: it is missing; give `last_affected`"),
        ("app = ", "app ", "x.toml:5: "),
        ("app = \"Mi", "app = \"\\u001b[31m\"\nap\u{202e}p = \"Mi", "x.toml:6: "),
    ]);
}

#[test]
fn a_file_full_of_errors_is_cut_short() {
    let mut text = MI_CONNECT.to_owned();
    text.push_str("[more]\n");
    for number in 0..500 {
        text.insert_str(0, &format!("key{number} = 1\n"));
    }
    let errors = errors_of(&text);
    assert_eq!(errors.len(), 100);
    assert!(errors[99].ends_with("there are more errors; correct these"), "{}", errors[99]);
}

proptest! {
    /// Whatever is cut out of a file or put into it, reading ends in an advisory or in errors.
    #[test]
    fn a_mangled_file_is_read_or_refused(
        from in 0..MI_CONNECT.len(), length in 0_usize..300, put in "[\"'=\\[\\]a-z0-9\n\u{1b}]{0,12}",
    ) {
        let mut bytes = MI_CONNECT.as_bytes().to_vec();
        let to = (from + length).min(bytes.len());
        bytes.splice(from..to, put.bytes());
        let text = String::from_utf8_lossy(&bytes);
        if let Err(errors) = read("x.toml", &text, false) {
            prop_assert!(!errors.is_empty());
            for error in errors {
                prop_assert!(!error.to_string().contains(crate::escape::is_deceptive));
            }
        }
    }
}
