//! Texts that were cut, quoted, moved in or pasted together.

use proptest::prelude::*;

use super::frames::{forging, forging_well};
use super::*;

/// What somebody pasted, quoted or marked up behind what looks whole.
#[test]
fn what_stands_behind_something_whole_hides_in_no_form() {
    let bad = block(NAME, "3.1.874.10");
    let (header, headless) = bad.split_once('\n').unwrap();
    let pieces = [
        moved(&dump("3.1.874.10"), "> ", 0),
        moved(&dump("3.1.874.10"), "  ", 0),
        moved(&dump("3.1.874.10"), "* ", 0),
        format!("{}\n{headless}", header.trim_start()),
        format!("    pkg=Package{{aaaa111 {NAME}}}\n{headless}"),
    ];
    let whole = report(&[&full(&[block(NAME, "3.1.921.10")])]);
    let cut = &whole[..whole.find("------ APP ACT").unwrap()];
    for piece in pieces {
        for good in [cut.to_owned(), dump("3.1.921.10"), in_order("LP")] {
            let said = rows(&format!("{good}{piece}"));
            assert!(said.iter().any(|row| !["patched", "not_installed"].contains(row)), "{piece}");
            assert!(!said.contains(&"patched"), "{said:?} {piece}");
        }
    }
    let version_alone = format!("{}    versionName=3.1.874.10\n", dump("3.1.921.10"));
    assert_eq!(rows(&version_alone), ["incomplete_answer"]);
    assert_eq!(rows(&version_alone.replace("3.1.921.10", "3.1.874.10")), ["vulnerable"]);
}

#[test]
fn what_was_moved_in_quoted_or_padded_is_read() {
    let (good, bad) = (dump("3.1.921.10"), dump("3.1.874.10"));
    for (margin, width) in [("> ", 0), ("    ", 0), ("\t", 0), ("", 300), ("  ", 300), ("> > ", 0)]
    {
        assert_eq!(rows(&moved(&good, margin, width)), ["patched"], "{margin:?}");
        assert_eq!(rows(&moved(&bad, margin, width)), ["vulnerable"], "{margin:?}");
        if !margin.is_empty() {
            let beside = format!("{good}{}", moved(&bad, margin, width));
            assert_eq!(rows(&beside), ["ambiguous_dump", "vulnerable"], "{margin:?}");
            let absent = moved(&in_order("N"), margin, width);
            let beside = format!("{good}{absent}");
            // Moved in by two, they stand as Android prints them itself.
            let rows = rows(&beside);
            assert!(rows.iter().all(|said| *said == "ambiguous_dump"), "{margin:?} {rows:?}");
        }
    }
}

#[test]
fn pieces_say_what_they_can() {
    let (good, bad) = (block(NAME, "3.1.921.10"), block(NAME, "3.1.874.10"));
    assert_eq!(rows(&bad), ["vulnerable"]);
    assert_eq!(rows(&good), ["incomplete_answer"]);
    // Whoever marks a text often misses its first spaces.
    assert_eq!(rows(bad.trim_start()), ["vulnerable"]);
    assert_eq!(rows(&format!("Packages:\n{bad}")), ["vulnerable"]);
    let lines = "    versionCode=1 minSdk=28\n    versionName=3.1.921.10\n";
    for text in [lines, lines.trim_start(), "versionName=3.1.921.10\n"] {
        assert_eq!(rows(text), ["incomplete_answer"]);
        let finding = judge_all(&read(text)[0].evidence, &set()).remove(0);
        assert_eq!(finding.fragment.as_deref(), Some(&b"3.1.921.10"[..]));
    }
    // Android 4 had other lines.
    let old = "Packages:\n  Package [a.b] (4):\n    versionName=1\n    dataDir=/x\n  Package ["
        .to_owned()
        + NAME
        + "] (41):\n    userId=1\n    pkg=Package{41 x}\n    versionCode=1\n    \
           versionName=3.1.874.10\n    dataDir=/data\n    targetSdk=12\n";
    assert_eq!(rows(&old), ["vulnerable"]);
}

#[test]
fn an_absurd_text_is_bounded() {
    let line = format!("    versionName={}\n", "9".repeat(3 * MAX_LINE_BYTES));
    let text = dump("3.1.921.10").replace("    versionName=3.1.921.10\n", &line);
    assert_eq!(the_verdict(&text), Verdict::Unknown(Reason::UnreadableVersion));
    let many = format!("Unable to find package: {NAME}\n").repeat(MAX_ITEMS + 1);
    assert_eq!(the_verdict(&many), Verdict::Unknown(Reason::AnswerTooLarge));
    let (_, most) = many.split_once('\n').unwrap();
    assert_eq!(read(most).len(), MAX_ITEMS);
}

