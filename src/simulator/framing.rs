//! The two shell services of adb on the wire: bare bytes (v1) and packets (v2, `shell_protocol.h`).

use super::fault::Fault;
use super::shell::Chunk;

/// Bytes a packet: with its header just one write of 64 KiB.
const PACKET_BYTES: usize = 64 * 1024 - HEADER_BYTES;
const HEADER_BYTES: usize = 5;
const STDOUT: u8 = 1;
const STDERR: u8 = 2;
const EXIT: u8 = 3;
/// An id that no packet of the protocol has.
const UNKNOWN_ID: u8 = 9;

/// The shell service that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Service {
    /// Bare bytes, nothing marks the end.
    V1,
    /// Packets with id and length, the last one holds the exit code.
    V2,
}

/// What a flood repeats: one full packet, or its bare text.
pub(super) fn flood_block(lines: bool, service: Service) -> Vec<u8> {
    let mut block = vec![b'x'; PACKET_BYTES];
    if lines {
        block.iter_mut().skip(79).step_by(80).for_each(|byte| *byte = b'\n');
    }
    match service {
        Service::V1 => block,
        Service::V2 => {
            let mut wire = Vec::with_capacity(block.len() + HEADER_BYTES);
            packet(&mut wire, STDOUT, &block);
            wire
        }
    }
}

/// The output as the old service sends it: both streams in one, a terminal's CRLF or not.
pub(super) fn bare(chunks: &[Chunk<'_>], crlf: bool) -> Vec<u8> {
    let output = joined(chunks);
    if !crlf {
        return output;
    }
    let lines: Vec<&[u8]> = output.split(|&byte| byte == b'\n').collect();
    lines.join(&b"\r\n"[..])
}

/// The output in packets as large as they may be.
pub(super) fn packets(chunks: &[Chunk<'_>]) -> Vec<u8> {
    let mut wire = Vec::new();
    for stream in chunks.chunk_by(|left, right| left.stderr == right.stderr) {
        let id = if stream[0].stderr { STDERR } else { STDOUT };
        for piece in joined(stream).chunks(PACKET_BYTES) {
            packet(&mut wire, id, piece);
        }
    }
    wire
}

fn joined(chunks: &[Chunk<'_>]) -> Vec<u8> {
    let pieces: Vec<&[u8]> = chunks.iter().map(|chunk| chunk.bytes.as_ref()).collect();
    pieces.concat()
}

/// Adds the exit packet, or what the fault puts in its place.
pub(super) fn finish_packets(wire: &mut Vec<u8>, exit: u8, fault: &Fault) {
    match fault {
        Fault::NoExitPacket => {}
        Fault::BadExitPacket { length } => {
            packet(wire, EXIT, &vec![exit; usize::from(*length)]);
        }
        Fault::HugePacket => {
            // The first packet's header must still be true of what follows it.
            let half = wire.len() / 2;
            let text = wire.get(HEADER_BYTES..half).unwrap_or_default().to_vec();
            wire.clear();
            packet(wire, STDOUT, &text);
            wire.push(STDOUT);
            wire.extend_from_slice(&u32::MAX.to_le_bytes());
            wire.extend_from_slice(&[b'x'; 64]);
        }
        Fault::UnknownPacket => {
            packet(wire, UNKNOWN_ID, b"unknown");
            packet(wire, EXIT, &[exit]);
        }
        _ => packet(wire, EXIT, &[exit]),
    }
}

fn packet(wire: &mut Vec<u8>, id: u8, data: &[u8]) {
    let length = u32::try_from(data.len()).expect("simulated packets are small");
    wire.push(id);
    wire.extend_from_slice(&length.to_le_bytes());
    wire.extend_from_slice(data);
}
