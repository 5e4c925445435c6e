//! What can be set about the simulated adb server itself.

/// How the simulated server behaves. The default is a healthy server of today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerOptions {
    /// The number that `host:version` answers; 41 is adb of today, 32 that of Android 5.
    pub version: u32,
    /// A server from before 2018: no transport ids in the list, and requests that name one fail.
    pub old: bool,
    /// `host:track-devices-l` is unknown, as on old servers.
    pub no_long_tracking: bool,
    /// The server dies at once, with every connection, when so many shell answers have begun.
    pub die_after_shells: Option<usize>,
    /// Behind each of the first so many lists the transport ids are dealt out anew, in the other
    /// order, as where a server was ended and started again.
    pub renumbered_lists: usize,
    /// `host:devices-l` answers `FAIL` with this text.
    pub list_fails: Option<String>,
    /// What stands in the place of the protocol.
    pub wire: Wire,
    /// Whether the server remembers every request for [`super::Controls::requests`]: not where it
    /// runs for days.
    pub record_requests: bool,
    /// Lines put at the end of every list as they are, without the line feed. Any bytes.
    pub extra_lines: Vec<Vec<u8>>,
}

impl Default for ServerOptions {
    fn default() -> Self {
        Self {
            version: 41,
            old: false,
            no_long_tracking: false,
            die_after_shells: None,
            renumbered_lists: 0,
            list_fails: None,
            wire: Wire::Protocol,
            record_requests: true,
            extra_lines: Vec::new(),
        }
    }
}

/// What the server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wire {
    /// The smart-socket protocol of adb.
    #[default]
    Protocol,
    /// Random-looking bytes, then the end.
    Garbage,
    /// Nothing: connections are accepted and never answered.
    Silent,
}
