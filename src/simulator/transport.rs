//! A simulated phone as a real adb server sees it: the device side of the ADB transport on TCP.

mod faults;
mod stream;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::AsyncWriteExt;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc, watch};
use tokio::task::{AbortHandle, JoinSet};

use super::SimulatorError;
use super::answer::{End, play, script, shell_request};
use super::fault::{Fault, Moment};
use super::framing::Service;
use super::phone::{Authorisation, Phone, has_shell};
use super::prepared::Prepared;
use super::task::{AbortOnDrop, bind};
use super::wire::read_message;
use faults::MessageSender;
use micheck_adb::message::{
    AUTH_PUBLIC_KEY, AUTH_TOKEN, MAX_PAYLOAD, Message, MessageCommand, VERSION_WITHOUT_CHECKSUM,
};
use stream::StreamCarrier;

/// A real daemon sends 20 random bytes; nobody checks a signature here.
pub(super) const TOKEN: [u8; 20] = *b"simulated-auth-token";
/// More streams than a bench needs; a peer that opens more is broken.
const MAX_STREAMS: usize = 256;

/// A simulated phone that listens on TCP until this is dropped.
#[derive(Debug)]
#[must_use = "dropping it switches the phone off"]
pub struct TransportPhone {
    address: SocketAddr,
    plug: Arc<watch::Sender<bool>>,
    received: MessageLog,
    #[expect(dead_code, reason = "held for its drop, which switches the phone off")]
    task: AbortOnDrop,
}

impl TransportPhone {
    /// What to give to `adb connect`.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes every connection and stops listening.
    pub fn unplug(&self) {
        self.plug.send_replace(false);
    }

    pub(super) fn log(&self) -> MessageLog {
        self.received.clone()
    }
}

/// What a phone was sent, over all its connections.
#[derive(Debug, Clone, Default)]
pub(super) struct MessageLog(Arc<Mutex<Vec<Message>>>);

impl MessageLog {
    pub(super) fn all(&self) -> Vec<Message> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, message: &Message) {
        // A long answer has more of them than anybody wants to know.
        if message.command != MessageCommand::Okay {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(message.clone());
        }
    }
}

impl Phone {
    /// Lets the phone listen on a free loopback port for a real adb server, as a task of the
    /// current tokio runtime.
    ///
    /// The phone's state is what it introduces itself as (`device`, `recovery`, `sideload`,
    /// `rescue`, `bootloader`); `unauthorized` waits for a person who never comes, and in any other
    /// state it never answers.
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub async fn listen(self) -> Result<TransportPhone, SimulatorError> {
        let phone = self.prepare();
        let (listener, address) = bind(phone.host).await?;
        let plug = Arc::new(watch::Sender::new(true));
        let faults_left = Arc::new(AtomicUsize::new(phone.fault_times.unwrap_or(usize::MAX)));
        let received = MessageLog::default();
        let shared = Shared {
            phone: Arc::new(phone),
            plug: Arc::clone(&plug),
            faults_left,
            received: received.clone(),
        };
        let task = tokio::spawn(run(listener, shared));
        Ok(TransportPhone { address, plug, received, task: AbortOnDrop(task) })
    }
}

async fn run(listener: TcpListener, shared: Shared) {
    let mut plugged = shared.plug.subscribe();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = plugged.wait_for(|plugged| !plugged) => return,
            Some(_) = connections.join_next(), if !connections.is_empty() => {}
            accepted = listener.accept() => {
                // The next accept can succeed: see the server.
                if let Ok((stream, _)) = accepted {
                    let shared = shared.clone();
                    connections.spawn(async move {
                        // A lost connection is the reader's business.
                        let _ = connection(stream, shared).await;
                    });
                }
            }
        }
    }
}

/// What the connections of one phone have in common.
#[derive(Clone)]
pub(super) struct Shared {
    pub(super) phone: Arc<Prepared>,
    plug: Arc<watch::Sender<bool>>,
    faults_left: Arc<AtomicUsize>,
    received: MessageLog,
}

impl Shared {
    /// Takes the phone's fault if it happens here and isn't used up.
    pub(super) fn take_fault(&self, here: impl FnOnce(&Fault) -> bool) -> Fault {
        let spend = |left: usize| left.checked_sub(1);
        let fault = &self.phone.fault;
        if *fault != Fault::None
            && here(fault)
            && self.faults_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, spend).is_ok()
        {
            fault.clone()
        } else {
            Fault::None
        }
    }
}

