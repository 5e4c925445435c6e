//! Runs micheck.exe under Wine, beside the programs that `tests/wine` built to look at it.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::tmux::{Opening, Terminal};
use crate::support::{Micheck, wait_until};

/// What `tests/wine` has set.
fn set(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} isn't set: run tests/wine"))
}

/// The program for Windows. Beside it lies what Wine lacks.
pub(crate) fn exe() -> PathBuf {
    PathBuf::from(set("MICHECK_EXE"))
}

/// A program of `tests/windows/NAME.c`.
pub(crate) fn helper(name: &str) -> PathBuf {
    exe().with_file_name(format!("{name}.exe"))
}

/// The Wine prefix, in which the disk C: is.
fn prefix() -> PathBuf {
    PathBuf::from(set("WINEPREFIX"))
}

/// What Wine reads. Names of files are UTF-8 to it only if the locale says so.
fn environment() -> [(&'static str, String); 3] {
    [
        ("WINEPREFIX", set("WINEPREFIX")),
        ("WINEDEBUG", "-all".to_owned()),
        ("LC_ALL", "C.UTF-8".to_owned()),
    ]
}

/// What a path is called in Windows: Wine shows the whole of Linux as the disk Z:.
pub(crate) fn of_windows(path: &Path) -> String {
    format!("Z:{}", path.display()).replace('/', "\\")
}

/// A run of micheck.exe.
pub(crate) fn micheck<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Micheck {
    on_windows(Micheck::new(args))
}

/// The same run by micheck.exe, as it stands: what is set afterwards counts, too.
pub(crate) fn on_windows(run: Micheck) -> Micheck {
    by(&exe(), run)
}

/// The same run by this copy of micheck.exe.
pub(crate) fn by(exe: &Path, run: Micheck) -> Micheck {
    let run = run.program(exe).within(Path::new("wine"), [""; 0]);
    // Wine has one user's folder for all runs, and adb's key lies in it.
    environment().into_iter().fold(run, |run, (name, value)| run.env(name, value))
}

/// A program of `tests/windows/NAME.c` with these arguments, to be started.
pub(crate) fn helper_command(name: &str) -> std::process::Command {
    let mut command = std::process::Command::new("wine");
    command.arg(helper(name)).envs(environment());
    command
}

/// Copies micheck.exe, and what Wine needs beside it, into a folder, which is made.
pub(crate) fn copy_to(folder: &Path) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let copy = |file: PathBuf| {
        let to = folder.join(file.file_name().unwrap());
        fs::copy(&file, &to).unwrap();
        to
    };
    copy(exe().with_file_name("bcryptprimitives.dll"));
    copy(exe())
}

/// The folder of the user whom Wine makes of whoever runs it.
pub(crate) fn profile() -> PathBuf {
    let users = fs::read_dir(prefix().join("drive_c/users")).unwrap();
    let mut users: Vec<_> = users.map(|user| user.unwrap()).collect();
    users.retain(|user| user.file_name() != "Public");
    assert_eq!(users.len(), 1, "{users:?}");
    users[0].path()
}

/// The command lines of the processes that were started from this copy of micheck.exe, as Linux
/// shows them.
pub(crate) fn processes(exe: &Path) -> Vec<String> {
    let (unix, windows) = (exe.display().to_string(), of_windows(exe));
    let mut found = Vec::new();
    for process in fs::read_dir("/proc").unwrap().flatten() {
        let command = fs::read(process.path().join("cmdline")).unwrap_or_default();
        let command = String::from_utf8_lossy(&command).replace('\0', " ");
        if command.starts_with(&unix) || command.starts_with(&windows) {
            found.push(command.trim_end().to_owned());
        }
    }
    found
}

/// A terminal in which Wine makes a console. `home`: as in [`Opening::new`].
pub(crate) fn terminal(home: &Path) -> Opening<'_> {
    environment()
        .into_iter()
        .fold(Opening::new(home), |opening, (name, value)| opening.env(name, &value))
}

/// micheck.exe in a console that belongs to another program, `console.c`.
pub(crate) struct Console {
    terminal: Terminal,
    report: PathBuf,
    trigger: PathBuf,
}

/// The output code page that the console has before micheck.exe starts: neither the usual one, 437,
/// nor UTF-8.
pub(crate) const CODE_PAGE: u32 = 850;

impl Console {
    /// Starts this copy of micheck.exe. `home`: as in [`terminal`].
    pub(crate) fn start(opening: Opening<'_>, home: &Path, exe: &Path, args: &[&str]) -> Self {
        let (report, trigger) = (home.join("report-of-console"), home.join("trigger"));
        let mut command = vec![helper("console").display().to_string()];
        command.extend([of_windows(&report), CODE_PAGE.to_string(), of_windows(&trigger)]);
        command.push(of_windows(exe));
        command.extend(args.iter().map(|&arg| arg.to_owned()));
        Self { terminal: opening.start("wine", command), report, trigger }
    }

    /// Presses Ctrl-C, having looked at how the console is set.
    pub(crate) fn interrupt(&self) {
        fs::write(&self.trigger, "").unwrap();
    }

    /// Waits for the end: what is left on the screen, and what `console.c` saw.
    pub(crate) fn end(&self) -> (String, BTreeMap<String, u32>) {
        let (screen, _) = self.terminal.end();
        let report = fs::read_to_string(&self.report).unwrap();
        let number = |line: &str| {
            let (name, number) = line.split_once(' ').unwrap();
            (name.to_owned(), number.trim().parse().unwrap())
        };
        (screen, report.lines().map(number).collect())
    }
}

/// Waits until no process is left of this copy of micheck.exe.
pub(crate) fn wait_until_none_is_left(exe: &Path) {
    wait_until("every process of micheck.exe has ended", || processes(exe).is_empty());
}
