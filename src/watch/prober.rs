//! Asks phones, each in a task of its own, and keeps the sessions in which a person was asked.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::{AbortHandle, Id, JoinSet};
use tokio::time::Instant;
use tracing::Instrument as _;

use super::connections::{Candidate, Route};
use crate::report::{DeviceReport, Outcome, ProbeResult};
use crate::scan::direct::{DirectConnector, connect_and_ask};
use crate::scan::{
    Answered, PhoneStep, ProbeContext, Progress, ScanOptions, ShowUpdates, interview,
    milliseconds_since, rows,
};
use crate::text::Text;
use crate::watch::board::{Attempt, ConnectionId, Event, Rules};
use micheck_adb::{DirectPhone, Link};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::identity::{SALT_BYTES, Salt};
use micheck_core::verdict::Reason;

pub(super) struct Prober {
    asking: ProbeContext,
    wait_auth: Duration,
    direct: DirectConnector,
    tasks: JoinSet<(Answered, Option<DirectPhone>)>,
    running: HashMap<Id, Running>,
    progress: UnboundedReceiver<Progress>,
    /// Sessions in which a person allowed this computer: a new one would ask again.
    kept: HashMap<ConnectionId, DirectPhone>,
    /// Attempts whose phone waits for its person.
    waiting: Vec<Attempt>,
    advisories: Arc<AdvisorySet>,
    simulated: bool,
    text: Text,
    /// What the phone answered whose attempt ended last, where evidence is kept.
    evidence: Option<(Attempt, ProbeResult)>,
}

struct Running {
    attempt: Attempt,
    handle: ConnectionId,
    row: ProbeResult,
    task: AbortHandle,
}

impl Prober {
    pub(super) fn new(scan: &Arc<ScanOptions>, rules: &Rules) -> Self {
        let (tell, progress) = mpsc::unbounded_channel();
        Self {
            asking: ProbeContext {
                options: Arc::clone(scan),
                wait_auth: Duration::ZERO,
                salt: Some(scan.salt.clone().unwrap_or_else(salt)),
                tells_all: true,
                show: None,
                budget: Arc::default(),
                progress: Some(tell),
            },
            wait_auth: scan.links.wait_auth,
            direct: DirectConnector::new(scan.links.key.clone()),
            tasks: JoinSet::new(),
            running: HashMap::new(),
            progress,
            kept: HashMap::new(),
            waiting: Vec::new(),
            advisories: Arc::clone(&scan.advisories),
            simulated: rules.simulated,
            text: rules.text,
            evidence: None,
        }
    }

    /// Begins to ask a phone; `None`: it is gone already, which is the answer.
    pub(super) fn ask(
        &mut self,
        (attempt, handle): (Attempt, ConnectionId),
        target: Option<Candidate>,
        may_prompt: bool,
        show: Option<ShowUpdates>,
    ) {
        let wait_auth = if may_prompt { self.wait_auth } else { Duration::ZERO };
        let asking = Arc::new(ProbeContext { wait_auth, show, ..self.asking.clone() });
        let number = usize::try_from(attempt.0).unwrap_or(usize::MAX);
        let gone = || Candidate { way: Route::Unknown, row: rows::somewhere_on_usb() };
        let Candidate { way, row } = target.unwrap_or_else(gone);
        let kept = self.kept.remove(&handle);
        let direct = match &way {
            Route::Usb(device) => Some(self.direct.direct.usb_phone(device)),
            Route::Network(endpoint) => Some(self.direct.direct.network_phone(endpoint)),
            Route::Server(..) | Route::Unknown => None,
        };
        let mut observation = row.clone();
        let span = tracing::debug_span!("phone", serial = %escape(&rows::called(&row)));
        let task = if let Some(phone) = direct {
            let (phone, way) = (kept.unwrap_or(phone), self.direct.clone());
            let asked = ask_directly(number, phone, way, asking, observation);
            self.tasks.spawn(asked.instrument(span))
        } else if let Route::Server(server, phone) = way {
            let asked = async move {
                let link = Link::Server { server, phone };
                let started = Instant::now();
                let (mut row, shares) = interview::ask(&link, None, &asking, observation).await;
                row.duration_ms = milliseconds_since(started);
                ((row, shares), None)
            };
            self.tasks.spawn(asked.instrument(span))
        } else {
            observation.outcome = Outcome::Skipped(Reason::Disconnected);
            self.tasks.spawn(async move { ((observation, Vec::new()), None) })
        };
        self.running.insert(task.id(), Running { attempt, handle, row, task });
    }

