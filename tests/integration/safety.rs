//! The safety property: a phone whose app isn't known to be fixed is never called fine,
//! however its answer is cut or a line of it is lost or doubled.

use std::fs;

use micheck_core::advisory::{Advisory, AdvisorySet};
use micheck_core::evidence::Evidence;
use micheck_core::judge::judge;
use micheck_core::package_name::PackageName;
use micheck_core::probe::{AnswerReader, Batch, Collected, Marker, Question};
use micheck_core::saved_dump::DumpScanner;
use micheck_core::verdict::{Reason, Verdict};

const GETPROP: &str = "[ro.build.version.sdk]: [34]\n[ro.product.manufacturer]: [Google]\n\
                       [ro.product.brand]: [google]\n[sys.boot_completed]: [1]\n";

fn package() -> PackageName {
    PackageName::try_from("com.xiaomi.mi_connect_service").unwrap()
}

/// Every synthetic sample that states a version in force.
fn samples() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/dumpsys");
    let mut samples: Vec<(String, String)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, fs::read_to_string(path).unwrap())
        })
        .filter(|(_, text)| text.contains("versionName=3.1.900.12"))
        .collect();
    samples.sort();
    assert!(samples.len() >= 12, "the samples have gone: {}", samples.len());
    samples
}

/// The sample with this version in force and this factory copy.
fn variant(sample: &str, active: &str, factory: Option<&str>) -> String {
    let text = sample.replace("versionName=3.1.900.12", &format!("versionName={active}"));
    match factory {
        Some(factory) => text.replace("versionName=2.5.100.3", &format!("versionName={factory}")),
        None => without_factory_copy(&text),
    }
}

fn without_factory_copy(text: &str) -> String {
    let mut hidden = false;
    let kept = text.split_inclusive('\n').filter(|line| {
        if line.trim_end() == "Hidden system packages:" {
            hidden = true;
        } else if line.starts_with(|c: char| c.is_ascii_uppercase() || c == '-') {
            hidden = false;
        }
        !hidden
    });
    kept.collect::<String>().replace(" UPDATED_SYSTEM_APP", "")
}

/// An answer as the phone's shell frames it.
fn framed(dump: &str, marker: &Marker) -> String {
    let part =
        |index, body: &str| format!("\n{}\n{body}\n{}0\n", marker.open(index), marker.close(index));
    format!("{}{}\n{}\n", part(0, GETPROP), part(1, dump), marker.end())
}

struct Judge {
    advisory: Advisory,
    marker: Marker,
    batch: Batch,
}

impl Judge {
    fn new() -> Self {
        Self {
            advisory: AdvisorySet::embedded().advisories.remove(0),
            marker: Marker::from_random([7; 16]),
            batch: Batch { questions: vec![Question::Properties, Question::Dump(package())] },
        }
    }

    fn judge(&self, evidence: &Evidence) -> Verdict {
        judge(evidence, &self.advisory).remove(0).verdict
    }

    /// A phone's answer, after which its connection broke, or didn't.
    fn live(&self, answer: &[u8], broke: Option<Reason>) -> Verdict {
        let mut framer = AnswerReader::new(self.marker.clone());
        framer.push(answer).unwrap();
        let mut collected = Collected::default();
        collected.take(&self.batch, framer.finish(), broke);
        self.judge(collected.evidence())
    }

    /// A dump in a file: the best that is said of any phone in it.
    fn saved(&self, dump: &[u8]) -> Verdict {
        let packages = [package()];
        let mut sieve = DumpScanner::new(&packages);
        sieve.feed(dump);
        let verdicts = sieve.finish().into_iter().map(|phone| self.judge(&phone.evidence));
        verdicts.max().unwrap_or(Verdict::Unknown(Reason::NotADump))
    }
}

fn fine(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Patched | Verdict::NotInstalled | Verdict::NotApplicable)
}

const FACTORY: [Option<&str>; 3] = [None, Some("2.5.100.3"), Some("3.1.921.10")];

/// Cuts every variant at every byte; gives how many verdicts were looked at.
fn cut_everywhere(active: &str) -> usize {
    let judge = Judge::new();
    let mut looked_at = 0;
    for (name, sample) in samples() {
        for factory in FACTORY {
            let dump = variant(&sample, active, factory);
            for cut in 0..=dump.len() {
                let verdict = judge.saved(&dump.as_bytes()[..cut]);
                assert!(
                    !fine(verdict),
                    "{name} {active} {factory:?} file cut at {cut}: {verdict:?}"
                );
            }
            let answer = framed(&dump, &judge.marker);
            for cut in 0..=answer.len() {
                for broke in [Some(Reason::Disconnected), None] {
                    let verdict = judge.live(&answer.as_bytes()[..cut], broke);
                    assert!(
                        !fine(verdict),
                        "{name} {active} {factory:?} answer cut at {cut}: {verdict:?}"
                    );
                }
            }
            looked_at += dump.len() + 2 * answer.len();
        }
    }
    looked_at
}

