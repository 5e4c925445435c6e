//! Phones on a USB bus that isn't there (`tests/testbed/usb-mock`).

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use micheck_adb::message::Message;
use micheck_simulator::{Bench, ListeningThread, Phone};

use super::{Micheck, repository};

/// Phones on USB, each answered by a simulated phone that listens on TCP.
#[derive(Default)]
pub(crate) struct UsbBus {
    specs: Vec<String>,
    answering: Vec<ListeningThread>,
}

impl UsbBus {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Plugs `phone` in; `fields` as `usb-mock` reads them.
    pub(crate) fn phone(mut self, phone: Phone, fields: &str) -> Self {
        let listening = Bench::new().phone(phone).listen_in_thread().unwrap();
        let port = listening.addresses()[0].port();
        self.answering.push(listening);
        self.device(&format!("{fields},port={port}"))
    }

    /// What phone number `at` was sent.
    pub(crate) fn received(&self, at: usize) -> Vec<Message> {
        self.answering[at].received(0)
    }

    /// Plugs in something that answers nothing.
    pub(crate) fn device(mut self, fields: &str) -> Self {
        self.specs.push(fields.trim_start_matches(',').to_owned());
        self
    }

    /// Lets `micheck` see these phones and no others. They are there for as long as `self` is.
    pub(crate) fn shown_to(&self, micheck: Micheck) -> Micheck {
        let phones = self.specs.iter().flat_map(|spec| ["--phone", spec.as_str()]);
        // The bus is a folder, which nobody removes when a program on it is killed.
        let folder = micheck.dir().to_owned();
        let micheck = micheck.env("TMPDIR", folder);
        micheck.within(usb_mock(), phones.chain(["--"]))
    }
}

/// The program, built once.
fn usb_mock() -> &'static Path {
    static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
        let build = Command::new(repository("tests/testbed/usb-mock/build"))
            .stderr(Stdio::inherit())
            .output()
            .unwrap();
        assert!(build.status.success(), "usb-mock can't be built: run tests/setup");
        let stdout = String::from_utf8(build.stdout).unwrap();
        PathBuf::from(stdout.lines().last().unwrap())
    });
    &PROGRAM
}
