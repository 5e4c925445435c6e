//! Which program has something open that only one can have: a TCP port, a USB device. On Linux
//! only; elsewhere nobody is named.

use std::fs;
use std::path::{Path, PathBuf};

use crate::doctor::OwningProcess;
use micheck_core::escape::decode;

/// The most that is taken of a name, bytes: Linux gives 15.
const MAX_NAME_BYTES: usize = 64;

/// As `/proc` cuts them: GNOME's and KDE's watchers of cameras and players. They open phones
/// for their MTP interface.
const BESIDE_ADB: &[&str] =
    &["gvfsd-mtp", "gvfsd-gphoto2", "gvfs-mtp-volume", "gvfs-gphoto2-vo", "kiod5", "kiod6"];

/// The state of a socket that waits for connections. Source: Linux, `tcp_states.h`.
const LISTEN: &str = "0A";

/// Who has the USB device with this number on its bus open, micheck itself left aside.
///
/// Programs that look for photos and music have phones open, too, without being in ADB's way, so
/// they aren't named. `None`: nobody else, or somebody whom this user may not see, or this system
/// doesn't tell.
#[must_use]
pub fn holder_of_usb(bus: u8, address: u8) -> Option<OwningProcess> {
    usb_in(proc()?, bus, address, std::process::id())
}

/// Who listens at this TCP port of this computer. `None`: nobody, or somebody whom this user may not
/// see, or this system doesn't tell.
#[must_use]
pub fn holder_of_port(port: u16) -> Option<OwningProcess> {
    port_in(proc()?, port)
}

/// Where Linux tells; no other system does without special rights or calls of its own.
fn proc() -> Option<&'static Path> {
    cfg!(target_os = "linux").then(|| Path::new("/proc"))
}

/// `own` is the process whose own doing, and whose children's, doesn't count.
fn usb_in(proc: &Path, bus: u8, address: u8, own: u32) -> Option<OwningProcess> {
    let node = PathBuf::from(format!("/dev/bus/usb/{bus:03}/{address:03}"));
    let of_others = |pid: u32| pid != own && parent(proc, pid) != Some(own);
    let mut holders = holders(proc, |open| open == node, of_others);
    holders.retain(|holder| !BESIDE_ADB.contains(&holder.name.as_str()));
    // An adb is the likeliest to have its hands on the interface in question.
    holders.into_iter().min_by_key(|holder| (holder.name != "adb", holder.pid))
}

fn port_in(proc: &Path, port: u16) -> Option<OwningProcess> {
    let inodes: Vec<String> = ["net/tcp", "net/tcp6"]
        .iter()
        .filter_map(|table| fs::read_to_string(proc.join(table)).ok())
        .flat_map(|table| listening(&table, port))
        .collect();
    if inodes.is_empty() {
        return None;
    }
    let sockets: Vec<PathBuf> =
        inodes.iter().map(|inode| PathBuf::from(format!("socket:[{inode}]"))).collect();
    let listens = |open: &Path| sockets.iter().any(|socket| socket == open);
    holders(proc, listens, |_| true).into_iter().min_by_key(|holder| holder.pid)
}

/// The inodes of the sockets of a table that listen at `port`. Source: Linux,
/// `Documentation/networking/proc_net_tcp.rst`.
fn listening(table: &str, port: u16) -> Vec<String> {
    let of_line = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (_, own_port) = words.get(1)?.rsplit_once(':')?;
        let same = u16::from_str_radix(own_port, 16).ok()? == port;
        let inode = words.get(9)?;
        (same && words.get(3) == Some(&LISTEN)).then(|| (*inode).to_owned())
    };
    table.lines().skip(1).filter_map(of_line).collect()
}

/// The processes of `counts` that have something open of which `wanted` is true.
fn holders(
    proc: &Path,
    wanted: impl Fn(&Path) -> bool,
    counts: impl Fn(u32) -> bool,
) -> Vec<OwningProcess> {
    let mut found = Vec::new();
    for entry in fs::read_dir(proc).into_iter().flatten().flatten() {
        let Some(pid) = entry.file_name().to_str().and_then(|name| name.parse().ok()) else {
            continue;
        };
        // Those of other users are closed to this one.
        let open = fs::read_dir(entry.path().join("fd")).into_iter().flatten().flatten();
        let has_it =
            open.filter_map(|open| fs::read_link(open.path()).ok()).any(|open| wanted(&open));
        if has_it && counts(pid) {
            found.push(OwningProcess { pid, name: name(&entry.path()) });
        }
    }
    found
}

