//! What each embedded advisory says of versions at and around its bounds.

use super::{AdvisorySet, Rating};

const VULNERABLE: Rating = Rating::Vulnerable;
const UNCONFIRMED: Rating = Rating::Unconfirmed;
const FIXED: Rating = Rating::Fixed;
const UNREADABLE: Rating = Rating::Unreadable;

type Table = (&'static str, &'static [(&'static str, Rating)]);

const TABLES: &[Table] = &[
    (
        "mi-connect",
        &[
            ("2.0.193", VULNERABLE),
            ("3.1.895.9", VULNERABLE),
            ("3.1.895.10", VULNERABLE),
            ("3.1.895.10.7", VULNERABLE),
            ("3.1.895.11", UNCONFIRMED),
            ("3.1.921.9", UNCONFIRMED),
            ("3.1.921.10-rc1", UNCONFIRMED),
            ("3.1.921.10", FIXED),
            ("5.1.208.10.fullCnRelease.0512164", FIXED),
            ("60004241", UNREADABLE),
        ],
    ),
    (
        "getapps-2024-45346",
        &[
            ("15.0.6.4", VULNERABLE),
            ("30.2.7", VULNERABLE),
            ("30.2.7.0", VULNERABLE),
            ("30.2.7.0.1", VULNERABLE),
            ("30.2.7.1", UNCONFIRMED),
            ("30.6.0.1", UNCONFIRMED),
            ("30.6.0.2-beta", UNCONFIRMED),
            ("30.6.0.2", FIXED),
            ("31.0", FIXED),
            ("V30", UNREADABLE),
        ],
    ),
    (
        "getapps-2023-26324",
        &[
            ("30.2.7.0", VULNERABLE),
            ("30.6.0.1", VULNERABLE),
            // The record says of this one both that it is affected and that it isn't.
            ("30.6.0.2", UNCONFIRMED),
            ("30.6.0.2.9", UNCONFIRMED),
            ("30.6.0.2-beta", VULNERABLE),
            ("30.6.0.3", FIXED),
            ("30.6.1", FIXED),
            ("", UNREADABLE),
        ],
    ),
    (
        "getapps-2023-26322",
        &[
            ("30.6.0.2", VULNERABLE),
            ("31.2.5.0", VULNERABLE),
            ("31.2.5.1", UNCONFIRMED),
            ("32.0.0.0", UNCONFIRMED),
            ("32.0", UNCONFIRMED),
            ("32.0.0.1", FIXED),
            ("38.2.0.3", FIXED),
            ("null", UNREADABLE),
        ],
    ),
    (
        "app-market-2023-26323",
        &[
            ("0.9.9", UNCONFIRMED),
            ("1.0", VULNERABLE),
            ("1.0.0", VULNERABLE),
            ("4.9.0", VULNERABLE),
            ("4.57.4", VULNERABLE),
            ("4.57.4.1", VULNERABLE),
            ("4.57.5", UNCONFIRMED),
            ("4.58.1", UNCONFIRMED),
            ("4.58.2-r", UNCONFIRMED),
            ("4.58.2", FIXED),
            ("R.4.58.2", UNREADABLE),
        ],
    ),
    (
        "app-store-2020-14118",
        &[
            ("1.0", VULNERABLE),
            ("4.9.99", VULNERABLE),
            ("4.10.0-rc1", UNCONFIRMED),
            ("4.10", FIXED),
            ("4.10.0", FIXED),
            ("4.10.0.1", FIXED),
            ("4.57.4", FIXED),
            ("4", UNREADABLE),
        ],
    ),
    (
        "file-manager-2023-26321",
        &[
            ("V1-99999", VULNERABLE),
            ("V1-210566", VULNERABLE),
            ("V1-210567", VULNERABLE),
            ("v1-210567", VULNERABLE),
            ("V1-210568", UNCONFIRMED),
            ("V1-210585", UNCONFIRMED),
            ("V1-210586", FIXED),
            ("V5-1", FIXED),
            ("V1-210586-beta", UNREADABLE),
            ("V1.210586", UNREADABLE),
            ("5.0.1.0", UNREADABLE),
        ],
    ),
    (
        "cloud-2023-26316",
        &[
            ("1.12.0.0", VULNERABLE),
            ("1.12.0.0.24", VULNERABLE),
            ("1.12.0.0.24.99", VULNERABLE),
            ("1.12.0.0.25a", UNCONFIRMED),
            ("1.12.0.0.25", FIXED),
            ("1.12.0.0.26", FIXED),
            ("1.12.0.1", FIXED),
            ("cloud", UNREADABLE),
        ],
    ),
    (
        "game-center-2024-45351",
        &[
            ("13.9", UNCONFIRMED),
            ("13.10", VULNERABLE),
            ("13.10.0.300", VULNERABLE),
            ("13.11", UNCONFIRMED),
            ("99.0", UNCONFIRMED),
            ("13", UNREADABLE),
        ],
    ),
    (
        "smart-home-2024-45352",
        &[
            ("10.0.622", UNCONFIRMED),
            ("10.0", UNCONFIRMED),
            ("10.0.623", VULNERABLE),
            ("10.0.623.1", VULNERABLE),
            ("10.0.624", UNCONFIRMED),
            ("10.2.4.g", UNCONFIRMED),
            ("g", UNREADABLE),
        ],
    ),
    (
        "quick-apps-2024-45353",
        &[
            ("1.30.2.0", UNCONFIRMED),
            ("1.30.2.1", VULNERABLE),
            ("1.30.2.2", UNCONFIRMED),
            ("2.0", UNCONFIRMED),
            ("-", UNREADABLE),
        ],
    ),
    (
        "shop-2024-45354",
        &[
            ("5.30.0.20241103.r1", VULNERABLE),
            ("5.30.0.20241103.r2", UNCONFIRMED),
            ("5.30.0.20241103", UNCONFIRMED),
            ("5.30.0.20241104.r1", UNCONFIRMED),
            ("5.30", UNCONFIRMED),
            ("6.0.0.20260101.r1", UNCONFIRMED),
            // A part is missing in the middle: which of them it is, nobody can tell.
            ("5.30.r1", UNREADABLE),
            ("5.30.0.20241103.r1.beta", UNREADABLE),
        ],
    ),
    (
        "cast-2020-14107",
        &[
            ("12.4.8", VULNERABLE),
            ("12.4.8.1", VULNERABLE),
            ("12.4.8.1-g", VULNERABLE),
            ("12.4.8.2-g", UNCONFIRMED),
            ("12.4.8.2", FIXED),
            ("12.4.8.2.1", FIXED),
            ("13.0", FIXED),
            ("twelve", UNREADABLE),
        ],
    ),
    (
        "content-center-2020-14117",
        &[
            ("4.4.9", VULNERABLE),
            ("4.4.10", VULNERABLE),
            ("4.4.11_1", UNCONFIRMED),
            ("4.4.11", FIXED),
            ("4.10.0", FIXED),
            ("4", UNREADABLE),
        ],
    ),
];

#[test]
fn each_embedded_advisory_rates_its_bounds_as_its_record_says() {
    let set = AdvisorySet::embedded();
    for (id, versions) in TABLES {
        let advisory = set.find(id).unwrap();
        for (version, expected) in *versions {
            assert_eq!(advisory.rate(version.as_bytes()), *expected, "{id} {version}");
        }
    }
    let mut tested: Vec<&str> = TABLES.iter().map(|(id, _)| *id).collect();
    tested.sort_unstable();
    let mut known: Vec<&str> = set.advisories.iter().map(|one| one.id.as_str()).collect();
    known.sort_unstable();
    assert_eq!(tested, known, "every embedded advisory has its table");
}
