use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::catalogue::{Catalogue, sources};
use super::*;
use crate::doctor::CheckKey;
use micheck_core::hint::Hint;
use micheck_core::saved_dump::Form;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Reason, Verdict};

/// The variables of each text of a language, by its key.
fn variables(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for source in sources(language) {
        let resource = fluent_syntax::parser::parse(*source)
            .unwrap_or_else(|(_, errors)| panic!("{}: {errors:?}", language.tag()));
        for entry in &resource.body {
            let message = match entry {
                Entry::Message(message) => message,
                Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
                other => panic!("{}: neither text nor comment: {other:?}", language.tag()),
            };
            let id = message.id.name;
            let mut add = |key: String, pattern: &Pattern<&str>| {
                let mut names = BTreeSet::new();
                of_pattern(pattern, &mut names);
                assert_eq!(found.insert(key.clone(), names), None, "{key} is there twice");
            };
            if let Some(value) = &message.value {
                add(id.to_owned(), value);
            }
            for attribute in &message.attributes {
                add(format!("{id}.{}", attribute.id.name), &attribute.value);
            }
        }
    }
    found
}

fn of_pattern(pattern: &Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        let PatternElement::Placeable { expression } = element else { continue };
        let inline = match expression {
            Expression::Inline(inline) => inline,
            Expression::Select { selector, variants } => {
                for variant in variants {
                    of_pattern(&variant.value, names);
                }
                selector
            }
        };
        match inline {
            InlineExpression::VariableReference { id } => drop(names.insert(id.name.to_owned())),
            InlineExpression::StringLiteral { .. } => {}
            other => panic!("neither a variable nor a text: {other:?}"),
        }
    }
}

/// Every text of a language as it stands in its files, by its key.
fn written(language: Language) -> BTreeMap<String, String> {
    let mut texts = BTreeMap::new();
    for source in sources(language) {
        let mut id = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            let (key, value) = match (line.strip_prefix("    ."), line.split_once(" =")) {
                (Some(attribute), _) => {
                    let (attribute, value) = attribute.split_once(" =").unwrap();
                    (format!("{id}.{attribute}"), value)
                }
                (None, Some((name, value))) if !line.starts_with(' ') => {
                    name.clone_into(&mut id);
                    (id.clone(), value)
                }
                _ => (id.clone(), line),
            };
            texts.entry(key).or_insert_with(String::new).push_str(value);
        }
    }
    texts
}

#[test]
fn every_text_is_in_every_language_with_the_same_variables() {
    let english = variables(Language::English);
    assert!(english.len() > 300, "{}", english.len());
    for language in Language::ALL {
        let other = variables(language);
        let missing: Vec<_> = english.keys().filter(|key| !other.contains_key(*key)).collect();
        let unknown: Vec<_> = other.keys().filter(|key| !english.contains_key(*key)).collect();
        assert!(missing.is_empty() && unknown.is_empty(), "{missing:?} {unknown:?}");
        for (key, names) in &english {
            assert_eq!(names, &other[key], "{key}");
        }
    }
}

/// Texts that are the same in Hindi, because they are names.
const NAMES: &[&str] = &[
    "advisory-column-cve",
    "advisory-column-id",
    "advisory-field-cves",
    "before",
    "change",
    "evidence-cves",
    "form-getprop",
    "form-pm_dump",
    "help-head",
    "language-en",
    "language-hi",
    "section-usb",
    "sheet-made-by",
    "version",
];

#[test]
fn hindi_is_hindi() {
    let english = written(Language::English);
    let hindi = written(Language::Hindi);
    let devanagari = |text: &str| text.chars().any(|c| ('\u{900}'..='\u{97f}').contains(&c));
    let untranslated: Vec<&String> = hindi
        .iter()
        .filter(|(key, text)| {
            let letters = english[*key].replace(|c: char| !c.is_ascii_alphabetic(), "");
            !letters.is_empty() && !devanagari(text) && !NAMES.contains(&key.as_str())
        })
        .map(|(key, _)| key)
        .filter(|key| !is_only_variables(&english[*key]))
        .collect();
    assert!(untranslated.is_empty(), "{untranslated:?}");
}

fn is_only_variables(text: &str) -> bool {
    let mut outside = String::new();
    let mut depth = 0;
    for c in text.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            c if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    !outside.contains(|c: char| c.is_alphabetic())
}

