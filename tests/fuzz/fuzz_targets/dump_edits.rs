//! The safety property: a dump of a phone that isn't fine, with lines lost or doubled, its line
//! ends changed and its end cut off, is never called fine. `tests/integration/safety.rs` tries every single
//! change; this tries many together.

#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;
use micheck_core::probe::{AnswerReader, Batch, Collected, Marker, Question};
use micheck_core::verdict::{Reason, Verdict};
use micheck_fuzz::{GETPROP, fine, lines_with_ends, package, saved, verdict, with_crlf};

/// Dumps with 3.1.900.12 in force and 2.5.100.3 as the factory copy.
const SAMPLES: [&str; 11] = [
    include_str!("../../../fixtures/dumpsys/android7.txt"),
    include_str!("../../../fixtures/dumpsys/android9.txt"),
    include_str!("../../../fixtures/dumpsys/android11.txt"),
    include_str!("../../../fixtures/dumpsys/android13.txt"),
    include_str!("../../../fixtures/dumpsys/android14.txt"),
    include_str!("../../../fixtures/dumpsys/android15.txt"),
    include_str!("../../../fixtures/dumpsys/android16.txt"),
    include_str!("../../../fixtures/dumpsys/edge_android16_multiuser_uninstalled_user0.txt"),
    include_str!("../../../fixtures/dumpsys/edge_android5_crlf_pty.txt"),
    include_str!("../../../fixtures/dumpsys/edge_bugreport_android14_excerpt.txt"),
    include_str!("../../../fixtures/dumpsys/edge_timeout_android9plus.txt"),
];

const ACTIVE: [&str; 4] = ["2.0.193", "3.1.895.10", "3.1.900.12", "3.1.920.99"];
const FACTORY: [&str; 3] = ["2.5.100.3", "3.1.895.10", "3.1.921.10"];

/// Every sample with every pair of versions.
static DUMPS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut dumps = Vec::new();
    let header = format!("Package [{}] (", package().as_str());
    for sample in SAMPLES {
        assert!(sample.contains(&header), "nothing would be tried with another app's dumps");
        for active in ACTIVE {
            for factory in FACTORY {
                let text =
                    sample.replace("versionName=3.1.900.12", &format!("versionName={active}"));
                dumps
                    .push(text.replace("versionName=2.5.100.3", &format!("versionName={factory}")));
            }
        }
    }
    dumps
});

/// Changes of one line that a dump with a fixed factory copy gets at most: with more, the right
/// lines lost, what is left is a whole dump of a fixed app, and nothing could tell.
const FEW: usize = 4;

#[derive(Debug, Arbitrary)]
struct Script {
    dump: u8,
    way: Way,
    edits: Vec<Edit>,
    crlf: bool,
    cut: Option<u16>,
    tail: u8,
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Edit {
    Lose(u8),
    Double(u8),
    LoseSome { from: u8, count: u8 },
}

#[derive(Debug, Clone, Copy, Arbitrary)]
enum Way {
    /// A file.
    Saved,
    /// The phone's service died, and the shell went on: the cut is inside a whole frame.
    CutInFrame,
    /// The connection broke, or just ended: frame and all are cut.
    CutAnswer { broke: bool },
}

/// What can stand behind the place where a phone's service died.
const TAILS: [&[u8]; 4] = [
    b"",
    b"\n",
    b"Error dumping service info status_t: DEAD_OBJECT (package)\n",
    b"Security exception: Shell does not have permission to access user 10",
];

fuzz_target!(|script: Script| {
    let index = usize::from(script.dump) % DUMPS.len();
    let fixed_factory = index % FACTORY.len() == 2;
    let (lines, user_lost) = edited(DUMPS[index].as_bytes(), &script.edits, fixed_factory);
    let mut dump = lines.concat();
    if script.crlf {
        dump = with_crlf(&dump).unwrap_or(dump);
    }
    let verdict = judged(&script, dump);
    // Users who don't have the app are left, and nothing shows that there was another.
    let allowed = user_lost && verdict != Verdict::Patched;
    assert!(allowed || !fine(verdict), "dump {index}: {verdict:?} after {script:?}");
});

/// The lines that are left, and whether one is lost that says that a user has the app.
fn edited<'a>(dump: &'a [u8], edits: &[Edit], few: bool) -> (Vec<&'a [u8]>, bool) {
    let mut lines = lines_with_ends(dump);
    let mut user_lost = false;
    for &edit in edits.iter().take(if few { FEW } else { usize::MAX }) {
        if lines.is_empty() {
            break;
        }
        let at = |index: u8| usize::from(index) % lines.len();
        let (from, count) = match edit {
            Edit::Double(index) => {
                lines.insert(at(index), lines[at(index)]);
                continue;
            }
            Edit::Lose(index) => (at(index), 1),
            Edit::LoseSome { from, .. } if few => (at(from), 1),
            Edit::LoseSome { from, count } => (at(from), usize::from(count)),
        };
        let to = (from + count).min(lines.len());
        user_lost |= lines[from..to].iter().any(|line| says_that_a_user_has_it(line));
        lines.drain(from..to);
    }
    (lines, user_lost)
}

fn says_that_a_user_has_it(line: &[u8]) -> bool {
    let word = b" installed=true";
    line.starts_with(b"    User ") && line.windows(word.len()).any(|window| window == word)
}

fn judged(script: &Script, mut dump: Vec<u8>) -> Verdict {
    let cut = |bytes: &mut Vec<u8>| {
        if let Some(cut) = script.cut {
            bytes.truncate(usize::from(cut) % (bytes.len() + 1));
        }
    };
    match script.way {
        Way::Saved => {
            cut(&mut dump);
            verdict(&saved(&dump))
        }
        Way::CutInFrame => {
            cut(&mut dump);
            dump.extend_from_slice(TAILS[usize::from(script.tail) % TAILS.len()]);
            answered(&framed(&dump), None)
        }
        Way::CutAnswer { broke } => {
            let mut answer = framed(&dump);
            cut(&mut answer);
            answered(&answer, broke.then_some(Reason::Disconnected))
        }
    }
}

fn marker() -> Marker {
    Marker::from_random([7; 16])
}

/// An answer as the phone's shell frames it.
fn framed(dump: &[u8]) -> Vec<u8> {
    let marker = marker();
    let part = |index, body: &[u8]| {
        let (open, close) = (marker.open(index), marker.close(index));
        [b"\n", open.as_bytes(), b"\n", body, b"\n", close.as_bytes(), b"0\n"].concat()
    };
    let end = format!("\n{}\n", marker.end());
    [part(0, GETPROP.as_bytes()), part(1, dump), end.into_bytes()].concat()
}

fn answered(answer: &[u8], broke: Option<Reason>) -> Verdict {
    let questions = vec![Question::Properties, Question::Dump(package().clone())];
    let mut framer = AnswerReader::new(marker());
    framer.push(answer).expect("it is small");
    let mut collected = Collected::default();
    collected.take(&Batch { questions }, framer.finish(), broke);
    verdict(collected.evidence())
}
