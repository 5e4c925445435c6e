//! Versions, three a time, one a line: order agrees with that of big integers, nothing is lost in
//! reading, and what is at or below the bound is never rated fixed.

#![no_main]

use std::cmp::Ordering;

use libfuzzer_sys::fuzz_target;
use micheck_core::advisory::Rating;
use micheck_core::version::{Version, VersionName};
use micheck_fuzz::advisory;
use num_bigint::BigUint;

/// A version read by other means: its numbers, and what follows them.
struct Model<'a> {
    parts: Vec<BigUint>,
    suffix: &'a [u8],
}

fuzz_target!(|input: &[u8]| {
    // A big integer takes its time over a page of digits.
    if input.len() > 600 {
        return;
    }
    let mut lines = input.splitn(3, |&byte| byte == b'\n');
    let texts: [&[u8]; 3] = std::array::from_fn(|_| lines.next().unwrap_or_default());
    let read = texts.map(|text| (read(text), VersionName::parse(text)));
    for ((model, name), text) in read.iter().zip(texts) {
        assert_eq!(model.is_some(), name.is_some());
        let rating = advisory().rate(text);
        let expected = model.as_ref().map_or(Rating::Unreadable, expected_rating);
        assert_eq!(rating, expected);
        if let (Some(model), Some(name)) = (model, name) {
            let shown: Vec<_> = model.parts.iter().map(BigUint::to_string).collect();
            assert_eq!(name.version.to_string(), shown.join("."));
            assert_eq!(name.suffix, model.suffix);
            assert_eq!(
                Version::from_parts(shown.iter().map(String::as_str)).as_ref(),
                Some(&name.version)
            );
        }
    }
    let [a, b, c] = &read;
    for ((left_model, left), (right_model, right)) in [(a, b), (b, c), (a, c), (b, a), (a, a)] {
        if let (Some(left_model), Some(right_model), Some(left), Some(right)) =
            (left_model, right_model, left, right)
        {
            agree(left_model, right_model, &left.version, &right.version);
        }
    }
    if let [(_, Some(a)), (_, Some(b)), (_, Some(c))] = &read
        && a.version <= b.version
        && b.version <= c.version
    {
        assert!(a.version <= c.version);
    }
});

fn agree(left_model: &Model, right_model: &Model, left: &Version, right: &Version) {
    let expected = cmp(&left_model.parts, &right_model.parts);
    assert_eq!(left.cmp(right), expected);
    assert_eq!(left == right, expected == Ordering::Equal);
    assert_eq!(right.cmp(left), expected.reverse());
    let shown = left_model.parts.len().min(right_model.parts.len());
    assert_eq!(left.cmp_within(right), cmp(&left_model.parts[..shown], &right_model.parts));
}

fn cmp(left: &[BigUint], right: &[BigUint]) -> Ordering {
    let length = left.len().max(right.len());
    let padded = |parts: &[BigUint]| {
        let mut parts = parts.to_vec();
        parts.resize(length, BigUint::default());
        parts
    };
    padded(left).cmp(&padded(right))
}

fn numbers(parts: [u32; 4]) -> Vec<BigUint> {
    parts.into_iter().map(BigUint::from).collect()
}

/// The rule of the advisory, in its own numbers.
fn expected_rating(model: &Model) -> Rating {
    let shown = &model.parts[..model.parts.len().min(4)];
    if cmp(shown, &numbers([3, 1, 895, 10])).is_le() {
        return Rating::Vulnerable;
    }
    let clean = match model.suffix {
        [] => true,
        [b'.', next, ..] => next.is_ascii_alphanumeric(),
        _ => false,
    };
    match cmp(&model.parts, &numbers([3, 1, 921, 10])) {
        Ordering::Greater => Rating::Fixed,
        Ordering::Equal if clean => Rating::Fixed,
        Ordering::Equal | Ordering::Less => Rating::Unconfirmed,
    }
}

/// Reads `v?digits(.digits)+` off the front.
fn read(text: &[u8]) -> Option<Model<'_>> {
    let mut rest = text.strip_prefix(b"v").or(text.strip_prefix(b"V")).unwrap_or(text);
    let mut parts = Vec::new();
    loop {
        let after_dot = if parts.is_empty() { Some(rest) } else { rest.strip_prefix(b".") };
        let Some(from_digits) = after_dot else { break };
        let digits = from_digits.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let Some(number) = BigUint::parse_bytes(&from_digits[..digits], 10) else { break };
        parts.push(number);
        rest = &from_digits[digits..];
    }
    (parts.len() >= 2).then_some(Model { parts, suffix: rest })
}
