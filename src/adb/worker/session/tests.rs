//! Sessions with a phone that is a list of what it sends.

use std::collections::VecDeque;
use std::sync::LazyLock;

use super::*;

/// What a phone sends when it is read: a message, garbage, or nothing until the time is up.
enum Next {
    Is(Message),
    Garbage,
    Silence,
}

#[derive(Default)]
struct Script {
    next: VecDeque<Next>,
    sent: Vec<Message>,
    drained: usize,
    patience: Option<Duration>,
}

impl Script {
    fn new(next: impl IntoIterator<Item = Next>) -> Self {
        Self { next: next.into_iter().collect(), ..Self::default() }
    }

    /// As on USB, where a former session may have left something.
    fn patient(self) -> Self {
        Self { patience: Some(Duration::from_secs(1)), ..self }
    }
}

impl Transport for Script {
    fn send(&mut self, message: &Message) -> Result<(), LinkError> {
        self.sent.push(message.clone());
        Ok(())
    }

    fn receive(&mut self, _: bool, until: Option<Instant>) -> Result<Received, LinkError> {
        match self.next.pop_front() {
            Some(Next::Is(mut message)) => {
                // A phone answers to the number that this side gave the stream.
                if message.arg1 == OURS {
                    message.arg1 = self
                        .sent
                        .iter()
                        .rev()
                        .find(|m| m.command == MessageCommand::Open)
                        .unwrap()
                        .arg0;
                }
                Ok(Received::Message(message))
            }
            Some(Next::Garbage) => Ok(Received::Garbage(InvalidMessage::Header)),
            Some(Next::Silence) => {
                assert!(until.is_some(), "waits for ever");
                Ok(Received::Nothing)
            }
            None => Err(LinkError::new(Reason::Disconnected)),
        }
    }

    fn drain(&mut self) {
        self.drained += 1;
    }

    fn patience(&self) -> Option<Duration> {
        self.patience
    }
}

#[derive(Default)]
struct Heard {
    waits: usize,
    output: Vec<u8>,
}

impl Listener for Heard {
    fn waits_for_person(&mut self) {
        self.waits += 1;
    }

    fn data(&mut self, bytes: &[u8]) {
        self.output.extend_from_slice(bytes);
    }
}

/// Stands for the number that the session gave its last stream.
const OURS: u32 = u32::MAX;

fn is(command: MessageCommand, arg0: u32, arg1: u32, payload: &[u8]) -> Next {
    Next::Is(Message::new(command, arg0, arg1, payload.to_vec()))
}

fn hello() -> Next {
    is(MessageCommand::Connect, VERSION_WITHOUT_CHECKSUM, 4096, b"device::features=shell_v2\0")
}

fn token() -> Next {
    is(MessageCommand::Auth, AUTH_TOKEN, 0, &[9; 20])
}

fn key() -> PathBuf {
    // Below the build's own folder: what is static is never dropped, so its folder would stay.
    static KEY: LazyLock<PathBuf> = LazyLock::new(|| {
        let path = std::env::current_exe().unwrap().with_extension("adbkey");
        crate::key::ensure(&path).unwrap();
        path
    });
    KEY.clone()
}

fn session(script: Script, ask: bool) -> Session<Script> {
    Session::new(script, key(), ask)
}

/// What was sent: the command, and of AUTH its kind.
fn sent(session: &Session<Script>) -> Vec<(MessageCommand, u32)> {
    let kind =
        |message: &Message| if message.command == MessageCommand::Auth { message.arg0 } else { 0 };
    session.transport.sent.iter().map(|message| (message.command, kind(message))).collect()
}

fn connect(session: &mut Session<Script>) -> (Result<Greeting, Reason>, Heard) {
    let mut heard = Heard::default();
    let greeting = session.connect(&mut heard).map_err(|trouble| trouble.reason);
    (greeting, heard)
}

const FIRST: (MessageCommand, u32) = (MessageCommand::Connect, 0);
const SIGNED: (MessageCommand, u32) = (MessageCommand::Auth, AUTH_SIGNATURE);
const KEY: (MessageCommand, u32) = (MessageCommand::Auth, AUTH_PUBLIC_KEY);

