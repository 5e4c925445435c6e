//! Bug reports, as `dumpstate` writes them: the text, and the archive around it.

use std::fmt::Write as _;

use super::dump::{blocks, code_of};
use super::dumpsys::{self, Priority, Service, TIME};
use super::full_dump::{FullDump, OTHERS};
use super::{Made, NAME, Phone, Release, Row, getprop, packing};

/// What differs from report to report.
#[derive(Debug, Clone)]
pub(crate) struct Report {
    pub(crate) phone: Phone,
    pub(crate) services: Vec<Service>,
    /// How long every section took, in milliseconds: Android 10 is silent of what took less than
    /// half a second.
    pub(crate) took_ms: u32,
    /// So many lines of logs, of about 80 bytes each.
    pub(crate) log_lines: usize,
    /// The package service was gone when `CHECKIN PACKAGE` asked it.
    pub(crate) nothing_checked_in: bool,
}

impl Report {
    pub(crate) fn new(phone: &Phone) -> Self {
        Self {
            phone: *phone,
            services: dumpsys::services(phone),
            took_ms: 21,
            log_lines: 10,
            nothing_checked_in: false,
        }
    }

    pub(crate) const fn release(&self) -> Release {
        self.phone.release
    }

    /// The whole text.
    pub(crate) fn text(&self) -> String {
        let mut text = self.header();
        self.before_services(&mut text);
        self.services(&mut text);
        self.of_vendor(&mut text, "MIUI FREEZER", "dumpsys greezer");
        self.checkins(&mut text);
        self.apps(&mut text);
        self.of_vendor(&mut text, "MIUI POWER", "cat /data/miuilog/power");
        self.end(&mut text);
        text
    }

    fn header(&self) -> String {
        let banner = "=".repeat(56);
        let mut text = format!(
            "{banner}\n== dumpstate: {TIME}\n{banner}\n\nBuild: {}\nBuild fingerprint: '{}'\n\
             Bootloader: unknown\nRadio: 1.0\nNetwork: (unknown)\nKernel: Linux version 5.10.136\n\
             Command line: (unknown)\n",
            self.phone.build_id(),
            self.phone.fingerprint()
        );
        if self.release().major >= 7 {
            text.push_str("Bugreport format version: 2.0\n");
        }
        text.push('\n');
        text
    }

    /// A section with a command behind its title, or without one.
    pub(crate) fn section(&self, text: &mut String, title: &str, command: &str, body: &str) {
        let behind = if command.is_empty() { String::new() } else { format!(" ({command})") };
        write!(text, "------ {title}{behind} ------\n{body}").unwrap();
        self.took(text, title, command);
    }

    /// How a section's end is said.
    pub(crate) fn took(&self, text: &mut String, title: &str, command: &str) {
        let (seconds, rest) = (self.took_ms / 1000, self.took_ms % 1000);
        match self.release().major {
            ..6 => writeln!(text, "[{command}: {seconds}.{rest:03}s elapsed]\n").unwrap(),
            10 if self.took_ms < 500 => {}
            _ => writeln!(text, "------ {seconds}.{rest:03}s was the duration of '{title}' ------")
                .unwrap(),
        }
    }

    fn banner(text: &mut String, words: &str) {
        let banner = "=".repeat(56);
        writeln!(text, "{banner}\n== {words}\n{banner}").unwrap();
    }

    fn log(&self) -> String {
        (0..self.log_lines).fold(String::from("--------- beginning of main\n"), |mut text, line| {
            writeln!(
                text,
                "05-13 10:{:02}:{:02}.{:03}  1000  1711  1790 I ActivityManager: Start proc {line}",
                line / 60 % 60,
                line % 60,
                line % 1000
            )
            .unwrap();
            text
        })
    }

    /// Makers add sections of their own where they like.
    fn of_vendor(&self, text: &mut String, title: &str, command: &str) {
        if !self.phone.foreign {
            self.section(text, title, command, "[a]: [b]\nCan't find service: x\nOK\n");
        }
    }

