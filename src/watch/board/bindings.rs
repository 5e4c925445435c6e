//! The keys of the board: what each does, and the words for it at the foot and on the help page.

use super::view::{Key, Mode};
use crate::text::Text;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyCommand {
    /// From a phone's page to the board.
    Back,
    /// Through the lines of a phone's page.
    Scroll,
    /// Another phone.
    Choose,
    /// The chosen phone's page.
    Open,
    AskAgain,
    MakeSheet,
    ChangeLanguage,
    NamePort,
    Help,
    Quit,
}

/// Where a key means something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scope {
    Board,
    Phone,
    Both,
}

type Words = fn(Text) -> &'static str;

#[derive(Debug)]
pub struct Binding {
    scope: Scope,
    command: KeyCommand,
    keys: &'static [Key],
    /// The keys as they are shown.
    pub label: &'static str,
    /// The command's name, for the foot.
    pub name: Words,
    /// What it does, for the help page.
    pub help: Option<Words>,
}

const MOVES: &[Key] = &[Key::Up, Key::Down, Key::PageUp, Key::PageDown, Key::Home, Key::End];

/// All of them, in the order of the foot: where not all have room, the first are shown.
pub const BINDINGS: &[Binding] = &[
    Binding {
        scope: Scope::Phone,
        command: KeyCommand::Back,
        keys: &[Key::Escape, Key::Enter, Key::Backspace],
        label: "Esc",
        name: |text| text.get("key-back"),
        help: None,
    },
    Binding {
        scope: Scope::Phone,
        command: KeyCommand::Scroll,
        keys: MOVES,
        label: "↑↓",
        name: |text| text.get("key-scroll"),
        help: None,
    },
    Binding {
        scope: Scope::Both,
        command: KeyCommand::Quit,
        keys: &[Key::Character('q')],
        label: "q",
        name: |text| text.get("key-quit"),
        help: Some(|text| text.get("help-quit")),
    },
    Binding {
        scope: Scope::Both,
        command: KeyCommand::Help,
        keys: &[Key::Character('?'), Key::Character('h')],
        label: "?",
        name: |text| text.get("key-help"),
        help: Some(|text| text.get("help-help")),
    },
    Binding {
        scope: Scope::Board,
        command: KeyCommand::Choose,
        keys: MOVES,
        label: "↑↓",
        name: |text| text.get("key-choose"),
        help: Some(|text| text.get("help-choose")),
    },
    Binding {
        scope: Scope::Board,
        command: KeyCommand::Open,
        keys: &[Key::Enter],
        label: "Enter",
        name: |text| text.get("key-details"),
        help: Some(|text| text.get("help-enter")),
    },
    Binding {
        scope: Scope::Both,
        command: KeyCommand::AskAgain,
        keys: &[Key::Character('r')],
        label: "r",
        name: |text| text.get("key-ask"),
        help: Some(|text| text.get("help-ask")),
    },
    Binding {
        scope: Scope::Both,
        command: KeyCommand::MakeSheet,
        keys: &[Key::Character('p')],
        label: "p",
        name: |text| text.get("key-sheet"),
        help: Some(|text| text.get("help-sheet")),
    },
    Binding {
        scope: Scope::Both,
        command: KeyCommand::ChangeLanguage,
        keys: &[Key::Character('l')],
        label: "l",
        name: |text| text.get("key-language"),
        help: Some(|text| text.get("help-language")),
    },
    Binding {
        scope: Scope::Both,
        command: KeyCommand::NamePort,
        keys: &[Key::Character('n')],
        label: "n",
        name: |text| text.get("key-name"),
        help: Some(|text| text.get("help-name")),
    },
];

/// The bindings that hold while `mode` is looked at, in the order of the foot.
pub fn bindings(mode: &Mode) -> impl Iterator<Item = &'static Binding> {
    let scope = if matches!(mode, Mode::Phone { .. }) { Scope::Phone } else { Scope::Board };
    BINDINGS.iter().filter(move |binding| binding.scope == scope || binding.scope == Scope::Both)
}

/// What `key` asks for while `mode` is looked at.
pub(super) fn command(key: Key, mode: &Mode) -> Option<KeyCommand> {
    bindings(mode).find(|binding| binding.keys.contains(&key)).map(|binding| binding.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_at_once() {
        for mode in [Mode::Board, Mode::Phone { scroll: 0 }] {
            let mut keys: Vec<Key> = Vec::new();
            for binding in bindings(&mode) {
                for key in binding.keys {
                    assert!(!keys.contains(key), "{key:?}");
                    keys.push(*key);
                }
            }
        }
    }
}
