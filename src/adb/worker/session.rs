//! A session with one phone, without a server: who is there, whether it allows this computer, and
//! services. Blocking; time-outs are the parent's, who ends the process.
//!
//! Source: AOSP `packages/modules/adb/protocol.txt`, `adb.cpp` and `daemon/auth.cpp`. Why not
//! `adb_client`: `docs/adr/0005-own-adb-session.md`.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::pipe::Hello;
use crate::key::AdbKey;
use crate::link_error::LinkError;
use crate::message::{
    AUTH_PUBLIC_KEY, AUTH_SIGNATURE, AUTH_TOKEN, InvalidMessage, MAX_PAYLOAD, Message,
    MessageCommand, VERSION_WITHOUT_CHECKSUM,
};
use micheck_core::verdict::Reason;

/// What carries messages to a phone and back.
pub(super) trait Transport {
    /// Sends a message, checksum included: old phones want it, others don't mind.
    ///
    /// # Errors
    /// The phone or its connection is gone.
    fn send(&mut self, message: &Message) -> Result<(), LinkError>;

    /// Waits for the next message; `checksum_due` is whether its sender must have summed it up.
    ///
    /// # Errors
    /// The phone or its connection is gone, or nothing that came after can be understood.
    fn receive(
        &mut self,
        checksum_due: bool,
        until: Option<Instant>,
    ) -> Result<Received, LinkError>;

    /// Throws away what a former session left.
    fn drain(&mut self);

    /// How long a phone may be silent after its first message, before that is taken for lost
    /// because of a former session; `None`: there can have been none.
    fn patience(&self) -> Option<Duration>;
}

/// What came of waiting for a message.
pub(super) enum Received {
    /// A message.
    Message(Message),
    /// Bytes that are none, which end where the next message begins.
    Garbage(InvalidMessage),
    /// Nothing, until the time was up.
    Nothing,
}

/// Who hears what comes of a session.
pub(super) trait Listener {
    /// The phone asks its person whether this computer is allowed.
    fn waits_for_person(&mut self);

    /// Some of a service's output.
    fn data(&mut self, bytes: &[u8]);
}

/// How a phone answers a first message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Greeting {
    /// It says who it is: the session has begun.
    Hello(Hello),
    /// It only speaks through TLS.
    WantsTls,
}

/// The phone's person, as far as this session goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AuthPrompt {
    MayNotBeAsked,
    MayBeAsked,
    Asked,
}

/// What this side says of itself.
const BANNER: &[u8] = b"host::features=shell_v2,cmd\0";

/// How many tokens are signed before the key counts as unknown. A phone sends one for each first
/// message, so one may be an answer to a former session's.
const SIGNATURES: usize = 2;

/// How many messages may come that belong to nothing, before a phone counts as broken.
const MAX_STRAY: usize = 1_000;

/// How long after a token another one may come that takes its place: a phone that was slow to answer
/// one first message has got two.
const NEXT_TOKEN: Duration = Duration::from_millis(200);

/// How often a first message is sent to a phone that a former session may have confused.
const ATTEMPTS: usize = 2;

/// A session.
pub(super) struct Session<T> {
    transport: T,
    key: PathBuf,
    /// Read when a phone first wants it: many on the network don't.
    signer: Option<AdbKey>,
    checksum_due: bool,
    /// This side's number for the last stream.
    last_stream: u32,
    stray: usize,
    /// Whether the first message was sent before.
    repeated: bool,
    /// What came instead of a message, last.
    garbage: Option<InvalidMessage>,
    person: AuthPrompt,
    signatures: usize,
}

impl<T: Transport> Session<T> {
    /// A session that hasn't begun. The key lies at `key`; `ask`: a phone that doesn't know it may ask
    /// its person.
    pub(super) fn new(transport: T, key: PathBuf, ask: bool) -> Self {
        // Not the same for two sessions, so that a former one's packets belong to nothing.
        let mut random = [0; 4];
        let first = getrandom::fill(&mut random).map_or(0, |()| u32::from_le_bytes(random));
        Self {
            transport,
            key,
            signer: None,
            checksum_due: true,
            last_stream: first & 0x3fff_ffff,
            stray: 0,
            repeated: false,
            garbage: None,
            person: if ask { AuthPrompt::MayBeAsked } else { AuthPrompt::MayNotBeAsked },
            signatures: 0,
        }
    }

