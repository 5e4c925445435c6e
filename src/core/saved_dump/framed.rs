//! Reading a bug report, or `dumpsys` of all services: what stands between its frames.

use super::dump::{self, Dump};
use super::frame::{self, Frame};
use super::frames::{Frames, Next};
use super::listing::Listing;
use super::{DumpScanner, Place};
use crate::verdict::Reason;

impl DumpScanner<'_> {
    /// Follows a frame; `false`: the line is part of what is being read.
    pub(super) fn frame(&mut self, frame: Frame<'_>) -> bool {
        if let Frame::Report(date) = frame {
            self.end_text();
            self.found.frames = Some(Frames::default());
            self.found.taken_at = Some(date[..date.len().min(40)].to_vec());
            self.place = Place::Header;
            return true;
        }
        let Some(frames) = &mut self.found.frames else { return self.plain_frame(frame) };
        if frame == Frame::Done && !frames.is_dumpsys() && !frames.is_open() {
            self.end_text();
            return true;
        }
        let next = frames.follow(frame);
        if next == Next::Line {
            return false;
        }
        let is_done = frames.is_done();
        if let (Next::PackageEnd, Place::Dump(dump)) = (next, &mut self.place) {
            dump.end();
        }
        self.end_place(true);
        self.place = match next {
            Next::Line | Next::Elsewhere | Next::PackageEnd => Place::Elsewhere,
            Next::List => Place::Services,
            Next::Properties => Place::Listing(Listing::default()),
            Next::Checkin => Place::Checkin,
            Next::Package => Place::Dump(Box::new(Dump::of_service(self.packages))),
        };
        if is_done {
            self.end_text();
        }
        true
    }

    pub(super) fn framed_line(&mut self, line: &[u8]) {
        let Some(frames) = &mut self.found.frames else { return };
        match &mut self.place {
            Place::Dump(dump) => return dump.line(line),
            Place::Listing(listing) => {
                listing.line(line);
            }
            Place::Services => match line.strip_prefix(b"  ") {
                Some(name) => frames.list(name),
                None => self.place = Place::Elsewhere,
            },
            Place::Checkin => self.checkin_line(line),
            Place::Header => {
                for (key, value) in frame::fingerprint(line).into_iter().flatten() {
                    self.found.header.add(key, value);
                }
            }
            Place::Open | Place::Elsewhere => {}
        }
        let is_listing = matches!(self.place, Place::Listing(_));
        let is_displaced =
            dump::is_displaced(line) || (!is_listing && self.is_of_another_build(line));
        if let (true, Some(frames)) = (is_displaced, &mut self.found.frames) {
            frames.breaks(Reason::AmbiguousDump);
            frames.has_displaced = true;
        }
    }

    /// Whether a property listing's line gives another build than the report's header does.
    fn is_of_another_build(&self, line: &[u8]) -> bool {
        let Some(build) = line.strip_prefix(frame::BUILD_PROPERTY) else { return false };
        let own = self.found.header.get("ro.build.fingerprint");
        own.is_none() || own != build.strip_suffix(b"]")
    }

    fn checkin_line(&mut self, line: &[u8]) {
        let Some((name, code)) = frame::checkin_package(line) else { return };
        if let Some(frames) = &mut self.found.frames {
            frames.checkin(name);
        }
        let package = self.packages.iter().find(|known| known.as_str().as_bytes() == name);
        if let Some(package) = package {
            let code = code.and_then(|code| str::from_utf8(code).ok()).map(str::to_owned);
            let known = self.found.checkin.entry(package.clone()).or_insert_with(|| code.clone());
            if *known != code {
                *known = None;
            }
        }
    }
}
