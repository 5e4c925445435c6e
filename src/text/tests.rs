use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{Entry, Expression, InlineExpression, Pattern, PatternElement};
use regex::Regex;

use super::catalogue::Catalogue;
use super::*;
use crate::doctor::CheckKey;
use crate::watch::board::BINDINGS;
use micheck_core::am_answer::AmAnswer;
use micheck_core::hint::Hint;
use micheck_core::saved_dump::Form;
use micheck_core::step::Step;
use micheck_core::update_route::UpdateRoute;
use micheck_core::verdict::{Note, Reason, Verdict};

/// The variables of each text of a language, by its key.
fn variables(language: Language) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for source in language.files() {
        let resource = fluent_syntax::parser::parse(source)
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
    for source in language.files() {
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
    "date-format",
    "day-format",
    "evidence-cves",
    "form-getprop",
    "form-pm_dump",
    "help-head",
    "place-update_in_app_store",
    "place-update_in_app_store.short",
    "place-update_in_getapps",
    "place-update_in_getapps.short",
    "place-update_in_indus_appstore.short",
    "route-indus_appstore",
    "section-usb",
    "sheet-made-by",
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

/// The files with the helpers for keys that are put together.
const HELPERS: &[&str] = &["text/mod.rs", "text/kinds.rs", "report/texts.rs", "doctor/texts.rs"];

/// What the code asks for: each literal key with the variables that it gives, and `None` for each
/// key that isn't a literal.
fn asked_for(code: &str, texts: &Regex) -> Vec<Option<(String, BTreeSet<String>)>> {
    let mut asked = Vec::new();
    for found in texts.captures_iter(code) {
        let arguments = arguments(&code[found.get(0).unwrap().end()..]);
        let (key, given) = match found.name("function").map(|name| name.as_str()) {
            None => (arguments[1], &arguments[2..]),
            Some("get") => (arguments[0], &[][..]),
            Some(_) => ("", &[][..]),
        };
        let key = key.strip_prefix('"').and_then(|key| key.strip_suffix('"'));
        let names = given.iter().map(|one| one.split_once(" = ").unwrap().0.to_owned());
        asked.push(key.map(|key| (key.to_owned(), names.collect())));
    }
    asked
}

/// The arguments of a call, from behind its bracket.
fn arguments(code: &str) -> Vec<&str> {
    let (mut found, mut from, mut depth, mut is_quoted) = (Vec::new(), 0, 0, false);
    for (at, sign) in code.char_indices() {
        match sign {
            '"' if !code[..at].ends_with('\\') => is_quoted = !is_quoted,
            _ if is_quoted => {}
            ',' | ')' if depth == 0 => {
                found.extend(Some(code[from..at].trim()).filter(|one| !one.is_empty()));
                from = at + 1;
                if sign == ')' {
                    return found;
                }
            }
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
    }
    panic!("a call without an end: {code}")
}

/// What is wrong with a file's keys; those that it asks for are added to `used`.
fn mistakes(file: &str, code: &str, names: &str, used: &mut BTreeSet<String>) -> Vec<String> {
    let english = variables(Language::English);
    let is_helper = HELPERS.contains(&file);
    let names = if is_helper { format!("self|{names}") } else { names.to_owned() };
    let texts = Regex::new(&format!(
        r"\bt!\(|\b(?:{names}|Text::\w+\([^()]*\))\s*\.(?<function>get|get_if_any|has|fill)\("
    ));
    let mut mistakes = Vec::new();
    for asked in asked_for(code, &texts.unwrap()) {
        match asked {
            None if is_helper => {}
            None => mistakes.push(format!("{file}: a key that is no literal")),
            Some((key, given)) => {
                match english.get(&key) {
                    None => mistakes.push(format!("{file}: no such text: {key}")),
                    Some(needed) if *needed != given => {
                        mistakes.push(format!("{file}: {key} needs {needed:?}, gets {given:?}"));
                    }
                    Some(_) => {}
                }
                used.insert(key);
            }
        }
    }
    mistakes
}

/// The files of this package with their code, without tests and comments.
fn code() -> Vec<(String, String)> {
    let src = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut found, mut paths) = (Vec::new(), vec![src.clone()]);
    while let Some(path) = paths.pop() {
        if path.is_dir() {
            // The other packages can't ask for texts.
            if path == src || !path.join("Cargo.toml").exists() {
                paths.extend(std::fs::read_dir(path).unwrap().map(|one| one.unwrap().path()));
            }
        } else if path.extension().is_some_and(|ending| ending == "rs")
            && !path.iter().any(|part| part == "tests" || part == "tests.rs")
        {
            let code = std::fs::read_to_string(&path).unwrap();
            let code = code.split("#[cfg(test)]\nmod ").next().unwrap().lines();
            let code: Vec<&str> =
                code.filter(|line| !line.trim_start().starts_with("//")).collect();
            let file = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
            found.push((file, code.join("\n")));
        }
    }
    found
}

#[test]
fn every_key_in_the_code_is_a_text_with_these_variables_and_every_text_is_used() {
    let files = code();
    assert!(files.len() > 100, "{}", files.len());
    let declared = Regex::new(r"\b(\w+): Text\b|\blet (\w+) = Text::").unwrap();
    let names: BTreeSet<&str> = files
        .iter()
        .flat_map(|(_, code)| declared.captures_iter(code))
        .filter_map(|found| Some(found.get(1).or(found.get(2))?.as_str()))
        .collect();
    let names = Vec::from_iter(names).join("|");
    let mut used = BTreeSet::new();
    let wrong: Vec<String> =
        files.iter().flat_map(|(file, code)| mistakes(file, code, &names, &mut used)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");

    let texts = variables(Language::English);
    let kinds = of_kinds();
    let missing: Vec<_> =
        kinds.iter().filter(|(key, must)| *must && !texts.contains_key(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
    let is_used = |key: &&String| used.contains(*key) || kinds.iter().any(|(one, _)| one == *key);
    let unused: Vec<&String> = texts.keys().filter(|key| !is_used(key)).collect();
    assert!(unused.is_empty(), "{unused:?}");
}

#[test]
fn a_key_or_variable_that_is_wrong_is_found() {
    let mistakes = |file, code| mistakes(file, code, "text", &mut BTreeSet::new());
    for fine in [
        r#"text.get("no-phone")"#,
        r#"t!(text, "phones", count = f(1, "),"))"#,
        "t!(\n    rules().text,\n    \"file-entry\",\n    file = x,\n    entry = y,\n)",
        "names.get(key)",
    ] {
        assert_eq!(mistakes("watch/mod.rs", fine), [""; 0], "{fine}");
    }
    for (wrong, why) in [
        (r#"text.get("no-phones-at-all")"#, "no such text: no-phones-at-all"),
        (r#"t!(text, "fones", count = 1)"#, "no such text: fones"),
        (r#"self.text.get("phones")"#, r#"phones needs {"count"}, gets {}"#),
        (r#"t!(text, "phones", cuont = 1)"#, r#"phones needs {"count"}, gets {"cuont"}"#),
        (r#"t!(text, "no-phone", count = 1)"#, r#"no-phone needs {}, gets {"count"}"#),
        (r#"text.get(if a { "demo" } else { "no-phone" })"#, "a key that is no literal"),
        ("text\n    .get(key)", "a key that is no literal"),
        ("Text::of(language).fill(key, [])", "a key that is no literal"),
    ] {
        assert_eq!(mistakes("watch/mod.rs", wrong), [format!("watch/mod.rs: {why}")], "{wrong}");
    }
    assert_eq!(mistakes("text/kinds.rs", "self.get(key)"), [""; 0]);
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
    }
    for reason in Reason::ALL {
        keys.push((format!("reason-{}", reason.key()), true));
        keys.push((format!("reason-{}.short", reason.key()), true));
        keys.push((format!("reason-{}.file", reason.key()), false));
    }
    for step in Step::ALL {
        // A way of doing another one has a sentence or a place of its own.
        let is_way = step.of_advisory() != *step;
        keys.push((format!("step-{}", step.key()), !is_way));
        for part in ["", ".short"] {
            keys.push((format!("place-{}{part}", step.key()), false));
        }
        for optional in [".several", ".short", ".after", "-owner"] {
            keys.push((format!("step-{}{optional}", step.key()), false));
        }
    }
    keys.extend(UpdateRoute::ALL.iter().map(|route| (format!("route-{}", route.key()), true)));
    keys.extend(AmAnswer::ALL.iter().map(|answer| (format!("answer-{}", answer.key()), true)));
    keys.extend(Note::ALL.iter().map(|note| (format!("note-{}", note.key()), true)));
    keys.extend(Form::ALL.iter().map(|form| (format!("form-{}", form.key()), true)));
    keys.extend(Hint::ALL.iter().map(|hint| (format!("hint-{}", hint.key()), true)));
    for key in BINDINGS {
        keys.push((format!("key-{}", key.name), true));
        keys.push((format!("key-{}.help", key.name), false));
    }
    keys.extend(CheckKey::ALL.iter().map(|check| (format!("check-{}", check.key()), true)));
    for certainty in ["confirmed", "one_secondary_source", "inferred"] {
        keys.extend(
            ["", ".package", ".fixed"].map(|of| (format!("certainty-{certainty}{of}"), true)),
        );
    }
    for range in ["up-to", "from-to", "below", "from-below"] {
        keys.extend(["", "-or"].map(|or| (format!("must-update-{range}{or}"), true)));
    }
    keys.push(("must-update-exact".to_owned(), true));
    keys
}

/// The variables that the helpers give, by the beginning of the key.
const GIVEN: &[(&str, &[&str])] = &[
    (
        "check-",
        &[
            "it", "date", "days", "given", "holder", "hub", "phone", "phones", "reason", "version",
            "wanted",
        ],
    ),
    ("must-update-", &["low", "last", "bound", "exact"]),
    ("plain-", &["app", "reason", "count"]),
    ("step-", &["place", "app", "package", "bound", "version", "links", "names", "quoted"]),
    ("verdict-", &["count"]),
];

#[test]
fn texts_of_a_kind_have_the_variables_that_are_given() {
    let texts = variables(Language::English);
    for (key, _) in of_kinds() {
        let given = GIVEN.iter().find(|(kind, _)| key.starts_with(kind)).map(|(_, given)| *given);
        for name in texts.get(&key).into_iter().flatten() {
            assert!(given.is_some_and(|given| given.contains(&name.as_str())), "{key}: {name}");
        }
    }
}

#[test]
fn nothing_is_missing_when_everything_is_said() {
    for language in Language::ALL {
        let text = Text::of(language);
        for key in variables(language).keys().filter(|key| variables_of(key).is_empty()) {
            assert_ne!(text.get(key), NO_TEXT, "{key}");
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
    assert_eq!(Text::of(Language::Hindi).get("no-such-key"), NO_TEXT);
    assert_eq!(Text::of(Language::Hindi).fill("no-such-key", []), NO_TEXT);
}

fn first_of<'a>(catalogues: &[&'a Catalogue], key: &str) -> Option<&'a str> {
    catalogues.iter().find_map(|texts| texts.plain(key))
}

#[test]
fn nothing_that_a_phone_says_is_taken_for_a_text() {
    let text = Text::default();
    let hostile = "{ $count } { no-phone } {\"x\"}";
    assert_eq!(t!(text, "serial", serial = hostile), format!("serial {hostile}"));
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
