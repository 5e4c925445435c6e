//! Parse, run, exit code; nothing else.

#![forbid(unsafe_code)]

use std::ffi::OsString;
use std::process::ExitCode;

use micheck::cli::args::{Cli, Command, WatchArgs};
use micheck::cli::console::Console;

fn main() -> ExitCode {
    // Shells of Windows leave `*.json` to the program.
    let typed: Vec<OsString> = wild::args_os().collect();
    let console = Console::take(&typed);
    let understood = if console.is_own_window() {
        Ok(Cli { command: Some(Command::Watch(WatchArgs::default())) })
    } else {
        Cli::of(&typed)
    };
    let code = match understood {
        Ok(cli) => micheck::cli::commands::run(cli).into(),
        Err(error) => {
            let _ = error.print();
            ExitCode::from(u8::try_from(error.exit_code()).expect("clap's are 0 and 2"))
        }
    };
    console.wait_for_enter();
    code
}
