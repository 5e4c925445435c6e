//! What a text is, in whatever encoding.

use super::*;

#[test]
fn every_form_is_known_by_its_content() {
    let patched = Verdict::Patched;
    let targeted = dump("3.1.921.10");
    let others = full(&[block("a.b", "1.0"), block(NAME, "3.1.921.10")]);
    let moved_in: String = targeted
        .lines()
        .map(|line| if line.is_empty() { "\n".to_owned() } else { format!("  {line}\n") })
        .collect();
    let pm_dump = format!("DUMP OF SERVICE package:\n{moved_in}\nDUMP OF SERVICE activity:\n  x\n");
    for (text, form) in [
        (targeted.clone(), Form::DumpsysPackage),
        (moved_in.clone(), Form::PmDump),
        (pm_dump, Form::PmDump),
        (dumpsys(&others), Form::Dumpsys),
        (format!("{LISTING}{}", dumpsys(&others)), Form::Dumpsys),
        (format!("{}{LISTING}", dumpsys(&others)), Form::Dumpsys),
        (report(&[&others]), Form::BugReport),
        (format!("{LISTING}{targeted}"), Form::DumpsysPackage),
        (format!("{targeted}{LISTING}"), Form::DumpsysPackage),
        (
            format!(
                "* daemon not running; starting now at tcp:5037\n* daemon started successfully\n{targeted}"
            ),
            Form::DumpsysPackage,
        ),
        (targeted.replace('\n', "\r\n"), Form::DumpsysPackage),
        (targeted.replace('\n', "\r\r\n"), Form::DumpsysPackage),
        (format!("\u{feff}{targeted}"), Form::DumpsysPackage),
    ] {
        assert_eq!(verdicts(&text), [(form, patched)], "{form:?}: {}", &text[..200]);
    }
    assert_eq!(verdicts(&others), [(Form::DumpsysPackages, Verdict::Unknown(Reason::AllAppsDump))]);
}

#[test]
fn powershell_writes_utf_16() {
    let text = format!("{LISTING}{}", dump("3.1.921.10")).replace('\n', "\r\n");
    let bytes: Vec<u8> =
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let phones = read_in_pieces(&bytes, 1_000);
    assert_eq!(verdict_of(&phones[0]), Verdict::Patched);
    assert_eq!(phones[0].evidence.properties.get("ro.product.brand"), Some(&b"Redmi"[..]));
}

#[test]
fn nothing_known_is_no_phone() {
    for text in ["", "\n\n", "hello\nworld\n", "PK\u{3}\u{4}\0\0", "{\"a\": 1}", "[1, 2]: x"] {
        assert!(read(text).is_empty(), "{text:?}");
    }
}

#[test]
fn properties_alone_are_a_phone_without_a_dump() {
    assert_eq!(verdicts(LISTING), [(Form::Getprop, Verdict::Unknown(Reason::NotADump))]);
}

#[test]
fn lines_in_brackets_are_a_listing_where_they_say_something() {
    for (text, phones) in [
        ("[ro.x]: [y]\n", 1),
        ("[sys.boot_completed]: [1]\n", 1),
        ("[a]: [b]\n", 0),
        ("[xro.x]: [y]\n", 0),
    ] {
        assert_eq!(read(text).len(), phones, "{text}");
    }
}

#[test]
fn what_stands_in_another_encoding_is_a_row_that_was_not_read() {
    let wide = |text: &str| -> Vec<u8> {
        text.replace('\n', "\r\n").encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let (good, bad) = (in_order("LP"), in_order("LV"));
    let rows = |bytes: &[u8], piece: usize| -> Vec<&'static str> {
        read_in_pieces(bytes, piece).iter().map(|phone| verdict_of(phone).key()).collect()
    };
    for piece in [1_000, usize::MAX] {
        let appended = [good.as_bytes(), &wide(&bad)].concat();
        assert_eq!(rows(&appended, piece), ["patched", "unknown"]);
        assert_eq!(rows(&wide(&bad), piece), ["unknown"]);
        let reported = report(&[&full(&[block(NAME, "3.1.921.10")])]);
        for end in [reported.len(), reported.len() / 2] {
            let appended = [&reported.as_bytes()[..end], &wide(&bad)].concat();
            assert_eq!(rows(&appended, piece).last(), Some(&"unknown"), "{end}");
            assert_eq!(rows(&appended, piece).len(), 2, "{end}");
        }
        let marked = [&b"\xff\xfe"[..], &wide(&good), bad.as_bytes()].concat();
        assert_eq!(rows(&marked, piece), ["patched", "unknown"]);
        let nul = [good.as_bytes(), b"\0\n"].concat();
        assert_eq!(rows(&nul, piece), ["patched", "unknown"]);
    }
}

#[test]
fn a_report_is_decoded_whatever_its_encoding() {
    let utf16: Vec<u8> = "\u{feff}Poço\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in ["Poço\n".as_bytes(), "\u{feff}Poço\n".as_bytes(), &utf16] {
        assert_eq!(decoded(bytes), "Poço\n".as_bytes(), "{bytes:?}");
    }
}