/// Quoting that stops within a block: its other lines are lines all the same.
#[test]
fn a_quoted_blank_line_is_blank() {
    let absent = format!("> Unable to find package: {NAME}\n>\n");
    assert_eq!(rows(&format!("{LISTING}{absent}")), ["not_installed"]);
    // Whoever marks a text often misses its first spaces: only a first line may lack them.
    let block = moved(block(NAME, "3.1.874.10").trim_start(), "> ", 0);
    assert_eq!(rows(&format!("{absent}{block}")), ["ambiguous_dump", "vulnerable"]);
}

#[test]
fn only_the_title_of_packages_belongs_to_a_block_behind_another_dump() {
    let other = dump("1.0").replace(NAME, "com.example.other");
    let block = block(NAME, "3.1.921.10");
    for (title, said) in [("Packages:", "patched"), ("Queries:", "incomplete_answer")] {
        let quoted = moved(&format!("{title}\n{block}\nDexopt state:\n"), "> ", 0);
        assert_eq!(rows(&format!("{other}{quoted}")), [said], "{title}");
    }
}

#[test]
fn a_title_without_its_margin_is_still_its_blocks() {
    let block = block(NAME, "3.1.921.10");
    let quoted = moved(&format!("{block}\nDexopt state:\n"), "> ", 0);
    assert_eq!(rows(&format!("Packages:\n{quoted}")), ["patched"]);
}

#[test]
fn what_is_not_quoted_any_more_is_not_lost() {
    let text = dump("3.1.874.10");
    let at = text.find("    versionCode").unwrap();
    let quoted = moved(&text[..at], "> ", 0) + &text[at..];
    let found = verdicts(&quoted);
    assert!(found.iter().any(|(_, verdict)| *verdict == Verdict::Vulnerable), "{found:?}");
    assert!(found.iter().all(|(_, verdict)| !is_fine(*verdict)), "{found:?}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn pieces_of_any_size_say_the_same(piece in 1_usize..4_000, which in 0_usize..4) {
        let texts = [
            format!("{LISTING}{}", dump("3.1.921.10")),
            report(&[&full(&[block("a.b", "1"), block(NAME, "3.1.874.10")])]),
            full(&[forging("Queries:\n")]),
            fixture("edge_pm_dump_android11").replace('\n', "\r\n"),
        ];
        let text = &texts[which];
        let say = |phones: Vec<SavedPhone>| format!("{phones:?}");
        prop_assert_eq!(
            say(read_in_pieces(text.as_bytes(), piece)),
            say(read_in_pieces(text.as_bytes(), usize::MAX))
        );
    }

    /// The safety property: whatever is cut off, lost or doubled, a phone at risk is never fine.
    #[test]
    fn no_cut_makes_a_phone_at_risk_fine(
        cut in any::<prop::sample::Index>(),
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>()), 0..3),
        which in 0_usize..4,
    ) {
        let bad = block(NAME, "3.1.874.10");
        let texts = [
            dump("3.1.874.10"),
            full(&[block("a.b", "1"), bad.clone(), block("c.d", "3.1.921.10")]),
            report(&[&full(&[block("a.b", "1"), bad.clone()])]),
            report(&[&full(&[forging_well(&format!("{}\nQueries:\n", block(NAME, "3.1.921.10"))), bad])]),
        ];
        let mut lines: Vec<&str> = texts[which].split_inclusive('\n').collect();
        for (place, double) in &edits {
            let index = place.index(lines.len());
            // Whoever takes out or adds a header, a title or a version changes what the dump says.
            let telling = ["Package [", "versionName=", "Packages:", "installed="];
            if telling.iter().any(|text| lines[index].contains(text)) { continue }
            if *double { lines.insert(index, lines[index]) } else { lines.remove(index); }
        }
        let text = lines.concat();
        let text = if edits.is_empty() { &text[..cut.index(text.len())] } else { &text };
        for phone in read(text) {
            let forged = which == 3 && text.len() < texts[3].len();
            let verdict = verdict_of(&phone);
            // An excerpt that ends within a forgery can't be told from an honest one.
            prop_assert!(forged || !is_fine(verdict), "{:?}\n{}", verdict, text);
        }
    }
}

#[test]
fn a_services_end_without_its_beginning_cuts_no_dump_in_two() {
    let bad = block(NAME, "3.1.874.10").replacen('\n', &format!("\n{PACKAGE_END}"), 1);
    let text = format!("Packages:\n{bad}Dexopt state:\n");
    assert_eq!(rows(&text), ["vulnerable"]);
    assert_eq!(rows(&text.replace("3.1.874.10", "3.1.921.10")), ["incomplete_answer"]);
}
