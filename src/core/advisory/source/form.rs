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

#[cfg(test)]
mod tests {
    use super::*;

    fn expect(form: fn(&str) -> bool, right: &[&str], wrong: &[&str]) {
        for text in right {
            assert!(form(text), "{text}");
        }
        for text in wrong {
            assert!(!form(text), "{text}");
        }
    }

    #[test]
    fn ids_are_told_from_what_is_none() {
        let (longest, longer) = ("x".repeat(40), "x".repeat(41));
        expect(is_id, &["mi-connect", "a", "7", &longest], &["", "Mi", "a b", "a_b", &longer]);
        expect(
            is_cve,
            &["CVE-2024-45347", "CVE-1999-0001", "CVE-2024-1234567"],
            &[
                "",
                "CVE-2024",
                "CVE-24-45347",
                "CVE-20245-45347",
                "CVE-2024-123",
                "CVE-2o24-45347",
                "CVE-2024-4534x",
                "CVE-24-123",
                "cve-2024-45347",
                "2024-45347",
            ],
        );
        expect(is_cwe, &["CWE-287", "CWE-1"], &["", "CWE-", "CWE-x", "CWE-1x", "287"]);
    }

    #[test]
    fn severities_are_told_from_what_is_none() {
        expect(
            is_vector,
            &["CVSS:3.1/AV:A/AC:L/PR:N", "CVSS:4.0/AV:N", "CVSS:3.0/AV:A"],
            &[
                "",
                "CVSS:3.1",
                "CVSS:3.1/",
                "CVSS:2.0/AV:A",
                "CVSS:2.0/",
                "CVSS:3.1/AV",
                "CVSS:3.1/AV:",
                "CVSS:3.1/:A",
                "CVSS:3.1/AV:a",
                "CVSS:3.1/av:A",
                "CVSS:3.1/AV:A/",
                "AV:A/AC:L",
            ],
        );
        expect(
            is_score,
            &["0.0", "9.6", "10.0"],
            &["", "9", "9.", ".6", "9.60", "10.1", "99.9", "009.6", "9.x", "x.6", "-1.0", "+9.6"],
        );
    }

    #[test]
    fn links_and_dates_are_told_from_what_is_none() {
        expect(
            is_link,
            &["https://example.com", "https://example.com/a?b#c", "https://例え.jp/x"],
            &["", "http://example.com", "https://", "https://localhost/a.b", "https://a.b/c d"],
        );
        expect(
            is_date,
            &["2025-06-23", "2024-02-29"],
            &[
                "",
                "2025-02-29",
                "2025-6-23",
                "20250623",
                "2025-06-xx",
                "2025-06-23T10:00",
                "x123456789",
            ],
        );
    }
}
