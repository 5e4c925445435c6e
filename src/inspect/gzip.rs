//! A gzip file: its members, one after another, and nothing else.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// What the members of a gzip file unpack to.
///
/// `MultiGzDecoder` can't tell a broken member from what isn't gzip's own.
pub(super) struct Members<R> {
    member: Option<GzDecoder<R>>,
}

impl<R: BufRead> Members<R> {
    pub(super) fn new(packed: R) -> Self {
        Self { member: Some(GzDecoder::new(packed)) }
    }
}

/// What stands behind the last member; to be told from every other error.
const EXTRA: io::ErrorKind = io::ErrorKind::Unsupported;

/// Whether an error says that something stands behind the last member.
pub(super) fn is_extra(error: &io::Error) -> bool {
    error.kind() == EXTRA
}

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let read = member.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(member) = self.member.take() else { break };
            let mut packed = member.into_inner();
            // Tapes and some programs fill up with zeros.
            let next = loop {
                let bytes = packed.fill_buf()?;
                let zeros = bytes.iter().take_while(|&&byte| byte == 0).count();
                let (next, is_end) = (bytes.get(zeros).copied(), bytes.is_empty());
                packed.consume(zeros);
                if next.is_some() || is_end {
                    break next;
                }
            };
            match next {
                None => {}
                Some(0x1f) => self.member = Some(GzDecoder::new(packed)),
                Some(_) => return Err(io::Error::new(EXTRA, "bytes after a gzip file's end")),
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn gzip(content: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(content).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn members_are_read_and_what_is_none_is_told() {
        let two = [gzip(b"ab"), gzip(b"cd")].concat();
        let read = |packed: &[u8]| {
            let mut text = Vec::new();
            Members::new(packed).read_to_end(&mut text).map(|_| text)
        };
        assert_eq!(read(&two).unwrap(), b"abcd");
        assert_eq!(read(&[&two[..], &[0; 700]].concat()).unwrap(), b"abcd");
        let behind = read(&[&two[..], b"text"].concat()).unwrap_err();
        assert!(is_extra(&behind), "{behind}");
        for cut in [1, 12, two.len() - 1] {
            assert!(!is_extra(&read(&two[..cut]).unwrap_err()), "{cut}");
        }
    }
}
