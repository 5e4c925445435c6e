//! The console that the program runs in, on Windows: its code page, and whether its window was
//! opened for this program alone. Other systems have nothing of the kind. Shell.

use std::ffi::OsString;

/// The console, made ready for UTF-8; dropping it makes it as it was.
#[derive(Debug)]
pub struct Console {
    own_window: bool,
    /// The code page to go back to.
    #[cfg(windows)]
    before: Option<u32>,
}

/// UTF-8's number among Windows' code pages.
#[cfg(windows)]
const UTF8: u32 = 65001;

impl Console {
    /// Makes it ready. `typed`: the program's name and what was typed behind it.
    #[cfg(windows)]
    #[must_use]
    pub fn take(typed: &[OsString]) -> Self {
        use std::io::IsTerminal as _;

        use micheck_platform::windows::{
            output_code_page, processes_on_console, set_output_code_page,
        };

        if typed.get(1).is_some_and(|word| word == micheck_adb::worker::SUBCOMMAND) {
            // It is its parent's console, which may outlive it.
            return Self { own_window: false, before: None };
        }
        let before = output_code_page().filter(|&page| page != UTF8 && set_output_code_page(UTF8));
        let attended = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
        let own_window = typed.len() < 2 && attended && processes_on_console() == 1;
        Self { own_window, before }
    }

    #[cfg(not(windows))]
    #[must_use]
    pub const fn take(_typed: &[OsString]) -> Self {
        Self { own_window: false }
    }

    /// Whether the program was started by itself, as by a double click, with nothing typed: its
    /// window closes when it ends.
    #[must_use]
    pub const fn is_own_window(&self) -> bool {
        self.own_window
    }

    /// Waits until somebody has read what the window shows, if it would close.
    pub fn wait_for_enter(&self) {
        use std::io::Write as _;

        if self.own_window {
            let mut stderr = std::io::stderr();
            let _ = write!(stderr, "\nPress Enter to close this window.");
            let _ = stderr.flush();
            let _ = std::io::stdin().read_line(&mut String::new());
        }
    }
}

#[cfg(windows)]
impl Drop for Console {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            micheck_platform::windows::set_output_code_page(before);
        }
    }
}
