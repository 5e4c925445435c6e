//! What can go wrong with a simulated phone: one closed list.
//!
//! This file names the faults; `answer.rs` bends the shell's answer with them, `server.rs` and
//! `transport.rs` act out those that concern the connection.

use std::time::Duration;

/// One thing that goes wrong with a simulated phone.
///
/// A number of bytes counts what the phone's shell sends on the wire after the request was
/// accepted, packet headers included, so that every offset can be cut at. A number past the end
/// acts after the whole answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Fault {
    /// Nothing goes wrong.
    #[default]
    None,
    /// Falls silent for ever after so many bytes, the connection stays open.
    StallAfter {
        /// Bytes of the shell's answer that still arrive.
        bytes: usize,
    },
    /// Falls silent for ever before one marker line, the connection stays open.
    StallAtMarker {
        /// Which one, counted from 0; past the last one: after the whole output.
        index: usize,
    },
    /// The connection ends after so many bytes, without a word.
    CloseAfter {
        /// Bytes of the shell's answer that still arrive.
        bytes: usize,
    },
    /// As `CloseAfter`, and the phone is gone from the list from then on.
    UnplugAfter {
        /// Bytes of the shell's answer that still arrive.
        bytes: usize,
    },
    /// 4 KiB of random-looking bytes instead of the answer, then the end.
    Garbage,
    /// Output without end.
    Flood {
        /// Broken into lines of 80 bytes, or one endless line.
        lines: bool,
        /// Where in the answer the flood begins.
        place: FloodPlace,
    },
    /// Shell v2: a packet of the unknown id 9 before the exit packet of an otherwise good answer.
    UnknownPacket,
    /// Shell v2: after half of the answer a packet that claims 4,294,967,295 bytes and holds 64,
    /// then silence.
    HugePacket,
    /// Shell v2: the exit packet has a length other than 1.
    BadExitPacket {
        /// Length of the exit packet's data.
        length: u16,
    },
    /// Shell v2: the whole output, then the end without an exit packet.
    NoExitPacket,
    /// Every marker line is printed twice.
    DoubleMarkers,
    /// One marker line is left out.
    OmitMarker {
        /// Which one, counted from 0.
        index: usize,
    },
    /// Two marker lines change places.
    SwapMarkers {
        /// The one, counted from 0.
        first: usize,
        /// The other, counted from 0.
        second: usize,
    },
    /// The last marker line is left out.
    OmitFinalMarker,
    /// The marker of the command itself, over and over on one line without end.
    RepeatMarker,
    /// The whole command is printed before its output, as a shell with `-x` or an echoing terminal
    /// would.
    EchoCommand,
    /// The answer comes in small pieces with pauses between them.
    Trickle {
        /// Bytes a piece.
        bytes: usize,
        /// Pause after each piece.
        every: Duration,
    },
    /// The server answers `FAIL` when the phone is chosen.
    RefuseTransport {
        /// Text of the `FAIL`.
        message: String,
    },
    /// The server never answers when the phone is chosen.
    IgnoreTransport,
    /// The server answers `FAIL` to the shell request. A phone that listens on TCP refuses the
    /// stream.
    RefuseShell {
        /// Text of the `FAIL`.
        message: String,
    },
    /// The shell request is never answered.
    IgnoreShell,
    /// ADB transport only: something happens in the place of a message.
    Transport {
        /// Which one.
        at: Moment,
        /// What happens.
        what: TransportFault,
    },
}

/// Where in a session on TCP a [`Fault::Transport`] happens: which message of the phone is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// The first AUTH token, of a phone that asks.
    Token,
    /// The AUTH token that says no to a signature.
    Refusal,
    /// Nothing yet: the public key came, and nobody has allowed it.
    Key,
    /// The introduction.
    Introduction,
    /// Nothing: it comes right behind the introduction.
    Introduced,
    /// The OKAY to a shell request.
    Opening,
    /// The first piece of the shell's answer.
    Answer,
    /// The second piece of the shell's answer, which comes in two pieces at least.
    Middle,
    /// The CLSE behind the shell's answer.
    Closing,
}

/// What a [`Fault::Transport`] does in the place of the message that is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportFault {
    /// The connection ends.
    Close,
    /// Silence for ever; the connection stays open.
    Stall,
    /// 4 KiB of random-looking bytes, then silence.
    Garbage,
    /// The message with a wrong magic number.
    BadMagic,
    /// The message, but it claims a payload of 4,294,967,295 bytes.
    HugeLength,
    /// The message with a checksum that is neither right nor 0.
    BadChecksum,
    /// The message with its payload filled up to 1 MiB, the most that there may be.
    LongPayload,
    /// The message byte by byte, one in 500 ms.
    Trickle,
    /// Introductions without end.
    Introductions,
    /// AUTH tokens without end.
    Tokens,
    /// OKAYs without end, for a stream that nobody opened.
    StrayOkays,
    /// Pieces of output without end, from a stream that nobody opened.
    StrayWrites,
    /// CLSEs without end, for a stream that nobody opened.
    StrayCloses,
    /// A hundred each of these OKAYs, pieces and CLSEs, and then the message.
    SomeStrays,
    /// Pieces of output without end, without waiting for an OKAY to any; where no output is due, the
    /// message again and again.
    Flood,
    /// The message again and again, without its payload.
    EmptyFlood,
}

/// Where a [`Fault::Flood`] begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FloodPlace {
    /// Before anything else.
    #[default]
    Start,
    /// In the middle of what the first `dumpsys` prints; in an answer without one, at its end.
    Dump,
}

/// So many bytes that look random and are the same every time.
pub(super) fn garbage(length: usize) -> Vec<u8> {
    // Xorshift with a fixed seed: a test that fails on garbage must fail again.
    let mut state: u32 = 0x2545_F491;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state.to_le_bytes()[1]
    })
    .take(length)
    .collect()
}
