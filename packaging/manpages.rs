//! Writes the man pages, one for each command that people may type, from what `--help` is made of:
//! `cargo run --example manpages -- DIR`.

use std::io::{Error, ErrorKind, Result};
use std::path::{Path, PathBuf};
use std::{env, fs};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use micheck::cli::args::Cli;

fn main() -> Result<()> {
    let mut arguments = env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next().map(PathBuf::from), arguments.next()) else {
        return Err(Error::new(ErrorKind::InvalidInput, "usage: manpages DIR"));
    };
    fs::create_dir_all(&folder)?;
    let mut command = Cli::command().disable_help_subcommand(true);
    // Gives each command the name of its page.
    command.build();
    write(&command, &folder)
}

/// Writes the page of a command and of all below it.
fn write(command: &Command, folder: &Path) -> Result<()> {
    let man = Man::new(command.clone());
    fs::write(folder.join(man.get_filename()), page(command, &man)?)?;
    shown(command).try_for_each(|below| write(below, folder))
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| !below.is_hide_set())
}

fn page(command: &Command, man: &Man) -> Result<Vec<u8>> {
    let name = command.get_display_name().unwrap_or_else(|| command.get_name());
    // Without a date, so that the same sources make the same page; `render_title` would then put the
    // version in its place.
    let title = format!(
        ".TH \"{}\" \"1\" \"\" \"micheck {}\" \"User Commands\"\n",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION")
    );
    let mut page = title.into_bytes();
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if shown(command).next().is_some() {
        man.render_subcommands_section(&mut page)?;
    }
    // Examples and keys stand in columns, which man would fill up as it does with sentences.
    if let Some(words) = command.get_after_help() {
        page.extend_from_slice(b".SH NOTES\n.nf\n");
        page.extend_from_slice(as_it_stands(&words.to_string()).as_bytes());
        page.extend_from_slice(b".fi\n");
    }
    Ok(page)
}

/// Text that roff takes for nothing but text.
fn as_it_stands(text: &str) -> String {
    text.lines().fold(String::new(), |mut page, line| {
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        page.push_str(guard);
        page.push_str(&line.replace('\\', "\\e").replace('-', "\\-"));
        page.push('\n');
        page
    })
}
