//! Many files of one phone: the archive that MIUI makes of its logs, the folders of `AndroidQF` and
//! MVT, and what somebody puts together by hand.

use super::bugreport::Report;
use super::{Phone, Row, dump, dumpsys, getprop, packing};

/// A folder's or an archive's files, and the rows that are right for it.
#[derive(Debug, Clone)]
pub(crate) struct Collection {
    pub(crate) what: String,
    pub(crate) files: Vec<(String, Vec<u8>)>,
    pub(crate) rows: Vec<Row>,
}

impl Collection {
    fn new(what: &str, phone: &Phone, files: Vec<(String, Vec<u8>)>, row: Row) -> Self {
        let what = format!("{what}, Android {}, {:?}", phone.release.name(), phone.app);
        Self { what, files, rows: vec![row] }
    }
}

fn file(name: &str, content: impl AsRef<[u8]>) -> (String, Vec<u8>) {
    (name.to_owned(), content.as_ref().to_vec())
}

/// Every collection that is made of a phone.
pub(crate) fn all(phone: &Phone) -> Vec<Collection> {
    let mut all = vec![androidqf(phone), mvt(phone), by_hand(phone), one_file_a_service(phone)];
    if phone.release.has_service_ends() {
        all.push(timed_out(phone));
        all.push(with_a_strangers_report(phone));
    }
    if phone.release.major >= 7 && !phone.foreign {
        all.push(miui(phone));
        all.push(mailed(phone));
    }
    all
}

/// What full dumps and reports of this release can prove.
fn framed(phone: &Phone, right: Row) -> Row {
    if phone.release.has_service_ends() { right } else { right.at_most_risk("") }
}

/// An app's archive: whatever lies in it, a phone doesn't.
pub(crate) fn apk() -> Vec<u8> {
    let assets = packing::zip(&[("inner.txt", b"Packages:\n")]);
    packing::zip(&[
        ("AndroidManifest.xml", b"\x03\x00\x08\x00binary"),
        ("classes.dex", b"dex\n035\x00"),
        ("assets/data.zip", &assets),
        ("assets/notes.txt", b"[ro.build.version.sdk]: [30]\n"),
        ("META-INF/MANIFEST.MF", b"Manifest-Version: 1.0\n"),
    ])
}

/// An encrypted backup, as `adb backup` makes it.
pub(crate) fn backup() -> Vec<u8> {
    let mut bytes = b"ANDROID BACKUP\n5\n1\nAES-256\nB0C1D2\nA1B2C3\n10000\nFFEE\nDDCC\n".to_vec();
    bytes.extend((0..512_u32).map(|number| number.wrapping_mul(2_654_435_761).to_le_bytes()[3]));
    bytes
}

/// `AndroidQF`'s folder.
fn androidqf(phone: &Phone) -> Collection {
    let services = dumpsys::text(phone.release, &dumpsys::services(phone), &[]);
    let mut files = vec![
        file("acquisition.json", "{\n  \"uuid\": \"c0ffee\"\n}"),
        file("adb_host_key.pub", "QAAAAHFtxsV7 person@computer\n"),
        file("apks/com.miui.home_base.apk", apk()),
        file("backup.ab", backup()),
        file("command.log", "2024-05-13 DEBUG adb shell dumpsys\n"),
        file("dumpsys.txt", services),
        file("env.txt", "PATH=/system/bin\nANDROID_ROOT=/system\n"),
        file("files.json", "[\n  {\"path\": \"/sdcard\"}\n]"),
        file("getprop.txt", getprop::listing(phone)),
        file("hashes.csv", "acquisition.json,0123456789abcdef\n"),
        file("logcat.txt", "--------- beginning of main\n05-13 E x: Permission Denial: y\n"),
        file("logcat_old.txt", ""),
        file("logs/data/anr/traces.txt", "----- pid 1 at 2024 -----\nCmd line: x\n"),
        file("mounts.json", "[]"),
        file("packages.json", "[\n  {\"name\": \"com.miui.home\"}\n]"),
        file("processes.txt", "USER PID PPID\nroot 1 0 init\n"),
        file("root_binaries.json", "[]"),
        file("selinux.txt", "Enforcing\n"),
        file(
            "services.txt",
            "Found 2 services:\n0 package: [android.content.pm.IPackageManager]\n",
        ),
        file("settings_global.txt", "adb_enabled=1\n"),
        file("settings_secure.txt", "android_id=1\n"),
        file("settings_system.txt", "volume=5\n"),
        file("tmp/x.bin", b"\x00\x01\x02\x03"),
    ];
    if phone.release.major >= 7 {
        files.push(file("bugreport.zip", Report::new(phone).zip()));
    }
    Collection::new("AndroidQF", phone, files, framed(phone, phone.truth()))
}

