//! Servers' lists: whom they name before phones are asked, and whether they still do afterwards.

use std::collections::{HashMap, HashSet};

use tokio::task::{Id, JoinSet};

use super::{Answered, Job};
use crate::report::{Outcome, ProbeResult};
use micheck_adb::server::ServerError;
use micheck_adb::state::ambiguous;
use micheck_adb::{Endpoint, ListedPhone, Server};
use micheck_core::verdict::Reason;

/// The lists of servers, as they come.
pub(super) struct ServerLists {
    tasks: JoinSet<(Server, Result<Vec<ListedPhone>, ServerError>)>,
    /// Whose list a task asks for: a task that fails says nothing.
    endpoints: HashMap<Id, Endpoint>,
}

impl ServerLists {
    /// Asks all servers at once.
    pub(super) fn begin(servers: &[Endpoint]) -> Self {
        let mut lists = Self { tasks: JoinSet::new(), endpoints: HashMap::new() };
        for endpoint in servers {
            let server = Server::new(endpoint.clone());
            let task = lists.tasks.spawn(async move {
                let list = server.devices().await;
                (server, list)
            });
            lists.endpoints.insert(task.id(), endpoint.clone());
        }
        lists
    }

    pub(super) async fn next(&mut self) -> Option<(Server, Result<Vec<ListedPhone>, ServerError>)> {
        let joined = self.tasks.join_next().await?;
        Some(joined.unwrap_or_else(|error| {
            let endpoint = self.endpoints[&error.id()].clone();
            (Server::new(endpoint.clone()), Err(ServerError::Failed { endpoint }))
        }))
    }
}

/// What servers list after their phones have answered, by where they are, each phone with whether another
/// one is addressed like it; `None`: they are lost.
pub(super) type Lists = HashMap<String, Option<Vec<(ListedPhone, bool)>>>;

pub(super) async fn lists_after(answered: &[(Answered, Option<Job>)]) -> Lists {
    let mut taken = JoinSet::new();
    let mut names = HashSet::new();
    for (_, job) in answered {
        let Some(Job { server, .. }) = job else { continue };
        let name = server.endpoint().to_string();
        if names.insert(name.clone()) {
            let server = server.clone();
            taken.spawn(async move {
                let list = server.devices().await.ok();
                let with_twins = |list: Vec<ListedPhone>| {
                    let twins = ambiguous(&list);
                    list.into_iter().zip(twins).collect()
                };
                (name, list.map(with_twins))
            });
        }
    }
    taken.join_all().await.into_iter().collect()
}

/// Where the phone is that an answer was asked of.
pub(super) enum Whereabouts {
    /// Where it was when it was asked.
    Still,
    /// At another number of its server's.
    Anew(Box<Job>),
    Gone(Reason),
}

pub(super) fn whereabouts(
    observation: &ProbeResult,
    job: Option<Job>,
    lists: &Lists,
) -> Whereabouts {
    let (Some(job), Outcome::Probed(_)) = (job, &observation.outcome) else {
        return Whereabouts::Still;
    };
    let list = lists.get(&job.server.endpoint().to_string()).and_then(Option::as_ref);
    let Some(list) = list else { return Whereabouts::Gone(Reason::ServerLost) };
    let is_it =
        |phone: &ListedPhone| (&phone.serial, &phone.path) == (&job.phone.serial, &job.phone.path);
    // The number first: with many phones the texts are much to compare.
    let is_there =
        |phone: &ListedPhone| phone.transport_id == job.phone.transport_id && is_it(phone);
    if list.iter().any(|(phone, _)| is_there(phone)) {
        return Whereabouts::Still;
    }
    match list.iter().find(|(phone, _)| is_it(phone)) {
        Some((phone, false)) if phone.state.reason().is_none() => {
            Whereabouts::Anew(Box::new(Job { phone: phone.clone(), ..job }))
        }
        _ => Whereabouts::Gone(Reason::Disconnected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_whose_task_fails_keeps_its_server() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut lists = ServerLists { tasks: JoinSet::new(), endpoints: HashMap::new() };
            let endpoint = Endpoint { host: "bench".to_owned(), port: 5037 };
            let task = lists.tasks.spawn(async { panic!("a fault of ours") });
            lists.endpoints.insert(task.id(), endpoint.clone());
            let (server, list) = lists.next().await.unwrap();
            assert_eq!(*server.endpoint(), endpoint);
            assert!(
                matches!(list, Err(ServerError::Failed { endpoint: failed }) if failed == endpoint)
            );
            assert!(lists.next().await.is_none());
        });
    }
}
