//! The sentences of what to do, which need to know the apps.

use super::{AffectedVersions, StepApp};
use crate::text::Text;
use micheck_core::step::Step;

/// Where Google Play shows an app, before its package: an address that can be typed.
const GOOGLE_PLAY: &str = "play.google.com/store/apps/details?id=";

impl Text {
    /// A step as an instruction about these apps, without its full stop; one sentence, however
    /// many they are.
    #[must_use]
    pub fn step(self, step: Step, apps: &[StepApp]) -> String {
        self.step_with(step, apps, None)
    }

    /// The same where the sentence names a version that was read.
    #[must_use]
    pub fn step_with(self, step: Step, apps: &[StepApp], version: Option<&str>) -> String {
        let key = self.step_key(step);
        let place = self.place(step, "");
        let several = format!("{key}.several");
        if let [_, _, ..] = apps
            && self.has(&several)
        {
            let all = |one: fn(&StepApp) -> String| -> String {
                apps.iter().map(one).collect::<Vec<_>>().join(", ")
            };
            return self.fill(
                &several,
                [
                    ("place", place.into()),
                    ("links", all(|app| format!("{GOOGLE_PLAY}{}", app.package)).into()),
                    ("names", all(|app| app.name.clone()).into()),
                    ("quoted", all(|app| format!("\"{}\"", app.name)).into()),
                ],
            );
        }
        let app = apps.first();
        let bound = app.map(|app| self.must_be_updated(&app.affected));
        self.fill(
            &key,
            [
                ("place", place.into()),
                ("app", app.map_or(self.get("the-app"), |app| &app.name).into()),
                ("package", app.map_or("", |app| app.package.as_str()).into()),
                ("bound", bound.unwrap_or_default().into()),
                ("version", version.unwrap_or("VERSION").into()),
            ],
        )
    }

    /// A step in so few words that it has room on the board; `None`: it is short anyway.
    #[must_use]
    pub fn step_short(self, step: Step) -> Option<String> {
        let key = format!("{}.short", self.step_key(step));
        self.has(&key).then(|| self.fill(&key, [("place", self.place(step, ".short").into())]))
    }

    /// Ways of doing one step share its sentence, and name the place in it.
    fn step_key(self, step: Step) -> String {
        let own = format!("step-{}", step.key());
        if self.has(&own) { own } else { format!("step-{}", step.of_advisory().key()) }
    }

    fn place(self, step: Step, part: &str) -> &'static str {
        self.get_if_any(&format!("place-{}{part}", step.key())).unwrap_or_default()
    }

    /// The same as it is said to the phone's owner.
    #[must_use]
    pub fn step_for_owner(self, step: Step, apps: &[StepApp]) -> String {
        let for_owner = self.get_if_any(&format!("step-{}-owner", step.key()));
        for_owner.map_or_else(|| self.step(step, apps), str::to_owned)
    }

    /// Which versions must be updated, as the end of a sentence.
    fn must_be_updated(self, affected: &AffectedVersions) -> String {
        let AffectedVersions { introduced, last_affected, less_than, exact } = affected;
        let range = match (introduced, last_affected, less_than) {
            (None, Some(_), _) => "up-to",
            (Some(_), Some(_), _) => "from-to",
            (None, None, Some(_)) => "below",
            (Some(_), None, Some(_)) => "from-below",
            (_, None, None) => "exact",
        };
        let or = if range == "exact" || exact.is_empty() { "" } else { "-or" };
        let [low, last, bound] =
            [introduced, last_affected, less_than].map(|one| one.as_deref().unwrap_or_default());
        self.fill(
            &format!("must-update-{range}{or}"),
            [
                ("low", low.into()),
                ("last", last.into()),
                ("bound", bound.into()),
                ("exact", exact.join(self.get("or")).into()),
            ],
        )
    }
}
