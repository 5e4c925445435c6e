//! Android's own adbd for one test (`tests/testbed/adbd`): a folder that says what the phone is,
//! and somebody who taps Allow. Gone when it is dropped.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::support::repository;

/// A phone that is starting.
pub(crate) struct Starting {
    folder: tempfile::TempDir,
    process: Child,
}

/// A phone that listens.
pub(crate) struct AdbdPhone {
    folder: tempfile::TempDir,
    process: Child,
    address: SocketAddr,
}

/// How many there were: each has a serial number of its own.
static COUNT: AtomicUsize = AtomicUsize::new(1);

/// Whether a phone wants computers to be allowed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trust {
    Everybody,
    WhoIsAllowed,
}

/// Starts a phone with the app in this version. To be called from a thread that lives as long as
/// the phone: it ends with that.
pub(crate) fn start(version: &str, trust: Trust) -> Starting {
    start_with(version, trust, "", &[], "exit 1")
}

/// The same with a region, these apps beside it, and an `am` that does this.
pub(crate) fn start_with(
    version: &str,
    trust: Trust,
    region: &str,
    apps: &[&str],
    am: &str,
) -> Starting {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    let own = format!(
        "[ro.miui.region]: [{region}]\n[ro.serialno]: [adbd{:04}]\n",
        COUNT.fetch_add(1, Ordering::Relaxed)
    );
    put("props", &(properties(trust) + &own));
    let pm = format!(
        "case \"$2\" in android{}) echo \"package:/system/app/$2.apk\" ;; *) exit 1 ;; esac",
        apps.iter().flat_map(|app| ["|", app]).collect::<String>()
    );
    let am =
        format!("printf '[%s]' \"$@\" >>\"$PHONE_DIR/asked\"; echo >>\"$PHONE_DIR/asked\"\n{am}");
    let dump = fs::read_to_string(repository("fixtures/dumpsys/android14.txt")).unwrap();
    put("dump", &dump.replace("3.1.900.12", version));
    for (name, script) in [
        ("getprop", "cat \"$PHONE_DIR/props\""),
        ("dumpsys", "cat \"$PHONE_DIR/dump\""),
        ("pm", &pm),
        ("am", &am),
    ] {
        // Android's own `am` is a script of its shell.
        let shell = if name == "am" { "/usr/bin/env mksh" } else { "/bin/sh" };
        put(&format!("bin/{name}"), &format!("#!{shell}\n{script}\n"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;

            let path = folder.path().join("bin").join(name);
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    let process = Command::new(repository("tests/testbed/adbd/phone"))
        .arg("--adbd")
        .arg(&*ADBD)
        .args(["--port", "0", "--until-eof"])
        .arg(folder.path())
        // Held open: its end is the phone's.
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    Starting { folder, process }
}

/// The program, built once.
static ADBD: LazyLock<PathBuf> = LazyLock::new(|| {
    let build = Command::new(repository("tests/testbed/adbd/build"))
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(build.status.success(), "adbd can't be built: run tests/setup");
    let stdout = String::from_utf8(build.stdout).unwrap();
    PathBuf::from(stdout.lines().last().unwrap())
});

fn properties(trust: Trust) -> String {
    let mut text = String::new();
    for (key, value) in [
        ("ro.adb.secure", if trust == Trust::WhoIsAllowed { "1" } else { "0" }),
        ("ro.product.manufacturer", "Xiaomi"),
        ("ro.product.brand", "Redmi"),
        ("ro.product.model", "23129RAA4G"),
        ("ro.product.name", "sapphire_global"),
        ("ro.product.device", "sapphire"),
        ("ro.product.marketname", "Redmi Note 13"),
        ("ro.build.version.release", "14"),
        ("ro.build.version.sdk", "34"),
        ("ro.mi.os.version.name", "OS1.0"),
        ("sys.boot_completed", "1"),
    ] {
        writeln!(text, "[{key}]: [{value}]").unwrap();
    }
    text
}

impl Starting {
    /// Waits until it listens.
    pub(crate) fn ready(mut self) -> AdbdPhone {
        let mut line = String::new();
        BufReader::new(self.process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim_end().strip_prefix("ready ").map(str::parse);
        let Some(Ok(port)) = port else { panic!("no adbd: {line:?}") };
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        AdbdPhone { folder: self.folder, process: self.process, address }
    }
}

impl AdbdPhone {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same, as it stands in a report.
    pub(crate) fn serial(&self) -> String {
        self.address.to_string()
    }

    /// What `am` was given, word by word, a line each time.
    pub(crate) fn asked(&self) -> Vec<String> {
        let asked = fs::read_to_string(self.folder.path().join("asked")).unwrap_or_default();
        asked.lines().map(str::to_owned).collect()
    }

    /// What its person does from now on when the phone asks, such as `accept 2`.
    pub(crate) fn person(&self, does: &str) {
        fs::write(self.folder.path().join("on_auth"), does).unwrap();
    }

    /// The keys that its person allowed for good.
    pub(crate) fn allowed_keys(&self) -> Vec<String> {
        let keys = fs::read_to_string(self.folder.path().join("adb_keys")).unwrap_or_default();
        keys.lines().map(str::to_owned).collect()
    }
}

impl Drop for AdbdPhone {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
