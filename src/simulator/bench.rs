//! A set of simulated phones, and the same set running: in the caller's runtime or in a thread of
//! its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Deref;
use std::sync::{Arc, mpsc};
use std::{io, thread};

use tokio::sync::oneshot;

use super::device_list::DeviceList;
use super::options::ServerOptions;
use super::phone::Phone;
use super::task::{AbortOnDrop, bind};
use super::transport::{MessageLog, TransportPhone};
use super::{SimulatorError, server};
use micheck_adb::message::Message;

/// Simulated phones and the server that holds them.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Bench {
    phones: Vec<Phone>,
    options: ServerOptions,
}

impl Bench {
    /// A bench without phones and with a healthy server.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a phone; the order is that of the list.
    pub fn phone(mut self, phone: Phone) -> Self {
        self.phones.push(phone);
        self
    }

    /// Adds phones.
    pub fn phones(mut self, phones: impl IntoIterator<Item = Phone>) -> Self {
        self.phones.extend(phones);
        self
    }

    /// Says how the server behaves.
    pub fn server(mut self, options: ServerOptions) -> Self {
        self.options = options;
        self
    }

    /// Starts the server on a free loopback port, as a task of the current tokio runtime (which
    /// needs I/O and time).
    ///
    /// # Errors
    /// When no loopback port can be bound.
    pub async fn start(self) -> Result<Running, SimulatorError> {
        let (listener, address) = bind(Ipv4Addr::LOCALHOST.into()).await?;
        let hub = Arc::new(DeviceList::new(self.options, self.phones));
        let task = tokio::spawn(server::run(listener, Arc::clone(&hub)));
        Ok(Running { controls: Controls { hub, address }, task: AbortOnDrop(task) })
    }

    /// Starts the server in a thread of its own: for whoever has no runtime, such as the test of a
    /// program.
    ///
    /// # Errors
    /// When the thread cannot be started or no loopback port can be bound.
    pub fn start_in_thread(self) -> Result<RunningThread, SimulatorError> {
        let (controls, thread) = in_thread(async move || {
            let running = self.start().await?;
            Ok((running.controls.clone(), running))
        })?;
        Ok(RunningThread { controls, _thread: thread })
    }

    /// Lets every phone listen on a TCP port of its own, in one thread: for a real adb server to
    /// connect to. The bench's server options have no meaning here.
    ///
    /// # Errors
    /// When the thread cannot be started or no loopback port can be bound.
    pub fn listen_in_thread(self) -> Result<ListeningThread, SimulatorError> {
        let ((addresses, received), thread) = in_thread(async move || {
            let mut phones = Vec::new();
            for phone in self.phones {
                phones.push(phone.listen().await?);
            }
            let addresses = phones.iter().map(TransportPhone::address).collect();
            let received = phones.iter().map(TransportPhone::log).collect();
            Ok(((addresses, received), phones))
        })?;
        Ok(ListeningThread { addresses, received, _thread: thread })
    }
}

/// Steers a running bench, from any thread.
#[derive(Debug, Clone)]
pub struct Controls {
    hub: Arc<DeviceList>,
    address: SocketAddr,
}

impl Controls {
    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Plugs a phone in; its schedule of states begins now.
    pub fn plug(&self, phone: Phone) {
        self.hub.plug(phone);
    }

    /// Unplugs the phones of a serial, with every connection to them. `false` when there is none.
    pub fn unplug(&self, serial: impl AsRef<[u8]>) -> bool {
        self.hub.unplug(serial.as_ref())
    }

    /// Puts the phones of a serial into a state. `false` when there is none.
    pub fn set_state(&self, serial: impl AsRef<[u8]>, state: &str) -> bool {
        self.hub.set_state(serial.as_ref(), state)
    }

