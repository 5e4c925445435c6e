//! Files that only this user may read: keys and salts. Shell.

use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// A new file in `folder` that only this user may read, and on Windows the system and its
/// administrators, from the first byte on; it goes away by itself unless it is moved.
///
/// # Errors
/// The system makes none there.
pub fn new_in(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix(".micheck-");
    #[cfg(windows)]
    return builder.make_in(folder, crate::windows::create_private);
    // Temporary files are private where files have modes.
    #[cfg(not(windows))]
    builder.tempfile_in(folder)
}
