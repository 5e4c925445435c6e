//! The lines around the dumps of a bug report, of `dumpsys` as a whole and of `pm dump`.
//!
//! Source: AOSP's `dumpstate.cpp`, `dumpsys.cpp` and `ActivityManager.dumpPackageStateStatic`.

/// A line that no dump of one service prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// `== dumpstate: 2024-05-13 10:22:33`: a bug report, and when it was begun.
    Report(&'a [u8]),
    /// `Currently running services:`, how `dumpsys` of all services begins.
    Services,
    /// `DUMP OF SERVICE package:`, on newer phones with a priority before the name.
    Service(&'a [u8]),
    /// `--------- 0.1s was the duration of dumpsys package, ending at: …`.
    ServiceEnd(&'a [u8]),
    /// `------ SYSTEM PROPERTIES (getprop) ------`: a part of a bug report that isn't a service's.
    Section(&'a [u8]),
}

/// What `dumpsys.cpp` puts before the names of services that it dumps first.
const PRIORITIES: &[&[u8]] = &[b"CRITICAL ", b"HIGH ", b"NORMAL "];

impl<'a> Frame<'a> {
    /// The frame that `line` is, if any.
    pub(super) fn of_line(line: &'a [u8]) -> Option<Self> {
        match line.first()? {
            b'D' => {
                let name = line.strip_prefix(b"DUMP OF SERVICE ")?.strip_suffix(b":")?;
                let priority = PRIORITIES.iter().find_map(|priority| name.strip_prefix(*priority));
                Some(Self::Service(priority.unwrap_or(name)))
            }
            b'-' => Self::of_dashes(line),
            b'=' => {
                let date = line.strip_prefix(b"== dumpstate: ")?;
                date.first()?.is_ascii_digit().then_some(Self::Report(date))
            }
            b'C' => (line == b"Currently running services:").then_some(Self::Services),
            _ => None,
        }
    }

    fn of_dashes(line: &'a [u8]) -> Option<Self> {
        if let Some(rest) = line.strip_prefix(b"--------- ") {
            let known: &[u8] = b"s was the duration of dumpsys ";
            let at = memchr::memmem::find(rest, known)?;
            let number = rest[..at].iter().all(|byte| byte.is_ascii_digit() || *byte == b'.');
            let name = &rest[at + known.len()..];
            let end = memchr::memchr(b',', name).unwrap_or(name.len());
            return number.then_some(Self::ServiceEnd(&name[..end]));
        }
        let title = line.strip_prefix(b"------ ")?;
        Some(Self::Section(title.strip_suffix(b" ------").unwrap_or(title)))
    }
}

/// Whether a section's title begins with `name`, as in `NAME (command)`.
pub(super) fn is_section(title: &[u8], name: &[u8]) -> bool {
    title.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(b" ("))
}

/// Whether apps print what they like in a section with this title, other services' names too.
pub(super) fn is_of_apps(title: &[u8]) -> bool {
    title.starts_with(b"APP ")
        || title.starts_with(b"DROPBOX")
        || memchr::memmem::find(title, b" LOG").is_some()
}

/// The fingerprint in `Build fingerprint: 'BRAND/PRODUCT/DEVICE:RELEASE/ID/INCREMENTAL:TYPE/TAGS'`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fingerprint {
    pub(super) brand: Vec<u8>,
    pub(super) device: Vec<u8>,
    pub(super) release: Vec<u8>,
    pub(super) incremental: Vec<u8>,
}

impl Fingerprint {
    /// Reads the line of a bug report's header; `None` for every other line.
    pub(super) fn of_line(line: &[u8]) -> Option<Self> {
        let text = line.strip_prefix(b"Build fingerprint: '")?.strip_suffix(b"'")?;
        let mut halves = text.split(|&byte| byte == b':');
        let (names, build) = (halves.next()?, halves.next()?);
        let names: Vec<&[u8]> = names.split(|&byte| byte == b'/').collect();
        let build: Vec<&[u8]> = build.split(|&byte| byte == b'/').collect();
        let ([brand, _product, device], [release, _id, incremental]) =
            (names.as_slice(), build.as_slice())
        else {
            return None;
        };
        Some(Self {
            brand: brand.to_vec(),
            device: device.to_vec(),
            release: release.to_vec(),
            incremental: incremental.to_vec(),
        })
    }
}

/// `pkg,NAME,UID,VERSION_CODE,…` of `CHECKIN PACKAGE` → name and version code. Factory copies
/// (`dis,NAME`) don't count.
pub(super) fn checkin_package(line: &[u8]) -> Option<(&[u8], Option<&[u8]>)> {
    let mut fields = line.strip_prefix(b"pkg,")?.split(|&byte| byte == b',');
    let name = fields.next()?;
    let code = fields
        .nth(1)
        .filter(|code| !code.is_empty() && code.len() <= 20 && code.iter().all(u8::is_ascii_digit));
    Some((name, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_frame_is_known_and_nothing_else_is() {
        for (line, frame) in [
            ("== dumpstate: 2024-05-13 10:22:33", Some(Frame::Report(b"2024-05-13 10:22:33"))),
            ("== dumpstate: done (id 1)", None),
            ("Currently running services:", Some(Frame::Services)),
            ("DUMP OF SERVICE package:", Some(Frame::Service(b"package"))),
            ("DUMP OF SERVICE CRITICAL SurfaceFlinger:", Some(Frame::Service(b"SurfaceFlinger"))),
            ("DUMP OF SERVICE package", None),
            (" DUMP OF SERVICE package:", None),
            (
                "--------- 1.234s was the duration of dumpsys package, ending at: 2024-05-13",
                Some(Frame::ServiceEnd(b"package")),
            ),
            (
                "--------- 0.1s was the duration of dumpsys package",
                Some(Frame::ServiceEnd(b"package")),
            ),
            ("--------- xs was the duration of dumpsys package", None),
            (
                "-------------------------------------------------------------------------------",
                None,
            ),
            (
                "------ SYSTEM PROPERTIES (getprop) ------",
                Some(Frame::Section(b"SYSTEM PROPERTIES (getprop)")),
            ),
            ("Packages:", None),
            ("", None),
        ] {
            assert_eq!(Frame::of_line(line.as_bytes()), frame, "{line}");
        }
        assert!(is_section(b"SYSTEM PROPERTIES (getprop)", b"SYSTEM PROPERTIES"));
        assert!(!is_section(b"SYSTEM PROPERTIES 2", b"SYSTEM PROPERTIES"));
    }

    #[test]
    fn a_fingerprint_names_the_phone() {
        let line = b"Build fingerprint: 'Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/V816.0.5.0.UMAMIXM:user/release-keys'";
        let fingerprint = Fingerprint::of_line(line).unwrap();
        assert_eq!(fingerprint.brand, b"Xiaomi");
        assert_eq!(fingerprint.device, b"ishtar");
        assert_eq!(fingerprint.release, b"14");
        assert_eq!(fingerprint.incremental, b"V816.0.5.0.UMAMIXM");
        assert_eq!(Fingerprint::of_line(b"Build fingerprint: 'x'"), None);
    }

    #[test]
    fn checkin_lines_give_name_and_version_code() {
        let read = checkin_package;
        assert_eq!(
            read(b"pkg,a.b,10107,31090012,1,1"),
            Some((&b"a.b"[..], Some(&b"31090012"[..])))
        );
        assert_eq!(read(b"pkg,a.b,10107,x,1"), Some((&b"a.b"[..], None)));
        assert_eq!(read(b"pkg,a.b"), Some((&b"a.b"[..], None)));
        assert_eq!(read(b"dis,a.b,10107,31090012"), None);
    }
}
