//! Tests of the project itself: everything is documented, and the core stays pure.

use std::fs;
use std::path::Path;

use crate::support::repository;
use micheck::doctor::CheckKey;
use micheck::exit_code::ExitCode;
use micheck::step::Step;
use micheck::text::Text;
use micheck::verdict::{Note, Reason};

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
        let mark = Text::default().state_mark(state);
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
    let numbers: Vec<u8> = ExitCode::ALL.iter().map(|code| code.number()).collect();
    assert_eq!(rows, numbers);
}

#[test]
fn every_setting_is_documented() {
    let page = read(repository("docs/configuration.md"));
    for key in micheck::config::KEYS {
        assert!(page.contains(&format!("`{key}`")), "docs/configuration.md lacks `{key}`");
    }
}

/// The modules that `lib.rs` lists under a comment, up to the next blank line.
fn modules_under(comment: &str) -> Vec<String> {
    let lib = read(repository("src/lib.rs"));
    let (_, rest) = lib.split_once(&format!("\n// {comment}.\n")).expect("lib.rs has both groups");
    rest.lines()
        .take_while(|line| !line.is_empty())
        .filter(|line| line.contains("mod "))
        .map(|line| line.rsplit("mod ").next().unwrap().trim_end_matches(';').to_owned())
        .collect()
}

/// Every `.rs` file of a module, its folder included.
fn files_of(module: &str) -> Vec<std::path::PathBuf> {
    let mut files = vec![repository(&format!("src/{module}.rs"))];
    let mut folders = vec![repository(&format!("src/{module}"))];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
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

#[test]
fn unsafe_code_stands_in_one_file() {
    let lib = read(repository("src/lib.rs"));
    let modules = modules_under("Shell").into_iter().chain(modules_under("Core"));
    let allows = |path: &std::path::PathBuf| read(path).contains("(unsafe_code");
    let files: Vec<_> = modules.flat_map(|module| files_of(&module)).filter(allows).collect();
    assert_eq!(files, [repository("src/windows.rs")]);
    assert!(lib.contains("#[cfg(windows)]\nmod windows;"));
}

#[test]
fn the_core_imports_nothing_of_the_shell_and_does_no_io() {
    let (shell, core) = (modules_under("Shell"), modules_under("Core"));
    assert!(shell.len() >= 9 && core.len() >= 12, "{shell:?} {core:?}");
    let listed = shell.len() + core.len();
    let in_lib = read(repository("src/lib.rs"))
        .lines()
        .filter(|line| line.contains("mod ") && line.ends_with(';'))
        .count();
    assert_eq!(listed, in_lib, "every module is in one of the groups");
    let outside = [
        "std::fs",
        "std::net",
        "std::env",
        "std::process",
        "std::io",
        "std::time",
        "tokio",
        "colored",
        "println!",
        "eprintln!",
    ];
    for module in core {
        for file in files_of(&module) {
            if is_test(&file) {
                continue;
            }
            let text = read(&file);
            let untested = text.split("#[cfg(test)]").next().unwrap();
            for line in untested.lines().filter(|line| !line.trim_start().starts_with("//")) {
                for other in &shell {
                    let imported = line.contains(&format!("crate::{other}::"))
                        || line.contains(&format!("crate::{other};"));
                    assert!(!imported, "{}: {line}", file.display());
                }
                for word in outside {
                    assert!(!line.contains(word), "{}: {line}", file.display());
                }
            }
        }
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
    for module in ["render", "board", "progress", "report", "serial"] {
        files.extend(files_of(module));
    }
    files.push(repository("src/watch.rs"));
    files.push(repository("src/watch/sheets.rs"));
    files.retain(|file| file.exists() && !is_test(file));
    assert!(files.len() > 25, "{files:?}");
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
    for module in modules_under("Shell").into_iter().chain(modules_under("Core")) {
        assert!(page.contains(&format!("`{module}`")), "docs/architecture.md lacks `{module}`");
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
