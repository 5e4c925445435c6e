//! Every form of a report, in every language.

use std::collections::BTreeSet;

use super::csv::COLUMNS;
use super::*;
use crate::report::serial::Redaction;
use crate::report::{AdvisoriesUsed, Before, DeviceReport, LinkKind, Source};
use crate::text::Language;
use crate::watch::board::{Board, Mode, PortNames, Rules, View};
use crate::watch::draw;
use micheck_core::identity::{SALT_BYTES, Salt};
use micheck_core::saved_dump::Form;
use micheck_core::verdict::{Note, Verdict};

fn shop() -> Shop {
    Shop {
        name: Some("Test & <Repair>".to_owned()),
        contact: Some("1 Test Street".to_owned()),
        logo: Some(Logo { data_uri: "data:image/png;base64,AAAA".to_owned() }),
        link: Some("https://example.org/help?a=1&b=2".to_owned()),
        retention: Some("30 days".to_owned()),
    }
}

fn report_in(language: Language, observations: Vec<ProbeResult>) -> Report {
    let mut set = AdvisorySet::embedded().by_default();
    set.hash = "0123456789abcdef".to_owned();
    let run =
        Run { taken_at: "2026-11-22T12:00:00+05:30".to_owned(), simulated: false, hints: vec![] };
    Report::new(run, observations, &set, Text::of(language))
}

/// A phone of each verdict.
fn bench(language: Language) -> Report {
    let mut report = report_in(
        language,
        vec![
            phone("a1b2c3d4", "Redmi Note 13", "3.1.874.10"),
            phone("a1b2c3d5", "Xiaomi 15", "3.1.921.10"),
            phone("a1b2c3d6", "POCO X6", "3.1.900.12"),
            observation("a1b2c3d7", Outcome::Skipped(Reason::Unauthorized)),
        ],
    );
    let updated = report.devices.iter_mut().find(|device| device.verdict == Verdict::Patched);
    updated.unwrap().before = Some(Before {
        verdict: Verdict::Vulnerable,
        reason: None,
        version: Some("3.1.874.10".to_owned()),
        package: None,
        at: "2026-11-22T11:40:00+05:30".to_owned(),
        number: None,
    });
    report
}

fn shown_with(mut report: Report, serials: &Redaction) -> Report {
    for device in &mut report.devices {
        serials.apply_to(device);
    }
    report
}

/// The page without its style and what hangs on that, a tag a line.
fn tags(page: &str) -> String {
    let style = page.find("<style>").unwrap()..page.find("</style>").unwrap();
    let mut page = page.to_owned();
    page.replace_range(style, "<style>");
    let hash = page.find("'sha256-").unwrap();
    let end = hash + page[hash..].find(';').unwrap();
    page.replace_range(hash..end, "[HASH]");
    page.replace("><", ">\n<").replace(env!("CARGO_PKG_VERSION"), "[VERSION]")
}

fn sheet_of(report: &Report, text: Text, paper: Paper) -> String {
    let devices: Vec<&DeviceReport> = report.devices.iter().collect();
    sheets(report, &devices, &AdvisorySet::embedded(), text, &shop(), paper)
}

#[test]
fn every_form_in_every_language() {
    let salt = Redaction::Hashed(Salt::new([7; SALT_BYTES]));
    for language in Language::ALL {
        let text = Text::of(language);
        let tag = language.tag();
        let of_version = |text: String| text.replace(env!("CARGO_PKG_VERSION"), "[VERSION]");
        let coded = shown_with(bench(language), &salt);
        let ends: Vec<_> = coded.devices.iter().map(|_| Some("…c3d4".to_owned())).collect();
        let by_end = shown_with(bench(language), &Redaction::End);
        let set = AdvisorySet::embedded();
        let page = table(&by_end, text, Layout::page(Some(100))).plain();
        assert_snapshot!(format!("table_{tag}"), page);
        assert_snapshot!(format!("json_{tag}"), of_version(json(&coded)));
        assert_snapshot!(format!("jsonl_{tag}"), of_version(jsonl(&coded)));
        assert_snapshot!(format!("csv_{tag}"), of_version(csv(&coded, text, false)));
        assert_snapshot!(format!("html_{tag}"), tags(&html(&coded, &ends, &set, text, &shop())));
        assert_snapshot!(format!("sheets_{tag}"), tags(&sheet_of(&by_end, text, Paper::A5)));
    }
}

