//! One pass over all phones: every server's list, every phone asked at once. Shell: does I/O.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::adb::server::ServerError;
use crate::adb::{Answer, Budget, Endpoint, Link, ListedPhone, Server, Share, Trouble};
use crate::advisory::AdvisorySet;
use crate::evidence::PartEnd;
use crate::printable::decode;
use crate::probe::{Collected, Question, batches, first_questions, follow_up_questions};
use crate::report::{Connection, Observation, Outcome};
use crate::verdict::Reason;

/// What a scan needs to know.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The adb servers to ask, each once.
    pub servers: Vec<Endpoint>,
    /// The time that each phone has, from the first byte to the last.
    pub timeout: Duration,
    /// What phones are asked about.
    pub advisories: Arc<AdvisorySet>,
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
        advisories: Arc::clone(&plan.advisories),
        budget: Arc::default(),
    });
    let mut found = Found {
        observations: Vec::new(),
        lost_servers: Vec::new(),
        servers_reached: 0,
        shares: Vec::new(),
    };
    let mut phones = Phones { tasks: JoinSet::new(), asked: HashMap::new() };
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
    advisories: Arc<AdvisorySet>,
    budget: Arc<Budget>,
}

/// The phones that are being asked.
struct Phones {
    tasks: JoinSet<(Observation, Vec<Share>)>,
    /// By task, what to say of the phone if its task breaks.
    asked: HashMap<tokio::task::Id, Observation>,
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
        for phone in list {
            let reason = phone.state.reason().or_else(|| {
                let twice = phone.transport_id.is_none() && ambiguous.contains(&phone.serial);
                twice.then_some(Reason::AmbiguousSerial)
            });
            let mut observation = not_asked(server.endpoint(), &phone);
            if let Some(reason) = reason {
                observation.outcome = Outcome::NotAsked(reason);
                done.push(observation);
                continue;
            }
            let link = Link::Server(server.clone());
            let task = ask(link, phone, Arc::clone(asking), observation.clone());
            let id = self.tasks.spawn(task).id();
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

/// Asks one phone everything, within its own deadline.
async fn ask(
    link: Link,
    phone: ListedPhone,
    asking: Arc<Asking>,
    mut observation: Observation,
) -> (Observation, Vec<Share>) {
    let started = Instant::now();
    let mut interview = Interview {
        link: &link,
        phone: &phone,
        asking: &asking,
        deadline: None,
        collected: Collected::default(),
        trouble: None,
        shares: Vec::new(),
    };
    interview.put(first_questions(&asking.advisories)).await;
    let usable = interview.trouble.is_none()
        && matches!(interview.collected.evidence().properties_end, PartEnd::Closed { .. });
    if usable {
        let follow_up = follow_up_questions(interview.collected.evidence(), &asking.advisories);
        interview.put(follow_up).await;
    }
    let Interview { collected, trouble, shares, .. } = interview;
    observation.outcome = Outcome::Asked(Box::new(collected.into_evidence()));
    observation.detail = trouble.and_then(|trouble| trouble.detail);
    observation.duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    tracing::debug!(ms = observation.duration_ms, "phone asked");
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

fn not_asked(endpoint: &Endpoint, phone: &ListedPhone) -> Observation {
    Observation {
        connection: Connection {
            link: "adb_server",
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
    }
}

fn lost_server(endpoint: &Endpoint, error: &ServerError) -> Observation {
    Observation {
        connection: Connection {
            link: "adb_server",
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
    }
}
