//! What stands between `adb_client` and a phone that wants TLS, on loopback.
//!
//! On a connection of its own `adb_client` would also speak without TLS: sign whatever token comes,
//! and send its key where nobody may be asked. It would read without end where a phone has hung up,
//! and without a bound where one hasn't. Here it hears that TLS is wanted whatever the phone does,
//! and goes on with the connection on which the phone said so.

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, Builder};
use std::time::Duration;

use super::pipe::WorkerEvent;
use super::session::{Received, Transport as _};
use super::tcp::{self, Tcp};
use crate::link_error::LinkError;
use crate::message::{Message, MessageCommand};
use micheck_core::verdict::Reason;

/// The most that a phone may send in a session, bytes: twice what an answer may have. `adb_client`
/// sets aside what length a phone claims, but memory is only taken as it is filled.
const MAX_FROM_PHONE: usize = 16 << 20;

/// How long `adb_client` may take to notice that the phone has gone.
const PATIENCE: Duration = Duration::from_millis(500);

/// In how many steps that is waited for: a computer that is too busy to wake this thread doesn't
/// run `adb_client` either.
const STEPS: u32 = 10;

const BUFFER_BYTES: usize = 16 << 10;

/// How far `adb_client` has come, so that the news that the phone has gone neither comes in the
/// middle of what it hands on to the parent nor takes the place of what it says itself.
#[derive(Default)]
pub(super) struct RelayProgress(Mutex<State>);

#[derive(Default)]
struct State {
    /// Whether `adb_client` has something to do: else it can't read without end, and the parent
    /// hears of the phone when it asks for something.
    works: bool,
    steps: u64,
}

impl RelayProgress {
    /// Has `adb_client` do something.
    pub(super) fn of<T>(&self, work: impl FnOnce() -> T) -> T {
        self.step(|state| state.works = true);
        let done = work();
        self.step(|state| state.works = false);
        done
    }

    /// Hands on what `adb_client` has read.
    pub(super) fn hand_on(&self, hand_on: impl FnOnce()) {
        self.step(|_| hand_on());
    }

    fn step(&self, step: impl FnOnce(&mut State)) {
        let mut state = self.lock();
        step(&mut state);
        state.steps += 1;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whatever panicked has changed nothing by halves.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Relays between whoever connects first to the address that this gives, and `phone`, which has
/// said `start_tls`. Ends this process when the phone has gone and nothing comes of it, or when it
/// sends too much.
///
/// # Errors
/// The system refuses.
pub(super) fn start(
    phone: TcpStream,
    start_tls: Message,
    progress: Arc<RelayProgress>,
) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    Builder::new().spawn(move || match relay(listener, phone, &start_tls) {
        End::AdbClient => {}
        End::Phone(trouble) => end_unless_it_ends(&progress, &trouble),
        End::TooMuch => {
            let detail = format!("more than {} MiB through TLS", MAX_FROM_PHONE >> 20);
            let trouble = LinkError::with_detail(Reason::AnswerTooLarge, detail);
            end(progress.lock(), &trouble);
        }
    })?;
    Ok(address)
}

/// Why no more is relayed.
enum End {
    /// `adb_client` has hung up, and so ends by itself.
    AdbClient,
    /// The phone has gone, or can't be reached through here.
    Phone(LinkError),
    /// The phone sent more than it may.
    TooMuch,
}

fn relay(listener: TcpListener, phone: TcpStream, start_tls: &Message) -> End {
    let begun = begin(listener, &phone, start_tls).and_then(|near| {
        let phone = Arc::new(phone);
        let near = Arc::new(near);
        let sent = Arc::<AtomicU64>::default();
        let outwards = {
            let (near, phone, sent) = (Arc::clone(&near), Arc::clone(&phone), Arc::clone(&sent));
            move || pass_outwards(&near, &phone, &sent)
        };
        Builder::new().spawn(outwards).map_err(|error| of_loopback(&error))?;
        let end = pass_inwards(&phone, &near, &sent);
        // What came is there to be read; then `adb_client` sees the end.
        let _ = near.shutdown(Shutdown::Write);
        Ok(end)
    });
    // Where it didn't even begin, `adb_client` reads without end, too.
    begun.unwrap_or_else(End::Phone)
}

/// Brings `adb_client` and the phone to where both are about to speak TLS.
fn begin(
    listener: TcpListener,
    phone: &TcpStream,
    start_tls: &Message,
) -> Result<TcpStream, LinkError> {
    let (near, peer) = listener.accept().map_err(|error| of_loopback(&error))?;
    // Whoever was faster than `adb_client`, on this computer, has gained a connection to a phone
    // that doesn't know him; `adb_client` finds nobody listening.
    drop(listener);
    if !peer.ip().is_loopback() {
        return Err(of_loopback(&io::ErrorKind::PermissionDenied.into()));
    }
    // The other connection has it already.
    near.set_nodelay(true).map_err(|error| of_loopback(&error))?;
    let mut near = Tcp::over(near);
    // The phone has had an introduction, and said what it thinks of it.
    expect(&mut near, MessageCommand::Connect)?;
    near.send(start_tls)?;
    let reply = expect(&mut near, MessageCommand::StartTls)?;
    let mut to_phone = phone;
    to_phone.write_all(&reply.encode(true)).map_err(|error| tcp::broken(&error))?;
    near.into_stream().ok_or_else(|| of_loopback(&io::ErrorKind::NotConnected.into()))
}

/// The next message of `adb_client`, which is a `command`: nothing else is to reach a phone that
/// isn't hidden in TLS.
fn expect(near: &mut Tcp, command: MessageCommand) -> Result<Message, LinkError> {
    match near.receive(false, None)? {
        Received::Message(message) if message.command == command => Ok(message),
        _ => Err(of_loopback(&io::ErrorKind::InvalidData.into())),
    }
}

fn of_loopback(error: &io::Error) -> LinkError {
    LinkError::with_detail(Reason::Disconnected, format!("no way to the phone for TLS: {error}"))
}

/// Passes on what `adb_client` says, and counts it in `sent`, until one side is gone.
fn pass_outwards(mut near: &TcpStream, mut phone: &TcpStream, sent: &AtomicU64) {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match near.read(&mut buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => break,
            Ok(length) => {
                sent.fetch_add(1, Ordering::Relaxed);
                if phone.write_all(&buffer[..length]).is_err() {
                    // Why, the other direction tells, after what the phone said before it went.
                    return;
                }
            }
        }
    }
    let _ = phone.shutdown(Shutdown::Write);
}

