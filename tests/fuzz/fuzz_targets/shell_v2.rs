//! Any bytes as shell v2 packets: however they are cut, the same comes out, and it is what a plain
//! reading of the whole gives.

#![no_main]

use libfuzzer_sys::fuzz_target;
use micheck_adb::{Packet, PacketReader, ProtocolViolation};
use micheck_fuzz::pieces;

/// What came, pieces of one kind that follow each other joined.
#[derive(Debug, PartialEq, Eq, Default)]
struct Outcome {
    packets: Vec<(u8, Vec<u8>)>,
    violation: Option<ProtocolViolation>,
}

impl Outcome {
    fn take(&mut self, kind: u8, data: &[u8]) {
        match self.packets.last_mut() {
            Some((last, before)) if *last == kind => before.extend_from_slice(data),
            _ => self.packets.push((kind, data.to_vec())),
        }
    }
}

fuzz_target!(|input: &[u8]| {
    let Some(([one, other], stream)) = input.split_first_chunk() else { return };
    let expected = plainly(stream);
    assert_eq!(read(&[stream]), expected);
    for seed in [u16::from(*one), u16::from(*other) << 8] {
        assert_eq!(read(&pieces(stream, seed)), expected);
    }
});

fn read(pieces: &[&[u8]]) -> Outcome {
    let (mut reader, mut outcome) = (PacketReader::default(), Outcome::default());
    for &piece in pieces {
        let mut rest = piece;
        loop {
            match reader.next(&mut rest) {
                Ok(Some(Packet::Stdout(data))) => outcome.take(1, data),
                Ok(Some(Packet::Stderr(data))) => outcome.take(2, data),
                Ok(Some(Packet::Exit(code))) => outcome.take(3, &[code]),
                Ok(None) => break,
                Err(violation) => {
                    outcome.violation = Some(violation);
                    return outcome;
                }
            }
        }
        assert!(rest.is_empty(), "all of a piece is taken");
    }
    outcome
}

/// The protocol as AOSP's `shell_protocol.h` has it.
fn plainly(mut stream: &[u8]) -> Outcome {
    let mut outcome = Outcome::default();
    while let Some((&[id, l0, l1, l2, l3], rest)) = stream.split_first_chunk() {
        let length = u32::from_le_bytes([l0, l1, l2, l3]);
        outcome.violation = match id {
            1 | 2 => None,
            3 if length == 1 => None,
            3 => Some(ProtocolViolation::ExitLength { length }),
            id => Some(ProtocolViolation::UnknownId { id }),
        };
        if outcome.violation.is_some() {
            break;
        }
        let (data, behind) = rest.split_at((length as usize).min(rest.len()));
        if !data.is_empty() {
            outcome.take(id, data);
        }
        stream = behind;
    }
    outcome
}
