//! The sentences of what is handed over: the check sheet, and the report of a bench.

use crate::report::{DeviceReport, Link};
use crate::text::Text;
use micheck_core::verdict::Verdict;

/// A head on a sheet or in a report of a bench.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// The sheet itself.
    Title,
    /// What a phone is called.
    Phone,
    /// Its model.
    Model,
    /// Its system.
    System,
    /// The end of its serial number.
    SerialEnd,
    /// Its serial number.
    SerialFull,
    /// A hash of its serial number.
    SerialCoded,
    /// The file that it was read from.
    File,
    /// What was found earlier.
    Before,
    /// What was found now.
    Now,
    /// When it was checked.
    Checked,
    /// The report's number.
    Number,
    /// The steps.
    WhatToDo,
    /// There are none.
    NothingToDo,
    /// What a reset does.
    AfterReset,
    /// Other remarks.
    Also,
    /// Where the facts are from.
    Sources,
    /// Before a link.
    Link,
    /// Nobody says how long the result is kept.
    KeptUnsaid,
    /// The report of a bench itself.
    Bench,
    /// How many phones of each verdict.
    Summary,
    /// The table of phones.
    Phones,
    /// The phones, one by one.
    Each,
    /// The files that a report was put together from.
    Files,
    /// There is no phone.
    NoPhone,
    /// What was read from the phones.
    BenchRead,
    /// What wasn't checked on the phones.
    BenchOnlyThis,
}

impl Text {
    /// A head, or a sentence without variables.
    #[must_use]
    pub fn sheet(self, label: Label) -> &'static str {
        self.say(match label {
            Label::Title => "sheet-title",
            Label::Phone => "sheet-phone",
            Label::Model => "sheet-model",
            Label::System => "sheet-system",
            Label::SerialEnd => "sheet-serial-end",
            Label::SerialFull => "sheet-serial-full",
            Label::SerialCoded => "sheet-serial-coded",
            Label::File => "sheet-file",
            Label::Before => "sheet-before",
            Label::Now => "sheet-now",
            Label::Checked => "sheet-checked",
            Label::Number => "sheet-number",
            Label::WhatToDo => "sheet-what-to-do",
            Label::NothingToDo => "sheet-nothing-to-do",
            Label::AfterReset => "sheet-after-reset",
            Label::Also => "sheet-also",
            Label::Sources => "sheet-sources",
            Label::Link => "sheet-link",
            Label::KeptUnsaid => "sheet-kept-unsaid",
            Label::Bench => "bench-title",
            Label::Summary => "bench-summary",
            Label::Phones => "bench-phones",
            Label::Each => "bench-each",
            Label::Files => "bench-files",
            Label::NoPhone => "bench-no-phone",
            Label::BenchRead => "bench-read",
            Label::BenchOnlyThis => "bench-only-this",
        })
    }

    /// What a verdict means, in two plain sentences; `apps` are the apps that decided, so many.
    #[must_use]
    pub fn plainly(self, verdict: Verdict, apps: &str, count: usize) -> String {
        let reason = verdict.reason().map_or("", |reason| self.reason(reason));
        self.fill(
            &format!("plain-{}", verdict.key()),
            [("app", apps.into()), ("reason", reason.into()), ("count", count.into())],
        )
    }

    /// Which flaw, or flaws, of so many apps the sheet is about.
    #[must_use]
    pub fn flaw(self, apps: &str, cves: &str, count: usize) -> String {
        self.fill(
            "sheet-about",
            [("app", apps.into()), ("cves", cves.into()), ("count", count.into())],
        )
    }

    /// What wasn't checked, where so many advisories were looked at.
    #[must_use]
    pub fn only_this(self, count: usize) -> String {
        self.fill("sheet-only-this", [("count", count.into())])
    }

    /// The head of an app's version.
    #[must_use]
    pub fn version_of(self, app: &str) -> String {
        self.fill("sheet-version", [("app", app.into())])
    }

    /// What made the sheet, and by what it judged.
    #[must_use]
    pub fn made_by(self, version: &str, set: &str, hash: &str) -> String {
        self.fill(
            "sheet-made-by",
            [("version", version.into()), ("set", set.into()), ("hash", hash.into())],
        )
    }

    /// What was read to check this phone.
    #[must_use]
    pub fn what_was_read(self, device: &DeviceReport) -> &'static str {
        self.say(match device.connection.link {
            // Kept evidence has the link of its phone.
            _ if device.is_from_file() => "sheet-read-file",
            Link::AdbServer | Link::Network | Link::Usb => "sheet-read-phone",
            Link::File => "sheet-read-file",
            Link::Typed => "sheet-read-typed",
        })
    }

    /// How long the result is kept, in the shop's own words.
    #[must_use]
    pub fn kept(self, retention: &str) -> String {
        self.fill("sheet-kept", [("retention", retention.into())])
    }

    /// What the chart shows, for those who don't see it.
    #[must_use]
    pub fn chart(self, counts: &str) -> String {
        self.fill("bench-chart", [("counts", counts.into())])
    }

    /// What server or phone said when something went wrong.
    #[must_use]
    pub fn detail(self, detail: &str) -> String {
        self.fill("detail", [("detail", detail.into())])
    }
}
