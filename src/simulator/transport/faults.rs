//! What a phone on TCP sends, and what comes in the place of it: acts out `Fault::Transport`.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use super::{Shared, TOKEN};
use crate::fault::{Fault, Moment, TransportFault, garbage};
use crate::framing::{Service, flood_block};
use micheck_adb::message::{
    AUTH_TOKEN, MAX_PAYLOAD, Message, MessageCommand, VERSION_WITHOUT_CHECKSUM,
};

/// The pause between two bytes of a message that trickles.
const TRICKLE: Duration = Duration::from_millis(500);

/// A number that no peer gives to a stream of its own so early.
const NOBODY: u32 = 0x7fff_fff0;

/// The phone's end of a connection, as far as sending goes.
#[derive(Clone)]
pub(super) struct MessageSender {
    pub(super) shared: Shared,
    send: mpsc::Sender<Vec<u8>>,
    /// Whether the peer wants checksums.
    checksums: Arc<AtomicBool>,
    hang_up: Arc<Notify>,
}

impl MessageSender {
    pub(super) fn new(shared: Shared, send: mpsc::Sender<Vec<u8>>) -> Self {
        Self { shared, send, checksums: Arc::default(), hang_up: Arc::default() }
    }

    pub(super) fn set_checksums(&self, wanted: bool) {
        self.checksums.store(wanted, Ordering::Relaxed);
    }

    /// Whether the peer wants checksums; until it has said its version, it isn't relied on.
    pub(super) fn checksums(&self) -> bool {
        self.checksums.load(Ordering::Relaxed)
    }

    /// Waits until the connection is to end.
    pub(super) async fn hung_up(&self) {
        self.hang_up.notified().await;
    }

    pub(super) async fn queue(&self, bytes: Vec<u8>) -> io::Result<()> {
        self.send.send(bytes).await.map_err(|_| io::ErrorKind::BrokenPipe.into())
    }

    /// Whether something happens at this moment.
    pub(super) fn breaks_at(&self, moment: Moment) -> bool {
        matches!(self.shared.phone.fault, Fault::Transport { at, .. } if at == moment)
    }

    /// Sends the message that is due, or does what happens in its place.
    pub(super) async fn due(&self, moment: Moment, message: Option<Message>) -> io::Result<()> {
        let here = |fault: &Fault| matches!(fault, Fault::Transport { at, .. } if *at == moment);
        match self.shared.take_fault(here) {
            Fault::Transport { what, .. } => self.happens(what, message).await,
            _ => self.send_message(message).await,
        }
    }

    async fn send_message(&self, message: Option<Message>) -> io::Result<()> {
        let Some(message) = message else { return Ok(()) };
        self.queue(self.encoded(&message)).await
    }

    fn encoded(&self, message: &Message) -> Vec<u8> {
        // Before both versions are known a checksum is always sent.
        let early = matches!(message.command, MessageCommand::Connect | MessageCommand::Auth);
        message.encode(early || self.checksums())
    }

    async fn happens(&self, what: TransportFault, message: Option<Message>) -> io::Result<()> {
        match what {
            TransportFault::Close => {
                self.hang_up.notify_one();
                std::future::pending().await
            }
            TransportFault::Stall => std::future::pending().await,
            TransportFault::Garbage => {
                self.queue(garbage(4096)).await?;
                std::future::pending().await
            }
            TransportFault::BadMagic | TransportFault::HugeLength | TransportFault::BadChecksum => {
                match message {
                    Some(message) => self.queue(corrupt(&message, what)).await,
                    None => Ok(()),
                }
            }
            TransportFault::LongPayload => {
                let message = message.map(|mut message| {
                    message.payload.resize(MAX_PAYLOAD as usize, b'x');
                    message
                });
                self.send_message(message).await
            }
            TransportFault::Trickle => self.trickle(message).await,
            TransportFault::Introductions => {
                let banner = b"device::ro.product.model=again;features=shell_v2".to_vec();
                let version = VERSION_WITHOUT_CHECKSUM;
                let message = Message::new(MessageCommand::Connect, version, MAX_PAYLOAD, banner);
                self.without_end(&message).await
            }
            TransportFault::Tokens => {
                let message = Message::new(MessageCommand::Auth, AUTH_TOKEN, 0, TOKEN.to_vec());
                self.without_end(&message).await
            }
            TransportFault::StrayOkays => self.without_end(&stray(MessageCommand::Okay)).await,
            TransportFault::StrayWrites => self.without_end(&stray(MessageCommand::Write)).await,
            TransportFault::StrayCloses => self.without_end(&stray(MessageCommand::Close)).await,
            TransportFault::SomeStrays => {
                self.some_strays().await?;
                self.send_message(message).await
            }
            TransportFault::Flood | TransportFault::EmptyFlood => match message {
                Some(message) => self.flood(message, what).await,
                None => Ok(()),
            },
        }
    }

    /// Sends a message byte by byte.
    async fn trickle(&self, message: Option<Message>) -> io::Result<()> {
        for byte in message.map(|message| self.encoded(&message)).unwrap_or_default() {
            self.queue(vec![byte]).await?;
            tokio::time::sleep(TRICKLE).await;
        }
        Ok(())
    }

    async fn some_strays(&self) -> io::Result<()> {
        for command in [MessageCommand::Okay, MessageCommand::Write, MessageCommand::Close] {
            for _ in 0..100 {
                self.send_message(Some(stray(command))).await?;
            }
        }
        Ok(())
    }

    /// Sends a message again and again: without payload, or full where it carries an answer.
    async fn flood(&self, mut message: Message, what: TransportFault) -> io::Result<()> {
        let v2 = self.shared.phone.has_shell_v2();
        let service = if v2 { Service::V2 } else { Service::V1 };
        match (what, message.command) {
            (TransportFault::EmptyFlood, _) => message.payload.clear(),
            (_, MessageCommand::Write) => message.payload = flood_block(true, service),
            _ => {}
        }
        self.without_end(&message).await
    }

    async fn without_end(&self, message: &Message) -> io::Result<()> {
        let bytes = self.encoded(message);
        loop {
            self.queue(bytes.clone()).await?;
            // A reader on the same thread must get its turn.
            tokio::task::yield_now().await;
        }
    }
}

/// The bytes of `message`, with what `what` breaks in its header.
fn corrupt(message: &Message, what: TransportFault) -> Vec<u8> {
    let mut header = message.header(true);
    match what {
        TransportFault::BadMagic => header.magic ^= 1,
        TransportFault::HugeLength => header.length = u32::MAX,
        // Neither right nor 0.
        _ => header.checksum = header.checksum.max(1) * 2 + 1,
    }
    let mut bytes = header.encode().to_vec();
    bytes.extend_from_slice(&message.payload);
    bytes
}

/// A message for a stream that nobody opened.
fn stray(command: MessageCommand) -> Message {
    let payload = if command == MessageCommand::Write { b"stray\n".to_vec() } else { Vec::new() };
    Message::new(command, NOBODY, NOBODY + 1, payload)
}
