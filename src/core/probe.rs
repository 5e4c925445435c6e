//! The probe: the shell command that fetches a phone's evidence, and its answer taken apart.
//!
//! Pure text and bytes; sending and receiving are `adb`'s, the order of asking is
//! `scan`'s, what the evidence means is `verdict`'s.

mod command;
mod markers;

pub use command::Question;
pub use markers::{AnswerReader, MarkedAnswer, Marker, TooLarge};

use std::fmt::Write as _;

use crate::advisory::AdvisorySet;
use crate::evidence::{Evidence, Origin, Part, PartEnd};
use crate::getprop::Properties;
use crate::identity::{Identity, Salt, listed_serial, serial_code};
use crate::judge::{FIRST_SDK_WITH_NOT_FOUND_TEXT, Finding};
use crate::verdict::Reason;

/// The longest command, in bytes: phones up to Android 6 take an OPEN message of
/// at most 4,096, and the service's name needs its share.
pub const MAX_COMMAND_BYTES: usize = 3_000;

/// Questions that go to the phone in one shell command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// In the order of asking; never empty.
    pub questions: Vec<Question>,
}

impl Batch {
    /// The shell command, framed by `marker`.
    ///
    /// Plain `echo` and variables only: the shells of old phones have no `printf`,
    /// and no `grep` or pipes can be relied on.
    #[must_use]
    pub fn command(&self, marker: &Marker) -> String {
        let mut command = String::new();
        for (index, question) in self.questions.iter().enumerate() {
            let question = question.command();
            let (open, close) = (marker.open(index), marker.close(index));
            write!(command, "echo;echo {open};{question} 2>&1;e=$?;echo;echo {close}$e;")
                .expect("a String takes every write");
        }
        write!(command, "echo;echo {}", marker.end()).expect("a String takes every write");
        command
    }
}

/// Cuts questions into batches whose commands keep to [`MAX_COMMAND_BYTES`].
#[must_use]
pub fn batches(questions: Vec<Question>) -> Vec<Batch> {
    let marker = Marker::from_random([0; 16]);
    let mut batches: Vec<Batch> = Vec::new();
    for question in questions {
        if let Some(last) = batches.last_mut() {
            last.questions.push(question.clone());
            if last.command(&marker).len() <= MAX_COMMAND_BYTES {
                continue;
            }
            last.questions.pop();
        }
        batches.push(Batch { questions: vec![question] });
    }
    batches
}

/// What every phone is asked first: its properties, and each package of the advisories, those
/// that count by default before the others.
#[must_use]
pub fn first_questions(advisories: &AdvisorySet) -> Vec<Question> {
    let dumps = advisories.packages().into_iter().map(Question::Dump);
    std::iter::once(Question::Properties).chain(dumps).collect()
}

/// What a phone is asked after its first answer, judged as `findings`.
///
/// Phones below Android 7 (or that don't say) print nothing for an unknown package,
/// so `pm` must confirm it; phones at risk are asked whether their updaters are there.
#[must_use]
pub fn follow_up_questions(
    evidence: &Evidence,
    findings: &[Finding],
    advisories: &AdvisorySet,
) -> Vec<Question> {
    let listing_is_whole = matches!(evidence.properties_end, PartEnd::Closed { .. });
    let old = evidence.properties.sdk().is_none_or(|sdk| sdk < FIRST_SDK_WITH_NOT_FOUND_TEXT);
    let mut lists = Vec::new();
    if listing_is_whole && old {
        lists.extend(advisories.packages().into_iter().map(Question::PmList));
    }
    let mut updaters = Vec::new();
    for advisory in &advisories.advisories {
        let mut own = findings.iter().filter(|finding| finding.advisory == advisory.id);
        if own.any(|finding| finding.verdict.is_at_risk()) {
            updaters.extend(advisory.updaters().cloned());
        }
    }
    updaters.sort();
    updaters.dedup();
    if lists.is_empty() && updaters.is_empty() {
        return Vec::new();
    }
    let updaters = updaters.into_iter().map(Question::Updater);
    std::iter::once(Question::PmControl).chain(lists).chain(updaters).collect()
}

