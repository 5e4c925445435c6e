//! The order that the events of a bench keep to (docs/watch.md): looks at one after the other and
//! says what breaks it.
//!
//! What is right about one phone is not here: whoever plugs phones in knows what they are.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// What was told so far.
#[derive(Debug, Default)]
pub(crate) struct Grammar {
    phones: BTreeMap<u64, Course>,
    lost: BTreeSet<String>,
    last_check: u64,
}

/// How one phone stands.
#[derive(Debug, Default)]
struct Course {
    visit: u64,
    /// The word for its state; `None`: it isn't plugged in.
    state: Option<String>,
    /// The check that waits for its verdict.
    open: Option<u64>,
    /// Whether this visit has its first verdict.
    judged: bool,
    /// The last verdict that isn't `unknown`.
    sure: Option<String>,
}

type Broken = Result<(), String>;

/// A rule that an event keeps to.
fn must(holds: bool, rule: &str) -> Broken {
    if holds { Ok(()) } else { Err(rule.to_owned()) }
}

impl Grammar {
    /// Takes the next event.
    ///
    /// # Errors
    /// The rule that it breaks, and the event.
    pub(crate) fn take(&mut self, event: &Value) -> Broken {
        let broken = match event["event"].as_str() {
            Some("phone_added") => self.added(event),
            Some("state_changed") => self.state_changed(event),
            Some("check_started") => self.check_started(event),
            Some("verdict") => self.verdict(event),
            Some("phone_removed") => self.removed(event),
            Some("server_lost") => {
                let new = self.lost.insert(server(&event["server"]));
                must(new, "a server that is lost isn't lost again")
            }
            Some("server_back") => {
                let was_lost = self.lost.remove(&server(&event["server"]));
                must(was_lost, "only a server that was lost comes back")
            }
            _ => Err("there is no such event".to_owned()),
        };
        broken.map_err(|rule| format!("{rule}: {event}"))
    }

    /// How many phones there were.
    pub(crate) fn phones(&self) -> usize {
        self.phones.len()
    }

    /// How many phones have this as their last verdict that isn't `unknown`.
    pub(crate) fn last_sure(&self, verdict: &str) -> usize {
        self.phones.values().filter(|phone| phone.sure.as_deref() == Some(verdict)).count()
    }

    /// Phones that are still plugged in.
    pub(crate) fn present(&self) -> Vec<u64> {
        let present = self.phones.iter().filter(|(_, phone)| phone.state.is_some());
        present.map(|(number, _)| *number).collect()
    }

    /// Phones whose check has no verdict yet.
    pub(crate) fn open(&self) -> Vec<u64> {
        let open = self.phones.iter().filter(|(_, phone)| phone.open.is_some());
        open.map(|(number, _)| *number).collect()
    }

    fn added(&mut self, event: &Value) -> Broken {
        let number = count(&event["phone"]);
        let next = self.phones.last_key_value().map_or(1, |(last, _)| last + 1);
        must(number <= next, "phones are numbered without a gap")?;
        let phone = self.phones.entry(number).or_default();
        must(phone.state.is_none(), "a phone that is plugged in isn't plugged in again")?;
        phone.visit += 1;
        must(count(&event["visit"]) == phone.visit, "the next visit has the next number")?;
        must(event["gone"].is_null(), "a phone that comes isn't gone")?;
        phone.state = event["state"].as_str().map(str::to_owned);
        phone.judged = false;
        let lost = self.lost.contains(&server(&event["connection"]["server"]));
        must(!lost, "a lost server brings no phones")
    }

    /// The phone of an event that only one that is plugged in can have.
    fn here(&mut self, event: &Value) -> Result<&mut Course, String> {
        let phone = self.phones.get_mut(&count(&event["phone"]));
        let phone = phone.filter(|phone| phone.state.is_some());
        let phone = phone.ok_or("only of a phone that is plugged in there is anything to tell")?;
        must(count(&event["visit"]) == phone.visit, "it is told of this visit")?;
        Ok(phone)
    }

    fn state_changed(&mut self, event: &Value) -> Broken {
        let phone = self.here(event)?;
        must(phone.state.as_deref() == event["from"].as_str(), "a state follows the one before")?;
        must(event["from"] != event["to"], "a change changes something")?;
        phone.state = event["to"].as_str().map(str::to_owned);
        Ok(())
    }

    /// Numbers of checks go up; those that nothing was told of leave gaps.
    fn number(&mut self, event: &Value) -> Result<u64, String> {
        let check = count(&event["check"]);
        must(check > self.last_check, "numbers of checks go up")?;
        self.last_check = check;
        Ok(check)
    }

    fn check_started(&mut self, event: &Value) -> Broken {
        let check = self.number(event)?;
        let phone = self.here(event)?;
        must(phone.state.as_deref() == Some("ready"), "only a phone that is ready is asked")?;
        must(phone.open.is_none(), "a phone is not asked twice at once")?;
        phone.open = Some(check);
        Ok(())
    }

    fn verdict(&mut self, event: &Value) -> Broken {
        let phone = self.here(event)?;
        let (check, recheck) = (count(&event["check"]), event["recheck"] == true);
        if recheck {
            must(phone.judged, "asking again comes after the first verdict")?;
            must(phone.open.is_none(), "a phone is not asked twice at once")?;
        } else {
            must(phone.open.take() == Some(check), "a verdict belongs to the check that began")?;
        }
        let first = event["first"] == true;
        must(first != phone.judged, "each visit has one first verdict")?;
        phone.judged = true;
        let verdict = event["device"]["verdict"].as_str().unwrap_or_default();
        let was_at_risk = matches!(phone.sure.as_deref(), Some("vulnerable" | "unconfirmed"));
        let fixed = was_at_risk && matches!(verdict, "patched" | "not_installed");
        must((event["fixed"] == true) == fixed, "fixed is what was at risk and is fine")?;
        if verdict != "unknown" {
            phone.sure = Some(verdict.to_owned());
        }
        Ok(())
    }

    fn removed(&mut self, event: &Value) -> Broken {
        let lost = self.lost.contains(&server(&event["connection"]["server"]));
        let phone = self.here(event)?;
        must(phone.open.is_none(), "each check has its verdict before the phone goes")?;
        must(phone.state.as_deref() == event["state"].as_str(), "a phone goes in its last state")?;
        phone.state = None;
        let why = if lost { "server_lost" } else { "unplugged" };
        must(
            event["gone"] == why || event["gone"] == "another_phone",
            "a phone goes with its server, or by itself, or another one has answered",
        )
    }
}

/// A number of an event, which its schema says is there.
fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or_default()
}

fn server(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
