//! What the pages show: their commands and scripts, taken out of the Markdown.

use std::fs;
use std::process::{Command, Stdio};

use regex::Regex;

use crate::support::repository;

/// Pages about a checkout, whose commands build, fuzz and measure: other tests and `.ci/run` do.
pub(crate) const FOR_DEVELOPERS: [&str; 8] = [
    "architecture",
    "developing",
    "fuzzing",
    "mutation-testing",
    "performance",
    "release",
    "simulator",
    "testbed",
];

/// Something to run, or a file that is shown.
#[derive(Debug)]
pub(crate) struct Example {
    /// Page and line.
    pub(crate) place: String,
    pub(crate) what: What,
}

#[derive(Debug)]
pub(crate) enum What {
    /// Commands that follow each other in one folder.
    Commands(Vec<String>),
    /// A shell script.
    Script(String),
}

/// The README and the pages for people, by their paths.
pub(crate) fn pages() -> Vec<String> {
    let mut pages = vec!["README.md".to_owned()];
    for entry in fs::read_dir(repository("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        if path.extension().is_some_and(|ending| ending == "md") && !FOR_DEVELOPERS.contains(&name)
        {
            pages.push(format!("docs/{name}.md"));
        }
    }
    pages.sort();
    pages
}

/// Everything that a page shows, in its order.
pub(crate) fn examples(page: &str) -> Vec<Example> {
    let text = fs::read_to_string(repository(page)).unwrap();
    let inline = Regex::new(r"`((?:\.\\)?micheck(?: [^`]*)?)`").unwrap();
    let mut examples = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((index, line)) = lines.next() {
        let place = format!("{page}:{}", index + 1);
        if let Some(language) = line.trim_start().strip_prefix("```") {
            let block: Vec<&str> = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| !line.trim_start().starts_with("```"))
                .collect();
            let what = match language {
                "sh" if block[0].starts_with("#!") => What::Script(block.join("\n")),
                "sh" => What::Commands(commands(&block, parses)),
                "powershell" => What::Commands(commands(&block, |text| {
                    text.matches('{').count() == text.matches('}').count()
                })),
                "json" | "text" | "toml" => continue,
                _ => panic!("{place}: a block of `{language}`: is it run or isn't it?"),
            };
            examples.push(Example { place, what });
            continue;
        }
        for found in inline.captures_iter(line) {
            let command = found[1].replace("\\|", "|");
            // In a sentence the word alone is the program's name.
            if command != "micheck" || line.starts_with('|') {
                examples
                    .push(Example { place: place.clone(), what: What::Commands(vec![command]) });
            }
        }
    }
    examples
}

/// The commands of a block, each with as many lines as it takes to be whole, without comments.
fn commands(block: &[&str], is_whole: impl Fn(&str) -> bool) -> Vec<String> {
    let comment = Regex::new(r"(^|\s+)#\s.*$").unwrap();
    let mut commands = Vec::new();
    let mut command = String::new();
    for line in block {
        let line = comment.replace(line, "");
        if line.trim().is_empty() {
            continue;
        }
        if !command.is_empty() {
            command.push('\n');
        }
        command.push_str(&line);
        if is_whole(&command) {
            commands.push(std::mem::take(&mut command));
        }
    }
    assert_eq!(command, "", "a command without its end");
    commands
}

/// Whether a shell takes it.
pub(crate) fn parses(command: &str) -> bool {
    let mut shell = Command::new("sh");
    shell.args(["-n", "-c", command]).stderr(Stdio::null()).status().unwrap().success()
}
