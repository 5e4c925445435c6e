//! What the simulated adb server knows: the phones that are plugged in, their states and transport
//! ids, and the list that it prints. No sockets here.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;
use tokio::time::Instant;

use super::entry::{Entry, refusal};
use super::fault::Fault;
use super::options::ServerOptions;
use super::phone::{Phone, Setting};
use super::prepared::Prepared;

/// The list's length is sent in four hexadecimal digits.
const MAX_LIST_BYTES: usize = 0xffff;

/// The phones of a simulated server, shared by its connections and by whoever steers it.
#[derive(Debug)]
pub(super) struct DeviceList {
    pub(super) options: ServerOptions,
    inner: Mutex<Inner>,
    /// Counts the changes of the list.
    changes: watch::Sender<u64>,
    /// Whether the server is dead.
    died: watch::Sender<bool>,
    pub(super) connections: AtomicUsize,
}

#[derive(Debug, Default)]
struct Inner {
    slots: Vec<Entry>,
    last_transport: u64,
    plugged: usize,
    /// The lists that were given.
    lists: usize,
    shells: usize,
    requests: Vec<String>,
}

/// How a request names a phone.
#[derive(Debug, Clone, Copy)]
pub(super) enum Selector<'r> {
    Transport(u64),
    Serial(&'r [u8]),
}

/// A phone that a connection was given.
#[derive(Debug)]
pub(super) struct Chosen {
    pub(super) phone: Arc<Prepared>,
    pub(super) transport: u64,
    pub(super) state: String,
    life: watch::Receiver<()>,
}

impl Chosen {
    /// Waits until the phone is gone.
    pub(super) async fn gone(&mut self) {
        while self.life.changed().await.is_ok() {}
    }
}

impl Inner {
    fn renumber(&mut self) {
        let mut ids: Vec<u64> = self.slots.iter().map(|slot| slot.transport).collect();
        for slot in &mut self.slots {
            slot.transport = ids.pop().expect("there are as many as slots");
        }
    }
}

