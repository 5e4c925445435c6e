//! Where a record may lie: on this computer's own disk. `SQLite`'s log is shared memory between
//! processes of one computer, which file systems of networks don't give, and what copies files about
//! tears the three files of a record apart.

use std::fs;
use std::path::{Path, PathBuf};

/// The name of the record's file.
pub const DATABASE_NAME: &str = "record.db";

/// What lies in folders that a program keeps the same on several computers.
const SYNC_MARKS: [(&str, &str); 8] = [
    (".dropbox", "Dropbox"),
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
    (".owncloudsync.log", "ownCloud"),
    (".nextcloudsync.log", "Nextcloud"),
    (".SeafileMeta", "Seafile"),
];

/// Why a record can't be kept in this file; `None`: it can. The folder need not be there yet.
#[must_use]
pub fn refusal(path: &Path) -> Option<String> {
    let folder = nearest_folder(path)?;
    if let Some(kind) = network_kind(&folder) {
        return Some(format!("it is on a network or shared drive ({kind})"));
    }
    synced_by(&folder).map(|program| format!("{program} copies that folder to other computers"))
}

/// The folder that the file lies in, or the first above it that is there.
fn nearest_folder(path: &Path) -> Option<PathBuf> {
    // Where a link leads to, not where it lies.
    let whole = fs::canonicalize(path).ok().or_else(|| std::path::absolute(path).ok())?;
    whole.ancestors().skip(1).find_map(|folder| fs::canonicalize(folder).ok())
}

fn synced_by(folder: &Path) -> Option<String> {
    let variables = ["OneDrive", "OneDriveConsumer", "OneDriveCommercial"];
    let roots = variables.iter().filter_map(std::env::var_os).filter(|root| !root.is_empty());
    for root in roots.filter_map(|root| fs::canonicalize(root).ok()) {
        if folder.starts_with(root) {
            return Some("OneDrive".to_owned());
        }
    }
    folder.ancestors().find_map(|above| {
        // macOS keeps iCloud and other providers' files there.
        let is_cloud =
            above.ends_with("Library/Mobile Documents") || above.ends_with("Library/CloudStorage");
        let mark =
            SYNC_MARKS.iter().find(|(mark, _)| fs::symlink_metadata(above.join(mark)).is_ok());
        let program =
            if is_cloud { Some("iCloud or another provider") } else { mark.map(|it| it.1) };
        program.map(str::to_owned)
    })
}

/// The kind of a file system that isn't this computer's own; `None`: it is, or nobody can tell.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn network_kind(folder: &Path) -> Option<String> {
    let mounts = fs::read("/proc/self/mountinfo").ok()?;
    let kind = kind_of(&String::from_utf8_lossy(&mounts), folder)?;
    is_shared(&kind).then_some(kind)
}

#[cfg(target_os = "macos")]
fn network_kind(folder: &Path) -> Option<String> {
    const MNT_LOCAL: u32 = 0x1000;
    let is_local = rustix::fs::statfs(folder).ok()?.f_flags & MNT_LOCAL != 0;
    (!is_local).then(|| "not a local volume".to_owned())
}

#[cfg(windows)]
fn network_kind(folder: &Path) -> Option<String> {
    micheck_platform::windows::is_remote_drive(folder).then(|| "a network drive".to_owned())
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "macos", windows)))]
fn network_kind(_folder: &Path) -> Option<String> {
    None
}

/// The kind of the file system that a folder is on, by Linux's list of mounts (`proc(5)`,
/// `/proc/[pid]/mountinfo`).
#[cfg(any(target_os = "linux", target_os = "android", test))]
fn kind_of(mounts: &str, folder: &Path) -> Option<String> {
    let mut found: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        let Some((left, right)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (left.split(' ').nth(4), right.split(' ').next()) else {
            continue;
        };
        let point = point.replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\");
        let depth = Path::new(&point).components().count();
        // The last one mounted there hides the others.
        if folder.starts_with(&point) && found.is_none_or(|(deepest, _)| depth >= deepest) {
            found = Some((depth, kind));
        }
    }
    found.map(|(_, kind)| kind.to_owned())
}

/// Whether a file system of this kind is served by another computer, or by a program that may be.
#[cfg(any(target_os = "linux", target_os = "android", test))]
fn is_shared(kind: &str) -> bool {
    const SHARED: [&str; 24] = [
        "9p",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "coda",
        "davfs",
        "gfs",
        "gfs2",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs4",
        "ocfs2",
        "orangefs",
        "prl_fs",
        "pvfs2",
        "smb3",
        "smbfs",
        "vboxsf",
        "virtiofs",
        "vmhgfs",
    ];
    // `fuseblk` is a disk of this computer, as with ntfs-3g.
    SHARED.contains(&kind) || kind == "fuse" || kind.starts_with("fuse.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deepest_mount_says_the_kind() {
        let mounts = "\
22 1 8:1 / / rw - ext4 /dev/sda1 rw
23 22 0:5 / /home/shop/My\\040Drive rw shared:1 - fuse.rclone drive: rw
24 22 0:6 / /mnt/server rw - nfs4 server:/ rw
25 22 8:2 / /mnt/server/disk rw - fuseblk /dev/sdb1 rw
broken line
";
        for (folder, kind, shared) in [
            ("/home/shop", "ext4", false),
            ("/home/shop/My Drive/a", "fuse.rclone", true),
            ("/home/shop/My Drives", "ext4", false),
            ("/mnt/server/x", "nfs4", true),
            ("/mnt/server/disk/x", "fuseblk", false),
        ] {
            let found = kind_of(mounts, Path::new(folder)).unwrap();
            assert_eq!((found.as_str(), is_shared(&found)), (kind, shared), "{folder}");
        }
        assert_eq!(kind_of("", Path::new("/")), None);
    }

    #[test]
    fn a_folder_that_a_program_copies_about_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("shop/micheck/record.db");
        assert_eq!(refusal(&path), None);
        fs::create_dir(home.path().join(".dropbox.cache")).unwrap();
        assert!(refusal(&path).unwrap().contains("Dropbox"));
    }
}
