//! One pass over all phones: every server's list, every phone asked at once. Shell: does I/O.

mod follow;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use tokio::time::Instant;
use tracing::Instrument as _;

use crate::adb::server::ServerError;
use crate::adb::{Answer, Budget, Endpoint, Link, ListedPhone, Server, Share, Trouble};
use crate::advisory::AdvisorySet;
use crate::evidence::PartEnd;
use crate::printable::{decode, escape};
use crate::probe::{Collected, Question, batches, first_questions, follow_up_questions};
use crate::report::{Asked, Connection, LINK_ADB_SERVER, Observation, Outcome, judge_all};
use crate::verdict::Reason;

/// What a scan needs to know.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The adb servers to ask, each once.
    pub servers: Vec<Endpoint>,
    /// The time that each phone has, from the first byte to the last.
    pub timeout: Duration,
    /// How long a person has to allow this computer on a phone that asks; nothing: no waiting.
    pub wait_auth: Duration,
    /// What phones are asked about.
    pub advisories: Arc<AdvisorySet>,
    /// Whether the raw parts of every answer are kept, for whoever writes them down.
    pub keep_evidence: bool,
    /// Who is told how it goes; `None`: nobody.
    pub progress: Option<UnboundedSender<Progress>>,
}

/// A phone took its next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The phone's number in this scan.
    pub phone: usize,
    /// The step.
    pub step: PhoneStep,
}

/// The steps of a phone in a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneStep {
    /// It is in a server's list, and called this (decoded, not escaped).
    Listed(String),
    /// A person must allow this computer on it.
    WaitsForPerson,
    /// It is being asked.
    Asked,
    /// Nothing more happens to it.
    Done,
}

/// What a scan found.
#[derive(Debug)]
pub struct Found {
    /// One for each phone, and one for each server that couldn't be asked
    /// while another could. Not yet in order.
    pub observations: Vec<Observation>,
    /// Servers that couldn't be asked.
    pub lost_servers: Vec<ServerError>,
    /// How many servers gave their list.
    pub servers_reached: usize,
    /// The memory that the observations may hold; to be kept for as long as they are.
    pub shares: Vec<Share>,
}

/// Asks every phone of every server, all at once. Never fails: what goes wrong with a
/// phone or a server stands in its own row.
pub async fn scan(plan: &Plan) -> Found {
    let mut lists = JoinSet::new();
    for endpoint in plan.servers.clone() {
        let server = Server::new(endpoint);
        lists.spawn(async move {
            let list = server.devices().await;
            (server, list)
        });
    }
    let common = Arc::new(Asking {
        timeout: plan.timeout,
        wait_auth: plan.wait_auth,
        keep_evidence: plan.keep_evidence,
        advisories: Arc::clone(&plan.advisories),
        budget: Arc::default(),
        progress: plan.progress.clone(),
    });
    let mut found = Found {
        observations: Vec::new(),
        lost_servers: Vec::new(),
        servers_reached: 0,
        shares: Vec::new(),
    };
    let mut phones = Phones::default();
    let mut lost_rows = Vec::new();
    // Phones of a server that answers are asked while another is still waited for.
    while let Some(joined) = lists.join_next().await {
        let Ok((server, list)) = joined else { continue };
        match list {
            Ok(list) => {
                found.servers_reached += 1;
                phones.start(&server, list, &common, &mut found.observations);
            }
            Err(error) => {
                tracing::debug!(server = %server.endpoint(), %error, "server lost");
                lost_rows.push(lost_server(server.endpoint(), &error));
                found.lost_servers.push(error);
            }
        }
    }
    phones.finish(&mut found).await;
    if found.servers_reached > 0 {
        found.observations.extend(lost_rows);
    }
    found
}

/// What all phones' tasks share.
struct Asking {
    timeout: Duration,
    wait_auth: Duration,
    keep_evidence: bool,
    advisories: Arc<AdvisorySet>,
    budget: Arc<Budget>,
    progress: Option<UnboundedSender<Progress>>,
}

impl Asking {
    fn tell(&self, phone: usize, step: PhoneStep) {
        if let Some(progress) = &self.progress {
            // Whoever listened may have gone; the scan goes on.
            let _ = progress.send(Progress { phone, step });
        }
    }
}

/// The phones that are being asked.
#[derive(Default)]
struct Phones {
    tasks: JoinSet<(Observation, Vec<Share>)>,
    /// By task, what to say of the phone if its task breaks.
    asked: HashMap<tokio::task::Id, Observation>,
    /// Those who follow servers' lists; they end with this.
    followers: JoinSet<()>,
    /// How many phones there have been.
    count: usize,
}

