//! Looks for phones: follows the lists of all servers and the USB bus, for as long as it lives.

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{sleep, timeout};

use crate::scan::options::LinkOptions;
use micheck_adb::direct::UsbWatch;
use micheck_adb::server::ServerError;
use micheck_adb::usb::UsbDevice;
use micheck_adb::{LinkError, ListedPhone, Server};
use micheck_core::verdict::Reason;

/// How soon a server that can't be reached is tried again, first and at most.
const TRY_AGAIN: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(5));

/// How soon one that nobody named is looked for again.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// How often a server is asked for its list that can't tell of all changes.
const POLL: Duration = Duration::from_millis(500);

/// How soon another process looks at the USB bus when one has ended.
const USB_AGAIN: Duration = Duration::from_secs(2);

/// How many times in a row that may fail before its phones count as gone.
const USB_TRIES: u32 = 3;

/// The least time between two lists of a server: a loose contact is no reason to compute without a
/// pause.
const BETWEEN_LISTS: Duration = Duration::from_millis(1);

/// How long a server may take for its first list.
const FIRST_LIST: Duration = Duration::from_secs(5);

/// How often a server that tells of nothing is asked whether it is there.
const PING: Duration = Duration::from_secs(15);

#[derive(Debug)]
pub(crate) enum DiscoveryEvent {
    Listed {
        server: String,
        /// Which of the plan's servers.
        index: usize,
        /// Goes up with every connection to it.
        epoch: u64,
        list: Vec<ListedPhone>,
    },
    /// A server can't be reached.
    Lost { server: String, index: usize, error: Arc<ServerError>, is_trouble: bool },
    /// All phones on the USB bus; or why it can't be looked at.
    Usb(Result<Vec<UsbDevice>, LinkError>),
}

/// Looks for phones in tasks of its own, which end with it.
#[derive(Debug)]
pub(super) struct Discovery {
    news: UnboundedReceiver<DiscoveryEvent>,
    _tasks: JoinSet<()>,
}

impl Discovery {
    pub(super) fn start(links: &LinkOptions) -> Self {
        let (tell, news) = mpsc::unbounded_channel();
        let mut tasks = JoinSet::new();
        for (index, endpoint) in links.servers.iter().enumerate() {
            let server = Server::new(endpoint.clone());
            tasks.spawn(follow(server, index, links.servers_named(), tell.clone()));
        }
        if links.usb {
            tasks.spawn(watch_usb(tell.clone()));
        }
        Self { news, _tasks: tasks }
    }

    /// What is seen next; waits for ever when nothing is looked at.
    pub(super) async fn next(&mut self) -> DiscoveryEvent {
        match self.news.recv().await {
            Some(news) => news,
            None => std::future::pending().await,
        }
    }
}

/// Follows a server's list, and tries it again for as long as it can't be reached.
async fn follow(server: Server, index: usize, named: bool, tell: UnboundedSender<DiscoveryEvent>) {
    let mut epoch = 0;
    let mut pause = TRY_AGAIN.0;
    loop {
        let before = epoch;
        epoch += 1;
        let mut listed = false;
        let error = follow_once(&server, |list| {
            listed = true;
            let server = server.endpoint().to_string();
            // Whoever listened is gone; this task will be ended.
            let _ = tell.send(DiscoveryEvent::Listed { server, index, epoch, list });
        })
        .await;
        if listed {
            pause = TRY_AGAIN.0;
        }
        // A server that nobody named and that never ran is no trouble.
        let is_trouble =
            named || listed || before > 0 && !matches!(error, ServerError::Unreachable { .. });
        let never_ran = !listed && !named && matches!(error, ServerError::Unreachable { .. });
        let (name, error) = (server.endpoint().to_string(), Arc::new(error));
        let _ = tell.send(DiscoveryEvent::Lost { server: name, index, error, is_trouble });
        if never_ran {
            sleep(LOOK_AGAIN).await;
        } else {
            sleep(pause).await;
            pause = (pause * 2).min(TRY_AGAIN.1);
        }
    }
}