#[test]
fn a_phone_that_asks_for_nothing_needs_no_key() {
    let mut session = Session::new(Script::new([hello()]), PathBuf::from("/none"), true);
    let (greeting, heard) = connect(&mut session);
    assert!(matches!(greeting, Ok(Greeting::Hello(Hello { shell_v2: true, .. }))));
    assert_eq!((heard.waits, sent(&session)), (0, vec![FIRST]));
    let mut session = Session::new(Script::new([token()]), PathBuf::from("/none"), true);
    assert_eq!(connect(&mut session).0, Err(Reason::BadKey));
}

#[test]
fn a_known_key_is_enough() {
    let mut session = session(Script::new([token(), hello()]), false);
    assert!(connect(&mut session).0.is_ok());
    assert_eq!(sent(&session), [FIRST, SIGNED]);
    let signature = session.transport.sent[1].payload.clone();
    assert_eq!(Some(signature), AdbKey::read(&key()).unwrap().sign(&[9; 20]));
}

#[test]
fn a_person_is_asked_once_and_only_where_somebody_waits() {
    let unknown = || [token(), token(), token()];
    let mut quiet = session(Script::new(unknown()), false);
    assert_eq!(connect(&mut quiet).0, Err(Reason::Unauthorized));
    assert_eq!(sent(&quiet), [FIRST, SIGNED, SIGNED]);

    let mut asking = session(Script::new(unknown().into_iter().chain([hello()])), true);
    let (greeting, heard) = connect(&mut asking);
    assert!(greeting.is_ok());
    assert_eq!((heard.waits, sent(&asking)), (1, vec![FIRST, SIGNED, SIGNED, KEY]));
    assert!(asking.transport.sent[3].payload.ends_with(b" micheck\0"));

    let mut refused = session(Script::new(unknown().into_iter().chain([token()])), true);
    let (greeting, heard) = connect(&mut refused);
    assert_eq!((greeting, heard.waits), (Err(Reason::AuthRefused), 1));
}

#[test]
fn a_phone_may_want_tls() {
    let mut session = session(Script::new([is(MessageCommand::StartTls, 1, 0, b"")]), true);
    assert_eq!(connect(&mut session).0, Ok(Greeting::WantsTls));
}

#[test]
fn what_a_former_session_left_is_no_answer() {
    let left = [
        is(MessageCommand::Write, 5, 6, b"old"),
        Next::Garbage,
        is(MessageCommand::Close, 5, 6, b""),
        is(MessageCommand::Okay, 5, 6, b""),
        hello(),
    ];
    let mut session = session(Script::new(left), false);
    assert!(connect(&mut session).0.is_ok());
    let endless =
        std::iter::repeat_with(|| is(MessageCommand::Write, 5, 6, b"old")).take(2 * MAX_STRAY + 2);
    let mut confused = self::session(Script::new(endless).patient(), false);
    assert_eq!(connect(&mut confused).0, Err(Reason::UnreadableAnswer));
    assert_eq!(confused.transport.drained, 2);
}

#[test]
fn a_phone_that_is_silent_after_a_former_session_gets_a_second_first_message() {
    let mut session = session(Script::new([Next::Silence, hello()]).patient(), false);
    assert!(connect(&mut session).0.is_ok());
    assert_eq!(sent(&session), [FIRST, FIRST]);
    assert_eq!(session.transport.drained, 2);
}

#[test]
fn a_phone_that_was_slow_is_answered_its_last_token() {
    let last = || is(MessageCommand::Auth, AUTH_TOKEN, 0, &[5; 20]);
    let next = [Next::Silence, token(), last(), Next::Silence, hello()];
    let mut session = session(Script::new(next).patient(), false);
    assert!(connect(&mut session).0.is_ok());
    assert_eq!(sent(&session), [FIRST, FIRST, SIGNED]);
    let signature = session.transport.sent[2].payload.clone();
    assert_eq!(Some(signature), AdbKey::read(&key()).unwrap().sign(&[5; 20]));
}

#[test]
fn nobody_is_asked_in_mid_answer() {
    let next = [hello(), token(), token(), token(), hello()];
    let mut session = session(Script::new(next), true);
    connect(&mut session).0.unwrap();
    let mut heard = Heard::default();
    let done = session.run("shell:x", &mut heard).map_err(|trouble| trouble.reason);
    assert_eq!((done, heard.waits), (Err(Reason::Unauthorized), 0));
}

