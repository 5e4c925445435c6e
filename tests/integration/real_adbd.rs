//! micheck without an adb server, with the daemon that phones have: Android's own adbd on TCP, and
//! the key that micheck and adb share.

mod phone;

use std::sync::LazyLock;

use crate::support::Micheck;
use crate::support::adb_server::AdbServer;
use crate::support::processes::assert_none_left;
use micheck_simulator::RunningThread;
use phone::{AdbdPhone, Trust};

/// Longer than any test takes.
const LONG: &str = "10m";

/// A phone at risk that must allow this computer first.
fn locked(person: &str) -> AdbdPhone {
    let phone = phone::start("3.1.874.10", Trust::WhoIsAllowed).ready();
    phone.person(person);
    phone
}

/// A JSON report of these phones, and of nothing else that this computer sees.
fn scan<'p>(phones: impl IntoIterator<Item = &'p AdbdPhone>) -> Micheck {
    static NOBODY: LazyLock<RunningThread> = LazyLock::new(|| crate::support::phones::start([]));
    let mut micheck = Micheck::scan(NOBODY.address()).args(["--format", "json"]);
    for phone in phones {
        micheck = micheck.args(["--connect", &phone.serial()]);
    }
    micheck.args(["--timeout", LONG])
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn sixty_four_phones_at_once() {
    let versions = [
        ("3.1.874.10", "vulnerable"),
        ("3.1.895.10", "vulnerable"),
        ("3.1.900.12", "unconfirmed"),
        ("3.1.921.10", "patched"),
    ];
    let starting: Vec<_> =
        (0..64).map(|n| phone::start(versions[n % 4].0, Trust::Everybody)).collect();
    let phones: Vec<_> = starting.into_iter().map(phone::Starting::ready).collect();
    let (run, home) = scan(&phones).run_in_dir();
    for (n, phone) in phones.iter().enumerate() {
        assert_eq!(run.verdict(&phone.serial()), versions[n % 4].1, "{n}");
    }
    let first = run.device(&phones[0].serial());
    assert_eq!(first["device"]["marketname"], "Redmi Note 13");
    assert_eq!(first["connection"]["state"], "device");
    assert_eq!(run.json()["summary"]["devices"], 64);
    assert_eq!(run.stderr, "");
    if let Some(peak) = run.peak_memory_bytes {
        assert!(peak <= 32 << 20, "{} MiB", peak >> 20);
    }
    assert_none_left(home.path());
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn nobody_is_asked_where_nobody_waits() {
    let phone = locked("accept");
    let run = scan([&phone]).args(["--wait-auth", "0"]).run();
    assert_eq!(run.verdict(&phone.serial()), "unknown: unauthorized");
    assert_eq!(run.stderr, "");
    // Who had been asked would have allowed it for good.
    assert_eq!(phone.allowed_keys(), [""; 0]);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn who_does_nothing_and_who_refuses_look_the_same() {
    for person in ["ignore", "deny"] {
        let phone = locked(person);
        let run = scan([&phone]).args(["--wait-auth", "2s"]).run();
        assert_eq!(run.verdict(&phone.serial()), "unknown: auth_refused", "{person}");
        assert_eq!(phone.allowed_keys(), [""; 0]);
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn a_phone_that_is_allowed_answers_for_once_or_for_good() {
    let phone = locked("once 1");
    let run = scan([&phone]).args(["--wait-auth", LONG]).run();
    assert_eq!(run.verdict(&phone.serial()), "vulnerable");
    assert_eq!(phone.allowed_keys(), [""; 0]);

    phone.person("accept 2");
    let (run, home) = scan([&phone]).args(["--wait-auth", LONG]).run_in_dir();
    assert_eq!(run.verdict(&phone.serial()), "vulnerable");
    let public = std::fs::read_to_string(home.path().join(".android/adbkey.pub")).unwrap();
    assert_eq!(phone.allowed_keys(), [public.trim_end()]);
    let asks = run.stderr.matches("tap Allow").count();
    assert_eq!(asks, 1, "{}", run.stderr);

    // From then on nobody is asked.
    phone.person("ignore");
    let key = std::fs::read_to_string(home.path().join(".android/adbkey")).unwrap();
    let run = scan([&phone]).file(".android/adbkey", &key).run();
    assert_eq!(run.verdict(&phone.serial()), "vulnerable");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn one_key_is_made_for_all_phones() {
    let phones: Vec<_> = (0..4).map(|_| locked("accept")).collect();
    let run = scan(&phones).args(["--wait-auth", LONG]).run();
    assert_eq!(run.json()["summary"]["vulnerable"], 4);
    let keys: Vec<_> = phones.iter().map(AdbdPhone::allowed_keys).collect();
    assert_eq!(keys[0].len(), 1);
    assert!(keys.iter().all(|key| *key == keys[0]), "{keys:#?}");
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn adb_uses_the_key_that_micheck_made() {
    let phone = locked("accept");
    let (run, home) = scan([&phone]).args(["--wait-auth", LONG]).run_in_dir();
    assert_eq!(run.verdict(&phone.serial()), "vulnerable");
    phone.person("deny");
    let mut adb = AdbServer::start_in(home);
    adb.connect(phone.address());
    adb.wait_for(&[(phone.address(), "device")]);
    assert_eq!(phone.allowed_keys().len(), 1, "nobody was asked again");
    // It finds its way to the same verdict.
    let run = Micheck::scan(adb.address()).args(["--format", "json"]).run();
    assert_eq!(run.verdict(&phone.serial()), "vulnerable");
    assert_eq!(run.device(&phone.serial())["connection"]["link"], "adb_server");
    assert_eq!(run.json()["summary"]["devices"], 1);
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn micheck_uses_the_key_that_adb_made() {
    let phone = locked("accept");
    let mut adb = AdbServer::start();
    adb.connect(phone.address());
    adb.wait_for(&[(phone.address(), "device")]);
    phone.person("deny");
    let key = std::fs::read_to_string(adb.home().join(".android/adbkey")).unwrap();
    adb.kill();
    let (run, home) = scan([&phone]).file(".android/adbkey", &key).run_in_dir();
    assert_eq!(run.verdict(&phone.serial()), "vulnerable");
    assert_eq!(run.stderr, "");
    assert_eq!(phone.allowed_keys().len(), 1);
    assert_eq!(std::fs::read_to_string(home.path().join(".android/adbkey")).unwrap(), key);
}

/// Says that a screen doesn't exist, unless it is this one; then its person updates the app.
fn only(shown: &str) -> String {
    format!(
        "echo \"Starting: Intent {{ $* }}\"\ncase \"$*\" in\n{shown})\n    sed -i \
         s/versionName=3.1.874.10/versionName=3.1.921.10/ \"$PHONE_DIR/dump\" ;;\n*)\n    echo \
         'Error: Activity not started, unable to resolve Intent {{ }}' ;;\nesac"
    )
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn phones_are_asked_for_screens_word_by_word_as_it_stands_in_the_documentation() {
    const UPDATES: &str =
        "[start][-n][com.xiaomi.discover/com.xiaomi.market.ui.UpdateAppsActivityInner]";
    const VIEW: &str = "[start][-a][android.intent.action.VIEW][-d]";
    const PAGE: &str = "details?id=com.xiaomi.mi_connect_service";
    let apps = |apps: &[&'static str]| apps.to_vec();
    let cases = [
        (
            "GB",
            apps(&["com.xiaomi.discover"]),
            "*UpdateAppsActivityInner",
            vec![UPDATES.to_owned()],
        ),
        (
            "GB",
            apps(&["com.xiaomi.discover", "com.xiaomi.mipicks"]),
            "*mimarket://details*",
            vec![
                UPDATES.to_owned(),
                format!("{VIEW}[mimarket://update][-p][com.xiaomi.mipicks]"),
                format!("{VIEW}[mimarket://{PAGE}][-p][com.xiaomi.mipicks]"),
            ],
        ),
        (
            "CN",
            apps(&["com.xiaomi.market"]),
            "*mimarket://details*",
            vec![
                "[start][-a][com.xiaomi.market.UPDATE_APP_LIST][-p][com.xiaomi.market]".to_owned(),
                format!("{VIEW}[mimarket://{PAGE}][-p][com.xiaomi.market]"),
            ],
        ),
        (
            "IN",
            apps(&["com.indus.appstore"]),
            "*com.android.vending",
            vec![
                "[start][-a][android.intent.action.MAIN][-c][android.intent.category.LAUNCHER]\
                 [-p][com.indus.appstore]"
                    .to_owned(),
                format!("{VIEW}[market://{PAGE}][-p][com.android.vending]"),
            ],
        ),
    ];
    for (region, apps, shown, wanted) in cases {
        let phone = phone::start_with("3.1.874.10", Trust::Everybody, region, &apps, &only(shown));
        let phone = phone.ready();
        let mut adb = AdbServer::start();
        adb.connect(phone.address());
        adb.wait_for(&[(phone.address(), "device")]);
        let args = ["fix", "--yes", "--format", "json", "--serials", "full", "--recheck", "200ms"];
        let run = Micheck::new(args).args(["--wait", LONG]).server(adb.address()).run();
        assert_eq!(phone.asked(), wanted, "{region}: {}", run.stderr);
        assert_eq!(run.verdict(&phone.serial()), "patched", "{}", run.stderr);
        assert_eq!(run.code, Some(0));
    }
}

#[test]
#[ignore = "needs the test beds: tests/run"]
fn without_a_server_the_same_is_asked_and_one_chosen_phone_for_its_system_update() {
    let am = only("*com.android.updater*");
    let phones: Vec<_> = (0..2)
        .map(|_| phone::start_with("3.1.874.10", Trust::Everybody, "GB", &[], &am).ready())
        .collect();
    let serial = phones[1].serial();
    let nobody = crate::support::phones::start([]);
    let args = ["fix", "--yes", "--route", "system", "--serial", &serial, "--serials", "full"];
    let mut run = Micheck::new(args).args(["--format", "json", "--recheck", "200ms"]);
    for phone in &phones {
        run = run.args(["--connect", &phone.serial()]);
    }
    let run = run.args(["--wait", LONG]).server(nobody.address()).run();
    assert_eq!(phones[0].asked(), [""; 0], "{}", run.stderr);
    assert_eq!(phones[1].asked(), ["[start][-n][com.android.updater/.MainActivity]"]);
    assert_eq!(run.verdicts().len(), 1, "the report is about the chosen phone");
    assert_eq!(run.verdict(&serial), "patched");
}