impl DeviceList {
    pub(super) fn new(options: ServerOptions, phones: Vec<Phone>) -> Self {
        let hub = Self {
            options,
            inner: Mutex::default(),
            changes: watch::Sender::new(0),
            died: watch::Sender::new(false),
            connections: AtomicUsize::new(0),
        };
        for phone in phones {
            hub.plug(phone);
        }
        hub
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every change under the lock is a single assignment: a panic cannot leave half of one.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn changed(&self) {
        self.changes.send_modify(|count| *count += 1);
    }

    pub(super) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    pub(super) fn plug(&self, phone: Phone) {
        let phone = Arc::new(phone.prepare());
        let mut inner = self.lock();
        inner.plugged += 1;
        inner.last_transport += 1;
        let usb = match &phone.usb {
            Setting::Is(path) => Some(path.clone()),
            Setting::Default => Some(format!("1-{}", inner.plugged)),
            Setting::Without => None,
        };
        let mut due = phone.states.clone();
        due.sort_by_key(|(after, _)| *after);
        let slot = Entry {
            state: phone.state.clone(),
            transport: inner.last_transport,
            usb,
            plugged_at: Instant::now(),
            due: due.into(),
            faults_left: phone.fault_times,
            life: watch::Sender::new(()),
            phone,
        };
        inner.slots.push(slot);
        drop(inner);
        self.changed();
    }

    /// Takes the phones of a serial away; whether there was one.
    pub(super) fn unplug(&self, serial: &[u8]) -> bool {
        self.remove(|slot| slot.phone.serial == serial)
    }

    pub(super) fn unplug_transport(&self, transport: u64) -> bool {
        self.remove(|slot| slot.transport == transport)
    }

    fn remove(&self, mut gone: impl FnMut(&Entry) -> bool) -> bool {
        let mut inner = self.lock();
        let before = inner.slots.len();
        inner.slots.retain(|slot| !gone(slot));
        let removed = inner.slots.len() < before;
        drop(inner);
        if removed {
            self.changed();
        }
        removed
    }

    /// Puts the phones of a serial into a state; whether there was one.
    pub(super) fn set_state(&self, serial: &[u8], state: &str) -> bool {
        let mut inner = self.lock();
        let Inner { slots, last_transport, .. } = &mut *inner;
        let mut found = false;
        for slot in slots.iter_mut().filter(|slot| slot.phone.serial == serial) {
            slot.enter(state, last_transport);
            found = true;
        }
        drop(inner);
        if found {
            self.changed();
        }
        found
    }

    /// Lets the phones of a serial answer as another from now on; whether there was one. Their
    /// places in the list stay, so nothing is pushed: adb doesn't learn of an app's update, either.
    pub(super) fn replace(&self, serial: &[u8], mut phone: Phone) -> bool {
        serial.clone_into(&mut phone.serial);
        let phone = Arc::new(phone.prepare());
        let mut inner = self.lock();
        let mut found = false;
        for slot in inner.slots.iter_mut().filter(|slot| slot.phone.serial == serial) {
            slot.faults_left = phone.fault_times;
            slot.phone = Arc::clone(&phone);
            found = true;
        }
        found
    }

    /// Enters the states that are due by the phones' schedules, for as long as the server lives.
    pub(super) async fn follow_schedules(&self) {
        let mut changes = self.changes();
        loop {
            let next = self.apply_due();
            let wait = async {
                match next {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = wait => {}
                seen = changes.changed() => {
                    if seen.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Enters what is due and says when to look again.
    fn apply_due(&self) -> Option<Instant> {
        let now = Instant::now();
        let mut inner = self.lock();
        let Inner { slots, last_transport, .. } = &mut *inner;
        let mut any = false;
        let mut next: Option<Instant> = None;
        for slot in slots {
            while let Some((after, _)) = slot.due.front() {
                let at = slot.plugged_at + *after;
                if at > now {
                    next = Some(next.map_or(at, |next| next.min(at)));
                    break;
                }
                let (_, state) = slot.due.pop_front().expect("the front was just seen");
                slot.enter(&state, last_transport);
                any = true;
            }
        }
        drop(inner);
        if any {
            self.changed();
        }
        next
    }

    /// The long or the short list, exactly as the server prints it.
    pub(super) fn list(&self, long: bool) -> Vec<u8> {
        let mut list = Vec::new();
        let mut inner = self.lock();
        for slot in inner.slots.iter().filter(|slot| slot.listed()) {
            if long {
                slot.write_long(&mut list, !self.options.old);
            } else {
                list.extend_from_slice(&slot.phone.serial);
                list.push(b'\t');
                list.extend_from_slice(slot.state.as_bytes());
                list.push(b'\n');
            }
        }
        inner.lists += 1;
        if inner.lists <= self.options.renumbered_lists {
            inner.renumber();
        }
        drop(inner);
        for line in &self.options.extra_lines {
            list.extend_from_slice(line);
            list.push(b'\n');
        }
        list.truncate(MAX_LIST_BYTES);
        list
    }

    /// Finds one phone that can be talked to, or the text of the server's `FAIL`: adb's own words
    /// for each state (`acquire_one_transport` in `transport.cpp`).
    pub(super) fn choose(&self, selector: Selector<'_>) -> Result<Chosen, String> {
        let inner = self.lock();
        let mut found =
            inner.slots.iter().filter(|slot| slot.listed()).filter(|slot| match selector {
                Selector::Transport(id) => slot.transport == id,
                Selector::Serial(serial) => slot.phone.serial == serial,
            });
        let Some(slot) = found.next() else {
            // Whoever isn't found, adb blames on any phone that it may not open.
            let mut listed = inner.slots.iter().filter(|slot| slot.listed());
            if let Some(locked) = listed.find(|slot| slot.state.starts_with("no permissions")) {
                return Err(refusal(&locked.state).unwrap_or_default());
            }
            return Err(match selector {
                Selector::Transport(id) => format!("no device with transport id '{id}'"),
                Selector::Serial(serial) => {
                    format!("device '{}' not found", String::from_utf8_lossy(serial))
                }
            });
        };
        if found.next().is_some() {
            return Err("more than one device".to_owned());
        }
        if let Some(refusal) = refusal(&slot.state) {
            return Err(refusal);
        }
        Ok(Chosen {
            phone: Arc::clone(&slot.phone),
            transport: slot.transport,
            state: slot.state.clone(),
            life: slot.life.subscribe(),
        })
    }

    /// The fault that a phone has at this moment.
    pub(super) fn fault(&self, transport: u64) -> Fault {
        let inner = self.lock();
        let slot = inner.slots.iter().find(|slot| slot.transport == transport);
        match slot {
            Some(slot) if slot.faults_left != Some(0) => slot.phone.fault.clone(),
            _ => Fault::None,
        }
    }

    /// Counts a fault that was acted out.
    pub(super) fn fault_spent(&self, transport: u64) {
        let mut inner = self.lock();
        let slot = inner.slots.iter_mut().find(|slot| slot.transport == transport);
        if let Some(left) = slot.and_then(|slot| slot.faults_left.as_mut()) {
            *left = left.saturating_sub(1);
        }
    }

    /// Counts a shell answer that begins; the last one that the server was to live for kills it.
    pub(super) fn shell_begins(&self) {
        let mut inner = self.lock();
        inner.shells += 1;
        let last = self.options.die_after_shells.is_some_and(|limit| inner.shells >= limit);
        drop(inner);
        if last {
            self.die();
        }
    }

    pub(super) fn die(&self) {
        self.died.send_replace(true);
    }

    /// Waits until the server dies.
    pub(super) async fn dead(&self) {
        let mut died = self.died.subscribe();
        // The sender lives in this hub: the wait cannot fail before the hub is gone.
        let _ = died.wait_for(|died| *died).await;
    }

    pub(super) fn record(&self, request: &str) {
        if self.options.record_requests {
            self.lock().requests.push(request.to_owned());
        }
    }

    pub(super) fn requests(&self) -> Vec<String> {
        self.lock().requests.clone()
    }

    pub(super) fn shells(&self) -> usize {
        self.lock().shells
    }

    pub(super) fn open_connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}