/// Passes on what the phone says, until one side is gone.
fn pass_inwards(mut phone: &TcpStream, mut near: &TcpStream, sent: &AtomicU64) -> End {
    let gone = |error: io::Error| End::Phone(tcp::broken(&error));
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut left = MAX_FROM_PHONE;
    let mut records = Records::default();
    let mut farewell = false;
    let mut sent_before = 0;
    loop {
        let length = match phone.read(&mut buffer) {
            Ok(0) => return gone(io::ErrorKind::UnexpectedEof.into()),
            Ok(length) => length,
            Err(error) => match error.kind() {
                io::ErrorKind::Interrupted => continue,
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut if farewell => {
                    if sent.load(Ordering::Relaxed) == sent_before {
                        return gone(io::ErrorKind::UnexpectedEof.into());
                    }
                    // It was data: `adb_client` answers every message, and nothing else.
                    0
                }
                _ => return gone(error),
            },
        };
        let Some(rest) = left.checked_sub(length) else { return End::TooMuch };
        left = rest;
        sent_before = sent.load(Ordering::Relaxed);
        if near.write_all(&buffer[..length]).is_err() {
            return End::AdbClient;
        }
        records.take(&buffer[..length]);
        let now = length > 0 && records.may_have_ended();
        if now != farewell {
            farewell = now;
            if let Err(error) = phone.set_read_timeout(farewell.then_some(PATIENCE)) {
                return gone(error);
            }
        }
    }
}

/// Follows the records of TLS for one that ends it: a phone may do that and leave the connection
/// open, and then `adb_client` reads without end what isn't there any more.
///
/// Source: RFC 8446, 5.1, 5.2 and 6. What is in a record is hidden, but not how long it is. A phone
/// that hides that, too, gains the computing time that a worker has.
#[derive(Default)]
struct Records {
    head: Vec<u8>,
    /// Bytes that the last record still lacks.
    lacks: usize,
    alert: bool,
}

impl Records {
    const ALERT: u8 = 21;
    const DATA: u8 = 23;
    /// Level and description, the kind of record, and the sum of 16 bytes that all ciphers have.
    const ALERT_BYTES: usize = 2 + 1 + 16;

    fn take(&mut self, mut bytes: &[u8]) {
        while let Some((&first, rest)) = bytes.split_first() {
            if self.lacks > 0 {
                let taken = self.lacks.min(bytes.len());
                self.lacks -= taken;
                bytes = &bytes[taken..];
                continue;
            }
            self.head.push(first);
            bytes = rest;
            if let [kind, _, _, high, low] = self.head[..] {
                self.lacks = usize::from(u16::from_be_bytes([high, low]));
                // Two bytes of data look the same.
                self.alert =
                    kind == Self::ALERT || kind == Self::DATA && self.lacks == Self::ALERT_BYTES;
                self.head.clear();
            }
        }
    }

    /// Whether the last record is whole and may have been the last of all.
    const fn may_have_ended(&self) -> bool {
        self.alert && self.lacks == 0 && self.head.is_empty()
    }
}

/// Waits until `adb_client` has noticed that the phone has gone, which mostly ends this process, and
/// does that itself where `adb_client` works on and nothing comes of it.
fn end_unless_it_ends(progress: &RelayProgress, trouble: &LinkError) -> ! {
    loop {
        let before = progress.lock().steps;
        for _ in 0..STEPS {
            thread::sleep(PATIENCE / STEPS);
        }
        let now = progress.lock();
        if now.works && now.steps == before {
            end(now, trouble);
        }
    }
}

/// Tells the trouble and ends this process; nothing can be handed on any more.
fn end(_nothing_more: MutexGuard<'_, State>, trouble: &LinkError) -> ! {
    let mut stdout = io::stdout();
    // If the parent has gone, nobody misses it.
    let _ = stdout
        .write_all(&WorkerEvent::LinkError(trouble.clone()).frame())
        .and_then(|()| stdout.flush());
    std::process::exit(0);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, length: u16) -> Vec<u8> {
        let mut record = vec![kind, 3, 3];
        record.extend(length.to_be_bytes());
        record.resize(5 + usize::from(length), 0xff);
        record
    }

    #[test]
    fn the_end_of_tls_is_seen_however_it_is_cut() {
        for (last, ends) in [
            (record(23, 19), true),
            (record(21, 26), true),
            (record(23, 18), false),
            (record(23, 20), false),
            (record(22, 19), false),
        ] {
            let bytes = [record(22, 600), record(23, 19), last].concat();
            for piece in [1, 2, 7, 5000] {
                let mut records = Records::default();
                bytes.chunks(piece).for_each(|bytes| records.take(bytes));
                assert_eq!(records.may_have_ended(), ends, "{piece}");
                records.take(&bytes[..3]);
                assert!(!records.may_have_ended());
            }
        }
    }
}
