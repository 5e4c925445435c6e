//! One pass over all phones: every server's list, every phone asked at once. Shell: does I/O.

pub(crate) mod aside;
pub(crate) mod direct;
pub mod duration;
mod follow;
pub(crate) mod interview;
mod lists;
pub mod options;
pub mod progress;
pub(crate) mod rows;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use crate::report::{Outcome, ProbeResult};
use lists::{ServerLists, Whereabouts, lists_after, whereabouts};
use micheck_adb::server::ServerError;
use micheck_adb::state::ambiguous;
use micheck_adb::usb::not_shown;
use micheck_adb::{Link, LinkError, ListedPhone, MemoryBudget, MemoryLease, Server};
use micheck_core::advisory::AdvisorySet;
use micheck_core::escape::escape;
use micheck_core::identity::{Identity, Salt};
use micheck_core::update_route::UpdateKind;
use micheck_core::verdict::Reason;
use options::LinkOptions;
use rows::called;

/// What is scanned, and how.
#[derive(Debug, Clone)]
pub struct ScanOptions {
    pub links: LinkOptions,
    /// What phones are asked about.
    pub advisories: Arc<AdvisorySet>,
    /// Whether the raw parts of every answer are kept, for whoever writes them down.
    pub keep_evidence: bool,
    /// What phones' own serial numbers are coded with; `None`: nobody wants to know them.
    pub salt: Option<Salt>,
}

/// A phone took its next step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The phone's number in this scan.
    pub phone: usize,
    pub step: PhoneStep,
}

/// The steps of a phone in a scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PhoneStep {
    /// It is in a server's list, and called this (decoded, not escaped).
    Listed(String),
    /// A person must allow this computer on it.
    WaitsForPerson,
    Asked,
    /// Nothing more happens to it.
    Done,
}

#[derive(Debug)]
pub struct ScanResult {
    /// One for each phone, and one for each server that couldn't be asked
    /// while another could. Not yet in order.
    pub observations: Vec<ProbeResult>,
    /// Servers that couldn't be asked.
    pub lost_servers: Vec<ServerError>,
    /// How many servers gave their list.
    pub servers_reached: usize,
    /// Why the USB bus couldn't be read; `None`: it could, or wasn't to be.
    pub usb_trouble: Option<LinkError>,
    /// The memory that the observations may hold; to be kept for as long as they are.
    pub shares: Vec<MemoryLease>,
}

/// How much longer than a phone and its person have a scan takes at most: its servers' lists, and phones
/// that wait for each other.
const MARGIN: Duration = Duration::from_secs(30);

/// Asks every phone of every server, and those that need none, all at once. Never fails: what goes
/// wrong with a phone or a server stands in its own row.
///
/// `progress`: who is told how it goes.
pub async fn scan(
    options: Arc<ScanOptions>,
    progress: Option<UnboundedSender<Progress>>,
) -> ScanResult {
    let links = &options.links;
    let end = Instant::now() + links.timeout + links.wait_auth + MARGIN;
    let lists = ServerLists::begin(&links.servers);
    let common = Arc::new(ProbeContext {
        options: Arc::clone(&options),
        wait_auth: links.wait_auth,
        salt: options.salt.clone(),
        tells_all: false,
        show: None,
        budget: Arc::default(),
        progress,
    });
    let mut found = ScanResult {
        observations: Vec::new(),
        lost_servers: Vec::new(),
        servers_reached: 0,
        usb_trouble: None,
        shares: Vec::new(),
    };
    let mut phones = Phones::default();
    let bus = links.usb.then(direct::look);
    let direct = direct::DirectConnector::new(links.key.clone());
    phones.start_network(&direct, &links.connect, &common);
    let (shown, lost_rows) = phones.start_servers(lists, &common, &mut found).await;
    if let Some(bus) = bus {
        match bus.await {
            Ok(devices) => {
                let not_shown = not_shown(devices, &shown);
                phones.start_usb(&direct, not_shown, &common, &mut found);
            }
            Err(trouble) => found.usb_trouble = Some(trouble),
        }
    }
    phones.finish(&common, end, &mut found).await;
    let others = !found.observations.is_empty() && links.servers_named();
    if found.servers_reached > 0 || others {
        found.observations.extend(lost_rows);
    }
    found
}

