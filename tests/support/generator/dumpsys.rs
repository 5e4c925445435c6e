//! `dumpsys`: all services of a phone, with the lines that frame each.

use std::fmt::Write as _;

use super::full_dump::FullDump;
use super::{Made, NAME, Phone, Release};

/// When all this is made.
pub(crate) const TIME: &str = "2024-05-13 10:22:33";

/// What services are dumped first, and for which of them that is not all (from Android 9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Priority {
    Critical,
    High,
    Normal,
    Default,
}

/// A service's dump.
#[derive(Debug, Clone)]
pub(crate) struct Service {
    pub(crate) name: &'static str,
    /// Every class that it registered itself for.
    pub(crate) priorities: &'static [Priority],
    /// What it prints; no line feed at its end is normal.
    pub(crate) text: String,
    /// It took too long: what it printed is cut off, and says so.
    pub(crate) timed_out: bool,
}

/// Every service, in the order of `dumpsys`: by the names' UTF-16 units, capitals first.
pub(crate) fn services(phone: &Phone) -> Vec<Service> {
    use Priority::{Critical, Default, High, Normal};
    let lines = |words: &str, count: usize| {
        (0..count).fold(String::new(), |mut text, line| {
            writeln!(text, "  {words} #{line}: state=ok last=-{}s", line * 7).unwrap();
            text
        })
    };
    let service = |name, priorities, text| Service { name, priorities, text, timed_out: false };
    let activity = format!(
        "ACTIVITY MANAGER ACTIVITIES (dumpsys activity activities)\n{}  * Hist #0: ActivityRecord{{1 \
         u0 {NAME}/.ui.Main}}\n\n  APP UID 10107\n",
        lines("Task", 6)
    );
    let notification = "Current Notification Manager state:\n  AppSettings: com.miui.home (10021)\n\
                        ------ not a section of dumpstate's ------\n[key]: [value]\n  end";
    let batterystats = "Battery History (0% used, 4096 used of 4096KB):\n  0 (10) RESET:TIME\n  \
                        Wake lock u0a107 *job*/com.miui.home/.Sync: 1s\n";
    let mut all = vec![
        service("DockObserver", &[Default][..], "Current Dock Observer Service state:\n".into()),
        service("SurfaceFlinger", &[Critical], lines("Layer", 4)),
        service("accessibility", &[Default], lines("User state", 2)),
        service("activity", &[Critical, Normal], activity),
        service("alarm", &[Default], lines("Alarm", 3)),
        service("batterystats", &[Default], batterystats.to_owned()),
        service("connectivity", &[High, Normal], lines("NetworkAgentInfo", 3)),
        service("cpuinfo", &[Critical], "Load: 0.71 / 0.83 / 0.51\n".into()),
        service("dropbox", &[Default], lines("Drop box entry", 2)),
        service("input_method", &[Critical, Normal], lines("Input method", 2)),
        service("meminfo", &[High], lines("Total PSS by process", 3)),
        service("miui.mqsas.IMQSNative", &[Default], String::new()),
        service("notification", &[Default], notification.to_owned()),
        service("package", &[Default], FullDump::new(phone).text()),
        service("package_native", &[Default], String::new()),
        service("permission", &[Default], "Can't dump".into()),
        service("power", &[Default], lines("Wake Lock", 2)),
        service("telephony.registry", &[Default], lines("Phone Id", 2)),
        service("wifi", &[Default], lines("rec", 5)),
        service("window", &[Critical], lines("Window", 3)),
    ];
    if phone.foreign {
        all.retain(|service| !service.name.starts_with("miui"));
    }
    all
}

/// The line between services.
pub(crate) fn rule() -> String {
    "-".repeat(79)
}

/// How a service begins.
pub(crate) fn start(priority: Priority, name: &str) -> String {
    let word = match priority {
        Priority::Critical => "CRITICAL ",
        Priority::High => "HIGH ",
        Priority::Normal | Priority::Default => "",
    };
    format!("{}\nDUMP OF SERVICE {word}{name}:\n", rule())
}

/// How it ends; nothing comes before it, so a last line that wasn't ended has it behind itself.
pub(crate) fn end(release: Release, name: &str) -> String {
    match release.major {
        _ if !release.has_service_ends() => String::new(),
        7 => format!("--------- 0.021s was the duration of dumpsys {name}\n"),
        _ => format!("--------- 0.021s was the duration of dumpsys {name}, ending at: {TIME}\n"),
    }
}

/// What stands for the rest of a service that took too long.
pub(crate) fn timed_out(release: Release, name: &str) -> String {
    match release.major {
        ..7 => String::new(),
        7 => "\n*** SERVICE DUMP TIMEOUT EXPIRED ***\n\n".to_owned(),
        8 => format!("\n*** SERVICE '{name}' DUMP TIMEOUT (10s) EXPIRED ***\n\n"),
        _ => format!("\n*** SERVICE '{name}' DUMP TIMEOUT (10000ms) EXPIRED ***\n\n"),
    }
}

/// What a service prints, and how `dumpsys` says that it was too slow.
pub(crate) fn body(release: Release, service: &Service) -> String {
    if !service.timed_out {
        return service.text.clone();
    }
    let half = service.text.len() / 2;
    format!("{}{}", &service.text[..half], timed_out(release, service.name))
}

/// `dumpsys`, less what is `skipped`.
pub(crate) fn text(release: Release, services: &[Service], skipped: &[&str]) -> String {
    let mut text = String::from("Currently running services:\n");
    for service in services {
        let note = if skipped.contains(&service.name) { " (skipped)" } else { "" };
        writeln!(text, "  {}{note}", service.name).unwrap();
    }
    for service in services.iter().filter(|service| !skipped.contains(&service.name)) {
        text.push_str(&start(Priority::Default, service.name));
        text.push_str(&body(release, service));
        if service.timed_out && release.major >= 9 {
            // It says so twice: once where it reads, once where it goes on.
            text.push_str(&timed_out(release, service.name));
        }
        text.push_str(&end(release, service.name));
    }
    text
}

/// `adb shell dumpsys > dumpsys.txt`.
pub(crate) fn of_all_services(phone: &Phone) -> Made {
    let text = text(phone.release, &services(phone), &[]);
    let right = phone.truth_without_maker();
    let row = if phone.release.has_service_ends() { right } else { right.at_most_risk("") };
    Made::new("dumpsys of all services", phone, text, row)
}