    /// Ends an attempt that nobody waits for.
    pub(super) fn abandon(&mut self, attempt: Attempt) {
        if let Some(running) = self.running.values().find(|running| running.attempt == attempt) {
            running.task.abort();
        }
        self.waiting.retain(|waiting| *waiting != attempt);
    }

    /// Hangs up on phones that are gone.
    pub(super) fn keep_only(&mut self, is_there: impl Fn(ConnectionId) -> bool) {
        self.kept.retain(|handle, _| is_there(*handle));
    }

    /// What happens next. Nothing is lost when this is dropped.
    pub(super) async fn next(&mut self) -> Event {
        loop {
            if self.tasks.is_empty() {
                match self.progress.recv().await {
                    Some(progress) => {
                        if let Some(event) = self.told(&progress) {
                            return event;
                        }
                    }
                    None => std::future::pending().await,
                }
            }
            tokio::select! {
                biased;
                Some(progress) = self.progress.recv() => {
                    if let Some(event) = self.told(&progress) {
                        return event;
                    }
                }
                Some(joined) = self.tasks.join_next_with_id() => {
                    let (id, ended) = match joined {
                        Ok((id, ended)) => (id, Some(ended)),
                        Err(error) => (error.id(), None),
                    };
                    let Some(running) = self.running.remove(&id) else { continue };
                    let Running { attempt, handle, row, .. } = running;
                    self.waiting.retain(|waiting| *waiting != attempt);
                    let observation = match ended {
                        Some(((observation, _), kept)) => {
                            self.kept.extend(kept.map(|phone| (handle, phone)));
                            let keeps = self.asking.options.keep_evidence;
                            self.evidence = keeps.then(|| (attempt, observation.clone()));
                            observation
                        }
                        None => rows::failed(row),
                    };
                    let report = DeviceReport::new(
                        observation,
                        &self.advisories,
                        self.text,
                        self.simulated,
                    );
                    return Event::Answered { attempt, report: Box::new(report) };
                }
            }
        }
    }

    pub(super) fn take_evidence(&mut self, attempt: Attempt) -> Option<ProbeResult> {
        let (of, row) = self.evidence.take()?;
        (of == attempt).then_some(row)
    }

    fn told(&mut self, progress: &Progress) -> Option<Event> {
        let attempt = Attempt(u64::try_from(progress.phone).ok()?);
        match progress.step {
            PhoneStep::WaitsForPerson => {
                self.waiting.push(attempt);
                Some(Event::Waits { attempt })
            }
            // The first time that it is asked is no news.
            PhoneStep::Asked if self.waiting.contains(&attempt) => {
                self.waiting.retain(|waiting| *waiting != attempt);
                Some(Event::Allowed { attempt })
            }
            PhoneStep::Asked | PhoneStep::Listed(_) | PhoneStep::Done => None,
        }
    }
}

/// Asks a phone without a server: in the session that is there, else in a new one. A session in
/// which its person was asked is kept.
async fn ask_directly(
    number: usize,
    phone: DirectPhone,
    way: DirectConnector,
    asking: Arc<ProbeContext>,
    row: ProbeResult,
) -> (Answered, Option<DirectPhone>) {
    if phone.has_session().await {
        let started = Instant::now();
        let link = Link::Direct(phone.clone());
        let deadline = started + asking.options.links.timeout;
        let (mut row, shares) = interview::ask(&link, Some(deadline), &asking, row).await;
        row.duration_ms = milliseconds_since(started);
        let kept = phone.has_session().await.then_some(phone);
        return ((row, shares), kept);
    }
    let (row, shares, asked_person) =
        connect_and_ask(phone.clone(), number, way, asking, row).await;
    let keep = asked_person && phone.has_session().await;
    if !keep {
        phone.hang_up().await;
    }
    ((row, shares), keep.then_some(phone))
}

/// What is mixed into the hashes by which phones are known again. It never leaves the program, nor do
/// they: without randomness they still tell phones apart.
fn salt() -> Salt {
    let mut bytes = [0; SALT_BYTES];
    let _ = getrandom::fill(&mut bytes);
    Salt::new(bytes)
}