impl Phones {
    fn start(
        &mut self,
        server: &Server,
        list: Vec<ListedPhone>,
        asking: &Arc<Asking>,
        done: &mut Vec<Observation>,
    ) {
        let ambiguous = ambiguous_serials(&list);
        let waits =
            |phone: &ListedPhone| phone.state.may_be_allowed() && !asking.wait_auth.is_zero();
        let followed = list
            .iter()
            .any(waits)
            .then(|| follow::follow(server.clone(), list.clone(), &mut self.followers));
        for phone in list {
            let number = self.count;
            self.count += 1;
            let mut observation = not_asked(server.endpoint(), &phone);
            asking.tell(number, PhoneStep::Listed(called(&observation)));
            let twice = phone.transport_id.is_none() && ambiguous.contains(&phone.serial);
            let reason = match phone.state.reason() {
                Some(reason) if !waits(&phone) => Some(reason),
                _ => twice.then_some(Reason::AmbiguousSerial),
            };
            if let Some(reason) = reason {
                observation.outcome = Outcome::NotAsked(reason);
                done.push(observation);
                asking.tell(number, PhoneStep::Done);
                continue;
            }
            let task = wait_and_ask(
                Job { link: Link::Server(server.clone()), phone, number },
                followed.clone(),
                Arc::clone(asking),
                observation.clone(),
            );
            let span = tracing::debug_span!("phone", serial = %escape(&called(&observation)));
            let id = self.tasks.spawn(task.instrument(span)).id();
            self.asked.insert(id, observation);
        }
    }

    async fn finish(mut self, found: &mut Found) {
        while let Some(joined) = self.tasks.join_next_with_id().await {
            match joined {
                Ok((_, (observation, shares))) => {
                    found.observations.push(observation);
                    found.shares.extend(shares);
                }
                // A fault of ours while reading this phone's answer costs this phone only.
                Err(error) => found.observations.extend(self.asked.remove(&error.id()).map(
                    |mut observation| {
                        observation.outcome = Outcome::NotAsked(Reason::UnreadableAnswer);
                        observation.detail = Some("micheck failed on this answer".to_owned());
                        observation
                    },
                )),
            }
        }
    }
}

/// A phone that is to be asked, and how.
struct Job {
    link: Link,
    phone: ListedPhone,
    number: usize,
}

/// Asks a phone, once a person has allowed it if that is still to come.
async fn wait_and_ask(
    mut job: Job,
    followed: Option<follow::Lists>,
    asking: Arc<Asking>,
    mut observation: Observation,
) -> (Observation, Vec<Share>) {
    let started = Instant::now();
    let number = job.number;
    let mut shares = Vec::new();
    let allowed = match (job.phone.state.may_be_allowed(), followed) {
        (true, Some(mut lists)) => {
            asking.tell(number, PhoneStep::WaitsForPerson);
            lists.allowed(&job.phone, asking.wait_auth).await
        }
        _ => Ok(job.phone.clone()),
    };
    match allowed {
        Ok(phone) => {
            asking.tell(number, PhoneStep::Asked);
            observation.connection.transport_id = phone.transport_id;
            observation.connection.state = Some(phone.state.text().into_owned());
            job.phone = phone;
            (observation, shares) = ask(job, &asking, observation).await;
        }
        Err(reason) => {
            tracing::debug!(reason = reason.key(), "not allowed");
            observation.outcome = Outcome::NotAsked(reason);
        }
    }
    observation.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    asking.tell(number, PhoneStep::Done);
    (observation, shares)
}

/// Asks one phone everything, within its own deadline.
async fn ask(job: Job, asking: &Asking, mut observation: Observation) -> (Observation, Vec<Share>) {
    let Job { link, phone, .. } = job;
    let mut interview = Interview {
        link: &link,
        phone: &phone,
        asking,
        deadline: None,
        collected: Collected::default(),
        trouble: None,
        shares: Vec::new(),
    };
    interview.put(first_questions(&asking.advisories)).await;
    let usable = interview.trouble.is_none()
        && matches!(interview.collected.evidence().properties_end, PartEnd::Closed { .. });
    let mut findings = None;
    if usable {
        let evidence = interview.collected.evidence();
        let first = judge_all(evidence, &asking.advisories);
        let follow_up = follow_up_questions(evidence, &first, &asking.advisories);
        if follow_up.is_empty() {
            findings = Some(first);
        }
        interview.put(follow_up).await;
    }
    let Interview { collected, trouble, mut shares, .. } = interview;
    // Judging is part of this task, so that a fault in it costs this phone only.
    let evidence = collected.into_evidence();
    let findings = findings.unwrap_or_else(|| judge_all(&evidence, &asking.advisories));
    let mut judged = Asked { evidence, findings };
    if !asking.keep_evidence {
        judged.evidence.drop_bodies();
        shares.clear();
    }
    observation.outcome = Outcome::Asked(Box::new(judged));
    observation.detail = trouble.and_then(|trouble| trouble.detail);
    (observation, shares)
}

