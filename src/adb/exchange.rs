//! One batch of questions on its way through a phone's shell, whatever link carries it.

use std::sync::Arc;

use super::shell_v2::{Packet, PacketReader};
use crate::link_error::LinkError;
use crate::memory::{MemoryBudget, MemoryLease};
use micheck_core::probe::{AnswerReader, Batch, MarkedAnswer, Marker};
use micheck_core::verdict::Reason;

/// The most that a v2 shell may send in all, packet headers included: empty packets
/// add nothing to an answer and could go on for ever.
const MAX_V2_BYTES: usize = 16 << 20;

/// The most that a shell may write to standard error: everything that is asked
/// for goes to standard output, so this is the shell's own complaints.
const MAX_STDERR_BYTES: usize = 64 << 10;

/// What came in answer to a batch of questions.
#[derive(Debug)]
pub struct Answer {
    /// The parts that came, whole or not.
    pub framing: MarkedAnswer,
    /// Why it ended before its end; `None` when it didn't.
    pub trouble: Option<LinkError>,
    /// The memory that it may hold; to be kept for as long as the parts are.
    pub share: MemoryLease,
}

/// A batch that is being asked, and what has come of its answer.
pub(super) struct Exchange {
    command: String,
    framer: AnswerReader,
    share: MemoryLease,
    /// `None`: the old shell service, which frames nothing.
    v2: Option<AnswerV2>,
}

impl Exchange {
    /// Words the batch with this marker; nothing is sent yet.
    pub(super) fn new(batch: &Batch, marker: Marker, budget: &Arc<MemoryBudget>) -> Self {
        Self {
            command: batch.command(&marker),
            framer: AnswerReader::new(marker),
            share: MemoryLease::new(budget),
            v2: None,
        }
    }

    /// The service to open; `v2` is whether the phone's shell frames its output.
    pub(super) fn service(&mut self, v2: bool) -> String {
        self.v2 = v2.then(AnswerV2::default);
        let service = if v2 { "shell,v2,raw" } else { "shell" };
        tracing::trace!(service, command = self.command, "asks");
        format!("{service}:{}", self.command)
    }

    /// Takes in what the service sent; whether the answer has come to its end.
    ///
    /// # Errors
    /// Too much, or nothing that such a service sends.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<bool, LinkError> {
        let mut sink = Sink { framer: &mut self.framer, share: &mut self.share };
        if let Some(v2) = &mut self.v2 {
            v2.take(bytes, &mut sink)
        } else {
            sink.take(bytes)?;
            Ok(self.framer.ended())
        }
    }

    /// The answer, when nothing more comes.
    pub(super) fn finish(self, trouble: Option<LinkError>) -> Answer {
        Answer { framing: self.framer.finish(), trouble, share: self.share }
    }
}

/// Where a phone's output goes.
struct Sink<'a> {
    framer: &'a mut AnswerReader,
    share: &'a mut MemoryLease,
}

impl Sink<'_> {
    fn take(&mut self, bytes: &[u8]) -> Result<(), LinkError> {
        let fits = self.share.grow(bytes.len()) && self.framer.push(bytes).is_ok();
        if fits { Ok(()) } else { Err(LinkError::new(Reason::AnswerTooLarge)) }
    }
}

/// What has come of an answer in packets.
#[derive(Default)]
struct AnswerV2 {
    packets: PacketReader,
    stderr_bytes: usize,
    all_bytes: usize,
}

impl AnswerV2 {
    /// Takes in the packets of `bytes`; whether the answer's last one was among them.
    fn take(&mut self, mut bytes: &[u8], sink: &mut Sink<'_>) -> Result<bool, LinkError> {
        let too_large = || LinkError::new(Reason::AnswerTooLarge);
        self.all_bytes += bytes.len();
        if self.all_bytes > MAX_V2_BYTES {
            return Err(too_large());
        }
        loop {
            let packet = self.packets.next(&mut bytes).map_err(|violation| {
                LinkError::with_detail(Reason::UnreadableAnswer, violation.to_string())
            })?;
            // It can't come whole; waiting for it would look like a phone that is merely slow.
            if usize::try_from(self.packets.data_left()).is_ok_and(|left| left > MAX_V2_BYTES) {
                return Err(too_large());
            }
            match packet {
                None => return Ok(false),
                Some(Packet::Stdout(data)) => sink.take(data)?,
                Some(Packet::Stderr(data)) => {
                    self.stderr_bytes += data.len();
                    if self.stderr_bytes > MAX_STDERR_BYTES {
                        return Err(too_large());
                    }
                }
                Some(Packet::Exit(_)) => return Ok(true),
            }
        }
    }
}
