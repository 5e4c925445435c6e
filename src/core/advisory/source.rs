//! An advisory as it stands in a TOML file, and its check into an [`Advisory`]: every error of the
//! file is found, not only the first. Core: no I/O. docs/advisories.md describes the format.

mod form;
mod range;

use std::collections::BTreeMap;

use toml::de::DeTable;

use super::fields::{Problems, Table, Value, shown};
use super::{
    Advisory, AdvisoryError, AffectedPackage, Certainty, Level, Localized, Reference, Remark,
    Remedy, Severity, lint,
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
    let problems = Problems::new(name, text, &broken);
    let top = Table::root(parsed.get_ref(), &problems);
    let advisory = advisory(&top);
    if let Some(advisory) = &advisory {
        lint::advisory(advisory, &top);
        if !embedded {
            lint::own(&top);
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
fn advisory(top: &Table<'_>) -> Option<Advisory> {
    top.only(TOP, &[]);
    let remedy = "give it a short name: id = \"my-app\"";
    let id = top.need("id", remedy, |id| id.checked(is_id, "id", ID_FORM));
    let app = top.need("app", "name the app as people know it", Value::text);
    let remedy = "list its CVE ids; it may be empty: cves = []";
    let cves = top.need("cves", remedy, |cves| texts(cves, is_cve, "CVE id", CVE_FORM));
    let form = "write it like `CWE-287`";
    let weaknesses = top.optional("cwes", |cwes| texts(cwes, is_cwe, "CWE id", form));
    let by_default = top.optional("default", Value::flag);
    let version_pattern = top.optional("version_pattern", |one| range::pattern(one).map(Some));
    // Without the pattern that was meant, no version of the file can be judged.
    let versions = version_pattern.as_ref().map(|pattern| Versions { pattern: pattern.as_ref() });
    let note = note(top);
    let title = localized(top, "title");
    let summary = localized(top, "summary");
    let severity = top.optional("severity", |value| severity(value).map(Some));
    let remedy = "name at least one, as [[packages]]";
    let packages = top.need("packages", remedy, |value| packages(value, remedy));
    let affected = range::affected(top, versions.as_ref());
    let fixed = top.optional("fixed", |value| range::fixed(value, versions.as_ref()).map(Some));
    let remedy = "say where the facts come from, as [[sources]]";
    let sources = top.need("sources", remedy, |value| {
        some(value.each(reference)?, value, "no source is given", remedy)
    });
    let remedies = top.optional("remedies", |value| value.each(self::remedy));
    Some(Advisory {
        id: id?,
        app: app?,
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
) -> Option<Vec<String>> {
    let mut seen: Vec<String> = Vec::new();
    value.each(|value| {
        let text = value.checked(valid, what, remedy)?;
        if seen.contains(&text) {
            value.error("it is here twice", "take one out");
        } else {
            seen.push(text);
        }
        Some(())
    })?;
    Some(seen)
}

/// What was read of a list, which may not be empty.
fn some<T>(read: Vec<T>, list: &Value<'_>, none: &str, remedy: &str) -> Option<Vec<T>> {
    if read.is_empty() {
        list.error(none, remedy);
        return None;
    }
    Some(read)
}

fn certainty(table: &Table<'_>) -> Option<Certainty> {
    let all = [Certainty::Confirmed, Certainty::OneSecondarySource, Certainty::Inferred];
    let remedy = "say how certain it is: confirmed, one_secondary_source or inferred";
    table.need("certainty", remedy, |value| value.choice(&all, Certainty::key))
}

#[expect(clippy::option_option, reason = "the outer one says whether it could be read")]
fn note(table: &Table<'_>) -> Option<Option<String>> {
    table.optional("note", |note| note.text().map(Some))
}

/// The English one of a table of texts by language.
fn localized(top: &Table<'_>, key: &str) -> Option<Localized> {
    let remedy = format!("write it in English, as `en` in [{key}]");
    let table = top.need(key, &remedy, Value::table)?;
    let mut others = BTreeMap::new();
    for (language, value) in table.values() {
        let is_language = (2..=3).contains(&language.split('-').next().map_or(0, str::len))
            && language.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_language {
            value.error("that isn't a language's code", "use its code: en, hi, zh-CN");
        }
        if language != "en"
            && let Some(text) = value.text()
        {
            others.insert(language.to_ascii_lowercase(), text);
        }
    }
    let english = table.need("en", "write it in English", Value::text)?;
    Some(Localized { english, others })
}

fn severity(value: &Value<'_>) -> Option<Severity> {
    let table = value.table()?;
    table.only(&["vector", "score", "level"], TOP);
    let remedy = "give vector, score and level, or leave [severity] out if no source has them";
    let form = "write it like `CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H`";
    let vector = table.need("vector", remedy, |one| one.checked(is_vector, "CVSS vector", form));
    let form = "write it as a text from \"0.0\" to \"10.0\"";
    let score = table.need("score", remedy, |one| one.checked(is_score, "CVSS score", form));
    let level = table.need("level", remedy, |one| one.choice(Level::ALL, Level::key));
    Some(Severity { vector: vector?, score: score?, level: level? })
}

fn packages(value: &Value<'_>, remedy: &str) -> Option<Vec<AffectedPackage>> {
    let packages = value.each(package)?;
    for (index, package) in packages.iter().enumerate() {
        if packages[..index].iter().any(|earlier| earlier.name == package.name) {
            value.error(format!("{} is here twice", package.name), "take one out");
        }
    }
    some(packages, value, "no package is named", remedy)
}

fn package(value: &Value<'_>) -> Option<AffectedPackage> {
    let table = value.table()?;
    table.only(&["name", "certainty", "note"], TOP);
    let name = table.need("name", "write it like `com.example.app`", package_name);
    let (certainty, note) = (certainty(&table), note(&table));
    Some(AffectedPackage { name: name?, certainty: certainty?, note: note? })
}

fn package_name(value: &Value<'_>) -> Option<PackageName> {
    let text = value.text()?;
    let name = PackageName::try_from(text.as_str()).ok();
    if name.is_none() {
        let remedy = "write it like `com.example.app` (letters, digits and `_`, at least two \
                      parts, each beginning with a letter)";
        value.error(format!("`{}` isn't an Android package name", shown(&text)), remedy);
    }
    name
}

fn reference(value: &Value<'_>) -> Option<Reference> {
    let table = value.table()?;
    table.only(&["title", "url", "date"], TOP);
    let title = table.need("title", "say what it is", Value::text);
    let form = "write it like `https://example.com/notice`";
    let url = table.need("url", form, |url| url.checked(is_link, "https link", form));
    let form = "write it like `2025-06-23`";
    let date = table.optional("date", |date| date.checked(is_date, "date", form).map(Some));
    Some(Reference { title: title?, url: url?, date: date? })
}

fn remedy(value: &Value<'_>) -> Option<Remedy> {
    let table = value.table()?;
    table.only(&["step", "packages"], TOP);
    let step = table.need("step", "name a step, like `update_in_store`", |value| {
        let text = value.text()?;
        let step = Step::ALL.iter().copied().find(|step| step.key() == text);
        if step.is_none() {
            let remedy = match nearest(&text, Step::ALL.iter().map(|step| step.key())) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "docs/advisories.md lists them".to_owned(),
            };
            value.error(format!("`{}` isn't a known step", shown(&text)), remedy);
        }
        step
    });
    let packages = table.optional("packages", |value| value.each(package_name));
    Some(Remedy { step: step?, packages: packages? })
}

#[cfg(test)]
mod tests;
