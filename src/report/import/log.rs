//! The log of a bench: what was found last of each phone, and before.

mod event;

pub(super) use event::is_event;

use super::{FileFault, event_of, known_version, lines, parsed, with_reason};
use crate::report::{
    AdvisoriesUsed, Before, DeviceReport, Gone, Outcome, ProbeResult, Report, RunLine,
    SCHEMA_VERSION, SourceRun, Tool,
};
use crate::text::Text;
use event::{Judged, LineHead, Lost, Seen};
use micheck_core::advisory::AdvisorySet;
use micheck_core::verdict::Reason;

/// What of a log isn't there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// This line, from 1, was broken off.
    Line(usize),
    /// So many events before this line were never written.
    Events {
        /// The line, from 1.
        line: usize,
        /// How many.
        count: usize,
    },
}

/// A phone of one run.
struct Phone {
    /// How it was seen last; its state is empty when it has left.
    seen: Seen,
    judged: Option<Judged>,
    before: Option<Before>,
    /// What was known when this visit began.
    known: (Option<Judged>, Option<Before>),
}

/// Reads a log: of each phone what was found last. One that is at risk stays so until an answer
/// says otherwise, as on the board.
pub(super) fn read(
    file: &str,
    content: &[u8],
    set: &AdvisorySet,
    text: Text,
) -> Result<(Report, Vec<Missing>), FileFault> {
    let mut reader = LogReader::default();
    for (at, line) in lines(content) {
        reader.apply(at, line)?;
    }
    Ok(reader.finish(file, set, text))
}

/// A log as far as it was read.
#[derive(Default)]
struct LogReader {
    phones: Vec<Phone>,
    /// Whether its phones are simulated; `None` before the first line.
    simulated: Option<bool>,
    last_at: String,
    missing: Vec<Missing>,
}

impl LogReader {
    /// The next line, and its number from 1.
    fn apply(&mut self, at: usize, line: &[u8]) -> Result<(), FileFault> {
        let event = match event_of(line) {
            // By a bench that was killed, or whose disk was full.
            Err(error) if error.is_eof() => {
                self.missing.push(Missing::Line(at));
                return Ok(());
            }
            event => event.map_err(|error| FileFault::not_a_report(Some(at), &error))?,
        };
        if !is_event(&event) && !matches!(&*event, "server_lost" | "server_back" | "lines_lost") {
            let reason = "no event of a bench".to_owned();
            return Err(FileFault::NotAReport { line: Some(at), reason });
        }
        let head: LineHead = parsed(Some(at), line)?;
        if *self.simulated.get_or_insert(head.simulated) != head.simulated {
            let what = "it has both simulated and real phones, which are never merged";
            return Err(what.into());
        }
        self.last_at = head.at;
        match event.as_str() {
            "phone_added" => self.add(parsed(Some(at), line)?),
            "state_changed" => self.change(parsed(Some(at), line)?),
            "verdict" => self.judge(at, parsed(Some(at), line)?)?,
            "phone_removed" => self.remove(parsed(Some(at), line)?),
            "lines_lost" => self.lose(at, parsed(Some(at), line)?),
            // A check that began, a screen that was asked for, a server that went or came back.
            _ => {}
        }
        Ok(())
    }

    /// The phone of this number in its run. Logs didn't always say which run a line is from: then it
    /// is the last phone of this number that is at this connection, as far as its serial number was
    /// known, else the last one of this number.
    fn find(&mut self, seen: &Seen) -> Option<&mut Phone> {
        let at_connection = |phone: &Phone| {
            let (last, now) = (&phone.seen.connection, &seen.connection);
            (&last.server, &last.serial) == (&now.server, &now.serial)
        };
        let phones = &self.phones;
        let last_there = || phones.iter().rposition(|one| one.is(seen) && at_connection(one));
        let at = seen.run.is_none().then(last_there).flatten();
        let at = at.or_else(|| phones.iter().rposition(|phone| phone.is(seen)))?;
        self.phones.get_mut(at)
    }

    fn add(&mut self, seen: Seen) {
        // The first visit of this number is a phone of its own.
        let Some(phone) = self.find(&seen).filter(|_| seen.visit > 1) else {
            self.phones.push(Phone::new(seen));
            return;
        };
        phone.known = (phone.judged.clone(), phone.before.clone());
        phone.seen = Seen { model: phone.seen.model.take(), ..seen };
    }

    fn change(&mut self, seen: Seen) {
        if let Some(phone) = self.find(&seen) {
            (phone.seen.state, phone.seen.at) = (seen.state, seen.at);
        } else if !self.missing.is_empty() {
            // Its first line is missing.
            self.phones.push(Phone::new(seen));
        }
    }

    fn judge(&mut self, at: usize, mut judged: Judged) -> Result<(), FileFault> {
        known_version(judged.schema_version)?;
        judged.device.verdict = with_reason(judged.device.verdict, judged.device.reason)?;
        let seen = judged.seen();
        if let Some(phone) = self.find(&seen) {
            phone.take(judged);
        } else if self.missing.is_empty() {
            let what = format!("line {at} is about a phone that was never plugged in");
            return Err(FileFault::Contradiction(what));
        } else {
            // Its coming is missing.
            let mut phone = Phone::new(seen);
            phone.take(judged);
            self.phones.push(phone);
        }
        Ok(())
    }