impl Evidence {
    /// Takes in the answer to a question; with a salt the phone's identity is read, too.
    pub fn put(&mut self, question: Question, part: Part, salt: Option<&Salt>) {
        match question {
            Question::Properties => {
                self.properties = Properties::read(&part.body);
                if let (Some(salt), true) = (salt, part.succeeded()) {
                    self.identity = Identity::read(&part.body, &self.properties, salt);
                    self.serial_code =
                        listed_serial(&part.body).map(|serial| serial_code(serial, salt));
                }
                self.properties_end = part.end;
            }
            Question::Dump(name) => drop(self.dumps.insert(name, part)),
            Question::PmControl => self.pm_control = Some(part),
            Question::PmList(name) => drop(self.pm_lists.insert(name, part)),
            Question::Updater(name) => drop(self.updaters.insert(name, part)),
            Question::Show(route, app) => self.shown.push((route, app, part)),
        }
    }
}

/// A phone's evidence while it is being collected.
#[derive(Debug, Clone)]
pub struct Collected {
    evidence: Evidence,
    /// What is mixed into the hash by which the phone is known again; `None`: nobody wants that.
    salt: Option<Salt>,
}

impl Default for Collected {
    fn default() -> Self {
        Self::new(None)
    }
}

impl Collected {
    /// Nothing yet. With a salt the phone's identity is read, too.
    #[must_use]
    pub fn new(salt: Option<Salt>) -> Self {
        Self { evidence: Evidence::none(Origin::Live, Reason::IncompleteAnswer), salt }
    }

    /// Takes in the answer to `batch`. `reason` says why the answer ended early; `None`: it didn't.
    ///
    /// Of the property listing only allow-listed keys are kept.
    /// Gives the number of bytes that are kept.
    pub fn take(&mut self, batch: &Batch, framing: MarkedAnswer, reason: Option<Reason>) -> usize {
        let evidence = &mut self.evidence;
        let dumps = batch.questions.iter().any(|question| matches!(question, Question::Dump(_)));
        // A phone that is slow broke nothing: what came whole in its time stays believed.
        if dumps && reason != Some(Reason::Timeout) {
            let endless = (!framing.ended()).then_some(Reason::IncompleteAnswer);
            evidence.broken = evidence.broken.or(reason).or(endless);
        }
        let parts = framing.into_parts(batch.questions.len());
        let mut kept = 0;
        for (question, part) in batch.questions.iter().zip(parts) {
            let part =
                part.unwrap_or_else(|| Part::missing(reason.unwrap_or(Reason::IncompleteAnswer)));
            if !matches!(question, Question::Properties) {
                kept += part.body.len();
            }
            evidence.put(question.clone(), part, self.salt.as_ref());
        }
        kept
    }

    /// Notes that `batch` wasn't asked, and why.
    pub fn skip(&mut self, batch: &Batch, reason: Reason) {
        let nothing = AnswerReader::new(Marker::from_random([0; 16])).finish();
        self.take(batch, nothing, Some(reason));
    }

