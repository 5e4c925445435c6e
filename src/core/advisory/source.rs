//! An advisory as it stands in a TOML file, and its check into an [`Advisory`]: every error of the
//! file is found, not only the first. Core: no I/O. docs/advisories.md describes the format.

mod form;
mod range;

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::fields::{Problems, Table, Value, shown};
use super::{
    Advisory, AdvisoryError, AffectedPackage, Certainty, Level, Localized, Remark, Remedy,
    Severity, Source, lint,
};
use crate::package_name::PackageName;
use crate::step::Step;
use crate::suggest::nearest;
use form::{CVE_FORM, ID_FORM, is_cve, is_cwe, is_date, is_id, is_link, is_score, is_vector};
use range::Versions;

/// The keys above all tables, and the tables.
const TOP: &[&str] = &[
    "id",
    "app",
    "cves",
    "cwes",
    "default",
    "version_pattern",
    "note",
    "title",
    "summary",
    "severity",
    "packages",
    "affected",
    "fixed",
    "sources",
    "remedies",
];

/// A file that was read.
#[derive(Debug)]
pub(super) struct File {
    pub(super) advisory: Advisory,
    /// The line of its id, from 1.
    pub(super) id_line: usize,
    pub(super) remarks: Vec<Remark>,
}

/// Reads one file, an embedded one or a person's own.
///
/// # Errors
/// All that is wrong in it, in the order of the lines; never nothing.
pub(super) fn read(name: &str, text: &str, embedded: bool) -> Result<File, Vec<AdvisoryError>> {
    let (parsed, broken) = DeTable::parse_recoverable(text);
    let mut problems = Problems::new(name, text);
    for error in &broken {
        problems.syntax(error);
    }
    let top = Table::root(parsed.get_ref());
    let advisory = advisory(&top, &mut problems);
    if let Some(advisory) = &advisory {
        lint::advisory(advisory, &top, &mut problems);
        if !embedded {
            lint::own(&top, &mut problems);
        }
    }
    let id_line = problems.line(top.get("id").map_or(0, |id| id.offset()));
    match (advisory, problems.into_found()) {
        (Some(advisory), (errors, remarks)) if errors.is_empty() => {
            Ok(File { advisory, id_line, remarks })
        }
        (_, (errors, _)) => Err(errors),
    }
}

/// `None` only after an error was noted; everything is read first, so that every error is.
fn advisory(top: &Table<'_>, problems: &mut Problems<'_>) -> Option<Advisory> {
    top.only(TOP, &[], problems);
    let id = top.need("id", "give it a short name: id = \"my-app\"", problems);
    let id = id.and_then(|id| id.checked(is_id, "id", ID_FORM, problems));
    let app = top.need("app", "name the app as people know it", problems);
    let app = app.and_then(|app| app.text(problems));
    let cves = top.need("cves", "list its CVE ids; it may be empty: cves = []", problems);
    let cves = cves.and_then(|cves| texts(&cves, is_cve, "CVE id", CVE_FORM, problems));
    let weaknesses = match top.get("cwes") {
        Some(value) => texts(&value, is_cwe, "CWE id", "write it like `CWE-287`", problems),
        None => Some(Vec::new()),
    };
    let by_default = match top.get("default") {
        Some(flag) => flag.flag(problems),
        None => Some(false),
    };
    let version_pattern = match top.get("version_pattern") {
        Some(value) => range::pattern(&value, problems).map(Some),
        None => Some(None),
    };
    // Without the pattern that was meant, no version of the file can be judged.
    let versions = version_pattern.as_ref().map(|pattern| Versions { pattern: pattern.as_ref() });
    let note = note(top, problems);
    let title = localized(top, "title", problems);
    let summary = localized(top, "summary", problems);
    let severity = match top.get("severity") {
        Some(value) => severity(&value, problems).map(Some),
        None => Some(None),
    };
    let packages = packages(top, problems);
    let affected = range::affected(top, versions.as_ref(), problems);
    let fixed = match top.get("fixed") {
        Some(value) => range::fixed(&value, versions.as_ref(), problems).map(Some),
        None => Some(None),
    };
    let sources = sources(top, problems);
    let remedies = match top.get("remedies") {
        Some(value) => each(&value, remedy, problems),
        None => Some(Vec::new()),
    };
    Some(Advisory {
        id: id?.to_owned(),
        app: app?.to_owned(),
        cves: cves?,
        cwes: weaknesses?,
        title: title?,
        summary: summary?,
        note: note?,
        severity: severity?,
        packages: packages?,
        affected: affected?,
        fixed: fixed?,
        version_pattern: version_pattern?,
        sources: sources?,
        remedies: remedies?,
        by_default: by_default?,
        own_file: None,
    })
}

