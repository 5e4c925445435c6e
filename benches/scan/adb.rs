//! The adb programs that this computer has, and Python's adbutils, which brings a newer one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use etcetera::BaseStrategy as _;

use crate::{Result, say};

/// The peer's release; the adb that it brings is 36.0.0.
const ADBUTILS: &str = "adbutils==2.12.0";

/// Installing it may take so long; nothing depends on it.
const INSTALLS_WITHIN: Duration = Duration::from_secs(120);

/// An adb program.
pub(crate) struct Adb {
    pub(crate) program: PathBuf,
    /// As it says itself: `adb 36.0.0-13206524`.
    pub(crate) version: String,
}

impl Adb {
    fn new(program: PathBuf) -> Result<Self> {
        let output = Command::new(&program).arg("version").output()?;
        let text = String::from_utf8(output.stdout)?;
        let version = text.lines().find_map(|line| line.strip_prefix("Version "));
        let version = version.ok_or_else(|| format!("{} is no adb", program.display()))?;
        Ok(Self { version: format!("adb {version}"), program })
    }
}

/// The adb programs to measure with, and a Python that has adbutils.
pub(crate) fn find(named: &[PathBuf], fetch: bool) -> Result<(Vec<Adb>, Option<PathBuf>)> {
    let venv = venv(fetch)?;
    let python = venv.as_deref().map(|venv| venv.join("bin/python"));
    let mut programs = named.to_vec();
    if programs.is_empty() {
        programs.extend(in_path("adb"));
        programs.extend(venv.as_deref().and_then(bundled));
    }
    let adbs = programs.into_iter().map(Adb::new).collect::<Result<Vec<_>>>()?;
    if adbs.is_empty() {
        return Err("no adb on PATH; tests/setup installs it".into());
    }
    Ok((adbs, python))
}

fn in_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The folder with adbutils, outside the checkout, so that a fresh one finds it.
fn venv(fetch: bool) -> Result<Option<PathBuf>> {
    let cache = etcetera::choose_base_strategy()?.cache_dir();
    let venv = cache.join("micheck").join(ADBUTILS);
    let python = venv.join("bin/python");
    let works = || {
        let mut command = Command::new(&python);
        command.args(["-c", "import adbutils"]).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !works() {
        if !fetch {
            return Ok(None);
        }
        let installed = in_time(Command::new("python3").args(["-m", "venv"]).arg(&venv))
            && in_time(Command::new(&python).args(["-m", "pip", "install", "-q", ADBUTILS]));
        if !installed || !works() {
            say("Python's adbutils isn't there and can't be installed: its column is left out.")?;
            return Ok(None);
        }
    }
    Ok(Some(venv))
}

/// Whether a command succeeds within [`INSTALLS_WITHIN`].
fn in_time(command: &mut Command) -> bool {
    let started = Instant::now();
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn() else {
        return false;
    };
    while started.elapsed() < INSTALLS_WITHIN {
        match child.try_wait() {
            Ok(None) => std::thread::sleep(Duration::from_millis(50)),
            Ok(Some(status)) => return status.success(),
            Err(_) => break,
        }
    }
    // Either fails when it has ended by itself.
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// The adb inside adbutils: `lib/python3.x/site-packages/adbutils/binaries/adb`.
fn bundled(venv: &Path) -> Option<PathBuf> {
    let pythons = fs::read_dir(venv.join("lib")).ok()?;
    pythons
        .filter_map(|python| Some(python.ok()?.path().join("site-packages/adbutils/binaries/adb")))
        .find(|adb| adb.is_file())
}