/// What concerns one shell request.
fn of_shell(fault: &Fault) -> bool {
    !matches!(fault, Fault::Transport { .. })
}

async fn connection(stream: TcpStream, shared: Shared) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (reader, writer) = stream.into_split();
    let (send, messages) = mpsc::channel(64);
    let mut tasks = JoinSet::new();
    tasks.spawn(write(writer, messages));
    let mut session = Session {
        wire: MessageSender::new(shared, send),
        reader,
        max_payload: MAX_PAYLOAD as usize,
        streams: HashMap::new(),
        last_stream: 0,
        tasks,
    };
    let wire = session.wire.clone();
    let served = tokio::select! {
        served = session.serve() => served,
        () = wire.hung_up() => Ok(()),
    };
    let Session { wire: last, mut tasks, streams, .. } = session;
    for stream in streams.into_values() {
        stream.task.abort();
    }
    drop((wire, last));
    // The writer ends when every sender is gone: what was queued still goes out.
    while tasks.join_next().await.is_some() {}
    served
}

/// Writes what is queued. A task of its own, so that a stream that is ended cannot leave half a
/// message behind.
async fn write(mut writer: OwnedWriteHalf, mut messages: mpsc::Receiver<Vec<u8>>) {
    while let Some(message) = messages.recv().await {
        if writer.write_all(&message).await.is_err() {
            return;
        }
    }
}

struct Session {
    wire: MessageSender,
    reader: OwnedReadHalf,
    max_payload: usize,
    /// By our own number.
    streams: HashMap<u32, Stream>,
    last_stream: u32,
    tasks: JoinSet<()>,
}

struct Stream {
    theirs: u32,
    acknowledged: Arc<Notify>,
    task: AbortHandle,
}

impl Session {
    async fn message(&self, command: MessageCommand, arg0: u32, arg1: u32) -> io::Result<()> {
        let message = Message::new(command, arg0, arg1, Vec::new());
        self.wire.queue(message.encode(self.wire.checksums())).await
    }

    async fn read(&mut self) -> io::Result<Message> {
        let message = read_message(&mut self.reader, self.wire.checksums()).await?;
        let message = message.ok_or(io::ErrorKind::InvalidData)?;
        self.wire.shared.received.keep(&message);
        Ok(message)
    }

    async fn serve(&mut self) -> io::Result<()> {
        let hello = loop {
            let message = self.read().await?;
            if message.command == MessageCommand::Connect {
                break message;
            }
        };
        self.wire.set_checksums(hello.arg0 < VERSION_WITHOUT_CHECKSUM);
        self.max_payload = (hello.arg1.min(MAX_PAYLOAD) as usize).max(1);
        let state = self.wire.shared.phone.state.clone();
        let authorisation = match state.as_str() {
            "unauthorized" => Authorisation::Ask { allowed_after: None },
            "device" | "recovery" | "sideload" | "rescue" | "bootloader" => {
                self.wire.shared.phone.authorisation
            }
            _ => return self.ignore().await,
        };
        if let Authorisation::Ask { allowed_after } = authorisation {
            self.ask(allowed_after).await?;
        }
        self.introduce(&state).await?;
        self.wire.due(Moment::Introduced, None).await?;
        loop {
            let message = self.read().await?;
            self.answer(message).await?;
        }
    }

    /// Reads until the peer has had enough.
    async fn ignore(&mut self) -> io::Result<()> {
        loop {
            self.read().await?;
        }
    }

    /// Rejects signatures until the public key comes, then waits for the person.
    async fn ask(&mut self, allowed_after: Option<std::time::Duration>) -> io::Result<()> {
        let token = Message::new(MessageCommand::Auth, AUTH_TOKEN, 0, TOKEN.to_vec());
        let mut moment = Moment::Token;
        loop {
            // After a signature that it rejects a real daemon asks again: the peer tries its next
            // key and, out of keys, sends the public one.
            self.wire.due(moment, Some(token.clone())).await?;
            moment = Moment::Refusal;
            let answer = loop {
                let message = self.read().await?;
                if message.command == MessageCommand::Auth {
                    break message;
                }
            };
            if answer.arg0 == AUTH_PUBLIC_KEY {
                break;
            }
        }
        self.wire.due(Moment::Key, None).await?;
        match allowed_after {
            None => self.ignore().await,
            Some(wait) => {
                tokio::time::sleep(wait).await;
                Ok(())
            }
        }
    }

