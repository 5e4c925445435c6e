//! Any bytes as a file: archives, gzip and texts. Nothing panics, every file gives a row, twice the
//! same; and an archive of a phone at risk, damaged anywhere, never says that the phone is fine.

#![no_main]

use std::io::Write as _;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use libfuzzer_sys::fuzz_target;
use micheck::inspect::inspect_bytes;
use micheck_core::advisory::AdvisorySet;
use micheck_core::verdict::Verdict;
use micheck_fuzz::fine;
use rawzip::{CompressionMethod, ZipArchiveWriter};

static SET: LazyLock<AdvisorySet> =
    LazyLock::new(|| AdvisorySet::embedded().only("mi-connect").expect("it is built in"));

/// As Android makes one, of a phone at risk; its main text twice, packed and not.
static ARCHIVES: LazyLock<[Vec<u8>; 2]> = LazyLock::new(|| {
    let dump = include_str!("../../../fixtures/dumpsys/android14.txt");
    let text = dump.replace("3.1.900.12", "3.1.895.10");
    [CompressionMethod::STORE, CompressionMethod::DEFLATE].map(|method| {
        let files = [("a.txt", text.as_str()), ("main_entry.txt", "a.txt")];
        archive(&files, method).expect("memory takes every write")
    })
});

fn archive(files: &[(&str, &str)], method: CompressionMethod) -> Result<Vec<u8>, rawzip::Error> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let (mut entry, config) = archive.new_file(name).compression_method(method).start()?;
        let descriptor = if method == CompressionMethod::STORE {
            let mut writer = config.wrap(&mut entry);
            writer.write_all(content.as_bytes())?;
            writer.finish()?.1
        } else {
            let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
            writer.write_all(content.as_bytes())?;
            let (encoder, descriptor) = writer.finish()?;
            encoder.finish()?;
            descriptor
        };
        entry.finish(descriptor)?;
    }
    archive.finish()?;
    Ok(bytes)
}

fn verdicts(file: &[u8]) -> Vec<Verdict> {
    inspect_bytes(file, &SET).iter().map(|found| found.outcome.verdict(&SET)).collect()
}

fuzz_target!(|input: &[u8]| {
    let Some((&how, rest)) = input.split_first() else { return };
    if how % 4 != 0 {
        let said = verdicts(rest);
        assert!(!said.is_empty(), "no row");
        assert_eq!(said, verdicts(rest), "the same file says something else");
        return;
    }
    // The rest is places and what they are changed to, and where the file ends.
    let mut file = ARCHIVES[usize::from(how / 4 % 2)].clone();
    for edit in rest.chunks_exact(3) {
        let place = usize::from(u16::from_le_bytes([edit[0], edit[1]]));
        if place == usize::from(u16::MAX) {
            let keep = file.len() * usize::from(edit[2]) / 255;
            file.truncate(keep);
        } else if let Some(byte) = file.get_mut(place) {
            *byte ^= edit[2];
        }
    }
    for verdict in verdicts(&file) {
        assert!(!fine(verdict), "{verdict:?}");
    }
});
