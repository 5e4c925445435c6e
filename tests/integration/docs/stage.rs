//! Where the commands run: simulated phones, made-up files, and no programs but these.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use micheck_simulator::{Bench, ListeningThread, RunningThread};
use rawzip::{CompressionMethod, ZipArchiveWriter};
use regex::Regex;

use crate::support::phones::{start, vulnerable};
use crate::support::repository;

/// Where a program can't be given what the page says. Addresses come from `Stage::replaced`.
const REPLACED: [(&str, &str); 6] = [
    ("FILE…", "dump.txt"),
    ("DIR", "own"),
    ("ID", "mi-connect"),
    ("VERSION", "3.1.874.10"),
    ("SHELL", "bash"),
    // No more phones come.
    ("--once 20", "--once 1"),
];

/// What stands in for `micheck`: notes each run with its exit code. A board ends after its first
/// phone, and no update is waited for. The machine's own USB bus isn't asked: what is typed is parsed, and the help printed.
const MICHECK: &str = r#"#!/bin/sh
case "$*" in
    *--via\ usb*) set -- "$@" --help ;;
    watch*--once*) ;;
    watch*) set -- "$@" --once 1 ;;
    fix*--yes*) set -- "$@" --wait 0 ;;
esac
"$MICHECK_PROGRAM" "$@"
code=$?
echo "$code $*" >>"$MICHECK_CALLS"
exit $code
"#;

/// `cargo run --release --` runs what is built already.
const CARGO: &str = r#"#!/bin/sh
[ "$1 $2 $3" = "run --release --" ] || exit 127
shift 3
exec micheck "$@"
"#;

/// A phone's answer.
const ADB: &str = r#"#!/bin/sh
[ "$*" = "shell dumpsys package com.xiaomi.mi_connect_service" ] && exec cat "${0%/*}/dumpsys.txt"
exit 127
"#;

/// Takes what would be written to a place of root's.
const SUDO: &str = r#"#!/bin/sh
[ "$1" = tee ] && exec cat >/dev/null
exit 127
"#;

/// Programs of the system that commands may use.
const SYSTEM: [&str; 6] = ["cat", "date", "head", "mkdir", "sh", "sha256sum"];

/// Where shells look for completions.
const COMPLETIONS: [&str; 4] = [
    ".config/elvish/lib",
    ".config/fish/completions",
    ".local/share/bash-completion/completions",
    ".zfunc",
];

/// Phones, files and programs for the commands.
pub(crate) struct Stage {
    folder: tempfile::TempDir,
    servers: [RunningThread; 3],
    network: ListeningThread,
    /// The code of the serial number in the saved reports.
    serial: String,
}

