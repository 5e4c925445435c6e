//! One stream of an ADB transport, on the phone's side.

use std::io;
use std::sync::Arc;

use tokio::sync::Notify;

use super::faults::MessageSender;
use crate::answer::Carrier;
use crate::fault::Moment;
use micheck_adb::message::{Message, MessageCommand};

/// Carries an answer over one stream: a write at a time, each acknowledged by the peer.
pub(super) struct StreamCarrier {
    pub(super) wire: MessageSender,
    pub(super) ours: u32,
    pub(super) theirs: u32,
    pub(super) acknowledged: Arc<Notify>,
    pub(super) piece: usize,
    /// Which message is next.
    pub(super) next: Moment,
}

impl Carrier for StreamCarrier {
    async fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        let halved = self.wire.breaks_at(Moment::Middle);
        let piece = if halved { bytes.len().div_ceil(2).max(1) } else { usize::MAX };
        for piece in bytes.chunks(self.piece.min(piece)) {
            let message =
                Message::new(MessageCommand::Write, self.ours, self.theirs, piece.to_vec());
            self.wire.due(self.next, Some(message)).await?;
            self.next = Moment::Middle;
            self.acknowledged.notified().await;
        }
        Ok(())
    }
}

impl StreamCarrier {
    /// Ends the stream.
    pub(super) async fn close(&self) {
        let message = Message::new(MessageCommand::Close, self.ours, self.theirs, Vec::new());
        // Nobody is left to tell when this fails.
        let _ = self.wire.due(Moment::Closing, Some(message)).await;
    }
}
