//! The forms that texts of an advisory must have. Core: no I/O.

pub(super) const ID_FORM: &str = "use lower-case letters, digits and `-`, 40 at most";

pub(super) fn is_id(id: &str) -> bool {
    (1..=40).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

pub(super) const CVE_FORM: &str = "write it like `CVE-2024-45347`";

pub(super) fn is_cve(cve: &str) -> bool {
    let numbers = cve.strip_prefix("CVE-").and_then(|rest| rest.split_once('-'));
    numbers.is_some_and(|(year, number)| {
        year.len() == 4 && number.len() >= 4 && are_digits(year) && are_digits(number)
    })
}

pub(super) fn is_cwe(cwe: &str) -> bool {
    cwe.strip_prefix("CWE-").is_some_and(are_digits)
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

pub(super) fn is_vector(vector: &str) -> bool {
    let is_metric = |part: &str| {
        part.split_once(':').is_some_and(|(name, value)| {
            let word =
                |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase());
            word(name) && word(value)
        })
    };
    let rest = vector.strip_prefix("CVSS:").and_then(|rest| rest.split_once('/'));
    rest.is_some_and(|(version, metrics)| {
        matches!(version, "3.0" | "3.1" | "4.0") && metrics.split('/').all(is_metric)
    })
}

pub(super) fn is_score(score: &str) -> bool {
    let one_decimal = score.split_once('.').is_some_and(|(whole, tenth)| {
        whole.len() <= 2 && tenth.len() == 1 && are_digits(whole) && are_digits(tenth)
    });
    one_decimal && score.parse().is_ok_and(|score: f32| score <= 10.0)
}

pub(super) fn is_link(url: &str) -> bool {
    let clean = |c: char| c.is_ascii_graphic() || c.is_alphanumeric();
    let host = url.strip_prefix("https://").and_then(|rest| rest.split(['/', '?', '#']).next());
    host.is_some_and(|host| host.contains('.')) && url.chars().all(clean)
}

pub(super) fn is_date(date: &str) -> bool {
    date.len() == 10 && date.parse::<jiff::civil::Date>().is_ok()
}
