//! Files that a person or a setting names: opened only where they are regular files. Shell.
//!
//! A pipe, a device or a socket may never answer, or do something when it is opened.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _};
use std::path::Path;

/// Opens a regular file for reading; never waits. Links are followed.
///
/// # Errors
/// It can't be opened, or is something else: said in a sentence of its own.
pub fn open(path: &Path) -> io::Result<File> {
    let file = match without_waiting().open(path) {
        Ok(file) => file,
        // A socket can't be opened at all, and on Windows no folder can.
        Err(error) => return Err(refusal(path).unwrap_or(error)),
    };
    if is_regular(&file)? { Ok(file) } else { Err(refusal(path).unwrap_or_else(irregular)) }
}

/// What a regular file holds; of a longer one the first `most` bytes and one more.
///
/// # Errors
/// As [`open`]; or reading failed.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    open(path)?.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Whether a pipe or a socket is there: whoever opens it to write waits for a reader.
#[cfg(unix)]
#[must_use]
pub fn is_pipe(path: &Path) -> bool {
    use std::os::unix::fs::FileTypeExt as _;

    let kind = fs::metadata(path).map(|found| found.file_type());
    kind.is_ok_and(|kind| kind.is_fifo() || kind.is_socket())
}

/// A pipe of Windows' is opened at once or not at all.
#[cfg(not(unix))]
#[must_use]
pub fn is_pipe(_path: &Path) -> bool {
    false
}

#[cfg(unix)]
fn without_waiting() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let mut options = OpenOptions::new();
    options.read(true).custom_flags(flags.bits().cast_signed());
    options
}

/// Opening a pipe of Windows' doesn't wait.
#[cfg(not(unix))]
fn without_waiting() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true);
    options
}

#[cfg(not(windows))]
fn is_regular(file: &File) -> io::Result<bool> {
    Ok(file.metadata()?.is_file())
}

#[cfg(windows)]
fn is_regular(file: &File) -> io::Result<bool> {
    Ok(crate::windows::is_on_disk(file) && file.metadata()?.is_file())
}

/// Why what is there isn't read, where it is no regular file.
fn refusal(path: &Path) -> Option<io::Error> {
    let kind = fs::metadata(path).ok()?.file_type();
    if kind.is_file() {
        return None;
    }
    if kind.is_dir() {
        return Some(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, not a file"));
    }
    Some(irregular())
}

fn irregular() -> io::Error {
    let what = "it is a pipe, a device or a socket, and only regular files are read";
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

/// Reads a text file that a person wrote: UTF-8, and of at most `max_bytes`.
///
/// # Errors
/// It can't be read, is no regular file, longer, or in another encoding.
pub fn read_text(path: &Path, max_bytes: usize) -> io::Result<String> {
    let bytes = read(path, u64::try_from(max_bytes).unwrap_or(u64::MAX))?;
    if bytes.len() > max_bytes {
        let too_large = format!("larger than {} KiB", max_bytes >> 10);
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, too_large));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "not UTF-8 text"))
}

/// Whether nothing is there; a home that is no folder, such as `/dev/null`, holds nothing.
#[must_use]
pub fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_files_are_read_up_to_a_bound() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a");
        fs::write(&path, "abc").unwrap();
        assert_eq!(read(&path, 3).unwrap(), b"abc");
        assert_eq!(read(&path, 1).unwrap(), b"ab");
        assert!(open(dir.path()).is_err() && open(&dir.path().join("b")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn sockets_and_devices_are_refused_in_a_sentence() {
        let dir = tempfile::tempdir().unwrap();
        let socket = dir.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for path in [&socket, Path::new("/dev/null")] {
            let said = open(path).unwrap_err().to_string();
            assert!(said.starts_with("it is a pipe, a device or a socket"), "{said}");
        }
    }
}