#[test]
fn no_phone_is_said_in_html_too() {
    for language in Language::ALL {
        let text = Text::of(language);
        let mut report = report_in(language, Vec::new());
        report.hints = vec![crate::report::HintReport {
            key: Hint::TryDemo,
            text: text.hint(Hint::TryDemo).to_owned(),
        }];
        let page = html(&report, &[], &AdvisorySet::embedded(), text, &Shop::default());
        assert!(page.contains(text.hint(Hint::TryDemo)), "{page}");
        assert!(!page.contains("<table"), "{page}");
    }
}

/// Phones with every reason, every note and of every form of file.
fn everything(language: Language) -> Report {
    let mut observations: Vec<ProbeResult> = Reason::ALL
        .iter()
        .map(|reason| observation("a1b2c3d4", Outcome::Skipped(*reason)))
        .collect();
    for form in Form::ALL {
        let mut one = observation("a1b2c3d4", Outcome::Skipped(Reason::IncompleteAnswer));
        one.source = Some(Source {
            file: "7.txt".to_owned(),
            entry: Some("8.txt".to_owned()),
            form: *form,
            taken_at: Some("2026".to_owned()),
            simulated: false,
        });
        observations.push(one);
    }
    for version in ["3.1.874.10", "3.1.900.12", "3.1.921.10"] {
        observations.push(phone("a1b2c3d4", "Redmi", version));
    }
    for typed in [Some(b"3.1.874.10".to_vec()), None] {
        let mut one = observation("", Outcome::Typed(typed));
        one.connection = Connection::of_link(LinkKind::Typed);
        observations.push(one);
    }
    let mut lost = observation("", Outcome::Skipped(Reason::ServerLost));
    lost.connection.serial = None;
    observations.push(lost);
    let mut report = report_in(language, observations);
    for device in &mut report.devices {
        device.notes = Note::ALL.to_vec();
    }
    report.simulated = true;
    report
}

/// Words in Latin letters that a page may hold in any language: what texts in Hindi hold
/// themselves (menus in brackets, commands, names), and the data of this test.
fn latin_words_of_hindi() -> BTreeSet<String> {
    let texts = ["advisory", "board", "doctor", "report", "sheet", "step", "verdict"];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/text/hi");
    let mut words: BTreeSet<String> = BTreeSet::new();
    for text in texts {
        let text = std::fs::read_to_string(folder.join(format!("{text}.ftl"))).unwrap();
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        // The values alone: keys are English words.
        let values = lines.map(|line| line.split_once('=').map_or(line, |(_, value)| value));
        words.extend(values.flat_map(latin_words));
    }
    let data = "Redmi HyperOS usb CVE CNA Xiaomi Mi Connect Service com mi connect service txt id https \
                org Test Repair Street days micheck html RFC dumpsys package record The Daily Tech Feed \
                on security advisory example help Tab";
    words.extend(latin_words(data));
    words
}

fn latin_words(text: &str) -> Vec<String> {
    let number = regex::Regex::new("[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}").unwrap();
    let text = number.replace_all(text, "");
    // What has digits in it is a version, a number or a hash.
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words
        .filter(|word| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))
        .map(str::to_lowercase)
        .collect()
}