    /// A phone has left. What came of a visit in which another phone answered wasn't its; and one
    /// that was never anything but taken for another isn't any.
    fn remove(&mut self, seen: Seen) {
        let is_another = seen.gone == Some(Gone::AnotherPhone);
        let Some(phone) = self.find(&seen) else {
            // Its first line is missing; one that was taken for another has a row of its own.
            if !self.missing.is_empty() && !is_another {
                self.phones.push(Phone::new(Seen { state: String::new(), ..seen }));
            }
            return;
        };
        phone.seen.state = String::new();
        phone.seen.at.clone_from(&seen.at);
        if is_another {
            phone.forget_visit();
        }
        let was_taken_for_another =
            |phone: &Phone| phone.is(&seen) && seen.visit == 1 && phone.judged.is_none();
        self.phones.retain(|phone| !is_another || !was_taken_for_another(phone));
    }

    fn lose(&mut self, at: usize, Lost { run, lines, .. }: Lost) {
        self.missing.push(Missing::Events { line: at, count: lines });
        // Each may have been found at risk in what was lost.
        for phone in self.phones.iter_mut().filter(|phone| phone.seen.run.as_ref() == Some(&run)) {
            phone.forget_unless_at_risk();
        }
    }

    /// The report, and what of the log isn't there.
    fn finish(self, file: &str, set: &AdvisorySet, text: Text) -> (Report, Vec<Missing>) {
        let any = self.phones.iter().find_map(|phone| phone.judged.as_ref());
        let used = |judged: &Judged| (judged.tool.clone(), judged.advisories.clone());
        let of_run = any.map_or_else(|| (Tool::default(), AdvisoriesUsed::of(set)), used);
        let simulated = self.simulated.unwrap_or_default();
        let row = |phone: Phone| {
            let at = phone.judged.as_ref().map_or(&phone.seen.at, |judged| &judged.at).clone();
            let (tool, advisories) = phone.judged.as_ref().map_or_else(|| of_run.clone(), used);
            let mut device = phone.into_device(set, text, simulated);
            let file = file.to_owned();
            device.origin = Some(SourceRun { file, taken_at: at, tool, advisories });
            device
        };
        let devices: Vec<DeviceReport> = self.phones.into_iter().map(row).collect();
        let (tool, advisories) = of_run;
        let run = RunLine {
            schema_version: SCHEMA_VERSION,
            tool,
            advisories,
            taken_at: self.last_at,
            simulated,
            language: text.language,
        };
        (Report::of_run(run, devices), self.missing)
    }
}

impl Phone {
    const fn new(seen: Seen) -> Self {
        Self { seen, judged: None, before: None, known: (None, None) }
    }

    /// Events are missing in which it may have been found at risk.
    fn forget_unless_at_risk(&mut self) {
        let at_risk = |judged: &Judged| judged.device.verdict.is_at_risk();
        if !self.judged.as_ref().is_some_and(at_risk) {
            (self.judged, self.before, self.known) = (None, None, (None, None));
            Reason::IncompleteAnswer.key().clone_into(&mut self.seen.state);
        }
    }

    fn is(&self, seen: &Seen) -> bool {
        (&self.seen.run, self.seen.phone) == (&seen.run, seen.phone)
    }

    /// Another phone has answered: nothing of this visit was this one's, but what it said itself.
    fn forget_visit(&mut self) {
        let said = self.judged.as_ref().is_some_and(|Judged { device, .. }| {
            // No server's list says that, only the phone itself.
            device.verdict.reason().is_none() || device.device.android.is_some()
        });
        if !said {
            (self.judged, self.before) = std::mem::take(&mut self.known);
        }
    }

    /// Takes a verdict, and keeps the one before it if that says something else.
    fn take(&mut self, judged: Judged) {
        let version = |device: &DeviceReport| {
            device.decisive_finding().and_then(|finding| finding.version.clone())
        };
        let Some(last) = &self.judged else {
            self.before = judged.before.clone().filter(|before| before.reason.is_none());
            self.judged = Some(judged);
            return;
        };
        let (was, is) = (last.device.verdict, judged.device.verdict);
        // A phone at risk stays so until an answer says otherwise.
        if was.is_at_risk() && is.reason().is_some() {
            return;
        }
        let changed = was != is || version(&last.device) != version(&judged.device);
        if changed && was.reason().is_none() {
            self.before = Some(Before {
                verdict: was,
                reason: None,
                version: version(&last.device),
                package: last.device.decisive_finding().map(|finding| finding.package.clone()),
                at: last.at.clone(),
                number: None,
            });
        }
        self.judged = Some(judged);
    }

    /// The row of a report.
    fn into_device(self, set: &AdvisorySet, text: Text, simulated: bool) -> DeviceReport {
        let Self { seen, judged, before, .. } = self;
        if let Some(judged) = judged {
            return DeviceReport { before, ..judged.device };
        }
        // Nobody asked it: for the reason that its state is, or because it left first.
        let reason = Reason::ALL.iter().copied().find(|reason| reason.key() == seen.state);
        let observation = ProbeResult {
            connection: seen.connection,
            listed_model: seen.model,
            outcome: Outcome::Skipped(reason.unwrap_or(Reason::Disconnected)),
            detail: None,
            duration_ms: 0,
            source: None,
        };
        DeviceReport::new(observation, set, text, simulated)
    }
}
