//! What a saved text says, read as `inspect` reads it.

mod dumps;
mod excerpts;
mod forms;
mod frames;
mod listings;

use super::*;
use crate::advisory::AdvisorySet;
use crate::judge::judge_all;
use crate::verdict::{Note, Reason, Verdict};

const NAME: &str = "com.xiaomi.mi_connect_service";

fn set() -> AdvisorySet {
    let set = AdvisorySet::embedded();
    set.only("mi-connect").unwrap()
}

fn read_in_pieces(text: &[u8], piece: usize) -> Vec<SavedPhone> {
    let packages = set().packages();
    let mut scanner = DumpScanner::new(&packages);
    for piece in text.chunks(piece.max(1)) {
        scanner.feed(piece);
    }
    scanner.finish()
}

fn read(text: &str) -> Vec<SavedPhone> {
    read_in_pieces(text.as_bytes(), usize::MAX)
}

fn verdict_of(phone: &SavedPhone) -> Verdict {
    judge_all(&phone.evidence, &set())[0].verdict
}

/// Form and verdict of each phone.
fn verdicts(text: &str) -> Vec<(Form, Verdict)> {
    read(text).iter().map(|phone| (phone.form, verdict_of(phone))).collect()
}

fn the_verdict(text: &str) -> Verdict {
    match verdicts(text).as_slice() {
        [(_, verdict)] => *verdict,
        other => panic!("{other:?}"),
    }
}

fn is_fine(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable)
}