    /// Lets the phones of a serial answer as this one from now on, as after an app's update. Serial,
    /// place in the list, USB path, transport id, state and the schedule of states stay, and an
    /// answer that has begun goes on. `false` when there is none.
    pub fn replace(&self, serial: impl AsRef<[u8]>, phone: Phone) -> bool {
        self.hub.replace(serial.as_ref(), phone)
    }

    /// Kills the server: the listener and every connection are gone.
    pub fn kill_server(&self) {
        self.hub.die();
    }

    /// Every request that the server was sent so far, in order: what a reader asked of the phones.
    /// Empty when the server keeps no record ([`ServerOptions::record_requests`]).
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.hub.requests()
    }

    /// How many shell answers have begun.
    #[must_use]
    pub fn shells_begun(&self) -> usize {
        self.hub.shells()
    }

    /// How many connections are open at this moment.
    #[must_use]
    pub fn open_connections(&self) -> usize {
        self.hub.open_connections()
    }
}

/// A server that runs in the caller's runtime until this is dropped. Steered through [`Controls`].
#[derive(Debug)]
#[must_use = "dropping it stops the server"]
pub struct Running {
    controls: Controls,
    #[expect(dead_code, reason = "held for its drop, which ends the server")]
    task: AbortOnDrop,
}

impl Deref for Running {
    type Target = Controls;

    fn deref(&self) -> &Controls {
        &self.controls
    }
}

/// A server that runs in a thread of its own until this is dropped. Steered through [`Controls`].
#[derive(Debug)]
#[must_use = "dropping it stops the server"]
pub struct RunningThread {
    controls: Controls,
    _thread: StoppingThread,
}

impl Deref for RunningThread {
    type Target = Controls;

    fn deref(&self) -> &Controls {
        &self.controls
    }
}

/// Phones that listen for an adb server, in a thread of their own, until this is dropped.
#[derive(Debug)]
#[must_use = "dropping it stops the phones"]
pub struct ListeningThread {
    addresses: Vec<SocketAddr>,
    received: Vec<MessageLog>,
    _thread: StoppingThread,
}

impl ListeningThread {
    /// Where the phones listen, in the bench's order.
    #[must_use]
    pub fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }

    /// What phone number `index` was sent so far, in order, over all its connections; the OKAYs,
    /// of which each piece of an answer has one, are not kept.
    ///
    /// # Panics
    /// There are fewer phones.
    #[must_use]
    pub fn received(&self, index: usize) -> Vec<Message> {
        self.received[index].all()
    }
}

/// A thread that is told to stop and waited for when this is dropped.
#[derive(Debug)]
struct StoppingThread {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Drop for StoppingThread {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there has already been printed by the panic hook.
            let _ = thread.join();
        }
    }
}

/// Runs `start` in a thread with a runtime of its own. It gives what the caller needs and what must
/// live until the caller stops the thread.
fn in_thread<T: Send + 'static, K>(
    start: impl AsyncFnOnce() -> Result<(T, K), SimulatorError> + Send + 'static,
) -> Result<(T, StoppingThread), SimulatorError> {
    let (stop, stopped) = oneshot::channel::<()>();
    let (tell, told) = mpsc::channel();
    let body = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(source) => {
                // Nobody hears it when the caller has gone.
                let _ = tell.send(Err(SimulatorError::Thread { source }));
                return;
            }
        };
        runtime.block_on(async move {
            match start().await {
                Ok((wanted, _kept)) => {
                    let _ = tell.send(Ok(wanted));
                    // The sender is dropped, never used: an error is the signal.
                    let _ = stopped.await;
                }
                Err(error) => drop(tell.send(Err(error))),
            }
        });
    };
    let thread = thread::Builder::new()
        .name("simulator".to_owned())
        .spawn(body)
        .map_err(|source| SimulatorError::Thread { source })?;
    let thread = StoppingThread { stop: Some(stop), thread: Some(thread) };
    let wanted = told.recv().map_err(|_| SimulatorError::Thread {
        source: io::Error::other("the simulator's thread ended early"),
    })??;
    Ok((wanted, thread))
}