/// What can stand behind the place where a phone's service died.
const TAILS: [&str; 4] = [
    "",
    "\n",
    "Error dumping service info status_t: DEAD_OBJECT (package)\n",
    "Security exception: Shell does not have permission to access user 10",
];

/// Cuts every variant's dump at every byte, inside a frame that is whole: the service died, and
/// the shell went on.
fn cut_inside_the_frame(active: &str) -> usize {
    let judge = Judge::new();
    let mut looked_at = 0;
    for (name, sample) in samples() {
        for factory in FACTORY {
            let dump = variant(&sample, active, factory);
            for cut in 0..dump.len() {
                for tail in TAILS {
                    let answer = framed(&format!("{}{tail}", &dump[..cut]), &judge.marker);
                    let verdict = judge.live(answer.as_bytes(), None);
                    assert!(
                        !fine(verdict),
                        "{name} {active} {factory:?} dump cut at {cut}, then {tail:?}: {verdict:?}"
                    );
                    looked_at += 1;
                }
            }
        }
    }
    looked_at
}

/// Removes and doubles every line of every variant.
fn lose_and_double_lines(active: &str) -> usize {
    let judge = Judge::new();
    let mut looked_at = 0;
    for (name, sample) in samples() {
        for factory in FACTORY {
            let dump = variant(&sample, active, factory);
            let answer = framed(&dump, &judge.marker);
            for (text, live) in [(&dump, false), (&answer, true)] {
                let lines: Vec<&str> = text.split_inclusive('\n').collect();
                for at in 0..lines.len() {
                    for copies in [0, 2] {
                        let mut changed = lines[..at].concat();
                        changed.push_str(&lines[at].repeat(copies));
                        changed.push_str(&lines[at + 1..].concat());
                        let bytes = changed.as_bytes();
                        let verdict =
                            if live { judge.live(bytes, None) } else { judge.saved(bytes) };
                        let user_lost = copies == 0
                            && lines[at].trim_start().starts_with("User ")
                            && lines[at].contains("installed=true");
                        let allowed = user_lost && verdict != Verdict::Patched;
                        assert!(
                            allowed || !fine(verdict),
                            "{name} {active} {factory:?} {copies} × line {at} {:?}: {verdict:?}",
                            lines[at]
                        );
                        looked_at += 1;
                    }
                }
            }
        }
    }
    looked_at
}

/// The property would hold of a judge that never calls anything fine, so: whole answers are judged.
#[test]
fn whole_answers_are_judged() {
    let judge = Judge::new();
    let mut fine_ones = 0;
    for (name, sample) in samples() {
        for (active, expected) in
            [("3.1.895.10", Verdict::Vulnerable), ("3.1.921.10", Verdict::Patched)]
        {
            let dump = variant(&sample, active, FACTORY[1]);
            let verdict = judge.live(framed(&dump, &judge.marker).as_bytes(), None);
            let odd = ["edge_injection", "edge_pm_dump", "edge_timeout"]
                .iter()
                .any(|odd| name.starts_with(odd));
            if odd {
                assert!(matches!(verdict, Verdict::Unknown(_)), "{name}: {verdict:?}");
            } else {
                assert_eq!(verdict, expected, "{name}");
                fine_ones += usize::from(fine(verdict));
            }
        }
    }
    assert!(fine_ones >= 9);
}

#[test]
fn the_last_affected_version_cut_anywhere_is_never_fine() {
    assert!(cut_everywhere("3.1.895.10") > 300_000);
}

#[test]
fn an_old_version_cut_anywhere_is_never_fine() {
    assert!(cut_everywhere("2.0.193") > 300_000);
}

#[test]
fn an_unconfirmed_version_cut_anywhere_is_never_fine() {
    assert!(cut_everywhere("3.1.920.99") > 300_000);
}

#[test]
fn a_dump_that_breaks_off_inside_its_frame_is_never_fine() {
    assert!(cut_inside_the_frame("3.1.895.10") > 300_000);
}

#[test]
fn an_unconfirmed_dump_that_breaks_off_inside_its_frame_is_never_fine() {
    assert!(cut_inside_the_frame("3.1.920.99") > 300_000);
}

#[test]
fn losing_or_doubling_any_line_makes_no_phone_fine() {
    for active in ["2.0.193", "3.1.895.10", "3.1.920.99"] {
        assert!(lose_and_double_lines(active) > 10_000);
    }
}
