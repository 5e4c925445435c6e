//! Tests of the project itself: everything is documented, and the core stays pure.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::support::repository;
use micheck::cli::exit_code::ExitCode;
use micheck::doctor::CheckKey;
use micheck_core::step::Step;
use micheck_core::verdict::{Note, Reason};

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The keys of the `## ` headings of a page, in order.
fn headings(page: &str) -> Vec<String> {
    read(repository(page))
        .lines()
        .filter_map(|line| Some(line.strip_prefix("## `")?.strip_suffix('`')?.to_owned()))
        .collect()
}

#[test]
fn every_reason_is_documented() {
    let keys: Vec<_> = Reason::ALL.iter().map(|reason| reason.key()).collect();
    assert_eq!(headings("docs/reasons.md"), keys);
}

#[test]
fn every_note_is_documented() {
    let keys: Vec<_> = Note::ALL.iter().map(|note| note.key()).collect();
    assert_eq!(headings("docs/notes.md"), keys);
}

#[test]
fn every_check_is_documented() {
    let keys: Vec<_> = CheckKey::ALL.iter().map(|check| check.key()).collect();
    assert_eq!(rows("docs/doctor.md", "\n## Every check\n"), keys);
    for (check, state) in keys.iter().zip(CheckKey::ALL.iter().map(|check| check.state())) {
        let mark = state.mark();
        let row = format!("| `{check}` | {mark} |");
        assert!(read(repository("docs/doctor.md")).contains(&row), "no row begins: {row}");
    }
}

#[test]
fn every_step_is_documented() {
    let page = read(repository("docs/json.md"));
    for step in Step::ALL {
        assert!(page.contains(&format!("`{}`", step.key())), "{}", step.key());
    }
}

/// The keys that stand first in the rows of a page's tables behind a head, in order.
fn rows(page: &str, head: &str) -> Vec<String> {
    let page = read(repository(page));
    let (_, behind) = page.split_once(head).unwrap();
    behind
        .lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once("` |")?.0.to_owned()))
        .collect()
}

#[test]
fn every_exit_code_is_documented() {
    let page = read(repository("docs/exit-codes.md"));
    let rows: Vec<u8> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| ")?.split(" |").next()?.parse::<u8>().ok())
        .collect();
    let source = read(repository("src/cli/exit_code.rs"));
    let number = |line: &str| line.split_once(" = ")?.1.strip_suffix(',')?.parse().ok();
    let numbers: Vec<u8> = source.lines().filter_map(number).collect();
    assert_eq!(rows, numbers);
    assert_eq!(numbers.last(), Some(&(ExitCode::Interrupted as u8)));
}

#[test]
fn every_setting_is_documented() {
    let page = read(repository("docs/configuration.md"));
    for key in micheck::cli::settings::KEYS {
        assert!(page.contains(&format!("`{key}`")), "docs/configuration.md lacks `{key}`");
    }
}

/// Every `.rs` file below a folder of `src`.
fn files_of(folder: &str) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![repository("src").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                files.push(path);
            }
        }
    }
    files
}

