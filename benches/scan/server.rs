//! A real adb server: its own port, its own home, gone when it is dropped.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Result;
use crate::adb::Adb;

/// After so long something is wrong that no measuring can go on with.
const HANGS_AFTER: Duration = Duration::from_secs(60);

/// A server that holds the phones that it is told to connect to, and no others.
pub(crate) struct Server {
    address: SocketAddr,
    process: Child,
    #[expect(dead_code, reason = "held for its drop: the folder goes with the server")]
    home: tempfile::TempDir,
}

impl Server {
    pub(crate) fn start(adb: &Adb) -> Result<Self> {
        let home = tempfile::tempdir()?;
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?;
        let mut command = Command::new(&adb.program);
        command.env_clear().env("HOME", home.path()).env("TMPDIR", home.path());
        // No emulator, cable or network of this computer's gets into a measurement.
        command.envs([("ADB_EMU", "0"), ("ADB_USB", "0"), ("ADB_MDNS", "0")]);
        command.arg("-L").arg(format!("tcp:localhost:{}", address.port()));
        command.args(["nodaemon", "server"]);
        // Its log must not fill the screen, nor a pipe that nobody reads.
        let process =
            command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let server = Self { address, process, home };
        wait_until("the adb server listens", || Ok(TcpStream::connect(address).is_ok()))?;
        Ok(server)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Connects the server to these phones and waits until it holds them all.
    pub(crate) fn connect_all(&self, phones: &[SocketAddr]) -> Result<()> {
        for phone in phones {
            self.query(&format!("host:connect:{phone}"))?;
        }
        wait_until("the adb server holds all phones", || {
            let list = self.query("host:devices")?;
            Ok(list.lines().filter(|line| line.ends_with("\tdevice")).count() == phones.len())
        })
    }

    fn query(&self, request: &str) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        stream.set_read_timeout(Some(HANGS_AFTER))?;
        write!(stream, "{:04x}{request}", request.len())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let text = answer.strip_prefix("OKAY").and_then(|text| text.get(4..));
        Ok(text.ok_or_else(|| format!("{request}: {answer}"))?.to_owned())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Either fails when it has ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn wait_until(what: &str, mut done: impl FnMut() -> Result<bool>) -> Result<()> {
    let started = Instant::now();
    while !done()? {
        if started.elapsed() > HANGS_AFTER {
            return Err(format!("waited in vain until {what}").into());
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    Ok(())
}
