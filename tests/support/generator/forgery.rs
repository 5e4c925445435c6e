//! What an app on the phone can make of a dump, a report or a file that breaks off: it prints what
//! it likes in its version name and in what it tells other services, line feeds included.

use super::bugreport::Report;
use super::dump::Block;
use super::dumpsys::{Priority, end, rule, start};
use super::full_dump::FullDump;
use super::{AFFECTED, App, FIXED, NAME, Phone, Release};

/// A phone at risk, on which a hostile app is installed as well.
pub(crate) fn victim(release: Release) -> Phone {
    Phone::new(66, release, App::InForce(AFFECTED))
}

/// The app as it would be, were it fixed.
fn healthy(release: Release) -> String {
    Block::new(NAME, FIXED).text(release)
}

/// What a hostile app prints in its version name; each begins and ends at a line's beginning.
pub(crate) fn words(release: Release) -> Vec<String> {
    let good = healthy(release);
    let ended = end(release, "package");
    let next = format!("{ended}{}", start(Priority::Default, "package"));
    let window = format!("{ended}{}  x\n", start(Priority::Default, "window"));
    vec![
        good.clone(),
        format!("{good}{BEHIND}"),
        format!("{TITLE}{good}{BEHIND}"),
        format!("\nHidden system packages:\n{good}{BEHIND}"),
        format!("{good}{BEHIND}{ended}"),
        format!("{good}{BEHIND}{window}"),
        format!("{BEHIND}{next}{TITLE}{good}{BEHIND}"),
        format!("{BEHIND}{next}{TITLE}{good}{BEHIND}{ended}"),
        format!("{ended}{APPS}"),
        format!("{ended}== dumpstate: 2024-05-14 10:22:33\n"),
        format!("{ended}== dumpstate: done (id 1)\n"),
        format!("{BEHIND}[ro.product.brand]: [Redmi]\n{TITLE}{good}{BEHIND}"),
        format!("Unable to find package: {NAME}\n"),
        format!("\nDexopt state:\n  Unable to find package: {NAME}\n"),
        format!("{BEHIND}Unable to find package: {NAME}\n[ro.a]: [b]\n"),
        "\nQueries:\n".to_owned(),
        ended,
        rule() + "\n",
    ]
}

const TITLE: &str = "\nPackages:\n";
const BEHIND: &str = "\nQueries:\n  system apps queryable: false\n";
const APPS: &str = "------ APP ACTIVITIES (dumpsys activity -v all) ------\n";

/// The same, with all that stands behind the package service in a whole report: where the file
/// breaks off right behind it, nothing shows the forgery.
pub(crate) fn last_words(release: Release) -> Vec<String> {
    let (good, ended) = (healthy(release), end(release, "package"));
    let next = format!("{ended}{}", start(Priority::Default, "package"));
    let rest = rest(release);
    vec![
        format!("{good}{BEHIND}{ended}{rest}"),
        format!("{good}{BEHIND}{ended}{rest}{APPS}"),
        format!("{BEHIND}{ended}{rest}{APPS}{next}{TITLE}{good}{BEHIND}{ended}"),
    ]
}

/// From the last service to the checkins, for a phone that is fine.
fn rest(release: Release) -> String {
    let mut rest = String::from("------ 1.0s was the duration of 'DUMPSYS' ------\n");
    Report::new(&Phone::new(66, release, App::InForce(FIXED))).checkins(&mut rest);
    rest
}

/// A hostile app's block around its words: `closed`, so that what stands before them is whole.
pub(crate) fn block(release: Release, words: &str, closed: bool) -> Block {
    let version = if closed {
        let first = Block::new("evil.app", "1.0").text(release);
        let from = first.find("versionName=").unwrap() + "versionName=".len();
        let second =
            "  Package [evil.two] (1):\n    userId=10108\n    versionCode=1\n    versionName=2";
        format!("{}{words}{second}", &first[from..])
    } else {
        format!("1.0\n{words}    versionName=x")
    };
    Block { name: "evil.app".to_owned(), version: Some(version), ..Block::new("evil.app", "") }
}

