//! What an app on the phone can make of a dump, a report or a file that breaks off: it prints what
//! it likes in its version name and in what it tells other services, line feeds included.

use super::bugreport::Report;
use super::dump::{Block, code_of};
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

/// What a hostile app prints; each begins and ends at a line's beginning.
pub(crate) fn words(release: Release) -> Vec<String> {
    let good = healthy(release);
    let ended = end(release, "package");
    let title = "\nPackages:\n";
    let behind = "\nQueries:\n  system apps queryable: false\n";
    let next = format!("{ended}{}", start(Priority::Default, "package"));
    let window = format!("{ended}{}  x\n", start(Priority::Default, "window"));
    let checkin = format!(
        "------ CHECKIN PACKAGE (dumpsys package --checkin) ------\nvers,1\n\
         pkg,{NAME},10107,{},1,1,0\n------ 0.1s was the duration of 'CHECKIN PACKAGE' ------\n",
        code_of(FIXED)
    );
    let apps = "------ APP ACTIVITIES (dumpsys activity -v all) ------\n";
    vec![
        good.clone(),
        format!("{good}{behind}"),
        format!("{title}{good}{behind}"),
        format!("\nHidden system packages:\n{good}{behind}"),
        format!("{good}{behind}{ended}"),
        format!("{good}{behind}{window}"),
        format!("{behind}{next}{title}{good}{behind}"),
        format!("{behind}{next}{title}{good}{behind}{ended}"),
        format!("{good}{behind}{ended}{checkin}"),
        format!("{good}{behind}{ended}{checkin}{apps}"),
        format!("{behind}{ended}{checkin}{apps}{next}{title}{good}{behind}{ended}"),
        format!("{ended}{apps}"),
        format!("{ended}== dumpstate: 2024-05-14 10:22:33\n"),
        format!("{ended}== dumpstate: done (id 1)\n"),
        format!("{behind}[ro.product.brand]: [Redmi]\n{title}{good}{behind}"),
        format!("Unable to find package: {NAME}\n"),
        format!("\nDexopt state:\n  Unable to find package: {NAME}\n"),
        format!("{behind}Unable to find package: {NAME}\n[ro.a]: [b]\n"),
        "\nQueries:\n".to_owned(),
        ended,
        rule() + "\n",
    ]
}

/// A hostile app's block around its words: `closed`, so that what stands before them is whole.
pub(crate) fn block(release: Release, words: &str, closed: bool) -> Block {
    let version = if closed {
        let first = Block::new("evil.app", "1.0").text(release);
        let from = first.find("versionName=").unwrap() + "versionName=".len();
        let second = "  Package [evil.two] (1):\n    userId=10108\n    versionCode=1\n    versionName=2";
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
    let dump = FullDump::new(&Phone::new(66, release, App::InForce(FIXED))).text();
    let package = format!("{}{dump}{}", start(Priority::Default, "package"), end(release, "package"));
    let ended = end(release, name);
    let again = start(Priority::Default, name);
    let mut checkins = String::new();
    Report::new(&Phone::new(66, release, App::InForce(FIXED))).checkins(&mut checkins);
    let section = "------ DUMPSYS (/system/bin/dumpsys) ------\n";
    let apps = "------ APP ACTIVITIES (dumpsys activity -v all) ------\n";
    let done = "------ 1.0s was the duration of 'DUMPSYS' ------\n";
    vec![
        package.clone(),
        format!("{ended}{package}"),
        format!("{ended}{package}{again}"),
        format!("{ended}{package}{done}{checkins}"),
        format!("{ended}{package}{done}{checkins}{apps}"),
        format!("{ended}{done}{section}{package}{again}"),
        package.replace("DUMP OF SERVICE package", "DUMP OF SERVICE CRITICAL package"),
        package.replace("DUMP OF SERVICE package", "DUMP OF SERVICE NORMAL package"),
    ]
}

/// The whole report is killed in its package service, and what comes behind it is whole.
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

/// The system server dies while it dumps its packages: what it wrote ends, and `dumpsys` goes on.
pub(crate) fn died(report: &Report, at: usize) -> Report {
    let mut report = report.clone();
    for service in &mut report.services {
        if service.name == "package" {
            service.text.truncate(floor(&service.text, at.min(service.text.len())));
        }
    }
    report.services.retain(|service| service.name <= "package" || service.name == "wifi");
    report
}

/// The next smaller place where a character begins.
pub(crate) fn floor(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|&place| text.is_char_boundary(place)).unwrap_or(0)
}
