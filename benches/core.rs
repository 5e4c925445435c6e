//! How long the pure core and the taking apart of answers need: `cargo bench --bench core`.
//!
//! Nothing here touches a socket; whole scans are measured by the `scan` benchmark. Under
//! `cargo test --benches` every benchmark runs once, so that none can rot.

use std::fmt::Write as _;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};

use micheck::output::render::{self, Layout, Shop};
use micheck::report::{Connection, Outcome, ProbeResult, Probed, Report, Run};
use micheck::text::{Language, Text};
use micheck_adb::state::read_list;
use micheck_adb::{Packet, PacketReader};
use micheck_core::advisory::{Advisory, AdvisorySet};
use micheck_core::dumpsys;
use micheck_core::evidence::Evidence;
use micheck_core::getprop::Properties;
use micheck_core::judge::judge;
use micheck_core::probe::{AnswerReader, Batch, Collected, MarkedAnswer, Marker, first_questions};
use micheck_core::version::VersionName;

/// The dump of a phone with Android 14, 7 kB as real ones are.
const DUMP: &[u8] = include_bytes!("../fixtures/dumpsys/android14.txt");

/// As many properties as the longest real listings have.
const PROPERTY_LINES: usize = 1048;

/// The packets that adb's daemon cuts a long answer into.
const PACKET_BYTES: usize = 41_000;

fn main() {
    divan::main();
}

fn advisories() -> AdvisorySet {
    AdvisorySet::embedded().by_default()
}

fn advisory() -> Advisory {
    advisories().advisories.swap_remove(0)
}

/// What `getprop` prints, in the mixture of a real phone.
fn listing() -> Vec<u8> {
    let mut listing = String::from(
        "[ro.build.version.release]: [14]\n[ro.build.version.sdk]: [34]\n\
         [ro.mi.os.version.name]: [OS1.0]\n[ro.product.brand]: [Redmi]\n\
         [ro.product.manufacturer]: [Xiaomi]\n[ro.product.marketname]: [Redmi Note 13]\n\
         [ro.product.model]: [23129RAA4G]\n[sys.boot_completed]: [1]\n",
    );
    let kinds =
        ["init.svc.name", "ro.boottime.name", "persist.vendor.radio", "ro.product.odm.name"];
    let filled = listing.lines().count();
    for number in filled..PROPERTY_LINES {
        // One in eight looks like one that is kept.
        let kind = kinds[if number % 8 == 0 { 3 } else { number % 3 }];
        writeln!(listing, "[{kind}{number:04}]: [{}]", 1_000_000_000 + number * 7919)
            .expect("a String takes every write");
    }
    listing.into_bytes()
}

fn marker() -> Marker {
    Marker::from_random([0xa5; 16])
}

fn batch() -> Batch {
    Batch { questions: first_questions(&advisories()) }
}

/// A whole answer to the first questions: listing and dump between their markers.
fn answer() -> Vec<u8> {
    let marker = marker();
    let mut answer = Vec::new();
    for (index, body) in [listing(), DUMP.to_vec()].iter().enumerate() {
        answer.extend_from_slice(format!("\n{}\n", marker.open(index)).as_bytes());
        answer.extend_from_slice(body);
        answer.extend_from_slice(format!("\n{}0\n", marker.close(index)).as_bytes());
    }
    answer.extend_from_slice(format!("\n{}\n", marker.end()).as_bytes());
    answer
}

/// The answer as shell v2 sends it, the exit packet at its end.
fn packets() -> Vec<u8> {
    let mut stream = Vec::new();
    for piece in answer().chunks(PACKET_BYTES) {
        let length = u32::try_from(piece.len()).expect("a piece is short");
        stream.push(1);
        stream.extend_from_slice(&length.to_le_bytes());
        stream.extend_from_slice(piece);
    }
    stream.extend_from_slice(&[3, 1, 0, 0, 0, 0]);
    stream
}

fn framed(answer: &[u8]) -> MarkedAnswer {
    let mut framer = AnswerReader::new(marker());
    for piece in answer.chunks(PACKET_BYTES) {
        framer.push(piece).expect("the answer is within its bounds");
    }
    framer.finish()
}

fn evidence() -> Evidence {
    let mut collected = Collected::default();
    collected.take(&batch(), framed(&answer()), None);
    collected.into_evidence()
}

/// What a scan of so many phones found.
fn observations(phones: usize) -> Vec<ProbeResult> {
    let asked = Probed::new(evidence(), &advisories());
    let observation = |number: usize| ProbeResult {
        connection: Connection {
            link: micheck::report::LinkKind::AdbServer,
            serial_form: micheck::report::serial::SerialForm::Full,
            server: Some("127.0.0.1:5037".to_owned()),
            serial: Some(format!("BENCH{number:04}")),
            transport_id: u64::try_from(number).ok(),
            path: Some(format!("usb:1-{number}")),
            state: Some("device".to_owned()),
        },
        listed_model: None,
        outcome: Outcome::Probed(Box::new(asked.clone())),
        detail: None,
        duration_ms: 12,
        source: None,
    };
    (0..phones).map(observation).collect()
}