    async fn introduce(&self, state: &str) -> io::Result<()> {
        let phone = &self.wire.shared.phone;
        let make = phone.make.as_ref().map_or_else(String::new, |make| {
            format!(
                "ro.product.name={};ro.product.model={};ro.product.device={};",
                make.product, make.model, make.device
            )
        });
        let features = phone
            .features
            .as_ref()
            .map_or_else(String::new, |features| format!("features={features}"));
        let banner = format!("{state}::{make}{features}");
        let hello = Message::new(
            MessageCommand::Connect,
            VERSION_WITHOUT_CHECKSUM,
            MAX_PAYLOAD,
            banner.into_bytes(),
        );
        self.wire.due(Moment::Introduction, Some(hello)).await
    }

    async fn answer(&mut self, message: Message) -> io::Result<()> {
        let (theirs, ours) = (message.arg0, message.arg1);
        match message.command {
            MessageCommand::Open => self.open(theirs, &message.payload).await,
            MessageCommand::Okay => {
                if let Some(stream) = self.streams.get(&ours) {
                    stream.acknowledged.notify_one();
                }
                Ok(())
            }
            // Nothing reads a simulated shell's input.
            MessageCommand::Write => match self.streams.get(&ours) {
                Some(stream) => self.message(MessageCommand::Okay, ours, stream.theirs).await,
                None => self.message(MessageCommand::Close, 0, theirs).await,
            },
            MessageCommand::Close => {
                if let Some(stream) = self.streams.remove(&ours)
                    && !stream.task.is_finished()
                {
                    stream.task.abort();
                    self.message(MessageCommand::Close, ours, theirs).await?;
                }
                Ok(())
            }
            MessageCommand::Connect | MessageCommand::StartTls | MessageCommand::Auth => Ok(()),
        }
    }

    async fn open(&mut self, theirs: u32, request: &[u8]) -> io::Result<()> {
        self.streams.retain(|_, stream| !stream.task.is_finished());
        // Finished tasks are collected here, else they would pile up on a long connection.
        while self.tasks.try_join_next().is_some() {}
        let request = request.strip_suffix(b"\0").unwrap_or(request);
        let request = String::from_utf8_lossy(request).into_owned();
        let phone = Arc::clone(&self.wire.shared.phone);
        let known = shell_request(&request)
            .filter(|_| has_shell(&phone.state))
            .filter(|shell| shell.service == Service::V1 || phone.has_shell_v2())
            .filter(|_| self.streams.len() < MAX_STREAMS);
        let Some(shell) = known else {
            return self.message(MessageCommand::Close, 0, theirs).await;
        };
        let fault = self.wire.shared.take_fault(of_shell);
        match fault {
            Fault::RefuseShell { .. } => {
                return self.message(MessageCommand::Close, 0, theirs).await;
            }
            Fault::IgnoreShell => return Ok(()),
            _ => {}
        }
        self.last_stream += 1;
        let ours = self.last_stream;
        let okay = Message::new(MessageCommand::Okay, ours, theirs, Vec::new());
        self.wire.due(Moment::Opening, Some(okay)).await?;
        let acknowledged = Arc::new(Notify::new());
        let mut carrier = StreamCarrier {
            wire: self.wire.clone(),
            ours,
            theirs,
            acknowledged: Arc::clone(&acknowledged),
            // 64 KiB a write, as on the server's side, or less if the peer wants less.
            piece: self.max_payload.min(64 * 1024),
            next: Moment::Answer,
        };
        let script = script(&phone, &shell, &fault);
        let plug = Arc::clone(&self.wire.shared.plug);
        let task = self.tasks.spawn(async move {
            match play(script, &mut carrier).await {
                Ok(End::Close) => carrier.close().await,
                Ok(End::Stall) => std::future::pending().await,
                Ok(End::Unplug) => {
                    plug.send_replace(false);
                }
                // The connection is gone.
                Err(_) => {}
            }
        });
        self.streams.insert(ours, Stream { theirs, acknowledged, task });
        Ok(())
    }
}

#[cfg(test)]
mod tests;