/// What a file says outside of its tests and comments.
fn code_of(file: &Path) -> String {
    let text = read(file);
    let untested = text.split("#[cfg(test)]\nmod ").next().unwrap();
    untested
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the program takes of the simulator: phones and a scenario that are compiled in. None of its
/// faults is among them, and no text that somebody gives goes there.
const OF_THE_SIMULATOR: [&str; 4] = ["Controls", "demo", "film", "fix"];

#[test]
fn no_command_line_reaches_the_simulators_faults() {
    let code =
        MAY_IMPORT.iter().flat_map(|(folder, _)| files_of(folder)).map(|file| code_of(&file));
    let item = |behind: &str| -> String {
        let item = behind.strip_prefix("::").unwrap_or("everything");
        item.chars().take_while(char::is_ascii_alphanumeric).collect()
    };
    let used: BTreeSet<String> = code
        .flat_map(|code| code.split("micheck_simulator").skip(1).map(item).collect::<Vec<_>>())
        .collect();
    assert_eq!(Vec::from_iter(&used), OF_THE_SIMULATOR);
    for entrance in ["pub fn demo()", "pub fn film()", "pub fn fix()"] {
        let found = files_of("simulator").iter().any(|file| code_of(file).contains(entrance));
        assert!(found, "{entrance}: it takes nothing");
    }
}

/// The folders of this package, each with those that it may import.
const MAY_IMPORT: [(&str, &[&str]); 10] = [
    ("text", &[]),
    ("report", &["text"]),
    ("record", &["report", "text"]),
    ("doctor", &["text"]),
    ("output", &["report", "doctor", "text"]),
    ("inspect", &["report", "text"]),
    ("scan", &["doctor", "output", "report", "text"]),
    ("watch", &["scan", "output", "record", "report", "doctor", "text"]),
    ("fix", &["watch", "scan", "output", "report", "text"]),
    ("cli", &["doctor", "fix", "inspect", "output", "record", "report", "scan", "text", "watch"]),
];

/// The crates that these folders stand on, each with those that it may depend on.
const CRATES: [(&str, &[&str]); 4] = [
    ("core", &[]),
    ("platform", &[]),
    ("adb", &["core", "platform"]),
    ("simulator", &["adb", "core"]),
];

/// So that a name says one thing wherever it is met.
#[test]
fn no_two_types_have_one_name() {
    let declared = regex::Regex::new(
        r"(?m)^\s*pub(?:\((?:crate|super)\))? (?:struct|enum|trait|type|union) (\w+)",
    )
    .unwrap();
    let mut found: Vec<(String, String)> = Vec::new();
    for file in files_of("").iter().filter(|file| !is_test(file)) {
        let code = code_of(file);
        let names = declared.captures_iter(&code).map(|name| name[1].to_owned());
        found.extend(names.map(|name| (name, file.display().to_string())));
    }
    assert!(found.len() > 300, "{}", found.len());
    found.sort();
    found.dedup();
    let twice: Vec<_> = found.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn folders_import_only_what_lies_below_them() {
    let import = regex::Regex::new(r"\bcrate::(\w+)").unwrap();
    let mut folders = Vec::new();
    for (folder, may) in MAY_IMPORT {
        let files: Vec<_> = files_of(folder).into_iter().filter(|file| !is_test(file)).collect();
        assert!(!files.is_empty(), "src/{folder}");
        for file in files {
            for found in import.captures_iter(&code_of(&file)) {
                let other = &found[1];
                let allowed = other == folder || may.contains(&other);
                assert!(allowed, "{} imports crate::{other}", file.display());
            }
        }
        folders.push(folder);
    }
    folders.extend(CRATES.map(|(name, _)| name));
    let mut there: Vec<_> = fs::read_dir(repository("src"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    folders.sort_unstable();
    there.sort_unstable();
    assert_eq!(folders, there, "every folder of src stands in one of the two tables");
}

#[test]
fn crates_depend_only_on_what_lies_below_them() {
    let own = regex::Regex::new(r"(?m)^micheck-(\w+)").unwrap();
    for (name, may) in CRATES {
        let manifest = read(repository(&format!("src/{name}/Cargo.toml")));
        let depends: Vec<_> =
            own.captures_iter(&manifest).map(|found| found[1].to_owned()).collect();
        assert_eq!(depends, may, "src/{name}/Cargo.toml");
    }
    let core = read(repository("src/core/Cargo.toml"));
    for library in ["tokio", "clap", "rusb", "rsa", "crossterm", "tempfile"] {
        assert!(!core.contains(library), "the core needs no {library}");
    }
}

/// cargo strips what has an entry of its own as the profile says from which the other inherits.
#[test]
fn packages_hold_no_symbols() {
    let manifest: toml::Table = read(repository("Cargo.toml")).parse().unwrap();
    let profile = |name: &str| manifest["profile"][name].clone();
    assert_eq!(profile("dist")["strip"].as_str(), Some("symbols"));
    for name in ["release", "dist"] {
        assert!(profile(name)["package"].get("micheck").is_none(), "{name}");
    }
}

#[test]
fn unsafe_code_stands_in_one_file() {
    let allows: Vec<_> = files_of("")
        .into_iter()
        .filter(|path| read(path).contains("(unsafe_code, reason"))
        .collect();
    assert_eq!(allows, [repository("src/platform/windows.rs")]);
    for root in
        ["src/lib.rs", "src/main.rs", "src/core/lib.rs", "src/adb/lib.rs", "src/simulator/lib.rs"]
    {
        assert!(read(repository(root)).contains("#![forbid(unsafe_code)]"), "{root}");
    }
}

/// Whether a file of `src` holds nothing but tests.
fn is_test(file: &std::path::Path) -> bool {
    file.iter().any(|part| part == "tests" || part == "tests.rs")
}

/// What people read comes from `text`, so that it is there in every language.
#[test]
fn nothing_that_is_drawn_has_sentences_of_its_own() {
    let literal = regex::Regex::new(r#""((?:[^"\\]|\\.)*)""#).unwrap();
    let words = regex::Regex::new(r"[a-z]{2,} [a-z]{2,}").unwrap();
    // What is said to developers, and what style sheets and SVG are made of.
    let not_for_people = [
        "expect(",
        "reason = ",
        "panic!",
        "assert",
        "@media",
        "@page",
        "default-src",
        "form-action",
        "content=",
        "custom(",
        "(no serial number)",
    ];
    let mut files = Vec::new();
    for folder in ["output/render", "watch/board", "watch/draw", "report"] {
        files.extend(files_of(folder));
    }
    for file in ["scan/progress.rs", "watch/mod.rs", "watch/keyboard.rs", "watch/sheets.rs"] {
        files.push(repository("src").join(file));
    }
    // What these say in English goes to whoever looks errors up, or is a text's own key.
    let in_english = [
        "import",
        "evidence_files",
        "evidence_dir",
        "evidence_files.rs",
        "evidence_dir.rs",
        "import.rs",
    ];
    files.retain(|file| {
        !is_test(file) && !file.iter().any(|part| in_english.iter().any(|one| part == *one))
    });
    assert!(files.len() > 35, "{files:?}");
    for file in files {
        let text = read(&file);
        let untested = text.split("#[cfg(test)]").next().unwrap();
        for line in untested.lines() {
            let code = line.split("// ").next().unwrap();
            if line.trim_start().starts_with("//")
                || not_for_people.iter().any(|one| code.contains(one))
            {
                continue;
            }
            for found in literal.captures_iter(code) {
                assert!(!words.is_match(&found[1]), "{}: {line}", file.display());
            }
        }
    }
}

#[test]
fn every_module_is_in_the_architecture() {
    let page = read(repository("docs/architecture.md"));
    let crates = CRATES.map(|(name, _)| name);
    for folder in MAY_IMPORT.iter().map(|(name, _)| *name).chain(crates) {
        assert!(page.contains(&format!("`{folder}/`")), "docs/architecture.md lacks `{folder}/`");
    }
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let mut folders = vec![repository("src"), repository("tests"), repository("benches")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs")
                && path.file_name().unwrap() != "tests.rs"
            {
                assert!(read(&path).starts_with("//! "), "{}", path.display());
            }
        }
    }
}

#[test]
fn links_between_pages_lead_somewhere() {
    let mut pages: Vec<_> = fs::read_dir(repository("docs"))
        .unwrap()
        .chain(fs::read_dir(repository("docs/adr")).unwrap())
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    pages.push(repository("README.md"));
    pages.push(repository("CHANGELOG.md"));
    assert!(pages.len() > 8);
    for page in pages {
        let text = read(&page);
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let file = link.split('#').next().unwrap();
            if file.is_empty() || link.contains("://") {
                continue;
            }
            assert!(page.parent().unwrap().join(file).exists(), "{}: {link}", page.display());
        }
    }
}