#[test]
fn a_phone_that_speaks_nonsense_is_not_waited_for() {
    let nonsense = [Next::Garbage, Next::Silence, Next::Garbage, Next::Silence];
    let mut session = session(Script::new(nonsense).patient(), false);
    assert_eq!(connect(&mut session).0, Err(Reason::UnreadableAnswer));
    assert_eq!(sent(&session), [FIRST, FIRST]);
}

/// Runs a service in a session that has begun.
fn run(next: impl IntoIterator<Item = Next>) -> (Result<(), Reason>, Heard, Vec<Message>) {
    let next = std::iter::once(hello()).chain(next);
    let mut session = session(Script::new(next), false);
    connect(&mut session).0.unwrap();
    let mut heard = Heard::default();
    let done = session.run("shell:x", &mut heard).map_err(|trouble| trouble.reason);
    (done, heard, session.transport.sent)
}

#[test]
fn output_is_acknowledged_and_passed_on() {
    let (done, heard, sent) = run([
        is(MessageCommand::Okay, 7, OURS, b""),
        is(MessageCommand::Write, 7, OURS, b"one "),
        is(MessageCommand::Write, 7, OURS, b"two"),
        is(MessageCommand::Close, 7, OURS, b""),
    ]);
    assert_eq!((done, heard.output.as_slice()), (Ok(()), b"one two".as_slice()));
    let ours = sent[1].arg0;
    assert_eq!(sent[1], Message::new(MessageCommand::Open, ours, 0, b"shell:x\0".to_vec()));
    assert_ne!(ours, 0);
    for (message, command) in
        sent[2..].iter().zip([MessageCommand::Okay, MessageCommand::Okay, MessageCommand::Close])
    {
        assert_eq!(*message, Message::new(command, ours, 7, Vec::new()));
    }
    assert_eq!(sent.len(), 5);
}

#[test]
fn what_belongs_to_another_stream_is_no_output() {
    let (done, heard, _) = run([
        is(MessageCommand::Close, 3, 4, b""),
        is(MessageCommand::Write, 7, OURS, b"before it is open"),
        is(MessageCommand::Okay, 7, OURS, b""),
        is(MessageCommand::Write, 8, OURS, b"theirs"),
        is(MessageCommand::Write, 7, 4, b"ours"),
        hello(),
        is(MessageCommand::Write, 7, OURS, b"good"),
        is(MessageCommand::Close, 8, OURS, b""),
        is(MessageCommand::Close, 0, OURS, b""),
    ]);
    assert_eq!((done, heard.output.as_slice()), (Ok(()), b"good".as_slice()));
    let wrong =
        std::iter::repeat_with(|| is(MessageCommand::Write, 1, 2, b"x")).take(MAX_STRAY + 1);
    assert_eq!(run(wrong).0, Err(Reason::UnreadableAnswer));
}

#[test]
fn a_stream_that_breaks_has_no_end() {
    let open = || is(MessageCommand::Okay, 7, OURS, b"");
    assert_eq!(run([is(MessageCommand::Close, 0, OURS, b"")]).0, Err(Reason::IncompleteAnswer));
    assert_eq!(run([open()]).0, Err(Reason::Disconnected));
    assert_eq!(run([open(), Next::Garbage]).0, Err(Reason::UnreadableAnswer));
    // A daemon that begins anew in the middle of an answer.
    assert_eq!(run([open(), token()]).0, Err(Reason::Disconnected));
}

/// Seen with Android 11's daemon on USB: who allows after the session ended leaves an introduction
/// to be read by the next one, before the token that answers that one's first message.
#[test]
fn an_introduction_to_a_former_session_is_found_out() {
    let (done, heard, sent) = run([
        token(),
        hello(),
        is(MessageCommand::Okay, 7, OURS, b""),
        is(MessageCommand::Write, 7, OURS, b"good"),
        is(MessageCommand::Close, 7, OURS, b""),
    ]);
    assert_eq!((done, heard.output.as_slice()), (Ok(()), b"good".as_slice()));
    let opened: Vec<u32> =
        sent.iter().filter(|m| m.command == MessageCommand::Open).map(|m| m.arg0).collect();
    assert_eq!(opened.len(), 2);
    assert_ne!(opened[0], opened[1]);
}
