//! Files of several phones, put together in every way: each phone is accounted for, none at risk is
//! fine, and what is whole keeps its verdict.

use crate::support::generator::bugreport::Report;
use crate::support::generator::full_dump::FullDump;
use crate::support::generator::inspected::{Seen, are, fault, fault_of_fine, of_bytes, of_path};
use crate::support::generator::packing::{self, Packing};
use crate::support::generator::{App, Phone, Release, Row, dump, dumpsys, getprop};
use proptest::prelude::*;
use proptest::sample::Index;

/// What of a phone stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Dump,
    ListingAndDump,
    DumpAndListing,
    AllApps,
    AllServices,
    Report,
}

impl Part {
    const ALL: [Self; 6] = [
        Self::Dump,
        Self::ListingAndDump,
        Self::DumpAndListing,
        Self::AllApps,
        Self::AllServices,
        Self::Report,
    ];

    fn text(self, phone: &Phone) -> String {
        let (dump, listing) = (dump::text(phone), getprop::listing(phone));
        match self {
            Self::Dump => dump,
            Self::ListingAndDump => listing + &dump,
            Self::DumpAndListing => dump + &listing,
            Self::AllApps => FullDump::new(phone).text(),
            Self::AllServices => String::from_utf8(dumpsys::of_all_services(phone).bytes).unwrap(),
            Self::Report => Report::new(phone).text(),
        }
    }

    /// The row of a file with nothing but this.
    fn row(self, phone: &Phone) -> Row {
        let ends = phone.release.has_service_ends();
        let framed = |right: Row| if ends { right } else { right.at_most_risk("") };
        match self {
            Self::Dump => dump::row(phone, phone.truth_without_maker()),
            Self::ListingAndDump | Self::DumpAndListing => dump::row(phone, phone.truth()),
            Self::AllApps => phone.truth_without_maker().at_most_risk(""),
            Self::AllServices => framed(phone.truth_without_maker()),
            Self::Report => framed(phone.truth()),
        }
    }
}

/// What stands between two files that somebody put into one.
const BETWEEN_FILES: [&str; 5] = [
    "",
    "\n",
    "\n\n\n",
    "== dump\n",
    "$ adb shell dumpsys package com.xiaomi.mi_connect_service\n",
];

/// A phone and what is kept of it; of those that print nothing, something is.
fn phones_and_parts(most: usize) -> impl Strategy<Value = Vec<(Phone, Part)>> {
    let one = (any::<Index>(), any::<Index>(), any::<Index>());
    prop::collection::vec(one, 1..=most).prop_map(|picks| {
        let numbered = (1..).zip(picks);
        let picked = numbered.map(|(number, (release, app, part))| {
            let phone = Phone::new(number, *release.get(&Release::ALL), *app.get(&Phone::states()));
            let silent = phone.release.major < 7 && phone.app == App::Absent;
            let part = *part.get(&Part::ALL);
            (phone, if silent { Part::Report } else { part })
        });
        picked.collect()
    })
}

/// How many rows there are at least for phones one behind the other in a text. Android 7 to 12 say in the
/// part "Dexopt state" that there is no such app; behind an older phone's dump, which has no such part,
/// that is what one phone prints whose app was removed: docs/inspect.md says so.
fn least_rows(parts: &[(Phone, Part)]) -> usize {
    let is_one = |pair: &&[(Phone, Part)]| {
        let ((before, part_before), (behind, part_behind)) = (pair[0], pair[1]);
        before.release.major < 7
            && matches!(part_before, Part::Dump | Part::ListingAndDump | Part::AllApps)
            && behind.app == App::Absent
            && (7..13).contains(&behind.release.major)
            && matches!(part_behind, Part::Dump | Part::DumpAndListing)
    };
    parts.len() - parts.windows(2).filter(is_one).count()
}

