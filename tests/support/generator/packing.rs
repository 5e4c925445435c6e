//! What people put files into: archives, folders, other encodings.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use rawzip::{CompressionMethod, ZipArchiveWriter};

/// An archive with these files.
pub(crate) fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in files {
        let (mut entry, config) =
            archive.new_file(name).compression_method(CompressionMethod::DEFLATE).start().unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(content).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

pub(crate) fn zip_of(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, content)| (name.as_str(), content.as_slice())).collect();
    zip(&files)
}

pub(crate) fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// UTF-16 with a byte order mark, and lines that end as on Windows: what PowerShell makes.
pub(crate) fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    let text = text.replace('\n', "\r\n");
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units
        .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

/// Writes these files into a folder, with the folders that their names ask for.
pub(crate) fn write_tree(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, content) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
}

/// A way to pass a file on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Packing {
    AsItIs,
    Gzip,
    Zip,
    /// A `.gz` in a zip.
    GzipInZip,
    ZipInZip,
    /// A zip that was packed once more by gzip.
    ZipInGzip,
    /// Three archives in one another, the most that is read.
    ZipInZipInZip,
}

impl Packing {
    pub(crate) const ALL: [Self; 7] = [
        Self::AsItIs,
        Self::Gzip,
        Self::Zip,
        Self::GzipInZip,
        Self::ZipInZip,
        Self::ZipInGzip,
        Self::ZipInZipInZip,
    ];

    /// How many archives more it lies in.
    pub(crate) const fn depth(self) -> usize {
        match self {
            Self::AsItIs => 0,
            Self::Gzip | Self::Zip => 1,
            Self::GzipInZip | Self::ZipInZip | Self::ZipInGzip => 2,
            Self::ZipInZipInZip => 3,
        }
    }

    pub(crate) fn pack(self, content: &[u8]) -> Vec<u8> {
        let zipped = |bytes: &[u8]| zip(&[("sent/file", bytes)]);
        match self {
            Self::AsItIs => content.to_vec(),
            Self::Gzip => gzip(content),
            Self::Zip => zipped(content),
            Self::GzipInZip => zipped(&gzip(content)),
            Self::ZipInZip => zipped(&zipped(content)),
            Self::ZipInGzip => gzip(&zipped(content)),
            Self::ZipInZipInZip => zipped(&zipped(&zipped(content))),
        }
    }
}
