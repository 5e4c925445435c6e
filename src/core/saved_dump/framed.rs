//! Reading a bug report, or `dumpsys` of all services: what stands between its frames.

use super::dump;
use super::frame::{self, Frame};
use super::frames::Frames;
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
        if frame == Frame::Done && !frames.is_dumpsys && frames.open.is_none() {
            self.end_text();
            return true;
        }
        let Some(next) = frames.follow(frame, self.packages) else { return false };
        let is_done = frames.is_done();
        if let (Frame::ServiceEnd { .. }, Place::Dump(dump)) = (frame, &mut self.place) {
            dump.reader.end();
        }
        self.end_place(true);
        self.place = next;
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
            frames.lists_android |= name == b"android";
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