fn encoded(text: &str, encoding: usize) -> Vec<u8> {
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => text.replace('\n', "\r\n").into_bytes(),
        _ => packing::utf16(text, encoding == 3),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 800, failure_persistence: None, ..ProptestConfig::default() })]

    /// In one text: every phone is accounted for, and none at risk is fine.
    #[test]
    fn phones_in_one_text_are_accounted_for(
        parts in phones_and_parts(4),
        between in 0_usize..BETWEEN_FILES.len(),
        encoding in 0_usize..4,
        packing in any::<Index>(),
        cut in any::<Index>(),
    ) {
        let texts: Vec<String> = parts.iter().map(|(phone, part)| part.text(phone)).collect();
        let text = texts.join(BETWEEN_FILES[between]);
        let phones: Vec<Phone> = parts.iter().map(|(phone, _)| *phone).collect();
        let bytes = encoded(&text, encoding);
        let seen = of_bytes(&packing.get(&Packing::ALL).pack(&bytes));
        prop_assert_eq!(fault(&phones, least_rows(&parts), &seen), None, "{:?} {:?}", parts, seen);
        // Cut before its own dump, a listing behind another phone's dump is what `dump, listing` of one
        // phone is: docs/inspect.md says so.
        let misleads = |pair: &[(Phone, Part)]| {
            matches!(pair[0].1, Part::Dump | Part::AllServices) && pair[1].1 == Part::ListingAndDump
        };
        if !parts.windows(2).any(misleads) {
            let seen = of_bytes(&bytes[..cut.index(bytes.len())]);
            prop_assert_eq!(fault_of_fine(&phones, &seen), None, "cut {:?} {:?}", parts, seen);
        }
    }

    /// Each text in an encoding of its own, one behind the other, as `>>` of two shells makes it.
    #[test]
    fn phones_in_several_encodings_are_accounted_for(
        parts in phones_and_parts(3),
        encodings in prop::collection::vec(0_usize..4, 3),
    ) {
        let phones: Vec<Phone> = parts.iter().map(|(phone, _)| *phone).collect();
        let pieces = parts.iter().zip(&encodings);
        let bytes: Vec<u8> =
            pieces.flat_map(|((phone, part), how)| encoded(&part.text(phone), *how)).collect();
        let seen = of_bytes(&bytes);
        prop_assert_eq!(fault(&phones, least_rows(&parts), &seen), None, "{:?} {:?} {:?}", encodings, parts, seen);
    }

    /// A phone behind the other: listing and dump, each pair in the same order.
    #[test]
    fn listings_and_dumps_that_alternate_keep_their_verdicts(
        states in prop::collection::vec((any::<Index>(), any::<Index>()), 1..5),
        listing_first in any::<bool>(),
        between in 0_usize..BETWEEN_FILES.len(),
    ) {
        let part = if listing_first { Part::ListingAndDump } else { Part::DumpAndListing };
        // Those that print something, and nothing that ends a text that isn't whole.
        let releases: Vec<Release> =
            Release::ALL.into_iter().filter(|release| release.major >= 7).collect();
        let phones: Vec<Phone> = (1..)
            .zip(states)
            .map(|(number, (release, app))| {
                Phone::new(number, *release.get(&releases), *app.get(&Phone::states()))
            })
            .collect();
        let texts: Vec<String> = phones.iter().map(|phone| part.text(phone)).collect();
        let rows: Vec<Row> = phones.iter().map(|phone| part.row(phone)).collect();
        let seen = of_bytes(texts.join(BETWEEN_FILES[between]).as_bytes());
        prop_assert!(are(&rows, &seen), "{rows:?} {seen:?} {phones:?}");
    }

    /// Files of their own, each packed and encoded in its own way, in folders of their own.
    #[test]
    fn phones_in_files_of_their_own_keep_their_verdicts(
        parts in phones_and_parts(4),
        ways in prop::collection::vec((any::<Index>(), 0_usize..4), 4),
    ) {
        let pieces = parts.iter().zip(&ways).enumerate();
        let files: Vec<(String, Vec<u8>)> = pieces
            .map(|(number, ((phone, part), (packing, encoding)))| {
                let packing = *packing.get(&Packing::ALL[..6]);
                (format!("p{number}/file"), packing.pack(&encoded(&part.text(phone), *encoding)))
            })
            .collect();
        let rows: Vec<Row> = parts.iter().map(|(phone, part)| part.row(phone)).collect();
        let seen = of_bytes(&packing::zip_of(&files));
        prop_assert!(are(&rows, &seen), "zip {rows:?} {seen:?} {parts:?} {ways:?}");
        let folder = tempfile::tempdir().unwrap();
        packing::write_tree(folder.path(), &files);
        let seen = of_path(folder.path());
        prop_assert!(are(&rows, &seen), "folder {rows:?} {seen:?} {parts:?} {ways:?}");
    }

    /// The same files in one folder: which belongs to which can't always be told.
    #[test]
    fn phones_in_one_folder_are_accounted_for(
        parts in phones_and_parts(4),
        ways in prop::collection::vec((any::<Index>(), 0_usize..4), 4),
        cut in any::<Index>(),
    ) {
        let phones: Vec<Phone> = parts.iter().map(|(phone, _)| *phone).collect();
        let pieces = parts.iter().zip(&ways).enumerate();
        let files: Vec<(String, Vec<u8>)> = pieces
            .map(|(number, ((phone, part), (packing, encoding)))| {
                let packing = *packing.get(&Packing::ALL[..6]);
                (format!("{number}"), packing.pack(&encoded(&part.text(phone), *encoding)))
            })
            .collect();
        let archive = packing::zip_of(&files);
        let seen = of_bytes(&archive);
        // A report that has nothing in common with a dump may be the same phone's.
        let reports = parts.iter().filter(|(_, part)| matches!(part, Part::Report)).count();
        let least = reports.max(parts.len() - reports);
        prop_assert_eq!(fault(&phones, least, &seen), None, "zip {:?} {:?}", parts, seen);
        let folder = tempfile::tempdir().unwrap();
        packing::write_tree(folder.path(), &files);
        let in_folder = of_path(folder.path());
        prop_assert_eq!(fault(&phones, least, &in_folder), None, "folder {:?} {:?}", parts, in_folder);
        let rows = |seen: &[Seen]| seen.iter().map(|one| one.row).collect::<Vec<_>>();
        prop_assert_eq!(rows(&seen), rows(&in_folder), "zip and folder {:?}", parts);
        let seen = of_bytes(&archive[..cut.index(archive.len())]);
        prop_assert_eq!(fault_of_fine(&phones, &seen), None, "cut {:?} {:?}", parts, seen);
    }
}
