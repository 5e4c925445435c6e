//! One stream of an ADB transport, on the phone's side.

use std::io;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc};

use super::answer::Carrier;
use crate::adb::message::{Command, Message};

/// Carries an answer over one stream: a write at a time, each acknowledged by the peer.
pub(super) struct StreamCarrier {
    pub(super) send: mpsc::Sender<Vec<u8>>,
    pub(super) ours: u32,
    pub(super) theirs: u32,
    pub(super) acknowledged: Arc<Notify>,
    pub(super) piece: usize,
    pub(super) with_checksum: bool,
}

impl Carrier for StreamCarrier {
    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        for piece in bytes.chunks(self.piece) {
            let message = Message::new(Command::Write, self.ours, self.theirs, piece.to_vec());
            let message = message.encode(self.with_checksum);
            if self.send.send(message).await.is_err() {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            self.acknowledged.notified().await;
        }
        Ok(())
    }
}

impl StreamCarrier {
    /// Ends the stream.
    pub(super) async fn close(&self) {
        let message = Message::new(Command::Close, self.ours, self.theirs, Vec::new());
        // Nobody is left to tell when this fails.
        let _ = self.send.send(message.encode(self.with_checksum)).await;
    }
}
