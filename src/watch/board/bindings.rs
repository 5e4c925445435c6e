//! The keys of the board: what each does, and the words for it at the foot and on the help page.

/// A key that means something here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Enter,
    Tab,
    Escape,
    Backspace,
    Character(char),
}

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyCommand {
    /// From a phone's page to the board.
    Back,
    /// Through the lines of a phone's page.
    Scroll,
    /// Another phone.
    Choose,
    /// The next phone at risk.
    NextAtRisk,
    /// Phones at risk first, or all by their ports.
    Wall,
    /// The chosen phone's page.
    Open,
    AskAgain,
    /// What updates the chosen phone, on its own screen.
    ShowUpdater,
    /// The same on all phones at risk.
    ShowUpdaters,
    MakeSheet,
    ChangeLanguage,
    NamePort,
    /// Says for which job the chosen phone is here.
    GiveJob,
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

#[derive(Debug)]
pub struct Binding {
    scope: Scope,
    command: KeyCommand,
    keys: &'static [Key],
    /// The keys as they are shown.
    pub label: &'static str,
    /// What its texts are called: `key-NAME` at the foot, `key-NAME.help` on the help page, if any.
    pub name: &'static str,
}

const MOVES: &[Key] = &[Key::Up, Key::Down, Key::PageUp, Key::PageDown, Key::Home, Key::End];
const BACK: &[Key] = &[Key::Escape, Key::Enter, Key::Backspace];
const HELP: &[Key] = &[Key::Character('?'), Key::Character('h')];

/// All of them, in the order of the foot: where not all have room, the first are shown.
pub const BINDINGS: &[Binding] = &[
    binding(Scope::Phone, KeyCommand::Back, BACK, "Esc", "back"),
    binding(Scope::Phone, KeyCommand::Scroll, MOVES, "↑↓", "scroll"),
    binding(Scope::Both, KeyCommand::Quit, &[Key::Character('q')], "q", "quit"),
    binding(Scope::Both, KeyCommand::Help, HELP, "?", "help"),
    binding(Scope::Board, KeyCommand::Choose, MOVES, "↑↓", "choose"),
    binding(Scope::Board, KeyCommand::Open, &[Key::Enter], "Enter", "details"),
    binding(Scope::Both, KeyCommand::AskAgain, &[Key::Character('r')], "r", "ask"),
    binding(Scope::Both, KeyCommand::ShowUpdater, &[Key::Character('o')], "o", "updater"),
    binding(Scope::Board, KeyCommand::ShowUpdaters, &[Key::Character('O')], "O", "updaters"),
    binding(Scope::Both, KeyCommand::MakeSheet, &[Key::Character('p')], "p", "sheet"),
    binding(Scope::Both, KeyCommand::ChangeLanguage, &[Key::Character('l')], "l", "language"),
    binding(Scope::Both, KeyCommand::NamePort, &[Key::Character('n')], "n", "name"),
    binding(Scope::Both, KeyCommand::GiveJob, &[Key::Character('j')], "j", "job"),
    binding(Scope::Both, KeyCommand::NextAtRisk, &[Key::Tab], "Tab", "next_at_risk"),
    binding(Scope::Board, KeyCommand::Wall, &[Key::Character('w')], "w", "wall"),
];

const fn binding(
    scope: Scope,
    command: KeyCommand,
    keys: &'static [Key],
    label: &'static str,
    name: &'static str,
) -> Binding {
    Binding { scope, command, keys, label, name }
}

/// The bindings that hold on the board, or on a phone's page, in the order of the foot.
pub fn bindings(on_page: bool) -> impl Iterator<Item = &'static Binding> {
    let scope = if on_page { Scope::Phone } else { Scope::Board };
    BINDINGS.iter().filter(move |binding| binding.scope == scope || binding.scope == Scope::Both)
}

/// What `key` asks for there.
pub(super) fn command(key: Key, on_page: bool) -> Option<KeyCommand> {
    bindings(on_page).find(|binding| binding.keys.contains(&key)).map(|binding| binding.command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_has_two_meanings_at_once() {
        for on_page in [false, true] {
            let mut keys: Vec<Key> = Vec::new();
            for binding in bindings(on_page) {
                for key in binding.keys {
                    assert!(!keys.contains(key), "{key:?}");
                    keys.push(*key);
                }
            }
        }
    }
}
