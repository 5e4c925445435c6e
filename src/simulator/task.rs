//! Tasks that end with whoever holds them, and sockets for them.

use std::io;
use std::net::{IpAddr, SocketAddr};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::SimulatorError;

/// Binds a free port of an address of this computer.
pub(super) async fn bind(host: IpAddr) -> Result<(TcpListener, SocketAddr), SimulatorError> {
    let listen = async {
        let listener = TcpListener::bind((host, 0)).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    listen.await.map_err(|source: io::Error| SimulatorError::Listen { source })
}

/// A task that ends with its owner.
#[derive(Debug)]
pub(super) struct AbortOnDrop(pub(super) JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