impl Stage {
    pub(crate) fn new() -> Self {
        let bench = |serial| start([vulnerable(serial)]);
        let network = Bench::new().phone(vulnerable("N1")).listen_in_thread().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut stage = Self {
            folder,
            servers: [bench("0123a1b2c3d4"), bench("P2"), bench("P3")],
            network,
            serial: String::new(),
        };
        stage.put_programs();
        stage.put_files();
        stage
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn put_programs(&self) {
        fs::create_dir_all(self.path("bin")).unwrap();
        fs::create_dir_all(self.path("files")).unwrap();
        let label = "#!/bin/sh\nexit 0\n";
        for (name, text) in [
            ("bin/micheck", MICHECK),
            ("bin/cargo", CARGO),
            ("bin/adb", ADB),
            ("bin/sudo", SUDO),
            ("files/print-label", label),
        ] {
            fs::write(self.path(name), text).unwrap();
            fs::set_permissions(self.path(name), fs::Permissions::from_mode(0o755)).unwrap();
        }
        for name in SYSTEM {
            let path = std::env::var_os("PATH").unwrap();
            let found = std::env::split_paths(&path).map(|folder| folder.join(name));
            let found = found.into_iter().find(|program| program.exists());
            symlink(found.unwrap(), self.path("bin").join(name)).unwrap();
        }
    }

    /// Files by the names that the pages give them, of phones at risk.
    fn put_files(&mut self) {
        let files = self.path("files");
        let write = |name: &str, bytes: &[u8]| {
            let path = files.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        };
        // The server of a settings file keeps the machine's own server and USB bus out of it.
        let server = self.servers[0].address();
        write(".config/micheck/micheck.toml", format!("server = \"{server}\"\n").as_bytes());
        let dump = fs::read_to_string(repository("fixtures/dumpsys/android14.txt")).unwrap();
        let dump = dump.replace("3.1.900.12", "3.1.874.10");
        let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
        packed.write_all(dump.as_bytes()).unwrap();
        write("phone-2.txt.gz", &packed.finish().unwrap());
        for name in ["dump.txt", "d.txt", "../bin/dumpsys.txt"] {
            write(name, dump.as_bytes());
        }
        let report = bug_report(&dump);
        for name in ["bugreport.zip", "bugreport-ishtar-2024-05-13.zip", "reports/desk-101.zip"] {
            write(name, &report);
        }
        let advisory = fs::read(repository("src/core/advisory/mi-connect.toml")).unwrap();
        write("own/mi-connect.toml", &advisory);
        write("phones.txt", b"desk-101 3.1.874.10\ndesk-102 3.1.921.10\ndesk-103 absent\n");
        let saved = "micheck scan --record --job 4711 -o bench.json; \
                     micheck record export -o copy.jsonl; \
                     micheck scan --evidence kept -o bench.json; micheck scan -o tuesday.jsonl; \
                     micheck watch --log bench.jsonl; cat bench.json >monday.json; \
                     cat bench.json >tuesday.json; cat bench.json >b.json; \
                     cat bench.jsonl >bench-log.jsonl; mkdir -p judged; \
                     cat bench.json >judged/a.json; sha256sum dump.txt >SHA256SUMS";
        for folder in COMPLETIONS {
            fs::create_dir_all(files.join(folder)).unwrap();
        }
        let run = self.run(saved, &files);
        assert!(run.status.success(), "{run:?}");
        let bench = crate::support::report(&fs::read_to_string(files.join("bench.json")).unwrap());
        let serial = &bench["devices"][0]["connection"]["serial"];
        serial.as_str().unwrap().clone_into(&mut self.serial);
        fs::remove_file(files.join("calls")).unwrap();
    }

    /// Has a shell run it in a folder.
    pub(crate) fn run(&self, script: &str, folder: &Path) -> Output {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).current_dir(folder).stdin(Stdio::null()).env_clear();
        shell.env("PATH", self.path("bin")).env("HOME", folder);
        shell.env("MICHECK_PROGRAM", env!("CARGO_BIN_EXE_micheck"));
        shell.env("MICHECK_CALLS", folder.join("calls"));
        if let Some(profile) = std::env::var_os("LLVM_PROFILE_FILE") {
            shell.env("LLVM_PROFILE_FILE", profile);
        }
        shell.output().unwrap()
    }

    /// The command with what is there in the place of what the page says.
    pub(crate) fn replaced(&self, command: &str) -> String {
        let mut command = command.replace(".\\micheck", "micheck");
        let phone = self.network.addresses()[0].to_string();
        for name in ["HOST[:PORT]", "HOST:PORT", "192.168.1.5"] {
            command = command.replace(name, &phone);
        }
        for (port, server) in (5037..).zip(&self.servers) {
            command = command.replace(&format!("127.0.0.1:{port}"), &server.address().to_string());
        }
        command = command.replace("8922e7a60cd6", &self.serial);
        for (name, text) in REPLACED {
            let whole = Regex::new(&format!(r"(^|[\s=]){}(\s|$)", regex::escape(name))).unwrap();
            command = whole.replace_all(&command, format!("${{1}}{text}${{2}}")).into_owned();
        }
        command
    }
}

/// A bug report with this dump, as a zip.
fn bug_report(dump: &str) -> Vec<u8> {
    let (rule, double) = ("-".repeat(79), "=".repeat(56));
    let text = format!(
        "{double}\n== dumpstate: 2024-05-13 10:22:33\n{double}\n\nBuild: UKQ1\n\
         ------ SYSTEM PROPERTIES (getprop) ------\n[ro.product.brand]: [Redmi]\n\
         ------ 0.010s was the duration of 'SYSTEM PROPERTIES' ------\n\
         {rule}\nDUMP OF SERVICE package:\n{dump}\
         --------- 1.2s was the duration of dumpsys package, ending at: 2024-05-13\n\
         {double}\n== dumpstate: done (id 1)\n{double}\n"
    );
    let mut bytes = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut bytes);
    for (name, content) in [("main_entry.txt", "bugreport.txt"), ("bugreport.txt", text.as_str())] {
        let file = archive.new_file(name).compression_method(CompressionMethod::DEFLATE);
        let (mut entry, config) = file.start().unwrap();
        let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::fast()));
        writer.write_all(content.as_bytes()).unwrap();
        let (encoder, descriptor) = writer.finish().unwrap();
        encoder.finish().unwrap();
        entry.finish(descriptor).unwrap();
    }
    archive.finish().unwrap();
    bytes
}

/// A folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let copied = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &copied);
        } else {
            fs::copy(&path, copied).unwrap();
        }
    }
}