fn name(process: &Path) -> String {
    let name = fs::read(process.join("comm")).unwrap_or_default();
    decode(name[..name.len().min(MAX_NAME_BYTES)].trim_ascii_end())
}

fn parent(proc: &Path, pid: u32) -> Option<u32> {
    let stat = fs::read(proc.join(pid.to_string()).join("stat")).ok()?;
    // The name stands in parentheses, and may hold anything.
    let behind_name = memchr::memrchr(b')', &stat)? + 1;
    str::from_utf8(&stat[behind_name..]).ok()?.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(target_os = "linux")]
#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::os::unix::fs::symlink;

    use super::*;

    /// A `/proc` with these processes: number, parent, name, what they have open.
    fn proc_of(processes: &[(u32, u32, &[u8], &[&str])]) -> tempfile::TempDir {
        let proc = tempfile::tempdir().unwrap();
        for (pid, parent, name, open) in processes {
            let process = proc.path().join(pid.to_string());
            fs::create_dir_all(process.join("fd")).unwrap();
            fs::write(process.join("comm"), [name, &b"\n"[..]].concat()).unwrap();
            let stat = [b"9 (", *name, format!(") S {parent} 0 0\n").as_bytes()].concat();
            fs::write(process.join("stat"), stat).unwrap();
            for (number, open) in open.iter().enumerate() {
                symlink(open, process.join("fd").join(number.to_string())).unwrap();
            }
        }
        fs::create_dir_all(proc.path().join("net")).unwrap();
        fs::create_dir_all(proc.path().join("self-made")).unwrap();
        proc
    }

    fn named(holder: Option<OwningProcess>) -> Option<(u32, String)> {
        holder.map(|holder| (holder.pid, holder.name))
    }

    #[test]
    fn who_has_a_usb_device_open_is_named() {
        let node = &["/dev/null", "/dev/bus/usb/001/005"][..];
        let proc = proc_of(&[
            (5, 1, b"gvfsd-mtp", node),
            (7, 1, b"other", &["/dev/bus/usb/001/006"]),
            (8, 1, b"phone su) 4 \xffite", node),
        ]);
        let of = |address, own| named(usb_in(proc.path(), 1, address, own));
        assert_eq!(of(5, 99), Some((8, "phone su) 4 \\xffite".to_owned())));
        assert_eq!(of(6, 99), Some((7, "other".to_owned())));
        assert_eq!(of(4, 99), None);
        // Its own, and its children's, don't count.
        assert_eq!((of(5, 8), of(5, 1)), (None, None));
        assert_eq!(named(usb_in(proc.path(), 2, 5, 99)), None);
        assert_eq!(named(usb_in(Path::new("/nonexistent"), 1, 5, 99)), None);
    }

    #[test]
    fn of_several_the_adb_is_named() {
        let node = &["/dev/bus/usb/012/127"][..];
        let proc = proc_of(&[(30, 1, b"scrutiny", node), (31, 1, b"adb", node)]);
        let holder = named(usb_in(proc.path(), 12, 127, 99));
        assert_eq!(holder, Some((31, "adb".to_owned())));
    }

    #[test]
    fn who_listens_is_named() {
        let proc = proc_of(&[
            (3, 1, b"client", &["socket:[700]"]),
            (4, 1, b"server", &["socket:[800]"]),
            (6, 1, b"server6", &["socket:[900]"]),
        ]);
        let head = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
        let line = |address: &str, state: &str, inode: &str| {
            format!(
                "   0: {address} 00000000:0000 {state} 00000000:00000000 00:00000000 00000000  1000        0 {inode} 1 0 100 0 0 10 0\n"
            )
        };
        let table = [
            head,
            &line("0100007F:13AD", "01", "700"),
            &line("0100007F:13AD", "0A", "800"),
            "nonsense\n",
        ];
        fs::write(proc.path().join("net/tcp"), table.concat()).unwrap();
        let six = line("00000000000000000000000001000000:13AE", "0A", "900");
        fs::write(proc.path().join("net/tcp6"), [head, &six].concat()).unwrap();
        let of = |port| named(port_in(proc.path(), port));
        assert_eq!(of(5037), Some((4, "server".to_owned())));
        assert_eq!(of(5038), Some((6, "server6".to_owned())));
        assert_eq!(of(5039), None);
    }

    #[test]
    fn this_computers_own_table_is_read() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        assert_eq!(holder_of_port(port).map(|holder| holder.pid), Some(std::process::id()));
        assert_eq!(holder_of_usb(255, 255), None);
    }
}
