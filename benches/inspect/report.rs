//! A made-up bug report: nobody's, of any size, the same in every run, and as well packed as real
//! ones (about 8:1).

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::{CompressionMethod, ZipArchiveWriter};

use crate::Result;

/// The main text's name in the archive.
pub(crate) const MAIN: &str = "bugreport-made-up.txt";

/// The same report twice.
pub(crate) struct Files {
    pub(crate) text: PathBuf,
    pub(crate) zip: PathBuf,
}

/// Writes a report of about so many bytes, whose phone is at risk.
pub(crate) fn write(folder: &Path, bytes: usize) -> Result<Files> {
    let files = Files { text: folder.join(MAIN), zip: folder.join("bugreport.zip") };
    let mut text = BufWriter::new(File::create(&files.text)?);
    all(&mut text, bytes)?;
    text.flush()?;
    drop(text);
    let mut archive = ZipArchiveWriter::new(BufWriter::new(File::create(&files.zip)?));
    add(&mut archive, "version.txt", &b"2.0"[..])?;
    add(&mut archive, MAIN, File::open(&files.text)?)?;
    add(&mut archive, "main_entry.txt", MAIN.as_bytes())?;
    archive.finish()?.flush()?;
    Ok(files)
}

/// Writes an archive as Xiaomi's phones hand a report over: the report's zip among so many logs of
/// apps.
pub(crate) fn wrap(folder: &Path, report: &Path, logs: usize) -> Result<PathBuf> {
    let wrapped = folder.join("284.zip");
    let mut archive = ZipArchiveWriter::new(BufWriter::new(File::create(&wrapped)?));
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let mut lines = Vec::new();
    for at in 0..logs {
        lines.clear();
        log(&mut lines, &mut chance, 4_000)?;
        add(&mut archive, &format!("com.app{}-appLog/debug_log/{at}.log", at % 40), &lines[..])?;
    }
    add(&mut archive, "bugreport-made-up.zip", File::open(report)?)?;
    archive.finish()?.flush()?;
    Ok(wrapped)
}

fn add<W: Write>(
    archive: &mut ZipArchiveWriter<W>,
    name: &str,
    mut content: impl std::io::Read,
) -> Result<()> {
    let method = CompressionMethod::DEFLATE;
    let (mut entry, config) = archive.new_file(name).compression_method(method).start()?;
    let mut writer = config.wrap(DeflateEncoder::new(&mut entry, Compression::default()));
    std::io::copy(&mut content, &mut writer)?;
    let (encoder, descriptor) = writer.finish()?;
    encoder.finish()?;
    entry.finish(descriptor)?;
    Ok(())
}

/// Numbers without meaning (xorshift), the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

const WORDS: &[&str] = &[
    "ActivityManager",
    "WindowManager",
    "PowerManagerService",
    "BatteryStats",
    "NetworkStats",
    "com.android.systemui",
    "com.android.settings",
    "com.miui.home",
    "com.xiaomi.market",
    "com.google.android.gms",
    "SurfaceFlinger",
    "AudioFlinger",
    "WifiService",
    "JobScheduler",
];

fn all(out: &mut impl Write, bytes: usize) -> Result<()> {
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let rule = "-".repeat(79);
    let double = "=".repeat(56);
    write!(
        out,
        "{double}\n== dumpstate: 2024-05-13 10:22:33\n{double}\n\nBuild: UKQ1.230804.001\n\
         Build fingerprint: 'Xiaomi/ishtar/ishtar:14/UKQ1.230804.001/V816.0.5.0:user/release-keys'\n\n\
         ------ SYSTEM PROPERTIES (getprop) ------\n[ro.product.brand]: [Xiaomi]\n\
         [ro.build.version.sdk]: [34]\n------ 0.010s was the duration of 'SYSTEM PROPERTIES' ------\n"
    )?;
    log(out, &mut chance, bytes * 45 / 100)?;
    writeln!(
        out,
        "{rule}\nDUMP OF SERVICE package:\nActivity Resolver Table:\n  Non-Data Actions:"
    )?;
    let apps = (bytes / 300_000).max(4);
    for app in 0..apps * 60 {
        writeln!(
            out,
            "        {:07x} com.example.app{}/.MainActivity filter {:07x}",
            chance.below(1 << 28),
            app % apps,
            chance.below(1 << 28)
        )?;
    }
    writeln!(out, "\nPackages:")?;
    block(out, &mut chance, "android", "14")?;
    for app in 0..apps {
        if app == apps / 2 {
            block(out, &mut chance, "com.xiaomi.mi_connect_service", "3.1.874.10")?;
        }
        block(out, &mut chance, &format!("com.example.app{app}"), "1.2.3")?;
    }
    writeln!(out, "\nQueries:\n  system apps queryable: false\n\nShared users:")?;
    for user in 0..apps * 20 {
        writeln!(out, "  SharedUser [com.example.shared{user}] ({:07x}):", chance.below(1 << 28))?;
    }
    writeln!(
        out,
        "--------- 1.204s was the duration of dumpsys package, ending at: 2024-05-13 10:23:02\n\
         {rule}\nDUMP OF SERVICE window:"
    )?;
    log(out, &mut chance, bytes * 45 / 100)?;
    write!(out, "{double}\n== dumpstate: done (id 1)\n{double}\n")?;
    Ok(())
}

/// A package's block, with as many permissions as apps have.
fn block(out: &mut impl Write, chance: &mut Chance, name: &str, version: &str) -> Result<()> {
    write!(
        out,
        "  Package [{name}] ({:07x}):\n    appId={}\n    pkg=Package{{{:07x} {name}}}\n    \
         codePath=/data/app/{name}\n    versionCode=1 minSdk=28 targetSdk=33\n    \
         versionName={version}\n    splits=[base]\n    flags=[ HAS_CODE ]\n    \
         pkgFlags=[ HAS_CODE ]\n    requested permissions:\n",
        chance.below(1 << 28),
        chance.below(20_000),
        chance.below(1 << 28)
    )?;
    for permission in 0..200 {
        writeln!(out, "      android.permission.EXAMPLE_{permission}: granted=true, flags=[ ]")?;
    }
    writeln!(out, "    User 0: ceDataInode=1 installed=true hidden=false stopped=false enabled=0")?;
    Ok(())
}

/// What a bug report mostly is: lines of logs and of other services.
fn log(out: &mut impl Write, chance: &mut Chance, bytes: usize) -> Result<()> {
    let mut left = bytes;
    let mut line = Vec::new();
    let mut second = 0_u64;
    while left > 0 {
        line.clear();
        second += u64::from(chance.below(50) == 0);
        let word = |chance: &mut Chance| {
            let index = chance.below(WORDS.len() as u64);
            WORDS[usize::try_from(index).unwrap_or_default()]
        };
        if chance.below(3) == 0 {
            writeln!(
                line,
                "    {}: count={} last=-{}s",
                word(chance),
                chance.below(100),
                chance.below(60)
            )?;
        } else {
            let (hour, minute) = (second / 3_600 % 24, second / 60 % 60);
            writeln!(
                line,
                "05-13 {hour:02}:{minute:02}:{:02}.{:03}  1000  1711  1790 I {}: {} state changed, pid {}",
                second % 60,
                chance.below(1_000),
                word(chance),
                word(chance),
                chance.below(5_000)
            )?;
        }
        out.write_all(&line)?;
        left = left.saturating_sub(line.len());
    }
    Ok(())
}