/// Tells a server's lists until it goes away, and gives how. While a phone is on its way to
/// being ready the list is asked for, too: servers up to platform tools 29 push neither that it
/// begins to ask its person nor that it waits for that (`atransport::SetConnectionState` tells
/// nobody there).
async fn follow_once(server: &Server, mut tell: impl FnMut(Vec<ListedPhone>)) -> ServerError {
    let mut tracking = match server.track_devices().await {
        Ok(tracking) => tracking,
        Err(error) => return error,
    };
    // It comes at once.
    let mut known = match timeout(FIRST_LIST, tracking.next()).await {
        Ok(Ok(list)) => list,
        Ok(Err(error)) => return error,
        Err(_) => return ServerError::Silent { endpoint: server.endpoint().clone() },
    };
    tell(known.clone());
    loop {
        let mut pushed = pin!(tracking.next());
        let mut deaf = pin!(deaf(server));
        let next = loop {
            tokio::select! {
                biased;
                next = &mut pushed => break next,
                error = &mut deaf => return error,
                () = sleep(POLL), if known.iter().any(changes_in_silence) => {}
            }
            // If the server is gone, the end of the pushes says so.
            let Ok(list) = server.devices().await else { continue };
            // What was pushed before this answer goes first.
            yield_now().await;
            tokio::select! {
                biased;
                next = &mut pushed => break next,
                () = std::future::ready(()) => {}
            }
            // Who comes and goes is always pushed, and counted there.
            if list != known && are_same_phones(&list, &known) {
                tell(list.clone());
                known = list;
            }
        };
        match next {
            Ok(list) => {
                tell(list.clone());
                known = list;
                // What a server pushes meanwhile waits on its own side.
                sleep(BETWEEN_LISTS).await;
            }
            Err(error) => return error,
        }
    }
}

fn changes_in_silence(phone: &ListedPhone) -> bool {
    matches!(phone.state.0.as_slice(), b"offline" | b"connecting" | b"authorizing")
}

fn are_same_phones(left: &[ListedPhone], right: &[ListedPhone]) -> bool {
    let key = |phone: &ListedPhone| (phone.transport_id, phone.serial.clone(), phone.path.clone());
    left.iter().map(key).eq(right.iter().map(key))
}

/// Looks now and then whether a server still answers, because a network that has gone tells nobody;
/// ends with why it doesn't.
async fn deaf(server: &Server) -> ServerError {
    let mut missed = 0;
    loop {
        sleep(PING).await;
        match server.version().await {
            Ok(_) => missed = 0,
            // One that is busy deserves a second chance.
            Err(_) if missed == 0 => missed = 1,
            Err(error) => return error,
        }
    }
}

/// Follows what is on the USB bus.
async fn watch_usb(tell: UnboundedSender<DiscoveryEvent>) {
    let mut failed = 0;
    loop {
        let trouble = match UsbWatch::start().await {
            Ok(mut watch) => loop {
                match watch.next().await {
                    Ok(mut devices) => {
                        failed = 0;
                        devices.retain(UsbDevice::is_phone);
                        if tell.send(DiscoveryEvent::Usb(Ok(devices))).is_err() {
                            return;
                        }
                    }
                    Err(trouble) => break trouble,
                }
            },
            Err(trouble) => trouble,
        };
        let no_bus = trouble.reason == Reason::UnsupportedInterface;
        failed += 1;
        // A device that brings libusb down mustn't cost the others their places.
        if !no_bus && failed < USB_TRIES {
            sleep(USB_AGAIN).await;
            continue;
        }
        if tell.send(DiscoveryEvent::Usb(Err(trouble))).is_err() {
            return;
        }
        sleep(if no_bus { TRY_AGAIN.1 * 6 } else { USB_AGAIN }).await;
    }
}