/// The row of a USB bus that couldn't be looked at: there may be phones on it.
#[must_use]
pub fn unseen_bus(trouble: &LinkError) -> ProbeResult {
    let mut row = rows::somewhere_on_usb();
    row.outcome = Outcome::Skipped(trouble.reason);
    let detail = trouble.detail.as_deref().unwrap_or("it didn't answer");
    row.detail = Some(format!("the USB bus couldn't be read: {detail}"));
    row
}

/// What all phones' tasks share.
#[derive(Debug, Clone)]
pub(crate) struct ProbeContext {
    /// The options of the scan, or of the bench.
    pub(crate) options: Arc<ScanOptions>,
    /// How long a person has this time; nothing: no phone is made to ask.
    pub(crate) wait_auth: Duration,
    /// What is mixed into the hashes that tell phones apart; `None`: nobody has to.
    pub(crate) salt: Option<Salt>,
    /// Whether every phone is to be told from others, also one whose connection has a serial number.
    pub(crate) tells_all: bool,
    /// What a phone is asked to show once it has answered; `None`: nothing, which is always so unless a
    /// person wants it.
    pub(crate) show: Option<ShowUpdates>,
    /// The memory of all answers.
    pub(crate) budget: Arc<MemoryBudget>,
    /// Who is told how it goes.
    pub(crate) progress: Option<UnboundedSender<Progress>>,
}

/// What a phone is to show, if it is at risk and the one that is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShowUpdates {
    /// Which phone is meant; `None`: the one on this very connection, as nothing else tells.
    pub identity: Option<Identity>,
    pub kind: UpdateKind,
}

impl ProbeContext {
    fn tell(&self, phone: usize, step: PhoneStep) {
        if let Some(progress) = &self.progress {
            // Whoever listened may have gone; the scan goes on.
            let _ = progress.send(Progress { phone, step });
        }
    }
}

/// What came of asking a phone, and the memory that it may hold.
pub(crate) type Answered = (ProbeResult, Vec<MemoryLease>);

/// The phones that are being asked.
#[derive(Default)]
struct Phones {
    /// With the phone as its server listed it, if it was asked through one.
    tasks: JoinSet<(Answered, Option<Job>)>,
    /// By task, what to say of the phone if its task breaks.
    asked: HashMap<tokio::task::Id, ProbeResult>,
    /// Those who follow servers' lists; they end with this.
    followers: JoinSet<()>,
    /// How many phones there have been.
    count: usize,
}

impl Phones {
    /// Has the phones of each server asked as soon as its list is there; gives all phones that are
    /// listed, and a row for each server that can't be asked.
    async fn start_servers(
        &mut self,
        mut lists: ServerLists,
        asking: &Arc<ProbeContext>,
        found: &mut ScanResult,
    ) -> (Vec<ListedPhone>, Vec<ProbeResult>) {
        let (mut shown, mut lost_rows) = (Vec::new(), Vec::new());
        while let Some((server, list)) = lists.next().await {
            match list {
                Ok(list) => {
                    found.servers_reached += 1;
                    shown.extend_from_slice(&list);
                    self.start(&server, list, asking, &mut found.observations);
                }
                Err(error) => {
                    tracing::debug!(server = %server.endpoint(), %error, "server lost");
                    lost_rows.push(rows::lost_server(server.endpoint(), &error));
                    found.lost_servers.push(error);
                }
            }
        }
        (shown, lost_rows)
    }

    fn start(
        &mut self,
        server: &Server,
        list: Vec<ListedPhone>,
        asking: &Arc<ProbeContext>,
        done: &mut Vec<ProbeResult>,
    ) {
        let ambiguous = ambiguous(&list);
        let waits =
            |phone: &ListedPhone| phone.state.may_be_allowed() && !asking.wait_auth.is_zero();
        let followed = list
            .iter()
            .any(waits)
            .then(|| follow::follow(server.clone(), list.clone(), &mut self.followers));
        for (phone, twice) in list.into_iter().zip(ambiguous) {
            let number = self.count;
            self.count += 1;
            let mut observation = rows::listed(server.endpoint(), &phone);
            asking.tell(number, PhoneStep::Listed(called(&observation)));
            let reason = match phone.state.reason() {
                Some(reason) if !waits(&phone) => Some(reason),
                _ => twice.then_some(Reason::AmbiguousSerial),
            };
            if let Some(reason) = reason {
                observation.outcome = Outcome::Skipped(reason);
                done.push(observation);
                asking.tell(number, PhoneStep::Done);
                continue;
            }
            let task = wait_and_ask(
                Job { server: server.clone(), phone, number },
                followed.clone(),
                Arc::clone(asking),
                observation.clone(),
            );
            self.spawn(task, observation);
        }
    }