    /// Begins the session.
    ///
    /// # Errors
    /// Why there is no session.
    pub(super) fn connect(&mut self, listener: &mut impl Listener) -> Result<Greeting, LinkError> {
        let patience = self.transport.patience();
        for attempt in 1..=ATTEMPTS {
            let last = patience.is_none() || attempt == ATTEMPTS;
            self.transport.drain();
            self.repeated = attempt > 1;
            // A phone that says nothing may be slow; one that speaks nonsense won't learn to.
            let wait = patience.filter(|_| !last || self.garbage.is_some());
            let until = wait.map(|patience| Instant::now() + patience);
            match self.introduce(listener, until) {
                Ok(Some(greeting)) => return Ok(greeting),
                Err(trouble) if last || !worth_another(&trouble) => return Err(trouble),
                Ok(None) | Err(_) => {}
            }
        }
        Err(match self.garbage {
            Some(what) => unreadable(&what.to_string()),
            None => LinkError::new(Reason::Offline),
        })
    }

    /// Says who is there, and goes on until the phone has done so, too; `None`: it said nothing.
    fn introduce(
        &mut self,
        listener: &mut impl Listener,
        until: Option<Instant>,
    ) -> Result<Option<Greeting>, LinkError> {
        self.signatures = 0;
        self.checksum_due = true;
        self.transport.send(&Message::new(
            MessageCommand::Connect,
            VERSION_WITHOUT_CHECKSUM,
            MAX_PAYLOAD,
            BANNER.to_vec(),
        ))?;
        self.await_hello(listener, until)
    }

    fn await_hello(
        &mut self,
        listener: &mut impl Listener,
        mut until: Option<Instant>,
    ) -> Result<Option<Greeting>, LinkError> {
        loop {
            // Both sides know both versions, and may skip the sum, before the first answer.
            let message = match self.transport.receive(false, until)? {
                Received::Message(message) => message,
                Received::Nothing => return Ok(None),
                Received::Garbage(what) => {
                    self.garbage = Some(what);
                    self.count_stray()?;
                    continue;
                }
            };
            match message.command {
                MessageCommand::Connect => {
                    return Ok(Some(Greeting::Hello(self.take_hello(&message))));
                }
                MessageCommand::StartTls => return Ok(Some(Greeting::WantsTls)),
                MessageCommand::Auth => {
                    // It is there, and understands.
                    until = None;
                    let message = self.newest_token(message)?;
                    self.prove(&message, listener)?;
                }
                MessageCommand::Open
                | MessageCommand::Okay
                | MessageCommand::Write
                | MessageCommand::Close => {
                    self.count_stray()?;
                }
            }
        }
    }

    /// The token that counts: a phone remembers only the last that it sent.
    fn newest_token(&mut self, mut newest: Message) -> Result<Message, LinkError> {
        if !self.repeated {
            return Ok(newest);
        }
        self.repeated = false;
        let until = Instant::now() + NEXT_TOKEN;
        loop {
            match self.transport.receive(false, Some(until))? {
                Received::Message(message) if message.command == MessageCommand::Auth => {
                    newest = message;
                }
                Received::Message(_) | Received::Garbage(_) => self.count_stray()?,
                Received::Nothing => return Ok(newest),
            }
        }
    }

    fn take_hello(&mut self, message: &Message) -> Hello {
        self.checksum_due = message.arg0 < VERSION_WITHOUT_CHECKSUM;
        Hello::read(&message.payload)
    }

    /// Answers a token: signed, and if that isn't enough with the key for the phone's person.
    fn prove(&mut self, message: &Message, listener: &mut impl Listener) -> Result<(), LinkError> {
        if message.arg0 != AUTH_TOKEN {
            return Err(unreadable("an AUTH message that isn't a token"));
        }
        if self.signer.is_none() {
            self.signer = Some(AdbKey::read(&self.key)?);
        }
        let signer = self.signer.as_ref().expect("it was read just now");
        let (kind, payload) = if self.signatures < SIGNATURES {
            self.signatures += 1;
            let Some(signature) = signer.sign(&message.payload) else {
                return Err(unreadable("a token that isn't 20 bytes long"));
            };
            (AUTH_SIGNATURE, signature)
        } else {
            match self.person {
                AuthPrompt::MayNotBeAsked => return Err(LinkError::new(Reason::Unauthorized)),
                AuthPrompt::MayBeAsked => {}
                // Once it has the key, a phone waits for its person in silence.
                AuthPrompt::Asked => {
                    let detail = "the phone rejected the key";
                    return Err(LinkError::with_detail(Reason::AuthRefused, detail));
                }
            }
            // Each time that the key comes, the phone asks once more: so it is sent once.
            self.person = AuthPrompt::Asked;
            let mut public = signer.public().into_bytes();
            public.push(0);
            listener.waits_for_person();
            (AUTH_PUBLIC_KEY, public)
        };
        self.transport.send(&Message::new(MessageCommand::Auth, kind, 0, payload))
    }

