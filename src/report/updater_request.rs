//! What a report says of screens that a phone was asked to show.

use serde::{Deserialize, Serialize};

use micheck_core::am_answer::AmAnswer;
use micheck_core::evidence::Evidence;
use micheck_core::update_route::UpdateRoute;

/// The longest answer that is shown, characters.
const MAX_SAID: usize = 400;

/// A screen that leads to an update, which a phone was asked to show. That it was requested doesn't
/// mean that it is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(deny_unknown_fields))]
pub struct UpdaterRequest {
    /// Which screen; none where asking was cut off, and nobody knows how far it had come.
    pub route: Option<UpdateRoute>,
    /// What became of it.
    pub answer: AmAnswer,
    /// The line of the phone's answer that says so, decoded; none where nothing came.
    pub said: Option<String>,
}

impl UpdaterRequest {
    /// A request that was cut off before its answer came: the screen may be there.
    pub const CUT_OFF: Self = Self { route: None, answer: AmAnswer::NoAnswer, said: None };

    /// All that a phone was asked to show, in the order of asking.
    #[must_use]
    pub fn all(evidence: &Evidence) -> Vec<Self> {
        let read = |(route, _, part): &(UpdateRoute, _, _)| {
            let (answer, said) = AmAnswer::read(part);
            let said = said.map(|said| said.chars().take(MAX_SAID).collect());
            Self { route: Some(*route), answer, said }
        };
        evidence.shown.iter().map(read).collect()
    }
}