    fn before_services(&self, text: &mut String) {
        let major = self.release().major;
        if self.release().has_priorities() {
            self.group(text, "DUMPSYS CRITICAL", Priority::Critical);
        } else if self.release().has_service_ends() {
            self.section(text, "DUMPSYS MEMINFO", "dumpsys -t 90 meminfo -a", "Total PSS: 1\n");
            self.section(text, "DUMPSYS CPUINFO", "dumpsys -t 10 cpuinfo -a", "Load: 1 / 2\n");
        }
        self.section(text, "SYSTEM LOG", "logcat -v threadtime -d *:v", &self.log());
        self.section(text, "EVENT LOG", "logcat -b events -d *:v", "05-13 I am_proc_start: [0]\n");
        self.section(text, "UPTIME", "uptime", "up time: 10:22:33, idle time: 1 days\n");
        // The same title for every process.
        for (process, name) in [(411, "system_server"), (412, "com.miui.home"), (412, "x")] {
            let title = format!("SHOW MAP {process} ({name})");
            self.section(text, &title, "showmap -q", "   virtual   RSS\n");
        }
        text.push_str("\n------ BLOCKED PROCESS WAIT-CHANNELS ------\n1 init SyS_epoll_wait\n");
        self.of_vendor(text, "MIUI STABILITY", "cat /data/miuilog/list");
        if self.release().has_priorities() {
            self.group(text, "DUMPSYS HIGH", Priority::High);
            if major >= 12 {
                let command = "/system/bin/dumpsys -T 10000 connectivity --dump-priority HIGH";
                self.section(text, "SERVICE HIGH connectivity", command, "NetworkProviders:\n");
            }
        }
        let listing = getprop::listing(&self.phone);
        if major < 8 {
            // It has no command and says nothing of its duration.
            writeln!(text, "------ SYSTEM PROPERTIES ------\n{listing}").unwrap();
        } else {
            self.section(text, "SYSTEM PROPERTIES", "getprop", &listing);
        }
        self.section(text, "FILESYSTEMS & FREE SPACE", "df", "/dev/block/dm-0 1 1 0 100% /\n");
        text.push_str(
            "------ BACKLIGHTS ------\nLCD brightness=*** Error dumping /sys: No such file\n\n",
        );
        Self::banner(text, "Android Framework Services");
    }

    /// The services of one class, with what stands around each.
    fn group(&self, text: &mut String, title: &str, priority: Priority) {
        writeln!(text, "------ {title} (/system/bin/dumpsys) ------").unwrap();
        self.of_priority(text, priority);
        self.took(text, title, "");
        // The same once more in another format, into files of the archive: only its end is said.
        self.took(text, &format!("{title} PROTO"), "");
    }

    fn of_priority(&self, text: &mut String, priority: Priority) {
        let release = self.release();
        for service in self.services.iter().filter(|one| one.priorities.contains(&priority)) {
            text.push_str(&dumpsys::start(priority, service.name));
            if release.major >= 13 {
                text.push_str("Service host process PID: 1711\nThreads in use: 0/31\n");
            }
            if release.major >= 14 {
                text.push_str("Client PIDs: 2201, 2344\n");
            }
            text.push_str(&dumpsys::body(release, service));
            text.push_str(&dumpsys::end(release, service.name));
        }
    }

    /// The section of everything that isn't dumped before.
    fn services(&self, text: &mut String) {
        if self.release().has_priorities() {
            writeln!(text, "------ DUMPSYS (/system/bin/dumpsys) ------").unwrap();
            // First one class and then the other, each in the order of names.
            self.of_priority(text, Priority::Normal);
            self.of_priority(text, Priority::Default);
            self.took(text, "DUMPSYS", "");
            self.took(text, "DUMPSYS PROTO", "");
            return;
        }
        let (command, skipped): (&str, &[&str]) = match self.release().major {
            ..7 => ("dumpsys", &[]),
            7 => ("dumpsys -t 60 --skip meminfo cpuinfo", &["meminfo", "cpuinfo"]),
            _ => ("/system/bin/dumpsys -t 10 --skip meminfo cpuinfo", &["meminfo", "cpuinfo"]),
        };
        let all = dumpsys::text(self.release(), &self.services, skipped);
        self.section(text, "DUMPSYS", command, &all);
    }