    /// Runs a service, and passes on what it says.
    ///
    /// # Errors
    /// The phone refuses it, or the connection broke.
    pub(super) fn run(
        &mut self,
        service: &str,
        listener: &mut impl Listener,
    ) -> Result<(), LinkError> {
        self.stray = 0;
        if self.person == AuthPrompt::MayBeAsked {
            // Nobody waits for a person in the middle of an answer.
            self.person = AuthPrompt::MayNotBeAsked;
        }
        let mut stream = Stream::Opening { ours: self.open(service)? };
        while stream != Stream::Closed {
            match self.transport.receive(self.checksum_due, None)? {
                Received::Message(message) => {
                    stream = self.on_message(stream, &message, service, listener)?;
                }
                Received::Garbage(what) => return Err(unreadable(&what.to_string())),
                Received::Nothing => {}
            }
        }
        Ok(())
    }

    /// How far the stream is after this message.
    fn on_message(
        &mut self,
        stream: Stream,
        message: &Message,
        service: &str,
        listener: &mut impl Listener,
    ) -> Result<Stream, LinkError> {
        match (stream, message.command) {
            (Stream::Opening { ours }, MessageCommand::Okay)
                if message.arg1 == ours && message.arg0 != 0 =>
            {
                return Ok(Stream::Open { ours, theirs: message.arg0 });
            }
            (Stream::Opening { ours }, MessageCommand::Close) if message.arg1 == ours => {
                let detail = "the phone refused a shell";
                return Err(LinkError::with_detail(Reason::IncompleteAnswer, detail));
            }
            // What was taken for its introduction was one to a former session.
            (Stream::Opening { .. }, MessageCommand::Auth) => {
                self.prove(message, listener)?;
                self.await_hello(listener, None)?;
                return Ok(Stream::Opening { ours: self.open(service)? });
            }
            (Stream::Open { ours, theirs }, MessageCommand::Write)
                if message.arg1 == ours && message.arg0 == theirs =>
            {
                // Before it is passed on: the phone goes on while that is read.
                self.transport.send(&Message::new(
                    MessageCommand::Okay,
                    ours,
                    theirs,
                    Vec::new(),
                ))?;
                listener.data(&message.payload);
            }
            (Stream::Open { ours, theirs }, MessageCommand::Close)
                if message.arg1 == ours && ends(message, theirs) =>
            {
                // That the phone is gone now takes nothing from what it said.
                let _ = self.transport.send(&Message::new(
                    MessageCommand::Close,
                    ours,
                    theirs,
                    Vec::new(),
                ));
                return Ok(Stream::Closed);
            }
            _ => self.count_stray()?,
        }
        Ok(stream)
    }

    fn open(&mut self, service: &str) -> Result<u32, LinkError> {
        self.last_stream += 1;
        let mut payload = service.as_bytes().to_vec();
        payload.push(0);
        self.transport.send(&Message::new(MessageCommand::Open, self.last_stream, 0, payload))?;
        Ok(self.last_stream)
    }

    fn count_stray(&mut self) -> Result<(), LinkError> {
        self.stray += 1;
        if self.stray > MAX_STRAY {
            return Err(unreadable("too many messages that belong to nothing"));
        }
        Ok(())
    }
}

/// How far the stream is that a service runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stream {
    /// OPEN was sent, with a number of ours.
    Opening { ours: u32 },
    /// The phone has given it a number of its own.
    Open { ours: u32, theirs: u32 },
    /// The phone has ended it.
    Closed,
}

/// Whether a CLSE ends the stream that the phone calls `theirs`; 0 is any.
const fn ends(message: &Message, theirs: u32) -> bool {
    message.arg0 == theirs || message.arg0 == 0
}

fn unreadable(what: &str) -> LinkError {
    LinkError::with_detail(Reason::UnreadableAnswer, what)
}

/// Whether a former session may be to blame.
const fn worth_another(trouble: &LinkError) -> bool {
    matches!(trouble.reason, Reason::UnreadableAnswer)
}

#[cfg(test)]
mod tests;