/// The same, but its `dumpsys.txt` has no packages, because their service was too slow: the report
/// stands in.
fn timed_out(phone: &Phone) -> Collection {
    let Collection { mut files, rows, .. } = androidqf(phone);
    let mut services = dumpsys::services(phone);
    for service in services.iter_mut().filter(|service| service.name == "package") {
        service.text.truncate(200);
        service.timed_out = true;
    }
    let text = dumpsys::text(phone.release, &services, &[]);
    for (_, content) in files.iter_mut().filter(|(name, _)| name == "dumpsys.txt") {
        *content = text.clone().into_bytes();
    }
    let what = format!("AndroidQF, slow, Android {}, {:?}", phone.release.name(), phone.app);
    Collection { what, files, rows }
}

/// The same, beside the report of another phone.
fn with_a_strangers_report(phone: &Phone) -> Collection {
    let Collection { mut files, mut rows, .. } = androidqf(phone);
    let other = Phone::new(phone.number + 1, phone.release, super::App::InForce(super::AFFECTED));
    let report = Report::new(&other).zip();
    for (_, content) in files.iter_mut().filter(|(name, _)| name == "bugreport.zip") {
        content.clone_from(&report);
    }
    rows.push(other.truth());
    let what = format!("AndroidQF, stranger, Android {}, {:?}", phone.release.name(), phone.app);
    Collection { what, files, rows }
}

/// A file for each service, each with what `dumpsys SERVICE` printed (and no line in it that a
/// property listing could have).
fn one_file_a_service(phone: &Phone) -> Collection {
    let mut files: Vec<_> = dumpsys::services(phone)
        .into_iter()
        .map(|service| {
            let text = service.text.replace("[key]: [value]\n", "");
            file(&format!("{}.txt", service.name), text)
        })
        .collect();
    files.push(file("getprop.txt", getprop::listing(phone)));
    let row = phone.truth().at_most_risk("");
    Collection::new("a file a service", phone, files, row)
}

/// What `mvt-android check-adb --output` leaves behind: properties as JSON only.
fn mvt(phone: &Phone) -> Collection {
    let services = dumpsys::text(phone.release, &dumpsys::services(phone), &[]);
    let files = vec![
        file("command.log", "2024-05-13 INFO mvt.android\n"),
        file("dumpsys.txt", services),
        file("getprop.json", "[\n  {\"name\": \"ro.product.brand\", \"value\": \"x\"}\n]"),
        file("info.json", "{}"),
        file("logcat.txt", "05-13 E x: y\n"),
        file("logcat_last.txt", ""),
        file("packages.json", "[]"),
        file("timeline.csv", "UTC Timestamp,Plugin,Event\n"),
    ];
    Collection::new("MVT", phone, files, framed(phone, phone.truth_without_maker()))
}

/// Two commands, two files.
fn by_hand(phone: &Phone) -> Collection {
    let row = dump::row(phone, phone.truth());
    let files = vec![
        file("dump.txt", dump::text(phone)),
        file("props.txt", getprop::listing(phone)),
        file("photo.jpg", b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    ];
    Collection::new("by hand", phone, files, row)
}

/// The archive of `*#*#284#*#*`: apps' logs, and the bug report's archive among them.
fn miui(phone: &Phone) -> Collection {
    let mut report = Report::new(phone).files();
    let stability = packing::zip(&[("mqsas/a.txt", b"[ro.x]: [y]\nPermission Denial: z\n")]);
    report.push(("FS/data/miuilog/stability/scout_1.zip".to_owned(), stability.clone()));
    report.push(("FS/data/miuilog/stability/scout_2.zip".to_owned(), stability));
    let folder = "com.miui.bugreport-appLog/0/data/data/com.miui.bugreport/files/debug_log";
    let log = |name: &str, content: &[u8]| file(&format!("{folder}/{name}"), content);
    let mut files: Vec<_> = (0..20)
        .map(|day| log(&format!("2024-05-{day:02}.log"), b"05-13 10:22:33 I x: started\n"))
        .collect();
    files.extend([
        log("denied.log", b"Permission Denial: can't dump package from from pid=1, uid=2\n"),
        log("props.log", getprop::listing(phone).as_bytes()),
        log("pairs.log", b"[a]: [b]\n[c]: [d]\n"),
        log("broken.log.gz", b"\x1f\x8b\x08\x00\x00"),
        log("rolled.log.gz", &packing::gzip(b"05-12 I x: yesterday\n")),
        log("empty.zip", &packing::zip(&[])),
        log("sh.log", b"/system/bin/sh: x: not found\n"),
        file(
            &format!("bugreport-{}-2024-05-13-102233.zip", phone.device()),
            packing::zip_of(&report),
        ),
    ]);
    Collection::new("MIUI's archive", phone, files, framed(phone, phone.truth()))
}

/// The same, packed once more for mailing.
fn mailed(phone: &Phone) -> Collection {
    let Collection { files, rows, .. } = miui(phone);
    let inner = packing::zip_of(&files);
    let what = format!("MIUI's archive, mailed, {:?}", phone.app);
    Collection { what, files: vec![file("logs for you.zip", inner)], rows }
}
