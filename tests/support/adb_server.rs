//! A real adb server for one test: its own port, its own home, gone when it is dropped.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use crate::support::wait_until;

/// After so long a test hangs: a guard, not a measurement.
const HANGS_AFTER: Duration = Duration::from_secs(60);

/// An adb server that holds the phones that it is told to connect to, and no others.
pub(crate) struct AdbServer {
    address: SocketAddr,
    home: tempfile::TempDir,
    // In the foreground, as a child: then it can be ended by its process even when it hangs.
    process: Child,
    connecting: Vec<Child>,
}

impl AdbServer {
    pub(crate) fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    /// Starts it with this home, where its key lies.
    pub(crate) fn start_in(mut home: tempfile::TempDir) -> Self {
        // Another program can take the port between finding and using it.
        for _ in 0..5 {
            match Self::try_start(free_port(), home) {
                Ok(server) => return server,
                Err(unused) => home = unused,
            }
        }
        panic!("no adb server started; is `adb` there (tests/setup installs it)?");
    }

    /// Gives the home back where it doesn't start.
    fn try_start(address: SocketAddr, home: tempfile::TempDir) -> Result<Self, tempfile::TempDir> {
        match serve(&home, address) {
            Some(process) => Ok(Self { address, home, process, connecting: Vec::new() }),
            None => Err(home),
        }
    }

    /// Starts it again on the same port after it was killed.
    pub(crate) fn restart(&mut self) {
        // Connections that are being taken down may hold the port for a moment.
        wait_until("the adb server starts again", || {
            let process = serve(&self.home, self.address);
            process.map(|process| self.process = process).is_some()
        });
    }

    /// Where its key lies, in `.android`.
    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    fn ended(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// `adb connect`, without waiting for its end: for a phone that doesn't answer that takes
    /// ten seconds.
    pub(crate) fn connect(&mut self, phone: SocketAddr) {
        let address = phone.to_string();
        let command = adb(&self.home, self.address).args(["connect", &address]).spawn();
        self.connecting.push(command.unwrap());
    }

    pub(crate) fn disconnect(&self, phone: SocketAddr) {
        let address = phone.to_string();
        let status = adb(&self.home, self.address).args(["disconnect", &address]).status();
        assert!(status.unwrap().success(), "adb disconnect {address}");
    }

    /// `adb kill-server`, and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        let status = adb(&self.home, self.address).arg("kill-server").status();
        assert!(status.unwrap().success(), "adb kill-server");
        wait_until("the adb server ends", || self.ended());
    }

    /// Waits until the server lists these phones in these states, and nothing else.
    pub(crate) fn wait_for(&self, phones: &[(SocketAddr, &str)]) {
        let mut expected: Vec<_> =
            phones.iter().map(|(phone, state)| format!("{phone}\t{state}")).collect();
        expected.sort();
        let mut listed = Vec::new();
        let started = Instant::now();
        while listed != expected {
            assert!(started.elapsed() < HANGS_AFTER, "listed: {listed:#?}, not {expected:#?}");
            std::thread::sleep(Duration::from_millis(5));
            listed = self.query("host:devices").lines().map(str::to_owned).collect();
            listed.sort();
        }
    }

    fn query(&self, request: &str) -> String {
        query(self.address, request).unwrap_or_else(|answer| panic!("{request}: {answer}"))
    }
}

impl Drop for AdbServer {
    fn drop(&mut self) {
        for process in self.connecting.iter_mut().chain([&mut self.process]) {
            // Either fails when it has ended by itself.
            let _ = process.kill();
            let _ = process.wait();
        }
    }
}

/// Starts a server; `None`: it ended at once, because another program has its port.
fn serve(home: &tempfile::TempDir, address: SocketAddr) -> Option<Child> {
    let mut process = adb(home, address)
        .args(["nodaemon", "server"])
        .spawn()
        .expect("`adb` starts (tests/setup installs it)");
    let mut ended = || process.try_wait().unwrap().is_some();
    // Whatever else listens there says nothing of the kind.
    let is_adb = || query(address, "host:version").is_ok();
    wait_until("the adb server answers", || ended() || is_adb());
    (!ended()).then_some(process)
}

/// One request in adb's words: the `adb` program would start a new server where there is none.
fn query(address: SocketAddr, request: &str) -> Result<String, String> {
    let answer = |stream: &mut TcpStream| {
        let mut answer = String::new();
        stream.set_read_timeout(Some(HANGS_AFTER))?;
        write!(stream, "{:04x}{request}", request.len())?;
        stream.read_to_string(&mut answer)?;
        std::io::Result::Ok(answer)
    };
    let answer = TcpStream::connect(address).and_then(|mut stream| answer(&mut stream));
    let answer = answer.map_err(|error| error.to_string())?;
    match answer.strip_prefix("OKAY").and_then(|rest| rest.get(4..)) {
        Some(text) => Ok(text.to_owned()),
        None => Err(answer),
    }
}

/// The program, for the server at `address`. It sees neither the caller's keys nor, so that
/// nobody's phone gets into a test, emulators, USB or the network.
fn adb(home: &tempfile::TempDir, address: SocketAddr) -> Command {
    let mut command = Command::new("adb");
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", home.path()).env("TMPDIR", home.path());
    command.envs([("ADB_EMU", "0"), ("ADB_USB", "0"), ("ADB_MDNS", "0")]);
    command.arg("-L").arg(format!("tcp:localhost:{}", address.port()));
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// A port where nobody listens: below those that the system hands out by itself, so that no simulated
/// phone gets it between here and the server's start.
fn free_port() -> SocketAddr {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    loop {
        // Test programs that run at the same time begin at different ports.
        let step = NEXT.fetch_add(1, Ordering::Relaxed);
        let offset =
            u16::try_from(std::process::id() % 10_000).unwrap().wrapping_add(step) % 10_000;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 20_000 + offset));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}
