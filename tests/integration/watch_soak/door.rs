//! A fixed address behind which an adb server is, or isn't: simulated servers find a new port each
//! time they start, a real one is killed and comes back where it was.

use std::net::{Ipv4Addr, SocketAddr};
use std::thread::{self, JoinHandle};

use tokio::io::copy_bidirectional;
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// Lets connections through to a server while it is open, refuses them while it is shut.
pub(crate) struct Door {
    address: SocketAddr,
    behind: Option<watch::Sender<Option<SocketAddr>>>,
    thread: Option<JoinHandle<()>>,
}

impl Door {
    /// Shut.
    pub(crate) fn new() -> Self {
        let (behind, to) = watch::channel(None);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let socket = runtime.block_on(async { bound((Ipv4Addr::LOCALHOST, 0).into()) });
        let address = socket.local_addr().unwrap();
        let thread = thread::spawn(move || runtime.block_on(run(socket, address, to)));
        Self { address, behind: Some(behind), thread: Some(thread) }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn open(&self, server: SocketAddr) {
        self.behind.as_ref().unwrap().send_replace(Some(server));
    }

    /// Ends what goes through, too.
    pub(crate) fn shut(&self) {
        self.behind.as_ref().unwrap().send_replace(None);
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        drop(self.behind.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A socket that has the port to itself, and refuses connections until it listens.
fn bound(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    // Connections of the server before may still be closing.
    socket.set_reuseaddr(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

/// Until its owner is gone.
async fn run(
    mut socket: TcpSocket,
    address: SocketAddr,
    mut behind: watch::Receiver<Option<SocketAddr>>,
) {
    loop {
        let server = *behind.borrow_and_update();
        let Some(server) = server else {
            if behind.changed().await.is_err() {
                return;
            }
            continue;
        };
        let listener = socket.listen(1024).unwrap();
        let mut passing = JoinSet::new();
        loop {
            tokio::select! {
                changed = behind.changed() => {
                    if changed.is_err() {
                        return;
                    }
                    break;
                }
                Some(_) = passing.join_next(), if !passing.is_empty() => {}
                accepted = listener.accept() => {
                    if let Ok((stream, _)) = accepted {
                        passing.spawn(pass(stream, server));
                    }
                }
            }
        }
        drop((listener, passing));
        socket = bound(address);
    }
}

/// Either side ends it.
async fn pass(mut stream: TcpStream, server: SocketAddr) {
    if let Ok(mut server) = TcpStream::connect(server).await {
        // Nagle's algorithm would hold back what the server has sent.
        let _ = (stream.set_nodelay(true), server.set_nodelay(true));
        let _ = copy_bidirectional(&mut stream, &mut server).await;
    }
}
