//! What a file is, by its first bytes; and archives in the middle of what is none.

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

/// How much of a file tells what it is.
pub(super) const HEAD_BYTES: usize = 512;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Zip,
    Gzip,
    /// Looked through from its beginning to its end, whatever it is.
    Text,
    /// Of a kind that holds no phone.
    NoPhone(&'static str),
    /// It could hold a phone, and can't be read.
    Packed(&'static str),
}

/// Kinds that hold no phone, by their first bytes.
const NO_PHONE: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"OggS", "an Ogg recording"),
    (b"fLaC", "a FLAC recording"),
    (b"\x1a\x45\xdf\xa3", "a Matroska or WebM video"),
];

/// Kinds that must be unpacked or decrypted first, by their first bytes.
const PACKED: &[(&[u8], &str)] = &[
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\xfd7zXZ\x00", "an xz file"),
    (b"BZh", "a bzip2 file"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x04\x22\x4d\x18", "an LZ4 file"),
    (b"\x02\x21\x4c\x18", "an LZ4 file"),
    (b"\x5d\x00\x00", "an LZMA file"),
    (b"\xff\xfe\x00\x00", "UTF-32: save it as UTF-8"),
    (b"\x00\x00\xfe\xff", "UTF-32: save it as UTF-8"),
    (b"LZIP", "an lzip file"),
    (b"\x1f\x9d", "a compress (.Z) file"),
    (b"MSCF", "a cabinet file"),
    (b"age-encryption.org/", "a file encrypted with age"),
    (b"-----BEGIN AGE ENCRYPTED FILE-----", "a file encrypted with age"),
    (b"-----BEGIN PGP MESSAGE-----", "a file encrypted with OpenPGP"),
    // A later disk of an archive that was split.
    (b"PK\x07\x08", "a part of a split zip archive"),
];

impl Kind {
    pub(super) fn of_head(head: &[u8]) -> Self {
        // An archive without any file begins with its end.
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Self::Zip;
        }
        if head.starts_with(b"\x1f\x8b") {
            return Self::Gzip;
        }
        if head.get(257..262) == Some(b"ustar") {
            return Self::Packed("a tar archive");
        }
        let among = |kinds: &[(&[u8], &'static str)]| {
            kinds.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, name)| *name)
        };
        if let Some(name) = among(NO_PHONE).or_else(|| media(head)).or_else(|| backup(head)) {
            return Self::NoPhone(name);
        }
        among(PACKED).map_or(Self::Text, Self::Packed)
    }
}

/// An Android backup: its version, whether it is compressed, and how it is encrypted stand in lines of
/// their own.
fn backup(head: &[u8]) -> Option<&'static str> {
    let mut lines = head.strip_prefix(b"ANDROID BACKUP\n")?.split(|&byte| byte == b'\n');
    let is_version = matches!(lines.next()?, [b'1'..=b'9']);
    let is_flag = matches!(lines.next()?, b"0" | b"1");
    let is_encryption = matches!(lines.next()?, b"none" | b"AES-256");
    (is_version && is_flag && is_encryption).then_some("an Android backup")
}

/// Pictures and media whose first bytes have a length or a version among them.
fn media(head: &[u8]) -> Option<&'static str> {
    match (head.get(..4)?, head.get(4..8)?, head.get(8..12)?) {
        ([0, 0, ..], b"ftyp", _) => Some("an MP4 video or HEIF picture"),
        ([b'I', b'D', b'3', 2..=4], _, _) => Some("an MP3 recording"),
        (b"RIFF", _, b"WEBP") => Some("a WebP picture"),
        (b"RIFF", _, b"WAVE") => Some("a WAV recording"),
        (b"RIFF", _, b"AVI ") => Some("an AVI video"),
        _ => None,
    }
}

/// How the archives begin that are looked for in the middle of files.
static ARCHIVES: LazyLock<AhoCorasick> = LazyLock::new(|| {
    let beginnings: [&[u8]; 9] = [
        b"PK\x03\x04",
        b"\x1f\x8b\x08",
        b"\xfd7zXZ\x00",
        b"7z\xbc\xaf\x27\x1c\x00",
        b"Rar!\x1a\x07",
        b"BZh91AY&SY",
        b"\x28\xb5\x2f\xfd",
        b"\x04\x22\x4d\x18",
        b"\x5d\x00\x00",
    ];
    AhoCorasick::new(beginnings).expect("a few short patterns")
});