    /// The evidence so far.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// The evidence, when nothing more comes.
    #[must_use]
    pub fn into_evidence(self) -> Evidence {
        self.evidence
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::package_name::PackageName;

    fn set() -> AdvisorySet {
        AdvisorySet::embedded().by_default()
    }

    #[test]
    fn the_command_is_plain_shell() {
        let batch = Batch { questions: first_questions(&set()) };
        let marker = Marker::from_random([0xab; 16]);
        let m = "ab".repeat(16);
        assert_eq!(
            batch.command(&marker),
            format!(
                "echo;echo {m}+0;getprop 2>&1;e=$?;echo;echo {m}-0:$e;\
                 echo;echo {m}+1;dumpsys package com.xiaomi.mi_connect_service 2>&1;e=$?;echo;echo {m}-1:$e;\
                 echo;echo {m}."
            )
        );
    }

    #[test]
    fn long_probes_are_cut_into_several_commands() {
        let questions: Vec<_> = (0..60)
            .map(|n| {
                Question::Dump(
                    PackageName::try_from(format!("com.example.app{n}").as_str()).unwrap(),
                )
            })
            .collect();
        let batches = batches(questions.clone());
        assert!(batches.len() > 1);
        let marker = Marker::from_random([0; 16]);
        for batch in &batches {
            assert!(batch.command(&marker).len() <= MAX_COMMAND_BYTES);
        }
        let asked: Vec<_> = batches.into_iter().flat_map(|batch| batch.questions).collect();
        assert_eq!(asked, questions);
    }

    #[test]
    fn every_advisory_fits_into_one_command_with_the_default_first() {
        let all = AdvisorySet::embedded();
        let questions = first_questions(&all);
        assert_eq!(questions[..2], first_questions(&all.by_default()));
        assert_eq!(questions.len(), 1 + all.packages().len());
        assert_eq!(batches(questions).len(), 1);
    }

    #[test]
    fn a_deadline_leaves_whole_parts_believed_and_a_broken_connection_does_not() {
        let batch = Batch { questions: first_questions(&set()) };
        let marker = Marker::from_random([7; 16]);
        let dump = "Unable to find package: com.xiaomi.mi_connect_service\n";
        let properties = "[sys.boot_completed]: [1]\n[ro.product.brand]: [Redmi]\n";
        let mut answer = String::new();
        for (index, body) in [properties, dump].iter().enumerate() {
            let (open, close) = (marker.open(index), marker.close(index));
            write!(answer, "\n{open}\n{body}\n{close}0\n").unwrap();
        }
        for (reason, expected) in [
            (Some(Reason::Timeout), "not_installed"),
            (Some(Reason::Disconnected), "unknown"),
            (None, "unknown"),
        ] {
            let mut framer = AnswerReader::new(marker.clone());
            framer.push(answer.as_bytes()).unwrap();
            let mut collected = Collected::default();
            collected.take(&batch, framer.finish(), reason);
            let findings = crate::judge::judge_all(collected.evidence(), &set());
            assert_eq!(findings[0].verdict.key(), expected, "{reason:?}");
        }
    }

    /// A phone's evidence that says only which Android it has.
    fn evidence_of(listing: &str, exit_code: u8) -> Evidence {
        let mut evidence = Evidence::none(Origin::Live, Reason::IncompleteAnswer);
        evidence.properties = Properties::read(listing.as_bytes());
        evidence.properties_end = PartEnd::Closed { exit_code };
        evidence
    }

    #[test]
    fn where_android_does_not_say_that_an_app_is_missing_pm_is_asked() {
        let ask = |evidence: &Evidence| follow_up_questions(evidence, &[], &set());
        for (listing, is_asked) in [
            ("[ro.build.version.sdk]: [21]\n", true),
            ("[ro.build.version.sdk]: [23]\n", true),
            ("[ro.build.version.sdk]: [24]\n", false),
            ("[ro.build.version.sdk]: [34]\n", false),
            ("[ro.product.brand]: [Redmi]\n", true),
        ] {
            let questions = ask(&evidence_of(listing, 0));
            let name = set().packages()[0].clone();
            let expected =
                if is_asked { vec![Question::PmControl, Question::PmList(name)] } else { vec![] };
            assert_eq!(questions, expected, "{listing}");
        }
        let mut cut = evidence_of("[ro.build.version.sdk]: [21]\n", 0);
        cut.properties_end = PartEnd::Cut(Reason::IncompleteAnswer);
        assert_eq!(ask(&cut), []);
    }

    #[test]
    fn phones_at_risk_are_asked_for_their_updaters_each_once() {
        let evidence = evidence_of("[ro.build.version.sdk]: [34]\n", 0);
        let all = AdvisorySet::embedded();
        let mut findings = crate::judge::judge_all(&evidence, &all);
        assert_eq!(follow_up_questions(&evidence, &findings, &all), []);
        for finding in &mut findings {
            finding.verdict = crate::verdict::Verdict::Vulnerable;
        }
        let questions = follow_up_questions(&evidence, &findings, &all);
        assert_eq!(questions[0], Question::PmControl);
        let mut names: Vec<_> =
            all.advisories.iter().flat_map(crate::advisory::Advisory::updaters).cloned().collect();
        names.sort();
        names.dedup();
        let expected: Vec<_> = names.into_iter().map(Question::Updater).collect();
        assert!(!expected.is_empty());
        assert_eq!(questions[1..], expected);
    }
}
