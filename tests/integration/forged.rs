//! What an app prints, and where a file breaks off: nothing makes a phone at risk fine.

use crate::support::generator::bugreport::Report;
use crate::support::generator::faults::Faults;
use crate::support::generator::full_dump::FullDump;
use crate::support::generator::{AFFECTED, App, Phone, Release, dumpsys, forgery};

/// Releases that print differently where it matters for forgeries.
fn releases() -> impl Iterator<Item = Release> {
    Release::ALL.into_iter().filter(|release| [6, 7, 8, 9, 10, 14].contains(&release.major))
}

/// Places at which to cut: `count` of them, evenly.
fn cuts(text: &str, count: usize) -> impl Iterator<Item = &str> {
    (1..=count).map(move |part| &text[..forgery::floor(text, text.len() * part / count)])
}

/// What is left when the beginning is lost, in as many ways.
fn ends(text: &str, count: usize) -> impl Iterator<Item = &str> {
    (1..count).map(move |part| &text[forgery::floor(text, text.len() * part / count)..])
}

#[test]
fn no_app_forges_health_in_the_list_of_packages() {
    let mut faults = Faults::default();
    for release in releases() {
        let phone = forgery::victim(release);
        let whole = forgery::last_words(release).into_iter().map(|words| (words, 1));
        let torn = forgery::words(release).into_iter().map(|words| (words, 6));
        for (number, (words, parts)) in torn.chain(whole).enumerate() {
            for (closed, before) in [(false, false), (false, true), (true, false), (true, true)] {
                let what = format!("words {number} closed {closed} before {before} {release:?}");
                let report = forgery::in_packages(&phone, &words, closed, before);
                faults.no_fine(&format!("zip, {what}"), &phone, &report.zip());
                for text in cuts(&report.text(), parts) {
                    let what = format!("report of {}, {what}", text.len());
                    faults.no_fine(&what, &phone, text.as_bytes());
                }
                let dump = forgery::full_dump(&phone, &words, closed, before).text();
                for text in cuts(&dump, parts) {
                    faults.no_fine(&format!("all, {what}"), &phone, text.as_bytes());
                }
                for behind in ends(&dump, parts) {
                    faults.no_fine(&format!("end of all, {what}"), &phone, behind.as_bytes());
                }
                // Right behind what was forged.
                let forged = dump.find(&words).unwrap() + words.len();
                faults.no_fine(&format!("forged end, {what}"), &phone, &dump.as_bytes()[..forged]);
            }
        }
    }
    faults.must_be_none();
}

#[test]
fn no_app_forges_health_in_another_service() {
    let mut faults = Faults::default();
    for release in releases() {
        let phone = forgery::victim(release);
        for name in ["activity", "alarm", "batterystats", "dropbox", "wifi"] {
            let whole = forgery::last_services(release, name).into_iter().map(|words| (words, 1));
            let torn = forgery::services(release, name).into_iter().map(|words| (words, 8));
            for (number, (words, parts)) in torn.chain(whole).enumerate() {
                let what = format!("service {number} in {name} {release:?}");
                let report = forgery::in_service(&phone, name, &words);
                for text in cuts(&report.text(), parts) {
                    let what = format!("{what}, {} bytes", text.len());
                    faults.no_fine(&what, &phone, text.as_bytes());
                }
                let late = forgery::out_of_time(&report);
                faults.no_fine(&format!("out of time, {what}"), &phone, late.text().as_bytes());
                faults.no_fine(&format!("zip, {what}"), &phone, &late.zip());
                let killed = forgery::killed(&report, 700);
                faults.no_fine(&format!("killed, {what}"), &phone, killed.as_bytes());
                let all = dumpsys::text(release, &report.services, &[]);
                for text in cuts(&all, parts) {
                    faults.no_fine(&format!("dumpsys, {what}"), &phone, text.as_bytes());
                }
            }
        }
    }
    faults.must_be_none();
}

#[test]
fn no_app_forges_health_in_another_section() {
    let mut faults = Faults::default();
    for release in releases() {
        let phone = forgery::victim(release);
        let report = Report::new(&phone);
        let late = forgery::out_of_time(&report);
        let whole = forgery::last_sections(release).into_iter().map(|words| (words, 1));
        let torn = forgery::sections(release).into_iter().map(|words| (words, 24));
        for (number, (words, parts)) in torn.chain(whole).enumerate() {
            let what = format!("section {number} {release:?}");
            for text in cuts(&forgery::in_traces(&report, &words), parts) {
                faults.no_fine(&format!("{what}, {}", text.len()), &phone, text.as_bytes());
            }
            let late = forgery::in_traces(&late, &words);
            faults.no_fine(&format!("out of time, {what}"), &phone, late.as_bytes());
        }
    }
    faults.must_be_none();
}

#[test]
fn no_report_that_broke_off_makes_a_phone_fine() {
    let mut faults = Faults::default();
    for release in releases() {
        for app in [App::InForce(AFFECTED), App::ForAnotherUser(AFFECTED)] {
            let phone = Phone::new(66, release, app);
            let report = Report::new(&phone);
            for at in (0..FullDump::new(&phone).text().len()).step_by(173) {
                let killed = forgery::killed(&report, at);
                let what = format!("at {at} {app:?} {release:?}");
                faults.no_fine(&format!("killed {what}"), &phone, killed.as_bytes());
                for restarted in [false, true] {
                    let died = forgery::died(&report, at, restarted).text();
                    let what = format!("died, restarted {restarted}, {what}");
                    faults.no_fine(&what, &phone, died.as_bytes());
                }
            }
            for text in cuts(&report.text(), 150) {
                let what = format!("cut at {} {app:?} {release:?}", text.len());
                faults.no_fine(&what, &phone, text.as_bytes());
            }
        }
    }
    faults.must_be_none();
}