    /// `CHECKIN PACKAGE`: every app and its version code.
    fn checkin_of_packages(&self) -> String {
        if self.nothing_checked_in {
            return String::new();
        }
        let mut text = String::from("vers,1\n");
        let (active, hidden) = blocks(&self.phone);
        for (name, version) in OTHERS {
            writeln!(text, "pkg,{name},1000,{},1230739200000,?-1?,0", code_of(version)).unwrap();
            text.push_str("pkg-splt,base,0\npkg-usr,0,IbsusLiavpiha,0,?,1230739200000,\n");
        }
        if let Some(active) = active {
            let (code, id) = (active.code(), active.app_id);
            writeln!(text, "pkg,{NAME},{id},{code},1730538873000,com.xiaomi.market10089?,0")
                .unwrap();
            text.push_str("pkg-splt,base,0\npkg-usr,0,IbsusLiavpiha,0,?,1230739200000,\n");
        }
        if let Some(hidden) = hidden {
            writeln!(text, "dis,{NAME},10107,{},1230739200000,?-1?,0", hidden.code()).unwrap();
        }
        text
    }

    fn dumpsys_command(&self, rest: &str) -> String {
        match self.release().major {
            ..7 => format!("dumpsys {rest}"),
            7 => format!("dumpsys -t 30 {rest}"),
            8 => format!("/system/bin/dumpsys -t 30 {rest}"),
            _ => format!("/system/bin/dumpsys -T 30000 {rest}"),
        }
    }

    pub(crate) fn checkins(&self, text: &mut String) {
        Self::banner(text, "Checkins");
        let mut checkin = |title: &str, command: &str, body: &str| {
            self.section(text, title, &self.dumpsys_command(command), body);
        };
        checkin("CHECKIN BATTERYSTATS", "batterystats -c", "9,0,i,vers,36,205,UKQ1,UKQ1\n");
        if (7..11).contains(&self.release().major) {
            checkin("CHECKIN MEMINFO", "meminfo --checkin", "time,1,2\n");
        }
        checkin("CHECKIN NETSTATS", "netstats --checkin", "v1,dev\n");
        checkin("CHECKIN PROCSTATS", "procstats -c", "vers,5\npkgproc,com.miui.home,10021,1\n");
        checkin("CHECKIN USAGESTATS", "usagestats -c", "");
        if self.release().major >= 7 {
            checkin("CHECKIN PACKAGE", "package --checkin", &self.checkin_of_packages());
        }
    }

    pub(crate) fn apps(&self, text: &mut String) {
        let mut apps = |words: &str, title: &str, command: &str| {
            Self::banner(text, words);
            // Whatever an app has to say.
            let body = format!("SERVICE {NAME}/.Main 1 pid=1\n  [a]: [b]\nPackages:\n  x\n");
            self.section(text, title, &self.dumpsys_command(command), &body);
        };
        apps("Running Application Activities", "APP ACTIVITIES", "activity -v all");
        match self.release().major {
            ..9 => {
                apps("Running Application Services", "APP SERVICES", "activity service all");
                // It had the wrong title once.
                let early = self.release().major < 7;
                let title = if early { "APP SERVICES" } else { "APP PROVIDERS" };
                apps("Running Application Providers", title, "activity provider all");
            }
            _ => {
                for (what, arg) in [("SERVICES", "service"), ("PROVIDERS", "provider")] {
                    for whose in ["PLATFORM", "NON-PLATFORM"] {
                        let all = format!("activity {arg} all-{}", whose.to_lowercase());
                        apps("Running Application", &format!("APP {what} {whose}"), &all);
                    }
                }
            }
        }
    }

    fn end(&self, text: &mut String) {
        let major = self.release().major;
        if major >= 8 {
            Self::banner(text, "Dropbox crashes");
            let command = self.dumpsys_command("dropbox -p system_server_crash");
            self.section(text, "DROPBOX SYSTEM SERVER CRASHES", &command, "(No entries found.)\n");
        }
        if major >= 7 {
            let rule = "=".repeat(56);
            writeln!(text, "{rule}\n== Final progress (pid 4711): 5000/5010 (estimated 5000)")
                .unwrap();
        }
        Self::banner(text, if major < 8 { "dumpstate: done" } else { "dumpstate: done (id 1)" });
        if major >= 11 {
            Self::banner(text, "Obtaining statsd metadata");
            let command = self.dumpsys_command("stats --metadata");
            self.section(text, "STATSDSTATS", &command, "Statsd metadata:\n");
            self.section(text, "Cgroups", "/proc/cgroups", "#subsys_name hierarchy\n");
            text.push_str("\n------ FROZEN CGROUPS ------\n/sys/fs/cgroup/uid_10021: 1\n");
            self.took(text, "DUMPSTATE", "");
            // What was logged meanwhile, under the same title again.
            self.section(text, "SYSTEM LOG", "logcat -v threadtime -d -T 1", &self.log());
        }
    }

