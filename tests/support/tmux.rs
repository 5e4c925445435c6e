//! A real terminal that nobody sits at: tmux, with a server of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use super::{HANGS_AFTER, wait_until};

/// Runs the program, writes its exit code into the file `$0`, and keeps the terminal open. tmux's own
/// way, `remain-on-exit`, now and then never learns how a program ended (3.3a). A Ctrl-C that the
/// terminal sends to all is for the program alone.
const KEEP: &str = "trap : INT; \"$@\"; echo $? >\"$0\"; exec sleep 100000";

/// A terminal with a program in it, until this is dropped. What ran in it can still be read when it
/// has ended.
pub(crate) struct Terminal {
    /// Where tmux's socket lies, and what the program wrote.
    dir: tempfile::TempDir,
}

/// A terminal that is being put together.
pub(crate) struct Opening<'h> {
    home: &'h Path,
    width: u16,
    height: u16,
    environment: Vec<(String, String)>,
}

impl<'h> Opening<'h> {
    /// A terminal of 100 columns and 30 lines that knows UTF-8 and colours. `home`: the home and
    /// working directory of what runs in it, whose environment says nothing else.
    pub(crate) fn new(home: &'h Path) -> Self {
        let mut opening = Self { home, width: 100, height: 30, environment: Vec::new() }
            .env("HOME", home.to_str().unwrap())
            .env("TERM", "screen-256color")
            .env("LC_ALL", "C.UTF-8")
            .env("PS1", "$ ");
        for name in ["PATH", "LLVM_PROFILE_FILE"] {
            if let Ok(value) = std::env::var(name) {
                opening = opening.env(name, &value);
            }
        }
        opening
    }

    pub(crate) fn size(mut self, width: u16, height: u16) -> Self {
        (self.width, self.height) = (width, height);
        self
    }

    /// Sets a variable; what it was before no longer counts.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Starts `program` in it.
    pub(crate) fn start<S: AsRef<str>>(
        self,
        program: &str,
        args: impl IntoIterator<Item = S>,
    ) -> Terminal {
        let terminal = Terminal { dir: tempfile::tempdir().unwrap() };
        let set = self.environment.iter().map(|(name, value)| format!("{name}={value}"));
        let (width, height) = (self.width.to_string(), self.height.to_string());
        let home = self.home.to_str().unwrap();
        let code = terminal.code_file();
        let mut command: Vec<String> =
            ["new-session", "-d", "-x", &width, "-y", &height, "-c", home, "--", "env", "-i"]
                .map(str::to_owned)
                .to_vec();
        command.extend(set);
        command.extend(["sh", "-c", KEEP, code.to_str().unwrap(), program].map(str::to_owned));
        command.extend(args.into_iter().map(|arg| arg.as_ref().to_owned()));
        terminal.tmux(command);
        terminal
    }
}

impl Terminal {
    fn tmux<S: AsRef<str>>(&self, args: impl IntoIterator<Item = S>) -> String {
        let args: Vec<S> = args.into_iter().collect();
        let args: Vec<&str> = args.iter().map(AsRef::as_ref).collect();
        let Output { status, stdout, stderr } = self.run(&args);
        assert!(status.success(), "tmux {args:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    fn run(&self, args: &[&str]) -> Output {
        let mut tmux = Command::new("tmux");
        // -u: it is to pass UTF-8 on, whatever it thinks of its own environment.
        tmux.args(["-u", "-f", "/dev/null", "-S"]).arg(self.dir.path().join("socket")).args(args);
        tmux.env_remove("TMUX").output().expect("tmux is missing: run tests/setup")
    }

    /// What stands on the screen, line by line, without blanks at the ends.
    pub(crate) fn screen(&self) -> String {
        self.tmux(["capture-pane", "-p"])
    }

    /// The same with its colours as escape codes.
    pub(crate) fn colours(&self) -> String {
        self.tmux(["capture-pane", "-p", "-e"])
    }

    /// What tmux knows of it: `alternate_on`, `cursor_flag`, …
    pub(crate) fn says(&self, variable: &str) -> String {
        let answer = self.tmux(["display-message", "-p", &format!("#{{{variable}}}")]);
        answer.trim_end().to_owned()
    }

    /// Presses keys, by tmux's names: `Down`, `Escape`, `C-c`, `q`.
    pub(crate) fn press<'k>(&self, keys: impl IntoIterator<Item = &'k str>) {
        self.tmux(["send-keys"].into_iter().chain(keys));
    }

    /// Types a text.
    pub(crate) fn type_in(&self, text: &str) {
        self.tmux(["send-keys", "-l", "--", text]);
    }

    /// Types a line.
    pub(crate) fn enter(&self, line: &str) {
        self.type_in(line);
        self.press(["Enter"]);
    }

    pub(crate) fn resize(&self, width: u16, height: u16) {
        let (width, height) = (width.to_string(), height.to_string());
        self.tmux(["resize-window", "-x", &width, "-y", &height]);
    }

    /// From now on everything that is written to the terminal goes into this file, too, byte by byte.
    pub(crate) fn record(&self) -> PathBuf {
        let file = self.dir.path().join("written");
        let quoted = format!("exec cat > '{}'", file.display());
        self.tmux(["pipe-pane", "-O", &quoted]);
        // tmux starts `cat` by itself; what comes before it is there waits for it.
        wait_until("what is written is recorded", || file.exists());
        file
    }

    /// Waits until the screen is as it should be and nothing more is being written to it, and gives
    /// it.
    pub(crate) fn wait(&self, what: &str, mut is_so: impl FnMut(&str) -> bool) -> String {
        let started = Instant::now();
        let mut before = None;
        loop {
            let screen = self.screen();
            let is_still = before.as_ref() == Some(&screen);
            if is_still && is_so(&screen) {
                return screen;
            }
            assert!(started.elapsed() < HANGS_AFTER, "waited in vain for {what}:\n{screen}");
            before = Some(screen);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the screen shows this text.
    pub(crate) fn wait_for(&self, text: &str) -> String {
        self.wait(text, |screen| screen.contains(text))
    }

    /// Where the exit code is written to.
    fn code_file(&self) -> PathBuf {
        self.dir.path().join("code")
    }

    /// The exit code of the program that was started; `None` while it runs.
    pub(crate) fn code(&self) -> Option<i32> {
        let written = std::fs::read_to_string(self.code_file()).unwrap_or_default();
        written.strip_suffix('\n').map(|code| code.parse().unwrap())
    }

    /// Waits for the end of the program that was started, and gives what is left on the terminal
    /// and its exit code.
    pub(crate) fn end(&self) -> (String, i32) {
        wait_until("the program in the terminal ends", || self.code().is_some());
        let screen = self.wait("its last words", |_| true);
        (format!("{}\n", screen.trim_end()), self.code().unwrap())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // What runs in it gets a hang-up. A server that has never started has nothing to end.
        let _ = self.run(&["kill-server"]);
    }
}
