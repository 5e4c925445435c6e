//! The simulated adb server: accepts connections on loopback and speaks the smart-socket protocol
//! over them. What it knows is in `hub.rs`.

use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::answer::{Carrier, End, play, script, shell_request};
use super::device_list::{Chosen, DeviceList, Selector};
use super::fault::{Fault, garbage};
use super::framing::Service;
use super::options::Wire;
use super::phone::has_shell;

const UNKNOWN_SERVICE: &str = "unknown host service";
/// No real request comes near this; a length of four hexadecimal digits cannot pass it either.
const MAX_REQUEST_BYTES: usize = 0xffff;

/// Serves until the hub dies. Dropping the future closes the listener and every connection.
pub(super) async fn run(listener: TcpListener, hub: Arc<DeviceList>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = hub.dead() => return,
            () = hub.follow_schedules() => return,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => {
                // An accept fails when the peer has already gone or descriptors run out; the next
                // one can succeed.
                if let Ok((stream, _)) = accepted {
                    connections.spawn(connection(stream, Arc::clone(&hub)));
                }
            }
        }
    }
}

/// Counts itself among the open connections for as long as it lives.
struct Counted(Arc<DeviceList>);

impl Counted {
    fn new(hub: &Arc<DeviceList>) -> Self {
        hub.connections.fetch_add(1, Ordering::Relaxed);
        Self(Arc::clone(hub))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.connections.fetch_sub(1, Ordering::Relaxed);
    }
}

async fn connection(mut stream: TcpStream, hub: Arc<DeviceList>) {
    let _counted = Counted::new(&hub);
    // Without it Nagle's algorithm would add the simulator's own pauses to measurements.
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let (reader, writer) = stream.split();
    // A failing socket is how a reader says that it has had enough: nothing to report.
    let _ = Session { hub: &hub, reader, writer, chosen: None }.serve().await;
}

struct Session<'s> {
    hub: &'s DeviceList,
    reader: ReadHalf<'s>,
    writer: WriteHalf<'s>,
    chosen: Option<Chosen>,
}

/// Whether the connection goes on to another request.
#[derive(PartialEq, Eq)]
enum Next {
    Request,
    End,
}