fn report_of(observations: Vec<ProbeResult>, set: &AdvisorySet) -> Report {
    let run = Run {
        taken_at: "2025-08-22T10:00:00+05:30".to_owned(),
        simulated: false,
        hints: Vec::new(),
    };
    Report::new(run, observations, set, Text::default())
}

fn report(phones: usize) -> Report {
    report_of(observations(phones), &advisories())
}

#[divan::bench]
fn dump_extraction(bencher: Bencher) {
    let package = advisory().packages[0].name.clone();
    bencher
        .counter(BytesCount::of_slice(DUMP))
        .bench_local(|| dumpsys::read(black_box(DUMP), &package));
}

#[divan::bench]
fn judging_one_phone(bencher: Bencher) {
    let (evidence, advisory) = (evidence(), advisory());
    bencher.bench_local(|| judge(black_box(&evidence), &advisory));
}

#[divan::bench]
fn getprop_of_1048_lines(bencher: Bencher) {
    let listing = listing();
    bencher
        .counter(BytesCount::of_slice(&listing))
        .bench_local(|| Properties::read(black_box(&listing)));
}

#[divan::bench]
fn list_of_256_phones(bencher: Bencher) {
    let mut list = String::new();
    for number in 0..256 {
        writeln!(
            list,
            "BENCH{number:04}              device usb:1-{number} product:sapphire_global \
             model:23129RAA4G device:sapphire transport_id:{number}"
        )
        .expect("a String takes every write");
    }
    bencher
        .counter(ItemsCount::new(256_usize))
        .bench_local(|| read_list(black_box(list.as_bytes())));
}

#[divan::bench]
fn shell_v2_packets(bencher: Bencher) {
    let stream = packets();
    bencher.counter(BytesCount::of_slice(&stream)).bench_local(|| {
        let (mut reader, mut rest, mut output) = (PacketReader::default(), &stream[..], 0);
        while let Ok(Some(packet)) = reader.next(black_box(&mut rest)) {
            match packet {
                Packet::Stdout(data) => output += data.len(),
                Packet::Stderr(_) | Packet::Exit(_) => {}
            }
        }
        output
    });
}

#[divan::bench]
fn framing_an_answer_of_48_kb(bencher: Bencher) {
    let (answer, count) = (answer(), batch().questions.len());
    bencher
        .counter(BytesCount::of_slice(&answer))
        .bench_local(|| framed(black_box(&answer)).into_parts(count));
}

#[divan::bench(args = ["3.1.895.10", "5.1.251.10.fullCnRelease.0512164"])]
fn reading_and_comparing_a_version(bencher: Bencher, name: &str) {
    let bound = VersionName::parse(b"3.1.895.10").expect("it is a version").version;
    bencher.bench_local(|| {
        let name = VersionName::parse(black_box(name.as_bytes()));
        name.map(|name| name.version.cmp_within(&bound))
    });
}

/// The page of a bench of 500 phones, all at risk: the longest that there is.
#[divan::bench(args = [Language::English, Language::Hindi])]
fn html_of_500_phones(bencher: Bencher, language: Language) {
    let (report, set, text) = (report(500), AdvisorySet::embedded(), Text::of(language));
    let shop = Shop::default();
    bencher
        .counter(BytesCount::of_str(&render::html(&report, &[], &set, text, &shop)))
        .bench_local(|| render::html(black_box(&report), &[], &set, text, &shop));
}

#[divan::bench]
fn csv_of_500_phones(bencher: Bencher) {
    let report = report(500);
    bencher.bench_local(|| render::csv(black_box(&report), Text::default(), false));
}

/// The texts of both languages, which are read once a run and only if they are needed.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn first_text_of_both_languages() -> &'static str {
    black_box(Text::default().get("no-phone"));
    Text::of(Language::Hindi).get("no-phone")
}

#[divan::bench]
fn embedded_advisories(bencher: Bencher) {
    bencher.bench_local(AdvisorySet::embedded);
}

#[divan::bench(args = [64, 500])]
fn report_from_findings(bencher: Bencher, phones: usize) {
    let set = advisories();
    bencher
        .with_inputs(|| observations(phones))
        .bench_local_values(|observations| report_of(observations, &set));
}

#[divan::bench(args = [64, 500])]
fn table(bencher: Bencher, phones: usize) {
    let report = report(phones);
    let layout = Layout::page(Some(120));
    bencher.bench_local(|| render::table(black_box(&report), Text::default(), layout).plain());
}

#[divan::bench(args = [64, 500])]
fn json(bencher: Bencher, phones: usize) {
    let report = report(phones);
    bencher.bench_local(|| render::json(black_box(&report)));
}
