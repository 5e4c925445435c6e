//! Options of `doctor`.

use clap::Args;

use super::PageArgs;
use micheck_adb::Endpoint;

/// Options of `doctor`.
#[derive(Debug, Default, Args)]
pub struct DoctorArgs {
    /// Check this adb server (repeatable)
    ///
    /// Without it: the one that adb uses, 127.0.0.1:5037 or what adb's variables name.
    #[arg(short, long, value_name = "HOST:PORT", value_parser = Endpoint::parse)]
    #[arg(alias = "port", short_aliases = ['p', 'H'])]
    pub server: Vec<Endpoint>,

    /// How the page is written.
    #[command(flatten)]
    pub page: PageArgs,

    /// Print a udev rule that gives access to phones
    ///
    /// For Linux; nothing else is done.
    #[arg(long, exclusive = true)]
    pub udev_rule: bool,
}