    fn spawn(
        &mut self,
        task: impl Future<Output = (Answered, Option<Job>)> + Send + 'static,
        observation: ProbeResult,
    ) {
        let span = tracing::debug_span!("phone", serial = %escape(&called(&observation)));
        let id = self.tasks.spawn(task.instrument(span)).id();
        self.asked.insert(id, observation);
    }

    /// Waits for all answers. Servers that were started anew number their phones anew: an answer
    /// counts only where a list that was taken after it still has its phone at that number. A phone
    /// that is at another one by then is asked once more.
    async fn finish(mut self, asking: &Arc<ProbeContext>, end: Instant, found: &mut ScanResult) {
        for may_ask in [true, false] {
            let answered = self.joined(end, found).await;
            let lists = lists_after(&answered).await;
            for ((mut observation, shares), job) in answered {
                match whereabouts(&observation, job, &lists) {
                    Whereabouts::Still => found.keep((observation, shares)),
                    Whereabouts::Anew(job) if may_ask => {
                        let row = rows::listed(job.server.endpoint(), &job.phone);
                        self.spawn(wait_and_ask(*job, None, Arc::clone(asking), row.clone()), row);
                    }
                    Whereabouts::Anew(_) => {
                        observation.outcome = Outcome::Skipped(Reason::Disconnected);
                        found.keep((observation, shares));
                    }
                    Whereabouts::Gone(reason) => {
                        observation.outcome = Outcome::Skipped(reason);
                        found.keep((observation, shares));
                    }
                }
            }
        }
    }

    /// What came of all phones, at `end` of those that have come so far.
    async fn joined(
        &mut self,
        end: Instant,
        found: &mut ScanResult,
    ) -> Vec<(Answered, Option<Job>)> {
        let mut all = Vec::new();
        loop {
            let Ok(joined) = timeout_at(end, self.tasks.join_next_with_id()).await else {
                self.tasks.abort_all();
                while let Some(joined) = self.tasks.join_next_with_id().await {
                    if let Ok((_, answered)) = joined {
                        all.push(answered);
                    } else if let Err(error) = joined {
                        found.observations.extend(self.asked.remove(&error.id()).map(rows::late));
                    }
                }
                return all;
            };
            match joined {
                None => return all,
                Some(Ok((_, answered))) => all.push(answered),
                // A fault of ours while reading this phone's answer costs this phone only.
                Some(Err(error)) => {
                    found.observations.extend(self.asked.remove(&error.id()).map(rows::failed));
                }
            }
        }
    }
}

impl ScanResult {
    fn keep(&mut self, (observation, shares): Answered) {
        self.observations.push(observation);
        self.shares.extend(shares);
    }
}

/// A phone that is to be asked through its server.
struct Job {
    server: Server,
    phone: ListedPhone,
    number: usize,
}

/// Asks a phone, once a person has allowed it if that is still to come.
async fn wait_and_ask(
    job: Job,
    followed: Option<follow::FollowedList>,
    asking: Arc<ProbeContext>,
    mut observation: ProbeResult,
) -> (Answered, Option<Job>) {
    let started = Instant::now();
    let number = job.number;
    let mut asked = None;
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
            observation.connection.state = Some(phone.state.text());
            asked = Some(Job { server: job.server.clone(), phone: phone.clone(), number });
            let link = Link::Server { server: job.server, phone };
            (observation, shares) = interview::ask(&link, None, &asking, observation).await;
        }
        Err(reason) => {
            tracing::debug!(reason = reason.key(), "not allowed");
            observation.outcome = Outcome::Skipped(reason);
        }
    }
    observation.duration_ms = milliseconds_since(started);
    asking.tell(number, PhoneStep::Done);
    ((observation, shares), asked)
}

pub(crate) fn milliseconds_since(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}