impl Session<'_> {
    async fn serve(&mut self) -> io::Result<()> {
        match self.hub.options.wire {
            Wire::Protocol => {}
            Wire::Garbage => {
                let mut first = [0; 4];
                self.reader.read_exact(&mut first).await?;
                self.writer.write_all(&garbage(512)).await?;
                return self.writer.shutdown().await;
            }
            Wire::Silent => return until_closed(&mut self.reader).await,
        }
        loop {
            let Some(request) = self.request().await? else {
                return self.fail("failed to read request").await;
            };
            self.hub.record(&request);
            let next = if self.chosen.is_some() {
                self.device(&request).await?
            } else {
                self.host(&request).await?
            };
            if next == Next::End {
                return self.writer.shutdown().await;
            }
        }
    }

    /// Reads one request; `None` when it isn't one.
    async fn request(&mut self) -> io::Result<Option<String>> {
        let mut digits = [0; 4];
        self.reader.read_exact(&mut digits).await?;
        let length =
            std::str::from_utf8(&digits).ok().and_then(|text| usize::from_str_radix(text, 16).ok());
        let Some(length) = length.filter(|length| *length <= MAX_REQUEST_BYTES) else {
            return Ok(None);
        };
        let mut text = vec![0; length];
        self.reader.read_exact(&mut text).await?;
        Ok(Some(String::from_utf8_lossy(&text).into_owned()))
    }

    async fn okay(&mut self) -> io::Result<()> {
        self.writer.write_all(b"OKAY").await
    }

    async fn fail(&mut self, message: &str) -> io::Result<()> {
        self.writer.write_all(&with_length(b"FAIL", message.as_bytes())).await
    }

    async fn text(&mut self, text: &[u8]) -> io::Result<Next> {
        self.writer.write_all(&with_length(b"OKAY", text)).await?;
        Ok(Next::End)
    }

    async fn refuse(&mut self, message: &str) -> io::Result<Next> {
        self.fail(message).await?;
        Ok(Next::End)
    }

    /// A request to the server itself.
    async fn host(&mut self, request: &str) -> io::Result<Next> {
        let options = &self.hub.options;
        match request {
            "host:version" => self.text(format!("{:04x}", options.version).as_bytes()).await,
            "host:devices" => self.text(&self.hub.list(false)).await,
            "host:devices-l" => match &options.list_fails {
                Some(message) => self.refuse(message).await,
                None => self.text(&self.hub.list(true)).await,
            },
            "host:track-devices-l" if !options.no_long_tracking => self.track().await,
            _ if !request.starts_with("host") => self.refuse("device offline (no transport)").await,
            _ => self.about_phone(request).await,
        }
    }

    /// A request that names a phone: to choose it, or for its features.
    async fn about_phone(&mut self, request: &str) -> io::Result<Next> {
        let old = self.hub.options.old;
        // A serial can hold colons, as a network address does; a query cannot.
        let query = request.strip_suffix(":features");
        let asked = query.and_then(|text| named(text, "host-serial:", "host-transport-id:", old));
        let wanted = asked.or_else(|| named(request, "host:transport:", "host:transport-id:", old));
        let Some(selector) = wanted else { return self.refuse(UNKNOWN_SERVICE).await };
        let chosen = match self.hub.choose(selector) {
            Ok(chosen) => chosen,
            Err(message) => return self.refuse(&message).await,
        };
        if asked.is_none() {
            return self.choose(chosen).await;
        }
        match &chosen.phone.features {
            Some(features) => self.text(features.as_bytes()).await,
            None => self.refuse(UNKNOWN_SERVICE).await,
        }
    }

    async fn choose(&mut self, chosen: Chosen) -> io::Result<Next> {
        match self.hub.fault(chosen.transport) {
            Fault::RefuseTransport { message } => {
                self.hub.fault_spent(chosen.transport);
                return self.refuse(&message).await;
            }
            Fault::IgnoreTransport => {
                self.hub.fault_spent(chosen.transport);
                until_closed(&mut self.reader).await?;
                return Ok(Next::End);
            }
            _ => {}
        }
        self.okay().await?;
        self.chosen = Some(chosen);
        Ok(Next::Request)
    }

    /// A request to the phone that was chosen.
    async fn device(&mut self, request: &str) -> io::Result<Next> {
        let mut chosen = self.chosen.take().expect("only a connection with a phone comes here");
        let fault = self.hub.fault(chosen.transport);
        let speaks = has_shell(&chosen.state);
        let shell = shell_request(request).filter(|shell| {
            speaks && (shell.service == Service::V1 || chosen.phone.has_shell_v2())
        });
        let Some(shell) = shell else {
            // What the server says when the phone closes a stream instead of accepting it.
            return self.refuse("closed").await;
        };
        if fault != Fault::None {
            self.hub.fault_spent(chosen.transport);
        }
        match &fault {
            Fault::RefuseShell { message } => return self.refuse(message).await,
            Fault::IgnoreShell => {
                tokio::select! {
                    closed = until_closed(&mut self.reader) => closed?,
                    () = chosen.gone() => {}
                }
                return Ok(Next::End);
            }
            _ => {}
        }
        self.okay().await?;
        self.hub.shell_begins();
        let phone = Arc::clone(&chosen.phone);
        let script = script(&phone, &shell, &fault);
        let Self { hub, reader, writer, .. } = self;
        let answer = async {
            let end = play(script, writer).await;
            if matches!(end, Ok(End::Stall)) {
                std::future::pending::<()>().await;
            }
            end
        };
        tokio::select! {
            end = answer => {
                if end? == End::Unplug {
                    hub.unplug_transport(chosen.transport);
                }
            }
            closed = until_closed(reader) => closed?,
            () = chosen.gone() => {}
        }
        Ok(Next::End)
    }

    /// Pushes the whole list now and after every change.
    async fn track(&mut self) -> io::Result<Next> {
        let mut changes = self.hub.changes();
        self.okay().await?;
        loop {
            changes.mark_unchanged();
            let list = self.hub.list(true);
            self.writer.write_all(&with_length(b"", &list)).await?;
            tokio::select! {
                seen = changes.changed() => {
                    if seen.is_err() {
                        return Ok(Next::End);
                    }
                }
                closed = until_closed(&mut self.reader) => {
                    closed?;
                    return Ok(Next::End);
                }
            }
        }
    }
}

/// The phone that a request names behind one of these words; an old server knows no ids.
fn named<'r>(request: &'r str, serial: &str, id: &str, old: bool) -> Option<Selector<'r>> {
    let by_serial = request.strip_prefix(serial).map(|name| Selector::Serial(name.as_bytes()));
    let by_id = || request.strip_prefix(id)?.parse().ok().map(Selector::Transport);
    by_serial.or_else(|| by_id().filter(|_| !old))
}

impl Carrier for WriteHalf<'_> {
    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        for piece in bytes.chunks(64 * 1024) {
            self.write_all(piece).await?;
        }
        Ok(())
    }
}

/// Reads and forgets until the other side closes.
async fn until_closed(reader: &mut ReadHalf<'_>) -> io::Result<()> {
    let mut waste = [0; 1024];
    while reader.read(&mut waste).await? > 0 {}
    Ok(())
}

/// A status, the text's length in four hexadecimal digits, the text.
fn with_length(status: &[u8], text: &[u8]) -> Vec<u8> {
    let mut answer = status.to_vec();
    answer.extend_from_slice(format!("{:04x}", text.len()).as_bytes());
    answer.extend_from_slice(text);
    answer
}

#[cfg(test)]
mod tests;
