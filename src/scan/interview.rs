//! One phone is asked everything, within its own deadline.

use tokio::time::Instant;

use super::{ProbeContext, ShowUpdates};
use crate::report::{Outcome, ProbeResult, Probed, lasting_serial};
use micheck_adb::{Answer, Link, LinkError, MemoryLease};
use micheck_core::am_answer::AmAnswer;
use micheck_core::evidence::PartEnd;
use micheck_core::judge::{Finding, judge_all};
use micheck_core::probe::{Collected, Question, batches, first_questions, follow_up_questions};
use micheck_core::update_route::update_routes;
use micheck_core::verdict::Reason;

/// Asks the phone at the end of `link` everything, and judges what it says. `deadline`: by when it
/// must have ended; `None`: its time begins with the first connection.
pub(crate) async fn ask(
    link: &Link,
    deadline: Option<Instant>,
    asking: &ProbeContext,
    mut observation: ProbeResult,
) -> (ProbeResult, Vec<MemoryLease>) {
    // Looking for a serial number in a long listing takes a while.
    let tells = asking.tells_all || lasting_serial(&observation.connection).is_none();
    let salt = asking.salt.clone().filter(|_| tells);
    let mut interview = Interview {
        link,
        asking,
        deadline,
        collected: Collected::new(salt),
        trouble: None,
        shares: Vec::new(),
    };
    interview.put(first_questions(&asking.options.advisories)).await;
    let usable = interview.trouble.is_none()
        && matches!(interview.collected.evidence().properties_end, PartEnd::Closed { .. });
    let mut findings = None;
    if usable {
        let evidence = interview.collected.evidence();
        let first = judge_all(evidence, &asking.options.advisories);
        let follow_up = follow_up_questions(evidence, &first, &asking.options.advisories);
        if follow_up.is_empty() {
            findings = Some(first);
        }
        interview.put(follow_up).await;
    }
    let trouble = interview.trouble.clone();
    if let (Some(wanted), None) = (&asking.show, &trouble) {
        findings = Some(interview.show(*wanted, findings).await);
    }
    let Interview { collected, mut shares, .. } = interview;
    // Judging is part of this task, so that a fault in it costs this phone only.
    let evidence = collected.into_evidence();
    let findings = findings.unwrap_or_else(|| judge_all(&evidence, &asking.options.advisories));
    let mut judged = Probed { evidence, findings };
    if !asking.options.keep_evidence {
        judged.evidence.drop_bodies();
        shares.clear();
    }
    observation.outcome = Outcome::Probed(Box::new(judged));
    observation.detail = trouble.and_then(|trouble| trouble.detail);
    (observation, shares)
}

/// One phone that is being asked.
struct Interview<'a> {
    link: &'a Link,
    asking: &'a ProbeContext,
    /// Set when the first connection may be opened.
    deadline: Option<Instant>,
    collected: Collected,
    trouble: Option<LinkError>,
    shares: Vec<MemoryLease>,
}

impl Interview<'_> {
    /// Asks the phone to show what updates what is at risk, if it is the one that is meant: one
    /// screen after the other, until it takes one. Gives what was found, which is judged before.
    async fn show(&mut self, wanted: ShowUpdates, found: Option<Vec<Finding>>) -> Vec<Finding> {
        let advisories = &self.asking.options.advisories;
        let evidence = self.collected.evidence();
        let found = found.unwrap_or_else(|| judge_all(evidence, advisories));
        if wanted.identity.is_some_and(|identity| identity != evidence.identity) {
            return found;
        }
        let routes = update_routes(&found, advisories, &evidence.properties, wanted.kind);
        // The time of reading is over.
        self.deadline = None;
        for (route, app) in routes {
            self.put(vec![Question::Show(route, app)]).await;
            let last = self.collected.evidence().shown.last();
            if !last.is_some_and(|(.., part)| AmAnswer::read(part).0.leads_on()) {
                break;
            }
        }
        found
    }

    /// Puts `questions`; after trouble with the connection the rest of them is not asked.
    async fn put(&mut self, questions: Vec<Question>) {
        for batch in batches(questions) {
            if let Some(trouble) =
                self.trouble.as_ref().filter(|trouble| ends_interview(self.link, trouble))
            {
                let reason = trouble.reason;
                self.collected.skip(&batch, reason);
                continue;
            }
            let waiting_since = Instant::now();
            let place = self.link.place().await;
            // Waiting for a place is the other phones' doing, not this one's.
            let deadline = match self.deadline {
                Some(deadline) => deadline + waiting_since.elapsed(),
                None => Instant::now() + self.asking.options.links.timeout,
            };
            self.deadline = Some(deadline);
            let Answer { framing, trouble, mut share } =
                self.link.ask(&batch, &self.asking.budget, place, deadline).await;
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

/// Whether asking on is pointless: the connection, not the answer, is at fault, or there is no other.
const fn ends_interview(link: &Link, trouble: &LinkError) -> bool {
    matches!(link, Link::Direct(_))
        || !matches!(
            trouble.reason,
            Reason::AnswerTooLarge | Reason::UnreadableAnswer | Reason::IncompleteAnswer
        )
}
