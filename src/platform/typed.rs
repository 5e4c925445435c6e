//! What was typed on a terminal and nobody has read yet.

/// Throws it away: it was typed before anything was asked. Where standard input is no terminal, nothing
/// is.
#[cfg(unix)]
pub fn discard_typed() {
    use rustix::termios::{QueueSelector, tcflush};

    // No terminal: there is nothing to be thrown away.
    let _ = tcflush(std::io::stdin(), QueueSelector::IFlush);
}

/// Throws it away: it was typed before anything was asked. Where standard input is no console, nothing
/// is.
#[cfg(windows)]
pub fn discard_typed() {
    crate::windows::flush_console_input();
}
