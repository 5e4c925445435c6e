//! From a command to what goes over the wire: the shell's output, bent by the phone's fault and
//! framed for the service that was asked for. Knows nothing of sockets; `play` hands the bytes to
//! whatever carries them.

use std::borrow::Cow;
use std::io;
use std::time::Duration;

use super::fault::{Fault, FloodPlace, garbage};
use super::framing::{Service, bare, finish_packets, flood_block, packets};
use super::prepared::Prepared;
use super::shell::{self, Chunk, ChunkOrigin};

/// A request for a shell: `shell:COMMAND` or `shell,v2,raw:COMMAND`.
pub(super) struct ShellRequest<'r> {
    pub(super) service: Service,
    pub(super) command: &'r str,
}

/// Reads a shell request; `None` for every other service and for an interactive shell.
pub(super) fn shell_request(request: &str) -> Option<ShellRequest<'_>> {
    let (name, command) = request.split_once(':')?;
    let mut words = name.split(',');
    if words.next() != Some("shell") || command.is_empty() {
        return None;
    }
    let service = if words.any(|word| word == "v2") { Service::V2 } else { Service::V1 };
    Some(ShellRequest { service, command })
}

/// One thing to do on the wire.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WireStep {
    Send(Vec<u8>),
    /// The bytes in pieces, with a pause after each.
    Trickle {
        bytes: Vec<u8>,
        piece: usize,
        every: Duration,
    },
    /// The bytes again and again until the reader gives up.
    Repeat(Vec<u8>),
}

/// How an answer ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The stream is closed.
    Close,
    /// The phone falls silent.
    Stall,
    /// The phone is unplugged.
    Unplug,
}

/// What goes over the wire for one command.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub(super) delay: Duration,
    pub(super) steps: Vec<WireStep>,
    pub(super) end: End,
}

/// Takes the bytes of an answer to the other side.
pub(super) trait Carrier {
    /// Sends all bytes, or fails when the other side is gone.
    async fn send(&mut self, bytes: &[u8]) -> io::Result<()>;
}

/// Acts a script out and says how it ends; a stall is left to the caller.
pub(super) async fn play(script: Script, carrier: &mut impl Carrier) -> io::Result<End> {
    if !script.delay.is_zero() {
        tokio::time::sleep(script.delay).await;
    }
    for step in script.steps {
        match step {
            WireStep::Send(bytes) => carrier.send(&bytes).await?,
            WireStep::Trickle { bytes, piece, every } => {
                for piece in bytes.chunks(piece.max(1)) {
                    carrier.send(piece).await?;
                    tokio::time::sleep(every).await;
                }
            }
            WireStep::Repeat(bytes) => loop {
                carrier.send(&bytes).await?;
                // A reader on the same thread must get its turn.
                tokio::task::yield_now().await;
            },
        }
    }
    Ok(script.end)
}

/// What a phone sends for a command, with a fault.
pub(super) fn script(phone: &Prepared, request: &ShellRequest<'_>, fault: &Fault) -> Script {
    let output = shell::run(phone, request.command);
    let mut chunks = output.chunks;
    bend_markers(&mut chunks, fault, request.command);
    let flood = match fault {
        Fault::Flood { lines, place } => {
            cut_for_flood(&mut chunks, *place);
            Some(WireStep::Repeat(flood_block(*lines, request.service)))
        }
        Fault::RepeatMarker => {
            let bytes = Cow::Owned(marker_of(request.command).repeat(512).into_bytes());
            let block = [Chunk { origin: ChunkOrigin::Other, stderr: false, bytes }];
            Some(WireStep::Repeat(match request.service {
                Service::V1 => bare(&block, false),
                Service::V2 => packets(&block),
            }))
        }
        _ => None,
    };
    let mut wire = match request.service {
        Service::V1 => bare(&chunks, phone.crlf),
        Service::V2 => packets(&chunks),
    };
    let stalls = output.hangs || matches!(fault, Fault::StallAtMarker { .. });
    if request.service == Service::V2 && flood.is_none() && !stalls {
        finish_packets(&mut wire, output.exit, fault);
    }
    let mut end = if output.hangs { End::Stall } else { End::Close };
    let cut = |wire: &mut Vec<u8>, bytes: usize| wire.truncate(bytes);
    match fault {
        Fault::StallAfter { bytes } => {
            cut(&mut wire, *bytes);
            end = End::Stall;
        }
        Fault::StallAtMarker { .. } => end = End::Stall,
        Fault::CloseAfter { bytes } => cut(&mut wire, *bytes),
        Fault::UnplugAfter { bytes } => {
            cut(&mut wire, *bytes);
            end = End::Unplug;
        }
        Fault::HugePacket if request.service == Service::V2 => end = End::Stall,
        Fault::Garbage => wire = garbage(4096),
        _ => {}
    }
    let mut steps = vec![match fault {
        Fault::Trickle { bytes, every } => {
            WireStep::Trickle { bytes: wire, piece: *bytes, every: *every }
        }
        _ => WireStep::Send(wire),
    }];
    steps.extend(flood);
    Script { delay: phone.delay + output.delay, steps, end }
}

/// Doubles, drops, swaps marker lines, stops at one, or prints the command first.
fn bend_markers(chunks: &mut Vec<Chunk<'_>>, fault: &Fault, command: &str) {
    let markers: Vec<usize> =
        (0..chunks.len()).filter(|at| chunks[*at].origin == ChunkOrigin::Marker).collect();
    match fault {
        Fault::DoubleMarkers => {
            for at in markers.into_iter().rev() {
                chunks.insert(at, chunks[at].clone());
            }
        }
        Fault::OmitMarker { index } => {
            if let Some(at) = markers.get(*index) {
                chunks.remove(*at);
            }
        }
        Fault::OmitFinalMarker => {
            if let Some(at) = markers.last() {
                chunks.remove(*at);
            }
        }
        Fault::StallAtMarker { index } => {
            if let Some(at) = markers.get(*index) {
                chunks.truncate(*at);
            }
        }
        Fault::SwapMarkers { first, second } => {
            if let (Some(first), Some(second)) = (markers.get(*first), markers.get(*second)) {
                chunks.swap(*first, *second);
            }
        }
        Fault::EchoCommand => {
            let bytes = Cow::Owned(format!("{command}\n").into_bytes());
            chunks.insert(0, Chunk { origin: ChunkOrigin::Other, stderr: false, bytes });
        }
        _ => {}
    }
}

/// The marker that the command frames its answer with: its first 32 hexadecimal digits.
fn marker_of(command: &str) -> &str {
    let is_marker = |word: &&str| word.len() == 32 && word.bytes().all(|b| b.is_ascii_hexdigit());
    command.split(|c: char| !c.is_ascii_alphanumeric()).find(is_marker).unwrap_or("no marker")
}

/// Leaves what comes before the flood.
fn cut_for_flood(chunks: &mut Vec<Chunk<'_>>, place: FloodPlace) {
    match place {
        FloodPlace::Start => chunks.clear(),
        FloodPlace::Dump => {
            let Some(at) = chunks.iter().position(|chunk| chunk.origin == ChunkOrigin::Dump) else {
                return;
            };
            chunks.truncate(at + 1);
            let bytes = chunks[at].bytes.to_mut();
            bytes.truncate(bytes.len() / 2);
        }
    }
}

#[cfg(test)]
mod tests;
