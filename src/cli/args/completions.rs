//! `completions`: what a shell offers when Tab is pressed.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use micheck_adb::worker::SUBCOMMAND;

use super::Cli;

/// Options of `completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_name = "SHELL")]
    pub shell: Shell,
}

/// The completions for a shell: a script of its own kind.
#[must_use]
pub fn completions(shell: Shell) -> String {
    let whole = Cli::command();
    // The generators offer hidden commands as well.
    let shown = whole.get_subcommands().filter(|command| command.get_name() != SUBCOMMAND).cloned();
    let mut command = clap::Command::new("micheck")
        .version(env!("CARGO_PKG_VERSION"))
        .args(whole.get_arguments().cloned())
        .subcommands(shown.collect::<Vec<_>>());
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "micheck", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum as _;

    use super::*;

    #[test]
    fn every_shell_gets_the_commands_that_people_may_type() {
        for &shell in Shell::value_variants() {
            let script = completions(shell);
            for word in ["scan", "advisories", "udev-rule", "sheet-lang"] {
                assert!(script.contains(word), "{shell}: {word}");
            }
            assert!(!script.contains(SUBCOMMAND), "{shell}");
        }
    }
}