/// The keys that the code asks for by their names.
fn named_in_code() -> BTreeSet<String> {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let literal = regex::Regex::new(r#""([a-z][a-z0-9_-]*)""#).unwrap();
    let mut files = vec![src.join("doctor/texts.rs"), src.join("watch/draw/texts.rs")];
    for folder in ["text", "report/texts"] {
        files.extend(std::fs::read_dir(src.join(folder)).unwrap().map(|file| file.unwrap().path()));
    }
    files.retain(|path| {
        path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs")
    });
    let mut keys = BTreeSet::new();
    for path in files {
        let code = std::fs::read_to_string(path).unwrap();
        keys.extend(literal.captures_iter(&code).map(|found| found[1].to_owned()));
    }
    keys
}

/// The keys that are put together from a kind and the key of one of its members, with whether each
/// must have a text.
fn of_kinds() -> Vec<(String, bool)> {
    let verdicts = [
        Verdict::Vulnerable,
        Verdict::Unconfirmed,
        Verdict::Unknown(Reason::NotSeen),
        Verdict::Patched,
        Verdict::NotInstalled,
        Verdict::NotApplicable,
    ];
    let mut keys = Vec::new();
    for verdict in verdicts {
        let (key, said) = (verdict.key(), verdict.reason().is_none());
        keys.push((format!("verdict-{key}"), said));
        keys.push((format!("verdict-{key}.word"), true));
        keys.push((format!("verdict-{key}.count"), true));
        keys.push((format!("verdict-{key}.several"), false));
        keys.push((format!("plain-{key}"), true));
        keys.push((format!("help-{key}"), verdict != Verdict::NotApplicable));
    }
    for reason in Reason::ALL {
        keys.push((format!("reason-{}", reason.key()), true));
        keys.push((format!("reason-{}.short", reason.key()), true));
        keys.push((format!("reason-{}.file", reason.key()), false));
    }
    for step in Step::ALL {
        keys.push((format!("step-{}", step.key()), true));
        for optional in [".several", ".short", "-owner"] {
            keys.push((format!("step-{}{optional}", step.key()), false));
        }
    }
    keys.extend(Note::ALL.iter().map(|note| (format!("note-{}", note.key()), true)));
    keys.extend(Form::ALL.iter().map(|form| (format!("form-{}", form.key()), true)));
    keys.extend(Hint::ALL.iter().map(|hint| (format!("hint-{}", hint.key()), true)));
    keys.extend(CheckKey::ALL.iter().map(|check| (format!("check-{}", check.key()), true)));
    keys.extend(Language::ALL.map(|language| (format!("language-{}", language.tag()), true)));
    for certainty in ["confirmed", "one_secondary_source", "inferred"] {
        keys.push((format!("certainty-{certainty}.package"), true));
        keys.push((format!("certainty-{certainty}.fixed"), true));
    }
    for bound in ["up-to", "from-to", "below", "from-below"] {
        keys.push((format!("must-update-{bound}-or"), true));
    }
    keys
}

#[test]
fn every_text_is_used_and_everything_that_is_used_is_a_text() {
    let texts = variables(Language::English);
    let kinds = of_kinds();
    let missing: Vec<_> =
        kinds.iter().filter(|(key, must)| *must && !texts.contains_key(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let named = named_in_code();
    let used = |key: &&String| named.contains(*key) || kinds.iter().any(|(one, _)| one == *key);
    let unused: Vec<&String> = texts.keys().filter(|key| !used(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn nothing_is_missing_when_everything_is_said() {
    for language in Language::ALL {
        let text = Text::of(language);
        for key in variables(language).keys().filter(|key| variables_of(key).is_empty()) {
            assert_ne!(text.say(key), NO_TEXT, "{key}");
        }
        for step in Step::ALL {
            assert_ne!(text.step(*step, &[]), NO_TEXT, "{step:?}");
        }
        for reason in Reason::ALL {
            assert_ne!(text.verdict_meaning(Verdict::Unknown(*reason)), NO_TEXT);
            assert!(text.plainly(Verdict::Unknown(*reason), "x", 1).contains(text.reason(*reason)));
        }
    }
}

fn variables_of(key: &str) -> BTreeSet<String> {
    variables(Language::English)[key].clone()
}

#[test]
fn what_a_language_lacks_is_said_in_english() {
    let poor = Catalogue::read(Language::Hindi, &["only-here = यहाँ { $count }\n"]);
    assert_eq!(poor.plain("no-phone"), None);
    let english = catalogue::of(Language::English);
    let no_phone = first_of(&[&poor, english], "no-phone");
    assert_eq!(no_phone, Some("No phone was found. The likely reasons:"));
    // A variable that isn't given is no text: half a sentence would be worse than English.
    assert_eq!(poor.filled("only-here", &FluentArgs::new()), None);
    assert_eq!(Text::of(Language::Hindi).say("no-such-key"), NO_TEXT);
    assert_eq!(Text::of(Language::Hindi).fill("no-such-key", []), NO_TEXT);
}

fn first_of<'a>(catalogues: &[&'a Catalogue], key: &str) -> Option<&'a str> {
    catalogues.iter().find_map(|texts| texts.plain(key))
}

#[test]
fn nothing_that_a_phone_says_is_taken_for_a_text() {
    let text = Text::default();
    let hostile = "{ $count } { no-phone } {\"x\"}";
    assert_eq!(text.serial(hostile), format!("serial {hostile}"));
}

#[test]
fn forbidden_words_are_nowhere() {
    for language in Language::ALL {
        for (key, text) in written(language) {
            for word in ["certificate", "certified", "safe", "प्रमाणपत्र", "सर्टिफ", "सुरक्षित"]
            {
                assert!(!text.to_lowercase().contains(word), "{key}: {text}");
            }
        }
    }
}

#[test]
fn languages_are_told_by_their_tags() {
    for (tag, language) in [
        ("hi", Some(Language::Hindi)),
        ("hi-IN", Some(Language::Hindi)),
        ("hi_IN.UTF-8", Some(Language::Hindi)),
        ("HI-Deva-IN", Some(Language::Hindi)),
        ("en_GB.UTF-8", Some(Language::English)),
        ("C.UTF-8", Some(Language::English)),
        ("POSIX", Some(Language::English)),
        ("his", None),
        ("mr-IN", None),
        ("", None),
    ] {
        assert_eq!(Language::of_tag(tag), language, "{tag}");
    }
}
