//! The log of a bench: what was found last of each phone, and before.

mod event;

pub(super) use event::is_event;

use super::{FileFault, known_version, lines, with_reason};
use crate::report::{
    AdvisoriesUsed, Before, Connection, DeviceReport, Gone, Outcome, ProbeResult, Report, RunLine,
    SCHEMA_VERSION, SourceRun, Tool,
};
use crate::text::Text;
use event::{Judged, LogLine, Lost, Seen};
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
        let Some(line) = LogLine::unless_broken_off(at, line)? else {
            self.missing.push(Missing::Line(at));
            return Ok(());
        };
        let (time, is_simulated) = line.moment();
        if *self.simulated.get_or_insert(is_simulated) != is_simulated {
            let what = "it has both simulated and real phones, which are never merged";
            return Err(what.into());
        }
        time.clone_into(&mut self.last_at);
        match line {
            LogLine::PhoneAdded(seen) => self.add(seen),
            LogLine::StateChanged(seen) => self.change(seen),
            LogLine::Verdict(judged) => self.judge(at, *judged)?,
            LogLine::PhoneRemoved(seen) => self.remove(seen),
            LogLine::LinesLost(lost) => self.lose(at, lost),
            LogLine::Other(_) => {}
        }
        Ok(())
    }

    /// The phone of this number in its run. Logs didn't always say which run a line is from: then it
    /// is the last phone of this number that is at this connection, as far as its serial number was
    /// known, else the last one of this number.
    fn find(
        &mut self,
        run: Option<&str>,
        number: u32,
        connection: &Connection,
    ) -> Option<&mut Phone> {
        let at_connection = |phone: &Phone| {
            let last = &phone.seen.connection;
            (&last.server, &last.serial) == (&connection.server, &connection.serial)
        };
        let phones = &self.phones;
        let last_there =
            || phones.iter().rposition(|one| one.is(run, number) && at_connection(one));
        let at = run.is_none().then(last_there).flatten();
        let at = at.or_else(|| phones.iter().rposition(|phone| phone.is(run, number)))?;
        self.phones.get_mut(at)
    }

    fn find_seen(&mut self, seen: &Seen) -> Option<&mut Phone> {
        self.find(seen.run.as_deref(), seen.phone, &seen.connection)
    }

    fn add(&mut self, seen: Seen) {
        // The first visit of this number is a phone of its own.
        let Some(phone) = self.find_seen(&seen).filter(|_| seen.visit > 1) else {
            self.phones.push(Phone::new(seen));
            return;
        };
        phone.known = (phone.judged.clone(), phone.before.clone());
        phone.seen = Seen { model: phone.seen.model.take(), ..seen };
    }

    fn change(&mut self, seen: Seen) {
        if let Some(phone) = self.find_seen(&seen) {
            (phone.seen.state, phone.seen.at) = (seen.state, seen.at);
        } else if !self.missing.is_empty() {
            // Its first line is missing.
            self.phones.push(Phone::new(seen));
        }
    }

    fn judge(&mut self, at: usize, mut judged: Judged) -> Result<(), FileFault> {
        known_version(judged.schema_version)?;
        judged.device.verdict = with_reason(judged.device.verdict, judged.device.reason)?;
        let found = self.find(judged.run.as_deref(), judged.phone, &judged.device.connection);
        if let Some(phone) = found {
            phone.take(judged);
        } else if self.missing.is_empty() {
            let what = format!("line {at} is about a phone that was never plugged in");
            return Err(FileFault::Contradiction(what));
        } else {
            self.phones.push(Phone::of_verdict(judged));
        }
        Ok(())
    }

    /// A phone has left. What came of a visit in which another phone answered wasn't its; and one
    /// that was never anything but taken for another isn't any.
    fn remove(&mut self, seen: Seen) {
        let is_another = seen.gone == Some(Gone::AnotherPhone);
        let Some(phone) = self.find_seen(&seen) else {
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
        let was_taken_for_another = |phone: &Phone| {
            phone.is(seen.run.as_deref(), seen.phone) && seen.visit == 1 && phone.judged.is_none()
        };
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
        let tool = any.map_or_else(Tool::default, |judged| judged.tool.clone());
        let advisories =
            any.map_or_else(|| AdvisoriesUsed::of(set), |judged| judged.advisories.clone());
        let simulated = self.simulated.unwrap_or_default();
        let row = |phone: Phone| {
            let at = phone.judged.as_ref().map_or(&phone.seen.at, |judged| &judged.at).clone();
            let (tool, advisories) = match &phone.judged {
                Some(judged) => (judged.tool.clone(), judged.advisories.clone()),
                None => (tool.clone(), advisories.clone()),
            };
            let mut device = phone.into_device(set, text, simulated);
            let file = file.to_owned();
            device.origin = Some(SourceRun { file, taken_at: at, tool, advisories });
            device
        };
        let devices: Vec<DeviceReport> = self.phones.into_iter().map(row).collect();
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

    /// A phone whose coming is missing, known by what was found.
    fn of_verdict(judged: Judged) -> Self {
        let mut phone = Self::new(Seen {
            at: judged.at.clone(),
            run: judged.run.clone(),
            simulated: judged.simulated,
            phone: judged.phone,
            visit: 1,
            connection: judged.device.connection.clone(),
            model: None,
            state: String::new(),
            gone: None,
        });
        phone.take(judged);
        phone
    }

    /// Events are missing in which it may have been found at risk.
    fn forget_unless_at_risk(&mut self) {
        let at_risk = |judged: &Judged| judged.device.verdict.is_at_risk();
        if !self.judged.as_ref().is_some_and(at_risk) {
            (self.judged, self.before, self.known) = (None, None, (None, None));
            Reason::IncompleteAnswer.key().clone_into(&mut self.seen.state);
        }
    }

    fn is(&self, run: Option<&str>, number: u32) -> bool {
        self.seen.run.as_deref() == run && self.seen.phone == number
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