#[expect(clippy::disallowed_methods, reason = "tests read what is in fixtures")]
fn fixture(name: &str) -> String {
    let path = format!("{}/../../fixtures/dumpsys/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(path).unwrap()
}

/// The answer to `dumpsys package NAME`, with this version in force.
fn dump(version: &str) -> String {
    fixture("android14").replace("3.1.900.12", version)
}

const LISTING: &str = "[ro.build.version.sdk]: [34]\n[ro.product.brand]: [Redmi]\n\
     [ro.product.model]: [M1]\n[sys.boot_completed]: [1]\n";

/// A block as Android 14 prints it.
fn block(name: &str, version: &str) -> String {
    format!(
        "  Package [{name}] (5a1bb5):\n    appId=10107\n    pkg=Package{{c0ffee1 {name}}}\n    \
         codePath=/data/app/x\n    versionCode=1 minSdk=28 targetSdk=33\n    versionName={version}\n    \
         splits=[base]\n    flags=[ HAS_CODE ]\n    pkgFlags=[ HAS_CODE ]\n    \
         User 0: ceDataInode=1 installed=true hidden=false stopped=false enabled=0\n"
    )
}

/// `dumpsys package` of a phone with these apps.
fn full(blocks: &[String]) -> String {
    format!(
        "Activity Resolver Table:\n  Schemes:\n\nKey Set Manager:\n  [android]\n\nPackages:\n{}{}\n\
         Queries:\n  system apps queryable: false\n\nShared users:\n  SharedUser [android.uid.system] (1):\n\n\
         Dexopt state:\n  [android]\n",
        block("android", "14"),
        blocks.concat(),
    )
}

const PACKAGE_END: &str =
    "--------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13 10:22:40\n";

/// A service's dump in its frames.
fn service(name: &str, text: &str) -> String {
    let rule = "-".repeat(79);
    let bare = name.rsplit(' ').next().unwrap();
    format!(
        "{rule}\nDUMP OF SERVICE {name}:\n{text}\
         --------- 0.001s was the duration of dumpsys {bare}, ending at: 2024-05-13 10:22:40\n"
    )
}

fn section(title: &str, text: &str) -> String {
    let name = title.split(" (").next().unwrap();
    format!("------ {title} ------\n{text}------ 0.7s was the duration of '{name}' ------\n")
}

/// A bug report with these services around the packages' dumps.
fn report_around(before: &str, dumps: &[&str], behind: &str, checkin: &str) -> String {
    let banner = "=".repeat(56);
    let rule = "-".repeat(79);
    let mut services = service("notification", "  nothing\n") + before;
    for dump in dumps {
        services.push_str(&rule);
        services.push_str("\nDUMP OF SERVICE package:\nService host process PID: 1\n");
        services.push_str(dump);
        services.push_str(PACKAGE_END);
    }
    services += behind;
    services += &service("window", "  nothing\n");
    [
        &format!(
            "{banner}\n== dumpstate: 2024-05-13 10:22:33\n{banner}\n\nBuild: UKQ1\n\
             Build fingerprint: 'Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/\
             V816.0.5.0.UMAMIXM:user/release-keys'\n\n"
        ),
        &section("DUMPSYS CRITICAL (/system/bin/dumpsys)", &service("CRITICAL activity", "x\n")),
        &section("UPTIME (uptime)", " 10:22:33 up 1 min\n"),
        &section("DUMPSYS HIGH (/system/bin/dumpsys)", &service("HIGH meminfo", "x\n")),
        &section(
            "SYSTEM PROPERTIES (getprop)",
            "[ro.product.model]: [2211133G]\n[ro.build.version.sdk]: [34]\n\
             [sys.boot_completed]: [1]\n",
        ),
        &section("DUMPSYS (/system/bin/dumpsys)", &(services + &service("activity", "x\n"))),
        &section("CHECKIN BATTERYSTATS (/system/bin/dumpsys -T 30000 batterystats -c)", "9,0\n"),
        &section(
            "CHECKIN PACKAGE (/system/bin/dumpsys -T 10000 package --checkin)",
            &format!("vers,1\npkg,android,1000,34,1,?,0\n{checkin}"),
        ),
        &section("APP ACTIVITIES (/system/bin/dumpsys activity all)", "TASK 1\n"),
        &format!("{banner}\n== dumpstate: done (id 1)\n{banner}\n"),
        &section("STATSDSTATS (/system/bin/dumpsys stats --metadata)", "  Package x\n"),
    ]
    .map(String::as_str)
    .concat()
}

/// A bug report with these package dumps.
fn report(dumps: &[&str]) -> String {
    report_around("", dumps, "", "")
}

/// `dumpsys` of all services.
fn dumpsys(packages: &str) -> String {
    format!(
        "Currently running services:\n  activity\n  meminfo (skipped)\n  package\n  window\n{}{}{}",
        service("activity", "x\n"),
        service("package", packages),
        service("window", "x\n")
    )
}

/// What a text's rows say, at risk and fine ones by their own words, the others by their reason.
fn rows(text: &str) -> Vec<&'static str> {
    let key = |phone: &SavedPhone| {
        let verdict = verdict_of(phone);
        verdict.reason().map_or(verdict.key(), Reason::key)
    };
    read(text).iter().map(key).collect()
}

/// Listings (`L`, and `K` without the word that Android has started), dumps of the app in a good
/// (`P`) and a bad (`V`) version, word of its absence (`N`), of another app (`O`), a failure (`F`).
fn in_order(order: &str) -> String {
    let text = |c: char| match c {
        'L' => LISTING.to_owned(),
        'K' => LISTING.replace("[sys.boot_completed]: [1]\n", ""),
        'P' => dump("3.1.921.10"),
        'V' => dump("3.1.874.10"),
        'N' => format!("Unable to find package: {NAME}\n"),
        'O' => dump("1.0").replace(NAME, "com.example.other"),
        'F' => "Can't find service: package\n".to_owned(),
        's' => "/system/bin/sh: cmd: not found\n".to_owned(),
        'b' => "\n\n".to_owned(),
        'h' => "== dump of the phone\n$ adb shell dumpsys package x\nC:\\> adb\n".to_owned(),
        'x' => "[ro.cut]: [this value has no end\nand goes on\n".to_owned(),
        _ => unreachable!("{c}"),
    };
    order.chars().map(text).collect()
}

/// Each line of `text` behind `margin`, filled up with spaces to `width`.
fn moved(text: &str, margin: &str, width: usize) -> String {
    let filled = |line| format!("{:width$}\n", format!("{margin}{line}"));
    text.lines().map(filled).collect::<Vec<_>>().concat()
}