/// What a person sees of a page: no tags, no style.
fn visible(page: &str) -> String {
    let body = &page[page.find("<body").unwrap()..];
    let mut text = String::new();
    let mut inside = false;
    for c in body.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

#[test]
fn nothing_that_a_person_reads_is_left_in_english() {
    let text = Text::of(Language::Hindi);
    let report = everything(Language::Hindi);
    let layout = Layout::page(Some(100));
    let set = AdvisorySet::embedded();
    let mut pages = vec![
        ("table", table(&report, text, layout).plain()),
        ("html", visible(&html(&report, &[], &set, text, &shop()))),
        ("sheets", visible(&sheet_of(&report, text, Paper::A5))),
        ("advisories", advisories(&set.by_default(), text, layout).plain()),
    ];
    let rules = Rules {
        recheck: core::time::Duration::from_secs(15),
        boot_wait: core::time::Duration::from_secs(15),
        run: "0".repeat(32),
        simulated: true,
        records: false,
        job: None,
        advisories: AdvisoriesUsed {
            version: String::new(),
            hash: String::new(),
            replaced: Vec::new(),
        },
        text,
    };
    let empty = Board::new(rules);
    for mode in [Mode::Board, Mode::Help { scroll: 0 }] {
        let view = View { mode, ..View::default() };
        let drawn = draw::board(
            &empty,
            &view,
            &PortNames::default(),
            draw::Size { width: 100, height: 40 },
        );
        pages.push(("board", drawn.page.plain()));
    }
    let columns: Vec<String> = csv(&report, text, false)
        .lines()
        .skip(1)
        .flat_map(|line| line.split(',').skip(2).take(5).map(str::to_owned).collect::<Vec<_>>())
        .filter(|cell| !cell.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
        .collect();
    pages.push(("csv", columns.join(" ")));
    let known = latin_words_of_hindi();
    for (name, page) in pages {
        let strange: BTreeSet<String> =
            latin_words(&page).into_iter().filter(|word| !known.contains(word)).collect();
        assert!(strange.is_empty(), "{name}: {strange:?}");
    }
}

#[test]
fn strangers_texts_stay_texts() {
    let hostile = "<script>alert(1)</script>\"'&\u{202e}\u{0}";
    let long = "x".repeat(10_000);
    let mut report = bench(Language::English);
    for device in &mut report.devices {
        device.device.marketname = Some(hostile.to_owned());
        device.device.model = Some(long.clone());
        device.device.system = Some(hostile.to_owned());
        device.detail = Some(hostile.to_owned());
        device.connection.serial = Some(hostile.to_owned());
        for finding in &mut device.findings {
            finding.version = Some(hostile.to_owned());
            finding.app = hostile.to_owned();
        }
    }
    let text = Text::default();
    for page in [
        html(&report, &[], &AdvisorySet::embedded(), text, &shop()),
        sheet_of(&report, text, Paper::Mm58),
    ] {
        assert!(!page.contains("<script"), "{page}");
        assert!(!page.contains(['\u{202e}', '\u{0}']));
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"));
        assert!(page.contains("\\u202e"));
        assert!(!page.contains(&"x".repeat(200)));
    }
}

#[test]
fn no_spreadsheet_takes_a_cell_for_a_formula() {
    let mut report = bench(Language::English);
    for (device, name) in
        report.devices.iter_mut().zip(["=1+2", "+cmd|' /C calc'!A0", "-1", "@SUM(A1)\t\r\n\",;"])
    {
        device.device.marketname = Some(name.to_owned());
    }
    let text = csv(&report, Text::default(), true);
    assert!(text.starts_with("\u{feff}report_number,"));
    assert!(text.ends_with("\r\n"));
    let mut reader = ::csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let heads: Vec<&str> = COLUMNS.iter().map(|(head, _)| *head).collect();
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), heads);
    let names: Vec<String> = reader.records().map(|record| record.unwrap()[7].to_owned()).collect();
    assert_eq!(
        names,
        ["'=1+2", "'+cmd|' /C calc'!A0", "'-1", "'@SUM(A1)\\u0009\\u000d\\u000a\",;"]
    );
}

#[test]
fn a_sheet_says_the_forbidden_words_nowhere() {
    for language in Language::ALL {
        let page = visible(&sheet_of(&everything(language), Text::of(language), Paper::A4));
        for word in ["certificate", "safe", "प्रमाणपत्र", "सुरक्षित"]
        {
            assert!(!page.to_lowercase().contains(word), "{word}");
        }
    }
}

#[test]
fn five_hundred_phones_make_a_page_of_three_megabytes_at_most() {
    for language in Language::ALL {
        let phones = (0..500).map(|number| {
            // Its copy in the system is vulnerable, so that there is a note, too.
            phone(&format!("a1b2c3d4{number:04}"), "Redmi Note 13 Pro+ 5G", "3.1.900.12")
        });
        let report = report_in(language, phones.collect());
        let set = AdvisorySet::embedded();
        let page = html(&report, &[], &set, Text::of(language), &shop());
        assert_eq!(page.matches("<li id=\"p").count(), 500);
        // What is to be done is said once.
        assert_eq!(page.matches("play.google.com").count(), 1);
        assert!(page.len() <= 3_000_000, "{}: {}", language.tag(), page.len());
    }
}

#[test]
fn a_file_is_called_by_the_phone_and_the_day() {
    let report = bench(Language::English);
    let devices: Vec<&DeviceReport> = report.devices.iter().collect();
    let named = |phones: &[&DeviceReport]| html_file_name(&report.taken_at, phones);
    assert_eq!(named(&devices[..1]), "micheck-Redmi-Note-13-2026-11-22.html");
    assert_eq!(named(&devices), "micheck-bench-2026-11-22.html");
    let mut strange = devices[0].clone();
    strange.device.marketname = Some("../ पोको".to_owned());
    assert_eq!(named(&[&strange]), "micheck-phone-2026-11-22.html");
}
