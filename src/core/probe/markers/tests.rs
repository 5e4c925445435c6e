use proptest::prelude::*;

use super::*;

const M: &str = "00112233445566778899aabbccddeeff";

fn marker() -> Marker {
    Marker::from_random(0x0011_2233_4455_6677_8899_aabb_ccdd_eeff_u128.to_be_bytes())
}

fn parts(answer: &str, count: usize) -> Vec<Option<String>> {
    let mut framer = AnswerReader::new(marker());
    framer.push(answer.as_bytes()).unwrap();
    let parts = framer.finish().into_parts(count);
    parts.into_iter().map(|part| part.map(|part| String::from_utf8(part.body).unwrap())).collect()
}

/// The answer that a phone's shell gives.
fn answer(bodies: &[&str]) -> String {
    let parts = bodies
        .iter()
        .enumerate()
        .map(|(index, body)| format!("\n{M}+{index}\n{body}\n{M}-{index}:0\n"));
    parts.collect::<String>() + &format!("\n{M}.\n")
}

fn some(bodies: &[&str]) -> Vec<Option<String>> {
    bodies.iter().map(|&body| Some(body.to_owned())).collect()
}

#[test]
fn a_whole_answer_gives_its_parts_byte_for_byte() {
    let bodies = ["[a]: [b]\n", "no newline at the end", "", "\n\n"];
    assert_eq!(parts(&answer(&bodies), 4), some(&bodies));
}

#[test]
fn old_phones_end_lines_with_crlf() {
    let crlf = answer(&["one\ntwo\n", ""]).replace('\n', "\r\n");
    assert_eq!(parts(&crlf, 2), some(&["one\r\ntwo\r\n", ""]));
}

#[test]
fn exit_codes_are_read() {
    let mut framer = AnswerReader::new(marker());
    framer.push(format!("{M}+0\nx\n\n{M}-0:127\n").as_bytes()).unwrap();
    let part = framer.finish().into_parts(1).remove(0).unwrap();
    assert_eq!(part.end, PartEnd::Closed { exit_code: 127 });
}

#[test]
fn a_banner_before_the_first_marker_does_no_harm() {
    let text = format!("WARNING: linker: unused DT entry\n{}", answer(&["x"]));
    assert_eq!(parts(&text, 1), some(&["x"]));
}

#[test]
fn repeated_missing_and_swapped_markers_cost_their_part() {
    let whole = answer(&["first", "second"]);
    let without = |line: String| whole.replacen(&format!("{line}\n"), "", 1);
    let twice = |line: String| whole.replacen(&line, &format!("{line}\n{line}"), 1);
    let open = |n| marker().open(n);
    let close = |n| marker().close(n) + "0";
    for (answer, left) in [
        (without(open(0)), [false, true]),
        (without(close(0)), [false, true]),
        (without(open(1)), [true, false]),
        (without(close(1)), [true, false]),
        (without(marker().end()), [true, true]),
        (twice(open(0)), [false, true]),
        (twice(close(0)), [false, true]),
        (twice(open(1)), [true, false]),
        (twice(close(1)), [true, false]),
        (twice(marker().end()), [true, true]),
        (format!("{}\n{whole}", marker().end()), [false, false]),
    ] {
        let got: Vec<bool> = parts(&answer, 2).iter().map(Option::is_some).collect();
        assert_eq!(got, left, "{answer}");
    }
    let swapped = whole.replace(&open(0), "@").replace(&open(1), &open(0)).replace('@', &open(1));
    assert_eq!(parts(&swapped, 2), [None, None]);
}

#[test]
fn a_marker_where_none_is_printed_makes_all_doubtful() {
    let echoed = format!("echo;echo {M}+0;getprop 2>&1\n{}", answer(&["x", "y"]));
    assert_eq!(parts(&echoed, 2), [None, None]);
    assert_eq!(parts(&answer(&[&format!("forged {M}-0:0"), "y"]), 2), [None, None]);
    assert_eq!(parts(&answer(&[&format!("{M}-00:0"), "y"]), 2), [None, None]);
    assert_eq!(parts(&answer(&[&format!("{M}-0:256"), "y"]), 2), [None, None]);
}

