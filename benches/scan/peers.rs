//! Who is measured: micheck, the bare client, and what people would use otherwise.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::Result;
use crate::adb::Adb;

/// One way to ask all phones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    Bare,
    Micheck,
    Adbutils,
    Xargs,
    Script,
}

impl Peer {
    /// The head of its column.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Bare => "bare client",
            Self::Micheck => "micheck",
            Self::Adbutils => "Python adbutils, 64 threads",
            Self::Xargs => "`xargs -P64 adb shell`",
            Self::Script => "script, one call after another",
        }
    }
}

/// What somebody writes who has adb only. `$ADB` is the program.
const SCRIPT: &str = r#"
for serial in $("$ADB" devices | awk '$2 == "device" { print $1 }'); do
    "$ADB" -s "$serial" shell getprop
    "$ADB" -s "$serial" shell dumpsys package com.xiaomi.mi_connect_service
done"#;

/// The same by somebody who knows how to make it quick.
const XARGS: &str = r#"
"$ADB" devices | awk '$2 == "device" { print $1 }' |
    xargs -P64 -I{} "$ADB" -s {} shell "getprop; dumpsys package com.xiaomi.mi_connect_service""#;

/// The peers that there are.
pub(crate) struct Peers {
    adb: PathBuf,
    python: Option<PathBuf>,
    list: Vec<Peer>,
}

impl Peers {
    pub(crate) fn new(adb: &Adb, python: Option<&Path>, only_the_needed: bool) -> Self {
        let mut list = vec![Peer::Bare, Peer::Micheck];
        if !only_the_needed {
            list.extend(python.map(|_| Peer::Adbutils));
            list.extend([Peer::Xargs, Peer::Script]);
        }
        Self { adb: adb.program.clone(), python: python.map(Path::to_owned), list }
    }

    pub(crate) fn list(&self) -> &[Peer] {
        &self.list
    }

    /// How `peer` asks all phones of the server at this address.
    pub(crate) fn command(&self, peer: Peer, server: SocketAddr) -> Result<Command> {
        Ok(match peer {
            Peer::Bare => bare(server)?,
            Peer::Micheck => micheck(server),
            Peer::Script => self.shell(SCRIPT, server),
            Peer::Xargs => self.shell(XARGS, server),
            Peer::Adbutils => {
                let python = self.python.as_deref().expect("it is listed only with a Python");
                let mut command = silent(Command::new(python));
                command.args(["-c", include_str!("adbutils.py")]);
                command.arg(server.port().to_string());
                command
            }
        })
    }

    fn shell(&self, script: &str, server: SocketAddr) -> Command {
        let mut command = silent(Command::new("sh"));
        command.args(["-e", "-c", script]).env("ADB", &self.adb);
        command.env("ANDROID_ADB_SERVER_PORT", server.port().to_string());
        command
    }
}

/// The bare client, which this program is, too.
pub(crate) fn bare(server: SocketAddr) -> Result<Command> {
    let mut command = silent(Command::new(std::env::current_exe()?));
    command.arg("bare").arg(server.to_string());
    Ok(command)
}

/// The whole program, its report included.
pub(crate) fn micheck(server: SocketAddr) -> Command {
    let mut command = program();
    command.args(["scan", "--format", "json", "--server"]).arg(server.to_string());
    command
}

/// `micheck --version`.
pub(crate) fn version() -> Command {
    let mut command = program();
    command.arg("--version");
    command
}

fn program() -> Command {
    silent(Command::new(env!("CARGO_BIN_EXE_micheck")))
}

fn silent(mut command: Command) -> Command {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command
}
