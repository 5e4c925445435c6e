//! Phones that the tests of a scan have in common.

use micheck::simulator::{Bench, Phone, RunningThread};

use super::{Micheck, Run};

/// The package under check.
pub(crate) const PACKAGE: &str = "com.xiaomi.mi_connect_service";

/// Puts these phones on a simulated adb server.
pub(crate) fn start(phones: impl IntoIterator<Item = Phone>) -> RunningThread {
    Bench::new().phones(phones).start_in_thread().unwrap()
}

/// Scans these phones and gives the JSON report.
pub(crate) fn scan(phones: impl IntoIterator<Item = Phone>) -> Run {
    let bench = start(phones);
    Micheck::scan(bench.address()).args(["--format", "json"]).run()
}

/// The verdict on one phone, and its reason behind a colon.
pub(crate) fn verdict_on(phone: Phone) -> String {
    let run = scan([phone]);
    assert_eq!(run.stderr, "");
    let device = &run.json()["devices"][0];
    let (verdict, reason) = (device["verdict"].as_str().unwrap(), device["reason"].as_str());
    reason.map_or(verdict.to_owned(), |reason| format!("{verdict}: {reason}"))
}

/// A phone at risk.
pub(crate) fn vulnerable(serial: &str) -> Phone {
    Phone::xiaomi(serial).version("3.1.874.10").factory(Some("2.5.100.3"))
}

/// A phone that needs nothing.
pub(crate) fn patched(serial: &str) -> Phone {
    Phone::xiaomi(serial).version("3.1.921.10").factory(None)
}
