//! The worker: this program, started once more, to talk to one phone, or to look at the USB bus or
//! follow it.
//! Shell: does blocking I/O.
//!
//! libusb and `adb_client` block, and believe what a phone says of itself. So each session has a
//! process of its own, which limits its memory first, ends when its parent does, and can be
//! killed at the phone's deadline. What goes through its pipes is `pipe`'s; the parent's end of
//! them is `direct`'s.

mod bus;
mod libusb;
mod limits;
pub(super) mod pipe;
mod relay;
mod session;
mod tcp;
mod tls;
mod usb;
mod watch;

use std::io::{self, BufRead as _, Read as _, Write as _};
use std::path::PathBuf;
use std::sync::mpsc;

use pipe::{Envelope, Hello, MAX_REQUEST_BYTES, PhoneAddress, WorkerEvent, WorkerRequest};
use session::{Greeting, Listener, Session};
use tls::Tls;

use crate::link_error::LinkError;
use micheck_core::verdict::Reason;

/// The subcommand that a worker process is started with.
pub const SUBCOMMAND: &str = "worker";

/// Serves requests from standard input until it ends. To be called before anything else is done.
pub fn main() {
    let mut events = Events { stdout: io::stdout() };
    if let Err(trouble) = work(&mut events) {
        events.send(&WorkerEvent::LinkError(trouble));
    }
}

fn work(events: &mut Events) -> Result<(), LinkError> {
    // Without limits one phone could take the whole computer's memory.
    limits::apply().map_err(|error| failed("limit the worker's memory", &error))?;
    let (requests, taken) = mpsc::channel();
    let read = move || {
        let mut stdin = io::stdin().lock();
        loop {
            let mut line = Vec::new();
            let read = stdin.by_ref().take(MAX_REQUEST_BYTES).read_until(b'\n', &mut line);
            let whole = read.is_ok() && line.ends_with(b"\n");
            if !whole || requests.send(line).is_err() {
                // Nobody waits for an answer any more: in the middle of whatever it is.
                std::process::exit(0);
            }
        }
    };
    std::thread::Builder::new().spawn(read).map_err(|error| failed("start a thread", &error))?;
    let mut connected = None;
    while let Ok(line) = taken.recv() {
        let served =
            Envelope::open(&line).and_then(|request| serve(request, &mut connected, events));
        events.send(&served.unwrap_or_else(WorkerEvent::LinkError));
    }
    Ok(())
}

fn failed(what: &str, error: &io::Error) -> LinkError {
    LinkError::with_detail(Reason::WorkerFailed, format!("can't {what}: {error}"))
}

/// A phone that the worker has a session with.
enum Connected {
    Usb(Session<usb::Usb>),
    Tcp(Session<tcp::Tcp>),
    Tls(Tls),
}

/// Does what is requested, and gives the event that ends it.
fn serve(
    request: WorkerRequest,
    connected: &mut Option<Connected>,
    events: &mut Events,
) -> Result<WorkerEvent, LinkError> {
    if request != WorkerRequest::WatchUsb {
        limits::limit_computing()
            .map_err(|error| failed("limit the worker's computing", &error))?;
    }
    match request {
        WorkerRequest::ListUsb { open } => {
            Ok(WorkerEvent::Devices(bus::devices(&bus::context()?, open, &[])?))
        }
        WorkerRequest::WatchUsb => {
            match watch::follow(|devices| events.send(&WorkerEvent::Devices(devices)))? {}
        }
        WorkerRequest::Connect { target, key, ask } => {
            let (session, hello) = connect(target, key, ask, events)?;
            *connected = Some(session);
            Ok(WorkerEvent::Connected(hello))
        }
        WorkerRequest::Run { service } => {
            match connected {
                Some(Connected::Usb(session)) => session.run(&service, events)?,
                Some(Connected::Tcp(session)) => session.run(&service, events)?,
                Some(Connected::Tls(tls)) => tls.run(&service, events)?,
                None => return Err(LinkError::new(Reason::Disconnected)),
            }
            Ok(WorkerEvent::End)
        }
    }
}

fn connect(
    target: PhoneAddress,
    key: PathBuf,
    ask: bool,
    events: &mut Events,
) -> Result<(Connected, Hello), LinkError> {
    match target {
        target @ PhoneAddress::Usb { .. } => {
            let mut session = Session::new(usb::Usb::open(&target)?, key, ask);
            match session.connect(events)? {
                Greeting::Hello(hello) => Ok((Connected::Usb(session), hello)),
                Greeting::WantsTls => Err(LinkError::with_detail(
                    Reason::UnreadableAnswer,
                    "the phone asks for TLS over USB",
                )),
            }
        }
        PhoneAddress::Network { host, port } => {
            let transport = tcp::Tcp::connect(&host, port)?;
            let mut session = Session::new(transport.clone(), key.clone(), ask);
            match session.connect(events)? {
                Greeting::Hello(hello) => Ok((Connected::Tcp(session), hello)),
                Greeting::WantsTls => {
                    drop(session);
                    let (tls, hello) = Tls::connect(transport, &key)?;
                    Ok((Connected::Tls(tls), hello))
                }
            }
        }
    }
}

/// The way to the parent: standard output.
struct Events {
    stdout: io::Stdout,
}

impl Events {
    fn send(&mut self, event: &WorkerEvent) {
        self.write(&event.frame());
    }

    fn write(&mut self, frame: &[u8]) {
        if self.stdout.write_all(frame).and_then(|()| self.stdout.flush()).is_err() {
            // The parent has gone.
            std::process::exit(0);
        }
    }
}

impl Listener for Events {
    fn waits_for_person(&mut self) {
        self.send(&WorkerEvent::AwaitingAuthorization);
    }

    fn data(&mut self, bytes: &[u8]) {
        for piece in bytes.chunks(pipe::MAX_DATA_BYTES) {
            self.write(&pipe::data_frame(piece));
        }
    }
}