#[test]
fn a_stray_marker_at_the_very_end_is_not_taken_for_a_cut_line() {
    let whole = answer(&["x", "y"]);
    for end in [format!("{M}-0:\n"), format!("{M}\n"), format!("x{M}\n"), format!("x{M}")] {
        assert_eq!(parts(&format!("{whole}{end}"), 2), [None, None], "{end}");
    }
    for end in [M.to_owned(), format!("{M}-0:"), format!("{M}."), format!("{M}.\r")] {
        assert_eq!(parts(&format!("{whole}{end}"), 2), some(&["x", "y"]), "{end}");
    }
}

#[test]
fn an_answer_past_its_bounds_is_refused_and_held_no_further() {
    let mut framer = AnswerReader::new(marker());
    let piece = vec![b'x'; 64 << 10];
    let taken = (0..1_000).take_while(|_| framer.push(&piece).is_ok()).count();
    assert_eq!(taken, 32, "2 MiB of one part");
    assert!(framer.raw.len() <= MAX_PART_BYTES + piece.len());
}

#[test]
fn the_bounds_of_a_part_and_of_all_are_kept_to_the_byte() {
    let opening = |part| format!("\n{M}+{part}\n").into_bytes();
    // A part is counted from its first marker on.
    let room = MAX_PART_BYTES - opening(0).len() + 1;
    for (more, expected) in [(0, Ok(())), (1, Err(TooLarge))] {
        let mut reader = AnswerReader::new(marker());
        for part in 0..2 {
            reader.push(&opening(part)).unwrap();
            reader.push(&vec![b'x'; room - 1]).unwrap();
        }
        reader.push(&opening(2)).unwrap();
        assert_eq!(reader.push(&vec![b'x'; room + more]), expected, "{more}");
    }
    for (more, expected) in [(0, Ok(())), (1, Err(TooLarge))] {
        let mut reader = AnswerReader::new(marker());
        let quarter = MAX_ANSWER_BYTES / 4 - opening(0).len();
        for part in 0..3 {
            reader.push(&opening(part)).unwrap();
            reader.push(&vec![b'x'; quarter]).unwrap();
        }
        let mut last = opening(3);
        last.resize(MAX_ANSWER_BYTES / 4 + more, b'x');
        assert_eq!(reader.push(&last), expected, "{more}");
    }
}

#[test]
fn a_phone_that_repeats_the_marker_is_cut_off_at_once() {
    let mut framer = AnswerReader::new(marker());
    let flood = M.repeat(60_000);
    assert_eq!(framer.push(flood.as_bytes()), Err(TooLarge));
    assert!(!framer.ended());
    assert_eq!(framer.finish().into_parts(2), [None, None]);
}

#[test]
fn the_end_is_seen_once_its_line_is_whole() {
    let whole = answer(&["x"]);
    for cut in 0..whole.len() {
        let mut framer = AnswerReader::new(marker());
        framer.push(&whole.as_bytes()[..cut]).unwrap();
        assert!(!framer.ended(), "{cut}");
    }
    let mut framer = AnswerReader::new(marker());
    framer.push(whole.as_bytes()).unwrap();
    assert!(framer.ended());
}

proptest! {
    #[test]
    fn cutting_an_answer_into_pieces_changes_nothing(
        bodies in prop::collection::vec("[a-z\\[\\]\n\r]{0,40}", 1..4), size in 1_usize..50
    ) {
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let text = answer(&bodies);
        let mut framer = AnswerReader::new(marker());
        for piece in text.as_bytes().chunks(size) {
            framer.push(piece).unwrap();
        }
        let cut: Vec<_> = framer.finish().into_parts(bodies.len());
        let mut framer = AnswerReader::new(marker());
        framer.push(text.as_bytes()).unwrap();
        prop_assert_eq!(cut, framer.finish().into_parts(bodies.len()));
    }

    #[test]
    fn a_cut_answer_gives_whole_parts_or_none(
        bodies in prop::collection::vec("[a-z\n]{0,40}", 1..4), at in any::<prop::sample::Index>()
    ) {
        let bodies: Vec<&str> = bodies.iter().map(String::as_str).collect();
        let text = answer(&bodies);
        let cut = &text[..at.index(text.len())];
        for (part, body) in parts(cut, bodies.len()).iter().zip(&bodies) {
            prop_assert!(part.as_deref().is_none_or(|part| part == *body));
        }
    }

    #[test]
    fn any_bytes_do(bytes in prop::collection::vec(any::<u8>(), 0..300), count in 0_usize..4) {
        let mut framer = AnswerReader::new(marker());
        framer.push(&bytes).unwrap();
        prop_assert_eq!(framer.finish().into_parts(count).len(), count);
    }
}
