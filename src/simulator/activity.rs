//! `am start` on a simulated phone: which screens it has, and what it says of those that it hasn't.

/// What a phone does when it is asked to show a screen of an app.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activity {
    /// It is shown.
    Starts,
    /// It was there already.
    BroughtToFront,
    /// The app has no such screen.
    DoesNotExist,
    /// No app answers to it.
    Unresolved,
    /// The app doesn't let a shell start it.
    Denied,
    /// `am` never ends.
    Hangs,
}

impl Activity {
    /// Whether somebody who looks at the phone sees the screen.
    pub(super) const fn is_shown(self) -> bool {
        matches!(self, Self::Starts | Self::BroughtToFront)
    }

    /// What `am` prints for this intent, in AOSP's words.
    pub(super) fn words(self, intent: &Intent<'_>) -> String {
        let starting = format!("Starting: Intent {{ {} }}\n", intent.described);
        let component = intent.component.unwrap_or(intent.package);
        let more = match self {
            Self::Starts | Self::Hangs => String::new(),
            Self::BroughtToFront => "Warning: Activity not started, its current task has been \
                                     brought to the front\n"
                .to_owned(),
            Self::DoesNotExist => {
                format!("Error type 3\nError: Activity class {{{component}}} does not exist.\n")
            }
            Self::Unresolved => format!(
                "Error: Activity not started, unable to resolve Intent {{ {} flg=0x10000000 }}\n",
                intent.described
            ),
            Self::Denied => format!(
                "\nException occurred while executing 'start':\njava.lang.SecurityException: \
                 Permission Denial: starting Intent {{ {} }} from null (pid=9077, uid=2000) not \
                 exported from uid 10121\n",
                intent.described
            ),
        };
        starting + &more
    }
}

/// What `am start` is given.
pub(super) struct Intent<'w> {
    /// The app that is to answer.
    pub(super) package: &'w str,
    component: Option<&'w str>,
    described: String,
}

impl<'w> Intent<'w> {
    /// Reads the words behind `am start`; `None`: they name no app that is to answer, or hold what no
    /// probe of ours says.
    pub(super) fn read(words: &[&'w str]) -> Option<Self> {
        let (mut package, mut component, mut described) = (None, None, Vec::new());
        for pair in words.chunks(2) {
            let &[option, value] = pair else { return None };
            match option {
                "-a" => described.push(format!("act={value}")),
                "-c" => described.push(format!("cat=[{value}]")),
                "-d" => described.push(format!("dat={value}")),
                "-p" => {
                    package = Some(value);
                    described.push(format!("pkg={value}"));
                }
                "-n" => {
                    component = Some(value);
                    package = Some(value.split_once('/')?.0);
                    described.push(format!("cmp={value}"));
                }
                _ => return None,
            }
        }
        Some(Self { package: package?, component, described: described.join(" ") })
    }

    /// What a phone without the app says.
    pub(super) const fn missing(&self) -> Activity {
        if self.component.is_some() { Activity::DoesNotExist } else { Activity::Unresolved }
    }
}