/// A list of texts of one form, each once.
fn texts(
    value: &Value<'_>,
    valid: fn(&str) -> bool,
    what: &str,
    remedy: &str,
    problems: &mut Problems<'_>,
) -> Option<Vec<String>> {
    let mut seen: Vec<String> = Vec::new();
    let values = value.list(problems)?;
    let mut all_valid = true;
    for value in &values {
        match value.checked(valid, what, remedy, problems) {
            Some(text) if seen.iter().any(|known| known == text) => {
                value.error("it stands here twice", "take one out", problems);
            }
            Some(text) => seen.push(text.to_owned()),
            None => all_valid = false,
        }
    }
    all_valid.then_some(seen)
}

/// Every table of a list, read by `one`.
fn each<T>(
    value: &Value<'_>,
    one: impl Fn(&Table<'_>, &mut Problems<'_>) -> Option<T>,
    problems: &mut Problems<'_>,
) -> Option<Vec<T>> {
    let mut read = Vec::new();
    for value in value.list(problems)? {
        // Every one is read, whatever the one before it was.
        read.push(value.table(problems).and_then(|table| one(&table, problems)));
    }
    read.into_iter().collect()
}

fn certainty(table: &Table<'_>, problems: &mut Problems<'_>) -> Option<Certainty> {
    let remedy = "say how sure it is: confirmed, one_secondary_source or inferred";
    table.need("certainty", remedy, problems)?.choice(&Certainty::KEYS, problems)
}

/// `Some(None)`: there is none, which is fine.
#[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
fn note(table: &Table<'_>, problems: &mut Problems<'_>) -> Option<Option<String>> {
    match table.get("note") {
        Some(note) => note.text(problems).map(|text| Some(text.to_owned())),
        None => Some(None),
    }
}

/// The English one of a table of texts by language.
fn localized(top: &Table<'_>, key: &str, problems: &mut Problems<'_>) -> Option<Localized> {
    let remedy = format!("write it in English, as `en` in [{key}]");
    let table = top.need(key, &remedy, problems)?.table(problems)?;
    let mut others = BTreeMap::new();
    for (language, value) in table.values() {
        let is_language = (2..=3).contains(&language.split('-').next().map_or(0, str::len))
            && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_language {
            value.error("no language is called that", "use its code: en, hi, zh-CN", problems);
        }
        if language != "en"
            && let Some(text) = value.text(problems)
        {
            others.insert(language.to_ascii_lowercase(), text.to_owned());
        }
    }
    let english = table.need("en", "write it in English", problems)?.text(problems)?.to_owned();
    Some(Localized { english, others })
}

