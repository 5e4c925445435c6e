//! An advisory as it stands in a TOML file, and its check into an [`Advisory`].

use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;
use toml::Spanned;

use super::{
    Advisory, AdvisoryError, AffectedPackage, Certainty, Level, Remedy, Source, match_version,
};
use crate::package::PackageName;
use crate::position::line_of;
use crate::step::Step;
use crate::version::{Version, VersionName};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    id: Spanned<String>,
    app: String,
    cves: Vec<Spanned<String>>,
    title: Sentences,
    summary: Sentences,
    severity: Severity,
    packages: Spanned<Vec<Package>>,
    affected: Spanned<Affected>,
    fixed: Option<Fixed>,
    version_pattern: Option<Spanned<String>>,
    sources: Spanned<Vec<SourceEntry>>,
    #[serde(default)]
    remedies: Vec<RemedyEntry>,
}

/// By language; English is required.
#[derive(Deserialize)]
struct Sentences {
    en: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Severity {
    vector: Spanned<String>,
    score: Spanned<String>,
    level: Level,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Package {
    name: Spanned<String>,
    certainty: Certainty,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names of the file's keys")]
struct Affected {
    introduced: Option<Spanned<String>>,
    last_affected: Option<Spanned<String>>,
    #[serde(default)]
    exact: Vec<Spanned<String>>,
    certainty: Certainty,
    #[expect(dead_code, reason = "for whoever reads the file")]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names of the file's keys")]
struct Fixed {
    first_fixed: Spanned<String>,
    certainty: Certainty,
    #[expect(dead_code, reason = "for whoever reads the file")]
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SourceEntry {
    title: String,
    url: Spanned<String>,
    date: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RemedyEntry {
    step: Spanned<String>,
    #[serde(default)]
    packages: Vec<Spanned<String>>,
}

/// Reads one file. The first thing that is wrong is the error.
pub(super) fn read(name: &str, text: &str) -> Result<Advisory, AdvisoryError> {
    let at = Place { name, text };
    let file: File = toml::from_str(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        at.error(offset, error.message().to_owned())
    })?;
    let pattern = file.version_pattern.as_ref().map(|text| at.pattern(text)).transpose()?;
    let read = |text: &Spanned<String>| at.version(text, pattern.as_ref());
    let affected = file.affected.get_ref();
    if affected.last_affected.is_none() && affected.exact.is_empty() {
        let reason = "no affected version: give `last_affected`, or a list `exact`";
        return Err(at.error(file.affected.span().start, reason.to_owned()));
    }
    if file.packages.get_ref().is_empty() {
        let reason = "no package: name at least one";
        return Err(at.error(file.packages.span().start, reason.to_owned()));
    }
    if file.sources.get_ref().is_empty() {
        let reason = "no source: say where the facts come from";
        return Err(at.error(file.sources.span().start, reason.to_owned()));
    }
    let introduced = affected.introduced.as_ref().map(read).transpose()?;
    let last_affected = affected.last_affected.as_ref().map(read).transpose()?;
    if let (Some(low), Some(high), Some(place)) =
        (&introduced, &last_affected, &affected.introduced)
        && low > high
    {
        let reason = format!("`introduced` {low} is above `last_affected` {high}: swap them");
        return Err(at.error(place.span().start, reason));
    }
    Ok(Advisory {
        id: at.id(&file.id)?,
        app: file.app,
        cves: file.cves.iter().map(|cve| at.cve(cve)).collect::<Result<_, _>>()?,
        title: file.title.en,
        summary: file.summary.en.trim().to_owned(),
        cvss_vector: at.vector(&file.severity.vector)?,
        cvss_score: at.score(&file.severity.score)?,
        level: file.severity.level,
        packages: file
            .packages
            .get_ref()
            .iter()
            .map(|entry| {
                Ok(AffectedPackage { name: at.package(&entry.name)?, certainty: entry.certainty })
            })
            .collect::<Result<_, _>>()?,
        introduced,
        last_affected,
        exact: affected.exact.iter().map(read).collect::<Result<_, _>>()?,
        affected_certainty: affected.certainty,
        first_fixed: file.fixed.as_ref().map(|fixed| read(&fixed.first_fixed)).transpose()?,
        fixed_certainty: file.fixed.as_ref().map(|fixed| fixed.certainty),
        version_pattern: pattern,
        sources: file
            .sources
            .get_ref()
            .iter()
            .map(|entry| at.source(entry))
            .collect::<Result<_, _>>()?,
        remedies: file.remedies.iter().map(|entry| at.remedy(entry)).collect::<Result<_, _>>()?,
    })
}

/// The file that is being read, for errors.
struct Place<'a> {
    name: &'a str,
    text: &'a str,
}

impl Place<'_> {
    fn error(&self, offset: usize, reason: String) -> AdvisoryError {
        AdvisoryError { file: self.name.to_owned(), line: line_of(self.text, offset), reason }
    }

    fn check(
        &self,
        text: &Spanned<String>,
        valid: impl Fn(&str) -> bool,
        reason: &str,
    ) -> Result<String, AdvisoryError> {
        if valid(text.get_ref()) {
            Ok(text.get_ref().clone())
        } else {
            Err(self.error(text.span().start, format!("`{}` {reason}", text.get_ref())))
        }
    }

    fn id(&self, id: &Spanned<String>) -> Result<String, AdvisoryError> {
        let valid = |id: &str| {
            (1..=40).contains(&id.len())
                && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        self.check(id, valid, "is no id: use lower-case letters, digits and `-`, 40 at most")
    }

    fn cve(&self, cve: &Spanned<String>) -> Result<String, AdvisoryError> {
        let valid = |cve: &str| {
            cve.strip_prefix("CVE-").and_then(|rest| rest.split_once('-')).is_some_and(
                |(year, number)| {
                    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                    year.len() == 4 && number.len() >= 4 && digits(year) && digits(number)
                },
            )
        };
        self.check(cve, valid, "is no CVE id: write it like `CVE-2024-45347`")
    }

    fn vector(&self, vector: &Spanned<String>) -> Result<String, AdvisoryError> {
        let valid = |vector: &str| vector.starts_with("CVSS:3.") || vector.starts_with("CVSS:4.");
        self.check(vector, valid, "is no CVSS vector: write it like `CVSS:3.1/AV:A/AC:L/…`")
    }

    fn score(&self, score: &Spanned<String>) -> Result<String, AdvisoryError> {
        let valid =
            |score: &str| score.parse().is_ok_and(|score: f32| (0.0..=10.0).contains(&score));
        self.check(score, valid, "is no CVSS score: give \"0.0\" to \"10.0\"")
    }

    fn package(&self, name: &Spanned<String>) -> Result<PackageName, AdvisoryError> {
        PackageName::try_from(name.get_ref().as_str())
            .map_err(|error| self.error(name.span().start, error.to_string()))
    }

    fn pattern(&self, pattern: &Spanned<String>) -> Result<Regex, AdvisoryError> {
        let invalid = |reason: String| self.error(pattern.span().start, reason);
        // The whole versionName must match: a version that merely contains one is unreadable.
        let regex = RegexBuilder::new(&format!(r"\A(?:{})\z", pattern.get_ref()))
            // Versions are bytes, and `\d` means ASCII digits.
            .unicode(false)
            .build()
            .map_err(|error| invalid(format!("the pattern is no regular expression: {error}")))?;
        if regex.captures_len() < 2 {
            let reason = "the pattern has no group: put each number of the version into `(\\d+)`";
            return Err(invalid(reason.to_owned()));
        }
        Ok(regex)
    }

    fn version(
        &self,
        text: &Spanned<String>,
        pattern: Option<&Regex>,
    ) -> Result<Version, AdvisoryError> {
        let written = text.get_ref();
        let version = match pattern {
            Some(pattern) => match_version(pattern, written.as_bytes()),
            None => VersionName::parse(written.as_bytes())
                .filter(|name| name.suffix.is_empty())
                .map(|name| name.version),
        };
        version.ok_or_else(|| {
            let form =
                if pattern.is_some() { "match `version_pattern`" } else { "be like `3.1.895.10`" };
            self.error(text.span().start, format!("`{written}` is no version: it must {form}"))
        })
    }

    fn source(&self, entry: &SourceEntry) -> Result<Source, AdvisoryError> {
        let https = |url: &str| url.starts_with("https://");
        let date = |date: &str| date.parse::<jiff::civil::Date>().is_ok();
        Ok(Source {
            title: entry.title.clone(),
            url: self.check(&entry.url, https, "is no link: begin it with `https://`")?,
            date: self.check(&entry.date, date, "is no date: write it like `2025-06-23`")?,
        })
    }

    fn remedy(&self, entry: &RemedyEntry) -> Result<Remedy, AdvisoryError> {
        let key = entry.step.get_ref();
        let step = Step::ALL.iter().copied().find(|step| step.key() == key).ok_or_else(|| {
            let nearest = crate::suggest::nearest(key, Step::ALL.iter().map(|step| step.key()));
            let hint =
                nearest.map(|known| format!(": did you mean `{known}`?")).unwrap_or_default();
            self.error(entry.step.span().start, format!("`{key}` is no known step{hint}"))
        })?;
        let packages =
            entry.packages.iter().map(|name| self.package(name)).collect::<Result<_, _>>()?;
        Ok(Remedy { step, packages })
    }
}
