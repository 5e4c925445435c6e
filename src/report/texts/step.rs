//! The sentences of what to do.

use crate::report::StepApp;
use crate::text::Text;
use micheck_core::step::Step;

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
        let key = format!("step-{}", step.key());
        let several = format!("{key}.several");
        if let [_, _, ..] = apps
            && self.exists(&several)
        {
            let links: Vec<String> =
                apps.iter().map(|app| format!("market://details?id={}", app.package)).collect();
            let names: Vec<&str> = apps.iter().map(|app| app.name.as_str()).collect();
            let quoted: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            return self.fill(
                &several,
                [
                    ("links", links.join(", ").into()),
                    ("names", names.join(", ").into()),
                    ("quoted", quoted.join(", ").into()),
                ],
            );
        }
        let app = apps.first();
        let bound = app.map(|app| self.must_be_updated(&app.affected));
        self.fill(
            &key,
            [
                ("app", app.map_or(self.say("the-app"), |app| &app.name).into()),
                ("package", app.map_or("", |app| app.package.as_str()).into()),
                ("bound", bound.unwrap_or_default().into()),
                ("version", version.unwrap_or("VERSION").into()),
            ],
        )
    }

    /// The same as it is said to the phone's owner.
    #[must_use]
    pub fn step_for_owner(self, step: Step, apps: &[StepApp]) -> String {
        let for_owner = self.find(&format!("step-{}-owner", step.key()));
        for_owner.map_or_else(|| self.step(step, apps), str::to_owned)
    }

    /// A step in so few words that it has room on the board; `None`: it is short anyway.
    #[must_use]
    pub fn step_in_short(self, step: Step) -> Option<&'static str> {
        self.find(&format!("step-{}.short", step.key()))
    }

    /// The last step, for all phones that need nothing else; without its full stop.
    #[must_use]
    pub fn when_done(self) -> &'static str {
        self.say_of("step", Step::RevokeDebugging.key())
    }
}
