//! A framed answer: however it is cut into pieces, the same parts come out, and a part is whole
//! only where its two lines stand, once each, with nothing but it between them.

#![no_main]

use libfuzzer_sys::fuzz_target;
use micheck_core::evidence::{Part, PartEnd};
use micheck_core::probe::{AnswerReader, Marker};
use micheck_fuzz::{lines_with_ends, pieces};

const PARTS: usize = 4;

const BITS: [u8; 16] = [7; 16];

fuzz_target!(|input: &[u8]| {
    let Some(([one, other], text)) = input.split_first_chunk() else { return };
    let answer = with_markers(text);
    let Some(expected) = framed(&[&answer]) else { return };
    for seed in [u16::from(*one), u16::from(*other) << 8] {
        assert_eq!(framed(&pieces(&answer, seed)).as_ref(), Some(&expected));
    }
    let (parts, ended) = expected;
    assert_eq!(parts.len(), PARTS);
    for (index, part) in parts.iter().enumerate() {
        if let Some(part) = part {
            stands(&answer, index, part);
        }
    }
    let end = Marker::from_random(BITS).end();
    let ends = rests(&answer, &end).filter(|rest| rest.is_empty()).count();
    assert!(!ended || ends == 1, "the end is told by its line");
});

/// `text` with the marker for each `@`, and half of it for each `%`: no fuzzer would find it.
fn with_markers(text: &[u8]) -> Vec<u8> {
    let marker = Marker::from_random(BITS).to_string().into_bytes();
    let mut answer = Vec::new();
    for &byte in text {
        match byte {
            b'@' => answer.extend_from_slice(&marker),
            b'%' => answer.extend_from_slice(&marker[..marker.len() / 2]),
            byte => answer.push(byte),
        }
    }
    answer
}

/// Parts, and whether the answer came to its end; `None` when it is too large.
fn framed(pieces: &[&[u8]]) -> Option<(Vec<Option<Part>>, bool)> {
    let mut framer = AnswerReader::new(Marker::from_random(BITS));
    let mut seen = false;
    for piece in pieces {
        framer.push(piece).ok()?;
        seen |= framer.ended();
    }
    let framing = framer.finish();
    let ended = framing.ended();
    assert!(seen || !ended, "whoever waits for the end has to see it");
    Some((framing.into_parts(PARTS), ended))
}

/// What follows `start` on each line that begins with it.
fn rests<'a>(answer: &'a [u8], start: &'a str) -> impl Iterator<Item = &'a [u8]> {
    lines_with_ends(answer).into_iter().filter_map(move |line| {
        let line = line.strip_suffix(b"\n")?;
        line.strip_suffix(b"\r").unwrap_or(line).strip_prefix(start.as_bytes())
    })
}

fn stands(answer: &[u8], index: usize, part: &Part) {
    let marker = Marker::from_random(BITS);
    let PartEnd::Closed { exit_code } = part.end else { panic!("{:?}", part.end) };
    let (open, close) = (marker.open(index), marker.close(index));
    assert_eq!(rests(answer, &open).filter(|rest| rest.is_empty()).count(), 1);
    let codes: Vec<_> = rests(answer, &close).collect();
    assert_eq!(codes, [exit_code.to_string().as_bytes()]);
    let holds = |body: &[u8], text: &[u8]| body.windows(text.len()).any(|window| window == text);
    assert!(!holds(&part.body, marker.to_string().as_bytes()), "a part holds no marker");
    let ends = ["\n", "\r\n"];
    let framed = ends.iter().flat_map(|after_open| {
        ends.iter().map(|before_close| {
            let (open, close) = (open.as_bytes(), close.as_bytes());
            let (after_open, before_close) = (after_open.as_bytes(), before_close.as_bytes());
            [open, after_open, &part.body, before_close, close].concat()
        })
    });
    assert!(framed.into_iter().any(|text| holds(answer, &text)), "a part is what stands between");
}
