//! Parse, run, exit code; nothing else.

use std::process::ExitCode;

use clap::Parser as _;
use micheck::cli::Cli;

fn main() -> ExitCode {
    micheck::run::run(Cli::parse()).into()
}