/// How many bytes at the beginning of an archive tell that it is one, at most.
const MAGIC_BYTES: usize = 10;

/// The same of LZMA, which begins with no word of its own.
const LZMA_BYTES: usize = 13;

/// How much of what went by is looked at once more.
const KEPT_BYTES: usize = 64;

/// Looks for archives in the middle of a text that comes in pieces.
///
/// Each of these archives has a NUL near its beginning, and texts have none: without one nothing is
/// looked at, which costs next to nothing.
#[derive(Debug, Default)]
pub(super) struct Embedded {
    kept: Vec<u8>,
    found: bool,
}

impl Embedded {
    pub(super) fn feed(&mut self, piece: &[u8]) {
        if self.found {
            return;
        }
        self.kept.extend_from_slice(&piece[..piece.len().min(KEPT_BYTES)]);
        let has_nul = |bytes: &[u8]| memchr::memchr(0, bytes).is_some();
        self.found = (has_nul(&self.kept) && has_archive(&self.kept))
            || (has_nul(piece) && has_archive(piece));
        let end = &piece[piece.len().saturating_sub(KEPT_BYTES)..];
        if piece.len() > KEPT_BYTES {
            self.kept = end.to_vec();
        }
        let surplus = self.kept.len().saturating_sub(KEPT_BYTES);
        self.kept.drain(..surplus);
    }

    pub(super) const fn is_found(&self) -> bool {
        self.found
    }
}

fn has_archive(bytes: &[u8]) -> bool {
    ARCHIVES.find_iter(bytes).any(|found| {
        let needed = if bytes[found.start()] == 0x5d { LZMA_BYTES } else { MAGIC_BYTES };
        let Some(head) = bytes.get(found.start()..found.start() + needed) else {
            return false;
        };
        match head[0] {
            // The version that is needed, and the system that it is of.
            b'P' => head[4] <= 63 && head[5] <= 20,
            // Flags, the strength of packing and the system, as RFC 1952 has them.
            0x1f => {
                head[3] <= 0x1f && matches!(head[8], 0 | 2 | 4) && matches!(head[9], 0..=13 | 255)
            }
            // The dictionary; and how long it is unpacked: unknown, or less than a terabyte.
            0x5d => head[3..5] != [0; 2] && (head[5..] == [0xff; 8] || head[10..] == [0; 3]),
            _ => true,
        }
    })
}

/// What a person is told that a text is in which nothing was recognised.
pub(super) fn recognised(head: &[u8]) -> &'static str {
    let has_mark = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let zeros = memchr::memchr_iter(0, head).count();
    let others: &[(&[u8], &str)] = &[
        (b"%PDF", "a PDF"),
        (b"\x7fELF", "a program"),
        (b"SQLite format 3", "an SQLite database"),
        (b"<!DOCTYPE", "a web page"),
        (b"<?xml", "XML"),
        (b"{", "JSON"),
    ];
    if let Some((_, name)) = others.iter().find(|(magic, _)| head.starts_with(magic)) {
        return name;
    }
    match zeros {
        _ if head.is_empty() => "an empty file",
        _ if zeros == 0 || has_mark => "text without any line of a dump",
        // Every other byte of English text in UTF-16.
        _ if zeros * 5 > head.len() * 2 && zeros * 5 < head.len() * 3 => {
            "UTF-16 without its byte order mark: save it as UTF-8"
        }
        _ => "a file that isn't text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archives_are_found_however_a_text_is_cut() {
        let mut text = b"a line\nPK and 7z and Rar! are words\n".to_vec();
        let looked = |text: &[u8], piece: usize| {
            let mut embedded = Embedded::default();
            text.chunks(piece).for_each(|piece| embedded.feed(piece));
            embedded.is_found()
        };
        assert!(!looked(&text, 7));
        text.extend_from_slice(b"PK\x03\x04\x14\x00\x08\x00\x08\x00abc");
        for piece in 1..text.len() {
            assert!(looked(&text, piece), "{piece}");
        }
        for piece in [1, 5, 100] {
            assert!(looked(b"note\n\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff\0a", piece));
            assert!(!looked(b"x]\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", piece));
        }
        // Three bytes of gzip are no header of it.
        assert!(!looked(b"\0\0\x1f\x8b\x08\xff\xff\xff\xff\xff\xff\xff\0", 100));
        assert!(looked(b"note\n\x1f\x8b\x08\x00\0\0\0\0\0\x03abc", 3));
    }
}
