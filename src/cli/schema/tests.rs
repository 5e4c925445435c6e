//! The files in docs/ are these schemas.

use std::fs;
use std::path::Path;

use super::{advisories, checkup, report, report_line, watch_line};

/// Set to anything, it makes the test write the files instead of comparing them.
const UPDATE: &str = "MICHECK_UPDATE_SCHEMA";

#[test]
fn the_files_are_what_the_types_say() {
    for (file, schema) in [
        ("docs/report.schema.json", report()),
        ("docs/report-line.schema.json", report_line()),
        ("docs/watch-line.schema.json", watch_line()),
        ("docs/advisories.schema.json", advisories()),
        ("docs/doctor.schema.json", checkup()),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        if std::env::var_os(UPDATE).is_some() {
            fs::write(path, schema).expect("the file can be written");
            continue;
        }
        // A checkout on Windows may have its own line ends.
        let written = fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
        assert!(
            written == schema,
            "{file} isn't what the types say; make it again and look at what changed:\n  \
             {UPDATE}=1 cargo test --lib schema && git diff docs"
        );
    }
}
