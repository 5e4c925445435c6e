//! What `dumpsys package NAME` prints on a simulated phone: the project's dump fixtures with the
//! versions put in.

/// The app that the templates describe.
pub(super) const MI_CONNECT: &str = "com.xiaomi.mi_connect_service";

/// The templates by Android version; each serves the versions up to the next one.
const TEMPLATES: [(u32, &str); 8] = [
    (16, include_str!("../../fixtures/dumpsys/android16.txt")),
    (15, include_str!("../../fixtures/dumpsys/android15.txt")),
    (14, include_str!("../../fixtures/dumpsys/android14.txt")),
    (13, include_str!("../../fixtures/dumpsys/android13.txt")),
    (11, include_str!("../../fixtures/dumpsys/android11.txt")),
    (9, include_str!("../../fixtures/dumpsys/android9.txt")),
    (7, include_str!("../../fixtures/dumpsys/android7.txt")),
    (0, include_str!("../../fixtures/dumpsys/edge_android5_crlf_pty.txt")),
];
const TEMPLATE_VERSION: &str = "3.1.900.12";
const TEMPLATE_CODE: &str = "31090012";
const TEMPLATE_FACTORY: &str = "2.5.100.3";
const SYSTEM_PATH: &str = "/system/priv-app/MiConnectService";
const UNKNOWN_UP_TO_12: &str = include_str!("../../fixtures/dumpsys/edge_unknown_android9.txt");
const UNKNOWN_FROM_13: &str = include_str!("../../fixtures/dumpsys/edge_unknown_android13plus.txt");

/// An app as a simulated phone has it.
#[derive(Debug, Clone)]
pub(super) struct App {
    pub(super) version: String,
    /// `None`: the app was never updated, so there is no factory copy beside it.
    pub(super) factory: Option<String>,
    pub(super) enabled: u8,
}

/// The dump of a phone that has the app, in the manner of the one that the templates describe.
pub(super) fn installed(android: u32, package: &str, app: &App) -> Vec<u8> {
    let template = TEMPLATES
        .iter()
        .find(|(from, _)| *from <= android)
        .map(|(_, text)| *text)
        .expect("the last template serves every version");
    // The fixture of old phones holds what a terminal made of it; whether a terminal is in the way
    // is the phone's own setting here.
    let mut text = template.replace("\r\n", "\n");
    match &app.factory {
        Some(factory) => {
            let line = format!("    versionName={factory}\n");
            text = text.replace(&format!("    versionName={TEMPLATE_FACTORY}\n"), &line);
        }
        None => text = without_update(&text),
    }
    if let Some(code) = version_code(&app.version) {
        text = text.replace(TEMPLATE_CODE, &code);
    }
    text = text.replacen(
        &format!("    versionName={TEMPLATE_VERSION}\n"),
        &format!("    versionName={}\n", app.version),
        1,
    );
    // The first user line belongs to the block in force; the factory copy stands after it.
    text = text.replacen(" enabled=0", &format!(" enabled={}", app.enabled), 1);
    if package != MI_CONNECT {
        let folder = package.rsplit('.').next().unwrap_or(package);
        text = text.replace(SYSTEM_PATH, &format!("/system/app/{folder}"));
        text = text.replace(MI_CONNECT, package);
    }
    text.into_bytes()
}

/// The dump of a phone without the package.
pub(super) fn unknown(android: u32, package: &str) -> Vec<u8> {
    match android {
        ..=6 => Vec::new(),
        7..=12 => UNKNOWN_UP_TO_12.replace(MI_CONNECT, package).into_bytes(),
        13.. => UNKNOWN_FROM_13.replace(MI_CONNECT, package).into_bytes(),
    }
}

/// The same app as it came with the system: no factory copy beside it, no sign of an update.
fn without_update(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut hidden = false;
    for line in text.split_inclusive('\n') {
        let title = !line.starts_with([' ', '\n']);
        if title {
            hidden = line.starts_with("Hidden system packages:");
        }
        if !hidden {
            kept.push_str(line);
        }
    }
    let mut kept = kept.replace(" UPDATED_SYSTEM_APP", "");
    let updated =
        kept.lines().find_map(|line| line.strip_prefix("    codePath=")).map(str::to_owned);
    if let Some(path) = updated {
        kept = kept.replace(&path, SYSTEM_PATH);
    }
    kept
}

/// A version code in the manner of the app's own: `3.1.900.12` is 31090012.
fn version_code(version: &str) -> Option<String> {
    let mut parts = version.split('.').map(str::parse::<u32>);
    let mut next = || parts.next()?.ok();
    let (major, minor, patch, build) = (next()?, next()?, next()?, next()?);
    Some(format!("{major}{minor}{patch:04}{build:02}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dump(android: u32, version: &str, factory: Option<&str>, enabled: u8) -> String {
        let app = App { version: version.to_owned(), factory: factory.map(str::to_owned), enabled };
        String::from_utf8(installed(android, MI_CONNECT, &app)).unwrap()
    }

    #[test]
    fn every_template_serves_other_apps() {
        for android in 5..=17 {
            let app = App { version: "V1-210567".to_owned(), factory: None, enabled: 0 };
            let text = String::from_utf8(installed(android, "com.example.app", &app)).unwrap();
            assert!(text.contains("  Package [com.example.app] ("), "{android}");
            assert_eq!(text.matches("versionName=V1-210567\n").count(), 1, "{android}");
            assert!(!text.contains(MI_CONNECT), "{android}");
        }
    }

    #[test]
    fn every_template_takes_versions() {
        for android in 5..=17 {
            let text = dump(android, "3.1.874.10", Some("2.5.99.1"), 0);
            assert_eq!(text.matches("versionName=3.1.874.10\n").count(), 1, "{android}");
            assert_eq!(text.matches("versionName=2.5.99.1\n").count(), 1, "{android}");
            assert!(text.contains("versionCode=31087410 "), "{android}");
            assert!(!text.contains("3.1.900.12") && !text.contains('\r'), "{android}");
        }
    }

    #[test]
    fn an_app_that_was_never_updated_has_no_factory_copy() {
        for android in 5..=17 {
            let text = dump(android, "5.1.251.10", None, 0);
            assert!(!text.contains("Hidden system packages"), "{android}");
            assert!(!text.contains("UPDATED_SYSTEM_APP"), "{android}");
            assert!(!text.contains("/data/app/"), "{android}");
            assert_eq!(text.matches("versionName=").count(), 1, "{android}");
            assert_eq!(text.matches("installed=true").count(), 1, "{android}");
            assert_eq!(text.contains("Dexopt state:"), android >= 7, "{android}");
        }
    }

    #[test]
    fn only_the_app_in_force_is_disabled() {
        let text = dump(14, "3.1.895.10", Some("2.5.100.3"), 3);
        assert_eq!(text.matches(" enabled=3 ").count(), 1);
        assert_eq!(text.matches(" enabled=0 ").count(), 1);
        assert!(text.find("enabled=3") < text.find("Hidden system packages:"));
    }

    #[test]
    fn the_unknown_package_is_named() {
        assert_eq!(unknown(6, "a.b"), b"");
        assert_eq!(unknown(13, "a.b"), b"Unable to find package: a.b\n");
        let text = String::from_utf8(unknown(12, "a.b")).unwrap();
        assert!(text.starts_with("Package Changes:\n"));
        assert_eq!(text.matches("  Unable to find package: a.b\n").count(), 2);
    }
}
