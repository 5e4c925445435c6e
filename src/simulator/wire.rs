//! Reads the messages of the ADB transport protocol that a peer sends to a simulated phone.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt};

use micheck_adb::message::{HEADER_BYTES, Header, MAX_PAYLOAD, Message};

/// What is read above the usual bound before the peer counts as broken.
const SLACK: u32 = 64 * 1024;

/// Reads one message. `None` when the peer doesn't speak the protocol.
pub(super) async fn read_message(
    reader: &mut (impl AsyncRead + Unpin),
    with_checksum: bool,
) -> io::Result<Option<Message>> {
    let mut bytes = [0; HEADER_BYTES];
    reader.read_exact(&mut bytes).await?;
    let header = Header::decode(bytes);
    let Ok(command) = header.check(MAX_PAYLOAD + SLACK) else { return Ok(None) };
    let mut payload = vec![0; header.length as usize];
    reader.read_exact(&mut payload).await?;
    Ok(header.with_payload(command, payload, with_checksum).ok())
}