fn severity(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<Severity> {
    let table = value.table(problems)?;
    table.only(&["vector", "score", "level"], TOP, problems);
    let remedy = "give vector, score and level, or leave [severity] out if no source has them";
    let vector = table.need("vector", remedy, problems);
    let form = "write it like `CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H`";
    let vector = vector.and_then(|value| value.checked(is_vector, "CVSS vector", form, problems));
    let score = table.need("score", remedy, problems);
    let form = "write it as a text from \"0.0\" to \"10.0\"";
    let score = score.and_then(|value| value.checked(is_score, "CVSS score", form, problems));
    let level = table.need("level", remedy, problems);
    let level = level.and_then(|value| value.choice(&Level::KEYS, problems));
    Some(Severity { vector: vector?.to_owned(), score: score?.to_owned(), level: level? })
}

fn packages(top: &Table<'_>, problems: &mut Problems<'_>) -> Option<Vec<AffectedPackage>> {
    let remedy = "name at least one, as [[packages]]";
    let value = top.need("packages", remedy, problems)?;
    let packages = each(&value, package, problems)?;
    for (index, package) in packages.iter().enumerate() {
        if packages[..index].iter().any(|earlier| earlier.name == package.name) {
            value.error(format!("{} stands here twice", package.name), "take one out", problems);
        }
    }
    if packages.is_empty() {
        value.error("no package is named", remedy, problems);
        return None;
    }
    Some(packages)
}

fn package(table: &Table<'_>, problems: &mut Problems<'_>) -> Option<AffectedPackage> {
    table.only(&["name", "certainty", "note"], TOP, problems);
    let name = table.need("name", "write it like `com.example.app`", problems);
    let name = name.and_then(|name| package_name(&name, problems));
    let (certainty, note) = (certainty(table, problems), note(table, problems));
    Some(AffectedPackage { name: name?, certainty: certainty?, note: note? })
}

fn package_name(value: &Value<'_>, problems: &mut Problems<'_>) -> Option<PackageName> {
    let text = value.text(problems)?;
    let name = PackageName::try_from(text).ok();
    if name.is_none() {
        let remedy = "write it like `com.example.app` (letters, digits and `_`, at least two \
                      parts, each beginning with a letter)";
        value.error(format!("`{}` is no Android package name", shown(text)), remedy, problems);
    }
    name
}

fn sources(top: &Table<'_>, problems: &mut Problems<'_>) -> Option<Vec<Source>> {
    let remedy = "say where the facts come from, as [[sources]]";
    let value = top.need("sources", remedy, problems)?;
    let sources = each(&value, source, problems)?;
    if sources.is_empty() {
        value.error("no source is given", remedy, problems);
        return None;
    }
    Some(sources)
}

fn source(table: &Table<'_>, problems: &mut Problems<'_>) -> Option<Source> {
    table.only(&["title", "url", "date"], TOP, problems);
    let title = table.need("title", "say what it is", problems);
    let title = title.and_then(|title| title.text(problems));
    let form = "write it like `https://example.com/notice`";
    let url = table.need("url", form, problems);
    let url = url.and_then(|url| url.checked(is_link, "https link", form, problems));
    let date = match table.get("date") {
        Some(date) => {
            date.checked(is_date, "date", "write it like `2025-06-23`", problems).map(Some)
        }
        None => Some(None),
    };
    let (title, url, date) = (title?.to_owned(), url?.to_owned(), date?.map(str::to_owned));
    Some(Source { title, url, date })
}

fn remedy(table: &Table<'_>, problems: &mut Problems<'_>) -> Option<Remedy> {
    table.only(&["step", "packages"], TOP, problems);
    let step = table.need("step", "name a step, like `update_in_store`", problems);
    let step = step.and_then(|value| {
        let text = value.text(problems)?;
        let step = Step::ALL.iter().copied().find(|step| step.key() == text);
        if step.is_none() {
            let remedy = match nearest(text, Step::ALL.iter().map(|step| step.key())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "docs/advisories.md lists them".to_owned(),
            };
            value.error(format!("`{}` is no known step", shown(text)), remedy, problems);
        }
        step
    });
    let packages = match table.get("packages") {
        Some(value) => {
            let names = value.list(problems)?;
            let names: Vec<_> = names.iter().map(|name| package_name(name, problems)).collect();
            names.into_iter().collect()
        }
        None => Some(Vec::new()),
    };
    Some(Remedy { step: step?, packages: packages? })
}

#[cfg(test)]
mod tests;