/// One phone that is being asked.
struct Interview<'a> {
    link: &'a Link,
    phone: &'a ListedPhone,
    asking: &'a Asking,
    /// Set when the first connection may be opened.
    deadline: Option<Instant>,
    collected: Collected,
    trouble: Option<Trouble>,
    shares: Vec<Share>,
}

impl Interview<'_> {
    /// Puts `questions`; after trouble with the connection the rest of them is not asked.
    async fn put(&mut self, questions: Vec<Question>) {
        for batch in batches(questions) {
            if let Some(trouble) = self.trouble.as_ref().filter(|trouble| ends_interview(trouble)) {
                let reason = trouble.reason;
                self.collected.skip(&batch, reason);
                continue;
            }
            let waiting_since = Instant::now();
            let place = self.link.place().await;
            // Waiting for a place is the other phones' doing, not this one's.
            let deadline = match self.deadline {
                Some(deadline) => deadline + waiting_since.elapsed(),
                None => Instant::now() + self.asking.timeout,
            };
            self.deadline = Some(deadline);
            let Answer { framing, trouble, mut share } =
                self.link.ask(self.phone, &batch, &self.asking.budget, place, deadline).await;
            let reason = trouble.as_ref().map(|trouble| trouble.reason);
            tracing::debug!(
                questions = batch.questions.len(),
                bytes = framing.size_bytes(),
                trouble = reason.map(Reason::key),
                "answered"
            );
            share.shrink_to(self.collected.take(&batch, framing, reason));
            self.shares.push(share);
            if trouble.is_some() {
                self.trouble = trouble;
            }
        }
    }
}

/// Whether asking on is pointless: the connection, not the answer, is at fault.
const fn ends_interview(trouble: &Trouble) -> bool {
    !matches!(
        trouble.reason,
        Reason::AnswerTooLarge | Reason::UnreadableAnswer | Reason::IncompleteAnswer
    )
}

/// Serials that stand more than once among phones that can be told apart by serial only.
fn ambiguous_serials(list: &[ListedPhone]) -> Vec<Vec<u8>> {
    let mut serials: Vec<&[u8]> = list
        .iter()
        .filter(|phone| phone.transport_id.is_none())
        .map(|phone| phone.serial.as_slice())
        .collect();
    serials.sort_unstable();
    serials.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0].to_vec()).collect()
}

/// What a phone is called while it is being asked.
fn called(observation: &Observation) -> String {
    let serial = observation.connection.serial.as_deref().unwrap_or_default();
    match &observation.listed_model {
        Some(model) => format!("{model} ({serial})"),
        None => serial.to_owned(),
    }
}

fn not_asked(endpoint: &Endpoint, phone: &ListedPhone) -> Observation {
    Observation {
        connection: Connection {
            link: LINK_ADB_SERVER,
            server: Some(endpoint.to_string()),
            serial: Some(decode(&phone.serial)),
            transport_id: phone.transport_id,
            path: phone.path.as_deref().map(decode),
            state: Some(phone.state.text().into_owned()),
        },
        // The server writes `_` for every space of the name.
        listed_model: phone.model.as_deref().map(|model| decode(model).replace('_', " ")),
        outcome: Outcome::NotAsked(Reason::IncompleteAnswer),
        detail: None,
        duration_ms: 0,
        source: None,
    }
}

fn lost_server(endpoint: &Endpoint, error: &ServerError) -> Observation {
    Observation {
        connection: Connection {
            link: LINK_ADB_SERVER,
            server: Some(endpoint.to_string()),
            serial: None,
            transport_id: None,
            path: None,
            state: None,
        },
        listed_model: None,
        outcome: Outcome::NotAsked(Reason::ServerLost),
        detail: Some(error.to_string()),
        duration_ms: 0,
        source: None,
    }
}
