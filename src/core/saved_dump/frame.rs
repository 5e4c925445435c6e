//! The lines around the dumps of a bug report, of `dumpsys` as a whole and of `pm dump`.
//!
//! Source: AOSP's `dumpstate.cpp`, `dumpsys.cpp` and `ActivityManager.dumpPackageStateStatic`.

use std::sync::LazyLock;

/// A line that stands between dumps. An app can print every one of them: whether it's believed,
/// [`Frames`](super::frames::Frames) says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame<'a> {
    /// `== dumpstate: 2024-05-13 10:22:33`: a bug report, and when it was begun.
    Report(&'a [u8]),
    /// `== dumpstate: done`.
    Done,
    /// `Currently running services:`, how `dumpsys` of all services begins.
    List,
    /// `DUMP OF SERVICE package:`; a priority before the name says in which section it stands.
    Service(ReportSection, &'a [u8]),
    /// `--------- 0.1s was the duration of dumpsys package, ending at: …`.
    ServiceEnd {
        name: &'a [u8],
        /// It stands behind a last line that its service didn't end.
        glued: bool,
    },
    /// `------ SYSTEM PROPERTIES (getprop) ------`, without the command.
    Title(&'a [u8]),
    /// `------ 0.1s was the duration of 'SYSTEM PROPERTIES' ------`.
    TitleEnd(&'a [u8]),
    /// `*** command 'dumpsys' timed out after 60.001s (killing pid 1)`.
    Failed,
}

/// The sections that are bound, in their order; the others are free, makers add their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) enum ReportSection {
    #[default]
    Free,
    Critical,
    High,
    Properties,
    Normal,
    Checkin,
    CheckinPackage,
    /// What apps print: nothing behind it is believed.
    Apps,
}

impl ReportSection {
    pub(super) fn of_title(title: &[u8]) -> Self {
        match title {
            b"DUMPSYS CRITICAL" => Self::Critical,
            b"DUMPSYS HIGH" => Self::High,
            b"SYSTEM PROPERTIES" => Self::Properties,
            b"DUMPSYS" => Self::Normal,
            b"CHECKIN PACKAGE" => Self::CheckinPackage,
            _ if title.starts_with(b"CHECKIN ") => Self::Checkin,
            _ if title.starts_with(b"APP ") => Self::Apps,
            _ => Self::Free,
        }
    }
}

/// What `dumpsys.cpp` puts before a service's name, and the section in which it does; AOSP leaves
/// `NORMAL` out.
const PRIORITIES: &[(&[u8], ReportSection)] = &[
    (b"CRITICAL ", ReportSection::Critical),
    (b"HIGH ", ReportSection::High),
    (b"NORMAL ", ReportSection::Normal),
    (b"", ReportSection::Normal),
];

/// What stands between the seconds and the service's name where it ends.
pub(super) const DURATION: &[u8] = b"s was the duration of dumpsys ";

/// The line of a property listing that says which build it is of, up to the value.
pub(super) const BUILD_PROPERTY: &[u8] = b"[ro.build.fingerprint]: [";

impl<'a> Frame<'a> {
    /// The frame that `line` is, if any; one that another line's end precedes is
    /// [`glued`](Self::glued)'s.
    pub(super) fn of_line(line: &'a [u8]) -> Option<Self> {
        // Most lines of a bug report begin with a space.
        match line.first()? {
            b'D' => {
                let name = line.strip_prefix(b"DUMP OF SERVICE ")?.strip_suffix(b":")?;
                PRIORITIES.iter().find_map(|(word, section)| {
                    name.strip_prefix(*word).map(|name| Self::Service(*section, name))
                })
            }
            b'-' => Self::of_dashes(line),
            b'=' => {
                let rest = line.strip_prefix(b"== dumpstate: ")?;
                match rest.first()? {
                    b'0'..=b'9' => Some(Self::Report(rest)),
                    _ => (rest == b"done" || rest.starts_with(b"done (")).then_some(Self::Done),
                }
            }
            b'C' => (line == b"Currently running services:").then_some(Self::List),
            b'*' => line.starts_with(b"*** command '").then_some(Self::Failed),
            _ => None,
        }
    }

    fn of_dashes(line: &'a [u8]) -> Option<Self> {
        if line.starts_with(b"--------- ") {
            return service_end(line, 0);
        }
        let title = line.strip_prefix(b"------ ")?.strip_suffix(b" ------")?;
        let known: &[u8] = b"s was the duration of '";
        if let Some(at) = memchr::memmem::find(title, known)
            && is_seconds(&title[..at])
        {
            return title[at + known.len()..].strip_suffix(b"'").map(Self::TitleEnd);
        }
        let name = memchr::memmem::find(title, b" (").map_or(title, |at| &title[..at]);
        Some(Self::Title(name))
    }

    /// The end of a service that stands behind other text in its line.
    pub(super) fn glued(line: &'a [u8]) -> Option<Self> {
        static FINDER: LazyLock<memchr::memmem::Finder<'static>> =
            LazyLock::new(|| memchr::memmem::Finder::new(DURATION));

        let at = FINDER.find(line)?;
        let begin = memchr::memmem::rfind(&line[..at], b"--------- ")?;
        service_end(line, begin)
    }
}

/// `--------- 0.1s was the duration of dumpsys NAME, ending at: …` from `begin` on.
fn service_end(line: &[u8], begin: usize) -> Option<Frame<'_>> {
    let rest = line[begin..].strip_prefix(b"--------- ")?;
    let at = memchr::memmem::find(rest, DURATION)?;
    let name = &rest[at + DURATION.len()..];
    let end = memchr::memchr(b',', name).unwrap_or(name.len());
    is_seconds(&rest[..at]).then_some(Frame::ServiceEnd { name: &name[..end], glued: begin > 0 })
}

fn is_seconds(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// What a bug report's header says in `Build fingerprint: 'BRAND/PRODUCT/DEVICE:RELEASE/ID/
/// INCREMENTAL:TYPE/TAGS'`, as properties; `None` for every other line.
pub(super) fn fingerprint(line: &[u8]) -> Option<[(&'static str, &[u8]); 5]> {
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
    Some([
        ("ro.product.brand", brand),
        ("ro.product.model", device),
        ("ro.build.version.release", release),
        ("ro.build.version.incremental", incremental),
        ("ro.build.fingerprint", text),
    ])
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
        let end = |glued| Some(Frame::ServiceEnd { name: b"package", glued });
        for (line, frame) in [
            ("== dumpstate: 2024-05-13 10:22:33", Some(Frame::Report(b"2024-05-13 10:22:33"))),
            ("== dumpstate: done (id 1)", Some(Frame::Done)),
            ("== dumpstate: done", Some(Frame::Done)),
            ("== dump", None),
            ("Currently running services:", Some(Frame::List)),
            ("DUMP OF SERVICE package:", Some(Frame::Service(ReportSection::Normal, b"package"))),
            (
                "DUMP OF SERVICE CRITICAL SurfaceFlinger:",
                Some(Frame::Service(ReportSection::Critical, b"SurfaceFlinger")),
            ),
            ("DUMP OF SERVICE package", None),
            (" DUMP OF SERVICE package:", None),
            (
                "--------- 1.234s was the duration of dumpsys package, ending at: 2024-05-13",
                end(false),
            ),
            ("--------- 0.1s was the duration of dumpsys package", end(false)),
            ("--------- xs was the duration of dumpsys package", None),
            (&"-".repeat(79), None),
            ("------ SYSTEM PROPERTIES (getprop) ------", Some(Frame::Title(b"SYSTEM PROPERTIES"))),
            ("------ SYSTEM PROPERTIES ------", Some(Frame::Title(b"SYSTEM PROPERTIES"))),
            (
                "------ 0.010s was the duration of 'SYSTEM PROPERTIES' ------",
                Some(Frame::TitleEnd(b"SYSTEM PROPERTIES")),
            ),
            (
                "*** command 'dumpsys -t 60' timed out after 60.001s (killing pid 3)",
                Some(Frame::Failed),
            ),
            ("------ phone 2", None),
            ("Packages:", None),
            ("", None),
        ] {
            assert_eq!(Frame::of_line(line.as_bytes()), frame, "{line}");
        }
        let glued = "the last line--------- 0.1s was the duration of dumpsys package, ending at: x";
        assert_eq!(Frame::glued(glued.as_bytes()), end(true));
        assert_eq!(Frame::glued(b"0.1s was the duration of dumpsys package"), None);
    }

    #[test]
    fn a_fingerprint_names_the_phone() {
        let line = b"Build fingerprint: 'Xiaomi/ishtar_global/ishtar:14/UKQ1.230804.001/V816.0.5.0.UMAMIXM:user/release-keys'";
        assert_eq!(
            fingerprint(line).unwrap().map(|(_, value)| str::from_utf8(value).unwrap())[..4],
            ["Xiaomi", "ishtar", "14", "V816.0.5.0.UMAMIXM"]
        );
        assert_eq!(fingerprint(b"Build fingerprint: 'x'"), None);
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
