//! Real phones' output, read where it lies: other people's data, which the project may not hold.
//!
//! `MICHECK_CORPUS` names the folder; its README says where each file comes from. Without it
//! these tests say so and end: the only ones that may.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use micheck_core::dumpsys::{self, Content, FactoryCopy, PackageRecord, PkgField, VersionField};
use micheck_core::getprop::{Device, Family, Properties};
use micheck_core::package_name::PackageName;

/// The folder of samples, if the environment names one.
fn corpus() -> Option<PathBuf> {
    let Some(folder) = std::env::var_os("MICHECK_CORPUS") else {
        // Written, not printed: the test harness would hold back what a passing test prints.
        // Nothing can be done when that fails.
        let _ = std::io::stderr().write_all(b"MICHECK_CORPUS is not set: no samples are read\n");
        return None;
    };
    let folder = PathBuf::from(folder);
    assert!(folder.is_dir(), "MICHECK_CORPUS is no folder: {}", folder.display());
    Some(folder)
}

fn file_names(folder: &Path) -> BTreeSet<String> {
    let entries =
        std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

/// A phone's identity: file, manufacturer, brand, model, name on the box, system, Android, region.
/// An empty text is none.
const PHONES: [[&str; 8]; 13] = [
    [
        "hyperos_1.0.6.0_android_13_redmi_k40.txt",
        "Xiaomi",
        "Redmi",
        "M2012K11AC",
        "Redmi K40",
        "HyperOS 1.0",
        "13",
        "CN",
    ],
    [
        "hyperos_2.0.205.0_android_15_xiaomi_pad_6s_pro_12.4.txt",
        "Xiaomi",
        "Xiaomi",
        "24018RPACC",
        "Xiaomi Pad 6S Pro 12.4",
        "HyperOS 2.0",
        "15",
        "CN",
    ],
    [
        "hyperos_2.0.207.0_android_15_redmi_k60.txt",
        "Xiaomi",
        "Redmi",
        "23013RK75C",
        "Redmi K60",
        "HyperOS 2.0",
        "15",
        "CN",
    ],
    // This file holds its listing twice.
    [
        "hyperos_3.0.16.0_android_16_xiaomi_17_pro_max.txt",
        "Xiaomi",
        "Xiaomi",
        "2509FPN0BC",
        "Xiaomi 17 Pro Max",
        "HyperOS 3.0",
        "16",
        "CN",
    ],
    // Black Shark's own system says that it is a MIUI.
    [
        "joyui_miui_android_12_blackshark_gamephone4.txt",
        "blackshark",
        "blackshark",
        "SHARK KSR-A0",
        "",
        "MIUI 13",
        "12",
        "CN",
    ],
    ["lineageos_22.2_android_15_xiaomi_6.txt", "Xiaomi", "Xiaomi", "MI 6", "", "", "15", ""],
    [
        "miui_10.1.1.0_android_6.0.1_nubiaz_17_mini.txt",
        "nubia",
        "nubia",
        "NX569J",
        "",
        "MIUI 10",
        "6.0.1",
        "",
    ],
    [
        "miui_10.1.1.0_android_7.1.2_redmi_5a.txt",
        "Xiaomi",
        "Xiaomi",
        "Redmi 5A",
        "",
        "MIUI 10",
        "7.1.2",
        "CN",
    ],
    ["miui_10.9.8.22_android_10_mi_9.txt", "Xiaomi", "Xiaomi", "MI 9", "", "MIUI 10", "10", "CN"],
    [
        "miui_12.5.3_android_10_redmi_8a.txt",
        "Xiaomi",
        "Xiaomi",
        "Redmi 8A",
        "",
        "MIUI 12.5",
        "10",
        "CN",
    ],
    [
        "miui_12.5.3_android_10_redmi_note_7.txt",
        "Xiaomi",
        "xiaomi",
        "Redmi Note 7",
        "",
        "MIUI 12.5",
        "10",
        "CN",
    ],
    [
        "miui_14.0.10_android_13_redmi_note_11_r.txt",
        "Xiaomi",
        "Redmi",
        "22095RA98C",
        "Redmi Note 11R",
        "MIUI 14",
        "13",
        "CN",
    ],
    [
        "miui_global_14.0.7_android_13_redmi_10_2022.txt",
        "Xiaomi",
        "Redmi",
        "21121119SG",
        "Redmi 10 2022",
        "MIUI 14",
        "13",
        "HK",
    ],
];

#[test]
fn every_phones_identity() {
    let Some(corpus) = corpus() else { return };
    let folder = corpus.join("getprop");
    let known: BTreeSet<_> = PHONES.iter().map(|[file, ..]| (*file).to_owned()).collect();
    assert_eq!(file_names(&folder), known, "every sample has its line in the table");
    for [file, rest @ ..] in PHONES {
        let listing = std::fs::read(folder.join(file)).unwrap();
        let device = Device::read(&Properties::read(&listing));
        let found = [
            &device.manufacturer,
            &device.brand,
            &device.model,
            &device.marketname,
            &device.system,
            &device.android,
            &device.region,
        ];
        assert_eq!(found.map(|text| text.as_deref().unwrap_or_default()), rest, "{file}");
        // Nubia's, too: it runs Xiaomi's system, so it can have Xiaomi's app.
        assert_eq!(device.family(), Family::Xiaomi, "{file}");
    }
}

/// A sample dump.
fn sample(corpus: &Path, name: &str) -> String {
    let path = corpus.join("dumpsys").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// What stands between `before` and the next `after`.
fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let (_, rest) = text.split_once(before).unwrap_or_else(|| panic!("no {before:?}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after:?} behind {before:?}")).0
}

/// Takes away up to four spaces at each line's beginning: the indentation of the code around it.
fn four_to_the_left(text: &str) -> String {
    text.lines()
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn content(dump: &str, package: &str) -> Content {
    let extraction = dumpsys::read(dump.as_bytes(), &PackageName::try_from(package).unwrap());
    assert_eq!(extraction.failure, None, "a real dump's lines are not taken for failures");
    extraction.content
}

fn record(dump: &str, package: &str) -> PackageRecord {
    match content(dump, package) {
        Content::Present(record) => *record,
        other => panic!("{package}: {other:?}"),
    }
}

fn version(text: &str) -> VersionField {
    VersionField::Read(text.as_bytes().to_vec())
}

fn factory(text: &str) -> FactoryCopy {
    FactoryCopy::Read(text.as_bytes().to_vec())
}

/// The users' numbers, and whether they have the app.
fn users(record: &PackageRecord) -> Vec<(u32, bool)> {
    record.users.iter().map(|user| (user.id, user.installed)).collect()
}

/// What is so of every block that its authors left whole.
fn assert_whole(record: &PackageRecord, version_code: &str) {
    assert_eq!(record.version_code.as_deref(), Some(version_code));
    assert_eq!((record.pkg, record.repeated), (PkgField::Present, false));
    assert!(record.users.iter().all(|user| user.enabled == Some(0)), "{:?}", record.users);
}

#[test]
fn miui_with_dual_apps_on_android_7() {
    let Some(corpus) = corpus() else { return };
    let dump = sample(&corpus, "awesome-adb_miui_android7_user999.txt");
    let app = record(&dump, "org.mazhuang.guanggoo");
    assert_whole(&app, "74");
    assert_eq!(app.version, version("1.1.74"));
    assert_eq!(users(&app), [(0, true), (999, false)]);
    assert_eq!((&app.factory, app.closed), (&FactoryCopy::None, true));
    assert_eq!(content(&dump, "org.mazhuang.other"), Content::OtherName);
}

#[test]
fn an_updated_system_app_with_odd_versions_on_android_6() {
    let Some(corpus) = corpus() else { return };
    let dump = sample(&corpus, "madb_gapps.txt");
    // The mark of a text file from Windows spoils a title that says nothing here.
    let without_mark = dump.strip_prefix('\u{feff}').expect("the sample begins with a BOM");
    for dump in [dump.as_str(), without_mark] {
        let app = record(dump, "com.google.android.gms");
        assert_whole(&app, "11062448");
        assert_eq!(app.version, version("11.0.62 (448-160311229)"));
        assert_eq!(app.factory, factory("9.0.83 (448-121911109)"));
        assert_eq!((users(&app), app.closed), (vec![(0, true)], true));
    }
    let windows = without_mark.replace('\n', "\r\n");
    let app = record(&windows, "com.google.android.gms");
    assert_eq!(app.version, version("11.0.62 (448-160311229)"));
    assert_eq!(app.factory, factory("9.0.83 (448-121911109)"));
}

#[test]
fn an_app_on_android_4() {
    let Some(corpus) = corpus() else { return };
    let dump = sample(&corpus, "madb_dumpsys_package.txt");
    let dump = dump.strip_prefix('\u{feff}').expect("the sample begins with a BOM");
    let app = record(dump, "com.lufthansa.android.lufthansa");
    assert_whole(&app, "10210");
    assert_eq!(app.version, version("4.7.1"));
    assert_eq!(users(&app), [(0, true)]);
    // Nothing comes after its block: a file alone can't show that this was all.
    assert_eq!((&app.factory, app.closed), (&FactoryCopy::None, false));
}

#[test]
fn an_app_on_android_7() {
    let Some(corpus) = corpus() else { return };
    let source = sample(&corpus, "appium_a7_fixture_ts.txt");
    let literal = between(&source, "returns(`", "`)");
    let app = record(&four_to_the_left(literal), "com.example.testapp.first");
    assert_whole(&app, "1");
    assert_eq!(app.version, version("1.0"));
    assert_eq!(users(&app), [(0, true)]);
    assert_eq!((&app.factory, app.closed), (&FactoryCopy::None, false));
    // With the indentation of the code around it no line is where Android prints it.
    assert_eq!(content(literal, "com.example.testapp.first"), Content::OtherName);
}

#[test]
fn apps_on_android_12_one_without_a_version() {
    let Some(corpus) = corpus() else { return };
    let blocks = sample(&corpus, "androidstudio_a12_webview_and_null_versionName.txt");
    // The sample is a list of blocks; Android prints it under this title.
    let dump = format!("Packages:\n{}", four_to_the_left(&blocks));
    let webview = record(&dump, "com.google.android.webview");
    assert_whole(&webview, "447211487");
    // A line of Android 12 stands between code and name.
    assert_eq!(webview.version, version("91.0.4472.114"));
    // A system app that was never updated is its own factory copy.
    assert_eq!(webview.factory, factory("91.0.4472.114"));
    assert_eq!((users(&webview), webview.closed), (vec![(0, true)], true));
    let nameless = record(&dump, "androidx.compose.ui.test");
    assert_whole(&nameless, "0");
    assert_eq!(nameless.version, VersionField::Null);
    assert_eq!(nameless.factory, FactoryCopy::None);
    assert_eq!((users(&nameless), nameless.closed), (vec![(0, true)], false));
    // A block without the title is none of Android's.
    let untitled = four_to_the_left(&blocks);
    assert_eq!(content(&untitled, "androidx.compose.ui.test"), Content::Ambiguous);
}

#[test]
fn an_updated_system_app_on_a_watch() {
    let Some(corpus) = corpus() else { return };
    let source = sample(&corpus, "tekartik_adb_utils_examples_dart_test.txt");
    let updated = between(&source, "adbDumpSysExample1 = r'''\n", "''';");
    let app = record(updated, "com.tekartik.package1");
    assert_whole(&app, "20");
    assert_eq!(app.version, version("1.0.16"));
    assert_eq!(app.factory, factory("1.0.11"));
    assert_eq!((users(&app), app.closed), (vec![(0, true)], true));
    let plain = between(&source, "adbDumpSysExample2 = r'''\n", "''';");
    let app = record(plain, "com.tekartik.package2");
    assert_whole(&app, "248");
    assert_eq!(app.version, version("1.4.73"));
    assert_eq!(app.factory, FactoryCopy::None);
    assert_eq!((users(&app), app.closed), (vec![(0, true)], true));
}

#[test]
fn two_users_in_a_bug_report_of_android_14() {
    let Some(corpus) = corpus() else { return };
    let source = sample(&corpus, "ismyphonepwned_rust_fixture_excerpt.txt");
    let service = between(&source, "b\"\n", "\";\n");
    let app = record(service, "com.bitchat.droid");
    assert_whole(&app, "16");
    assert_eq!(app.version, version("1.2.0"));
    assert_eq!(users(&app), [(0, true), (10, false)]);
    assert_eq!((&app.factory, app.closed), (&FactoryCopy::None, false));
}

#[test]
fn a_shortened_dump_of_android_5_is_not_read_as_whole() {
    let Some(corpus) = corpus() else { return };
    let source = sample(&corpus, "batteryhistorian_a5_hidden_system_go_fixture.txt");
    let literals = source
        .lines()
        .filter_map(|line| line.trim_start_matches('\t').strip_prefix('"')?.strip_suffix("\","));
    let service: Vec<_> = literals
        .skip_while(|line| *line != "DUMP OF SERVICE package:")
        .skip(1)
        .take_while(|line| !line.starts_with("DUMP OF SERVICE"))
        .collect();
    assert!(service.contains(&"Hidden system packages:"));
    let service = service.join("\n");
    // The line that Android prints after the name was left out: the name could go on.
    let youtube = record(&service, "com.google.android.youtube");
    assert_eq!(youtube.version, VersionField::Unreadable);
    assert_eq!(youtube.version_code.as_deref(), Some("60013301"));
    // So were the users' lines, and the flags, without which nobody knows of a factory copy;
    // the hidden block has lost the indentation by which it is known.
    assert_eq!((users(&youtube), &youtube.factory), (vec![], &FactoryCopy::Unreadable));
    assert!(youtube.closed);
    // And so all that follows may be what that other app printed into its version.
    assert_eq!(content(&service, "com.google.android.gms"), Content::Ambiguous);
}

#[test]
fn every_dump_has_its_test() {
    let Some(corpus) = corpus() else { return };
    let read = [
        "androidstudio_a12_webview_and_null_versionName.txt",
        "appium_a7_fixture_ts.txt",
        "awesome-adb_miui_android7_user999.txt",
        "batteryhistorian_a5_hidden_system_go_fixture.txt",
        "ismyphonepwned_rust_fixture_excerpt.txt",
        "madb_dumpsys_package.txt",
        "madb_gapps.txt",
        "tekartik_adb_utils_examples_dart_test.txt",
    ];
    assert_eq!(file_names(&corpus.join("dumpsys")), read.map(str::to_owned).into());
}

#[test]
fn synthetic_dumps_are_the_projects_fixtures() {
    let Some(corpus) = corpus() else { return };
    let samples = corpus.join("synthetic");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/dumpsys");
    let names = file_names(&samples);
    // The project may have more of its own.
    assert!(!names.is_empty() && names.is_subset(&file_names(&fixtures)), "{names:?}");
    for name in names {
        let (sample, fixture) = (
            std::fs::read(samples.join(&name)).unwrap(),
            std::fs::read(fixtures.join(&name)).unwrap(),
        );
        assert!(sample == fixture, "{name}: sample and fixture differ");
    }
}