    pub(crate) fn main_entry(&self) -> String {
        format!(
            "bugreport-{}-{}-2024-05-13-10-22-33.txt",
            self.phone.device(),
            self.phone.build_id()
        )
    }

    /// What lies in the archive around the text.
    pub(crate) fn files(&self) -> Vec<(String, Vec<u8>)> {
        let main = self.main_entry();
        let windows = packing::zip(&[("0.vc", b"window"), ("1.vc", b"")]);
        let file = |name: &str, content: &[u8]| (name.to_owned(), content.to_vec());
        vec![
            file("version.txt", b"2.0"),
            file("FS/proc/cpuinfo", b"processor : 0\n"),
            file("FS/data/anr/traces.txt", b"----- pid 1 at 2024 -----\nCmd line: x\n"),
            file("FS/data/misc/recovery/last_log", b"[ro.build.version.sdk]: [30]\n[a]: [b]\n"),
            file("FS/data/tombstones/tombstone_00", b"*** *** ***\nBuild fingerprint: 'x'\n"),
            file("proto/activity_CRITICAL.proto", b"\x0a\x03abc\x00"),
            file("lshal-debug/android.hardware.x.txt", b"Permission Denial: can't dump\n"),
            file("visible_windows.zip", &windows),
            (main.clone(), self.text().into_bytes()),
            (String::from("main_entry.txt"), main.into_bytes()),
            file("dumpstate_log.txt", b"Can't find service: x\nBug report took 42s\n"),
        ]
    }

    pub(crate) fn zip(&self) -> Vec<u8> {
        packing::zip_of(&self.files())
    }
}

/// Which verdict a whole report can have.
fn row(phone: &Phone) -> Row {
    let right = phone.truth();
    if phone.release.has_service_ends() { right } else { right.at_most_risk("") }
}

/// Genuine reports in which the list of packages is missing.
fn broken(phone: &Phone, report: &Report) -> Vec<Made> {
    let mut slow = report.clone();
    for service in slow.services.iter_mut().filter(|service| service.name == "package") {
        // So long that half of it is before the list.
        let before = service.text.find("Packages:\n  Package").unwrap();
        service.text.truncate(before);
        service.timed_out = true;
    }
    let named = phone.release.major >= 8;
    let reason = if named { "dump_timed_out" } else { "" };
    let mut missing = report.clone();
    missing.services.retain(|service| service.name < "package");
    vec![
        Made::new("bug report, packages timed out", phone, slow.text(), Row::Unknown(reason)),
        Made::new("bug report, out of time", phone, missing.text(), Row::Unknown("")),
    ]
}

/// The text, the archive, and variants that are as genuine.
pub(crate) fn all(phone: &Phone) -> Vec<Made> {
    let row = row(phone);
    let report = Report::new(phone);
    let mut made = vec![Made::new("bug report, text", phone, report.text(), row)];
    if phone.release.major >= 7 {
        made.push(Made::new("bug report, zip", phone, report.zip(), row));
    }
    let slow = Report { took_ms: 1_234, ..report.clone() };
    made.push(Made::new("bug report, slow", phone, slow.text(), row));
    let mut timed_out = report.clone();
    for service in &mut timed_out.services {
        service.timed_out = service.name == "alarm" || service.name == "wifi";
    }
    made.push(Made::new("bug report, others timed out", phone, timed_out.text(), row));
    let mut dump = FullDump::new(phone);
    dump.messages = true;
    let mut messages = report.clone();
    for service in messages.services.iter_mut().filter(|service| service.name == "package") {
        service.text = dump.text();
    }
    made.push(Made::new("bug report, messages of apps", phone, messages.text(), row));
    made.extend(broken(phone, &report));
    made
}