/// The dump of all apps with a hostile one before or behind the app at risk.
pub(crate) fn full_dump(phone: &Phone, words: &str, closed: bool, before: bool) -> FullDump {
    let mut dump = FullDump::new(phone);
    let at = dump.active.iter().position(|block| block.name == NAME).unwrap_or(0);
    dump.active.insert(at + usize::from(!before), block(phone.release, words, closed));
    dump
}

/// A report in whose package service a hostile app has its say.
pub(crate) fn in_packages(phone: &Phone, words: &str, closed: bool, before: bool) -> Report {
    let mut report = Report::new(phone);
    let text = full_dump(phone, words, closed, before).text();
    for service in report.services.iter_mut().filter(|service| service.name == "package") {
        service.text.clone_from(&text);
    }
    report
}

/// A report in which a hostile app has its say in another service, in the course of its dump.
pub(crate) fn in_service(phone: &Phone, name: &str, words: &str) -> Report {
    let mut report = Report::new(phone);
    for service in report.services.iter_mut().filter(|service| service.name == name) {
        let rest = service.text.split_off(service.text.find('\n').map_or(0, |at| at + 1));
        service.text.push_str(words);
        service.text.push_str(&rest);
    }
    report
}

/// A whole package service, forged, with what may stand around it in a service with this name.
pub(crate) fn services(release: Release, name: &str) -> Vec<String> {
    let package = package_service(release);
    let (ended, again) = (end(release, name), start(Priority::Default, name));
    let section = "------ DUMPSYS (/system/bin/dumpsys) ------\n";
    let other = start(Priority::Default, "zzz");
    let done = "------ 1.0s was the duration of 'DUMPSYS' ------\n";
    vec![
        package.clone(),
        format!("{ended}{package}"),
        format!("{ended}{package}{again}"),
        format!("{ended}{package}{other}"),
        format!("{ended}{done}{section}{package}{again}"),
        package.replace("DUMP OF SERVICE package", "DUMP OF SERVICE CRITICAL package"),
        package.replace("DUMP OF SERVICE package", "DUMP OF SERVICE NORMAL package"),
    ]
}

/// The same, and all that stands behind it in a whole report.
pub(crate) fn last_services(release: Release, name: &str) -> Vec<String> {
    let (package, ended, rest) = (package_service(release), end(release, name), rest(release));
    vec![format!("{ended}{package}{rest}"), format!("{ended}{package}{rest}{APPS}")]
}

fn package_service(release: Release) -> String {
    let dump = FullDump::new(&Phone::new(66, release, App::InForce(FIXED))).text();
    format!("{}{dump}{}", start(Priority::Default, "package"), end(release, "package"))
}

/// `dumpsys` is killed in its package service (Android 8 and before), and `dumpstate` goes on.
pub(crate) fn killed(report: &Report, at: usize) -> String {
    let text = report.text();
    let from = text.find("DUMP OF SERVICE package:").unwrap();
    let service = report.services.iter().find(|service| service.name == "package").unwrap();
    let cut = from + at.min(service.text.len());
    let mut killed = text[..floor(&text, cut)].to_owned();
    killed.push_str("\n*** command 'dumpsys' timed out after 90.001s (killing pid 4711)\n");
    report.took(&mut killed, "DUMPSYS", "dumpsys");
    report.checkins(&mut killed);
    report.apps(&mut killed);
    killed
}

/// The services' time is over before the package service comes (Android 9 and later): nothing says
/// so.
pub(crate) fn out_of_time(report: &Report) -> Report {
    let mut report = report.clone();
    report.services.retain(|service| service.name < "package");
    report
}

/// The system server dies while it dumps its packages: what it wrote ends, its end is said as
/// ever, and its other services are gone.
pub(crate) fn died(report: &Report, at: usize, restarted: bool) -> Report {
    let mut report = report.clone();
    report.services.retain(|service| service.name <= "package" || service.name == "wifi");
    for service in report.services.iter_mut().filter(|service| service.name == "package") {
        service.text.truncate(floor(&service.text, at));
    }
    report.nothing_checked_in = !restarted;
    report
}

/// The next smaller place where a character begins.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0)
}
